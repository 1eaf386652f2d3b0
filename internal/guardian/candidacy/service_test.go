package candidacy_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

const address = "helena.nowa@example.org"

var linked = regexp.MustCompile(`/app/apply/guardian/link/([A-Za-z0-9_-]{43})\?lang=(pl|en|uk)`)

// newest returns the token of the newest letter to an address.
func newest(t *testing.T, w *testrig.World, to string) string {
	t.Helper()
	for _, l := range slices.Backward(w.Letters()) {
		if found := linked.FindStringSubmatch(l.Body); l.To == to && found != nil {
			return found[1]
		}
	}
	t.Fatal("no letter with a link")
	return ""
}

func ask(t *testing.T, o *testrig.GuardianOffice, to string) (candidateID string) {
	t.Helper()
	o.OK(o.Candidacy.Ask(t.Context(), candidacy.Asked{Address: to, OfficeID: o.Office, Lang: "pl"}, "network"))
	return testrig.Must(o.Candidacy.UseLink(t.Context(), newest(t, o.World, to)))(t)
}

func form(o *testrig.GuardianOffice, edition int64) candidacy.Form {
	return candidacy.Form{
		GivenName: " Helena ", FamilyName: "Nowa", Agreed: true, Edition: edition,
		Application: candidacy.Application{
			Phone: "+48 600 100 200", Motivation: "Chcę pomagać.", Background: "Praca w świetlicy.", Conflicts: "Nie ma.", Availability: "Popołudnia.", Abroad: candidacy.AbroadNo,
			Langs: []string{"uk", "pl", "xx"}, Courts: []string{o.NearCourt, id.New()},
		},
	}
}

// applied makes somebody who has applied.
func applied(t *testing.T, o *testrig.GuardianOffice, to string) (candidateID string) {
	t.Helper()
	candidateID = ask(t, o, to)
	self := candidacy.Self{CandidateID: candidateID}
	o.OK(o.Candidacy.Save(t.Context(), self, form(o, testrig.Must(o.Candidacy.Mine(t.Context(), self))(t).Edition), true))
	return candidateID
}

func marks(o *testrig.GuardianOffice, m int) candidacy.Marks {
	all := candidacy.Marks{}
	for _, c := range o.Candidacy.Rubric.Criteria {
		all[c.ID] = m
	}
	return all
}

func day(o *testrig.GuardianOffice) string {
	return o.Clock.Now().In(o.Candidacy.Zone).Format(time.DateOnly)
}

// ready leads somebody to where nothing is missing.
func ready(t *testing.T, o *testrig.GuardianOffice, candidateID string) {
	t.Helper()
	ctx, s := t.Context(), o.Candidacy
	o.OK(s.TakeIn(ctx, o.Coordinator, candidateID))
	for _, step := range []candidacy.Step{candidacy.StepCourse, candidacy.StepClassDay, candidacy.StepScenario} {
		o.OK(s.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: step, OwnerID: o.Coordinator.PersonID, DueOn: "2026-12-24", DoneOn: day(o)}))
	}
	for _, k := range []candidacy.CheckKind{candidacy.SexualOffenders, candidacy.CriminalRecord} {
		o.OK(s.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: k, Clear: true, SeenOn: day(o)}))
	}
	o.OK(s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID}))
	talk := view(t, o, candidateID).Talk.ID
	o.OK(s.Mark(ctx, o.First, talk, marks(o, 3), "Spokojnie."))
	o.OK(s.Mark(ctx, o.Second, talk, marks(o, 4), ""))
}

func view(t *testing.T, o *testrig.GuardianOffice, candidateID string) candidacy.View {
	t.Helper()
	return testrig.Must(o.Candidacy.Candidate(t.Context(), o.Coordinator, candidateID))(t)
}

func admission(v candidacy.View) candidacy.Decision {
	return candidacy.Decision{Admit: true, Reasons: "Dobra rozmowa, wszystko sprawdzone.", ValidUntil: v.Last, Children: 2, Edition: v.Edition}
}

// From a link to an entry of the register: what was written, checked and decided stands in it, and no letter says a name or a reason.
func TestFromApplicationToTheRegister(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		candidateID := applied(t, o, address)
		ready(t, o, candidateID)
		v := view(t, o, candidateID)
		if len(v.Missing) != 0 || v.Name() != "Helena Nowa" || !slices.Equal(v.Application.Langs, []string{"pl", "uk"}) || !slices.Equal(v.Application.Courts, []string{o.NearCourt}) {
			t.Fatalf("%q, %+v", v.Missing, v.Application)
		}
		for _, s := range v.Steps {
			if (s.DoneOn == "") != (s.Step == candidacy.StepDecision) {
				t.Errorf("%+v", s)
			}
		}
		w.OK(o.Candidacy.Decide(ctx, o.Coordinator, candidateID, admission(v)))
		v = view(t, o, candidateID)
		if v.State != candidacy.Admitted || v.DecidedBy != "Gabriela Rejestrowa" || !v.KeepUntil.After(w.Clock.Now().AddDate(0, 11, 0)) {
			t.Errorf("%+v", v.Candidate)
		}
		entries := testrig.Must(db.All[string](ctx, w.DB, `SELECT id FROM guardian WHERE person_id = ?`, v.PersonID))(t)
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		e := testrig.Must(w.Guardians.Entry(ctx, o.Coordinator, entries[0]))(t)
		if e.State != guardian.Verified || e.Phone != "+48 600 100 200" || e.MostChildren != 2 || !e.ValidUntil.Equal(v.KeepUntil) {
			t.Errorf("%+v", e)
		}
		self := candidacy.Self{CandidateID: testrig.Must(o.Candidacy.UseLink(ctx, newest(t, w, address)))(t)}
		m := testrig.Must(o.Candidacy.Mine(ctx, self))(t)
		if m.ID != candidateID || m.Reasons == "" || len(m.Checks) != 2 {
			t.Errorf("%+v", m)
		}
		if m := testrig.Must(o.Candidacy.Mine(ctx, candidacy.Self{PersonID: v.PersonID}))(t); m.ID != candidateID {
			t.Error("the account does not lead there")
		}
		for _, l := range w.Letters() {
			for _, said := range []string{"Nowa", "Dobra rozmowa", "Helena"} {
				if strings.Contains(l.Body+l.Subject, said) {
					t.Errorf("%s: %q stands in a letter: %s", l.To, said, l.Body)
				}
			}
		}
		w.Refused("decided twice", o.Candidacy.Decide(ctx, o.Coordinator, candidateID, admission(v)), errs.ErrConflict)
		w.Refused("withdrawn afterwards", o.Candidacy.Withdraw(ctx, self), errs.ErrConflict)
	})
}

// Whether an address is known shows nowhere: both get a letter, a known one to what is theirs. A letter is not sent anew at once.
func TestAskingTellsNothing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		first := ask(t, o, address)
		before := len(w.Letters())
		for _, to := range []string{address, "nikt@example.org", " Helena.Nowa@Example.org"} {
			w.OK(o.Candidacy.Ask(ctx, candidacy.Asked{Address: to, OfficeID: o.Office, Lang: "uk"}, "network"))
		}
		if n := len(w.Letters()) - before; n != 2 { // the third is the first one's address, and waits
			t.Errorf("%d letters", n)
		}
		if again := testrig.Must(o.Candidacy.UseLink(ctx, newest(t, w, address)))(t); again != first {
			t.Error("a known address begins anew")
		}
		for _, l := range w.Letters()[before:] {
			if l.Subject != "Ваша заявка" || strings.Contains(l.Body, "⟦") {
				t.Errorf("%s: %s", l.Subject, l.Body)
			}
		}
		err := o.Candidacy.Ask(ctx, candidacy.Asked{Address: "x", OfficeID: o.CourtUnit}, "network")
		w.Refused("nonsense", err, errs.ErrInvalid)
		if got := fields(t, err); !slices.Equal(got, []string{"address", "office"}) {
			t.Errorf("%q", got)
		}
		for i := 0; ; i++ {
			err := o.Candidacy.Ask(ctx, candidacy.Asked{Address: "nikt@example.org", OfficeID: o.Office}, "busy")
			if errors.Is(err, errs.ErrTooMany) {
				break
			}
			if w.OK(err); i > 300 {
				t.Fatal("nobody is slowed")
			}
		}
		w.OK(o.Candidacy.Ask(ctx, candidacy.Asked{Address: "nikt@example.org", OfficeID: o.Office}, "elsewhere"))
	})
}

// A link opens once, whoever comes with it afterwards; of many at once one comes in; its time ends. The token itself is stored nowhere.
func TestALinkOpensOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		w.OK(o.Candidacy.Ask(ctx, candidacy.Asked{Address: address, OfficeID: o.Office, Lang: "pl"}, "network"))
		token := newest(t, w, address)
		for range 3 {
			w.OK(o.Candidacy.Usable(ctx, token))
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM guardian_candidate_link WHERE token_hash = ?`, token))(t); n != 0 {
			t.Error("the token is stored")
		}
		var wait sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			wait.Go(func() { _, results[i] = o.Candidacy.UseLink(ctx, token) })
		}
		wait.Wait()
		in := 0
		for _, err := range results {
			if err == nil {
				in++
			} else {
				w.Refused("used", err, errs.ErrGone)
			}
		}
		if in != 1 {
			t.Errorf("%d came in", in)
		}
		w.Refused("looked at afterwards", o.Candidacy.Usable(ctx, token), errs.ErrGone)
		w.Clock.Advance(10 * time.Minute)
		w.OK(o.Candidacy.Ask(ctx, candidacy.Asked{Address: address, OfficeID: o.Office, Lang: "pl"}, "network"))
		late := newest(t, w, address)
		w.Clock.Advance(24 * time.Hour)
		_, err := o.Candidacy.UseLink(ctx, late)
		w.Refused("a day later", err, errs.ErrGone)
		_, err = o.Candidacy.UseLink(ctx, "x")
		w.Refused("nonsense", err, errs.ErrGone)
	})
}

// A draft may lack anything and is nobody's but its writer's; what is sent is whole and stays as it is.
func TestDraftsAndWhatIsSent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		candidateID := ask(t, o, address)
		self := candidacy.Self{CandidateID: candidateID}
		w.OK(o.Candidacy.Save(ctx, self, candidacy.Form{GivenName: "Helena", Edition: 1}, false))
		w.Refused("an old form", o.Candidacy.Save(ctx, self, candidacy.Form{Edition: 1}, false), errs.ErrConflict)
		_, err := o.Candidacy.Candidate(ctx, o.Coordinator, candidateID)
		w.Refused("the office reads a draft", err, errs.ErrNotFound)
		if rows, total, err := o.Candidacy.Candidates(ctx, o.Coordinator, candidacy.Filter{}); err != nil || total != 0 || len(rows) != 0 {
			t.Errorf("%v, %v", rows, err)
		}
		err = o.Candidacy.Save(ctx, self, candidacy.Form{Edition: 2}, true)
		if got := fields(t, err); !slices.Equal(got, []string{"given_name", "family_name", "phone", "motivation", "background", "conflicts", "availability", "langs", "courts", "abroad", "agreed"}) {
			t.Errorf("%q", got)
		}
		for field, change := range map[string]func(f *candidacy.Form){
			"motivation": func(f *candidacy.Form) { f.Motivation = strings.Repeat("a", 2001) },
			"background": func(f *candidacy.Form) { f.Background = "Proszę dzwonić: 600 700 800" },
			"conflicts":  func(f *candidacy.Form) { f.Conflicts = "Pisać na kto@example.org" },
			"phone":      func(f *candidacy.Form) { f.Phone = "zadzwoń" },
			"given_name": func(f *candidacy.Form) { f.GivenName = "<b>" },
		} {
			f := form(o, 2)
			change(&f)
			err := o.Candidacy.Save(ctx, self, f, false)
			w.Refused(field, err, errs.ErrInvalid)
			if got := fields(t, err); !slices.Equal(got, []string{field}) {
				t.Errorf("%s: %q", field, got)
			}
		}
		before := len(w.Letters())
		w.OK(o.Candidacy.Save(ctx, self, form(o, 2), true))
		if told := w.Letters()[before:]; len(told) != 1 || !strings.Contains(told[0].Body, "/app/guardians/candidates/"+candidateID) {
			t.Errorf("%+v", told)
		}
		w.Refused("changed afterwards", o.Candidacy.Save(ctx, self, form(o, 3), false), errs.ErrConflict)
		for what, nobody := range map[string]candidacy.Self{"nobody": {}, "somebody": {PersonID: w.Learner.PersonID}, "no such": {CandidateID: id.New()}} {
			_, err := o.Candidacy.Mine(ctx, nobody)
			w.Refused(what, err, errs.ErrNotFound)
			w.Refused(what+" saves", o.Candidacy.Save(ctx, nobody, form(o, 3), false), errs.ErrNotFound)
			w.Refused(what+" withdraws", o.Candidacy.Withdraw(ctx, nobody), errs.ErrNotFound)
		}
	})
}

// Nobody but the office that leads a candidate can do or see anything of them; assessors mark theirs alone.
func TestWhoMay(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		w.OK(s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID}))
		talk := view(t, o, candidateID).Talk.ID
		others := w.Everybody()
		for name, a := range map[string]access.Actor{"coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints} {
			others[name] = a
		}
		for name, a := range others {
			_, err := s.Candidate(ctx, a, candidateID)
			_, _, lookErr := s.LookAt(ctx, a, candidateID, id.New(), "check")
			for what, err := range map[string]error{
				"reads": err, "looks": lookErr, "steps": s.SetStep(ctx, a, candidateID, candidacy.StepDraft{Step: candidacy.StepCourse}), "takes in": s.TakeIn(ctx, a, candidateID),
				"checks":    s.NoteCheck(ctx, a, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: day(o)}),
				"adds":      s.AddDocument(ctx, a, candidateID, candidacy.ForeignCertificate, []byte("%PDF-1.4")),
				"erases":    s.EraseDocument(ctx, a, candidateID, id.New()),
				"assigns":   s.Assign(ctx, a, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID}),
				"decides":   s.Decide(ctx, a, candidateID, candidacy.Decision{Reasons: "Bez powodu, ale jest."}),
				"tells two": s.Distinguish(ctx, a, candidateID, id.New()),
			} {
				w.Refused(name+" "+what, err, errs.ErrNotFound)
			}
			rows, total, err := s.Candidates(ctx, a, candidacy.Filter{})
			if name == "coordinator elsewhere" {
				if err != nil || total != 0 || len(rows) != 0 {
					t.Errorf("%s: %v, %v", name, rows, err)
				}
			} else {
				w.Refused(name+" lists", err, errs.ErrNotFound)
				w.Refused(name+" rules", s.SetRule(ctx, a, candidacy.Rule{Kind: candidacy.CriminalRecord, Needed: candidacy.Always, ValidDays: 1}, true), errs.ErrNotFound)
			}
			if name == "assessor" {
				continue
			}
			_, err = s.Talk(ctx, a, talk)
			w.Refused(name+" sees the talk", err, errs.ErrNotFound)
			w.Refused(name+" marks", s.Mark(ctx, a, talk, marks(o, 3), ""), errs.ErrNotFound)
			w.Refused(name+" agrees", s.Agree(ctx, a, talk, nil), errs.ErrNotFound)
		}
		_, err := s.Talk(ctx, o.Coordinator, talk)
		w.Refused("the coordinator marks", err, errs.ErrNotFound)
		third := w.Person("Michał", "Trzeci", w.Office, roleOf(access.Assessor, w.Office))
		_, err = s.Talk(ctx, third, talk)
		w.Refused("an assessor of another talk", err, errs.ErrNotFound)
		for _, nonsense := range []string{"", "x", id.New()} {
			_, err := s.Candidate(ctx, o.Coordinator, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
			_, err = s.Talk(ctx, o.First, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
		}
	})
}

// Marks are hidden until both are in and cannot be changed then; two levels apart ask for a joint word, once, with a reason.
func TestTwoWhoMarkApart(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		for what, who := range map[string][2]string{"one twice": {o.First.PersonID, o.First.PersonID}, "a stranger": {o.First.PersonID, o.Coordinator.PersonID}} {
			w.Refused(what, s.Assign(ctx, o.Coordinator, candidateID, day(o), who), errs.ErrInvalid)
		}
		w.OK(s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID}))
		talk := view(t, o, candidateID).Talk.ID
		w.Refused("a mark too few", s.Mark(ctx, o.First, talk, candidacy.Marks{}, ""), errs.ErrInvalid)
		w.OK(s.Mark(ctx, o.First, talk, marks(o, 1), "Pierwsza notatka."))
		w.OK(s.Mark(ctx, o.First, talk, marks(o, 2), "Druga notatka."))
		if m := testrig.Must(s.Talk(ctx, o.Second, talk))(t); len(m.Sheets) != 2 || len(m.Sheets[0].Marks)+len(m.Sheets[1].Marks) != 0 || m.Sheets[0].Note+m.Sheets[1].Note != "" {
			t.Errorf("the other sees %+v", m.Sheets)
		}
		if v := view(t, o, candidateID); len(v.Talk.Sheets[0].Marks)+len(v.Talk.Sheets[1].Marks) != 0 {
			t.Errorf("the coordinator sees %+v", v.Talk.Sheets)
		}
		third := w.Person("Michał", "Trzeci", w.Office, roleOf(access.Assessor, w.Office))
		w.Refused("who has handed in is replaced", s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{third.PersonID, o.Second.PersonID}), errs.ErrConflict)
		w.Refused("a joint word too early", s.Agree(ctx, o.First, talk, nil), errs.ErrConflict)
		high := marks(o, 3)
		apart := o.Candidacy.Rubric.Criteria[0].ID
		high[apart] = 4
		w.OK(s.Mark(ctx, o.Second, talk, high, ""))
		w.Refused("changed after both", s.Mark(ctx, o.First, talk, marks(o, 4), ""), errs.ErrConflict)
		m := testrig.Must(s.Talk(ctx, o.First, talk))(t)
		if list := m.Apart(s.Rubric); len(list) != 1 || list[0].ID != apart || m.Settled(s.Rubric) {
			t.Fatalf("%+v", list)
		}
		err := s.Agree(ctx, o.First, talk, map[string]candidacy.Joint{apart: {Mark: 0, Word: "tak"}})
		if got := fields(t, err); !slices.Equal(got, []string{"mark-" + apart, "word-" + apart}) {
			t.Errorf("%q", got)
		}
		w.OK(s.Agree(ctx, o.Second, talk, map[string]candidacy.Joint{apart: {Mark: 3, Word: "Po rozmowie: powody są konkretne."}, "else": {Mark: 1, Word: "nic takiego"}}))
		w.Refused("agreed twice", s.Agree(ctx, o.First, talk, map[string]candidacy.Joint{apart: {Mark: 4, Word: "Jednak wyżej niż było."}}), errs.ErrConflict)
		v := view(t, o, candidateID)
		if !v.Talk.Settled(s.Rubric) || v.Talk.Mark(apart) != 3 || len(v.Talk.Joint) != 1 || v.StepOf(candidacy.StepTalk).DoneOn == "" {
			t.Errorf("%+v", v.Talk)
		}
	})
}

// Of two who hand in at once both are in, and neither overwrites the other.
func TestHandedInAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		w.OK(s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID}))
		talk := view(t, o, candidateID).Talk.ID
		var wait sync.WaitGroup
		for i, a := range []access.Actor{o.First, o.Second} {
			wait.Go(func() { w.OK(s.Mark(ctx, a, talk, marks(o, 3+i), "")) })
		}
		wait.Wait()
		if v := view(t, o, candidateID); !v.Talk.Both() || v.Talk.SettledAt.IsZero() {
			t.Errorf("%+v", v.Talk)
		}
	})
}

// An admission is refused while anything is missing, expired or changed since it was seen; a refusal is not, and its copies go at once.
func TestDecisions(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		w.Refused("nothing is there", s.Decide(ctx, o.Coordinator, candidateID, admission(view(t, o, candidateID))), errs.ErrConflict)
		ready(t, o, candidateID)
		w.OK(s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, []byte("%PDF-1.4")))
		v := view(t, o, candidateID)
		for field, change := range map[string]func(d *candidacy.Decision){
			"reasons":   func(d *candidacy.Decision) { d.Reasons = "tak" },
			"until":     func(d *candidacy.Decision) { d.ValidUntil = "2027-12-31" },
			"children":  func(d *candidacy.Decision) { d.Children = 0 },
			"strengths": func(d *candidacy.Decision) { d.Strengths = "PESEL 44051401359" },
		} {
			d := admission(v)
			change(&d)
			if got := fields(t, s.Decide(ctx, o.Coordinator, candidateID, d)); !slices.Equal(got, []string{field}) {
				t.Errorf("%s: %q", field, got)
			}
		}
		old := admission(v)
		old.Edition--
		w.Refused("changed since", s.Decide(ctx, o.Coordinator, candidateID, old), errs.ErrConflict)
		w.Clock.Advance(366 * 24 * time.Hour)
		v = view(t, o, candidateID)
		if !slices.Contains(v.Missing, "expired-criminal-record") {
			t.Errorf("%q", v.Missing)
		}
		w.Refused("expired", s.Decide(ctx, o.Coordinator, candidateID, admission(v)), errs.ErrConflict)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM guardian`))(t); n != 0 {
			t.Errorf("%d entries", n)
		}
		w.OK(s.Decide(ctx, o.Coordinator, candidateID, candidacy.Decision{Reasons: "Sprawdzenia straciły ważność.", Edition: v.Edition}))
		v = view(t, o, candidateID)
		if v.State != candidacy.Declined || len(v.Documents) != 0 || !v.KeepUntil.Equal(w.Clock.Now().Add(180*24*time.Hour)) {
			t.Errorf("%+v", v.Candidate)
		}
		if again := ask(t, o, address); again == candidateID {
			t.Error("who was declined cannot apply anew")
		}
	})
}

// Who withdraws is gone at once but for name and address, and those after a month; nothing of anybody outlives its end.
func TestWhatIsErased(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		ready(t, o, candidateID)
		w.OK(s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, []byte("%PDF-1.4")))
		w.OK(s.Withdraw(ctx, candidacy.Self{CandidateID: candidateID}))
		v := view(t, o, candidateID)
		if v.State != candidacy.Withdrawn || v.Application.Motivation != "" || v.Talk != nil || len(v.Documents)+len(v.History) != 0 || v.StepOf(candidacy.StepCourse).DoneOn != "" {
			t.Errorf("%+v", v)
		}
		there := func(table string) int {
			t.Helper()
			w.OK(w.Keeping.EraseDue(ctx))
			return testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM `+table))(t)
		}
		w.Clock.Advance(30*24*time.Hour - time.Microsecond)
		if there("guardian_candidate") != 1 {
			t.Error("gone too early")
		}
		w.Clock.Advance(time.Microsecond)
		if there("guardian_candidate") != 0 || there("guardian_candidate_link") != 0 {
			t.Error("it is still there")
		}
		draft := ask(t, o, "szkic@example.org")
		other := applied(t, o, "inna@example.org")
		w.OK(s.AddDocument(ctx, o.Coordinator, other, candidacy.ForeignCertificate, []byte("\x89PNG\r\n\x1a\n")))
		w.Clock.Advance(30 * 24 * time.Hour)
		if there("guardian_candidate") != 1 {
			t.Errorf("the draft %s is still there", draft)
		}
		w.Clock.Advance(60 * 24 * time.Hour)
		if there("guardian_document") != 0 {
			t.Error("a copy outlives its rule")
		}
		w.Clock.Advance(2 * 365 * 24 * time.Hour)
		if there("guardian_candidate") != 0 {
			t.Error("the consent has ended, and the application is there")
		}
	})
}

// Rules are unconfirmed until somebody answers for them; a rule without copies takes none; of two who change one the second is told.
func TestRulesOfChecks(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		for _, r := range testrig.Must(s.Rules(ctx, o.Coordinator))(t) {
			if r.Confirmed() {
				t.Errorf("%s is confirmed by nobody", r.Kind)
			}
		}
		pdf := []byte("%PDF-1.4")
		w.Refused("no copy", s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.CriminalRecord, pdf), errs.ErrInvalid)
		r := candidacy.Rule{Kind: candidacy.CriminalRecord, Needed: candidacy.Always, ValidDays: 30, CopyDays: 10}
		w.OK(s.SetRule(ctx, o.Coordinator, r, true))
		w.Refused("an old form", s.SetRule(ctx, o.Coordinator, r, true), errs.ErrConflict)
		w.Refused("no days", s.SetRule(ctx, o.Coordinator, candidacy.Rule{Kind: candidacy.CriminalRecord, Needed: "x", CopyDays: -1, Edition: 1}, true), errs.ErrInvalid)
		w.Refused("no kind", s.SetRule(ctx, o.Coordinator, candidacy.Rule{Kind: "x"}, true), errs.ErrNotFound)
		got := testrig.Must(s.Rules(ctx, o.Coordinator))(t)[1]
		if !got.Confirmed() || got.ConfirmedBy != "Gabriela Rejestrowa" || got.ValidDays != 30 || got.Edition != 1 {
			t.Errorf("%+v", got)
		}
		w.OK(s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.CriminalRecord, pdf))
		check := func(seen, until string) error {
			return s.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: seen, ValidUntil: until})
		}
		w.Refused("seen tomorrow", check("2026-10-24", ""), errs.ErrInvalid)
		w.Refused("too long", check("2026-10-23", "2026-11-23"), errs.ErrInvalid)
		w.Refused("ended before", check("2026-10-23", "2026-10-22"), errs.ErrInvalid)
		w.Refused("no day", check("wczoraj", ""), errs.ErrInvalid)
		w.OK(check("2026-10-23", ""))
		if c := view(t, o, candidateID).Newest[candidacy.CriminalRecord]; c.ValidUntil != "2026-11-22" || c.SeenBy != "Gabriela Rejestrowa" {
			t.Errorf("%+v", c)
		}
		w.OK(s.SetRule(ctx, o.Coordinator, candidacy.Rule{Kind: candidacy.CriminalRecord, Needed: candidacy.Always, ValidDays: 40, Edition: 1}, false))
		if testrig.Must(s.Rules(ctx, o.Coordinator))(t)[1].Confirmed() {
			t.Error("a changed rule is still confirmed")
		}
	})
}

// everything returns all bytes of the database's files and of a backup of it.
func everything(t *testing.T, d *db.DB) []byte {
	t.Helper()
	var all []byte
	if d.Engine() == db.SQLite {
		file := testrig.Must(db.One[string](t.Context(), d, `SELECT file FROM pragma_database_list WHERE name = 'main'`))(t)
		for _, name := range []string{file, file + "-wal"} {
			all = append(all, testrig.Must(os.ReadFile(name))(t)...)
		}
	}
	var zipped bytes.Buffer
	testrig.Must(backup.Write(t.Context(), d, testrig.Start, &zipped, backup.Protection{Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}))(t)
	return append(all, testrig.Must(io.ReadAll(testrig.Must(gzip.NewReader(&zipped))(t)))(t)...)
}

// Neither the database nor a backup shows a document or the key. Each look is recorded and shown to the candidate; without the key the document is an
// error in words, nothing else fails, and no second key is made.
func TestDocumentsCannotBeReadFromABackup(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, applied(t, o, address)
		plain := []byte("%PDF-1.7 nadzwyczaj-tajne-zaświadczenie")
		w.OK(s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, plain))
		key := testrig.Must(os.ReadFile(w.GuardKey()))(t)
		secret := bytes.TrimSpace(key[bytes.Index(key, []byte("AGE-SECRET-KEY-")):])
		all := everything(t, w.DB)
		if bytes.Contains(all, plain[9:]) || bytes.Contains(all, secret) {
			t.Error("the document or its key lies in the database or a backup")
		}
		if !bytes.Contains(all, []byte(address)) || !bytes.Contains(all, []byte("age-encryption.org")) && w.DB.Engine() == db.SQLite {
			t.Error("the control is not found")
		}
		documentID := view(t, o, candidateID).Documents[0].ID
		_, _, err := s.LookAt(ctx, o.Coordinator, candidateID, documentID, "curious")
		w.Refused("no reason", err, errs.ErrInvalid)
		content, media, err := s.LookAt(ctx, o.Coordinator, candidateID, documentID, "decision")
		if w.OK(err); !bytes.Equal(content, plain) || media != vault.PDF {
			t.Errorf("%q, %s", content, media)
		}
		m := testrig.Must(s.Mine(ctx, candidacy.Self{CandidateID: candidateID}))(t)
		if len(m.Looks) != 1 || m.Looks[0].Who != "Gabriela Rejestrowa" || m.Looks[0].Why != "decision" || len(m.Documents) != 1 {
			t.Errorf("%+v", m.Looks)
		}
		w.OK(os.Rename(w.GuardKey(), w.GuardKey()+".away"))
		_, _, err = s.LookAt(ctx, o.Coordinator, candidateID, documentID, "decision")
		w.Refused("without the key", err, errs.ErrConflict)
		w.Refused("another document without the key", s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, plain), errs.ErrConflict)
		if _, err := os.Stat(w.GuardKey()); !errors.Is(err, os.ErrNotExist) {
			t.Error("a second key was made")
		}
		if v := view(t, o, candidateID); len(v.Looks) != 1 || len(v.Documents) != 1 {
			t.Errorf("%+v", v.Looks)
		}
		w.OK(os.Rename(w.GuardKey()+".away", w.GuardKey()))
		w.OK(s.EraseDocument(ctx, o.Coordinator, candidateID, documentID))
		w.Refused("erased twice", s.EraseDocument(ctx, o.Coordinator, candidateID, documentID), errs.ErrNotFound)
		_, _, err = s.LookAt(ctx, o.Coordinator, candidateID, documentID, "check")
		w.Refused("erased", err, errs.ErrNotFound)
		if len(testrig.Must(s.Mine(ctx, candidacy.Self{CandidateID: candidateID}))(t).Looks) != 1 {
			t.Error("who looked went with the document")
		}
		for what, content := range map[string][]byte{"nothing": nil, "a page": []byte("<html>"), "too large": append([]byte("%PDF-"), make([]byte, vault.Most)...)} {
			if got := fields(t, s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, content)); !slices.Equal(got, []string{"file"}) {
				t.Errorf("%s: %q", what, got)
			}
		}
	})
}

// An account that has the proved address is tied, and none is made twice.
func TestAnAccountThatIsThere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who := w.Person("Helena", "Nowa", w.Office)
		candidateID := applied(t, o, address)
		w.OK(o.Candidacy.TakeIn(ctx, o.Coordinator, candidateID))
		if v := view(t, o, candidateID); v.PersonID != who.PersonID {
			t.Errorf("%q, not %q", v.PersonID, who.PersonID)
		}
		w.Refused("again", o.Candidacy.TakeIn(ctx, o.Coordinator, candidateID), errs.ErrConflict)
	})
}

// Each act is whole or not there, whichever of its statements fails.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s := o.Candidacy
		candidateID, other, leaving := applied(t, o, address), applied(t, o, "inna@example.org"), applied(t, o, "znika@example.org")
		draft := ask(t, o, "szkic@example.org")
		var talk string
		steps := []dbtest.Step{
			{Name: "asking", Do: func() error {
				return s.Ask(ctx, candidacy.Asked{Address: "nowa@example.org", OfficeID: o.Office, Lang: "pl"}, "n")
			}},
			{Name: "saving", Do: func() error { return s.Save(ctx, candidacy.Self{CandidateID: draft}, form(o, 1), true) }},
			{Name: "own", Do: func() error { _, err := s.Mine(ctx, candidacy.Self{CandidateID: candidateID}); return err }},
			{Name: "list", Do: func() error { _, _, err := s.Candidates(ctx, o.Coordinator, candidacy.Filter{}); return err }},
			{Name: "taking in", Do: func() error { return s.TakeIn(ctx, o.Coordinator, candidateID) }},
			{Name: "step", Do: func() error {
				return s.SetStep(ctx, o.Coordinator, candidateID, candidacy.StepDraft{Step: candidacy.StepCourse, DoneOn: day(o)})
			}},
			{Name: "check", Do: func() error {
				return s.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.CriminalRecord, Clear: true, SeenOn: day(o)})
			}},
			{Name: "rule", Do: func() error {
				return s.SetRule(ctx, o.Coordinator, candidacy.Rule{Kind: candidacy.CriminalRecord, Needed: candidacy.Always, ValidDays: 3}, true)
			}},
			{Name: "document", Do: func() error {
				return s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, []byte("%PDF-1.4"))
			}},
			{Name: "assigning", Do: func() error {
				return s.Assign(ctx, o.Coordinator, candidateID, day(o), [2]string{o.First.PersonID, o.Second.PersonID})
			}},
			{Name: "reading", Do: func() error {
				v, err := s.Candidate(ctx, o.Coordinator, candidateID)
				if err == nil {
					talk = v.Talk.ID
				}
				return err
			}},
			{Name: "marking", Do: func() error { return s.Mark(ctx, o.First, talk, marks(o, 1), "") }},
			{Name: "marking second", Do: func() error { return s.Mark(ctx, o.Second, talk, marks(o, 4), "") }},
			{Name: "talk", Do: func() error { _, err := s.Talk(ctx, o.First, talk); return err }},
			{Name: "agreeing", Do: func() error {
				said := map[string]candidacy.Joint{}
				for _, c := range s.Rubric.Criteria {
					said[c.ID] = candidacy.Joint{Mark: 3, Word: "Po rozmowie tak właśnie."}
				}
				return s.Agree(ctx, o.First, talk, said)
			}},
			{Name: "distinct", Do: func() error { return s.Distinguish(ctx, o.Coordinator, candidateID, other) }},
			{Name: "withdrawing", Do: func() error { return s.Withdraw(ctx, candidacy.Self{CandidateID: leaving}) }},
		}
		dbtest.EachFails(t, w.DB, steps)
		w.OK(s.Distinguish(ctx, o.Coordinator, other, draft))
		ready(t, o, other)
		v := view(t, o, other)
		doc := view(t, o, candidateID).Documents[0].ID
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "looking", Do: func() error { _, _, err := s.LookAt(ctx, o.Coordinator, candidateID, doc, "check"); return err }},
			{Name: "erasing", Do: func() error { return s.EraseDocument(ctx, o.Coordinator, candidateID, doc) }},
			{Name: "deciding", Do: func() error { return s.Decide(ctx, o.Coordinator, other, admission(v)) }},
		})
	})
}
