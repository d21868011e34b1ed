package month

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

// Write makes the centre and writes its month, as a tenant whose zone is Moscow's.
func (m Month) Write(ctx context.Context, db *pg.DB, id tenants.ID) error {
	known := directory.New()
	if err := db.As(id).Tx(ctx, func(tx pgx.Tx) error { return m.writeCast(ctx, tx, known.Session(id)) }); err != nil {
		return fmt.Errorf("write the cast: %w", err)
	}
	if err := db.As(id).Tx(ctx, func(tx pgx.Tx) error { return m.writeSettings(ctx, tx) }); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	for day := range m.Days() {
		if err := m.writeDay(ctx, db, known, id, day); err != nil {
			return fmt.Errorf("write a day: %w", err)
		}
	}
	return db.As(id).Tx(ctx, func(tx pgx.Tx) error { return m.writeRest(ctx, tx) })
}

// atOnce is how many calls or states one transaction takes.
const atOnce = 1000

func (m Month) writeDay(ctx context.Context, db *pg.DB, known *directory.Directory, id tenants.ID, day Day) error {
	for begin := 0; begin < len(day.Calls); begin += atOnce {
		if err := assemble.Import(ctx, db, known, id, day.Calls[begin:min(begin+atOnce, len(day.Calls))]); err != nil {
			return err
		}
	}
	for begin := 0; begin < len(day.States); begin += atOnce {
		names := known.Session(id)
		err := db.As(id).Tx(ctx, func(tx pgx.Tx) error {
			return assemble.PutStates(ctx, tx, names, id, day.States[begin:min(begin+atOnce, len(day.States))])
		})
		if err != nil {
			return err
		}
		names.Keep()
	}
	return nil
}

func (m Month) writeCast(ctx context.Context, tx pgx.Tx, names *directory.Session) error {
	stations := map[string]int32{}
	var list []directory.Name
	var dialled []directory.Dialled
	for _, p := range PBXs {
		added, err := directory.AddPBX(ctx, tx, p.Name, p.Station)
		if err != nil {
			return err
		}
		stations[p.Name] = added.Station
		list = append(list, directory.Name{Kind: directory.Trunk, Station: added.Station, Key: p.Trunk})
		for _, number := range []string{p.DID, p.DID[:len(p.DID)-1] + "9"} {
			dialled = append(dialled, directory.Dialled{Station: added.Station, Number: number, First: m.From, Seen: m.To})
		}
	}
	for _, q := range m.Queues() {
		list = append(list, directory.Name{Kind: directory.Queue, Station: stations[q.PBX], Key: q.Number})
	}
	for i := range m.Devices {
		number, p := m.Device(i)
		label := ""
		if i%3 > 0 {
			label = fmt.Sprintf("Device %s", number)
		}
		list = append(list, directory.Name{Kind: directory.Operator, Station: stations[p.Name], Key: number, Label: label})
	}
	if err := names.Resolve(ctx, tx, list); err != nil {
		return err
	}
	return directory.Learn(ctx, tx, nil, dialled)
}

// run sends statements one after the other.
func run(ctx context.Context, tx pgx.Tx, list []statement) error {
	for _, s := range list {
		if _, err := tx.Exec(ctx, s.sql, s.args...); err != nil {
			return fmt.Errorf("%s: %w", s.sql, err)
		}
	}
	return nil
}

type statement struct {
	sql  string
	args []any
}

func with(sql string, args ...any) statement { return statement{sql, args} }

const week = `[[[540,1080]],[[540,1080]],[[540,1080]],[[540,780],[840,1080]],[[540,1020]],[[600,900]],[]]`

func (m Month) writeSettings(ctx context.Context, tx pgx.Tx) error {
	list := []statement{
		with(`INSERT INTO calendars (tenant_id, name, week) VALUES (current_tenant(), 'Office', $1), (current_tenant(), 'Night', '[[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]],[[0,1440]]]')`, week),
		with(`INSERT INTO holidays (tenant_id, calendar_id, day, name, hours) SELECT current_tenant(), id, d::date, n, h::jsonb
			FROM calendars, (VALUES ('2026-03-09', 'Women''s Day', '[]'), ('2026-03-14', 'Working Saturday', '[[540,1080]]')) x (d, n, h) WHERE calendars.name = 'Office'`),
	}
	for _, q := range m.Queues() {
		calendar := "Office"
		if q.Number == "601" {
			calendar = ""
		}
		list = append(list, with(`INSERT INTO queue_settings (tenant_id, queue_id, name, zone, calendar_id)
			SELECT current_tenant(), q.id, $2, $3, (SELECT id FROM calendars WHERE name = $4) FROM queues q WHERE q.number = $1`, q.Number, q.Name, q.Zone, calendar))
	}
	list = append(list, m.policies()...)
	for i := range m.People() {
		list = append(list, with(`INSERT INTO people (tenant_id, name) VALUES (current_tenant(), $1)`, fmt.Sprintf("Person %02d", i)))
	}
	for _, b := range m.Bindings() {
		number, _ := m.Device(b.Device)
		var to *time.Time
		if !b.To.IsZero() {
			to = &b.To
		}
		list = append(list, with(`INSERT INTO bindings (tenant_id, person_id, operator_id, valid_from, valid_to)
			SELECT current_tenant(), p.id, o.id, $3, $4 FROM people p, operators o WHERE p.name = $1 AND o.number = $2`, fmt.Sprintf("Person %02d", b.Person), number, b.From, to))
	}
	return run(ctx, tx, append(append(list, groups...), m.rosters()...))
}

// policies are one of each variant. Two change in the month, one begins in it, one queue has none of its own.
func (m Month) policies() (list []statement) {
	change := time.Date(2026, 3, 15, 21, 0, 0, 0, time.UTC)
	for _, p := range []struct {
		queue            string
		from             *time.Time
		threshold, short int
		variant, shorts  int
	}{
		{"", nil, 15, 5, 3, 1},
		{"", &change, 25, 5, 2, 0},
		{"600", nil, 20, 5, 1, 0},
		{"600", &change, 30, 10, 5, 0},
		{"601", nil, 20, 5, 2, 1},
		{"602", nil, 10, 3, 4, 1},
		{"701", &change, 40, 8, 5, 1},
	} {
		list = append(list, with(`INSERT INTO policies (tenant_id, queue_id, valid_from, threshold_s, short_s, variant, shorts, target, call_back_s)
			VALUES (current_tenant(), (SELECT id FROM queues WHERE number = $1), $2, $3, $4, $5, $6, 0.8, $7)`, p.queue, p.from, p.threshold, p.short, p.variant, p.shorts, 600*p.variant))
	}
	return list
}

var groups = []statement{
	with(`INSERT INTO groups (tenant_id, kind, name) VALUES (current_tenant(), 'queues', 'West'), (current_tenant(), 'queues', 'All'), (current_tenant(), 'operators', 'First'), (current_tenant(), 'operators', 'Second')`),
	with(`INSERT INTO group_members (tenant_id, group_id, queue_id) SELECT current_tenant(), g.id, q.id FROM groups g, queues q
		WHERE g.kind = 'queues' AND (g.name = 'All' OR q.number IN ('600', '601'))`),
	with(`INSERT INTO group_members (tenant_id, group_id, person_id) SELECT current_tenant(), g.id, p.id FROM groups g, people p
		WHERE g.kind = 'operators' AND (g.name = 'First' AND p.name < 'Person 09' OR g.name = 'Second' AND p.name BETWEEN 'Person 07' AND 'Person 20')`),
	with(`INSERT INTO group_members (tenant_id, group_id, operator_id) SELECT current_tenant(), g.id, o.id FROM groups g, operators o
		WHERE g.name = 'Second' AND o.number IN ('129', '130', '103')`),
	with(`INSERT INTO pause_reasons (tenant_id, reason, name, paid, work, limit_s) VALUES (current_tenant(), 'Lunch', '', false, false, 600),
		(current_tenant(), 'Training', 'Learning', true, true, 0), (current_tenant(), 'Coffee', '', true, false, 300)`),
	with(`INSERT INTO tags (tenant_id, name) VALUES (current_tenant(), 'Order'), (current_tenant(), 'Complaint'), (current_tenant(), 'Spam')`),
	with(`INSERT INTO trunk_settings (tenant_id, trunk_id, name, lines) SELECT current_tenant(), id, CASE WHEN endpoint = 'PJSIP/dv' THEN 'East' ELSE '' END, CASE WHEN endpoint = 'PJSIP/carrier' THEN 30 ELSE 0 END
		FROM trunks WHERE endpoint <> 'PJSIP/telekom'`),
	with(`INSERT INTO did_settings (tenant_id, did_id, name) SELECT current_tenant(), id, 'Hotline' FROM dids WHERE number LIKE '7495%0'`),
	with(`INSERT INTO number_prefixes (tenant_id, prefix, name) VALUES (current_tenant(), '7', 'Russia'), (current_tenant(), '7495', 'Moscow'), (current_tenant(), '7423', 'Primorye'), (current_tenant(), '49', 'Germany'), (current_tenant(), '7916', 'Mobile')`),
}

// rosters are shifts of the first ten people on the first fourteen days, with a break; one goes over midnight.
func (m Month) rosters() (list []statement) {
	for i := range 10 {
		for day := range 14 {
			from := time.Date(2026, 3, 1+day, 6+i%3, 0, 0, 0, time.UTC)
			if i == 9 {
				from = from.Add(12 * time.Hour)
			}
			for _, x := range []struct {
				kind       string
				from, till time.Duration
			}{{"work", 0, 8 * time.Hour}, {"break", 4 * time.Hour, 4*time.Hour + 45*time.Minute}} {
				list = append(list, with(`INSERT INTO rosters (tenant_id, person_id, kind, from_at, to_at) SELECT current_tenant(), id, $2, $3, $4 FROM people WHERE name = $1`,
					fmt.Sprintf("Person %02d", i), x.kind, from.Add(x.from), from.Add(x.till)))
			}
		}
	}
	return list
}

// writeRest tags a third of the calls, some of them twice, and says what was heard of the PBXs: of the last one only since
// the second week, and of two with gaps.
func (m Month) writeRest(ctx context.Context, tx pgx.Tx) error {
	list := []statement{
		with(`INSERT INTO call_tags (tenant_id, call_id, tag_id, login) SELECT current_tenant(), c.id, t.id, 'somebody' FROM calls c, tags t
			WHERE c.tenant_id = current_tenant() AND (get_byte(uuid_send(c.id), 0) % 7 = t.id % 3 OR get_byte(uuid_send(c.id), 1) % 11 = t.id % 3)`),
	}
	for i, p := range PBXs {
		agent := uuid.UUID{15: byte(i + 1)}
		list = append(list, with(`INSERT INTO cursors (tenant_id, agent_id, stream, seq, first_event, last_event, pbx_id)
			SELECT current_tenant(), $1, 1, 1, $2, $3, id FROM pbxs WHERE name = $4`, agent, m.From.AddDate(0, 0, 5*i), m.To, p.Name))
		if i == 0 {
			continue
		}
		for k, length := range []time.Duration{90 * time.Second, 3 * time.Hour, 26 * time.Hour} {
			from := m.From.AddDate(0, 0, 12+3*k).Add(time.Duration(i) * 7 * time.Hour)
			list = append(list, with(`INSERT INTO gaps (tenant_id, pbx_id, agent_id, reason, events, from_at, to_at) SELECT current_tenant(), id, $1, 'lost', $2, $3, $4 FROM pbxs WHERE name = $5`,
				agent, k*100, from, from.Add(length), p.Name))
		}
	}
	return run(ctx, tx, list)
}
