package candidacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/testrig"
)

// Of whatever is known, each step that waits has one ground: the strongest, on its newest day, and never one that is still to come.
func TestWhatAStepCanRestOn(t *testing.T) {
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var facts []candidacy.Fact
		for range rapid.IntRange(0, 8).Draw(t, "facts") {
			f := candidacy.Fact{Ground: rapid.SampledFrom(candidacy.Grounds).Draw(t, "ground")}
			if rapid.Bool().Draw(t, "dated") {
				f.At = noon.AddDate(0, 0, rapid.IntRange(-5, 5).Draw(t, "day"))
			}
			facts = append(facts, f)
		}
		over := rapid.SampledFrom(candidacy.Steps).Draw(t, "done")
		known := candidacy.Settle(facts, func(s candidacy.Step) bool { return s == over }, today, time.UTC)
		seen := map[candidacy.Step]bool{}
		for _, k := range known {
			if seen[k.Step] || k.Step == over || k.Step != k.Ground.Step() || !k.Step.Ticked() || k.On > today {
				t.Fatalf("%+v of %+v", k, facts)
			}
			seen[k.Step] = true
			for _, f := range facts {
				on := f.At.Format(time.DateOnly)
				if f.At.IsZero() || on > today || f.Ground.Step() != k.Step {
					continue
				}
				if slices.Index(candidacy.Grounds, f.Ground) < slices.Index(candidacy.Grounds, k.Ground) || f.Ground == k.Ground && on > k.On {
					t.Fatalf("%+v is passed over for %+v", f, k)
				}
			}
		}
		for _, f := range facts {
			if step := f.Ground.Step(); !f.At.IsZero() && f.At.Format(time.DateOnly) <= today && step != over && !seen[step] {
				t.Fatalf("%+v is not offered", f)
			}
		}
	})
	if candidacy.Ground("x").Step() != "" {
		t.Error("an unknown ground bears a step")
	}
}

// preparing is a candidate with an account, and the course for guardians to take.
func preparing(t *testing.T, o *testrig.GuardianOffice) (who access.Actor, candidateID string) {
	t.Helper()
	files := testrig.CourseFolder{ID: "guardian", Langs: []string{"pl", "en"}}.Files()
	if _, _, err := o.Courses.Publish(t.Context(), access.System, files); err != nil {
		t.Fatal(err)
	}
	who = o.Person("Helena", "Nowa", o.Office)
	candidateID = applied(t, o, address)
	o.OK(o.Candidacy.TakeIn(t.Context(), o.Coordinator, candidateID))
	if v := view(t, o, candidateID); v.PersonID != who.PersonID || len(v.Known) != 0 {
		t.Fatalf("%+v", v.Known)
	}
	return who, candidateID
}

// classDay holds a training of the course for which people have seats; nobody has closed its list.
func classDay(o *testrig.GuardianOffice, people ...access.Actor) *testrig.Class {
	at := o.Clock.Now().Add(time.Hour)
	c := o.Class(o.Admin, o.Office, classroom.ContentDraft{Title: "Dzień zajęć", ProgrammeID: "guardian", Theory: "2"}, "Warszawa", testrig.Hours{From: at, Until: at.Add(2 * time.Hour)})
	c.Seat(people...)
	o.Until(at.Add(3 * time.Hour))
	return c
}

// What the candidate's account has reached is offered, set by nobody but the office, and the record of acts says on what each step rests.
func TestStepsThatTheProgramKnowsOf(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, candidateID := preparing(t, o)
		w.OK(o.Candidacy.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: candidacy.StepCourse, OwnerID: o.Coordinator.PersonID, DueOn: "2026-12-24"}))
		w.Pass(w.Learner, "guardian")
		class := classDay(o, w.Learner, who)
		class.Present(0, w.Learner, 120)
		if known := view(t, o, candidateID).Known; len(known) != 0 {
			t.Fatalf("somebody else's: %+v", known)
		}
		passed := w.Pass(who, "guardian")
		class.Present(0, who, 120)
		want := []candidacy.Known{
			{Step: candidacy.StepCourse, Ground: candidacy.OnCertificate, On: day(o)}, {Step: candidacy.StepScenario, Ground: candidacy.OnStory, On: day(o)},
		}
		if known := view(t, o, candidateID).Known; !slices.Equal(known, want) {
			t.Fatalf("before the list is closed: %+v", known)
		}
		class.Close(0)
		present := candidacy.Known{Step: candidacy.StepClassDay, Ground: candidacy.OnPresence, On: day(o)}
		want = slices.Insert(want, 1, present)
		if known := view(t, o, candidateID).Known; !slices.Equal(known, want) {
			t.Fatalf("%+v", known)
		}
		if n := testrig.Must(w.Dossier.Award(ctx, w.Admin, class.ID, []string{who.PersonID}))(t); n != 1 {
			t.Fatalf("%d certificates", n)
		}
		w.Refused("what the page showed is known otherwise now", o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, present), errs.ErrConflict)
		want[1].Ground = candidacy.OnAttendance
		v := view(t, o, candidateID)
		if !slices.Equal(v.Known, want) {
			t.Fatalf("%+v", v.Known)
		}
		if _, ok := v.KnownOf(candidacy.StepTalk); ok {
			t.Error("a talk is known")
		}
		for _, s := range v.Steps {
			if s.Step.Ticked() && s.DoneOn != "" {
				t.Errorf("%s was set by itself", s.Step)
			}
		}
		for _, k := range want {
			if got, ok := v.KnownOf(k.Step); !ok || got != k {
				t.Errorf("%+v, %+v", k, got)
			}
			w.OK(o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, k))
			w.Refused("confirmed twice", o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, k), errs.ErrConflict)
			if s := view(t, o, candidateID).StepOf(k.Step); s.DoneOn != k.On || s.DoneBy != "Gabriela Rejestrowa" {
				t.Errorf("%+v", s)
			}
		}
		v = view(t, o, candidateID)
		if s := v.StepOf(candidacy.StepCourse); len(v.Known) != 0 || s.OwnerID != o.Coordinator.PersonID || s.DueOn != "2026-12-24" {
			t.Errorf("%+v, %+v", v.Known, s)
		}
		acts := strings.Join(testrig.Must(db.All[string](ctx, w.DB, `SELECT detail FROM audit WHERE action = 'candidacy.step' AND object = ? AND actor_id = ?`,
			"candidate:"+candidateID, o.Coordinator.PersonID))(t), "\n")
		for _, k := range want {
			if !strings.Contains(acts, `"rests_on":"`+string(k.Ground)+`"`) {
				t.Errorf("no %q in %s", k.Ground, acts)
			}
		}
		// The office takes its word back; by then nobody can rely on the certificate.
		w.OK(o.Candidacy.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: candidacy.StepCourse}))
		if k, ok := view(t, o, candidateID).KnownOf(candidacy.StepCourse); !ok || k != want[0] {
			t.Errorf("%+v", k)
		}
		w.OK(w.Certs.Revoke(ctx, w.Admin, passed.ID, "Wydane przez pomyłkę.", true))
		if c := testrig.Must(w.Certs.Certificate(ctx, who, passed.ID))(t); c.Status(w.Clock.Now()) != certificate.Revoked {
			t.Fatalf("%+v", c)
		}
		if known := view(t, o, candidateID).Known; len(known) != 0 {
			t.Errorf("a revoked certificate: %+v", known)
		}
		w.Refused("revoked meanwhile", o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, want[0]), errs.ErrConflict)
	})
}

// A training that only asks for the course beforehand counts too; one of another course and somebody else's presence do not. An edition of
// the course without certificates is passed all the same.
func TestOtherWaysToPrepare(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), w.GuardianOffice()
	who, candidateID := preparing(t, o)
	files := testrig.CourseFolder{ID: "guardian", Label: "2", Langs: []string{"pl", "en"}}.Files()
	var kept []string
	for line := range strings.Lines(string(files["course.yaml"].Data)) {
		if !strings.HasPrefix(line, "certificate:") {
			kept = append(kept, line)
		}
	}
	files["course.yaml"].Data = []byte(strings.Join(kept, ""))
	if _, _, err := w.Courses.Publish(ctx, access.System, files); err != nil {
		t.Fatal(err)
	}
	e := w.Enrol(who, "guardian")
	w.FinishParts(who, e.ID)
	if known := view(t, o, candidateID).Known; len(known) != 1 || known[0].Ground != candidacy.OnStory {
		t.Errorf("before the test: %+v", known)
	}
	w.PassTest(who, e.ID)
	if k, ok := view(t, o, candidateID).KnownOf(candidacy.StepCourse); !ok || k.Ground != candidacy.OnPass {
		t.Errorf("%+v", k)
	}
	at := w.Clock.Now().Add(time.Hour)
	held := func(content classroom.ContentDraft) *testrig.Class {
		content.Title = "Zajęcia"
		return w.Class(w.Admin, w.Office, content, "Warszawa", testrig.Hours{From: at, Until: at.Add(time.Hour)})
	}
	other, before := held(classroom.ContentDraft{ProgrammeID: testrig.SmallCourse}), held(classroom.ContentDraft{CourseID: "guardian"})
	other.Seat(who)
	before.Seat(who, w.Learner)
	w.Until(at.Add(2 * time.Hour))
	other.Present(0, who, 60)
	other.Close(0)
	before.Present(0, w.Learner, 60)
	before.Close(0)
	if k, ok := view(t, o, candidateID).KnownOf(candidacy.StepClassDay); ok {
		t.Errorf("another course, another person: %+v", k)
	}
	before.Present(0, who, 60)
	if k, ok := view(t, o, candidateID).KnownOf(candidacy.StepClassDay); !ok || k.Ground != candidacy.OnPresence {
		t.Errorf("%+v", k)
	}
}

// Nobody but the office confirms, nothing that is not known, and nothing once the path is over.
func TestWhoConfirms(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, candidateID := preparing(t, o)
		w.Pass(who, "guardian")
		known := view(t, o, candidateID).Known[0]
		others := w.Everybody()
		for name, a := range map[string]access.Actor{"themself": who, "coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints} {
			others[name] = a
		}
		for name, a := range others {
			w.Refused(name, o.Candidacy.Confirm(ctx, a, candidateID, known), errs.ErrNotFound)
		}
		for what, k := range map[string]candidacy.Known{
			"another day":   {Step: known.Step, Ground: known.Ground, On: "2026-01-02"},
			"another step":  {Step: candidacy.StepClassDay, Ground: known.Ground, On: known.On},
			"a decision":    {Step: candidacy.StepDecision, On: known.On},
			"nothing known": {},
		} {
			w.Refused(what, o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, k), errs.ErrConflict)
		}
		without := applied(t, o, "inna@example.org") // nobody looks for a namesake's account
		if v := view(t, o, without); len(v.Known) != 0 {
			t.Errorf("%+v", v.Known)
		}
		w.Refused("without an account", o.Candidacy.Confirm(ctx, o.Coordinator, without, known), errs.ErrConflict)
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "reading", Do: func() error { _, err := o.Candidacy.Candidate(ctx, o.Coordinator, candidateID); return err }},
			{Name: "confirming", Do: func() error { return o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, known) }},
		})
		w.OK(o.Candidacy.Withdraw(ctx, candidacy.Self{CandidateID: candidateID}))
		if v := view(t, o, candidateID); len(v.Known) != 0 {
			t.Errorf("after withdrawing: %+v", v.Known)
		}
		w.Refused("after withdrawing", o.Candidacy.Confirm(ctx, o.Coordinator, candidateID, known), errs.ErrConflict)
	})
}
