package api_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/cloud/api"
)

func TestOpenAPIFileIsFresh(t *testing.T) {
	want, err := api.Describe()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("openapi.json is stale; run go generate ./cloud/api (-wanted +found):\n%s", diff)
	}
}
