package call_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// small lists the recordings of both Asterisks but for the loads.
func small(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(recordingsOf(t, "[12]*/*"), func(dir string) bool {
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir() || strings.HasPrefix(filepath.Base(dir), "n")
	})
}

// agentEvent is what the driver of the phones did about operators.
type agentEvent struct {
	At                              float64
	What, Agent, Queue, Via, Reason string
	Penalty                         int
}

func agentEvents(t *testing.T, dir string) []agentEvent {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Events []agentEvent `json:"agent_events"`
	}
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	return truth.Events
}

// near tells whether a moment is where it should be. The driver notes when it asked, the PBX when it did.
func near(got time.Time, want float64) bool {
	return !got.IsZero() && got.Sub(time.UnixMicro(int64(want*1e6))).Abs() < 400*time.Millisecond
}

// TestStatesAreWhatTheDriverDid compares log-ins, pauses, penalties and registrations with what the driver of the phones
// did in the recordings that have such, in both directions.
func TestStatesAreWhatTheDriverDid(t *testing.T) {
	tried := 0
	for _, dir := range small(t) {
		events := agentEvents(t, dir)
		if len(events) == 0 {
			continue
		}
		tried++
		name := filepath.Base(filepath.Dir(dir)) + "/" + filepath.Base(dir)
		list := roster{}.follow(t, eventsOf(t, dir))
		seen := 0
		for _, e := range events {
			matches := slices.DeleteFunc(slices.Clone(list), func(x call.Interval) bool { return !e.is(x) })
			if len(matches) == 0 {
				t.Errorf("%s: %+v is not among\n%s", name, e, toldStates(seenOf(list)))
			}
			if e.What == "login" || e.What == "login, end unseen" || e.What == "pause" || e.What == "autopause" {
				seen += len(matches)
			}
		}
		for _, x := range list {
			if (x.Kind == call.StateLoggedIn || x.Kind == call.StatePaused) && x.Began != "listed" {
				seen--
			}
		}
		if seen != 0 {
			t.Errorf("%s: %d more log-ins and pauses happened than were seen:\n%s", name, seen, toldStates(seenOf(list)))
		}
	}
	if tried < 10 {
		t.Errorf("only %d recordings have log-ins and pauses", tried)
	}
}

// is tells whether an interval shows what the driver did.
func (e *agentEvent) is(x call.Interval) bool {
	if x.Operator != e.Agent || e.Queue != "all" && x.Queue != e.Queue {
		return false
	}
	by := "action"
	if e.Via == "dialplan" {
		by = "dialplan"
	}
	unseen := x.Kind == call.StateLoggedIn && x.Estimated
	switch e.What {
	case "login, end unseen":
		return unseen && near(x.From, e.At)
	case "logout unseen":
		return unseen && x.Ended == "listed"
	case "login unseen":
		return unseen && x.Began == "listed"
	case "logout of who came unseen":
		return unseen && near(x.To, e.At)
	case "login":
		return x.Kind == call.StateLoggedIn && near(x.From, e.At) && x.Began == by && x.Membership == "dynamic" && !x.Estimated
	case "logout":
		return x.Kind == call.StateLoggedIn && near(x.To, e.At) && x.Ended == by && !x.Estimated
	case "pause":
		return x.Kind == call.StatePaused && near(x.From, e.At) && x.Began == by && x.Reason == e.Reason && !x.Estimated
	case "autopause":
		return x.Kind == call.StatePaused && x.Began == "autopause" && !x.Estimated
	case "unpause":
		return x.Kind == call.StatePaused && near(x.To, e.At) && x.Ended == by && x.EndReason == e.Reason && !x.Estimated
	case "penalty":
		return x.Kind == call.StatePenalty && (e.Penalty == 0 && near(x.To, e.At) || near(x.From, e.At) && x.Penalty == e.Penalty)
	case "wrap-up":
		return x.Kind == call.StateWrapUp && near(x.From, e.At) && !x.Estimated
	case "wrap-up cut":
		return x.Kind == call.StateWrapUp && near(x.To, e.At) && x.Ended == "call"
	case "wrap-up over":
		return x.Kind == call.StateWrapUp && near(x.To, e.At) && x.Ended == "" && x.To.Sub(x.From) == 8*time.Second
	case "unregister":
		return x.Kind == call.StateUnreachable && near(x.From, e.At)
	}
	return false
}

// TestStatesAgreeWithTheQueueLog compares all recordings with what the same Asterisk wrote into its queue_log.
func TestStatesAgreeWithTheQueueLog(t *testing.T) {
	compared := map[string]int{}
	for _, dir := range small(t) {
		list := roster{}.follow(t, eventsOf(t, dir))
		logs, _ := filepath.Glob(filepath.Join(dir, "*", "queue_log"))
		for _, file := range logs {
			pbx := filepath.Base(filepath.Dir(file))
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(b)) {
				f := strings.Split(strings.TrimSpace(line), "|")
				if len(f) < 5 || !slices.Contains([]string{"ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "RINGNOANSWER"}, f[4]) {
					continue
				}
				compared[f[4]]++
				if !slices.ContainsFunc(list, func(x call.Interval) bool { return x.PBX == pbx && logged(x, f, list) }) {
					t.Errorf("%s: %s is not among\n%s", dir, strings.TrimSpace(line), toldStates(seenOf(list)))
				}
			}
		}
	}
	for what, least := range map[string]int{"ADDMEMBER": 10, "REMOVEMEMBER": 6, "PAUSE": 8, "UNPAUSE": 4, "RINGNOANSWER": 40} {
		if compared[what] < least {
			t.Errorf("%d %s were compared, want %d at least", compared[what], what, least)
		}
	}
}

// logged tells whether a line of the queue_log (time, call, queue, member, event, data) is about an interval. Its times
// are whole seconds; it names members by interface where they come and go, and by their names elsewhere.
func logged(x call.Interval, f []string, all []call.Interval) bool {
	second, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return false
	}
	when := func(t time.Time) bool { return t.Unix() == second || t.Add(-50*time.Millisecond).Unix() == second }
	about := func(t time.Time) bool { return t.Sub(time.Unix(second, 0)).Abs() < 5*time.Second } // while nobody listened
	data := ""
	if len(f) > 5 {
		data = f[5]
	}
	member := x.Queue == f[2] && (x.Member == f[3] || x.Interface == f[3])
	switch f[4] {
	case "ADDMEMBER":
		return x.Kind == call.StateLoggedIn && member && (when(x.From) || x.Began == "listed" && x.Estimated && about(x.From))
	case "REMOVEMEMBER":
		return x.Kind == call.StateLoggedIn && member && (when(x.To) || x.Ended == "listed" && x.Estimated && about(x.To))
	case "PAUSE":
		return x.Kind == call.StatePaused && member && when(x.From) && x.Reason == data
	case "UNPAUSE":
		return x.Kind == call.StatePaused && member && when(x.To) && x.EndReason == data
	}
	// The ring of a member by Local channel is its device's: the log-in tells who that is. A device that rang already, or
	// speaks, does not ring anew.
	is := slices.ContainsFunc(all, func(l call.Interval) bool {
		return l.Kind == call.StateLoggedIn && l.PBX == x.PBX && l.Queue == f[2] && l.Member == f[3] && l.Operator == x.Operator
	})
	at := time.Unix(second, 0)
	switch x.Kind {
	case call.StateRinging:
		return is && x.Queue == f[2] && (when(x.To) || rangLess(data) && x.To.Sub(at).Abs() < 2*time.Second)
	default:
		return false
	}
}

// rangLess tells a ring that was over before the queue looked.
func rangLess(ms string) bool { return ms == "0" }

// TestADeviceHasOneStateAtATime: the states of a device follow each other without overlap or hole.
func TestADeviceHasOneStateAtATime(t *testing.T) {
	for _, dir := range small(t) {
		list := roster{}.follow(t, eventsOf(t, dir))
		of := map[string][]call.Interval{}
		for _, x := range list {
			if x.Kind >= call.StateRinging {
				key := x.PBX + " " + x.Interface
				of[key] = append(of[key], x)
			}
		}
		for who, states := range of {
			slices.SortFunc(states, func(x, y call.Interval) int { return x.From.Compare(y.From) })
			for i, x := range states {
				if i+1 == len(states) {
					continue
				}
				if next := states[i+1]; !x.To.Equal(next.From) && x.Ended != "stop" {
					t.Errorf("%s: %s is %s until %s and %s from %s", dir, who, x.Kind, when(x.To), next.Kind, when(next.From))
				}
			}
		}
	}
}

// TestWhoTalksIsBusy: what calls say of rings and talks of our devices is in the devices' states.
func TestWhoTalksIsBusy(t *testing.T) {
	for _, dir := range small(t) {
		events := eventsOf(t, dir)
		list := roster{}.follow(t, events)
		for _, c := range assemble(events).ordered() {
			for _, k := range c.Talks {
				if d := missing(list, k.PBX, k.Operator, k.From, k.To, call.StateBusy, call.StateHold); d > 150*time.Millisecond && !k.Estimated {
					t.Errorf("%s: %s talks %s-%s and is not busy for %s of it", dir, k.Operator, when(k.From), when(k.To), d)
				}
			}
			for _, r := range c.Rings {
				if d := missing(list, r.PBX, r.Operator, r.At, r.End, call.StateRinging, call.StateBusy, call.StateHold); d > 150*time.Millisecond && !r.Estimated {
					t.Errorf("%s: %s rings %s-%s and does not for %s of it", dir, r.Operator, when(r.At), when(r.End), d)
				}
			}
		}
	}
}

// missing returns how much of a time an operator was in none of the states. Who is known by no state is a trunk.
func missing(list []call.Interval, pbx, operator string, from, to time.Time, kinds ...call.StateKind) time.Duration {
	left, known := to.Sub(from), false
	for _, x := range list {
		if x.PBX != pbx || x.Operator != operator || x.Kind < call.StateRinging {
			continue
		}
		known = true
		if !slices.Contains(kinds, x.Kind) {
			continue
		}
		a, b := from, to
		if x.From.After(a) {
			a = x.From
		}
		if !x.To.IsZero() && x.To.Before(b) {
			b = x.To
		}
		left -= max(b.Sub(a), 0)
	}
	if !known {
		return 0
	}
	return left
}

// seenOf leaves out what was there before and what is no news.
func seenOf(list []call.Interval) []call.Interval {
	return slices.DeleteFunc(slices.Clone(list), func(x call.Interval) bool { return x.Began == "listed" || x.Kind >= call.StateIdle })
}
