package wire

// EncodeDamaged encodes events with damage done to the plan and the kinds before they are compressed.
func EncodeDamaged(e *BatchEncoder, events []Event, damage func(plan []byte)) []byte {
	e.Reset(1, events[0].Seq)
	for i := range events {
		if err := e.Add(&events[i]); err != nil {
			panic(err)
		}
	}
	for _, s := range [][]byte{e.plan.events, e.plan.kinds, e.far, e.lengths} {
		damage(s)
	}
	return e.Finish(nil)
}
