package names

import (
	"slices"

	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
)

// view says which names a scope leaves. Who is limited to queues reads who answered in them, so the names of devices are
// limited only where nothing else is seen.
type view struct{ rights.Scope }

func (v view) queue(id int32) bool {
	return v.Everything || !v.Own && slices.Contains(v.Queues, id)
}

func (v view) operator(id int32) bool {
	if v.Hides(id) {
		return false
	}
	return v.Everything || !v.Own && len(v.Queues) > 0 || slices.Contains(v.Operators, id)
}

func (v view) binding(b report.Binding) bool { return v.operator(b.Operator) }

// limit takes away what the scope hides.
func limit(n *report.Names, scope rights.Scope) {
	v := view{scope}
	n.Queues = keep(n.Queues, func(q report.Queue) bool { return v.queue(q.ID) })
	n.Operators = keep(n.Operators, func(o report.Operator) bool { return v.operator(o.ID) })
	n.Policies = keep(n.Policies, func(p report.Policy) bool { return p.Queue == 0 || v.queue(p.Queue) })

	bound, seen := map[int32]bool{}, map[int32]bool{}
	for _, b := range n.Bindings {
		bound[b.Person] = true
	}
	n.Bindings = keep(n.Bindings, v.binding)
	for _, b := range n.Bindings {
		seen[b.Person] = true
	}
	person := func(id int32) bool { return seen[id] || scope.Everything && !bound[id] }
	n.People = keep(n.People, func(p report.Person) bool { return person(p.ID) })
	n.Shifts = keep(n.Shifts, func(r report.Roster) bool { return person(r.Person) })

	for i := range n.Groups {
		g := &n.Groups[i]
		g.Queues, g.People, g.Operators = keep(g.Queues, v.queue), keep(g.People, person), keep(g.Operators, v.operator)
	}
	n.Groups = keep(n.Groups, func(g report.Group) bool {
		return scope.Everything || len(g.Queues)+len(g.People)+len(g.Operators) > 0
	})
}

func keep[T any](list []T, visible func(T) bool) []T {
	return slices.DeleteFunc(list, func(x T) bool { return !visible(x) })
}
