package gateway

import (
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/callweave/callweave/shared/wire"
)

// commits is what is known to be committed and what the agent was told.
type commits struct {
	seq, told atomic.Uint64
	telling   atomic.Bool // a goroutine is at it
}

func (g *Gateway) committed(agent uuid.UUID, stream, seq uint64) {
	if p := g.peers.find(agent); p != nil && p.welcomed.Load() {
		p.committed(stream, seq)
	}
}

func (g *Gateway) resend(agent uuid.UUID, stream, seq uint64) {
	if p := g.peers.find(agent); p != nil && p.welcomed.Load() {
		p.resend(stream, seq)
	}
}

// committed takes note of a commit and sees that the agent hears of it. It does not block; of many commits in a short
// time the agent hears of the last.
func (p *peer) committed(stream, seq uint64) {
	if stream != p.stream {
		return
	}
	for {
		known := p.commits.seq.Load()
		if seq <= known {
			return
		}
		if p.commits.seq.CompareAndSwap(known, seq) {
			break
		}
	}
	if p.commits.telling.CompareAndSwap(false, true) {
		go p.tell()
	}
}

// tell runs only while there is something to tell: a thousand quiet agents need no thousand goroutines for it.
func (p *peer) tell() {
	for {
		seq := p.commits.seq.Load()
		if seq > p.commits.told.Load() {
			if err := p.link.send(wire.Committed{Stream: p.stream, Seq: seq}); err != nil {
				return // the connection is ending; its successor begins after what is committed
			}
			p.commits.told.Store(seq)
		}
		p.commits.telling.Store(false)
		if p.commits.seq.Load() == seq || !p.commits.telling.CompareAndSwap(false, true) {
			return
		}
	}
}

// waiting tells whether the agent has sent something it has not yet been told the commit of.
func (p *peer) waiting() bool { return p.accepted.Load() > p.commits.told.Load() }
