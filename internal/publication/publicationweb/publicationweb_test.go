package publicationweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ostoja/internal/publication"
	"ostoja/internal/testrig"
)

const home = "/app/publications"

// TestAPublicationFromItsFirstFormToAnOrder walks through all pages of the area as the office and a unit do: faults keep what was typed, and each step leads on.
func TestAPublicationFromItsFirstFormToAnOrder(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.Coordinator)
	if p := b.Get(home); !strings.Contains(p.Text("main"), "Nie ma jeszcze publikacji") {
		t.Error(p.Text("main"))
	}
	form := url.Values{"title": {"Poradnik pierwszej rozmowy"}, "languages": {"pl", "uk"}, "isbn": {"978-0-306-40615-8"}, "unit": {w.Office}, "year": {"2026"}, "orderable": {"1"}}
	p := b.Post(home+"/new", form)
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "cyfra kontrolna się nie zgadza") || !strings.Contains(p.Body, "978-0-306-40615-8") || !strings.Contains(p.Body, "Poradnik pierwszej rozmowy") {
		t.Fatalf("%d: %s", p.Status, p.Text("main"))
	}
	form.Set("isbn", "978-0-306-40615-7")
	p = w.Status(b.Post(home+"/new", form), http.StatusSeeOther)
	at := p.Header.Get("Location")
	for _, step := range []struct {
		page string
		form url.Values
		said string
	}{
		{"/app/publication-places", url.Values{"act": {"add"}, "name": {""}, "kind": {"office"}, "unit": {w.Office}}, "Wpisz nazwę"},
		{"/app/publication-places", url.Values{"act": {"add"}, "name": {"Biuro"}, "kind": {"office"}, "unit": {w.Office}}, ""},
		{at + "/edit", url.Values{"title": {""}, "languages": {"pl"}, "unit": {w.Office}, "seen": {"1"}}, "Wpisz tytuł."},
	} {
		p := b.Post(step.page, step.form)
		if (p.Status == http.StatusSeeOther) != (step.said == "") || !strings.Contains(p.Text("main"), step.said) {
			t.Fatalf("%s %v: %d %s", step.page, step.form, p.Status, p.Text("main"))
		}
		w.Status(b.Get(step.page), http.StatusOK)
	}
	place := testrig.Must(w.Publications.Places(t.Context(), w.Coordinator))(t)[0].ID
	if p = b.Post(at+"/print", url.Values{"copies": {"sto"}, "day": {"2026-10-01"}}); !strings.Contains(p.Text("main"), "Wpisz liczbę od 1") || !strings.Contains(p.Body, `value="sto"`) {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(at+"/print", url.Values{"copies": {"1 000"}, "day": {"2026-10-01"}, "to": {place}}), http.StatusSeeOther)
	move := url.Values{"kind": {"written-off"}, "from": {place}, "copies": {"1001"}, "day": {"2026-10-23"}, "reason": {"zalane"}, "to": {place}, "unit": {w.Terespol}}
	if p = b.Post(at+"/move", move); !strings.Contains(p.Text("main"), "W tym miejscu jest tylko tyle egzemplarzy") || !strings.Contains(p.Body, `value="1001"`) {
		t.Error(p.Text("main"))
	}
	move.Set("copies", "1")
	w.Clock.Advance(time.Second)
	w.Status(b.Post(at+"/move", move), http.StatusSeeOther)
	p = b.Get(at)
	if text := p.Text("main"); !strings.Contains(text, "Na stanie 999 z 1000 wydrukowanych.") && !strings.Contains(text, "Na stanie 999 z 1 000 wydrukowanych.") || !strings.Contains(text, "Cofnij (do") || !strings.Contains(text, "Spisano 1 egzemplarz.") {
		t.Error(text)
	}
	moves := testrig.Must(w.Publications.Page(t.Context(), w.Coordinator, strings.TrimPrefix(at, home+"/")))(t).Moves
	w.Status(b.Post(at, url.Values{"move": {moves[0].ID}}), http.StatusSeeOther)
	if p = b.Post(at, url.Values{"move": {moves[0].ID}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "To nie jest już ostatni ruch") {
		t.Errorf("%d: %s", p.Status, p.Text("main"))
	}
	// A unit orders; the office answers.
	guard := w.Browse(w.GuardCoordinator)
	if p = guard.Get(at); strings.Contains(p.Text("main"), "Stan magazynu") || !strings.Contains(p.Text("main"), "Zamów egzemplarze") {
		t.Error(p.Text("main"))
	}
	w.Status(guard.Post(at+"/order", url.Values{"unit": {w.Terespol}, "copies": {"40"}, "purpose": {"dyżury"}}), http.StatusSeeOther)
	order := "/app/publication-orders/" + testrig.Must(w.Publications.Orders(t.Context(), w.GuardCoordinator))(t)[0].ID
	if p = b.Get("/app/publication-orders"); !strings.Contains(p.Text("main"), "1 zamówienie czeka na Ciebie.") || !strings.Contains(p.Text("main"), "Placówka w Terespolu") {
		t.Error(p.Text("main"))
	}
	if p = guard.Get("/app/publication-orders"); !strings.Contains(p.Text("main"), "0 zamówień czeka na Ciebie.") {
		t.Error(p.Text("main"))
	}
	if p = b.Post(order, url.Values{"to": {"confirmed"}, "copies": {"30"}}); !strings.Contains(p.Text("main"), "Napisz, dlaczego mniej.") || !strings.Contains(p.Body, `value="30"`) {
		t.Error(p.Text("main"))
	}
	w.Status(b.Post(order, url.Values{"to": {"confirmed"}, "copies": {"40"}}), http.StatusSeeOther)
	w.Status(b.Post(order, url.Values{"to": {"sent"}, "from": {place}, "day": {"2026-10-23"}}), http.StatusSeeOther)
	w.Status(guard.Post(order, url.Values{"to": {"arrived"}}), http.StatusSeeOther)
	if p = b.Get(order); !strings.Contains(p.Text("main"), "dotarło, 40 egzemplarzy") {
		t.Error(p.Text("main"))
	}
	for _, path := range []string{home + "/new", at + "/edit", at + "/print", at + "/move", at + "/order", order} {
		w.Status(b.Get(path), http.StatusOK)
	}
}

// TestFilesOfPublications: the list, the movements and the orders are files as well, each with its own rows.
func TestFilesOfPublications(t *testing.T) {
	w := testrig.New(t)
	ctx := t.Context()
	publicationID := testrig.Must(w.Publications.Create(ctx, w.Coordinator, publication.Draft{UnitID: w.Office, Title: "Poradnik", Languages: []string{"pl"}, Orderable: true}))(t)
	place := testrig.Must(w.Publications.AddPlace(ctx, w.Coordinator, publication.PlaceDraft{UnitID: w.Office, Name: "Biuro", Kind: publication.Office}))(t)
	_ = testrig.Must(w.Publications.Print(ctx, w.Coordinator, publicationID, publication.Run{Day: "2026-10-01", Copies: 7}, place))(t)
	_ = testrig.Must(w.Publications.Ask(ctx, w.GuardCoordinator, publicationID, w.Terespol, 3, ""))(t)
	b := w.Browse(w.Reviewer)
	for path, want := range map[string]string{
		home + "?as=csv": "Poradnik", publication.Path(publicationID) + "?m.as=csv": "Biuro", publication.Path(publicationID) + "?o.as=csv": "Terespol", "/app/publication-orders?as=csv": "Terespol",
	} {
		p := w.Status(b.Get(path), http.StatusOK)
		if !strings.Contains(p.Body, want) {
			t.Errorf("%s: %s", path, p.Body)
		}
	}
	p := w.Status(b.Get(home+"?as=xlsx"), http.StatusOK)
	if !strings.HasPrefix(p.Body, "PK") {
		t.Error("no sheet")
	}
	if p = b.Get(home + "?state=out"); !strings.Contains(p.Text("main"), "Wyczyść") && strings.Contains(p.Text("tbody"), "Poradnik") {
		t.Error("a publication with copies is listed as one without")
	}
	if p = b.Get(home + "?state=waiting&lang=pl"); !strings.Contains(p.Text("tbody"), "Poradnik") {
		t.Error(p.Text("main"))
	}
}

// TestWhoIsRefused: who reads no projects finds none of the pages; who reads them alone changes nothing.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	publicationID := testrig.Must(w.Publications.Create(t.Context(), w.Coordinator, publication.Draft{UnitID: w.Office, Title: "Poradnik", Languages: []string{"pl"}}))(t)
	at := publication.Path(publicationID)
	for name, x := range map[string]struct {
		b    *testrig.Browser
		want map[string]int
	}{
		"learner":                  {w.Browse(w.Learner), map[string]int{home: 404, at: 404, "/app/publication-orders": 404, "/app/publication-places": 404}},
		"reviewer":                 {w.Browse(w.Reviewer), map[string]int{home: 200, at: 200, at + "/edit": 404, at + "/move": 404, home + "/new": 404, at + "/order": 404}},
		"coordinator of the guard": {w.Browse(w.GuardCoordinator), map[string]int{home: 200, at: 404, at + "/move": 404}}, // it cannot be ordered
	} {
		for path, want := range x.want {
			if p := x.b.Get(path); p.Status != want && (want != 404 || p.Status != http.StatusForbidden) {
				t.Errorf("%s: %s is %d, want %d", name, path, p.Status, want)
			}
		}
	}
	if p := w.Browse(w.Reviewer).Post(at, url.Values{"move": {"x"}}); p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
		t.Errorf("a reviewer takes back a movement: %d", p.Status)
	}
}
