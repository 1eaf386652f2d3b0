package guardian_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/list"
	"ostoja/internal/testrig"
)

// Every Monday has its week, weeks follow each other without a gap, and what is written is read back.
func TestWeeks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2020, 1, 1, 0, 0, 0, 0, zone).AddDate(0, 0, rapid.IntRange(0, 40*366).Draw(t, "day")).Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "hour")) * time.Hour)
		w := guardian.WeekOf(day, zone)
		begins, ends := w.Begins(zone), w.Ends(zone)
		if begins.Weekday() != time.Monday || begins.Hour() != 0 || day.Before(begins) || !day.Before(ends) {
			t.Fatalf("%s is in %s, from %s until %s", day, w, begins, ends)
		}
		if read, ok := guardian.ParseWeek(string(w)); !ok || read != w {
			t.Fatalf("%s is read as %s", w, read)
		}
		if next := w.Add(1); next != guardian.WeekOf(ends, zone) || next.Add(-1) != w || next <= w {
			t.Fatalf("after %s comes %s", w, next)
		}
		if from, until := w.Days(); from != begins.Format(time.DateOnly) || until != ends.AddDate(0, 0, -1).Format(time.DateOnly) {
			t.Fatalf("%s is from %s until %s", w, from, until)
		}
	})
	for _, nonsense := range []string{"", "2026-W00", "2026-W54", "2025-W53", "2026-49", "x", "2026-W49 "} {
		if w, ok := guardian.ParseWeek(nonsense); ok {
			t.Errorf("%q is read as %s", nonsense, w)
		}
	}
}

func TestCheckAbsence(t *testing.T) {
	const today = "2026-11-30"
	for _, c := range []struct {
		from, until string
		field       string
	}{
		{"2026-11-30", "2026-11-30", ""}, {"2026-11-01", "2026-11-30", ""}, {"2026-12-01", "2027-12-01", ""},
		{"", "2026-12-01", "from"}, {"2026-12-01", "x", "until"}, {"2026-12-02", "2026-12-01", "until"}, {"2026-11-01", "2026-11-29", "until"}, {"2026-12-01", "2027-12-02", "until"},
	} {
		faults := guardian.CheckAbsence(c.from, c.until, today)
		if got := fieldOf(faults); got != c.field {
			t.Errorf("%s to %s: the fault is at %q, want %q", c.from, c.until, got, c.field)
		}
	}
}

func fieldOf(f errs.Fields) string {
	if len(f) == 0 {
		return ""
	}
	return f[0].Name
}

// everybodyElse are all who may not see the office's register.
func everybodyElse(w *testrig.World, o *testrig.GuardianOffice, who access.Actor) map[string]access.Actor {
	others := w.Everybody()
	for name, actor := range map[string]access.Actor{"coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "the person": who} {
		others[name] = actor
	}
	return others
}

// What the office does with an entry is refused to everybody else as what there is not, and the entry stays as it was.
func TestWhoChangesAnEntry(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		next := w.Clock.Now().AddDate(2, 0, 0)
		for name, actor := range everybodyElse(w, o, who) {
			g, ctx := w.Guardians, t.Context()
			_, phoneErr := g.Phone(ctx, actor, entryID)
			_, statementErr := g.MakeStatement(ctx, actor, entryID)
			_, pageErr := g.Page(ctx, actor, entryID)
			for what, err := range map[string]error{
				"list": g.Enlist(ctx, actor, entryID), "pause": g.Pause(ctx, actor, entryID, guardian.ByPerson), "remove": g.Remove(ctx, actor, entryID, guardian.Decision),
				"edit": g.Edit(ctx, actor, entryID, guardian.Draft{}), "renew": g.Renew(ctx, actor, entryID, next, guardian.Refresher), "phone": phoneErr, "statement": statementErr, "page": pageErr,
				"close a court": errOf(name != "coordinator elsewhere", g.CloseCourt(ctx, actor, o.DistantCourt, 99, true)),
			} {
				if err == nil && what == "close a court" {
					continue
				}
				w.Refused(name+": "+what, err, errs.ErrNotFound)
			}
			if rows, total, err := g.List(ctx, actor, guardian.Filter{}); len(rows)+total > 0 {
				t.Errorf("%s sees %d entries: %v", name, total, err)
			}
			if list, err := g.PauseMany(ctx, actor, []string{entryID}, guardian.ByPerson); err == nil && (len(list) != 1 || list[0].Key == "" || list[0].Name != "") {
				t.Errorf("%s pauses many: %v", name, list)
			}
			if name != "the person" {
				_, err := g.Own(ctx, actor)
				w.Refused(name+": own", err, errs.ErrNotFound)
				w.Refused(name+": withdraw", g.Withdraw(ctx, actor), errs.ErrNotFound)
			}
		}
		if x := testrig.Must(w.Guardians.Page(t.Context(), o.Coordinator, entryID))(t); x.State != guardian.Verified || len(x.History) != 1 || x.Phone != "" {
			t.Errorf("%+v", x)
		}
	})
}

func errOf(counts bool, err error) error {
	if !counts {
		return nil
	}
	return err
}

// The life of an entry: on the list, paused, back, edited, renewed, removed; each is a line of its history, and what was meanwhile changed is refused.
func TestTheLifeOfAnEntry(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx, by := w.Guardians, t.Context(), o.Coordinator
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.Refused("a pause before the list", g.Pause(ctx, by, entryID, guardian.ByPerson), errs.ErrConflict)
		w.OK(g.Enlist(ctx, by, entryID))
		w.Refused("twice", g.Enlist(ctx, by, entryID), errs.ErrConflict)
		w.Refused("no reason", g.Pause(ctx, by, entryID, "x"), errs.ErrInvalid)
		w.OK(g.Pause(ctx, by, entryID, guardian.Clarify))
		w.Refused("the person ends the office's pause", g.SetAvailable(ctx, who, true), errs.ErrConflict)
		w.OK(g.Enlist(ctx, by, entryID))
		w.OK(g.SetAvailable(ctx, who, false))
		w.OK(g.SetAvailable(ctx, who, true))
		e := testrig.Must(g.Entry(ctx, by, entryID))(t)
		good := guardian.Draft{MostChildren: 3, Strengths: "Doświadczenie z małymi dziećmi.", Langs: []string{"uk", "ar"}, Courts: []string{o.NearCourt, o.DistantCourt}, Answers: []string{"trafficking", "woman"}, Edition: e.Edition}
		for what, change := range map[string]func(d *guardian.Draft){
			"most":      func(d *guardian.Draft) { d.MostChildren = -1 },
			"phone":     func(d *guardian.Draft) { d.Phone = "zadzwoń" },
			"strengths": func(d *guardian.Draft) { d.Strengths = "Tel. 600 100 200" },
			"langs":     func(d *guardian.Draft) { d.Langs = []string{"xx"} },
			"courts":    func(d *guardian.Draft) { d.Courts = nil },
			"answers":   func(d *guardian.Draft) { d.Answers = []string{"near"} },
		} {
			bad := good
			change(&bad)
			err := g.Edit(ctx, by, entryID, bad)
			w.Refused(what, err, errs.ErrInvalid)
			if f, _ := errs.FieldsOf(err); fieldOf(f) != what {
				t.Errorf("%s: the fault is at %s", what, fieldOf(f))
			}
		}
		both := good
		both.Answers = []string{"woman", "man"}
		w.Refused("a woman and a man", g.Edit(ctx, by, entryID, both), errs.ErrInvalid)
		w.OK(g.Edit(ctx, by, entryID, good))
		w.Refused("another edition", g.Edit(ctx, by, entryID, good), errs.ErrConflict)
		if phone := testrig.Must(g.Phone(ctx, by, entryID))(t); phone != "+48 600 100 200" {
			t.Errorf("the phone that was left is %q", phone)
		}
		w.Refused("earlier", g.Renew(ctx, by, entryID, w.Clock.Now().AddDate(0, 1, 0), guardian.Refresher), errs.ErrInvalid)
		w.Refused("far", g.Renew(ctx, by, entryID, w.Clock.Now().AddDate(4, 0, 0), guardian.Refresher), errs.ErrInvalid)
		w.OK(g.Renew(ctx, by, entryID, w.Clock.Now().AddDate(2, 0, 0), guardian.Refresher))
		w.OK(g.AddAbsence(ctx, who, "2030-01-01", "2030-01-05"))
		x := testrig.Must(g.Own(ctx, who))(t)
		if len(x.Absences) != 1 || !slices.Equal(x.Langs, []string{"ar", "uk"}) || len(x.Courts) != 2 || x.MostChildren != 3 || !slices.Equal(x.Answers, []string{"woman", "trafficking"}) {
			t.Errorf("%+v", x)
		}
		w.Refused("another's absence", g.RemoveAbsence(ctx, o.Coordinator, x.Absences[0].ID), errs.ErrNotFound)
		w.OK(g.RemoveAbsence(ctx, who, x.Absences[0].ID))
		w.Refused("twice", g.RemoveAbsence(ctx, who, x.Absences[0].ID), errs.ErrNotFound)
		w.OK(g.Remove(ctx, by, entryID, guardian.Decision))
		w.Refused("back from removed", g.Enlist(ctx, by, entryID), errs.ErrConflict)
		w.Refused("an absence of who left", g.AddAbsence(ctx, who, "2030-01-01", "2030-01-05"), errs.ErrConflict)
		x = testrig.Must(g.Page(ctx, by, entryID))(t)
		if len(x.Answers) != 0 {
			t.Errorf("of who left it is kept that they answer to %q", x.Answers)
		}
		var kinds []string
		for _, h := range slices.Backward(x.History) {
			kinds = append(kinds, h.Kind)
		}
		want := "admitted listed paused listed paused listed edited looked-office renewed absence-added absence-removed removed"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("history: %s", got)
		}
	})
}

// Who withdraws is off the list at once and their contact is gone; the history stays to its day and is then erased, which is recorded.
func TestWithdrawal(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx := w.Guardians, t.Context()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(g.SetAvailable(ctx, who, true))
		w.OK(g.Withdraw(ctx, who))
		e := testrig.Must(g.Entry(ctx, o.Coordinator, entryID))(t)
		if e.State != guardian.Removed || e.Phone != "" || e.Proposable(w.Clock.Now(), 0) {
			t.Errorf("%+v", e)
		}
		w.Refused("twice", g.Withdraw(ctx, who), errs.ErrConflict)
		if rows, _, err := g.List(ctx, o.Coordinator, guardian.Filter{}); err != nil || len(rows) != 0 {
			t.Errorf("%d rows: %v", len(rows), err)
		}
		if rows, _, err := g.List(ctx, o.Coordinator, guardian.Filter{State: guardian.Removed}); err != nil || len(rows) != 1 {
			t.Errorf("%d removed: %v", len(rows), err)
		}
		end := testrig.Must(g.Own(ctx, who))(t).KeptTo
		w.Until(end.Add(-time.Hour))
		w.OK(w.Keeping.EraseDue(ctx))
		testrig.Must(g.Entry(ctx, o.Coordinator, entryID))(t)
		w.Until(end)
		w.OK(w.Keeping.EraseDue(ctx))
		n := testrig.Must(db.One[int](ctx, w.DB, `SELECT (SELECT COUNT(*) FROM guardian) + (SELECT COUNT(*) FROM guardian_event)`))(t)
		if n != 0 {
			t.Errorf("%d rows are left", n)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'guardian.erase' AND object = ?`, "guardian:"+entryID))(t); n != 1 {
			t.Errorf("the record has %d entries of it", n)
		}
	})
}

// While an appointment lasts, the history of who left is kept for another term.
func TestTheHistoryOfAnAppointmentThatLasts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `INSERT INTO guardian_appointment (id, guardian_id, case_code, kind, decided_on, started_on) VALUES ('a', ?, 'XYZ', 'curator', '2026-11-01', '2026-11-01')`, entryID)
		}))
		if x := testrig.Must(w.Guardians.Own(t.Context(), who))(t); x.Children != 1 {
			t.Errorf("%d children", x.Children)
		}
		w.OK(w.Guardians.Withdraw(t.Context(), who))
		end := testrig.Must(w.Guardians.Own(t.Context(), who))(t).KeptTo
		w.Until(end)
		w.OK(w.Keeping.EraseDue(t.Context()))
		if x := testrig.Must(w.Guardians.Own(t.Context(), who))(t); x.History[0].Kind != "kept-on" {
			t.Errorf("%+v", x.History[0])
		}
		w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `UPDATE guardian_appointment SET ended_on = '2027-01-01', ended = 'adult'`)
		}))
		w.Until(w.Clock.Now().AddDate(3, 0, 1))
		w.OK(w.Keeping.EraseDue(t.Context()))
		_, err := w.Guardians.Own(t.Context(), who)
		w.Refused("erased", err, errs.ErrNotFound)
	})
}

// Of many entries each is done or refused by itself, with why.
func TestManyAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx := w.Guardians, t.Context()
		_, listed := o.Guardian("Anna", "Pierwsza")
		_, verified := o.Guardian("Beata", "Druga")
		w.OK(g.Enlist(ctx, o.Coordinator, listed))
		list := testrig.Must(g.PauseMany(ctx, o.Coordinator, []string{verified, listed, "x"}, guardian.Papers))(t)
		keys := map[string]string{}
		for _, x := range list {
			keys[x.Name] = x.Key
		}
		if len(list) != 3 || keys["Anna Pierwsza"] != "" || keys["Beata Druga"] != "guardian.state-verified" || keys[""] != "error.not-found" {
			t.Errorf("%+v", list)
		}
		_, err := g.PauseMany(ctx, o.Coordinator, nil, guardian.Papers)
		w.Refused("nobody", err, errs.ErrInvalid)
		_, err = g.RenewMany(ctx, o.Coordinator, []string{listed}, w.Clock.Now(), guardian.Refresher)
		w.Refused("a day that is over", err, errs.ErrInvalid)
		until := w.Clock.Now().AddDate(2, 0, 0)
		w.OK(g.Renew(ctx, o.Coordinator, listed, until.AddDate(0, 1, 0), guardian.Checked))
		list = testrig.Must(g.RenewMany(ctx, o.Coordinator, []string{verified, listed}, until, guardian.Refresher))(t)
		if len(list) != 2 || list[0].Key != "" && list[1].Key != "" || testrig.Must(g.Entry(ctx, o.Coordinator, verified))(t).ValidUntil != until {
			t.Errorf("%+v", list)
		}
	})
}

// The list is searched, filtered and sorted.
func TestTheList(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx, by := w.Guardians, t.Context(), o.Coordinator
		_, a := o.Guardian("Anna", "Żuraw")
		_, b := o.Guardian("Beata", "Łąka")
		w.OK(g.Enlist(ctx, by, b))
		e := testrig.Must(g.Entry(ctx, by, b))(t)
		w.OK(g.Edit(ctx, by, b, guardian.Draft{MostChildren: 1, Langs: []string{"ar"}, Courts: []string{o.DistantCourt}, Edition: e.Edition}))
		w.OK(g.Renew(ctx, by, b, w.Clock.Now().AddDate(2, 0, 0), guardian.Refresher))
		for what, c := range map[string]struct {
			filter guardian.Filter
			want   []string
		}{
			"by name":   {guardian.Filter{}, []string{b, a}},
			"backwards": {guardian.Filter{Window: list.Window{Sort: "until"}}, []string{a, b}},
			"word":      {guardian.Filter{Text: "zuraw"}, []string{a}},
			"listed":    {guardian.Filter{State: guardian.Listed}, []string{b}},
			"court":     {guardian.Filter{CourtID: o.NearCourt}, []string{a}},
			"language":  {guardian.Filter{Lang: "ar"}, []string{b}},
			"over":      {guardian.Filter{Validity: guardian.Over}, nil},
			"holds":     {guardian.Filter{Validity: guardian.Holds}, []string{b, a}},
		} {
			rows, total, err := g.List(ctx, by, c.filter)
			w.OK(err)
			var got []string
			for _, r := range rows {
				got = append(got, r.ID)
			}
			if !slices.Equal(got, c.want) || total != len(c.want) {
				t.Errorf("%s: %d rows, %d in all", what, len(got), total)
			}
		}
		w.Clock.Advance(300 * 24 * time.Hour)
		if rows, _, err := g.List(ctx, by, guardian.Filter{Validity: guardian.Ending}); err != nil || len(rows) != 1 || rows[0].ID != a || len(rows[0].Langs) != 2 || len(rows[0].Courts) != 1 {
			t.Errorf("%+v %v", rows, err)
		}
	})
}

// Courts are renamed and closed as they were seen.
func TestCourts(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx, by := w.Guardians, t.Context(), o.Coordinator
		c := testrig.Must(g.Court(ctx, by, o.NearCourt))(t)
		c.Name, c.Region = "Sąd Rejonowy w Nowych Brzezinach", "06"
		w.OK(g.RenameCourt(ctx, by, c))
		w.Refused("another edition", g.RenameCourt(ctx, by, c), errs.ErrConflict)
		w.Refused("another edition, closing", g.CloseCourt(ctx, by, c.ID, c.Edition, true), errs.ErrConflict)
		w.OK(g.CloseCourt(ctx, by, c.ID, c.Edition+1, true))
		if c = testrig.Must(g.Court(ctx, by, o.NearCourt))(t); c.ClosedAt.IsZero() || c.Region != "06" {
			t.Errorf("%+v", c)
		}
		w.OK(g.CloseCourt(ctx, by, c.ID, c.Edition, false))
		c.Name, c.Edition = "", c.Edition+1
		w.Refused("no name", g.RenameCourt(ctx, by, c), errs.ErrInvalid)
		_, err := g.Court(ctx, o.Requester, c.ID)
		w.Refused("a requester", err, errs.ErrNotFound)
	})
}

// With a moved clock: three letters, none twice, and from the end on nobody is proposed.
func TestReminders(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(w.Guardians.SetAvailable(t.Context(), who, true))
		end := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t).ValidUntil
		before := len(w.Letters())
		var sent []int
		for days := 100; days >= -2; days-- {
			w.Until(end.AddDate(0, 0, -days))
			for range 2 {
				w.OK(w.Guardians.Remind(t.Context()))
			}
			if n := len(w.Letters()); n > before {
				sent, before = append(sent, days), n
			}
		}
		if !slices.Equal(sent, []int{90, 30, 7}) {
			t.Errorf("letters %v days before", sent)
		}
		l := w.LastLetter()
		if strings.Contains(l.Subject, "urator") || !strings.Contains(l.Body, "/app/guardian") {
			t.Errorf("%q: %s", l.Subject, l.Body)
		}
		e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t)
		if e.Proposable(w.Clock.Now(), 0) {
			t.Error("an expired entry is proposed")
		}
		w.OK(w.Guardians.SetAvailable(t.Context(), who, false))
		w.Refused("on the list after the end", w.Guardians.SetAvailable(t.Context(), who, true), errs.ErrConflict)
		w.OK(w.Guardians.Renew(t.Context(), o.Coordinator, entryID, w.Clock.Now().AddDate(0, 0, 91), guardian.Checked))
		w.OK(w.Guardians.SetAvailable(t.Context(), who, true))
		w.Clock.Advance(25 * time.Hour)
		w.OK(w.Guardians.Remind(t.Context()))
		if n := len(w.Letters()); n != before+1 {
			t.Errorf("%d letters after the renewal", n-before)
		}
	})
}

// A statement is true while the entry holds, and unknown once the person has left.
func TestStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, ctx := w.Guardians, t.Context()
		who, entryID := o.Guardian("Helena", "Kuratorska")
		x := testrig.Must(g.MakeStatement(ctx, o.Coordinator, entryID))(t)
		if len(x.Code) != 16 || x.Name != "Helena Kuratorska" || x.Office == "" || len(x.Courts) != 1 || !x.Since.Equal(w.Clock.Now()) {
			t.Errorf("%+v", x)
		}
		v := testrig.Must(g.Verify(ctx, " "+strings.ToLower(guardian.Grouped(x.Code))))(t)
		if !v.Holds || v.Name != x.Name {
			t.Errorf("%+v", v)
		}
		for _, code := range []string{"", "x", "0000-0000-0000-0000", x.Code[:15]} {
			_, err := g.Verify(ctx, code)
			w.Refused(code, err, errs.ErrNotFound)
		}
		w.Clock.Advance(366 * 24 * time.Hour)
		if v = testrig.Must(g.Verify(ctx, x.Code))(t); v.Holds {
			t.Error("it holds after its end")
		}
		_, err := g.MakeStatement(ctx, o.Coordinator, entryID)
		w.Refused("after its end", err, errs.ErrConflict)
		w.OK(g.Withdraw(ctx, who))
		_, err = g.Verify(ctx, x.Code)
		w.Refused("of who left", err, errs.ErrNotFound)
	})
}

// Numbers of few people are not told, and what is told is right.
func TestFigures(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		early := ""
		for i := range 6 {
			if i == 4 {
				if x := testrig.Must(w.Guardians.Figures(t.Context(), o.Coordinator))(t); x.All.Shown || x.All.N != 0 {
					t.Errorf("of four: %+v", x)
				}
			}
			_, early = o.Guardian("Anna", "Osoba"+string(rune('a'+i)))
		}
		ends := w.Clock.Now().AddDate(0, 0, 365).Add(-time.Microsecond).In(w.Measurement.Zone()).Format("2006-01")
		topics := w.Clock.Now().In(w.Measurement.Zone()).AddDate(0, 24, 0).Format("2006-01")
		x := testrig.Must(w.Guardians.Figures(t.Context(), o.Coordinator))(t)
		if !x.All.Shown || x.All.N != 6 || x.Ending.N != 0 || x.All.Renew != ends || x.All.Refresh != topics {
			t.Errorf("%+v", x)
		}
		shown := false
		for _, c := range x.Courts {
			if c.N != 0 && c.N != 6 || (c.N == 6) != (c.Renew == ends && c.Refresh == topics) || c.N == 0 && c.Renew+c.Refresh != "" {
				t.Errorf("%+v", c)
			}
			shown = shown || c.N == 6
		}
		if !shown {
			t.Errorf("no court is told: %+v", x.Courts)
		}
		w.OK(w.Guardians.Renew(t.Context(), o.Coordinator, early, w.Clock.Now().AddDate(0, 0, 400), guardian.Refresher))
		if x := testrig.Must(w.Guardians.Figures(t.Context(), o.Coordinator))(t); x.All.Renew != ends {
			t.Errorf("the others' end stays: %+v", x.All)
		}
		_, err := w.Guardians.Figures(t.Context(), o.Requester)
		w.Refused("a requester", err, errs.ErrNotFound)
		if x := testrig.Must(w.Guardians.Figures(t.Context(), o.Elsewhere))(t); x.All.Shown {
			t.Errorf("another office: %+v", x)
		}
	})
}

// Each change is whole or nothing.
func TestChangesAreWhole(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		g, by := w.Guardians, o.Coordinator
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(g.Enlist(t.Context(), by, entryID))
		_, other := o.Guardian("Hanna", "Inna")
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "pause", Do: func() error { return g.Pause(t.Context(), by, entryID, guardian.Papers) }},
			{Name: "edit", Do: func() error {
				e, err := g.Entry(t.Context(), by, entryID)
				if err != nil {
					return err
				}
				return g.Edit(t.Context(), by, entryID, guardian.Draft{MostChildren: 2, Langs: []string{"pl"}, Courts: []string{o.NearCourt}, Edition: e.Edition})
			}},
			{Name: "renew", Do: func() error { return g.Renew(t.Context(), by, other, w.Clock.Now().AddDate(2, 0, 0), guardian.Checked) }},
			{Name: "phone", Do: func() error { _, err := g.Phone(t.Context(), by, other); return err }},
			{Name: "statement", Do: func() error { _, err := g.MakeStatement(t.Context(), by, other); return err }},
			{Name: "absence", Do: func() error { return g.AddAbsence(t.Context(), who, "2030-01-01", "2030-01-02") }},
			{Name: "withdraw", Do: func() error { return g.Withdraw(t.Context(), who) }},
			{Name: "many", Do: func() error {
				_, err := g.RenewMany(t.Context(), by, []string{other}, w.Clock.Now().AddDate(2, 1, 0), guardian.Checked)
				return err
			}},
		})
	})
}
