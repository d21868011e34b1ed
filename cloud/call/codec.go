package call

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
)

// State is written as one blob:
//
//	"CWC"  version  body                                             CRC32C of all before
//	                base time · strings come as they are first used,
//	                later ones by number · counts before lists ·
//	                channels, bridges, stories and PBXs by number
//
// One function describes each part for both directions, so that what is written is what is read.

// stateVersion grows with every change of what follows it. A state of another version is refused: calls are then
// assembled anew from stored events.
const stateVersion = 4

// ErrState says that a state is damaged or was written by another version of this program.
var ErrState = errors.New("state of calls is damaged or of another version")

// Snapshot returns all the assembler knows, so that another one can go on from here.
func (a *Assembler) Snapshot() ([]byte, error) {
	a.recast()
	k := &codec{base: a.now, known: map[string]uint64{}, b: make([]byte, 0, 4096)}
	k.b = append(k.b, 'C', 'W', 'C', stateVersion)
	k.number(&k.base)
	k.collect(a)
	k.assembler(a)
	return binary.BigEndian.AppendUint32(k.b, crc32.Checksum(k.b, crc32.MakeTable(crc32.Castagnoli))), nil
}

// Restore makes the assembler know what another one knew when it wrote the state. Options stay its own. On an error,
// always ErrState, nothing changes.
func (a *Assembler) Restore(state []byte) error {
	n := len(state) - crc32.Size
	if n < 4 || string(state[:3]) != "CWC" || state[3] != stateVersion ||
		crc32.Checksum(state[:n], crc32.MakeTable(crc32.Castagnoli)) != binary.BigEndian.Uint32(state[n:]) {
		return ErrState
	}
	k := &codec{reading: true, b: state[4:n], strings: []string{""}}
	k.number(&k.base)
	fresh := New(a.options)
	k.assembler(fresh)
	if k.failed || len(k.b) != 0 || !fresh.settle(k) {
		return ErrState
	}
	*a = *fresh
	return nil
}

// codec writes or reads. After a failed read it goes on with zeros, which ends all loops.
type codec struct {
	reading bool
	failed  bool
	b       []byte
	base    int64

	known   map[string]uint64 // writing: numbers of strings
	strings []string          // reading

	pbxs     []*pbx
	channels []*channel
	parts    []*component
	bridges  []*bridge
	lasting  []*interval    // reading: those that members and endpoints hold
	numbers  map[any]uint64 // writing: numbers of the above, from 1
}

func (k *codec) unsigned(n *uint64) {
	if !k.reading {
		k.b = binary.AppendUvarint(k.b, *n)
		return
	}
	v, size := binary.Uvarint(k.b)
	if size <= 0 {
		k.failed, k.b, v = true, nil, 0
	} else {
		k.b = k.b[size:]
	}
	*n = v
}

func (k *codec) number(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	k.unsigned(&u)
	*n = int64(u>>1) ^ -int64(u&1)
}

// time writes µs since 1970 as a distance from the base; 0 stays 0.
func (k *codec) time(t *int64) {
	var u uint64
	if !k.reading && *t != 0 {
		d := *t - k.base
		u = uint64(d)<<1 ^ uint64(d>>63)
		u++
	}
	k.unsigned(&u)
	if k.reading {
		*t = 0
		if u != 0 {
			u--
			*t = k.base + (int64(u>>1) ^ -int64(u&1))
		}
	}
}

func (k *codec) text(s *string) {
	if k.reading {
		*s = k.readText()
		return
	}
	if *s == "" {
		k.b = append(k.b, 0)
		return
	}
	if n, ok := k.known[*s]; ok {
		k.b = binary.AppendUvarint(k.b, n)
		return
	}
	n := uint64(len(k.known) + 1)
	k.known[*s] = n
	k.b = binary.AppendUvarint(k.b, n)
	k.b = binary.AppendUvarint(k.b, uint64(len(*s)))
	k.b = append(k.b, *s...)
}

func (k *codec) readText() string {
	var n, size uint64
	k.unsigned(&n)
	switch {
	case n < uint64(len(k.strings)):
		return k.strings[n]
	case n > uint64(len(k.strings)):
		k.failed, k.b = true, nil
		return ""
	}
	k.unsigned(&size)
	if size > uint64(len(k.b)) {
		k.failed, k.b = true, nil
		return ""
	}
	s := string(k.b[:size])
	k.b = k.b[size:]
	k.strings = append(k.strings, s)
	return s
}

func (k *codec) flags(list ...*bool) {
	var u uint64
	for i, f := range list {
		if *f {
			u |= 1 << i
		}
	}
	k.unsigned(&u)
	for i, f := range list {
		*f = u&(1<<i) != 0
	}
}

func small[T ~uint8 | ~uint16 | ~uint32 | ~int](k *codec, v *T) {
	n := int64(*v)
	k.number(&n)
	*v = T(n)
}

// count writes the length of a list, or returns the one that is read. Every element takes a byte at least, which bounds
// what a damaged length can ask for.
func (k *codec) count(n int) int {
	u := uint64(n)
	k.unsigned(&u)
	if k.reading && u > uint64(len(k.b)) {
		k.failed, k.b = true, nil
		return 0
	}
	return int(u)
}

func list[T any](k *codec, l *[]T, each func(*T)) {
	n := k.count(len(*l))
	if k.reading {
		if n == 0 {
			*l = nil
			return
		}
		*l = make([]T, n)
	}
	for i := range *l {
		each(&(*l)[i])
	}
}

// pointers is list for lists of pointers to parts that belong to one owner.
func pointers[T any](k *codec, l *[]*T, each func(*T)) {
	list(k, l, func(p **T) {
		if k.reading {
			*p = new(T)
		}
		each(*p)
	})
}

// refer writes the number of a part of a numbered list, 0 for none.
func refer[T any](k *codec, all []*T, p **T) {
	var u uint64
	if !k.reading && *p != nil {
		u = k.numbers[*p]
	}
	k.unsigned(&u)
	if !k.reading {
		return
	}
	*p = nil
	switch {
	case u > uint64(len(all)):
		k.failed, k.b = true, nil
	case u > 0:
		*p = all[u-1]
	}
}

func (k *codec) channel(c **channel) { refer(k, k.channels, c) }

func (k *codec) channelList(l *[]*channel) {
	list(k, l, func(c **channel) { needed(k, k.channels, c) })
}

// needed is refer for what must not be missing.
func needed[T any](k *codec, all []*T, p **T) {
	refer(k, all, p)
	if k.reading && *p == nil {
		k.failed, k.b = true, nil
	}
}

// collect numbers everything that others refer to.
func (k *codec) collect(a *Assembler) {
	k.numbers = map[any]uint64{}
	k.pbxs = a.pbxs
	seen := map[*component]bool{}
	add := func(s *component) {
		if !s.dead && !seen[s] {
			seen[s] = true
			k.parts = append(k.parts, s)
		}
	}
	for _, p := range a.pbxs {
		for _, c := range p.channels {
			add(c.part)
		}
	}
	for _, l := range [][]*component{a.dirty, a.settling, a.ended} {
		for _, s := range l {
			add(s)
		}
	}
	slices.SortFunc(k.parts, func(x, y *component) int { return compare(x.order, y.order) })
	for _, s := range k.parts {
		k.channels = append(k.channels, s.channels...)
	}
	known := map[*bridge]bool{}
	note := func(b *bridge) {
		if !known[b] {
			known[b] = true
			k.bridges = append(k.bridges, b)
		}
	}
	for _, c := range k.channels {
		for i := range c.stays {
			note(c.stays[i].bridge)
		}
	}
	for _, p := range a.pbxs {
		for _, id := range sortedKeys(p.bridges) {
			note(p.bridges[id])
		}
	}
	enumerate(k, k.pbxs)
	enumerate(k, k.channels)
	enumerate(k, k.parts)
	enumerate(k, k.bridges)
}

func enumerate[T any](k *codec, all []*T) {
	for i, p := range all {
		k.numbers[p] = uint64(i + 1)
	}
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// allocate makes what is referred to before it is read.
func allocate[T any](k *codec, all *[]*T) {
	n := k.count(len(*all))
	if !k.reading {
		return
	}
	*all = make([]*T, n)
	block := make([]T, n)
	for i := range block {
		(*all)[i] = &block[i]
	}
}
