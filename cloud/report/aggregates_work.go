package report

// gaveUp tells a canceled ring whose caller hung up: its stay in the queue was abandoned, or outside queues its call was not
// answered.
func gaveUp(r *run, s *source) keep {
	v := &r.e.f.Visits
	return func(row int32) bool {
		if s.result[row] != resCancelled {
			return false
		}
		if s.queue[row] == 0 {
			return r.e.f.Calls.Disposition[s.call[row]] != dispAnswered
		}
		last := int32(-1)
		for _, k := range r.e.visits().of(s.call[row]) {
			if v.Queue[k] == s.queue[row] && v.Entered[k] <= s.from[row] && (last < 0 || v.Entered[k] >= v.Entered[last]) {
				last = k
			}
		}
		return last >= 0 && v.Result[last] == resAbandoned
	}
}

func takenElsewhere(r *run, s *source) keep {
	up := gaveUp(r, s)
	return func(row int32) bool { return s.result[row] == resCancelled && !up(row) }
}

// talking limits segments to talks with some.
func talking(with ...uint8) func(*run, *source) keep {
	var is [256]bool
	for _, w := range with {
		is[w] = true
	}
	return func(r *run, _ *source) keep {
		g := &r.e.f.Segments
		return func(row int32) bool { return g.Kind[row] == SegmentTalk && is[g.With[row]] }
	}
}

func holding(r *run, _ *source) keep {
	g := &r.e.f.Segments
	return func(row int32) bool { return g.Kind[row] == SegmentHold }
}

// perOperator counts calls once per operator.
func perOperator(is func(*run, *source) keep) aggregate {
	return aggregate{from: fromSegments, op: opDistinct, of: func(r *run, s *source) pick {
		ok := is(r, s)
		return func(row int32) (int64, bool) { return int64(s.call[row])<<32 | int64(s.operator[row]), ok(row) }
	}}
}

var workAggregates = map[string]aggregate{
	"rings": count(fromRings, all), "rings_answered": result(fromRings, resAnswered),
	"rings_missed":    result(fromRings, resNoAnswer, resDeclined, resBusy, resRedirected, resFailed),
	"rings_timed_out": result(fromRings, resNoAnswer), "rings_declined": result(fromRings, resDeclined), "rings_busy": result(fromRings, resBusy),
	"rings_failed": result(fromRings, resFailed, resRedirected),
	"rings_unanswered": count(fromRings, func(_ *run, s *source) keep {
		return func(row int32) bool { return s.result[row] != resAnswered && s.result[row] != 0 }
	}),
	"rings_gave_up": count(fromRings, gaveUp, "visits"), "rings_elsewhere": count(fromRings, takenElsewhere, "visits"),
	"ring_answered_time": length(fromRings, opSum, hasResult(resAnswered)), "ring_times": length(fromRings, opList, hasResult(resAnswered)),
	"ring_time": passed(fromRings, opTime, all),

	"talks": count(fromSegments, talking(WithCustomer, WithConference)), "talked": perOperator(talking(WithCustomer, WithConference)),
	"talk_whole":      length(fromSegments, opSum, talking(WithCustomer, WithConference)),
	"talk_time":       passed(fromSegments, opTime, talking(WithCustomer, WithConference)),
	"internal_time":   passed(fromSegments, opTime, talking(WithInternal)),
	"consult_time":    passed(fromSegments, opTime, talking(WithConsult)),
	"conference_time": passed(fromSegments, opTime, talking(WithConference)),
	"holds":           count(fromSegments, holding), "held": perOperator(holding),
	"hold_time": passed(fromSegments, opTime, holding), "hold_whole": length(fromSegments, opSum, holding), "hold_max": length(fromSegments, opMax, holding),
}

// doing is the time of stretches in which something was done.
func doing(bit uint16) aggregate {
	return passed(fromTime, opTime, func(_ *run, s *source) keep { return func(row int32) bool { return s.flags[row]&bit != 0 } })
}

func logged(o op) aggregate {
	a := doing(doesLogged)
	a.op = o
	return a
}

// pausing limits pauses by their reason.
func pausing(is func(*Reason) bool) func(*run, *source) keep {
	return func(r *run, s *source) keep {
		return func(row int32) bool {
			k := r.reason(s.reason[row])
			return k != nil && is(k)
		}
	}
}

// tooLong tells pauses that last longer than their reason allows.
func tooLong(r *run, s *source) keep {
	return func(row int32) bool {
		k := r.reason(s.reason[row])
		return k != nil && k.Limit > 0 && s.to[row]-s.from[row] > int64(k.Limit)*1000
	}
}

var timeAggregates = map[string]aggregate{
	"logged_time": doing(doesLogged), "paused_time": doing(doesPaused), "available_time": doing(doesAvailable), "contact_time": doing(doesContact),
	"busy_time": doing(doesBusy), "on_hold_time": doing(doesHold), "wrap_time": doing(doesWrap), "ringing_time": doing(doesRing), "idle_time": doing(doesIdle),
	"unreachable_time": doing(doesUnreachable), "unpaid_time": doing(doesUnpaid), "worked_time": doing(doesWorked), "scheduled_time": doing(doesShift),
	"scheduled_work": doing(doesDuty), "adherent_time": doing(doesAdhere), "late_time": doing(doesMiss),
	"first_in": logged(opFirst), "last_out": logged(opLast),
	"sessions": count(fromSessions, all),
	"pauses":   count(fromPauses, all), "pause_whole": length(fromPauses, opSum, all), "pause_max": length(fromPauses, opMax, all),
	"pauses_over": count(fromPauses, tooLong),
	"pause_time":  passed(fromPauses, opTime, all),
	"pause_paid":  passed(fromPauses, opTime, pausing(func(k *Reason) bool { return k.Paid })),
	"pause_work":  passed(fromPauses, opTime, pausing(func(k *Reason) bool { return k.Work })),
	"wraps":       count(fromWraps, all), "wrap_lengths": length(fromWraps, opList, all), "wrap_max": length(fromWraps, opMax, all),

	"known_time": passed(fromKnown, opTime, all), "missing_time": passed(fromGaps, opTime, all), "gaps": count(fromGaps, all),
	"events_lost": {from: fromGaps, op: opSum, of: func(r *run, _ *source) pick {
		return func(row int32) (int64, bool) { return r.lost[row], true }
	}},
}
