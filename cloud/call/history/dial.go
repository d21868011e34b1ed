package history

import (
	"fmt"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// leg is one calling of one device, directly or through Local pairs.
type leg struct {
	by, to *channel
	via    []*pair // from the one who calls to the device
	ring   *call.Ring
	queue  string
	member string // the queue's name for it
	iface  string
}

// pair is a Local pair.
type pair struct {
	one, two *channel
	stays    bool // /n: it is not optimised away
}

// head is the channel the caller's application has called.
func (l *leg) head() *channel {
	if len(l.via) > 0 {
		return l.via[0].one
	}
	return l.to
}

// hops are who calls whom on the way, the caller's first.
func (l *leg) hops() [][2]*channel {
	hops := [][2]*channel{}
	by := l.by
	for _, v := range l.via {
		hops = append(hops, [2]*channel{by, v.one})
		by = v.two
	}
	return append(hops, [2]*channel{by, l.to})
}

func (s *script) dialBegin(by, to *channel, dialled string) int64 {
	to.called = by
	return s.event(to.p, wire.EvDialBegin).channel(roleMain, by).channel(roleDest, to).add(wire.FDialString, dialled).send()
}

func (s *script) dialEnd(by, to *channel, status string) int64 {
	return s.event(to.p, wire.EvDialEnd).channel(roleMain, by).channel(roleDest, to).add(wire.FDialStatus, status).send()
}

// outgoingLine is what a called channel runs.
func (s *script) outgoingLine(to *channel, exten, app string) {
	to.exten, to.app = exten, app
	s.of(to, wire.EvNewexten).add(wire.FExtension, exten).add(wire.FApplication, app).add(wire.FAppData, "(Outgoing Line)").send()
}

// rings notes that a device rings.
func (s *script) rings(l *leg, operator string, from int64) {
	l.ring = &call.Ring{PBX: l.to.p.name, Operator: operator, Queue: l.queue, At: at(from)}
	s.c.rings = append(s.c.rings, l.ring)
}

// dial calls a phone for a channel that runs Dial.
func (s *script) dial(by *channel, f *phone) *leg {
	l := &leg{by: by, queue: s.queueOf(by)}
	s.reach(l, by, f)
	return l
}

// reach makes the device's own channel at the end of a leg.
func (s *script) reach(l *leg, by *channel, f *phone) {
	l.to = s.create(by.p, by.p.channelName(f.device()), stateDown, f.name, "s", "from-internal", by)
	l.to.who, l.to.connected = f.name, by.number
	if s.chance(0.5) {
		s.outgoingLine(l.to, by.exten, "AppDial")
	} else {
		l.to.app, l.to.exten = "AppDial", by.exten
	}
	early := s.chance(0.1) // the device may be faster than the event
	if early {
		s.state(l.to, stateRinging)
	}
	s.rings(l, f.name, s.dialBegin(by, l.to, f.name))
	if !early {
		s.state(l.to, stateRinging)
	}
}

// dialOutside calls a number through the carrier.
func (s *script) dialOutside(by *channel, number string, customer bool) *leg {
	l := &leg{by: by}
	l.to = s.create(by.p, by.p.channelName(by.p.trunk), stateDown, "", "s", "from-trunk", by)
	l.to.number, l.to.who = number, number
	s.outgoingLine(l.to, by.exten, "AppDial")
	s.of(l.to, wire.EvNewCallerid).add(wire.FCIDCallingPres, "0 (Presentation Allowed, Not Screened)").send()
	s.dialBegin(by, l.to, number+"@carrier")
	s.c.outside(l.to)
	l.to.customer = customer
	return l
}

// local makes a Local pair on behalf of a channel. It is announced, and runs, when somebody calls it.
func (s *script) local(by *channel, exten, context string, stays bool) *pair {
	by.p.locals++
	name := fmt.Sprintf("Local/%s@%s-%08x", exten, context, by.p.locals)
	v := &pair{stays: stays}
	v.one = s.create(by.p, name+";1", stateDown, "", exten, context, by)
	v.two = s.create(by.p, name+";2", stateRing, "", exten, context, by)
	v.one.number, v.two.number = by.exten, by.number
	for _, half := range []*channel{v.one, v.two} {
		s.of(half, wire.EvNewCallerid).add(wire.FCIDCallingPres, "0 (Presentation Allowed, Not Screened)").send()
	}
	return v
}

func (s *script) localBridge(v *pair) {
	optimisation := "Yes"
	if v.stays {
		optimisation = "No"
	}
	s.event(v.one.p, wire.EvLocalBridge).channel(roleLocalOne, v.one).channel(roleLocalTwo, v.two).add(wire.FContext, v.two.context).
		add(wire.FExten, v.two.exten).add(wire.FLocalOptimization, optimisation).send()
}

// dialThrough calls a phone through a chain of Local pairs.
func (s *script) dialThrough(by *channel, f *phone, depth int, stays bool) *leg {
	l := &leg{by: by, queue: s.queueOf(by)}
	for d := range depth {
		by = s.through(l, by, f.name, fmt.Sprintf("group%d", d+1), stays)
	}
	s.reach(l, by, f)
	s.progress(l)
	return l
}

// through adds a Local pair to the way of a leg, and returns the half that goes on.
func (s *script) through(l *leg, by *channel, exten, context string, stays bool) *channel {
	v := s.local(by, exten, context, stays)
	l.via = append(l.via, v)
	dialled := exten + "@" + context
	if stays {
		dialled += "/n"
	}
	s.shuffle(func() { s.localBridge(v) }, func() { s.dialBegin(by, v.one, dialled) })
	s.runs(v.two, context, exten, "Dial", "PJSIP/"+exten+",20,tTkK")
	return v.two
}

// progress lets the halves of Local pairs show that the device rings, from the device outwards.
func (s *script) progress(l *leg) {
	for i := len(l.via) - 1; i >= 0; i-- {
		s.state(l.via[i].one, stateRinging)
	}
}

// queueOf is the queue a channel waits in.
func (s *script) queueOf(c *channel) string {
	if v := c.waits; v != nil {
		return v.Queue
	}
	return ""
}

// gone ends a ringing: result is what became of it, status what Asterisk says, and cause why the device's channel ended.
func (s *script) gone(l *leg, result call.Result, status, cause string) {
	hops := l.hops()
	for i, hop := range hops {
		said := status
		if i > 0 {
			said = "CANCEL"
		}
		t := s.dialEnd(hop[0], hop[1], said)
		if i == len(hops)-1 {
			l.ringEnds(t, result)
		}
		if i < len(hops)-1 {
			s.asksToEnd(l.via[i].two, cause)
			s.ends(l.via[i].one, cause)
		}
	}
	acts := []func(){func() { s.ends(l.to, cause) }}
	for _, v := range l.via {
		acts = append(acts, func() { s.ends(v.two, cause) })
	}
	s.shuffle(acts...)
}

func (l *leg) ringEnds(t int64, r call.Result) {
	if l.ring != nil && l.ring.End.IsZero() {
		l.ring.End, l.ring.Result = at(t), r
	}
}

// refuses lets a device decline: status and cause are what its answer becomes.
func (s *script) refuses(l *leg, result call.Result, status, cause string) {
	s.asksToEnd(l.to, cause)
	hops := l.hops()
	for i := len(hops) - 1; i >= 0; i-- {
		t := s.dialEnd(hops[i][0], hops[i][1], status)
		if i == len(hops)-1 {
			l.ringEnds(t, result)
			s.ends(l.to, cause)
			continue
		}
		s.ends(l.via[i].two, cause)
		s.ends(l.via[i].one, cause)
	}
}
