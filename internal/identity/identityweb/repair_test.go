package identityweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/testrig"
)

// Who takes in a list with faulty rows gets these as a file that says what is wrong, also after the good ones were taken in, and a form for the
// corrected file on which what was chosen before stands already.
func TestFaultyRowsAreOfferedAsAFile(t *testing.T) {
	w := testrig.New(t)
	b := w.Browse(w.TerespolCoordinator)
	list := "imię;nazwisko;e-mail\nAnna;Nowa;anna.nowa@example.org\nJan;Zły;nie-adres\n"
	p := w.Status(b.Upload("/app/people/import", url.Values{"unit": {w.Terespol}, "lang": {"en"}, "invite": {"1"}}, "lista.csv", list), http.StatusOK)
	preview := p.Find("input[name=preview]").First().AttrOr("value", "")
	check := func(page string) {
		t.Helper()
		p := w.Status(b.Get(page), http.StatusOK)
		for _, f := range []string{"csv", "xlsx"} {
			if p.Find(`a[download][href="/app/people/import/bad.`+f+`?preview=`+preview+`"]`).Length() != 1 {
				t.Errorf("%s offers no %s: %s", page, f, p.Text("main"))
			}
		}
	}
	check("/app/people/import?preview=" + preview)
	done := w.Status(b.Post("/app/people/import/confirm", url.Values{"preview": {preview}}), http.StatusSeeOther)
	check(done.Header.Get("Location"))
	b.Files(t, "/app/people/import/bad.csv?preview="+preview, "/app/people/import/bad.xlsx?preview="+preview)
	file := strings.TrimPrefix(b.Get("/app/people/import/bad.csv?preview="+preview).Body, "\ufeff")
	header, row, _ := strings.Cut(strings.TrimSpace(file), "\r\n")
	if header != strings.TrimSpace(strings.TrimPrefix(strings.SplitN(b.Get("/app/people/import/example.csv").Body, "\n", 2)[0], "\ufeff"))+";Co poprawić" || !strings.HasPrefix(row, "Jan;Zły;nie-adres;") || !strings.Contains(row, "e-mail: ") || strings.Contains(row, "\n") {
		t.Errorf("the file: %s", file)
	}
	again := w.Status(b.Get("/app/people/import?again="+preview), http.StatusOK).Form("main form")
	if again.Get("unit") != w.Terespol || again.Get("lang") != "en" || again.Get("invite") == "" {
		t.Errorf("asked twice: %v", again)
	}
	w.Status(b.Get("/app/people/import?again=none"), http.StatusGone)
	b.Fragile(t, []string{"/app/people/import/bad.csv?preview=" + preview, "/app/people/import?again=" + preview})
	for who, a := range w.Everybody() {
		if a.PersonID == w.TerespolCoordinator.PersonID {
			continue
		}
		for _, f := range []string{"csv", "xlsx"} {
			switch p := w.Browse(a).Get("/app/people/import/bad." + f + "?preview=" + preview); p.Status {
			case http.StatusGone, http.StatusForbidden, http.StatusSeeOther: // has lists of their own; has none; is nobody
			default:
				t.Errorf("%s gets it: %d", who, p.Status)
			}
		}
	}
}
