package learningweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/learning/learningtest"
)

// twoModules is a course of a module with a warning, two lessons and two questions, and one with a story and a lesson.
func twoModules() fstest.MapFS {
	folder := changed("small",
		[3]string{"course.yaml", "parts: [{lesson: one}, {scenario: bus}, {lesson: two}]", `warning: {pl: "Opisy krzywdy.", en: "Harm."}
    parts: [{lesson: one}, {lesson: two}]
  - id: n
    title: {pl: "Drugi moduł", en: "Module two"}
    parts: [{scenario: bus}, {lesson: three}]`},
		[3]string{"modules/m/one.pl.md", `"check-1"`, `"check-1 check-2"`}, [3]string{"modules/m/one.en.md", `"check-1"`, `"check-1 check-2"`})
	for _, tag := range []string{"pl", "en"} {
		folder["modules/n/three."+tag+".md"] = folder["modules/m/two."+tag+".md"]
	}
	items := string(folder["items/all.yaml"].Data)
	first, _, _ := strings.Cut(items[3:], "\n- id:")
	folder["items/all.yaml"].Data = []byte(items + strings.Replace(items[:3]+first, "check-1", "check-2", 1) + "\n")
	return folder
}

// TestALessonsPage: where it stands, its module's warning, what is done of it, and its questions, one by one.

func TestALessonsPage(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(twoModules())
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		learn := "/app/learn/" + e.ID
		one := learn + "/lesson/one"
		d, _ := s.get(one)
		want(w.T, d, "Część 1 z 4")
		want(w.T, d, "Ostrzeżenie o treści Opisy krzywdy.")
		lacks(w.T, d, "oznaczona jako przeczytana", "Odpowiedz ponownie")
		if d.Find("[role=alert]").Length() != 0 || d.Find("article form").Length() != 2 || !strings.Contains(d.Find("article").Text(), "Tekst.") {
			w.T.Error("a lesson as it is opened first")
		}
		contents := func(current string, list ...string) {
			w.T.Helper()
			got := d.Find("nav.contents h2, nav.contents ol a, nav.contents p a").Map(func(_ int, s *goquery.Selection) string {
				return strings.TrimSpace(strings.Split(strings.TrimLeft(said(s), "○◇✓ "), " (")[0])
			})
			here := d.Find("nav.contents a[aria-current=page]")
			if !slices.Equal(got, list) || here.Length() != 1 || here.AttrOr("href", "") != current {
				w.T.Errorf("contents %q, here %s", got, here.AttrOr("href", ""))
			}
		}
		contents(one, "1. Moduł", "Pierwsza", "Druga", "2. Drugi moduł")
		wantActions(w.T, d.Find(".sticky-end"), "Strona kursu "+learn, "Przeczytane – dalej "+one)

		// One question answered, the other not; each is answered by itself.
		d, r := s.post(one+"/check", url.Values{"item": {"check-1"}, "item.check-1": {"a"}})
		if r.StatusCode != http.StatusOK || d.Find("article form").Length() != 1 || d.Find("#item-check-1 form").Length() != 0 {
			w.T.Errorf("one answered: status %d, %d forms", r.StatusCode, d.Find("article form").Length())
		}
		if got := d.Find("#item-check-1 a").AttrOr("href", ""); got != "?again=check-1#item-check-1" {
			w.T.Errorf("again leads to %q", got)
		}
		want(w.T, d, "Tak.")
		if d, _ = s.get(one + "?again=check-2"); d.Find("article form").Length() != 1 {
			w.T.Error("the other one again opens this one")
		}
		if d, _ = s.get(one + "?again=check-1"); d.Find("article form").Length() != 2 || !d.Find("#item-check-1 input[value=a]").Is("[checked]") {
			w.T.Error("answered again")
		}
		// An empty answer is refused at its question, also where there was one before; the other stays answered.
		s.post(one+"/check", url.Values{"item": {"check-2"}, "item.check-2": {"b"}})
		d, r = s.post(one+"/check", url.Values{"item": {"check-2"}})
		if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 || d.Find("#item-check-2 form").Length() != 1 || d.Find("#item-check-1 form").Length() != 0 {
			w.T.Errorf("an empty answer: status %d", r.StatusCode)
		}
		if text := d.Find("#item-check-2").Text(); !strings.Contains(text, "Wybierz albo wpisz odpowiedź.") || strings.Contains(d.Find("#item-check-1").Text(), "Wybierz albo wpisz") {
			w.T.Errorf("the fault stands elsewhere: %s", text)
		}
		if d.Find("#item-check-2 input[checked]").Length() != 0 {
			w.T.Error("what was sent is not shown, but an earlier answer")
		}
		if _, r := s.post(one+"/check", url.Values{"item": {"none"}, "item.none": {"a"}}); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("a question that there is not: status %d", r.StatusCode)
		}
		s.post(one, nil)
		d, _ = s.get(one)
		want(w.T, d, "oznaczona jako przeczytana")
		wantActions(w.T, d.Find(".sticky-end"), "Strona kursu "+learn, "Dalej "+one)
		d, _ = s.get(learn + "/lesson/two")
		contents(learn+"/lesson/two", "1. Moduł", "Pierwsza", "Druga", "2. Drugi moduł")
		lacks(w.T, d, "Ostrzeżenie o treści", "oznaczona jako przeczytana")
		wantActions(w.T, d.Find(".sticky-end"), "Wstecz "+one, "Przeczytane – dalej "+learn+"/lesson/two")
		d, _ = s.get(learn + "/lesson/three")
		want(w.T, d, "Część 4 z 4")
		contents(learn+"/lesson/three", "1. Moduł", "2. Drugi moduł", "Autokar", "Druga")
		wantActions(w.T, d.Find(".sticky-end"), "Wstecz "+learn+"/scenario/bus", "Przeczytane "+learn+"/lesson/three")
		if _, r := s.get(learn + "/lesson/none"); r.StatusCode != http.StatusNotFound {
			w.T.Errorf("a lesson that there is not: status %d", r.StatusCode)
		}
	})
}

// TestAModuleWithoutWarning shows none.
func TestAModuleWithoutWarning(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		s, a := serve(w), w.Person()
		s.as(a)
		e := w.Enrol(a)
		for _, page := range []string{"/lesson/one", "/lesson/two", "/scenario/bus"} {
			d, _ := s.get("/app/learn/" + e.ID + page)
			lacks(w.T, d, "Ostrzeżenie o treści")
		}
	})
}

// TestAStorysPages: its warning, its clock and the counters that are to be seen, what followed, and the way back at its end.

func TestAStorysPages(t *testing.T) {
	const story = "scenarios/bus.yaml"
	for name, c := range map[string]struct {
		more          string
		clock, number bool
	}{"plain": {"", false, false}, "clock": {"minutes: 10\nlate: over\n", true, false}, "counter": {"", false, true}, "both": {"minutes: 10\nlate: over\n", true, true}} {
		t.Run(name, func(t *testing.T) {
			learningtest.Each(t, func(w *learningtest.World) {
				head := "warning: {pl: \"Trudne treści.\", en: \"Hard.\"}\n" + c.more + "state:\n  hidden: {start: 5, label: {pl: \"Ukryte\", en: \"Hidden\"}}\n"
				if c.number {
					head += "  trust: {start: 1, label: {pl: \"Zaufanie\", en: \"Trust\"}, show: true}\n"
				}
				folder := changed("small", [3]string{story, "start: one\n", head + "start: one\n"},
					[3]string{story, "rating: poor,", "change: {hidden: 1},"})
				if c.clock {
					text := strings.Replace(string(folder[story].Data), "debrief:", "  over: {end: poor, text: {pl: \"Za późno.\", en: \"Too late.\"}}\ndebrief:", 1)
					folder[story].Data = []byte(strings.Replace(text, "rating: good,", "rating: good, minutes: 12,", 1))
					folder[story].Data = []byte(strings.Replace(string(folder[story].Data), "to: good}\n", "to: one}\n      - {text: {pl: \"Odejść\", en: \"Leave\"}, consequence: {pl: \"Cisza.\", en: \"Silence.\"}, to: good}\n", 1))
				}
				if c.number {
					folder[story].Data = []byte(strings.Replace(string(folder[story].Data), "change: {hidden: 1}", "change: {hidden: 1, trust: 1}", 1))
				}
				w.Publish(folder)
				s, a := serve(w), w.Person()
				s.as(a)
				e := w.Enrol(a)
				learn := "/app/learn/" + e.ID
				bus := learn + "/scenario/bus"
				d, _ := s.get(bus)
				want(w.T, d, "Ostrzeżenie o treści Trudne treści.")
				wantActions(w.T, d.Find("main"), "Rozpocznij scenariusz "+bus+"/again")
				if d.Find("[role=status].meta").Length() != 0 {
					w.T.Error("the clock runs before the story begins")
				}
				d, r := s.post(bus+"/again", nil)
				if r.Request.URL.Path != bus {
					w.T.Errorf("begun at %s", r.Request.URL.Path)
				}
				lacks(w.T, d, "Co z tego wynikło", "Ostrzeżenie", "Czas minął")
				state := func(clock, number string) {
					w.T.Helper()
					var list []string
					if c.clock {
						list = append(list, clock)
					}
					if c.number {
						list = append(list, number)
					}
					line := d.Find("main p.meta[role=status]")
					if got := line.Find("p > span").Map(func(_ int, s *goquery.Selection) string { return s.Text() }); !slices.Equal(got, list) || line.Length() != min(1, len(list)) {
						w.T.Errorf("state %q, want %q in %d lines", got, list, line.Length())
					}
				}
				state("Upłynęło 0 z 10 min", "Zaufanie: 1")
				for _, form := range []url.Values{{"step": {"0"}}, {"choice": {"0"}}, {"step": {"0"}, "choice": {"7"}}} {
					d, r := s.post(bus+"/choose", form)
					if r.StatusCode != http.StatusUnprocessableEntity || d.Find("[role=alert]").Length() != 1 || !strings.Contains(d.Text(), "Noc.") {
						w.T.Errorf("%v: status %d", form, r.StatusCode)
					}
				}
				wait := map[bool]string{true: "2", false: "1"}[c.clock]
				d, r = s.post(bus+"/choose", url.Values{"step": {"0"}, "choice": {wait}})
				want(w.T, d, "Co z tego wynikło Źle.")
				lacks(w.T, d, "Czas minął")
				state("Upłynęło 0 z 10 min", "Zaufanie: 2")
				if d.Find("[role=alert]").Length() != 0 || r.Request.URL.Path != bus {
					w.T.Errorf("chosen: %s", r.Request.URL.Path)
				}
				d, _ = s.post(bus+"/choose", url.Values{"step": {"1"}, "choice": {"0"}})
				state("Upłynęło 12 z 10 min", "Zaufanie: 2")
				if c.clock {
					want(w.T, d, "Czas minął")
					want(w.T, d, "Złe zakończenie Za późno.")
				} else {
					lacks(w.T, d, "Czas minął")
					want(w.T, d, "Dobre zakończenie Koniec.")
				}
				want(w.T, d, "Co z tego wynikło Dobrze.")
				way := d.Find("ol.path > li").Map(func(_ int, s *goquery.Selection) string { return said(s) })
				waited, asked := "Czekać Źle.", "Zapytać dobry wybór Dobrze." // the first has no rating
				if c.number {
					waited = "Czekać Zaufanie +1 Źle."
				}
				if c.clock {
					asked = "Zapytać dobry wybór 12 min Dobrze."
				}
				if !slices.Equal(way, []string{waited, asked}) {
					w.T.Errorf("the way: %q", way)
				}
				wantActions(w.T, d.Find(".sticky-end"), "Spróbuj inaczej "+bus+"/again", "Dalej "+learn+"/lesson/two")
				if _, r := s.post(learn+"/scenario/none/again", nil); r.StatusCode != http.StatusNotFound {
					w.T.Errorf("a story that there is not: status %d", r.StatusCode)
				}
				if _, r := s.post(learn+"/scenario/none/choose", url.Values{"step": {"0"}, "choice": {"0"}}); r.StatusCode != http.StatusNotFound {
					w.T.Errorf("a choice in it: status %d", r.StatusCode)
				}
			})
		})
	}
}

// TestAStoryAtTheEnd of a course leads back to the course's page.
func TestAStoryAtTheEnd(t *testing.T) {
	learningtest.Each(t, func(w *learningtest.World) {
		w.Publish(changed("last", [3]string{"course.yaml", "{lesson: one}, {scenario: bus}, {lesson: two}", "{lesson: one}, {lesson: two}, {scenario: bus}"}))
		s, a := serve(w), w.Person()
		s.as(a)
		_, r := s.post("/app/courses/last/enrol", nil)
		learn := r.Request.URL.Path
		s.post(learn+"/scenario/bus/again", nil)
		d, _ := s.post(learn+"/scenario/bus/choose", url.Values{"step": {"0"}, "choice": {"0"}})
		wantActions(w.T, d.Find(".sticky-end"), "Spróbuj inaczej "+learn+"/scenario/bus/again", "Strona kursu "+learn)
	})
}

// TestTheTestsPages, from before the first attempt to after the last.
