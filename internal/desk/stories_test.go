package desk_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/desk"
	"ostoja/internal/item"
	"ostoja/internal/testrig"
)

// stories is a world with a course whose story can be lost, and people who lead it.
type stories struct {
	*testrig.World
	course desk.Course
	n      int // people so far
}

func newStories(w *testrig.World) *stories {
	f := testrig.CourseFolder{ID: "losable", Langs: []string{"pl", "en"}}.Files()
	story := string(f["scenarios/bus.yaml"].Data)
	story = strings.Replace(story, "\n  good: {end", "\n      - {text: {pl: Odejść, en: Leave}, rating: poor, consequence: {pl: Cisza., en: Silence.}, to: lost}\n  lost: {end: poor, text: {pl: Zniknęła., en: Gone.}}\n  good: {end", 1)
	f["scenarios/bus.yaml"].Data = []byte(story)
	if _, _, err := w.Courses.Publish(w.T.Context(), w.Author, f); err != nil {
		w.T.Fatalf("%v %+v", err, err)
	}
	return &stories{World: w, course: testrig.Must(w.Desk.Course(w.T.Context(), "losable"))(w.T)}
}

// lead has somebody new of the learner's unit lead the story to an end by choices, and returns where.
func (s *stories) lead(choices ...int) (actor access.Actor, address string) {
	s.T.Helper()
	s.Clock.Advance(time.Minute)
	s.n++
	ctx, a := s.T.Context(), s.Person("Ola", "Uczestniczka"+string(rune('A'+s.n)), s.Terespol)
	e := s.Enrol(a, "losable")
	s.OK(s.Learning.BeginScenario(ctx, a, e.ID, "bus"))
	for step, choice := range choices {
		s.OK(s.Learning.Choose(ctx, a, e.ID, "bus", step, choice))
	}
	return a, "/app/learn/" + e.ID + "/scenario/bus"
}

func (s *stories) seen(by access.Actor) desk.Story {
	s.T.Helper()
	list := testrig.Must(s.Desk.Stories(s.T.Context(), by, s.course))(s.T)
	if len(list) != 1 {
		s.T.Fatalf("%d stories", len(list))
	}
	return list[0]
}

// TestStoriesAreToldAsSums: by fives, within the actor's reach, and no figure that would tell of fewer than five people.
func TestStoriesAreToldAsSums(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		s := newStories(w)
		for range 4 {
			s.lead(0)
		}
		if got := s.seen(w.GuardCoordinator); got.People.Shown || got.People.N != 0 {
			t.Errorf("of four people: %+v", got.People)
		}
		for range 6 { // who waits before leaving has a first choice that is poor as well
			s.lead(1, 2)
		}
		for range 3 { // begins the next step of five
			s.lead(2)
		}
		got := s.seen(w.GuardCoordinator)
		if got.People != (desk.Tally{N: 10, Shown: true}) {
			t.Errorf("of thirteen: %+v", got.People)
		}
		// Four of ten are few, and six would tell of them.
		if got.Ends[item.Good].Shown || got.Ends[item.Poor].Shown {
			t.Errorf("ends tell of four people: %+v", got.Ends)
		}
		for range 2 {
			s.lead(0)
		}
		got = s.seen(w.TerespolCoordinator)
		if got.People.N != 15 || got.Ends[item.Good] != (desk.Tally{N: 6, Shown: true}) || got.Ends[item.Poor] != (desk.Tally{N: 9, Shown: true}) {
			t.Errorf("of fifteen: %+v, %+v", got.People, got.Ends)
		}
		if len(got.Places) != 1 || got.Places[0].By[item.Poor].N != 9 || got.Places[0].By[item.Fair].Shown {
			t.Errorf("places %+v", got.Places)
		}
		if other := s.seen(w.PoliceCoordinator); other.People.N != 0 || other.Ends[item.Good].N != 0 {
			t.Errorf("beyond reach: %+v", other)
		}
	})
}

// TestNobodysWayIsSeen: the page of a way opens to whoever went it, and no page of the desk tells what somebody chose.
func TestNobodysWayIsSeen(t *testing.T) {
	w := testrig.New(t)
	s := newStories(w)
	who, address := s.lead(1, 2)
	if p := w.Browse(who).Get(address); p.Status != http.StatusOK || !strings.Contains(p.Body, "Odejść") {
		t.Fatalf("one's own way: %d", p.Status)
	}
	for name, a := range w.Everybody() {
		if p := w.Browse(a).Get(address); p.Status == http.StatusOK || strings.Contains(p.Body, "Odejść") {
			t.Errorf("%s opens another's way: %d", name, p.Status)
		}
		for _, path := range []string{"/app/desk/losable", "/app/desk/losable/people", "/app/desk/losable/people?as=csv", "/app/desk/losable/stories", "/app/people/" + who.PersonID} {
			p := w.Browse(a).Get(path)
			for _, words := range []string{"Odejść", "Czekać", "Zniknęła"} {
				if strings.Contains(p.Body, words) {
					t.Errorf("%s reads %q at %s", name, words, path)
				}
			}
		}
	}
}
