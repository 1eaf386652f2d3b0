package renewal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate/renewal"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/holiday"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

var zone = func() *time.Location {
	z, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	return z
}()

// ends sets the day on which a certificate of a year ends: courses of the world have certificates without an end.
func ends(w *testrig.World, id string, at time.Time) {
	w.T.Helper()
	holds(w, id, at.AddDate(-1, 0, 0), at)
}

func holds(w *testrig.World, id string, from, until time.Time) {
	w.T.Helper()
	w.OK(w.DB.Update(w.T.Context(), func(tx *db.Tx) error {
		return db.Exec(w.T.Context(), tx, `UPDATE certificate SET issued_at = ?, valid_until = ? WHERE id = ?`, from, until, id)
	}))
}

// letters returns who was written to since so many letters, by their addresses.
func letters(w *testrig.World, since int) (list []string) {
	w.T.Helper()
	for _, m := range w.Letters()[since:] {
		list = append(list, m.To)
	}
	return list
}

// monday is a working day.
var monday = time.Date(2027, 3, 1, 10, 0, 0, 0, zone)

func TestLettersBeforeTheEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		c := w.Pass(w.Learner, testrig.SmallCourse)
		revoked := w.Pass(w.OtherLearner, testrig.SmallCourse)
		old := w.Pass(w.PoliceLearner, testrig.SmallCourse)
		newer := w.Pass(w.PoliceLearner, testrig.SmallCourse)
		end := desk.EndOfDay(monday.AddDate(0, 0, 1+90))
		for _, id := range []string{c.ID, revoked.ID, old.ID} {
			ends(w, id, end)
		}
		if newer.ID == old.ID {
			t.Fatal("the same certificate")
		}
		w.OK(w.Certs.Revoke(ctx, w.GuardCoordinator, revoked.ID, "Wydane przez pomyłkę dwa razy.", true))
		other := w.Node()
		// The holder, and whoever coordinates their unit: nobody of the whole installation, where somebody is nearer.
		all := []string{"kinga.koordynatorka@example.org", "leszek.lokalny@example.org", "zofia.zrodlo@example.org"}
		for _, step := range []struct {
			days, hour int
			leave      bool
		}{
			{91, 10, false}, {90, 8, false}, {90, 10, true}, {89, 10, false}, {60, 10, false}, {30, 8, false}, {30, 10, true}, {7, 9, true}, {6, 10, false}, {-1, 10, false},
		} {
			at := end.In(zone).AddDate(0, 0, -step.days).Add(-13 * time.Hour)
			at = time.Date(at.Year(), at.Month(), at.Day(), step.hour, 0, 0, 0, zone) // clocks change in between
			for !holiday.IsWorkday(at) {
				at = at.AddDate(0, 0, 1)
			}
			w.Until(at)
			since := len(w.Letters())
			for range 2 {
				w.OK(w.Renewal.SendDue(ctx))
				w.OK(other.Renewal.SendDue(ctx))
			}
			got := letters(w, since)
			slices.Sort(got)
			if step.leave != slices.Equal(got, all) || !step.leave && len(got) > 0 {
				t.Errorf("%d days before: %q", step.days, got)
			}
			for _, m := range w.Letters()[since:] {
				if strings.Contains(m.Body+m.Subject, "⟦") || strings.Contains(m.Subject, "OST-") {
					t.Errorf("%s: %s", m.Subject, m.Body)
				}
				if holder := m.To == all[2]; holder != strings.Contains(m.Body, c.Number) || holder == strings.Contains(m.Body, "/app/certificates/ending") || !holder && strings.Contains(m.Body, "Źródło") {
					t.Errorf("%s reads %s", m.To, m.Body)
				}
			}
		}
	})
}

// Whoever comes late writes the nearest letter alone, in the holder's language; of several certificates a unit hears by one letter a day.
func TestLateAndManyAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for _, a := range []access.Actor{w.Learner, w.OtherLearner} {
			ends(w, w.Pass(a, testrig.SmallCourse).ID, monday.AddDate(0, 0, 20))
		}
		w.Until(monday)
		since := len(w.Letters())
		w.OK(w.Renewal.SendDue(ctx))
		got := map[string]mail.Message{}
		for _, m := range w.Letters()[since:] {
			if got[m.To].To != "" {
				t.Errorf("two letters to %s", m.To)
			}
			got[m.To] = m
		}
		if m := got["lukasz.swiety@example.org"]; !strings.HasPrefix(m.Body, "Hello") || m.Lang != "en" {
			t.Errorf("in English: %+v", m)
		}
		if m := got["kinga.koordynatorka@example.org"]; !strings.Contains(m.Body, "2 zaświadczeń") {
			t.Errorf("one who coordinates: %+v", m)
		}
		// On the same day nobody hears again, even of what is new; on the next working day they do, of what is new alone.
		ends(w, w.Pass(w.Person("Nowa", "Osoba", w.Terespol), testrig.SmallCourse).ID, monday.AddDate(0, 0, 21))
		for _, step := range []struct {
			at   time.Time
			want int
		}{{monday.Add(time.Hour), 0}, {monday.AddDate(0, 0, 1), 1}, {monday.AddDate(0, 0, 2), 0}} {
			w.Until(step.at)
			since := len(w.Letters())
			w.OK(w.Renewal.SendDue(ctx))
			n := 0
			for _, m := range w.Letters()[since:] {
				if m.To == "kinga.koordynatorka@example.org" {
					n++
					if !strings.Contains(m.Body, "1 zaświadczenia") {
						t.Errorf("%s", m.Body)
					}
				}
			}
			if n != step.want {
				t.Errorf("%s: %d letters to one who coordinates", step.at, n)
			}
		}
	})
}

// A certificate that holds for less than a notice is not "about to end" as soon as it is there.
func TestAShortCertificateIsNotToldOfAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		holds(w, w.Pass(w.Learner, testrig.SmallCourse).ID, monday, monday.AddDate(0, 0, 30))
		for _, step := range []struct {
			days int
			told bool
		}{{1, false}, {22, false}, {23, true}} {
			w.Until(monday.AddDate(0, 0, step.days))
			since := len(w.Letters())
			w.OK(w.Renewal.SendDue(ctx))
			if got := letters(w, since); slices.Contains(got, "zofia.zrodlo@example.org") != step.told || !step.told && len(got) > 0 {
				t.Errorf("after %d days: %q", step.days, got)
			}
		}
	})
}

// What was told goes once the certificate has ended, and nothing leaves anew by that.
func TestWhatWasToldEnds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		ends(w, w.Pass(w.Learner, testrig.SmallCourse).ID, monday.AddDate(0, 0, 20))
		w.Until(monday)
		w.OK(w.Renewal.SendDue(ctx))
		count := func() int {
			return testrig.Must(db.One[int](ctx, w.DB, `SELECT (SELECT COUNT(*) FROM certificate_ending) + (SELECT COUNT(*) FROM certificate_told)`))(t)
		}
		if n := count(); n != 3 { // the holder's, and two who coordinate
			t.Fatalf("%d rows", n)
		}
		w.Until(monday.AddDate(0, 0, 19))
		w.OK(w.Keeping.EraseDue(ctx))
		if n := count(); n != 1 {
			t.Errorf("%d rows before the end", n)
		}
		w.Until(monday.AddDate(0, 0, 22))
		w.OK(w.Keeping.EraseDue(ctx))
		if n := count(); n != 0 {
			t.Errorf("%d rows after the end", n)
		}
		since := len(w.Letters())
		w.OK(w.Renewal.SendDue(ctx))
		if got := letters(w, since); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
}

func TestWhoSeesWhatEnds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		c := w.Pass(w.Learner, testrig.SmallCourse)
		ends(w, c.ID, w.Clock.Now().AddDate(0, 0, 20))
		sees := map[string]bool{w.Admin.PersonID: true, w.Coordinator.PersonID: true, w.GuardCoordinator.PersonID: true, w.TerespolCoordinator.PersonID: true, w.GuardTrainer.PersonID: true, w.Reviewer.PersonID: true}
		for name, a := range w.Everybody() {
			list, err := w.Renewal.Within(ctx, a, 30)
			if err != nil || (len(list) == 1) != sees[a.PersonID] {
				t.Errorf("%s sees %d, %v", name, len(list), err)
			}
		}
		ends := func(want int) {
			t.Helper()
			if list, err := w.Renewal.Ends(ctx, w.GuardCoordinator, 30); err != nil || len(list) != want || want == 1 && list[0].Certificates != 1 {
				t.Errorf("%+v end, %v", list, err)
			}
		}
		ends(1)
		if list, err := w.Renewal.Within(ctx, w.GuardCoordinator, 7); err != nil || len(list) != 0 {
			t.Errorf("%d within a week, %v", len(list), err)
		}
		// They can be enrolled again, and nobody else who passed.
		w.Pass(w.OtherLearner, testrig.SmallCourse)
		list, total, err := w.Desk.Candidates(ctx, w.GuardCoordinator, testrig.SmallCourse, desk.CandidateFilter{Ending: true}, desk.Page{Number: 1, Size: 50})
		if err != nil || total != 1 || len(list) != 1 || list[0].ID != w.Learner.PersonID {
			t.Errorf("%+v, %d, %v", list, total, err)
		}
		for again, want := range map[bool]int{true: 1, false: 0} {
			if p, err := w.Desk.PlanEnrolment(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID}, again); err != nil || len(p.Due) != want {
				t.Errorf("again %v: %d would be written to, %v", again, len(p.Due), err)
			}
		}
		if n, err := w.Learning.EnrolOn(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID}, time.Time{}, true); n != 1 || err != nil {
			t.Errorf("%d enrolled, %v", n, err)
		}
		if _, total, err := w.Desk.Candidates(ctx, w.GuardCoordinator, testrig.SmallCourse, desk.CandidateFilter{Ending: true}, desk.Page{Number: 1, Size: 50}); err != nil || total != 0 {
			t.Errorf("%d are offered again, %v", total, err)
		}
		ends(0) // the round is under way: nothing is left to be done
	})
}

func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	c := w.Pass(w.Learner, testrig.SmallCourse)
	ends(w, c.ID, monday.AddDate(0, 0, 20))
	w.Until(monday)
	only := func(_ any, err error) error { return err }
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "count", Do: func() error { return only(w.Renewal.Ends(ctx, w.GuardCoordinator, 90)) }},
		{Name: "list", Do: func() error { return only(w.Renewal.Within(ctx, w.GuardCoordinator, 90)) }},
		{Name: "export", Do: func() error { return w.Renewal.RecordExport(ctx, w.GuardCoordinator, 1, "csv") }},
		{Name: "send", Do: func() error { return w.Renewal.SendDue(ctx) }, Parts: true},
		{Name: "forget", Do: func() error {
			return w.DB.Update(ctx, func(tx *db.Tx) error { return renewal.ForgetPerson(ctx, tx, w.Learner.PersonID) })
		}},
	})
}

// TestTheListLeadsToTheEnrolmentForm, with those chosen ticked, and nothing done yet.
func TestTheListLeadsToTheEnrolmentForm(t *testing.T) {
	w := testrig.New(t)
	for _, a := range []access.Actor{w.Learner, w.OtherLearner} {
		ends(w, w.Pass(a, testrig.SmallCourse).ID, w.Clock.Now().AddDate(0, 0, 20))
	}
	b := w.Browse(w.GuardCoordinator)
	p := b.Get("/app/certificates/ending")
	if p.Status != 200 || !strings.Contains(p.Find("main").Text(), "Źródło") {
		t.Fatal(p.Status)
	}
	action, ok := p.Find("form.list-form").Attr("action")
	if !ok {
		t.Fatal("nobody can be chosen")
	}
	form := map[string][]string{"person": {w.Learner.PersonID}, "choose": {"1"}, "ending": {"1"}}
	p = b.Post(action, form)
	if p.Status != 200 || p.Find("input[type=checkbox][name=person]").Length() != 1 || p.Find("input[name=person][checked]").AttrOr("value", "") != w.Learner.PersonID || p.Find("input[name=all]").Length() != 0 || p.Find("input[name=ending]").Length() == 0 {
		t.Errorf("%d, %s", p.Status, p.Find("main").Text())
	}
	delete(form, "choose")
	if p = b.Post(action, form); p.Status != 303 {
		t.Errorf("%d", p.Status)
	}
	if e, err := w.Learning.Latest(t.Context(), w.Learner.PersonID, testrig.SmallCourse); err != nil || e.Round != 2 {
		t.Errorf("%+v, %v", e, err)
	}
	for _, a := range []access.Actor{w.Learner, w.Author} {
		if p := w.Browse(a).Get("/app/certificates/ending"); p.Status != 403 {
			t.Errorf("%d", p.Status)
		}
	}
	b.Fragile(t, []string{"/app/certificates/ending", "/app/certificates/ending?as=csv"})
}
