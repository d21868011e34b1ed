package report

import "slices"

// calling makes an aggregate of calls by their columns.
func calling(from sourceID, o op, value func(c *Calls, row int32) (int64, bool), need ...string) aggregate {
	return aggregate{from, o, func(r *run, s *source) pick {
		c := &r.e.f.Calls
		return func(row int32) (int64, bool) { return value(c, s.callOf(row)) }
	}, need}
}

func numbered(from sourceID, ok func(c *Calls, i int32) bool) aggregate {
	return calling(from, opSum, func(c *Calls, i int32) (int64, bool) { return 1, ok(c, i) })
}

func is(direction uint8) aggregate {
	return numbered(fromCalls, func(c *Calls, i int32) bool { return c.Direction[i] == direction })
}

func answeredCall(c *Calls, i int32) bool { return c.Disposition[i] == dispAnswered }

func missedCall(c *Calls, i int32) bool {
	return c.Direction[i] == dirInbound && c.End[i] != 0 && c.Disposition[i] != dispAnswered
}

// spokenIn: the talk of answered calls; of others there may be a talk of ours among ourselves, which is none.
func spokenIn(c *Calls, i int32) (int64, bool) { return int64(c.Talk[i]), answeredCall(c, i) }

var callAggregates = map[string]aggregate{
	"calls":   count(fromCalls, all),
	"inbound": is(dirInbound), "outbound": is(dirOutbound), "internal": is(dirInternal),
	"calls_answered": numbered(fromCalls, answeredCall),
	"calls_ended":    numbered(fromCalls, func(c *Calls, i int32) bool { return c.End[i] != 0 }),
	"calls_missed":   numbered(fromCalls, missedCall),
	"missed_wait":    calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Wait[i]), missedCall(c, i) }),
	"callers":        calling(fromCalls, opDistinct, func(c *Calls, i int32) (int64, bool) { return int64(c.Number[i]), c.Number[i] != 0 }, "numbers"),
	"duration":       calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return c.End[i] - c.Start[i], c.End[i] != 0 }),
	"call_waits":     calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Wait[i]), true }),
	"call_talks":     calling(fromCalls, opSum, spokenIn),
	"call_talk_all":  calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Talk[i]), true }),
	"call_hold":      calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Hold[i]), true }),
	"call_rings":     calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Rings[i]), true }),
	"call_transfers": calling(fromCalls, opSum, func(c *Calls, i int32) (int64, bool) { return int64(c.Transfers[i]), true }),
	"started":        calling(fromCalls, opMin, func(c *Calls, i int32) (int64, bool) { return c.Start[i], true }),
	"ended":          calling(fromCalls, opMax, func(c *Calls, i int32) (int64, bool) { return c.End[i], c.End[i] != 0 }),
	"recorded":       numbered(fromCalls, func(c *Calls, i int32) bool { return answeredCall(c, i) && c.Flags[i]&CallRecorded != 0 }),
	"not_recorded":   numbered(fromCalls, func(c *Calls, i int32) bool { return answeredCall(c, i) && c.Flags[i]&CallRecorded == 0 }),
	"calls_partial":  numbered(fromCalls, func(c *Calls, i int32) bool { return c.Flags[i]&CallPartial != 0 }),
	"tagged": count(fromCalls, func(r *run, _ *source) keep {
		return func(row int32) bool { return len(r.e.tags().of(row)) > 0 }
	}, "tags"),
	"menu_calls": count(fromCalls, inMenu, "steps"),
	"menu_lost": count(fromCalls, func(r *run, s *source) keep {
		menu := inMenu(r, s)
		return func(row int32) bool { return r.e.missed(row) && menu(row) && len(r.e.visits().of(row)) == 0 }
	}, "steps", "visits"),
	"menu_time":     {fromCalls, opSum, menuTime, []string{"steps"}},
	"line_time":     passed(fromCalls, opTime, all),
	"peak_lines":    passed(fromCalls, opPeak, all),
	"bucket_length": {from: fromCalls, op: opLength},
	"lines":         {from: fromCalls, op: opLines},

	"dialed":          count(fromDials, all),
	"dialed_answered": numbered(fromDials, answeredCall),
	"dialed_ended":    numbered(fromDials, func(c *Calls, i int32) bool { return c.End[i] != 0 }),
	"dialed_talk":     calling(fromDials, opSum, spokenIn),
	"dialed_numbers":  calling(fromDials, opDistinct, func(c *Calls, i int32) (int64, bool) { return int64(c.Number[i]), c.Number[i] != 0 }),
	"dialed_spoken": count(fromDials, func(r *run, s *source) keep {
		return func(row int32) bool { return r.e.firstTalk()[s.call[row]] != 0 }
	}, "segments"),
	"dialed_ring": {fromDials, opSum, func(r *run, s *source) pick {
		return func(row int32) (int64, bool) {
			t := r.e.firstTalk()[s.call[row]]
			return max(t-s.from[row], 0), t != 0
		}
	}, []string{"segments"}},

	"transfers":       count(fromTransfers, all),
	"transfers_blind": count(fromTransfers, transferKind(TransferBlind)), "transfers_attended": count(fromTransfers, transferKind(TransferAttended)),
	"transfers_completed": result(fromTransfers, resCompleted),
	"transfers_failed": count(fromTransfers, func(_ *run, s *source) keep {
		return func(row int32) bool { return s.result[row] != resCompleted }
	}),
	"transfers_cross": count(fromTransfers, func(r *run, _ *source) keep {
		return func(row int32) bool { return r.e.f.Transfers.CrossPBX[row] }
	}),
	"to_queue": count(fromTransfers, func(r *run, _ *source) keep {
		return func(row int32) bool { return r.e.f.Transfers.ToQueue[row] != 0 }
	}),
	"to_outside": count(fromTransfers, func(r *run, _ *source) keep {
		t := &r.e.f.Transfers
		return func(row int32) bool { return t.ToQueue[row] == 0 && t.ToOperator[row] == 0 }
	}),
}

func transferKind(kind uint8) func(*run, *source) keep {
	return func(r *run, _ *source) keep { return func(row int32) bool { return r.e.f.Transfers.Kind[row] == kind } }
}

func inMenu(r *run, _ *source) keep {
	return func(row int32) bool { return len(r.e.steps().of(row)) > 0 }
}

func menuTime(r *run, _ *source) pick {
	st, c := &r.e.f.Steps, &r.e.f.Calls
	return func(row int32) (int64, bool) {
		rows := r.e.steps().of(row)
		if len(rows) == 0 {
			return 0, false
		}
		from, to := never, int64(0)
		for _, k := range rows {
			from, to = min(from, st.From[k]), max(to, ended(st.To[k], ended(c.End[row], r.now)))
		}
		return max(to-from, 0), true
	}
}

// linesOf are the lines of trunks; none where of one of them nobody knows.
func (r *run) linesOf(ids []int32) float64 {
	sum := 0.0
	for _, id := range ids {
		i := slices.IndexFunc(r.e.n.Trunks, func(t Trunk) bool { return t.ID == id })
		if i < 0 || r.e.n.Trunks[i].Lines == 0 {
			return float64(None())
		}
		sum += float64(r.e.n.Trunks[i].Lines)
	}
	if len(ids) == 0 {
		return float64(None())
	}
	return sum
}

// ofCase makes an aggregate of cases.
func ofCase(o op, value func(r *run, k *missedCase, row int32) (int64, bool)) aggregate {
	return aggregate{from: fromCases, op: o, of: func(r *run, _ *source) pick {
		return func(row int32) (int64, bool) { return value(r, &r.cases[row], row) }
	}}
}

func caseWhere(states ...string) aggregate {
	return ofCase(opSum, func(r *run, _ *missedCase, row int32) (int64, bool) { return 1, slices.Contains(states, r.caseIs(row)) })
}

// recall is how long a caller waited to be spoken with.
func recall(r *run, k *missedCase, _ int32) (int64, bool) {
	return max(k.at-r.e.f.Calls.End[k.first], 0), k.contact >= 0
}

// after makes an aggregate of what callers did after a call.
func after(days int, o op, is func(e *Engine, call int32) bool, value func(c *Calls, i int32, f follow) (int64, bool)) aggregate {
	return aggregate{fromCalls, o, func(r *run, _ *source) pick {
		follows, c := r.follows(days), &r.e.f.Calls
		return func(row int32) (int64, bool) {
			if !is(r.e, row) {
				return 0, false
			}
			return value(c, row, follows[row])
		}
	}, []string{"numbers", "visits"}}
}

func (e *Engine) lostCaller(call int32) bool { return e.missed(call) && e.f.Calls.Number[call] != 0 }

// Windows in days, where the query says nothing.
const (
	repeatDays = 7
	retryDays  = 1
)

var callerAggregates = map[string]aggregate{
	"cases":      ofCase(opSum, func(*run, *missedCase, int32) (int64, bool) { return 1, true }),
	"cases_open": caseWhere(caseOpen), "cases_expired": caseWhere(caseExpired), "cases_closed": caseWhere(caseCalledBack, caseAgain),
	"closed_by_us": caseWhere(caseCalledBack), "closed_by_caller": caseWhere(caseAgain),
	"closed_in_time": ofCase(opSum, func(_ *run, k *missedCase, _ int32) (int64, bool) { return 1, k.contact >= 0 && k.at <= k.deadline }),
	"recall_sum":     ofCase(opSum, recall), "recall_min": ofCase(opMin, recall), "recall_max": ofCase(opMax, recall),
	"case_tries":   ofCase(opSum, func(_ *run, k *missedCase, _ int32) (int64, bool) { return int64(k.tries), true }),
	"first_missed": ofCase(opMin, func(r *run, k *missedCase, _ int32) (int64, bool) { return r.e.f.Calls.Start[k.first], true }),
	"last_missed":  ofCase(opMax, func(r *run, k *missedCase, _ int32) (int64, bool) { return r.e.f.Calls.Start[k.last], true }),
	"contact_at":   ofCase(opMax, func(_ *run, k *missedCase, _ int32) (int64, bool) { return k.at, k.contact >= 0 }),

	"contacts": after(repeatDays, opSum, (*Engine).helped, func(*Calls, int32, follow) (int64, bool) { return 1, true }),
	"repeated": after(repeatDays, opSum, (*Engine).helped, func(_ *Calls, _ int32, f follow) (int64, bool) { return 1, f.again != 0 }),
	"solved":   after(repeatDays, opSum, (*Engine).helped, func(_ *Calls, _ int32, f follow) (int64, bool) { return 1, f.again == 0 }),
	"repeat_callers": after(repeatDays, opDistinct, (*Engine).helped, func(c *Calls, i int32, f follow) (int64, bool) {
		return int64(c.Number[i]), f.again != 0
	}),
	"lost_calls":    after(retryDays, opSum, (*Engine).lostCaller, func(*Calls, int32, follow) (int64, bool) { return 1, true }),
	"retried":       after(retryDays, opSum, (*Engine).lostCaller, func(_ *Calls, _ int32, f follow) (int64, bool) { return 1, f.again != 0 }),
	"retry_wait":    after(retryDays, opSum, (*Engine).lostCaller, untilAgain),
	"retry_waits":   after(retryDays, opList, (*Engine).lostCaller, untilAgain),
	"reached":       after(retryDays, opSum, (*Engine).lostCaller, func(_ *Calls, _ int32, f follow) (int64, bool) { return 1, f.reached }),
	"never_reached": after(retryDays, opSum, (*Engine).lostCaller, func(_ *Calls, _ int32, f follow) (int64, bool) { return 1, !f.reached }),
}

func untilAgain(c *Calls, i int32, f follow) (int64, bool) {
	return max(f.again-c.End[i], 0), f.again != 0
}
