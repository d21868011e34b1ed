package facts

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
)

// cursor says what a viewer has of the days that go on. It holds nothing that is secret, and opens nothing: what may be seen
// is asked anew every time.
type cursor struct {
	From     int64        `json:"f"` // the period, ms
	To       int64        `json:"t"`
	Sections []string     `json:"s"`
	Scope    string       `json:"k"`
	Days     map[Day]seen `json:"d,omitempty"`
	// At is how the days that go on were when the manifest was asked: it makes another address of what is other by now.
	At string `json:"n,omitempty"`
}

// seen is what of a day is known.
type seen struct {
	Calls  int64 `json:"c"`
	States int64 `json:"s"`
	Over   bool  `json:"o,omitempty"` // the day was over: states that last end with it
}

func (c cursor) String() string {
	b, _ := json.Marshal(c) // there is nothing in it that could fail
	return base64.RawURLEncoding.EncodeToString(b)
}

const (
	longestCursor = 4096
	// followed is how many days a cursor may know: a page that is left open for longer asks for a manifest again.
	followed = 8
)

func parseCursor(s string) (c cursor, sections []format.Section, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(s) > longestCursor || json.Unmarshal(b, &c) != nil || len(c.Days) > followed {
		return c, nil, ErrCursor
	}
	for _, name := range c.Sections {
		sec, ok := format.ParseSection(name)
		if !ok || slices.Contains(sections, sec) {
			return c, nil, ErrCursor
		}
		sections = append(sections, sec)
	}
	if !slices.Contains(sections, format.IDs) { // by which changed calls are found
		sections = append(sections, format.IDs)
	}
	return c, sections, nil
}

func names(sections []format.Section) (list []string) {
	for _, s := range sections {
		list = append(list, s.String())
	}
	return list
}

// Increment is what changed since a cursor.
type Increment struct {
	Body   []byte // see the package of the format
	Cursor string // to ask the next one with
}

// Increment returns what changed of the days that go on since the cursor was given out, and all of those it does not know. It
// fails with [ErrCursor] where the cursor is of no use: the manifest is to be asked again.
func (s *Store) Increment(ctx context.Context, w Whose, since string) (Increment, error) {
	c, sections, err := parseCursor(since)
	if err != nil {
		return Increment{}, err
	}
	if scope := s.ScopeKey(w); c.Scope != scope {
		c.Scope, c.Days = scope, nil
	}
	from, to := time.UnixMilli(c.From), time.UnixMilli(c.To)
	days, err := s.days(ctx, w.Tenant, from, to)
	if err != nil {
		return Increment{}, err
	}
	next := c
	next.Days, next.At = map[Day]seen{}, ""
	var changes []format.Change
	for _, d := range days {
		had, known := c.Days[d.day]
		if !known && !s.goesOn(d.day) {
			continue
		}
		more := []format.Change(nil)
		if !known {
			var whole format.Change
			if whole, had, err = s.whole(ctx, w, d.day, sections); err != nil {
				return Increment{}, err
			}
			more = append(more, whole)
		}
		since, now, err := s.since(ctx, w, d.day, sections, had)
		if err != nil {
			return Increment{}, err
		}
		changes = append(append(changes, more...), since...)
		next.Days[d.day] = now
	}
	if len(next.Days) > followed {
		return Increment{}, ErrCursor
	}
	at := next.String()
	return Increment{format.EncodeIncrement(at, changes), at}, nil
}

// since returns what changed of a day since had: at most one change.
func (s *Store) since(ctx context.Context, w Whose, day Day, sections []format.Section, had seen) (changes []format.Change, now seen, err error) {
	err = s.db.As(w.Tenant).Read(ctx, func(tx pgx.Tx) error {
		d, err := revisionsOf(ctx, tx, w.Tenant, day)
		if err != nil {
			return err
		}
		now = s.seen(&d)
		var ask []format.Section
		for _, sec := range sections {
			if sec != format.States && now.Calls != had.Calls || sec == format.States && (now.States != had.States || now.Over != had.Over) {
				ask = append(ask, sec)
			}
		}
		if len(ask) == 0 {
			return nil
		}
		if !slices.Contains(ask, format.IDs) { // states alone
			ask = append(ask, format.IDs)
		}
		v, err := newView(ctx, tx, w.Tenant, w.Scope)
		if err != nil {
			return err
		}
		r := dayReader{tx: tx, tenant: w.Tenant, v: v, day: day, now: s.now(), since: int32(had.Calls)}
		f, err := r.read(ctx, ask)
		if err != nil {
			return err
		}
		c := format.Change{Day: int64(day)}
		if c.Gone, err = r.gone(ctx); err != nil {
			return err
		}
		if c.Chunks, err = chunksOf(f, ask, day); err != nil {
			return err
		}
		changes = []format.Change{c}
		return nil
	})
	return changes, now, err
}

func (s *Store) seen(d *dayRevisions) seen {
	return seen{Calls: d.calls, States: d.states, Over: !s.now().Before((d.day + 1).Begins())}
}

func chunksOf(f *report.Facts, sections []format.Section, day Day) (list [][]byte, err error) {
	for _, sec := range sections {
		b, err := format.Encode(f, sec, int64(day))
		if err != nil {
			return nil, fmt.Errorf("write facts: %w", err)
		}
		list = append(list, b)
	}
	return list, nil
}

// gone are calls that are no more, or on another day, and those that changed and are not visible, as they may have been
// before. Ids say nothing of a call.
func (r *dayReader) gone(ctx context.Context) (list [][16]byte, err error) {
	rows, err := r.tx.Query(ctx, `SELECT call_id FROM gone_calls WHERE tenant_id = $1 AND day = $2 AND rev > $3 ORDER BY call_id`, r.tenant.UUID(), int32(r.day), r.since)
	if err != nil {
		return nil, fmt.Errorf("read calls that are gone: %w", err)
	}
	list, err = pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return nil, fmt.Errorf("read calls that are gone: %w", err)
	}
	return append(list, r.unseen...), nil
}

// snapshots are days that go on as they were lately: who opens a page gets one, and what changed since. Reading the day anew for
// everybody would cost more the more people look.
type snapshots struct {
	mu   sync.Mutex
	kept map[string]*snapshot
}

type snapshot struct {
	at     time.Time
	change format.Change
	seen   seen
}

const (
	freshFor      = 3 * time.Minute
	mostSnapshots = 32
)

func (s *Store) whole(ctx context.Context, w Whose, day Day, sections []format.Section) (format.Change, seen, error) {
	id := fmt.Sprintf("%s/%d/%s", s.ScopeKey(w), day, strings.Join(names(sections), ","))
	if k := s.snaps.find(id, s.now()); k != nil {
		return k.change, k.seen, nil
	}
	made := s.once.DoChan("open/"+id, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		k := &snapshot{at: s.now(), change: format.Change{Day: int64(day), Whole: true}}
		f, err := s.readDay(ctx, w, day, sections, func(d *dayRevisions) error {
			k.seen = s.seen(d)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if k.change.Chunks, err = chunksOf(f, sections, day); err != nil {
			return nil, err
		}
		s.snaps.put(id, k)
		return k, nil
	})
	select {
	case <-ctx.Done():
		return format.Change{}, seen{}, ctx.Err()
	case r := <-made:
		if r.Err != nil {
			return format.Change{}, seen{}, r.Err
		}
		k := r.Val.(*snapshot)
		return k.change, k.seen, nil
	}
}

func (k *snapshots) find(id string, now time.Time) *snapshot {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name, s := range k.kept {
		if now.Sub(s.at) > freshFor || now.Before(s.at) {
			delete(k.kept, name)
		}
	}
	return k.kept[id]
}

func (k *snapshots) put(id string, s *snapshot) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kept == nil {
		k.kept = map[string]*snapshot{}
	}
	if len(k.kept) >= mostSnapshots {
		oldest := ""
		for name, s := range k.kept {
			if oldest == "" || s.at.Before(k.kept[oldest].at) {
				oldest = name
			}
		}
		delete(k.kept, oldest)
	}
	k.kept[id] = s
}
