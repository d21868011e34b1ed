// Package demo invents the past of a call centre: two PBXs, half a dozen queues, two dozen operators and a month of
// calls, so that journal and reports have something to show on the first day. The same moments always give the same
// calls. It writes nothing anywhere.
//
//	arrivals by hour ─► IVR ─► queue: is somebody of it free? ─► ring ─► talk (hold, transfer) ─► wrap-up
//	                             │ no: wait for the first, unless patience ends or the queue overflows
package demo
