package learningweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/lang"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/learning/learningweb"
	"ostoja/internal/seal"
	"ostoja/internal/ui/assets"
	"ostoja/internal/web"
	"ostoja/translations"
)

// sessions takes a person's id for their session's token.
type sessions map[string]access.Actor

func (s sessions) Session(_ context.Context, token string) (web.Session, error) {
	if a, ok := s[token]; ok {
		return web.Session{ID: token, Actor: a, Name: "Zofia Źródło", Lang: "pl"}, nil
	}
	return web.Session{}, errs.ErrNotFound
}

// site serves the player's pages over a world.
type site struct {
	t        *testing.T
	server   *httptest.Server
	client   *http.Client
	sessions sessions
}

func serve(w *learningtest.World) *site { return serveWith(w, nil) }

// serveWith serves them with tests of what was learned.
func serveWith(w *learningtest.World, tasks learningweb.Tasks) *site {
	w.T.Helper()
	catalogue, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		w.T.Fatal(err)
	}
	built, err := assets.Load()
	if err != nil {
		w.T.Fatal(err)
	}
	s := &site{t: w.T, sessions: sessions{}}
	ws := &web.Site{Catalogue: catalogue, Sessions: s.sessions, Key: seal.NewKey(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Assets: built, BaseURL: "http://localhost"}
	ws.SignInPage = func(w http.ResponseWriter, _ *http.Request, kept string) error {
		_, err := io.WriteString(w, "sign in; kept "+kept)
		return err
	}
	mux := web.NewMux(ws)
	learningweb.New(ws, w.Learning, w.Courses, tasks).Routes(mux)
	mux.HandleStatic("GET /assets/{name}", built)
	handler, err := mux.Handler()
	if err != nil {
		w.T.Fatal(err)
	}
	s.server = httptest.NewServer(handler)
	w.T.Cleanup(s.server.Close)
	s.as(access.Actor{})
	return s
}

// as makes the following requests in the name of an actor.
func (s *site) as(a access.Actor) {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	base, err := url.Parse(s.server.URL + "/app/")
	if err != nil {
		s.t.Fatal(err)
	}
	if a.PersonID != "" {
		s.sessions[a.PersonID] = a
		jar.SetCookies(base, []*http.Cookie{{Name: "ostoja_session", Value: a.PersonID, Path: "/app/"}})
	}
	s.client = &http.Client{Jar: jar}
}

func (s *site) read(r *http.Response, err error) (*goquery.Document, *http.Response) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	d, err := goquery.NewDocumentFromReader(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if text := d.Text(); strings.Contains(text, "⟦") {
		s.t.Errorf("%s: a text is missing: %s", r.Request.URL.Path, text[strings.Index(text, "⟦"):][:60])
	}
	return d, r
}

func (s *site) get(path string) (*goquery.Document, *http.Response) {
	s.t.Helper()
	return s.read(s.client.Get(s.server.URL + path))
}

func (s *site) post(path string, form url.Values) (*goquery.Document, *http.Response) {
	s.t.Helper()
	return s.read(s.client.PostForm(s.server.URL+path, form))
}

// said returns the words of a part of a page with one space between any two, also where only the markup parts them.
func said(of *goquery.Selection) string {
	var words []string
	for _, n := range of.Nodes {
		for d := range n.Descendants() {
			if d.Type == html.TextNode {
				words = append(words, strings.Fields(d.Data)...)
			}
		}
	}
	return strings.Join(words, " ")
}

// want fails the test unless the page's main part says something.
func want(t *testing.T, d *goquery.Document, words string) {
	t.Helper()
	if text := said(d.Find("main")); !strings.Contains(text, words) {
		t.Errorf("%q is not in: %s", words, text)
	}
}

func TestTheWholeWayWithoutScripts(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		d, _ := s.get("/app/courses")
		want(w.T, d, "Mały kurs")
		d, r := s.post("/app/courses/small/enrol", nil)
		course := r.Request.URL.Path
		want(w.T, d, "Zacznij od: Pierwsza")
		lesson, _ := d.Find("main a.button.action").Attr("href")
		d, _ = s.get(lesson)
		if d.Find("article.lesson form input[type=radio]").Length() != 2 || d.Find("article.lesson").AttrOr("lang", "") != "pl" {
			w.T.Error("the lesson does not ask its question")
		}
		d, r = s.post(lesson+"/check", url.Values{"item": {"check-1"}})
		if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 {
			w.T.Errorf("an empty answer: status %d", r.StatusCode)
		}
		d, _ = s.post(lesson+"/check", url.Values{"item": {"check-1"}, "item.check-1": {"b"}})
		want(w.T, d, "Niepoprawnie")
		d, _ = s.get(lesson + "?again=check-1")
		if !d.Find("input[value=b]").Is("[checked]") {
			w.T.Error("the earlier answer is lost")
		}
		d, _ = s.post(lesson, nil) // on to the scenario
		want(w.T, d, "Przypadek fikcyjny.")
		scenario := course + "/scenario/bus"
		d, _ = s.post(scenario+"/again", nil)
		want(w.T, d, "Noc.")
		d, r = s.post(scenario+"/choose", url.Values{"step": {"0"}})
		if r.StatusCode != http.StatusUnprocessableEntity {
			w.T.Errorf("no choice: status %d", r.StatusCode)
		}
		want(w.T, d, "Wybierz jedną z możliwości.")
		d, _ = s.post(scenario+"/choose", url.Values{"step": {"0"}, "choice": {"1"}})
		want(w.T, d, "Źle.")
		d, _ = s.post(scenario+"/choose", url.Values{"step": {"1"}, "choice": {"0"}})
		want(w.T, d, "Omówienie.")
		d, _ = s.get(course + "/test")
		want(w.T, d, "Najpierw ukończ pozostałe części kursu.")
		d, _ = s.get(course + "/finish")
		want(w.T, d, "Druga")
		s.get(course + "/lesson/two")
		d, _ = s.post(course+"/lesson/two", nil)
		want(w.T, d, "Zapisano. To była ostatnia część.")
		d, r = s.post(course+"/test", nil)
		attempt := r.Request.URL.Path
		if d.Find("fieldset.question").Length() != 2 {
			w.T.Fatalf("the test asks %d questions", d.Find("fieldset.question").Length())
		}
		answers := url.Values{"submit": {"1"}}
		d.Find("fieldset.question input[value=a]").Each(func(_ int, i *goquery.Selection) { answers.Set(i.AttrOr("name", ""), "a") })
		d, r = s.post(attempt, answers)
		if r.Request.URL.Path != attempt+"/result" {
			w.T.Errorf("submitting led to %s", r.Request.URL.Path)
		}
		want(w.T, d, "Test zaliczony")
		want(w.T, d, "Bo tak.")
		if _, r = s.get(attempt); r.Request.URL.Path != attempt+"/result" { // the Back button
			w.T.Errorf("back led to %s", r.Request.URL.Path)
		}
		d, _ = s.get(course)
		want(w.T, d, "zaliczony")
	})
}

func TestAutosaveKeepsAnswers(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		d, r := s.post("/app/learn/"+e.ID+"/test", nil)
		name := d.Find("fieldset.question input").First().AttrOr("name", "")
		saved, err := s.client.PostForm(s.server.URL+r.Request.URL.Path, url.Values{name: {"b"}, "autosave": {"1"}})
		if err != nil {
			w.T.Fatal(err)
		}
		defer saved.Body.Close()
		if saved.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			w.T.Errorf("autosave answered %s", saved.Header.Get("Content-Type"))
		}
		d, _ = s.get(r.Request.URL.Path)
		if !d.Find(`input[name="` + name + `"][value=b]`).Is("[checked]") {
			w.T.Error("the saved answer is not shown on the next visit")
		}
	})
}

func TestWhoIsRefused(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, owner, other := serve(w), w.Person(), w.Person()
		e := w.Enrol(owner)
		reviewer := access.Actor{PersonID: id.New(), Grants: []access.Grant{{Role: access.Reviewer}}}
		for pattern, need := range access.Routes {
			method, path, _ := strings.Cut(pattern, " ")
			if !strings.Contains(path, "/app/learn/") && !strings.HasPrefix(path, "/app/courses") && !strings.HasPrefix(path, "/app/media") {
				continue
			}
			path = strings.NewReplacer("{course}", "small", "{enrolment}", e.ID, "{lesson}", "one", "{scenario}", "bus", "{attempt}", id.New(), "{version}", id.New(), "{name...}", "x.svg").Replace(path)
			call := func() (*goquery.Document, *http.Response) {
				if method == "GET" {
					return s.get(path)
				}
				return s.post(path, url.Values{"step": {"0"}, "choice": {"0"}, "item": {"check-1"}, "lang": {"en"}})
			}
			s.as(access.Actor{})
			s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			if d, r := call(); method == "GET" && !strings.HasPrefix(r.Header.Get("Location"), "/app/sign-in?next=") || method == "POST" && !strings.HasPrefix(d.Text(), "sign in") {
				w.T.Errorf("%s, not signed in: status %d", pattern, r.StatusCode)
			}
			if need.Permission() == access.Learn {
				s.as(reviewer)
				if _, r := call(); r.StatusCode != http.StatusForbidden {
					w.T.Errorf("%s, a reviewer: status %d", pattern, r.StatusCode)
				}
			}
			if s.as(other); strings.Contains(path, e.ID) {
				if _, r := call(); r.StatusCode != http.StatusNotFound {
					w.T.Errorf("%s, another learner: status %d", pattern, r.StatusCode)
				}
			}
		}
	})
}

func TestAnswersOfAnEndedSessionAreKept(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		_, r := s.post("/app/learn/"+e.ID+"/test", nil)
		delete(s.sessions, a.PersonID)
		d, _ := s.post(r.Request.URL.Path, url.Values{"item.t-1": {"a"}})
		if kept := strings.TrimPrefix(d.Text(), "sign in; kept "); len(kept) < 40 {
			t.Errorf("the answers are lost: %q", d.Text())
		}
	})
}
