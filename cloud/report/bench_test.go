package report_test

import (
	"math/rand/v2"
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

// invented makes a month of calls that each wait in a queue.
func invented(calls, queues int) *report.Facts {
	rnd := rand.New(rand.NewPCG(1, 2))
	f := &report.Facts{Texts: []string{""}}
	const begin, month = int64(1_761_955_200_000), int64(30 * 86_400_000) // 1 November 2025
	c, v := &f.Calls, &f.Visits
	for i := range calls {
		start := begin + month*int64(i)/int64(calls)
		wait := int64(rnd.ExpFloat64() * 20_000)
		result := uint8(1)
		if rnd.IntN(10) == 0 {
			result = 2
		}
		end := start + wait + int64(rnd.IntN(300_000))
		c.Start, c.Answered, c.End = append(c.Start, start), append(c.Answered, start+wait), append(c.End, end)
		c.Direction, c.Disposition, c.HangupBy = append(c.Direction, 1), append(c.Disposition, result), append(c.HangupBy, 1)
		c.Flags, c.Caller, c.Dialled, c.Number = append(c.Flags, 0), append(c.Caller, 0), append(c.Dialled, 0), append(c.Number, 0)
		c.PBX, c.Trunk, c.Wait = append(c.PBX, 1), append(c.Trunk, 1), append(c.Wait, int32(wait))
		c.Talk, c.Hold, c.Rings, c.Transfers = append(c.Talk, 0), append(c.Hold, 0), append(c.Rings, 1), append(c.Transfers, 0)
		v.Call, v.Queue, v.PBX = append(v.Call, int32(i)), append(v.Queue, int32(1+rnd.IntN(queues))), append(v.PBX, 1)
		v.Operator = append(v.Operator, int32(rnd.IntN(200)))
		v.Entered, v.Left = append(v.Entered, start), append(v.Left, start+wait)
		v.Result, v.Position, v.Estimated = append(v.Result, result), append(v.Position, 1), append(v.Estimated, false)
	}
	return f
}

// BenchmarkQueueByHour is the figure of report_1m_ms_vs_native: queue × hour with an exact p90 over a million calls.
func BenchmarkQueueByHour(b *testing.B) {
	e := report.New(invented(1_000_000, 40), &report.Names{Zone: "Europe/Moscow", Zones: map[string][]report.Shift{"Europe/Moscow": {{Offset: 10800}}}})
	q := report.Query{
		Report: "queues", From: 1_761_955_200_000, To: 1_761_955_200_000 + 30*86_400_000, By: []string{report.ByQueue, report.ByHour},
		Columns: []string{"offered", "answered", "service_level", "asa", "wait_p90"},
	}
	for b.Loop() {
		t, err := e.Table(q)
		if err != nil || len(t.Rows) != 40*24 {
			b.Fatal(err, len(t.Rows))
		}
	}
}
