package duplicate_test

import (
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/duplicate"
	"ostoja/internal/testrig"
)

func TestAlike(t *testing.T) {
	a := duplicate.Account{GivenName: "Zofia", FamilyName: "Źródło", Mail: "zofia.zrodlo@example.org", ServiceNumber: "SG-17"}
	for name, c := range map[string]struct {
		change func(b *duplicate.Account)
		want   int
	}{
		"the same name without marks": {func(b *duplicate.Account) {
			b.GivenName, b.FamilyName, b.Mail, b.ServiceNumber = "ZOFIA", "Zrodlo", "z@example.com", ""
		}, 1},
		"another family name":          {func(b *duplicate.Account) { b.FamilyName = "Nowak" }, 0},
		"another given name":           {func(b *duplicate.Account) { b.GivenName, b.Mail, b.ServiceNumber = "Anna", "a@example.org", "" }, 0},
		"the number, in another unit":  {func(b *duplicate.Account) { b.GivenName, b.Mail = "Z.", "" }, 1},
		"an address of another office": {func(b *duplicate.Account) { b.GivenName, b.ServiceNumber, b.Mail = "Z.", "", "zofiazrodlo@example.com" }, 1},
		"all of it":                    {func(*duplicate.Account) {}, 3},
		"nothing but the name":         {func(b *duplicate.Account) { b.Mail, b.ServiceNumber = "", "" }, 1},
	} {
		b := a
		c.change(&b)
		if got := duplicate.Alike(a, b); len(got) != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) duplicate.Account {
			some := func(list ...string) string { return rapid.SampledFrom(list).Draw(t, label) }
			return duplicate.Account{GivenName: some("Jan", "jan", "Ewa"), FamilyName: some("Żak", "Zak", "Bąk"), Mail: some("", "j.zak@x.pl", "jzak@y.pl"), ServiceNumber: some("", "1", "2")}
		}
		a, b := draw("a"), draw("b")
		if len(duplicate.Alike(a, b)) != len(duplicate.Alike(b, a)) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// second adds an account of the same name as the learner's elsewhere, and returns its id.
func second(w *testrig.World, unitID string) string {
	w.T.Helper()
	d := testrig.Draft("Zofia", "Zrodlo", unitID)
	d.Mail = "zofia.druga@example.org"
	return testrig.Must(w.Identity.Add(w.T.Context(), access.System, d, false))(w.T)
}

// A pair is proposed to who keeps both accounts, until somebody says that they are two people, and again once that is taken back. Nothing of
// the accounts changes by it.
func TestPairsAreProposedAndParted(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		other := second(w, w.Medyka)
		before := testrig.Must(w.Identity.Person(ctx, w.Admin, other))(t)
		check := func(actor access.Actor, open, two int) {
			t.Helper()
			gotOpen, gotTwo, err := w.Duplicates.Pairs(ctx, actor)
			if err != nil || len(gotOpen) != open || len(gotTwo) != two {
				t.Errorf("%d to look at, %d of two people, %v", len(gotOpen), len(gotTwo), err)
			}
		}
		sees := map[string]bool{w.Admin.PersonID: true, w.Coordinator.PersonID: true, w.GuardCoordinator.PersonID: true}
		for who, a := range w.Everybody() {
			open, _, err := w.Duplicates.Pairs(ctx, a)
			if err != nil || (len(open) == 1) != sees[a.PersonID] || len(open) > 1 {
				t.Errorf("%s sees %d, %v", who, len(open), err)
			}
			if sees[a.PersonID] {
				continue
			}
			w.Refused(who, w.Duplicates.Part(ctx, a, other, w.Learner.PersonID), errs.ErrNotFound)
			w.Refused(who, w.Duplicates.Reopen(ctx, a, other, w.Learner.PersonID), errs.ErrNotFound)
		}
		for _, pair := range [][2]string{{other, other}, {other, "x"}, {"", other}} {
			w.Refused("no pair", w.Duplicates.Part(ctx, w.Admin, pair[0], pair[1]), errs.ErrNotFound)
		}
		w.OK(w.Duplicates.Part(ctx, w.GuardCoordinator, other, w.Learner.PersonID))
		w.OK(w.Duplicates.Part(ctx, w.Admin, w.Learner.PersonID, other)) // said once more, it stays the first's
		check(w.GuardCoordinator, 0, 1)
		_, two, err := w.Duplicates.Pairs(ctx, w.Admin)
		if err != nil || len(two) != 1 || two[0].DecidedBy != "Kinga Koordynatorka" {
			t.Errorf("%+v, %v", two, err)
		}
		w.OK(w.Duplicates.Reopen(ctx, w.GuardCoordinator, w.Learner.PersonID, other))
		check(w.Admin, 1, 0)
		if after := testrig.Must(w.Identity.Person(ctx, w.Admin, other))(t); after.Mail != before.Mail || after.State != before.State || after.UnitID != before.UnitID {
			t.Errorf("%+v became %+v", before, after)
		}
		w.OK(w.Duplicates.Part(ctx, w.Admin, w.Learner.PersonID, other))
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error { return duplicate.ForgetPerson(ctx, tx, other) }))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM person_distinct`))(t); n != 0 {
			t.Errorf("%d rows of a person who was forgotten", n)
		}
	})
}

// A number is counted by each organisation for itself: the same one elsewhere is proposed where the family name is the same too.
func TestTheSameNumberElsewhere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		for _, d := range []identity.Draft{
			{GivenName: "Jan", FamilyName: "Bąk", ServiceNumber: "7", UnitID: w.Medyka, Lang: "pl"},
			{GivenName: "J.", FamilyName: "Bak", ServiceNumber: "7", UnitID: w.Chelm, Lang: "pl"},
			{GivenName: "Jan", FamilyName: "Lis", ServiceNumber: "7", UnitID: w.Office, Lang: "pl"},
		} {
			testrig.Must(w.Identity.Add(t.Context(), access.System, d, false))(t)
		}
		open, _, err := w.Duplicates.Pairs(t.Context(), w.Admin)
		if err != nil || len(open) != 1 || len(open[0].Alike) != 1 || open[0].Alike[0] != duplicate.Number {
			t.Errorf("%+v, %v", open, err)
		}
	})
}

// Whoever blocked the account that is not used did what the page advises: the pair is proposed no more.
func TestABlockedAccountIsSettled(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, other := t.Context(), second(w, w.Medyka)
		for state, want := range map[string]int{"blocked": 0, "active": 1} {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `UPDATE person SET state = ? WHERE id = ?`, state, other)
			}))
			if open, _, err := w.Duplicates.Pairs(ctx, w.Admin); err != nil || len(open) != want {
				t.Errorf("%s: %d pairs, %v", state, len(open), err)
			}
		}
	})
}

func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, other := t.Context(), second(w, w.Medyka)
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "pairs", Do: func() error { _, _, err := w.Duplicates.Pairs(ctx, w.Admin); return err }},
		{Name: "part", Do: func() error { return w.Duplicates.Part(ctx, w.Admin, other, w.Learner.PersonID) }},
		{Name: "reopen", Do: func() error { return w.Duplicates.Reopen(ctx, w.Admin, other, w.Learner.PersonID) }},
		{Name: "forget", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return duplicate.ForgetPerson(ctx, tx, other) })
		}},
	})
}
