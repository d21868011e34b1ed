package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func newBareAPI(t *testing.T, cfg Config, portal http.Handler) (*API, *prometheus.Registry) {
	t.Helper()
	metrics := prometheus.NewRegistry()
	a, err := New(cfg, Deps{Log: slog.New(slog.DiscardHandler), Portal: portal, Metrics: metrics})
	if err != nil {
		t.Fatal(err)
	}
	return a, metrics
}

func TestForwardedAddressIsBelievedOfTrustedProxiesOnly(t *testing.T) {
	a, _ := newBareAPI(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, nil)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:5000", "", "192.0.2.1"},
		{"192.0.2.1:5000", "203.0.113.9", "192.0.2.1"},
		{"10.0.0.1:5000", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:5000", "198.51.100.7, 203.0.113.9", "203.0.113.9"}, // what a stranger wrote before the proxy
		{"10.0.0.1:5000", "203.0.113.9, 10.0.0.2", "203.0.113.9"},     // two proxies of ours
		{"10.0.0.1:5000", "nonsense", "10.0.0.1"},
		{"[::ffff:192.0.2.1]:5000", "", "192.0.2.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := a.remote(r); got != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestGuessesOfOneNetworkCountTogether(t *testing.T) {
	for from, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::1": "2001:db8:1:2::/64", "pipe": "pipe",
	} {
		if got := network(from); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

func TestPanicIsAnsweredAndCounted(t *testing.T) {
	a, metrics := newBareAPI(t, Config{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }))
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/calls?number=79160000000", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), `"code":"internal"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	families, err := metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != "callweave_http_seconds" {
			continue
		}
		for _, l := range f.GetMetric()[0].GetLabel() {
			if l.GetName() == "route" && l.GetValue() != "/" || l.GetName() == "status" && l.GetValue() != "5xx" {
				t.Errorf("counted as %s", l)
			}
		}
		return
	}
	t.Error("the answer was not counted")
}
