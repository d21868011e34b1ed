package call_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// TestRecordedPBXsTeachTheirNumbers goes by what the dialplan of the lab has: numbers of ours are 7495000…, service codes
// begin with a star, phones are 101 to 122, and every other endpoint is a trunk where anything was seen of it.
func TestRecordedPBXsTeachTheirNumbers(t *testing.T) {
	services := map[string]string{}
	for _, dir := range recordingsOf(t, "*/[a-m]*") {
		_, facts := (&script{out: eventsOf(t, dir)}).assemble()
		for _, f := range facts {
			phone := strings.HasPrefix(f.Name, "PJSIP/1")
			wrong := false
			switch f.Kind {
			case call.FactDID:
				wrong = !strings.HasPrefix(f.Name, "7495000")
			case call.FactService:
				wrong = !strings.HasPrefix(f.Name, "*")
				services[f.Name] = f.Label
			case call.FactOperator:
				wrong = !phone || f.Signs&call.SignNamedByNumber == 0
			case call.FactTrunk:
				wrong = phone || f.Signs&(call.SignDialledThrough|call.SignLeadsElsewhere|call.SignCallsAsOthers) == 0
			case call.FactEndpoint:
				wrong = phone || f.Signs != 0
			default:
			}
			if wrong || f.Kind != call.FactQueue && (f.First.IsZero() || f.Last.Before(f.First)) {
				t.Errorf("%s learned %+v", filepath.Base(dir), f)
			}
		}
	}
	want := map[string]string{"*45601": "AddQueueMember", "*46601": "RemoveQueueMember", "*55101": "ChanSpy"}
	maps.DeleteFunc(services, func(number, _ string) bool { return want[number] == "" })
	if d := cmp.Diff(want, services); d != "" {
		t.Errorf("service codes (-want +learned):\n%s", d)
	}
}

// TestWhoTriesNumbersFillsNothing has a guest ask for ever new numbers, and a carrier for more than are kept.
func TestWhoTriesNumbersFillsNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString("anna = PJSIP/101-00000001\nout = PJSIP/carrier-00000002\n")
	b.WriteString("0.00 Newchannel anna Ring number=101 exten=79161234501\n0.00 Newchannel out Down linked=anna\n")
	b.WriteString("0.01 DialBegin anna > out DialString=carrier/79161234501\n0.02 Hangup out 16\n0.02 Hangup anna 16\n")
	for n := range 4200 {
		c, at := "c"+strconv.Itoa(n), strconv.Itoa(10+n)
		b.WriteString(c + " = PJSIP/carrier-" + strconv.Itoa(10_000_000+n) + "\n")
		b.WriteString(at + " Newchannel " + c + " Ring number=79161234502 exten=7495" + strconv.Itoa(1_000_000+n) + "\n")
		b.WriteString(at + " Newstate " + c + " Up\n" + at + ".5 Hangup " + c + " 16\n")
	}
	_, facts := (&script{out: readScenario(t, b.String())}).assemble()
	numbers := slices.DeleteFunc(facts, func(f call.Fact) bool { return f.Kind != call.FactDID })
	if n := len(numbers); n != 4096 {
		t.Errorf("%d numbers are kept, want 4096", n)
	}
	if first := numbers[0].Name; first != "74951000104" {
		t.Errorf("the first number kept is %s; those not asked for the longest go first", first)
	}
}
