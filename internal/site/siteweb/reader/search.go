package reader

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/search"
)

// found is the result of a search.
type found struct {
	empty bool
	lost  bool // the answer is no longer here, or lies with another node
	hits  []hit
}

type hit struct {
	href           string
	title, summary string
	lang           templ.Attributes // of a text that is shown in its source language; nil of others
}

// Limits of what waits to be fetched.
const (
	answerWaits = time.Minute
	answerReads = 3   // it may be loaded again, and Back may lead to it
	mostAnswers = 100 // about 2 MB
)

// answers are results that wait for their readers, in memory alone. A browser writes the body of a request into its file of
// sessions, from which a closed tab comes back, words and all. So a search without scripts is answered by the address at which its
// result waits, which says nothing, and only that one is kept.
type answers struct {
	mu      sync.Mutex
	waiting []*waiting // the oldest first
}

type waiting struct {
	path  string
	draft draft
	reads int
}

// put keeps an answer for a minute and returns its address.
func (a *answers) put(path string, d draft) string {
	x := &waiting{path + "-" + strings.ToLower(rand.Text()), d, answerReads}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) >= mostAnswers {
		a.waiting = slices.Delete(a.waiting, 0, 1)
	}
	a.waiting = append(a.waiting, x)
	time.AfterFunc(answerWaits, func() { a.drop(x) })
	return x.path
}

func (a *answers) drop(x *waiting) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = slices.DeleteFunc(a.waiting, func(y *waiting) bool { return y == x })
}

// read returns the answer at an address, a few times.
func (a *answers) read(path string) (d draft, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.waiting, func(x *waiting) bool { return x.path == path })
	if i < 0 {
		return d, false
	}
	d = a.waiting[i].draft
	if a.waiting[i].reads--; a.waiting[i].reads == 0 {
		a.waiting = slices.Delete(a.waiting, i, i+1)
	}
	return d, true
}

// search answers a search. The words come in the body, so that they stand in no address, and are kept nowhere.
func (s *Site) search(w http.ResponseWriter, r *http.Request, current *built) {
	b := current.b
	path := strings.TrimPrefix(r.URL.Path, "/")
	tag, rest, _ := strings.Cut(path, "/")
	if rest != b.bundle.Pages["search"] {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	const mostQuery = 4 << 10 // bytes
	r.Body = http.MaxBytesReader(w, r.Body, mostQuery)
	query := r.PostFormValue("q") // "" of what is too long
	const mostHits = 20
	v := b.view(tag, path, nil)
	v.tab = v.T("search.tab")
	f := &found{empty: strings.TrimSpace(query) == ""}
	if !f.empty {
		for _, x := range b.indexes[tag]().Search(query, mostHits) {
			f.hits = append(f.hits, v.hit(x))
		}
		slices.SortStableFunc(f.hits, func(a, b hit) int { return cmp.Compare(len(a.lang), len(b.lang)) }) // what the reader can read comes first
	}
	result := func(b *builder) error { return b.search(r.Context(), v, f) }
	if r.PostFormValue("at") == "once" { // the script asks, whose requests no browser keeps
		s.show(w, r, b, http.StatusOK, result)
		return
	}
	d, err := b.once(result)
	if err != nil {
		s.log.Error("the public site", "error", err) // says which template, never what was asked
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	lead(w, r, "/"+s.answers.put(path, d))
}

// answer shows the result of a search that waits at the request's address, or, if it waits there no longer, asks to search
// again. It says whether the address is that of a result.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, current *built) bool {
	b := current.b
	path := strings.TrimPrefix(r.URL.Path, "/")
	tag, rest, _ := strings.Cut(path, "/")
	if !strings.HasPrefix(rest, b.bundle.Pages["search"]+"-") || current.pages["/"+tag+"/"] == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if d, ok := s.answers.read(path); ok {
		s.reply(w, r, http.StatusOK, d)
		return true
	}
	v := b.view(tag, tag+"/"+b.bundle.Pages["search"], nil)
	v.tab = v.T("search.tab")
	s.show(w, r, b, http.StatusGone, func(b *builder) error { return b.search(r.Context(), v, &found{lost: true}) })
	return true
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
