package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// login is somebody who can sign in to the demonstration.
type login struct{ Role, Login, Name, Language, Password string }

type logins []login

// openLogins reads the passwords of the first start, or makes them. They come before the data they open: where they are
// lost, the data is of no use to anybody and is made again.
func (d *demo) openLogins() (logins, error) {
	file := filepath.Join(d.dir, "logins.json")
	text, err := os.ReadFile(file)
	if err == nil {
		var l logins
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, fmt.Errorf("read %s: %w; delete the directory to begin anew", file, err)
		}
		return l, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read log-ins: %w", err)
	}
	if err := d.removeData(); err != nil {
		return nil, err
	}
	l := logins{
		{rights.Administrator, "admin", "Administrator", "en", password()},
		{rights.Supervisor, "supervisor", "Светлана", "ru", password()},
		{rights.Operator, "operator", "Анна Орлова", "ru", password()},
		{"vendor", "vendor", "Vendor", "en", password()},
	}
	if text, err = json.MarshalIndent(l, "", "  "); err != nil { //nolint:gosec // the file is for these passwords
		return nil, fmt.Errorf("write log-ins: %w", err)
	}
	// Written beside and renamed, so that a kill leaves all of it or nothing.
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return nil, fmt.Errorf("write log-ins: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return nil, fmt.Errorf("write log-ins: %w", err)
	}
	return l, nil
}

// removeData deletes what an earlier demonstration left, and only that.
func (d *demo) removeData() error {
	for _, name := range []string{"postgres", "eventlog", "agents"} {
		if err := os.RemoveAll(filepath.Join(d.dir, name)); err != nil {
			return fmt.Errorf("remove old data: %w", err)
		}
	}
	return nil
}

// password is one that can be typed: 60 random bits.
func password() string {
	t := strings.ToLower(rand.Text())
	return t[:4] + "-" + t[4:8] + "-" + t[8:12]
}

// createAll creates who is missing.
func (l logins) createAll(ctx context.Context, p *users.Accounts, tenant tenants.ID) error {
	for _, u := range l {
		var err error
		if u.Role == "vendor" {
			_, err = p.CreateStaff(ctx, u.Login, u.Name, u.Password)
		} else {
			_, err = p.CreateUser(ctx, tenant, users.NewUser{Login: u.Login, Name: u.Name, Password: u.Password, Role: u.Role, Language: u.Language})
		}
		if err != nil && !errors.Is(err, users.ErrLoginTaken) {
			return fmt.Errorf("create %s: %w", u.Login, err)
		}
	}
	return nil
}
