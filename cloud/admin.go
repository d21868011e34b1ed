package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// The commands of this file work on the database alone, beside a running cloud or without one.

type tenantCmd struct {
	Create tenantCreateCmd `cmd:"" help:"Create a tenant and its first administrator."`
	List   tenantListCmd   `cmd:"" help:"List tenants."`
}

type tenantCreateCmd struct {
	databaseFlags
	Slug       string `required:"" help:"Short name: small letters, digits and dashes."`
	Name       string `required:"" help:"Name of the company."`
	Zone       string `default:"UTC" help:"Its time zone, such as Europe/Moscow."`
	Language   string `enum:"en,ru" default:"en" help:"Its language: ${enum}."`
	AdminLogin string `help:"Log-in of the administrator. Default: admin@ and the short name."`
}

// Run creates the tenant. The password is printed now and never again.
func (c tenantCreateCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		t, err := catalogue(db).Create(ctx, tenants.New{Slug: c.Slug, Name: c.Name, Zone: c.Zone, Language: c.Language})
		if err != nil {
			return err
		}
		login := c.AdminLogin
		if login == "" {
			login = "admin@" + c.Slug
		}
		password := rand.Text()
		_, err = people(db).CreateUser(ctx, t.ID, users.NewUser{
			Login: login, Name: "Administrator", Password: password, Role: rights.Administrator, Language: c.Language,
		})
		if err != nil {
			return fmt.Errorf("the tenant was created, its administrator was not: %w; use: callweave user create --tenant %s --login NAME --role administrator", err, c.Slug)
		}
		fmt.Fprintf(w.out, "tenant         %s  %s\nadministrator  %s  %s\nThe password is shown this once.\n", t.Slug, t.Name, login, password)
		return nil
	})
}

type tenantListCmd struct{ databaseFlags }

// Run lists tenants.
func (c tenantListCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		list, err := catalogue(db).List(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "SLUG\tNAME\tZONE\tCREATED\tSTATE\tID")
		for _, t := range list {
			state := "in service"
			if !t.Suspended.IsZero() {
				state = "suspended since " + t.Suspended.Format(time.DateOnly)
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", t.Slug, t.Name, t.Zone, t.Created.Format(time.DateOnly), state, t.ID)
		}
		return table.Flush()
	})
}

type userCmd struct {
	Create   userCreateCmd   `cmd:"" help:"Create a user of a tenant, or one of the vendor's staff."`
	Password userPasswordCmd `cmd:"" help:"Give a user a new password and end his sessions."`
	SignOut  userSignOutCmd  `cmd:"" help:"End all sessions of a user, or of a whole tenant."`
}

type userCreateCmd struct {
	databaseFlags
	Tenant   string `xor:"realm" required:"" help:"Short name of the user's tenant."`
	Staff    bool   `xor:"realm" required:"" help:"One of the vendor's staff instead of a tenant's user."`
	Login    string `required:"" help:"Log-in name; unique in the whole cloud."`
	Name     string `help:"Name of the person. Default: the log-in name."`
	Role     string `enum:"administrator,supervisor,operator" default:"supervisor" help:"${enum}."`
	Language string `enum:"en,ru" default:"en" help:"${enum}."`
}

// Run creates the user. The password is printed now and never again.
func (c userCreateCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		if c.Name == "" {
			c.Name = c.Login
		}
		password, role := rand.Text(), c.Role
		var err error
		if c.Staff {
			role = "vendor"
			_, err = people(db).CreateStaff(ctx, c.Login, c.Name, password)
		} else {
			var t tenants.Tenant
			if t, err = catalogue(db).BySlug(ctx, c.Tenant); err == nil {
				_, err = people(db).CreateUser(ctx, t.ID, users.NewUser{Login: c.Login, Name: c.Name, Password: password, Role: c.Role, Language: c.Language})
			}
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%s  %s  %s\nThe password is shown this once.\n", role, c.Login, password)
		return nil
	})
}

type userSignOutCmd struct {
	databaseFlags
	Login  string `xor:"who" required:"" help:"Log-in name of the user."`
	Tenant string `xor:"who" required:"" help:"Short name of a tenant, all of whose users are signed out."`
}

// Run ends sessions.
func (c userSignOutCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		sessions := api.NewSessions(db.DB, 0, 0, time.Now)
		var n int64
		var err error
		if c.Tenant != "" {
			var t tenants.Tenant
			if t, err = catalogue(db).BySlug(ctx, c.Tenant); err == nil {
				n, err = sessions.EndOfTenant(ctx, t.ID)
			}
		} else {
			var user uuid.UUID
			if _, user, err = userByLogin(ctx, db, c.Login); err == nil {
				n, err = sessions.EndOfUser(ctx, user)
			}
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "Sessions ended: %d\n", n)
		return nil
	})
}

type userPasswordCmd struct {
	databaseFlags
	Login string `required:"" help:"Log-in name of the user."`
}

// Run sets a password. It is printed now and never again.
func (c userPasswordCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		tenant, user, err := userByLogin(ctx, db, c.Login)
		if err != nil {
			return err
		}
		fresh := rand.Text()
		if err := people(db).SetPassword(ctx, tenant, user, fresh); err != nil {
			return err
		}
		if _, err := api.NewSessions(db.DB, 0, 0, time.Now).EndOfUser(ctx, user); err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%s  %s\nThe password is shown this once.\n", c.Login, fresh)
		return nil
	})
}

// userByLogin finds who has a log-in name. The tenant is zero for the vendor's staff.
func userByLogin(ctx context.Context, db *database, login string) (tenant tenants.ID, user uuid.UUID, err error) {
	login = strings.ToLower(strings.TrimSpace(login))
	var of, staff *uuid.UUID
	err = db.System().Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT (SELECT tenant_id FROM logins WHERE login = $1), (SELECT id FROM staff WHERE login = $1)`, login).Scan(&of, &staff)
	})
	switch {
	case err != nil:
		return tenant, user, fmt.Errorf("find user: %w", err)
	case staff != nil:
		return tenant, *staff, nil
	case of == nil:
		return tenant, user, users.ErrUnknownUser
	}
	tenant = tenants.FromUUID(*of)
	err = db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT id FROM users WHERE login = $1`, login).Scan(&user)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return tenant, user, users.ErrUnknownUser
	}
	return tenant, user, err
}

type pbxCmd struct {
	Add pbxAddCmd `cmd:"" help:"Add a PBX and print the command that enrols its agent."`
}

type pbxAddCmd struct {
	databaseFlags
	Tenant    string `required:"" help:"Short name of the tenant."`
	Name      string `required:"" help:"Name of the PBX."`
	Station   string `help:"Station whose numbers it shares. Default: one of its own."`
	PublicURL string `name:"public-url" env:"CALLWEAVE_PUBLIC_URL" help:"The portal's URL as agents see it. Default: https, this machine's name, port 8443."`
}

// Run adds the PBX.
func (c pbxAddCmd) Run(ctx context.Context, w *world) error {
	return withDatabase(ctx, c.databaseFlags, w, func(db *database) error {
		t, err := catalogue(db).BySlug(ctx, c.Tenant)
		if err != nil {
			return err
		}
		public := c.PublicURL
		if public == "" {
			public = "https://" + hostname() + ":8443"
		}
		var pbx directory.PBX
		err = db.As(t.ID).Tx(ctx, func(tx pgx.Tx) (err error) {
			if pbx, err = directory.AddPBX(ctx, tx, c.Name, c.Station); err != nil {
				return err
			}
			return identity.PBXsChanged(ctx, tx)
		})
		if errors.Is(err, directory.ErrNameTaken) {
			return fmt.Errorf("there already is a PBX named %s; a new token for it is on the portal's page PBXs", c.Name)
		}
		if err != nil {
			return err
		}
		token, err := issueToken(ctx, db, t.ID, pbx.ID, public)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "Run this on the PBX within 15 minutes; it works once:\n\n    %s\n", api.EnrolCommand(token))
		return nil
	})
}

func issueToken(ctx context.Context, db *database, tenant tenants.ID, pbx int32, publicURL string) (string, error) {
	keys, err := control.OpenKeys(ctx, db.DB, time.Now)
	if err != nil {
		return "", err
	}
	return control.NewTokens(db.DB, keys, publicURL, time.Now).Issue(ctx, tenant, pbx)
}

func withDatabase(ctx context.Context, f databaseFlags, w *world, fn func(*database) error) error {
	db, err := openDatabase(ctx, f, true, w.log)
	if err != nil {
		return err
	}
	defer db.close()
	return fn(db)
}

func catalogue(db *database) *tenants.Store { return tenants.NewStore(db.Owner(), db.System()) }

func people(db *database) *users.Accounts {
	return users.New(db.DB, users.NewPasswords(1), time.Now)
}
