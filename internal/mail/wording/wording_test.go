package wording_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/mail/wording"
	"ostoja/internal/testrig"
)

var invitation = wording.Text{Subject: "Kurs od biura", Body: "Cześć! {{.Organisation}} i kurs {{.Course}}.\r\n\r\nWejdź: {{ link }}  "}

// TestTheOfficesWordsAreUsed in the letters that are shown before they are sent, held, and sent, on each node; in the language that was worded alone; and the
// shipped ones again once they are put back.
func TestTheOfficesWordsAreUsed(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), w.Words
		node := w.Node()
		shown := func(person string) string {
			p := testrig.Must(w.Desk.PlanEnrolment(ctx, w.Admin, testrig.SmallCourse, []string{person}, false))(t)
			if len(p.Samples) != 1 {
				t.Fatalf("%+v", p)
			}
			return p.Samples[0].Subject + "\n" + p.Samples[0].Body
		}
		shipped := shown(w.Learner.PersonID)
		w.OK(s.Save(ctx, w.Admin, wording.CourseInvitation, "pl", 0, invitation))
		got := shown(w.Learner.PersonID)
		if !strings.HasPrefix(got, "Kurs od biura\nCześć! ") || strings.Contains(got, "{") || !strings.Contains(got, "https://") {
			t.Errorf("before it is sent: %q", got)
		}
		n, err := w.Learning.EnrolMany(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID})
		if n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if held := testrig.Must(db.One[string](ctx, w.DB, `SELECT subject || body FROM mail WHERE kind = 'course.invitation'`))(t); !strings.HasPrefix(held, "Kurs od biura") {
			t.Errorf("held: %q", held)
		}
		w.Clock.Advance(time.Hour)
		if m := w.LastLetter(); m.Subject != "Kurs od biura" || !strings.Contains(m.Body, "https://") || strings.Contains(m.Body, "\ufffc") {
			t.Errorf("sent: %+v", m)
		}
		// Another node writes it too, at the latest after its minute's look.
		w.OK(node.Words.Refresh(ctx))
		p := testrig.Must(node.Desk.PlanEnrolment(ctx, w.Admin, testrig.SmallCourse, []string{w.OtherLearner.PersonID}, false))(t)
		if len(p.Samples) != 1 || (p.Samples[0].Subject == "Kurs od biura") != (p.Samples[0].Lang == "pl") {
			t.Errorf("another node: %+v", p.Samples)
		}
		// One who begins anew has them from the start.
		if p := testrig.Must(w.Node().Desk.PlanEnrolment(ctx, w.Admin, testrig.SmallCourse, []string{w.OtherLearner.PersonID}, false))(t); (p.Samples[0].Subject == "Kurs od biura") != (p.Samples[0].Lang == "pl") {
			t.Errorf("a new node: %+v", p.Samples)
		}
		w.OK(s.Restore(ctx, w.Admin, wording.CourseInvitation, "pl", 1, 0))
		_, err = w.Learning.EnrolMany(ctx, w.Admin, testrig.SmallCourse, []string{w.OtherLearner.PersonID})
		w.OK(err)
		if back := testrig.Must(db.One[string](ctx, w.DB, `SELECT subject FROM mail WHERE kind = 'course.invitation' AND sent_at IS NULL`))(t); back == "Kurs od biura" || shipped == "" {
			t.Errorf("put back: %q", back)
		}
	})
}

// TestRemindersHaveTheOfficesWords by hand: as they are shown before, and as they leave; who was worded is who has not begun.
func TestRemindersHaveTheOfficesWords(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		e := w.Enrol(w.Learner, testrig.SmallCourse)
		w.Clock.Advance(30 * 24 * time.Hour)
		w.OK(w.Words.Save(ctx, w.Admin, wording.RemindNew, "pl", 0, wording.Text{Subject: "Przypomina biuro", Body: "{{.Name}}: {{.Course}} {{.Link}}\nTel. 22 000 00 00"}))
		chosen := desk.Selection{Enrolments: []string{e.ID}}
		p := testrig.Must(w.Desk.PlanReminder(ctx, w.Admin, testrig.SmallCourse, chosen))(t)
		if len(p.Samples) != 1 || p.Samples[0].Subject != "Przypomina biuro" || !strings.Contains(p.Samples[0].Body, "22 000 00 00") {
			t.Errorf("%+v", p)
		}
		if r := testrig.Must(w.Desk.Remind(ctx, w.Admin, testrig.SmallCourse, chosen))(t); r.Sent != 1 {
			t.Fatalf("%+v", r)
		}
		w.Clock.Advance(time.Hour)
		m := w.LastLetter()
		if m.Subject != "Przypomina biuro" || !strings.Contains(m.Body, "/app/learn/"+e.ID) || strings.ContainsAny(m.Body, "{}") {
			t.Errorf("%+v", m)
		}
	})
}

// TestEachChangeIsKept with who made it, once; two who change a text at once are told of each other; what was is taken back.
func TestEachChangeIsKept(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s, f := t.Context(), w.Words, wording.CourseInvitation
		w.OK(s.Save(ctx, w.Admin, f, "pl", 0, invitation))
		w.OK(s.Save(ctx, w.Admin, f, "pl", 1, invitation)) // says the same
		other := wording.Text{Subject: "Inny", Body: "{{.Course}} {{.Link}}"}
		w.Refused("who has not seen the first", s.Save(ctx, w.Admin, f, "pl", 0, other), errs.ErrConflict)
		w.Refused("who has not seen the first puts back", s.Restore(ctx, w.Admin, f, "pl", 0, 0), errs.ErrConflict)
		w.OK(s.Save(ctx, w.Admin, f, "pl", 1, other))
		w.OK(s.Restore(ctx, w.Admin, f, "pl", 2, 1))
		v := testrig.Must(s.One(ctx, w.Admin, f, "pl"))(t)
		if len(v.Past) != 3 || v.Version.Version != 3 || v.Subject != invitation.Subject || v.ByID != w.Admin.PersonID || !v.Own() || v.Unfit {
			t.Errorf("%+v", v)
		}
		if want := "Cześć! {{.Organisation}} i kurs {{.Course}}.\n\nWejdź: {{.Link}}\n"; v.Body != want {
			t.Errorf("kept is %q", v.Body)
		}
		// The shipped text is no text of one's own.
		w.OK(s.Save(ctx, w.Admin, f, "pl", 3, v.Shipped))
		if v := testrig.Must(s.One(ctx, w.Admin, f, "pl"))(t); v.Own() || len(v.Past) != 4 || v.Shown() != v.Shipped {
			t.Errorf("%+v", v)
		}
		w.OK(s.Save(ctx, w.Admin, f, "en", 0, testrig.Must(s.One(ctx, w.Admin, f, "en"))(t).Shipped))
		if v := testrig.Must(s.One(ctx, w.Admin, f, "en"))(t); len(v.Past) != 0 {
			t.Errorf("nothing was changed: %+v", v.Past)
		}
		w.Refused("a version that never was", s.Restore(ctx, w.Admin, f, "pl", 4, 9), errs.ErrNotFound)
		w.Refused("a text with a fault", s.Save(ctx, w.Admin, f, "pl", 4, wording.Text{Subject: "A", Body: "B"}), errs.ErrInvalid)
		type entry struct{ Action, Object, Detail string }
		told := testrig.Must(db.All[entry](ctx, w.DB, `SELECT action, object, detail FROM audit WHERE action LIKE 'mail.word%' ORDER BY id`))(t)
		if len(told) != 4 || told[3].Action != "mail.word-shipped" || told[0].Object != "letter:course.invitation" || strings.Contains(told[0].Detail, "Cześć") {
			t.Errorf("%+v", told)
		}
		// What was followed by another long ago is forgotten; what counts stays.
		w.Clock.Advance(time.Hour)
		w.OK(s.Forget(ctx, w.Clock.Now()))
		if v := testrig.Must(s.One(ctx, w.Admin, f, "pl"))(t); len(v.Past) != 1 || v.Version.Version != 4 {
			t.Errorf("%+v", v.Past)
		}
	})
}

// TestAWordingThatFitsNoMoreGivesWay: a later version of the program has other places, so that the shipped letter leaves, and the list says why.
func TestAWordingThatFitsNoMoreGivesWay(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s := t.Context(), w.Words
		for form, body := range map[string]string{
			"course.invitation": "{{.Course}} {{.Link}} {{.Dropped}}", // a place that is no more
			"desk.remind/begun": "{{.Course}}",                        // without one that must be there now
			"of.earlier.times":  "{{.Link}}",                          // a letter that is written no more
		} {
			w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `INSERT INTO mail_wording (form, lang, version, subject, body, by_id, made_at) VALUES (?, 'pl', 1, 'Stary', ?, ?, ?)`, form, body, w.Admin.PersonID, w.Clock.Now())
			}))
		}
		w.OK(s.Refresh(ctx))
		unfit := 0
		for _, x := range testrig.Must(s.List(ctx, w.Admin))(t) {
			if x.Unfit {
				unfit++
			}
		}
		if unfit != 2 {
			t.Errorf("%d fit no more", unfit)
		}
		p := testrig.Must(w.Desk.PlanEnrolment(ctx, w.Admin, testrig.SmallCourse, []string{w.Learner.PersonID}, false))(t)
		if len(p.Samples) != 1 || p.Samples[0].Subject != "Zaproszenie na kurs" || strings.Contains(p.Samples[0].Body, "{{") {
			t.Errorf("%+v", p.Samples)
		}
		v := testrig.Must(s.One(ctx, w.Admin, wording.CourseInvitation, "pl"))(t)
		if !v.Unfit || v.Shown() != v.Shipped {
			t.Errorf("%+v", v)
		}
		w.OK(s.Save(ctx, w.Admin, wording.CourseInvitation, "pl", 1, invitation))
		w.Refused("the text that fits no more", s.Restore(ctx, w.Admin, wording.CourseInvitation, "pl", 2, 1), errs.ErrConflict)
	})
}

// TestWhoWordsLetters: those who coordinate everything. Letters go to people of all units.
func TestWhoWordsLetters(t *testing.T) {
	w := testrig.New(t)
	ctx, s, f := t.Context(), w.Words, wording.RemindNew
	may := 0
	for name, actor := range w.Everybody() {
		if wording.May(actor) {
			may++
			if !actor.Everywhere(access.DeskWrite) {
				t.Errorf("%s words letters", name)
			}
			w.OK(s.Try(ctx, actor, f, "pl", testrig.Must(s.One(ctx, actor, f, "pl"))(t).Shipped))
			continue
		}
		_, err := s.List(ctx, actor)
		w.Refused(name, err, errs.ErrForbidden)
		_, err = s.One(ctx, actor, f, "pl")
		w.Refused(name, err, errs.ErrForbidden)
		w.Refused(name, s.Save(ctx, actor, f, "pl", 0, invitation), errs.ErrForbidden)
		w.Refused(name, s.Restore(ctx, actor, f, "pl", 0, 0), errs.ErrForbidden)
		w.Refused(name, s.Try(ctx, actor, f, "pl", invitation), errs.ErrForbidden)
	}
	if may == 0 || wording.May(w.GuardCoordinator) {
		t.Errorf("%d may", may)
	}
	for _, x := range []struct {
		form wording.Form
		tag  string
	}{{"none", "pl"}, {f, "xx"}, {"report.code", "pl"}, {"people.sign-in", "pl"}} {
		_, err := s.One(ctx, w.Admin, x.form, x.tag)
		w.Refused(string(x.form), err, errs.ErrNotFound)
		w.Refused(string(x.form), s.Save(ctx, w.Admin, x.form, x.tag, 0, invitation), errs.ErrNotFound)
	}
}

// TestATrialLetter comes to who asked, with examples, and holds no place; what would be refused is not tried.
func TestATrialLetter(t *testing.T) {
	w := testrig.New(t)
	ctx, s := t.Context(), w.Words
	for i := range wording.Forms {
		k := &wording.Forms[i]
		for _, tag := range []string{"pl", "en"} {
			w.OK(s.Try(ctx, w.Admin, k.Form, tag, testrig.Must(s.One(ctx, w.Admin, k.Form, tag))(t).Shipped))
			m := w.LastLetter()
			if m.Lang != tag || strings.ContainsAny(m.Subject+m.Body, "{}⟦⟧") || strings.Contains(m.Body, "<no value>") || m.Kind != "" {
				t.Errorf("%s in %s: %+v", k.Form, tag, m)
			}
		}
	}
	n := len(w.Letters())
	w.Refused("a fault", s.Try(ctx, w.Admin, wording.RemindNew, "pl", wording.Text{Subject: "A", Body: "B"}), errs.ErrInvalid)
	if len(w.Letters()) != n {
		t.Error("it was sent all the same")
	}
}

// TestNoFailureIsSilent and none leaves half of a change.
func TestNoFailureIsSilent(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, s, f := t.Context(), w.Words, wording.RemindNew
		shipped := testrig.Must(s.One(ctx, w.Admin, f, "pl"))(t).Shipped
		s.Log = slog.New(slog.DiscardHandler)
		n := 0
		renews := []string{"NOT EXISTS (SELECT 1 FROM mail_wording x", "pg_notify"}
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "save", Silent: renews, Do: func() error {
				v, err := s.One(ctx, w.Admin, f, "pl")
				if err != nil {
					return err
				}
				n++
				return s.Save(ctx, w.Admin, f, "pl", v.Version.Version, wording.Text{Subject: "Kurs", Body: shipped.Body + strings.Repeat("!", n)})
			}},
			{Name: "restore", Silent: renews, Do: func() error { return s.Restore(ctx, w.Admin, f, "pl", 1, 0) }},
			{Name: "try", Do: func() error { return s.Try(ctx, w.Admin, f, "pl", shipped) }},
			{Name: "list", Do: func() error { _, err := s.List(ctx, w.Admin); return err }},
			{Name: "refresh", Do: func() error { return s.Refresh(ctx) }},
			{Name: "forget", Do: func() error { return s.Forget(ctx, w.Clock.Now().Add(time.Hour)) }},
		})
	})
}
