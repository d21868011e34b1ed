package retell

import (
	"strings"

	"github.com/callweave/callweave/cloud/logs"
)

// near is how far apart two things may be that are one to a PBX.
const near = 400_000 // µs

// unanswered is how the dialling of a channel ended that did not answer. queue_log says so of members; else it was
// cancelled where at the same moment somebody else answered or the caller was gone, and was not answered where nothing
// else happened.
func (t *Teller) unanswered(c *channel, cause string, at int64) string {
	switch cause {
	case "17":
		return "BUSY"
	case "21":
		return "BUSY"
	case "19":
		return "NOANSWER"
	case "1", "3", "20", "27", "34", "38", "42", "44":
		return "CHANUNAVAIL"
	case "26":
		return "CANCEL"
	}
	p := c.parent
	switch {
	case p == nil:
		return "CANCEL"
	case c.taken:
		return "CANCEL"
	}
	if status := t.queueSays(c, p, at); status != "" {
		return status
	}
	if p.ended == 0 {
		t.endsWith(p, at+near)
	}
	if p.ended != 0 || p.over.at != 0 {
		return p.over.status(p)
	}
	for _, o := range t.stories[c.linkedid] {
		if o != c && o.called && o.parent == p && o.answered && at-o.up <= near {
			return "CANCEL"
		}
	}
	if t.answersSoon(c, at) {
		return "CANCEL"
	}
	return "NOANSWER"
}

// queueSays is what queue_log says of a ring that ended about now.
func (t *Teller) queueSays(c, p *channel, at int64) string {
	for _, r := range t.later(p.id) {
		if r.Key > at+2*second {
			break
		}
		if r.Queue == nil || r.Part != momentRow || !t.isMember(c, r.Queue, at) {
			continue
		}
		switch r.Queue.Event {
		case "RINGNOANSWER":
			return "NOANSWER"
		case "RINGCANCELED":
			return "CANCEL"
		}
	}
	return ""
}

// over is how a channel ended: who asked for it, and what came of its last Dial.
type over struct {
	at           int64
	source, dial string
}

// endsWith looks ahead for the end of a channel until a moment.
func (t *Teller) endsWith(c *channel, until int64) {
	for _, r := range t.later(c.id) {
		if r.At > until {
			return
		}
		if r.Event != nil && r.Event.Type == "HANGUP" {
			x := extraOf(r.Event)
			c.over = over{at: r.At, source: x.Source, dial: x.Dialstatus}
			return
		}
	}
}

// status is what the end of whoever dialled says of those that rang then.
func (o *over) status(c *channel) string {
	switch {
	case o.source == c.name && o.source != "":
		return "CANCEL"
	case o.dial == "NOANSWER", o.dial == "BUSY", o.dial == "CANCEL":
		return o.dial
	case strings.HasPrefix(o.source, "dialplan/"):
		return "NOANSWER"
	}
	return "CANCEL"
}

// answersSoon tells whether another channel that was rung for the same is answered in the same moment.
func (t *Teller) answersSoon(c *channel, at int64) bool {
	for _, o := range t.stories[c.linkedid] {
		if o == c || !o.called || o.answered || o.ended != 0 {
			continue
		}
		for _, r := range t.later(o.id) {
			if r.At > at+near {
				break
			}
			if r.Event != nil && r.Event.Type == "ANSWER" {
				return true
			}
		}
	}
	return false
}

// isMember tells whether a row of queue_log about a member in vain is about a channel: by its device, and by how long it
// rang.
func (t *Teller) isMember(c *channel, q *logs.QueueEntry, at int64) bool {
	if device := t.device(q.Agent); device != "" {
		return device == c.endpoint() || device == localName(c)
	}
	ms, ok := number(q.Arg(0))
	rang := (at - c.born) / 1000
	return ok && rang-ms < near/1000 && ms-rang < near/1000
}

// localName is the name by which a queue knows the Local channel: without number and half.
func localName(c *channel) string {
	if !c.local() {
		return ""
	}
	return c.endpoint()
}
