package eventlog

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
)

// WatchCommitted calls fn for every [Log.Committed] of any agent until stop is called. A gateway with a thousand agents
// needs one subscription, not a thousand.
func (l *Log) WatchCommitted(fn func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error) {
	return l.watchSignals("committed", fn)
}

// WatchResend calls fn for every [Log.Resend] of any agent until stop is called.
func (l *Log) WatchResend(fn func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error) {
	return l.watchSignals("resend", fn)
}

func (l *Log) watchSignals(kind string, fn func(agent uuid.UUID, stream, seq uint64)) (stop func(), err error) {
	prefix := "callweave.signal." + kind + "."
	s, err := l.nc.Subscribe(prefix+"*", func(m *nats.Msg) {
		agent, err := uuid.Parse(strings.TrimPrefix(m.Subject, prefix))
		if err == nil {
			onPosition(func(stream, seq uint64) { fn(agent, stream, seq) })(m.Data)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", kind, err)
	}
	return func() { _ = s.Unsubscribe() }, nil
}
