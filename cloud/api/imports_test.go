package api_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/importing"
	"github.com/callweave/callweave/cloud/pg"
)

// importsAtOnce imports while the request lasts.
type importsAtOnce struct {
	db  *pg.DB
	now func() time.Time
}

func (i importsAtOnce) Take(ctx context.Context, job importing.Job, files []importing.Upload) error {
	for _, f := range files {
		job.Sources = append(job.Sources, importing.Source{Name: f.Name, Open: func() (io.ReadCloser, error) { return io.NopCloser(f), nil }})
	}
	_, _ = importing.Run(ctx, importing.Deps{DB: i.db, Directory: directory.New(), Log: slog.New(slog.DiscardHandler), Now: i.now}, job)
	return nil // what becomes of it is told by the list
}

// sendLogs sends a form with files.
func (b *browser) sendLogs(fields map[string]string, files map[string][]byte) reply {
	b.f.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		must(b.f.t, w.WriteField(k, v))
	}
	for name, text := range files {
		part, err := w.CreateFormFile("file", name)
		must(b.f.t, err)
		_, err = part.Write(text)
		must(b.f.t, err)
	}
	must(b.f.t, w.Close())
	req := b.request(b.f.t.Context(), http.MethodPost, "/imports", nil)
	req.Body, req.ContentLength = io.NopCloser(&body), int64(body.Len())
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := b.f.server.Client().Do(req)
	must(b.f.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(b.f.t, err)
	return reply{res.StatusCode, raw, res.Header}
}

func logOf(t *testing.T, recording, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "lab", "corpus", "22", recording, "A", file))
	must(t, err)
	return text
}

func importsOf(t *testing.T, b *browser) []api.Import {
	t.Helper()
	var got struct{ Imports []api.Import }
	b.do("GET", "/imports", nil).into(t, &got)
	return got.Imports
}

func TestLogsAreUploadedAndTheirCallsSaySo(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	const name = "a1-queue-answered-caller-hangs-up"
	if r := anna.sendLogs(map[string]string{"pbx": itoa(f.pbx), "zone": "UTC"}, map[string][]byte{
		"queue_log": logOf(t, name, "queue_log"), "Master.csv.gz": logOf(t, name, "cel.csv.gz"),
	}); r.status != 202 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	runs := importsOf(t, anna)
	if len(runs) != 1 || runs[0].State != "done" || runs[0].Counts.New != 1 || runs[0].Counts.Written != 1 || len(runs[0].Files) != 2 || runs[0].AskedBy != "ANNA" {
		t.Fatalf("%+v", runs)
	}
	var page struct{ Calls []api.CallRow }
	anna.do("GET", "/calls?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z", nil).into(t, &page)
	if len(page.Calls) != 1 || cmp.Diff([]string{"queue_log", "cel"}, page.Calls[0].Imported) != "" {
		t.Errorf("%+v", page.Calls)
	}
	if got := importsOf(t, f.as("stranger")); len(got) != 0 {
		t.Errorf("another tenant sees %+v", got)
	}
}

func TestDifferencesToWhatWasHeardAreListed(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	at := time.Unix(1795386145, 0).UTC()
	heard := &call.Call{
		ID: call.ID{8: 0x80}, Rev: 1, Direction: call.Inbound, Disposition: call.Abandoned, Caller: "79161234501", Dialled: "600", PBXs: []string{"office"},
		Start: at, End: at.Add(9 * time.Second), Channels: []call.ChannelRef{{PBX: "office", Uniqueid: "pbx-a-1795386145.0"}},
	}
	must(t, assemble.Import(t.Context(), f.db, directory.New(), f.mine, []*call.Call{heard}))
	if r := anna.sendLogs(map[string]string{"pbx": itoa(f.pbx), "dry_run": "true", "member": "Anna Alpha=PJSIP/101"}, map[string][]byte{
		"queue_log": logOf(t, "d1-blind-refer-to-agent", "queue_log"),
	}); r.status != 202 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	run := importsOf(t, anna)[0]
	if run.Counts.Heard != 1 || run.Counts.Different != 1 || run.Counts.Written != 0 || !run.DryRun {
		t.Errorf("%+v", run)
	}
	var got struct {
		Differences []api.ImportDifference
		More        bool
	}
	anna.do("GET", "/imports/"+run.ID+"/differences?limit=1", nil).into(t, &got)
	if len(got.Differences) != 1 || !got.More || got.Differences[0].Figure != "result" || got.Differences[0].Stored != "abandoned" || got.Differences[0].Logged != "answered" {
		t.Errorf("%+v", got)
	}
	var n int
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM calls`).Scan(&n)
	}))
	if n != 1 {
		t.Errorf("%d calls are stored", n)
	}
}

func TestUploadsThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	pbx := itoa(f.pbx)
	file := map[string][]byte{"queue_log": logOf(t, "d1-blind-refer-to-agent", "queue_log")}
	for _, c := range []struct {
		fields map[string]string
		files  map[string][]byte
		status int
		code   string
	}{
		{map[string]string{"pbx": pbx, "zone": "Moscow"}, file, 422, "zone"},
		{map[string]string{"pbx": "999999"}, file, 404, "no-pbx"},
		{map[string]string{"pbx": pbx, "member": "Anna"}, file, 422, "member"},
		{map[string]string{"pbx": pbx, "from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, file, 400, "bad-request"},
		{map[string]string{"pbx": pbx}, nil, 422, "bad-request"},
	} {
		if r := anna.sendLogs(c.fields, c.files); r.status != c.status || r.code(t) != c.code {
			t.Errorf("%v: %d %s", c.fields, r.status, r.body)
		}
	}
	if r := anna.sendLogs(map[string]string{"pbx": pbx}, map[string][]byte{"letter.txt": []byte("Dear all,\nplease find attached\n")}); r.status != 202 {
		t.Errorf("%d %s", r.status, r.body)
	}
	if run := importsOf(t, anna)[0]; run.State != "failed" || run.Failure == nil || run.Failure.Code != "not_a_log" || run.Failure.File != "letter.txt" {
		t.Errorf("%+v %+v", run, run.Failure)
	}
}
