package guardian_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// No way leads back from removed, and each state but that can be left.
func TestStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(guardian.States).Draw(t, "from"), rapid.SampledFrom(guardian.States).Draw(t, "to")
		if from.CanBecome(to) && (from == guardian.Removed || to == guardian.Verified || from == to) {
			t.Fatalf("%s becomes %s", from, to)
		}
		if from != guardian.Removed && !from.CanBecome(guardian.Removed) {
			t.Fatalf("who is %s cannot leave", from)
		}
	})
}

// Weeks are those of ISO 8601, in which the last days of December belong to the next year at times.
func TestWeeksAroundNewYear(t *testing.T) {
	for day, want := range map[string]guardian.Week{"2026-11-30": "2026-W49", "2026-12-31": "2026-W53", "2027-01-03": "2026-W53", "2027-01-04": "2027-W01", "2024-12-30": "2025-W01"} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := guardian.WeekOf(d, time.UTC); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}

// Only who is listed, valid and below the limit is proposed.
func TestProposable(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		e := guardian.Entry{
			State: rapid.SampledFrom(guardian.States).Draw(t, "state"), MostChildren: rapid.IntRange(0, 3).Draw(t, "most"),
			ValidUntil: now.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "left"))),
		}
		children := rapid.IntRange(0, 4).Draw(t, "children")
		want := e.State == guardian.Listed && e.ValidUntil.After(now) && e.MostChildren > children
		if e.Proposable(now, children) != want {
			t.Fatalf("%+v with %d children: %v", e, children, !want)
		}
	})
}

// An entry is the office's that keeps it; to everybody else, to an administrator too, there is none.
func TestWhoSeesAnEntry(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t)
		if e.PersonID != who.PersonID || e.State != guardian.Verified || e.Name != "Helena Kuratorska" || e.MostChildren != 2 {
			t.Errorf("%+v", e)
		}
		others := w.Everybody()
		for name, actor := range map[string]access.Actor{"coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "the person": who} {
			others[name] = actor
		}
		for name, actor := range others {
			_, err := w.Guardians.Entry(t.Context(), actor, entryID)
			w.Refused(name, err, errs.ErrNotFound)
			_, err = w.Guardians.AddCourt(t.Context(), actor, guardian.Court{Name: "Sąd"})
			if name != "coordinator elsewhere" {
				w.Refused(name+" enters a court", err, errs.ErrNotFound)
			}
		}
		for _, nonsense := range []string{"", "x", id.New()} {
			_, err := w.Guardians.Entry(t.Context(), o.Coordinator, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
		}
		_, err := w.Guardians.AddCourt(t.Context(), o.Coordinator, guardian.Court{Name: " "})
		w.Refused("a court without a name", err, errs.ErrInvalid)
		if courts := testrig.Must(w.Guardians.Courts(t.Context()))(t); len(courts) != 3 {
			t.Errorf("%d courts", len(courts))
		}
	})
}

// A person has one entry, whoever admits them again.
func TestOneEntryAPerson(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		admit := func(ctx context.Context, tx *db.Tx) error {
			_, err := w.Guardians.Admit(ctx, tx, guardian.Admission{PersonID: who.PersonID, UnitID: w.Office, ValidUntil: w.Clock.Now(), By: o.Coordinator.PersonID})
			return err
		}
		w.Refused("a second entry", w.DB.Update(t.Context(), func(tx *db.Tx) error { return admit(t.Context(), tx) }), errs.ErrConflict)
		other := w.Person("Hanna", "Nowa", w.Office)
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "admit", Do: func() error {
			return w.DB.Update(t.Context(), func(tx *db.Tx) error {
				_, err := w.Guardians.Admit(t.Context(), tx, guardian.Admission{
					PersonID: other.PersonID, UnitID: w.Office, ValidUntil: w.Clock.Now(), Langs: []string{"pl"}, Courts: []string{o.NearCourt}, By: o.Coordinator.PersonID,
				})
				return err
			})
		}}})
	})
}
