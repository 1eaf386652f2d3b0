package teaching_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/teaching"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// class is a training of the guard, taught by the guard's trainer and watched by that of the police, with one session that has
// begun, and one to come.
type class struct {
	*testrig.Class
	Session string
}

func newClass(w *testrig.World) *class {
	later := testrig.Start.Add(2 * time.Hour)
	c := &class{Class: w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie"}, "Terespol",
		testrig.Hours{From: testrig.Start, Until: testrig.Start.Add(90 * time.Minute)}, testrig.Hours{From: later, Until: later.Add(time.Hour)})}
	c.Session = c.Sessions[0]
	c.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer, classroom.Observer: w.PoliceTrainer})
	return c
}

func (c *class) exec(text string, args ...any) {
	c.T.Helper()
	ctx := c.T.Context()
	c.OK(c.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }))
}

func draft() teaching.Draft {
	return teaching.Draft{Levels: map[teaching.Criterion]int{"aim": 3, "time": 1}, Strength: "Pytania na początku.", NextStep: "Krótsze przerwy."}
}

func (c *class) write(a access.Actor) (string, error) {
	return c.Teaching.Write(c.T.Context(), a, c.Session, c.GuardTrainer.PersonID, draft())
}

// Those write who were in the room to teach or to watch, or who arrange the training; those read whom it is about, who wrote, and who
// arranges it. Everybody else finds nothing, a reviewer too.
func TestWhoWritesAndReadsFeedback(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		c := newClass(w)
		writers := []string{"trainer of the police", "administrator", "coordinator", "coordinator of the guard"}
		byPolice := ""
		for _, name := range slices.Sorted(maps.Keys(w.Everybody())) {
			observationID, err := c.write(w.Everybody()[name])
			if slices.Contains(writers, name) != (err == nil) {
				t.Errorf("%s writes: %v", name, err)
			}
			if err != nil {
				w.Refused(name, err, errs.ErrNotFound)
			}
			if name == "trainer of the police" {
				byPolice = observationID
			}
		}
		readers := append(writers, "trainer of the guard")
		for _, name := range slices.Sorted(maps.Keys(w.Everybody())) {
			o, err := w.Teaching.Observation(t.Context(), w.Everybody()[name], byPolice)
			if slices.Contains(readers, name) != (err == nil) {
				t.Errorf("%s reads: %v", name, err)
			}
			if err == nil && (o.Observed != "Tomasz Trener" || o.Observer != "Teresa Trenerka" || o.Strength != "Pytania na początku." || !maps.Equal(o.Levels, draft().Levels)) {
				t.Errorf("%s reads %+v", name, o)
			}
			list, err := w.Teaching.OfTraining(t.Context(), w.Everybody()[name], c.ID)
			if want := map[bool]int{true: 4}[strings.Contains("administrator coordinator coordinator of the guard", name)]; err != nil || len(list) != want {
				t.Errorf("%s reads %d of the training, want %d: %v", name, len(list), want, err)
			}
		}
		for what, err := range map[string]error{
			"of who watches":   second(w.Teaching.Write(t.Context(), w.GuardTrainer, c.Session, w.PoliceTrainer.PersonID, draft())),
			"of a participant": second(w.Teaching.Write(t.Context(), w.GuardCoordinator, c.Session, w.Learner.PersonID, draft())),
			"of oneself":       second(w.Teaching.Write(t.Context(), w.GuardTrainer, c.Session, w.GuardTrainer.PersonID, draft())),
			"no session":       second(w.Teaching.Write(t.Context(), w.PoliceTrainer, id.New(), w.GuardTrainer.PersonID, draft())),
			"nonsense":         second(w.Teaching.Write(t.Context(), w.PoliceTrainer, "x", w.GuardTrainer.PersonID, draft())),
		} {
			w.Refused(what, err, errs.ErrNotFound)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A session that names its own teachers is theirs: another of the training did not teach it, and who watches watches all.
func TestASessionNamesItsOwnTeachers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		c := newClass(w)
		co := w.Person("Celestyna", "Wspólna", w.Office, identity.RoleDraft{Role: access.Trainer, UnitID: w.Office})
		c.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer, classroom.Co: co, classroom.Observer: w.PoliceTrainer})
		c.TaughtBy(0, w.GuardTrainer)
		parts := func(a access.Actor) (out []string) {
			for _, x := range testrig.Must(w.Teaching.Mine(t.Context(), a))(t).Taught {
				out = append(out, string(x.Part))
			}
			return out
		}
		for name, want := range map[*access.Actor][]string{&w.GuardTrainer: {"lead"}, &co: nil, &w.PoliceTrainer: {"observer"}, &w.SecondAuthor: nil} {
			if got := parts(*name); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", name.PersonID, got, want)
			}
		}
		c.exec(`INSERT INTO session_trainer (session_id, person_id) VALUES (?, ?)`, c.Session, w.SecondAuthor.PersonID) // only in this session, which no service writes
		if got := parts(w.SecondAuthor); !slices.Equal(got, []string{"co"}) {
			t.Errorf("a guest: %q", got)
		}
	})
}

// The record holds what has begun and was held; what is to come or was cancelled is not taught yet. Writing is offered for 14 days.
func TestTheRecordOfATrainer(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, c := t.Context(), newClass(w)
		mine := func(a access.Actor) teaching.Record { return testrig.Must(w.Teaching.Mine(ctx, a))(t) }
		r := mine(w.GuardTrainer)
		if len(r.Taught) != 1 || r.Minutes(classroom.Lead) != 90 || r.Minutes(classroom.Co) != 0 || len(r.Watchable) != 0 {
			t.Errorf("who taught: %+v", r)
		}
		if r := mine(w.PoliceTrainer); len(r.Watchable) != 1 || r.Watchable[0].Observed != "Tomasz Trener" || r.Minutes(classroom.Observer) != 90 {
			t.Errorf("who watched: %+v", r)
		}
		if _, err := c.write(w.PoliceTrainer); err != nil {
			t.Fatal(err)
		}
		if r := mine(w.PoliceTrainer); len(r.Watchable) != 0 || len(r.Observations) != 1 {
			t.Errorf("once it is written: %+v", r)
		}
		c.exec(`DELETE FROM teaching_observation`)
		w.Clock.Advance(14*24*time.Hour - time.Microsecond)
		if n := len(mine(w.PoliceTrainer).Watchable); n != 2 { // the later session has begun meanwhile
			t.Errorf("before the 14 days are over: %d", n)
		}
		w.Clock.Advance(time.Microsecond)
		if n := len(mine(w.PoliceTrainer).Watchable); n != 1 {
			t.Errorf("after 14 days: %d", n)
		}
		c.exec(`UPDATE training_session SET cancelled_at = ?`, w.Clock.Now())
		if r := mine(w.GuardTrainer); len(r.Taught) != 0 {
			t.Errorf("cancelled: %+v", r.Taught)
		}
		_, err := c.write(w.PoliceTrainer)
		w.Refused("of a cancelled session", err, errs.ErrNotFound)
	})
}

func TestFeedbackOfASessionToComeIsNotWritten(t *testing.T) {
	w := testrig.New(t)
	c := newClass(w)
	c.exec(`UPDATE training_session SET starts_at = ?`, testrig.Start.Add(time.Microsecond))
	_, err := c.write(w.PoliceTrainer)
	w.Refused("before it began", err, errs.ErrNotFound)
	w.Clock.Advance(time.Microsecond)
	_, err = c.write(w.PoliceTrainer)
	w.OK(err)
}

// It is written anew until it was answered; the answer is of the one who taught, and is given once.
func TestFeedbackIsAnsweredOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, c := t.Context(), newClass(w)
		first := testrig.Must(c.write(w.PoliceTrainer))(t)
		again, err := w.Teaching.Write(ctx, w.PoliceTrainer, c.Session, w.GuardTrainer.PersonID, teaching.Draft{Levels: map[teaching.Criterion]int{"facts": 4}, Strength: "Inaczej.", NextStep: "Krok."})
		if err != nil || again != first {
			t.Errorf("written anew: %s and %s, %v", first, again, err)
		}
		for name, a := range map[string]access.Actor{"who wrote": w.PoliceTrainer, "who arranges": w.GuardCoordinator} {
			w.Refused(name, w.Teaching.Answer(ctx, a, first, "Dziękuję."), errs.ErrForbidden)
		}
		w.Refused("a stranger", w.Teaching.Answer(ctx, w.PoliceCoordinator, first, "Dziękuję."), errs.ErrNotFound)
		w.OK(w.Teaching.Answer(ctx, w.GuardTrainer, first, " Dziękuję. "))
		w.Refused("a second answer", w.Teaching.Answer(ctx, w.GuardTrainer, first, "Jednak nie."), errs.ErrConflict)
		_, err = c.write(w.PoliceTrainer)
		w.Refused("anew after the answer", err, errs.ErrConflict)
		if o := testrig.Must(w.Teaching.Observation(ctx, w.PoliceTrainer, first))(t); o.Answer != "Dziękuję." || o.Strength != "Inaczej." || !maps.Equal(o.Levels, map[teaching.Criterion]int{"facts": 4}) {
			t.Errorf("%+v", o)
		}
	})
}

// Each field is refused by its own name and reason, up to the last sign.
func TestEachFieldOfFeedbackIsChecked(t *testing.T) {
	w := testrig.New(t)
	c := newClass(w)
	for _, x := range []struct {
		field, key string
		spoil      func(*teaching.Draft)
	}{
		{"", "", func(d *teaching.Draft) { d.Strength = strings.Repeat("ż", 1000) }},
		{"strength", "teaching.too-long", func(d *teaching.Draft) { d.Strength = strings.Repeat("ż", 1001) }},
		{"next_step", "teaching.missing", func(d *teaching.Draft) { d.NextStep = " \n" }},
		{"level-aim", "teaching.level-fault", func(d *teaching.Draft) { d.Levels["aim"] = 0 }},
		{"level-aim", "teaching.level-fault", func(d *teaching.Draft) { d.Levels["aim"] = 5 }},
		{"", "", func(d *teaching.Draft) { d.Levels["aim"] = 4 }},
		{"level-charm", "teaching.level-fault", func(d *teaching.Draft) { d.Levels["charm"] = 3 }},
		{"level-aim", "teaching.nothing-seen", func(d *teaching.Draft) { d.Levels = nil }},
	} {
		d := draft()
		x.spoil(&d)
		_, err := w.Teaching.Write(t.Context(), w.PoliceTrainer, c.Session, w.GuardTrainer.PersonID, d)
		f, _ := errs.FieldsOf(err)
		if x.field == "" && err != nil || x.field != "" && (len(f) != 1 || f[0].Name != x.field || f[0].Key != x.key) {
			t.Errorf("%s %s: %v", x.field, x.key, err)
		}
	}
	observationID := testrig.Must(c.write(w.PoliceTrainer))(t)
	for answer, key := range map[string]string{" ": "teaching.missing", strings.Repeat("ż", 1001): "teaching.too-long"} {
		if f, _ := errs.FieldsOf(w.Teaching.Answer(t.Context(), w.GuardTrainer, observationID, answer)); len(f) != 1 || f[0].Name != "answer" || f[0].Key != key {
			t.Errorf("an answer of %d letters: %v", len(answer), f)
		}
	}
}

// The pages, from the record to the answer; what was typed stays with a fault, and whoever may not finds nothing.
func TestPagesOfTeaching(t *testing.T) {
	w := testrig.New(t)
	c := newClass(w)
	police, guard := w.Browse(w.PoliceTrainer), w.Browse(w.GuardTrainer)
	form := "/app/teaching/sessions/" + c.Session + "/" + w.GuardTrainer.PersonID
	if p := w.Status(police.Get("/app/teaching"), http.StatusOK); p.Find(`a[href="`+form+`"]`).Length() != 1 {
		t.Error("writing is not offered")
	}
	if p := w.Status(police.Get(form), http.StatusOK); p.Find("fieldset").Length() != len(teaching.Rubric) {
		t.Errorf("%d criteria", p.Find("fieldset").Length())
	}
	sent := url.Values{"level-aim": {"3"}, "level-time": {"x"}, "strength": {"Pytania."}, "next_step": {""}}
	p := w.Status(police.Post(form, sent), http.StatusUnprocessableEntity)
	if p.Text("textarea[name=strength]") != "Pytania." || p.Find("input[name=level-aim][value='3'][checked]").Length() != 1 {
		t.Error("what was typed is lost")
	}
	sent.Set("level-time", "")
	sent.Set("next_step", "Krócej.")
	where := w.Status(police.Post(form, sent), http.StatusSeeOther).Header.Get("Location")
	if p := police.Get(form); p.Text("textarea[name=next_step]") != "Krócej." || p.Find("input[name=level-aim][value='3'][checked]").Length() != 1 {
		t.Error("what was written is not there to be corrected")
	}
	if p := w.Status(guard.Get(where), http.StatusOK); !strings.Contains(p.Text("main"), "samodzielnie") || p.Find("textarea[name=answer]").Length() != 1 {
		t.Errorf("who taught reads %s", p.Text("main"))
	}
	w.Status(guard.Post(where, url.Values{"answer": {""}}), http.StatusUnprocessableEntity)
	w.Status(guard.Post(where, url.Values{"answer": {"Spróbuję."}}), http.StatusSeeOther)
	if p := police.Get(where); !strings.Contains(p.Text("main"), "Spróbuję.") || p.Find("textarea").Length() != 0 {
		t.Errorf("who wrote reads %s", p.Text("main"))
	}
	if p := guard.Get("/app/teaching"); !strings.Contains(p.Text("main"), "prowadzenie: 1,5 godz.") {
		t.Errorf("the record: %s", p.Text("main"))
	}
	guard.Files(t, "/app/teaching?as=csv")
	for name, want := range map[string]int{"learner": http.StatusForbidden, "author": http.StatusForbidden, "reviewer": http.StatusNotFound, "coordinator of the police": http.StatusNotFound} {
		b := w.Browse(w.Everybody()[name])
		w.Status(b.Get(form), want)
		w.Status(b.Get(where), want)
		w.Status(b.Post(form, sent), want)
		w.Status(b.Post(where, url.Values{"answer": {"x"}}), want)
	}
	guard.Fragile(t, []string{"/app/teaching", where})
	c.exec(`DELETE FROM teaching_observation`)
	police.Fragile(t, []string{form})
	police.FragileForm(t, form, sent)
}

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, c := t.Context(), newClass(w)
	observationID := ""
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "write", Do: func() (err error) { observationID, err = c.write(w.PoliceTrainer); return err }},
		{Name: "watch", Do: func() error {
			_, _, err := w.Teaching.Watch(ctx, w.PoliceTrainer, c.Session, w.GuardTrainer.PersonID)
			return err
		}},
		{Name: "mine", Do: func() error { return second(w.Teaching.Mine(ctx, w.GuardTrainer)) }},
		{Name: "observation", Do: func() error { return second(w.Teaching.Observation(ctx, w.GuardTrainer, observationID)) }},
		{Name: "of the training", Do: func() error { return second(w.Teaching.OfTraining(ctx, w.GuardCoordinator, c.ID)) }},
		{Name: "answer", Do: func() error { return w.Teaching.Answer(ctx, w.GuardTrainer, observationID, "Dziękuję.") }},
	})
}
