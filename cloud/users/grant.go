package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// Grant is who a user is and what he may do and see at this moment.
type Grant struct {
	Name, Login, Language string
	Role                  string // see package rights; RoleCustom for a tenant's own
	RoleName              string // of a tenant's own
	Operator              *int32 // a device that is the user's for good
	Person                *int32 // who the user is among the people at devices
	Rights                rights.Set
	Limits                rights.Limits
	Scope                 rights.Scope
}

// RoleCustom is the role of a user whose role the tenant made.
const RoleCustom = "custom"

// Grant reads what a user may do: ErrUnknownUser for one who is not there, or disabled.
func (a *Accounts) Grant(ctx context.Context, tenant tenants.ID, user uuid.UUID) (g Grant, err error) {
	err = a.db.As(tenant).Read(ctx, func(tx pgx.Tx) error {
		g, err = GrantOf(ctx, tx, user)
		return err
	})
	return g, err
}

// GrantOf does the same in a transaction of the tenant.
func GrantOf(ctx context.Context, tx pgx.Tx, user uuid.UUID) (Grant, error) {
	var g Grant
	var own *rights.Limits
	var role rights.Role
	var named []string
	var limits *rights.Limits
	err := tx.QueryRow(ctx, `SELECT u.name, u.login, u.language, u.role, u.operator_id, u.person_id, u.limits, coalesce(r.name, ''), r.rights, r.limits
		FROM users u LEFT JOIN roles r ON r.tenant_id = u.tenant_id AND r.id = u.role_id
		WHERE u.tenant_id = current_tenant() AND u.id = $1 AND u.disabled IS NULL`, user).
		Scan(&g.Name, &g.Login, &g.Language, &g.Role, &g.Operator, &g.Person, &own, &g.RoleName, &named, &limits)
	if errors.Is(err, pgx.ErrNoRows) {
		return g, ErrUnknownUser
	}
	if err != nil {
		return g, fmt.Errorf("read user: %w", err)
	}
	if g.Role == RoleCustom {
		role = rights.Role{Rights: setOf(named).Known(), Limits: *limits}
	} else {
		role, _ = rights.BuiltIn(g.Role)
	}
	g.Rights, g.Limits = role.Rights, role.Limits
	if own != nil {
		g.Limits = *own
	}
	g.Scope, err = g.scope(ctx, tx, g.Limits)
	return g, err
}

func setOf(names []string) rights.Set {
	set := make(rights.Set, 0, len(names))
	for _, n := range names {
		set = append(set, rights.Right(n))
	}
	return set
}

// scope works out what limits amount to now.
func (g *Grant) scope(ctx context.Context, tx pgx.Tx, l rights.Limits) (rights.Scope, error) {
	s := rights.Scope{Numbers: g.Rights.Has(rights.ReadNumbers)}
	var err error
	var seats []rights.Seat
	switch l.See {
	case rights.SeeAll:
		s.Everything = true
	case rights.SeeOwn:
		s.Own = true
		seats, err = g.ownSeats(ctx, tx)
	case rights.SeeLimited:
		var of Members
		if of, err = members(ctx, tx, l.Groups); err != nil {
			break
		}
		s.Queues = slices.Concat(l.Queues, of.Queues)
		seats, err = seatsOf(ctx, tx, slices.Concat(l.Operators, of.Operators), slices.Concat(l.People, of.People))
	}
	if err != nil {
		return s, err
	}
	if !g.Rights.Has(rights.ReadUnwatched) {
		hidden, err := g.unwatched(ctx, tx, s.Own)
		if err != nil {
			return s, err
		}
		s.Unwatched, s.Hidden = rights.Parted(hidden)
		seats = rights.Minus(seats, hidden)
	}
	s.Operators, s.Seats = rights.Parted(seats)
	return s, nil
}

func (g *Grant) ownSeats(ctx context.Context, tx pgx.Tx) ([]rights.Seat, error) {
	var devices, people []int32
	if g.Operator != nil {
		devices = append(devices, *g.Operator)
	}
	if g.Person != nil {
		people = append(people, *g.Person)
	}
	return seatsOf(ctx, tx, devices, people)
}

// seatsOf are devices for ever, and those of people while they are theirs.
func seatsOf(ctx context.Context, tx pgx.Tx, devices, people []int32) ([]rights.Seat, error) {
	var seats []rights.Seat
	for _, d := range devices {
		seats = append(seats, rights.Seat{Operator: d})
	}
	if len(people) == 0 {
		return seats, nil
	}
	bound, err := readSeats(ctx, tx, `SELECT operator_id, valid_from, valid_to FROM bindings WHERE tenant_id = current_tenant() AND person_id = ANY($1)`, people)
	return append(seats, bound...), err
}

// unwatched are the devices that are not to be watched, and when. Whoever sees his own sees it though nobody else does.
func (g *Grant) unwatched(ctx context.Context, tx pgx.Tx, own bool) ([]rights.Seat, error) {
	var device, person int32
	if own && g.Operator != nil {
		device = *g.Operator
	}
	if own && g.Person != nil {
		person = *g.Person
	}
	return readSeats(ctx, tx, `
		SELECT operator_id, NULL::timestamptz, NULL::timestamptz FROM unwatched_devices WHERE tenant_id = current_tenant() AND operator_id <> $1
		UNION ALL SELECT b.operator_id, b.valid_from, b.valid_to FROM people p JOIN bindings b ON b.tenant_id = p.tenant_id AND b.person_id = p.id
		WHERE p.tenant_id = current_tenant() AND p.unwatched AND p.id <> $2`, device, person)
}

func readSeats(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]rights.Seat, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	seats, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s rights.Seat, err error) {
		var from, to *time.Time
		err = row.Scan(&s.Operator, &from, &to)
		if from != nil {
			s.From = from.UnixMilli()
		}
		if to != nil {
			s.To = to.UnixMilli()
		}
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return seats, nil
}
