package report

// Columns of the journal: what one call was.
var journalMeasures = []measure{
	{Measure: Measure{"started", say("Start"), say("when the call began"), ours, UnitTime, 0, true}, of: []string{"started"}},
	{Measure: Measure{"ended", say("End"), say("when the call ended"), ours, UnitTime, 0, true}, of: []string{"ended"}},
	{Measure: Measure{"direction", say("Direction"), say("incoming, outgoing or internal"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callDirection},
	{Measure: Measure{"caller", say("Caller"), say("the number that called"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callCaller},
	{Measure: Measure{"dialled", say("Dialed number"), say("the number first asked for"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callDialled},
	{Measure: Measure{"in_queues", say("Queues"), say("queues the call was in, in order"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callQueues},
	{Measure: Measure{"with_operators", say("Operators"), say("who spoke in the call, in order"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callPeople},
	{Measure: Measure{"disposition", say("Outcome"), say("how the call ended for whoever called"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callDisposition},
	{Measure: Measure{"hangup_by", say("Ended by"), say("who hung up"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callHangup},
	{Measure: Measure{"on_pbx", say("PBX"), say("the first PBX of the call"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callPBX},
	{Measure: Measure{"on_trunk", say("Trunk"), say("the trunk of the call"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callTrunk},
	{Measure: Measure{"call_tags", say("Tags"), say("words people put on the call"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callTagNames},
	{Measure: Measure{"call_menu", say("Menu choice"), say("digits pressed in the menu"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callMenu},
	{Measure: Measure{"call_flags", say("Remarks"), say("open, partial, imported, recorded, over several PBXs"), ours, UnitText, 0, true}, of: []string{"calls"}, text: callFlags},
	{Measure: Measure{"call_wait", say("Wait"), say("time in queues"), ours, UnitMS, -1, true}, of: []string{"call_waits"}},
	{Measure: Measure{"call_talk", say("Talk"), say("time with the outside party; of internal calls, with each other"), ours, UnitMS, 0, true}, of: []string{"call_talk_all"}},
	{Measure: Measure{"call_hold", say("Hold"), say("time on hold"), ours, UnitMS, -1, true}, of: []string{"call_hold"}},
	{Measure: Measure{"call_duration", say("Length"), say("end − start"), ours, UnitMS, 0, true}, of: []string{"duration"}},
	{Measure: Measure{"call_rings", say("Rings of the call"), say("devices that rang, each time"), ours, UnitCount, 0, true}, of: []string{"call_rings"}},
	{Measure: Measure{"call_transfers", say("Transfers of the call"), say("attempts to hand the call on"), ours, UnitCount, 0, true}, of: []string{"call_transfers"}},
}

// Figures over what was heard of PBXs.
var dataMeasures = []measure{
	{Measure: Measure{"known_time", say("Known"), say("the bucket, since the PBX was first heard, up to now"), ours, UnitMS, 0, false}, of: []string{"known_time"}},
	{Measure: Measure{"heard_time", say("Heard"), say("known − missing"), ours, UnitMS, 1, false}, of: []string{"known_time", "missing_time"}, by: minus},
	{Measure: Measure{"missing_time", say("Missing"), say("Σ time in which something was not heard"), ours, UnitMS, -1, false}, of: []string{"missing_time"}},
	{Measure: Measure{"coverage", say("Complete"), say("heard ÷ known"), ours, UnitShare, 1, false}, of: []string{"missing_time", "known_time"}, by: oneLessRatio},
	{Measure: Measure{"gaps", say("Gaps"), say("times in which something was not heard, begun in the bucket"), ours, UnitCount, -1, false}, of: []string{"gaps"}},
	{Measure: Measure{"events_lost", say("Events lost"), say("events known to be lost, of gaps begun in the bucket"), ours, UnitCount, -1, false}, of: []string{"events_lost"}},
}
