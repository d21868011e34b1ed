package ami_test

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/edge/ami"
	"github.com/callweave/callweave/shared/wire/amitext"
)

func TestClientLogsInWithAChallengeAndAsksWhenThePBXIsReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{booted: make(chan struct{}), lists: map[string]string{
			"BridgeList": "Event: BridgeListItem\r\nActionID: $\r\nBridgeUniqueid: b1\r\n\r\n",
		}}
		c, s, stop := start(t, p, ami.Config{EventMask: "call,agent"})
		defer stop()
		time.Sleep(10 * time.Second)
		if p.did("Login") != 1 || p.did("Status") != 0 || p.said("Secret: secret") || !p.said("Events: call,agent") {
			t.Errorf("before FullyBooted: %v", p.actions())
		}
		if !p.said("Key: " + fmt.Sprintf("%x", md5.Sum([]byte("12345secret")))) {
			t.Error("no answer to the challenge")
		}
		close(p.booted)
		time.Sleep(time.Second)
		for _, action := range amitext.SnapshotActions() {
			if p.did(action) != 1 {
				t.Errorf("%s was asked %d times", action, p.did(action))
			}
		}
		if !p.said("Bridgeuniqueid: b1") {
			t.Error("the bridge was not asked about")
		}
		if st := c.Status(); !st.LoggedIn || st.Connects != 1 || st.Problem != "" || st.Banner != "Asterisk Call Manager/11.0.0" {
			t.Errorf("%+v", st)
		}
		want := []string{"connected pbx:5038", "banner Asterisk Call Manager/11.0.0", "sent Challenge", "packet Callweave.Response", "sent Login"}
		if d := cmp.Diff(want, s.all()[:5]); d != "" {
			t.Error(d)
		}
	})
}

func TestSnapshotIsTakenWithoutFullyBootedInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{booted: make(chan struct{})}
		defer close(p.booted)
		_, _, stop := start(t, p, ami.Config{})
		defer stop()
		time.Sleep(61 * time.Second)
		if p.did("Status") != 1 {
			t.Error("no snapshot")
		}
	})
}

func TestRefusedSnapshotActionsAreNoted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{refuse: map[string]string{
			"PJSIPShowContacts": "Invalid/unknown command", "ConfbridgeListRooms": "No active conferences.", "Status": "Permission denied",
		}}
		c, _, stop := start(t, p, ami.Config{})
		defer stop()
		time.Sleep(time.Second)
		if d := cmp.Diff([]string{"Status", "PJSIPShowContacts"}, c.Status().Refused); d != "" {
			t.Error(d)
		}
	})
}

func TestChannelsAreAskedForAgainNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		willing, refusing := &pbx{}, &pbx{refuse: map[string]string{"Status": "Permission denied"}}
		for _, p := range []*pbx{willing, refusing} {
			_, _, stop := start(t, p, ami.Config{Audit: time.Minute})
			defer stop()
		}
		time.Sleep(5*time.Minute + time.Second)
		if n := willing.did("Status"); n != 6 || willing.did("QueueStatus") != 1 {
			t.Errorf("channels were asked for %d times in five minutes, queues %d times", n, willing.did("QueueStatus"))
		}
		if n := refusing.did("Status"); n != 1 {
			t.Errorf("who refused it was asked %d times", n)
		}
	})
}

func TestLostEventsCallForAnotherSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{}
		c, _, stop := start(t, p, ami.Config{Audit: time.Hour})
		defer stop()
		c.AskAgain() // there is no connection yet, and the first snapshot is to come
		time.Sleep(time.Second)
		if n := p.did("QueueStatus"); n != 1 {
			t.Fatalf("%d snapshots after the connect", n)
		}
		c.AskAgain()
		c.AskAgain()
		time.Sleep(time.Second)
		if n := p.did("QueueStatus"); n != 2 {
			t.Errorf("%d snapshots after events were lost, want 2", n)
		}
		for range 10 {
			c.AskAgain()
			time.Sleep(time.Second)
		}
		if n := p.did("QueueStatus"); n != 2 {
			t.Errorf("%d snapshots within seconds, want 2", n)
		}
		time.Sleep(time.Minute)
		if n := p.did("QueueStatus"); n != 3 {
			t.Errorf("%d snapshots a minute later, want 3: the last loss was not followed by any", n)
		}
	})
}

func TestReconnectsWaitLongerAndAtRandom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{unready: true}
		c, _, stop := start(t, p, ami.Config{})
		time.Sleep(10 * time.Minute)
		stop()
		dials := p.dials()
		var waits []time.Duration
		for i := 1; i < len(dials); i++ {
			waits = append(waits, dials[i].Sub(dials[i-1]))
		}
		if waits[0] > 501*time.Millisecond || slices.Max(waits) > 5001*time.Millisecond || len(waits) < 150 || len(waits) > 400 {
			t.Errorf("waits %v", waits)
		}
		slices.Sort(waits)
		if len(slices.Compact(waits)) < 10 {
			t.Error("waits are not spread")
		}
		if got := c.Status(); got.LoggedIn || !strings.Contains(got.Problem, "is Asterisk running") {
			t.Errorf("%+v", got)
		}
	})
}

func TestWrongSecretIsNotTriedAgainSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{refuse: map[string]string{"Login": "Authentication failed"}}
		c, s, stop := start(t, p, ami.Config{})
		time.Sleep(10 * time.Minute)
		stop()
		if n := p.did("Login"); n < 5 || n > 10 {
			t.Errorf("%d logins in 10 minutes", n)
		}
		if got := c.Status().Problem; !strings.Contains(got, "check user and secret") || !strings.Contains(got, "Authentication failed") {
			t.Errorf("%q", got)
		}
		for _, line := range s.all() {
			if strings.Contains(line, "secret\"") {
				t.Errorf("the secret was told: %s", line)
			}
		}
	})
}

func TestPBXThatFallsSilentIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{}
		_, s, stop := start(t, p, ami.Config{Ping: 12 * time.Second})
		time.Sleep(5 * time.Minute)
		if n := p.did("Ping"); n < 24 || n > 26 || len(p.dials()) != 1 {
			t.Errorf("%d Pings in 5 minutes on %d connections", n, len(p.dials()))
		}
		p.mu.Lock()
		p.silent = true
		p.mu.Unlock()
		time.Sleep(40 * time.Second)
		stop()
		if len(p.dials()) < 2 || !slices.ContainsFunc(s.all(), func(l string) bool { return strings.HasPrefix(l, "disconnected the PBX no longer answers") }) {
			t.Errorf("%d connections", len(p.dials()))
		}
	})
}

func TestSnapshotIsTakenAfterEveryReconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{}
		c, s, stop := start(t, p, ami.Config{})
		defer stop()
		for range 3 {
			time.Sleep(time.Minute)
			p.hangUp()
		}
		time.Sleep(time.Minute)
		if p.did("Status") != 4 || c.Status().Connects != 4 {
			t.Errorf("%d snapshots, %d connects", p.did("Status"), c.Status().Connects)
		}
		n := 0
		for _, l := range s.all() {
			if strings.HasPrefix(l, "disconnected ") {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%d ends were told", n)
		}
	})
}

func TestWhatIsNoPBXIsNamed(t *testing.T) {
	for banner, want := range map[string]error{
		"SSH-2.0-OpenSSH_9.2\r\n":       ami.ErrNotAMI,
		"-":                             ami.ErrSilent,
		strings.Repeat("endless", 1000): ami.ErrNotAMI,
		"\x00\xff\xfe\r\n\r\n":          ami.ErrNotAMI,
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &pbx{banner: banner}
			c, s, stop := start(t, p, ami.Config{})
			time.Sleep(10500 * time.Millisecond)
			stop()
			if got := c.Status().Problem; !strings.Contains(got, want.Error()) || len(got) > 500 {
				t.Errorf("%.20q: %q", banner, got)
			}
			if len(s.all()) != 0 {
				t.Errorf("the sink heard of it: %v", s.all())
			}
		})
	}
}

func TestDoMatchesAnswersAndLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{
			refuse: map[string]string{"Redirect": "Permission denied"},
			lists: map[string]string{
				"QueueStatus": "Event: QueueParams\r\nActionID: $\r\nQueue: 600\r\n\r\nEvent: Hangup\r\nChannel: x\r\n\r\nEvent: QueueMember\r\nActionID: $\r\n\r\n",
			},
		}
		c, _, stop := start(t, p, ami.Config{NoSnapshot: true})
		if _, err := c.Do(t.Context(), ami.Action{Name: "Ping"}); !errors.Is(err, ami.ErrNotConnected) {
			t.Errorf("before the login: %v", err)
		}
		time.Sleep(time.Second)
		reply, err := c.Do(t.Context(), ami.Action{Name: "QueueStatus"})
		if err != nil || len(reply.Events) != 3 {
			t.Errorf("%v, %v", reply, err)
		}
		var refused *ami.RefusedError
		if _, err = c.Do(t.Context(), ami.Action{Name: "Redirect"}); !errors.As(err, &refused) || !strings.Contains(err.Error(), "lacks a right") {
			t.Errorf("%v", err)
		}
		p.mu.Lock()
		p.silent = true
		p.mu.Unlock()
		if _, err = c.Do(t.Context(), ami.Action{Name: "Ping"}); !errors.Is(err, ami.ErrDeaf) {
			t.Errorf("%v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = c.Do(ctx, ami.Action{Name: "Ping"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		waiting := make(chan error)
		go func() {
			_, err := c.Do(t.Context(), ami.Action{Name: "Ping"})
			waiting <- err
		}()
		synctest.Wait()
		p.hangUp()
		if err := <-waiting; !errors.Is(err, ami.ErrGone) {
			t.Errorf("%v", err)
		}
		stop()
	})
}

func TestNothingCanBeSmuggledIntoAnAction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pbx{}
		c, _, stop := start(t, p, ami.Config{NoSnapshot: true})
		defer stop()
		time.Sleep(time.Second)
		before := len(p.actions())
		for _, a := range []ami.Action{
			{Name: "Ping\r\n\r\nAction: Originate"},
			{Name: "Ping", Fields: []ami.Header{{Name: "A", Value: "x\r\nAction: Originate"}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "A", Value: "x\nB: y"}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "A\r\nB", Value: ""}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "A: b", Value: ""}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "", Value: ""}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "A", Value: "\x00"}}},
			{Name: "Ping", Fields: []ami.Header{{Name: "A", Value: strings.Repeat("x", 1001)}}},
			{Name: "Ping", Fields: slices.Repeat([]ami.Header{{Name: "A", Value: "b"}}, 127)},
		} {
			if _, err := c.Do(t.Context(), a); !errors.Is(err, ami.ErrMalformed) || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("%.40q: %v", a, err)
			}
		}
		if all := p.actions(); len(all) != before {
			t.Errorf("something was sent: %v", all[before:])
		}
	})
}
