package history

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// second is 1 s in the unit of all times here, µs.
const second int64 = 1_000_000

// pbx is one model PBX.
type pbx struct {
	name    string
	old     bool   // Asterisk 16
	prefix  string // systemname before its Uniqueids
	trunk   string // endpoint of its carrier
	skew    int64  // its clock minus true time, µs
	stamped bool   // it stamps its events
	quiet   bool   // the AMI user does not see variables

	numbers  int // of channel names
	locals   int
	bridges  int
	phones   []*phone
	rooms    []*lease // conference rooms
	spaces   []*lease // parking spaces
	lonely   []*lease // queues nobody may serve for a while
	starts   []int64  // when it was started
	silences []silence
	counters map[int64]int
}

// phone is a device of ours. One phone is in one call at a time, unless the plan wants otherwise.
type phone struct {
	lease
	p *pbx
}

// lease is something that serves one call at a time.
type lease struct {
	name string
	free int64 // from when on it is free
}

func take[T any](r *rand.Rand, list []T, of func(T) *lease, from int64) (t T, ok bool) {
	for range 8 * len(list) {
		x := list[r.IntN(len(list))]
		if l := of(x); l.free <= from {
			l.free = 1<<63 - 1
			return x, true
		}
	}
	return t, false
}

// linkage is a Linkedid: of two that meet in a bridge the older one wins.
type linkage struct {
	id  string
	age int64
}

// channel is one channel of a model PBX, as its events show it.
type channel struct {
	p                        *pbx
	name, id                 string
	linked                   *linkage
	number, label, connected string
	exten, context           string
	carried                  string // a channel variable every event carries
	state                    int
	born, ended              int64
	who                      string // the number people know it by
	app                      string // the application it runs
	called                   *channel
	customer                 bool // the outside party of a call of ours
	waits                    *call.QueueVisit
	inside                   *bridge
}

type bridge struct {
	id, kind, technology, name string
	inside                     []*channel
}

// device returns the endpoint of a phone.
func (f *phone) device() string { return "PJSIP/" + f.name }

func (s *script) uniqueid(p *pbx) string {
	boot := p.bootAt(s.t)
	n := p.counters[boot]
	p.counters[boot] = n + 1
	if s.h.o.Opaque {
		return fmt.Sprintf("%08x-5f2b-4c1e-%s-%012x", uint32(n)*2654435761, hex4(p.name), n)
	}
	return p.prefix + strconv.FormatInt((s.t+p.skew)/second, 10) + "." + strconv.Itoa(n)
}

// bootAt returns when the Asterisk that runs at a moment was started.
func (p *pbx) bootAt(t int64) int64 {
	at := p.starts[0]
	for _, b := range p.starts {
		if b <= t {
			at = b
		}
	}
	return at
}

// create makes a channel and announces it. It follows on another one's behalf, or begins a story of its own.
func (s *script) create(p *pbx, name string, state int, number, exten, context string, behalf *channel) *channel {
	c := &channel{p: p, name: name, id: s.uniqueid(p), state: state, number: number, label: number, exten: exten, context: context, who: number, born: s.t}
	if behalf != nil {
		c.linked = behalf.linked
	} else {
		c.linked = &linkage{id: c.id, age: s.t}
	}
	s.of(c, wire.EvNewchannel).send()
	s.c.owns(c)
	return c
}

func (p *pbx) channelName(endpoint string) string {
	p.numbers++
	return fmt.Sprintf("%s-%08x", endpoint, p.numbers)
}

// bridge makes a bridge of two and more.
func (s *script) bridge(p *pbx) *bridge {
	p.bridges++
	b := &bridge{id: fmt.Sprintf("%08x-%s-4c1e-9d3a-%012x", p.bridges*7919, hex4(p.name), p.bridges), kind: "basic", technology: "simple_bridge"}
	s.event(p, wire.EvBridgeCreate).bridge(b).send()
	return b
}

func hex4(name string) string { return fmt.Sprintf("%04x", name[0]) }

// enter brings a channel into a bridge. In a basic bridge all get the oldest Linkedid, and only their next events show it.
func (s *script) enter(c *channel, b *bridge, swap *channel) int64 {
	b.inside = append(b.inside, c)
	c.inside = b
	if b.kind == "basic" {
		oldest := c.linked
		for _, m := range b.inside {
			if m.linked.age < oldest.age {
				oldest = m.linked
			}
		}
		for _, m := range b.inside {
			m.linked = oldest
		}
	}
	d := s.event(c.p, wire.EvBridgeEnter).bridge(b).channel(roleMain, c)
	if swap != nil {
		d.add(wire.FSwapUniqueid, swap.id)
	}
	return d.send()
}

func (s *script) leave(c *channel) int64 {
	b := c.inside
	for i, m := range b.inside {
		if m == c {
			b.inside = append(b.inside[:i:i], b.inside[i+1:]...)
			break
		}
	}
	c.inside = nil
	return s.event(c.p, wire.EvBridgeLeave).bridge(b).channel(roleMain, c).send()
}

func (s *script) destroy(p *pbx, b *bridge) { s.event(p, wire.EvBridgeDestroy).bridge(b).send() }
