package call

// pbx is what the assembler knows of one PBX.
type pbx struct {
	clock
	name  string
	index int

	boot    uint32 // counts the starts of Asterisk that were noticed
	bootAt  int64  // when the running one started, by its uptime; 0 until known
	startup string // the same as CoreStatus words it
	// otherBoot is when another Asterisk started that answered the last login, 0 if it was the one before: the standby of
	// a pair, or the clock was set. The snapshot tells which.
	otherBoot int64

	channels  map[string]*channel // by Uniqueid, of the running boot
	old       map[string]*channel // those of the boots before that late or repeated events may still name
	linked    map[string]*channel // some channel that had the Linkedid
	bridges   map[string]*bridge
	halves    map[string]*channel // Local halves that wait for the other
	endpoints map[string]*endpoint
	queues    map[string]*queue
	numbers   map[string]*dialled // numbers of ours and service codes that were seen

	endpointNames, queueNames []string // in order of first sight

	extens []ExtenRule // what people decided about its numbers
	recast []*endpoint

	ran      []ran // what the dialplan did to queues just now
	dialplan bool  // we see what the dialplan does
	died     int64 // when Asterisk stopped last, or was heard of last before it did
	stopped  bool  // it said so itself
	waiting  bool  // it is heard again, and has not told yet whether it started anew

	now       int64 // latest time seen or told, µs
	heard     int64 // latest time seen, µs
	arrived   int64 // latest arrival, ns
	marked    int64 // arrival of the latest mark of the agent, ns
	connected bool
	lostAt    int64 // when the connection was lost; 0 while it stands or before the first
	audited   int64 // when channels were compared last with what the PBX lists
	snap      *reconciliation
	timers    timers // of legs whose other end is looked for and that are told later than those of other PBXs
}

func newPBX(name string, index int) *pbx {
	return &pbx{
		name: name, index: index,
		channels: map[string]*channel{}, old: map[string]*channel{}, linked: map[string]*channel{}, bridges: map[string]*bridge{},
		halves: map[string]*channel{}, endpoints: map[string]*endpoint{}, queues: map[string]*queue{},
		numbers: map[string]*dialled{},
	}
}

// replace makes way for another channel with the Uniqueid of one that ended, and for another story with its Linkedid.
func (p *pbx) replace(c *channel) {
	delete(p.channels, c.id)
	p.old[c.id] = c
	for _, l := range c.linked {
		if o := p.linked[l]; o != nil && o.part == c.part && c.part.open == 0 {
			delete(p.linked, l)
		}
	}
}

// channel returns a channel by its Uniqueid: of the running boot, or of one before if the event is of that time.
func (p *pbx) channel(id string, t int64) *channel {
	if c := p.channels[id]; c != nil {
		return c
	}
	if len(p.old) > 0 {
		if c := p.old[id]; c != nil && t <= c.end+second {
			return c
		}
	}
	return nil
}
