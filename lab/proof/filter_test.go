package proof

import (
	"fmt"
	"strings"

	"github.com/callweave/callweave/cloud/report"
)

// limits are what reports are limited to, by kind of rows; "call" stands for what is known of the call behind them.
var limits = map[string]string{
	"answered_steps": "{visit} x.result = 1", "lost_steps": "{visit} x.result IN (2, 3, 4, 5)",
	"causes": "{call} c.missed", "retries": "{call} c.missed", "repeats": "{call} c.dir = 1 AND c.disp = 1 AND c.num <> ''",
	"ivr": "{call} c.steps > 0", "dids": "{call} c.dir = 1", "trunks": "{call} c.trunk IS NOT NULL", "outbound": "{call} c.dir = 2", "internal": "{call} c.dir = 3",
	"areas": "{call} c.num <> ''", "recordings": "{call} c.disp = 1",
}

var ofOperators = []string{"operators", "availability", "pauses", "occupancy", "rings", "holds", "wrapups"}

var inQueues = []string{"queues", "hours", "days", "weekdays", "intervals", "service_level", "lost_waits", "short_abandons"}

// filter is the condition under which a row x takes part.
func (o *oracle) filter(q report.Query, d report.Definition, from string) string {
	list := []string{"true"}
	and := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	behind := func(format string, args ...any) {
		if !contains([]string{"session_", "pause_", "wrap_", "work_", "known_", "gap_"}, from) {
			and("EXISTS (SELECT FROM call_ c WHERE c.call = x.call AND ("+format+"))", args...)
		}
	}
	switch what, is, _ := strings.Cut(limits[d.ID], " "); {
	case what == "{visit}" && from == "judged_":
		and("%s", is)
	case what == "{call}":
		behind("%s", is)
	}
	f := &q.Filter
	ofDevice := contains([]string{"judged_", "ring_", "segment_", "transfer_", "dial_", "wrap_"}, from)
	if contains(ofOperators, d.ID) && ofDevice {
		and("x.op IS NOT NULL")
	}
	if contains(inQueues, d.ID) && contains([]string{"ring_", "segment_"}, from) {
		and("x.queue IS NOT NULL")
	}
	if len(f.Queues) > 0 {
		if contains([]string{"call_", "transfer_", "dial_"}, from) {
			and("EXISTS (SELECT FROM visit_ v WHERE v.call = x.call AND v.queue IN (%s))", ints(f.Queues))
		} else {
			and("x.queue IN (%s)", ints(f.Queues))
		}
	}
	if len(f.Operators)+len(f.People) > 0 {
		is := fmt.Sprintf("(%%[1]s.op IN (%s) OR pg_temp.person_at(%%[1]s.op, %%[1]s.opat) IN (%s))", ints(append([]int32{-1}, f.Operators...)), ints(append([]int32{-1}, f.People...)))
		if from == "call_" {
			and("EXISTS (SELECT FROM part_ p WHERE p.call = x.call AND "+is+")", "p")
		} else {
			and(is, "x")
		}
	}
	if len(f.PBXs) > 0 {
		and("x.pbx IN (%s)", ints(f.PBXs))
	}
	if len(f.Stations) > 0 {
		and("x.pbx IN (SELECT id FROM pbxs WHERE tenant_id = current_tenant() AND station_id IN (%s))", ints(f.Stations))
	}
	if len(f.Groups) > 0 {
		of := fmt.Sprintf("IN (SELECT queue_id FROM group_members WHERE tenant_id = current_tenant() AND group_id IN (%s))", ints(f.Groups))
		if contains([]string{"call_", "transfer_", "dial_"}, from) {
			and("EXISTS (SELECT FROM visit_ v WHERE v.call = x.call AND v.queue %s)", of)
		} else {
			and("x.queue %s", of)
		}
	}
	if len(f.Trunks) > 0 {
		behind("c.trunk IN (%s)", ints(f.Trunks))
	}
	if len(f.Tags) > 0 {
		behind("EXISTS (SELECT FROM tag_ t WHERE t.call = c.call AND t.tag IN (%s))", ints(f.Tags))
	}
	if len(f.DIDs) > 0 {
		behind("c.dir = 1 AND c.dialled IN (%s)", words(f.DIDs))
	}
	if len(f.Numbers) > 0 {
		behind("EXISTS (SELECT FROM unnest(ARRAY[%s]) b WHERE starts_with(c.num, b))", words(f.Numbers))
	}
	if len(f.IVR) > 0 {
		behind("EXISTS (SELECT FROM unnest(ARRAY[%s]) b WHERE c.path = b OR starts_with(c.path, b || '-'))", words(f.IVR))
	}
	if len(f.Directions) > 0 {
		behind("(ARRAY['', 'inbound', 'outbound', 'internal'])[c.dir + 1] IN (%s)", words(f.Directions))
	}
	if len(f.Dispositions) > 0 {
		behind("(ARRAY['', 'answered', 'abandoned', 'timeout', 'join_empty', 'leave_empty', 'voicemail', 'no_answer', 'busy', 'rejected', 'failed'])[c.disp + 1] IN (%s)", words(f.Dispositions))
	}
	o.timeFilter(q, from, and)
	return strings.Join(list, " AND ")
}

// timeFilter limits rows to weekdays and to hours in which their queue is open, at the moment they count.
func (o *oracle) timeFilter(q report.Query, from string, and func(string, ...any)) {
	at := map[string]string{"": "x.arrival", report.CountArrival: "x.arrival", report.CountAnswer: "x.answer", report.CountEnd: "x.fin"}[q.Count]
	local := func(zone string) string { return fmt.Sprintf("(to_timestamp(%s / 1000.0) AT TIME ZONE %s)", at, zone) }
	if days := q.Filter.Weekdays; len(days) > 0 {
		and("extract(isodow FROM %s) IN (%s)", local(o.zoneOf(q, from)), strings.Trim(strings.Join(strings.Fields(fmt.Sprint(days)), ","), "[]"))
	}
	if q.Filter.Hours == "" {
		return
	}
	wall := local(o.zoneOf(report.Query{Zone: report.ZoneQueue}, from))
	queue := "x.queue"
	if contains([]string{"call_", "dial_", "transfer_"}, from) {
		queue = firstQueue
	}
	open := fmt.Sprintf(`coalesce((SELECT s.calendar_id IS NULL OR EXISTS (
		SELECT FROM jsonb_array_elements(coalesce((SELECT h.hours FROM holidays h WHERE h.tenant_id = s.tenant_id AND h.calendar_id = s.calendar_id AND h.day = %[1]s::date),
			(SELECT c.week -> (extract(isodow FROM %[1]s)::integer - 1) FROM calendars c WHERE c.tenant_id = s.tenant_id AND c.id = s.calendar_id))) span
		WHERE floor(extract(epoch FROM %[1]s::time) / 60) >= (span ->> 0)::integer AND floor(extract(epoch FROM %[1]s::time) / 60) < (span ->> 1)::integer)
		FROM queue_settings s WHERE s.tenant_id = current_tenant() AND s.queue_id = %[2]s), true)`, wall, queue)
	if q.Filter.Hours == "closed" {
		open = "NOT " + open
	}
	and("%s", open)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func ints(list []int32) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

func words(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return strings.Join(quoted, ", ")
}
