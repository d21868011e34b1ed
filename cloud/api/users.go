package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/users"
)

// Limits say what somebody sees.
type Limits struct {
	See       string  `json:"see" enum:"all,limited,own,nothing" doc:"limited: to what is listed; own: to the devices of the user's person"`
	Queues    []int32 `json:"queues,omitempty" nullable:"false" maxItems:"1000"`
	Groups    []int32 `json:"groups,omitempty" nullable:"false" maxItems:"1000"`
	Operators []int32 `json:"operators,omitempty" nullable:"false" maxItems:"1000" doc:"Devices"`
	People    []int32 `json:"people,omitempty" nullable:"false" maxItems:"1000" doc:"Their devices while they are theirs"`
}

// Account is a user of the tenant.
type Account struct {
	ID       string     `json:"id" format:"uuid"`
	Login    string     `json:"login"`
	Name     string     `json:"name"`
	Role     string     `json:"role" doc:"The id of a role, see GET /roles"`
	Limits   *Limits    `json:"limits" doc:"null: the role's"`
	Person   *int32     `json:"person" doc:"Who the user is among the people at devices"`
	Language string     `json:"language" enum:"en,ru"`
	Invited  bool       `json:"invited" doc:"Has set no password yet"`
	Disabled *time.Time `json:"disabled" doc:"Since when the user may not sign in"`
}

// AccountBody is what is said of a user.
type AccountBody struct {
	Name     string  `json:"name" minLength:"1" maxLength:"200"`
	Role     string  `json:"role" minLength:"1" maxLength:"40"`
	Limits   *Limits `json:"limits,omitempty"`
	Person   *int32  `json:"person,omitempty"`
	Disabled bool    `json:"disabled,omitempty"`
}

// InvitationLink is shown once.
type InvitationLink struct {
	Path    string    `json:"path" doc:"Of the portal; what follows the # never reaches a server's log"`
	Expires time.Time `json:"expires"`
}

type (
	accountsOutput struct {
		Body struct {
			Users []Account `json:"users" nullable:"false"`
		}
	}
	inviteInput struct {
		Body struct {
			Login    string  `json:"login" minLength:"2" maxLength:"64"`
			Name     string  `json:"name" minLength:"1" maxLength:"200"`
			Role     string  `json:"role" minLength:"1" maxLength:"40"`
			Limits   *Limits `json:"limits,omitempty"`
			Person   *int32  `json:"person,omitempty"`
			Language string  `json:"language,omitempty" enum:"en,ru"`
		}
	}
	inviteOutput struct {
		Body struct {
			User       Account        `json:"user"`
			Invitation InvitationLink `json:"invitation"`
		}
	}
	accountIDInput struct {
		ID string `path:"id" format:"uuid"`
	}
	changeAccountInput struct {
		ID   string `path:"id" format:"uuid"`
		Body AccountBody
	}
	accountOutput struct{ Body Account }
	linkOutput    struct{ Body InvitationLink }
	guestInput    struct {
		Body struct {
			Token string `json:"token" minLength:"1" maxLength:"100"`
		}
	}
	guestOutput struct {
		Body struct {
			Company string `json:"company"`
			Login   string `json:"login"`
			Name    string `json:"name"`
		}
	}
	acceptInput struct {
		Body struct {
			Token    string `json:"token" minLength:"1" maxLength:"100"`
			Password string `json:"password" minLength:"1" maxLength:"1024"`
		}
	}
)

// userOperations are about who signs in and what they may do.
func (a *API) userOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	manages := whole(rights.WriteUsers)
	register(a, operation{get, "/users", "list-users", "users", "Users", 0, manages}, a.listUsers)
	register(a, operation{post, "/users", "invite-user", "users", "Invite a user: the link by which he sets a password is shown once", 201, manages}, a.inviteUser)
	register(a, operation{put, "/users/{id}", "change-user", "users", "Change a user's role and limits, or let him sign in no more; sessions see it at once", 0, manages}, a.changeUser)
	register(a, operation{post, "/users/{id}/invitation", "new-invitation", "users", "Another link by which a user sets a password; the one before works no more", 201, manages}, a.newInvitation)
	register(a, operation{post, "/invitations/look", "look-invitation", "users", "Who an invitation is for", 0, anybody()}, a.lookInvitation)
	register(a, operation{post, "/invitations/accept", "accept-invitation", "users", "Set a password and sign in", 0, anybody()}, a.acceptInvitation)
	register(a, operation{get, "/roles", "list-roles", "users", "Roles, and the rights they are made of", 0, manages}, a.listRoles)
	register(a, operation{post, "/roles", "add-role", "users", "Add a role", 201, manages}, a.addRole)
	register(a, operation{put, "/roles/{id}", "change-role", "users", "Change a role of the tenant's own, and what all who have it may do", 0, manages}, a.changeRole)
	register(a, operation{del, "/roles/{id}", "remove-role", "users", "Remove a role that nobody has", 204, manages}, a.removeRole)
	register(a, operation{get, "/tokens", "list-tokens", "users", "Tokens of programs: one's own; who manages users sees all", 0, needs(rights.WriteTokens)}, a.listTokens)
	register(a, operation{post, "/tokens", "add-token", "users", "Make a token; it is shown once", 201, needs(rights.WriteTokens)}, a.addToken)
	register(a, operation{del, "/tokens/{id}", "revoke-token", "users", "End a token", 204, needs(rights.WriteTokens)}, a.revokeToken)
}

func limitsOf(l *Limits) *rights.Limits {
	if l == nil {
		return nil
	}
	r := rights.Limits(*l)
	return &r
}

func shownLimits(l *rights.Limits) *Limits {
	if l == nil {
		return nil
	}
	s := Limits(*l)
	return &s
}

func shownAccount(u users.User) Account {
	return Account{
		ID: u.ID.String(), Login: u.Login, Name: u.Name, Role: u.Role, Limits: shownLimits(u.Limits), Person: u.Person, Language: u.Language,
		Invited: u.Invited, Disabled: utc(u.Disabled),
	}
}

func (a *API) listUsers(ctx context.Context, _ *struct{}) (*accountsOutput, error) {
	out := &accountsOutput{}
	out.Body.Users = []Account{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		list, err := users.List(ctx, tx)
		for _, u := range list {
			out.Body.Users = append(out.Body.Users, shownAccount(u))
		}
		return err
	})
	return out, err
}

func (a *API) inviteUser(ctx context.Context, in *inviteInput) (*inviteOutput, error) {
	v, b := viewerOf(ctx), &in.Body
	if err := a.deps.Users.Reserve(ctx, v.Tenant, b.Login); err != nil {
		return nil, userRefused(err)
	}
	out := &inviteOutput{}
	var made users.User
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) (err error) {
		made, err = a.deps.Users.Invite(ctx, tx, e, v.Rights, users.User{
			Login: b.Login, Name: b.Name, Role: b.Role, Limits: limitsOf(b.Limits), Person: b.Person, Language: b.Language,
		})
		return err
	})
	if err != nil {
		return nil, userRefused(err)
	}
	out.Body.User = shownAccount(made)
	out.Body.Invitation, err = a.link(ctx, v, made.ID)
	return out, err
}

func (a *API) link(ctx context.Context, v *Viewer, user uuid.UUID) (InvitationLink, error) {
	token, expires, err := a.deps.Users.Link(ctx, v.Tenant, user)
	return InvitationLink{Path: "/invitation#" + token, Expires: expires.UTC()}, err
}

func (a *API) changeUser(ctx context.Context, in *changeAccountInput) (*accountOutput, error) {
	v, b := viewerOf(ctx), &in.Body
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, notFound()
	}
	out := &accountOutput{}
	err = a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		u, err := users.Change(ctx, tx, e, v.Rights, users.User{ID: id, Name: b.Name, Role: b.Role, Limits: limitsOf(b.Limits), Person: b.Person}, b.Disabled, a.deps.Now())
		out.Body = shownAccount(u)
		return err
	})
	return out, userRefused(err)
}

func (a *API) newInvitation(ctx context.Context, in *accountIDInput) (*linkOutput, error) {
	v := viewerOf(ctx)
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, notFound()
	}
	err = a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error { return users.NoteLink(ctx, tx, e, v.Rights, id) })
	if err != nil {
		return nil, userRefused(err)
	}
	out := &linkOutput{}
	out.Body, err = a.link(ctx, v, id)
	return out, err
}

func (a *API) lookInvitation(ctx context.Context, in *guestInput) (*guestOutput, error) {
	g, err := a.deps.Users.Guest(ctx, in.Body.Token)
	out := &guestOutput{}
	out.Body.Company, out.Body.Login, out.Body.Name = g.Company, g.Login, g.Name
	return out, userRefused(err)
}

// acceptInvitation sets the password, ends all sessions the user had, and begins one.
func (a *API) acceptInvitation(ctx context.Context, in *acceptInput) (*sessionOutput, error) {
	from := remoteOf(ctx)
	if !a.guesses.bucketOf(from).AllowN(a.deps.Now(), 1) {
		return nil, tooManyTries(time.Minute)
	}
	g, err := a.deps.Users.Accept(ctx, in.Body.Token, in.Body.Password)
	if err != nil {
		return nil, userRefused(err)
	}
	if _, err := a.sessions.EndOfUser(ctx, g.User); err != nil {
		return nil, err
	}
	return a.open(ctx, g.Login, from, account{tenant: g.Tenant, id: g.User})
}

// userRefused words what was not done.
func userRefused(err error) error {
	unprocessable := func(code string, say locale.Sentence) error { return fail(http.StatusUnprocessableEntity, code, say) }
	switch {
	case errors.Is(err, users.ErrUnknownUser), errors.Is(err, users.ErrUnknownToken):
		return notFound()
	case errors.Is(err, users.ErrLink):
		return fail(http.StatusNotFound, "link", locale.Say("This link does not work: it was used, replaced by another, or is too old. Ask for a new one."))
	case errors.Is(err, users.ErrLoginTaken):
		return fail(http.StatusConflict, "login-taken", locale.Say("Somebody has this log-in name already. Choose another."))
	case errors.Is(err, users.ErrLastAdministrator):
		return fail(http.StatusConflict, "last-administrator", locale.Say("This is the last administrator. Make somebody else one first."))
	case errors.Is(err, users.ErrRoleTaken):
		return fail(http.StatusConflict, "name-taken", locale.Say("There is a role of this name already."))
	case errors.Is(err, users.ErrRoleUsed):
		return fail(http.StatusConflict, "role-used", locale.Say("Somebody has this role. Give them another one first."))
	case errors.Is(err, users.ErrBeyondOwn):
		return fail(http.StatusForbidden, "beyond-own", locale.Say("You can give and take only rights that you have yourself."))
	case errors.Is(err, users.ErrLogin):
		return unprocessable("invalid", locale.Say("A log-in name has 2 to 64 characters and no spaces."))
	case errors.Is(err, users.ErrPassword):
		return unprocessable("password", locale.Say("A password has 8 to 1024 characters."))
	case errors.Is(err, users.ErrRole):
		return unprocessable("invalid", locale.Say("There is no such role."))
	case errors.Is(err, users.ErrLimits):
		return unprocessable("invalid", locale.Say("These limits do not fit. An administrator sees everything."))
	case errors.Is(err, users.ErrName):
		return unprocessable("invalid", locale.Say("Give it a name."))
	case errors.Is(err, users.ErrExpiry):
		return unprocessable("invalid", locale.Say("Choose an end in the future."))
	}
	return err
}

func roleID(id int32) string { return strconv.Itoa(int(id)) }
