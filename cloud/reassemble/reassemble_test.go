package reassemble_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/reassemble"
	"github.com/callweave/callweave/shared/wire"
)

func TestCallsAssembledTwiceAreTheSame(t *testing.T) {
	for _, names := range [][]string{
		{"a1-queue-answered-caller-hangs-up"},
		{"b3-queue-abandoned-short", "e1-attended-refer"},
		{"f2-trunk-ivr-queue-header"},
		{"f1-trunk-ivr-queue-plain"},
		{"m2-ami-away-over-answer-and-end"},
		{"m3-pbx-killed-in-call"},
		{"h2-outbound-failures", "i1-internal"},
		{"f6-internal-between-pbxs"},
		{"e14-attended-by-the-caller"},
	} {
		t.Run(names[0], func(t *testing.T) {
			l := live(t, names...)
			before := l.tables()
			list, sum := l.again(reassemble.Job{}, nil)
			if len(list) > 0 || sum.Compared == 0 || sum.Live+sum.Unproved > 0 {
				t.Errorf("%+v\n%v", sum, list)
			}
			if d := cmp.Diff(before, l.tables()); d != "" {
				t.Errorf("a dry run wrote (-before +after):\n%s", d)
			}
		})
	}
}

// tamper changes what is stored in every way there is.
func (l *lived) tamper() {
	l.exec(`UPDATE calls SET story = jsonb_set(story, '{hangup_by}', '"pbx"'), hangup_by = 3 WHERE caller = (SELECT min(caller) FROM calls)`)
	l.exec(`UPDATE queue_visits SET result = 3, left_at = left_at - interval '1 s' WHERE call_id = (SELECT id FROM calls ORDER BY caller OFFSET 1 LIMIT 1)`)
	l.exec(`UPDATE calls SET talk_ms = talk_ms + 1000 WHERE id = (SELECT id FROM calls ORDER BY caller OFFSET 2 LIMIT 1)`)
	l.exec(`DELETE FROM calls WHERE id = (SELECT id FROM calls ORDER BY caller OFFSET 3 LIMIT 1)`) // its rows stay behind
	l.exec(`INSERT INTO calls SELECT * FROM jsonb_populate_record(NULL::calls, (SELECT to_jsonb(c) || '{"id": "0197aaaa-0000-8000-8000-000000000001",
		"caller": "invented", "story": {"caller": "invented", "dialled": "1", "channels": []}}' FROM calls c ORDER BY caller LIMIT 1))`)
	l.exec(`INSERT INTO attempts SELECT tenant_id, '0197aaaa-0000-8000-8000-000000000001', n, pbx_id, operator_id, queue_id, rang, ended, result, estimated
		FROM attempts ORDER BY call_id, n LIMIT 1`)
	l.exec(`UPDATE calls SET story = story #- '{talks,0}' WHERE id = (SELECT id FROM calls WHERE caller <> 'invented' ORDER BY caller OFFSET 3 LIMIT 1)`)
}

func TestDryRunShowsTheDifferencesAndTheRunMendsThem(t *testing.T) {
	l := live(t, "n1-load-20cps")
	before := l.tables()
	l.tamper()
	tampered := l.tables()
	shown, sum := l.again(reassemble.Job{}, nil)
	if d := cmp.Diff(tampered, l.tables()); d != "" {
		t.Fatalf("a dry run wrote (-before +after):\n%s", d)
	}
	want := reassemble.Summary{Compared: sum.Compared, Same: sum.Compared - 5, Changed: 4, Added: 1, Gone: 1}
	if d := cmp.Diff(want, sum); d != "" {
		t.Errorf("(-want +got):\n%s\n%v", d, shown)
	}
	for i, line := range []string{
		`gone invented`,
		`changed 79161 hangup_by: "pbx"→"callee"`,
		`changed 791610 queue_visits[0].left: `,
		`changed 7916100 talk_ms: `,
		`added 7916101`,
		`changed 7916102 talks[0]: null→{`,
	} {
		if i < len(shown) && !strings.HasPrefix(shown[i], line) {
			t.Errorf("told %s, want %s", shown[i], line)
		}
	}
	written, sum := l.again(reassemble.Job{Write: true}, nil)
	if d := cmp.Diff(shown, written); d != "" || sum.Written != 6 {
		t.Errorf("the run told something else than the dry run (-dry +run):\n%s\n%+v", d, sum)
	}
	if d := cmp.Diff(before, l.tables()); d != "" {
		t.Errorf("not mended (-before +after):\n%s", d)
	}
	if again, sum := l.again(reassemble.Job{Write: true}, nil); len(again) > 0 || sum.Written > 0 {
		t.Errorf("there was more to do: %+v\n%v", sum, again)
	}
}

// decided are decisions that people made since the calls were assembled.
type decided struct{ rules call.Rules }

func (d decided) Rev(context.Context, pgx.Tx) (int64, error)       { return d.rules.Rev, nil }
func (d decided) Read(context.Context, pgx.Tx) (call.Rules, error) { return d.rules, nil }

func TestDecisionsOfTodayChangeThePast(t *testing.T) {
	l := live(t, "a1-queue-answered-caller-hangs-up", "h1-outbound-answered")
	rules := decided{call.Rules{Rev: 1, Endpoints: []call.EndpointRule{{PBX: "A", Endpoint: "PJSIP/101", Class: call.EndpointDevice, Number: "9101"}}}}
	shown, sum := l.again(reassemble.Job{}, rules)
	if sum.Changed == 0 || sum.Added+sum.Gone > 0 {
		t.Errorf("%+v\n%v", sum, shown)
	}
	l.again(reassemble.Job{Write: true}, rules)
	if list, sum := l.again(reassemble.Job{}, rules); len(list) > 0 || sum.Same != sum.Compared {
		t.Errorf("%+v\n%v", sum, list)
	}
	var n int
	l.as(func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM attempts a JOIN operators o ON o.id = a.operator_id WHERE o.number = '9101'`).Scan(&n)
	})
	if n == 0 {
		t.Error("nobody rang as 9101", shown)
	}
}

func TestCallsThatWereTwoBecomeOneInOneTransaction(t *testing.T) {
	l := live(t, "f2-trunk-ivr-queue-header")
	before := l.tables()
	l.exec(`INSERT INTO calls SELECT * FROM jsonb_populate_record(NULL::calls, (SELECT to_jsonb(c) || jsonb_build_object('id', '0197aaaa-0000-8000-8000-000000000002',
		'story', c.story || jsonb_build_object('channels', jsonb_build_array(c.story->'channels'->-1))) FROM calls c ORDER BY started LIMIT 1))`)
	l.exec(`UPDATE calls SET story = story #- '{channels,-1}' WHERE id <> '0197aaaa-0000-8000-8000-000000000002'`)
	var told []reassemble.Kind
	_, sum := l.again(reassemble.Job{Write: true, Calls: 1, Tell: func(c reassemble.Change) error {
		told = append(told, c.Kind)
		return nil
	}}, nil)
	if d := cmp.Diff([]reassemble.Kind{reassemble.Changed, reassemble.Gone}, told); d != "" || sum.Written != 2 {
		t.Errorf("%s%+v", d, sum)
	}
	if d := cmp.Diff(before, l.tables()); d != "" {
		t.Errorf("not mended (-before +after):\n%s", d)
	}
}

func TestRunThatIsEndedHalfwayIsCompletedByTheNext(t *testing.T) {
	l := live(t, "n1-load-20cps")
	before := l.tables()
	l.exec(`UPDATE calls SET story = jsonb_set(story, '{dialled}', '"0"'), dialled = '0'`)
	l.exec(`DELETE FROM segments`)
	ended := errors.New("ended")
	n := 0
	_, err := reassemble.Run(t.Context(), l.deps(nil), reassemble.Job{
		Tenant: l.tenant, From: l.from, To: l.to, Write: true, Calls: 7, Tell: func(reassemble.Change) error {
			if n++; n > 100 {
				return ended
			}
			return nil
		},
	})
	if !errors.Is(err, ended) {
		t.Fatal(err)
	}
	var old, fresh, halves int
	l.as(func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `WITH c AS (SELECT dialled = '0' AS old, jsonb_array_length(story->'talks') + jsonb_array_length(story->'holds')
				= (SELECT count(*) FROM segments s WHERE s.call_id = c.id) AS whole, jsonb_array_length(story->'talks') > 0 AS spoke FROM calls c)
			SELECT count(*) FILTER (WHERE old), count(*) FILTER (WHERE NOT old), count(*) FILTER (WHERE whole = old AND spoke) FROM c`).Scan(&old, &fresh, &halves)
	})
	if old == 0 || fresh == 0 || halves > 0 {
		t.Errorf("%d calls are old, %d new, %d half", old, fresh, halves)
	}
	l.again(reassemble.Job{Write: true}, nil)
	if d := cmp.Diff(before, l.tables()); d != "" {
		t.Errorf("not completed (-before +after):\n%.2000s", d)
	}
}

func TestCallsThatMayStillChangeAreLeftToLiveAssembly(t *testing.T) {
	l := newTenant(t)
	l.feed(l.recorded("a1-queue-answered-caller-hangs-up"))
	rest := l.recorded("e1-attended-refer")
	half := len(rest) / 2
	l.feed(rest[:half])
	l.exec(`UPDATE calls SET story = story || '{"dialled": "0"}' WHERE open`)
	open := l.tables()
	list, sum := l.again(reassemble.Job{Write: true}, nil)
	if len(list) > 0 || sum.Live == 0 || sum.Written > 0 {
		t.Errorf("%+v\n%v", sum, list)
	}
	if d := cmp.Diff(open, l.tables()); d != "" {
		t.Errorf("written (-before +after):\n%s", d)
	}
	l.feed(rest[half:])
	l.feed(l.later(3))
	if list, sum := l.again(reassemble.Job{}, nil); len(list) > 0 || sum.Live > 0 || sum.Same < 2 {
		t.Errorf("%+v\n%v", sum, list)
	}
}

func TestOnlyCallsThatBeginWithinThePeriodAreLookedAt(t *testing.T) {
	l := live(t, "n1-load-20cps")
	l.exec(`UPDATE calls SET story = story || '{"hangup_by": "nobody"}'`)
	var middle time.Time
	var within int
	l.as(func(tx pgx.Tx) error {
		if err := tx.QueryRow(t.Context(), `SELECT min(started) + (max(started) - min(started)) / 2 FROM calls`).Scan(&middle); err != nil {
			return err
		}
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM calls WHERE started >= $1 AND started < $1::timestamptz + interval '2 s'`, middle).Scan(&within)
	})
	list, sum := l.again(reassemble.Job{From: middle, To: middle.Add(2 * time.Second), Write: true}, nil)
	if sum.Changed != within || sum.Written != within || within < 10 || sum.Added+sum.Gone+sum.Live+sum.Unproved > 0 {
		t.Errorf("%d calls began within two seconds: %+v\n%v", within, sum, list)
	}
	for _, line := range list {
		if d := cmp.Diff("changed", line[:7]); d != "" || len(line) > 100 {
			t.Errorf("a call at the edge is told otherwise: %s", line)
		}
	}
}

func TestCallsWithoutStoredEventsStay(t *testing.T) {
	l := live(t, "a1-queue-answered-caller-hangs-up", "e1-attended-refer")
	l.exec(`INSERT INTO calls SELECT * FROM jsonb_populate_record(NULL::calls, (SELECT to_jsonb(c) || jsonb_build_object('id', '0197aaaa-0000-8000-8000-000000000003',
		'started', started - interval '10 min') FROM calls c ORDER BY started LIMIT 1))`)
	l.exec(`DELETE FROM raw_batches WHERE from_at < (SELECT max(started) - interval '1 s' FROM calls)`)
	before := l.tables()
	list, sum := l.again(reassemble.Job{Write: true}, nil)
	if len(list) > 0 || sum.Unproved != 2 || sum.Same != 1 {
		t.Errorf("%+v\n%v", sum, list)
	}
	if d := cmp.Diff(before, l.tables()); d != "" {
		t.Errorf("written (-before +after):\n%s", d)
	}
}

// fragile is an assembler with a bug.
type fragile struct{ reassemble.Assembler }

func (f fragile) Feed(pbx string, ev *wire.Event) {
	if ev.ID == wire.EvHold {
		panic("a bug")
	}
	f.Assembler.Feed(pbx, ev)
}

func TestBatchTheAssemblerFailsOnIsLeftOutAgain(t *testing.T) {
	l := newTenant(t)
	l.make = func() reassemble.Assembler { return fragile{call.New(call.Options{})} }
	l.feed(l.recorded("i2-hold-in-queue-call"))
	l.feed(l.later(3))
	if list, sum := l.again(reassemble.Job{}, nil); len(list) > 0 || sum.Same == 0 {
		t.Errorf("%+v\n%v", sum, list)
	}
	l.make = func() reassemble.Assembler { return call.New(call.Options{}) }
	if list, sum := l.again(reassemble.Job{}, nil); sum.Changed == 0 {
		t.Errorf("without the bug nothing is better: %+v\n%v", sum, list)
	}
}
