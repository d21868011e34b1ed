package mail

import "github.com/callweave/callweave/cloud/locale"

// Words says what a code of an [Error] means and what to do.
func Words(code string) locale.Sentence {
	switch code {
	case Unreachable:
		return locale.Say("The mail server did not answer, or the connection broke. Check its name and port, and whether it can be reached from here.")
	case Forbidden:
		return locale.Say("The mail server has a private address, and this installation connects to public ones only. Whoever runs it can allow private ones (--mail-private).")
	case NotSecure:
		return locale.Say("The connection could not be secured: the server offers no TLS there, or its certificate does not prove that it is the one named.")
	case SignIn:
		return locale.Say("The mail server does not accept the log-in and password.")
	case Rejected:
		return locale.Say("The mail server does not take the letter.")
	case Unsure:
		return locale.Say("The connection broke as the mail server was to confirm. The letter may have arrived; it is not sent again by itself.")
	}
	return locale.Say("Something went wrong on our side. It has been logged; try again.")
}
