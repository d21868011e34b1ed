package api

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/time/rate"

	"github.com/callweave/callweave/cloud/pg"
)

// How many failures a quarter of an hour bears. The first bound is per name and address, so that a stranger cannot
// lock somebody out of his own desk; the second stops guessing one name from many addresses, the third many names from
// one address (an office behind one address mistypes less than that).
const (
	guessWindow     = 15 * time.Minute
	guessesHere     = 5
	guessesOfName   = 50
	guessesFromHere = 100
)

// guesses slows down whoever tries passwords: failures are counted in the database, across nodes and restarts; and each
// address gets a bucket of tries in memory, because checking a password costs tens of megabytes for a moment.
type guesses struct {
	db  *pg.DB
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]*list.Element
	recent  *list.List // of *bucket, most recently used first
}

type bucket struct {
	from  string
	tries *rate.Limiter
}

// maxBuckets bounds memory; the address that has been quiet the longest is forgotten first.
const maxBuckets = 10_000

func newGuesses(db *pg.DB, now func() time.Time) *guesses {
	return &guesses{db: db, now: now, buckets: map[string]*list.Element{}, recent: list.New()}
}

// allowed returns how long to wait before another try; zero means go on.
func (g *guesses) allowed(ctx context.Context, login, from string) (wait time.Duration, err error) {
	if !g.bucketOf(from).AllowN(g.now(), 1) {
		return time.Minute, nil
	}
	since := g.now().Add(-guessWindow)
	err = g.db.System().Tx(ctx, func(tx pgx.Tx) error {
		for _, b := range bounds(login, from) {
			// The moment at which the oldest failure that matters leaves the window is when there is room again.
			var n int
			var oldest *time.Time
			err := tx.QueryRow(ctx, `SELECT count(*), min(at) FROM (
				SELECT at FROM login_failures WHERE key = $1 AND at > $2 ORDER BY at DESC LIMIT $3) AS recent`, b.key, since, b.limit).Scan(&n, &oldest)
			if err != nil {
				return err
			}
			if n >= b.limit {
				wait = max(wait, oldest.Sub(since))
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("count failures: %w", err)
	}
	return wait, nil
}

func (g *guesses) failed(ctx context.Context, login, from string) error {
	var keys []string
	for _, b := range bounds(login, from) {
		keys = append(keys, b.key)
	}
	return g.change(ctx, `INSERT INTO login_failures (key, at) SELECT unnest($1::text[]), $2`, keys, g.now())
}

// forget takes back the failures of somebody who got in: mistyping is no crime.
func (g *guesses) forget(ctx context.Context, login, from string) error {
	return g.change(ctx, `DELETE FROM login_failures WHERE key = $1`, bounds(login, from)[0].key)
}

func (g *guesses) tidy(ctx context.Context) error {
	return g.change(ctx, `DELETE FROM login_failures WHERE at < $1`, g.now().Add(-guessWindow))
}

func (g *guesses) change(ctx context.Context, sql string, args ...any) error {
	err := g.db.System().Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note failures: %w", err)
	}
	return nil
}

func (g *guesses) bucketOf(from string) *rate.Limiter {
	from = network(from)
	g.mu.Lock()
	defer g.mu.Unlock()
	if e, ok := g.buckets[from]; ok {
		g.recent.MoveToFront(e)
		return e.Value.(*bucket).tries
	}
	if g.recent.Len() >= maxBuckets {
		oldest := g.recent.Back()
		delete(g.buckets, g.recent.Remove(oldest).(*bucket).from)
	}
	b := &bucket{from: from, tries: rate.NewLimiter(2, 60)}
	g.buckets[from] = g.recent.PushFront(b)
	return b.tries
}

type bound struct {
	key   string
	limit int
}

// bounds names the counters of one try, the one of this name from this address first. Names are hashed: people type
// their password into the wrong field.
func bounds(login, from string) []bound {
	from = network(from)
	return []bound{
		{"here:" + digest(login+"\x00"+from), guessesHere},
		{"name:" + digest(login), guessesOfName},
		{"from:" + digest(from), guessesFromHere},
	}
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// network is whom an address belongs to: one customer of a provider has 2^64 addresses of IPv6 to try from.
func network(from string) string {
	addr, err := netip.ParseAddr(from)
	if err != nil || addr.Is4() {
		return from
	}
	prefix, err := addr.WithZone("").Prefix(64)
	if err != nil {
		return from
	}
	return prefix.String()
}
