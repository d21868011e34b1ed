package wire_test

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

func encode(t testing.TB, enc *wire.BatchEncoder, events []wire.Event) []byte {
	t.Helper()
	enc.Reset(42, events[0].Seq)
	for i := range events {
		if err := enc.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	return enc.Finish(nil)
}

func decode(t testing.TB, dec *wire.BatchDecoder, b []byte) ([]wire.Event, wire.BatchInfo) {
	t.Helper()
	var events []wire.Event
	info, err := dec.Decode(b, func(ev *wire.Event) error {
		events = append(events, *ev.Clone())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return events, info
}

func TestBatchGivesBackTheSameEvents(t *testing.T) {
	events := []wire.Event{
		{Seq: 7, Received: 1_700_000_000_000_000_000, PBXTime: 1_700_000_000_000_000, ID: wire.EvNewchannel, Fields: []wire.Field{{ID: wire.FUniqueid, Value: "a"}, {Name: "X", Value: "\xff"}}},
		{Seq: 8, Received: 1_700_000_000_000_000_900, Name: "Odd", Fields: []wire.Field{{ID: wire.FChannel, Value: ""}}},
		{Seq: 9, Received: 1_600_000_000_000_000_900, PBXTime: 3, ID: 1, Fields: []wire.Field{}},
	}
	got, info := decode(t, wire.NewBatchDecoder(wire.Limits{}), encode(t, wire.NewBatchEncoder(), events))
	if diff := cmp.Diff(events, got); diff != "" {
		t.Error(diff)
	}
	want := wire.BatchInfo{Version: 1, Stream: 42, FirstSeq: 7, Count: 3, From: events[0].Received, To: events[2].Received}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Error(diff)
	}
}

// recording returns the events of a recording of the lab.
func recording(t testing.TB, name string) []wire.Event {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var events []wire.Event
	err = trace.Events(r, func(ev *wire.Event) error {
		events = append(events, *ev.Clone())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestRecordingsGoThroughBatchesUnchanged(t *testing.T) {
	names, err := filepath.Glob("../../lab/corpus/*/*/*/trace.ami*")
	if err != nil || len(names) == 0 {
		t.Fatal("no recordings", err)
	}
	enc, dec := wire.NewBatchEncoder(), wire.NewBatchDecoder(wire.Limits{})
	for i, name := range names {
		if testing.Short() && i%10 != 0 {
			continue
		}
		for chunk := range slices.Chunk(recording(t, name), 256) {
			b := encode(t, enc, chunk)
			got, _ := decode(t, dec, b)
			if !reflect.DeepEqual(chunk, got) { // cmp alone would take a minute
				t.Fatalf("%s: %s", name, cmp.Diff(chunk, got))
			}
			if err := cbor.Wellformed(b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

// eventGen makes events that have much in common, and some that are nothing Asterisk would send.
func eventGen() *rapid.Generator[wire.Event] {
	id := rapid.SampledFrom([]wire.EventID{0, wire.EvNewchannel, wire.EvVarSet, wire.EvDialBegin, wire.EvQueueMemberStatus, wire.AgentClock, 65535})
	names := rapid.SampledFrom([]string{"", "Odd", "odd", "\xff\x00"})
	field := rapid.SampledFrom([]wire.FieldID{
		0, wire.FChannel, wire.FChannelState, wire.FUniqueid, wire.FLinkedid, wire.FDestChannel, wire.FDestUniqueid,
		wire.FVariable, wire.FValue, wire.FBridgeUniqueid, wire.FBridgeName, wire.FInterface, 65535,
	})
	value := rapid.OneOf(
		rapid.SampledFrom([]string{"", "Up", "<unknown>", "PJSIP/101-00000001", "\xff\xfe", "03ec1599-88ec-486a-a291-6506a0f13e84", "load-1795386810.544"}),
		rapid.StringN(0, 40, -1),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "bytes")) }),
	)
	return rapid.Custom(func(t *rapid.T) wire.Event {
		ev := wire.Event{ID: id.Draw(t, "id"), Received: rapid.Int64().Draw(t, "received"), Fields: []wire.Field{}}
		if ev.ID == 0 {
			ev.Name = names.Draw(t, "name")
		}
		if rapid.Bool().Draw(t, "timestamp") {
			ev.PBXTime = rapid.Int64().Draw(t, "pbx")
		}
		for range rapid.IntRange(0, 40).Draw(t, "fields") {
			f := wire.Field{ID: field.Draw(t, "field"), Value: value.Draw(t, "value")}
			if f.ID == 0 {
				f.Name = names.Draw(t, "field name")
			}
			ev.Fields = append(ev.Fields, f)
		}
		return ev
	})
}

func TestAnyEventsGoThroughBatchesUnchanged(t *testing.T) {
	enc, dec := wire.NewBatchEncoder(), wire.NewBatchDecoder(wire.Limits{})
	rapid.Check(t, func(rt *rapid.T) {
		forms := rapid.SliceOfN(eventGen(), 1, 6).Draw(rt, "forms")
		first := rapid.Uint64Range(1, 1<<62).Draw(rt, "first")
		var events []wire.Event
		for i := range rapid.IntRange(1, 40).Draw(rt, "events") {
			form := rapid.SampledFrom(forms).Draw(rt, "form")
			ev := *form.Clone()
			ev.Seq = first + uint64(i)
			for j := range ev.Fields {
				if rapid.IntRange(0, 3).Draw(rt, "change") == 0 {
					other := rapid.SampledFrom(forms).Draw(rt, "other")
					ev.Fields[j].Value = other.Get(wire.FUniqueid) + "x"
				}
			}
			events = append(events, ev)
		}
		got, _ := decode(t, dec, encode(t, enc, events))
		if diff := cmp.Diff(events, got); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestEncoderRefusesWhatNoDecoderWouldTake(t *testing.T) {
	enc := wire.NewBatchEncoder()
	enc.Reset(1, 5)
	if err := enc.Add(&wire.Event{Seq: 6}); !errors.Is(err, wire.ErrBatchOrder) {
		t.Errorf("wrong sequence: %v", err)
	}
	big := wire.Event{Seq: 5, ID: 1, Fields: []wire.Field{{ID: 1, Value: strings.Repeat("x", 3<<20)}}}
	if err := enc.Add(&big); !errors.Is(err, wire.ErrBatchLimit) {
		t.Errorf("too large: %v", err)
	}
	big.Fields[0].Value = big.Fields[0].Value[:1<<20]
	if err := enc.Add(&big); err != nil {
		t.Fatal(err)
	}
	big.Seq++
	big.Fields[0].Value = big.Fields[0].Value[1:] + "!"
	if err := enc.Add(&big); !errors.Is(err, wire.ErrBatchFull) {
		t.Errorf("full: %v", err)
	}
	if got, _ := decode(t, wire.NewBatchDecoder(wire.Limits{}), enc.Finish(nil)); len(got) != 1 {
		t.Errorf("%d events", len(got))
	}
}

func TestGapBatchNamesWhatIsLost(t *testing.T) {
	want := wire.BatchInfo{Version: wire.BatchVersion, Stream: 9, FirstSeq: 100, Count: 7, From: 1, To: 5, Gap: wire.GapSpoolFull}
	b := wire.EncodeGap(nil, want)
	if got, err := wire.PeekBatch(b); err != nil || got != want || got.LastSeq() != 106 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, info := decode(t, wire.NewBatchDecoder(wire.Limits{}), b); len(got) != 0 || info != want {
		t.Errorf("%+v, %d events", info, len(got))
	}
}

func TestFlippedBitsAndCutBatchesAreNoticed(t *testing.T) {
	b := encode(t, wire.NewBatchEncoder(), recording(t, "../../lab/corpus/22/i1-internal/A/trace.ami.gz")[:20])
	for i := range b {
		if _, err := wire.PeekBatch(b[:i]); !errors.Is(err, wire.ErrBatchDamaged) {
			t.Fatalf("cut at %d: %v", i, err)
		}
		b[i] ^= 1 << (i % 8)
		if _, err := wire.PeekBatch(b); !errors.Is(err, wire.ErrBatchDamaged) {
			t.Fatalf("flipped at %d: %v", i, err)
		}
		b[i] ^= 1 << (i % 8)
	}
}

func TestAddAllocatesNothing(t *testing.T) {
	events := recording(t, "../../lab/corpus/22/b2-queue-abandoned-6min/A/trace.ami.gz")
	enc := wire.NewBatchEncoder()
	var dst []byte
	run := func() {
		for i := range events {
			if i%256 == 0 {
				dst = enc.Finish(dst[:0])
				enc.Reset(1, events[i].Seq)
			}
			if err := enc.Add(&events[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	run()
	if n := testing.AllocsPerRun(3, run) / float64(len(events)); n > 0.001 {
		t.Errorf("%f allocations per event", n)
	}
}

func TestUnknownVersionStillTellsItsPlaceInTheStream(t *testing.T) {
	b := wire.EncodeGap(nil, wire.BatchInfo{Stream: 5, FirstSeq: 6, Count: 7, Gap: wire.GapCut})
	b[4] = 9 // the version
	binary.BigEndian.PutUint32(b[len(b)-4:], crc32.Checksum(b[:len(b)-5], crc32.MakeTable(crc32.Castagnoli)))
	info, err := wire.PeekBatch(b)
	if !errors.Is(err, wire.ErrBatchVersion) || info.Version != 9 || info.Stream != 5 || info.FirstSeq != 6 || info.LastSeq() != 12 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestABatchThatUnpacksToAlmostNothingButMemoryIsRefused(t *testing.T) {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bomb := z.EncodeAll(make([]byte, 256<<20), nil)
	b := wire.SealBody(wire.BatchInfo{Stream: 1, FirstSeq: 1, Count: 1}, bomb[4:])
	dec := wire.NewBatchDecoder(wire.Limits{Bytes: 1 << 20})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = dec.Decode(b, func(*wire.Event) error { return nil })
	runtime.ReadMemStats(&after)
	if !errors.Is(err, wire.ErrBatchMalformed) {
		t.Errorf("%v", err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d bytes of it made %d", len(b), used)
	}
}
