package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/shared/wire"
)

func spoolFigures() []measurement {
	return []measurement{{
		figures: []figure{{name: "spool_append_vs_fdatasync", unit: "x", goal: 0.85}},
		measure: measureSpool,
	}}
}

const spoolBatches = 150 // a round

// measureSpool compares durable batches a second with those of one write and one fdatasync each to a preallocated file
// on the same disk.
func measureSpool(_ context.Context, b *bench) (map[string]float64, error) {
	recording, err := unpack(loads()[0])
	if err != nil {
		return nil, err
	}
	all, err := events(recording)
	if err != nil {
		return nil, err
	}
	dir, err := b.temp()
	if err != nil {
		return nil, err
	}
	s, err := spool.Open(filepath.Join(dir, "spool"), spool.Options{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	bare, err := newBare(filepath.Join(dir, "bare"))
	if err != nil {
		return nil, err
	}
	defer bare.f.Close()
	chunks := slices.Collect(slices.Chunk(all, batchEvents))
	enc := wire.NewBatchEncoder()
	round := func(write func([]byte) error) func() (float64, error) {
		return func() (float64, error) {
			batches, err := numbered(enc, chunks, s)
			if err != nil {
				return 0, err
			}
			return timed(batches, write)
		}
	}
	ratio, err := interleave(max(b.rounds, 7), round(s.Append), round(bare.write))
	return map[string]float64{"spool_append_vs_fdatasync": ratio}, err
}

// numbered encodes a round of batches so that they continue the spool.
func numbered(enc *wire.BatchEncoder, chunks [][]wire.Event, s *spool.Spool) ([][]byte, error) {
	next := s.NextSeq()
	batches := make([][]byte, spoolBatches)
	for i := range batches {
		chunk := chunks[i%len(chunks)]
		enc.Reset(s.Stream(), next)
		for _, ev := range chunk {
			ev.Seq = next
			if err := enc.Add(&ev); err != nil {
				return nil, err
			}
			next++
		}
		batches[i] = enc.Finish(nil)
	}
	return batches, nil
}

func timed(batches [][]byte, write func([]byte) error) (float64, error) {
	return perSecond(0, func() (float64, error) {
		for _, b := range batches {
			if err := write(b); err != nil {
				return 0, err
			}
		}
		return float64(len(batches)), nil
	})
}

// bareFile is what the disk gives without a spool.
type bareFile struct {
	f  *os.File
	at int64
}

func newBare(name string) (*bareFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Fallocate(int(f.Fd()), 0, 0, 64<<20); err != nil {
		return nil, err
	}
	return &bareFile{f: f}, f.Sync()
}

func (b *bareFile) write(batch []byte) error {
	n, err := b.f.WriteAt(batch, b.at)
	b.at += int64(n)
	if err != nil {
		return err
	}
	return unix.Fdatasync(int(b.f.Fd()))
}
