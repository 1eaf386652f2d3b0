package certificateweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/certificate/certificateweb"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/id"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

// world is a served site with a certificate in each of two organisations.
type world struct {
	*webtest.Server
	d            *db.DB
	clock        *clock.Fake
	seeded       *desktest.World
	pages        *certificateweb.Pages
	mine, theirs certificate.Certificate
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{d: d, clock: clock.NewFake(desktest.Now), seeded: desktest.Fill(t, d, desktest.Options{Organisations: 2, People: 20, Courses: 1, Seed: 3})}
	site := webtest.NewSite(t, w.clock)
	service := certificate.New(d, w.clock, site.Catalogue.Printer("pl").Zone())
	w.pages = certificateweb.New(site, service)
	w.Server = webtest.New(t, site, func(m *web.Mux) { w.pages.Routes(m) })
	var holders []string
	for _, u := range w.seeded.Units {
		for _, p := range w.seeded.People {
			if w.seeded.UnitOf[p].ID == u.ID {
				holders = append(holders, p)
				break
			}
		}
	}
	w.mine, w.theirs = w.issue(t, service, holders[0]), w.issue(t, service, holders[1])
	everywhere := func(role access.Role, person, path string) access.Actor {
		return access.Actor{PersonID: person, Grants: []access.Grant{{Role: role, Path: path}}, At: desktest.Now}
	}
	w.SignIn("holder", everywhere(access.Learner, holders[0], ""))
	w.SignIn("new", everywhere(access.Learner, id.New(), ""))
	w.SignIn("coordinator", everywhere(access.Coordinator, id.New(), w.seeded.UnitOf[holders[0]].Path))
	w.SignIn("trainer", everywhere(access.Trainer, id.New(), w.seeded.UnitOf[holders[0]].Path))
	return w
}

func (w *world) issue(t *testing.T, s *certificate.Service, person string) (c certificate.Certificate) {
	t.Helper()
	ctx, enrolment := context.Background(), id.New()
	err := w.d.Update(ctx, func(tx *db.Tx) (err error) {
		if err := db.Exec(ctx, tx, `DELETE FROM certificate WHERE person_id = ?`, person); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `INSERT INTO enrolment (id, person_id, course_id, version_id, round, latest, lang, source, created_at) VALUES (?, ?, 'course-1', 'course-1-v1', 9, FALSE, 'pl', 'self', ?)`,
			enrolment, person, w.clock.Now()); err != nil {
			return err
		}
		c, err = s.Issue(ctx, tx, certificate.Award{
			PersonID: person, EnrolmentID: enrolment, CourseID: "course-1", VersionID: "course-1-v1", Lang: "pl", Holder: "Żaneta Świąć",
			Title: "Kurs o ochronie", Hours: 6.5, Objectives: []string{"Rozpoznaje oznaki."}, Fund: "Współfinansowane.", Issuer: "Biuro", ValidMonths: 12, At: w.clock.Now(),
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhoIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	pdf, revoke := "/app/certificates/"+w.mine.ID+"/pdf", "/app/certificates/"+w.mine.ID+"/revoke"
	theirPDF, theirRevoke := "/app/certificates/"+w.theirs.ID+"/pdf", "/app/certificates/"+w.theirs.ID+"/revoke"
	reason := url.Values{"reason": {"Wynik uzyskała inna osoba."}, "confirm": {"1"}}
	for _, c := range []struct {
		as, method, path string
		status           int
	}{
		{"", "GET", "/app/certificates", 303}, {"", "GET", pdf, 303}, {"", "GET", revoke, 303}, {"", "POST", revoke, 401},
		{"holder", "GET", "/app/certificates", 200}, {"holder", "GET", pdf, 200}, {"holder", "GET", theirPDF, 404},
		{"holder", "GET", revoke, 403}, {"holder", "POST", revoke, 403},
		{"new", "GET", pdf, 404},
		{"trainer", "GET", pdf, 200}, {"trainer", "GET", revoke, 403}, {"trainer", "POST", revoke, 403},
		{"coordinator", "GET", pdf, 200}, {"coordinator", "GET", theirPDF, 404}, {"coordinator", "GET", theirRevoke, 404}, {"coordinator", "POST", theirRevoke, 404},
		{"coordinator", "GET", "/app/certificates/nonsense/pdf", 404}, {"coordinator", "GET", "/app/certificates/" + id.New() + "/revoke", 404},
		{"coordinator", "GET", revoke, 200},
	} {
		var p webtest.Page
		if c.method == "GET" {
			p = w.Get(c.as, c.path)
		} else {
			p = w.Post(c.as, c.path, reason)
		}
		if p.Status != c.status {
			t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, c.as, p.Status, c.status)
		}
	}
}

// Of a name that the paper cannot print, the address of the file leads its holder to the form; who may only look is told what is missing.
func TestSpelling(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	path := "/app/certificates/" + w.mine.ID
	if p := w.Get("holder", path+"/spelling"); p.Status != http.StatusConflict {
		t.Errorf("a name that is printed: %d", p.Status)
	}
	ctx := context.Background()
	if err := w.d.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE certificate SET holder = '王小明' WHERE id IN (?, ?)`, w.mine.ID, w.theirs.ID)
	}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"name": {"Wang Xiaoming"}}
	for _, c := range []struct {
		as, method, path string
		status           int
	}{
		{"", "GET", path + "/spelling", 303}, {"", "POST", path + "/spelling", 401},
		{"new", "GET", path + "/spelling", 404}, {"new", "POST", path + "/spelling", 404},
		{"trainer", "GET", path + "/spelling", 404}, {"trainer", "POST", path + "/spelling", 404}, {"trainer", "GET", path + "/pdf", 409},
		{"coordinator", "GET", path + "/spelling", 200}, {"coordinator", "GET", "/app/certificates/" + w.theirs.ID + "/spelling", 404},
		{"coordinator", "POST", "/app/certificates/" + w.theirs.ID + "/spelling", 404},
		{"holder", "GET", path + "/pdf", 303}, {"holder", "GET", path + "/spelling", 200},
	} {
		var p webtest.Page
		if c.method == "GET" {
			p = w.Get(c.as, c.path)
		} else {
			p = w.Post(c.as, c.path, form)
		}
		if p.Status != c.status {
			t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, c.as, p.Status, c.status)
		}
	}
	if p := w.Get("holder", "/app/certificates"); p.Find(`a[download][href$="/pdf"]`).Length() != 0 || p.Find(`a[href$="/pdf"]`).Length() != 1 {
		t.Error("the list offers a file that there is not")
	}
	if p := w.Post("holder", path+"/spelling", url.Values{"name": {"王小明"}}); p.Status != http.StatusUnprocessableEntity || p.Find(".errors li").Length() != 1 {
		t.Errorf("letters that are not Latin: %d", p.Status)
	}
	if p := w.Post("holder", path+"/spelling", form); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/app/certificates" {
		t.Errorf("%d %s", p.Status, p.Header.Get("Location"))
	}
	if p := w.Get("holder", path+"/pdf"); !strings.HasPrefix(p.Body, "%PDF-") {
		t.Errorf("no file: %d", p.Status)
	}
	if text := w.Get("", "/verify/"+certificate.Grouped(w.mine.Code)+"?lang=pl").Text("dl"); !strings.Contains(text, "王小明") || !strings.Contains(text, "Wang Xiaoming") {
		t.Errorf("verified: %s", text)
	}
}

func TestMine(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	p := w.Get("holder", "/app/certificates")
	if got := p.Text("td .tag"); !strings.Contains(got, "ważne") {
		t.Errorf("status %q", got)
	}
	link, _ := p.Find("a[download]").First().Attr("href")
	pdf := w.Get("holder", link)
	if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Body, "%PDF-") || pdf.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %v", link, pdf.Header)
	}
	if p := w.Get("new", "/app/certificates"); p.Find(".empty").Length() != 1 {
		t.Error("no empty state")
	}
}

func TestRevoke(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		path := "/app/certificates/" + w.mine.ID + "/revoke"
		p := w.Post("coordinator", path, url.Values{"reason": {"krótko"}})
		if p.Status != http.StatusUnprocessableEntity || p.Find(".errors li").Length() != 2 || p.Text("textarea") != "krótko" {
			t.Errorf("a poor reason: %d, %s", p.Status, p.Text(".errors"))
		}
		form := url.Values{"reason": {"Wynik uzyskała inna osoba."}, "confirm": {"1"}}
		if p := w.Post("coordinator", path, form); p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/app/people/"+w.mine.PersonID {
			t.Errorf("%d %s", p.Status, p.Header.Get("Location"))
		}
		if p := w.Post("coordinator", path, form); p.Status != http.StatusConflict {
			t.Errorf("sent twice: %d", p.Status)
		}
		verified := w.Get("", "/verify/"+certificate.Grouped(w.mine.Code)+"?lang=pl")
		if !strings.Contains(verified.Text(".notice"), "unieważnione 23 listopada 2026") || strings.Contains(verified.Body, "inna osoba") {
			t.Errorf("verified: %s", verified.Text(".notice"))
		}
	})
}

func TestVerify(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	code := certificate.Grouped(w.mine.Code)
	asked := w.Get("holder", "/verify?lang=pl&code="+url.QueryEscape(" "+strings.ToLower(strings.NewReplacer("-", " ", "0", "O", "1", "l").Replace(code))+" "))
	if got := asked.Header.Get("Location"); asked.Status != http.StatusSeeOther || got != "/verify/"+code+"?lang=pl" {
		t.Fatalf("%d %q", asked.Status, got)
	}
	p := w.Get("holder", asked.Header.Get("Location")) // even with a session at hand, none is read and no cookie set
	if p.Status != http.StatusOK || len(p.Header.Values("Set-Cookie")) > 0 || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", p.Status, p.Header)
	}
	if p.Find(`meta[name=robots][content=noindex]`).Length() != 1 || p.Find("form").Length() != 0 || strings.Contains(p.Body, "holder") {
		t.Error("the page is indexed, or knows who looks")
	}
	text := p.Text("main")
	for _, want := range []string{"Żaneta Świąć", "Kurs o ochronie", "6,5", "Rozpoznaje oznaki.", "Biuro", w.mine.Number, code, "Współfinansowane.", "ważne do 23 listopada 2027"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, never := range []string{w.mine.ID, w.mine.PersonID, w.mine.EnrolmentID} {
		if strings.Contains(p.Body, never) {
			t.Errorf("the page reveals %s, which the paper does not", never)
		}
	}
	if p := w.Get("", "/verify/"+code+"?lang=en"); !strings.Contains(p.Text(".notice"), "The certificate is valid") || p.Find("html[lang=en]").Length() != 1 {
		t.Errorf("in English: %s", p.Text(".notice"))
	}
	w.clock.Advance(366 * 24 * time.Hour)
	if p := w.Get("", "/verify/"+code+"?lang=pl"); !strings.Contains(p.Text(".notice"), "Termin ważności minął") {
		t.Errorf("after its end: %s", p.Text(".notice"))
	}
}

func TestVerifyRefusals(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for path, want := range map[string]struct {
		status int
		text   string
	}{
		"/verify?lang=pl":                                          {200, "Wpisz kod podany"},
		"/verify?lang=pl&code=":                                    {422, "Wpisz kod zaświadczenia."},
		"/verify?lang=pl&code=%3Cscript%3E":                        {422, "To nie jest kod"},
		"/verify/0000-0000-0000-0000?lang=pl":                      {404, "Nie ma zaświadczenia o takim kodzie"},
		"/verify/OST-2026-000001?lang=pl":                          {404, "To nie jest kod"},
		"/verify/" + strings.Repeat("A", 5000) + "?lang=pl":        {404, "To nie jest kod"},
		"/verify?code=%FF%FE&lang=en":                              {422, "This is not the code"},
		"/verify?lang=pl&code=" + w.mine.ID[:8]:                    {422, "To nie jest kod"},
		"/verify/" + certificate.Grouped(w.mine.Code) + "?lang=xx": {200, ""},
	} {
		p := w.Get("", path)
		if p.Status != want.status || !strings.Contains(p.Text("main"), want.text) {
			t.Errorf("%.60s: %d %s", path, p.Status, p.Text("main"))
		}
	}
}

func TestVerifyIsLimited(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	path := "/verify/" + w.mine.Code
	served := 0
	for w.Get("", path).Status == http.StatusOK {
		if served++; served > 1000 {
			t.Fatal("there is no limit")
		}
	}
	if p := w.Get("", path); p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" {
		t.Errorf("%d", p.Status)
	}
	w.clock.Advance(time.Second)
	if p := w.Get("", path); p.Status != http.StatusOK {
		t.Errorf("a second later: %d", p.Status)
	}
}

func TestPersonSection(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for as, want := range map[string]struct{ rows, revoke int }{"coordinator": {1, 1}, "trainer": {1, 0}, "new": {0, 0}} {
		m := web.NewMux(w.Site)
		m.Handle("GET /app/{$}", func(rw http.ResponseWriter, r *http.Request) error { // any page will do
			section, file, err := w.pages.PersonSection(r, w.mine.PersonID)
			if err != nil {
				return err
			}
			if file != nil {
				return file(rw, r)
			}
			return web.Show(rw, r, web.View{}, section)
		})
		s := webtest.On(t, w.Server, m)
		p := s.Get(as, "/app/")
		if got := p.Find("tbody tr").Length(); got != want.rows {
			t.Errorf("%s sees %d", as, got)
		}
		if got := p.Find(`a[href$="/revoke"]`).Length(); got != want.revoke {
			t.Errorf("%s may revoke %d", as, got)
		}
	}
}

// The paper and the page that vouches for it say the same hours, however many there are.
func TestThePageSaysTheHoursOfThePaper(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for hours, want := range map[float64]string{6.25: "6,25", 6.5: "6,5", 6: "6", 0.75: "0,75"} {
		err := w.d.Update(t.Context(), func(tx *db.Tx) error {
			return db.Exec(t.Context(), tx, `UPDATE certificate SET hours = ? WHERE id = ?`, hours, w.mine.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		page := w.Get("", "/verify/"+certificate.Grouped(w.mine.Code)+"?lang=pl")
		found := false
		page.Find("dd").Each(func(_ int, dd *goquery.Selection) { found = found || strings.TrimSpace(dd.Text()) == want })
		if !found {
			t.Errorf("%g hours are not shown as %q: %s", hours, want, page.Text("dl"))
		}
	}
}
