package agreement_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/testrig"
)

// say lets somebody choose in all situations by their number from 0, and finish.
func say(w *testrig.World, who access.Actor, round string, choose func(i int, s agreement.Situation) firstline.Urgency) {
	w.T.Helper()
	for i, s := range w.Agreement.Table().Situations {
		w.OK(w.Agreement.Say(w.T.Context(), who, round, s.ID, choose(i, s)))
	}
	w.OK(w.Agreement.Finish(w.T.Context(), who, round))
}

func always(u firstline.Urgency) func(int, agreement.Situation) firstline.Urgency {
	return func(int, agreement.Situation) firstline.Urgency { return u }
}

func ours(_ int, s agreement.Situation) firstline.Urgency { return s.Step }

// begun is a round of the guard with its two editors.
func begun(t *testing.T, w *testrig.World) (round string) {
	t.Helper()
	round = testrig.Must(w.Agreement.Begin(t.Context(), w.GuardEditor, w.Guard))(t)
	w.OK(w.Agreement.Join(t.Context(), w.SecondGuardEditor, round))
	return round
}

// Neither sees anything of the other's, nor the result, before both are done; then both see it, and who keeps the unit's part of the site.
func TestNobodySeesBeforeBothAreDone(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		round := begun(t, w)
		hidden := func(when string) {
			t.Helper()
			for _, who := range []access.Actor{w.GuardEditor, w.SecondGuardEditor, w.Admin} {
				_, _, err := w.Agreement.Result(ctx, who, round)
				w.Refused(when, err, errs.ErrNotFound)
			}
		}
		hidden("at the beginning")
		first := func(i int, s agreement.Situation) firstline.Urgency {
			if i < 2 {
				return firstline.Consult // where our step is now
			}
			return s.Step
		}
		say(w, w.GuardEditor, round, first)
		hidden("when one is done")
		if r, said, err := w.Agreement.Round(ctx, w.SecondGuardEditor, round); err != nil || len(said) != 0 || r.Mine != 2 || r.Me().Done() || r.Complete() {
			t.Errorf("the second sees %v of %+v, %v", said, r, err)
		}
		if _, said, err := w.Agreement.Round(ctx, w.Admin, round); err != nil || len(said) != 0 {
			t.Errorf("a third sees %v, %v", said, err)
		}
		say(w, w.SecondGuardEditor, round, func(i int, s agreement.Situation) firstline.Urgency {
			if i == 0 {
				return firstline.Consult
			}
			return s.Step
		})
		for _, who := range []access.Actor{w.GuardEditor, w.SecondGuardEditor, w.Admin} {
			r, result, err := w.Agreement.Result(ctx, who, round)
			if err != nil || !r.Complete() {
				t.Fatalf("%+v, %v", r, err)
			}
			if result.Each.N != 20 || result.Each.Same != 19 || result.FirstWithTable.Same != 18 || result.SecondWithTable.Same != 19 || result.AgainstTable() != 1 {
				t.Errorf("%+v", result)
			}
			if x := result.Rows[0]; !x.AgainstTable() || x.Apart() || x.First != firstline.Consult || x.Step != firstline.Now {
				t.Errorf("the first row: %+v", x)
			}
			if x := result.Rows[1]; x.AgainstTable() || !x.Apart() {
				t.Errorf("the second row: %+v", x)
			}
			if !result.Each.Weighted.Bounded() || result.Each.Weighted.Value >= 1 {
				t.Errorf("%+v", result.Each)
			}
		}
	})
}

// What both put at one and the same step has no kappa, and says how many were the same.
func TestOneStepForEverything(t *testing.T) {
	w := testrig.New(t)
	round := begun(t, w)
	say(w, w.GuardEditor, round, always(firstline.Consult))
	say(w, w.SecondGuardEditor, round, always(firstline.Consult))
	_, result, err := w.Agreement.Result(t.Context(), w.GuardEditor, round)
	w.OK(err)
	if result.Each.Same != 20 || result.Each.Kappa.Known() || result.Each.Weighted.Known() || !result.FirstWithTable.Kappa.Known() {
		t.Errorf("%+v", result)
	}
}

// Who may write the unit's part of the site begins a round there and takes part in one; to others it is not there.
func TestWhoBeginsAndJoins(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		open := testrig.Must(w.Agreement.Begin(ctx, w.GuardEditor, w.Guard))(t)
		for name, actor := range w.Everybody() {
			may := actor.PersonID != "" && actor.May(access.SiteWrite, w.GuardTrainer.Path)
			round, err := w.Agreement.Begin(ctx, actor, w.Guard)
			if may != (err == nil) {
				t.Errorf("%s begins: %v", name, err)
			}
			if err == nil {
				w.OK(w.Agreement.Remove(ctx, actor, round))
			} else {
				w.Refused(name, err, errs.ErrInvalid)
			}
			_, _, err = w.Agreement.Round(ctx, actor, open)
			if may != (err == nil) {
				t.Errorf("%s looks: %v", name, err)
			}
			rounds, units, err := w.Agreement.Desk(ctx, actor)
			if err != nil || may != (len(rounds) > 0) || slices.ContainsFunc(units, func(u agreement.Unit) bool { return u.ID == w.Guard }) != may {
				t.Errorf("%s: %d rounds, %d units, %v", name, len(rounds), len(units), err)
			}
			if may {
				continue
			}
			for what, err := range map[string]error{
				"joins": w.Agreement.Join(ctx, actor, open), "says": w.Agreement.Say(ctx, actor, open, "coach", firstline.Now),
				"finishes": w.Agreement.Finish(ctx, actor, open), "removes": w.Agreement.Remove(ctx, actor, open),
			} {
				w.Refused(name+" "+what, err, errs.ErrNotFound)
			}
		}
		for what, round := range map[string]string{"no round": id.New(), "nonsense": "x"} {
			_, _, err := w.Agreement.Round(ctx, w.Admin, round)
			w.Refused(what, err, errs.ErrNotFound)
		}
	})
}

// There are two places; nobody has both, and the third is told.
func TestThereAreTwoPlaces(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		round := testrig.Must(w.Agreement.Begin(ctx, w.GuardEditor, w.Guard))(t)
		w.Refused("oneself", w.Agreement.Join(ctx, w.GuardEditor, round), errs.ErrConflict)
		w.OK(w.Agreement.Join(ctx, w.SecondGuardEditor, round))
		w.Refused("twice", w.Agreement.Join(ctx, w.SecondGuardEditor, round), errs.ErrConflict)
		w.Refused("a third", w.Agreement.Join(ctx, w.Admin, round), errs.ErrConflict)
		for what, err := range map[string]error{
			"says": w.Agreement.Say(ctx, w.Admin, round, "coach", firstline.Now), "finishes": w.Agreement.Finish(ctx, w.Admin, round), "removes": w.Agreement.Remove(ctx, w.Admin, round),
		} {
			w.Refused("a third "+what, err, errs.ErrNotFound)
		}
	})
}

// What was chosen may be chosen anew until the part is finished, which takes all of them, and nothing afterwards.
func TestAPartIsFinishedOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, who := t.Context(), w.GuardEditor
		round := testrig.Must(w.Agreement.Begin(ctx, who, w.Guard))(t)
		w.Refused("no step", w.Agreement.Say(ctx, who, round, "coach", "soon"), errs.ErrInvalid)
		w.Refused("no situation", w.Agreement.Say(ctx, who, round, "moon", firstline.Now), errs.ErrNotFound)
		w.OK(w.Agreement.Say(ctx, who, round, "coach", firstline.Consult))
		w.OK(w.Agreement.Say(ctx, who, round, "coach", firstline.Now))
		r, said, err := w.Agreement.Round(ctx, who, round)
		if err != nil || len(said) != 1 || said["coach"] != firstline.Now || r.Me().Said != 1 {
			t.Errorf("%v, %+v, %v", said, r, err)
		}
		if left, next := w.Agreement.Table().Left(said), w.Agreement.Table().Next(said, 0); left != 19 || next != 2 {
			t.Errorf("%d left, the next is %d", left, next)
		}
		w.Refused("too early", w.Agreement.Finish(ctx, who, round), errs.ErrConflict)
		say(w, who, round, ours)
		w.Refused("again", w.Agreement.Finish(ctx, who, round), errs.ErrConflict)
		w.Refused("changed afterwards", w.Agreement.Say(ctx, who, round, "coach", firstline.Today), errs.ErrConflict)
		_, said, err = w.Agreement.Round(ctx, who, round)
		if err != nil || said["coach"] != firstline.Now || w.Agreement.Table().Next(said, 3) != 0 {
			t.Errorf("%v, %v", said, err)
		}
	})
}

// A round ends a year after it began, with all that both said, and each of the two reads until when it is kept.
func TestARoundEndsAfterAYear(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		round := testrig.Must(w.Agreement.Begin(ctx, w.GuardEditor, w.Guard))(t)
		w.Clock.Advance(100 * 24 * time.Hour)
		w.OK(w.Agreement.Join(ctx, w.SecondGuardEditor, round))
		w.OK(w.Agreement.Say(ctx, w.SecondGuardEditor, round, "coach", firstline.Now))
		end := testrig.Start.Add(365 * 24 * time.Hour)
		rows := func() (n int) {
			for _, text := range []string{`SELECT COUNT(*) FROM agreement_round`, `SELECT COUNT(*) FROM agreement_reader`, `SELECT COUNT(*) FROM agreement_answer`} {
				n += testrig.Must(db.One[int](ctx, w.DB, text))(t)
			}
			return n
		}
		for _, who := range []access.Actor{w.GuardEditor, w.SecondGuardEditor} {
			list := testrig.Must(w.Keeping.Mine(ctx, who))(t)
			if len(list) != 1 || list[0].Kind != agreement.Kept || !list[0].Until.Equal(end) {
				t.Errorf("%+v", list)
			}
		}
		w.Until(end.Add(-time.Microsecond))
		w.OK(w.Keeping.EraseDue(ctx))
		if got := rows(); got != 4 {
			t.Errorf("%d rows before the end", got)
		}
		w.Until(end)
		w.OK(w.Keeping.EraseDue(ctx))
		if got := rows(); got != 0 {
			t.Errorf("%d rows at the end", got)
		}
		round = begun(t, w)
		w.OK(w.Agreement.Remove(ctx, w.SecondGuardEditor, round))
		for _, who := range []access.Actor{w.GuardEditor, w.SecondGuardEditor} {
			if list := testrig.Must(w.Keeping.Mine(ctx, who))(t); slices.ContainsFunc(list, func(e keeping.Entry) bool { return e.ErasedAt.IsZero() }) || rows() != 0 {
				t.Errorf("removed: %+v", list)
			}
		}
	})
}

// The record of acts says that somebody did something, and not what they chose.
func TestTheRecordSaysNothingOfWhatWasChosen(t *testing.T) {
	w := testrig.New(t)
	round := begun(t, w)
	say(w, w.GuardEditor, round, ours)
	type entry struct{ Action, Detail string }
	list := testrig.Must(db.All[entry](t.Context(), w.DB, `SELECT action, detail FROM audit WHERE action LIKE 'agreement.%' ORDER BY id`))(t)
	var acts []string
	for _, e := range list {
		acts = append(acts, e.Action)
		if strings.Contains(e.Detail, "now") || strings.Contains(e.Detail, "coach") {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(acts, []string{"agreement.begin", "agreement.join", "agreement.finish"}) {
		t.Errorf("%q", acts)
	}
}

// Each act is whole or not there, whichever of its statements fails.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		round := ""
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "beginning", Do: func() (err error) { round, err = w.Agreement.Begin(ctx, w.GuardEditor, w.Guard); return err }},
			{Name: "joining", Do: func() error { return w.Agreement.Join(ctx, w.SecondGuardEditor, round) }},
			{Name: "saying", Do: func() error { return w.Agreement.Say(ctx, w.GuardEditor, round, "coach", firstline.Now) }},
			{Name: "reading", Do: func() error { _, _, err := w.Agreement.Round(ctx, w.GuardEditor, round); return err }},
			{Name: "the desk", Do: func() error { _, _, err := w.Agreement.Desk(ctx, w.GuardEditor); return err }},
		})
		say(w, w.SecondGuardEditor, round, ours)
		for _, s := range w.Agreement.Table().Situations {
			w.OK(w.Agreement.Say(ctx, w.GuardEditor, round, s.ID, s.Step))
		}
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "finishing", Do: func() error { return w.Agreement.Finish(ctx, w.GuardEditor, round) }},
			{Name: "the result", Do: func() error { _, _, err := w.Agreement.Result(ctx, w.GuardEditor, round); return err }},
			{Name: "removing", Do: func() error { return w.Agreement.Remove(ctx, w.GuardEditor, round) }},
		})
		w.OK(w.Agreement.Say(ctx, w.GuardEditor, testrig.Must(w.Agreement.Begin(ctx, w.GuardEditor, w.Guard))(t), "coach", firstline.Now)) // one part: of several, keeping tries each again
		w.Clock.Advance(365 * 24 * time.Hour)
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "erasing", Parts: true, Do: func() error { return w.Keeping.EraseDue(ctx) }}})
	})
}
