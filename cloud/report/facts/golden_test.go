package facts

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/callweave/callweave/cloud/report"
)

// makeEnv names a golden vector to be made. Vectors are only added to: browsers keep chunks for a year.
const makeEnv = "CALLWEAVE_TEST_NEW_VECTOR"

// TestGoldenVectorsReadAsEver reads chunks of every form there ever was: a folder each, with what they say as JSON.
func TestGoldenVectorsReadAsEver(t *testing.T) {
	if name := os.Getenv(makeEnv); name != "" {
		makeVector(t, filepath.Join("testdata", name))
	}
	folders, err := filepath.Glob("testdata/v*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, folder := range folders {
		var s Set
		for _, chunk := range chunksIn(t, folder) {
			if err := s.Add(chunk); err != nil {
				t.Fatalf("%s: %v", folder, err)
			}
		}
		got, err := s.Facts()
		if err != nil {
			t.Fatalf("%s: %v", folder, err)
		}
		raw, err := os.ReadFile(filepath.Join(folder, "facts.json"))
		if err != nil {
			t.Fatal(err)
		}
		var want report.Facts
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(named(&want), named(got), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s (-as it was +read):\n%s", folder, d)
		}
	}
}

func chunksIn(t testing.TB, folder string) (list [][]byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.cbor"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no chunks in %s: %v", folder, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
	return list
}

func makeVector(t *testing.T, folder string) {
	t.Helper()
	if err := os.Mkdir(folder, 0o755); err != nil { // one that is there stays as it is
		t.Fatal(err)
	}
	f := invent(42, aDay, 30)
	for _, sec := range Sections() {
		b, err := Encode(f, sec, aDay)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, sec.String()+".cbor"), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := changeOf(t, invent(43, aDay+1, 3)) // an increment goes with them
	c.Day, c.Whole = aDay+1, true
	for _, sec := range Sections() {
		b, err := Encode(invent(43, aDay+1, 3), sec, aDay+1)
		if err != nil {
			t.Fatal(err)
		}
		c.Chunks = append(c.Chunks, b)
	}
	increment := EncodeIncrement("cursor", []Change{c})
	if err := os.WriteFile(filepath.Join(folder, "tail.cbor"), increment, 0o644); err != nil {
		t.Fatal(err)
	}
	var s Set
	for _, chunk := range chunksIn(t, folder) {
		if err := s.Add(chunk); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Facts()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "facts.json"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// FuzzSet gives a set anything. It takes it or says what is wrong; what it takes points nowhere that is not there, and needs
// memory in proportion to what came.
func FuzzSet(f *testing.F) {
	folders, err := filepath.Glob("testdata/v*")
	if err != nil {
		f.Fatal(err)
	}
	for _, folder := range folders {
		for _, chunk := range chunksIn(f, folder) {
			f.Add(chunk)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Set
		if s.Add(b) != nil {
			return
		}
		got, err := s.Facts()
		if err != nil {
			return
		}
		for _, sec := range Sections() {
			for k, c := range columns(got, sec) {
				vals := make([]int64, c.len())
				c.get(vals)
				most := c.most()
				switch c.means {
				case text:
					most = int64(len(got.Texts)) - 1
				case ofCall:
					most = int64(len(got.Calls.Start)) - 1
				case plain:
				}
				if !within(vals, most) {
					t.Errorf("column %d of %v has a value that cannot be", k, sec)
				}
				if n := c.len(); n > few && n > 64*len(b) && grouped(sec) != Calls { // calls that were not asked for are zero
					t.Errorf("%d bytes became %d rows of %v", len(b), n, sec)
				}
			}
		}
	})
}

func TestHostileChunksAreRefused(t *testing.T) {
	start := func(items ...uint64) []byte {
		b := head(head(nil, majorTag, selfDescribed), majorArray, 7)
		for _, v := range items {
			b = head(b, majorUint, v)
		}
		return b
	}
	same := func(columns int, value uint64) []byte {
		b := head(head(nil, majorArray, 0), majorArray, uint64(columns))
		for range columns {
			b = head(head(head(b, majorArray, 2), majorUint, howSame), majorUint, value)
		}
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                       {},
		"no CBOR":                       []byte("<html>"),
		"another format":                start(9, 1, aDay, 0, 0),
		"an unknown section":            start(1, 99, aDay, 0, 0),
		"rows beyond all bounds":        append(start(1, uint64(States), aDay, 0, 1<<40), same(9, 0)...),
		"a million rows in forty bytes": append(start(1, uint64(States), aDay, 0, 1<<20), same(9, 0)...),
		"rows of calls that are not":    append(start(1, uint64(Tags), aDay, 0, 3), same(2, 0)...),
		"texts that are not":            append(start(1, uint64(Numbers), aDay, 3, 3), same(3, 7)...),
		"a flag that is 2":              append(start(1, uint64(States), aDay, 0, 3), same(9, 2)...),
		"texts without end":             head(start(1, uint64(Numbers), aDay, 3, 3), majorArray, 1<<30),
		"a text longer than all":        head(head(start(1, uint64(Numbers), aDay, 3, 3), majorArray, 1), majorText, 1<<40),
		"fewer columns":                 append(start(1, uint64(Visits), aDay, 3, 3), same(2, 0)...),
		"other rows than calls":         append(start(1, uint64(Calls), aDay, 4, 3), same(14, 0)...),
	} {
		var s Set
		err := s.Add(b)
		if err == nil {
			_, err = s.Facts()
		}
		if err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestColumnsThatCameLaterArePassedOver(t *testing.T) {
	f := invent(7, aDay, 5)
	b, err := Encode(f, Tags, aDay)
	if err != nil {
		t.Fatal(err)
	}
	at := len(head(nil, majorTag, selfDescribed)) + 1 + 1 + 1 + 3 + 1 + 1 + 1 // to the columns: all numbers but the day are small
	if b[at] != majorArray<<5|2 {
		t.Fatalf("byte %d is %x, no array of two columns", at, b[at])
	}
	b[at]++
	b = append(head(head(b, majorArray, 2), majorUint, 77), head(head(nil, majorTag, 1234), majorArray, 0)...)
	var s Set
	if err := s.Add(b); err != nil {
		t.Fatal(err)
	}
	got, err := s.Facts()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(f.Tags.Tag, got.Tags.Tag, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("tags (-written +read):\n%s", d)
	}
}
