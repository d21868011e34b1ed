package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/callweave/callweave/edge/doctor"
	"github.com/callweave/callweave/edge/enroll"
	"github.com/callweave/callweave/edge/locale"
)

type versionCmd struct{}

// Run prints what support asks for first.
func (versionCmd) Run(w *world) error {
	_, err := fmt.Fprintf(w.out, "callweave-edge %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

type enrollCmd struct {
	Token string `required:"" placeholder:"TOKEN" env:"CALLWEAVE_EDGE_TOKEN" help:"${help_token}"`
	Cloud string `placeholder:"URL" env:"CALLWEAVE_EDGE_CLOUD" help:"${help_cloud}"`
}

// Run enrols.
func (c enrollCmd) Run(ctx context.Context, w *world, s *Settings) error {
	token := c.Token
	if token == "-" {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && line == "" {
			return fmt.Errorf("read token: %w", err)
		}
		token = line
	}
	identity, err := enroll.Enroll(ctx, enroll.Options{
		Token: strings.TrimSpace(token), Cloud: c.Cloud, Dir: s.StateDir, Version: version, Now: time.Now,
		Retries: 4, WaitMin: time.Second, WaitMax: 10 * time.Second,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, w.words.Say("Enrolled as agent %s; the gateway is %s.", identity.Agent(), identity.Gateway()))
	fmt.Fprintln(w.out, w.words.Say("Start it with: systemctl enable --now callweave-edge"))
	return nil
}

type checkCmd struct {
	Wait time.Duration `default:"3s" help:"${help_wait}"`
	JSON bool          `name:"json" help:"${help_json}"`
}

// Run checks and fails where something is an error.
func (c checkCmd) Run(ctx context.Context, w *world, s *Settings) error {
	identity, err := enroll.Load(s.StateDir, time.Now)
	if err != nil && !errors.Is(err, enroll.ErrNotEnrolled) {
		return err
	}
	d, err := s.doctor(identity, c.Wait)
	if err != nil {
		return err
	}
	findings := d.Check(ctx)
	if c.JSON {
		err = printJSON(w, findings)
	} else {
		printFindings(w, findings)
	}
	if err == nil && doctor.Worst(findings) == doctor.Error {
		return quiet(1)
	}
	return err
}

// doctor makes the one for these settings; identity may be nil.
func (s *Settings) doctor(identity *enroll.Identity, watch time.Duration) (*doctor.Doctor, error) {
	secret, err := s.secret()
	if err != nil {
		return nil, err
	}
	amiTLS, err := s.amiTLS()
	if err != nil {
		return nil, err
	}
	cfg := doctor.Config{
		StateDir: s.StateDir, SpoolDir: s.spoolDir(), SpoolMax: int64(s.Spool.MaxBytes), Watch: watch,
		Gateway: s.Link.Gateway, TCP: s.Link.TCP,
		AMI: doctor.AMI{Address: s.AMI.Address, User: s.AMI.User, Secret: secret, TLS: amiTLS},
	}
	if identity == nil {
		return doctor.New(cfg, nil, time.Now), nil
	}
	cfg.Cloud = identity.Cloud()
	if cfg.Gateway == "" {
		cfg.Gateway = identity.Gateway()
	}
	return doctor.New(cfg, identity, time.Now), nil
}

func printJSON(w *world, findings []doctor.Finding) error {
	type line struct {
		Code     doctor.Code     `json:"code"`
		Severity doctor.Severity `json:"severity"`
		Detail   string          `json:"detail"`
		Hurts    string          `json:"hurts,omitempty"`
		Mend     string          `json:"mend,omitempty"`
	}
	lines := []line{}
	for _, f := range findings {
		text := f.Words(w.words)
		lines = append(lines, line{f.Code, f.Severity, text.Sentence, text.Hurts, text.Mend})
	}
	e := json.NewEncoder(w.out)
	e.SetIndent("", "  ")
	return e.Encode(lines)
}

// printFindings writes a line each, and below what is not well what it hurts and how to mend it.
func printFindings(w *world, findings []doctor.Finding) {
	label := map[doctor.Severity]string{
		doctor.OK: w.words.Say("fine"), doctor.Warn: w.words.Say("warning"), doctor.Error: w.words.Say("ERROR"),
	}
	width := 0
	for _, l := range label {
		width = max(width, len([]rune(l)))
	}
	indent := strings.Repeat(" ", width+2)
	for _, f := range findings {
		text := f.Words(w.words)
		l := label[f.Severity]
		fmt.Fprintf(w.out, "%s%s  %s\n", l, strings.Repeat(" ", width-len([]rune(l))), text.Sentence)
		if f.Severity == doctor.OK {
			continue
		}
		if text.Hurts != "" {
			fmt.Fprintf(w.out, "%s%s %s\n", indent, w.words.Say("Hurts:"), text.Hurts)
		}
		if text.Mend != "" {
			fmt.Fprintf(w.out, "%s%s %s\n", indent, w.words.Say("Mend:"), text.Mend)
		}
	}
}

// explain puts the errors a person can do something about into words.
func explain(w *locale.Words, err error) string {
	if words := explainDialplan(w, err); words != "" {
		return words
	}
	var refused *enroll.RefusedError
	switch {
	case errors.As(err, &refused):
		return refusal(w, refused)
	case errors.Is(err, enroll.ErrToken):
		return w.Say("This is not an enrolment token. Copy it whole from the PBXs page of the portal.")
	case errors.Is(err, enroll.ErrPin):
		return w.Say("What answers at that address is not the cloud the token was made by. Check the address, this machine's clock, and that no proxy opens TLS in between. (%s)", err)
	case errors.Is(err, enroll.ErrNotEnrolled):
		return w.Say("This PBX is not enrolled. Make a token on the PBXs page of the portal and run: callweave-edge enroll --token TOKEN")
	case errors.Is(err, os.ErrPermission):
		return w.Say("%s. Run it as root or as the user callweave-edge.", err)
	default:
		return err.Error()
	}
}

func refusal(w *locale.Words, refused *enroll.RefusedError) string {
	switch refused.Code {
	case "token-used":
		return w.Say("The token has been used. Make a new one on the PBXs page of the portal; each is good for one agent.")
	case "token-expired":
		return w.Say("The token is too old. Make a new one on the PBXs page of the portal; it is good for 15 minutes.")
	case "token-invalid":
		return w.Say("The token was not made by this cloud. Copy it whole from the PBXs page of the portal.")
	case "overloaded", "unavailable":
		return w.Say("The cloud cannot enrol agents at the moment. Try again in a minute with the same token.")
	default:
		return w.Say("The cloud refuses: %s", refused.Detail)
	}
}
