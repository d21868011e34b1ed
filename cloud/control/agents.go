package control

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

// Errors of an agent's identity.
var (
	ErrUnknownAgent       = errors.New("there is no such agent")
	ErrRevoked            = errors.New("the certificate has been revoked")
	ErrCertificateExpired = errors.New("the certificate has expired")
	ErrSuperseded         = errors.New("a newer certificate of this agent is in use")
	ErrTenantSuspended    = errors.New("the tenant is suspended")
)

// Agent is who a certificate stands for. Tenant and PBX come from the database, never from what the agent says.
type Agent struct {
	ID       uuid.UUID
	Tenant   tenants.ID
	PBX      int32
	NotAfter time.Time
}

// Agents knows the enrolled agents: who they are, whether they may connect, and when they were last heard of.
type Agents struct {
	db        *pg.DB
	authority *Authority
	now       func() time.Time
}

// NewAgents serves the agents enrolled under the authority of keys.
func NewAgents(db *pg.DB, keys Keys, now func() time.Time) *Agents {
	return &Agents{db: db, authority: keys.Authority, now: now}
}

// insertAgent stores a new agent and retires the ones its PBX had before: two agents on one PBX would tell every call
// twice.
func insertAgent(ctx context.Context, tx pgx.Tx, a Agent, certificate *x509.Certificate, version string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE agents SET revoked = $3, revoked_why = 'replaced by a newly enrolled agent', connected = NULL
		WHERE tenant_id = $1 AND pbx_id = $2 AND revoked IS NULL`, a.Tenant.UUID(), a.PBX, now)
	if err != nil {
		return fmt.Errorf("retire the PBX's former agent: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO agents (id, tenant_id, pbx_id, serial, not_after, version) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.ID, a.Tenant.UUID(), a.PBX, serialText(certificate), certificate.NotAfter, version)
	if err != nil {
		return fmt.Errorf("store agent: %w", err)
	}
	return nil
}

// Identify says who holds certificate, which must have been verified against the authority by the TLS handshake, and
// whether that agent may connect: ErrUnknownAgent, ErrRevoked, ErrCertificateExpired, ErrSuperseded, ErrTenantSuspended.
//
// A renewed certificate comes into force when it is first used, not when it is issued: an agent that lost the reply
// still has its old one. From then on the older one is refused.
func (a *Agents) Identify(ctx context.Context, certificate *x509.Certificate) (Agent, error) {
	id, err := AgentOf(certificate)
	if err != nil {
		return Agent{}, errors.Join(ErrUnknownAgent, err)
	}
	if a.now().After(certificate.NotAfter) {
		return Agent{}, ErrCertificateExpired
	}
	agent := Agent{ID: id, NotAfter: certificate.NotAfter}
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		var tenant uuid.UUID
		var serial string
		var notAfter time.Time
		var revoked, suspended bool
		err := tx.QueryRow(ctx, `SELECT a.tenant_id, a.pbx_id, a.serial, a.not_after, a.revoked IS NOT NULL, t.suspended IS NOT NULL
			FROM agents a JOIN tenants t ON t.id = a.tenant_id WHERE a.id = $1 FOR UPDATE OF a`, id).
			Scan(&tenant, &agent.PBX, &serial, &notAfter, &revoked, &suspended)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return ErrUnknownAgent
		case err != nil:
			return err
		case revoked:
			return ErrRevoked
		case suspended:
			return ErrTenantSuspended
		}
		agent.Tenant = tenants.FromUUID(tenant)
		if serial == serialText(certificate) {
			return nil
		}
		if !certificate.NotAfter.After(notAfter) {
			return ErrSuperseded
		}
		_, err = tx.Exec(ctx, `UPDATE agents SET serial = $2, not_after = $3 WHERE id = $1`, id, serialText(certificate), certificate.NotAfter)
		return err
	})
	if err != nil {
		return Agent{}, fmt.Errorf("identify agent: %w", err)
	}
	return agent, nil
}

// Renew signs the next certificate of an agent that is connected with a good one, and returns it with its authority
// as PEM, leaf first.
func (a *Agents) Renew(id uuid.UUID, csr []byte) ([]byte, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return nil, fmt.Errorf("renew certificate: %w", errors.Join(ErrRequest, err))
	}
	certificate, err := a.authority.SignAgent(id, request, a.now())
	if err != nil {
		return nil, fmt.Errorf("renew certificate: %w", errors.Join(ErrRequest, err))
	}
	return append(certificatePEM(certificate.Raw), a.authority.CertificatePEM()...), nil
}

// Revoke ends an agent of tenant for good. Gateways close its connection within seconds.
func (a *Agents) Revoke(ctx context.Context, tenant tenants.ID, id uuid.UUID, why string) error {
	err := a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE agents SET revoked = coalesce(revoked, $3), revoked_why = coalesce(revoked_why, $4)
			WHERE id = $1 AND tenant_id = $2`, id, tenant.UUID(), a.now(), clip(why, 500))
		if err == nil && done.RowsAffected() == 0 {
			return ErrUnknownAgent
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke agent: %w", err)
	}
	return nil
}

// Presence is what the gateway knows of a connection.
type Presence struct {
	Version   string
	Transport string // quic, tcp
	Address   string
}

// Connected notes that an agent's connection stands and returns the mark that names this connection among all of the
// agent's: see [Agents.Sweep].
func (a *Agents) Connected(ctx context.Context, id uuid.UUID, p Presence) (mark time.Time, err error) {
	err = a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `UPDATE agents SET connected = clock_timestamp(), last_seen = clock_timestamp(), version = $2, transport = $3, address = $4
			WHERE id = $1 RETURNING connected`, id, clip(p.Version, 64), p.Transport, p.Address).Scan(&mark)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("note connection: %w", err)
	}
	return mark, nil
}

// Disconnected notes the end of the connection that mark names; a newer one of the same agent is left alone.
func (a *Agents) Disconnected(ctx context.Context, id uuid.UUID, mark time.Time) error {
	return a.change(ctx, "note end of connection",
		`UPDATE agents SET connected = NULL, last_seen = clock_timestamp() WHERE id = $1 AND connected = $2`, id, mark)
}

// Reported keeps an agent's latest report, a JSON object. What it leaves out stays as the last one said.
func (a *Agents) Reported(ctx context.Context, id uuid.UUID, report json.RawMessage) error {
	return a.change(ctx, "keep report", `UPDATE agents SET report = report || $2, last_seen = clock_timestamp() WHERE id = $1`, id, report)
}

func (a *Agents) change(ctx context.Context, what, sql string, args ...any) error {
	err := a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Standing is what may end a connection from outside.
type Standing struct {
	Connected time.Time // mark of the agent's newest connection on any node
	Err       error     // ErrRevoked, ErrTenantSuspended, ErrUnknownAgent, or nil
}

// Sweep returns how the given agents stand now; one that was deleted stands as ErrUnknownAgent.
func (a *Agents) Sweep(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Standing, error) {
	found := make(map[uuid.UUID]Standing, len(ids))
	for _, id := range ids {
		found[id] = Standing{Err: ErrUnknownAgent}
	}
	err := a.db.System().Tx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT a.id, a.connected, a.revoked IS NOT NULL, t.suspended IS NOT NULL
			FROM agents a JOIN tenants t ON t.id = a.tenant_id WHERE a.id = ANY($1)`, ids)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var connected *time.Time
		var revoked, suspended bool
		_, err = pgx.ForEachRow(rows, []any{&id, &connected, &revoked, &suspended}, func() error {
			s := Standing{}
			if connected != nil {
				s.Connected = *connected
			}
			switch {
			case revoked:
				s.Err = ErrRevoked
			case suspended:
				s.Err = ErrTenantSuspended
			}
			found[id] = s
			return nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sweep agents: %w", err)
	}
	return found, nil
}
