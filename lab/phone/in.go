package phone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// handle says what the phone does with each kind of request.
func (p *Phone) handle(s *sipgo.Server) {
	s.OnInvite(p.onInvite)
	s.OnAck(func(req *sip.Request, _ sip.ServerTransaction) {
		if c := p.byDialog(req); c != nil {
			c.onAck()
		}
	})
	s.OnBye(p.inDialog(func(c *Call, req *sip.Request) {
		c.finish(ByPBX, 0, headerValue(req, "Reason"))
	}))
	s.OnNotify(p.inDialog(func(c *Call, req *sip.Request) { c.onNotify(string(req.Body())) }))
	s.OnRefer(func(req *sip.Request, tx sip.ServerTransaction) { p.reply(tx, req, 603, "Decline") })
	for _, m := range []sip.RequestMethod{sip.OPTIONS, sip.INFO, sip.UPDATE, sip.MESSAGE, sip.SUBSCRIBE} {
		s.OnRequest(m, func(req *sip.Request, tx sip.ServerTransaction) { p.reply(tx, req, 200, "OK") })
	}
	s.OnCancel(func(req *sip.Request, tx sip.ServerTransaction) { // one for an INVITE that is open is handled there
		p.reply(tx, req, 481, "Call/Transaction Does Not Exist")
	})
}

// inDialog answers 200 after doing something with the call a request belongs to.
func (p *Phone) inDialog(do func(*Call, *sip.Request)) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		c := p.byDialog(req)
		if c == nil && req.Method == sip.BYE {
			p.reply(tx, req, 481, "Call/Transaction Does Not Exist")
			return
		}
		if c != nil {
			do(c, req)
		}
		p.reply(tx, req, 200, "OK")
	}
}

func (p *Phone) reply(tx sip.ServerTransaction, req *sip.Request, code int, reason string) {
	if err := tx.Respond(sip.NewResponseFromRequest(req, code, reason, nil)); err != nil {
		p.log.Debug("reply_failed", "user", p.User, "code", code, "error", err)
	}
}

// onInvite takes a new call, or a change within one. It returns when the final answer has been sent.
func (p *Phone) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if c := p.byDialog(req); c != nil {
		c.onReInvite(req, tx)
		return
	}
	c, rule, err := p.take(req)
	if err != nil {
		p.log.Warn("call_not_taken", "user", p.User, "error", err)
		p.reply(tx, req, 488, "Not Acceptable Here")
		return
	}
	tx.OnCancel(func(cancel *sip.Request) { c.finish(ByPBX, sip.StatusRequestTerminated, headerValue(cancel, "Reason")) })
	if rule.do != redirect && (rule.do != reject || rule.after > 0) {
		if err := tx.Respond(c.response(180, "Ringing")); err != nil {
			return
		}
		c.rang()
	}
	c.obey(rule)
	c.finalAnswer(tx)
}

// take makes a call of an INVITE.
func (p *Phone) take(req *sip.Request) (*Call, Rule, error) {
	if req.From() == nil || req.To() == nil || req.CallID() == nil || req.Contact() == nil {
		return nil, Rule{}, fmt.Errorf("incomplete INVITE %s", req.Short())
	}
	m, err := openMedia(p.Config)
	if err != nil {
		return nil, Rule{}, err
	}
	m.aim(req.Body())
	c := &Call{
		phone: p, incoming: true, id: req.CallID().Value(), invite: req, media: m,
		from: userOf(req.From().Address), number: userOf(req.Recipient), localTag: sip.GenerateTagN(12),
		local: *req.To().Address.Clone(), remote: *req.From().Address.Clone(), target: *req.Contact().Address.Clone(),
		finals: make(chan *sip.Response, 1), acked: make(chan struct{}),
	}
	c.farTag, _ = req.From().Params.Get("tag")
	c.life.Start = time.Now()
	req.To().Params.Add("tag", c.localTag) // all our answers carry it, those the stack makes too
	rule, err := p.add(c)
	if err != nil {
		m.close()
		return nil, Rule{}, err
	}
	return c, rule(c), nil
}

// add makes a call one of the phone's and returns what decides about it.
func (p *Phone) add(c *Call) (func(*Call) Rule, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errors.New("the phone is closed")
	}
	p.calls = append(p.calls, c)
	p.tell()
	return p.rule, nil
}

// obey does what the rule says, now or later.
func (c *Call) obey(r Rule) {
	act := func() {
		switch r.do {
		case ring: // until somebody does something
		case answer:
			_ = c.Answer()
		case reject:
			c.Reject(r.code, r.reason)
		case redirect:
			c.redirect(r)
		}
	}
	if r.after > 0 {
		time.AfterFunc(r.after, act)
		return
	}
	act()
}

// finalAnswer waits for what is to be answered and sends it; an answer of success is repeated until it is acknowledged.
func (c *Call) finalAnswer(tx sip.ServerTransaction) {
	var res *sip.Response
	select {
	case res = <-c.finals:
	case <-tx.Done():
		c.finish(ByPBX, sip.StatusRequestTerminated, "")
		return
	}
	for wait := sip.T1; ; wait = min(2*wait, sip.T2) {
		if err := tx.Respond(res); err != nil || !res.IsSuccess() {
			return
		}
		select {
		case <-c.acked:
			return
		case <-tx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Answer takes an incoming call.
func (c *Call) Answer() error {
	if !c.open() {
		return fmt.Errorf("phone %s: the call from %s is not ringing", c.phone.User, c.from)
	}
	res := c.response(200, "OK")
	c.describe(res, "sendrecv")
	select {
	case c.finals <- res:
		return nil
	default:
		return fmt.Errorf("phone %s: the call from %s was answered or refused before", c.phone.User, c.from)
	}
}

// Reject refuses an incoming call.
func (c *Call) Reject(code int, reason string) {
	c.refuse(c.response(code, reason))
}

func (c *Call) redirect(r Rule) {
	res := c.response(r.code, r.reason)
	res.RemoveHeader("Contact")
	to := c.phone.uri(r.to, c.phone.PBX)
	res.AppendHeader(&sip.ContactHeader{Address: to})
	res.AppendHeader(sip.NewHeader("Diversion", fmt.Sprintf("<sip:%s@%s>;reason=unconditional", c.phone.User, to.Host)))
	c.refuse(res)
}

func (c *Call) refuse(res *sip.Response) {
	if !c.open() {
		return
	}
	select {
	case c.finals <- res:
		c.finish(ByPhone, res.StatusCode, "")
	default:
	}
}

// open tells whether a call can still be answered or refused.
func (c *Call) open() bool {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return c.state <= ringing
}

// onAck is the moment an incoming call is up for both ends.
func (c *Call) onAck() {
	c.phone.mu.Lock()
	first := c.incoming && c.set(up)
	c.phone.mu.Unlock()
	if first {
		close(c.acked)
		c.media.start()
	}
}

// onReInvite accepts whatever the PBX wants to change.
func (c *Call) onReInvite(req *sip.Request, tx sip.ServerTransaction) {
	c.media.aim(req.Body())
	if contact := req.Contact(); contact != nil {
		c.phone.mu.Lock()
		c.target = *contact.Address.Clone()
		c.phone.mu.Unlock()
	}
	res := sip.NewResponseFromRequest(req, 200, "OK", nil)
	res.AppendHeader(c.phone.contact())
	c.describe(res, "sendrecv")
	if err := tx.Respond(res); err != nil {
		c.phone.log.Debug("reply_failed", "user", c.phone.User, "error", err)
	}
}

// response answers the INVITE of an incoming call.
func (c *Call) response(code int, reason string) *sip.Response {
	res := sip.NewResponseFromRequest(c.invite, code, reason, nil)
	res.AppendHeader(c.phone.contact())
	return res
}

// background gives requests a phone makes on its own a limit.
func background() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 10*time.Second)
}

func headerValue(m interface{ GetHeader(string) sip.Header }, name string) string {
	if h := m.GetHeader(name); h != nil {
		return h.Value()
	}
	return ""
}
