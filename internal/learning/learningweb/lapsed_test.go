package learningweb_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/fact"
	"ostoja/internal/learning/learningtest"
)

// day is the facts of a day.
type day struct{ book *fact.Book }

// Today returns them.
func (d *day) Today() *fact.Book { return d.book }

// At returns them, too.
func (d *day) At(context.Context, time.Time) (*fact.Book, error) { return d.book, nil }

// TestWhatDoesNotCountIsSaid: beside the question, in the result and by objective; of an objective of which nothing counted the result
// says so and gives no 0 %. With nothing that counts the page says why no attempt begins.
func TestWhatDoesNotCountIsSaid(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		of := func(until string) *fact.Book {
			return fact.NewBook([]*fact.Fact{{ID: "term", Value: map[string]string{fact.AnyLang: "3"}, ValidUntil: until}}, nil, learningtest.Start, time.UTC)
		}
		facts := &day{of("2020-01-01")}
		w.Courses.In(fstest.MapFS{"pack.yaml": {Data: []byte("id: aa\nlanguages: [pl, en]\n")}, "facts.yaml": {Data: []byte("- {id: term, value: {any: \"3\"}}\n")}}, facts)
		folder := changed("small",
			[3]string{"course.yaml", "modules:", "  - {id: apply, topic: law, text: {pl: \"Stosuje.\", en: \"Applies.\"}}\nmodules:"},
			[3]string{"tests/final.yaml", "count: 2}]", "count: 2}, {objective: apply, count: 1}]"})
		before, last, _ := strings.Cut(string(folder["items/all.yaml"].Data), "- id: t-3")
		last = strings.NewReplacer("objective: know", "objective: apply", "Pytanie?", "Ile to {term}?").Replace(last)
		folder["items/all.yaml"].Data = []byte(before + "- id: t-3" + last)
		w.Publish(folder)
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		w.FinishParts(a, e.ID)
		d, r := s.post("/app/learn/"+e.ID+"/test", nil)
		attempt := r.Request.URL.Path
		const beside, above = "To pytanie nie liczy się do wyniku:", "1 pytanie nie liczyło się do wyniku"
		if text := d.Text(); strings.Count(text, beside) != 1 || !strings.Contains(d.Find("fieldset.question:has([name='item.t-3']) .hint").Text(), beside) {
			w.T.Errorf("said %d times that a question does not count", strings.Count(text, beside))
		}
		d, _ = s.post(attempt, map[string][]string{"item.t-1": {"a"}, "item.t-2": {"a"}, "item.t-3": {"b"}, "submit": {"1"}})
		want(w.T, d, "Test zaliczony Twój wynik: 100 %.")
		want(w.T, d, above)
		want(w.T, d, "Dlatego wynik nie obejmuje tym razem celów: Stosuje.")
		if rows := said(d.Find(".bars tbody tr")); rows != "Wie. 100 %" {
			w.T.Errorf("by objective: %q", rows)
		}
		if text := d.Find("fieldset.question").Text(); strings.Count(text, beside) != 1 {
			w.T.Errorf("said %d times beside the answers", strings.Count(text, beside))
		}
		// Renewed afterwards, the result stays; a new attempt of somebody else asks it as any other.
		facts.book = of("2030-01-01")
		if d, _ = s.get(attempt + "/result"); !strings.Contains(d.Text(), above) {
			w.T.Error("the result has changed")
		}
		b := w.Person()
		other := w.Enrol(b)
		w.FinishParts(b, other.ID)
		s.as(b)
		if d, _ = s.post("/app/learn/"+other.ID+"/test", nil); strings.Contains(d.Text(), beside) {
			w.T.Error("a question whose fact holds does not count")
		}
		// Nothing counts.
		facts.book = of("2020-01-01")
		folder["items/all.yaml"].Data = []byte(strings.ReplaceAll(string(folder["items/all.yaml"].Data), "Pytanie?", "Ile to {term}?"))
		w.Publish(folder)
		c := w.Person()
		third := w.Enrol(c)
		w.FinishParts(c, third.ID)
		s.as(c)
		d, _ = s.get("/app/learn/" + third.ID + "/test")
		want(w.T, d, "Testu nie można teraz rozpocząć")
		lacks(w.T, d, "Rozpocznij test")
	})
}
