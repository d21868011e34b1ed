package call

import (
	"reflect"
	"testing"
	"time"
)

// TestEveryFieldIsPartOfTheFingerprint changes each field of a call and of its rows: whoever adds one that is shown must
// add it to the fingerprint, or its changes are never handed out.
func TestEveryFieldIsPartOfTheFingerprint(t *testing.T) {
	c := &Call{PBXs: []string{""}}
	v := reflect.ValueOf(c).Elem()
	fill(v)
	silent := map[string]bool{"Call.Rev": true, "Call.Supersedes": true, "Call.Imported": true, "Attribute.Name": true, "Attribute.Value": true, "Leg.AttributesCut": true}
	fields := 0
	eachField(v, "Call", func(name string, f reflect.Value) {
		if silent[name] {
			return
		}
		fields++
		before, _ := c.fingerprint(nil)
		if !changed(f) {
			t.Errorf("%s: nobody knows how to change a %s; teach this test", name, f.Type())
		}
		if after, _ := c.fingerprint(nil); before == after {
			t.Errorf("%s is not part of the fingerprint", name)
		}
	})
	if fields < 50 {
		t.Errorf("only %d fields were tried", fields)
	}
}

// fill gives every list of rows, and the lists within those, one row.
func fill(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct {
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
			fill(f.Index(0))
		}
	}
}

// eachField calls fn for the fields of a struct and of the structs in its slices.
func eachField(v reflect.Value, name string, fn func(string, reflect.Value)) {
	for i := range v.NumField() {
		f, name := v.Field(i), name+"."+v.Type().Field(i).Name
		if f.Kind() == reflect.Slice && f.Len() > 0 && f.Type().Elem().Kind() == reflect.Struct {
			eachField(f.Index(0), f.Type().Elem().Name(), fn)
			continue
		}
		fn(name, f)
	}
}

// changed gives a field another value.
func changed(f reflect.Value) bool {
	switch x := f.Addr().Interface().(type) {
	case *time.Time:
		*x = x.Add(time.Hour)
		if x.Year() < 2000 {
			*x = time.Unix(1_800_000_000, 0)
		}
		return true
	case *[]string:
		*x = append(*x, "another")
		return true
	case *ID:
		x[3]++
		return true
	}
	switch f.Kind() {
	case reflect.String:
		f.SetString(f.String() + "x")
	case reflect.Bool:
		f.SetBool(!f.Bool())
	case reflect.Int:
		f.SetInt(f.Int() + 1)
	case reflect.Uint8, reflect.Uint32:
		f.SetUint(f.Uint() + 1)
	default:
		return false
	}
	return true
}
