package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/schedule"
	"github.com/callweave/callweave/tenants"
)

// Schedules sends reports by e-mail.
type Schedules interface {
	// SendNow has a schedule sent at once and returns the moment that names the sending.
	SendNow(ctx context.Context, tenant tenants.ID, id int32) (time.Time, error)
}

// Rhythm says when a report goes out.
type Rhythm struct {
	Every    string `json:"every" enum:"day,week,month"`
	Weekdays []int  `json:"weekdays,omitempty" nullable:"false" maxItems:"7" doc:"Of week; 1 is Monday"`
	Day      int    `json:"day,omitempty" minimum:"0" maximum:"31" doc:"Of month; in a month that has no such day, its last"`
	At       int    `json:"at" minimum:"0" maximum:"1439" doc:"Minutes from midnight, by clocks of the zone"`
	Zone     string `json:"zone" maxLength:"64" doc:"IANA; empty: the tenant's"`
}

// ScheduleBody is what its owner says of a schedule.
type ScheduleBody struct {
	Name      string       `json:"name" minLength:"1" maxLength:"100"`
	Query     report.Query `json:"query" doc:"Of the report; its period does not matter"`
	Search    string       `json:"search" maxLength:"4000" pattern:"^[^?#\\x00-\\x1f]*$" doc:"The same as the report's page has it in its address, without a period: what the link in the letter opens"`
	Period    string       `json:"period" enum:"today,yesterday,7d,30d,this-week,last-week,this-month,last-month"`
	Rhythm    Rhythm       `json:"rhythm"`
	Language  string       `json:"language" enum:"en,ru" doc:"Of recipients who are no users; users read their own"`
	Formats   []string     `json:"formats" nullable:"false" maxItems:"3" enum:"csv,xlsx,parquet" doc:"Of the files with the letter"`
	Users     []string     `json:"users" nullable:"false" maxItems:"50" doc:"Ids of users who get it, at the address they sign in with"`
	Addresses []string     `json:"addresses" nullable:"false" maxItems:"50" doc:"Others who get it, as far as the mail settings allow"`
	Paused    bool         `json:"paused"`
}

// Schedule is a report that goes out by e-mail.
type Schedule struct {
	ID int32 `json:"id"`
	ScheduleBody
	Owner string     `json:"owner" doc:"The name of whose it is; what he may see is what is in it"`
	Own   bool       `json:"own"`
	Next  *time.Time `json:"next" doc:"When it is due next; null while paused"`
	Last  *Sending   `json:"last" doc:"The latest sending; null before the first"`
}

// TransformSchema lets the schema say that there may be no sending yet.
func (Schedule) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "last")
}

// Sending is one time a schedule was due.
type Sending struct {
	Due     time.Time  `json:"due"`
	ByHand  bool       `json:"by_hand"`
	From    time.Time  `json:"from" doc:"The period it is about"`
	To      time.Time  `json:"to"`
	State   string     `json:"state" enum:"waiting,sent,partly,failed,refused"`
	Problem string     `json:"problem" doc:"What went wrong and what to do, in the viewer's language"`
	Detail  string     `json:"detail" doc:"What the mail server said"`
	Tries   int        `json:"tries"`
	Began   time.Time  `json:"began"`
	Ended   *time.Time `json:"ended" doc:"null while it goes on"`
	Letters []Letter   `json:"letters" nullable:"false"`
}

// Letter is one letter of a sending.
type Letter struct {
	Address string    `json:"address"`
	State   string    `json:"state" enum:"waiting,sending,sent,unsure,failed,refused"`
	Problem string    `json:"problem"`
	Detail  string    `json:"detail"`
	Changed time.Time `json:"changed"`
}

type (
	scheduleInput   struct{ Body ScheduleBody }
	scheduleIDInput struct {
		ID int32 `path:"id" minimum:"1"`
	}
	changeScheduleInput struct {
		ID   int32 `path:"id" minimum:"1"`
		Body ScheduleBody
	}
	scheduleOutput  struct{ Body Schedule }
	schedulesOutput struct {
		Body struct {
			Schedules []Schedule `json:"schedules" nullable:"false"`
		}
	}
	sendingsOutput struct {
		Body struct {
			Sendings []Sending `json:"sendings" nullable:"false" doc:"The latest 50, newest first"`
		}
	}
	sendNowOutput struct {
		Body struct {
			Due time.Time `json:"due" doc:"Names the sending in the history, where it appears within seconds"`
		}
	}
)

// scheduleOperations are about reports by e-mail.
func (a *API) scheduleOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	sends := needs(rights.ReadReports, rights.Export, rights.Schedule)
	register(a, operation{get, "/schedules", "list-schedules", "schedules", "Reports by e-mail: one's own; administrators see all", 0, sends}, a.listSchedules)
	register(a, operation{post, "/schedules", "add-schedule", "schedules", "Have a report sent by e-mail", 201, sends}, a.addSchedule)
	register(a, operation{put, "/schedules/{id}", "change-schedule", "schedules", "Change, pause or resume a schedule", 0, sends}, a.changeSchedule)
	register(a, operation{del, "/schedules/{id}", "remove-schedule", "schedules", "Remove a schedule and its history", 204, sends}, a.removeSchedule)
	register(a, operation{get, "/schedules/{id}/sendings", "list-sendings", "schedules", "What became of a schedule's sendings", 0, sends}, a.listSendings)
	register(a, operation{get, "/recipients", "list-recipients", "schedules", "Whom reports can be sent to", 0, sends}, a.listRecipients)
	register(a, operation{post, "/schedules/{id}/send", "send-now", "schedules", "Send it now", 202, sends}, a.sendNow)
}

// looksAfterAll tells who sees everybody's schedules.
func looksAfterAll(v *Viewer) bool { return v.Can(rights.WriteUsers) && v.Scope.Everything }

func (b ScheduleBody) content() (schedule.Content, error) {
	c := schedule.Content{
		Name: b.Name, Query: b.Query, Search: b.Search, Period: b.Period, Rhythm: schedule.Rhythm(b.Rhythm), Language: b.Language, Addresses: b.Addresses,
	}
	for _, f := range b.Formats {
		c.Formats = append(c.Formats, export.Format(f))
	}
	for _, text := range b.Users {
		id, err := uuid.Parse(text)
		if err != nil {
			return c, notFound()
		}
		c.Users = append(c.Users, id)
	}
	return c, nil
}

func (a *API) shownSchedule(s schedule.Schedule, v *Viewer) Schedule {
	out := Schedule{ID: s.ID, Owner: s.OwnerName, Own: s.Owner == v.User, ScheduleBody: ScheduleBody{
		Name: s.Name, Query: s.Query, Search: s.Search, Period: s.Period, Rhythm: Rhythm(s.Rhythm), Language: s.Language,
		Formats: []string{}, Users: []string{}, Addresses: s.Addresses, Paused: s.Paused,
	}}
	for _, f := range s.Formats {
		out.Formats = append(out.Formats, string(f))
	}
	for _, id := range s.Users {
		out.Users = append(out.Users, id.String())
	}
	if !s.Next.IsZero() {
		out.Next = &s.Next
	}
	return out
}

func (a *API) shownSending(r schedule.Record, language string) Sending {
	out := Sending{
		Due: r.Due, ByHand: r.ByHand, From: r.From, To: r.To, State: r.State, Problem: a.problemOf(r.Why, language), Detail: r.Detail, Tries: r.Tries, Began: r.Began, Letters: []Letter{},
	}
	if !r.Ended.IsZero() {
		out.Ended = &r.Ended
	}
	for _, l := range r.Letters {
		out.Letters = append(out.Letters, Letter{Address: l.Address, State: l.State, Problem: a.problemOf(l.Why, language), Detail: l.Detail, Changed: l.Changed})
	}
	return out
}

func (a *API) problemOf(code, language string) string {
	if code == "" {
		return ""
	}
	return a.words.In(language, schedule.Words(code))
}

// shownWithLast adds the latest sending.
func (a *API) shownWithLast(ctx context.Context, tx pgx.Tx, s schedule.Schedule, v *Viewer) (Schedule, error) {
	out := a.shownSchedule(s, v)
	latest, err := schedule.History(ctx, tx, s.ID, 1)
	if err != nil || len(latest) == 0 {
		return out, err
	}
	last := a.shownSending(latest[0], v.Language)
	out.Last = &last
	return out, nil
}

func (a *API) listSchedules(ctx context.Context, _ *struct{}) (*schedulesOutput, error) {
	v := viewerOf(ctx)
	out := &schedulesOutput{}
	out.Body.Schedules = []Schedule{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := schedule.List(ctx, tx, v.User, looksAfterAll(v))
		if err != nil {
			return err
		}
		for _, s := range list {
			shown, err := a.shownWithLast(ctx, tx, s, v)
			if err != nil {
				return err
			}
			out.Body.Schedules = append(out.Body.Schedules, shown)
		}
		return nil
	})
	return out, err
}

func (a *API) addSchedule(ctx context.Context, in *scheduleInput) (*scheduleOutput, error) {
	v := viewerOf(ctx)
	out := &scheduleOutput{}
	c, err := in.Body.content()
	if err != nil {
		return nil, err
	}
	err = a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		s, err := schedule.Add(ctx, tx, v.User, c, a.deps.Now())
		if err != nil {
			return err
		}
		out.Body = a.shownSchedule(s, v)
		return e.Note(ctx, "schedule.add", s.Name, nil, out.Body.ScheduleBody)
	})
	return out, scheduleRefused(err)
}

func (a *API) changeSchedule(ctx context.Context, in *changeScheduleInput) (*scheduleOutput, error) {
	v := viewerOf(ctx)
	out := &scheduleOutput{}
	c, err := in.Body.content()
	if err != nil {
		return nil, err
	}
	err = a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		was, err := schedule.Get(ctx, tx, v.User, in.ID, looksAfterAll(v))
		if err != nil {
			return err
		}
		s, err := schedule.Change(ctx, tx, in.ID, c, in.Body.Paused, a.deps.Now())
		if err != nil {
			return err
		}
		if out.Body, err = a.shownWithLast(ctx, tx, s, v); err != nil {
			return err
		}
		return e.Note(ctx, "schedule.change", s.Name, a.shownSchedule(was, v).ScheduleBody, out.Body.ScheduleBody)
	})
	return out, scheduleRefused(err)
}

func (a *API) removeSchedule(ctx context.Context, in *scheduleIDInput) (*emptyOutput, error) {
	v := viewerOf(ctx)
	return nil, scheduleRefused(a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		was, err := schedule.Get(ctx, tx, v.User, in.ID, looksAfterAll(v))
		if err != nil {
			return err
		}
		if err := schedule.Remove(ctx, tx, in.ID); err != nil {
			return err
		}
		return e.Note(ctx, "schedule.remove", was.Name, a.shownSchedule(was, v).ScheduleBody, nil)
	}))
}

// sendingsShown is how many sendings the history shows.
const sendingsShown = 50

func (a *API) listSendings(ctx context.Context, in *scheduleIDInput) (*sendingsOutput, error) {
	v := viewerOf(ctx)
	out := &sendingsOutput{}
	out.Body.Sendings = []Sending{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		if _, err := schedule.Get(ctx, tx, v.User, in.ID, looksAfterAll(v)); err != nil {
			return err
		}
		list, err := schedule.History(ctx, tx, in.ID, sendingsShown)
		for _, r := range list {
			out.Body.Sendings = append(out.Body.Sendings, a.shownSending(r, v.Language))
		}
		return err
	})
	return out, scheduleRefused(err)
}

func (a *API) sendNow(ctx context.Context, in *scheduleIDInput) (*sendNowOutput, error) {
	v := viewerOf(ctx)
	out := &sendNowOutput{}
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		s, err := schedule.Get(ctx, tx, v.User, in.ID, looksAfterAll(v))
		if err != nil {
			return err
		}
		if out.Body.Due, err = a.deps.Schedules.SendNow(ctx, v.Tenant, in.ID); err != nil {
			return err
		}
		return e.Note(ctx, "schedule.send", s.Name, nil, out.Body)
	})
	return out, scheduleRefused(err)
}

func scheduleRefused(err error) error {
	var refused *schedule.RefusalError
	switch {
	case errors.Is(err, schedule.ErrNotFound):
		return notFound()
	case errors.As(err, &refused):
		return fail(http.StatusUnprocessableEntity, "invalid", refused.Say)
	}
	return err
}
