package call

import (
	"crypto/sha256"
	"encoding/binary"
)

// id derives the call's id from the channel that began it: 48 bits of time, so that ids sort, and a hash of PBX and
// Uniqueid (RFC 9562, version 8). The same events give the same id, live and years later.
func (t *story) id() ID {
	c := t.first
	born := c.created / second
	tag := uint64(0)
	if b, ok := bornAt(c.id); ok {
		born = b / second
	} else {
		tag = uint64(c.pbx.bootAt / (60 * second)) // such Uniqueids may come back after a restart
	}
	if c.again { // the PBX's clock went back over a restart
		tag = uint64(c.created)
	}
	h := sha256.New()
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], tag)
	h.Write(n[:])
	h.Write([]byte(c.pbx.name))
	h.Write([]byte{0})
	h.Write([]byte(c.id))
	sum := h.Sum(nil)
	var id ID
	copy(id[6:], sum)
	binary.BigEndian.PutUint64(n[:], uint64(born*1000))
	copy(id[:6], n[2:])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}
