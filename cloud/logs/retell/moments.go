package retell

import (
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/logs"
)

// Moments a row speaks of. The row itself is the last of them.
const (
	momentRow    uint8 = iota
	momentBorn         // the caller of a queue reached the PBX
	momentRing         // a member began to ring
	momentBegin        // a leg of a CDR began
	momentAnswer       // it was answered
	momentEnd          // it ended
)

const second = 1_000_000 // µs

// longestBefore bounds how long before a queue a caller can have reached the PBX.
const longestBefore = 6 * 3600 * second

// longestRing bounds how long a member can have rung.
const longestRing = 3600 * second

// Moments makes a row for every moment a row speaks of, so that all of them can be put in order. What is known to the
// second comes after what is known better of the same second.
func Moments(r *logs.Row) []*logs.Row {
	if r.Whole {
		r.Key = r.At + second - 1
	}
	switch {
	case r.Queue != nil:
		return queueMoments(r)
	case r.Record != nil:
		return recordMoments(r)
	}
	return []*logs.Row{r}
}

func moment(r *logs.Row, part uint8, at int64) *logs.Row {
	m := *r
	m.Part, m.At, m.Key = part, at, at
	if r.Whole {
		m.Key += second - 1
	}
	return &m
}

func queueMoments(r *logs.Row) []*logs.Row {
	q := r.Queue
	switch q.Event {
	case "ENTERQUEUE":
		if born := logs.Born(q.Call); born != 0 && born <= r.At && r.At-born < longestBefore {
			return []*logs.Row{moment(r, momentBorn, born), r}
		}
	case "CONNECT":
		if s, ok := number(q.Arg(2)); ok && s >= 0 && s < longestRing/second {
			return []*logs.Row{moment(r, momentRing, r.At-s*second), r}
		}
	case "RINGNOANSWER", "RINGCANCELED":
		if ms, ok := number(q.Arg(0)); ok && ms >= 0 && ms < longestRing/1000 {
			return []*logs.Row{moment(r, momentRing, r.At-ms*1000), r}
		}
	}
	return []*logs.Row{r}
}

func recordMoments(r *logs.Row) []*logs.Row {
	c := r.Record
	begin := moment(r, momentBegin, c.Start)
	if r.Whole { // channels are numbered in order of birth; what queue_log says of the second is about one that is born
		begin.Key = c.Start + second/2 + counter(c.Uniqueid)%(second/4)
	}
	list := []*logs.Row{begin}
	if c.Answer != 0 {
		list = append(list, moment(r, momentAnswer, c.Answer))
	}
	end := moment(r, momentEnd, c.End)
	return append(list, end)
}

// counter is the number within a Uniqueid ([system-]epoch.counter), 0 where there is none.
func counter(uniqueid string) int64 {
	n, _ := number(uniqueid[strings.LastIndexByte(uniqueid, '.')+1:])
	return max(n, 0)
}

func number(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 40)
	return n, err == nil
}
