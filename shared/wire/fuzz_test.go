package wire_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/wiretest"
)

// FuzzBatch hands the decoder batches whose checksum is right and whose content is anybody's guess.
func FuzzBatch(f *testing.F) {
	f.Add(encode(f, wire.NewBatchEncoder(), wiretest.Events(1, 20)))
	f.Add(encode(f, wire.NewBatchEncoder(), recording(f, "../../lab/corpus/22/i1-internal/A/trace.ami.gz")[:60]))
	f.Add(wire.EncodeGap(nil, wire.BatchInfo{Stream: 1, FirstSeq: 1, Count: 5, Gap: wire.GapDamaged}))
	limits := wire.Limits{Bytes: 1 << 20, Events: 1 << 12, Fields: 1 << 16}
	dec, enc := wire.NewBatchDecoder(limits), wire.NewBatchEncoder()
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4 {
			b = append([]byte(nil), b...)
			end := len(b) - 4
			binary.BigEndian.PutUint32(b[end:], crc32.Checksum(b[:end-1], crc32.MakeTable(crc32.Castagnoli)))
		}
		events, err := tryDecode(dec, b)
		if err != nil || len(events) == 0 {
			return
		}
		again, err := tryDecode(dec, encode(t, enc, events))
		if err != nil || describe(again) != describe(events) {
			t.Fatalf("%v: %s became %s", err, describe(events), describe(again))
		}
	})
}

func tryDecode(dec *wire.BatchDecoder, b []byte) ([]wire.Event, error) {
	var events []wire.Event
	size := 0
	_, err := dec.Decode(b, func(ev *wire.Event) error {
		for _, f := range ev.Fields {
			size += len(f.Value)
		}
		if size > 8<<20 {
			return errEnough
		}
		events = append(events, *ev.Clone())
		return nil
	})
	return events, err
}

var errEnough = errors.New("enough")

// FuzzPlan changes what is inside the compressed parts, where the fuzzer does not get by itself.
func FuzzPlan(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint16(0), uint16(40))
	f.Add([]byte{255, 24, 0}, uint16(3), uint16(7))
	base := recording(f, "../../lab/corpus/22/i1-internal/A/trace.ami.gz")[:40]
	dec, enc := wire.NewBatchDecoder(wire.Limits{Bytes: 1 << 20}), wire.NewBatchEncoder()
	f.Fuzz(func(_ *testing.T, change []byte, at, every uint16) {
		b := wire.EncodeDamaged(enc, base, func(plan []byte) {
			for i, c := range change {
				if n := len(plan); n > 0 {
					plan[(int(at)+i*(int(every)+1))%n] ^= c
				}
			}
		})
		_, _ = tryDecode(dec, b)
	})
}
