package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/pbx/pbxtest"
)

// TestKillsUnderLiveCallsLoseDoubleAndChangeNothing is the procedure itself, short: one PBX and a few kills.
func TestKillsUnderLiveCallsLoseDoubleAndChangeNothing(t *testing.T) {
	pbxtest.Need(t)
	var progress strings.Builder
	r, err := run(t.Context(), config{
		kills: 8, traffic: 45 * time.Second, perSec: 1, seed: uint64(time.Now().UnixNano()), pbxs: []string{"A"},
		near: tolerance(50 * time.Millisecond), bin: os.Getenv("CALLWEAVE_BIN"),
	}, &progress)
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	var said strings.Builder
	r.print(&said)
	t.Log(said.String())
	if !r.Good {
		t.Errorf("%s", &progress)
	}
	if r.Calls < 10 {
		t.Errorf("%d calls prove little", r.Calls)
	}
}
