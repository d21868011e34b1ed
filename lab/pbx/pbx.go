package pbx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// bootLimit is how long an Asterisk may take to be ready: about a second on an idle machine, many on one full of them.
const bootLimit = 60 * time.Second

// PBX is a running Asterisk.
type PBX struct {
	Config
	Dir string // what the Asterisk sees as /pbx: etc, log, spool, run

	log     *slog.Logger
	process *exec.Cmd
	ended   chan struct{} // closed when the process is gone
}

// Start makes an instance, starts its Asterisk and returns when it is fully booted. Errors carry the end of its log.
func Start(ctx context.Context, c Config, log *slog.Logger) (*PBX, error) {
	p := &PBX{Config: c, Dir: instance(c.Name), log: log}
	if err := p.boot(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// StartAgain starts a PBX that was stopped or killed, with the databases and logs it had.
func (p *PBX) StartAgain(ctx context.Context) error {
	p.Keep = true
	return p.boot(ctx)
}

func (p *PBX) boot(ctx context.Context) error {
	p.ended = make(chan struct{})
	if err := p.prepare(); err != nil {
		return fmt.Errorf("start PBX %s: %w", p.Name, err)
	}
	if err := p.launch(); err != nil {
		return fmt.Errorf("start PBX %s: %w", p.Name, err)
	}
	if err := p.waitBooted(ctx); err != nil {
		_ = p.Kill()
		return fmt.Errorf("start PBX %s: %w%s", p.Name, err, p.lastWords())
	}
	p.log.Debug("pbx_started", "name", p.Name, "version", p.Version, "ip", p.IP)
	return nil
}

// AMI is the address of its manager interface.
func (p *PBX) AMI() string { return p.IP + ":5038" }

// SIP is the address phones register at.
func (p *PBX) SIP() string { return p.IP + ":5060" }

// prepare makes the directory an Asterisk works in.
func (p *PBX) prepare() error {
	root := root(p.Version)
	uid, gid, err := account(root, "asterisk")
	if err != nil {
		return err
	}
	if !p.Keep {
		if err := os.RemoveAll(p.Dir); err != nil {
			return err
		}
	}
	for _, d := range []string{"etc", "lib/agi-bin", "lib/moh", "spool/voicemail", "spool/tmp", "run", "log/cdr-csv", "log/cel-custom"} {
		if err := os.MkdirAll(filepath.Join(p.Dir, d), 0o755); err != nil {
			return err
		}
	}
	if p.Carrier == "" {
		p.Carrier = p.IP[:strings.LastIndexByte(p.IP, '.')] + ".50"
	}
	if err := p.writeConfig(filepath.Join(p.Dir, "etc")); err != nil {
		return err
	}
	if err := copyMusic(root, filepath.Join(p.Dir, "lib/moh")); err != nil {
		return err
	}
	if err := writeNames(root, p.Dir); err != nil {
		return err
	}
	return handOver(p.Dir, uid, gid)
}

// copyMusic gives the instance something to play to those who wait.
func copyMusic(root, to string) error {
	return filepath.WalkDir(filepath.Join(root, "usr/share/asterisk/sounds"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "demo-congrats.gsm" || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, d.Name()), b, 0o644)
	})
}

// writeNames makes names resolve locally and nowhere else: a slow name server would stall every new channel.
func writeNames(root, dir string) error {
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	names := map[string]string{
		"hosts":       "127.0.0.1 localhost " + host + "\n",
		"resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
	}
	for name, text := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
		under, err := os.OpenFile(filepath.Join(root, "etc", name), os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		if err := under.Close(); err != nil {
			return err
		}
	}
	return nil
}

// enter mounts the instance over the chroot's /pbx and becomes an Asterisk inside. setpriv asks to be killed with the
// parent again, because the kernel forgets that wish when the user changes.
const enter = `set -e
mount --bind "$1" "$2/pbx"
mount --bind "$1/hosts" "$2/etc/hosts"
mount --bind "$1/resolv.conf" "$2/etc/resolv.conf"
mount --rbind /dev "$2/dev"
mount -t proc proc "$2/proc"
ulimit -n 65536 2>/dev/null || true
exec chroot "$2" setpriv --reuid asterisk --regid asterisk --init-groups --pdeathsig KILL /usr/sbin/asterisk -f -n -C /pbx/etc/asterisk.conf`

func (p *PBX) launch() error {
	console, err := os.OpenFile(filepath.Join(p.Dir, "console.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	p.process = exec.Command("unshare", "-m", "--propagation", "private", "sh", "-c", enter, "sh", p.Dir, root(p.Version))
	p.process.Dir = "/"
	p.process.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/pbx/lib", "LANG=C", "TZ=UTC"}
	p.process.Stdout, p.process.Stderr = console, console
	p.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := p.process.Start(); err != nil {
		return errors.Join(err, console.Close())
	}
	process, ended := p.process, p.ended
	go func() {
		_ = process.Wait() // how it ended is in its log
		_ = console.Close()
		close(ended)
	}()
	return nil
}

// waitBooted returns when the manager interface says FullyBooted: a login is accepted earlier, answers are empty then.
func (p *PBX) waitBooted(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bootLimit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if m, err := Dial(ctx, p.AMI(), "driver", "driver"); err == nil {
			err := m.waitEvent(ctx, "FullyBooted")
			_ = m.Close()
			if err == nil {
				return nil
			}
		}
		select {
		case <-tick.C:
		case <-p.ended:
			return errors.New("asterisk ended")
		case <-ctx.Done():
			return fmt.Errorf("not ready: %w", context.Cause(ctx))
		}
	}
}

// Stop ends the Asterisk in order: it hangs up all calls and says Shutdown. It returns when the process is gone, and at
// once when it was already.
func (p *PBX) Stop() error { return p.end(syscall.SIGTERM) }

// Kill ends it at once, as a crash does.
func (p *PBX) Kill() error { return p.end(syscall.SIGKILL) }

func (p *PBX) end(how syscall.Signal) error {
	select {
	case <-p.ended:
		return nil
	default:
	}
	err := syscall.Kill(-p.process.Process.Pid, how)
	if errors.Is(err, syscall.ESRCH) {
		err = nil
	}
	patience := time.NewTimer(6 * time.Second)
	defer patience.Stop()
	select {
	case <-p.ended:
	case <-patience.C:
		err = errors.Join(err, syscall.Kill(-p.process.Process.Pid, syscall.SIGKILL))
		<-p.ended
	}
	return err
}

// Pid is the process id of the Asterisk.
func (p *PBX) Pid() int { return p.process.Process.Pid }

// Remove deletes the instance's directory; stop the PBX first.
func (p *PBX) Remove() error { return os.RemoveAll(p.Dir) }

// Log opens one of the instance's files under log/: queue_log, messages, cdr-csv/Master.csv, cel-custom/Master.csv.
func (p *PBX) Log(name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(p.Dir, "log", name))
}

// lastWords is what an operator of the lab wants to read first after a failure.
func (p *PBX) lastWords() string {
	var out strings.Builder
	for _, name := range []string{"console.log", "log/messages"} {
		b, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err == nil && len(b) > 0 {
			fmt.Fprintf(&out, "\n%s:\n%s", name, b[max(0, len(b)-2000):])
		}
	}
	return out.String()
}
