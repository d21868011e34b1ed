package wire

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/klauspost/compress/zstd"
)

var (
	// ErrBatchOrder says that an event does not follow the one before it by one.
	ErrBatchOrder = errors.New("event is out of sequence")
	// ErrBatchFull says that an event does not fit into the batch any more: Finish it, Reset and add the event again.
	ErrBatchFull = errors.New("batch is full")
)

const (
	recentShapes   = 256
	maxBatchEvents = 1 << 16
	// maxBatchText leaves room in MaxBatchBytes for all that is not text, should nothing compress.
	maxBatchText = MaxBatchBytes / 2
)

// BatchEncoder turns events into a batch. It is used over and over: Reset, Add for each event, Finish. It allocates
// nothing per event once its buffers have grown. It is not for use by several goroutines at once.
type BatchEncoder struct {
	info BatchInfo
	size int // bytes of names and values so far
	model
	plan

	analyser *analyser
	known    map[uint64]*shape    // by hash of event and fields
	recent   [recentShapes]*shape // by event: the shape it had last
	batch    uint64               // counts Resets: shapes are numbered anew in each batch

	lookup  lookup // of strings
	rowsBy  [tables]lookup
	kindsBy lookup

	changes []uint64
	tokens  []byte
	refs    [maxParts]uint8

	received, pbx []int64
	planZ, spellZ *zstd.Encoder
	flat, packed  []byte
	body          []byte
}

// NewBatchEncoder returns an encoder; call Reset before the first Add.
func NewBatchEncoder() *BatchEncoder { return newBatchEncoder(latestPreset()) }

func newBatchEncoder(p *preset) *BatchEncoder {
	e := &BatchEncoder{
		analyser: newAnalyser(), known: map[uint64]*shape{},
		planZ: newCompressor(p.planDict), spellZ: newCompressor(p.spellDict),
	}
	e.use(p)
	for i, sh := range e.shapes {
		sh.number = uint32(i)
		e.known[sh.hashFields()] = sh
	}
	for i := range e.strings {
		e.lookup.add(e.strings[i].hash, uint32(i))
	}
	for i := range e.model.kinds {
		k := &e.model.kinds[i]
		e.kindsBy.add(hashKind(k.shape, k.refs[:len(e.shapes[k.shape].parts)], k.news), uint32(i))
	}
	e.lookup.keep()
	e.kindsBy.keep()
	e.Reset(0, 1)
	return e
}

func newCompressor(dict []byte) *zstd.Encoder {
	opts := []zstd.EOption{
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithWindowSize(256 << 10), zstd.WithLowerEncoderMem(true),
	}
	if len(dict) > 0 {
		opts = append(opts, zstd.WithEncoderDict(dict))
	}
	z, err := zstd.NewWriter(nil, opts...)
	if err != nil {
		panic("wire: zstd refuses constant options: " + err.Error())
	}
	return z
}

// Reset begins a batch whose first event has sequence number firstSeq.
func (e *BatchEncoder) Reset(stream, firstSeq uint64) {
	e.info = BatchInfo{Version: BatchVersion, Stream: stream, FirstSeq: firstSeq}
	e.size = 0
	e.model.reset()
	e.plan.reset()
	e.batch++
	e.lookup.restart()
	for i := range e.rowsBy {
		e.rowsBy[i].restart()
	}
	e.kindsBy.restart()
	e.received, e.pbx = e.received[:0], e.pbx[:0]
	if len(e.known) > 4096 { // of a PBX that sends ever new forms of events
		clear(e.known)
		clear(e.recent[:])
		for _, sh := range e.shapes {
			e.known[sh.hashFields()] = sh
		}
	}
}

// Len is the number of events added since Reset.
func (e *BatchEncoder) Len() int { return int(e.info.Count) }

// Size is the number of bytes of names and values in the events so far. The batch will be far smaller.
func (e *BatchEncoder) Size() int { return e.size }

// Info says what the batch holds so far.
func (e *BatchEncoder) Info() BatchInfo { return e.info }

// Add adds the next event. It copies what it needs of ev. Received takes less room where it is whole microseconds in all
// events of a batch. Errors: ErrBatchOrder, ErrBatchFull, and ErrBatchLimit for an event that fits into no batch; after
// any of them the batch is as it was.
func (e *BatchEncoder) Add(ev *Event) error {
	sh, size := e.recent[ev.ID%recentShapes], 0
	if sh != nil {
		size = sh.fit(ev)
	}
	if size == 0 {
		sh, size = nil, sizeOf(ev)
	}
	switch {
	case ev.Seq != e.info.FirstSeq+uint64(e.info.Count):
		return fmt.Errorf("add event %d after %d: %w", ev.Seq, e.info.LastSeq(), ErrBatchOrder)
	case size > maxBatchText || len(ev.Fields) > maxFields:
		return fmt.Errorf("add event %d of %d fields, %d bytes: %w", ev.Seq, len(ev.Fields), size, ErrBatchLimit)
	case e.size+size > maxBatchText || e.info.Count == maxBatchEvents:
		return ErrBatchFull
	}
	e.size += size
	if e.info.Count == 0 {
		e.info.From = ev.Received
	}
	e.info.To = ev.Received
	e.info.Count++
	e.received = append(e.received, ev.Received)
	e.pbx = append(e.pbx, ev.PBXTime)
	if sh == nil {
		sh = e.shapeOf(ev)
		e.recent[ev.ID%recentShapes] = sh
	}
	e.prepare(sh)
	e.event(sh, ev)
	return nil
}

// sizeOf is about how many bytes an event has. It is never zero.
func sizeOf(ev *Event) int {
	size := len(ev.Name) + 1
	for i := range ev.Fields {
		size += len(ev.Fields[i].Name) + len(ev.Fields[i].Value) + 2
	}
	return size
}

func (e *BatchEncoder) event(sh *shape, ev *Event) {
	e.tokens = e.tokens[:0] // rows first, then values: in the order in which they are read
	var rows [maxParts + 1]*row
	for part := range sh.parts {
		e.findRow(sh, part, ev)
	}
	for part := range sh.parts { // now that no more are added, they stay where they are
		rows[part+1] = &e.tables[sh.parts[part]].rows[sh.base[part]]
	}
	e.changes = append(e.changes[:0], make([]uint64, words(len(sh.fields)))...)
	before, changed := stringID(0), false
	for i := range sh.fields {
		f, v := &sh.fields[i], ev.Fields[i].Value
		switch {
		case f.part == 0 && f.context == contextShape && e.is(sh.last[i], v):
			before, changed = sh.last[i], false
			e.column[f.column] = before
			continue
		case f.part == 0:
			before, changed = e.plainField(sh, i, v, before)
		default:
			cell := &rows[f.part].cells[f.cell]
			if e.is(*cell, v) {
				before, changed = *cell, false
				continue
			}
			changed = changed && sh.fields[i-1].part == f.part
			before, changed = e.rowField(sh, f, cell, v, before, changed), true
		}
		if changed {
			e.changes[i>>6] |= 1 << (i & 63)
		}
	}
	e.events = append(e.kind(sh), e.tokens...)
}

// noNumber is the number of a shape that the batch has not described yet.
const noNumber = 1<<32 - 1

// shapeOf finds or makes the shape of ev.
func (e *BatchEncoder) shapeOf(ev *Event) *shape {
	h := hashShape(ev)
	sh := e.known[h]
	for sh != nil && sh.fit(ev) == 0 {
		h++
		sh = e.known[h]
	}
	if sh == nil {
		sh = e.analyser.shape(ev)
		sh.number = noNumber
		e.known[h] = sh
	}
	return sh
}

// prepare takes a shape back to where this batch begins, unless it has been used in it.
func (e *BatchEncoder) prepare(sh *shape) {
	if sh.stamp == e.batch {
		return
	}
	sh.stamp = e.batch
	if preset := e.preset.shapes; sh.number < uint32(len(preset)) {
		sh.forget(preset[sh.number].last, preset[sh.number].like)
		return
	}
	clear(sh.last)
	sh.forget(nil, noLike())
	sh.number = noNumber
}

func hashShape(ev *Event) uint64 {
	const k = 0x9E3779B97F4A7C15
	h := uint64(hashEvent(ev.ID, ev.Name)) + uint64(len(ev.Fields))<<32
	for i := range ev.Fields {
		f := &ev.Fields[i]
		v := uint64(f.ID)
		if f.ID == 0 {
			v = uint64(hashString(f.Name)) << 16
		}
		h = (h ^ v) * k
		h ^= h >> 29
	}
	return h
}

// hashFields is hashShape of an event of shape sh.
func (sh *shape) hashFields() uint64 {
	ev := Event{ID: sh.id, Name: sh.name, Fields: make([]Field, len(sh.fields))}
	for i, f := range sh.fields {
		ev.Fields[i] = Field{ID: f.id, Name: f.name}
	}
	return hashShape(&ev)
}

// fit is sizeOf ev where it has this shape, and zero where it has not.
func (sh *shape) fit(ev *Event) int {
	if sh.id != ev.ID || len(sh.fields) != len(ev.Fields) || sh.name != ev.Name {
		return 0
	}
	size := len(ev.Name) + 1
	for i := range sh.fields {
		f := &ev.Fields[i]
		if sh.fields[i].id != f.ID || sh.fields[i].name != f.Name {
			return 0
		}
		size += len(f.Name) + len(f.Value) + 2
	}
	return size
}

// findRow finds the row that a part describes by the value of its key, or makes it.
func (e *BatchEncoder) findRow(sh *shape, part int, ev *Event) {
	number, key := sh.parts[part], ev.Fields[sh.key[part]].Value
	t, cell := &e.tables[number], sh.fields[sh.key[part]].cell
	if r := t.ring[0]; r >= 0 && e.is(t.rows[r].cells[cell], key) {
		e.refs[part] = refLatest
		e.take(sh, part, r)
		return
	}
	hash := hashString(key)
	for i, n := e.rowsBy[number].start(hash); n > 0; i, n = e.rowsBy[number].next(i, n) {
		r, same := e.rowsBy[number].at(i, hash)
		if same && e.is(t.rows[r].cells[cell], key) {
			e.refs[part] = refOther
			e.nameRow(t, int32(r))
			e.take(sh, part, int32(r))
			return
		}
	}
	e.refs[part] = refNew
	n := e.bestTemplate(sh, part, ev)
	e.tokens = appendUint(e.tokens, uint64(n))
	r := e.addRow(sh, part, n)
	e.rowsBy[number].add(hash, uint32(r))
	e.take(sh, part, r)
}

// triedTemplates is how many are looked at: the more, the fewer bytes and the more time.
const triedTemplates = 6

// bestTemplate finds the template that has most values of the event already.
func (e *BatchEncoder) bestTemplate(sh *shape, part int, ev *Event) int {
	best, fewest := 0, len(sh.fields)+1
	for n := range triedTemplates {
		t := e.template(sh, part, n)
		if n > 0 && t == e.template(sh, part, 0) {
			continue
		}
		misses := 0
		for i := int(sh.first[part]); i < len(sh.fields) && misses < fewest; i++ {
			f := &sh.fields[i]
			if int(f.part) != part+1 {
				break
			}
			if !e.is(t.cells[f.cell], ev.Fields[i].Value) {
				misses++
			}
		}
		if misses < fewest {
			best, fewest = n, misses
		}
	}
	return best
}

// nameRow writes which row, not the latest, is meant.
func (e *BatchEncoder) nameRow(t *table, r int32) {
	for i := 1; i < rowRing; i++ {
		if t.ring[i] == r {
			e.tokens = appendUint(e.tokens, uint64(i-1))
			return
		}
	}
	e.tokens = appendUint(e.tokens, rowFar)
	e.far = appendUint(e.far, uint64(len(t.rows)-1-int(r)))
}

// rowField writes the value of a field that its row predicts wrongly. changed says whether the field before it, of the
// same part, had another value than its row; before is its value.
func (e *BatchEncoder) rowField(sh *shape, f *shapeField, cell *stringID, v string, before stringID, changed bool) stringID {
	old := *cell
	if !changed {
		before = old
	}
	next, key := e.slot(sh, f, e.hashOf(before))
	id := next.predict(key)
	if e.is(id, v) {
		e.tokens = append(e.tokens, tokenFollows)
	} else {
		id = e.columnOrToken(f, v, old)
	}
	*next = successor{key, id}
	*cell = id
	e.column[f.column] = id
	return id
}

// plainField does the same for a field that belongs to no row.
func (e *BatchEncoder) plainField(sh *shape, i int, v string, before stringID) (stringID, bool) {
	f := &sh.fields[i]
	if f.context == contextShape {
		id := sh.last[i]
		changed := !e.is(id, v)
		if changed {
			id = e.columnOrToken(f, v, 0)
			sh.last[i] = id
		}
		e.column[f.column] = id
		return id, changed
	}
	id, next, key := e.expected(sh, i, before)
	changed := !e.is(id, v)
	if changed {
		id = e.columnOrToken(f, v, 0)
	}
	e.learn(sh, i, id, next, key)
	return id, changed
}

func (e *BatchEncoder) columnOrToken(f *shapeField, v string, old stringID) stringID {
	if id := e.column[f.column]; e.is(id, v) {
		e.tokens = append(e.tokens, tokenColumn)
		return id
	}
	return e.token(f, v, old)
}

// token writes v, and returns its string.
func (e *BatchEncoder) token(f *shapeField, v string, old stringID) stringID {
	hash := hashString(v)
	for i, n := e.lookup.start(hash); n > 0; i, n = e.lookup.next(i, n) {
		id, same := e.lookup.at(i, hash)
		if same && e.is(stringID(id), v) {
			e.nameString(stringID(id))
			return stringID(id)
		}
	}
	e.model.text = append(e.model.text, v...)
	id := e.addString(len(v), hash)
	e.lookup.add(hash, uint32(id))
	e.touch(id)
	if isUUID(v) {
		e.tokens = appendUint(e.tokens, tokenUUID)
		e.uuids = packUUID(e.uuids, v)
		return id
	}
	e.tokens = appendUint(e.tokens, tokenSpelt)
	if old == 0 {
		old = e.literal[f.column]
	}
	e.literal[f.column] = id
	e.spell(v, e.value(old))
	return id
}

// nameString writes which string, of the preset or of the batch, is meant.
func (e *BatchEncoder) nameString(id stringID) {
	if int(id) < e.static {
		e.tokens = appendUint(e.tokens, uint64(id)+tokenStatic)
		return
	}
	for i := range stringRing {
		if e.ring[i] == id {
			e.tokens = appendUint(e.tokens, uint64(tokenRing+i))
			e.touch(id)
			return
		}
	}
	e.tokens = appendUint(e.tokens, tokenFar)
	e.far = appendUint(e.far, uint64(len(e.strings)-1-int(id)))
	e.touch(id)
}

// spell writes v as what differs from like.
func (e *BatchEncoder) spell(v, like string) {
	n := 0
	for n < len(v) && n < len(like) && v[n] == like[n] {
		n++
	}
	rest := len(v) - n
	if len(v) == len(like) && rest < sameLength {
		e.lengths = appendUint(e.lengths, uint64(rest))
	} else {
		e.lengths = appendUint(appendUint(e.lengths, uint64(n+sameLength)), uint64(rest))
	}
	e.spelling = append(e.spelling, v[n:]...)
}

// kind appends to events the kind that sh, refs and codes make, and returns events.
func (e *BatchEncoder) kind(sh *shape) []byte {
	refs := e.refs[:len(sh.parts)]
	hash := hashKind(sh.number, refs, e.changes)
	for i, n := e.kindsBy.start(hash); n > 0; i, n = e.kindsBy.next(i, n) {
		if id, same := e.kindsBy.at(i, hash); same && e.model.kinds[id].is(sh.number, refs, e.changes) {
			sh.like[sortOf(refs)] = int32(id)
			return appendUint(e.events, uint64(id)+kindBase)
		}
	}
	if sh.number == noNumber {
		sh.number = uint32(len(e.shapes))
		e.shapes = append(e.shapes, sh)
		e.plan.kinds = sh.appendTo(append(e.plan.kinds, 0))
		hash = hashKind(sh.number, refs, e.changes)
	} else {
		e.plan.kinds = appendUint(e.plan.kinds, uint64(sh.number)+1)
	}
	e.plan.kinds = append(e.plan.kinds, refs...)
	e.plan.kinds = appendFlips(e.plan.kinds, e.changes, e.likeOf(sh, refs))
	sh.like[sortOf(refs)] = int32(len(e.model.kinds))
	e.kindsBy.add(hash, uint32(len(e.model.kinds)))
	e.addKind(sh.number, refs, e.changes)
	return appendUint(e.events, kindNew)
}

// appendFlips appends how many bits of news differ from those of like, and how far each is from the one before.
func appendFlips(b []byte, news, like []uint64) []byte {
	n := 0
	for i, w := range news {
		n += bits.OnesCount64(w ^ wordOf(like, i))
	}
	b = appendUint(b, uint64(n))
	next := 0
	for i, w := range news {
		for w ^= wordOf(like, i); w != 0; w &= w - 1 {
			at := i*64 + bits.TrailingZeros64(w)
			b = appendUint(b, uint64(at-next))
			next = at + 1
		}
	}
	return b
}

func wordOf(words []uint64, i int) uint64 {
	if i < len(words) {
		return words[i]
	}
	return 0
}

func (sh *shape) appendTo(b []byte) []byte {
	b = appendID(b, uint16(sh.id), sh.name)
	b = appendUint(b, uint64(len(sh.parts)))
	for _, t := range sh.parts {
		b = appendUint(b, uint64(t))
	}
	b = appendUint(b, uint64(len(sh.fields)))
	for i := range sh.fields {
		f := &sh.fields[i]
		b = appendUint(appendID(b, uint16(f.id), f.name), uint64(f.column))
		b = appendUint(b, uint64(f.part)|uint64(f.context)<<4)
		if f.part > 0 {
			b = appendUint(b, uint64(f.cell))
		}
	}
	return b
}

func appendID(dst []byte, id uint16, name string) []byte {
	if id == 0 {
		return appendString(dst, name)
	}
	return appendUint(dst, uint64(id))
}

// Finish appends the batch to dst. The encoder has to be Reset before it is used again.
func (e *BatchEncoder) Finish(dst []byte) []byte {
	unit := e.writeTimes()
	e.writePBXTimes()
	e.flat = e.plan.appendTo(e.flat[:0])
	b := appendItem(e.body[:0], majorArray, bodyItems)
	b = appendUint(b, uint64(unit))
	b = e.appendPacked(b, e.planZ, e.flat)
	b = e.appendPacked(b, e.spellZ, e.spelling)
	b = append(appendItem(b, majorBytes, uint64(len(e.bits))), e.bits...)
	b = append(appendItem(b, majorBytes, uint64(len(e.uuids))), e.uuids...)
	e.body = b
	return appendBatch(dst, &header{BatchInfo: e.info, preset: e.preset.number, body: b})
}

func (e *BatchEncoder) appendPacked(b []byte, z *zstd.Encoder, plain []byte) []byte {
	e.packed = z.EncodeAll(plain, e.packed[:0])
	packed := e.packed[len(zstdMagic):]
	return append(appendItem(b, majorBytes, uint64(len(packed))), packed...)
}

func (e *BatchEncoder) writeTimes() (unit int64) {
	unit = 1000
	for _, t := range e.received {
		if t%1000 != 0 || t < 0 {
			unit = 1
			break
		}
	}
	var w bitWriter
	w.b = e.bits
	last := e.info.From
	for _, t := range e.received {
		e.times = append(e.times, w.difference((t-last)/unit))
		last = t
	}
	e.bits = w.b
	return unit
}

func (e *BatchEncoder) writePBXTimes() {
	if !slices.ContainsFunc(e.pbx, func(t int64) bool { return t != 0 }) {
		return
	}
	var w bitWriter
	w.b, w.free = e.bits, 0
	last := int64(0)
	for i, t := range e.pbx {
		if t == 0 {
			e.plan.pbx = append(e.plan.pbx, timeMissing)
			continue
		}
		lag := t - e.received[i]/1000
		e.plan.pbx = append(e.plan.pbx, w.difference(lag-last))
		last = lag
	}
	e.bits = w.b
}

// bitWriter appends bits to b, from the lowest of each byte.
type bitWriter struct {
	b    []byte
	free int // bits of the last byte that are not used yet
}

// difference writes d but for what the byte it returns says: sign and number of bits.
func (w *bitWriter) difference(d int64) byte {
	sign := byte(0)
	n := uint64(d)
	if d < 0 {
		sign, n = timeNegative, -n
	}
	size := bits.Len64(n)
	for left := size - 1; left > 0; {
		if w.free == 0 {
			w.b, w.free = append(w.b, 0), 8
		}
		take := min(left, w.free)
		w.b[len(w.b)-1] |= byte(n&(1<<take-1)) << (8 - w.free)
		n >>= take
		w.free -= take
		left -= take
	}
	return sign | byte(size)
}
