package capture

import "github.com/callweave/callweave/shared/wire"

// queue holds sealed batches until they are in the spool. Its first entry may be a gap: the batches that were given up,
// as one.
type queue struct {
	items []item
	bytes int
	taken bool // the first item is being written: it must stay as it is
}

type item struct {
	info  wire.BatchInfo
	batch []byte
}

func (q *queue) len() int { return len(q.items) }

func (q *queue) push(info wire.BatchInfo, batch []byte) {
	q.items = append(q.items, item{info, batch})
	q.bytes += len(batch)
}

// take returns the first batch, which stays until done.
func (q *queue) take() ([]byte, bool) {
	if len(q.items) == 0 {
		return nil, false
	}
	q.taken = true
	return q.items[0].batch, true
}

// done removes the first batch if it was written.
func (q *queue) done(written bool) {
	q.taken = false
	if written {
		q.bytes -= len(q.items[0].batch)
		q.items[0] = item{}
		q.items = q.items[1:]
	}
}

// shrink gives up the oldest batches until at most limit bytes are left, and returns how many events that cost. In their
// place stands one gap.
func (q *queue) shrink(limit int) (lost uint64) {
	keep := 0
	if q.taken {
		keep = 1
	}
	for q.bytes > limit && len(q.items) > keep+1 {
		first, second := q.items[keep], q.items[keep+1]
		if first.info.Gap == "" {
			lost += uint64(first.info.Count)
			q.replace(keep, first.info)
			continue
		}
		lost += uint64(second.info.Count)
		first.info.Count += second.info.Count
		first.info.To = second.info.To
		q.bytes -= len(second.batch)
		q.items = append(q.items[:keep+1], q.items[keep+2:]...)
		q.replace(keep, first.info)
	}
	return lost
}

// replace puts a gap in the place of a batch.
func (q *queue) replace(i int, info wire.BatchInfo) {
	info.Gap = wire.GapUnwritable
	gap := wire.EncodeGap(nil, info)
	q.bytes += len(gap) - len(q.items[i].batch)
	q.items[i] = item{info, gap}
}
