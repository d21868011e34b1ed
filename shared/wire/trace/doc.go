// Package trace reads and writes recordings of an AMI connection. A recording is text:
//
//	# <ns> connected 10.0.0.1:5038     a note of the recorder: connected, cut, disconnected, end
//	> <ns>                             what the recorder sent follows, secrets masked
//	Action: Login
//	…
//	@ <ns>                             one packet follows, byte for byte, to its empty line
//	Asterisk Call Manager/11.0.0       the greeting is one line
//	@ <ns>
//	Event: FullyBooted
//	…
//
// Times are ns since 1970. Without the lines "@ …" and the parts ">" and "#" it is the exact stream. Recordings may be
// compressed with gzip. The package opens nothing.
package trace
