package publication_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/publication"
	"ostoja/internal/testrig"
)

// today is the world's day.
const today = "2026-10-23"

func draft(w *testrig.World) publication.Draft {
	return publication.Draft{
		UnitID: w.Office, Title: "Poradnik pierwszej rozmowy", Short: "Poradnik", Edition: "wydanie drugie", ISBN: "978-0-306-40615-7", Languages: []string{"uk", "pl"}, Publisher: "Biuro programu",
		Year: 2026, Orderable: true,
	}
}

// printed makes a publication with 100 copies in the office and an empty warehouse.
func printed(t *testing.T, w *testrig.World) (publicationID, office, warehouse string) {
	t.Helper()
	ctx := t.Context()
	publicationID = testrig.Must(w.Publications.Create(ctx, w.Coordinator, draft(w)))(t)
	office = testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Biuro", Kind: publication.Office}))(t)
	warehouse = testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Magazyn", Kind: publication.Warehouse}))(t)
	_ = testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, publication.Run{Day: "2026-10-01", Copies: 100}, office))(t)
	return publicationID, office, warehouse
}

// held makes a training of the guard that began the day before.
func held(t *testing.T, w *testrig.World) string {
	t.Helper()
	from := w.Clock.Now().Add(-time.Hour)
	return w.Class(w.Coordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie w Terespolu"}, "Terespol", testrig.Hours{From: from, Until: from.Add(3 * time.Hour)}).ID
}

func page(t *testing.T, w *testrig.World, publicationID string) publication.Page {
	t.Helper()
	return testrig.Must(w.Publications.Page(t.Context(), w.Coordinator, publicationID))(t)
}

func inStock(p publication.Page, placeID string) int {
	for _, x := range p.Stock {
		if x.ID == placeID {
			return x.Copies
		}
	}
	return 0
}

// TestWhatIsWrittenAboutAPublication: each fault is at its field, a number is one publication's, and of two who edit the second is told.
func TestWhatIsWrittenAboutAPublication(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		publicationID, _, _ := printed(t, w)
		for field, change := range map[string]func(d *publication.Draft){
			"title": func(d *publication.Draft) { d.Title = " " }, "isbn": func(d *publication.Draft) { d.ISBN = "978-0-306-40615-8" }, "languages": func(d *publication.Draft) { d.Languages = []string{"xx"} },
			"year": func(d *publication.Draft) { d.Year = 20266 }, "issued": func(d *publication.Draft) { d.IssuedOn = "2026-10-24" }, "unit": func(d *publication.Draft) { d.UnitID = id.New() },
			"article": func(d *publication.Draft) { d.ArticleID = id.New() }, "short": func(d *publication.Draft) { d.Short = "Zdecydowanie za długi tytuł" },
		} {
			d := draft(w)
			d.ISBN = ""
			change(&d)
			_, err := w.Publications.Create(ctx, w.Coordinator, d)
			if faults, _ := errs.FieldsOf(err); len(faults) != 1 || faults[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		_, err := w.Publications.Create(ctx, w.Coordinator, func() publication.Draft { d := draft(w); d.ISBN = "0-306-40615-2"; return d }())
		if faults, _ := errs.FieldsOf(err); len(faults) != 1 || faults[0].Key != "publication.fault.isbn-taken" {
			t.Errorf("the same number in its shorter form: %v", err)
		}
		p := page(t, w, publicationID)
		if len(p.Languages) != 2 || p.Languages[0] != "pl" || p.ISBN != "978-0-306-40615-7" || !p.MayWrite || !p.Mine {
			t.Errorf("%+v", p.Publication)
		}
		d := draft(w)
		d.Title, d.Seen = "Poradnik rozmowy", p.RowEdition
		w.OK(w.Publications.Edit(ctx, w.Coordinator, publicationID, d))
		w.Refused("an edit of what it was before", w.Publications.Edit(ctx, w.Admin, publicationID, d), errs.ErrConflict)
		d.UnitID, d.Seen = w.Guard, p.RowEdition+1
		w.Refused("another office, once there are movements", w.Publications.Edit(ctx, w.Coordinator, publicationID, d), errs.ErrInvalid)
	})
}

// TestWhoKeepsPublications: the office's coordinators write, reviewers read; coordinators elsewhere see what they may order, without its figures; nobody else finds it.
func TestWhoKeepsPublications(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		publicationID, office, _ := printed(t, w)
		move := publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: 1, Reason: "zalane", Day: today}
		writes := map[string]bool{"administrator": true, "coordinator": true}
		reads := map[string]bool{"administrator": true, "coordinator": true, "reviewer": true}
		orders := map[string]bool{"administrator": true, "coordinator": true, "coordinator of the guard": true, "coordinator of Terespol": true, "coordinator of the police": true}
		for name, actor := range w.Everybody() {
			p, err := w.Publications.Page(ctx, actor, publicationID)
			if found := reads[name] || orders[name]; found != (err == nil) {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && (p.Mine != reads[name] || p.MayWrite != writes[name] || p.MayOrder != orders[name] || !reads[name] && len(p.Stock)+len(p.Moves)+len(p.Runs) > 0) {
				t.Errorf("%s sees %+v", name, p)
			}
			rows := testrig.Must(w.Publications.List(ctx, actor))(t)
			if (len(rows) == 1) != (reads[name] || orders[name]) || len(rows) == 1 && (rows[0].Stock > 0) != reads[name] {
				t.Errorf("%s lists %+v", name, rows)
			}
			_, err = w.Publications.Ask(ctx, actor, publicationID, w.Terespol, 1, "")
			if may := orders[name] && actor.May(access.ProjectsWrite, w.Learner.Path); may != (err == nil) {
				t.Errorf("%s orders for Terespol: %v", name, err)
			}
			if writes[name] {
				continue
			}
			for what, err := range map[string]error{
				"edit": w.Publications.Edit(ctx, actor, publicationID, draft(w)), "record": w.Publications.Record(ctx, actor, publicationID, move), "undo": w.Publications.Undo(ctx, actor, publicationID, id.New()),
				"print":  second(w.Publications.Print(ctx, actor, publicationID, publication.Run{Day: today, Copies: 1}, "")),
				"create": second(w.Publications.Create(ctx, actor, draft(w))), "place": second(w.Publications.AddPlace(ctx, actor, publication.PlaceDraft{UnitID: w.Office, Name: "X", Kind: publication.Branch})),
				"close": w.Publications.ClosePlace(ctx, actor, office, true),
			} {
				if err == nil {
					t.Errorf("%s: %s is not refused", name, what)
				}
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestMovements: each way takes and brings what it says, and asks for what it needs.
func TestMovements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		publicationID, office, warehouse := printed(t, w)
		trainingID := held(t, w)
		run := testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, publication.Run{Day: "2026-10-05", Copies: 50}, ""))(t)
		for _, x := range []struct {
			m     publication.Move
			field string // at which it is refused; "" if it is not
		}{
			{publication.Move{Kind: publication.Moved, FromID: office, ToID: warehouse, Copies: 40, Day: today}, ""},
			{publication.Move{Kind: publication.Moved, FromID: office, ToID: office, Copies: 1, Day: today}, "to"},
			{publication.Move{Kind: publication.Moved, FromID: office, ToID: warehouse, Copies: 61, Day: today}, "copies"},
			{publication.Move{Kind: publication.Sent, FromID: warehouse, Copies: 10, Day: today}, "unit"},
			{publication.Move{Kind: publication.Sent, FromID: warehouse, UnitID: w.Terespol, Copies: 10, Day: today}, ""},
			{publication.Move{Kind: publication.Handed, FromID: office, Copies: 5, Day: today}, "training"},
			{publication.Move{Kind: publication.Handed, FromID: office, TrainingID: id.New(), Copies: 5, Day: today}, "training"},
			{publication.Move{Kind: publication.Handed, FromID: office, TrainingID: trainingID, Copies: 5, Day: "2026-10-22"}, "day"},                            // before it began
			{publication.Move{Kind: publication.Handed, FromID: office, TrainingID: trainingID, Copies: 5, Day: today, ToID: warehouse, UnitID: w.Terespol}, ""}, // what the way does not need is left alone
			{publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: 5, Day: today}, "reason"},
			{publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: 5, Day: today, Reason: "zalane"}, ""},
			{publication.Move{Kind: publication.WrittenOff, FromID: id.New(), Copies: 5, Day: today, Reason: "zalane"}, "from"},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, RunID: run, Copies: 51, Day: today}, "copies"},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, RunID: run, Copies: 20, Day: "2026-10-04"}, "day"},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, RunID: run, Copies: 20, Day: today}, ""},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, RunID: run, Copies: 31, Day: today}, "copies"},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, Copies: 3, Day: today}, "reason"},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, Copies: 3, Day: today, Reason: "zwrot ze szkolenia"}, ""},
			{publication.Move{Kind: publication.Arrival, ToID: warehouse, RunID: run, Copies: 1, Day: "2026-10-24"}, "day"},
			{publication.Move{Kind: "lent", FromID: office, Copies: 1, Day: today}, "kind"},
			{publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: 0, Day: today, Reason: "x"}, "copies"},
		} {
			err := w.Publications.Record(ctx, w.Coordinator, publicationID, x.m)
			faults, _ := errs.FieldsOf(err)
			if x.field == "" && err != nil || x.field != "" && (len(faults) != 1 || faults[0].Name != x.field) {
				t.Errorf("%+v: %v, want a fault at %q", x.m, err, x.field)
			}
		}
		p := page(t, w, publicationID)
		if got := p.Sums(); inStock(p, office) != 50 || inStock(p, warehouse) != 53 || got != (publication.Sums{Printed: 150, Arrived: 123, Stock: 103, Handed: 5, Sent: 10, WrittenOff: 5}) {
			t.Errorf("office %d, warehouse %d, %+v", inStock(p, office), inStock(p, warehouse), got)
		}
		if m := p.Moves[2]; m.Kind != publication.WrittenOff || m.By == "" || p.Moves[3].Training.Title != "Szkolenie w Terespolu" || p.Moves[4].Unit != "Placówka w Terespolu" {
			t.Errorf("%+v", p.Moves)
		}
		w.Refused("closing a place where copies lie", w.Publications.ClosePlace(ctx, w.Coordinator, warehouse, true), errs.ErrConflict)
		third := testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Oddział", Kind: publication.Branch}))(t)
		w.Refused("a place of the same name", second(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Oddział", Kind: publication.Branch})), errs.ErrInvalid)
		w.OK(w.Publications.ClosePlace(ctx, w.Coordinator, third, true))
		w.Refused("moving to a closed place", w.Publications.Record(ctx, w.Coordinator, publicationID, publication.Move{Kind: publication.Moved, FromID: office, ToID: third, Copies: 1, Day: today}), errs.ErrInvalid)
		w.OK(w.Publications.ClosePlace(ctx, w.Coordinator, third, false))
		w.OK(w.Publications.Record(ctx, w.Coordinator, publicationID, publication.Move{Kind: publication.Moved, FromID: office, ToID: third, Copies: 1, Day: today}))
	})
}

// TestTheLastMovementIsTakenBack: for ten minutes, once, and only the last; what was taken is there again.
func TestTheLastMovementIsTakenBack(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		publicationID, office, warehouse := printed(t, w)
		move := publication.Move{Kind: publication.Moved, FromID: office, ToID: warehouse, Copies: 30, Day: today}
		w.Clock.Advance(time.Second)
		w.OK(w.Publications.Record(ctx, w.Coordinator, publicationID, move))
		p := page(t, w, publicationID)
		if !p.Moves[0].MayUndo || p.Moves[1].MayUndo {
			t.Fatalf("%+v", p.Moves)
		}
		w.Refused("the one before", w.Publications.Undo(ctx, w.Coordinator, publicationID, p.Moves[1].ID), errs.ErrConflict)
		w.Clock.Advance(publication.UndoFor - time.Second)
		w.OK(w.Publications.Undo(ctx, w.Coordinator, publicationID, p.Moves[0].ID))
		w.Refused("twice", w.Publications.Undo(ctx, w.Coordinator, publicationID, p.Moves[0].ID), errs.ErrConflict)
		p = page(t, w, publicationID)
		if inStock(p, office) != 100 || inStock(p, warehouse) != 0 || p.Moves[0].UndoneAt.IsZero() || p.Sums().Arrived != 100 {
			t.Errorf("%+v", p)
		}
		w.OK(w.Publications.Record(ctx, w.Coordinator, publicationID, move))
		w.Clock.Advance(publication.UndoFor)
		w.Refused("after ten minutes", w.Publications.Undo(ctx, w.Coordinator, publicationID, page(t, w, publicationID).Moves[0].ID), errs.ErrConflict)
	})
}

// TestTwoEditorsNeverTakeWhatIsNotThere: of many who take at once, as many succeed as there are copies for.
func TestTwoEditorsNeverTakeWhatIsNotThere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		publicationID, office, warehouse := printed(t, w)
		const tries, each, have = 12, 30, 100
		taken := make([]error, tries)
		var all sync.WaitGroup
		for i := range tries {
			all.Go(func() {
				m := publication.Move{Kind: publication.Moved, FromID: office, ToID: warehouse, Copies: each, Day: today}
				if i%2 == 0 {
					m = publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: each, Day: today, Reason: "zalane"}
				}
				taken[i] = w.Publications.Record(t.Context(), w.Coordinator, publicationID, m)
			})
		}
		all.Wait()
		ok := 0
		for _, err := range taken {
			if err == nil {
				ok++
				continue
			}
			if faults, _ := errs.FieldsOf(err); len(faults) != 1 || faults[0].Key != "publication.fault.stock" {
				t.Error(err)
			}
		}
		p := page(t, w, publicationID)
		if ok != have/each || inStock(p, office) != have-ok*each {
			t.Errorf("%d took %d copies each, %d are left", ok, each, inStock(p, office))
		}
	})
}

// TestOrders: from the unit's wish to its thanks, each step by whose it is, and sending takes the copies.
func TestOrders(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		publicationID, office, _ := printed(t, w)
		to := func(actor access.Actor, orderID string, turn publication.Turn) error {
			turn.Day = today
			return w.Publications.Bring(ctx, actor, orderID, turn)
		}
		orderID := testrig.Must(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Terespol, 80, "dyżury"))(t)
		w.Refused("none", second(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Terespol, 0, "")), errs.ErrInvalid)
		w.Refused("for others", second(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Police, 5, "")), errs.ErrInvalid)
		w.Refused("one's own order", to(w.GuardCoordinator, orderID, publication.Turn{To: publication.Confirmed, Copies: 80}), errs.ErrForbidden)
		w.Refused("by a stranger", to(w.PoliceCoordinator, orderID, publication.Turn{To: publication.Cancelled, Note: "x"}), errs.ErrNotFound)
		w.Refused("sent before it is confirmed", to(w.Coordinator, orderID, publication.Turn{To: publication.OrderSent, FromID: office}), errs.ErrConflict)
		w.Refused("more than asked", to(w.Coordinator, orderID, publication.Turn{To: publication.Confirmed, Copies: 81}), errs.ErrInvalid)
		w.Refused("fewer, and no word why", to(w.Coordinator, orderID, publication.Turn{To: publication.Confirmed, Copies: 60}), errs.ErrInvalid)
		w.OK(to(w.Coordinator, orderID, publication.Turn{To: publication.Confirmed, Copies: 60, Note: "na razie tyle"}))
		w.Refused("by the reviewer", to(w.Reviewer, orderID, publication.Turn{To: publication.OrderSent, FromID: office}), errs.ErrForbidden)
		w.OK(to(w.Coordinator, orderID, publication.Turn{To: publication.OrderSent, FromID: office}))
		w.Refused("twice", to(w.Admin, orderID, publication.Turn{To: publication.OrderSent, FromID: office}), errs.ErrConflict)
		p := page(t, w, publicationID)
		if inStock(p, office) != 40 || p.Sums().Sent != 60 || len(p.Orders) != 1 || p.Orders[0].Agreed != 60 {
			t.Errorf("%+v", p)
		}
		// Taken back, the order is to be sent again.
		w.OK(w.Publications.Undo(ctx, w.Coordinator, publicationID, p.Moves[0].ID))
		o := testrig.Must(w.Publications.Order(ctx, w.GuardCoordinator, orderID))(t)
		if o.State != publication.Confirmed || o.Agreed != 60 || inStock(page(t, w, publicationID), office) != 100 || len(o.Places) != 0 {
			t.Errorf("%+v", o)
		}
		w.OK(to(w.Coordinator, orderID, publication.Turn{To: publication.OrderSent, FromID: office}))
		w.OK(to(w.TerespolCoordinator, orderID, publication.Turn{To: publication.Arrived}))
		w.Refused("what arrived", w.Publications.Undo(ctx, w.Coordinator, publicationID, page(t, w, publicationID).Moves[0].ID), errs.ErrConflict)
		o = testrig.Must(w.Publications.Order(ctx, w.Reviewer, orderID))(t)
		if o.State != publication.Arrived || len(o.Acts) != 6 || len(o.May) != 0 {
			t.Errorf("%+v", o)
		}
		// More than there is: nothing happens to the order.
		next := testrig.Must(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Medyka, 50, ""))(t)
		w.OK(to(w.Coordinator, next, publication.Turn{To: publication.Confirmed, Copies: 50}))
		w.Refused("more than there is", to(w.Coordinator, next, publication.Turn{To: publication.OrderSent, FromID: office}), errs.ErrInvalid)
		if o := testrig.Must(w.Publications.Order(ctx, w.Coordinator, next))(t); o.State != publication.Confirmed || !o.Waits(w.Coordinator) || o.Waits(w.GuardCoordinator) {
			t.Errorf("%+v", o)
		}
		w.Refused("cancelled without a reason", to(w.GuardCoordinator, next, publication.Turn{To: publication.Cancelled}), errs.ErrInvalid)
		w.OK(to(w.GuardCoordinator, next, publication.Turn{To: publication.Cancelled, Note: "mamy już dość"}))
		if n := len(testrig.Must(w.Publications.Orders(ctx, w.PoliceCoordinator))(t)); n != 0 {
			t.Errorf("the police sees %d orders", n)
		}
		d := draft(w)
		d.Orderable, d.Seen = false, page(t, w, publicationID).RowEdition
		w.OK(w.Publications.Edit(ctx, w.Coordinator, publicationID, d))
		w.Refused("what cannot be ordered", second(w.Publications.Ask(ctx, w.Coordinator, publicationID, w.Medyka, 1, "")), errs.ErrConflict)
		w.Refused("and is not seen", second(w.Publications.Page(ctx, w.GuardCoordinator, publicationID)), errs.ErrNotFound)
	})
}

// TestTheStockIsTheSumOfItsMovements: whatever is recorded, refused and taken back, in any order, no place is below nothing, what is there is what came less what left, and of no print
// run more arrives than was printed.
func TestTheStockIsTheSumOfItsMovements(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	trainingID := held(t, w)
	publicationID, office, warehouse := printed(t, w)
	branch := testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Oddział", Kind: publication.Branch}))(t)
	open := testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, publication.Run{Day: "2026-10-02", Copies: 60}, ""))(t)
	want := map[string]int{office: 100, warehouse: 0, branch: 0}
	left := 60
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			w.Clock.Advance(time.Millisecond)
			place := rapid.SampledFrom([]string{office, warehouse, branch})
			m := publication.Move{
				Kind: rapid.SampledFrom(publication.Kinds).Draw(rt, "kind"), FromID: place.Draw(rt, "from"), ToID: place.Draw(rt, "to"), Copies: rapid.IntRange(0, 45).Draw(rt, "copies"),
				RunID: rapid.SampledFrom([]string{"", open}).Draw(rt, "run"), UnitID: w.Terespol, TrainingID: trainingID, Reason: "powód", Day: today,
			}
			err := w.Publications.Record(ctx, w.Coordinator, publicationID, m)
			ofRun := m.Kind == publication.Arrival && m.RunID != ""
			allowed := m.Copies > 0 && (m.Kind == publication.Arrival || want[m.FromID] >= m.Copies) && (m.Kind != publication.Moved || m.FromID != m.ToID) && (!ofRun || m.Copies <= left)
			if allowed != (err == nil) {
				rt.Fatalf("%+v with %v and %d of the run left: %v", m, want, left, err)
			}
			if err != nil {
				continue
			}
			after := map[string]int{office: want[office], warehouse: want[warehouse], branch: want[branch]}
			if m.Kind.Takes() {
				after[m.FromID] -= m.Copies
			}
			if m.Kind.Brings() {
				after[m.ToID] += m.Copies
			}
			if rapid.IntRange(0, 3).Draw(rt, "undo") == 0 {
				w.OK(w.Publications.Undo(ctx, w.Coordinator, publicationID, page(t, w, publicationID).Moves[0].ID))
			} else {
				want = after
				if ofRun {
					left -= m.Copies
				}
			}
		}
		p := page(t, w, publicationID)
		s := p.Sums()
		for placeID, n := range want {
			if got := inStock(p, placeID); got != n || got < 0 {
				rt.Fatalf("%d copies, want %d", got, n)
			}
		}
		if s.Stock != s.Arrived-s.Handed-s.Sent-s.WrittenOff {
			rt.Fatalf("%+v", s)
		}
		for _, r := range p.Runs {
			if r.Left() < 0 || r.ID == open && r.Left() != left {
				rt.Fatalf("%+v", r)
			}
		}
	})
}

// TestNoFailureIsSilent: whatever statement fails, what was asked for is an error, and the stock is as before.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	publicationID, office, _ := printed(t, w)
	orderID := testrig.Must(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Terespol, 10, ""))(t)
	w.OK(w.Publications.Bring(ctx, w.Coordinator, orderID, publication.Turn{To: publication.Confirmed, Copies: 10}))
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "list", Do: func() error { return second(w.Publications.List(ctx, w.Coordinator)) }},
		{Name: "page", Do: func() error { return second(w.Publications.Page(ctx, w.Coordinator, publicationID)) }},
		{Name: "choices", Do: func() error { return second(w.Publications.Choices(ctx, w.Coordinator, publicationID)) }},
		{Name: "places", Do: func() error { return second(w.Publications.Places(ctx, w.Coordinator)) }},
		{Name: "order", Do: func() error { return second(w.Publications.Order(ctx, w.Coordinator, orderID)) }},
		{Name: "record", Do: func() error {
			return w.Publications.Record(ctx, w.Coordinator, publicationID, publication.Move{Kind: publication.WrittenOff, FromID: office, Copies: 1, Reason: "x", Day: today})
		}},
		{Name: "send", Do: func() error {
			return w.Publications.Bring(ctx, w.Coordinator, orderID, publication.Turn{To: publication.OrderSent, FromID: office, Day: today})
		}},
		{Name: "close", Do: func() error {
			err := w.Publications.ClosePlace(ctx, w.Coordinator, office, true)
			if errors.Is(err, errs.ErrConflict) { // copies lie there, which the service found out
				return nil
			}
			return err
		}},
	})
	p := page(t, w, publicationID)
	if s := p.Sums(); s.Stock != s.Arrived-s.Handed-s.Sent-s.WrittenOff {
		t.Errorf("%+v", s)
	}
}
