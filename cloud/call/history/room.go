package history

import (
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// confers brings a channel into a conference room. What it returns lets it hang up there.
func (s *script) confers(c *channel, room string) (leave func()) {
	return s.confersIn(c, s.h.room(s, c.p, room), room)
}

func (s *script) confersIn(c *channel, b *bridge, room string) (leave func()) {
	s.answers(c, c.context, room)
	s.runs(c, c.context, room, "ConfBridge", room)
	row := &call.Talk{PBX: c.p.name, Operator: c.who, With: "conference:" + room}
	s.shuffle(
		func() { s.enter(c, b, nil) },
		func() {
			t := s.of(c, wire.EvConfbridgeJoin).add(wire.FConference, room).bridge(b).add(wire.FAdmin, "No").add(wire.FMuted, "No").send()
			row.From = at(t)
		})
	s.c.talks = append(s.c.talks, row)
	s.c.Call.Disposition = call.Answered
	return func() {
		s.asksToEnd(c, "")
		s.shuffle(
			func() { s.leave(c) },
			func() {
				row.To = at(s.of(c, wire.EvConfbridgeLeave).add(wire.FConference, room).bridge(b).add(wire.FAdmin, "No").send())
			})
	}
}

// room is the bridge of a conference. Its identifier comes back with the next conference of that name.
func (h *History) room(s *script, p *pbx, name string) *bridge {
	b := &bridge{id: "conference-" + name, kind: "base", technology: "softmix", name: name}
	s.event(p, wire.EvBridgeCreate).bridge(b).send()
	s.event(p, wire.EvConfbridgeStart).add(wire.FConference, name).bridge(b).send()
	return b
}
