package facts

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

// view is a scope, and what of names it has to know.
type view struct {
	rights.Scope
	unwatched map[int32]bool
	hidden    map[extension]bool // numbers of unwatched devices
	station   map[int32]int32    // of PBXs; only where something is hidden
}

type extension struct {
	station int32
	number  string
}

func newView(ctx context.Context, tx pgx.Tx, tenant tenants.ID, scope rights.Scope) (*view, error) {
	v := &view{Scope: scope}
	unwatched := scope.HiddenDevices() // of one that is so for some time, all of its rows: too few are better than too many
	if len(unwatched) == 0 {
		return v, nil
	}
	v.unwatched, v.hidden, v.station = map[int32]bool{}, map[extension]bool{}, map[int32]int32{}
	for _, id := range unwatched {
		v.unwatched[id] = true
	}
	var id, station int32
	var number string
	rows, err := tx.Query(ctx, `SELECT station_id, number FROM operators WHERE tenant_id = $1 AND id = ANY($2)`, tenant.UUID(), unwatched)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&station, &number}, func() error {
			v.hidden[extension{station, number}] = true
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read who is not watched: %w", err)
	}
	rows, err = tx.Query(ctx, `SELECT id, station_id FROM pbxs WHERE tenant_id = $1`, tenant.UUID())
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&id, &station}, func() error {
			v.station[id] = station
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("read stations: %w", err)
	}
	return v, nil
}

// operator is a device as it is shown: 0 where it is not to be watched.
func (v *view) operator(id int32) int32 {
	if v.unwatched[id] {
		return 0
	}
	return id
}

// call tells whether a call of these queues and devices is visible.
func (v *view) call(queues, operators []int32) bool {
	if v.Everything {
		return true
	}
	for _, q := range queues {
		if v.Sees(q, 0) {
			return true
		}
	}
	for _, o := range operators {
		if v.Sees(0, v.operator(o)) {
			return true
		}
	}
	return false
}

// ours is a number of ours as it is shown: none where it is of somebody who is not to be watched.
func (v *view) ours(pbx int32, number string) string {
	if v.hidden[extension{v.station[pbx], number}] {
		return ""
	}
	return number
}

// outside is the number of an outside party as it is shown.
func (v *view) outside(number string) string {
	if v.Numbers {
		return number
	}
	return masked(number, 0)
}

// any is a text that may be a number of ours, or hold one of the outside.
func (v *view) any(pbx int32, text string) string {
	text = v.ours(pbx, text)
	if v.Numbers {
		return text
	}
	return masked(text, shortest)
}

const (
	shortest    = 7 // digits of an outside number among other text: what is shorter is an extension, or a choice
	hiddenCount = 4
)

// masked puts x for the last digits of each run of least digits.
func masked(s string, least int) string {
	var out []byte
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if end == i {
			i++
			continue
		}
		if end-i >= least {
			if out == nil {
				out = []byte(s)
			}
			for k := max(i, end-hiddenCount); k < end; k++ {
				out[k] = 'x'
			}
		}
		i = end
	}
	if out == nil {
		return s
	}
	return string(out)
}
