package call

// pbx is what the assembler knows of one PBX.
type pbx struct {
	clock
	name  string
	index int

	boot    uint32 // counts the starts of Asterisk that were noticed
	bootAt  int64  // when the running one started, by its uptime; 0 until known
	startup string // the same as CoreStatus words it

	channels  map[string]*channel // by Uniqueid, of the running boot
	linked    map[string]*channel // some channel that had the Linkedid
	bridges   map[string]*bridge
	halves    map[string]*channel // Local halves that wait for the other
	endpoints map[string]*endpoint
	queues    map[string]*queue

	endpointNames, queueNames []string // in order of first sight

	now       int64 // latest time seen, µs
	arrived   int64 // latest arrival, ns
	marked    int64 // arrival of the latest mark of the agent, ns
	connected bool
	lostAt    int64 // when the connection was lost; 0 while it stands or before the first
	snap      *reconciliation
}

func newPBX(name string, index int) *pbx {
	return &pbx{
		name: name, index: index,
		channels: map[string]*channel{}, linked: map[string]*channel{}, bridges: map[string]*bridge{},
		halves: map[string]*channel{}, endpoints: map[string]*endpoint{}, queues: map[string]*queue{},
	}
}
