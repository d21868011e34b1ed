package reassemble

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferencesAreNamedFieldByField(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", `{"a": 1, "rev": 1}`, `{"a": 1, "rev": 2, "supersedes": ["x"]}`, `null`},
		{"left out and empty", `{"operator": "", "estimated": false, "queues": []}`, `{"queues": null}`, `null`},
		{"value", `{"caller": "1"}`, `{"caller": "2"}`, `[{"field": "caller", "from": "1", "to": "2"}]`},
		{"value comes", `{}`, `{"answered": "2026-11-01T10:00:00.000000Z"}`, `[{"field": "answered", "from": null, "to": "2026-11-01T10:00:00.000000Z"}]`},
		{
			"clock trembles", `{"start": "2026-11-01T10:00:00.000000Z", "talks": [{"seconds": 2}], "wait_ms": 100}`,
			`{"start": "2026-11-01T10:00:00.049000+00:00", "talks": [{"seconds": 2.04}], "wait_ms": 149}`, `null`,
		},
		{
			"time differs", `{"start": "2026-11-01T10:00:00Z"}`, `{"start": "2026-11-01T10:00:00.051Z"}`,
			`[{"field": "start", "from": "2026-11-01T10:00:00Z", "to": "2026-11-01T10:00:00.051Z"}]`,
		},
		{"count differs", `{"legs": [{"cause": 16}]}`, `{"legs": [{"cause": 17}]}`, `[{"field": "legs[0].cause", "from": 16, "to": 17}]`},
		{
			"row comes in the middle", `{"talks": [{"a": "1"}, {"a": "3"}]}`, `{"talks": [{"a": "1"}, {"a": "2"}, {"a": "3"}]}`,
			`[{"field": "talks[1]", "from": null, "to": {"a": "2"}}]`,
		},
		{"row goes", `{"talks": [{"a": "1"}, {"a": "2"}]}`, `{"talks": [{"a": "2"}]}`, `[{"field": "talks[0]", "from": {"a": "1"}, "to": null}]`},
	} {
		var from, to tree
		var want []Field
		for raw, into := range map[string]any{c.from: &from, c.to: &to, c.want: &want} {
			if err := json.Unmarshal([]byte(raw), into); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, differ(from, to)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}
