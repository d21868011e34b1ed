package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the system user the server runs as. For root it differs from the caller; for others it is the caller.
type account struct {
	name     string
	uid, gid uint32
	switched bool // the caller is root and becomes this user
}

// accountFor decides who runs the server for a data directory that may not exist yet.
func accountFor(ctx context.Context, data string) (account, error) {
	if os.Geteuid() != 0 {
		u, err := user.Current()
		if err != nil {
			return account{}, fmt.Errorf("find own user: %w", err)
		}
		return account{name: u.Username, uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	if st, err := os.Stat(data); err == nil {
		if sys, ok := st.Sys().(*syscall.Stat_t); ok && sys.Uid != 0 {
			return lookup(strconv.Itoa(int(sys.Uid)), user.LookupId)
		}
	}
	for _, name := range []string{"postgres", "callweave"} {
		if a, err := lookup(name, user.Lookup); err == nil {
			return a, nil
		}
	}
	out, err := exec.CommandContext(ctx, "useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "callweave").CombinedOutput()
	if err != nil {
		return account{}, fmt.Errorf("make system user callweave for PostgreSQL, which does not run as root: %w: %s", err, out)
	}
	return lookup("callweave", user.Lookup)
}

func lookup(key string, by func(string) (*user.User, error)) (account, error) {
	u, err := by(key)
	if err != nil {
		return account{}, fmt.Errorf("find system user: %w", err)
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return account{}, fmt.Errorf("find system user %s: %w", u.Username, err)
	}
	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), switched: true}, nil
}

// own makes dir with mode 0700 in the account's hands.
func (a account) own(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory needs its x bit
		return err
	}
	if !a.switched {
		return nil
	}
	return os.Chown(dir, int(a.uid), int(a.gid))
}

// reachable makes sure the account may walk down to dir, which under /root it usually may not.
func (a account) reachable(dir string) error {
	if !a.switched {
		return nil
	}
	for p := filepath.Dir(dir); ; p = filepath.Dir(p) {
		st, err := os.Stat(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		sys, ok := st.Sys().(*syscall.Stat_t)
		if ok && st.Mode()&0o001 == 0 && sys.Uid != a.uid && (sys.Gid != a.gid || st.Mode()&0o010 == 0) {
			return fmt.Errorf("directory %s is closed to user %s, as whom PostgreSQL has to run: use a data directory elsewhere, "+
				"such as /var/lib/callweave, or chmod o+x %s", p, a.name, p)
		}
		if p == "/" || p == "." {
			return nil
		}
	}
}
