package main

import (
	"testing"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/shared/wire"
)

// TestGapThatGoesOutIsNoticed fills a spool until it drops its oldest events.
func TestGapThatGoesOutIsNoticed(t *testing.T) {
	sp, err := spool.Open(t.TempDir(), spool.Options{SegmentBytes: 1 << 12, MaxBytes: 1 << 13})
	if err != nil {
		t.Fatal(err)
	}
	defer sp.Close()
	enc := wire.NewBatchEncoder()
	var received int64
	for sp.Stats().DroppedEvents == 0 {
		enc.Reset(sp.Stream(), sp.NextSeq())
		for i := range uint64(20) {
			received += 1_000_000
			if err := enc.Add(&wire.Event{Seq: sp.NextSeq() + i, Received: received, ID: wire.EvHold}); err != nil {
				t.Fatal(err)
			}
		}
		if err := sp.Append(enc.Finish(nil)); err != nil {
			t.Fatal(err)
		}
	}
	noticed, gaps := 0, 0
	r := spoolReader{sp, func() { noticed++ }}.Read(1)
	for next := uint64(1); next < sp.NextSeq(); {
		_, info, err := r.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if info.Gap != "" {
			gaps++
		}
		next = info.LastSeq() + 1
	}
	if gaps == 0 || noticed != gaps {
		t.Errorf("%d gaps went out, %d were noticed", gaps, noticed)
	}
	if err := r.(gapReader).Close(); err != nil {
		t.Error(err)
	}
}
