package truth

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// Tolerances of a comparison, in seconds. A phone and the PBX see the same moment some milliseconds apart, and a busy
// machine stretches that.
const (
	startTolerance = 0.7
	endTolerance   = 1.0
	spanTolerance  = 1.0
)

// Result is one compared property of a call.
type Result struct {
	Field       string
	OK          bool
	Want, Found string
}

func (r Result) String() string {
	return fmt.Sprintf("%s: wanted %s, found %s", r.Field, r.Want, r.Found)
}

// Check compares one assembled call with what really happened.
func Check(want *Call, got *Found) []Result {
	out := []Result{
		same("direction", want.Direction, got.Direction),
		same("caller", want.Caller, got.Caller),
		same("dialled", want.Dialled, got.Dialled),
		same("pbx", sortedSet(want.PBX), sortedSet(got.PBX)),
		near("start", float64(want.Start), float64(got.Start.unix()), startTolerance),
		near("end", float64(want.End), float64(got.End.unix()), endTolerance),
		same("queues", wantedQueues(want), foundQueues(got)),
	}
	for i := range min(len(want.Queues), len(got.Queues)) {
		w, g := want.Queues[i], got.Queues[i]
		out = append(out, near("wait", float64(w.Left-w.Entered), float64(g.Left.unix()-g.Entered.unix()), spanTolerance))
	}
	out = append(out, same("rings", wantedRings(want), foundRings(want, got)))
	if want.Conference == "" {
		out = append(out, checkTalk(want, got), checkHolds(want, got))
	}
	out = append(out, checkTransfers(want, got), same("disposition", wantedDisposition(want), got.Disposition))
	if by := wantedHangup(want); by != "" {
		out = append(out, same("hangup_by", by, got.HangupBy))
	}
	return out
}

// Failures keeps the results that do not hold.
func Failures(results []Result) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return r.OK })
}

func same(field, want, found string) Result { return Result{field, want == found, want, found} }

func near(field string, want, found, tolerance float64) Result {
	return Result{field, math.Abs(want-found) <= tolerance, fmt.Sprintf("%.2f", want), fmt.Sprintf("%.2f", found)}
}

func sortedSet(of []string) string {
	s := slices.Clone(of)
	slices.Sort(s)
	return strings.Join(slices.Compact(s), " ")
}

// bare strips the PBX or technology before a name and a remark after it: A/104, PJSIP/104 and "104 (forwarded)" are 104.
func bare(who string) string {
	who, _, _ = strings.Cut(who, " (")
	return who[strings.LastIndexByte(who, '/')+1:]
}

func wantedQueues(c *Call) string {
	var rows []string
	for _, q := range c.Queues {
		rows = append(rows, queueRow(q.PBX, q.Queue, q.Result, q.Agent))
	}
	return strings.Join(rows, ", ")
}

func foundQueues(c *Found) string {
	var rows []string
	for _, q := range c.Queues {
		rows = append(rows, queueRow(q.PBX, q.Queue, q.Result, q.Operator))
	}
	return strings.Join(rows, ", ")
}

func queueRow(pbx, queue, result, operator string) string {
	return strings.TrimSpace(pbx + "/" + queue + " " + strings.ReplaceAll(result, "-", "_") + " " + bare(operator))
}

func wantedRings(c *Call) string {
	counts := map[string]int{}
	for _, r := range c.Rings {
		count(counts, c, r.Who)
	}
	return counted(counts)
}

func foundRings(want *Call, got *Found) string {
	counts := map[string]int{}
	for _, r := range got.Rings {
		count(counts, want, r.Operator)
	}
	return counted(counts)
}

// count leaves out the outside: it is no operator.
func count(counts map[string]int, c *Call, who string) {
	who = bare(who)
	if who == "carrier" || c.Direction == "outbound" && who == c.Dialled {
		return
	}
	counts[who]++
}

func counted(counts map[string]int) string {
	var rows []string
	for who, n := range counts {
		rows = append(rows, fmt.Sprintf("%s×%d", who, n))
	}
	sort.Strings(rows)
	return strings.Join(rows, " ")
}

func checkTalk(want *Call, got *Found) Result {
	wanted, found := TalkTimes(want), foundTalk(want, got)
	ok := len(wanted) == len(found)
	for who, seconds := range wanted {
		have, there := found[who]
		ok = ok && there && math.Abs(seconds-have) <= spanTolerance
	}
	return Result{"talk", ok, spoken(wanted), spoken(found)}
}

func foundTalk(want *Call, got *Found) map[string]float64 {
	wanted := TalkTimes(want)
	out := map[string]float64{}
	for _, t := range got.Talks {
		who := bare(t.Operator)
		_, known := wanted[who]
		switch {
		case want.Direction != "internal" && t.With != "customer", t.Consult:
			continue
		case want.Direction == "internal" && who == want.Caller && !known:
			continue // both sides are ours; the truth has the called one
		}
		out[who] += float64(t.To.unix() - t.From.unix())
	}
	for who, seconds := range out {
		if seconds <= 0.3 {
			delete(out, who)
		}
	}
	return out
}

func spoken(times map[string]float64) string {
	var rows []string
	for who, seconds := range times {
		rows = append(rows, fmt.Sprintf("%s %.1f s", who, seconds))
	}
	sort.Strings(rows)
	return strings.Join(rows, ", ")
}

func checkHolds(want *Call, got *Found) Result {
	var wanted, found float64
	for _, h := range want.Holds {
		wanted += float64(h.To - h.From)
	}
	for _, h := range got.Holds {
		found += float64(h.To.unix() - h.From.unix())
	}
	return near("hold", wanted, found, spanTolerance)
}

func checkTransfers(want *Call, got *Found) Result {
	var wanted, found []string
	for _, t := range want.Transfers {
		if t.Result == "completed" {
			wanted = append(wanted, transferRow(strings.ReplaceAll(t.Kind, "redirect", "blind"), t.By, t.To))
		}
	}
	for _, t := range got.Transfers {
		if t.Result == "completed" || t.Result == "" {
			found = append(found, transferRow(t.Kind, t.By, t.To))
		}
	}
	ok := slices.EqualFunc(wanted, found, func(w, f string) bool {
		return w == f || strings.HasSuffix(w, "> queue") && strings.HasPrefix(f, strings.TrimSuffix(w, "queue"))
	})
	return Result{"transfers", ok, strings.Join(wanted, ", "), strings.Join(found, ", ")}
}

// transferRow leaves open how a queue is named as a target.
func transferRow(kind, by, to string) string {
	if strings.Contains(to, "queue") {
		to = "queue"
	}
	return kind + " " + bare(by) + " > " + bare(to)
}

// wantedDisposition turns the driver's words into the product's.
func wantedDisposition(c *Call) string {
	words := map[string]string{
		"no answer": "no_answer", "agent did not answer": "no_answer", "abandoned in IVR": "abandoned",
		"timeout in IVR": "timeout", "queue-joinempty": "join_empty", "queue-leave-empty": "leave_empty",
	}
	if w, ok := words[c.Disposition]; ok {
		return w
	}
	return c.Disposition
}

// wantedHangup is "" where the driver's word says nothing the product has.
func wantedHangup(c *Call) string {
	switch by := c.HangupBy; {
	case by == "agent" && c.Direction == "outbound":
		return "caller"
	case by == "agent", by == "called":
		return "callee"
	case by == "pbx restart":
		return "pbx"
	case by == "caller", by == "callee", by == "pbx":
		return by
	}
	return ""
}
