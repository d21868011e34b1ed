package wire

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
)

// A preset is what writer and reader of a batch know before its first event: common strings, the shapes of Asterisk's
// events, which event and value often follows which, and dictionaries for zstd. It is what makes a batch of ten events
// small. Presets are made from recordings by ./preset, and are part of the format: one that has been used is never
// changed; a new one gets a new number, and the old ones stay, because batches that need them are in archives.
//
// The file is a zstd frame of the CBOR of presetFile.

//go:embed preset1.bin
var preset1 []byte

type preset struct {
	number    uint64
	text      []byte
	strings   []entry // the first is the one for no string
	shapes    []*shape
	kinds     []kind
	rows      [tables]row // what a first row begins with
	follows   [successors]successor
	planDict  []byte
	spellDict []byte
}

type presetFile struct {
	Strings   []string        `cbor:"1,keyasint"`
	Shapes    []presetShape   `cbor:"2,keyasint"`
	Kinds     []presetKind    `cbor:"3,keyasint"`
	Follows   []presetFollows `cbor:"4,keyasint"`
	PlanDict  []byte          `cbor:"5,keyasint"`
	SpellDict []byte          `cbor:"6,keyasint"`
	Rows      [][]uint16      `cbor:"7,keyasint"` // by table, by cell
}

type presetShape struct {
	_     struct{} `cbor:",toarray"`
	Shape []byte   // as a batch describes it
	Last  []uint16 // by field: the value it is expected to have
	Key   []int16  // by part: the field that tells rows apart
}

type presetKind struct {
	_     struct{} `cbor:",toarray"`
	Shape uint16
	Refs  []uint8
	News  []uint64
}

type presetFollows struct {
	_     struct{} `cbor:",toarray"`
	Place uint16
	Key   uint32
	Value uint16
}

// latestPreset is the one that batches are written with. It is read once and not changed.
var latestPreset = sync.OnceValue(func() *preset {
	if len(preset1) == 0 {
		return emptyPreset()
	}
	p, err := readPreset(1, preset1)
	if err != nil {
		panic("wire: built with a broken preset: " + err.Error())
	}
	return p
})

// emptyPreset knows nothing. The first preset is trained with it.
func emptyPreset() *preset { return &preset{strings: make([]entry, 1)} }

func readPreset(number uint64, packed []byte) (*preset, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	b, err := z.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("read preset: %w", err)
	}
	var f presetFile
	if err := cbor.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("read preset: %w", err)
	}
	return f.preset(number)
}

func (f *presetFile) preset(number uint64) (*preset, error) {
	p := emptyPreset()
	p.number, p.planDict, p.spellDict = number, f.PlanDict, f.SpellDict
	for _, s := range f.Strings {
		p.strings = append(p.strings, entry{off: uint32(len(p.text)), size: uint32(len(s)), hash: hashString(s)})
		p.text = append(p.text, s...)
	}
	for i, from := range f.Shapes {
		sh := readShape(&items{b: from.Shape})
		if sh == nil || len(from.Last) != len(sh.fields) {
			return nil, fmt.Errorf("read preset: shape %d: %w", i, ErrBatchMalformed)
		}
		for j, id := range from.Last {
			sh.last[j] = stringID(id)
		}
		copy(sh.key[:], from.Key)
		for j := len(sh.fields) - 1; j >= 0; j-- {
			if part := sh.fields[j].part; part > 0 {
				sh.first[part-1] = int16(j)
			}
		}
		p.shapes = append(p.shapes, sh)
	}
	for _, from := range f.Kinds {
		k := kind{shape: uint32(from.Shape), news: from.News}
		copy(k.refs[:], from.Refs)
		sh := p.shapes[k.shape]
		if like := &sh.like[sortOf(k.refs[:len(sh.parts)])]; *like < 0 {
			*like = int32(len(p.kinds))
		}
		p.kinds = append(p.kinds, k)
	}
	for i, cells := range f.Rows {
		for j, id := range cells {
			p.rows[i].cells[j] = stringID(id)
		}
	}
	for _, from := range f.Follows {
		p.follows[from.Place] = successor{key: from.Key, value: stringID(from.Value)}
	}
	return p, nil
}
