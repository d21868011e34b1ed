package call_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// Scenarios are told in plain text, so that whoever knows Asterisk can write down an odd call found in the field:
//
//	# what it is about
//	caller = PJSIP/carrier-00000001            a name for a channel
//	in     = B PJSIP/pbxa-00000001             one of PBX B; A is meant where nothing is said
//	twin   = B PJSIP/101-00000002 like anna    one with the same Uniqueid as another
//
//	rule _6XX service                          what people decided about numbers: operator queue did outside service
//	second 0.2 1.5                             a second agent at the PBX: its copies come later, by a clock that is ahead
//	rule B PJSIP/gate trunk                    and about endpoints: device, with its number if they said one, or trunk
//	rule B pair PJSIP/c C PJSIP/b              and about two of different PBXs: they are the ends of one trunk, or rejected
//
//	0.00 Newchannel caller Ring number=79161234501 exten=74950000600
//	0.02 DialBegin caller > anna DialString=101
//	3.00 DialEnd caller > anna ANSWER
//	3.01 BridgeEnter anna b1
//	8.00 Hangup caller 16
//
//	expect
//	inbound 79161234501 > 74950000600 0.00-8.00 answered, ended by caller
//	  ring 101 0.02-3.00 answered
//
//	learned                                    what was learned of numbers, where that is the point
//	A did 74950000600
//
// Seconds, event, channels, then what the event is about and its fields by name. Number, name of the caller (cid=), exten,
// context, name and Linkedid (linked=) of a channel stay until they are told otherwise. A bridge is a word; talk bridges are meant unless
// BridgeType is told.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want := readScript(t, string(b))
			calls, facts := script.assemble()
			want, wantFacts, learned := strings.Cut(want, "\nlearned\n")
			if d := cmp.Diff(strings.TrimRight(want, "\n"), strings.TrimRight(told(calls), "\n")); d != "" {
				t.Errorf("%s (-expected +assembled):\n%s", file, d)
			}
			if d := cmp.Diff(wantFacts, toldNumbers(facts)); d != "" && learned {
				t.Errorf("%s (-expected +learned):\n%s", file, d)
			}
		})
	}
}

// epoch is the second 0 of every scenario.
const epoch = 1_800_000_000

type script struct {
	t        testing.TB
	line     int
	channels map[string]*played
	clocks   map[string]float64 // PBXs that stamp their events, and how far their clocks are ahead
	ids      int
	at       float64
	rules    call.Rules
	out      []fed
}

// played is a channel of a scenario with what its events show.
type played struct {
	pbx, name, id, linked         string
	number, exten, context, state string
	caller                        string // caller id name
}

// readScenario returns the events of one; what holds for any stream holds without its rules too.
func readScenario(t testing.TB, text string) []fed {
	t.Helper()
	script, _ := readScript(t, text)
	return script.out
}

func readScript(t testing.TB, text string) (*script, string) {
	t.Helper()
	script := &script{t: t, channels: map[string]*played{}, clocks: map[string]float64{}}
	body, want, _ := strings.Cut(text, "\nexpect\n")
	var later, ahead float64
	for line := range strings.Lines(body) {
		script.line++
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) > 2 && words[1] == "=":
			script.channel(words[0], words[2:])
		case words[0] == "second" && len(words) == 3:
			later, _ = strconv.ParseFloat(words[1], 64)
			ahead, _ = strconv.ParseFloat(words[2], 64)
		case words[0] == "rule":
			script.rule(words[1:])
		default:
			script.event(words)
		}
	}
	if later > 0 {
		script.out = doubled(script.out, later, ahead)
	}
	return script, strings.TrimLeft(strings.TrimRight(want, "\n")+"\n", "\n")
}

func (s *script) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d: %s", s.line, fmt.Sprintf(format, args...))
}

func (s *script) channel(name string, words []string) {
	pbx, like := "A", ""
	if n := len(words); n > 2 && words[n-2] == "like" {
		words, like = words[:n-2], words[n-1]
	}
	if len(words) == 2 {
		pbx, words = words[0], words[1:]
	}
	id := fmt.Sprintf("%d.%d", epoch, s.ids)
	s.ids++
	if like != "" {
		id = s.channels[like].id
	}
	s.channels[name] = &played{pbx: pbx, name: words[0], id: id, linked: id, state: "Down", context: "from-internal"}
}

var states = map[string]string{"Down": "0", "Ring": "4", "Ringing": "5", "Up": "6", "Busy": "7"}

// prefixes of the channel blocks of events with two channels and more.
var prefixes = map[string][]string{
	"BlindTransfer":    {"Transferer", "Transferee"}, //nolint:misspell // Asterisk spells it so
	"AttendedTransfer": {"OrigTransferer", "SecondTransferer", "Transferee", "TransferTarget", "LocalOne", "LocalTwo"},
	"Pickup":           {"", "Target"}, "ChanSpyStart": {"Spyer", "Spyee"}, "ChanSpyStop": {"Spyer", "Spyee"},
	"ParkedCall": {"Parkee"}, "ParkedCallTimeOut": {"Parkee"}, "ParkedCallGiveUp": {"Parkee"},
	"UnParkedCall": {"Parkee", "Retriever"},
	"LocalBridge":  {"LocalOne", "LocalTwo"}, "LocalOptimizationEnd": {"LocalOne", "LocalTwo"},
}

func (s *script) event(words []string) {
	at, err := strconv.ParseFloat(words[0], 64)
	if err != nil || len(words) < 2 {
		s.fail("want seconds and an event, got %q", words)
	}
	s.at = at
	name, words := words[1], words[2:]
	if s.mark(name, words) {
		return
	}
	ev := s.newEvent(name)
	var chans []*played
	for len(words) > 0 {
		c := s.channels[words[0]]
		if c == nil && words[0] != ">" && words[0] != "-" {
			break
		}
		if words[0] != ">" {
			chans = append(chans, c)
		}
		words = words[1:]
	}
	pbx := "A"
	for _, c := range chans {
		if c != nil {
			pbx = c.pbx
		}
	}
	if n := len(words); n > 0 && strings.HasPrefix(words[n-1], "on=") { // an event without a channel
		pbx, words = words[n-1][len("on="):], words[:n-1]
	}
	s.fields(ev, name, chans, words)
	roles := prefixes[name]
	if roles == nil {
		roles = []string{"", "Dest"}
	}
	for i, c := range chans {
		if c != nil {
			s.block(ev, roles[i], c)
		}
	}
	if ahead, ok := s.clocks[pbx]; ok {
		ev.PBXTime = ev.Received/1000 + int64(ahead*1e6)
		ev.Received += int64(3 * time.Millisecond) // it takes its time to arrive
	}
	s.out = append(s.out, fed{pbx, ev})
}

func (s *script) newEvent(name string) *wire.Event {
	id := wire.LookupEvent([]byte(name))
	if id == 0 {
		s.fail("no event %q", name)
	}
	return &wire.Event{ID: id, Received: epoch*1e9 + int64(s.at*1e9) + int64(len(s.out)), Seq: uint64(len(s.out) + 1)}
}

func (s *script) add(ev *wire.Event, field, value string) {
	id := wire.LookupField([]byte(field))
	if id == 0 {
		s.fail("no field %q", field)
	}
	ev.Fields = append(ev.Fields, wire.Field{ID: id, Value: value})
}

func (s *script) block(ev *wire.Event, prefix string, c *played) {
	s.add(ev, prefix+"Channel", c.name)
	s.add(ev, prefix+"ChannelState", states[c.state])
	s.add(ev, prefix+"CallerIDNum", c.number)
	if c.caller != "" {
		s.add(ev, prefix+"CallerIDName", c.caller)
	}
	s.add(ev, prefix+"Context", c.context)
	s.add(ev, prefix+"Exten", c.exten)
	s.add(ev, prefix+"Uniqueid", c.id)
	s.add(ev, prefix+"Linkedid", c.linked)
}

// fields takes what follows the channels.
func (s *script) fields(ev *wire.Event, name string, chans []*played, words []string) {
	for _, w := range words {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			s.bare(ev, name, chans, w)
			continue
		}
		if key != "State" && key != "BridgeTechnology" { // NOT_INUSE, holding_bridge
			value = strings.ReplaceAll(value, "_", " ")
		}
		var last *played
		if len(chans) > 0 {
			last = chans[len(chans)-1]
		}
		switch key {
		case "number":
			last.number = value
		case "exten":
			chans[0].exten = value
		case "cid":
			last.caller = value
		case "name":
			last.name = value
		case "context":
			chans[0].context = value
		case "linked":
			last.linked = s.channels[value].linked
		default:
			s.add(ev, key, value)
		}
	}
	switch {
	case name == "Newexten":
		s.add(ev, "Extension", chans[0].exten)
	case strings.HasPrefix(name, "Bridge") && ev.Get(wire.FBridgeType) == "":
		s.add(ev, "BridgeType", "basic")
	}
}

// bare takes a word that says by its place what it is.
func (s *script) bare(ev *wire.Event, name string, chans []*played, w string) {
	switch {
	case states[w] != "":
		chans[0].state = w
	case name == "Hangup" || strings.HasSuffix(name, "HangupRequest"):
		s.add(ev, "Cause", w)
	case strings.HasPrefix(name, "Dial"):
		s.add(ev, "DialStatus", w)
	case strings.HasPrefix(name, "Bridge"):
		s.add(ev, "BridgeUniqueid", w)
	case strings.HasPrefix(name, "Queue") || strings.HasPrefix(name, "Agent"):
		s.add(ev, "Queue", w)
	case strings.HasPrefix(name, "Confbridge"):
		s.add(ev, "Conference", w)
	case name == "DTMFEnd":
		s.add(ev, "Digit", w)
		s.add(ev, "Direction", "Received")
	case name == "Newexten":
		s.add(ev, "Application", w)
	case strings.HasSuffix(name, "Transfer"):
		s.add(ev, "Result", "Success")
		s.add(ev, "Extension", w)
	default:
		s.fail("what is %q of %s?", w, name)
	}
}

// mark takes what the agent says of the connection: connect UPTIME, started DATE TIME as the PBX words it,
// disconnect, snapshot, listed, each of PBX A or of the
// one named before anything else; clock PBX SECONDS lets a PBX stamp its events by a clock that is so far ahead, and leap
// PBX SECONDS sets that clock without a word.
func (s *script) mark(name string, words []string) bool {
	if name == "clock" || name == "leap" {
		ahead, _ := strconv.ParseFloat(words[1], 64)
		s.clocks[words[0]] = ahead
		if name == "clock" {
			s.out = append(s.out, fed{words[0], &wire.Event{
				ID: wire.AgentClock, Received: epoch*1e9 + int64(s.at*1e9),
				Fields: []wire.Field{{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(int64(ahead*1e6), 10)}},
			}})
		}
		return true
	}
	if name == "started" && len(words) == 2 {
		s.out = append(s.out, fed{"A", &wire.Event{ID: wire.AgentResponse, Received: epoch*1e9 + int64(s.at*1e9) + int64(len(s.out))}})
		answer := s.out[len(s.out)-1].ev
		s.add(answer, "CoreStartupDate", words[0])
		s.add(answer, "CoreStartupTime", words[1])
		return true
	}
	if name == "config" {
		s.config(words)
		return true
	}
	ids := map[string]wire.EventID{
		"connect": wire.AgentConnected, "disconnect": wire.AgentDisconnected,
		"snapshot": wire.AgentSnapshotBegin, "listed": wire.AgentSnapshotEnd, "gap": wire.AgentGap,
	}
	id, ok := ids[name]
	if !ok {
		return false
	}
	pbx := "A"
	if len(words) > 0 && words[0] >= "A" && words[0] <= "Z" {
		pbx, words = words[0], words[1:]
	}
	ev := &wire.Event{ID: id, Received: epoch*1e9 + int64(s.at*1e9) + int64(len(s.out)), Seq: uint64(len(s.out) + 1)}
	s.out = append(s.out, fed{pbx, ev})
	if name == "connect" && len(words) > 0 {
		booted := s.newEvent("FullyBooted")
		s.add(booted, "Uptime", words[0])
		s.out = append(s.out, fed{pbx, booted})
	}
	return true
}

// doubled adds what a second agent at the same PBX hands in of what the PBX stamps: all of it, some time later, by a clock
// of its own that is so far ahead.
func doubled(events []fed, later, ahead float64) []fed {
	type arrival struct {
		fed
		at int64
	}
	var all []arrival
	for _, e := range events {
		all = append(all, arrival{e, e.ev.Received})
		if e.ev.PBXTime == 0 && e.ev.ID != wire.AgentClock {
			continue
		}
		c := e.ev.Clone()
		at := c.Received + int64(later*1e9)
		c.Received = at + int64(ahead*1e9)
		if c.ID == wire.AgentClock {
			offset, _ := strconv.ParseInt(c.Get(wire.AgentFieldOffset), 10, 64)
			c.Fields = []wire.Field{{ID: wire.AgentFieldOffset, Value: strconv.FormatInt(offset-int64(ahead*1e6), 10)}}
		}
		all = append(all, arrival{fed{e.pbx, c}, at})
	}
	slices.SortStableFunc(all, func(x, y arrival) int { return int(min(max(x.at-y.at, -1), 1)) })
	out := make([]fed, len(all))
	for i, a := range all {
		out[i] = a.fed
	}
	return out
}

// config is what queues.conf says of wrap-up times: QUEUE=SECONDS…
func (s *script) config(words []string) {
	ev := s.newEvent("FullyBooted")
	ev.ID = wire.AgentResponse
	for i, w := range words {
		queue, wrapup, _ := strings.Cut(w, "=")
		ev.Fields = append(ev.Fields, wire.Field{Name: fmt.Sprintf("Category-%06d", i), Value: queue},
			wire.Field{Name: fmt.Sprintf("Line-%06d-000000", i), Value: "strategy=ringall"},
			wire.Field{Name: fmt.Sprintf("Line-%06d-000001", i), Value: "wrapuptime=" + wrapup})
	}
	s.out = append(s.out, fed{"A", ev})
}

// told writes calls as scenarios expect them.
func told(b book) string {
	var out strings.Builder
	for _, c := range b.ordered() {
		caller := c.Caller
		if c.CallerName != "" {
			caller += fmt.Sprintf(" %q", c.CallerName)
		}
		fmt.Fprintf(&out, "%s %s > %s %s-%s %s", c.Direction, caller, c.Dialled, when(c.Start), when(c.End), c.Disposition)
		if c.HangupBy != call.PartyUnknown {
			fmt.Fprintf(&out, ", ended by %s", c.HangupBy)
		}
		if c.Open {
			out.WriteString(", open")
		}
		if c.Partial {
			out.WriteString(", partial")
		}
		if c.Recorded {
			out.WriteString(", recorded")
		}
		out.WriteByte('\n')
		for _, l := range c.Links {
			fmt.Fprintf(&out, "  link %s > %s by %s, %s\n", l.From, l.To, l.Kind, l.Confidence)
		}
		for _, d := range c.Candidates {
			fmt.Fprintf(&out, "  perhaps %s > %s by numbers\n", d.From, d.To)
		}
		for _, q := range c.Queues {
			fmt.Fprintln(&out, strings.TrimRight(fmt.Sprintf("  queue %s %s-%s %s %s%s", q.Queue, when(q.Entered), when(q.Left), q.Result, q.Operator, about(q.Estimated)), " "))
		}
		for _, r := range c.Rings {
			fmt.Fprintf(&out, "  ring %s %s-%s %s%s\n", r.Operator, when(r.At), when(r.End), r.Result, about(r.Estimated))
		}
		for _, x := range c.Talks {
			fmt.Fprintf(&out, "  talk %s with %s %s-%s%s%s\n", x.Operator, x.With, when(x.From), when(x.To), consult(x.Consult), about(x.Estimated))
		}
		for _, h := range c.Holds {
			fmt.Fprintf(&out, "  hold by %s %s-%s\n", h.By, when(h.From), when(h.To))
		}
		for _, x := range c.Transfers {
			fmt.Fprintf(&out, "  %s transfer by %s to %s at %s %s\n", x.Kind, x.By, x.To, when(x.At), x.Result)
		}
		for _, k := range c.Parkings {
			fmt.Fprintln(&out, strings.TrimRight(fmt.Sprintf("  parked at %s by %s %s-%s %s %s", k.Space, k.By, when(k.From), when(k.To), k.Result, k.Retriever), " "))
		}
	}
	return out.String()
}

func consult(is bool) string {
	if is {
		return " (consultation)"
	}
	return ""
}

func about(estimated bool) string {
	if estimated {
		return " (estimated)"
	}
	return ""
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatFloat(float64(t.UnixMicro()-epoch*1e6)/1e6, 'f', 2, 64)
}
