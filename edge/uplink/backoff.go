package uplink

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/callweave/callweave/shared/wire"
)

// backoff doubles its pause from min to max. Each pause is drawn from the upper half, so that a thousand agents that
// lost the cloud in the same second do not come back in the same second.
type backoff struct {
	min, max time.Duration
	current  time.Duration
}

func (b *backoff) next() time.Duration {
	b.current = min(max(b.min, 2*b.current), b.max)
	return jitter(b.current)
}

func (b *backoff) reset() { b.current = 0 }

func jitter(d time.Duration) time.Duration {
	if d < 2 {
		return d
	}
	return d/2 + rand.N(d/2) //nolint:gosec // spreading load needs no secret
}

// pauseAfter says how long to wait after a session or an attempt ended with err.
func (u *Uplink) pauseAfter(err error, wait *backoff) time.Duration {
	var refused *wire.Error
	if !errors.As(err, &refused) {
		return wait.next()
	}
	switch refused.Code {
	case wire.CodeTenantUnknown, wire.CodeTenantSuspended, wire.CodeAgentUnknown, wire.CodeCertificateRevoked,
		wire.CodeCertificateExpired, wire.CodeVersionUnsupported, wire.CodeReplaced:
		return max(refused.RetryAfter, jitter(u.cfg.Rarely))
	default:
		if refused.RetryAfter > 0 {
			wait.reset()
			return refused.RetryAfter + jitter(refused.RetryAfter)/2
		}
		return wait.next()
	}
}

// codeOf is the cloud's reason where it gave one.
func codeOf(err error) wire.Code {
	var refused *wire.Error
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}
