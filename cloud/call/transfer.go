package call

import "slices"

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

func (a *Assembler) blindTransfer(p *pbx, r *record) {
	by, whom := a.acting(a.find(p, r, slotTransferer)), a.acting(a.find(p, r, slotTransferee))
	if by == nil || r.get(slotResult) != "" && r.get(slotResult) != "Success" {
		return
	}
	a.unite(by, whom, becauseTransfer)
	a.addTransfer(by.part, &transfer{at: r.t, by: by, transferee: whom, extension: a.keep(r.get(slotExtension))})
}

func (a *Assembler) attendedTransfer(p *pbx, r *record) {
	by, second := a.acting(a.find(p, r, slotOrigTransferer)), a.acting(a.find(p, r, slotSecondTransferer))
	whom, target := a.acting(a.find(p, r, slotTransferee)), a.acting(a.find(p, r, slotTransferTarget))
	a.unite(by, second, becauseTransfer)
	a.unite(by, whom, becauseTransfer)
	a.unite(second, target, becauseTransfer)
	one, two := a.find(p, r, slotLocalOne), a.find(p, r, slotLocalTwo)
	a.unite(by, one, becauseTransfer)
	a.unite(second, two, becauseTransfer)
	if by == nil || r.get(slotResult) != "" && r.get(slotResult) != "Success" {
		return
	}
	inherit(second, whom)
	a.addTransfer(by.part, &transfer{
		at: r.t, attended: true, by: by, second: second, transferee: whom, target: target,
		app: a.keep(r.get(slotDestApp)), extension: a.keep(r.get(slotSecondTransferer + inExten)),
	})
}

// inherit gives the place one party has in a queue to the party that takes its place there: the queue joined by the one who
// asked is answered for the one who was handed over.
func inherit(from, to *channel) {
	if from == nil || to == nil {
		return
	}
	v := from.openVisit("")
	if v == nil {
		return
	}
	from.visits = slices.DeleteFunc(from.visits, func(o *visit) bool { return o == v })
	v.caller = to
	to.visits = append(to.visits, v)
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
