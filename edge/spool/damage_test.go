package spool_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/edge/spool/spooltest"
	"github.com/callweave/callweave/shared/wire"
)

// filled returns a disk with a closed spool of n batches of ten events in one segment.
func filled(t *testing.T, n int) (*spooltest.Disk, string) {
	t.Helper()
	disk := spooltest.NewDisk()
	s := open(t, "spool", spool.Options{SegmentBytes: 64 << 10, FS: disk})
	fill(t, s, n)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return disk, disk.Files("spool", ".seg")[0]
}

func TestAFlippedBitCostsAtMostItsBatch(t *testing.T) {
	const batches = 3
	disk, name := filled(t, batches)
	size := 0
	disk.Change(name, func(b []byte) []byte {
		size = len(strings.TrimRight(string(b), "\x00"))
		return b
	})
	for at := range size {
		flip := func(b []byte) []byte { b[at] ^= 1 << (at % 8); return b }
		disk.Change(name, flip)
		s := open(t, "spool", spool.Options{SegmentBytes: 64 << 10, FS: disk})
		gaps := 0
		for i, g := range drain(t, s, 1) {
			if i >= batches || g.First != uint64(i*10+1) || g.Last != uint64(i*10+10) {
				t.Fatalf("bit in byte %d: %+v at %d", at, g, i)
			}
			if g.Gap != "" {
				gaps++
			}
		}
		if gaps > 1 || s.NextSeq() != batches*10+1 {
			t.Fatalf("bit in byte %d: %d gaps, next %d", at, gaps, s.NextSeq())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		// What Open wrote again or began anew must not help the next round.
		disk, name = filled(t, batches)
	}
}

func TestZeroedBytesReadAsAGapOfExactlyWhatTheyHeld(t *testing.T) {
	disk, name := filled(t, 6)
	disk.Change(name, func(b []byte) []byte {
		n := len(strings.TrimRight(string(b), "\x00"))
		clear(b[n/3 : n/2])
		return b
	})
	s := open(t, "spool", spool.Options{SegmentBytes: 64 << 10, FS: disk})
	next := uint64(1)
	var lost uint64
	for _, g := range drain(t, s, 1) {
		if g.First != next {
			t.Fatalf("got %+v where %d is next", g, next)
		}
		next = g.Last + 1
		if g.Gap != "" {
			lost += g.Last - g.First + 1
		}
	}
	if next != 61 || lost%10 != 0 || lost == 0 || lost > 30 {
		t.Errorf("next %d, lost %d", next, lost)
	}
	if st := s.Stats(); st.DamagedEvents != lost {
		t.Errorf("counted %d", st.DamagedEvents)
	}
}

func TestATornLastBatchIsAGapAndItsNumbersAreNotUsedAgain(t *testing.T) {
	for _, keep := range []int{8, 40, 60} {
		disk, name := filled(t, 3)
		end := 0
		disk.Change(name, func(b []byte) []byte {
			end = len(strings.TrimRight(string(b), "\x00"))
			return b
		})
		s := open(t, "spool", spool.Options{SegmentBytes: 64 << 10, MaxBatchEvents: 100, FS: disk})
		fill(t, s, 1)
		s.Close()
		disk.Change(name, func(b []byte) []byte { clear(b[(end+7)&^7+keep:]); return b })
		s = open(t, "spool", spool.Options{SegmentBytes: 64 << 10, MaxBatchEvents: 100, FS: disk})
		last := got{31, 40, wire.GapDamaged}
		if keep < 32 {
			last.Last = 130 // its header is gone: nobody can know
		}
		if diff := cmp.Diff([]got{{21, 30, ""}, last}, drain(t, s, 21)); diff != "" {
			t.Errorf("%d bytes kept: %s", keep, diff)
		}
		fill(t, s, 1)
		s.Close()
		again := open(t, "spool", spool.Options{FS: disk})
		if diff := cmp.Diff([]got{last, {last.Last + 1, last.Last + 10, ""}}, drain(t, again, 31)); diff != "" {
			t.Errorf("%d bytes kept, opened again: %s", keep, diff)
		}
	}
}

func TestAMissingSegmentIsAGap(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, spool.Options{SegmentBytes: 400})
	fill(t, s, 12)
	s.Close()
	report, err := spool.Verify(dir)
	if err != nil || report.Events != 120 || report.Damage != nil || report.Next != 121 {
		t.Fatalf("%+v, %v", report, err)
	}
	names, _ := spool.OS().List(dir)
	for _, name := range names {
		if strings.HasSuffix(name, "-000000000000000b.seg") || strings.HasSuffix(name, "-0000000000000015.seg") || strings.HasSuffix(name, "-000000000000001f.seg") {
			if err := os.Remove(dir + "/" + name); err != nil {
				t.Fatal(err)
			}
		}
	}
	report, err = spool.Verify(dir)
	if err != nil || len(report.Damage) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	s = open(t, dir, spool.Options{SegmentBytes: 400})
	all := drain(t, s, 1)
	lost := report.Damage[0]
	found := false
	for _, g := range all {
		found = found || g == got{lost.First, lost.Last, wire.GapDamaged}
	}
	if !found {
		t.Errorf("%+v is not in %v", lost, all)
	}
}

func TestALostStateLosesNoEvent(t *testing.T) {
	disk, _ := filled(t, 3)
	disk.Change("spool/state", func(b []byte) []byte { b[3] ^= 1; return b })
	s := open(t, "spool", spool.Options{FS: disk})
	if diff := cmp.Diff([]got{{1, 10, ""}, {11, 20, ""}, {21, 30, ""}}, drain(t, s, 1)); diff != "" {
		t.Error(diff)
	}
}

func TestAFullSpoolDropsTheOldestAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	opt := spool.Options{SegmentBytes: 1 << 10, MaxBytes: 4 << 10}
	s := open(t, dir, opt)
	fill(t, s, 60)
	if st := s.Stats(); st.Bytes > opt.MaxBytes || st.DroppedEvents == 0 {
		t.Errorf("%+v", st)
	}
	all := drain(t, s, 1)
	if all[0].Gap != wire.GapSpoolFull || all[0].First != 1 || all[0].Last != s.Stats().DroppedEvents {
		t.Errorf("first is %+v", all[0])
	}
	s.Close()
	if diff := cmp.Diff(all, drain(t, open(t, dir, opt), 1)); diff != "" {
		t.Error("after a restart:", diff)
	}
}

func TestWhatIsTooOldIsDroppedByRunningTimeAndNotByTheClock(t *testing.T) {
	var up time.Duration
	opt := spool.Options{SegmentBytes: 1 << 20, MaxAge: 16 * time.Hour, FS: spooltest.NewDisk(), Uptime: func() time.Duration { return up }}
	s := open(t, "spool", opt)
	fill(t, s, 1)
	up += 2 * time.Hour
	fill(t, s, 1)
	s.Close()
	up = 0 // another run, any time later
	s = open(t, "spool", opt)
	for range 14 {
		up += time.Hour + time.Minute
		fill(t, s, 1)
	}
	if all := drain(t, s, 1); all[0] != (got{1, 10, ""}) {
		t.Errorf("dropped too early: %v", all[0])
	}
	for range 2 {
		up += 2 * time.Hour
		fill(t, s, 1)
	}
	if all := drain(t, s, 1); all[0].Gap != wire.GapSpoolAge || all[0].Last >= 100 {
		t.Errorf("first is %v", all[0])
	}
}

func TestAnUnsyncedBatchIsNeverAcknowledged(t *testing.T) {
	disk := spooltest.NewDisk()
	s := open(t, "spool", spool.Options{SegmentBytes: 64 << 10, FS: disk})
	fill(t, s, 2)
	fail := true
	disk.Before(func(op, _ string, _ int) error {
		if op == "sync" && fail {
			fail = false
			return syscall.EIO
		}
		return nil
	})
	err := s.Append(batch(t, s.Stream(), 21, 10))
	if !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), "replace it") || s.NextSeq() != 21 {
		t.Fatalf("next %d, %v", s.NextSeq(), err)
	}
	if err := s.Append(batch(t, s.Stream(), 21, 3)); err != nil { // not the same batch
		t.Fatal(err)
	}
	want := []got{{1, 10, ""}, {11, 20, ""}, {21, 23, ""}}
	if diff := cmp.Diff(want, drain(t, s, 1)); diff != "" {
		t.Error(diff)
	}
	s.Close()
	if diff := cmp.Diff(want, drain(t, open(t, "spool", spool.Options{FS: disk}), 1)); diff != "" {
		t.Error("opened again:", diff)
	}
}

func TestAFullDiskMakesRoomByDroppingTheOldest(t *testing.T) {
	disk := spooltest.NewDisk()
	opt := spool.Options{SegmentBytes: 1 << 10, FS: disk}
	s := open(t, "spool", opt)
	fill(t, s, 20)
	disk.Before(func(op, _ string, _ int) error {
		if op == "preallocate" && len(disk.FilesLocked("spool", ".seg")) > 2 {
			return syscall.ENOSPC
		}
		return nil
	})
	fill(t, s, 20)
	if all := drain(t, s, 1); all[0].Gap != wire.GapSpoolFull || all[len(all)-1].Last != 400 {
		t.Errorf("%v", all)
	}
	disk.Before(func(op, _ string, _ int) error {
		if op == "preallocate" {
			return syscall.ENOSPC
		}
		return nil
	})
	var err error
	for range 30 {
		if err = s.Append(batch(t, s.Stream(), s.NextSeq(), 10)); err != nil {
			break
		}
	}
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free space") {
		t.Errorf("no room at all: %v", err)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for cause, word := range map[error]string{syscall.EROFS: "read-only", syscall.EACCES: "belong to the user", syscall.ENOSPC: "free space"} {
		disk := spooltest.NewDisk()
		disk.Before(func(string, string, int) error { return cause })
		if _, err := spool.Open("spool", spool.Options{FS: disk}); !errors.Is(err, cause) || !strings.Contains(err.Error(), word) {
			t.Errorf("%v", err)
		}
	}
}

func TestASpoolHasOneOwner(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, spool.Options{SegmentBytes: 1 << 10})
	if _, err := spool.Open(dir, spool.Options{}); !errors.Is(err, spool.ErrLocked) {
		t.Errorf("%v", err)
	}
}

func TestWhatDoesNotContinueTheSpoolIsRefused(t *testing.T) {
	s := open(t, t.TempDir(), spool.Options{SegmentBytes: 1 << 10})
	for _, b := range [][]byte{batch(t, s.Stream(), 2, 1), batch(t, s.Stream()+1, 1, 1)} {
		if err := s.Append(b); !errors.Is(err, spool.ErrOrder) {
			t.Errorf("%v", err)
		}
	}
	if err := s.Append([]byte("no batch")); !errors.Is(err, wire.ErrBatchDamaged) {
		t.Errorf("%v", err)
	}
	if err := s.Commit(1); !errors.Is(err, spool.ErrAhead) {
		t.Errorf("%v", err)
	}
	if _, _, err := s.NewReader(2).Next(t.Context()); !errors.Is(err, spool.ErrAhead) {
		t.Errorf("%v", err)
	}
}

func TestWhatTheCloudAsksForAgainAfterCommittingItIsAGap(t *testing.T) {
	s := open(t, t.TempDir(), spool.Options{SegmentBytes: 400})
	fill(t, s, 12)
	if err := s.Commit(100); err != nil {
		t.Fatal(err)
	}
	all := drain(t, s, 1)
	if all[0].Gap != wire.GapForgotten || all[len(all)-1] != (got{111, 120, ""}) {
		t.Errorf("%v", all)
	}
}
