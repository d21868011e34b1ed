package call_test

import (
	"testing"

	"github.com/callweave/callweave/cloud/call"
)

// BenchmarkAssemble feeds a recorded load, drained as the pipeline does: after every batch of 256 events.
func BenchmarkAssemble(b *testing.B) {
	for _, name := range []string{"22/n1-*", "22/n2-*", "16/n1-*", "22/b2-*"} {
		b.Run(name, func(b *testing.B) {
			events := eventsOf(b, recordingsOf(b, name)[0])
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				a := call.New(call.Options{})
				for i, e := range events {
					a.Feed(e.pbx, e.ev)
					if i%256 == 255 {
						a.Drain()
						a.DrainStates()
					}
				}
				a.Flush()
				n += len(events)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
