package call

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// MarshalJSON writes the call contract (the keys from id to links) and more: what only the story of one call shows. A
// row that lasts has no end; a value that is not known is left out.
func (c *Call) MarshalJSON() ([]byte, error) {
	w := jsonWriter{b: make([]byte, 0, 2048)}
	w.open('{')
	w.text("id", c.ID.String())
	w.text("direction", c.Direction.String())
	w.texts("pbx", c.PBXs)
	w.text("caller", c.Caller)
	w.optional("caller_name", c.CallerName)
	w.text("dialled", c.Dialled)
	w.when("start", c.Start)
	w.whenOrNull("answered", c.Answered)
	w.whenOrNull("end", c.End)
	w.optional("disposition", c.Disposition.String())
	w.optional("hangup_by", c.HangupBy.String())
	w.flag("open", c.Open)
	w.flag("partial", c.Partial)
	w.flag("recorded", c.Recorded)
	if c.Imported != 0 {
		w.texts("imported", c.Imported.Names())
	}
	w.optional("trunk", c.Trunk)
	w.key("rev")
	w.b = strconv.AppendUint(w.b, uint64(c.Rev), 10)
	c.marshalRows(&w)
	w.close('}')
	return w.b, nil
}

func (c *Call) marshalRows(w *jsonWriter) {
	rows(w, "queues", c.Queues, func(q *QueueVisit) {
		w.text("pbx", q.PBX)
		w.text("queue", q.Queue)
		w.span("entered", q.Entered, "left", q.Left)
		w.optional("result", q.Result.String())
		w.optional("operator", q.Operator)
		w.optional("member", q.Member)
		if q.Position > 0 {
			w.key("position")
			w.b = strconv.AppendInt(w.b, int64(q.Position), 10)
		}
		w.flag("estimated", q.Estimated)
	})
	rows(w, "rings", c.Rings, func(r *Ring) {
		w.text("pbx", r.PBX)
		w.text("operator", r.Operator)
		w.optional("queue", r.Queue)
		w.span("at", r.At, "", r.End)
		w.optional("result", r.Result.String())
		w.flag("estimated", r.Estimated)
	})
	rows(w, "talks", c.Talks, func(t *Talk) {
		w.text("pbx", t.PBX)
		w.text("operator", t.Operator)
		w.optional("queue", t.Queue)
		w.text("with", t.With)
		w.span("from", t.From, "to", t.To)
		w.flag("consult", t.Consult)
		w.flag("estimated", t.Estimated)
	})
	rows(w, "holds", c.Holds, func(h *Hold) {
		w.text("pbx", h.PBX)
		w.text("by", h.By)
		w.span("from", h.From, "to", h.To)
		w.flag("estimated", h.Estimated)
	})
	rows(w, "transfers", c.Transfers, func(t *Transfer) {
		w.text("pbx", t.PBX)
		w.text("kind", t.Kind)
		w.text("by", t.By)
		w.text("to", t.To)
		w.when("at", t.At)
		w.optional("result", t.Result.String())
		w.flag("estimated", t.Estimated)
	})
	rows(w, "parkings", c.Parkings, func(k *Parking) {
		w.text("pbx", k.PBX)
		w.text("space", k.Space)
		w.text("by", k.By)
		w.span("from", k.From, "to", k.To)
		w.optional("result", k.Result.String())
		w.optional("retriever", k.Retriever)
		w.flag("estimated", k.Estimated)
	})
	rows(w, "links", c.Links, func(l *Link) {
		w.text("kind", l.Kind)
		w.text("confidence", l.Confidence)
		w.text("evidence", l.Evidence)
		w.when("at", l.At)
		w.text("from", l.From)
		w.text("from_uniqueid", l.FromUniqueid)
		w.text("to", l.To)
		w.text("to_uniqueid", l.ToUniqueid)
	})
	if len(c.Candidates) > 0 {
		rows(w, "candidates", c.Candidates, func(d *Candidate) {
			w.text("call", d.Call.String())
			w.text("evidence", d.Evidence)
			w.when("at", d.At)
			w.text("from", d.From)
			w.text("from_uniqueid", d.FromUniqueid)
			w.text("to", d.To)
			w.text("to_uniqueid", d.ToUniqueid)
		})
	}
	rows(w, "legs", c.Legs, func(l *Leg) {
		w.text("pbx", l.PBX)
		w.optional("kind", l.Kind.String())
		w.text("number", l.Number)
		w.text("endpoint", l.Endpoint)
		w.text("uniqueid", l.Uniqueid)
		w.when("start", l.Start)
		w.whenOrNull("answered", l.Answered)
		w.whenOrNull("end", l.End)
		w.key("cause")
		w.b = strconv.AppendInt(w.b, int64(l.Cause), 10)
		w.flag("estimated", l.Estimated)
		w.attributes(l)
	})
	rows(w, "ivr", c.IVR, func(s *Step) {
		w.text("pbx", s.PBX)
		w.text("application", s.Application)
		w.optional("data", s.Data)
		w.span("from", s.From, "to", s.To)
	})
	rows(w, "channels", c.Channels, func(r *ChannelRef) {
		w.text("pbx", r.PBX)
		w.text("uniqueid", r.Uniqueid)
		w.text("linkedid", r.Linkedid)
		w.text("name", r.Name)
	})
	if len(c.Supersedes) > 0 {
		w.key("supersedes")
		w.open('[')
		for _, id := range c.Supersedes {
			w.item()
			w.quote(id.String())
		}
		w.close(']')
	}
}

func rows[T any](w *jsonWriter, key string, list []T, row func(*T)) {
	w.key(key)
	w.open('[')
	for i := range list {
		w.item()
		w.open('{')
		row(&list[i])
		w.close('}')
	}
	w.close(']')
}

// jsonWriter appends JSON without reflection: an open call is written anew with every change.
type jsonWriter struct {
	b     []byte
	fresh bool // nothing was written since the last bracket
}

func (w *jsonWriter) open(c byte) {
	w.b = append(w.b, c)
	w.fresh = true
}

func (w *jsonWriter) close(c byte) {
	w.b = append(w.b, c)
	w.fresh = false
}

func (w *jsonWriter) item() {
	if !w.fresh {
		w.b = append(w.b, ',')
	}
	w.fresh = false
}

func (w *jsonWriter) key(k string) {
	w.item()
	w.b = append(w.b, '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, '"', ':')
}

func (w *jsonWriter) text(k, v string) {
	w.key(k)
	w.quote(v)
}

func (w *jsonWriter) optional(k, v string) {
	if v != "" {
		w.text(k, v)
	}
}

func (w *jsonWriter) texts(k string, list []string) {
	w.key(k)
	w.open('[')
	for _, v := range list {
		w.item()
		w.quote(v)
	}
	w.close(']')
}

func (w *jsonWriter) flag(k string, v bool) {
	if v {
		w.key(k)
		w.b = append(w.b, "true"...)
	}
}

// timeFormat is RFC 3339 with microseconds.
const timeFormat = "2006-01-02T15:04:05.000000Z07:00"

func (w *jsonWriter) when(k string, t time.Time) {
	w.key(k)
	w.b = append(w.b, '"')
	w.b = t.AppendFormat(w.b, timeFormat)
	w.b = append(w.b, '"')
}

func (w *jsonWriter) whenOrNull(k string, t time.Time) {
	if t.IsZero() {
		w.key(k)
		w.b = append(w.b, "null"...)
		return
	}
	w.when(k, t)
}

// span writes begin, end and length of a row, no length while it lasts.
func (w *jsonWriter) span(from string, a time.Time, to string, b time.Time) {
	w.when(from, a)
	if to != "" {
		w.whenOrNull(to, b)
	}
	if s := b.Sub(a).Seconds(); s >= 0 && !b.IsZero() {
		w.key("seconds")
		w.b = strconv.AppendFloat(w.b, math.Round(s*1e6)/1e6, 'f', -1, 64)
	}
}

const hexDigits = "0123456789abcdef"

// quote writes a string as JSON. Bytes that are no UTF-8 become replacement characters: names come in any encoding.
func (w *jsonWriter) quote(s string) {
	w.b = append(w.b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			w.b = append(w.b, '\\', c)
			i++
		case c < 0x20:
			w.b = append(w.b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			i++
		case c < utf8.RuneSelf:
			w.b = append(w.b, c)
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				w.b = append(w.b, "\uFFFD"...)
			} else {
				w.b = append(w.b, s[i:i+n]...)
			}
			i += n
		}
	}
	w.b = append(w.b, '"')
}
