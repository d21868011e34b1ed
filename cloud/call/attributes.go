package call

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/callweave/callweave/shared/wire"
)

// Attributes are what a PBX says of a party's channel and what has no place of its own in a call: channel variables, by
// VarSet and by the channelvars of manager.conf, and fields of AMI events. The last value wins. Of caller id and context the
// first one counts, and a later one stands beside it under the name with ".last".
//
// Not kept are
//   - what Asterisk works out for itself and calls tell better or not at all (computed): times of dialling and waiting,
//     names and Call-IDs of whoever is in the bridge, statistics of media
//   - arguments and results of subroutines, and variables of Asterisk's own ("~HASH~…")
//   - what by its name is a secret (secret)
//
// One or two leading underscores are left out: they say that called channels inherit the variable, and there it has none.

// Attribute is one name with its value.
type Attribute struct{ Name, Value string }

// Bounds of the attributes of one leg. What does not fit is left out whole, a long value is cut; the leg says so.
const (
	maxAttributes     = 100
	maxAttributeName  = 200  // bytes
	maxAttributeValue = 1024 // bytes
	maxAttributeBytes = 16 << 10
)

// attributes of a channel, ordered by name. The list is shared with calls that were handed out, so it is copied before
// it changes.
type attributes struct {
	list   []Attribute
	shared bool
	cut    bool     // something did not fit
	bytes  int      // of names and values
	print  int64    // exclusive or of the keys: changes with every change
	vars   []string // what channelvars said last, as it was sent
}

// set gives a name its latest value, and tells whether that changes anything. The name is kept as it is.
func (s *attributes) set(a *Assembler, name, value string) bool {
	if i := s.index(name); i >= 0 {
		return s.list[i].Value != value && s.replace(a, i, value)
	}
	return s.insert(a, name, value)
}

func (s *attributes) replace(a *Assembler, i int, value string) bool {
	value, whole := cutValue(value)
	old := s.list[i]
	if old.Value == value && (whole || s.cut) {
		return false
	}
	s.own()
	s.print ^= AttributeKey(old.Name, old.Value)
	s.bytes -= len(old.Value)
	if !whole {
		s.overflow(a)
	}
	if s.bytes+len(value) > maxAttributeBytes { // an old value would be a wrong one
		s.overflow(a)
		s.bytes -= len(old.Name)
		s.list = slices.Delete(s.list, i, i+1)
		return true
	}
	s.list[i].Value = a.value(value)
	s.bytes += len(value)
	s.print ^= AttributeKey(old.Name, value)
	return true
}

func (s *attributes) insert(a *Assembler, name, value string) bool {
	value, whole := cutValue(value)
	was := s.cut
	if !whole {
		s.overflow(a)
	}
	if len(s.list) >= maxAttributes || s.bytes+len(name)+len(value) > maxAttributeBytes {
		s.overflow(a)
		return !was
	}
	s.own()
	at, _ := slices.BinarySearchFunc(s.list, name, func(x Attribute, name string) int { return cmp.Compare(x.Name, name) })
	s.list = slices.Insert(s.list, at, Attribute{name, a.value(value)})
	s.bytes += len(name) + len(value)
	s.print ^= AttributeKey(name, value)
	return true
}

func (s *attributes) overflow(a *Assembler) {
	a.counters.AttributesCut++
	s.cut = true
}

// withAttributes adds to a fingerprint what the attributes of a story are.
func (s *component) withAttributes(print uint64) uint64 {
	for _, c := range s.channels {
		print = print*31 + uint64(c.attrs.print)
		if c.attrs.cut {
			print++
		}
	}
	return print
}

func (s *attributes) own() {
	if s.shared || s.list == nil {
		s.list = append(make([]Attribute, 0, max(8, len(s.list)+4)), s.list...)
		s.shared = false
	}
}

// share returns the list for a call that is handed out.
func (s *attributes) share() []Attribute {
	s.shared = true
	return s.list
}

// cutValue bounds a value, at the end of a character where there is one.
func cutValue(v string) (cut string, whole bool) {
	if len(v) <= maxAttributeValue {
		return v, true
	}
	n := maxAttributeValue
	for i := 0; i < utf8.UTFMax && !utf8.RuneStart(v[n]); i++ {
		n--
	}
	return v[:n], false
}

// value returns a copy of a value that outlives its event. Short ones tend to be those of other channels too.
func (a *Assembler) value(s string) string {
	if len(s) <= 24 {
		return a.keep(s)
	}
	return strings.Clone(s)
}

// AttributeKey is the number under which calls are found by an attribute: by name and value, or by the name alone where
// the value is "". It is FNV-1a, and stored.
func AttributeKey(name, value string) int64 {
	value, _ = cutValue(value)
	h := uint64(14695981039346656037)
	for _, s := range [...]string{name, "=", value} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
	}
	return int64(h)
}

// describe takes the fields of an event about a channel that have no place of their own.
func (a *Assembler) describe(c *channel, r *record) {
	if c.kind != kindParty || c.ended() && r.t < c.end { // repeated
		return
	}
	for i := range r.ev.Fields {
		f := &r.ev.Fields[i]
		if int(f.ID) >= len(describing) || !describing[f.ID] || f.Value == "" || f.Value == "<unknown>" {
			continue
		}
		switch f.ID {
		case 0:
			if len(f.Name) <= maxAttributeName && !secret(f.Name) {
				a.attribute(c, a.keep(f.Name), f.Value)
			}
		case wire.FCallerIDNum:
			a.firstAndLast(c, "CallerIDNum", "CallerIDNum.last", f.Value)
		case wire.FCallerIDName:
			a.firstAndLast(c, "CallerIDName", "CallerIDName.last", f.Value)
		case wire.FContext:
			a.firstAndLast(c, "Context", "Context.last", f.Value)
		default:
			a.attribute(c, wire.FieldName(f.ID), f.Value)
		}
	}
}

// describing are the fields that become attributes. Fields of number 0 are those no documentation of Asterisk knows.
var describing = [1024]bool{
	0: true, wire.FAccountCode: true, wire.FLanguage: true, wire.FContext: true, wire.FTenantid: true,
	wire.FConnectedLineNum: true, wire.FConnectedLineName: true, wire.FCallerIDNum: true, wire.FCallerIDName: true,
	wire.FCauseTxt: true, wire.FTechCause: true, wire.FMusicClass: true,
}

// firstAndLast keeps the first value under one name, and the latest under another once it differs.
func (a *Assembler) firstAndLast(c *channel, first, last, value string) {
	switch i := c.attrs.index(first); {
	case i < 0:
		last = first
	case c.attrs.list[i].Value == value && c.attrs.index(last) < 0:
		return
	}
	a.attribute(c, last, value)
}

func (s *attributes) index(name string) int {
	for i := range s.list {
		if s.list[i].Name == name {
			return i
		}
	}
	return -1
}

// called keeps what a channel was called by.
func (a *Assembler) called(c *channel, dialString string) {
	if c.kind == kindParty && dialString != "" {
		a.attribute(c, "DialString", dialString)
	}
}

// attribute sets an attribute to a value as it was sent.
func (a *Assembler) attribute(c *channel, name, value string) {
	if c.attrs.set(a, name, unescaped(value)) {
		a.touch(c.part)
	}
}

// variableSet keeps a variable that tells nothing to the assembler itself. Most are refused by their name.
func (a *Assembler) variableSet(p *pbx, ev *wire.Event, name string) {
	key := a.variableName(name)
	if key == "" {
		return
	}
	var c *channel
	value := ""
	for i := range ev.Fields {
		switch f := &ev.Fields[i]; f.ID {
		case wire.FUniqueid:
			c = p.channels[f.Value]
		case wire.FValue:
			value = f.Value
		}
	}
	if c != nil && c.kind == kindParty && value != "" && (!c.ended() || p.at(ev) >= c.end) {
		a.attribute(c, key, value)
	}
}

// variablesCarried keeps what channelvars say. They come with every event of a channel, so that what is as it was is
// passed over by one comparison.
func (a *Assembler) variablesCarried(c *channel, vars []string) {
	if c.kind != kindParty || c.ended() && a.rec.t < c.end {
		return
	}
	for i, v := range vars {
		if i < len(c.attrs.vars) {
			if c.attrs.vars[i] == v {
				continue
			}
			c.attrs.vars[i] = strings.Clone(v)
		} else if i < maxAttributes {
			c.attrs.vars = append(c.attrs.vars, strings.Clone(v))
		}
		name, value, _ := strings.Cut(v, "=")
		if key := a.variableName(name); key != "" && value != "" {
			a.attribute(c, key, value)
		}
	}
}

// maxVariableNames bounds the table of names.
const maxVariableNames = 1 << 12

// variableName is the name under which a variable is kept, "" if it is not.
func (a *Assembler) variableName(name string) string {
	key, known := a.names[name]
	if known {
		return key
	}
	if len(a.names) >= maxVariableNames {
		clear(a.names)
	}
	key = strings.TrimPrefix(strings.TrimPrefix(name, "_"), "_")
	if len(key) > maxAttributeName {
		a.counters.AttributesCut++
		key = ""
	}
	if computed(key) || secret(key) {
		key = ""
	}
	key = strings.Clone(key)
	a.names[strings.Clone(name)] = key
	return key
}

func computed(name string) bool {
	switch name {
	case "", "BRIDGEPEER", "BRIDGEPVTCALLID", "ANSWEREDTIME", "ANSWEREDTIME_MS", "DIALEDTIME", "DIALEDTIME_MS", "RINGTIME", "RINGTIME_MS",
		"PROGRESSTIME", "PROGRESSTIME_MS", "QUEUEWAIT", "QUEUEWAIT_MS", "ARGC":
		return true
	}
	for _, prefix := range []string{"~", "RTPAUDIOQOS", "RTPVIDEOQOS", "LOCAL(", "GOSUB_", "MACRO_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	number, isArgument := strings.CutPrefix(name, "ARG")
	return isArgument && digits(number)
}

// secret tells by one of the words of a name.
func secret(name string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToUpper(name), func(r rune) bool { return r < 'A' || r > 'Z' }) {
		switch word {
		case "PASS", "PASSWORD", "PASSWD", "PWD", "PASSPHRASE", "SECRET", "PIN", "TOKEN", "CVV", "CVC", "CREDENTIALS", "APIKEY":
			return true
		}
	}
	return false
}

func (w *jsonWriter) attributes(l *Leg) {
	if len(l.Attributes) > 0 {
		w.key("attributes")
		w.open('{')
		for i := range l.Attributes {
			w.item()
			w.quote(l.Attributes[i].Name)
			w.b = append(w.b, ':')
			w.quote(l.Attributes[i].Value)
		}
		w.close('}')
	}
	w.flag("attributes_cut", l.AttributesCut)
}

func (k *codec) attributes(s *attributes) {
	list(k, &s.list, func(x *Attribute) {
		k.text(&x.Name)
		k.text(&x.Value)
	})
	k.flags(&s.cut)
	if !k.reading {
		return
	}
	s.bytes, s.print = 0, 0
	for _, x := range s.list {
		s.bytes += len(x.Name) + len(x.Value)
		s.print ^= AttributeKey(x.Name, x.Value)
	}
}
