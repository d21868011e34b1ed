// Package export writes tables as files people and programs read: CSV, XLSX and Parquet, row by row, so that a file may be
// larger than memory. It says how a table of a report, and the journal, are laid out; it computes nothing and asks nobody.
//
//	report.Table, names, words ─ Report ─┐
//	calls and legs of the journal ───────┴─ Layout (sheets of typed columns, what to say about them) ─ Writer ─ bytes
package export
