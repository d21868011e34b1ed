package scenario

import (
	"slices"
	"time"

	"github.com/callweave/callweave/lab/phone"
	"github.com/callweave/callweave/lab/truth"
)

// story is one true call while it happens: the lines that belong to it and what the play knows besides.
type story struct {
	*truth.Call
	stage *Stage
	main  *line // its originator: start, answer and end are what this phone saw
	owned map[*phone.Call]bool
	waits *line                // whose holds belong to the call
	told  map[*phone.Call]bool // lines of which the play itself tells when they talked
}

// inbound lets an outside caller call a number.
func (s *Stage) inbound(from *actor, caller, number string) *story {
	t := s.story("inbound", caller, number)
	t.main = from.dial(phone.Dial{Number: number, From: caller})
	return t
}

// outbound lets an operator call an outside number.
func (s *Stage) outbound(a *actor, number string) *story {
	t := s.story("outbound", a.User, number)
	t.main = a.dials(number)
	return t
}

// internal lets an operator call another.
func (s *Stage) internal(a *actor, number string) *story {
	t := s.story("internal", a.User, number)
	t.main = a.dials(number)
	return t
}

func (s *Stage) story(direction, caller, dialled string) *story {
	t := &story{stage: s, owned: map[*phone.Call]bool{}, told: map[*phone.Call]bool{}, Call: &truth.Call{
		ID: "call-" + string(rune('1'+len(s.stories))), Direction: direction, PBX: []string{"A"},
		Caller: caller, Dialled: dialled, Queues: []truth.Queue{}, Rings: []truth.Ring{}, Talks: []truth.Talk{}, Holds: []truth.Hold{}, Transfers: []truth.Transfer{},
	}}
	s.stories = append(s.stories, t)
	s.run.Calls = append(s.run.Calls, t.Call)
	return t
}

// own says that lines belong to this call; lines nobody owns go by the caller's number.
func (t *story) own(lines ...*line) {
	for _, l := range lines {
		t.owned[l.Call] = true
	}
}

// ownSince takes all calls an actor got since the nth.
func (t *story) ownSince(a *actor, n int) {
	for i := n; i < a.had(); i++ {
		t.own(a.gets(i))
	}
}

// visited records a visit to a queue of PBX A.
func (t *story) visited(queue string, from, to truth.Time, result, agent string) {
	t.visitedOn("A", queue, from, to, result, agent)
}

func (t *story) visitedOn(letter, queue string, from, to truth.Time, result, agent string) {
	t.Queues = append(t.Queues, truth.Queue{PBX: letter, Queue: queue, Entered: from, Left: to, Wait: truth.Seconds(from, to), Result: result, Agent: agent})
}

// handedOn records a transfer that was completed.
func (t *story) handedOn(kind, by, to, via string) {
	t.Transfers = append(t.Transfers, truth.Transfer{Kind: kind, By: by, To: to, Via: via, At: truth.At(time.Now()), Result: "completed"})
}

// ended says how the call ended for its caller and who hung up: caller, agent, called or pbx.
func (t *story) ended(disposition, by string) { t.Disposition, t.HangupBy = disposition, by }

// writeTruth turns what the phones lived into the truth of the run.
func (s *Stage) writeTruth() {
	for _, t := range s.stories {
		if t.main != nil {
			l := t.main.Life()
			t.Start, t.Answered, t.End, t.Code = truth.At(l.Start), truth.At(l.Up), truth.At(l.End), l.Code
		}
		if t.waits != nil {
			t.Holds = holdsOf(t.waits)
		}
	}
	for _, a := range s.actors {
		for _, c := range a.Calls() {
			if c.Life().Incoming {
				s.attribute(a, c)
			}
		}
	}
	for _, t := range s.stories {
		t.sum()
	}
}

func holdsOf(l *line) []truth.Hold {
	out := []truth.Hold{}
	for _, h := range l.Life().Holds {
		from, to := truth.At(h.From), truth.At(h.To)
		out = append(out, truth.Hold{By: l.actor.User, From: from, To: to, Seconds: truth.Seconds(from, to)})
	}
	return out
}

// attribute gives a ring, and the talk it led to, to the call it belongs to.
func (s *Stage) attribute(a *actor, c *phone.Call) {
	ring := ringOf(a, c)
	t := s.storyOf(c)
	if t == nil {
		s.run.Loose = append(s.run.Loose, ring)
		return
	}
	t.Rings = append(t.Rings, ring)
	if !c.Life().Up.IsZero() && !t.told[c] {
		t.talked(&line{c, a})
	}
}

// spoke records a part of the time a line was up in which it heard the other party; what nothing is told of it only heard
// the PBX.
func (t *story) spoke(l *line, from, to truth.Time) {
	t.own(l)
	t.told[l.Call] = true
	if from != 0 {
		t.Talks = append(t.Talks, truth.Talk{PBX: l.actor.letter, Who: l.actor.User, From: from, To: to, Seconds: truth.Seconds(from, to), EndedBy: phone.ByPBX})
	}
}

// heardOnlyThePBX says that a line was up and spoke with nobody.
func (t *story) heardOnlyThePBX(l *line) { t.spoke(l, 0, 0) }

// talked records the time a line was up.
func (t *story) talked(line *line) {
	l := line.Life()
	end := l.End
	if end.IsZero() {
		end = time.Now()
	}
	from, to := truth.At(l.Up), truth.At(end)
	t.Talks = append(t.Talks, truth.Talk{PBX: line.actor.letter, Who: line.actor.User, From: from, To: to, Seconds: truth.Seconds(from, to), EndedBy: l.EndedBy})
}

func (s *Stage) storyOf(c *phone.Call) *story {
	for _, t := range s.stories {
		if t.owned[c] {
			return t
		}
	}
	var found []*story
	for _, t := range s.stories {
		if len(s.stories) == 1 || t.Caller == c.From() {
			found = append(found, t)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

func ringOf(a *actor, c *phone.Call) truth.Ring {
	l := c.Life()
	end := l.Up
	if end.IsZero() {
		end = l.End
	}
	if end.IsZero() {
		end = time.Now()
	}
	at := truth.At(l.Start)
	return truth.Ring{PBX: a.letter, Who: a.User, Number: l.Number, At: at, Seconds: truth.Seconds(at, truth.At(end)), Result: ringResult(l), Reason: l.Reason}
}

func ringResult(l phone.Life) string {
	switch {
	case !l.Up.IsZero():
		return "answered"
	case l.Code == 487:
		return "cancelled"
	case l.Code == 486:
		return "busy"
	case l.Code == 603:
		return "declined"
	case l.Code == 302:
		return "redirected"
	case l.Code != 0:
		return "rejected"
	}
	return "none"
}

// sum orders the rows and counts them.
func (t *story) sum() {
	slices.SortFunc(t.Rings, func(a, b truth.Ring) int { return compare(a.At, b.At) })
	slices.SortFunc(t.Talks, func(a, b truth.Talk) int { return compare(a.From, b.From) })
	t.RingAttempts, t.AnsweredBy = len(t.Rings), []string{}
	for _, talk := range t.Talks {
		if !slices.Contains(t.AnsweredBy, talk.Who) {
			t.AnsweredBy = append(t.AnsweredBy, talk.Who)
		}
	}
}

func compare(a, b truth.Time) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
