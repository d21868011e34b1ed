package phone

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// request makes a request within the dialog, the next in order.
func (c *Call) request(method sip.RequestMethod, body string) *sip.Request {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	if method != sip.ACK {
		c.cseq++
	}
	req := sip.NewRequest(method, c.target)
	from := &sip.FromHeader{DisplayName: c.local.User, Address: c.local, Params: sip.NewParams()}
	from.Params.Add("tag", c.localTag)
	to := &sip.ToHeader{Address: c.remote, Params: sip.NewParams()}
	if c.farTag != "" {
		to.Params.Add("tag", c.farTag)
	}
	id, hops := sip.CallIDHeader(c.id), sip.MaxForwardsHeader(70)
	for _, h := range []sip.Header{from, to, &id, &sip.CSeqHeader{SeqNo: c.cseq, MethodName: method}, &hops, c.phone.contact()} {
		req.AppendHeader(h)
	}
	req.AppendHeader(sip.NewHeader("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, REFER"))
	req.AppendHeader(sip.NewHeader("Supported", "replaces"))
	req.SetTransport("UDP")
	req.Laddr = c.phone.address() // or the stack would open another socket
	req.SetBody([]byte(body))
	return req
}

// do sends a request within the dialog and wants success.
func (c *Call) do(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	res, err := c.phone.client.Do(ctx, req, sipgo.ClientRequestAddVia)
	if err != nil {
		return nil, fmt.Errorf("phone %s: %s: %w", c.phone.User, req.Method, err)
	}
	if !res.IsSuccess() {
		return nil, fmt.Errorf("phone %s: %s: %s", c.phone.User, req.Method, res.StartLine())
	}
	return res, nil
}

// Hangup ends the call in the way its state asks for: BYE, CANCEL or a refusal. A call that is over stays so.
func (c *Call) Hangup(ctx context.Context) error {
	c.phone.mu.Lock()
	state := c.state
	if c.life.EndedBy == "" && state != over {
		c.life.EndedBy = ByPhone
	}
	c.phone.mu.Unlock()
	switch {
	case state == over:
		return nil
	case state == up:
		c.finish(ByPhone, 0, "")
		return c.bye(ctx)
	case c.incoming:
		c.Reject(603, "Decline")
		return nil
	}
	return c.sendCancel(ctx)
}

func (c *Call) bye(ctx context.Context) error {
	_, err := c.do(ctx, c.request(sip.BYE, ""))
	return err
}

// Hold keeps the other end waiting.
func (c *Call) Hold(ctx context.Context) error {
	c.phone.mu.Lock()
	if !c.holding {
		c.holding = true
		c.life.Holds = append(c.life.Holds, Hold{From: time.Now()})
	}
	c.phone.mu.Unlock()
	return c.reInvite(ctx, "sendonly")
}

// Unhold takes the other end back.
func (c *Call) Unhold(ctx context.Context) error {
	if err := c.reInvite(ctx, "sendrecv"); err != nil {
		return err
	}
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	c.endHold(time.Now())
	return nil
}

func (c *Call) reInvite(ctx context.Context, direction string) error {
	req := c.request(sip.INVITE, "")
	c.offer(req, direction)
	res, err := c.do(ctx, req)
	if err != nil {
		return err
	}
	c.media.aim(res.Body())
	ack := c.request(sip.ACK, "")
	ack.CSeq().SeqNo = req.CSeq().SeqNo
	if err := c.phone.client.WriteRequest(ack, sipgo.ClientRequestAddVia); err != nil {
		return fmt.Errorf("phone %s: acknowledge: %w", c.phone.User, err)
	}
	return nil
}

// DTMF sends digits by INFO, a quarter of a second apart.
func (c *Call) DTMF(ctx context.Context, digits string) error {
	for _, d := range digits {
		req := c.request(sip.INFO, fmt.Sprintf("Signal=%c\r\nDuration=100\r\n", d))
		req.AppendHeader(sip.NewHeader("Content-Type", "application/dtmf-relay"))
		if _, err := c.do(ctx, req); err != nil {
			return err
		}
		select {
		case <-time.After(250 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Transfer asks the PBX to connect the other end with a number: a blind transfer.
func (c *Call) Transfer(ctx context.Context, target string) error {
	return c.refer(ctx, fmt.Sprintf("<sip:%s@%s>", target, c.pbxHost()))
}

// TransferTo asks the PBX to connect the other end with the one of a second call of this phone: an attended transfer.
func (c *Call) TransferTo(ctx context.Context, consult *Call) error {
	c.phone.mu.Lock()
	c.consult = consult
	target := consult.number
	c.phone.mu.Unlock()
	replaces := consult.dialog()
	return c.refer(ctx, fmt.Sprintf("<sip:%s@%s?Replaces=%s>", target, c.pbxHost(), url.QueryEscape(replaces)))
}

// dialog names the call to the PBX, by the tags as the PBX has them.
func (c *Call) dialog() string {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	return fmt.Sprintf("%s;to-tag=%s;from-tag=%s", c.id, c.farTag, c.localTag)
}

func (c *Call) pbxHost() string {
	host, _, _ := strings.Cut(c.phone.PBX, ":")
	return host
}

func (c *Call) refer(ctx context.Context, to string) error {
	req := c.request(sip.REFER, "")
	req.AppendHeader(sip.NewHeader("Refer-To", to))
	req.AppendHeader(sip.NewHeader("Referred-By", fmt.Sprintf("<sip:%s@%s>", c.phone.User, c.pbxHost())))
	_, err := c.do(ctx, req)
	return err
}

// onNotify hears how a transfer goes. When it is done a phone ends its own legs, as real ones do.
func (c *Call) onNotify(body string) {
	if !strings.Contains(body, "SIP/2.0 2") {
		return
	}
	c.phone.mu.Lock()
	legs := []*Call{c, c.consult}
	c.phone.mu.Unlock()
	time.AfterFunc(100*time.Millisecond, func() {
		ctx, cancel := background()
		defer cancel()
		var err error
		for _, leg := range legs {
			if leg != nil && leg.Up() {
				err = errors.Join(err, leg.Hangup(ctx))
			}
		}
		if err != nil {
			c.phone.log.Debug("hangup_after_transfer_failed", "user", c.phone.User, "error", err)
		}
	})
}
