package assemble

import "github.com/prometheus/client_golang/prometheus"

// Metrics count what the runner does, over all tenants.
type Metrics struct {
	events, calls, failures, refused prometheus.Counter
	unknown, stale, capped           prometheus.Counter
	batches                          *prometheus.CounterVec
	gaps                             *prometheus.CounterVec
	commit, snapshot                 prometheus.Histogram
	away                             prometheus.Gauge
}

// NewMetrics registers with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "callweave", Subsystem: "assemble", Name: name, Help: help})
	}
	m := &Metrics{
		events:   counter("events_total", "Events fed to assemblers."),
		calls:    counter("calls_written_total", "Calls written, each time one changed."),
		failures: counter("database_failures_total", "Attempts to write that the database did not take."),
		refused:  counter("calls_refused_total", "Calls that the database takes in no form; each is a bug and is logged."),
		unknown:  counter("unknown_references_total", "Events about channels that were never announced: something is lost or hidden on the way."),
		stale:    counter("stale_events_total", "Events that came too late to change anything."),
		capped:   counter("capped_calls_total", "Times a call had grown too large to be joined with another one on weak evidence."),
		batches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "callweave", Subsystem: "assemble", Name: "batches_total",
			Help: "Batches by what became of them: applied, gap, repeated, hole (skipped and asked for again), undecodable, orphan (of no known tenant or PBX).",
		}, []string{"outcome"}),
		gaps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "callweave", Subsystem: "assemble", Name: "lost_events_total", Help: "Events known to be lost, by reason.",
		}, []string{"reason"}),
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "callweave", Subsystem: "assemble", Name: "commit_seconds", Help: "Time to commit a step.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		snapshot: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "callweave", Subsystem: "assemble", Name: "snapshot_bytes", Help: "Size of an assembler's saved memory.",
			Buckets: prometheus.ExponentialBuckets(1024, 4, 10),
		}),
		away: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "callweave", Subsystem: "assemble", Name: "database_away", Help: "1 while the database takes no calls.",
		}),
	}
	reg.MustRegister(m.events, m.calls, m.failures, m.refused, m.unknown, m.stale, m.capped, m.batches, m.gaps, m.commit, m.snapshot, m.away)
	return m
}

// What became of a batch.
const (
	outcomeApplied     = "applied"
	outcomeGap         = "gap"
	outcomeRepeated    = "repeated"
	outcomeHole        = "hole"
	outcomeUndecodable = "undecodable"
	outcomeOrphan      = "orphan"
)
