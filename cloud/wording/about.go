package wording

import (
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/cloud/locale"
	"github.com/callweave/callweave/cloud/report"
)

// Line is a heading and what stands beside it.
type Line struct{ Name, Text string }

// Filter words what takes part, a line for everything that limits it.
func (s *Speech) Filter(f report.Filter) []Line {
	var lines []Line
	add := func(name locale.Sentence, list []string) {
		if len(list) > 0 {
			lines = append(lines, Line{s.Say(name), strings.Join(list, ", ")})
		}
	}
	named := func(ids []int32, names map[int32]string) (list []string) {
		for _, id := range ids {
			list = append(list, s.named(names, report.Key{ID: int64(id)}))
		}
		return list
	}
	words := func(names []string, codes []coded) (list []string) {
		for _, name := range names {
			list = append(list, s.word(codes, report.Key{Label: name}))
		}
		return list
	}
	add(locale.Say("Queues"), named(f.Queues, s.names.queues))
	add(locale.Say("Devices"), named(f.Operators, s.names.operators))
	add(locale.Say("Operators"), named(f.People, s.names.people))
	add(locale.Say("Groups"), named(f.Groups, s.names.groups))
	add(locale.Say("PBXs"), named(f.PBXs, s.names.pbxs))
	add(locale.Say("Stations"), named(f.Stations, s.names.stations))
	add(locale.Say("Trunks"), named(f.Trunks, s.names.trunks))
	add(locale.Say("Tags"), named(f.Tags, s.names.tags))
	add(locale.Say("DIDs"), f.DIDs)
	add(locale.Say("Numbers that begin with"), f.Numbers)
	add(locale.Say("IVR options"), f.IVR)
	add(locale.Say("Directions"), words(f.Directions, directions()))
	add(locale.Say("Results of calls"), words(f.Dispositions, dispositions()))
	var days []string
	for _, day := range f.Weekdays {
		days = append(days, s.Weekday(day))
	}
	add(locale.Say("Weekdays"), days)
	switch f.Hours {
	case "open":
		add(locale.Say("Hours"), []string{s.Say(locale.Say("within the queue's working hours"))})
	case "closed":
		add(locale.Say("Hours"), []string{s.Say(locale.Say("outside the queue's working hours"))})
	}
	return lines
}

// Policy words how the service level is computed.
func (s *Speech) Policy(p report.Policy) string {
	formulas := []locale.Sentence{
		locale.Say("(answered within %d s + abandoned within %d s) ÷ (answered + abandoned)", p.Threshold, p.Threshold),
		locale.Say("answered within %d s ÷ answered", p.Threshold),
		locale.Say("answered within %d s ÷ (answered + abandoned)", p.Threshold),
		locale.Say("answered within %d s ÷ (answered + abandoned after %d s)", p.Threshold, p.Threshold),
		locale.Say("(answered within %d s + abandoned within %d s) ÷ (answered + abandoned)", p.Threshold, p.Short),
	}
	var parts []string
	if v := int(p.Variant); v >= 1 && v <= len(formulas) {
		parts = append(parts, "SL"+strconv.Itoa(v)+": "+s.Say(formulas[v-1]))
	}
	switch {
	case p.Variant == report.SL5 || p.Short <= 0:
	case p.Shorts == report.ShortIgnored:
		parts = append(parts, s.Say(locale.Say("abandons below %d s are left out", p.Short)))
	default:
		parts = append(parts, s.Say(locale.Say("abandons below %d s count like every other", p.Short)))
	}
	if p.Target > 0 {
		parts = append(parts, s.Say(locale.Say("target %s", s.percent(p.Target))))
	}
	return strings.Join(parts, "; ")
}

// PolicyOf words for which calls a policy is in force.
func (s *Speech) PolicyOf(p report.Policy) string {
	whose := s.Say(locale.Say("all queues without a policy of their own"))
	if p.Queue != 0 {
		whose = s.Queue(p.Queue)
	}
	if p.From > 0 {
		whose += ", " + s.Say(locale.Say("from %s", s.Date(time.UnixMilli(p.From))))
	}
	return whose
}

// Count words by which moment a row counts.
func (s *Speech) Count(by string) string {
	switch by {
	case "answer":
		return s.Say(locale.Say("by the moment of the answer"))
	case "end":
		return s.Say(locale.Say("by the moment of the end"))
	}
	return s.Say(locale.Say("by the moment of arrival"))
}

// Note words a code of what a reader has to know.
func (s *Speech) Note(code string) string {
	if text := report.NoteText(code); text != "" {
		return s.Of(text)
	}
	return code
}

// mostGaps is how many gaps are listed one by one.
const mostGaps = 20

// Coverage words how complete a period is: the share over all PBXs, and what is missing of which.
func (s *Speech) Coverage(heard []report.Heard, from, to int64) []Line {
	var whole, missing int64
	var gaps []Line
	more := 0
	for _, h := range heard {
		since := max(from, h.Since)
		if h.Since == 0 || since >= to {
			continue
		}
		whole += to - since
		for _, m := range h.Missing {
			missing += max(0, min(m.To, to)-max(m.From, since))
			if len(gaps) == mostGaps {
				more++
				continue
			}
			gaps = append(gaps, Line{s.PBX(h.PBX), s.gap(m)})
		}
	}
	if whole == 0 {
		return []Line{{"", s.Say(locale.Say("Nothing was heard of any PBX in this period."))}}
	}
	if len(gaps) == 0 {
		return []Line{{"", s.Say(locale.Say("Complete: everything the PBXs said was heard."))}}
	}
	lines := append([]Line{{"", s.Say(locale.Say("Complete for %s of the time.", s.finePercent(1-float64(missing)/float64(whole))))}}, gaps...)
	if more > 0 {
		lines = append(lines, Line{"", s.Say(locale.Say("And %d more gaps.", more))})
	}
	return lines
}

// finePercent never rounds up to a hundred.
func (s *Speech) finePercent(share float64) string {
	text := s.number(min(share*100, 99.99), 2)
	if s.Language == russian {
		return text + noBreak + "%"
	}
	return text + "%"
}

func (s *Speech) gap(m report.Missing) string {
	from, to := time.UnixMilli(m.From), time.UnixMilli(m.To)
	text := s.Moment(from) + "–" + s.Clock(to)
	if s.Date(from) != s.Date(to) {
		text = s.Moment(from) + " – " + s.Moment(to)
	}
	var why []string
	for _, reason := range m.Reasons {
		why = append(why, s.reason(reason))
	}
	if len(why) > 0 {
		text += ": " + strings.Join(why, ", ")
	}
	return text
}

func (s *Speech) reason(code string) string {
	for known, say := range map[string]locale.Sentence{
		"spool-full": locale.Say("the agent's disk buffer was full"), "spool-age": locale.Say("events were older than the buffer keeps"),
		"damaged": locale.Say("the buffer on disk was damaged"), "cut": locale.Say("the connection to Asterisk was cut"),
		"unwritable": locale.Say("the agent could not write to its disk"), "forgotten": locale.Say("events were asked for again that the buffer had let go"),
		"undecodable": locale.Say("events arrived and could not be read"), "disconnected": locale.Say("the agent was not connected to Asterisk, or did not run"),
		"silent": locale.Say("the agent's machine stood still"), "unheard": locale.Say("no agent listened to this PBX"),
	} {
		if known == code {
			return s.Say(say)
		}
	}
	return code
}
