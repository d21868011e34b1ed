package logs

import (
	"strconv"
	"strings"
)

var errFewFields = &flawError{flaw: FewFields}

// queueLine takes a line of the file queue_log apart.
func (p *parser) queueLine(line string) (*Row, error) {
	f := strings.Split(line, "|")
	if len(f) < 5 {
		return nil, errFewFields
	}
	return p.queueEntry(f[0], &QueueEntry{Call: f[1], Queue: f[2], Agent: f[3], Event: f[4], Data: f[5:]})
}

func (p *parser) queueRow(f []string) (*Row, error) {
	c := p.columns
	e := &QueueEntry{Call: c.get(f, "call"), Queue: c.get(f, "queue"), Agent: c.get(f, "agent"), Event: c.get(f, "event")}
	for _, name := range []string{"data1", "data2", "data3", "data4", "data5"} {
		e.Data = append(e.Data, c.get(f, name))
	}
	if strings.Contains(e.Data[0], "|") { // the older table has all data in one column
		e.Data = strings.Split(e.Data[0], "|")
	}
	return p.queueEntry(c.get(f, "time"), e)
}

func (p *parser) queueEntry(time string, e *QueueEntry) (*Row, error) {
	if e.Event == "" {
		return nil, &flawError{flaw: NoEvent}
	}
	at, whole, err := p.moment(time, e.Call)
	if err != nil {
		return nil, err
	}
	if e.Event == "ENTERQUEUE" {
		p.off.saw(at, e.Call)
	}
	return &Row{At: at, Whole: whole, Queue: e}, nil
}

func (p *parser) celRow(f []string) (*Row, error) {
	c := p.columns
	e := &ChannelEvent{
		Type: c.get(f, "type"), Name: c.get(f, "name"), Number: c.get(f, "number"), ANI: c.get(f, "ani"), DNID: c.get(f, "dnid"),
		Exten: c.get(f, "exten"), Context: c.get(f, "context"), Channel: c.get(f, "channel"), App: c.get(f, "app"), Data: c.get(f, "appdata"),
		Uniqueid: c.get(f, "uniqueid"), Linkedid: c.get(f, "linkedid"), Peer: c.get(f, "peer"), UserType: c.get(f, "usertype"), Extra: c.get(f, "extra"),
	}
	switch {
	case e.Type == "" || e.Uniqueid == "":
		return nil, errFewFields
	case !eventTypes[e.Type]:
		return nil, &flawError{UnknownEvent, e.Type}
	}
	at, whole, err := p.moment(c.get(f, "time"), e.Uniqueid)
	if err != nil {
		return nil, err
	}
	if e.Type == "CHAN_START" {
		p.off.saw(at, e.Uniqueid)
	}
	return &Row{At: at, Whole: whole, Event: e}, nil
}

func (p *parser) cdrRow(f []string) (*Row, error) {
	c := p.columns
	if !c.header {
		tail, ok := cdrTails[len(f)]
		if !ok {
			return nil, errFewFields
		}
		for i, name := range tail {
			c.at[name] = len(cdrColumns) + i
		}
	}
	r := &Record{
		Source: c.get(f, "src"), Destination: c.get(f, "dst"), Context: c.get(f, "dcontext"), Channel: c.get(f, "channel"), DestChannel: c.get(f, "dstchannel"),
		App: c.get(f, "lastapp"), Data: c.get(f, "lastdata"), Disposition: strings.ToUpper(strings.ReplaceAll(c.get(f, "disposition"), "_", " ")),
		Uniqueid: c.get(f, "uniqueid"), Linkedid: c.get(f, "linkedid"), DID: c.get(f, "did"), Sequence: c.get(f, "sequence"),
		CallerName: callerName(c.get(f, "clid")),
	}
	if r.Channel == "" {
		return nil, &flawError{flaw: NoChannel}
	}
	var whole bool
	var err error
	if r.Start, whole, err = p.moment(c.get(f, "time"), r.Uniqueid); err != nil {
		return nil, err
	}
	p.last = 0 // rows are in order of their ends
	p.off.saw(r.Start, r.Uniqueid)
	length, err := seconds(c.get(f, "duration"))
	if err != nil {
		return nil, err
	}
	talked, err := seconds(c.get(f, "billsec"))
	if err != nil {
		return nil, err
	}
	r.End = r.Start + length
	if r.Disposition == "ANSWERED" {
		r.Answer = r.End - talked
	}
	return &Row{At: r.Start, Whole: whole, Record: r}, nil
}

// seconds reads a length, which may have a fraction, in µs.
func seconds(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || n > 1e8 {
		return 0, &flawError{NoLength, s}
	}
	return int64(n * 1e6), nil
}

// callerName takes the name out of "Name" <number>.
func callerName(clid string) string {
	name, _, _ := strings.Cut(clid, "<")
	return strings.Trim(strings.TrimSpace(name), `"`)
}
