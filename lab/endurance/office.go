package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/phone"
)

// operatorsPerPBX have phones: 101 and on.
const operatorsPerPBX = 10

// office is who phones: operators at their PBXs and the world outside. It knows nothing of who listens.
type office struct {
	network *pbx.Network
	pbxs    []*pbx.PBX
	staff   []*operator
	outside *outside
	seed    uint64

	mu     sync.Mutex
	actors uint64
	dialed int // calls begun
	wg     sync.WaitGroup
}

// openOffice starts the PBXs, in turn of the versions given, and registers the phones.
func openOffice(ctx context.Context, letters []string, versions []string, seed uint64) (*office, error) {
	n, err := pbx.LeaseNetwork()
	if err != nil {
		return nil, err
	}
	o := &office{network: n, seed: seed}
	if err := o.open(ctx, letters, versions); err != nil {
		return nil, errors.Join(fmt.Errorf("open the office: %w", err), o.close())
	}
	return o, nil
}

func (o *office) open(ctx context.Context, letters, versions []string) error {
	quiet := slog.New(slog.DiscardHandler)
	for i, letter := range letters {
		c := pbx.Config{
			Name: fmt.Sprintf("endurance%d-%s", o.network.N, letter), Version: versions[i%len(versions)],
			IP: o.network.IP(11 + i), SystemName: "pbx-" + strings.ToLower(letter),
		}
		for j, other := range letters {
			if j != i {
				c.Peers = append(c.Peers, pbx.Peer{Name: "pbx" + strings.ToLower(other), IP: o.network.IP(11 + j)})
			}
		}
		p, err := pbx.Start(ctx, c, quiet)
		if err != nil {
			return err
		}
		o.pbxs = append(o.pbxs, p)
	}
	line, err := phone.Listen(phone.Config{User: "carrier", IP: o.network.IP(50), PBX: o.pbxs[0].SIP(), Mute: true}, quiet)
	if err != nil {
		return err
	}
	o.outside = &outside{Phone: line, office: o, rand: o.chance()}
	line.Decide(o.outside.decide)
	for i, letter := range letters {
		for n := range operatorsPerPBX {
			if err := o.hire(ctx, i, letter, strconv.Itoa(101+n), quiet); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *office) hire(ctx context.Context, i int, letter, number string, log *slog.Logger) error {
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	line, err := phone.Listen(phone.Config{
		User: number, Password: "pw" + number, IP: o.network.IP(n%100 + 100 + 50*i), PBX: o.pbxs[i].SIP(), Mute: true,
	}, log)
	if err != nil {
		return err
	}
	who := &operator{Phone: line, office: o, pbx: o.pbxs[i], letter: letter, rand: o.chance()}
	line.Decide(who.decide)
	o.staff = append(o.staff, who)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return line.Register(ctx, 2*time.Hour)
}

// chance is a source of chance of somebody's own.
func (o *office) chance() *chance {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.actors++
	return &chance{rand: rand.New(rand.NewPCG(o.seed, o.actors))}
}

// chance is safe for concurrent use.
type chance struct {
	mu   sync.Mutex
	rand *rand.Rand
}

// below gives a number from 0 to n-1.
func (c *chance) below(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rand.IntN(n)
}

// between gives a time.
func (c *chance) between(least, most time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return least + time.Duration(c.rand.Int64N(int64(most-least)+1))
}

// in tells whether something happens that does so once in n times.
func (c *chance) in(n int) bool { return c.below(n) == 0 }

func pick[T any](c *chance, list []T) T { return list[c.below(len(list))] }

// work lets everybody phone for a while and returns when the last call is over.
func (o *office) work(ctx context.Context, for_ time.Duration, perSecond float64) error {
	living, goHome := context.WithCancel(ctx)
	defer goHome()
	for _, who := range o.staff {
		o.wg.Go(func() { who.answer(living) })
	}
	o.wg.Go(func() { o.outside.answer(living) })
	var calls sync.WaitGroup
	c := o.chance()
	for until := time.Now().Add(for_); time.Now().Before(until); {
		calls.Go(func() { o.begin(living, c) })
		if err := pause(ctx, time.Duration(float64(c.between(0, 2*time.Second))/perSecond)); err != nil {
			break
		}
	}
	calls.Wait()
	if err := o.emptied(ctx); err != nil {
		return err
	}
	goHome()
	o.wg.Wait()
	return ctx.Err()
}

// emptied waits until no PBX has a channel left, and hangs up what its phones forgot.
func (o *office) emptied(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	hurry := time.Now().Add(45 * time.Second) // longer than anybody talks, rings or is parked
	for _, p := range o.pbxs {
		m, err := pbx.Dial(ctx, p.AMI(), "driver", "driver")
		if err != nil {
			return err
		}
		defer m.Close()
		for {
			name, err := m.Channel(ctx, "")
			if err != nil {
				return err
			}
			if name == "" {
				break
			}
			if time.Now().After(hurry) {
				if _, err := m.Action(ctx, "Hangup", "Channel", name); err != nil {
					return err
				}
			}
			if err := pause(ctx, 300*time.Millisecond); err != nil {
				return fmt.Errorf("wait for the last call: %w", err)
			}
		}
	}
	return nil
}

// sign has every PBX say something that whoever listens can wait for.
func (o *office) sign(ctx context.Context, word string) error {
	for _, p := range o.pbxs {
		m, err := pbx.Dial(ctx, p.AMI(), "driver", "driver")
		if err != nil {
			return err
		}
		answer, err := m.Action(ctx, "UserEvent", "UserEvent", "Endurance", "Word", word)
		_ = m.Close()
		if err != nil {
			return err
		}
		if answer["Response"] != "Success" {
			return fmt.Errorf("user event: %s", answer["Message"])
		}
	}
	return nil
}

func (o *office) close() error {
	var err error
	if o.outside != nil {
		err = errors.Join(err, o.outside.Close())
	}
	for _, who := range o.staff {
		err = errors.Join(err, who.Close())
	}
	for _, p := range o.pbxs {
		err = errors.Join(err, p.Stop())
	}
	return errors.Join(err, o.network.Release())
}

// remove deletes the PBXs' directories.
func (o *office) remove() error {
	var err error
	for _, p := range o.pbxs {
		err = errors.Join(err, p.Remove())
	}
	return err
}
