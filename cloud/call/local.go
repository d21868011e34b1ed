package call

// A Local pair is two channels with one sound: what enters one half leaves by the other. A call may go through chains of
// them. They are followed, never counted: neither half is a party, a ring or a talk.

func (a *Assembler) localBridge(p *pbx, r *record) {
	one, two := a.see(p, r, slotLocalOne), a.see(p, r, slotLocalTwo)
	if one == nil || two == nil {
		return
	}
	a.pair(one, two)
}

func (a *Assembler) pair(one, two *channel) {
	if one == two || one.peer != nil || two.peer != nil {
		return
	}
	one.peer, two.peer = two, one
	a.unite(one, two, becauseLocal)
}

// pairByName finds the other half by the name: LocalBridge comes late, or never where the pair was rung in vain.
func (a *Assembler) pairByName(p *pbx, c *channel) {
	pair, half := halfOf(c.name)
	switch half {
	case '1', '2':
	default:
		return
	}
	other := p.halves[pair]
	if other == nil || other.ended() || other.id == c.id {
		p.halves[pair] = c
		return
	}
	delete(p.halves, pair)
	a.pair(other, c)
}
