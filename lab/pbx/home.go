package pbx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Home is where chroots and instances live: ${CALLWEAVE_LAB:-/var/cache/callweave-lab}.
func Home() string {
	if dir := os.Getenv("CALLWEAVE_LAB"); dir != "" {
		return dir
	}
	return "/var/cache/callweave-lab"
}

// Available tells why PBXs cannot be started here, in the words of what to do; nil when they can.
func Available(versions ...string) error {
	if os.Getuid() != 0 {
		return errors.New("the lab starts PBXs in chroots: run as root")
	}
	for _, v := range versions {
		if _, err := os.Stat(filepath.Join(root(v), "pbx")); err != nil {
			return fmt.Errorf("no chroot of Asterisk %s under %s: run lab/setup.sh", v, Home())
		}
	}
	return nil
}

func root(version string) string { return filepath.Join(Home(), "ast"+version) }

// instance is the directory an Asterisk sees as /pbx.
func instance(name string) string { return filepath.Join(Home(), "run", name) }

// Network is a lease on the addresses 127.0.N.*, so that several runs, of several processes, can go side by side.
type Network struct {
	N    int
	lock *os.File
}

// LeaseNetwork takes a network no other run on this machine uses. The lease ends with Release or with the process.
func LeaseNetwork() (*Network, error) {
	run := filepath.Join(Home(), "run")
	if err := os.MkdirAll(run, 0o755); err != nil {
		return nil, fmt.Errorf("lease a network: %w", err)
	}
	for n := 121; n < 250; n++ {
		f, err := os.OpenFile(filepath.Join(run, fmt.Sprintf("net%d.lock", n)), os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, fmt.Errorf("lease a network: %w", err)
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			return &Network{N: n, lock: f}, nil
		}
		_ = f.Close()
	}
	return nil, errors.New("lease a network: all of 127.0.121.* to 127.0.249.* are in use")
}

// IP gives an address of the network.
func (n *Network) IP(host int) string { return fmt.Sprintf("127.0.%d.%d", n.N, host) }

// Release gives the network back.
func (n *Network) Release() error { return n.lock.Close() }

// account looks up a user of the chroot.
func account(root, user string) (uid, gid int, err error) {
	b, err := os.ReadFile(filepath.Join(root, "etc/passwd"))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(line, ":")
		if len(f) < 4 || f[0] != user {
			continue
		}
		uid, err = strconv.Atoi(f[2])
		if err == nil {
			gid, err = strconv.Atoi(f[3])
		}
		return uid, gid, err
	}
	return 0, 0, fmt.Errorf("no user %s in %s", user, root)
}

// handOver makes a directory tree belong to a user.
func handOver(dir string, uid, gid int) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}
