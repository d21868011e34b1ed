package spooltest

import (
	"io"
	"slices"
)

// file implements spool.File.
type file struct {
	disk *Disk
	node *node
	name string
}

func (f *file) ReadAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.do("read", f.name); err != nil {
		return 0, err
	}
	if off >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	n := copy(b, f.node.data[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) WriteAt(b []byte, off int64) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.do("write", f.name); err != nil {
		half := len(b) / 2 // a failed write may leave anything
		f.node.write(b[:half], off)
		return half, err
	}
	f.node.write(b, off)
	return len(b), nil
}

func (n *node) write(b []byte, off int64) {
	if need := int(off) + len(b); need > len(n.data) {
		n.data = append(n.data, make([]byte, need-len(n.data))...)
	}
	copy(n.data[off:], b)
}

func (f *file) Size() (int64, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return int64(len(f.node.data)), nil
}

func (f *file) Preallocate(size int64) error { return f.resize("preallocate", size) }

func (f *file) Truncate(size int64) error { return f.resize("truncate", size) }

func (f *file) resize(op string, size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.do(op, f.name); err != nil {
		return err
	}
	if n := int(size); n <= len(f.node.data) {
		f.node.data = f.node.data[:n:n]
	} else {
		f.node.data = append(f.node.data, make([]byte, n-len(f.node.data))...)
	}
	return nil
}

func (f *file) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.do("sync", f.name); err != nil {
		return err
	}
	f.node.synced = slices.Clone(f.node.data)
	return nil
}

func (f *file) Close() error { return nil }
