package report_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callweave/callweave/cloud/report"
)

// fill gives every field of a value something that is not its zero, so that one that is forgotten shows.
func fill(v reflect.Value, rnd *rand.Rand) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), rnd)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), rnd)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), rnd)
		fill(v.Index(1), rnd)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), rnd)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(k, rnd)
		fill(e, rnd)
		v.SetMapIndex(k, e)
	case reflect.String:
		v.SetString([]string{"Москва", "a\"b\\c\n", "\u2028\t😀", "</script>"}[rnd.IntN(4)])
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(float64(1+rnd.IntN(100)) / 8)
	case reflect.Uint8:
		v.SetUint(uint64(1 + rnd.IntN(200)))
	case reflect.Int32:
		v.SetInt(int64(rnd.Int32()) - 1<<30)
	default:
		v.SetInt(int64(rnd.Int32()) << 10)
	}
}

// TestJSONIsReadAndWrittenAsByTheLibrary compares with encoding/json, every field filled.
func TestJSONIsReadAndWrittenAsByTheLibrary(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		var names report.Names
		var behind report.Behind
		var table report.Table
		fill(reflect.ValueOf(&names).Elem(), rnd)
		fill(reflect.ValueOf(&behind).Elem(), rnd)
		fill(reflect.ValueOf(&table).Elem(), rnd)
		b, _ := json.Marshal(names)
		gotNames, err := report.ParseNames(b)
		if diff := cmp.Diff(names, gotNames); diff != "" || err != nil {
			t.Fatalf("names: %v (-want +got):\n%s", err, diff)
		}
		b, _ = json.MarshalIndent(behind, "", "\t")
		gotBehind, err := report.ParseBehind(b)
		if diff := cmp.Diff(behind, gotBehind); diff != "" || err != nil {
			t.Fatalf("question: %v (-want +got):\n%s", err, diff)
		}
		b, _ = json.Marshal(behind.Query)
		gotQuery, err := report.ParseQuery(b)
		if diff := cmp.Diff(behind.Query, gotQuery); diff != "" || err != nil {
			t.Fatalf("query: %v (-want +got):\n%s", err, diff)
		}
		table.Totals[0], table.Before.Rows[0] = report.None(), nil
		var gotTable report.Table
		if err := json.Unmarshal(table.AppendJSON(nil), &gotTable); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(table, gotTable, cmp.Comparer(func(a, b report.Value) bool { return a == b || a != a && b != b })); diff != "" {
			t.Fatalf("table (-want +got):\n%s", diff)
		}
	}
}

func TestBrokenJSONIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "{", `{"report"}`, `{"report":1}`, `{"from":1.5}`, `{"by":["queue",]}`, `{"report":"\ud800"`, `{"report":"a` + "\n" + `"}`, `{} x`, `{"x":tru}`, `{"interval":99999999999999999999}`,
		`{"filter":{"queues":[4294967296]}}`, `{"report":"\q"}`,
	} {
		if q, err := report.ParseQuery([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, q)
		}
	}
	if q, err := report.ParseQuery([]byte(`{"report":"queues","from":1e3,"unknown":[{"a":null},-1.5e2,"\u0041"],"filter":null,"by":null}`)); err != nil || q.Report != "queues" || q.From != 1000 {
		t.Errorf("%+v, %v", q, err)
	}
}

// FuzzQuery holds that nothing panics and nothing is read twice differently.
func FuzzQuery(f *testing.F) {
	f.Add([]byte(`{"report":"queues","from":1,"filter":{"queues":[1]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		q, err := report.ParseQuery(b)
		if err != nil {
			return
		}
		again, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := report.ParseQuery(again)
		if diff := cmp.Diff(q, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}
