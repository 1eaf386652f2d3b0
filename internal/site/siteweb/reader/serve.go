package reader

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"golang.org/x/text/language"

	"ostoja/internal/errs"
	"ostoja/internal/search"
	"ostoja/internal/site"
	"ostoja/internal/web"
)

// page is a page ready to be sent. The header's values are made once, so that a visit allocates next to nothing. It is
// compressed as well as can be at its first visit: most of the languages' pages are not opened on a day, and a start should
// not wait for them.
type page struct {
	plain        encoded
	header       []headerLine // without what depends on the encoding
	visits       *atomic.Int64
	once         sync.Once
	gzip, brotli encoded
}

type encoded struct {
	body   []byte
	length []string
}

func asEncoded(b []byte) encoded { return encoded{b, []string{strconv.Itoa(len(b))}} }

type headerLine struct {
	name  string
	value []string
}

// built is the site as it is served.
type built struct {
	b        *builder
	pages    map[string]*page // by address: /pl/d37f
	revision int64
	until    time.Time // when something on the pages changes by itself; zero: not
}

// Site serves the reader's pages.
type Site struct {
	service *site.Service
	baseURL string
	log     *slog.Logger

	current atomic.Pointer[built]
	making  sync.Mutex
	counted sync.Map // site.Visit -> *atomic.Int64: outlives the pages, which are made anew
	matcher language.Matcher
	secure  bool
}

// New returns the site without pages: [Site.Refresh] makes them.
func New(s *site.Service, baseURL string, log *slog.Logger) *Site {
	var tags []language.Tag
	for _, l := range s.Languages() {
		tags = append(tags, language.Make(l.Tag))
	}
	return &Site{service: s, baseURL: baseURL, log: log, matcher: language.NewMatcher(tags), secure: strings.HasPrefix(baseURL, "https://")}
}

// Refresh makes the pages anew if something was published since, on whichever node, or if the time has come at which a fact
// lapses or a service opens or closes.
func (s *Site) Refresh(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "reader.Refresh")
	s.making.Lock()
	defer s.making.Unlock()
	revision, err := s.service.Revision(ctx)
	if err != nil {
		return err
	}
	now := s.service.Now()
	old := s.current.Load()
	if old != nil && old.revision == revision && (old.until.IsZero() || now.Before(old.until)) {
		return nil
	}
	snap, err := s.service.Snapshot(ctx)
	if err != nil {
		return err
	}
	b, err := newBuilder(Live, snap, s.service.Bundle(), s.baseURL, now)
	if err != nil {
		return err
	}
	if snap.Facts[site.NationalLine] != nil && snap.Facts[site.Emergency] != nil { // no content was taken yet, or not all of it
		if err := b.build(ctx); err != nil {
			return err
		}
	}
	next := &built{b: b, pages: make(map[string]*page, len(b.drafts)), revision: snap.Revision, until: earlier(snap.NextLapse(now), b.changes)}
	for _, d := range b.drafts {
		next.pages["/"+d.path] = s.page(d)
	}
	s.current.Store(next)
	return nil
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (s *Site) page(d draft) *page {
	store := "no-cache"
	if d.protected {
		store = "no-store"
	}
	p := &page{plain: asEncoded(d.body), header: []headerLine{
		{"Cache-Control", []string{store}}, {"Content-Type", []string{d.mediaType}}, {"Referrer-Policy", []string{"no-referrer"}},
		{"Vary", []string{"Accept-Encoding"}}, {"X-Content-Type-Options", []string{"nosniff"}},
	}}
	if d.policy != "" {
		p.header = append(p.header, headerLine{"Content-Security-Policy", []string{d.policy}})
	}
	if s.secure {
		p.header = append(p.header, headerLine{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	counter, _ := s.counted.LoadOrStore(d.visit, new(atomic.Int64))
	p.visits = counter.(*atomic.Int64)
	return p
}

// compress makes the compressed bodies. Writing to memory does not fail.
func (p *page) compress() {
	var zipped, smaller bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // a level that there is
	br := brotli.NewWriterLevel(&smaller, brotli.BestCompression)
	for _, w := range []io.WriteCloser{z, br} {
		_, _ = w.Write(p.plain.body)
		_ = w.Close()
	}
	p.gzip, p.brotli = asEncoded(zipped.Bytes()), asEncoded(smaller.Bytes())
}

var (
	encodedBrotli = []string{"br"}
	encodedGzip   = []string{"gzip"}
)

// Serve answers a visit to a page that was made in advance, and says whether it did. It takes nothing from the request but the
// address, the method and the encodings that the browser understands, and keeps none of it.
func (s *Site) Serve(w http.ResponseWriter, r *http.Request) bool {
	current := s.current.Load()
	if current == nil {
		return false
	}
	p := current.pages[r.URL.Path]
	if p == nil {
		return false
	}
	if r.Method == http.MethodPost {
		// A search changes nothing, so that no other site can do harm by it; browsers of old send "Origin: null" under our
		// referrer policy and would be refused by the protection that the application needs.
		s.Search(w, r)
		return true
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	p.send(w, r)
	p.visits.Add(1)
	return true
}

func (p *page) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for i := range p.header {
		h[p.header[i].name] = p.header[i].value
	}
	p.once.Do(p.compress)
	e := &p.plain
	if accepted := r.Header.Get("Accept-Encoding"); accepts(accepted, "br") {
		e = &p.brotli
		h["Content-Encoding"] = encodedBrotli
	} else if accepts(accepted, "gzip") {
		e = &p.gzip
		h["Content-Encoding"] = encodedGzip
	}
	h["Content-Length"] = e.length
	if r.Method == http.MethodGet {
		_, _ = w.Write(e.body) // a browser that went away is told nothing
	}
}

// accepts says whether an Accept-Encoding header names an encoding, and not with a quality of zero.
func accepts(header, encoding string) bool {
	for len(header) > 0 {
		var one string
		one, header, _ = strings.Cut(header, ",")
		name, q, _ := strings.Cut(one, ";")
		if strings.TrimSpace(name) == encoding {
			q = strings.TrimSpace(q)
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// Counts returns how often each page was opened since the last call.
func (s *Site) Counts() map[site.Visit]int64 {
	counts := map[site.Visit]int64{}
	s.counted.Range(func(k, v any) bool {
		if n := v.(*atomic.Int64).Swap(0); n > 0 && k.(site.Visit).Page != "" {
			counts[k.(site.Visit)] += n
		}
		return true
	})
	return counts
}

// Restore gives counts back that could not be stored.
func (s *Site) Restore(counts map[site.Visit]int64) {
	for v, n := range counts {
		counter, _ := s.counted.LoadOrStore(v, new(atomic.Int64))
		counter.(*atomic.Int64).Add(n)
	}
}

// Pick leads from the bare address to the language that the browser asks for.
func (s *Site) Pick(w http.ResponseWriter, r *http.Request) {
	_, i := language.MatchStrings(s.matcher, r.Header.Get("Accept-Language"))
	h := w.Header()
	h.Set("Vary", "Accept-Language")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	to := "/" + s.service.Languages()[i].Tag + "/"
	if current := s.current.Load(); current == nil || current.pages[to] == nil {
		to = "/app/" // there is no public site yet
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Routes registers the site's addresses. Pages made in advance are answered by [Site.Serve] before the mux is asked; what
// comes here is the bare address, a search that Serve left, a publication's file, or nothing that there is.
func (s *Site) Routes(m *web.Mux) {
	m.HandleStatic("GET /{$}", http.HandlerFunc(s.Pick))
	m.HandleStatic("GET /exit", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.Serve(w, r) {
			http.NotFound(w, r)
		}
	}))
	m.Handle("GET /files/{hash}/{name}", s.file)
	m.Handle("GET /{lang}", s.missing)
	m.Handle("GET /{lang}/{page...}", s.missing)
	m.Handle("POST /{lang}/{page...}", s.missing)
}

// missing says in the address's language that there is no such page.
func (s *Site) missing(w http.ResponseWriter, r *http.Request) error {
	current := s.current.Load()
	tag := r.PathValue("lang")
	if current == nil || !s.has(tag) {
		return errs.NotFound("error.not-found")
	}
	if current.pages[r.URL.Path+"/"] != nil { // a folder's page without its last stroke
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently) //nolint:gosec // one of our pages
		return nil
	}
	v := current.b.view(tag, tag+"/", nil)
	v.tab = v.T("error.tab")
	s.show(w, r, current.b, http.StatusNotFound, func(b *builder) error { return b.page(r.Context(), v, site.Visit{}, true, missing(v)) })
	return nil
}

// file sends a file of a publication. Its address changes with its content.
func (s *Site) file(w http.ResponseWriter, r *http.Request) error {
	f, content, err := s.service.FileContent(r.Context(), r.PathValue("hash"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(content) //nolint:gosec // sent as an attachment, in a sandbox; a browser that went away is told nothing
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

// show makes one page for one answer.
func (s *Site) show(w http.ResponseWriter, r *http.Request, from *builder, status int, make func(b *builder) error) {
	once := *from
	once.drafts = nil
	if err := make(&once); err != nil {
		s.log.Error("the public site", "error", err) // says which template, never what was asked
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	d := once.drafts[0]
	h := w.Header()
	h.Set("Content-Type", d.mediaType)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", d.policy)
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.body)
	}
}

// found is the result of a search.
type found struct {
	empty bool
	hits  []hit
}

type hit struct {
	href           string
	title, summary string
	lang           templ.Attributes // of a text that is shown in its source language; nil of others
}

// Search answers a search. The words come in the body, so that they stand in no address, and are kept nowhere.
func (s *Site) Search(w http.ResponseWriter, r *http.Request) {
	current := s.current.Load()
	tag, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if rest != current.b.bundle.Pages["search"] {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	const mostQuery = 4 << 10 // bytes
	r.Body = http.MaxBytesReader(w, r.Body, mostQuery)
	query := r.PostFormValue("q") // "" of what is too long
	const mostHits = 20
	b := current.b
	v := b.view(tag, tag+"/"+rest, nil)
	v.tab = v.T("search.tab")
	f := &found{empty: strings.TrimSpace(query) == ""}
	if !f.empty {
		for _, x := range b.indexes[tag]().Search(query, mostHits) {
			f.hits = append(f.hits, v.hit(x))
		}
		slices.SortStableFunc(f.hits, func(a, b hit) int { return cmp.Compare(len(a.lang), len(b.lang)) }) // what the reader can read comes first
	}
	s.show(w, r, b, http.StatusOK, func(b *builder) error {
		return b.page(r.Context(), v, site.Visit{}, true, searching(v, f))
	})
}

func (v *view) hit(x search.Hit) hit {
	if name, ok := strings.CutPrefix(x.ID, "page:"); ok {
		return hit{v.Page(name), v.T(name + ".title"), v.T(name + ".intro"), nil}
	}
	if id, ok := strings.CutPrefix(x.ID, serviceMark); ok {
		return v.serviceHit(id)
	}
	a := v.b.snap.Article(x.ID)
	t, own := a.Text(v.Tag())
	return hit{string(v.article(a)), t.Title, t.Summary, v.langOf(a, own)}
}

// Address returns the page of an article in its source language, "" if it is not published.
func (s *Site) Address(a *site.Article) string {
	current := s.current.Load()
	if current == nil || current.b.snap.Article(a.ID) == nil {
		return ""
	}
	return "/" + current.b.pathOf(a.SourceLang, a)
}

// Preview shows a text that is not published as a reader would see it.
func (s *Site) Preview(w http.ResponseWriter, r *http.Request, a *site.Article, t *site.Text) error {
	snap, err := s.service.Snapshot(r.Context())
	if err != nil {
		return err
	}
	b, err := newBuilder(Live, snap, s.service.Bundle(), s.baseURL, s.service.Now())
	if err != nil {
		return err
	}
	shown := *a
	shown.Texts = map[string]*site.Text{}
	if published := snap.Article(a.ID); published != nil {
		maps.Copy(shown.Texts, published.Texts)
	}
	shown.Texts[t.Lang] = t
	v := b.view(t.Lang, b.pathOf(t.Lang, &shown), &shown)
	v.tab = t.Tab
	s.show(w, r, b, http.StatusOK, func(b *builder) error {
		v.b = b
		return b.page(r.Context(), v, site.Visit{}, true, article(v, &shown, v.r.HTML(t.Body)))
	})
	return nil
}
