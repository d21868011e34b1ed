package settings

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
)

// groupsList is groups and who is in them, a line each. A group a file names has those members the file gives it; a line
// without a member makes a group of nobody.
func groupsList() List {
	return List{
		Name: "groups", Columns: []string{"kind", "group", "member", "station", "name"}, needed: []string{"kind", "group", "member", "name"},
		write: writeGroups, read: readGroups,
	}
}

func writeGroups(ctx context.Context, e *Editor) ([][]string, error) {
	list, err := all[struct{ Kind, Group, Member, Station, Name string }](ctx, e.tx, `
		SELECT g.kind, g.name, CASE WHEN q.id IS NOT NULL THEN 'queue' WHEN p.id IS NOT NULL THEN 'person' WHEN o.id IS NOT NULL THEN 'device' ELSE '' END AS member,
			coalesce(qs.name, os.name, '') AS station, coalesce(q.number, p.name, o.number, '') AS label
		FROM groups g LEFT JOIN group_members m ON m.tenant_id = g.tenant_id AND m.group_id = g.id
		LEFT JOIN queues q ON q.tenant_id = m.tenant_id AND q.id = m.queue_id LEFT JOIN stations qs ON qs.tenant_id = q.tenant_id AND qs.id = q.station_id
		LEFT JOIN people p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
		LEFT JOIN operators o ON o.tenant_id = m.tenant_id AND o.id = m.operator_id LEFT JOIN stations os ON os.tenant_id = o.tenant_id AND os.id = o.station_id
		WHERE g.tenant_id = current_tenant() ORDER BY g.kind, g.name, member, station, label`)
	var rows [][]string
	for _, m := range list {
		rows = append(rows, []string{m.Kind, m.Group, m.Member, m.Station, m.Name})
	}
	return rows, err
}

func readGroups(ctx context.Context, e *Editor, rows []Row, problems *SheetError) error {
	type key struct{ kind, name string }
	told, last := map[key]*Group{}, map[key]int{}
	for _, r := range rows {
		k := key{strings.ToLower(r.Get("kind")), r.Get("group")}
		g := told[k]
		if g == nil {
			g = &Group{Kind: k.kind, Name: k.name}
			told[k] = g
		}
		last[k] = r.Line
		if err := problems.gather(r.Line, e.readMember(ctx, g, r)); err != nil {
			return err
		}
	}
	there, err := Groups(ctx, e.tx)
	if err != nil {
		return err
	}
	for _, k := range slices.SortedFunc(maps.Keys(told), func(a, b key) int { return last[a] - last[b] }) {
		g := told[k]
		if i := slices.IndexFunc(there, func(o Group) bool { return o.Kind == k.kind && o.Name == k.name }); i >= 0 {
			g.ID = there[i].ID
			_, err = e.ChangeGroup(ctx, *g)
		} else {
			_, err = e.AddGroup(ctx, *g)
		}
		if err := problems.gather(last[k], err); err != nil {
			return err
		}
	}
	return nil
}

func (e *Editor) readMember(ctx context.Context, g *Group, r Row) error {
	var id int32
	var err error
	switch strings.ToLower(r.Get("member")) {
	case "":
	case "queue":
		id, err = e.seenQueue(ctx, r, "name")
		g.Queues = append(g.Queues, id)
	case "device":
		id, err = e.seenDevice(ctx, r, "name")
		g.Operators = append(g.Operators, id)
	case "person":
		if id, err = e.person(ctx, r.Get("name")); err == nil && id == 0 {
			err = invalid(locale.Say("Nobody is called %s. Add the person first.", r.Get("name")))
		}
		g.People = append(g.People, id)
	default:
		err = invalid(locale.Say("%q in the column member is none of queue, person and device.", r.Get("member")))
	}
	return err
}

func reasonsList() List {
	return List{
		Name: "reasons", Columns: []string{"reason", "name", "paid", "work", "limit"}, needed: []string{"reason"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Reasons(ctx, e.tx)
			var rows [][]string
			for _, r := range list {
				rows = append(rows, []string{r.Reason, r.Name, yes(r.Paid), yes(r.Work), decimal(r.Limit)})
			}
			return rows, err
		},
		read: each(func(ctx context.Context, e *Editor, r Row) (err error) {
			reason := Reason{Reason: r.Get("reason"), Name: r.Get("name")}
			if reason.Paid, err = r.flag("paid"); err != nil {
				return err
			}
			if reason.Work, err = r.flag("work"); err != nil {
				return err
			}
			if reason.Limit, err = r.number("limit", 0); err != nil {
				return err
			}
			_, err = e.SetReason(ctx, reason)
			return err
		}),
	}
}

func tagsList() List {
	return List{
		Name: "tags", Columns: []string{"tag", "retired"}, needed: []string{"tag"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Tags(ctx, e.tx)
			var rows [][]string
			for _, t := range list {
				rows = append(rows, []string{t.Name, yes(t.Retired)})
			}
			return rows, err
		},
		read: each(func(ctx context.Context, e *Editor, r Row) error {
			retired, err := r.flag("retired")
			if err != nil {
				return err
			}
			list, err := Tags(ctx, e.tx)
			if err != nil {
				return err
			}
			if i := slices.IndexFunc(list, func(t Tag) bool { return t.Name == r.Get("tag") }); i >= 0 {
				_, err = e.ChangeTag(ctx, Tag{list[i].ID, list[i].Name, retired})
				return err
			}
			_, err = e.AddTag(ctx, Tag{Name: r.Get("tag"), Retired: retired})
			return err
		}),
	}
}

func trunksList() List {
	return List{
		Name: "trunks", Columns: []string{"station", "trunk", "name", "lines"}, needed: []string{"trunk"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Trunks(ctx, e.tx)
			var rows [][]string
			for _, t := range list {
				rows = append(rows, []string{t.Station, t.Endpoint, t.Name, decimal(t.Lines)})
			}
			return rows, err
		},
		read: each(func(ctx context.Context, e *Editor, r Row) error {
			id, err := e.seen(ctx, "trunks", "trunk", r, locale.Say("There is no trunk %s. Trunks appear by themselves when a call first uses them.", r.Get("trunk")))
			if err != nil {
				return err
			}
			lines, err := r.number("lines", 0)
			if err != nil {
				return err
			}
			_, err = e.SetTrunk(ctx, TrunkLine{ID: id, Name: r.Get("name"), Lines: lines})
			return err
		}),
	}
}

func didsList() List {
	return List{
		Name: "dids", Columns: []string{"station", "number", "name"}, needed: []string{"number", "name"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := DIDs(ctx, e.tx)
			var rows [][]string
			for _, d := range list {
				rows = append(rows, []string{d.Station, d.Number, d.Name})
			}
			return rows, err
		},
		read: each(func(ctx context.Context, e *Editor, r Row) error {
			id, err := e.seen(ctx, "dids", "number", r, locale.Say("Nobody called in by %s yet. Numbers appear by themselves with the first call.", r.Get("number")))
			if err != nil {
				return err
			}
			_, err = e.SetDID(ctx, CityNumber{ID: id, Name: r.Get("name")})
			return err
		}),
	}
}

func prefixesList() List {
	return List{
		Name: "prefixes", Columns: []string{"prefix", "name"}, needed: []string{"prefix", "name"},
		write: func(ctx context.Context, e *Editor) ([][]string, error) {
			list, err := Prefixes(ctx, e.tx)
			var rows [][]string
			for _, p := range list {
				rows = append(rows, []string{p.Prefix, p.Name})
			}
			return rows, err
		},
		read: each(func(ctx context.Context, e *Editor, r Row) error {
			_, err := e.SetPrefix(ctx, Prefix{r.Get("prefix"), r.Get("name")})
			return err
		}),
	}
}

// rostersList is scheduled times, a line each. What a file says of a person stands for all days of that person from the first
// the file speaks of to the last.
func rostersList() List {
	return List{
		Name: "rosters", Columns: []string{"person", "kind", "from", "to"}, needed: []string{"person", "from", "to"},
		write: writeRosters, read: readRosters,
	}
}

// exported is how far back and ahead rosters are written.
const exported = 366 * 24 * time.Hour

func writeRosters(ctx context.Context, e *Editor) ([][]string, error) {
	loc, err := e.location(ctx)
	if err != nil {
		return nil, err
	}
	list, err := all[struct {
		Name, Kind string
		From, To   time.Time
	}](ctx, e.tx, `SELECT p.name, r.kind, r.from_at, r.to_at FROM rosters r JOIN people p ON p.tenant_id = r.tenant_id AND p.id = r.person_id
		WHERE r.tenant_id = current_tenant() AND r.from_at >= now() - $1::interval AND r.from_at < now() + $1::interval
		ORDER BY p.name, p.id, r.from_at, r.to_at DESC, r.kind DESC`, exported)
	var rows [][]string
	for _, s := range list {
		rows = append(rows, []string{s.Name, s.Kind, writeTime(s.From, loc), writeTime(s.To, loc)})
	}
	return rows, err
}

func readRosters(ctx context.Context, e *Editor, rows []Row, problems *SheetError) error {
	loc, err := e.location(ctx)
	if err != nil {
		return err
	}
	people := map[string]int32{}
	shifts, last := map[int32][]Shift{}, map[int32]int{}
	for _, r := range rows {
		s, err := e.readShift(ctx, r, people, loc)
		if err == nil {
			shifts[s.Person], last[s.Person] = append(shifts[s.Person], s), r.Line
		}
		if err := problems.gather(r.Line, err); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shifts)) {
		from, to := wholeDays(shifts[id], loc)
		if err := problems.gather(last[id], e.SetRoster(ctx, id, from, to, shifts[id])); err != nil {
			return err
		}
	}
	return nil
}

func (e *Editor) readShift(ctx context.Context, r Row, people map[string]int32, loc *time.Location) (s Shift, err error) {
	who := r.Get("person")
	id, known := people[who]
	if !known {
		if id, err = e.person(ctx, who); err != nil {
			return s, err
		}
		people[who] = id
	}
	if id == 0 {
		return s, invalid(locale.Say("Nobody is called %s. Add the person first.", who))
	}
	s = Shift{Person: id, Kind: strings.ToLower(cmp.Or(r.Get("kind"), KindWork))}
	if s.From, err = readTime(r.Get("from"), loc); err != nil {
		return s, err
	}
	s.To, err = readTime(r.Get("to"), loc)
	return s, err
}

// wholeDays are the days in which shifts begin, from the first to the last.
func wholeDays(shifts []Shift, loc *time.Location) (from, to time.Time) {
	first, last := shifts[0].From, shifts[0].From
	for _, s := range shifts {
		if s.From.Before(first) {
			first = s.From
		}
		if s.From.After(last) {
			last = s.From
		}
	}
	begin := func(at time.Time, ahead int) time.Time {
		y, m, d := at.In(loc).Date()
		return time.Date(y, m, d+ahead, 0, 0, 0, 0, loc)
	}
	return begin(first, 0), begin(last, 1)
}
