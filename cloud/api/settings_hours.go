package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/settings"
)

type calendarsOutput struct {
	Body struct {
		Calendars []settings.Calendar `json:"calendars" nullable:"false"`
	}
}

type calendarBody struct {
	Name     string             `json:"name" maxLength:"200"`
	Week     [7][]settings.Span `json:"week" doc:"Per weekday, Monday first, pairs of minutes of the day; none: closed"`
	Holidays []settings.Holiday `json:"holidays,omitempty" maxItems:"2000" doc:"Days that differ"`
}

func (b calendarBody) calendar(id int32) settings.Calendar {
	return settings.Calendar{ID: id, Name: b.Name, Week: b.Week, Holidays: b.Holidays}
}

type calendarInput struct{ Body calendarBody }

type changeCalendarInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body calendarBody
}

type calendarOutput struct{ Body settings.Calendar }

func (a *API) listCalendars(ctx context.Context, _ *struct{}) (*calendarsOutput, error) {
	out := &calendarsOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Calendars, err = settings.Calendars(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) addCalendar(ctx context.Context, in *calendarInput) (*calendarOutput, error) {
	out := &calendarOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.AddCalendar(ctx, in.Body.calendar(0))
		return err
	})
	return out, err
}

func (a *API) changeCalendar(ctx context.Context, in *changeCalendarInput) (*calendarOutput, error) {
	out := &calendarOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.ChangeCalendar(ctx, in.Body.calendar(in.ID))
		return err
	})
	return out, err
}

func (a *API) removeCalendar(ctx context.Context, in *idInput) (*emptyOutput, error) {
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemoveCalendar(ctx, in.ID) })
}

type policiesOutput struct {
	Body struct {
		Policies []settings.Policy `json:"policies" nullable:"false" doc:"Those of all queues first, each from the earliest"`
	}
}

type policyBody struct {
	Queue     *int32     `json:"queue" doc:"null: all queues that have no policy of their own"`
	From      *time.Time `json:"from" doc:"May be past; null: since ever"`
	Threshold int32      `json:"threshold" minimum:"1" maximum:"3600" doc:"T, seconds"`
	Short     int32      `json:"short" minimum:"0" maximum:"600" doc:"s, seconds: who gives up sooner is a short abandon"`
	Variant   int16      `json:"variant" minimum:"1" maximum:"5" doc:"SL1 to SL5"`
	Shorts    int16      `json:"shorts" minimum:"0" maximum:"1" doc:"Short abandons count as every abandon (0), or as if they had never called (1)"`
	Target    float64    `json:"target" minimum:"0" maximum:"1" doc:"0.8; 0: nothing is aimed at"`
	CallBack  int32      `json:"call_back" minimum:"0" maximum:"604800" doc:"Seconds in which a missed caller is to be called back"`
}

func (b policyBody) policy(id int32) settings.Policy {
	return settings.Policy{
		ID: id, Queue: b.Queue, From: b.From, Threshold: b.Threshold, Short: b.Short, Variant: b.Variant, Shorts: b.Shorts, Target: b.Target, CallBack: b.CallBack,
	}
}

type policyInput struct{ Body policyBody }

type changePolicyInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body policyBody
}

type policyOutput struct{ Body settings.Policy }

func (a *API) listPolicies(ctx context.Context, _ *struct{}) (*policiesOutput, error) {
	out := &policiesOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Policies, err = settings.Policies(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) addPolicy(ctx context.Context, in *policyInput) (*policyOutput, error) {
	out := &policyOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.AddPolicy(ctx, in.Body.policy(0))
		return err
	})
	return out, err
}

func (a *API) changePolicy(ctx context.Context, in *changePolicyInput) (*policyOutput, error) {
	out := &policyOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.ChangePolicy(ctx, in.Body.policy(in.ID))
		return err
	})
	return out, err
}

func (a *API) removePolicy(ctx context.Context, in *idInput) (*emptyOutput, error) {
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemovePolicy(ctx, in.ID) })
}

type rostersInput struct {
	From time.Time `query:"from" required:"true" doc:"Times that begin at or after this moment"`
	To   time.Time `query:"to" required:"true"`
}

type rostersOutput struct {
	Body struct {
		Shifts []settings.Shift `json:"shifts" nullable:"false" doc:"By person and begin"`
	}
}

type rosterInput struct {
	Body struct {
		Person int32     `json:"person"`
		From   time.Time `json:"from" doc:"What begins at or after this moment"`
		To     time.Time `json:"to" doc:"and before this one is replaced"`
		Shifts []struct {
			Kind string    `json:"kind" enum:"work,break"`
			From time.Time `json:"from"`
			To   time.Time `json:"to"`
		} `json:"shifts" nullable:"false" maxItems:"2000"`
	}
}

func (a *API) listRosters(ctx context.Context, in *rostersInput) (*rostersOutput, error) {
	out := &rostersOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Shifts, err = settings.Rosters(ctx, tx, in.From, in.To)
		return err
	})
	return out, err
}

func (a *API) setRoster(ctx context.Context, in *rosterInput) (*emptyOutput, error) {
	b := &in.Body
	shifts := make([]settings.Shift, 0, len(b.Shifts))
	for _, s := range b.Shifts {
		shifts = append(shifts, settings.Shift{Person: b.Person, Kind: s.Kind, From: s.From, To: s.To})
	}
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.SetRoster(ctx, b.Person, b.From, b.To, shifts) })
}
