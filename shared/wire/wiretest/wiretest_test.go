package wiretest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire/wiretest"
)

func TestBatchHoldsItsEvents(t *testing.T) {
	events, info := wiretest.Decode(t, wiretest.Batch(t, 5, 100, 12))
	if diff := cmp.Diff(wiretest.Events(100, 12), events); diff != "" || info.Stream != 5 || info.LastSeq() != 111 {
		t.Error(info, diff)
	}
}
