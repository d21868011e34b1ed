package report

// Where definitions come from.
const (
	icmi     = "ICMI, QueueTips 2005, Service Level Calculations"
	aws      = "Amazon Connect, metric definitions"
	genesys  = "Genesys Cloud, service level configuration"
	copc     = "COPC, as quoted by wolkvox"
	asterisk = "Asterisk, app_queue"
	ours     = "Callweave"
)

// Figures over stays in queues. A stay counts once, whatever else the call did.
var visitMeasures = []measure{
	{Measure: Measure{"offered", say("Offered"), say("calls that came into the queue, each time they came"), aws, UnitCount, 0, true}, of: []string{"offered"}},
	{Measure: Measure{"unique", say("Unique calls"), say("calls that came into the queue, each once"), "QueueMetrics", UnitCount, 0, true}, of: []string{"unique"}},
	{Measure: Measure{"answered", say("Answered"), say("stays in the queue that an operator ended by answering"), aws, UnitCount, 1, true}, of: []string{"answered"}},
	{Measure: Measure{"abandoned", say("Abandoned"), say("stays in the queue that the caller ended by hanging up"), aws, UnitCount, -1, true}, of: []string{"abandoned"}},
	{Measure: Measure{"flowed_out", say("Flowed out"), say("neither answered, nor abandoned, nor still waiting: timed out, no operators, moved on, otherwise"), genesys, UnitCount, 0, true}, of: []string{"flowed_out"}},
	{Measure: Measure{"timeouts", say("Timed out"), say("put out of the queue after its time limit"), asterisk, UnitCount, -1, true}, of: []string{"timeouts"}},
	{Measure: Measure{"no_agents", say("No operators"), say("put out of the queue, or not let in, because nobody was there to answer"), asterisk, UnitCount, -1, true}, of: []string{"no_agents"}},
	{Measure: Measure{"moved_on", say("Moved on"), say("taken out of the queue by a transfer"), asterisk, UnitCount, 0, true}, of: []string{"moved_on"}},
	{Measure: Measure{"left_otherwise", say("Left otherwise"), say("left the queue by a key, because it was full, or because the PBX stopped"), asterisk, UnitCount, 0, true}, of: []string{"left_otherwise"}},
	{Measure: Measure{"waiting", say("Still waiting"), say("stays in the queue whose end is not known yet"), ours, UnitCount, 0, true}, of: []string{"waiting"}},
	{Measure: Measure{"lost", say("Lost"), say("abandoned + timed out + no operators"), ours, UnitCount, -1, true}, of: []string{"lost"}},
	{Measure: Measure{"lost_share", say("Share of lost"), say("lost ÷ all lost"), ours, UnitShare, 0, true}, of: []string{"lost"}, share: true},
	{Measure: Measure{"lost_running", say("Lost up to here"), say("lost up to this wait ÷ all lost"), ours, UnitShare, 0, false}, of: []string{"lost"}, running: true},
	{Measure: Measure{"answered_share", say("Share of answered"), say("answered ÷ all answered"), ours, UnitShare, 0, true}, of: []string{"answered"}, share: true},
	{Measure: Measure{"answered_running", say("Answered up to here"), say("answered up to this wait ÷ all answered"), ours, UnitShare, 0, false}, of: []string{"answered"}, running: true},
	{Measure: Measure{"answer_rate", say("Answer rate"), say("answered ÷ offered"), "Wazo, call-logd", UnitShare, 1, true}, of: []string{"answered", "offered"}, by: ratio},
	{Measure: Measure{"abandon_rate", say("Abandon rate"), say("abandoned ÷ offered"), aws, UnitShare, -1, true}, of: []string{"abandoned", "offered"}, by: ratio},
	{
		Measure: Measure{"abandon_rate_net", say("Abandon rate without short ones"), say("(abandoned − short abandons) ÷ (offered − short abandons)"), genesys, UnitShare, -1, true}, of: []string{"abandoned", "short_abandons", "offered"},
		by: func(a []float64) float64 { return over(a[0]-a[1], a[2]-a[1]) },
	},
	{Measure: Measure{"answered_in", say("Answered in time"), say("answered, and waited no longer than the threshold of the policy"), icmi, UnitCount, 1, true}, of: []string{"answered_in"}},
	{Measure: Measure{"abandoned_in", say("Abandoned in time"), say("abandoned, and waited no longer than the threshold of the policy"), icmi, UnitCount, 0, true}, of: []string{"abandoned_in"}},
	{Measure: Measure{"short_abandons", say("Short abandons"), say("abandoned, and waited less than the policy’s short abandon"), genesys, UnitCount, 0, true}, of: []string{"short_abandons"}},
	{Measure: Measure{"short_rate", say("Share of short abandons"), say("short abandons ÷ abandoned"), ours, UnitShare, 0, true}, of: []string{"short_abandons", "abandoned"}, by: ratio},
	{Measure: Measure{"service_level", say("Service level"), say("by the policy in force when each call came: its threshold, short abandons and formula"), icmi, UnitShare, 1, true}, of: []string{"sl_met", "sl_of"}, by: ratio, drill: 1},
	{Measure: Measure{"sl1", say("SL 1: abandons in time count"), say("(answered in time + abandoned in time) ÷ (answered + abandoned)"), icmi, UnitShare, 1, true}, of: []string{"sl_answered_in", "sl_abandoned_in", "sl_decided"}, by: sumOverLast, drill: 2},
	{Measure: Measure{"sl2", say("SL 2: of the answered"), say("answered in time ÷ answered"), icmi, UnitShare, 1, true}, of: []string{"sl_answered_in", "answered"}, by: ratio, drill: 1},
	{Measure: Measure{"sl3", say("SL 3: strict"), say("answered in time ÷ (answered + abandoned)"), icmi, UnitShare, 1, true}, of: []string{"sl_answered_in", "sl_decided"}, by: ratio, drill: 1},
	{
		Measure: Measure{"sl4", say("SL 4: without early abandons"), say("answered in time ÷ (answered + abandoned after the threshold)"), icmi, UnitShare, 1, true}, of: []string{"sl_answered_in", "sl_abandoned_in", "sl_decided"},
		by: func(a []float64) float64 { return over(a[0], a[2]-a[1]) }, drill: 2,
	},
	{Measure: Measure{"sl5", say("SL 5: short calls credited"), say("(answered in time + short abandons) ÷ (answered + abandoned)"), icmi, UnitShare, 1, true}, of: []string{"answered_in", "short_abandons", "decided"}, by: sumOverLast, drill: 2},
	{Measure: Measure{"asa", say("ASA"), say("Σ wait of answered ÷ answered"), aws, UnitMS, -1, true}, of: []string{"wait_answered", "answered"}, by: ratio, drill: 1},
	{Measure: Measure{"avg_wait", say("Average wait"), say("Σ wait ÷ stays that ended, answered or not"), ours, UnitMS, -1, true}, of: []string{"wait_all", "ended_visits"}, by: ratio, drill: 1},
	{Measure: Measure{"wait_p50", say("Wait, median"), say("half of the answered waited no longer"), ours, UnitMS, -1, true}, of: []string{"waits_answered"}, pct: 50},
	{Measure: Measure{"wait_p90", say("Wait, nine of ten"), say("nine of ten answered waited no longer"), ours, UnitMS, -1, true}, of: []string{"waits_answered"}, pct: 90},
	{Measure: Measure{"wait_p95", say("Wait, 19 of 20"), say("19 of 20 answered waited no longer"), ours, UnitMS, -1, true}, of: []string{"waits_answered"}, pct: 95},
	{Measure: Measure{"wait_max", say("Longest wait"), say("the longest stay that ended, answered or not"), aws, UnitMS, -1, true}, of: []string{"wait_max"}},
	{Measure: Measure{"abandon_wait", say("Average time to abandon"), say("Σ wait of abandoned ÷ abandoned"), aws, UnitMS, 0, true}, of: []string{"wait_abandoned", "abandoned"}, by: ratio, drill: 1},
	{Measure: Measure{"abandon_p50", say("Time to abandon, median"), say("half of the abandoned gave up no later"), ours, UnitMS, 0, true}, of: []string{"waits_abandoned"}, pct: 50},
	{Measure: Measure{"abandon_p90", say("Time to abandon, nine of ten"), say("nine of ten abandoned gave up no later"), ours, UnitMS, 0, true}, of: []string{"waits_abandoned"}, pct: 90},
	{Measure: Measure{"abandon_max", say("Longest before abandoning"), say("the longest wait of an abandoned"), ours, UnitMS, 0, true}, of: []string{"abandon_max"}},
	{Measure: Measure{"position", say("Position on entering"), say("mean position in the queue on entering, where it is known"), asterisk, UnitRatio, -1, true}, of: []string{"position_sum", "position_known"}, by: ratio, drill: 1},
	{Measure: Measure{"aht", say("AHT"), say("(talk + hold + wrap-up) ÷ answered, of whole calls"), aws, UnitMS, 0, true}, of: []string{"visit_talk", "visit_hold", "visit_wrap", "answered"}, by: sumOverLast, drill: 3},
	{Measure: Measure{"avg_talk", say("Average talk"), say("Σ talk for the queue ÷ answered, of whole calls"), aws, UnitMS, 0, true}, of: []string{"visit_talk", "answered"}, by: ratio, drill: 1},
	{Measure: Measure{"avg_hold", say("Average hold, all calls"), say("Σ hold ÷ answered, of whole calls"), aws, UnitMS, -1, true}, of: []string{"visit_hold", "answered"}, by: ratio, drill: 1},
	{Measure: Measure{"avg_wrap", say("Average wrap-up"), say("Σ wrap-up ÷ answered, of whole calls"), aws, UnitMS, -1, true}, of: []string{"visit_wrap", "answered"}, by: ratio, drill: 1},
	{Measure: Measure{"talk_p50", say("Talk, median"), say("half of the answered spoke no longer"), ours, UnitMS, 0, true}, of: []string{"visit_talks"}, pct: 50},
	{Measure: Measure{"talk_p90", say("Talk, nine of ten"), say("nine of ten answered spoke no longer"), ours, UnitMS, 0, true}, of: []string{"visit_talks"}, pct: 90},
	{Measure: Measure{"talk_p95", say("Talk, 19 of 20"), say("19 of 20 answered spoke no longer"), ours, UnitMS, 0, true}, of: []string{"visit_talks"}, pct: 95},
	{Measure: Measure{"wait_time", say("Waiting time"), say("Σ time in queues, as it passed in each bucket"), ours, UnitMS, -1, true}, of: []string{"wait_time"}},
	{Measure: Measure{"peak_waiting", say("Most waiting at once"), say("the largest number of callers in the queue at one moment"), "QueueMetrics", UnitCount, -1, true}, of: []string{"peak_waiting"}},
}
