package api_test

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/api"
	"github.com/callweave/callweave/tenants"
)

func credentials(login, pass string) map[string]string {
	return map[string]string{"login": login, "password": pass}
}

func TestSessionSaysWhoIsSignedIn(t *testing.T) {
	f := newFixture(t)
	for login, want := range map[string]api.Session{
		"oleg": {
			Realm: "tenant", Tenant: &api.Tenant{ID: f.mine.String(), Name: "mine", Zone: "UTC"},
			User:   api.User{ID: f.people["oleg"].String(), Name: "OLEG", Login: "oleg", Role: "operator", Language: "en", Operator: &f.operator},
			Rights: []string{"calls.read", "states.read", "numbers.read", "tags.write"}, Sees: "own",
		},
		"vera": {Realm: "vendor", Rights: []string{}, Sees: "nothing", User: api.User{ID: f.people["vera"].String(), Name: "VERA", Login: "vera", Role: "staff", Language: "en"}},
	} {
		var got api.Session
		f.as(login).do("GET", "/session", nil).into(t, &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", login, diff)
		}
	}
	if r := f.browser().do("POST", "/session", credentials("  OLEG ", password)); r.status != 200 {
		t.Errorf("a log-in name in capitals: %d", r.status)
	}
}

func TestCookieCannotBeReadFromTheTable(t *testing.T) {
	f := newFixture(t)
	r := f.browser().do("POST", "/session", credentials("anna", password))
	cookie := r.header.Get("Set-Cookie")
	for _, part := range []string{"__Host-callweave=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("no %q in the cookie %q", part, cookie)
		}
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(cookie, "__Host-callweave="), ";")
	var stored []byte
	must(t, f.db.System().Tx(t.Context(), func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT token_hash FROM sessions`).Scan(&stored)
	}))
	if want := sha256.Sum256([]byte(token)); len(token) != 43 || string(stored) != string(want[:]) {
		t.Errorf("token of %d characters is not stored as its hash", len(token))
	}
	if strings.Contains(f.log.String(), token) || strings.Contains(f.log.String(), password) {
		t.Error("a secret is in the log")
	}
}

func TestSigningInEndsTheSessionBefore(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	before := *b
	b.do("POST", "/session", credentials("sveta", password))
	if r := before.do("GET", "/session", nil); r.status != 401 {
		t.Errorf("the session before answers %d", r.status)
	}
	if b.cookie == before.cookie {
		t.Error("the token stayed the same")
	}
}

func TestSessionsEnd(t *testing.T) {
	for name, end := range map[string]func(f *fixture, b *browser){
		"by signing out":         func(_ *fixture, b *browser) { kept := b.cookie; b.do("DELETE", "/session", nil); b.cookie = kept },
		"when idle for 12 hours": func(f *fixture, _ *browser) { f.clock.pass(12*time.Hour + time.Second) },
		"with all of the user's": func(f *fixture, _ *browser) {
			_, err := f.sessions.EndOfUser(f.t.Context(), f.people["anna"])
			must(f.t, err)
		},
		"with all of the tenant's":  func(f *fixture, _ *browser) { _, err := f.sessions.EndOfTenant(f.t.Context(), f.mine); must(f.t, err) },
		"when the user is disabled": func(f *fixture, _ *browser) { f.exec(f.mine, `UPDATE users SET disabled = now()`) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			b := f.as("anna")
			end(f, b)
			if r := b.do("GET", "/session", nil); r.status != 401 || r.code(t) != "not-signed-in" {
				t.Errorf("%d %s", r.status, r.body)
			}
		})
	}
}

func TestSessionEndsAfterAWeekHoweverBusy(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	for range 16 {
		if r := b.do("GET", "/session", nil); r.status != 200 {
			t.Fatalf("a session in use ended: %d", r.status)
		}
		f.clock.pass(10 * time.Hour)
	}
	f.clock.pass(9 * time.Hour)
	if r := b.do("GET", "/session", nil); r.status != 401 {
		t.Errorf("after 169 hours: %d", r.status)
	}
}

func TestSuspendedTenantIsTold(t *testing.T) {
	f := newFixture(t)
	b := f.as("anna")
	_, err := tenants.NewStore(f.db.Owner(), f.db.System()).Suspend(t.Context(), f.mine)
	must(t, err)
	if r := b.do("GET", "/calls", nil); r.status != 403 || r.code(t) != "tenant-suspended" {
		t.Errorf("an open session: %d %s", r.status, r.body)
	}
	if r := f.browser().do("POST", "/session", credentials("anna", password)); r.status != 403 || r.code(t) != "tenant-suspended" {
		t.Errorf("signing in: %d %s", r.status, r.body)
	}
	if r := f.browser().do("POST", "/session", credentials("anna", "wrong")); r.code(t) != "wrong-credentials" {
		t.Error("a stranger learns that the tenant is suspended")
	}
}

func TestWrongPasswordAndUnknownNameAnswerTheSame(t *testing.T) {
	f := newFixture(t)
	known := f.browser().do("POST", "/session", credentials("anna", "wrong"))
	unknown := f.browser().do("POST", "/session", credentials("nobody", "wrong"))
	if known.status != 401 || string(known.body) != string(unknown.body) {
		t.Errorf("known: %d %s, unknown: %d %s", known.status, known.body, unknown.status, unknown.body)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	f := newFixture(t)
	for range 5 {
		if r := f.browser().do("POST", "/session", credentials("anna", "wrong")); r.status != 401 {
			t.Fatalf("%d", r.status)
		}
	}
	r := f.browser().do("POST", "/session", credentials("anna", password))
	if r.status != 429 || r.code(t) != "too-many-tries" || r.header.Get("Retry-After") == "" {
		t.Errorf("after five failures even the right password: %d, Retry-After %q", r.status, r.header.Get("Retry-After"))
	}
	if r := f.browser().do("POST", "/session", credentials("sveta", password)); r.status != 200 {
		t.Errorf("somebody else from the same office: %d", r.status)
	}
	f.clock.pass(16 * time.Minute)
	if r := f.browser().do("POST", "/session", credentials("anna", password)); r.status != 200 {
		t.Errorf("after a quarter of an hour: %d", r.status)
	}
}

func TestSuccessForgivesFailures(t *testing.T) {
	f := newFixture(t)
	for range 3 {
		for range 4 {
			f.browser().do("POST", "/session", credentials("anna", "wrong"))
		}
		f.clock.pass(time.Minute)
		if r := f.browser().do("POST", "/session", credentials("anna", password)); r.status != 200 {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
}

func TestErrorsSpeakTheViewersLanguage(t *testing.T) {
	f := newFixture(t)
	stranger := f.browser()
	stranger.header["Accept-Language"] = "de, ru-RU;q=0.8, en;q=0.5"
	if r := stranger.do("GET", "/calls", nil); !strings.Contains(string(r.body), "Войдите") {
		t.Errorf("by the browser's languages: %s", r.body)
	}
	b := f.as("vera")
	b.do("PATCH", "/session", map[string]string{"language": "ru"})
	if r := b.do("GET", "/calls", nil); !strings.Contains(string(r.body), "администратор") {
		t.Errorf("by the viewer's choice: %s", r.body)
	}
	var got api.Session
	b.do("GET", "/session", nil).into(t, &got)
	if got.User.Language != "ru" {
		t.Errorf("the choice was not kept: %+v", got.User)
	}
}

func TestUnknownTokenIsNobody(t *testing.T) {
	f := newFixture(t)
	b := f.browser()
	for _, b.cookie = range []string{"x", strings.Repeat("A", 43), uuid.NewString()} {
		if r := b.do("GET", "/session", nil); r.status != 401 {
			t.Errorf("%q: %d", b.cookie, r.status)
		}
	}
}

func (f *fixture) exec(tenant tenants.ID, sql string, args ...any) {
	f.t.Helper()
	must(f.t, f.db.As(tenant).Tx(f.t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(f.t.Context(), sql, args...)
		return err
	}))
}
