//go:build js

// Command wasm is the report engine for the browser: it runs in a worker, takes facts as they were downloaded and answers
// queries with tables. It speaks JSON, opens nothing and keeps everything in its memory.
//
// After it started, the global object callweaveReports has
//
//	add(Uint8Array)    takes a chunk or an increment of facts      → "" or {"error": …}
//	clear()            forgets all facts
//	setNames(json)     takes report.Names                          → "" or {"error": …}
//	needs(json)        report.Query → sections of facts it reads   → ["calls", …]
//	table(json)        report.Query                                → report.Table or {"error": …}
//	drill(json)        {"query", "keys", "column"}                 → ids of calls or {"error": …}; keys null: of the totals
package main

import (
	"errors"
	"syscall/js"

	"github.com/callweave/callweave/cloud/report"
	"github.com/callweave/callweave/cloud/report/facts"
)

func main() {
	w := &worker{set: &facts.Set{}}
	o := js.Global().Get("Object").New()
	o.Set("add", w.function(w.add))
	o.Set("clear", w.function(w.clear))
	o.Set("setNames", w.function(w.setNames))
	o.Set("needs", w.function(w.needs))
	o.Set("table", w.function(w.table))
	o.Set("drill", w.function(w.drill))
	js.Global().Set("callweaveReports", o)
	select {}
}

// worker holds what was loaded; the engine is made again whenever that changes.
type worker struct {
	set    *facts.Set
	names  report.Names
	facts  *report.Facts
	engine *report.Engine
}

// function gives JavaScript a function that answers with JSON, and with {"error"} where it fails.
func (w *worker) function(f func(arg js.Value) ([]byte, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		arg := js.Undefined()
		if len(args) > 0 {
			arg = args[0]
		}
		b, err := f(arg)
		if err != nil {
			b = append(report.AppendText([]byte(`{"error":`), err.Error()), '}')
		}
		return string(b)
	})
}

func (w *worker) add(arg js.Value) ([]byte, error) {
	if arg.Type() != js.TypeObject {
		return nil, errors.New("facts come as Uint8Array")
	}
	b := make([]byte, arg.Get("length").Int())
	js.CopyBytesToGo(b, arg)
	w.engine = nil
	return nil, w.set.Add(b)
}

func (w *worker) clear(js.Value) ([]byte, error) {
	*w.set, w.engine = facts.Set{}, nil
	return nil, nil
}

func (w *worker) setNames(arg js.Value) ([]byte, error) {
	names, err := report.ParseNames([]byte(arg.String()))
	if err != nil {
		return nil, err
	}
	w.engine, w.names = nil, names
	return nil, nil
}

func (w *worker) ready() (*report.Engine, error) {
	if w.engine == nil {
		f, err := w.set.Facts()
		if err != nil {
			return nil, err
		}
		w.facts, w.engine = f, report.New(f, &w.names)
	}
	return w.engine, nil
}

func (w *worker) needs(arg js.Value) ([]byte, error) {
	q, err := report.ParseQuery([]byte(arg.String()))
	if err != nil {
		return nil, err
	}
	return report.AppendTexts(nil, q.Needs()), nil
}

func (w *worker) table(arg js.Value) ([]byte, error) {
	q, err := report.ParseQuery([]byte(arg.String()))
	if err != nil {
		return nil, err
	}
	e, err := w.ready()
	if err != nil {
		return nil, err
	}
	t, err := e.Table(q)
	if err != nil {
		return nil, err
	}
	return t.AppendJSON(nil), nil
}

func (w *worker) drill(arg js.Value) ([]byte, error) {
	in, err := report.ParseBehind([]byte(arg.String()))
	if err != nil {
		return nil, err
	}
	e, err := w.ready()
	if err != nil {
		return nil, err
	}
	rows, err := e.Drill(in.Query, in.Keys, in.Column)
	if err != nil {
		return nil, err
	}
	if w.facts.Calls.IDs == nil {
		return nil, errors.New("the section ids is not loaded")
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = uuid(w.facts.Calls.IDs[row])
	}
	return report.AppendTexts(nil, ids), nil
}

const digits = "0123456789abcdef"

// uuid writes an id as UUIDs are written.
func uuid(id [16]byte) string {
	b := make([]byte, 0, 36)
	for i, x := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, digits[x>>4], digits[x&15])
	}
	return string(b)
}
