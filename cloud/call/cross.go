package call

import (
	"slices"
	"strings"
)

// A call that goes from one PBX to another is two calls to them, joined by a trunk leg on each side. Once the two legs
// are known to be one, they are glue like the halves of a Local pair. Evidence, the surest first:
//
//	header    both sides show the same value in a variable that was set for this purpose
//	call-id   both sides show the same SIP Call-ID, which is one per trunk dialog
//	numbers   one side dialled what the other was asked for, for the same caller, at the same time, and nothing else fits

// crossing joins the leg that left one PBX with the leg that came in at another.
type crossing struct {
	kind     string
	certain  bool
	out, in  *channel
	evidence string
}

// Windows of the heuristic by numbers.
const (
	crossWindow   = 10 * second // legs further apart are never one
	crossWait     = 3 * second  // an earlier or later rival would have shown up by then
	crossMargin   = second / 2  // how much closer the right leg must be than its rivals
	crossTogether = 2 * second  // the two ends of one leg are answered and end within this
	crossKeep     = 30 * second // how long references and legs are remembered
	crossDigits   = 6           // digits that must agree when prefixes differ
	maxRefs       = 1 << 16     // references remembered at most
	maxLegs       = 1 << 11     // legs remembered at most, each way
	maxUnfit      = 1 << 11     // pairs of channels that wait for their legs, at most
)

// crosser looks for crossings. What it looks for may be told by the two PBXs in any order, and one of them may be behind
// the other by as much as longestLag: after an outage their agents hand in what they kept one after the other.
type crosser struct {
	outs, ins []*channel            // legs whose other end is not known
	news      []*channel            // of them, those to look at: young ones by their own PBX's time, and new ones
	refs      map[string][]*channel // kind and value → channels that showed it
	recent    []refSeen
	unfit     []unfit
}

// unfit are two channels of two PBXs that showed the same reference, before it was told which leg joins them.
type unfit struct {
	one, two *channel
	ref      reference
	at       int64
}

type refSeen struct {
	key string
	at  int64
}

func (x *crosser) outgoing(_ *Assembler, c *channel) {
	if leaves(c) && !slices.Contains(x.outs, c) {
		x.outs = append(x.outs, c)
		x.news = append(x.news, c)
	}
}

// leaves tells a leg that calls a number elsewhere, of which the other end is not known.
func leaves(c *channel) bool {
	return c.kind == kindParty && c.link == nil && c.dial != nil && c.dial.number != ""
}

func (x *crosser) incoming(_ *Assembler, c *channel) {
	if c.ep.class() != classDevice && c.link == nil {
		x.ins = append(x.ins, c)
		x.news = append(x.news, c)
	}
}

// refer notes evidence and links at once where it fits: explicit references need no waiting.
func (x *crosser) refer(a *Assembler, c *channel, ref reference) {
	if ref.peer != "" {
		if c = c.sibling(ref.peer); c == nil {
			return
		}
	}
	key := ref.kind + "\x00" + ref.value
	if x.refs == nil {
		x.refs = map[string][]*channel{}
	}
	seen := x.refs[key]
	if slices.Contains(seen, c) || len(seen) >= maxExtension*2 {
		return
	}
	if len(seen) == 0 {
		if len(x.recent) >= maxRefs {
			return
		}
		x.recent = append(x.recent, refSeen{key: key, at: a.now})
	}
	x.refs[key] = append(seen, c)
	for _, o := range seen {
		if o.pbx == c.pbx || o.part.dead {
			continue
		}
		if x.byReference(a, o, c, ref) {
			return
		}
		x.unfit = append(x.unfit, unfit{one: o, two: c, ref: ref, at: max(o.pbx.now, c.pbx.now)})
	}
	x.unfit = slices.Delete(x.unfit, 0, max(0, len(x.unfit)-maxUnfit))
}

// sibling finds a channel of the same story by name.
func (c *channel) sibling(name string) *channel {
	for i := range c.stays {
		if c.stays[i].to != 0 {
			continue
		}
		for _, m := range c.stays[i].bridge.members {
			if m.name == name {
				return m
			}
		}
	}
	if len(c.part.channels) > maxWeakUnion {
		return nil
	}
	for _, o := range c.part.channels {
		if o.name == name && o.pbx == c.pbx && !o.ended() {
			return o
		}
	}
	return nil
}

// byReference links the trunk legs behind two channels that showed the same reference.
func (x *crosser) byReference(a *Assembler, one, two *channel, ref reference) bool {
	for _, pair := range [][2]*channel{{one, two}, {two, one}} {
		in := pair[1]
		if !in.came || in.called() || in.kind != kindParty {
			continue
		}
		if k := in.link; k != nil {
			if k.out.pbx == pair[0].pbx && k.out.part == pair[0].part {
				x.confirm(a, k, ref)
				return true
			}
			continue
		}
		out := pair[0]
		if out.dial == nil || out.dial.number == "" && ref.kind != "call-id" { // a Call-ID is one leg's own
			out = x.legOf(pair[0], in)
		}
		if out == nil || out.link != nil {
			continue
		}
		x.link(a, &crossing{kind: ref.kind, certain: true, out: out, in: in, evidence: ref.value}, becauseOf(ref.kind))
		return true
	}
	return false
}

// confirm replaces weaker evidence of a link by a reference. Of equal ones the same is told whichever came first.
func (x *crosser) confirm(a *Assembler, k *crossing, ref reference) {
	have, offered := strength(k.kind), strength(ref.kind)
	if offered < have || offered == have && ref.value >= k.evidence {
		return
	}
	k.kind, k.certain, k.evidence = ref.kind, true, ref.value
	a.touch(k.in.part)
}

// strength orders kinds of evidence.
func strength(kind string) int { return slices.Index([]string{"numbers", "call-id", "header"}, kind) }

func becauseOf(kind string) reason {
	switch kind {
	case "header":
		return becauseHeader
	case "call-id":
		return becauseCallID
	}
	return becauseNumbers
}

// legOf finds the leg by which a story left its PBX towards in, where the reference was only seen on another of its
// channels.
func (x *crosser) legOf(c, in *channel) *channel {
	var best *channel
	list := c.part.channels
	if len(list) > maxWeakUnion {
		list = x.outs
	}
	for _, o := range list {
		if o.part != c.part || !leaves(o) || o.pbx == in.pbx || distance(o.dial.at, in.created) > crossWindow {
			continue
		}
		if best == nil || distance(o.dial.at, in.created) < distance(best.dial.at, in.created) {
			best = o
		}
	}
	return best
}

func (x *crosser) link(a *Assembler, k *crossing, why reason) {
	k.out.link, k.in.link = k, k
	k.out.peer, k.in.peer = k.in, k.out
	k.out.ep.mark(leadsElsewhere)
	k.in.ep.mark(leadsElsewhere)
	a.unite(k.out, k.in, why)
	a.touch(k.in.part)
}

// resolve links what can be linked by now, and forgets what is too old.
func (x *crosser) resolve(a *Assembler, flush bool) {
	if len(a.pbxs) > 1 {
		x.again(a)
		if flush {
			x.news = slices.Clone(x.ins)
		}
		for _, c := range x.news {
			x.look(a, c, flush)
		}
	}
	now := a.slowest()
	x.news = forgotten(x.news, func(c *channel) bool { return c.pbx.now-c.created > crossWindow })
	x.outs = forgotten(x.outs, func(c *channel) bool { return now-c.created > crossKeep })
	x.ins = forgotten(x.ins, func(c *channel) bool { return now-c.created > crossWindow })
	for len(x.recent) > 0 && now-x.recent[0].at > 10*crossKeep {
		delete(x.refs, x.recent[0].key)
		x.recent = x.recent[1:]
	}
}

// forgotten leaves out what is linked or too old, and the oldest of what is too much.
func forgotten(list []*channel, old func(*channel) bool) []*channel {
	list = slices.DeleteFunc(list, func(c *channel) bool { return c.link != nil || c.part.dead || old(c) })
	return slices.Delete(list, 0, max(0, len(list)-maxLegs))
}

// again looks at references that were shown before it was told who dialed.
func (x *crosser) again(a *Assembler) {
	now := a.slowest()
	x.unfit = slices.DeleteFunc(x.unfit, func(u unfit) bool {
		return u.one.part.dead || u.two.part.dead || x.byReference(a, u.one, u.two, u.ref) || now-u.at > crossWindow
	})
}

// look tries to link a leg by numbers.
func (x *crosser) look(a *Assembler, c *channel, flush bool) {
	if c.link != nil {
		return
	}
	if !leaves(c) {
		x.byNumbers(a, c, flush)
		return
	}
	if in, clear := nearest(x.ins, func(i *channel) (int64, bool) { return fits(c, i) }); in != nil && clear {
		x.byNumbers(a, in, flush)
	}
}

// byNumbers links a leg to the one leg that fits it, if each is the other's nearest by a clear margin. Two calls that
// could be exchanged stay apart: a wrong link is worse than none.
func (x *crosser) byNumbers(a *Assembler, in *channel, flush bool) {
	out, clear := nearest(x.outs, func(o *channel) (int64, bool) { return fits(o, in) })
	if out == nil || !clear || !flush && min(out.pbx.now, in.pbx.now) < max(out.dial.at, in.created)+crossWait {
		return
	}
	back, clear := nearest(x.ins, func(i *channel) (int64, bool) { return fits(out, i) })
	if back != in || !clear {
		return
	}
	x.link(a, &crossing{kind: "numbers", out: out, in: in, evidence: in.exten}, becauseNumbers)
}

// nearest returns the fitting channel with the least distance, and whether it is clearly the nearest.
func nearest(list []*channel, fit func(*channel) (int64, bool)) (best *channel, clear bool) {
	var least, next int64 = crossWindow + 1, crossWindow + 1 + crossMargin
	for _, c := range list {
		d, ok := fit(c)
		switch {
		case !ok:
		case d < least:
			best, least, next = c, d, min(next, least)
		case d < next:
			next = d
		}
	}
	return best, next-least >= crossMargin
}

// fits tells whether an outgoing and an incoming leg may be the two ends of one trunk call, and how far they are apart.
func fits(out, in *channel) (int64, bool) {
	if out.pbx == in.pbx || out.link != nil || in.link != nil || out.called() == in.called() {
		return 0, false
	}
	d := distance(out.dial.at, in.created)
	if d > crossWindow || !sameNumber(out.dial.number, in.exten) {
		return 0, false
	}
	if caller := out.dial.caller; caller != "" && in.number != "" && !sameNumber(caller, in.number) {
		return 0, false
	}
	if out.ended() && out.end < in.created-crossMargin || in.ended() && in.end < out.dial.at-crossMargin {
		return 0, false
	}
	return d, together(out.up, in.up, out, in) && (!out.ended() || !in.ended() || distance(out.end, in.end) <= crossTogether)
}

// together tells whether two legs may have been answered as one: at about the same time, or neither.
func together(x, y int64, out, in *channel) bool {
	switch {
	case x != 0 && y != 0:
		return distance(x, y) <= crossTogether
	case x != 0:
		return !in.ended()
	case y != 0:
		return !out.ended()
	}
	return true
}

// sameNumber compares numbers as two PBXs write them: with and without prefixes and plus signs.
func sameNumber(x, y string) bool {
	x, y = strings.TrimPrefix(x, "+"), strings.TrimPrefix(y, "+")
	if x == y {
		return x != ""
	}
	if len(x) < crossDigits || len(y) < crossDigits {
		return false
	}
	n := min(len(x), len(y), 10)
	return x[len(x)-n:] == y[len(y)-n:]
}

func distance(x, y int64) int64 {
	if x > y {
		return x - y
	}
	return y - x
}
