package call_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

// fed is one event of a stream and whose it is.
type fed struct {
	pbx string
	ev  *wire.Event
}

// recordingsOf lists the small recordings: those whose properties are tried many times over.
func recordingsOf(t testing.TB, pattern string) []string {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join("../../lab/corpus", pattern))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no recordings match %s: %v", pattern, err)
	}
	return dirs
}

// eventsOf reads the recordings of all PBXs below dir, merged by time.
func eventsOf(t testing.TB, dir string) []fed {
	t.Helper()
	traces, _ := filepath.Glob(filepath.Join(dir, "*", "trace.ami.gz"))
	var all []fed
	for _, name := range traces {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		pbx := filepath.Base(filepath.Dir(name))
		err = trace.Events(bytes.NewReader(data), func(ev *wire.Event) error {
			all = append(all, fed{pbx, ev.Clone()})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].ev.Received < all[j].ev.Received })
	return all
}

// book keeps the latest version of every call, as a reader of Drain would.
type book map[call.ID]*call.Call

func (b book) enter(list []*call.Call) {
	for _, c := range list {
		for _, id := range c.Supersedes {
			delete(b, id)
		}
		b[c.ID] = c
	}
}

// drainEvery is how many events pass between two drains in these tests.
const drainEvery = 64

func assemble(events []fed) book {
	a, b := call.New(call.Options{}), book{}
	for i, e := range events {
		a.Feed(e.pbx, e.ev)
		if i%drainEvery == drainEvery-1 {
			b.enter(a.Drain())
		}
	}
	b.enter(a.Flush())
	return b
}

// ordered returns the calls by start.
func (b book) ordered() []*call.Call {
	list := make([]*call.Call, 0, len(b))
	for _, c := range b {
		list = append(list, c)
	}
	slices.SortFunc(list, func(x, y *call.Call) int {
		if d := x.Start.Compare(y.Start); d != 0 {
			return d
		}
		return bytes.Compare(x.ID[:], y.ID[:])
	})
	return list
}

// text writes the calls of a book in order, without what only says how often they were handed out.
func (b book) text(t failer, cleaners ...func(*call.Call)) string {
	t.Helper()
	list := b.ordered()
	for i, c := range list {
		o := *c
		o.Rev, o.Supersedes = 0, nil
		for _, clean := range cleaners {
			clean(&o)
		}
		list[i] = &o
	}
	var out bytes.Buffer
	for _, c := range list {
		line, err := json.MarshalIndent(c, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	return out.String()
}
