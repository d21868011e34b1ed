package importing

import (
	"slices"
	"strings"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs/retell"
)

// mark says of a call which logs it is made of, and takes out what only stands in for what they do not tell. Where CEL does
// not know the channels nothing is exact.
func (m *maker) mark(c *call.Call) *call.Call {
	for _, k := range c.Channels {
		c.Imported |= m.teller.Origin(k.Uniqueid)
		c.Partial = c.Partial || m.teller.Lost(k.Uniqueid)
	}
	if c.Imported&call.FromCEL == 0 {
		c.Partial = true
		estimate(c)
	}
	if c.Imported == call.FromCDR { // it does not tell who hung up
		c.HangupBy = call.PartyUnknown
	}
	c.Channels = slices.DeleteFunc(c.Channels, func(k call.ChannelRef) bool { return retell.Synthetic(k.Uniqueid) })
	for i := range c.Channels {
		if madeUp(c.Channels[i].Name) {
			c.Channels[i].Name = ""
		}
	}
	for i := range c.Legs {
		if l := &c.Legs[i]; madeUp(l.Endpoint) {
			l.Endpoint = ""
		}
		if l := &c.Legs[i]; retell.Synthetic(l.Uniqueid) {
			l.Uniqueid = ""
		}
	}
	if madeUp(c.Trunk) {
		c.Trunk = ""
	}
	return c
}

// madeUp tells the name of a channel or endpoint that no log tells.
func madeUp(name string) bool {
	return strings.HasPrefix(name, "Caller/") || strings.HasPrefix(name, "Member/")
}

// estimate says of all rows that their times are.
func estimate(c *call.Call) {
	for i := range c.Queues {
		c.Queues[i].Estimated = true
	}
	for i := range c.Rings {
		c.Rings[i].Estimated = true
	}
	for i := range c.Talks {
		c.Talks[i].Estimated = true
	}
	for i := range c.Holds {
		c.Holds[i].Estimated = true
	}
	for i := range c.Parkings {
		c.Parkings[i].Estimated = true
	}
	for i := range c.Legs {
		c.Legs[i].Estimated = true
	}
}
