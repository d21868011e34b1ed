package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/locale"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
)

// FactsManifest is what the facts of a period are made of.
type FactsManifest struct {
	Chunks []FactsChunk `json:"chunks" nullable:"false" doc:"What to get, the days in order. Addresses of closed days are for ever: another revision has another one"`
	Cursor string       `json:"cursor" doc:"For /facts/tail, from the beginning; empty where the period has no day that goes on"`
}

// FactsChunk is one part of facts.
type FactsChunk struct {
	Day     string `json:"day" format:"date" doc:"UTC"`
	Section string `json:"section" doc:"A section, or tail: all sections of the days that go on"`
	URL     string `json:"url"`
	Bytes   int64  `json:"bytes" doc:"As it is sent; 0: not known yet"`
	Open    bool   `json:"open" doc:"The day goes on: not to be kept"`
}

type manifestInput struct {
	From           time.Time `query:"from" required:"true"`
	To             time.Time `query:"to" required:"true" doc:"Exclusive"`
	Sections       []string  `query:"sections" required:"true" minItems:"1" maxItems:"10" uniqueItems:"true" enum:"calls,numbers,visits,attempts,segments,transfers,steps,states,tags,ids"`
	AcceptEncoding string    `header:"Accept-Encoding" hidden:"true"`
}

type manifestOutput struct{ Body FactsManifest }

func (a *API) whose(ctx context.Context) facts.Whose {
	v := viewerOf(ctx)
	return facts.Whose{Tenant: v.Tenant, Scope: v.Scope}
}

// listFacts names the chunks of a period. Days that go on are one entry, the tail.
func (a *API) listFacts(ctx context.Context, in *manifestInput) (*manifestOutput, error) {
	if !in.From.Before(in.To) {
		return nil, badRequest(locale.Say("The period ends before it begins."))
	}
	var sections []format.Section
	for _, name := range in.Sections {
		s, _ := format.ParseSection(name)
		sections = append(sections, s)
	}
	w := a.whose(ctx)
	m, err := a.deps.Facts.Manifest(ctx, w, in.From, in.To, sections)
	if errors.Is(err, facts.ErrLong) {
		return nil, badRequest(locale.Say("The period is longer than %d days. Choose a shorter one.", facts.MostDays))
	}
	if err != nil {
		return nil, err
	}
	out := &manifestOutput{Body: FactsManifest{Chunks: make([]FactsChunk, 0, len(m.Chunks)+1), Cursor: m.Cursor}}
	scope, coding := a.deps.Facts.ScopeKey(w), codingOf(in.AcceptEncoding)
	for _, c := range m.Chunks {
		out.Body.Chunks = append(out.Body.Chunks, FactsChunk{
			Day: c.Day.String(), Section: c.Section.String(), Bytes: a.deps.Facts.Sized(w, c, coding),
			URL: fmt.Sprintf("%s/facts/%s/%v/%v/%v", prefix, scope, c.Day, c.Section, c.Rev),
		})
	}
	if len(m.Open) > 0 {
		out.Body.Chunks = append(out.Body.Chunks, FactsChunk{Day: m.Open[0].String(), Section: "tail", URL: prefix + "/facts/tail?since=" + m.Cursor, Open: true})
	}
	return out, nil
}

// codingOf picks the content coding of an answer: the best of those a client takes.
func codingOf(accept string) string {
	takes := map[string]bool{}
	for part := range strings.SplitSeq(accept, ",") {
		name, q, weighted := strings.Cut(strings.ToLower(part), ";")
		q = strings.TrimPrefix(strings.TrimSpace(q), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		takes[strings.TrimSpace(name)] = !weighted || err != nil || weight > 0
	}
	for _, coding := range []string{"zstd", "gzip"} {
		if takes[coding] {
			return coding
		}
	}
	return ""
}

type chunkInput struct {
	Scope          string `path:"scope" maxLength:"40"`
	Day            string `path:"day" format:"date"`
	Section        string `path:"section" maxLength:"20"`
	Rev            string `path:"rev" maxLength:"40"`
	AcceptEncoding string `header:"Accept-Encoding" hidden:"true"`
	IfNoneMatch    string `header:"If-None-Match" hidden:"true"`
}

type factsOutput struct {
	Status          int
	ContentType     string `header:"Content-Type"`
	ContentEncoding string `header:"Content-Encoding"`
	CacheControl    string `header:"Cache-Control"`
	ETag            string `header:"ETag"`
	Vary            string `header:"Vary"`
	Cursor          string `header:"Facts-Cursor" doc:"Of the tail: what to ask for what changed since"`
	Body            []byte
}

const (
	contentFacts = "application/cbor"
	forEver      = "public, max-age=31536000, immutable"
)

// getFacts returns a chunk. Its address has the viewer's scope in a form that nobody makes up, so whatever caches it may hand
// it to whoever asks for that address; here it is given to those only whose scope it is.
func (a *API) getFacts(ctx context.Context, in *chunkInput) (*factsOutput, error) {
	w := a.whose(ctx)
	section, ok := format.ParseSection(in.Section)
	day, errDay := facts.ParseDay(in.Day)
	rev, errRev := facts.ParseRevision(in.Rev)
	if !ok || errDay != nil || errRev != nil || in.Scope != a.deps.Facts.ScopeKey(w) {
		return nil, notFound()
	}
	coding := codingOf(in.AcceptEncoding)
	tag := fmt.Sprintf(`"%v-%v-%v-%s"`, day, section, rev, coding)
	out := &factsOutput{ContentType: contentFacts, ContentEncoding: coding, CacheControl: forEver, ETag: tag, Vary: "Accept-Encoding"}
	if tagged(in.IfNoneMatch, tag) { // a revision never changes, so who has it has it right
		out.Status, out.ContentType, out.ContentEncoding = http.StatusNotModified, "", ""
		return out, nil
	}
	out.Status = http.StatusOK
	var err error
	out.Body, err = a.deps.Facts.Chunk(ctx, w, facts.Chunk{Day: day, Section: section, Rev: rev}, coding)
	if errors.Is(err, facts.ErrMoved) {
		return nil, factsMoved()
	}
	return out, err
}

func factsMoved() *failure {
	return fail(404, "facts-moved", locale.Say("Calls of this day have changed since. Reload the report."))
}

func tagged(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

type tailInput struct {
	Since          string `query:"since" required:"true" maxLength:"4096" doc:"The cursor of the manifest, or of the answer before"`
	AcceptEncoding string `header:"Accept-Encoding" hidden:"true"`
}

// tailFacts returns what changed of the days that go on.
func (a *API) tailFacts(ctx context.Context, in *tailInput) (*factsOutput, error) {
	inc, err := a.deps.Facts.Increment(ctx, a.whose(ctx), in.Since)
	switch {
	case errors.Is(err, facts.ErrCursor), errors.Is(err, facts.ErrLong):
		return nil, factsMoved()
	case err != nil:
		return nil, err
	}
	out := &factsOutput{Status: http.StatusOK, ContentType: contentFacts, CacheControl: "no-store", Vary: "Accept-Encoding", Cursor: inc.Cursor}
	out.ContentEncoding = codingOf(in.AcceptEncoding)
	out.Body, err = facts.Compress(inc.Body, out.ContentEncoding)
	return out, err
}

func (a *API) chunkOperations() {
	const get = http.MethodGet
	register(a, operation{get, "/facts", "list-facts", "reports", "What the facts of a period are made of", 0, needs(rights.ReadReports)}, a.listFacts)
	registerBytes(a, operation{get, "/facts/tail", "get-facts-tail", "reports", "What changed of the days that go on: an increment in CBOR", 0, needs(rights.ReadReports)}, a.tailFacts)
	registerBytes(a, operation{get, "/facts/{scope}/{day}/{section}/{rev}", "get-facts", "reports", "A section of a closed day's facts in CBOR, for ever the same", 0, needs(rights.ReadReports)}, a.getFacts)
}

// registerBytes is [register] for answers that are no JSON.
func registerBytes[I any](a *API, o operation, handle func(context.Context, *I) (*factsOutput, error)) {
	op := a.describeOperation(o)
	op.Responses["200"] = &huma.Response{
		Description: "See docs/facts.md", Content: map[string]*huma.MediaType{contentFacts: {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*factsOutput, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, asFailure(err)
		}
		return out, nil
	})
}
