package laboratory_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/laboratory"
	"ostoja/internal/laboratory/casefile"
	"ostoja/internal/testrig"
)

// hall is a room of the guard's trainer.
type hall struct {
	*testrig.World
	run  string
	code string
	c    casefile.Case
}

const packing = "packing-hall"

func newHall(w *testrig.World) *hall {
	ctx := w.T.Context()
	h := &hall{World: w, c: testrig.Must(w.Laboratory.Case(packing))(w.T)}
	h.run = testrig.Must(w.Laboratory.Open(ctx, w.GuardTrainer, laboratory.Opening{CaseID: packing}))(w.T)
	h.code = *h.room().Code
	return h
}

func (h *hall) room() laboratory.Room {
	h.T.Helper()
	return testrig.Must(h.Laboratory.Room(h.T.Context(), h.GuardTrainer, h.run))(h.T)
}

func (h *hall) join(a access.Actor, number int) string {
	h.T.Helper()
	return testrig.Must(h.Laboratory.Join(h.T.Context(), a, h.code, number))(h.T)
}

// move moves the room on so many times.
func (h *hall) move(times int) {
	h.T.Helper()
	for range times {
		_, err := h.Laboratory.Move(h.T.Context(), h.GuardTrainer, h.run, h.room().Position)
		h.OK(err)
	}
}

func (h *hall) draft(step int, letter string) laboratory.Draft {
	return laboratory.Draft{ID: id.New(), StepID: h.c.Steps[step].ID, Letter: letter, Reason: "Bo tak jest bezpieczniej."}
}

// Those lead a room who may in its unit, or opened it; anybody else finds nothing, and no figures.
func TestWhoLeads(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		leaders := []string{"administrator", "coordinator", "coordinator of the guard", "trainer of the guard"}
		everybody := w.Everybody()
		for _, name := range slices.Sorted(maps.Keys(everybody)) {
			a := everybody[name]
			_, err := w.Laboratory.Room(ctx, a, h.run)
			_, seen := w.Laboratory.Revision(ctx, a, h.run)
			if !slices.Contains(leaders, name) {
				w.Refused(name+" looks", err, errs.ErrNotFound)
				w.Refused(name+" watches", seen, errs.ErrNotFound)
				_, err = w.Laboratory.Move(ctx, a, h.run, 0)
				w.Refused(name+" moves", err, errs.ErrNotFound)
				_, err = w.Laboratory.Paper(ctx, a, h.run, 0, nil)
				w.Refused(name+" types", err, errs.ErrNotFound)
				w.Refused(name+" ends", w.Laboratory.End(ctx, a, h.run), errs.ErrNotFound)
			} else if err != nil || seen != nil {
				t.Errorf("%s: %v, %v", name, err, seen)
			}
			may := a.Has(access.Laboratory)
			_, err = w.Laboratory.Figures(ctx, a)
			list, runs := w.Laboratory.Runs(ctx, a)
			if may != (err == nil) || may != (runs == nil) || (len(list) == 1) != slices.Contains(leaders, name) {
				t.Errorf("%s: figures %v, runs %v (%d)", name, err, runs, len(list))
			}
			if _, err := w.Laboratory.Open(ctx, a, laboratory.Opening{CaseID: packing, SessionID: id.New()}); err == nil {
				t.Errorf("%s opens for a session that is not theirs", name)
			}
		}
		for _, runID := range []string{"x", id.New()} {
			_, err := w.Laboratory.Room(ctx, w.Admin, runID)
			w.Refused(runID, err, errs.ErrNotFound)
		}
	})
}

// A group is for who joined it: nobody else sees it or decides in it, whatever their rights are.
func TestWhoseAGroupIs(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		group := h.join(w.Learner, 0)
		h.move(1)
		for name, a := range w.Everybody() {
			if name == "learner" {
				continue
			}
			want := errs.ErrGone
			if name == "nobody" {
				want = errs.ErrNotFound
			}
			_, err := w.Laboratory.Table(ctx, a, group)
			w.Refused(name+" looks", err, want)
			_, err = w.Laboratory.State(ctx, a, group)
			w.Refused(name+" asks", err, want)
			_, err = w.Laboratory.Decide(ctx, a, group, h.draft(0, "a"))
			w.Refused(name+" decides", err, want)
			w.Refused(name+" goes on", w.Laboratory.Forward(ctx, a, group, 2), want)
		}
		if _, err := w.Laboratory.Join(ctx, access.Actor{}, h.code, 0); err == nil {
			t.Error("nobody joins")
		}
	})
}

// The code is read as people type it; an unknown one, one of yesterday and one of a run that ended open nothing.
func TestJoining(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		typed := " " + strings.ToLower(h.code[:3]) + "-" + strings.ReplaceAll(h.code[3:], "0", "o") + " "
		first := testrig.Must(w.Laboratory.Join(ctx, w.Learner, typed, 0))(t)
		if again := h.join(w.Learner, 0); again != first {
			t.Error("who joins twice is in two groups")
		}
		if second := h.join(w.OtherLearner, 1); second != first {
			t.Error("a second phone is not in the group")
		}
		if third := h.join(w.PoliceLearner, 0); third == first {
			t.Error("a new group is an old one")
		}
		if d := testrig.Must(w.Laboratory.Door(ctx, w.Reviewer, h.code))(t); len(d.Groups) != 2 || d.Mine != "" {
			t.Errorf("%+v", d)
		}
		for what, err := range map[string]error{
			"a code that is not there":  second(w.Laboratory.Join(ctx, w.Reviewer, "ZZZZZZ", 0)),
			"no code":                   second(w.Laboratory.Join(ctx, w.Reviewer, "", 0)),
			"a group that is not there": second(w.Laboratory.Join(ctx, w.Reviewer, h.code, 7)),
		} {
			w.Refused(what, err, errs.ErrInvalid)
		}
		w.Clock.Advance(24 * time.Hour)
		w.Refused("the next day", second(w.Laboratory.Join(ctx, w.Reviewer, h.code, 0)), errs.ErrInvalid)
	})
}

func second[T any](_ T, err error) error { return err }

// A group decides once in each step: what is sent again counts once, and the other phone is told what the first decided. What was
// decided before the room came there is refused, what comes late is kept and is in no figure.
func TestAGroupDecidesOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		group := h.join(w.Learner, 0)
		h.join(w.OtherLearner, 1)
		d := h.draft(0, "b")
		_, err := w.Laboratory.Decide(ctx, w.Learner, group, d)
		w.Refused("before the step", err, errs.ErrConflict)
		h.move(1)
		for range 3 {
			if o := testrig.Must(w.Laboratory.Decide(ctx, w.Learner, group, d))(t); o != (laboratory.Outcome{Letter: "b"}) {
				t.Errorf("sent: %+v", o)
			}
		}
		if o := testrig.Must(w.Laboratory.Decide(ctx, w.OtherLearner, group, h.draft(0, "c")))(t); o != (laboratory.Outcome{Letter: "b", Other: true}) {
			t.Errorf("the other phone: %+v", o)
		}
		h.move(4) // the second step is decided, shown, the third decided
		if o := testrig.Must(w.Laboratory.Decide(ctx, w.Learner, group, h.draft(1, "c")))(t); !o.Late {
			t.Errorf("late: %+v", o)
		}
		r := h.room()
		if len(r.Decisions) != 2 || laboratory.Count(r.Decisions).Decisions != 1 {
			t.Errorf("%+v", r.Decisions)
		}
		for reason, key := range map[string]string{
			"": "none", strings.Repeat("x", 301): "long", "Zadzwonimy pod 601 234 567.": "phone", "PESEL 44051401359": "pesel", "Paszport AB1234567": "document",
			"a@example.org": "mail", "Bo Anna Kowalska tak mówi.": "name", "Pan Zieliński trzyma paszporty.": "name",
		} {
			x := h.draft(2, "a")
			x.Reason = reason
			_, err := w.Laboratory.Decide(ctx, w.Learner, group, x)
			if list, ok := errs.FieldsOf(err); !ok || list[0].Name != "reason" || list[0].Key != "laboratory.private."+key {
				t.Errorf("%q: %v", reason, err)
			}
		}
		x := h.draft(2, "d") // the third step has none
		_, err = w.Laboratory.Decide(ctx, w.Learner, group, x)
		w.Refused("a letter that is not there", err, errs.ErrInvalid)
		x.StepID = "nowhere"
		w.Refused("a step that is not there", second(w.Laboratory.Decide(ctx, w.Learner, group, x)), errs.ErrNotFound)
	})
}

// Of phones of one group that decide at once one decides, and of trainers who move on at once one moves: on both engines.
func TestAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		group := h.join(w.Learner, 0)
		h.join(w.OtherLearner, 1)
		h.move(1)
		var wait sync.WaitGroup
		outcomes, moves := make([]laboratory.Outcome, 8), make([]bool, 8)
		for i := range outcomes {
			a, letter := []access.Actor{w.Learner, w.OtherLearner}[i%2], []string{"a", "b"}[i%2]
			d := h.draft(0, letter)
			wait.Go(func() {
				var err error
				if outcomes[i], err = w.Laboratory.Decide(ctx, a, group, d); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		first := 0
		for _, o := range outcomes {
			if !o.Other {
				first++
			}
			if o.Letter != outcomes[0].Letter {
				t.Errorf("two decisions: %+v", outcomes)
			}
		}
		if first != 1 || len(h.room().Decisions) != 1 {
			t.Errorf("%d were first, %d are there", first, len(h.room().Decisions))
		}
		for i := range moves {
			a := []access.Actor{w.GuardTrainer, w.GuardCoordinator}[i%2]
			wait.Go(func() {
				var err error
				if moves[i], err = w.Laboratory.Move(ctx, a, h.run, 1); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := len(slices.DeleteFunc(moves, func(m bool) bool { return !m })); n != 1 || h.room().Position != 2 {
			t.Errorf("%d moved it, to %d", n, h.room().Position)
		}
	})
}

// Whose phone joins twice at once is in one group, on both engines.
func TestAPhoneThatJoinsTwiceAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		h := newHall(w)
		var wait sync.WaitGroup
		groups := make([]string, 6)
		for i := range groups {
			wait.Go(func() {
				var err error
				if groups[i], err = w.Laboratory.Join(t.Context(), w.Learner, h.code, 0); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if n := len(slices.Compact(groups)); n != 1 || len(h.room().Groups) != 1 {
			t.Errorf("%d groups, in the room %d", n, len(h.room().Groups))
		}
	})
}

// A room that moves on does not wait: the group without a decision is counted by itself, in neither figure, and a late decision does not
// mend that it was not there. Who joins later is asked from then on. A group that decided nothing at all is among the groups of the
// figures.
func TestAGroupWithoutADecision(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		first := h.join(w.Learner, 0)
		late := h.join(w.OtherLearner, 0)
		h.join(w.PoliceLearner, 0) // its phone goes into a bag
		h.move(1)
		testrig.Must(w.Laboratory.Decide(ctx, w.Learner, first, h.draft(0, "b")))(t)
		if got := h.room().Tally(); got.Asked != 0 || got.None != 0 {
			t.Errorf("while a step is decided: %+v", got)
		}
		h.move(1)
		if got := h.room().Tally(); got.Asked != 3 || got.None != 2 || got.Decisions != 1 {
			t.Errorf("what followed: %+v", got)
		}
		testrig.Must(w.Laboratory.Decide(ctx, w.OtherLearner, late, h.draft(0, "a")))(t)
		h.join(w.Reviewer, 0)
		if got := h.room().Tally(); got.Asked != 3 || got.None != 1 || got.Late != 1 || got.Missed+got.Alarms != 0 {
			t.Errorf("a late one: %+v", got)
		}
		h.move(2) // the second step, in which nobody decides
		want := laboratory.Tally{CouldMiss: 1, Decisions: 1, Late: 1, None: 5, Asked: 7}
		if got := h.room().Tally(); got != want {
			t.Errorf("after two steps: %+v", got)
		}
		h.move(1)
		testrig.Must(w.Laboratory.Decide(ctx, w.Learner, first, h.draft(2, "a")))(t) // and the room ends within the third
		w.OK(w.Laboratory.End(ctx, w.GuardTrainer, h.run))
		f := testrig.Must(w.Laboratory.Figures(ctx, w.Admin))(t)
		if f.Runs != 1 || f.All.Groups != 4 || f.All.None != 5 || f.All.Asked != 7 || f.All.Decisions != 2 || f.All.Shown {
			t.Errorf("%+v", f)
		}
		empty := newHall(w) // a room in which nothing was asked is in no figure
		empty.join(w.Learner, 0)
		w.OK(w.Laboratory.End(ctx, w.GuardTrainer, empty.run))
		if again := testrig.Must(w.Laboratory.Figures(ctx, w.Admin))(t); again.Runs != 1 || again.All.Groups != 4 {
			t.Errorf("%+v", again)
		}
	})
}

// The end erases the reasons and whose phones the groups had, at once; without it both go after a day. Decisions stay.
func TestWhatTheEndErases(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for _, byClock := range []bool{false, true} {
			h := newHall(w)
			group := h.join(w.Learner, 0)
			h.move(1)
			testrig.Must(w.Laboratory.Decide(ctx, w.Learner, group, h.draft(0, "b")))(t)
			if h.room().Decisions[0].Reason == "" {
				t.Fatal("no reason")
			}
			if byClock {
				w.Clock.Advance(24 * time.Hour)
				w.OK(w.Keeping.EraseDue(ctx))
			} else {
				w.OK(w.Laboratory.End(ctx, w.GuardTrainer, h.run))
				w.OK(w.Laboratory.End(ctx, w.GuardTrainer, h.run)) // done twice, it is done
			}
			r := h.room()
			if len(r.Decisions) != 1 || r.Decisions[0].Reason != "" || r.Decisions[0].Letter != "b" {
				t.Errorf("by clock %v: %+v", byClock, r.Decisions)
			}
			w.Refused("the group's phone", second(w.Laboratory.Table(ctx, w.Learner, group)), errs.ErrGone)
			if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM kept WHERE kind = 'laboratory-member' AND erased_at IS NULL`))(t); n != 0 {
				t.Errorf("by clock %v: keeping holds %d", byClock, n)
			}
			if !byClock {
				moved, err := w.Laboratory.Move(ctx, w.GuardTrainer, h.run, 1)
				if moved || err != nil || !r.Ended() {
					t.Errorf("an ended room moves: %v", err)
				}
				w.Refused("paper", second(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, 0, nil)), errs.ErrConflict)
			}
		}
	})
}

// What groups wrote on paper is typed in, corrected, and counts as the others do.
func TestPaper(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		h.join(w.Learner, 0)
		step := func(i int) string { return h.c.Steps[i].ID }
		n := testrig.Must(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, 0, map[string]string{step(0): "A", step(1): "b"}))(t)
		testrig.Must(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, n, map[string]string{step(0): "b", step(2): "a"}))(t)
		r := h.room()
		got := ""
		for _, s := range h.c.Steps {
			for _, d := range r.Decisions {
				if d.StepID == s.ID && d.Number == n && !d.Late {
					got += s.ID + d.Letter + " "
				}
			}
		}
		if n != 2 || len(r.Groups) != 2 || got != step(0)+"b "+step(2)+"a " {
			t.Errorf("group %d: %q", n, got)
		}
		w.Refused("a letter that is not there", second(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, n, map[string]string{step(2): "d"})), errs.ErrInvalid)
		w.Refused("a group with a phone", second(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, 1, nil)), errs.ErrNotFound)
		if len(h.room().Decisions) != 2 {
			t.Error("what was refused changed something")
		}
	})
}

// Alone: decision, what followed, next, to the debrief; nobody else sees it, it is in no figure, and it goes after ninety days.
func TestAlone(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		c := testrig.Must(w.Laboratory.Case(packing))(t)
		group := testrig.Must(w.Laboratory.Begin(ctx, w.Learner, packing))(t)
		if again := testrig.Must(w.Laboratory.Begin(ctx, w.Learner, packing))(t); again != group {
			t.Error("what is under way is begun anew")
		}
		for i, s := range c.Steps {
			testrig.Must(w.Laboratory.Decide(ctx, w.Learner, group, laboratory.Draft{ID: id.New(), StepID: s.ID, Letter: "a"}))(t)
			table := testrig.Must(w.Laboratory.Table(ctx, w.Learner, group))(t)
			if phase, step := table.Stands(); phase != laboratory.Followed || step != i {
				t.Fatalf("after %s: %s %d", s.ID, phase, step)
			}
			w.OK(w.Laboratory.Forward(ctx, w.Learner, group, table.Position))
			w.OK(w.Laboratory.Forward(ctx, w.Learner, group, table.Position)) // twice is once
		}
		plays := testrig.Must(w.Laboratory.Mine(ctx, w.Learner))(t)
		if table := testrig.Must(w.Laboratory.Table(ctx, w.Learner, group))(t); !table.Ended() || len(table.Decisions) != len(c.Steps) || len(plays) != 1 || plays[0].EndedAt.IsZero() {
			t.Errorf("%+v, %+v", table.Run, plays)
		}
		if f := testrig.Must(w.Laboratory.Figures(ctx, w.Admin))(t); f.Runs != 0 {
			t.Errorf("%+v", f)
		}
		if list := testrig.Must(w.Laboratory.Runs(ctx, w.Admin))(t); len(list) != 0 {
			t.Errorf("an administrator sees %+v", list)
		}
		if next := testrig.Must(w.Laboratory.Begin(ctx, w.Learner, packing))(t); next == group {
			t.Error("a second time is the first")
		}
		_, err := w.Laboratory.Begin(ctx, w.Learner, "nothing")
		w.Refused("no such case", err, errs.ErrNotFound)
		w.Clock.Advance(90 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if plays := testrig.Must(w.Laboratory.Mine(ctx, w.Learner))(t); len(plays) != 0 {
			t.Errorf("after 90 days: %+v", plays)
		}
	})
}

// Who asked gets one case a month, the cases in turn, and none after the link that every letter brings; a blocked person gets none.
func TestOneCaseAMonth(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		before := len(w.Letters())
		letters := func() int {
			w.OK(w.Laboratory.SendDue(ctx))
			return len(w.Letters()) - before
		}
		w.OK(w.Laboratory.Want(ctx, w.Learner, true))
		w.OK(w.Laboratory.Want(ctx, w.Learner, true))
		if n := letters(); n != 0 {
			t.Errorf("%d at once", n)
		}
		w.Clock.Advance(31 * 24 * time.Hour)
		if n := letters() + letters() - letters(); n != 1 {
			t.Errorf("%d after a month", n)
		}
		letter := w.LastLetter()
		if !strings.Contains(letter.Body, "/app/laboratory/cases/") || strings.Contains(letter.Subject, "Źródło") {
			t.Errorf("%+v", letter)
		}
		_, stop, _ := strings.Cut(letter.Body, "/app/laboratory/stop/")
		stop = strings.TrimSpace(stop)
		w.OK(w.Laboratory.Stops(stop))
		w.Refused("another's link", w.Laboratory.Stop(ctx, "x"+stop), errs.ErrNotFound)
		if _, wanted, err := w.Laboratory.Refresher(ctx, w.Learner); !wanted || err != nil {
			t.Errorf("looking at a link ended it: %v", err)
		}
		w.OK(w.Laboratory.Stop(ctx, stop))
		w.OK(w.Laboratory.Stop(ctx, stop))
		w.Clock.Advance(31 * 24 * time.Hour)
		if n := letters(); n != 1 {
			t.Errorf("%d after the end", n)
		}
		w.Refused("nobody", w.Laboratory.Want(ctx, access.Actor{}, true), errs.ErrNotFound)
	})
}

// Whatever statement fails, an act is done whole or not at all, and done again afterwards.
func TestAFailedStatementLeavesNothingHalf(t *testing.T) {
	w := testrig.New(t)
	ctx, h := t.Context(), newHall(w)
	group := h.join(w.Learner, 0)
	alone := testrig.Must(w.Laboratory.Begin(ctx, w.Learner, packing))(t)
	h.move(1)
	d := h.draft(0, "a")
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "open", Do: func() error {
			return second(w.Laboratory.Open(ctx, w.GuardTrainer, laboratory.Opening{CaseID: packing}))
		}},
		{Name: "join", Do: func() error { return second(w.Laboratory.Join(ctx, w.OtherLearner, h.code, 0)) }},
		{Name: "decide", Do: func() error { return second(w.Laboratory.Decide(ctx, w.Learner, group, d)) }},
		{Name: "paper", Do: func() error {
			return second(w.Laboratory.Paper(ctx, w.GuardTrainer, h.run, 0, map[string]string{h.c.Steps[0].ID: "a"}))
		}},
		{Name: "move", Do: func() error { return second(w.Laboratory.Move(ctx, w.GuardTrainer, h.run, 1)) }},
		{Name: "look", Do: func() error { return second(w.Laboratory.Room(ctx, w.GuardTrainer, h.run)) }},
		{Name: "alone", Do: func() error {
			return second(w.Laboratory.Decide(ctx, w.Learner, alone, h.draft(0, "a")))
		}},
		{Name: "forward", Do: func() error { return w.Laboratory.Forward(ctx, w.Learner, alone, 2) }},
		{Name: "end", Do: func() error { return w.Laboratory.End(ctx, w.GuardTrainer, h.run) }},
		{Name: "want", Do: func() error { return w.Laboratory.Want(ctx, w.Learner, true) }},
	})
	if r := h.room(); !r.Ended() || r.Position != 2 || len(r.Decisions) != 2 || len(r.Groups) < 3 {
		t.Errorf("%+v", r)
	}
}
