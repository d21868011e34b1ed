package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// parks: one sends the other to the parking lot by a transfer to 700. A colleague fetches it, or it is given back after a
// while, or it gives up.
func parks(s *script, p *pbx) {
	c := s.converse("parked and retrieved", p)
	s.wait(1, 5)
	space := s.lend(p.spaces).name
	lot := s.lot(p)
	b := c.other.inside
	device := "PJSIP/" + c.ours.who
	s.event(p, wire.EvBlindTransfer).add(wire.FResult, "Success").channel(roleTransferer, c.ours).channel(roleTransferee, c.other).bridge(b).
		add(wire.FIsExternal, "Yes").add(wire.FContext, "from-internal").add(wire.FExtension, "700").send()
	c.k.stop(s.leave(c.other))
	c.complete(s, "transfer")
	row := &call.Parking{PBX: p.name, Space: space, By: c.ours.who}
	s.shuffle(func() { row.From = at(s.parked(wire.EvParkedCall, c.other, nil, device, space).send()) }, func() { s.enter(c.other, lot, nil) })
	s.c.parks = append(s.c.parks, row)
	s.wait(0.1, 2)
	s.leave(c.ours)
	s.destroy(p, b)
	s.ends(c.ours, "16")
	s.wait(2, 8)
	switch s.r.IntN(3) {
	case 0:
		c.fetched(s, row, device)
	case 1:
		s.c.Kind = "parked and given back"
		c.givenBack(s, row, device)
	default:
		s.c.Kind = "parked and given up"
		s.asksToEnd(c.other, "")
		row.To, row.Result = at(s.parked(wire.EvParkedCallGiveUp, c.other, nil, device, space).send()), call.ResultAbandoned
		s.leave(c.other)
		c.over(s, c.whoGaveUp(s), "16")
	}
}

func (s *script) parked(id wire.EventID, c, retriever *channel, device, space string) *draft {
	return s.event(c.p, id).channel(roleParkee, c).channel(roleRetriever, retriever).add(wire.FParkerDialString, device).
		add(wire.FParkinglot, "default").add(wire.FParkingSpace, space)
}

// lot is the bridge of the parking lot: one for each call here, as nobody hears another there.
func (s *script) lot(p *pbx) *bridge {
	p.bridges++
	b := &bridge{id: "lot-" + s.lend(p.spaces).name, kind: "parking", technology: "holding_bridge", name: "default"}
	s.event(p, wire.EvBridgeCreate).bridge(b).send()
	return b
}

func (c *convo) fetched(s *script, row *call.Parking, device string) {
	p, f := c.other.p, s.phone(c.other.p)
	r := s.create(p, p.channelName(f.device()), stateRing, f.name, row.Space, "from-internal", nil)
	s.runs(r, "from-internal", row.Space, "ParkedCall", "default,"+row.Space)
	s.state(r, stateUp)
	b := s.bridge(p)
	t := s.parked(wire.EvUnParkedCall, c.other, r, device, row.Space).send()
	row.To, row.Result, row.Retriever = at(t), call.ResultRetrieved, f.name
	s.leave(c.other)
	s.enter(c.other, b, nil)
	s.wait(0.01, 0.4)
	s.enter(r, b, nil)
	n := &convo{l: &leg{by: c.other, to: r}, ours: r, other: c.other}
	if n.k = s.talk(r, c.other, ""); s.internal() && c.other.called != nil { // of two of ours the one that was called
		n.k.like = call.Talk{PBX: p.name, Operator: c.other.who, With: r.who}
		row := n.k.like
		row.From = n.k.row.From
		*n.k.row = row
	}
	s.wait(3, 8)
	n.end(s, n.any(s))
}

func (c *convo) givenBack(s *script, row *call.Parking, device string) {
	back := "PJSIP_" + c.ours.who
	t := s.parked(wire.EvParkedCallTimeOut, c.other, nil, device, row.Space).send()
	row.To, row.Result = at(t), call.ResultTimeout
	s.leave(c.other)
	s.runs(c.other, "park-dial", back, "Dial", device+",20,tTkK")
	l := s.dial(c.other, c.phone(s))
	s.wait(1, 4)
	s.connects(l, nil)
	n := &convo{l: l, ours: l.to, other: c.other}
	n.k = s.talk(l.to, c.other, "")
	s.wait(3, 8)
	n.end(s, n.any(s))
}

// phone is the device of who handed the call on.
func (c *convo) phone(s *script) *phone {
	for _, f := range c.ours.p.phones {
		if f.name == c.ours.who {
			return f
		}
	}
	return s.phone(c.ours.p)
}
