package learningweb_test

import (
	"context"
	"encoding/json"
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
	if err == nil {
		x, err = w.Learning.SaveAnswers(w.T.Context(), a, e.ID, x.ID, learningtest.Answers(x.Items, right), true)
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return x
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
				}, "0 z 3 części",
				[]string{"Kontynuuj LEARN"}, []string{"Kontynuuj od: Pierwsza LEARN/lesson/one", "Czego brakuje do ukończenia? LEARN/finish", "Zmień LEARN/language"},
			},
			{
				"finished", "zostaje test", func(a access.Actor, e learning.Enrolment) { w.FinishParts(a, e.ID) }, "3 z 3 części",
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
				if got := strings.Contains(card.Text(), "2 godziny"); got != (c.reach == nil) {
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
		goesOn("Kontynuuj od: Autokar")
		states("✓ Pierwsza (lekcja, zrobione)", "◇ Autokar (scenariusz, do zrobienia)", "✓ Druga (lekcja, zrobione)")
		s.post(learn+"/scenario/bus/again", nil)
		s.post(learn+"/scenario/bus/choose", url.Values{"step": {"0"}, "choice": {"0"}})
		d, _ = s.get(learn) // all is gone through, but a question is not answered
		wantActions(w.T, d.Find("main .buttons").First(), "Czego brakuje do ukończenia? "+learn+"/finish", "Czego brakuje do ukończenia? "+learn+"/finish")
		d, _ = s.get(learn + "/finish")
		lacks(w.T, d, "Kurs jest ukończony Wszystkie")
		var got []string
		d.Find("main section.card").Each(func(_ int, s *goquery.Selection) {
			got = append(got, strings.TrimSpace(s.Find(".tag").Text())+" "+s.Find(".num").Text()+" "+s.Find("li").Text())
		})
		if !slices.Equal(got, []string{"spełnione 2 z 2 ", "brakuje 0 z 1 Pierwsza", "spełnione 1 z 1 ", "brakuje 0 z 1 Test"}) {
			w.T.Errorf("missing: %q", got)
		}
		w.FinishParts(a, e.ID)
		sit(w, a, e, true)
		d, _ = s.get(learn + "/finish")
		want(w.T, d, "Kurs jest ukończony Wszystkie warunki są spełnione.")
		lacks(w.T, d, "brakuje 0", "Do zrobienia:")
	})
}

// twoModules is a course of a module with a warning, two lessons and two questions, and one with a story and a lesson.
func twoModules() fstest.MapFS {
	folder := changed("small",
		[3]string{"course.yaml", "parts: [{lesson: one}, {scenario: bus}, {lesson: two}]", `warning: {pl: "Opisy krzywdy.", en: "Harm."}
    parts: [{lesson: one}, {lesson: two}]
  - id: n
    title: {pl: "Drugi moduł", en: "Module two"}
    parts: [{scenario: bus}, {lesson: three}]`},
		[3]string{"modules/m/one.pl.md", `"check-1"`, `"check-1 check-2"`}, [3]string{"modules/m/one.en.md", `"check-1"`, `"check-1 check-2"`})
	for _, tag := range []string{"pl", "en"} {
		folder["modules/n/three."+tag+".md"] = folder["modules/m/two."+tag+".md"]
	}
	items := string(folder["items/all.yaml"].Data)
	first, _, _ := strings.Cut(items[3:], "\n- id:")
	folder["items/all.yaml"].Data = []byte(items + strings.Replace(items[:3]+first, "check-1", "check-2", 1) + "\n")
	return folder
}

// TestALessonsPage: where it stands, its module's warning, what is done of it, and its questions, one by one.
func TestALessonsPage(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(twoModules())
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		one := learn + "/lesson/one"
		d, _ := s.get(one)
		want(w.T, d, "Część 1 z 4")
		want(w.T, d, "Ostrzeżenie o treści Opisy krzywdy.")
		lacks(w.T, d, "oznaczona jako przeczytana", "Odpowiedz ponownie")
		if d.Find("[role=alert]").Length() != 0 || d.Find("article form").Length() != 2 || !strings.Contains(d.Find("article").Text(), "Tekst.") {
			w.T.Error("a lesson as it is opened first")
		}
		contents := func(current string, list ...string) {
			w.T.Helper()
			got := d.Find("nav.contents h2, nav.contents ol a, nav.contents p a").Map(func(_ int, s *goquery.Selection) string {
				return strings.TrimSpace(strings.Split(strings.TrimLeft(said(s), "○◇✓ "), " (")[0])
			})
			here := d.Find("nav.contents a[aria-current=page]")
			if !slices.Equal(got, list) || here.Length() != 1 || here.AttrOr("href", "") != current {
				w.T.Errorf("contents %q, here %s", got, here.AttrOr("href", ""))
			}
		}
		contents(one, "1. Moduł", "Pierwsza", "Druga", "2. Drugi moduł")
		wantActions(w.T, d.Find(".sticky-end"), "Strona kursu "+learn, "Przeczytane – dalej "+one)

		// One question answered, the other not; each is answered by itself.
		d, r := s.post(one+"/check", url.Values{"item": {"check-1"}, "item.check-1": {"a"}})
		if r.StatusCode != http.StatusOK || d.Find("article form").Length() != 1 || d.Find("#item-check-1 form").Length() != 0 {
			w.T.Errorf("one answered: status %d, %d forms", r.StatusCode, d.Find("article form").Length())
		}
		if got := d.Find("#item-check-1 a").AttrOr("href", ""); got != "?again=check-1#item-check-1" {
			w.T.Errorf("again leads to %q", got)
		}
		want(w.T, d, "Tak.")
		if d, _ = s.get(one + "?again=check-2"); d.Find("article form").Length() != 1 {
			w.T.Error("the other one again opens this one")
		}
		if d, _ = s.get(one + "?again=check-1"); d.Find("article form").Length() != 2 || !d.Find("#item-check-1 input[value=a]").Is("[checked]") {
			w.T.Error("answered again")
		}
		// An empty answer is refused at its question, also where there was one before; the other stays answered.
		s.post(one+"/check", url.Values{"item": {"check-2"}, "item.check-2": {"b"}})
		d, r = s.post(one+"/check", url.Values{"item": {"check-2"}})
		if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 || d.Find("#item-check-2 form").Length() != 1 || d.Find("#item-check-1 form").Length() != 0 {
			w.T.Errorf("an empty answer: status %d", r.StatusCode)
		}
		if text := d.Find("#item-check-2").Text(); !strings.Contains(text, "Wybierz albo wpisz odpowiedź.") || strings.Contains(d.Find("#item-check-1").Text(), "Wybierz albo wpisz") {
			w.T.Errorf("the fault stands elsewhere: %s", text)
		}
		if d.Find("#item-check-2 input[checked]").Length() != 0 {
			w.T.Error("what was sent is not shown, but an earlier answer")
		}
		if _, r := s.post(one+"/check", url.Values{"item": {"none"}, "item.none": {"a"}}); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("a question that there is not: status %d", r.StatusCode)
		}
		s.post(one, nil)
		d, _ = s.get(one)
		want(w.T, d, "oznaczona jako przeczytana")
		wantActions(w.T, d.Find(".sticky-end"), "Strona kursu "+learn, "Dalej "+one)
		d, _ = s.get(learn + "/lesson/two")
		contents(learn+"/lesson/two", "1. Moduł", "Pierwsza", "Druga", "2. Drugi moduł")
		lacks(w.T, d, "Ostrzeżenie o treści", "oznaczona jako przeczytana")
		wantActions(w.T, d.Find(".sticky-end"), "Wstecz "+one, "Przeczytane – dalej "+learn+"/lesson/two")
		d, _ = s.get(learn + "/lesson/three")
		want(w.T, d, "Część 4 z 4")
		contents(learn+"/lesson/three", "1. Moduł", "2. Drugi moduł", "Autokar", "Druga")
		wantActions(w.T, d.Find(".sticky-end"), "Wstecz "+learn+"/scenario/bus", "Przeczytane "+learn+"/lesson/three")
		if _, r := s.get(learn + "/lesson/none"); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("a lesson that there is not: status %d", r.StatusCode)
		}
	})
}

// TestAModuleWithoutWarning shows none.
func TestAModuleWithoutWarning(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		for _, page := range []string{"/lesson/one", "/lesson/two", "/scenario/bus"} {
			d, _ := s.get("/app/learn/" + e.ID + page)
			lacks(w.T, d, "Ostrzeżenie o treści")
		}
	})
}

// TestAStorysPages: its warning, its clock and the counters that are to be seen, what followed, and the way back at its end.
func TestAStorysPages(t *testing.T) {
	const story = "scenarios/bus.yaml"
	for name, c := range map[string]struct {
		more          string
		clock, number bool
	}{"plain": {"", false, false}, "clock": {"minutes: 10\nlate: over\n", true, false}, "counter": {"", false, true}, "both": {"minutes: 10\nlate: over\n", true, true}} {
		t.Run(name, func(t *testing.T) {
			learningtest.Each(t, func(w *learningtest.World) {
				head := "warning: {pl: \"Trudne treści.\", en: \"Hard.\"}\n" + c.more + "state:\n  hidden: {start: 5, label: {pl: \"Ukryte\", en: \"Hidden\"}}\n"
				if c.number {
					head += "  trust: {start: 1, label: {pl: \"Zaufanie\", en: \"Trust\"}, show: true}\n"
				}
				folder := changed("small", [3]string{story, "start: one\n", head + "start: one\n"},
					[3]string{story, "rating: poor,", "change: {hidden: 1},"})
				if c.clock {
					text := strings.Replace(string(folder[story].Data), "debrief:", "  over: {end: poor, text: {pl: \"Za późno.\", en: \"Too late.\"}}\ndebrief:", 1)
					folder[story].Data = []byte(strings.Replace(text, "rating: good,", "rating: good, minutes: 12,", 1))
					folder[story].Data = []byte(strings.Replace(string(folder[story].Data), "to: good}\n", "to: one}\n      - {text: {pl: \"Odejść\", en: \"Leave\"}, consequence: {pl: \"Cisza.\", en: \"Silence.\"}, to: good}\n", 1))
				}
				if c.number {
					folder[story].Data = []byte(strings.Replace(string(folder[story].Data), "change: {hidden: 1}", "change: {hidden: 1, trust: 1}", 1))
				}
				w.Publish(folder)
				s, a := serve(w), w.Person()
				s.as(a)
				e := w.Enrol(a)
				learn := "/app/learn/" + e.ID
				bus := learn + "/scenario/bus"
				d, _ := s.get(bus)
				want(w.T, d, "Ostrzeżenie o treści Trudne treści.")
				wantActions(w.T, d.Find("main"), "Rozpocznij scenariusz "+bus+"/again")
				if d.Find("[role=status].meta").Length() != 0 {
					w.T.Error("the clock runs before the story begins")
				}
				d, r := s.post(bus+"/again", nil)
				if r.Request.URL.Path != bus {
					w.T.Errorf("begun at %s", r.Request.URL.Path)
				}
				lacks(w.T, d, "Co z tego wynikło", "Ostrzeżenie", "Czas minął")
				state := func(clock, number string) {
					w.T.Helper()
					var list []string
					if c.clock {
						list = append(list, clock)
					}
					if c.number {
						list = append(list, number)
					}
					line := d.Find("main p.meta[role=status]")
					if got := line.Find("p > span").Map(func(_ int, s *goquery.Selection) string { return s.Text() }); !slices.Equal(got, list) || line.Length() != min(1, len(list)) {
						w.T.Errorf("state %q, want %q in %d lines", got, list, line.Length())
					}
				}
				state("Upłynęło 0 z 10 min", "Zaufanie: 1")
				for _, form := range []url.Values{{"step": {"0"}}, {"choice": {"0"}}, {"step": {"0"}, "choice": {"7"}}} {
					d, r := s.post(bus+"/choose", form)
					if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 || !strings.Contains(d.Text(), "Noc.") {
						w.T.Errorf("%v: status %d", form, r.StatusCode)
					}
				}
				wait := map[bool]string{true: "2", false: "1"}[c.clock]
				d, r = s.post(bus+"/choose", url.Values{"step": {"0"}, "choice": {wait}})
				want(w.T, d, "Co z tego wynikło Źle.")
				lacks(w.T, d, "Czas minął")
				state("Upłynęło 0 z 10 min", "Zaufanie: 2")
				if d.Find("[role=alert]").Length() != 0 || r.Request.URL.Path != bus {
					w.T.Errorf("chosen: %s", r.Request.URL.Path)
				}
				d, _ = s.post(bus+"/choose", url.Values{"step": {"1"}, "choice": {"0"}})
				state("Upłynęło 12 z 10 min", "Zaufanie: 2")
				if c.clock {
					want(w.T, d, "Czas minął")
					want(w.T, d, "Złe zakończenie Za późno.")
				} else {
					lacks(w.T, d, "Czas minął")
					want(w.T, d, "Dobre zakończenie Koniec.")
				}
				want(w.T, d, "Co z tego wynikło Dobrze.")
				way := d.Find("ol.path > li").Map(func(_ int, s *goquery.Selection) string { return said(s) })
				if !slices.Equal(way, []string{"Czekać Źle.", "Zapytać dobry wybór Dobrze."}) { // the first has no rating
					w.T.Errorf("the way: %q", way)
				}
				wantActions(w.T, d.Find(".sticky-end"), "Spróbuj inaczej "+bus+"/again", "Dalej "+learn+"/lesson/two")
				if _, r := s.post(learn+"/scenario/none/again", nil); r.StatusCode != http.StatusNotFound {
					w.T.Errorf("a story that there is not: status %d", r.StatusCode)
				}
				if _, r := s.post(learn+"/scenario/none/choose", url.Values{"step": {"0"}, "choice": {"0"}}); r.StatusCode != http.StatusNotFound {
					w.T.Errorf("a choice in it: status %d", r.StatusCode)
				}
			})
		})
	}
}

// TestAStoryAtTheEnd of a course leads back to the course's page.
func TestAStoryAtTheEnd(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(changed("last", [3]string{"course.yaml", "{lesson: one}, {scenario: bus}, {lesson: two}", "{lesson: one}, {lesson: two}, {scenario: bus}"}))
		s, a := serve(w), w.Person()
		s.as(a)
		_, r := s.post("/app/courses/last/enrol", nil)
		learn := r.Request.URL.Path
		s.post(learn+"/scenario/bus/again", nil)
		d, _ := s.post(learn+"/scenario/bus/choose", url.Values{"step": {"0"}, "choice": {"0"}})
		wantActions(w.T, d.Find(".sticky-end"), "Spróbuj inaczej "+learn+"/scenario/bus/again", "Strona kursu "+learn)
	})
}

// TestTheTestsPages, from before the first attempt to after the last.
func TestTheTestsPages(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		d, r := s.post(learn+"/test", nil) // too early: the page says why
		if r.Request.URL.Path != learn+"/test" || r.Request.Method != http.MethodGet {
			w.T.Errorf("too early: %s %s", r.Request.Method, r.Request.URL.Path)
		}
		want(w.T, d, "Najpierw ukończ pozostałe części kursu. Czego brakuje do ukończenia?")
		lacks(w.T, d, "Zanim zaczniesz", "Rozpocznij test")
		w.FinishParts(a, e.ID)
		d, _ = s.get(learn + "/test")
		want(w.T, d, "2 pytania Zaliczenie od 75 % 30 minut Zostały 2 podejścia")
		wantActions(w.T, d.Find("main"), "Rozpocznij test "+learn+"/test")
		lacks(w.T, d, "Wcześniejsze podejścia", "Czego brakuje do ukończenia?")
		d, r = s.post(learn+"/test", nil)
		first := r.Request.URL.Path
		want(w.T, d, "Pozostały czas Test trwa do 07:30")
		want(w.T, d, "Odpowiedzi: 0 z 2")
		if got := d.Find("[data-seconds]").AttrOr("data-seconds", ""); got != "1800" || d.Find("[role=alert]").Length() != 0 {
			w.T.Errorf("%s seconds left", got)
		}
		d, _ = s.get(learn + "/test")
		wantActions(w.T, d.Find("main"), "Wróć do rozpoczętego testu "+first)
		if _, r := s.get(first + "/result"); r.Request.URL.Path != first {
			w.T.Errorf("the result of an open attempt: %s", r.Request.URL.Path)
		}
		// One answer that cannot be read beside one that can: the fault stands at its question, and both ways of saving say so.
		d, _ = s.get(first)
		names := d.Find("fieldset.question").Map(func(_ int, q *goquery.Selection) string { return q.Find("input").AttrOr("name", "") })
		for _, submit := range []string{"", "1"} {
			d, r = s.post(first, url.Values{names[0]: {"b"}, names[1]: {"z"}, "submit": {submit}})
			if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 {
				w.T.Errorf("unreadable: status %d", r.StatusCode)
			}
			if d.Find("fieldset.question .error, fieldset.question .field-error").Length() > 1 {
				w.T.Error("the fault stands at both questions")
			}
		}
		d, r = s.post(first, url.Values{names[0]: {"b"}})
		if r.StatusCode != http.StatusOK || r.Request.URL.Path != first || r.Request.Method != http.MethodGet {
			w.T.Errorf("saved: status %d at %s", r.StatusCode, r.Request.URL.Path)
		}
		want(w.T, d, "Odpowiedzi: 1 z 2")
		if !strings.Contains(d.Text(), "Odpowiedzi zapisane.") {
			w.T.Error("not told that it was saved")
		}
		d, r = s.post(first, url.Values{names[1]: {"b"}, "submit": {"1"}})
		if r.Request.URL.Path != first+"/result" {
			w.T.Errorf("handed in: %s", r.Request.URL.Path)
		}
		want(w.T, d, "Test niezaliczony Twój wynik: 0 %. Do zaliczenia potrzeba 75 %.")
		lacks(w.T, d, "Czas minął", "Test zaliczony", "brakuje jeszcze")
		if got := d.Find(".notice li").Text(); got != "Pierwsza" {
			w.T.Errorf("to review: %q", got)
		}
		wantActions(w.T, d.Find("main"), "Spróbuj ponownie "+learn+"/test", "Strona kursu "+learn)
		if got := said(d.Find(".bars tbody tr")); got != "Wie. 0 %" {
			w.T.Errorf("by objectives: %q", got)
		}
		d, _ = s.get(learn + "/test")
		want(w.T, d, "Zostało jedno podejście")
		earlier := func(list ...string) {
			w.T.Helper()
			got := d.Find("main ul li").Map(func(_ int, s *goquery.Selection) string { return said(s) })
			if !slices.Equal(got, list) {
				w.T.Errorf("earlier attempts %q", got)
			}
		}
		earlier("Podejście 1 , 23 października 2026, 07:00: 0 % Test niezaliczony")
		// The second runs out, with half of it right.
		_, r = s.post(learn+"/test", nil)
		second := r.Request.URL.Path
		d, _ = s.get(learn + "/test")
		earlier("Podejście 1 , 23 października 2026, 07:00: 0 % Test niezaliczony") // the open one is not among them
		w.Clock.Advance(time.Hour)
		if _, r = s.post(second, url.Values{names[0]: {"a"}, "submit": {"1"}}); r.Request.URL.Path != second+"/result" {
			w.T.Errorf("too late: %s", r.Request.URL.Path)
		}
		d, _ = s.get(second + "/result")
		want(w.T, d, "Czas minął, zanim test został oddany.")
		wantActions(w.T, d.Find("main"), "Strona kursu "+learn) // there is no attempt left
		d, _ = s.get(learn + "/test")
		want(w.T, d, "Wszystkie podejścia zostały wykorzystane.")
		want(w.T, d, "Zostało 0 podejść")
		lacks(w.T, d, "Rozpocznij test")
	})
}

// TestAPassedTest ends the course, unless something of it is still to be done.
func TestAPassedTest(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		x := pass(w, a, e)
		result := learn + "/test/" + x.ID + "/result"
		d, _ := s.get(result)
		want(w.T, d, "Test zaliczony Twój wynik: 100 %. Do zaliczenia potrzeba 75 %.")
		lacks(w.T, d, "Test niezaliczony", "brakuje jeszcze", "Warto wrócić")
		wantActions(w.T, d.Find("main"), "Zobacz zaświadczenie /app/certificates", "Strona kursu "+learn)
		d, _ = s.get(learn + "/test")
		want(w.T, d, "Test jest już zaliczony.")
		want(w.T, d, "100 % Test zaliczony")
		w.Exec(`UPDATE enrolment SET passed_at = NULL WHERE id = ?`, e.ID) // as a move leaves it whose new version asks for more
		d, _ = s.get(result)
		want(w.T, d, "Do ukończenia kursu brakuje jeszcze: Czego brakuje do ukończenia?")
		wantActions(w.T, d.Find("main"), "Strona kursu "+learn)
	})
}

// TestATestWithoutLimits of time and attempts, with an introduction.
func TestATestWithoutLimits(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		const final = "tests/final.yaml"
		w.Publish(changed("small", [3]string{final, "attempts: 2\nminutes: 30\n", "intro: {pl: \"Powodzenia.\", en: \"Good luck.\"}\n"}))
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		d, _ := s.get("/app/learn/" + e.ID + "/test")
		want(w.T, d, "Bez limitu czasu Liczba podejść bez ograniczeń Powodzenia.")
		d, _ = s.post("/app/learn/"+e.ID+"/test", nil)
		lacks(w.T, d, "Pozostały czas")
		if d.Find("[data-seconds]").Length() != 0 {
			w.T.Error("a clock runs")
		}
		sit(w, a, e, false)
		d, _ = s.get("/app/learn/" + e.ID)
		want(w.T, d, "zostaje test")
	})
}

// TestACourseWithoutTest shows none.
func TestACourseWithoutTest(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		folder := changed("untested", [3]string{"course.yaml", "\ntest: final\n", "\n"}, [3]string{"course.yaml", "test: pass}", "test: none}"})
		delete(folder, "tests/final.yaml")
		w.Publish(folder)
		s, a := serve(w), w.Person()
		s.as(a)
		d, r := s.post("/app/courses/untested/enrol", nil)
		if got := d.Find("section.card").Length(); got != 1 {
			w.T.Errorf("%d cards", got)
		}
		for _, path := range []string{"/test", "/test/" + id.New(), "/test/" + id.New() + "/result"} {
			if _, r := s.get(r.Request.URL.Path + path); r.StatusCode != http.StatusNotFound {
				w.T.Errorf("%s: status %d", path, r.StatusCode)
			}
		}
		if _, r := s.post(r.Request.URL.Path+"/test", nil); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("begun: status %d", r.StatusCode)
		}
	})
}

// TestAutosaveSays what became of the answers: saved, also beside one that cannot be read; or that the time is over.
func TestAutosaveSays(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		d, r := s.post("/app/learn/"+e.ID+"/test", nil)
		path := r.Request.URL.Path
		name := d.Find("fieldset.question input").First().AttrOr("name", "")
		save := func(at, value string) (status int, told map[string]any) {
			w.T.Helper()
			r, err := s.client.PostForm(s.server.URL+at, url.Values{name: {value}, "autosave": {"1"}})
			if err != nil {
				w.T.Fatal(err)
			}
			defer r.Body.Close()
			if r.StatusCode == http.StatusOK {
				if err := json.NewDecoder(r.Body).Decode(&told); err != nil {
					w.T.Error(err)
				}
			}
			return r.StatusCode, told
		}
		for _, value := range []string{"a", "z"} {
			if status, told := save(path, value); status != http.StatusOK || told["over"] != false || !strings.HasPrefix(told["text"].(string), "Odpowiedzi zapisane.") {
				w.T.Errorf("%s: status %d, %v", value, status, told)
			}
		}
		if status, _ := save("/app/learn/"+e.ID+"/test/"+id.New(), "a"); status != http.StatusNotFound {
			w.T.Errorf("an attempt that there is not: status %d", status)
		}
		w.Clock.Advance(time.Hour)
		if status, _ := save(path, "b"); status != http.StatusConflict {
			w.T.Errorf("too late: status %d", status)
		}
		if status, told := save(path, "b"); status != http.StatusOK || told["over"] != true {
			w.T.Errorf("after the end: status %d, %v", status, told)
		}
		if _, r := s.post("/app/learn/"+e.ID+"/test/"+id.New(), url.Values{name: {"a"}}); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("saved in an attempt that there is not: status %d", r.StatusCode)
		}
	})
}

// TestWhatIsRefusedSaysSo: no page answers a refusal as if all were well.
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
