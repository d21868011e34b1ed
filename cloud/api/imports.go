package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/importing"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
)

// importsPath takes files, which may take their time.
const importsPath = "/imports"

// Bounds of what one request may bring along. What is larger goes in by the command line.
const (
	maxUpload     = 512 << 20
	uploadTimeout = 15 * time.Minute
	importsShown  = 100
)

// Imports takes the logs of a past.
type Imports interface {
	Take(ctx context.Context, job importing.Job, files []importing.Upload) error
}

// Import is one import and what it came to.
type Import struct {
	ID      string       `json:"id" format:"uuid"`
	PBX     int32        `json:"pbx"`
	State   string       `json:"state" enum:"running,done,failed"`
	DryRun  bool         `json:"dry_run" doc:"It only looked"`
	AskedBy string       `json:"asked_by" doc:"Empty for the command line"`
	Zone    string       `json:"zone" doc:"Of local times in the files"`
	From    *time.Time   `json:"from" doc:"The period that was asked for; null: all there is"`
	To      *time.Time   `json:"to"`
	Started time.Time    `json:"started"`
	Ended   *time.Time   `json:"ended"`
	Files   []ImportFile `json:"files" nullable:"false"`
	Counts  ImportCounts `json:"counts"`
	Failure *ImportFail  `json:"failure,omitempty" doc:"Why it failed"`
}

// ImportFile says what was found in a file.
type ImportFile struct {
	Name       string          `json:"name"`
	Kind       string          `json:"kind" enum:"queue_log,cel,cdr," doc:"Empty until it is read"`
	Lines      int             `json:"lines"`
	Rows       int             `json:"rows" doc:"Of the period"`
	Outside    int             `json:"outside" doc:"Rows outside of the period"`
	Broken     int             `json:"broken" doc:"Lines that could not be read"`
	Foreign    int             `json:"foreign" doc:"Lines in another encoding than was said"`
	Doubled    int             `json:"doubled" doc:"Times of the hour that clocks show twice"`
	First      *time.Time      `json:"first"`
	Last       *time.Time      `json:"last"`
	Problems   []ImportProblem `json:"problems" nullable:"false" doc:"The first of the broken lines"`
	Unfinished string          `json:"unfinished" doc:"Why the file ends before its end; empty where it does not"`
}

// ImportProblem is a line that could not be read.
type ImportProblem struct {
	Line int    `json:"line"`
	Text string `json:"text" doc:"Its beginning"`
	Flaw string `json:"flaw" enum:"too_long,open_quote,few_fields,no_event,unknown_event,no_time,no_length,no_channel"`
	What string `json:"what" doc:"The field it is about"`
}

// ImportCounts counts calls.
type ImportCounts struct {
	Calls      int            `json:"calls" doc:"That the logs tell of the period"`
	New        int            `json:"new" doc:"Of those, where nothing was stored"`
	Replaced   int            `json:"replaced" doc:"Put in place of what an earlier import made"`
	Same       int            `json:"same" doc:"As an earlier import made them"`
	Kept       int            `json:"kept" doc:"Left as an earlier import of more logs made them"`
	Heard      int            `json:"heard" doc:"Heard live: those stand"`
	Equal      int            `json:"equal" doc:"Of those, which the logs tell alike"`
	Different  int            `json:"different" doc:"Of those, which the logs tell otherwise"`
	OnlyInLogs int            `json:"only_in_logs" doc:"Left out: everything of that time was heard, and no such call"`
	Written    int            `json:"written" doc:"Calls put in place or removed"`
	States     int            `json:"states" doc:"Times of operators that were written"`
	Shown      int            `json:"shown" doc:"Differences that are listed"`
	Unknown    []ImportMember `json:"unknown" nullable:"false" doc:"Members of queues whose device nobody knows"`
	First      *time.Time     `json:"first"`
	Last       *time.Time     `json:"last"`
}

// ImportMember is a member of queues that the logs name and whose device nobody knows.
type ImportMember struct {
	Name  string `json:"name"`
	Rings int    `json:"rings"`
}

// ImportFail says why an import failed.
type ImportFail struct {
	Code   string `json:"code" enum:"not_a_log,packed,zone_needed,wrong_zone,other_log,columns,encoding,nothing,interrupted,internal"`
	File   string `json:"file"`
	Detail string `json:"detail"`
}

// ImportDifference is one thing the logs tell otherwise than what was heard.
type ImportDifference struct {
	N      int       `json:"n"`
	Call   string    `json:"call" format:"uuid" doc:"The stored call; of one that is only in the logs the one that was left out"`
	Start  time.Time `json:"start"`
	Caller string    `json:"caller"`
	Kind   string    `json:"kind" enum:"figures,only_in_logs,split,joined"`
	Figure string    `json:"figure" doc:"result, direction, dialled, queues, operators, rings, transfers, wait, talk, hold; wait, talk and hold in seconds"`
	Stored string    `json:"stored"`
	Logged string    `json:"logged"`
	Reason string    `json:"reason" enum:",no_holds,no_number,after_transfer,no_device,outside_queues,no_bridges,heard_in_part,refused_unseen,no_consultation"`
}

type importForm struct {
	File     []huma.FormFile `form:"file" required:"true" doc:"queue_log, CEL, CDR; which is which shows. gzip and bzip2 may stay"`
	PBX      int32           `form:"pbx" required:"true" minimum:"1" doc:"The PBX that wrote them"`
	Zone     string          `form:"zone" required:"false" maxLength:"100" doc:"Time zone of local times in the files; the tenant's by default"`
	Encoding string          `form:"encoding" required:"false" maxLength:"40" doc:"utf-8 by default"`
	From     time.Time       `form:"from" required:"false" doc:"Calls that began at this moment or later"`
	To       time.Time       `form:"to" required:"false" doc:"Calls that began before this moment"`
	DryRun   bool            `form:"dry_run" required:"false" doc:"Only look"`
	Members  []string        `form:"member" required:"false" doc:"Anna Alpha=PJSIP/101: whose device a member of queues has"`
}

type (
	importLogsInput struct {
		RawBody huma.MultipartFormFiles[importForm]
	}
	importIDOutput struct {
		Body struct {
			ID string `json:"id" format:"uuid"`
		}
	}
	importsOutput struct {
		Body struct {
			Imports []Import `json:"imports" nullable:"false" doc:"The latest 100, newest first"`
		}
	}
	differencesInput struct {
		ID    string `path:"id" format:"uuid"`
		After int    `query:"after" minimum:"0" doc:"The n of the last one seen"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	}
	differencesOutput struct {
		Body struct {
			Differences []ImportDifference `json:"differences" nullable:"false"`
			More        bool               `json:"more"`
		}
	}
)

// importOperations are about the past that is brought along.
func (a *API) importOperations() {
	const get, post = http.MethodGet, http.MethodPost
	register(a, operation{post, importsPath, "import-logs", "imports", "Make calls of a PBX's own logs", 202, whole(rights.WritePBXs)}, a.importLogs)
	register(a, operation{get, importsPath, "list-imports", "imports", "Imports and what they came to", 0, whole(rights.WritePBXs)}, a.listImports)
	register(a, operation{get, importsPath + "/{id}/differences", "list-import-differences", "imports", "Where the logs differ from what was heard", 0, whole(rights.WritePBXs)}, a.listDifferences)
}

// patient lets an upload take its time, and bounds it.
func patient(w http.ResponseWriter, r *http.Request) {
	end := time.Now().Add(uploadTimeout)
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(end) // a server of tests knows no deadlines
	_ = c.SetWriteDeadline(end.Add(time.Minute))
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
}

func (a *API) importLogs(ctx context.Context, in *importLogsInput) (*importIDOutput, error) {
	defer func() { _ = in.RawBody.Form.RemoveAll() }()
	v, form := viewerOf(ctx), in.RawBody.Data()
	job := importing.Job{ID: uuid.New(), Tenant: v.Tenant, AskedBy: v.Name, DryRun: form.DryRun}
	job.Encoding, job.From, job.To = form.Encoding, form.From, form.To
	zone := form.Zone
	if zone == "" {
		zone = v.TenantOf.Zone
	}
	var err error
	if job.Zone, err = time.LoadLocation(zone); err != nil {
		return nil, fail(422, "zone", locale.Say("There is no time zone of this name. Write for example Europe/Moscow."))
	}
	if !job.From.IsZero() && !job.To.IsZero() && !job.From.Before(job.To) {
		return nil, badRequest(locale.Say("The period ends before it begins."))
	}
	if job.Members, err = membersOf(form.Members); err != nil {
		return nil, err
	}
	if job.PBX, err = a.nameOfPBX(ctx, v, form.PBX); err != nil {
		return nil, err
	}
	var files []importing.Upload
	for _, f := range form.File {
		files = append(files, importing.Upload{Name: f.Filename, Reader: f})
	}
	err = a.deps.Imports.Take(ctx, job, files)
	if errors.Is(err, importing.ErrBusy) {
		return nil, fail(429, "busy", locale.Say("Too many imports are waiting. Try again when some of them are done."))
	}
	if err != nil {
		return nil, fmt.Errorf("take import: %w", err)
	}
	out := &importIDOutput{}
	out.Body.ID = job.ID.String()
	return out, nil
}

func membersOf(list []string) (map[string]string, error) {
	members := map[string]string{}
	for _, m := range list {
		name, device, ok := strings.Cut(m, "=")
		if name, device = strings.TrimSpace(name), strings.TrimSpace(device); !ok || name == "" || !strings.Contains(device, "/") {
			return nil, fail(422, "member", locale.Say("Write members as name=device, for example Anna=PJSIP/101."))
		}
		members[name] = device
	}
	return members, nil
}

func (a *API) nameOfPBX(ctx context.Context, v *Viewer, id int32) (name string, err error) {
	err = a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT name FROM pbxs WHERE tenant_id = current_tenant() AND id = $1`, id).Scan(&name)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fail(404, "no-pbx", locale.Say("There is no such PBX."))
	}
	return name, err
}

func (a *API) listImports(ctx context.Context, _ *struct{}) (*importsOutput, error) {
	out := &importsOutput{}
	now := a.deps.Now()
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, pbx_id, state, dry_run, asked_by, zone, from_at, to_at, started, ended, files, counts FROM imports
			WHERE tenant_id = current_tenant() ORDER BY started DESC, id DESC LIMIT $1`, importsShown)
		if err != nil {
			return err
		}
		out.Body.Imports, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Import, error) { return scanImport(row, now) })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return out, nil
}

func scanImport(row pgx.CollectableRow, now time.Time) (i Import, err error) {
	var id uuid.UUID
	var files, counts []byte
	if err := row.Scan(&id, &i.PBX, &i.State, &i.DryRun, &i.AskedBy, &i.Zone, &i.From, &i.To, &i.Started, &i.Ended, &files, &counts); err != nil {
		return i, err
	}
	i.ID, i.Started, i.Ended, i.From, i.To = id.String(), i.Started.UTC(), utc(i.Ended), utc(i.From), utc(i.To)
	if err := json.Unmarshal(files, &i.Files); err != nil {
		return i, fmt.Errorf("read files of import %s: %w", i.ID, err)
	}
	for n := range i.Files {
		f := &i.Files[n]
		if f.Problems == nil {
			f.Problems = []ImportProblem{}
		}
		if f.Rows == 0 {
			f.First, f.Last = nil, nil
		}
	}
	var sum importing.Summary
	if err := json.Unmarshal(counts, &sum); err != nil {
		return i, fmt.Errorf("read counts of import %s: %w", i.ID, err)
	}
	i.Counts = shownCounts(&sum)
	if f := sum.Failure; f != nil {
		i.Failure = &ImportFail{f.Code, f.File, f.Detail}
	}
	heard := i.Started
	if sum.At.After(heard) {
		heard = sum.At
	}
	if i.State == "running" && now.Sub(heard) > importing.Interrupted {
		i.State, i.Failure = "failed", &ImportFail{Code: "interrupted"}
	}
	return i, nil
}

func shownCounts(s *importing.Summary) ImportCounts {
	c := ImportCounts{
		Calls: s.Calls, New: s.New, Replaced: s.Replaced, Same: s.Same, Kept: s.Kept, Heard: s.Heard, Equal: s.Equal, Different: s.Different,
		OnlyInLogs: s.OnlyInLogs, Written: s.Written, States: s.States, Shown: s.Shown, First: utc(s.First), Last: utc(s.Last), Unknown: []ImportMember{},
	}
	for _, name := range slices.Sorted(maps.Keys(s.Unknown)) {
		c.Unknown = append(c.Unknown, ImportMember{name, s.Unknown[name]})
	}
	return c
}

func (a *API) listDifferences(ctx context.Context, in *differencesInput) (*differencesOutput, error) {
	out := &differencesOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		var known bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM imports WHERE tenant_id = current_tenant() AND id = $1)`, in.ID).Scan(&known); err != nil {
			return err
		}
		if !known {
			return notFound()
		}
		rows, err := tx.Query(ctx, `SELECT n, call_id::text, started, caller, kind, figure, stored, logged, reason FROM import_differences
			WHERE tenant_id = current_tenant() AND import_id = $1 AND n > $2 ORDER BY n LIMIT $3`, in.ID, in.After, in.Limit+1)
		if err != nil {
			return err
		}
		out.Body.Differences, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d ImportDifference, err error) {
			err = row.Scan(&d.N, &d.Call, &d.Start, &d.Caller, &d.Kind, &d.Figure, &d.Stored, &d.Logged, &d.Reason)
			d.Start = d.Start.UTC()
			return d, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list differences: %w", err)
	}
	if list := out.Body.Differences; len(list) > in.Limit {
		out.Body.Differences, out.Body.More = list[:in.Limit], true
	}
	return out, nil
}
