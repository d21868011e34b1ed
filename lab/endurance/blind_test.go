package main

import (
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// heardBy makes an archive of PBX A: a digit is an event said in that tenth of a second, C a log-in of the agent.
func heardBy(tenths ...any) *archive {
	a := &archive{pbx: "A"}
	for _, v := range tenths {
		ev := &wire.Event{Seq: uint64(len(a.events) + 1), ID: wire.AgentConnected}
		if n, ok := v.(int); ok {
			at := noon.Add(time.Duration(n) * 100 * time.Millisecond)
			ev.ID, ev.PBXTime, ev.Received = wire.EvNewchannel, at.UnixMicro(), at.Add(time.Millisecond).UnixNano()
		} else {
			ev.Received = noon.Add(v.(time.Duration)).UnixNano()
		}
		a.events = append(a.events, ev)
	}
	return a
}

// login is a log-in of the agent after so many tenths of a second.
func login(tenths int) time.Duration {
	return time.Duration(tenths)*100*time.Millisecond + 50*time.Millisecond
}

func killedAt(tenths int) []kill {
	return []kill{{At: noon.Add(login(tenths)), Kind: killAgent, PBX: "A"}}
}

// TestOnlyWhatAKilledAgentCouldNotHearMayBeMissing holds archives against each other of which it is known what is wrong.
func TestOnlyWhatAKilledAgentCouldNotHearMayBeMissing(t *testing.T) {
	calm := heardBy(login(0), 10, 20, 30, 40, 50, 60)
	for _, c := range []struct {
		name   string
		shaken *archive
		kills  []kill
		times  int
		missed int
		fault  string
	}{
		{"nothing happened", heardBy(login(0), 10, 20, 30, 40, 50, 60), nil, 0, 0, ""},
		{"killed, nothing said meanwhile", heardBy(login(0), 10, 20, 30, login(38), 40, 50, 60), killedAt(32), 1, 0, ""},
		{"killed, two said meanwhile", heardBy(login(0), 10, 20, login(42), 50, 60), killedAt(25), 1, 2, ""},
		{"killed before it wrote the last one down", heardBy(login(0), 10, login(38), 40, 50, 60), killedAt(32), 1, 2, ""},
		{"lost long before the kill", heardBy(login(0), 20, 30, 40, login(42), 50, 60), killedAt(41), 1, 0, "is lost"},
		{"lost long after it came back", heardBy(login(0), 10, 20, login(22), 30, 40, 60), killedAt(21), 1, 0, "is lost"},
		{"lost without a kill", heardBy(login(0), 10, 20, 40, 50, 60), nil, 0, 0, "is lost"},
		{"connected again without a kill", heardBy(login(0), 10, 20, login(42), 50, 60), nil, 1, 0, "nobody had killed it"},
		{"twice", heardBy(login(0), 10, 20, 20, 30, 40, 50, 60), nil, 0, 0, "is there twice"},
		{"in another order", heardBy(login(0), 10, 30, 20, 40, 50, 60), nil, 0, 0, "is there twice"},
		{"made up", heardBy(login(0), 10, 20, 25, 30, 40, 50, 60), nil, 0, 0, "never said"},
	} {
		t.Run(c.name, func(t *testing.T) {
			times, faults := blindTimes(calm, c.shaken, c.kills, "")
			missed := 0
			for _, b := range times {
				missed += len(b.missed)
			}
			if len(times) != c.times || c.fault == "" && missed != c.missed {
				t.Errorf("%d blind times, %d events missed, want %d and %d: %v", len(times), missed, c.times, c.missed, times)
			}
			if got := strings.Join(faults, "\n"); (got == "") != (c.fault == "") || !strings.Contains(got, c.fault) {
				t.Errorf("faults %q, want %q", got, c.fault)
			}
		})
	}
	if _, faults := blindTimes(heardBy(login(0), 10, login(15), 20), heardBy(login(0), 10, 20), nil, ""); len(faults) == 0 {
		t.Error("a calm agent that lost its connection is no fault")
	}
}
