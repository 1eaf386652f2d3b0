package reader

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"ostoja/internal/errs"
	"ostoja/internal/site/visits"
	"ostoja/internal/web"
)

// pick leads from the bare address to the language that the browser asks for.
func (s *Site) pick(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept-Language")
	to := "/" + s.language(r) + "/"
	if current := s.current.Load(); current == nil || current.pages[to] == nil {
		to = "/app/" // there is no public site yet
	}
	lead(w, r, to)
}

// lead leads to another of our pages, and lets nobody keep that.
func lead(w http.ResponseWriter, r *http.Request, to string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // callers pass our own paths
}

// language returns the language of ours that the browser asks for.
func (s *Site) language(r *http.Request) string {
	_, i := language.MatchStrings(s.matcher, r.Header.Get("Accept-Language"))
	return s.service.Languages()[i].Tag
}

// Routes registers the site's addresses. Pages made in advance are answered by [Site.Serve] before the mux is asked; what
// comes here is the bare address, a search that Serve left, a publication's file, or nothing that there is.
func (s *Site) Routes(m *web.Mux) {
	m.HandleStatic("GET /{$}", http.HandlerFunc(s.pick))
	m.HandleStatic("GET /exit", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.Serve(w, r) {
			http.NotFound(w, r)
		}
	}))
	m.Handle("GET /files/{hash}/{name}", s.file)
	for _, pattern := range []string{"GET /{lang}", "GET /{lang}/{page...}", "POST /{lang}/{page...}"} {
		m.Handle(pattern, s.Missing)
	}
}

// Missing answers what is no page, in the language of the address, or else of the browser: with a page that has the way out, as
// all of a reader's pages have. Addresses of the application, and those of an installation without a public site, are left to it.
func (s *Site) Missing(w http.ResponseWriter, r *http.Request) error {
	current := s.current.Load()
	tag, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if tag == "app" || current == nil || len(current.pages) == 0 {
		return errs.NotFound("error.not-found")
	}
	if current.pages[r.URL.Path+"/"] != nil { // a folder's page without its last stroke
		lead(w, r, r.URL.Path+"/")
		return nil
	}
	if !s.has(tag) {
		tag = s.language(r)
	}
	v := current.b.view(tag, tag+"/", nil)
	v.tab = v.T("error.tab")
	s.show(w, r, current.b, http.StatusNotFound, func(b *builder) error { return b.page(r.Context(), v, visits.Visit{}, true, missing(v)) })
	return nil
}

func (s *Site) has(tag string) bool {
	for _, l := range s.service.Languages() {
		if l.Tag == tag {
			return true
		}
	}
	return false
}
