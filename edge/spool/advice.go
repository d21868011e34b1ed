package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// advise adds to an error of the file system what its administrator can do about it.
func advise(err error, dir string) error {
	what := ""
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		what = "free space on the file system of %s, or give the spool less"
	case errors.Is(err, syscall.EROFS):
		what = "the file system of %s is read-only: see dmesg for why, repair it and mount it read-write again"
	case errors.Is(err, fs.ErrPermission):
		what = "%s must belong to the user the agent runs as"
	case errors.Is(err, syscall.EIO):
		what = "the disk under %s fails: see dmesg, replace it"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		what = "too many files are open: raise LimitNOFILE of the service that uses %s"
	default:
		return err
	}
	return fmt.Errorf("%w ("+what+")", err, dir)
}
