package call

import (
	"net/netip"
	"slices"
	"strings"
)

// class is what stands behind an endpoint.
type class uint8

const (
	classUnknown class = iota
	classDevice        // a phone of ours
	classTrunk         // a carrier or another PBX
)

// sign is something seen of an endpoint.
type sign uint16

const (
	isMember       sign = 1 << iota // a queue rings it, or takes its state
	isRegistered                    // it registered a contact
	dialledThrough                  // a number was dialled behind it
	dialledItself                   // it was dialled without a number
	callsAsItself                   // it called with its own name as number
	callsAsOthers                   // it called with a long number that is not its name
	leadsElsewhere                  // it is one end of a trunk between two PBXs of ours
	isGuest                         // its name is what a PBX calls those it does not know
)

// endpoint is what was learned of one technology/resource.
type endpoint struct {
	pbx     *pbx
	name    string
	signs   sign
	number  string        // under which we know the device
	label   string        // its caller id name
	decided EndpointClass // what people decided it is
	given   string        // the number people gave the device, which goes before the learned one
	named   ExtenKind     // what people decided about the number it is named by
	paired  bool          // people said that it is one end of a trunk between two PBXs
	open    []*channel    // its channels that have not ended
	used    int           // channels it ever had

	first, last int64 // when it was heard of
	presence
}

func (e *endpoint) mark(s sign) {
	if e.signs&s == s {
		return
	}
	before := e.class()
	if e.signs |= s; e.class() != before {
		e.recast()
	}
}

// recast notes that what is known of the endpoint has changed: calls that it has a part in look otherwise now, also those
// that the event says nothing about.
func (e *endpoint) recast() {
	if e.used > 1 && !slices.Contains(e.pbx.recast, e) {
		e.pbx.recast = append(e.pbx.recast, e)
	}
}

// recast marks the calls of endpoints of which something was learned as changed.
func (a *Assembler) recast() {
	for _, p := range a.pbxs {
		if len(p.recast) == 0 {
			continue
		}
		for _, c := range p.ordered() {
			if slices.Contains(p.recast, c.ep) {
				a.touch(c.part)
			}
		}
		p.recast = nil
	}
}

// class is what people decided, else what is learned.
func (e *endpoint) class() class {
	switch e.decided {
	case EndpointDevice:
		return classDevice
	case EndpointTrunk:
		return classTrunk
	case EndpointLearned:
	}
	return e.learned()
}

// learned weighs the signs, the surest first. A short name of digits is a device in every numbering plan we have seen; a
// name of letters may be either, and then what it does decides.
func (e *endpoint) learned() class {
	has := func(s sign) bool { return e.signs&s != 0 }
	switch {
	case e.paired:
		return classTrunk
	case has(isMember):
		return classDevice
	case has(leadsElsewhere), has(dialledThrough), has(isGuest):
		return classTrunk
	case e.named == ExtenOperator:
		return classDevice
	case e.named == ExtenDID, e.named == ExtenOutside:
		return classTrunk
	case has(isRegistered):
		return classDevice
	case digits(e.resource()) && len(e.resource()) <= maxExtension:
		return classDevice
	case has(dialledItself), has(callsAsItself):
		return classDevice
	case has(callsAsOthers):
		return classTrunk
	}
	return classUnknown
}

// guest tells the endpoint of callers that nobody knows: PJSIP calls it anonymous, SIP by the address they come from.
func guest(resource string) bool {
	if resource == "anonymous" {
		return true
	}
	_, err := netip.ParseAddr(resource)
	return err == nil
}

func (e *endpoint) resource() string { return e.name[strings.IndexByte(e.name, '/')+1:] }

// newEndpoint knows nothing yet but the number of a device that is named by it.
func newEndpoint(p *pbx, name string) *endpoint {
	e := &endpoint{pbx: p, name: name}
	if digits(e.resource()) && len(e.resource()) <= maxExtension {
		e.number = e.resource()
	}
	if guest(e.resource()) {
		e.mark(isGuest)
	}
	return e
}

func (p *pbx) endpoint(a *Assembler, name string) *endpoint {
	e := p.endpoints[name]
	if e == nil {
		if len(p.endpoints) >= maxEndpoints {
			a.forgetStrangers(p)
		}
		e = newEndpoint(p, strings.Clone(name))
		a.decide(p, e)
		e.first = p.heard
		p.endpoints[e.name] = e
		p.endpointNames = append(p.endpointNames, e.name)
	}
	e.last = p.heard
	return e
}

// maxEndpoints bounds what guests with ever new names leave behind.
const maxEndpoints = 1 << 14

// forgetStrangers forgets endpoints of which nothing is known and that do nothing.
func (a *Assembler) forgetStrangers(p *pbx) {
	p.endpointNames = slices.DeleteFunc(p.endpointNames, func(name string) bool {
		e := p.endpoints[name]
		if len(e.open) > 0 || e.decided != EndpointLearned || e.signs&^(callsAsOthers|callsAsItself|isGuest) != 0 {
			return false
		}
		a.end(&e.state, p.now, "", true)
		delete(p.endpoints, name)
		return true
	})
}

func (e *endpoint) left(c *channel) {
	for i, o := range e.open {
		if o == c {
			e.open = append(e.open[:i], e.open[i+1:]...)
			return
		}
	}
}

// learnDevice notes that a queue rings an interface. Interfaces of Local channels say nothing about devices.
func (p *pbx) learnDevice(a *Assembler, iface string) {
	if isDevice(iface) {
		p.endpoint(a, iface).mark(isMember)
	}
}

// learnOrigin learns from a channel that came by itself.
func (c *channel) learnOrigin() {
	c.came = true
	e := c.ep
	switch {
	case c.number == "":
	case c.number == e.resource():
		e.mark(callsAsItself)
	case c.pbx.outside(c.number):
		e.mark(callsAsOthers)
	}
	if e.class() != classTrunk {
		e.learnNumber(c)
	}
}

// learnBirth learns from a channel that is called: its caller id is the device's own, as configured.
func (c *channel) learnBirth() {
	if c.ep.class() != classTrunk {
		c.ep.learnNumber(c)
	}
}

func (e *endpoint) learnNumber(c *channel) {
	if e.number == "" && c.pbx.extension(c.number) {
		e.number = c.number
		e.recast()
	}
	if e.label == "" && c.callerID != c.number {
		e.label = c.callerID
	}
}

// contact learns from registrations. A trunk has contacts too, but those are configured and reached under another name
// than the endpoint's own; a phone registers one for its own name.
func (a *Assembler) contact(p *pbx, r *record) {
	defer a.contacted(p, r)
	name := r.get(slotEndpointName)
	if name == "" || r.get(slotContactStatus) == "Removed" {
		return
	}
	user := r.get(slotURI)
	if i := strings.IndexByte(user, ':'); i >= 0 {
		user = user[i+1:]
	}
	user, _, ok := strings.Cut(user, "@")
	if ok && user == name {
		e := p.endpoint(a, "PJSIP/"+name)
		e.mark(isRegistered)
		a.stir(p, e, r.t, p.snap != nil)
	}
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// numberOf returns the number by which a party's channel is known.
func (c *channel) numberOf() string {
	if c.ep == nil {
		return c.number
	}
	if c.outside() {
		switch {
		case c.dial != nil && c.dial.number != "":
			return c.dial.number
		case c.number == "":
			return c.lastNumber
		}
		return c.number
	}
	return c.ep.device()
}

// outside tells a channel of a carrier or another PBX. An endpoint that nothing is known of is judged by its numbers:
// who calls with a long number is outside.
func (c *channel) outside() bool {
	if c.ep == nil {
		return false
	}
	switch c.ep.class() {
	case classDevice:
		return false
	case classTrunk:
		return true
	case classUnknown:
	}
	if c.dial == nil {
		return c.cameFromOutside()
	}
	return c.dial.dialled == "" && c.pbx.outside(c.lastNumber)
}

// cameFromOutside judges a channel that came by itself: by the number it shows, and else by the number it asks for.
func (c *channel) cameFromOutside() bool {
	switch c.pbx.said(c.number) {
	case ExtenOutside:
		return true
	case ExtenOperator, ExtenDID:
		return false
	default:
	}
	if c.pbx.said(c.exten) == ExtenDID {
		return true
	}
	return len(c.number) > maxExtension || c.number == "" && len(c.exten) > maxExtension
}

func (e *endpoint) device() string {
	if e.given != "" {
		return e.given
	}
	if e.number != "" {
		return e.number
	}
	return e.resource()
}
