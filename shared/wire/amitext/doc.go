// Package amitext turns the text of the Asterisk Manager Interface into events, and what happens on a connection into
// the stream an agent sends: the same for a live PBX and for a recording of one.
//
//	bytes ─ Reader ─▶ packets ─ Session ─▶ events with sequence number and time, and the agent's own marks
//
// It opens nothing, reads no clock and starts nothing.
package amitext
