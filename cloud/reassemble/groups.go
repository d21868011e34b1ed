package reassemble

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/callweave/callweave/cloud/call"
)

// group is one story on both sides: calls of today's rules and stored calls that share a channel or an id, directly or
// by way of others of the group.
type group struct {
	results []*result
	stored  []*stored
	changes []Change
}

// look compares what nothing can change any more.
func (r *run) look(ctx context.Context) error {
	for {
		more, err := r.load(ctx)
		if err != nil {
			return err
		}
		if err := r.settle(ctx, r.groups(), false); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

// finish deals with what is left at the end of what is stored, or of patience.
func (r *run) finish(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = r.loadTo(ctx, r.job.To); err != nil {
			return err
		}
		if err := r.settle(ctx, r.groups(), !more); err != nil {
			return err
		}
	}
	return r.flush(ctx)
}

// load reads stored calls that began before what is fed by now, and tells whether there are more.
func (r *run) load(ctx context.Context) (more bool, err error) {
	to := time.Unix(0, r.now).Add(-hold)
	if to.After(r.job.To) {
		to = r.job.To
	}
	if !to.After(r.loaded) {
		return false, nil
	}
	return r.loadTo(ctx, to)
}

func (r *run) loadTo(ctx context.Context, to time.Time) (more bool, err error) {
	page, err := loadPage(ctx, r.db, r.loaded, to, r.last)
	if err != nil {
		return false, err
	}
	for _, s := range page {
		if !r.handled[s.id] {
			r.stored[s.id] = s
		}
	}
	if len(page) == storedPage {
		s := page[len(page)-1]
		r.loaded, r.last = s.started, s.id
		return true, nil
	}
	r.loaded, r.last = to, call.ID{}
	return false, nil
}

// groups puts together what belongs together.
func (r *run) groups() []*group {
	owner := map[string]*group{}
	for _, x := range r.results {
		g := claim(owner, x.keys)
		g.results = append(g.results, x)
	}
	for _, s := range r.stored {
		g := claim(owner, s.keys)
		g.stored = append(g.stored, s)
	}
	var list []*group
	seen := map[*group]bool{}
	for _, g := range owner {
		if !seen[g] {
			seen[g] = true
			list = append(list, g)
		}
	}
	for _, g := range list {
		slices.SortFunc(g.results, func(x, y *result) int { return slices.Compare(x.ID[:], y.ID[:]) })
		slices.SortFunc(g.stored, func(x, y *stored) int { return slices.Compare(x.id[:], y.id[:]) })
	}
	slices.SortFunc(list, func(x, y *group) int {
		return cmp.Or(x.begins().Compare(y.begins()), slices.Compare(x.first(), y.first()))
	})
	return list
}

// claim returns the group of some keys; groups that it joins become one.
func claim(owner map[string]*group, keys []string) *group {
	var g *group
	for _, k := range keys {
		o := owner[k]
		switch {
		case o == nil || o == g:
		case g == nil:
			g = o
		default:
			if len(o.results)+len(o.stored) > len(g.results)+len(g.stored) {
				g, o = o, g
			}
			g.results, g.stored = append(g.results, o.results...), append(g.stored, o.stored...)
			for _, x := range o.results {
				own(owner, g, x.keys)
			}
			for _, s := range o.stored {
				own(owner, g, s.keys)
			}
		}
	}
	if g == nil {
		g = &group{}
	}
	own(owner, g, keys)
	return g
}

func own(owner map[string]*group, g *group, keys []string) {
	for _, k := range keys {
		owner[k] = g
	}
}

func (g *group) begins() time.Time {
	var t time.Time
	note := func(s time.Time) {
		if t.IsZero() || s.Before(t) {
			t = s
		}
	}
	for _, x := range g.results {
		note(x.Start)
	}
	for _, s := range g.stored {
		note(s.started)
	}
	return t
}

func (g *group) first() []byte {
	if len(g.results) > 0 {
		return g.results[0].ID[:]
	}
	return g.stored[0].id[:]
}

// settle judges the groups that are ready, and at the end all.
func (r *run) settle(ctx context.Context, groups []*group, end bool) error {
	var ready []*group
	for _, g := range groups {
		if !end && !r.ready(g) {
			continue
		}
		for _, x := range g.results {
			delete(r.results, x.ID)
		}
		for _, s := range g.stored {
			delete(r.stored, s.id)
		}
		if len(g.stored) > 0 || slices.ContainsFunc(g.results, func(x *result) bool { return r.within(x.Start) }) {
			ready = append(ready, g)
		}
	}
	if err := r.lookUp(ctx, ready); err != nil {
		return err
	}
	for _, g := range ready {
		if err := r.judge(ctx, g, end); err != nil {
			return err
		}
	}
	return nil
}

// ready tells whether nothing can come any more that belongs to the group.
func (r *run) ready(g *group) bool {
	over := time.Unix(0, r.now).Add(-hold)
	for _, x := range g.results {
		if x.Open || x.at > over.UnixNano() || !r.allLoaded(x.End) {
			return false
		}
	}
	for _, s := range g.stored {
		if s.open || s.ended == nil || s.ended.After(over) || !r.allLoaded(*s.ended) {
			return false
		}
	}
	return true
}

// allLoaded tells whether the stored calls that began up to a moment, and in the period, were read.
func (r *run) allLoaded(t time.Time) bool { return t.Before(r.loaded) || !r.loaded.Before(r.job.To) }

// lookUp finds calls under their ids that are stored outside the period: another beginning is a change like any other.
func (r *run) lookUp(ctx context.Context, groups []*group) error {
	home := map[call.ID]*group{}
	var ids []uuid.UUID
	for _, g := range groups {
		for _, x := range g.results {
			if !slices.ContainsFunc(g.stored, func(s *stored) bool { return s.id == x.ID }) {
				home[x.ID], ids = g, append(ids, uuid.UUID(x.ID))
			}
		}
	}
	found, err := loadByID(ctx, r.db, ids)
	for _, s := range found {
		home[s.id].stored = append(home[s.id].stored, s)
		r.handled[s.id] = true
	}
	return err
}

// judge decides what becomes of a group.
func (r *run) judge(ctx context.Context, g *group, end bool) error {
	switch {
	case slices.ContainsFunc(g.stored, r.unproved):
		r.sum.Unproved += len(g.stored)
		return nil
	case !r.atRest(g), end && !r.ready(g):
		r.sum.Live += max(len(g.stored), len(g.results))
		return nil
	}
	r.sum.Compared += len(g.results)
	if err := r.compare(g); err != nil || len(g.changes) == 0 {
		return err
	}
	r.batch = append(r.batch, g)
	if r.waiting += len(g.results) + len(g.stored); r.waiting < r.job.Calls {
		return nil
	}
	return r.flush(ctx)
}

// unproved tells a stored call that the stored events do not tell from its beginning. It came from elsewhere, or its
// events are gone: what today's rules make of the rest is not better.
func (r *run) unproved(s *stored) bool {
	if !s.proved || s.started.Before(r.starts) {
		return true
	}
	return slices.ContainsFunc(s.pbxs, func(pbx string) bool {
		since, known := r.since[pbx]
		return !known || s.started.Before(since)
	})
}

// atRest tells whether the assembler at work has let go of all of a group.
func (r *run) atRest(g *group) bool {
	over := func(end time.Time, pbxs []string) bool {
		return !slices.ContainsFunc(pbxs, func(pbx string) bool { return !end.Before(r.rest[pbx]) })
	}
	for _, x := range g.results {
		if x.Open || !over(x.End, x.PBXs) {
			return false
		}
	}
	for _, s := range g.stored {
		if s.open || s.ended == nil || !over(*s.ended, s.pbxs) {
			return false
		}
	}
	return true
}

// compare works out the differences of a group.
func (r *run) compare(g *group) error {
	left := map[call.ID]*stored{}
	for _, s := range g.stored {
		left[s.id] = s
	}
	for _, x := range g.results {
		change := Change{Kind: Added, Call: x.ID, Start: x.Start, Caller: x.Caller, Dialled: x.Dialled}
		if s := left[x.ID]; s != nil {
			delete(left, x.ID)
			x.Rev = uint32(s.rev) + 1
			story, err := storyOf(x.Call)
			if err != nil {
				return err
			}
			change.Kind, change.Fields = Changed, differ(s.story, story)
			if len(change.Fields) == 0 {
				change.Fields = differ(s.rows, rowsOf(x.Call))
			}
			if len(change.Fields) == 0 {
				r.sum.Same++
				continue
			}
		}
		g.changes = append(g.changes, change)
	}
	for _, s := range g.stored {
		if left[s.id] != nil {
			caller, _ := s.story["caller"].(string)
			dialled, _ := s.story["dialled"].(string)
			g.changes = append(g.changes, Change{Kind: Gone, Call: s.id, Start: s.started, Caller: caller, Dialled: dialled})
		}
	}
	return nil
}
