package dialplan_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/dialplan"
)

// directory makes one of Asterisk's configuration.
func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// content returns what is in a directory.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(text)
	}
	return all
}

func config(dir string, peers ...string) dialplan.Config {
	return dialplan.Config{
		Dir: dir, Peers: peers, Machine: "this one",
		Now: func() time.Time { return time.Date(2027, 1, 15, 8, 0, 0, 0, time.UTC) },
	}
}

func install(t *testing.T, c dialplan.Config) *dialplan.Installation {
	t.Helper()
	i, err := dialplan.Install(c)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// own is a dialplan somebody wrote; its last line has no end.
const own = "[general]\nstatic = yes\n\n[from-internal] ; phones\nexten => _99XXX,1,Dial(PJSIP/${EXTEN:2}@north,60,tT)\n same => n,Hangup()"

func TestInstallAddsTwoLinesAndRemoveTakesThemAway(t *testing.T) {
	for _, c := range []struct {
		name, parent, was string
		files             map[string]string
	}{
		{"plain", "extensions.conf", own, map[string]string{"extensions.conf": own}},
		{"freepbx", "extensions_custom.conf", "[mine]\nexten => 1,1,Answer()\n", map[string]string{
			"extensions.conf": "; FreePBX's own\n", "extensions_additional.conf": "[from-pstn]\n", "extensions_custom.conf": "[mine]\nexten => 1,1,Answer()\n",
		}},
		{"freepbx without anything custom", "extensions_custom.conf", "", map[string]string{"extensions.conf": "; FreePBX's own\n", "extensions_additional.conf": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := directory(t, c.files)
			first := install(t, config(dir, "PJSIP/north", "south", "north"))
			want := strings.TrimSuffix(c.was, "\n")
			if want != "" {
				want += "\n"
			}
			want += "; by callweave-edge dialplan install\n#include extensions_callweave.conf\n"
			after := content(t, dir)
			if d := cmp.Diff(want, after[c.parent]); d != "" {
				t.Errorf("%s (-want +got):\n%s", c.parent, d)
			}
			if after[dialplan.File] != first.Text {
				t.Errorf("the snippet is not what was told:\n%s", after[dialplan.File])
			}
			if _, there := c.files[c.parent]; there {
				if d := cmp.Diff(c.was, after[c.parent+".20270115-080000.bak"]); d != "" {
					t.Errorf("the copy (-want +got):\n%s", d)
				}
			}
			for name, text := range c.files {
				if name != c.parent && after[name] != text {
					t.Errorf("%s was changed", name)
				}
			}
			if again := install(t, config(dir)); len(again.Changed) != 0 || cmp.Diff(after, content(t, dir)) != "" {
				t.Errorf("the second time changed %q", again.Changed)
			}
			if _, err := dialplan.Remove(config(dir)); err != nil {
				t.Fatal(err)
			}
			left := content(t, dir)
			if _, there := left[dialplan.File]; there || strings.TrimSuffix(left[c.parent], "\n") != strings.TrimSuffix(c.was, "\n") {
				t.Errorf("after the removal there is %q", left)
			}
			if again, err := dialplan.Remove(config(dir)); err != nil || len(again.Changed) != 0 {
				t.Errorf("the second removal changed %q, error %v", again.Changed, err)
			}
		})
	}
}

func TestPlanChangesNothing(t *testing.T) {
	dir := directory(t, map[string]string{"extensions.conf": own})
	was := content(t, dir)
	plan, err := dialplan.Plan(config(dir, "north"))
	if err != nil {
		t.Fatal(err)
	}
	if plan.There || !strings.Contains(plan.Text, "[callweave-out]") {
		t.Errorf("there: %v, text:\n%s", plan.There, plan.Text)
	}
	if d := cmp.Diff(was, content(t, dir)); d != "" {
		t.Errorf("(-before +after):\n%s", d)
	}
	install(t, config(dir, "north"))
	if plan, err = dialplan.Plan(config(dir)); err != nil || !plan.There {
		t.Errorf("after the installation: there %v, error %v", plan.There, err)
	}
	if plan, err = dialplan.Plan(config(dir, "north", "south")); err != nil || plan.There {
		t.Errorf("for one peer more: there %v, error %v", plan.There, err)
	}
}

func TestOnlyPeersGetAReference(t *testing.T) {
	dir := directory(t, map[string]string{"extensions.conf": own})
	text := install(t, config(dir, "north", "south-2")).Text
	for _, want := range []string{`"${end}" = "north"`, `"${end}" = "south-2"`} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%s is not asked for once:\n%s", want, text)
		}
	}
	other := config(dir, "north", "south-2")
	other.Machine = "a clone"
	if install(t, other).Text == text {
		t.Error("two machines make the same references")
	}
}

func TestWhatTheDialplanLacksIsFound(t *testing.T) {
	dir := directory(t, map[string]string{"extensions.conf": `[from-internal]
exten => _99XXX,1,Dial(PJSIP/${EXTEN:2}@north,60,tT)
exten => _98XXX,1,Dial(SIP/south/${EXTEN:2})          ; no options
exten => _97XXX,1,Dial(PJSIP/101&PJSIP/${EXTEN}@north)
exten => _96XXX,1,Dial(PJSIP/${EXTEN:2}@north,60,b(callweave-out^s^1))
exten => _95XXX,1,Dial(PJSIP/${EXTEN}@northern,60)
exten => _94XXX,1,Dial(PJSIP/${EXTEN}@carrier,60)
;exten => _93XXX,1,Dial(PJSIP/${EXTEN}@north,60)
exten => _92XXX,1,NoOp(north)
`, "extensions_old.conf": "exten => _91XXX,1,dial(PJSIP/${EXTEN}@south,60)\n"})
	plan, err := dialplan.Plan(config(dir, "north", "south"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range plan.Dials {
		got = append(got, p.String())
	}
	want := []string{"extensions.conf:2", "extensions.conf:3", "extensions.conf:4", "extensions_old.conf:1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("lines without the handler (-want +got):\n%s", d)
	}
	if !plan.Handled || plan.Taken {
		t.Errorf("handled %v, taken %v, want true and false", plan.Handled, plan.Taken)
	}
}

func TestHookThatIsInUseIsLeftAlone(t *testing.T) {
	hook := "[macro-dialout-trunk-predial-hook]\nexten => s,1,NoOp(mine)\n same => n,MacroExit()\n"
	free := directory(t, map[string]string{"extensions.conf": "", "extensions_additional.conf": "[" + dialplan.TrunkHook + "]\n"})
	used := directory(t, map[string]string{"extensions.conf": "", "extensions_additional.conf": "", "extensions_custom.conf": hook})
	if i := install(t, config(free, "north")); i.Hook != nil || !strings.Contains(i.Text, "["+dialplan.TrunkHook+"]") {
		t.Errorf("the free hook is not used: %v\n%s", i.Hook, i.Text)
	}
	i := install(t, config(used, "north"))
	if i.Hook == nil || i.Hook.String() != "extensions_custom.conf:1" || strings.Contains(i.Text, "["+dialplan.TrunkHook+"]") {
		t.Errorf("the hook that is in use is %v\n%s", i.Hook, i.Text)
	}
	if i := install(t, config(used)); len(i.Changed) != 0 {
		t.Errorf("the second time changed %q", i.Changed)
	}
}

func TestCallsOfPeersGoOnToTheContextThatWasNamed(t *testing.T) {
	dir := directory(t, map[string]string{"extensions.conf": "", "extensions_additional.conf": ""})
	c := config(dir, "north")
	c.Context = "from-internal"
	if text := install(t, c).Text; !strings.Contains(text, "Goto(from-internal,${EXTEN},1)") {
		t.Errorf("calls go elsewhere:\n%s", text)
	}
	if i := install(t, config(dir)); len(i.Changed) != 0 || i.Context != "from-internal" {
		t.Errorf("the second time changed %q, and calls go on to %s", i.Changed, i.Context)
	}
}

func TestRequestsThatCannotBeMetAreRefused(t *testing.T) {
	dir := directory(t, map[string]string{"extensions.conf": own})
	for _, c := range []struct {
		name    string
		config  dialplan.Config
		context string
		want    error
	}{
		{"no dialplan", config(t.TempDir(), "north"), "", dialplan.ErrNoDialplan},
		{"no peers", config(dir), "", dialplan.ErrNoPeers},
		{"a peer that is a line", config(dir, "north\"]?x)\nexten => 1,1,System(x)"), "", dialplan.ErrPeer},
		{"an empty peer", config(dir, ""), "", dialplan.ErrPeer},
		{"a context that is a line", config(dir, "north"), "x,1)\n", dialplan.ErrContext},
		{"the context itself", config(dir, "north"), dialplan.FromPeer, dialplan.ErrContext},
	} {
		c.config.Context = c.context
		if _, err := dialplan.Install(c.config); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
	}
	if d := cmp.Diff(map[string]string{"extensions.conf": own}, content(t, dir)); d != "" {
		t.Errorf("a refused request changed something (-before +after):\n%s", d)
	}
}

func TestFilesKeepTheirMode(t *testing.T) {
	dir := directory(t, map[string]string{"dialplan.conf": own})
	if err := os.Symlink("dialplan.conf", filepath.Join(dir, "extensions.conf")); err != nil {
		t.Fatal(err)
	}
	install(t, config(dir, "north"))
	for _, name := range []string{"dialplan.conf", dialplan.File} {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil || info.Mode() != 0o640 {
			t.Errorf("%s: mode %v, error %v", name, info.Mode(), err)
		}
	}
	if to, err := os.Readlink(filepath.Join(dir, "extensions.conf")); err != nil || to != "dialplan.conf" {
		t.Errorf("the link leads to %q, error %v", to, err)
	}
}
