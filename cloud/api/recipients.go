package api

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/schedule"
)

// Recipient is a user a report can be sent to.
type Recipient struct {
	ID      string `json:"id" format:"uuid"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

type recipientsOutput struct {
	Body struct {
		Mail    bool        `json:"mail" doc:"There is a mail server"`
		Users   []Recipient `json:"users" nullable:"false" doc:"Those whose log-in is an e-mail address"`
		Allowed []string    `json:"allowed" nullable:"false" doc:"Other addresses, and @domains, that reports may go to"`
	}
}

// listRecipients tells who sets up a schedule whom it can go to.
func (a *API) listRecipients(ctx context.Context, _ *struct{}) (*recipientsOutput, error) {
	out := &recipientsOutput{}
	out.Body.Users, out.Body.Allowed = []Recipient{}, []string{}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		s, err := mail.Read(ctx, tx)
		if err != nil && !errors.Is(err, mail.ErrNone) {
			return err
		}
		out.Body.Mail = err == nil
		out.Body.Allowed = append(out.Body.Allowed, s.Allowed...)
		users, err := schedule.Recipients(ctx, tx)
		for _, u := range users {
			out.Body.Users = append(out.Body.Users, Recipient{ID: u.User.String(), Name: u.Name, Address: u.Address})
		}
		return err
	})
	return out, err
}
