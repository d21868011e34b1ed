// Package facts is the form in which facts travel from the server to the browser: chunks of a day's section, and
// increments of the days that go on. It writes and reads them and joins what was read into [report.Facts]. It opens
// nothing, and because the browser runs its reader compiled to WebAssembly it needs the standard library only.
//
//	report.Facts of a day ── Encode ── chunk ──┐
//	                                           ├── Set ── report.Facts of a period
//	what changed of a day ── EncodeTail ───────┘
//
// Chunks and increments come from a network: the reader takes nothing for granted, allocates in proportion to what it was
// given, and says what is wrong.
package facts
