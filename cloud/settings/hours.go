package settings

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/locale"
)

// Span is a time of a day, in minutes since midnight; a day's last minute ends at 1440.
type Span = [2]int

const day = 24 * 60

// checkHours makes sure that spans come one after the other.
func checkHours(hours []Span) error {
	end := 0
	for _, s := range hours {
		if s[0] < end || s[1] <= s[0] || s[1] > day {
			return invalid(locale.Say("Hours come one after the other and end on the same day: 09:00-13:00 14:00-18:00. Whoever works past midnight has 22:00-24:00, and 00:00-06:00 on the next day."))
		}
		end = s[1]
	}
	return nil
}

// writeHours writes spans as people do: 09:00-13:00 14:00-18:00; "" is closed.
func writeHours(hours []Span) string {
	list := make([]string, 0, len(hours))
	for _, s := range hours {
		list = append(list, fmt.Sprintf("%02d:%02d-%02d:%02d", s[0]/60, s[0]%60, s[1]/60, s[1]%60))
	}
	return strings.Join(list, " ")
}

var spans = regexp.MustCompile(`^(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)$`)

// readHours reads what writeHours wrote, and what people write instead.
func readHours(s string) ([]Span, error) {
	hours := []Span{}
	for _, part := range strings.FieldsFunc(joinDashes(s), func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		m := spans.FindStringSubmatch(part)
		if m == nil {
			return nil, invalid(locale.Say("%q are no hours. Write them as 09:00-18:00, several with a space between, and nothing where it is closed.", s))
		}
		at := func(h, min string) int {
			hour, _ := strconv.Atoi(h)
			minute, _ := strconv.Atoi(min)
			if minute > 59 {
				return day + 1
			}
			return hour*60 + minute
		}
		hours = append(hours, Span{at(m[1], m[2]), at(m[3], m[4])})
	}
	return hours, checkHours(hours)
}

// joinDashes takes the blanks around dashes away, so that blanks part spans only.
func joinDashes(s string) string {
	return regexp.MustCompile(`\s*[-–—]\s*`).ReplaceAllString(strings.TrimSpace(s), "-")
}
