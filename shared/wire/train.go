package wire

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
)

// What a preset may hold, and how often a thing must occur to be worth a place.
const (
	presetStrings    = 640
	presetStringMax  = 96 // bytes
	presetShapes     = 250
	presetKinds      = 1000
	presetOften      = 3
	presetPlanBytes  = 8 << 10
	presetSpellBytes = 4 << 10
)

// TrainPreset makes the file of a preset from recordings, each the events of one PBX for some time. It is for ./preset
// alone. The same recordings give the same bytes.
func TrainPreset(recordings [][]Event) ([]byte, error) {
	t := trainer{recordings: recordings}
	steps := []func() error{t.learnStrings, t.learnShapes, t.learnFollowers, t.learnKinds, t.learnText}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, fmt.Errorf("train preset: %w", err)
		}
	}
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return nil, fmt.Errorf("train preset: %w", err)
	}
	b, err := enc.Marshal(t.file)
	if err != nil {
		return nil, fmt.Errorf("train preset: %w", err)
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return nil, fmt.Errorf("train preset: %w", err)
	}
	return z.EncodeAll(b, nil), nil
}

// trainer learns one thing after the other, each with what it knows by then.
type trainer struct {
	recordings [][]Event
	file       presetFile
}

// encode encodes each recording in batches of size events and shows the encoder after each batch, before it is finished.
func (t *trainer) encode(size int, show func(recording int, e *BatchEncoder)) error {
	p, err := t.file.preset(0)
	if err != nil {
		return err
	}
	for n, events := range t.recordings {
		e := newBatchEncoder(p)
		for chunk := range slices.Chunk(events, size) {
			e.Reset(1, chunk[0].Seq)
			for i := range chunk {
				if err := e.Add(&chunk[i]); err != nil {
					return err
				}
			}
			show(n, e)
		}
	}
	return nil
}

// tally counts things, each once a recording.
type tally[K comparable] struct {
	count map[K]int
	last  map[K]int
	order []K
}

func newTally[K comparable]() *tally[K] { return &tally[K]{count: map[K]int{}, last: map[K]int{}} }

func (t *tally[K]) add(k K, recording int) {
	if _, seen := t.count[k]; !seen {
		t.order = append(t.order, k)
	} else if t.last[k] == recording {
		return
	}
	t.last[k] = recording
	t.count[k]++
}

// top returns the n things that occurred most often, at least min times.
func (t *tally[K]) top(n, least int) []K {
	kept := slices.DeleteFunc(slices.Clone(t.order), func(k K) bool { return t.count[k] < least })
	slices.SortStableFunc(kept, func(a, b K) int { return cmp.Compare(t.count[b], t.count[a]) })
	return kept[:min(n, len(kept))]
}

func (t *trainer) learnStrings() error {
	found := newTally[string]()
	for n, events := range t.recordings {
		for i := range events {
			for _, f := range events[i].Fields {
				if len(f.Value) <= presetStringMax {
					found.add(f.Value, n)
				}
			}
		}
	}
	t.file.Strings = found.top(presetStrings, presetOften)
	return nil
}

func (t *trainer) learnShapes() error {
	found := newTally[string]()
	keys := map[string]*shape{}
	err := t.encode(256, func(n int, e *BatchEncoder) {
		for _, sh := range e.shapes {
			text := string(sh.appendTo(nil))
			keys[text] = sh
			found.add(text, n)
		}
	})
	for _, text := range found.top(presetShapes, 2) {
		sh := keys[text]
		t.file.Shapes = append(t.file.Shapes, presetShape{
			Shape: []byte(text), Last: make([]uint16, len(sh.fields)), Key: slices.Clone(sh.key[:len(sh.parts)]),
		})
	}
	return err
}

// learnFollowers learns what follows what, as it stands at the end of each recording.
func (t *trainer) learnFollowers() error {
	type expectation struct {
		shape, field int
		value        stringID
	}
	type following struct {
		place int
		successor
	}
	type content struct {
		table, cell int
		value       stringID
	}
	last, follows, rows := newTally[expectation](), newTally[following](), newTally[content]()
	rowNumber := 0
	err := t.encode(maxBatchEvents, func(n int, e *BatchEncoder) {
		for i, sh := range e.shapes[:len(t.file.Shapes)] {
			for j, id := range sh.last {
				if id != 0 && int(id) < e.static {
					last.add(expectation{i, j, id}, n)
				}
			}
		}
		for i := range e.tables {
			for _, r := range e.tables[i].rows {
				rowNumber++
				for j, id := range r.cells[:cellBefore] {
					if id != 0 && int(id) < e.static {
						rows.add(content{i, j, id}, rowNumber)
					}
				}
			}
		}
		for place, s := range e.follows {
			if s.value != 0 && int(s.value) < e.static {
				follows.add(following{place, s}, n)
			}
		}
	})
	for _, x := range last.top(len(last.order), 1) {
		if at := &t.file.Shapes[x.shape].Last[x.field]; *at == 0 {
			*at = uint16(x.value)
		}
	}
	t.file.Rows = make([][]uint16, tables)
	for i := range t.file.Rows {
		t.file.Rows[i] = make([]uint16, rowCells)
	}
	for _, x := range rows.top(len(rows.order), presetOften) {
		if at := &t.file.Rows[x.table][x.cell]; *at == 0 {
			*at = uint16(x.value)
		}
	}
	var taken [successors]bool
	for _, x := range follows.top(len(follows.order), presetOften) {
		if !taken[x.place] {
			taken[x.place] = true
			t.file.Follows = append(t.file.Follows, presetFollows{Place: uint16(x.place), Key: x.key, Value: uint16(x.value)})
		}
	}
	return err
}

func (t *trainer) learnKinds() error {
	found := newTally[string]()
	kinds := map[string]presetKind{}
	batch := 0
	count := func(_ int, e *BatchEncoder) {
		batch++
		for _, k := range e.model.kinds {
			if int(k.shape) >= len(t.file.Shapes) {
				continue
			}
			own := presetKind{Shape: uint16(k.shape), Refs: k.refs[:], News: slices.Clone(k.news)}
			name := fmt.Sprint(own)
			kinds[name] = own
			found.add(name, batch)
		}
	}
	for _, size := range []int{128, 32} {
		if err := t.encode(size, count); err != nil {
			return err
		}
	}
	for _, name := range found.top(presetKinds, presetOften) {
		t.file.Kinds = append(t.file.Kinds, kinds[name])
	}
	return nil
}

// learnText makes the dictionaries of zstd: typical plans and spellings, and how often which byte occurs in them.
func (t *trainer) learnText() error {
	var plans, spellings [][]byte
	show := func(_ int, e *BatchEncoder) {
		e.writeTimes()
		e.writePBXTimes()
		plans = append(plans, e.plan.appendTo(nil))
		spellings = append(spellings, slices.Clone(e.spelling))
	}
	for _, size := range []int{256, 24} {
		if err := t.encode(size, show); err != nil {
			return err
		}
	}
	var err error
	if t.file.PlanDict, err = buildDict(1, plans, presetPlanBytes); err != nil {
		return err
	}
	t.file.SpellDict, err = buildDict(2, spellings, presetSpellBytes)
	return err
}

func buildDict(id uint32, samples [][]byte, size int) ([]byte, error) {
	history := slices.Concat(samples...)
	history = history[max(0, len(history)-size):]
	b, err := zstd.BuildDict(zstd.BuildDictOptions{
		ID: id, Contents: samples, History: history, Offsets: [3]int{1, 4, 8}, Level: zstd.SpeedDefault,
	})
	if err != nil {
		return nil, fmt.Errorf("build zstd dictionary: %w", err)
	}
	return b, nil
}
