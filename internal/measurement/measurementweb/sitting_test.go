package measurementweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/db"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/quiz/quiztest"
)

// invited is a training with one participant, whose letter for the test before it has been sent.
func (w *world) invited() (measurementID string, b *browser) {
	w.t.Helper()
	w.approve()
	measurementID = w.attach(measurement.OfTraining)
	w.status(w.Post("coordinator", "/app/evidence/measurements/"+measurementID+"/participants", url.Values{"person": {w.actors["learner"].PersonID}}), http.StatusSeeOther)
	w.measure()
	return measurementID, &browser{world: w}
}

func TestSittingsNeedTheirKey(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		stranger := &browser{world: w}
		for _, path := range []string{"/app/sitting", "/app/sitting/done", "/app/sitting/evaluation"} {
			w.says(w.status(stranger.get(path), http.StatusGone), "trzeba otworzyć odnośnikiem")
		}
		w.status(stranger.post("/app/sitting", url.Values{"submit": {"1"}}), http.StatusGone)
		w.status(stranger.post("/app/sitting/evaluation", url.Values{}), http.StatusGone)
		link := w.link()
		forged := link[:len(link)-4] + "AAAA"
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			w.says(w.status(stranger.send(method, forged, url.Values{}), http.StatusGone), "Ten odnośnik już nie działa")
		}
		w.status(b.post(link, url.Values{}), http.StatusSeeOther)
		if b.key == nil || !b.key.HttpOnly || b.key.Path != "/app/sitting" {
			t.Fatalf("the key of the sitting: %+v", b.key)
		}
		tampered := *b.key
		first := "A"
		if strings.HasPrefix(tampered.Value, first) {
			first = "B"
		}
		tampered.Value = first + tampered.Value[1:]
		stranger.key = &tampered
		w.status(stranger.get("/app/sitting"), http.StatusGone)
		w.status(b.get("/app/sitting"), http.StatusOK)
		w.clock.Advance(12*time.Hour + time.Minute) // for so long a key is good
		w.status(b.get("/app/sitting"), http.StatusGone)
	})
}

// TestALinkWorksOnce: opening it uses nothing up, the button does, and a new one goes to the same address.
func TestALinkWorksOnce(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		link := w.link()
		for range 3 { // a scanner follows links
			w.says(w.status(b.get(link), http.StatusOK), "Test przed szkoleniem", "Odnośnik działa raz")
		}
		w.status(b.post(link, url.Values{}), http.StatusSeeOther)
		other := &browser{world: w} // the same letter on another device
		if p := w.status(other.post(link, url.Values{}), http.StatusSeeOther); !strings.HasPrefix(p.Header.Get("Location"), link) {
			t.Errorf("a used link leads to %s", p.Header.Get("Location"))
		}
		w.says(w.status(other.get(link), http.StatusOK), "Test otwarto nim wcześniej", "zapisane odpowiedzi czekają")
		if other.key != nil {
			t.Error("a used link opened the sitting")
		}
		w.clock.Advance(10 * time.Minute)
		w.says(w.status(other.post(link+"/again", url.Values{}), http.StatusOK), "Nowy odnośnik jest w drodze")
		w.measure()
		fresh := w.link()
		if fresh == link {
			t.Fatal("no new link was sent")
		}
		w.says(w.status(other.get(link), http.StatusOK), "zastąpił go odnośnik z nowszej wiadomości", "Wyślij nowy odnośnik")
		w.status(other.post(fresh, url.Values{}), http.StatusSeeOther)
		w.status(other.get("/app/sitting"), http.StatusOK)
	})
}

// TestAnswersAreKept: they are resumed on another device, a form with a fault keeps them, and they are handed in once.
func TestAnswersAreKept(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
		form := b.fields()
		w.status(b.post("/app/sitting", form), http.StatusSeeOther) // saved, not handed in
		filled := func(p *goquery.Document) int {
			return p.Find("form[data-autosave] input[checked], form[data-autosave] option[selected][value!='']").Length()
		}
		kept := filled(b.get("/app/sitting").Document)
		if kept < 10 {
			t.Fatalf("%d answers are shown again", kept)
		}
		// The device is lost; a new letter opens the same sitting.
		old := b.key
		b.key = nil
		w.clock.Advance(10 * time.Minute)
		w.status(b.post(w.link()+"/again", url.Values{}), http.StatusOK)
		w.measure()
		w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
		if n := filled(b.get("/app/sitting").Document); n != kept {
			t.Errorf("%d of %d answers came along", n, kept)
		}
		// Handed in with a question open: it says so and keeps the rest.
		partial := url.Values{"submit": {"1"}}
		for name, list := range form {
			if len(partial) < 4 {
				partial[name] = list
			}
		}
		partial = quiztest.After(form, partial)
		done := b.post("/app/sitting", partial)
		if done.Status == http.StatusUnprocessableEntity {
			w.says(done, "Test nie jest jeszcze oddany")
			partial.Set("submit", "sure")
			done = b.post("/app/sitting", partial)
		}
		if w.status(done, http.StatusSeeOther); done.Header.Get("Location") != "/app/sitting/done" {
			t.Fatalf("handing in leads to %s", done.Header.Get("Location"))
		}
		first := db1(w, `SELECT submitted_at FROM sitting WHERE wave = 'before' AND state = 'done'`)
		w.clock.Advance(time.Minute)
		b.key = old // the first device hands in once more
		if p := b.post("/app/sitting", url.Values{"submit": {"sure"}}); p.Status != http.StatusSeeOther {
			t.Errorf("handing in twice: %d", p.Status)
		}
		if again := db1(w, `SELECT submitted_at FROM sitting WHERE wave = 'before' AND state = 'done'`); again != first || first == "" {
			t.Errorf("handed in at %q, then at %q", first, again)
		}
		w.says(w.status(b.get("/app/sitting/done"), http.StatusOK), "Test oddany")
		form = quiztest.After(form, form)
		for name := range form {
			if strings.HasPrefix(name, "item.") {
				form.Set(name, "")
			}
		}
		w.status(b.post("/app/sitting", form), http.StatusSeeOther) // and then with other answers
		w.says(w.status(b.get("/app/sitting/done"), http.StatusOK), "Odpowiedzi wysłane później nie są wliczone")
		w.clock.Advance(31 * time.Minute) // somebody else sits down at the computer
		w.status(b.get("/app/sitting/done"), http.StatusGone)
		w.status(b.post("/app/sitting", form), http.StatusGone)
		if again := db1(w, `SELECT submitted_at FROM sitting WHERE wave = 'before' AND state = 'done'`); again != first {
			t.Errorf("handed in at %q, then at %q", first, again)
		}
	})
}

// TestTwoAtOneComputer: a form brings its answers to its own sitting, whichever was opened last in the browser.
func TestTwoAtOneComputer(t *testing.T) {
	each(t, func(w *world) {
		m, first := w.invited()
		w.status(first.post(w.link(), url.Values{}), http.StatusSeeOther)
		form := first.fields()
		w.status(w.Post("coordinator", "/app/evidence/measurements/"+m+"/participants", url.Values{"person": {w.actors["coordinator"].PersonID}}), http.StatusSeeOther)
		w.measure()
		w.status(first.post(w.link(), url.Values{}), http.StatusSeeOther) // the second person's letter, in the same browser
		form.Set("submit", "sure")
		w.status(first.post("/app/sitting", form), http.StatusSeeOther)
		done, err := db.All[string](t.Context(), w.d, `SELECT p.person_id FROM sitting s JOIN participant p ON p.id = s.participant_id WHERE s.state = 'done'`)
		if err != nil || len(done) != 1 || done[0] != w.actors["learner"].PersonID {
			t.Errorf("handed in by %v, not by %s, %v", done, w.actors["learner"].PersonID, err)
		}
		w.says(w.status(first.get("/app/sitting/done"), http.StatusOK), "Test oddany")
	})
}

// TestAutosaveSaysWhatItKept: an answer that cannot be read is not called saved.
func TestAutosaveSaysWhatItKept(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
		form := b.fields()
		form.Set("autosave", "1")
		tells := func(text string) {
			if p := w.status(b.post("/app/sitting", form), http.StatusOK); !strings.Contains(p.Body, text) {
				t.Errorf("the script is not told %q: %s", text, p.Body)
			}
		}
		tells("Odpowiedzi zapisane")
		for name := range form {
			if strings.HasPrefix(name, "item.") {
				form.Set(name, "no such answer")
				break
			}
		}
		tells("Zapisano, oprócz odpowiedzi")
	})
}

// db1 reads a single value as a text.
func db1(w *world, query string) string {
	w.t.Helper()
	v, err := db.One[time.Time](w.t.Context(), w.d, query)
	w.no(err)
	return v.String()
}

// TestTooLate: what is sent after closing time is not counted, and the page says why.
func TestTooLate(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
		form := b.fields()
		w.status(b.post("/app/sitting", form), http.StatusSeeOther)
		w.no(w.d.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `UPDATE sitting SET closes_at = ?`, w.clock.Now().Add(time.Minute))
		}))
		w.clock.Advance(2 * time.Minute)
		form.Set("submit", "1")
		w.status(b.post("/app/sitting", form), http.StatusSeeOther)
		w.says(w.status(b.get("/app/sitting"), http.StatusOK), "Czas na ten test minął", "Zapisane odpowiedzi nie zginęły")
		w.says(w.status(b.get(w.link()), http.StatusOK), "Czas na ten test minął")
		if n, err := db.One[int](t.Context(), w.d, `SELECT COUNT(*) FROM sitting WHERE state = 'done'`); err != nil || n != 0 {
			t.Errorf("%d sittings count, %v", n, err)
		}
	})
}

// TestFollowUpAndEvaluation: what looks like data of a person is refused with the form kept, in both languages.
func TestFollowUpAndEvaluation(t *testing.T) {
	each(t, func(w *world) {
		_, b := w.invited()
		for _, wave := range []string{"before", "after", "later"} {
			switch wave {
			case "after":
				w.clock.Advance(3 * 24 * time.Hour)
			case "later":
				w.clock.Advance(100 * 24 * time.Hour)
			}
			w.measure()
			w.status(b.post(w.link(), url.Values{}), http.StatusSeeOther)
			form := b.fields()
			form.Set("submit", "sure")
			if wave == "later" {
				form.Set(measurement.FieldUsed, "yes")
				for text, why := range map[string]string{"Pani z numerem 44051401359": "PESEL", "dzwonić: +48 600 700 800": "numer telefonu", "paszport AB1234567": "numer dokumentu"} {
					form.Set(measurement.FieldNote, text)
					p := w.status(b.post("/app/sitting", form), http.StatusUnprocessableEntity)
					w.says(p, why, text)
					if p.Find("input[name="+measurement.FieldUsed+"][value=yes][checked]").Length() != 1 {
						t.Error("the answer about the work is lost with the refusal")
					}
				}
				english := w.status(b.post("/app/sitting?lang=en", form), http.StatusUnprocessableEntity)
				if english.Find(".errors").Length() == 0 {
					t.Error("no summary of the faults")
				}
				form.Set(measurement.FieldNote, "Pomogła lista pytań.")
			}
			w.status(b.post("/app/sitting", form), http.StatusSeeOther)
			done := w.status(b.get("/app/sitting/done"), http.StatusOK)
			switch wave {
			case "before":
				if done.Find(".bars").Length() > 0 {
					t.Error("the result before is shown alone")
				}
			case "after":
				w.says(done, "Twoje wyniki")
				evaluate(w, b)
			case "later":
				w.says(done, "Twoje wyniki", "Po 3 miesiącach")
			}
		}
	})
}

// evaluate answers the anonymous evaluation.
func evaluate(w *world, b *browser) {
	w.t.Helper()
	w.says(w.status(b.get("/app/sitting/evaluation"), http.StatusOK), "Nie opisuj osób")
	answers := url.Values{survey.FieldComment: {"Tel. 600 700 800 do pani"}}
	for _, q := range survey.Questions {
		answers.Set(q, "4")
	}
	p := w.status(b.post("/app/sitting/evaluation", answers), http.StatusUnprocessableEntity)
	w.says(p, "numer telefonu", "Tel. 600 700 800 do pani")
	if n := p.Find("input[value='4'][checked]").Length(); n != len(survey.Questions) {
		w.t.Errorf("%d answers of the evaluation are kept", n)
	}
	answers.Set(survey.FieldComment, "Dobre tempo.")
	w.status(b.post("/app/sitting/evaluation", answers), http.StatusSeeOther)
	w.says(w.status(b.get("/app/sitting/evaluation"), http.StatusOK), "stała się częścią łącznych wyników")
	w.status(b.post("/app/sitting/evaluation", answers), http.StatusSeeOther) // twice: one answer
	n, err := db.One[int](w.t.Context(), w.d, `SELECT responses FROM survey_result LIMIT 1`)
	if err != nil || n != 1 {
		w.t.Errorf("%d responses, %v", n, err)
	}
}

// TestOwnSittings: who is signed in opens their own from the course, and may rather not.
func TestOwnSittings(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		w.attach(measurement.OfCourse)
		_, err := w.a.Learning.EnrolMany(t.Context(), w.actors["admin"], "border-guard", []string{w.actors["learner"].PersonID, w.actors["another"].PersonID})
		w.no(err)
		sitting := func(who string) string {
			tasks, err := w.s.Tasks(t.Context(), w.d, w.actors[who].PersonID, "border-guard")
			w.no(err)
			if len(tasks) != 1 {
				t.Fatalf("%d tests await %s", len(tasks), who)
			}
			return tasks[0].SittingID
		}
		mine, theirs := sitting("learner"), sitting("another")
		w.status(w.Post("learner", "/app/sittings/"+theirs, url.Values{}), http.StatusNotFound)
		b := &browser{world: w, as: "learner"}
		w.status(b.post("/app/sittings/"+mine, url.Values{}), http.StatusSeeOther)
		w.status(b.get("/app/sitting"), http.StatusOK)
		w.status(w.Post("another", "/app/sittings/"+theirs, url.Values{"decline": {"1"}}), http.StatusSeeOther)
		if n, err := db.One[int](t.Context(), w.d, `SELECT COUNT(*) FROM sitting WHERE state = ?`, string(measurement.Declined)); err != nil || n != 1 {
			t.Errorf("%d declined, %v", n, err)
		}
	})
}

// TestTheWayBack: who came from a course goes back to it; who came by a letter, signed in nowhere, is told to close the page.
func TestTheWayBack(t *testing.T) {
	each(t, func(w *world) {
		_, byLetter := w.invited()
		w.status(byLetter.post(w.link(), url.Values{}), http.StatusSeeOther)
		w.attach(measurement.OfCourse)
		_, err := w.a.Learning.EnrolMany(t.Context(), w.actors["admin"], "border-guard", []string{w.actors["another"].PersonID})
		w.no(err)
		tasks, err := w.s.Tasks(t.Context(), w.d, w.actors["another"].PersonID, "border-guard")
		w.no(err)
		fromCourse := &browser{world: w, as: "another"}
		w.status(fromCourse.post("/app/sittings/"+tasks[0].SittingID, url.Values{}), http.StatusSeeOther)
		for b, links := range map[*browser]int{byLetter: 0, fromCourse: 1} {
			if p := w.status(b.get("/app/sitting/done"), http.StatusSeeOther); p.Header.Get("Location") != "/app/sitting" {
				t.Errorf("what is not handed in leads to %s", p.Header.Get("Location"))
			}
			form := b.fields()
			form.Set("submit", "sure")
			w.status(b.post("/app/sitting", form), http.StatusSeeOther)
			if p := w.status(b.get("/app/sitting"), http.StatusSeeOther); p.Header.Get("Location") != "/app/sitting/done" {
				t.Errorf("what is handed in leads to %s", p.Header.Get("Location"))
			}
			done := w.status(b.get("/app/sitting/done"), http.StatusOK)
			if n := done.Find("main a[href='/app/courses']").Length(); n != links {
				t.Errorf("%d links lead back to the course, not %d", n, links)
			}
			if said := strings.Contains(done.Text("main"), "zamknąć"); said != (links == 0) {
				t.Errorf("told to close the page: %v: %s", said, done.Text("main"))
			}
			if done.Find(".bars").Length() > 0 || done.Find("main ul li a").Length() > 0 || done.Find("a[href='/app/sitting/evaluation']").Length() > 0 {
				t.Error("after the test before there are results, lessons or an evaluation")
			}
		}
	})
}
