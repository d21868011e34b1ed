// Command preset makes the preset that batches of events are encoded with from recordings of PBXs:
//
//	go run ./shared/wire/preset -o shared/wire/preset1.bin lab/corpus/*/[a-m]*/*/trace.ami*
//
// Recordings that compression is measured with must not be among them. A preset that batches were written with is never
// replaced: a new one gets a file and a number of its own.
package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

func main() {
	out := flag.String("o", "", "file to write")
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "preset:", err)
		os.Exit(1)
	}
}

func run(out string, names []string) error {
	var recordings [][]wire.Event
	for _, name := range names {
		events, err := read(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		recordings = append(recordings, events)
	}
	b, err := wire.TrainPreset(recordings)
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o600)
}

func read(name string) ([]wire.Event, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	var events []wire.Event
	err = trace.Events(r, func(ev *wire.Event) error {
		events = append(events, *ev.Clone())
		return nil
	})
	return events, err
}
