// Package identity holds what people decide about the names their PBXs use: which endpoint is a phone and which a trunk,
// what an extension is, which trunks belong together, and whose a device was at what time. Every change leaves a row that
// says who made it, and every change to the rules a greater revision, by which assemblers notice.
//
// It does not learn anything and does not judge calls: what was seen is written by directory, and what the rules mean is
// the business of package call. Bindings of people are not rules: they touch no call, queries join them.
package identity
