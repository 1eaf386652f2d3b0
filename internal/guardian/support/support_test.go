package support_test

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/support"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

// meetingOn is a draft of a meeting some days from now, from five to seven.
func meetingOn(w *testrig.World, days int) support.MeetingDraft {
	return support.MeetingDraft{
		Topic: "age", Day: w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly), From: "17:00", To: "19:00", Place: "ul. Leśna 1, sala 2", Seats: 2, Leader: "Ewa Superwizyjna", Edition: 1,
	}
}

func expertFor(w *testrig.World, topics ...string) support.ExpertDraft {
	return support.ExpertDraft{
		Name: "Dyżur prawny", Topics: topics, Phone: "+48 22 123 45 67", Hours: text.Translated{"pl": "pn i śr, 10–14", "en": "Mon and Wed, 10–14"}, CheckedOn: w.Support.Today(), Edition: 1,
	}
}

// faulty wants an error to be faults of these fields, in this order.
func faulty(t *testing.T, what string, err error, want ...string) {
	t.Helper()
	f, ok := errs.FieldsOf(err)
	var got []string
	for _, x := range f {
		got = append(got, x.Name+" "+strings.TrimPrefix(x.Key, "support.fault."))
	}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("%s: %v (%v), want %v", what, got, err, want)
	}
}

// letters are those that were sent since the last time.
func letters(w *testrig.World, to string) (subjects []string) {
	for _, m := range w.Letters() {
		if m.To == to || to == "" {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

// A meeting from its plan over answers, an invitation and a move to who was there.
func TestAMeetingFromItsPlanToWhoWasThere(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		anna, annaID := o.Guardian("Helena", "Kuratorska")
		beata, beataID := o.Guardian("Hanna", "Druga")
		celina, _ := o.Guardian("Halina", "Trzecia")
		meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 5)))(t)
		w.OK(w.Support.Answer(ctx, anna, meetingID, "yes"))
		w.OK(w.Support.Answer(ctx, anna, meetingID, "yes")) // pressed twice
		w.OK(w.Support.Answer(ctx, beata, meetingID, "yes"))
		w.Refused("the third of two seats", w.Support.Answer(ctx, celina, meetingID, "yes"), errs.ErrConflict)
		w.OK(w.Support.Answer(ctx, celina, meetingID, "no"))
		w.OK(w.Support.Answer(ctx, celina, meetingID, ""))
		own := testrig.Must(w.Support.Own(ctx, anna))(t)
		if m, ok := own.Next(); !ok || m.Answer != "yes" || m.Coming != 2 || !m.Full() {
			t.Errorf("%+v", own.Meetings)
		}
		if own := testrig.Must(w.Support.Own(ctx, celina))(t); own.Meetings[0].Answer != "" {
			t.Errorf("taken back: %+v", own.Meetings)
		}
		if n := testrig.Must(w.Support.Invite(ctx, o.Coordinator, meetingID))(t); n != 1 {
			t.Errorf("%d were invited", n)
		}
		if n := testrig.Must(w.Support.Invite(ctx, o.Coordinator, meetingID))(t); n != 0 {
			t.Errorf("%d were invited twice", n)
		}
		invitation := w.LastLetter()
		for _, name := range []string{"Superwizyjna", "Kuratorska", "Druga", "Trzecia", "Rejestrowa"} {
			if strings.Contains(invitation.Subject+invitation.Body, name) {
				t.Errorf("the invitation names %s", name)
			}
		}
		if !strings.Contains(invitation.Body, "17:00–19:00") || !strings.Contains(invitation.Body, "/app/guardian/support") {
			t.Error(invitation.Body)
		}
		d := meetingOn(w, 6)
		d.Seats = 1
		_, err := w.Support.Move(ctx, o.Coordinator, meetingID, d)
		faulty(t, "fewer seats than people", err, "seats taken")
		d.Seats = 3
		if told := testrig.Must(w.Support.Move(ctx, o.Coordinator, meetingID, d))(t); told != 2 {
			t.Errorf("%d were told of the move", told)
		}
		if m := w.LastLetter(); m.Subject != "Spotkanie w innym czasie lub miejscu" || !strings.Contains(m.Body, "29 października 2026") && !strings.Contains(m.Body, "29\u00a0października 2026") {
			t.Errorf("%+v", m)
		}
		d.Leader, d.Edition = "Jan Inny", 2
		if told := testrig.Must(w.Support.Move(ctx, o.Coordinator, meetingID, d))(t); told != 0 {
			t.Errorf("%d were told of another leader", told)
		}
		_, err = w.Support.Move(ctx, o.Coordinator, meetingID, d)
		w.Refused("an old page", err, errs.ErrConflict)
		w.Refused("before it begins", w.Support.Attend(ctx, o.Coordinator, meetingID, []string{annaID}), errs.ErrConflict)

		w.Clock.Advance(6*24*time.Hour + 9*time.Hour) // while it is held
		w.Refused("an answer after it began", w.Support.Answer(ctx, celina, meetingID, "yes"), errs.ErrConflict)
		_, err = w.Support.Move(ctx, o.Coordinator, meetingID, meetingOn(w, 9))
		w.Refused("moved after it began", err, errs.ErrConflict)
		_, err = w.Support.Cancel(ctx, o.Coordinator, meetingID)
		w.Refused("cancelled after it began", err, errs.ErrConflict)
		_, err = w.Support.Invite(ctx, o.Coordinator, meetingID)
		w.Refused("invited after it began", err, errs.ErrConflict)
		w.OK(w.Support.Attend(ctx, o.Coordinator, meetingID, []string{beataID, id.New()}))
		w.OK(w.Support.Attend(ctx, o.Coordinator, meetingID, []string{annaID}))
		p := testrig.Must(w.Support.MeetingOf(ctx, o.Coordinator, meetingID))(t)
		present := map[string]string{}
		for _, g := range p.Guests {
			present[g.Name] = g.Present
		}
		if present["Helena Kuratorska"] != "yes" || present["Hanna Druga"] != "no" || present["Halina Trzecia"] != "" || p.MarkedAt.IsZero() {
			t.Errorf("%v", present)
		}
		w.Clock.Advance(24 * time.Hour)
		if own := testrig.Must(w.Support.Own(ctx, anna))(t); len(own.Past) != 1 || len(own.Meetings) != 0 {
			t.Errorf("%+v", own)
		}
		w.Clock.Advance(30 * 24 * time.Hour)
		w.Refused("after a month", w.Support.Attend(ctx, o.Coordinator, meetingID, nil), errs.ErrConflict)
	})
}

// Who would have come to a meeting that is cancelled is written to, sees that, and nobody answers any more.
func TestACancelledMeeting(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		other, _ := o.Guardian("Hanna", "Druga")
		meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 5)))(t)
		w.OK(w.Support.Answer(ctx, who, meetingID, "yes"))
		if told := testrig.Must(w.Support.Cancel(ctx, o.Coordinator, meetingID))(t); told != 1 || w.LastLetter().Subject != "Spotkanie odwołane" {
			t.Errorf("%d were told, %+v", told, w.LastLetter())
		}
		_, err := w.Support.Cancel(ctx, o.Coordinator, meetingID)
		w.Refused("cancelled twice", err, errs.ErrConflict)
		w.Refused("an answer", w.Support.Answer(ctx, other, meetingID, "yes"), errs.ErrConflict)
		if own := testrig.Must(w.Support.Own(ctx, who))(t); len(own.Meetings) != 1 || !own.Meetings[0].Cancelled() {
			t.Errorf("%+v", own.Meetings)
		}
		own := testrig.Must(w.Support.Own(ctx, other))(t)
		if _, next := own.Next(); len(own.Meetings) != 0 || next {
			t.Errorf("%+v", own.Meetings)
		}
		_, err = w.Support.OwnMeetingOf(ctx, who, meetingID)
		w.Refused("its file", err, errs.ErrNotFound)
		if x := testrig.Must(w.Support.Waiting(ctx, o.Coordinator))(t); x.Soon != 0 {
			t.Errorf("%+v", x)
		}
		w.Clock.Advance(6 * 24 * time.Hour)
		w.Refused("who was there", w.Support.Attend(ctx, o.Coordinator, meetingID, nil), errs.ErrConflict)
	})
}

// Of many who take the last seat at once one has it.
func TestTheLastSeatIsTakenOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		d := meetingOn(w, 5)
		d.Seats = 1
		meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, d))(t)
		var at sync.WaitGroup
		for _, given := range []string{"Adela", "Bella", "Celina", "Dorota"} {
			who, _ := o.Guardian(given, "Kuratorska")
			at.Go(func() {
				if err := w.Support.Answer(ctx, who, meetingID, "yes"); err != nil {
					w.Refused(given, err, errs.ErrConflict)
				}
			})
		}
		at.Wait()
		if p := testrig.Must(w.Support.MeetingOf(ctx, o.Coordinator, meetingID))(t); p.Coming != 1 {
			t.Errorf("%d have one seat", p.Coming)
		}
	})
}

// Every fault of a meeting and of an expert stands at its field.
func TestFaultsStandAtTheirFields(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), w.GuardianOffice()
	long := strings.Repeat("a", 201)
	for name, c := range map[string]struct {
		change func(*support.MeetingDraft)
		want   []string
	}{
		"nothing":     {func(d *support.MeetingDraft) { *d = support.MeetingDraft{} }, []string{"topic choose", "day day", "place missing", "seats seats", "leader missing"}},
		"no hour":     {func(d *support.MeetingDraft) { d.From = "at five" }, []string{"from hours"}},
		"past":        {func(d *support.MeetingDraft) { d.Day = "2026-10-22" }, []string{"day past"}},
		"far":         {func(d *support.MeetingDraft) { d.Day = "2029-10-22" }, []string{"day far"}},
		"backwards":   {func(d *support.MeetingDraft) { d.To = "16:59" }, []string{"to order"}},
		"long place":  {func(d *support.MeetingDraft) { d.Place = long }, []string{"place long"}},
		"plain link":  {func(d *support.MeetingDraft) { d.Place = "http://example.org" }, []string{"place link"}},
		"many seats":  {func(d *support.MeetingDraft) { d.Seats = 201 }, []string{"seats seats"}},
		"long leader": {func(d *support.MeetingDraft) { d.Leader = long }, []string{"leader long"}},
		"topic":       {func(d *support.MeetingDraft) { d.Topic = "x" }, []string{"topic choose"}},
	} {
		d := meetingOn(w, 5)
		c.change(&d)
		_, err := w.Support.Plan(ctx, o.Coordinator, d)
		faulty(t, name, err, c.want...)
	}
	for name, c := range map[string]struct {
		change func(*support.ExpertDraft)
		want   []string
	}{
		"nothing":    {func(d *support.ExpertDraft) { *d = support.ExpertDraft{} }, []string{"name missing", "topics topics", "phone contact", "hours-pl missing", "hours-en missing", "checked checked"}},
		"long":       {func(d *support.ExpertDraft) { d.Name, d.Hours["en"] = long, long }, []string{"name long", "hours-en long"}},
		"no such":    {func(d *support.ExpertDraft) { d.Topics = []string{"age", "x"} }, []string{"topics topics"}},
		"no phone":   {func(d *support.ExpertDraft) { d.Phone = "call me" }, []string{"phone phone"}},
		"no address": {func(d *support.ExpertDraft) { d.Mail = "at home" }, []string{"mail mail"}},
		"tomorrow":   {func(d *support.ExpertDraft) { d.CheckedOn = "2026-10-24" }, []string{"checked checked"}},
	} {
		d := expertFor(w, "age")
		c.change(&d)
		_, err := w.Support.AddExpert(ctx, o.Coordinator, d)
		faulty(t, name, err, c.want...)
	}
}

// Guardians see the experts of a topic; the office is told which are to be checked, and says that they were.
func TestExperts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		expertID := testrig.Must(w.Support.AddExpert(ctx, o.Coordinator, expertFor(w, "age", "court")))(t)
		own := testrig.Must(w.Support.Own(ctx, who))(t)
		if len(own.Experts("age")) != 1 || len(own.Experts("court")) != 1 || len(own.Experts("safety")) != 0 || own.Experts("age")[0].Hours.In("en") != "Mon and Wed, 10–14" {
			t.Errorf("%+v", own)
		}
		if x := testrig.Must(w.Support.Waiting(ctx, o.Coordinator))(t); x.Unchecked != 0 {
			t.Errorf("%+v", x)
		}
		w.Clock.Advance(183 * 24 * time.Hour)
		if x := testrig.Must(w.Support.Waiting(ctx, o.Coordinator))(t); x.Unchecked != 1 {
			t.Errorf("%+v", x)
		}
		w.Refused("an old page", w.Support.CheckExpert(ctx, o.Coordinator, expertID, 7), errs.ErrConflict)
		w.OK(w.Support.CheckExpert(ctx, o.Coordinator, expertID, 1))
		if x := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t); len(x.Unchecked) != 0 || x.Experts != 1 {
			t.Errorf("%+v", x)
		}
		d := expertFor(w, "safety")
		w.Refused("edited from an old page", w.Support.EditExpert(ctx, o.Coordinator, expertID, d), errs.ErrConflict)
		d.Edition = 2
		w.OK(w.Support.EditExpert(ctx, o.Coordinator, expertID, d))
		if own := testrig.Must(w.Support.Own(ctx, who))(t); len(own.Experts("age")) != 0 || len(own.Experts("safety")) != 1 {
			t.Errorf("%+v", own)
		}
		w.OK(w.Support.RemoveExpert(ctx, o.Coordinator, expertID))
		_, err := w.Support.Expert(ctx, o.Coordinator, expertID)
		w.Refused("removed", err, errs.ErrNotFound)
	})
}

// A call for help is two answers and no word; the office gets a letter that names nobody, takes it, gives it back, ends it and takes that back.
func TestACallForHelp(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		w.OK(w.Support.Call(ctx, who, "age", support.Today, support.ByPhone))
		m := w.LastLetter()
		if m.Subject != "Prośba o pomoc czeka" || strings.Contains(m.Subject+m.Body, "Kuratorska") || strings.Contains(m.Body, "ątpliwo") || !strings.Contains(m.Body, "/app/guardians/support") {
			t.Errorf("%+v", m)
		}
		w.Refused("twice about one topic", w.Support.Call(ctx, who, "age", support.Possible, support.ByMail), errs.ErrConflict)
		faulty(t, "nothing", w.Support.Call(ctx, who, "", "", ""), "topic choose", "soon choose", "reach reach")
		open := func() support.Signal {
			d := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t)
			if len(d.Signals) != 1 {
				t.Fatalf("%+v", d)
			}
			return d.Signals[0]
		}
		x := open()
		if x.Name != "Helena Kuratorska" || x.Mail != "" || x.DueAt.Sub(x.At) != 2*time.Hour || x.Late(w.Clock.Now()) || !x.Late(x.DueAt) {
			t.Errorf("%+v", x)
		}
		w.Refused("done before it was taken", w.Support.Finish(ctx, o.Coordinator, x.ID), errs.ErrConflict)
		w.Refused("given back before", w.Support.GiveBack(ctx, o.Coordinator, x.ID), errs.ErrConflict)
		w.OK(w.Support.Take(ctx, o.Coordinator, x.ID))
		w.Refused("taken twice", w.Support.Take(ctx, o.Coordinator, x.ID), errs.ErrConflict)
		if own := testrig.Must(w.Support.Own(ctx, who))(t); len(own.Signals) != 1 || own.Signals[0].TakenBy != "Gabriela Rejestrowa" {
			t.Errorf("%+v", own.Signals)
		}
		if n := testrig.Must(w.Support.Waiting(ctx, o.Coordinator))(t).Open; n != 0 {
			t.Errorf("%d wait", n)
		}
		w.OK(w.Support.GiveBack(ctx, o.Coordinator, x.ID))
		w.OK(w.Support.Take(ctx, o.Coordinator, x.ID))
		w.OK(w.Support.Finish(ctx, o.Coordinator, x.ID))
		w.OK(w.Support.Reopen(ctx, o.Coordinator, x.ID))
		w.OK(w.Support.Finish(ctx, o.Coordinator, x.ID))
		w.Refused("withdrawn after it was done", w.Support.Withdraw(ctx, who, x.ID), errs.ErrNotFound)
		w.Clock.Advance(support.UndoFor)
		w.Refused("opened again too late", w.Support.Reopen(ctx, o.Coordinator, x.ID), errs.ErrGone)
		if d := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t); len(d.Signals) != 0 || len(d.Ended) != 1 {
			t.Errorf("%+v", d)
		}
		w.OK(w.Support.Call(ctx, who, "age", support.Possible, support.ByMail)) // the next one
		x = open()
		if x.Mail == "" {
			t.Errorf("%+v", x)
		}
		w.OK(w.Support.Withdraw(ctx, who, x.ID))
		w.Refused("withdrawn twice", w.Support.Withdraw(ctx, who, x.ID), errs.ErrNotFound)
		w.Refused("taken after it was withdrawn", w.Support.Take(ctx, o.Coordinator, x.ID), errs.ErrConflict)
		w.Refused("opened again", w.Support.Reopen(ctx, o.Coordinator, x.ID), errs.ErrGone)
	})
}

// Of what nobody took in time the other coordinators are told, once; of what was taken, nobody.
func TestACallThatNobodyTakes(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		other, _ := o.Guardian("Hanna", "Druga")
		second := w.Person("Wiera", "Zastępcza", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator}) // for the whole installation
		mailOf := func(a access.Actor) string {
			return testrig.Must(db.One[string](ctx, w.DB, `SELECT mail FROM person WHERE id = ?`, a.PersonID))(t)
		}
		count := func(a access.Actor) int { return len(letters(w, mailOf(a))) }
		near, far := count(o.Coordinator), count(second)
		w.OK(w.Support.Call(ctx, who, "age", support.Today, support.ByPhone))
		w.OK(w.Support.Call(ctx, other, "court", support.Today, support.ByPhone))
		if count(o.Coordinator) != near+2 || count(second) != far || count(o.Elsewhere) != 0 {
			t.Errorf("at once: %d, %d, %d", count(o.Coordinator)-near, count(second)-far, count(o.Elsewhere))
		}
		w.Clock.Advance(2*time.Hour - time.Second)
		w.OK(w.Support.Remind(ctx))
		if count(second) != far {
			t.Error("told before the time")
		}
		w.Clock.Advance(time.Second)
		for range 2 {
			w.OK(w.Support.Remind(ctx))
			w.Clock.Advance(time.Hour)
		}
		if count(second) != far+1 || count(o.Coordinator) != near+2 {
			t.Errorf("after the time: %d, %d", count(second)-far, count(o.Coordinator)-near)
		}
		if m := w.LastLetter(); m.Subject != "Prośba o pomoc czeka po terminie" || strings.Contains(m.Body, "Kuratorska") {
			t.Errorf("%+v", m)
		}
		w.OK(w.Support.Call(ctx, who, "court", support.Today, support.ByPhone))
		d := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t)
		w.OK(w.Support.Take(ctx, o.Coordinator, d.Signals[len(d.Signals)-1].ID))
		w.Clock.Advance(3 * time.Hour)
		w.OK(w.Support.Remind(ctx))
		if count(second) != far+1 {
			t.Error("told of what was taken")
		}
	})
}

// A topic is marked as refreshed on a day, and that is taken back on the same day: the day before it stands again.
func TestRefreshing(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		day := func() support.Refreshed {
			for _, x := range testrig.Must(w.Support.RefreshedBy(ctx, o.Coordinator, entryID))(t) {
				if x.Topic == "age" {
					return x
				}
			}
			t.Fatal("no topic")
			return support.Refreshed{}
		}
		if x := day(); x.Day != "" || x.Faded {
			t.Errorf("%+v", x)
		}
		w.OK(w.Support.Refresh(ctx, who, "age", false))
		w.OK(w.Support.Refresh(ctx, who, "age", false))
		if x := day(); x.Day != "2026-10-23" {
			t.Errorf("%+v", x)
		}
		w.OK(w.Support.Refresh(ctx, who, "age", true))
		if x := day(); x.Day != "" {
			t.Errorf("%+v", x)
		}
		w.Refused("taken back twice", w.Support.Refresh(ctx, who, "age", true), errs.ErrGone)
		w.Refused("no topic", w.Support.Refresh(ctx, who, "x", false), errs.ErrNotFound)
		w.OK(w.Support.Refresh(ctx, who, "age", false))
		w.Clock.Advance(731 * 24 * time.Hour)
		if x := day(); !x.Faded {
			t.Errorf("%+v", x)
		}
		w.OK(w.Support.Refresh(ctx, who, "age", false))
		if x := day(); x.Faded || x.Day != "2028-10-23" {
			t.Errorf("%+v", x)
		}
		w.OK(w.Support.Refresh(ctx, who, "age", true))
		if x := day(); x.Day != "2026-10-23" {
			t.Errorf("%+v", x)
		}
	})
}

// Whoever is not in the register, has left it or is of another office is told that there is nothing, and sees nothing.
func TestWhoIsRefused(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		left, leftID := o.Guardian("Hanna", "Druga")
		strange := elsewhere(w, o)
		meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 5)))(t)
		expertID := testrig.Must(w.Support.AddExpert(ctx, o.Coordinator, expertFor(w, "age")))(t)
		w.OK(w.Support.Call(ctx, who, "age", support.Today, support.ByPhone))
		w.OK(w.Support.Call(ctx, left, "age", support.Today, support.ByPhone))
		w.OK(w.Support.Answer(ctx, left, meetingID, "yes"))
		w.OK(w.Guardians.Remove(ctx, o.Coordinator, leftID, guardian.ByPerson))
		d := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t)
		if len(d.Signals) != 1 || d.Soon[0].Coming != 0 {
			t.Errorf("of who left there is still something: %+v", d)
		}
		signal := d.Signals[0].ID

		desks := w.Everybody()
		maps.Copy(desks, map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "the guardian": who, "who left": left, "another office": o.Elsewhere})
		for name, actor := range desks {
			x, err := w.Support.Desk(ctx, actor)
			if name == "another office" {
				w.OK(err)
				if len(x.Signals)+len(x.Soon)+x.Experts != 0 {
					t.Errorf("another office sees %+v", x)
				}
			} else {
				w.Refused(name+": desk", err, errs.ErrNotFound)
				_, err = w.Support.Experts(ctx, actor)
				w.Refused(name+": experts", err, errs.ErrNotFound)
				_, err = w.Support.Plan(ctx, actor, meetingOn(w, 5))
				w.Refused(name+": plan", err, errs.ErrNotFound)
				_, err = w.Support.AddExpert(ctx, actor, expertFor(w, "age"))
				w.Refused(name+": add", err, errs.ErrNotFound)
			}
			_, err = w.Support.MeetingOf(ctx, actor, meetingID)
			w.Refused(name+": meeting", err, errs.ErrNotFound)
			_, err = w.Support.Move(ctx, actor, meetingID, meetingOn(w, 6))
			w.Refused(name+": move", err, errs.ErrNotFound)
			_, err = w.Support.Cancel(ctx, actor, meetingID)
			w.Refused(name+": cancel", err, errs.ErrNotFound)
			_, err = w.Support.Invite(ctx, actor, meetingID)
			w.Refused(name+": invite", err, errs.ErrNotFound)
			_, err = w.Support.RefreshedBy(ctx, actor, d.Signals[0].GuardianID)
			w.Refused(name+": refreshers", err, errs.ErrNotFound)
			_, err = w.Support.Expert(ctx, actor, expertID)
			w.Refused(name+": expert", err, errs.ErrNotFound)
			for what, err := range map[string]error{
				"attend": w.Support.Attend(ctx, actor, meetingID, nil), "edit": w.Support.EditExpert(ctx, actor, expertID, expertFor(w, "age")), "check": w.Support.CheckExpert(ctx, actor, expertID, 1),
				"remove": w.Support.RemoveExpert(ctx, actor, expertID), "take": w.Support.Take(ctx, actor, signal), "give back": w.Support.GiveBack(ctx, actor, signal),
				"done": w.Support.Finish(ctx, actor, signal), "reopen": w.Support.Reopen(ctx, actor, signal),
			} {
				w.Refused(name+": "+what, err, errs.ErrNotFound)
			}
		}
		own := maps.Clone(desks)
		delete(own, "the guardian")
		own["nobody"], own["the coordinator"] = access.Actor{}, o.Coordinator
		for name, actor := range own {
			_, err := w.Support.Own(ctx, actor)
			w.Refused(name+": own", err, errs.ErrNotFound)
			w.Refused(name+": call", w.Support.Call(ctx, actor, "age", support.Today, support.ByPhone), errs.ErrNotFound)
			w.Refused(name+": answer", w.Support.Answer(ctx, actor, meetingID, "yes"), errs.ErrNotFound)
			w.Refused(name+": refresh", w.Support.Refresh(ctx, actor, "age", false), errs.ErrNotFound)
			w.Refused(name+": withdraw", w.Support.Withdraw(ctx, actor, signal), errs.ErrNotFound)
			_, err = w.Support.OwnMeetingOf(ctx, actor, meetingID)
			w.Refused(name+": file", err, errs.ErrNotFound)
		}
		// A guardian of another office has a page of their own, on which there is nothing of this one.
		x := testrig.Must(w.Support.Own(ctx, strange))(t)
		if len(x.Meetings)+len(x.Signals)+len(x.Experts("age")) != 0 {
			t.Errorf("another office's guardian sees %+v", x)
		}
		w.Refused("another office's meeting", w.Support.Answer(ctx, strange, meetingID, "yes"), errs.ErrNotFound)
		w.Refused("another's call", w.Support.Withdraw(ctx, strange, signal), errs.ErrNotFound)
		_, err := w.Support.OwnMeetingOf(ctx, strange, meetingID)
		w.Refused("another office's file", err, errs.ErrNotFound)
		for _, nonsense := range []string{"", "x", id.New()} {
			_, err := w.Support.MeetingOf(ctx, o.Coordinator, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
			_, err = w.Support.Cancel(ctx, o.Coordinator, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
			_, err = w.Support.OwnMeetingOf(ctx, who, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
			w.Refused(nonsense, w.Support.Answer(ctx, who, nonsense, "yes"), errs.ErrNotFound)
			w.Refused(nonsense, w.Support.Withdraw(ctx, who, nonsense), errs.ErrNotFound)
			w.Refused(nonsense, w.Support.Take(ctx, o.Coordinator, nonsense), errs.ErrNotFound)
		}
		w.Refused("no such answer", w.Support.Answer(ctx, who, meetingID, "maybe"), errs.ErrNotFound)
	})
}

// elsewhere is a guardian whose entry another office keeps.
func elsewhere(w *testrig.World, o *testrig.GuardianOffice) access.Actor {
	w.T.Helper()
	ctx, who := w.T.Context(), w.Person("Irena", "Daleka", w.Police)
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := w.Guardians.Admit(ctx, tx, guardian.Admission{
			PersonID: who.PersonID, UnitID: w.Police, ValidUntil: w.Clock.Now().AddDate(1, 0, 0), Phone: "+48 600 100 201", MostChildren: 1, Langs: []string{"pl"}, Courts: []string{o.DistantCourt}, By: o.Elsewhere.PersonID,
		})
		return err
	}))
	return who
}

// Who answers for several offices chooses one; who answers for one need not.
func TestForWhichOffice(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), w.GuardianOffice()
	o.Guardian("Helena", "Kuratorska")
	strange := elsewhere(w, o)
	both := w.Person("Wiera", "Wszystka", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator})
	if list := testrig.Must(w.Support.Offices(ctx, both))(t); len(list) != 2 {
		t.Errorf("%+v", list)
	}
	_, err := w.Support.Plan(ctx, both, meetingOn(w, 5))
	faulty(t, "no office", err, "unit choose")
	d := meetingOn(w, 5)
	d.UnitID = w.Police
	testrig.Must(w.Support.Plan(ctx, both, d))(t)
	if x := testrig.Must(w.Support.Own(ctx, strange))(t); len(x.Meetings) != 1 {
		t.Errorf("%+v", x)
	}
	d.UnitID = w.Police // is not theirs: they have one, and it is for that
	meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, d))(t)
	if m := testrig.Must(w.Support.MeetingOf(ctx, o.Coordinator, meetingID))(t); m.UnitID != w.Office {
		t.Errorf("%+v", m)
	}
}

// Calls, answers and meetings end by their age.
func TestWhatIsKeptEnds(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		other, _ := o.Guardian("Hanna", "Druga")
		meetingID := testrig.Must(w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 5)))(t)
		w.OK(w.Support.Answer(ctx, who, meetingID, "yes"))
		w.OK(w.Support.Answer(ctx, other, meetingID, "no"))
		w.OK(w.Support.Call(ctx, who, "age", support.Today, support.ByPhone))
		w.OK(w.Support.Call(ctx, who, "court", support.Today, support.ByPhone))
		d := testrig.Must(w.Support.Desk(ctx, o.Coordinator))(t)
		w.OK(w.Support.Withdraw(ctx, who, d.Signals[0].ID))
		rows := func(table string) int {
			return testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM `+table))(t)
		}
		want := func(when string, signals, answers, meetings int) {
			t.Helper()
			w.OK(w.Keeping.EraseDue(ctx))
			if s, a, m := rows("guardian_signal"), rows("guardian_meeting_answer"), rows("guardian_meeting"); s != signals || a != answers || m != meetings {
				t.Errorf("%s: %d calls, %d answers, %d meetings", when, s, a, m)
			}
		}
		w.Clock.Advance(6 * 24 * time.Hour)
		w.OK(w.Support.Attend(ctx, o.Coordinator, meetingID, []string{entryID}))
		want("after the meeting", 2, 2, 1)
		w.Clock.Advance(30 * 24 * time.Hour)
		want("after a month", 2, 1, 1)
		w.Clock.Advance(150 * 24 * time.Hour)
		want("after half a year", 1, 1, 1)
		w.Clock.Advance(180 * 24 * time.Hour)
		want("after a year", 0, 1, 1)
		w.Clock.Advance(370 * 24 * time.Hour)
		want("after two years", 0, 0, 0)
	})
}

// What the database cannot do is told, and leaves nothing half done.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		o.Guardian("Hanna", "Druga")
		var meetingID, expertID string
		latest := func() string {
			return testrig.Must(db.One[string](ctx, w.DB, `SELECT id FROM guardian_signal ORDER BY id DESC LIMIT 1`))(t)
		}
		only := func(_ any, err error) error { return err }
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "plan", Do: func() (err error) { meetingID, err = w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 5)); return err }},
			{Name: "answer", Do: func() error { return w.Support.Answer(ctx, who, meetingID, "yes") }},
			{Name: "invite", Do: func() error { return only(w.Support.Invite(ctx, o.Coordinator, meetingID)) }},
			{Name: "move", Do: func() error { return only(w.Support.Move(ctx, o.Coordinator, meetingID, meetingOn(w, 6))) }},
			{Name: "meeting", Do: func() error { return only(w.Support.MeetingOf(ctx, o.Coordinator, meetingID)) }},
			{Name: "file", Do: func() error { return only(w.Support.OwnMeetingOf(ctx, who, meetingID)) }},
			{Name: "offices", Do: func() error { return only(w.Support.Offices(ctx, o.Coordinator)) }},
			{Name: "add", Do: func() (err error) {
				expertID, err = w.Support.AddExpert(ctx, o.Coordinator, expertFor(w, "age"))
				return err
			}},
			{Name: "expert", Do: func() error { return only(w.Support.Expert(ctx, o.Coordinator, expertID)) }},
			{Name: "experts", Do: func() error { return only(w.Support.Experts(ctx, o.Coordinator)) }},
			{Name: "edit", Do: func() error { return w.Support.EditExpert(ctx, o.Coordinator, expertID, expertFor(w, "age")) }},
			{Name: "check", Do: func() error { return w.Support.CheckExpert(ctx, o.Coordinator, expertID, 2) }},
			{Name: "call", Do: func() error { return w.Support.Call(ctx, who, "age", support.Today, support.ByPhone) }},
			{Name: "refresh", Do: func() error { return w.Support.Refresh(ctx, who, "age", false) }},
			{Name: "refreshers", Do: func() error { return only(w.Support.RefreshedBy(ctx, o.Coordinator, entryID)) }},
			{Name: "own", Do: func() error { return only(w.Support.Own(ctx, who)) }},
			{Name: "desk", Do: func() error { return only(w.Support.Desk(ctx, o.Coordinator)) }},
			{Name: "waiting", Do: func() error { return only(w.Support.Waiting(ctx, o.Coordinator)) }},
			{Name: "take back", Do: func() error { return w.Support.Refresh(ctx, who, "age", true) }},
		})
		signal := latest()
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "take", Do: func() error { return w.Support.Take(ctx, o.Coordinator, signal) }},
			{Name: "give back", Do: func() error { return w.Support.GiveBack(ctx, o.Coordinator, signal) }},
			{Name: "withdraw", Do: func() error { return w.Support.Withdraw(ctx, who, signal) }},
			{Name: "unsay", Do: func() error { return w.Support.Answer(ctx, who, meetingID, "") }},
			{Name: "remove", Do: func() error { return w.Support.RemoveExpert(ctx, o.Coordinator, expertID) }},
			{Name: "cancel", Do: func() error { return only(w.Support.Cancel(ctx, o.Coordinator, meetingID)) }},
		})
		w.OK(w.Support.Call(ctx, who, "court", support.Today, support.ByPhone))
		held := testrig.Must(w.Support.Plan(ctx, o.Coordinator, meetingOn(w, 1)))(t)
		w.OK(w.Support.Answer(ctx, who, held, "yes"))
		w.Clock.Advance(2 * 24 * time.Hour)
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "remind", Do: func() error { return w.Support.Remind(ctx) }},
			{Name: "attend", Do: func() error { return w.Support.Attend(ctx, o.Coordinator, held, []string{entryID}) }},
		})
		signal = latest()
		w.OK(w.Support.Take(ctx, o.Coordinator, signal))
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "done", Do: func() error { return w.Support.Finish(ctx, o.Coordinator, signal) }},
			{Name: "reopen", Do: func() error { return w.Support.Reopen(ctx, o.Coordinator, signal) }},
		})
		w.Clock.Advance(3 * 365 * 24 * time.Hour)
		if dbtest.Failing(t, w.DB, func() error { return w.Keeping.EraseDue(ctx) }) == 0 { // of each kind a transaction of its own
			t.Error("nothing ends")
		}
	})
}
