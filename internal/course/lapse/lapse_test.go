package lapse_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/config"
	"ostoja/internal/course/lapse"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/mail/mailtest"
	"ostoja/internal/testrig"
)

const (
	term     = "reflection-period" // valid until 23 May 2027, and 30 days
	terms    = "pesel-ukr-days"    // valid until 4 March 2027, and a day
	resting  = "resting"
	page     = "example.org/app/authoring/" + resting
	restsOn1 = "Pytania: t-1."
	restsOn2 = "Pytania: t-2."
)

// publish publishes a course whose test draws two of three items, of which t-1 and t-2 rest on a fact each.
func publish(w *testrig.World, label string) {
	w.T.Helper()
	files := testrig.CourseFolder{ID: resting, Label: label, Langs: []string{"pl", "en"}}.Files()
	items := string(files["items/all.yaml"].Data)
	files["items/all.yaml"].Data = []byte(strings.NewReplacer("Pytanie t-1?", "Pytanie t-1: {"+term+"}?", "Pytanie t-2?", "Pytanie t-2: {"+terms+"}?").Replace(items))
	_, _, err := w.Courses.Publish(w.T.Context(), access.System, files)
	w.OK(err)
}

// on moves the clock to the morning of a day, and takes its facts.
func on(w *testrig.World, day string) {
	w.T.Helper()
	w.Until(testrig.Must(time.Parse(time.DateOnly, day))(w.T).Add(8 * time.Hour))
	w.OK(w.Facts.Refresh(w.T.Context()))
}

// told sends what is due and returns the letters by their addresses.
func told(w *testrig.World) map[string]string {
	w.T.Helper()
	before := len(w.Letters())
	w.OK(w.CourseAlerts.Send(w.T.Context()))
	list := map[string]string{}
	for _, m := range w.Letters()[before:] {
		if list[m.To] != "" || strings.Contains(m.Subject, resting) {
			w.T.Errorf("letter %q to %s, beside another", m.Subject, m.To)
		}
		list[m.To] = strings.ReplaceAll(m.Body, "\u00a0", " ")
	}
	return list
}

// TestAuthorsAreToldOnce: who may publish is written to when a fact is overdue, again when it is gone, and once more when it lapses anew
// after it was confirmed; in their language, with the items and whether too few are left.
func TestAuthorsAreToldOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
		publish(w, "1")
		mailOf := func(a access.Actor) string {
			return testrig.Must(w.Identity.Participant(ctx, w.DB, a.PersonID))(t).Mail
		}
		says := func(what string, want []string, not ...string) {
			t.Helper()
			letters := told(w)
			if len(letters) != 3 {
				t.Errorf("%s: %d letters", what, len(letters))
			}
			for _, a := range []access.Actor{w.Author, w.Admin} {
				body := letters[mailOf(a)]
				for _, x := range want {
					if !strings.Contains(body, x) {
						t.Errorf("%s: no %q in %s", what, x, body)
					}
				}
				for _, x := range not {
					if strings.Contains(body, x) {
						t.Errorf("%s: %q in %s", what, x, body)
					}
				}
			}
			if body := letters[mailOf(w.SecondAuthor)]; !strings.Contains(body, "Questions: t-") || !strings.Contains(body, page) || strings.Contains(body, "Pytania") {
				t.Errorf("%s: in English: %s", what, body)
			}
			if again := told(w); len(again) > 0 {
				t.Errorf("%s: told twice: %v", what, again)
			}
		}
		if got := told(w); len(got) > 0 {
			t.Errorf("told of nothing: %v", got)
		}
		on(w, "2027-03-05")
		says("overdue", []string{page, "Kurs resting", "ważne do 4 marca 2027. Pytania na razie się liczą", restsOn2}, restsOn1, "Za mało")
		on(w, "2027-03-06")
		says("gone", []string{page, "minęły też dodatkowe dni", restsOn2}, restsOn1, "Za mało")
		on(w, "2027-07-01")
		says("another", []string{page, "minęły też dodatkowe dni", restsOn1, "Za mało pytań, które się liczą, na cel „Wie.” (losowane: 2, liczą się: 1)."}, restsOn2)
		publish(w, "2")
		if got := told(w); len(got) > 0 {
			t.Errorf("a new version that rests on the same: %v", got)
		}
		testrig.Must(w.Site.Confirm(ctx, w.Admin, []string{term, terms}, "Ewa"))(t)
		w.OK(w.Facts.Refresh(ctx))
		if got := told(w); len(got) > 0 {
			t.Errorf("mended: %v", got)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM course_told`))(t); n > 0 {
			t.Errorf("%d facts in order count as told", n)
		}
		on(w, "2029-07-01")
		says("anew", []string{page, restsOn1, restsOn2, "liczą się: 1"})
	})
}

// TestWhatNobodyCanBeToldOfWaits until there is an author who can be written to.
func TestWhatNobodyCanBeToldOfWaits(t *testing.T) {
	testrig.EachEmpty(t, func(t *testing.T, w *testrig.World) {
		publish(w, "1")
		on(w, "2027-07-01")
		if got := told(w); len(got) > 0 {
			t.Errorf("letters to nobody: %v", got)
		}
		unit := w.Unit("", identity.Office, "Urząd", "U")
		w.Person("Tomasz", "Trener", unit, identity.RoleDraft{Role: access.Trainer})
		if got := told(w); len(got) > 0 {
			t.Errorf("told who may not publish: %v", got)
		}
		w.Person("Ewa", "Autorska", unit, identity.RoleDraft{Role: access.Author})
		if got := told(w); len(got) != 1 || !strings.Contains(got["ewa.autorska@example.org"], restsOn1) {
			t.Errorf("letters: %v", got)
		}
	})
}

// TestLookingCostsLittle: where nothing has changed nothing is written, and no course is read from the database again.
func TestLookingCostsLittle(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		publish(w, "1")
		on(w, "2027-07-01")
		w.OK(w.CourseAlerts.Send(t.Context()))
		asked := 0
		w.DB.Intercept(func(text string) error {
			if asked++; !strings.HasPrefix(strings.TrimSpace(text), "SELECT") || strings.Contains(text, "blob") {
				t.Errorf("asked with no news: %s", text)
			}
			return nil
		})
		defer w.DB.Intercept(nil)
		w.OK(w.CourseAlerts.Send(t.Context()))
		if asked != 2 {
			t.Errorf("%d statements", asked)
		}
	})
}

// TestTheLetterLeaves by a real mail server.
func TestTheLetterLeaves(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		publish(w, "1")
		w.Letters()
		w.Until(time.Date(2027, 7, 1, 8, 0, 0, 0, time.UTC))
		server := mailtest.Start(t)
		c := &config.Config{BaseURL: "https://szkolenia.example.org", Zone: "Europe/Warsaw", SMTP: server.URL(), MailFrom: "Ostoja <ostoja@example.org>"}
		a := testrig.Must(app.New(t.Context(), c, w.DB, app.Options{Clock: w.Clock}))(t)
		w.OK(a.CourseAlerts.Send(t.Context()))
		for {
			worked, err := a.Queue.RunOne(t.Context())
			if w.OK(err); !worked {
				break
			}
		}
		i := slices.IndexFunc(server.Letters(), func(l mailtest.Letter) bool { return strings.HasPrefix(l.To, "ewa.autorska@") })
		if i < 0 {
			t.Fatalf("letters: %v", server.Letters())
		}
		if l := server.Letters()[i]; l.Subject != "Kursy: pytania opierają się na informacjach po terminie" || !strings.Contains(l.Body, restsOn1) || !strings.Contains(l.Body, page) {
			t.Errorf("%q: %s", l.Subject, l.Body)
		}
	})
}

// TestWhatRestsOnWhat: by which name an item ever names a fact, it stands once, with all its items; a fact that the pack does not have is
// named by what items call it.
func TestWhatRestsOnWhat(t *testing.T) {
	w := testrig.New(t)
	publish(w, "1")
	of := func(day string) lapse.Report {
		on(w, day)
		return lapse.Of(testrig.Must(w.Courses.Current(t.Context(), resting))(t).Course)
	}
	if r := of("2026-11-29"); len(r.Facts)+len(r.Short) > 0 {
		t.Errorf("while all is valid: %+v", r)
	}
	r := of("2027-05-24")
	if len(r.Facts) != 2 || r.Facts[0].ID != term || r.Facts[0].Fault != lapse.Overdue || r.Facts[1].Fault != lapse.Gone || len(r.Short) != 0 {
		t.Errorf("one overdue, one gone: %+v", r)
	}
	if name := r.Facts[0].Name("pl"); !strings.Contains(name, ": ") || strings.HasPrefix(name, term) {
		t.Errorf("named %q", name)
	}
	if r = of("2027-07-01"); len(r.Short) != 1 || r.Short[0].Left != 1 || r.Short[0].Of != 2 || r.Short[0].Objective.ID != "know" {
		t.Errorf("both gone: %+v", r.Short)
	}
}

// TestNoFailureIsSilent: whatever statement fails, the work fails and is done again.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	publish(w, "1")
	on(w, "2027-07-01")
	dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "send", Do: func() error { return w.CourseAlerts.Send(t.Context()) }}})
	if n := len(w.Letters()); n == 0 {
		t.Error("nobody was told in the end")
	}
}
