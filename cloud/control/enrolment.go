package control

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/time/rate"
)

// maxEnrolment bounds the body of an enrolment: a token and a CSR take about 1.5 KiB.
const maxEnrolment = 16 << 10

// EnrolmentRequest is what an agent posts.
type EnrolmentRequest struct {
	Token   string `json:"token"`
	CSR     string `json:"csr"` // PEM, ECDSA or Ed25519 key; names in it are ignored
	Version string `json:"version"`
}

// EnrolmentReply is what it gets.
type EnrolmentReply struct {
	Agent       uuid.UUID `json:"agent"`
	Certificate string    `json:"certificate"` // PEM
	Authority   string    `json:"authority"`   // PEM
	Gateway     string    `json:"gateway"`     // host:port, UDP and TCP
	NotAfter    time.Time `json:"not_after"`
}

// Enrolment answers POST /api/v1/agents/enrol: an agent without an identity trades its token for one.
type Enrolment struct {
	tokens  *Tokens
	agents  *Agents
	gateway string
	log     *slog.Logger
	// tries bounds the work strangers can cause; a deployment never enrols more agents a second than this.
	tries *rate.Limiter
}

// NewEnrolment answers with gateway (host:port) as the address agents shall connect to.
func NewEnrolment(tokens *Tokens, agents *Agents, gateway string, log *slog.Logger) *Enrolment {
	return &Enrolment{tokens: tokens, agents: agents, gateway: gateway, log: log, tries: rate.NewLimiter(20, 100)}
}

func (e *Enrolment) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		writeProblem(w, refusal{http.StatusMethodNotAllowed, "method-not-allowed", "Enrolment is a POST."})
		return
	}
	if !e.tries.Allow() {
		w.Header().Set("Retry-After", "5")
		writeProblem(w, refusal{http.StatusTooManyRequests, "overloaded", "Too many enrolments at once. Try again in a few seconds."})
		return
	}
	var request EnrolmentRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxEnrolment)).Decode(&request); err != nil {
		writeProblem(w, refusal{http.StatusBadRequest, "request-malformed", "The request is not the JSON of an enrolment."})
		return
	}
	reply, err := e.enrol(r.Context(), request)
	if err != nil {
		why := refusalOf(err)
		e.log.WarnContext(r.Context(), "enrolment refused", "code", why.code, "error", err, "remote", r.RemoteAddr)
		writeProblem(w, why)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(reply)
}

func (e *Enrolment) enrol(ctx context.Context, request EnrolmentRequest) (EnrolmentReply, error) {
	jti, err := e.tokens.check(request.Token)
	if err != nil {
		return EnrolmentReply{}, err
	}
	csr, err := parseRequest([]byte(request.CSR))
	if err != nil {
		return EnrolmentReply{}, err
	}
	id := uuid.Must(uuid.NewV7())
	now := e.agents.now()
	certificate, err := e.agents.authority.SignAgent(id, csr, now)
	if err != nil {
		return EnrolmentReply{}, errors.Join(ErrRequest, err)
	}
	err = e.agents.db.System().Tx(ctx, func(tx pgx.Tx) error {
		tenant, pbx, err := e.tokens.spend(ctx, tx, jti)
		if err != nil {
			return err
		}
		return insertAgent(ctx, tx, Agent{ID: id, Tenant: tenant, PBX: pbx}, certificate, clip(request.Version, 64), now)
	})
	if err != nil {
		return EnrolmentReply{}, err
	}
	e.log.InfoContext(ctx, "agent enrolled", "agent", id, "not_after", certificate.NotAfter)
	return EnrolmentReply{
		Agent: id, Gateway: e.gateway, NotAfter: certificate.NotAfter,
		Certificate: string(certificatePEM(certificate.Raw)), Authority: string(e.agents.authority.CertificatePEM()),
	}, nil
}

// ErrRequest says that a certificate request cannot be read or carries a key we do not sign.
var ErrRequest = errors.New("the certificate request is not acceptable")

func parseRequest(text []byte) (*x509.CertificateRequest, error) {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE REQUEST" || len(rest) > 0 {
		return nil, ErrRequest
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, errors.Join(ErrRequest, err)
	}
	return csr, nil
}

// refusal is a problem (RFC 9457) with a code for machines and a sentence that says what to do.
type refusal struct {
	status int
	code   string
	detail string
}

func refusalOf(err error) refusal {
	switch {
	case errors.Is(err, ErrTokenExpired):
		return refusal{http.StatusForbidden, "token-expired", "The token is too old. Make a new one on the PBXs page; it is good for 15 minutes."}
	case errors.Is(err, ErrTokenUsed):
		return refusal{http.StatusForbidden, "token-used", "The token has been used. Make a new one on the PBXs page; each is good for one agent."}
	case errors.Is(err, ErrToken):
		return refusal{http.StatusForbidden, "token-invalid", "The token was not made by this cloud. Copy it whole from the PBXs page."}
	case errors.Is(err, ErrRequest):
		return refusal{http.StatusBadRequest, "request-malformed", "The certificate request cannot be used. Update the agent."}
	default:
		return refusal{http.StatusServiceUnavailable, "unavailable", "The cloud cannot enrol agents at the moment. Try again in a minute."}
	}
}

func writeProblem(w http.ResponseWriter, why refusal) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(why.status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(why.status), "status": why.status, "code": why.code, "detail": why.detail,
	})
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
