// Package doctor looks for what would spoil a customer's statistics, before they are spoilt: the way to the cloud, the
// clocks, the disk, the PBX's rights and settings. It changes nothing on the PBX and repairs nothing; it says what it
// found, which report that hurts and how to mend it.
package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"slices"
	"time"

	"github.com/callweave/callweave/edge/locale"
	"github.com/callweave/callweave/shared/wire"
)

// Severity of a finding.
type Severity string

// The severities: all is well; figures may be wrong or less exact; figures are missing.
const (
	OK    Severity = "ok"
	Warn  Severity = "warn"
	Error Severity = "error"
)

// Finding is one thing looked at. Its words come from [Finding.Words]; Args fill them in.
type Finding struct {
	Code     Code
	Severity Severity
	Args     []any
}

// Config says what to look at. What is empty is not looked at.
type Config struct {
	Gateway  string // host:port, UDP
	TCP      string // host:port of the fallback
	Cloud    string // URL of the portal
	StateDir string
	SpoolDir string
	SpoolMax int64 // bytes the spool may take
	AMI      AMI
	// Watch is how long to listen for events of the PBX.
	Watch time.Duration
}

// AMI says how to log in to the PBX.
type AMI struct {
	Address string
	User    string
	Secret  string
	TLS     *tls.Config // nil: plain
}

// Identity is who the agent is; nil where it is not enrolled.
type Identity interface {
	Agent() string
	Certificate() tls.Certificate
	Authority() *x509.CertPool
}

// Doctor makes the checks.
type Doctor struct {
	cfg      Config
	identity Identity
	now      func() time.Time
}

// New prepares checks; identity may be nil.
func New(cfg Config, identity Identity, now func() time.Time) *Doctor {
	if cfg.Watch == 0 {
		cfg.Watch = 3 * time.Second
	}
	if cfg.TCP == "" {
		cfg.TCP = cfg.Gateway
	}
	return &Doctor{cfg: cfg, identity: identity, now: now}
}

// Check makes all checks and returns what was found in an order that makes sense to read: causes before effects.
func (d *Doctor) Check(ctx context.Context) []Finding {
	parts := make([][]Finding, 3)
	done := make(chan int, len(parts))
	for i, check := range []func(context.Context) []Finding{d.checkCloud, d.checkDisk, d.checkPBX} {
		go func() {
			parts[i] = check(ctx)
			done <- i
		}()
	}
	for range parts {
		<-done
	}
	return slices.Concat(parts...)
}

// Worst is the severity of the worst finding.
func Worst(findings []Finding) Severity {
	worst := OK
	for _, f := range findings {
		if f.Severity == Error || f.Severity == Warn && worst == OK {
			worst = f.Severity
		}
	}
	return worst
}

// ForReport turns findings into what travels to the cloud: English, and the same in every other language we speak,
// because the agent does not know who will look at it.
func ForReport(findings []Finding) []wire.Finding {
	english := locale.For("en")
	out := make([]wire.Finding, 0, len(findings))
	for _, f := range findings {
		text := f.Words(english)
		told := wire.Finding{Code: string(f.Code), Severity: string(f.Severity), Detail: text.Sentence, Hurts: text.Hurts}
		for _, language := range locale.Others() {
			text := f.Words(locale.For(language))
			if told.Others == nil {
				told.Others = make(map[string]wire.FindingWords)
			}
			told.Others[language] = wire.FindingWords{Detail: text.Sentence, Hurts: text.Hurts}
		}
		out = append(out, told)
	}
	return out
}
