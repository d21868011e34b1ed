// Package locale holds the sentences the cloud says to people, in English and Russian, as gettext catalogues compiled
// into the binary. It knows words only: which of them to say is decided by who calls it.
package locale

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/leonelquinteros/gotext"
)

//go:generate go run ./gen

//go:embed po/*.po
var files embed.FS

// Languages are the languages there is a catalogue for, the first being the one of the source.
func Languages() []string { return []string{"en", "ru"} }

// Sentence is something to say, not yet in any language. Its id is the English text, with verbs of package fmt for the
// arguments; the extraction finds it by the call of [Say], so the text stands there as a literal.
type Sentence struct {
	id   string
	args []any
}

// Say makes a sentence.
func Say(id string, args ...any) Sentence { return Sentence{id: id, args: args} }

// Text makes a sentence of a text that is written down elsewhere than in a call of [Say]: in the catalogue of reports.
func Text(id string) Sentence { return Sentence{id: id} }

// IsZero tells a sentence nobody said.
func (s Sentence) IsZero() bool { return s.id == "" }

// String is the sentence in English, as it goes into logs.
func (s Sentence) String() string {
	if len(s.args) == 0 {
		return s.id
	}
	return fmt.Sprintf(s.id, s.args...)
}

// Words are the loaded catalogues. They do not change and may be used by many at once.
type Words struct{ catalogues map[string]*gotext.Po }

// Load reads the catalogues of the binary.
func Load() (*Words, error) {
	w := &Words{catalogues: map[string]*gotext.Po{}}
	for _, language := range Languages() {
		text, err := files.ReadFile(path.Join("po", language+".po"))
		if err != nil {
			return nil, fmt.Errorf("load catalogue: %w", err)
		}
		po := gotext.NewPo()
		po.Parse(text)
		w.catalogues[language] = po
	}
	return w, nil
}

// In says s in a language; in English where the language or the sentence is not known.
func (w *Words) In(language string, s Sentence) string {
	po, ok := w.catalogues[language]
	if !ok || !po.IsTranslated(s.id) {
		return s.String()
	}
	return po.Get(s.id, s.args...)
}

// Pick chooses a language by an Accept-Language header: the known one with the highest weight, English if none is.
func Pick(header string) string {
	best, weight := Languages()[0], 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(v, 64)
		}
		if Known(tag) && q > weight {
			best, weight = tag, q
		}
	}
	return best
}

// Known tells whether there is a catalogue for a language.
func Known(language string) bool {
	for _, l := range Languages() {
		if l == language {
			return true
		}
	}
	return false
}
