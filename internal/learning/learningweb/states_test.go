package learningweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/learning/learningweb"
)

// lacks fails the test if the page's main part says something.
func lacks(t *testing.T, d *goquery.Document, words ...string) {
	t.Helper()
	text := said(d.Find("main"))
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%q is in: %s", w, text)
		}
	}
}

// actions returns the buttons and links that look like some, with where they lead, and the links within a form's reach.
func actions(of *goquery.Selection) (list []string) {
	of.Find("button, a.button, .buttons a:not(.button)").Each(func(_ int, s *goquery.Selection) {
		to := s.AttrOr("href", s.Closest("form").AttrOr("action", ""))
		list = append(list, strings.TrimSpace(s.Text())+" "+to)
	})
	return list
}

func wantActions(t *testing.T, of *goquery.Selection, list ...string) {
	t.Helper()
	if got := actions(of); !slices.Equal(got, list) {
		t.Errorf("actions\n%q\nwant\n%q", got, list)
	}
}

// changed returns the small course under an id with some text of a file replaced, in turn: name, old, new.
func changed(courseID string, changes ...[3]string) fstest.MapFS {
	folder := learningtest.Folder("1")
	folder["course.yaml"].Data = []byte(strings.NewReplacer("id: small", "id: "+courseID, "Mały kurs", "Kurs "+courseID).Replace(string(folder["course.yaml"].Data)))
	for _, c := range changes {
		folder[c[0]].Data = []byte(strings.ReplaceAll(string(folder[c[0]].Data), c[1], c[2]))
	}
	return folder
}

// pass does a whole course.
func pass(w *learningtest.World, a access.Actor, e learning.Enrolment) learning.Attempt {
	w.T.Helper()
	w.FinishParts(a, e.ID)
	return sit(w, a, e, true)
}

// sit hands in a test.
func sit(w *learningtest.World, a access.Actor, e learning.Enrolment, right bool) learning.Attempt {
	w.T.Helper()
	x, err := w.Learning.BeginTest(w.T.Context(), a, e.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	saved, err := w.Learning.SaveAnswers(w.T.Context(), a, e.ID, x.ID, learningtest.Answers(x.Items, right), true, true)
	if err != nil {
		w.T.Fatal(err)
	}
	return saved.Attempt
}

// TestACourseInEachState, in the catalogue, on the page that offers it and on its own.

func TestACourseInEachState(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, s, coordinator := w.T.Context(), serve(w), w.Person(access.Coordinator)
		const bare, enrol, again = "/app/courses/small", "Zapisz się na kurs /app/courses/small/enrol", "Przejdź kurs ponownie /app/courses/small/again"
		for _, c := range []struct {
			state, tag string
			reach      func(a access.Actor, e learning.Enrolment)
			progress   string // in the catalogue, "" without a bar
			card, own  []string
		}{
			{"none", "", nil, "", []string{enrol, "Szczegóły " + bare}, nil},
			{
				"invited", "do rozpoczęcia", func(access.Actor, learning.Enrolment) {}, "",
				[]string{"Rozpocznij LEARN"}, []string{"Zacznij od: Pierwsza LEARN/lesson/one", "Czego brakuje do ukończenia? LEARN/finish", "Zmień LEARN/language"},
			},
			{
				"in progress", "w trakcie", func(a access.Actor, e learning.Enrolment) {
					if _, err := w.Learning.Lesson(ctx, a, e.ID, "one"); err != nil {
						w.T.Fatal(err)
					}
				}, "Ukończone części: 0 z 3",
				[]string{"Kontynuuj LEARN"}, []string{"Kontynuuj od: Pierwsza LEARN/lesson/one", "Czego brakuje do ukończenia? LEARN/finish", "Zmień LEARN/language"},
			},
			{
				"finished", "zostaje test", func(a access.Actor, e learning.Enrolment) { w.FinishParts(a, e.ID) }, "Ukończone części: 3 z 3",
				[]string{"Kontynuuj LEARN"}, []string{"Test końcowy LEARN/test", "Czego brakuje do ukończenia? LEARN/finish", "Zmień LEARN/language"},
			},
			{
				"passed", "zaliczony", func(a access.Actor, e learning.Enrolment) { pass(w, a, e) }, "",
				[]string{"Zobacz zaświadczenie /app/certificates", "Szczegóły LEARN"}, []string{"Zobacz zaświadczenie /app/certificates", again, "Zmień LEARN/language"},
			},
			{
				"withdrawn", "udział wycofano", func(_ access.Actor, e learning.Enrolment) {
					if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
						w.T.Fatal(err)
					}
				}, "",
				[]string{enrol}, nil,
			},
		} {
			w.T.Run(c.state, func(t *testing.T) {
				a, learn := w.Person(), ""
				if s.as(a); c.reach != nil {
					e := w.Enrol(a)
					learn = "/app/learn/" + e.ID
					c.reach(a, e)
				}
				at := func(list []string) (out []string) {
					for _, l := range list {
						out = append(out, strings.Replace(l, "LEARN", learn, 1))
					}
					return out
				}
				d, _ := s.get("/app/courses")
				heads := d.Find("main h2").Text()
				if want := map[bool]string{true: "Moje kursy", false: "Dostępne kursy"}[c.reach != nil]; heads != want || d.Find("section.card").Length() != 1 {
					t.Errorf("headings %q, want %q; %d cards", heads, want, d.Find("section.card").Length())
				}
				card := d.Find("section.card")
				if got := strings.TrimSpace(card.Find(".tag").Text()); got != c.tag {
					t.Errorf("the state is %q, want %q", got, c.tag)
				}
				if got := card.Find(".progress .num").Text(); got != c.progress {
					t.Errorf("progress %q, want %q", got, c.progress)
				}
				if got := strings.Contains(card.Text(), "1,5 godziny"); got != (c.reach == nil) {
					t.Errorf("tells its length: %v", got)
				}
				title := bare
				if c.reach != nil && c.state != "withdrawn" {
					title = learn
				}
				if got := card.Find("h3 a").AttrOr("href", ""); got != title {
					t.Errorf("the title leads to %s, want %s", got, title)
				}
				wantActions(t, card, at(c.card)...)
				d, _ = s.get(bare)
				want(t, d, "Wszystkie kursy")
				offered := at(c.card)
				if c.state == "passed" {
					want(t, d, "Dotychczasowe zaświadczenie zostaje.")
					offered = append(offered, again)
				} else {
					lacks(t, d, "Dotychczasowe zaświadczenie zostaje.")
				}
				wantActions(t, d.Find("main"), offered...)
				if c.own == nil {
					return
				}
				d, _ = s.get(learn)
				if got := strings.TrimSpace(d.Find("main > p .tag").Text()); got != c.tag {
					t.Errorf("the state is %q, want %q", got, c.tag)
				}
				wantActions(t, d.Find("main"), at(c.own)...)
				lacks(t, d, "Kurs ma nową wersję")
			})
		}
	})
}

// TestTheCatalogue parts what is one's own from what is open, and says so if there is nothing.
func TestTheCatalogue(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, s, a, coordinator := w.T.Context(), serve(w), w.Person(), w.Person(access.Coordinator)
		w.Publish(changed("other"))
		e := w.Enrol(a)
		s.as(a)
		d, _ := s.get("/app/courses")
		if got := d.Find("main h2, main h3").Map(func(_ int, s *goquery.Selection) string { return s.Text() }); !slices.Equal(got, []string{"Moje kursy", "Mały kurs", "Dostępne kursy", "Kurs other"}) {
			w.T.Errorf("headings %q", got)
		}
		lacks(w.T, d, "Nie ma jeszcze żadnego kursu")
		for _, courseID := range []string{"small", "other"} {
			if err := w.Courses.SetCatalogue(ctx, access.System, courseID, false); err != nil {
				w.T.Fatal(err)
			}
		}
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		d, _ = s.get("/app/courses") // who left a course by invitation cannot come back by themselves
		want(w.T, d, "udział wycofano")
		lacks(w.T, d, "Zapisz się na kurs", "Dostępne kursy")
		if _, r := s.get("/app/learn/" + e.ID); r.StatusCode != http.StatusGone {
			w.T.Errorf("a withdrawn course: status %d", r.StatusCode)
		}
		s.as(w.Person())
		d, _ = s.get("/app/courses")
		want(w.T, d, "Nie ma jeszcze żadnego kursu")
		lacks(w.T, d, "Moje kursy", "Dostępne kursy")
	})
}

// TestAnOfferIsInALanguageThatTheCourseHas, the reader's where it can be.

func TestAnOfferIsInALanguageThatTheCourseHas(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		w.Publish(changed("other", [3]string{"course.yaml", "languages: [pl, en]", "languages: [en, pl]"}))
		d, _ := s.get("/app/courses/other")
		want(w.T, d, "Kurs other Krótki.")
		want(w.T, d, "English, Polski")
		if got := d.Find("main [lang]").First().AttrOr("lang", ""); got != "pl" {
			w.T.Errorf("in %q", got)
		}
		w.Publish(english(w.T, "tongue"))
		d, _ = s.get("/app/courses/tongue")
		want(w.T, d, "A small course Short.")
		if got := d.Find("main [lang]").First().AttrOr("lang", ""); got != "en" {
			w.T.Errorf("in %q", got)
		}
		d, _ = s.get("/app/courses")
		want(w.T, d, "A small course")
		d, _ = s.post("/app/courses/tongue/enrol", nil)
		want(w.T, d, "Zacznij od: First")
		lacks(w.T, d, "Język kursu") // there is no other
		d, _ = s.post("/app/courses/other/enrol", nil)
		want(w.T, d, "Język kursu")
	})
}

// english returns the small course in English alone.
func english(t *testing.T, courseID string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, f := range changed(courseID, [3]string{"course.yaml", "languages: [pl, en]", "languages: [en]"}) {
		if strings.HasSuffix(name, ".pl.md") {
			continue
		}
		lines := strings.Split(string(f.Data), "\n")
		for i, l := range lines {
			for {
				before, rest, found := strings.Cut(l, `pl: "`)
				if !found {
					break
				}
				_, after, _ := strings.Cut(rest, `", `)
				l = before + after
			}
			lines[i] = l
		}
		out[name] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	}
	return out
}

func TestTheLanguageIsChangedOnTheCoursesPage(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		d, r := s.post("/app/learn/"+e.ID+"/language", url.Values{"lang": {"en"}})
		if r.Request.URL.Path != "/app/learn/"+e.ID || d.Find("main h1").Text() != "A small course" || d.Find("select[name=lang] option[selected]").AttrOr("value", "") != "en" {
			w.T.Errorf("%s: %s", r.Request.URL.Path, d.Find("main h1").Text())
		}
		if _, r := s.post("/app/learn/"+e.ID+"/language", url.Values{"lang": {"uk"}}); r.StatusCode < 400 {
			w.T.Errorf("a language that it is not given in: status %d", r.StatusCode)
		}
	})
}

// TestATestThatAwaits stands on the course's page: one before the course keeps the first part back until it is sat or declined.
func TestATestThatAwaits(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		var tasks []learningweb.Task
		var broken error
		s, a := serveWith(w, func(_ context.Context, personID, courseID string) ([]learningweb.Task, error) {
			if personID == "" || courseID != "small" {
				w.T.Errorf("asked for %q, %q", personID, courseID)
			}
			return tasks, broken
		}), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		next, why, language := "Zacznij od: Pierwsza "+learn+"/lesson/one", "Czego brakuje do ukończenia? "+learn+"/finish", "Zmień "+learn+"/language"
		ends := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
		for _, c := range []struct {
			task    learningweb.Task
			says    string
			actions []string
		}{
			{learningweb.Task{SittingID: "s1", Wave: "before", Minutes: 7}, "Zanim zaczniesz: krótki test Około 7 min.", []string{"Rozpocznij test /app/sittings/s1", "Pomiń ten test /app/sittings/s1", why, language}},
			{learningweb.Task{SittingID: "s1", Wave: "before", Begun: true, ClosesAt: ends}, "Można go oddać do: 30 listopada 2026.", []string{"Dokończ test /app/sittings/s1", "Pomiń ten test /app/sittings/s1", why, language}},
			{learningweb.Task{SittingID: "s2", Wave: "after"}, "Na koniec: drugi test", []string{"Rozpocznij test /app/sittings/s2", next, why, language}},
			{learningweb.Task{SittingID: "s3", Wave: "months3", Begun: true}, "Co zostało po kursie?", []string{"Dokończ test /app/sittings/s3", next, why, language}},
		} {
			tasks = []learningweb.Task{c.task}
			d, _ := s.get(learn)
			want(w.T, d, c.says)
			wantActions(w.T, d.Find("main"), c.actions...)
			if c.task.ClosesAt.IsZero() {
				lacks(w.T, d, "Można go oddać do")
			}
			if got := d.Find("button[name=decline]").Length() == 1; got != (c.task.Wave == "before") {
				w.T.Errorf("%s can be declined: %v", c.task.Wave, got)
			}
		}
		broken = errors.New("broken")
		if _, r := s.get(learn); r.StatusCode != http.StatusInternalServerError {
			w.T.Errorf("tests that cannot be read: status %d", r.StatusCode)
		}
		broken = nil
		if _, err := w.Learning.Lesson(w.T.Context(), a, e.ID, "one"); err != nil {
			w.T.Fatal(err)
		}
		tasks = []learningweb.Task{{SittingID: "s1", Wave: "before"}} // of who has begun nothing is kept back
		d, _ := s.get(learn)
		want(w.T, d, "Kontynuuj od: Pierwsza")
	})
}

// TestATestBeforeTheCourseKeepsItsPagesShut: who opens one by its address is led to the course's page, which says why.

func TestATestBeforeTheCourseKeepsItsPagesShut(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		w.RefusedWith = learning.ErrMeasureFirst
		w.Refused = "Beginning"
		for _, path := range []string{"/lesson/one", "/scenario/bus"} {
			if d, r := s.get(learn + path); r.StatusCode != http.StatusOK || r.Request.URL.Path != learn || d.Find("main h1").Text() != "Mały kurs" {
				w.T.Errorf("%s: status %d at %s", path, r.StatusCode, r.Request.URL.Path)
			}
		}
		w.RefusedWith = nil
		for _, path := range []string{"/lesson/one", "/scenario/bus"} { // any other refusal is told
			if _, r := s.get(learn + path); r.StatusCode != http.StatusInternalServerError {
				w.T.Errorf("%s: status %d", path, r.StatusCode)
			}
		}
	})
}

func TestAMoveIsToldOnce(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		s.get("/app/learn/" + e.ID + "/lesson/one")
		w.Publish(learningtest.Folder("2"))
		if n, err := w.Learning.Move(w.T.Context(), w.Person(access.Coordinator), "small"); n != 1 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		d, _ := s.get("/app/learn/" + e.ID)
		want(w.T, d, "z wersji 1 na wersję 2")
		d, _ = s.get("/app/learn/" + e.ID)
		lacks(w.T, d, "Kurs ma nową wersję")
	})
}

// TestWhereAPersonGoesOn: at the part that they opened last, if it is not done, else at the first that is not.

func TestWhereAPersonGoesOn(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		goesOn := func(words string) {
			w.T.Helper()
			d, _ := s.get(learn)
			want(w.T, d, words)
		}
		states := func(list ...string) {
			w.T.Helper()
			d, _ := s.get(learn)
			var got []string
			d.Find("section.contents li").Each(func(_ int, s *goquery.Selection) { got = append(got, said(s)) })
			if !slices.Equal(got, list) {
				w.T.Errorf("parts %q, want %q", got, list)
			}
		}
		states("○ Pierwsza (lekcja, do zrobienia)", "◇ Autokar (scenariusz, do zrobienia)", "○ Druga (lekcja, do zrobienia)")
		s.get(learn + "/lesson/two")
		goesOn("Kontynuuj od: Druga")
		states("○ Pierwsza (lekcja, do zrobienia)", "◇ Autokar (scenariusz, do zrobienia)", "○ Druga (lekcja, rozpoczęte)")
		d, r := s.post(learn+"/lesson/two", nil)
		if r.Request.URL.Path != learn {
			w.T.Errorf("the last lesson led to %s", r.Request.URL.Path)
		}
		want(w.T, d, "Kontynuuj od: Pierwsza")
		s.get(learn + "/lesson/one")
		if _, r = s.post(learn+"/lesson/one", nil); r.Request.URL.Path != learn+"/scenario/bus" {
			w.T.Errorf("the first lesson led to %s", r.Request.URL.Path)
		}
		goesOn("Kontynuuj od: Pierwsza") // it is read, but its question is not answered
		goesOn("Ukończone części: 1 z 3")
		states("○ Pierwsza (lekcja, rozpoczęte)", "◇ Autokar (scenariusz, do zrobienia)", "✓ Druga (lekcja, zrobione)")
		s.post(learn+"/scenario/bus/again", nil)
		s.post(learn+"/scenario/bus/choose", url.Values{"step": {"0"}, "choice": {"0"}})
		d, _ = s.get(learn) // all is gone through, but a question is not answered
		want(w.T, d, "Ukończone części: 2 z 3")
		wantActions(w.T, d.Find("main .buttons").First(), "Kontynuuj od: Pierwsza "+learn+"/lesson/one", "Czego brakuje do ukończenia? "+learn+"/finish")
		d, _ = s.get(learn + "/finish")
		lacks(w.T, d, "Kurs jest ukończony Wszystkie")
		var got []string
		d.Find("main section.card").Each(func(_ int, s *goquery.Selection) {
			got = append(got, strings.TrimSpace(s.Find(".tag").Text())+" "+s.Find(".num").Text()+" "+s.Find("li").Text())
		})
		if !slices.Equal(got, []string{"spełnione Zrobione: 2 z 2 ", "do zrobienia  Pierwsza", "spełnione  ", "do zrobienia  Test"}) {
			w.T.Errorf("missing: %q", got)
		}
		d, _ = s.get(learn + "/lesson/one")
		want(w.T, d, "Ta lekcja jest przeczytana. 1 pytanie w niej czeka jeszcze na odpowiedź.")
		w.FinishParts(a, e.ID)
		d, _ = s.get(learn)
		want(w.T, d, "Ukończone części: 3 z 3")
		sit(w, a, e, true)
		d, _ = s.get(learn + "/finish")
		want(w.T, d, "Kurs jest ukończony Wszystkie warunki są spełnione.")
		lacks(w.T, d, "0 z 1", "Do zrobienia:")
	})
}

func TestWhatIsRefusedSaysSo(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		for _, c := range []struct {
			method, path string
			want         int
		}{
			{"GET", "/app/courses/none", http.StatusNotFound}, {"POST", "/app/courses/none/enrol", http.StatusNotFound},
			{"POST", "/app/courses/small/again", http.StatusConflict}, {"POST", "/app/courses/none/again", http.StatusNotFound},
			{"GET", learn + "/lesson/none", http.StatusNotFound}, {"POST", learn + "/lesson/none", http.StatusNotFound},
			{"GET", learn + "/scenario/none", http.StatusNotFound}, {"GET", learn + "/test/none", http.StatusNotFound},
			{"GET", "/app/learn/" + id.New(), http.StatusNotFound}, {"GET", "/app/learn/" + id.New() + "/finish", http.StatusNotFound},
			{"GET", "/app/media/" + e.VersionID + "/none.svg", http.StatusNotFound},
		} {
			call := func() (*goquery.Document, *http.Response) {
				if c.method == "GET" {
					return s.get(c.path)
				}
				return s.post(c.path, nil)
			}
			if _, r := call(); r.StatusCode != c.want {
				w.T.Errorf("%s %s: status %d, want %d", c.method, c.path, r.StatusCode, c.want)
			}
		}
		w.Exec(`ALTER TABLE course RENAME TO away`) // whatever is wrong with the database
		if _, r := s.get("/app/courses"); r.StatusCode != http.StatusInternalServerError {
			w.T.Errorf("a catalogue that cannot be read: status %d", r.StatusCode)
		}
		w.Exec(`ALTER TABLE away RENAME TO course`)
		pass(w, a, e)
		d, r := s.post("/app/courses/small/again", nil)
		if e2 := r.Request.URL.Path; !strings.HasPrefix(e2, "/app/learn/") || e2 == learn {
			w.T.Errorf("again led to %s", e2)
		}
		want(w.T, d, "Zacznij od: Pierwsza")
	})
}
