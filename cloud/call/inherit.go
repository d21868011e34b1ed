package call

// Inherit gives an assembler that was fed nothing yet what another one knew when it wrote a state, of all that outlives
// calls: what stands behind endpoints and numbers, who serves the queues, and since when each PBX runs, where that was
// before the moment its own stream begins at (ns). So a past that is assembled anew is judged by all that is known today, and a
// stream that is entered in its middle gives calls the ids they have. On ErrState nothing changes.
func (a *Assembler) Inherit(state []byte, begins int64) error {
	from := New(a.options)
	if err := from.Restore(state); err != nil {
		return err
	}
	for _, q := range from.pbxs {
		p := a.pbx(q.name)
		for _, name := range q.endpointNames {
			known, e := q.endpoints[name], p.endpoint(a, name)
			e.signs, e.number, e.label, e.first, e.last = known.signs, known.number, known.label, known.first, known.last
		}
		for number, known := range q.numbers {
			if !known.said { // rules say it themselves
				n := *known
				p.numbers[number] = &n
			}
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
	k := &queue{name: q.name, wrapup: q.wrapup, members: make([]member, len(q.members))}
	for i, m := range q.members {
		k.members[i] = member{iface: m.iface, state: m.state, name: m.name, kind: m.kind, wrapup: m.wrapup}
	}
	p.queues[k.name] = k
	p.queueNames = append(p.queueNames, k.name)
}
