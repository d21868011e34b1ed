package truth

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// LogEntry is one line of Asterisk's own queue_log: time|call|queue|agent|event|data….
type LogEntry struct {
	Queue, Agent, Event string
	Data                []string
}

// ReadQueueLog reads the lines that are entries.
func ReadQueueLog(r io.Reader) ([]LogEntry, error) {
	var out []LogEntry
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if f := strings.Split(lines.Text(), "|"); len(f) > 4 {
			out = append(out, LogEntry{Queue: f[2], Agent: f[3], Event: f[4], Data: f[5:]})
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read queue_log: %w", err)
	}
	return out, nil
}

// queueEvents names the queue_log events of the results that both sides tell.
var queueEvents = map[string]string{"CONNECT": "answered", "ABANDON": "abandoned", "EXITWITHTIMEOUT": "timeout"}

// CompareQueueLog holds the visits of one PBX, as queue and result, against its queue_log.
func CompareQueueLog(log []LogEntry, visits []Queue) []string {
	balance := map[string]int{}
	for _, e := range log {
		if result, ok := queueEvents[e.Event]; ok {
			balance[e.Queue+" "+result]++
		}
	}
	for _, v := range visits {
		if slices.Contains(slices.Collect(maps.Values(queueEvents)), v.Result) {
			balance[v.Queue+" "+v.Result]--
		}
	}
	var out []string
	for what, n := range balance {
		if n != 0 {
			out = append(out, fmt.Sprintf("queue_log has %+d of %s", n, what))
		}
	}
	for _, v := range visits {
		if v.Result == "answered" && !waitLogged(log, v) {
			out = append(out, fmt.Sprintf("queue_log has no %s answer after %.1f s", v.Queue, v.Wait))
		}
	}
	slices.Sort(out)
	return out
}

// waitLogged tells whether some CONNECT of the queue waited as long; it counts whole seconds.
func waitLogged(log []LogEntry, v Queue) bool {
	return slices.ContainsFunc(log, func(e LogEntry) bool {
		if e.Event != "CONNECT" || e.Queue != v.Queue || len(e.Data) == 0 {
			return false
		}
		hold, err := strconv.Atoi(e.Data[0])
		return err == nil && float64(hold)-v.Wait < 1.6 && v.Wait-float64(hold) < 1.6
	})
}

// Visits collects the queue visits that happened on one PBX.
func (r *Run) Visits(pbx string) []Queue {
	var out []Queue
	for _, c := range r.Calls {
		for _, q := range c.Queues {
			if q.PBX == pbx {
				out = append(out, q)
			}
		}
	}
	return out
}
