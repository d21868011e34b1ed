package main

import (
	"context"
	"sync"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/edge/capture"
	"github.com/callweave/callweave/edge/doctor"
	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/edge/uplink"
	"github.com/callweave/callweave/shared/wire"
)

const (
	// checkEvery is how often the running agent checks itself anew.
	checkEvery = time.Hour
	// observeEvery is how often what the observer saw is looked at.
	observeEvery = 30 * time.Second
	// tellAgain is how often findings travel although they have not changed: the cloud may have missed them.
	tellAgain = 10 * time.Minute
)

// status gathers what the agent tells the cloud about itself.
type status struct {
	w       *world
	spool   *spool.Spool
	watch   *doctor.Observer
	link    *uplink.Uplink
	taken   *capture.Capture
	pbx     *ami.Client
	changed chan struct{}

	connects uint64 // to the PBX when it was last checked; of run alone

	mu       sync.Mutex
	checked  []doctor.Finding
	findings []wire.Finding
	told     time.Time // when the findings were last sent; zero: they are news
	session  time.Time // of the link they were sent over
}

func newStatus(w *world, sp *spool.Spool, watch *doctor.Observer, taken *capture.Capture, pbx *ami.Client) *status {
	return &status{w: w, spool: sp, watch: watch, taken: taken, pbx: pbx, changed: make(chan struct{}, 1)}
}

// run checks at the start, every hour, and when the PBX was reached anew: what was found while it was away no longer
// holds. In between it looks at what the observer saw.
func (s *status) run(ctx context.Context, d *doctor.Doctor) error {
	checks, looks := time.NewTicker(checkEvery), time.NewTicker(observeEvery)
	defer checks.Stop()
	defer looks.Stop()
	s.check(ctx, d)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-checks.C:
			s.check(ctx, d)
		case <-looks.C:
			if connects := s.pbx.Status().Connects; connects != s.connects {
				s.check(ctx, d)
			} else {
				s.look(ctx)
			}
		}
	}
}

func (s *status) check(ctx context.Context, d *doctor.Doctor) {
	s.connects = s.pbx.Status().Connects
	found := d.Check(ctx)
	if ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	s.checked = found
	s.mu.Unlock()
	s.look(ctx)
}

// look puts together what was checked and what was observed, and has it told when it is news.
func (s *status) look(ctx context.Context) {
	observed := s.watch.Findings(time.Now())
	up := s.link.Stats()
	if up.Transport != "" {
		observed = append(observed, doctor.ClockFinding(up.ClockOffset))
	}
	observed = append(observed, doctor.LinkFinding(up.LastCode)...)
	s.mu.Lock()
	findings := doctor.Merge(s.checked, observed)
	told := doctor.ForReport(findings)
	news := !doctor.Same(told, s.findings)
	if news {
		s.findings, s.told = told, time.Time{}
	}
	s.mu.Unlock()
	if !news {
		return
	}
	for _, f := range findings {
		if f.Severity == doctor.OK {
			continue
		}
		text := f.Words(s.w.words)
		s.w.log.WarnContext(ctx, "check found something", "code", string(f.Code), "severity", string(f.Severity), "detail", text.Sentence, "hurts", text.Hurts, "mend", text.Mend)
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// report is what the uplink sends every ten seconds.
func (s *status) report() wire.Report {
	disk, up, in, pbx := s.spool.Stats(), s.link.Stats(), s.taken.Stats(), s.pbx.Status()
	r := wire.Report{
		Counters: map[string]int64{
			"events":          int64(in.Events),
			"batches":         int64(in.Batches),
			"not_understood":  int64(in.NotUnderstood),
			"unknown_events":  int64(in.UnknownEvents),
			"lost_events":     int64(in.Lost),
			"clock_steps":     int64(in.ClockSteps),
			"ami_connects":    int64(pbx.Connects),
			"pending_events":  int64(disk.Pending),
			"spool_bytes":     disk.Bytes,
			"dropped_events":  int64(disk.DroppedEvents),
			"damaged_events":  int64(disk.DamagedEvents),
			"append_errors":   int64(disk.AppendErrors),
			"reconnects":      up.Reconnects,
			"resumes":         up.Resumes,
			"commit_errors":   up.CommitErrors,
			"rtt_us":          up.RTT.Microseconds(),
			"clock_offset_us": up.ClockOffset.Microseconds(),
		},
		Facts: map[string]string{},
	}
	if in.LastEvent > 0 {
		r.Counters["last_event_ms"] = in.LastEvent / int64(time.Millisecond)
	}
	r.Counters["ami_up"] = 0
	if pbx.LoggedIn {
		r.Counters["ami_up"] = 1
	}
	if pbx.Problem != "" {
		r.Facts["ami"] = pbx.Problem
	}
	if version, system := s.watch.Facts(); version != "" {
		r.Facts["asterisk"], r.Facts["system"] = version, system
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); s.session != up.Connected || now.Sub(s.told) > tellAgain {
		r.Findings = s.findings
		s.session, s.told = up.Connected, now
	}
	return r
}
