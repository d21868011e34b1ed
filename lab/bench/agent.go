package main

import (
	"context"
	"time"

	"github.com/callweave/callweave/lab/fakepbx"
)

func agentFigures() []measurement {
	return []measurement{{
		figures: []figure{
			{name: "agent_rss_mb", unit: "MB", goal: 30, atMost: true},
			{name: "agent_cpu_pct", unit: "% of a core", goal: 2, atMost: true},
		},
		measure: measureAgent,
	}}
}

const (
	agentWarmUp = 10 * time.Second
	agentTime   = 30 * time.Second
	loadEvents  = 816.0 // events a second of the recording n1 of Asterisk 22
)

// measureAgent looks at the agent's process while a PBX sends it 200 events a second and a cloud takes them: the most
// memory that it held, and the share of one core that it took.
func measureAgent(ctx context.Context, b *bench) (map[string]float64, error) {
	w, err := b.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.end()
	scenarios, err := fakepbx.Find("A", loads()[0])
	if err != nil {
		return nil, err
	}
	stop := w.play(ctx, fakepbx.Config{Scenarios: scenarios, Speed: 200 / loadEvents, Loop: true})
	defer stop()
	if err := w.startAgent(); err != nil {
		return nil, err
	}
	if err := pause(ctx, agentWarmUp); err != nil {
		return nil, err
	}
	before, _, err := w.agent.usage()
	if err != nil {
		return nil, err
	}
	start, most := time.Now(), int64(0)
	var after time.Duration
	for time.Since(start) < agentTime {
		if err := pause(ctx, 500*time.Millisecond); err != nil {
			return nil, err
		}
		var rss int64
		if after, rss, err = w.agent.usage(); err != nil {
			return nil, err
		}
		most = max(most, rss)
	}
	return map[string]float64{
		"agent_rss_mb":  float64(most) / (1 << 20),
		"agent_cpu_pct": 100 * (after - before).Seconds() / time.Since(start).Seconds(),
	}, nil
}
