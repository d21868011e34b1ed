package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
)

type journal struct {
	Calls []api.CallRow
	Next  *string
	Total *int
}

func callers(j journal) []string {
	list := []string{}
	for _, c := range j.Calls {
		list = append(list, c.Caller)
	}
	return list
}

func TestJournalFilters(t *testing.T) {
	f := newFixture(t)
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	first := uuid.New()
	f.addCalls(f.mine,
		aCall{id: first, at: day, caller: "79161234501", dialled: "74950000700", direction: 1, disposition: 1, queues: []int32{5}, operators: []int32{1}},
		aCall{
			id: uuid.New(), at: day.Add(time.Hour), caller: "+74951112233", dialled: "600", direction: 1, disposition: 2, queues: []int32{5, 6},
			attributes: [][2]string{{"CRM_ID", "17"}, {"URL", "https://crm.example/17,a"}},
		},
		aCall{
			id: uuid.New(), at: day.Add(2 * time.Hour), caller: "101", dialled: "89161234501", direction: 2, disposition: 8, operators: []int32{1},
			attributes: [][2]string{{"CRM_ID", "18"}, {"CAMPAIGN", "17"}},
		},
		aCall{id: uuid.New(), at: day.Add(3 * time.Hour), caller: "102", dialled: "101", direction: 3, open: true})
	b := f.as("sveta")
	for query, want := range map[string][]string{
		"": {"102", "101", "+74951112233", "79161234501"},
		"from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z": {"+74951112233"},
		"from=2026-11-20T14:00:00%2B03:00":                  {"102", "101"},
		"queue=5":                                           {"+74951112233", "79161234501"},
		"queue=6,7":                                         {"+74951112233"},
		"id=" + first.String() + "," + uuid.NewString():     {"79161234501"},
		"operator=1":                                        {"101", "79161234501"},
		"pbx=1000000":                                       {},
		"direction=outbound,internal":                       {"102", "101"},
		"disposition=answered,busy":                         {"101", "79161234501"},
		"number=" + url.QueryEscape("+7 (916) 123-45-01"):   {"101", "79161234501"},
		"number=89161234501":                                {"101", "79161234501"},
		"number=4501":                                       {"101", "79161234501"},
		"number=nobody":                                     {},
		"number=700":                                        {"79161234501"},
		"queue=5&disposition=abandoned":                     {"+74951112233"},
		"attribute=CRM_ID":                                  {"101", "+74951112233"},
		"attribute=CRM_ID:17":                               {"+74951112233"},
		"attribute=CRM_ID:18&attribute=CAMPAIGN":            {"101"},
		"attribute=CRM_ID:17&attribute=CAMPAIGN":            {},
		"attribute=crm_id":                                  {},
		"attribute=" + url.QueryEscape("URL:https://crm.example/17,a"): {"+74951112233"},
	} {
		var got journal
		b.do("GET", "/calls?"+query, nil).into(t, &got)
		if diff := cmp.Diff(want, callers(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if got.Total == nil || *got.Total != len(want) {
			t.Errorf("%s: total %v, want %d", query, got.Total, len(want))
		}
	}
}

func TestOpenCallHasNoEnd(t *testing.T) {
	f := newFixture(t)
	f.addCalls(f.mine, aCall{id: uuid.New(), at: f.clock.now(), open: true, direction: 1})
	var got journal
	f.as("anna").do("GET", "/calls", nil).into(t, &got)
	if c := got.Calls[0]; c.End != nil || !c.Open || c.Disposition != "unknown" || c.Direction != "inbound" {
		t.Errorf("%+v", c)
	}
}

func TestPagesCoverTheJournalOnceWhileCallsArrive(t *testing.T) {
	f := newFixture(t)
	at := f.clock.now().Truncate(time.Second)
	var want []string
	for i := range 25 {
		// Three calls share each second, so that the key needs its second part.
		c := aCall{id: uuid.New(), at: at.Add(-time.Duration(i/3) * time.Second), caller: fmt.Sprint(i)}
		f.addCalls(f.mine, c)
		want = append(want, c.id.String())
	}
	b := f.as("anna")
	seen := map[string]int{}
	path := "/calls?limit=7"
	for pages := 0; ; pages++ {
		var got journal
		b.do("GET", path, nil).into(t, &got)
		if pages == 0 && (got.Total == nil || *got.Total != len(want)) {
			t.Errorf("total %v, want %d", got.Total, len(want))
		}
		for _, c := range got.Calls {
			seen[c.ID]++
		}
		f.addCalls(f.mine, aCall{id: uuid.New(), at: f.clock.now().Add(time.Minute), caller: "new"})
		if got.Next == nil {
			if pages != 3 {
				t.Errorf("%d more pages, want 3", pages)
			}
			break
		}
		path = "/calls?limit=7&cursor=" + *got.Next
	}
	for _, id := range want {
		if seen[id] != 1 {
			t.Errorf("call %s was listed %d times", id, seen[id])
		}
	}
}

// TestDeepPagesUseTheIndex holds what makes the journal fast for months: no sort, and a start in the middle of the index.
func TestDeepPagesUseTheIndex(t *testing.T) {
	f := newFixture(t)
	var plan []string
	must(t, f.db.As(f.mine).Tx(t.Context(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `SET LOCAL enable_bitmapscan = off`); err != nil { // what a table without statistics tempts to
			return err
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO calls SELECT $1, gen_random_uuid(), now() - n * interval '1 s', NULL, now(), 1, false, false, 1, 1, 1,
			'7916' || n, '', '600', NULL, NULL, '{1}', '{1}', '{1}', 1, 1, 1, 1, 0, '{}' FROM generate_series(1, 5000) n`, f.mine.UUID())
		if err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), `EXPLAIN SELECT id FROM calls WHERE tenant_id = $1 AND (started, id) < (now() - interval '1 h', $2)
			ORDER BY started DESC, id DESC LIMIT 101`, f.mine.UUID(), uuid.New())
		if err != nil {
			return err
		}
		plan, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}))
	text := strings.Join(plan, "\n")
	if strings.Contains(text, "Sort") || !strings.Contains(text, "Index Cond: ((tenant_id = ") || !strings.Contains(text, "ROW(started, id) <") {
		t.Errorf("the plan is\n%s", text)
	}
}

func TestCallHasItsStory(t *testing.T) {
	f := newFixture(t)
	id := uuid.New()
	f.addCalls(f.mine, aCall{id: id, at: f.clock.now(), story: `{"legs": [{"number": "101"}]}`})
	var got struct {
		Call  api.CallRow
		Story map[string]any
	}
	f.as("sveta").do("GET", "/calls/"+id.String(), nil).into(t, &got)
	if got.Call.ID != id.String() || got.Story["legs"] == nil {
		t.Errorf("%+v", got)
	}
	if r := f.as("sveta").do("GET", "/calls/"+uuid.NewString(), nil); r.status != 404 || r.code(t) != "not-found" {
		t.Errorf("unknown call: %d", r.status)
	}
}
