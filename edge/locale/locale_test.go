package locale_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/leonelquinteros/gotext"

	"github.com/callweave/callweave/edge/locale"
	"github.com/callweave/callweave/edge/locale/extract"
)

func read(t *testing.T, language string) map[string]*gotext.Translation {
	t.Helper()
	text, err := os.ReadFile(language + ".po")
	if err != nil {
		t.Fatal(err)
	}
	po := gotext.NewPo()
	po.Parse(text)
	if po.Language != language {
		t.Errorf("%s.po says it is %q", language, po.Language)
	}
	all := po.GetDomain().GetTranslations()
	delete(all, "")
	return all
}

func TestEverySentenceHasARussianTranslationWithTheSamePlaces(t *testing.T) {
	places := regexp.MustCompile(`%[^%a-zA-Z]*[a-zA-Z]`)
	all := read(t, "ru")
	if len(all) < 100 {
		t.Fatalf("%d sentences: where is the rest?", len(all))
	}
	for id, tr := range all {
		russian := tr.Trs[0]
		if russian == "" {
			t.Errorf("not translated: %s", id)
			continue
		}
		if !slices.Equal(places.FindAllString(id, -1), places.FindAllString(russian, -1)) {
			t.Errorf("places differ:\n%s\n%s", id, russian)
		}
	}
}

func TestCataloguesHoldWhatTheSourcesSay(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"en.po", "ru.po"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := extract.Catalogues("..", dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"en.po", "ru.po"} {
		have, _ := os.ReadFile(name)
		want, _ := os.ReadFile(filepath.Join(dir, name))
		if string(have) != string(want) {
			t.Errorf("%s is out of date: go generate ./edge/locale", name)
		}
	}
}

func TestLanguageFollowsTheSystem(t *testing.T) {
	for env, want := range map[string]string{"": "en", "C": "en", "ru_RU.UTF-8": "ru", "ru": "ru", "RU_ru": "ru", "de_DE.UTF-8": "en", "../../etc": "en"} {
		w := locale.FromEnvironment(func(name string) string {
			if name == "LANG" {
				return env
			}
			return ""
		})
		if w.Language() != want {
			t.Errorf("%q: %s, want %s", env, w.Language(), want)
		}
	}
	if got := locale.For("ru").Say("Asterisk %s is supported.", "22"); got != "Asterisk 22 поддерживается." {
		t.Error(got)
	}
	if got := locale.For("en").Say("Asterisk %s is supported.", fmt.Sprint(22)); got != "Asterisk 22 is supported." {
		t.Error(got)
	}
}
