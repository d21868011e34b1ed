package demo

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
)

// Recast gives the parts of a recording to the people of the PBX: its phones get their names, and outside numbers are
// replaced by others, the same one by the same within a scenario, so that what it says remains consistent with itself.
func (p PBX) Recast(scenario string, recording []byte) []byte {
	var pairs []string
	for _, o := range p.Operators {
		pairs = append(pairs, "Agent "+o.Number, o.Name)
	}
	for number, member := range recordedMembers() {
		pairs = append(pairs, member, p.nameOf(number))
	}
	recording = []byte(strings.NewReplacer(pairs...).Replace(string(recording)))
	outside := regexp.MustCompile(`\b79(16123|26000)\d{4}\b`)
	return outside.ReplaceAllFunc(recording, func(number []byte) []byte {
		h := fnv.New32a()
		_, _ = h.Write([]byte(p.Name + scenario)) // never fails
		_, _ = h.Write(number)
		return fmt.Appendf(nil, "79%02d%07d", 3+h.Sum32()%90, h.Sum32()/90%10_000_000)
	})
}

// recordedMembers are the names of queue members in the recordings.
func recordedMembers() map[string]string {
	return map[string]string{"101": "Anna Alpha", "102": "Boris Beta", "103": "Clara Gamma", "104": "Denis Delta"}
}

func (p PBX) nameOf(operator string) string {
	for _, o := range p.Operators {
		if o.Number == operator {
			return o.Name
		}
	}
	return operator
}
