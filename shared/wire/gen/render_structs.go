package main

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
)

// renderStructs writes a struct and a Decode method for every event marked "typed".
func renderStructs(defs *definitions, fields *numbered) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(notice)
	for _, name := range defs.typed {
		e := defs.byName[strings.ToLower(name)]
		if e == nil || len(e.parts) == 0 {
			return nil, fmt.Errorf("render: typed event %s has no fields", name)
		}
		renderStruct(&b, e)
		renderDecode(&b, e, fields)
	}
	b.WriteString("// DecodeTyped decodes an event into its struct, of which it returns a pointer. It returns nil for an event that has none.\n" +
		"func DecodeTyped(e *Event) any {\nswitch e.ID {\n")
	for _, name := range defs.typed {
		id := identifier(name)
		fmt.Fprintf(&b, "case Ev%s:\nd := new(%s)\nd.Decode(e)\nreturn d\n", id, id)
	}
	b.WriteString("}\nreturn nil\n}\n")
	return format.Source(b.Bytes())
}

// member is the name of a part in the struct.
func (p part) member() string {
	if p.block != "" && p.name == "" {
		return strings.ToUpper(p.block[:1]) + p.block[1:]
	}
	return identifier(p.name)
}

// memberName avoids a plain field and a block under one name.
func memberName(e *event, p part) string {
	m := p.member()
	if p.block != "" {
		return m
	}
	for _, o := range e.parts {
		if o.block != "" && o.member() == m {
			return m + "Value"
		}
	}
	return m
}

// ofBlock tells whether a block of the event holds the field already.
func ofBlock(e *event, p part) bool {
	for _, o := range e.parts {
		if o.block == "" {
			continue
		}
		for _, f := range (&event{parts: []part{o}}).fieldNames() {
			if strings.EqualFold(f, p.name) {
				return true
			}
		}
	}
	return false
}

func (e *event) members() []part {
	var out []part
	for _, p := range e.parts {
		if p.block != "" || !ofBlock(e, p) {
			out = append(out, p)
		}
	}
	return out
}

func renderStruct(b *bytes.Buffer, e *event) {
	fmt.Fprintf(b, "// %s is the event %s.\ntype %s struct {\n", identifier(e.name), e.name, identifier(e.name))
	for _, p := range e.members() {
		typ := map[string]string{blockChannel: "ChannelBlock", blockBridge: "BridgeBlock", "": "string"}[p.block]
		fmt.Fprintf(b, "%s %s\n", memberName(e, p), typ)
	}
	b.WriteString("}\n\n")
}

func renderDecode(b *bytes.Buffer, e *event, fields *numbered) {
	id := identifier(e.name)
	fmt.Fprintf(b, "// Decode fills d from e, whose memory it shares.\nfunc (d *%s) Decode(e *Event) {\n", id)
	var blocks []part
	fmt.Fprintf(b, "*d = %s{", id)
	for _, p := range e.members() {
		if p.block == blockChannel {
			blocks = append(blocks, p)
			fmt.Fprintf(b, "%s: d.%s.emptied(), ", p.member(), p.member())
		}
	}
	b.WriteString("}\nfor i := range e.Fields {\nf := &e.Fields[i]\nswitch f.ID {\n")
	for _, p := range e.members() {
		if p.block == "" {
			fmt.Fprintf(b, "case %s:\nd.%s = plain(f)\n", fields.constant(p.name), memberName(e, p))
			continue
		}
		renderBlockCases(b, p, fields)
	}
	if len(blocks) > 0 {
		b.WriteString("case 0:\n")
		for _, p := range blocks {
			fmt.Fprintf(b, "d.%s.older(f, %q)\n", p.member(), p.name)
		}
	}
	b.WriteString("}\n}\n}\n\n")
}

// renderBlockCases writes the cases of a block: one for all fields where they have no prefix, else one for each, since
// the block's own setter knows the names without it.
func renderBlockCases(b *bytes.Buffer, p part, fields *numbered) {
	names := channelFields()
	if p.block == blockBridge {
		names = bridgeFields()
	}
	if p.name == "" {
		all := make([]string, len(names))
		for i, n := range names {
			all[i] = fields.constant(n)
		}
		fmt.Fprintf(b, "case %s:\nd.%s.set(f.ID, f.Value)\n", strings.Join(all, ", "), p.member())
		return
	}
	for _, n := range names {
		fmt.Fprintf(b, "case %s:\nd.%s.set(%s, f.Value)\n", fields.constant(p.name+n), p.member(), fields.constant(n))
	}
}
