package users_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

func TestLogInNamesAreUniqueInTheCloud(t *testing.T) {
	db := pgtest.New(t)
	mine, other := pgtest.NewTenant(t, db, "mine"), pgtest.NewTenant(t, db, "other")
	passwords := users.NewTestPasswords()
	people := users.New(db, passwords, time.Now)
	ctx := t.Context()
	user := users.NewUser{Login: " Anna ", Name: "Anna", Password: "correct horse", Role: rights.Supervisor}
	if _, err := people.CreateUser(ctx, mine, user); err != nil {
		t.Fatal(err)
	}
	var login, hash string
	err := db.As(mine).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT login, password_hash FROM users`).Scan(&login, &hash)
	})
	if err != nil || login != "anna" {
		t.Fatalf("%q %v", login, err)
	}
	for password, want := range map[string]bool{"correct horse": true, "wrong horse": false, strings.Repeat("x", 2000): false} {
		if ok, err := passwords.Verify(ctx, password, hash); err != nil || ok != want {
			t.Errorf("%.20q: %v %v", password, ok, err)
		}
	}
	if ok, err := passwords.Verify(ctx, "anything", ""); ok || err != nil {
		t.Errorf("no such user: %v %v", ok, err)
	}
	for name, c := range map[string]struct {
		tenant tenants.ID
		change func(*users.NewUser)
		want   error
	}{
		"same log-in":            {mine, func(*users.NewUser) {}, users.ErrLoginTaken},
		"same log-in, elsewhere": {other, func(*users.NewUser) {}, users.ErrLoginTaken},
		"short password":         {other, func(u *users.NewUser) { u.Login, u.Password = "b2", "short" }, users.ErrPassword},
		"odd role":               {other, func(u *users.NewUser) { u.Login, u.Role = "b3", "root" }, users.ErrRole},
		"odd log-in":             {other, func(u *users.NewUser) { u.Login = "a b" }, users.ErrLogin},
	} {
		u := user
		c.change(&u)
		if _, err := people.CreateUser(ctx, c.tenant, u); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := people.CreateStaff(ctx, "vendor", "Vendor", "correct horse"); err != nil {
		t.Fatal(err)
	}
	if _, err := people.CreateStaff(ctx, "anna", "Vendor", "correct horse"); !errors.Is(err, users.ErrLoginTaken) {
		t.Errorf("a tenant's log-in for staff: %v", err)
	}
	user.Login = "vendor"
	if _, err := people.CreateUser(ctx, other, user); !errors.Is(err, users.ErrLoginTaken) {
		t.Errorf("staff's log-in for a tenant: %v", err)
	}
}
