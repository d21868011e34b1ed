package dialplan

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// File is what the snippet is called.
const File = "extensions_callweave.conf"

// The lines that include it.
const (
	notice  = "; by callweave-edge dialplan install"
	include = "#include " + File
)

// Kind says who writes the dialplan.
type Kind string

// The kinds.
const (
	Plain   Kind = "asterisk"
	FreePBX Kind = "freepbx"
)

// Errors of a request that cannot be met.
var (
	ErrNoDialplan = errors.New("no extensions.conf")
	ErrNoPeers    = errors.New("no peers are named")
	ErrPeer       = errors.New("not the name of an endpoint")
	ErrContext    = errors.New("not the name of a context")
)

// Config says what to install and where.
type Config struct {
	Dir     string   // of Asterisk's configuration
	Peers   []string // endpoints that lead to other PBXs; none: those of the last time
	Context string   // FreePBX: where calls from peers go on; default that of the last time, or from-pstn
	Machine string   // tells this PBX from others
	Now     func() time.Time
}

// Installation is how a dialplan is or would be.
type Installation struct {
	Kind    Kind
	Peers   []string
	Context string
	Text    string // of the snippet
	Parent  string // the file that includes it
	There   bool   // the snippet is installed with just this text, and included

	Changed []string // files that were written or removed
	Backups []string // copies of files that were there before

	Dials   []Place // lines that dial a peer without the handler
	Handled bool    // some line of the dialplan names the handler
	Taken   bool    // some line calls the subroutine for legs that come in
	Hook    *Place  // FreePBX's hook, where somebody uses it already: it has to call ours
}

var name = regexp.MustCompile(`^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$`)

// Plan says what an installation would be, and changes nothing. Errors: [ErrNoDialplan], [ErrNoPeers], [ErrPeer],
// [ErrContext].
func Plan(c Config) (*Installation, error) {
	i := &Installation{Kind: Plain, Parent: "extensions.conf", Context: c.Context}
	if _, err := os.Stat(filepath.Join(c.Dir, i.Parent)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w in %s", ErrNoDialplan, c.Dir)
	} else if err != nil {
		return nil, fmt.Errorf("look for the dialplan: %w", err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "extensions_additional.conf")); err == nil {
		i.Kind, i.Parent = FreePBX, "extensions_custom.conf"
	}
	was, err := read(filepath.Join(c.Dir, File))
	if err != nil {
		return nil, err
	}
	if i.Context == "" {
		i.Context = contextOf(string(was))
	}
	if !name.MatchString(i.Context) || i.Context == FromPeer {
		return nil, fmt.Errorf("%q is %w", i.Context, ErrContext)
	}
	if i.Peers, err = peers(c.Peers, string(was)); err != nil {
		return nil, err
	}
	found, err := look(c.Dir, i.Peers)
	if err != nil {
		return nil, err
	}
	i.Dials, i.Handled, i.Taken, i.Hook = found.dials, found.handled, found.taken, found.hook
	i.Text = snippet(i.Peers, i.Kind, markOf(c.Machine), i.Context, i.Hook == nil)
	parent, err := read(filepath.Join(c.Dir, i.Parent))
	if err != nil {
		return nil, err
	}
	i.There = string(was) == i.Text && included(parent)
	return i, nil
}

// peers puts the names in order and leaves out the technology: PJSIP/north is north.
func peers(named []string, was string) ([]string, error) {
	if len(named) == 0 {
		named = peersOf(was)
	}
	if len(named) == 0 {
		return nil, ErrNoPeers
	}
	var out []string
	for _, p := range named {
		if _, endpoint, ok := strings.Cut(p, "/"); ok {
			p = endpoint
		}
		if !name.MatchString(p) {
			return nil, fmt.Errorf("%q is %w", p, ErrPeer)
		}
		out = append(out, p)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Install writes the snippet and has the dialplan include it: the snippet first, so that an include never leads nowhere.
// What was there already is left as it is.
func Install(c Config) (*Installation, error) {
	i, err := Plan(c)
	if err != nil {
		return nil, err
	}
	parent := filepath.Join(c.Dir, i.Parent)
	was, err := read(parent)
	if err != nil {
		return nil, err
	}
	if err := i.put(c, File, []byte(i.Text), filepath.Join(c.Dir, "extensions.conf")); err != nil {
		return nil, err
	}
	if !included(was) {
		if len(was) > 0 && !bytes.HasSuffix(was, []byte("\n")) {
			was = append(was, '\n')
		}
		if err := i.put(c, i.Parent, append(was, notice+"\n"+include+"\n"...), filepath.Join(c.Dir, "extensions.conf")); err != nil {
			return nil, err
		}
	}
	i.There = true
	return i, nil
}

// Remove takes the snippet away: the include first.
func Remove(c Config) (*Installation, error) {
	i := &Installation{Kind: Plain}
	for _, parent := range []string{"extensions.conf", "extensions_custom.conf"} {
		was, err := read(filepath.Join(c.Dir, parent))
		if err != nil {
			return nil, err
		}
		if !included(was) {
			continue
		}
		if err := i.put(c, parent, without(was), ""); err != nil {
			return nil, err
		}
	}
	was, err := read(filepath.Join(c.Dir, File))
	if err != nil || was == nil {
		return i, err
	}
	if err := os.Remove(filepath.Join(c.Dir, File)); err != nil {
		return nil, fmt.Errorf("remove the snippet: %w", err)
	}
	i.Changed = append(i.Changed, File)
	return i, nil
}

// read returns nil for a file that is not there.
func read(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the dialplan: %w", err)
	}
	return text, nil
}

func included(text []byte) bool {
	return slices.ContainsFunc(bytes.Split(text, []byte("\n")), func(line []byte) bool { return string(bytes.TrimSpace(line)) == include })
}

// without leaves out the two lines that Install wrote, and nothing else.
func without(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		if l := string(bytes.TrimSpace(line)); l != include && l != notice {
			out = append(out, line...)
		}
	}
	return out
}

// put writes a file beside the one there is and puts it in its place, after a copy was made of that. A new file gets
// owner and mode of like.
func (i *Installation) put(c Config, file string, text []byte, like string) error {
	path := filepath.Join(c.Dir, file)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path, like = real, real
	}
	was, err := read(path)
	if err != nil {
		return err
	}
	if was != nil && bytes.Equal(was, text) {
		return nil
	}
	info, err := os.Stat(like)
	if err != nil {
		return fmt.Errorf("write the dialplan: %w", err)
	}
	if was != nil && file != File {
		backup := path + "." + c.Now().UTC().Format("20060102-150405") + ".bak"
		if err := write(backup, was, info); err != nil {
			return err
		}
		i.Backups = append(i.Backups, filepath.Base(backup))
	}
	if err := write(path, text, info); err != nil {
		return err
	}
	i.Changed = append(i.Changed, file)
	return nil
}

// write makes a file whole or not at all.
func write(path string, text []byte, like fs.FileInfo) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write the dialplan: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // it is gone when all went well
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(like.Mode().Perm()))
	if owner, ok := like.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		err = errors.Join(err, f.Chown(int(owner.Uid), int(owner.Gid)))
	}
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write the dialplan: %w", err)
	}
	return nil
}
