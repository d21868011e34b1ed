package reassemble

import (
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Field is one difference of a call. From is what is stored, To what today's rules say; nil is nothing.
type Field struct {
	Name string `json:"field"` // talks[1].from; rows that come or go are named as a whole
	From any    `json:"from"`
	To   any    `json:"to"`
}

// clockTrembles is how exactly a PBX's clock is measured: the same events assembled twice may be put this much apart.
const clockTrembles = 50 * time.Millisecond

// differ lists what differs between two versions of a call. What only tells how often a call was written is no
// difference.
func differ(from, to tree) []Field {
	d := differences{}
	d.trees("", without(from, "rev", "supersedes"), without(to, "rev", "supersedes"))
	return d.list
}

func without(t tree, keys ...string) tree {
	t = maps.Clone(t)
	for _, k := range keys {
		delete(t, k)
	}
	return t
}

type differences struct{ list []Field }

func (d *differences) trees(path string, from, to tree) {
	keys := slices.Collect(maps.Keys(from))
	for k := range to {
		if _, both := from[k]; !both {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		name := k
		if path != "" {
			name = path + "." + k
		}
		d.values(name, from[k], to[k])
	}
}

func (d *differences) values(path string, from, to any) {
	if x, ok := from.(tree); ok {
		if y, ok := to.(tree); ok {
			d.trees(path, x, y)
			return
		}
	}
	x, isList := rows(from)
	y, isListToo := rows(to)
	if isList || isListToo {
		d.lists(path, x, y)
		return
	}
	if !same(path, from, to) {
		d.list = append(d.list, Field{Name: path, From: from, To: to})
	}
}

// rows returns a list of rows; nothing is an empty one.
func rows(v any) ([]any, bool) {
	list, ok := v.([]any)
	return list, ok
}

// lists compares rows in order. What begins and ends alike is set aside, so that a row that came or went does not shift
// all after it.
func (d *differences) lists(path string, from, to []any) {
	n := 0
	for n < len(from) && n < len(to) && alike(from[n], to[n]) {
		n++
	}
	for len(from) > n && len(to) > n && alike(from[len(from)-1], to[len(to)-1]) {
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	for i := n; i < max(len(from), len(to)); i++ {
		name := path + "[" + strconv.Itoa(i) + "]"
		switch {
		case i >= len(from):
			d.list = append(d.list, Field{Name: name, To: to[i]})
		case i >= len(to):
			d.list = append(d.list, Field{Name: name, From: from[i]})
		default:
			d.values(name, from[i], to[i])
		}
	}
}

func alike(from, to any) bool {
	d := differences{}
	d.values("", from, to)
	return len(d.list) == 0
}

// same compares two single values. Times and lengths that only the measurement of a clock parts are the same, and so are
// a value that is left out and its zero.
func same(path string, from, to any) bool {
	if x, ok := number(from); ok {
		y, ok := number(to)
		switch {
		case strings.HasSuffix(path, "_ms"):
			return ok && math.Abs(x-y) <= float64(clockTrembles.Milliseconds())
		case strings.HasSuffix(path, ".seconds"):
			return ok && math.Abs(x-y) <= clockTrembles.Seconds()
		}
		return ok && x == y
	}
	x, ok := from.(string)
	y, too := to.(string)
	if !ok || !too {
		return none(from) && none(to) || reflect.DeepEqual(from, to)
	}
	if x == y {
		return true
	}
	s, err := time.Parse(time.RFC3339Nano, x)
	t, err2 := time.Parse(time.RFC3339Nano, y)
	return err == nil && err2 == nil && s.Sub(t).Abs() <= clockTrembles
}

func none(v any) bool { return v == nil || v == "" || v == false }

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int32:
		return float64(n), true
	}
	return 0, false
}
