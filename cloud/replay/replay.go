// Package replay assembles recorded AMI: the tool for support (a customer's recording), for tests, and for comparing
// assembled calls with what the phones lived. It opens files and nothing else.
package replay

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

// ErrNoTrace says that the folder holds no folder with a trace.ami or trace.ami.gz.
var ErrNoTrace = errors.New("no trace.ami found in any folder")

// batchEvents is how many events a batch holds, as the agent makes them.
const batchEvents = 256

// Run assembles the recording in dir and writes its calls as "json" or as a "table" for people.
func Run(ctx context.Context, dir, format string, w io.Writer) error {
	calls, err := Calls(ctx, dir)
	if err != nil {
		return fmt.Errorf("replay %s: %w", dir, err)
	}
	if format == "table" {
		return writeTable(w, calls)
	}
	return writeJSON(w, calls)
}

// Calls assembles the recording in dir, which holds one folder per PBX, and returns its calls in order of start. All
// PBXs belong to one tenant; their events are fed merged by time, through the encoding that live events go through.
func Calls(ctx context.Context, dir string) ([]*call.Call, error) {
	streams, err := open(dir)
	if err != nil {
		return nil, err
	}
	book := map[call.ID]*call.Call{}
	a := call.New(call.Options{})
	for ctx.Err() == nil {
		s := earliest(streams)
		if s == nil {
			break
		}
		s.feed(until(streams, s), func(ev *wire.Event) { a.Feed(s.pbx, ev) })
		enter(book, a.Drain())
		a.DrainStates() // nobody asks for these here
	}
	enter(book, a.Flush())
	return ordered(book), ctx.Err()
}

// enter keeps the latest version of each call.
func enter(book map[call.ID]*call.Call, calls []*call.Call) {
	for _, c := range calls {
		for _, id := range c.Supersedes {
			delete(book, id)
		}
		book[c.ID] = c
	}
}

func ordered(book map[call.ID]*call.Call) []*call.Call {
	list := make([]*call.Call, 0, len(book))
	for _, c := range book {
		list = append(list, c)
	}
	sort.Slice(list, func(i, j int) bool {
		if d := list[i].Start.Compare(list[j].Start); d != 0 {
			return d < 0
		}
		return slices.Compare(list[i].ID[:], list[j].ID[:]) < 0
	})
	return list
}

// stream is the recording of one PBX as the batches an agent would have sent.
type stream struct {
	pbx     string
	batches [][]byte
	decoder *wire.BatchDecoder
	events  []*wire.Event // of the batch being fed
}

// open reads the recordings below dir.
func open(dir string) ([]*stream, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var streams []*stream
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		f, err := openTrace(filepath.Join(dir, e.Name()))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s := &stream{pbx: e.Name(), decoder: wire.NewBatchDecoder(wire.Limits{})}
		err = s.encode(f)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", e.Name(), err)
		}
		streams = append(streams, s)
	}
	if len(streams) == 0 {
		return nil, ErrNoTrace
	}
	return streams, nil
}

func openTrace(dir string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(dir, "trace.ami"))
	if err == nil {
		return f, nil
	}
	f, err = os.Open(filepath.Join(dir, "trace.ami.gz"))
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &gzipFile{Reader: z, file: f}, nil
}

type gzipFile struct {
	*gzip.Reader
	file *os.File
}

// Close closes both the decompressor and the file.
func (g *gzipFile) Close() error {
	return errors.Join(g.Reader.Close(), g.file.Close())
}

// encode makes batches out of a recording.
func (s *stream) encode(r io.Reader) error {
	e := wire.NewBatchEncoder()
	e.Reset(1, 1)
	next := uint64(1)
	cut := func() {
		if e.Len() > 0 {
			next += uint64(e.Len())
			s.batches = append(s.batches, e.Finish(nil))
			e.Reset(1, next)
		}
	}
	err := trace.Events(r, func(ev *wire.Event) error {
		ev.Seq = next + uint64(e.Len())
		if err := e.Add(ev); err != nil {
			return err
		}
		if e.Len() == batchEvents {
			cut()
		}
		return nil
	})
	cut()
	return err
}

// next returns when the next event was received, and false at the end.
func (s *stream) next() (int64, bool) {
	for len(s.events) == 0 {
		if len(s.batches) == 0 {
			return 0, false
		}
		b := s.batches[0]
		s.batches = s.batches[1:]
		_, err := s.decoder.Decode(b, func(ev *wire.Event) error {
			s.events = append(s.events, ev.Clone())
			return nil
		})
		if err != nil { // we made it ourselves
			return 0, false
		}
	}
	return s.events[0].Received, true
}

// feed hands on events up to a moment, one at least.
func (s *stream) feed(limit int64, fn func(*wire.Event)) {
	for n := 0; ; n++ {
		at, more := s.next()
		if !more || n > 0 && at > limit || n >= batchEvents {
			return
		}
		fn(s.events[0])
		s.events = s.events[1:]
	}
}

func earliest(streams []*stream) *stream {
	var best *stream
	var least int64
	for _, s := range streams {
		if at, ok := s.next(); ok && (best == nil || at < least) {
			best, least = s, at
		}
	}
	return best
}

// until is the moment up to which one stream may be fed without overtaking another.
func until(streams []*stream, of *stream) int64 {
	limit := int64(1<<63 - 1)
	for _, s := range streams {
		if at, ok := s.next(); ok && s != of {
			limit = min(limit, at)
		}
	}
	return limit
}
