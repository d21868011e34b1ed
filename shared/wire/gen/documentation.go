package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
)

// node is one element of the documentation. encoding/xml knows no XInclude, so the tree is kept and the few shapes of
// include that occur are resolved by hand.
type node struct {
	name     string
	attr     map[string]string
	children []*node
}

func (n *node) each(name string, fn func(*node)) {
	for _, c := range n.children {
		if c.name == name {
			fn(c)
		}
	}
}

func readTree(r io.Reader) (*node, error) {
	root := &node{}
	stack := []*node{root}
	for d := xml.NewDecoder(r); ; {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top := stack[len(stack)-1]
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}

// documentation finds the events and actions of a tree by name. A name may have several entries.
type documentation struct {
	events, actions map[string][]*node
	order           []string
}

func newDocumentation(root *node) *documentation {
	d := &documentation{events: map[string][]*node{}, actions: map[string][]*node{}}
	var walk func(*node)
	walk = func(n *node) {
		switch name := n.attr["name"]; n.name {
		case "managerEvent":
			if d.events[name] == nil {
				d.order = append(d.order, name)
			}
			d.events[name] = append(d.events[name], n)
		case "manager":
			d.actions[name] = append(d.actions[name], n)
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(root)
	slices.Sort(d.order)
	return d
}

func writeDocumented(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	root, err := readTree(f)
	if err != nil {
		return err
	}
	defs, err := newDocumentation(root).definitions()
	if err != nil {
		return err
	}
	comment := "# Names of events and fields in Asterisk's documentation, extracted by this command with -xml.\n"
	return os.WriteFile(to, defs.render(comment), 0o644) //nolint:gosec // source files are for everyone
}

func (d *documentation) definitions() (*definitions, error) {
	defs := &definitions{byName: map[string]*event{}}
	for _, name := range d.order {
		for _, n := range d.events[name] {
			var failed error
			n.each("managerEventInstance", func(i *node) {
				class := strings.ToLower(strings.TrimPrefix(i.attr["class"], "EVENT_FLAG_"))
				e := defs.event(name, class)
				i.each("syntax", func(s *node) {
					failed = errors.Join(failed, d.parts(s, e, nil))
				})
			})
			if failed != nil {
				return nil, fmt.Errorf("event %s: %w", name, failed)
			}
		}
	}
	return defs, nil
}

// parts adds the content of a syntax element to e. path guards against includes that go round in a circle.
func (d *documentation) parts(syntax *node, e *event, path []string) error {
	for _, c := range syntax.children {
		switch c.name {
		case "parameter":
			if name := fieldName(c.attr["name"]); name != "" {
				e.add(part{name: name})
			}
		case "channel_snapshot":
			e.add(part{block: blockChannel, name: c.attr["prefix"]})
		case "bridge_snapshot":
			e.add(part{block: blockBridge, name: c.attr["prefix"]})
		case "include":
			if err := d.include(c.attr["xpointer"], e, path); err != nil {
				return err
			}
		default:
			return fmt.Errorf("element %q is unknown", c.name)
		}
	}
	return nil
}

// fieldName is the fixed part of a parameter's name. The documentation writes names that vary as "Report(x)" or
// "x<N>"; such fields travel spelt out.
func fieldName(name string) string {
	if strings.ContainsAny(name, "()<>#[]* ") {
		return ""
	}
	return name
}

// include resolves the forms of xpointer that occur and refuses all others, so that a new Asterisk cannot lose fields
// unseen.
func (d *documentation) include(pointer string, e *event, path []string) error {
	if slices.Contains(path, pointer) {
		return nil
	}
	path = append(slices.Clone(path), pointer)
	form := regexp.MustCompile(`^xpointer\(/?docs/(managerEvent|manager)\[@name='([^']+)'\](?:/managerEventInstance)?/syntax` +
		`/parameter(?:\[@name='([^']+)'\]|\[contains\(@name, ?'([^']+)'\)\])?\)$`)
	m := form.FindStringSubmatch(pointer)
	if m == nil {
		return fmt.Errorf("include %q has an unknown form", pointer)
	}
	targets := d.events[m[2]]
	if m[1] == "manager" {
		targets = d.actions[m[2]]
	}
	found := &event{}
	var failed error
	for _, t := range targets {
		read := func(s *node) { failed = errors.Join(failed, d.parts(s, found, path)) }
		t.each("syntax", read)
		t.each("managerEventInstance", func(i *node) { i.each("syntax", read) })
	}
	if failed != nil {
		return failed
	}
	n := 0
	for _, p := range found.parts {
		if p.block == "" && (m[3] == "" || p.name == m[3]) && strings.Contains(p.name, m[4]) {
			e.add(p)
			n++
		}
	}
	if n == 0 && m[4] == "" {
		return fmt.Errorf("include %q finds nothing", pointer)
	}
	return nil
}
