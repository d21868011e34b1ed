package api

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
)

const problemType = "application/problem+json"

// Problem is how every error is answered (RFC 9457): a code for machines, which never changes, and a sentence in the
// viewer's language.
type Problem struct {
	Type   string         `json:"type" doc:"urn:callweave:problem: and the code" example:"urn:callweave:problem:not-found"`
	Title  string         `json:"title" doc:"The HTTP status in words" example:"Not Found"`
	Status int            `json:"status" example:"404"`
	Code   string         `json:"code" doc:"What happened, for machines" example:"not-found"`
	Detail string         `json:"detail" doc:"What happened and what to do, for people, in their language"`
	Fields []ProblemField `json:"fields,omitempty" doc:"What is wrong with which part of the request"`
}

// ProblemField is one wrong part of a request.
type ProblemField struct {
	Location string `json:"location" example:"query.from"`
	Message  string `json:"message"`
}

// failure is an error that a viewer may see. cause, if there is one, goes to the log only.
type failure struct {
	status int
	code   string
	say    locale.Sentence
	cause  error
	header http.Header
	fields []wrongPart
}

// wrongPart is what is wrong with a part of the request, in words.
type wrongPart struct {
	location string
	say      locale.Sentence
}

func fail(status int, code string, say locale.Sentence) *failure {
	return &failure{status: status, code: code, say: say}
}

func (f *failure) because(err error) *failure { f.cause = err; return f }

// Error is for the log: code and cause.
func (f *failure) Error() string {
	if f.cause != nil {
		return f.code + ": " + f.cause.Error()
	}
	return f.code + ": " + f.say.String()
}

func (f *failure) Unwrap() error           { return f.cause }
func (f *failure) GetStatus() int          { return f.status }
func (f *failure) GetHeaders() http.Header { return f.header }
func (*failure) ContentType(string) string { return problemType }

// ContentType makes huma send problems as what they are.
func (*Problem) ContentType(string) string { return problemType }

func internal(err error) *failure {
	return fail(500, "internal", locale.Say("Something went wrong on our side. It has been logged; try again.")).because(err)
}

func notFound() *failure { return fail(404, "not-found", locale.Say("There is nothing here.")) }

func badRequest(say locale.Sentence) *failure { return fail(400, "bad-request", say) }

func signInFirst() *failure {
	return fail(401, "not-signed-in", locale.Say("You are not signed in, or your session has ended. Sign in again."))
}

func forbidden() *failure {
	return fail(403, "forbidden", locale.Say("You may not see or do this. An administrator can change your role."))
}

func limited() *failure {
	return fail(403, "limited", locale.Say("This is about the whole company, and what you see is limited to a part of it."))
}

// seesNothing is for somebody who has rights, and nothing to use them on.
func seesNothing(v *Viewer) *failure {
	if v.Limits.See == rights.SeeOwn {
		return fail(403, "not-linked", locale.Say("Nobody said yet which person or device you are. An administrator can: Settings, Users."))
	}
	return fail(403, "sees-nothing", locale.Say("What you may see is limited to nothing yet. An administrator can change that: Settings, Users."))
}

// problem turns whatever went wrong into what the viewer gets to see.
func (a *API) problem(language string, v any) (*Problem, error) {
	switch e := v.(type) {
	case *failure:
		var fields []ProblemField
		for _, w := range e.fields {
			fields = append(fields, ProblemField{Location: w.location, Message: a.words.In(language, w.say)})
		}
		return a.describe(language, e, fields), e.cause
	case *huma.ErrorModel:
		return a.fromModel(language, e)
	}
	return nil, nil
}

// fromModel words the errors huma finds by itself while it reads a request, and those no handler foresaw.
func (a *API) fromModel(language string, m *huma.ErrorModel) (*Problem, error) {
	var fields []ProblemField
	var cause error
	for _, d := range m.Errors {
		if d == nil {
			continue
		}
		fields = append(fields, ProblemField{Location: d.Location, Message: d.Message})
		cause = errors.Join(cause, d)
	}
	switch {
	case m.Status >= 500:
		return a.describe(language, internal(nil), nil), errors.Join(errors.New(m.Detail), cause)
	case m.Status == http.StatusRequestEntityTooLarge:
		return a.describe(language, fail(m.Status, "too-large", locale.Say("The request is too large.")), nil), nil
	case m.Status == http.StatusRequestTimeout:
		return a.describe(language, fail(m.Status, "too-slow", locale.Say("The request took too long to arrive.")), nil), nil
	case m.Status == http.StatusNotAcceptable, m.Status == http.StatusUnsupportedMediaType:
		return a.describe(language, fail(m.Status, "media-type", locale.Say("This interface speaks JSON.")), nil), nil
	}
	return a.describe(language, fail(m.Status, "bad-request", locale.Say("The request is not understood.")), fields), nil
}

func (a *API) describe(language string, f *failure, fields []ProblemField) *Problem {
	return &Problem{
		Type:   "urn:callweave:problem:" + f.code,
		Title:  http.StatusText(f.status),
		Status: f.status,
		Code:   f.code,
		Detail: a.words.In(language, f.say),
		Fields: fields,
	}
}

// transform is huma's last step before a body is written: errors get their final form here, all of them.
func (a *API) transform(ctx huma.Context, _ string, v any) (any, error) {
	p, cause := a.problem(languageOf(ctx.Context(), ctx.Header("Accept-Language")), v)
	if p == nil {
		return v, nil
	}
	if p.Status >= 500 {
		a.log.ErrorContext(ctx.Context(), "request failed", slog.String("request", requestID(ctx.Context())),
			slog.String("operation", ctx.Operation().OperationID), slog.Any("error", cause))
	}
	return p, nil
}
