package phone

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Dial is a call to make.
type Dial struct {
	Number string
	From   string // another number to show as the caller's, as a carrier does
	PBX    string // another PBX than the phone's own

	Replaces *Call // a call that rings at another phone, which this one takes over
}

// Call sends an INVITE and returns at once; the call goes on by itself.
func (p *Phone) Call(ctx context.Context, d Dial) (*Call, error) {
	c := &Call{phone: p, number: d.Number, from: d.From, acked: make(chan struct{}), localTag: sip.GenerateTagN(12), id: sip.GenerateTagN(20) + "@" + p.IP}
	host, pbx := p.IP, d.PBX
	if pbx == "" {
		pbx = p.PBX
	}
	if c.from == "" {
		c.from, host = p.User, pbx
	}
	var err error
	if c.media, err = openMedia(p.Config); err != nil {
		return nil, fmt.Errorf("phone %s: call %s: %w", p.User, d.Number, err)
	}
	c.local, c.remote = p.uri(c.from, host), p.uri(d.Number, pbx)
	c.target = c.remote
	c.life.Start = time.Now()
	c.invite = c.request(sip.INVITE, "")
	c.offer(c.invite, "sendrecv")
	if d.Replaces != nil {
		c.invite.AppendHeader(sip.NewHeader("Replaces", d.Replaces.dialog()+";early-only"))
	}
	c.invite.SetDestination(pbx)
	if _, err := p.add(c); err != nil {
		c.media.close()
		return nil, fmt.Errorf("phone %s: call %s: %w", p.User, d.Number, err)
	}
	tx, err := p.client.TransactionRequest(ctx, c.invite, sipgo.ClientRequestAddVia)
	if err != nil {
		c.finish(ByPhone, 0, err.Error())
		return nil, fmt.Errorf("phone %s: call %s: %w", p.User, d.Number, err)
	}
	go c.followInvite(tx)
	return c, nil
}

// followInvite reads the answers to the first INVITE until the final one.
func (c *Call) followInvite(tx sip.ClientTransaction) {
	challenged := false
	for {
		select {
		case res := <-tx.Responses():
			if unauthorized(res) && !challenged && c.phone.Password != "" {
				challenged = true
				next, err := c.authenticate(res)
				if err != nil {
					c.finish(ByPhone, res.StatusCode, err.Error())
					return
				}
				tx.Terminate()
				tx = next
				continue
			}
			if c.inviteAnswer(tx, res) {
				return
			}
		case <-tx.Done():
			c.finish(ByPBX, 408, "no answer to INVITE")
			return
		}
	}
}

func unauthorized(res *sip.Response) bool {
	return res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired
}

// authenticate sends the INVITE again with what the PBX asked for.
func (c *Call) authenticate(res *sip.Response) (sip.ClientTransaction, error) {
	c.phone.mu.Lock()
	c.cseq++ // the client raises the number in the request
	c.invite = c.invite.Clone()
	invite := c.invite
	c.phone.mu.Unlock()
	return c.phone.client.TransactionDigestAuth(context.Background(), invite, res, c.phone.secret())
}

// inviteAnswer handles one answer and tells whether it was the last.
func (c *Call) inviteAnswer(tx sip.ClientTransaction, res *sip.Response) bool {
	switch {
	case res.StatusCode == sip.StatusTrying:
		c.phone.mu.Lock()
		c.phone.tell()
		c.phone.mu.Unlock()
	case res.IsProvisional():
		c.learn(res)
		c.rang()
	case res.IsSuccess():
		c.learn(res)
		c.media.aim(res.Body())
		c.acknowledge()
		tx.OnRetransmission(func(*sip.Response) { c.acknowledge() })
		c.answered()
		return true
	default:
		c.finish(ByPBX, res.StatusCode, headerValue(res, "Reason"))
		return true
	}
	return false
}

// answered starts the talk, or ends it when it was cancelled too late.
func (c *Call) answered() {
	c.phone.mu.Lock()
	late := c.cancel
	if !late {
		c.set(up)
	}
	c.phone.mu.Unlock()
	if late {
		_ = c.bye(context.Background())
		c.finish(ByPhone, sip.StatusRequestTerminated, "")
		return
	}
	c.media.start()
}

// learn takes the other end's tag and Contact from an answer.
func (c *Call) learn(res *sip.Response) {
	c.phone.mu.Lock()
	defer c.phone.mu.Unlock()
	if to := res.To(); to != nil {
		if tag, ok := to.Params.Get("tag"); ok {
			c.farTag = tag
		}
	}
	if contact := res.Contact(); contact != nil {
		c.target = *contact.Address.Clone()
	}
}

// acknowledge sends the ACK of a 2xx to our INVITE.
func (c *Call) acknowledge() {
	ack := c.request(sip.ACK, "")
	ack.CSeq().SeqNo = c.invite.CSeq().SeqNo
	if err := c.phone.client.WriteRequest(ack, sipgo.ClientRequestAddVia); err != nil {
		c.phone.log.Warn("ack_failed", "user", c.phone.User, "error", err)
	}
}

// sendCancel takes an INVITE back that nobody answered yet. RFC 3261 9.1: not before a provisional answer came.
func (c *Call) sendCancel(ctx context.Context) error {
	if err := c.WaitRinging(ctx); err != nil {
		return err
	}
	c.phone.mu.Lock()
	if c.state >= up {
		c.phone.mu.Unlock()
		return nil
	}
	c.cancel = true
	if c.life.EndedBy == "" {
		c.life.EndedBy = ByPhone
	}
	c.phone.mu.Unlock()
	req := sip.NewRequest(sip.CANCEL, c.invite.Recipient)
	req.AppendHeader(sip.HeaderClone(c.invite.Via()))
	req.AppendHeader(sip.HeaderClone(c.invite.From()))
	req.AppendHeader(sip.HeaderClone(c.invite.To()))
	req.AppendHeader(sip.HeaderClone(c.invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: c.invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	req.SetBody(nil)
	req.SetTransport("UDP")
	req.SetDestination(c.invite.Destination())
	req.Laddr = c.invite.Laddr
	res, err := c.phone.client.Do(ctx, req, func(*sipgo.Client, *sip.Request) error { return nil })
	if err != nil && !errors.Is(err, sip.ErrTransactionTerminated) {
		return err
	}
	if res != nil && res.StatusCode >= 300 && res.StatusCode != sip.StatusCallTransactionDoesNotExists {
		return fmt.Errorf("cancel: %s", res.StartLine())
	}
	return c.WaitEnd(ctx)
}
