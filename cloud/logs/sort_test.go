package logs

import (
	"errors"
	"math/rand/v2"
	"os"
	"testing"
)

func TestRowsThatDoNotFitIntoMemoryAreSortedAllTheSame(t *testing.T) {
	dir := t.TempDir()
	s := NewSorter(dir)
	s.most = 50
	rng := rand.New(rand.NewPCG(1, 2))
	for range 777 {
		if err := s.Add(&Row{Key: rng.Int64N(100), Queue: &QueueEntry{Event: "X", Data: []string{"a", ""}}}); err != nil {
			t.Fatal(err)
		}
	}
	aside, err := os.ReadDir(dir)
	if err != nil || len(aside) != 15 {
		t.Fatalf("%d parts were put aside: %v", len(aside), err)
	}
	n, last, order := 0, int64(-1), uint64(0)
	err = s.Each(func(r *Row) error {
		if r.Key < last || r.Key == last && r.Order < order || r.Queue == nil || r.Queue.Arg(0) != "a" {
			t.Errorf("row %d: %+v after %d/%d", n, r, last, order)
		}
		n, last, order = n+1, r.Key, r.Order
		return nil
	})
	if err != nil || n != 777 {
		t.Errorf("%d rows: %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if aside, err = os.ReadDir(dir); err != nil || len(aside) != 0 {
		t.Errorf("left behind: %v, %v", aside, err)
	}
}

func TestWhoStopsTheSorterIsHeard(t *testing.T) {
	s := NewSorter(t.TempDir())
	defer s.Close()
	if err := s.Add(&Row{}); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	if err := s.Each(func(*Row) error { return enough }); !errors.Is(err, enough) {
		t.Error(err)
	}
}
