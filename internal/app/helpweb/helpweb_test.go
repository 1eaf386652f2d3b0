package helpweb_test

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"ostoja/docs/help"
	"ostoja/internal/access"
	"ostoja/internal/app/helpweb"
	"ostoja/internal/errs"
	"ostoja/internal/testrig"
)

// TestEveryPageHasItsHelp: of the staff's pages none leads to the list of all, and each text that a page leads to is there in both languages.
func TestEveryPageHasItsHelp(t *testing.T) {
	own := []string{"/app/help", "/app/office", "/app/privacy", "/app/accessibility", "/app/{$}", "/app/media", "/app/language", "/app/sign-out"}
	led := map[string]bool{}
	for pattern := range access.Routes {
		method, at, _ := strings.Cut(pattern, " ")
		if method != http.MethodGet || !strings.HasPrefix(at, "/app/") || slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(at, o) }) {
			continue
		}
		to := helpweb.Of(at)
		if to == "/app/help" {
			t.Errorf("%s has no help of its own", at)
		}
		led[path.Base(to)] = true
	}
	for _, tag := range []string{"pl", "en"} {
		files, err := fs.Glob(help.FS, tag+"/*.md")
		if err != nil || len(files) != len(led) {
			t.Errorf("%d texts in %s, %d places lead to one (%v)", len(files), tag, len(led), err)
		}
		for name := range led {
			if _, err := fs.Stat(help.FS, tag+"/"+name+".md"); err != nil {
				t.Errorf("the help lacks %s in %s", name, tag)
			}
		}
	}
}

// TestHelpIsReadBeforeSignIn, in the reader's language, and leads on to whom to ask.
func TestHelpIsReadBeforeSignIn(t *testing.T) {
	w := testrig.New(t)
	nobody := w.Browse(access.Actor{})
	w.Status(nobody.Get("/app/help/nothing"), http.StatusNotFound)
	for at, selectors := range map[string][]string{
		"/app/help": {`main li a[href="/app/help/desk"]`}, "/app/help/desk": {"main ol li", `main a[href="/app/office"]`},
		"/app/office": {"main dl dt"}, "/app/privacy": {"main h2"}, "/app/accessibility": {"main h2"},
		"/app/sign-in": {`footer a[href="/app/help/account"]`, `footer a[href="/app/privacy"]`},
	} {
		p := w.Status(nobody.Get(at), http.StatusOK)
		for _, s := range selectors {
			if p.Find(s).Length() == 0 {
				t.Errorf("%s lacks %s", at, s)
			}
		}
	}
}

// TestTheOfficesWords are written by who operates the installation alone, read by everybody, and never lost to a second editor.
func TestTheOfficesWords(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		s := &helpweb.Offices{DB: w.DB, Clock: w.Clock}
		for name, actor := range w.Everybody() {
			want := errs.ErrForbidden
			if actor.Everywhere(access.SystemOperate) {
				want = errs.ErrConflict // nobody has written the 99th edition
			}
			w.Refused(name, s.Write(t.Context(), actor, helpweb.Office{Edition: 99}), want)
		}
		admin, nobody := w.Browse(w.Admin), w.Browse(access.Actor{})
		form := url.Values{
			"edition": {"0"}, "name": {"Biuro Szkoleń"}, "mail": {"biuro@example.org"}, "phone": {"+48 22 000 00 00"}, "hours": {"pn.–pt. 8:00–16:00"}, "officer": {"iod@example.org"},
			"privacy-pl": {"Pierwszy akapit.\r\n\r\nDrugi akapit."},
		}
		wrong := url.Values{"edition": {"0"}, "name": {strings.Repeat("ó", 201)}, "mail": {"biuro"}, "phone": {"pokój 7"}}
		refused := w.Status(admin.Post("/app/office/edit", wrong), http.StatusUnprocessableEntity)
		for _, field := range []string{"name", "mail", "phone"} {
			if refused.Find(`[name="`+field+`"][aria-invalid="true"]`).Length() != 1 {
				t.Errorf("%s is not refused at its field", field)
			}
		}
		w.Status(admin.Post("/app/office/edit", form), http.StatusSeeOther)
		page := w.Status(nobody.Get("/app/privacy"), http.StatusOK)
		if got := page.Text("main"); !strings.Contains(got, "Biuro Szkoleń") || !strings.Contains(got, "iod@example.org") || page.Find("main h2 + p").Length() == 0 || !strings.Contains(got, "Drugi akapit.") {
			t.Error(got)
		}
		w.Status(admin.Post("/app/office/edit", form), http.StatusUnprocessableEntity) // from a page that is no longer what it was
		form.Set("edition", "1")
		form.Set("name", "Biuro Programu")
		w.Status(admin.Post("/app/office/edit", form), http.StatusSeeOther)
		if o := testrig.Must(s.Read(t.Context()))(t); o.Name != "Biuro Programu" || o.Edition != 2 {
			t.Errorf("%+v", o)
		}
	})
}
