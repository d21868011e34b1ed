// Package locale has the agent's words for people, in English and Russian. Log lines are not among them: they are for
// machines and searches and stay the same everywhere.
package locale

import (
	"embed"
	"strings"

	"github.com/leonelquinteros/gotext"
)

//go:generate go run ./extract/cmd -in .. -out .

//go:embed *.po
var catalogues embed.FS

// Words speaks one language.
type Words struct {
	language string
	po       *gotext.Po
}

// For chooses the catalogue for a POSIX locale such as "ru_RU.UTF-8", and English where there is none.
func For(posix string) *Words {
	language, _, _ := strings.Cut(posix, ".")
	language, _, _ = strings.Cut(language, "_")
	text, err := catalogues.ReadFile(strings.ToLower(language) + ".po")
	if err != nil {
		language = "en"
		text, _ = catalogues.ReadFile("en.po") // embedded
	}
	po := gotext.NewPo()
	po.Parse(text)
	return &Words{language: strings.ToLower(language), po: po}
}

// Others are the languages besides English.
func Others() []string { return []string{"ru"} }

// FromEnvironment reads the variables that choose a language, in the order POSIX gives them.
func FromEnvironment(getenv func(string) string) *Words {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			return For(value)
		}
	}
	return For("en")
}

// Language is the code of the language spoken: en, ru.
func (w *Words) Language() string { return w.language }

// Say returns the sentence msgid in the user's language, with args put in as by [fmt.Sprintf]. The argument must be
// written out where Say is called: that is where the catalogues are extracted from.
func (w *Words) Say(msgid string, args ...any) string {
	return w.po.Get(msgid, args...)
}
