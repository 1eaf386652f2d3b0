package reader

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"ostoja/internal/errs"
	"ostoja/internal/seal"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
)

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
	key     seal.Key // of the addresses of results; all nodes have the same
	log     *slog.Logger

	current    atomic.Pointer[built]
	refreshing sync.Mutex
	made       chan struct{} // holds one while newer pages wait for [Site.CompressAndIndex]
	files      downloads
	counted    sync.Map // visits.Visit -> *atomic.Int64: outlives the pages, which are made anew
	matcher    language.Matcher
	secure     bool
}

// New returns the site without pages: [Site.Refresh] makes them.
func New(s *site.Service, baseURL string, key seal.Key, log *slog.Logger) *Site {
	var tags []language.Tag
	for _, l := range s.Languages() {
		tags = append(tags, language.Make(l.Tag))
	}
	return &Site{service: s, baseURL: baseURL, key: key, log: log, made: make(chan struct{}, 1), matcher: language.NewMatcher(tags), secure: strings.HasPrefix(baseURL, "https://")}
}

// Refresh makes the pages anew if something was published since, on whichever node, or if the time has come at which a fact
// lapses or a service opens or closes.
func (s *Site) Refresh(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "reader.Refresh")
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
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
	b, err := newBuilder(live, snap, s.service.Bundle(), s.baseURL, now)
	if err != nil {
		return err
	}
	if snap.Open {
		if err := b.build(ctx); err != nil {
			return err
		}
	}
	if old != nil && old.revision == snap.Revision { // the hour has changed something, but no text
		b.indexes = old.b.indexes
	}
	next := &built{b: b, pages: make(map[string]*page, len(b.drafts)), revision: snap.Revision, until: earlier(snap.NextLapse(now), b.nextChange)}
	for _, d := range b.drafts {
		p := s.page(d)
		if old != nil {
			p.reuse(old.pages["/"+d.path])
		}
		next.pages["/"+d.path] = p
	}
	s.current.Store(next)
	select {
	case s.made <- struct{}{}:
	default: // it looks at the newest pages in any case
	}
	return errors.Join(b.faults...) // the pages without a fault are served: a fact must lapse whatever else is wrong
}

// Until returns when the pages must be made anew although nobody published anything; the zero time if they need not.
func (s *Site) Until() time.Time {
	if current := s.current.Load(); current != nil {
		return current.until
	}
	return time.Time{}
}

// earlier returns the earlier of two times, of which a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Serve answers a visit to a page that was made in advance, and says whether it did. It takes nothing from the request but the
// address, the method and the encodings that the browser understands, and keeps none of it.
func (s *Site) Serve(w http.ResponseWriter, r *http.Request) bool {
	current := s.current.Load()
	if current == nil {
		return false
	}
	p := current.pages[r.URL.Path]
	if p == nil {
		return s.answer(w, r, current)
	}
	if r.Method == http.MethodPost {
		// A search changes nothing, so that no other site can do harm by it; browsers of old send "Origin: null" under our
		// referrer policy and would be refused by the protection that the application needs.
		s.search(w, r, current)
		return true
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	p.send(w, r)
	p.visits.Add(1)
	return true
}

// Counts returns how often each page was opened since the last call.
func (s *Site) Counts() map[visits.Visit]int64 {
	counts := map[visits.Visit]int64{}
	s.counted.Range(func(k, v any) bool {
		if n := v.(*atomic.Int64).Swap(0); n > 0 && k.(visits.Visit).Page != "" {
			counts[k.(visits.Visit)] += n
		}
		return true
	})
	return counts
}

// Restore gives counts back that could not be stored.
func (s *Site) Restore(counts map[visits.Visit]int64) {
	for v, n := range counts {
		s.counter(v).Add(n)
	}
}

// show makes one page for one answer.
func (s *Site) show(w http.ResponseWriter, r *http.Request, from *builder, status int, one func(b *builder) error) {
	d, err := from.renderOne(one)
	if err != nil {
		s.log.Error("the public site", "error", err) // says which template, never what was asked
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	s.reply(w, r, status, d)
}

// reply sends a page that was not made in advance.
func (s *Site) reply(w http.ResponseWriter, r *http.Request, status int, d draft) {
	h := w.Header()
	for _, line := range s.header(d) {
		h[line.name] = line.value
	}
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.body) // a browser that went away is told nothing
	}
}

// Address returns the page of an article in its source language, "" if it is not published.
func (s *Site) Address(a *content.Article) string {
	current := s.current.Load()
	if current == nil || current.b.snap.Article(a.ID) == nil {
		return ""
	}
	return "/" + current.b.pathOf(a.SourceLang, a)
}

// Preview shows a text that is not published as a reader would see it.
func (s *Site) Preview(w http.ResponseWriter, r *http.Request, a *content.Article, t *content.Text) error {
	snap, err := s.service.Snapshot(r.Context())
	if err != nil {
		return err
	}
	b, err := newBuilder(live, snap, s.service.Bundle(), s.baseURL, s.service.Now())
	if err != nil {
		return err
	}
	shown := *a
	shown.Texts = map[string]*content.Text{}
	if published := snap.Article(a.ID); published != nil {
		maps.Copy(shown.Texts, published.Texts)
	}
	shown.Texts[t.Lang] = t
	v := b.view(t.Lang, b.pathOf(t.Lang, &shown), &shown)
	v.tab = t.Tab
	s.show(w, r, b, http.StatusOK, func(b *builder) error {
		v.b = b
		return b.page(r.Context(), v, visits.Visit{}, true, article(v, &shown, v.body(t)))
	})
	return nil
}
