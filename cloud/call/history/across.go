package history

import (
	"fmt"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// evidence is what shows that a leg that leaves one PBX is one that comes in at another.
type evidence string

const (
	byHeader evidence = "header"
	byCallID evidence = "call-id"
	byNumber evidence = "numbers"
)

func (s *script) anyEvidence() evidence {
	return []evidence{byHeader, byCallID, byNumber}[s.r.IntN(3)]
}

// sureEvidence is what proves that two legs are one even if they are never answered.
func (s *script) sureEvidence() evidence { return []evidence{byHeader, byCallID}[s.r.IntN(2)] }

// crossing is one trunk leg between two PBXs, seen from both.
type crossing struct {
	out *leg     // at the PBX it leaves
	in  *channel // at the PBX it comes to
	b   *bridge  // the caller's, once answered
}

// other is a PBX that runs and is another one.
func (s *script) other(p *pbx) *pbx {
	for {
		if q := s.h.pbxs[s.r.IntN(len(s.h.pbxs))]; q != p {
			return q
		}
	}
}

// crosses sends a call to another PBX. What it shows there depends on what the two dialplans and SIP stacks do.
func (s *script) crosses(by *channel, q *pbx, dialled, exten string, how evidence) *crossing {
	p := by.p
	s.runs(by, "from-internal", dialled, "Dial", "PJSIP/"+exten+"@pbx"+q.name+",120,tTkK")
	x := &crossing{out: &leg{by: by}}
	to := s.create(p, p.channelName("PJSIP/pbx"+q.name), stateDown, "", "s", "from-peer", by)
	x.out.to = to
	to.number, to.who = dialled, dialled
	s.outgoingLine(to, by.exten, "AppDial")
	reference := fmt.Sprintf("pbx-%s-%s", p.name, by.linked.id)
	sipCallID := fmt.Sprintf("%08x-f441-44d5-aabe-%012x", s.r.Uint32(), s.r.Uint32())
	s.variable(to, how, reference, sipCallID)
	s.dialBegin(by, to, exten+"@pbx"+q.name)
	s.t += 1000 + s.r.Int64N(30_000)
	x.in = s.create(q, q.channelName("PJSIP/pbx"+p.name), stateRing, by.number, exten, "from-peer", nil)
	s.variable(x.in, how, reference, sipCallID)
	s.runs(x.in, "from-peer", exten, "Goto", "from-internal,"+exten+",1")
	confidence := "certain"
	if how == byNumber {
		confidence = "likely"
	}
	s.c.Call.Links = append(s.c.Call.Links, call.Link{Kind: string(how), Confidence: confidence, From: p.name, To: q.name})
	return x
}

func (s *script) variable(c *channel, how evidence, reference, sipCallID string) {
	switch how {
	case byHeader:
		s.of(c, wire.EvVarSet).add(wire.FVariable, "XCALLID").add(wire.FValue, reference).send()
	case byCallID:
		s.of(c, wire.EvVarSet).add(wire.FVariable, "SIPCALLID").add(wire.FValue, sipCallID).send()
	case byNumber:
	}
}

// answers lets the leg be up on both sides, and brings the caller together with it.
func (x *crossing) answers(s *script) {
	s.state(x.in, stateUp)
	s.t += 1000 + s.r.Int64N(20_000)
	s.state(x.out.to, stateUp)
	s.answered(x.out)
	s.state(x.out.by, stateUp)
	x.b = s.bridge(x.out.to.p)
	s.enter(x.out.to, x.b, nil)
	s.enter(x.out.by, x.b, nil)
}

// ends takes the leg apart after one side hung up: here is the caller's, there the far one.
func (x *crossing) ends(s *script) {
	s.leave(x.out.by)
	s.leave(x.out.to)
	s.shuffle(func() { s.destroy(x.out.to.p, x.b) }, func() { s.ends(x.out.to, "16") }, func() { s.ends(x.out.by, "16") })
}

// fromOutside is a call from outside that its PBX sends to another one.
func (s *script) startAcross(kind string, p *pbx, exten string) (*channel, string) {
	if s.chance(0.6) {
		c := s.incoming(kind, p, did+exten)
		s.runs(c, "from-trunk", c.exten, "Goto", "from-internal,99"+exten+",1")
		return c, "99" + exten
	}
	return s.outgoing(kind, call.Internal, s.phone(p), "99"+exten), "99" + exten
}

// acrossToPhone: a call goes to a phone of another PBX.
func acrossToPhone(s *script, p *pbx) {
	q := s.other(p)
	f := s.phone(q)
	c, dialled := s.startAcross("to a phone of another PBX", p, f.name)
	how, givenUp := s.anyEvidence(), s.chance(0.25)
	if givenUp {
		how = s.sureEvidence()
	}
	x := s.crosses(c, q, dialled, f.name, how)
	s.runs(x.in, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	l := s.dial(x.in, f)
	s.state(x.out.to, stateRinging)
	s.wait(1, 6)
	if givenUp {
		s.c.Kind = "to a phone of another PBX, given up"
		s.asksToEnd(c, "")
		s.gone(x.out, call.ResultCancelled, "CANCEL", "0")
		s.t += 1000 + s.r.Int64N(20_000)
		s.asksToEnd(x.in, "")
		s.ends(c, "0")
		s.gone(l, call.ResultCancelled, "CANCEL", "0")
		s.ends(x.in, "0")
		s.c.Call.HangupBy, s.c.Call.Disposition = call.Caller, call.Abandoned
		if s.internal() {
			s.c.Call.Disposition = call.NoAnswer
		}
		return
	}
	s.up(l)
	s.answered(l)
	far := s.bridge(q)
	s.enter(l.to, far, nil)
	s.enter(x.in, far, nil)
	x.answers(s)
	k := s.talk(l.to, c, "")
	s.c.Call.Disposition = call.Answered
	s.wait(2, 12)
	s.endsAcross(x, l, k)
}

// endsAcross lets one of the two ends of a call across PBXs hang up; the other PBX is told a moment later.
func (s *script) endsAcross(x *crossing, l *leg, k *talking) {
	lag := func() { s.t += 1000 + s.r.Int64N(20_000) }
	if s.chance(0.5) {
		s.c.Call.HangupBy = call.Caller
		s.asksToEnd(x.out.by, "16")
		k.stop(s.t)
		x.ends(s)
		lag()
		s.hangsUp(x.in, l, k, nil)
		return
	}
	s.c.Call.HangupBy = call.Callee
	s.hangsUp(l.to, l, k, nil)
	lag()
	s.asksToEnd(x.out.to, "16")
	x.ends(s)
}

// acrossToQueue: a call goes to a queue of another PBX, which answers at once.
func acrossToQueue(s *script, p *pbx) {
	q := s.other(p)
	c, dialled := s.startAcross("to a queue of another PBX", p, "600")
	x := s.crosses(c, q, dialled, "600", s.anyEvidence())
	s.plain = true
	s.runs(x.in, "queues", "600", "Answer", "")
	x.answers(s)
	w := s.joins(x.in, "600", "600", s.team(q, 3))
	s.rounds(w, 1)
	s.wait(1, 5)
	if s.chance(0.3) {
		s.c.Kind = "given up in a queue of another PBX"
		s.asksToEnd(c, "16")
		x.ends(s)
		s.t += 1000 + s.r.Int64N(20_000)
		s.asksToEnd(x.in, "")
		s.stopRinging(w, w.legs, "0")
		w.abandons(s)
		w.leaves(s, call.ResultAbandoned)
		s.ends(x.in, "0")
		s.c.Call.Disposition, s.c.Call.HangupBy = call.Abandoned, call.Caller
		return
	}
	l := w.legs[0]
	k := s.served(w, l)
	k.with(c, s)
	s.c.Call.Disposition = call.Answered
	s.wait(2, 12)
	s.endsAcross(x, l, k)
}

// trombone: the other PBX sends the call back to a phone of the first.
func trombone(s *script, p *pbx) {
	q := s.other(p)
	f := s.phone(p)
	c, dialled := s.startAcross("trombone", p, "9"+f.name)
	how := s.anyEvidence()
	x := s.crosses(c, q, dialled, "9"+f.name, how)
	y := s.crosses(x.in, p, "98"+f.name, f.name, s.anyEvidence())
	s.runs(y.in, "from-internal", f.name, "Dial", "PJSIP/"+f.name+",20,tTkK")
	l := s.dial(y.in, f)
	s.wait(1, 5)
	s.up(l)
	s.answered(l)
	last := s.bridge(p)
	s.enter(l.to, last, nil)
	s.enter(y.in, last, nil)
	y.answers(s)
	x.answers(s)
	k := s.talk(l.to, c, "")
	s.c.Call.Disposition, s.c.Call.HangupBy = call.Answered, call.Callee
	s.wait(2, 10)
	s.hangsUp(l.to, l, k, nil)
	s.t += 1000 + s.r.Int64N(20_000)
	s.asksToEnd(y.out.to, "16")
	y.ends(s)
	s.t += 1000 + s.r.Int64N(20_000)
	s.asksToEnd(x.out.to, "16")
	x.ends(s)
}

// peerFails: the other PBX cannot take a call out, and the carrier does.
func peerFails(s *script, p *pbx) {
	q, number := s.other(p), s.h.outsider()
	c := s.outgoing("peer fails, carrier takes over", call.Outbound, s.phone(p), number)
	x := s.crosses(c, q, number, number, s.sureEvidence())
	s.wait(0.02, 0.1)
	s.ends(x.in, "34")
	s.refuses(x.out, call.ResultFailed, "CONGESTION", "34")
	s.runs(c, "from-internal", number, "Dial", "PJSIP/"+number+"@carrier,25,tTkK")
	l := s.dialOutside(c, number, true)
	s.state(l.to, stateRinging)
	s.wait(2, 6)
	s.connects(l, nil)
	k := s.talk(c, l.to, "")
	s.c.Call.Disposition = call.Answered
	s.wait(4, 10)
	s.endsTalk(l, k)
}
