package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// tally counts names by their spelling.
type tally struct{ events, fields map[string]int }

// writeSeen writes the names that occur in recorded traces, the most frequent first: numbers below 24 take one byte on
// the wire and those below 256 two.
func writeSeen(dir, to string) error {
	t := tally{events: map[string]int{}, fields: map[string]int{}}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasPrefix(e.Name(), "trace.ami") {
			return err
		}
		return t.file(path)
	})
	if err != nil {
		return err
	}
	defs := &definitions{byName: map[string]*event{}}
	for _, name := range byCount(t.events) {
		defs.event(name, "")
	}
	other := defs.event(anyEvent, "")
	for _, name := range byCount(t.fields) {
		other.add(part{name: name})
	}
	comment := "# Names that occur in recorded traces, the most frequent first, extracted by this command with -seen.\n"
	return os.WriteFile(to, defs.render(comment), 0o644) //nolint:gosec // source files are for everyone
}

func (t *tally) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r := io.Reader(f)
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return err
		}
	}
	received := false
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) > 1 && bytes.IndexByte([]byte("@>#"), line[0]) >= 0 && line[1] == ' ' {
			received = line[0] == '@'
			continue
		}
		if received {
			t.line(line)
		}
	}
	return lines.Err()
}

func (t *tally) line(line []byte) {
	key, value, found := bytes.Cut(line, []byte(":"))
	if !found || len(key) > 64 || fieldName(string(key)) == "" {
		return
	}
	t.fields[string(key)]++
	if string(key) == "Event" {
		t.events[strings.TrimSpace(string(value))]++
	}
}

func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b))
	})
}
