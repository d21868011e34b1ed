package identity

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
)

// Rules read a tenant's decisions for its assembler. Both methods run in the caller's transaction.
type Rules struct{}

// Rev returns the revision of the decisions in force, 0 for none.
func (Rules) Rev(ctx context.Context, tx pgx.Tx) (rev int64, err error) {
	err = tx.QueryRow(ctx, `SELECT rev FROM rules_revision WHERE tenant_id = current_tenant()`).Scan(&rev)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("read revision of rules: %w", err)
	}
	return rev, nil
}

// Read returns all decisions. Those about a station are told for each of its PBXs, by name. What was said of one number
// goes before the rules of its station.
func (r Rules) Read(ctx context.Context, tx pgx.Tx) (rules call.Rules, err error) {
	if rules.Rev, err = r.Rev(ctx, tx); err != nil {
		return rules, err
	}
	for _, read := range []func(context.Context, pgx.Tx, *call.Rules) error{readEndpoints, readExtens, readPairs, readReferences} {
		if err := read(ctx, tx, &rules); err != nil {
			return rules, fmt.Errorf("read rules: %w", err)
		}
	}
	return rules, nil
}

func readEndpoints(ctx context.Context, tx pgx.Tx, rules *call.Rules) error {
	rows, err := tx.Query(ctx, `SELECT p.name, c.name, c.decided, c.number FROM corrections c JOIN pbxs p USING (tenant_id, station_id)
		WHERE c.tenant_id = current_tenant() AND c.subject = 'endpoint' ORDER BY p.name, c.name`)
	if err != nil {
		return err
	}
	var e call.EndpointRule
	var decided string
	_, err = pgx.ForEachRow(rows, []any{&e.PBX, &e.Endpoint, &decided, &e.Number}, func() error {
		e.Class = endpointClass(decided)
		rules.Endpoints = append(rules.Endpoints, e)
		return nil
	})
	return err
}

func readExtens(ctx context.Context, tx pgx.Tx, rules *call.Rules) error {
	rows, err := tx.Query(ctx, `
		SELECT p.name, r.pattern, r.kind FROM pbxs p JOIN (
			SELECT station_id, 0 AS listed, id AS position, name AS pattern, decided AS kind FROM corrections
				WHERE tenant_id = current_tenant() AND subject = 'number'
			UNION ALL SELECT station_id, 1, position, pattern, kind FROM exten_rules WHERE tenant_id = current_tenant()) r USING (station_id)
		WHERE p.tenant_id = current_tenant() ORDER BY p.name, r.listed, r.position`)
	if err != nil {
		return err
	}
	var e call.ExtenRule
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&e.PBX, &e.Pattern, &kind}, func() error {
		e.Kind = extenKind(kind)
		rules.Extens = append(rules.Extens, e)
		return nil
	})
	return err
}

func readPairs(ctx context.Context, tx pgx.Tx, rules *call.Rules) error {
	rows, err := tx.Query(ctx, `SELECT a.name, t.endpoint, b.name, t.peer_endpoint, t.state = 'rejected' FROM trunk_pairs t
		JOIN pbxs a ON a.tenant_id = t.tenant_id AND a.id = t.pbx_id JOIN pbxs b ON b.tenant_id = t.tenant_id AND b.id = t.peer_id
		WHERE t.tenant_id = current_tenant() ORDER BY t.id`)
	if err != nil {
		return err
	}
	rules.Pairs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[call.TrunkPair])
	return err
}

func readReferences(ctx context.Context, tx pgx.Tx, rules *call.Rules) error {
	rows, err := tx.Query(ctx, `SELECT name FROM reference_names WHERE tenant_id = current_tenant() ORDER BY name`)
	if err != nil {
		return err
	}
	rules.References, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// What decisions are called in the database and to the outside.

func endpointClass(name string) call.EndpointClass {
	switch name {
	case "device":
		return call.EndpointDevice
	case "trunk":
		return call.EndpointTrunk
	}
	return call.EndpointLearned
}

// Kinds are the names of the kinds an extension may be said to be, which are those of [call.ExtenKind].
func Kinds() []string { return []string{"operator", "queue", "did", "outside", "service"} }

func extenKind(name string) call.ExtenKind {
	for i, k := range Kinds() {
		if k == name {
			return call.ExtenOperator + call.ExtenKind(i)
		}
	}
	return call.ExtenUnknown
}
