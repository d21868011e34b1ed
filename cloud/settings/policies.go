package settings

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// Policy says how the service level is computed, of a queue or of all that have none of their own, from a moment on, which
// may be past: figures of that time follow. See report.Policy.
type Policy struct {
	ID        int32      `json:"id"`
	Queue     *int32     `json:"queue" doc:"null: all queues that have no policy of their own"`
	From      *time.Time `json:"from" doc:"Calls that enter from this moment on; null: since ever. Of several the latest counts"`
	Threshold int32      `json:"threshold" minimum:"1" maximum:"3600" doc:"T, seconds"`
	Short     int32      `json:"short" minimum:"0" maximum:"600" doc:"s, seconds: who gives up sooner is a short abandon"`
	Variant   int16      `json:"variant" minimum:"1" maximum:"5" doc:"1: (answered in T + abandoned in T) ÷ (answered + abandoned). 2: answered in T ÷ answered. 3: answered in T ÷ (answered + abandoned). 4: answered in T ÷ (answered + abandoned after T). 5: (answered in T + abandoned in s) ÷ (answered + abandoned)"`
	Shorts    int16      `json:"shorts" minimum:"0" maximum:"1" doc:"Short abandons count as every abandon (0), or as if they had never called (1)"`
	Target    float64    `json:"target" minimum:"0" maximum:"1" doc:"What is aimed at: 0.8; 0: nothing"`
	CallBack  int32      `json:"call_back" minimum:"0" maximum:"604800" doc:"Seconds in which a missed caller is to be called back"`
}

const (
	policies = `SELECT p.id, p.queue_id, p.valid_from, p.threshold_s, p.short_s, p.variant, p.shorts, p.target, p.call_back_s FROM policies p
		WHERE p.tenant_id = current_tenant()`
	variantCredits = 5
)

// Policies lists them: those of all queues first, each from the earliest.
func Policies(ctx context.Context, tx pgx.Tx) ([]Policy, error) {
	list, err := all[Policy](ctx, tx, policies+` ORDER BY p.queue_id NULLS FIRST, p.valid_from NULLS FIRST`)
	for i := range list {
		list[i] = list[i].inUTC()
	}
	return list, err
}

func (p Policy) inUTC() Policy {
	if p.From != nil {
		from := p.From.UTC().Truncate(time.Microsecond)
		p.From = &from
	}
	return p
}

// AddPolicy adds one.
func (e *Editor) AddPolicy(ctx context.Context, p Policy) (Policy, error) {
	p = p.inUTC()
	p.ID = 0
	subject, err := e.checkPolicy(ctx, p)
	if err != nil {
		return p, err
	}
	if err := e.room(ctx, "policies"); err != nil {
		return p, err
	}
	err = e.tx.QueryRow(ctx, `INSERT INTO policies (tenant_id, queue_id, valid_from, threshold_s, short_s, variant, shorts, target, call_back_s)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		p.Queue, p.From, p.Threshold, p.Short, p.Variant, p.Shorts, p.Target, p.CallBack).Scan(&p.ID)
	if err != nil {
		return p, fmt.Errorf("add policy: %w", err)
	}
	return p, e.Note(ctx, "policy.add", subject, nil, p.told())
}

// ChangePolicy corrects the policy of that id, for the past too.
func (e *Editor) ChangePolicy(ctx context.Context, p Policy) (Policy, error) {
	p = p.inUTC()
	was, err := e.policy(ctx, p.ID)
	if err != nil {
		return p, err
	}
	subject, err := e.checkPolicy(ctx, p)
	if err != nil {
		return p, err
	}
	err = e.exec(ctx, `UPDATE policies SET queue_id = $2, valid_from = $3, threshold_s = $4, short_s = $5, variant = $6, shorts = $7, target = $8, call_back_s = $9
		WHERE tenant_id = current_tenant() AND id = $1`, p.ID, p.Queue, p.From, p.Threshold, p.Short, p.Variant, p.Shorts, p.Target, p.CallBack)
	if err != nil {
		return p, err
	}
	return p, e.changed(ctx, "policy.change", subject, was.told(), p.told())
}

// RemovePolicy removes one: what was in force before it counts on.
func (e *Editor) RemovePolicy(ctx context.Context, id int32) error {
	was, err := e.policy(ctx, id)
	if err != nil {
		return err
	}
	subject, err := e.checkPolicy(ctx, was)
	if err != nil {
		return err
	}
	if err := e.exec(ctx, `DELETE FROM policies WHERE tenant_id = current_tenant() AND id = $1`, id); err != nil {
		return err
	}
	return e.Note(ctx, "policy.remove", subject, was.told(), nil)
}

func (e *Editor) policy(ctx context.Context, id int32) (Policy, error) {
	p, err := one[Policy](ctx, e.tx, policies+` AND p.id = $1 FOR UPDATE`, id)
	return p.inUTC(), err
}

// checkPolicy returns what a policy is called in the audit: its queue, or nothing.
func (e *Editor) checkPolicy(ctx context.Context, p Policy) (subject string, err error) {
	switch {
	case p.Threshold < 1 || p.Threshold > 3600:
		return "", invalid(locale.Say("The threshold is 1 to 3600 seconds."))
	case p.Short < 0 || p.Short > 600:
		return "", invalid(locale.Say("A short abandon is at most 600 seconds."))
	case p.Variant < 1 || p.Variant > 5:
		return "", invalid(locale.Say("The variant is one of 1 to 5."))
	case p.Variant == variantCredits && p.Short >= p.Threshold:
		return "", invalid(locale.Say("In SL5 short abandons are shorter than the threshold."))
	case p.Shorts < 0 || p.Shorts > 1:
		return "", invalid(locale.Say("Short abandons are counted or ignored."))
	case !(p.Target >= 0 && p.Target <= 1):
		return "", invalid(locale.Say("The target is a share from 0 to 1: 0.8 is 80 percent."))
	case p.CallBack < 0 || p.CallBack > 7*24*3600:
		return "", invalid(locale.Say("Missed callers are called back within a week at most."))
	case p.From != nil && (p.From.Year() < 1990 || p.From.Year() > 2200):
		return "", invalid(locale.Say("Say from when on the policy is in force."))
	}
	if p.Queue != nil {
		q, err := e.queue(ctx, *p.Queue)
		if err != nil {
			return "", orInvalid(err, locale.Say("There is no such queue. Queues appear by themselves when a PBX first names them."))
		}
		subject = q.label()
	}
	var taken bool
	err = e.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM policies WHERE tenant_id = current_tenant() AND id <> $1 AND queue_id IS NOT DISTINCT FROM $2
		AND valid_from IS NOT DISTINCT FROM $3)`, p.ID, p.Queue, p.From).Scan(&taken)
	if err != nil {
		return "", fmt.Errorf("read policies: %w", err)
	}
	if taken {
		return "", conflict("policy-there", locale.Say("A policy is in force from that moment already. Change that one."))
	}
	return subject, nil
}

type toldPolicy struct {
	From      *time.Time `json:"from"`
	Variant   string     `json:"variant"`
	Threshold int32      `json:"threshold"`
	Short     int32      `json:"short"`
	Shorts    string     `json:"shorts"`
	Target    float64    `json:"target"`
	CallBack  int32      `json:"call_back"`
}

func (p Policy) told() toldPolicy {
	return toldPolicy{p.From, fmt.Sprintf("SL%d", p.Variant), p.Threshold, p.Short, shortsWords()[p.Shorts], p.Target, p.CallBack}
}

// shortsWords are how short abandons count, as files and the audit say it.
func shortsWords() [2]string { return [2]string{"count", "ignore"} }
