package main

import (
	"context"
	"fmt"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/phone"
)

// People do what occurs to them. What comes of it - a busy line, a transfer to nobody - is all traffic, so that errors of
// their phones are nobody's concern.

// operator is a phone of the office and who uses it.
type operator struct {
	*phone.Phone
	office *office
	pbx    *pbx.PBX
	letter string
	rand   *chance
}

// decide is what the operator does with a call that rings.
func (w *operator) decide(*phone.Call) phone.Rule {
	switch n := w.rand.below(20); {
	case n < 15:
		return phone.AnswerAfter(w.rand.between(300*time.Millisecond, 3*time.Second))
	case n < 17:
		return phone.Ring()
	case n < 18:
		return phone.Busy()
	case n < 19:
		return phone.DeclineAfter(time.Second)
	}
	return phone.Redirect(w.colleague())
}

// colleague is the number of somebody else at the same PBX.
func (w *operator) colleague() string {
	for {
		if number := fmt.Sprint(101 + w.rand.below(operatorsPerPBX)); number != w.User {
			return number
		}
	}
}

// answer takes what comes until ctx ends.
func (w *operator) answer(ctx context.Context) {
	for n := 0; ; n++ {
		c, err := w.Incoming(ctx, n)
		if err != nil {
			return
		}
		w.office.wg.Go(func() {
			if up(ctx, c) {
				w.serve(ctx, c)
			}
		})
	}
}

// up waits until a call is answered, for as long as anybody lets it ring.
func up(ctx context.Context, c *phone.Call) bool {
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	return c.WaitUp(ctx) == nil
}

// serve is what an operator does with whoever called.
func (w *operator) serve(ctx context.Context, c *phone.Call) {
	_ = pause(ctx, w.rand.between(500*time.Millisecond, 4*time.Second))
	switch n := w.rand.below(20); {
	case n < 3:
		w.hold(ctx, c)
	case n < 6:
		w.handOn(ctx, c)
	case n < 9:
		w.consult(ctx, c)
	case n < 10:
		w.park(ctx, c)
	case n < 11:
		_ = c.DTMF(ctx, "#1"+w.colleague()) // a blind transfer by the PBX's feature code
		_ = pause(ctx, 4*time.Second)
	case n < 12:
		_ = pause(ctx, w.rand.between(15*time.Second, 40*time.Second))
	}
	_ = pause(ctx, w.rand.between(500*time.Millisecond, 6*time.Second))
	hangUp(ctx, c)
}

func (w *operator) hold(ctx context.Context, c *phone.Call) {
	for range 1 + w.rand.below(2) {
		if c.Hold(ctx) != nil {
			return
		}
		_ = pause(ctx, w.rand.between(500*time.Millisecond, 4*time.Second))
		_ = c.Unhold(ctx)
		_ = pause(ctx, time.Second)
	}
}

// elsewhere is where calls are handed on to.
func (w *operator) elsewhere() string {
	switch n := w.rand.below(10); {
	case n < 5:
		return w.colleague()
	case n < 7:
		return pick(w.rand, []string{"600", "602", "605"})
	case n < 8:
		return "79260" + fmt.Sprintf("%06d", w.rand.below(1_000_000))
	case n < 9 && len(w.office.pbxs) > 1:
		return "99" + w.colleague()
	}
	return pick(w.rand, []string{"300", "302", "5" + w.colleague(), "109"})
}

func (w *operator) handOn(ctx context.Context, c *phone.Call) {
	if c.Transfer(ctx, w.elsewhere()) == nil {
		_ = pause(ctx, 5*time.Second) // the phone hangs up by itself when it is done
	}
}

// consult calls somebody while the caller is on hold, and hands the caller over or takes the caller back.
func (w *operator) consult(ctx context.Context, c *phone.Call) {
	if c.Hold(ctx) != nil {
		return
	}
	other, err := w.office.call(ctx, w.Phone, phone.Dial{Number: w.elsewhere()})
	if err == nil {
		if answersWithin(ctx, other, 8*time.Second) {
			_ = pause(ctx, w.rand.between(300*time.Millisecond, 4*time.Second))
			if !w.rand.in(4) && c.TransferTo(ctx, other) == nil {
				_ = pause(ctx, 2*time.Second)
			}
		}
		hangUp(ctx, other)
	}
	_ = c.Unhold(ctx)
}

func (w *operator) park(ctx context.Context, c *phone.Call) {
	if c.Transfer(ctx, "700") != nil {
		return
	}
	_ = pause(ctx, w.rand.between(time.Second, 8*time.Second))
	if w.rand.in(5) {
		return // nobody takes it: it comes back
	}
	w.talkTo(ctx, pick(w.rand, []string{"701", "701", "702"}))
}

// talkTo calls a number, talks and hangs up unless the other side does.
func (w *operator) talkTo(ctx context.Context, number string) {
	c, err := w.office.call(ctx, w.Phone, phone.Dial{Number: number})
	if err != nil {
		return
	}
	if answersWithin(ctx, c, w.rand.between(3*time.Second, 15*time.Second)) {
		_ = pause(ctx, w.rand.between(time.Second, 12*time.Second))
	}
	hangUp(ctx, c)
}

func answersWithin(ctx context.Context, c *phone.Call, d time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return c.WaitUp(ctx) == nil
}

// hangUp ends a call that is not over.
func hangUp(ctx context.Context, c *phone.Call) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_ = c.Hangup(ctx)
}

// outside is everybody who is no operator.
type outside struct {
	*phone.Phone
	office *office
	rand   *chance
}

func (w *outside) decide(*phone.Call) phone.Rule {
	switch n := w.rand.below(10); {
	case n < 6:
		return phone.AnswerAfter(w.rand.between(200*time.Millisecond, 3*time.Second))
	case n < 7:
		return phone.Busy()
	case n < 8:
		return phone.Refuse(404, "Not Found")
	case n < 9:
		return phone.Refuse(503, "Service Unavailable")
	}
	return phone.Ring()
}

func (w *outside) answer(ctx context.Context) {
	for n := 0; ; n++ {
		c, err := w.Incoming(ctx, n)
		if err != nil {
			return
		}
		w.office.wg.Go(func() {
			if up(ctx, c) {
				_ = pause(ctx, w.rand.between(time.Second, 12*time.Second))
				hangUp(ctx, c)
			}
		})
	}
}

// visit calls a number of a PBX from outside, presses digits if there is somebody to press them to, and gives up after
// a while.
func (w *outside) visit(ctx context.Context, p *pbx.PBX, caller, number, digits string, patience time.Duration) {
	c, err := w.office.call(ctx, w.Phone, phone.Dial{Number: number, From: caller, PBX: p.SIP()})
	if err != nil {
		return
	}
	if digits != "" && answersWithin(ctx, c, 5*time.Second) {
		_ = pause(ctx, time.Second)
		_ = c.DTMF(ctx, digits)
	}
	ending, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = c.WaitEnd(ending)
	hangUp(ctx, c)
}
