package fakepbx

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// play plays the scenarios, once one after the other or for ever several at a time.
func (s *Server) play(ctx context.Context) error {
	if s.cfg.Storm {
		return s.storm(ctx)
	}
	if !s.cfg.AtOnce {
		select {
		case <-s.someone:
		case <-ctx.Done():
			return nil
		}
	}
	if !s.cfg.Loop {
		for _, sc := range s.cfg.Scenarios {
			if err := s.playOne(ctx, sc); err != nil {
				return err
			}
		}
		close(s.played)
		return nil
	}
	var turn atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range s.cfg.Parallel {
		g.Go(func() error {
			wait(ctx, time.Duration(i)*s.cfg.Gap/time.Duration(s.cfg.Parallel)) // not all at the same moment
			for ctx.Err() == nil {
				n := turn.Add(1) - 1
				if err := s.playOne(ctx, s.cfg.Scenarios[n%int64(len(s.cfg.Scenarios))]); err != nil {
					return err
				}
				if n == int64(len(s.cfg.Scenarios))-1 {
					close(s.played)
				}
				wait(ctx, s.cfg.Gap)
			}
			return nil
		})
	}
	return g.Wait()
}

// playOne plays a recording from its first event to its last.
func (s *Server) playOne(ctx context.Context, sc Scenario) error {
	rec, err := sc.load()
	if err != nil {
		return err
	}
	s.cfg.Log.Info("playing", slog.String("scenario", sc.Name))
	var f *freshener
	if s.cfg.Loop {
		f = newFreshener(rec, &s.fresh, time.Now())
	}
	began := time.Now()
	for i, st := range rec.steps {
		if s.cfg.Speed > 0 {
			wait(ctx, time.Until(began.Add(time.Duration(float64(st.at)/s.cfg.Speed))))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.step(rec, i, st, f)
	}
	return nil
}

func (s *Server) step(rec *recorded, i int, st step, f *freshener) {
	switch st.kind {
	case stepEvent:
		p := st.packet
		if f != nil {
			p = f.packet(p, time.Now())
		}
		s.broadcast(p)
	case stepDown:
		if f == nil { // one scenario of several that loop cannot take the PBX away from the others
			s.goDown()
		}
	case stepUp:
		if f == nil {
			s.comeUp(rec, i, nil)
		}
	case stepAnswer: // taken over when the PBX came up
	}
}

// wait returns after d or when the context ends.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
