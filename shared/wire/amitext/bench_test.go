package amitext_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"testing"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// recordedLoad is the stream of the recorded load n1 as it came from the socket.
func recordedLoad(b *testing.B) []byte {
	b.Helper()
	dir := filepath.Join("..", "..", "..", "lab", "corpus")
	f, err := os.Open(filepath.Join(dir, "22", "n1-load-20cps", "A", "trace.ami.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	var stream bytes.Buffer
	received, lines := false, bufio.NewReader(z)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 && line[1] == ' ' && bytes.IndexByte([]byte("@>#"), line[0]) >= 0 {
			received = line[0] == '@'
		} else if received {
			stream.Write(line)
		}
		if err != nil {
			return stream.Bytes()
		}
	}
}

func BenchmarkParse(b *testing.B) {
	stream := recordedLoad(b)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	var src bytes.Reader
	r := amitext.NewReader(&src)
	var ev wire.Event
	events := 0
	for b.Loop() {
		src.Reset(stream)
		r.Reset(&src)
		if _, err := r.Banner(); err != nil {
			b.Fatal(err)
		}
		for {
			err := r.Next(&ev)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			events++
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	if n := r.Counters().NotUnderstood; n > 0 {
		b.Errorf("%d packets not understood", n)
	}
}

func BenchmarkTextproto(b *testing.B) {
	stream := recordedLoad(b)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		r := textproto.NewReader(bufio.NewReaderSize(bytes.NewReader(stream), 64<<10))
		if _, err := r.ReadLine(); err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.ReadMIMEHeader(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkNewlineWalk(b *testing.B) {
	stream := recordedLoad(b)
	b.SetBytes(int64(len(stream)))
	lines := 0
	for b.Loop() {
		for p := 0; ; lines++ {
			i := bytes.IndexByte(stream[p:], '\n')
			if i < 0 {
				break
			}
			p += i + 1
		}
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
}
