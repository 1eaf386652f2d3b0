package complaint_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	files "ostoja/guardian"
	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/id"
	"ostoja/internal/schema"
	"ostoja/internal/testrig"
)

// canary is looked for where it may not be.
const canary = "Zielonokwiat"

func draft() complaint.Draft {
	return complaint.Draft{Statement: complaint.Statement{Text: canary + " pisze.\nDrugi wiersz.", About: canary + " o kim", Contact: canary + "@example.org"}, Lang: "uk"}
}

// kept looks for the canary in each row of each table.
func kept(t *testing.T, w *testrig.World) {
	t.Helper()
	for _, table := range schema.Tables {
		err := db.Rows(t.Context(), w.DB, func(columns []string, values []any) error {
			for i, v := range values {
				if s := fmt.Sprintf("%s", v); strings.Contains(strings.ToLower(s), strings.ToLower(canary)) {
					t.Errorf("%s.%s holds what was written", table, columns[i])
				}
			}
			return nil
		}, `SELECT * FROM `+table)
		w.OK(err)
	}
	for _, l := range w.Letters() {
		if strings.Contains(l.Subject+l.Body+l.To, canary) {
			t.Error("a letter holds what was written")
		}
	}
}

// What is written is read by one person, stands nowhere in the open, and is gone with the decision; the office hears that it is to pause an entry.
func TestFromAComplaintToItsDecision(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		o.Guardian("Helena", "Kuratorska")
		w.OK(w.Complaints.File(ctx, draft()))
		kept(t, w)
		if l := w.LastLetter(); !strings.HasSuffix(strings.TrimSpace(l.Body), "/app/guardians/complaints") || strings.Contains(l.Subject, "urator") {
			t.Errorf("%+v", l)
		}
		letters := len(w.Letters())
		all := testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)
		if len(all) != 1 || !all[0].Open() || all[0].FiledOn != "2026-10-23" || all[0].Lang != "uk" || all[0].Unit == "" {
			t.Fatalf("%+v", all)
		}
		_, said, err := w.Complaints.Read(ctx, o.Complaints, all[0].ID)
		w.OK(err)
		if said != draft().Statement {
			t.Errorf("%+v", said)
		}
		w.Refused("nothing chosen", w.Complaints.Decide(ctx, o.Complaints, all[0].ID, complaint.Decision{}), errs.ErrInvalid)
		w.Refused("lapsed is no choice", w.Complaints.Decide(ctx, o.Complaints, all[0].ID, complaint.Decision{Kind: complaint.Lapsed}), errs.ErrInvalid)
		for _, name := range []string{"", "Helena", "Nikt Taki"} {
			w.Refused(name, w.Complaints.Decide(ctx, o.Complaints, all[0].ID, complaint.Decision{Kind: complaint.Pause, Name: name}), errs.ErrInvalid)
		}
		w.OK(w.Complaints.Decide(ctx, o.Complaints, all[0].ID, complaint.Decision{Kind: complaint.Pause, Name: " helena  kuratorska"}))
		w.Refused("decided twice", w.Complaints.Decide(ctx, o.Complaints, all[0].ID, complaint.Decision{Kind: complaint.Talk}), errs.ErrConflict)
		kept(t, w)
		c, said, err := w.Complaints.Read(ctx, o.Complaints, all[0].ID)
		w.OK(err)
		if c.Sealed != "" || c.Decision != complaint.Pause || c.DecidedOn != "2026-10-23" || said != (complaint.Statement{}) {
			t.Errorf("%+v, %+v", c, said)
		}
		if n := len(w.Letters()); n != letters+1 || !strings.Contains(w.LastLetter().Body, "/app/guardians/notices") || strings.Contains(w.LastLetter().Body, "skarg") {
			t.Errorf("%d letters, %s", n-letters, w.LastLetter().Body)
		}
		n := testrig.Must(w.Complaints.Notices(ctx, o.Coordinator))(t)
		if len(n) != 1 || n[0].Name != "Helena Kuratorska" || !n[0].DoneAt.IsZero() {
			t.Fatalf("%+v", n)
		}
		w.Refused("another office", w.Complaints.Done(ctx, o.Elsewhere, n[0].ID), errs.ErrNotFound)
		w.OK(w.Complaints.Done(ctx, o.Coordinator, n[0].ID))
		w.Refused("done twice", w.Complaints.Done(ctx, o.Coordinator, n[0].ID), errs.ErrNotFound)
		w.Clock.Advance(366 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if n := testrig.Must(w.Complaints.Notices(ctx, o.Coordinator))(t); len(n) != 0 {
			t.Errorf("%+v", n)
		}
	})
}

// A text for which nobody decides is erased after a year, and not a day before.
func TestATextWaitsAYear(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		w.OK(w.Complaints.File(ctx, draft()))
		one := func() complaint.Complaint {
			w.OK(w.Keeping.EraseDue(ctx))
			return testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0]
		}
		w.Clock.Advance(364 * 24 * time.Hour)
		if c := one(); !c.Open() || c.Sealed == "" {
			t.Errorf("%+v", c)
		}
		w.Clock.Advance(24 * time.Hour)
		if c := one(); c.Decision != complaint.Lapsed || c.Sealed != "" {
			t.Errorf("%+v", c)
		}
	})
}

// Only who decides on complaints of an office finds them: no coordinator, no administrator, no guardian.
func TestWhoReads(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		who, _ := o.Guardian("Helena", "Kuratorska")
		w.OK(w.Complaints.File(ctx, draft()))
		complaintID := testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0].ID
		all := w.Everybody()
		all["coordinator of guardians"], all["elsewhere"], all["assessor"], all["requester"], all["court"], all["the guardian"] = o.Coordinator, o.Elsewhere, o.First, o.Requester, o.CourtClerk, who
		for name, actor := range all {
			if list := testrig.Must(w.Complaints.All(ctx, actor))(t); len(list) != 0 {
				t.Errorf("%s: %+v", name, list)
			}
			_, said, err := w.Complaints.Read(ctx, actor, complaintID)
			w.Refused(name, err, errs.ErrNotFound)
			if said != (complaint.Statement{}) {
				t.Errorf("%s reads", name)
			}
			w.Refused(name, w.Complaints.Decide(ctx, actor, complaintID, complaint.Decision{Kind: complaint.Talk}), errs.ErrNotFound)
		}
		for _, nonsense := range []string{"", "x", id.New()} {
			_, _, err := w.Complaints.Read(ctx, o.Complaints, nonsense)
			w.Refused(nonsense, err, errs.ErrNotFound)
		}
		// One of which no office is known is read by whoever decides anywhere.
		elsewhere := access.Actor{PersonID: o.Complaints.PersonID, Grants: []access.Grant{{Role: access.ComplaintsOfficer, Path: "/x/"}}}
		if list := testrig.Must(w.Complaints.All(ctx, elsewhere))(t); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	})
}

// A sealed text cannot be put in another's place.
func TestSealsDoNotMove(t *testing.T) {
	w := testrig.New(t)
	ctx, o := t.Context(), w.GuardianOffice()
	w.OK(w.Complaints.File(ctx, draft()))
	w.OK(w.Complaints.File(ctx, draft()))
	all := testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)
	w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE guardian_complaint SET sealed = ? WHERE id = ?`, all[0].Sealed, all[1].ID)
	}))
	if _, _, err := w.Complaints.Read(ctx, o.Complaints, all[1].ID); err == nil {
		t.Error("another's text is opened")
	}
}

// Each fault is told by the name of a text that all languages have.
func TestFaults(t *testing.T) {
	w := testrig.New(t)
	texts := testrig.Must(complaint.ReadTexts(files.Files))(t)
	long := strings.Repeat("ż", complaint.MostText+1)
	for name, d := range map[string]complaint.Draft{
		"text": {Statement: complaint.Statement{Text: " \n "}}, "text ": {Statement: complaint.Statement{Text: long}},
		"about": {Statement: complaint.Statement{Text: "x", About: long}}, "contact": {Statement: complaint.Statement{Text: "x", Contact: long}},
	} {
		f, ok := errs.FieldsOf(w.Complaints.File(t.Context(), d))
		if !ok || len(f) != 1 || f[0].Name != strings.TrimSpace(name) {
			t.Errorf("%s: %v", name, f)
			continue
		}
		for _, tag := range complaint.Langs {
			if texts[tag][f[0].Key] == "" {
				t.Errorf("%s says nothing of %s", tag, f[0].Key)
			}
		}
	}
	for name, said := range map[string]string{"": "", "none": "format: 1\n", "part": "format: 1\ntexts: {pl: {a: b}, en: {a: b}, uk: {c: d}}\n", "foreign": "format: 1\ntext: {}\n"} {
		m := fstest.MapFS{}
		if name != "" {
			m["complaint.yaml"] = &fstest.MapFile{Data: []byte(said)}
		}
		if _, err := complaint.ReadTexts(m); err == nil {
			t.Errorf("%q is whole", name)
		}
	}
}

// What the database cannot do is told, and leaves nothing half done.
func TestFailingStatements(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		o.Guardian("Helena", "Kuratorska")
		first := func() string { return testrig.Must(w.Complaints.All(ctx, o.Complaints))(t)[0].ID }
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "offices", Do: func() error { _, err := w.Complaints.Offices(ctx); return err }},
			{Name: "file", Do: func() error { return w.Complaints.File(ctx, draft()) }},
			{Name: "all", Do: func() error { _, err := w.Complaints.All(ctx, o.Complaints); return err }},
		})
		complaintID := first()
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "read", Do: func() error { _, _, err := w.Complaints.Read(ctx, o.Complaints, complaintID); return err }},
			{Name: "decide", Do: func() error {
				return w.Complaints.Decide(ctx, o.Complaints, complaintID, complaint.Decision{Kind: complaint.Pause, Name: "Helena Kuratorska"})
			}},
			{Name: "notices", Do: func() error { _, err := w.Complaints.Notices(ctx, o.Coordinator); return err }},
		})
		noticeID := testrig.Must(w.Complaints.Notices(ctx, o.Coordinator))(t)[0].ID
		dbtest.EachFails(t, w.DB, []dbtest.Step{{Name: "done", Do: func() error { return w.Complaints.Done(ctx, o.Coordinator, noticeID) }}})
	})
}
