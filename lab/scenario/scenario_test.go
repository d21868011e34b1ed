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
