package laboratoryweb_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/id"
	"ostoja/internal/laboratory"
	"ostoja/internal/testrig"
)

const packing = "packing-hall"

// A room is opened, joined, decided in, moved on to its debrief, and ended, all by plain forms.
func TestARoomByForms(t *testing.T) {
	w := testrig.New(t)
	trainer, phone := w.Browse(w.GuardTrainer), w.Browse(w.Learner)
	p := trainer.Post("/app/laboratory/runs", url.Values{"case": {packing}})
	run := p.Header.Get("Location")
	room := w.Status(trainer.Get(run), http.StatusOK)
	runID := run[strings.LastIndex(run, "/")+1:]
	code := *testrig.Must(w.Laboratory.Room(t.Context(), w.GuardTrainer, runID))(t).Code
	for _, want := range []string{code[:3] + " " + code[3:], "Zacznij krok 1", "Dołączyło 0 grup"} {
		if !strings.Contains(room.Text("body"), want) {
			t.Errorf("the room lacks %q", want)
		}
	}
	if door := phone.Get("/app/laboratory/join?code=" + code).Text("body"); !strings.Contains(door, "Otwórz nową grupę") {
		t.Errorf("the door: %s", door)
	}
	group := phone.Post("/app/laboratory/join", url.Values{"code": {code}, "group": {"0"}}).Header.Get("Location")
	if text := w.Status(phone.Get(group), http.StatusOK).Text("body"); !strings.Contains(text, "Czekacie, aż zajęcia się zaczną") || strings.Contains(text, "handlu") {
		t.Errorf("the phone waits: %s", text)
	}
	move := func(from string) { trainer.Post(run, url.Values{"from": {from}}) }
	move("0")
	move("0") // the second trainer, at once
	once := id.New()
	wrong := w.Status(phone.Post(group, url.Values{"step": {"folder"}, "once": {once}, "letter": {"b"}, "reason": {"Bo pan Nowak kazał."}}), http.StatusUnprocessableEntity)
	if !strings.Contains(wrong.Text("body"), "Wygląda to na imię lub nazwisko") || !strings.Contains(wrong.Body, once) || !strings.Contains(wrong.Text("body"), "Bo pan Nowak kazał.") {
		t.Errorf("a name in a reason: %s", wrong.Text("body"))
	}
	for range 2 {
		w.Status(phone.Post(group, url.Values{"step": {"folder"}, "once": {once}, "letter": {"b"}, "reason": {"Żeby każdy miał dokument."}}), http.StatusSeeOther)
	}
	phone.Post(group, url.Values{"step": {"folder"}, "once": {id.New()}, "letter": {"a"}, "reason": {"Nie zdążymy."}})
	if text := phone.Get(group).Text("body"); !strings.Contains(text, "Liczy się decyzja b") || !strings.Contains(text, "Decyzja zapisana") {
		t.Errorf("the second decision: %s", text)
	}
	if text := trainer.Get(run + "/state?seen=0").Text("body"); !strings.Contains(text, "1 z 1") || !strings.Contains(text, "grupy: 1") {
		t.Errorf("the spread: %s", text)
	}
	move("1")
	if text := phone.Get(group).Text("body"); !strings.Contains(text, "Rozdanie paszportów zabiera czterdzieści minut") || strings.Contains(text, "uzasadniona") {
		t.Errorf("what followed: %s", text)
	}
	for _, from := range []string{"2", "3", "4", "5", "6", "7", "8"} {
		move(from)
	}
	if text := phone.Get(group).Text("body"); !strings.Contains(text, "Tu obawy były uzasadnione.") || !strings.Contains(text, "uzasadniona") {
		t.Errorf("the debrief on the phone: %s", text)
	}
	text := trainer.Get(run + "/debrief").Text("body")
	for _, want := range []string{"Fałszywe alarmy", "Przeoczenia", "0 z 1", "Żeby każdy miał dokument.", "ILO"} {
		if !strings.Contains(text, want) {
			t.Errorf("the debrief lacks %q", want)
		}
	}
	w.Status(trainer.Get(run+"/end"), http.StatusOK)
	w.Status(trainer.Post(run+"/end", nil), http.StatusSeeOther)
	if text := trainer.Get(run + "/debrief").Text("body"); strings.Contains(text, "Żeby każdy miał dokument.") || !strings.Contains(text, "0 z 1") {
		t.Error("the reason outlived the run")
	}
	w.Status(phone.Get(group), http.StatusNotFound)
	if text := trainer.Get("/app/laboratory/figures").Text("body"); !strings.Contains(text, "za mało grup") || strings.Contains(text, "0 z 1") {
		t.Errorf("the figures of one group: %s", text)
	}
}

// Who watches gets nothing while nothing happens.
func TestWatchingCostsNothing(t *testing.T) {
	w := testrig.New(t)
	trainer := w.Browse(w.GuardTrainer)
	run := trainer.Post("/app/laboratory/runs", url.Values{"case": {packing}}).Header.Get("Location")
	if p := trainer.Get(run + "/state?seen=0"); p.Status != http.StatusNoContent || p.Body != "" {
		t.Errorf("%d: %s", p.Status, p.Body)
	}
	trainer.Post(run, url.Values{"from": {"0"}})
	if p := trainer.Get(run + "/state?seen=0"); p.Status != http.StatusOK || !strings.Contains(p.Body, `data-seen="1"`) {
		t.Errorf("%d: %s", p.Status, p.Body)
	}
}

// Alone, to the debrief, and the letters switched on, off, and off by a letter's link without signing in.
func TestAloneByForms(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Learner)
	if text := b.Get("/app/laboratory").Text("body"); !strings.Contains(text, "Hala pakowania") || strings.Contains(text, "Prowadzenie") {
		t.Errorf("the index: %s", text)
	}
	w.Status(b.Get("/app/laboratory/cases/"+packing), http.StatusOK)
	group := b.Post("/app/laboratory/cases/"+packing, nil).Header.Get("Location")
	c := testrig.Must(w.Laboratory.Case(packing))(t)
	for i, s := range c.Steps {
		w.Status(b.Post(group, url.Values{"step": {s.ID}, "once": {id.New()}, "letter": {"a"}}), http.StatusSeeOther)
		if text := b.Get(group).Text("body"); !strings.Contains(text, s.Decisions[0].Follows["pl"][:20]) {
			t.Errorf("step %d: %s", i, text)
		}
		b.Post(group+"/on", url.Values{"from": {string(rune('2' + 2*i))}})
	}
	if text := b.Get(group).Text("body"); !strings.Contains(text, "Inne przypadki") || !strings.Contains(text, "przeoczenie") {
		t.Errorf("the debrief: %s", text)
	}
	b.Post("/app/laboratory/refresher", url.Values{"wanted": {"1"}})
	if text := b.Get("/app/laboratory").Text("body"); !strings.Contains(text, "Nie przysyłaj więcej") || !strings.Contains(text, "omówiony") {
		t.Errorf("switched on: %s", text)
	}
	stop := testrig.Must(w.Laboratory.Key.Close("laboratory stop", w.Learner.PersonID))(t)
	nobody := w.Browse(access.Actor{})
	w.Status(nobody.Get("/app/laboratory/stop/"+stop), http.StatusOK)
	w.Status(nobody.Post("/app/laboratory/stop/"+stop, nil), http.StatusOK)
	w.Status(nobody.Get("/app/laboratory/stop/nonsense"), http.StatusNotFound)
	if text := b.Get("/app/laboratory").Text("body"); !strings.Contains(text, "Przysyłaj przypadki") {
		t.Errorf("switched off: %s", text)
	}
}

// Paper: the sheet holds no consequence and not what the case is; what is typed in is corrected by group.
func TestPaperByForms(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.GuardTrainer)
	c := testrig.Must(w.Laboratory.Case(packing))(t)
	sheet := b.Get("/app/laboratory/cases/" + packing + "/sheet").Text("body")
	for _, s := range c.Steps {
		for _, d := range s.Decisions {
			if !strings.Contains(sheet, d.Text["pl"]) || strings.Contains(sheet, d.Follows["pl"]) || strings.Contains(sheet, d.Why["pl"]) {
				t.Errorf("the sheet, %s %s", s.ID, d.Letter)
			}
		}
	}
	run := testrig.Must(w.Laboratory.Open(t.Context(), w.GuardTrainer, laboratory.Opening{CaseID: packing}))(t)
	paper := "/app/laboratory/runs/" + run + "/paper"
	w.Status(b.Get(paper), http.StatusOK)
	w.Status(b.Post(paper, url.Values{"group": {""}, "folder": {"a"}, "night": {"c"}}), http.StatusSeeOther)
	if text := b.Get(paper).Text("body"); !strings.Contains(text, "Grupa 1") || !strings.Contains(text, "a – – c") {
		t.Errorf("typed: %s", text)
	}
	if p := b.Get(paper + "?group=1"); !strings.Contains(p.Body, `<option value="c" selected>`) {
		t.Error("typing again begins anew")
	}
	w.Status(b.Post(paper, url.Values{"group": {"1"}, "folder": {"x"}}), http.StatusUnprocessableEntity)
}

// Who is refused: a learner leads nothing, and nobody who is not signed in sees anything but the page that ends letters.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	run := "/app/laboratory/runs/" + testrig.Must(w.Laboratory.Open(t.Context(), w.GuardTrainer, laboratory.Opening{CaseID: packing}))(t)
	learner, police, nobody := w.Browse(w.Learner), w.Browse(w.PoliceTrainer), w.Browse(access.Actor{})
	for _, path := range []string{"/app/laboratory/runs", "/app/laboratory/figures", "/app/laboratory/cases/" + packing + "/sheet", run, run + "/state", run + "/paper", run + "/debrief", run + "/end"} {
		w.Status(learner.Get(path), http.StatusForbidden)
		w.Status(nobody.Get(path), http.StatusSeeOther)
		if strings.HasPrefix(path, run) {
			w.Status(police.Get(path), http.StatusNotFound)
		}
	}
	for _, path := range []string{"/app/laboratory/runs", run, run + "/paper", run + "/end"} {
		w.Status(learner.Post(path, nil), http.StatusForbidden)
	}
	for _, path := range []string{"/app/laboratory", "/app/laboratory/join", "/app/laboratory/cases/" + packing, "/app/laboratory/groups/" + id.New()} {
		w.Status(nobody.Get(path), http.StatusSeeOther)
	}
	w.Status(learner.Get("/app/laboratory/groups/"+id.New()), http.StatusNotFound)
	w.Status(learner.Get("/app/laboratory/groups/"+id.New()+"/state"), http.StatusNotFound)
	w.Status(learner.Post("/app/laboratory/join", url.Values{"code": {"ZZZZZZ"}, "group": {"0"}}), http.StatusUnprocessableEntity)
}

// A group without a decision is told so and that it is no mistake; the room and its debrief count it by itself, and who joins later hears
// that they were not there.
func TestARoomThatDoesNotWait(t *testing.T) {
	w := testrig.New(t)
	trainer, phone, late := w.Browse(w.GuardTrainer), w.Browse(w.Learner), w.Browse(w.OtherLearner)
	run := trainer.Post("/app/laboratory/runs", url.Values{"case": {packing}}).Header.Get("Location")
	code := *testrig.Must(w.Laboratory.Room(t.Context(), w.GuardTrainer, run[strings.LastIndex(run, "/")+1:]))(t).Code
	group := phone.Post("/app/laboratory/join", url.Values{"code": {code}, "group": {"0"}}).Header.Get("Location")
	move := func(from string) { trainer.Post(run, url.Values{"from": {from}}) }
	says := func(b *testrig.Browser, path string, parts ...string) {
		t.Helper()
		text := w.Status(b.Get(path), http.StatusOK).Text("main")
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q: %s", path, part, text)
			}
		}
	}
	move("0")
	move("1")
	says(phone, group, "Sala poszła dalej bez Waszej decyzji.")
	says(trainer, run, "Decyzje: 0 z 1", "Bez decyzji zostały grupy: 1.")
	second := late.Post("/app/laboratory/join", url.Values{"code": {code}, "group": {"0"}}).Header.Get("Location")
	says(late, second, "You joined when the room had left this step.")
	w.Status(phone.Post(group, url.Values{"step": {"folder"}, "once": {id.New()}, "letter": {"b"}, "reason": {"Telefon nie miał zasięgu."}}), http.StatusSeeOther)
	says(phone, group, "Decyzja dotarła po czasie")
	move("2")
	move("3")
	says(trainer, run, "Decyzje: 0 z 2", "Bez decyzji zostały grupy: 1, 2.")
	says(trainer, run+"/debrief", "Bez decyzji, gdy sala poszła dalej: 2 z 3.", "Po czasie: 1.", "nie liczy się", "0 z 2")
	for _, from := range []string{"4", "5", "6", "7", "8"} {
		move(from)
	}
	says(phone, group, "Wasza droga", "Sala poszła dalej bez Waszej decyzji.")
	if p := trainer.Get(run); p.Find(`a[href="`+run+`/debrief"]`).Length() != 1 {
		t.Error("the debrief is offered twice")
	}
	trainer.Post(run+"/end", nil)
	says(trainer, "/app/laboratory/figures", "Hala pakowania", "za mało grup")
}

// A case in which nothing could be a false alarm has a dash for it, and never "0 of 0", which reads as a good result.
func TestFiguresOfACase(t *testing.T) {
	w := testrig.New(t)
	trainer := w.Browse(w.GuardTrainer)
	run := testrig.Must(w.Laboratory.Open(t.Context(), w.GuardTrainer, laboratory.Opening{CaseID: packing}))(t)
	for range 5 {
		testrig.Must(w.Laboratory.Paper(t.Context(), w.GuardTrainer, run, 0, map[string]string{"folder": "b", "night": "c"}))(t)
	}
	for from := range 9 {
		trainer.Post("/app/laboratory/runs/"+run, url.Values{"from": {strconv.Itoa(from)}})
	}
	trainer.Post("/app/laboratory/runs/"+run+"/end", nil)
	p := trainer.Get("/app/laboratory/figures")
	cells := map[string]string{}
	p.Find("tbody td[data-label]").Each(func(_ int, s *goquery.Selection) { cells[s.AttrOr("data-label", "")] = strings.TrimSpace(s.Text()) })
	if cells["Fałszywe alarmy"] != "–" || cells["Bez decyzji"] != "10 z 20" || !strings.HasSuffix(cells["Przeoczenia"], " z 10") {
		t.Errorf("%q", cells)
	}
}
