package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/report"
)

// Bounds on what one user may set up.
const (
	mostSchedules  = 100
	mostRecipients = 50
)

// Schedule is a report that goes out by e-mail.
type Schedule struct {
	ID        int32
	Owner     uuid.UUID // whose rights decide what is in it
	OwnerName string
	Content
	Paused  bool
	Next    time.Time // zero: paused
	Changed time.Time
}

// Content is what its owner says of a schedule.
type Content struct {
	Name      string
	Query     report.Query // of which the period and the present are not used
	Search    string       // the same as the report's page has it in its address, without a period
	Period    string       // see [Periods]
	Rhythm    Rhythm
	Language  string // of recipients who are no users
	Formats   []export.Format
	Users     []uuid.UUID
	Addresses []string
}

const selectSchedules = `SELECT s.id, s.owner_id, u.name, s.name, s.query, s.search, s.period, s.rhythm, s.language, s.formats, s.users, s.addresses, s.paused, d.at, s.changed
	FROM schedules s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.owner_id
	LEFT JOIN schedule_due d ON d.tenant_id = s.tenant_id AND d.schedule_id = s.id
	WHERE s.tenant_id = current_tenant()`

func scan(row pgx.CollectableRow) (s Schedule, err error) {
	var query, rhythm []byte
	var next *time.Time
	err = row.Scan(&s.ID, &s.Owner, &s.OwnerName, &s.Name, &query, &s.Search, &s.Period, &rhythm, &s.Language, &s.Formats, &s.Users, &s.Addresses, &s.Paused, &next, &s.Changed)
	if err != nil {
		return s, err
	}
	if next != nil {
		s.Next = next.UTC()
	}
	s.Changed = s.Changed.UTC()
	return s, errors.Join(json.Unmarshal(query, &s.Query), json.Unmarshal(rhythm, &s.Rhythm))
}

// List returns the schedules of a user, or, for who looks after others, of all.
func List(ctx context.Context, tx pgx.Tx, user uuid.UUID, all bool) ([]Schedule, error) {
	rows, err := tx.Query(ctx, selectSchedules+` AND ($2 OR s.owner_id = $1) ORDER BY lower(s.name), s.id`, user, all)
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	return list, nil
}

// Get returns one of them, or ErrNotFound.
func Get(ctx context.Context, tx pgx.Tx, user uuid.UUID, id int32, all bool) (Schedule, error) {
	rows, err := tx.Query(ctx, selectSchedules+` AND ($2 OR s.owner_id = $1) AND s.id = $3`, user, all, id)
	if err != nil {
		return Schedule{}, fmt.Errorf("read schedule: %w", err)
	}
	s, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, ErrNotFound
	}
	if err != nil {
		return s, fmt.Errorf("read schedule: %w", err)
	}
	return s, nil
}

// Add stores a schedule of a user, due for the first time after now.
func Add(ctx context.Context, tx pgx.Tx, user uuid.UUID, c Content, now time.Time) (Schedule, error) {
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM schedules WHERE tenant_id = current_tenant() AND owner_id = $1`, user).Scan(&n); err != nil {
		return Schedule{}, fmt.Errorf("add schedule: %w", err)
	}
	if n >= mostSchedules {
		return Schedule{}, refuse(locale.Say("You have %d schedules, and more are not kept. Remove one first.", mostSchedules))
	}
	if err := checked(ctx, tx, &c); err != nil {
		return Schedule{}, err
	}
	var id int32
	err := tx.QueryRow(ctx, `INSERT INTO schedules (tenant_id, owner_id, name, query, search, period, rhythm, language, formats, users, addresses)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		user, c.Name, c.Query, c.Search, c.Period, c.Rhythm, c.Language, c.Formats, c.Users, c.Addresses).Scan(&id)
	if err != nil {
		return Schedule{}, fmt.Errorf("add schedule: %w", err)
	}
	return planned(ctx, tx, id, c.Rhythm, now)
}

// Change puts other content into a schedule, or pauses it, or lets it go on. Its owner stays who he is.
func Change(ctx context.Context, tx pgx.Tx, id int32, c Content, paused bool, now time.Time) (Schedule, error) {
	if err := checked(ctx, tx, &c); err != nil {
		return Schedule{}, err
	}
	_, err := tx.Exec(ctx, `UPDATE schedules SET name = $2, query = $3, search = $4, period = $5, rhythm = $6, language = $7, formats = $8, users = $9, addresses = $10,
		paused = $11, changed = now() WHERE tenant_id = current_tenant() AND id = $1`,
		id, c.Name, c.Query, c.Search, c.Period, c.Rhythm, c.Language, c.Formats, c.Users, c.Addresses, paused)
	if err != nil {
		return Schedule{}, fmt.Errorf("change schedule: %w", err)
	}
	if paused {
		if _, err := tx.Exec(ctx, `DELETE FROM schedule_due WHERE tenant_id = current_tenant() AND schedule_id = $1`, id); err != nil {
			return Schedule{}, fmt.Errorf("pause schedule: %w", err)
		}
		return Get(ctx, tx, uuid.Nil, id, true)
	}
	return planned(ctx, tx, id, c.Rhythm, now)
}

// Remove removes a schedule and its history.
func Remove(ctx context.Context, tx pgx.Tx, id int32) error {
	if _, err := tx.Exec(ctx, `DELETE FROM schedules WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return fmt.Errorf("remove schedule: %w", err)
	}
	return nil
}

// planned writes down when a schedule is due next.
func planned(ctx context.Context, tx pgx.Tx, id int32, r Rhythm, now time.Time) (Schedule, error) {
	zone, _, err := zoneOf(ctx, tx, r)
	if err != nil {
		return Schedule{}, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO schedule_due (tenant_id, schedule_id, at) VALUES (current_tenant(), $1, $2)
		ON CONFLICT (tenant_id, schedule_id) DO UPDATE SET at = $2`, id, r.Next(now, zone))
	if err != nil {
		return Schedule{}, fmt.Errorf("plan schedule: %w", err)
	}
	return Get(ctx, tx, uuid.Nil, id, true)
}

// zoneOf is the zone of a rhythm and its name.
func zoneOf(ctx context.Context, tx pgx.Tx, r Rhythm) (*time.Location, string, error) {
	name := r.Zone
	if name == "" {
		if err := tx.QueryRow(ctx, `SELECT zone FROM tenants WHERE id = current_tenant()`).Scan(&name); err != nil {
			return nil, "", fmt.Errorf("read zone of tenant: %w", err)
		}
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, "", fmt.Errorf("read zone: %w", err)
	}
	return zone, name, nil
}

// checked tidies content, or says why it makes no sense.
func checked(ctx context.Context, tx pgx.Tx, c *Content) error {
	c.Query.From, c.Query.To, c.Query.Now, c.Query.Before = 0, 0, 0, nil
	if err := c.Rhythm.checked(); err != nil {
		return err
	}
	if !slices.Contains(Periods(), c.Period) {
		return refuse(locale.Say("There is no period %q.", c.Period))
	}
	c.Users = slices.Compact(slices.SortedFunc(slices.Values(c.Users), func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) }))
	for i := range c.Addresses {
		c.Addresses[i] = strings.ToLower(strings.TrimSpace(c.Addresses[i]))
	}
	c.Addresses = slices.Compact(slices.Sorted(slices.Values(c.Addresses)))
	c.Formats = slices.Compact(slices.Sorted(slices.Values(c.Formats)))
	if c.Users == nil {
		c.Users = []uuid.UUID{}
	}
	if c.Addresses == nil {
		c.Addresses = []string{}
	}
	if c.Formats == nil {
		c.Formats = []export.Format{}
	}
	switch n := len(c.Users) + len(c.Addresses); {
	case n == 0:
		return refuse(locale.Say("Say who is to get the report."))
	case n > mostRecipients:
		return refuse(locale.Say("A report goes to %d people at most. Use an address that hands letters on.", mostRecipients))
	}
	if err := checkAddresses(ctx, tx, c.Addresses); err != nil {
		return err
	}
	return checkUsers(ctx, tx, c.Users)
}

func checkAddresses(ctx context.Context, tx pgx.Tx, list []string) error {
	if len(list) == 0 {
		return nil
	}
	s, err := mail.Read(ctx, tx)
	if err != nil && !errors.Is(err, mail.ErrNone) {
		return err
	}
	for _, address := range list {
		if !mail.Valid(address) {
			return refuse(locale.Say("%q is no e-mail address.", address))
		}
		if !s.Allows(address) {
			return refuse(locale.Say("Reports may not go to %s. An administrator can allow the address, or all of its domain, in Settings, E-mail.", address))
		}
	}
	return nil
}

func checkUsers(ctx context.Context, tx pgx.Tx, list []uuid.UUID) error {
	found, err := recipients(ctx, tx, list)
	if err != nil {
		return err
	}
	for _, id := range list {
		i := slices.IndexFunc(found, func(u Recipient) bool { return u.User == id })
		if i < 0 {
			return refuse(locale.Say("One of the recipients is no user any more."))
		}
		if !mail.Valid(found[i].Address) {
			return refuse(locale.Say("The log-in of %s is no e-mail address, so no letter can go there. Enter an address instead.", found[i].Name))
		}
	}
	return nil
}

// Recipient is whoever gets a letter.
type Recipient struct {
	User     uuid.UUID // zero: nobody of the tenant's
	Name     string
	Address  string
	Language string
}

// Recipients are the users letters can go to: those who sign in with an e-mail address.
func Recipients(ctx context.Context, tx pgx.Tx) ([]Recipient, error) {
	list, err := usersWhere(ctx, tx, `true`)
	return slices.DeleteFunc(list, func(r Recipient) bool { return !mail.Valid(r.Address) }), err
}

// recipients are those of a list of users who are there and not disabled; their log-in is their address.
func recipients(ctx context.Context, tx pgx.Tx, list []uuid.UUID) ([]Recipient, error) {
	return usersWhere(ctx, tx, `id = ANY($1)`, list)
}

func usersWhere(ctx context.Context, tx pgx.Tx, condition string, args ...any) ([]Recipient, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, lower(login), language FROM users WHERE tenant_id = current_tenant() AND disabled IS NULL AND `+condition+` ORDER BY lower(name), login`, args...)
	if err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Recipient])
	if err != nil {
		return nil, fmt.Errorf("read recipients: %w", err)
	}
	return found, nil
}
