package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/control"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/tenants"
)

// gapsShown is how many gaps of a PBX an answer carries.
const gapsShown = 100

func (a *API) listPBXs(ctx context.Context, _ *struct{}) (*pbxsOutput, error) {
	out := &pbxsOutput{}
	now := a.deps.Now()
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := readPBXs(ctx, tx)
		if err != nil {
			return err
		}
		agents, err := readAgents(ctx, tx, viewerOf(ctx).Tenant, now)
		if err != nil {
			return err
		}
		gaps, err := readGaps(ctx, tx, now)
		if err != nil {
			return err
		}
		for i := range list {
			p := &list[i]
			p.Agent, p.Gaps = agents[p.ID].shown, gaps[p.ID]
			if p.Asterisk == "" {
				p.Asterisk = agents[p.ID].asterisk
			}
			if p.Gaps == nil {
				p.Gaps = []Gap{}
			}
		}
		out.Body.PBXs = list
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list pbxs: %w", err)
	}
	return out, nil
}

func readPBXs(ctx context.Context, tx pgx.Tx) ([]PBX, error) {
	rows, err := tx.Query(ctx, `SELECT p.id, p.name, s.name, p.asterisk FROM pbxs p JOIN stations s ON s.id = p.station_id ORDER BY p.name`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p PBX, err error) {
		err = row.Scan(&p.ID, &p.Name, &p.Station, &p.Asterisk)
		return p, err
	})
}

// readAgents returns the agent of each PBX: the newest one that is not revoked, else the newest. The rate is that of
// the last minute, by what is committed.
func readAgents(ctx context.Context, tx pgx.Tx, tenant tenants.ID, now time.Time) (map[int32]foundAgent, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (a.pbx_id) a.pbx_id, a.id, a.version, a.transport, a.address, a.connected, a.last_seen, a.not_after, a.revoked, a.report,
		       (extract(epoch FROM c.committed - c.last_event) * 1000)::bigint,
		       coalesce((SELECT sum(b.last_seq - b.first_seq + 1) FROM raw_batches b
		                 WHERE b.tenant_id = $2 AND b.pbx_id = a.pbx_id AND b.agent_id = a.id AND b.from_at > $1), 0)::float8 / 60
		FROM agents a LEFT JOIN cursors c ON c.agent_id = a.id
		ORDER BY a.pbx_id, a.revoked IS NOT NULL, a.created DESC`, now.Add(-time.Minute), tenant.UUID())
	if err != nil {
		return nil, err
	}
	agents := map[int32]foundAgent{}
	var pbx int32
	var id uuid.UUID
	var report []byte
	row := &Agent{}
	fields := []any{&pbx, &id, &row.Version, &row.Transport, &row.Address, &row.Connected, &row.LastSeen, &row.NotAfter, &row.Revoked, &report, &row.LagMS, &row.Rate}
	_, err = pgx.ForEachRow(rows, fields, func() error {
		found := *row
		found.ID = id.String()
		asterisk := ""
		found.Counters, found.Findings, asterisk = readReport(report, viewerOf(ctx).Language)
		agents[pbx] = foundAgent{&found, asterisk}
		return nil
	})
	return agents, err
}

// foundAgent is an agent and the version of the Asterisk it found beside it.
type foundAgent struct {
	shown    *Agent
	asterisk string
}

// readReport takes out of an agent's report what can be shown, in the viewer's language where the agent speaks it; an
// agent of another version may say more or less.
func readReport(report []byte, language string) (counters map[string]int64, findings []Finding, asterisk string) {
	var r struct {
		Counters map[string]int64 `json:"counters"`
		Facts    struct {
			Asterisk string `json:"asterisk"`
		} `json:"facts"`
		Findings []struct {
			Finding
			Others map[string]struct{ Detail, Hurts string } `json:"others"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(report, &r); err != nil || r.Counters == nil {
		r.Counters = map[string]int64{}
	}
	findings = make([]Finding, 0, len(r.Findings))
	for _, f := range r.Findings {
		if words, ok := f.Others[language]; ok {
			f.Detail, f.Hurts = words.Detail, words.Hurts
		}
		findings = append(findings, f.Finding)
	}
	return r.Counters, findings, r.Facts.Asterisk
}

func readGaps(ctx context.Context, tx pgx.Tx, now time.Time) (map[int32][]Gap, error) {
	rows, err := tx.Query(ctx, `SELECT pbx_id, from_at, to_at, reason, events FROM gaps WHERE to_at > $1 ORDER BY from_at DESC`, now.AddDate(0, 0, -30))
	if err != nil {
		return nil, err
	}
	gaps := map[int32][]Gap{}
	var pbx int32
	var g Gap
	_, err = pgx.ForEachRow(rows, []any{&pbx, &g.From, &g.To, &g.Reason, &g.Events}, func() error {
		if len(gaps[pbx]) < gapsShown {
			gaps[pbx] = append(gaps[pbx], g)
		}
		return nil
	})
	return gaps, err
}

func (a *API) addPBX(ctx context.Context, in *addPBXInput) (*tokenOutput, error) {
	v := viewerOf(ctx)
	var added directory.PBX
	err := a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) (err error) {
		if added, err = directory.AddPBX(ctx, tx, in.Body.Name, in.Body.Station); err != nil {
			return err
		}
		if err := identity.PBXsChanged(ctx, tx); err != nil {
			return err
		}
		return identity.Edit(tx, identity.Author{User: v.User, Login: v.Login}).Note(ctx, "pbx.add", in.Body.Name, nil, in.Body)
	})
	if errors.Is(err, directory.ErrNameTaken) {
		return nil, fail(409, "name-taken", locale.Say("There already is a PBX named %s.", in.Body.Name))
	}
	if err != nil {
		return nil, err
	}
	return a.issue(ctx, v, added.ID)
}

func (a *API) newToken(ctx context.Context, in *pbxIDInput) (*tokenOutput, error) {
	return a.issue(ctx, viewerOf(ctx), in.ID)
}

// issue makes an enrolment token and the command line that uses it.
func (a *API) issue(ctx context.Context, v *Viewer, pbx int32) (*tokenOutput, error) {
	token, err := a.deps.Tokens.Issue(ctx, v.Tenant, pbx)
	if errors.Is(err, control.ErrUnknownPBX) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	out := &tokenOutput{}
	out.Body.Token, out.Body.Command = token, EnrolCommand(token)
	out.Body.Expires = a.deps.Now().Add(15 * time.Minute).UTC()
	err = a.deps.DB.As(v.Tenant).Tx(ctx, func(tx pgx.Tx) error {
		p := &out.Body.PBX
		return tx.QueryRow(ctx, `SELECT p.id, p.name, s.name FROM pbxs p JOIN stations s ON s.id = p.station_id WHERE p.id = $1`, pbx).
			Scan(&p.ID, &p.Name, &p.Station)
	})
	if err != nil {
		return nil, fmt.Errorf("read pbx: %w", err)
	}
	return out, nil
}

// EnrolCommand is what is run on a PBX to make its agent known.
func EnrolCommand(token string) string { return "callweave-edge enroll --token " + token }

func (a *API) revokeAgent(ctx context.Context, in *revokeInput) (*emptyOutput, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, notFound()
	}
	err = a.deps.Agents.Revoke(ctx, viewerOf(ctx).Tenant, id, in.Body.Why)
	if errors.Is(err, control.ErrUnknownAgent) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	return nil, a.editing(ctx, func(_ pgx.Tx, e *identity.Editor) error {
		return e.Note(ctx, "agent.revoke", in.ID, nil, in.Body)
	})
}
