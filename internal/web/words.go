package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What somebody looked for is often a name, and an address is written down: by the browser's history, by a proxy before us. So the words of
// the one search stand in addresses sealed, for whoever typed them and for half a day (docs/decisions/0037).
const (
	wordsPurpose = "words"
	wordsParam   = "found"
	wordsFor     = 12 * time.Hour
	wordsBlock   = 128 // bytes: of what length the words are does not show, but in such steps
)

type sealedWords struct {
	Words  string    `json:"w"`
	Person string    `json:"p"`
	At     time.Time `json:"a"`
	Fill   string    `json:"f"`
}

// Sought returns the address of a page of the application that is asked for words, which are sealed in it. The page finds them as the
// parameter q, as if they had been typed there.
func (s *Site) Sought(r *http.Request, path, words string) (address string, err error) {
	w := sealedWords{Words: words, Person: Actor(r.Context()).PersonID, At: s.Clock.Now()}
	w.Fill = strings.Repeat("-", wordsBlock-len(words)%wordsBlock)
	sealed, err := s.Key.Close(wordsPurpose, w)
	if err != nil {
		return "", err
	}
	return path + "?" + url.Values{wordsParam: {sealed}}.Encode(), nil
}

// Sought says whether the words that the request asks for came sealed.
func Sought(r *http.Request) bool { return stateOf(r.Context()).address != "" }

// unseal returns the request with the words that are sealed in its address as its parameter q. ok is false if they are somebody else's, too
// old or not ours: then they are not looked for, and nothing else either.
func (m *Mux) unseal(r *http.Request) (_ *http.Request, ok bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || !strings.Contains(r.URL.RawQuery, wordsParam+"=") {
		return r, true
	}
	q := r.URL.Query()
	sealed := q.Get(wordsParam)
	if sealed == "" {
		return r, true
	}
	var w sealedWords
	s := stateOf(r.Context())
	if m.site.Key.Open(wordsPurpose, sealed, &w) != nil || w.Person != s.session.Actor.PersonID || m.site.Clock.Now().Sub(w.At) > wordsFor {
		return r, false
	}
	s.address = r.URL.RequestURI()
	q.Set("q", w.Words)
	opened, address := r.WithContext(r.Context()), *r.URL
	address.RawQuery = q.Encode()
	opened.URL = &address
	return opened, true
}

// tooOld leads to the page without the words that could not be unsealed.
func (m *Mux) tooOld(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	q.Del(wordsParam)
	path := r.URL.EscapedPath()
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	m.site.Say(w, "find.too-old")
	return Redirect(w, r, path)
}

// SetSlash remembers in the browser whether the key / leads into the search (WCAG 2.2 2.1.4: a key alone can be turned off).
func (s *Site) SetSlash(w http.ResponseWriter, on bool) {
	if on {
		s.setCookie(w, slashCookie, "", -1)
		return
	}
	s.setCookie(w, slashCookie, "off", int((365 * 24 * time.Hour).Seconds()))
}

// Slash says whether the key / leads into the search.
func Slash(r *http.Request) bool {
	_, err := r.Cookie(slashCookie)
	return err != nil
}
