// Command callweave-edge is the agent beside an Asterisk: it follows the manager interface, keeps every event on disk
// until the cloud has it, and says what would spoil the statistics. It assembles no calls.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/callweave/callweave/edge/locale"
)

// version is set by the build.
var version = "development"

// world is what a command gets from the outside.
type world struct {
	out   io.Writer
	log   *slog.Logger
	words *locale.Words
}

// quiet ends a command that has said all there is to say.
type quiet int

func (q quiet) Error() string { return fmt.Sprintf("exit status %d", int(q)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command runs one command line and returns its exit code: 0 all is well, 1 it is not, 2 the command line is wrong.
func command(ctx context.Context, args []string, getenv func(string) string, out, problems io.Writer) int {
	words := locale.FromEnvironment(getenv)
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("callweave-edge"), kong.Description(words.Say("The agent of Callweave beside an Asterisk.")),
		helps(words), kong.Writers(out, problems), kong.Exit(func(code int) { exit = code }),
		kong.Configuration(configuration(getenv), defaultConfig), kong.UsageOnError(), kong.ShortUsageOnError())
	if err != nil {
		fmt.Fprintln(problems, "callweave-edge:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintln(problems, "callweave-edge:", err)
		return 2
	}
	if c.Language != "" {
		words = locale.For(c.Language)
	}
	w := &world{out: out, log: c.Log.logger(problems), words: words}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(w, &c.Settings)
	var q quiet
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return 0
	case errors.As(err, &q):
		return int(q)
	default:
		fmt.Fprintln(problems, "callweave-edge:", explain(words, err))
		return 1
	}
}
