package scenario

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/callweave/callweave/lab/pbx"
)

func TestEveryScenarioIsToldOnceAndHasARecording(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range All() {
		if seen[sc.Name] || sc.About == "" || len(sc.PBXs) == 0 {
			t.Errorf("%s: told twice, or not told", sc.Name)
		}
		seen[sc.Name] = true
		for _, version := range pbx.Versions() {
			if _, err := os.Stat(filepath.Join("../corpus", version, sc.Name, "truth.json")); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestEveryLetterIsPlayed: the kinds of scenarios that lab/corpus names by letters can all be played live, those of several
// PBXs with two.
func TestEveryLetterIsPlayed(t *testing.T) {
	played := map[byte]int{}
	for _, sc := range All() {
		letter := sc.Name[0]
		played[letter]++
		if several := letter == 'f' || letter == 'g'; several != (len(sc.PBXs) == 2) {
			t.Errorf("%s is played with %d PBXs", sc.Name, len(sc.PBXs))
		}
	}
	for letter := byte('a'); letter <= 'm'; letter++ {
		if played[letter] == 0 {
			t.Errorf("no scenario %c is played", letter)
		}
	}
}
