package api_test

import (
	"testing"

	"github.com/callweave/callweave/cloud/report"
)

func TestNamesAreToldAsFarAsTheViewerSees(t *testing.T) {
	f := newFixture(t)
	f.addOperator("102")
	const path = "/facts/names?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&zones=Europe/Moscow"
	for login, devices := range map[string]int{"anna": 2, "sveta": 2, "oleg": 1, "unbound": 0} {
		var n report.Names
		f.as(login).do("GET", path, nil).into(t, &n)
		if len(n.Operators) != devices || n.Zone != "UTC" || len(n.Zones["Europe/Moscow"]) != 1 {
			t.Errorf("%s reads %d devices, zone %q, zones %v; want %d devices, UTC and Moscow's", login, len(n.Operators), n.Zone, n.Zones, devices)
		}
	}
}

func TestNamesAreAskedForAPeriodAndZonesThereAre(t *testing.T) {
	b := newFixture(t).as("anna")
	for path, want := range map[string]string{
		"/facts/names?from=2026-02-01T00:00:00Z&to=2026-02-01T00:00:00Z":                    "bad-request",
		"/facts/names?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z&zones=Mars/Olympus": "no-zone",
	} {
		if got := b.do("GET", path, nil).code(t); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
