package wire

import (
	"strconv"
	"strings"
)

// ChannelBlock is the snapshot of a channel as most events carry it, once or several times under a prefix. Its values
// are normalised: "<unknown>" is empty and C-escapes are undone where Asterisk makes them.
type ChannelBlock struct {
	Name              string // technology/resource-number
	State             int    // see ChannelState; the mute flag is taken off
	StateDesc         string
	CallerIDNum       string
	CallerIDName      string
	ConnectedLineNum  string
	ConnectedLineName string
	Language          string
	AccountCode       string
	Context           string
	Exten             string
	Priority          string
	Uniqueid          string
	Linkedid          string
	Tenantid          string
	Variables         []Variable
}

// Variable is a channel variable that travels with the channel's events (channelvars of manager.conf).
type Variable struct{ Name, Value string }

// Present tells whether the event had the block at all.
func (c *ChannelBlock) Present() bool { return c.Name != "" || c.Uniqueid != "" }

// Variable returns the value of a variable, and "" where it did not travel.
func (c *ChannelBlock) Variable(name string) string {
	for _, v := range c.Variables {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

// channelMuteFlag is set in a channel's state while its sound is muted. It is no state.
const channelMuteFlag = 1 << 16

func (c *ChannelBlock) set(field FieldID, v string) {
	switch field {
	case FChannel:
		c.Name = v
	case FChannelState:
		n, _ := strconv.Atoi(v)
		c.State = n &^ channelMuteFlag
	case FChannelStateDesc:
		c.StateDesc = v
	case FCallerIDNum:
		c.CallerIDNum = known(v)
	case FCallerIDName:
		c.CallerIDName = known(Unescape(v))
	case FConnectedLineNum:
		c.ConnectedLineNum = known(v)
	case FConnectedLineName:
		c.ConnectedLineName = known(Unescape(v))
	case FLanguage:
		c.Language = v
	case FAccountCode:
		c.AccountCode = v
	case FContext:
		c.Context = v
	case FExten:
		c.Exten = v
	case FPriority:
		c.Priority = v
	case FUniqueid:
		c.Uniqueid = v
	case FLinkedid:
		c.Linkedid = v
	case FTenantid:
		c.Tenantid = v
	case FChanVariable:
		c.variable(v)
	}
}

func (c *ChannelBlock) variable(v string) {
	if name, value, ok := cutVariable(v); ok {
		c.Variables = append(c.Variables, Variable{Name: name, Value: Unescape(value)})
	}
}

// cutVariable splits name=value. A name may be a function with arguments that hold an equals sign.
func cutVariable(v string) (name, value string, ok bool) {
	depth := 0
	for i := range len(v) {
		switch c := v[i]; {
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '=' && depth == 0:
			return v[:i], v[i+1:], true
		}
	}
	return strings.Cut(v, "=")
}

// older takes the notation "ChanVariable(<channel>): name=value" that some events still have. The prefix belongs to
// the block; the channel must be the block's own.
func (c *ChannelBlock) older(f *Field, prefix string) {
	rest, ok := cutFold(f.Name, prefix)
	if !ok {
		return
	}
	channel, ok := cutFold(rest, "ChanVariable(")
	if ok && strings.TrimSuffix(channel, ")") == c.Name {
		c.variable(f.Value)
	}
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// emptied keeps the memory of the variables for the next event.
func (c *ChannelBlock) emptied() ChannelBlock {
	clear(c.Variables)
	return ChannelBlock{Variables: c.Variables[:0]}
}

// BridgeBlock is the snapshot of a bridge, normalised like a ChannelBlock.
type BridgeBlock struct {
	Uniqueid        string
	Type            string
	Technology      string
	Creator         string
	Name            string
	NumChannels     string // counts channels that no event shows; never decide by it who talks
	VideoSourceMode string
	VideoSource     string
}

func (b *BridgeBlock) set(field FieldID, v string) {
	switch field {
	case FBridgeUniqueid:
		b.Uniqueid = v
	case FBridgeType:
		b.Type = v
	case FBridgeTechnology:
		b.Technology = v
	case FBridgeCreator:
		b.Creator = known(v)
	case FBridgeName:
		b.Name = known(v)
	case FBridgeNumChannels:
		b.NumChannels = v
	case FBridgeVideoSourceMode:
		b.VideoSourceMode = v
	case FBridgeVideoSource:
		b.VideoSource = v
	}
}

// plain is the value of a field outside the blocks.
func plain(f *Field) string {
	switch f.ID {
	case FCIDCallingPres, FCallerIDName, FConnectedLineName:
		return known(Unescape(f.Value))
	case FCallerIDNum, FConnectedLineNum, FUniqueid:
		return known(f.Value)
	}
	return f.Value
}

// known turns Asterisk's placeholder for "none" into nothing.
func known(v string) string {
	if v == "<unknown>" {
		return ""
	}
	return v
}

// Unescape undoes ast_escape_c once. Asterisk applies it to names of callers and to values of channel variables and to
// nothing else; it returns v itself where nothing is escaped.
func Unescape(v string) string {
	i := strings.IndexByte(v, '\\')
	if i < 0 {
		return v
	}
	out := append(make([]byte, 0, len(v)), v[:i]...)
	for ; i < len(v); i++ {
		if v[i] == '\\' && i+1 < len(v) {
			if c, ok := unescaped(v[i+1]); ok {
				out = append(out, c)
				i++
				continue
			}
		}
		out = append(out, v[i])
	}
	return string(out)
}

func unescaped(c byte) (byte, bool) {
	switch c {
	case 'a':
		return '\a', true
	case 'b':
		return '\b', true
	case 'f':
		return '\f', true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'v':
		return '\v', true
	case '\\', '\'', '"', '?':
		return c, true
	}
	return 0, false
}

// YesNo reads the ways Asterisk writes a truth value. What is none of them is false.
func YesNo(v string) bool {
	return v == "1" || strings.EqualFold(v, "yes") || strings.EqualFold(v, "true")
}
