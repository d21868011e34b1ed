package spool_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/wiretest"
)

// batch makes a batch of count events that begins with first.
func batch(t testing.TB, stream, first uint64, count int) []byte {
	t.Helper()
	return wiretest.Batch(t, stream, first, count)
}

type got struct {
	First, Last uint64
	Gap         string
}

// drain reads all that is there from a sequence number on.
func drain(t testing.TB, s *spool.Spool, from uint64) []got {
	t.Helper()
	r := s.NewReader(from)
	defer r.Close()
	var all []got
	for next := from; next < s.NextSeq(); {
		b, info, err := r.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if peeked, err := wire.PeekBatch(b); err != nil || peeked != info {
			t.Fatalf("batch %+v, said to be %+v: %v", peeked, info, err)
		}
		all = append(all, got{info.FirstSeq, info.LastSeq(), info.Gap})
		next = info.LastSeq() + 1
	}
	return all
}

func open(t testing.TB, dir string, opt spool.Options) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fill(t testing.TB, s *spool.Spool, batches int) {
	t.Helper()
	for range batches {
		if err := s.Append(batch(t, s.Stream(), s.NextSeq(), 10)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSpoolGivesBackWhatWasAppended(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, spool.Options{SegmentBytes: 1 << 10})
	fill(t, s, 20)
	var want []got
	for i := range uint64(20) {
		want = append(want, got{i*10 + 1, i*10 + 10, ""})
	}
	if diff := cmp.Diff(want, drain(t, s, 1)); diff != "" {
		t.Error(diff)
	}
	if err := s.Commit(100); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	again := open(t, dir, spool.Options{SegmentBytes: 1 << 10})
	if again.Stream() != s.Stream() || again.NextSeq() != 201 || again.Committed() != 100 {
		t.Errorf("stream %d, next %d, committed %d", again.Stream(), again.NextSeq(), again.Committed())
	}
	fill(t, again, 1)
	want = append(want, got{201, 210, ""})
	if diff := cmp.Diff(want[10:], drain(t, again, 101)); diff != "" {
		t.Error(diff)
	}
}

func TestReaderWaitsForTheNextBatch(t *testing.T) {
	s := open(t, t.TempDir(), spool.Options{SegmentBytes: 1 << 12})
	r := s.NewReader(1)
	defer r.Close()
	done := make(chan error, 1)
	go func() {
		_, info, err := r.Next(t.Context())
		if err == nil && info.LastSeq() != 10 {
			err = errors.New("another batch")
		}
		done <- err
	}()
	fill(t, s, 1)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
