package agreementweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ostoja/internal/firstline"
	"ostoja/internal/sheet"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

const home = "/app/agreement"

// begin begins a round by the pages and returns its address.
func begin(w *testrig.World) (address string) {
	w.T.Helper()
	p := w.Status(w.Browse(w.GuardEditor).Post(home, url.Values{"unit": {w.Guard}}), http.StatusSeeOther)
	return p.Header.Get("Location")
}

// read chooses the step of choose in each situation, following where each page leads, and finishes.
func read(w *testrig.World, b *testrig.Browser, address string, choose func(i int) firstline.Urgency) {
	w.T.Helper()
	next := address + "/situations/1"
	for i := range w.Agreement.Table().Situations {
		if want := address + "/situations/" + strconv.Itoa(i+1); next != want {
			w.T.Fatalf("after %d situations it goes on at %s", i, next)
		}
		w.Status(b.Get(next), http.StatusOK)
		next = w.Status(b.Post(next, url.Values{"step": {string(choose(i))}}), http.StatusSeeOther).Header.Get("Location")
	}
	if next != address {
		w.T.Fatalf("after the last situation it goes on at %s", next)
	}
	w.Status(b.Post(address+"/finish", nil), http.StatusSeeOther)
}

// Two people of an office read, each alone, and then find the figures, the table and the files, without a name.
func TestFromTheFirstPageToTheFigures(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		first, second := w.Browse(w.GuardEditor), w.Browse(w.SecondGuardEditor)
		if p := first.Get("/app/contacts"); p.Find(`main a[href="`+home+`"]`).Length() != 1 {
			t.Error("no link leads there")
		}
		address := begin(w)
		if said := w.Status(second.Get(address), http.StatusOK).Text("main"); !strings.Contains(said, "Rozpoczyna:") {
			t.Errorf("who asks is not named: %s", said)
		}
		w.Status(second.Post(address+"/join", nil), http.StatusSeeOther)
		ours := func(i int) firstline.Urgency { return w.Agreement.Table().Situations[i].Step }
		read(w, first, address, func(i int) firstline.Urgency {
			if i < 5 {
				return firstline.Consult
			}
			return ours(i)
		})
		p := w.Status(second.Get(address+"/situations/1"), http.StatusOK)
		if p.Find("input[checked]").Length() != 0 || p.Find("input[type=radio]").Length() != 3 {
			t.Errorf("the other's choice, or ours, is on the page: %s", p.Text("main"))
		}
		for _, path := range []string{address + "/result", address + "/result/situations.csv", address + "/result/figures.xlsx"} {
			w.Status(first.Get(path), http.StatusNotFound)
		}
		read(w, second, address, ours)
		if got := w.Status(second.Get(address), http.StatusSeeOther).Header.Get("Location"); got != address+"/result" {
			t.Errorf("it leads to %s", got)
		}
		p = w.Status(second.Get(address+"/result"), http.StatusOK)
		said := p.Text("main")
		for _, part := range []string{"16 sytuacji z 20", "80", "Osoba B", "różne kroki", "fałszywy alarm", "Cohen 1960", "mają rację"} {
			if !strings.Contains(said, part) {
				t.Errorf("%q is not on the page: %s", part, said)
			}
		}
		names := testrig.Must(w.Identity.Names(t.Context(), w.Admin, []string{w.GuardEditor.PersonID, w.SecondGuardEditor.PersonID}))(t)
		for _, name := range names {
			if strings.Contains(said, name) {
				t.Errorf("the result names %s", name)
			}
		}
		if len(names) != 2 {
			t.Errorf("%q", names)
		}
		files(w, second, address)
	})
}

// files looks at the two files in both formats: rows are those of the page, and the figures are there as numbers.
func files(w *testrig.World, b *testrig.Browser, address string) {
	t := w.T
	t.Helper()
	for _, ending := range []string{"xlsx", "csv"} {
		decimal := func(s string) string {
			if ending == "csv" {
				return strings.ReplaceAll(s, ".", ",")
			}
			return s
		}
		open := func(name string) [][]string {
			t.Helper()
			book, err := sheet.Open([]byte(w.Status(b.Get(address+"/result/"+name+"."+ending), http.StatusOK).Body), "")
			w.OK(err)
			found, err := book.Rows(0)
			w.OK(err)
			var rows [][]string
			for _, r := range found {
				rows = append(rows, r.Cells)
			}
			return rows
		}
		rows := open("situations")
		if len(rows) != 21 || !slices.Equal(rows[1][:6], []string{"1", "Granica", "Autobus odjeżdża za dziesięć minut", "Skonsultuj", "Od razu", "Od razu"}) {
			t.Errorf("%s: %d rows, %q", ending, len(rows), rows[1])
		}
		figures := open("figures")
		if len(figures) != 4 || strings.Join(figures[1][1:5], " ") != decimal("20 16 80.00 0.67") || figures[3][4] != decimal("1.00") || figures[3][5] != "" {
			t.Errorf("%s: %q", ending, figures)
		}
	}
}

// The result says in words what cannot be computed.
func TestWhatCannotBeComputedIsSaid(t *testing.T) {
	w := testrig.New(t)
	first, second := w.Browse(w.GuardEditor), w.Browse(w.SecondGuardEditor)
	address := begin(w)
	w.Status(second.Post(address+"/join", nil), http.StatusSeeOther)
	same := func(int) firstline.Urgency { return firstline.Today }
	read(w, first, address, same)
	if said := w.Status(first.Get(address), http.StatusOK).Text("main"); !strings.Contains(said, "Wynik pojawi się") {
		t.Errorf("who is done reads %s", said)
	}
	w.Status(first.Get(address+"/situations/1"), http.StatusSeeOther)
	read(w, second, address, same)
	p := w.Status(first.Get(address+"/result"), http.StatusOK)
	if got := p.Text("main table tbody tr:first-child"); strings.Count(got, "nie można obliczyć") != 2 || !strings.Contains(got, "20 z 20") {
		t.Errorf("%s", got)
	}
}

// A fault stands at its field, and what is not there is not found.
func TestFaults(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.GuardEditor)
	address := begin(w)
	p := w.Status(b.Post(address+"/situations/3", nil), http.StatusUnprocessableEntity)
	if p.Find("#f-step .error").Length() != 1 {
		t.Errorf("%s", p.Text("main"))
	}
	p = w.Status(b.Post(address+"/finish", nil), http.StatusUnprocessableEntity)
	if said := p.Text("main"); !strings.Contains(said, "Bez odpowiedzi zostało: 20") {
		t.Errorf("%s", said)
	}
	w.Status(b.Post(home, url.Values{"unit": {w.Police}}), http.StatusUnprocessableEntity)
	for _, path := range []string{"/situations/0", "/situations/21", "/situations/x", "/result", "/result/situations.pdf", "/result/people.csv"} {
		w.Status(b.Get(address+path), http.StatusNotFound)
	}
	w.Status(w.Browse(w.SecondGuardEditor).Get(address+"/situations/1"), http.StatusNotFound) // has not joined
	w.Status(w.Browse(w.SecondGuardEditor).Get(address+"/remove"), http.StatusNotFound)
	if p := b.Get(address + "/remove"); !strings.Contains(p.Text("main"), "odpowiedzi obu osób") {
		t.Error("it is not said what is lost")
	}
	w.Status(b.Post(address+"/remove", nil), http.StatusSeeOther)
	w.Status(b.Get(address), http.StatusNotFound)
}

// Who does not write the site is refused, and who writes another unit's part finds nothing.
func TestWhoIsRefused(t *testing.T) {
	w := testrig.New(t)
	address := begin(w)
	writes := []string{"administrator", "coordinator", "author", "second author", "editor of the guard", "second editor of the guard"}
	for name, actor := range w.Everybody() {
		b := w.Browse(actor)
		for what, p := range map[string]webtest.Page{"looking": b.Get(address), "saying": b.Post(address+"/situations/1", url.Values{"step": {"now"}}), "the list": b.Get(home)} {
			want := http.StatusForbidden
			switch {
			case name == "nobody":
				want = http.StatusSeeOther // to the sign-in page
				if what == "saying" {
					want = http.StatusUnauthorized
				}
			case slices.Contains(writes, name), name == "editor of the police":
				want = map[string]int{"looking": http.StatusOK, "saying": http.StatusNotFound, "the list": http.StatusOK}[what]
				if name == "editor of the police" && what == "looking" {
					want = http.StatusNotFound
				}
				if name == "editor of the guard" && what == "saying" {
					want = http.StatusSeeOther
				}
			}
			if p.Status != want {
				t.Errorf("%s, %s: %d, want %d", name, what, p.Status, want)
			}
		}
	}
}

// Each failure of the database is told, and nothing is shown in its place.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	first, second := w.Browse(w.GuardEditor), w.Browse(w.SecondGuardEditor)
	first.FragileForm(t, home, url.Values{"unit": {w.Guard}})
	address := begin(w)
	second.FragileForm(t, address+"/join", nil)
	first.Fragile(t, []string{home, address, address + "/situations/1", address + "/remove"})
	first.FragileForm(t, address+"/situations/1", url.Values{"step": {"now"}})
	ours := func(i int) firstline.Urgency { return w.Agreement.Table().Situations[i].Step }
	read(w, second, address, ours)
	for i, s := range w.Agreement.Table().Situations {
		w.OK(w.Agreement.Say(t.Context(), w.GuardEditor, strings.TrimPrefix(address, home+"/"), s.ID, ours(i)))
	}
	first.FragileForm(t, address+"/finish", nil)
	first.Fragile(t, []string{address + "/result", address + "/result/figures.csv"})
	first.FragileForm(t, address+"/remove", nil)
	w.Unreadable(home)
}
