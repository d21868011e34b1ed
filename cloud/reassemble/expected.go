package reassemble

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// tree is a decoded JSON object.
type tree = map[string]any

// storyOf is a call's story as it would be read back.
func storyOf(c *call.Call) (tree, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("tell call %s: %w", c.ID, err)
	}
	var t tree
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(raw), `\u0000`, `\ufffd`)), &t); err != nil {
		return nil, fmt.Errorf("tell call %s: %w", c.ID, err)
	}
	return t, nil
}

// rowsOf are a call's rows as they would be read back.
func rowsOf(c *call.Call) tree {
	f := assemble.FiguresOf(c)
	var visits, attempts, segments []any
	for _, q := range c.Queues {
		visits = append(visits, tree{
			"pbx": q.PBX, "queue": text(q.Queue), "entered": when(q.Entered), "left": when(q.Left), "result": q.Result.String(),
			"operator": text(q.Operator), "estimated": q.Estimated,
		})
	}
	for _, k := range c.Talks {
		segments = append(segments, tree{
			"kind": "talk", "pbx": k.PBX, "queue": text(k.Queue), "from": when(k.From), "to": when(k.To), "with": directory.Clean(k.With),
			"operator": text(k.Operator), "estimated": k.Estimated,
		})
	}
	for _, h := range c.Holds {
		segments = append(segments, tree{
			"kind": "hold", "pbx": h.PBX, "queue": nil, "from": when(h.From), "to": when(h.To), "with": "", "operator": text(h.By), "estimated": h.Estimated,
		})
	}
	for _, r := range c.Rings {
		attempts = append(attempts, tree{
			"pbx": r.PBX, "queue": text(r.Queue), "rang": when(r.At), "ended": when(r.End), "result": r.Result.String(),
			"operator": text(r.Operator), "estimated": r.Estimated,
		})
	}
	var attributes []any
	for _, k := range assemble.AttributeKeys(c) {
		attributes = append(attributes, strconv.FormatInt(k, 10))
	}
	pbxs := make([]any, len(c.PBXs))
	for i, p := range c.PBXs {
		pbxs[i] = p
	}
	return tree{
		"started": when(c.Start), "answered": when(c.Answered), "ended": when(c.End), "partial": c.Partial,
		"direction": c.Direction.String(), "disposition": c.Disposition.String(), "hangup_by": c.HangupBy.String(),
		"caller": directory.Clean(c.Caller), "caller_name": directory.Clean(c.CallerName), "dialled": directory.Clean(c.Dialled),
		"number": text(f.Outside), "trunk": text(f.Trunk), "pbxs": pbxs, "queues": names(f.Queues), "operators": names(f.Operators),
		"wait_ms": f.Wait, "talk_ms": f.Talk, "hold_ms": f.Hold, "ring_count": int32(len(c.Rings)), "transfer_count": int32(len(c.Transfers)),
		"queue_visits": visits, "attempts": attempts, "segments": segments,
		"attributes": attributes,
	}
}

// names are distinct: where two stations have a number each, rows say on which PBX it was.
func names(places []assemble.Place) (list []any) {
	for _, p := range places {
		if p.Name != "" {
			list = append(list, directory.Clean(p.Name))
		}
	}
	return distinct(list)
}

func distinct(list []any) (once []any) {
	for _, v := range list {
		if !slices.Contains(once, v) {
			once = append(once, v)
		}
	}
	return once
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return directory.Clean(s)
}

func when(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format(time.RFC3339Nano)
}
