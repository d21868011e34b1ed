package importing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/coverage"
	"github.com/callweave/callweave/cloud/coverage/heard"
	"github.com/callweave/callweave/cloud/logs"
)

// note writes that the run began.
func (r *run) note(ctx context.Context, tx pgx.Tx) error {
	zone := ""
	if r.job.Zone != nil {
		zone = r.job.Zone.String()
	}
	files := make([]File, len(r.job.Sources))
	for i, s := range r.job.Sources {
		files[i] = File{Name: s.Name, Report: logs.Report{Kind: s.Kind}}
	}
	text, err := json.Marshal(files)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO imports (tenant_id, id, pbx_id, state, dry_run, asked_by, zone, from_at, to_at, started, files)
		VALUES (current_tenant(), $1, $2, 'running', $3, $4, $5, $6, $7, $8, $9)`,
		r.job.ID, r.pbx, r.job.DryRun, r.job.AskedBy, zone, orNull(r.job.From), orNull(r.job.To), r.Now(), text)
	if err != nil {
		return fmt.Errorf("note the run: %w", err)
	}
	return nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// progress writes how far the run is, for whoever looks meanwhile.
func (r *run) progress(ctx context.Context) error {
	r.sum.At = r.Now()
	counts, err := json.Marshal(r.sum)
	if err != nil {
		return err
	}
	return r.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE imports SET counts = $2 WHERE tenant_id = current_tenant() AND id = $1`, r.job.ID, counts)
		return err
	})
}

// Interrupted is how long a run may say nothing before it is taken for one that somebody killed.
const Interrupted = 10 * time.Minute

// finish writes what came of it.
func (r *run) finish(ctx context.Context, failed error) error {
	state, problem := "done", ""
	if failed != nil {
		state, problem = "failed", failed.Error()
		r.sum.Failure = failureOf(failed)
	}
	r.sum.At = r.Now()
	counts, err := json.Marshal(r.sum)
	if err != nil {
		return err
	}
	files, err := json.Marshal(r.files)
	if err != nil {
		return err
	}
	err = r.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE imports SET state = $2, problem = $3, ended = $4, counts = $5, files = CASE WHEN $6::jsonb IN ('null', '[]') THEN files ELSE $6::jsonb END
			WHERE tenant_id = current_tenant() AND id = $1`, r.job.ID, state, problem, r.Now(), counts, files)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the end of the run: %w", err)
	}
	return nil
}

// list keeps differences, for whoever looks at the run later.
func (r *run) list(ctx context.Context) error {
	if len(r.listed) == 0 {
		return nil
	}
	list := r.listed
	r.listed = nil
	err := r.db.Tx(ctx, func(tx pgx.Tx) error {
		var b pgx.Batch
		for _, d := range list {
			b.Queue(`INSERT INTO import_differences (tenant_id, import_id, n, call_id, started, caller, kind, figure, stored, logged, reason)
				VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
				r.job.ID, d.N, d.Call, d.Start, d.Caller, string(d.Kind), d.Figure, d.Stored, d.Logged, string(d.Reason))
		}
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return fmt.Errorf("keep differences: %w", err)
	}
	return nil
}

func failureOf(err error) *Failure {
	f := &Failure{Code: "internal"}
	var in *sourceError
	if errors.As(err, &in) {
		f.File = in.name
	}
	var wrong *logs.FileError
	switch {
	case errors.As(err, &wrong):
		f.Code, f.Detail = wrong.Code, wrong.Detail
	case errors.Is(err, context.Canceled):
		f.Code = "interrupted"
	case errors.Is(err, ErrNothing):
		f.Code = "nothing"
	}
	return f
}

// ears are the agents that listened to a PBX.
type ears []coverage.Agent

func listened(ctx context.Context, tx pgx.Tx, pbx int32, r *Reading) (ears, error) {
	from, to := r.From, r.To
	if from.IsZero() {
		from = time.Unix(0, 0)
	}
	if to.IsZero() {
		to = time.Unix(1<<40, 0)
	}
	all, err := heard.Read(ctx, tx, from.Add(-around), to.Add(around))
	return all[pbx], err
}

// all tells whether everything was heard from one moment to another.
func (e ears) all(from, to time.Time) bool {
	if !from.Before(to) {
		to = from.Add(time.Microsecond)
	}
	c := coverage.Of(e, from, to, to.Add(time.Hour))
	return !c.Since.IsZero() && !c.Since.After(from) && c.Period == to.Sub(from) && len(c.Missing) == 0
}

// touches tells whether an agent listened at any time between two moments, with gaps or without.
func (e ears) touches(from, to time.Time) bool {
	for _, a := range e {
		if a.First.Before(to) && from.Before(a.Last) {
			return true
		}
	}
	return false
}

// readMembers returns the devices of queue members by name, as agents heard them; what people said goes before.
func readMembers(ctx context.Context, tx pgx.Tx, pbx int32, said map[string]string) (map[string]string, error) {
	members := map[string]string{}
	rows, err := tx.Query(ctx, `SELECT DISTINCT ON (member) member, interface FROM operator_states
		WHERE tenant_id = current_tenant() AND pbx_id = $1 AND member <> '' AND interface <> '' AND membership IN ('static', 'dynamic', 'realtime')
		ORDER BY member, from_at DESC`, pbx)
	if err != nil {
		return nil, err
	}
	var member, device string
	_, err = pgx.ForEachRow(rows, []any{&member, &device}, func() error {
		members[member] = device
		return nil
	})
	for name, device := range said {
		members[name] = device
	}
	return members, err
}
