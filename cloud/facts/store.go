package facts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// Errors of the store.
var (
	// ErrMoved says that a day has another revision than the one asked for: the manifest is to be asked again.
	ErrMoved = errors.New("the day's facts have changed since")
	// ErrCursor says that a cursor is none of this server's, or too old to go on from.
	ErrCursor = errors.New("not a cursor to go on from")
	// ErrLong says that a period is longer than is given out at once.
	ErrLong = errors.New("the period is too long")
)

const (
	// settle is how long after midnight a day's calls may still change often: until then they come as increments.
	settle = time.Hour
	// MostDays is how many days a manifest names.
	MostDays = 800
	// readers is how many days are read at once; the database has other work too.
	readers = 3
)

// Config is what a deployment decides. The zero value of each field but Key is a sensible choice.
type Config struct {
	Key    [32]byte // makes scope keys that nobody guesses
	Dir    string   // where chunks are kept; "": in memory only
	Memory int64    // bytes of chunks in memory: 64 MB
	Disk   int64    // bytes of chunks in files: 2 GB
}

// Store reads facts and keeps what it read.
type Store struct {
	db    *pg.DB
	key   [32]byte
	now   func() time.Time
	cache *cache
	once  singleflight.Group
	read  *semaphore.Weighted
	snaps snapshots
}

// New opens nothing but the directory of kept chunks; where that cannot be used, chunks are kept in memory only.
func New(db *pg.DB, cfg Config, now func() time.Time) *Store {
	return &Store{db: db, key: cfg.Key, now: now, cache: newCache(cfg), read: semaphore.NewWeighted(readers)}
}

// Whose is a tenant and what of it is seen.
type Whose struct {
	Tenant tenants.ID
	Scope  rights.Scope
}

// ScopeKey names what a viewer sees of a tenant, the same for all who see the same. Nobody can make it up who was not given
// it: it stands in addresses of answers that caches may hand out.
func (s *Store) ScopeKey(w Whose) string {
	h := hmac.New(sha256.New, s.key[:])
	h.Write([]byte(w.Tenant.String()))
	h.Write([]byte(w.Scope.Key()))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// Chunk names a section of a closed day in its latest revision.
type Chunk struct {
	Day     Day
	Section format.Section
	Rev     Revision
}

// Manifest is what a period is made of.
type Manifest struct {
	Chunks []Chunk
	Cursor string // what to ask for the days that go on; "" where the period has none
	Open   []Day
}

// Manifest names the chunks of a period: of its days, and of the days before it whose calls reach into it.
func (s *Store) Manifest(ctx context.Context, w Whose, from, to time.Time, sections []format.Section) (Manifest, error) {
	var m Manifest
	days, err := s.days(ctx, w.Tenant, from, to)
	if err != nil {
		return m, err
	}
	c := cursor{From: from.UnixMilli(), To: to.UnixMilli(), Sections: names(sections), Scope: s.ScopeKey(w)}
	for _, d := range days {
		if s.goesOn(d.day) {
			m.Open = append(m.Open, d.day)
			c.At += fmt.Sprintf("%d.%d.%d.%d ", d.day, d.calls, d.states, d.tags)
			continue
		}
		for _, sec := range sections {
			if sec == format.States && d.day < DayOf(from) {
				continue
			}
			m.Chunks = append(m.Chunks, Chunk{d.day, sec, d.revision(sec)})
		}
	}
	if len(m.Open) > 0 || s.goesOn(lastDay(to)) {
		m.Cursor = c.String()
	}
	return m, nil
}

func lastDay(to time.Time) Day { return DayOf(to.Add(-time.Millisecond)) }

// goesOn tells whether a day's facts come as increments.
func (s *Store) goesOn(d Day) bool { return s.now().Before((d + 1).Begins().Add(settle)) }

// Sized is how long a chunk is as it is sent, where it is kept; 0 where nobody knows.
func (s *Store) Sized(w Whose, c Chunk, coding string) int64 {
	return s.cache.size(s.id(w, c, coding))
}

func (s *Store) id(w Whose, c Chunk, coding string) string {
	return fmt.Sprintf("%s/%d/%v/%v/%s", s.ScopeKey(w), c.Day, c.Section, c.Rev, coding)
}

// Chunk returns a chunk in a content coding (zstd, gzip, or "" for none), or [ErrMoved]. Chunks are made once, whoever asks.
func (s *Store) Chunk(ctx context.Context, w Whose, c Chunk, coding string) ([]byte, error) {
	id := s.id(w, c, coding)
	if b, ok := s.cache.get(id); ok {
		return b, nil
	}
	made := s.once.DoChan(id, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // others wait for it too
		defer cancel()
		return s.make(ctx, w, c, coding)
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-made:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.([]byte), nil
	}
}

// make makes a chunk, from one in another coding where there is one.
func (s *Store) make(ctx context.Context, w Whose, c Chunk, coding string) ([]byte, error) {
	for _, other := range []string{codingZstd, codingGzip} {
		if b, ok := s.cache.get(s.id(w, c, other)); ok && other != coding {
			if plain, err := expand(b, other); err == nil {
				return s.keep(w, c, coding, plain)
			}
		}
	}
	if s.goesOn(c.Day) {
		return nil, ErrMoved
	}
	plain, err := s.readChunks(ctx, w, c)
	if err != nil {
		return nil, err
	}
	for sec, b := range plain {
		if sec != c.Section {
			if _, err := s.keep(w, Chunk{c.Day, sec, c.Rev}, codingZstd, b); err != nil {
				return nil, err
			}
		}
	}
	return s.keep(w, c, coding, plain[c.Section])
}

func (s *Store) keep(w Whose, c Chunk, coding string, plain []byte) ([]byte, error) {
	if coding == "" {
		return plain, nil
	}
	b, err := shrink(plain, coding)
	if err != nil {
		return nil, fmt.Errorf("compress facts: %w", err)
	}
	s.cache.put(s.id(w, c, coding), b)
	return b, nil
}

// readChunks reads a section, with those that come of the same query, in the revision asked for.
func (s *Store) readChunks(ctx context.Context, w Whose, c Chunk) (map[format.Section][]byte, error) {
	sections := []format.Section{c.Section}
	if calls := []format.Section{format.Calls, format.Numbers, format.IDs}; slices.Contains(calls, c.Section) {
		sections = calls
	}
	f, err := s.readDay(ctx, w, c.Day, sections, func(d *dayRevisions) error {
		if d.revision(c.Section) != c.Rev {
			return ErrMoved
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	plain := map[format.Section][]byte{}
	for _, sec := range sections {
		if plain[sec], err = format.Encode(f, sec, int64(c.Day)); err != nil {
			return nil, fmt.Errorf("write facts: %w", err)
		}
	}
	return plain, nil
}

// readDay reads sections of a day in one snapshot, after check agreed to its revision.
func (s *Store) readDay(ctx context.Context, w Whose, day Day, sections []format.Section, check func(*dayRevisions) error) (f *report.Facts, err error) {
	if err := s.read.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.read.Release(1)
	err = s.db.As(w.Tenant).Read(ctx, func(tx pgx.Tx) error {
		d, err := revisionsOf(ctx, tx, w.Tenant, day)
		if err != nil {
			return err
		}
		if err := check(&d); err != nil {
			return err
		}
		v, err := newView(ctx, tx, w.Tenant, w.Scope)
		if err != nil {
			return err
		}
		r := dayReader{tx: tx, tenant: w.Tenant, v: v, day: day, now: s.now(), since: -1}
		f, err = r.read(ctx, sections)
		return err
	})
	return f, err
}
