package call_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

const attributedCall = `
caller = PJSIP/carrier-00000001
anna   = PJSIP/101-00000002
0.00 Newchannel caller Ring number=79161234501 exten=600 Context=from-trunk Language=en AccountCode= ConnectedLineNum=<unknown>
0.10 VarSet caller Variable=SIPDOMAIN Value=pbx.example
0.10 VarSet caller Variable=__CRM_ID Value=17
0.11 VarSet caller Variable=_CAMPAIGN Value=autumn
0.12 VarSet caller Variable=CRM_ID Value=18
0.13 VarSet caller Variable=CUSTOMER_PIN Value=1234
0.14 VarSet caller Variable=SPINNER Value=yes
0.15 VarSet caller Variable=RTPAUDIOQOSJITTER Value=0.1
0.16 VarSet caller Variable=BRIDGEPEER Value=PJSIP/101-00000002
0.17 VarSet caller Variable=~HASH~X~1~ Value=1
0.18 VarSet caller Variable=ARG1 Value=1
0.20 Newchannel anna Down number=101 linked=caller Context=from-internal AccountCode=sales CallerIDName=Anna
0.20 DialBegin caller > anna DialString=101
2.00 Newstate anna Up CallerIDName=Sales
2.00 DialEnd caller > anna ANSWER
2.00 Newstate caller Up
2.01 BridgeEnter anna b1 ChanVariable=SEAT=4
2.01 BridgeEnter caller b1
6.00 HangupRequest anna
6.00 Hangup anna 16 Cause-txt=Normal_Clearing TechCause=SIP_200
6.01 Hangup caller 16
6.02 VarSet caller Variable=RATING Value=5
`

// attributed reads the call. The format of scenarios writes blanks as underscores, of which names of variables have none.
func attributed(t *testing.T) []fed {
	t.Helper()
	events := readScenario(t, attributedCall)
	for _, e := range events {
		for i := range e.ev.Fields {
			if f := &e.ev.Fields[i]; f.ID == wire.FVariable {
				f.Value = strings.ReplaceAll(f.Value, " ", "_")
			}
		}
	}
	return events
}

func TestAttributesOfALegAreWhatNoColumnHolds(t *testing.T) {
	calls := assemble(attributed(t)).ordered()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	raw, err := json.Marshal(calls[0])
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Legs []struct{ Attributes map[string]string }
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{
		{
			"CallerIDNum": "79161234501", "Context": "from-trunk", "Context.last": "from-internal", "Language": "en",
			"SIPDOMAIN": "pbx.example", "CRM_ID": "18", "CAMPAIGN": "autumn", "SPINNER": "yes", "RATING": "5",
		},
		{
			"CallerIDNum": "101", "CallerIDName": "Anna", "CallerIDName.last": "Sales", "Context": "from-internal", "AccountCode": "sales",
			"DialString": "101", "SEAT": "4", "Cause-txt": "Normal Clearing", "TechCause": "SIP 200",
		},
	}
	for i := range want {
		if d := cmp.Diff(want[i], got.Legs[i].Attributes); d != "" {
			t.Errorf("leg %d (-want +got):\n%s", i, d)
		}
	}
}

func TestAttributeThatChangesIsHandedOut(t *testing.T) {
	events := attributed(t)
	a := call.New(call.Options{})
	var seen []string
	for _, e := range events {
		a.Feed(e.pbx, e.ev)
		for _, c := range a.Drain() {
			for _, x := range c.Legs[0].Attributes {
				if x.Name == "CRM_ID" && (len(seen) == 0 || seen[len(seen)-1] != x.Value) {
					seen = append(seen, x.Value)
				}
			}
		}
	}
	if d := cmp.Diff([]string{"17", "18"}, seen); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestCallsThatWereHandedOutKeepTheirAttributes changes attributes after a call was handed out: whoever has it, perhaps
// to write it to a database just now, still has what it was.
func TestCallsThatWereHandedOutKeepTheirAttributes(t *testing.T) {
	a := call.New(call.Options{})
	var first *call.Call
	before := ""
	for _, e := range attributed(t) {
		a.Feed(e.pbx, e.ev)
		for _, c := range a.Drain() {
			if first == nil {
				first, before = c, fmt.Sprint(c.Legs[0].Attributes)
			}
		}
	}
	if after := fmt.Sprint(first.Legs[0].Attributes); before != after {
		t.Errorf("they were %s and are now %s", before, after)
	}
}

func TestAttributesAreBounded(t *testing.T) {
	long := strings.Repeat("ж", 700) // 1400 bytes
	for _, c := range []struct {
		name  string
		set   func(n int) (name, value string)
		names int
		cut   bool
	}{
		{"few", func(n int) (string, string) { return fmt.Sprint("V", n), "1" }, 50, false},
		{"too many", func(n int) (string, string) { return fmt.Sprint("V", n), "1" }, 200, true},
		{"long values", func(n int) (string, string) { return fmt.Sprint("V", n%3), long }, 3, true},
		{"too much", func(n int) (string, string) { return fmt.Sprint("V", n), long[:1000] }, 40, true},
		{"growing", func(n int) (string, string) { return fmt.Sprint("V", n%90), strings.Repeat("x", n) }, 900, true},
		{"long name", func(n int) (string, string) { return strings.Repeat("N", 150+n), "1" }, 60, false},
	} {
		a := call.New(call.Options{})
		feed := func(id wire.EventID, fields ...wire.Field) {
			fields = append([]wire.Field{{ID: wire.FChannel, Value: "PJSIP/carrier-1"}, {ID: wire.FUniqueid, Value: "1795386161.1"}}, fields...)
			a.Feed("A", &wire.Event{ID: id, Received: 1795386161e9, Fields: fields})
		}
		feed(wire.EvNewchannel, wire.Field{ID: wire.FChannelState, Value: "4"}, wire.Field{ID: wire.FCallerIDNum, Value: "79161234501"}, wire.Field{ID: wire.FExten, Value: "600"})
		for n := range c.names {
			name, value := c.set(n)
			feed(wire.EvVarSet, wire.Field{ID: wire.FVariable, Value: name}, wire.Field{ID: wire.FValue, Value: value})
		}
		leg := a.Flush()[0].Legs[0]
		bytes := 0
		for _, x := range leg.Attributes {
			bytes += len(x.Name) + len(x.Value)
			if len(x.Name) > 200 || len(x.Value) > 1024 || !utf8.ValidString(x.Value) {
				t.Errorf("%s: %.40s is %d bytes long, its value %d", c.name, x.Name, len(x.Name), len(x.Value))
			}
		}
		if len(leg.Attributes) > 100 || bytes > 16<<10 || leg.AttributesCut != c.cut || (a.Counters().AttributesCut > 0) != (c.cut || c.name == "long name") {
			t.Errorf("%s: %d attributes, %d bytes, cut: %t, counted %d", c.name, len(leg.Attributes), bytes, leg.AttributesCut, a.Counters().AttributesCut)
		}
	}
}

// TestAttributeKeysStayAsTheyAreStored holds the function to the numbers in people's databases.
func TestAttributeKeysStayAsTheyAreStored(t *testing.T) {
	for _, c := range []struct {
		name, value string
		key         int64
	}{
		{"CRM_ID", "", 5346699755321337512},
		{"CRM_ID", "17", -5031284221367416412},
	} {
		if got := call.AttributeKey(c.name, c.value); got != c.key {
			t.Errorf("the key of %s=%s is %d, was %d", c.name, c.value, got, c.key)
		}
	}
}
