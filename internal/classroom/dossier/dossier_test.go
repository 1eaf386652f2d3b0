package dossier_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/classroom/papers"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/paper/papertest"
	"ostoja/internal/testrig"
)

// hall is a training of the guard with two half-days, and two people with a seat.
type hall struct{ *testrig.Class }

var (
	begin = testrig.Start.Add(24 * time.Hour)
	noon  = begin.Add(3 * time.Hour)
	end   = noon.Add(4 * time.Hour)
)

func newHall(w *testrig.World) *hall {
	h := &hall{w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie w Terespolu", Objectives: "Rozpoznaje.\n\nPomaga.\n", Theory: "4", Exercise: "2", HourMinutes: "45"},
		"Dom Kultury", testrig.Hours{From: begin, Until: noon}, testrig.Hours{From: noon, Until: end})}
	w.OK(w.Classroom.SaveFund(w.T.Context(), w.GuardCoordinator, h.ID, h.Edition(),
		classroom.FundDraft{Project: "FAMI 7", Statement: "Dofinansowano ze środków funduszu.", Notice: "Dane zbiera biuro.", NoticeVersion: "3"}))
	h.Seat(w.Learner, w.OtherLearner)
	h.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer})
	return h
}

func (h *hall) exec(text string, args ...any) {
	h.T.Helper()
	ctx := h.T.Context()
	h.OK(h.DB.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, text, args...) }))
}

// over has the training held: the learner was there all the time, the other for 60 minutes of 420.
func (h *hall) over() {
	h.Present(0, h.Learner, 180)
	h.Present(1, h.Learner, 240)
	h.Present(0, h.OtherLearner, 60)
	h.Until(end)
	h.Close(0, 1)
}

func (h *hall) day(a access.Actor, day string) (papers.Day, error) {
	return h.Dossier.Day(h.T.Context(), a, h.ID, day, "pl", time.UTC)
}

// What the papers are made of is what is on record, of the day that is asked for.
func TestADayIsWhatIsOnRecord(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		h := newHall(w)
		d := testrig.Must(h.day(w.GuardCoordinator, ""))(t)
		if x := d.Training; x.Title != "Szkolenie w Terespolu" || x.Project != "FAMI 7" || x.Organiser != "Straż" && x.Organiser == "" || x.Statement == "" || x.NoticeVersion != "3" || !slices.Equal(x.Objectives, []string{"Rozpoznaje.", "Pomaga."}) || x.HourMinutes != 45 {
			t.Errorf("%+v", x)
		}
		if len(d.Sessions) != 2 || len(d.People) != 2 || d.People[0].Name != "Łukasz Święty" && d.People[1].Name != "Łukasz Święty" {
			t.Fatalf("%d sessions, %+v", len(d.Sessions), d.People)
		}
		s := d.Sessions[0]
		if !s.Starts.Equal(begin) || !s.Ends.Equal(noon) || !slices.Equal(s.Trainers, []string{"Tomasz Trener"}) || s.Unanswered != 2 || s.Counted || s.SheetKept || s.Closed || s.Sheet == d.Sessions[1].Sheet {
			t.Errorf("%+v", s)
		}
		again := testrig.Must(h.day(w.GuardCoordinator, begin.Format(time.DateOnly)))(t)
		if len(again.Sessions) != 2 || again.People[0].Code != d.People[0].Code || again.People[0].Code == again.People[1].Code {
			t.Errorf("codes change or are alike: %+v", again.People)
		}
		if none := testrig.Must(h.day(w.GuardCoordinator, "2020-01-01"))(t); len(none.Sessions) != 0 {
			t.Errorf("%d sessions on another day", len(none.Sessions))
		}
		h.Present(0, w.Learner, 180)
		heads := 1
		w.OK(w.Attendance.Count(t.Context(), w.GuardTrainer, h.Sessions[0], "", &heads, nil))
		h.Close(0)
		h.Team(map[classroom.Part]access.Actor{classroom.Lead: w.GuardTrainer, classroom.Co: w.PoliceTrainer})
		h.TaughtBy(0, w.PoliceTrainer)
		h.TaughtBy(1, w.GuardTrainer)
		h.exec(`UPDATE booking SET delegated_at = ? WHERE person_id = ?`, begin, w.Learner.PersonID)
		d = testrig.Must(h.day(w.GuardCoordinator, ""))(t)
		if s := d.Sessions[0]; s.Unanswered != 1 || !s.Counted || !s.Closed || !slices.Equal(s.Trainers, []string{"Teresa Trenerka"}) {
			t.Errorf("after the session: %+v", s)
		}
		if s := d.Sessions[1]; s.Closed || !slices.Equal(s.Trainers, []string{"Tomasz Trener"}) {
			t.Errorf("the other session: %+v", s)
		}
		for _, p := range d.People {
			if p.Delegated != (p.Name == "Zofia Źródło") {
				t.Errorf("%+v", p)
			}
		}
		w.OK(w.Classroom.CancelSession(t.Context(), w.GuardCoordinator, h.ID, h.Sessions[1], h.Edition(), "brak sali"))
		if d := testrig.Must(h.day(w.GuardCoordinator, ""))(t); len(d.Sessions) != 1 {
			t.Error("a cancelled session is printed")
		}
	})
}

// Papers leave for who keeps the roll or arranges the training, and for nobody else.
func TestWhoGetsThePapers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		h := newHall(w)
		for name, a := range w.Everybody() {
			_, err := h.day(a, "")
			may := slices.Contains([]string{"administrator", "coordinator", "coordinator of the guard", "trainer of the guard"}, name)
			if may != (err == nil) {
				t.Errorf("%s: %v", name, err)
			}
			_, err = h.Dossier.Awards(t.Context(), a, h.ID)
			_, noted := h.Dossier.Notes(t.Context(), a, h.ID)
			_, entered := h.Dossier.EnterSigned(t.Context(), a, h.ID, nil)
			if may = may && name != "trainer of the guard"; may != (err == nil) || may != (noted == nil) || may != (entered == nil) {
				t.Errorf("%s: certificates %v, notice %v, %v", name, err, noted, entered)
			}
		}
	})
}

func TestWhatEachMayPrint(t *testing.T) {
	if got := dossier.Printable(map[access.Permission]bool{access.TrainingsRead: true, access.SignUps: true}); got != nil {
		t.Errorf("who only reads prints %v", got)
	}
	if got := dossier.Printable(map[access.Permission]bool{access.Attendance: true}); slices.Contains(got, papers.Invitation) || slices.Contains(got, papers.Certificates) || slices.Contains(got, papers.Evaluation) || !slices.Contains(got, papers.Sheets) {
		t.Errorf("who keeps the roll prints %v", got)
	}
	if got := dossier.Printable(map[access.Permission]bool{access.Attendance: true, access.TrainingsWrite: true}); !slices.Equal(got, papers.All()) {
		t.Errorf("who arranges it prints %v", got)
	}
}

// Who has a seat or hopes for one takes note of the notice as it stands today; on paper, who keeps the training enters it.
func TestWhoTookNoteOfTheNotice(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		w.Refused("another version", h.Dossier.TakeNote(ctx, w.Learner, h.ID, "2"), errs.ErrConflict)
		w.Refused("who has no seat", h.Dossier.TakeNote(ctx, w.PoliceLearner, h.ID, "3"), errs.ErrNotFound)
		w.OK(h.Dossier.TakeNote(ctx, w.Learner, h.ID, "3"))
		first := w.Clock.Now()
		w.Clock.Advance(time.Hour)
		w.OK(h.Dossier.TakeNote(ctx, w.Learner, h.ID, "3"))
		n, err := h.Dossier.EnterSigned(ctx, w.GuardCoordinator, h.ID, []string{w.OtherLearner.PersonID, w.Learner.PersonID})
		if err != nil || n != 2 {
			t.Errorf("%d entered, %v", n, err)
		}
		for _, x := range testrig.Must(h.Dossier.Notes(ctx, w.GuardCoordinator, h.ID))(t) {
			want := map[string]time.Time{w.Learner.PersonID: first, w.OtherLearner.PersonID: w.Clock.Now()}[x.PersonID]
			if !x.NotedAt.Equal(want) {
				t.Errorf("%s: %v, want %v", x.Name, x.NotedAt, want)
			}
		}
		_, err = h.Dossier.EnterSigned(ctx, w.GuardCoordinator, h.ID, []string{w.PoliceLearner.PersonID})
		w.Refused("on paper, without a seat", err, errs.ErrNotFound)
		if d := testrig.Must(h.day(w.GuardCoordinator, ""))(t); d.People[0].NoticeVersion != "3" || d.People[1].NoticeVersion != "3" {
			t.Errorf("%+v", d.People)
		}
		h.exec(`UPDATE training SET notice_version = '4' WHERE id = ?`, h.ID)
		if n := testrig.Must(h.Dossier.NoticeFor(ctx, w.Learner, h.ID))(t); !n.NotedAt.IsZero() || n.Version != "4" || n.Text != "Dane zbiera biuro." {
			t.Errorf("of the new version: %+v", n)
		}
		if d := testrig.Must(h.day(w.GuardCoordinator, ""))(t); d.People[0].NoticeVersion != "" {
			t.Error("the old version counts for the new")
		}
		h.exec(`UPDATE training SET notice = '' WHERE id = ?`, h.ID)
		_, err = h.Dossier.NoticeFor(ctx, w.Learner, h.ID)
		w.Refused("without a notice", err, errs.ErrNotFound)
		_, err = h.Dossier.EnterSigned(ctx, w.GuardCoordinator, h.ID, []string{w.Learner.PersonID})
		w.Refused("signed without a notice", err, errs.ErrConflict)
	})
}

// Certificates come once the training is over and closed; they say the hours, are issued once, and anew when attendance was corrected.
func TestCertificatesOfAttendance(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, h := t.Context(), newHall(w)
		award := func(people ...access.Actor) (int, error) {
			var ids []string
			for _, a := range people {
				ids = append(ids, a.PersonID)
			}
			return h.Dossier.Award(ctx, w.GuardCoordinator, h.ID, ids)
		}
		_, err := award()
		w.Refused("before the end", err, errs.ErrConflict)
		h.over()
		w.OK(w.Attendance.Reopen(ctx, w.GuardCoordinator, h.Sessions[1], "zły arkusz"))
		_, err = award(w.Learner)
		w.Refused("while a session is open", err, errs.ErrConflict)
		if a := testrig.Must(h.Dossier.Awards(ctx, w.GuardCoordinator, h.ID))(t); a.Open != 1 || !a.Held || a.Planned != 6 {
			t.Errorf("%+v", a)
		}
		h.Close(1)
		a := testrig.Must(h.Dossier.Awards(ctx, w.GuardCoordinator, h.ID))(t)
		for _, c := range a.People {
			want := map[string]struct {
				hours  float64
				enough bool
			}{w.Learner.PersonID: {6, true}, w.OtherLearner.PersonID: {0.75, false}}[c.PersonID]
			if c.Hours != want.hours || c.Enough(a.Planned) != want.enough || !c.Due() {
				t.Errorf("%+v", c)
			}
		}
		if n, err := award(w.Learner, w.OtherLearner); err != nil || n != 2 {
			t.Errorf("%d issued, %v", n, err)
		}
		if n, err := award(w.Learner, w.OtherLearner); err != nil || n != 0 {
			t.Errorf("the same again: %d issued, %v", n, err)
		}
		_, err = award(w.PoliceLearner)
		w.Refused("who was not there", err, errs.ErrNotFound)
		mine := func() certificate.Certificate {
			for _, c := range testrig.Must(w.Certs.Mine(ctx, w.Learner))(t) {
				if c.TrainingID == h.ID {
					return c
				}
			}
			t.Fatal("no certificate")
			return certificate.Certificate{}
		}
		c := mine()
		if c.Hours != 6 || c.HoursOf != 6 || c.HourMinutes != 45 || c.Holder != "Zofia Źródło" || c.Title != "Szkolenie w Terespolu" || c.Fund != "Dofinansowano ze środków funduszu." || c.Place != "Dom Kultury" || !c.HeldUntil.Equal(end) || c.Issuer == "" {
			t.Errorf("%+v", c)
		}
		h.Present(1, w.Learner, 120) // corrected
		w.Clock.Advance(time.Minute)
		if n, err := award(w.Learner); err != nil || n != 1 {
			t.Errorf("after the correction: %d, %v", n, err)
		}
		if next := mine(); next.ID == c.ID || next.Hours != 4.25 {
			t.Errorf("the new one says %v", next.Hours)
		}
		if old := testrig.Must(w.Certs.Verify(ctx, c.Code))(t); old.Hours != 6 || old.Status(w.Clock.Now()) != certificate.Superseded {
			t.Errorf("the old one: %v hours, %s", old.Hours, old.Status(w.Clock.Now()))
		}
		h.exec(`UPDATE training SET cancelled_at = ? WHERE id = ?`, end, h.ID)
		_, err = award(w.Learner)
		w.Refused("of a cancelled training", err, errs.ErrConflict)
	})
}

// The tab, its files, the notice and the certificates, as they are used.
func TestPagesOfTheDossier(t *testing.T) {
	w := testrig.New(t)
	h := newHall(w)
	base := "/app/trainings/" + h.ID
	b := w.Browse(w.GuardCoordinator)
	p := w.Status(b.Get(base+"/papers"), http.StatusOK)
	if n := p.Find("input[name=kind]").Length(); n != len(papers.All()) || p.Find("input[name=kind][value=evaluation][checked]").Length() != 0 || p.Find("input[name=kind][value=sheets][checked]").Length() != 1 {
		t.Errorf("%d papers are offered: %s", n, p.Text("form"))
	}
	if got := p.Text("main"); !strings.Contains(got, "Czego jeszcze brakuje") {
		t.Errorf("it does not say what is missing: %s", got)
	}
	file := w.Status(b.Get(base+"/papers/file?kind=sheets&kind=agenda&as=pdf&lang=pl"), http.StatusOK)
	for _, want := range []string{"Zofia Źródło", "Łukasz Święty", "Szkolenie w Terespolu", "FAMI 7", "Dofinansowano"} {
		if got := papertest.Words(t, []byte(file.Body)); !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q: %.600s", want, got)
		}
	}
	zipped := w.Status(b.Get(base+"/papers/file?kind=sheets&kind=agenda&as=zip&lang=en"), http.StatusOK)
	z, err := zip.NewReader(bytes.NewReader([]byte(zipped.Body)), int64(len(zipped.Body)))
	if err != nil || len(z.File) != 2 {
		t.Errorf("the ZIP: %v", err)
	}
	if got := testrig.Must(db.All[string](t.Context(), w.DB, `SELECT detail FROM audit WHERE action = 'training.papers' ORDER BY id`))(t); !slices.Equal(got, []string{`{"format":"pdf","rows":2}`, `{"format":"zip","rows":2}`}) {
		t.Errorf("recorded: %q", got)
	}
	w.Status(b.Get(base+"/papers/file?as=pdf"), http.StatusUnprocessableEntity)
	trainer := w.Browse(w.GuardTrainer)
	if p := w.Status(trainer.Get(base+"/papers"), http.StatusOK); p.Find("input[value=invitation]").Length() != 0 || p.Find(`a[href="`+base+`/certificates"]`).Length() != 0 {
		t.Error("the trainer is offered what is not theirs")
	}
	w.Status(trainer.Get(base+"/papers/file?kind=invitation&as=pdf"), http.StatusUnprocessableEntity)

	learner := w.Browse(w.Learner)
	notice := "/app/my-trainings/" + h.ID + "/notice"
	if p := w.Status(learner.Get(notice), http.StatusOK); !strings.Contains(p.Text("main"), "Dane zbiera biuro.") {
		t.Error("the notice is not shown")
	}
	w.Status(learner.Post(notice, url.Values{"version": {"2"}}), http.StatusConflict)
	w.Status(learner.Post(notice, url.Values{"version": {"3"}}), http.StatusSeeOther)
	if p := learner.Get(notice); p.Find("form[method=post] input[name=version]").Length() != 0 {
		t.Error("it is asked again")
	}
	if p := w.Status(b.Get(base+"/papers/notice"), http.StatusOK); p.Find("input[name=person]").Length() != 1 {
		t.Errorf("%d can still be entered", p.Find("input[name=person]").Length())
	}
	w.Status(b.Post(base+"/papers/notice", url.Values{"person": {w.OtherLearner.PersonID}}), http.StatusSeeOther)

	if p := w.Status(b.Get(base+"/certificates"), http.StatusOK); p.Find("input[name=person]").Length() != 0 {
		t.Error("certificates are offered before the training")
	}
	h.over()
	b = w.Browse(w.GuardCoordinator) // a day later they sign in again
	if p := w.Status(b.Get(base+"/certificates"), http.StatusOK); p.Find("input[name=person]").Length() != 2 || p.Find("input[name=person][checked]").Length() != 1 {
		t.Errorf("%d boxes, %d ticked", p.Find("input[name=person]").Length(), p.Find("input[name=person][checked]").Length())
	}
	// Of the two, one was there long enough: the next step is named until their certificate is there, and no longer.
	step := func() string { return b.Get(base).Text(".next-step a") }
	if got := step(); got != "wydaj 1 zaświadczenie" {
		t.Errorf("the next step is %q", got)
	}
	w.Status(b.Post(base+"/certificates", url.Values{"person": {w.Learner.PersonID}}), http.StatusSeeOther)
	if got := step(); got != "" {
		t.Errorf("the next step is still %q", got)
	}
	b.Files(t, base+"/certificates?as=csv", base+"/papers/notice?as=csv")
	for name, want := range map[string]int{"learner": http.StatusForbidden, "reviewer": http.StatusForbidden, "author": http.StatusForbidden, "coordinator of the police": http.StatusNotFound} {
		other := w.Browse(w.Everybody()[name])
		for _, path := range []string{"/papers", "/papers/file?kind=sheets&as=pdf", "/papers/notice", "/certificates"} {
			w.Status(other.Get(base+path), want)
		}
		w.Status(other.Post(base+"/certificates", url.Values{"person": {w.OtherLearner.PersonID}}), want)
		w.Status(other.Post(base+"/papers/notice", url.Values{}), want)
	}
	w.Status(w.Browse(w.GuardTrainer).Post(base+"/certificates", url.Values{"person": {w.OtherLearner.PersonID}}), http.StatusForbidden)
	w.Status(w.Browse(w.PoliceLearner).Get(notice), http.StatusNotFound)
	b.Fragile(t, []string{base + "/papers", base + "/papers/notice", base + "/certificates"})
	w.Browse(w.Learner).Fragile(t, []string{notice})
	b.FragileForm(t, base+"/certificates", url.Values{"person": {w.OtherLearner.PersonID}})
}

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of it stays.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx, h := t.Context(), newHall(w)
	h.over()
	only := func(_ any, err error) error { return err }
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "day", Do: func() error { return only(h.day(w.GuardCoordinator, "")) }},
		{Name: "printed", Do: func() error { return h.Dossier.Printed(ctx, w.GuardCoordinator, h.ID, 2, "pdf") }},
		{Name: "notice", Do: func() error { return only(h.Dossier.NoticeFor(ctx, w.Learner, h.ID)) }},
		{Name: "take note", Do: func() error { return h.Dossier.TakeNote(ctx, w.Learner, h.ID, "3") }},
		{Name: "notes", Do: func() error { return only(h.Dossier.Notes(ctx, w.GuardCoordinator, h.ID)) }},
		{Name: "enter", Do: func() error {
			return only(h.Dossier.EnterSigned(ctx, w.GuardCoordinator, h.ID, []string{w.OtherLearner.PersonID}))
		}},
		{Name: "awards", Do: func() error { return only(h.Dossier.Awards(ctx, w.GuardCoordinator, h.ID)) }},
		{Name: "due", Do: func() error { return only(h.Dossier.Due(ctx, w.GuardCoordinator, h.ID)) }},
		{Name: "award", Do: func() error {
			return only(h.Dossier.Award(ctx, w.GuardCoordinator, h.ID, []string{w.Learner.PersonID}))
		}},
	})
}
