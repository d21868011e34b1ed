package call

import "strings"

// maxExtension is how long an extension may be; longer numbers are numbers of the telephone network. It counts where no
// rule says what a number is.
const maxExtension = 6

// LooksOutside tells a number of the telephone network by its length.
func LooksOutside(number string) bool {
	return len(number) > maxExtension && digits(strings.TrimPrefix(number, "+"))
}
