package history

import (
	"strconv"

	"github.com/callweave/callweave/shared/wire"
)

// role is the part of a channel in an event, told by the prefix of its fields.
type role uint8

const (
	roleMain role = iota
	roleDest
	roleLocalOne
	roleLocalTwo
	roleTransferer
	roleTransferee
	roleOrigTransferer
	roleSecondTransferer
	roleTransferTarget
	roleParkee
	roleParker
	roleRetriever
	roleTarget
	roleSource
	roleSpyer
	roleSpyee
)

// blockNames are the fields of a channel block, in the order Asterisk sends them.
var blockNames = [...]string{
	"Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum", "ConnectedLineName",
	"Language", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
}

type block [len(blockNames)]wire.FieldID

// blocks are the fields of a channel by its role.
var blocks = blocksOf(
	"", "Dest", "LocalOne", "LocalTwo", "Transferer", "Transferee", "OrigTransferer", "SecondTransferer", "TransferTarget", //nolint:misspell // Asterisk spells it so
	"Parkee", "Parker", "Retriever", "Target", "Source", "Spyer", "Spyee",
)

func blocksOf(prefixes ...string) []block {
	list := make([]block, len(prefixes))
	for i, prefix := range prefixes {
		for j, name := range blockNames {
			list[i][j] = wire.LookupField([]byte(prefix + name))
		}
	}
	return list
}

// Channel states of Asterisk.
const (
	stateDown    = 0
	stateRing    = 4
	stateRinging = 5
	stateUp      = 6
	stateBusy    = 7
)

var (
	stateNumbers = [...]string{"0", "1", "2", "3", "4", "5", "6", "7"}
	stateNames   = [...]string{"Down", "Rsrvd", "OffHook", "Dialing", "Ring", "Ringing", "Up", "Busy"}
)

// draft is an event that is being written.
type draft struct {
	s      *script
	p      *pbx
	id     wire.EventID
	fields []wire.Field
}

// mostFields is more than any event here has: four channel blocks and what goes with them.
const mostFields = 96

// event begins an event of a PBX.
func (s *script) event(p *pbx, id wire.EventID) *draft {
	h := s.h
	if cap(h.slab)-len(h.slab) < mostFields {
		h.slab = make([]wire.Field, 0, 64*mostFields)
	}
	d := &h.draft
	*d = draft{s: s, p: p, id: id, fields: h.slab[len(h.slab):]}
	return d
}

// of begins an event about a channel.
func (s *script) of(c *channel, id wire.EventID) *draft { return s.event(c.p, id).channel(roleMain, c) }

func (d *draft) add(id wire.FieldID, value string) *draft {
	d.fields = append(d.fields, wire.Field{ID: id, Value: value})
	return d
}

func (d *draft) number(id wire.FieldID, n int64) *draft { return d.add(id, strconv.FormatInt(n, 10)) }

func known(s string) string {
	if s == "" {
		return "<unknown>"
	}
	return s
}

// channel writes the block of a channel as it is now. A channel that is no more leaves no block.
func (d *draft) channel(r role, c *channel) *draft {
	if c == nil {
		return d
	}
	b := &blocks[r]
	d.fields = append(d.fields,
		wire.Field{ID: b[0], Value: c.name}, wire.Field{ID: b[1], Value: stateNumbers[c.state]},
		wire.Field{ID: b[2], Value: stateNames[c.state]}, wire.Field{ID: b[3], Value: known(c.number)},
		wire.Field{ID: b[4], Value: known(c.label)}, wire.Field{ID: b[5], Value: known(c.connected)},
		wire.Field{ID: b[6], Value: "<unknown>"}, wire.Field{ID: b[7], Value: "en"}, wire.Field{ID: b[8]},
		wire.Field{ID: b[9], Value: c.context}, wire.Field{ID: b[10], Value: c.exten},
		wire.Field{ID: b[11], Value: "1"}, wire.Field{ID: b[12], Value: c.id}, wire.Field{ID: b[13], Value: c.linked.id})
	if r == roleMain && c.carried != "" {
		d.add(wire.FChanVariable, c.carried)
	}
	return d
}

// bridge writes the block of a bridge.
func (d *draft) bridge(b *bridge) *draft {
	return d.add(wire.FBridgeUniqueid, b.id).add(wire.FBridgeType, b.kind).add(wire.FBridgeTechnology, b.technology).
		add(wire.FBridgeCreator, known("")).add(wire.FBridgeName, known(b.name)).
		add(wire.FBridgeNumChannels, strconv.Itoa(len(b.inside)))
}

// send ends an event and lets a moment pass. It returns when the event was.
func (d *draft) send() int64 {
	s := d.s
	n := len(d.fields)
	s.h.slab = s.h.slab[:len(s.h.slab)+n]
	s.last = s.t
	s.items = append(s.items, item{t: s.t, p: d.p, ev: &wire.Event{ID: d.id, Fields: d.fields[:n:n]}})
	s.t += 1 + s.r.Int64N(900)
	return s.last
}
