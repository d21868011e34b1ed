package ami

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// maxBridges bounds how many bridges a snapshot asks about.
const maxBridges = 5000

// snapshot asks what is going on, once the PBX is ready: before FullyBooted it refuses or says that there is nothing.
// The answers reach the sink like all packets; here only refusals are noted, and bridges asked about one by one. It tells
// whether the PBX lists its channels.
func (k *connection) snapshot(ctx context.Context) bool {
	if !k.ready(ctx) {
		return false
	}
	var actions []Action
	for _, name := range amitext.SnapshotActions() {
		a := Action{Name: name}
		switch name {
		case channelsAction:
			a = allChannels()
		case "GetConfig":
			a.Fields = []Header{{"Filename", "queues.conf"}, {"Filter", "wrapuptime=[1-9]"}}
		}
		actions = append(actions, a)
	}
	calls, err := k.startAll(actions, func(action string) bool { return action == "BridgeList" })
	if err != nil {
		return false // the connection is gone, and that is told where it is noticed
	}
	var refused []string
	for _, c := range calls {
		reply, err := k.wait(ctx, c)
		if c.keep && err == nil {
			k.askBridges(ctx, reply)
		}
		if isRefusal(err) {
			refused = append(refused, c.action)
			k.client.log.Warn("part of the snapshot is missing", slog.String("action", c.action), slog.Any("error", err))
		}
	}
	k.client.mu.Lock()
	k.client.status.Refused = refused
	k.client.mu.Unlock()
	return !slices.Contains(refused, channelsAction)
}

const channelsAction = "Status"

func allChannels() Action { return Action{channelsAction, []Header{{"AllVariables", "false"}}} }

// audit asks for all channels again and again: an event may be lost although the connection stands, and a call whose end
// nobody heard of would last for ever. Where somebody knows that events are lost, it takes a whole snapshot.
func (k *connection) audit(ctx context.Context) {
	tick := time.NewTicker(k.client.cfg.Audit)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-k.client.again:
			k.client.log.Info("events were lost, asking the PBX what is going on")
			if !k.snapshot(ctx) || !k.rest(ctx, snapshotsApart) {
				return
			}
			continue
		case <-k.read:
			return
		case <-ctx.Done():
			return
		}
		c, err := k.start(allChannels(), nil)
		if err == nil {
			_, err = k.wait(ctx, c)
		}
		if errors.Is(err, ErrGone) || ctx.Err() != nil {
			return
		}
		if isRefusal(err) {
			k.client.log.Warn("the PBX does not list its channels any more", slog.Any("error", err))
		}
	}
}

// snapshotsApart is how long after one snapshot the next is taken at the earliest, so that many losses do not ask much of
// the PBX. One that is asked for meanwhile is taken then.
const snapshotsApart = time.Minute

// rest waits, and tells whether the connection still stands.
func (k *connection) rest(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-k.read:
	case <-ctx.Done():
	}
	return false
}

// isRefusal tells an action that failed from one that found nothing to list, which AMI answers with an error too.
func isRefusal(err error) bool {
	var refused *RefusedError
	if errors.As(err, &refused) {
		return !amitext.ListsNothing(refused.Message)
	}
	return errors.Is(err, ErrDeaf)
}

// ready waits for FullyBooted, which is sent at every login; at a real start of the PBX it comes when that is complete.
// A user that may not read class system never gets it, so the wait ends.
func (k *connection) ready(ctx context.Context) bool {
	waited, cancel := context.WithTimeout(ctx, k.client.cfg.BootWait)
	defer cancel()
	select {
	case <-k.booted:
		return true
	case <-k.read:
		return false
	case <-waited.Done():
	}
	if ctx.Err() != nil {
		return false
	}
	k.client.log.Warn("no FullyBooted came: the user should have the right to read class system (read = in manager.conf)")
	return true
}

func (k *connection) askBridges(ctx context.Context, list *Reply) {
	n := 0
	for _, ev := range list.Events {
		if ev.ID != wire.EvBridgeListItem || n == maxBridges {
			continue
		}
		n++
		c, err := k.start(Action{"BridgeInfo", []Header{{"BridgeUniqueid", ev.Get(wire.FBridgeUniqueid)}}}, nil)
		if err != nil {
			return
		}
		if _, err := k.wait(ctx, c); errors.Is(err, ErrGone) || ctx.Err() != nil {
			return
		}
	}
}
