package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/textproto"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

func amiFigures() []measurement {
	return []measurement{{
		figures: []figure{
			{name: "ami_parse_vs_textproto", unit: "x", goal: 12},
			{name: "ami_parse_vs_newline_walk", unit: "x", goal: 0.35},
			{name: "ami_parse_allocs", unit: "per event", goal: 0.01, atMost: true},
		},
		measure: measureParse,
	}}
}

const parseTime = 300 * time.Millisecond

// measureParse compares bytes a second through our reader with those through net/textproto and through a bare search
// for line ends, on the same bytes in memory.
func measureParse(_ context.Context, b *bench) (map[string]float64, error) {
	recording, err := unpack(loads()[0])
	if err != nil {
		return nil, err
	}
	_, stream, err := packets(recording)
	if err != nil {
		return nil, err
	}
	stream = stream[bytes.IndexByte(stream, '\n')+1:] // the greeting
	size := float64(len(stream))
	events := 0.0
	parse := func() error {
		events, err = parseAll(stream)
		return err
	}
	ours := func() (float64, error) { return perSecond(parseTime, func() (float64, error) { return size, parse() }) }
	text := func() (float64, error) {
		return perSecond(parseTime, func() (float64, error) { return size, readMIME(stream) })
	}
	lines := func() (float64, error) {
		return perSecond(parseTime, func() (float64, error) { return size, walk(stream) })
	}
	values := map[string]float64{}
	if values["ami_parse_vs_textproto"], err = interleave(b.rounds, ours, text); err != nil {
		return nil, err
	}
	if values["ami_parse_vs_newline_walk"], err = interleave(b.rounds, ours, lines); err != nil {
		return nil, err
	}
	allocs, err := allocations(parse)
	values["ami_parse_allocs"] = allocs / events
	return values, err
}

func parseAll(stream []byte) (events float64, err error) {
	r := amitext.NewReader(bytes.NewReader(stream))
	var ev wire.Event
	for {
		switch err := r.Next(&ev); {
		case errors.Is(err, io.EOF):
			return events, nil
		case err != nil:
			return events, err
		}
		events++
	}
}

func readMIME(stream []byte) error {
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(stream)))
	for {
		_, err := r.ReadMIMEHeader()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

var errNoLines = errors.New("no lines")

func walk(b []byte) error {
	n := 0
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		n++
		b = b[i+1:]
	}
	if n == 0 {
		return errNoLines
	}
	return nil
}
