package gateway

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/shared/wire"
)

// sweep looks, every few seconds, at what nobody tells a gateway: revoked agents, suspended tenants, certificates that
// have run out, agents that have connected to another node, commits whose signal was lost.
func (g *Gateway) sweep(ctx context.Context) error {
	ticker := time.NewTicker(g.cfg.Sweep)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			g.sweepOnce(ctx, g.peers.all())
		}
	}
}

func (g *Gateway) sweepOnce(ctx context.Context, all []*peer) {
	if len(all) == 0 {
		return
	}
	ids := make([]uuid.UUID, len(all))
	for i, p := range all {
		ids[i] = p.agent.ID
	}
	ctx, cancel := context.WithTimeout(ctx, max(databaseWait, g.cfg.Sweep))
	defer cancel()
	standing, err := g.deps.Agents.Sweep(ctx, ids)
	if err != nil {
		// Connections go on: a database that is away is no reason to lose sight of the PBXs as well.
		g.deps.Log.ErrorContext(ctx, "standing of agents cannot be looked up", "error", err)
		return
	}
	now := g.deps.Now()
	for _, p := range all {
		s, found := standing[p.agent.ID]
		switch {
		case found && s.Err != nil:
			p.dismiss(refusalOf(s.Err))
		case now.After(p.agent.NotAfter):
			p.dismiss(&wire.Error{Code: wire.CodeCertificateExpired, Text: "the certificate has expired: enrol the agent again with a new token"})
		case !p.welcomed.Load():
		case found && s.Connected.After(p.mark):
			p.dismiss(&wire.Error{Code: wire.CodeReplaced, Text: "the same agent has connected to another gateway"})
		case p.waiting():
			p.lookUpCommit(ctx)
		}
	}
}

func (p *peer) lookUpCommit(ctx context.Context) {
	stream, seq, err := p.g.deps.Commits.Cursor(ctx, p.agent.Tenant, p.agent.ID)
	if err != nil {
		p.log.Load().ErrorContext(ctx, "cursor cannot be read", "error", err)
		return
	}
	p.committed(stream, seq)
}

type counters struct{ sessions, goodbyes, resumes, handshakes atomic.Int64 }

// Counters of this gateway since its start.
type Counters struct {
	Agents     int   // connected now
	Sessions   int64 // agents that were welcomed
	Goodbyes   int64 // connections ended with a reason
	Resumes    int64 // agents asked to go back
	Handshakes int64 // TLS handshakes over TCP that failed
}

// Counters is a snapshot.
func (g *Gateway) Counters() Counters {
	return Counters{
		Agents: g.peers.count(), Sessions: g.stats.sessions.Load(), Goodbyes: g.stats.goodbyes.Load(),
		Resumes: g.stats.resumes.Load(), Handshakes: g.stats.handshakes.Load(),
	}
}
