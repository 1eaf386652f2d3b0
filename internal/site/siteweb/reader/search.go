package reader

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// searchResult is the result of a search.
type searchResult struct {
	empty bool
	lost  bool // its address says nothing any more
	hits  []hit
}

type hit struct {
	href           string
	title, summary string
	lang           templ.Attributes // of a text that is shown in its source language; nil of others
}

// A result is shown again for a minute, to who loads it again or comes Back to it.
const (
	resultLasts = time.Minute
	mostHits    = 20
)

// result is what the address of a result says, sealed: which pages were found, never what was asked. It has the same length
// whatever was found. A browser writes the body of a request into its file of sessions, from which a closed tab comes back, words
// and all; so a search without scripts leads on to this address, and only that one is kept. Any node opens it, and nothing waits
// on a server (decision 37).
type result struct {
	At    int64 // Unix seconds
	Empty bool
	Hits  [mostHits]uint32 // [mark] of their ids, the best first; 0 is none
}

const resultSeal = "search result"

// mark is a short name of a page or service. Where two share one, the second is shown twice or not at all: a chance of one in a
// million for a hundred of them.
func mark(id string) uint32 { return crc32.ChecksumIEEE([]byte(id)) }

// address seals what was found.
func (s *Site) address(path string, ids []string) (string, error) {
	r := result{At: s.service.Now().Unix(), Empty: ids == nil}
	for i, id := range ids {
		r.Hits[i] = mark(id)
	}
	text, err := binary.Append(nil, binary.BigEndian, r)
	if err != nil {
		return "", err
	}
	sealed, err := s.key.Close(resultSeal, text)
	return "/" + path + "-" + sealed, err
}

// opened returns the ids of the pages that an address says, and whether it still says anything.
func (s *Site) opened(b *builder, sealed string) (ids []string, ok bool) {
	var text []byte
	var r result
	if s.key.Open(resultSeal, sealed, &text) != nil { // an address that somebody made up, or cut short
		return nil, false
	}
	if _, err := binary.Decode(text, binary.BigEndian, &r); err != nil {
		return nil, false
	}
	if age := s.service.Now().Sub(time.Unix(r.At, 0)); age > resultLasts || age < -resultLasts { // clocks of nodes differ
		return nil, false
	}
	if r.Empty {
		return nil, true
	}
	named := b.marks()
	ids = []string{}
	for _, m := range r.Hits {
		if id, ok := named[m]; ok { // else it was withdrawn since
			ids = append(ids, id)
		}
	}
	return ids, true
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
	var ids []string              // nil if nothing was asked
	if strings.TrimSpace(query) != "" {
		ids = []string{}
		for _, x := range b.indexes[tag]().Search(query, mostHits) {
			ids = append(ids, x.ID)
		}
	}
	if r.PostFormValue("at") == "once" { // the script asks, whose requests no browser keeps
		v := b.view(tag, path, nil)
		s.found(w, r, http.StatusOK, v, v.found(ids))
		return
	}
	to, err := s.address(path, ids)
	if err != nil {
		s.log.Error("the public site", "error", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	lead(w, r, to)
}

// answer shows the result that the request's address says, or, if it says it no longer, asks to search again. It says whether the
// address is that of a result.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, current *built) bool {
	b := current.b
	tag, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	sealed, ok := strings.CutPrefix(rest, b.bundle.Pages["search"]+"-")
	if !ok || current.pages["/"+tag+"/"] == nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	v := b.view(tag, tag+"/"+b.bundle.Pages["search"], nil)
	if ids, ok := s.opened(b, sealed); ok {
		s.found(w, r, http.StatusOK, v, v.found(ids))
	} else {
		s.found(w, r, http.StatusGone, v, &searchResult{lost: true})
	}
	return true
}

// found shows the page of a result.
func (s *Site) found(w http.ResponseWriter, r *http.Request, status int, v *view, f *searchResult) {
	v.tab = v.T("search.tab")
	s.show(w, r, v.b, status, func(b *builder) error { return b.search(r.Context(), v, f) })
}

// found returns what pages are found as, those first that the reader can read.
func (v *view) found(ids []string) *searchResult {
	f := &searchResult{empty: ids == nil}
	for _, id := range ids {
		f.hits = append(f.hits, v.hit(id))
	}
	slices.SortStableFunc(f.hits, func(a, b hit) int { return cmp.Compare(len(a.lang), len(b.lang)) })
	return f
}

func (v *view) hit(id string) hit {
	if name, ok := strings.CutPrefix(id, pageMark); ok {
		return hit{v.Page(name), v.T(name + ".title"), v.T(name + ".intro"), nil}
	}
	if id, ok := strings.CutPrefix(id, serviceMark); ok {
		return v.serviceHit(id)
	}
	if id == kitMark {
		return v.kitHit()
	}
	a := v.b.snap.Article(id)
	t, own := a.Text(v.Tag())
	return hit{string(v.article(a)), t.Title, t.Summary, v.langOf(a, own)}
}
