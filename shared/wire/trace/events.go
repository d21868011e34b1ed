package trace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

// Events calls emit for each event an agent would have produced on the recorded connections, numbered from 1, with the
// recorded times. An event is valid until emit returns. What emit returns ends it.
func Events(r io.Reader, emit func(*wire.Event) error) error {
	p := player{}
	p.session = amitext.NewSession(1, func(ev *wire.Event) {
		if p.failed == nil {
			p.failed = emit(ev)
		}
	})
	p.reader = amitext.NewReader(&p.src)
	for records := NewReader(r); p.failed == nil; {
		rec, err := records.Next()
		if errors.Is(err, io.EOF) {
			p.session.Tick(p.last + int64(time.Second)) // a snapshot that is complete but for a moment of quiet
			break
		}
		if err != nil {
			return err
		}
		if err := p.play(rec); err != nil {
			return err
		}
	}
	return p.failed
}

// player drives a session by the records of a recording.
type player struct {
	session *amitext.Session
	reader  *amitext.Reader
	src     packetSource
	greeted bool
	last    int64
	ev      wire.Event
	failed  error
}

func (p *player) play(rec Record) error {
	p.last = max(p.last, rec.At)
	p.session.Tick(p.last)
	switch rec.Kind {
	case Received:
		return p.received(rec.Data)
	case Sent:
		p.session.Sent(p.last, field(rec.Data, "Action"), field(rec.Data, "ActionID"))
	case Note:
		text := string(rec.Data)
		if address, ok := strings.CutPrefix(text, noteConnected); ok {
			p.src, p.greeted = packetSource{}, false
			p.reader.Reset(&p.src)
			p.session.Connected(p.last, address)
		}
		if reason, ok := strings.CutPrefix(text, noteDisconnected); ok {
			p.src.over = true
			if err := p.packets(); err != nil {
				return err
			}
			p.session.Disconnected(p.last, reason)
		}
	}
	return nil
}

func (p *player) received(data []byte) error {
	if !p.greeted {
		p.greeted = true
		if line, rest, _ := bytes.Cut(data, []byte("\n")); bytes.HasPrefix(line, []byte("Asterisk Call Manager")) {
			p.session.Banner(strings.TrimRight(string(line), "\r"))
			data = rest
		}
	}
	p.src.b = data
	return p.packets()
}

// packets hands the session all packets there are.
func (p *player) packets() error {
	for {
		err := p.reader.Next(&p.ev)
		switch {
		case errors.Is(err, errDry) || errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read packet: %w", err)
		}
		p.session.Packet(p.last, &p.ev)
	}
}

// field returns the value of a line of an action.
func field(action []byte, key string) string {
	for line := range bytes.Lines(action) {
		k, v, ok := bytes.Cut(line, []byte(":"))
		if ok && strings.EqualFold(string(k), key) {
			return strings.TrimSpace(string(v))
		}
	}
	return ""
}

// errDry says that the recorded packet is used up; the next is yet to be handed in.
var errDry = errors.New("no packet at hand")

// packetSource gives one recorded packet at a time, so that an event's time is that of its packet.
type packetSource struct {
	b    []byte
	over bool
}

func (s *packetSource) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		if s.over {
			return 0, io.EOF
		}
		return 0, errDry
	}
	n := copy(p, s.b)
	s.b = s.b[n:]
	return n, nil
}
