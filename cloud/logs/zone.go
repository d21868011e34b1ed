package logs

import (
	"fmt"
	"time"
)

// zoneCheck compares the local times of a file with the births that the channels' own identifiers tell: a wrong zone puts
// all of them off by the same quarters of an hour.
type zoneCheck struct {
	rows  int
	early map[int64]int // rows that begin so many quarters of an hour from the birth of their channel
}

const (
	quarter     = int64(15 * time.Minute / time.Microsecond)
	mostChecked = 2000
	leastProof  = 5
)

// saw takes the begin of a channel as the log has it.
func (z *zoneCheck) saw(began int64, uniqueid string) {
	born := Born(uniqueid)
	if born == 0 || z.rows >= mostChecked {
		return
	}
	if z.early == nil {
		z.early = map[int64]int{}
	}
	z.rows++
	d := began - born
	n := (d + quarter/2) / quarter
	if d < -quarter/2 {
		n = (d - quarter/2) / quarter
	}
	z.early[n]++
}

// wrongZone says so where nearly all channels begin at the same distance from their birth.
func (p *parser) wrongZone() error {
	for n, rows := range p.off.early {
		if n != 0 && rows >= leastProof && rows*10 >= p.off.rows*9 {
			by := time.Duration(n*quarter) * time.Microsecond
			return &FileError{"wrong_zone", offsetText(by), fmt.Sprintf("its times are %s off what the channels' own identifiers say: is %s the right time zone? Asterisk writes UTC where usegmtime is on", by, p.Zone)}
		}
	}
	return nil
}

// offsetText writes +3:00.
func offsetText(by time.Duration) string {
	sign := "+"
	if by < 0 {
		sign, by = "-", -by
	}
	return fmt.Sprintf("%s%d:%02d", sign, int(by.Hours()), int(by.Minutes())%60)
}
