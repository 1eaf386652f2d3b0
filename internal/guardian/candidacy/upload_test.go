package candidacy_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/id"
	"ostoja/internal/testrig"
)

// A candidate can send what is asked of them and of which a copy is kept, and of nothing else.
func TestSendable(t *testing.T) {
	rules := []candidacy.Rule{
		{Kind: "a", Needed: candidacy.Always, CopyDays: 1}, {Kind: "b", Needed: candidacy.Always}, {Kind: "c", Needed: candidacy.IfAbroad, CopyDays: 1}, {Kind: "d", Needed: candidacy.NeverAsked, CopyDays: 1},
	}
	for abroad, want := range map[candidacy.Abroad][]candidacy.CheckKind{candidacy.AbroadNo: {"a"}, candidacy.AbroadYes: {"a", "c"}} {
		if got := candidacy.Sendable(rules, abroad); !slices.Equal(got, want) {
			t.Errorf("abroad %s: %q, want %q", abroad, got, want)
		}
	}
}

// What a candidate sends is sealed, waits for the office until it has noted a check, is opened with a reason that the candidate reads, and goes on its day.
func TestACopyThatACandidateSends(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID := o.Candidacy, o.CandidateFrom("Halina", "Nowa", candidacy.AbroadYes)
		self := candidacy.Self{CandidateID: candidateID}
		seen := view(t, o, candidateID).Edition
		plain := []byte("%PDF-1.7 nadzwyczaj-tajne-zaświadczenie")
		w.OK(s.Upload(ctx, self, candidacy.ForeignCertificate, plain))
		if bytes.Contains(everything(t, w.DB), plain[9:]) {
			t.Error("it lies in the database or a backup")
		}
		v := view(t, o, candidateID)
		if len(v.Documents) != 1 || !v.Documents[0].Own || v.Documents[0].AddedBy != "" || !v.ToCheck(v.Documents[0]) || v.Edition == seen {
			t.Fatalf("%+v", v.Documents)
		}
		waits := func() (list []candidacy.Due) {
			t.Helper()
			return slices.DeleteFunc(testrig.Must(s.Waiting(ctx, o.Coordinator, "2027-12-31"))(t), func(d candidacy.Due) bool { return d.Kind != candidacy.DueCopy })
		}
		by := w.Clock.Now().In(s.Zone).AddDate(0, 0, 7).Format(time.DateOnly)
		if list := waits(); len(list) != 1 || list[0].CandidateID != candidateID || list[0].Check != candidacy.ForeignCertificate || list[0].On != by {
			t.Errorf("%+v", list)
		}
		if list := testrig.Must(s.Waiting(ctx, o.Elsewhere, "2027-12-31"))(t); len(list) != 0 {
			t.Errorf("another office: %+v", list)
		}
		content, media, err := s.LookAt(ctx, o.Coordinator, candidateID, v.Documents[0].ID, "check")
		if w.OK(err); !bytes.Equal(content, plain) || media != vault.PDF {
			t.Errorf("%q, %s", content, media)
		}
		if m := testrig.Must(s.Mine(ctx, self))(t); len(m.Looks) != 1 || m.Looks[0].Who != "Gabriela Rejestrowa" || !slices.Equal(m.Sendable, []candidacy.CheckKind{candidacy.ForeignCertificate}) {
			t.Errorf("%+v, %q", m.Looks, m.Sendable)
		}
		if len(waits()) != 1 {
			t.Error("a look is no check")
		}
		w.Clock.Advance(time.Minute)
		w.OK(s.NoteCheck(ctx, o.Coordinator, candidateID, candidacy.CheckDraft{Kind: candidacy.ForeignCertificate, Clear: true, SeenOn: day(o)}))
		if list := waits(); len(list) != 0 {
			t.Errorf("checked: %+v", list)
		}
		w.Clock.Advance(time.Minute)
		w.OK(s.Upload(ctx, self, candidacy.ForeignCertificate, plain))
		if len(waits()) != 1 {
			t.Error("a newer copy waits for nobody")
		}
		w.Clock.Advance(90 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if v := view(t, o, candidateID); len(v.Documents) != 0 || len(v.Looks) != 1 {
			t.Errorf("%+v", v.Documents)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'candidacy.document.add' AND object = ? AND actor_id = ''`, "candidate:"+candidateID))(t); n != 2 {
			t.Errorf("the record has %d of them", n)
		}
	})
}

// What is refused leaves nothing: another's, of a kind that nobody asks for, of no type that is taken, too large, too many, without a key, or once the
// candidacy has ended.
func TestCopiesThatAreRefused(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, candidateID, at := o.Candidacy, o.CandidateFrom("Halina", "Nowa", candidacy.AbroadYes), o.Candidate("Hanna", "Tutejsza")
		self, pdf := candidacy.Self{CandidateID: candidateID}, []byte("%PDF-1.7")
		for name, actor := range w.Everybody() {
			w.Refused(name, s.Upload(ctx, candidacy.Self{PersonID: actor.PersonID}, candidacy.ForeignCertificate, pdf), errs.ErrNotFound)
			w.Refused(name, s.RefuseLarge(ctx, candidacy.Self{PersonID: actor.PersonID}), errs.ErrNotFound)
		}
		w.Refused("the office", s.Upload(ctx, candidacy.Self{PersonID: o.Coordinator.PersonID}, candidacy.ForeignCertificate, pdf), errs.ErrNotFound)
		for what, x := range map[string]struct {
			self    candidacy.Self
			kind    candidacy.CheckKind
			content []byte
			field   string
		}{
			"of a kind without copies": {self, candidacy.CriminalRecord, pdf, "kind"}, "of no kind": {self, "x", pdf, "kind"}, "not asked of them": {candidacy.Self{CandidateID: at}, candidacy.ForeignCertificate, pdf, "kind"},
			"nothing": {self, candidacy.ForeignCertificate, nil, "file"}, "a page": {self, candidacy.ForeignCertificate, []byte("<html>"), "file"},
			"too large": {self, candidacy.ForeignCertificate, append([]byte("%PDF-"), make([]byte, vault.Most)...), "file"},
		} {
			if got := fields(t, s.Upload(ctx, x.self, x.kind, x.content)); !slices.Equal(got, []string{x.field}) {
				t.Errorf("%s: %q", what, got)
			}
		}
		for range 6 {
			w.OK(s.Upload(ctx, self, candidacy.ForeignCertificate, pdf))
		}
		w.Refused("the seventh", s.Upload(ctx, self, candidacy.ForeignCertificate, pdf), errs.ErrConflict)
		w.OK(s.AddDocument(ctx, o.Coordinator, candidateID, candidacy.ForeignCertificate, pdf))
		v := view(t, o, candidateID)
		for _, d := range v.Documents {
			if d.Own {
				w.Refused("by another candidate", s.TakeBack(ctx, candidacy.Self{CandidateID: at}, d.ID), errs.ErrNotFound)
				w.OK(s.TakeBack(ctx, self, d.ID))
				w.Refused("twice", s.TakeBack(ctx, self, d.ID), errs.ErrNotFound)
			} else {
				w.Refused("the office's", s.TakeBack(ctx, self, d.ID), errs.ErrNotFound)
			}
		}
		w.Refused("nonsense", s.TakeBack(ctx, self, "x"), errs.ErrNotFound)
		if v := view(t, o, candidateID); len(v.Documents) != 1 || v.Documents[0].Own {
			t.Errorf("%+v", v.Documents)
		}
		w.OK(os.Rename(w.GuardKey(), w.GuardKey()+".away"))
		var told *errs.Error
		if err := s.Upload(ctx, self, candidacy.ForeignCertificate, pdf); !errors.As(err, &told) || told.Key != "apply.cannot-keep" {
			t.Errorf("without the key: %v", err)
		}
		w.OK(os.Rename(w.GuardKey()+".away", w.GuardKey()))
		draft := ask(t, o, "szkic@example.org")
		w.Refused("with a draft", s.Upload(ctx, candidacy.Self{CandidateID: draft}, candidacy.ForeignCertificate, pdf), errs.ErrConflict)
		w.OK(s.Withdraw(ctx, self))
		w.Refused("after leaving", s.Upload(ctx, self, candidacy.ForeignCertificate, pdf), errs.ErrConflict)
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM guardian_document`))(t); n != 0 {
			t.Errorf("%d copies are left", n)
		}
	})
}

// A decision sent twice, also by two nodes at once, is one: one entry, one letter, one line of the record, and no fault is told. Another decision is refused.
func TestADecisionIsTakenOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		node := w.Node()
		for name, admit := range map[string]bool{"Przyjeta": true, "Odmowna": false} {
			candidateID := o.Candidate("Halina", name)
			ready(t, o, candidateID)
			d := admission(view(t, o, candidateID))
			d.Admit = admit
			before := len(w.Letters())
			failed := make([]error, 2)
			var both sync.WaitGroup
			both.Go(func() { failed[0] = o.Candidacy.Decide(ctx, o.Coordinator, candidateID, d) })
			both.Go(func() { failed[1] = node.Candidacy.Decide(ctx, o.Coordinator, candidateID, d) })
			both.Wait()
			w.OK(errors.Join(append(failed, o.Candidacy.Decide(ctx, o.Coordinator, candidateID, d))...))
			if n := len(w.Letters()) - before; n != 1 {
				t.Errorf("%s: %d letters", name, n)
			}
			if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'candidacy.decide' AND object = ?`, "candidate:"+candidateID))(t); n != 1 {
				t.Errorf("%s: %d lines", name, n)
			}
			other := d
			other.Admit = !admit
			w.Refused("the opposite", o.Candidacy.Decide(ctx, o.Coordinator, candidateID, other), errs.ErrConflict)
			second := w.Person("Danuta", "Druga"+name, w.Office, roleOf(access.GuardianCoordinator, w.Office))
			w.Refused("somebody else's", o.Candidacy.Decide(ctx, second, candidateID, d), errs.ErrConflict)
		}
		if n := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM guardian`))(t); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

// What a candidate does with copies is whole or not there.
func TestFailingUploads(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, o := t.Context(), w.GuardianOffice()
		s, self := o.Candidacy, candidacy.Self{CandidateID: o.CandidateFrom("Halina", "Nowa", candidacy.AbroadYes)}
		documentID := id.New()
		dbtest.EachFails(t, w.DB, []dbtest.Step{
			{Name: "sending", Do: func() error { return s.Upload(ctx, self, candidacy.ForeignCertificate, []byte("%PDF-1.4")) }},
			{Name: "refusing", Do: func() error { return s.RefuseLarge(ctx, self) }},
			{Name: "refusing for somebody", Do: func() error { return s.RefuseLargeFor(ctx, o.Coordinator, self.CandidateID) }},
			{Name: "finding", Do: func() error {
				m, err := s.Mine(ctx, self)
				if err == nil {
					documentID = m.Documents[0].ID
				}
				return err
			}},
			{Name: "taking back", Do: func() error { return s.TakeBack(ctx, self, documentID) }},
		})
	})
}
