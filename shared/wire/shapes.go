package wire

import "strings"

// This file decides, for the encoder alone, what describes what in an event: which fields make up the block of a
// channel or a bridge, and what a field's value depends on. A wrong guess costs bytes, never correctness: the decoder is
// told the result.

// Tables of rows. Their numbers mean nothing to the decoder.
const (
	tableChannel = iota
	tableBridge
	tableDevice
)

// channelCells are the fields of a channel block without prefix, in the order of their cells.
func channelCells() []FieldID {
	return []FieldID{
		FUniqueid, FChannel, FChannelState, FChannelStateDesc, FCallerIDNum, FCallerIDName, FConnectedLineNum,
		FConnectedLineName, FLanguage, FAccountCode, FContext, FExten, FPriority, FLinkedid,
	}
}

// analyser makes shapes. It holds the tables that it needs to look names up.
type analyser struct {
	channel map[string]uint8 // cell by name
}

func newAnalyser() *analyser {
	a := &analyser{channel: map[string]uint8{}}
	for cell, id := range channelCells() {
		a.channel[FieldName(id)] = uint8(cell)
	}
	return a
}

func (a *analyser) shape(ev *Event) *shape {
	sh := &shape{id: ev.ID, name: strings.Clone(ev.Name), hash: hashEvent(ev.ID, ev.Name)}
	sh.fields = make([]shapeField, len(ev.Fields))
	sh.last = make([]stringID, len(ev.Fields))
	for i := range ev.Fields {
		f := &ev.Fields[i]
		sh.fields[i] = shapeField{id: f.ID, name: strings.Clone(f.Name), column: columnOf(f.ID, f.Name)}
	}
	for i := 0; i < len(sh.fields); {
		i = max(a.block(sh, i), i+1)
	}
	a.devices(sh)
	for i := range sh.fields {
		sh.context(i)
	}
	sh.forget(sh.last, noLike())
	return sh
}

func columnOf(id FieldID, name string) uint16 {
	if id == 0 {
		return uint16(hashString(name) % columns)
	}
	return uint16(id % columns)
}

func (f *shapeField) label() string {
	if f.id == 0 {
		return f.name
	}
	return FieldName(f.id)
}

// block makes a part of the block that begins with field i, and returns where it ends.
func (a *analyser) block(sh *shape, i int) int {
	if len(sh.parts) >= maxParts {
		return i
	}
	name := sh.fields[i].label()
	if prefix, ok := strings.CutSuffix(name, "BridgeUniqueid"); ok {
		return sh.bridge(i, prefix)
	}
	prefix, ok := strings.CutSuffix(name, "Channel")
	if !ok {
		return i
	}
	end, key := i, -1
	for ; end < len(sh.fields); end++ {
		base, ok := strings.CutPrefix(sh.fields[end].label(), prefix)
		cell, known := a.channel[base]
		if !ok || !known {
			break
		}
		if cell == 0 {
			key = end
		}
	}
	if key < 0 {
		return i
	}
	cells := channelCells()
	sh.part(tableChannel, i, end, key)
	for j := i; j < end; j++ {
		f := &sh.fields[j]
		f.cell = a.channel[f.label()[len(prefix):]]
		f.column = columnOf(cells[f.cell], "")
	}
	return end
}

func (sh *shape) bridge(i int, prefix string) int {
	end := i
	for end < len(sh.fields) && end-i < cellBefore && strings.HasPrefix(sh.fields[end].label(), prefix+"Bridge") {
		end++
	}
	sh.part(tableBridge, i, end, i)
	for j := i; j < end; j++ {
		f := &sh.fields[j]
		f.cell = uint8(j - i)
		f.column = uint16(hashString(f.label()[len(prefix):]) % columns)
	}
	return end
}

// part makes fields from..end a part.
func (sh *shape) part(table uint8, from, end, key int) {
	sh.key[len(sh.parts)], sh.first[len(sh.parts)] = int16(key), int16(from)
	sh.parts = append(sh.parts, table)
	for i := from; i < end; i++ {
		sh.fields[i].part = uint8(len(sh.parts))
	}
}

// devices makes a part of an event that says how a queue member or a device stands: next time most of it is the same.
func (a *analyser) devices(sh *shape) {
	key := -1
	for i := range sh.fields {
		switch id := sh.fields[i].id; {
		case id == FInterface && sh.id != EvAgentCalled, id == FDevice, id == FEndpoint, id == FURI:
			key = i
		case sh.fields[i].part != 0:
			return
		}
	}
	if key < 0 || len(sh.parts) > 0 || len(sh.fields) > cellBefore {
		return
	}
	sh.part(tableDevice, 0, len(sh.fields), key)
	for i := range sh.fields {
		sh.fields[i].cell = uint8(sh.fields[i].column % (cellBefore - 1))
	}
	sh.fields[key].cell = cellBefore - 1
	sh.separate()
}

// separate gives fields whose cells clash cells of their own.
func (sh *shape) separate() {
	var taken [cellBefore]bool
	for i := range sh.fields {
		f := &sh.fields[i]
		for n := 0; taken[f.cell] && n < cellBefore; n++ {
			f.cell = (f.cell + 1) % cellBefore
		}
		taken[f.cell] = true
	}
}

// context decides what predicts field i, where no row does.
func (sh *shape) context(i int) {
	f := &sh.fields[i]
	switch {
	case f.part != 0:
	case f.id == FVariable && len(sh.parts) > 0 && sh.parts[0] == tableChannel:
		f.context, f.cell = contextRow, cellBefore
	case f.id == FValue && i > 0:
		f.context = contextBefore
	case f.id == FSystemName, f.id == FQueue:
		f.context = contextColumn
	}
}
