package main

import (
	"runtime"
	"slices"
	"time"
)

// perSecond calls fn until at least enough time has passed and returns how many units a second it did. fn returns how
// many units one call does.
func perSecond(enough time.Duration, fn func() (float64, error)) (float64, error) {
	units, start := 0.0, time.Now()
	for {
		n, err := fn()
		if err != nil {
			return 0, err
		}
		units += n
		if d := time.Since(start); d >= enough {
			return units / d.Seconds(), nil
		}
	}
}

// interleave measures ours and a peer in turn, rounds times, and returns the median of ours/peer.
func interleave(rounds int, ours, peer func() (float64, error)) (float64, error) {
	var ratios []float64
	for i := range rounds {
		first, second := ours, peer
		if i%2 == 1 {
			first, second = peer, ours
		}
		a, err := first()
		if err != nil {
			return 0, err
		}
		b, err := second()
		if err != nil {
			return 0, err
		}
		if i%2 == 1 {
			a, b = b, a
		}
		ratios = append(ratios, a/b)
	}
	return median(ratios), nil
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

// allocations returns how many objects fn allocates, after it has run once to grow its buffers.
func allocations(fn func() error) (float64, error) {
	if err := fn(); err != nil {
		return 0, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := fn()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs), err
}
