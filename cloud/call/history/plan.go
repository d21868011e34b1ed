package history

// plan is a kind of thing that happens, and how often.
type plan struct {
	kind   string
	weight int
	run    func(*script, *pbx)
}

var plans = []plan{
	{"queue answered", 20, queueAnswered},
	{"queue abandoned", 8, queueAbandoned},
	{"queue timeout", 6, queueTimeout},
	{"queue left empty", 3, queueEmpty},
	{"menu left", 3, menuLeft},
	{"direct answered", 10, directAnswered},
	{"direct not answered", 8, directFailed},
	{"direct unreachable", 1, unreachable},
	{"ring group", 6, ringGroup},
	{"outbound answered", 6, outboundAnswered},
	{"outbound failed", 6, outboundFailed},
	{"click-to-call", 3, clickToCall},
	{"click-to-call through Local", 2, clickThroughLocal},
	{"forward by phone", 3, forward302},
	{"forward in dialplan", 3, forwardInDialplan},
	{"follow-me", 3, followMe},
	{"call screening", 3, screening},
	{"voicemail", 2, directVoicemail},
	{"hold", 4, holding},
	{"blind transfer", 8, blind},
	{"attended transfer", 4, attended},
	{"attended while ringing", 3, blonde},
	{"consultation without transfer", 3, consultAbandoned},
	{"attended by feature code", 4, byFeature},
	{"attended transfer to queue", 2, attendedToQueue},
	{"attended transfer to voicemail", 2, attendedToVoicemail},
	{"called back after a transfer", 2, calledBack},
	{"queue member forwards", 2, queueForward},
	{"blind transfer to menu", 2, blindToMenu},
	{"attended transfer to conference", 2, attendedToConference},
	{"blind transfer behind Local", 2, behindLocal},
	{"two callers joined", 2, joined},
	{"conference", 2, conference},
	{"pickup", 3, pickup},
	{"parked", 4, parks},
	{"service code", 3, noCall},
	{"talk a supervisor listens to", 1, spied},
	{"page", 1, page},
	{"two outside numbers", 1, twoOutside},
	{"to a phone of another PBX", 4, acrossToPhone},
	{"to a queue of another PBX", 4, acrossToQueue},
	{"trombone", 2, trombone},
	{"peer fails, carrier takes over", 1, peerFails},
}
