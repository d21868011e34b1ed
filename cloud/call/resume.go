package call

// ResumeStates takes over intervals that another assembler left open and of which nothing else is known any more: they
// go on where they were, under their ids, until an event says otherwise.
func (a *Assembler) ResumeStates(lasting []Interval) {
	for i := range lasting {
		r := &lasting[i]
		p := a.pbx(r.PBX)
		x := &interval{
			kind: r.Kind, pbx: p, from: r.From.UnixMicro(), operator: a.keep(r.Operator), queue: a.keep(r.Queue), iface: a.keep(r.Interface),
			member: a.keep(r.Member), membership: a.keep(r.Membership), penalty: r.Penalty, began: a.keep(r.Began), reason: a.keep(r.Reason),
			guessed: r.Estimated, handed: true, held: true,
		}
		switch {
		case r.Kind == StateLoggedIn && r.Queue == "":
			p.endpoint(a, r.Interface).pool = x
		case r.Queue != "" && r.Kind <= StatePenalty:
			a.resumeMember(p, x)
		case r.Kind >= StateRinging:
			e := p.endpoint(a, r.Interface)
			e.state, e.reachAt, e.reachable = x, x.from, reachYes
			if r.Kind == StateUnreachable {
				e.reachable = reachNo
			}
		}
	}
}

func (a *Assembler) resumeMember(p *pbx, x *interval) {
	m := a.queueOf(p, x.queue).member(a, x.iface)
	m.name, m.said = x.member, max(m.said, x.from)
	if x.membership != "" {
		m.kind = x.membership
	}
	p.learnDevice(a, m.iface)
	switch x.kind {
	case StateLoggedIn:
		m.login = x
	case StatePaused:
		m.pause, m.paused = x, true
	default:
		m.penalty = x
	}
}
