package call

import (
	"cmp"
	"slices"
)

// transferRows tells who handed the call on to whom, by events where Asterisk sends them and by what the channels did
// where it does not.
func (t *story) transferRows() {
	for _, x := range t.s.transfers {
		if !x.attended && t.parkedBy(x) {
			continue // parking is no transfer: the call comes back or is fetched
		}
		if x.attended {
			t.call.Transfers = append(t.call.Transfers, t.attendedRow(x))
		} else {
			t.call.Transfers = append(t.call.Transfers, t.blindRow(x))
		}
	}
	t.redirectRows()
	t.consultRows()
	slices.SortStableFunc(t.call.Transfers, func(x, y Transfer) int { return x.At.Compare(y.At) })
}

func (t *story) blindRow(x *transfer) Transfer {
	row := Transfer{PBX: x.by.pbx.name, Kind: "blind", By: x.by.numberOf(), At: at(x.at)}
	if x.extension == toForeignDialog {
		row.Kind = "attended"
	}
	row.To, row.Result = t.reached(t.handed(x), x.at, x.extension)
	return row
}

// handed is the party that was handed on.
func (t *story) handed(x *transfer) *channel {
	if x.transferee == nil || x.transferee.glue() { // the one behind the trunk, or a talk of more than two
		return t.leftBehind(x.by, x.at)
	}
	return x.transferee
}

// toForeignDialog is where Asterisk sends a call that is to replace one of another PBX.
const toForeignDialog = "external_replaces"

// reached tells what became of a party that was sent to an extension: a single person is named by its number, anything
// else by what was dialled.
func (t *story) reached(c *channel, since int64, extension string) (string, Result) {
	if c == nil {
		return extension, ResultUnknown
	}
	until := t.nextHandover(c, since)
	early := since - second/10 // the dialplan may be quicker than the word of the transfer
	for _, v := range c.visits {
		if v.entered >= early && v.entered < until {
			return v.queue, ResultCompleted
		}
	}
	rung, outcome := t.rungFor(c, since, until)
	for i := range t.talks {
		s := &t.talks[i]
		o := s.other(c)
		if o == nil || s.from < since || s.from >= until {
			continue
		}
		if len(rung) <= 1 {
			return o.numberOf(), ResultCompleted
		}
		return extension, ResultCompleted
	}
	for i := range t.seats {
		if m := &t.seats[i]; m.who == c && m.from >= early {
			return extension, ResultCompleted
		}
	}
	for _, s := range c.steps {
		if s.at >= early && s.at < until && takes(s.app) {
			return extension, ResultCompleted
		}
	}
	if t.open && !c.ended() {
		return extension, ResultUnknown
	}
	return extension, outcome
}

// takes tells an application that takes a caller who is handed to it: a menu or a mailbox. One that only says something may
// as well say that the number does not exist.
func takes(app string) bool {
	switch app {
	case "VoiceMail", "VoiceMailMain", "BackGround", "Background", "WaitExten", "Read", "Directory":
		return true
	}
	return false
}

// nextHandover is when the party was handed on again.
func (t *story) nextHandover(c *channel, since int64) int64 {
	next := int64(1<<63 - 1)
	for _, x := range t.s.transfers {
		if x.at > since && t.handed(x) == c {
			next = min(next, x.at)
		}
	}
	for i := range c.stays { // no event tells of a redirection
		if s := &c.stays[i]; s.moved != "" && s.from > since && s.to > since {
			next = min(next, s.to)
		}
	}
	return next
}

// rungFor lists the numbers that were rung for a party in an interval, and how the last of them ended.
func (t *story) rungFor(c *channel, since, until int64) ([]string, Result) {
	var numbers []string
	result := ResultFailed
	for _, o := range t.list {
		d := o.dial
		if d == nil || o.kind != kindParty || o.link != nil || d.at < since-second/10 || d.at >= until || !calledFor(d, c) {
			continue
		}
		if n := o.numberOf(); !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
		result = notReached(t.ringResult(d))
	}
	return numbers, result
}

// calledFor tells whether an attempt was made on behalf of a party, directly or through glue.
func calledFor(d *attempt, c *channel) bool {
	for hops := 0; d != nil && hops < maxHops; hops++ {
		switch {
		case d.by == c:
			return true
		case d.by == nil || !d.by.glue() || d.by.peer == nil:
			return false
		}
		d = d.by.peer.dial
	}
	return false
}

func (t *story) attendedRow(x *transfer) Transfer {
	row := Transfer{PBX: x.by.pbx.name, Kind: "attended", By: x.by.numberOf(), At: at(x.when())}
	row.To, row.Result = t.consulted(x)
	return row
}

// when is the moment of a transfer: what Asterisk says of an attended one may come when all is over.
func (x *transfer) when() int64 {
	if x.attended && x.by.ended() {
		return min(x.at, x.by.end)
	}
	return x.at
}

// consulted tells whom an attended transfer reached. The target's channel may be a Local half, or missing where it had
// not answered yet.
func (t *story) consulted(x *transfer) (string, Result) {
	target := answeredBy(x.target)
	if target == nil && x.target != nil && x.target.peer != nil {
		target = lastCalled(x.target.peer)
	}
	if target == nil && x.second != nil {
		target = lastCalled(x.second)
	}
	to := x.extension
	if half := t.askedByCode(x); half != nil && target == nil {
		target, to = lastCalled(half.peer), half.exten
	}
	if target != nil {
		to = target.numberOf()
	}
	switch x.app {
	case "Queue", "ConfBridge", "VoiceMail":
		return cmp.Or(x.extension, to), ResultCompleted
	}
	if x.transferee == nil {
		return to, ResultCompleted
	}
	since := x.when()
	until := t.nextHandover(x.transferee, x.at)
	for i := range t.talks {
		s := &t.talks[i]
		if o := s.other(x.transferee); o != nil && s.to > since && s.from < until && o.ep != x.by.ep {
			return o.numberOf(), ResultCompleted
		}
	}
	for i := range t.seats {
		if m := &t.seats[i]; m.who == x.transferee && m.to > since && m.from < until {
			return to, ResultCompleted
		}
	}
	if t.open && !x.transferee.ended() {
		return to, ResultUnknown
	}
	if target == nil || target.dial == nil {
		return to, ResultAbandoned
	}
	result := notReached(t.ringResult(target.dial))
	if result == ResultAbandoned && x.transferee.endOr(t.now) > target.dial.ended()+talkGap {
		return to, ResultNoAnswer // nobody gave up: the PBX did
	}
	return to, result
}

// notReached turns the result of the last ring into that of the transfer that led to it.
func notReached(ring Result) Result {
	switch ring {
	case ResultNoAnswer:
		return ResultNoAnswer
	case ResultCancelled, ResultAnswered:
		return ResultAbandoned
	default:
		return ResultFailed
	}
}

// lastCalled returns the party a channel called last, through Local pairs.
func lastCalled(c *channel) *channel {
	for hops := 0; c != nil && len(c.calls) > 0 && hops < maxHops; hops++ {
		to := c.calls[len(c.calls)-1].to
		if to.kind == kindParty {
			return to
		}
		c = to.peer
	}
	return nil
}

// redirectRows finds parties that were sent elsewhere without any transfer event (AMI Redirect, ARI): they leave a talk
// at another place of the dialplan than they entered it at, alive, and the one they leave behind did not hang up.
func (t *story) redirectRows() {
	for _, c := range t.list {
		if c.kind != kindParty || c.link != nil {
			continue
		}
		for i := range c.stays {
			s := &c.stays[i]
			if s.moved == "" || s.to == 0 || s.bridge.use != useTalk || c.endedWith(s) || t.handedOn(c, s.to) {
				continue
			}
			by := t.leftBehind(c, s.to)
			if by == nil || t.customer(by) || by.movedAt(s.to) || by.hangupAt != 0 && by.hangupAt <= s.to+second/10 {
				continue
			}
			row := Transfer{PBX: c.pbx.name, Kind: "blind", By: by.numberOf(), At: at(s.to)}
			row.To, row.Result = t.reached(c, s.to, s.moved)
			t.call.Transfers = append(t.call.Transfers, row)
		}
	}
}

// endedWith tells whether a party left a bridge because its call was over. Where the dialplan went on with it there was
// more to come.
func (c *channel) endedWith(s *stay) bool {
	if !c.ended() || c.end-s.to >= talkLeast {
		return false
	}
	for i := range c.steps {
		if x := &c.steps[i]; x.at >= s.to && x.exten == s.moved {
			return false
		}
	}
	return true
}

// movedAt tells whether a party was itself sent elsewhere at a moment.
func (c *channel) movedAt(us int64) bool {
	for i := range c.stays {
		if s := &c.stays[i]; s.moved != "" && distance(s.to, us) <= talkGap {
			return true
		}
	}
	return false
}

// handedOn tells whether a transfer, pickup or parking explains that a party moved.
func (t *story) handedOn(c *channel, us int64) bool {
	for _, x := range t.s.transfers {
		if distance(x.at, us) <= second && (x.transferee == c || x.by == c || x.second == c || x.target == c) {
			return true
		}
	}
	for _, k := range t.s.parkings {
		if k.parkee == c && distance(k.at, us) <= second {
			return true
		}
	}
	return false
}

// leftBehind returns who talked with a party when it was taken away.
func (t *story) leftBehind(c *channel, us int64) *channel {
	for i := range t.talks {
		if s := &t.talks[i]; s.other(c) != nil && distance(s.to, us) <= talkGap {
			return s.other(c)
		}
	}
	return nil
}

// consultRows lists consultations that led to no transfer: somebody of ours put the other side on hold, asked somebody
// and came back.
func (t *story) consultRows() {
	for _, k := range t.s.joins {
		if k.why != becauseConsultation {
			continue
		}
		c := k.b
		if t.handsOver(c) {
			continue
		}
		row := Transfer{
			PBX: c.pbx.name, Kind: "attended", By: c.numberOf(), To: c.exten, At: at(c.created), Result: ResultAbandoned,
			Estimated: c.guessed&guessCreated != 0,
		}
		if to := lastCalled(c); to != nil {
			row.To = to.numberOf()
			if r := t.ringResult(to.dial); r != ResultAnswered && r != ResultCancelled && r != ResultUnknown {
				row.Result = ResultNoAnswer
			}
		}
		if t.open && !c.ended() {
			row.Result = ResultUnknown
		}
		t.call.Transfers = append(t.call.Transfers, row)
	}
	for _, c := range t.list { // consultations by feature code run through a Local pair nobody's channel called
		if c.kind != kindLocal || c.peer == nil || c.calledFor() || c.peer.calledFor() || t.root == c || len(c.stays) == 0 {
			continue
		}
		if row, ok := t.featureConsult(c); ok {
			t.call.Transfers = append(t.call.Transfers, row)
		}
	}
}

// askedByCode finds the Local half that leads to whom somebody asked by feature code before a transfer.
func (t *story) askedByCode(x *transfer) *channel {
	if x.second != x.by {
		return nil
	}
	for _, half := range t.list {
		if half.kind != kindLocal || half.peer == nil || half.calledFor() || half.peer.calledFor() {
			continue
		}
		for i := range half.stays {
			if x.by.wasIn(half.stays[i].bridge) {
				return half
			}
		}
	}
	return nil
}

func (c *channel) wasIn(b *bridge) bool {
	return slices.ContainsFunc(c.stays, func(s stay) bool { return s.bridge == b })
}

func (t *story) handsOver(c *channel) bool {
	for _, x := range t.s.transfers {
		if x.attended && (x.second == c || x.by == c) {
			return true
		}
	}
	return false
}

// calledFor tells a channel that another channel asked for.
func (c *channel) calledFor() bool { return c.dial != nil && c.dial.by != nil }

// featureConsult tells of a consultation whose Local half ended without a transfer.
func (t *story) featureConsult(half *channel) (Transfer, bool) {
	for _, x := range t.s.transfers {
		if x.attended && (x.target == half || x.target == half.peer) {
			return Transfer{}, false
		}
	}
	s, asked := half.stays[0], lastCalled(half.peer)
	for _, c := range t.list {
		if c.kind != kindParty || c == asked || c.created >= half.created || t.handsOver(c) {
			continue
		}
		for _, o := range c.stays {
			if o.bridge != s.bridge || len(c.stays) < 2 || o.from < s.from-talkGap { // it was there before
				continue
			}
			row := Transfer{
				PBX: c.pbx.name, Kind: "attended", By: c.numberOf(), To: half.exten, At: at(half.created), Result: ResultAbandoned,
				Estimated: half.guessed&guessCreated != 0,
			}
			if to := lastCalled(half.peer); to != nil {
				row.To = to.numberOf()
				if to.up == 0 {
					row.Result = ResultNoAnswer
				}
			}
			return row, row.By != row.To // nobody asks himself: who was asked only looks like the one who asks, where the beginning was not heard
		}
	}
	return Transfer{}, false
}
