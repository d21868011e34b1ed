package api

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
)

// RoleBody is what is said of a role.
type RoleBody struct {
	Name   string   `json:"name" minLength:"1" maxLength:"100"`
	Rights []string `json:"rights" nullable:"false" maxItems:"100"`
	Limits Limits   `json:"limits" doc:"Where nobody says it of the user"`
}

// Role is a number of rights under a name.
type Role struct {
	ID      string `json:"id" doc:"A word for those that come with the product, a number for the tenant's own"`
	BuiltIn bool   `json:"built_in" doc:"Comes with the product and cannot be changed; name is empty"`
	RoleBody
}

// AccessTokenBody is what is said of a token.
type AccessTokenBody struct {
	Name    string     `json:"name" minLength:"1" maxLength:"100"`
	Rights  []string   `json:"rights" nullable:"false" maxItems:"100" doc:"Of those the owner has"`
	Limits  *Limits    `json:"limits,omitempty" doc:"Without it what the owner sees; never more than that"`
	Expires *time.Time `json:"expires,omitempty" doc:"Without it never"`
}

// AccessToken is a token of a program.
type AccessToken struct {
	ID       string     `json:"id" format:"uuid"`
	Owner    string     `json:"owner" doc:"Log-in name"`
	Created  time.Time  `json:"created"`
	LastUsed *time.Time `json:"last_used" doc:"By the minute"`
	Revoked  *time.Time `json:"revoked"`
	AccessTokenBody
}

type (
	rolesOutput struct {
		Body struct {
			Roles  []Role   `json:"roles" nullable:"false"`
			Rights []string `json:"rights" nullable:"false" doc:"All there are"`
		}
	}
	roleInput       struct{ Body RoleBody }
	changeRoleInput struct {
		ID   int32 `path:"id" minimum:"1"`
		Body RoleBody
	}
	roleOutput         struct{ Body Role }
	accessTokensOutput struct {
		Body struct {
			Tokens []AccessToken `json:"tokens" nullable:"false" doc:"The newest first"`
		}
	}
	accessTokenInput  struct{ Body AccessTokenBody }
	accessTokenOutput struct {
		Body struct {
			Info  AccessToken `json:"info"`
			Token string      `json:"token" doc:"Shown this once. Authorization: Bearer TOKEN"`
		}
	}
)

func words(set rights.Set) []string {
	list := make([]string, 0, len(set))
	for _, r := range set {
		list = append(list, string(r))
	}
	return list
}

func setOf(names []string) rights.Set {
	set := make(rights.Set, 0, len(names))
	for _, n := range names {
		set = append(set, rights.Right(n))
	}
	return set
}

func shownRole(r users.Role) Role {
	return Role{ID: roleID(r.ID), RoleBody: RoleBody{Name: r.Name, Rights: words(r.Rights), Limits: Limits(r.Limits)}}
}

func (b *RoleBody) role(id int32) users.Role {
	return users.Role{ID: id, Name: b.Name, Rights: setOf(b.Rights), Limits: rights.Limits(b.Limits)}
}

func (a *API) listRoles(ctx context.Context, _ *struct{}) (*rolesOutput, error) {
	out := &rolesOutput{}
	out.Body.Roles, out.Body.Rights = []Role{}, words(rights.All())
	for _, r := range rights.Roles() {
		out.Body.Roles = append(out.Body.Roles, Role{ID: r.Key, BuiltIn: true, RoleBody: RoleBody{Rights: words(r.Rights), Limits: Limits(r.Limits)}})
	}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := users.Roles(ctx, tx)
		for _, r := range list {
			out.Body.Roles = append(out.Body.Roles, shownRole(r))
		}
		return err
	})
	return out, err
}

func (a *API) addRole(ctx context.Context, in *roleInput) (*roleOutput, error) {
	out := &roleOutput{}
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		r, err := users.AddRole(ctx, tx, e, viewerOf(ctx).Rights, in.Body.role(0))
		out.Body = shownRole(r)
		return err
	})
	return out, userRefused(err)
}

func (a *API) changeRole(ctx context.Context, in *changeRoleInput) (*roleOutput, error) {
	out := &roleOutput{}
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		r, err := users.ChangeRole(ctx, tx, e, viewerOf(ctx).Rights, in.Body.role(in.ID))
		out.Body = shownRole(r)
		return err
	})
	return out, roleGone(err)
}

func (a *API) removeRole(ctx context.Context, in *idInput) (*emptyOutput, error) {
	return nil, roleGone(a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		return users.RemoveRole(ctx, tx, e, viewerOf(ctx).Rights, in.ID)
	}))
}

// roleGone is for a role named in the path.
func roleGone(err error) error {
	if errors.Is(err, users.ErrRole) {
		return notFound()
	}
	return userRefused(err)
}

func shownToken(t users.Token) AccessToken {
	return AccessToken{
		ID: t.ID.String(), Owner: t.Login, Created: t.Created.UTC(), LastUsed: utc(t.LastUsed), Revoked: utc(t.Revoked),
		AccessTokenBody: AccessTokenBody{Name: t.Name, Rights: words(t.Rights), Limits: shownLimits(t.Limits), Expires: utc(t.Expires)},
	}
}

// managesTokens tells who sees and ends everybody's.
func managesTokens(v *Viewer) bool { return v.Can(rights.WriteUsers) && v.Scope.Everything }

func (a *API) listTokens(ctx context.Context, _ *struct{}) (*accessTokensOutput, error) {
	v := viewerOf(ctx)
	out := &accessTokensOutput{}
	out.Body.Tokens = []AccessToken{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := users.Tokens(ctx, tx, v.User, managesTokens(v))
		for _, t := range list {
			out.Body.Tokens = append(out.Body.Tokens, shownToken(t))
		}
		return err
	})
	return out, err
}

func (a *API) addToken(ctx context.Context, in *accessTokenInput) (*accessTokenOutput, error) {
	v, b := viewerOf(ctx), &in.Body
	if v.token != uuid.Nil {
		return nil, forbidden() // a token makes no other: it would outlive itself
	}
	out := &accessTokenOutput{}
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		t, token, err := a.deps.Users.AddToken(ctx, tx, e, v.Rights, users.Token{
			Owner: v.User, Login: v.Login, Name: b.Name, Rights: setOf(b.Rights), Limits: limitsOf(b.Limits), Expires: b.Expires,
		})
		out.Body.Info, out.Body.Token = shownToken(t), token
		return err
	})
	return out, userRefused(err)
}

func (a *API) revokeToken(ctx context.Context, in *accountIDInput) (*emptyOutput, error) {
	v := viewerOf(ctx)
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, notFound()
	}
	return nil, userRefused(a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		return a.deps.Users.RevokeToken(ctx, tx, e, id, v.User, managesTokens(v))
	}))
}
