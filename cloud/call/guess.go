package call

// guesses tells whether a moment of the story was not seen but estimated: rows that begin or end then say so.
func (t *story) guesses(us int64) bool {
	if t.moments == nil {
		t.moments = map[int64]bool{}
		for _, c := range t.list {
			t.guess(c)
		}
	}
	return us != 0 && t.moments[us]
}

func (t *story) guess(c *channel) {
	if c.guessed&guessEnd != 0 {
		t.moments[c.end] = true
	}
	if len(c.holds) > 0 && c.doubt != 0 {
		t.moments[c.doubt] = true
	}
	for i := range c.stays {
		s := &c.stays[i]
		if s.guessed {
			t.moments[s.from] = true
		}
		if s.unseen {
			t.moments[s.to] = true
		}
	}
}
