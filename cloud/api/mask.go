package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// masked stands for what a viewer may not read.
const masked = "•••"

// mask takes out of what is shown of a call what its viewer may not read: devices that are not to be watched, by whatever
// name they go; of who sees his own only, other devices; and the last digits of outside numbers. What is left tells
// how the call went, not with whom.
type mask struct {
	names   []string        // what must not be read, the longest first
	devices map[device]bool // of these: numbers by PBX
	own     map[device]bool // whose rows stay; nil where others' do too
	digits  bool            // outside numbers
	ours    []string        // numbers that look like outside ones and are ours
	foreign bool            // ids of other calls stay
}

// hiddenDigits is how much of an outside number is not shown, the same digits wherever it stands: facts hide them too, and
// two halves would make a whole.
const hiddenDigits = 4

// longestOwn is how long a number of ours may be that nobody need hide.
const longestOwn = 6

func maskNumber(number string) string {
	shown, hidden := []byte(number), 0
	for i := len(shown) - 1; i >= 0 && hidden < hiddenDigits; i-- {
		if shown[i] >= '0' && shown[i] <= '9' {
			shown[i] = 'x'
			hidden++
		}
	}
	return string(shown)
}

// party is the number of somebody, of the outside however short it is.
func (m *mask) party(number string, outside bool) string {
	shown := m.text(number)
	if m.digits && outside && shown == number {
		return maskNumber(number)
	}
	return shown
}

// longNumber is a telephone number as people and PBXs write it, in any text.
var longNumber = regexp.MustCompile(`\+?\d(?:[ ()-]{0,2}\d){6,}`)

// text is a text without what must not be read.
func (m *mask) text(s string) string {
	for _, n := range m.names {
		s = replaceWord(s, n, masked)
	}
	if m.digits {
		s = longNumber.ReplaceAllStringFunc(s, func(found string) string {
			for _, o := range m.ours {
				if found == o {
					return found
				}
			}
			return maskNumber(found)
		})
	}
	return s
}

// replaceWord replaces a word where it is no part of a longer one: 101 in PJSIP/101-0000a, and not in 1101.
func replaceWord(s, word, by string) string {
	if word == "" {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, word)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(word):])
		if inWord(before) || inWord(after) {
			b.WriteString(s[:i+len(word)])
		} else {
			b.WriteString(s[:i])
			b.WriteString(by)
		}
		s = s[i+len(word):]
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// keys of a story that say when, or name a channel for the PBX alone.
func technical(key string) bool {
	switch key {
	case "id", "uniqueid", "linkedid", "from_uniqueid", "to_uniqueid", "call", "supersedes",
		"start", "answered", "end", "entered", "left", "at", "from", "to", "kind", "direction", "disposition", "result", "pbx":
		return true
	}
	return false
}

// deviceRows are the rows of a story that are about devices, and the keys that name them.
func deviceRows() map[string][]string {
	return map[string][]string{
		"queues": {"operator", "member"}, "rings": {"operator"}, "talks": {"operator", "with"}, "holds": {"by"}, "transfers": {"by", "to"},
		"parkings": {"by", "retriever"}, "legs": {"number"},
	}
}

// story masks a whole story.
func (m *mask) story(raw Story) (Story, error) {
	if m == nil {
		return raw, nil
	}
	var story map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&story); err != nil {
		return nil, fmt.Errorf("read story: %w", err)
	}
	for _, leg := range rowsOf(story["legs"]) {
		m.leg(leg)
	}
	if m.own != nil {
		m.ownRows(story)
	}
	if !m.foreign {
		delete(story, "candidates")
		delete(story, "supersedes")
	}
	m.walk(story, technical)
	masked, err := json.Marshal(story)
	if err != nil {
		return nil, fmt.Errorf("write story: %w", err)
	}
	return masked, nil
}

// leg takes from the leg of a hidden device all that says whose it is.
func (m *mask) leg(leg map[string]any) {
	d := deviceOf(leg, "number")
	if !m.devices[d] && (m.own == nil || m.own[d] || leg["kind"] != "operator") {
		return
	}
	leg["endpoint"] = ""
	delete(leg, "attributes")
	delete(leg, "person")
	leg["number"] = masked
}

func deviceOf(row map[string]any, key string) device {
	pbx, _ := row["pbx"].(string)
	number, _ := row[key].(string)
	return device{pbx, number}
}

// ownRows leaves of the rows of others what was done, not who did it. A row in which one of the viewer's own took part
// stays as it is: whom he spoke with he knows.
func (m *mask) ownRows(story map[string]any) {
	for rows, keys := range deviceRows() {
		if rows == "legs" {
			continue
		}
		for _, row := range rowsOf(story[rows]) {
			own := false
			for _, k := range keys {
				own = own || m.own[deviceOf(row, k)]
			}
			for _, k := range keys {
				if name, ok := row[k].(string); ok && !own && name != "customer" {
					row[k] = masked
				}
			}
			if !own {
				for _, k := range []string{"person", "with_person", "by_person", "to_person"} {
					delete(row, k)
				}
			}
		}
	}
	story["channels"] = []any{}
}

func rowsOf(v any) []map[string]any {
	rows, _ := v.([]any)
	found := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		if row, ok := r.(map[string]any); ok {
			found = append(found, row)
		}
	}
	return found
}

// walk masks every text below a value, but those under keys that are to stay. An attribute may have any name, so nothing of
// them stays.
func (m *mask) walk(v any, stays func(key string) bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			s, ok := below.(string)
			switch {
			case ok && (!stays(key) || key == "to" && !isTime(s)):
				v[key] = m.text(s)
			case ok:
			case key == "attributes":
				m.walk(below, func(string) bool { return false })
			default:
				m.walk(below, stays)
			}
		}
	case []any:
		for i, below := range v {
			if s, ok := below.(string); ok {
				v[i] = m.text(s)
				continue
			}
			m.walk(below, stays)
		}
	}
}

// isTime tells the end of a row from the number somebody was transferred to: both are called to.
func isTime(s string) bool {
	return len(s) >= len("2006-01-02T15:04:05Z") && s[4] == '-' && s[10] == 'T'
}
