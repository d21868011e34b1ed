package api_test

import (
	"strings"
	"testing"

	"github.com/callweave/callweave/cloud/mail/mailtest"
)

func someMail() map[string]any {
	return map[string]any{
		"host": "localhost", "port": 587, "security": "starttls", "login": mailtest.Login, "password": mailtest.Password,
		"sender": "reports@acme.test", "sender_name": "Reports", "allowed": []string{"@partner.test"},
	}
}

func TestMailServerIsSetTriedAndItsPasswordNeverShown(t *testing.T) {
	f := newFixture(t)
	anna := f.as("anna")
	if r := anna.do("POST", "/settings/mail/test", map[string]string{"to": "anna@acme.test"}); r.status != 409 || r.code(t) != "no-mail" {
		t.Errorf("without a server: %d %s", r.status, r.body)
	}
	settings := someMail()
	settings["port"] = f.mail.Port
	set := anna.do("PUT", "/settings/mail", settings)
	read := anna.do("GET", "/settings/mail", nil)
	audit := anna.do("GET", "/audit?action=mail", nil)
	for _, r := range []reply{set, read, audit} {
		if r.status != 200 || strings.Contains(string(r.body), mailtest.Password) || !strings.Contains(string(r.body), `"has_password":true`) {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	var tried struct {
		Sent            bool
		Problem, Detail string
	}
	anna.do("POST", "/settings/mail/test", map[string]string{"to": "anna@acme.test"}).into(t, &tried)
	if !tried.Sent {
		t.Fatalf("%+v", tried)
	}
	if l := f.mail.Await(t); l.To != "anna@acme.test" || !l.Secure || !strings.Contains(l.Text, "ANNA") {
		t.Errorf("%+v", l)
	}
	settings["password"] = "wrong"
	anna.do("PUT", "/settings/mail", settings)
	anna.do("POST", "/settings/mail/test", map[string]string{"to": "anna@acme.test"}).into(t, &tried)
	if tried.Problem == "" || !strings.Contains(tried.Problem, "log-in and password") {
		t.Errorf("a wrong password: %+v", tried)
	}
	if log := f.log.String(); strings.Contains(log, mailtest.Password) || strings.Contains(log, "anna@acme.test") {
		t.Error("the log has a password, or addresses")
	}
	settings["host"] = "elsewhere.test"
	delete(settings, "password")
	if r := anna.do("PUT", "/settings/mail", settings); r.status != 422 || r.code(t) != "invalid" {
		t.Errorf("another server without a password: %d %s", r.status, r.body)
	}
}
