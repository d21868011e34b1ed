package cluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// ErrNotInstalled tells that no PostgreSQL server was found where Debian, Red Hat and PATH have it.
var ErrNotInstalled = errors.New("no PostgreSQL server is installed here (on Debian: apt install postgresql), and no database URL is given")

// binaries is a directory with initdb and postgres of one major version.
type binaries struct {
	dir   string
	major int
}

// installed lists what is there, newest major first. Majors compare as numbers: 9 is older than 15.
func installed(roots ...string) []binaries {
	var all []binaries
	for _, root := range roots {
		dirs, _ := filepath.Glob(filepath.Join(root, "*", "bin"))
		for _, dir := range dirs {
			major, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(filepath.Dir(dir)), "pgsql-"))
			if err == nil && executable(dir, "initdb") && executable(dir, "postgres") {
				all = append(all, binaries{dir, major})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].major > all[j].major })
	return all
}

// defaultRoots are where Debian and Red Hat put each major beside the others.
func defaultRoots() []string { return []string{"/usr/lib/postgresql", "/usr"} }

func executable(dir, name string) bool {
	st, err := os.Stat(filepath.Join(dir, name))
	return err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0
}

// choose takes the newest binaries for a new data directory, and those of its own major for one that exists.
func choose(all []binaries, data string) (binaries, error) {
	if len(all) == 0 {
		return binaries{}, ErrNotInstalled
	}
	raw, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return all[0], nil
	}
	if err != nil {
		return binaries{}, fmt.Errorf("read data directory: %w", err)
	}
	have := strings.TrimSpace(string(raw))
	for _, b := range all {
		if strconv.Itoa(b.major) == have {
			return b, nil
		}
	}
	return binaries{}, &VersionError{Data: data, Have: have, Installed: all[0].major}
}

// VersionError is a data directory that none of the installed servers can read.
type VersionError struct {
	Data      string
	Have      string // major the directory was made by
	Installed int    // newest major that is installed
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("data directory %s was made by PostgreSQL %s, and the newest one installed is %d: install postgresql-%s again, "+
		"or move the data to %d with pg_upgrade (both versions have to be installed for that)", e.Data, e.Have, e.Installed, e.Have, e.Installed)
}
