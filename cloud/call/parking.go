package call

import (
	"slices"
	"strings"
)

// parking is one stay in a parking lot.
type parking struct {
	at        int64
	until     int64
	parkee    *channel
	retriever *channel
	space     string
	parker    string // the endpoint the lot would give the call back to
	timeout   bool
	gaveUp    bool
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
	c.part.parkings = append(c.part.parkings, &parking{
		at: r.t, parkee: c, space: strings.Clone(r.get(slotSpace)), parker: a.keep(r.get(slotParker)),
	})
}

func (c *channel) parkedNow(t int64) *parking {
	for _, k := range c.part.parkings {
		switch {
		case k.parkee != c:
		case k.until == t: // told again
			return nil
		case k.until == 0:
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
	if k := c.parkedNow(r.t); k != nil {
		k.until, k.retriever = r.t, by
	}
	a.unite(c, by, becauseParking)
}

func (a *Assembler) parkTimeout(p *pbx, r *record) {
	c := a.find(p, r, slotParkee)
	if c == nil {
		return
	}
	if k := c.parkedNow(r.t); k != nil {
		k.until, k.timeout = r.t, true
	}
}

func (a *Assembler) parkGiveUp(p *pbx, r *record) {
	c := a.find(p, r, slotParkee)
	if c == nil {
		return
	}
	if k := c.parkedNow(r.t); k != nil {
		k.until, k.gaveUp = r.t, true
	}
}

func (t *story) parkingRows() {
	for _, k := range t.s.parkings {
		row := Parking{PBX: k.parkee.pbx.name, Space: k.space, By: t.parkerOf(k), From: at(k.at)}
		end := k.until
		if end == 0 {
			end = k.parkee.end
		}
		row.To = t.until(end)
		switch {
		case k.retriever != nil:
			row.Result, row.Retriever = ResultRetrieved, k.retriever.numberOf()
		case k.timeout:
			row.Result = ResultTimeout
		case k.gaveUp, k.parkee.ended() && k.parkee.hangupAt != 0 && k.until == 0:
			row.Result = ResultAbandoned
		case end != 0 || !t.open:
			row.Result = ResultOther
		}
		row.Estimated = k.until == 0 && k.parkee.guessed&guessEnd != 0
		t.call.Parkings = append(t.call.Parkings, row)
	}
	slices.SortStableFunc(t.call.Parkings, func(x, y Parking) int { return x.From.Compare(y.From) })
}

// parkerOf tells who parked a call: who handed it to the lot, else whom the lot would give it back to, else who talked
// with it until then.
func (t *story) parkerOf(k *parking) string {
	for _, x := range t.s.transfers {
		if t.parks(x, k) {
			return x.by.numberOf()
		}
	}
	if e := k.parkee.pbx.endpoints[k.parker]; e != nil {
		return e.device()
	}
	if c := t.leftBehind(k.parkee, k.at); c != nil {
		return c.numberOf()
	}
	_, number, _ := strings.Cut(k.parker, "/")
	return number
}

// parks tells whether a transfer is what put a call into a parking lot.
func (t *story) parks(x *transfer, k *parking) bool {
	return k.parkee == x.transferee && k.at >= x.at-second && k.at <= x.at+2*second
}

// parkedBy tells whether a blind transfer went to a parking lot.
func (t *story) parkedBy(x *transfer) bool {
	for _, k := range t.s.parkings {
		if t.parks(x, k) {
			return true
		}
	}
	return false
}
