package truth

import (
	"fmt"
	"slices"
	"time"
)

// State is a time in which an operator was in one state, as the API tells it but by numbers.
type State struct {
	Kind, Operator, Queue string
	From                  time.Time
	To                    time.Time // zero: lasts
	Estimated             bool
	BeganBy, EndedBy      string
	Reason, EndReason     string
}

// stateNear is how far what an operator did may be from when the PBX did it: the driver notes when it asked.
const stateNear = 600 * time.Millisecond

// unseenNear is how far an estimate may be off: by half the time of the plays in which nobody listens.
const unseenNear = 4 * time.Second

// Unshown returns what operators did that no state shows.
func Unshown(events []AgentEvent, states []State) (complaints []string) {
	for i := range events {
		if e := &events[i]; !slices.ContainsFunc(states, e.shownBy) {
			complaints = append(complaints, fmt.Sprintf("no state of %s shows: %s %s %s at %.3f", e.Agent, e.What, e.Queue, e.Via, float64(e.At)))
		}
	}
	return complaints
}

func (e *AgentEvent) shownBy(s State) bool {
	near := func(t time.Time) bool { return !t.IsZero() && t.Sub(e.At.Go()).Abs() < stateNear }
	if s.Operator != e.Agent || e.Queue != AllQueues && s.Queue != e.Queue {
		return false
	}
	switch e.What { // whoever was away can only estimate
	case "logout unseen":
		return s.Kind == "logged_in" && s.Estimated && s.EndedBy == "listed" && s.To.Sub(e.At.Go()).Abs() < unseenNear
	case "login, end unseen":
		return s.Kind == "logged_in" && s.Estimated && s.BeganBy == "action" && near(s.From)
	case "login unseen":
		return s.Kind == "logged_in" && s.Estimated && s.BeganBy == "listed" && s.From.Sub(e.At.Go()).Abs() < 2*time.Second
	case "logout of who came unseen":
		return s.Kind == "logged_in" && s.Estimated && s.BeganBy == "listed" && near(s.To)
	}
	if s.Estimated {
		return false
	}
	by := "action"
	if e.Via == "dialplan" {
		by = e.Via
	}
	switch e.What {
	case "login":
		return s.Kind == "logged_in" && near(s.From) && s.BeganBy == by
	case "logout":
		return s.Kind == "logged_in" && near(s.To) && s.EndedBy == by
	case "pause":
		return s.Kind == "paused" && near(s.From) && s.BeganBy == by && s.Reason == e.Reason
	case "unpause":
		return s.Kind == "paused" && near(s.To) && s.EndedBy == by && s.EndReason == e.Reason
	case "wrap-up":
		return s.Kind == "wrap_up" && near(s.From)
	case "wrap-up cut":
		return s.Kind == "wrap_up" && near(s.To) && s.EndedBy == "call"
	case "wrap-up over":
		return s.Kind == "wrap_up" && near(s.To) && s.EndedBy == ""
	case "unregister":
		return s.Kind == "unreachable" && near(s.From)
	}
	return false
}
