package control

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/tenants"
)

const (
	tokenLife     = 15 * time.Minute
	tokenIssuer   = "callweave"
	tokenAudience = "callweave-enrol" //nolint:gosec // a name, not a secret
)

// Errors of tokens. ErrTokenUsed and ErrTokenExpired are about a token that was good once; ErrToken is about anything
// that never was.
var (
	ErrToken        = errors.New("the token is not one of ours")
	ErrTokenExpired = errors.New("the token is too old")
	ErrTokenUsed    = errors.New("the token has been used")
	ErrUnknownPBX   = errors.New("there is no such PBX")
)

// Claims are what an enrolment token says. The agent reads Cloud and Pin; the rest is for the cloud alone, which
// believes only what its signature covers.
type Claims struct {
	jwt.RegisteredClaims
	Tenant uuid.UUID `json:"tenant"`
	PBX    int32     `json:"pbx"`
	Cloud  string    `json:"cloud"` // URL of the portal
	Pin    string    `json:"pin"`   // see [Authority.Pin]
}

// Tokens issues and redeems enrolment tokens.
type Tokens struct {
	db    *pg.DB
	key   ed25519.PrivateKey
	pin   string
	cloud string
	now   func() time.Time
}

// NewTokens makes tokens that lead agents to the portal at cloud, a URL such as https://cloud.example:8443.
func NewTokens(db *pg.DB, keys Keys, cloud string, now func() time.Time) *Tokens {
	return &Tokens{db: db, key: keys.Token, pin: keys.Authority.Pin(), cloud: cloud, now: now}
}

// Issue makes a token for one agent on pbx, and ErrUnknownPBX where the tenant has no such PBX.
func (t *Tokens) Issue(ctx context.Context, tenant tenants.ID, pbx int32) (string, error) {
	known := false
	err := t.db.As(tenant).Tx(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pbxs WHERE id = $1)`, pbx).Scan(&known)
	})
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	if !known {
		return "", ErrUnknownPBX
	}
	jti, now := uuid.New(), t.now()
	expires := now.Add(tokenLife)
	err = t.db.System().Tx(ctx, func(tx pgx.Tx) error {
		// Old tokens have no use; nobody else clears them away.
		if _, err := tx.Exec(ctx, `DELETE FROM enrolment_tokens WHERE expires < $1`, now.Add(-24*time.Hour)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO enrolment_tokens (jti, tenant_id, pbx_id, expires) VALUES ($1, $2, $3, $4)`,
			jti, tenant.UUID(), pbx, expires)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, Claims{
		RegisteredClaims: jwt.RegisteredClaims{
			ID: jti.String(), Issuer: tokenIssuer, Audience: jwt.ClaimStrings{tokenAudience},
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
		},
		Tenant: tenant.UUID(), PBX: pbx, Cloud: t.cloud, Pin: t.pin,
	}).SignedString(t.key)
	if err != nil {
		return "", fmt.Errorf("issue token: sign: %w", err)
	}
	return signed, nil
}

// check verifies signature, audience and age. It touches no table, so that a flood of bad tokens stays cheap.
func (t *Tokens) check(token string) (jti uuid.UUID, err error) {
	var claims Claims
	_, err = jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.key.Public(), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(tokenIssuer),
		jwt.WithAudience(tokenAudience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.now))
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return uuid.Nil, ErrTokenExpired
	case err != nil:
		return uuid.Nil, ErrToken
	}
	if jti, err = uuid.Parse(claims.ID); err != nil {
		return uuid.Nil, ErrToken
	}
	return jti, nil
}

// spend uses the token up: of any number of simultaneous tries exactly one gets the tenant and the PBX, as they were
// stored when the token was issued.
func (t *Tokens) spend(ctx context.Context, tx pgx.Tx, jti uuid.UUID) (tenant tenants.ID, pbx int32, err error) {
	var id uuid.UUID
	now := t.now()
	err = tx.QueryRow(ctx, `UPDATE enrolment_tokens SET used = $2 WHERE jti = $1 AND used IS NULL AND expires > $2
		RETURNING tenant_id, pbx_id`, jti, now).Scan(&id, &pbx)
	if errors.Is(err, pgx.ErrNoRows) {
		return tenants.ID{}, 0, ErrTokenUsed
	}
	if err != nil {
		return tenants.ID{}, 0, fmt.Errorf("spend token: %w", err)
	}
	return tenants.FromUUID(id), pbx, nil
}
