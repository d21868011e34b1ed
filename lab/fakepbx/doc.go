// Package fakepbx is an Asterisk made of recordings: a server that plays recorded AMI traces to whoever logs in, at any
// speed, once or for ever with fresh times and identifiers, and with the faults a test asks for.
//
//	recording ─ steps ─ freshen ─▶ player ─▶ state (channels, bridges) ─▶ answers to snapshot actions
//	                                  └────▶ every client that is logged in
//
// It knows no calls: what it says about channels and bridges it learned from the events it played.
package fakepbx
