package dialplan

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Place is a line of a file of the dialplan.
type Place struct {
	File string
	Line int
	Text string
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// survey is what was found in a dialplan that somebody wrote by hand.
type survey struct {
	dials   []Place // lines that dial a peer without the handler
	handled bool    // some line names the handler
	taken   bool    // some line calls the subroutine for legs that come in
	hook    *Place  // FreePBX's hook, where somebody uses it already
}

// look reads the dialplan's files, but not ours and not what FreePBX makes itself.
func look(dir string, peers []string) (s survey, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "extensions*.conf"))
	if err != nil {
		return s, fmt.Errorf("look for the dialplan: %w", err)
	}
	slices.Sort(files)
	for _, file := range files {
		name := filepath.Base(file)
		if name == File || name == "extensions_additional.conf" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return s, fmt.Errorf("look at the dialplan: %w", err)
		}
		s.file(name, string(text), peers)
	}
	return s, nil
}

func (s *survey) file(name, text string, peers []string) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(strings.TrimSpace(line), ";")
		at := Place{File: name, Line: number, Text: strings.TrimSpace(line)}
		switch {
		case strings.HasPrefix(line, "["+TrunkHook+"]"):
			s.hook = &at
		case strings.Contains(line, Out+"^s^1"):
			s.handled = true
		case strings.Contains(line, In+",s,1"):
			s.taken = true
		case slices.ContainsFunc(peers, func(p string) bool { return dials(line, p) }):
			s.dials = append(s.dials, at)
		}
	}
}

var dialLine = regexp.MustCompile(`(?i)\bdial\(`)

// dials tells a line that dials a number behind an endpoint: PJSIP/600@peer, SIP/peer/600.
func dials(line, peer string) bool {
	at := dialLine.FindStringIndex(line)
	if at == nil {
		return false
	}
	rest := line[at[1]:]
	for _, mark := range []string{"@", "/"} {
		for i := strings.Index(rest, mark+peer); i >= 0; {
			after := rest[i+len(mark+peer):]
			if after == "" || strings.ContainsRune(",/&)|", rune(after[0])) {
				return true
			}
			next := strings.Index(after, mark+peer)
			if next < 0 {
				break
			}
			i += len(mark+peer) + next
		}
	}
	return false
}
