// Package gateway is where agents connect, over QUIC or TCP+TLS on the same port number. It knows who an agent is from
// its certificate, takes its batches to ingest, and tells it what has been committed. It does not know what a call is.
//
//	accept ─ TLS 1.3, client certificate of our authority ─► Hello ─► Identify ─► a former connection of the agent ends
//	       ─► cursor ─► Welcome{resume} ─┬─► batches ─► ingest.Stream ─(hole)─► Resume
//	                                     ├─► Report, Ping, Renew
//	   Goodbye, back to the agent ◄──────┴── sweep: revoked, suspended, expired, connected elsewhere, shutdown
//
// Every connection ends with a Goodbye that has a code and says what to do, except where the network is gone.
package gateway
