package report

// What reports are limited to. Each returns nil where a source has nothing that would be left out.

// inQueues: only what is of a queue.
func inQueues(_ *run, s *source) keep {
	if s.id == fromVisits || s.queue == nil {
		return nil
	}
	return func(row int32) bool { return s.queue[row] != 0 }
}

// ofOperators: only what is of an operator.
func ofOperators(_ *run, s *source) keep {
	if s.operator == nil || s.id == fromCases {
		return nil
	}
	return func(row int32) bool { return s.operator[row] != 0 }
}

func onlyAnswered(_ *run, s *source) keep {
	if s.id != fromVisits {
		return nil
	}
	return func(row int32) bool { return s.result[row] == resAnswered }
}

func isLost(result uint8) bool {
	return result == resAbandoned || result == resTimeout || result == resLeaveEmpty || result == resJoinEmpty
}

func onlyLost(_ *run, s *source) keep {
	if s.id != fromVisits {
		return nil
	}
	return func(row int32) bool { return isLost(s.result[row]) }
}

// ofCall limits to rows whose call is as asked for.
func ofCall(s *source, ok func(call int32) bool) keep {
	if !s.callRows {
		return nil
	}
	return func(row int32) bool { return ok(s.callOf(row)) }
}

func onlyMissed(r *run, s *source) keep { return ofCall(s, r.e.missed) }

func onlyContacts(r *run, s *source) keep { return ofCall(s, r.e.helped) }

// helped tells an answered call of somebody outside whose number is known.
func (e *Engine) helped(call int32) bool {
	c := &e.f.Calls
	return c.Direction[call] == dirInbound && c.Disposition[call] == dispAnswered && c.Number[call] != 0
}

func onlyMenus(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return len(r.e.steps().of(call)) > 0 })
}

func onlyInbound(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Direction[call] == dirInbound })
}

func onlyOutbound(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Direction[call] == dirOutbound })
}

func onlyInternal(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Direction[call] == dirInternal })
}

func onTrunks(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Trunk[call] != 0 })
}

func onlyOutside(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Number[call] != 0 })
}

func onlyAnsweredCalls(r *run, s *source) keep {
	return ofCall(s, func(call int32) bool { return r.e.f.Calls.Disposition[call] == dispAnswered })
}

// onlyScheduled: only workers who have a shift in the period.
func onlyScheduled(r *run, s *source) keep {
	if s.workers == nil {
		return nil
	}
	scheduled := map[worker]bool{}
	for _, x := range r.e.n.Shifts {
		if x.From < r.to && x.To > r.from {
			scheduled[worker{x.Person, true}] = true
		}
	}
	return func(row int32) bool { return scheduled[s.workers[row]] }
}
