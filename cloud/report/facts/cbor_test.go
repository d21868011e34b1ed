package facts

import (
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
)

// TestChunksAreCBORAsOthersReadIt holds the writer to what a library makes of it: the same items, and written again the
// shortest way the same bytes.
func TestChunksAreCBORAsOthersReadIt(t *testing.T) {
	f := invent(9, aDay, 300)
	strict, err := cbor.DecOptions{ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxArrayElements: 1 << 20}.DecMode()
	if err != nil {
		t.Fatal(err)
	}
	shortest, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	for _, sec := range Sections() {
		b, err := Encode(f, sec, aDay)
		if err != nil {
			t.Fatal(err)
		}
		var list []any // the library takes the tag of self-described CBOR away
		if err := strict.Unmarshal(b, &list); err != nil {
			t.Fatalf("%v: %v", sec, err)
		}
		calls := uint64(300)
		if sec == States {
			calls = 0
		}
		want := []any{uint64(kindChunk), uint64(sec), uint64(aDay), calls, uint64(Rows(f, sec))}
		if d := cmp.Diff(want, list[:5]); d != "" {
			t.Errorf("%v: head (-want +got):\n%s", sec, d)
		}
		again, err := shortest.Marshal(cbor.Tag{Number: selfDescribed, Content: list})
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(b) {
			t.Errorf("%v: the library writes %d bytes another way", sec, len(again))
		}
		if sec == IDs {
			continue
		}
		for k, column := range list[6].([]any) {
			checkPlanes(t, sec, k, Rows(f, sec), column.([]any))
		}
	}
}

func checkPlanes(t *testing.T, sec Section, k, rows int, column []any) {
	t.Helper()
	if column[0] == uint64(howSame) {
		return
	}
	for _, p := range column[len(column)-1].([]any) {
		plane := p.(cbor.Tag)
		if n := len(plane.Content.([]byte)); plane.Number != uint8s || n != rows {
			t.Errorf("%v, column %d: a plane with tag %d of %d bytes; want %d", sec, k, plane.Number, n, rows)
		}
	}
}
