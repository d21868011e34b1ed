package call

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/fnv"
	"time"
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

// fingerprint changes whenever something changes that a reader of the call could see.
func (c *Call) fingerprint() uint64 {
	h := fnv.New64a()
	var buf [8]byte
	num := func(n int64) {
		binary.LittleEndian.PutUint64(buf[:], uint64(n))
		_, _ = h.Write(buf[:])
	}
	text := func(s string) {
		_, _ = h.Write([]byte(s))
		num(int64(len(s)))
	}
	when := func(t time.Time) {
		if t.IsZero() {
			num(0)
			return
		}
		num(t.UnixMicro())
	}
	flag := func(b bool) {
		if b {
			num(1)
		} else {
			num(2)
		}
	}
	_, _ = h.Write(c.ID[:])
	num(int64(c.Direction)<<32 | int64(c.Disposition)<<16 | int64(c.HangupBy))
	flag(c.Open)
	flag(c.Partial)
	text(c.Caller)
	text(c.CallerName)
	text(c.Dialled)
	text(c.Trunk)
	when(c.Start)
	when(c.Answered)
	when(c.End)
	for _, q := range c.Queues {
		text(q.Queue)
		text(q.Operator)
		text(q.Member)
		num(int64(q.Result))
		when(q.Entered)
		when(q.Left)
	}
	for _, r := range c.Rings {
		text(r.Operator)
		text(r.Queue)
		num(int64(r.Result))
		when(r.At)
		when(r.End)
	}
	for _, t := range c.Talks {
		text(t.Operator)
		text(t.With)
		flag(t.Consult)
		when(t.From)
		if !c.Open {
			when(t.To)
		}
	}
	for _, o := range c.Holds {
		text(o.By)
		when(o.From)
		when(o.To)
	}
	for _, x := range c.Transfers {
		text(x.Kind)
		text(x.By)
		text(x.To)
		num(int64(x.Result))
		when(x.At)
	}
	for _, k := range c.Parkings {
		text(k.Space)
		text(k.By)
		text(k.Retriever)
		num(int64(k.Result))
		when(k.From)
		when(k.To)
	}
	for _, l := range c.Links {
		text(l.Kind)
		text(l.Confidence)
		text(l.Evidence)
		text(l.From)
		text(l.To)
		text(l.FromUniqueid)
		text(l.ToUniqueid)
		when(l.At)
	}
	for _, l := range c.Legs {
		text(l.Number)
		num(int64(l.Kind))
		when(l.Start)
		when(l.Answered)
		when(l.End)
	}
	for _, s := range c.IVR {
		text(s.Application)
		text(s.Data)
		when(s.From)
		when(s.To)
	}
	num(int64(len(c.Channels)))
	return h.Sum64()
}
