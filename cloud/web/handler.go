package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// nonceMark stands in index.html wherever the page's own scripts and styles name the nonce of the content policy.
const nonceMark = "__CSP_NONCE__"

// Handler serves the portal out of pages (see [Pages]): hashed assets for a year, in the smallest encoding the browser
// takes, and index.html for every other path, because the paths of the application exist only in the browser. Each
// answer with a page carries a Content-Security-Policy with a nonce of its own, so callers must not set that header for
// pages, nor cache them. Paths under /api/ are answered with 404: a mistyped API path must not look like a page.
func Handler(pages fs.FS) http.Handler {
	p := portal{files: pages}
	var err error
	if p.index, err = fs.ReadFile(pages, "index.html"); err != nil {
		p.index, err = fs.ReadFile(pages, "placeholder.html")
	}
	if err != nil {
		p.index = []byte("<!doctype html><title>Callweave</title><p>The portal is not part of this build.</p>")
	}
	return p
}

type portal struct {
	files fs.FS
	index []byte
}

// ServeHTTP answers GET and HEAD.
func (p portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case name == "api" || strings.HasPrefix(name, "api/"):
		http.NotFound(w, r)
	case p.isAsset(name):
		p.asset(w, r, name)
	case strings.HasPrefix(name, "assets/"):
		http.NotFound(w, r) // an asset of another build: a page in its place would be run as a script
	default:
		p.page(w, r)
	}
}

func (p portal) isAsset(name string) bool {
	if name == "" || strings.HasSuffix(name, ".html") {
		return false
	}
	info, err := fs.Stat(p.files, name)
	return err == nil && info.Mode().IsRegular()
}

// asset serves one file. Names under assets/ contain a hash of the content and so never change their meaning.
func (p portal) asset(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if kind := contentType(name); kind != "" {
		h.Set("Content-Type", kind)
	}
	h.Add("Vary", "Accept-Encoding")
	body, encoding, err := p.smallest(name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	write(w, r, body)
}

// smallest reads the file in the best encoding that was built and is accepted.
func (p portal) smallest(name, accepted string) (body []byte, encoding string, err error) {
	for _, e := range [...]struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !accepts(accepted, e.name) {
			continue
		}
		body, err := fs.ReadFile(p.files, name+e.suffix)
		if err == nil {
			return body, e.name, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, "", fmt.Errorf("read asset: %w", err)
		}
	}
	body, err = fs.ReadFile(p.files, name)
	if err != nil {
		return nil, "", fmt.Errorf("read asset: %w", err)
	}
	return body, "", nil
}

// accepts tells whether an Accept-Encoding header names the encoding without refusing it by q=0.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// page serves index.html with a fresh nonce.
func (p portal) page(w http.ResponseWriter, r *http.Request) {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	nonce := base64.RawURLEncoding.EncodeToString(random[:])
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy(nonce))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	write(w, r, bytes.ReplaceAll(p.index, []byte(nonceMark), []byte(nonce)))
}

// policy allows nothing but the portal's own files. Mantine writes style elements, which is what the nonce is for. The report
// engine is WebAssembly of our own origin, run in a worker: 'wasm-unsafe-eval' allows to compile it, and no script.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; " +
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

func write(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) //nolint:gosec // our own page with our own nonce in it; and nobody is left to tell of a browser gone
}

// contentType does not ask the machine's own tables, which differ from one system to the next.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm" // what streaming compilation insists on
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}
