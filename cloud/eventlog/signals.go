package eventlog

import (
	"encoding/binary"
	"fmt"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"github.com/callweave/callweave/tenants"
)

// Signals are best effort: whoever waits for one also looks into the database now and then.

// idsPerSignal keeps a signal small.
const idsPerSignal = 2000

// Committed tells the gateway that holds the agent that its stream is in the database up to seq.
func (l *Log) Committed(agent uuid.UUID, stream, seq uint64) error {
	return l.signal("committed", agent, position(stream, seq))
}

// SubscribeCommitted calls fn for every [Log.Committed] of the agent until stop is called.
func (l *Log) SubscribeCommitted(agent uuid.UUID, fn func(stream, seq uint64)) (stop func(), err error) {
	return l.subscribe("committed", agent, onPosition(fn))
}

// Resend asks the gateway that holds the agent to have its stream sent again from seq on, because something before it
// never arrived.
func (l *Log) Resend(agent uuid.UUID, stream, seq uint64) error {
	return l.signal("resend", agent, position(stream, seq))
}

// SubscribeResend calls fn for every [Log.Resend] of the agent until stop is called.
func (l *Log) SubscribeResend(agent uuid.UUID, fn func(stream, seq uint64)) (stop func(), err error) {
	return l.subscribe("resend", agent, onPosition(fn))
}

// Changed tells live screens which calls of a tenant are new or different in the database.
func (l *Log) Changed(tenant tenants.ID, calls []uuid.UUID) error {
	for len(calls) > 0 {
		n := min(len(calls), idsPerSignal)
		body := make([]byte, 0, 16*n)
		for _, id := range calls[:n] {
			body = append(body, id[:]...)
		}
		if err := l.signal("changed", tenant.UUID(), body); err != nil {
			return err
		}
		calls = calls[n:]
	}
	return nil
}

// SubscribeChanged calls fn for every [Log.Changed] of the tenant until stop is called. fn must not block.
func (l *Log) SubscribeChanged(tenant tenants.ID, fn func(calls []uuid.UUID)) (stop func(), err error) {
	return l.subscribe("changed", tenant.UUID(), func(body []byte) {
		calls := make([]uuid.UUID, 0, len(body)/16)
		for ; len(body) >= 16; body = body[16:] {
			calls = append(calls, uuid.UUID(body[:16]))
		}
		fn(calls)
	})
}

func (l *Log) signal(kind string, about uuid.UUID, body []byte) error {
	if err := l.nc.Publish("callweave.signal."+kind+"."+about.String(), body); err != nil {
		return fmt.Errorf("signal %s: %w", kind, err)
	}
	return nil
}

func (l *Log) subscribe(kind string, about uuid.UUID, fn func([]byte)) (stop func(), err error) {
	s, err := l.nc.Subscribe("callweave.signal."+kind+"."+about.String(), func(m *nats.Msg) { fn(m.Data) })
	if err != nil {
		return nil, fmt.Errorf("subscribe to %s: %w", kind, err)
	}
	return func() { _ = s.Unsubscribe() }, nil
}

func position(stream, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, stream), seq)
}

func onPosition(fn func(stream, seq uint64)) func([]byte) {
	return func(body []byte) {
		if len(body) == 16 {
			fn(binary.BigEndian.Uint64(body), binary.BigEndian.Uint64(body[8:]))
		}
	}
}
