// Package spooltest is a disk for tests: it fails where it is told to, and forgets in a crash what was not synced.
package spooltest

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/callweave/callweave/edge/spool"
)

// ErrCrashed is what every operation returns from a crash to Restart.
var ErrCrashed = errors.New("the machine has crashed")

const sector = 512 // what a disk writes as a whole or not at all

// Disk is a file system in memory that keeps apart what was written and what is durable. It implements spool.FS.
type Disk struct {
	mu      sync.Mutex
	names   map[string]*node
	durable map[string]*node
	pending []func(map[string]*node) // changes of names since the directory was synced
	locks   map[string]bool
	crashed bool
	ops     int
	before  func(op, name string, n int) error
}

type node struct {
	data   []byte
	synced []byte
}

// NewDisk returns an empty disk.
func NewDisk() *Disk {
	return &Disk{names: map[string]*node{}, durable: map[string]*node{}, locks: map[string]bool{}}
}

// Before has fn asked before each operation that changes something or syncs it, the n-th one since the disk was made:
// open (that creates), write, preallocate, truncate, sync, rename, remove, syncdir, and before each read. Its error is
// the operation's; ErrCrashed stops the machine. fn must not use the disk.
func (d *Disk) Before(fn func(op, name string, n int) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before = fn
}

// Ops is the number of operations so far that Before was, or would have been, asked for, reads left out.
func (d *Disk) Ops() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ops
}

// do asks Before. mu is held.
func (d *Disk) do(op, name string) error {
	if d.crashed {
		return ErrCrashed
	}
	if op != "read" {
		d.ops++
	}
	if d.before == nil {
		return nil
	}
	err := d.before(op, name, d.ops)
	if errors.Is(err, ErrCrashed) {
		d.crashed = true
	}
	return err
}

// Restart makes the disk what it may be after the machine crashed: what was synced is there, and of what was not any part
// may be, as rnd has it. Open files and locks are gone.
func (d *Disk) Restart(rnd *rand.Rand) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := maps.Clone(d.durable)
	for _, change := range d.pending[:rnd.IntN(len(d.pending)+1)] {
		change(names)
	}
	for _, n := range names {
		n.crash(rnd)
	}
	d.names, d.durable = names, maps.Clone(names)
	d.pending, d.locks, d.crashed, d.before = nil, map[string]bool{}, false, nil
}

func (n *node) crash(rnd *rand.Rand) {
	after := slices.Clone(n.synced)
	if len(n.data) < len(after) && rnd.IntN(2) == 0 {
		after = after[:len(n.data)]
	}
	if len(n.data) > len(after) && rnd.IntN(2) == 0 {
		after = append(after, make([]byte, len(n.data)-len(after))...)
	}
	for at := 0; at < min(len(n.data), len(after)); at += sector {
		if end := min(at+sector, len(n.data), len(after)); rnd.IntN(2) == 0 {
			copy(after[at:end], n.data[at:end])
		}
	}
	n.data, n.synced = after, slices.Clone(after)
}

// Kill ends the process that used the disk, not the machine: everything it wrote is there.
func (d *Disk) Kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.locks, d.crashed, d.before = map[string]bool{}, false, nil
}

// Change lets a test damage a file.
func (d *Disk) Change(name string, fn func(b []byte) []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.names[name]
	n.data = fn(n.data)
	n.synced = slices.Clone(n.data)
}

// Files lists the names of files below dir that end in suffix, in order.
func (d *Disk) Files(dir, suffix string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.FilesLocked(dir, suffix)
}

// FilesLocked is Files for use by a function that Before was given.
func (d *Disk) FilesLocked(dir, suffix string) []string {
	var names []string
	for name := range d.names {
		if path.Dir(name) == dir && strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// change does a change of names and remembers that it is not durable. mu is held.
func (d *Disk) change(fn func(map[string]*node)) {
	fn(d.names)
	d.pending = append(d.pending, fn)
}

// Open implements spool.FS.
func (d *Disk) Open(name string, flag int, _ fs.FileMode) (spool.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.crashed {
		return nil, ErrCrashed
	}
	n := d.names[name]
	if n == nil {
		if flag&os.O_CREATE == 0 {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		if err := d.do("open", name); err != nil {
			return nil, err
		}
		n = &node{}
		d.change(func(names map[string]*node) { names[name] = n })
	}
	if flag&os.O_TRUNC != 0 {
		n.data = nil
	}
	return &file{disk: d, node: n, name: name}, nil
}

// Rename implements spool.FS.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("rename", to); err != nil {
		return err
	}
	n := d.names[from]
	if n == nil {
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	}
	d.change(func(names map[string]*node) {
		names[to] = n
		delete(names, from)
	})
	return nil
}

// Remove implements spool.FS.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("remove", name); err != nil {
		return err
	}
	if d.names[name] == nil {
		return &fs.PathError{Op: "remove", Path: name, Err: fs.ErrNotExist}
	}
	d.change(func(names map[string]*node) { delete(names, name) })
	return nil
}

// List implements spool.FS.
func (d *Disk) List(dir string) ([]string, error) {
	var names []string
	for _, name := range d.Files(dir, "") {
		names = append(names, path.Base(name))
	}
	return names, nil
}

// MakeDir implements spool.FS.
func (d *Disk) MakeDir(string) error { return nil }

// SyncDir implements spool.FS.
func (d *Disk) SyncDir(dir string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.do("syncdir", dir); err != nil {
		return err
	}
	d.durable, d.pending = maps.Clone(d.names), nil
	return nil
}

// Lock implements spool.FS.
func (d *Disk) Lock(name string) (io.Closer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.crashed {
		return nil, ErrCrashed
	}
	if d.locks[name] {
		return nil, spool.ErrLocked
	}
	d.locks[name] = true
	return unlock{d, name}, nil
}

type unlock struct {
	d    *Disk
	name string
}

func (u unlock) Close() error {
	u.d.mu.Lock()
	defer u.d.mu.Unlock()
	delete(u.d.locks, u.name)
	return nil
}
