// Command callweave is the cloud: it takes in what edge agents send, assembles calls and serves the portal. It does not
// talk to a PBX.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // queues have time zones, and a lean server may have no list of them

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "development"

// cli are the commands and their flags, as kong reads them.
type cli struct {
	LogLevel  string `enum:"debug,info,warn,error" default:"info" env:"CALLWEAVE_LOG_LEVEL" help:"Least important lines to log: ${enum}."`
	LogFormat string `enum:"auto,text,json" default:"auto" env:"CALLWEAVE_LOG_FORMAT" help:"${enum}; auto is text on a terminal."`

	Serve       serveCmd       `cmd:"" help:"Run the cloud."`
	Migrate     migrateCmd     `cmd:"" help:"Bring the database up to this version. serve does so by itself."`
	Tenant      tenantCmd      `cmd:"" help:"Create and list tenants."`
	User        userCmd        `cmd:"" help:"Create people, and sign them out."`
	PBX         pbxCmd         `cmd:"" name:"pbx" help:"Add PBXs."`
	Replay      replayCmd      `cmd:"" help:"Assemble calls out of recorded AMI."`
	Reassemble  reassembleCmd  `cmd:"" help:"Run today's rules over stored events and put what comes out in place."`
	Import      importCmd      `cmd:"" help:"Bring the past along: make calls of a PBX's own queue_log, CEL and CDR files."`
	Demo        demoCmd        `cmd:"" help:"Run everything on this machine, with a PBX that replays recorded calls."`
	Healthcheck healthcheckCmd `cmd:"" help:"Ask a running cloud whether it can serve."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// world is what a command gets from the outside.
type world struct {
	out io.Writer
	log *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second ctrl-C ends the process at once
	code := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command runs one command line and returns its exit code.
func command(ctx context.Context, args []string, out, problems io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("callweave"), kong.Description("Call-centre statistics for Asterisk: the cloud."),
		kong.Writers(out, problems), kong.Exit(func(code int) { exit = code }), kong.UsageOnError(), kong.ShortUsageOnError())
	if err != nil {
		fmt.Fprintln(problems, "callweave:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // help was printed
	}
	if err != nil {
		fmt.Fprintf(problems, "callweave: %v\nTry: callweave --help\n", err)
		return 2
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&world{out: out, log: logger(c.LogFormat, c.LogLevel, problems)}); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(problems, "callweave:", sentence(err))
		return 1
	}
	return 0
}

// sentence makes an error fit for people: one line.
func sentence(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func logger(format, level string, w io.Writer) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // kong has checked it
	options := &slog.HandlerOptions{Level: l}
	if format == "text" || format == "auto" && isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(w *world) error {
	_, err := fmt.Fprintln(w.out, "callweave", version)
	return err
}
