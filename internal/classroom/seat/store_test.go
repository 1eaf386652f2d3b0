package seat_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

const day = 24 * time.Hour

// plan makes a training in the guard that begins in some days and takes applications, with a room of so many seats.
func plan(w *testrig.World, days, seats int) (trainingID string) {
	w.T.Helper()
	from := testrig.Start.Add(time.Duration(days) * day)
	make := w.Classroom.Maker(classroom.Draft{Title: fmt.Sprintf("Szkolenie %d", days), Place: "Terespol", HeldFrom: from, HeldUntil: from.Add(3 * time.Hour), UnitID: w.Guard})
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) (err error) {
		if trainingID, err = make(w.T.Context(), tx, w.GuardCoordinator); err != nil {
			return err
		}
		return db.Exec(w.T.Context(), tx, `UPDATE training SET sign_up = 'approved' WHERE id = ?`, trainingID)
	}))
	room(w, trainingID, seats)
	return trainingID
}

func room(w *testrig.World, trainingID string, seats int) {
	exec(w, `UPDATE training_session SET capacity = ? WHERE training_id = ?`, seats, trainingID)
}

func exec(w *testrig.World, text string, args ...any) {
	w.T.Helper()
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error { return db.Exec(w.T.Context(), tx, text, args...) }))
}

func ids(list ...access.Actor) (out []string) {
	for _, a := range list {
		out = append(out, a.PersonID)
	}
	return out
}

func stateOf(w *testrig.World, trainingID string, a access.Actor) seat.State {
	w.T.Helper()
	list, err := db.All[string](w.T.Context(), w.DB, `SELECT state FROM booking WHERE training_id = ? AND person_id = ?`, trainingID, a.PersonID)
	w.OK(err)
	if len(list) == 0 {
		return seat.None
	}
	return seat.State(list[0])
}

func sound(w *testrig.World) {
	w.T.Helper()
	faults, _, err := seat.Check(w.T.Context(), w.DB, w.Clock.Now(), zone)
	w.OK(err)
	if len(faults) > 0 {
		w.T.Fatalf("the rules are broken: %+v", faults)
	}
}

func role(r access.Role, unitID string) identity.RoleDraft {
	return identity.RoleDraft{Role: r, UnitID: unitID}
}

// The store does what the rules say: people come and go by the service, and after each act a model of plain values, which knows the
// rules alone, is where the database is. Whatever comes, the audit finds nothing.
func TestTheStoreFollowsTheRules(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		people := []access.Actor{w.Learner, w.OtherLearner, w.TerespolCoordinator, w.GuardTrainer, w.GuardEditor, w.SecondGuardEditor}
		rapid.Check(t, func(t *rapid.T) {
			now := w.Clock.Now()
			days := int(now.Sub(testrig.Start)/day) + rapid.IntRange(2, 12).Draw(t, "days")
			seats := rapid.IntRange(0, 4).Draw(t, "seats")
			trainingID := plan(w, days, seats)
			r := seat.Room{Seats: seats}
			if rapid.Bool().Draw(t, "quota") {
				r.Quotas = []seat.Quota{{Kind: "region", Name: "06", Places: rapid.IntRange(0, 2).Draw(t, "of the region")}}
				exec(w, `INSERT INTO training_quota (training_id, kind, name, places) VALUES (?, 'region', '06', ?)`, trainingID, r.Quotas[0].Places)
			}
			delegation := rapid.Bool().Draw(t, "delegation")
			exec(w, `UPDATE training SET delegation = ? WHERE id = ?`, delegation, trainingID)
			m := &model{room: r, delegation: delegation, bookings: map[string]seat.Booking{}, closes: closes(testrig.Start.Add(time.Duration(days) * day))}
			for range rapid.IntRange(1, 10).Draw(t, "steps") {
				w.Clock.Advance(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
				if !w.Clock.Now().Before(testrig.Start.Add(time.Duration(days) * day)) {
					break // it is held
				}
				w.OK(w.Seats.Tick(ctx))
				m.lapse(w.Clock.Now())
				a := rapid.SampledFrom(people).Draw(t, "who")
				act := rapid.SampledFrom([]seat.Act{seat.Invite, seat.Apply, seat.Approve, seat.Accept, seat.Decline, seat.Consent, seat.Cancel, seat.Add}).Draw(t, "act")
				err := doIt(ctx, w, trainingID, a, act)
				if err != nil && !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrNotFound) {
					t.Fatalf("%s: %v", act, err)
				}
				m.do(a.PersonID, region(w, a), act, w.Clock.Now())
				for _, a := range people {
					if got, want := stateOf(w, trainingID, a), m.bookings[a.PersonID].State; got != want {
						t.Fatalf("after %s: somebody is %q, by the rules %q", act, got, want)
					}
				}
				sound(w)
			}
			w.OK(w.Seats.SendDue(ctx))
		})
	})
}

func doIt(ctx context.Context, w *testrig.World, trainingID string, a access.Actor, act seat.Act) (err error) {
	keeper, who := w.GuardCoordinator, ids(a)
	switch act {
	case seat.Invite:
		_, err = w.Seats.Invite(ctx, keeper, trainingID, who, true)
	case seat.Apply:
		_, err = w.Seats.Apply(ctx, a, trainingID, "szef@example.org")
	case seat.Approve:
		_, err = w.Seats.Approve(ctx, keeper, trainingID, who, true)
	case seat.Accept:
		err = w.Seats.Accept(ctx, a, trainingID, "szef@example.org")
	case seat.Decline:
		err = w.Seats.Decline(ctx, a, trainingID)
	case seat.Consent:
		_, err = w.Seats.DelegatedOnPaper(ctx, keeper, trainingID, who)
	case seat.Cancel:
		err = w.Seats.Cancel(ctx, a, trainingID, "choroba")
	case seat.Add:
		_, err = w.Seats.Add(ctx, keeper, trainingID, who, true)
	}
	return err
}

func region(w *testrig.World, a access.Actor) string {
	if a.PersonID == w.Learner.PersonID || a.PersonID == w.TerespolCoordinator.PersonID || a.PersonID == w.SecondGuardEditor.PersonID {
		return "06" // of the post in Terespol
	}
	return ""
}

var zone = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return zone
}()

func closes(begins time.Time) time.Time {
	y, m, d := begins.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// model is a training as the rules alone make it.
type model struct {
	room       seat.Room
	delegation bool
	closes     time.Time
	bookings   map[string]seat.Booking
}

func (m *model) list(but string) (list []seat.Booking) {
	for personID, b := range m.bookings {
		if personID != but && b.State != seat.None {
			list = append(list, b)
		}
	}
	return list
}

func (m *model) theCase(b seat.Booking, now time.Time) seat.Case {
	return seat.Case{Now: now, Closes: m.closes, Delegation: m.delegation, Fits: m.room.Fits(m.room.Count(m.list(b.PersonID)), b, now)}
}

func (m *model) do(personID, region string, act seat.Act, now time.Time) {
	b, ok := m.bookings[personID]
	if !ok {
		b = seat.Booking{ID: id.New(), PersonID: personID, Region: region}
	}
	if next, err := b.After(act, m.theCase(b, now)); err == nil {
		m.bookings[personID] = next
	}
	m.moveUp(now)
}

func (m *model) lapse(now time.Time) {
	for personID, b := range m.bookings {
		if next, err := b.After(seat.Lapse, m.theCase(b, now)); err == nil {
			m.bookings[personID] = next
		}
	}
	m.moveUp(now)
}

func (m *model) moveUp(now time.Time) {
	for _, b := range m.room.MovesUp(m.list(""), now) {
		if next, err := b.After(seat.Promote, m.theCase(b, now)); err == nil {
			m.bookings[b.PersonID] = next
		}
	}
}

// Who may do what with a list. A clerk has one right alone.
func TestWhoKeepsAList(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := plan(w, 10, 5)
		clerk := w.Person("Sylwia", "Zapisowa", w.Guard, role(access.SignUpClerk, w.Guard))
		helper := w.Person("Urszula", "Uczestnicza", w.Guard, role(access.ParticipantsClerk, w.Guard))
		hall := w.Person("Halina", "Salowa", w.Guard, role(access.HallClerk, w.Guard))
		who := ids(w.Learner)
		acts := map[string]func(a access.Actor) error{
			"invite":  func(a access.Actor) error { _, err := w.Seats.Invite(ctx, a, trainingID, who, false); return err },
			"approve": func(a access.Actor) error { _, err := w.Seats.Approve(ctx, a, trainingID, who, false); return err },
			"refuse":  func(a access.Actor) error { _, err := w.Seats.Refuse(ctx, a, trainingID, nil, "nie"); return err },
			"paper":   func(a access.Actor) error { _, err := w.Seats.DelegatedOnPaper(ctx, a, trainingID, who); return err },
			"places": func(a access.Actor) error {
				return w.Seats.SetPlaces(ctx, a, trainingID, seat.Places{UnitID: w.Medyka, Places: 1, Until: testrig.Start.Add(5 * day)})
			},
			"add":      func(a access.Actor) error { _, err := w.Seats.Add(ctx, a, trainingID, who, false); return err },
			"take out": func(a access.Actor) error { _, err := w.Seats.TakeOut(ctx, a, trainingID, nil, "nie"); return err },
		}
		for name, act := range acts {
			participants := name == "add" || name == "take out"
			for who, a := range w.Everybody() {
				want := error(nil)
				switch who {
				case "administrator", "coordinator", "coordinator of the guard":
				case "trainer of the guard", "reviewer":
					want = errs.ErrForbidden
				default:
					want = errs.ErrNotFound
				}
				if err := act(a); !errors.Is(err, want) {
					t.Errorf("%s by the %s: %v, want %v", name, who, err, want)
				}
			}
			for who, x := range map[string]struct {
				a   access.Actor
				may bool
			}{"sign-up clerk": {clerk, !participants}, "participants' clerk": {helper, participants}, "hall clerk": {hall, false}} {
				if err := act(x.a); x.may && err != nil || !x.may && !errors.Is(err, errs.ErrForbidden) {
					t.Errorf("%s by the %s: %v", name, who, err)
				}
			}
		}
	})
}

// Somebody of another service is not invited by who keeps the lists of one.
func TestInvitingStaysWithinReach(t *testing.T) {
	w := testrig.New(t)
	trainingID := plan(w, 10, 5)
	o, err := w.Seats.Invite(t.Context(), w.GuardCoordinator, trainingID, ids(w.Learner, w.PoliceLearner), false)
	w.OK(err)
	if o.Done != 1 || stateOf(w, trainingID, w.PoliceLearner) != seat.None {
		t.Errorf("%+v", o)
	}
}

// Of those who apply first, the first get the seats; who waits is told of the place, moves up when a seat falls free, and loses it to the
// next who does not answer in time.
func TestTheWaitingListMovesUp(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := plan(w, 20, 1)
		people := []access.Actor{w.Learner, w.OtherLearner, w.PoliceLearner}
		for _, a := range people {
			_, err := w.Seats.Apply(ctx, a, trainingID, "")
			w.OK(err)
			w.Clock.Advance(time.Minute)
		}
		o, err := w.Seats.Approve(ctx, w.GuardCoordinator, trainingID, ids(w.PoliceLearner, w.OtherLearner, w.Learner), false)
		w.OK(err)
		if o.Done != 3 || o.Waiting != 2 {
			t.Fatalf("%+v", o)
		}
		for i, a := range people[1:] {
			m, _, err := w.Seats.Own(ctx, a, trainingID)
			w.OK(err)
			if m.State != seat.Waiting || m.Place != i+1 {
				t.Errorf("number %d stands at %d, %s", i+1, m.Place, m.State)
			}
		}
		w.OK(w.Seats.Cancel(ctx, w.Learner, trainingID, "choroba"))
		if got := stateOf(w, trainingID, w.OtherLearner); got != seat.Offered {
			t.Fatalf("the first is %s", got)
		}
		w.Clock.Advance(48 * time.Hour)
		w.OK(w.Seats.Tick(ctx))
		if a, b := stateOf(w, trainingID, w.OtherLearner), stateOf(w, trainingID, w.PoliceLearner); a != seat.Lapsed || b != seat.Offered {
			t.Errorf("%s and %s", a, b)
		}
		w.OK(w.Seats.Accept(ctx, w.PoliceLearner, trainingID, ""))
		if got := stateOf(w, trainingID, w.PoliceLearner); got != seat.Confirmed {
			t.Errorf("the second is %s", got)
		}
		sound(w)
	})
}

// What is undone within ten minutes is as if it had not been, with all that followed from it, and nobody gets a letter of it.
func TestUndo(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := plan(w, 20, 1)
		o, err := w.Seats.Invite(ctx, w.GuardCoordinator, trainingID, ids(w.Learner, w.OtherLearner), false)
		w.OK(err)
		letters := len(w.Letters())
		if _, err := w.Seats.Undo(ctx, w.Coordinator, trainingID, o.Act); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("another undid it: %v", err)
		}
		n, err := w.Seats.Undo(ctx, w.GuardCoordinator, trainingID, o.Act)
		w.OK(err)
		if n != 2 || stateOf(w, trainingID, w.Learner) != seat.None {
			t.Errorf("%d undone", n)
		}
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		if got := len(w.Letters()); got != letters {
			t.Errorf("%d letters of what was undone", got-letters)
		}
		_, err = w.Seats.Add(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), false)
		w.OK(err)
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		_, err = w.Seats.Invite(ctx, w.GuardCoordinator, trainingID, ids(w.OtherLearner), false)
		w.OK(err)
		out, err := w.Seats.TakeOut(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), "pomyłka")
		w.OK(err)
		if got := stateOf(w, trainingID, w.OtherLearner); got != seat.Offered {
			t.Fatalf("who waited is %s", got)
		}
		before := len(w.Letters())
		_, err = w.Seats.Undo(ctx, w.GuardCoordinator, trainingID, out.Act)
		w.OK(err)
		if a, b := stateOf(w, trainingID, w.Learner), stateOf(w, trainingID, w.OtherLearner); a != seat.Confirmed || b != seat.Waiting {
			t.Errorf("%s and %s", a, b)
		}
		sound(w)
		w.Clock.Advance(time.Hour)
		w.OK(w.Seats.SendDue(ctx))
		if got := len(w.Letters()) - before; got != 1 { // the other is on the waiting list
			t.Errorf("%d letters", got)
		}
		out, err = w.Seats.TakeOut(ctx, w.GuardCoordinator, trainingID, ids(w.Learner), "pomyłka")
		w.OK(err)
		w.OK(w.Seats.Accept(ctx, w.OtherLearner, trainingID, ""))
		if _, err := w.Seats.Undo(ctx, w.GuardCoordinator, trainingID, out.Act); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("undone though the seat is another's: %v", err)
		}
		w.Clock.Advance(time.Hour)
		if _, err := w.Seats.Undo(ctx, w.GuardCoordinator, trainingID, out.Act); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("undone after an hour: %v", err)
		}
	})
}

// A unit's places are kept for its superior until their day, and then for all.
func TestPlacesOfAUnit(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		trainingID := plan(w, 20, 2)
		until := testrig.Start.Add(3 * day)
		if err := w.Seats.SetPlaces(ctx, w.GuardCoordinator, trainingID, seat.Places{UnitID: w.Terespol, Places: 3, Until: until}); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("more places than seats: %v", err)
		}
		w.OK(w.Seats.SetPlaces(ctx, w.GuardCoordinator, trainingID, seat.Places{UnitID: w.Terespol, Places: 2, Until: until}))
		o, err := w.Seats.Invite(ctx, w.GuardCoordinator, trainingID, ids(w.OtherLearner), false)
		w.OK(err)
		if o.Waiting != 1 {
			t.Fatalf("a unit's place was offered to another: %+v", o)
		}
		if _, err := w.Seats.GivePlaces(ctx, w.PoliceCoordinator, trainingID, w.Terespol, ids(w.Learner), false); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("given by another unit's: %v", err)
		}
		o, err = w.Seats.GivePlaces(ctx, w.TerespolCoordinator, trainingID, w.Terespol, ids(w.Learner, w.PoliceLearner), false)
		w.OK(err)
		if o.Done != 1 || o.Left != 1 || stateOf(w, trainingID, w.Learner) != seat.Confirmed {
			t.Errorf("%+v", o)
		}
		w.Clock.Advance(3 * day)
		w.OK(w.Seats.Tick(ctx))
		if got := stateOf(w, trainingID, w.OtherLearner); got != seat.Offered {
			t.Errorf("the place that was not given out: %s", got)
		}
		sound(w)
	})
}

// Who has a seat elsewhere at that time is told when applying, and is taken only anyway.
func TestTwoTrainingsAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		one, other := plan(w, 20, 5), plan(w, 20, 5)
		_, err := w.Seats.Add(ctx, w.GuardCoordinator, one, ids(w.Learner), false)
		w.OK(err)
		list, err := w.Seats.Apply(ctx, w.Learner, other, "")
		w.OK(err)
		if len(list) != 1 || list[0].TrainingID != one {
			t.Errorf("told of %+v", list)
		}
		o, err := w.Seats.Approve(ctx, w.GuardCoordinator, other, ids(w.Learner), false)
		w.OK(err)
		if o.Done != 0 || len(o.Overlaps) != 1 {
			t.Errorf("%+v", o)
		}
		o, err = w.Seats.Approve(ctx, w.GuardCoordinator, other, ids(w.Learner), true)
		w.OK(err)
		if o.Done != 1 || stateOf(w, other, w.Learner) != seat.Confirmed {
			t.Errorf("%+v", o)
		}
	})
}

// A unit's and everybody's interest without a date is listed for who keeps the sign-ups there.
func TestInterestWithoutADate(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for _, a := range []access.Actor{w.Learner, w.PoliceLearner, w.Learner} {
			w.OK(w.Seats.SetInterest(ctx, a, "", true))
		}
		list, err := w.Seats.Interests(ctx, w.GuardCoordinator)
		w.OK(err)
		if len(list) != 1 || list[0].PersonID != w.Learner.PersonID {
			t.Errorf("%+v", list)
		}
		if all, err := w.Seats.Interests(ctx, w.Admin); err != nil || len(all) != 2 {
			t.Errorf("%+v, %v", all, err)
		}
		if none, err := w.Seats.Interests(ctx, w.GuardTrainer); err != nil || len(none) != 0 {
			t.Errorf("%+v, %v", none, err)
		}
		w.OK(w.Seats.SetInterest(ctx, w.Learner, "", false))
		if mine, err := w.Seats.Interested(ctx, w.Learner); err != nil || len(mine) != 0 {
			t.Errorf("%v, %v", mine, err)
		}
	})
}

// Offers are the trainings that take applications, not those that are over, full of invitations alone, or cancelled.
func TestWhatPeopleCanApplyFor(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		open, invited, past := plan(w, 20, 3), plan(w, 21, 3), plan(w, 1, 3)
		exec(w, `UPDATE training SET sign_up = 'invited' WHERE id = ?`, invited)
		w.Clock.Advance(16 * time.Hour) // 01:00 of the day
		list, err := w.Seats.Offers(ctx, w.PoliceLearner)
		w.OK(err)
		if len(list) != 1 || list[0].Plan.ID != open || list[0].Free != 3 {
			t.Errorf("%+v", list)
		}
		for name, trainingID := range map[string]string{"by invitation": invited, "of the day": past, "none": id.New(), "nonsense": "x"} {
			if _, err := w.Seats.Apply(ctx, w.Learner, trainingID, ""); !errors.Is(err, errs.ErrConflict) && !errors.Is(err, errs.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
			if _, _, err := w.Seats.Own(ctx, w.Learner, trainingID); !errors.Is(err, errs.ErrNotFound) {
				t.Errorf("%s is seen: %v", name, err)
			}
		}
		if mine, err := w.Seats.Mine(ctx, w.Learner); err != nil || len(mine) != 0 {
			t.Errorf("%+v, %v", mine, err)
		}
		_, err = w.Seats.Apply(ctx, w.Learner, open, "")
		w.OK(err)
		if mine, err := w.Seats.Mine(ctx, w.Learner); err != nil || len(mine) != 1 || mine[0].State != seat.Applied {
			t.Errorf("%+v, %v", mine, err)
		}
	})
}
