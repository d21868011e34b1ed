package call_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/callweave/callweave/cloud/call"
)

// longCall is a call whose queue rings the same phones over and over: channels of one story, all but one in vain.
func longCall(t testing.TB, channels int) []fed {
	t.Helper()
	var b strings.Builder
	b.WriteString("caller = PJSIP/carrier-00000001\n0.00 Newchannel caller Ring number=79161234501 exten=74950000600\n" +
		"0.01 Newstate caller Up\n0.02 QueueCallerJoin caller 600\n")
	for i := range channels {
		at := 1 + float64(i)/20
		fmt.Fprintf(&b, "p%d = PJSIP/%d-%08x\n", i, 101+i%9, i)
		fmt.Fprintf(&b, "%.2f Newchannel p%d Down number=%d linked=caller\n%.2f DialBegin caller > p%d DialString=%d\n", at, i, 101+i%9, at, i, 101+i%9)
		fmt.Fprintf(&b, "%.2f Newstate p%d Ringing\n%.2f DialEnd caller > p%d NOANSWER\n%.2f Hangup p%d 0\n", at, i, at+0.04, i, at+0.04, i)
	}
	end := 2 + float64(channels)/20
	fmt.Fprintf(&b, "%.2f HangupRequest caller\n%.2f QueueCallerAbandon caller 600\n%.2f QueueCallerLeave caller 600\n%.2f Hangup caller 0\n", end, end, end, end)
	events := readScenario(t, b.String())
	return events
}

// BenchmarkLongCall shows what a channel of a long call costs: as much in a call of ten thousand as in one of a hundred.
func BenchmarkLongCall(b *testing.B) {
	for _, channels := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(channels), func(b *testing.B) {
			events := longCall(b, channels)
			for b.Loop() {
				assemble(events)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*channels), "ns/channel")
		})
	}
}

// TestLongCallIsDerivedSeldom: the work for an open call of many channels is spread over the time it takes.
func TestLongCallIsDerivedSeldom(t *testing.T) {
	handedOut := func(channels int) int {
		a, n := call.New(call.Options{}), 0
		for i, e := range longCall(t, channels) {
			a.Feed(e.pbx, e.ev)
			if i%drainEvery == 0 {
				for _, c := range a.Drain() {
					n += len(c.Channels)
				}
			}
		}
		return n
	}
	small, large := handedOut(1000), handedOut(8000)
	if large > 16*small {
		t.Errorf("channels handed out: %d for a call of 1,000, %d for one of 8,000", small, large)
	}
}

// TestLongCallIsNeverFarBehind: the caller of a call of many channels is answered, and then nothing more happens for a while.
// Who looks some seconds later sees them talk.
func TestLongCallIsNeverFarBehind(t *testing.T) {
	events := longCall(t, 400)
	a, seen := call.New(call.Options{}), book{}
	for _, e := range events[:len(events)-4] { // all but the end
		a.Feed(e.pbx, e.ev)
		seen.enter(a.Drain())
	}
	answered := readScenario(t, `
caller = PJSIP/carrier-00000001
anna   = PJSIP/101-0000ffff
22.00 Newchannel anna Down number=101 linked=caller
22.00 DialBegin caller > anna DialString=101 Up
22.10 DialEnd caller > anna ANSWER
22.10 BridgeEnter anna b1 Up
22.10 BridgeEnter caller b1
`)
	for _, e := range answered {
		a.Feed(e.pbx, e.ev)
		seen.enter(a.Drain())
	}
	a.Advance("A", answered[len(answered)-1].ev.Received+int64(4*time.Second))
	seen.enter(a.Drain())
	for _, c := range seen {
		if len(c.Talks) != 1 || !c.Open {
			t.Errorf("seen four seconds after the answer: %d talks, open %t", len(c.Talks), c.Open)
		}
	}
}

// TestLocalPairsChangeNothing builds calls to a group of phones, with chains of Local pairs of any depth before them, that
// stay or are optimised away: rings and talks are the same.
func TestLocalPairsChangeNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := group{
			phones: rapid.IntRange(1, 4).Draw(r, "phones"), queue: rapid.Bool().Draw(r, "queue"),
			callerEnds: rapid.Bool().Draw(r, "caller hangs up"),
		}
		g.answers = rapid.IntRange(-1, g.phones-1).Draw(r, "who answers")
		plain := readScenario(t, g.script(0, false))
		want := told(assemble(plain))
		depth, optimised := rapid.IntRange(1, 4).Draw(r, "depth"), rapid.Bool().Draw(r, "optimised")
		script := g.script(depth, optimised)
		chained := readScenario(t, script)
		if d := cmp.Diff(want, told(assemble(chained))); d != "" {
			r.Fatalf("(-without +with Local pairs):\n%s\n%s", d, script)
		}
	})
}

// group is a call to some phones at once.
type group struct {
	phones, answers   int // answers is -1 for nobody
	queue, callerEnds bool
}

func (g group) script(depth int, optimised bool) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("caller = PJSIP/carrier-00000001")
	say("0.00 Newchannel caller Ring number=79161234501 exten=74950000600")
	if g.queue {
		say("0.01 Newstate caller Up")
		say("0.01 QueueCallerJoin caller 600")
	}
	for i := range g.phones {
		from := "caller"
		for d := range depth {
			say("l%d_%d = Local/%d@x%d-%08x;1", i, d, 101+i, d, i)
			say("m%d_%d = Local/%d@x%d-%08x;2", i, d, 101+i, d, i)
			say("0.02 Newchannel l%d_%d Down exten=%d linked=caller", i, d, 101+i)
			say("0.02 Newchannel m%d_%d Ring exten=%d linked=caller", i, d, 101+i)
			say("0.02 LocalBridge l%d_%d > m%d_%d", i, d, i, d)
			say("0.02 DialBegin %s > l%d_%d DialString=Local/%d@x%d", from, i, d, 101+i, d)
			from = fmt.Sprintf("m%d_%d", i, d)
		}
		say("p%d = PJSIP/%d-%08x", i, 101+i, i+2)
		say("0.02 Newchannel p%d Down number=%d linked=caller", i, 101+i)
		say("0.02 DialBegin %s > p%d DialString=%d", from, i, 101+i)
		say("0.03 Newstate p%d Ringing", i)
	}
	if g.answers < 0 {
		g.nobody(say, depth)
	} else {
		g.talk(say, depth, optimised)
	}
	return b.String()
}

// chain names who calls whom on the way to a phone, the last first.
func (g group) chain(i, depth int) [][2]string {
	out := [][2]string{}
	to := fmt.Sprintf("p%d", i)
	for d := depth - 1; d >= 0; d-- {
		out = append(out, [2]string{fmt.Sprintf("m%d_%d", i, d), to})
		to = fmt.Sprintf("l%d_%d", i, d)
	}
	return append(out, [2]string{"caller", to})
}

func (g group) end(say func(string, ...any), i, depth int, at, status string, cause int) {
	for _, leg := range g.chain(i, depth) {
		say("%s DialEnd %s > %s %s", at, leg[0], leg[1], status)
	}
	say("%s Hangup p%d %d", at, i, cause)
	for d := range depth {
		say("%s Hangup l%d_%d %d", at, i, d, cause)
		say("%s Hangup m%d_%d %d", at, i, d, cause)
	}
}

func (g group) nobody(say func(string, ...any), depth int) {
	say("9.00 HangupRequest caller")
	for i := range g.phones {
		g.end(say, i, depth, "9.00", "CANCEL", 0)
	}
	if g.queue {
		say("9.00 QueueCallerAbandon caller 600")
		say("9.00 QueueCallerLeave caller 600")
	}
	say("9.00 Hangup caller 0")
}

func (g group) talk(say func(string, ...any), depth int, optimised bool) {
	phone := fmt.Sprintf("p%d", g.answers)
	say("3.00 Newstate %s Up", phone)
	chain := g.chain(g.answers, depth)
	for _, leg := range chain {
		say("3.00 DialEnd %s > %s ANSWER", leg[0], leg[1])
	}
	for i := range g.phones {
		if i != g.answers {
			g.end(say, i, depth, "3.00", "CANCEL", 26)
		}
	}
	if g.queue {
		say("3.00 QueueCallerLeave caller 600")
		say("3.00 AgentConnect caller > %s 600 HoldTime=3", chain[len(chain)-1][1])
	} else {
		say("3.00 Newstate caller Up")
	}
	for n, leg := range chain {
		say("3.01 BridgeEnter %s b%d", leg[1], n)
		say("3.01 BridgeEnter %s b%d", leg[0], n)
	}
	if optimised { // from the phone's side outwards
		for n := 1; n < len(chain); n++ {
			say("3.%02d BridgeLeave %s b%d", 4+n, phone, n-1)
			say("3.%02d BridgeLeave %s b%d", 4+n, chain[n][1], n)
			say("3.%02d BridgeEnter %s b%d", 4+n, phone, n)
			say("3.%02d BridgeLeave %s b%d", 4+n, chain[n-1][0], n-1)
			say("3.%02d Hangup %s 16", 4+n, chain[n][1])
			say("3.%02d Hangup %s 16", 4+n, chain[n-1][0])
		}
	}
	if g.callerEnds {
		say("8.00 HangupRequest caller")
	} else {
		say("8.00 HangupRequest %s", phone)
	}
	for n, leg := range chain {
		if optimised && n < len(chain)-1 {
			continue
		}
		last := leg[1]
		if optimised {
			last = phone
		}
		say("8.00 BridgeLeave %s b%d", last, n)
		say("8.00 BridgeLeave %s b%d", leg[0], n)
	}
	if !optimised {
		for d := range depth {
			say("8.00 Hangup l%d_%d 16", g.answers, d)
			say("8.00 Hangup m%d_%d 16", g.answers, d)
		}
	}
	say("8.00 Hangup %s 16", phone)
	say("8.00 Hangup caller 16")
}
