package assemble

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// rulesLook is how long decisions of people may wait before they are noticed.
const rulesLook = 5 * time.Second

// lookForRules reads what people decided since the assembler was told last. It is told with the next step, and the step
// says so: what a restart does again includes it.
func (t *tenant) lookForRules(ctx context.Context) error {
	rules, now := t.r.deps.Rules, t.r.deps.Now()
	if rules == nil || now.Sub(t.looked) < rulesLook {
		return nil
	}
	err := t.reading(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rev, err := rules.Rev(ctx, tx)
		if err != nil || rev == t.asm.RulesRev() {
			return err
		}
		read, err := rules.Read(ctx, tx)
		t.decided = &read
		return err
	})
	if err == nil {
		t.looked = now
	}
	return err
}

func (t *tenant) tellRules(s *step) {
	if t.decided == nil {
		return
	}
	t.asm.SetRules(*t.decided)
	s.work = append(s.work, op{Kind: opRules, Rules: t.decided})
	t.decided = nil
}
