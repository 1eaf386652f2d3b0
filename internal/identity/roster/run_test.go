package roster_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity/people"
	"ostoja/internal/identity/roster"
	"ostoja/internal/testrig"
)

// people makes a list of so many.
func sheetOf(n int) []byte {
	var b strings.Builder
	b.WriteString("Imię;Nazwisko;E-mail\n")
	for i := range n {
		fmt.Fprintf(&b, "Anna;Nowak%d;a%d@example.org\n", i, i)
	}
	return []byte(b.String())
}

// TestALargeListTakesSeconds: 20,000 rows on the machine that also serves pages, and how long others who write wait meanwhile.
func TestALargeListTakesSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a large list")
	}
	w := testrig.New(t)
	begin := time.Now()
	p := testrig.Must(w.Roster.Preview(t.Context(), w.TerespolCoordinator, sheetOf(19_999), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	read := time.Since(begin)
	done := make(chan struct{})
	var others sync.WaitGroup
	var longest time.Duration
	writes := 0
	others.Go(func() { // a learner who answers
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
			begin := time.Now()
			if err := w.DB.Batch(t.Context(), func(tx *db.Tx) error {
				return db.Exec(t.Context(), tx, `UPDATE person SET lang = lang WHERE id = ?`, w.Learner.PersonID)
			}); err != nil {
				t.Error(err)
			}
			longest, writes = max(longest, time.Since(begin)), writes+1
		}
	})
	r := testrig.Must(w.Roster.Confirm(t.Context(), w.TerespolCoordinator, p.ID))(t)
	if r.Added == 0 || r.Added > 100 {
		t.Errorf("at once %+v", r)
	}
	w.Letters()
	close(done)
	others.Wait()
	after := testrig.Must(w.Roster.Progress(t.Context(), w.TerespolCoordinator, p.ID))(t)
	t.Logf("read in %v, all in %v; %d writes of another, the longest took %v", read, time.Since(begin), writes, longest)
	if after.Result.Added != 19_999 || !after.Ended || time.Since(begin) > time.Minute {
		t.Errorf("%+v in %v", after, time.Since(begin))
	}
}

// TestALongListIsTakenInByPortions: each is a transaction of its own, and a program that was started anew goes on where the last ended:
// nobody is missing, nobody is there twice, and a row that repeats one of an earlier portion is still named.
func TestALongListIsTakenInByPortions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		there := func() int {
			return testrig.Must(w.People.Search(ctx, w.TerespolCoordinator, people.Filter{Text: "nowak"}))(t).Total
		}
		content := append(sheetOf(450), []byte("Anna;Druga;a7@example.org\nEwa;Jedna;\n")...)
		p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, content, roster.Options{UnitID: w.Terespol, Lang: "pl", Invite: true}))(t)
		if p.Count(roster.LineNew) != 450 || p.Count(roster.LineBad) != 2 {
			t.Fatalf("%d new, %d bad", p.Count(roster.LineNew), p.Count(roster.LineBad))
		}
		testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t)
		seen := []int{there()}
		for ended := false; !ended; {
			under := testrig.Must(w.Roster.Progress(ctx, w.TerespolCoordinator, ""))(t)
			if under.PreviewID != p.ID || under.Rows != 452 || under.Done-under.Result.Bad != seen[len(seen)-1] || under.Ended {
				t.Fatalf("%+v after %v", under, seen)
			}
			// A second press of the button, and another file, change nothing meanwhile.
			if again := testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t); again != under.Result {
				t.Fatalf("pressed again: %+v, %+v", again, under.Result)
			}
			if _, err := w.Roster.Preview(ctx, w.TerespolCoordinator, sheetOf(1), roster.Options{UnitID: w.Terespol, Lang: "pl"}); fault(err, "file") != "import-running" {
				t.Fatalf("another file: %v", err)
			}
			ended = testrig.Must(roster.OnePortion(ctx, w.Roster, p.ID))(t)
			seen = append(seen, there())
		}
		if len(seen) < 5 || seen[len(seen)-1] != 450 {
			t.Errorf("people after each portion: %v", seen)
		}
		after := testrig.Must(w.Roster.Progress(ctx, w.TerespolCoordinator, p.ID))(t)
		if !after.Ended || after.Done != 452 || after.Result != (roster.Result{Added: 450, Bad: 2, Invited: 450}) {
			t.Errorf("%+v", after)
		}
		if _, err := w.Roster.Progress(ctx, w.TerespolCoordinator, ""); err == nil {
			t.Error("still under way")
		}
		if letters := len(w.Letters()); letters != 450 { // and the job finds nothing left to do
			t.Errorf("%d letters", letters)
		}
		if n := there(); n != 450 {
			t.Errorf("%d people", n)
		}
		_, err := w.Roster.Progress(ctx, w.GuardCoordinator, p.ID)
		w.Refused("another person's import", err, errs.ErrNotFound)
	})
}

// TestALongListMakesEachUnitOnce: rows of one new unit in several portions.
func TestALongListMakesEachUnitOnce(t *testing.T) {
	w := testrig.New(t)
	var b strings.Builder
	b.WriteString("Imię;Nazwisko;E-mail;Jednostka\n")
	for i := range 250 {
		fmt.Fprintf(&b, "Anna;Nowak%d;a%d@example.org;OPS %d\n", i, i, i%3)
	}
	p := testrig.Must(w.Roster.Preview(t.Context(), w.Admin, []byte(b.String()), roster.Options{UnitID: w.Office, Lang: "pl", CreateUnits: true}))(t)
	testrig.Must(w.Roster.Confirm(t.Context(), w.Admin, p.ID))(t)
	w.Letters()
	if after := testrig.Must(w.Roster.Progress(t.Context(), w.Admin, p.ID))(t); after.Result != (roster.Result{Added: 250, Units: 3}) {
		t.Errorf("%+v", after)
	}
}

// TestAnImportEndsWithTheRightToIt: what is done goes on as the person may now, not as they might when they confirmed.
func TestAnImportEndsWithTheRightToIt(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, sheetOf(300), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	first := testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t)
	who := testrig.Must(w.Identity.Person(ctx, w.Admin, w.TerespolCoordinator.PersonID))(t)
	for _, g := range who.Roles {
		if g.Role == access.Coordinator {
			w.OK(w.Identity.Revoke(ctx, w.Admin, who.ID, g.ID))
		}
	}
	w.Letters()
	after := testrig.Must(w.Roster.Progress(ctx, w.TerespolCoordinator, p.ID))(t)
	if !after.Ended || !after.Result.Stopped || after.Result.Added != first.Added || after.Result.Added == 300 {
		t.Errorf("%+v after %+v", after, first)
	}
}

// TestAFinishedImportIsForgotten: what was read of people stays no longer than it is needed.
func TestAFinishedImportIsForgotten(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := testrig.Must(w.Roster.Preview(ctx, w.TerespolCoordinator, sheetOf(300), roster.Options{UnitID: w.Terespol, Lang: "pl"}))(t)
	testrig.Must(w.Roster.Confirm(ctx, w.TerespolCoordinator, p.ID))(t)
	w.Clock.Advance(2 * time.Hour)
	w.OK(w.Roster.Forget(ctx))
	w.Letters()
	if l := testrig.Must(w.People.Search(ctx, w.TerespolCoordinator, people.Filter{Text: "Nowak299"}))(t); l.Total != 1 {
		t.Error("an import under way was forgotten")
	}
	w.OK(w.Roster.Forget(ctx))
	_, err := w.Roster.Progress(ctx, w.TerespolCoordinator, p.ID)
	w.Refused("what was taken in long ago", err, errs.ErrNotFound)
}
