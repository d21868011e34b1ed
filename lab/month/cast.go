package month

import (
	"fmt"
	"time"
)

// Stations, PBXs and zones.
const (
	Moscow      = "Europe/Moscow"
	Berlin      = "Europe/Berlin"
	Vladivostok = "Asia/Vladivostok"

	west = "Moscow"
	east = "Vladivostok"
)

// PBX is a PBX of the cast.
type PBX struct{ Name, Station, Trunk, DID string }

// PBXs of the cast. Two of them are one station, and share numbers.
var PBXs = []PBX{
	{"msk-1", west, "PJSIP/carrier", "74950001000"},
	{"msk-2", west, "PJSIP/telekom", "493000002000"},
	{"vvo-1", east, "PJSIP/dv", "74230003000"},
}

// Queue is a queue of the cast. Patience is how long its callers wait at most before they are put out.
type Queue struct {
	PBX, Number, Name, Zone string
	Limit                   time.Duration
	Members                 []string
}

// Month is what is to be invented.
type Month struct {
	Seed     uint64
	From, To time.Time // calls begin in this time; To is also the present
	PerDay   int       // calls on a working day
	Devices  int       // 0: 30
}

// March is March 2026, in which Berlin's clocks change, with the two days before.
func March(perDay int) Month {
	m := Month{Seed: 42, From: time.Date(2026, 2, 26, 21, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 31, 21, 0, 0, 0, time.UTC), PerDay: perDay}
	m.Devices = max(30, perDay/60)
	return m
}

// Queues are the five queues, and who serves them.
func (m Month) Queues() []Queue {
	list := []Queue{
		{PBX: "msk-1", Number: "600", Name: "Sales", Zone: Moscow, Limit: 180 * time.Second},
		{PBX: "msk-1", Number: "601", Name: "", Zone: "", Limit: 120 * time.Second},
		{PBX: "msk-2", Number: "602", Name: "Berlin", Zone: Berlin, Limit: 90 * time.Second},
		{PBX: "vvo-1", Number: "700", Name: "Orders", Zone: Vladivostok, Limit: 240 * time.Second},
		{PBX: "vvo-1", Number: "701", Name: "Service", Zone: Vladivostok, Limit: 60 * time.Second},
	}
	for i := range m.Devices {
		number, at := m.Device(i)
		if at.Station == east {
			list[3+i%2].Members = append(list[3+i%2].Members, number)
			if i%5 == 0 {
				list[4-i%2].Members = append(list[4-i%2].Members, number)
			}
			continue
		}
		list[i%3].Members = append(list[i%3].Members, number)
		if i%4 == 0 {
			list[(i+1)%3].Members = append(list[(i+1)%3].Members, number)
		}
	}
	return list
}

// Device is the number of a device and its PBX: two of five are in the east.
func (m Month) Device(i int) (string, PBX) {
	if i%5 < 3 {
		return fmt.Sprint(101 + i), PBXs[i%2]
	}
	return fmt.Sprint(101 + i), PBXs[2]
}

// Binding says whose a device is; To zero: until further notice.
type Binding struct {
	Person, Device int // from 0
	From, To       time.Time
}

// People are how many people there are.
func (m Month) People() int { return max(25, m.Devices*5/6) }

// Bindings bind most devices to people. In the middle of the month some change places in the middle of a day, one has two
// devices, one device is nobody's for a week, and some are nobody's ever.
func (m Month) Bindings() []Binding {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	change := time.Date(2026, 3, 16, 9, 30, 0, 0, time.UTC)
	list := []Binding{
		{Person: 0, Device: 0, From: begin, To: change},
		{Person: 1, Device: 0, From: change},
		{Person: 1, Device: 1, From: begin, To: change},
		{Person: 0, Device: 1, From: change},
		{Person: 2, Device: 2, From: begin, To: change},
		{Person: 2, Device: 2, From: change.AddDate(0, 0, 7)},
		{Person: 3, Device: 3, From: begin},
		{Person: 3, Device: 4, From: begin, To: change},
		{Person: 4, Device: 4, From: change},
	}
	for i := 5; i < min(m.People(), m.Devices-4); i++ {
		list = append(list, Binding{Person: i, Device: i, From: begin})
	}
	return list
}

// Reasons of pauses, as PBXs say them; of the last nothing is decided.
var reasons = []string{"Lunch", "Training", "Coffee", ""}

// areas are beginnings of numbers that have names, and one that has none.
var areas = []string{"7495", "7423", "7916", "4930", "49170", "1212"}
