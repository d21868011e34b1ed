package call_test

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/call/history"
)

// auditor compares what an assembler hands out with what really happened, while it happens.
type auditor struct {
	t       testing.TB
	asm     *call.Assembler
	fed     int
	waiting map[history.Channel]*expected // by every channel of a call
	queue   []*expected                   // in order of begin
	kinds   map[string]int
	failed  int
	now     int64 // ns
}

// expected is a call that is to come, and what came.
type expected struct {
	truth *history.Truth
	got   map[call.ID]*call.Call
	until int64 // ns: by then it is final, and late events are over
}

func newAuditor(t testing.TB) *auditor {
	return &auditor{t: t, asm: call.New(call.Options{}), waiting: map[history.Channel]*expected{}, kinds: map[string]int{}}
}

func (a *auditor) expect(truths []*history.Truth) {
	for _, t := range truths {
		e := &expected{truth: t, got: map[call.ID]*call.Call{}, until: t.Call.End.UnixNano() + 60e9}
		for _, c := range t.Channels {
			a.waiting[c] = e
		}
		a.queue = append(a.queue, e)
		a.kinds[t.Kind]++
	}
}

func (a *auditor) feed(said []history.Said) {
	for _, s := range said {
		a.asm.Feed(s.PBX, s.Event)
		a.now = max(a.now, s.Event.Received)
		if a.fed++; a.fed%256 == 0 {
			a.take(a.asm.Drain())
		}
	}
}

// take sorts what is handed out to what is expected.
func (a *auditor) take(list []*call.Call) {
	for _, c := range list {
		var e *expected
		for _, ch := range c.Channels {
			x := a.waiting[history.Channel{PBX: ch.PBX, Uniqueid: ch.Uniqueid}]
			switch {
			case x == nil:
				a.fail("a call of nobody's channel %s:\n%s", ch.Name, told1(c))
			case e == nil:
				e = x
			case e != x:
				a.fail("one call of two, %s and %s:\n%s", e.truth.Kind, x.truth.Kind, told1(c))
			}
		}
		if e == nil {
			continue
		}
		for _, id := range c.Supersedes {
			delete(e.got, id)
		}
		e.got[c.ID] = c
	}
	for len(a.queue) > 0 && a.queue[0].until < a.now {
		a.judge(a.queue[0])
		a.queue = a.queue[1:]
	}
}

func (a *auditor) judge(e *expected) {
	for _, c := range e.truth.Channels {
		if a.waiting[c] == e {
			delete(a.waiting, c)
		}
	}
	switch {
	case e.truth.Nothing:
		if len(e.got) > 0 {
			a.fail("%s is no call, got %d", e.truth.Kind, len(e.got))
		}
		return
	case len(e.got) != 1:
		a.fail("%s: %d calls, want 1:\n%s", e.truth.Kind, len(e.got), strings.Join(history.Tell(&e.truth.Call), "\n"))
		return
	}
	for _, c := range e.got {
		want, got := history.Tell(&e.truth.Call), history.Tell(c)
		if c.Partial {
			got[0] += ", partial"
		}
		if !slices.Equal(want, got) {
			a.fail("%s (-happened +assembled):\n%s", e.truth.Kind, cmp.Diff(want, got))
		}
	}
}

func told1(c *call.Call) string { return strings.Join(history.Tell(c), "\n") }

const mostFailures = 8

func (a *auditor) fail(format string, args ...any) {
	a.t.Helper()
	if a.failed++; a.failed <= mostFailures {
		a.t.Errorf(format, args...)
	}
}

func (a *auditor) close() {
	a.take(a.asm.Flush())
	a.now = 1<<63 - 1
	a.take(nil)
	if a.failed > mostFailures {
		a.t.Errorf("%d more", a.failed-mostFailures)
	}
}

func (a *auditor) run(h *history.History) {
	for {
		said, truths, ok := h.Next()
		if !ok {
			break
		}
		a.expect(truths)
		a.feed(said)
	}
	a.close()
}

func TestHistoryOfAHundredThousandCalls(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 5_000
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // little lives long here
	a := newAuditor(t)
	a.run(history.New(history.Options{Seed: 1, Plans: n}))
	var kinds []string
	for k, n := range a.kinds {
		kinds = append(kinds, fmt.Sprintf("%7d %s", n, k))
	}
	slices.Sort(kinds)
	t.Logf("%d events\n%s", a.fed, strings.Join(kinds, "\n"))
}
