package report

// isShort, inTime and so on judge a stay by the policy in force when it began.
func (r *run) wait(s *source, row int32) int64 { return ended(s.to[row], r.now) - s.from[row] }

type judged struct {
	*Policy
	wait int64
}

func (r *run) judge(s *source, row int32) judged {
	return judged{r.policy(s.queue[row], s.from[row]), r.wait(s, row)}
}

func (j judged) inTime() bool  { return j.wait <= int64(j.Threshold)*1000 }
func (j judged) short() bool   { return j.wait < int64(j.Short)*1000 }
func (j judged) ignored() bool { return j.Shorts == ShortIgnored && j.short() }

// level is what a stay adds to numerator and denominator of the service level of its policy.
func (j judged) level(result uint8) (met, of bool) {
	switch result {
	case resAnswered:
		return j.inTime(), true
	case resAbandoned:
		if j.Variant == SL5 {
			return j.short(), true
		}
		if j.ignored() {
			return false, false
		}
		switch j.Variant {
		case SL1:
			return j.inTime(), true
		case SL2:
			return false, false
		case SL4:
			return false, !j.inTime()
		}
		return false, true
	}
	return false, false
}

// stay makes an aggregate of stays, judged.
func stay(ok func(result uint8, j judged) bool) aggregate {
	return aggregate{from: fromVisits, op: opSum, of: func(r *run, s *source) pick {
		return func(row int32) (int64, bool) {
			if s.result[row] != resAnswered && s.result[row] != resAbandoned {
				return 0, false
			}
			return 1, ok(s.result[row], r.judge(s, row))
		}
	}}
}

func decided(_ *run, s *source) keep { return func(row int32) bool { return s.to[row] != 0 } }

// work is a figure worked out for visits beforehand.
func work(o op, figures func(r *run) []int32, need ...string) aggregate {
	return aggregate{fromVisits, o, func(r *run, s *source) pick {
		list := figures(r)
		return func(row int32) (int64, bool) { return int64(list[row]), s.result[row] == resAnswered }
	}, need}
}

func talkOfVisits(r *run) []int32 {
	talk, _ := r.e.workOfVisits(r.now)
	return talk
}

func holdOfVisits(r *run) []int32 {
	_, hold := r.e.workOfVisits(r.now)
	return hold
}

func wrapOfVisits(r *run) []int32 { return r.e.wrapOfVisits(r.now) }

var visitAggregates = map[string]aggregate{
	"offered":  count(fromVisits, all),
	"answered": result(fromVisits, resAnswered), "abandoned": result(fromVisits, resAbandoned), "timeouts": result(fromVisits, resTimeout),
	"no_agents": result(fromVisits, resLeaveEmpty, resJoinEmpty), "moved_on": result(fromVisits, resTransferred), "waiting": result(fromVisits, 0),
	"lost": count(fromVisits, func(_ *run, s *source) keep { return func(row int32) bool { return isLost(s.result[row]) } }),
	"left_otherwise": count(fromVisits, func(_ *run, s *source) keep {
		return func(row int32) bool { return s.result[row] == resOther || s.result[row] > resOther }
	}),
	"flowed_out": count(fromVisits, func(_ *run, s *source) keep { return func(row int32) bool { return s.result[row] > resAbandoned } }),
	"unique": {from: fromVisits, op: opDistinct, of: func(_ *run, s *source) pick {
		return func(row int32) (int64, bool) { return int64(s.call[row]), true }
	}},
	"decided":        result(fromVisits, resAnswered, resAbandoned),
	"ended_visits":   count(fromVisits, decided),
	"answered_in":    stay(func(res uint8, j judged) bool { return res == resAnswered && j.inTime() }),
	"abandoned_in":   stay(func(res uint8, j judged) bool { return res == resAbandoned && j.inTime() }),
	"short_abandons": stay(func(res uint8, j judged) bool { return res == resAbandoned && j.short() }),
	"sl_met": stay(func(res uint8, j judged) bool {
		met, _ := j.level(res)
		return met
	}),
	"sl_of": stay(func(res uint8, j judged) bool {
		_, of := j.level(res)
		return of
	}),
	"sl_answered_in":  stay(func(res uint8, j judged) bool { return res == resAnswered && j.inTime() }),
	"sl_abandoned_in": stay(func(res uint8, j judged) bool { return res == resAbandoned && j.inTime() && !j.ignored() }),
	"sl_decided":      stay(func(res uint8, j judged) bool { return res == resAnswered || !j.ignored() }),
	"wait_answered":   length(fromVisits, opSum, hasResult(resAnswered)),
	"wait_abandoned":  length(fromVisits, opSum, hasResult(resAbandoned)),
	"wait_all":        length(fromVisits, opSum, decided),
	"waits_answered":  length(fromVisits, opList, hasResult(resAnswered)),
	"waits_abandoned": length(fromVisits, opList, hasResult(resAbandoned)),
	"wait_max":        length(fromVisits, opMax, decided),
	"abandon_max":     length(fromVisits, opMax, hasResult(resAbandoned)),
	"position_sum": {from: fromVisits, op: opSum, of: func(r *run, _ *source) pick {
		p := r.e.f.Visits.Position
		return func(row int32) (int64, bool) { return int64(p[row]), p[row] > 0 }
	}},
	"position_known": count(fromVisits, func(r *run, _ *source) keep {
		p := r.e.f.Visits.Position
		return func(row int32) bool { return p[row] > 0 }
	}),
	"visit_talk":   work(opSum, talkOfVisits, "segments"),
	"visit_talks":  work(opList, talkOfVisits, "segments"),
	"visit_hold":   work(opSum, holdOfVisits, "segments"),
	"visit_wrap":   work(opSum, wrapOfVisits, "states"),
	"wait_time":    passed(fromVisits, opTime, all),
	"peak_waiting": passed(fromVisits, opPeak, all),
}
