package e2e

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/replay"
)

// timeless removes times, and what follows from times, from a call's JSON: a recording that is played again happens at
// another time. Which calls one replaced depends on how often somebody looked while it went on.
func timeless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			switch key {
			case "supersedes":
				delete(v, key)
			case "id", "rev", "start", "answered", "end", "entered", "left", "at", "from", "to", "seconds", "wait_seconds", "ring_seconds", "talk_seconds", "hold_seconds":
				if _, isTime := v[key].(string); !isTime || looksLikeTime(v[key].(string)) || key == "id" {
					delete(v, key)
				}
			default:
				v[key] = timeless(v[key])
			}
		}
		return v
	case []any:
		for i := range v {
			v[i] = timeless(v[i])
		}
	}
	return v
}

// looksLikeTime tells times from the numbers that transfers go from and to.
func looksLikeTime(s string) bool { return strings.Contains(s, "T") && strings.HasSuffix(s, "Z") }

// ordered sorts calls by their text: those that begin at the same moment come in any order.
func ordered(t *testing.T, calls []any) []string {
	t.Helper()
	list := make([]string, 0, len(calls))
	for _, c := range calls {
		text, err := json.MarshalIndent(timeless(c), "", " ")
		must(t, err)
		list = append(list, string(text))
	}
	slices.Sort(list)
	return list
}

// replayed is what callweave replay makes of a recording.
func replayed(t *testing.T, dir string) []string {
	t.Helper()
	calls, err := replay.Calls(t.Context(), dir)
	must(t, err)
	return told(t, calls)
}

// told turns calls into ordered stories.
func told(t *testing.T, calls []*call.Call) []string {
	t.Helper()
	list := make([]any, 0, len(calls))
	for _, c := range calls {
		text, err := json.Marshal(c)
		must(t, err)
		var v any
		must(t, json.Unmarshal(text, &v))
		list = append(list, v)
	}
	return ordered(t, list)
}

// stories reads all calls of a tenant through the API, page by page, and tells how many are still going on.
func (tn *tenant) stories(ctx context.Context) (list []any, open int, err error) {
	for cursor := ""; ; {
		var page struct {
			Calls []struct {
				ID   string
				Open bool
			}
			Next *string
		}
		if err := tn.Ask(ctx, "GET", "/calls?limit=50"+cursor, nil, &page); err != nil {
			return nil, 0, err
		}
		for _, c := range page.Calls {
			if c.Open {
				open++
			}
			var call struct{ Story any }
			if err := tn.Ask(ctx, "GET", "/calls/"+c.ID, nil, &call); err != nil {
				return nil, 0, err
			}
			list = append(list, call.Story)
		}
		if page.Next == nil {
			return list, open, nil
		}
		cursor = "&cursor=" + *page.Next
	}
}
