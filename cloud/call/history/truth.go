package history

import (
	"time"

	"github.com/callweave/callweave/cloud/call"
)

// Truth is one call as it really was.
type Truth struct {
	Kind     string
	Nothing  bool      // it is no call at all: a service code, a technical channel
	Call     call.Call // its rows; what names channels is left out
	Channels []Channel

	Disturbed  []Disturbance // silences it lived through
	Heard      bool          // somebody heard of it
	FirstHeard bool          // of the channel that began it
	Late       bool          // some of its channels began while nobody listened

	own      []*channel
	first    *channel
	ends     map[*channel]int64
	together int64 // when two were last connected, on hold or not
	outsides []*channel
	steps    map[*channel]int // the application each is in, by its place in IVR
	rings    []*call.Ring
	talks    []*call.Talk
	holds    []*call.Hold
	visits   []*call.QueueVisit
	parks    []*call.Parking
	hands    []*call.Transfer
}

// Channel names a channel of a call.
type Channel struct{ PBX, Uniqueid string }

// at turns a moment into a time, 0 into none.
func at(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// owns notes that a channel belongs to the call.
func (t *Truth) owns(c *channel) {
	t.own = append(t.own, c)
	t.Channels = append(t.Channels, Channel{PBX: c.p.name, Uniqueid: c.id})
	if isLocal(c.name) {
		return
	}
	for _, name := range t.Call.PBXs {
		if name == c.p.name {
			return
		}
	}
	t.Call.PBXs = append(t.Call.PBXs, c.p.name)
}

func isLocal(name string) bool { return len(name) > 6 && name[:6] == "Local/" }

// outside notes that a channel is the outside party's. It names the trunk of the call.
func (t *Truth) outside(c *channel) {
	t.outsides = append(t.outsides, c)
	if t.Call.Trunk == "" {
		t.Call.Trunk = c.p.trunk
	}
}

// shown are the applications a caller notices.
var shown = map[string]bool{
	"Playback": true, "BackGround": true, "Read": true, "WaitExten": true, "VoiceMail": true, "ConfBridge": true, "Busy": true,
	"Congestion": true, "MusicOnHold": true,
}

func (t *Truth) runs(c *channel, us int64, app, data string) {
	if c.called != nil && c != t.first || isLocal(c.name) {
		return
	}
	t.leaves(c, us)
	if !shown[app] {
		return
	}
	if t.steps == nil {
		t.steps = map[*channel]int{}
	}
	t.steps[c] = len(t.Call.IVR)
	t.Call.IVR = append(t.Call.IVR, call.Step{PBX: c.p.name, Application: app, Data: data, From: at(us)})
}

// leaves ends the application a channel is in.
func (t *Truth) leaves(c *channel, us int64) {
	if i, ok := t.steps[c]; ok {
		t.Call.IVR[i].To = at(us)
		delete(t.steps, c)
	}
}

func (t *Truth) ended(c *channel, us int64) {
	c.ended = us
	t.leaves(c, us)
	t.ends[c] = us
}

// close works out what follows from the rest.
func (t *Truth) close() {
	end := t.ends[t.first]
	for _, c := range t.outsides {
		end = max(end, t.ends[c])
	}
	c := &t.Call
	for _, r := range t.rings {
		c.Rings = append(c.Rings, *r)
	}
	for _, x := range t.talks {
		c.Talks = append(c.Talks, *x)
		if c.Direction == call.Internal {
			end = max(end, x.To.UnixMicro(), t.together)
		}
	}
	for _, h := range t.holds {
		c.Holds = append(c.Holds, *h)
	}
	for _, v := range t.visits {
		c.Queues = append(c.Queues, *v)
	}
	for _, k := range t.parks {
		c.Parkings = append(c.Parkings, *k)
	}
	for _, x := range t.hands {
		c.Transfers = append(c.Transfers, *x)
	}
	c.End = at(end)
}
