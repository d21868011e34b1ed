package importing

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/logs"
	"github.com/callweave/callweave/cloud/logs/retell"
	"github.com/callweave/callweave/shared/wire"
)

// Source is one file.
type Source struct {
	Name string
	Kind logs.Kind // Unknown: by its looks
	Open func() (io.ReadCloser, error)
}

// File says what was found in a source.
type File struct {
	Name string `json:"name"`
	logs.Report
}

// Reading says how files are read.
type Reading struct {
	PBX      string
	Zone     *time.Location
	Encoding string
	From, To time.Time // calls that began outside are left out; zero for no bound
	Members  map[string]string
	Rules    call.Rules
	Dir      string // for what does not fit into memory
}

// around is how much before and after a period is read: calls reach into it and out of it.
const around = 6 * time.Hour

// Past is what files tell.
type Past struct {
	Files   []File
	Origins call.Origin
	Unknown map[string]int // members of queues of which no device is known, with how often they were rung
	sorter  *logs.Sorter
	reading Reading
}

// ErrNothing says that the files hold no row of the period.
var ErrNothing = errors.New("the files hold nothing of this period")

// sourceError says which file could not be read.
type sourceError struct {
	name string
	err  error
}

func (e *sourceError) Error() string { return e.name + ": " + e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// Read reads all files. Close the past when it is no longer needed.
func Read(ctx context.Context, sources []Source, how Reading) (*Past, error) {
	p := &Past{sorter: logs.NewSorter(how.Dir), reading: how}
	for i := range sources {
		if err := p.read(ctx, &sources[i], uint16(i)); err != nil {
			_ = p.Close()
			return nil, &sourceError{sources[i].Name, err}
		}
	}
	return p, nil
}

func (p *Past) read(ctx context.Context, s *Source, file uint16) error {
	f, err := s.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	o := logs.Options{Kind: s.Kind, Zone: p.reading.Zone, Encoding: p.reading.Encoding}
	if !p.reading.From.IsZero() {
		o.From = p.reading.From.Add(-around).UnixMicro()
	}
	if !p.reading.To.IsZero() {
		o.To = p.reading.To.Add(around).UnixMicro()
	}
	rows := 0
	rep, err := logs.Read(f, o, func(r *logs.Row) error {
		if rows++; rows%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.File = file
		for _, m := range retell.Moments(r) {
			if err := p.sorter.Add(m); err != nil {
				return err
			}
		}
		return nil
	})
	p.Files = append(p.Files, File{s.Name, rep})
	switch rep.Kind {
	case logs.QueueLog:
		p.Origins |= call.FromQueueLog
	case logs.CEL:
		p.Origins |= call.FromCEL
	case logs.CDR:
		p.Origins |= call.FromCDR
	case logs.Unknown:
	}
	return err
}

// Close removes what was put aside.
func (p *Past) Close() error { return p.sorter.Close() }

// drainEvery is how much time of the logs passes between two looks at what changed, µs.
const drainEvery = int64(2 * time.Second / time.Microsecond)

// Calls hands out the final calls of the past, each once and about in order of their ends, and what operators did. It can
// be called once.
func (p *Past) Calls(ctx context.Context, calls func([]*call.Call) error, states func([]call.Interval) error) error {
	m := &maker{past: p, asm: call.New(call.Options{}), calls: calls, states: states}
	m.asm.SetRules(p.reading.Rules)
	m.teller = retell.New(retell.Options{Feed: m.feed, Logs: p.Origins, Members: p.reading.Members})
	n, rows := 0, once{fn: m.teller.Row}
	err := p.sorter.Each(func(r *logs.Row) error {
		rows.row(r)
		if n++; n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return m.failed
	})
	if err != nil {
		return err
	}
	rows.flush()
	m.teller.Close()
	m.asm.Advance(p.reading.PBX, m.now*1000+int64(time.Hour))
	m.drain()
	m.take(m.asm.Flush(), true)
	p.Unknown = m.teller.Strangers()
	return m.failed
}

// maker turns events into calls.
type maker struct {
	past    *Past
	asm     *call.Assembler
	teller  *retell.Teller
	now     int64
	drained int64
	calls   func([]*call.Call) error
	states  func([]call.Interval) error
	waiting map[call.ID]*call.Call // final calls that late events may still change
	order   []call.ID
	failed  error
}

func (m *maker) feed(ev *wire.Event) {
	m.asm.Feed(m.past.reading.PBX, ev)
	if m.now = ev.Received / 1000; m.now-m.drained >= drainEvery {
		m.drain()
	}
}

func (m *maker) drain() {
	m.drained = m.now
	m.take(m.asm.Drain(), false)
}

// held is how long a final call may still be changed by what comes late.
const held = time.Minute

// take keeps final calls until nothing changes them any more.
func (m *maker) take(list []*call.Call, all bool) {
	if m.waiting == nil {
		m.waiting = map[call.ID]*call.Call{}
	}
	for _, c := range list {
		for _, id := range c.Supersedes {
			delete(m.waiting, id)
		}
		if c.Open {
			delete(m.waiting, c.ID)
			continue
		}
		if _, again := m.waiting[c.ID]; !again {
			m.order = append(m.order, c.ID)
		}
		m.waiting[c.ID] = c
	}
	until := time.UnixMicro(m.now).Add(-held)
	var ready []*call.Call
	kept := m.order[:0]
	for _, id := range m.order {
		c, ok := m.waiting[id]
		switch {
		case !ok:
		case !all && c.End.After(until):
			kept = append(kept, id)
		default:
			delete(m.waiting, id)
			if m.past.reading.within(c.Start) {
				ready = append(ready, m.mark(c))
			}
		}
	}
	m.order = kept
	if len(ready) > 0 && m.failed == nil {
		m.failed = m.calls(ready)
	}
	intervals := m.asm.DrainStates()
	if len(intervals) > 0 && m.failed == nil && m.states != nil {
		m.failed = m.states(intervals)
	}
}

func (r *Reading) within(t time.Time) bool {
	return (r.From.IsZero() || !t.Before(r.From)) && (r.To.IsZero() || t.Before(r.To))
}
