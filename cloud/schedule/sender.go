package schedule

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/digest"
	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// Owner is who a schedule is of, and what he may and sees at this moment.
type Owner struct {
	Name   string
	Rights rights.Set
	Scope  rights.Scope
}

// ErrOwnerGone is an owner who is disabled, or no more there.
var ErrOwnerGone = errors.New("the owner can no longer sign in")

// Deps are what sending works with.
type Deps struct {
	DB      *pg.DB
	Postbox *mail.Postbox
	// Owner reads an owner in a transaction of the tenant; ErrOwnerGone comes back.
	Owner func(ctx context.Context, tx pgx.Tx, user uuid.UUID) (Owner, error)
	// Report computes a report as an owner sees it. ErrTooLarge comes back for one that would take too much.
	Report func(ctx context.Context, tenant tenants.ID, owner Owner, q report.Query, language string) (*export.Report, error)
	Words  *locale.Words
	Portal string // its public address, without a slash at the end
	Log    *slog.Logger
	Now    func() time.Time
}

// ErrTooLarge is a report that takes more than is given to one.
var ErrTooLarge = errors.New("the report is too large")

// mostAttached is how many bytes of files go with a letter; mail servers rarely take more than 20 MB, and base64 adds a third.
const mostAttached = 12 << 20

// Sender sends schedules that are due.
type Sender struct{ Deps }

// errAgain is a sending that has letters left which may go out later.
var errAgain = errors.New("letters are left for another try")

// Send does what a job asks for, once or again after it did not come to an end. It returns nil when there is nothing left to
// do, whatever came of it; last says that nobody will try again.
func (s *Sender) Send(ctx context.Context, j Job, last bool) error {
	tenant, err := tenants.ParseID(j.Tenant)
	if err != nil {
		return nil //nolint:nilerr // a job of nobody's: trying again makes it no better
	}
	w, err := s.begin(ctx, s.DB.As(tenant), j)
	if err != nil || w == nil {
		return err
	}
	if why, err := s.allowed(ctx, w); err != nil {
		return s.giveUp(ctx, w, "", err, last)
	} else if why != "" {
		return w.end(ctx, Refused, why, "", s.Now())
	}
	again, err := s.letters(ctx, w, last)
	if err != nil {
		return s.giveUp(ctx, w, NotComputed, err, last)
	}
	if again {
		return errAgain
	}
	return nil
}

// work is a sending under way.
type work struct {
	db       pg.Tenant
	job      Job
	schedule Schedule
	span     Span
	before   Span
	zone     *time.Location
	zoneName string
	owner    Owner
	mail     mail.Settings
	password string
	to       []Recipient
}

// begin writes down that a sending is under way and puts the schedule's next one forward. nil comes back for one that is done,
// or whose schedule is gone or paused.
func (s *Sender) begin(ctx context.Context, db pg.Tenant, j Job) (*work, error) {
	w := &work{db: db, job: j}
	now, done := s.Now(), false
	err := db.Tx(ctx, func(tx pgx.Tx) (err error) {
		// Whoever changes the schedule meanwhile waits, so that what is planned here is of what is read here.
		if _, err := tx.Exec(ctx, `SELECT FROM schedules WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, j.Schedule); err != nil {
			return err
		}
		if w.schedule, err = Get(ctx, tx, uuid.Nil, j.Schedule, true); errors.Is(err, ErrNotFound) {
			done = true
			return nil
		} else if err != nil {
			return err
		}
		if w.zone, w.zoneName, err = zoneOf(ctx, tx, w.schedule.Rhythm); err != nil {
			return err
		}
		if done = w.schedule.Paused && !j.ByHand; done {
			return nil
		}
		w.span, w.before = SpanOf(w.schedule.Period, j.Due, w.zone)
		if _, err := tx.Exec(ctx, `INSERT INTO sendings (tenant_id, schedule_id, due, by_hand, from_at, to_at, state, began)
			VALUES (current_tenant(), $1, $2, $3, $4, $5, 'waiting', $6) ON CONFLICT DO NOTHING`,
			j.Schedule, j.Due, j.ByHand, w.span.From, w.span.To, now); err != nil {
			return err
		}
		if !j.ByHand {
			if _, err := tx.Exec(ctx, `UPDATE schedule_due SET at = $2 WHERE tenant_id = current_tenant() AND schedule_id = $1 AND at <= $3`,
				j.Schedule, w.schedule.Rhythm.Next(now, w.zone), now); err != nil {
				return err
			}
		}
		var state string
		if err := tx.QueryRow(ctx, `UPDATE sendings SET tries = tries + 1 WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2 RETURNING state`,
			j.Schedule, j.Due).Scan(&state); err != nil {
			return err
		}
		done = state != Waiting
		return forget(ctx, tx, j.Schedule, now)
	})
	if err != nil {
		return nil, fmt.Errorf("begin sending: %w", err)
	}
	if done {
		return nil, nil
	}
	return w, nil
}

// allowed asks again whether the owner may send reports and whether there is a server and somebody to send to. It returns the
// code of what is against it.
func (s *Sender) allowed(ctx context.Context, w *work) (why string, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		var suspended bool
		if err := tx.QueryRow(ctx, `SELECT suspended IS NOT NULL FROM tenants WHERE id = current_tenant()`).Scan(&suspended); err != nil {
			return err
		}
		if suspended {
			why = Suspended
			return nil
		}
		w.owner, err = s.Owner(ctx, tx, w.schedule.Owner)
		switch {
		case errors.Is(err, ErrOwnerGone):
			why = OwnerGone
			return nil
		case err != nil:
			return err
		case !w.owner.Rights.Covers(rights.Set{rights.ReadReports, rights.Export, rights.Schedule}), w.owner.Scope.Nothing():
			why = RightLost
			return nil
		}
		w.mail, err = mail.Read(ctx, tx)
		if errors.Is(err, mail.ErrNone) {
			why = NoMail
			return nil
		}
		if err != nil {
			return err
		}
		if w.password, err = s.Postbox.Password(ctx, tx, w.mail); err != nil {
			return err
		}
		return s.address(ctx, tx, w, &why)
	})
	if err != nil {
		return "", fmt.Errorf("ask whether a report may be sent: %w", err)
	}
	return why, nil
}

// address writes down a letter for everybody who is to get one, and finds those of a try before that nobody knows the end of.
func (s *Sender) address(ctx context.Context, tx pgx.Tx, w *work, why *string) (err error) {
	if w.to, err = recipients(ctx, tx, w.schedule.Users); err != nil {
		return err
	}
	for _, a := range w.schedule.Addresses {
		if !slices.ContainsFunc(w.to, func(r Recipient) bool { return r.Address == a }) {
			w.to = append(w.to, Recipient{Address: a, Language: w.schedule.Language})
		}
	}
	w.to = slices.DeleteFunc(w.to, func(r Recipient) bool { return !mail.Valid(r.Address) })
	if len(w.to) == 0 {
		*why = NobodyLeft
		return nil
	}
	for _, r := range w.to {
		state, why := Waiting, ""
		if r.User == uuid.Nil && !w.mail.Allows(r.Address) {
			state, why = Refused, NotAllowed
		}
		if _, err := tx.Exec(ctx, `INSERT INTO letters (tenant_id, schedule_id, due, address, state, why) VALUES (current_tenant(), $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			w.job.Schedule, w.job.Due, r.Address, state, why); err != nil {
			return err
		}
	}
	// Only one job of a sending runs at a time, so what is being sent is not being sent any more.
	_, err = tx.Exec(ctx, `UPDATE letters SET state = 'unsure', why = $3, changed = now() WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2 AND state = 'sending'`,
		w.job.Schedule, w.job.Due, CloudStopped)
	return err
}

// letters sends those that wait, and ends the sending when none does any more.
func (s *Sender) letters(ctx context.Context, w *work, last bool) (again bool, err error) {
	drafts := map[string]*draft{} // by language
	for _, r := range w.to {
		if waits, err := w.waits(ctx, r.Address); err != nil {
			return false, err
		} else if !waits {
			continue
		}
		if drafts[r.Language] == nil {
			if drafts[r.Language], err = s.draft(ctx, w, r.Language); err != nil {
				return false, err
			}
		}
		outcome, err := s.hand(ctx, w, drafts[r.Language].to(r, w.job, s.Now()), last)
		if err != nil {
			return false, err
		}
		again = again || outcome == Waiting
	}
	if again {
		return true, nil
	}
	return false, w.conclude(ctx, s.Now())
}

func (w *work) waits(ctx context.Context, address string) (waits bool, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM letters WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2 AND address = $3 AND state = 'waiting')`,
			w.job.Schedule, w.job.Due, address).Scan(&waits)
	})
	if err != nil {
		return false, fmt.Errorf("read letter: %w", err)
	}
	return waits, nil
}

// hand hands one letter over: "sending" is committed first, what came of it after.
func (s *Sender) hand(ctx context.Context, w *work, l mail.Letter, last bool) (state string, err error) {
	mine, err := w.mark(ctx, l.To, Waiting, Sending, "", "")
	if err != nil || !mine {
		return "", err
	}
	state, why, detail := Sent, "", ""
	var unsent *mail.Error
	switch err := s.Postbox.Send(ctx, w.mail, w.password, l); {
	case err == nil:
	case errors.As(err, &unsent):
		why, detail = unsent.Code, unsent.Detail
		state = Failed
		if unsent.Code == mail.Unsure {
			state = Unsure
		} else if unsent.Again && !last {
			state = Waiting
		}
	default:
		s.Log.ErrorContext(ctx, "letter not composed", slog.String("tenant", w.job.Tenant), slog.Any("error", err))
		state, why = Failed, NotComputed
	}
	// The outcome is written even where the cloud is being stopped: the letter is out.
	_, err = w.mark(context.WithoutCancel(ctx), l.To, Sending, state, why, detail)
	return state, err
}

// mark moves a letter from one state to another, and tells whether it was in the first.
func (w *work) mark(ctx context.Context, address, from, to, why, detail string) (did bool, err error) {
	err = w.db.Tx(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE letters SET state = $5, why = $6, detail = left($7, 500), changed = now()
			WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2 AND address = $3 AND state = $4`,
			w.job.Schedule, w.job.Due, address, from, to, why, detail)
		did = done.RowsAffected() == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("mark letter: %w", err)
	}
	return did, nil
}

// conclude ends a sending by what its letters came to.
func (w *work) conclude(ctx context.Context, now time.Time) error {
	var out, all int
	var why, detail string
	err := w.db.Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE state = 'sent'), count(*), coalesce(min(why) FILTER (WHERE state <> 'sent'), ''),
			coalesce(min(detail) FILTER (WHERE state <> 'sent'), '') FROM letters WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2`,
			w.job.Schedule, w.job.Due).Scan(&out, &all, &why, &detail)
	})
	if err != nil {
		return fmt.Errorf("count letters: %w", err)
	}
	switch out {
	case all:
		return w.end(ctx, Sent, "", "", now)
	case 0:
		return w.end(ctx, Failed, why, detail, now)
	}
	return w.end(ctx, Partly, why, detail, now)
}

func (w *work) end(ctx context.Context, state, why, detail string, now time.Time) error {
	err := w.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE sendings SET state = $3, why = $4, detail = $5, ended = $6 WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due = $2`,
			w.job.Schedule, w.job.Due, state, why, detail, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("end sending: %w", err)
	}
	return nil
}

// giveUp ends a sending that cannot be done, at once where another try would be no better, else with the last one.
func (s *Sender) giveUp(ctx context.Context, w *work, why string, cause error, last bool) error {
	if errors.Is(cause, ErrTooLarge) {
		return w.end(ctx, Failed, TooLarge, "", s.Now())
	}
	if !last || ctx.Err() != nil {
		return cause
	}
	if why == "" {
		why = NotComputed
	}
	s.Log.ErrorContext(ctx, "report not sent", slog.String("tenant", w.job.Tenant), slog.Int("schedule", int(w.job.Schedule)), slog.Any("error", cause))
	return w.end(ctx, Failed, why, "", s.Now())
}

// draft is a letter that is addressed to nobody yet.
type draft struct{ mail.Letter }

// to addresses it. The same letter of the same sending has the same id, by which mail programs know a double.
func (d *draft) to(r Recipient, j Job, now time.Time) mail.Letter {
	l := d.Letter
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s %d %d %s", j.Tenant, j.Schedule, j.Due.UnixMicro(), r.Address)))
	l.ID, l.To, l.At = "report."+strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15])), r.Address, now
	return l
}

// draft computes the report in a language and writes the letter about it.
func (s *Sender) draft(ctx context.Context, w *work, language string) (*draft, error) {
	q := w.schedule.Query
	q.From, q.To, q.Now = w.span.From.UnixMilli(), w.span.To.UnixMilli(), s.Now().UnixMilli()
	q.Before = &report.Span{From: w.before.From.UnixMilli(), To: w.before.To.UnixMilli()}
	if q.Zone != "queue" {
		q.Zone = w.zoneName
	}
	r, err := s.Report(ctx, w.db.ID(), w.owner, q, language)
	if err != nil {
		return nil, fmt.Errorf("compute report: %w", err)
	}
	r.By, r.Link = w.owner.Name, w.link(s.Portal, r.Say.Zone)
	d := &draft{}
	for _, f := range w.schedule.Formats {
		file, err := attached(r, f, w.span.From)
		if err != nil {
			return nil, err
		}
		d.Files = append(d.Files, file)
	}
	page, err := digest.Write(r, digest.Options{Name: w.schedule.Name, Owner: w.owner.Name})
	if err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	d.Subject, d.HTML, d.Text = page.Subject, page.HTML, page.Text
	for _, p := range page.Pictures {
		d.Pictures = append(d.Pictures, mail.File{Name: p.Name, MIME: "image/png", Data: p.PNG})
	}
	return d, nil
}

// link is the report in the portal, with the period of the sending in place of that of the day somebody follows it.
func (w *work) link(portal string, zone *time.Location) string {
	search := "from=" + w.span.From.In(zone).Format(time.DateOnly) + "&to=" + w.span.To.Add(-time.Millisecond).In(zone).Format(time.DateOnly)
	if w.schedule.Search != "" {
		search += "&" + w.schedule.Search
	}
	return portal + "/reports/" + w.schedule.Query.Report + "?" + search
}

func attached(r *export.Report, f export.Format, from time.Time) (mail.File, error) {
	var b bytes.Buffer
	out, err := export.New(f, &limited{&b, mostAttached}, r.Layout(f))
	if err != nil {
		return mail.File{}, err
	}
	defer out.Discard()
	if err := r.Write(out); err != nil {
		return mail.File{}, err
	}
	if err := out.Close(); err != nil {
		return mail.File{}, err
	}
	name := fmt.Sprintf("%s %s.%s", r.Say.Of(r.Definition.Title), from.In(r.Say.Zone).Format(time.DateOnly), f)
	return mail.File{Name: export.FileName(name), MIME: f.MIME(), Data: b.Bytes()}, nil
}

// limited takes so many bytes and no more.
type limited struct {
	b    *bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, ErrTooLarge
	}
	return l.b.Write(p)
}
