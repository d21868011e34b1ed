package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/figures"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/wording"
)

// Figures computes reports.
type Figures interface {
	Report(ctx context.Context, who figures.Asker, q report.Query) (*export.Report, error)
}

// What one export may take: time, bytes of the file, and how many are made at once by a node.
const (
	exportsPath   = "/exports"
	exportTime    = 5 * time.Minute
	mostExported  = 512 << 20
	exportsAtOnce = 2
)

// JournalFilter says which calls of the journal, as the parameters of the journal do.
type JournalFilter struct {
	From        time.Time `json:"from"`
	To          time.Time `json:"to"`
	Queue       []int32   `json:"queue,omitempty" nullable:"false" maxItems:"200"`
	Operator    []int32   `json:"operator,omitempty" nullable:"false" maxItems:"500"`
	Person      []int32   `json:"person,omitempty" nullable:"false" maxItems:"500"`
	PBX         []int32   `json:"pbx,omitempty" nullable:"false" maxItems:"100"`
	Number      string    `json:"number,omitempty" maxLength:"40"`
	Disposition []string  `json:"disposition,omitempty" nullable:"false" enum:"answered,abandoned,timeout,join_empty,leave_empty,voicemail,no_answer,busy,rejected,failed"`
	Direction   []string  `json:"direction,omitempty" nullable:"false" enum:"inbound,outbound,internal"`
	Attribute   []string  `json:"attribute,omitempty" nullable:"false" maxItems:"10"`
}

func (f *JournalFilter) calls() *callsInput {
	return &callsInput{
		From: f.From, To: f.To, Queue: f.Queue, Operator: f.Operator, Person: f.Person, PBX: f.PBX, Number: f.Number,
		Disposition: f.Disposition, Direction: f.Direction, Attribute: f.Attribute,
	}
}

type exportInput struct {
	Body struct {
		Report   *report.Query  `json:"report,omitempty" doc:"Either a report"`
		Calls    *JournalFilter `json:"calls,omitempty" doc:"or calls of the journal"`
		Rows     string         `json:"rows,omitempty" enum:"calls,legs" doc:"Of the journal in CSV and Parquet; XLSX has both"`
		Format   string         `json:"format" enum:"csv,xlsx,parquet"`
		Language string         `json:"language,omitempty" enum:"en,ru" doc:"Without it the viewer's"`
		Zone     string         `json:"zone,omitempty" maxLength:"64" doc:"IANA: of the journal's times; without it the tenant's"`
		Search   string         `json:"search,omitempty" maxLength:"4000" doc:"The page's address after the ?, for the link back"`
	}
}

// exportOperations are about files.
func (a *API) exportOperations() {
	o := operation{http.MethodPost, exportsPath, "export", "exports", "A report, or calls of the journal, as a file", 0, needs(rights.Export)}
	op := a.describeOperation(o)
	op.Responses["200"] = &huma.Response{Description: "The file", Content: map[string]*huma.MediaType{}}
	for _, f := range []export.Format{export.CSV, export.XLSX, export.Parquet} {
		op.Responses["200"].Content[f.MIME()] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
		out, err := a.export(ctx, in)
		if err != nil {
			return nil, asFailure(exportRefused(err))
		}
		return out, nil
	})
}

// export writes the file to disk first: whoever is answered with a file gets all of it, and an error is answered as one.
func (a *API) export(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	if (in.Body.Report == nil) == (in.Body.Calls == nil) {
		return nil, badRequest(locale.Say("Say either which report or which calls to export."))
	}
	if v := viewerOf(ctx); in.Body.Report != nil && !v.Can(rights.ReadReports) || in.Body.Calls != nil && !v.Can(rights.ReadCalls) {
		return nil, forbidden()
	}
	select {
	case a.exporting <- struct{}{}:
		defer func() { <-a.exporting }()
	case <-ctx.Done():
		return nil, fail(http.StatusServiceUnavailable, "busy", locale.Say("Others are exporting just now. Try again in a minute."))
	}
	file, err := nameless()
	if err != nil {
		return nil, err
	}
	name, err := a.writeExport(ctx, in, &boundedWriter{file, mostExported})
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("measure export: %w", err)
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer file.Close()
		ctx.SetHeader("Content-Type", export.Format(in.Body.Format).MIME())
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		ctx.SetHeader("Content-Length", strconv.FormatInt(size, 10))
		_, w := humago.Unwrap(ctx)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportTime))
		if _, err := file.Seek(0, io.SeekStart); err == nil {
			_, _ = io.Copy(ctx.BodyWriter(), file)
		}
	}}, nil
}

// nameless is a file that is gone when it is closed, and with the process.
func nameless() (*os.File, error) {
	file, err := os.CreateTemp("", "callweave-export-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the export: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("make a file for the export: %w", err)
	}
	return file, nil
}

var errExportTooLarge = errors.New("the export is too large")

// boundedWriter takes so many bytes and no more.
type boundedWriter struct {
	w    io.Writer
	left int64
}

func (b *boundedWriter) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errExportTooLarge
	}
	return b.w.Write(p)
}

// writeExport writes what is asked for and returns the file's name.
func (a *API) writeExport(ctx context.Context, in *exportInput, out io.Writer) (name string, err error) {
	if in.Body.Report != nil {
		name, err = a.exportReport(ctx, in, out)
	} else {
		name, err = a.exportCalls(ctx, in, out)
	}
	if err != nil {
		return "", err
	}
	return export.FileName(name) + "." + in.Body.Format, a.editing(ctx, func(_ pgx.Tx, e *identity.Editor) error {
		return e.Note(ctx, "export", name, nil, in.Body)
	})
}

func (a *API) exportLanguage(ctx context.Context, in *exportInput) string {
	if in.Body.Language != "" {
		return in.Body.Language
	}
	return viewerOf(ctx).Language
}

func (a *API) exportReport(ctx context.Context, in *exportInput, out io.Writer) (string, error) {
	v := viewerOf(ctx)
	r, err := a.deps.Figures.Report(ctx, figures.Asker{Tenant: v.Tenant, Scope: v.Scope, Language: a.exportLanguage(ctx, in)}, *in.Body.Report)
	if err != nil {
		return "", err
	}
	r.By = v.Name
	r.Link = a.deps.URL + "/reports/" + r.Definition.ID + "?" + in.Body.Search
	f := export.Format(in.Body.Format)
	w, err := export.New(f, out, r.Layout(f))
	if err != nil {
		return "", err
	}
	defer w.Discard()
	if err := r.Write(w); err != nil {
		return "", err
	}
	name := r.Say.Of(r.Definition.Title) + " " + time.UnixMilli(r.Query.From).In(r.Say.Zone).Format(time.DateOnly)
	return name, w.Close()
}

// exportCalls writes calls page by page, so that a year of them needs no more memory than a page.
func (a *API) exportCalls(ctx context.Context, in *exportInput, out io.Writer) (string, error) {
	v := viewerOf(ctx)
	f := export.Format(in.Body.Format)
	var j *export.Journal
	var w export.Writer
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		read, err := a.journalOf(ctx, tx, v, in)
		if err != nil {
			return err
		}
		j = read
		if w, err = export.New(f, out, j.Layout(f)); err != nil {
			return err
		}
		return a.eachCall(ctx, tx, v, in.Body.Calls.calls(), j.Legs(f), func(c *export.Call) error { return j.Write(w, f, c) })
	})
	if w != nil {
		defer w.Discard()
	}
	if err != nil {
		return "", err
	}
	name := j.Say.Say(locale.Say("Calls")) + " " + in.Body.Calls.From.In(j.Say.Zone).Format(time.DateOnly)
	return name, w.Close()
}

// journalOf is how the calls are worded, and what is said about them.
func (a *API) journalOf(ctx context.Context, tx pgx.Tx, v *Viewer, in *exportInput) (*export.Journal, error) {
	zoneName := in.Body.Zone
	if zoneName == "" {
		zoneName = v.TenantOf.Zone
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return nil, badRequest(locale.Say("There is no time zone %q.", zoneName))
	}
	f := in.Body.Calls
	n, err := names.Read(ctx, tx, v.Scope, names.Period{From: f.From, To: f.To, Now: a.deps.Now()}, zoneName)
	if err != nil {
		return nil, err
	}
	s := wording.New(a.words, a.exportLanguage(ctx, in), zone, &n)
	about := []export.Fact{
		{Name: s.Say(locale.Say("Calls"))},
		{Name: s.Say(locale.Say("Period")), Text: s.Period(f.From, f.To)},
		{Name: s.Say(locale.Say("Zone")), Text: s.ZoneName(zoneName, f.From)},
	}
	for _, l := range s.Filter(report.Filter{Queues: f.Queue, Operators: f.Operator, People: f.Person, PBXs: f.PBX, Directions: f.Direction, Dispositions: f.Disposition}) {
		about = append(about, export.Fact(l))
	}
	if f.Number != "" {
		about = append(about, export.Fact{Name: s.Say(locale.Say("Part of a number")), Text: f.Number})
	}
	for _, x := range f.Attribute {
		about = append(about, export.Fact{Name: s.Say(locale.Say("Variable or field")), Text: x})
	}
	about = append(about, export.Fact{}, export.Fact{Name: s.Say(locale.Say("Completeness"))})
	for _, l := range s.Coverage(n.Coverage, f.From.UnixMilli(), min(f.To.UnixMilli(), a.deps.Now().UnixMilli())) {
		about = append(about, export.Fact(l))
	}
	about = append(about, export.Fact{}, export.Fact{Name: s.Say(locale.Say("Made")), Text: s.Moment(a.deps.Now()) + ", " + v.Name})
	return &export.Journal{Say: s, About: about, Rows: in.Body.Rows}, nil
}

// exportPage is how many calls are read at once.
const exportPage = 1000

func exportRefused(err error) error {
	var zone *names.ZoneError
	var query *figures.QueryError
	switch {
	case errors.Is(err, figures.ErrNoReport):
		return fail(http.StatusUnprocessableEntity, "bad-request", locale.Say("There is no such report."))
	case errors.As(err, &query):
		return fail(http.StatusUnprocessableEntity, "bad-request", locale.Say("The report cannot be computed as asked for: %s.", query.Reason))
	case errors.Is(err, errExportTooLarge), errors.Is(err, figures.ErrTooLarge):
		return fail(http.StatusUnprocessableEntity, "too-large", locale.Say("The file would be too large. Choose a shorter period, or fewer queues."))
	case errors.Is(err, export.ErrTooManyRows):
		return fail(http.StatusUnprocessableEntity, "too-many-rows", locale.Say("XLSX holds 1,048,576 rows. Choose CSV or Parquet, or a shorter period."))
	case errors.Is(err, context.DeadlineExceeded):
		return fail(http.StatusServiceUnavailable, "too-slow", locale.Say("The export took too long. Choose a shorter period."))
	case errors.As(err, &zone):
		return badRequest(locale.Say("There is no time zone %q.", zone.Name))
	}
	return err
}

// legsOf reads the legs of a story.
func legsOf(story Story) ([]export.Leg, error) {
	var s struct {
		Legs []export.Leg `json:"legs"`
	}
	if err := json.Unmarshal(story, &s); err != nil {
		return nil, fmt.Errorf("read legs: %w", err)
	}
	return s.Legs, nil
}
