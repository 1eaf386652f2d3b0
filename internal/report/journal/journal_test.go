package journal_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/journal"
	"ostoja/internal/testrig"
	"ostoja/internal/text"
)

const amif = "amif-2021"

// kept is a project with two periods, of which the first is open.
type kept struct {
	*testrig.World
	id            string
	first, second string // ids of periods
}

func begin(t *testing.T, w *testrig.World) *kept {
	t.Helper()
	ctx := t.Context()
	p := &kept{World: w}
	p.id = testrig.Must(w.Projects.Create(ctx, w.Coordinator, project.Draft{Name: "Szkolenia", UnitID: w.Office, FirstDay: "2026-01-01", LastDay: "2026-12-31"}))(t)
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-06-30"))
	w.OK(w.Projects.AddPeriod(ctx, w.Coordinator, p.id, "2026-12-31"))
	w.OK(w.Projects.SetShares(ctx, w.Coordinator, p.id, []project.Share{{FundID: amif, Share: 7500}}))
	x := testrig.Must(w.Projects.Page(ctx, w.Coordinator, p.id))(t).Periods
	p.first, p.second = x[0].ID, x[1].ID
	w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, p.first, "zapisy"))
	return p
}

// rule writes the fund's duties.
func (p *kept) rule(words text.Translated) {
	p.T.Helper()
	set := testrig.Must(p.Funds.Get(p.T.Context(), p.Admin, amif))(p.T)
	p.OK(p.Funds.Edit(p.T.Context(), p.Admin, amif, set.Edition, fund.SetVisibility{Visibility: fund.Wording{Text: words, Source: "office"}}))
}

func (p *kept) duties() []journal.Duty {
	p.T.Helper()
	return testrig.Must(p.Journal.Checklist(p.T.Context(), p.Coordinator, p.id))(p.T).Duties
}

// photograph is a JPEG that says where it was taken.
func photograph(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"), []byte("GPS 52.2297 N 21.0122 E")...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append(append([]byte{}, b.Bytes()[:2]...), segment...), b.Bytes()[2:]...)
}

func own() journal.VisibleDraft {
	return journal.VisibleDraft{Duty: "Plakat na sali", Lang: "pl", Met: journal.Done, Day: "2026-05-04", Proof: journal.Address, Address: "https://biuro.example/projekt"}
}

// TestDutiesComeFromTheFund: the fund's duties in their order, then the office's own; a wording that changes is another duty, a translation is not.
func TestDutiesComeFromTheFund(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		if len(p.duties()) != 0 {
			t.Errorf("%+v", p.duties())
		}
		p.rule(text.Translated{"pl": "Plakat\nStrona w internecie"})
		w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, own()))
		list := p.duties()
		if len(list) != 3 || list[0].Says.Duty["pl"] != "Plakat" || list[0].Said() || list[2].Says.FundID != "" || !list[2].Said() {
			t.Fatalf("%+v", list)
		}
		d := own()
		d.Key, d.Met, d.Day, d.Proof, d.Reason = list[1].Key(), journal.NotApplicable, "", journal.NoProof, "Projekt nie ma strony."
		w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d))
		c := testrig.Must(w.Journal.Checklist(ctx, w.Reviewer, p.id))(t)
		if c.Left() != 1 || c.Duties[1].Says.Met != journal.NotApplicable {
			t.Errorf("%d: %+v", c.Left(), c.Duties)
		}
		p.rule(text.Translated{"pl": "Plakat\nStrona w internecie", "en": "Poster\nPage"})
		if list := p.duties(); len(list) != 3 || !list[1].Said() || list[1].Says.Duty["pl"] == "" {
			t.Errorf("a translation made another duty: %+v", list)
		}
		p.rule(text.Translated{"pl": "Plakat\nStrona biura"})
		list = p.duties()
		if len(list) != 4 || list[1].Said() || list[3].Asked || list[3].Says.Duty["pl"] != "Strona w internecie" || list[2].Says.FundID != "" {
			t.Errorf("%+v", list)
		}
		d.Key = "amif-2021:z"
		w.Refused("a duty that nobody asks", w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d), errs.ErrConflict)
	})
}

// TestProofs: of a photograph nothing stays of where it was taken; a proof stays until another comes, and can be erased.
func TestProofs(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		d := own()
		d.Proof, d.Address, d.File, d.Shows, d.NoFaces = journal.Photograph, "", photograph(t), "Plakat", "none"
		if !bytes.Contains(d.File, []byte("GPS")) {
			t.Fatal("the test's photograph does not say where it is from")
		}
		w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d))
		first := p.duties()[0]
		b := testrig.Must(w.Journal.Proof(ctx, w.Reviewer, p.id, first.Entry.ID))(t)
		if b.MediaType != "image/jpeg" || bytes.Contains(b.Content, []byte("GPS")) || bytes.Contains(b.Content, []byte("Exif")) {
			t.Errorf("%s, %q", b.MediaType, b.Content[:min(len(b.Content), 60)])
		}
		for _, a := range []access.Actor{w.PoliceCoordinator, w.Learner} {
			_, err := w.Journal.Proof(ctx, a, p.id, first.Entry.ID)
			w.Refused("somebody else", err, errs.ErrNotFound)
		}
		_, err := w.Journal.Proof(ctx, w.Coordinator, p.id, p.id)
		w.Refused("no entry", err, errs.ErrNotFound)

		d.Key, d.Seen, d.File, d.Shows = first.Key(), first.Entry.ID, nil, "Plakat w sali"
		w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d))
		second := p.duties()[0]
		if second.Entry.BlobHash != first.Entry.BlobHash || len(second.Item.History) != 2 || second.Says.Shows != "Plakat w sali" {
			t.Errorf("%+v", second)
		}
		w.Refused("over what somebody else wrote", w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d), errs.ErrConflict)

		w.Refused("erased by a reader", w.Journal.DropProof(ctx, w.Reviewer, p.id, second.Entry.ID), errs.ErrForbidden)
		w.OK(w.Journal.DropProof(ctx, w.Coordinator, p.id, second.Entry.ID))
		for _, n := range p.duties()[0].Item.History {
			_, err := w.Journal.Proof(ctx, w.Coordinator, p.id, n.ID)
			w.Refused("an erased file", err, errs.ErrNotFound)
		}
		d.Seen = second.Entry.ID
		w.Refused("without a file", w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d), errs.ErrInvalid)
		d.Proof, d.File = journal.PDF, []byte("%PDF-1.7 made up")
		w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, d))
		if x := p.duties()[0]; x.Says.NoFaces != "" || x.Entry.BlobHash == "" {
			t.Errorf("%+v", x)
		}
	})
}

// TestFaultsOfADuty: each fault at its field, and nothing is written.
func TestFaultsOfADuty(t *testing.T) {
	w := testrig.New(t)
	p := begin(t, w)
	for name, c := range map[string]struct {
		field  string
		change func(d *journal.VisibleDraft)
	}{
		"no words":              {"duty", func(d *journal.VisibleDraft) { d.Duty = " " }},
		"long words":            {"duty", func(d *journal.VisibleDraft) { d.Duty = strings.Repeat("x", 401) }},
		"no state":              {"met", func(d *journal.VisibleDraft) { d.Met = "" }},
		"done without a day":    {"day", func(d *journal.VisibleDraft) { d.Day = "" }},
		"a day ahead":           {"day", func(d *journal.VisibleDraft) { d.Day = "2027-01-01" }},
		"not done, no reason":   {"reason", func(d *journal.VisibleDraft) { d.Met = journal.NotDone }},
		"not applicable":        {"reason", func(d *journal.VisibleDraft) { d.Met = journal.NotApplicable }},
		"an address of a file":  {"address", func(d *journal.VisibleDraft) { d.Address = "file:///etc" }},
		"an open address":       {"address", func(d *journal.VisibleDraft) { d.Address = "http://biuro.example" }},
		"a script":              {"address", func(d *journal.VisibleDraft) { d.Address = "javascript:alert(1)" }},
		"nothing of faces":      {"no_faces", func(d *journal.VisibleDraft) { d.Proof, d.Shows, d.File = journal.Photograph, "x", []byte("x") }},
		"no words of the proof": {"shows", func(d *journal.VisibleDraft) { d.Proof, d.File = journal.PDF, []byte("%PDF-") }},
		"no PDF":                {"file", func(d *journal.VisibleDraft) { d.Proof, d.Shows, d.File = journal.PDF, "x", []byte("<html>") }},
		"a large PDF": {"file", func(d *journal.VisibleDraft) {
			d.Proof, d.Shows, d.File = journal.PDF, "x", append([]byte("%PDF-"), make([]byte, journal.MostPDF)...)
		}},
		"no photograph": {"file", func(d *journal.VisibleDraft) {
			d.Proof, d.Shows, d.NoFaces, d.File = journal.Photograph, "x", "none", []byte("<svg>")
		}},
		"no file":       {"file", func(d *journal.VisibleDraft) { d.Proof, d.Shows, d.NoFaces = journal.Photograph, "x", "none" }},
		"another proof": {"proof", func(d *journal.VisibleDraft) { d.Proof = "word" }},
	} {
		d := own()
		c.change(&d)
		err := w.Journal.Say(t.Context(), w.Coordinator, p.id, p.first, d)
		w.Refused(name, err, errs.ErrInvalid)
		if !strings.Contains(err.Error(), c.field) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(p.duties()) != 0 {
		t.Errorf("%+v", p.duties())
	}
}

func risk() journal.Risk {
	return journal.Risk{What: "Odwołane szkolenia", Likelihood: journal.Medium, Impact: journal.High, Measure: "Zapasowe terminy", Watcher: "koordynator", Opened: "2026-02-01"}
}

func change() journal.Change {
	return journal.Change{What: "Więcej szkoleń", Why: "Duże zainteresowanie", Asked: "2026-03-01", Answer: journal.Approved, Day: "2026-03-20"}
}

// TestTheLogKeepsItsHistory: a correction is one more entry with its reason; what held after a period is found again.
func TestTheLogKeepsItsHistory(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		riskID := testrig.Must(w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, "", "", risk()))(t)
		changeID := testrig.Must(w.Journal.WriteChange(ctx, w.Coordinator, p.id, p.first, "", "", change()))(t)
		w.OK(w.Projects.LockPeriod(ctx, w.Coordinator, p.id, p.first))
		w.OK(w.Projects.OpenPeriod(ctx, w.Coordinator, p.id, p.second, "zapisy"))
		l := testrig.Must(w.Journal.Log(ctx, w.Reviewer, p.id))(t)
		w.Clock.Advance(time.Hour)
		closed := risk()
		closed.Closed, closed.Note = "2026-09-01", "Szkolenia się odbyły."
		testrig.Must(w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.second, riskID, l.Risks[0].Now().ID, closed))(t)
		_, err := w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.second, riskID, l.Risks[0].Now().ID, closed)
		w.Refused("over what somebody else wrote", err, errs.ErrConflict)
		refused := change()
		refused.Answer, refused.Note = journal.Refused, "Pomyłka."
		testrig.Must(w.Journal.WriteChange(ctx, w.Coordinator, p.id, p.second, changeID, l.Changes[0].Now().ID, refused))(t)
		testrig.Must(w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.second, "", "", risk()))(t)
		for period, want := range map[int]struct {
			risks  int
			closed string
			answer journal.Answer
		}{1: {1, "", journal.Approved}, 2: {2, "2026-09-01", journal.Refused}, 0: {2, "2026-09-01", journal.Refused}} {
			risks, changes, err := w.Journal.LogIn(ctx, w.DB, p.id, period)
			w.OK(err)
			if len(risks) != want.risks || risks[0].Now().Says.Closed != want.closed || changes[0].Now().Says.Answer != want.answer || risks[0].Number != 1 || risks[0].Now().By == "" {
				t.Errorf("%d: %+v %+v", period, risks, changes)
			}
		}
		if risk().Weight() != 6 {
			t.Error(risk().Weight())
		}
	})
}

// TestFaultsOfTheLog: each at its field.
func TestFaultsOfTheLog(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := begin(t, w)
	for field, c := range map[string]func(r *journal.Risk){
		"what": func(r *journal.Risk) { r.What = "" }, "likelihood": func(r *journal.Risk) { r.Likelihood = "" }, "impact": func(r *journal.Risk) { r.Impact = "x" },
		"measure": func(r *journal.Risk) { r.Measure = "" }, "watcher": func(r *journal.Risk) { r.Watcher = "" }, "opened": func(r *journal.Risk) { r.Opened = "" },
		"closed": func(r *journal.Risk) { r.Closed = "2026-01-31" },
	} {
		r := risk()
		c(&r)
		_, err := w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, "", "", r)
		w.Refused(field, err, errs.ErrInvalid)
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, c := range map[string]func(r *journal.Change){
		"what": func(r *journal.Change) { r.What = "" }, "why": func(r *journal.Change) { r.Why = "" }, "answer": func(r *journal.Change) { r.Answer = "" },
		"asked": func(r *journal.Change) { r.Asked = "" }, "day": func(r *journal.Change) { r.Day = "2026-02-28" }, "annex": func(r *journal.Change) { r.Annex = 7 },
	} {
		x := change()
		c(&x)
		_, err := w.Journal.WriteChange(ctx, w.Coordinator, p.id, p.first, "", "", x)
		w.Refused(field, err, errs.ErrInvalid)
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	riskID := testrig.Must(w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, "", "", risk()))(t)
	_, err := w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, riskID, riskID, risk())
	w.Refused("a correction without a reason", err, errs.ErrInvalid)
	again := risk()
	again.Note = "Poprawka."
	_, err = w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, p.id, riskID, again)
	w.Refused("no risk", err, errs.ErrNotFound)
}

// TestWritingNeedsAnOpenPeriod: and the right to keep the project; reading, that to read it.
func TestWritingNeedsAnOpenPeriod(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		p := begin(t, w)
		write := func(a access.Actor, periodID string) map[string]error {
			_, riskErr := w.Journal.WriteRisk(ctx, a, p.id, periodID, "", "", risk())
			_, changeErr := w.Journal.WriteChange(ctx, a, p.id, periodID, "", "", change())
			return map[string]error{"risk": riskErr, "change": changeErr, "duty": w.Journal.Say(ctx, a, p.id, periodID, own())}
		}
		for what, err := range write(w.Coordinator, p.second) {
			w.Refused(what+" in a locked period", err, errs.ErrConflict)
		}
		for what, err := range write(w.Coordinator, p.id) {
			w.Refused(what+" in no period", err, errs.ErrNotFound)
		}
		for who, a := range w.Everybody() {
			mine := a.PersonID == w.Admin.PersonID || a.PersonID == w.Coordinator.PersonID
			for what, err := range write(a, p.first) {
				if (err == nil) != mine {
					t.Errorf("%s, %s: %v", who, what, err)
				}
			}
			_, logErr := w.Journal.Log(ctx, a, p.id)
			_, listErr := w.Journal.Checklist(ctx, a, p.id)
			if reads := mine || a.PersonID == w.Reviewer.PersonID; (logErr == nil) != reads || (listErr == nil) != reads {
				t.Errorf("%s reads: %v, %v", who, logErr, listErr)
			}
		}
	})
}

// TestNoFailureIsSilent: a statement that fails is an error, and leaves nothing half done.
func TestNoFailureIsSilent(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	p := begin(t, w)
	p.rule(text.Translated{"pl": "Plakat"})
	pdf := own()
	pdf.Proof, pdf.File, pdf.Shows = journal.PDF, []byte("%PDF-1.7 made up"), "Plakat"
	w.OK(w.Journal.Say(ctx, w.Coordinator, p.id, p.first, pdf))
	proofID := p.duties()[1].Entry.ID
	dbtest.EachFails(t, w.DB, []dbtest.Step{
		{Name: "checklist", Do: func() error { _, err := w.Journal.Checklist(ctx, w.Coordinator, p.id); return err }},
		{Name: "say", Do: func() error { return w.Journal.Say(ctx, w.Coordinator, p.id, p.first, own()) }},
		{Name: "risk", Do: func() error {
			_, err := w.Journal.WriteRisk(ctx, w.Coordinator, p.id, p.first, "", "", risk())
			return err
		}},
		{Name: "change", Do: func() error {
			_, err := w.Journal.WriteChange(ctx, w.Coordinator, p.id, p.first, "", "", change())
			return err
		}},
		{Name: "log", Do: func() error { _, err := w.Journal.Log(ctx, w.Coordinator, p.id); return err }},
		{Name: "proof", Do: func() error { _, err := w.Journal.Proof(ctx, w.Coordinator, p.id, proofID); return err }},
		{Name: "drop", Do: func() error { return w.Journal.DropProof(ctx, w.Coordinator, p.id, proofID) }},
	})
}
