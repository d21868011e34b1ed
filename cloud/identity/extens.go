package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/locale"
)

// ExtenRule says what the numbers that match a pattern are. Of a station's list the first rule that matches decides.
type ExtenRule struct {
	Pattern string `json:"pattern"` // see [call.ExtenRule]
	Kind    string `json:"kind"`    // one of [Kinds]
	Note    string `json:"note,omitempty"`
}

// maxRules bounds a station's list: it is gone through for every call.
const maxRules = 200

// SetExtenRules puts another list of rules in the place of a station's.
func (e *Editor) SetExtenRules(ctx context.Context, station int32, list []ExtenRule) error {
	if err := checkRules(list); err != nil {
		return err
	}
	name, err := e.station(ctx, station)
	if err != nil {
		return err
	}
	was, err := ExtenRules(ctx, e.tx, station)
	if err != nil {
		return err
	}
	if slices.Equal(was, list) {
		return nil
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM exten_rules WHERE tenant_id = current_tenant() AND station_id = $1`, station); err != nil {
		return fmt.Errorf("remove rules: %w", err)
	}
	var b pgx.Batch
	for i, r := range list {
		b.Queue(`INSERT INTO exten_rules (tenant_id, station_id, position, pattern, kind, note) VALUES (current_tenant(), $1, $2, $3, $4, $5)`,
			station, i+1, r.Pattern, r.Kind, r.Note)
	}
	if err := e.tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	return e.decide(ctx, "exten-rules.set", name, was, list)
}

// ExtenRules returns a station's list of rules in their order.
func ExtenRules(ctx context.Context, tx pgx.Tx, station int32) ([]ExtenRule, error) {
	rows, err := tx.Query(ctx, `SELECT pattern, kind, note FROM exten_rules WHERE tenant_id = current_tenant() AND station_id = $1 ORDER BY position`, station)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ExtenRule])
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return list, nil
}

func checkRules(list []ExtenRule) error {
	if len(list) > maxRules {
		return invalid(locale.Say("A station has at most %d rules. Patterns say many numbers at once.", maxRules))
	}
	for i := range list {
		r := &list[i]
		r.Pattern, r.Note = strings.TrimSpace(r.Pattern), strings.TrimSpace(r.Note)
		if !slices.Contains(Kinds(), r.Kind) {
			return invalid(locale.Say("Rule %d: a number is operator, queue, did, outside or service.", i+1))
		}
		if !plain(r.Note, 0) {
			return invalid(locale.Say("Rule %d: a note is at most 200 characters.", i+1))
		}
		if err := checkPattern(i+1, r.Pattern); err != nil {
			return err
		}
		for j, other := range list[:i] {
			if other.Pattern == r.Pattern {
				return invalid(locale.Say("Rule %d never decides: rule %d has the same pattern.", i+1, j+1))
			}
		}
	}
	return nil
}

func checkPattern(n int, pattern string) error {
	p, isPattern := strings.CutPrefix(pattern, "_")
	switch {
	case !isPattern && strings.ContainsAny(pattern, "XZNxzn[].!"):
		return invalid(locale.Say("Rule %d: %q looks like a pattern. A pattern begins with an underscore: _%s.", n, pattern, pattern))
	case !isPattern && !numbers.MatchString(pattern):
		return invalid(locale.Say("Rule %d: %q is neither a number nor a pattern. A pattern is written as in the dialplan: _6XX.", n, pattern))
	case isPattern && (p == "" || len(p) > 80):
		return invalid(locale.Say("Rule %d: a pattern is an underscore and 1 to 80 more characters, such as _6XX.", n))
	case !isPattern:
		return nil
	}
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case c == '[':
			end := strings.IndexByte(p[i:], ']')
			if end < 2 {
				return invalid(locale.Say("Rule %d: in %q a bracket is opened and not closed, or is empty.", n, pattern))
			}
			if set := p[i+1 : i+end]; !numbers.MatchString(set) {
				return invalid(locale.Say("Rule %d: in %q the set %q holds something else than digits, letters, *, # and +.", n, pattern, set))
			}
			i += end
		case c == '.' || c == '!':
			if i != len(p)-1 {
				return invalid(locale.Say("Rule %d: in %q nothing can follow the %q, which stands for any rest.", n, pattern, string(c)))
			}
		case c == ']', c != '-' && !numbers.MatchString(string(c)):
			return invalid(locale.Say("Rule %d: in %q the character %q means nothing.", n, pattern, string(c)))
		}
	}
	return nil
}

// SetReferences puts another list of names of channel variables in the place of the tenant's.
func (e *Editor) SetReferences(ctx context.Context, names []string) ([]string, error) {
	names = slices.Clone(names)
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
		if !variable(names[i]) {
			return nil, invalid(locale.Say("%q is not the name of a channel variable: letters, digits and underscores, not beginning with a digit, at most 80.", names[i]))
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 20 {
		return nil, invalid(locale.Say("At most 20 variables can carry references."))
	}
	if err := e.alone(ctx); err != nil {
		return nil, err
	}
	was, err := References(ctx, e.tx)
	if err != nil || slices.Equal(was, names) {
		return names, err
	}
	if _, err := e.tx.Exec(ctx, `DELETE FROM reference_names WHERE tenant_id = current_tenant()`); err != nil {
		return nil, fmt.Errorf("remove names of references: %w", err)
	}
	if _, err := e.tx.Exec(ctx, `INSERT INTO reference_names (tenant_id, name) SELECT current_tenant(), unnest($1::text[])`, names); err != nil {
		return nil, fmt.Errorf("write names of references: %w", err)
	}
	return names, e.decide(ctx, "references.set", strings.Join(names, " "), was, names)
}

// References returns the names of the channel variables that carry references, in their order.
func References(ctx context.Context, tx pgx.Tx) ([]string, error) {
	var rules call.Rules
	if err := readReferences(ctx, tx, &rules); err != nil {
		return nil, fmt.Errorf("read names of references: %w", err)
	}
	if rules.References == nil {
		return []string{}, nil
	}
	return rules.References, nil
}

func variable(s string) bool {
	for i, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 80
}

// Why says by what a number was judged.
type Why string

// The grounds, the strongest first.
const (
	WhyCorrection Why = "correction" // somebody said so of this very number
	WhyRule       Why = "rule"       // the station's rule at Position
	WhyQueue      Why = "queue"      // a queue of that name was seen
	WhyDevice     Why = "device"     // a device is known under it
	WhyDID        Why = "did"        // the outside asked for it
	WhyService    Why = "service"    // dialling it reached nobody but the PBX
	WhyStar       Why = "star"       // it begins with * or #
	WhyLength     Why = "length"     // it is as long as numbers of the telephone network are
	WhyNothing    Why = "nothing"
)

// Verdict is what a number of a station is and why.
type Verdict struct {
	Kind     string // one of [Kinds], "" unknown
	Why      Why
	Position int    // of the rule, from 1
	Pattern  string // of the rule
}

// Judge tells what a number is on a station. It returns [ErrNotFound] where there is no such station.
func Judge(ctx context.Context, tx pgx.Tx, station int32, number string) (v Verdict, err error) {
	if number = strings.TrimSpace(number); !numbers.MatchString(number) {
		return v, invalid(locale.Say("%q is not a number: digits, letters, *, # and +, at most 40 of them.", number))
	}
	var decided *string
	var queue, device, did, service bool
	err = tx.QueryRow(ctx, `
		SELECT (SELECT decided FROM corrections WHERE tenant_id = current_tenant() AND station_id = $1 AND subject = 'number' AND name = $2),
		       EXISTS (SELECT FROM queues WHERE tenant_id = current_tenant() AND station_id = $1 AND number = $2),
		       EXISTS (SELECT FROM operators WHERE tenant_id = current_tenant() AND station_id = $1 AND number = $2),
		       EXISTS (SELECT FROM dids WHERE tenant_id = current_tenant() AND station_id = $1 AND number = $2),
		       EXISTS (SELECT FROM services WHERE tenant_id = current_tenant() AND station_id = $1 AND number = $2)
		FROM stations WHERE tenant_id = current_tenant() AND id = $1`, station, number).Scan(&decided, &queue, &device, &did, &service)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, ErrNotFound
	}
	if err != nil {
		return v, fmt.Errorf("look number up: %w", err)
	}
	if decided != nil {
		return Verdict{Kind: *decided, Why: WhyCorrection}, nil
	}
	rules, err := ExtenRules(ctx, tx, station)
	if err != nil {
		return v, err
	}
	for i, r := range rules {
		if call.MatchExten(r.Pattern, number) {
			return Verdict{Kind: r.Kind, Why: WhyRule, Position: i + 1, Pattern: r.Pattern}, nil
		}
	}
	switch {
	case queue:
		return Verdict{Kind: "queue", Why: WhyQueue}, nil
	case device:
		return Verdict{Kind: "operator", Why: WhyDevice}, nil
	case did:
		return Verdict{Kind: "did", Why: WhyDID}, nil
	case service:
		return Verdict{Kind: "service", Why: WhyService}, nil
	case number[0] == '*' || number[0] == '#':
		return Verdict{Kind: "service", Why: WhyStar}, nil
	case call.LooksOutside(number):
		return Verdict{Kind: "outside", Why: WhyLength}, nil
	}
	return Verdict{Why: WhyNothing}, nil
}
