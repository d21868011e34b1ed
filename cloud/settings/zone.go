package settings

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/tenants"
)

// Zone is the time zone of the tenant.
func Zone(ctx context.Context, tx pgx.Tx) (*time.Location, error) {
	var name string
	if err := tx.QueryRow(ctx, `SELECT zone FROM tenants WHERE id = current_tenant()`).Scan(&name); err != nil {
		return nil, fmt.Errorf("read zone: %w", err)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("read zone: %w", err)
	}
	return loc, nil
}

// SetZone gives the tenant another time zone.
func (e *Editor) SetZone(ctx context.Context, zone string) error {
	if err := checkZone(zone); err != nil {
		return err
	}
	was, err := e.location(ctx)
	if err != nil || was.String() == zone {
		return err
	}
	if err := tenants.SetZone(ctx, e.tx, zone); err != nil {
		return err
	}
	e.zone = nil
	return e.Note(ctx, "tenant.zone", "", toldZone{was.String()}, toldZone{zone})
}

type toldZone struct {
	Zone string `json:"zone"`
}

func checkZone(zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return invalid(locale.Say("%q is no time zone. Write it as in Europe/Moscow or Asia/Vladivostok.", zone))
	}
	return nil
}

// Times are written for people in the tenant's zone, by the minute where that says it all.
const (
	byMinute = "2006-01-02 15:04"
	bySecond = "2006-01-02 15:04:05.999999"
)

// writeTime is the shortest way to write a moment that [readTime] reads as the same one.
func writeTime(at time.Time, loc *time.Location) string {
	at = at.In(loc)
	for _, layout := range []string{byMinute, bySecond} {
		s := at.Format(layout)
		if back, err := time.ParseInLocation(layout, s, loc); err == nil && back.Equal(at) {
			return s
		}
	}
	return at.Format(time.RFC3339Nano) // the hour that comes twice when clocks are put back
}

// readTime understands what people and spreadsheets write.
func readTime(s string, loc *time.Location) (time.Time, error) {
	for _, layout := range []string{
		byMinute, bySecond, "2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339Nano,
		"02.01.2006 15:04", "02.01.2006 15:04:05", "02.01.2006", "2.1.2006 15:04", "2.1.2006",
	} {
		at, err := time.ParseInLocation(layout, s, loc)
		if err == nil && at.Year() >= 1990 && at.Year() <= 2200 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, invalid(locale.Say("%q is no date and time. Write it as 2026-11-25 09:00.", s))
}
