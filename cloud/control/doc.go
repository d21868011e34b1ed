// Package control says who may do what above the event stream: the certificate authority of the agents, enrolment
// tokens, agents' certificates and their revocation, agents' presence, and the people of a tenant and of the vendor.
// It never sees an event.
//
//	administrator ── token (JWT, 15 min, once) ──► callweave-edge enroll
//	                                                   │ POST token + CSR
//	secrets: CA, token key ──► Authority, Tokens ──► Enrolment ──► agents row + certificate (90 days)
//	                                                   │ the link, mutual TLS
//	                             Agents.Identify ◄── gateway ──► Agents.Renew when a third of the life is left
package control
