package learning_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningtest"
)

// facts are those of a day, of which some have lapsed.
type facts struct{ book *fact.Book }

// Today returns them.
func (f *facts) Today() *fact.Book { return f.book }

// At returns them, too.
func (f *facts) At(context.Context, time.Time) (*fact.Book, error) { return f.book, nil }

// lapse makes facts of whom the named ones are not shown any more.
func (f *facts) lapse(names ...string) {
	var list []*fact.Fact
	for _, name := range []string{"a", "b", "c"} {
		x := &fact.Fact{ID: name, Value: map[string]string{fact.AnyLang: "3"}}
		if slices.Contains(names, name) {
			x.ValidUntil = "2020-01-01"
		}
		list = append(list, x)
	}
	f.book = fact.NewBook(list, nil, learningtest.Start, time.UTC)
}

// resting publishes the small course, whose three test items, of which two are drawn, rest on a fact each: t-1 on a, and so on.
func resting(w *learningtest.World) *facts {
	f := &facts{}
	f.lapse()
	w.Courses.In(fstest.MapFS{
		"pack.yaml":  {Data: []byte("id: aa\nlanguages: [pl, en]\n")},
		"facts.yaml": {Data: []byte("- {id: a, value: {any: \"3\"}}\n- {id: b, value: {any: \"3\"}}\n- {id: c, value: {any: \"3\"}}\n")},
	}, f)
	folder := learningtest.Folder("resting")
	before, after, _ := strings.Cut(string(folder["items/all.yaml"].Data), "- id: t-1")
	for _, name := range []string{"a", "b", "c"} {
		after = strings.Replace(after, "\"Pytanie?\"", "\"Pytanie {"+name+"}?\"", 1)
	}
	folder["items/all.yaml"] = &fstest.MapFile{Data: []byte(before + "- id: t-1" + after)}
	w.Publish(folder)
	return f
}

// sitter is somebody at the test.
type sitter struct {
	w *learningtest.World
	a access.Actor
	e learning.Enrolment
}

// submit hands an attempt in.
func (s *sitter) submit(a learning.Attempt, form map[string][]string) learning.Attempt {
	s.w.T.Helper()
	done, err := s.w.Learning.SaveAnswers(s.w.T.Context(), s.a, s.e.ID, a.ID, form, true, true)
	if err != nil {
		s.w.T.Fatal(err)
	}
	return done.Attempt
}

// begin enrols somebody new and begins the test.
func begin(w *learningtest.World, f *facts, lapsed ...string) (*sitter, learning.Attempt) {
	w.T.Helper()
	s := &sitter{w: w, a: w.Person()}
	s.e = w.Enrol(s.a)
	w.FinishParts(s.a, s.e.ID)
	f.lapse(lapsed...)
	a, err := w.Learning.BeginTest(w.T.Context(), s.a, s.e.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return s, a
}

// Of three items two are asked. With one lapsed it is left out; with two, one of them is asked and counts for nothing.
func TestALapsedItemIsAskedUnscoredWhereTooFewAreLeft(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		f := resting(w)
		if _, a := begin(w, f); len(a.Items) != 2 || len(a.Lapsed) != 0 {
			w.T.Errorf("nothing lapsed: %v, %v", a.Items, a.Lapsed)
		}
		if _, a := begin(w, f, "a"); len(a.Items) != 2 || slices.Contains(a.Items, "t-1") || len(a.Lapsed) != 0 {
			w.T.Errorf("one lapsed: %v, %v", a.Items, a.Lapsed)
		}
		for _, right := range []string{"t-3", "t-1"} { // the one that counts, and the other
			s, a := begin(w, f, "a", "b")
			if len(a.Items) != 2 || !slices.Contains(a.Items, "t-3") || len(a.Lapsed) != 1 || a.Lapsed[0] == "t-3" {
				w.T.Fatalf("two lapsed: %v, %v", a.Items, a.Lapsed)
			}
			form := learningtest.Answers(a.Items, right != "t-3")
			form["item.t-3"] = learningtest.Answers([]string{"t-3"}, right == "t-3")["item.t-3"]
			if got := s.submit(a, form); *got.Percent != map[bool]float64{true: 100, false: 0}[right == "t-3"] || *got.Passed != (right == "t-3") {
				w.T.Errorf("right is %s: %v %%, passed %v", right, *got.Percent, *got.Passed)
			}
			v, err := w.Learning.Attempt(w.T.Context(), s.a, s.e.ID, a.ID)
			if err != nil || !slices.Equal(v.Attempt.Lapsed, a.Lapsed) {
				w.T.Errorf("kept: %v, %v", v.Attempt.Lapsed, err)
			}
		}
	})
}

// A fact that lapses or is renewed after an attempt has begun changes no mark: not while it is answered, and not afterwards.
func TestWhatLapsesOrIsRenewedLaterChangesNoMark(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		f := resting(w)
		for _, c := range []struct{ first, then []string }{
			{nil, []string{"a", "b", "c"}}, {[]string{"a", "b"}, nil}, {[]string{"a", "b"}, []string{"c"}},
		} {
			s, a := begin(w, f, c.first...)
			f.lapse(c.then...)
			if again, err := w.Learning.BeginTest(w.T.Context(), s.a, s.e.ID); err != nil || again.ID != a.ID || !slices.Equal(again.Lapsed, a.Lapsed) {
				w.T.Errorf("gone on with: %+v, %v", again, err)
			}
			form := learningtest.Answers(a.Items, false)
			form["item.t-3"] = []string{"a"}
			right := 0.0
			for _, itemID := range a.Items {
				if itemID == "t-3" {
					right++
				}
			}
			want := 100 * right / float64(len(a.Items)-len(a.Lapsed))
			if got := s.submit(a, form); *got.Percent != want {
				w.T.Errorf("%v, then %v: %v %%, want %v", c.first, c.then, *got.Percent, want)
			}
			f.lapse(c.first...)
			if v, err := w.Learning.Attempt(w.T.Context(), s.a, s.e.ID, a.ID); err != nil || *v.Attempt.Percent != want || !slices.Equal(v.Attempt.Lapsed, a.Lapsed) {
				w.T.Errorf("afterwards: %+v, %v", v.Attempt, err)
			}
		}
	})
}

// Nobody fails an attempt of which nothing counts: none begins, and none is used up.
func TestNoAttemptBeginsOfWhichNothingCounts(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		f := resting(w)
		a := w.Person()
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		f.lapse("a", "b", "c")
		var refusal *errs.Error
		if _, err := w.Learning.BeginTest(w.T.Context(), a, e.ID); !errors.As(err, &refusal) || refusal.Key != "learning.test.nothing-counts" {
			w.T.Errorf("begun: %v", err)
		}
		visit, err := w.Learning.Test(w.T.Context(), a, e.ID)
		if err != nil || !errors.As(visit.Refusal, &refusal) || refusal.Key != "learning.test.nothing-counts" || len(visit.Progress.Attempts) != 0 {
			w.T.Errorf("%v, %v", visit.Refusal, err)
		}
		f.lapse("a", "b")
		if _, err := w.Learning.BeginTest(w.T.Context(), a, e.ID); err != nil {
			w.T.Error(err)
		}
	})
}

// What was asked before it was kept what counts goes on as it was: all of it counts but what is on trial.
func TestAnAttemptFromBeforeCountsWhole(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		f := resting(w)
		s, a := begin(w, f, "a", "b")
		w.Exec(`UPDATE attempt SET lapsed = '[]' WHERE id = ?`, a.ID) // as the migration leaves it
		form := learningtest.Answers(a.Items, true)
		form["item.t-3"] = []string{"b"}
		if got := s.submit(a, form); *got.Percent != 50 {
			w.T.Errorf("%v %%", *got.Percent)
		}
	})
}
