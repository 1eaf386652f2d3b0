package appointment_test

import (
	"maps"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// draft is an appointment of today.
func draft(w *testrig.World, guardianID string) appointment.Draft {
	today := w.Appointments.Today()
	return appointment.Draft{GuardianID: guardianID, Kind: "kurator", Scope: []string{"protection", "stay"}, DecidedOn: today, StartedOn: today}
}

// faulty wants an error to be a fault of one field.
func faulty(t *testing.T, err error, field, key string) {
	t.Helper()
	if f, ok := errs.FieldsOf(err); !ok || len(f) != 1 || f[0].Name != field || f[0].Key != "appointment.fault."+key {
		t.Errorf("%s %s: %v", field, key, err)
	}
}

func others(w *testrig.World, o *testrig.GuardianOffice) map[string]access.Actor {
	all := w.Everybody()
	maps.Copy(all, map[string]access.Actor{"coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints})
	return all
}

// From the court's order to the end, with what is kept of it.
func TestAnAppointmentFromItsOrderToItsEnd(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, guardianID := o.Guardian("Helena", "Kuratorska")
		a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)))(t)
		again := draft(w, guardianID)
		again.Code = appointment.Grouped(a.CaseCode)
		_, err := w.Appointments.Enter(ctx, o.Coordinator, again)
		faulty(t, err, "code", "twice")
		again.Scope = []string{"court"} // another procedure of the same child counts as no second child
		b := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, again))(t)
		if b.CaseCode != a.CaseCode {
			t.Errorf("%s and %s", a.CaseCode, b.CaseCode)
		}
		testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)))(t)
		_, err = w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID))
		faulty(t, err, "guardian", "limit")
		if c := testrig.Must(w.Appointments.Candidates(ctx, o.Coordinator))(t); len(c) != 1 || c[0].Children != 2 || c[0].MostChildren != 2 {
			t.Errorf("%+v", c)
		}

		w.OK(w.Appointments.NameCourt(ctx, o.Coordinator, a.ID, o.NearCourt))
		w.Refused("another court", w.Appointments.NameCourt(ctx, o.Coordinator, a.ID, o.DistantCourt), errs.ErrConflict)
		faulty(t, w.Appointments.NameCourt(ctx, o.Coordinator, b.ID, id.New()), "court", "choose")
		w.OK(w.Appointments.Contact(ctx, who, a.ID, w.Appointments.Today()))
		p := testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t)
		if p.ContactOn != w.Appointments.Today() || p.Court == "" || len(p.Others) != 1 || p.Others[0].ID != b.ID || !p.MayWrite || !p.Running() {
			t.Errorf("%+v", p)
		}
		w.Refused("an old page", w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Replaced, On: w.Appointments.Today()}, 1), errs.ErrConflict)
		w.Clock.Advance(60 * 24 * time.Hour)
		w.OK(w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Adult, Month: "2026-11-17"}, p.Edition))
		p = testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t)
		if p.EndedOn != "2026-11-30" || p.Ended != appointment.Adult || !p.Undo {
			t.Errorf("%+v", p.Appointment)
		}
		w.Refused("ended twice", w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Mistaken}, p.Edition), errs.ErrConflict)
		w.Refused("a contact after the end", w.Appointments.Contact(ctx, who, a.ID, w.Appointments.Today()), errs.ErrConflict)
		// The day that was sent is in no row.
		err = db.Rows(ctx, w.DB, func(_ []string, values []any) error {
			for _, v := range values {
				if s, ok := v.(string); ok && s == "2026-11-17" {
					t.Error("the day of birth is kept")
				}
			}
			return nil
		}, `SELECT started_on, ended_on, contact_on FROM guardian_appointment`)
		w.OK(err)
	})
}

// A missing child ends nothing; who is told is ticked with its time, and all of it begins anew should it happen again.
func TestAMissingChild(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		_, guardianID := o.Guardian("Helena", "Kuratorska")
		a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)))(t)
		today := w.Appointments.Today()
		faulty(t, w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Missing, On: today}, 1), "reason", "not-missing")
		w.Refused("a tick before", w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.MissingList, "police", true), errs.ErrConflict)
		w.Refused("found before", w.Appointments.Found(ctx, o.Coordinator, a.ID), errs.ErrConflict)
		w.OK(w.Appointments.ReportMissing(ctx, o.Coordinator, a.ID))
		w.Refused("reported twice", w.Appointments.ReportMissing(ctx, o.Coordinator, a.ID), errs.ErrConflict)
		w.Clock.Advance(5 * time.Minute)
		for range 2 { // pressed twice
			w.OK(w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.MissingList, "police", true))
			w.Clock.Advance(time.Minute)
		}
		w.OK(w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.HandoverList, "papers", true))
		w.Refused("no such item", w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.MissingList, "papers", true), errs.ErrNotFound)
		w.Refused("no such list", w.Appointments.Tick(ctx, o.Coordinator, a.ID, "x", "police", true), errs.ErrNotFound)
		p := testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t)
		if tick, done := p.Done(appointment.MissingList, "police"); !p.Running() || !p.IsMissing() || !done || tick.At.Sub(p.MissingSince) != 5*time.Minute {
			t.Errorf("%+v, %+v", p.Appointment, p.Ticks)
		}
		w.OK(w.Appointments.Found(ctx, o.Coordinator, a.ID))
		p = testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t)
		if _, done := p.Done(appointment.MissingList, "police"); done || p.IsMissing() || len(p.Ticks) != 1 {
			t.Errorf("found: %+v", p.Ticks)
		}
		w.OK(w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.HandoverList, "papers", false))
		w.OK(w.Appointments.ReportMissing(ctx, o.Coordinator, a.ID))
		w.OK(w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Missing, On: today}, 4))
		if p = testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t); p.IsMissing() || len(p.Ticks) != 0 || p.Ended != appointment.Missing {
			t.Errorf("%+v", p)
		}
	})
}

// The latest act is taken back within ten minutes, as long as the guardian has room.
func TestUndo(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, guardianID := o.Guardian("Helena", "Kuratorska")
		enter := func() appointment.Appointment {
			return testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)))(t)
		}
		a := enter()
		if gone := testrig.Must(w.Appointments.Undo(ctx, o.Coordinator, a.ID))(t); !gone {
			t.Error("it is still there")
		}
		_, err := w.Appointments.Page(ctx, o.Coordinator, a.ID)
		w.Refused("gone", err, errs.ErrNotFound)
		a, b := enter(), enter()
		end := appointment.End{Reason: appointment.Moved, On: w.Appointments.Today()}
		w.OK(w.Appointments.End(ctx, o.Coordinator, a.ID, end, 1))
		testrig.Must(w.Appointments.Undo(ctx, o.Coordinator, a.ID))(t)
		p := testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t)
		if !p.Running() || p.EndedOn != "" || p.Undo {
			t.Errorf("undone: %+v", p)
		}
		_, err = w.Appointments.Undo(ctx, o.Coordinator, a.ID)
		w.Refused("what was before", err, errs.ErrGone)
		w.OK(w.Appointments.End(ctx, o.Coordinator, a.ID, end, p.Edition))
		enter() // takes the room
		_, err = w.Appointments.Undo(ctx, o.Coordinator, a.ID)
		w.Refused("over the limit", err, errs.ErrConflict)
		w.OK(w.Appointments.ReportMissing(ctx, o.Coordinator, b.ID))
		w.Clock.Advance(appointment.UndoFor)
		_, err = w.Appointments.Undo(ctx, o.Coordinator, b.ID)
		w.Refused("too late", err, errs.ErrGone)

		w.OK(w.Appointments.Contact(ctx, who, b.ID, w.Appointments.Today()))
		_, err = w.Appointments.Undo(ctx, o.Coordinator, b.ID) // an office may, should a guardian ask for it
		w.OK(err)
		w.OK(w.Appointments.Contact(ctx, who, b.ID, w.Appointments.Today()))
		w.OK(w.Appointments.TakeBack(ctx, who, b.ID))
		w.Refused("taken back twice", w.Appointments.TakeBack(ctx, who, b.ID), errs.ErrGone)
		if mine := testrig.Must(w.Appointments.Mine(ctx, who))(t); len(mine) != 3 || mine[0].ContactOn != "" || mine[0].Undo || mine[2].Running() {
			t.Errorf("%+v", mine)
		}
	})
}

// To everybody but the office that keeps the entry, administrators among them, there is no appointment; of a guardian's own they see theirs alone.
func TestWhoSeesAppointments(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, guardianID := o.Guardian("Helena", "Kuratorska")
		other, _ := o.Guardian("Hanna", "Druga")
		a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)))(t)
		everybody := others(w, o)
		everybody["the guardian"], everybody["another guardian"] = who, other
		today := w.Appointments.Today()
		for name, actor := range everybody {
			if all := testrig.Must(w.Appointments.All(ctx, actor))(t); len(all) != 0 {
				t.Errorf("%s sees %d", name, len(all))
			}
			if all := testrig.Must(w.Appointments.Candidates(ctx, actor))(t); len(all) != 0 {
				t.Errorf("%s chooses among %d", name, len(all))
			}
			_, err := w.Appointments.Page(ctx, actor, a.ID)
			w.Refused(name+": page", err, errs.ErrNotFound)
			_, err = w.Appointments.Undo(ctx, actor, a.ID)
			w.Refused(name+": undo", err, errs.ErrNotFound)
			_, err = w.Appointments.Enter(ctx, actor, draft(w, guardianID))
			if name == "coordinator elsewhere" {
				faulty(t, err, "guardian", "choose")
			} else {
				w.Refused(name+": enter", err, errs.ErrNotFound)
			}
			for what, err := range map[string]error{
				"end": w.Appointments.End(ctx, actor, a.ID, appointment.End{Reason: appointment.Mistaken}, 1), "missing": w.Appointments.ReportMissing(ctx, actor, a.ID),
				"found": w.Appointments.Found(ctx, actor, a.ID), "tick": w.Appointments.Tick(ctx, actor, a.ID, appointment.HandoverList, "papers", true),
				"court": w.Appointments.NameCourt(ctx, actor, a.ID, o.NearCourt),
			} {
				w.Refused(name+": "+what, err, errs.ErrNotFound)
			}
			if name == "the guardian" {
				continue
			}
			w.Refused(name+": contact", w.Appointments.Contact(ctx, actor, a.ID, today), errs.ErrNotFound)
			w.Refused(name+": take back", w.Appointments.TakeBack(ctx, actor, a.ID), errs.ErrNotFound)
			if name != "another guardian" {
				_, err = w.Appointments.Mine(ctx, actor)
				w.Refused(name+": own", err, errs.ErrNotFound)
			} else if mine := testrig.Must(w.Appointments.Mine(ctx, actor))(t); len(mine) != 0 {
				t.Errorf("another's: %+v", mine)
			}
		}
		for _, nonsense := range []string{"", "x", id.New()} {
			_, err := w.Appointments.Page(ctx, o.Coordinator, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
			w.Refused(nonsense, w.Appointments.Contact(ctx, who, nonsense, today), errs.ErrNotFound)
			d := draft(w, nonsense)
			_, err = w.Appointments.Enter(ctx, o.Coordinator, d)
			faulty(t, err, "guardian", "choose")
		}
	})
}

// What is missing about a running appointment is told, and nothing of one that has ended.
func TestGaps(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		_, guardianID := o.Guardian("Helena", "Kuratorska")
		d := draft(w, guardianID)
		d.CourtID = o.NearCourt
		a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, d))(t)
		d.CourtID = ""
		b := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, d))(t)
		gaps := func(of string) []appointment.Gap {
			return w.Appointments.Gaps(testrig.Must(w.Appointments.Page(ctx, o.Coordinator, of))(t).Appointment)
		}
		if g := gaps(a.ID); len(g) != 0 {
			t.Errorf("%v", g)
		}
		if g := gaps(b.ID); len(g) != 1 || g[0] != appointment.NoCourt {
			t.Errorf("%v", g)
		}
		w.Clock.Advance(31 * 24 * time.Hour)
		if g := gaps(a.ID); len(g) != 1 || g[0] != appointment.NoContact {
			t.Errorf("%v", g)
		}
		w.Clock.Advance(365 * 24 * time.Hour)
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE guardian SET phone = '' WHERE id = ?`, guardianID)
		})) // as somebody who took theirs back
		if g := gaps(b.ID); len(g) != len(appointment.Gaps) {
			t.Errorf("%v", g)
		}
		w.OK(w.Appointments.End(ctx, o.Coordinator, b.ID, appointment.End{Reason: appointment.Mistaken}, 1))
		if g := gaps(b.ID); len(g) != 0 {
			t.Errorf("%v", g)
		}
	})
}

// Two who enter at once do not both find room for the last child.
func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		_, guardianID := o.Guardian("Helena", "Kuratorska")
		var at sync.WaitGroup
		for range 6 {
			at.Go(func() {
				if _, err := w.Appointments.Enter(ctx, o.Coordinator, draft(w, guardianID)); err != nil {
					if f, ok := errs.FieldsOf(err); !ok || f[0].Key != "appointment.fault.limit" {
						t.Error(err)
					}
				}
			})
		}
		at.Wait()
		if all := testrig.Must(w.Appointments.All(ctx, o.Coordinator))(t); len(all) != 2 {
			t.Errorf("%d appointments", len(all))
		}
	})
}

// What the database cannot do is told, and leaves nothing half done.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, guardianID := o.Guardian("Helena", "Kuratorska")
		var a appointment.Appointment
		edition := func() int64 {
			return testrig.Must(w.Appointments.Page(ctx, o.Coordinator, a.ID))(t).Edition
		}
		today := w.Appointments.Today()
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "enter", Do: func() (err error) {
				d := draft(w, guardianID)
				d.CourtID = o.NearCourt
				a, err = w.Appointments.Enter(ctx, o.Coordinator, d)
				return err
			}},
			{Name: "missing", Do: func() error { return w.Appointments.ReportMissing(ctx, o.Coordinator, a.ID) }},
			{Name: "tick", Do: func() error {
				return w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.MissingList, "police", true)
			}},
			{Name: "found", Do: func() error { return w.Appointments.Found(ctx, o.Coordinator, a.ID) }},
			{Name: "untick", Do: func() error {
				return w.Appointments.Tick(ctx, o.Coordinator, a.ID, appointment.HandoverList, "papers", false)
			}},
			{Name: "contact", Do: func() error { return w.Appointments.Contact(ctx, who, a.ID, today) }},
			{Name: "take back", Do: func() error { return w.Appointments.TakeBack(ctx, who, a.ID) }},
			{Name: "mine", Do: func() error { _, err := w.Appointments.Mine(ctx, who); return err }},
			{Name: "all", Do: func() error { _, err := w.Appointments.All(ctx, o.Coordinator); return err }},
			{Name: "candidates", Do: func() error { _, err := w.Appointments.Candidates(ctx, o.Coordinator); return err }},
			{Name: "page", Do: func() error { _, err := w.Appointments.Page(ctx, o.Coordinator, a.ID); return err }},
			{Name: "end", Do: func() error {
				return w.Appointments.End(ctx, o.Coordinator, a.ID, appointment.End{Reason: appointment.Moved, On: today}, 5)
			}},
			{Name: "undo", Do: func() error { _, err := w.Appointments.Undo(ctx, o.Coordinator, a.ID); return err }},
		})
		if edition() < 5 {
			t.Error("the steps did not build on each other")
		}
		d := draft(w, guardianID)
		b := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, d))(t)
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "court", Do: func() error { return w.Appointments.NameCourt(ctx, o.Coordinator, b.ID, o.NearCourt) }},
		})
		c := testrig.Must(w.Appointments.Page(ctx, o.Coordinator, b.ID))(t)
		w.OK(w.Appointments.End(ctx, o.Coordinator, b.ID, appointment.End{Reason: appointment.Mistaken}, c.Edition))
		e := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, d))(t)
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "undo entering", Do: func() error { _, err := w.Appointments.Undo(ctx, o.Coordinator, e.ID); return err }}})
	})
}
