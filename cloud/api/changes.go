package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/rights"
)

const changesPath = "/calls/changes"

// How the stream of changes breathes: changes are gathered for a moment, so that a busy tenant costs a browser a few
// messages a second; a comment keeps proxies from closing a quiet one; and who may watch is asked again each minute.
const (
	gatherFor   = 250 * time.Millisecond
	heartbeat   = 20 * time.Second
	checkViewer = time.Minute
	sendWithin  = 10 * time.Second
	maxGathered = 1000
)

// ChangedCalls is the data of the event "calls".
type ChangedCalls struct {
	IDs []string `json:"ids" nullable:"false" doc:"Empty: more calls changed than are worth naming; ask for the list again"`
}

type changesInput struct{}

// registerChanges describes the stream by hand: huma knows no schema for server-sent events.
func (a *API) registerChanges(o operation) {
	op := a.describeOperation(o)
	op.Responses["200"] = &huma.Response{
		Description: "Events named calls, whose data is ChangedCalls as JSON",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[ChangedCalls](), true, ""),
		}},
	}
	huma.Register(a.huma, op, func(ctx context.Context, _ *changesInput) (*huma.StreamResponse, error) {
		v := viewerOf(ctx)
		g := &gathered{wake: make(chan struct{}, 1)}
		stop, err := a.deps.Changes.SubscribeChanged(v.Tenant, g.add)
		if err != nil {
			return nil, asFailure(fmt.Errorf("watch calls: %w", err))
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) {
			defer stop()
			_, w := humago.Unwrap(hc)
			a.watch(ctx, g, w)
		}}, nil
	})
}

// watch writes changes until the viewer goes away or may not watch any more.
func (a *API) watch(ctx context.Context, g *gathered, w http.ResponseWriter) {
	a.metrics.watchers.Inc()
	defer a.metrics.watchers.Dec()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	s := stream{w: w, c: http.NewResponseController(w), now: a.deps.Now}
	if err := s.c.SetReadDeadline(time.Time{}); err != nil { // the server's own would end the stream over HTTP/1.1
		a.log.DebugContext(ctx, "stream may end early", slog.Any("error", err))
	}
	beat, check := time.NewTicker(heartbeat), time.NewTicker(checkViewer)
	defer beat.Stop()
	defer check.Stop()
	err := s.send(": connected\n\n")
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			err = s.send(":\n\n")
		case <-check.C:
			_, err = a.watcher(ctx)
		case <-g.wake:
			err = a.sendChanges(ctx, g, s)
		}
	}
}

// watcher is who watches, as things are now: rights may have changed since the stream began.
func (a *API) watcher(ctx context.Context) (*Viewer, error) {
	r := requestOf(ctx)
	v, err := a.who(ctx, r.bearer, cookieName+"="+r.token)
	if err != nil {
		return nil, err
	}
	if f := needs(rights.ReadCalls).refuses(v); f != nil {
		return nil, f
	}
	return v, nil
}

func (a *API) sendChanges(ctx context.Context, g *gathered, s stream) error {
	select { // let more of them come
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(gatherFor):
	}
	v, err := a.watcher(ctx)
	if err != nil {
		return err
	}
	ids, err := a.visible(ctx, v, g.take())
	if err != nil || ids == nil {
		return err
	}
	data, err := json.Marshal(ChangedCalls{IDs: ids})
	if err != nil {
		return err
	}
	return s.send("event: calls\ndata: " + string(data) + "\n\n")
}

// visible leaves the calls a viewer sees; nil means that there is nothing to say.
func (a *API) visible(ctx context.Context, v *Viewer, calls []uuid.UUID) ([]string, error) {
	if len(calls) >= maxGathered {
		return []string{}, nil
	}
	if !v.Scope.Everything {
		f := &filter{}
		f.add("tenant_id = $", v.Tenant.UUID())
		f.add("id = ANY($)", calls)
		inScope(f, v.Tenant, v.Scope)
		err := a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, `SELECT id FROM calls WHERE `+f.sql(), f.args...)
			if err != nil {
				return err
			}
			calls, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
			return err
		})
		if err != nil || len(calls) == 0 {
			return nil, err
		}
	}
	ids := make([]string, 0, len(calls))
	for _, c := range calls {
		ids = append(ids, c.String())
	}
	return ids, nil
}

// gathered are the calls that changed since the last message. Whoever reports changes never waits for a browser.
type gathered struct {
	wake chan struct{}

	mu    sync.Mutex
	calls map[uuid.UUID]struct{}
}

func (g *gathered) add(calls []uuid.UUID) {
	g.mu.Lock()
	if g.calls == nil {
		g.calls = map[uuid.UUID]struct{}{}
	}
	for _, c := range calls {
		if len(g.calls) < maxGathered {
			g.calls[c] = struct{}{}
		}
	}
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

func (g *gathered) take() []uuid.UUID {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := make([]uuid.UUID, 0, len(g.calls))
	for c := range g.calls {
		list = append(list, c)
	}
	g.calls = nil
	return list
}

// stream writes to one browser, giving up on one that does not read.
type stream struct {
	w   http.ResponseWriter
	c   *http.ResponseController
	now func() time.Time
}

func (s stream) send(text string) error {
	if err := s.c.SetWriteDeadline(s.now().Add(sendWithin)); err != nil {
		return fmt.Errorf("send change: %w", err)
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("send change: %w", err)
	}
	return s.c.Flush()
}
