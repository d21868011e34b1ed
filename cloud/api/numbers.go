package api

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
)

func (a *API) listNumbers(ctx context.Context, in *numbersInput) (*numbersOutput, error) {
	out := &numbersOutput{}
	f := &filter{}
	f.add("n.tenant_id = current_tenant()")
	if len(in.Station) > 0 {
		f.add("n.station_id = ANY($)", in.Station)
	}
	if in.Kind != "" {
		f.add("n.kind = $", in.Kind)
	}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT n.station_id, n.number, n.name, n.kind, n.how, n.first_seen, n.seen, c.decided, c.number, c.note, c.made FROM (
				SELECT tenant_id, station_id, number, name, 'did' AS kind, how, first_seen, seen FROM dids
				UNION ALL SELECT tenant_id, station_id, number, name, 'service', how, first_seen, seen FROM services) n
			LEFT JOIN corrections c ON c.tenant_id = n.tenant_id AND c.station_id = n.station_id AND c.subject = 'number' AND c.name = n.number
			WHERE `+f.sql()+` ORDER BY n.station_id, n.kind, n.number`, f.args...)
		if err != nil {
			return err
		}
		out.Body.Numbers, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n DialledNumber, err error) {
			var c correctionRow
			err = row.Scan(&n.Station, &n.Number, &n.Name, &n.Kind, &n.How, &n.FirstSeen, &n.LastSeen, &c.decided, &c.number, &c.note, &c.made)
			n.FirstSeen, n.LastSeen, n.Correction = utc(n.FirstSeen), utc(n.LastSeen), c.shown()
			return n, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list numbers: %w", err)
	}
	return out, nil
}

func (a *API) correctNumber(ctx context.Context, in *correctNumberInput) (*inForceOutput, error) {
	b := &in.Body
	return a.correct(ctx, identity.Correction{Station: b.Station, Subject: identity.SubjectNumber, Name: b.Number, Decided: b.Kind, Note: b.Note})
}

func (a *API) uncorrectNumber(ctx context.Context, in *uncorrectNumberInput) (*inForceOutput, error) {
	return a.uncorrect(ctx, in.Station, identity.SubjectNumber, in.Number)
}

func (a *API) listRules(ctx context.Context, in *stationIDInput) (*rulesOutput, error) {
	out := &rulesOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		var there bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM stations WHERE id = $1)`, in.ID).Scan(&there); err != nil || !there {
			return cmp.Or(err, identity.ErrNotFound)
		}
		rules, err := identity.ExtenRules(ctx, tx, in.ID)
		out.Body.Rules = shownRules(rules)
		return err
	})
	return out, refused(err)
}

func (a *API) setRules(ctx context.Context, in *setRulesInput) (*setRulesOutput, error) {
	out := &setRulesOutput{}
	rules := make([]identity.ExtenRule, 0, len(in.Body.Rules))
	for _, r := range in.Body.Rules {
		rules = append(rules, identity.ExtenRule{Pattern: r.Pattern, Kind: r.Kind, Note: r.Note})
	}
	var err error
	out.Body.InForce, err = a.decide(ctx, func(e *identity.Editor) error { return e.SetExtenRules(ctx, in.ID, rules) })
	out.Body.Rules = shownRules(rules)
	return out, err
}

func shownRules(list []identity.ExtenRule) []ExtenRule {
	shown := make([]ExtenRule, 0, len(list))
	for _, r := range list {
		shown = append(shown, ExtenRule{Pattern: r.Pattern, Kind: r.Kind, Note: r.Note})
	}
	return shown
}

func (a *API) judgeNumber(ctx context.Context, in *judgeInput) (*judgeOutput, error) {
	v := viewerOf(ctx)
	out := &judgeOutput{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		verdict, err := identity.Judge(ctx, tx, in.ID, in.Number)
		out.Body = NumberVerdict{
			Number: in.Number, Kind: cmp.Or(verdict.Kind, "unknown"), By: string(verdict.Why), Position: verdict.Position, Pattern: verdict.Pattern,
			Why: a.words.In(v.Language, why(verdict)),
		}
		return err
	})
	return out, refused(err)
}

// why says in words by what a number was judged.
func why(v identity.Verdict) locale.Sentence {
	switch v.Why {
	case identity.WhyCorrection:
		return locale.Say("Somebody said so of this very number.")
	case identity.WhyRule:
		return locale.Say("Rule %d of the station says so: %s.", v.Position, v.Pattern)
	case identity.WhyQueue:
		return locale.Say("The PBX has a queue of this name.")
	case identity.WhyDevice:
		return locale.Say("A device is known under this number.")
	case identity.WhyDID:
		return locale.Say("Calls from outside asked for it.")
	case identity.WhyService:
		return locale.Say("Whoever dialed it reached nobody but the PBX itself.")
	case identity.WhyStar:
		return locale.Say("It begins with * or #, as service codes do.")
	case identity.WhyLength:
		return locale.Say("It is as long as numbers of the telephone network are.")
	}
	return locale.Say("Nothing is known of it. As a number of few digits it counts as one of yours.")
}

func (a *API) listReferences(ctx context.Context, _ *struct{}) (*referencesOutput, error) {
	out := &referencesOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Names, err = identity.References(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) setReferences(ctx context.Context, in *setReferencesInput) (*setReferencesOutput, error) {
	out := &setReferencesOutput{}
	var err error
	out.Body.InForce, err = a.decide(ctx, func(e *identity.Editor) (err error) {
		out.Body.Names, err = e.SetReferences(ctx, in.Body.Names)
		return err
	})
	return out, err
}
