package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/names"
)

func (a *API) listPeople(ctx context.Context, _ *struct{}) (*peopleOutput, error) {
	out := &peopleOutput{}
	v := viewerOf(ctx)
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		named, err := names.NamedIn(ctx, tx, v.Scope)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id, name, note, unwatched FROM people ORDER BY name, id`)
		if err != nil {
			return err
		}
		out.Body.People, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Person, err error) {
			p.Bindings = []Binding{}
			err = row.Scan(&p.ID, &p.Name, &p.Note, &p.Unwatched)
			return p, err
		})
		if err != nil {
			return err
		}
		out.Body.People = slices.DeleteFunc(out.Body.People, func(p Person) bool { return !named.Person(p.ID) })
		bindings, err := readBindings(ctx, tx, named, &filter{})
		if err != nil {
			return err
		}
		at := map[int32]int{}
		for i, p := range out.Body.People {
			at[p.ID] = i
		}
		for _, b := range bindings {
			p := &out.Body.People[at[b.Person]]
			p.Bindings = append(p.Bindings, b)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	return out, nil
}

func (a *API) addPerson(ctx context.Context, in *personInput) (*personOutput, error) {
	out := &personOutput{}
	err := a.edit(ctx, func(e *identity.Editor) error {
		p, err := e.AddPerson(ctx, in.Body.person(0))
		out.Body = PersonRef{p.ID, p.Name}
		return err
	})
	return out, err
}

func (a *API) changePerson(ctx context.Context, in *changePersonInput) (*personOutput, error) {
	out := &personOutput{}
	err := a.edit(ctx, func(e *identity.Editor) error {
		p, err := e.ChangePerson(ctx, in.Body.person(in.ID))
		out.Body = PersonRef{p.ID, p.Name}
		return err
	})
	return out, err
}

func (a *API) removePerson(ctx context.Context, in *personIDInput) (*emptyOutput, error) {
	return nil, a.edit(ctx, func(e *identity.Editor) error { return e.RemovePerson(ctx, in.ID) })
}

func (a *API) listBindings(ctx context.Context, in *bindingsInput) (*bindingsOutput, error) {
	out := &bindingsOutput{}
	f := &filter{}
	if len(in.Operator) > 0 {
		f.add("operator_id = ANY($)", in.Operator)
	}
	if len(in.Person) > 0 {
		f.add("person_id = ANY($)", in.Person)
	}
	if !in.At.IsZero() {
		f.add("valid_from <= $", in.At)
		f.add("(valid_to IS NULL OR valid_to > $)", in.At)
	}
	v := viewerOf(ctx)
	err := a.deps.DB.As(v.Tenant).Read(ctx, func(tx pgx.Tx) error {
		named, err := names.NamedIn(ctx, tx, v.Scope)
		if err != nil {
			return err
		}
		out.Body.Bindings, err = readBindings(ctx, tx, named, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list bindings: %w", err)
	}
	return out, nil
}

func readBindings(ctx context.Context, tx pgx.Tx, named *names.Named, f *filter) ([]Binding, error) {
	f.add("tenant_id = current_tenant()")
	rows, err := tx.Query(ctx, `SELECT id, person_id, operator_id, valid_from, valid_to FROM bindings WHERE `+f.sql()+` ORDER BY valid_from DESC, id DESC`, f.args...)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Binding, err error) {
		err = row.Scan(&b.ID, &b.Person, &b.Operator, &b.From, &b.To)
		b.From, b.To = b.From.UTC(), utc(b.To)
		return b, err
	})
	return slices.DeleteFunc(list, func(b Binding) bool { return !named.Person(b.Person) || !named.Operator(b.Operator) }), err
}

func (a *API) addBinding(ctx context.Context, in *bindingInput) (*bindingOutput, error) {
	out := &bindingOutput{}
	err := a.edit(ctx, func(e *identity.Editor) error {
		b, err := e.Bind(ctx, in.Body.binding(0))
		out.Body = shownBinding(b)
		return err
	})
	return out, err
}

func (a *API) changeBinding(ctx context.Context, in *changeBindingInput) (*bindingOutput, error) {
	out := &bindingOutput{}
	err := a.edit(ctx, func(e *identity.Editor) error {
		b, err := e.Rebind(ctx, in.Body.binding(in.ID))
		out.Body = shownBinding(b)
		return err
	})
	return out, err
}

func (a *API) removeBinding(ctx context.Context, in *personIDInput) (*emptyOutput, error) {
	return nil, a.edit(ctx, func(e *identity.Editor) error { return e.Unbind(ctx, in.ID) })
}

func (in *personBody) person(id int32) identity.Person {
	return identity.Person{ID: id, Name: in.Name, Note: in.Note, Unwatched: in.Unwatched}
}

func (in *bindingBody) binding(id int32) identity.Binding {
	b := identity.Binding{ID: id, Person: in.Person, Operator: in.Operator, From: in.From.UTC().Truncate(time.Microsecond)}
	if in.To != nil {
		to := in.To.UTC().Truncate(time.Microsecond)
		b.To = &to
	}
	return b
}

func shownBinding(b identity.Binding) Binding {
	return Binding{ID: b.ID, Person: b.Person, Operator: b.Operator, From: b.From, To: b.To}
}
