package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/callweave/callweave/edge/dialplan"
	"github.com/callweave/callweave/edge/locale"
)

// dialplanCmd hands a reference from PBX to PBX. It is the one command that changes the PBX, and only when asked to.
type dialplanCmd struct {
	Show    showCmd    `cmd:"" help:"${help_dialplan_show}"`
	Install installCmd `cmd:"" help:"${help_dialplan_install}"`
	Remove  removeCmd  `cmd:"" help:"${help_dialplan_remove}"`
}

type dialplanFlags struct {
	AsteriskDir string   `name:"asterisk-dir" default:"/etc/asterisk" placeholder:"DIR" help:"${help_asterisk_dir}"`
	Peer        []string `placeholder:"ENDPOINT" help:"${help_peer}"`
	Context     string   `placeholder:"CONTEXT" help:"${help_peer_context}"`
}

func (f dialplanFlags) config() dialplan.Config {
	return dialplan.Config{Dir: f.AsteriskDir, Peers: f.Peer, Context: f.Context, Machine: machine(), Now: time.Now}
}

type reloadFlags struct {
	Reload   bool   `help:"${help_reload}"`
	Asterisk string `default:"asterisk" placeholder:"PROGRAM" help:"${help_asterisk}"`
}

type showCmd struct {
	dialplanFlags
}

// Run prints what install would write and what the dialplan lacks.
func (c showCmd) Run(w *world) error {
	plan, err := dialplan.Plan(c.config())
	if err != nil {
		return err
	}
	fmt.Fprint(w.out, plan.Text)
	fmt.Fprintln(w.out)
	if plan.There {
		fmt.Fprintln(w.out, w.words.Say("This is installed: %s, included from %s.", dialplan.File, plan.Parent))
	} else {
		fmt.Fprintln(w.out, w.words.Say("install would write this to %s and include it from %s.", filepath.Join(c.AsteriskDir, dialplan.File), plan.Parent))
	}
	lacks(w, plan)
	return nil
}

type installCmd struct {
	dialplanFlags
	reloadFlags
}

// Run installs, and tells what is left to do by hand.
func (c installCmd) Run(ctx context.Context, w *world) error {
	plan, err := dialplan.Install(c.config())
	if err != nil {
		return err
	}
	changed(w, plan)
	lacks(w, plan)
	return c.reload(ctx, w, len(plan.Changed) > 0)
}

type removeCmd struct {
	AsteriskDir string `name:"asterisk-dir" default:"/etc/asterisk" placeholder:"DIR" help:"${help_asterisk_dir}"`
	reloadFlags
}

// Run takes away what install wrote.
func (c removeCmd) Run(ctx context.Context, w *world) error {
	plan, err := dialplan.Remove(dialplan.Config{Dir: c.AsteriskDir, Now: time.Now})
	if err != nil {
		return err
	}
	changed(w, plan)
	if plan.Kind == dialplan.Plain && len(plan.Changed) > 0 {
		fmt.Fprintln(w.out, w.words.Say("Lines of yours that name %s may stay: they do nothing without it. A line that calls %s without asking whether it is there has to go.", dialplan.Out, dialplan.In))
	}
	return c.reload(ctx, w, len(plan.Changed) > 0)
}

func changed(w *world, plan *dialplan.Installation) {
	if len(plan.Changed) == 0 {
		fmt.Fprintln(w.out, w.words.Say("Nothing to change."))
		return
	}
	fmt.Fprintln(w.out, w.words.Say("Changed: %s.", strings.Join(plan.Changed, ", ")))
	if len(plan.Backups) > 0 {
		fmt.Fprintln(w.out, w.words.Say("Kept as they were: %s.", strings.Join(plan.Backups, ", ")))
	}
}

// lacks tells what only the administrator can write.
func lacks(w *world, plan *dialplan.Installation) {
	say := func(text string) { fmt.Fprintln(w.out, text) }
	if plan.Kind == dialplan.FreePBX {
		if plan.Hook != nil {
			say(w.words.Say("FreePBX's hook is in use at %s. Add this as its first step: Gosub(%s,s,1)", plan.Hook, dialplan.Trunk))
		}
		say(w.words.Say("In FreePBX, set the context of the trunks from the other PBXs to %s (Connectivity, Trunks, pjsip Settings, Advanced). Calls go on to %s from there.", dialplan.FromPeer, plan.Context))
		return
	}
	for _, p := range plan.Dials {
		say(w.words.Say("%s dials a peer without the handler. Add b(%s^s^1) to the options of Dial: %s", p, dialplan.Out, p.Text))
	}
	if len(plan.Dials) == 0 && !plan.Handled {
		say(w.words.Say("No line was found that dials a peer. Add b(%s^s^1) to the options of Dial where calls go to the other PBXs; calls to anybody else may go through it too, they get nothing.", dialplan.Out))
	}
	if !plan.Taken {
		say(w.words.Say("Where calls of the other PBXs come in, let this be the first step: GosubIf($[${DIALPLAN_EXISTS(%s,s,1)}]?%s,s,1)", dialplan.In, dialplan.In))
	}
}

// reload has Asterisk read the dialplan, or says how to.
func (f reloadFlags) reload(ctx context.Context, w *world, changed bool) error {
	if !f.Reload {
		if changed {
			fmt.Fprintln(w.out, w.words.Say("It works after: asterisk -rx 'dialplan reload'"))
		}
		return nil
	}
	out, err := exec.CommandContext(ctx, f.Asterisk, "-rx", "dialplan reload").CombinedOutput()
	if err != nil {
		return &reloadError{said: strings.TrimSpace(string(out)), err: err}
	}
	fmt.Fprintln(w.out, w.words.Say("The dialplan was reloaded."))
	return nil
}

// reloadError is an Asterisk that did not reload.
type reloadError struct {
	said string
	err  error
}

func (e *reloadError) Error() string { return fmt.Sprintf("reload dialplan: %v: %s", e.err, e.said) }
func (e *reloadError) Unwrap() error { return e.err }

// explainDialplan says what to do about errors of these commands, "" for others.
func explainDialplan(w *locale.Words, err error) string {
	var unloaded *reloadError
	switch {
	case errors.As(err, &unloaded):
		return w.Say("The files are written, but Asterisk did not reload them (%s). Run as root: asterisk -rx 'dialplan reload'", unloaded)
	case errors.Is(err, dialplan.ErrNoDialplan):
		return w.Say("%s. Name the directory of Asterisk's configuration with --asterisk-dir. A dialplan in Lua, AEL or a database cannot be added to.", err)
	case errors.Is(err, dialplan.ErrNoPeers):
		return w.Say("Name the endpoints that lead to your other PBXs, as pjsip.conf or FreePBX's trunks call them: --peer north --peer south. Carriers are none.")
	case errors.Is(err, dialplan.ErrPeer):
		return w.Say("%s. Write it as pjsip.conf does: letters, digits, dots, dashes and underscores.", err)
	case errors.Is(err, dialplan.ErrContext):
		return w.Say("%s. Name the context that calls of the other PBXs went to until now, such as from-pstn or from-internal.", err)
	}
	return ""
}

// machine tells this computer from others.
func machine() string {
	if id, err := os.ReadFile("/etc/machine-id"); err == nil {
		return string(id)
	}
	name, _ := os.Hostname()
	return name
}
