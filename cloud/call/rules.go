package call

import (
	"slices"
	"strings"
)

// Rules are what people decided about a tenant's PBXs, where what is seen is not enough or misleads. They are told to the
// assembler like an event, at a place in the stream, and are part of its state; the same rules over the same events give
// the same calls. The zero value decides nothing.
type Rules struct {
	Rev        int64          `cbor:"1,keyasint"`           // which decisions these are; a larger one is newer
	Endpoints  []EndpointRule `cbor:"2,keyasint,omitempty"` // at most one for an endpoint
	Extens     []ExtenRule    `cbor:"3,keyasint,omitempty"` // the first that matches decides
	Pairs      []TrunkPair    `cbor:"4,keyasint,omitempty"`
	References []string       `cbor:"5,keyasint,omitempty"` // names of channel variables that carry a reference, besides the usual ones
}

// EndpointClass says what stands behind an endpoint.
type EndpointClass uint8

// The classes. EndpointLearned leaves it to what is seen.
const (
	EndpointLearned EndpointClass = iota
	EndpointDevice                // a phone of ours
	EndpointTrunk                 // a carrier or another PBX
)

// EndpointRule decides what an endpoint of a PBX is. Number, where given, is the number under which a device is known.
type EndpointRule struct {
	PBX      string        `cbor:"1,keyasint"`
	Endpoint string        `cbor:"2,keyasint"` // technology/resource: PJSIP/101
	Class    EndpointClass `cbor:"3,keyasint"`
	Number   string        `cbor:"4,keyasint,omitempty"`
}

// ExtenKind says what an extension or number is.
type ExtenKind uint8

// The kinds.
const (
	ExtenUnknown  ExtenKind = iota
	ExtenOperator           // a device of ours
	ExtenQueue
	ExtenDID     // a number of ours by which the outside calls in
	ExtenOutside // a number of the telephone network
	ExtenService // a service code: dialling it is no call
)

// ExtenRule decides what extensions of a PBX are. Pattern is a number, or a pattern as in Asterisk's dialplan with a
// leading underscore: X is a digit, Z 1 to 9, N 2 to 9, [1-4] one of those, . is one or more of anything, ! is anything;
// dashes only help to read.
type ExtenRule struct {
	PBX     string    `cbor:"1,keyasint"`
	Pattern string    `cbor:"2,keyasint"`
	Kind    ExtenKind `cbor:"3,keyasint"`
}

// TrunkPair says that two endpoints are the ends of one trunk: calls that leave by one come in at the other.
type TrunkPair struct {
	PBX       string `cbor:"1,keyasint"`
	Endpoint  string `cbor:"2,keyasint"`
	Peer      string `cbor:"3,keyasint"` // the other PBX
	PeerEnd   string `cbor:"4,keyasint"` // its endpoint
	Forbidden bool   `cbor:"5,keyasint,omitempty"`
}

// SetRules makes the assembler go by other decisions from now on. Calls that are open or still kept are worked out anew.
func (a *Assembler) SetRules(r Rules) {
	a.rules = r
	was := make([][]ExtenRule, len(a.pbxs))
	for i, p := range a.pbxs {
		was[i] = p.extens
	}
	a.applyRules()
	for i, p := range a.pbxs {
		if !slices.Equal(was[i], p.extens) {
			p.learnAnew()
		}
		for _, c := range p.ordered() {
			a.touch(c.part)
		}
		for _, name := range p.endpointNames {
			a.stir(p, p.endpoints[name], p.now, false)
		}
		a.calm()
	}
	a.cross.reconsider(a)
}

func (a *Assembler) applyRules() {
	for name, kind := range a.variables {
		if kind == variableHeader && !slices.Contains(a.options.References, name) {
			delete(a.variables, name)
		}
	}
	for _, name := range a.rules.References {
		if _, taken := a.variables[name]; !taken {
			a.variables[name] = variableHeader
		}
	}
	a.cross.pair(a.rules.Pairs)
	for _, p := range a.pbxs {
		p.extens = a.extensOf(p.name)
		for _, name := range p.endpointNames {
			a.decide(p, p.endpoints[name])
		}
	}
}

// RulesRev returns which decisions the assembler goes by, 0 for none.
func (a *Assembler) RulesRev() int64 { return a.rules.Rev }

// decide gives an endpoint what was decided about it.
func (a *Assembler) decide(p *pbx, e *endpoint) {
	e.decided, e.given, e.named = EndpointLearned, "", ExtenUnknown
	if digits(e.resource()) {
		e.named = p.said(e.resource())
	}
	e.paired = a.cross.paired(end{p.name, e.name})
	for i := range a.rules.Endpoints {
		if r := &a.rules.Endpoints[i]; r.Endpoint == e.name && r.PBX == p.name {
			e.decided, e.given = r.Class, r.Number
			return
		}
	}
}

// MatchExten tells whether a number is one of a pattern (see ExtenRule).
func MatchExten(pattern, number string) bool {
	p, ok := strings.CutPrefix(pattern, "_")
	if !ok {
		return pattern == number && number != ""
	}
	for len(p) > 0 {
		switch p[0] {
		case '.':
			return number != ""
		case '!':
			return true
		case '-': // written for the eye: _8-495-XXX
			p = p[1:]
			continue
		}
		if number == "" {
			return false
		}
		var fits bool
		if fits, p = fitsDigit(p, number[0]); !fits {
			return false
		}
		number = number[1:]
	}
	return number == ""
}

// fitsDigit tells whether a character fits the first element of a pattern, and returns what follows that.
func fitsDigit(p string, c byte) (fits bool, rest string) {
	switch p[0] {
	case 'X', 'x':
		return '0' <= c && c <= '9', p[1:]
	case 'Z', 'z':
		return '1' <= c && c <= '9', p[1:]
	case 'N', 'n':
		return '2' <= c && c <= '9', p[1:]
	case '[':
		set, rest, ok := strings.Cut(p[1:], "]")
		return ok && inSet(set, c), rest
	}
	return p[0] == c, p[1:]
}

// inSet tells whether a character is one of a set such as 1-4*.
func inSet(set string, c byte) bool {
	for i := 0; i < len(set); i++ {
		if i+2 < len(set) && set[i+1] == '-' {
			if set[i] <= c && c <= set[i+2] {
				return true
			}
			i += 2
			continue
		}
		if set[i] == c {
			return true
		}
	}
	return false
}

func (k *codec) rules(r *Rules) {
	k.number(&r.Rev)
	list(k, &r.Endpoints, func(e *EndpointRule) {
		k.text(&e.PBX)
		k.text(&e.Endpoint)
		small(k, &e.Class)
		k.text(&e.Number)
	})
	list(k, &r.Extens, func(e *ExtenRule) {
		k.text(&e.PBX)
		k.text(&e.Pattern)
		small(k, &e.Kind)
	})
	list(k, &r.Pairs, func(p *TrunkPair) {
		k.text(&p.PBX)
		k.text(&p.Endpoint)
		k.text(&p.Peer)
		k.text(&p.PeerEnd)
		k.flags(&p.Forbidden)
	})
	list(k, &r.References, k.text)
}
