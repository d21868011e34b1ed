package importing

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
)

// Kind of a difference.
type Kind string

// The kinds.
const (
	Figures    Kind = "figures"      // one figure of a call
	OnlyInLogs Kind = "only_in_logs" // heard nothing of it, though everything was heard
	Split      Kind = "split"        // the logs make a call of its own of what was heard as a part
	Joined     Kind = "joined"       // the logs make one call of what was heard as several
)

// Reason says why the logs differ, where that is known.
type Reason string

// The reasons.
const (
	Unknown        Reason = ""
	NoHolds        Reason = "no_holds"        // the logs do not tell holds
	NoNumber       Reason = "no_number"       // queue_log does not tell what number was dialled
	AfterTransfer  Reason = "after_transfer"  // queue_log ends with a transfer, or counts the talk after it as the member's
	NoDevice       Reason = "no_device"       // queue_log names a member of which no device is known
	OutsideQueues  Reason = "outside_queues"  // queue_log tells of queues only
	NoBridges      Reason = "no_bridges"      // CDR tells legs and not who heard whom
	HeardInPart    Reason = "heard_in_part"   // the stored call was heard in part only
	RefusedUnseen  Reason = "refused_unseen"  // the logs do not tell that a queue refused the call
	NoConsultation Reason = "no_consultation" // nothing in the logs ties a consultation to the call it was about
)

// Difference is one thing the logs tell otherwise than what was heard.
type Difference struct {
	N      int       `json:"n"`
	Call   uuid.UUID `json:"call"` // the stored one; of what is only in the logs the one that was left out
	Start  time.Time `json:"start"`
	Caller string    `json:"caller"`
	Kind   Kind      `json:"kind"`
	Figure string    `json:"figure"` // result, direction, dialled, queues, operators, rings, transfers, wait, talk, hold
	Stored string    `json:"stored"`
	Logged string    `json:"logged"`
	Reason Reason    `json:"reason"`
}

// told is a call as its story tells it, stored or new.
type told struct {
	ID          uuid.UUID `json:"id"`
	Direction   string    `json:"direction"`
	Caller      string    `json:"caller"`
	Dialled     string    `json:"dialled"`
	Start       time.Time `json:"start"`
	Disposition string    `json:"disposition"`
	Partial     bool      `json:"partial"`
	Queues      []struct {
		Queue, Result, Operator string
		Entered, Left           time.Time
	} `json:"queues"`
	Rings []struct{ Operator, Queue, Result string } `json:"rings"`
	Talks []struct {
		Operator, With string
		From, To       time.Time
	} `json:"talks"`
	Holds     []struct{ From, To time.Time } `json:"holds"`
	Transfers []struct {
		Kind, By, To, Result string
	} `json:"transfers"`
	Channels []struct{ PBX, Uniqueid string } `json:"channels"`

	text     []byte
	imported call.Origin
	open     bool
}

func read(text []byte) (*told, error) {
	t := &told{text: text}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, fmt.Errorf("read story: %w", err)
	}
	return t, nil
}

// known are the stored calls of a time, by what identifies them.
type known struct {
	byID      map[uuid.UUID]*told
	byChannel map[string][]*told
}

// stored reads the calls that may be the same as some others: those of the same time on the PBX.
func (r *run) stored(ctx context.Context, tx pgx.Tx, calls []*call.Call) (known, error) {
	k := known{byID: map[uuid.UUID]*told{}, byChannel: map[string][]*told{}}
	first, last := calls[0].Start, calls[0].End
	ids := make([]uuid.UUID, len(calls))
	for i, c := range calls {
		ids[i] = uuid.UUID(c.ID)
		if c.Start.Before(first) {
			first = c.Start
		}
		if c.End.After(last) {
			last = c.End
		}
	}
	const near = time.Minute // clocks of agents and of the PBX differ
	rows, err := tx.Query(ctx, `SELECT id, open, imported, story::text FROM calls
		WHERE tenant_id = $1 AND started BETWEEN $2 AND $3 AND coalesce(ended, 'infinity') >= $4 AND pbx_ids @> ARRAY[$5::integer]
		UNION SELECT id, open, imported, story::text FROM calls WHERE tenant_id = $1 AND id = ANY($6)`,
		r.job.Tenant.UUID(), first.Add(-longest), last.Add(near), first.Add(-near), r.pbx, ids)
	if err != nil {
		return k, err
	}
	var id uuid.UUID
	var open bool
	var imported int16
	var text []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &open, &imported, &text}, func() error {
		t, err := read(slices.Clone(text))
		if err != nil {
			return err
		}
		t.ID, t.open, t.imported = id, open, call.Origin(imported)
		k.byID[id] = t
		for _, c := range t.Channels {
			if c.PBX == r.job.PBX {
				k.byChannel[c.Uniqueid] = append(k.byChannel[c.Uniqueid], t)
			}
		}
		return nil
	})
	return k, err
}

// of returns the stored calls that share a channel with a call, in order of their ids.
func (k known) of(c *call.Call) []*told {
	found := map[uuid.UUID]*told{}
	if t := k.byID[uuid.UUID(c.ID)]; t != nil {
		found[t.ID] = t
	}
	for _, ref := range c.Channels {
		for _, t := range k.byChannel[ref.Uniqueid] {
			found[t.ID] = t
		}
	}
	list := slices.Collect(maps.Values(found))
	slices.SortFunc(list, func(x, y *told) int { return slices.Compare(x.ID[:], y.ID[:]) })
	return list
}

// verdict says what becomes of a call.
type verdict struct {
	put         bool
	gone        []call.ID
	differences []*Difference
}

func (r *run) verdict(c *call.Call, stored []*told, sum *Summary) verdict {
	var live, before []*told
	for _, t := range stored {
		if t.imported == 0 {
			live = append(live, t)
		} else {
			before = append(before, t)
		}
	}
	switch {
	case len(live) > 0:
		sum.Heard++
		return r.beside(c, live, sum)
	case r.ears.all(c.Start, c.End):
		sum.OnlyInLogs++
		return verdict{differences: []*Difference{{
			Call: uuid.UUID(c.ID), Start: c.Start, Caller: c.Caller, Kind: OnlyInLogs, Figure: "call", Logged: c.Disposition.String(),
		}}}
	case len(before) > 0:
		return replaces(c, before, sum)
	}
	sum.New++
	return verdict{put: true}
}

// replaces puts a call in place of what earlier imports made, unless those knew more.
func replaces(c *call.Call, before []*told, sum *Summary) verdict {
	v := verdict{put: true}
	text, err := c.MarshalJSON()
	for _, t := range before {
		switch {
		case t.ID == uuid.UUID(c.ID) && len(before) == 1 && err == nil && sameStory(t.text, text):
			sum.Same++
			return verdict{}
		case t.imported&^c.Imported != 0 && c.Imported&^t.imported == 0:
			sum.Kept++
			return verdict{}
		case t.ID != uuid.UUID(c.ID):
			v.gone = append(v.gone, call.ID(t.ID))
		}
	}
	sum.Replaced++
	return v
}

// sameStory compares two stories but for what only says how often they were written.
func sameStory(x, y []byte) bool {
	var a, b map[string]any
	if json.Unmarshal(x, &a) != nil || json.Unmarshal(y, &b) != nil {
		return false
	}
	for _, m := range []map[string]any{a, b} {
		delete(m, "rev")
		delete(m, "supersedes")
	}
	return reflect.DeepEqual(a, b)
}

// beside compares a call with what was heard of it.
func (r *run) beside(c *call.Call, live []*told, sum *Summary) verdict {
	text, err := c.MarshalJSON()
	if err != nil {
		return verdict{}
	}
	logged, err := read(text)
	if err != nil {
		return verdict{}
	}
	logged.imported = c.Imported
	heard := live[0]
	for _, t := range live {
		if t.ID == logged.ID {
			heard = t
		}
	}
	if heard.open {
		return verdict{}
	}
	d := &Difference{Call: heard.ID, Start: heard.Start, Caller: heard.Caller}
	switch {
	case len(live) > 1:
		d.Kind, d.Figure, d.Stored, d.Logged = Joined, "calls", fmt.Sprint(len(live)), "1"
	case heard.ID != logged.ID && !covers(logged, heard):
		d.Kind, d.Figure, d.Stored, d.Logged, d.Reason = Split, "calls", "1", logged.Caller+" → "+logged.Dialled, NoConsultation
		if logged.imported == call.FromQueueLog {
			d.Reason = OutsideQueues
		}
	default:
		list := differ(heard, logged)
		if len(list) == 0 {
			sum.Equal++
		} else {
			sum.Different++
		}
		return verdict{differences: list}
	}
	sum.Different++
	return verdict{differences: []*Difference{d}}
}

// covers tells whether a call has the channel that began another one.
func covers(logged, heard *told) bool {
	return len(heard.Channels) > 0 && slices.ContainsFunc(logged.Channels, func(c struct{ PBX, Uniqueid string }) bool {
		return c == heard.Channels[0]
	})
}

// tolerated is how far lengths may be apart: queue_log and CDR count whole seconds.
const tolerated = 1.1

// differ lists the figures in which the logs tell a call otherwise.
func differ(heard, logged *told) []*Difference {
	var out []*Difference
	note := func(figure, x, y string) {
		if x != y {
			out = append(out, &Difference{
				Call: heard.ID, Start: heard.Start, Caller: heard.Caller, Kind: Figures, Figure: figure, Stored: x, Logged: y,
				Reason: reason(figure, heard, logged),
			})
		}
	}
	length := func(figure string, x, y float64) {
		if math.Abs(x-y) > tolerated {
			note(figure, fmt.Sprintf("%.1f", x), fmt.Sprintf("%.1f", y))
		}
	}
	note("direction", heard.Direction, logged.Direction)
	note("result", heard.Disposition, logged.Disposition)
	note("dialled", heard.Dialled, logged.Dialled)
	note("queues", heard.visits(), logged.visits())
	note("operators", heard.operators(), logged.operators())
	note("rings", heard.rings(), logged.rings())
	note("transfers", heard.transfers(), logged.transfers())
	length("wait", heard.waited(), logged.waited())
	length("talk", heard.talked(), logged.talked())
	length("hold", heard.held(), logged.held())
	return out
}

func (t *told) visits() string {
	var list []string
	for _, q := range t.Queues {
		list = append(list, q.Queue+" "+q.Result)
	}
	return strings.Join(list, ", ")
}

func (t *told) operators() string {
	var list []string
	for _, k := range t.Talks {
		list = append(list, k.Operator)
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

func (t *told) rings() string {
	n := map[string]int{}
	for _, r := range t.Rings {
		n[r.Operator+" "+r.Result]++
	}
	var list []string
	for _, key := range slices.Sorted(maps.Keys(n)) {
		list = append(list, fmt.Sprintf("%s ×%d", key, n[key]))
	}
	return strings.Join(list, ", ")
}

func (t *told) transfers() string {
	var list []string
	for _, x := range t.Transfers {
		list = append(list, x.Kind+" "+x.By+" → "+x.To+" "+x.Result)
	}
	return strings.Join(list, ", ")
}

func (t *told) waited() (s float64) {
	for _, q := range t.Queues {
		s += q.Left.Sub(q.Entered).Seconds()
	}
	return s
}

func (t *told) talked() (s float64) {
	for _, k := range t.Talks {
		s += k.To.Sub(k.From).Seconds()
	}
	return s
}

func (t *told) held() (s float64) {
	for _, h := range t.Holds {
		s += h.To.Sub(h.From).Seconds()
	}
	return s
}

// reason explains a difference by what the logs cannot know.
func reason(figure string, heard, logged *told) Reason {
	queueOnly := logged.imported == call.FromQueueLog
	noCEL := logged.imported&call.FromCEL == 0
	switch {
	case heard.Partial:
		return HeardInPart
	case figure == "result" && heard.Disposition == "join_empty":
		return RefusedUnseen
	case figure == "dialled" && queueOnly:
		return NoNumber
	case len(heard.Transfers) > 0 && noCEL && figure != "hold":
		return AfterTransfer
	case (figure == "hold" || figure == "talk") && len(heard.Holds) > 0 && len(logged.Holds) == 0:
		return NoHolds
	case figure != "wait" && figure != "queues" && len(heard.Holds) > 0 && len(logged.Holds) == 0:
		return NoConsultation
	case (figure == "operators" || figure == "rings") && queueOnly && logged.strangers():
		return NoDevice
	case queueOnly:
		return OutsideQueues
	case noCEL:
		return NoBridges
	}
	return Unknown
}

// strangers tells whether somebody goes by a name because no device is known.
func (t *told) strangers() bool {
	return slices.ContainsFunc(t.Rings, func(r struct{ Operator, Queue, Result string }) bool {
		return strings.ContainsFunc(r.Operator, func(c rune) bool { return c < '0' || c > '9' })
	})
}
