package call

import "time"

// Fact is something learned about a PBX that the directory wants to know.
type Fact struct {
	PBX   string
	Kind  FactKind
	Name  string // endpoint (PJSIP/101), queue or number
	Label string // what people call it: the number of a device, the name of a queue, where a service code leads
	Note  string // caller id name of a device

	Learned     EndpointClass // what the signs say of an endpoint, whatever was decided
	Signs       Sign          // of an endpoint
	Said        bool          // a rule says so of a number
	First, Last time.Time     // when an endpoint was heard of, a number dialled; to the hour
}

// FactKind says what a fact is about.
type FactKind uint8

// The kinds of facts.
const (
	FactOperator FactKind = iota + 1
	FactTrunk
	FactEndpoint // one that may be either
	FactQueue
	FactDID
	FactService
)

// Sign is something that was seen of an endpoint and tells what it is, a bit for each.
type Sign uint16

// The signs, the surest of them first.
const (
	SignMember         = Sign(isMember)       // a queue rings it
	SignLeadsElsewhere = Sign(leadsElsewhere) // it is one end of a trunk between two PBXs
	SignDialledThrough = Sign(dialledThrough) // a number was dialled behind it
	SignRegistered     = Sign(isRegistered)   // it registered under its own name
	SignDialledItself  = Sign(dialledItself)  // it was dialled without a number
	SignCallsAsItself  = Sign(callsAsItself)  // it called with its own name as number
	SignCallsAsOthers  = Sign(callsAsOthers)  // it called with a number of the telephone network
	SignNamedByNumber  = Sign(1 << 14)        // it is named by a short number
	SignRuled          = Sign(1 << 15)        // a rule says what the number is that it is named by
)

// Learned returns what is known of endpoints, queues and numbers, ordered by PBX; endpoints and queues by first sight.
func (a *Assembler) Learned() []Fact {
	var facts []Fact
	for _, p := range a.pbxs {
		for _, name := range p.endpointNames {
			facts = append(facts, p.endpoints[name].fact(p))
		}
		for _, name := range p.queueNames {
			facts = append(facts, Fact{PBX: p.name, Kind: FactQueue, Name: name, Label: name})
		}
		for _, number := range sortedKeys(p.numbers) {
			n := p.numbers[number]
			f := Fact{PBX: p.name, Kind: FactDID, Name: number, Said: n.said, First: hour(n.first), Last: hour(n.last)}
			if n.kind == ExtenService {
				f.Kind, f.Label = FactService, n.app
			}
			facts = append(facts, f)
		}
	}
	return facts
}

func (e *endpoint) fact(p *pbx) Fact {
	f := Fact{
		PBX: p.name, Kind: FactEndpoint, Name: e.name, Learned: EndpointClass(e.learned()), Signs: Sign(e.signs),
		First: hour(e.first), Last: hour(e.last),
	}
	switch {
	case e.named == ExtenOperator || e.named == ExtenDID || e.named == ExtenOutside:
		f.Signs |= SignRuled
	case digits(e.resource()) && len(e.resource()) <= maxExtension:
		f.Signs |= SignNamedByNumber
	}
	switch e.class() {
	case classDevice:
		f.Kind, f.Label, f.Note = FactOperator, e.device(), e.label
	case classTrunk:
		f.Kind, f.Label = FactTrunk, e.resource()
	case classUnknown:
	}
	return f
}

// hour is a time that does not change with every event.
func hour(us int64) time.Time { return at(us).Truncate(time.Hour) }
