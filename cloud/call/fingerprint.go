package call

import (
	"encoding/binary"
	"hash/crc64"
	"time"
)

// fingerprint changes whenever something changes that a reader of the call could see: all of it but Rev, Supersedes and
// Imported.
// Attributes are followed as they change (withAttributes): they are most of a call, and change least.
func (c *Call) fingerprint(scratch printer) (uint64, printer) {
	p := scratch[:0]
	p = append(p, c.ID[:]...)
	p = p.num(int64(c.Direction)).num(int64(c.Disposition)).num(int64(c.HangupBy)).flag(c.Open).flag(c.Partial).flag(c.Recorded)
	p = p.text(c.Caller).text(c.CallerName).text(c.Dialled).text(c.Trunk).when(c.Start).when(c.Answered).when(c.End)
	p = p.num(int64(len(c.PBXs)))
	for _, name := range c.PBXs {
		p = p.text(name)
	}
	p = printed(p, c.Queues, func(p printer, q *QueueVisit) printer {
		p = p.text(q.PBX).text(q.Queue).text(q.Operator).text(q.Member).num(int64(q.Result)).num(int64(q.Position))
		return p.when(q.Entered).when(q.Left).flag(q.Estimated)
	})
	p = printed(p, c.Rings, func(p printer, r *Ring) printer {
		return p.text(r.PBX).text(r.Operator).text(r.Queue).num(int64(r.Result)).when(r.At).when(r.End).flag(r.Estimated)
	})
	p = printed(p, c.Talks, func(p printer, t *Talk) printer {
		return p.text(t.PBX).text(t.Operator).text(t.Queue).text(t.With).when(t.From).when(t.To).flag(t.Consult).flag(t.Estimated)
	})
	p = printed(p, c.Holds, func(p printer, h *Hold) printer {
		return p.text(h.PBX).text(h.By).when(h.From).when(h.To).flag(h.Estimated)
	})
	p = printed(p, c.Transfers, func(p printer, t *Transfer) printer {
		return p.text(t.PBX).text(t.Kind).text(t.By).text(t.To).num(int64(t.Result)).when(t.At).flag(t.Estimated)
	})
	p = printed(p, c.Parkings, func(p printer, k *Parking) printer {
		return p.text(k.PBX).text(k.Space).text(k.By).text(k.Retriever).num(int64(k.Result)).when(k.From).when(k.To).flag(k.Estimated)
	})
	p = printed(p, c.Links, func(p printer, l *Link) printer {
		p = p.text(l.Kind).text(l.Confidence).text(l.Evidence).when(l.At)
		return p.text(l.From).text(l.FromUniqueid).text(l.To).text(l.ToUniqueid)
	})
	p = printed(p, c.Candidates, func(p printer, d *Candidate) printer {
		p = append(p, d.Call[:]...)
		return p.text(d.Evidence).when(d.At).text(d.From).text(d.FromUniqueid).text(d.To).text(d.ToUniqueid)
	})
	p = printed(p, c.Legs, func(p printer, l *Leg) printer {
		p = p.text(l.PBX).text(l.Number).text(l.Endpoint).text(l.Uniqueid).num(int64(l.Kind)).num(int64(l.Cause))
		return p.when(l.Start).when(l.Answered).when(l.End).flag(l.Estimated)
	})
	p = printed(p, c.IVR, func(p printer, s *Step) printer {
		return p.text(s.PBX).text(s.Application).text(s.Data).when(s.From).when(s.To)
	})
	p = printed(p, c.Channels, func(p printer, r *ChannelRef) printer {
		return p.text(r.PBX).text(r.Uniqueid).text(r.Linkedid).text(r.Name)
	})
	return crc64.Checksum(p, fingerprints), p
}

var fingerprints = crc64.MakeTable(crc64.ECMA)

// printer appends what is fingerprinted, each value so that it cannot run into the next.
type printer []byte

func (p printer) num(n int64) printer { return binary.LittleEndian.AppendUint64(p, uint64(n)) }

func (p printer) text(s string) printer { return append(p.num(int64(len(s))), s...) }

func (p printer) flag(b bool) printer {
	if b {
		return append(p, 1)
	}
	return append(p, 0)
}

func (p printer) when(t time.Time) printer {
	if t.IsZero() {
		return p.num(0)
	}
	return p.num(t.UnixMicro())
}

func printed[T any](p printer, rows []T, row func(printer, *T) printer) printer {
	p = p.num(int64(len(rows)))
	for i := range rows {
		p = row(p, &rows[i])
	}
	return p
}
