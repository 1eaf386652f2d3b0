package guardian_test

import (
	"slices"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// A note is its author's until it is released; the history tells of the release and of each reading; the person reads all of it; nobody else any of it.
func TestNotesAboutTheWork(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o, s := t.Context(), w.GuardianOffice(), w.Guardians
		successor := w.Person("Danuta", "Zastępcza", w.Office, identity.RoleDraft{Role: access.GuardianCoordinator, UnitID: w.Office})
		who, entryID := o.Guardian("Helena", "Kuratorska")
		w.OK(s.AddNote(ctx, o.Coordinator, entryID, " Spóźnia się ze sprawozdaniami. "))
		notes := testrig.Must(s.Notes(ctx, successor, entryID))(t)
		if len(notes) != 1 || notes[0].Text != "" || notes[0].Author != "Gabriela Rejestrowa" {
			t.Fatalf("%+v", notes)
		}
		noteID := notes[0].ID
		if read := testrig.Must(s.ReadNotes(ctx, successor, entryID))(t); read[0].Text != "" {
			t.Error("the successor reads what was not released")
		}
		kinds := func() (list []string) {
			for _, h := range testrig.Must(s.Own(ctx, who))(t).History {
				list = append(list, h.Kind)
			}
			return list
		}
		if slices.Contains(kinds(), "notes-read") {
			t.Error("a reading of nothing is told")
		}
		own := testrig.Must(s.OwnNotes(ctx, who))(t)
		if len(own) != 1 || own[0].Text != "Spóźnia się ze sprawozdaniami." {
			t.Errorf("the person reads %+v", own)
		}
		w.Refused("without a reason", s.ReleaseNote(ctx, successor, entryID, noteID, "bo tak"), errs.ErrInvalid)
		w.Refused("a reason that names somebody", s.ReleaseNote(ctx, successor, entryID, noteID, "Prosi o to pani Anna Kowalska"), errs.ErrInvalid)
		w.Refused("another's", s.ReleaseNote(ctx, o.Elsewhere, entryID, noteID, "Przejęcie spraw od poprzedniczki"), errs.ErrNotFound)
		w.Refused("unknown", s.ReleaseNote(ctx, successor, entryID, entryID, "Przejęcie spraw od poprzedniczki"), errs.ErrNotFound)
		w.Clock.Advance(time.Minute)
		w.OK(s.ReleaseNote(ctx, successor, entryID, noteID, "Przejęcie spraw od poprzedniczki"))
		w.Refused("released twice", s.ReleaseNote(ctx, o.Coordinator, entryID, noteID, ""), errs.ErrConflict)
		w.Clock.Advance(time.Minute)
		read := testrig.Must(s.ReadNotes(ctx, successor, entryID))(t)
		if read[0].Text == "" || read[0].Reason != "Przejęcie spraw od poprzedniczki" || read[0].ReleasedBy != "Danuta Zastępcza" {
			t.Errorf("%+v", read)
		}
		if got := kinds(); !slices.Equal(got, []string{"notes-read", "note-released", "note-added", "admitted"}) {
			t.Errorf("%v", got)
		}
		testrig.Must(s.ReadNotes(ctx, o.Coordinator, entryID))(t) // their own
		if got := kinds(); len(got) != 4 {
			t.Errorf("one's own reading is told: %v", got)
		}
		everybody := w.Everybody()
		for name, actor := range map[string]access.Actor{"elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints} {
			everybody[name] = actor
		}
		for name, actor := range everybody {
			_, err := s.Notes(ctx, actor, entryID)
			w.Refused(name, err, errs.ErrNotFound)
			_, err = s.ReadNotes(ctx, actor, entryID)
			w.Refused(name, err, errs.ErrNotFound)
			_, err = s.OwnNotes(ctx, actor)
			w.Refused(name, err, errs.ErrNotFound)
			w.Refused(name, s.AddNote(ctx, actor, entryID, "Notatka."), errs.ErrNotFound)
		}
		w.OK(s.Remove(ctx, o.Coordinator, entryID, guardian.Decision))
		w.Refused("after the end", s.AddNote(ctx, o.Coordinator, entryID, "Notatka."), errs.ErrConflict)
		w.Clock.Advance(4 * 366 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM guardian_note`))(t); n != 0 {
			t.Errorf("%d notes outlive the entry", n)
		}
	})
}

// What looks like a name, a number or a case is refused, and what does not is not.
func TestWhatANoteMayNotSay(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), w.GuardianOffice()
	_, entryID := o.Guardian("Helena", "Kuratorska")
	today := w.Appointments.Today()
	a := testrig.Must(w.Appointments.Enter(ctx, o.Coordinator, appointment.Draft{GuardianID: entryID, Kind: "kurator", Scope: []string{"protection"}, DecidedOn: today, StartedOn: today}))(t)
	for _, bad := range []string{
		"", "Sprawa " + a.Code() + " idzie wolno", "Sprawa " + a.CaseCode + ".", "Dzwonić pod 600 700 800", "PESEL 44051401359", "Mały Ahmad Karimi nie chce rozmawiać", "pisać na adres ktos@example.org",
	} {
		w.Refused(bad, w.Guardians.AddNote(ctx, o.Coordinator, entryID, bad), errs.ErrInvalid)
	}
	for _, good := range []string{"Dobrze prowadzi sprawozdania dla sądu.", "Na dwa dyżury odpowiedziała w 15 minut.", "przygotowuje czytelnie, dokładnie, samodzielnie"} {
		w.OK(w.Guardians.AddNote(ctx, o.Coordinator, entryID, good))
	}
}

// A court that is there is not entered again under another spelling; one that is like another needs somebody's word, once.
func TestCourtsThatAreTheSame(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o, s := t.Context(), w.GuardianOffice(), w.Guardians
		for _, name := range []string{"Sąd Rejonowy w Dalekim Borze", " sad rejonowy  W DALEKIM BORZE", "Sąd Rejonowy w DalekimBorze"} {
			_, err := s.AddCourt(ctx, o.Coordinator, guardian.Court{Name: name, Distinct: true})
			w.Refused(name, err, errs.ErrInvalid)
		}
		like := guardian.Court{Name: "Sąd Okręgowy w Dalekim Borze"}
		_, err := s.AddCourt(ctx, o.Coordinator, like)
		if f, ok := errs.FieldsOf(err); !ok || f[0].Name != "distinct" {
			t.Fatalf("%v", err)
		}
		like.Distinct = true
		courtID := testrig.Must(s.AddCourt(ctx, o.Coordinator, like))(t)
		testrig.Must(s.AddCourt(ctx, o.Coordinator, guardian.Court{Name: "Sąd Rejonowy w Innym Mieście"}))(t)
		w.OK(s.RenameCourt(ctx, o.Coordinator, guardian.Court{ID: courtID, Name: "Sąd Okręgowy w Dalekim Borze", Short: "SO", Edition: 1})) // it is known by now
		w.Refused("renamed into another", s.RenameCourt(ctx, o.Coordinator, guardian.Court{ID: courtID, Name: "sąd rejonowy w innym mieście", Edition: 2}), errs.ErrInvalid)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'guardian.court.distinct'`))(t); n != 1 {
			t.Errorf("%d decisions are recorded", n)
		}
	})
}

// The heading and the blanks of a court are written by who keeps a register, as they saw them.
func TestCourtPapers(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o, s := t.Context(), w.GuardianOffice(), w.Guardians
		court, c, err := s.CourtPaper(ctx, o.NearCourt)
		w.OK(err)
		if lines := c.Lines(court); len(lines) != 1 || lines[0] != court.Name || !c.Uses("report") {
			t.Errorf("%q", lines)
		}
		c.Heading, c.Papers = "Sąd Rejonowy w Brzezinach Leśnych\nul. Leśna 1\n00-001 Brzeziny Leśne ", []string{"motion"}
		w.OK(s.SetCourtPaper(ctx, o.Coordinator, c))
		w.Refused("as it was seen before", s.SetCourtPaper(ctx, o.Coordinator, guardian.CourtPaper{CourtID: o.NearCourt, Edition: 7}), errs.ErrConflict)
		court, c, err = s.CourtPaper(ctx, o.NearCourt)
		w.OK(err)
		if len(c.Lines(court)) != 3 || c.Uses("report") || !c.Uses("motion") || c.Edition != 1 {
			t.Errorf("%+v", c)
		}
		for name, bad := range map[string]guardian.CourtPaper{"paper": {Papers: []string{"poem"}}, "lines": {Heading: "1\n2\n3\n4\n5\n6\n7"}} {
			bad.CourtID, bad.Edition = o.NearCourt, 1
			w.Refused(name, s.SetCourtPaper(ctx, o.Coordinator, bad), errs.ErrInvalid)
		}
		for name, actor := range w.Everybody() {
			w.Refused(name, s.SetCourtPaper(ctx, actor, c), errs.ErrNotFound)
		}
		_, _, err = s.CourtPaper(ctx, "unknown")
		w.Refused("unknown", err, errs.ErrNotFound)
	})
}

// What is written here is whole or nothing.
func TestNotesAndCourtsAreWhole(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o, s := t.Context(), w.GuardianOffice(), w.Guardians
		_, entryID := o.Guardian("Helena", "Kuratorska")
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "note", Do: func() error { return s.AddNote(ctx, o.Coordinator, entryID, "Notatka o pracy.") }},
			{Name: "release", Do: func() error {
				list, err := s.Notes(ctx, o.Coordinator, entryID)
				if err != nil {
					return err
				}
				return s.ReleaseNote(ctx, o.Coordinator, entryID, list[0].ID, "")
			}},
			{Name: "court", Do: func() error {
				_, err := s.AddCourt(ctx, o.Coordinator, guardian.Court{Name: "Sąd Okręgowy w Dalekim Borze", Distinct: true})
				return err
			}},
			{Name: "papers", Do: func() error {
				return s.SetCourtPaper(ctx, o.Coordinator, guardian.CourtPaper{CourtID: o.NearCourt, Heading: "Sąd"})
			}},
		})
	})
}
