package amitext

import (
	"slices"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// SnapshotActions are the actions that tell the state of a PBX after a connect, in the order they are sent. Answers to
// BridgeList call for one BridgeInfo per bridge. GetConfig asks queues.conf for the queues with a wrap-up time, which
// nothing else tells.
func SnapshotActions() []string {
	return []string{
		"CoreSettings", "CoreStatus", "Status", "CoreShowChannels", "BridgeList", "QueueStatus", "QueueSummary", "GetConfig",
		"ParkedCalls", "ConfbridgeListRooms", "DeviceStateList", "ExtensionStateList", "PJSIPShowContacts",
	}
}

func isSnapshotAction(action string) bool {
	switch action {
	case "BridgeInfo", "ConfbridgeList", "PJSIPShowEndpoints", "PJSIPShowRegistrationInboundContactStatuses", "SIPpeers":
		return true
	}
	return slices.Contains(SnapshotActions(), action)
}

const (
	answerWithin = 30 * time.Second // then an action counts as refused
	askWithin    = 5 * time.Second  // between a BridgeListItem and the BridgeInfo it calls for
	quiet        = 100 * time.Millisecond
)

// snapshot follows the answers to the snapshot actions until all are there.
type snapshot struct {
	open     bool
	prefix   string // of the ActionIDs
	pending  map[string]request
	refused  []string // names of actions that got an error or no answer
	bridges  int      // listed, and not yet asked about
	lastItem int64
	active   int64 // when something was last sent or answered
	earliest int64 // when the first pending request runs out of time
}

type request struct {
	action string
	until  int64
}

func newSnapshot() snapshot { return snapshot{pending: map[string]request{}} }

func (s *snapshot) sent(at int64, action, id string) {
	if s.prefix == "" {
		s.prefix = id[:strings.LastIndexByte(id, '-')+1]
	}
	if action == "BridgeInfo" && s.bridges > 0 {
		s.bridges--
	}
	s.active = at
	until := at + int64(answerWithin)
	if len(s.pending) == 0 {
		s.earliest = until
	}
	s.pending[id] = request{action: action, until: until}
}

// saw looks whether the event belongs to an answer.
func (s *snapshot) saw(at int64, ev *wire.Event) {
	if len(s.pending) == 0 {
		return
	}
	id := ev.Get(wire.FActionID)
	if id == "" {
		return
	}
	req, ok := s.pending[id]
	if !ok {
		return
	}
	s.active = at
	if ev.ID == wire.EvBridgeListItem {
		s.bridges++
		s.lastItem = at
	}
	switch {
	case ev.ID == wire.AgentResponse && !success(ev):
		if !ListsNothing(ev.Get(wire.FMessage)) {
			s.refuse(req.action)
		}
		delete(s.pending, id)
	case ev.ID == wire.AgentResponse && !beginsList(ev), endsList(ev):
		delete(s.pending, id)
	}
}

// ListsNothing knows the errors that only say that there is nothing to tell: "No active conferences.", or no queues.conf.
func ListsNothing(message string) bool {
	message = strings.ToLower(message)
	return strings.HasPrefix(message, "no ") || message == "config file not found"
}

func beginsList(ev *wire.Event) bool {
	return strings.EqualFold(ev.Get(wire.FEventList), "start") || strings.Contains(ev.Get(wire.FMessage), "will follow")
}

// endsList knows the closing event by its field; before Asterisk 13 some had only their name.
func endsList(ev *wire.Event) bool {
	if list, ok := ev.Lookup(wire.FEventList); ok {
		return strings.EqualFold(list, "Complete")
	}
	return ev.ID != wire.AgentResponse && strings.HasSuffix(wire.EventName(ev.ID), "Complete")
}

func (s *snapshot) refuse(action string) {
	if !slices.Contains(s.refused, action) {
		s.refused = append(s.refused, action)
	}
}

// complete tells whether nothing more is to come. The actions may be sent one after the other, so the first answer may
// be there before the last action: a moment of quiet has to pass.
func (s *snapshot) complete(at int64) bool {
	if len(s.pending) > 0 && at >= s.earliest {
		s.expire(at)
	}
	if s.bridges > 0 && at-s.lastItem >= int64(askWithin) {
		s.bridges = 0
		s.refuse("BridgeInfo")
	}
	return len(s.pending) == 0 && s.bridges == 0 && at-s.active >= int64(quiet)
}

func (s *snapshot) expire(at int64) {
	s.earliest = at + int64(answerWithin)
	var late []string
	for id, req := range s.pending {
		if at >= req.until {
			late = append(late, req.action)
			delete(s.pending, id)
		} else {
			s.earliest = min(s.earliest, req.until)
		}
	}
	slices.Sort(late) // the order of a map is none
	for _, action := range late {
		s.refuse(action)
	}
}
