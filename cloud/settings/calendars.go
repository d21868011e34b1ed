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

// Calendar is working hours, in the zone of the queue that has them.
type Calendar struct {
	ID       int32     `json:"id"`
	Name     string    `json:"name" maxLength:"200"`
	Week     [7][]Span `json:"week" doc:"Per weekday, Monday first, pairs of minutes of the day; none: closed"`
	Holidays []Holiday `json:"holidays" nullable:"false" maxItems:"2000" doc:"Days that differ, by day"`
}

// Holiday is a day that differs.
type Holiday struct {
	Day   string `json:"day" format:"date" example:"2026-01-01"`
	Name  string `json:"name" maxLength:"200"`
	Hours []Span `json:"hours" nullable:"false" doc:"As of a weekday; none: closed"`
}

// weekdays are the columns and fields by which the days of a week are told.
func weekdays() [7]string { return [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// Calendars lists the working hours there are, by name.
func Calendars(ctx context.Context, tx pgx.Tx) ([]Calendar, error) {
	rows, err := tx.Query(ctx, `SELECT c.id, c.name, c.week, to_char(h.day, 'YYYY-MM-DD'), h.name, h.hours FROM calendars c
		LEFT JOIN holidays h ON h.tenant_id = c.tenant_id AND h.calendar_id = c.id
		WHERE c.tenant_id = current_tenant() ORDER BY c.name, c.id, h.day`)
	if err != nil {
		return nil, fmt.Errorf("read calendars: %w", err)
	}
	list := []Calendar{}
	for rows.Next() {
		c := Calendar{Holidays: []Holiday{}}
		var date, title *string
		var hours []Span
		if err := rows.Scan(&c.ID, &c.Name, &c.Week, &date, &title, &hours); err != nil {
			return nil, fmt.Errorf("read calendars: %w", err)
		}
		if n := len(list); n == 0 || list[n-1].ID != c.ID {
			list = append(list, c)
		}
		if date != nil {
			last := &list[len(list)-1]
			last.Holidays = append(last.Holidays, Holiday{Day: *date, Name: *title, Hours: hours})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read calendars: %w", err)
	}
	return list, nil
}

// calendar reads one, and keeps others from changing it meanwhile.
func (e *Editor) calendar(ctx context.Context, id int32) (Calendar, error) {
	locked, err := e.text(ctx, `SELECT name FROM calendars WHERE tenant_id = current_tenant() AND id = $1 FOR UPDATE`, id)
	if err != nil {
		return Calendar{}, err
	}
	list, err := Calendars(ctx, e.tx)
	if err != nil {
		return Calendar{}, err
	}
	i := slices.IndexFunc(list, func(c Calendar) bool { return c.ID == id })
	if locked == "" || i < 0 {
		return Calendar{}, ErrNotFound
	}
	return list[i], nil
}

// AddCalendar adds working hours.
func (e *Editor) AddCalendar(ctx context.Context, c Calendar) (Calendar, error) {
	if err := e.checkCalendar(ctx, &c); err != nil {
		return c, err
	}
	if err := e.room(ctx, "calendars"); err != nil {
		return c, err
	}
	err := e.tx.QueryRow(ctx, `INSERT INTO calendars (tenant_id, name, week) VALUES (current_tenant(), $1, $2) RETURNING id`, c.Name, c.Week).Scan(&c.ID)
	if err != nil {
		return c, fmt.Errorf("add calendar: %w", err)
	}
	if err := e.writeHolidays(ctx, c); err != nil {
		return c, err
	}
	return c, e.Note(ctx, "calendar.add", c.Name, nil, c.told())
}

// ChangeCalendar puts other hours and holidays in the place of those of a calendar.
func (e *Editor) ChangeCalendar(ctx context.Context, c Calendar) (Calendar, error) {
	was, err := e.calendar(ctx, c.ID)
	if err != nil {
		return c, err
	}
	if err := e.checkCalendar(ctx, &c); err != nil {
		return c, err
	}
	if err := e.exec(ctx, `UPDATE calendars SET name = $2, week = $3 WHERE tenant_id = current_tenant() AND id = $1`, c.ID, c.Name, c.Week); err != nil {
		return c, err
	}
	if err := e.exec(ctx, `DELETE FROM holidays WHERE tenant_id = current_tenant() AND calendar_id = $1`, c.ID); err != nil {
		return c, err
	}
	if err := e.writeHolidays(ctx, c); err != nil {
		return c, err
	}
	return c, e.changed(ctx, "calendar.change", c.Name, was.told(), c.told())
}

// RemoveCalendar removes one that no queue has.
func (e *Editor) RemoveCalendar(ctx context.Context, id int32) error {
	was, err := e.calendar(ctx, id)
	if err != nil {
		return err
	}
	queue, err := e.text(ctx, `SELECT coalesce(nullif(s.name, ''), nullif(q.name, ''), q.number) FROM queue_settings s
		JOIN queues q ON q.tenant_id = s.tenant_id AND q.id = s.queue_id WHERE s.tenant_id = current_tenant() AND s.calendar_id = $1 LIMIT 1`, id)
	if err != nil {
		return err
	}
	if queue != "" {
		return conflict("calendar-used", locale.Say("The queue %s works by these hours. Give it others first.", queue))
	}
	if err := e.exec(ctx, `DELETE FROM calendars WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return err
	}
	return e.Note(ctx, "calendar.remove", was.Name, was.told(), nil)
}

func (e *Editor) writeHolidays(ctx context.Context, c Calendar) error {
	var b pgx.Batch
	for _, h := range c.Holidays {
		b.Queue(`INSERT INTO holidays (tenant_id, calendar_id, day, name, hours) VALUES (current_tenant(), $1, $2::text::date, $3, $4)`, c.ID, h.Day, h.Name, h.Hours)
	}
	if b.Len() == 0 {
		return nil
	}
	if err := e.tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write holidays: %w", err)
	}
	return nil
}

func (e *Editor) checkCalendar(ctx context.Context, c *Calendar) (err error) {
	if c.Name, err = name(c.Name, true); err != nil {
		return err
	}
	for i, hours := range c.Week {
		if hours == nil {
			c.Week[i] = []Span{}
		}
		if err := checkHours(hours); err != nil {
			return err
		}
	}
	if c.Holidays == nil {
		c.Holidays = []Holiday{}
	}
	for i := range c.Holidays {
		if err := c.Holidays[i].check(); err != nil {
			return err
		}
	}
	slices.SortFunc(c.Holidays, func(a, b Holiday) int { return cmp.Compare(a.Day, b.Day) })
	for i := 1; i < len(c.Holidays); i++ {
		if d := c.Holidays[i].Day; d == c.Holidays[i-1].Day {
			return invalid(locale.Say("The day %s is there twice.", d))
		}
	}
	taken, err := e.text(ctx, `SELECT name FROM calendars WHERE tenant_id = current_tenant() AND name = $1 AND id <> $2`, c.Name, c.ID)
	if err != nil {
		return err
	}
	if taken != "" {
		return conflict("name-taken", locale.Say("There are hours of the name %s already. Choose another name.", taken))
	}
	return nil
}

func (h *Holiday) check() (err error) {
	if _, err := time.Parse(time.DateOnly, h.Day); err != nil {
		return invalid(locale.Say("%q is no day. Write it as 2026-01-01.", h.Day))
	}
	if h.Name, err = name(h.Name, false); err != nil {
		return err
	}
	if h.Hours == nil {
		h.Hours = []Span{}
	}
	return checkHours(h.Hours)
}

// told is a calendar as the audit tells it.
func (c Calendar) told() map[string]any {
	told := map[string]any{"name": c.Name}
	for i, d := range weekdays() {
		told[d] = writeHours(c.Week[i])
	}
	days := make([]string, 0, len(c.Holidays))
	for _, h := range c.Holidays {
		days = append(days, h.Day+" "+cmp.Or(writeHours(h.Hours), "–")+" "+h.Name)
	}
	told["holidays"] = days
	return told
}
