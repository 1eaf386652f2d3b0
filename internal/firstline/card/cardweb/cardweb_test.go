package cardweb_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/firstline/card"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

func form(edition string) url.Values {
	return url.Values{
		"edition": {edition}, "note": {"Zawsze we dwoje."},
		"who-0": {""}, "phone-0": {""}, "when-0": {"always"}, // a line that was left empty
		"who-1": {"Dyżur policji"}, "phone-1": {"22 555 01 02 wew. 3"}, "when-1": {"night"}, "inside-1": {"1"},
	}
}

// An editor begins a card, which their people read, can press and find out how old it is.
func TestACardFromItsFormToItsReaders(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		editor, reader := w.Browse(w.GuardEditor), w.Browse(w.Learner)
		if p := reader.Get("/app/contacts"); !strings.Contains(p.Text("main"), "nie ma jeszcze karty") {
			t.Error("nothing is said of a card that is not there yet")
		}
		address := "/app/contacts/" + w.Guard
		if p := editor.Get("/app/contacts"); p.Find(`main a[href="`+address+`/edit"]`).Length() != 1 {
			t.Error("the card cannot be begun")
		}
		w.Status(editor.Get(address+"/edit"), http.StatusOK)
		if p := editor.Post(address+"/edit", form("0")); p.Header.Get("Location") != address {
			t.Fatalf("saved: %d, %s", p.Status, p.Text("main"))
		}
		for _, path := range []string{"/app/contacts", address} {
			p := w.Status(reader.Get(path), http.StatusOK)
			if got := p.Find(`main a[href="tel:225550102"]`).Text(); got != "22 555 01 02 wew. 3" {
				t.Errorf("%s: the number is %q", path, got)
			}
			if said := p.Text("main"); !strings.Contains(said, "w nocy") || !strings.Contains(said, "23 października 2026") || !strings.Contains(said, "Zawsze we dwoje.") {
				t.Errorf("%s: %s", path, said)
			}
			if p.Find("main form").Length() != 0 {
				t.Errorf("%s: a reader can change it", path)
			}
		}
		w.Clock.Advance(card.ValidFor)
		editor, reader = w.Browse(w.GuardEditor), w.Browse(w.Learner) // their sessions have ended
		if said := w.Status(reader.Get(address), http.StatusOK).Text("main"); !strings.Contains(said, "Od pół roku nikt nie sprawdził") {
			t.Errorf("overdue: %s", said)
		}
		if p := editor.Post(address+"/checked", url.Values{"edition": {"1"}}); p.Status != http.StatusSeeOther {
			t.Fatalf("checked: %d", p.Status)
		}
		if said := reader.Get(address).Text("main"); strings.Contains(said, "pół roku") {
			t.Errorf("checked: %s", said)
		}
		if p := editor.Get(address + "/remove"); !strings.Contains(p.Text("main"), "1 numer") {
			t.Error("it is not said what is lost")
		}
		w.Status(editor.Post(address+"/remove", nil), http.StatusSeeOther)
		w.Status(reader.Get(address), http.StatusNotFound)
	})
}

// Nothing typed is lost, neither by a fault nor by another who was faster, and what stands there now is shown beside it.
func TestNothingTypedIsLost(t *testing.T) {
	w := testrig.New(t)
	editor, address := w.Browse(w.GuardEditor), "/app/contacts/"+w.Guard+"/edit"
	bad := form("0")
	bad.Set("phone-1", "tel. 112")
	p := w.Status(editor.Post(address, bad), http.StatusUnprocessableEntity)
	if p.Find(`#f-phone-0[value="tel. 112"][aria-invalid]`).Length() != 1 || p.Find(`#f-who-0[value="Dyżur policji"]`).Length() != 1 {
		t.Errorf("the fault does not stand at its field: %s", p.Text("main"))
	}
	w.Status(editor.Post(address, form("0")), http.StatusSeeOther)
	late := form("0")
	late.Set("who-1", "Inny dyżur")
	p = w.Status(editor.Post(address, late), http.StatusUnprocessableEntity)
	if p.Find(`#f-who-0[value="Inny dyżur"]`).Length() != 1 || !strings.Contains(p.Text("main .notice"), "Dyżur policji") {
		t.Errorf("the other's card: %s", p.Text("main"))
	}
	late.Set("edition", p.Find(`input[name="edition"]`).AttrOr("value", ""))
	w.Status(editor.Post(address, late), http.StatusSeeOther)
}

// Who does not keep the unit's part of the site finds no form, and can send none.
func TestWhoFindsTheForm(t *testing.T) {
	w := testrig.New(t)
	keeps := []string{"administrator", "coordinator", "author", "second author", "editor of the guard", "second editor of the guard"}
	for name, actor := range w.Everybody() {
		b, address := w.Browse(actor), "/app/contacts/"+w.Guard
		for what, p := range map[string]webtest.Page{"the form": b.Get(address + "/edit"), "removing": b.Get(address + "/remove"), "sending": b.Post(address+"/edit", form("9"))} {
			want := http.StatusForbidden
			switch {
			case name == "nobody":
				want = http.StatusSeeOther // to the sign-in page
				if what == "sending" {
					want = http.StatusUnauthorized
				}
			case slices.Contains(keeps, name):
				want = http.StatusOK
				if what == "sending" { // of a card that is not there any more
					want = http.StatusUnprocessableEntity
				}
			case name == "editor of the police":
				want = http.StatusNotFound
			}
			if p.Status != want {
				t.Errorf("%s, %s: %d, want %d", name, what, p.Status, want)
			}
		}
	}
}

// Who keeps cards sees of which units, can search, sort and narrow them, and takes the list away without any number.
func TestTheListOfKeptCards(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		draft := card.Draft{Lines: []card.Line{{Who: "Dyżur", Phone: "22 555 01 02", When: card.Always}}}
		w.OK(w.Cards.Write(t.Context(), w.Admin, w.Terespol, draft))
		w.Clock.Advance(card.ValidFor - 29*24*time.Hour)
		w.OK(w.Cards.Write(t.Context(), w.Admin, w.Guard, draft))
		kept := testrig.Must(w.Cards.Desk(t.Context(), w.Admin))(t).Kept
		names := func(of ...string) (list []string) {
			for _, unitID := range of {
				i := slices.IndexFunc(kept, func(k card.Keepable) bool { return k.UnitID == unitID })
				list = append(list, kept[i].Unit)
			}
			return list
		}
		admin := w.Browse(w.Admin)
		asked := func(query string) []string {
			t.Helper()
			return w.Status(admin.Get("/app/contacts"+query), http.StatusOK).Find("main .list tbody th[scope=row] a").Map(func(_ int, s *goquery.Selection) string { return strings.TrimSpace(s.Text()) })
		}
		all := asked("?sort=unit")
		if len(kept) < 7 || len(all) != len(kept) {
			t.Fatalf("%d of %d units", len(all), len(kept))
		}
		back := asked("?sort=-unit")
		if slices.Reverse(back); !slices.Equal(back, all) {
			t.Errorf("by unit, from the end: %q, and from the beginning: %q", back, all)
		}
		checked := names(w.Terespol, w.Guard)
		if got := asked(""); len(got) != len(all) || !slices.Equal(got[:2], checked) {
			t.Errorf("by the day of checking: %q", got)
		}
		if got := asked("?sort=-checked"); len(got) != len(all) || got[0] != checked[1] || got[1] != checked[0] {
			t.Errorf("by the day of checking, the newest first: %q", got)
		}
		if got := asked("?q=TERESPOL"); !slices.Equal(got, checked[:1]) {
			t.Errorf("found: %q", got)
		}
		for state, want := range map[card.State][]string{card.Valid: checked[1:], card.Soon: checked[:1], card.Overdue: {}} {
			if got := asked("?state=" + string(state)); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", state, got, want)
			}
		}
		missing := asked("?state=" + string(card.Missing))
		if len(missing) != len(all)-2 || slices.Contains(missing, checked[0]) || slices.Contains(missing, checked[1]) {
			t.Errorf("without a card: %q", missing)
		}
		for address, times := range map[string]int{
			"/app/contacts/" + w.Terespol: 1, "/app/contacts/" + w.Terespol + "/edit": 0, "/app/contacts/" + w.Chelm: 0, "/app/contacts/" + w.Chelm + "/edit": 1, "/app/agreement": 1,
		} {
			if n := admin.Get("/app/contacts").Find(`main a[href="` + address + `"]`).Length(); n != times {
				t.Errorf("%d links to %s", n, address)
			}
		}
		w.Clock.Advance(29 * 24 * time.Hour)
		admin = w.Browse(w.Admin) // the session has ended
		if got := asked("?state=" + string(card.Overdue)); !slices.Equal(got, checked[:1]) {
			t.Errorf("overdue: %q", got)
		}
		file := w.Status(admin.Get("/app/contacts?as=csv&state=overdue"), http.StatusOK).Body
		lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
		lines.Comma = ';'
		rows := testrig.Must(lines.ReadAll())(t)
		if len(rows) != 2 || !slices.Equal(rows[1], []string{checked[0], "do sprawdzenia", "2026-10-23"}) || strings.Contains(file, "555") {
			t.Errorf("the file: %q", rows)
		}

		guard := w.Browse(w.GuardEditor)
		if p := w.Status(guard.Get("/app/contacts?q=policj"), http.StatusOK); p.Find("main .list tbody tr").Length() != 0 || p.Find("main .list").Length() != 1 {
			t.Error("an editor of one service sees the units of another")
		}
		reader := w.Browse(w.Learner)
		for _, path := range []string{"/app/contacts", "/app/contacts?as=csv"} {
			p := w.Status(reader.Get(path), http.StatusOK)
			if p.Find("main h1").Length() != 1 || p.Find("main .list").Length() != 0 || p.Find(`main a[href="/app/agreement"]`).Length() != 0 {
				t.Errorf("%s: who keeps no card sees a list of them", path)
			}
		}
	})
}

// Each failure of the database is told, and none leaves a number out.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	w.OK(w.Cards.Write(t.Context(), w.Admin, w.Guard, card.Draft{Lines: []card.Line{{Who: "Dyżur", Phone: "112", When: card.Always}}}))
	address := "/app/contacts/" + w.Guard
	editor := w.Browse(w.GuardEditor)
	editor.Fragile(t, []string{"/app/contacts", address, address + "/edit", address + "/remove"})
	editor.Files(t, "/app/contacts?as=csv")
	editor.FragileForm(t, address+"/edit", form("1"))
	editor.FragileForm(t, address+"/checked", url.Values{"edition": {"2"}})
	editor.FragileForm(t, address+"/remove", nil)
	w.Unreadable("/app/contacts")
}
