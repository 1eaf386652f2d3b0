package deskweb_test

import (
	"net/url"
	"testing"
	"time"

	"ostoja/internal/testrig"
)

// TestNoFormHidesAFailure: whoever sends a form is led on once it was taken, and never where the database took nothing of it.
func TestNoFormHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	b, desk := w.Browse(w.GuardCoordinator), "/app/desk/"+testrig.SmallCourse
	b.FragileForm(t, desk+"/enrol", url.Values{"person": {w.Learner.PersonID, w.OtherLearner.PersonID}, "lang": {"pl"}})
	e := testrig.Must(w.Learning.Latest(t.Context(), w.Learner.PersonID, testrig.SmallCourse))(t)
	w.Clock.Advance(30 * 24 * time.Hour)
	b = w.Browse(w.GuardCoordinator)
	b.FragileForm(t, desk+"/remind", url.Values{"all": {"1"}, "sure": {"1"}})
	b.FragileForm(t, desk+"/withdraw/"+e.ID, url.Values{"back": {"/app/desk"}})
	b.FragileForm(t, desk+"/restore/"+e.ID, url.Values{})
	next := testrig.CourseFolder{ID: testrig.SmallCourse, Label: "2", Langs: []string{"pl", "en"}, Forms: true}
	if _, _, err := w.Courses.Publish(t.Context(), w.Author, next.Files()); err != nil {
		t.Fatal(err)
	}
	b.Fragile(t, []string{desk})
	b.FragileForm(t, desk+"/move", url.Values{})
	b.Files(t, "/app/desk?as=csv", desk+"?as=csv", desk+"/people?as=csv")
	for _, path := range []string{"/app/desk/none", "/app/desk/none/people", "/app/desk/none/enrol", desk + "?unit=" + w.Police, desk + "/people?unit=none"} {
		w.Status(b.Get(path), 404)
	}
}
