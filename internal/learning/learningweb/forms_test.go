package learningweb_test

import (
	"net/url"
	"testing"

	"ostoja/internal/testrig"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	ctx, b := t.Context(), w.Browse(w.Learner)
	b.FragileForm(t, "/app/courses/"+testrig.SmallCourse+"/enrol", url.Values{"lang": {"pl"}})
	e := testrig.Must(w.Learning.Latest(ctx, w.Learner.PersonID, testrig.SmallCourse))(t)
	learn := "/app/learn/" + e.ID
	b.FragileForm(t, learn+"/language", url.Values{"lang": {"en"}})
	for _, lesson := range []string{"one", "two"} {
		b.Fragile(t, []string{learn + "/lesson/" + lesson})
		b.FragileForm(t, learn+"/lesson/"+lesson, url.Values{})
	}
	b.FragileForm(t, learn+"/lesson/one/check", url.Values{"check": {"check-1"}, "item": {"check-1"}, "item.check-1": {"a"}})
	b.FragileForm(t, learn+"/scenario/bus/again", url.Values{})
	b.Fragile(t, []string{learn + "/scenario/bus"})
	b.FragileForm(t, learn+"/scenario/bus/choose", url.Values{"step": {"0"}, "choice": {"0"}})
	b.FragileForm(t, learn+"/test", url.Values{})
	attempt := testrig.Must(w.Learning.BeginTest(ctx, w.Learner, e.ID))(t) // the one that is open
	form := url.Values{}
	for _, itemID := range attempt.Items {
		form.Set("item."+itemID, "a")
	}
	b.FragileForm(t, learn+"/test/"+attempt.ID, form)
	form.Set("submit", "1")
	b.FragileForm(t, learn+"/test/"+attempt.ID, form)
	b.Fragile(t, []string{learn, "/app/courses/" + testrig.SmallCourse, learn + "/test/" + attempt.ID + "/result"})
	b.FragileForm(t, "/app/courses/"+testrig.SmallCourse+"/again", url.Values{"lang": {"pl"}})
	for _, path := range []string{"/app/courses/none", "/app/learn/none", learn + "/lesson/none", learn + "/scenario/none", learn + "/test/none", learn + "/test/none/result", "/app/learn/none/test", "/app/learn/none/finish"} {
		w.Status(b.Get(path), 404)
	}
	for _, path := range []string{"/app/courses/none/enrol", "/app/courses/none/again", "/app/learn/none/language", learn + "/lesson/none", learn + "/scenario/none/choose", learn + "/test/none"} {
		if p := b.Post(path, url.Values{"lang": {"pl"}}); p.Status < 400 || p.Status > 499 {
			t.Errorf("%s: status %d", path, p.Status)
		}
	}
}
