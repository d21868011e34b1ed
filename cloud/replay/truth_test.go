package replay_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
)

// truth is what the phones of a recording lived (truth.json). Times are seconds since 1970.
type truth struct {
	Calls   []trueCall     `json:"calls"`
	Offered int            `json:"calls_offered"`
	PBXs    map[string]any `json:"pbxs"`
}

type trueCall struct {
	ID          string         `json:"id"`
	Direction   string         `json:"direction"`
	PBX         []string       `json:"pbx"`
	Caller      string         `json:"caller"`
	Dialled     string         `json:"dialled"`
	Start       float64        `json:"start"`
	End         float64        `json:"end"`
	Disposition string         `json:"disposition"`
	HangupBy    string         `json:"hangup_by"`
	Conference  string         `json:"conference"`
	Queues      []trueQueue    `json:"queues"`
	Rings       []trueRing     `json:"rings"`
	Talks       []trueTalk     `json:"talks"`
	Holds       []trueHold     `json:"holds"`
	Transfers   []trueTransfer `json:"transfers"`
	Parked      []trueParking  `json:"parked"`
}

type (
	trueQueue struct {
		PBX, Queue, Result string
		Agent              *string
		Entered, Left      float64
	}
	trueRing struct{ Who string }
	trueTalk struct {
		Who      string
		From, To float64
	}
	trueHold struct {
		By       string
		From, To float64
	}
	trueTransfer struct {
		Kind, By, To, Result string
		At                   float64
	}
	trueParking struct {
		By string
		At float64
	}
)

func readTruth(t *testing.T, dir string) truth {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		truth
		Calls json.RawMessage `json:"calls"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	if len(w.Calls) > 0 && w.Calls[0] == '[' {
		if err := json.Unmarshal(w.Calls, &w.truth.Calls); err != nil {
			t.Fatal(err)
		}
	}
	return w.truth
}

func bare(who string) string { return who[strings.LastIndexByte(who, '/')+1:] }

// difference is one thing a call has otherwise than the phones lived it.
type difference struct{ field, text string }

// compare checks an assembled call against the truth.
func compareCall(want *trueCall, got *call.Call) []difference {
	var out []difference
	same := func(field string, w, g any) {
		if d := cmp.Diff(w, g); d != "" {
			out = append(out, difference{field, d})
		}
	}
	near := func(field string, w, g, tolerance float64) {
		if math.Abs(w-g) > tolerance {
			out = append(out, difference{field, fmt.Sprintf("want %.3f, got %.3f (±%.1f)", w, g, tolerance)})
		}
	}
	same("direction", want.Direction, got.Direction.String())
	same("caller", want.Caller, got.Caller)
	same("dialled", want.Dialled, got.Dialled)
	same("pbx", slices.Sorted(slices.Values(want.PBX)), slices.Sorted(slices.Values(got.PBXs)))
	near("start", want.Start, unix(got.Start), 0.7)
	near("end", want.End, unix(got.End), 1)
	same("queues", queuesWanted(want), queuesFound(got))
	for i := range min(len(want.Queues), len(got.Queues)) {
		near("wait", want.Queues[i].Left-want.Queues[i].Entered, got.Queues[i].Left.Sub(got.Queues[i].Entered).Seconds(), 1)
	}
	same("rings", ringsWanted(want), ringsFound(got))
	if want.Conference == "" {
		if d := compareTalk(talkWanted(want), talkFound(want, got)); d != "" {
			out = append(out, difference{"talk", d})
		}
		var w, g float64
		for _, h := range want.Holds {
			w += h.To - h.From
		}
		for _, h := range got.Holds {
			g += h.To.Sub(h.From).Seconds()
		}
		near("hold", w, g, 1)
	}
	same("transfers", transfersWanted(want), transfersFound(want, got))
	same("disposition", dispositionWanted(want.Disposition), got.Disposition.String())
	if hung := hangupWanted(want); hung != "" {
		same("hangup_by", hung, got.HangupBy.String())
	}
	return out
}

func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMicro()) / 1e6
}

func dispositionWanted(d string) string {
	switch d {
	case "no answer", "agent did not answer":
		return "no_answer"
	case "abandoned in IVR":
		return "abandoned"
	case "timeout in IVR":
		return "timeout"
	case "queue-joinempty":
		return "join_empty"
	case "queue-leave-empty":
		return "leave_empty"
	}
	return d
}

func hangupWanted(c *trueCall) string {
	switch {
	case c.HangupBy == "agent" && c.Direction == "outbound":
		return "caller"
	case c.HangupBy == "agent", c.HangupBy == "called":
		return "callee"
	case c.HangupBy == "pbx restart":
		return "pbx"
	case c.HangupBy == "caller", c.HangupBy == "callee", c.HangupBy == "pbx":
		return c.HangupBy
	}
	return "" // told by name of a third party
}

func queuesWanted(c *trueCall) []string {
	var out []string
	for _, q := range c.Queues {
		agent := ""
		if q.Agent != nil {
			agent, _, _ = strings.Cut(bare(*q.Agent), " ") // "105 (member 101 forwarded)"
		}
		out = append(out, strings.Join([]string{q.PBX, q.Queue, strings.ReplaceAll(q.Result, "-", "_"), agent}, " "))
	}
	return out
}

func queuesFound(c *call.Call) []string {
	var out []string
	for _, q := range c.Queues {
		out = append(out, strings.Join([]string{q.PBX, q.Queue, q.Result.String(), q.Operator}, " "))
	}
	return out
}

func ringsWanted(c *trueCall) map[string]int {
	out := map[string]int{}
	for _, r := range c.Rings {
		if who := bare(r.Who); who != "carrier" {
			out[who]++
		}
	}
	return out
}

func ringsFound(c *call.Call) map[string]int {
	out := map[string]int{}
	for _, r := range c.Rings {
		out[r.Operator]++
	}
	return out
}

// talkWanted is how long each of our side talked with the customer, or on an internal call was talked with, without
// holds. A phone that handed the call on hears of it later than the customer left.
func talkWanted(c *trueCall) map[string]float64 {
	type span struct{ from, to float64 }
	spans := map[string][]span{}
	for _, t := range c.Talks {
		who := bare(t.Who)
		switch {
		case c.Direction == "outbound" && who == c.Caller:
			continue
		case c.Direction == "outbound" && who == "carrier":
			who = c.Caller
		case who == "carrier" || c.consultedOnly(who):
			continue
		}
		spans[who] = append(spans[who], span{t.From, t.To})
	}
	out := map[string]float64{}
	for who, list := range spans {
		var cuts []span
		for _, h := range c.Holds {
			if bare(h.By) == who {
				cuts = append(cuts, span{h.From, h.To})
			}
		}
		for _, at := range c.leftAt(who) {
			for _, s := range list {
				if s.from < at && at < s.to {
					cuts = append(cuts, span{at, s.to})
				}
			}
		}
		for _, x := range c.Transfers {
			if x.Result == "completed" && x.Kind == "attended" && bare(x.To) == who {
				cuts = append(cuts, span{0, x.At})
			}
		}
		total := 0.0
		for _, s := range list {
			parts := []span{s}
			for _, k := range cuts {
				var next []span
				for _, p := range parts {
					for _, q := range []span{{p.from, min(p.to, k.from)}, {max(p.from, k.to), p.to}} {
						if q.to-q.from > 0.001 {
							next = append(next, q)
						}
					}
				}
				parts = next
			}
			for _, p := range parts {
				total += p.to - p.from
			}
		}
		if total > 0.3 {
			out[who] = total
		}
	}
	return out
}

// consultedOnly tells whether somebody was asked and never given the customer.
func (c *trueCall) consultedOnly(who string) bool {
	return slices.ContainsFunc(c.Transfers, func(x trueTransfer) bool {
		return x.Result != "completed" && x.Kind == "attended" && bare(x.To) == who
	})
}

// leftAt is when somebody handed the customer on or parked them.
func (c *trueCall) leftAt(who string) []float64 {
	var out []float64
	for _, x := range c.Transfers {
		if x.Result == "completed" && bare(x.By) == who {
			out = append(out, x.At)
		}
	}
	for _, p := range c.Parked {
		if p.By == who {
			out = append(out, p.At)
		}
	}
	return slices.Sorted(slices.Values(out))
}

func talkFound(want *trueCall, got *call.Call) map[string]float64 {
	out := map[string]float64{}
	for _, t := range got.Talks {
		if t.With == "customer" || want.Direction == "internal" && !t.Consult {
			out[t.Operator] += t.To.Sub(t.From).Seconds()
		}
	}
	maps.DeleteFunc(out, func(_ string, v float64) bool { return v <= 0.3 })
	return out
}

func compareTalk(want, got map[string]float64) string {
	var b strings.Builder
	for _, who := range slices.Sorted(maps.Keys(want)) {
		if math.Abs(want[who]-got[who]) > 1 {
			fmt.Fprintf(&b, "%s: want %.1f s, got %.1f s; ", who, want[who], got[who])
		}
	}
	for _, who := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[who]; !ok {
			fmt.Fprintf(&b, "%s: want none, got %.1f s; ", who, got[who])
		}
	}
	return b.String()
}

func transfersWanted(c *trueCall) []string {
	var out []string
	for _, x := range c.Transfers {
		if x.Result != "completed" {
			continue
		}
		to := bare(x.To)
		if strings.Contains(x.To, "queue") {
			to = "a queue" // or who answered there: what it is called is left open
		}
		out = append(out, strings.Join([]string{x.Kind, bare(x.By), to}, " "))
	}
	return out
}

func transfersFound(want *trueCall, c *call.Call) []string {
	wanted := transfersWanted(want)
	var out []string
	for _, x := range c.Transfers {
		if x.Result != call.ResultCompleted {
			continue
		}
		to := x.To
		if n := len(out); n < len(wanted) && strings.HasSuffix(wanted[n], "a queue") {
			to = "a queue"
		}
		out = append(out, strings.Join([]string{x.Kind, x.By, to}, " "))
	}
	return out
}
