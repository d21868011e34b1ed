package gateway

import (
	"sync"

	"github.com/google/uuid"
)

// peers are the connections of this node, one for each agent.
type peers struct {
	mu      sync.Mutex
	byAgent map[uuid.UUID]*peer
}

func newPeers() *peers { return &peers{byAgent: make(map[uuid.UUID]*peer)} }

// enter puts p in place of the agent's former connection, which it returns. It does nothing and returns false where
// there are limit connections already.
func (s *peers) enter(p *peer, limit int) (former *peer, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	former = s.byAgent[p.agent.ID]
	if former == nil && len(s.byAgent) >= limit {
		return nil, false
	}
	s.byAgent[p.agent.ID] = p
	return former, true
}

// leave removes p unless a newer connection has taken its place.
func (s *peers) leave(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byAgent[p.agent.ID] == p {
		delete(s.byAgent, p.agent.ID)
	}
}

func (s *peers) all() []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*peer, 0, len(s.byAgent))
	for _, p := range s.byAgent {
		all = append(all, p)
	}
	return all
}

func (s *peers) find(agent uuid.UUID) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byAgent[agent]
}

func (s *peers) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byAgent)
}
