package app

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics counts requests by route and status, never by person or address.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ostoja_requests_total", Help: "Answered requests."}, []string{"route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ostoja_request_seconds", Help: "Time to answer.", Buckets: []float64{.001, .005, .02, .1, .5, 2},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = "none"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(pattern).Observe(took.Seconds())
}

// watch adds gauges of what waits; -1 says that it could not be counted.
func (m *metrics) watch(a *App) {
	gauge := func(name, help string, count func(context.Context) (int, error)) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			n, err := count(ctx)
			if err != nil {
				return -1
			}
			return float64(n)
		}))
	}
	gauge("ostoja_jobs_waiting", "Jobs that wait or run.", func(ctx context.Context) (int, error) { n, _, err := a.Queue.Waiting(ctx); return n, err })
	gauge("ostoja_jobs_failed", "Jobs that were given up.", func(ctx context.Context) (int, error) { _, n, err := a.Queue.Waiting(ctx); return n, err })
	gauge("ostoja_mail_waiting", "Letters that have not left.", a.Outbox.Waiting)
}
