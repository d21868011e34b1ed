package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/assemble"
	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/cloud/demo"
	"github.com/callweave/callweave/cloud/directory"
	"github.com/callweave/callweave/cloud/facts"
	"github.com/callweave/callweave/cloud/pg"
	"github.com/callweave/callweave/cloud/report"
	format "github.com/callweave/callweave/cloud/report/facts"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/tenants"
)

const (
	smallDay = 5_000
	largeDay = 20_000
	month    = 30
)

func factsFigures() []measurement {
	return []measurement{{
		figures: []figure{
			{name: "report_bytes_vs_gzip_json", unit: "x", goal: 0.5, atMost: true},
			{name: "facts_day_read_ms", unit: "ms", goal: 1500, atMost: true},
			{name: "facts_month_cached_ms", unit: "ms", goal: 150, atMost: true},
		},
		measure: measureFacts,
	}}
}

// measureFacts writes a day of 5,000 calls and one of 20,000, and measures what a browser gets of them: how long the chunks of
// the small day are over gzip of the same rows as JSON, both by gzip; how long it takes to read and write what the first
// report needs of the large one; and to get as much as a month of it from the files it is kept in.
func measureFacts(ctx context.Context, b *bench) (map[string]float64, error) {
	dir, err := b.temp()
	if err != nil {
		return nil, err
	}
	for _, d := range []string{b.dir, dir} { // PostgreSQL runs as another user where this runs as root
		if err := os.Chmod(d, 0o755); err != nil {
			return nil, err
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	private, err := pg.StartPrivate(ctx, dir, quiet)
	if err != nil {
		return nil, err
	}
	defer private.Stop()
	if err := pg.Migrate(ctx, private.URL(), quiet); err != nil {
		return nil, err
	}
	db, err := pg.Open(ctx, pg.Config{URL: private.URL(), MaxConns: 6})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	small, large := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	tenant, err := fillDays(ctx, db, map[time.Time]int{small: smallDay, large: largeDay})
	if err != nil {
		return nil, err
	}
	w := facts.Whose{Tenant: tenant, Scope: rights.Scope{Everything: true, Numbers: true}}
	values := map[string]float64{}
	if values["report_bytes_vs_gzip_json"], err = sizeOfDay(ctx, db, w, small); err != nil {
		return nil, err
	}
	var reading, kept []float64
	cfg := facts.Config{Dir: dir + "/kept"}
	for range b.rounds {
		took, err := timeChunks(ctx, facts.New(db, facts.Config{}, time.Now), w, large)
		if err != nil {
			return nil, err
		}
		reading = append(reading, took)
		if _, err := timeChunks(ctx, facts.New(db, cfg, time.Now), w, large); err != nil { // they are in files now
			return nil, err
		}
		sum := 0.0
		for range month {
			if took, err = timeChunks(ctx, facts.New(db, cfg, time.Now), w, large); err != nil {
				return nil, err
			}
			sum += took
		}
		kept = append(kept, sum)
	}
	values["facts_day_read_ms"], values["facts_month_cached_ms"] = median(reading), median(kept)
	return values, nil
}

// fillDays invents a tenant whose days have so many calls.
func fillDays(ctx context.Context, db *pg.DB, days map[time.Time]int) (tenants.ID, error) {
	made, err := tenants.NewStore(db.Owner(), db.System()).Create(ctx, tenants.New{Slug: "facts", Name: "Facts"})
	if err != nil {
		return tenants.ID{}, err
	}
	for _, p := range demo.Cast() {
		err := db.As(made.ID).Tx(ctx, func(tx pgx.Tx) error {
			_, err := directory.AddPBX(ctx, tx, p.Name, p.Station)
			return err
		})
		if err != nil {
			return tenants.ID{}, err
		}
	}
	known := directory.New()
	begin := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for day, n := range days {
		var batch []*call.Call
		for c := range demo.Generate(begin, begin.AddDate(1, 0, 0)) {
			if n--; n < 0 {
				break
			}
			c.ID = call.ID(uuid.New())
			shift(reflect.ValueOf(c).Elem(), day.Sub(c.Start.Truncate(24*time.Hour)))
			if batch = append(batch, c); len(batch) == 1000 || n == 0 {
				if err := assemble.Import(ctx, db, known, made.ID, batch); err != nil {
					return tenants.ID{}, err
				}
				batch = nil
			}
		}
		if n > 0 {
			return tenants.ID{}, fmt.Errorf("a year has %d calls too few", n)
		}
	}
	return made.ID, nil
}

// shift moves all times in v.
func shift(v reflect.Value, by time.Duration) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		if t := v.Interface().(time.Time); !t.IsZero() {
			v.Set(reflect.ValueOf(t.Add(by)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			shift(v.Field(i), by)
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.Struct {
			for i := range v.Len() {
				shift(v.Index(i), by)
			}
		}
	default:
	}
}

// timeChunks gets what the first report needs of a day, in ms.
func timeChunks(ctx context.Context, s *facts.Store, w facts.Whose, day time.Time) (float64, error) {
	began := time.Now()
	m, err := s.Manifest(ctx, w, day, day.AddDate(0, 0, 1), []format.Section{format.Calls, format.Visits})
	if err != nil {
		return 0, err
	}
	for _, c := range m.Chunks {
		if _, err := s.Chunk(ctx, w, c, "zstd"); err != nil {
			return 0, err
		}
	}
	return float64(time.Since(began).Microseconds()) / 1000, nil
}

func sizeOfDay(ctx context.Context, db *pg.DB, w facts.Whose, day time.Time) (float64, error) {
	s := facts.New(db, facts.Config{}, time.Now)
	m, err := s.Manifest(ctx, w, day, day.AddDate(0, 0, 1), format.Sections())
	if err != nil {
		return 0, err
	}
	var set format.Set
	ours := 0
	for _, c := range m.Chunks {
		b, err := s.Chunk(ctx, w, c, "gzip")
		if err != nil {
			return 0, err
		}
		ours += len(b)
		if b, err = s.Chunk(ctx, w, c, ""); err == nil {
			err = set.Add(b)
		}
		if err != nil {
			return 0, err
		}
	}
	f, err := set.Facts()
	if err != nil {
		return 0, err
	}
	if len(f.Calls.Start) < smallDay*9/10 {
		return 0, fmt.Errorf("the day has %d calls", len(f.Calls.Start))
	}
	peer, err := gzipJSON(f)
	return float64(ours) / float64(peer), err
}

// gzipJSON is how long the rows are as objects of JSON, as an API would list them, by gzip.
func gzipJSON(f *report.Facts) (int, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	enc := json.NewEncoder(z)
	for _, group := range []any{f.Calls, f.Visits, f.Attempts, f.Segments, f.Transfers, f.Steps, f.States, f.Tags} {
		v := reflect.ValueOf(group)
		for row := range v.Field(0).Len() {
			object := map[string]any{}
			for k := range v.NumField() {
				object[v.Type().Field(k).Name] = cell(f, v.Type().Field(k).Name, v.Field(k).Index(row).Interface())
			}
			if err := enc.Encode(object); err != nil {
				return 0, err
			}
		}
	}
	err := z.Close()
	return out.Len(), err
}

func cell(f *report.Facts, column string, v any) any {
	switch v := v.(type) {
	case [16]byte:
		return uuid.UUID(v)
	case int32:
		switch column {
		case "Caller", "Dialled", "Number", "Text", "By", "To", "Application", "Reason":
			return f.Texts[v]
		}
	}
	return v
}
