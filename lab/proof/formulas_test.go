package proof

import "fmt"

// formula is a figure in SQL, over the rows x of one kind that fall into a group: those that count in the period, or, where it
// is sliced, the pieces of those that lasted in it, from x.pf to x.pe.
type formula struct {
	from   string
	sliced bool
	sql    string
	peak   bool     // the most pieces at once
	of     []string // or the quotient of two figures, or the share of one
	how    string   // quotient, share, running, difference
}

func n(where string) string  { return "count(*) FILTER (WHERE " + where + ")" }
func per(a, b string) string { return fmt.Sprintf("(%s)::float8 / nullif((%s)::float8, 0)", a, b) }
func total(what, where string) string {
	return fmt.Sprintf("coalesce(sum(%s) FILTER (WHERE %s), 0)", what, where)
}

func nth(percent int, what, where string) string {
	return fmt.Sprintf("percentile_disc(%.2f) WITHIN GROUP (ORDER BY %s) FILTER (WHERE %s)", float64(percent)/100, what, where)
}

const (
	passed = "(x.pe - x.pf)"
	inT    = "wait <= t"
)

func visits(sql string) formula { return formula{from: "judged_", sql: sql} }
func calls(sql string) formula  { return formula{from: "call_", sql: sql} }
func dials(sql string) formula  { return formula{from: "dial_", sql: sql} }
func rings(sql string) formula  { return formula{from: "ring_", sql: sql} }
func talks(sql string) formula  { return formula{from: "segment_", sql: sql} }
func moves(sql string) formula  { return formula{from: "transfer_", sql: sql} }
func cases(sql string) formula  { return formula{from: "case_", sql: sql} }
func during(f formula) formula  { f.sliced = true; return f }
func share(of string) formula   { return formula{of: []string{of}, how: "share"} }
func running(of string) formula { return formula{of: []string{of}, how: "running"} }
func over(a, b string) formula  { return formula{of: []string{a, b}, how: "quotient"} }
func most(from string) formula  { return formula{from: from, sliced: true, peak: true} }

const (
	answered  = "result = 1"
	abandoned = "result = 2"
	ans       = "ans"
	abn       = "abn"
	withHim   = "kind = 1 AND with_kind IN (1, 3)"
	c2        = "(SELECT c.disp FROM call_ c WHERE c.call = x.call)"
)

var formulas = map[string]formula{
	"offered":        visits("count(*)"),
	"unique":         visits("count(DISTINCT call)"),
	"answered":       visits(n(answered)),
	"abandoned":      visits(n(abandoned)),
	"flowed_out":     visits(n("result IN (3, 4, 5, 6, 7)")),
	"timeouts":       visits(n("result = 3")),
	"no_agents":      visits(n("result IN (4, 5)")),
	"moved_on":       visits(n("result = 6")),
	"left_otherwise": visits(n("result = 7")),
	"waiting":        visits(n("result = 0")),
	"lost":           visits(n("result IN (2, 3, 4, 5)")),
	"lost_share":     share("lost"), "lost_running": running("lost"), "answered_share": share("answered"), "answered_running": running("answered"),
	"answer_rate":      visits(per(n(answered), "count(*)")),
	"abandon_rate":     visits(per(n(abandoned), "count(*)")),
	"abandon_rate_net": visits(per(n(abandoned+" AND wait >= s"), n("NOT ("+abandoned+" AND wait < s)"))),
	"answered_in":      visits(n(answered + " AND " + inT)),
	"abandoned_in":     visits(n(abandoned + " AND " + inT)),
	"short_abandons":   visits(n(abandoned + " AND wait < s")),
	"short_rate":       visits(per(n(abandoned+" AND wait < s"), n(abandoned))),
	"service_level": visits(per(
		n("variant = 1 AND (ans OR abn) AND wait <= t OR variant IN (2, 3, 4) AND ans AND wait <= t OR variant = 5 AND (ans AND wait <= t OR result = 2 AND wait < s)"),
		n("variant = 1 AND (ans OR abn) OR variant = 2 AND ans OR variant = 3 AND (ans OR abn) OR variant = 4 AND (ans OR abn AND wait > t) OR variant = 5 AND result IN (1, 2)"))),
	"sl1":      visits(per(n("(ans OR abn) AND wait <= t"), n("ans OR abn"))),
	"sl2":      visits(per(n("ans AND wait <= t"), n("ans"))),
	"sl3":      visits(per(n("ans AND wait <= t"), n("ans OR abn"))),
	"sl4":      visits(per(n("ans AND wait <= t"), n("ans OR abn AND wait > t"))),
	"sl5":      visits(per(n("ans AND wait <= t OR result = 2 AND wait < s"), n("result IN (1, 2)"))),
	"asa":      visits(per(total("wait", answered), n(answered))),
	"avg_wait": visits(per(total("wait", "e IS NOT NULL"), n("e IS NOT NULL"))),
	"wait_p50": visits(nth(50, "wait", answered)), "wait_p90": visits(nth(90, "wait", answered)), "wait_p95": visits(nth(95, "wait", answered)),
	"wait_max":     visits("max(wait)"),
	"abandon_wait": visits(per(total("wait", abandoned), n(abandoned))),
	"abandon_p50":  visits(nth(50, "wait", abandoned)), "abandon_p90": visits(nth(90, "wait", abandoned)),
	"abandon_max": visits("max(wait) FILTER (WHERE " + abandoned + ")"),
	"position":    visits(per(total("pos", "pos > 0"), n("pos > 0"))),
	"aht":         visits(per(total("talk + held + wrap", "true"), n(answered))),
	"avg_talk":    visits(per(total("talk", "true"), n(answered))), "avg_hold": visits(per(total("held", "true"), n(answered))), "avg_wrap": visits(per(total("wrap", "true"), n(answered))),
	"talk_p50": visits(nth(50, "talk", answered)), "talk_p90": visits(nth(90, "talk", answered)), "talk_p95": visits(nth(95, "talk", answered)),
	"wait_time":    during(visits(total(passed, "true"))),
	"peak_waiting": most("judged_"),

	"calls": calls("count(*)"), "calls_share": share("calls"), "inbound": calls(n("dir = 1")), "outbound": calls(n("dir = 2")), "internal": calls(n("dir = 3")),
	"calls_answered":    calls(n("disp = 1")),
	"calls_answer_rate": calls(per(n("disp = 1"), n("z IS NOT NULL"))),
	"calls_missed":      calls(n("missed")), "missed_share": share("calls_missed"),
	"missed_wait":    calls(per(total("wait", "missed"), n("missed"))),
	"callers":        calls("count(DISTINCT num)"),
	"avg_duration":   calls(per(total("z - s", "z IS NOT NULL"), n("z IS NOT NULL"))),
	"avg_call_wait":  calls(per(total("wait", "true"), "count(*)")),
	"avg_call_talk":  calls(per(total("talk", "disp = 1"), n("disp = 1"))),
	"call_talk_time": calls(total("talk", "disp = 1")),
	"recorded":       calls(n("disp = 1 AND recorded")), "not_recorded": calls(n("disp = 1 AND NOT recorded")), "recorded_rate": calls(per(n("disp = 1 AND recorded"), n("disp = 1"))),
	"tagged":         calls(n("EXISTS (SELECT FROM tag_ t WHERE t.call = x.call)")),
	"tagged_rate":    calls(per(n("EXISTS (SELECT FROM tag_ t WHERE t.call = x.call)"), "count(*)")),
	"menu_time":      calls(per(total("step_ms", "steps > 0"), n("steps > 0"))),
	"menu_lost":      calls(n("missed AND steps > 0 AND NOT EXISTS (SELECT FROM visit_ v WHERE v.call = x.call)")),
	"menu_lost_rate": calls(per(n("missed AND steps > 0 AND NOT EXISTS (SELECT FROM visit_ v WHERE v.call = x.call)"), n("steps > 0"))),
	"calls_partial":  calls(n("partial")),
	"line_time":      during(calls(total(passed, "true"))), "peak_lines": most("call_"),

	"avg_lines": {of: []string{"line_time"}, how: "length"},
	"lines":     {how: "lines"},
	"line_use":  over("peak_lines", "lines"),

	"known_time": {from: "known_", sliced: true, sql: "sum(" + passed + ")"}, "missing_time": {from: "gap_", sliced: true, sql: "sum(" + passed + ")"},
	"heard_time": {of: []string{"known_time", "missing_time"}, how: "difference"}, "coverage": {of: []string{"missing_time", "known_time"}, how: "rest"},
	"gaps": {from: "gap_", sql: "count(*)"}, "events_lost": {from: "gap_", sql: "sum(events)"},

	"dialed": dials("count(*)"), "dialed_answered": dials(n(c2 + " = 1")),
	"dialed_rate":     dials(per(n(c2+" = 1"), n("fin IS NOT NULL"))),
	"dialed_talk":     dials(total("(SELECT talk FROM call_ c WHERE c.call = x.call)", c2+" = 1")),
	"avg_dialed_talk": dials(per(total("(SELECT talk FROM call_ c WHERE c.call = x.call)", c2+" = 1"), n(c2+" = 1"))),
	"dialed_numbers":  dials("count(DISTINCT (SELECT num FROM call_ c WHERE c.call = x.call))"),
	"dialed_ring":     dials(per(total("spoke - f", "spoke IS NOT NULL"), n("spoke IS NOT NULL"))),

	"transfers": moves("count(*)"), "transfers_blind": moves(n("kind = 1")), "transfers_attended": moves(n("kind = 2")), "transfers_completed": moves(n("result = 14")),
	"transfers_failed": moves(n("result <> 14")), "transfers_cross": moves(n("cross_pbx")), "to_queue": moves(n("to_queue IS NOT NULL")),
	"to_outside": moves(n("to_queue IS NULL AND to_op IS NULL")), "transfer_rate": over("transfers_completed", "talked"),

	"rings": rings("count(*)"), "rings_answered": rings(n("result = 1")), "rings_unanswered": rings(n("e IS NOT NULL AND result <> 1")),
	"rings_missed": rings(n("result BETWEEN 9 AND 13")), "rings_timed_out": rings(n("result = 9")), "rings_declined": rings(n("result = 11")), "rings_busy": rings(n("result = 10")),
	"rings_failed":     rings(n("result IN (12, 13)")),
	"rings_gave_up":    rings(n("result = 8 AND " + gaveUp)),
	"rings_elsewhere":  rings(n("result = 8 AND NOT " + gaveUp)),
	"ring_answer_rate": rings(per(n("result = 1"), n("result = 1 OR result BETWEEN 9 AND 13"))),
	"avg_ring":         rings(per(total("e - f", "result = 1"), n("result = 1"))),
	"ring_p90":         rings(nth(90, "e - f", "result = 1")),
	"ring_time":        during(rings(total(passed, "true"))),

	"talks": talks(n(withHim)), "talked": talks("count(DISTINCT (call, " + whoSegment + ")) FILTER (WHERE " + withHim + ")"),
	"talk_time":     during(talks(total(passed, withHim))),
	"talk_per_call": talks(per(total("e - f", withHim), "count(DISTINCT (call, "+whoSegment+")) FILTER (WHERE "+withHim+")")),
	"internal_time": during(talks(total(passed, "kind = 1 AND with_kind = 2"))), "consult_time": during(talks(total(passed, "kind = 1 AND with_kind = 4"))),
	"conference_time": during(talks(total(passed, "kind = 1 AND with_kind = 3"))),
	"holds":           talks(n("kind = 2")), "held": talks("count(DISTINCT (call, " + whoSegment + ")) FILTER (WHERE kind = 2)"),
	"hold_time":     during(talks(total(passed, "kind = 2"))),
	"hold_rate":     over("held", "talked"),
	"hold_per_held": talks(per(total("e - f", "kind = 2"), "count(DISTINCT (call, "+whoSegment+")) FILTER (WHERE kind = 2)")),
	"hold_per_call": talks(per(total("e - f", "kind = 2"), "count(DISTINCT (call, "+whoSegment+")) FILTER (WHERE "+withHim+")")),
	"hold_max":      talks("max(e - f) FILTER (WHERE kind = 2)"),

	"cases": cases("count(*)"), "cases_open": cases(n("state = 'open'")), "cases_expired": cases(n("state = 'expired'")), "cases_closed": cases(n("contact IS NOT NULL")),
	"closed_by_us": cases(n("contact IS NOT NULL AND contact_dir = 2")), "closed_by_caller": cases(n("contact IS NOT NULL AND contact_dir = 1")),
	"recall_rate":    cases(per(n("contact IS NOT NULL"), "count(*)")),
	"recall_in_time": cases(per(n("recall <= cb * 1000"), "count(*)")),
	"recall_time":    cases(per(total("recall", "true"), n("contact IS NOT NULL"))), "recall_avg": cases(per(total("recall", "true"), n("contact IS NOT NULL"))),
	"recall_min": cases("min(recall)"), "recall_max": cases("max(recall)"), "tries": cases("sum(tries)"),
	"first_missed": cases("min(f)"), "last_missed": cases("max(last)"), "contact_at": cases("max(contact)"),

	"contacts": calls(n(helped)), "repeated": calls(n(helped + " AND " + calledAgain)), "solved": calls(n(helped + " AND NOT " + calledAgain)),
	"fcr":            calls(per(n(helped+" AND NOT "+calledAgain), n(helped))),
	"repeat_callers": calls("count(DISTINCT num) FILTER (WHERE " + helped + " AND " + calledAgain + ")"),
	"lost_calls":     calls(n(lost)), "retried": calls(n(lost + " AND " + calledAgain)), "retry_rate": calls(per(n(lost+" AND "+calledAgain), n(lost))),
	"retry_wait": calls(per(total(nextIn, lost+" AND "+calledAgain), n(lost+" AND "+calledAgain))),
	"retry_p50":  calls(nth(50, nextIn, lost+" AND "+calledAgain)),
	"reached":    calls(n(lost + " AND " + spokenLater)), "reached_rate": calls(per(n(lost+" AND "+spokenLater), n(lost))), "never_reached": calls(n(lost + " AND NOT " + spokenLater)),

	"started": calls("min(s)"), "ended": calls("max(z)"), "call_wait": calls("sum(wait)"), "call_talk": calls("sum(talk)"), "call_hold": calls("sum(hold)"),
	"call_duration": calls("sum(z - s)"), "call_rings": calls("sum(rings)"), "call_transfers": calls("sum(transfers)"),

	// What workers did, in the table of it: see workers_test.go.
	"logged_time": work("logged"), "paused_time": work("paused"), "available_time": work("available"), "contact_time": work("contact"), "busy_time": work("busy"),
	"on_hold_time": work("onhold"), "wrap_time": work("wrap"), "ringing_time": work("ringing"), "idle_time": work("idle"), "unreachable_time": work("unreachable"),
	"paid_time":    work("paid"),
	"occupancy":    {from: "work_", sql: per("sum(contact)", "sum(contact + available)")},
	"utilization":  {from: "work_", sql: per("sum(contact + available)", "sum(logged)")},
	"availability": {from: "work_", sql: per("sum(available)", "sum(logged)")},
	"first_in":     {from: "work_", sql: "min(first_in)"}, "last_out": {from: "work_", sql: "max(last_out)"},
	"wrap_share": {from: "work_", sql: per("sum(wrap)", "sum(logged)")},
	"sessions":   {from: "session_", sql: "count(*)"},
	"pauses":     {from: "pause_", sql: "count(*)"}, "pause_avg": {from: "pause_", sql: "avg(e - f)"}, "pause_max": {from: "pause_", sql: "max(e - f)"},
	"pauses_over": {from: "pause_", sql: n("over_limit")},
	"pause_time":  {from: "pause_", sliced: true, sql: "sum(" + passed + ")"},
	"pause_paid":  {from: "pause_", sliced: true, sql: total(passed, "paid")}, "pause_work": {from: "pause_", sliced: true, sql: total(passed, "work")},
	"wraps": {from: "wrap_", sql: "count(*)"}, "wrap_p90": {from: "wrap_", sql: nth(90, "e - f", "true")}, "wrap_max": {from: "wrap_", sql: "max(e - f)"},
	"scheduled_time": work("scheduled"), "scheduled_work": work("planned"), "adherent_time": work("adherent"), "worked_time": work("worked"), "late_time": work("late"),
	"adherence": {from: "work_", sql: per("sum(adherent)", "sum(scheduled)")}, "conformance": {from: "work_", sql: per("sum(worked)", "sum(planned)")},
}

func work(column string) formula { return formula{from: "work_", sql: "sum(" + column + ")"} }

const (
	whoSegment  = "pg_temp.who(op, opat)"
	gaveUp      = "CASE WHEN x.queue IS NULL THEN " + c2 + " <> 1 AND (SELECT z FROM call_ c WHERE c.call = x.call) IS NOT NULL ELSE EXISTS (SELECT FROM visit_ v WHERE v.call = x.call AND v.queue = x.queue AND v.result = 2 AND v.f <= x.f AND v.e >= x.f) END"
	helped      = "(dir = 1 AND disp = 1 AND num <> '')"
	lost        = "(missed AND num <> '')"
	calledAgain = "(again_{days} IS NOT NULL)"
	nextIn      = "greatest(again_{days} - x.z, 0)"
	spokenLater = "reached_{days}"
)
