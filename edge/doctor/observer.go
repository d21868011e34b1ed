package doctor

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

const (
	// maxWatched bounds the channels an observer remembers; a PBX with more at once is watched in part.
	maxWatched = 20_000
	// enoughCalls is how many new channels make the absence of something else tell.
	enoughCalls = 50
	// tooManyDrops is how many lost connections within an hour are no longer chance.
	tooManyDrops = 3
	// hiddenShare is the part of the channels spoken of, of which one in so many never announced is a filter.
	hiddenShare = 20
)

// Observer watches the events of the running agent for what a check cannot see: filters, missing classes, settings.
// It costs a map look-up for some events and allocates next to nothing.
type Observer struct {
	mu                 sync.Mutex
	known              map[string]struct{} // announced channels by Uniqueid
	warm               bool                // the channels that were there before are known
	announced, steps   int
	spokenOf, unknown  int
	stamped, unstamped int
	drops              []time.Time
	system, version    string
}

// NewObserver watches nothing yet.
func NewObserver() *Observer { return &Observer{known: make(map[string]struct{})} }

// Observe looks at an event of the agent's stream. It keeps nothing of ev.
func (o *Observer) Observe(ev *wire.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch ev.ID {
	case wire.AgentConnected:
		clear(o.known)
		o.warm = false
	case wire.AgentSnapshotEnd:
		o.warm = true
	case wire.AgentDisconnected:
		o.dropped(time.Unix(0, ev.Received))
	case wire.AgentResponse:
		o.response(ev)
	case wire.EvNewchannel:
		o.announced++
		o.learn(ev.Get(wire.FUniqueid))
		o.stamp(ev)
	case wire.EvStatus, wire.EvCoreShowChannel: // of the snapshot
		o.learn(ev.Get(wire.FUniqueid))
	case wire.EvNewexten:
		o.steps++
	case wire.EvHangup:
		delete(o.known, ev.Get(wire.FUniqueid))
	case wire.EvDialBegin:
		o.heard(ev.Get(wire.FDestUniqueid))
	case wire.EvBridgeEnter:
		o.heard(ev.Get(wire.FUniqueid))
	case wire.EvLocalBridge:
		o.heard(ev.Get(wire.FLocalOneUniqueid))
		o.heard(ev.Get(wire.FLocalTwoUniqueid))
	default: // tells nothing
	}
}

func (o *Observer) response(ev *wire.Event) {
	if v := ev.Get(wire.FAsteriskVersion); v != "" {
		o.version = strings.Clone(v)
		o.system = strings.Clone(ev.Get(wire.FSystemName))
	}
}

func (o *Observer) stamp(ev *wire.Event) {
	if ev.PBXTime != 0 {
		o.stamped++
	} else {
		o.unstamped++
	}
}

func (o *Observer) learn(id string) {
	if id != "" && len(o.known) < maxWatched {
		o.known[strings.Clone(id)] = struct{}{}
	}
}

// heard counts a channel the PBX speaks of. Before the snapshot is complete it may be one that was there before.
func (o *Observer) heard(id string) {
	if id == "" || !o.warm || len(o.known) >= maxWatched {
		return
	}
	o.spokenOf++
	if _, ok := o.known[id]; !ok {
		o.unknown++
	}
}

func (o *Observer) dropped(at time.Time) {
	hourAgo := at.Add(-time.Hour)
	for len(o.drops) > 0 && o.drops[0].Before(hourAgo) {
		o.drops = o.drops[1:]
	}
	if len(o.drops) < 100 {
		o.drops = append(o.drops, at)
	}
}

// Facts are what the PBX said of itself.
func (o *Observer) Facts() (version, systemName string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.version, o.system
}

// Findings of everything seen so far.
func (o *Observer) Findings(now time.Time) []Finding {
	o.mu.Lock()
	defer o.mu.Unlock()
	var findings []Finding
	if o.stamped+o.unstamped > 0 {
		findings = append(findings, Finding{Code: CodeTimestamps, Severity: severityOf(o.stamped > 0)})
	}
	if o.spokenOf >= enoughCalls && o.unknown > o.spokenOf/hiddenShare {
		findings = append(findings, Finding{CodeHidden, Error, []any{o.unknown, o.spokenOf}})
	}
	if o.announced >= enoughCalls && o.steps == 0 {
		findings = append(findings, Finding{CodeNoDialplan, Warn, []any{o.announced}})
	}
	recent := 0
	for _, at := range o.drops {
		if now.Sub(at) < time.Hour {
			recent++
		}
	}
	if recent >= tooManyDrops {
		findings = append(findings, Finding{CodeDisconnected, Warn, []any{recent}})
	}
	return findings
}

// Merge puts what the observer found in place of what the check found about the same thing.
func Merge(checked, observed []Finding) []Finding {
	merged := make([]Finding, 0, len(checked)+len(observed))
	for _, f := range checked {
		if !has(observed, f.Code) {
			merged = append(merged, f)
		}
	}
	return append(merged, observed...)
}

func has(findings []Finding, code Code) bool {
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// Same tells whether two lists of findings say the same, measured numbers aside.
func Same(a, b []wire.Finding) bool {
	return slices.EqualFunc(a, b, func(x, y wire.Finding) bool { return x.Code == y.Code && x.Severity == y.Severity })
}
