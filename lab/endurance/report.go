package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// report is what a run found.
type report struct {
	At       time.Time      `json:"at"`
	Good     bool           `json:"good"`
	Seed     uint64         `json:"seed"`
	Minutes  float64        `json:"minutes"`
	Dialed   int            `json:"dialed"`   // calls the phones began
	Events   int            `json:"events"`   // the PBXs sent
	Missed   int            `json:"missed"`   // of them while the shaken agent was killed
	Blind    int            `json:"blind"`    // times an agent was away
	Longest  float64        `json:"longest"`  // of them, in seconds
	Restarts map[string]int `json:"restarts"` // of the shaken installation's programs, whoever ended them
	Kills    []kill         `json:"kills"`
	Mix      map[string]int `json:"mix"`    // what the calls were, by the calm installation
	Faults   []string       `json:"faults"` // what should not be, beside calls that differ
	*verdict

	dir string
}

func (r *report) tell(times []blind) {
	r.Blind = len(times)
	for _, b := range times {
		r.Missed += len(b.missed)
		r.Longest = max(r.Longest, b.to.Sub(b.from).Seconds())
	}
}

// mix counts what calls were made of.
func mix(calls []*story) map[string]int {
	out := map[string]int{}
	for _, c := range calls {
		out[short(c.all["direction"])]++
		if len(c.seen.PBX) > 1 {
			out["across PBXs"]++
		}
		for key, name := range map[string]string{
			"queues": "through queues", "holds": "with holds", "transfers": "with transfers", "parkings": "parked", "ivr": "with prompts or digits",
		} {
			if len(rowsOf(c, key)) > 0 {
				out[name]++
			}
		}
	}
	return out
}

// shown is how many faults and differences are printed; all are in the directory that is kept.
const shown = 5

func (r *report) print(w io.Writer) {
	kinds := map[string]int{}
	for _, k := range r.Kills {
		kinds[k.Kind]++
	}
	fmt.Fprintf(w, "seed %d, %.1f minutes, %d kills\n", r.Seed, r.Minutes, len(r.Kills))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "  %-18s %5d\n", kind, kinds[kind])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Restarts)) {
		fmt.Fprintf(w, "%s started %d times\n", name, r.Restarts[name])
	}
	fmt.Fprintf(w, "%d calls dialed, %d events; agents were killed away %d times, %.1f s at the longest, and missed %d events\n",
		r.Dialed, r.Events, r.Blind, r.Longest, r.Missed)
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r.Mix)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.Mix[name], name))
	}
	fmt.Fprintf(w, "of the calls: %s\n", strings.Join(parts, ", "))
	if r.verdict == nil {
		return
	}
	for _, l := range []struct {
		name string
		n    int
	}{
		{"calls", r.Calls},
		{"identical", r.Identical},
		{"excused", r.Excused},
		{"unseen", r.Unseen},
		{"parted", r.Parted},
		{"stray", r.Stray},
		{"lost", r.Lost},
		{"doubled", r.Doubled},
		{"changed", r.Changed},
		{"unlike its events", r.Unlike},
		{"other faults", len(r.Faults)},
	} {
		fmt.Fprintf(w, "  %-18s %5d\n", l.name, l.n)
	}
	fmt.Fprintf(w, "identical calls begin at most %.3f ms apart\n", r.Apart)
	for _, f := range r.Faults[:min(shown, len(r.Faults))] {
		fmt.Fprintln(w, "FAULT", f)
	}
	for _, d := range r.differences[:min(shown, len(r.differences))] {
		fmt.Fprintln(w, d)
	}
}

func (d difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "DIFFERENCE %s\n", d.what)
	for _, why := range d.why {
		fmt.Fprintf(&b, "  %s\n", why)
	}
	for _, s := range d.calm {
		fmt.Fprintf(&b, "calm %s\n", s)
	}
	for _, s := range d.shaken {
		fmt.Fprintf(&b, "shaken %s\n", s)
	}
	return b.String()
}

// keep writes all that differs, and what the agents heard, beside the logs.
func (r *report) keep(kept map[*installation]map[string]*archive, of ...*installation) error {
	var b strings.Builder
	for _, f := range r.Faults {
		fmt.Fprintln(&b, "FAULT", f)
	}
	for _, d := range r.differences {
		fmt.Fprintln(&b, d)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "differences.txt"), []byte(b.String()), 0o600); err != nil {
		return err
	}
	for _, in := range of {
		for letter, a := range kept[in] {
			b.Reset()
			for _, ev := range a.events {
				fmt.Fprintln(&b, words(ev))
			}
			if err := os.WriteFile(filepath.Join(in.dir, "events-"+letter+".txt"), []byte(b.String()), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes the results as JSON.
func (r *report) write(name string) error {
	if name == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return os.WriteFile(name, append(text, '\n'), 0o600)
}
