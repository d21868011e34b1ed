package settings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/callweave/callweave/cloud/locale"
)

// What people write for the service level.

func readVariant(s string) (int16, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(strings.ToUpper(s), "SL"), 10, 16)
	if err != nil || n < 1 || n > 5 {
		return 0, invalid(locale.Say("%q is no variant: SL1, SL2, SL3, SL4 or SL5.", s))
	}
	return int16(n), nil
}

func readShorts(s string) (int16, error) {
	words := shortsWords()
	i := slices.Index(words[:], strings.ToLower(s))
	switch {
	case s == "":
		return 0, nil
	case i < 0:
		return 0, invalid(locale.Say("%q in the column shorts is neither count nor ignore.", s))
	}
	return int16(i), nil
}

// readShare reads 0.8, 0,8 and 80%.
func readShare(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	text, percent := strings.CutSuffix(strings.Replace(s, ",", ".", 1), "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0, invalid(locale.Say("%q is no share. Write it as 0.8 or as 80%%.", s))
	}
	if percent {
		share /= 100
	}
	return share, nil
}
