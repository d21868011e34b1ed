package history

import (
	"math/rand/v2"

	"github.com/callweave/callweave/shared/wire"
)

// Disorder is a road on which events of different channels overtake each other by up to 50 ms, and on which stretches of
// what was delivered are delivered again. The events of one channel, one bridge or one queue keep their order.
type Disorder struct {
	r       *rand.Rand
	repeats bool
	held    []carried
	behind  []Said // delivered lately
}

// carried is an event on its way, and what it is about.
type carried struct {
	said  Said
	about []string // nil for what nothing overtakes
}

// NewDisorder returns a road. The same seed carries the same events in the same order.
func NewDisorder(seed uint64, repeats bool) *Disorder {
	return &Disorder{r: rand.New(rand.NewPCG(seed, 17)), repeats: repeats} //nolint:gosec // the same disorder must come again
}

const (
	overtakeBy = 50_000_000 // ns
	heldBack   = 256        // events among which some overtake
	remembered = 1024       // events that may be delivered again
)

// Carry takes events and returns what arrives.
func (d *Disorder) Carry(said []Said) []Said {
	for _, s := range said {
		d.held = append(d.held, carried{s, about(s)})
	}
	if len(d.held) < heldBack {
		return nil
	}
	d.mix()
	return d.deliver(len(d.held) / 2)
}

// Empty returns what is still on its way.
func (d *Disorder) Empty() []Said {
	d.mix()
	return d.deliver(len(d.held))
}

func (d *Disorder) mix() {
	for range 4 {
		for i := 1; i < len(d.held); i++ {
			x, y := &d.held[i-1], &d.held[i]
			if d.r.Uint64()&3 == 0 || x.about == nil || y.about == nil || share(x.about, y.about) || apart(x.said, y.said) {
				continue
			}
			*x, *y = *y, *x
		}
	}
}

func (d *Disorder) deliver(n int) []Said {
	out := make([]Said, 0, n)
	for _, c := range d.held[:n] {
		out = append(out, c.said)
	}
	d.held = append(d.held[:0:0], d.held[n:]...)
	if !d.repeats {
		return out
	}
	d.behind = append(d.behind, out...)
	if len(d.behind) > remembered {
		d.behind = d.behind[len(d.behind)-remembered:]
	}
	switch d.r.IntN(4) {
	case 0: // a stretch once more
		return append(out, d.behind[d.r.IntN(len(d.behind)):]...)
	case 1: // each twice
		twice := make([]Said, 0, 2*len(out))
		for _, s := range out {
			twice = append(twice, s, s)
		}
		return twice
	}
	return out
}

func apart(x, y Said) bool {
	d := x.Event.Received - y.Event.Received
	return d > overtakeBy || d < -overtakeBy
}

func share(x, y []string) bool {
	for _, a := range x {
		for _, b := range y {
			if a == b {
				return true
			}
		}
	}
	return false
}

// subjects are the fields that name what an event is about.
var subjects = func() map[wire.FieldID]bool {
	m := map[wire.FieldID]bool{wire.FQueue: true, wire.FBridgeUniqueid: true, wire.FToBridgeUniqueid: true, wire.FFromBridgeUniqueid: true, wire.FConference: true}
	for _, b := range blocks {
		m[b[12]] = true
	}
	return m
}()

// about lists what an event is about. Answers to actions and what the agent says itself are not overtaken.
func about(s Said) []string {
	if s.Event.ID >= wire.AgentConnected {
		return nil
	}
	var list []string
	for _, f := range s.Event.Fields {
		if f.ID == wire.FActionID {
			return nil
		}
		if subjects[f.ID] && f.Value != "" {
			list = append(list, s.PBX+f.Value)
		}
	}
	return list
}
