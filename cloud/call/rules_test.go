package call_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

func TestExtensionsMatchAsInTheDialplan(t *testing.T) {
	for _, c := range []struct {
		pattern, number string
		want            bool
	}{
		{"600", "600", true},
		{"600", "6001", false},
		{"", "", false},
		{"_6XX", "612", true},
		{"_6XX", "61", false},
		{"_6XX", "6123", false},
		{"_NZX", "210", true},
		{"_NZX", "100", false},
		{"_NZX", "200", false},
		{"_*4[5-7]X", "*461", true},
		{"_*4[5-7]X", "*481", false},
		{"_7.", "7", false},
		{"_7.", "79161234501", true},
		{"_7!", "7", true},
		{"_[13-5]", "4", true},
		{"_[13-5]", "2", false},
		{"_[13-5", "1", false},
		{"_8-495-XXX", "8495123", true},
		{"_8495XXX", "8-495", false},
		{"_", "", true},
	} {
		if got := call.MatchExten(c.pattern, c.number); got != c.want {
			t.Errorf("%q of %q is %v", c.number, c.pattern, got)
		}
	}
}

// odd is a call through an endpoint named by digits, which everywhere else is a phone, to a phone with a name.
const odd = `caller = PJSIP/7000-00000001
anna   = PJSIP/anna-00000002

0.00 Newchannel caller Ring number=7000 exten=101
0.01 Newchannel anna Down number=101 linked=caller
0.01 DialBegin caller > anna DialString=anna
2.00 Newstate anna Up
2.00 DialEnd caller > anna ANSWER
2.00 Newstate caller Up
2.00 BridgeEnter anna b1
2.00 BridgeEnter caller b1
7.00 HangupRequest caller
7.00 Hangup caller 16
7.00 Hangup anna 16
`

func TestDecisionsOfPeopleGoBeforeWhatIsLearned(t *testing.T) {
	events := readScenario(t, odd)
	rules := call.Rules{Rev: 7, Endpoints: []call.EndpointRule{
		{PBX: "A", Endpoint: "PJSIP/7000", Class: call.EndpointTrunk},
		{PBX: "A", Endpoint: "PJSIP/anna", Class: call.EndpointDevice, Number: "555"},
		{PBX: "B", Endpoint: "PJSIP/anna", Class: call.EndpointTrunk},
	}}
	const learned = `internal 7000 > 101 0.00-7.00 answered, ended by caller
  ring 101 0.01-2.00 answered
  talk 101 with 7000 2.00-7.00
`
	const decided = `inbound 7000 > 101 0.00-7.00 answered, ended by caller
  ring 555 0.01-2.00 answered
  talk 555 with customer 2.00-7.00
`
	if d := cmp.Diff(learned, told(assemble(events))); d != "" {
		t.Errorf("without rules (-expected +assembled):\n%s", d)
	}
	for at := range events { // told at any place in the stream, and gone through the saved state
		a, b := call.New(call.Options{}), book{}
		for i, e := range events {
			if i == at {
				a.SetRules(rules)
			}
			a.Feed(e.pbx, e.ev)
			b.enter(a.Drain())
			state, err := a.Snapshot()
			if err != nil {
				t.Fatal(err)
			}
			a = call.New(call.Options{})
			if err := a.Restore(state); err != nil {
				t.Fatal(err)
			}
		}
		if a.RulesRev() != 7 {
			t.Errorf("told at %d, the saved state has rules %d", at, a.RulesRev())
		}
		b.enter(a.Flush())
		if d := cmp.Diff(decided, told(b)); d != "" {
			t.Errorf("told at %d (-expected +assembled):\n%s", at, d)
		}
		a.SetRules(call.Rules{Rev: 8}) // and taken back while the call is kept
		b.enter(a.Flush())
		if d := cmp.Diff(learned, told(b)); d != "" {
			t.Errorf("taken back (-expected +assembled):\n%s", d)
		}
	}
}

// TestRulesAboutNumbersHoldWhereverTheyAreTold tells them at any place in the stream, with the state saved and restored
// after every event: what was learned under other rules is learned anew.
func TestRulesAboutNumbersHoldWhereverTheyAreTold(t *testing.T) {
	files, err := filepath.Glob("testdata/rule-*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := readScript(t, string(text))
		whole, facts := s.assemble()
		without, _ := (&script{out: s.out}).assemble()
		if told(whole) == told(without) {
			t.Errorf("%s: the rules change nothing", file)
		}
		for at := range s.out {
			a, b := call.New(call.Options{}), book{}
			for i, e := range s.out {
				if i == at {
					a.SetRules(s.rules)
				}
				a.Feed(e.pbx, e.ev)
				state, err := a.Snapshot()
				if err != nil {
					t.Fatal(err)
				}
				a = call.New(call.Options{})
				if err := a.Restore(state); err != nil {
					t.Fatal(err)
				}
			}
			b.enter(a.Flush())
			if d := cmp.Diff(told(whole), told(b)); d != "" {
				t.Errorf("%s told at %d (-from the beginning +then):\n%s", file, at, d)
			}
			if d := cmp.Diff(toldNumbers(facts), toldNumbers(a.Learned())); d != "" {
				t.Errorf("%s told at %d (-learned from the beginning +then):\n%s", file, at, d)
			}
		}
	}
}
