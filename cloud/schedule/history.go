package schedule

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/mail"
)

// States of sendings and letters.
const (
	Waiting = "waiting" // being sent, or to be tried again
	Sending = "sending" // a letter that is being handed over at this moment, or was when the cloud stopped
	Sent    = "sent"
	Partly  = "partly" // not all letters of a sending went out
	Unsure  = "unsure" // a letter that may have gone out
	Failed  = "failed"
	Refused = "refused" // it may not be sent
)

// Why something was not sent, beside the codes of package mail.
const (
	NoMail       = "no-mail"
	Suspended    = "suspended"
	OwnerGone    = "owner-gone"
	RightLost    = "right-lost"
	NobodyLeft   = "nobody-left"
	NotAllowed   = "not-allowed"
	NotComputed  = "not-computed"
	TooLarge     = "too-large"
	CloudStopped = "cloud-stopped"
)

// Words says what a code means and what to do.
func Words(code string) locale.Sentence {
	switch code {
	case NoMail:
		return locale.Say("No mail server is set yet. An administrator sets it in Settings, E-mail.")
	case Suspended:
		return locale.Say("Your company's account is suspended. Ask whoever runs Callweave for you.")
	case OwnerGone:
		return locale.Say("Whose schedule it is can no longer sign in. Somebody else may set the report up again.")
	case RightLost:
		return locale.Say("Whose schedule it is may no longer see reports or send them by e-mail. An administrator can give the right back.")
	case NobodyLeft:
		return locale.Say("None of the recipients is left. Change the schedule.")
	case NotAllowed:
		return locale.Say("Reports may no longer go to this address. An administrator can allow it in Settings, E-mail.")
	case NotComputed:
		return locale.Say("The report could not be computed. The cause has been logged.")
	case TooLarge:
		return locale.Say("The report is too large. Choose a shorter period or fewer rows.")
	case CloudStopped:
		return locale.Say("The cloud was stopped as the letter was being handed over. It may have arrived; it is not sent again by itself.")
	}
	return mail.Words(code)
}

// Record is one sending of a schedule.
type Record struct {
	Due          time.Time
	ByHand       bool
	From, To     time.Time // the period it was about
	State        string
	Why, Detail  string
	Tries        int
	Began, Ended time.Time // Ended is zero while it goes on
	Letters      []LetterRecord
}

// LetterRecord is one letter of it.
type LetterRecord struct {
	Address     string
	State       string
	Why, Detail string
	Changed     time.Time
}

// History returns the latest sendings of a schedule with their letters, newest first.
func History(ctx context.Context, tx pgx.Tx, id int32, limit int) ([]Record, error) {
	rows, err := tx.Query(ctx, `SELECT due, by_hand, from_at, to_at, state, why, detail, tries, began, ended FROM sendings
		WHERE tenant_id = current_tenant() AND schedule_id = $1 ORDER BY due DESC LIMIT $2`, id, limit)
	if err != nil {
		return nil, fmt.Errorf("read sendings: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Record, err error) {
		var ended *time.Time
		err = row.Scan(&r.Due, &r.ByHand, &r.From, &r.To, &r.State, &r.Why, &r.Detail, &r.Tries, &r.Began, &ended)
		if ended != nil {
			r.Ended = ended.UTC()
		}
		r.Due, r.From, r.To, r.Began = r.Due.UTC(), r.From.UTC(), r.To.UTC(), r.Began.UTC()
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("read sendings: %w", err)
	}
	at := map[time.Time]*Record{}
	for i := range list {
		at[list[i].Due] = &list[i]
	}
	var due time.Time
	var l LetterRecord
	rows, err = tx.Query(ctx, `SELECT due, address, state, why, detail, changed FROM letters WHERE tenant_id = current_tenant() AND schedule_id = $1 ORDER BY due, address`, id)
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", err)
	}
	_, err = pgx.ForEachRow(rows, []any{&due, &l.Address, &l.State, &l.Why, &l.Detail, &l.Changed}, func() error {
		if r := at[due.UTC()]; r != nil {
			l.Changed = l.Changed.UTC()
			r.Letters = append(r.Letters, l)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", err)
	}
	return list, nil
}

// kept is how long sendings are remembered.
const kept = 400 * 24 * time.Hour

func forget(ctx context.Context, tx pgx.Tx, id int32, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM sendings WHERE tenant_id = current_tenant() AND schedule_id = $1 AND due < $2`, id, now.Add(-kept))
	if err != nil {
		return fmt.Errorf("forget old sendings: %w", err)
	}
	return nil
}
