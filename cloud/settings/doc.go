// Package settings holds what administrators decide about how things are called, grouped and counted: queues and their
// hours, the service level, pauses, tags, trunks, areas, rosters. Reports apply it when they are read, so that a decision
// changes past figures at once. Every change leaves a row of the audit, and every list can be read from and written to CSV.
//
// It does not say who is who, which is the business of identity, and computes no figure, which is that of report.
package settings
