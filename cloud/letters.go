package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/export"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/figures"
	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/schedule"
	"github.com/callweave/callweave/cloud/users"
	"github.com/callweave/callweave/tenants"
)

// outgoing is what leaves the portal: computed reports, and letters.
type outgoing struct {
	figures *figures.Computer
	postbox *mail.Postbox
	letters *schedule.Runner
}

func (n *node) outgoing(ctx context.Context) (*outgoing, error) {
	words, err := locale.Load()
	if err != nil {
		return nil, err
	}
	o := &outgoing{
		figures: figures.New(n.db, facts.Reader{Now: time.Now}, words, time.Now),
		postbox: mail.NewPostbox(n.keys.Derive("mail settings"), mail.Options{Private: n.cfg.MailPrivate}),
	}
	o.letters, err = schedule.NewRunner(ctx, schedule.Deps{
		DB: n.db, Postbox: o.postbox, Owner: owner, Report: o.report, Words: words, Portal: n.url(), Log: n.log.With(slog.String("part", "letters")), Now: time.Now,
	})
	return o, err
}

// url is the portal's address without a slash at the end.
func (n *node) url() string { return strings.TrimSuffix(n.public.String(), "/") }

// owner is what somebody may do and see at this moment.
func owner(ctx context.Context, tx pgx.Tx, user uuid.UUID) (schedule.Owner, error) {
	g, err := users.GrantOf(ctx, tx, user)
	if errors.Is(err, users.ErrUnknownUser) {
		return schedule.Owner{}, schedule.ErrOwnerGone
	}
	return schedule.Owner{Name: g.Name, Rights: g.Rights, Scope: g.Scope}, err
}

func (o *outgoing) report(ctx context.Context, tenant tenants.ID, who schedule.Owner, q report.Query, language string) (*export.Report, error) {
	r, err := o.figures.Report(ctx, figures.Asker{Tenant: tenant, Scope: who.Scope, Language: language}, q)
	if errors.Is(err, figures.ErrTooLarge) {
		return nil, schedule.ErrTooLarge
	}
	return r, err
}
