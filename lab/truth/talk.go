package truth

import "slices"

type span struct{ from, to Time }

// TalkTimes tells how many seconds each inside party talked with the customer (on an outbound call, with the called
// number), without holds.
func TalkTimes(c *Call) map[string]float64 {
	out := map[string]float64{}
	for who, own := range talkSpans(c) {
		var sum float64
		for _, s := range minus(own, notTalking(c, who, own)) {
			sum += float64(s.to - s.from)
		}
		if sum > 0.3 {
			out[who] = sum
		}
	}
	return out
}

// talkSpans collects when each party's phone was up.
func talkSpans(c *Call) map[string][]span {
	spans := map[string][]span{}
	for _, t := range c.Talks {
		who := bare(t.Who)
		switch {
		case c.Direction == "outbound" && who == c.Caller:
			continue // our own first leg of a click-to-call; the customer's leg tells the talk
		case c.Direction == "outbound" && who == "carrier":
			who = c.Caller
		case who == "carrier" || consultedInVain(c, who):
			continue
		}
		spans[who] = append(spans[who], span{t.From, t.To})
	}
	return spans
}

func consultedInVain(c *Call, who string) bool {
	return slices.ContainsFunc(c.Transfers, func(t Transfer) bool {
		return t.Result != "completed" && t.Kind == "attended" && bare(t.To) == who
	})
}

// notTalking lists the spans within a phone's own ones in which it was up but not with the customer.
func notTalking(c *Call, who string, own []span) []span {
	var cuts []span
	for _, h := range c.Holds {
		if bare(h.By) == who {
			cuts = append(cuts, span{h.From, h.To})
		}
	}
	for _, at := range leftAt(c, who) {
		for _, o := range own { // a phone hears its BYE later than the customer has left it
			if o.from < at && at < o.to {
				cuts = append(cuts, span{at, o.to})
			}
		}
	}
	for _, t := range c.Transfers { // the consulted party talks to the customer from the transfer on
		if t.Result == "completed" && t.Kind == "attended" && bare(t.To) == who {
			cuts = append(cuts, span{0, t.At})
		}
	}
	return cuts
}

// leftAt tells when a party handed the customer on: by transfer or into the car park.
func leftAt(c *Call, who string) []Time {
	var at []Time
	for _, t := range c.Transfers {
		if t.Result == "completed" && bare(t.By) == who {
			at = append(at, t.At)
		}
	}
	for _, p := range c.Parked {
		if p.By == who {
			at = append(at, p.At)
		}
	}
	slices.Sort(at)
	return at
}

func minus(spans, cuts []span) []span {
	var out []span
	for _, s := range spans {
		parts := []span{s}
		for _, cut := range cuts {
			parts = without(parts, cut)
		}
		out = append(out, parts...)
	}
	return out
}

func without(parts []span, cut span) []span {
	var rest []span
	for _, p := range parts {
		for _, piece := range []span{{p.from, min(p.to, cut.from)}, {max(p.from, cut.to), p.to}} {
			if piece.to-piece.from > 0.001 {
				rest = append(rest, piece)
			}
		}
	}
	return rest
}
