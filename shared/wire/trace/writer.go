package trace

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Writer writes a recording. It keeps no buffer of its own, so that what was recorded survives the recorder. It is not
// for use by several goroutines at once.
type Writer struct {
	w   io.Writer
	buf []byte
	err error
}

// NewWriter writes to w, each record with one Write.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Err is the first error of the underlying writer. After it nothing is written any more.
func (w *Writer) Err() error { return w.err }

// Received records what came: the greeting's line, or a packet to its empty line.
func (w *Writer) Received(at int64, packet []byte) { w.record(Received, at, packet) }

// Sent records an action. Secrets in it are masked.
func (w *Writer) Sent(at int64, action []byte) { w.record(Sent, at, masked(action)) }

// Note records what happened to the connection. Use Connected and Disconnected where they fit: [Events] reads them.
func (w *Writer) Note(at int64, text string) {
	text = strings.NewReplacer("\r", " ", "\n", " ").Replace(text)
	w.write(fmt.Appendf(w.buf[:0], "# %d %s\n", at, text))
}

// Connected notes that a connection stands.
func (w *Writer) Connected(at int64, address string) { w.Note(at, noteConnected+address) }

// Disconnected notes that it is gone.
func (w *Writer) Disconnected(at int64, reason string) { w.Note(at, noteDisconnected+reason) }

const (
	noteConnected    = "connected "
	noteDisconnected = "disconnected: "
)

func (w *Writer) record(k Kind, at int64, data []byte) {
	w.buf = append(fmt.Appendf(w.buf[:0], "%c %d\n", k, at), data...)
	if n := len(data); n > 0 && data[n-1] != '\n' {
		w.buf = fmt.Appendf(w.buf, "\n# %d incomplete packet above\n", at)
	}
	w.write(w.buf)
}

func (w *Writer) write(b []byte) {
	w.buf = b[:0]
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

// masked hides what logs in: the secret, and the answer to a challenge, from which a short secret can be guessed.
func masked(action []byte) []byte {
	var out []byte
	for line := range bytes.Lines(action) {
		key, _, ok := bytes.Cut(line, []byte(":"))
		if ok && (bytes.EqualFold(key, []byte("Secret")) || bytes.EqualFold(key, []byte("Key"))) {
			line = append(append(bytes.Clone(key), ": ***"...), "\r\n"...)
		}
		out = append(out, line...)
	}
	return out
}
