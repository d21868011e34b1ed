package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/callweave/callweave/lab/pbx"
)

// config is what the command line says.
type config struct {
	kills   int
	traffic time.Duration // how long people begin calls
	perSec  float64       // calls begun a second
	seed    uint64
	pbxs    []string // letters
	near    tolerance
	out     string // where the results go, "" for nowhere
	bin     string // where the programs are, "" to build them
	keep    bool
}

func main() {
	var c config
	minutes := flag.Float64("minutes", 20, "how long people phone; the kills are spread over it")
	pbxs := flag.String("pbxs", "A,B", "letters of the PBXs; the first is of the newest Asterisk, the next of the one before")
	near := flag.Duration("tolerance", 50*time.Millisecond, "how far times of the two installations may be apart")
	flag.IntVar(&c.kills, "kills", 200, "how often something is killed")
	flag.Float64Var(&c.perSec, "calls", 1.2, "calls people begin a second")
	flag.Uint64Var(&c.seed, "seed", uint64(time.Now().UnixNano()), "of all chance")
	flag.StringVar(&c.out, "o", filepath.Join("lab", "bench", "results", "endurance.json"), "where the results go as JSON; empty for nowhere")
	flag.StringVar(&c.bin, "bin", os.Getenv("CALLWEAVE_BIN"), "directory of built callweave and callweave-edge; empty to build them")
	flag.BoolVar(&c.keep, "keep", false, "keep the directories of a good run too")
	flag.Parse()
	c.traffic, c.pbxs, c.near = time.Duration(*minutes*float64(time.Minute)), strings.Split(*pbxs, ","), tolerance(*near)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r, err := run(ctx, c, os.Stderr)
	if r != nil {
		r.print(os.Stdout)
		err = errors.Join(err, r.write(c.out))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "endurance:", err)
	}
	if err != nil || !r.Good {
		stop()
		os.Exit(1)
	}
}

// grace is what a run may take beyond its traffic: to set up, to let the last calls end and to compare.
const grace = 15 * time.Minute

// run does all of it. It returns what was found, and an error where it could not be finished.
func run(ctx context.Context, c config, progress io.Writer) (_ *report, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.traffic+grace, errors.New("it takes too long"))
	defer cancel()
	if err := pbx.Available(pbx.Versions()...); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cw-endurance-") // short: it holds Unix sockets
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as another user
		return nil, err
	}
	s := &stage{config: c, dir: dir, progress: progress}
	r, err := s.play(ctx)
	if end := s.end(ctx); err == nil {
		err = end
	}
	if err == nil && r.Good && !c.keep {
		return r, errors.Join(os.RemoveAll(dir), s.office.remove())
	}
	fmt.Fprintf(progress, "logs and data are in %s\n", dir)
	return r, err
}

// stage is all that runs.
type stage struct {
	config
	dir          string
	progress     io.Writer
	office       *office
	calm, shaken *installation
}

func (s *stage) say(format string, args ...any) {
	fmt.Fprintf(s.progress, "%s %s\n", time.Now().UTC().Format("15:04:05"), fmt.Sprintf(format, args...))
}

func (s *stage) play(ctx context.Context) (*report, error) {
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	k := &killer{of: s.shaken, rand: rand.New(rand.NewPCG(s.seed, 0))}
	if err := s.shake(ctx, k); err != nil {
		return nil, err
	}
	s.say("all calls are over, the installations catch up")
	if err := s.office.sign(ctx, s.last()); err != nil {
		return nil, err
	}
	r := &report{At: time.Now().UTC(), Seed: s.seed, Minutes: s.traffic.Minutes(), Dialed: s.office.calls(), Kills: k.done, dir: s.dir}
	r.Restarts = s.shaken.restarts()
	for _, in := range []*installation{s.calm, s.shaken} {
		if err := in.caughtUp(ctx, s.last()); err != nil {
			return nil, err
		}
	}
	return r, s.compare(ctx, r)
}

// open starts PBXs, phones and both installations, and returns when all agents listen.
func (s *stage) open(ctx context.Context) (err error) {
	if s.bin == "" {
		s.say("building")
		if s.bin, err = build(ctx, s.dir); err != nil {
			return err
		}
	}
	s.say("starting, seed %d", s.seed)
	if s.office, err = openOffice(ctx, s.pbxs, pbx.Versions(), s.seed); err != nil {
		return err
	}
	if s.calm, err = install(ctx, "calm", s.bin, s.dir); err != nil {
		return err
	}
	if s.shaken, err = install(ctx, "shaken", s.bin, s.dir); err != nil {
		return err
	}
	for _, in := range []*installation{s.calm, s.shaken} {
		for i, letter := range s.pbxs {
			if err := in.listen(ctx, letter, s.office.pbxs[i].AMI()); err != nil {
				return err
			}
		}
		if err := in.listening(ctx); err != nil {
			return err
		}
	}
	return nil
}

// build builds the programs from the working tree.
func build(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "bin")
	for name, source := range map[string]string{"callweave": "cloud", "callweave-edge": "edge"} {
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", filepath.Join(bin, name), "github.com/callweave/callweave/"+source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w: %s", name, err, out)
		}
	}
	return bin, nil
}

// last is what every PBX says at the end.
func (s *stage) last() string { return fmt.Sprintf("over-%d", s.seed) }

// shake lets people phone while things are killed.
func (s *stage) shake(ctx context.Context, k *killer) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	killed := make(chan error, 1)
	go func() {
		within := s.traffic - min(5*time.Second, s.traffic/10)
		err := k.run(ctx, s.kills, within, func(done kill) {
			s.say("%d of %d: killed %s %s; %d calls dialled", len(k.done), s.kills, done.Kind, done.PBX, s.office.calls())
		})
		if err != nil {
			cancel(err)
		}
		killed <- err
	}()
	err := s.office.work(ctx, s.traffic, s.perSec)
	if err != nil {
		cancel(err)
	}
	return errors.Join(err, <-killed)
}

// compare reads what both have and judges it.
func (s *stage) compare(ctx context.Context, r *report) error {
	have := map[*installation][]*story{}
	kept := map[*installation]map[string]*archive{}
	for _, in := range []*installation{s.calm, s.shaken} {
		list, _, err := in.stories(ctx)
		if err != nil {
			return fmt.Errorf("read the calls of %s: %w", in.name, err)
		}
		faults, err := in.addFacts(ctx, list)
		if err != nil {
			return fmt.Errorf("read the facts of %s: %w", in.name, err)
		}
		r.Faults = append(r.Faults, faults...)
		have[in] = list
		if kept[in], err = in.archives(ctx); err != nil {
			return fmt.Errorf("read the archives of %s: %w", in.name, err)
		}
	}
	var times []blind
	for _, letter := range s.pbxs {
		t, faults := blindTimes(kept[s.calm][letter], kept[s.shaken][letter], r.Kills, s.last())
		times = append(times, t...)
		r.Faults = append(r.Faults, faults...)
		r.Events += len(kept[s.calm][letter].said(s.last()))
	}
	r.tell(times)
	r.Mix = mix(have[s.calm])
	r.verdict = judge(have[s.calm], have[s.shaken], times, s.near)
	for _, in := range []*installation{s.calm, s.shaken} {
		made, err := undisturbed(kept[in])
		if err != nil {
			return err
		}
		r.owns(have[in], made)
	}
	r.Good = len(r.Faults) == 0 && len(r.differences) == 0
	if r.Good {
		return nil
	}
	return r.keep(kept, s.calm, s.shaken)
}

func (s *stage) end(ctx context.Context) error {
	var err error
	for _, in := range []*installation{s.shaken, s.calm} {
		if in != nil {
			err = errors.Join(err, in.stop(ctx))
		}
	}
	if s.office != nil {
		err = errors.Join(err, s.office.close())
	}
	return err
}
