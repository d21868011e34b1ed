package ami

import (
	"strings"
	"sync"

	"github.com/callweave/callweave/shared/wire"
)

// maxListed bounds the events of one list that are kept for the one who asked.
const maxListed = 100_000

// pending matches answers with actions by their ActionID. The reader calls saw; it never waits.
type pending struct {
	mu     sync.Mutex
	calls  map[string]*call
	closed bool
}

// call is an action that waits for its answer.
type call struct {
	id     string
	action string
	keep   bool // the events of a list too
	reply  Reply
	done   chan struct{}
	gone   bool // the connection ended first
}

func newPending() *pending { return &pending{calls: map[string]*call{}} }

// add registers a call. It returns false where the connection has ended.
func (p *pending) add(id string, c *call) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.calls[id] = c
	return true
}

func (p *pending) remove(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, id)
}

// close ends all calls.
func (p *pending) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.calls {
		c.gone = true
		close(c.done)
	}
	clear(p.calls)
}

// saw gives an event to the call it answers, if it answers one.
func (p *pending) saw(ev *wire.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.calls) == 0 {
		return
	}
	id := ev.Get(wire.FActionID)
	c := p.calls[id]
	if id == "" || c == nil {
		return
	}
	if ev.ID == wire.AgentResponse && c.reply.Response == nil {
		c.reply.Response = ev.Clone()
		if success(ev) && listFollows(ev) {
			return
		}
	} else {
		last := strings.EqualFold(ev.Get(wire.FEventList), "Complete")
		if c.keep && len(c.reply.Events) < maxListed {
			c.reply.Events = append(c.reply.Events, ev.Clone())
		}
		if !last || c.reply.Response == nil {
			return
		}
	}
	delete(p.calls, id)
	close(c.done)
}

// success knows all answers that are no refusal: "Pong" is the one of very old versions to a Ping.
func success(ev *wire.Event) bool { return !strings.EqualFold(ev.Get(wire.FResponse), "Error") }

func listFollows(ev *wire.Event) bool {
	return strings.EqualFold(ev.Get(wire.FEventList), "start") || strings.Contains(ev.Get(wire.FMessage), "will follow")
}
