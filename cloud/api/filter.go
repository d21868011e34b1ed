package api

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
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

// any is the one condition that one of them holds; of none it is false.
func (f *filter) any() string {
	if len(f.conditions) == 0 {
		return "false"
	}
	return "(" + strings.Join(f.conditions, " OR ") + ")"
}

// journalFilter says which calls a viewer asked for, of those he sees. The tenant is named although row-level security would
// add it: with it the planner knows the one partition before it begins.
func journalFilter(v *Viewer, m *masker, in *callsInput) (*filter, error) {
	f := &filter{}
	f.add("tenant_id = $", v.Tenant.UUID())
	if !in.From.IsZero() {
		f.add("started >= $", in.From)
	}
	if !in.To.IsZero() {
		f.add("started < $", in.To)
	}
	if len(in.PBX) > 0 {
		f.add("pbx_ids && $", in.PBX)
	}
	if len(in.ID) > 0 {
		f.add("id = ANY($)", in.ID)
	}
	askedFor(f, v, m, in)
	inScope(f, v.Tenant, v.Scope)
	if len(in.Direction) > 0 {
		f.add("direction = ANY($)", values(directions(), in.Direction))
	}
	if len(in.Disposition) > 0 {
		f.add("NOT open AND disposition = ANY($)", values(dispositions(), in.Disposition))
	}
	if err := attributeFilter(f, m, in.Attribute); err != nil {
		return nil, err
	}
	if len(in.Tag) > 0 {
		f.add("id IN (SELECT call_id FROM call_tags WHERE tenant_id = $ AND tag_id = ANY($))", v.Tenant.UUID(), in.Tag)
	}
	return f, numberFilter(f, v, m, in.Number)
}

// askedFor leaves calls of the queues, devices and people that were asked for. Of one whose name the viewer may not read
// there are none.
func askedFor(f *filter, v *Viewer, m *masker, in *callsInput) {
	queues, none := m.asked(in.Queue, (*names.Named).Queue)
	devices, noDevice := m.asked(in.Operator, (*names.Named).Operator)
	people, nobody := m.asked(in.Person, (*names.Named).Person)
	if none || noDevice || nobody {
		f.add("false")
		return
	}
	if len(queues) > 0 {
		f.add("queue_ids && $", queues)
	}
	if len(devices) > 0 {
		byDevices(f, v.Tenant, devices, v.Scope)
	}
	if len(people) > 0 {
		personFilter(f, v.Tenant, people)
	}
}

func attributeFilter(f *filter, m *masker, typed []string) error {
	if len(typed) == 0 {
		return nil
	}
	keys := make([]int64, len(typed))
	for i, t := range typed {
		name, value, _ := strings.Cut(t, ":")
		if m != nil && value != "" {
			return fail(403, "limited", locale.Say("You may look for attributes by their name only: values hold numbers and names that you may not see."))
		}
		keys[i] = call.AttributeKey(name, value)
	}
	f.add("attributes @> $", keys)
	return nil
}

// numberFilter finds nothing by what the viewer does not get to read: by the digits of an outside number that are not shown,
// or by the number of somebody who is not to be watched.
func numberFilter(f *filter, v *Viewer, m *masker, typed string) error {
	if typed == "" {
		return nil
	}
	condition, pattern := numberPattern(typed)
	if pattern == "" {
		return badRequest(locale.Say("A number to look for has at least one digit or letter."))
	}
	if !v.Scope.Numbers {
		condition = strings.NewReplacer("caller ", shown("caller"), "dialled ", shown("dialled")).Replace(condition)
	}
	if hidden := m.numbers(); len(hidden) > 0 {
		f.add(condition+" AND caller <> ALL($) AND dialled <> ALL($)", pattern, pattern, hidden, hidden)
		return nil
	}
	f.add(condition, pattern, pattern)
	return nil
}

// shown is what is shown of a number whose last digits are not; what is short is one of ours.
func shown(column string) string {
	return fmt.Sprintf("CASE WHEN length(%[1]s) > %[2]d THEN left(%[1]s, -%[3]d) ELSE %[1]s END ", column, longestOwn, hiddenDigits)
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
