package importing_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/importing"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/cloud/replay"
	"github.com/callweave/callweave/tenants"
)

// office is a tenant with the PBX A.
type office struct {
	t      *testing.T
	db     *pg.DB
	tenant tenants.ID
	told   []importing.Difference
}

func newOffice(t *testing.T) *office {
	t.Helper()
	db := pgtest.New(t)
	o := &office{t: t, db: db, tenant: pgtest.NewTenant(t, db, "acme")}
	o.as(func(tx pgx.Tx) error {
		_, err := directory.AddPBX(t.Context(), tx, "A", "")
		return err
	})
	return o
}

func (o *office) as(fn func(pgx.Tx) error) {
	o.t.Helper()
	if err := o.db.As(o.tenant).Tx(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) deps() importing.Deps {
	return importing.Deps{DB: o.db, Directory: directory.New(), Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

func recording(name string) string { return filepath.Join("..", "..", "lab", "corpus", "22", name) }

// files are logs of a recording.
func files(name string, logs ...string) (list []importing.Source) {
	for _, file := range logs {
		path := filepath.Join(recording(name), "A", file)
		list = append(list, importing.Source{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	return list
}

func (o *office) run(dry bool, sources []importing.Source) importing.Summary {
	o.t.Helper()
	o.told = nil
	sum, err := importing.Run(o.t.Context(), o.deps(), importing.Job{
		ID: uuid.New(), Tenant: o.tenant, Sources: sources, Reading: importing.Reading{PBX: "A", Zone: time.UTC, Dir: o.t.TempDir()}, DryRun: dry,
		Tell: func(d *importing.Difference) error {
			o.told = append(o.told, *d)
			return nil
		},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return sum
}

// live stores a recording as agents hear it.
func (o *office) live(name string) {
	o.t.Helper()
	calls, err := replay.Calls(o.t.Context(), recording(name))
	if err == nil {
		err = assemble.Import(context.Background(), o.db, directory.New(), o.tenant, calls)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) text(sql string) (text string) {
	o.t.Helper()
	o.as(func(tx pgx.Tx) error { return tx.QueryRow(o.t.Context(), sql).Scan(&text) })
	return text
}

const rows = `SELECT coalesce(jsonb_pretty(jsonb_agg(to_jsonb(c) - 'tenant_id' - 'rev' - 'story' || (story - 'rev') ORDER BY started, id)), '') FROM calls c`

func TestTheSameLogsAreTheSameCallsHoweverOftenTheyAreImported(t *testing.T) {
	o := newOffice(t)
	logs := files("c1-overflow-answered", "queue_log", "cel.csv.gz")
	if sum := o.run(false, logs); sum.New != sum.Calls || sum.Calls == 0 || sum.Written != sum.Calls {
		t.Errorf("first: %+v", sum)
	}
	once := o.text(rows)
	if sum := o.run(false, logs); sum.Same != sum.Calls || sum.Written != 0 {
		t.Errorf("second: %+v", sum)
	}
	if diff := cmp.Diff(once, o.text(rows)); diff != "" {
		t.Errorf("(-once +twice):\n%s", diff)
	}
}

func TestMoreLogsReplaceWhatFewerMade(t *testing.T) {
	o := newOffice(t)
	o.run(false, files("d1-blind-refer-to-agent", "queue_log"))
	if sum := o.run(false, files("d1-blind-refer-to-agent", "queue_log", "cel.csv.gz")); sum.Replaced != 1 || sum.New != 0 {
		t.Errorf("with CEL: %+v", sum)
	}
	best := o.text(rows)
	if sum := o.run(false, files("d1-blind-refer-to-agent", "queue_log")); sum.Kept != 1 || sum.Written != 0 {
		t.Errorf("without it again: %+v", sum)
	}
	if diff := cmp.Diff(best, o.text(rows)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if got := o.text(`SELECT imported::text FROM calls`); got != "3" {
		t.Errorf("imported from %s", got)
	}
}

func TestWhatWasHeardStandsAndTheDifferencesAreListed(t *testing.T) {
	o := newOffice(t)
	o.live("d6-redirect-ami")
	before := o.text(rows)
	sum := o.run(false, files("d6-redirect-ami", "queue_log"))
	if sum.Heard != 1 || sum.Different != 1 || sum.Written != 0 {
		t.Errorf("%+v", sum)
	}
	if diff := cmp.Diff(before, o.text(rows)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	got := map[string]importing.Reason{}
	for _, d := range o.told {
		got[d.Figure] = d.Reason
	}
	want := map[string]importing.Reason{
		"dialled": importing.NoNumber, "operators": importing.AfterTransfer, "rings": importing.AfterTransfer, "transfers": importing.AfterTransfer,
		"talk": importing.AfterTransfer,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%+v", diff, o.told)
	}
	if n := o.text(`SELECT count(*)::text FROM import_differences`); n != "5" {
		t.Errorf("%s differences are kept", n)
	}
}

func TestRotatedLogsMayOverlap(t *testing.T) {
	for _, logs := range [][]string{{"queue_log"}, {"queue_log", "cel.csv.gz"}, {"cdr.csv.gz"}} {
		o := newOffice(t)
		o.run(false, files("c1-overflow-answered", logs...))
		once := o.text(rows)
		twice := newOffice(t)
		twice.run(false, append(files("c1-overflow-answered", logs...), files("c1-overflow-answered", logs...)...))
		if diff := cmp.Diff(once, twice.text(rows)); diff != "" || once == "" {
			t.Errorf("%v (-once +twice):\n%s", logs, diff)
		}
	}
}

func TestADryRunWritesNoCall(t *testing.T) {
	o := newOffice(t)
	if sum := o.run(true, files("a1-queue-answered-caller-hangs-up", "queue_log")); sum.New != 1 || sum.Written != 0 {
		t.Errorf("%+v", sum)
	}
	if n := o.text(`SELECT (SELECT count(*) FROM calls) || ' ' || (SELECT state || dry_run FROM imports)`); n != "0 donetrue" {
		t.Error(n)
	}
}

func TestLogInsAndPausesComeOutForTimesNobodyListened(t *testing.T) {
	o := newOffice(t)
	if sum := o.run(false, files("j1-agent-states", "queue_log", "cel.csv.gz")); sum.States == 0 {
		t.Errorf("%+v", sum)
	}
	got := o.text(`SELECT string_agg(o.number || ' ' || q.number || ' ' || s.kind || ' ' || s.reason || ' ' || round(extract(epoch FROM s.to_at - s.from_at)) || ' ' || s.estimated,
		', ' ORDER BY s.from_at, s.kind, o.number) FROM operator_states s JOIN operators o ON o.id = s.operator_id JOIN queues q ON q.id = s.queue_id WHERE s.kind <= 2`)
	want := "111 601 1  13 true, 112 601 1  10 true, 111 601 2 lunch 2 true, 112 601 2 reason-1 2 true, 111 607 1  3 true"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestWhatFellIntoAGapIsWritten: where everything was heard, a call that only the logs have is left out and listed; where the
// agent missed something, it is written.
func TestWhatFellIntoAGapIsWritten(t *testing.T) {
	o := newOffice(t)
	agent := uuid.New()
	o.as(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO cursors (tenant_id, agent_id, pbx_id, stream, seq, first_event, last_event)
			SELECT current_tenant(), $1, id, 1, 1, '2026-11-22T20:00:00Z', '2026-11-23T20:00:00Z' FROM pbxs`, agent)
		return err
	})
	log := files("a1-queue-answered-caller-hangs-up", "queue_log")
	if sum := o.run(false, log); sum.OnlyInLogs != 1 || sum.Written != 0 || len(o.told) != 1 || o.told[0].Kind != importing.OnlyInLogs {
		t.Errorf("all was heard: %+v, %+v", sum, o.told)
	}
	o.as(func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO gaps (tenant_id, agent_id, pbx_id, reason, events, from_at, to_at)
			SELECT current_tenant(), $1, id, 'spool-full', 9, '2026-11-22T22:11:17Z', '2026-11-22T22:11:19Z' FROM pbxs`, agent)
		return err
	})
	if sum := o.run(false, log); sum.New != 1 || sum.Written != 1 {
		t.Errorf("with a gap: %+v", sum)
	}
}
