package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/settings"
)

// maxFile is how large a file of a list may be: a year's roster of some hundred people.
const maxFile = 8 << 20

type listInput struct {
	List string `path:"list" maxLength:"40" doc:"people, queues, groups, hours, holidays, policies, reasons, tags, trunks, dids, prefixes, rosters"`
}

type listOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

type importInput struct {
	List    string `path:"list" maxLength:"40"`
	DryRun  bool   `query:"dry_run" doc:"Only tells what would change"`
	RawBody []byte `contentType:"text/csv"`
}

type fileInput struct {
	DryRun  bool   `query:"dry_run" doc:"Only tells what would change"`
	RawBody []byte `contentType:"text/csv"`
}

type importOutput struct {
	Body struct {
		Rows    int               `json:"rows" doc:"Lines of the file"`
		Changes []identity.Change `json:"changes" nullable:"false" doc:"What changed, or would, as the list of changes tells it"`
		DryRun  bool              `json:"dry_run"`
	}
}

// listOperations are lists as files.
func (a *API) listOperations() {
	register(a, operation{http.MethodGet, "/lists/{list}", "export-list", "settings", "A list as a CSV file", 0, readSettings()}, a.exportList)
	const what = "Change a list by a CSV file: all it says or, where a line is wrong, nothing"
	registerFile(a, operation{http.MethodPost, "/lists/{list}", "import-list", "settings", what, 0, writeSettings()}, func(ctx context.Context, in *importInput) (*importOutput, error) {
		l, err := listNamed(in.List)
		if err == nil && l.Policy {
			err = notFound() // it has a place of its own
		}
		if err != nil {
			return nil, err
		}
		return a.importList(ctx, l, fileInput{in.DryRun, in.RawBody})
	})
	for _, l := range settings.Lists() {
		if l.Policy {
			registerFile(a, operation{http.MethodPost, "/lists/" + l.Name, "import-" + l.Name, "settings", what, 0, writePolicies()}, func(ctx context.Context, in *fileInput) (*importOutput, error) {
				return a.importList(ctx, l, *in)
			})
		}
	}
}

// registerFile is register for what takes a file.
func registerFile[I any](a *API, o operation, handle func(context.Context, *I) (*importOutput, error)) {
	op := a.describeOperation(o)
	op.MaxBodyBytes = maxFile
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*importOutput, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, asFailure(err)
		}
		return out, nil
	})
}

func listNamed(name string) (settings.List, error) {
	l, ok := settings.FindList(name)
	if ok {
		return l, nil
	}
	var names []string
	for _, l := range settings.Lists() {
		names = append(names, l.Name)
	}
	return l, fail(http.StatusNotFound, "no-list", locale.Say("There is no such list. There are: %s.", strings.Join(names, ", ")))
}

func (a *API) exportList(ctx context.Context, in *listInput) (*listOutput, error) {
	l, err := listNamed(in.List)
	if err != nil {
		return nil, err
	}
	v := viewerOf(ctx)
	out := &listOutput{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="` + l.Name + `.csv"`}
	err = a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body, err = l.Export(ctx, tx, v.Language == "ru")
		return err
	})
	return out, err
}

func (a *API) importList(ctx context.Context, l settings.List, in fileInput) (*importOutput, error) {
	out := &importOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		if out.Body.Rows, err = e.Import(ctx, l, in.RawBody); err != nil {
			return err
		}
		out.Body.Changes = append([]identity.Change{}, e.Made()...)
		if in.DryRun {
			return errOnlyAsked
		}
		return nil
	})
	out.Body.DryRun = in.DryRun
	if errors.Is(err, errOnlyAsked) {
		err = nil
	}
	return out, sheetRefused(err)
}

// sheetRefused names the lines of a file that are wrong.
func sheetRefused(err error) error {
	var sheet *settings.SheetError
	if !errors.As(err, &sheet) {
		return err
	}
	f := fail(http.StatusUnprocessableEntity, "file-refused", locale.Say("The file was not taken, and nothing was changed. Correct the lines named here and try again."))
	for _, p := range sheet.Problems {
		f.fields = append(f.fields, wrongPart{fmt.Sprintf("line %d", p.Line), p.Say})
	}
	return f
}
