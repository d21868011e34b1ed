package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/rights"
)

// MailSettings are the tenant's mail server. Its password is never shown.
type MailSettings struct {
	Host       string   `json:"host" minLength:"1" maxLength:"253" example:"smtp.example.com"`
	Port       int      `json:"port" minimum:"1" maximum:"65535" example:"587"`
	Security   string   `json:"security" enum:"starttls,tls,none" doc:"none: on the cloud's own machine only"`
	Login      string   `json:"login" maxLength:"320" doc:"Empty where the server asks for none"`
	Sender     string   `json:"sender" maxLength:"254" doc:"The address letters come from"`
	SenderName string   `json:"sender_name" maxLength:"100"`
	Allowed    []string `json:"allowed" nullable:"false" maxItems:"200" doc:"Addresses and @domains outside the tenant's users that reports may go to"`
}

// ShownMailSettings tells on top whether there is a password.
type ShownMailSettings struct {
	MailSettings
	Password bool `json:"has_password" doc:"A password is stored"`
}

type mailBody struct {
	Settings *ShownMailSettings `json:"settings" doc:"null: no mail server is set"`
}

type mailOutput struct{ Body mailBody }

type mailInput struct {
	Body struct {
		MailSettings
		Password *string `json:"password,omitempty" maxLength:"1000" doc:"Without it the stored one stays, which is refused for another server; empty: none"`
	}
}

type mailTestInput struct {
	Body struct {
		To string `json:"to" maxLength:"254" format:"email"`
	}
}

type mailTestOutput struct {
	Body struct {
		Sent    bool   `json:"sent" doc:"The mail server took the letter"`
		Problem string `json:"problem" doc:"What went wrong and what to do, in the viewer's language"`
		Detail  string `json:"detail" doc:"What the server or the network said"`
	}
}

// TransformSchema lets the schema say that the settings may be null.
func (mailBody) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "settings")
}

// mailOperations are about the mail server.
func (a *API) mailOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete
	register(a, operation{get, "/settings/mail", "get-mail", "mail", "The mail server that reports go out by", 0, whole(rights.WriteSettings)}, a.getMail)
	register(a, operation{put, "/settings/mail", "set-mail", "mail", "Set the mail server", 0, whole(rights.WriteSettings)}, a.setMail)
	register(a, operation{del, "/settings/mail", "remove-mail", "mail", "Forget the mail server: no report goes out any more", 204, whole(rights.WriteSettings)}, a.removeMail)
	register(a, operation{post, "/settings/mail/test", "test-mail", "mail", "Send a letter to try the mail server", 0, whole(rights.WriteSettings)}, a.testMail)
}

func shownMail(s mail.Settings) *ShownMailSettings {
	return &ShownMailSettings{
		MailSettings: MailSettings{
			Host: s.Host, Port: s.Port, Security: s.Security, Login: s.Login, Sender: s.Sender, SenderName: s.SenderName, Allowed: append([]string{}, s.Allowed...),
		}, Password: s.Password,
	}
}

func (m MailSettings) settings() mail.Settings {
	return mail.Settings{Host: m.Host, Port: m.Port, Security: m.Security, Login: m.Login, Sender: m.Sender, SenderName: m.SenderName, Allowed: m.Allowed}
}

func (a *API) getMail(ctx context.Context, _ *struct{}) (*mailOutput, error) {
	out := &mailOutput{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		s, err := mail.Read(ctx, tx)
		if err == nil {
			out.Body.Settings = shownMail(s)
		}
		if errors.Is(err, mail.ErrNone) {
			return nil
		}
		return err
	})
	return out, err
}

func (a *API) setMail(ctx context.Context, in *mailInput) (*mailOutput, error) {
	out := &mailOutput{}
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		var before any
		was, err := mail.Read(ctx, tx)
		if err == nil {
			before = shownMail(was)
		} else if !errors.Is(err, mail.ErrNone) {
			return err
		}
		s, err := a.deps.Mail.Save(ctx, tx, in.Body.settings(), in.Body.Password)
		if err != nil {
			return err
		}
		out.Body.Settings = shownMail(s)
		after := struct {
			*ShownMailSettings
			NewPassword bool `json:"new_password"`
		}{out.Body.Settings, in.Body.Password != nil}
		return e.Note(ctx, "mail.change", s.Host, before, after)
	})
	return out, mailRefused(err)
}

func (a *API) removeMail(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	return nil, a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) error {
		was, err := mail.Read(ctx, tx)
		if errors.Is(err, mail.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := mail.Remove(ctx, tx); err != nil {
			return err
		}
		return e.Note(ctx, "mail.remove", was.Host, shownMail(was), nil)
	})
}

func (a *API) testMail(ctx context.Context, in *mailTestInput) (*mailTestOutput, error) {
	v := viewerOf(ctx)
	var s mail.Settings
	var password string
	err := a.editing(ctx, func(tx pgx.Tx, e *identity.Editor) (err error) {
		if s, err = mail.Read(ctx, tx); err != nil {
			return err
		}
		if password, err = a.deps.Mail.Password(ctx, tx, s); err != nil {
			return err
		}
		return e.Note(ctx, "mail.test", in.Body.To, nil, map[string]string{"to": in.Body.To})
	})
	if err != nil {
		return nil, mailRefused(err)
	}
	say := func(what locale.Sentence) string { return a.words.In(v.Language, what) }
	err = a.deps.Mail.Send(ctx, s, password, mail.Letter{
		ID: uuid.NewString(), To: in.Body.To, At: a.deps.Now(), Subject: say(locale.Say("Callweave: a test letter")),
		Text: say(locale.Say("The mail server works: reports can go out by it. %s sent this letter.", v.Name)) + "\r\n",
	})
	out := &mailTestOutput{}
	var unsent *mail.Error
	switch {
	case err == nil:
		out.Body.Sent = true
	case errors.As(err, &unsent):
		out.Body.Problem, out.Body.Detail = say(mail.Words(unsent.Code)), unsent.Detail
	default:
		return nil, fmt.Errorf("send test letter: %w", err)
	}
	return out, nil
}

// mailRefused turns what was not done into what the viewer gets to see.
func mailRefused(err error) error {
	var refused *mail.RefusalError
	switch {
	case errors.Is(err, mail.ErrNone):
		return fail(http.StatusConflict, "no-mail", locale.Say("No mail server is set yet. An administrator sets it in Settings, E-mail."))
	case errors.As(err, &refused):
		return fail(http.StatusUnprocessableEntity, "invalid", refused.Say)
	}
	return err
}
