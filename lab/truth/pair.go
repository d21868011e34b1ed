package truth

import (
	"fmt"
	"math"
	"slices"
)

// Pair finds the assembled call of each true one by caller and start; what is left over comes second.
func Pair(want []*Call, got []*Found) (pairs map[*Call]*Found, left []*Found) {
	pairs, left = map[*Call]*Found{}, slices.Clone(got)
	for _, w := range want {
		best := -1
		for i, g := range left {
			if math.Abs(float64(g.Start.unix()-w.Start)) <= 5 && (best < 0 || closer(w, g, left[best])) {
				best = i
			}
		}
		if best >= 0 {
			pairs[w] = left[best]
			left = slices.Delete(left, best, best+1)
		}
	}
	return pairs, left
}

func closer(w *Call, a, b *Found) bool {
	if (a.Caller == w.Caller) != (b.Caller == w.Caller) {
		return a.Caller == w.Caller
	}
	return math.Abs(float64(a.Start.unix()-w.Start)) < math.Abs(float64(b.Start.unix()-w.Start))
}

// Compare checks all calls of a run and lists what does not hold, one sentence each; an empty list means that
// everything is as it was. Fields named in but are not looked at.
func Compare(want []*Call, got []*Found, but ...string) []string {
	var out []string
	pairs, left := Pair(want, got)
	for _, w := range want {
		g := pairs[w]
		if g == nil {
			out = append(out, fmt.Sprintf("%s: %s to %s was not found", w.ID, w.Caller, w.Dialled))
			continue
		}
		for _, r := range Failures(Check(w, g)) {
			if !slices.Contains(but, r.Field) {
				out = append(out, w.ID+" "+r.String())
			}
		}
	}
	for _, g := range left {
		out = append(out, fmt.Sprintf("%s to %s at %s never happened", g.Caller, g.Dialled, g.Start.Format("15:04:05.000")))
	}
	return out
}
