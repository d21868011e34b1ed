package fakepbx_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// TestStormNeverRepeatsItself reads some rounds of a storm: events keep their order and form, and what must be unique is.
func TestStormNeverRepeatsItself(t *testing.T) {
	found, err := fakepbx.Find("A", "../corpus/22/j2-local-members")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = fakepbx.New(fakepbx.Config{Scenarios: found, Storm: true}).Serve(t.Context(), l) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("Action: Login\r\nActionID: 1\r\nUsername: lab\r\nSecret: lab\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	read := amitext.NewReader(conn)
	if _, err := read.Banner(); err != nil {
		t.Fatal(err)
	}
	const rounds = 3
	born, destroyed := map[string]int{}, map[string]bool{}
	last := int64(0)
	for begins := 0; begins <= rounds; {
		var ev wire.Event
		if err := read.Next(&ev); err != nil {
			t.Fatal(err)
		}
		ev = *ev.Clone() // the reader's memory is used again
		if ev.ID == wire.EvFullyBooted || ev.Get(wire.FActionID) != "" && ev.ID == 0 || ev.PBXTime == 0 {
			continue
		}
		if ev.PBXTime <= last || ev.PBXTime > time.Now().Add(time.Minute).UnixMicro() {
			t.Fatalf("an event of %d comes after one of %d", ev.PBXTime, last)
		}
		last = ev.PBXTime
		switch ev.ID {
		case wire.EvNewchannel:
			id := ev.Get(wire.FUniqueid)
			if born[id]++; born[id] > 1 {
				t.Fatalf("channel %s is born twice", id)
			}
			name := ev.Get(wire.FChannel)
			if born[name]++; born[name] > 1 {
				t.Fatalf("channel %s is born twice", name)
			}
			if strings.HasSuffix(id, ".0") {
				begins++
			}
		case wire.EvBridgeCreate:
			if destroyed[ev.Get(wire.FBridgeUniqueid)] {
				t.Fatalf("bridge %s comes back", ev.Get(wire.FBridgeUniqueid))
			}
		case wire.EvBridgeDestroy:
			destroyed[ev.Get(wire.FBridgeUniqueid)] = true
		case wire.EvHangup:
			if born[ev.Get(wire.FUniqueid)] == 0 {
				t.Fatalf("channel %s ends and was not born", ev.Get(wire.FUniqueid))
			}
		default:
		}
	}
	if len(destroyed) < rounds {
		t.Errorf("%d bridges in %d rounds", len(destroyed), rounds)
	}
}
