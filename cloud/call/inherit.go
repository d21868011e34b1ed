package call

import "slices"

// Inherit gives an assembler that was fed nothing yet what another one knew when it wrote a state, of all that outlives
// calls: what stands behind endpoints, who serves the queues, and since when each PBX runs, where that was before the
// moment its own stream begins at (ns). So a past that is assembled anew is judged by all that is known today, and a
// stream that is entered in its middle gives calls the ids they have. On ErrState nothing changes.
func (a *Assembler) Inherit(state []byte, begins int64) error {
	from := New(a.options)
	if err := from.Restore(state); err != nil {
		return err
	}
	for _, q := range from.pbxs {
		p := a.pbx(q.name)
		p.endpoints, p.endpointNames = q.endpoints, q.endpointNames
		for _, e := range p.endpoints {
			e.open = nil
		}
		for _, name := range q.queueNames {
			p.inheritQueue(q.queues[name])
		}
		if q.bootAt*1000 < begins {
			p.bootAt, p.startup = q.bootAt, q.startup
		}
		p.connected = true
	}
	a.applyRules()
	return nil
}

// inheritQueue takes over who serves a queue. Whether they could be rung is another question at another time; that
// nobody serves it today says nothing about the past.
func (p *pbx) inheritQueue(q *queue) {
	if len(q.members) == 0 {
		return
	}
	k := &queue{name: q.name, members: slices.Clone(q.members)}
	for i := range k.members {
		k.members[i].status, k.members[i].paused = 0, false
	}
	p.queues[k.name] = k
	p.queueNames = append(p.queueNames, k.name)
}
