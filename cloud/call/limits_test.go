package call_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/callweave/callweave/cloud/call"
)

// asksSomebody has 101 keep a caller on hold and call 104 from the same phone, after a queue has rung so many phones for the
// caller before. Nothing but the hold says that the two are one story.
func asksSomebody(rung int) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("caller = PJSIP/carrier-00000001\nanna = PJSIP/101-00000002\nanna2 = PJSIP/101-00000003\ndenis = PJSIP/104-00000004")
	say("0.00 Newchannel caller Ring number=79161234501 exten=74950000600\n0.01 Newstate caller Up\n0.02 QueueCallerJoin caller 600")
	for i := range rung {
		at := 1 + float64(i)/20
		say("p%d = PJSIP/%d-%08x", i, 111+i%9, i+16)
		say("%.2f Newchannel p%d Down number=%d linked=caller\n%.2f DialBegin caller > p%d DialString=%d", at, i, 111+i%9, at, i, 111+i%9)
		say("%.2f DialEnd caller > p%d NOANSWER\n%.2f Hangup p%d 0", at+0.04, i, at+0.04, i)
	}
	say("30.00 Newchannel anna Down number=101 linked=caller\n30.00 DialBegin caller > anna DialString=101")
	say("31.00 Newstate anna Up\n31.00 DialEnd caller > anna ANSWER\n31.00 BridgeEnter anna b1\n31.00 BridgeEnter caller b1")
	say("35.00 Hold anna\n36.00 Newchannel anna2 Ring number=101 exten=104\n36.01 Newchannel denis Down number=104 linked=anna2")
	say("36.01 DialBegin anna2 > denis DialString=104\n38.00 HangupRequest anna2\n38.00 Hangup denis 0\n38.00 Hangup anna2 0")
	say("39.00 Unhold anna\n40.00 HangupRequest caller\n40.00 Hangup anna 16\n40.00 Hangup caller 16")
	return b.String()
}

// TestLargeStoriesGrowNoMoreOnWeakEvidence: one wrong join must not swallow a day's calls. What is refused is counted, so that
// somebody can look.
func TestLargeStoriesGrowNoMoreOnWeakEvidence(t *testing.T) {
	for rung, want := range map[int]struct {
		calls  int
		capped uint64
	}{20: {1, 0}, 250: {2, 1}} {
		a, b := call.New(call.Options{}), book{}
		for _, e := range readScenario(t, asksSomebody(rung)) {
			a.Feed(e.pbx, e.ev)
		}
		b.enter(a.Flush())
		if got := a.Counters().Capped; len(b) != want.calls || got != want.capped {
			t.Errorf("%d phones rung before: %d calls, %d unions refused; want %d and %d:\n%s", rung, len(b), got, want.calls, want.capped, told(b))
		}
	}
}

// TestEventsAboutStrangersAreCounted: a Hangup of a channel that was never announced makes no call and is told to whoever
// watches.
func TestEventsAboutStrangersAreCounted(t *testing.T) {
	text, err := os.ReadFile("testdata/71-lost-events.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := call.New(call.Options{})
	for _, e := range readScenario(t, string(text)) {
		a.Feed(e.pbx, e.ev)
	}
	if calls, c := a.Flush(), a.Counters(); len(calls) != 1 || c.UnknownReferences != 3 {
		t.Errorf("%d calls, %d events about strangers; want 1 and 3", len(calls), c.UnknownReferences)
	}
}

// TestTimesAreUTC plays a call over the hour in which clocks in Moscow, Berlin or New York may be set: no time of a call knows
// a zone.
func TestTimesAreUTC(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	was := time.Local
	time.Local = zone
	defer func() { time.Local = was }()
	text, err := os.ReadFile("testdata/99-over-midnight.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range assemble(readScenario(t, string(text))) {
		if c.Start.Location() != time.UTC || c.Talks[0].To.Location() != time.UTC {
			t.Errorf("times in %s and %s", c.Start.Location(), c.Talks[0].To.Location())
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), `"start":"2027-01-31T23:59:50.000000Z"`) || strings.Contains(string(b), "-05:00") {
			t.Errorf("%s", b)
		}
	}
}

// TestNamesInAnyEncodingAreWritten: names come as Latin-1, CP1251 or cut in the middle of a letter.
func TestNamesInAnyEncodingAreWritten(t *testing.T) {
	for _, name := range []string{"Caf\xe9", "\xcf\xe5\xf2\xf0\xee\xe2", "Пет\xd1", "a\x00b\x1bc", `"\`} {
		b, err := json.Marshal(&call.Call{CallerName: name, Caller: name})
		var back struct {
			Name string `json:"caller_name"`
		}
		if err == nil {
			err = json.Unmarshal(b, &back)
		}
		if err != nil || !utf8.Valid(b) || back.Name == "" {
			t.Errorf("%q: %v, %q", name, err, b)
		}
	}
}

// TestQueueCreditsTheMemberAndTheDevice: the queue's name for its member and the phone that talked are two things.
func TestQueueCreditsTheMemberAndTheDevice(t *testing.T) {
	for file, device := range map[string]string{"61-member-at-another-phone": "117", "63-queue-member-forwards": "105"} {
		text, err := os.ReadFile("testdata/" + file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range assemble(readScenario(t, string(text))) {
			if q := c.Queues[0]; q.Member != "Anna" || q.Operator != device {
				t.Errorf("%s: member %q at %q, want Anna at %s", file, q.Member, q.Operator, device)
			}
		}
	}
}
