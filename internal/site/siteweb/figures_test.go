package siteweb_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
)

const figuresPath = "/app/site/figures"

// TestPublicFiguresAreChosenAndConfirmed: nothing is shown as shipped; a choice shows nothing; confirmed, readers of every language see exactly that with how it is counted, and so do its files;
// new numbers wait until somebody confirms them; withdrawn, the page is gone.
func TestPublicFiguresAreChosenAndConfirmed(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	_ = testrig.Must(w.Site.ImportBundle(ctx, access.System, true))(t)
	refresh := func() {
		t.Helper()
		w.OK(w.Reader.Refresh(ctx))
	}
	refresh()
	pass := func(from, until int) {
		for i := from; i < until; i++ {
			w.Clock.Advance(time.Minute)
			w.Pass(w.Person("Ktoś", fmt.Sprintf("Nowy%d", i), w.Terespol), testrig.SmallCourse)
		}
		w.Clock.Advance(time.Minute)
		w.OK(w.Year.Tell(ctx))
	}
	nobody, b := w.Browse(access.Actor{}), w.Browse(w.Admin)
	if p := b.Get(figuresPath); !strings.Contains(p.Text("main"), "Czytelnicy nie widzą teraz żadnych liczb.") {
		t.Error(p.Text("main"))
	}
	w.Status(nobody.Get("/pl/figures/"), http.StatusNotFound)
	pass(0, 7)
	choose := url.Values{"act": {"choose"}, "edition": {"0"}, "figure": {"2026:people", "2026:trainings"}}
	if p := b.Post(figuresPath, url.Values{"act": {"confirm"}, "edition": {"0"}}); !strings.Contains(p.Text("main"), "Najpierw wybierz liczby") {
		t.Error(p.Text("main"))
	}
	if p := b.Post(figuresPath, url.Values{"act": {"choose"}, "edition": {"0"}, "figure": {"2026:secrets"}}); p.Status == http.StatusSeeOther {
		t.Error("a figure that there is not can be chosen")
	}
	w.Status(b.Post(figuresPath, choose), http.StatusSeeOther)
	if p := b.Post(figuresPath, choose); !strings.Contains(p.Text("main"), "Ktoś w międzyczasie to zmienił") {
		t.Error(p.Text("main"))
	}
	refresh()
	w.Status(nobody.Get("/pl/figures/"), http.StatusNotFound)
	if p := b.Get(figuresPath); !strings.Contains(p.Text("main"), "Tak zobaczą je czytelnicy") {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(figuresPath, url.Values{"act": {"confirm"}, "edition": {"1"}}), http.StatusSeeOther)
	refresh()
	for tag, want := range map[string]string{"pl": "Osoby: 7", "en": "People: 7", "uk": "Люди: 7", "ru": "Люди: 7", "ar": "الأشخاص: 7", "vi": "Số người: 7"} {
		p := w.Status(nobody.Get("/"+tag+"/figures/"), http.StatusOK)
		if text := p.Text("main"); !strings.Contains(text, want) && tag != "ar" || strings.Contains(text, "figures.") {
			t.Errorf("%s: %s", tag, text)
		}
		w.Status(nobody.Get("/"+tag+"/figures/figures.csv"), http.StatusOK)
	}
	p := nobody.Get("/pl/figures/")
	if text := p.Text("main"); !strings.Contains(text, "Szkolenia: 0") || strings.Contains(text, "Zaświadczenia") || !strings.Contains(text, "każda raz w roku") || !strings.Contains(text, "23 października 2026") {
		t.Error(text)
	}
	var file []struct {
		Year               int
		Figure, Definition string
		CountedOn          string `json:"counted_on"`
		Number             float64
	}
	p = w.Status(nobody.Get("/pl/figures/figures.json"), http.StatusOK)
	w.OK(json.Unmarshal([]byte(p.Body), &file))
	if len(file) != 2 || file[0].Figure != "trainings" || file[1].Figure != "people" || file[1].Number != 7 || file[1].Year != 2026 || file[1].Definition == "" || file[1].CountedOn != "2026-10-23" {
		t.Errorf("%+v", file)
	}
	if p := nobody.Get("/pl/figures/figures.csv"); strings.Count(strings.TrimSpace(p.Body), "\n") != 2 {
		t.Error(p.Body)
	}
	// More people: readers go on to see what was confirmed, until somebody confirms again.
	pass(7, 14)
	refresh()
	if p := nobody.Get("/pl/figures/"); !strings.Contains(p.Text("main"), "Osoby: 7") {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(figuresPath, url.Values{"act": {"confirm"}, "edition": {"2"}}), http.StatusSeeOther)
	refresh()
	if p := nobody.Get("/pl/figures/"); !strings.Contains(p.Text("main"), "Osoby: 14") {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(figuresPath, url.Values{"act": {"withdraw"}, "edition": {"3"}}), http.StatusSeeOther)
	refresh()
	w.Status(nobody.Get("/pl/figures/"), http.StatusNotFound)
	w.Status(nobody.Get("/pl/figures/figures.json"), http.StatusNotFound)
}

// TestWhoKeepsThePublicFigures: who keeps the whole site; an editor of a unit's part does not find them.
func TestWhoKeepsThePublicFigures(t *testing.T) {
	w := testrig.New(t)
	for name, actor := range w.Everybody() {
		if actor.PersonID == "" {
			continue
		}
		reads, writes := actor.Everywhere(access.SiteRead), actor.Everywhere(access.SiteWrite)
		if p := w.Browse(actor).Get(figuresPath); (p.Status == http.StatusOK) != reads {
			t.Errorf("%s reads: %d", name, p.Status)
		}
		if _, err := w.Site.Figures(t.Context(), actor); reads != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if writes {
			continue
		}
		for what, err := range map[string]error{
			"choose": w.Site.ChooseFigures(t.Context(), actor, nil, 0), "confirm": w.Site.ConfirmFigures(t.Context(), actor, 0), "withdraw": w.Site.WithdrawFigures(t.Context(), actor, 0),
		} {
			if err == nil {
				t.Errorf("%s: %s is not refused", name, what)
			}
		}
	}
}
