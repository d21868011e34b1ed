package settings

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

// List is one that can be written to a file and read from one. A file adds and changes; what it does not speak of stays.
type List struct {
	Name    string   // in addresses
	Columns []string // in the order they are written
	Policy  bool     // what it decides is how figures are computed
	needed  []string
	write   func(context.Context, *Editor) ([][]string, error)
	read    func(context.Context, *Editor, []Row, *SheetError) error
}

// Lists are all there are.
func Lists() []List {
	return []List{
		peopleList(), queuesList(), groupsList(), calendarsList(), holidaysList(), policiesList(), reasonsList(), tagsList(),
		trunksList(), didsList(), prefixesList(), rostersList(),
	}
}

// FindList returns the list of a name.
func FindList(name string) (List, bool) {
	for _, l := range Lists() {
		if l.Name == name {
			return l, true
		}
	}
	return List{}, false
}

// Export writes the list as it is.
func (l List) Export(ctx context.Context, tx pgx.Tx, semicolons bool) ([]byte, error) {
	rows, err := l.write(ctx, Edit(tx, identity.Author{}))
	if err != nil {
		return nil, fmt.Errorf("export %s: %w", l.Name, err)
	}
	return WriteSheet(l.Columns, rows, semicolons)
}

// Import makes the changes a file tells, all of them or, where it returns a [*SheetError], none: the caller's transaction is
// to be rolled back then, as it is for somebody who only wants to know what would change.
func (e *Editor) Import(ctx context.Context, l List, file []byte) (rows int, err error) {
	list, err := readSheet(file, l.Columns, l.needed)
	if err != nil {
		return 0, err
	}
	problems := &SheetError{}
	if err := l.read(ctx, e, list, problems); err != nil {
		return 0, fmt.Errorf("import %s: %w", l.Name, err)
	}
	return len(list), problems.orNone()
}

// each makes a change per line.
func each(change func(context.Context, *Editor, Row) error) func(context.Context, *Editor, []Row, *SheetError) error {
	return func(ctx context.Context, e *Editor, rows []Row, problems *SheetError) error {
		for _, r := range rows {
			if err := problems.gather(r.Line, change(ctx, e, r)); err != nil {
				return err
			}
		}
		return nil
	}
}

// seen finds the id of what a PBX named, by its station, which may be left out where there is only one of that name.
func (e *Editor) seen(ctx context.Context, table, column string, r Row, label locale.Sentence) (int32, error) {
	station, key := r.Get("station"), r.Get(column)
	if key == "" {
		return 0, invalid(locale.Say("The cell %s is empty.", column))
	}
	field := "number"
	if table == "trunks" {
		field = "endpoint"
	}
	rows, err := e.tx.Query(ctx, `SELECT t.id FROM `+table+` t JOIN stations s ON s.tenant_id = t.tenant_id AND s.id = t.station_id
		WHERE t.tenant_id = current_tenant() AND t.`+field+` = $1 AND ($2 = '' OR s.name = $2) LIMIT 2`, key, station)
	if err != nil {
		return 0, fmt.Errorf("look for %s: %w", table, err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	switch {
	case err != nil:
		return 0, fmt.Errorf("look for %s: %w", table, err)
	case len(ids) == 0:
		return 0, invalid(label)
	case len(ids) > 1:
		return 0, invalid(locale.Say("%s is there at several stations. Say which in the column station.", key))
	}
	return ids[0], nil
}

func (e *Editor) seenQueue(ctx context.Context, r Row, column string) (int32, error) {
	return e.seen(ctx, "queues", column, r, locale.Say("There is no queue %s. Queues appear by themselves when a PBX first names them.", r.Get(column)))
}

func (e *Editor) seenDevice(ctx context.Context, r Row, column string) (int32, error) {
	return e.seen(ctx, "operators", column, r, locale.Say("There is no device %s. Devices appear by themselves when a PBX first names them.", r.Get(column)))
}

// person finds somebody by name; 0 where there is nobody.
func (e *Editor) person(ctx context.Context, name string) (int32, error) {
	rows, err := e.tx.Query(ctx, `SELECT id FROM people WHERE tenant_id = current_tenant() AND name = $1 LIMIT 2`, name)
	if err != nil {
		return 0, fmt.Errorf("look for person: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	switch {
	case err != nil:
		return 0, fmt.Errorf("look for person: %w", err)
	case len(ids) > 1:
		return 0, invalid(locale.Say("Several people are called %s. Give one of them another name, or say which in the column id where there is one.", name))
	case len(ids) == 0:
		return 0, nil
	}
	return ids[0], nil
}

// number reads a whole number; an empty cell is the one given.
func (r Row) number(column string, empty int32) (int32, error) {
	s := r.Get(column)
	if s == "" {
		return empty, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0, invalid(locale.Say("%q in the column %s is no whole number.", s, column))
	}
	return int32(n), nil
}

// flag reads yes or no; an empty cell is no.
func (r Row) flag(column string) (bool, error) {
	switch strings.ToLower(r.Get(column)) {
	case "yes", "y", "true", "1", "+", "да":
		return true, nil
	case "", "no", "n", "false", "0", "-", "нет":
		return false, nil
	}
	return false, invalid(locale.Say("%q in the column %s is neither yes nor no.", r.Get(column), column))
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
