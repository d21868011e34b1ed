package history

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/callweave/callweave/shared/wire"
)

// span is an interval of true time.
type span struct{ from, to int64 }

// silence is a time in which nobody hears a PBX.
type silence struct {
	span
	kind Silence
}

// Silence is why nobody heard a PBX for a while.
type Silence uint8

// The kinds of silence.
const (
	Cut        Silence = iota // the connection was lost; calls went on
	AgentCrash                // the agent died without a word; calls went on
	PBXCrash                  // Asterisk died, and all its calls with it
	PBXStop                   // Asterisk was stopped: it ended its calls and said so
)

func (k Silence) restart() bool { return k == PBXCrash || k == PBXStop }

// line is what lies between a PBX and who listens: it follows what the PBX would list, and swallows what nobody hears.
type line struct {
	h        *History
	p        *pbx
	silences []silence // still to come, in order
	deaf     *silence  // the one that lasts
	marks    int64     // when the clock is measured next
	channels map[string]*mirrored
	order    []*mirrored
	bridges  map[string][]wire.Field
	rows     []due // of a snapshot, still to be said
}

// due is something that will be said at a moment.
type due struct {
	t  int64
	ev *wire.Event
}

// mirrored is a channel as the PBX would list it.
type mirrored struct {
	id       string
	fields   [len(blockNames)]string
	born     int64
	dnid     string
	app      string
	data     string
	bridge   string
	queue    string
	position string
	joined   int64
	gone     bool
}

func newLine(h *History, p *pbx) *line {
	return &line{h: h, p: p, channels: map[string]*mirrored{}, bridges: map[string][]wire.Field{}}
}

// between says what happens on the line by itself until a moment: rows of a snapshot, silences, measurements of the clock.
func (l *line) between(t int64, out []Said) []Said {
	for {
		next, what := t, 0
		if len(l.rows) > 0 && l.rows[0].t <= next {
			next, what = l.rows[0].t, 1
		}
		if l.deaf != nil && l.deaf.to <= next {
			next, what = l.deaf.to, 2
		}
		if l.deaf == nil && len(l.silences) > 0 && l.silences[0].from <= next {
			next, what = l.silences[0].from, 3
		}
		if l.deaf == nil && l.h.o.Clocks && l.marks <= next {
			next, what = l.marks, 4
		}
		switch what {
		case 0:
			return out
		case 1:
			ev := l.rows[0].ev
			out = append(out, l.say(next, ev, ev.ID < wire.AgentConnected && ev.ID != wire.EvFullyBooted))
			if l.rows = l.rows[1:]; ev.ID == wire.AgentSnapshotBegin {
				l.lists(next)
			}
		case 2:
			l.deaf = nil
			l.connects(next)
		case 3:
			l.deaf = &l.silences[0]
			l.silences = l.silences[1:]
			out = l.falls(next, out)
		case 4:
			out = l.mark(out, next, wire.AgentClock, wire.Field{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(l.p.skew, 10)})
			l.marks += 30 * second
		}
	}
}

// hear takes an event of the PBX at its time.
func (l *line) hear(i item, out []Said) []Said {
	out = l.between(i.t, out)
	l.follow(i)
	if l.deaf != nil {
		return out
	}
	return append(out, l.say(i.t, i.ev, true))
}

func (l *line) say(t int64, ev *wire.Event, stamped bool) Said {
	h := l.h
	h.seq[l.p]++
	ev.Seq, ev.Received = h.seq[l.p], t*1000
	if stamped && l.p.stamped {
		ev.PBXTime = t + l.p.skew
		ev.Received += 2_000_000 // it takes its time to arrive
	}
	return Said{PBX: l.p.name, Event: ev}
}

func (l *line) mark(out []Said, t int64, id wire.EventID, fields ...wire.Field) []Said {
	return append(out, l.say(t, &wire.Event{ID: id, Fields: fields}, false))
}

// falls begins a silence.
func (l *line) falls(t int64, out []Said) []Said {
	l.rows = nil
	switch l.deaf.kind {
	case AgentCrash:
	case PBXStop:
		for _, m := range l.alive() {
			out = append(out, l.say(t, m.event(wire.EvHangup, wire.Field{ID: wire.FCause, Value: "16"}), true))
			t += 100
		}
		out = append(out, l.say(t, &wire.Event{ID: wire.EvShutdown, Fields: []wire.Field{{ID: wire.FShutdown, Value: "Cleanly"}}}, true))
		out = l.mark(out, t+3000, wire.AgentDisconnected)
	default:
		out = l.mark(out, t+3000, wire.AgentDisconnected)
	}
	if l.deaf.kind.restart() {
		clear(l.channels)
		clear(l.bridges)
		l.order = nil
	}
	return out
}

// queued puts something at the end of what is still to be said.
func (l *line) queued(t *int64, id wire.EventID, fields ...wire.Field) {
	l.rows = append(l.rows, due{*t, &wire.Event{ID: id, Fields: fields}})
	*t += 150
}

// connects queues what is said after a log-in.
func (l *line) connects(t int64) {
	l.queued(&t, wire.AgentConnected)
	uptime := (t - l.p.bootAt(t)) / second
	l.queued(&t, wire.EvFullyBooted, wire.Field{ID: wire.FUptime, Value: strconv.FormatInt(uptime, 10)}, wire.Field{ID: wire.FStatus, Value: "Fully Booted"})
	l.queued(&t, wire.AgentClock, wire.Field{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(l.p.skew, 10)})
	l.queued(&t, wire.AgentSnapshotBegin, wire.Field{ID: wire.AgentFieldActionPrefix, Value: "snap-"})
	l.marks = t + 30*second
}

// lists queues what the PBX lists. The lists are of one moment, and live events come between their rows.
func (l *line) lists(t int64) {
	asked := wire.Field{ID: wire.FActionID, Value: "snap-1"}
	alive, seen := l.alive(), t
	t += 150
	for i := range alive { // Asterisk lists in any order
		m := alive[(i*7+3)%len(alive)]
		if len(alive)%7 == 0 {
			m = alive[i]
		}
		l.rows = append(l.rows, due{t, m.row(seen, asked)})
		t += 150
	}
	for _, id := range slices.Sorted(maps.Keys(l.bridges)) {
		l.queued(&t, wire.EvBridgeListItem, append([]wire.Field{asked}, l.bridges[id]...)...)
	}
	for _, m := range alive {
		if m.queue != "" {
			l.queued(&t, wire.EvQueueEntry, asked, wire.Field{ID: wire.FQueue, Value: m.queue}, wire.Field{ID: wire.FPosition, Value: m.position},
				wire.Field{ID: wire.FChannel, Value: m.fields[0]}, wire.Field{ID: wire.FUniqueid, Value: m.id},
				wire.Field{ID: wire.FWait, Value: strconv.FormatInt((seen-m.joined)/second, 10)})
		}
	}
	l.queued(&t, wire.EvQueueStatusComplete, asked)
	l.queued(&t, wire.AgentSnapshotEnd, wire.Field{ID: wire.AgentFieldActionPrefix, Value: "snap-"})
}

func (l *line) alive() []*mirrored {
	kept := l.order[:0]
	for _, m := range l.order {
		if !m.gone {
			kept = append(kept, m)
		}
	}
	l.order = kept
	return append([]*mirrored(nil), kept...)
}

func (m *mirrored) event(id wire.EventID, more ...wire.Field) *wire.Event {
	fields := make([]wire.Field, 0, len(blockNames)+len(more))
	for i, v := range m.fields {
		fields = append(fields, wire.Field{ID: blocks[roleMain][i], Value: v})
	}
	return &wire.Event{ID: id, Fields: append(fields, more...)}
}

// row is a row of Status.
func (m *mirrored) row(t int64, asked wire.Field) *wire.Event {
	return m.event(wire.EvStatus, wire.Field{ID: wire.FType, Value: "PJSIP"}, wire.Field{ID: wire.FDNID, Value: m.dnid},
		wire.Field{ID: wire.FBridgeID, Value: m.bridge}, wire.Field{ID: wire.FApplication, Value: m.app}, wire.Field{ID: wire.FData, Value: m.data},
		wire.Field{ID: wire.FSeconds, Value: strconv.FormatInt((t-m.born)/second, 10)}, asked)
}

// follow keeps up with what the PBX would list.
func (l *line) follow(i item) {
	ev := i.ev
	at := -1
	for k := range ev.Fields {
		if ev.Fields[k].ID == wire.FChannel {
			at = k
			break
		}
	}
	switch ev.ID {
	case wire.EvBridgeCreate:
		l.bridges[ev.Get(wire.FBridgeUniqueid)] = ev.Fields
	case wire.EvBridgeDestroy:
		delete(l.bridges, ev.Get(wire.FBridgeUniqueid))
	case wire.EvDialBegin:
		if to := l.channels[ev.Get(wire.FDestUniqueid)]; to != nil && to.app == "" {
			to.app = "AppDial"
		}
	default:
	}
	if at < 0 || at+len(blockNames) > len(ev.Fields) || ev.Fields[at+1].ID != wire.FChannelState {
		return
	}
	id := ev.Fields[at+12].Value
	m := l.channels[id]
	if ev.ID == wire.EvNewchannel {
		m = &mirrored{id: id, born: i.t}
		l.channels[id] = m
		l.order = append(l.order, m)
	}
	if m == nil {
		return
	}
	for k := range m.fields {
		m.fields[k] = ev.Fields[at+k].Value
	}
	l.does(m, i)
}

func (l *line) does(m *mirrored, i item) {
	ev := i.ev
	switch ev.ID {
	case wire.EvNewchannel:
		if m.fields[1] == stateNumbers[stateRing] {
			m.dnid = m.fields[10]
		}
	case wire.EvNewexten:
		m.app, m.data = ev.Get(wire.FApplication), ev.Get(wire.FAppData)
	case wire.EvBridgeEnter:
		m.bridge = ev.Get(wire.FBridgeUniqueid)
		if ev.Get(wire.FBridgeType) == "basic" { // all get the oldest Linkedid
			for _, o := range l.order {
				if o.bridge == m.bridge && !o.gone {
					o.fields[13] = m.fields[13]
				}
			}
		}
	case wire.EvBridgeLeave:
		m.bridge = ""
	case wire.EvQueueCallerJoin:
		m.queue, m.position, m.joined = ev.Get(wire.FQueue), ev.Get(wire.FPosition), i.t
	case wire.EvQueueCallerLeave:
		m.queue = ""
	case wire.EvHangup:
		m.gone = true
		delete(l.channels, m.id)
		if len(l.order) > 64 && len(l.order) > 4*len(l.channels) {
			l.alive()
		}
	default:
	}
}

// String names a silence for whoever reads what a test found.
func (k Silence) String() string {
	if int(k) < 4 {
		return [...]string{"cut", "crash of the agent", "crash of the PBX", "stop of the PBX"}[k]
	}
	return fmt.Sprintf("silence(%d)", uint8(k))
}
