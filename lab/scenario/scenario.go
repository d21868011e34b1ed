package scenario

import "slices"

// Scenario is one play. Names are those of the recordings in lab/corpus.
type Scenario struct {
	Name  string
	About string
	PBXs  []string // letters of the PBXs it needs, "A" unless told otherwise; each has a trunk to the others
	// Shorter is set where a play is cut shorter than its recording, so that repeated rings are fewer.
	Shorter bool
	// Nameless leaves the PBXs' systemname empty.
	Nameless bool
	// Cuts is set where the listeners lose their AMI connections in between: two of them come back at two moments.
	Cuts bool
	// Racing is set where it hangs on milliseconds what comes of a play, so that it may differ from its recording.
	Racing bool
	// Unseen is set where that lasts so long that times can only be estimated.
	Unseen bool

	play func(*Stage)
}

// All lists the scenarios, the longest first so that a run of all of them side by side ends soon.
func All() []Scenario {
	all := slices.Concat(queueScenarios(), outboundScenarios(), internalScenarios(), transferScenarios(), handingScenarios(), applicationScenarios(), reachScenarios(), crossingScenarios(), brokenScenarios(), sessionScenarios())
	for i := range all {
		if all[i].PBXs == nil {
			all[i].PBXs = []string{"A"}
		}
	}
	longest := []string{"i1-internal", "h2-outbound-failures", "i4-park-retrieve", "i8-ivr-queue", "i7-ring-groups", "b1-queue-abandoned-long", "j2-local-members"}
	slices.SortStableFunc(all, func(a, b Scenario) int { return rank(longest, a.Name) - rank(longest, b.Name) })
	return all
}

func rank(order []string, name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}
