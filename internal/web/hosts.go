package web

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/access"
)

// register puts a route where the access table says that it stands. Each host has a mux of its own, so that a route of the one
// cannot be reached at the other.
func (m *Mux) register(pattern string, need access.Need, h http.Handler) {
	if need.Host() != access.ProgramHost && !need.Public() {
		panic("web: the route " + pattern + " reads a session and does not stand at the program's own host")
	}
	m.patterns = append(m.patterns, pattern)
	switch need.Host() {
	case access.ProgramHost:
		m.mux.Handle(pattern, h)
	case access.ContentHost:
		m.content.Handle(pattern, h)
	case access.AnyHost:
		m.mux.Handle(pattern, h)
		m.unknown.Handle(pattern, h)
	}
}

// byHost leads a request to its host's routes. Without a content origin there is one host, whatever it is called.
func (m *Mux) byHost(program http.Handler) (http.Handler, error) {
	if m.site.ContentURL == "" {
		return program, nil
	}
	own, err := hostOf(m.site.BaseURL)
	if err != nil {
		return nil, err
	}
	other, err := hostOf(m.site.ContentURL)
	if err != nil {
		return nil, err
	}
	if own == other {
		return nil, fmt.Errorf("the content origin has the program's own host, %s", own)
	}
	m.content.HandleFunc("/", http.NotFound)
	m.unknown.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { // RFC 9110, section 15.5.20
		http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
	})
	content, unknown := m.bare(m.content), m.bare(m.unknown)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch hostname(r.Host) {
		case own:
			program.ServeHTTP(w, r)
		case other:
			content.ServeHTTP(w, r)
		default:
			unknown.ServeHTTP(w, r)
		}
	}), nil
}

// bare stands around what is not at the program's own host: no cookie comes in or goes out, so that a handler cannot know who asks
// even by mistake, and the policy allows nothing. What a package needs is for its route to allow.
func (m *Mux) bare(next http.Handler) http.Handler {
	sorry := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	})
	next = m.recover(next, sorry)
	strict := protected(m.site.ContentURL, "no-referrer", "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox", next)
	return m.observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie")
		r.Header.Del("Authorization")
		strict.ServeHTTP(&cookieless{w}, r)
	}))
}

// cookieless sends an answer without the cookies that a handler has set.
type cookieless struct{ http.ResponseWriter }

// WriteHeader takes the cookies away before anything is sent.
func (w *cookieless) WriteHeader(status int) {
	w.Header().Del("Set-Cookie")
	w.ResponseWriter.WriteHeader(status)
}

// Write begins the answer through [cookieless.WriteHeader] where no status was sent; later headers are too late for net/http.
func (w *cookieless) Write(b []byte) (int, error) {
	w.Header().Del("Set-Cookie")
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *cookieless) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func hostOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return hostname(u.Host), nil
}

// hostname is the name in a Host header, as names are compared (RFC 9110, section 4.2.3): without case, port and the dot of the
// root. Ports do not count, since proxies often leave them out.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
