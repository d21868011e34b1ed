package call_test

import (
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/call/history"
)

// auditor compares what an assembler hands out with what really happened, while it happens.
type auditor struct {
	t       testing.TB
	asm     *call.Assembler
	way     *history.Disorder // nil where all arrives as it is told
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
	t := e.truth
	for _, d := range t.Disturbed {
		a.kinds["lived through: "+d.Kind.String()]++
	}
	switch {
	case t.Nothing || !t.Heard:
		if len(e.got) > 0 && len(t.Disturbed) == 0 { // half of it may look like a call
			a.fail("%s: %d calls, want none", t.Kind, len(e.got))
		}
	case len(t.Call.Links) > 0 && len(t.Disturbed) > 0:
		a.torn(e)
	case len(e.got) == 2 && len(t.Call.Holds) > 0 && holdUnheard(t): // nothing else ties a consultation to its call
		for _, c := range e.got {
			if c.Caller == t.Call.Caller || !t.FirstHeard {
				return
			}
		}
		a.fail("%s: neither of two calls is it, %v", t.Kind, t.Disturbed)
	case len(e.got) != 1:
		var got strings.Builder
		for _, c := range e.got {
			got.WriteString(told1(c) + "\n")
		}
		a.fail("%s: %d calls, want 1:\n%s\ngot\n%s%v", t.Kind, len(e.got), strings.Join(history.Tell(&t.Call), "\n"), got.String(), t.Disturbed)
	case len(t.Disturbed) == 0:
		for _, c := range e.got {
			a.same(t, c)
		}
	default:
		for _, c := range e.got {
			a.disturbed(t, c)
		}
	}
}

// same compares a call nothing disturbed.
func (a *auditor) same(t *history.Truth, c *call.Call) {
	want, got := history.Tell(&t.Call), history.Tell(c)
	if c.Partial {
		got[0] += ", partial"
	}
	if !slices.Equal(want, got) {
		a.fail("%s (-happened +assembled):\n%s", t.Kind, cmp.Diff(want, got))
	}
}

// disturbed compares what can be known of a call that a silence touched: it is marked, who called whom is right where
// that was heard, what lies before and after the silence is as it happened, and a restart ends it.
func (a *auditor) disturbed(t *history.Truth, c *call.Call) {
	want := &t.Call
	var wrong []string
	check := func(what string, ok bool) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	check("not partial", c.Partial || onlyStopped(t))
	check("open", !c.Open)
	if t.FirstHeard && !t.Late {
		check("caller", c.Caller == want.Caller)
		if !strings.HasPrefix(t.Kind, "click-to-call") && t.Kind != "two outside numbers" || onlyCut(t) { // what it is for is told last
			check("dialled", c.Dialled == want.Dialled)
			check("direction", c.Direction == want.Direction)
		}
	}
	happened, assembled := rowsOf(want), rowsOf(c)
	for line, r := range happened {
		if _, ok := assembled[line]; !ok && outside(t, r) && !unknowable(t, line) {
			wrong = append(wrong, "missing"+line)
		}
	}
	for line, r := range assembled {
		if _, ok := happened[line]; !ok && outside(t, r) && !r.Estimated && !unknowable(t, line) {
			wrong = append(wrong, "invented"+line)
		}
		if !r.Estimated && exactInSilence(t, r) && !strings.HasPrefix(line, "  step") && !strings.HasPrefix(line, "  link") {
			wrong = append(wrong, "not marked as estimated"+line)
		}
	}
	for _, d := range t.Disturbed {
		if d.Kind == history.PBXCrash || d.Kind == history.PBXStop {
			check("not ended by the PBX", c.HangupBy == call.PBXItself || d.Kind == history.PBXStop && partedJustBefore(want, d))
			check("ended too late", c.End.UnixMicro() <= d.From+1e6)
		}
	}
	if wrong != nil {
		a.fail("%s, disturbed %v: %s\n-happened +assembled\n%s", t.Kind, t.Disturbed, strings.Join(wrong, "\n\t"), cmp.Diff(history.Tell(want), history.Tell(c)))
	}
}

// torn compares a call over several PBXs that a silence touched: what ties its parts may not have been heard, so each part
// may be a call of its own. What lies outside every silence is there once.
func (a *auditor) torn(e *expected) {
	t := e.truth
	if n := len(e.got); n == 0 || n > 1+len(t.Call.Links) {
		a.fail("%s, disturbed %v: %d calls", t.Kind, t.Disturbed, n)
	}
	times := map[string]int{}
	for _, c := range e.got {
		for _, r := range history.Rows(c) {
			times[r.Line]++
		}
	}
	for _, r := range history.Rows(&t.Call) {
		known := strings.HasPrefix(r.Line, "  ring") || strings.HasPrefix(r.Line, "  queue")
		if n := times[r.Line]; n > 1 || n == 0 && known && outside(t, r) {
			a.fail("%s, disturbed %v: %d times %s, want once", t.Kind, t.Disturbed, n, r.Line)
		}
	}
}

// rowsOf returns rows by what can be known of them when a hold was not heard: which talk is a consultation cannot.
func rowsOf(c *call.Call) map[string]history.Row {
	rows := map[string]history.Row{}
	for _, r := range history.Rows(c) {
		line := strings.Replace(r.Line, "consultation", "talk", 1)
		if strings.Contains(line, " transfer ") { // what came of it may have happened unheard
			line = line[:strings.LastIndexByte(line, ' ')]
		}
		rows[line] = r
	}
	return rows
}

// unknowable tells what a silence makes another thing of though it lies beyond: a transfer whose outcome was not heard
// seems to come to nothing, a hold whose begin or end was not heard changes talks, and who accepts a call at a prompt
// shows only later.
func unknowable(t *history.Truth, line string) bool {
	switch {
	case strings.Contains(line, " transfer "), strings.HasPrefix(line, "  ring") && strings.HasPrefix(t.Kind, "call screening"):
		return true
	case strings.HasPrefix(line, "  talk"), strings.HasPrefix(line, "  hold"):
		return holdUnheard(t)
	case strings.HasPrefix(line, "  step"): // whose menu it was depends on who began the call
		return !t.FirstHeard
	}
	return false
}

// partedJustBefore tells whether somebody hung up so shortly before the PBX stopped that nobody can tell which of the two
// ended the call.
func partedJustBefore(c *call.Call, d history.Disturbance) bool {
	for _, r := range history.Rows(c) {
		if before := d.From - r.To.UnixMicro(); before >= 0 && before <= 300_000 {
			return true
		}
	}
	return false
}

// holdUnheard tells whether a hold began or ended in a silence: no list of a PBX tells of holds.
func holdUnheard(t *history.Truth) bool {
	for _, h := range t.Call.Holds {
		for _, d := range t.Disturbed {
			if h.PBX == d.PBX && (within(d, h.From, 0) || within(d, h.To, 0)) {
				return true
			}
		}
	}
	return false
}

// exactInSilence tells whether a row claims to know a moment nobody heard.
func exactInSilence(t *history.Truth, r history.Row) bool {
	const edge = 100_000
	for _, d := range t.Disturbed {
		if r.PBX == d.PBX && d.Kind != history.PBXStop && (within(d, r.From, edge) || within(d, r.To, edge)) {
			return true
		}
	}
	return false
}

func within(d history.Disturbance, t time.Time, edge int64) bool {
	return !t.IsZero() && t.UnixMicro() > d.From+edge && t.UnixMicro() < d.To-edge
}

// onlyCut tells whether the PBX itself went on all the time.
func onlyCut(t *history.Truth) bool {
	return !slices.ContainsFunc(t.Disturbed, func(d history.Disturbance) bool { return d.Kind == history.PBXCrash || d.Kind == history.PBXStop })
}

// onlyStopped tells whether nothing but the end of its PBX touched a call, which the PBX told.
func onlyStopped(t *history.Truth) bool {
	return !slices.ContainsFunc(t.Disturbed, func(d history.Disturbance) bool { return d.Kind != history.PBXStop })
}

// outside tells whether a row lies before or after every silence of its PBX.
func outside(t *history.Truth, r history.Row) bool {
	const edge = 100_000
	for _, d := range t.Disturbed {
		if r.PBX == d.PBX && (d.Kind == history.PBXCrash || d.Kind == history.PBXStop) && (r.To.IsZero() || r.To.UnixMicro() >= d.From-edge) {
			return false
		}
		if r.PBX == d.PBX && r.From.UnixMicro() <= d.To+edge && (r.To.IsZero() || r.To.UnixMicro() >= d.From-edge) {
			return false
		}
	}
	return true
}

func told1(c *call.Call) string { return strings.Join(history.Tell(c), "\n") }

const mostFailures = 30

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
		if a.way != nil {
			said = a.way.Carry(said)
		}
		a.feed(said)
	}
	if a.way != nil {
		a.feed(a.way.Empty())
	}
	a.close()
}

// road lets what is said arrive in disorder, and some of it again.
func (a *auditor) road(d *history.Disorder) *auditor {
	a.way = d
	return a
}

func (a *auditor) counts() string {
	var kinds []string
	for k, n := range a.kinds {
		kinds = append(kinds, fmt.Sprintf("%7d %s", n, k))
	}
	slices.Sort(kinds)
	return fmt.Sprintf("%d events\n%s", a.fed, strings.Join(kinds, "\n"))
}

// allKinds holds what happened against a list of all that may: each did, and nothing else.
func (a *auditor) allKinds(list string) {
	b, err := os.ReadFile(list)
	if err != nil {
		a.t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(b)), "\n")
	slices.Sort(want)
	if d := cmp.Diff(want, slices.Sorted(maps.Keys(a.kinds))); d != "" {
		a.t.Errorf("kinds of calls (-%s +happened):\n%s", list, d)
	}
}

// TestHistoryOfAHundredThousandCalls holds calls of all kinds on three PBXs with wrong clocks against what happened, while
// events arrive in disorder and more than once, connections are cut, agents die and PBXs are killed or stopped.
func TestHistoryOfAHundredThousandCalls(t *testing.T) {
	n := 100_000
	switch {
	case testing.Short():
		n = 5_000
	case raced:
		n = 10_000 // make test runs it whole without the race detector
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // little lives long here
	a := newAuditor(t).road(history.NewDisorder(1, true))
	a.run(history.New(history.Options{Seed: 1, Plans: n, Silences: 10 * time.Minute, Clocks: true}))
	a.allKinds("testdata/history/kinds.txt")
	t.Log(a.counts())
}

// TestHistoryAsItIsTold changes nothing between a PBX and the assembler.
func TestHistoryAsItIsTold(t *testing.T) {
	a := newAuditor(t)
	a.run(history.New(history.Options{Seed: 2, Plans: 2000}))
}

// TestHistoryFullOfSilences has a silence on some PBX at almost any time.
func TestHistoryFullOfSilences(t *testing.T) {
	a := newAuditor(t)
	a.run(history.New(history.Options{Seed: 7, Plans: 4000, Silences: 2 * time.Minute, Clocks: true}))
	t.Log(a.counts())
}
