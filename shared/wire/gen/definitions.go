package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// definitions are what documented.txt, overlay.txt and seen.txt hold. Each is lines of text:
//
//	event DialBegin call      an event and the class of rights it needs
//		channel           the block of a channel's fields
//		channel Dest      the same with a prefix
//		bridge            the block of a bridge's fields
//		DialString        a field
//	typed DialBegin           the event gets a Go struct
//
// Where an event stands twice the fields are joined. The first spelling of a name stands.
type definitions struct {
	events []*event
	byName map[string]*event // in lower case
	typed  []string
}

type event struct {
	name, class string
	parts       []part
}

// part is a field, or a block of them.
type part struct{ block, name string }

const (
	blockChannel = "channel"
	blockBridge  = "bridge"
	anyEvent     = "*" // fields that belong to no particular event
)

// channelFields are the fields of a channel snapshot in the order Asterisk sends them.
func channelFields() []string {
	return []string{
		"Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "CallerIDName", "ConnectedLineNum",
		"ConnectedLineName", "Language", "AccountCode", "Context", "Exten", "Priority", "Uniqueid", "Linkedid",
		"Tenantid", "ChanVariable",
	}
}

// bridgeFields are those of a bridge snapshot.
func bridgeFields() []string {
	return []string{
		"BridgeUniqueid", "BridgeType", "BridgeTechnology", "BridgeCreator", "BridgeName", "BridgeNumChannels",
		"BridgeVideoSourceMode", "BridgeVideoSource",
	}
}

func (e *event) add(p part) {
	same := func(o part) bool { return o.block == p.block && strings.EqualFold(o.name, p.name) }
	if !slices.ContainsFunc(e.parts, same) {
		e.parts = append(e.parts, p)
	}
}

// fieldNames are the names as they come over the wire, blocks spelt out.
func (e *event) fieldNames() []string {
	var all []string
	for _, p := range e.parts {
		switch p.block {
		case blockChannel:
			all = append(all, prefixed(p.name, channelFields())...)
		case blockBridge:
			all = append(all, prefixed(p.name, bridgeFields())...)
		default:
			all = append(all, p.name)
		}
	}
	return all
}

func prefixed(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = prefix + n
	}
	return out
}

func (d *definitions) event(name, class string) *event {
	k := strings.ToLower(name)
	if e := d.byName[k]; e != nil {
		if e.class == "" {
			e.class = class
		}
		return e
	}
	e := &event{name: name, class: class}
	d.byName[k] = e
	d.events = append(d.events, e)
	return e
}

// spelling is the name as the first file that has it writes it.
func (d *definitions) spelling(name string) string {
	if e := d.byName[strings.ToLower(name)]; e != nil {
		return e.name
	}
	return name
}

func readDefinitions(src fs.FS, files ...string) (*definitions, error) {
	d := &definitions{byName: map[string]*event{}}
	for _, name := range files {
		if err := d.read(src, name); err != nil {
			return nil, fmt.Errorf("read definitions: %s: %w", name, err)
		}
	}
	return d, nil
}

func (d *definitions) read(src fs.FS, name string) error {
	content, err := fs.ReadFile(src, name)
	if err != nil {
		return err
	}
	var current *event
	lines := bufio.NewScanner(bytes.NewReader(content))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 0 || words[0][0] == '#':
		case words[0] == "event" && len(words) <= 3 && len(words) > 1:
			current = d.event(words[1], strings.Join(words[2:], ""))
		case words[0] == "typed":
			d.typed = append(d.typed, words[1:]...)
		case current == nil || len(words) > 2:
			return fmt.Errorf("not understood: %q", lines.Text())
		case words[0] == blockChannel || words[0] == blockBridge:
			current.add(part{block: words[0], name: strings.Join(words[1:], "")})
		case len(words) == 1:
			current.add(part{name: words[0]})
		default:
			return fmt.Errorf("not understood: %q", lines.Text())
		}
	}
	return lines.Err()
}

// render writes definitions back in the form they are read in.
func (d *definitions) render(comment string) []byte {
	var b strings.Builder
	b.WriteString(comment)
	for _, e := range d.events {
		b.WriteString(strings.TrimSpace("event "+e.name+" "+e.class) + "\n")
		for _, p := range e.parts {
			b.WriteString("\t" + strings.TrimSpace(p.block+" "+p.name) + "\n")
		}
	}
	return []byte(b.String())
}
