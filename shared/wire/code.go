package wire

import (
	"errors"
	"fmt"
	"time"
)

// Code says to a machine why the other side refuses. Codes are part of the contract: they are only added to.
type Code string

// The codes. The comment says what the one who gets it does.
const (
	CodeShutdown           Code = "shutdown"            // reconnect after RetryAfter
	CodeOverloaded         Code = "overloaded"          // reconnect after RetryAfter
	CodeInternal           Code = "internal"            // reconnect with back-off
	CodeReplaced           Code = "replaced"            // another connection of this agent took over: stop this one
	CodeTenantUnknown      Code = "tenant-unknown"      // keep spooling, try again rarely, tell the administrator
	CodeTenantSuspended    Code = "tenant-suspended"    // keep spooling, try again rarely, tell the administrator
	CodeAgentUnknown       Code = "agent-unknown"       // the certificate names no agent: enrol again
	CodeCertificateRevoked Code = "certificate-revoked" // enrol again
	CodeCertificateExpired Code = "certificate-expired" // enrol again
	CodeVersionUnsupported Code = "version-unsupported" // update the agent
	CodeProtocol           Code = "protocol"            // a frame came where it may not: reconnect with back-off
	CodeFrameTooLarge      Code = "frame-too-large"     // reconnect with back-off
	CodeFrameMalformed     Code = "frame-malformed"     // reconnect with back-off
	CodeBatchMalformed     Code = "batch-malformed"     // the batch cannot be read: put a gap in its place
	CodeBatchTooLarge      Code = "batch-too-large"     // the batch breaks a limit: put a gap in its place
	CodeBatchOutOfOrder    Code = "batch-out-of-order"  // resume from where the cloud says
	CodeStreamUnknown      Code = "stream-unknown"      // a batch of another stream than Hello named
	CodeTimeout            Code = "timeout"             // nothing was heard for too long: reconnect
	CodeTokenInvalid       Code = "token-invalid"       // enrolment: ask for a new token
	CodeTokenExpired       Code = "token-expired"       // enrolment: ask for a new token
	CodeTokenUsed          Code = "token-used"          // enrolment: ask for a new token
	CodeClockWrong         Code = "clock-wrong"         // the agent's clock is off by more than TLS allows
)

// quicCodes gives codes the numbers that a QUIC connection or stream is closed with. A code's number is its place here,
// so the list is only appended to.
func quicCodes() []Code {
	return []Code{
		"", CodeShutdown, CodeOverloaded, CodeInternal, CodeReplaced, CodeTenantUnknown, CodeTenantSuspended, CodeAgentUnknown,
		CodeCertificateRevoked, CodeCertificateExpired, CodeVersionUnsupported, CodeProtocol, CodeFrameTooLarge, CodeFrameMalformed,
		CodeBatchMalformed, CodeBatchTooLarge, CodeBatchOutOfOrder, CodeStreamUnknown, CodeTimeout, CodeTokenInvalid,
		CodeTokenExpired, CodeTokenUsed, CodeClockWrong,
	}
}

// Number is the application error number of QUIC for c: CodeInternal's for a code this build does not know.
func (c Code) Number() uint64 {
	for i, known := range quicCodes() {
		if c == known {
			return uint64(i)
		}
	}
	return CodeInternal.Number()
}

// CodeOf is the code for an application error number of QUIC; CodeInternal for a number this build does not know.
func CodeOf(number uint64) Code {
	if codes := quicCodes(); number < uint64(len(codes)) {
		return codes[number]
	}
	return CodeInternal
}

// Error is a refusal as it travels: a code for the machine, a sentence for the person who reads the log.
type Error struct {
	Code       Code
	Text       string
	RetryAfter time.Duration // 0 where the other side does not say
}

func (e *Error) Error() string {
	if e.Text == "" {
		return string(e.Code)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Text)
}

// Is makes errors.Is compare codes alone.
func (e *Error) Is(target error) bool {
	other, ok := errors.AsType[*Error](target)
	return ok && e.Code == other.Code
}

// CodeFor is the code with which to answer err: its own where it is, or wraps, an [Error] or one of this package's
// errors, CodeInternal for all others, and "" for nil.
func CodeFor(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrFrameTooLarge):
		return CodeFrameTooLarge
	case errors.Is(err, ErrFrameMalformed):
		return CodeFrameMalformed
	case errors.Is(err, ErrBatchLimit):
		return CodeBatchTooLarge
	case errors.Is(err, ErrBatchVersion):
		return CodeVersionUnsupported
	case errors.Is(err, ErrBatchDamaged), errors.Is(err, ErrBatchMalformed):
		return CodeBatchMalformed
	}
	return CodeInternal
}
