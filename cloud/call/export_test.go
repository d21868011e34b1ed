package call

import "time"

// Over tells whether a moment lies before the latest time the assembler has seen.
func (a *Assembler) Over(t time.Time) bool { return t.UnixMicro() < a.now }
