package seat_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/list"
	"ostoja/internal/testrig"
)

var linked = regexp.MustCompile(`/app/l/([A-Za-z0-9_-]{43})\?`)

// token returns what the link of the newest letter brings.
func token(w *testrig.World) string {
	w.T.Helper()
	found := linked.FindStringSubmatch(w.LastLetter().Body)
	if found == nil {
		w.T.Fatalf("no link in %s", w.LastLetter().Body)
	}
	return found[1]
}

// TestNoFailureIsSilent: whatever statement of an act fails, whoever acts is told, and nothing of it stays: no booking, no event, no place in
// the queue, no letter that waits. Then it is done as if nothing had been. From the invitation to the superior's letter, by all who act.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, keeper, s := t.Context(), w.GuardCoordinator, w.Seats
	trainingID := plan(w, 20, 1)
	exec(w, `UPDATE training SET delegation = TRUE WHERE id = ?`, trainingID)
	act := ""
	keep := func(name string, fn func() (seat.Outcome, error)) dbtest.Step {
		return dbtest.Step{Name: name, Do: func() error {
			o, err := fn()
			if err == nil && o.Done != 1 {
				t.Errorf("%s: %+v", name, o)
			}
			act = o.Act
			return err
		}}
	}
	step := func(name string, fn func() error) dbtest.Step { return dbtest.Step{Name: name, Do: fn} }
	undo := step("undo", func() error { return second(s.Undo(ctx, keeper, trainingID, act)) })
	letters := step("letters", func() error { return s.SendDue(ctx) })
	letters.Parts = true // a person's letters are a transaction
	invite := keep("invite", func() (seat.Outcome, error) {
		return s.Invite(ctx, keeper, trainingID, ids(w.Learner), false)
	})
	try := func(steps ...dbtest.Step) {
		t.Helper()
		dbtest.EachFails(t, w.DB, steps)
		sound(w)
	}
	is := func(a access.Actor, want seat.State) {
		t.Helper()
		if got := stateOf(w, trainingID, a); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}

	try(invite, undo, invite,
		step("apply", func() error { return second(s.Apply(ctx, w.OtherLearner, trainingID, "szef@example.org")) }),
		keep("approve", func() (seat.Outcome, error) {
			return s.Approve(ctx, keeper, trainingID, ids(w.OtherLearner), false)
		}),
		step("apply too", func() error { return second(s.Apply(ctx, w.PoliceLearner, trainingID, "szef@example.org")) }),
		keep("refuse", func() (seat.Outcome, error) {
			return s.Refuse(ctx, keeper, trainingID, ids(w.PoliceLearner), "nie tym razem")
		}))
	is(w.OtherLearner, seat.Waiting)
	is(w.PoliceLearner, seat.Refused)

	w.Clock.Advance(seat.UndoFor)
	before := len(w.Letters())
	try(letters)
	if got := w.Letters()[before:]; len(got) != 3 {
		t.Fatalf("of three who are told each in one letter: %+v", got)
	}
	link := ""
	for _, l := range w.Letters() {
		if found := linked.FindStringSubmatch(l.Body); found != nil {
			link = found[1]
		}
	}
	try(step("look at a link", func() error { return second(s.Link(ctx, access.Actor{}, link)) }),
		step("yes by a link", func() error {
			return s.UseLink(ctx, access.Actor{}, link, seat.Answer{Yes: true, Superior: "szef@example.org"})
		}))
	superiors := token(w)
	try(step("a superior's no", func() error {
		return s.UseLink(ctx, access.Actor{}, superiors, seat.Answer{Reason: "służba"})
	}))
	is(w.OtherLearner, seat.Offered) // moved up

	try(step("accept", func() error { return s.Accept(ctx, w.OtherLearner, trainingID, "szef@example.org") }))
	superiors = token(w)
	try(step("a superior's yes", func() error { return s.UseLink(ctx, access.Actor{}, superiors, seat.Answer{Yes: true}) }))
	is(w.OtherLearner, seat.Confirmed)
	try(letters, // the seat, with an entry for the calendar
		invite,
		step("cancel", func() error { return s.Cancel(ctx, w.OtherLearner, trainingID, "choroba") }))
	is(w.Learner, seat.Offered)
	try(step("decline", func() error { return s.Decline(ctx, w.Learner, trainingID) }), invite,
		step("accept again", func() error { return s.Accept(ctx, w.Learner, trainingID, "szef@example.org") }),
		keep("consent on paper", func() (seat.Outcome, error) {
			return s.DelegatedOnPaper(ctx, keeper, trainingID, ids(w.Learner))
		}),
		keep("take out", func() (seat.Outcome, error) {
			return s.TakeOut(ctx, keeper, trainingID, ids(w.Learner), "pomyłka")
		}),
		undo)
	is(w.Learner, seat.Confirmed)
	other := plan(w, 40, 3)
	try(step("targets", func() error { _, err := s.Targets(ctx, keeper, trainingID); return err }),
		keep("move", func() (seat.Outcome, error) {
			return s.Move(ctx, keeper, trainingID, other, ids(w.Learner), "pomyłka", false)
		}),
		undo)
	is(w.Learner, seat.Confirmed)
}

// TestNoFailureOfTimeIsSilent: the same of what comes by itself: offers that lapse, sessions that move, a training that is cancelled, and
// of what a superior gives out.
func TestNoFailureOfTimeIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, keeper, s := t.Context(), w.GuardCoordinator, w.Seats
	trainingID := plan(w, 20, 1)
	exec(w, `UPDATE training SET course_id = ? WHERE id = ?`, testrig.SmallCourse, trainingID)
	places := func(n int) func() error {
		return func() error {
			return s.SetPlaces(ctx, keeper, trainingID, seat.Places{UnitID: w.Terespol, Places: n, Until: w.Clock.Now().Add(5 * day)})
		}
	}
	within := func(fn func(ctx context.Context, tx *db.Tx) error) func() error {
		return func() error { return w.DB.Update(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }) }
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "places", Do: places(1)},
		{Name: "own places", Do: func() error { return second(s.OwnPlaces(ctx, w.TerespolCoordinator)) }},
		{Name: "people of a unit", Do: func() error { return second(s.UnitPeople(ctx, w.TerespolCoordinator, trainingID, w.Terespol)) }},
		{Name: "give", Do: func() error {
			return second(s.GivePlaces(ctx, w.TerespolCoordinator, trainingID, w.Terespol, ids(w.Learner), false))
		}},
		{Name: "no places", Do: places(0)},
		{Name: "invite", Do: func() error {
			return second(s.Invite(ctx, keeper, trainingID, ids(w.OtherLearner), false))
		}},
		{Name: "a seat given up", Do: func() error { return s.Cancel(ctx, w.Learner, trainingID, "choroba") }},
		{Name: "larger room", Do: within(func(ctx context.Context, tx *db.Tx) error {
			if err := db.Exec(ctx, tx, `UPDATE training_session SET capacity = 2 WHERE training_id = ?`, trainingID); err != nil {
				return err
			}
			return s.SessionsChanged(ctx, tx, trainingID)
		})},
		{Name: "add", Do: func() error { return second(s.Add(ctx, keeper, trainingID, ids(w.GuardEditor), false)) }},
		{Name: "an offer lapses", Do: func() error { w.Until(testrig.Start.Add(4 * day)); return s.Tick(ctx) }},
		{Name: "moved", Do: within(func(ctx context.Context, tx *db.Tx) error {
			return s.Rescheduled(ctx, tx, classroom.Rescheduled{TrainingIDs: []string{trainingID}, Kind: classroom.ActMoved, Note: "inna sala"})
		})},
		{Name: "cancelled", Do: within(func(ctx context.Context, tx *db.Tx) error {
			if err := db.Exec(ctx, tx, `UPDATE training SET cancelled_at = ?, cancel_reason = 'brak sali' WHERE id = ?`, w.Clock.Now(), trainingID); err != nil {
				return err
			}
			return s.Rescheduled(ctx, tx, classroom.Rescheduled{TrainingIDs: []string{trainingID}, Kind: classroom.ActCancelled, Note: "brak sali"})
		})},
	})
	sound(w)
	for a, want := range map[string]seat.State{w.Learner.PersonID: seat.Cancelled, w.OtherLearner.PersonID: seat.Lapsed, w.GuardEditor.PersonID: seat.Cancelled} {
		if got := stateOf(w, trainingID, access.Actor{PersonID: a}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestNoFailureOfReadingIsSilent: no list is shorter than it is, and no address of a calendar is renewed by half.
func TestNoFailureOfReadingIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, keeper, s := t.Context(), w.GuardCoordinator, w.Seats
	trainingID, address := plan(w, 20, 1), ""
	o, err := s.Invite(ctx, keeper, trainingID, ids(w.Learner, w.OtherLearner), false)
	w.OK(err)
	if o.Waiting != 1 {
		t.Fatalf("%+v", o)
	}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "list", Do: func() error { return second(s.List(ctx, keeper, trainingID)) }},
		{Name: "candidates", Do: func() error {
			_, _, err := s.Candidates(ctx, keeper, access.SignUps, trainingID, w.Terespol, "a", list.Window{Size: 10})
			return err
		}},
		{Name: "units", Do: func() error { return second(s.Units(ctx, keeper, access.SignUps)) }},
		{Name: "all units", Do: func() error { return second(s.AllUnits(ctx)) }},
		{Name: "places of units", Do: func() error { return second(s.PlacesOf(ctx, keeper, trainingID)) }},
		{Name: "export", Do: func() error { return s.RecordExport(ctx, keeper, trainingID, 2, "csv") }},
		{Name: "mine", Do: func() error { return second(s.Mine(ctx, w.OtherLearner)) }},
		{Name: "own", Do: func() error { _, _, err := s.Own(ctx, w.OtherLearner, trainingID); return err }},
		{Name: "offers", Do: func() error { return second(s.Offers(ctx, w.OtherLearner)) }},
		{Name: "interest", Do: func() error { return s.SetInterest(ctx, w.Learner, "", true) }},
		{Name: "interested", Do: func() error { return second(s.Interested(ctx, w.Learner)) }},
		{Name: "interests", Do: func() error { return second(s.Interests(ctx, keeper)) }},
		{Name: "no interest", Do: func() error { return s.SetInterest(ctx, w.Learner, "", false) }},
		{Name: "renew the feed", Do: func() (err error) { address, err = s.RenewFeed(ctx, w.Learner); return err }},
		{Name: "feed since", Do: func() error { return second(s.FeedSince(ctx, w.Learner)) }},
		{Name: "feed", Do: func() error { return second(s.Feed(ctx, address[len(address)-43:])) }},
		{Name: "end the feed", Do: func() error { return s.EndFeed(ctx, w.Learner) }},
		{Name: "check", Do: func() error { _, _, err := seat.Check(ctx, w.DB, w.Clock.Now(), zone); return err }},
	})
}

// TestALetterThatIsNotMadeComesLater: a letter whose link cannot be made leaves once it can, and the seat is enrolled in the course before.
func TestALetterThatIsNotMadeComesLater(t *testing.T) {
	w := testrig.New(t)
	ctx, trainingID := t.Context(), plan(w, 60, 1)
	exec(w, `UPDATE training SET course_id = ? WHERE id = ?`, testrig.SmallCourse, trainingID)
	_, err := w.Seats.Invite(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), false)
	w.OK(err)
	w.Clock.Advance(time.Hour)
	w.OK(w.Seats.SendDue(ctx))
	planted := 0
	failing := func(statement string) {
		w.DB.Intercept(func(text string) error {
			if !strings.Contains(text, statement) {
				return nil
			}
			planted++
			return errors.New("planted")
		})
	}
	failing("INSERT INTO booking_link")
	before := len(w.Letters())
	w.DB.Intercept(nil)
	w.Clock.Advance(time.Hour)
	if got := len(w.Letters()) - before; got != 1 {
		t.Fatalf("%d letters came later", got)
	}
	w.OK(w.Seats.UseLink(ctx, access.Actor{}, token(w), seat.Answer{Yes: true}))
	failing("INSERT INTO enrolment")
	w.Letters()
	w.DB.Intercept(nil)
	w.Clock.Advance(day)
	w.Letters()
	enrolled, err := db.All[string](ctx, w.DB, `SELECT person_id FROM learning_latest WHERE course_id = ?`, testrig.SmallCourse)
	w.OK(err)
	if planted != 2 || len(enrolled) != 1 || enrolled[0] != w.Learner.PersonID {
		t.Errorf("after %d failures enrolled: %v", planted, enrolled)
	}
}

func second[T any](_ T, err error) error { return err }
