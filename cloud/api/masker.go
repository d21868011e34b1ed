package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/names"
)

// masker knows for one answer what its viewer may not read. It is nil for who may read everything.
type masker struct {
	v      *Viewer
	named  *names.Named
	hidden []placed // devices that are not to be watched, at each PBX of their station
	own    []placed // the viewer's own, where others are none of his business
}

// placed is a device as one PBX knows it.
type placed struct {
	operator, pbx int32
	at            device
	name          string
}

func newMasker(ctx context.Context, tx pgx.Tx, v *Viewer) (*masker, error) {
	if v.Scope.Everything && v.Scope.Watches() && v.Scope.Numbers {
		return nil, nil
	}
	named, err := names.NamedIn(ctx, tx, v.Scope)
	if err != nil {
		return nil, err
	}
	m := &masker{v: v, named: named}
	if m.hidden, err = placedAt(ctx, tx, v.Scope.HiddenDevices()); err != nil {
		return nil, err
	}
	if v.Scope.Own {
		m.own, err = placedAt(ctx, tx, v.Scope.Devices())
	}
	return m, err
}

func placedAt(ctx context.Context, tx pgx.Tx, devices []int32) ([]placed, error) {
	if len(devices) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `SELECT o.id, p.id, p.name, o.number, o.name FROM operators o JOIN pbxs p ON p.tenant_id = o.tenant_id AND p.station_id = o.station_id
		WHERE o.tenant_id = current_tenant() AND o.id = ANY($1)`, devices)
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d placed, err error) {
		err = row.Scan(&d.operator, &d.pbx, &d.at.pbx, &d.at.number, &d.name)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return list, nil
}

// hides tells whether a device is not to be watched in any part of a call.
func (m *masker) hides(operator int32, c *CallRow) bool {
	return m.v.Scope.HidesDuring(operator, c.Start.UnixMilli(), milli(c.End))
}

func milli(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

// mask is what must not be read of one call.
func (m *masker) mask(c *CallRow) *mask {
	k := &mask{devices: map[device]bool{}, digits: !m.v.Scope.Numbers, foreign: m.v.Scope.Everything}
	for _, d := range m.hidden {
		if slices.Contains(c.PBXs, d.pbx) && m.hides(d.operator, c) {
			k.devices[d.at] = true
			k.hide(d.at.number, d.name)
		}
	}
	if m.v.Scope.Own {
		k.own = map[device]bool{}
		for _, d := range m.own {
			if m.v.Scope.SeesDuring(0, d.operator, c.Start.UnixMilli(), milli(c.End)) {
				k.own[d.at] = true
			}
		}
	}
	switch c.Direction {
	case "inbound":
		k.ours = append(k.ours, c.Dialled)
	case "outbound":
		k.ours = append(k.ours, c.Caller)
	}
	return k
}

// hide adds names that must not be read, the longest first, so that no part of one stays.
func (k *mask) hide(names ...string) {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" && !slices.Contains(k.names, n) {
			k.names = append(k.names, n)
		}
	}
	slices.SortStableFunc(k.names, func(a, b string) int { return len(b) - len(a) })
}

// rows masks calls of the journal.
func (m *masker) rows(calls []CallRow) {
	if m == nil {
		return
	}
	for i := range calls {
		m.row(&calls[i])
	}
}

func (m *masker) row(c *CallRow) {
	k := m.mask(c)
	keeps := func(id int32) bool { return m.named.Operator(id) && !m.hides(id, c) }
	c.Queues = slices.DeleteFunc(c.Queues, func(id int32) bool { return !m.named.Queue(id) })
	c.Operators = slices.DeleteFunc(c.Operators, func(id int32) bool { return !keeps(id) })
	c.People = slices.DeleteFunc(c.People, func(p PersonAt) bool { return !keeps(p.Operator) || !m.named.Person(p.ID) })
	if slices.Contains(k.names, c.Caller) {
		c.CallerName = ""
	}
	c.Caller, c.CallerName, c.Dialled = k.party(c.Caller, c.Direction == "inbound"), k.text(c.CallerName), k.party(c.Dialled, c.Direction == "outbound")
}

// story masks a call and its story.
func (m *masker) story(c *CallRow, story *Story) error {
	if m == nil {
		return nil
	}
	k := m.mask(c)
	if err := k.learn(*story, c); err != nil {
		return err
	}
	m.row(c)
	var err error
	*story, err = k.story(*story)
	return err
}

// tookPart tells whether somebody who is not to be watched took part in a call, or was asked for.
func (m *masker) tookPart(c *CallRow, story Story) (bool, error) {
	k := m.mask(c)
	if slices.Contains(k.names, c.Caller) || slices.Contains(k.names, c.Dialled) || slices.ContainsFunc(c.Operators, func(id int32) bool { return m.hides(id, c) }) {
		return true, nil
	}
	var s struct {
		Legs []struct{ PBX, Number string }
	}
	if err := json.Unmarshal(story, &s); err != nil {
		return false, fmt.Errorf("read story: %w", err)
	}
	for _, l := range s.Legs {
		if k.devices[device{l.PBX, l.Number}] {
			return true, nil
		}
	}
	return false, nil
}

// learn adds by what other names hidden devices, and the outside party, go in a story.
func (k *mask) learn(story Story, c *CallRow) error {
	var s struct {
		Queues []struct{ PBX, Operator, Member string }
		Legs   []struct {
			PBX, Kind, Number, Endpoint string
			Attributes                  map[string]string
		}
	}
	if err := json.Unmarshal(story, &s); err != nil {
		return fmt.Errorf("read story: %w", err)
	}
	for _, q := range s.Queues {
		if k.devices[device{q.PBX, q.Operator}] {
			k.hide(q.Member)
		}
	}
	for _, l := range s.Legs {
		if !k.devices[device{l.PBX, l.Number}] {
			continue
		}
		_, resource, _ := strings.Cut(l.Endpoint, "/")
		k.hide(l.Endpoint, resource)
		if l.Number == c.Caller {
			k.hide(c.CallerName)
		}
		for name, value := range l.Attributes {
			if n := strings.ToLower(name); strings.Contains(n, "callerid") && strings.Contains(n, "name") && !strings.HasPrefix(value, "<") {
				k.hide(value)
			}
		}
	}
	return nil
}

// state masks a state of a visible device: the queue whose it is, and who was there.
func (m *masker) state(s *OperatorState) {
	if m == nil {
		return
	}
	s.People = m.people(s.People)
	if s.Queue != nil && !m.named.Queue(*s.Queue) {
		s.Queue = nil
	}
}

// people leaves of those at a device the ones whose names may be read.
func (m *masker) people(list []PersonRef) []PersonRef {
	if m == nil {
		return list
	}
	return slices.DeleteFunc(list, func(p PersonRef) bool { return !m.named.Person(p.ID) })
}

// seats leaves of those who had devices the ones whose names may be read.
func (m *masker) seats(found map[device][]seat) map[device][]seat {
	if m == nil {
		return found
	}
	for d, list := range found {
		found[d] = slices.DeleteFunc(list, func(s seat) bool { return !m.named.Person(s.person.ID) || !m.named.Operator(s.operator) })
	}
	return found
}

// numbers are those of devices that are not to be watched.
func (m *masker) numbers() []string {
	if m == nil {
		return nil
	}
	list := make([]string, 0, len(m.hidden))
	for _, d := range m.hidden {
		list = append(list, d.at.number)
	}
	return list
}

// asked are the ids of a question that the viewer may ask about. Where some were asked for and none of them is left there is
// no answer.
func (m *masker) asked(ids []int32, may func(*names.Named, int32) bool) (left []int32, nothing bool) {
	if m == nil || len(ids) == 0 {
		return ids, false
	}
	left = slices.DeleteFunc(slices.Clone(ids), func(id int32) bool { return !may(m.named, id) })
	return left, len(left) == 0
}
