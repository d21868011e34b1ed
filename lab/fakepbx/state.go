package fakepbx

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// state is what the PBX would say about itself now: the channels and bridges of the events played so far, and the
// answers the recorder got to everything else.
type state struct {
	mu       sync.Mutex
	channels map[string]*channel // by Uniqueid
	bridges  map[string]*bridge
	answers  map[string][][]byte // by action: the packets of the last answer
}

type channel struct {
	block  []string // lines Key: Value
	bridge string
}

type bridge struct {
	block   []string
	members map[string]bool // Uniqueids
}

func newState() *state {
	return &state{channels: map[string]*channel{}, bridges: map[string]*bridge{}, answers: map[string][][]byte{}}
}

// empty forgets what ends with a restart.
func (s *state) empty() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.channels)
	clear(s.bridges)
}

// event learns from an event that is played.
func (s *state) event(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, id := value(p, "Event"), value(p, "Uniqueid")
	if b := value(p, "BridgeUniqueid"); b != "" {
		s.bridgeEvent(name, b, id, p)
	}
	if id == "" || value(p, "ChannelStateDesc") == "" {
		return
	}
	if name == "Hangup" {
		if c := s.channels[id]; c != nil && s.bridges[c.bridge] != nil {
			delete(s.bridges[c.bridge].members, id)
		}
		delete(s.channels, id)
		return
	}
	c := s.channels[id]
	if c == nil && name != "Newchannel" && name != "Status" && name != "CoreShowChannel" {
		return // a late word about a channel that is gone
	}
	if c == nil {
		c = &channel{}
		s.channels[id] = c
	}
	c.block = lines(p, channelKeys())
	if b := value(p, "BridgeID"); b != "" && (name == "Status" || name == "CoreShowChannel") {
		c.bridge = b
	}
}

func (s *state) bridgeEvent(name, id, member string, p []byte) {
	b := s.bridges[id]
	if name == "BridgeDestroy" {
		delete(s.bridges, id)
		return
	}
	if b == nil {
		b = &bridge{members: map[string]bool{}}
		s.bridges[id] = b
	}
	if block := lines(p, bridgeKeys()); len(block) > 1 {
		b.block = block
	}
	switch name {
	case "BridgeEnter", "BridgeInfoChannel":
		b.members[member] = true
		if c := s.channels[member]; c != nil {
			c.bridge = id
		}
	case "BridgeLeave":
		delete(b.members, member)
		if c := s.channels[member]; c != nil && c.bridge == id {
			c.bridge = ""
		}
	}
}

func channelKeys() []string {
	return []string{
		"Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName",
		"Language", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
	}
}

func bridgeKeys() []string {
	return []string{
		"BridgeUniqueid", "BridgeType", "BridgeTechnology", "BridgeCreator", "BridgeName", "BridgeNumChannels", "BridgeVideoSourceMode",
	}
}

func lines(p []byte, keys []string) []string {
	var out []string
	for line := range bytes.Lines(p) {
		text := strings.TrimRight(string(line), "\r\n")
		if key, _, ok := strings.Cut(text, ":"); ok && slices.Contains(keys, key) {
			out = append(out, text)
		}
	}
	return out
}

// keep takes an answer the recorder got: the lists of channels and bridges into the state, the rest as it is.
func (s *state) keep(action string, p []byte, first bool) {
	switch value(p, "Event") {
	case "Status", "CoreShowChannel", "BridgeInfoChannel", "BridgeListItem":
		s.event(p)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first {
		s.answers[action] = nil
	}
	s.answers[action] = append(s.answers[action], bytes.Clone(p))
}

// answer is the answer to an action, or nil where nobody asked while it was recorded.
func (s *state) answer(action, id string, asked []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch action {
	case "Status", "CoreShowChannels":
		item := strings.TrimSuffix(action, "s") // Status has no plural
		if action == "Status" {
			item = action
		}
		return s.channelList(item, action, id)
	case "BridgeList":
		return s.bridgeList(id)
	case "BridgeInfo":
		return s.bridgeInfo(id, value(asked, "BridgeUniqueid"))
	}
	if action == "GetConfig" && len(s.answers[action]) == 0 { // no queue has a wrap-up time
		return []byte("Response: Success\r\nActionID: " + id + "\r\nNo categories found\r\n\r\n")
	}
	var out []byte
	for _, p := range s.answers[action] {
		out = append(out, withID(p, id)...)
	}
	return out
}

func (s *state) channelList(item, action, id string) []byte {
	out := begin(id)
	for _, u := range slices.Sorted(maps.Keys(s.channels)) {
		c := s.channels[u]
		extra := []string{"BridgeId: " + c.bridge, "Application: ", "Duration: 00:00:01"}
		if item == "Status" {
			extra = []string{"Type: PJSIP", "BridgeID: " + c.bridge, "Application: ", "Data: ", "Seconds: 1"}
		}
		out = append(out, packetOf(item, id, c.block, extra)...)
	}
	return append(out, complete(action, id, len(s.channels))...)
}

func (s *state) bridgeList(id string) []byte {
	out := begin(id)
	for _, u := range slices.Sorted(maps.Keys(s.bridges)) {
		out = append(out, packetOf("BridgeListItem", id, s.bridges[u].block, nil)...)
	}
	return append(out, complete("BridgeList", id, len(s.bridges))...)
}

func (s *state) bridgeInfo(id, which string) []byte {
	b := s.bridges[which]
	if b == nil {
		return refusal(id, "Specified BridgeUniqueid not found")
	}
	out := begin(id)
	for _, u := range slices.Sorted(maps.Keys(b.members)) {
		if c := s.channels[u]; c != nil {
			out = append(out, packetOf("BridgeInfoChannel", id, c.block, nil)...)
		}
	}
	return append(out, packetOf("BridgeInfoComplete", id, b.block, []string{"EventList: Complete", fmt.Sprintf("ListItems: %d", len(b.members))})...)
}

func begin(id string) []byte {
	return fmt.Appendf(nil, "Response: Success\r\nActionID: %s\r\nEventList: start\r\nMessage: List will follow\r\n\r\n", id)
}

func complete(action, id string, n int) []byte {
	return fmt.Appendf(nil, "Event: %sComplete\r\nActionID: %s\r\nEventList: Complete\r\nListItems: %d\r\n\r\n", action, id, n)
}

func refusal(id, message string) []byte {
	return fmt.Appendf(nil, "Response: Error\r\nActionID: %s\r\nMessage: %s\r\n\r\n", id, message)
}

func packetOf(name, id string, block, extra []string) []byte {
	all := append(slices.Concat([]string{"Event: " + name, "ActionID: " + id}, block, extra), "", "")
	return []byte(strings.Join(all, "\r\n"))
}

// withID replaces the ActionID of the one who asked then by that of the one who asks now.
func withID(p []byte, id string) []byte {
	var out []byte
	for line := range bytes.Lines(p) {
		if bytes.HasPrefix(line, []byte("ActionID: ")) {
			line = []byte("ActionID: " + id + "\r\n")
		}
		out = append(out, line...)
	}
	return out
}
