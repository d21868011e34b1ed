package wire

// ALPN names this protocol in the TLS handshake, over QUIC and over TCP alike.
const ALPN = "callweave/1"

// Versions is a range of protocol versions, both ends included.
type Versions struct {
	Min uint16 `cbor:"1,keyasint"`
	Max uint16 `cbor:"2,keyasint"`
}

// SupportedVersions is the range this build speaks. A version changes when a frame changes its meaning; frames and
// fields that are merely added need none, because whoever does not know them skips them.
func SupportedVersions() Versions { return Versions{Min: 1, Max: 1} }

// Negotiate returns the highest version in both ranges. The error is an *Error of CodeVersionUnsupported.
func Negotiate(a, b Versions) (uint16, error) {
	high := min(a.Max, b.Max)
	if high < a.Min || high < b.Min || high == 0 {
		return 0, &Error{Code: CodeVersionUnsupported, Text: "agent and cloud have no protocol version in common: update the older one"}
	}
	return high, nil
}
