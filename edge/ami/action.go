package ami

import (
	"fmt"
	"strings"

	"github.com/callweave/callweave/shared/wire"
)

// Action is a request to the PBX.
type Action struct {
	Name   string
	Fields []Header
}

// Header is one line of an action. Names may repeat.
type Header struct{ Name, Value string }

// Asterisk drops longer lines and further lines without a word.
const (
	maxActionLines = 128
	maxActionLine  = 1000
)

// append adds the action as text. It refuses what would end a line early: with it a value could smuggle in an action.
func (a Action) append(dst []byte, id string) ([]byte, error) {
	if len(a.Fields)+2 > maxActionLines {
		return nil, fmt.Errorf("%w: %s has %d lines, Asterisk reads %d", ErrMalformed, a.Name, len(a.Fields)+2, maxActionLines)
	}
	for _, h := range append([]Header{{"Action", a.Name}, {"ActionID", id}}, a.Fields...) {
		switch {
		case strings.ContainsAny(h.Name+h.Value, "\r\n\x00"):
			return nil, fmt.Errorf("%w: %s of %s holds a line end", ErrMalformed, strings.ToValidUTF8(printable(h.Name), "?"), printable(a.Name))
		case h.Name == "" || strings.Contains(h.Name, ":"):
			return nil, fmt.Errorf("%w: %q is no name of a field", ErrMalformed, h.Name)
		case len(h.Name)+len(h.Value) > maxActionLine:
			return nil, fmt.Errorf("%w: %s of %s has %d bytes, Asterisk reads %d", ErrMalformed, h.Name, a.Name, len(h.Value), maxActionLine)
		}
		dst = fmt.Appendf(dst, "%s: %s\r\n", h.Name, h.Value)
	}
	return append(dst, "\r\n"...), nil
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return -1
		}
		return r
	}, s)
}

// Reply is the answer to an action.
type Reply struct {
	Response *wire.Event
	Events   []*wire.Event // of a list, its closing event included
}

// Message is what the PBX says in words.
func (r *Reply) Message() string { return r.Response.Get(wire.FMessage) }

// Output returns the lines a command printed.
func (r *Reply) Output() []string {
	var out []string
	for _, f := range r.Response.Fields {
		if f.ID == wire.FOutput {
			out = append(out, f.Value)
		}
	}
	return out
}
