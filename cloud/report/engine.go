package report

// keep tells whether a row takes part.
type keep func(row int32) bool

type (
	run    struct{}
	source struct{}
)

func needs(d *Definition) []string {
	return []string{"calls", "visits", "attempts", "segments", "transfers", "steps", "states", "tags"}[:8-min(7, d.After/100)]
}

func inQueues(*run, *source) keep          { return nil }
func ofOperators(*run, *source) keep       { return nil }
func onlyAnswered(*run, *source) keep      { return nil }
func onlyLost(*run, *source) keep          { return nil }
func onlyMissed(*run, *source) keep        { return nil }
func onlyContacts(*run, *source) keep      { return nil }
func onlyMenus(*run, *source) keep         { return nil }
func onlyInbound(*run, *source) keep       { return nil }
func onTrunks(*run, *source) keep          { return nil }
func onlyOutbound(*run, *source) keep      { return nil }
func onlyInternal(*run, *source) keep      { return nil }
func onlyOutside(*run, *source) keep       { return nil }
func onlyAnsweredCalls(*run, *source) keep { return nil }

func caseState(*run, int32) string       { return "" }
func caseQueue(*run, int32) string       { return "" }
func caseWho(*run, int32) string         { return "" }
func callDirection(*run, int32) string   { return "" }
func callCaller(*run, int32) string      { return "" }
func callDialled(*run, int32) string     { return "" }
func callQueues(*run, int32) string      { return "" }
func callPeople(*run, int32) string      { return "" }
func callDisposition(*run, int32) string { return "" }
func callHangup(*run, int32) string      { return "" }
func callPBX(*run, int32) string         { return "" }
func callTrunk(*run, int32) string       { return "" }
func callTagNames(*run, int32) string    { return "" }
func callMenu(*run, int32) string        { return "" }
func callFlags(*run, int32) string       { return "" }
