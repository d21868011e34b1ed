package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
)

// request is what is known of a request before anybody is asked who he is.
type request struct {
	id     string
	remote string // address without port, as far as it can be believed
	token  string // of the session cookie
	bearer string // the header Authorization, of a program
}

type requestKey struct{}

func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

func requestID(ctx context.Context) string { return requestOf(ctx).id }
func remoteOf(ctx context.Context) string  { return requestOf(ctx).remote }
func tokenOf(ctx context.Context) string   { return requestOf(ctx).token }

// Handler serves API, agents' enrolment and portal.
func (a *API) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.writeProblem(w, r, fail(403, "cross-origin", locale.Say("This request came from another site and was not carried out.")))
	}))
	return a.outermost(securityHeaders(cross.Handler(a.bounded(a.mux))))
}

// securityHeaders are the same on every answer; the portal's pages add a policy with a nonce of their own.
func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Strict-Transport-Security", "max-age=31536000")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// bounded ends work nobody waits for any more. The stream of changes lives as long as its viewer.
func (a *API) bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix+changesPath {
			next.ServeHTTP(w, r)
			return
		}
		limit := a.cfg.RequestTimeout
		if r.URL.Path == prefix+exportsPath {
			limit = exportTime
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(2 * exportTime))
		}
		if r.Method == http.MethodPost && r.URL.Path == prefix+importsPath {
			limit = uploadTimeout
			patient(w, r)
		}
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		bounded := r.WithContext(ctx)
		defer func() { r.Pattern = bounded.Pattern }() // which the metrics outside want to know, after a panic too
		next.ServeHTTP(w, bounded)
	})
}

// outermost gives the request its id, logs and counts it, and turns a panic into an answer. The query stays out of the
// log: it holds telephone numbers.
func (a *API) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := a.deps.Now()
		in := request{id: rand.Text(), remote: a.remote(r), token: cookieOf(r.Header.Get("Cookie")), bearer: r.Header.Get("Authorization")}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, in))
		w.Header().Set("X-Request-Id", in.id)
		seen := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				a.panicked(seen, r, p)
			}
			took := a.deps.Now().Sub(began)
			a.metrics.answered(r.Pattern, seen.status, took)
			a.log.DebugContext(r.Context(), "answered", slog.String("request", in.id), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Int("status", seen.status), slog.Int64("bytes", seen.bytes),
				slog.Duration("took", took), slog.String("remote", in.remote))
		}()
		next.ServeHTTP(seen, r)
	})
}

func (a *API) panicked(w *recorder, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // the standard way to hang up on a client
	}
	a.log.ErrorContext(r.Context(), "request panicked", slog.String("request", requestID(r.Context())),
		slog.String("path", r.URL.Path), slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
	if w.status == 0 {
		a.writeProblem(w, r, internal(nil))
	}
}

// remote is the address the request came from; of proxies that are trusted, the address they were asked from.
func (a *API) remote(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && a.trusted(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr.String()
}

func (a *API) trusted(addr netip.Addr) bool {
	for _, p := range a.cfg.TrustedProxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// writeProblem answers where no operation is involved.
func (a *API) writeProblem(w http.ResponseWriter, r *http.Request, f *failure) {
	p, _ := a.problem(languageOf(r.Context(), r.Header.Get("Accept-Language")), f)
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(p)
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController flush and set deadlines.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// NewServer is an HTTP server with the time-outs that keep slow clients from holding on to it.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
