package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callweave/callweave/cloud/web"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":          {Data: []byte(`<meta property="csp-nonce" nonce="__CSP_NONCE__"><script nonce="__CSP_NONCE__">`)},
		"placeholder.html":    {Data: []byte("placeholder")},
		"scheme.js":           {Data: []byte("scheme")},
		"assets/app-1.js":     {Data: []byte("plain")},
		"assets/app-1.js.gz":  {Data: []byte("gzipped")},
		"assets/app-1.js.br":  {Data: []byte("brotli")},
		"assets/font-1.woff2": {Data: []byte("font")},
	}
}

func get(t *testing.T, h http.Handler, method, path, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPagesCarryANonceOfTheirOwn(t *testing.T) {
	h := web.Handler(built())
	seen := map[string]bool{}
	for _, path := range []string{"/", "/calls", "/calls/0197?at=3", "/index.html"} {
		w := get(t, h, http.MethodGet, path, "br")
		policy := w.Header().Get("Content-Security-Policy")
		m := regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(policy)
		if w.Code != http.StatusOK || m == nil {
			t.Fatalf("%s: status %d, policy %q", path, w.Code, policy)
		}
		if strings.Count(w.Body.String(), `nonce="`+m[1]+`"`) != 2 {
			t.Errorf("%s: the page does not name the nonce of its policy: %s", path, w.Body)
		}
		if strings.Contains(strings.ReplaceAll(policy, "'wasm-unsafe-eval'", ""), "unsafe") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: policy %q, caching %q", path, policy, w.Header().Get("Cache-Control"))
		}
		if seen[m[1]] {
			t.Errorf("%s: nonce used twice", path)
		}
		seen[m[1]] = true
	}
}

func TestAssetsComeInTheSmallestAcceptedEncoding(t *testing.T) {
	h := web.Handler(built())
	for _, c := range []struct{ path, accept, body, encoding, cache string }{
		{"/assets/app-1.js", "gzip, deflate, br", "brotli", "br", "public, max-age=31536000, immutable"},
		{"/assets/app-1.js", "gzip;q=1, br;q=0", "gzipped", "gzip", "public, max-age=31536000, immutable"},
		{"/assets/app-1.js", "", "plain", "", "public, max-age=31536000, immutable"},
		{"/assets/font-1.woff2", "br", "font", "", "public, max-age=31536000, immutable"},
		{"/scheme.js", "br", "scheme", "", "no-cache"},
	} {
		w := get(t, h, http.MethodGet, c.path, c.accept)
		got := [...]string{w.Body.String(), w.Header().Get("Content-Encoding"), w.Header().Get("Cache-Control")}
		if want := [...]string{c.body, c.encoding, c.cache}; got != want {
			t.Errorf("%s, accepting %q: got %q, want %q", c.path, c.accept, got, want)
		}
	}
}

func TestWhatIsNoPageIsNotAnsweredWithOne(t *testing.T) {
	h := web.Handler(built())
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/assets/app-0.js", http.StatusNotFound},
		{http.MethodGet, "/api/v1/nonsense", http.StatusNotFound},
		{http.MethodPost, "/calls", http.StatusMethodNotAllowed},
		{http.MethodGet, "/../../etc/passwd", http.StatusOK}, // a path of the application, as any other
		{http.MethodHead, "/calls", http.StatusOK},
	} {
		w := get(t, h, c.method, c.path, "")
		if w.Code != c.status {
			t.Errorf("%s %s: status %d, want %d", c.method, c.path, w.Code, c.status)
		}
		if strings.Contains(w.Body.String(), "root:") {
			t.Errorf("%s left the embedded tree", c.path)
		}
	}
}

func TestBuildWithoutNodeSaysHowToBuild(t *testing.T) {
	w := get(t, web.Handler(fstest.MapFS{"placeholder.html": {Data: []byte("run make build")}}), http.MethodGet, "/", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if w := get(t, web.Handler(web.Pages()), http.MethodGet, "/", ""); w.Code != http.StatusOK || w.Body.Len() == 0 {
		t.Errorf("the embedded pages answer with status %d and %d bytes", w.Code, w.Body.Len())
	}
}
