package main

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// edge is how exactly the ends of a blind time are known.
const edge = 150 * time.Millisecond

// verdict is what a comparison found.
type verdict struct {
	Calls     int `json:"calls"` // of the calm installation
	Identical int `json:"identical"`
	Excused   int `json:"excused"` // they went on while the shaken agent was killed, and keep the rules for that
	Unseen    int `json:"unseen"`  // the same, from their first moment to their last
	Parted    int `json:"parted"`  // the same, just when something tied their parts, each of which is there
	Stray     int `json:"stray"`   // phones that talked to the PBX itself, which is no call, and began unseen
	Lost      int `json:"lost"`
	Doubled   int `json:"doubled"`
	Changed   int `json:"changed"`
	Unlike    int `json:"unlike_its_events"` // calls of either installation that are not what its own events make

	Apart float64 `json:"apart_ms"` // how far the beginnings of identical calls are apart at most

	differences []difference
}

// difference is a call that is not as it should be.
type difference struct {
	what         string
	why          []string
	calm, shaken []*story
}

func (v *verdict) add(what string, count *int, why []string, calm, shaken []*story) {
	*count++
	v.differences = append(v.differences, difference{what, why, calm, shaken})
}

// judge compares the calls of two installations that heard the same PBXs, but for the blind times of the shaken one.
func judge(calm, shaken []*story, times []blind, tol tolerance) *verdict {
	v := &verdict{Calls: len(calm)}
	mates := byChannel(shaken)
	of := byChannel(calm)
	for _, s := range shaken {
		switch {
		case len(common(s, of)) > 0:
		case s.seen.Partial && len(s.seen.Legs) == 1 && missedOf(s, times, wire.EvNewchannel) > 0:
			v.Stray++
		default:
			v.add("a call that nobody made", &v.Doubled, nil, nil, []*story{s})
		}
	}
	for _, c := range calm {
		excusable := overlaps(times, c.seen.PBX, c.from, c.to, edge)
		found := common(c, mates)
		switch {
		case len(found) == 0 && excusable && c.unseen(times):
			v.Unseen++
		case len(found) == 0:
			v.add("lost", &v.Lost, nil, []*story{c}, nil)
		case len(found) > 1 && excusable && parted(c, found, times, tol):
			v.Parted++
		case len(found) > 1:
			v.add("in several parts", &v.Doubled, nil, []*story{c}, found)
		case len(common(found[0], of)) == 1 && excusable && c.remains(found[0], times, tol):
			v.Parted++
		case len(common(found[0], of)) > 1:
			v.add("joined with another", &v.Changed, nil, common(found[0], of), found)
		default:
			v.one(c, found[0], excusable, times, tol)
		}
	}
	return v
}

func (v *verdict) one(c, s *story, excusable bool, times []blind, tol tolerance) {
	why := append(tol.differences("", c.all, s.all), tol.differences(" fact", c.facts, s.facts)...)
	switch {
	case len(why) == 0:
		v.Identical++
		v.Apart = max(v.Apart, float64(c.seen.Start.Sub(s.seen.Start).Abs().Microseconds())/1000)
	case !excusable:
		v.add("changed", &v.Changed, why, []*story{c}, []*story{s})
	default:
		broken := inexcusable(c, s, times, tol)
		if len(broken) == 0 {
			v.Excused++
			return
		}
		v.add("changed more than a blind time excuses", &v.Changed, append(broken, why...), []*story{c}, []*story{s})
	}
}

// owns compares the calls of an installation with those that the events it has make.
func (v *verdict) owns(calls, made []*story) {
	by := map[string]*story{}
	for _, m := range made {
		by[m.seen.ID] = m
	}
	for _, c := range calls {
		m := by[c.seen.ID]
		delete(by, c.seen.ID)
		if m == nil {
			v.add("not made of the events that are there", &v.Unlike, nil, nil, []*story{c})
			continue
		}
		if why := tolerance(0).differences("", m.all, c.all); len(why) > 0 {
			v.add("the events that are there make it another (first), than it is (second)", &v.Unlike, why, []*story{m}, []*story{c})
		}
	}
	for _, m := range by {
		v.add("the events that are there make a call that is not there", &v.Unlike, nil, []*story{m}, nil)
	}
}

// parted tells whether a call is in several parts for no other reason than that the shaken agent missed what ties them:
// there are no more parts than tying events were missed about the call, no channel is in two of them, and the part that
// began the call tells who called whom.
func parted(c *story, parts []*story, times []blind, tol tolerance) bool {
	seen := map[channel]bool{}
	for _, p := range parts {
		for _, ch := range p.seen.Channels {
			if seen[ch] {
				return false
			}
			seen[ch] = true
		}
		began := overlaps(times, c.seen.PBX, c.seen.Start, c.seen.Start, edge)
		if p.seen.ID == c.seen.ID && !began && !tol.agree(c, p, "caller", "dialled", "start") {
			return false
		}
	}
	return len(parts) <= 1+missedOf(c, times, ties...)
}

// remains tells whether a call is there but for the PBXs at which nobody saw any of it: all other legs are, as they were.
func (s *story) remains(o *story, times []blind, tol tolerance) bool {
	unseen := map[string]bool{}
	for _, l := range s.seen.Legs {
		in := l.End != nil && inside(times, l.PBX, l.Start, *l.End, edge)
		was, known := unseen[l.PBX]
		unseen[l.PBX] = in && (was || !known)
	}
	some := false
	has := timesOf(bare(rowsOf(o, "legs")))
	for _, row := range rowsOf(s, "legs") {
		if unseen[short(row["pbx"])] {
			some = true
		} else if tol.find(timesOf([]map[string]any{row})[0], has) < 0 {
			return false
		}
	}
	return some
}

// timesOf keeps of legs which they are and when they were.
func timesOf(legs []map[string]any) (out []any) {
	for _, l := range legs {
		out = append(out, map[string]any{"uniqueid": l["uniqueid"], "pbx": l["pbx"], "start": l["start"], "answered": l["answered"], "end": l["end"]})
	}
	return out
}

// agree tells whether two stories have the same values.
func (tol tolerance) agree(c, s *story, keys ...string) bool {
	return !slices.ContainsFunc(keys, func(key string) bool { return len(tol.differences(key, c.all[key], s.all[key])) > 0 })
}

func byChannel(list []*story) map[channel][]*story {
	out := map[channel][]*story{}
	for _, s := range list {
		for _, c := range s.seen.Channels {
			if !slices.Contains(out[c], s) {
				out[c] = append(out[c], s)
			}
		}
	}
	return out
}

// common lists the stories that share a channel with s.
func common(s *story, by map[channel][]*story) (out []*story) {
	for _, c := range s.seen.Channels {
		for _, o := range by[c] {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// unseen tells whether every party of the call came and went while nobody listened.
func (s *story) unseen(times []blind) bool {
	for _, l := range s.seen.Legs {
		if l.End == nil || !inside(times, l.PBX, l.Start, *l.End, edge) {
			return false
		}
	}
	return true
}

// inexcusable lists what a blind time does not explain about a call that went on during one.
//
//   - It says that it is partial.
//   - If its beginning was seen, its id, caller, dialled number, direction and start are the right ones.
//   - A row that is not marked as estimated is true to the row of the calm installation. Who was put on hold unseen no list
//     of the PBX tells, so that a talk may be wrong where that was missed.
//   - A row of the calm installation that was over before the first blind time, or began after the last, is there.
func inexcusable(c, s *story, times []blind, tol tolerance) (out []string) {
	if !s.seen.Partial && overlaps(times, c.seen.PBX, c.from, c.to, -edge) {
		out = append(out, "it does not say that it is partial")
	}
	if len(c.seen.PBX) > 0 && !overlaps(times, c.seen.PBX[:1], c.seen.Start, c.seen.Start, edge) {
		for _, key := range []string{"id", "caller", "dialled", "direction", "start"} {
			out = append(out, tol.differences("its beginning was seen, and yet ."+key, c.all[key], s.all[key])...)
		}
	}
	onHold := missedOf(c, times, wire.EvHold, wire.EvUnhold) > 0
	for _, key := range []string{"queues", "rings", "talks", "holds", "legs"} {
		had, has := bare(rowsOf(c, key)), bare(rowsOf(s, key))
		if key == "talks" {
			had, has = tol.joined(had), tol.joined(has)
		}
		for _, row := range has {
			if row["estimated"] != true && tol.find(row, anyRows(had)) < 0 && !(key == "talks" && onHold) {
				out = append(out, fmt.Sprintf("not marked as estimated and not true: %s %s", key, short(row)))
			}
		}
		for _, row := range had {
			if settled(c, row, times) && tol.find(row, anyRows(has)) < 0 {
				out = append(out, fmt.Sprintf("it was seen, and is missing: %s %s", key, short(row)))
			}
		}
	}
	return out
}

func rowsOf(s *story, key string) (out []map[string]any) {
	list, _ := s.all[key].([]any)
	for _, v := range list {
		if row, ok := v.(map[string]any); ok {
			out = append(out, row)
		}
	}
	return out
}

// bare leaves out what a leg's events happened to carry along.
func bare(rows []map[string]any) (out []map[string]any) {
	for _, r := range rows {
		r = maps.Clone(r)
		delete(r, "attributes")
		out = append(out, r)
	}
	return out
}

// joined makes one of talks of the same two that follow each other at once: what of them was a consultation may hang on
// an estimate.
func (tol tolerance) joined(talks []map[string]any) (out []map[string]any) {
next:
	for _, row := range talks {
		delete(row, "consult")
		for _, o := range out {
			to, isText := o["to"].(string)
			from, isToo := row["from"].(string)
			if isText && isToo && tol.near(to, from) && o["operator"] == row["operator"] && o["with"] == row["with"] && o["pbx"] == row["pbx"] {
				a, _ := o["seconds"].(float64)
				b, _ := row["seconds"].(float64)
				o["to"], o["seconds"] = row["to"], a+b
				if row["estimated"] == true {
					o["estimated"] = true
				}
				continue next
			}
		}
		out = append(out, row)
	}
	return out
}

func anyRows(rows []map[string]any) []any {
	out := make([]any, len(rows))
	for i, r := range rows {
		out[i] = r
	}
	return out
}

// settled tells a row that was over when an agent of the call's PBXs wrote its last event down: from then on it may be
// that something was missed.
func settled(c *story, row map[string]any, times []blind) bool {
	end := time.Time{}
	for _, key := range []string{"left", "to", "end"} {
		if text, ok := row[key].(string); ok {
			end, _ = time.Parse(time.RFC3339Nano, text)
		}
	}
	if text, ok := row["at"].(string); ok { // a ring
		at, _ := time.Parse(time.RFC3339Nano, text)
		seconds, _ := row["seconds"].(float64)
		end = at.Add(time.Duration(seconds * float64(time.Second)))
	}
	return !end.IsZero() && !slices.ContainsFunc(times, func(b blind) bool {
		return slices.Contains(c.seen.PBX, b.pbx) && c.from.Before(b.to.Add(edge)) && end.After(b.last.Add(-edge))
	})
}
