// Package enroll gives an agent its identity: it trades a token for a certificate, keeps key and certificate in the
// state directory and prepares their renewal. It does not connect to the gateway.
package enroll

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// identityFile holds all of an identity, so that one rename replaces key and certificate together.
const identityFile = "identity.json"

// ErrNotEnrolled says that the state directory holds no identity.
var ErrNotEnrolled = errors.New("this agent is not enrolled")

// document is the identity as stored: mode 0600, PEM texts.
type document struct {
	Agent       string `json:"agent"`
	Cloud       string `json:"cloud"`
	Gateway     string `json:"gateway"`
	Key         string `json:"key"`
	Certificate string `json:"certificate"`
	Authority   string `json:"authority"`
}

// Identity is an agent's key, certificate and whom it trusts. It is safe for use by several goroutines.
type Identity struct {
	dir string
	now func() time.Time

	mu          sync.Mutex
	doc         document
	certificate tls.Certificate
	authority   *x509.CertPool
	next        *ecdsa.PrivateKey // of the renewal under way
	modified    time.Time         // of the file, when it was read or written
}

// Load reads the identity in dir, and returns ErrNotEnrolled where there is none.
func Load(dir string, now func() time.Time) (*Identity, error) {
	modified := modifiedAt(dir)
	text, err := os.ReadFile(filepath.Join(dir, identityFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotEnrolled
	}
	if err != nil {
		return nil, fmt.Errorf("load identity: %w", err)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("load identity: %w", err)
	}
	i, err := identityOf(doc)
	if err != nil {
		return nil, fmt.Errorf("load identity: %w", err)
	}
	i.dir, i.now, i.modified = dir, now, modified
	return i, nil
}

func identityOf(doc document) (*Identity, error) {
	certificate, err := tls.X509KeyPair([]byte(doc.Certificate), []byte(doc.Key))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(doc.Authority)) {
		return nil, errors.New("no authority certificate")
	}
	return &Identity{doc: doc, certificate: certificate, authority: pool}, nil
}

// Agent is the agent's id.
func (i *Identity) Agent() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.doc.Agent
}

// Gateway is the address, host:port, that the cloud named at enrolment.
func (i *Identity) Gateway() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.doc.Gateway
}

// Cloud is the URL of the portal the agent was enrolled at.
func (i *Identity) Cloud() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.doc.Cloud
}

// Authority holds the one authority the gateway's certificate must come from.
func (i *Identity) Authority() *x509.CertPool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.authority
}

// Certificate is the one in force. An agent that is enrolled anew while it runs takes up its new identity here.
func (i *Identity) Certificate() tls.Certificate {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.refresh()
	return i.certificate
}

// refresh reads the file again where another process has replaced it. A file that cannot be read changes nothing.
func (i *Identity) refresh() {
	modified := modifiedAt(i.dir)
	if modified.IsZero() || modified.Equal(i.modified) {
		return
	}
	if fresh, err := Load(i.dir, i.now); err == nil {
		i.doc, i.certificate, i.authority, i.next, i.modified = fresh.doc, fresh.certificate, fresh.authority, nil, fresh.modified
	}
}

func modifiedAt(dir string) time.Time {
	info, err := os.Stat(filepath.Join(dir, identityFile))
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// NotAfter is when the certificate in force ends.
func (i *Identity) NotAfter() time.Time { return i.Certificate().Leaf.NotAfter }

// RenewalRequest returns a certificate request (DER) for a fresh key when less than a third of the certificate's life
// is left, and nil before.
func (i *Identity) RenewalRequest() ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	leaf := i.certificate.Leaf
	if leaf.NotAfter.Sub(i.now()) > leaf.NotAfter.Sub(leaf.NotBefore)/3 {
		return nil, nil
	}
	if i.next == nil {
		key, err := newKey()
		if err != nil {
			return nil, fmt.Errorf("renew identity: %w", err)
		}
		i.next = key
	}
	return newRequest(i.next)
}

// Renew takes the certificate chain (PEM, leaf first) that answers [Identity.RenewalRequest] and stores it; it is in
// force from the next connection on. The file is replaced before the old key is forgotten.
func (i *Identity) Renew(chain []byte) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.next == nil {
		return errors.New("renew identity: nobody asked for a certificate")
	}
	leaf, _ := pem.Decode(chain)
	if leaf == nil {
		return errors.New("renew identity: no certificate in the reply")
	}
	doc := i.doc
	doc.Certificate = string(pem.EncodeToMemory(leaf))
	var err error
	if doc.Key, err = keyPEM(i.next); err != nil {
		return fmt.Errorf("renew identity: %w", err)
	}
	fresh, err := identityOf(doc)
	if err != nil {
		return fmt.Errorf("renew identity: %w", err)
	}
	if _, err := fresh.certificate.Leaf.Verify(x509.VerifyOptions{
		Roots: i.authority, CurrentTime: fresh.certificate.Leaf.NotBefore, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}); err != nil {
		return fmt.Errorf("renew identity: %w", err)
	}
	if err := save(i.dir, doc); err != nil {
		return fmt.Errorf("renew identity: %w", err)
	}
	i.doc, i.certificate, i.next, i.modified = doc, fresh.certificate, nil, modifiedAt(i.dir)
	return nil
}

// save writes the identity under a temporary name and renames it: write → fsync → rename → fsync of the directory.
// A crash at any arrow leaves either the old identity or the new one, whole.
func save(dir string, doc document) error {
	text, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	f, err := os.CreateTemp(dir, identityFile+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // gone already when all went well
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = giveToOwner(f, dir)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, identityFile))
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	return nil
}

// giveToOwner lets root enrol an agent that runs as somebody else: whoever owns the state directory gets the file.
func giveToOwner(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// newRequest asks for no name: the cloud knows who we are.
func newRequest(key *ecdsa.PrivateKey) ([]byte, error) {
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "callweave-edge"}}, key)
}

func keyPEM(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}
