package classroom_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
)

const day = 24 * time.Hour

func each(t *testing.T, test func(w *measured.World)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(measured.New(t, d)) })
}

// A training is stored as it was written, without spaces at the ends, and changed in all but its unit.
func TestATrainingIsWritten(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		from := measured.Start.Add(day)
		m, err := w.AttachTraining(w.Admin,
			classroom.Draft{Title: " Szkolenie w Terespolu ", Place: " Terespol ", Project: " Projekt A ", HeldFrom: from, HeldUntil: from.Add(day)}, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
		w.No(err)
		want := classroom.Training{
			ID: m.SubjectID, Title: "Szkolenie w Terespolu", Place: "Terespol", Project: "Projekt A", HeldFrom: from, HeldUntil: from.Add(day), UnitID: w.Unit,
		}
		same := func(got classroom.Training) bool {
			moved := !got.HeldFrom.Equal(want.HeldFrom) || !got.HeldUntil.Equal(want.HeldUntil)
			got.HeldFrom, got.HeldUntil = want.HeldFrom, want.HeldUntil
			return got == want && !moved
		}
		if got, err := w.App.Classroom.Training(w.Ctx, w.Admin, m.SubjectID); err != nil || !same(got) {
			w.T.Errorf("%+v, %v", got, err)
		}
		other := w.NewUnit(w.Unit, "Oddział")
		w.No(w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, classroom.Draft{Title: "Inne", HeldFrom: from.Add(day), HeldUntil: from.Add(3 * day), UnitID: other}))
		want.Title, want.Place, want.Project, want.HeldFrom, want.HeldUntil = "Inne", "", "", from.Add(day), from.Add(3*day)
		list, err := w.App.Classroom.Trainings(w.Ctx, w.DB, []string{m.SubjectID, id.New()})
		if err != nil || len(list) != 1 || !same(list[0]) {
			w.T.Errorf("%+v, %v", list, err)
		}
		if list, err := w.App.Classroom.Trainings(w.Ctx, w.DB, nil); err != nil || len(list) != 0 {
			w.T.Errorf("of none: %v, %v", list, err)
		}
	})
}

// Who may not measure in a training's unit neither reads nor changes nor announces it.
func TestWhoMayChangeATraining(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		east, west := w.NewUnit(w.Unit, "Oddział Wschodni"), w.NewUnit(w.Unit, "Oddział Zachodni")
		m := w.Trained("Szkolenie", "Projekt", east)
		draft := classroom.Draft{Title: "Inne", HeldFrom: measured.Start, HeldUntil: measured.Start.Add(day)}
		for name, a := range map[string]access.Actor{
			"nobody": {}, "a learner": w.Person("Anna", "Druga"), "a trainer": w.Within(access.Trainer, east), "the other region": w.Within(access.Coordinator, west),
		} {
			if _, err := w.App.Classroom.Training(w.Ctx, a, m.SubjectID); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s reads it: %v", name, err)
			}
			if err := w.App.Classroom.Change(w.Ctx, a, m.SubjectID, draft); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s changes it: %v", name, err)
			}
			if err := w.App.Classroom.Announce(w.Ctx, a, m.SubjectID, true); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("%s announces it: %v", name, err)
			}
		}
		for _, trainingID := range []string{"", "x", id.New()} {
			if err := w.App.Classroom.Change(w.Ctx, w.Admin, trainingID, draft); !errors.Is(err, errs.ErrNotFound) {
				w.T.Errorf("the training %q: %v", trainingID, err)
			}
		}
		got, err := w.App.Classroom.Training(w.Ctx, w.Within(access.Coordinator, east), m.SubjectID)
		if err != nil || got.Title != "Szkolenie" || got.Announced {
			w.T.Errorf("%+v, %v", got, err)
		}
	})
}

// The public site names what is announced, the newest first, and no longer what is not.
func TestAnnouncedTrainings(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		var ids []string
		for i, title := range []string{"Pierwsze", "Drugie", "Nienazwane"} {
			from := measured.Start.Add(time.Duration(i+1) * day)
			m, err := w.AttachTraining(w.Admin, classroom.Draft{Title: title, HeldFrom: from, HeldUntil: from.Add(day)}, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
			w.No(err)
			ids = append(ids, m.SubjectID)
		}
		for _, trainingID := range ids[:2] {
			w.No(w.App.Classroom.Announce(w.Ctx, w.Admin, trainingID, true))
		}
		list, err := w.App.Classroom.Announced(w.Ctx, w.DB)
		if err != nil || len(list) != 2 || list[0].Title != "Drugie" || list[1].Title != "Pierwsze" {
			w.T.Errorf("%+v, %v", list, err)
		}
		w.No(w.App.Classroom.Announce(w.Ctx, w.Admin, ids[1], false))
		if list, err = w.App.Classroom.Announced(w.Ctx, w.DB); err != nil || len(list) != 1 || list[0].Title != "Pierwsze" {
			w.T.Errorf("%+v, %v", list, err)
		}
	})
}

// What is refused leaves nothing behind; what is done is recorded, and moves what hangs on a training's days.
func TestWhatIsRefusedAndWhatIsRecorded(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		from := measured.Start.Add(day)
		good := classroom.Draft{Title: "Szkolenie", HeldFrom: from, HeldUntil: from.Add(day)}
		with := func(change func(*classroom.Draft)) classroom.Draft {
			d := good
			change(&d)
			return d
		}
		m, err := w.AttachTraining(w.Admin, good, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
		w.No(err)
		for field, bad := range map[string]classroom.Draft{
			"title": with(func(d *classroom.Draft) { d.Title = " " }),
			"place": with(func(d *classroom.Draft) { d.Place = strings.Repeat("ż", 201) }),
			"from":  with(func(d *classroom.Draft) { d.HeldFrom = time.Time{} }),
			"until": with(func(d *classroom.Draft) { d.HeldUntil = from }),
		} {
			var invalid *errs.Error
			if err := w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, bad); !errors.As(err, &invalid) || !errors.Is(err, errs.ErrInvalid) || !strings.Contains(fmt.Sprintf("%+v", invalid), field) {
				w.T.Errorf("a bad %s: %v", field, err)
			}
		}
		w.No(w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, with(func(d *classroom.Draft) { d.Title = strings.Repeat("ż", 200) })))
		if err := w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, with(func(d *classroom.Draft) { d.Title = strings.Repeat("ż", 201) })); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a name of 201 characters: %v", err)
		}
		west := w.Within(access.Coordinator, w.NewUnit(w.Unit, "Oddział Zachodni"))
		if _, err := w.AttachTraining(west, good, measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit}); !errors.Is(err, errs.ErrForbidden) {
			w.T.Errorf("a training elsewhere: %v", err)
		}
		w.No(w.App.Classroom.Change(w.Ctx, w.Admin, m.SubjectID, with(func(d *classroom.Draft) { d.HeldUntil = from.Add(2 * day) })))
		w.No(w.App.Classroom.Announce(w.Ctx, w.Admin, m.SubjectID, true))
		details := func(action string) string {
			return measured.One[string](w, `SELECT detail FROM audit WHERE action = ? AND object = ? ORDER BY id DESC`, action, "training:"+m.SubjectID)
		}
		if moved, announced := details("training.change"), details("training.announce"); !strings.Contains(moved, "true") || !strings.Contains(announced, "true") {
			w.T.Errorf("recorded: %s, %s", moved, announced)
		}
		if n := measured.One[int](w, `SELECT COUNT(*) FROM training`); n != 1 {
			w.T.Errorf("%d trainings", n)
		}
	})
}

// A training that says nothing of theory and exercise has its sessions as taught.
func TestWhatIsTaught(t *testing.T) {
	if got := (classroom.Plan{}).Taught(420); got != 420 {
		t.Errorf("%d minutes", got)
	}
	if got := (classroom.Plan{TheoryMinutes: 180, ExerciseMinutes: 90}).Taught(420); got != 270 {
		t.Errorf("%d minutes", got)
	}
}
