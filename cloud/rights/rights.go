// Package rights says what somebody may do and see: named rights, roles made of them, and the scope of what is visible. It
// is pure; who has which role is stored elsewhere, and every door asks here.
package rights

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
)

// Right is one thing that may be done or seen.
type Right string

// The rights. A role is a set of them; the three that come with the product are made of the same.
const (
	ReadCalls     Right = "calls.read"     // journal and stories of the scope
	ReadEvents    Right = "events.read"    // what the PBXs said of them
	ReadReports   Right = "reports.read"   // facts and reports of the scope
	ReadStates    Right = "states.read"    // what operators did
	Export        Right = "export"         // files and e-mails of what may be seen
	Schedule      Right = "schedule"       // reports by e-mail
	ReadNumbers   Right = "numbers.read"   // outside numbers in full; without it their last digits are hidden
	ReadPBXs      Right = "pbxs.read"      // PBXs, agents, coverage
	WritePBXs     Right = "pbxs.write"     // add a PBX, revoke an agent
	ReadSettings  Right = "settings.read"  // the configurator
	WriteSettings Right = "settings.write" // people, groups, queues, numbers, statuses
	WritePolicies Right = "policies.write" // service level, hours, zones
	WriteUsers    Right = "users.write"    // users, roles, invitations, tokens of others
	WriteTags     Right = "tags.write"     // put words on calls
	WriteTokens   Right = "tokens.write"   // tokens of one's own
	ReadUnwatched Right = "unwatched.read" // operators who are not to be watched
	ReadAudit     Right = "audit.read"     // who changed what
)

// Scope is what may be seen. The zero value sees nothing.
type Scope struct {
	Everything bool    // no limit
	Queues     []int32 // limited to: calls that were in one of these, and their rows,
	Operators  []int32 // or in which one of these devices took part, and its rows
	Own        bool    // Operators are the viewer's own devices: nothing of others is shown beside them
	Unwatched  []int32 // devices that are not to be watched and appear nowhere; nil for who may see them
	Numbers    bool    // outside numbers are shown in full
}

// Sees tells whether a row of a queue and a device (0: of none) is visible.
func (s Scope) Sees(queue, operator int32) bool {
	if s.Everything {
		return true
	}
	return queue != 0 && !s.Own && slices.Contains(s.Queues, queue) || operator != 0 && slices.Contains(s.Operators, operator)
}

// Hides tells whether a device is not to be watched by this viewer.
func (s Scope) Hides(operator int32) bool { return slices.Contains(s.Unwatched, operator) }

// Key is the same for all who see the same, whoever they are: what caches go by.
func (s Scope) Key() string {
	h := sha256.New()
	var flags byte
	for i, on := range []bool{s.Everything, s.Own, s.Numbers} {
		if on {
			flags |= 1 << i
		}
	}
	h.Write([]byte{flags})
	for _, list := range [][]int32{s.Queues, s.Operators, s.Unwatched} {
		sorted := slices.Compact(slices.Sorted(slices.Values(list)))
		b := binary.AppendUvarint(nil, uint64(len(sorted)))
		for _, id := range sorted {
			b = binary.AppendUvarint(b, uint64(uint32(id)))
		}
		h.Write(b)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}
