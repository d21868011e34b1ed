package rights

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
)

// Seat is a device while it was somebody's.
type Seat struct {
	Operator int32 // the device
	From, To int64 // ms since 1970, UTC; 0 means since ever and until further notice
}

// during tells whether the seat and a time have a moment in common. A time of no length is a moment; to 0 lasts.
func (s Seat) during(from, to int64) bool {
	return (s.To == 0 || from < s.To) && (s.From == 0 || to == 0 || to > s.From || from == to && to == s.From)
}

// Scope is what may be seen. The zero value sees nothing.
type Scope struct {
	Everything bool    // no limit
	Queues     []int32 // limited to: calls that were in one of these, and their rows,
	Operators  []int32 // or in which one of these devices took part, and its rows,
	Seats      []Seat  // or one of these while it was somebody's
	Own        bool    // the devices are the viewer's own: nothing of others is shown beside them
	Unwatched  []int32 // devices that are not to be watched and appear nowhere; nil for who may see them
	Hidden     []Seat  // devices that are not to be watched for some time
	Numbers    bool    // outside numbers are shown in full
}

// Sees tells whether a row of a queue and a device (0: of none) is visible whenever it was. What is visible for some time
// only is for [Scope.SeesDuring] to tell.
func (s Scope) Sees(queue, operator int32) bool {
	if s.Everything {
		return true
	}
	if queue != 0 && !s.Own && slices.Contains(s.Queues, queue) {
		return true
	}
	return operator != 0 && slices.Contains(s.Operators, operator) && !s.Hides(operator)
}

// SeesDuring tells it of a row of a time: from and to are equal for a moment, and to is 0 for what lasts.
func (s Scope) SeesDuring(queue, operator int32, from, to int64) bool {
	return s.Sees(queue, operator) ||
		operator != 0 && (slices.Contains(s.Operators, operator) || taken(s.Seats, operator, from, to)) && !s.HidesDuring(operator, from, to)
}

// Hides tells whether a device is not to be watched by this viewer at some time or ever.
func (s Scope) Hides(operator int32) bool {
	return slices.Contains(s.Unwatched, operator) || slices.ContainsFunc(s.Hidden, func(t Seat) bool { return t.Operator == operator })
}

// HidesDuring tells whether it is not to be watched in any part of a time; to 0: it lasts.
func (s Scope) HidesDuring(operator int32, from, to int64) bool {
	return operator != 0 && (slices.Contains(s.Unwatched, operator) || taken(s.Hidden, operator, from, to))
}

func taken(seats []Seat, operator int32, from, to int64) bool {
	return slices.ContainsFunc(seats, func(t Seat) bool { return t.Operator == operator && t.during(from, to) })
}

// Nothing tells that nothing at all is visible.
func (s Scope) Nothing() bool {
	return !s.Everything && len(s.Seats)+len(s.Operators) == 0 && (s.Own || len(s.Queues) == 0)
}

// Watches tells that nobody is hidden from the viewer.
func (s Scope) Watches() bool { return len(s.Unwatched)+len(s.Hidden) == 0 }

// Devices are those that are visible at some time.
func (s Scope) Devices() []int32 { return devices(s.Operators, s.Seats) }

// HiddenDevices are those that are not to be watched at some time.
func (s Scope) HiddenDevices() []int32 { return devices(s.Unwatched, s.Hidden) }

func devices(always []int32, seats []Seat) []int32 {
	list := slices.Clone(always)
	for _, t := range seats {
		list = append(list, t.Operator)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Within is what both scopes see, or less: of a row that one sees by its queue and the other by its device neither is sure.
func (s Scope) Within(outer Scope) Scope {
	both := Scope{
		Everything: s.Everything && outer.Everything, Own: s.Own || outer.Own, Numbers: s.Numbers && outer.Numbers,
		Unwatched: slices.Concat(s.Unwatched, outer.Unwatched), Hidden: slices.Concat(s.Hidden, outer.Hidden),
	}
	switch {
	case both.Everything:
	case s.Everything:
		both.Queues, both.Operators, both.Seats = outer.Queues, outer.Operators, outer.Seats
	case outer.Everything:
		both.Queues, both.Operators, both.Seats = s.Queues, s.Operators, s.Seats
	default:
		both.Queues = intersect(s.Queues, outer.Queues)
		both.Operators, both.Seats = Parted(meet(s.seats(), outer.seats()))
	}
	return both
}

// seats are all devices as seats.
func (s Scope) seats() []Seat {
	seats := slices.Clone(s.Seats)
	for _, o := range s.Operators {
		seats = append(seats, Seat{Operator: o})
	}
	return seats
}

// Parted parts devices that count whenever from those that count for some time.
func Parted(seats []Seat) (always []int32, sometimes []Seat) {
	for _, s := range seats {
		if s.From == 0 && s.To == 0 {
			always = append(always, s.Operator)
		} else {
			sometimes = append(sometimes, s)
		}
	}
	return always, sometimes
}

func intersect(a, b []int32) []int32 {
	var both []int32
	for _, id := range a {
		if slices.Contains(b, id) {
			both = append(both, id)
		}
	}
	return both
}

// meet are the times in which devices are in both lists.
func meet(a, b []Seat) []Seat {
	var both []Seat
	for _, x := range a {
		for _, y := range b {
			if x.Operator != y.Operator {
				continue
			}
			t := Seat{x.Operator, max(x.From, y.From), min(x.To, y.To)}
			if x.To == 0 || y.To == 0 {
				t.To = max(x.To, y.To)
			}
			if t.To == 0 || t.From < t.To {
				both = append(both, t)
			}
		}
	}
	return both
}

// Minus are the times of a without those of b.
func Minus(a, b []Seat) []Seat {
	left := a
	for _, cut := range b {
		var rest []Seat
		for _, s := range left {
			if s.Operator != cut.Operator || cut.To != 0 && cut.To <= s.From || s.To != 0 && s.To <= cut.From {
				rest = append(rest, s)
				continue
			}
			if cut.From > s.From {
				rest = append(rest, Seat{s.Operator, s.From, cut.From})
			}
			if cut.To != 0 && (s.To == 0 || cut.To < s.To) {
				rest = append(rest, Seat{s.Operator, cut.To, s.To})
			}
		}
		left = rest
	}
	return left
}

// Key is the same for all who see the same, whoever they are: what caches go by.
func (s Scope) Key() string {
	h := sha256.New()
	var flags byte
	for i, on := range []bool{s.Everything, s.Own, s.Numbers} {
		if on {
			flags |= 1 << i
		}
	}
	b := []byte{flags}
	for _, list := range [][]int32{s.Queues, s.Operators, s.Unwatched} {
		sorted := slices.Compact(slices.Sorted(slices.Values(list)))
		b = binary.AppendUvarint(b, uint64(len(sorted)))
		for _, id := range sorted {
			b = binary.AppendVarint(b, int64(id))
		}
	}
	for _, seats := range [][]Seat{s.Seats, s.Hidden} {
		sorted := slices.Compact(slices.SortedFunc(slices.Values(seats), compareSeats))
		b = binary.AppendUvarint(b, uint64(len(sorted)))
		for _, t := range sorted {
			b = binary.AppendVarint(b, int64(t.Operator))
			b = binary.AppendVarint(b, t.From)
			b = binary.AppendVarint(b, t.To)
		}
	}
	h.Write(b)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

func compareSeats(a, b Seat) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}
