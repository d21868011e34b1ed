// Command fakepbx plays recorded AMI traces to whoever logs in.
//
//	fakepbx -trace lab/corpus/22 -loop -parallel 3 -gap 5s -listen 127.0.0.1:5038
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/callweave/callweave/lab/fakepbx"
)

type paths []string

func (p *paths) String() string     { return strings.Join(*p, ",") }
func (p *paths) Set(v string) error { *p = append(*p, v); return nil }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fakepbx:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var traces paths
	flags := flag.NewFlagSet("fakepbx", flag.ContinueOnError)
	flags.Var(&traces, "trace", "trace, or directory of scenarios; may be repeated")
	listen := flags.String("listen", "127.0.0.1:5038", "address")
	pbx := flags.String("pbx", "A", "which PBX of a scenario")
	match := flags.String("match", "", "only scenarios whose name matches this regular expression")
	speed := flags.Float64("speed", 1, "times faster than recorded; 0 is as fast as the clients read")
	loop := flags.Bool("loop", false, "play for ever with fresh times and identifiers")
	gap := flags.Duration("gap", 2*time.Second, "pause after a scenario when looping")
	parallel := flags.Int("parallel", 1, "scenarios under way at a time when looping")
	atOnce := flags.Bool("at-once", false, "begin before anybody has logged in")
	user := flags.String("user", "lab", "user")
	secret := flags.String("secret", "lab", "secret")
	if err := flags.Parse(args); err != nil {
		return err
	}
	only, err := regexp.Compile(*match)
	if err != nil {
		return fmt.Errorf("read -match: %w", err)
	}
	found, err := fakepbx.Find(*pbx, traces...)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(s fakepbx.Scenario) bool { return !only.MatchString(s.Name) })
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	log.Info("listening", slog.String("address", l.Addr().String()), slog.Int("scenarios", len(found)))
	return fakepbx.New(fakepbx.Config{
		User: *user, Secret: *secret, Scenarios: found, Speed: *speed, Loop: *loop, Gap: *gap, Parallel: *parallel, AtOnce: *atOnce, Log: log,
	}).Serve(ctx, l)
}
