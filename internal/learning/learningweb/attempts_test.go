package learningweb_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/id"
	"ostoja/internal/learning/learningtest"
)

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
		want(w.T, d, "Zapisane odpowiedzi: 0 z 2")
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
		want(w.T, d, "Zapisane odpowiedzi: 1 z 2")
		if !strings.Contains(d.Text(), "Odpowiedzi zapisane.") {
			w.T.Error("not told that it was saved")
		}
		d, r = s.post(first, url.Values{names[1]: {"b"}, "submit": {"1"}})
		if r.Request.URL.Path != first+"/result" {
			w.T.Errorf("handed in: %s", r.Request.URL.Path)
		}
		want(w.T, d, "Test niezaliczony Twój wynik: 0 %. Do zaliczenia potrzeba 75 %.")
		lacks(w.T, d, "Czas minął", "Test zaliczony", "brakuje jeszcze")
		if got := d.Find(".to-read li li").Text(); got != "PierwszaDruga" {
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
		// Another attempt may follow: what to read, and no answers.
		if d, _ = s.get(first + "/result"); d.Find("fieldset.question").Length() != 0 || strings.Contains(d.Text(), "Bo tak.") {
			w.T.Error("answers are shown before the next attempt")
		}
		want(w.T, d, "Co przeczytać")
		want(w.T, d, "Pytania z odpowiedziami i wyjaśnieniami pokażemy po zaliczeniu testu albo po ostatnim podejściu")
		// The second runs out, with half of it right.
		_, r = s.post(learn+"/test", nil)
		second := r.Request.URL.Path
		d, _ = s.get(learn + "/test")
		earlier("Podejście 1 , 23 października 2026, 07:00: 0 % Test niezaliczony") // the open one is not among them
		if d, _ := s.get(first + "/result"); d.Find("fieldset.question").Length() != 0 {
			w.T.Error("answers are shown beside the last attempt, while it is open")
		}
		w.Clock.Advance(time.Hour)
		if _, r = s.post(second, url.Values{names[0]: {"a"}, "submit": {"1"}}); r.Request.URL.Path != second+"/result" {
			w.T.Errorf("too late: %s", r.Request.URL.Path)
		}
		d, _ = s.get(second + "/result")
		want(w.T, d, "Czas minął, zanim test został oddany.")
		wantActions(w.T, d.Find("main"), "Strona kursu "+learn) // there is no attempt left
		for _, attempt := range []string{first, second} {
			if d, _ := s.get(attempt + "/result"); d.Find("fieldset.question").Length() != 2 || !strings.Contains(d.Text(), "Bo tak.") || strings.Contains(d.Text(), "pokażemy po zaliczeniu") {
				w.T.Error("answers are not shown after the last attempt")
			}
		}
		d, _ = s.get(learn + "/test")
		want(w.T, d, "Wszystkie podejścia zostały wykorzystane.")
		want(w.T, d, "Zostało 0 podejść")
		lacks(w.T, d, "Rozpocznij test")
	})
}

// TestTheNextAttemptWaits as long as the course says, and the pages say until when.
func TestTheNextAttemptWaits(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(changed("small", [3]string{"tests/final.yaml", "attempts: 2\n", "attempts: 3\nwait_hours: 12\n"}))
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		learn := "/app/learn/" + e.ID
		x := sit(w, a, e, false)
		d, _ := s.get(learn + "/test/" + x.ID + "/result")
		want(w.T, d, "Kolejne podejście jest możliwe od: 23 października 2026, 19:00.")
		wantActions(w.T, d.Find("main"), "Strona kursu "+learn)
		w.Clock.Advance(12*time.Hour - time.Second)
		d, r := s.post(learn+"/test", nil)
		if r.Request.URL.Path != learn+"/test" {
			w.T.Errorf("too soon: %s", r.Request.URL.Path)
		}
		want(w.T, d, "Przed kolejnym podejściem jest przerwa na powrót do lekcji. Kolejne podejście jest możliwe od: 23 października 2026, 19:00.")
		lacks(w.T, d, "Rozpocznij test")
		w.Clock.Advance(time.Second)
		d, _ = s.get(learn + "/test/" + x.ID + "/result")
		wantActions(w.T, d.Find("main"), "Spróbuj ponownie "+learn+"/test", "Strona kursu "+learn)
		if _, r = s.post(learn+"/test", nil); r.Request.URL.Path == learn+"/test" {
			w.T.Error("no attempt begins after the pause")
		}
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
		for value, text := range map[string]string{"a": "Odpowiedzi zapisane.", "z": "Zapisano, oprócz odpowiedzi"} {
			if status, told := save(path, value); status != http.StatusOK || told["over"] != false || !strings.HasPrefix(told["text"].(string), text) {
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

// TestHandingInWithQuestionsOpen names them, keeps what is answered, and asks; a form from before a newer answer takes nothing back.
func TestHandingInWithQuestionsOpen(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		stale, r := s.post("/app/learn/"+e.ID+"/test", nil)
		attempt := r.Request.URL.Path
		names := stale.Find("fieldset.question").Map(func(_ int, q *goquery.Selection) string { return q.Find("input").AttrOr("name", "") })
		seen := func(d *goquery.Document, form url.Values) url.Values {
			d.Find("input[data-seen]").Each(func(_ int, i *goquery.Selection) { form.Add(i.AttrOr("name", ""), i.AttrOr("value", "")) })
			return form
		}
		d, r := s.post(attempt, seen(stale, url.Values{names[0]: {"b"}, "submit": {"1"}}))
		if r.StatusCode != http.StatusUnprocessableEntity || r.Request.URL.Path != attempt {
			w.T.Fatalf("handed in with a question open: %d at %s", r.StatusCode, r.Request.URL.Path)
		}
		want(w.T, d, "Test nie jest jeszcze oddany 1 pytanie z 2 nie ma pełnej odpowiedzi: Pytanie 2 Oddaj test mimo to")
		want(w.T, d, "Zapisane odpowiedzi: 1 z 2")
		if to := d.Find(".open-questions a").AttrOr("href", "-"); d.Find(to[1:]).Length() > 0 || d.Find(`[id="`+to[1:]+`"]`).Find("input").AttrOr("name", "") != names[1] {
			w.T.Errorf("the question that is open is not at %s", to)
		}
		if first := d.Find("form[data-autosave] button").First(); first.AttrOr("name", "") != "" {
			w.T.Error("Enter in a field hands the test in")
		}
		// A window from before: what it did not touch stays, what both touched is shown twice, and nothing is handed in.
		d, r = s.post(attempt, seen(stale, url.Values{names[0]: {"a"}, names[1]: {"a"}, "submit": {"sure"}}))
		if r.StatusCode != http.StatusUnprocessableEntity || d.Find(`input[name="`+names[0]+`"][checked]`).AttrOr("value", "") != "b" {
			w.T.Errorf("a conflict: %d, shown %q", r.StatusCode, d.Find("input[checked]").AttrOr("value", ""))
		}
		want(w.T, d, "Pytanie 1: odpowiedź zmieniono też w innym oknie.")
		want(w.T, d, "Zapisana tam i zaznaczona teraz: „nie”. Wysłana stąd i niezapisana: „tak”.")
		want(w.T, d, "Zapisane odpowiedzi: 2 z 2")
		if _, r = s.post(attempt, seen(d, url.Values{names[0]: {"a"}, "submit": {"1"}})); r.Request.URL.Path != attempt+"/result" {
			w.T.Errorf("what was chosen once more: %s", r.Request.URL.Path)
		}
		d, _ = s.get(attempt + "/result")
		want(w.T, d, "Twój wynik: 100 %.")
	})
}

// TestACheckAnsweredInTwoWindows keeps the newer answer and shows both.
func TestACheckAnsweredInTwoWindows(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		check := "/app/learn/" + e.ID + "/lesson/one/check"
		s.get("/app/learn/" + e.ID + "/lesson/one")
		stale := func(value string) url.Values {
			return url.Values{"item": {"check-1"}, "item.check-1": {value}, "seen.item.check-1": {""}}
		}
		s.post(check, stale("a"))
		d, r := s.post(check, stale("b"))
		if r.StatusCode != http.StatusUnprocessableEntity {
			w.T.Errorf("a conflict: status %d", r.StatusCode)
		}
		want(w.T, d, "Na to pytanie odpowiedziano też w innym oknie.")
		want(w.T, d, "Zapisana tam i zaznaczona teraz: „tak”. Wysłana stąd i niezapisana: „nie”.")
		want(w.T, d, "Odpowiedz ponownie")
		d, _ = s.get("/app/learn/" + e.ID + "/lesson/one?again=check-1")
		if got := d.Find("#item-check-1 input[checked]").AttrOr("value", ""); got != "a" {
			w.T.Errorf("kept %q", got)
		}
		if got := d.Find("#item-check-1 input[data-seen]").AttrOr("value", ""); got != "item.check-1=a" {
			w.T.Errorf("the form has seen %q", got)
		}
	})
}
