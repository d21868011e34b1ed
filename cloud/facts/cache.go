package facts

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Content codings.
const (
	codingZstd = "zstd"
	codingGzip = "gzip"
)

const (
	defaultMemory = 64 << 20
	defaultDisk   = 2 << 30
	mostExpanded  = 256 << 20
)

// cache keeps compressed chunks by their names: those used last in memory, more in files. A chunk of a name never changes, so
// nothing is ever wrong, only unused; what is used least goes first. It never fails: what cannot be kept is made again.
type cache struct {
	mu     sync.Mutex
	memory lru
	files  lru
	dir    string // "": no files
}

// lru is what is kept in one place, by last use.
type lru struct {
	limit, used int64
	at          map[string]*list.Element
	order       list.List // of *kept, the latest first
}

type kept struct {
	name string
	size int64
	body []byte // in memory only
}

func newCache(cfg Config) *cache {
	c := &cache{dir: cfg.Dir}
	c.memory.limit, c.files.limit = cfg.Memory, cfg.Disk
	if c.memory.limit == 0 {
		c.memory.limit = defaultMemory
	}
	if c.files.limit == 0 {
		c.files.limit = defaultDisk
	}
	c.memory.at, c.files.at = map[string]*list.Element{}, map[string]*list.Element{}
	if c.dir != "" && c.open() != nil {
		c.dir = ""
	}
	return c
}

// open finds the files of a run before, by their age.
func (c *cache) open() error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	infos := make([]fs.FileInfo, 0, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), suffix) {
			if strings.HasSuffix(e.Name(), unfinished) {
				_ = os.Remove(filepath.Join(c.dir, e.Name()))
			}
			continue
		}
		infos = append(infos, info)
	}
	slices.SortFunc(infos, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, i := range infos {
		c.drop(c.files.put(&kept{name: i.Name(), size: i.Size()}))
	}
	return nil
}

func (l *lru) get(name string) *kept {
	e := l.at[name]
	if e == nil {
		return nil
	}
	l.order.MoveToFront(e)
	return e.Value.(*kept)
}

// put keeps k, and returns the names of what has to go for it.
func (l *lru) put(k *kept) (gone []string) {
	l.remove(k.name)
	if k.size > l.limit/4 {
		return []string{k.name}
	}
	l.at[k.name] = l.order.PushFront(k)
	l.used += k.size
	for l.used > l.limit {
		last := l.order.Back().Value.(*kept)
		l.remove(last.name)
		gone = append(gone, last.name)
	}
	return gone
}

func (l *lru) remove(name string) {
	if e := l.at[name]; e != nil {
		l.order.Remove(e)
		l.used -= e.Value.(*kept).size
		delete(l.at, name)
	}
}

// A file is the checksum of its body, CRC-32C in four bytes, and the body; it is named by a hash of the chunk's name. It
// appears under its name when it is whole; no file is synced, because what a crash damages is found out and made again.
const (
	suffix     = ".facts"
	unfinished = ".new"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func fileOf(id string) string {
	h := sha256.Sum256([]byte(id))
	return hex.EncodeToString(h[:20]) + suffix
}

func (c *cache) get(id string) ([]byte, bool) {
	c.mu.Lock()
	k := c.memory.get(id)
	onDisk := c.dir != "" && k == nil && c.files.get(fileOf(id)) != nil
	c.mu.Unlock()
	switch {
	case k != nil:
		return k.body, true
	case !onDisk:
		return nil, false
	}
	body, err := readFile(filepath.Join(c.dir, fileOf(id)))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.files.remove(fileOf(id))
		c.drop([]string{fileOf(id)})
		return nil, false
	}
	c.memory.put(&kept{name: id, size: int64(len(body)), body: body})
	return body, true
}

// size is how long a chunk is, 0 where it is not kept.
func (c *cache) size(id string) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.memory.at[id]; e != nil {
		return e.Value.(*kept).size
	}
	if e := c.files.at[fileOf(id)]; e != nil {
		return e.Value.(*kept).size - crc32.Size
	}
	return 0
}

func (c *cache) put(id string, body []byte) {
	c.mu.Lock()
	c.memory.put(&kept{name: id, size: int64(len(body)), body: body})
	c.mu.Unlock()
	if c.dir == "" || writeFile(c.dir, fileOf(id), body) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(c.files.put(&kept{name: fileOf(id), size: int64(len(body)) + crc32.Size}))
}

func (c *cache) drop(names []string) {
	for _, n := range names {
		_ = os.Remove(filepath.Join(c.dir, n))
	}
}

var errDamaged = errors.New("file is damaged")

func readFile(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if len(b) < crc32.Size || crc32.Checksum(b[crc32.Size:], castagnoli) != binary.LittleEndian.Uint32(b) {
		return nil, errDamaged
	}
	return b[crc32.Size:], nil
}

func writeFile(dir, name string, body []byte) error {
	f, err := os.CreateTemp(dir, "*"+unfinished)
	if err != nil {
		return err
	}
	_, err = f.Write(append(binary.LittleEndian.AppendUint32(nil, crc32.Checksum(body, castagnoli)), body...))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// shrink compresses.
func shrink(b []byte, coding string) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	if coding == codingGzip {
		w, err = gzip.NewWriterLevel(&out, gzip.DefaultCompression)
	} else {
		w, err = zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1))
	}
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

// expand undoes shrink.
func expand(b []byte, coding string) ([]byte, error) {
	var r io.Reader
	switch coding {
	case codingGzip:
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		r = z
	case codingZstd:
		z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	default:
		return b, nil
	}
	return io.ReadAll(io.LimitReader(r, mostExpanded))
}

// Compress compresses an answer in a content coding: zstd, gzip, or "" for none.
func Compress(b []byte, coding string) ([]byte, error) {
	if coding == "" {
		return b, nil
	}
	return shrink(b, coding)
}
