package doctor

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// diskError is how little room means that a PBX in use fills the disk within the hour.
const diskError = 100 << 20

func (d *Doctor) checkDisk(context.Context) []Finding {
	if d.cfg.SpoolDir == "" {
		return nil
	}
	dir := d.cfg.SpoolDir
	if _, err := os.Stat(dir); os.IsNotExist(err) { // made at the first start
		dir = d.cfg.StateDir
	}
	findings := []Finding{writable(dir)}
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return findings
	}
	free := int64(fs.Bavail) * int64(fs.Bsize) //nolint:unconvert // 32 bits on some platforms
	f := Finding{CodeDisk, OK, []any{size(free), dir}}
	switch {
	case free < diskError:
		f.Severity = Error
	case free < d.cfg.SpoolMax:
		f.Severity = Warn
	}
	return append(findings, f)
}

// writable writes and syncs a file, which tells more than permissions do: read-only mounts, quotas, dead disks.
func writable(dir string) Finding {
	f, err := os.CreateTemp(dir, "check-*")
	if err == nil {
		defer os.Remove(f.Name()) //nolint:errcheck // what can be written can be removed
		defer f.Close()
		if _, err = f.Write(make([]byte, 4096)); err == nil {
			err = f.Sync()
		}
	}
	if err != nil {
		return Finding{CodeSpool, Error, []any{dir, err}}
	}
	return Finding{CodeSpool, OK, []any{dir}}
}

func size(bytes int64) string {
	const unit = 1 << 10
	value, suffix := float64(bytes), "B"
	for _, s := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if value < unit {
			break
		}
		value, suffix = value/unit, s
	}
	return fmt.Sprintf("%.1f %s", value, suffix)
}
