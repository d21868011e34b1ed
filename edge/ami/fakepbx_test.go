package ami_test

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/lab/fakepbx"
	"github.com/callweave/callweave/shared/wire"
)

const idle = "# 1 connected x\n@ 2\nAsterisk Call Manager/11.0.0\n# 3 end\n"

func recording(t *testing.T, content string) []fakepbx.Scenario {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trace.ami")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return []fakepbx.Scenario{{Name: "test", Path: path}}
}

// waiter closes in at FullyBooted and counts the events.
type waiter struct {
	sink
	once   sync.Once
	in     chan struct{}
	count  map[wire.EventID]int
	enough func(map[wire.EventID]int) bool
	done   chan struct{}
}

func (w *waiter) Packet(ev *wire.Event) {
	if ev.ID == wire.EvFullyBooted && w.in != nil {
		w.once.Do(func() { close(w.in) })
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.count == nil {
		return
	}
	w.count[ev.ID]++
	if w.done != nil && w.enough(w.count) {
		close(w.done)
		w.done = nil
	}
}

func TestClientLivesWithAHostilePBX(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	hold := "@ 5\nEvent: Hold\r\nPrivilege: call,all\r\nChannel: a\r\nUniqueid: 1795385476.1\r\n\r\n"
	go func() {
		_ = fakepbx.New(fakepbx.Config{
			Scenarios: recording(t, "# 1 connected x\n@ 2\nAsterisk Call Manager/11.0.0\n"+hold+hold+hold+"# 3 end\n"), Loop: true,
			Faults: fakepbx.Faults{GarbageIn: 5, HugeIn: 50, HugeBytes: 3 << 20, CutAfter: 8 << 20},
		}).Serve(t.Context(), l)
	}()
	done := make(chan struct{})
	w := &waiter{count: map[wire.EventID]int{}, done: done, enough: func(n map[wire.EventID]int) bool {
		return n[wire.EvFullyBooted] >= 3 && n[wire.EvHold] > 100 && n[wire.AgentNotUnderstood] > 20
	}}
	c := ami.New(ami.Config{Address: l.Addr().String(), User: "lab", Secret: "lab", MinWait: time.Millisecond, MaxWait: time.Millisecond}, ami.Deps{Sink: w})
	go func() { _ = c.Run(t.Context()) }()
	select {
	case <-done:
	case <-time.After(60 * time.Second):
		w.mu.Lock()
		defer w.mu.Unlock()
		t.Errorf("%v, %+v", w.count, c.Status())
	}
}
