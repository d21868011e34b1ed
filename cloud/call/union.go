package call

import "slices"

// component is a set of channels that are one story, with what belongs to the story and to no single channel. Components
// are only ever united, never split. The smaller one moves into the larger one, so that a call of ten thousand channels
// costs n·log n.
type component struct {
	order     uint64
	pbxs      []*pbx // it touched
	channels  []*channel
	transfers []*transfer
	parkings  []*parking
	joins     []joined
	open      int   // channels that have not ended
	last      int64 // when the latest channel ended

	dirty   bool
	dead    bool   // moved into another one
	listed  bool   // scratch of due
	closed  bool   // handed out as final
	hidden  bool   // is no call (a service code, a scanner), judged at its end
	waiting bool   // for the settle delay, or to be dropped
	derived int64  // when it was last derived, in the time of the stream
	rev     uint32 // of what was handed out last
	handed  []ID   // ids under which it was handed out
	print   uint64 // of what was handed out last, so that nothing is handed out twice
}

// reason says why two components were united.
type reason uint8

const (
	becauseLinkedid reason = iota
	becauseLocal
	becauseDial
	becauseBridge
	becauseTransfer
	becausePickup
	becauseParking
	becauseConsultation
	becauseHeader
	becauseCallID
	becauseNumbers
)

// joined keeps what united two components, for whoever asks why.
type joined struct {
	why  reason
	at   int64
	a, b *channel
}

func (a *Assembler) newComponent() *component {
	a.order++
	return &component{order: a.order}
}

func (a *Assembler) join(s *component, c *channel) {
	c.part = s
	s.channels = append(s.channels, c)
	if !slices.Contains(s.pbxs, c.pbx) {
		s.pbxs = append(s.pbxs, c.pbx)
	}
	if !c.ended() {
		s.open++
	}
}

// Bounds of what weak evidence may enlarge: one wrong join must not grow into a day's traffic.
const (
	maxWeakUnion = 200                // channels
	maxWeakAge   = 12 * 3600 * second // since the story's first channel
)

// weaklyUnite unites the stories of two channels for a reason that is no proof, unless they have grown too large for that.
func (a *Assembler) weaklyUnite(x, y *channel, why reason) {
	if !a.grown(x.part, y.part) {
		a.unite(x, y, why)
	}
}

// grown tells whether two stories are too large or too old to be united for a reason that is no proof.
func (a *Assembler) grown(x, y *component) bool {
	if x == y || len(x.channels)+len(y.channels) <= maxWeakUnion && distance(x.born(), y.born()) <= maxWeakAge {
		return false
	}
	a.counters.Capped++
	return true
}

// born is when the first channel of a story of moderate size began.
func (s *component) born() int64 {
	born := s.channels[0].created
	for _, c := range s.channels {
		born = min(born, c.created)
	}
	return born
}

// unite makes one story of the stories of two channels.
func (a *Assembler) unite(x, y *channel, why reason) {
	if x == nil || y == nil || x.part == y.part {
		return
	}
	into, from := x.part, y.part
	if len(into.channels) < len(from.channels) || len(into.channels) == len(from.channels) && into.order > from.order {
		into, from = from, into
	}
	for _, c := range from.channels {
		c.part = into
	}
	into.channels = append(into.channels, from.channels...)
	for _, p := range from.pbxs {
		if !slices.Contains(into.pbxs, p) {
			into.pbxs = append(into.pbxs, p)
		}
	}
	into.transfers = append(into.transfers, from.transfers...)
	into.parkings = append(into.parkings, from.parkings...)
	into.joins = append(into.joins, from.joins...)
	if why != becauseLinkedid {
		into.joins = append(into.joins, joined{why: why, at: a.rec.t, a: x, b: y})
	}
	into.open += from.open
	into.last = max(into.last, from.last)
	into.rev = max(into.rev, from.rev)
	into.handed = append(into.handed, from.handed...)
	into.order = min(into.order, from.order)
	into.derived = max(into.derived, from.derived)
	into.print = 0
	from.dead = true
	from.channels, from.transfers, from.parkings, from.joins, from.handed = nil, nil, nil, nil, nil
	a.touch(into)
}

// touch marks a story as changed. It is derived when somebody asks for it, not before.
func (a *Assembler) touch(s *component) {
	if s.dirty {
		return
	}
	s.dirty = true
	a.dirty = append(a.dirty, s)
}
