package pg

import (
	"context"
	"net/url"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Running is the URL of the private PostgreSQL that another process runs below dir, and false where none answers: so
// that commands beside a running cloud use its database instead of starting a second server on the same files.
func Running(ctx context.Context, dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	u := "postgres://" + privateRole + "@/" + privateDatabase + "?host=" + url.QueryEscape(filepath.Join(dir, "postgres", "socket"))
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, u)
	if err != nil {
		return "", false
	}
	return u, conn.Close(ctx) == nil
}
