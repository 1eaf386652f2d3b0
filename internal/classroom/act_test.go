package classroom_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
	"ostoja/internal/testrig/measured"
)

// planned makes a training of two half-days from a day of November on, led by the guard's trainer, through what the pages call.
func planned(t *testing.T, w *testrig.World, title, firstDay string) (trainingID string) {
	t.Helper()
	one := classroom.SessionDraft{Day: firstDay, From: "09:00", Until: "13:00", Place: "Terespol", Capacity: "20"}
	two := one
	two.From, two.Until, two.Title, two.Capacity = "14:00", "17:00", "Ćwiczenia", "18"
	trainingID, err := w.Classroom.Create(t.Context(), w.GuardCoordinator, classroom.NewDraft{
		Content: classroom.ContentDraft{Title: title, Theory: "4", Exercise: "3"}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{one, two},
	})
	w.OK(err)
	return trainingID
}

func led(t *testing.T, w *testrig.World, trainingID string) {
	t.Helper()
	w.OK(w.Classroom.SaveTrainers(t.Context(), w.GuardCoordinator, trainingID, edition(t, w, trainingID), []classroom.TrainerDraft{{PersonID: w.GuardTrainer.PersonID, Part: classroom.Lead}}))
}

func edition(t *testing.T, w *testrig.World, trainingID string) int {
	t.Helper()
	return testrig.Must(w.Classroom.Plan(t.Context(), w.Coordinator, trainingID))(t).Edition
}

// starts are the beginnings of the sessions that are held, as the wall in Warsaw shows them.
func starts(t *testing.T, w *testrig.World, trainingID string) (list []string) {
	t.Helper()
	zone := testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
	for _, s := range testrig.Must(w.Classroom.Sessions(t.Context(), w.Coordinator, trainingID))(t) {
		if s.Held() {
			list = append(list, s.StartsAt.In(zone).Format("01-02 15:04"))
		}
	}
	return list
}

func state(t *testing.T, w *testrig.World, trainingID string) classroom.State {
	t.Helper()
	return testrig.Must(w.Classroom.Plan(t.Context(), w.Coordinator, trainingID))(t).State(w.Clock.Now())
}

// letters are those that leave within the next minutes, to the guard's trainer.
func letters(t *testing.T, w *testrig.World) (bodies []string) {
	t.Helper()
	before := len(w.Letters())
	w.Clock.Advance(classroom.UndoFor + time.Minute)
	testrig.Must(w.Classroom.Tell(t.Context()))(t)
	for _, m := range w.Letters()[before:] {
		if strings.HasPrefix(m.To, "tomasz.trener@") {
			bodies = append(bodies, m.Body)
		}
	}
	return bodies
}

// A training is planned with its sessions, and its days and places follow from them.
func TestATrainingIsPlanned(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie w Terespolu", "2026-11-30")
		led(t, w, trainingID)
		a := testrig.Must(w.Classroom.About(ctx, w.GuardTrainer, trainingID))(t)
		if places, limited := classroom.Places(a.Sessions); len(a.Sessions) != 2 || places != 18 || !limited || a.Place != "Terespol" || a.TheoryMinutes != 180 || len(a.Trainers) != 1 || a.Trainers[0].Part != classroom.Lead {
			t.Errorf("%+v, %d seats", a, places)
		}
		if got := starts(t, w, trainingID); !slices.Equal(got, []string{"11-30 09:00", "11-30 14:00"}) {
			t.Errorf("starts %v", got)
		}
		// A third session on the next day makes the training longer.
		more := classroom.SessionDraft{Day: "2026-12-01", From: "09:00", Until: "12:00", Place: "Terespol"}
		testrig.Must(w.Classroom.SaveSession(ctx, w.GuardCoordinator, trainingID, "", a.Edition, more))(t)
		if p := testrig.Must(w.Classroom.Plan(ctx, w.GuardCoordinator, trainingID))(t); p.HeldUntil.Format(time.RFC3339) != "2026-12-01T11:00:00Z" || p.HeldFrom.Format(time.RFC3339) != "2026-11-30T08:00:00Z" {
			t.Errorf("held from %v until %v", p.HeldFrom, p.HeldUntil)
		}
		// Who saw the edition before is told, and nothing is changed.
		_, err := w.Classroom.SaveSession(ctx, w.GuardCoordinator, trainingID, a.Sessions[0].ID, a.Edition, more)
		w.Refused("an old edition", err, errs.ErrConflict)
		// What overlaps within the training is refused, at its field.
		more.Day, more.From = "2026-11-30", "12:00"
		more.Until = "13:30"
		_, err = w.Classroom.SaveSession(ctx, w.GuardCoordinator, trainingID, "", edition(t, w, trainingID), more)
		if f, ok := errs.FieldsOf(err); !ok || f[0].Name != "from" || f[0].Key != "classroom.fault.overlap" {
			t.Errorf("at the time of another: %v", err)
		}
		_, err = w.Classroom.Create(ctx, w.GuardCoordinator, classroom.NewDraft{Content: classroom.ContentDraft{Title: " "}, UnitID: w.Guard})
		if f, _ := errs.FieldsOf(err); len(f) != 2 {
			t.Errorf("without a name and a day: %v", err)
		}
		_, err = w.Classroom.Create(ctx, w.PoliceCoordinator, classroom.NewDraft{Content: classroom.ContentDraft{Title: "Obce"}, UnitID: w.Guard, Sessions: []classroom.SessionDraft{{Day: "2026-12-05", From: "09:00", Until: "10:00", Place: "x"}}})
		w.Refused("in another service", err, errs.ErrForbidden)
	})
}

// Nobody teaches in two rooms at once; of a training elsewhere, its name is said to those alone who may see it.
func TestATrainerIsInOneRoom(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		first, second := planned(t, w, "Pierwsze", "2026-11-30"), planned(t, w, "Drugie", "2026-11-30")
		led(t, w, first)
		drafts := []classroom.TrainerDraft{{Mail: "Tomasz.Trener@example.org", Part: classroom.Co}}
		err := w.Classroom.SaveTrainers(ctx, w.GuardCoordinator, second, edition(t, w, second), drafts)
		f, _ := errs.FieldsOf(err)
		if len(f) == 0 || f[0].Name != "trainer-00" || f[0].Key != "classroom.fault.trainer-busy" || f[0].Args["Training"] != "Pierwsze" || f[0].Args["Name"] != "Tomasz Trener" {
			t.Errorf("busy: %v", err)
		}
		_, err = w.Classroom.Do(ctx, w.GuardCoordinator, second, false, edition(t, w, second), classroom.Ask{Kind: classroom.ActMoved, Days: 1})
		w.OK(err)
		w.OK(w.Classroom.SaveTrainers(ctx, w.GuardCoordinator, second, edition(t, w, second), drafts))
		_, err = w.Classroom.Do(ctx, w.GuardCoordinator, second, false, edition(t, w, second), classroom.Ask{Kind: classroom.ActMoved, Days: -1})
		if f, _ := errs.FieldsOf(err); len(f) == 0 || f[0].Name != "days" {
			t.Errorf("moved onto the other: %v", err)
		}
		for key, d := range map[string]classroom.TrainerDraft{
			"classroom.fault.no-trainer": {PersonID: w.Learner.PersonID, Part: classroom.Lead},
			"classroom.fault.mail":       {Mail: "nikt", Part: classroom.Lead},
			"classroom.fault.part":       {PersonID: w.GuardTrainer.PersonID, Part: "chief"},
		} {
			if f, _ := errs.FieldsOf(w.Classroom.SaveTrainers(ctx, w.GuardCoordinator, second, edition(t, w, second), []classroom.TrainerDraft{d})); len(f) != 1 || f[0].Key != key {
				t.Errorf("%s: %v", key, f)
			}
		}
		if err := w.Classroom.SaveTrainers(ctx, w.GuardCoordinator, first, edition(t, w, first), append(drafts, drafts...)); err == nil {
			t.Error("the same person twice")
		}
	})
}

// A series moves as one: all of it or nothing, each trainer learns by one letter, and within ten minutes it is undone by one click and
// nobody learns of it.
func TestASeriesMoves(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, first := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		led(t, w, first)
		made := testrig.Must(w.Classroom.Duplicate(ctx, w.GuardCoordinator, first, false, true, []classroom.Copy{{Day: "2026-12-07", Place: "Medyka"}, {}, {Day: "2026-12-14"}}))(t)
		if len(made) != 2 || !slices.Equal(starts(t, w, made[1]), []string{"12-14 09:00", "12-14 14:00"}) {
			t.Fatalf("copies %v", made)
		}
		if got := letters(t, w); len(got) != 2 || !strings.Contains(got[0], "Terespol") || strings.Count(got[1], "/app/trainings/") != 2 {
			t.Errorf("letters of who is named: %q", got)
		}
		if a := testrig.Must(w.Classroom.About(ctx, w.GuardTrainer, made[0]))(t); a.Place != "Medyka" || a.TheoryMinutes != 180 || len(a.Trainers) != 1 || *a.Sessions[1].Capacity != 18 || a.SeriesID == "" || a.Seats != (classroom.Seats{}) {
			t.Errorf("a copy: %+v", a)
		}
		do := func(days int) error {
			_, err := w.Classroom.Do(ctx, w.GuardCoordinator, first, true, edition(t, w, first), classroom.Ask{Kind: classroom.ActMoved, Days: days, Note: "Sala w remoncie"})
			return err
		}
		if f, _ := errs.FieldsOf(do(-60)); len(f) != 1 || f[0].Key != "classroom.fault.moved-past" {
			t.Errorf("to the past: %v", f)
		}
		if got := starts(t, w, made[1]); got[0] != "12-14 09:00" {
			t.Errorf("refused, and yet moved: %v", got)
		}
		w.OK(do(2))
		d, ok, err := w.Classroom.Undoable(ctx, w.GuardCoordinator, made[0])
		if err != nil || !ok || d.Trainings != 3 || d.Kind != classroom.ActMoved {
			t.Fatalf("%+v, %t, %v", d, ok, err)
		}
		w.Refused("undone from another training", w.Classroom.Undo(ctx, w.GuardCoordinator, planned(t, w, "Inne", "2027-01-11"), d.ID), errs.ErrNotFound)
		w.OK(w.Classroom.Undo(ctx, w.GuardCoordinator, made[0], d.ID))
		if got := starts(t, w, first); got[0] != "11-30 09:00" {
			t.Errorf("undone: %v", got)
		}
		w.Refused("undone twice", w.Classroom.Undo(ctx, w.GuardCoordinator, first, d.ID), errs.ErrConflict)
		if got := letters(t, w); len(got) != 0 {
			t.Errorf("letters of what was undone: %q", got)
		}
		w.OK(do(2))
		w.Clock.Advance(time.Minute)
		w.OK(do(1)) // and one day more: still one letter
		d, _, err = w.Classroom.Undoable(ctx, w.GuardCoordinator, first)
		w.OK(err)
		got := letters(t, w)
		if len(got) != 1 || strings.Count(got[0], "/app/trainings/") != 3 || !strings.Contains(got[0], "Sala w remoncie") || !strings.Contains(got[0], "3\u00a0grudnia 2026") {
			t.Errorf("letters: %q", got)
		}
		w.Refused("undone too late", w.Classroom.Undo(ctx, w.GuardCoordinator, first, d.ID), errs.ErrConflict)
		if got := letters(t, w); len(got) != 0 {
			t.Errorf("letters again: %q", got)
		}
	})
}

// Of an act that was undone nobody learns, and of the one before it everybody still does.
func TestUndoingTheSecondActTellsOfTheFirst(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		led(t, w, trainingID)
		do := func(k classroom.Act) {
			testrig.Must(w.Classroom.Do(ctx, w.GuardCoordinator, trainingID, false, edition(t, w, trainingID), classroom.Ask{Kind: k, Days: 1, Note: "Powód"}))(t)
			w.Clock.Advance(5 * time.Minute)
		}
		do(classroom.ActMoved)
		do(classroom.ActCancelled)
		testrig.Must(w.Classroom.Tell(ctx))(t) // the first is due, and waits for the second
		d, _, err := w.Classroom.Undoable(ctx, w.GuardCoordinator, trainingID)
		w.OK(err)
		w.OK(w.Classroom.Undo(ctx, w.GuardCoordinator, trainingID, d.ID))
		if got := letters(t, w); len(got) != 1 || !strings.Contains(got[0], "1\u00a0grudnia 2026") {
			t.Errorf("letters: %q", got)
		}
	})
}

// An act on a series, a later one on one of its trainings and another on the rest hang together: nothing is told while the last can be undone.
func TestActsThatHangTogetherWait(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, first := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		led(t, w, first)
		second := testrig.Must(w.Classroom.Duplicate(ctx, w.GuardCoordinator, first, false, true, []classroom.Copy{{Day: "2026-12-07"}}))(t)[0]
		letters(t, w)
		before := len(w.Letters())
		for _, a := range []struct {
			trainingID string
			series     bool
		}{{first, true}, {first, false}, {second, false}} {
			testrig.Must(w.Classroom.Do(ctx, w.GuardCoordinator, a.trainingID, a.series, edition(t, w, a.trainingID), classroom.Ask{Kind: classroom.ActMoved, Days: 1}))(t)
			w.Clock.Advance(4 * time.Minute)
		}
		w.Clock.Advance(3 * time.Minute) // the first two are due, and the third can be undone
		testrig.Must(w.Classroom.Tell(ctx))(t)
		if n := len(w.Letters()) - before; n != 0 {
			t.Errorf("%d letters while an act can be undone", n)
		}
		if got := letters(t, w); len(got) != 1 || strings.Count(got[0], "/app/trainings/") != 2 {
			t.Errorf("letters: %q", got)
		}
	})
}

// What is put off has no day and comes back by a move or by a session; what is cancelled says why and stays so.
func TestATrainingIsPutOffAndCancelled(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		led(t, w, trainingID)
		do := func(a classroom.Ask) error {
			_, err := w.Classroom.Do(ctx, w.GuardCoordinator, trainingID, false, edition(t, w, trainingID), a)
			return err
		}
		w.OK(do(classroom.Ask{Kind: classroom.ActPutOff, Note: "Zamknięta granica"}))
		if got := starts(t, w, trainingID); len(got) != 0 || state(t, w, trainingID) != classroom.PutOff {
			t.Errorf("put off: %v, %s", got, state(t, w, trainingID))
		}
		if got := letters(t, w); len(got) != 1 || !strings.Contains(got[0], "termin") || !strings.Contains(got[0], "Zamknięta granica") {
			t.Errorf("letters: %q", got)
		}
		w.OK(do(classroom.Ask{Kind: classroom.ActMoved, Days: 7}))
		if got := starts(t, w, trainingID); !slices.Equal(got, []string{"12-07 09:00", "12-07 14:00"}) || state(t, w, trainingID) != classroom.Planned {
			t.Errorf("held again: %v, %s", got, state(t, w, trainingID))
		}
		if f, _ := errs.FieldsOf(do(classroom.Ask{Kind: classroom.ActCancelled})); len(f) != 1 || f[0].Name != "reason" {
			t.Errorf("without a reason: %v", f)
		}
		w.OK(do(classroom.Ask{Kind: classroom.ActCancelled, Note: "Za mało zgłoszeń"}))
		p := testrig.Must(w.Classroom.Plan(ctx, w.GuardCoordinator, trainingID))(t)
		if p.State(w.Clock.Now()) != classroom.Cancelled || p.CancelReason != "Za mało zgłoszeń" || !p.Off() {
			t.Errorf("%+v", p)
		}
		w.Refused("cancelled twice", do(classroom.Ask{Kind: classroom.ActCancelled, Note: "Znów"}), errs.ErrConflict)
		w.Refused("moved though cancelled", do(classroom.Ask{Kind: classroom.ActMoved, Days: 1}), errs.ErrConflict)
		if got := letters(t, w); len(got) != 1 || !strings.Contains(got[0], "Za mało zgłoszeń") { // the move was never told: it is settled by this one
			t.Errorf("letters: %q", got)
		}
		over := planned(t, w, "Krótkie", "2026-11-12")
		w.Clock.Advance(30 * day)
		_, err := w.Classroom.Do(ctx, w.GuardCoordinator, over, false, edition(t, w, over), classroom.Ask{Kind: classroom.ActCancelled, Note: "Po czasie"})
		w.Refused("what is over", err, errs.ErrConflict)
	})
}

// A session is cancelled with a reason; what is over, or was cancelled, is not. A change that came in between stands in the way of
// undoing.
func TestASessionIsCancelled(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		sessions := testrig.Must(w.Classroom.Sessions(ctx, w.GuardCoordinator, trainingID))(t)
		cancel := func(reason string) error {
			return w.Classroom.CancelSession(ctx, w.GuardCoordinator, trainingID, sessions[1].ID, edition(t, w, trainingID), reason)
		}
		if f, _ := errs.FieldsOf(cancel(" ")); len(f) != 1 || f[0].Name != "reason" {
			t.Errorf("without a reason: %v", f)
		}
		w.OK(cancel("Brak sali"))
		p := testrig.Must(w.Classroom.Plan(ctx, w.GuardCoordinator, trainingID))(t)
		if got := starts(t, w, trainingID); len(got) != 1 || !p.HeldUntil.Equal(sessions[0].EndsAt) {
			t.Errorf("%v, until %v", got, p.HeldUntil)
		}
		w.Refused("cancelled twice", cancel("Znów"), errs.ErrConflict)
		d, ok, err := w.Classroom.Undoable(ctx, w.GuardCoordinator, trainingID)
		if err != nil || !ok {
			t.Fatalf("%t, %v", ok, err)
		}
		again := classroom.SessionDraft{Day: "2026-11-30", From: "15:00", Until: "18:00", Place: "Terespol"}
		testrig.Must(w.Classroom.SaveSession(ctx, w.GuardCoordinator, trainingID, sessions[1].ID, edition(t, w, trainingID), again))(t)
		if got := starts(t, w, trainingID); len(got) != 2 {
			t.Errorf("held again: %v", got)
		}
		w.Refused("undone after a change", w.Classroom.Undo(ctx, w.GuardCoordinator, trainingID, d.ID), errs.ErrConflict)
		w.Until(sessions[0].EndsAt)
		err = w.Classroom.CancelSession(ctx, w.GuardCoordinator, trainingID, sessions[0].ID, edition(t, w, trainingID), "Po czasie")
		w.Refused("what is over", err, errs.ErrConflict)
	})
}

// Only who may plan in a training's unit changes anything of it; who may not even see it does not find it.
func TestWhoMayPlan(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		led(t, w, trainingID)
		sessionID := testrig.Must(w.Classroom.Sessions(ctx, w.Coordinator, trainingID))(t)[0].ID
		c, e := w.Classroom, edition(t, w, trainingID)
		good := classroom.SessionDraft{Day: "2026-12-05", From: "09:00", Until: "10:00", Place: "x"}
		second := func(_ any, err error) error { return err }
		for who, x := range map[string]struct {
			actor access.Actor
			want  error
		}{
			"who leads it": {w.GuardTrainer, errs.ErrForbidden}, "a reviewer": {w.Reviewer, errs.ErrForbidden}, "the police": {w.PoliceCoordinator, errs.ErrNotFound},
			"a post below": {w.TerespolCoordinator, errs.ErrNotFound}, "a learner": {w.Learner, errs.ErrNotFound}, "nobody": {access.Actor{}, errs.ErrNotFound},
		} {
			for what, err := range map[string]error{
				"content":   c.SaveContent(ctx, x.actor, trainingID, e, classroom.ContentDraft{Title: "Inne"}),
				"fund":      c.SaveFund(ctx, x.actor, trainingID, e, classroom.FundDraft{}),
				"sign-up":   c.SaveSignUp(ctx, x.actor, trainingID, e, classroom.SignUpDraft{SignUp: classroom.Closed}),
				"trainers":  c.SaveTrainers(ctx, x.actor, trainingID, e, nil),
				"emblem":    c.AddEmblem(ctx, x.actor, trainingID, e, onePixel, "Godło"),
				"no emblem": c.RemoveEmblem(ctx, x.actor, trainingID, e, 1),
				"session":   second(c.SaveSession(ctx, x.actor, trainingID, "", e, good)),
				"cancelled": c.CancelSession(ctx, x.actor, trainingID, sessionID, e, "Powód"),
				"do":        second(c.Do(ctx, x.actor, trainingID, true, e, classroom.Ask{Kind: classroom.ActMoved, Days: 1})),
				"duplicate": second(c.Duplicate(ctx, x.actor, trainingID, false, true, []classroom.Copy{{Day: "2026-12-07"}})),
			} {
				if !errors.Is(err, x.want) {
					t.Errorf("%s, %s: %v", who, what, err)
				}
			}
		}
		if got := testrig.Must(c.Plan(ctx, w.Coordinator, trainingID))(t); got.Edition != e || got.Title != "Szkolenie" {
			t.Errorf("changed: %+v", got)
		}
	})
}

// What is written of a training is kept, and each fault is told at its field.
func TestSectionsOfATrainingAreSaved(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, trainingID := t.Context(), planned(t, w, "Szkolenie", "2026-11-30")
		c, a := w.Classroom, w.GuardCoordinator
		w.OK(c.SaveContent(ctx, a, trainingID, edition(t, w, trainingID), classroom.ContentDraft{
			Title: "Pomoc", Audience: "OPS", Objectives: "Rozpoznać\r\n\r\nZawiadomić", Materials: "Karta", Langs: []string{"pl", "en"}, Theory: "4,5", Exercise: "2", HourMinutes: "60", ProgrammeID: "social-welfare", ProgrammeVersion: "1.0",
		}))
		w.OK(c.SaveFund(ctx, a, trainingID, edition(t, w, trainingID), classroom.FundDraft{Project: "Projekt A", Share: "85 %", Statement: "Dofinansowano", Notice: "Administratorem jest…", NoticeVersion: "2", EvidenceUntil: "2031-12-31"}))
		w.OK(c.SaveSignUp(ctx, a, trainingID, edition(t, w, trainingID), classroom.SignUpDraft{
			SignUp: classroom.Approved, Delegation: true, Wanted: []classroom.NumberDraft{{classroom.OfPowiat, "bialski", "12"}, {classroom.OfInstitution, "OPS", "8"}},
			Quotas: []classroom.NumberDraft{{classroom.OfRegion, "06", "10"}},
		}))
		w.OK(c.AddEmblem(ctx, a, trainingID, edition(t, w, trainingID), onePixel, " Godło funduszu "))
		p := testrig.Must(c.Plan(ctx, a, trainingID))(t)
		if p.Title != "Pomoc" || p.Objectives != "Rozpoznać\n\nZawiadomić" || p.TheoryMinutes != 270 || p.HourMinutes != 60 || !slices.Equal(p.Langs, []string{"pl", "en"}) || p.ProgrammeID != "social-welfare" ||
			p.Project != "Projekt A" || p.ProjectShare != 85 || p.NoticeVersion != "2" || p.SignUp != classroom.Approved || !p.Delegation || p.Audience != "OPS" || p.EvidenceUntil.UTC().Format(time.DateTime) != "2031-12-31 23:00:00" {
			t.Errorf("%+v", p)
		}
		wanted, quotas := testrig.Must(classroom.WantedOf(ctx, w.DB, trainingID))(t), testrig.Must(classroom.QuotasOf(ctx, w.DB, trainingID))(t)
		emblems := testrig.Must(classroom.EmblemsOf(ctx, w.DB, trainingID))(t)
		if len(wanted) != 2 || wanted[1] != (classroom.Number{Kind: classroom.OfPowiat, Name: "bialski", Number: 12}) || len(quotas) != 1 || len(emblems) != 1 || emblems[0].Description != "Godło funduszu" {
			t.Errorf("%v, %v, %v", wanted, quotas, emblems)
		}
		e := edition(t, w, trainingID)
		for want, err := range map[string]error{
			"share classroom.fault.share":                   c.SaveFund(ctx, a, trainingID, e, classroom.FundDraft{Share: "120"}),
			"notice-version classroom.fault.notice-version": c.SaveFund(ctx, a, trainingID, e, classroom.FundDraft{Notice: "Tekst"}),
			"evidence-until classroom.fault.day":            c.SaveFund(ctx, a, trainingID, e, classroom.FundDraft{EvidenceUntil: "31 grudnia"}),
			"evidence-until classroom.fault.evidence-until": c.SaveFund(ctx, a, trainingID, e, classroom.FundDraft{EvidenceUntil: "2026-11-29"}),
			"sign-up classroom.fault.sign-up":               c.SaveSignUp(ctx, a, trainingID, e, classroom.SignUpDraft{SignUp: "all"}),
			"emblem classroom.fault.emblem-format":          c.AddEmblem(ctx, a, trainingID, e, []byte("<svg/>"), "Godło"),
			"emblem-text classroom.fault.emblem-text":       c.AddEmblem(ctx, a, trainingID, e, onePixel, " "),
			"emblem classroom.fault.emblem-size":            c.AddEmblem(ctx, a, trainingID, e, append(slices.Clone(onePixel), make([]byte, classroom.MostEmblemBytes)...), "Godło"),
		} {
			if f, _ := errs.FieldsOf(err); len(f) != 1 || f[0].Name+" "+f[0].Key != want {
				t.Errorf("%s: %v", want, err)
			}
		}
		for range classroom.MostEmblems - 1 {
			w.OK(c.AddEmblem(ctx, a, trainingID, edition(t, w, trainingID), onePixel, "Godło"))
		}
		if f, _ := errs.FieldsOf(c.AddEmblem(ctx, a, trainingID, edition(t, w, trainingID), onePixel, "Godło")); len(f) != 1 || f[0].Key != "classroom.fault.emblems" {
			t.Errorf("one too many: %v", f)
		}
		w.OK(c.RemoveEmblem(ctx, a, trainingID, edition(t, w, trainingID), 1))
		if list := testrig.Must(classroom.EmblemsOf(ctx, w.DB, trainingID))(t); len(list) != classroom.MostEmblems-1 {
			t.Errorf("%d emblems", len(list))
		}
	})
}

var onePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82")

// Nobody is asked to sit the tests of a training that is not held; those of one that is held after all are asked by its new days.
func TestATrainingThatIsNotHeldAsksNobody(t *testing.T) {
	each(t, func(w *measured.World) {
		w.Approve()
		m := w.Trained("Szkolenie", "", w.Unit)
		w.No(measured.Second(w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, []string{w.Person("Anna", "Pomocna").PersonID})))
		asked := func() int {
			return measured.One[int](w, `SELECT COUNT(*) FROM sitting WHERE state = 'asked'`)
		}
		all := asked()
		do := func(a classroom.Ask) {
			p, err := w.App.Classroom.Plan(w.Ctx, w.Admin, m.SubjectID)
			w.No(err)
			w.No(measured.Second(w.App.Classroom.Do(w.Ctx, w.Admin, m.SubjectID, false, p.Edition, a)))
		}
		do(classroom.Ask{Kind: classroom.ActPutOff})
		if n := asked(); n != 0 || all == 0 {
			w.T.Errorf("of %d sittings, %d are asked of a training that is put off", all, n)
		}
		do(classroom.Ask{Kind: classroom.ActMoved, Days: 3})
		if n := asked(); n != all {
			w.T.Errorf("of %d sittings, %d are asked again", all, n)
		}
	})
}
