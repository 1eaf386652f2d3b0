package reminder_test

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/app"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/reminder"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

var errDied = errors.New("the node died")

const course = testrig.SmallCourse

// monday is a working day after the world's beginning, at ten.
var monday = time.Date(2026, 11, 30, 10, 0, 0, 0, zone)

// held is after how long a letter of an act on many has left: it waits until the act can no longer be undone.
const held = act.UndoFor + time.Minute

// enrolled has people in the course, with a day by which they should have passed.
func enrolled(w *testrig.World, due time.Time, names ...string) map[string]access.Actor {
	w.T.Helper()
	people := map[string]access.Actor{}
	for _, name := range names {
		a := w.Person("Ala", name, w.Terespol)
		people[name] = a
		if n, err := w.Learning.EnrolOn(w.T.Context(), w.GuardCoordinator, course, []string{a.PersonID}, due, false); n != 1 || err != nil {
			w.T.Fatal(name, n, err)
		}
	}
	return people
}

func round(w *testrig.World, a access.Actor) string {
	w.T.Helper()
	e, err := w.Learning.Latest(w.T.Context(), a.PersonID, course)
	w.OK(err)
	return e.ID
}

// on saves a rule and switches it on.
func on(w *testrig.World, p reminder.Plan) string {
	w.T.Helper()
	id, err := w.Reminders.Save(w.T.Context(), w.GuardCoordinator, course, "", reminder.Draft{UnitID: w.Guard, Plan: p})
	w.OK(err)
	_, err = w.Reminders.Switch(w.T.Context(), w.GuardCoordinator, course, id, true, 0)
	w.OK(err)
	return id
}

// reminded returns who was reminded, by the local part of their address, in order.
func reminded(w *testrig.World) (list []string) {
	w.T.Helper()
	for _, m := range w.Letters() {
		if strings.Contains(m.Subject, "rzypomnienie") {
			list = append(list, strings.TrimSuffix(strings.TrimPrefix(m.To, "ala."), "@example.org"))
		}
	}
	slices.Sort(list)
	return list
}

func TestWhomARuleWritesTo(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday.AddDate(0, 0, -20))
		people := enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "due", "passed", "withdrawn", "hushed", "byhand", "blocked")
		enrolled(w, time.Time{}, "free")
		w.FinishParts(people["passed"], round(w, people["passed"]))
		w.PassTest(people["passed"], round(w, people["passed"]))
		w.OK(w.Learning.Withdraw(ctx, w.GuardCoordinator, round(w, people["withdrawn"])))
		if n, err := w.Reminders.Hush(ctx, w.GuardCoordinator, course, []string{round(w, people["hushed"])}, true); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := w.Reminders.Hush(ctx, w.PoliceCoordinator, course, []string{round(w, people["due"])}, true); n != 0 || err != nil {
			t.Errorf("another organisation's coordinator hushed %d, %v", n, err)
		}
		w.OK(w.Identity.Block(ctx, w.GuardCoordinator, people["blocked"].PersonID))
		rule := on(w, reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1})
		w.Until(monday.AddDate(0, 0, -2))
		if r, err := w.Desk.Remind(ctx, w.GuardCoordinator, course, desk.Selection{Enrolments: []string{round(w, people["byhand"])}}); r.Sent != 1 || err != nil {
			t.Fatal(r, err)
		}
		w.Clock.Advance(held)
		before := len(w.Letters())
		c, err := w.Reminders.Coming(ctx, w.GuardCoordinator, course, rule)
		if err != nil || c.Today != 0 || c.Letters != 2 || len(c.People) != 2 {
			t.Errorf("coming: %+v, %v", c, err)
		}
		for _, at := range []time.Time{monday.Add(-2 * time.Hour), monday.Add(7 * time.Hour)} {
			w.Until(at)
			w.OK(w.Reminders.SendDue(ctx))
		}
		if n := len(w.Letters()); n != before {
			t.Fatalf("%d letters left outside office hours", n-before)
		}
		w.Until(monday.AddDate(0, 0, 1))
		other := w.Node()
		for range 2 {
			w.OK(w.Reminders.SendDue(ctx))
			w.OK(other.Reminders.SendDue(ctx))
		}
		if got := w.Letters()[before:]; len(got) != 1 || !strings.HasPrefix(got[0].To, "ala.due@") {
			t.Fatalf("%d letters, %+v", len(got), got)
		}
		m := w.LastLetter()
		for _, want := range []string{"Ala", "za 6 dni", "7\u00a0grudnia 2026", "/app/learn/" + round(w, people["due"]), "zapisało Cię biuro", "kinga.koordynatorka@example.org"} {
			if !strings.Contains(m.Body, want) {
				t.Errorf("no %q in %s", want, m.Body)
			}
		}
		if strings.Contains(m.Body+m.Subject, "⟦") || strings.Contains(m.Subject, "kurs po") {
			t.Errorf("%s\n%s", m.Subject, m.Body)
		}
		// Who was reminded by hand is written to when the week is over, within the days a letter is held.
		w.Until(monday.AddDate(0, 0, 6))
		w.OK(w.Reminders.SendDue(ctx))
		if got := w.Letters()[before:]; len(got) != 1 { // a Sunday
			t.Errorf("%d letters on a Sunday", len(got))
		}
		w.Until(monday.AddDate(0, 0, 7))
		w.OK(w.Reminders.SendDue(ctx))
		if got := w.Letters()[before:]; len(got) != 2 || !strings.HasPrefix(got[1].To, "ala.byhand@") || !strings.Contains(got[1].Body, "dziś") {
			t.Errorf("%d letters", len(got))
		}
	})
}

// TestAChangedRuleIsOff, and when it is on again it sends nothing of what it would have sent before.
func TestAChangedRuleIsOff(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday.AddDate(0, 0, -20))
		enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "due")
		rule := on(w, reminder.Plan{Kind: reminder.Before, Days: 3, Most: 1})
		w.Until(monday)
		if _, err := w.Reminders.Save(ctx, w.GuardCoordinator, course, rule, reminder.Draft{UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Before, Days: 10, Most: 1}}); err != nil {
			t.Fatal(err)
		}
		if r, err := w.Reminders.Rule(ctx, w.GuardCoordinator, course, rule); err != nil || r.State != reminder.Off {
			t.Errorf("%+v, %v", r, err)
		}
		w.OK(w.Reminders.SendDue(ctx))
		c, err := w.Reminders.Switch(ctx, w.GuardCoordinator, course, rule, true, 0)
		if err != nil || c.Letters != 0 {
			t.Errorf("%+v, %v", c, err)
		}
		w.OK(w.Reminders.SendDue(ctx))
		if n := len(reminded(w)); n != 0 {
			t.Errorf("%d letters of the past", n)
		}
	})
}

// TestManyLettersAreAskedForTwice: with the number typed, and not with another.
func TestManyLettersAreAskedForTwice(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday)
		w.Reminders.AskFrom(2)
		enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "one", "two", "three")
		id, err := w.Reminders.Save(ctx, w.GuardCoordinator, course, "", reminder.Draft{UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1}})
		w.OK(err)
		for typed, category := range map[int]error{0: errs.ErrInvalid, 2: errs.ErrInvalid} {
			_, err := w.Reminders.Switch(ctx, w.GuardCoordinator, course, id, true, typed)
			w.Refused(fmt.Sprint("typed ", typed), err, category)
		}
		w.OK(w.Reminders.SendDue(ctx))
		if n := len(reminded(w)); n != 0 {
			t.Fatalf("%d letters of a rule that is off", n)
		}
		c, err := w.Reminders.Switch(ctx, w.GuardCoordinator, course, id, true, 3)
		if err != nil || c.Letters != 3 || c.Today != 3 {
			t.Fatalf("%+v, %v", c, err)
		}
		w.OK(w.Reminders.SendDue(ctx))
		if got := reminded(w); !slices.Equal(got, []string{"one", "three", "two"}) {
			t.Errorf("%v", got)
		}
	})
}

// TestARuleStopsWhenLettersComeBack: five refused of six, and it says so.
func TestARuleStopsWhenLettersComeBack(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday)
		people := enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "a", "b", "c", "d", "e", "f")
		rule := on(w, reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1})
		w.OK(w.Reminders.SendDue(ctx))
		enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 8)), "g")
		w.Clock.Advance(time.Hour)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			for _, name := range []string{"a", "b", "c", "d", "e"} {
				if err := w.Identity.NoteMail(ctx, tx, "ala."+name+"@example.org", true); err != nil {
					return err
				}
			}
			return nil
		}))
		w.Until(monday.AddDate(0, 0, 1))
		w.OK(w.Reminders.SendDue(ctx))
		if r, err := w.Reminders.Rule(ctx, w.GuardCoordinator, course, rule); err != nil || r.State != reminder.Refused {
			t.Errorf("%+v, %v", r, err)
		}
		if got := reminded(w); len(got) != len(people) || slices.Contains(got, "g") {
			t.Errorf("%v", got)
		}
		// Switched on again it goes on: what came back before is not counted twice.
		_, err := w.Reminders.Switch(ctx, w.GuardCoordinator, course, rule, true, 0)
		w.OK(err)
		w.OK(w.Reminders.SendDue(ctx))
		if got := reminded(w); !slices.Contains(got, "g") {
			t.Errorf("%v", got)
		}
	})
}

func TestWhoMayMakeRules(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday)
		rule := on(w, reminder.Plan{Kind: reminder.Idle, Days: 14, Most: 1})
		allowed := map[string]bool{w.Admin.PersonID: true, w.Coordinator.PersonID: true, w.GuardCoordinator.PersonID: true}
		for name, a := range w.Everybody() {
			_, err := w.Reminders.Rule(ctx, a, course, rule)
			if (err == nil) != allowed[a.PersonID] {
				t.Errorf("%s reads the rule: %v", name, err)
			}
			if list, err := w.Reminders.Rules(ctx, a, course); err != nil || (len(list) > 0) != allowed[a.PersonID] {
				t.Errorf("%s sees %d rules, %v", name, len(list), err)
			}
			if _, err := w.Reminders.Switch(ctx, a, course, rule, false, 0); (err == nil) != allowed[a.PersonID] {
				t.Errorf("%s switches it: %v", name, err)
			}
			if _, err := w.Reminders.Coming(ctx, a, course, rule); (err == nil) != allowed[a.PersonID] {
				t.Errorf("%s sees whom it reaches: %v", name, err)
			}
			if _, err := w.Reminders.Save(ctx, a, course, "", reminder.Draft{UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Idle, Days: 14, Most: 1}}); (err == nil) != allowed[a.PersonID] {
				t.Errorf("%s makes one: %v", name, err)
			}
		}
		for name, d := range map[string]reminder.Draft{
			"no kind": {UnitID: w.Guard, Plan: reminder.Plan{Days: 3, Most: 1}}, "no days": {UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Idle, Most: 1}},
			"daily": {UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Idle, Days: 3, Every: 1, Most: 5}}, "no unit": {Plan: reminder.Plan{Kind: reminder.Idle, Days: 3, Most: 1}},
			"too many": {UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Idle, Days: 3, Every: 7, Most: 500}}, "over": {UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Idle, Days: 3, Most: 1, Until: 3}},
		} {
			_, err := w.Reminders.Save(ctx, w.GuardCoordinator, course, "", d)
			w.Refused(name, err, errs.ErrInvalid)
		}
		_, err := w.Reminders.Rules(ctx, w.GuardCoordinator, "none")
		w.Refused("a course that there is not", err, errs.ErrNotFound)
	})
}

// TestADutyCannotBeSwitchedOff by the person; what they chose themselves can, and again on.
func TestADutyCannotBeSwitchedOff(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday)
		duty := enrolled(w, time.Time{}, "duty")["duty"]
		own := w.Enrol(w.Learner, course)
		w.Refused("a duty", w.Reminders.SetOwn(ctx, duty, round(w, duty), true), errs.ErrConflict)
		w.Refused("another's", w.Reminders.SetOwn(ctx, w.OtherLearner, own.ID, true), errs.ErrNotFound)
		on(w, reminder.Plan{Kind: reminder.Idle, Days: 1, Every: 7, Most: 10})
		w.OK(w.Reminders.SetOwn(ctx, w.Learner, own.ID, true))
		if o, err := w.Reminders.Own(ctx, w.Learner, own.ID); err != nil || !o.Mine || !o.Quiet || o.Until {
			t.Errorf("%+v, %v", o, err)
		}
		w.Until(monday.AddDate(0, 0, 1))
		w.OK(w.Reminders.SendDue(ctx))
		if got := reminded(w); !slices.Equal(got, []string{"duty"}) {
			t.Errorf("%v", got)
		}
		w.OK(w.Reminders.SetOwn(ctx, w.Learner, own.ID, false))
		w.Until(monday.AddDate(0, 0, 8))
		w.OK(w.Reminders.SendDue(ctx))
		if got := reminded(w); len(got) != 3 {
			t.Errorf("%v", got)
		}
		if n, err := w.Reminders.Hush(ctx, w.GuardCoordinator, course, []string{own.ID}, true); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.Refused("what a coordinator said", w.Reminders.SetOwn(ctx, w.Learner, own.ID, false), errs.ErrConflict)
	})
}

// fewer has rapid draw one of so many cases, until the test ends.
func fewer(t *testing.T, of int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	all := checks.Value.String()
	n, err := strconv.Atoi(all)
	if err == nil {
		err = checks.Value.Set(strconv.Itoa(max(1, n/of)))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = checks.Value.Set(all) }) // what was read is written back
}

// TestWhateverHappens: in whatever order nodes tick, letters are sent by hand, people pass, take steps and are withdrawn, rules are changed
// and a tick dies in the middle, nobody gets two reminders within a week, none is sent twice, and none to who passed or was withdrawn.
func TestWhateverHappens(t *testing.T) {
	fewer(t, 8) // each case is a program with its database
	rapid.Check(t, func(rt *rapid.T) {
		w := testrig.New(t)
		ctx := t.Context()
		w.Until(monday.AddDate(0, 0, -10))
		people := enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 10)), "a", "b", "c")
		w.Clock.Advance(held) // of their invitations
		rules := []string{
			on(w, reminder.Plan{Kind: reminder.Before, Days: 20, Every: 7, Most: 10}), on(w, reminder.Plan{Kind: reminder.Idle, Days: 3, Every: 7, Most: 10}), on(w, reminder.Plan{Kind: reminder.After, Days: 1, Every: 7, Most: 10}),
		}
		nodes := []*app.App{w.App, w.Node()}
		names := slices.Sorted(maps.Keys(people))
		last, over := map[string]time.Time{}, map[string]bool{}
		seen := len(w.Letters())
		look := func() {
			all := w.Letters()
			for _, m := range all[seen:] {
				if !strings.Contains(m.Body, "/app/learn/") {
					continue
				}
				who, now := m.To[4:5], w.Clock.Now()
				if at, ok := last[who]; ok && now.Sub(at) < desk.Between-held { // a week from when it was decided
					rt.Fatalf("%s was reminded at %s and again at %s", who, at, now)
				}
				if over[who] {
					rt.Fatalf("%s was reminded although it is over", who)
				}
				last[who] = now
			}
			seen = len(all)
		}
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			who := rapid.SampledFrom(names).Draw(rt, "who")
			switch rapid.SampledFrom([]string{"tick", "tick", "tick", "crash", "hand", "pass", "withdraw", "change", "later", "later"}).Draw(rt, "what") {
			case "tick":
				w.OK(rapid.SampledFrom(nodes).Draw(rt, "node").Reminders.SendDue(ctx))
			case "crash":
				left := rapid.IntRange(1, 25).Draw(rt, "statements")
				w.DB.Intercept(func(statement string) error {
					if left--; left < 0 && statement != "ROLLBACK" {
						return errDied
					}
					return nil
				})
				if err := nodes[0].Reminders.SendDue(ctx); err != nil && !errors.Is(err, errDied) {
					rt.Fatal(err)
				}
				w.DB.Intercept(nil)
			case "hand":
				_, err := w.Desk.Remind(ctx, w.GuardCoordinator, course, desk.Selection{Enrolments: []string{round(w, people[who])}})
				w.OK(err)
				w.Clock.Advance(held)
			case "pass":
				if !over[who] {
					w.FinishParts(people[who], round(w, people[who]))
					w.PassTest(people[who], round(w, people[who]))
				}
				look()
				over[who] = true
			case "withdraw":
				if !over[who] {
					w.OK(w.Learning.Withdraw(ctx, w.GuardCoordinator, round(w, people[who])))
				}
				look()
				over[who] = true
			case "change":
				rule := rapid.SampledFrom(rules).Draw(rt, "rule")
				_, err := w.Reminders.Switch(ctx, w.GuardCoordinator, course, rule, false, 0)
				w.OK(err)
				_, err = w.Reminders.Switch(ctx, w.GuardCoordinator, course, rule, true, 0)
				w.OK(err)
			case "later":
				w.Clock.Advance(time.Duration(rapid.IntRange(1, 80).Draw(rt, "hours")) * time.Hour)
			}
			look()
		}
		type counts struct{ Sent, Rows int }
		c, err := db.One[counts](ctx, w.DB, `SELECT COUNT(*) AS sent, COUNT(DISTINCT rule_id || enrolment_id || on_day) AS rows FROM reminder_sent`)
		if err != nil || c.Sent != c.Rows {
			rt.Fatalf("%+v, %v", c, err)
		}
	})
}

func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, s, who := t.Context(), w.Reminders, w.GuardCoordinator
	w.Until(monday)
	a := enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "due")["due"]
	own := w.Enrol(w.Learner, course)
	only := func(_ any, err error) error { return err }
	due := round(w, a)
	rule := on(w, reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1})
	plan := reminder.Draft{UnitID: w.Guard, Plan: reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1}}
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "rules", Do: func() error { return only(s.Rules(ctx, who, course)) }},
		{Name: "a rule", Do: func() error { return only(s.Rule(ctx, who, course, rule)) }},
		{Name: "what comes", Do: func() error { return only(s.Coming(ctx, who, course, rule)) }},
		{Name: "own", Do: func() error { return only(s.Own(ctx, w.Learner, own.ID)) }},
		{Name: "set own", Do: func() error { return s.SetOwn(ctx, w.Learner, own.ID, true) }},
		{Name: "hush", Do: func() error { return only(s.Hush(ctx, who, course, []string{own.ID, due}, true)) }},
		{Name: "take it back", Do: func() error { return only(s.Hush(ctx, who, course, []string{due}, false)) }},
		{Name: "send", Do: func() error { return s.SendDue(ctx) }},
		{Name: "save", Do: func() error { return only(s.Save(ctx, who, course, "", plan)) }},
		{Name: "change", Do: func() error { return only(s.Save(ctx, who, course, rule, plan)) }},
		{Name: "switch on", Do: func() error { return only(s.Switch(ctx, who, course, rule, true, 0)) }},
		{Name: "forget", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return reminder.ForgetPerson(ctx, tx, a.PersonID) })
		}},
	})
}

// TestWhatWasSentEnds: after two years, and with the person.
func TestWhatWasSentEnds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		w.Until(monday)
		people := enrolled(w, desk.EndOfDay(monday.AddDate(0, 0, 7)), "one", "two")
		on(w, reminder.Plan{Kind: reminder.Before, Days: 7, Most: 1})
		w.OK(w.Reminders.SendDue(ctx))
		count := func() int {
			n, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM reminder_sent`)
			w.OK(err)
			return n
		}
		if count() != 2 {
			t.Fatal(count())
		}
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return reminder.ForgetPerson(ctx, tx, people["one"].PersonID) }))
		if count() != 1 {
			t.Errorf("%d left of one", count())
		}
		w.Until(monday.AddDate(2, 0, 1))
		w.OK(w.Keeping.EraseDue(ctx))
		if count() != 0 {
			t.Errorf("%d left after two years", count())
		}
	})
}
