package spool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// state is what segments do not tell: how far the cloud has committed, and why what is missing is missing. The file
// "state" holds it as CBOR followed by its CRC32C (little endian). It is replaced as a whole (see doc.go). Losing it
// loses no event: the cloud says what it has committed, and a hole without a reason reads as damage.
type state struct {
	Stream    uint64        `cbor:"1,keyasint"`
	Committed uint64        `cbor:"2,keyasint"`
	Gaps      []gap         `cbor:"3,keyasint,omitempty"` // in order, not overlapping, all above Committed when written
	Clock     time.Duration `cbor:"4,keyasint,omitempty"` // running time of the spool
}

// gap says why the events First to Last are no longer here.
type gap struct {
	First  uint64 `cbor:"1,keyasint"`
	Last   uint64 `cbor:"2,keyasint"`
	Reason string `cbor:"3,keyasint"`
	From   int64  `cbor:"4,keyasint,omitempty"` // ns since 1970, 0 where unknown
	To     int64  `cbor:"5,keyasint,omitempty"`
}

// maxGaps bounds the state where reasons alternate: beyond it a gap takes the reason of the one before.
const maxGaps = 256

// add appends a gap, which lies above all others, and joins it to the last one where it continues that.
func (s *state) add(g gap) {
	if n := len(s.Gaps); n > 0 {
		last := &s.Gaps[n-1]
		if last.Last+1 >= g.First && (last.Reason == g.Reason || n >= maxGaps) {
			last.Last, last.To = max(last.Last, g.Last), max(last.To, g.To)
			return
		}
	}
	s.Gaps = append(s.Gaps, g)
}

// prune forgets the gaps that the cloud has committed.
func (s *state) prune() {
	kept := s.Gaps[:0]
	for _, g := range s.Gaps {
		if g.Last > s.Committed {
			kept = append(kept, g)
		}
	}
	s.Gaps = kept
}

// clone returns a copy that can be written while s changes.
func (s *state) clone() state {
	c := *s
	c.Gaps = append([]gap(nil), s.Gaps...)
	return c
}

// covers reports whether one gap holds all of first to last.
func (s *state) covers(first, last uint64) bool {
	for _, g := range s.Gaps {
		if g.First <= first && last <= g.Last {
			return true
		}
	}
	return false
}

// piece returns the first part of first..last that has one reason. ok is false where none is recorded for it; then the
// piece ends where a recorded one begins.
func (s *state) piece(first, last uint64) (g gap, ok bool) {
	for _, g := range s.Gaps {
		if g.Last < first {
			continue
		}
		if g.First > last {
			break
		}
		if g.First > first {
			return gap{First: first, Last: g.First - 1}, false
		}
		g.First, g.Last = first, min(last, g.Last)
		return g, true
	}
	return gap{First: first, Last: last}, false
}

var errStateDamaged = errors.New("state file is damaged")

// readState returns fs.ErrNotExist where there is none and errStateDamaged where it cannot be used.
func readState(fsys FS, dir string) (state, error) {
	f, err := fsys.Open(filepath.Join(dir, stateName), os.O_RDONLY, 0)
	if err != nil {
		return state{}, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil || size < 4 || size > 1<<20 {
		return state{}, errStateDamaged
	}
	b := make([]byte, size)
	if n, err := f.ReadAt(b, 0); n < len(b) {
		return state{}, fmt.Errorf("%w: %w", errStateDamaged, err)
	}
	body := b[:size-4]
	var s state
	if binary.LittleEndian.Uint32(b[size-4:]) != checksum(body) || cbor.Unmarshal(body, &s) != nil || s.Stream == 0 {
		return state{}, errStateDamaged
	}
	return s, nil
}

// writeState replaces the state file durably.
func writeState(fsys FS, dir string, s state) error {
	b, err := cbor.Marshal(s)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	b = binary.LittleEndian.AppendUint32(b, checksum(b))
	name := filepath.Join(dir, stateName)
	if err := writeDurably(fsys, name+tempSuffix, b); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := publish(fsys, name+tempSuffix, name); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

func writeDurably(fsys FS, name string, b []byte) (err error) {
	f, err := fsys.Open(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, fs.FileMode(0o640))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteAt(b, 0); err != nil {
		return err
	}
	return f.Sync()
}

// publish gives a synced file its real name, durably.
func publish(fsys FS, temp, name string) error {
	if err := fsys.Rename(temp, name); err != nil {
		return err
	}
	return fsys.SyncDir(filepath.Dir(name))
}
