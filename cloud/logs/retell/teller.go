package retell

import (
	"container/heap"
	"maps"
	"slices"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/shared/wire"
)

const (
	ahead  = 600 * second // rows that are looked at before the first of them is told
	behind = 3 * second   // an event may be told this much later than a row that comes after it
	silent = 24 * 3600 * second
)

// Options say what the logs do not.
type Options struct {
	// Feed takes the events, in order of time.
	Feed func(*wire.Event)
	// Logs are those that are told: where there is queue_log, visits are told by it alone.
	Logs call.Origin
	// Members are the devices of queue members by their names; queue_log has names only.
	Members map[string]string
}

// Teller tells events out of rows.
type Teller struct {
	o         Options
	rows      []*logs.Row            // the window
	byCall    map[string][]*logs.Row // of it, by the channel they are about
	chans     map[string]*channel
	byName    map[string]*channel
	stories   map[string][]*channel // by linkedid
	asked     map[string]string     // DIDs that queue_log tells before the visit
	members   map[string]string     // devices of members that were learned
	numbered  map[string]string     // interfaces that logged in, by the number they ring
	unknown   map[string]int        // members of which no device is known
	origins   map[string]origin
	estimated map[string]int64 // channels whose end no log has
	out       events
	told      int64 // up to here events are handed out
	n         uint64
	swept     int64
}

type origin struct {
	logs call.Origin
	last int64
}

// New returns a teller that knows nothing yet.
func New(o Options) *Teller {
	t := &Teller{
		o: o, byCall: map[string][]*logs.Row{}, chans: map[string]*channel{}, byName: map[string]*channel{}, stories: map[string][]*channel{},
		asked: map[string]string{}, members: map[string]string{}, numbered: map[string]string{}, unknown: map[string]int{}, origins: map[string]origin{}, estimated: map[string]int64{},
	}
	for name, device := range o.Members {
		t.members[name] = device
	}
	return t
}

// Row takes the next row, one of those that Moments makes, in order of their keys.
func (t *Teller) Row(r *logs.Row) {
	t.rows = append(t.rows, r)
	if id := about(r); id != "" {
		t.byCall[id] = append(t.byCall[id], r)
		o := t.origins[id]
		o.logs, o.last = o.logs|originOf(r), max(o.last, r.Key)
		t.origins[id] = o
	}
	for r.Key-t.rows[0].Key > ahead {
		t.first()
	}
}

// Close tells what is left.
func (t *Teller) Close() {
	for len(t.rows) > 0 {
		t.first()
	}
	t.handOut(1 << 62)
}

// Origin says which logs know of a channel. It is asked of calls that were handed out just now; of channels that were
// silent for a day nothing is known any more.
func (t *Teller) Origin(uniqueid string) call.Origin { return t.origins[uniqueid].logs }

// Lost tells a channel whose end no log has.
func (t *Teller) Lost(uniqueid string) bool { return t.estimated[uniqueid] != 0 }

// Strangers are members of queues of which no device is known, with the number of their rows.
func (t *Teller) Strangers() map[string]int { return t.unknown }

// Synthetic tells an identifier that no PBX made.
func Synthetic(uniqueid string) bool { return strings.ContainsRune(uniqueid, '~') }

func about(r *logs.Row) string {
	switch {
	case r.Event != nil:
		return r.Event.Uniqueid
	case r.Record != nil:
		return r.Record.Uniqueid
	case r.Queue.Call == "NONE" || r.Queue.Call == "MANAGER" || r.Queue.Call == "REALTIME":
		return ""
	}
	return r.Queue.Call
}

func originOf(r *logs.Row) call.Origin {
	switch {
	case r.Event != nil:
		return call.FromCEL
	case r.Record != nil:
		return call.FromCDR
	}
	return call.FromQueueLog
}

func (t *Teller) first() {
	r := t.rows[0]
	t.rows[0] = nil
	t.rows = t.rows[1:]
	if id := about(r); id != "" {
		if rest := t.byCall[id][1:]; len(rest) > 0 {
			t.byCall[id] = rest
		} else {
			delete(t.byCall, id)
		}
	}
	switch {
	case r.Event != nil:
		t.cel(r)
	case r.Queue != nil:
		t.queue(r)
	default:
		t.record(r)
	}
	t.handOut(r.Key - behind)
	t.sweep(r.Key)
}

// later returns the rows ahead about a channel.
func (t *Teller) later(uniqueid string) []*logs.Row { return t.byCall[uniqueid] }

// celKnows tells whether CEL has told or will tell of a channel.
func (t *Teller) celKnows(uniqueid string) bool { return t.origins[uniqueid].logs&call.FromCEL != 0 }

// sweep forgets what was silent for a day. Channels that have not ended by then never will: their end is lost.
func (t *Teller) sweep(now int64) {
	if now-t.swept < 3600*second {
		return
	}
	t.swept = now
	for id, o := range t.origins {
		if now-o.last > silent {
			delete(t.origins, id)
		}
	}
	for id, at := range t.estimated {
		if now-at > silent {
			delete(t.estimated, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.chans)) { // in some order, but the same each time
		c := t.chans[id]
		switch {
		case id != c.id && c.ended != 0:
			delete(t.chans, id)
		case c.ended != 0 && now-c.last > 3600*second:
			t.forget(c)
		case now-c.last > silent:
			t.lost(c, now)
			t.forget(c)
		}
	}
	if len(t.asked) > 10_000 {
		clear(t.asked)
	}
}

func (t *Teller) forget(c *channel) {
	delete(t.chans, c.id)
	if t.byName[c.name] == c {
		delete(t.byName, c.name)
	}
	list := slices.DeleteFunc(t.stories[c.linkedid], func(o *channel) bool { return o == c })
	if len(list) == 0 {
		delete(t.stories, c.linkedid)
	} else {
		t.stories[c.linkedid] = list
	}
}

// say tells an event.
func (t *Teller) say(at int64, id wire.EventID, parts ...[]wire.Field) {
	t.n++
	heap.Push(&t.out, &told{at: max(at, t.told), n: t.n, ev: &wire.Event{ID: id, Fields: slices.Concat(parts...)}})
}

func (t *Teller) handOut(until int64) {
	for len(t.out) > 0 && t.out[0].at <= until {
		e := heap.Pop(&t.out).(*told)
		t.told = max(t.told, e.at)
		e.ev.Received = e.at * 1000
		t.o.Feed(e.ev)
	}
}

type told struct {
	at int64
	n  uint64
	ev *wire.Event
}

// events is a heap by time, and in order of telling within one moment.
type events []*told

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at < e[j].at || e[i].at == e[j].at && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push is for the heap.
func (e *events) Push(x any) { *e = append(*e, x.(*told)) }

// Pop is for the heap.
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	old[len(old)-1] = nil
	*e = old[:len(old)-1]
	return x
}
