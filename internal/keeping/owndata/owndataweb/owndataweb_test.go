package owndataweb_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/keeping/owndata"
	"ostoja/internal/lang"
	"ostoja/internal/testrig"
	"ostoja/translations"
)

// TestOneselfAndNobodyElse: the page and the file hold what is kept of their reader, and no trace of anybody else.
func TestOneselfAndNobodyElse(t *testing.T) {
	w := testrig.New(t)
	mine, other := w.Person("Kanaryna", "Własna", w.Office), w.Person("Obcosława", "Cudza", w.Office)
	w.Pass(mine, testrig.SmallCourse)
	w.Pass(other, testrig.SmallCourse)
	w.OK(w.OwnData.Ask(t.Context(), other, owndata.Correct, "kanarek-obcy"))
	w.OK(w.OwnData.Ask(t.Context(), mine, owndata.Correct, "kanarek-własny"))
	b := w.Browse(mine)
	page, file := b.Get("/app/account/data"), b.Get("/app/account/data.json")
	for name, body := range map[string]string{"page": page.Text("main"), "file": file.Body} {
		for _, own := range []string{"Kanaryna", "Własna", "kanarek-własny"} {
			if !strings.Contains(body, own) {
				t.Errorf("the %s leaves out %q", name, own)
			}
		}
		for _, foreign := range []string{"Obcosława", "Cudza", "kanarek-obcy", other.PersonID} {
			if strings.Contains(body, foreign) {
				t.Errorf("the %s tells of somebody else: %q", name, foreign)
			}
		}
		if strings.Contains(body, "⟦") {
			t.Errorf("the %s lacks a text: %s", name, body)
		}
	}
	var d owndata.Document
	if err := json.Unmarshal([]byte(file.Body), &struct {
		Format  *string
		Version *int
		Person  *string
	}{&d.Format, &d.Version, &d.Person}); err != nil || d.Format != owndata.Format || d.Version != 1 || d.Person != mine.PersonID {
		t.Errorf("%v %+v", err, d)
	}
	for name, a := range w.Everybody() {
		if p := w.Browse(a).Get("/app/account/data"); (name == "nobody") == (p.Status == http.StatusOK) || strings.Contains(p.Text("main"), "Cudza") {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
}

// TestARequestIsAnswered: who keeps the unit's accounts reads and answers it, the letter says nothing of it, and others find nothing.
func TestARequestIsAnswered(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		mine := w.Person("Kanaryna", "Własna", w.Terespol)
		b := w.Browse(mine)
		if p := b.Post("/app/account/data", url.Values{"kind": {"correct"}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("without words: %d", p.Status)
		}
		if p := b.Post("/app/account/data", url.Values{"kind": {"erase"}, "words": {"kanarek"}}); p.Status != http.StatusSeeOther {
			t.Fatalf("%d: %s", p.Status, p.Text("main"))
		}
		letter := w.LastLetter()
		for _, secret := range []string{"kanarek", "Kanaryna", "Własna", mine.PersonID} {
			if strings.Contains(letter.Subject+letter.Body, secret) {
				t.Errorf("the letter says %q", secret)
			}
		}
		request := testrig.Must(w.OwnData.Own(ctx, mine))(t)[0]
		for name, a := range w.Everybody() {
			may := name == "coordinator of the guard" || name == "administrator" || name == "coordinator" || name == "coordinator of Terespol"
			p := w.Browse(a).Get("/app/data-requests")
			if may != strings.Contains(p.Text("main"), "kanarek") {
				t.Errorf("%s: %d", name, p.Status)
			}
			if !may && w.OwnData.Answer(ctx, a, request.ID, "x", false) == nil {
				t.Errorf("%s answers", name)
			}
		}
		for name, a := range w.Everybody() {
			if may := name == "coordinator of the guard" || name == "administrator" || name == "coordinator" || name == "coordinator of Terespol"; !may {
				if _, err := w.OwnData.Erase(ctx, a, request.ID); err == nil {
					t.Errorf("%s erases", name)
				}
				if p := w.Browse(a).Get("/app/data-requests/" + request.ID + "/erase"); p.Status == http.StatusOK {
					t.Errorf("%s is asked whether to erase", name)
				}
			}
		}
		office := w.Browse(w.GuardCoordinator)
		if p := office.Post("/app/data-requests", url.Values{"request": {request.ID}}); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("without an answer: %d", p.Status)
		}
		if p := office.Post("/app/data-requests", url.Values{"request": {request.ID}, "answer": {"Konto zablokowane."}}); p.Status != http.StatusSeeOther {
			t.Errorf("%d", p.Status)
		}
		if p := b.Get("/app/account/data"); !strings.Contains(p.Text("main"), "Konto zablokowane.") {
			t.Error("the answer is not read")
		}
		w.Clock.Advance(366 * 24 * time.Hour)
		w.OK(w.Keeping.EraseDue(ctx))
		if list := testrig.Must(w.OwnData.Own(ctx, mine))(t); len(list) != 0 {
			t.Error("still kept after a year")
		}
	})
}

// TestEachAreaHasItsWords in both languages.
func TestEachAreaHasItsWords(t *testing.T) {
	w := testrig.New(t)
	texts := testrig.Must(lang.Load(translations.FS, time.UTC))(t)
	for _, tag := range []string{"pl", "en"} {
		for _, name := range w.OwnData.Names() {
			for _, what := range []string{"area-", "why-", "until-"} {
				if !texts.Printer(tag).Has("owndata." + what + name) {
					t.Errorf("%s: no %s%s", tag, what, name)
				}
			}
		}
	}
}

// TestAMonthToAnswer: an answer is due on the same day of the next month, or on its last; then it is overdue, and the office reads that first.
func TestAMonthToAnswer(t *testing.T) {
	for asked, due := range map[string]string{"2026-11-30": "2026-12-30", "2027-01-31": "2027-02-28", "2028-01-30": "2028-02-29", "2026-10-31": "2026-11-30", "2026-12-31": "2027-01-31"} {
		at, _ := time.Parse(time.DateOnly, asked)
		r := owndata.Request{At: at}
		if got := r.DueAt().Format(time.DateOnly); got != due {
			t.Errorf("asked on %s, due on %s, not on %s", asked, got, due)
		}
		if r.Overdue(r.DueAt()) || !r.Overdue(r.DueAt().Add(time.Hour)) {
			t.Errorf("%s: overdue on the wrong day", asked)
		}
		if r.AnsweredAt = at; r.Overdue(at.AddDate(1, 0, 0)) {
			t.Errorf("%s: overdue though answered", asked)
		}
	}
	w := testrig.New(t)
	mine := w.Person("Kanaryna", "Własna", w.Terespol)
	w.OK(w.OwnData.Ask(t.Context(), mine, owndata.Restrict, "kanarek"))
	office := w.Browse(w.GuardCoordinator)
	if p := office.Get("/app/data-requests"); !strings.Contains(p.Text("main"), "Czeka 1 prośba, po terminie: 0.") {
		t.Errorf("in time: %s", p.Text("main"))
	}
	w.Clock.Advance(32 * 24 * time.Hour)
	if p := w.Browse(w.GuardCoordinator).Get("/app/data-requests"); !strings.Contains(p.Text("main"), "Czeka 1 prośba, po terminie: 1.") || !strings.Contains(p.Text("main"), "po terminie od") {
		t.Errorf("overdue: %s", p.Text("main"))
	}
}
