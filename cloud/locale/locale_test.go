package locale_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/locale/catalogue"
)

func load(t *testing.T) *locale.Words {
	t.Helper()
	w, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestEverySentenceIsTranslated reads the source of the whole cloud and compares with the catalogues.
func TestEverySentenceIsTranslated(t *testing.T) {
	messages, err := catalogue.Extract("..")
	if err != nil {
		t.Fatal(err)
	}
	if len(messages) == 0 {
		t.Fatal("nothing was found to translate")
	}
	verbs := regexp.MustCompile(`%[-+ #0-9.]*[a-zA-Z%]`)
	words := load(t)
	for _, m := range messages {
		russian := words.In("ru", locale.Say(m.ID))
		if russian == m.ID {
			t.Errorf("no Russian for %q (said in %s); run go generate ./cloud/locale and fill it in", m.ID, strings.Join(m.Files, ", "))
		}
		if diff := cmp.Diff(verbs.FindAllString(m.ID, -1), verbs.FindAllString(russian, -1)); diff != "" {
			t.Errorf("%q and its translation take different arguments:\n%s", m.ID, diff)
		}
	}
}

// TestCatalogueFilesAreFresh also finds sentences that nobody says any more.
func TestCatalogueFilesAreFresh(t *testing.T) {
	messages, err := catalogue.Extract("..")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, m := range messages {
		want[m.ID] = true
	}
	for _, file := range []string{"po/callweave.pot", "po/en.po", "po/ru.po"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, m := range regexp.MustCompile(`(?m)^msgid "(.+)"$`).FindAllStringSubmatch(string(text), -1) {
			got[strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n").Replace(m[1])] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is stale; run go generate ./cloud/locale (-wanted +found):\n%s", file, diff)
		}
	}
}

func TestCataloguesNameTheirLanguage(t *testing.T) {
	for _, language := range locale.Languages() {
		text, err := os.ReadFile("po/" + language + ".po")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `"Language: `+language+`\n"`) {
			t.Errorf("%s.po has no Language header", language)
		}
	}
}

func TestSentencesTakeArguments(t *testing.T) {
	w := load(t)
	s := locale.Say("There already is a PBX named %s.", "Москва")
	for language, want := range map[string]string{
		"en": "There already is a PBX named Москва.",
		"ru": "АТС с именем Москва уже есть.",
		"de": "There already is a PBX named Москва.",
	} {
		if got := w.In(language, s); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	if got := w.In("ru", locale.Say("100% unknown")); got != "100% unknown" {
		t.Errorf("%q", got)
	}
}

func TestPickFollowsTheBrowser(t *testing.T) {
	for header, want := range map[string]string{
		"":                         "en",
		"ru":                       "ru",
		"ru-RU,ru;q=0.9,en;q=0.8":  "ru",
		"en-GB,en;q=0.9,ru;q=0.8":  "en",
		"de, fr;q=0.9":             "en",
		"de, ru;q=0.1":             "ru",
		"RU;q=x, en;q=0.5":         "en",
		"*;q=0.5, ru;q=0":          "en",
		" en;q=0.3 , ru ; q=0.4\t": "ru",
	} {
		if got := locale.Pick(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
