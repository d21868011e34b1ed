package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count answers by route. A tenant is never a label.
type metrics struct {
	seconds  *prometheus.HistogramVec
	watchers prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "callweave_http_seconds", Help: "Time to answer, by route and status class.",
			Buckets: []float64{.005, .02, .1, .5, 2, 10},
		}, []string{"route", "status"}),
		watchers: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "callweave_http_watchers", Help: "Browsers that follow changes of calls.",
		}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.seconds, m.watchers} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) answered(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = "none" // refused before it was routed
	}
	m.seconds.WithLabelValues(pattern, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}
