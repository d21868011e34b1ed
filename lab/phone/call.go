package phone

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
)

type state int

const (
	fresh state = iota
	ringing
	up
	over
)

// Who ended a call, as the phone saw it.
const (
	ByPhone = "this phone"
	ByPBX   = "the PBX"
)

// Call is one SIP dialog of the phone, from INVITE to BYE. Its fields below phone are guarded by phone.mu.
type Call struct {
	phone    *Phone
	incoming bool
	id       string // Call-ID
	from     string
	number   string
	invite   *sip.Request

	state    state
	life     Life
	local    sip.Uri // this end as it appears in From of our requests
	remote   sip.Uri // the other end, likewise in To
	localTag string
	farTag   string
	target   sip.Uri // where requests in the dialog go: the other end's Contact
	cseq     uint32
	sdpRev   int
	holding  bool
	cancel   bool
	consult  *Call

	finals chan *sip.Response // the final answer an incoming call is to be given
	acked  chan struct{}      // closed when the other end acknowledged our answer
	media  *media
}

// Life is what the phone lived in one call.
type Life struct {
	Incoming bool
	From     string // number shown as the caller's
	Number   string // number called
	Start    time.Time
	Ringing  time.Time // zero when it never rang
	Up       time.Time // zero when it was never answered
	End      time.Time
	Code     int    // SIP status that refused it, 487 when it was cancelled
	EndedBy  string // ByPhone or ByPBX
	Reason   string // Reason header of what ended it
	Holds    []Hold
}

// Hold is a time this phone kept the other end waiting.
type Hold struct{ From, To time.Time }

// Life tells what happened so far.
func (c *Call) Life() Life {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	l := c.life
	l.Incoming, l.From, l.Number = c.incoming, c.from, c.number
	l.Holds = slices.Clone(l.Holds)
	return l
}

// Number is the number that was called.
func (c *Call) Number() string { return c.number }

// From is the number of who called.
func (c *Call) From() string { return c.from }

// Header is what the INVITE of the call said under a name, "" where it said nothing.
func (c *Call) Header(name string) string { return headerValue(c.invite, name) }

// set moves a call forward; it never goes back. It reports whether it moved. phone.mu is held.
func (c *Call) set(s state) bool {
	if s <= c.state {
		return false
	}
	c.state = s
	now := time.Now()
	switch s {
	case fresh: // where every call begins
	case ringing:
		c.life.Ringing = now
	case up:
		c.life.Up = now
	case over:
		c.life.End = now
		c.endHold(now)
	}
	c.phone.tell()
	return true
}

func (c *Call) endHold(now time.Time) {
	if n := len(c.life.Holds); c.holding && n > 0 {
		c.life.Holds[n-1].To = now
	}
	c.holding = false
}

// rang is set to ringing for callers that do not hold phone.mu.
func (c *Call) rang() {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	c.set(ringing)
}

// finish ends a call for a reason; the first reason stays.
func (c *Call) finish(by string, code int, reason string) {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	if c.life.EndedBy == "" {
		c.life.EndedBy = by
	}
	if c.life.Code == 0 {
		c.life.Code = code
	}
	if c.life.Reason == "" {
		c.life.Reason = reason
	}
	if c.set(over) {
		c.media.close()
	}
}

// Lost ends a call whose other end is gone without a word, as when a PBX dies. Nothing is sent.
func (c *Call) Lost() { c.finish(ByPBX, 0, "") }

// WaitRinging returns when the other end rings, or later.
func (c *Call) WaitRinging(ctx context.Context) error { return c.await(ctx, ringing, "ring") }

// WaitUp returns when the call is answered; it is an error when it ends instead.
func (c *Call) WaitUp(ctx context.Context) error { return c.await(ctx, up, "be answered") }

// WaitEnd returns when the call is over.
func (c *Call) WaitEnd(ctx context.Context) error { return c.await(ctx, over, "end") }

func (c *Call) await(ctx context.Context, s state, what string) error {
	var got state
	err := c.phone.wait(ctx, func() bool { got = c.state; return got >= s })
	switch {
	case err != nil:
		return fmt.Errorf("phone %s: wait for the call to %s to %s: %w", c.phone.User, c.number, what, err)
	case s == up && got == over && c.Life().Up.IsZero():
		return fmt.Errorf("phone %s: the call to %s was refused with %d", c.phone.User, c.number, c.Life().Code)
	}
	return nil
}

// Up tells whether the call is being talked on now.
func (c *Call) Up() bool {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return c.state == up
}
