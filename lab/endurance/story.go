package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/callweave/callweave/cloud/call"
	"github.com/callweave/callweave/shared/wire"
)

// story is a call as its page shows it: all of it, and what the comparison goes by.
type story struct {
	all  map[string]any
	seen struct {
		ID       string
		PBX      []string
		Start    time.Time
		Open     bool
		Partial  bool
		Channels []channel
		Legs     []struct {
			PBX, Uniqueid string
			Start         time.Time
			End           *time.Time
		}
	}
	facts    []any     // the rows reports count
	from, to time.Time // of its first and last channel
}

// channel is named by its PBX and Uniqueid.
type channel struct{ PBX, Uniqueid string }

// untold is not compared: it counts how often somebody looked at the call while it went on.
var untold = []string{"rev", "supersedes"}

func newStory(text []byte) (*story, error) {
	s := &story{}
	if err := json.Unmarshal(text, &s.all); err != nil {
		return nil, fmt.Errorf("read story: %w", err)
	}
	if err := json.Unmarshal(text, &s.seen); err != nil {
		return nil, fmt.Errorf("read story: %w", err)
	}
	for _, key := range untold {
		delete(s.all, key)
	}
	s.from, s.to = s.seen.Start, s.seen.Start
	for _, l := range s.seen.Legs {
		if l.Start.Before(s.from) {
			s.from = l.Start
		}
		if l.End != nil && l.End.After(s.to) {
			s.to = *l.End
		}
	}
	return s, nil
}

func (s *story) String() string {
	text, err := json.MarshalIndent(s.all, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// stories reads all calls through the API, page by page, and tells how many go on.
func (in *installation) stories(ctx context.Context) (list []*story, open int, err error) {
	for cursor := ""; ; {
		var page struct {
			Calls []struct {
				ID   string
				Open bool
			}
			Next *string
		}
		if err := in.client.Ask(ctx, http.MethodGet, "/calls?limit=100"+cursor, nil, &page); err != nil {
			return nil, 0, err
		}
		for _, c := range page.Calls {
			if c.Open {
				open++
			}
			var one struct{ Story json.RawMessage }
			if err := in.client.Ask(ctx, http.MethodGet, "/calls/"+c.ID, nil, &one); err != nil {
				return nil, 0, err
			}
			s, err := newStory(one.Story)
			if err != nil {
				return nil, 0, err
			}
			list = append(list, s)
		}
		if page.Next == nil {
			return list, open, nil
		}
		cursor = "&cursor=" + *page.Next
	}
}

// undisturbed is what an assembler that nothing ever happens to makes of what an installation has of its PBXs.
func undisturbed(archives map[string]*archive) ([]*story, error) {
	asm := call.New(call.Options{})
	book := map[call.ID]*call.Call{}
	enter := func(calls []*call.Call) {
		for _, c := range calls {
			for _, id := range c.Supersedes {
				delete(book, id)
			}
			book[c.ID] = c
		}
	}
	latest := int64(0)
	for _, b := range inTurn(archives) {
		for _, ev := range b.events {
			asm.Feed(b.pbx, ev)
			latest = max(latest, ev.Received)
		}
		enter(asm.Drain())
	}
	for letter := range archives {
		asm.Advance(letter, latest+int64(time.Hour))
	}
	enter(asm.Drain())
	var out []*story
	for _, c := range book {
		text, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		s, err := newStory(text)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// batch is what an agent sent at once.
type batch struct {
	pbx    string
	events []*wire.Event
}

// inTurn gives the batches of all PBXs in the order in which they were made.
func inTurn(archives map[string]*archive) (out []batch) {
	for _, a := range archives {
		begin := 0
		for _, end := range a.ends {
			if end > begin {
				out = append(out, batch{a.pbx, a.events[begin:end]})
			}
			begin = end
		}
	}
	slices.SortStableFunc(out, func(x, y batch) int {
		return int(min(max(x.events[len(x.events)-1].Received-y.events[len(y.events)-1].Received, -1), 1))
	})
	return out
}
