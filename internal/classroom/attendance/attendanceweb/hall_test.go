package attendanceweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig"
)

// hall is a world with a training of the guard in two half-days, of which the first has begun, and two learners with a seat.
type hall struct {
	*testrig.World
	training, morning, afternoon string
}

func newHall(t *testing.T) *hall {
	w := testrig.New(t)
	h := &hall{World: w}
	from := testrig.Start.Add(-10 * time.Minute)
	noon := from.Add(5 * time.Hour)
	class := w.Class(w.GuardCoordinator, w.Guard, classroom.ContentDraft{Title: "Szkolenie 3: Warszawa"}, "Warszawa",
		testrig.Hours{From: from, Until: from.Add(4 * time.Hour)}, testrig.Hours{From: noon, Until: noon.Add(4 * time.Hour)})
	class.Seat(w.Learner, w.OtherLearner)
	h.training, h.morning, h.afternoon = class.ID, class.Sessions[0], class.Sessions[1]
	return h
}

func (h *hall) path(rest string) string { return "/app/hall/" + h.morning + rest }

// Who neither has the right in the unit nor holds the session finds none of its pages.
func TestWhoIsRefused(t *testing.T) {
	h := newHall(t)
	who := h.Learner.PersonID
	paths := []string{"", "/walk-in", "/person/" + who, "/close", "/reopen", "/code", "/scans", "/sheets", "/sheets/" + id.New()}
	posts := []string{"", "/walk-in", "/person/" + who, "/person/" + who + "/undo", "/person/" + who + "/link", "/close", "/count", "/note", "/reopen", "/sheets/" + id.New() + "/withdraw"}
	for name, a := range h.Everybody() {
		if name == "administrator" || name == "coordinator" || strings.HasSuffix(name, "of the guard") && !strings.Contains(name, "editor") {
			continue
		}
		b := h.Browse(a)
		want := http.StatusNotFound
		for _, path := range paths {
			p := b.Get(h.path(path))
			if name == "nobody" && p.Status != http.StatusSeeOther || name != "nobody" && p.Status != want {
				t.Errorf("%s reads %s: %d", name, path, p.Status)
			}
		}
		if name == "nobody" {
			continue
		}
		for _, path := range posts {
			if p := b.Post(h.path(path), url.Values{"reason": {"powód"}, "note": {"x"}, "name": {"X"}, "state": {"present"}}); p.Status != want {
				t.Errorf("%s posts %s: %d", name, path, p.Status)
			}
		}
		if p := b.Upload(h.path("/sheets"), url.Values{}, "a.jpg", "x"); p.Status != want {
			t.Errorf("%s uploads: %d", name, p.Status)
		}
		if p := b.Get("/app/trainings/" + h.training + "/hours"); name != "reviewer" && p.Status != want {
			t.Errorf("%s sees the hours: %d", name, p.Status)
		}
	}
	if p := h.Browse(h.GuardTrainer).Get(h.path("/reopen")); p.Status != http.StatusForbidden {
		t.Errorf("a trainer reopens: %d", p.Status)
	}
}

// The roll of a page without a script: two are marked, the rest are there, somebody is added, the numbers disagree, a reason closes,
// a correction changes one, the coordinator reopens.
func TestADayWithoutAScript(t *testing.T) {
	h := newHall(t)
	b := h.Browse(h.GuardTrainer)
	if p := b.Get("/app/hall"); p.Find(`a[href="`+h.path("")+`"]`).Length() != 2 {
		t.Errorf("the day: %s", p.Text("main"))
	}
	page := b.Get(h.path(""))
	if got := page.Text(".tally"); got != "0 z 2 jest 0 nie ma 2 bez znaku" {
		t.Errorf("the tally: %s", got)
	}
	if got := page.Text(".hall-tabs"); got != "Pt. ranoPt. po poł." {
		t.Errorf("the tabs: %s", got)
	}
	if page.Find(".roll-who a").First().Text() != "Święty Łukasz" || strings.Contains(page.Text(".roll"), "@") {
		t.Errorf("the roll: %s", page.Text(".roll"))
	}
	form := page.Form("form[data-roll]")
	form.Set("m."+h.Learner.PersonID, "present")
	h.Status(b.Post(h.path(""), form), http.StatusSeeOther)
	if got := b.Get(h.path("")).Text(".tally"); got != "1 z 2 jest 0 nie ma 1 bez znaku" {
		t.Errorf("saved: %s", got)
	}
	form.Set("m."+h.Learner.PersonID, "absent")
	form.Set("autosave", "1")
	if p := b.Post(h.path(""), form); p.Status != http.StatusOK || !strings.Contains(p.Body, `"text":"Zapisane o 09:00"`) || !strings.Contains(p.Body, `"newer":[]`) {
		t.Errorf("saved by the script: %d %s", p.Status, p.Body)
	}
	h.Clock.Advance(time.Second)
	h.Status(b.Post(h.path(""), url.Values{"rest": {"1"}}), http.StatusSeeOther)
	if p := b.Post(h.path("/walk-in"), url.Values{"name": {""}}); p.Status != http.StatusUnprocessableEntity || p.Find("#f-name-error").Length() != 1 {
		t.Errorf("without a name: %d", p.Status)
	}
	h.Status(b.Post(h.path("/walk-in"), url.Values{"name": {"Nowa Anna"}, "institution": {"PCPR"}}), http.StatusSeeOther)
	if got := b.Get(h.path("")); got.Text(".tally") != "2 z 3 jest 1 nie ma 0 bez znaku" || !strings.Contains(got.Text(".roll"), "Nowa Anna PCPR bez zgłoszenia") {
		t.Errorf("added: %s", got.Text(".roll"))
	}
	h.closeAndCorrect(t, b)
}

func (h *hall) closeAndCorrect(t *testing.T, b *testrig.Browser) {
	person := h.path("/person/" + h.OtherLearner.PersonID)
	if p := b.Post(person, url.Values{"state": {"present"}, "from": {"7:00"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("#f-from-error"), "od 08:50 do 12:50") {
		t.Errorf("from before the session: %d %s", p.Status, p.Text("main"))
	}
	h.Clock.Advance(time.Second)
	h.Status(b.Post(person, url.Values{"state": {"present"}, "from": {"10:20"}, "note": {"dyżur"}}), http.StatusSeeOther)
	if got := b.Get(h.path("")).Text(".roll"); !strings.Contains(got, "od 10:20") {
		t.Errorf("partly: %s", got)
	}
	page := b.Get(h.path("/close"))
	if got := page.Text("main .notice.waiting"); !strings.Contains(got, "podpisów") || !strings.Contains(got, "na sali") {
		t.Errorf("against closing: %s", got)
	}
	if p := b.Post(h.path("/close"), url.Values{"heads": {"x"}}); p.Status != http.StatusUnprocessableEntity || p.Find("#f-heads-error").Length() != 1 {
		t.Errorf("a number that is none: %d", p.Status)
	}
	h.Status(b.Post(h.path("/count"), url.Values{"heads": {"3"}}), http.StatusSeeOther)
	if p := b.Post(h.path("/close"), url.Values{"heads": {"3"}, "signatures": {"2"}}); p.Status != http.StatusUnprocessableEntity || p.Find("#f-reason-error").Length() != 1 {
		t.Errorf("without a reason: %d %s", p.Status, p.Text("main"))
	}
	h.Status(b.Post(h.path("/note"), url.Values{"note": {"Brak prądu do 9:30"}}), http.StatusSeeOther)
	h.Status(b.Post(h.path("/close"), url.Values{"heads": {"3"}, "signatures": {"2"}, "reason": {"jedna osoba wyszła przed podpisem"}}), http.StatusSeeOther)
	page = b.Get(h.path("/close"))
	if got := page.Text("main"); !strings.Contains(got, "na liście 2, na sali 3, podpisów 2") || !strings.Contains(got, "1 osoba nie przyszła") || !strings.Contains(got, "Brak prądu") {
		t.Errorf("closed: %s", got)
	}
	if p := b.Post(h.path("/close"), url.Values{"reason": {"jeszcze raz"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".errors"), "już zamknięta") {
		t.Errorf("closed twice: %d", p.Status)
	}
	person = h.path("/person/" + h.Learner.PersonID)
	if p := b.Post(person, url.Values{"state": {"present"}}); p.Status != http.StatusUnprocessableEntity || p.Find("#f-reason-error").Length() != 1 {
		t.Errorf("corrected without a reason: %d", p.Status)
	}
	h.Clock.Advance(time.Second)
	h.Status(b.Post(person, url.Values{"state": {"present"}, "reason": {"podpis jest na arkuszu"}}), http.StatusSeeOther)
	if got := b.Get(person).Text(".hall-history"); !strings.Contains(got, "Powód: podpis jest na arkuszu") || !strings.Contains(got, "poprawka: Tomasz Trener") {
		t.Errorf("the history: %s", got)
	}
	c := h.Browse(h.GuardCoordinator)
	h.Status(c.Get(h.path("/reopen")), http.StatusOK)
	if p := c.Post(h.path("/reopen"), url.Values{}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("reopened without a reason: %d", p.Status)
	}
	h.Status(c.Post(h.path("/reopen"), url.Values{"reason": {"zły arkusz"}}), http.StatusSeeOther)
	if got := c.Get(h.path("/close")).Text("main"); !strings.Contains(got, "zły arkusz") || !strings.Contains(got, "jedna osoba wyszła") {
		t.Errorf("reopened: %s", got)
	}
}

// The code names nobody, changes, and leads who scans it through signing in to one button.
// Who comes second to close is told who was first, and what they typed is theirs to write down.
func TestTheAfternoonIsTheNextPage(t *testing.T) {
	h := newHall(t)
	b := h.Browse(h.GuardTrainer)
	form := b.Get(h.path("")).Form("form[data-roll]")
	form.Set("m."+h.Learner.PersonID, "absent")
	form.Set("rest", "1")
	h.Status(b.Post(h.path(""), form), http.StatusSeeOther)
	if p := b.Get(h.path("/close")); p.Find("#f-heads[autofocus]").Length() != 1 {
		t.Error("the number that the page is for has no focus")
	}
	h.Clock.Advance(9 * time.Hour)
	afternoon := "/app/hall/" + h.afternoon
	if got := h.Status(b.Post(h.path("/close"), url.Values{"heads": {"1"}, "signatures": {"1"}}), http.StatusSeeOther).Header.Get("Location"); got != afternoon {
		t.Fatalf("closing leads to %s", got)
	}
	p := b.Get(afternoon)
	if got := p.Text("button[name=again]"); got != "Przepisz z listy „Pt. rano”: 1 jest, 1 nie ma" {
		t.Errorf("%q, %s", got, p.Text("main"))
	}
	form = p.Form("form[data-roll]")
	form.Set("again", "1")
	h.Status(b.Post(afternoon, form), http.StatusSeeOther)
	if p = b.Get(afternoon); p.Text(".tally") != "1 z 2 jest 1 nie ma 0 bez znaku" || p.Find("button[name=again]").Length() != 0 {
		t.Errorf("taken over: %s", p.Text("main"))
	}
	if got := h.Status(b.Post(afternoon+"/close", url.Values{"heads": {"1"}, "signatures": {"1"}}), http.StatusSeeOther).Header.Get("Location"); got != afternoon+"/close" {
		t.Errorf("the last of the day leads to %s", got)
	}
}

func TestClosedMeanwhile(t *testing.T) {
	h := newHall(t)
	first, second := h.Browse(h.GuardTrainer), h.Browse(h.GuardCoordinator)
	h.Status(second.Get(h.path("/close")), http.StatusOK)
	h.Status(first.Post(h.path("/close"), url.Values{"heads": {"0"}, "signatures": {"0"}, "reason": {"nikt nie przyszedł"}}), http.StatusSeeOther)
	p := second.Post(h.path("/close"), url.Values{"heads": {"2"}, "signatures": {"2"}, "reason": {"arkusz w biurze"}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "nikt nie przyszedł") || !strings.Contains(p.Text(".errors"), "zamknięta") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
	note := p.Text("textarea[name=note]")
	for _, want := range []string{"arkusz w biurze", ": 2"} {
		if !strings.Contains(note, want) {
			t.Errorf("the note is %q", note)
		}
	}
	h.Status(second.Post(h.path("/note"), url.Values{"note": {note}}), http.StatusSeeOther)
	if got := first.Get(h.path("/close")).Text("main"); !strings.Contains(got, "arkusz w biurze") {
		t.Errorf("written down: %s", got)
	}
}

func TestTheCode(t *testing.T) {
	h := newHall(t)
	trainer := h.Browse(h.GuardTrainer)
	page := h.Status(trainer.Get(h.path("/code")), http.StatusOK)
	code := strings.ReplaceAll(page.Text(".hall-letters"), " ", "")
	if len(code) != 6 || page.Find(`noscript`).Length() != 1 || strings.Contains(page.Body, "Święty") {
		t.Errorf("%q: %s", code, page.Text("main"))
	}
	if part := trainer.Get(h.path("/code?part=1")); part.Text(".hall-letters") != page.Text(".hall-letters") || part.Find("h1").Length() != 0 {
		t.Error("a part of the page is not the code alone")
	}
	scan := func(a access.Actor, path string) *scanner {
		b := h.Browse(a)
		p := b.Get(path)
		if p.Status != http.StatusSeeOther {
			return &scanner{b, "", p.Text("main")}
		}
		at := p.Header.Get("Location")
		return &scanner{b, at, b.Get(at).Text("main")}
	}
	s := scan(h.Learner, "/app/here/"+code)
	if !strings.Contains(s.said, "Zapisz moją obecność") {
		t.Errorf("scanned: %s", s.said)
	}
	sealed := s.scan(t)
	for _, want := range []string{"Obecność zapisana", "Obecność jest już zapisana"} {
		if p := s.b.Post("/app/here/scan", url.Values{"scan": {sealed}}); !strings.Contains(p.Text("main"), want) {
			t.Errorf("confirmed: %s", p.Text("main"))
		}
	}
	if p := s.b.Post("/app/here/scan", url.Values{"scan": {"x"}}); p.Status != http.StatusGone {
		t.Errorf("a seal that is none: %d", p.Status)
	}
	if s := scan(h.PoliceLearner, "/app/here?code="+strings.ToLower(code[:3]+"+"+code[3:])); !strings.Contains(s.said, "You have no seat") {
		t.Errorf("a stranger: %s", s.said)
	}
	if s := scan(h.OtherLearner, "/app/here/ZZZZZZ"); !strings.Contains(s.said, "na żadnym ekranie") && !strings.Contains(s.said, "on no screen") {
		t.Errorf("a code that is none: %s", s.said)
	}
	// Who is not signed in keeps the moment of the scan.
	nobody := h.Browse(access.Actor{})
	at := nobody.Get("/app/here/" + code).Header.Get("Location")
	ways := h.Status(nobody.Get(at), http.StatusOK) // with an account, or by the code of a sheet
	if strings.Contains(ways.Body, "Szkolenie 3") {
		t.Error("the training's name is told before anybody said who they are")
	}
	at, _ = ways.Find(`main a[href^="/app/here/scan?"]`).Attr("href")
	if next := nobody.Get(at).Header.Get("Location"); !strings.HasPrefix(next, "/app/sign-in?next=%2Fapp%2Fhere%2Fscan") {
		t.Errorf("signing in leads to %s", next)
	}
	h.Clock.Advance(2 * time.Minute)
	if s := scan(h.OtherLearner, "/app/here/"+code); !strings.Contains(s.said, "out of date") {
		t.Errorf("an old code: %s", s.said)
	}
	if got := trainer.Get(h.path("/scans")).Text("main"); !strings.Contains(got, "Żak OksanaTa osoba nie ma miejsca") || !strings.Contains(got, "Święty ŁukaszKod był nieaktualny") {
		t.Errorf("what was refused: %s", got)
	}
}

type scanner struct {
	b        *testrig.Browser
	at, said string
}

func (s *scanner) scan(t *testing.T) string {
	u, err := url.Parse(s.at)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("scan")
}

// A photographed sheet is kept and comes back as a file; another day's is refused in words; what is withdrawn stays.
func TestSheets(t *testing.T) {
	h := newHall(t)
	b := h.Browse(h.GuardTrainer)
	picture := photograph(t)
	day := testrig.Start.Format(time.DateOnly)
	for field, form := range map[string]url.Values{"day": {"day": {"2026-10-24"}}, "code": {"day": {day}, "code": {"ABCDEF"}}, "signatures": {"day": {day}, "signatures": {"x"}}} {
		if p := b.Upload(h.path("/sheets"), form, "a.jpg", picture); p.Status != http.StatusUnprocessableEntity || p.Find("#f-"+field+"-error").Length() != 1 {
			t.Errorf("%s: %d %s", field, p.Status, p.Text("main"))
		}
	}
	if p := b.Upload(h.path("/sheets"), url.Values{"day": {day}}, "a.jpg", "no picture"); p.Status != http.StatusUnprocessableEntity || p.Find("#f-file-error").Length() != 1 {
		t.Errorf("no picture: %d %s", p.Status, p.Text("main"))
	}
	h.Status(b.Upload(h.path("/sheets"), url.Values{"day": {day}, "signatures": {"2"}}, "a.jpg", picture), http.StatusSeeOther)
	page := b.Get(h.path("/sheets"))
	at, _ := page.Find(`a[download]`).Attr("href")
	file := h.Status(b.Get(at), http.StatusOK)
	if !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") || file.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(page.Text(".card"), "SHA-256") {
		t.Errorf("%v", file.Header)
	}
	if got := b.Get(h.path("/close")).Text(".hall-three"); !strings.Contains(got, "2 podpisów") {
		t.Errorf("signatures: %s", got)
	}
	if p := b.Post(at+"/withdraw", url.Values{}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("withdrawn without a reason: %d", p.Status)
	}
	h.Status(b.Post(at+"/withdraw", url.Values{"reason": {"nieczytelny"}}), http.StatusSeeOther)
	if got := b.Get(h.path("/sheets")).Text(".card"); !strings.Contains(got, "wycofane") || !strings.Contains(got, "nieczytelny") {
		t.Errorf("withdrawn: %s", got)
	}
	if p := b.Post(at+"/withdraw", url.Values{"reason": {"nieczytelny"}}); p.Status != http.StatusNotFound {
		t.Errorf("withdrawn twice: %d", p.Status)
	}
}

// A walk-in is found among the people and becomes one of them on the roll.
func TestFindingAWalkIn(t *testing.T) {
	h := newHall(t)
	b := h.Browse(h.GuardTrainer)
	h.Status(b.Post(h.path("/walk-in"), url.Values{"name": {"Trener T."}}), http.StatusSeeOther)
	at, _ := b.Get(h.path("")).Find(".roll-who a").Last().Attr("href")
	page := b.Get(at + "?q=Trener")
	if got := page.Text(".hall-rows"); !strings.Contains(got, "Trener Tomasz") {
		t.Fatalf("found: %s", page.Text("main"))
	}
	if got := b.Get(at + "?q=nikogo-takiego").Text("[role=status]"); !strings.Contains(got, "Nie ma takiej osoby") {
		t.Errorf("nobody: %s", got)
	}
	h.Status(b.Post(at+"/link", url.Values{"person": {h.GuardTrainer.PersonID}}), http.StatusSeeOther)
	if got := b.Get(h.path("")).Text(".roll"); !strings.Contains(got, "Trener Tomasz") || strings.Contains(got, "Trener T.") {
		t.Errorf("linked: %s", got)
	}
	h.Status(b.Post(at+"/undo", nil), http.StatusNotFound)
	if p := b.Post(h.path("/person/"+h.GuardTrainer.PersonID+"/undo"), nil); p.Status != http.StatusSeeOther {
		t.Errorf("undone: %d", p.Status)
	}
}

// Hours are in the training's own, on the page and in its file.
func TestHours(t *testing.T) {
	h := newHall(t)
	b := h.Browse(h.GuardTrainer)
	h.Status(b.Post(h.path(""), url.Values{"rest": {"1"}}), http.StatusSeeOther)
	page := b.Get("/app/trainings/" + h.training + "/hours")
	if got := page.Text("main"); !strings.Contains(got, "2 sesje, razem 10,5 godz. po 45 minut.") || !strings.Contains(got, "5,25") || !strings.Contains(got, "2 listy są jeszcze otwarte") {
		t.Errorf("hours: %s", got)
	}
	file := h.Status(b.Get("/app/trainings/"+h.training+"/hours?as=csv"), http.StatusOK)
	if !strings.Contains(file.Body, "Święty Łukasz") || !strings.Contains(file.Body, "5,25") {
		t.Errorf("the file: %s", file.Body)
	}
	h.Refused("somebody else takes the file away", h.Attendance.RecordExport(t.Context(), h.PoliceLearner, h.training, 1, "csv"), errs.ErrNotFound)
}

// TestTheTestOfWhoHasNoAccount: the code on the screen and that of a sheet open this one test on a phone, until an hour after the session,
// and nothing else. Nobody's name stands anywhere.
func TestTheTestOfWhoHasNoAccount(t *testing.T) {
	h := newHall(t)
	ctx := t.Context()
	tests, err := h.Bank.Tests(ctx)
	h.OK(err)
	for _, f := range tests[0].Forms {
		_, err := h.Bank.Review(ctx, h.Admin, f.Items, itembank.Approved, "")
		h.OK(err)
	}
	m, err := h.Measurement.Attach(ctx, h.Admin, measurement.Draft{TestID: tests[0].ID, Kind: measurement.OfTraining, SubjectID: h.training, UnitID: h.Guard})
	h.OK(err)
	_, err = h.Measurement.AddParticipants(ctx, h.Admin, m.ID, []string{h.Learner.PersonID, h.OtherLearner.PersonID})
	h.OK(err)
	_, err = h.OnPaper.Prepare(ctx, h.Admin, m.ID, measurement.Before, 0, "pl")
	h.OK(err)
	printed, err := h.OnPaper.Print(ctx, h.Admin, m.ID, measurement.Before)
	h.OK(err)
	code := strings.ReplaceAll(h.Browse(h.GuardTrainer).Get(h.path("/code")).Text(".hall-letters"), " ", "")

	phone := h.Browse(access.Actor{})
	at := phone.Get("/app/here/" + code).Header.Get("Location")
	scan, err := url.Parse(at)
	h.OK(err)
	sealed := scan.Query().Get("scan")
	for _, c := range []struct {
		scan, row string
		status    int
	}{{"x", printed.Sheets[0].Code, http.StatusGone}, {sealed, "1A-01-AAAA", http.StatusUnprocessableEntity}, {sealed, "", http.StatusUnprocessableEntity}} {
		if p := phone.Post("/app/here/row", url.Values{"scan": {c.scan}, "row": {c.row}}); p.Status != c.status || strings.Contains(p.Body, "Szkolenie 3") {
			t.Errorf("%q, %q: %d, %s", c.scan, c.row, p.Status, p.Text("main"))
		}
	}
	if p := phone.Get("/app/sitting"); p.Status != http.StatusGone {
		t.Errorf("without a code: %d", p.Status)
	}
	if p := phone.Post("/app/here/row", url.Values{"scan": {sealed}, "row": {strings.ToLower(printed.Sheets[0].Code)}}); p.Header.Get("Location") != "/app/sitting" {
		t.Fatalf("the right codes: %d, %s", p.Status, p.Text("main"))
	}
	p := h.Status(phone.Get("/app/sitting"), http.StatusOK)
	if p.Find("fieldset").Length() < 3 || strings.Contains(p.Body, printed.Sheets[0].Name) {
		t.Errorf("the test: %s", p.Text("main"))
	}
	for _, other := range []string{"/app/", "/app/trainings/" + h.training, h.path(""), "/app/evidence/measurements/" + m.ID} {
		if p := phone.Get(other); p.Status != http.StatusSeeOther || !strings.HasPrefix(p.Header.Get("Location"), "/app/sign-in") {
			t.Errorf("%s with the key of a test: %d", other, p.Status)
		}
	}
	h.Clock.Advance(11 * time.Minute)
	if p := phone.Post("/app/here/row", url.Values{"scan": {sealed}, "row": {printed.Sheets[1].Code}}); p.Status != http.StatusGone {
		t.Errorf("a code that was on the screen eleven minutes ago: %d", p.Status)
	}
	h.Clock.Advance(5 * time.Hour)
	if p := phone.Get("/app/sitting"); p.Status != http.StatusGone {
		t.Errorf("an hour after the session: %d", p.Status)
	}
}
