package learningweb_test

import (
	"testing"

	"ostoja/internal/testrig"
)

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	e := w.Enrol(w.Learner, testrig.SmallCourse)
	w.FinishParts(w.Learner, e.ID)
	learn := "/app/learn/" + e.ID
	b := w.Browse(w.Learner)
	b.Fragile(t, []string{
		"/app/courses", "/app/courses/" + testrig.OtherCourse, learn, learn + "/finish", learn + "/lesson/one", learn + "/scenario/bus", learn + "/test",
	})
	attempt := testrig.Must(w.Learning.BeginTest(t.Context(), w.Learner, e.ID))(t)
	b.Fragile(t, []string{learn + "/test", learn + "/test/" + attempt.ID})
	form := map[string][]string{}
	for _, itemID := range attempt.Items {
		form["item."+itemID] = []string{"a"}
	}
	testrig.Must(w.Learning.SaveAnswers(t.Context(), w.Learner, e.ID, attempt.ID, form, true, true))(t)
	b.Fragile(t, []string{learn, learn + "/test/" + attempt.ID + "/result"})
}
