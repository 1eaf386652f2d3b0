package year_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/disclosure"
	"ostoja/internal/errs"
	"ostoja/internal/publication"
	"ostoja/internal/report/year"
	"ostoja/internal/site/visits"
	"ostoja/internal/testrig"
)

// comers lets new people pass a course, one after the other.
func comers(t *testing.T, w *testrig.World) func(n int) {
	t.Helper()
	all := 0
	return func(n int) {
		for range n {
			all++
			w.Clock.Advance(time.Minute)
			w.Pass(w.Person("Ktoś", fmt.Sprintf("Nowy%d", all), w.Terespol), testrig.SmallCourse)
		}
		w.Clock.Advance(time.Minute)
	}
}

func told(t *testing.T, w *testrig.World) map[year.Key]float64 {
	t.Helper()
	w.OK(w.Year.Tell(t.Context()))
	list := testrig.Must(db.All[year.Told](t.Context(), w.DB, `SELECT year, figure, n, at_least, counted_on FROM report_year_figure WHERE year = 2026`))(t)
	byKey := map[year.Key]float64{}
	for _, f := range list {
		byKey[f.Figure] = f.N
	}
	return byKey
}

// TestAYearInFigures: each figure is what its definition says, in its own year and no other; what nobody counted is not nothing.
func TestAYearInFigures(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		at := w.Clock.Now().Add(time.Hour)
		class := w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa",
			testrig.Hours{From: at, Until: at.Add(3 * time.Hour)}, testrig.Hours{From: at.Add(4 * time.Hour), Until: at.Add(7 * time.Hour)}, testrig.Hours{From: at.Add(24 * time.Hour), Until: at.Add(27 * time.Hour)})
		class.Seat(w.Learner, w.OtherLearner)
		w.Pass(w.Learner, testrig.SmallCourse)
		w.Clock.Advance(48 * time.Hour)
		class.Present(0, w.Learner, 180)
		class.Present(1, w.Learner, 180)
		class.Present(2, w.Learner, 180)
		class.Present(0, w.OtherLearner, 60)
		class.Close(0, 1, 2)
		publicationID := testrig.Must(w.Publications.Create(ctx, w.Coordinator, publication.Draft{UnitID: w.Office, Title: "Poradnik", Languages: []string{"pl"}}))(t)
		place := testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Biuro", Kind: publication.Office}))(t)
		_ = testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, publication.Run{Day: "2025-12-01", Copies: 90}, place))(t)
		for day, copies := range map[string]int{"2025-12-31": 40, "2026-01-01": 7} {
			w.OK(w.Publications.Record(ctx, w.Coordinator, publicationID, publication.Move{Kind: publication.Sent, FromID: place, UnitID: w.Terespol, Copies: copies, Day: day}))
		}
		now := testrig.Must(w.Year.Year(ctx, w.Coordinator, 2026))(t)
		want := map[year.Key]year.Figure{
			year.Trainings: {Known: true, N: 1}, year.People: {Known: true, N: 2}, year.Participations: {Known: true, N: 3}, year.PersonDays: {Known: true, N: 3}, year.Certificates: {Known: true, N: 1},
			year.FirstLine: {}, year.Guardians: {Known: true}, year.Copies: {Known: true, N: 7}, year.Articles: {},
		}
		for key, x := range want {
			x.Key = key
			if got := now.Figure(key); got != x {
				t.Errorf("%+v, want %+v", got, x)
			}
		}
		if !now.Running || now.CountedOn != "2026-10-25" || len(now.Figures) != len(year.Keys) {
			t.Errorf("%+v", now)
		}
		before := testrig.Must(w.Year.Year(ctx, w.Coordinator, 2025))(t)
		if before.Running || before.Figure(year.Copies).N != 40 || before.Figure(year.People).N != 0 || before.Figure(year.Guardians).Known {
			t.Errorf("%+v", before)
		}
		// Openings: small numbers of a day are not in the sum, and the page says that there are others.
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `INSERT INTO site_article (id, code, kind, topic, doors, audiences, leaflet, source_lang, position, day, created_at) VALUES ('praca', 'aaaa', 'guide', 'work', '', '', FALSE, 'pl', 1, '', 0)`)
		}))
		w.OK(w.Visits.Add(ctx, map[visits.Visit]int64{{Page: "praca", Lang: "pl"}: 12, {Page: "praca", Lang: "uk"}: 9, {Page: "home", Lang: "pl"}: 50}))
		if got := testrig.Must(w.Year.Year(ctx, w.Coordinator, 2026))(t).Figure(year.Articles); got.Known {
			t.Errorf("the day is not over: %+v", got)
		}
		w.Clock.Advance(24 * time.Hour)
		w.OK(w.Visits.SuppressSmall(ctx))
		if got := testrig.Must(w.Year.Year(ctx, w.Coordinator, 2026))(t).Figure(year.Articles); got.N != 12 || !got.AtLeast {
			t.Errorf("%+v", got)
		}
		_, err := w.Year.Year(ctx, w.Coordinator, 2027)
		w.Refused("a year to come", err, errs.ErrNotFound)
		if years := testrig.Must(w.Year.Years(ctx, w.Coordinator))(t); len(years) != 1 || years[0] != 2026 {
			t.Errorf("%v", years)
		}
	})
}

// TestWhoReadsTheYear: who reads the projects of the whole installation.
func TestWhoReadsTheYear(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		for name, actor := range w.Everybody() {
			_, err := w.Year.Year(t.Context(), actor, 2026)
			_, other := w.Year.Years(t.Context(), actor)
			if may := actor.PersonID != "" && actor.Everywhere(access.ProjectsRead); may != (err == nil) || may != (other == nil) {
				t.Errorf("%s: %v, %v", name, err, other)
			}
		}
	})
}

// TestFiguresOfPeopleMoveInSteps: four who come change nothing that is told, the fifth changes all of it at once.
func TestFiguresOfPeopleMoveInSteps(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		come := comers(t, w)
		come(4)
		first := told(t, w)
		if _, ok := first[year.People]; ok {
			t.Errorf("four people are told of: %v", first)
		}
		if n, ok := first[year.Trainings]; !ok || n != 0 {
			t.Errorf("%v", first)
		}
		come(1)
		if got := told(t, w); got[year.People] != 5 || got[year.Participations] != 5 || got[year.Certificates] != 5 {
			t.Errorf("%v", got)
		}
		come(4)
		if got := told(t, w); got[year.People] != 5 || got[year.Certificates] != 5 {
			t.Errorf("four more are told of: %v", got)
		}
		if got := testrig.Must(w.Year.Year(t.Context(), w.Coordinator, 2026))(t).Figure(year.People); got.N != 9 {
			t.Errorf("the office itself sees %+v", got)
		}
		come(3)
		if got := told(t, w); got[year.People] != 12 || got[year.Participations] != 12 {
			t.Errorf("%v", got)
		}
		// The year ends while two wait: they are told of with nobody.
		come(2)
		w.Until(time.Date(2027, 1, 2, 12, 0, 0, 0, time.UTC))
		if got := told(t, w); got[year.People] != 12 {
			t.Errorf("after the year's end: %v", got)
		}
	})
}

// TestNoTwoTellingsTellOfFew: however people come and however often somebody looks, what is told of people differs by nothing or by five people at least.
func TestNoTwoTellingsTellOfFew(t *testing.T) {
	w := testrig.New(t)
	come, random := comers(t, w), rand.New(rand.NewPCG(3, 5))
	last, steps := 0.0, 0
	for range 40 {
		come(random.IntN(4))
		got := told(t, w)[year.People]
		if d := got - last; d != 0 && d < disclosure.LeastGroup {
			t.Fatalf("%v, then %v", last, got)
		} else if d != 0 {
			steps++
		}
		last = got
	}
	if steps < 3 {
		t.Errorf("only %d steps: the test shows nothing", steps)
	}
}

// TestNoFailureIsSilent: what cannot be counted is an error, and nothing half is told.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	comers(t, w)(5)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "years", Do: func() error { _, err := w.Year.Years(t.Context(), w.Coordinator); return err }},
		{Name: "year", Do: func() error { _, err := w.Year.Year(t.Context(), w.Coordinator, 2026); return err }},
		{Name: "tell", Do: func() error { return w.Year.Tell(t.Context()) }},
	})
	if got := told(t, w)[year.People]; got != 5 {
		t.Errorf("%v people", got)
	}
}
