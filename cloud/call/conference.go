package call

import "cmp"

// Members of a conference stay calls of their own: a bridge of many is no talk between each two of them. A member that was
// invited through a Local pair sits behind it.

// seat is one stay of a party in a conference.
type seat struct {
	who      *channel
	name     string
	from, to int64
}

// sit finds who was in which conference.
func (t *story) sit() {
	for _, c := range t.list {
		for _, m := range c.rooms {
			s := seat{who: c, name: m.name, from: m.from, to: cmp.Or(m.to, c.endOr(t.now))}
			switch {
			case c.kind == kindLocal:
				t.sitBehind(c, s, maxHops)
			case c.link == nil:
				t.seats = append(t.seats, s)
			}
		}
	}
}

// sitBehind gives the seat of a Local half to the parties that are connected with its other half.
func (t *story) sitBehind(half *channel, s seat, hops int) {
	if half.peer == nil || hops == 0 {
		return
	}
	for i := range half.peer.stays {
		in := &half.peer.stays[i]
		for _, o := range t.list {
			if o == half.peer {
				continue
			}
			for k := range o.stays {
				by := &o.stays[k]
				if by.bridge != in.bridge {
					continue
				}
				part := seat{
					who: o, name: s.name,
					from: max(s.from, in.from, by.from),
					to:   min(s.to, cmp.Or(in.to, s.to), cmp.Or(by.to, s.to)),
				}
				switch {
				case part.to-part.from < talkLeast:
				case o.kind == kindLocal:
					t.sitBehind(o, part, hops-1)
				case o.link == nil:
					t.seats = append(t.seats, part)
				}
			}
		}
	}
}

func (t *story) seated(c *channel) bool {
	for i := range t.seats {
		if t.seats[i].who == c {
			return true
		}
	}
	return false
}

// paging tells a page or an intercom call: phones answer by themselves, and one speaks to all. That is no talk.
func (t *story) paging() bool { return !t.first.called() && t.first.ran("Page") }
