package app_test

import (
	"fmt"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/testrig"
)

// TestApprovalsStandInToday: what waits for the second person stands on their first page and on nobody else's; the outcome on that of who
// asked, until they have seen it.
func TestApprovalsStandInToday(t *testing.T) {
	w := testrig.New(t)
	ask := func(ref string) {
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return w.Approvals.Asked(t.Context(), tx, approval.Asked{Ask: approval.Ask{Kind: approval.SiteText, Ref: ref, Title: "Numery pomocy", Path: "/app/site/texts/" + ref, Permission: access.SiteWrite, By: w.Author.PersonID, Note: "Nowy numer"}})
		}))
	}
	has := func(who access.Actor, words string) bool {
		return strings.Contains(w.Browse(who).Get("/app/today").Text("main"), words)
	}
	ask("a")
	for _, c := range []struct {
		who  access.Actor
		want bool
	}{{w.Admin, true}, {w.Author, false}, {w.GuardEditor, false}, {w.GuardCoordinator, false}} {
		if has(c.who, "Numery pomocy") != c.want {
			t.Errorf("%s: not %v", c.who.PersonID, c.want)
		}
	}
	w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
		return w.Approvals.Answered(t.Context(), tx, approval.Answered{Answer: approval.Answer{Kind: approval.SiteText, Ref: "a", By: w.Admin.PersonID, Outcome: approval.Returned, Note: "Brak źródła"}})
	}))
	if has(w.Admin, "Numery pomocy") || !has(w.Author, "Brak źródła") {
		t.Error("the outcome is not told to who asked, or to who answered")
	}
	_, asks, err := w.Approvals.Read(t.Context(), w.Author)
	w.OK(err)
	w.OK(w.Approvals.See(t.Context(), w.Author, asks[0].ID))
	if has(w.Author, "Brak źródła") {
		t.Error("what was seen stands there still")
	}
	for i := range 6 {
		ask(fmt.Sprint(i))
	}
	if has(w.Admin, "Numery pomocy") || !has(w.Admin, "6 spraw") {
		t.Errorf("many do not stand as one: %s", w.Browse(w.Admin).Get("/app/today").Text("main"))
	}
	for i := range 6 {
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return w.Approvals.Answered(t.Context(), tx, approval.Answered{Answer: approval.Answer{Kind: approval.SiteText, Ref: fmt.Sprint(i), By: w.Admin.PersonID, Outcome: approval.Approved}})
		}))
	}
	if has(w.Author, "Numery pomocy") || !has(w.Author, "6 odpowiedzi drugiej osoby") {
		t.Errorf("many answers do not stand as one: %s", w.Browse(w.Author).Get("/app/today").Text("main"))
	}
}
