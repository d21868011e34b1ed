package api

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/names"
)

// OperatorState is a time in which an operator was in one state.
type OperatorState struct {
	ID         string      `json:"id" format:"uuid"`
	Kind       string      `json:"kind" enum:"unknown,logged_in,paused,penalty,wrap_up,ringing,busy,on_hold,idle,unreachable" doc:"logged_in to wrap_up are of one queue and may overlap; of the others an operator has one at a time"`
	PBX        int32       `json:"pbx"`
	Operator   int32       `json:"operator"`
	People     []PersonRef `json:"people" nullable:"false" doc:"Whose the device was while it lasted, as far as anybody said"`
	Queue      *int32      `json:"queue" doc:"Of ringing, busy and on_hold: the queue whose call it is; null for none, and for agents of a pool"`
	From       time.Time   `json:"from"`
	To         *time.Time  `json:"to" doc:"null while it lasts; the end of a wrap-up is known from its beginning"`
	Estimated  bool        `json:"estimated" doc:"Begin or end was not seen"`
	Interface  string      `json:"interface" doc:"What the queue rings, or the device"`
	Member     string      `json:"member" doc:"The queue's name for the operator, or the number of an agent of a pool"`
	Membership string      `json:"membership" enum:"static,dynamic,realtime,agent," doc:"agent: of a pool"`
	Penalty    int32       `json:"penalty"`
	BeganBy    string      `json:"began_by" enum:"dialplan,action,autopause,listed," doc:"action: AMI or the command line; listed: nobody saw it, the PBX's list had it"`
	EndedBy    string      `json:"ended_by" enum:"dialplan,action,logout,call,stop,listed," doc:"stop: Asterisk stopped; call: the operator spoke again"`
	Reason     string      `json:"reason" doc:"Why it was paused"`
	EndReason  string      `json:"end_reason" doc:"Why the pause ended"`
}

type statesInput struct {
	From     time.Time `query:"from" doc:"States that last beyond this moment"`
	To       time.Time `query:"to" doc:"States that began before this moment"`
	Operator []int32   `query:"operator" maxItems:"500"`
	Person   []int32   `query:"person" maxItems:"500" doc:"States of devices while they were any of these people's"`
	Queue    []int32   `query:"queue" maxItems:"200"`
	PBX      []int32   `query:"pbx" maxItems:"100"`
	Kind     []string  `query:"kind" enum:"logged_in,paused,penalty,wrap_up,ringing,busy,on_hold,idle,unreachable"`
	Limit    int       `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	Cursor   string    `query:"cursor" maxLength:"200" doc:"next of the answer before; the other parameters stay the same"`
}

type statesOutput struct {
	Body struct {
		States []OperatorState `json:"states" nullable:"false" doc:"By begin, the latest first"`
		Next   *string         `json:"next" doc:"Cursor of the following states; null at the end"`
	}
}

// stateKinds are the names of the kinds that states are stored with (see package call), by value.
func stateKinds() []string {
	return []string{"unknown", "logged_in", "paused", "penalty", "wrap_up", "ringing", "busy", "on_hold", "idle", "unreachable"}
}

const stateColumns = `id, kind, pbx_id, operator_id, queue_id, from_at, to_at, estimated, interface, member, membership, penalty, began_by, ended_by,
	reason, end_reason`

func scanState(row pgx.CollectableRow) (s OperatorState, err error) {
	var id uuid.UUID
	var kind int16
	err = row.Scan(&id, &kind, &s.PBX, &s.Operator, &s.Queue, &s.From, &s.To, &s.Estimated, &s.Interface, &s.Member, &s.Membership, &s.Penalty,
		&s.BeganBy, &s.EndedBy, &s.Reason, &s.EndReason)
	s.ID, s.Kind, s.From, s.To = id.String(), name(stateKinds(), kind), s.From.UTC(), utc(s.To)
	return s, err
}

// listStates lists what operators did.
func (a *API) listStates(ctx context.Context, in *statesInput) (*statesOutput, error) {
	v := viewerOf(ctx)
	out := &statesOutput{}
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		m, err := newMasker(ctx, tx, v)
		if err != nil {
			return err
		}
		f, err := stateFilter(v, m, in)
		if err != nil {
			return err
		}
		query := statesQuery(f, in)
		rows, err := tx.Query(ctx, query, f.args...)
		if err != nil {
			return err
		}
		if out.Body.States, err = pgx.CollectRows(rows, scanState); err != nil {
			return err
		}
		if err := addPeopleOfStates(ctx, tx, v.Tenant, out.Body.States); err != nil {
			return err
		}
		for i := range out.Body.States {
			m.state(&out.Body.States[i])
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list states of operators: %w", err)
	}
	if list := out.Body.States; len(list) > in.Limit {
		last := list[in.Limit-1]
		next := writeCursor(CallRow{Start: last.From, ID: last.ID})
		out.Body.States, out.Body.Next = list[:in.Limit], &next
	}
	return out, nil
}

// A state has a part in a period though it may have begun long before. So that nobody has to read through all that began
// before, what lasts longer than a day has an index of its own, and what does not cannot have begun earlier than a day
// before the period.
const (
	beganNear = ` AND from_at >= $%[1]d::timestamptz - interval '1 day'`
	lastsLong = ` AND from_at < $%[1]d::timestamptz - interval '1 day' AND (to_at IS NULL OR to_at - from_at > interval '1 day')`
)

func statesQuery(f *filter, in *statesInput) string {
	order := fmt.Sprintf(` ORDER BY from_at DESC, id DESC LIMIT %d`, in.Limit+1)
	query := `SELECT ` + stateColumns + ` FROM operator_states s WHERE ` + f.sql()
	if in.From.IsZero() {
		return query + order
	}
	f.args = append(f.args, in.From)
	from := len(f.args)
	return `(` + query + fmt.Sprintf(beganNear, from) + order + `) UNION ALL (` + query + fmt.Sprintf(lastsLong, from) + order + `)` + order
}

// stateFilter says which states a viewer asked for.
func stateFilter(v *Viewer, m *masker, in *statesInput) (*filter, error) {
	f := &filter{}
	f.add("tenant_id = $", v.Tenant.UUID())
	if !in.From.IsZero() && !in.To.IsZero() && !in.From.Before(in.To) {
		return nil, badRequest(locale.Say("The period ends before it begins."))
	}
	if !in.From.IsZero() {
		f.add("(to_at IS NULL OR to_at > $)", in.From)
	}
	if !in.To.IsZero() {
		f.add("from_at < $", in.To)
	}
	queues, none := m.asked(in.Queue, (*names.Named).Queue)
	people, nobody := m.asked(in.Person, (*names.Named).Person)
	if none || nobody {
		f.add("false")
	}
	for column, ids := range map[string][]int32{"operator_id": in.Operator, "queue_id": queues, "pbx_id": in.PBX} {
		if len(ids) > 0 {
			f.add(column+" = ANY($)", ids)
		}
	}
	if len(people) > 0 {
		personStateFilter(f, people)
	}
	statesInScope(f, v.Scope)
	if len(in.Kind) > 0 {
		f.add("kind = ANY($)", values(stateKinds(), in.Kind))
	}
	if in.Cursor != "" {
		from, id, err := readCursor(in.Cursor)
		if err != nil {
			return nil, err
		}
		f.add("(from_at, id) < ($, $)", from, id)
	}
	return f, nil
}
