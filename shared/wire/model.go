package wire

import (
	"bytes"
	"math/bits"
	"slices"
)

// The model is what encoder and decoder of a batch both know at every point of it: the strings that have occurred, the
// shapes of events, what is known about each channel, and what followed what. Both change it by the same steps in the
// same order, so the encoder only has to write what the model does not say already. It begins as the preset (preset.go)
// and is thrown away with the batch.

// stringID names a string of the model: first those of the preset, then those of the batch in order of appearance.
// Zero is no string.
type stringID uint32

type entry struct{ off, size, hash uint32 }

const (
	rowCells   = 32   // values a row can hold
	cellBefore = 31   // the one for fields with contextRow: not taken over by a new row
	rowRing    = 8    // rows of a table that are named by how long ago they were used
	stringRing = 16   // strings of the batch that are named so
	columns    = 2048 // fields that share a column are predicted from one another, which costs bytes and nothing else
	successors = 2048
	maxParts   = 8
	tables     = 8
)

// row is what is known about one thing that events speak of: a channel, a bridge, a device.
type row struct{ cells [rowCells]stringID }

// table holds the rows of one sort of things.
type table struct {
	rows []row
	ring [rowRing]int32 // last used rows, newest first; -1 for none
}

// shape is the form of an event: its name and its fields' names, in order.
type shape struct {
	id     EventID
	name   string
	hash   uint32 // of the event's name or number: it sets its successors apart
	fields []shapeField
	parts  []uint8 // table of each part; a part is the fields that describe one row

	last []stringID      // by field: the value it had last; only for fields without row or context
	base [maxParts]int32 // by part: the row it described last, from which a new row takes its first values; -1 for none
	like [2]int32        // the last kind of this shape without and with a new row, beside which another is described; -1 for none

	stamp uint64 // of the batch that last, base and like are of

	// Encoder only:
	key    [maxParts]int16 // by part: the field that tells rows apart
	first  [maxParts]int16 // by part: where its fields begin
	number uint32          // its number in this batch
}

// shapeField is a field of a shape. Its value is predicted by the row that its part describes, or else by its context.
type shapeField struct {
	id      FieldID
	name    string
	column  uint16
	part    uint8 // number of the part plus one; 0 for a field that belongs to none
	cell    uint8 // place in the row
	context uint8
}

// What predicts a field that belongs to no row.
const (
	contextShape  = iota // its value in the last event of this shape
	contextBefore        // what followed the value of the field before it
	contextRow           // what followed its value in the last event with the same first row
	contextColumn        // the last value of its column
	contexts
)

// kind is a shape together with how its parts' rows are found and which of its fields have other values than predicted.
// Most events are of a kind that has occurred, so most of an event is one number.
type kind struct {
	shape uint32
	refs  [maxParts]uint8
	news  []uint64 // a bit a field, from the lowest: a token says its value
}

// How the row of a part is found.
const (
	refLatest = iota // the row of its table that was used last
	refNew           // it is new
	refOther         // a code says which
)

func words(fields int) int { return (fields + 63) / 64 }

type successor struct {
	key   uint32
	value stringID
}

type model struct {
	preset  *preset
	text    []byte // of all strings
	strings []entry
	static  int // strings of the preset, the one for none included
	ring    [stringRing]stringID
	tables  [tables]table
	shapes  []*shape
	kinds   []kind
	news    []uint64 // of the batch's kinds
	follows [successors]successor
	column  [columns]stringID // by column: its last value
	literal [columns]stringID // by column: its last value that was spelt out
}

// use begins with a preset.
func (m *model) use(p *preset) {
	m.preset = p
	m.text = slices.Clone(p.text)
	m.strings = slices.Clone(p.strings)
	m.static = len(p.strings)
	m.kinds = slices.Clone(p.kinds)
	for _, sh := range p.shapes {
		own := *sh
		own.last = slices.Clone(sh.last)
		m.shapes = append(m.shapes, &own)
	}
	m.reset()
}

// reset takes the model back to the preset, but for the shapes of the preset: encoder and decoder take each back when it
// is used first, for a batch uses few of them.
func (m *model) reset() {
	m.text = m.text[:len(m.preset.text)]
	m.strings = m.strings[:m.static]
	m.ring = [stringRing]stringID{}
	for i := range m.tables {
		m.tables[i].rows = m.tables[i].rows[:0]
		for j := range m.tables[i].ring {
			m.tables[i].ring[j] = -1
		}
	}
	clear(m.shapes[len(m.preset.shapes):])
	m.shapes = m.shapes[:len(m.preset.shapes)]
	m.kinds = m.kinds[:len(m.preset.kinds)]
	m.news = m.news[:0]
	m.follows = m.preset.follows
	clear(m.column[:])
	clear(m.literal[:])
}

// forget takes a shape back to where no event of it has occurred.
func (sh *shape) forget(last []stringID, like [2]int32) {
	copy(sh.last, last)
	sh.like = like
	for i := range sh.base {
		sh.base[i] = -1
	}
}

func (m *model) bytesOf(id stringID) []byte {
	e := m.strings[id]
	return m.text[e.off:][:e.size:e.size]
}

func (m *model) value(id stringID) string { return text(m.bytesOf(id)) }

// is reports whether id is the string v. No string is no string's value.
func (m *model) is(id stringID, v string) bool {
	e := &m.strings[id]
	return int(e.size) == len(v) && string(m.text[e.off:][:e.size]) == v && id != 0
}

// addString takes the last n bytes of text as a new string.
func (m *model) addString(n int, hash uint32) stringID {
	m.strings = append(m.strings, entry{off: uint32(len(m.text) - n), size: uint32(n), hash: hash})
	return stringID(len(m.strings) - 1)
}

// touch makes id the string of the batch that was used last.
func (m *model) touch(id stringID) {
	last := m.ring[0]
	m.ring[0] = id
	for i := 1; i < stringRing && last != id; i++ {
		last, m.ring[i] = m.ring[i], last
	}
}

// use makes row r the one of its table that was used last.
func (t *table) use(r int32) {
	last := t.ring[0]
	t.ring[0] = r
	for i := 1; i < rowRing && last != r; i++ {
		last, t.ring[i] = t.ring[i], last
	}
}

// template returns the n-th of the rows that a new row of sh's part can begin as: the one the part described last, then
// those of its table from the one used last on, and what the preset has where there is none.
func (m *model) template(sh *shape, part, n int) *row {
	t := &m.tables[sh.parts[part]]
	from := sh.base[part]
	if n > 0 {
		from = t.ring[n-1]
	}
	if from < 0 {
		return &m.preset.rows[sh.parts[part]]
	}
	return &t.rows[from]
}

const templates = rowRing + 1

// addRow makes a new row of sh's part that begins as its n-th template.
func (m *model) addRow(sh *shape, part, n int) int32 {
	own := *m.template(sh, part, n)
	own.cells[cellBefore] = 0
	t := &m.tables[sh.parts[part]]
	t.rows = append(t.rows, own)
	return int32(len(t.rows) - 1)
}

// take notes that sh's part describes row r.
func (m *model) take(sh *shape, part int, r int32) {
	m.tables[sh.parts[part]].use(r)
	sh.base[part] = r
}

// cell is where the value of a field is kept that belongs to a part, or to the first one's row by its context.
func (m *model) cell(sh *shape, f *shapeField) *stringID {
	part := max(int(f.part)-1, 0)
	return &m.tables[sh.parts[part]].rows[sh.base[part]].cells[f.cell]
}

// expected returns what field i, which belongs to no row, should have for a value; before is the value of the field
// before it. It also returns where to learn what it has.
func (m *model) expected(sh *shape, i int, before stringID) (stringID, *successor, uint32) {
	f := &sh.fields[i]
	switch f.context {
	case contextBefore:
		next, key := m.slot(sh, f, m.hashOf(before))
		return next.predict(key), next, key
	case contextRow:
		next, key := m.slot(sh, f, m.hashOf(*m.cell(sh, f)))
		return next.predict(key), next, key
	case contextColumn:
		return m.column[f.column], nil, 0
	}
	return sh.last[i], nil, 0
}

// learn notes the value of field i, which belongs to no row.
func (m *model) learn(sh *shape, i int, id stringID, next *successor, key uint32) {
	f := &sh.fields[i]
	if next == nil {
		sh.last[i] = id
	} else {
		*next = successor{key, id}
	}
	if f.context == contextRow {
		*m.cell(sh, f) = id
	}
	m.column[f.column] = id
}

func (m *model) addKind(shape uint32, refs []uint8, news []uint64) {
	from := len(m.news)
	m.news = append(m.news, news...)
	k := kind{shape: shape, news: m.news[from:len(m.news):len(m.news)]}
	copy(k.refs[:], refs)
	m.kinds = append(m.kinds, k)
}

// likeOf returns the bits of the kind beside which a new kind of sh is described.
func (m *model) likeOf(sh *shape, refs []uint8) []uint64 {
	sort := sortOf(refs)
	if sh.like[sort] < 0 {
		sort = 1 - sort
	}
	if sh.like[sort] < 0 {
		return nil
	}
	return m.kinds[sh.like[sort]].news
}

// sortOf is 1 for kinds with a new row, of which most fields are new too.
func sortOf(refs []uint8) int {
	if bytes.IndexByte(refs, refNew) >= 0 {
		return 1
	}
	return 0
}

func noLike() [2]int32 { return [2]int32{-1, -1} }

func (k *kind) is(shape uint32, refs []uint8, news []uint64) bool {
	return k.shape == shape && bytes.Equal(k.refs[:len(refs)], refs) && slices.Equal(k.news, news)
}

func hashKind(shape uint32, refs []uint8, news []uint64) uint32 {
	const k = 0x9E3779B97F4A7C15
	h := (uint64(shape) + 1) * k
	for _, r := range refs {
		h = (h ^ uint64(r)) * k
	}
	for _, c := range news {
		h = (h ^ c ^ h>>32) * k
	}
	return uint32(h >> 32)
}

// slot is where it is remembered what follows the string with this hash in this field of such events.
func (m *model) slot(sh *shape, f *shapeField, before uint32) (*successor, uint32) {
	key := bits.RotateLeft32(sh.hash+uint32(f.column)*0x9E3779B1, 15) ^ before*0x85EBCA6B
	key ^= key >> 15
	key *= 0xC2B2AE35
	return &m.follows[key>>(32-11)], key | 1
}

// predict returns what followed, or no string.
func (s *successor) predict(key uint32) stringID {
	if s.key != key {
		return 0
	}
	return s.value
}

func (m *model) hashOf(id stringID) uint32 { return m.strings[id].hash }

// hashString is part of the format: the successors' places follow from it.
func hashString(s string) uint32 {
	const k = 0x9E3779B97F4A7C15
	h := uint64(len(s)+1) * k
	for len(s) >= 8 {
		v := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		h = (h ^ v) * k
		h ^= h >> 29
		s = s[8:]
	}
	v := uint64(0)
	for i := range len(s) {
		v |= uint64(s[i]) << (8 * i)
	}
	h = (h ^ v) * k
	return uint32(h >> 32)
}

func hashEvent(id EventID, name string) uint32 {
	if id == 0 {
		return hashString(name)
	}
	return uint32(id) * 0x9E3779B1
}
