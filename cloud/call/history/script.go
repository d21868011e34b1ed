package history

import (
	"math/rand/v2"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// script plays one plan: it lets time pass and channels do things, and notes what they amount to.
type script struct {
	h     *History
	r     *rand.Rand
	t     int64 // now, µs
	last  int64 // when the latest event was
	items []item
	c     *Truth   // the call that is told
	calls []*Truth // all calls of the plan
	lent  []*lease
	plain bool // members of queues are behind no Local pair that stays
}

// wait lets some seconds pass.
func (s *script) wait(from, to float64) {
	s.t += int64((from + (to-from)*s.r.Float64()) * float64(second))
}

func (s *script) chance(p float64) bool { return s.r.Float64() < p }

// phone lends a device that nobody uses until the plan is over.
func (s *script) phone(p *pbx) *phone {
	f, ok := take(s.r, p.phones, func(f *phone) *lease { return &f.lease }, s.t)
	if !ok {
		panic("history: more calls at once than phones")
	}
	s.lent = append(s.lent, &f.lease)
	return f
}

func (s *script) lend(list []*lease) *lease {
	l, ok := take(s.r, list, func(l *lease) *lease { return l }, s.t)
	if !ok {
		panic("history: more calls at once than rooms, spaces or queues")
	}
	s.lent = append(s.lent, l)
	return l
}

// begin tells who began a call and what for.
func (s *script) begin(kind string, d call.Direction, c *channel, dialled string) {
	t := s.c
	t.Kind, t.first = kind, c
	t.Call.Direction, t.Call.Caller, t.Call.Dialled = d, c.who, dialled
	t.Call.Start = at(c.born)
}

// another begins the truth of one more call of the plan.
func (s *script) another() {
	s.c = &Truth{ends: map[*channel]int64{}}
	s.calls = append(s.calls, s.c)
}

// incoming is a call from outside.
func (s *script) incoming(kind string, p *pbx, did string) *channel {
	number := s.h.outsider()
	c := s.create(p, p.channelName(p.trunk), stateRing, number, did, "from-trunk", nil)
	s.begin(kind, call.Inbound, c, did)
	s.c.outside(c)
	return c
}

// outgoing is a call that a phone makes.
func (s *script) outgoing(kind string, d call.Direction, f *phone, dialled string) *channel {
	c := s.create(f.p, f.p.channelName(f.device()), stateRing, f.name, dialled, "from-internal", nil)
	s.begin(kind, d, c, dialled)
	return c
}

// runs lets the dialplan run an application for a channel.
func (s *script) runs(c *channel, context, exten, app, data string) {
	c.context, c.exten, c.app = context, exten, app
	d := s.of(c, wire.EvNewexten).add(wire.FExtension, exten).add(wire.FApplication, app).add(wire.FAppData, data)
	t := d.send()
	s.c.runs(c, t, app, data)
}

// state changes the state of a channel.
func (s *script) state(c *channel, state int) {
	if c.state == state {
		return
	}
	c.state = state
	t := s.of(c, wire.EvNewstate).send()
	if state == stateUp && c == s.c.first && s.c.Call.Answered.IsZero() {
		s.c.Call.Answered = at(t)
	}
}

// answers lets the dialplan answer.
func (s *script) answers(c *channel, context, exten string) {
	s.runs(c, context, exten, "Answer", "")
	s.state(c, stateUp)
}

func (s *script) digit(c *channel, d string) {
	t := s.of(c, wire.EvDTMFEnd).add(wire.FDigit, d).add(wire.FDurationMs, "100").add(wire.FDirection, "Received").send()
	if c.inside == nil && (c.called == nil || c == s.c.first) {
		s.c.Call.IVR = append(s.c.Call.IVR, call.Step{PBX: c.p.name, Application: "Digit", Data: d, From: at(t), To: at(t)})
	}
}

func (s *script) asksToEnd(c *channel, cause string) int64 {
	d := s.of(c, wire.EvHangupRequest)
	if cause != "" {
		d.add(wire.FCause, cause)
	}
	return d.send()
}

// ends lets a channel end.
func (s *script) ends(c *channel, cause string) int64 {
	if c.called == nil && c.state != stateDown {
		s.of(c, wire.EvSoftHangupRequest).add(wire.FCause, "16").send()
	}
	t := s.of(c, wire.EvHangup).add(wire.FCause, cause).add(wire.FCauseTxt, causeTexts[cause]).send()
	s.c.ended(c, t)
	return t
}

var causeTexts = map[string]string{
	"0": "Unknown", "1": "Unallocated (unassigned) number", "3": "No route to destination", "16": "Normal Clearing", "17": "User busy",
	"19": "User alerting, no answer", "20": "Subscriber absent", "21": "Call Rejected", "23": "Redirected to new destination",
	"26": "Answered elsewhere", "34": "Circuit/channel congestion", "127": "Interworking, unspecified",
}

// shuffle does things in any order.
func (s *script) shuffle(acts ...func()) {
	s.r.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	for _, act := range acts {
		act()
	}
}
