package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/gateway"
	"github.com/callweave/callweave/cloud/ingest"
)

func registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// countAgents shows what gateway and ingest count. A tenant is never a label.
func countAgents(r *prometheus.Registry, g *gateway.Gateway, i *ingest.Ingest) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "callweave_gateway_agents", Help: "Agents connected to this node now.",
	}, func() float64 { return float64(g.Counters().Agents) }))
	for _, c := range []struct {
		name, help string
		value      func() float64
	}{
		{"gateway_sessions_total", "Agents that were welcomed.", func() float64 { return float64(g.Counters().Sessions) }},
		{"gateway_goodbyes_total", "Connections of agents that were ended with a reason.", func() float64 { return float64(g.Counters().Goodbyes) }},
		{"gateway_resumes_total", "Times an agent was asked to go back.", func() float64 { return float64(g.Counters().Resumes) }},
		{"gateway_handshakes_failed_total", "TLS handshakes over TCP that failed.", func() float64 { return float64(g.Counters().Handshakes) }},
		{"ingest_batches_total", "Batches accepted.", func() float64 { return float64(i.Counters().Batches) }},
		{"ingest_bytes_total", "Their size.", func() float64 { return float64(i.Counters().Bytes) }},
		{"ingest_events_total", "Events in them.", func() float64 { return float64(i.Counters().Events) }},
		{"ingest_gaps_total", "Batches that say that events are lost.", func() float64 { return float64(i.Counters().Gaps) }},
		{"ingest_repeated_total", "Batches dropped because they had been accepted before.", func() float64 { return float64(i.Counters().Repeated) }},
		{"ingest_out_of_order_total", "Batches dropped because something before them was missing.", func() float64 { return float64(i.Counters().OutOfOrder) }},
		{"ingest_refused_total", "Batches that ended a connection.", func() float64 { return float64(i.Counters().Refused) }},
		{"ingest_odd_clocks_total", "Batches with times that cannot be right.", func() float64 { return float64(i.Counters().OddClocks) }},
		{"ingest_retries_total", "Times the event log did not take a batch at once.", func() float64 { return float64(i.Counters().Retries) }},
	} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "callweave_" + c.name, Help: c.help}, c.value))
	}
}

// serveMetrics is for this machine's own monitoring and so has neither TLS nor log-in; it listens on loopback. That it
// cannot is no reason to be without a cloud.
func serveMetrics(ctx context.Context, address string, metrics *prometheus.Registry, log *slog.Logger) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		log.WarnContext(ctx, "metrics cannot be served", slog.Any("error", err))
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	s := api.NewServer(mux, log)
	return untilDone(ctx, s, func() error { return s.Serve(l) })
}
