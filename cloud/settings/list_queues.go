package settings

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/callweave/callweave/cloud/locale"
)

func queuesList() List {
	return List{
		Name: "queues", Columns: []string{"station", "queue", "name", "zone", "hours"}, needed: []string{"queue"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Queues(ctx, e.tx)
			if err != nil {
				return nil, err
			}
			calendars, err := e.calendarNames(ctx)
			if err != nil {
				return nil, err
			}
			var rows [][]string
			for _, q := range list {
				hours := ""
				if q.Calendar != nil {
					hours = calendars[*q.Calendar]
				}
				rows = append(rows, []string{q.Station, q.Number, q.Name, q.Zone, hours})
			}
			return rows, nil
		},
		read: each(readQueue),
	}
}

func (e *Editor) calendarNames(ctx context.Context) (map[int32]string, error) {
	list, err := Calendars(ctx, e.tx)
	names := map[int32]string{}
	for _, c := range list {
		names[c.ID] = c.Name
	}
	return names, err
}

// readQueue changes what the file has columns for.
func readQueue(ctx context.Context, e *Editor, r Row) error {
	id, err := e.seenQueue(ctx, r, "queue")
	if err != nil {
		return err
	}
	q, err := e.queue(ctx, id)
	if err != nil {
		return err
	}
	for column, field := range map[string]*string{"name": &q.Name, "zone": &q.Zone} {
		if cell, there := r.cells[column]; there {
			*field = cell
		}
	}
	if hours, there := r.cells["hours"]; there {
		q.Calendar = nil
		if hours != "" {
			id, err := e.calendarNamed(ctx, hours)
			if err != nil {
				return err
			}
			q.Calendar = &id
		}
	}
	_, err = e.SetQueue(ctx, q)
	return err
}

func (e *Editor) calendarNamed(ctx context.Context, title string) (int32, error) {
	names, err := e.calendarNames(ctx)
	if err != nil {
		return 0, err
	}
	for id, n := range names {
		if n == title {
			return id, nil
		}
	}
	return 0, invalid(locale.Say("There are no hours of the name %s. There are: %s.", title, listed(slices.Sorted(maps.Values(names)))))
}

// listed are some names in a sentence.
func listed(names []string) string {
	const shown = 10
	s := ""
	for i, n := range names {
		if i == shown {
			return s + ", …"
		}
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return cmp.Or(s, "–")
}

func calendarsList() List {
	days := weekdays()
	return List{
		Name: "hours", Policy: true, Columns: append([]string{"name"}, days[:]...), needed: append([]string{"name"}, days[:]...),
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Calendars(ctx, e.tx)
			var rows [][]string
			for _, c := range list {
				row := []string{c.Name}
				for _, hours := range c.Week {
					row = append(row, writeHours(hours))
				}
				rows = append(rows, row)
			}
			return rows, err
		},
		read: each(readCalendar),
	}
}

func readCalendar(ctx context.Context, e *Editor, r Row) error {
	c, err := e.calendarOr(ctx, r.Get("name"))
	if err != nil {
		return err
	}
	for i, d := range weekdays() {
		if c.Week[i], err = readHours(r.Get(d)); err != nil {
			return err
		}
	}
	return e.setCalendar(ctx, c)
}

// calendarOr is the calendar of a name, or a new one.
func (e *Editor) calendarOr(ctx context.Context, title string) (Calendar, error) {
	list, err := Calendars(ctx, e.tx)
	if err != nil {
		return Calendar{}, err
	}
	if i := slices.IndexFunc(list, func(c Calendar) bool { return c.Name == title }); i >= 0 {
		return list[i], nil
	}
	return Calendar{Name: title}, nil
}

func (e *Editor) setCalendar(ctx context.Context, c Calendar) (err error) {
	if c.ID == 0 {
		_, err = e.AddCalendar(ctx, c)
	} else {
		_, err = e.ChangeCalendar(ctx, c)
	}
	return err
}

func holidaysList() List {
	return List{
		Name: "holidays", Policy: true, Columns: []string{"calendar", "day", "name", "hours"}, needed: []string{"calendar", "day"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Calendars(ctx, e.tx)
			var rows [][]string
			for _, c := range list {
				for _, h := range c.Holidays {
					rows = append(rows, []string{c.Name, h.Day, h.Name, writeHours(h.Hours)})
				}
			}
			return rows, err
		},
		read: readHolidays,
	}
}

// readHolidays adds days to calendars that are there, and changes days they have.
func readHolidays(ctx context.Context, e *Editor, rows []Row, problems *SheetError) error {
	touched, last := map[string]Calendar{}, map[string]int{}
	for _, r := range rows {
		h, err := readHoliday(r)
		if err == nil {
			c, there := touched[r.Get("calendar")]
			if !there {
				if c, err = e.calendarOr(ctx, r.Get("calendar")); err == nil && c.ID == 0 {
					_, err = e.calendarNamed(ctx, r.Get("calendar"))
				}
			}
			if err == nil {
				c.Holidays = append(slices.DeleteFunc(slices.Clone(c.Holidays), func(o Holiday) bool { return o.Day == h.Day }), h)
				touched[c.Name], last[c.Name] = c, r.Line
			}
		}
		if err := problems.gather(r.Line, err); err != nil {
			return err
		}
	}
	for _, n := range slices.Sorted(maps.Keys(touched)) {
		if err := problems.gather(last[n], e.setCalendar(ctx, touched[n])); err != nil {
			return err
		}
	}
	return nil
}

func readHoliday(r Row) (h Holiday, err error) {
	at, err := readTime(r.Get("day"), time.UTC)
	if err != nil {
		return h, err
	}
	h = Holiday{Day: at.Format(time.DateOnly), Name: r.Get("name")}
	if h.Hours, err = readHours(r.Get("hours")); err != nil {
		return h, err
	}
	return h, h.check()
}

func policiesList() List {
	return List{
		Name:    "policies",
		Policy:  true,
		Columns: []string{"station", "queue", "from", "variant", "threshold", "short", "shorts", "target", "call_back"},
		needed:  []string{"variant", "threshold"},
		write:   writePolicies, read: each(readPolicy),
	}
}

func writePolicies(ctx context.Context, e *Editor) ([][]string, error) {
	loc, err := e.location(ctx)
	if err != nil {
		return nil, err
	}
	list, err := Policies(ctx, e.tx)
	if err != nil {
		return nil, err
	}
	seen, err := Queues(ctx, e.tx)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, p := range list {
		station, number, from := "", "", ""
		if p.Queue != nil {
			i := slices.IndexFunc(seen, func(q Queue) bool { return q.ID == *p.Queue })
			station, number = seen[i].Station, seen[i].Number
		}
		if p.From != nil {
			from = writeTime(*p.From, loc)
		}
		told := p.told()
		rows = append(rows, []string{
			station, number, from, told.Variant, decimal(p.Threshold), decimal(p.Short), told.Shorts,
			strconv.FormatFloat(p.Target, 'f', -1, 64), decimal(p.CallBack),
		})
	}
	return rows, nil
}

func decimal(n int32) string { return strconv.Itoa(int(n)) }

// readPolicy adds the policy of a queue and a moment, or changes it.
func readPolicy(ctx context.Context, e *Editor, r Row) error {
	p, err := e.policyOf(ctx, r)
	if err != nil {
		return err
	}
	list, err := Policies(ctx, e.tx)
	if err != nil {
		return err
	}
	same := func(o Policy) bool {
		return equal(o.Queue, p.Queue, func(a, b int32) bool { return a == b }) && equal(o.From, p.From, time.Time.Equal)
	}
	if i := slices.IndexFunc(list, same); i >= 0 {
		p.ID = list[i].ID
		_, err = e.ChangePolicy(ctx, p)
		return err
	}
	_, err = e.AddPolicy(ctx, p)
	return err
}

func equal[T any](a, b *T, same func(T, T) bool) bool {
	return a == nil && b == nil || a != nil && b != nil && same(*a, *b)
}

func (e *Editor) policyOf(ctx context.Context, r Row) (p Policy, err error) {
	if r.Get("queue") != "" {
		id, err := e.seenQueue(ctx, r, "queue")
		if err != nil {
			return p, err
		}
		p.Queue = &id
	}
	if s := r.Get("from"); s != "" {
		loc, err := e.location(ctx)
		if err != nil {
			return p, err
		}
		from, err := readTime(s, loc)
		if err != nil {
			return p, err
		}
		p.From = &from
	}
	for column, field := range map[string]struct {
		into  *int32
		empty int32
	}{"threshold": {&p.Threshold, 0}, "short": {&p.Short, 5}, "call_back": {&p.CallBack, 3600}} {
		if *field.into, err = r.number(column, field.empty); err != nil {
			return p, err
		}
	}
	if p.Variant, err = readVariant(r.Get("variant")); err != nil {
		return p, err
	}
	if p.Shorts, err = readShorts(r.Get("shorts")); err != nil {
		return p, err
	}
	p.Target, err = readShare(r.Get("target"))
	return p, err
}
