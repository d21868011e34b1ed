package call

import (
	"slices"
)

// References are values that a PBX hands to the next with the call. They need no waiting: where both ends show the same
// one, they are one.

const (
	crossKeep  = 30 * second // how long a story looks for the legs behind a reference
	maxRefs    = 1 << 16     // references remembered at most
	maxShowing = 64          // channels remembered of one reference
	maxUnfit   = 1 << 11     // pairs of channels that wait for their legs, at most
)

type refSeen struct {
	key string
	at  int64
}

func (r reference) key() string { return r.kind + "\x00" + r.value }

// refer notes evidence and links at once where it fits.
func (x *crosser) refer(a *Assembler, c *channel, ref reference) {
	if ref.peer != "" {
		if c = c.sibling(ref.peer); c == nil || c.kind != kindParty {
			return
		}
	}
	key := ref.key()
	if x.refs == nil {
		x.refs = map[string][]*channel{}
	}
	seen := x.refs[key]
	if len(seen) >= maxShowing || slices.ContainsFunc(seen, func(o *channel) bool { return o == c || tells(o, c) }) {
		return
	}
	if len(seen) == 0 {
		if len(x.recent) >= maxRefs {
			return
		}
		x.recent = append(x.recent, refSeen{key: key, at: a.now})
	}
	seen = append(seen, c)
	x.refs[key] = seen
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

// unfit are two channels of two PBXs that showed the same reference, before it was told which leg joins them.
type unfit struct {
	one, two *channel
	ref      reference
	at       int64
}

// refit looks at references that were shown before it was told of a leg.
func (x *crosser) refit(a *Assembler, c *channel) {
	if len(x.unfit) == 0 {
		return
	}
	now := a.slowest()
	x.unfit = slices.DeleteFunc(x.unfit, func(u unfit) bool {
		if u.one.part.dead || u.two.part.dead || now-u.at > crossWindow {
			return true
		}
		return (u.one.part == c.part || u.two.part == c.part) && x.byReference(a, u.one, u.two, u.ref)
	})
}

// tells tells whether a channel's showing a reference says no more than that another one did: phones that are rung
// inherit it from who calls them.
func tells(o, c *channel) bool {
	return o.part == c.part && o.pbx == c.pbx && !c.came && (c.ep == nil || c.ep.class() == classDevice)
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
		from, in := pair[0], pair[1]
		if !in.came || in.called() || in.kind != kindParty {
			continue
		}
		if k := in.link; k != nil {
			if k.out.pbx == from.pbx && k.out.part == from.part {
				x.confirm(a, k, ref)
				return true
			}
			continue
		}
		out := x.legTo(from, in, x.refs[ref.key()])
		if out == nil && ref.kind == "call-id" && from.called() && from.kind == kindParty && from.link == nil {
			out = from // a PBX that is registered like a phone is dialled without a number
		}
		if out == nil {
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
	if !k.certain {
		u := x.use(k.out, k.in)
		u.certain++
		u.likely = max(u.likely, 1) - 1
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

// legTo finds the leg by which a story left its PBX towards in: one that shows the reference itself, or where only
// another channel of the story shows it, one that left at the time. A call may leave by several legs at once with one
// reference; people's word and the number tell which of them came in here.
func (x *crosser) legTo(from, in *channel, seen []*channel) *channel {
	var best *channel
	var least [3]int64
	consider := func(o *channel, window int64) {
		if o.part != from.part || o.pbx != from.pbx || !leaves(o) {
			return
		}
		d := distance(o.dial.at+x.ahead(in.pbx, o.pbx), in.created)
		if d > window {
			return
		}
		score := [3]int64{2, 1, d}
		switch ok, paired := x.verdict(endOf(o), endOf(in)); {
		case paired:
			score[0] = 0
		case ok:
			score[0] = 1
		}
		if sameNumber(o.dial.number, in.exten) {
			score[1] = 0
		} else if window == crossWindow && in.ep.class() == classDevice {
			return // a phone that shows it called by itself
		}
		if best == nil || slices.Compare(score[:], least[:]) < 0 {
			best, least = o, score
		}
	}
	for _, o := range seen {
		consider(o, 1<<62)
	}
	switch {
	case best != nil:
	case len(from.part.channels) <= maxWeakUnion:
		for _, o := range from.part.channels {
			consider(o, crossWindow)
		}
	case in.waits != nil:
		x.outs.near(in.waits, crossWindow+x.mostLag, func(w *waiting) int64 { consider(w.c, crossWindow); return crossWindow })
	}
	return best
}

// expire forgets references that no other PBX will show any more.
func (x *crosser) expire(now int64) {
	for len(x.recent) > 0 && now-x.recent[0].at > 10*crossKeep {
		delete(x.refs, x.recent[0].key)
		x.recent = x.recent[1:]
	}
}
