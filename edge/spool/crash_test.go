package spool_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/edge/spool/spooltest"
	"github.com/callweave/callweave/shared/wire"
)

// small makes a spool roll and drop often.
func small(disk spool.FS) spool.Options {
	return spool.Options{SegmentBytes: 1200, MaxBytes: 4800, FS: disk}
}

// promise is what a spool has said before a crash.
type promise struct {
	stream    uint64
	acked     uint64 // last event whose Append returned, or that a reader was given
	given     uint64 // last event whose number was said to be taken
	committed uint64 // last event that was given to Commit
}

// work opens the spool, appends, commits now and then, and closes it. It stops at the first error, as a killed process
// would. The disk says how much of it happens.
func work(t *testing.T, disk *spooltest.Disk, p *promise) error {
	s, err := spool.Open("spool", small(disk))
	if err != nil {
		return err
	}
	defer s.Close()
	p.stream = s.Stream()
	for i := range 40 {
		b := batch(t, s.Stream(), s.NextSeq(), 1+i%9)
		if i%3 == 0 {
			b = wire.EncodeGap(nil, wire.BatchInfo{Stream: s.Stream(), FirstSeq: s.NextSeq(), Count: 5, Gap: wire.GapCut, From: 1, To: 2})
		}
		if err := s.Append(b); err != nil {
			return err
		}
		p.acked = s.NextSeq() - 1
		if i%7 == 6 {
			seq := p.acked - 20
			p.committed = max(p.committed, seq)
			if err := s.Commit(seq); err != nil {
				return err
			}
		}
	}
	return s.Close()
}

// keeps fails the test where the spool does not hold what was promised.
func keeps(t *testing.T, disk *spooltest.Disk, p promise) {
	t.Helper()
	s, err := spool.Open("spool", small(disk))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	switch {
	case p.acked > 0 && s.Stream() != p.stream:
		t.Fatal("another stream")
	case s.NextSeq() <= max(p.acked, p.given):
		t.Fatalf("next is %d after %d was acknowledged and %d was taken", s.NextSeq(), p.acked, p.given)
	case s.Committed() > p.committed:
		t.Fatalf("%d is committed, nobody said more than %d", s.Committed(), p.committed)
	}
	next := s.Committed() + 1
	for _, g := range drain(t, s, next) {
		if g.First > next || g.Last < next {
			t.Fatalf("got %+v where %d is next", g, next)
		}
		next = g.Last + 1
		if g.Gap == wire.GapDamaged && g.First <= p.acked {
			t.Fatalf("%+v is lost, up to %d was acknowledged", g, p.acked)
		}
	}
	if next != s.NextSeq() {
		t.Fatalf("read up to %d, %d is next", next, s.NextSeq())
	}
	fill(t, s, 1)
}

func TestSpoolKeepsWhatItAcknowledgedThroughACrashAtEveryStep(t *testing.T) {
	disk := spooltest.NewDisk()
	if err := work(t, disk, &promise{}); err != nil {
		t.Fatal(err)
	}
	steps := disk.Ops()
	t.Logf("%d steps", steps)
	for step := 1; step <= steps; step++ {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("step %d seed %d", step, seed), func(t *testing.T) {
				disk := spooltest.NewDisk()
				disk.Before(func(_, _ string, n int) error {
					if n == step {
						return spooltest.ErrCrashed
					}
					return nil
				})
				var p promise
				if err := work(t, disk, &p); !errors.Is(err, spooltest.ErrCrashed) && step < steps-3 {
					t.Fatalf("no crash: %v", err)
				}
				rnd := rand.New(rand.NewPCG(uint64(step), seed))
				if seed == 0 {
					disk.Kill()
				} else {
					disk.Restart(rnd)
				}
				if s, err := spool.Open("spool", small(disk)); err == nil { // what it shows now it must keep
					p.stream, p.given = s.Stream(), s.NextSeq()-1
					for _, g := range drain(t, s, s.Committed()+1) {
						if g.Gap != wire.GapDamaged {
							p.acked = max(p.acked, g.Last)
						}
					}
					disk.Restart(rnd)
				}
				keeps(t, disk, p)
				keeps(t, disk, p)
			})
		}
	}
}

func TestSpoolSurvivesAFailureAtEveryStep(t *testing.T) {
	broken := errors.New("input/output error")
	for step := 1; step <= 60; step++ {
		disk := spooltest.NewDisk()
		disk.Before(func(_, _ string, n int) error {
			if n == step {
				return broken
			}
			return nil
		})
		s, err := spool.Open("spool", small(disk))
		if err != nil {
			if !errors.Is(err, broken) {
				t.Fatalf("step %d: %v", step, err)
			}
			continue
		}
		failed := 0
		for range 40 {
			b := batch(t, s.Stream(), s.NextSeq(), 5)
			for s.Append(b) != nil {
				failed++ // the same batch again must do
			}
		}
		if failed > 1 {
			t.Fatalf("step %d: one failure made %d appends fail", step, failed)
		}
		p := promise{stream: s.Stream(), acked: s.NextSeq() - 1}
		disk.Before(nil)
		next := uint64(1)
		for _, g := range drain(t, s, 1) {
			if g.First != next || g.Gap == wire.GapDamaged {
				t.Fatalf("step %d: got %+v where %d is next", step, g, next)
			}
			next = g.Last + 1
		}
		disk.Restart(rand.New(rand.NewPCG(1, uint64(step))))
		keeps(t, disk, p)
	}
}
