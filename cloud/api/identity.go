package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
)

// identityOperations are about what people decide: who works at which device, what endpoints and numbers are.
func (a *API) identityOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	register(a, operation{get, "/people", "list-people", "people", "People and their devices", 0, needs(rights.ReadSettings)}, a.listPeople)
	register(a, operation{post, "/people", "add-person", "people", "Add a person", 201, whole(rights.WriteSettings)}, a.addPerson)
	register(a, operation{put, "/people/{id}", "change-person", "people", "Change a person's name or note", 0, whole(rights.WriteSettings)}, a.changePerson)
	register(a, operation{del, "/people/{id}", "remove-person", "people", "Remove a person who never had a device", 204, whole(rights.WriteSettings)}, a.removePerson)
	register(a, operation{get, "/bindings", "list-bindings", "people", "Whose which device is, or was at a moment", 0, needs(rights.ReadSettings)}, a.listBindings)
	register(a, operation{post, "/bindings", "add-binding", "people", "Give a device to a person from a moment on; without an end it takes it from whoever has it", 201, whole(rights.WriteSettings)}, a.addBinding)
	register(a, operation{put, "/bindings/{id}", "change-binding", "people", "Correct whose a device was and when; results of that time change with it", 0, whole(rights.WriteSettings)}, a.changeBinding)
	register(a, operation{del, "/bindings/{id}", "remove-binding", "people", "Remove a binding as if it had never been", 204, whole(rights.WriteSettings)}, a.removeBinding)

	register(a, operation{get, "/stations", "list-stations", "identity", "Stations and their PBXs", 0, whole(rights.ReadSettings)}, a.listStations)
	register(a, operation{get, "/endpoints", "list-endpoints", "identity", "What endpoints are, and by what that is known", 0, whole(rights.ReadSettings)}, a.listEndpoints)
	register(a, operation{put, "/endpoints/correction", "correct-endpoint", "identity", "Say what an endpoint of a station is", 0, whole(rights.WriteSettings)}, a.correctEndpoint)
	register(a, operation{del, "/endpoints/correction", "uncorrect-endpoint", "identity", "Take that back: what is learned counts again", 0, whole(rights.WriteSettings)}, a.uncorrectEndpoint)
	register(a, operation{get, "/numbers", "list-numbers", "identity", "Numbers the outside calls in by, and service codes, as they were learned", 0, whole(rights.ReadSettings)}, a.listNumbers)
	register(a, operation{put, "/numbers/correction", "correct-number", "identity", "Say what a number of a station is", 0, whole(rights.WriteSettings)}, a.correctNumber)
	register(a, operation{del, "/numbers/correction", "uncorrect-number", "identity", "Take that back: rules, and what is learned, count again", 0, whole(rights.WriteSettings)}, a.uncorrectNumber)
	register(a, operation{get, "/stations/{id}/rules", "list-rules", "identity", "What numbers of a station are by their pattern", 0, whole(rights.ReadSettings)}, a.listRules)
	register(a, operation{put, "/stations/{id}/rules", "set-rules", "identity", "Put another list of rules in the place of a station's", 0, whole(rights.WriteSettings)}, a.setRules)
	register(a, operation{get, "/stations/{id}/number", "judge-number", "identity", "What a number of a station is and why", 0, whole(rights.ReadSettings)}, a.judgeNumber)
	register(a, operation{get, "/references", "list-references", "identity", "Channel variables that carry a reference from one PBX to the next", 0, whole(rights.ReadSettings)}, a.listReferences)
	register(a, operation{put, "/references", "set-references", "identity", "Put another list of them in its place", 0, whole(rights.WriteSettings)}, a.setReferences)
	register(a, operation{get, "/trunk-pairs", "list-trunk-pairs", "identity", "Trunks between PBXs: proposed by what was seen, confirmed, rejected", 0, whole(rights.ReadSettings)}, a.listTrunkPairs)
	register(a, operation{put, "/trunk-pairs", "set-trunk-pair", "identity", "Say whether two endpoints are the ends of one trunk", 0, whole(rights.WriteSettings)}, a.setTrunkPair)
	register(a, operation{del, "/trunk-pairs", "remove-trunk-pair", "identity", "Take that back: what is seen proposes it again", 0, whole(rights.WriteSettings)}, a.removeTrunkPair)

	register(a, operation{get, "/audit", "list-audit", "audit", "Who changed what and when", 0, whole(rights.ReadAudit)}, a.listAudit)
}

// edit lets the viewer make changes in one transaction.
func (a *API) edit(ctx context.Context, change func(*identity.Editor) error) error {
	return a.editing(ctx, func(_ pgx.Tx, e *identity.Editor) error { return change(e) })
}

func (a *API) editing(ctx context.Context, change func(pgx.Tx, *identity.Editor) error) error {
	v := viewerOf(ctx)
	return a.inTurn(ctx, func(tx pgx.Tx) error {
		return change(tx, identity.Edit(tx, identity.Author{User: v.User, Login: v.Login}))
	})
}

// inTurn does a transaction of the viewer's tenant again where it met somebody else's change so that one of the two had to
// give way.
func (a *API) inTurn(ctx context.Context, change func(pgx.Tx) error) error {
	const (
		attempts = 3
		deadlock = "40P01"
	)
	for n := 1; ; n++ {
		err := a.deps.DB.As(viewerOf(ctx).Tenant).Tx(ctx, change)
		var pe *pgconn.PgError
		if n == attempts || !errors.As(err, &pe) || pe.Code != deadlock {
			return refused(err)
		}
	}
}

// decide lets the viewer change the rules, and tells from when they count.
func (a *API) decide(ctx context.Context, change func(*identity.Editor) error) (in InForce, err error) {
	now := a.deps.Now().UTC()
	err = a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) (err error) {
		if err := change(e); err != nil {
			return err
		}
		in, err = inForce(ctx, tx)
		return err
	})
	in.From = now
	return in, err
}

func inForce(ctx context.Context, tx pgx.Tx) (in InForce, err error) {
	if in.Revision, err = (identity.Rules{}).Rev(ctx, tx); err != nil {
		return in, err
	}
	var slug string
	if err := tx.QueryRow(ctx, `SELECT slug FROM tenants WHERE id = current_tenant()`).Scan(&slug); err != nil {
		return in, fmt.Errorf("read tenant: %w", err)
	}
	in.Past = "callweave reassemble --tenant " + slug + " --from DATE"
	return in, nil
}

// refused turns what was not done into what the viewer gets to see.
func refused(err error) error {
	var r *identity.RefusalError
	switch {
	case errors.Is(err, identity.ErrNotFound):
		return notFound()
	case errors.As(err, &r) && r.Conflict:
		return fail(http.StatusConflict, r.Code, r.Say)
	case errors.As(err, &r):
		return fail(http.StatusUnprocessableEntity, r.Code, r.Say)
	}
	return err
}
