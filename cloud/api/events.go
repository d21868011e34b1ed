package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/shared/wire"
)

// How far around a call its events are looked for: what led to it, and what the PBX said after its end (AgentComplete,
// the hang-up of channels that were optimised away). longestBatch is how long before its last event a batch may begin.
const (
	eventsBefore = 5 * time.Second
	eventsAfter  = 30 * time.Second
	longestBatch = time.Minute
)

// callEvents reads what the PBXs said about a call out of the archived batches of its time. A later page decodes from
// the beginning again, because which bridges belong to the call is learned on the way.
func (a *API) callEvents(ctx context.Context, in *eventsInput) (*eventsOutput, error) {
	v := viewerOf(ctx)
	after, err := readPlace(in.After)
	if err != nil {
		return nil, err
	}
	out := &eventsOutput{}
	err = a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		window, found, err := a.eventWindow(ctx, tx, v, in.ID)
		if err != nil {
			return err
		}
		found.after, found.limit = after, in.Limit
		if err := readBatches(ctx, tx, window, found); err != nil {
			return err
		}
		out.Body.Events, out.Body.Next = found.page()
		return nil
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, notFound()
	}
	if err != nil {
		return nil, fmt.Errorf("read events of a call: %w", err)
	}
	return out, nil
}

// window is where to look: which tenant's PBXs, and when.
type window struct {
	tenant   string
	pbxs     []int32
	from, to time.Time
}

// eventWindow reads from the call which channels it had and when.
func (a *API) eventWindow(ctx context.Context, tx pgx.Tx, v *Viewer, id string) (window, *eventSearch, error) {
	w := window{tenant: v.Tenant.String()}
	var ended *time.Time
	var raw []byte
	f := oneCall(v, id)
	c := CallRow{}
	err := tx.QueryRow(ctx, `SELECT pbx_ids, started, ended, story, operator_ids, caller, dialled FROM calls WHERE `+f.sql(), f.args...).
		Scan(&w.pbxs, &w.from, &ended, &raw, &c.Operators, &c.Caller, &c.Dialled)
	if err != nil {
		return w, nil, err
	}
	c.PBXs, c.Start, c.End = w.pbxs, w.from, ended
	if err := refuseEvents(ctx, tx, v, &c, raw); err != nil {
		return w, nil, err
	}
	w.from, w.to = w.from.Add(-eventsBefore), a.deps.Now()
	if ended != nil {
		w.to = ended.Add(eventsAfter)
	}
	var story struct {
		Channels []struct{ PBX, Uniqueid, Linkedid, Name string }
	}
	if err := json.Unmarshal(raw, &story); err != nil {
		return w, nil, fmt.Errorf("read story: %w", err)
	}
	names, err := pbxIDs(ctx, tx)
	if err != nil {
		return w, nil, err
	}
	s := &eventSearch{known: map[int32]map[string]bool{}, created: map[string]RawEvent{}}
	for _, c := range story.Channels {
		for _, key := range []string{c.Uniqueid, c.Linkedid, c.Name} {
			s.know(names[c.PBX], key)
		}
	}
	return w, s, nil
}

// refuseEvents keeps what the PBXs said, which nobody could mask word by word, from who may not read all of it.
func refuseEvents(ctx context.Context, tx pgx.Tx, v *Viewer, c *CallRow, story []byte) error {
	m, err := newMasker(ctx, tx, v)
	switch {
	case err != nil || m == nil:
		return err
	case v.Scope.Own:
		return fail(403, "limited", locale.Say("What the PBXs said names everybody who took part in the call. You see what is your own only."))
	case !v.Scope.Numbers:
		return fail(403, "limited", locale.Say("What the PBXs said holds numbers in full, and you see their last digits only."))
	}
	tookPart, err := m.tookPart(c, story)
	if err != nil {
		return err
	}
	if tookPart {
		return fail(403, "unwatched", locale.Say("Somebody who is not to be watched took part in this call, so what the PBXs said is not shown."))
	}
	return nil
}

// pbxIDs finds PBXs by the name that stories call them.
func pbxIDs(ctx context.Context, tx pgx.Tx) (map[string]int32, error) {
	rows, err := tx.Query(ctx, `SELECT id, name FROM pbxs`)
	if err != nil {
		return nil, err
	}
	ids := map[string]int32{}
	var id int32
	var name string
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		ids[name] = id
		return nil
	})
	return ids, err
}

func readBatches(ctx context.Context, tx pgx.Tx, w window, s *eventSearch) error {
	rows, err := tx.Query(ctx, `SELECT pbx_id, from_at, payload FROM raw_batches
		WHERE tenant_id = $1 AND pbx_id = ANY($2) AND from_at >= $3 AND to_at >= $4 AND from_at <= $5 ORDER BY from_at, pbx_id, first_seq`,
		w.tenant, w.pbxs, w.from.Add(-longestBatch), w.from, w.to)
	if err != nil {
		return err
	}
	decoder := wire.NewBatchDecoder(wire.Limits{})
	var pbx int32
	var from time.Time
	var payload []byte
	_, err = pgx.ForEachRow(rows, []any{&pbx, &from, &payload}, func() error {
		if s.complete(from) {
			return errEnough
		}
		_, err := decoder.Decode(payload, func(ev *wire.Event) error {
			s.look(pbx, ev)
			return nil
		})
		return err
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// errEnough ends the reading of rows; it never leaves this file.
var errEnough = errors.New("enough")

// eventSearch picks the events of one call out of everything its PBXs said at the time.
type eventSearch struct {
	known   map[int32]map[string]bool // by PBX: the call's unique ids, linked ids, channel names and bridges
	created map[string]RawEvent       // bridges of which nobody knows yet who will enter, by PBX and id
	after   place
	limit   int
	found   []RawEvent
}

func (s *eventSearch) know(pbx int32, key string) {
	if key == "" {
		return
	}
	if s.known[pbx] == nil {
		s.known[pbx] = map[string]bool{}
	}
	s.known[pbx][key] = true
}

func (s *eventSearch) look(pbx int32, ev *wire.Event) {
	bridge := ev.Get(wire.FBridgeUniqueid)
	if !s.concerns(pbx, ev) {
		if ev.ID == wire.EvBridgeCreate {
			s.created[strconv.Itoa(int(pbx))+bridge] = rawEvent(pbx, ev)
		}
		return
	}
	if bridge != "" && !s.known[pbx][bridge] {
		s.know(pbx, bridge)
		if created, ok := s.created[strconv.Itoa(int(pbx))+bridge]; ok {
			s.keep(created)
		}
	}
	s.keep(rawEvent(pbx, ev))
}

func (s *eventSearch) keep(e RawEvent) {
	if s.after.before(e) {
		s.found = append(s.found, e)
	}
}

// concerns tells whether any field names something of the call.
func (s *eventSearch) concerns(pbx int32, ev *wire.Event) bool {
	known := s.known[pbx]
	for i := range ev.Fields {
		if v := ev.Fields[i].Value; len(v) > 2 && known[v] {
			return true
		}
	}
	return false
}

// complete tells whether the page is full and batches that begin at from cannot add anything before its end.
func (s *eventSearch) complete(from time.Time) bool {
	if len(s.found) <= s.limit {
		return false
	}
	s.sort()
	return s.found[s.limit].At.Before(from)
}

func (s *eventSearch) sort() {
	slices.SortStableFunc(s.found, func(a, b RawEvent) int { return placeOf(a).compare(placeOf(b)) })
}

func (s *eventSearch) page() ([]RawEvent, *string) {
	s.sort()
	if len(s.found) <= s.limit {
		return s.found, nil
	}
	page := s.found[:s.limit]
	next := placeOf(page[s.limit-1]).String()
	return page, &next
}

func rawEvent(pbx int32, ev *wire.Event) RawEvent {
	e := RawEvent{Seq: ev.Seq, At: time.Unix(0, ev.Received).UTC(), PBX: pbx, Name: strings.Clone(ev.Name), Fields: make([][2]string, 0, len(ev.Fields))}
	if ev.ID != 0 {
		e.Name = wire.EventName(ev.ID)
	}
	for _, f := range ev.Fields {
		name := f.Name
		if f.ID != 0 {
			name = wire.FieldName(f.ID)
		}
		e.Fields = append(e.Fields, [2]string{strings.Clone(name), strings.Clone(f.Value)})
	}
	return e
}

// place is where an event stands among those of a call.
type place struct {
	at  int64
	pbx int32
	seq uint64
}

func placeOf(e RawEvent) place { return place{e.At.UnixNano(), e.PBX, e.Seq} }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.pbx, q.pbx), cmp.Compare(p.seq, q.seq))
}

func (p place) before(e RawEvent) bool { return p.compare(placeOf(e)) < 0 }

func (p place) String() string { return fmt.Sprintf("%d.%d.%d", p.at, p.pbx, p.seq) }

func readPlace(text string) (place, error) {
	var p place
	if text == "" {
		return p, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%d", &p.at, &p.pbx, &p.seq); err != nil || n != 3 || p.String() != text {
		return p, badRequest(locale.Say("The cursor is not one of ours. Begin again without it."))
	}
	return p, nil
}
