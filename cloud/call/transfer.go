package call

import "strings"

// transfer is a handing on of a call that Asterisk reported, by whatever means.
type transfer struct {
	at         int64
	attended   bool
	by         *channel // the transferer's channel in the talk that is handed on
	second     *channel // its channel to the target
	transferee *channel
	target     *channel
	extension  string
	app        string // where an attended transfer ends in an application
}

// parking is one stay in a parking lot.
type parking struct {
	at        int64
	until     int64
	parkee    *channel
	retriever *channel
	space     string
	timeout   bool
	gaveUp    bool
}

func (a *Assembler) blindTransfer(p *pbx, r *record) {
	by, whom := a.find(p, r, slotTransferer), a.find(p, r, slotTransferee)
	if by == nil || r.get(slotResult) != "" && r.get(slotResult) != "Success" {
		return
	}
	a.unite(by, whom, becauseTransfer)
	a.addTransfer(by.part, &transfer{at: r.t, by: by, transferee: whom, extension: a.keep(r.get(slotExtension))})
}

func (a *Assembler) attendedTransfer(p *pbx, r *record) {
	by, second := a.find(p, r, slotOrigTransferer), a.find(p, r, slotSecondTransferer)
	whom, target := a.find(p, r, slotTransferee), a.find(p, r, slotTransferTarget)
	a.unite(by, second, becauseTransfer)
	a.unite(by, whom, becauseTransfer)
	a.unite(second, target, becauseTransfer)
	one, two := a.find(p, r, slotLocalOne), a.find(p, r, slotLocalTwo)
	a.unite(by, one, becauseTransfer)
	a.unite(second, two, becauseTransfer)
	if by == nil || r.get(slotResult) != "" && r.get(slotResult) != "Success" {
		return
	}
	a.addTransfer(by.part, &transfer{
		at: r.t, attended: true, by: by, second: second, transferee: whom, target: target,
		app: a.keep(r.get(slotDestApp)), extension: a.keep(r.get(slotSecondTransferer + inExten)),
	})
}

func (a *Assembler) addTransfer(s *component, t *transfer) {
	for _, o := range s.transfers {
		if o.at == t.at && o.by == t.by {
			return
		}
	}
	s.transfers = append(s.transfers, t)
	a.touch(s)
}

// pickup: the picker takes the place of the channel that rang.
func (a *Assembler) pickup(p *pbx, r *record) {
	a.unite(a.see(p, r, slotMain), a.find(p, r, slotTarget), becausePickup)
}

func (a *Assembler) parked(p *pbx, r *record) {
	c := a.find(p, r, slotParkee)
	if c == nil {
		return
	}
	for _, k := range c.part.parkings {
		if k.parkee == c && (k.until == 0 || k.at == r.t) {
			return
		}
	}
	c.part.parkings = append(c.part.parkings, &parking{at: r.t, parkee: c, space: strings.Clone(r.get(slotSpace))})
}

func (c *channel) parkedNow() *parking {
	for _, k := range c.part.parkings {
		if k.parkee == c && k.until == 0 {
			return k
		}
	}
	return nil
}

func (a *Assembler) unparked(p *pbx, r *record) {
	c, by := a.find(p, r, slotParkee), a.see(p, r, slotRetriever)
	if c == nil {
		return
	}
	if k := c.parkedNow(); k != nil {
		k.until, k.retriever = r.t, by
	}
	a.unite(c, by, becauseParking)
}

func (a *Assembler) parkTimeout(p *pbx, r *record) {
	c := a.find(p, r, slotParkee)
	if c == nil {
		return
	}
	if k := c.parkedNow(); k != nil {
		k.until, k.timeout = r.t, true
	}
}

func (a *Assembler) parkGiveUp(p *pbx, r *record) {
	c := a.find(p, r, slotParkee)
	if c == nil {
		return
	}
	if k := c.parkedNow(); k != nil {
		k.until, k.gaveUp = r.t, true
	}
}
