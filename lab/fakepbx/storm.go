package fakepbx

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// A storm plays one recording for ever, as fast as the clients read, and costs next to nothing itself: what it measures
// is them. The recording's events lie in one buffer. From round to round only digits change, in place:
//
//	Timestamp: 1795385477.000000      stamped when its part is sent
//	Uniqueid: 1795385477.12           seconds move on by the length of the recording
//	Channel: PJSIP/101-0000000a       the number moves on by what the recording used
//	BridgeUniqueid: …-555555555555    likewise
//
// It does not follow what it plays: who asks for channels gets the recording's answers.
type storm struct {
	text   []byte
	ends   []int // of parts of about stormPart bytes, each of whole packets
	stamps []int // offsets of the Timestamps
	fields []digitsAt
	span   int64 // seconds the recording takes

	stamped int64 // the latest Timestamp, µs: none is earlier than the one before it
}

// digitsAt is a number in the text, of a fixed width, that grows by a step each round.
type digitsAt struct {
	at, width, base int
	first, step     int64
}

const (
	stormPart  = 64 << 10
	stampWidth = len("1795385477.000000")
)

// newStorm makes the buffer out of a recording's events.
func newStorm(rec *recorded) (*storm, error) {
	s := &storm{}
	part := 0
	for _, st := range rec.steps {
		if st.kind != stepEvent {
			continue
		}
		first, rest, ok := bytes.Cut(st.packet, []byte("\n"))
		if !ok || bytes.Contains(st.packet, []byte("\nTimestamp: ")) {
			return nil, fmt.Errorf("play as a storm: %q already has a time or is no event", first)
		}
		s.text = append(append(s.text, first...), "\nTimestamp: "...)
		s.stamps = append(s.stamps, len(s.text))
		s.text = append(s.text, "0000000000.000000\r\n"...)
		s.text = append(s.text, rest...)
		s.span = st.at/int64(time.Second) + 1
		if len(s.text)-part >= stormPart {
			part = len(s.text)
			s.ends = append(s.ends, part)
		}
	}
	if s.ends = append(s.ends, len(s.text)); len(s.stamps) == 0 {
		return nil, fmt.Errorf("play as a storm: the recording has no events")
	}
	s.find(`\b(\d{10})\.\d+\r`, 10, func(int64) int64 { return s.span })
	most := int64(0)
	s.find(`/[^\r\n/]*-([0-9a-f]{8})(?:;[12])?\b`, 16, func(n int64) int64 { most = max(most, n); return 0 })
	for i := range s.fields {
		if f := &s.fields[i]; f.step == 0 {
			f.step = most + 1
		}
	}
	s.find(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-([0-9a-f]{12})`, 16, func(int64) int64 { return 1 })
	return s, nil
}

// find notes the numbers a pattern's group finds, each with the step that its value gets.
func (s *storm) find(pattern string, base int, step func(int64) int64) {
	for _, m := range regexp.MustCompile(pattern).FindAllSubmatchIndex(s.text, -1) {
		n, err := strconv.ParseInt(string(s.text[m[2]:m[3]]), base, 64)
		if err == nil {
			s.fields = append(s.fields, digitsAt{at: m[2], width: m[3] - m[2], base: base, first: n, step: step(n)})
		}
	}
}

// turn sets the numbers of a round.
func (s *storm) turn(round int64) {
	for i := range s.fields {
		f := &s.fields[i]
		n := f.first + round*f.step
		for at := f.at + f.width - 1; at >= f.at; at-- {
			s.text[at] = "0123456789abcdef"[n%int64(f.base)]
			n /= int64(f.base)
		}
	}
}

// stamp sets the Timestamps of a part, and returns those that are left.
func (s *storm) stamp(left []int, end int, now time.Time) []int {
	us := max(now.UnixMicro(), s.stamped+1)
	for len(left) > 0 && left[0] < end {
		n := us
		for at := left[0] + stampWidth - 1; at >= left[0]; at-- {
			if s.text[at] != '.' {
				s.text[at] = byte('0' + n%10)
				n /= 10
			}
		}
		s.stamped = us
		us++
		left = left[1:]
	}
	return left
}

// storm plays the first scenario until ctx ends.
func (s *Server) storm(ctx context.Context) error {
	rec, err := s.cfg.Scenarios[0].load()
	if err != nil {
		return err
	}
	storm, err := newStorm(rec)
	if err != nil {
		return err
	}
	select {
	case <-s.someone:
	case <-ctx.Done():
		return nil
	}
	for round := time.Now().Unix() / storm.span % 1000; ; round++ {
		storm.turn(round)
		begin, stamps := 0, storm.stamps
		for _, end := range storm.ends {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			stamps = storm.stamp(stamps, end, time.Now())
			s.broadcast(storm.text[begin:end])
			begin = end
		}
	}
}
