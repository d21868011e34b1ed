package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
)

type namesInput struct {
	From  time.Time `query:"from" required:"true" doc:"Begin of the period, for coverage and rosters"`
	To    time.Time `query:"to" required:"true" doc:"End of the period"`
	Zones []string  `query:"zones" maxItems:"10" doc:"IANA names of zones that are wanted besides those of the tenant and its queues" example:"Europe/Moscow"`
}

type namesOutput struct{ Body report.Names }

// factsOperations are about what reports are made of.
func (a *API) factsOperations() {
	register(a, operation{http.MethodGet, "/facts/names", "get-names", "facts", "Who is who in facts, and what was decided about how they count", 0, oneOf(append(seen(), rights.ReadSettings)...)}, a.getNames)
	for name, schema := range a.huma.OpenAPI().Components.Schemas.Map() {
		if strings.HasPrefix(name, reportSchemas) {
			for _, property := range schema.Properties {
				property.Nullable = property.Nullable && property.Type != huma.TypeArray // lists are empty, not absent
			}
		}
	}
}

// getNames answers for the viewer's scope.
func (a *API) getNames(ctx context.Context, in *namesInput) (*namesOutput, error) {
	if !in.From.Before(in.To) {
		return nil, badRequest(locale.Say("The period ends before it begins."))
	}
	v := viewerOf(ctx)
	out := &namesOutput{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		out.Body, err = names.Read(ctx, tx, v.Scope, names.Period{From: in.From, To: in.To, Now: a.deps.Now()}, in.Zones...)
		return err
	})
	var zone *names.ZoneError
	if errors.As(err, &zone) {
		return nil, noZone(zone.Name)
	}
	return out, err
}

func noZone(name string) *failure {
	return fail(http.StatusUnprocessableEntity, "no-zone", locale.Say("%q is no time zone. Write it as in Europe/Moscow or Asia/Vladivostok.", name))
}
