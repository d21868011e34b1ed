package demo

import (
	"fmt"
	"time"
)

// File is a list of what an administrator decides, as it would be imported: its name, and its lines with the header first.
type File struct {
	List  string
	Lines [][]string
}

// Decisions are what the administrator of the demonstration decided by a day: people and their devices, hours, service levels,
// groups and what pauses count as, and who was to work in the days of from to to. They go in in this order.
func Decisions(from, to time.Time) []File {
	people := File{"people", [][]string{{"person", "station", "device", "from"}}}
	groups := File{"groups", [][]string{{"kind", "group", "member", "station", "name"}}}
	queues := File{"queues", [][]string{{"station", "queue", "name", "zone", "hours"}}}
	policies := File{"policies", [][]string{
		{"station", "queue", "from", "variant", "threshold", "short", "shorts", "target", "call_back"},
		{"", "", "", "3", "20", "5", "count", "0.8", "3600"},
		{HeadOffice, "601", "", "4", "30", "5", "ignore", "0.75", "7200"},
		{HeadOffice, "600", to.AddDate(0, 0, -14).Format(time.DateOnly), "1", "15", "5", "count", "0.85", "1800"},
	}}
	rosters := File{"rosters", [][]string{{"person", "kind", "from", "to"}}}
	for _, p := range Cast() {
		hours := "Office"
		if p.Name == Branch {
			hours = "Branch"
		}
		for i, o := range p.Operators {
			people.Lines = append(people.Lines, []string{o.Name, p.Station, o.Number, "2020-01-01"})
			team := [...]string{"First shift", "Second shift"}[i%2]
			if p.Name == Branch {
				team = "Vladivostok"
			}
			groups.Lines = append(groups.Lines, []string{"operators", team, "person", "", o.Name})
		}
		for _, q := range p.Queues {
			zone := ""
			if p.Name == Branch {
				zone = p.Zone
			}
			when := hours
			if q.Number == "606" {
				when = ""
			}
			queues.Lines = append(queues.Lines, []string{p.Station, q.Number, q.Name, zone, when})
			if q.weight > 0 {
				groups.Lines = append(groups.Lines, []string{"queues", p.Name, "queue", p.Station, q.Number})
			}
		}
		rosters.Lines = append(rosters.Lines, p.roster(from, to)...)
	}
	return []File{
		people,
		{"hours", [][]string{
			{"name", "mon", "tue", "wed", "thu", "fri", "sat", "sun"},
			{"Office", "08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00", "10:00-17:00", ""},
			{"Branch", "09:00-19:00", "09:00-19:00", "09:00-19:00", "09:00-19:00", "09:00-18:00", "", ""},
		}},
		{"holidays", [][]string{
			{"calendar", "day", "name", "hours"},
			{"Office", "2026-11-04", "День народного единства", ""},
			{"Branch", "2026-11-04", "День народного единства", ""},
			{"Office", "2026-12-31", "Новый год", "08:00-14:00"},
			{"Office", "2027-01-01", "Новый год", ""},
			{"Branch", "2027-01-01", "Новый год", ""},
		}},
		queues, policies,
		{"reasons", [][]string{
			{"reason", "name", "paid", "work", "limit"},
			{"tea", "Перерыв", "yes", "no", "900"},
			{"lunch", "Обед", "no", "no", "2700"},
			{"meeting", "Собрание", "yes", "yes", "0"},
		}},
		{"tags", [][]string{{"tag"}, {"Жалоба"}, {"Повторное обращение"}, {"VIP"}}},
		{"trunks", [][]string{{"station", "trunk", "name", "lines"}, {HeadOffice, "PJSIP/carrier", "SIP trunk", "30"}, {Branch, "PJSIP/primtel", "Примтелеком", "15"}}},
		groups,
		{"prefixes", [][]string{
			{"prefix", "name"},
			{"7903", "Билайн"},
			{"7910", "МТС"},
			{"7915", "МТС"},
			{"7916", "МТС"},
			{"7925", "МегаФон"},
			{"7926", "МегаФон"},
			{"7495", "Москва"},
			{"7423", "Приморье"},
		}},
		rosters,
	}
}

// roster is when the operators of a PBX were to work: the shifts they began, nine hours with one for lunch.
func (p PBX) roster(from, to time.Time) (lines [][]string) {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	first := from.In(zone)
	for date := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone); date.Before(to); date = date.AddDate(0, 0, 1) {
		d := newDay(p, date)
		d.startShifts()
		for _, o := range p.Operators {
			begin, works := d.begins[o.Number]
			if !works {
				continue
			}
			at := func(hours int) string {
				return fmt.Sprint(begin.Add(time.Duration(hours) * time.Hour).UTC().Format(time.RFC3339))
			}
			lines = append(lines, []string{o.Name, "work", at(0), at(9)}, []string{o.Name, "break", at(4), at(5)})
		}
	}
	return lines
}
