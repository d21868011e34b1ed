package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// tolerance is how far the times of two installations may be apart: each agent measures the PBX's clock for itself.
type tolerance time.Duration

// differences lists where two decoded JSON values differ. Times and lengths may be a little apart; rows of a list may
// come in another order, for the same reason; everything else is the same or it is not.
func (tol tolerance) differences(path string, a, b any) []string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			break
		}
		return tol.objects(path, x, y)
	case []any:
		y, ok := b.([]any)
		if !ok {
			break
		}
		return tol.lists(path, x, y)
	case string:
		y, ok := b.(string)
		if ok && (x == y || tol.near(x, y)) {
			return nil
		}
	case float64:
		y, ok := b.(float64)
		if ok && (x == y || strings.HasSuffix(path, "seconds") && math.Abs(x-y) <= 2*time.Duration(tol).Seconds()) {
			return nil
		}
	default:
		if a == b {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s: %s, %s", path, short(a), short(b))}
}

func (tol tolerance) objects(path string, x, y map[string]any) (out []string) {
	keys := slices.Sorted(maps.Keys(x))
	for k := range y {
		if _, there := x[k]; !there {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		v, ok := x[k]
		w, also := y[k]
		switch {
		case !ok:
			out = append(out, fmt.Sprintf("%s.%s: nothing, %s", path, k, short(w)))
		case !also:
			out = append(out, fmt.Sprintf("%s.%s: %s, nothing", path, k, short(v)))
		default:
			out = append(out, tol.differences(path+"."+k, v, w)...)
		}
	}
	return out
}

func (tol tolerance) lists(path string, x, y []any) (out []string) {
	rest := slices.Clone(y)
	var unmatched []any
	for _, v := range x {
		i := tol.find(v, rest)
		if i < 0 {
			unmatched = append(unmatched, v)
			continue
		}
		rest = slices.Delete(rest, i, i+1)
	}
	for i, v := range unmatched {
		if i < len(rest) {
			out = append(out, tol.differences(path+"[]", v, rest[i])...)
			continue
		}
		out = append(out, fmt.Sprintf("%s[]: %s, nothing", path, short(v)))
	}
	for i := len(unmatched); i < len(rest); i++ {
		out = append(out, fmt.Sprintf("%s[]: nothing, %s", path, short(rest[i])))
	}
	return out
}

// find gives the place of the first value that is the same, -1 if there is none.
func (tol tolerance) find(v any, list []any) int {
	return slices.IndexFunc(list, func(w any) bool { return len(tol.differences("", v, w)) == 0 })
}

// near compares two times.
func (tol tolerance) near(x, y string) bool {
	a, err := time.Parse(time.RFC3339Nano, x)
	if err != nil {
		return false
	}
	b, err := time.Parse(time.RFC3339Nano, y)
	return err == nil && a.Sub(b).Abs() <= time.Duration(tol)
}

func short(v any) string {
	s := fmt.Sprint(v)
	if len(s) > 300 {
		s = s[:300] + "…"
	}
	return s
}
