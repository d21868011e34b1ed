// Package rights says what somebody may do and see: named rights, roles made of them, limits, and the scope of what is
// visible. It is pure; who has which role is stored elsewhere, and every door asks here.
package rights

import (
	"slices"
)

// Right is one thing that may be done or seen.
type Right string

// The rights. A role is a set of them; those that come with the product are made of the same.
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

// All are the rights in the order in which they are shown.
func All() []Right {
	return []Right{
		ReadCalls, ReadEvents, ReadReports, ReadStates, Export, Schedule, ReadNumbers, ReadUnwatched, WriteTags, ReadPBXs, WritePBXs,
		ReadSettings, WriteSettings, WritePolicies, WriteTokens, WriteUsers, ReadAudit,
	}
}

// Set is a number of rights.
type Set []Right

// Has tells whether a right is in the set.
func (s Set) Has(r Right) bool { return slices.Contains(s, r) }

// Covers tells whether all of another set's rights are in this one.
func (s Set) Covers(other Set) bool {
	return !slices.ContainsFunc(other, func(r Right) bool { return !s.Has(r) })
}

// And are the rights that are in both, in the order of [All].
func (s Set) And(other Set) Set {
	both := Set{}
	for _, r := range All() {
		if s.Has(r) && other.Has(r) {
			both = append(both, r)
		}
	}
	return both
}

// Known leaves out what is no right, or no longer, and puts the rest in the order of [All].
func (s Set) Known() Set { return Set(All()).And(s) }
