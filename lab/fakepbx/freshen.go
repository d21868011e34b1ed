package fakepbx

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// numbers hands out what makes identifiers fresh. All players of a PBX share it, as the counters of a real one are
// shared by its calls.
type numbers struct{ channel, unique, bridge atomic.Uint64 }

// freshener rewrites the packets of one playing of a recording, so that they look as if they happened now.
type freshener struct {
	ids   *strings.Replacer
	shift int64 // seconds to add to times that stand in fields
}

// newFreshener gives every channel, Uniqueid and bridge of the recording a new name, in the order of the old ones: who
// is older than whom decides which Linkedid a bridge gets. Names in values of variables and arguments change too.
func newFreshener(rec *recorded, n *numbers, now time.Time) *freshener {
	f := &freshener{shift: now.Unix() - rec.began/int64(time.Second)}
	uniques, channels, bridges := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, s := range rec.steps {
		for line := range bytes.Lines(s.packet) {
			key, v, _ := strings.Cut(strings.TrimSpace(string(line)), ": ")
			switch key = strings.ToLower(key); {
			case strings.HasSuffix(key, "uniqueid") && !strings.Contains(key, "bridge"), strings.HasSuffix(key, "linkedid"):
				uniques[v] = true
			case strings.HasSuffix(key, "channel"):
				channels[strings.TrimSuffix(strings.TrimSuffix(v, ";1"), ";2")] = true
			case strings.HasSuffix(key, "bridgeuniqueid"), key == "bridgeid":
				bridges[v] = true
			}
		}
	}
	pairs := slices.Concat(f.uniques(uniques, n), freshChannels(channels, n), freshBridges(bridges, n))
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return cmp.Compare(len(b[0]), len(a[0])) }) // .12 before .1
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p[0], p[1])
	}
	f.ids = strings.NewReplacer(flat...)
	return f
}

// uniques renames [system-]epoch.counter.
func (f *freshener) uniques(old map[string]bool, n *numbers) [][2]string {
	form := regexp.MustCompile(`^(.*?)(\d{9,11})\.(\d+)$`)
	type id struct {
		old, system    string
		epoch, counter int64
	}
	var ids []id
	for v := range old {
		if m := form.FindStringSubmatch(v); m != nil {
			epoch, _ := strconv.ParseInt(m[2], 10, 64)
			counter, _ := strconv.ParseInt(m[3], 10, 64)
			ids = append(ids, id{v, m[1], epoch, counter})
		}
	}
	slices.SortFunc(ids, func(a, b id) int { return cmp.Or(cmp.Compare(a.epoch, b.epoch), cmp.Compare(a.counter, b.counter)) })
	var pairs [][2]string
	for _, v := range ids {
		pairs = append(pairs, [2]string{v.old, fmt.Sprintf("%s%d.%d", v.system, v.epoch+f.shift, n.unique.Add(1))})
	}
	return pairs
}

// freshChannels renames technology/resource-number. The halves of a Local channel keep one number.
func freshChannels(old map[string]bool, n *numbers) [][2]string {
	form := regexp.MustCompile(`^(.+-)[0-9a-f]{8}$`)
	var pairs [][2]string
	for _, v := range slices.Sorted(maps.Keys(old)) {
		if m := form.FindStringSubmatch(v); m != nil {
			pairs = append(pairs, [2]string{v, fmt.Sprintf("%s%08x", m[1], n.channel.Add(1))})
		}
	}
	return pairs
}

// freshBridges renames bridges whose identifier is a UUID. One that somebody chose a name for keeps it.
func freshBridges(old map[string]bool, n *numbers) [][2]string {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	var pairs [][2]string
	for _, v := range slices.Sorted(maps.Keys(old)) {
		if form.MatchString(v) {
			pairs = append(pairs, [2]string{v, v[:24] + fmt.Sprintf("%012x", n.bridge.Add(1))})
		}
	}
	return pairs
}

// packet returns the packet with fresh names and times. Where stamp is not zero an event gets a Timestamp, as
// timestampevents does.
func (f *freshener) packet(p []byte, stamp time.Time) []byte {
	p = []byte(f.ids.Replace(string(p)))
	for _, key := range []string{"LastCall", "LastPause", "LoginTime"} {
		p = f.later(p, key)
	}
	if first, rest, ok := bytes.Cut(p, []byte("\n")); ok && !stamp.IsZero() && bytes.HasPrefix(p, []byte("Event:")) {
		us := stamp.UnixMicro()
		p = slices.Concat(first, fmt.Appendf(nil, "\nTimestamp: %d.%06d\r\n", us/1e6, us%1e6), rest)
	}
	return p
}

// later shifts a time in seconds.
func (f *freshener) later(p []byte, key string) []byte {
	i := bytes.Index(p, []byte("\n"+key+": "))
	if i < 0 {
		return p
	}
	from := i + len(key) + 3
	to := from + bytes.IndexAny(p[from:], "\r\n")
	t, err := strconv.ParseInt(string(p[from:to]), 10, 64)
	if err != nil || t < 1e9 {
		return p
	}
	return slices.Concat(p[:from], strconv.AppendInt(nil, t+f.shift, 10), p[to:])
}
