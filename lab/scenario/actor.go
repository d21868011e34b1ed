package scenario

import (
	"time"

	"github.com/callweave/callweave/lab/phone"
	"github.com/callweave/callweave/lab/truth"
)

// actor is a phone with somebody who uses it.
type actor struct {
	*phone.Phone
	stage  *Stage
	letter string // its PBX, "-" for the outside
}

// line is one call of a phone, as its user handles it.
type line struct {
	*phone.Call
	actor *actor
}

// answersAfter makes the actor take calls after some ringing.
func (a *actor) answersAfter(d time.Duration) { a.Do(phone.AnswerAfter(d)) }

// rings makes the actor let it ring.
func (a *actor) rings() { a.Do(phone.Ring()) }

// dials calls a number.
func (a *actor) dials(number string) *line { return a.dial(phone.Dial{Number: number}) }

func (a *actor) dial(d phone.Dial) *line {
	ctx, cancel := a.stage.step()
	defer cancel()
	c, err := a.Call(ctx, d)
	a.stage.try(err)
	return &line{c, a}
}

// talks waits until the actor talks and returns that call.
func (a *actor) talks() *line {
	ctx, cancel := a.stage.step()
	defer cancel()
	c, err := a.Talking(ctx)
	a.stage.try(err)
	return &line{c, a}
}

// gets waits for the nth call the actor gets, the first being 0.
func (a *actor) gets(n int) *line {
	ctx, cancel := a.stage.step()
	defer cancel()
	c, err := a.Incoming(ctx, n)
	a.stage.try(err)
	return &line{c, a}
}

// had counts the calls the actor got.
func (a *actor) had() int {
	n := 0
	for _, c := range a.Calls() {
		if c.Life().Incoming {
			n++
		}
	}
	return n
}

func (l *line) answer() { l.actor.stage.try(l.Answer()) }

func (l *line) hangsUp() {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.Hangup(ctx))
}

// up waits until the line is answered and tells when that was.
func (l *line) up() truth.Time {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.WaitUp(ctx))
	return truth.At(l.Life().Up)
}

// ends waits until the line is over and tells when that was.
func (l *line) ends() truth.Time {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.WaitEnd(ctx))
	return truth.At(l.Life().End)
}

func (l *line) began() truth.Time { return truth.At(l.Life().Start) }

func (l *line) presses(digits string) {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.DTMF(ctx, digits))
}

// holds keeps the other end waiting for a while.
func (l *line) holds(d time.Duration) {
	l.hold()
	l.actor.stage.pass(d)
	l.unhold()
}

func (l *line) unhold() {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.Unhold(ctx))
}

func (l *line) hold() {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.Hold(ctx))
}

// transfers hands the other end on to a number.
func (l *line) transfers(target string) {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.Transfer(ctx, target))
}

// transfersTo hands the other end on to that of a consultation.
func (l *line) transfersTo(consultation *line) {
	ctx, cancel := l.actor.stage.step()
	defer cancel()
	l.actor.stage.try(l.TransferTo(ctx, consultation.Call))
}
