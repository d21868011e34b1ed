package schedule_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/mail/mailtest"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/schedule"
	"github.com/callweave/callweave/cloud/wording"
	"github.com/callweave/callweave/tenants"
)

// fixture is a tenant with a mail server and two users, and a sender that is given reports without anybody computing them.
type fixture struct {
	t      *testing.T
	db     *pg.DB
	tenant tenants.ID
	server *mailtest.Server
	owner  uuid.UUID
	reader uuid.UUID // whose language is Russian
	sender *schedule.Sender

	mu      sync.Mutex
	now     time.Time
	rights  []rights.Right
	gone    bool
	broken  error          // what computing comes to
	queries []report.Query // what was asked for
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{
		t: t, db: pgtest.New(t), server: mailtest.Start(t, false), owner: uuid.New(), reader: uuid.New(),
		now: time.Date(2026, 3, 2, 5, 0, 0, 0, time.UTC), rights: []rights.Right{rights.ReadReports, rights.Export, rights.Schedule},
	}
	f.tenant = pgtest.NewTenant(t, f.db, "mine")
	words, err := locale.Load()
	f.must(err)
	postbox := mail.NewPostbox([32]byte{1}, mail.Options{Private: true, Roots: f.server.Roots})
	f.sender = &schedule.Sender{Deps: schedule.Deps{
		DB: f.db, Postbox: postbox, Owner: f.ownerNow, Report: f.report, Words: words, Portal: "https://cloud.test", Log: slog.New(slog.DiscardHandler), Now: f.clock,
	}}
	f.tx(func(tx pgx.Tx) error {
		for id, u := range map[uuid.UUID][2]string{f.owner: {"anna@acme.test", "en"}, f.reader: {"Boris@acme.test", "ru"}} {
			if _, err := tx.Exec(t.Context(), `INSERT INTO users (tenant_id, id, login, name, password_hash, role, language) VALUES (current_tenant(), $1, $2, $2, '', 'administrator', $3)`,
				id, u[0], u[1]); err != nil {
				return err
			}
		}
		password := mailtest.Password
		_, err := postbox.Save(t.Context(), tx, mail.Settings{
			Host: "localhost", Port: f.server.Port, Security: mail.StartTLS, Login: mailtest.Login, Sender: "reports@acme.test", Allowed: []string{"@partner.test"},
		}, &password)
		return err
	})
	return f
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) tx(fn func(pgx.Tx) error) {
	f.t.Helper()
	f.must(f.db.As(f.tenant).Tx(f.t.Context(), fn))
}

func (f *fixture) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fixture) ownerNow(context.Context, pgx.Tx, uuid.UUID) (schedule.Owner, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.gone {
		return schedule.Owner{}, schedule.ErrOwnerGone
	}
	return schedule.Owner{Name: "Anna", Rights: f.rights, Scope: rights.Scope{Everything: true}}, nil
}

func (f *fixture) report(_ context.Context, _ tenants.ID, _ schedule.Owner, q report.Query, language string) (*export.Report, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries = append(f.queries, q)
	if f.broken != nil {
		return nil, f.broken
	}
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return nil, err
	}
	return &export.Report{
		Definition: report.Definition{ID: "queues", Title: "By queue"}, Query: q, ZoneName: q.Zone,
		Table: &report.Table{
			Dims: []string{report.ByQueue}, Columns: []report.Column{{ID: "offered", Unit: report.UnitCount}},
			Rows: []report.Row{{Keys: []report.Key{{ID: 1, Label: "Sales"}}, Values: []report.Value{7}}}, Totals: []report.Value{7},
		},
		Say: wording.New(f.sender.Words, language, zone, nil),
	}, nil
}

// content is of a report for both users and a partner, every day at eight in Moscow.
func (f *fixture) content() schedule.Content {
	return schedule.Content{
		Name: "Mornings", Query: report.Query{Report: "queues"}, Search: "queue=1,2", Period: schedule.Yesterday,
		Rhythm: schedule.Rhythm{Every: schedule.Daily, At: 8 * 60, Zone: "Europe/Moscow"}, Language: "en", Formats: []export.Format{export.XLSX},
		Users: []uuid.UUID{f.owner, f.reader}, Addresses: []string{"Boss@partner.test"},
	}
}

func (f *fixture) add(change func(*schedule.Content)) (s schedule.Schedule) {
	f.t.Helper()
	c := f.content()
	if change != nil {
		change(&c)
	}
	f.tx(func(tx pgx.Tx) (err error) {
		s, err = schedule.Add(f.t.Context(), tx, f.owner, c, f.clock())
		return err
	})
	return s
}

// job is the sending of a schedule that is due now.
func (f *fixture) job(s schedule.Schedule) schedule.Job {
	return schedule.Job{Tenant: f.tenant.String(), Schedule: s.ID, Due: f.clock()}
}

func (f *fixture) history(s schedule.Schedule) (list []schedule.Record) {
	f.t.Helper()
	f.tx(func(tx pgx.Tx) (err error) {
		list, err = schedule.History(f.t.Context(), tx, s.ID, 10)
		return err
	})
	return list
}

// states are those of the one sending and its letters, by address.
func (f *fixture) states(s schedule.Schedule) (sending string, letters map[string]string) {
	f.t.Helper()
	list := f.history(s)
	if len(list) != 1 {
		f.t.Fatalf("%d sendings", len(list))
	}
	letters = map[string]string{}
	for _, l := range list[0].Letters {
		letters[l.Address] = l.State + " " + l.Why
	}
	return list[0].State + " " + list[0].Why, letters
}

var errNoLuck = errors.New("no luck")
