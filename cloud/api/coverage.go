package api

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/coverage"
	"github.com/callweave/callweave/cloud/coverage/heard"
	"github.com/callweave/callweave/cloud/locale"
)

// missingShown is how many intervals of a PBX an answer carries.
const missingShown = 1000

type coverageInput struct {
	From time.Time `query:"from" required:"true" doc:"Begin of the period"`
	To   time.Time `query:"to" required:"true" doc:"End of the period; what lies in the future is no part of it"`
}

type coverageOutput struct {
	Body struct {
		From time.Time     `json:"from"`
		To   time.Time     `json:"to" doc:"End of the period, now at the latest"`
		PBXs []PBXCoverage `json:"pbxs" nullable:"false" doc:"By name"`
	}
}

// PBXCoverage says how complete what was heard of a PBX in a period is.
type PBXCoverage struct {
	ID        int32      `json:"id"`
	Name      string     `json:"name"`
	Since     *time.Time `json:"since" doc:"When it was heard first; the time before is not missing. null: never"`
	Seconds   float64    `json:"seconds" doc:"Of the period, since the PBX is known"`
	Covered   float64    `json:"covered_seconds" doc:"Of those, in which everything was heard"`
	Share     *float64   `json:"share" doc:"covered_seconds ÷ seconds; null where seconds is 0"`
	Lost      uint64     `json:"events_lost" doc:"Events known to be lost in the period"`
	Intervals int        `json:"intervals" doc:"How many intervals are missing"`
	Missing   []Missing  `json:"missing" nullable:"false" doc:"The first 1000 of them, in order; they do not overlap"`
}

// Missing is an interval in which something is missing.
type Missing struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Seconds   float64   `json:"seconds" doc:"0 where events of one moment are lost"`
	Reasons   []string  `json:"reasons" nullable:"false" doc:"spool-full, spool-age, damaged, cut, unwritable, forgotten, undecodable, disconnected, silent, unheard"`
	Events    uint64    `json:"events" doc:"Known to be lost in it; 0 where nobody can know"`
	Estimated bool      `json:"estimated" doc:"Its bounds are when something was last and next heard, or events is a share of a gap that reaches beyond it"`
}

func (a *API) getCoverage(ctx context.Context, in *coverageInput) (*coverageOutput, error) {
	if !in.From.Before(in.To) {
		return nil, badRequest(locale.Say("The period ends before it begins."))
	}
	now := a.deps.Now()
	out := &coverageOutput{}
	out.Body.From, out.Body.To, out.Body.PBXs = in.From.UTC(), in.To.UTC(), []PBXCoverage{}
	if out.Body.To.After(now) {
		out.Body.To = now.UTC()
	}
	err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, func(tx pgx.Tx) error {
		pbxs, err := readPBXs(ctx, tx)
		if err != nil {
			return err
		}
		agents, err := heard.Read(ctx, tx, in.From, in.To)
		if err != nil {
			return err
		}
		for _, p := range pbxs {
			out.Body.PBXs = append(out.Body.PBXs, shownCoverage(p, coverage.Of(agents[p.ID], in.From, in.To, now)))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return out, nil
}

func shownCoverage(p PBX, c coverage.Coverage) PBXCoverage {
	shown := PBXCoverage{
		ID: p.ID, Name: p.Name, Seconds: seconds(c.Period), Covered: seconds(c.Covered), Lost: c.Events,
		Intervals: len(c.Missing), Missing: []Missing{},
	}
	if !c.Since.IsZero() {
		shown.Since = utc(&c.Since)
	}
	if share, ok := c.Share(); ok {
		shown.Share = &share
	}
	for _, m := range c.Missing[:min(len(c.Missing), missingShown)] {
		shown.Missing = append(shown.Missing, Missing{
			From: m.From.UTC(), To: m.To.UTC(), Seconds: seconds(m.To.Sub(m.From)), Reasons: m.Reasons, Events: m.Events, Estimated: m.Estimated,
		})
	}
	return shown
}

// seconds are exact to a millisecond; what agents stamp is.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }
