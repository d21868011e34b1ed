package scenario

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/phone"
	"github.com/callweave/callweave/lab/truth"
)

// Numbers the scenarios share.
const (
	customer  = "79161234501"
	customer2 = "79161234502"
	customer3 = "79161234503"
	outside   = "79260000001"
	outside2  = "79260000002"
)

// patience is how long a step may take before the scenario is given up.
const patience = 45 * time.Second

// Stage is where one scenario is played: its PBXs, its phones and what they will have lived.
type Stage struct {
	Scenario Scenario
	Version  string
	Network  *pbx.Network
	PBXs     map[string]*pbx.PBX // by letter

	// Cut breaks the AMI connections of all who listen and lets them back after a while, where the scenario wants that.
	// It returns when they are cut. Nil: nobody listens.
	Cut func(away time.Duration) error

	ctx      context.Context
	log      *slog.Logger
	run      *truth.Run
	actors   []*actor
	stories  []*story
	managers map[string]*pbx.Manager
}

// Open starts the PBXs of a scenario.
func Open(ctx context.Context, sc Scenario, version string, n *pbx.Network, log *slog.Logger) (*Stage, error) {
	s := &Stage{
		Scenario: sc, Version: version, Network: n, PBXs: map[string]*pbx.PBX{}, ctx: ctx, log: log, managers: map[string]*pbx.Manager{},
		run: &truth.Run{Scenario: sc.Name, About: sc.About, Asterisk: version, PBXs: map[string]truth.PBX{}, AgentEvents: []truth.AgentEvent{}, Notes: []string{}},
	}
	for _, letter := range sc.PBXs {
		c := pbx.Config{Name: fmt.Sprintf("net%d-%s", n.N, letter), Version: version, IP: s.ip(letter), SystemName: "pbx-" + strings.ToLower(letter)}
		if sc.Nameless {
			c.SystemName = ""
		}
		for _, other := range sc.PBXs {
			if other != letter {
				c.Peers = append(c.Peers, pbx.Peer{Name: "pbx" + strings.ToLower(other), IP: s.ip(other)})
			}
		}
		p, err := pbx.Start(ctx, c, log)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open the stage of %s: %w", sc.Name, err), s.Close())
		}
		s.PBXs[letter] = p
		s.run.PBXs[letter] = truth.PBX{IP: p.IP, SystemName: c.SystemName}
	}
	return s, nil
}

func (s *Stage) ip(letter string) string { return s.Network.IP(11 + place(letter)) }

func place(letter string) int { return int(letter[0] - 'A') }

// failed carries the error of a step up to Play.
type failed struct{ err error }

// Play runs the scenario and returns the truth, also when a step failed.
func (s *Stage) Play() (run *truth.Run, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failed:
			err = fmt.Errorf("play %s: %w", s.Scenario.Name, r.err)
		default:
			panic(r)
		}
		s.run.Ended = truth.At(time.Now())
		s.writeTruth()
		run = s.run
	}()
	s.run.Started = truth.At(time.Now())
	s.Scenario.play(s)
	s.pass(300 * time.Millisecond) // the last hang-up reaches everybody
	return s.run, nil
}

// Close stops phones and PBXs. The PBXs' directories stay; Remove deletes them.
func (s *Stage) Close() error {
	var err error
	for _, a := range s.actors {
		err = errors.Join(err, a.Close())
	}
	for _, m := range s.managers {
		err = errors.Join(err, m.Close())
	}
	for _, p := range s.PBXs {
		err = errors.Join(err, p.Stop())
	}
	return err
}

// Remove deletes the PBXs' directories.
func (s *Stage) Remove() error {
	var err error
	for _, p := range s.PBXs {
		err = errors.Join(err, p.Remove())
	}
	return err
}

// try ends the scenario when a step failed.
func (s *Stage) try(err error) {
	if err != nil {
		panic(failed{err})
	}
}

// step gives a step its time limit.
func (s *Stage) step() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(s.ctx, patience, errors.New("gave up after "+patience.String()))
}

// pass lets time go by, as people talk and wait.
func (s *Stage) pass(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
		s.try(context.Cause(s.ctx))
	}
}

// cut breaks the listeners' AMI connections for a while.
func (s *Stage) cut(away time.Duration) {
	s.run.Notes = append(s.run.Notes, fmt.Sprintf("AMI cut at %.3f for %s", float64(truth.At(time.Now())), away))
	if s.Cut != nil {
		s.try(s.Cut(away))
	}
}

// restart ends a PBX, by order or as a crash does, and starts it again after a while.
func (s *Stage) restart(letter string, end func(*pbx.PBX) error, away time.Duration) {
	p := s.PBXs[letter]
	if m := s.managers[letter]; m != nil {
		_ = m.Close() // it goes with the PBX
		delete(s.managers, letter)
	}
	s.try(end(p))
	s.run.Notes = append(s.run.Notes, fmt.Sprintf("PBX %s ended at %.3f", letter, float64(truth.At(time.Now()))))
	s.pass(away)
	s.try(p.StartAgain(s.ctx))
}

// ami sends an action to a PBX.
func (s *Stage) ami(letter, action string, pairs ...string) {
	ctx, cancel := s.step()
	defer cancel()
	answer, err := s.manager(ctx, letter).Action(ctx, action, pairs...)
	s.try(err)
	if answer["Response"] != "Success" {
		s.try(fmt.Errorf("%s: %s", action, answer["Message"]))
	}
}

func (s *Stage) manager(ctx context.Context, letter string) *pbx.Manager {
	if m := s.managers[letter]; m != nil {
		return m
	}
	m, err := pbx.Dial(ctx, s.PBXs[letter].AMI(), "driver", "driver")
	s.try(err)
	s.managers[letter] = m
	return m
}

// channel finds a channel of a PBX by the beginning of its name.
func (s *Stage) channel(letter, prefix string) string {
	ctx, cancel := s.step()
	defer cancel()
	name, err := s.manager(ctx, letter).Channel(ctx, prefix)
	s.try(err)
	if name == "" {
		s.try(fmt.Errorf("there is no channel %s…", prefix))
	}
	return name
}

// login puts a phone into a queue, as an operator's screen does.
func (s *Stage) login(a *actor, queue string) {
	s.ami(a.letter, "QueueAdd", "Queue", queue, "Interface", "PJSIP/"+a.User, "MemberName", "Agent "+a.User)
	s.did("login", a, queue, "AMI QueueAdd", "")
}

// pause stops a phone from being offered calls of a queue.
func (s *Stage) pause(a *actor, queue string) {
	s.ami(a.letter, "QueuePause", "Queue", queue, "Interface", "PJSIP/"+a.User, "Paused", "true", "Reason", "lunch")
	s.did("pause", a, queue, "AMI QueuePause", "lunch")
}

// did notes what an operator just did, or what became of him.
func (s *Stage) did(what string, a *actor, queue, via, reason string) {
	s.run.AgentEvents = append(s.run.AgentEvents, truth.AgentEvent{At: truth.At(time.Now()), What: what, Agent: a.User, Queue: queue, Via: via, Reason: reason})
}

// agents opens and registers phones at PBX A.
func (s *Stage) agents(users ...string) []*actor {
	var out []*actor
	for _, u := range users {
		out = append(out, s.agent(u, "A"))
	}
	return out
}

// agent opens and registers a phone.
func (s *Stage) agent(user, letter string) *actor {
	n, err := strconv.Atoi(user)
	s.try(err)
	a := s.open(letter, phone.Config{User: user, Password: "pw" + user, IP: s.Network.IP(n%100 + 100 + 50*place(letter)), PBX: s.PBXs[letter].SIP()})
	s.register(a)
	return a
}

func (s *Stage) register(a *actor) {
	ctx, cancel := s.step()
	defer cancel()
	s.try(a.Register(ctx, time.Hour))
}

// carrier opens the outside world of PBX A.
func (s *Stage) carrier() *actor {
	return s.open("-", phone.Config{User: "carrier", IP: s.Network.IP(50), PBX: s.PBXs["A"].SIP()})
}

func (s *Stage) open(letter string, c phone.Config) *actor {
	p, err := phone.Listen(c, s.log)
	s.try(err)
	a := &actor{Phone: p, stage: s, letter: letter}
	s.actors = append(s.actors, a)
	return a
}
