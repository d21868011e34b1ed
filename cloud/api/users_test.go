package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/api"
)

func aRole(name string, rights ...string) map[string]any {
	return map[string]any{"name": name, "rights": append([]string{}, rights...), "limits": map[string]any{"see": "all"}}
}

type invited struct {
	User       api.Account
	Invitation api.InvitationLink
}

// invite adds a user and signs him in by his link.
func (f *fixture) invite(login, role string, limits map[string]any) (*browser, api.Account) {
	f.t.Helper()
	var made invited
	body := map[string]any{"login": login, "name": strings.ToUpper(login), "role": role}
	if limits != nil {
		body["limits"] = limits
	}
	f.as("anna").do("POST", "/users", body).into(f.t, &made)
	_, token, _ := strings.Cut(made.Invitation.Path, "#")
	b := f.browser()
	if r := b.do("POST", "/invitations/accept", map[string]string{"token": token, "password": password}); r.status != 200 {
		f.t.Fatalf("%s cannot accept: %d %s", login, r.status, r.body)
	}
	return b, made.User
}

func TestInvitationWorksOnceAndLetsNobodyInBefore(t *testing.T) {
	f := newFixture(t)
	var made invited
	f.as("anna").do("POST", "/users", map[string]any{"login": "nina", "name": "Nina", "role": "supervisor"}).into(t, &made)
	if r := f.browser().do("POST", "/session", credentials("nina", "")); r.status == 200 {
		t.Error("somebody without a password signs in")
	}
	_, token, _ := strings.Cut(made.Invitation.Path, "#")
	var guest struct{ Company, Login, Name string }
	f.browser().do("POST", "/invitations/look", map[string]string{"token": token}).into(t, &guest)
	if guest.Company != "mine" || guest.Login != "nina" || !made.User.Invited {
		t.Errorf("%+v %+v", guest, made.User)
	}
	if r := f.browser().do("POST", "/invitations/accept", map[string]string{"token": token, "password": "short"}); r.code(t) != "password" {
		t.Errorf("%d %s", r.status, r.body)
	}
	accept := map[string]string{"token": token, "password": password}
	if r := f.browser().do("POST", "/invitations/accept", accept); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := f.browser().do("POST", "/invitations/accept", accept); r.status != 404 || r.code(t) != "link" {
		t.Errorf("a second time: %d %s", r.status, r.body)
	}
	if strings.Contains(f.log.String(), token) {
		t.Error("the token is in the log")
	}
	f.as("nina")
}

func TestChangeOfAUserIsSeenBySessionsAtOnce(t *testing.T) {
	f := newFixture(t)
	call, other := uuid.New(), uuid.New()
	f.addCalls(f.mine, aCall{id: call, at: f.clock.now(), queues: []int32{1}}, aCall{id: other, at: f.clock.now(), queues: []int32{2}})
	nina, user := f.invite("nina", "supervisor", map[string]any{"see": "limited", "queues": []int32{1}})
	var got struct{ Calls []api.CallRow }
	nina.do("GET", "/calls", nil).into(t, &got)
	if len(got.Calls) != 1 || got.Calls[0].ID != call.String() {
		t.Errorf("limited to a queue: %+v", got.Calls)
	}
	if r := nina.do("GET", "/calls/"+other.String(), nil); r.status != 404 {
		t.Errorf("a call of another queue: %d", r.status)
	}
	anna := f.as("anna")
	path := "/users/" + user.ID
	if r := anna.do("PUT", path, map[string]any{"name": "Nina", "role": "none"}); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := nina.do("GET", "/calls", nil); r.status != 403 {
		t.Errorf("without rights: %d", r.status)
	}
	anna.do("PUT", path, map[string]any{"name": "Nina", "role": "none", "disabled": true})
	if r := nina.do("GET", "/session", nil); r.status != 401 {
		t.Errorf("disabled: %d", r.status)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	for name, body := range map[string]map[string]any{
		"another role": {"name": "Anna", "role": "supervisor"},
		"disabled":     {"name": "Anna", "role": "administrator", "disabled": true},
	} {
		if r := anna.do("PUT", "/users/"+f.people["anna"].String(), body); r.status != 409 || r.code(t) != "last-administrator" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestNobodyGivesRightsHeHasNot(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	var role api.Role
	anna.do("POST", "/roles", aRole("Personnel", "users.write", "calls.read")).into(t, &role)
	nina, _ := f.invite("nina", role.ID, nil)
	for what, r := range map[string]reply{
		"an administrator":       nina.do("POST", "/users", map[string]any{"login": "evil", "name": "E", "role": "administrator"}),
		"a role of more rights":  nina.do("POST", "/roles", aRole("More", "audit.read")),
		"over one who has more":  nina.do("PUT", "/users/"+f.people["anna"].String(), map[string]any{"name": "A", "role": "none"}),
		"another's password":     nina.do("POST", "/users/"+f.people["anna"].String()+"/invitation", nil),
		"a token of more rights": anna.do("POST", "/tokens", map[string]any{"name": "x", "rights": []string{"rule.the.world"}}),
	} {
		if r.status != 403 || r.code(t) != "beyond-own" {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
	}
	if r := anna.do("DELETE", "/roles/"+role.ID, nil); r.status != 409 || r.code(t) != "role-used" {
		t.Errorf("a role somebody has: %d %s", r.status, r.body)
	}
}

func TestTokenMayWhatItSaysAndItsOwnerMay(t *testing.T) {
	f := newFixture(t)
	call := uuid.New()
	f.addCalls(f.mine, aCall{id: call, at: f.clock.now(), queues: []int32{1}}, aCall{id: uuid.New(), at: f.clock.now(), queues: []int32{2}})
	sveta := f.as("sveta")
	var made struct {
		Info  api.AccessToken
		Token string
	}
	ends := f.clock.now().Add(48 * time.Hour)
	sveta.do("POST", "/tokens", map[string]any{
		"name": "wallboard", "rights": []string{"calls.read"}, "limits": map[string]any{"see": "limited", "queues": []int32{1}}, "expires": ends,
	}).into(t, &made)
	program := f.browser()
	program.header["Authorization"] = "Bearer " + made.Token
	var got struct{ Calls []api.CallRow }
	program.do("GET", "/calls", nil).into(t, &got)
	if len(got.Calls) != 1 || got.Calls[0].ID != call.String() {
		t.Errorf("calls of the token's queue: %+v", got.Calls)
	}
	for path, want := range map[string]int{"/calls/" + call.String() + "/events": 403, "/people": 403, "/users": 403} {
		if r := program.do("GET", path, nil); r.status != want {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if r := program.do("DELETE", "/session", nil); r.status != 403 {
		t.Errorf("signing out: %d", r.status)
	}
	if strings.Contains(f.log.String(), made.Token) {
		t.Error("the token is in the log")
	}
	f.as("anna").do("PUT", "/users/"+f.people["sveta"].String(), map[string]any{"name": "Sveta", "role": "supervisor", "limits": map[string]any{"see": "limited", "queues": []int32{2}}})
	if r := program.do("GET", "/calls", nil); r.status != 403 {
		t.Errorf("after its owner lost the queue: %d %s", r.status, r.body)
	}
	if r := sveta.do("DELETE", "/tokens/"+made.Info.ID, nil); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	if r := program.do("GET", "/calls", nil); r.status != 401 || r.code(t) != "bad-token" {
		t.Errorf("revoked: %d %s", r.status, r.body)
	}
	program.cookie = f.as("anna").cookie
	if r := program.do("GET", "/calls", nil); r.status != 401 {
		t.Errorf("a bad token beside a good cookie: %d", r.status)
	}
}

func TestTokenIsSlowedDown(t *testing.T) {
	f := newFixture(t)
	var made struct{ Token string }
	f.as("anna").do("POST", "/tokens", map[string]any{"name": "busy", "rights": []string{"calls.read"}}).into(t, &made)
	program := f.browser()
	program.header["Authorization"] = "Bearer " + made.Token
	for range 100 {
		if r := program.do("GET", "/session", nil); r.status != 200 {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	if r := program.do("GET", "/session", nil); r.status != 429 || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", r.status, r.body)
	}
	f.clock.pass(time.Second)
	if r := program.do("GET", "/session", nil); r.status != 200 {
		t.Errorf("a second later: %d", r.status)
	}
}
