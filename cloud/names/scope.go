package names

import (
	"slices"

	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/rights"
)

// limit takes away what the scope hides.
func limit(n *report.Names, scope rights.Scope, v *Named) {
	n.Queues = keep(n.Queues, func(q report.Queue) bool { return v.Queue(q.ID) })
	n.Operators = keep(n.Operators, func(o report.Operator) bool { return v.Operator(o.ID) })
	n.Policies = keep(n.Policies, func(p report.Policy) bool { return p.Queue == 0 || v.Queue(p.Queue) })
	n.Bindings = keep(n.Bindings, func(b report.Binding) bool { return v.Person(b.Person) && v.Operator(b.Operator) })
	n.People = keep(n.People, func(p report.Person) bool { return v.Person(p.ID) })
	n.Shifts = keep(n.Shifts, func(r report.Roster) bool { return v.Person(r.Person) })

	for i := range n.Groups {
		g := &n.Groups[i]
		g.Queues, g.People, g.Operators = keep(g.Queues, v.Queue), keep(g.People, v.Person), keep(g.Operators, v.Operator)
	}
	n.Groups = keep(n.Groups, func(g report.Group) bool {
		return scope.Everything || len(g.Queues)+len(g.People)+len(g.Operators) > 0
	})
}

func keep[T any](list []T, visible func(T) bool) []T {
	return slices.DeleteFunc(list, func(x T) bool { return !visible(x) })
}
