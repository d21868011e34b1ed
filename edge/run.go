package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/edge/capture"
	"github.com/callweave/callweave/edge/doctor"
	"github.com/callweave/callweave/edge/enroll"
	"github.com/callweave/callweave/edge/spool"
	"github.com/callweave/callweave/edge/uplink"
	"github.com/callweave/callweave/shared/wire"
)

// enrolPoll is how often an agent without an identity looks for one.
const enrolPoll = 2 * time.Second

// tightGC keeps the heap near what is live: memory is the PBX's, and there is little garbage to collect.
const tightGC = 50

type runCmd struct{}

// Run is the agent: AMI → capture → spool → uplink → cloud.
func (runCmd) Run(ctx context.Context, w *world, s *Settings) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(tightGC)
	}
	identity, err := awaitIdentity(ctx, w, s)
	if err != nil {
		return err
	}
	sp, err := spool.Open(s.spoolDir(), spool.Options{MaxBytes: int64(s.Spool.MaxBytes), MaxAge: s.Spool.MaxAge, Log: w.log})
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	defer sp.Close() // every batch is on disk already
	gateway := s.Link.Gateway
	if gateway == "" {
		gateway = identity.Gateway()
	}
	secret, err := s.secret()
	if err != nil {
		return err
	}
	amiTLS, err := s.amiTLS()
	if err != nil {
		return err
	}
	doc, err := s.doctor(identity, 0)
	if err != nil {
		return err
	}
	watch := doctor.NewObserver()
	taken := capture.New(capture.Config{}, capture.Deps{Spool: sp, Log: w.log, Observe: watch.Observe})
	pbx := ami.New(ami.Config{Address: s.AMI.Address, User: s.AMI.User, Secret: secret, TLS: amiTLS}, ami.Deps{Sink: taken, Log: w.log})
	status := newStatus(w, sp, watch, taken, pbx)
	status.link = uplink.New(uplink.Config{Gateway: gateway, TCP: s.Link.TCP, Version: version}, uplink.Deps{
		Spool: spoolReader{sp, pbx.AskAgain}, Identity: identity, Log: w.log, Now: time.Now, Report: status.report, Changed: status.changed,
	})
	group, ctx := errgroup.WithContext(ctx)
	// What was read goes to disk before the program ends, so capture outlives the one who reads.
	storing, stored := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error { return taken.Run(storing) })
	group.Go(func() error {
		defer stored()
		return pbx.Run(ctx)
	})
	group.Go(func() error { return status.link.Run(ctx) })
	group.Go(func() error { return status.run(ctx, doc) })
	group.Go(func() error { return tellSystemd(ctx, os.Getenv) })
	w.log.InfoContext(ctx, "agent runs", "version", version, "agent", identity.Agent(), "pbx", s.AMI.Address, "gateway", gateway, "stream", sp.Stream(), "next", sp.NextSeq())
	err = group.Wait()
	if errors.Is(err, uplink.ErrAheadOfUs) {
		return s.startAnew(w, sp, err)
	}
	return err
}

// awaitIdentity lets an agent be installed and started before it is enrolled.
func awaitIdentity(ctx context.Context, w *world, s *Settings) (*enroll.Identity, error) {
	for told := false; ; told = true {
		identity, err := enroll.Load(s.StateDir, time.Now)
		if !errors.Is(err, enroll.ErrNotEnrolled) {
			return identity, err
		}
		if !told {
			w.log.ErrorContext(ctx, "this agent is not enrolled; waiting until somebody runs: callweave-edge enroll --token TOKEN")
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(enrolPoll):
		}
	}
}

// startAnew moves away a spool that the cloud has overtaken, so that the next start begins a new stream.
func (s *Settings) startAnew(w *world, sp *spool.Spool, cause error) error {
	if err := sp.Close(); err != nil {
		w.log.Error("spool does not close", "error", err)
	}
	aside := s.spoolDir() + time.Now().UTC().Format(".before-20060102T150405Z")
	if err := os.Rename(s.spoolDir(), aside); err != nil {
		return fmt.Errorf("move spool away: %w", err)
	}
	w.log.Error("spool was restored from an older copy and is put aside; a new one is begun at the next start", "aside", aside)
	return cause
}

// spoolReader is the spool as the uplink sees it. It tells when a gap goes out: what is captured from then on comes after
// the gap in the stream, so that a snapshot shows what became of the calls that were going on in it.
type spoolReader struct {
	*spool.Spool
	gap func()
}

func (s spoolReader) Read(from uint64) uplink.Reader { return gapReader{s.NewReader(from), s.gap} }

type gapReader struct {
	*spool.Reader
	gap func()
}

// Next returns the next batch.
func (r gapReader) Next(ctx context.Context) ([]byte, wire.BatchInfo, error) {
	batch, info, err := r.Reader.Next(ctx)
	if err == nil && info.Gap != "" {
		r.gap()
	}
	return batch, info, err
}
