package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/trace"
)

// loads are the recordings of load: 20 and 40 calls a second. Nothing in the program was trained with them.
func loads() []string {
	return []string{
		filepath.Join("lab", "corpus", "22", "n1-load-20cps"),
		filepath.Join("lab", "corpus", "22", "n2-load-40cps-overload"),
		filepath.Join("lab", "corpus", "16", "n1-load-20cps"),
	}
}

// unpack reads the recording in a folder of the corpus, PBX A.
func unpack(folder string) ([]byte, error) {
	f, err := os.Open(filepath.Join(folder, "A", "trace.ami.gz"))
	if err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("open recording: %w", err)
	}
	return io.ReadAll(z)
}

// packets returns what the PBX sent, packet by packet, and all of it as one text.
func packets(recording []byte) (packets [][]byte, stream []byte, err error) {
	r := trace.NewReader(bytes.NewReader(recording))
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return packets, stream, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read recording: %w", err)
		}
		if rec.Kind == trace.Received {
			packets = append(packets, bytes.Clone(rec.Data))
			stream = append(stream, rec.Data...)
		}
	}
}

// events returns the events that an agent makes of a recording.
func events(recording []byte) ([]wire.Event, error) {
	var all []wire.Event
	err := trace.Events(bytes.NewReader(recording), func(ev *wire.Event) error {
		all = append(all, *ev.Clone())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	return all, nil
}
