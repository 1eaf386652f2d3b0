package learning_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
	"ostoja/internal/mail"
)

// named returns the small course under another id.
func named(courseID, label string) fstest.MapFS {
	folder := learningtest.Folder(label)
	folder["course.yaml"].Data = []byte(strings.Replace(string(folder["course.yaml"].Data), "id: small", "id: "+courseID, 1))
	return folder
}

// inEnglish takes the Polish out of a course.
func inEnglish(folder fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for name, f := range folder {
		if strings.HasSuffix(name, ".pl.md") {
			continue
		}
		lines := strings.Split(strings.Replace(string(f.Data), "languages: [pl, en]", "languages: [en]", 1), "\n")
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

// statements returns the verbs and objects that were recorded of a person, in order.
func statements(w *learningtest.World, personID string) []string {
	w.T.Helper()
	type row struct{ Verb, Object string }
	rows, err := db.All[row](w.T.Context(), w.DB, `SELECT verb, object FROM statement WHERE person_id = ? ORDER BY id`, personID)
	if err != nil {
		w.T.Fatal(err)
	}
	var list []string
	for _, r := range rows {
		list = append(list, r.Verb+" "+r.Object)
	}
	return list
}

func TestWhoIsEnrolledByTheDesk(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator := w.T.Context(), w.Person(access.Coordinator)
		w.Publish(named("other", "1"))
		a, self, left, inOther := w.Person(), w.Person(), w.Person(), w.Person()
		w.Enrol(self)
		gone := w.Enrol(left)
		if err := w.Learning.Withdraw(ctx, coordinator, gone.ID); err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.Enrol(ctx, inOther, "other", "pl"); err != nil {
			w.T.Fatal(err)
		}
		n, err := w.Learning.EnrolMany(ctx, coordinator, "small", []string{a.PersonID, self.PersonID, left.PersonID, inOther.PersonID})
		if n != 3 || err != nil || len(w.Letters) != 3 {
			w.T.Fatalf("%d enrolled with %d letters, %v", n, len(w.Letters), err)
		}
		for who, c := range map[*access.Actor]struct {
			round  int
			source string
		}{&a: {1, "invitation"}, &self: {1, "self"}, &left: {2, "invitation"}, &inOther: {1, "invitation"}} {
			e, err := w.Learning.Latest(ctx, who.PersonID, "small")
			if err != nil || e.Round != c.round || e.Source != c.source || e.State() != learning.Invited || e.Lang != "pl" {
				w.T.Errorf("enrolled as %+v, %v", e, err)
			}
			if invited := e.EnrolledBy == coordinator.PersonID; invited != (c.source == "invitation") {
				w.T.Errorf("enrolled by %q", e.EnrolledBy)
			}
			written := slices.ContainsFunc(w.Letters, func(m mail.Message) bool { return strings.HasSuffix(m.Body, e.ID) })
			if written != (c.source == "invitation") {
				w.T.Errorf("written to: %v, of %s", written, c.source)
			}
		}
		for _, m := range w.Letters {
			if !strings.Contains(m.Body, "Mały kurs /app/learn/") || m.To == self.PersonID+"@example.org" {
				w.T.Errorf("a letter to %s: %s", m.To, m.Body)
			}
		}
		if _, err := w.Learning.EnrolMany(ctx, coordinator, "none", []string{a.PersonID}); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a course that there is not: %v", err)
		}
		if n, err := w.Learning.EnrolMany(ctx, w.Person(), "small", []string{w.Person().PersonID}); n != 0 || err != nil {
			w.T.Errorf("a learner enrolled %d, %v", n, err)
		}
		if got := statements(w, a.PersonID); !slices.Equal(got, []string{"registered course/small"}) {
			w.T.Errorf("recorded: %v", got)
		}
	})
}

func TestWhoHasNoAddressGetsNoLetter(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator, silent, a := w.T.Context(), w.Person(access.Coordinator), w.Person(), w.Person()
		w.Exec(`UPDATE person SET mail = '' WHERE id = ?`, silent.PersonID)
		n, err := w.Learning.EnrolMany(ctx, coordinator, "small", []string{silent.PersonID, a.PersonID})
		if n != 2 || err != nil || len(w.Letters) != 1 || w.Letters[0].To != a.PersonID+"@example.org" {
			w.T.Errorf("%d enrolled, letters %+v, %v", n, w.Letters, err)
		}
	})
}

// TestMoreThanOnePortion: an enrolment of many is written in portions of 200.
func TestMoreThanOnePortion(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		coordinator := w.Person(access.Coordinator)
		var ids []string
		for range 201 {
			ids = append(ids, w.Person().PersonID)
		}
		if n, err := w.Learning.EnrolMany(w.T.Context(), coordinator, "small", ids); n != 201 || err != nil {
			w.T.Errorf("%d enrolled, %v", n, err)
		}
	})
}

func TestWithdrawalHasItsLimits(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, b, coordinator := w.T.Context(), w.Person(), w.Person(), w.Person(access.Coordinator)
		e, other := w.Enrol(a), w.Enrol(b)
		w.Clock.Advance(time.Hour)
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		first, err := w.Learning.Latest(ctx, a.PersonID, "small")
		if err != nil || !first.WithdrawnAt.Equal(learningtest.Start.Add(time.Hour)) {
			w.T.Errorf("withdrawn at %s, %v", first.WithdrawnAt, err)
		}
		w.Clock.Advance(time.Hour)
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if again, err := w.Learning.Latest(ctx, a.PersonID, "small"); err != nil || !again.WithdrawnAt.Equal(first.WithdrawnAt) {
			w.T.Errorf("withdrawn twice, at %s, %v", again.WithdrawnAt, err)
		}
		if untouched, err := w.Learning.Latest(ctx, b.PersonID, "small"); err != nil || !untouched.WithdrawnAt.IsZero() {
			w.T.Errorf("another was withdrawn too: %+v, %v", untouched, err)
		}
		if err := w.Learning.Restore(ctx, b, e.ID); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a learner restored an enrolment: %v", err)
		}
		if err := w.Learning.Withdraw(ctx, coordinator, other.ID); err != nil {
			w.T.Fatal(err)
		}
		if err := w.Learning.Restore(ctx, coordinator, e.ID); err != nil {
			w.T.Fatal(err)
		}
		if back, err := w.Learning.Latest(ctx, a.PersonID, "small"); err != nil || !back.WithdrawnAt.IsZero() {
			w.T.Errorf("restored: %+v, %v", back, err)
		}
		if still, err := w.Learning.Latest(ctx, b.PersonID, "small"); err != nil || still.WithdrawnAt.IsZero() {
			w.T.Errorf("another was restored too: %+v, %v", still, err)
		}
		for what, err := range map[string]error{"withdrawn": w.Learning.Withdraw(ctx, coordinator, id.New()), "restored": w.Learning.Restore(ctx, coordinator, "x")} {
			if !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("an enrolment that there is not was %s: %v", what, err)
			}
		}
	})
}

func TestWhoHasPassedIsNotWithdrawn(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, a, coordinator := w.T.Context(), w.Person(), w.Person(access.Coordinator)
		e := w.Enrol(a)
		pass(w, a, e.ID)
		var refused *errs.Error
		if err := w.Learning.Withdraw(ctx, coordinator, e.ID); !errors.As(err, &refused) || refused.Key != "learning.withdraw.passed" {
			w.T.Errorf("withdrawn after a pass: %v", err)
		}
	})
}

// pass does a whole course.
func pass(w *learningtest.World, a access.Actor, enrolmentID string) {
	w.T.Helper()
	w.FinishParts(a, enrolmentID)
	attempt, err := w.Learning.BeginTest(w.T.Context(), a, enrolmentID)
	if err == nil {
		_, err = w.Learning.SaveAnswers(w.T.Context(), a, enrolmentID, attempt.ID, learningtest.Answers(attempt.Items, true), true, true)
	}
	if err != nil {
		w.T.Fatal(err)
	}
}

// TestWhoIsMoved to a new version: those under way and within reach, and nobody with a test open, passed, withdrawn or in
// another course.
func TestWhoIsMoved(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator := w.T.Context(), w.Person(access.Coordinator)
		w.Publish(named("other", "1"))
		people := map[string]access.Actor{}
		enrolments := map[string]learning.Enrolment{}
		for _, who := range []string{"invited", "under way", "in a test", "passed", "withdrawn"} {
			people[who] = w.Person()
			enrolments[who] = w.Enrol(people[who])
		}
		people["in the other"] = w.Person()
		var err error
		if enrolments["in the other"], err = w.Learning.Enrol(ctx, people["in the other"], "other", "pl"); err != nil {
			w.T.Fatal(err)
		}
		if _, err := w.Learning.Lesson(ctx, people["under way"], enrolments["under way"].ID, "one"); err != nil {
			w.T.Fatal(err)
		}
		w.FinishParts(people["in a test"], enrolments["in a test"].ID)
		if _, err := w.Learning.BeginTest(ctx, people["in a test"], enrolments["in a test"].ID); err != nil {
			w.T.Fatal(err)
		}
		pass(w, people["passed"], enrolments["passed"].ID)
		if err := w.Learning.Withdraw(ctx, coordinator, enrolments["withdrawn"].ID); err != nil {
			w.T.Fatal(err)
		}
		first := enrolments["invited"].VersionID
		second := w.Publish(learningtest.Folder("2"))
		w.Publish(named("other", "2"))
		stranger := access.Actor{PersonID: id.New(), Grants: []access.Grant{{Role: access.Coordinator, Path: "/other/"}}}
		if n, err := w.Learning.Move(ctx, stranger, "small"); n != 0 || err != nil {
			w.T.Errorf("a coordinator of another unit moved %d, %v", n, err)
		}
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 2 || err != nil {
			w.T.Errorf("%d moved, %v", n, err)
		}
		for who, a := range people {
			courseID := "small"
			if who == "in the other" {
				courseID = "other"
			}
			e, err := w.Learning.Latest(ctx, a.PersonID, courseID)
			if err != nil {
				w.T.Fatal(err)
			}
			moved := who == "invited" || who == "under way"
			if (e.VersionID == second.ID) != moved {
				w.T.Errorf("%s: on version %s", who, e.VersionID)
			}
			if told := e.MovedFrom == first; told != (who == "under way") { // who has seen nothing is told nothing
				w.T.Errorf("%s: told of a move from %q", who, e.MovedFrom)
			}
		}
		// Moved twice without looking: told of the version that they knew.
		w.Publish(learningtest.Folder("3"))
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 2 || err != nil {
			w.T.Errorf("%d moved, %v", n, err)
		}
		o, err := w.Learning.Overview(ctx, people["under way"], enrolments["under way"].ID)
		if err != nil || o.MovedFrom == nil || o.MovedFrom.VersionID != first || o.Course.Version != "3" {
			w.T.Errorf("told of %+v, %v", o.MovedFrom, err)
		}
		if _, err := w.Learning.Move(ctx, coordinator, "none"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a course that there is not: %v", err)
		}
	})
}

// TestAMoveChangesTheLanguageWhereItMust and only there; and finishes who has done what the new version asks.
func TestAMoveChangesTheLanguageWhereItMust(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator, polish, english := w.T.Context(), w.Person(access.Coordinator), w.Person(), w.Person()
		a := w.Enrol(polish)
		b, err := w.Learning.Enrol(ctx, english, "small", "en")
		if err != nil {
			w.T.Fatal(err)
		}
		w.FinishParts(polish, a.ID)
		w.Publish(learningtest.Folder("2"))
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 2 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		for who, lang := range map[*access.Actor]string{&polish: "pl", &english: "en"} {
			if e, err := w.Learning.Latest(ctx, who.PersonID, "small"); err != nil || e.Lang != lang {
				w.T.Errorf("in %q, want %q, %v", e.Lang, lang, err)
			}
		}
		if e, err := w.Learning.Latest(ctx, polish.PersonID, "small"); err != nil || e.State() != learning.Finished {
			w.T.Errorf("who had done everything is %s, %v", e.State(), err)
		}
		w.Publish(inEnglish(learningtest.Folder("3")))
		if n, err := w.Learning.Move(ctx, coordinator, "small"); n != 2 || err != nil {
			w.T.Fatalf("%d moved, %v", n, err)
		}
		for _, enrolmentID := range []string{a.ID, b.ID} {
			lang, err := db.One[string](ctx, w.DB, `SELECT lang FROM enrolment WHERE id = ?`, enrolmentID)
			if err != nil || lang != "en" {
				w.T.Errorf("on a version in English alone in %q, %v", lang, err)
			}
		}
		if o, err := w.Learning.Overview(ctx, polish, a.ID); err != nil || o.Course.Parts()[0].Title(o.Lang) != "First" {
			w.T.Errorf("%v", err)
		}
	})
}

func TestUnbegunAndLatest(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		ctx, coordinator := w.T.Context(), w.Person(access.Coordinator)
		w.Publish(named("other", "1"))
		waiting, begun, left, again, other := w.Person(), w.Person(), w.Person(), w.Person(), w.Person()
		for _, a := range []access.Actor{waiting, begun, left, again} {
			w.Enrol(a)
		}
		if _, err := w.Learning.Enrol(ctx, other, "other", "pl"); err != nil {
			w.T.Fatal(err)
		}
		latest := func(a access.Actor) learning.Enrolment {
			e, err := w.Learning.Latest(ctx, a.PersonID, "small")
			if err != nil {
				w.T.Fatal(err)
			}
			return e
		}
		if _, err := w.Learning.Lesson(ctx, begun, latest(begun).ID, "one"); err != nil {
			w.T.Fatal(err)
		}
		if err := w.Learning.Withdraw(ctx, coordinator, latest(left).ID); err != nil {
			w.T.Fatal(err)
		}
		pass(w, again, latest(again).ID)
		if _, err := w.Learning.Again(ctx, again, "small"); err != nil {
			w.T.Fatal(err)
		}
		if e := latest(again); e.Round != 2 {
			w.T.Errorf("the latest of two rounds is %+v", e)
		}
		list, err := w.Learning.Unbegun(ctx, w.DB, "small")
		if err != nil || !slices.Equal(list, []string{waiting.PersonID}) {
			w.T.Errorf("not begun: %v, %v", list, err)
		}
		if _, err := w.Learning.Latest(ctx, other.PersonID, "small"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("who is enrolled in another course: %v", err)
		}
	})
}
