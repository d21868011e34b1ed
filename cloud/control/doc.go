// Package control says which agents may speak to the cloud: their certificate authority, enrolment tokens, agents'
// certificates and their revocation, and agents' presence. It never sees an event.
//
//	administrator ── token (JWT, 15 min, once) ──► callweave-edge enroll
//	                                                   │ POST token + CSR
//	secrets: CA, token key ──► Authority, Tokens ──► Enrolment ──► agents row + certificate (90 days)
//	                                                   │ the link, mutual TLS
//	                             Agents.Identify ◄── gateway ──► Agents.Renew when a third of the life is left
package control
