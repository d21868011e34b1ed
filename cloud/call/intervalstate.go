package call

// How intervals and what they hang on belong to the state. See codec.go for how it is written.

func (k *codec) member(p *pbx, m *member) {
	for _, s := range []*string{&m.iface, &m.state, &m.name, &m.kind} {
		k.text(s)
	}
	small(k, &m.status)
	k.flags(&m.paused, &m.doubted)
	k.number(&m.wrapup)
	for _, t := range []*int64{&m.said, &m.refused, &m.gone} {
		k.time(t)
	}
	for _, x := range []**interval{&m.login, &m.pause, &m.penalty} {
		k.holding(p, x)
	}
}

func (k *codec) presence(p *pbx, e *presence) {
	small(k, &e.reachable)
	k.time(&e.reachAt)
	k.flags(&e.queried)
	k.holding(p, &e.state)
	k.holding(p, &e.pool)
	list(k, &e.wraps, func(x **interval) {
		if k.reading {
			*x = &interval{}
		}
		k.lasts(p, *x)
	})
}

func (k *codec) changers(p *pbx) {
	list(k, &p.ran, func(x *ran) {
		k.time(&x.at)
		k.text(&x.app)
		k.text(&x.args)
	})
	k.flags(&p.dialplan, &p.stopped, &p.waiting)
	k.time(&p.died)
}

// holding writes an interval that somebody holds, or that there is none.
func (k *codec) holding(p *pbx, x **interval) {
	there := *x != nil
	k.flags(&there)
	if !there {
		return
	}
	if k.reading {
		*x = &interval{}
	}
	k.lasts(p, *x)
}

func (k *codec) lasts(p *pbx, x *interval) {
	k.interval(x)
	k.flags(&x.untold)
	if k.reading {
		x.pbx, x.held = p, true
		k.lasting = append(k.lasting, x)
	}
}

func (k *codec) interval(x *interval) {
	small(k, &x.kind)
	k.time(&x.from)
	k.time(&x.to)
	for _, s := range []*string{
		&x.operator, &x.queue, &x.iface, &x.member, &x.membership, &x.began, &x.ended, &x.reason, &x.endReason,
	} {
		k.text(s)
	}
	small(k, &x.penalty)
	k.flags(&x.guessed, &x.void, &x.handed)
}

// untold writes the intervals that are over and not handed out yet; those that last are written with who holds them.
func (k *codec) untold(a *Assembler) {
	var over []*interval
	for _, x := range a.untold {
		if !x.held {
			over = append(over, x)
		}
	}
	pointers(k, &over, func(x *interval) {
		needed(k, k.pbxs, &x.pbx)
		k.interval(x)
	})
	if !k.reading {
		return
	}
	for _, x := range over {
		x.untold = true
	}
	a.untold = over
	for _, x := range k.lasting {
		if x.untold {
			a.untold = append(a.untold, x)
		}
	}
}
