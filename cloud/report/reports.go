package report

// Dimensions by what rows have.
var (
	times   = []string{ByInterval, ByHour, ByDay, ByWeekday, ByWeek, ByMonth}
	callIs  = []string{ByDID, ByTrunk, ByNumber, ByPrefix, ByDisposition, ByDirection, ByIVR, ByTag}
	places  = []string{ByQueue, ByOperator, ByGroup, ByPBX, ByStation}
	ofCalls = together(places, callIs, times)
	ofWork  = together(places, times)
	ofVisit = together(ofCalls, []string{ByResult, ByStep})
)

func together[T any](lists ...[]T) []T {
	var all []T
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// without leaves dimensions out that would have no rows.
func without(list []string, not ...string) []string {
	var left []string
	for _, d := range list {
		if !contains(not, d) {
			left = append(left, d)
		}
	}
	return left
}

// Columns that several reports offer.
var (
	served = []string{
		"offered", "answered", "abandoned", "service_level", "answer_rate", "abandon_rate", "asa", "wait_max", "aht",
	}
	servedMore = []string{
		"unique", "flowed_out", "timeouts", "no_agents", "moved_on", "left_otherwise", "waiting", "lost", "answered_in", "abandoned_in", "short_abandons",
		"sl1", "sl2", "sl3", "sl4", "sl5", "avg_wait", "wait_p50", "wait_p90", "wait_p95", "abandon_wait", "abandon_p90",
		"avg_talk", "talk_p50", "talk_p90", "talk_p95", "avg_hold", "avg_wrap", "talk_time", "hold_time", "position", "peak_waiting", "wait_time",
	}
	timed = together(served, []string{"peak_waiting"})
)

var definitions = []Definition{
	{
		ID: "summary", Family: "service", Title: say("Summary"), Tells: say("How the period went as a whole, and whether better than the one before."),
		May:     ofCalls,
		Columns: []string{"calls", "inbound", "outbound", "internal", "offered", "answered", "abandoned", "service_level", "abandon_rate", "asa", "wait_p90", "wait_max", "aht", "avg_talk", "calls_missed", "rings_missed"},
		More:    together([]string{"calls_answered", "calls_answer_rate", "recorded_rate", "transfers", "callers"}, servedMore), Chart: "funnel", Figure: "offered",
	},
	{
		ID: "queues", Family: "service", Title: say("By queue"), Tells: say("Which queues reach their service level, and which lose callers."),
		By: []string{ByQueue}, May: ofVisit, Columns: served, More: servedMore, Chart: "bars", Figure: "service_level", only: inQueues,
	},
	{
		ID: "operators", Family: "operators", Title: say("By operator"), Tells: say("What each operator answered, missed and how long they spoke."),
		By: []string{ByOperator}, May: ofWork,
		Columns: []string{"answered", "talked", "talk_time", "talk_per_call", "hold_time", "wrap_time", "rings", "rings_missed", "ring_answer_rate", "dialed", "logged_time", "paused_time", "occupancy"},
		More:    []string{"talks", "aht", "avg_talk", "asa", "internal_time", "consult_time", "conference_time", "holds", "avg_ring", "transfers", "transfer_rate", "available_time", "busy_time", "utilization", "sessions", "pauses"},
		Chart:   "bars", Figure: "answered", only: ofOperators,
	},
	{
		ID: "groups", Family: "service", Title: say("By group"), Tells: say("How groups of queues and of operators compare."),
		By: []string{ByGroup}, May: ofVisit, Columns: together(served, []string{"talk_time", "rings_missed"}), More: together(servedMore, []string{"rings"}), Chart: "bars", Figure: "service_level",
	},
	{
		ID: "pbxs", Family: "service", Title: say("By PBX"), Tells: say("How calls and service divide between PBXs and sites."),
		By: []string{ByPBX}, May: ofVisit, Columns: together([]string{"calls", "inbound", "outbound"}, served), More: servedMore, Chart: "bars", Figure: "calls",
	},
	{
		ID: "hours", Family: "service", Title: say("By hour of the day"), Tells: say("At which hours callers come, and at which they wait."),
		By: []string{ByHour}, May: ofVisit, Columns: timed, More: servedMore, Chart: "bars", Figure: "offered", only: inQueues,
	},
	{
		ID: "days", Family: "service", Title: say("By day"), Tells: say("How load and service change from day to day."),
		By: []string{ByDay}, May: ofVisit, Columns: timed, More: servedMore, Chart: "lines", Figure: "offered", only: inQueues,
	},
	{
		ID: "weekdays", Family: "service", Title: say("By weekday"), Tells: say("Which hours of which weekdays need more people."),
		By: []string{ByWeekday, ByHour}, May: ofVisit, Columns: timed, More: servedMore, Chart: "heatmap", Figure: "offered", only: inQueues,
	},
	{
		ID: "intervals", Family: "service", Title: say("By interval"), Tells: say("Load and service in steps of 5 to 60 minutes."),
		By: []string{ByInterval}, May: ofVisit, Columns: timed, More: servedMore, Chart: "lines", Figure: "offered", only: inQueues, interval: 30,
	},
	{
		ID: "answered_steps", Family: "service", Title: say("Answered, by wait"), Tells: say("How long those waited who were answered."),
		By: []string{ByStep}, May: ofVisit, Columns: []string{"answered", "answered_share", "answered_running"}, More: []string{"avg_talk", "asa"},
		Chart: "distribution", Figure: "answered", only: onlyAnswered, steps: []int{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300},
	},
	{
		ID: "lost_steps", Family: "service", Title: say("Lost, by wait"), Tells: say("How long those waited who were lost, beside the threshold of the service level."),
		By: []string{ByStep}, May: without(ofVisit, ByOperator), Columns: []string{"lost", "lost_share", "lost_running"}, More: []string{"abandoned", "timeouts", "no_agents"},
		Chart: "distribution", Figure: "lost", only: onlyLost, steps: []int{5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300},
	},
	{
		ID: "service_level", Family: "service", Title: say("Service level"), Tells: say("The service level of each interval, by the policy in force and by all five formulas."),
		By: []string{ByInterval}, May: ofVisit,
		Columns: []string{"offered", "answered", "abandoned", "answered_in", "abandoned_in", "short_abandons", "service_level", "sl1", "sl2", "sl3", "sl4", "sl5"},
		More:    servedMore, Chart: "lines", Figure: "service_level", only: inQueues, interval: 30,
	},
	{
		ID: "causes", Family: "calls", Title: say("Why calls were not answered"), Tells: say("What became of incoming calls that nobody answered."),
		By: []string{ByDisposition}, May: ofCalls, Columns: []string{"calls_missed", "missed_share", "missed_wait", "callers"}, More: []string{"calls", "avg_duration"},
		Chart: "bars", Figure: "calls_missed", only: onlyMissed,
	},
	{
		ID: "lost_waits", Family: "service", Title: say("Patience of lost callers"), Tells: say("How long callers wait before they give up."),
		By: []string{ByQueue}, May: without(ofVisit, ByOperator), Columns: []string{"abandoned", "abandon_wait", "abandon_p50", "abandon_p90", "abandon_max", "position"}, More: []string{"lost", "short_abandons", "short_rate"},
		Chart: "bars", Figure: "abandon_p50", only: inQueues,
		steps: []int{5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 600},
	},
	{
		ID: "short_abandons", Family: "service", Title: say("Short abandons"), Tells: say("Callers who hung up so soon that nobody could have answered, and what they do to the figures."),
		By: []string{ByQueue}, May: without(ofVisit, ByOperator), Columns: []string{"offered", "abandoned", "short_abandons", "short_rate", "abandon_rate", "abandon_rate_net", "sl3", "sl5"}, More: servedMore,
		Chart: "bars", Figure: "short_abandons", only: inQueues,
	},
	{
		ID: "missed", Family: "callers", Title: say("Missed callers"), Tells: say("Who called and was not spoken with: open, called back, or left too long."),
		By: []string{ByCase}, May: together([]string{ByCase}, ofCalls),
		Columns: []string{"case_state", "first_missed", "last_missed", "tries", "case_queue", "contact_at", "contact_who", "recall_time"},
		More:    []string{"cases", "cases_open", "cases_expired", "cases_closed", "closed_by_us", "closed_by_caller", "recall_rate", "recall_in_time", "recall_avg", "recall_min", "recall_max"},
		Chart:   "timeline", Figure: "recall_avg", After: 7,
	},
	{
		ID: "repeats", Family: "callers", Title: say("Repeat callers"), Tells: say("How many were helped at the first call, and how many had to call again."),
		By: []string{ByQueue}, May: ofCalls, Columns: []string{"contacts", "solved", "repeated", "fcr", "repeat_callers"}, More: []string{"callers", "calls"},
		Chart: "bars", Figure: "fcr", After: 7, only: onlyContacts,
	},
	{
		ID: "retries", Family: "callers", Title: say("What lost callers do"), Tells: say("Whether lost callers try again, how soon, and whether somebody speaks with them in the end."),
		By: []string{ByQueue}, May: ofCalls, Columns: []string{"lost_calls", "retried", "retry_rate", "retry_wait", "reached", "reached_rate", "never_reached"}, More: []string{"retry_p50", "callers"},
		Chart: "funnel", Figure: "lost_calls", After: 7, only: onlyMissed,
	},
	{
		ID: "availability", Family: "operators", Title: say("Availability"), Tells: say("When operators came and went, and how long they could be called."),
		By: []string{ByOperator, ByDay}, May: ofWork,
		Columns: []string{"first_in", "last_out", "sessions", "logged_time", "available_time", "paused_time", "contact_time", "availability"},
		More:    []string{"busy_time", "on_hold_time", "wrap_time", "ringing_time", "idle_time", "unreachable_time", "pauses"},
		Chart:   "timeline", Figure: "logged_time", only: ofOperators,
	},
	{
		ID: "pauses", Family: "operators", Title: say("Pauses"), Tells: say("Who paused, why and for how long."),
		By: []string{ByOperator, ByReason}, May: together(ofWork, []string{ByReason}),
		Columns: []string{"pauses", "pause_time", "pause_avg", "pause_max", "pauses_over"}, More: []string{"pause_paid", "pause_work"},
		Chart: "bars", Figure: "pause_time", only: ofOperators,
	},
	{
		ID: "occupancy", Family: "operators", Title: say("Occupancy"), Tells: say("Which part of their time operators spend with callers."),
		By: []string{ByOperator}, May: ofWork,
		Columns: []string{"logged_time", "contact_time", "available_time", "paused_time", "occupancy", "utilization"},
		More:    []string{"busy_time", "on_hold_time", "wrap_time", "ringing_time", "idle_time", "unreachable_time", "paid_time"},
		Chart:   "bars", Figure: "occupancy", only: ofOperators,
	},
	{
		ID: "rings", Family: "operators", Title: say("Rings not answered"), Tells: say("Whose phones ring in vain, and why."),
		By: []string{ByOperator}, May: together(ofCalls, []string{ByResult}),
		Columns: []string{"rings", "rings_answered", "rings_missed", "rings_timed_out", "rings_declined", "rings_busy", "rings_failed", "rings_gave_up", "rings_elsewhere", "ring_answer_rate", "avg_ring"},
		More:    []string{"ring_time", "ring_p90", "rings_unanswered"}, Chart: "bars", Figure: "rings_missed", only: ofOperators,
	},
	{
		ID: "transfers", Family: "calls", Title: say("Transfers"), Tells: say("Who hands calls on to whom, and how."),
		By: []string{ByOperator, ByTo}, May: together([]string{ByTo, ByKind}, ofCalls, []string{ByResult}),
		Columns: []string{"transfers", "transfers_blind", "transfers_attended", "transfers_completed", "transfers_failed", "transfers_cross"},
		More:    []string{"to_queue", "to_outside"}, Chart: "matrix", Figure: "transfers",
	},
	{
		ID: "holds", Family: "calls", Title: say("Hold"), Tells: say("How often and how long callers are put on hold."),
		By: []string{ByOperator}, May: ofCalls, Columns: []string{"talked", "held", "hold_rate", "holds", "hold_time", "hold_per_held", "hold_per_call", "hold_max"}, More: []string{"talk_time"},
		Chart: "bars", Figure: "hold_per_held", only: ofOperators,
	},
	{
		ID: "wrapups", Family: "operators", Title: say("Wrap-up"), Tells: say("How long operators need after a call, and how much of their time that is."),
		By: []string{ByOperator}, May: ofWork, Columns: []string{"answered", "wraps", "avg_wrap", "wrap_p90", "wrap_max", "wrap_time", "wrap_share"}, More: []string{"aht", "logged_time"},
		Chart: "bars", Figure: "avg_wrap", only: ofOperators,
	},
	{
		ID: "tags", Family: "calls", Title: say("Tags"), Tells: say("What calls were about, by the words people put on them."),
		By: []string{ByTag}, May: ofCalls, Columns: []string{"calls", "calls_share", "calls_answered", "avg_call_talk", "callers"}, More: []string{"tagged", "tagged_rate", "avg_duration"},
		Chart: "bars", Figure: "calls",
	},
	{
		ID: "ivr", Family: "calls", Title: say("Menu choices"), Tells: say("What callers choose in the menu, and how many leave it without reaching anybody."),
		By: []string{ByIVR}, May: ofCalls, Columns: []string{"calls", "calls_share", "menu_time", "calls_answered", "menu_lost", "menu_lost_rate"}, More: []string{"calls_missed", "avg_duration", "callers"},
		Chart: "bars", Figure: "calls", only: onlyMenus,
	},
	{
		ID: "dids", Family: "lines", Title: say("By DID"), Tells: say("Which of your numbers are called, and how those calls end."),
		By: []string{ByDID}, May: ofCalls, Columns: []string{"calls", "calls_share", "calls_answered", "calls_missed", "calls_answer_rate", "avg_call_wait", "avg_call_talk", "callers"}, More: []string{"avg_duration", "line_time"},
		Chart: "bars", Figure: "calls", only: onlyInbound,
	},
	{
		ID: "trunks", Family: "lines", Title: say("Trunk load"), Tells: say("How many lines are taken at once, and how many there are."),
		By: []string{ByTrunk}, May: together([]string{ByTrunk, ByPBX, ByStation}, times), Columns: []string{"calls", "inbound", "outbound", "line_time", "avg_lines", "peak_lines", "lines", "line_use"}, More: []string{"calls_answered", "avg_duration"},
		Chart: "lines", Figure: "peak_lines", only: onTrunks, interval: 30,
	},
	{
		ID: "outbound", Family: "operators", Title: say("Outgoing calls"), Tells: say("Who calls out, how often somebody answers, and how long they speak."),
		By: []string{ByOperator}, May: without(ofCalls, ByQueue, ByDID, ByIVR), Columns: []string{"dialed", "dialed_answered", "dialed_rate", "dialed_talk", "avg_dialed_talk", "dialed_numbers"}, More: []string{"dialed_ring"},
		Chart: "bars", Figure: "dialed", only: onlyOutbound,
	},
	{
		ID: "internal", Family: "calls", Title: say("Internal calls"), Tells: say("Who calls colleagues, and how long that takes."),
		By: []string{ByOperator}, May: without(ofCalls, ByQueue, ByDID, ByIVR, ByNumber, ByPrefix, ByTrunk), Columns: []string{"dialed", "dialed_answered", "dialed_rate", "dialed_talk", "avg_dialed_talk"}, More: []string{"dialed_ring"},
		Chart: "bars", Figure: "dialed", only: onlyInternal,
	},
	{
		ID: "areas", Family: "callers", Title: say("Areas"), Tells: say("Where callers are, by the beginning of their numbers."),
		By: []string{ByPrefix}, May: ofCalls, Columns: []string{"calls", "calls_share", "inbound", "outbound", "calls_answered", "calls_missed", "avg_call_talk", "callers"}, More: []string{"avg_duration"},
		Chart: "bars", Figure: "calls", only: onlyOutside,
	},
	{
		ID: "journal", Family: "calls", Title: say("Call journal"), Tells: say("Every call of the period, with its legs behind it."),
		By: []string{ByCall}, May: []string{ByCall},
		Columns: []string{"started", "direction", "caller", "dialled", "in_queues", "with_operators", "disposition", "call_wait", "call_talk", "call_hold", "call_rings", "call_transfers"},
		More:    []string{"ended", "hangup_by", "on_pbx", "on_trunk", "call_tags", "call_flags", "call_menu", "call_duration"},
	},
	{
		ID: "recordings", Family: "calls", Title: say("Recordings"), Tells: say("Which part of the conversations was recorded."),
		By: []string{ByOperator}, May: ofCalls, Columns: []string{"calls_answered", "recorded", "recorded_rate", "not_recorded", "avg_call_talk"}, More: []string{"calls", "call_talk_time"},
		Chart: "bars", Figure: "recorded_rate", only: onlyAnsweredCalls,
	},
	{
		ID: "coverage", Family: "data", Title: say("Completeness of the data"), Tells: say("What was not heard of each PBX, and when."),
		By: []string{ByPBX}, May: together([]string{ByPBX, ByStation}, times), Columns: []string{"known_time", "heard_time", "missing_time", "coverage", "gaps", "events_lost"}, More: []string{"calls", "calls_partial"},
		Chart: "timeline", Figure: "coverage",
	},
	{
		ID: "adherence", Family: "operators", Title: say("Adherence to the schedule"), Tells: say("Whether people worked when their shift said so."),
		By: []string{ByOperator}, May: together([]string{ByOperator, ByGroup}, times),
		Columns: []string{"scheduled_time", "adherent_time", "adherence", "scheduled_work", "worked_time", "conformance", "late_time"}, More: []string{"logged_time", "paused_time"},
		Chart: "bars", Figure: "adherence", only: onlyScheduled,
	},
}
