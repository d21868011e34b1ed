// Package directory gives everything a PBX names (operators, queues, trunks, outside numbers) an id of its own as it is
// first seen, because a number is a bad key: on another station it is somebody else. It knows nothing of calls.
//
// A [Session] resolves names inside the caller's transaction. What it learned enters the cache only with
// [Session.Keep], after the commit: an id out of a transaction that was rolled back must not be handed out again.
package directory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/tenants"
)

// ErrNoPBX is a PBX id that the tenant does not have.
var ErrNoPBX = errors.New("the tenant has no such PBX")

// Kind is what a name names.
type Kind uint8

// The kinds. Numbers belong to the tenant as a whole, the others to a station.
const (
	Operator Kind = iota
	Queue
	Trunk
	Number
	kinds
)

// Name is one thing to resolve. Station is ignored for numbers. Label is what people call it; "" leaves what is known.
type Name struct {
	Kind    Kind
	Station int32
	Key     string
	Label   string
}

// PBX is what an agent's PBX is called and which station it belongs to.
type PBX struct {
	ID      int32
	Station int32
	Name    string
}

const (
	maxKey = 200 // runes; a longer one is cut, for an index takes no more than 2.7 KB
	// maxCached bounds what is remembered of a tenant. Beyond it the cache starts over.
	maxCached = 200_000
)

type key struct {
	kind    Kind
	station int32
	name    string
}

type entry struct {
	id    int64
	label string
}

// Directory is the cache of one process.
type Directory struct {
	mu      sync.Mutex
	tenants map[tenants.ID]*known
}

type known struct {
	mu    sync.Mutex
	names map[key]entry
	pbxs  map[int32]PBX
}

// New returns an empty cache.
func New() *Directory { return &Directory{tenants: map[tenants.ID]*known{}} }

// Forget drops what is cached of a tenant.
func (d *Directory) Forget(t tenants.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.tenants, t)
}

// Session begins the look-ups of one transaction of the tenant. It is for one goroutine.
func (d *Directory) Session(t tenants.ID) *Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := d.tenants[t]
	if k == nil {
		k = &known{names: map[key]entry{}, pbxs: map[int32]PBX{}}
		d.tenants[t] = k
	}
	return &Session{known: k, fresh: map[key]entry{}, pbxs: map[int32]PBX{}}
}

// Session is what one transaction looked up.
type Session struct {
	known *known
	fresh map[key]entry
	pbxs  map[int32]PBX
}

// Keep puts what the transaction learned into the cache. It is called after the commit, and only then.
func (s *Session) Keep() {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	if len(s.known.names)+len(s.fresh) > maxCached {
		s.known.names = map[key]entry{}
	}
	for k, e := range s.fresh {
		s.known.names[k] = e
	}
	for id, p := range s.pbxs {
		s.known.pbxs[id] = p
	}
}

// PBX returns a PBX of the tenant, or [ErrNoPBX].
func (s *Session) PBX(ctx context.Context, tx pgx.Tx, id int32) (PBX, error) {
	s.known.mu.Lock()
	p, ok := s.known.pbxs[id]
	s.known.mu.Unlock()
	if ok {
		return p, nil
	}
	if p, ok = s.pbxs[id]; ok {
		return p, nil
	}
	p.ID = id
	err := tx.QueryRow(ctx, `SELECT station_id, name FROM pbxs WHERE tenant_id = current_tenant() AND id = $1`, id).Scan(&p.Station, &p.Name)
	if errors.Is(err, pgx.ErrNoRows) {
		return PBX{}, ErrNoPBX
	}
	if err != nil {
		return PBX{}, fmt.Errorf("look up PBX: %w", err)
	}
	s.pbxs[id] = p
	return p, nil
}

// Resolve makes sure that every name has an id, making those that are new. Names without a key are passed over.
func (s *Session) Resolve(ctx context.Context, tx pgx.Tx, names []Name) error {
	var missing [kinds]map[key]string
	s.known.mu.Lock()
	for _, n := range names {
		if n.Key == "" || n.Kind >= kinds {
			continue
		}
		k, label := n.key(), Clean(n.Label)
		if e, ok := s.find(k); ok && (label == "" || label == e.label) {
			continue
		}
		if missing[n.Kind] == nil {
			missing[n.Kind] = map[key]string{}
		}
		if label != "" || missing[n.Kind][k] == "" {
			missing[n.Kind][k] = label
		}
	}
	s.known.mu.Unlock()
	for kind, keys := range missing {
		if len(keys) == 0 {
			continue
		}
		if err := s.make(ctx, tx, Kind(kind), keys); err != nil {
			return fmt.Errorf("resolve names: %w", err)
		}
	}
	return nil
}

// ID returns the id of a resolved name, and zero for the empty one and for what was not resolved.
func (s *Session) ID(kind Kind, station int32, name string) int64 {
	if name == "" {
		return 0
	}
	k := Name{Kind: kind, Station: station, Key: name}.key()
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	e, _ := s.find(k)
	return e.id
}

func (s *Session) find(k key) (entry, bool) {
	if e, ok := s.fresh[k]; ok {
		return e, true
	}
	e, ok := s.known.names[k]
	return e, ok
}

func (n Name) key() key {
	k := key{kind: n.Kind, station: n.Station, name: Clean(n.Key)}
	if n.Kind == Number {
		k.station = 0
	}
	return k
}

// Clean makes text of a PBX storable: valid UTF-8, without NUL, not endless.
func Clean(s string) string {
	plain := len(s) <= maxKey
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] != 0 && s[i] < utf8.RuneSelf
	}
	if plain {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
	n := 0
	for i := range s {
		if n++; n > maxKey {
			return s[:i]
		}
	}
	return s
}
