package mail

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/locale"
)

// How a connection to the server is kept from being read.
const (
	StartTLS = "starttls" // begins in the clear and must go over to TLS before anything is said
	TLS      = "tls"      // from the first byte
	Plain    = "none"     // not at all: on this machine only
)

// Settings are the mail server of a tenant, and to whom it may write.
type Settings struct {
	Host       string
	Port       int
	Security   string
	Login      string // "": the server asks for none
	Sender     string // address
	SenderName string
	Allowed    []string // addresses, and @domains, outside the tenant's own users
	Password   bool     // there is one

	sealed []byte
}

// ErrNone is a tenant without a mail server.
var ErrNone = errors.New("no mail server is set")

// RefusalError is why settings were not taken, in words for whoever gave them.
type RefusalError struct{ Say locale.Sentence }

func (e *RefusalError) Error() string { return e.Say.String() }

func refuse(say locale.Sentence) error { return &RefusalError{say} }

// Read returns the settings of the transaction's tenant, or ErrNone.
func Read(ctx context.Context, tx pgx.Tx) (s Settings, err error) {
	err = tx.QueryRow(ctx, `SELECT host, port, security, login, password, sender, sender_name, allowed FROM mail_settings WHERE tenant_id = current_tenant()`).
		Scan(&s.Host, &s.Port, &s.Security, &s.Login, &s.sealed, &s.Sender, &s.SenderName, &s.Allowed)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, ErrNone
	}
	if err != nil {
		return s, fmt.Errorf("read mail settings: %w", err)
	}
	s.Password = s.sealed != nil
	return s, nil
}

// Save puts settings in place of those there are. A nil password keeps the one there is, which is refused for another server:
// else whoever may change the settings could have the password sent to himself.
func (p *Postbox) Save(ctx context.Context, tx pgx.Tx, s Settings, password *string) (Settings, error) {
	s, err := p.checked(s)
	if err != nil {
		return s, err
	}
	was, err := Read(ctx, tx)
	if err != nil && !errors.Is(err, ErrNone) {
		return s, err
	}
	switch {
	case password != nil && *password != "":
		if s.sealed, err = p.seal(ctx, tx, *password); err != nil {
			return s, err
		}
	case password == nil && was.Password:
		if was.Host != s.Host || was.Port != s.Port || was.Login != s.Login || was.Security != s.Security {
			return s, refuse(locale.Say("The server, its port, the log-in or the encryption is another one: enter the password again."))
		}
		s.sealed = was.sealed
	}
	s.Password = s.sealed != nil
	_, err = tx.Exec(ctx, `INSERT INTO mail_settings (tenant_id, host, port, security, login, password, sender, sender_name, allowed)
		VALUES (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (tenant_id) DO UPDATE SET host = $1, port = $2, security = $3, login = $4, password = $5, sender = $6, sender_name = $7, allowed = $8, changed = now()`,
		s.Host, s.Port, s.Security, s.Login, s.sealed, s.Sender, s.SenderName, s.Allowed)
	if err != nil {
		return s, fmt.Errorf("save mail settings: %w", err)
	}
	return s, nil
}

// Remove forgets the settings.
func Remove(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mail_settings WHERE tenant_id = current_tenant()`); err != nil {
		return fmt.Errorf("remove mail settings: %w", err)
	}
	return nil
}

// mostAllowed is how many addresses and domains may be allowed.
const mostAllowed = 200

// checked returns settings in the form they are stored in, or why they make no sense.
func (p *Postbox) checked(s Settings) (Settings, error) {
	s.Host, s.Sender = strings.TrimSpace(s.Host), strings.TrimSpace(s.Sender)
	if s.Host == "" || strings.ContainsAny(s.Host, " /@\r\n\t") {
		return s, refuse(locale.Say("%q is no name or address of a server.", s.Host))
	}
	if !slices.Contains([]string{StartTLS, TLS, Plain}, s.Security) {
		return s, refuse(locale.Say("The encryption is one of starttls, tls, none."))
	}
	if s.Security == Plain && !loopback(s.Host) {
		return s, refuse(locale.Say("Without encryption a mail server can be used on this machine only. Choose STARTTLS or TLS."))
	}
	if err := p.portAllowed(s.Port); err != nil {
		return s, err
	}
	if !Valid(s.Sender) {
		return s, refuse(locale.Say("%q is no e-mail address.", s.Sender))
	}
	if strings.ContainsAny(s.SenderName, "\r\n") {
		return s, refuse(locale.Say("The sender's name is one line."))
	}
	allowed, err := checkedAllowed(s.Allowed)
	s.Allowed = allowed
	return s, err
}

func checkedAllowed(list []string) ([]string, error) {
	out := []string{}
	for _, entry := range list {
		entry = strings.ToLower(strings.TrimSpace(entry))
		domain, whole := strings.CutPrefix(entry, "@")
		if whole && !Valid("x@"+domain) || !whole && !Valid(entry) {
			return nil, refuse(locale.Say("%q is neither an e-mail address nor a domain like @example.com.", entry))
		}
		out = append(out, entry)
	}
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > mostAllowed {
		return nil, refuse(locale.Say("More than %d addresses and domains cannot be allowed. Allow domains.", mostAllowed))
	}
	return out, nil
}

// Allows tells whether reports may go to an address outside the tenant's users.
func (s Settings) Allows(address string) bool {
	address = strings.ToLower(address)
	_, domain, _ := strings.Cut(address, "@")
	return slices.Contains(s.Allowed, address) || slices.Contains(s.Allowed, "@"+domain)
}

// Valid tells a plain e-mail address.
func Valid(address string) bool {
	a, err := netmail.ParseAddress(address)
	if err != nil || a.Address != address || len(address) > 254 {
		return false
	}
	local, domain, _ := strings.Cut(address, "@")
	return local != "" && strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.ContainsAny(address, "\r\n \"<>,;")
}

// seal encrypts a password for one tenant: of another's row it opens nothing.
func (p *Postbox) seal(ctx context.Context, tx pgx.Tx, password string) ([]byte, error) {
	box, tenant, err := p.box(ctx, tx)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, []byte(password), tenant), nil //nolint:gosec // the box makes a nonce of its own, at random
}

// Password opens the password of settings that were read in a transaction of the same tenant; "" where there is none.
func (p *Postbox) Password(ctx context.Context, tx pgx.Tx, s Settings) (string, error) {
	if s.sealed == nil {
		return "", nil
	}
	box, tenant, err := p.box(ctx, tx)
	if err != nil {
		return "", err
	}
	password, err := box.Open(nil, nil, s.sealed, tenant)
	if err != nil {
		return "", fmt.Errorf("open the mail server's password: it was sealed by another deployment: %w", err)
	}
	return string(password), nil
}

func (p *Postbox) box(ctx context.Context, tx pgx.Tx) (cipher.AEAD, []byte, error) {
	var tenant [16]byte
	if err := tx.QueryRow(ctx, `SELECT current_tenant()`).Scan(&tenant); err != nil {
		return nil, nil, fmt.Errorf("read tenant: %w", err)
	}
	block, err := aes.NewCipher(p.key[:])
	if err != nil {
		return nil, nil, fmt.Errorf("open key: %w", err)
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, nil, fmt.Errorf("open key: %w", err)
	}
	return box, tenant[:], nil
}
