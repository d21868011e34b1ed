// Command gen writes the names of Asterisk's events and fields, and the typed events, into package wire. It ships no
// text of Asterisk's: only names, which are facts of the interface.
//
//	core-en_US.xml ─ -xml ──▶ documented.txt ─┐
//	recorded traces ─ -seen ▶ seen.txt ───────┼─▶ events.txt, fields.txt ─▶ ids_gen.go, structs_gen.go
//	                          overlay.txt ────┘   (only appended to)
//
// Without flags it starts from the three committed text files, so that anybody can prove the generated ones fresh.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	var (
		xml  = flag.String("xml", "", "Asterisk's core-en_US.xml; rewrites documented.txt")
		seen = flag.String("seen", "", "directory of recorded traces; rewrites seen.txt")
		dir  = flag.String("dir", "shared/wire", "directory of package wire")
	)
	flag.Parse()
	if err := run(*dir, *xml, *seen); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir, xml, seen string) error {
	src := filepath.Join(dir, "gen")
	if xml != "" {
		if err := writeDocumented(xml, filepath.Join(src, "documented.txt")); err != nil {
			return fmt.Errorf("read documentation: %w", err)
		}
	}
	if seen != "" {
		if err := writeSeen(seen, filepath.Join(src, "seen.txt")); err != nil {
			return fmt.Errorf("read traces: %w", err)
		}
	}
	files, err := generate(os.DirFS(src))
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil { //nolint:gosec // source files are for everyone
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// generate returns the content of every generated file by its path in package wire's directory.
func generate(src fs.FS) (map[string][]byte, error) {
	known, err := readDefinitions(src, "overlay.txt", "documented.txt")
	if err != nil {
		return nil, err
	}
	seen, err := readDefinitions(src, "seen.txt")
	if err != nil {
		return nil, err
	}
	events, err := readList(src, "events.txt")
	if err != nil {
		return nil, err
	}
	fields, err := readList(src, "fields.txt")
	if err != nil {
		return nil, err
	}
	for _, defs := range []*definitions{seen, known} {
		for _, e := range defs.events {
			if e.name != anyEvent {
				events.add(defs.spelling(e.name))
			}
			for _, f := range e.fieldNames() {
				fields.add(f)
			}
		}
	}
	ids, err := renderIDs(events, fields)
	if err != nil {
		return nil, err
	}
	structs, err := renderStructs(known, fields)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{
		"gen/events.txt": events.render(), "gen/fields.txt": fields.render(),
		"ids_gen.go": ids, "structs_gen.go": structs,
	}, nil
}

// numbered is a list of names whose place is their number. It is only appended to.
type numbered struct {
	names []string
	have  map[string]string // lower case to the spelling that stands
}

func readList(src fs.FS, name string) (*numbered, error) {
	l := &numbered{have: map[string]string{}}
	b, err := fs.ReadFile(src, name)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read numbering: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if l.have[strings.ToLower(line)] != "" {
			return nil, fmt.Errorf("read numbering: %s: %q stands twice", name, line)
		}
		l.add(line)
	}
	return l, nil
}

func (l *numbered) add(name string) {
	if k := strings.ToLower(name); l.have[k] == "" {
		l.have[k] = name
		l.names = append(l.names, name)
	}
}

func (l *numbered) render() []byte {
	return []byte("# The place of a name is its number on the wire: append, never change, move or remove.\n" +
		strings.Join(l.names, "\n") + "\n")
}

// constant is the Go name of the field's identifier, however the name given is spelt.
func (l *numbered) constant(name string) string {
	return "F" + identifier(l.have[strings.ToLower(name)])
}
