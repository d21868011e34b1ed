package wire_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/callweave/callweave/shared/wire"
)

func TestEveryMessageComesBackAsItWasSent(t *testing.T) {
	var stream bytes.Buffer
	w := wire.NewFrameWriter(&stream)
	for _, m := range messages() {
		if err := w.WriteMessage(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.WriteBatch([]byte("batch")); err != nil {
		t.Fatal(err)
	}
	r := wire.NewFrameReader(iotest.OneByteReader(&stream))
	for _, want := range messages() {
		f, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeAny(f, want)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if f, err := r.Next(); err != nil || f.Kind != wire.FrameBatch || string(f.Payload) != "batch" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := r.Next(); err != io.EOF { //nolint:errorlint // it comes as it is
		t.Error(err)
	}
}

func decodeAny(f wire.Frame, like wire.Message) (wire.Message, error) {
	switch like.(type) {
	case wire.Hello:
		return decodeAs[wire.Hello](f)
	case wire.Welcome:
		return decodeAs[wire.Welcome](f)
	case wire.Committed:
		return decodeAs[wire.Committed](f)
	case wire.Resume:
		return decodeAs[wire.Resume](f)
	case wire.Report:
		return decodeAs[wire.Report](f)
	case wire.Ping:
		return decodeAs[wire.Ping](f)
	case wire.Pong:
		return decodeAs[wire.Pong](f)
	}
	return decodeAs[wire.Goodbye](f)
}

func decodeAs[M wire.Message](f wire.Frame) (wire.Message, error) {
	var m M
	err := wire.DecodeMessage(f, &m)
	return m, err
}

func TestUnknownKindsAndKeysAreSkipped(t *testing.T) {
	payload, err := cbor.Marshal(map[any]any{1: 5, 2: 6, 99: "from a later version", "x": []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := wire.AppendFrame(nil, 200, []byte("what is that"))
	if err != nil {
		t.Fatal(err)
	}
	if stream, err = wire.AppendFrame(stream, wire.FrameCommitted, payload); err != nil {
		t.Fatal(err)
	}
	r := wire.NewFrameReader(bytes.NewReader(stream))
	f, err := r.Next()
	if err != nil || r.Skipped() != 1 {
		t.Fatalf("%v, %d skipped", err, r.Skipped())
	}
	var got wire.Committed
	if err := wire.DecodeMessage(f, &got); err != nil || got != (wire.Committed{Stream: 5, Seq: 6}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestFramesThatBreakALimitAreRefused(t *testing.T) {
	cases := map[string]struct {
		stream []byte
		want   error
	}{
		"control of 64 KiB and one": {[]byte{0, 1, 0, 2, byte(wire.FramePing)}, wire.ErrFrameTooLarge},
		"batch of 4 MiB and one":    {[]byte{0, 0x40, 0, 2, byte(wire.FrameBatch)}, wire.ErrFrameTooLarge},
		"unknown of 4 GiB":          {[]byte{255, 255, 255, 255, 77}, wire.ErrFrameTooLarge},
		"without a kind":            {[]byte{0, 0, 0, 0, 0}, wire.ErrFrameMalformed},
		"cut in the head":           {[]byte{0, 0, 0}, io.ErrUnexpectedEOF},
		"cut in the payload":        {[]byte{0, 0, 0, 9, byte(wire.FramePing), 1}, io.ErrUnexpectedEOF},
	}
	for name, c := range cases {
		if _, err := wire.NewFrameReader(bytes.NewReader(c.stream)).Next(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := wire.NewFrameWriter(io.Discard).WriteBatch(make([]byte, wire.MaxBatchBytes+1)); !errors.Is(err, wire.ErrFrameTooLarge) {
		t.Error(err)
	}
}

func TestHostilePayloadsAreRefused(t *testing.T) {
	deep := bytes.Repeat([]byte{0x81}, 100)
	for name, payload := range map[string][]byte{
		"nothing":           {},
		"a number":          {1},
		"key twice":         {0xA2, 1, 1, 1, 2},
		"array of 2^32":     {0xA1, 2, 0x9A, 255, 255, 255, 255},
		"nested too deep":   append([]byte{0xA1, 2}, deep...),
		"indefinite length": {0xBF, 1, 1, 0xFF},
	} {
		var m wire.Report
		if err := wire.DecodeMessage(wire.Frame{Kind: wire.FrameReport, Payload: payload}, &m); !errors.Is(err, wire.ErrFrameMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var ping wire.Ping
	if err := wire.DecodeMessage(wire.Frame{Kind: wire.FramePong, Payload: []byte{0xA0}}, &ping); !errors.Is(err, wire.ErrFrameMalformed) {
		t.Errorf("another kind: %v", err)
	}
}

func TestVersionsAreNegotiated(t *testing.T) {
	cases := []struct {
		a, b wire.Versions
		want uint16
	}{
		{wire.Versions{Min: 1, Max: 1}, wire.Versions{Min: 1, Max: 3}, 1},
		{wire.Versions{Min: 2, Max: 5}, wire.Versions{Min: 1, Max: 4}, 4},
		{wire.Versions{Min: 1, Max: 1}, wire.Versions{Min: 2, Max: 3}, 0},
		{wire.Versions{}, wire.Versions{Min: 1, Max: 1}, 0},
	}
	for _, c := range cases {
		got, err := wire.Negotiate(c.a, c.b)
		if got != c.want || (err == nil) != (c.want > 0) || err != nil && wire.CodeFor(err) != wire.CodeVersionUnsupported {
			t.Errorf("%v and %v: %d, %v", c.a, c.b, got, err)
		}
	}
}

func TestCodesKeepTheirNumbers(t *testing.T) {
	want := []wire.Code{
		"", "shutdown", "overloaded", "internal", "replaced", "tenant-unknown", "tenant-suspended", "agent-unknown", "certificate-revoked",
		"certificate-expired", "version-unsupported", "protocol", "frame-too-large", "frame-malformed", "batch-malformed", "batch-too-large",
		"batch-out-of-order", "stream-unknown", "timeout", "token-invalid", "token-expired", "token-used", "clock-wrong",
	}
	for i, c := range want {
		if wire.CodeOf(uint64(i)) != c || c.Number() != uint64(i) {
			t.Errorf("%d is %q, %q is %d", i, wire.CodeOf(uint64(i)), c, c.Number())
		}
	}
	if wire.CodeOf(1000) != wire.CodeInternal || wire.Code("later").Number() != wire.CodeInternal.Number() {
		t.Error("a code of a later version is not internal")
	}
}

func FuzzFrames(f *testing.F) {
	var stream bytes.Buffer
	w := wire.NewFrameWriter(&stream)
	for _, m := range messages() {
		if err := w.WriteMessage(m); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(stream.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		r := wire.NewFrameReader(bytes.NewReader(b))
		for {
			frame, err := r.Next()
			if err != nil {
				return
			}
			for _, like := range messages() {
				if like.Kind() != frame.Kind {
					continue
				}
				m, err := decodeAny(frame, like)
				if err != nil {
					continue
				}
				var out bytes.Buffer
				if err := wire.NewFrameWriter(&out).WriteMessage(m); err != nil {
					continue // longer than it came, and too long
				}
				again, err := wire.NewFrameReader(&out).Next()
				if err != nil {
					t.Fatal(err)
				}
				if back, err := decodeAny(again, like); err != nil || !reflect.DeepEqual(m, back) {
					t.Fatalf("%+v came back as %+v, %v", m, back, err)
				}
			}
		}
	})
}
