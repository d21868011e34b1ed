package settings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// The kinds of scheduled times.
const (
	KindWork  = "work"
	KindBreak = "break"
)

// Shift is a time somebody is scheduled to work, or to have a break within that.
type Shift struct {
	Person int32     `json:"person"`
	Kind   string    `json:"kind" enum:"work,break"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

const (
	longestShift = 36 * time.Hour
	rosters      = `SELECT person_id, kind, from_at, to_at FROM rosters WHERE tenant_id = current_tenant()`
	byTime       = ` ORDER BY person_id, from_at, to_at DESC, kind DESC`
)

// Rosters lists the times that begin in a period, by person and begin.
func Rosters(ctx context.Context, tx pgx.Tx, from, to time.Time) ([]Shift, error) {
	list, err := all[Shift](ctx, tx, rosters+` AND from_at >= $1 AND from_at < $2`+byTime, from, to)
	return inUTC(list), err
}

func inUTC(list []Shift) []Shift {
	for i := range list {
		list[i].From, list[i].To = list[i].From.UTC(), list[i].To.UTC()
	}
	return list
}

// SetRoster puts these times in the place of all of a person's that begin in [from, to).
func (e *Editor) SetRoster(ctx context.Context, person int32, from, to time.Time, shifts []Shift) error {
	who, err := e.text(ctx, `SELECT name FROM people WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, person)
	if err != nil {
		return err
	}
	if who == "" {
		return invalid(locale.Say("There is no such person. Add the person first."))
	}
	loc, err := e.location(ctx)
	if err != nil {
		return err
	}
	shifts = slices.Clone(shifts)
	for i := range shifts {
		s := &shifts[i]
		s.Person, s.From, s.To = person, s.From.UTC().Truncate(time.Second), s.To.UTC().Truncate(time.Second)
		if s.From.Before(from) || !s.From.Before(to) {
			return invalid(locale.Say("The time from %s is not within what is to be changed.", writeTime(s.From, loc)))
		}
	}
	slices.SortFunc(shifts, func(a, b Shift) int {
		return cmp.Or(a.From.Compare(b.From), b.To.Compare(a.To), cmp.Compare(b.Kind, a.Kind))
	})
	around, err := all[Shift](ctx, e.tx, rosters+` AND person_id = $1 AND from_at >= $2 AND from_at < $3`+byTime, person, from.Add(-longestShift), to.Add(longestShift))
	if err != nil {
		return err
	}
	var was, others []Shift
	for _, s := range inUTC(around) {
		if s.From.Before(from) || !s.From.Before(to) {
			others = append(others, s)
		} else {
			was = append(was, s)
		}
	}
	if err := checkShifts(shifts, others, loc); err != nil {
		return err
	}
	before, after := toldShifts(was, loc), toldShifts(shifts, loc)
	if slices.Equal(before, after) {
		return nil
	}
	if err := e.writeShifts(ctx, person, from, to, shifts); err != nil {
		return err
	}
	return e.Note(ctx, "roster.set", who, before, after)
}

func (e *Editor) writeShifts(ctx context.Context, person int32, from, to time.Time, shifts []Shift) error {
	var b pgx.Batch
	b.Queue(`DELETE FROM rosters WHERE tenant_id = current_tenant() AND person_id = $1 AND from_at >= $2 AND from_at < $3`, person, from, to)
	for _, s := range shifts {
		b.Queue(`INSERT INTO rosters (tenant_id, person_id, kind, from_at, to_at) VALUES (current_tenant(), $1, $2, $3, $4)`, person, s.Kind, s.From, s.To)
	}
	if err := e.tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write roster: %w", err)
	}
	return nil
}

// checkShifts makes sure that no two times of a kind overlap, and that breaks lie within work.
func checkShifts(shifts, others []Shift, loc *time.Location) error {
	whole := slices.Concat(shifts, others)
	for _, s := range shifts {
		at := writeTime(s.From, loc)
		switch {
		case s.Kind != KindWork && s.Kind != KindBreak:
			return invalid(locale.Say("A scheduled time is work or break."))
		case s.From.Year() < 1990 || s.From.Year() > 2200:
			return invalid(locale.Say("Say when the time begins."))
		case !s.From.Before(s.To):
			return invalid(locale.Say("The time from %s ends before it begins.", at))
		case s.To.Sub(s.From) > longestShift:
			return invalid(locale.Say("The time from %s lasts longer than %d hours.", at, int(longestShift.Hours())))
		}
		same := 0
		within := s.Kind == KindWork
		for _, o := range whole {
			if o.Kind == s.Kind && o.From.Before(s.To) && s.From.Before(o.To) {
				same++ // itself is one
			}
			within = within || o.Kind == KindWork && !s.From.Before(o.From) && !s.To.After(o.To)
		}
		switch {
		case same > 1:
			return invalid(locale.Say("The time from %s overlaps another one of the same person.", at))
		case !within:
			return invalid(locale.Say("The break from %s is not within a time of work.", at))
		}
	}
	return nil
}

func toldShifts(list []Shift, loc *time.Location) []string {
	told := make([]string, 0, len(list))
	for _, s := range list {
		told = append(told, s.Kind+" "+writeTime(s.From, loc)+" – "+writeTime(s.To, loc))
	}
	return told
}
