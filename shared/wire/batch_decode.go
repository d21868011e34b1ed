package wire

import (
	"fmt"
	"unsafe"

	"github.com/klauspost/compress/zstd"
)

// Limits bound what a decoder accepts, so that a few hostile bytes cannot become a lot of memory or time. The zero
// value of a limit means its default, which every batch of a [BatchEncoder] keeps.
type Limits struct {
	Bytes  int // of memory for what one batch holds, roughly; default 32 MiB
	Events int // in a batch; default 65,536
	Fields int // in all events of a batch; default 4 million
}

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Events <= 0 {
		l.Events = maxBatchEvents
	}
	if l.Fields <= 0 {
		l.Fields = 4 << 20
	}
	return l
}

// BatchDecoder turns batches back into events. It keeps its buffers from one batch to the next. It is not for use by
// several goroutines at once.
type BatchDecoder struct {
	limits Limits
	zstd   *zstd.Decoder
	model
	plan, spelling  []byte
	packed          []byte
	events          items
	far, lengths    items
	kindItems       items
	uuids, spelt    items
	received, pbxAt []int64
	fields, held    int    // so far, against the limits
	batch           uint64 // counts batches: shapes of the preset are taken back in each
	event           Event
}

// NewBatchDecoder returns a decoder.
func NewBatchDecoder(limits Limits) *BatchDecoder { return newBatchDecoder(latestPreset(), limits) }

func newBatchDecoder(p *preset, limits Limits) *BatchDecoder {
	limits = limits.withDefaults()
	opts := []zstd.DOption{
		zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(uint64(limits.Bytes)), zstd.WithDecoderMaxWindow(max(uint64(limits.Bytes), 1<<10)),
	}
	if len(p.planDict) > 0 {
		opts = append(opts, zstd.WithDecoderDicts(p.planDict, p.spellDict))
	}
	z, err := zstd.NewReader(nil, opts...)
	if err != nil {
		panic("wire: zstd refuses constant options: " + err.Error())
	}
	d := &BatchDecoder{limits: limits, zstd: z}
	d.use(p)
	return d
}

// Decode calls fn for each event of batch b in order. The event and its strings are valid until fn returns: clone what
// is kept. A gap batch has no events. Errors: those of [PeekBatch], ErrBatchLimit, and what fn returned, which ends it.
// Events before a malformed one have been handed out already.
func (d *BatchDecoder) Decode(b []byte, fn func(*Event) error) (BatchInfo, error) {
	h, err := readHeader(b)
	if err != nil || h.Gap != "" {
		return h.BatchInfo, err
	}
	if h.preset != d.preset.number {
		return h.BatchInfo, fmt.Errorf("decode batch: preset %d: %w", h.preset, ErrBatchVersion)
	}
	if int64(h.Count) > int64(d.limits.Events) {
		return h.BatchInfo, fmt.Errorf("decode batch: %d events: %w", h.Count, ErrBatchLimit)
	}
	if err := d.begin(&h); err != nil {
		return h.BatchInfo, fmt.Errorf("decode batch: %w", err)
	}
	for i := range int(h.Count) {
		d.event.Seq = h.FirstSeq + uint64(i)
		d.event.Received, d.event.PBXTime = d.received[i], d.pbxAt[i]
		if err := d.next(); err != nil {
			return h.BatchInfo, fmt.Errorf("decode batch: event %d: %w", d.event.Seq, err)
		}
		if err := fn(&d.event); err != nil {
			return h.BatchInfo, err
		}
	}
	for _, left := range []items{d.events, d.far, d.lengths, d.kindItems, d.uuids, d.spelt} {
		if len(left.b) > 0 {
			return h.BatchInfo, fmt.Errorf("decode batch: more than its events: %w", ErrBatchMalformed)
		}
	}
	return h.BatchInfo, nil
}

// begin takes the body apart and reads what does not depend on the events.
func (d *BatchDecoder) begin(h *header) error {
	d.model.reset()
	d.batch++
	d.fields, d.held = 0, 0
	r := items{b: h.body}
	n := r.array(bodyItems)
	unit := r.uint()
	plan, spelling := r.bytes(), r.bytes()
	bits := r.bytes()
	d.uuids = items{b: r.bytes()}
	if r.bad || n != bodyItems || len(r.b) > 0 || unit != 1 && unit != 1000 {
		return fmt.Errorf("read body: %w", ErrBatchMalformed)
	}
	var err error
	if d.plan, err = d.unpack(d.plan, plan); err != nil {
		return err
	}
	if d.spelling, err = d.unpack(d.spelling, spelling); err != nil {
		return err
	}
	d.spelt = items{b: d.spelling}

	r = items{b: d.plan}
	n = r.array(planStrings)
	d.events, d.kindItems, d.far, d.lengths = items{b: r.bytes()}, items{b: r.bytes()}, items{b: r.bytes()}, items{b: r.bytes()}
	times, pbx := r.bytes(), r.bytes()
	if r.bad || n != planStrings || len(r.b) > 0 || len(times) != int(h.Count) || len(pbx) != 0 && len(pbx) != len(times) {
		return fmt.Errorf("read plan: %w", ErrBatchMalformed)
	}
	return d.readTimes(h, int64(unit), times, pbx, &bitReader{b: bits})
}

func (d *BatchDecoder) unpack(dst, packed []byte) ([]byte, error) {
	d.packed = append(append(d.packed[:0], zstdMagic...), packed...)
	dst, err := d.zstd.DecodeAll(d.packed, dst[:0])
	if err != nil {
		return dst[:0], fmt.Errorf("decompress: %w: %w", ErrBatchMalformed, err)
	}
	return dst, nil
}

func (d *BatchDecoder) readTimes(h *header, unit int64, times, pbx []byte, bits *bitReader) error {
	d.received, d.pbxAt = d.received[:0], d.pbxAt[:0]
	at := h.From
	for _, c := range times {
		at += bits.difference(c) * unit
		d.received = append(d.received, at)
		d.pbxAt = append(d.pbxAt, 0)
	}
	bits.left = 0
	lag := int64(0)
	for i, c := range pbx {
		if c != timeMissing {
			lag += bits.difference(c)
			d.pbxAt[i] = d.received[i]/1000 + lag
		}
	}
	if bits.bad || len(bits.b) > 0 || at != h.To {
		return fmt.Errorf("read times: %w", ErrBatchMalformed)
	}
	return nil
}

// next reads the next event into event, but for its times.
func (d *BatchDecoder) next() error {
	k, err := d.nextKind()
	if err != nil {
		return err
	}
	sh := d.shapes[k.shape]
	d.fields += len(sh.fields)
	if d.fields > d.limits.Fields {
		return fmt.Errorf("fields: %w", ErrBatchLimit)
	}
	for part := range sh.parts {
		if err := d.findRow(sh, part, k.refs[part]); err != nil {
			return err
		}
	}
	ev := &d.event
	ev.ID, ev.Name, ev.Fields = sh.id, sh.name, ev.Fields[:0]
	before, changed := stringID(0), false
	for i := range sh.fields {
		f := &sh.fields[i]
		now := k.news[i>>6]>>(i&63)&1 != 0
		if f.part == 0 {
			before = d.plainField(sh, i, now, before)
		} else {
			changed = changed && sh.fields[i-1].part == f.part
			before = d.rowField(sh, f, now, before, changed)
		}
		changed = now
		if before == 0 || d.held > d.limits.Bytes {
			return d.failure()
		}
		ev.Fields = append(ev.Fields, Field{ID: f.id, Name: f.name, Value: d.value(before)})
	}
	return nil
}

func (d *BatchDecoder) failure() error {
	if d.held > d.limits.Bytes {
		return fmt.Errorf("strings and rows: %w", ErrBatchLimit)
	}
	return ErrBatchMalformed
}

// nextKind reads the kind of the next event.
func (d *BatchDecoder) nextKind() (*kind, error) {
	n := d.events.uint()
	switch {
	case d.events.bad || n > uint64(len(d.kinds)):
		return nil, fmt.Errorf("kind: %w", ErrBatchMalformed)
	case n == kindNew:
		if err := d.readKind(); err != nil {
			return nil, err
		}
		n = uint64(len(d.kinds))
	}
	k := &d.kinds[n-kindBase]
	d.prepare(k.shape)
	sh := d.shapes[k.shape]
	sh.like[sortOf(k.refs[:len(sh.parts)])] = int32(n - kindBase)
	return k, nil
}

// prepare takes a shape of the preset back to where this batch begins, unless it has been used in it.
func (d *BatchDecoder) prepare(number uint32) {
	if sh := d.shapes[number]; sh.stamp != d.batch && int(number) < len(d.preset.shapes) {
		sh.stamp = d.batch
		sh.forget(d.preset.shapes[number].last, d.preset.shapes[number].like)
	}
}

// readKind reads a kind that occurs for the first time.
func (d *BatchDecoder) readKind() error {
	r := &d.kindItems
	number := r.uint()
	if number == 0 {
		sh := readShape(r)
		if sh == nil {
			return fmt.Errorf("shape: %w", ErrBatchMalformed)
		}
		d.held += len(sh.fields) * int(unsafe.Sizeof(shapeField{})+4)
		d.shapes = append(d.shapes, sh)
		number = uint64(len(d.shapes))
	}
	if r.bad || number > uint64(len(d.shapes)) {
		return fmt.Errorf("kind: %w", ErrBatchMalformed)
	}
	d.prepare(uint32(number - 1))
	sh := d.shapes[number-1]
	var refs [maxParts]uint8
	for i := range sh.parts {
		refs[i] = uint8(r.uintBelow(refOther + 1))
	}
	news := r.flips(make([]uint64, words(len(sh.fields))), d.likeOf(sh, refs[:len(sh.parts)]), len(sh.fields))
	d.held += int(unsafe.Sizeof(kind{})) + 8*len(news)
	if r.bad || d.held > d.limits.Bytes {
		return d.failure()
	}
	d.addKind(uint32(number-1), refs[:len(sh.parts)], news)
	return nil
}

// flips fills news with what appendFlips wrote.
func (r *items) flips(news, like []uint64, fields int) []uint64 {
	copy(news, like)
	next := 0
	for range r.uintBelow(uint64(fields) + 1) {
		next += r.uintBelow(uint64(fields))
		if r.bad || next >= fields {
			r.fail()
			return news
		}
		news[next>>6] ^= 1 << (next & 63)
		next++
	}
	return news
}

// readShape returns nil where what it reads is no shape.
func readShape(r *items) *shape {
	sh := &shape{}
	id, name := r.id()
	sh.id, sh.name = EventID(id), name
	sh.hash = hashEvent(sh.id, sh.name)
	for range r.uintBelow(maxParts + 1) {
		sh.parts = append(sh.parts, uint8(r.uintBelow(tables)))
	}
	n := r.uintBelow(maxFields + 1)
	if r.bad || n > len(r.b) {
		return nil
	}
	sh.fields = make([]shapeField, n)
	for i := range sh.fields {
		f := &sh.fields[i]
		id, name := r.id()
		f.id, f.name = FieldID(id), name
		f.column = uint16(r.uintBelow(columns))
		how := r.uintBelow(contexts << 4)
		f.part, f.context = uint8(how&15), uint8(how>>4)
		f.cell = cellBefore
		if f.part > 0 {
			f.cell = uint8(r.uintBelow(rowCells))
		}
		if int(f.part) > len(sh.parts) || f.context == contextRow && len(sh.parts) == 0 {
			return nil
		}
	}
	if r.bad {
		return nil
	}
	sh.last = make([]stringID, n)
	sh.forget(nil, noLike())
	return sh
}

// findRow finds or makes the row that a part describes.
func (d *BatchDecoder) findRow(sh *shape, part int, ref uint8) error {
	t := &d.tables[sh.parts[part]]
	r := t.ring[0]
	switch ref {
	case refNew:
		d.held += int(unsafe.Sizeof(row{}))
		n := d.events.uintBelow(templates)
		if d.events.bad {
			return fmt.Errorf("row: %w", ErrBatchMalformed)
		}
		r = d.addRow(sh, part, n)
	case refOther:
		if n := d.events.uintBelow(rowFar + 1); n < rowFar {
			r = t.ring[n+1]
		} else {
			r = int32(len(t.rows) - 1 - d.far.uintBelow(uint64(len(t.rows))))
		}
	}
	if r < 0 || d.events.bad || d.far.bad || d.held > d.limits.Bytes {
		if d.held > d.limits.Bytes {
			return d.failure()
		}
		return fmt.Errorf("row: %w", ErrBatchMalformed)
	}
	d.take(sh, part, r)
	return nil
}

// rowField returns the value of a field that its row predicts, and no string where there is none.
func (d *BatchDecoder) rowField(sh *shape, f *shapeField, now bool, before stringID, changed bool) stringID {
	cell := d.cell(sh, f)
	if !now {
		return *cell
	}
	if !changed {
		before = *cell
	}
	next, key := d.slot(sh, f, d.hashOf(before))
	id := d.token(f, *cell, next.predict(key))
	*next = successor{key, id}
	*cell = id
	d.column[f.column] = id
	return id
}

// plainField does the same for a field that belongs to no row.
func (d *BatchDecoder) plainField(sh *shape, i int, now bool, before stringID) stringID {
	id, next, key := d.expected(sh, i, before)
	if now {
		id = d.token(&sh.fields[i], 0, 0)
	}
	d.learn(sh, i, id, next, key)
	return id
}

// token reads what string a field has that had old and should have follows.
func (d *BatchDecoder) token(f *shapeField, old, follows stringID) stringID {
	n := d.events.uint()
	switch {
	case d.events.bad:
		return 0
	case n == tokenFollows:
		return follows
	case n == tokenColumn:
		return d.column[f.column]
	case n == tokenSpelt:
		if old == 0 {
			old = d.literal[f.column]
		}
		id := d.spell(old)
		d.literal[f.column] = id
		return id
	case n == tokenUUID:
		return d.uuid()
	case n == tokenFar:
		far := d.far.uintBelow(uint64(len(d.strings) - d.static))
		if d.far.bad {
			return 0
		}
		id := stringID(len(d.strings) - 1 - far)
		d.touch(id)
		return id
	case n <= tokenStatic:
		id := d.ring[n-tokenRing]
		if id != 0 {
			d.touch(id)
		}
		return id
	case n-tokenStatic < uint64(d.static):
		return stringID(n - tokenStatic)
	}
	return 0
}

// spell reads a string that is spelt out beside like.
func (d *BatchDecoder) spell(like stringID) stringID {
	same, rest := 0, d.lengths.uint()
	size := uint64(d.strings[like].size)
	if rest < sameLength {
		if rest > size {
			return 0
		}
		same = int(size - rest)
	} else {
		if rest-sameLength > size {
			return 0
		}
		same, rest = int(rest-sameLength), d.lengths.uint()
	}
	tail := d.spelt.take(rest)
	d.held += same + len(tail) + 16
	if d.lengths.bad || d.spelt.bad || d.held > d.limits.Bytes {
		return 0
	}
	d.text = append(append(d.text, d.bytesOf(like)[:same]...), tail...)
	return d.addRead(same + len(tail))
}

func (d *BatchDecoder) uuid() stringID {
	b := d.uuids.take(16)
	d.held += 36 + 16
	if d.uuids.bad {
		return 0
	}
	d.text = unpackUUID(d.text, b)
	return d.addRead(36)
}

func (d *BatchDecoder) addRead(n int) stringID {
	id := d.addString(n, hashString(text(d.text[len(d.text)-n:])))
	d.touch(id)
	return id
}

// id reads a number, or a name where the thing has no number.
func (r *items) id() (uint16, string) {
	if len(r.b) > 0 && r.b[0]&0xE0 == majorUint {
		return uint16(r.uintBelow(1 << 16)), ""
	}
	return 0, string(r.bytes())
}

// text makes a string of b without copying it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bitReader reads what a bitWriter wrote.
type bitReader struct {
	b    []byte
	left int // bits of cur that are not read yet
	cur  byte
	bad  bool
}

func (r *bitReader) difference(c byte) int64 {
	size := int(c &^ timeNegative)
	if size > 64 {
		r.bad = true
		return 0
	}
	n := uint64(0)
	if size > 0 {
		n = 1 << (size - 1)
	}
	for at := 0; at < size-1; {
		if r.left == 0 {
			if len(r.b) == 0 {
				r.bad = true
				return 0
			}
			r.cur, r.b, r.left = r.b[0], r.b[1:], 8
		}
		take := min(size-1-at, r.left)
		n |= uint64(r.cur&(1<<take-1)) << at
		r.cur >>= take
		r.left -= take
		at += take
	}
	if c&timeNegative != 0 {
		return -int64(n)
	}
	return int64(n)
}
