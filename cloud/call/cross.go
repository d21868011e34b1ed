package call

import (
	"slices"
	"time"
)

// A call that goes from one PBX to another is two calls to them, joined by a trunk leg on each side. Once the two legs
// are known to be one, they are glue like the halves of a Local pair. Evidence, the surest first:
//
//	header    both sides show the same value in a variable that was set for this purpose (reference.go)
//	call-id   both sides show the same SIP Call-ID, which is one per trunk dialog (reference.go)
//	numbers   one side dialled what the other was asked for, for the same caller, at the same time, and nothing else fits
//	          (numbers.go)
//
// A leg that left or came in waits for its other end until that is found or its story is forgotten.

// crossing joins the leg that left one PBX with the leg that came in at another.
type crossing struct {
	kind     string
	certain  bool
	out, in  *channel
	evidence string
}

// crosser looks for crossings.
type crosser struct {
	outs, ins shelf
	timers    timers                // of legs to look at again; those of late legs are kept by their PBX
	refs      map[string][]*channel // kind and value → channels that showed it
	recent    []refSeen
	unfit     []unfit
	decided   map[end]map[end]bool // by people of two ends, told both ways: whether they are those of one trunk
	used      map[[2]end]*use2     // what was seen of two ends, the lesser first
	lags      map[[2]int]*lag      // between the clocks of two PBXs, by index, the lesser first
	mostLag   int64
	flushing  bool  // nothing more will come
	found     []fit // scratch
}

// end is an endpoint of a PBX as one end of a trunk.
type end struct{ pbx, endpoint string }

func endOf(c *channel) end { return end{c.pbx.name, c.ep.name} }

func (e end) less(o end) bool { return e.pbx < o.pbx || e.pbx == o.pbx && e.endpoint < o.endpoint }

// leaves tells a leg that calls a number elsewhere, of which the other end is not known.
func leaves(c *channel) bool {
	return c.kind == kindParty && c.link == nil && c.dial != nil && c.dial.number != ""
}

// left is when a call left its PBX by a leg.
func (c *channel) left() int64 {
	if c.dial != nil {
		return c.dial.at
	}
	return c.created
}

func (x *crosser) outgoing(a *Assembler, c *channel) {
	if leaves(c) && c.waits == nil {
		x.wait(a, &x.outs, &waiting{c: c, out: true, at: c.dial.at, called: c.dial.number, caller: presented(c, c.dial.caller)})
		x.refit(a, c)
	}
}

func (x *crosser) incoming(a *Assembler, c *channel) {
	if c.ep.class() != classDevice && c.link == nil && c.waits == nil {
		x.wait(a, &x.ins, &waiting{c: c, at: c.created, called: c.exten, caller: presented(c, c.number)})
		x.refit(a, c)
	}
}

func (x *crosser) link(a *Assembler, k *crossing, why reason) {
	rivals := slices.Concat(k.out.maybe, k.in.maybe)
	for _, c := range []*channel{k.out, k.in} {
		x.done(c)
		c.link, c.maybe = k, nil
		c.ep.mark(leadsElsewhere)
	}
	k.out.peer, k.in.peer = k.in, k.out
	x.learn(k)
	a.unite(k.out, k.in, why)
	a.touch(k.in.part)
	for _, c := range rivals { // who could have been one of the two now has less to choose from
		if c.waits != nil {
			x.again(a, c.waits, a.now)
		}
	}
}

// use2 is what was seen of two endpoints that seem to be the ends of one trunk.
type use2 struct {
	certain, likely, possible uint64
	last                      int64
}

// maxUsed bounds what is remembered of pairs of endpoints.
const maxUsed = 4096

func (x *crosser) use(out, in *channel) *use2 {
	key := [2]end{endOf(out), endOf(in)}
	if key[1].less(key[0]) {
		key[0], key[1] = key[1], key[0]
	}
	u := x.used[key]
	if u == nil {
		if u = (&use2{}); len(x.used) < maxUsed {
			if x.used == nil {
				x.used = map[[2]end]*use2{}
			}
			x.used[key] = u
		}
	}
	u.last = max(u.last, out.left())
	return u
}

// learn takes what a link tells about the trunk and the clocks at its ends.
func (x *crosser) learn(k *crossing) {
	u := x.use(k.out, k.in)
	if k.certain {
		u.certain++
	} else {
		u.likely++
	}
	if (k.out.guessed|k.in.guessed)&guessCreated == 0 {
		x.lagged(k.out.pbx, k.in.pbx, k.in.created-k.out.left())
	}
}

// lag is how far the clock of one PBX is ahead of another's, by the legs that are known to be one: the time between the
// two ends of a leg is next to nothing.
type lag struct {
	n   int
	ago [lagsKept]int64 // the latest, in turn
}

const lagsKept = 9

func (l *lag) median() int64 {
	list := l.ago
	known := list[:min(l.n, lagsKept)]
	slices.Sort(known)
	return known[len(known)/2]
}

func (x *crosser) lagged(from, to *pbx, by int64) {
	key := [2]int{from.index, to.index}
	if key[0] > key[1] {
		key[0], key[1], by = key[1], key[0], -by
	}
	l := x.lags[key]
	if l == nil {
		l = &lag{}
		if x.lags == nil {
			x.lags = map[[2]int]*lag{}
		}
		x.lags[key] = l
	}
	l.ago[l.n%lagsKept] = by
	l.n++
	x.measureLags()
}

func (x *crosser) measureLags() {
	x.mostLag = 0
	for _, l := range x.lags {
		x.mostLag = max(x.mostLag, distance(l.median(), 0))
	}
}

// ahead is how far the clock of one PBX is ahead of another's, as far as that is known beyond what their agents measure.
func (x *crosser) ahead(of, than *pbx) int64 {
	if len(x.lags) == 0 {
		return 0
	}
	if l := x.lags[[2]int{than.index, of.index}]; l != nil {
		return l.median()
	}
	if l := x.lags[[2]int{of.index, than.index}]; l != nil {
		return -l.median()
	}
	return 0
}

// reclocked forgets what was known of a PBX's clock: it was set, or is measured from now on.
func (x *crosser) reclocked(p *pbx) {
	for key := range x.lags {
		if key[0] == p.index || key[1] == p.index {
			delete(x.lags, key)
		}
	}
	x.measureLags()
}

// pair takes what people decided.
func (x *crosser) pair(list []TrunkPair) {
	x.decided = nil
	if len(list) > 0 {
		x.decided = map[end]map[end]bool{}
	}
	put := func(one, two end, together bool) {
		if x.decided[one] == nil {
			x.decided[one] = map[end]bool{}
		}
		x.decided[one][two] = together
	}
	for _, p := range list {
		one, two := end{p.PBX, p.Endpoint}, end{p.Peer, p.PeerEnd}
		put(one, two, !p.Forbidden)
		put(two, one, !p.Forbidden)
	}
}

// paired tells an endpoint that is an end of a trunk between two PBXs by people's word.
func (x *crosser) paired(e end) bool {
	for _, together := range x.decided[e] {
		if together {
			return true
		}
	}
	return false
}

// verdict tells what people decided about two ends: whether a call may go from one to the other, and whether they said so.
// What has a peer leads nowhere else.
func (x *crosser) verdict(one, two end) (ok, paired bool) {
	if len(x.decided) == 0 {
		return true, false
	}
	if together, known := x.decided[one][two]; known {
		return together, together
	}
	return !x.paired(one) && !x.paired(two), false
}

// TrunkUse is what was seen of two endpoints of different PBXs that seem to be the ends of one trunk. PBX and Endpoint
// are the end that comes first by name.
type TrunkUse struct {
	PBX, Endpoint string
	Peer, PeerEnd string
	Certain       uint64 // calls that went from one to the other by a reference or a Call-ID
	Likely        uint64 // the same by numbers
	Possible      uint64 // calls that might have, had it been clear which is which
	Last          time.Time
}

// Trunks returns what was seen of trunks between PBXs, in order of their ends.
func (a *Assembler) Trunks() []TrunkUse {
	out := make([]TrunkUse, 0, len(a.cross.used))
	for _, key := range a.cross.usedKeys() {
		u := a.cross.used[key]
		out = append(out, TrunkUse{
			PBX: key[0].pbx, Endpoint: key[0].endpoint, Peer: key[1].pbx, PeerEnd: key[1].endpoint,
			Certain: u.certain, Likely: u.likely, Possible: u.possible, Last: at(u.last),
		})
	}
	return out
}

func (x *crosser) usedKeys() [][2]end {
	keys := make([][2]end, 0, len(x.used))
	for key := range x.used {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(k, o [2]end) int {
		switch {
		case k == o:
			return 0
		case k[0].less(o[0]), k[0] == o[0] && k[1].less(o[1]):
			return -1
		}
		return 1
	})
	return keys
}

func distance(x, y int64) int64 {
	if x > y {
		return x - y
	}
	return y - x
}

func (t *story) linkRows() {
	for _, c := range t.list {
		if k := c.link; k != nil && k.out == c {
			confidence := "likely"
			if k.certain {
				confidence = "certain"
			}
			t.call.Links = append(t.call.Links, Link{
				Kind: k.kind, Confidence: confidence, Evidence: k.evidence, At: at(k.out.left()),
				From: k.out.pbx.name, FromUniqueid: k.out.id, To: k.in.pbx.name, ToUniqueid: k.in.id,
			})
		}
	}
}

// candidateRows name the calls that may be the other half of this one.
func (t *story) candidateRows() {
	for _, c := range t.list {
		for _, o := range c.maybe {
			if c.link != nil || o.link != nil || o.part == t.s {
				continue
			}
			other := &story{a: t.a, s: o.part, list: o.part.byBirth()}
			if other.first = other.begin(); other.first == nil {
				continue
			}
			out, in := c, o
			if !out.called() {
				out, in = in, out
			}
			t.call.Candidates = append(t.call.Candidates, Candidate{
				Call: other.id(), Evidence: in.exten, At: at(out.left()),
				From: out.pbx.name, FromUniqueid: out.id, To: in.pbx.name, ToUniqueid: in.id,
			})
		}
	}
}
