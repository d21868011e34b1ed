package retell

// What queue_log says is known to the second. Where CEL shows the channels, it is put where their rows show it to be.

// within returns the first moment of the channel within a second, or the last if it is asked for, 0 if there is none.
func (c *channel) within(from int64, last bool) int64 {
	found := int64(0)
	for _, at := range c.signs {
		if at >= from && at < from+second && (found == 0 || last) {
			found = at
		}
	}
	return found
}

// entered places the joining of a queue: before the first member is rung in that second, after what the caller did in it.
func (t *Teller) entered(c *channel, at int64) int64 {
	first := int64(0)
	for _, o := range t.stories[c.linkedid] {
		if o.called && o.parent == c && o.born >= at && o.born < at+second && (first == 0 || o.born < first) {
			first = o.born
		}
	}
	if first != 0 {
		return first - 1
	}
	if own := c.within(at, true); own != 0 {
		return own
	}
	return at
}

// left places the leaving of a queue in vain: where the caller was gone in that second, or else those it rang.
func (t *Teller) left(c *channel, at int64) int64 {
	if c.ended >= at && c.ended <= at+second {
		return c.ended - 1
	}
	for _, o := range t.stories[c.linkedid] {
		if o.called && o.parent == c && !o.answered && o.ended >= at && o.ended <= at+second {
			return o.ended
		}
	}
	return at
}
