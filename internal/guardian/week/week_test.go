package week_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/support"
	"ostoja/internal/guardian/week"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

// office has a second coordinator, and somebody in the register who can be asked.
type office struct {
	*testrig.GuardianOffice
	second  access.Actor
	entryID string
}

func open(t *testing.T, w *testrig.World) *office {
	t.Helper()
	o := &office{GuardianOffice: w.GuardianOffice()}
	o.second = w.Person("Danuta", "Zastępcza", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator, UnitID: w.Office})
	_, o.entryID = o.Guardian("Helena", "Kuratorska")
	w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, o.entryID))
	return o
}

func (o *office) others() map[string]access.Actor {
	all := o.Everybody()
	maps.Copy(all, map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints})
	return all
}

func (o *office) day(days int) string {
	return o.Clock.Now().In(o.Measurement.Zone()).AddDate(0, 0, days).Format(time.DateOnly)
}

func (o *office) kinds(t *testing.T, actor access.Actor) (list []week.Kind) {
	t.Helper()
	for _, x := range testrig.Must(o.GuardianWeek.Tasks(t.Context(), actor))(t) {
		list = append(list, x.Kind)
	}
	return list
}

// readers are who was written to since a number of letters, of those that lead to a path.
func (o *office) readers(before int, path string) (to []string) {
	for _, l := range o.Letters()[before:] {
		if strings.Contains(l.Body, path) {
			to = append(to, strings.Split(l.To, ".")[0])
		}
	}
	slices.Sort(to)
	return to
}

// Each room's part stands in the week of the office that it concerns, by deadline, and goes once it was seen to.
func TestWhatWaits(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		w.OK(w.Guardians.CloseCourt(ctx, o.Coordinator, o.DistantCourt, 1, true))
		if got := o.kinds(t, o.Coordinator); !slices.Equal(got, []week.Kind{week.NobodyOnDuty, week.NobodyOnDuty}) {
			t.Fatalf("at first: %v", got)
		}
		if got := o.kinds(t, o.Elsewhere); len(got) != 0 {
			t.Errorf("another office: %v", got)
		}
		terms := request.Institution{UnitID: w.Guard, Kind: request.Requester, Phone: "22 555 00 00", SignedOn: "2026-01-01", TermsUntil: o.day(100)}
		w.OK(w.Requests.PutInstitution(ctx, o.Coordinator, terms))
		draft := request.Draft{Purpose: "protection", Reference: "V Nmo 12/26", CourtID: o.NearCourt, Lang: "uk", FromDay: o.day(0)}
		testrig.Must(w.Requests.Ask(ctx, o.Requester, draft))(t)
		today := w.Appointments.Today()
		a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, appointment.Draft{GuardianID: o.entryID, Kind: "kurator", Scope: []string{"protection"}, DecidedOn: today, StartedOn: today}))(t)
		w.OK(w.Appointments.ReportMissing(ctx, o.Coordinator, a.ID))
		w.OK(w.Complaints.File(ctx, complaint.Draft{Statement: complaint.Statement{Text: "Tekst skargi."}, Lang: "pl"}))
		filed := testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)
		w.OK(w.Complaints.Decide(ctx, o.Complaints, filed[0].ID, complaint.Decision{Kind: complaint.Pause, Name: "Helena Kuratorska"}))
		all := o.kinds(t, o.Coordinator)
		for _, k := range []week.Kind{week.MissingChild, week.Asking, week.ToPause, week.NobodyOnDuty} {
			if !slices.Contains(all, k) {
				t.Errorf("%s is not there: %v", k, all)
			}
		}
		w.Clock.Advance(61 * time.Minute)
		w.OK(w.Requests.Drive(ctx))
		if got := o.kinds(t, o.Coordinator); !slices.Contains(got, week.AtOffice) || slices.Contains(got, week.Asking) {
			t.Errorf("after the hour: %v", got)
		}
		w.OK(w.Appointments.Found(ctx, o.Coordinator, a.ID))
		w.Clock.Advance(appointment.ContactWithin * 24 * time.Hour)
		if got := o.kinds(t, o.Coordinator); slices.Contains(got, week.NoContact) || slices.Contains(got, week.MissingChild) {
			t.Errorf("a day too early: %v", got)
		}
		w.Clock.Advance(24 * time.Hour)
		if got := o.kinds(t, o.Coordinator); !slices.Contains(got, week.NoContact) {
			t.Errorf("no contact is told: %v", got)
		}
		if slices.Contains(o.kinds(t, o.Coordinator), week.EntryEnds) {
			t.Error("an entry that ends in eleven months")
		}
		w.Clock.Advance(310 * 24 * time.Hour)
		tasks := testrig.Must(w.GuardianWeek.Tasks(ctx, o.Coordinator))(t)
		if !slices.ContainsFunc(tasks, func(x week.Task) bool {
			return x.Kind == week.EntryEnds && x.ID == o.entryID && !x.Late(w.Clock.Now(), w.Measurement.Zone())
		}) {
			t.Errorf("%+v", tasks)
		}
		if !slices.IsSortedFunc(tasks, func(a, b week.Task) int { return a.Due.Compare(b.Due) }) {
			t.Errorf("not by deadline: %+v", tasks)
		}
		for name, actor := range o.others() {
			_, err := w.GuardianWeek.Tasks(ctx, actor)
			w.Refused(name, err, errs.ErrNotFound)
		}
	})
}

// tasks are those of a kind that wait for the office.
func (o *office) tasks(t *testing.T, kind week.Kind) []week.Task {
	t.Helper()
	return slices.DeleteFunc(testrig.Must(o.GuardianWeek.Tasks(t.Context(), o.Coordinator))(t), func(x week.Task) bool { return x.Kind != kind })
}

// A step of a candidate stands there from seven days before its day, a check that ends from thirty, a talk that one of two has marked at once; each
// goes once it was seen to, and all go with the candidacy.
func TestWhatWaitsOfCandidates(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		c, candidateID := w.Candidacy, o.Candidate("Halina", "Nowa")
		step := func(due, done string) {
			t.Helper()
			w.OK(c.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: candidacy.StepCourse, DueOn: due, DoneOn: done}))
		}
		only := func(kind week.Kind, want int) (x week.Task) {
			t.Helper()
			list := o.tasks(t, kind)
			if len(list) != want {
				t.Errorf("%s: %+v, want %d", kind, list, want)
			}
			for _, x = range list {
				if x.ID != candidateID || x.Name != "Halina Nowa" {
					t.Errorf("%+v", x)
				}
			}
			return x
		}
		step(o.day(8), "")
		only(week.StepDue, 0)
		step(o.day(7), "")
		if x := only(week.StepDue, 1); x.Step != candidacy.StepCourse || x.On != o.day(7) || x.Late(w.Clock.Now(), w.Measurement.Zone()) {
			t.Errorf("%+v", x)
		}
		w.Clock.Advance(8 * 24 * time.Hour)
		if x := only(week.StepDue, 1); !x.Late(w.Clock.Now(), w.Measurement.Zone()) {
			t.Errorf("the day after: %+v", x)
		}
		step(o.day(-1), o.day(0))
		only(week.StepDue, 0)

		w.OK(c.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: o.day(0), ValidUntil: o.day(31)}))
		only(week.CheckEnds, 0)
		w.Clock.Advance(24 * time.Hour)
		if x := only(week.CheckEnds, 1); x.Check != candidacy.CriminalRecord || x.On != o.day(30) {
			t.Errorf("%+v", x)
		}
		w.OK(c.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: o.day(0), ValidUntil: o.day(200)}))
		only(week.CheckEnds, 0)

		w.OK(c.Assign(ctx, o.Coordinator, candidateID, o.day(0), [2]string{o.First.PersonID, o.Second.PersonID}))
		only(week.SecondMarks, 0)
		talk := testrig.Must(c.Candidate(ctx, o.Coordinator, candidateID))(t).Talk.ID
		all := candidacy.Marks{}
		for _, x := range c.Rubric.Criteria {
			all[x.ID] = 3
		}
		w.OK(c.Mark(ctx, o.First, talk, all, ""))
		if x := only(week.SecondMarks, 1); x.On != o.day(0) {
			t.Errorf("%+v", x)
		}
		w.OK(c.Mark(ctx, o.Second, talk, all, ""))
		only(week.SecondMarks, 0)
		step(o.day(0), "")
		only(week.StepDue, 1)
		if got := o.kinds(t, o.Elsewhere); slices.Contains(got, week.StepDue) {
			t.Errorf("another office: %v", got)
		}
		w.OK(c.Withdraw(ctx, candidacy.Self{CandidateID: candidateID}))
		only(week.StepDue, 0)
	})
}

// A call for help that nobody has taken waits for the office until somebody takes it, and again once they gave it back; an expert on call waits from
// six months after the last check. The letter counts both and names nobody.
func TestWhatWaitsOfSupport(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		s := w.Support
		who, entryID := o.Guardian("Irena", "Kuratorska")
		w.OK(w.Guardians.Enlist(ctx, o.Coordinator, entryID))
		w.OK(s.Call(ctx, who, s.Topics[0].ID, support.Today, support.ByPhone))
		list := o.tasks(t, week.HelpWanted)
		if len(list) != 1 || list[0].Name != "Irena Kuratorska" || !list[0].Timed || !list[0].Due.Equal(w.Clock.Now().Add(2*time.Hour)) {
			t.Fatalf("%+v", list)
		}
		if got := o.kinds(t, o.Elsewhere); slices.Contains(got, week.HelpWanted) {
			t.Errorf("another office: %v", got)
		}
		w.Clock.Advance(2*time.Hour + time.Second)
		if x := o.tasks(t, week.HelpWanted)[0]; !x.Late(w.Clock.Now(), w.Measurement.Zone()) {
			t.Errorf("%+v", x)
		}
		w.OK(s.Take(ctx, o.second, list[0].ID))
		if list := o.tasks(t, week.HelpWanted); len(list) != 0 {
			t.Errorf("somebody has taken it: %+v", list)
		}
		w.OK(s.GiveBack(ctx, o.second, list[0].ID))
		if len(o.tasks(t, week.HelpWanted)) != 1 {
			t.Error("given back, it waits for nobody")
		}

		expertID := testrig.Must(s.AddExpert(ctx, o.Coordinator, support.ExpertDraft{
			Name: "Dyżur prawny", Topics: []string{s.Topics[0].ID}, Phone: "+48 22 123 45 67", Hours: text.Translated{"pl": "pn, 10–14", "en": "Mon, 10–14"}, CheckedOn: s.Today(),
		}))(t)
		due := w.Clock.Now().In(w.Measurement.Zone()).AddDate(0, 6, 0)
		w.Until(due.AddDate(0, 0, -1))
		if list := o.tasks(t, week.ExpertOld); len(list) != 0 {
			t.Errorf("a day too early: %+v", list)
		}
		w.Until(due)
		if list := o.tasks(t, week.ExpertOld); len(list) != 1 || list[0].ID != expertID || list[0].Due.Format(time.DateOnly) != due.Format(time.DateOnly) {
			t.Fatalf("%+v", list)
		}
		w.Until(guardian.WeekOf(w.Clock.Now(), w.Measurement.Zone()).Add(1).Begins(w.Measurement.Zone()).Add(8 * time.Hour))
		w.OK(w.GuardianWeek.SendLetters(ctx))
		l := w.LastLetter()
		for _, line := range []string{"prośby o pomoc, których nikt nie wziął: 1", "osoby dyżurne do sprawdzenia: 1"} {
			if !strings.Contains(l.Body, line) {
				t.Errorf("the letter lacks %q: %s", line, l.Body)
			}
		}
		if strings.Contains(l.Body, "Irena") || strings.Contains(l.Body, "prawny") {
			t.Errorf("the letter names somebody: %s", l.Body)
		}
		w.OK(s.CheckExpert(ctx, o.Coordinator, expertID, 1))
		if list := o.tasks(t, week.ExpertOld); len(list) != 0 {
			t.Errorf("checked: %+v", list)
		}
		w.OK(s.Withdraw(ctx, who, list[0].ID))
		if list := o.tasks(t, week.HelpWanted); len(list) != 0 {
			t.Errorf("withdrawn: %+v", list)
		}
	})
}

// While somebody is away their cover reads the area's letters; afterwards, and once it was ended early, they read them again.
func TestWhoCovers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		w.OK(w.Guardians.CloseCourt(ctx, o.Coordinator, o.DistantCourt, 1, true))
		enter := func(by access.Actor, d week.CoverDraft) (bool, error) { return w.GuardianWeek.Enter(ctx, by, d) }
		draft := week.CoverDraft{PersonID: o.Coordinator.PersonID, CoverID: o.second.PersonID, FromDay: o.day(0), UntilDay: o.day(3)}
		for name, change := range map[string]func(*week.CoverDraft){
			"person elsewhere": func(d *week.CoverDraft) { d.PersonID = o.Elsewhere.PersonID }, "cover elsewhere": func(d *week.CoverDraft) { d.CoverID = o.Elsewhere.PersonID },
			"covers for themself": func(d *week.CoverDraft) { d.CoverID = d.PersonID }, "no cover chosen": func(d *week.CoverDraft) { d.CoverID = "" },
			"no day": func(d *week.CoverDraft) { d.FromDay = "jutro" }, "order": func(d *week.CoverDraft) { d.FromDay = o.day(4) }, "past": func(d *week.CoverDraft) { d.FromDay, d.UntilDay = o.day(-4), o.day(-1) },
		} {
			bad := draft
			change(&bad)
			_, err := enter(o.Coordinator, bad)
			w.Refused(name, err, errs.ErrInvalid)
		}
		for name, actor := range o.others() {
			_, err := enter(actor, draft)
			w.Refused(name, err, errs.ErrNotFound)
		}
		before := len(w.Letters())
		if alone, err := enter(o.Coordinator, draft); alone || err != nil {
			t.Fatal(alone, err)
		}
		if to := o.readers(before, "/app/guardians/week"); !slices.Equal(to, []string{"danuta"}) {
			t.Errorf("told of the cover: %v", to)
		}
		_, err := enter(o.second, draft)
		w.Refused("the same days", err, errs.ErrConflict)

		before = len(w.Letters())
		w.OK(w.Duty.TellGaps(ctx))
		if to := o.readers(before, "/app/guardians/roster"); !slices.Equal(to, []string{"danuta"}) {
			t.Errorf("gaps told to %v", to)
		}
		covers := testrig.Must(w.GuardianWeek.Covers(ctx, o.second))(t)
		if len(covers) != 1 || covers[0].Alone || covers[0].Name != "Gabriela Rejestrowa" || covers[0].CoverName != "Danuta Zastępcza" {
			t.Fatalf("%+v", covers)
		}
		if got := o.kinds(t, o.second); !slices.Contains(got, week.CoverEnds) || slices.Contains(got, week.Uncovered) {
			t.Errorf("%v", got)
		}
		if list := testrig.Must(w.GuardianWeek.Covers(ctx, o.Elsewhere))(t); len(list) != 0 {
			t.Errorf("another office sees %+v", list)
		}
		for name, actor := range o.others() {
			w.Refused(name, w.GuardianWeek.End(ctx, actor, covers[0].ID), errs.ErrNotFound)
		}
		w.Refused("another office", w.GuardianWeek.End(ctx, o.Elsewhere, covers[0].ID), errs.ErrNotFound)
		w.Clock.Advance(24 * time.Hour)
		w.OK(w.GuardianWeek.End(ctx, o.second, covers[0].ID))
		w.Refused("ended twice", w.GuardianWeek.End(ctx, o.second, covers[0].ID), errs.ErrConflict)
		before = len(w.Letters())
		w.OK(w.Complaints.File(ctx, complaint.Draft{Statement: complaint.Statement{Text: "Tekst skargi."}, Lang: "pl"}))
		w.OK(w.Complaints.Decide(ctx, o.Complaints, testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0].ID, complaint.Decision{Kind: complaint.Pause, Name: "Helena Kuratorska"}))
		if to := o.readers(before, "/app/guardians/notices"); !slices.Equal(to, []string{"danuta", "gabriela"}) {
			t.Errorf("afterwards told: %v", to)
		}
		w.Clock.Advance(400 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if _, err := enter(o.Coordinator, week.CoverDraft{PersonID: o.Coordinator.PersonID, CoverID: week.Nobody, FromDay: o.day(1), UntilDay: o.day(1)}); err != nil {
			t.Error(err)
		}
	})
}

// Where nobody covers and nobody else is there, that is told, and letters still have a reader.
func TestNobodyIsThere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		everywhere := w.Person("Wanda", "Wszędzie", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator})
		w.OK(w.Guardians.CloseCourt(ctx, o.Coordinator, o.DistantCourt, 1, true))
		away := func(who access.Actor) bool {
			return testrig.Must(w.GuardianWeek.Enter(ctx, who, week.CoverDraft{PersonID: who.PersonID, CoverID: week.Nobody, FromDay: o.day(0), UntilDay: o.day(2)}))(t)
		}
		if away(o.second) {
			t.Error("the other is still there")
		}
		if away(everywhere) {
			t.Error("the first is still there")
		}
		if !away(o.Coordinator) {
			t.Error("nobody is there any more")
		}
		if got := o.kinds(t, o.Coordinator); !slices.Contains(got, week.Uncovered) {
			t.Errorf("%v", got)
		}
		before := len(w.Letters())
		w.OK(w.Duty.TellGaps(ctx))
		if to := o.readers(before, "/app/guardians/roster"); !slices.Equal(to, []string{"danuta", "gabriela"}) {
			t.Errorf("gaps told to %v", to)
		}
		for _, c := range testrig.Must(w.GuardianWeek.Covers(ctx, everywhere))(t) {
			if c.PersonID == everywhere.PersonID {
				w.OK(w.GuardianWeek.End(ctx, everywhere, c.ID)) // it began today: as if it had never been
			}
		}
		w.Clock.Advance(time.Minute)
		before = len(w.Letters())
		w.OK(w.Complaints.File(ctx, complaint.Draft{Statement: complaint.Statement{Text: "Tekst skargi."}, Lang: "pl"}))
		w.OK(w.Complaints.Decide(ctx, o.Complaints, testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0].ID, complaint.Decision{Kind: complaint.Pause, Name: "Helena Kuratorska"}))
		if to := o.readers(before, "/app/guardians/notices"); !slices.Equal(to, []string{"danuta", "gabriela", "wanda"}) {
			t.Errorf("told: %v", to)
		}
	})
}

func TestWhenTheLetterLeaves(t *testing.T) {
	monday := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for hours := range 7 * 24 {
		if got, want := week.Leaves(monday.Add(time.Duration(hours)*time.Hour), time.UTC), hours >= 7 && hours < 48; got != want {
			t.Errorf("hour %d of the week: %v", hours, got)
		}
	}
}

// The letter leaves once a week and person, though two programs send, names nobody, and does not go to who switched it off, is covered, or has nothing.
func TestTheLetterOfTheWeek(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		w.OK(w.Guardians.CloseCourt(ctx, o.Coordinator, o.DistantCourt, 1, true))
		node := w.Node()
		sent := func() []string {
			t.Helper()
			before := len(w.Letters())
			var both sync.WaitGroup
			failed := make([]error, 2)
			both.Go(func() { failed[0] = w.GuardianWeek.SendLetters(ctx) })
			both.Go(func() { failed[1] = node.GuardianWeek.SendLetters(ctx) })
			both.Wait()
			w.OK(errors.Join(failed...))
			for _, l := range w.Letters()[before:] {
				for _, name := range []string{"Kuratorska", "Rejestrowa", "Brzez"} {
					if strings.Contains(l.Body+l.Subject, name) {
						t.Errorf("a letter names %s: %s", name, l.Body)
					}
				}
			}
			return o.readers(before, "/app/guardians/week")
		}
		monday := guardian.WeekOf(w.Clock.Now(), w.Measurement.Zone()).Add(1).Begins(w.Measurement.Zone())
		w.Until(monday.Add(7*time.Hour - time.Minute))
		if to := sent(); len(to) != 0 {
			t.Errorf("before seven: %v", to)
		}
		w.Clock.Advance(time.Minute)
		if to := sent(); !slices.Equal(to, []string{"danuta", "gabriela"}) { // nothing waits elsewhere
			t.Errorf("at seven: %v", to)
		}
		if l := w.LastLetter(); !strings.Contains(l.Body, ": 2") {
			t.Errorf("%s", l.Body)
		}
		if to := sent(); len(to) != 0 {
			t.Errorf("again: %v", to)
		}
		w.OK(w.GuardianWeek.SetLetter(ctx, o.second, false))
		if wants := testrig.Must(w.GuardianWeek.WantsLetter(ctx, o.second))(t); wants {
			t.Error("it is still wanted")
		}
		w.Until(monday.AddDate(0, 0, 7).Add(8 * time.Hour))
		if to := sent(); !slices.Equal(to, []string{"gabriela"}) {
			t.Errorf("a week later: %v", to)
		}
		w.OK(w.GuardianWeek.SetLetter(ctx, o.second, true))
		testrig.Must(w.GuardianWeek.Enter(ctx, o.Coordinator, week.CoverDraft{PersonID: o.Coordinator.PersonID, CoverID: o.second.PersonID, FromDay: o.day(1), UntilDay: o.day(20)}))(t)
		w.Until(monday.AddDate(0, 0, 14).Add(8 * time.Hour))
		if to := sent(); !slices.Equal(to, []string{"danuta"}) {
			t.Errorf("while one is covered: %v", to)
		}
		for name, actor := range o.others() {
			w.Refused(name, w.GuardianWeek.SetLetter(ctx, actor, false), errs.ErrNotFound)
		}
	})
}

// What the week does is whole or nothing.
func TestChangesAreWhole(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), open(t, w)
		w.Until(guardian.WeekOf(w.Clock.Now(), w.Measurement.Zone()).Add(1).Begins(w.Measurement.Zone()).Add(8 * time.Hour))
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "letters", Do: func() error { return w.GuardianWeek.SendLetters(ctx) }, Parts: true},
			{Name: "switch off", Do: func() error { return w.GuardianWeek.SetLetter(ctx, o.Coordinator, false) }},
			{Name: "enter", Do: func() error {
				_, err := w.GuardianWeek.Enter(ctx, o.second, week.CoverDraft{PersonID: o.Coordinator.PersonID, CoverID: o.second.PersonID, FromDay: o.day(0), UntilDay: o.day(3)})
				return err
			}},
			{Name: "end", Do: func() error {
				list, err := w.GuardianWeek.Covers(ctx, o.second)
				if err != nil {
					return err
				}
				return w.GuardianWeek.End(ctx, o.second, list[0].ID)
			}},
		})
	})
}
