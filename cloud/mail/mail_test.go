package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/mail/mailtest"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/pg/pgtest"
	"github.com/callweave/callweave/tenants"
)

func settingsOf(s *mailtest.Server, security string) mail.Settings {
	return mail.Settings{Host: "localhost", Port: s.Port, Security: security, Login: mailtest.Login, Sender: "reports@acme.test", SenderName: "Отчёты"}
}

func letter(to string) mail.Letter {
	return mail.Letter{
		ID: "one", To: to, Subject: "Итоги недели", HTML: `<p>Hello <img src="cid:chart.png"></p>`, Text: "Hello",
		Pictures: []mail.File{{Name: "chart.png", MIME: "image/png", Data: []byte{1, 2, 3}}},
		Files:    []mail.File{{Name: "Отчёт.xlsx", MIME: "application/vnd.ms-excel", Data: []byte{4, 5}}}, At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	}
}

func TestLetterArrivesWholeOverTLS(t *testing.T) {
	for _, security := range []string{mail.StartTLS, mail.TLS} {
		server := mailtest.Start(t, security == mail.TLS)
		p := mail.NewPostbox([32]byte{1}, mail.Options{Private: true, Roots: server.Roots})
		if err := p.Send(t.Context(), settingsOf(server, security), mailtest.Password, letter("boss@acme.test")); err != nil {
			t.Fatalf("%s: %v", security, err)
		}
		got := server.Await(t)
		if !got.Secure || got.Signed != mailtest.Login || got.From != "reports@acme.test" || got.To != "boss@acme.test" {
			t.Errorf("%s: %+v", security, got)
		}
		if got.Subject != "Итоги недели" || got.Text != "Hello" || !strings.Contains(got.HTML, "cid:chart.png") || got.Header.Get("Message-Id") != "<one@acme.test>" {
			t.Errorf("%s: %+v", security, got)
		}
		want := map[string][]byte{"chart.png": {1, 2, 3}, "Отчёт.xlsx": {4, 5}}
		if diff := cmp.Diff(want, got.Files); diff != "" {
			t.Errorf("%s: files (-want +got):\n%s", security, diff)
		}
	}
}

func TestWhatKeepsALetterFromBeingSentIsTold(t *testing.T) {
	temporary := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try later"}
	for name, c := range map[string]struct {
		private bool
		strange bool // its certificate
		change  func(*mailtest.Server, *mail.Settings)
		want    mail.Error
	}{
		"a private address": {change: func(*mailtest.Server, *mail.Settings) {}, want: mail.Error{Code: mail.Forbidden}},
		"nobody there":      {private: true, change: func(_ *mailtest.Server, s *mail.Settings) { s.Port = 1 }, want: mail.Error{Code: mail.Unreachable, Again: true}},
		"a certificate of nobody known": {
			private: true, strange: true, change: func(*mailtest.Server, *mail.Settings) {}, want: mail.Error{Code: mail.NotSecure, Again: true},
		},
		"a wrong log-in": {private: true, change: func(_ *mailtest.Server, s *mail.Settings) { s.Login = "somebody" }, want: mail.Error{Code: mail.SignIn}},
		"no such box": {
			private: true, change: func(s *mailtest.Server, _ *mail.Settings) {
				s.Answer = func(at, _ string) error {
					if at == "RCPT" {
						return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such box"}
					}
					return nil
				}
			}, want: mail.Error{Code: mail.Rejected},
		},
		"a server that is busy": {
			private: true, change: func(s *mailtest.Server, _ *mail.Settings) {
				s.Answer = func(at, _ string) error {
					if at == "DATA" {
						return temporary
					}
					return nil
				}
			}, want: mail.Error{Code: mail.Rejected, Again: true},
		},
		"a server that hangs up before it confirms": {
			private: true, change: func(s *mailtest.Server, _ *mail.Settings) { s.Hang = true }, want: mail.Error{Code: mail.Unsure},
		},
	} {
		server := mailtest.Start(t, false)
		o := mail.Options{Private: c.private, Roots: server.Roots}
		if c.strange {
			o.Roots = nil
		}
		s := settingsOf(server, mail.StartTLS)
		c.change(server, &s)
		err := mail.NewPostbox([32]byte{1}, o).Send(t.Context(), s, mailtest.Password, letter("boss@acme.test"))
		var e *mail.Error
		if !errors.As(err, &e) || e.Code != c.want.Code || e.Again != c.want.Again {
			t.Errorf("%s: %v, want %s (again: %v)", name, err, c.want.Code, c.want.Again)
		}
	}
}

// save stores settings for a tenant and returns what is stored then, with the password opened.
func save(t *testing.T, db *pg.DB, tenant tenants.ID, p *mail.Postbox, s mail.Settings, password *string) (got mail.Settings, opened string, err error) {
	t.Helper()
	err = db.As(tenant).Tx(t.Context(), func(tx pgx.Tx) (err error) {
		if _, err = p.Save(t.Context(), tx, s, password); err != nil {
			return err
		}
		if got, err = mail.Read(t.Context(), tx); err != nil {
			return err
		}
		opened, err = p.Password(t.Context(), tx, got)
		return err
	})
	return got, opened, err
}

func TestPasswordIsSealedAndStaysWithItsServer(t *testing.T) {
	db := pgtest.New(t)
	mine, other := pgtest.NewTenant(t, db, "mine"), pgtest.NewTenant(t, db, "other")
	p := mail.NewPostbox([32]byte{7}, mail.Options{})
	s := mail.Settings{Host: "mail.acme.test", Port: 587, Security: mail.StartTLS, Login: "x", Sender: "a@acme.test", Allowed: []string{"@Partner.test", "boss@home.test"}}
	password := "secret words"
	got, opened, err := save(t, db, mine, p, s, &password)
	if err != nil || opened != password || !got.Password {
		t.Fatalf("%q, %+v, %v", opened, got, err)
	}
	if _, opened, err = save(t, db, mine, p, s, nil); err != nil || opened != password {
		t.Errorf("kept: %q, %v", opened, err)
	}
	moved := s
	moved.Host = "evil.test"
	var refused *mail.RefusalError
	if _, _, err := save(t, db, mine, p, moved, nil); !errors.As(err, &refused) {
		t.Errorf("the password goes with the settings to another server: %v", err)
	}
	// The bytes of the row are worth nothing: not in the clear, not in another tenant's row.
	var sealed []byte
	read := func(id tenants.ID, fn func(pgx.Tx) error) {
		t.Helper()
		if err := db.As(id).Tx(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	read(mine, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT password FROM mail_settings`).Scan(&sealed)
	})
	if strings.Contains(string(sealed), password) {
		t.Error("the password is stored in the clear")
	}
	if _, _, err := save(t, db, other, p, s, nil); err != nil {
		t.Fatal(err)
	}
	read(other, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE mail_settings SET password = $1`, sealed)
		if err != nil {
			return err
		}
		stolen, err := mail.Read(t.Context(), tx)
		if err != nil {
			return err
		}
		if opened, err := p.Password(t.Context(), tx, stolen); err == nil {
			t.Errorf("another tenant's row opens: %q", opened)
		}
		return nil
	})
}

func TestSettingsThatMakeNoSenseAreRefused(t *testing.T) {
	db := pgtest.New(t)
	mine := pgtest.NewTenant(t, db, "mine")
	good := mail.Settings{Host: "mail.acme.test", Port: 587, Security: mail.StartTLS, Sender: "a@acme.test"}
	for name, change := range map[string]func(*mail.Settings){
		"no host":                       func(s *mail.Settings) { s.Host = "" },
		"a URL for a host":              func(s *mail.Settings) { s.Host = "smtp://mail" },
		"no encryption far away":        func(s *mail.Settings) { s.Security = mail.Plain },
		"a port that is no mail's":      func(s *mail.Settings) { s.Port = 6379 },
		"a sender without a domain":     func(s *mail.Settings) { s.Sender = "me" },
		"a header in the name":          func(s *mail.Settings) { s.SenderName = "x\r\nBcc: y@z.test" },
		"an allowed thing that is none": func(s *mail.Settings) { s.Allowed = []string{"*"} },
	} {
		s := good
		change(&s)
		var refused *mail.RefusalError
		if _, _, err := save(t, db, mine, mail.NewPostbox([32]byte{}, mail.Options{}), s, nil); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReportsGoOnlyWhereTheyAreAllowedTo(t *testing.T) {
	s := mail.Settings{Allowed: []string{"@partner.test", "boss@home.test"}}
	for address, want := range map[string]bool{
		"any@partner.test": true, "Any@Partner.test": true, "boss@home.test": true,
		"other@home.test": false, "any@sub.partner.test": false, "any@evilpartner.test": false, "": false,
	} {
		if got := s.Allows(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
