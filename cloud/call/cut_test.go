package call_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// TestConnectingAtAnyMomentShowsWhoTalks cuts the stream after any event and connects anew: what the PBX would list then
// is enough to know who talks with whom.
func TestConnectingAtAnyMomentShowsWhoTalks(t *testing.T) {
	anyRecording(t, func(r *rapid.T, name string, events []fed) {
		if name[0] == 'f' || name[0] == 'm' {
			r.Skip("trunks between PBXs cannot be matched afterwards; streams that are broken already prove nothing")
		}
		if strings.HasPrefix(name, "k4-") {
			r.Skip("of two outside numbers that the PBX called, nothing tells afterwards which was first")
		}
		cut := rapid.IntRange(len(events)/4, len(events)-1).Draw(r, "cut after")
		whole, model := call.New(call.Options{}), newPBXModel()
		for _, e := range events[:cut+1] {
			if e.ev.ID == wire.EvHold { // no list of the PBX tells who is on hold
				continue
			}
			whole.Feed(e.pbx, e.ev)
			model.follow(e)
		}
		fresh := call.New(call.Options{})
		for _, e := range model.listed(events[cut].ev.Received) {
			fresh.Feed(e.pbx, e.ev)
		}
		calm := events[cut].ev.Received + int64(time.Second/2)
		for _, e := range events[:cut+1] {
			whole.Advance(e.pbx, calm)
			fresh.Advance(e.pbx, calm)
		}
		if d := cmp.Diff(talkers(whole), talkers(fresh)); d != "" {
			r.Fatalf("cut after %d (-followed +connected then):\n%s", cut, d)
		}
	})
}

// talkers lists who talks with whom now.
func talkers(a *call.Assembler) []string {
	var out []string
	for _, c := range a.Drain() {
		if !c.Open {
			continue
		}
		for _, x := range c.Talks {
			if x.To.IsZero() {
				pair := []string{x.Operator, x.With}
				sort.Strings(pair)
				out = append(out, strings.Join(pair, " - "))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// pbxModel is what a PBX would list: its channels, bridges and waiting callers.
type pbxModel struct {
	order    []string
	channels map[string]*modelled
	bridges  []fed
}

type modelled struct {
	pbx, app, bridge, queue string
	fields                  map[wire.FieldID]string
	born                    int64
}

func newPBXModel() *pbxModel { return &pbxModel{channels: map[string]*modelled{}} }

// follow takes what an event says of channels.
func (m *pbxModel) follow(e fed) {
	ev := e.ev
	if ev.ID == wire.EvBridgeCreate {
		listed := ev.Clone()
		listed.ID = wire.EvBridgeListItem
		m.bridges = append(m.bridges, fed{e.pbx, listed})
	}
	id := ev.Get(wire.FUniqueid)
	if ev.ID >= wire.AgentConnected || id == "" || ev.Get(wire.FChannel) == "" || ev.Get(wire.FChannelState) == "" {
		return
	}
	key := e.pbx + id
	c := m.channels[key]
	if ev.ID == wire.EvNewchannel {
		c = &modelled{pbx: e.pbx, fields: map[wire.FieldID]string{}, born: ev.Received}
		m.channels[key] = c
		m.order = append(m.order, key)
	}
	if c == nil {
		return
	}
	for _, f := range []wire.FieldID{wire.FChannel, wire.FChannelState, wire.FCallerIDNum, wire.FContext, wire.FExten, wire.FUniqueid, wire.FLinkedid} {
		c.fields[f] = ev.Get(f)
	}
	switch ev.ID {
	case wire.EvNewexten:
		c.app = ev.Get(wire.FApplication)
	case wire.EvBridgeEnter, wire.EvConfbridgeJoin:
		if ev.ID == wire.EvConfbridgeJoin || ev.Get(wire.FBridgeType) != "base" { // it comes a moment before or after
			c.bridge = ev.Get(wire.FBridgeUniqueid)
		}
	case wire.EvBridgeLeave, wire.EvConfbridgeLeave:
		if (ev.ID == wire.EvConfbridgeLeave || ev.Get(wire.FBridgeType) != "base") && c.bridge == ev.Get(wire.FBridgeUniqueid) {
			c.bridge = ""
		}
	case wire.EvQueueCallerJoin:
		c.queue = ev.Get(wire.FQueue)
	case wire.EvQueueCallerLeave:
		c.queue = ""
	case wire.EvHangup:
		delete(m.channels, key)
	default:
	}
	if to := m.channels[e.pbx+ev.Get(wire.FDestUniqueid)]; to != nil && to.app == "" {
		to.app = "AppDial"
	}
}

// listed is what comes after a login at a moment.
func (m *pbxModel) listed(now int64) []fed {
	var out []fed
	say := func(pbx string, id wire.EventID, fields ...wire.Field) {
		out = append(out, fed{pbx, &wire.Event{ID: id, Received: now, Fields: fields}})
	}
	pbxs := map[string]bool{}
	for _, c := range m.channels {
		pbxs[c.pbx] = true
	}
	for pbx := range pbxs {
		say(pbx, wire.AgentConnected)
		now++
		say(pbx, wire.AgentSnapshotBegin)
		now++
	}
	for _, key := range m.order {
		c := m.channels[key]
		if c == nil {
			continue
		}
		row := []wire.Field{
			{ID: wire.FBridgeID, Value: c.bridge},
			{ID: wire.FApplication, Value: c.app},
			{ID: wire.FSeconds, Value: fmt.Sprint((now - c.born) / 1e9)},
		}
		for f, v := range c.fields {
			row = append(row, wire.Field{ID: f, Value: v})
		}
		say(c.pbx, wire.EvStatus, row...)
		if c.queue != "" {
			say(c.pbx, wire.EvQueueEntry, wire.Field{ID: wire.FQueue, Value: c.queue}, wire.Field{ID: wire.FUniqueid, Value: c.fields[wire.FUniqueid]})
		}
	}
	for _, b := range m.bridges {
		b.ev.Received = now
		out = append(out, b)
	}
	for pbx := range pbxs {
		say(pbx, wire.AgentSnapshotEnd)
		now++
	}
	return out
}
