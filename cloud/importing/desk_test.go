package importing

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

// deskOf is a desk over a tenant with the PBX A, and the folder of its files.
func deskOf(t *testing.T) (d *Desk, db *pg.DB, tenant tenants.ID, dir string) {
	t.Helper()
	db, dir = pgtest.New(t), t.TempDir()
	tenant = pgtest.NewTenant(t, db, "acme")
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := directory.AddPBX(t.Context(), tx, "A", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return NewDesk(Deps{DB: db, Directory: directory.New(), Log: slog.New(slog.DiscardHandler), Now: time.Now}, dir), db, tenant, dir
}

func aJob(tenant tenants.ID) Job {
	return Job{ID: uuid.New(), Tenant: tenant, AskedBy: "Anna", Reading: Reading{PBX: "A", Zone: time.UTC}}
}

func aFile() []Upload {
	return []Upload{{"queue_log", strings.NewReader("1795385476|a-1795385476.0|600|NONE|ENTERQUEUE||7916|1\n1795385486|a-1795385476.0|600|NONE|ABANDON|1|1|10\n")}}
}

func states(t *testing.T, db *pg.DB, tenant tenants.ID) (text string) {
	t.Helper()
	err := db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT coalesce(string_agg(state || coalesce(' ' || (counts->'failure'->>'code'), ''), ', ' ORDER BY started), '') ||
			' / ' || (SELECT count(*) FROM calls) FROM imports`).Scan(&text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func nothingLeft(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTheDeskDoesWhatItTookAndKeepsNoFile(t *testing.T) {
	d, db, tenant, dir := deskOf(t)
	if err := d.Take(t.Context(), aJob(tenant), aFile()); err != nil {
		t.Fatal(err)
	}
	if got := states(t, db, tenant); got != "running / 0" {
		t.Error(got)
	}
	d.do(t.Context(), <-d.list)
	if got := states(t, db, tenant); got != "done / 1" {
		t.Error(got)
	}
	nothingLeft(t, dir)
}

func TestWhatWaitsWhenTheDeskClosesIsNotedAsInterrupted(t *testing.T) {
	d, db, tenant, dir := deskOf(t)
	if err := d.Take(t.Context(), aJob(tenant), aFile()); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	d.clear(over)
	if got := states(t, db, tenant); got != "failed interrupted / 0" {
		t.Error(got)
	}
	nothingLeft(t, dir)
}

func TestTheDeskTakesOnlySoManyAtATime(t *testing.T) {
	d, db, tenant, dir := deskOf(t)
	for range mostWaiting {
		if err := d.Take(t.Context(), aJob(tenant), aFile()); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Take(t.Context(), aJob(tenant), aFile()); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	unknown := aJob(tenant)
	unknown.PBX = "B"
	<-d.list
	if err := d.Take(t.Context(), unknown, aFile()); !errors.Is(err, directory.ErrNoPBX) {
		t.Errorf("a PBX nobody knows: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != mostWaiting {
		t.Errorf("%d folders of files: %v", len(left), err)
	}
	if got := states(t, db, tenant); got != "running, running, running, running / 0" {
		t.Error(got)
	}
}
