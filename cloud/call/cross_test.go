package call_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// links tells the links of calls with what they rest on.
func links(b book) string {
	var out strings.Builder
	for _, c := range b.ordered() {
		for _, l := range c.Links {
			fmt.Fprintf(&out, "%s %s > %s %s at %s by %s %s, %s\n", l.From, l.FromUniqueid, l.To, l.ToUniqueid, when(l.At), l.Kind, l.Evidence, l.Confidence)
		}
	}
	return out.String()
}

// scenario returns the events of a file in testdata.
func scenario(t *testing.T, name string) []fed {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	events := readScenario(t, string(b))
	return events
}

func TestLinksSayWhatTheyRestOn(t *testing.T) {
	for name, want := range map[string]string{
		"85-trunk-between-pbxs":    "A 1800000000.1 > B 1800000000.2 at 0.01 by numbers 103, likely\n",
		"87-header-between-pbxs":   "A 1800000000.1 > B 1800000000.2 at 0.01 by header A-1, certain\n",
		"channelvars-between-pbxs": "A 1800000000.1 > B 1800000000.2 at 0.01 by call-id a8836be3, certain\n",
		"89-twins-stay-apart":      "",
	} {
		if d := cmp.Diff(want, links(assemble(scenario(t, name)))); d != "" {
			t.Errorf("%s (-expected +assembled):\n%s", name, d)
		}
	}
}

func TestStoriesNameBothEndsOfALink(t *testing.T) {
	var story struct{ Links []map[string]string }
	for _, c := range assemble(scenario(t, "87-header-between-pbxs")) {
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &story); err != nil {
			t.Fatal(err)
		}
	}
	want := []map[string]string{{
		"kind": "header", "confidence": "certain", "evidence": "A-1", "at": "2027-01-15T08:00:00.010000Z",
		"from": "A", "from_uniqueid": "1800000000.1", "to": "B", "to_uniqueid": "1800000000.2",
	}}
	if d := cmp.Diff(want, story.Links); d != "" {
		t.Errorf("links (-expected +told):\n%s", d)
	}
}

// over writes a call from A's endpoint to B's, begun at a second, answered and ended at others (0 for not). name keeps its
// channels apart from those of other calls.
type over struct {
	name             string
	caller, dialled  string
	out, in          string // endpoints
	begun, up, ended float64
	reference        string
}

func (o over) script() string {
	var b strings.Builder
	say := func(at float64, format string, args ...any) {
		fmt.Fprintf(&b, "%.2f "+format+"\n", append([]any{at}, args...)...)
	}
	n := o.name
	fmt.Fprintf(&b, "c%s = PJSIP/carrier-%s1\no%s = PJSIP/%s-%s2\ni%s = B PJSIP/%s-%s1\n", n, n, n, o.out, n, n, o.in, n)
	say(o.begun, "Newchannel c%s Ring number=%s exten=7495000%s", n, o.caller, o.dialled)
	say(o.begun, "Newchannel o%s Down linked=c%s", n, n)
	if o.reference != "" {
		say(o.begun, "VarSet o%s Variable=XCALLID Value=%s", n, o.reference)
	}
	say(o.begun, "DialBegin c%s > o%s DialString=%s@%s", n, n, o.dialled, o.out)
	say(o.begun+.02, "Newchannel i%s Ring number=%s exten=%s", n, o.caller, o.dialled)
	if o.reference != "" {
		say(o.begun+.02, "VarSet i%s Variable=XCALLID Value=%s", n, o.reference)
	}
	if o.up != 0 {
		say(o.up, "Newstate i%s Up", n)
		say(o.up+.01, "Newstate o%s Up", n)
		say(o.up+.01, "DialEnd c%s > o%s ANSWER", n, n)
	}
	if o.ended != 0 {
		say(o.ended, "Hangup i%s 16", n)
		say(o.ended+.01, "Hangup o%s 16", n)
		say(o.ended+.01, "Hangup c%s 16", n)
	}
	return b.String()
}

// overs returns the events of several such calls, by time.
func overs(t testing.TB, list ...over) []fed {
	t.Helper()
	var lines, names []string
	for _, o := range list {
		for line := range strings.Lines(o.script()) {
			if strings.Contains(line, " = ") {
				names = append(names, line)
			} else {
				lines = append(lines, line)
			}
		}
	}
	second := func(line string) float64 {
		var at float64
		_, _ = fmt.Sscan(line, &at)
		return at
	}
	slices.SortStableFunc(lines, func(x, y string) int { return cmpFloat(second(x), second(y)) })
	events := readScenario(t, strings.Join(names, "")+strings.Join(lines, ""))
	return events
}

func cmpFloat(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func pair(out, in string, forbidden bool) call.TrunkPair {
	return call.TrunkPair{PBX: "A", Endpoint: out, Peer: "B", PeerEnd: in, Forbidden: forbidden}
}

func TestPeoplesWordAboutTrunksGoesBeforeNumbers(t *testing.T) {
	plain := over{name: "x", caller: "79161234501", dialled: "600", out: "pbxb", in: "pbxa", begun: 1, up: 3, ended: 9}
	referred := plain
	referred.reference = "A-1"
	const likely, certain = "A > B numbers likely\n", "A > B header certain\n"
	for _, c := range []struct {
		what  string
		pairs []call.TrunkPair
		call  over
		want  string
	}{
		{"nothing decided", nil, plain, likely},
		{"these two are one trunk", []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/pbxa", false)}, plain, likely},
		{"told from the other side", []call.TrunkPair{{PBX: "B", Endpoint: "PJSIP/pbxa", Peer: "A", PeerEnd: "PJSIP/pbxb"}}, plain, likely},
		{"these two are none", []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/pbxa", true)}, plain, ""},
		{"the one leads elsewhere", []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/branch", false)}, plain, ""},
		{"the other comes from elsewhere", []call.TrunkPair{pair("PJSIP/branch", "PJSIP/pbxa", false)}, plain, ""},
		{"it leads to two", []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/branch", false), pair("PJSIP/pbxb", "PJSIP/pbxa", false)}, plain, likely},
		{"others were decided about", []call.TrunkPair{pair("PJSIP/x", "PJSIP/y", false), pair("PJSIP/v", "PJSIP/w", true)}, plain, likely},
		{"a reference says otherwise", []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/pbxa", true)}, referred, certain},
	} {
		a, b := call.New(call.Options{}), book{}
		a.SetRules(call.Rules{Rev: 1, Pairs: c.pairs})
		for _, e := range overs(t, c.call) {
			a.Feed(e.pbx, e.ev)
			b.enter(a.Drain())
			state, err := a.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Restore(state); err != nil {
				t.Fatal(err)
			}
		}
		b.enter(a.Flush())
		var got strings.Builder
		for _, k := range b.ordered() {
			for _, l := range k.Links {
				fmt.Fprintln(&got, l.From, ">", l.To, l.Kind, l.Confidence)
			}
		}
		if d := cmp.Diff(c.want, got.String()); d != "" {
			t.Errorf("%s (-expected +assembled):\n%s", c.what, d)
		}
	}
}

// TestLinkIsMadeWhenEnoughIsKnown looks at calls that go on: a call that rings is taken for one only over a trunk that people
// know, one that was answered on both sides at once over any, and none before rivals had time to show up.
func TestLinkIsMadeWhenEnoughIsKnown(t *testing.T) {
	rings := over{name: "x", caller: "79161234501", dialled: "600", out: "pbxb", in: "pbxa", begun: 1}
	talks := rings
	talks.up = 6
	at := func(o over, pairs []call.TrunkPair, second float64) int {
		a, links := call.New(call.Options{}), 0
		a.SetRules(call.Rules{Rev: 1, Pairs: pairs})
		b := book{}
		for _, e := range overs(t, o) {
			if float64(e.ev.Received-epoch*1e9)/1e9 < second {
				a.Feed(e.pbx, e.ev)
				b.enter(a.Drain())
			}
		}
		for _, p := range []string{"A", "B"} {
			a.Advance(p, epoch*1e9+int64(second*1e9))
		}
		b.enter(a.Drain())
		for _, c := range b {
			links += len(c.Links)
		}
		return links
	}
	known := []call.TrunkPair{pair("PJSIP/pbxb", "PJSIP/pbxa", false)}
	for _, c := range []struct {
		what   string
		call   over
		pairs  []call.TrunkPair
		second float64
		want   int
	}{
		{"rings over a known trunk, rivals may come", rings, known, 3, 0},
		{"rings over a known trunk", rings, known, 5, 1},
		{"rings over any trunk", rings, nil, 5.9, 0},
		{"was just answered", talks, nil, 6.5, 0},
		{"was answered as one", talks, nil, 7.5, 1},
	} {
		if got := at(c.call, c.pairs, c.second); got != c.want {
			t.Errorf("%s: %d links after %.1f s, want %d", c.what, got, c.second, c.want)
		}
	}
}

func TestTrunksThatWereUsedAreTold(t *testing.T) {
	twin := func(name string, at float64) over {
		return over{name: name, caller: "79161234502", dialled: "601", out: "pbxb", in: "pbxa", begun: at, ended: at + 5}
	}
	events := overs(
		t,
		over{name: "a", caller: "79161234501", dialled: "600", out: "pbxb", in: "pbxa", begun: 1, up: 2, ended: 9, reference: "A-1"},
		over{name: "b", caller: "79161234503", dialled: "600", out: "pbxb", in: "pbxa", begun: 20, up: 21, ended: 29},
		over{name: "c", caller: "79161234504", dialled: "603", out: "spare", in: "pbxa", begun: 30, up: 32, ended: 39},
		twin("d", 50), twin("e", 50.1),
	)
	a := call.New(call.Options{})
	for _, e := range events {
		a.Feed(e.pbx, e.ev)
		a.Drain()
	}
	a.Flush()
	state, err := a.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Restore(state); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, u := range a.Trunks() {
		fmt.Fprintf(&got, "%s %s = %s %s: %d certain, %d likely, %d possible, last %s\n", u.PBX, u.Endpoint, u.Peer, u.PeerEnd, u.Certain, u.Likely, u.Possible, when(u.Last))
	}
	want := "A PJSIP/pbxb = B PJSIP/pbxa: 1 certain, 1 likely, 2 possible, last 50.10\n" +
		"A PJSIP/spare = B PJSIP/pbxa: 0 certain, 1 likely, 0 possible, last 30.00\n"
	if d := cmp.Diff(want, got.String()); d != "" {
		t.Errorf("trunks (-expected +told):\n%s", d)
	}
	if n := a.Counters().Ambiguous; n != 4 {
		t.Errorf("%d legs in doubt, want 4", n)
	}
}

// TestClocksNobodyMeasuredAreLearned has B's machine 5 s ahead, its agent with it, so that nothing is there to measure. Calls
// of one number follow each other after 4 s, which puts each on B nearer to the wrong one on A. By themselves they stay
// apart; one reference tells the clocks, and the others fall into place.
func TestClocksNobodyMeasuredAreLearned(t *testing.T) {
	var list []over
	for n := range 6 {
		o := over{name: fmt.Sprint("n", n), caller: "79161234501", dialled: "600", out: "pbxb", in: "pbxa", begun: 20 + 4*float64(n)}
		o.up, o.ended = o.begun+1, o.begun+8+float64(3*n*n%11)
		list = append(list, o)
	}
	first := over{name: "r", caller: "79161234502", dialled: "600", out: "pbxb", in: "pbxa", begun: 1, up: 2, ended: 3, reference: "A-1"}
	links := func(list ...over) (right, wrong int) {
		events := overs(t, list...)
		for i, e := range events {
			if e.pbx == "B" {
				ev := e.ev.Clone()
				ev.Received += 5e9
				events[i].ev = ev
			}
		}
		slices.SortStableFunc(events, func(x, y fed) int { return cmpFloat(float64(x.ev.Received), float64(y.ev.Received)) })
		for _, c := range assemble(events) {
			for _, l := range c.Links {
				var o, i int
				_, _ = fmt.Sscanf(l.FromUniqueid, "1800000000.%d", &o)
				_, _ = fmt.Sscanf(l.ToUniqueid, "1800000000.%d", &i)
				if i == o+1 {
					right++
				} else {
					wrong++
				}
			}
		}
		return right, wrong
	}
	if right, wrong := links(list...); wrong != 0 {
		t.Errorf("nobody told the clocks: %d right links and %d wrong ones, want no wrong one", right, wrong)
	}
	if right, wrong := links(append([]over{first}, list...)...); right != 7 || wrong != 0 {
		t.Errorf("a reference tells the clocks: %d right links, %d wrong ones, want 7 and none", right, wrong)
	}
}

// TestOneReferenceOnSeveralLegs: a ring group of A calls two other PBXs at once and hands both the same reference.
func TestOneReferenceOnSeveralLegs(t *testing.T) {
	const script = `caller = PJSIP/carrier-00000001
ob = PJSIP/pbxb-00000002
oc = PJSIP/pbxc-00000003
ib = B PJSIP/pbxa-00000001
ic = C PJSIP/pbxa-00000001
0.00 Newchannel caller Ring number=79161234501 exten=74950000600
0.00 VarSet caller Variable=XCALLID Value=A-1
0.01 Newchannel ob Down linked=caller
0.01 Newchannel oc Down linked=caller
0.01 VarSet ob Variable=XCALLID Value=A-1
0.01 VarSet oc Variable=XCALLID Value=A-1
0.01 DialBegin caller > ob DialString=600@pbxb
0.01 DialBegin caller > oc DialString=700@pbxc
0.02 Newchannel ic Ring number=79161234501 exten=700
0.02 VarSet ic Variable=XCALLID Value=A-1
0.03 Newchannel ib Ring number=79161234501 exten=600
0.03 VarSet ib Variable=XCALLID Value=A-1
5.00 Hangup ob 16
5.00 Hangup oc 16
5.00 Hangup ib 16
5.00 Hangup ic 16
5.00 Hangup caller 16
`
	events := readScenario(t, script)
	want := "A 1800000000.1 > B 1800000000.3 at 0.01 by header A-1, certain\n" +
		"A 1800000000.2 > C 1800000000.4 at 0.01 by header A-1, certain\n"
	if d := cmp.Diff(want, links(assemble(events))); d != "" {
		t.Errorf("(-expected +assembled):\n%s", d)
	}
}

// TestPBXThatIsRegisteredLikeAPhone is dialled without a number; only the SIP Call-ID tells that another PBX is behind it.
func TestPBXThatIsRegisteredLikeAPhone(t *testing.T) {
	const script = `caller = PJSIP/carrier-00000001
out = PJSIP/branch-00000002
in  = B PJSIP/main-00000001
0.00 Newchannel caller Ring number=79161234501 exten=74950000600
0.01 Newchannel out Down linked=caller
0.01 DialBegin caller > out DialString=branch
0.01 VarSet out Variable=SIPCALLID Value=a8836be3
0.02 Newchannel in Ring number=79161234501 exten=s
0.02 VarSet in Variable=SIPCALLID Value=a8836be3
5.00 Hangup out 16
5.00 Hangup in 16
5.00 Hangup caller 16
`
	events := readScenario(t, script)
	want := "A 1800000000.1 > B 1800000000.2 at 0.01 by call-id a8836be3, certain\n"
	if d := cmp.Diff(want, links(assemble(events))); d != "" {
		t.Errorf("(-expected +assembled):\n%s", d)
	}
}

// crowd is a number of calls over one trunk to one number within a second, of callers of their own or all of one.
func crowd(t testing.TB, n int, one bool) []fed {
	list := make([]over, n)
	for i := range list {
		caller := fmt.Sprintf("7916%07d", i)
		if one {
			caller = "74950000000"
		}
		list[i] = over{
			name: fmt.Sprint("n", i), caller: caller, dialled: "600", out: "pbxb", in: "pbxa",
			begun: 1 + float64(i)/float64(n), up: 2.5 + float64(i)/float64(n), ended: 30,
		}
	}
	return overs(t, list...)
}

// TestManyCallsAtOnceStayLinear counts the comparisons: a leg of ten times as many costs no more.
func TestManyCallsAtOnceStayLinear(t *testing.T) {
	for _, c := range []struct {
		what   string
		one    bool
		most   uint64 // comparisons for each call
		linked bool
	}{
		{"callers of their own", false, 16, true},
		{"one caller", true, 1200, false},
	} {
		for _, n := range []int{300, 3000} {
			a, b := call.New(call.Options{}), book{}
			for i, e := range crowd(t, n, c.one) {
				a.Feed(e.pbx, e.ev)
				if i%drainEvery == 0 {
					b.enter(a.Drain())
				}
			}
			b.enter(a.Flush())
			if got := a.Counters().Compared / uint64(n); got > c.most {
				t.Errorf("%s, %d at once: %d comparisons for each, want at most %d", c.what, n, got, c.most)
			}
			want := 2 * n
			if c.linked {
				want = n
			}
			if len(b) != want {
				t.Errorf("%s, %d at once: %d calls, want %d", c.what, n, len(b), want)
			}
		}
	}
}

// BenchmarkCrowd shows what a call over a trunk costs beside others of its kind.
func BenchmarkCrowd(b *testing.B) {
	for _, one := range []bool{false, true} {
		for _, n := range []int{100, 1000, 10000} {
			b.Run(fmt.Sprintf("one_caller=%v/%d", one, n), func(b *testing.B) {
				events := crowd(b, n, one)
				for b.Loop() {
					assemble(events)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/call")
			})
		}
	}
}

// TestCallIDOfALocalHalfIsNone: what a channel tells of its peer in a bridge is told of a Local half as well, which has no SIP
// dialog.
func TestCallIDOfALocalHalfIsNone(t *testing.T) {
	calls := assemble(readScenario(t, `
caller = PJSIP/carrier-00000001
one    = Local/101@agents-00000001;1
two    = Local/101@agents-00000001;2
0.00 Newchannel caller Ring number=79161234501 exten=74950000101
0.01 Newchannel one Down exten=101 linked=caller
0.01 Newchannel two Ring exten=101 linked=caller
0.01 DialBegin caller > one DialString=Local/101@agents/n
1.00 BridgeEnter one b1
1.00 BridgeEnter caller b1 Up
1.00 VarSet caller Variable=SIPCALLID Value=4f2b
1.00 VarSet caller Variable=BRIDGEPEER Value=Local/101@agents-00000001;1
1.01 VarSet caller Variable=BRIDGEPVTCALLID Value=4f2b
2.00 HangupRequest caller
2.00 Hangup one 16
2.00 Hangup two 16
2.00 Hangup caller 16
`))
	if len(calls) != 1 {
		t.Errorf("%d calls:\n%s", len(calls), told(calls))
	}
}
