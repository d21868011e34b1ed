// Command labpbx runs a real Asterisk of the lab by hand, until it is interrupted.
//
//	go run ./lab/pbx/cmd/labpbx start A --version 22
//	go run ./lab/pbx/cmd/labpbx start B --ip 127.0.12.11 --peer pbxa=127.0.11.11
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/callweave/callweave/lab/pbx"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "labpbx:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	c, err := parse(args)
	if err != nil {
		return err
	}
	if err := pbx.Available(c.Version); err != nil {
		return err
	}
	p, err := pbx.Start(ctx, c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Asterisk %s, process %d; ctrl-C stops it\n", c.Version, p.Pid())
	fmt.Fprintf(out, "AMI    %s  driver/driver (all rights), edge/edge (what the agent is to have)\n", p.AMI())
	fmt.Fprintf(out, "SIP    %s  phones 101 to 116, passwords pw101…; the carrier calls from %s\n", p.SIP(), p.Carrier)
	fmt.Fprintf(out, "files  %s\n", p.Dir)
	<-ctx.Done()
	return p.Stop()
}

// parse reads "start NAME [flags]".
func parse(args []string) (pbx.Config, error) {
	if len(args) < 2 || args[0] != "start" {
		return pbx.Config{}, fmt.Errorf("usage: labpbx start NAME [--version 22|16] [--ip 127.0.11.11] [--peer NAME=IP]... [--system-name NAME] [--no-timestamps] [--keep]")
	}
	c := pbx.Config{Name: args[1]}
	flags := flag.NewFlagSet("labpbx start", flag.ContinueOnError)
	flags.StringVar(&c.Version, "version", "22", "Asterisk version, 22 or 16")
	flags.StringVar(&c.IP, "ip", "127.0.11.11", "address of AMI and SIP")
	flags.StringVar(&c.SystemName, "system-name", "", "systemname of asterisk.conf, the prefix of every Uniqueid")
	flags.BoolVar(&c.NoTimestamps, "no-timestamps", false, "leave timestampevents off")
	flags.BoolVar(&c.Keep, "keep", false, "keep databases and logs of the last run")
	flags.Func("peer", "another PBX to have a trunk to, NAME=IP", func(s string) error {
		name, ip, ok := strings.Cut(s, "=")
		if !ok {
			return fmt.Errorf("want NAME=IP")
		}
		c.Peers = append(c.Peers, pbx.Peer{Name: name, IP: ip})
		return nil
	})
	return c, flags.Parse(args[2:])
}
