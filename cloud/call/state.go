package call

// What belongs to the state, part by part. See codec.go for how it is written.

func (k *codec) assembler(a *Assembler) {
	k.unsigned(&a.order)
	k.time(&a.now)
	k.unsigned(&a.counters.Events)
	k.unsigned(&a.counters.UnknownReferences)
	k.unsigned(&a.counters.Stale)
	k.unsigned(&a.counters.Finished)
	k.unsigned(&a.counters.Ambiguous)
	k.unsigned(&a.counters.Compared)
	k.unsigned(&a.counters.Capped)
	k.unsigned(&a.counters.AttributesCut)
	k.rules(&a.rules)
	allocate(k, &k.pbxs)
	allocate(k, &k.channels)
	allocate(k, &k.parts)
	allocate(k, &k.bridges)
	if k.reading {
		a.pbxs = k.pbxs
	}
	for _, b := range k.bridges {
		k.bridge(b)
	}
	for i, p := range k.pbxs {
		if k.reading {
			*p = *newPBX("", i)
		}
		k.text(&p.name)
		a.byName[p.name] = p
		k.pbxHead(p)
	}
	for _, c := range k.channels {
		k.channelState(c)
	}
	for _, s := range k.parts {
		k.part(s)
	}
	for _, p := range k.pbxs {
		k.pbxTail(p)
	}
	k.crosser(a)
	k.partList(&a.dirty)
	k.partList(&a.settling)
	k.partList(&a.ended)
	k.untold(a)
}

// settle rebuilds what is not written because it follows from the rest, and tells whether it does.
func (a *Assembler) settle(k *codec) bool {
	for _, s := range k.parts {
		for _, c := range s.channels {
			c.part = s
		}
	}
	for _, c := range k.channels {
		if c.part == nil || c.kind == kindLocal && c.link != nil {
			return false
		}
	}
	a.applyRules()
	for _, c := range byOrder(append([]*channel(nil), k.channels...)) {
		if c.ep != nil && c.pbx.endpoints[c.ep.name] != c.ep { // forgotten as a stranger
			a.decide(c.pbx, c.ep)
		}
		switch {
		case c.ep == nil:
			continue
		case !c.ended():
			c.ep.open = append(c.ep.open, c)
		}
		c.ep.used++
	}
	return true
}

func (k *codec) partList(l *[]*component) {
	if !k.reading {
		kept := (*l)[:0:0]
		for _, s := range *l {
			if !s.dead {
				kept = append(kept, s)
			}
		}
		l = &kept
	}
	list(k, l, func(s **component) { needed(k, k.parts, s) })
}

func (k *codec) bridge(b *bridge) {
	k.text(&b.id)
	small(k, &b.use)
	k.text(&b.name)
	k.flags(&b.unknown)
	k.channelList(&b.members)
}

func (k *codec) pbxHead(p *pbx) {
	k.flags(&p.stamped, &p.measured, &p.connected)
	k.number(&p.skew)
	k.number(&p.hint)
	k.number(&p.hinted)
	k.number(&p.offset)
	small(k, &p.boot)
	k.time(&p.bootAt)
	k.time(&p.otherBoot)
	k.text(&p.startup)
	k.time(&p.now)
	k.time(&p.heard)
	k.number(&p.arrived)
	k.number(&p.marked)
	k.time(&p.lostAt)
	k.time(&p.audited)
	list(k, &p.endpointNames, func(name *string) {
		k.text(name)
		e := p.endpoints[*name]
		if k.reading {
			e = &endpoint{pbx: p, name: *name}
			p.endpoints[*name] = e
		}
		small(k, &e.signs)
		k.text(&e.number)
		k.text(&e.label)
		k.time(&e.first)
		k.time(&e.last)
		k.presence(p, &e.presence)
	})
	list(k, &p.queueNames, func(name *string) {
		k.text(name)
		q := p.queues[*name]
		if k.reading {
			q = &queue{name: *name}
			p.queues[*name] = q
		}
		k.number(&q.wrapup)
		list(k, &q.members, func(m *member) {
			k.member(p, m)
		})
	})
	k.dialled(p)
	k.changers(p)
}

func (k *codec) dialled(p *pbx) {
	keys := sortedKeys(p.numbers)
	list(k, &keys, func(number *string) {
		k.text(number)
		if k.reading {
			p.numbers[*number] = &dialled{}
		}
		n := p.numbers[*number]
		small(k, &n.kind)
		k.flags(&n.said)
		k.text(&n.app)
		k.time(&n.first)
		k.time(&n.last)
	})
}

func (k *codec) pbxTail(p *pbx) {
	channelMap(k, p.channels)
	channelMap(k, p.old)
	channelMap(k, p.linked)
	channelMap(k, p.halves)
	keys := sortedKeys(p.bridges)
	list(k, &keys, func(id *string) {
		k.text(id)
		b := p.bridges[*id]
		refer(k, k.bridges, &b)
		if k.reading && b != nil {
			p.bridges[*id] = b
		}
	})
	running := p.snap != nil
	k.flags(&running)
	if !running {
		return
	}
	if k.reading {
		p.snap = newReconciliation(0, 0)
	}
	n := p.snap
	k.time(&n.began)
	k.time(&n.lost)
	k.flags(&n.queues, &n.audit, &n.config)
	list(k, &n.gone, k.text)
	list(k, &n.left, k.text)
	k.channelSet(n.listed)
	k.channelSet(n.waiting)
	k.channelSet(n.bridged)
}

func channelMap(k *codec, m map[string]*channel) {
	keys := sortedKeys(m)
	list(k, &keys, func(key *string) {
		k.text(key)
		c := m[*key]
		k.channel(&c)
		if k.reading && c != nil {
			m[*key] = c
		}
	})
}

func (k *codec) channelSet(m map[*channel]bool) {
	var l []*channel
	for c := range m {
		if k.numbers[c] != 0 {
			l = append(l, c)
		}
	}
	l = byOrder(l)
	k.channelList(&l)
	for _, c := range l {
		if c != nil {
			m[c] = true
		}
	}
}

func (k *codec) channelState(c *channel) {
	refer(k, k.pbxs, &c.pbx)
	if c.pbx == nil { // only in a damaged state
		k.failed, c.pbx = true, newPBX("", 0)
	}
	small(k, &c.boot)
	k.text(&c.id)
	k.unsigned(&c.order)
	k.text(&c.name)
	small(k, &c.kind)
	if k.reading && c.kind == kindParty {
		if c.ep = c.pbx.endpoints[endpointOf(c.name)]; c.ep == nil { // forgotten as a stranger
			c.ep = newEndpoint(c.pbx, endpointOf(c.name))
		}
	}
	k.channel(&c.peer)
	k.text(&c.linkedid)
	list(k, &c.linked, k.text)
	k.time(&c.created)
	k.time(&c.rang)
	k.time(&c.up)
	k.time(&c.end)
	small(k, &c.cause)
	small(k, &c.guessed)
	list(k, &c.unheard, func(u *span) {
		k.time(&u.from)
		k.time(&u.to)
	})
	for _, s := range []*string{
		&c.exten, &c.context, &c.lastExten, &c.lastContext, &c.number, &c.callerID, &c.lastNumber,
		&c.asked, &c.dnid, &c.bridgePeer,
	} {
		k.text(s)
	}
	k.time(&c.hangupAt)
	k.time(&c.listedAt)
	k.time(&c.missedAt)
	k.time(&c.doubt)
	k.time(&c.softAt)
	small(k, &c.softCause)
	k.flags(&c.shutdown, &c.again, &c.came, &c.pooled, &c.recorded)
	k.channel(&c.stand)
	k.attributes(&c.attrs)
	k.channelFacts(c)
}

func (k *codec) channelFacts(c *channel) {
	list(k, &c.stays, func(s *stay) {
		refer(k, k.bridges, &s.bridge)
		if s.bridge == nil { // only in a damaged state
			k.failed, s.bridge = true, &bridge{}
		}
		k.time(&s.from)
		k.time(&s.to)
		k.time(&s.lo)
		k.time(&s.hi)
		k.flags(&s.guessed, &s.unseen)
		k.text(&s.exten)
		k.text(&s.moved)
	})
	list(k, &c.holds, func(h *span) {
		k.time(&h.from)
		k.time(&h.to)
	})
	list(k, &c.rooms, func(m *room) {
		k.text(&m.name)
		k.time(&m.from)
		k.time(&m.to)
	})
	list(k, &c.steps, func(s *step) {
		k.time(&s.at)
		k.text(&s.app)
		k.text(&s.data)
		k.text(&s.exten)
	})
	list(k, &c.digits, func(d *digit) {
		k.time(&d.at)
		small(k, &d.digit)
	})
	called := c.dial != nil
	k.flags(&called)
	if called {
		k.attempt(c)
	}
	k.calls(c)
	pointers(k, &c.visits, func(v *visit) { k.visit(c, v) })
}

func (k *codec) attempt(c *channel) {
	if c.dial == nil {
		c.dial = &attempt{to: c}
	}
	d := c.dial
	k.channel(&d.by)
	k.time(&d.at)
	k.time(&d.end)
	small(k, &d.status)
	small(k, &d.first)
	for _, s := range []*string{&d.forward, &d.dialled, &d.number, &d.caller, &d.queue, &d.member} {
		k.text(s)
	}
	k.flags(&d.refused, &d.guessed)
}

// calls writes whom a channel called; the attempts hang on those.
func (k *codec) calls(c *channel) {
	to := make([]*channel, len(c.calls))
	for i, d := range c.calls {
		to[i] = d.to
	}
	k.channelList(&to)
	if !k.reading {
		return
	}
	for _, o := range to {
		if o == nil {
			k.failed = true
			return
		}
		if o.dial == nil {
			o.dial = &attempt{to: o}
		}
		c.calls = append(c.calls, o.dial)
	}
}

func (k *codec) visit(c *channel, v *visit) {
	v.caller = c
	k.text(&v.queue)
	k.time(&v.entered)
	k.time(&v.left)
	k.time(&v.connected)
	k.channel(&v.agent)
	k.text(&v.member)
	k.text(&v.iface)
	small(k, &v.position)
	k.text(&v.outcome)
	k.flags(&v.abandoned, &v.empty, &v.guessed)
	k.number(&v.hold)
	k.time(&v.completed)
	k.number(&v.talk)
}

func (k *codec) part(s *component) {
	k.unsigned(&s.order)
	list(k, &s.pbxs, func(p **pbx) { needed(k, k.pbxs, p) })
	k.channelList(&s.channels)
	pointers(k, &s.transfers, func(x *transfer) {
		k.time(&x.at)
		k.flags(&x.attended)
		needed(k, k.channels, &x.by)
		for _, c := range []**channel{&x.second, &x.transferee, &x.target} {
			k.channel(c)
		}
		k.text(&x.extension)
		k.text(&x.app)
	})
	pointers(k, &s.parkings, func(x *parking) {
		k.time(&x.at)
		k.time(&x.until)
		needed(k, k.channels, &x.parkee)
		k.channel(&x.retriever)
		k.text(&x.space)
		k.text(&x.parker)
		k.flags(&x.timeout, &x.gaveUp)
	})
	list(k, &s.joins, func(x *joined) {
		small(k, &x.why)
		k.time(&x.at)
		needed(k, k.channels, &x.a)
		needed(k, k.channels, &x.b)
	})
	small(k, &s.open)
	k.time(&s.last)
	k.flags(&s.dirty, &s.closed, &s.hidden, &s.waiting)
	k.time(&s.derived)
	small(k, &s.rev)
	list(k, &s.handed, func(id *ID) {
		for i := range id {
			small(k, &id[i])
		}
	})
	k.unsigned(&s.print)
}
