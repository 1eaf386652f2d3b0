package approval_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

func ask(w *testrig.World, a approval.Ask) {
	w.T.Helper()
	a.Kind, a.Path, a.Permission = approval.SiteText, "/app/site/texts/"+a.Ref, access.SiteWrite
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error { return w.Approvals.Asked(w.T.Context(), tx, approval.Asked{Ask: a}) }))
}

func answer(w *testrig.World, a approval.Answer) {
	w.T.Helper()
	a.Kind = approval.SiteText
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error {
		return w.Approvals.Answered(w.T.Context(), tx, approval.Answered{Answer: a})
	}))
}

// letters returns the letters of some time, by who gets them.
func letters(w *testrig.World, d time.Duration) map[string][]mail.Message {
	before := len(w.Letters())
	w.Clock.Advance(d)
	by := map[string][]mail.Message{}
	for _, m := range w.Letters()[before:] {
		by[m.To] = append(by[m.To], m)
	}
	return by
}

func waiting(w *testrig.World, a access.Actor) (refs []string) {
	w.T.Helper()
	list, _, err := w.Approvals.Read(w.T.Context(), a)
	w.OK(err)
	for _, r := range list {
		refs = append(refs, r.Ref)
	}
	return refs
}

const second, third = "piotr.drugi@example.org", "adam.zarzadca@example.org"

// TestTheSecondPersonIsWrittenToOnceAnHour: what several people ask stands in one letter, which says who, what and why, and its subject
// says none of it; nobody is told of their own.
func TestTheSecondPersonIsWrittenToOnceAnHour(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		w.Letters()
		ask(w, approval.Ask{Ref: "a", Title: "Tytuł A", By: w.Author.PersonID, Note: "Zmienił się numer"})
		ask(w, approval.Ask{Ref: "b", Title: "Tytuł B", By: w.Admin.PersonID, Excluded: []string{w.Coordinator.PersonID}})
		if got := letters(w, approval.Gather-time.Second); len(got) > 0 {
			t.Fatalf("a letter left before others could join it: %v", got)
		}
		got := letters(w, time.Minute)
		one := got[second]
		if len(one) != 1 || !strings.Contains(one[0].Body, "Tytuł A") || !strings.Contains(one[0].Body, "Tytuł B") || !strings.Contains(one[0].Body, "Ewa Autorska") ||
			!strings.Contains(one[0].Body, "Zmienił się numer") || !strings.Contains(one[0].Body, "/app/site/texts/a") {
			t.Fatalf("%+v", one)
		}
		for _, word := range []string{"Tytuł", "Ewa", "Zmieni"} {
			if strings.Contains(one[0].Subject, word) {
				t.Errorf("the subject tells %s: %s", word, one[0].Subject)
			}
		}
		if own := got["ewa.autorska@example.org"]; len(own) != 1 || strings.Contains(own[0].Body, "Tytuł A") || !strings.Contains(own[0].Body, "Tytuł B") {
			t.Errorf("the author of A reads %+v", own)
		}
		if x := got["celina.ogolna@example.org"]; len(x) != 1 || strings.Contains(x[0].Body, "Tytuł B") {
			t.Errorf("who wrote some of B reads %+v", x)
		}
		ask(w, approval.Ask{Ref: "c", Title: "Tytuł C", By: w.Author.PersonID})
		if got := letters(w, 40*time.Minute); len(got[second]) > 0 {
			t.Errorf("two letters within an hour: %+v", got[second])
		}
		ask(w, approval.Ask{Ref: "d", Title: "Tytuł D", By: w.Author.PersonID})
		if got := letters(w, 25*time.Minute); len(got[second]) != 1 || !strings.Contains(got[second][0].Body, "Tytuł C") || !strings.Contains(got[second][0].Body, "Tytuł D") {
			t.Errorf("after the hour: %+v", got[second])
		}
		if got := letters(w, 5*time.Hour); len(got) > 0 {
			t.Errorf("told twice: %v", got)
		}
	})
}

// TestWhatIsOverIsToldToNobody: what was answered or taken back before the letter leaves is in none, and the first person is told of
// what another did, not of what they did themselves.
func TestWhatIsOverIsToldToNobody(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		w.Letters()
		ask(w, approval.Ask{Ref: "a", By: w.Author.PersonID})
		answer(w, approval.Answer{Ref: "a", By: w.Author.PersonID, Outcome: approval.Withdrawn})
		if got := letters(w, time.Hour); len(got) > 0 {
			t.Errorf("%v", got)
		}
		ask(w, approval.Ask{Ref: "b", Title: "Tytuł B", By: w.Author.PersonID})
		answer(w, approval.Answer{Ref: "b", By: w.SecondAuthor.PersonID, Outcome: approval.Returned, Note: "Brak źródła"})
		got := letters(w, time.Hour)
		own := got["ewa.autorska@example.org"]
		if len(got) != 1 || len(own) != 1 || !strings.Contains(own[0].Body, "Zwrócone do poprawy") || !strings.Contains(own[0].Body, "Brak źródła") || !strings.Contains(own[0].Body, "Piotr Drugi") {
			t.Fatalf("%+v", got)
		}
		_, asks, err := w.Approvals.Read(t.Context(), w.Author)
		w.OK(err)
		if len(asks) != 1 || asks[0].Outcome != approval.Returned || asks[0].Answerer != "Piotr Drugi" {
			t.Fatalf("%+v", asks)
		}
		w.Refused("seen by another", w.Approvals.See(t.Context(), w.SecondAuthor, asks[0].ID), errs.ErrConflict)
		w.OK(w.Approvals.See(t.Context(), w.Author, asks[0].ID))
		if _, asks, err = w.Approvals.Read(t.Context(), w.Author); len(asks) != 0 || err != nil {
			t.Errorf("%+v, %v", asks, err)
		}
		answer(w, approval.Answer{Ref: "none", By: w.Author.PersonID, Outcome: approval.Approved})
		ask(w, approval.Ask{Ref: "program"}) // asked by nobody
		if got := letters(w, time.Hour); len(got) > 0 || len(waiting(w, w.Author)) > 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestUnitsKeepTheirOwn: who is responsible for the unit is written to, and sees it; who is for another does not.
func TestUnitsKeepTheirOwn(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		w.Letters()
		ask(w, approval.Ask{Ref: "a", UnitID: w.Guard, By: w.GuardEditor.PersonID})
		ask(w, approval.Ask{Ref: "b", By: w.Author.PersonID})
		ask(w, approval.Ask{Ref: "c", By: w.Author.PersonID, Invited: []string{w.Admin.PersonID}})
		for _, c := range []struct {
			who  access.Actor
			want string
		}{{w.SecondGuardEditor, "a"}, {w.GuardEditor, ""}, {w.PoliceEditor, ""}, {w.SecondAuthor, "a b"}, {w.Admin, "a b c"}, {w.Author, "a"}, {w.Reviewer, ""}, {w.Learner, ""}, {access.Actor{}, ""}} {
			if got := strings.Join(waiting(w, c.who), " "); got != c.want {
				t.Errorf("%s sees %q, want %q", c.who.PersonID, got, c.want)
			}
		}
		got := letters(w, time.Hour)
		if len(got["roman.piszacy@example.org"]) != 1 || len(got["pawel.tekstowy@example.org"]) != 0 || len(got["regina.redagujaca@example.org"]) != 0 {
			t.Errorf("%v", got)
		}
		if x := got[third]; len(x) != 1 || strings.Contains(x[0].Body, "/texts/a") { // somebody nearer looks after it
			t.Errorf("%+v", x)
		}
	})
}

// TestTheyTalk: who may answer asks back, who asked answers, each is told; nobody else reads it, and nothing is said once it is over.
func TestTheyTalk(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		ask(w, approval.Ask{Ref: "a", Title: "Tytuł", By: w.Author.PersonID})
		letters(w, time.Hour)
		list, _, err := w.Approvals.Read(ctx, w.SecondAuthor)
		w.OK(err)
		id := list[0].ID
		for name, a := range map[string]access.Actor{"learner": w.Learner, "reviewer": w.Reviewer, "editor of a unit": w.GuardEditor, "nobody": {}} {
			_, err := w.Approvals.Request(ctx, a, id)
			w.Refused(name, err, errs.ErrNotFound)
			_, err = w.Approvals.Say(ctx, a, id, "x")
			w.Refused(name, err, errs.ErrNotFound)
			w.Refused(name, w.Approvals.See(ctx, a, id), errs.ErrNotFound)
			if r, err := w.Approvals.Of(ctx, a, approval.SiteText, "a"); r != nil || err != nil {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		}
		for _, words := range []string{" ", strings.Repeat("x", 2001)} {
			_, err := w.Approvals.Say(ctx, w.SecondAuthor, id, words)
			w.Refused("words", err, errs.ErrInvalid)
		}
		_, err = w.Approvals.Say(ctx, w.SecondAuthor, id, " Skąd ten numer? ")
		w.OK(err)
		if got := letters(w, 2*time.Hour); len(got) != 1 || len(got["ewa.autorska@example.org"]) != 1 || strings.Contains(got["ewa.autorska@example.org"][0].Body, "Skąd") {
			t.Errorf("%+v", got) // what was said stands on the page alone
		}
		_, err = w.Approvals.Say(ctx, w.Author, id, "Z umowy.")
		w.OK(err)
		if got := letters(w, 2*time.Hour); len(got) != 1 || len(got[second]) != 1 {
			t.Errorf("%+v", got)
		}
		w.Refused("seen while it waits", w.Approvals.See(ctx, w.Author, id), errs.ErrConflict)
		r, err := w.Approvals.Of(ctx, w.SecondAuthor, approval.SiteText, "a")
		w.OK(err)
		if len(r.Words) != 2 || r.Words[0].Words != "Skąd ten numer?" || r.Words[1].Name != "Ewa Autorska" {
			t.Errorf("%+v", r)
		}
		answer(w, approval.Answer{Ref: "a", By: w.SecondAuthor.PersonID, Outcome: approval.Approved})
		_, err = w.Approvals.Say(ctx, w.Author, id, "Dziękuję")
		w.Refused("over", err, errs.ErrConflict)
	})
}

// TestALongLetterIsCutAndCounted: an import asks hundreds of times, in one letter.
func TestALongLetterIsCutAndCounted(t *testing.T) {
	w := testrig.New(t)
	w.Letters()
	for i := range 25 {
		ask(w, approval.Ask{Ref: fmt.Sprint(i), Title: fmt.Sprintf("Tytuł %d.", i), By: w.Author.PersonID})
	}
	got := letters(w, time.Hour)[third]
	if len(got) != 1 || strings.Count(got[0].Body, "Tytuł") != 20 || !strings.Contains(got[0].Body, "5") || !strings.Contains(got[0].Subject, "25") {
		t.Errorf("%+v", got)
	}
}

// TestWhatIsKept: what is over goes after its time with all that was said; what a person asked and said goes with the person.
func TestWhatIsKept(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rows := func() (n int) {
			for _, table := range []string{"approval", "approval_word", "approval_line"} {
				n += testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM `+table))(t)
			}
			return n
		}
		talk := func(ref string) {
			ask(w, approval.Ask{Ref: ref, By: w.Author.PersonID})
			list, _, err := w.Approvals.Read(ctx, w.SecondAuthor)
			w.OK(err)
			_, err = w.Approvals.Say(ctx, w.SecondAuthor, list[0].ID, "x")
			w.OK(err)
			answer(w, approval.Answer{Ref: ref, By: w.SecondAuthor.PersonID, Outcome: approval.Approved})
		}
		talk("a")
		w.Clock.Advance(90 * 24 * time.Hour)
		w.OK(w.Approvals.Forget(ctx))
		if rows() == 0 {
			t.Error("erased too early")
		}
		w.Clock.Advance(time.Second)
		w.OK(w.Approvals.Forget(ctx))
		if n := rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		talk("b")
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return approval.ForgetPerson(ctx, tx, w.SecondAuthor.PersonID) }))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM approval_word`))(t); n != 0 {
			t.Error("what somebody said outlives them")
		}
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return approval.ForgetPerson(ctx, tx, w.Author.PersonID) }))
		if n := rows(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

func TestNoFailureIsSilent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		ask(w, approval.Ask{Ref: "a", By: w.Author.PersonID})
		ask(w, approval.Ask{Ref: "b", By: w.Author.PersonID})
		list, _, err := w.Approvals.Read(ctx, w.SecondAuthor)
		w.OK(err)
		id := list[0].ID
		in := func(fn func(ctx context.Context, tx *db.Tx) error) func() error {
			return func() error { return w.DB.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }) }
		}
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "ask", Do: in(func(ctx context.Context, tx *db.Tx) error {
				return w.Approvals.Asked(ctx, tx, approval.Asked{Ask: approval.Ask{Kind: approval.SiteText, Ref: "b", Path: "/", Permission: access.SiteWrite, By: w.Author.PersonID}})
			})},
			{Name: "read", Do: func() error { _, _, err := w.Approvals.Read(ctx, w.SecondAuthor); return err }},
			{Name: "request", Do: func() error { _, err := w.Approvals.Request(ctx, w.SecondAuthor, id); return err }},
			{Name: "of", Do: func() error { _, err := w.Approvals.Of(ctx, w.SecondAuthor, approval.SiteText, "a"); return err }},
			{Name: "say", Do: func() error { _, err := w.Approvals.Say(ctx, w.SecondAuthor, id, "x"); return err }},
			{Name: "answer", Do: in(func(ctx context.Context, tx *db.Tx) error {
				return w.Approvals.Answered(ctx, tx, approval.Answered{Answer: approval.Answer{Kind: approval.SiteText, Ref: "a", By: w.SecondAuthor.PersonID, Outcome: approval.Approved}})
			})},
			{Name: "see", Do: func() error { return w.Approvals.See(ctx, w.Author, id) }},
			{Name: "forget", Do: func() error { return w.Approvals.Forget(ctx) }},
			{Name: "forget a person", Do: in(func(ctx context.Context, tx *db.Tx) error {
				return approval.ForgetPerson(ctx, tx, w.SecondAuthor.PersonID)
			})},
		})
	})
}

func TestKindsHaveWords(t *testing.T) {
	w := testrig.New(t)
	for _, tag := range []string{"pl", "en"} {
		p := w.Approvals.Catalogue.Printer(tag)
		for _, k := range approval.Kinds {
			if !p.Has("approval.kind." + string(k)) {
				t.Errorf("%s has no words in %s", k, tag)
			}
		}
	}
	if !slices.Contains(approval.Kinds, approval.SiteText) {
		t.Error("no kinds")
	}
}
