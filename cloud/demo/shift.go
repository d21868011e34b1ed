package demo

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// States invents what the operators did from the days of from to those of to, in keeping with the calls of [Generate]: shifts,
// breaks, wrap-ups, and what their phones did. What lasts at to ends there. The same state has the same id whatever from and
// to are.
func States(from, to time.Time) iter.Seq[call.Interval] {
	return func(yield func(call.Interval) bool) {
		for _, p := range Cast() {
			zone, err := time.LoadLocation(p.Zone)
			if err != nil {
				zone = time.UTC
			}
			first := from.In(zone)
			for date := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone); date.Before(to); date = date.AddDate(0, 0, 1) {
				d := newDay(p, date)
				calls := d.calls()
				for _, x := range d.states(calls) {
					if !x.From.Before(to) {
						continue
					}
					if x.To.After(to) {
						x.To = to.UTC()
					}
					if !yield(x) {
						return
					}
				}
			}
		}
	}
}

// doing is something that an operator's phone did for a while.
type doing struct {
	kind     call.StateKind
	queue    string
	from, to time.Time
}

// states tells of every operator what the day was.
func (d *day) states(calls []*call.Call) []call.Interval {
	phones := map[string][]doing{}
	add := func(pbx, operator string, x doing) {
		if pbx == d.pbx.Name && x.to.After(x.from) {
			phones[operator] = append(phones[operator], x)
		}
	}
	for _, c := range calls {
		if c.Direction != call.Inbound {
			until := c.End
			if len(c.Talks) > 0 {
				until = c.Talks[0].From
			}
			add(d.pbx.Name, c.Caller, doing{kind: call.StateBusy, from: c.Start, to: until})
		}
		for _, r := range c.Rings {
			add(r.PBX, r.Operator, doing{call.StateRinging, r.Queue, r.At, r.End})
		}
		for _, k := range c.Talks {
			add(k.PBX, k.Operator, doing{call.StateBusy, k.Queue, k.From, k.To})
			if k.With != "customer" {
				add(k.PBX, k.With, doing{kind: call.StateBusy, from: k.From, to: k.To})
			}
		}
		for _, h := range c.Holds {
			add(h.PBX, h.By, doing{kind: call.StateHold, from: h.From, to: h.To})
		}
	}
	var list []call.Interval
	for _, o := range d.pbx.Operators {
		list = append(list, d.phone(o.Number, phones[o.Number])...)
		if begin, works := d.begins[o.Number]; works {
			list = append(list, d.shift(o.Number, begin, d.shiftEnd(o.Number, begin), phones[o.Number])...)
		}
	}
	return list
}

// phone lays what a phone did end to end: the most occupied state at every moment, and idle in between.
func (d *day) phone(operator string, did []doing) []call.Interval {
	begin, end := d.date, d.date.AddDate(0, 0, 1)
	moments := []time.Time{begin, end}
	for _, x := range did {
		moments = append(moments, x.from, x.to)
	}
	slices.SortFunc(moments, time.Time.Compare)
	var list []call.Interval
	for i, at := range moments[:len(moments)-1] {
		next := moments[i+1]
		if !next.After(at) || at.Before(begin) || !at.Before(end) {
			continue
		}
		now := doing{kind: call.StateIdle}
		for _, x := range did {
			if !x.from.After(at) && x.to.After(at) && rank(x.kind) > rank(now.kind) {
				now = x
			}
		}
		next = earlier(next, end)
		if n := len(list); n > 0 && list[n-1].Kind == now.kind && list[n-1].Queue == now.queue && list[n-1].To.Equal(at) {
			list[n-1].To = next.UTC()
			continue
		}
		list = append(list, d.state(operator, now.kind, now.queue, at, next))
	}
	return list
}

func rank(kind call.StateKind) int {
	return slices.Index([]call.StateKind{call.StateIdle, call.StateRinging, call.StateHold, call.StateBusy}, kind)
}

// shift is a day at work: the queues one serves, breaks where there is time for them, and wrap-up after calls of queues.
func (d *day) shift(operator string, begin, end time.Time, did []doing) []call.Interval {
	var list []call.Interval
	breaks := d.breaks(begin, end, did)
	for _, q := range d.pbx.Queues {
		if !slices.Contains(q.Members, operator) {
			continue
		}
		x := d.state(operator, call.StateLoggedIn, q.Number, begin, end)
		x.Began, x.Ended = "dialplan", "dialplan"
		list = append(list, x)
		for _, b := range breaks {
			x := d.state(operator, call.StatePaused, q.Number, b.from, b.to)
			x.Reason, x.Began, x.Ended = b.queue, "dialplan", "dialplan"
			list = append(list, x)
		}
	}
	for i, x := range did {
		if x.kind != call.StateBusy || x.queue == "" || x.from.Before(begin) || !x.to.Before(end) {
			continue
		}
		until := x.to.Add(20 * time.Second)
		for _, y := range did[i+1:] {
			if y.kind == call.StateBusy && y.from.After(x.from) {
				until = earlier(until, y.from)
			}
		}
		if until = earlier(until, end); until.After(x.to) {
			list = append(list, d.state(operator, call.StateWrapUp, x.queue, x.to, until))
		}
	}
	return list
}

// breaks are pauses in the gaps between calls; their reason stands in queue.
func (d *day) breaks(begin, end time.Time, did []doing) []doing {
	did = slices.Clone(did)
	slices.SortFunc(did, func(a, b doing) int { return a.from.Compare(b.from) })
	wanted := []doing{
		{queue: "tea", from: begin.Add(2 * time.Hour), to: begin.Add(2*time.Hour + 12*time.Minute)},
		{queue: "lunch", from: begin.Add(4 * time.Hour), to: begin.Add(4*time.Hour + 40*time.Minute)},
		{queue: "tea", from: begin.Add(6 * time.Hour), to: begin.Add(6*time.Hour + 15*time.Minute)},
	}
	if cmp.Compare(len(did)%5, 0) == 0 {
		wanted = append(wanted, doing{queue: "meeting", from: begin.Add(5 * time.Hour), to: begin.Add(5*time.Hour + 30*time.Minute)})
	}
	var list []doing
	for _, w := range wanted {
		length := w.to.Sub(w.from)
		at := w.from
		for _, x := range did { // after the call that is going on, and only until the next
			if x.to.After(at) && !x.from.After(at) {
				at = x.to.Add(30 * time.Second)
			}
		}
		until := at.Add(length)
		for _, x := range did {
			if x.from.After(at) {
				until = earlier(until, x.from.Add(-time.Second))
			}
		}
		if until = earlier(until, end); until.Sub(at) >= 2*time.Minute {
			list = append(list, doing{queue: w.queue, from: at, to: until})
		}
	}
	return list
}

// shiftEnd is when somebody went home: as the calls of the day had it, else after nine hours.
func (d *day) shiftEnd(operator string, begin time.Time) time.Time {
	if at, ok := d.ends[operator]; ok && at.After(begin) {
		return at
	}
	return begin.Add(9*time.Hour + time.Duration(len(operator))*7*time.Minute)
}

func (d *day) state(operator string, kind call.StateKind, queue string, from, to time.Time) call.Interval {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d %s %d", d.pbx.Name, operator, kind, queue, from.UnixNano()))
	x := call.Interval{
		ID: call.ID(sum[:16]), Kind: kind, PBX: d.pbx.Name, Operator: operator, Queue: queue, From: from.UTC(), To: to.UTC(),
		Interface: "PJSIP/" + operator,
	}
	x.ID[6], x.ID[8] = x.ID[6]&0x0f|0x80, x.ID[8]&0x3f|0x80 // UUIDv8
	if kind == call.StateLoggedIn || kind == call.StatePaused {
		x.Interface, x.Member, x.Membership = "Local/"+operator+"@agents/n", d.pbx.nameOf(operator), "dynamic"
	}
	return x
}
