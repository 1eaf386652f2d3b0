package approvalweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// asked has an author ask for something that a second one may approve, and returns the address of the request.
func asked(w *testrig.World) string {
	w.T.Helper()
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error {
		return w.Approvals.Asked(w.T.Context(), tx, approval.Asked{Ask: approval.Ask{
			Kind: approval.SiteText, Ref: "a", Title: "Numery pomocy", Path: "/app/site", Permission: access.SiteWrite, By: w.Author.PersonID, Note: "Zmienił się numer",
		}})
	}))
	list, _, err := w.Approvals.Read(w.T.Context(), w.SecondAuthor)
	w.OK(err)
	return "/app/approvals/" + list[0].ID
}

func TestWhoReadsWhatIsAsked(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path := asked(w)
		for _, c := range []struct {
			who    access.Actor
			status int
		}{{w.Author, http.StatusOK}, {w.SecondAuthor, http.StatusOK}, {w.Admin, http.StatusOK}, {w.GuardEditor, http.StatusNotFound}, {w.Learner, http.StatusNotFound}, {w.Reviewer, http.StatusNotFound}, {access.Actor{}, http.StatusSeeOther}} {
			if p := w.Browse(c.who).Get(path); p.Status != c.status {
				t.Errorf("%s: %d, want %d", c.who.PersonID, p.Status, c.status)
			}
		}
		for _, end := range []string{"/words", "/seen"} {
			if p := w.Browse(w.Learner).Post(path+end, url.Values{"words": {"x"}}); p.Status != http.StatusNotFound {
				t.Errorf("a learner posts to %s: %d", end, p.Status)
			}
		}
		if p := w.Browse(w.Learner).Get("/app/approvals"); p.Status != http.StatusOK || strings.Contains(p.Body, "Numery pomocy") {
			t.Errorf("a learner reads %d %s", p.Status, p.Text("main"))
		}
	})
}

func TestTheyAskAndAnswerAndSeeTheOutcome(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path := asked(w)
		second, first := w.Browse(w.SecondAuthor), w.Browse(w.Author)
		p := w.Status(second.Get("/app/approvals"), http.StatusOK)
		if !strings.Contains(p.Text("main"), "Numery pomocy") || !strings.Contains(p.Text("main"), "Ewa Autorska") {
			t.Error(p.Text("main"))
		}
		p = w.Status(second.Post(path+"/words", url.Values{"words": {" "}}), http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text("main"), "Write what it is about") {
			t.Error(p.Text("main"))
		}
		w.Status(second.Post(path+"/words", url.Values{"words": {"Where from?"}}), http.StatusSeeOther)
		p = w.Status(first.Get(path), http.StatusOK)
		for _, words := range []string{"Where from?", "Piotr Drugi", "Zmienił się numer"} {
			if !strings.Contains(p.Text("main"), words) {
				t.Errorf("%s is missing in %s", words, p.Text("main"))
			}
		}
		w.Status(first.Post(path+"/seen", url.Values{}), http.StatusConflict)
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return w.Approvals.Answered(t.Context(), tx, approval.Answered{Answer: approval.Answer{Kind: approval.SiteText, Ref: "a", By: w.SecondAuthor.PersonID, Outcome: approval.Returned, Note: "Brak źródła"}})
		}))
		p = w.Status(first.Get(path), http.StatusOK)
		if !strings.Contains(p.Text("main"), "Brak źródła") {
			t.Error(p.Text("main"))
		}
		w.Status(first.Post(path+"/words", url.Values{"words": {"x"}}), http.StatusUnprocessableEntity)
		w.Status(first.Post(path+"/seen", url.Values{}), http.StatusSeeOther)
		if p := first.Get("/app/approvals"); strings.Contains(p.Text("main"), "Numery pomocy") {
			t.Error("what was seen stands there still")
		}
	})
}

func TestNoFailureIsSilent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		path := asked(w)
		second := w.Browse(w.SecondAuthor)
		second.Fragile(t, []string{path, "/app/approvals"})
		second.FragileFault(t, path+"/words", url.Values{})
		second.FragileForm(t, path+"/words", url.Values{"words": {"x"}})
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return w.Approvals.Answered(t.Context(), tx, approval.Answered{Answer: approval.Answer{Kind: approval.SiteText, Ref: "a", By: w.SecondAuthor.PersonID, Outcome: approval.Approved}})
		}))
		w.Browse(w.Author).FragileForm(t, path+"/seen", url.Values{})
		w.Clock.Advance(time.Minute)
	})
	testrig.New(t).Unreadable("/app/approvals")
}

func TestTheListsAsFiles(t *testing.T) {
	w := testrig.New(t)
	asked(w)
	w.Browse(w.SecondAuthor).Files(t, "/app/approvals?as=csv")
	w.Browse(w.Author).Files(t, "/app/approvals?own-as=csv")
}
