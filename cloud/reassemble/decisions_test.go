package reassemble_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/reassemble"
)

// TestCorrectionHoldsFromNowOnAndForThePastWhenAsked has an administrator correct a phone's number between two calls: the
// calls from then on show it, those before when they are assembled anew.
func TestCorrectionHoldsFromNowOnAndForThePastWhenAsked(t *testing.T) {
	l := newTenant(t)
	l.rules = identity.Rules{}
	l.feed(l.recorded("a1-queue-answered-caller-hangs-up"))
	l.feed(l.later(2))
	rang := func() (list []string) {
		l.as(func(tx pgx.Tx) error {
			rows, err := tx.Query(t.Context(), `SELECT DISTINCT o.number FROM attempts a JOIN operators o ON o.id = a.operator_id
				WHERE o.number LIKE '%101' ORDER BY o.number`)
			if err != nil {
				return err
			}
			list, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		return list
	}
	if d := cmp.Diff([]string{"101"}, rang()); d != "" {
		t.Fatalf("before the correction (-want +got):\n%s", d)
	}
	l.as(func(tx pgx.Tx) error {
		var station int32
		if err := tx.QueryRow(t.Context(), `SELECT station_id FROM pbxs WHERE name = 'A'`).Scan(&station); err != nil {
			return err
		}
		_, err := identity.Edit(tx, identity.Author{Login: "anna"}).Correct(t.Context(), identity.Correction{
			Station: station, Subject: identity.SubjectEndpoint, Name: "PJSIP/101", Decided: "device", Number: "9101",
		})
		return err
	})
	l.feed(l.recorded("e1-attended-refer"))
	l.feed(l.later(3))
	if d := cmp.Diff([]string{"101", "9101"}, rang()); d != "" {
		t.Errorf("after the correction (-want +got):\n%s", d)
	}
	l.again(reassemble.Job{Write: true}, identity.Rules{})
	if d := cmp.Diff([]string{"9101"}, rang()); d != "" {
		t.Errorf("after the past was assembled anew (-want +got):\n%s", d)
	}
}
