package uplink

import (
	"context"
	"fmt"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// tell sends reports, pings and, when it is time, the request for the next certificate.
func (s *session) tell(ctx context.Context) error {
	reports := time.NewTicker(s.u.cfg.Report)
	defer reports.Stop()
	pings := time.NewTicker(s.u.cfg.Ping)
	defer pings.Stop()
	renewals := time.NewTicker(time.Hour)
	defer renewals.Stop()
	if err := s.renew(ctx); err != nil {
		return err
	}
	if err := s.report(); err != nil {
		return err
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-reports.C:
			err = s.report()
		case <-s.u.deps.Changed: // nil blocks for ever
			err = s.report()
		case <-pings.C:
			err = s.ping()
		case <-renewals.C:
			err = s.renew(ctx)
		}
		if err != nil {
			return err
		}
	}
}

func (s *session) report() error {
	if s.u.deps.Report == nil {
		return nil
	}
	if err := s.link.send(s.u.deps.Report()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func (s *session) ping() error {
	now := s.u.deps.Now().UnixNano()
	s.u.stats.pinged.Store(now)
	if err := s.link.send(wire.Ping{Nonce: uint64(now), Sent: now}); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}

// pong measures the way there and back and what the cloud's clock shows half-way.
func (c *counters) pong(m wire.Pong, now time.Time) {
	sent := c.pinged.Load()
	if m.Nonce != uint64(sent) {
		return
	}
	c.rtt.Store(now.UnixNano() - sent)
	c.offset.Store(m.Sent - (sent+now.UnixNano())/2)
}

func (s *session) renew(ctx context.Context) error {
	request, err := s.u.deps.Identity.RenewalRequest()
	if err != nil {
		s.u.deps.Log.ErrorContext(ctx, "certificate renewal cannot be prepared", "error", err)
		return nil
	}
	if request == nil {
		return nil
	}
	if err := s.link.send(wire.Renew{Request: request}); err != nil {
		return fmt.Errorf("ask for a certificate: %w", err)
	}
	return nil
}
