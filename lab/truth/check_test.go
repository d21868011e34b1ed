package truth

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// answered is a queue call as a scenario tells it: 102 answers after 3 s, holds the caller for 1 s and talks 4 s.
func answered() *Call {
	return &Call{
		ID: "call-1", Direction: "inbound", PBX: []string{"A"}, Caller: "79161234501", Dialled: "74950000600",
		Start: 1000, Answered: 1000.1, End: 1008, Disposition: "answered", HangupBy: "caller",
		Queues: []Queue{{PBX: "A", Queue: "600", Entered: 1000, Left: 1003, Wait: 3, Result: "answered", Agent: "102"}},
		Rings:  []Ring{{PBX: "A", Who: "101", Result: "cancelled"}, {PBX: "A", Who: "102", Result: "answered"}},
		Talks:  []Talk{{PBX: "A", Who: "102", From: 1003, To: 1008}},
		Holds:  []Hold{{By: "102", From: 1005, To: 1006}},
	}
}

const assembled = `{"calls": [{
	"id": "x", "direction": "inbound", "pbx": ["A"], "caller": "79161234501", "dialled": "74950000600",
	"start": "1970-01-01T00:16:40.2Z", "answered": null, "end": "1970-01-01T00:16:48Z", "disposition": "answered", "hangup_by": "caller",
	"queues": [{"pbx": "A", "queue": "600", "entered": "1970-01-01T00:16:40Z", "left": "1970-01-01T00:16:43Z", "result": "answered", "operator": "102"}],
	"rings": [{"operator": "102", "result": "answered"}, {"operator": "101", "result": "cancelled"}],
	"talks": [{"operator": "102", "with": "customer", "from": "1970-01-01T00:16:43Z", "to": "1970-01-01T00:16:45Z"},
	          {"operator": "102", "with": "customer", "from": "1970-01-01T00:16:46Z", "to": "1970-01-01T00:16:48Z"}],
	"holds": [{"by": "102", "from": "1970-01-01T00:16:45Z", "to": "1970-01-01T00:16:46Z"}]}]}`

func parse(t *testing.T, text string) []*Found {
	t.Helper()
	found, err := ParseFound([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestACallAsItHappenedPasses(t *testing.T) {
	if diff := Compare([]*Call{answered()}, parse(t, assembled)); len(diff) > 0 {
		t.Errorf("complaints: %q", diff)
	}
}

func TestEachPropertyIsCompared(t *testing.T) {
	for _, c := range []struct{ field, from, to string }{
		{"direction", `"inbound"`, `"outbound"`},
		{"dialled", `"74950000600"`, `"600"`},
		{"pbx", `["A"]`, `["A", "B"]`},
		{"start", `00:16:40.2Z`, `00:16:41Z`},
		{"end", `"end": "1970-01-01T00:16:48Z"`, `"end": null`},
		{"queues", `"result": "answered", "operator": "102"`, `"result": "abandoned", "operator": "102"`},
		{"wait", `"left": "1970-01-01T00:16:43Z"`, `"left": "1970-01-01T00:16:45Z"`},
		{"rings", `{"operator": "101", "result": "cancelled"}`, `{"operator": "103", "result": "cancelled"}`},
		{"talk", `"to": "1970-01-01T00:16:45Z"},`, `"to": "1970-01-01T00:17:45Z"},`},
		{"hold", `"by": "102", "from": "1970-01-01T00:16:45Z"`, `"by": "102", "from": "1970-01-01T00:16:43Z"`},
		{"transfers", `"holds"`, `"transfers": [{"kind": "blind", "by": "102", "to": "104"}], "holds"`},
		{"disposition", `"disposition": "answered"`, `"disposition": "abandoned"`},
		{"hangup_by", `"hangup_by": "caller"`, `"hangup_by": "callee"`},
	} {
		t.Run(c.field, func(t *testing.T) {
			got := parse(t, strings.Replace(assembled, c.from, c.to, 1))[0]
			var fields []string
			for _, r := range Failures(Check(answered(), got)) {
				fields = append(fields, r.Field)
			}
			if diff := cmp.Diff([]string{c.field}, fields); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACallThatNeverHappenedAndOneThatIsMissingAreTold(t *testing.T) {
	later := strings.ReplaceAll(assembled, "1970-01-01T00:16", "1970-01-01T00:46")
	got := Compare([]*Call{answered()}, parse(t, later))
	want := []string{
		"call-1: 79161234501 to 74950000600 was not found",
		"79161234501 to 74950000600 at 00:46:40.200 never happened",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTalkEndsWhereTheCustomerWasHandedOn(t *testing.T) {
	c := answered()
	c.Holds = nil
	c.Talks = append(c.Talks, Talk{PBX: "A", Who: "104", From: 1004, To: 1008})
	c.Transfers = []Transfer{{Kind: "attended", By: "102", To: "104", At: 1006, Result: "completed"}}
	want := map[string]float64{"102": 3, "104": 2}
	if diff := cmp.Diff(want, TalkTimes(c)); diff != "" {
		t.Error(diff)
	}
}

func TestQueueLogIsHeldAgainstTheVisits(t *testing.T) {
	log, err := ReadQueueLog(strings.NewReader("1|NONE|NONE|NONE|QUEUESTART|\n2|c|600|NONE|ENTERQUEUE||7916|1\n5|c|600|Boris|CONNECT|3|c2|2\n6|d|600|NONE|ABANDON|1|1|3\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"queue_log has +1 of 600 abandoned"}, CompareQueueLog(log, answered().Queues)); diff != "" {
		t.Error(diff)
	}
}
