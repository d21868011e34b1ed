package assemble

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/directory"
)

// fact is what a fact is about.
type fact struct {
	pbx, name string
	number    bool // and not an endpoint or queue
}

// learn lets the step write what was learned of endpoints, queues and numbers since it was written last.
func (t *tenant) learn(s *step, now time.Time) {
	t.learned = now
	for _, f := range t.asm.Learned() {
		about := fact{f.PBX, f.Name, f.Kind == call.FactDID || f.Kind == call.FactService}
		if was, ok := t.named[about]; !ok || was != f {
			t.named[about] = f
			s.facts = append(s.facts, f)
		}
	}
	t.learnTrunks(s)
}

// factNames are the names that facts bring into the directory.
func (t *tenant) factNames(facts []call.Fact) (list []directory.Name) {
	for _, f := range facts {
		n := directory.Name{Station: t.pbxNamed(f.PBX).Station, Key: f.Label, Label: f.Note}
		switch f.Kind {
		case call.FactOperator:
			n.Kind = directory.Operator
		case call.FactTrunk:
			n.Kind, n.Key, n.Label = directory.Trunk, f.Name, ""
		case call.FactQueue:
			n.Kind = directory.Queue
		default:
			continue
		}
		if n.Station != 0 {
			list = append(list, n)
		}
	}
	return list
}

// writeFacts writes what endpoints and numbers are and how that is known.
func (t *tenant) writeFacts(ctx context.Context, tx pgx.Tx, facts []call.Fact) error {
	var endpoints []directory.Endpoint
	var numbers []directory.Dialled
	for _, f := range facts {
		pbx := t.pbxNamed(f.PBX)
		if pbx.ID == 0 {
			continue
		}
		switch f.Kind {
		case call.FactOperator, call.FactTrunk, call.FactEndpoint:
			e := directory.Endpoint{PBX: pbx.ID, Name: f.Name, Class: uint8(f.Learned), Signs: uint16(f.Signs), First: f.First, Seen: f.Last}
			if f.Kind == call.FactOperator {
				e.Number, e.Label = f.Label, f.Note
			}
			endpoints = append(endpoints, e)
		case call.FactDID, call.FactService:
			numbers = append(numbers, directory.Dialled{
				Station: pbx.Station, Service: f.Kind == call.FactService, Number: f.Name, Label: f.Label, Said: f.Said, First: f.First, Seen: f.Last,
			})
		default:
		}
	}
	return directory.Learn(ctx, tx, endpoints, numbers)
}
