package retain_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/report/spot"
	"ostoja/internal/testrig"
)

const (
	byPayment = "amif-2021"
	byEnd     = "norway-2021" // without a rule as it comes: the test gives it one
)

// programme is a project with a training at which people were, and which tells of all of them in one block.
type programme struct {
	*testrig.World
	id, training string
	people       []access.Actor
}

// rule says for how long a fund wants things kept.
func rule(t *testing.T, w *testrig.World, fundID string, r fund.Retention) {
	t.Helper()
	set := testrig.Must(w.Funds.Get(t.Context(), w.Admin, fundID))(t)
	r.Source = fund.OfficeSource
	w.OK(w.Funds.Edit(t.Context(), w.Admin, fundID, set.Edition, fund.SetRetention{Retention: r}))
}

func begin(t *testing.T, w *testrig.World, name, fundID string, people ...access.Actor) *programme {
	t.Helper()
	ctx := t.Context()
	p := &programme{World: w, people: people}
	p.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: name, UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2027-06-30"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-12-31"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2027-06-30"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: fundID, Share: 7500}}))
	p.class(t)
	return p
}

// class holds a training of the project for all of its people.
func (p *programme) class(t *testing.T) {
	t.Helper()
	at := p.Clock.Now().Add(time.Hour)
	c := p.Class(p.Coordinator, p.Office, classroom.ContentDraft{Title: "Szkolenie"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(3 * time.Hour)})
	p.training = c.ID
	p.OK(p.Projects.AddPart(t.Context(), p.Coordinator, p.id, project.Part{Kind: project.Training, SubjectID: c.ID, Share: 100}))
	c.Seat(p.people...)
	p.Clock.Advance(5 * time.Hour)
	for _, a := range p.people {
		c.Present(0, a, 180)
	}
	c.Close(0)
	p.OK(p.Reports.Tell(t.Context()))
}

// crowd are people of one office.
func crowd(w *testrig.World, n int) (people []access.Actor) {
	for i := range n {
		people = append(people, w.Person("Kanaryna", fmt.Sprintf("Liczona%c", 'a'+i), w.Office))
	}
	return people
}

// night does what the program does each hour.
func night(ctx context.Context, w *testrig.World) error {
	for _, do := range []func(context.Context) error{w.Reports.Tell, w.Retain.Follow, w.Keeping.EraseDue, w.OwnData.EraseHeld} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// figures are all that the project's tables say, of each period and the whole.
func (p *programme) figures(t *testing.T) string {
	t.Helper()
	var said []string
	for _, period := range []int{1, 2} {
		table := testrig.Must(p.Reports.Table(t.Context(), p.Coordinator, p.id, period))(t)
		for _, s := range table.Sheets {
			for _, r := range s.Rows {
				said = append(said, fmt.Sprint(r.Indicator.ID, r.Period, r.Cumulative))
			}
			b, _ := json.Marshal([]any{s.People, s.Whole, s.Active, s.Splits, s.Wholes})
			said = append(said, string(b))
		}
		_, coverage, err := p.Reports.Coverages(t.Context(), p.Coordinator, p.id, period)
		p.OK(err)
		for _, c := range coverage {
			said = append(said, fmt.Sprint(c.People, c.Complete, c.With))
		}
	}
	return strings.Join(said, "\n")
}

// traces counts the rows that tie a person to what they took part in.
func traces(ctx context.Context, w *testrig.World, personID string) (n int) {
	for _, table := range []string{"report_counted", "report_notice", "report_age", "spot_check_person", "project_staff", "attendance", "attendance_mark", "booking", "training_notice"} {
		found, err := db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM `+table+` WHERE person_id = ?`, personID)
		w.OK(err)
		n += found
	}
	return n
}

// TestEvidenceEndsOnItsDay: as long as the day is not known nothing goes; then all is there to the last day and nothing after it; figures stay what they were, and nobody can be found in them.
func TestEvidenceEndsOnItsDay(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5})
		p := begin(t, w, "Projekt", byPayment, crowd(w, 6)...)
		who := p.people[0]
		check := testrig.Must(w.Spot.Draw(ctx, w.Coordinator, p.id, spot.Draft{FundID: byPayment, People: 2}))(t)
		w.OK(w.Spot.Reveal(ctx, w.Coordinator, p.id, check, 1, "kontrola"))
		before := p.figures(t)
		if !strings.Contains(before, `"N":6`) {
			t.Fatalf("the figures tell of no six people: %s", before)
		}
		w.Clock.Advance(20 * 365 * 24 * time.Hour)
		w.OK(night(ctx, w))
		if n := traces(ctx, w, who.PersonID); n < 4 {
			t.Fatalf("%d traces of somebody whose end nobody knows", n)
		}
		if list := testrig.Must(w.Retain.Unknown(ctx, w.Coordinator))(t); len(list) != 1 || list[0].ProjectID != p.id || list[0].Missing != "day" {
			t.Errorf("to be entered: %+v", list)
		}
		w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byPayment, w.Clock.Now().Format(time.DateOnly)))
		if list := testrig.Must(w.Retain.Unknown(ctx, w.Coordinator))(t); len(list) != 0 {
			t.Errorf("still to be entered: %+v", list)
		}
		w.OK(night(ctx, w))
		end := time.Date(w.Clock.Now().Year()+6, time.January, 1, 0, 0, 0, 0, w.Projects.Zone)
		entries := testrig.Must(w.Keeping.Mine(ctx, who))(t)
		if len(entries) != 1 || !entries[0].Until.Equal(end) {
			t.Fatalf("the person reads %+v, not %v", entries, end)
		}
		w.Until(end.Add(-time.Second))
		w.OK(night(ctx, w))
		if n := traces(ctx, w, who.PersonID); n < 4 {
			t.Errorf("%d traces a second before the end", n)
		}
		w.Until(end.Add(time.Hour))
		w.OK(night(ctx, w))
		for _, a := range p.people {
			if n := traces(ctx, w, a.PersonID); n != 0 {
				t.Errorf("%d traces after the end", n)
			}
		}
		if after := p.figures(t); after != before {
			t.Errorf("figures changed:\n%s\n%s", before, after)
		}
		w.Clock.Advance(48 * time.Hour)
		w.OK(night(ctx, w))
		if after := p.figures(t); after != before {
			t.Errorf("figures changed two days later:\n%s\n%s", before, after)
		}
		for _, table := range []string{"spot_check", "spot_check_act", "spot_check_person"} {
			if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM `+table))(t); n != 0 {
				t.Errorf("%d rows of %s", n, table)
			}
		}
		for _, table := range []string{"report_counted", "report_past"} {
			for _, a := range p.people {
				dump := testrig.Must(db.All[string](ctx, w.DB, `SELECT `+map[string]string{"report_counted": "person_id", "report_past": "key"}[table]+` FROM `+table))(t)
				if slices.Contains(dump, a.PersonID) || len(dump) != 6 {
					t.Errorf("%s: %q", table, dump)
				}
			}
		}
		people, n, _, err := w.Reports.People(ctx, w.Coordinator, p.id, report.Filter{FundID: byPayment})
		if err != nil || n != 0 || len(people) != 0 {
			t.Errorf("%d people by name, %v", n, err)
		}
		type entry struct{ Object, Detail string }
		list := testrig.Must(db.All[entry](ctx, w.DB, `SELECT object, detail FROM audit WHERE action = 'keeping.erase' AND object IN ('kept:report-evidence', 'kept:spot-check') ORDER BY object`))(t)
		if want := []entry{{"kept:report-evidence", `{"number":6}`}, {"kept:spot-check", `{"number":1}`}}; !slices.Equal(list, want) {
			t.Errorf("recorded: %v", list)
		}
	})
}

// TestTheLatestProjectHolds: who is counted in two projects is held until the later end, in both; an end that is not known holds as well; joined accounts go together.
func TestTheLatestProjectHolds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 1})
		rule(t, w, byEnd, fund.Retention{Anchor: fund.ProjectEnd, Years: 10})
		people := crowd(w, 3)
		first := begin(t, w, "Pierwszy", byPayment, people...)
		begin(t, w, "Drugi", byEnd, people[1])
		w.OK(w.Projects.DecidePair(ctx, w.Coordinator, people[1].PersonID, people[2].PersonID, true))
		w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, first.id, byPayment, "2026-10-01"))
		w.Until(time.Date(2028, time.January, 2, 0, 0, 0, 0, time.UTC))
		w.OK(night(ctx, w))
		if n := traces(ctx, w, people[0].PersonID); n != 0 {
			t.Errorf("%d traces of who was in the first alone", n)
		}
		for _, a := range people[1:] {
			if traces(ctx, w, a.PersonID) == 0 {
				t.Error("the later project holds nobody")
			}
		}
		terms := []string{}
		w.OK(w.DB.View(ctx, func(tx *db.Tx) error {
			list, err := w.Retain.Of(ctx, tx, people[2].PersonID)
			for _, x := range list {
				terms = append(terms, x.Project+" "+x.Until)
			}
			return err
		}))
		if want := []string{"Drugi 2037-07-01", "Pierwszy 2028-01-01"}; !slices.Equal(terms, want) {
			t.Errorf("held by %q", terms)
		}
		before := first.figures(t)
		w.Until(time.Date(2037, time.July, 1, 1, 0, 0, 0, time.UTC))
		w.OK(night(ctx, w))
		for _, a := range people {
			if n := traces(ctx, w, a.PersonID); n != 0 {
				t.Errorf("%d traces after both ends", n)
			}
		}
		if after := first.figures(t); after != before {
			t.Errorf("figures changed:\n%s\n%s", before, after)
		}
	})
}

// TestAnErasureWaitsForTheFund: the person and the office read what holds the data; on the day the rest of what is known goes too, and the count is recorded without a name.
func TestAnErasureWaitsForTheFund(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 1})
		p := begin(t, w, "Projekt zatrzymujący", byPayment, crowd(w, 2)...)
		who := p.people[0]
		free := w.Person("Kanaryna", "Wolna", w.Office)
		for _, a := range []access.Actor{who, free} {
			w.OK(w.OwnData.Ask(ctx, a, owndata.Erase, ""))
		}
		office := w.Browse(w.Coordinator)
		for _, r := range testrig.Must(w.OwnData.Requests(ctx, w.Coordinator))(t) {
			page := office.Get("/app/data-requests/" + r.ID + "/erase")
			if holds := strings.Contains(page.Text("main"), "Projekt zatrzymujący") && strings.Contains(page.Text("main"), "dopóki nie znamy dnia"); holds != (r.PersonID == who.PersonID) {
				t.Errorf("%d: %s", page.Status, page.Text("main"))
			}
			if a := office.Post("/app/data-requests/"+r.ID+"/erase", nil); a.Status != http.StatusSeeOther {
				t.Errorf("%d: %s", a.Status, a.Text("main"))
			}
			if _, err := w.OwnData.Erase(ctx, w.Coordinator, r.ID); err == nil {
				t.Error("asked twice")
			}
		}
		known := func(a access.Actor) string {
			return testrig.Must(db.One[string](ctx, w.DB, `SELECT state || ' ' || given_name || ' ' || family_name || ' ' || COALESCE(mail, '') FROM person WHERE id = ?`, a.PersonID))(t)
		}
		if got := known(free); got != "erased —  " {
			t.Errorf("who was free is %q", got)
		}
		mine := w.Browse(who).Get("/app/account/data").Text("main")
		for _, want := range []string{"wstrzymane", "Projekt zatrzymujący", "dopóki nie znamy dnia"} {
			if !strings.Contains(mine, want) {
				t.Errorf("the person does not read %q", want)
			}
		}
		w.Clock.Advance(3 * 365 * 24 * time.Hour)
		w.OK(night(ctx, w))
		if got := known(who); !strings.Contains(got, "Kanaryna") {
			t.Fatalf("erased by guess: %q", got)
		}
		day := w.Clock.Now()
		w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byPayment, day.Format(time.DateOnly)))
		w.Until(time.Date(day.Year()+2, time.January, 1, 1, 0, 0, 0, w.Projects.Zone))
		w.OK(night(ctx, w))
		if got := known(who); got != "erased —  " {
			t.Errorf("after the end: %q", got)
		}
		if got := known(p.people[1]); !strings.Contains(got, "Kanaryna") {
			t.Errorf("somebody who did not ask: %q", got)
		}
		if got := testrig.Must(db.All[string](ctx, w.DB, `SELECT detail FROM audit WHERE action = 'owndata.erase'`))(t); !slices.Equal(got, []string{`{"number":1}`}) {
			t.Errorf("recorded: %q", got)
		}
	})
}

// TestTheRegisterHoldsLonger: whom the register of guardians holds when no fund does any more stays, and the work of the hour goes on.
func TestTheRegisterHoldsLonger(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 1})
		p := begin(t, w, "Projekt zatrzymujący", byPayment, crowd(w, 2)...)
		who, office := p.people[0], w.GuardianOffice()
		w.OK(w.OwnData.Ask(ctx, who, owndata.Erase, ""))
		if held := testrig.Must(w.OwnData.Erase(ctx, w.Coordinator, testrig.Must(w.OwnData.Requests(ctx, w.Coordinator))(t)[0].ID))(t); !held {
			t.Fatal("no fund holds them")
		}
		day := w.Clock.Now()
		w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byPayment, day.Format(time.DateOnly)))
		w.Until(time.Date(day.Year()+2, time.January, 1, 1, 0, 0, 0, w.Projects.Zone))
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := w.Guardians.Admit(ctx, tx, guardian.Admission{
				PersonID: who.PersonID, UnitID: w.Office, ValidUntil: w.Clock.Now().AddDate(1, 0, 0), Phone: "+48 600 100 200", MostChildren: 2, Langs: []string{"pl"}, Courts: []string{office.NearCourt}, By: office.Coordinator.PersonID,
			})
			return err
		}))
		w.OK(night(ctx, w))
		if got := testrig.Must(db.One[string](ctx, w.DB, `SELECT p.given_name || ' ' || r.outcome FROM person p JOIN kept_request r ON r.person_id = p.id WHERE p.id = ?`, who.PersonID))(t); got != "Kanaryna held" {
			t.Errorf("%q", got)
		}
	})
}

// TestWhoKeeps: who reads a project reads its terms; who keeps it enters days; others find nothing, and a day that cannot be is refused.
func TestWhoKeeps(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 5})
		p := begin(t, w, "Projekt", byPayment, w.Learner)
		path := "/app/projects/" + p.id + "/keeping"
		for name, a := range w.Everybody() {
			reads, writes := name == "administrator" || name == "coordinator" || name == "reviewer", name == "administrator" || name == "coordinator"
			if _, err := w.Retain.Project(ctx, a, p.id); (err == nil) != reads {
				t.Errorf("%s: %v", name, err)
			}
			if page := w.Browse(a).Get(path); (page.Status == http.StatusOK) != reads {
				t.Errorf("%s: %d", name, page.Status)
			}
			if err := w.Projects.SetAnchor(ctx, a, p.id, byPayment, "2026-10-01"); (err == nil) != writes {
				t.Errorf("%s enters a day: %v", name, err)
			}
		}
		for day, fault := range map[string]string{"2025-12-31": "day", "2099-01-01": "day", "gestern": "day"} {
			err := w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byPayment, day)
			w.Refused(day+" "+fault, err, errs.ErrInvalid)
		}
		w.Refused("a fund of another project", w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byEnd, "2026-10-01"), errs.ErrNotFound)
		b := w.Browse(w.Coordinator)
		if page := b.Get(path); !strings.Contains(page.Text("main"), "do 31 grudnia 2031") {
			t.Errorf("until when: %s", page.Text("main"))
		}
		if page := b.Get("/app/projects/keeping"); page.Status != http.StatusOK || !strings.Contains(page.Text("main"), "Nic nie czeka") {
			t.Errorf("%d: %s", page.Status, page.Text("main"))
		}
	})
}

// TestNoGuessAndNoDayLonger: whatever days are entered, taken back, and however time passes, what a fund holds is there, and nothing is a day after its end.
func TestNoGuessAndNoDayLonger(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 1})
	rule(t, w, byEnd, fund.Retention{Anchor: fund.ProjectEnd, Years: 2})
	for round := range 10 { // each is a history by itself, in one world whose clock goes on
		history := rapid.Custom(drawn).Example(round)
		people := []access.Actor{w.Person("Ala", "Runda"+string(rune('a'+round)), w.Office), w.Person("Ola", "Runda"+string(rune('a'+round)), w.Office)}
		today := w.Projects.Today()
		last := w.Clock.Now().AddDate(0, history.Months, 0).Format(time.DateOnly)
		var projects []string
		for i, fundID := range []string{byPayment, byEnd} {
			id := testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: fmt.Sprint("Projekt ", round, " ", i), UnitID: w.Office, FirstDay: today, LastDay: last}))(t)
			w.OK(w.Projects.SetShares(ctx, w.Coordinator, id, []project.Share{{FundID: fundID, Share: 5000}}))
			projects = append(projects, id)
		}
		// The first is in the first project; the second in both, or in the second alone.
		in := [][]int{{0}, history.In}
		c := map[int]*testrig.Class{}
		at := w.Clock.Now().Add(time.Minute)
		for i, id := range projects {
			c[i] = w.Class(w.Coordinator, w.Office, classroom.ContentDraft{Title: "S"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(time.Hour)})
			w.OK(w.Projects.AddPart(ctx, w.Coordinator, id, project.Part{Kind: project.Training, SubjectID: c[i].ID, Share: 100}))
		}
		for n, a := range people {
			for _, i := range in[n] {
				c[i].Seat(a)
			}
		}
		w.Clock.Advance(2 * time.Hour)
		for n, a := range people {
			for _, i := range in[n] {
				c[i].Present(0, a, 60)
			}
		}
		var ends [2]time.Time // zero: not known
		lastDay, _ := time.ParseInLocation(time.DateOnly, last, w.Projects.Zone)
		ends[1] = lastDay.AddDate(2, 0, 1)
		gone := [2]bool{}
		for _, days := range history.Steps {
			switch days {
			case entered:
				day := w.Projects.Today()
				w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, projects[0], byPayment, day))
				ends[0] = time.Date(w.Clock.Now().In(w.Projects.Zone).Year()+2, time.January, 1, 0, 0, 0, 0, w.Projects.Zone)
			case takenBack:
				w.OK(w.Projects.SetAnchor(ctx, w.Coordinator, projects[0], byPayment, ""))
				ends[0] = time.Time{}
			default:
				w.Clock.Advance(time.Duration(days) * 24 * time.Hour)
			}
			w.OK(night(ctx, w))
			now := w.Clock.Now()
			for n, a := range people {
				var until time.Time
				known := true
				for _, i := range in[n] {
					known = known && !ends[i].IsZero()
					if ends[i].After(until) {
						until = ends[i]
					}
				}
				over := known && !now.Before(until)
				held := traces(ctx, w, a.PersonID) > 0
				if gone[n] = gone[n] || over; held == gone[n] {
					t.Fatalf("round %d, person %d in %v: held %v, known %v, until %v, now %v", round, n, in[n], held, known, until, now)
				}
			}
		}
	}
}

// history is what happens in a round: how long the project by its end lasts, in which of the two projects the second person is, and then days that pass, or that the day is entered or taken back.
type history struct {
	Months int
	In     []int
	Steps  []int
}

const (
	entered   = 0
	takenBack = -1
)

func drawn(t *rapid.T) history {
	return history{
		Months: rapid.IntRange(0, 12).Draw(t, "months"), In: rapid.SampledFrom([][]int{{0, 1}, {1}}).Draw(t, "in"),
		Steps: rapid.SliceOfN(rapid.OneOf(rapid.Just(entered), rapid.SampledFrom([]int{entered, takenBack}), rapid.IntRange(1, 500), rapid.IntRange(1, 500)), 4, 8).Draw(t, "steps"),
	}
}

// TestNoFailureIsSilent: whatever statement fails, it is told.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	rule(t, w, byPayment, fund.Retention{Anchor: fund.LastPaymentYearEnd, Years: 1})
	p := begin(t, w, "Projekt", byPayment, crowd(w, 1)...) // of two a failure is tried again, one by one
	w.OK(w.OwnData.Ask(ctx, p.people[0], owndata.Erase, ""))
	request := testrig.Must(w.OwnData.Own(ctx, p.people[0]))(t)[0].ID
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "anchor", Do: func() error { return w.Projects.SetAnchor(ctx, w.Coordinator, p.id, byPayment, "2026-10-01") }},
		{Name: "project", Do: func() error { _, err := w.Retain.Project(ctx, w.Coordinator, p.id); return err }},
		{Name: "unknown", Do: func() error { _, err := w.Retain.Unknown(ctx, w.Coordinator); return err }},
		{Name: "hold", Do: func() error { _, err := w.OwnData.Erase(ctx, w.Coordinator, request); return err }},
		{Name: "follow", Do: func() error { return w.Retain.Follow(ctx) }},
	})
	w.Until(time.Date(2028, time.January, 1, 1, 0, 0, 0, time.UTC))
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "erase", Parts: true, Do: func() error { return w.Keeping.EraseDue(ctx) }},
		{Name: "erase who waited", Parts: true, Do: func() error { return w.OwnData.EraseHeld(ctx) }},
	})
	if n := traces(ctx, w, p.people[0].PersonID); n != 0 {
		t.Errorf("%d traces", n)
	}
}
