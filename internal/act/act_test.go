package act_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/testrig"
	"ostoja/translations"
)

var object = learning.ObjectOf(testrig.SmallCourse)

// world is a program in which acts are done and undone.
type world struct{ *testrig.World }

// rows are all rows that an act on a course's people may leave, in words: what is undone leaves none.
func (w world) rows() (list []string) {
	w.T.Helper()
	ctx := w.T.Context()
	type enrolment struct {
		ID, PersonID, VersionID, Lang, MovedFrom, LastPart                            string
		Round, PartsDone                                                              int
		Latest                                                                        bool
		CreatedAt, StartedAt, ActiveAt, FinishedAt, PassedAt, WithdrawnAt, RemindedAt time.Time
	}
	for _, x := range testrig.Must(db.All[enrolment](ctx, w.DB, `SELECT id, person_id, version_id, lang, moved_from, last_part, round, parts_done, latest, created_at, started_at, active_at, finished_at, passed_at, withdrawn_at, reminded_at FROM enrolment`))(w.T) {
		list = append(list, fmt.Sprintf("enrolment %+v", x))
	}
	for what, text := range map[string]string{
		"statement": `SELECT person_id || ' ' || verb || ' ' || object || ' ' || id FROM statement`,
		"mail":      `SELECT id || ' ' || recipient || ' ' || act_id FROM mail`,
		"job":       `SELECT id || ' ' || kind FROM job`,
		"link":      `SELECT person_id || ' ' || kind || ' ' || next FROM access_link`,
		"state":     `SELECT id || ' ' || state FROM person`,
	} {
		for _, x := range testrig.Must(db.All[string](ctx, w.DB, text))(w.T) {
			list = append(list, what+" "+x)
		}
	}
	slices.Sort(list)
	return list
}

func (w world) latest(a access.Actor) (learning.Enrolment, bool) {
	e, err := w.Learning.Latest(w.T.Context(), a.PersonID, testrig.SmallCourse)
	return e, err == nil
}

// open returns the newest act of somebody that can be undone.
func (w world) open(a access.Actor) act.Act {
	w.T.Helper()
	list := testrig.Must(w.Acts.Open(w.T.Context(), a, object))(w.T)
	if len(list) == 0 {
		w.T.Fatal("nothing can be undone")
	}
	return list[0]
}

func (w world) publish(label string) {
	w.T.Helper()
	f := testrig.CourseFolder{ID: testrig.SmallCourse, Label: label, Langs: []string{"pl", "en"}, Forms: true}
	_, _, err := w.Courses.Publish(w.T.Context(), w.Author, f.Files())
	w.OK(err)
}

// TestWhatIsUndoneLeavesNoRowAndNoLetter: whatever was done to whom, in whatever state they were, undoing it brings every row back, and no
// letter leaves, neither at once nor later.
func TestWhatIsUndoneLeavesNoRowAndNoLetter(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w := world{tw}
		ctx := t.Context()
		var people []access.Actor
		for i := range 6 {
			people = append(people, w.Person(string(rune('A'+i))+"nna", "Próbna", w.Terespol))
		}
		label := 1
		rapid.Check(t, func(rt *rapid.T) {
			for _, a := range people { // something happens to each, which stays
				e, there := w.latest(a)
				switch rapid.IntRange(0, 4).Draw(rt, "before") {
				case 0:
					if !there {
						_, err := w.Learning.Enrol(ctx, a, testrig.SmallCourse, "pl")
						w.OK(err)
					}
				case 1:
					if there && e.State() == learning.Invited {
						_, err := w.Learning.Lesson(ctx, a, e.ID, "one")
						w.OK(err)
					}
				case 2:
					if there && e.State() != learning.Withdrawn {
						w.OK(w.Learning.Withdraw(ctx, access.System, e.ID))
					}
				}
			}
			w.Letters() // what waited leaves
			w.Clock.Advance(8 * 24 * time.Hour)
			w.Letters()
			var ids, enrolments []string
			for _, a := range people {
				if rapid.Bool().Draw(rt, "chosen") {
					ids = append(ids, a.PersonID)
					if e, there := w.latest(a); there {
						enrolments = append(enrolments, e.ID)
					}
				}
			}
			what := rapid.SampledFrom([]act.Kind{learning.ActEnrol, learning.ActWithdraw, learning.ActRestore, learning.ActMove, desk.ActRemind}).Draw(rt, "act")
			if what == learning.ActMove {
				label++
				w.publish(fmt.Sprint(label))
			}
			before, letters := w.rows(), len(w.Letters())
			n, err := w.do(what, ids, enrolments)
			w.OK(err)
			if n == 0 {
				return
			}
			if reflect.DeepEqual(before, w.rows()) {
				rt.Fatalf("%s of %d changed nothing", what, n)
			}
			a := w.open(w.GuardCoordinator)
			if a.Kind != what || a.N != n {
				rt.Fatalf("%s of %d is noted as %s of %d", what, n, a.Kind, a.N)
			}
			w.Clock.Advance(rapid.SampledFrom([]time.Duration{0, time.Minute, act.UndoFor - time.Second}).Draw(rt, "later"))
			if now := len(w.Letters()); now != letters {
				rt.Fatalf("%d letters left at once", now-letters)
			}
			u, err := w.Acts.Undo(ctx, w.GuardCoordinator, a.ID)
			w.OK(err)
			if u.Back != n || u.Stays != 0 {
				rt.Fatalf("%s of %d: %+v", what, n, u)
			}
			if after := w.rows(); !reflect.DeepEqual(before, after) {
				rt.Fatalf("%s leaves\n%v\nwas\n%v", what, missing(after, before), missing(before, after))
			}
			w.Clock.Advance(time.Hour)
			if now := len(w.Letters()); now != letters {
				rt.Fatalf("%s: %d letters left though it was undone", what, now-letters)
			}
		})
	})
}

func missing(a, b []string) (list []string) {
	for _, x := range a {
		if !slices.Contains(b, x) {
			list = append(list, x)
		}
	}
	return list
}

func (w world) do(k act.Kind, ids, enrolments []string) (int, error) {
	ctx, actor := w.T.Context(), w.GuardCoordinator
	switch k {
	case learning.ActEnrol:
		return w.Learning.EnrolMany(ctx, actor, testrig.SmallCourse, ids)
	case learning.ActWithdraw:
		return w.Learning.WithdrawMany(ctx, actor, testrig.SmallCourse, enrolments)
	case learning.ActRestore:
		return w.Learning.RestoreMany(ctx, actor, testrig.SmallCourse, enrolments)
	case learning.ActMove:
		return w.Learning.Move(ctx, actor, testrig.SmallCourse)
	}
	if len(enrolments) == 0 {
		return 0, nil
	}
	r, err := w.Desk.Remind(ctx, actor, testrig.SmallCourse, desk.Selection{Enrolments: enrolments})
	return r.Sent, err
}

// enrolled enrols the guard's two learners.
func (w world) enrolled() act.Act {
	w.T.Helper()
	n, err := w.Learning.EnrolMany(w.T.Context(), w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.OtherLearner.PersonID})
	if err != nil || n != 2 {
		w.T.Fatal(n, err)
	}
	return w.open(w.GuardCoordinator)
}

// What followed stays, and it is said why.
func TestWhatFollowedStays(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w, ctx := world{tw}, t.Context()
		a := w.enrolled()
		e, _ := w.latest(w.Learner)
		_, err := w.Learning.Lesson(ctx, w.Learner, e.ID, "one")
		w.OK(err)
		u := testrig.Must(w.Acts.Undo(ctx, w.GuardCoordinator, a.ID))(t)
		if u != (act.Undone{Back: 1, Stays: 1, Letters: 2}) {
			t.Errorf("%+v", u)
		}
		if _, there := w.latest(w.Learner); !there {
			t.Error("who had begun lost the course")
		}
		if _, there := w.latest(w.OtherLearner); there {
			t.Error("who had not begun is in the course")
		}
		told := testrig.Must(w.Acts.One(ctx, w.GuardCoordinator, a.ID))(t)
		if !reflect.DeepEqual(told.Stays, map[string]int{"started": 1}) || told.UndoneAt.IsZero() {
			t.Errorf("%+v", told)
		}
		// A move after which somebody went on; a withdrawal after which somebody was enrolled anew.
		w.publish("2")
		w.Clock.Advance(time.Hour)
		n, err := w.Learning.Move(ctx, w.GuardCoordinator, testrig.SmallCourse)
		if n != 1 || err != nil {
			t.Fatal(n, err)
		}
		moved := w.open(w.GuardCoordinator)
		w.Clock.Advance(time.Minute)
		_, err = w.Learning.Lesson(ctx, w.Learner, e.ID, "two")
		w.OK(err)
		if u := testrig.Must(w.Acts.Undo(ctx, w.GuardCoordinator, moved.ID))(t); u.Back != 0 || u.Stays != 1 {
			t.Errorf("a move that somebody went on after: %+v", u)
		}
		w.OK(w.Learning.Withdraw(ctx, w.GuardCoordinator, e.ID))
		out := w.open(w.GuardCoordinator)
		w.Clock.Advance(time.Second)
		if n, err := w.Learning.EnrolMany(ctx, w.Coordinator, testrig.SmallCourse, []string{w.Learner.PersonID}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if u := testrig.Must(w.Acts.Undo(ctx, w.GuardCoordinator, out.ID))(t); u.Back != 0 || u.Stays != 1 {
			t.Errorf("a withdrawal after which somebody was enrolled anew: %+v", u)
		}
	})
}

// What comes twice, too late, after the letters or from somebody else is refused, and changes nothing.
func TestWhoMayUndoAndUntilWhen(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w, ctx := world{tw}, t.Context()
		a := w.enrolled()
		says := func(what string, err error, category error, key string) {
			t.Helper()
			var e *errs.Error
			if !errors.Is(err, category) || !errors.As(err, &e) || e.Key != key {
				t.Errorf("%s: %v", what, err)
			}
		}
		for what, c := range map[string]struct {
			actor    access.Actor
			category error
			key      string
		}{
			"a learner": {w.Learner, errs.ErrNotFound, "error.not-found"}, "nobody": {access.Actor{}, errs.ErrNotFound, "error.not-found"},
			"an author": {w.Author, errs.ErrNotFound, "error.not-found"}, "another coordinator": {w.TerespolCoordinator, errs.ErrForbidden, "act.fault.another"},
		} {
			_, err := w.Acts.Undo(ctx, c.actor, a.ID)
			says(what, err, c.category, c.key)
			_, err = w.Acts.Send(ctx, c.actor, a.ID)
			says(what+" sends", err, c.category, c.key)
		}
		_, err := w.Acts.Undo(ctx, w.GuardCoordinator, "none")
		says("no such act", err, errs.ErrNotFound, "error.not-found")
		if list := testrig.Must(w.Acts.Open(ctx, w.TerespolCoordinator, object))(t); len(list) != 0 {
			t.Errorf("somebody else is offered to undo it: %v", list)
		}
		// Who has the right everywhere may.
		if u := testrig.Must(w.Acts.Undo(ctx, w.Coordinator, a.ID))(t); u.Back != 2 {
			t.Errorf("%+v", u)
		}
		_, err = w.Acts.Undo(ctx, w.GuardCoordinator, a.ID)
		says("a second time", err, errs.ErrConflict, "act.fault.undone")
		_, err = w.Acts.Send(ctx, w.GuardCoordinator, a.ID)
		says("sent after it was undone", err, errs.ErrConflict, "act.fault.undone")
		// Sent early.
		a = w.enrolled()
		before := len(w.Letters())
		if n := testrig.Must(w.Acts.Send(ctx, w.GuardCoordinator, a.ID))(t); n != 2 || len(w.Letters()) != before+2 {
			t.Errorf("%d letters, %d left", n, len(w.Letters())-before)
		}
		_, err = w.Acts.Undo(ctx, w.GuardCoordinator, a.ID)
		says("after its letters", err, errs.ErrConflict, "act.fault.sent")
		// Too late: the letters leave by themselves, once, also in a program that was started anew.
		w.OK(w.Learning.Withdraw(ctx, access.System, testrig.Must(w.Learning.Latest(ctx, w.Learner.PersonID, testrig.SmallCourse))(t).ID))
		if n, err := w.Learning.EnrolMany(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		a = w.open(w.GuardCoordinator)
		before = len(w.Letters())
		w.App = w.Node()
		w.Clock.Advance(act.UndoFor)
		_, err = w.Acts.Undo(ctx, w.GuardCoordinator, a.ID)
		says("too late", err, errs.ErrConflict, "act.fault.late")
		w.Clock.Advance(time.Minute)
		for range 2 {
			if n := len(w.Letters()) - before; n != 1 {
				t.Errorf("%d letters left by themselves", n)
			}
		}
		// Of an act that is forgotten nobody knows.
		w.Clock.Advance(8 * 24 * time.Hour)
		w.OK(w.Acts.Sweep(ctx))
		_, err = w.Acts.One(ctx, w.GuardCoordinator, a.ID)
		says("forgotten", err, errs.ErrNotFound, "error.not-found")
	})
}

// A letter that left though its act is open keeps the act from being undone in half.
func TestNothingIsUndoneOnceALetterLeaves(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w, ctx := world{tw}, t.Context()
		a := w.enrolled()
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { // as the outbox does when it takes the letter
			return db.Exec(ctx, tx, `UPDATE mail SET held_until = NULL WHERE id = (SELECT MIN(id) FROM mail WHERE act_id = ?)`, a.ID)
		}))
		before := w.rows()
		_, err := w.Acts.Undo(ctx, w.GuardCoordinator, a.ID)
		w.Refused("undone while letters leave", err, errs.ErrConflict)
		if !reflect.DeepEqual(before, w.rows()) {
			t.Error("half of it was undone")
		}
	})
}

// An account that was erased keeps nothing from being undone, of whoever did it or of whom it was done to.
func TestActsOfErasedAccounts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w, ctx := world{tw}, t.Context()
		a := w.enrolled()
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return errors.Join(w.Identity.Forget(ctx, tx, w.OtherLearner.PersonID), w.Identity.Forget(ctx, tx, w.GuardCoordinator.PersonID))
		}))
		if told := testrig.Must(w.Acts.One(ctx, w.Coordinator, a.ID))(t); told.Mine || !told.May || told.N != 2 {
			t.Errorf("%+v", told)
		}
		if u := testrig.Must(w.Acts.Undo(ctx, w.Coordinator, a.ID))(t); u.Back != 2 {
			t.Errorf("%+v", u)
		}
	})
}

// Every kind has its words, in each language.
func TestEveryKindHasItsWords(t *testing.T) {
	w := testrig.New(t)
	kinds := w.Acts.Kinds()
	if len(kinds) < 5 {
		t.Errorf("%v", kinds)
	}
	catalogue := testrig.Must(lang.Load(translations.FS, time.UTC))(t)
	for _, tag := range catalogue.Langs() {
		p := catalogue.Printer(tag)
		for _, k := range kinds {
			if !p.Has("audit.action-act-" + string(k)) {
				t.Errorf("%s: no words for the record of %s", p.Tag(), k)
			}
			for n := range 6 {
				if said := p.N("act.did-"+string(k), n); strings.HasPrefix(said, "⟦") {
					t.Errorf("%s, %s: %s", p.Tag(), k, said)
				}
			}
		}
	}
}

// Nothing that fails is silent, and nothing is half done.
func TestNoFailureIsSilent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, tw *testrig.World) {
		w, ctx := world{tw}, t.Context()
		actor := w.GuardCoordinator
		a := w.enrolled()
		var second act.Act
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "open", Do: func() error { _, err := w.Acts.Open(ctx, actor, object); return err }},
			{Name: "one", Do: func() error { _, err := w.Acts.One(ctx, actor, a.ID); return err }},
			{Name: "undo", Do: func() error { _, err := w.Acts.Undo(ctx, actor, a.ID); return err }},
			{Name: "again", Do: func() error {
				_, err := w.Learning.EnrolMany(ctx, actor, testrig.SmallCourse, []string{w.Learner.PersonID})
				return err
			}},
			{Name: "which", Do: func() error {
				list, err := w.Acts.Open(ctx, actor, object)
				if err == nil {
					second = list[0]
				}
				return err
			}},
			{Name: "send", Do: func() error { _, err := w.Acts.Send(ctx, actor, second.ID); return err }},
			{Name: "sweep", Do: func() error { return w.Acts.Sweep(ctx) }},
		})
	})
}
