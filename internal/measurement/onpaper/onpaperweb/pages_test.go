package onpaperweb_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/testrig"
)

const before = measurement.Before

// attach attaches the small course's test to a training of the Guard with two people, and prepares its sheets.
func attach(t *testing.T, w *testrig.World) (m measurement.Measurement, path string) {
	t.Helper()
	ctx := t.Context()
	test := testrig.Must(w.Bank.Tests(ctx))(t)[0]
	for _, f := range test.Forms {
		testrig.Must(w.Bank.Review(ctx, w.Admin, f.Items, itembank.Approved, ""))(t)
	}
	m = testrig.Must(w.Measurement.Attach(ctx, w.GuardCoordinator, measurement.Draft{
		TestID: test.ID, Kind: measurement.OfTraining, UnitID: w.Guard, Waves: measurement.FollowUps, Survey: true,
		Make: w.Classroom.Maker(classroom.Draft{Title: "Szkolenie", HeldFrom: testrig.Start.Add(time.Hour), HeldUntil: testrig.Start.Add(5 * time.Hour), UnitID: w.Guard}),
	}))(t)
	testrig.Must(w.Measurement.AddParticipants(ctx, w.GuardCoordinator, m.ID, []string{w.Learner.PersonID, w.OtherLearner.PersonID}))(t)
	return m, "/app/evidence/measurements/" + m.ID + "/paper"
}

func grid(t *testing.T, w *testrig.World, m measurement.Measurement, reading int) onpaper.Grid {
	t.Helper()
	return testrig.Must(w.OnPaper.Grid(t.Context(), w.GuardCoordinator, m.ID, before, reading))(t)
}

// row fills a row by the first letter of each question; blank leaves one out.
func row(s onpaper.Sheet, blank int) url.Values {
	form := url.Values{}
	for i, q := range s.Questions {
		letter := "a"
		switch {
		case i == blank:
			letter = "-"
		case q.Most() == 0:
			letter = "1"
		case q.Item != nil && len(q.Item.Pairs)+len(q.Item.Steps) > 0:
			letter = strings.Join(q.Letters(), "")
		}
		form.Set(onpaper.CellField(s.ID, i), letter)
	}
	return form
}

func all(g onpaper.Grid, blank int) url.Values {
	form := url.Values{}
	for _, s := range g.Rows {
		for name, values := range row(s, blank) {
			form[name] = values
		}
		blank = -1
	}
	return form
}

// TestPaperWithoutScripts goes from the empty desk to the results by forms alone: print, type, read again, settle, correct.
func TestPaperWithoutScripts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		m, path := attach(t, w)
		b := w.Browse(w.GuardCoordinator)
		w.Status(b.Get(path), 200)
		if p := b.Get(path + "/before/type"); !strings.Contains(p.Body, "Nie ma jeszcze arkuszy") {
			t.Error("an empty grid does not say what to do")
		}
		if p := b.Post(path+"/before", url.Values{"spare": {"400"}}); p.Status != 422 {
			t.Errorf("400 spare sheets: %d", p.Status)
		}
		w.Status(b.Post(path+"/before", url.Values{"spare": {"1"}, "lang": {"pl"}}), 303)
		codes, sheets := b.Get(path+"/before/codes"), b.Get(path+"/before/print")
		g := grid(t, w, m, 1)
		for _, s := range g.Rows {
			if !strings.Contains(codes.Body, s.Code) || !strings.Contains(codes.Body, s.Name) || !strings.Contains(sheets.Body, s.Code) || strings.Contains(sheets.Body, s.Name) {
				t.Errorf("%s: codes without the name, or sheets with it", s.Code)
			}
		}
		w.Clock.Advance(90 * time.Minute) // it has begun; the session lasts
		form := all(g, -1)
		form.Set(onpaper.CellField(g.Rows[0].ID, 0), "x")
		if p := b.Post(path+"/before/type", form); p.Status != 422 || !strings.Contains(p.Body, "wpisz literę od a do") || !strings.Contains(p.Body, `value="x"`) {
			t.Errorf("a wrong letter: %d", p.Status)
		}
		form.Set(onpaper.CellField(g.Rows[0].ID, 0), "a")
		for _, s := range grid(t, w, m, 1).Rows {
			form.Set(onpaper.RowField(s.ID), s.Seen(s.First))
		}
		w.Status(b.Post(path+"/before/type", form), 303)
		if p := b.Post(path+"/before/draw", url.Values{"day": {"2031-01-01"}}); p.Status != 422 {
			t.Errorf("written in days to come: %d", p.Status)
		}
		w.Status(b.Post(path+"/before/draw", url.Values{"day": {testrig.Start.Format(time.DateOnly)}}), 303)
		second := grid(t, w, m, 2)
		if len(second.Rows) != 1 {
			t.Fatalf("%d rows are read again", len(second.Rows))
		}
		drawn := second.Rows[0]
		// A script sends one row at a time.
		again := row(drawn, 0)
		again.Set("autosave", "1")
		if p := b.Post(path+"/before/second", again); p.Status != 200 || !strings.Contains(p.Body, `"faults":{}`) {
			t.Errorf("%d %s", p.Status, p.Body)
		}
		// One of few cells differs: the other sheet is read again too.
		second = grid(t, w, m, 2)
		if !second.Far.Checks[0].Every || len(second.Rows) != 2 {
			t.Fatalf("%+v", second.Far.Checks)
		}
		other := second.Rows[0]
		if other.ID == drawn.ID {
			other = second.Rows[1]
		}
		w.Status(b.Post(path+"/before/second", row(other, -1)), 303)
		settle := b.Get(path + "/before/settle")
		if !strings.Contains(settle.Body, "Pierwszy odczyt: a. Drugi odczyt: –.") {
			t.Error("the difference is not shown")
		}
		field := onpaper.CellField(drawn.ID, 0)
		if p := b.Post(path+"/before/settle", url.Values{field: {"a"}}); p.Status != 422 {
			t.Errorf("without a reason: %d", p.Status)
		}
		w.Status(b.Post(path+"/before/settle", url.Values{field: {"a"}, field + ".reason": {"Znak jest wyraźny."}}), 303)
		if p := b.Get(path); !strings.Contains(p.Body, "w raporcie 2 z 2") {
			t.Error("the desk does not say that all is in the report")
		}
		one := path + "/before/sheets/" + drawn.ID
		if p := b.Get(one); !strings.Contains(p.Body, "Popraw i policz na nowo") {
			t.Error("no way to correct")
		}
		entered := grid(t, w, m, 1)
		correction := url.Values{"do": {"correct"}, onpaper.CellField(drawn.ID, 0): {"-"}}
		for _, s := range entered.Rows {
			if s.ID == drawn.ID {
				correction.Set(onpaper.RowField(s.ID), s.Seen(entered.Values(s)))
			}
		}
		if p := b.Post(one, correction); p.Status != 422 {
			t.Errorf("corrected without a reason: %d", p.Status)
		}
		correction.Set("reason", "Kratka jest pusta.")
		w.Status(b.Post(one, correction), 303)
		spare := path + "/before/sheets/" + grid(t, w, m, 1).Spare[0].ID
		w.Status(b.Get(spare), 200)
		if p := b.Post(spare, url.Values{"do": {"assign"}, "person": {""}}); p.Status != 422 {
			t.Errorf("nobody's sheet: %d", p.Status)
		}
		w.Status(b.Post(path+"/before/discard", nil), 303)
		if p := b.Get(path + "/before/export/rows.csv"); !strings.Contains(p.Body, drawn.Code) || !regexp.MustCompile(`(?m)^\S*1[AB]-`).MatchString(p.Body) {
			t.Errorf("the file:\n%s", p.Body)
		}
		w.Status(b.Get(path+"/before/export/other.csv"), 404)
		w.Status(b.Get(path+"/before/type?code="+url.QueryEscape(drawn.Code)), 303)
		w.Status(b.Get(path+"/before/type?code=1A-99-ZZ"), 422)
		w.Status(b.Get(path+"/never/type"), 404)
		w.Status(b.Get(path+"/evaluation/print?in=en"), 200)
		w.Status(b.Post(path+"/evaluation/type", url.Values{"useful": {"9"}}), 422)
		w.Status(b.Post(path+"/evaluation/type", url.Values{"useful": {"4"}, "clear": {"-"}}), 303)
		typed := b.Get(path + "/evaluation/type")
		undo := regexp.MustCompile(`name="evaluation" value="([^"]+)"`).FindStringSubmatch(typed.Body)
		if undo == nil || !strings.Contains(typed.Body, "Cofnij do ") || !strings.Contains(typed.Body, "policzy się dwa razy") {
			t.Fatalf("what was typed cannot be taken back: %s", typed.Text("main"))
		}
		w.Status(b.Post(path+"/evaluation/undo", url.Values{"evaluation": undo[1:]}), 303)
		if p := b.Get(path + "/evaluation/type"); strings.Contains(p.Body, "Cofnij do ") || !strings.Contains(p.Body, "Ankietę cofnięto.") {
			t.Errorf("taken back: %s", p.Text("main"))
		}
		w.Status(b.Post(path+"/evaluation/undo", url.Values{"evaluation": undo[1:]}), 303)
		if p := b.Get(path + "/evaluation/type"); !strings.Contains(p.Body, "nie można już cofnąć") {
			t.Errorf("taken back twice: %s", p.Text("main"))
		}
	})
}

// TestWhoMayNotMeasureSeesNoSheet: neither another unit's coordinator nor anybody with another role.
func TestWhoMayNotMeasureSeesNoSheet(t *testing.T) {
	w := testrig.New(t)
	m, path := attach(t, w)
	testrig.Must(w.OnPaper.Prepare(t.Context(), w.GuardCoordinator, m.ID, before, 1, "pl"))(t)
	s := grid(t, w, m, 1).Rows[0]
	for name, a := range w.Everybody() {
		may := w.Browse(a).Get(path).Status == 200
		for _, p := range []string{"", "/before/print", "/before/codes", "/before/type", "/before/second", "/before/settle", "/before/sheets/" + s.ID, "/before/export/rows.csv", "/evaluation/print", "/evaluation/type"} {
			if got := w.Browse(a).Get(path + p); (got.Status == 200) != may {
				t.Errorf("%s gets %d at %s", name, got.Status, p)
			} else if !may && strings.Contains(got.Body, s.Code) {
				t.Errorf("%s reads a code", name)
			}
		}
		if may {
			continue
		}
		for _, p := range []string{"/before", "/before/type", "/before/second", "/before/draw", "/before/settle", "/before/discard", "/before/sheets/" + s.ID, "/evaluation/type", "/evaluation/undo"} {
			if got := w.Browse(a).Post(path+p, url.Values{onpaper.CellField(s.ID, 0): {"a"}, "do": {"override"}, "reason": {"x"}, "useful": {"4"}, "day": {"2020-01-01"}}); got.Status < 400 && !strings.Contains(got.Header.Get("Location"), "sign-in") {
				t.Errorf("%s posts to %s: %d", name, p, got.Status)
			}
		}
	}
	for _, a := range []string{"learner"} { // who is in the training reads nothing of its sheets
		if got := w.Browse(w.Learner).Get(path + "/before/codes"); got.Status == 200 {
			t.Errorf("%s reads the codes", a)
		}
	}
}

// TestNoPageHidesAFailure: what the database does not give is missed, and never left out of a page or a file.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	m, path := attach(t, w)
	testrig.Must(w.OnPaper.Prepare(t.Context(), w.GuardCoordinator, m.ID, before, 1, "pl"))(t)
	s := grid(t, w, m, 1).Rows[0]
	w.Browse(w.GuardCoordinator).Fragile(t, []string{
		path, path + "/before/print", path + "/before/codes", path + "/before/type", path + "/before/second", path + "/before/settle",
		path + "/before/sheets/" + s.ID, path + "/before/export/rows.csv", path + "/evaluation/print", path + "/evaluation/type",
	})
}
