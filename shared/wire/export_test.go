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

// SealBody makes a batch whose plan is plan, as compressed, and which spells nothing.
func SealBody(info BatchInfo, plan []byte) []byte {
	b := appendUint(appendItem(nil, majorArray, bodyItems), 1)
	b = append(appendItem(b, majorBytes, uint64(len(plan))), plan...)
	for range 3 {
		b = appendItem(b, majorBytes, 0)
	}
	return appendBatch(nil, &header{BatchInfo: info, preset: latestPreset().number, body: b})
}
