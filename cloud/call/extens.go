package call

import (
	"slices"
	"strings"
)

// maxExtension is how long an extension may be; longer numbers are numbers of the telephone network. It counts where no
// rule says what a number is.
const maxExtension = 6

// LooksOutside tells a number of the telephone network by its length.
func LooksOutside(number string) bool {
	return len(number) > maxExtension && digits(strings.TrimPrefix(number, "+"))
}

func (a *Assembler) extensOf(pbx string) []ExtenRule {
	var list []ExtenRule
	for _, r := range a.rules.Extens {
		if r.PBX == pbx {
			list = append(list, r)
		}
	}
	return list
}

// said is what the rules say about a number.
func (p *pbx) said(number string) ExtenKind {
	if number == "" {
		return ExtenUnknown
	}
	for i := range p.extens {
		if r := &p.extens[i]; MatchExten(r.Pattern, number) {
			return r.Kind
		}
	}
	return ExtenUnknown
}

// outside tells a number of the telephone network, by a rule or by its length.
func (p *pbx) outside(number string) bool {
	switch p.said(number) {
	case ExtenUnknown:
		return LooksOutside(number)
	case ExtenOutside:
		return true
	default:
		return false
	}
}

// extension tells a number that a device of ours may have.
func (p *pbx) extension(number string) bool {
	switch p.said(number) {
	case ExtenUnknown:
		return number != "" && len(number) <= maxExtension
	case ExtenOperator:
		return true
	default:
		return false
	}
}

// learnAnew takes back what was learned from numbers under other rules, and learns it from the channels that are known.
func (p *pbx) learnAnew() {
	for _, e := range p.endpoints {
		e.signs &^= callsAsOthers
		if e.number != e.resource() && !p.extension(e.number) {
			e.number = ""
		}
	}
	for _, c := range p.ordered() {
		switch {
		case c.ep == nil:
		case c.came:
			c.learnOrigin()
		case c.called():
			c.learnBirth()
		}
	}
}

// dialled is a number of ours by which the outside calls in, or a service code.
type dialled struct {
	kind        ExtenKind
	said        bool   // a rule says so
	app         string // where a service code leads
	first, last int64
}

// maxNumbers bounds what is kept of the numbers of one PBX; the one that was not dialled for the longest goes first.
const maxNumbers = 4096

// learn notes the number the story began with, once it is over and seen from its beginning: asked for by the outside it
// is one of ours, and where it led to nobody but the PBX it is a service code.
func (t *story) learn() {
	c := t.first
	number := c.exten
	if c.dnid != "" {
		number = c.dnid
	}
	if t.open || c.called() || c.guessed&guessCreated != 0 && c.dnid == "" || number == "" || len(number) > 40 {
		return
	}
	said := c.pbx.said(number)
	switch {
	case t.dir == Inbound && said == ExtenDID,
		t.dir == Inbound && said == ExtenUnknown && c.ep.class() == classTrunk && c.ep.signs&isGuest == 0 && digits(strings.TrimPrefix(number, "+")) && t.served():
		c.pbx.learnNumber(number, dialled{kind: ExtenDID, said: said != ExtenUnknown, first: c.created, last: c.created})
	case said == ExtenService, said == ExtenUnknown && t.hidden() && !c.pbx.knows(number):
		c.pbx.learnNumber(number, dialled{kind: ExtenService, said: said != ExtenUnknown, app: t.service(), first: c.created, last: c.created})
	}
}

// served tells whether the PBX did anything with the one who called: it does nothing for those who try numbers.
func (t *story) served() bool {
	if t.first.up != 0 {
		return true
	}
	return slices.ContainsFunc(t.list, func(c *channel) bool { return c.called() || len(c.visits) > 0 })
}

// service is the application that does what a service code is for, and if there is none, what was played last.
func (t *story) service() string {
	app := ""
	for _, s := range t.first.steps {
		switch {
		case serves(s.app):
			return s.app
		case shown(s.app):
			app = s.app
		}
	}
	return app
}

func serves(app string) bool {
	switch app {
	case "AddQueueMember", "RemoveQueueMember", "PauseQueueMember", "UnpauseQueueMember", "AgentLogin", "AgentRequest",
		"Pickup", "PickupChan", "ChanSpy", "ExtenSpy", "VoiceMailPlayMsg", "MeetMe", "Page", "DISA", "ParkedCall", "MinivmRecord":
		return true
	}
	return false
}

// knows tells a number that is a device's or a queue's: who dials it means somebody, even where nobody comes.
func (p *pbx) knows(number string) bool {
	if p.queues[number] != nil {
		return true
	}
	for _, e := range p.endpoints {
		if e.class() == classDevice && e.device() == number {
			return true
		}
	}
	return false
}

func (p *pbx) learnNumber(number string, seen dialled) {
	n := p.numbers[number]
	if n == nil {
		if len(p.numbers) >= maxNumbers {
			p.forgetNumber()
		}
		p.numbers[number] = &seen
		return
	}
	n.first, n.last = min(n.first, seen.first), max(n.last, seen.last)
	n.kind, n.said = seen.kind, seen.said
	if seen.app != "" {
		n.app = seen.app
	}
}

func (p *pbx) forgetNumber() {
	oldest := ""
	for number, n := range p.numbers {
		if o := p.numbers[oldest]; o == nil || n.last < o.last || n.last == o.last && number < oldest {
			oldest = number
		}
	}
	delete(p.numbers, oldest)
}
