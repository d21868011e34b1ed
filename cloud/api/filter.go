package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/locale"
)

// filter collects conditions that must all hold, and their arguments.
type filter struct {
	conditions []string
	args       []any
}

// add takes one argument for every $ in condition.
func (f *filter) add(condition string, args ...any) {
	for _, arg := range args {
		f.args = append(f.args, arg)
		condition = strings.Replace(condition, "$", "\x00"+strconv.Itoa(len(f.args)), 1)
	}
	f.conditions = append(f.conditions, strings.ReplaceAll(condition, "\x00", "$"))
}

func (f *filter) sql() string { return strings.Join(f.conditions, " AND ") }

// journalFilter says which calls a viewer asked for. The tenant is named although row-level security would add it:
// with it the planner knows the one partition before it begins.
func journalFilter(v *Viewer, in *callsInput) (*filter, error) {
	f := &filter{}
	f.add("tenant_id = $", v.Tenant.UUID())
	if !in.From.IsZero() {
		f.add("started >= $", in.From)
	}
	if !in.To.IsZero() {
		f.add("started < $", in.To)
	}
	for column, ids := range map[string][]int32{"queue_ids": in.Queue, "operator_ids": in.Operator, "pbx_ids": in.PBX} {
		if len(ids) > 0 {
			f.add(column+" && $", ids)
		}
	}
	if len(in.ID) > 0 {
		f.add("id = ANY($)", in.ID)
	}
	if len(in.Direction) > 0 {
		f.add("direction = ANY($)", values(directions(), in.Direction))
	}
	if len(in.Disposition) > 0 {
		f.add("NOT open AND disposition = ANY($)", values(dispositions(), in.Disposition))
	}
	if len(in.Person) > 0 {
		personFilter(f, v.Tenant, in.Person)
	}
	if len(in.Tag) > 0 {
		f.add("id IN (SELECT call_id FROM call_tags WHERE tenant_id = $ AND tag_id = ANY($))", v.Tenant.UUID(), in.Tag)
	}
	if len(in.Attribute) > 0 {
		keys := make([]int64, len(in.Attribute))
		for i, typed := range in.Attribute {
			name, value, _ := strings.Cut(typed, ":")
			keys[i] = call.AttributeKey(name, value)
		}
		f.add("attributes @> $", keys)
	}
	if in.Number != "" {
		condition, pattern := numberPattern(in.Number)
		if pattern == "" {
			return nil, badRequest(locale.Say("A number to look for has at least one digit or letter."))
		}
		f.add(condition, pattern, pattern)
	}
	return f, nil
}

func values(names, chosen []string) []int16 {
	list := make([]int16, 0, len(chosen))
	for _, c := range chosen {
		list = append(list, int16(slices.Index(names, c)))
	}
	return list
}

// numberPattern makes a LIKE pattern of what somebody typed or pasted as a number. A full number is looked for by its
// last ten digits, because +7 916…, 8 916… and 7916… are one number written by different people and trunks. What holds
// no digit is looked for as a name. Digits are compared as they are, which is three times as fast as letters of any case.
func numberPattern(typed string) (condition, pattern string) {
	const exactly, anyCase = "(caller LIKE $ OR dialled LIKE $)", "(caller ILIKE $ OR dialled ILIKE $)"
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '*' || r == '#' {
			return r
		}
		return -1
	}, typed)
	switch {
	case len(digits) >= 11:
		return exactly, "%" + digits[len(digits)-10:]
	case digits != "":
		return exactly, "%" + digits + "%"
	case strings.TrimSpace(typed) == "":
		return "", ""
	}
	return anyCase, "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(typed)) + "%"
}
