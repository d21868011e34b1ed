package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/callweave/callweave/shared/wire"
)

func wireFigures() []measurement {
	return []measurement{
		{
			figures: []figure{{name: "wire_bytes_vs_gzip_text", unit: "x", goal: 0.33, atMost: true}},
			measure: measureSize,
		},
		{
			figures: []figure{
				{name: "cbor_encode_vs_fxamacker", unit: "x", goal: 2},
				{name: "cbor_encode_allocs", unit: "per event", goal: 0.001, atMost: true},
			},
			measure: measureEncode,
		},
	}
}

const batchEvents = 256

// measureSize compares all batches of the recordings of load with gzip of the same AMI text, batch by batch.
func measureSize(context.Context, *bench) (map[string]float64, error) {
	enc := wire.NewBatchEncoder()
	var ours, text int
	var buf []byte
	for _, folder := range loads() {
		recording, err := unpack(folder)
		if err != nil {
			return nil, err
		}
		all, err := events(recording)
		if err != nil {
			return nil, err
		}
		for chunk := range slices.Chunk(all, batchEvents) {
			if buf, err = encode(enc, buf, chunk); err != nil {
				return nil, err
			}
			ours += len(buf)
		}
		sent, _, err := packets(recording)
		if err != nil {
			return nil, err
		}
		for chunk := range slices.Chunk(sent[1:], batchEvents) { // without the greeting
			n, err := gzipped(chunk)
			if err != nil {
				return nil, err
			}
			text += n
		}
	}
	return map[string]float64{"wire_bytes_vs_gzip_text": float64(ours) / float64(text)}, nil
}

func encode(enc *wire.BatchEncoder, dst []byte, events []wire.Event) ([]byte, error) {
	enc.Reset(1<<60, events[0].Seq)
	for i := range events {
		if err := enc.Add(&events[i]); err != nil {
			return nil, err
		}
	}
	return enc.Finish(dst[:0]), nil
}

func gzipped(packets [][]byte) (int, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	for _, p := range packets {
		if _, err := z.Write(p); err != nil {
			return 0, err
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return out.Len(), nil
}

// row is an event as one would hand it to a general encoder that is asked to be compact: arrays, numbers for names.
type row struct {
	_        struct{} `cbor:",toarray"`
	Received int64
	PBXTime  int64
	ID       wire.EventID
	Name     string
	Fields   []column
}

type column struct {
	_     struct{} `cbor:",toarray"`
	ID    wire.FieldID
	Name  string
	Value string
}

// measureEncode compares events a second through our encoder, compression left out on both sides, with those through
// fxamacker's encoder, which is made once and writes into one buffer. Both get eight batches out of the middle of the
// recording again and again: an agent encodes what it has just read, not what lies in memory far away.
func measureEncode(_ context.Context, b *bench) (map[string]float64, error) {
	recording, err := unpack(loads()[0])
	if err != nil {
		return nil, err
	}
	all, err := events(recording)
	if err != nil {
		return nil, err
	}
	all = all[len(all)/2:][:8*batchEvents]
	rows := make([]row, len(all))
	for i, ev := range all {
		rows[i] = row{Received: ev.Received, PBXTime: ev.PBXTime, ID: ev.ID, Name: ev.Name}
		for _, f := range ev.Fields {
			rows[i].Fields = append(rows[i].Fields, column{ID: f.ID, Name: f.Name, Value: f.Value})
		}
	}
	enc := wire.NewBatchEncoder()
	add := func() error {
		for i := range all {
			if i%batchEvents == 0 {
				enc.Reset(1<<60, all[i].Seq)
			}
			if err := enc.Add(&all[i]); err != nil {
				return err
			}
		}
		return nil
	}
	var out bytes.Buffer
	general := cbor.NewEncoder(&out)
	encodeRows := func() error {
		for i := range rows {
			if i%batchEvents == 0 {
				out.Reset()
			}
			if err := general.Encode(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	}
	n := float64(len(all))
	speed := func(fn func() error) func() (float64, error) {
		return func() (float64, error) {
			return perSecond(300*time.Millisecond, func() (float64, error) { return n, fn() })
		}
	}
	ratio, err := interleave(b.rounds, speed(add), speed(encodeRows))
	if err != nil {
		return nil, err
	}
	allocs, err := allocations(add)
	return map[string]float64{"cbor_encode_vs_fxamacker": ratio, "cbor_encode_allocs": allocs / n}, err
}
