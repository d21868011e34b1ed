package call_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/callweave/callweave/cloud/call"
)

var kinds = map[string]call.ExtenKind{
	"operator": call.ExtenOperator, "queue": call.ExtenQueue, "did": call.ExtenDID, "outside": call.ExtenOutside, "service": call.ExtenService,
}

// rule takes a line that says what people decided: [PBX] pattern kind, or [PBX] endpoint device|trunk [number].
func (s *script) rule(words []string) {
	pbx := "A"
	if len(words) > 2 && len(words[0]) == 1 && words[0] >= "A" && words[0] <= "Z" {
		pbx, words = words[0], words[1:]
	}
	s.rules.Rev = 1
	switch {
	case len(words) >= 4 && words[0] == "pair":
		s.rules.Pairs = append(s.rules.Pairs, call.TrunkPair{
			PBX: pbx, Endpoint: words[1], Peer: words[2], PeerEnd: words[3], Forbidden: len(words) == 5 && words[4] == "rejected",
		})
	case len(words) == 2 && kinds[words[1]] != call.ExtenUnknown:
		s.rules.Extens = append(s.rules.Extens, call.ExtenRule{PBX: pbx, Pattern: words[0], Kind: kinds[words[1]]})
	case len(words) >= 2 && words[1] == "device":
		s.rules.Endpoints = append(s.rules.Endpoints, call.EndpointRule{
			PBX: pbx, Endpoint: words[0], Class: call.EndpointDevice, Number: strings.Join(words[2:], ""),
		})
	case len(words) == 2 && words[1] == "trunk":
		s.rules.Endpoints = append(s.rules.Endpoints, call.EndpointRule{PBX: pbx, Endpoint: words[0], Class: call.EndpointTrunk})
	default:
		s.fail("what rule is %q?", words)
	}
}

// assemble plays the scenario under its rules.
func (s *script) assemble() (book, []call.Fact) {
	a, b := call.New(call.Options{}), book{}
	a.SetRules(s.rules)
	for i, e := range s.out {
		a.Feed(e.pbx, e.ev)
		if i%drainEvery == drainEvery-1 {
			b.enter(a.Drain())
		}
	}
	b.enter(a.Flush())
	return b, a.Learned()
}

// toldNumbers writes what was learned of numbers as scenarios expect it.
func toldNumbers(facts []call.Fact) string {
	var out strings.Builder
	for _, f := range facts {
		i := slices.Index([]call.FactKind{call.FactDID, call.FactService}, f.Kind)
		if i < 0 {
			continue
		}
		line := fmt.Sprintf("%s %s %s %s", f.PBX, []string{"did", "service"}[i], f.Name, f.Label)
		out.WriteString(strings.TrimRight(line, " "))
		if f.Said {
			out.WriteString(" by rule")
		}
		out.WriteByte('\n')
	}
	return out.String()
}
