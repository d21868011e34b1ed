package schedule_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/xuri/excelize/v2"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/mail/mailtest"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/schedule"
	"github.com/callweave/callweave/tenants"
)

func byAddress(s *mailtest.Server) map[string]mailtest.Letter {
	letters := map[string]mailtest.Letter{}
	for _, l := range s.Letters() {
		letters[l.To] = l
	}
	return letters
}

func allSent() map[string]string {
	return map[string]string{"anna@acme.test": "sent ", "boris@acme.test": "sent ", "boss@partner.test": "sent "}
}

func TestReportGoesToEverybodyInTheirLanguageWithTheFile(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.must(f.sender.Send(t.Context(), f.job(s), false))

	state, letters := f.states(s)
	if diff := cmp.Diff(allSent(), letters); diff != "" || state != "sent " {
		t.Errorf("%q (-want +got):\n%s", state, diff)
	}
	got := byAddress(f.server)
	if len(f.server.Letters()) != 3 || !strings.Contains(got["boris@acme.test"].HTML, "Итого") || !strings.Contains(got["anna@acme.test"].HTML, "Total") {
		t.Errorf("%d letters; Boris reads %s", len(f.server.Letters()), got["boris@acme.test"].HTML)
	}
	l := got["boss@partner.test"]
	const link = "https://cloud.test/reports/queues?from=2026-03-01&to=2026-03-01&queue=1,2"
	if l.Subject != "Mornings: 1 Mar 2026" || !strings.Contains(l.HTML, strings.ReplaceAll(link, "&", "&amp;")) || !strings.Contains(l.Text, link) {
		t.Errorf("%q: %s", l.Subject, l.Text)
	}
	files := slices.Collect(maps.Keys(l.Files))
	if diff := cmp.Diff([]string{"By queue 2026-03-01.xlsx"}, files); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	x, err := excelize.OpenReader(bytes.NewReader(l.Files[files[0]]))
	f.must(err)
	defer x.Close()
	if cell, err := x.GetCellValue("By queue", "B2"); err != nil || cell != "7" {
		t.Errorf("B2 is %q, %v", cell, err)
	}
	// Two languages are two computations, of yesterday by Moscow's days, compared with the day before.
	day := time.Date(2026, 2, 28, 21, 0, 0, 0, time.UTC)
	if len(f.queries) != 2 {
		t.Fatalf("%d computations", len(f.queries))
	}
	want := report.Query{
		Report: "queues", Zone: "Europe/Moscow", From: day.UnixMilli(), To: day.AddDate(0, 0, 1).UnixMilli(), Now: f.clock().UnixMilli(),
		Before: &report.Span{From: day.AddDate(0, 0, -1).UnixMilli(), To: day.UnixMilli()},
	}
	if diff := cmp.Diff(want, f.queries[0]); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

func TestSendingAgainSendsNothingTwice(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	for range 3 {
		f.must(f.sender.Send(t.Context(), f.job(s), false))
	}
	if n := len(f.server.Letters()); n != 3 {
		t.Errorf("%d letters", n)
	}
}

// A crash is what is left of it in the database: the cloud stopped before, in the middle of, or after handing a letter over.
func TestCrashDoublesNoLetter(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.server.Answer = func(string, string) error {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Later"}
	}
	if err := f.sender.Send(t.Context(), f.job(s), false); err == nil {
		t.Fatal("nothing is left to be tried again")
	}
	f.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE letters SET state = CASE address WHEN 'anna@acme.test' THEN 'sending' WHEN 'boris@acme.test' THEN 'sent' ELSE 'waiting' END, why = '', detail = ''`)
		return err
	})
	f.server.Answer = nil
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	if got := byAddress(f.server); len(f.server.Letters()) != 1 || got["boss@partner.test"].To == "" {
		t.Errorf("letters %v", slices.Collect(maps.Keys(got)))
	}
	state, letters := f.states(s)
	want := map[string]string{"anna@acme.test": "unsure cloud-stopped", "boris@acme.test": "sent ", "boss@partner.test": "sent "}
	if diff := cmp.Diff(want, letters); diff != "" || state != "partly cloud-stopped" {
		t.Errorf("%q (-want +got):\n%s", state, diff)
	}
}

func TestServerThatHangsUpBeforeItConfirmsGetsNoSecondLetter(t *testing.T) {
	f := newFixture(t)
	s := f.add(func(c *schedule.Content) { c.Users, c.Addresses = c.Users[:1], nil })
	f.server.Hang = true
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	if state, _ := f.states(s); len(f.server.Letters()) != 1 || state != "failed unsure" {
		t.Errorf("%d letters, %s", len(f.server.Letters()), state)
	}
}

func TestWhatFailsForAWhileIsTriedAgainAndWhatFailsForGoodIsNot(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.server.Answer = func(_, to string) error {
		switch to {
		case "anna@acme.test":
			return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "Box is busy"}
		case "boris@acme.test":
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such box"}
		}
		return nil
	}
	if err := f.sender.Send(t.Context(), f.job(s), false); err == nil {
		t.Error("nothing is to be tried again")
	}
	state, letters := f.states(s)
	want := map[string]string{"anna@acme.test": "waiting rejected", "boris@acme.test": "failed rejected", "boss@partner.test": "sent "}
	if diff := cmp.Diff(want, letters); diff != "" || state != "waiting " {
		t.Errorf("after the first try: %q (-want +got):\n%s", state, diff)
	}
	f.must(f.sender.Send(t.Context(), f.job(s), true))
	state, letters = f.states(s)
	want["anna@acme.test"] = "failed rejected"
	if diff := cmp.Diff(want, letters); diff != "" || state != "partly rejected" {
		t.Errorf("after the last: %q (-want +got):\n%s", state, diff)
	}
	if r := f.history(s)[0]; r.Tries != 2 || !strings.Contains(r.Detail, "Box is busy") && !strings.Contains(r.Detail, "No such box") {
		t.Errorf("%+v", r)
	}
}

func TestOwnerWithoutTheRightSendsNothing(t *testing.T) {
	for why, change := range map[string]func(*fixture){
		"owner-gone": func(f *fixture) { f.gone = true },
		"right-lost": func(f *fixture) { f.rights = f.rights[:1] },
		"suspended": func(f *fixture) {
			f.must(f.db.System().Tx(t.Context(), func(tx pgx.Tx) error {
				_, err := tx.Exec(t.Context(), `UPDATE tenants SET suspended = now()`)
				return err
			}))
		},
	} {
		f := newFixture(t)
		s := f.add(nil)
		change(f)
		f.must(f.sender.Send(t.Context(), f.job(s), false))
		if state, letters := f.states(s); state != "refused "+why || len(letters) != 0 || len(f.server.Letters()) != 0 || len(f.queries) != 0 {
			t.Errorf("%s: %s, letters %v, %d computations", why, state, letters, len(f.queries))
		}
	}
}

func TestAddressThatIsNoLongerAllowedGetsNothing(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE mail_settings SET allowed = '{}'`)
		return err
	})
	f.tx(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE users SET disabled = now() WHERE id = $1`, f.reader)
		return err
	})
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	state, letters := f.states(s)
	want := map[string]string{"anna@acme.test": "sent ", "boss@partner.test": "refused not-allowed"}
	if diff := cmp.Diff(want, letters); diff != "" || state != "partly not-allowed" {
		t.Errorf("%q (-want +got):\n%s", state, diff)
	}
}

func TestReportThatCannotBeComputedIsGivenUpAtTheLastTry(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.broken = errNoLuck
	if err := f.sender.Send(t.Context(), f.job(s), false); err == nil {
		t.Error("it is not tried again")
	}
	f.must(f.sender.Send(t.Context(), f.job(s), true))
	if state, _ := f.states(s); state != "failed not-computed" {
		t.Errorf("%s", state)
	}
	f.broken = schedule.ErrTooLarge
	f.mu.Lock()
	f.now = f.now.Add(time.Hour)
	f.mu.Unlock()
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	if r := f.history(s)[0]; r.State != schedule.Failed || r.Why != schedule.TooLarge {
		t.Errorf("%+v", r)
	}
}

func TestSendingPutsTheNextOneForward(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	if !s.Next.Equal(f.clock().AddDate(0, 0, 1)) { // it is eight in Moscow this very moment
		t.Errorf("due first at %s", s.Next)
	}
	f.mu.Lock()
	f.now = s.Next.Add(3 * 24 * time.Hour).Add(time.Minute) // the cloud was away for three days
	f.mu.Unlock()
	f.must(f.sender.Send(t.Context(), schedule.Job{Tenant: f.tenant.String(), Schedule: s.ID, Due: s.Next}, false))
	var next schedule.Schedule
	f.tx(func(tx pgx.Tx) (err error) {
		next, err = schedule.Get(t.Context(), tx, f.owner, s.ID, false)
		return err
	})
	if !next.Next.Equal(s.Next.AddDate(0, 0, 4)) {
		t.Errorf("due next at %s, was %s", next.Next, s.Next)
	}
	// What is late is about the day it was due for.
	if r := f.history(s)[0]; !r.To.Equal(time.Date(2026, 3, 2, 21, 0, 0, 0, time.UTC)) {
		t.Errorf("the period ends %s", r.To)
	}
}

func TestPausedAndRemovedSchedulesSendNothing(t *testing.T) {
	f := newFixture(t)
	s := f.add(nil)
	f.tx(func(tx pgx.Tx) error {
		paused, err := schedule.Change(t.Context(), tx, s.ID, f.content(), true, f.clock())
		if !paused.Next.IsZero() {
			t.Errorf("paused, and due at %s", paused.Next)
		}
		return err
	})
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	f.tx(func(tx pgx.Tx) error { return schedule.Remove(t.Context(), tx, s.ID) })
	f.must(f.sender.Send(t.Context(), f.job(s), false))
	if n := len(f.server.Letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
}

func TestSchedulesThatMakeNoSenseAreRefused(t *testing.T) {
	f := newFixture(t)
	for name, change := range map[string]func(*schedule.Content){
		"nobody to send to":         func(c *schedule.Content) { c.Users, c.Addresses = nil, nil },
		"an address not allowed":    func(c *schedule.Content) { c.Addresses = []string{"x@elsewhere.test"} },
		"an address that is none":   func(c *schedule.Content) { c.Addresses = []string{"@partner.test"} },
		"no such period":            func(c *schedule.Content) { c.Period = "century" },
		"no such zone":              func(c *schedule.Content) { c.Rhythm.Zone = "Mars/Olympus" },
		"a week without days":       func(c *schedule.Content) { c.Rhythm.Every = schedule.Weekly },
		"a time that no clock has":  func(c *schedule.Content) { c.Rhythm.At = 24 * 60 },
		"a user of another company": func(c *schedule.Content) { c.Users[0][0]++ },
	} {
		c := f.content()
		change(&c)
		err := f.db.As(f.tenant).Tx(t.Context(), func(tx pgx.Tx) error {
			_, err := schedule.Add(t.Context(), tx, f.owner, c, f.clock())
			return err
		})
		if _, ok := err.(*schedule.RefusalError); !ok { //nolint:errorlint // nothing wraps it on the way
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchedulesAreTheirOwnersAndTheirTenants(t *testing.T) {
	f := newFixture(t)
	s := f.add(func(c *schedule.Content) { c.Formats = []export.Format{export.CSV, export.XLSX, export.CSV} })
	if diff := cmp.Diff([]export.Format{export.CSV, export.XLSX}, s.Formats); diff != "" {
		t.Errorf("formats (-want +got):\n%s", diff)
	}
	count := func(of tenants.ID, all bool) (n int) {
		f.must(f.db.As(of).Read(t.Context(), func(tx pgx.Tx) error {
			list, err := schedule.List(t.Context(), tx, f.reader, all)
			n = len(list)
			return err
		}))
		return n
	}
	if own, all := count(f.tenant, false), count(f.tenant, true); own != 0 || all != 1 {
		t.Errorf("somebody else sees %d, an administrator %d", own, all)
	}
	if n := count(pgtest.NewTenant(t, f.db, "other"), true); n != 0 {
		t.Errorf("another tenant sees %d", n)
	}
}
