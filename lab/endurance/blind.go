package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// AMI has no replay: what a PBX says while an agent is not there is lost for that agent. blind is such a time, known by
// three witnesses that have to agree: the kill, the agent's own marks, and the events the other agent heard meanwhile.
type blind struct {
	pbx      string
	last     time.Time // the agent's last event before
	from, to time.Time
	missed   []*wire.Event
}

const (
	// writtenWithin is how long an agent may have an event in memory before it is on disk: a batch's age and an fsync
	// of a busy disk.
	writtenWithin = 2 * time.Second
	// letIn is how long a PBX may take to send events after it accepted a log-in.
	letIn = 200 * time.Millisecond
)

// blindTimes finds when the shaken agent of a PBX was away, and holds its archive against the calm one's: the same
// events in the same order, each once, but for those of the blind times. What does not fit is a fault.
func blindTimes(calm, shaken *archive, kills []kill, last string) (times []blind, faults []string) {
	for _, a := range []*archive{calm, shaken} {
		for _, f := range a.faults {
			faults = append(faults, fmt.Sprintf("archive of PBX %s: %s", a.pbx, f))
		}
	}
	if n := len(away(calm, nil)); n > 0 {
		faults = append(faults, fmt.Sprintf("the calm agent of PBX %s lost its connection %d times: the run proves nothing", calm.pbx, n))
	}
	times = away(shaken, kills)
	for i, t := range times {
		if t.from.After(t.to) {
			faults = append(faults, fmt.Sprintf("the agent of PBX %s connected again at %s though nobody had killed it", t.pbx, clock(t.to)))
			times[i].from = t.to
		}
	}
	missing, extra := compareEvents(calm.said(last), shaken.said(last))
	for _, ev := range extra {
		faults = append(faults, fmt.Sprintf("an event of PBX %s is there twice, or was never said: %s", shaken.pbx, words(ev)))
	}
	for _, ev := range missing {
		i := slices.IndexFunc(times, func(b blind) bool {
			return !spoken(ev).Before(b.from.Add(-writtenWithin)) && !heard(ev).After(b.to.Add(letIn))
		})
		if i < 0 {
			faults = append(faults, fmt.Sprintf("an event of PBX %s is lost: %s", shaken.pbx, words(ev)))
			continue
		}
		times[i].missed = append(times[i].missed, ev)
	}
	// A blind time begins with the first event that was missed: it may have been in memory at the kill.
	for _, ev := range missing {
		for i := range times {
			b := &times[i]
			if at := spoken(ev); at.Before(b.from) && !at.Before(b.from.Add(-writtenWithin)) && !heard(ev).After(b.to.Add(letIn)) {
				b.from = at
			}
			if at := heard(ev); at.After(b.to) && !at.After(b.to.Add(letIn)) {
				b.to = at
			}
		}
	}
	return times, faults
}

// away lists the times between two connections of an agent: from the first kill after it was last heard to its next
// log-in. Where there was no kill the time ends before it begins.
func away(a *archive, kills []kill) (out []blind) {
	connected := false
	var last time.Time // the latest event before
	for _, ev := range a.events {
		if ev.ID == wire.AgentConnected {
			if connected {
				b := blind{pbx: a.pbx, last: last, from: heard(ev).Add(time.Hour), to: heard(ev)}
				for _, k := range kills {
					if k.PBX == a.pbx && k.At.After(last.Add(-time.Millisecond)) && k.At.Before(b.to) && k.At.Before(b.from) {
						b.from = k.At
					}
				}
				out = append(out, b)
			}
			connected = true
		}
		last = heard(ev)
	}
	return out
}

// compareEvents walks along both. Events that repeat word for word within a microsecond are told apart by their order.
func compareEvents(calm, shaken []*wire.Event) (missing, extra []*wire.Event) {
	places := map[uint64][]int{}
	for i, ev := range calm {
		p := print(ev)
		places[p] = append(places[p], i)
	}
	next := 0
	for _, ev := range shaken {
		p := print(ev)
		i := -1
		for _, at := range places[p] {
			if at >= next {
				i = at
				break
			}
		}
		if i < 0 {
			extra = append(extra, ev)
			continue
		}
		missing = append(missing, calm[next:i]...)
		next = i + 1
	}
	return append(missing, calm[next:]...), extra
}

// missedOf counts the events of some kinds that were missed about a call.
func missedOf(s *story, times []blind, kinds ...wire.EventID) (n int) {
	for _, b := range times {
		for _, ev := range b.missed {
			if slices.Contains(kinds, ev.ID) && slices.ContainsFunc(s.seen.Channels, func(c channel) bool { return c.PBX == b.pbx && names(ev, c.Uniqueid) }) {
				n++
			}
		}
	}
	return n
}

// names tells whether an event is about a channel.
func names(ev *wire.Event, uniqueid string) bool {
	return slices.ContainsFunc(ev.Fields, func(f wire.Field) bool {
		return f.Value == uniqueid && strings.HasSuffix(wire.FieldName(f.ID), "Uniqueid")
	})
}

// ties are the events by which channels become one call.
var ties = []wire.EventID{
	wire.EvNewchannel, wire.EvVarSet, wire.EvDialBegin, wire.EvHold, wire.EvBridgeEnter, wire.EvLocalBridge, wire.EvPickup,
	wire.EvBlindTransfer, wire.EvAttendedTransfer, wire.EvParkedCall, wire.EvUnParkedCall, wire.EvBridgeMerge,
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05.000") }

// overlaps tells whether somebody listened all the time between two moments at some PBXs.
func overlaps(times []blind, pbxs []string, from, to time.Time, margin time.Duration) bool {
	return slices.ContainsFunc(times, func(b blind) bool {
		return slices.Contains(pbxs, b.pbx) && from.Before(b.to.Add(margin)) && to.After(b.from.Add(-margin))
	})
}

// inside tells whether nobody listened at any time between two moments.
func inside(times []blind, pbx string, from, to time.Time, margin time.Duration) bool {
	return slices.ContainsFunc(times, func(b blind) bool {
		return b.pbx == pbx && !from.Before(b.from.Add(-margin)) && !to.After(b.to.Add(margin))
	})
}
