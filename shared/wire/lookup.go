package wire

// lookup finds numbers by a hash: a table with open addressing that can be taken back to an earlier state quickly. It is
// the encoder's alone. Searches give up after a while, so that strings chosen to have the same hash cost the batch some
// bytes and not the agent its time.
type lookup struct {
	slots []lookupSlot
	used  int
	kept  []lookupSlot // what restart goes back to
	full  int          // used then
}

type lookupSlot struct{ hash, id uint32 } // id plus one; zero is empty

const (
	lookupMin    = 256
	lookupProbes = 64
)

// start begins a search: n is the number of places that are left to look at, none of them empty.
func (l *lookup) start(hash uint32) (i, n int) {
	if len(l.slots) == 0 {
		return 0, 0
	}
	i = int(hash) & (len(l.slots) - 1)
	if l.slots[i].id == 0 {
		return i, 0
	}
	return i, lookupProbes
}

func (l *lookup) next(i, n int) (int, int) {
	i = (i + 1) & (len(l.slots) - 1)
	if l.slots[i].id == 0 {
		return i, 0
	}
	return i, n - 1
}

// at returns what is there, and whether its hash is the one wanted.
func (l *lookup) at(i int, hash uint32) (id uint32, same bool) {
	s := l.slots[i]
	return s.id - 1, s.hash == hash
}

func (l *lookup) add(hash, id uint32) {
	if 2*(l.used+1) > len(l.slots) {
		l.grow()
	}
	l.put(lookupSlot{hash, id + 1})
}

func (l *lookup) put(s lookupSlot) {
	i := int(s.hash) & (len(l.slots) - 1)
	for range lookupProbes {
		if l.slots[i].id == 0 {
			l.slots[i] = s
			l.used++
			return
		}
		i = (i + 1) & (len(l.slots) - 1)
	}
}

func (l *lookup) grow() {
	old := append([]lookupSlot(nil), l.slots...)
	size := max(lookupMin, 2*len(old))
	if cap(l.slots) < size {
		l.slots = make([]lookupSlot, size)
	} else {
		l.slots = l.slots[:size]
		clear(l.slots)
	}
	l.used = 0
	for _, s := range old {
		if s.id != 0 {
			l.put(s)
		}
	}
}

// keep makes the present state the one that restart goes back to. It leaves room, so that a batch seldom has to grow it.
func (l *lookup) keep() {
	l.grow()
	l.kept, l.full = append([]lookupSlot(nil), l.slots...), l.used
}

func (l *lookup) restart() {
	switch {
	case l.used == l.full:
	case l.kept == nil:
		clear(l.slots)
	default:
		l.slots = l.slots[:len(l.kept)]
		copy(l.slots, l.kept)
	}
	l.used = l.full
}
