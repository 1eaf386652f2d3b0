package roster_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/testrig"
)

// Only who is listed, valid to the week's end, there, below the limit, before the court and of the language can be on duty.
func TestWhoCanBeOnDuty(t *testing.T) {
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC) // a Wednesday
	rapid.Check(t, func(t *rapid.T) {
		week := guardian.WeekOf(now, time.UTC).Add(rapid.IntRange(0, 2).Draw(t, "week"))
		a := roster.Able{Entry: guardian.Entry{State: rapid.SampledFrom(guardian.States).Draw(t, "state"), MostChildren: 2}}
		a.ValidUntil = week.Ends(time.UTC).AddDate(0, 0, rapid.IntRange(-2, 2).Draw(t, "valid"))
		a.Children = rapid.IntRange(0, 3).Draw(t, "children")
		a.Langs = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"pl", "uk"}), rapid.ID).Draw(t, "langs")
		a.Courts = rapid.SliceOfDistinct(rapid.SampledFrom([]string{"near", "far"}), rapid.ID).Draw(t, "courts")
		first := week.Begins(time.UTC).AddDate(0, 0, rapid.IntRange(-3, 9).Draw(t, "from"))
		last := first.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "days"))
		a.Absences = []guardian.Absence{{FromDay: first.Format(time.DateOnly), UntilDay: last.Format(time.DateOnly)}}
		here := true
		for d := max(week.Begins(time.UTC).Unix(), now.Truncate(24*time.Hour).Unix()); d < week.Ends(time.UTC).Unix(); d += 24 * 3600 {
			day := time.Unix(d, 0).UTC()
			here = here && (day.Before(first) || day.After(last))
		}
		want := a.State == guardian.Listed && !a.ValidUntil.Before(week.Ends(time.UTC)) && here && a.Children < 2 && slices.Contains(a.Langs, "uk") && slices.Contains(a.Courts, "near")
		if why := a.Why("near", "uk", week, now, time.UTC); (why == roster.Can) != want {
			t.Fatalf("%+v in %s: %q", a, week, why)
		}
	})
}

func TestWhenDutyIsAsked(t *testing.T) {
	monday := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for hours := range 7 * 24 {
		if got, want := roster.Asks(monday.Add(time.Duration(hours)*time.Hour), time.UTC), hours >= 3*24+8; got != want {
			t.Errorf("hour %d of the week: %v", hours, got)
		}
	}
}

// office is a guardian office with somebody listed before the nearer court.
type office struct {
	*testrig.GuardianOffice
	who     access.Actor
	entryID string
	week    guardian.Week
}

func open(t *testing.T, w *testrig.World) office {
	t.Helper()
	o := office{GuardianOffice: w.GuardianOffice()}
	o.who, o.entryID = o.Guardian("Helena", "Kuratorska")
	w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, o.entryID))
	o.week = guardian.WeekOf(w.Clock.Now(), w.Measurement.Zone())
	return o
}

func (o office) assign(t *testing.T, changes ...roster.Change) (int, []roster.Refusal) {
	t.Helper()
	done, refused, err := o.Duty.Assign(t.Context(), o.Coordinator, o.NearCourt, changes)
	o.OK(err)
	return done, refused
}

// Duty is given, passed on and taken away; what was changed meanwhile and whom the rule refuses is told, and the rest is done.
func TestAssigning(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		_, other := o.Guardian("Hanna", "Druga")
		w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, other))
		_, unlisted := o.Guardian("Halina", "Trzecia")
		uk := func(n int, was, to string) roster.Change {
			return roster.Change{Lang: "uk", Week: o.week.Add(n), Was: was, To: to}
		}
		done, refused := o.assign(t, uk(0, "", o.entryID), uk(1, "", unlisted), roster.Change{Lang: "ar", Week: o.week, To: other}, uk(roster.Weeks, "", other), uk(-1, "", other), uk(2, "", "nobody"))
		if done != 1 || len(refused) != 5 {
			t.Fatalf("%d done, refused %v", done, refused)
		}
		for i, key := range []string{"roster.why-not-listed", "roster.why-not-lang", "roster.past", "roster.past", "roster.why-not-court"} {
			if refused[i].Key != key {
				t.Errorf("refused %s, want %s", refused[i].Key, key)
			}
		}
		if done, refused := o.assign(t, uk(0, "", other), uk(0, other, ""), uk(0, o.entryID, other)); done != 1 || len(refused) != 2 || refused[0].Key != "roster.meanwhile" {
			t.Errorf("%d done, refused %v", done, refused)
		}
		if done, _ := o.assign(t, uk(0, other, "")); done != 1 {
			t.Error("duty is not taken away")
		}
		x := testrig.Must(w.Guardians.Page(t.Context(), o.Coordinator, o.entryID))(t)
		if x.History[0].Kind != "duty-off" || x.History[0].Detail["week"] != string(o.week) {
			t.Errorf("%+v", x.History[0])
		}
	})
}

// Another office sees neither names nor people, and changes nothing; everybody else is told that there is no roster.
func TestWhoSeesTheRoster(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		o.assign(t, roster.Change{Lang: "uk", Week: o.week, To: o.entryID})
		x := testrig.Must(w.Duty.Plan(t.Context(), o.Coordinator, o.NearCourt))(t)
		if len(x.People) != 1 || len(x.Rows) != 2 || x.Rows[1].Cells[0].Name != "Kuratorska Helena" || len(x.Gaps) != 1 {
			t.Errorf("%+v", x)
		}
		x = testrig.Must(w.Duty.Plan(t.Context(), o.Elsewhere, o.NearCourt))(t)
		if len(x.People) != 0 || len(x.Rows) != 1 || x.Rows[0].Cells[0].Name != "" || !x.Rows[0].Cells[0].Elsewhere {
			t.Errorf("another office: %+v", x)
		}
		_, refused, err := w.Duty.Assign(t.Context(), o.Elsewhere, o.NearCourt, []roster.Change{{Lang: "uk", Week: o.week, Was: o.entryID}, {Lang: "pl", Week: o.week, To: o.entryID}})
		if w.OK(err); len(refused) != 2 {
			t.Errorf("another office: refused %v", refused)
		}
		others := w.Everybody()
		for name, actor := range map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "the person": o.who} {
			others[name] = actor
		}
		for name, actor := range others {
			_, err := w.Duty.Plan(t.Context(), actor, o.NearCourt)
			w.Refused(name, err, errs.ErrNotFound)
			_, _, err = w.Duty.Assign(t.Context(), actor, o.NearCourt, []roster.Change{{Lang: "pl", Week: o.week, To: o.entryID}})
			w.Refused(name+" assigns", err, errs.ErrNotFound)
		}
		_, err = w.Duty.Plan(t.Context(), o.Coordinator, "nonsense")
		w.Refused("a court that there is not", err, errs.ErrNotFound)
	})
}

var linkIn = regexp.MustCompile(`/guardian/week/([^?\s]+)`)

// thursday moves the clock to the next Thursday morning and returns the week after.
func (o office) thursday() guardian.Week {
	at := o.week.Begins(o.Measurement.Zone()).AddDate(0, 0, 3).Add(8 * time.Hour)
	for !at.After(o.Clock.Now()) {
		at = at.AddDate(0, 0, 7)
	}
	o.Until(at)
	return guardian.WeekOf(at, o.Measurement.Zone()).Add(1)
}

// asked puts the person on duty next week and lets the letter leave.
func (o office) asked(t *testing.T) (token string, week guardian.Week) {
	t.Helper()
	week = o.thursday()
	o.assign(t, roster.Change{Lang: "uk", Week: week, To: o.entryID})
	for range 2 {
		o.OK(errors.Join(o.Duty.AskNextWeek(t.Context()), o.Duty.TellGaps(t.Context())))
	}
	for _, l := range o.Letters() {
		if m := linkIn.FindStringSubmatch(l.Body); m != nil {
			if token != "" {
				t.Fatal("two letters about one week")
			}
			token = m[1]
			for _, never := range []string{"Helena", "Kuratorska", "Brzez", "600"} {
				if strings.Contains(l.Subject+l.Body, never) {
					t.Errorf("the letter says %s", never)
				}
			}
		}
	}
	if token == "" {
		t.Fatal("no letter")
	}
	return token, week
}

// A no by the letter's link ends the week's duty at once, and the link works once.
func TestTheWeeklyLetter(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		token, week := o.asked(t)
		l := testrig.Must(w.Duty.Link(t.Context(), token))(t)
		if l.Week != week || l.Answer != "" {
			t.Errorf("%+v", l)
		}
		_, err := w.Duty.Link(t.Context(), "x")
		w.Refused("an unknown link", err, errs.ErrNotFound)
		w.Refused("an unknown link answered", w.Duty.Answer(t.Context(), "x", true), errs.ErrNotFound)
		w.OK(w.Duty.Answer(t.Context(), token, false))
		w.Refused("twice", w.Duty.Answer(t.Context(), token, true), errs.ErrGone)
		if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM guardian_duty`))(t); n != 0 {
			t.Errorf("%d on duty after a no", n)
		}
		if l = testrig.Must(w.Duty.Link(t.Context(), token))(t); l.Answer != "no" {
			t.Errorf("%+v", l)
		}
	})
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		token, week := o.asked(t)
		w.Until(week.Ends(w.Measurement.Zone()))
		w.Refused("after the week", w.Duty.Answer(t.Context(), token, true), errs.ErrGone)
		if l := testrig.Must(w.Duty.Link(t.Context(), token))(t); !l.Over || l.Answer != "" {
			t.Errorf("%+v", l)
		}
	})
}

// Who keeps entries for a court is told of each gap once, and again if it opens again; where nobody keeps one, all who keep a register are.
func TestGaps(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		w.OK(w.Guardians.CloseCourt(t.Context(), o.Coordinator, o.DistantCourt, 1, true))
		told := func() (n int) {
			t.Helper()
			before := len(w.Letters())
			for range 2 {
				w.OK(errors.Join(w.Duty.AskNextWeek(t.Context()), w.Duty.TellGaps(t.Context())))
			}
			for _, l := range w.Letters()[before:] {
				if strings.Contains(l.Body, "/app/guardians/roster") {
					n++
				}
			}
			return n
		}
		if n := told(); n != 1 || w.LastLetter().To != "gabriela.rejestrowa@example.org" {
			t.Errorf("%d letters about the first gap", n)
		}
		elsewhere := testrig.Must(w.Duty.Gaps(t.Context(), o.Elsewhere))(t)
		if own := testrig.Must(w.Duty.Gaps(t.Context(), o.Coordinator))(t); len(own) != 2 || len(elsewhere) != 0 {
			t.Errorf("the office has %d gaps, another %d", len(own), len(elsewhere))
		}
		on := roster.Change{Lang: "uk", Week: o.week, To: o.entryID}
		o.assign(t, on)
		if n := told(); n != 0 {
			t.Errorf("%d letters after it was closed", n)
		}
		w.OK(w.Guardians.SetAvailable(t.Context(), o.who, false)) // on duty, but not to be asked
		if n := told(); n != 1 {
			t.Errorf("%d letters when it opened again", n)
		}
		w.OK(w.Guardians.CloseCourt(t.Context(), o.Coordinator, o.DistantCourt, 2, false))
		if n := told(); n != 2 || len(testrig.Must(w.Duty.Gaps(t.Context(), o.Elsewhere))(t)) != 2 {
			t.Errorf("%d letters about a court without entries", n)
		}
	})
}

// Who leaves the register is off duty at once.
func TestWhoLeavesIsOffDuty(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		token, _ := o.asked(t)
		w.OK(w.Guardians.Withdraw(t.Context(), o.who))
		if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM guardian_duty`))(t); n != 0 {
			t.Errorf("%d on duty", n)
		}
		w.Refused("the link of who left", w.Duty.Answer(t.Context(), token, true), errs.ErrNotFound)
	})
}

// What the roster does is whole or nothing.
func TestChangesAreWhole(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := open(t, w)
		week := o.thursday()
		on := roster.Change{Lang: "uk", Week: week, To: o.entryID}
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "assign", Do: func() error {
				_, _, err := w.Duty.Assign(t.Context(), o.Coordinator, o.NearCourt, []roster.Change{on})
				return err
			}},
			{Name: "ask", Do: func() error { return w.Duty.AskNextWeek(t.Context()) }},
			{Name: "gaps", Do: func() error { return w.Duty.TellGaps(t.Context()) }},
		})
		var token string
		for _, l := range w.Letters() {
			if m := linkIn.FindStringSubmatch(l.Body); m != nil {
				token = m[1]
			}
		}
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "answer", Do: func() error { return w.Duty.Answer(t.Context(), token, false) }}})
	})
}
