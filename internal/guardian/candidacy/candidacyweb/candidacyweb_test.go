package candidacyweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/testrig"
)

const (
	address = "helena.nowa@example.org"
	apply   = "/app/apply/guardian"
)

var linked = regexp.MustCompile(`/app/apply/guardian/link/[A-Za-z0-9_-]{43}\?lang=(?:pl|en|uk)`)

// letter returns the path of the newest link that was sent to the address.
func letter(t *testing.T, w *testrig.World) string {
	t.Helper()
	for _, l := range slices.Backward(w.Letters()) {
		if found := linked.FindString(l.Body); l.To == address && found != "" {
			return found
		}
	}
	t.Fatal("no letter with a link")
	return ""
}

func typed(o *testrig.GuardianOffice, edition string) url.Values {
	return url.Values{
		"edition": {edition}, "given_name": {"Helena"}, "family_name": {"Nowa"}, "phone": {"+48 600 100 200"}, "motivation": {"Chcę pomagać."}, "background": {"Praca w świetlicy."},
		"conflicts": {"Nie ma."}, "availability": {"Popołudnia."}, "abroad": {"no"}, "langs": {"pl", "uk"}, "courts": {o.NearCourt}, "agreed": {"1"}, "act": {"send"},
	}
}

// begin opens a draft in a browser of somebody without an account.
func begin(t *testing.T, o *testrig.GuardianOffice, tail string) *testrig.Browser {
	t.Helper()
	b := o.Browse(access.Actor{})
	o.Status(b.Post(apply+tail, url.Values{"address": {address}, "office": {o.Office}}), http.StatusOK)
	if p := o.Status(b.Post(letter(t, o.World), nil), http.StatusSeeOther); !strings.HasPrefix(p.Header.Get("Location"), apply+"/mine") {
		t.Fatal(p.Header.Get("Location"))
	}
	return b
}

// send sends an application and returns the address of its page in the office.
func send(t *testing.T, o *testrig.GuardianOffice) (b *testrig.Browser, page string) {
	t.Helper()
	b = begin(t, o, "")
	o.Status(b.Post(apply+"/mine", typed(o, "1")), http.StatusSeeOther)
	rows, _, err := o.Candidacy.Candidates(t.Context(), o.Coordinator, candidacy.Filter{})
	if o.OK(err); len(rows) != 1 {
		t.Fatalf("%+v", rows)
	}
	return b, "/app/guardians/candidates/" + rows[0].ID
}

// Somebody without an account begins, goes on elsewhere by another link, sends and withdraws. Who comes with a used link sees nothing.
func TestAnApplicationBeforeSignIn(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		b := w.Browse(access.Actor{})
		if p := w.Status(b.Get(apply), http.StatusOK); p.Find(`main a[lang="uk"]`).Length() != 1 || p.Find(`select[name="office"] option`).Length() != 3 {
			t.Errorf("%s", p.Text("main"))
		}
		p := w.Status(b.Post(apply, url.Values{"address": {"nikt"}}), http.StatusUnprocessableEntity)
		if p.Find(`#f-address[value="nikt"][aria-describedby]`).Length() != 1 {
			t.Error("what was typed is lost")
		}
		first := w.Status(b.Post(apply, url.Values{"address": {address}, "office": {o.Office}}), http.StatusOK).Text("main")
		path := letter(t, w)
		for range 2 { // a scanner of mail opens it
			w.Status(b.Get(path), http.StatusOK)
		}
		w.Status(b.Post(path, nil), http.StatusSeeOther)
		w.Clock.Advance(10 * time.Minute)
		if again := w.Status(w.Browse(access.Actor{}).Post(apply, url.Values{"address": {address}, "office": {o.Office}}), http.StatusOK).Text("main"); again != first {
			t.Errorf("a known address is answered otherwise: %s", again)
		}
		stranger := w.Browse(access.Actor{})
		w.Status(stranger.Post(path, nil), http.StatusGone)
		if p := w.Status(stranger.Get(path), http.StatusGone); !strings.Contains(p.Text("h1"), "nie działa") {
			t.Error(p.Text("main"))
		}
		if p := w.Status(stranger.Get(apply+"/mine"), http.StatusSeeOther); p.Header.Get("Location") != apply {
			t.Error("a stranger is let in")
		}
		form := typed(o, "1")
		form.Set("act", "save")
		form.Del("motivation")
		w.Status(b.Post(apply+"/mine", form), http.StatusSeeOther)
		other := w.Browse(access.Actor{})
		w.Status(other.Post(letter(t, w), nil), http.StatusSeeOther)
		p = w.Status(other.Get(apply+"/mine"), http.StatusOK)
		if p.Find(`#f-background`).Text() != "Praca w świetlicy." || p.Find(`input[name="langs"][checked]`).Length() != 2 || p.Find(`input[name="courts"][checked]`).Length() != 1 {
			t.Errorf("the draft: %s", p.Text("main"))
		}
		form.Set("act", "send")
		form.Set("edition", p.Find(`input[name="edition"]`).AttrOr("value", ""))
		p = w.Status(other.Post(apply+"/mine", form), http.StatusUnprocessableEntity)
		if p.Find(`a[href="#f-motivation"]`).Length() != 1 || p.Find(`#f-conflicts`).Text() != "Nie ma." {
			t.Errorf("the fault: %s", p.Text("main"))
		}
		form.Set("motivation", "Chcę pomagać.")
		w.Status(other.Post(apply+"/mine", form), http.StatusSeeOther)
		if said := w.Status(b.Get(apply+"/mine"), http.StatusOK).Text("main"); !strings.Contains(said, "w toku") || !strings.Contains(said, "Chcę pomagać.") {
			t.Error(said)
		}
		w.Status(b.Get(apply+"/withdraw"), http.StatusOK)
		w.Status(b.Post(apply+"/withdraw", nil), http.StatusSeeOther)
		if said := w.Status(other.Get(apply+"/mine"), http.StatusOK).Text("main"); !strings.Contains(said, "wycofane") || strings.Contains(said, "Chcę pomagać.") {
			t.Error(said)
		}
		w.Status(b.Post(apply+"/close", nil), http.StatusSeeOther)
		w.Status(b.Get(apply+"/mine"), http.StatusSeeOther)
		w.Clock.Advance(candidacy.KeyFor)
		w.Status(other.Get(apply+"/mine"), http.StatusSeeOther)
	})
}

// In Ukrainian every page of an application speaks it, faults too, and says so to readers of screens.
func TestTheFormInUkrainian(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	b := begin(t, o, "?lang=uk")
	for _, path := range []string{apply, apply + "/mine", apply + "/withdraw"} {
		p := w.Status(b.Get(path+"?lang=uk"), http.StatusOK)
		if p.Find(`main div[lang="uk"] h1, main div[lang="uk"] h2`).Length() == 0 || strings.Contains(p.Body, "⟦") {
			t.Errorf("%s: %s", path, p.Text("main"))
		}
	}
	form := typed(o, "1")
	form.Del("agreed")
	p := w.Status(b.Post(apply+"/mine?lang=uk", form), http.StatusUnprocessableEntity)
	if said := p.Text("main"); !strings.Contains(said, "Без цієї згоди") || strings.Contains(said, "⟦") || !strings.Contains(said, "Виникла проблема") {
		t.Error(said)
	}
	form.Set("agreed", "1")
	if p := w.Status(b.Post(apply+"/mine?lang=uk", form), http.StatusSeeOther); p.Header.Get("Location") != apply+"/mine?lang=uk" {
		t.Error(p.Header.Get("Location"))
	}
	if said := w.Status(b.Get(apply+"/mine?lang=uk"), http.StatusOK).Text("main"); !strings.Contains(said, "розглядається") || !strings.Contains(said, "українська") {
		t.Error(said)
	}
	p = w.Status(w.Browse(access.Actor{}).Get(apply+"/link/x?lang=uk"), http.StatusGone)
	if !strings.Contains(p.Text("main"), "вже не діє") {
		t.Error(p.Text("main"))
	}
}

// The office leads somebody to the register, page by page; two mark the talk, and see each other's marks once both are in.
func TestThePathToTheRegister(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o := w.GuardianOffice()
		mine, page := send(t, o)
		office := w.Browse(o.Coordinator)
		list := w.Status(office.Get("/app/guardians/candidates"), http.StatusOK)
		if list.Find(`main a[href="`+page+`"]`).Text() != "Helena Nowa" || list.Find(`main a[href*="as="]`).Length() != 0 || strings.Contains(list.Text("title"), "Helena") {
			t.Errorf("%s", list.Text("main"))
		}
		if p := office.Get("/app/guardians/candidates?as=csv"); strings.Contains(p.Header.Get("Content-Disposition"), "attachment") {
			t.Error("the list can be taken away")
		}
		today := w.Clock.Now().Format(time.DateOnly)
		post := func(path string, form url.Values) {
			t.Helper()
			if p := office.Post(page+path, form); p.Header.Get("Location") != page {
				t.Fatalf("%s: %d %s", path, p.Status, p.Text("main"))
			}
		}
		post("/account", nil)
		for _, step := range []string{"course", "class-day", "scenario"} {
			w.Status(office.Get(page+"/step/"+step), http.StatusOK)
			post("/step/"+step, url.Values{"owner": {o.Coordinator.PersonID}, "due": {"2026-12-01"}, "done": {today}})
		}
		p := w.Status(office.Post(page+"/step/course", url.Values{"owner": {"x"}, "due": {"jutro"}, "done": {"2027-01-01"}}), http.StatusUnprocessableEntity)
		if p.Find(`a[href="#f-owner"], a[href="#f-due"], a[href="#f-done"]`).Length() != 3 {
			t.Error(p.Text("main"))
		}
		w.Status(office.Get(page+"/step/nonsense"), http.StatusNotFound)
		w.Status(office.Get(page+"/check"), http.StatusOK)
		w.Status(office.Post(page+"/check", url.Values{"seen": {today}}), http.StatusUnprocessableEntity)
		for _, k := range []string{"sexual-offenders", "criminal-record"} {
			post("/check", url.Values{"kind": {k}, "clear": {"yes"}, "seen": {today}})
		}
		w.Status(office.Get(page+"/talk"), http.StatusOK)
		post("/talk", url.Values{"held": {today}, "first": {o.First.PersonID}, "second": {o.Second.PersonID}})
		first, second := w.Browse(o.First), w.Browse(o.Second)
		talk := w.Status(first.Get("/app/guardians/talks"), http.StatusOK).Find(`main a[href^="/app/guardians/talks/"]`).AttrOr("href", "")
		w.Status(first.Get(talk), http.StatusOK)
		marked := func(m string) url.Values {
			form := url.Values{"note": {"Mówi spokojnie."}}
			for _, c := range o.Candidacy.Rubric.Criteria {
				form.Set("mark-"+c.ID, m)
			}
			return form
		}
		w.Status(first.Post(talk, url.Values{}), http.StatusUnprocessableEntity)
		w.Status(first.Post(talk, marked("2")), http.StatusSeeOther)
		if said := w.Status(second.Get(talk), http.StatusOK); strings.Contains(said.Text("main"), "Mówi spokojnie") || said.Find("input[checked]").Length() != 0 {
			t.Error("the other's sheet is seen before both are in")
		}
		if said := office.Get(page).Text("main"); strings.Contains(said, "Mówi spokojnie") {
			t.Error("the office sees a sheet before both are in")
		}
		w.Status(second.Post(talk, marked("4")), http.StatusSeeOther)
		w.Status(first.Post(talk, marked("1")), http.StatusUnprocessableEntity)
		joint := marked("3")
		for _, c := range o.Candidacy.Rubric.Criteria {
			joint.Set("word-"+c.ID, "Po rozmowie: podaje konkretne powody.")
		}
		w.Status(first.Get(talk), http.StatusOK)
		w.Status(first.Post(talk+"/joint", url.Values{}), http.StatusUnprocessableEntity)
		w.Status(first.Post(talk+"/joint", joint), http.StatusSeeOther)
		w.Status(first.Get(talk), http.StatusOK)
		p = w.Status(office.Get(page+"/decision"), http.StatusOK)
		form := url.Values{"edition": {p.Find(`input[name="edition"]`).AttrOr("value", "")}, "until": {p.Find(`input[name="until"]`).AttrOr("value", "")}, "children": {"2"}, "decision": {"admit"}}
		w.Status(office.Post(page+"/decision", form), http.StatusUnprocessableEntity)
		form.Set("reasons", "Wszystko jest sprawdzone.")
		p = w.Status(office.Get(page+"/decision"), http.StatusOK)
		form.Set("edition", p.Find(`input[name="edition"]`).AttrOr("value", ""))
		post("/decision", form)
		if said := office.Get(page).Text("main"); !strings.Contains(said, "w rejestrze") {
			t.Error(said)
		}
		if said := mine.Get(apply + "/mine").Text("main"); !strings.Contains(said, "przyjęte") || !strings.Contains(said, "Wszystko jest sprawdzone.") {
			t.Error(said)
		}
	})
}

// What the program knows of a step stands at it with one press, which says what it confirms; what has changed meanwhile is refused on the page.
func TestConfirmingAStep(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	if _, _, err := w.Courses.Publish(t.Context(), access.System, testrig.CourseFolder{ID: "guardian", Langs: []string{"pl", "en"}}.Files()); err != nil {
		t.Fatal(err)
	}
	who := w.Person("Helena", "Nowa", w.Office)
	_, page := send(t, o)
	office := w.Browse(o.Coordinator)
	w.Status(office.Post(page+"/account", nil), http.StatusSeeOther)
	const forms = `form[action$="/confirm"]`
	p := w.Status(office.Get(page), http.StatusOK)
	if p.Find(forms).Length() != 0 || strings.Contains(p.Text("main"), "Program zna") {
		t.Errorf("nothing is known: %s", p.Text("main"))
	}
	w.Pass(who, "guardian")
	p = w.Status(office.Get(page), http.StatusOK)
	course := p.Find(`form[action="` + page + `/step/course/confirm"]`)
	day := w.Clock.Now().Format(time.DateOnly)
	want := "Potwierdź: kurs ukończony " + w.Candidacy.Catalogue.Printer("pl").DateOf(day) + " (zaświadczenie)"
	if p.Find(forms).Length() != 2 || strings.TrimSpace(course.Find("button").Text()) != want || p.Find(`form[action$="/step/scenario/confirm"]`).Length() != 1 {
		t.Errorf("want %q: %s", want, p.Text("main"))
	}
	form := url.Values{}
	for _, name := range []string{"ground", "on"} {
		form.Set(name, course.Find(`input[name="`+name+`"]`).AttrOr("value", ""))
	}
	w.Status(office.Post(page+"/step/nonsense/confirm", form), http.StatusNotFound)
	if p := office.Post(page+"/step/course/confirm", form); p.Header.Get("Location") != page {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	p = w.Status(office.Get(page), http.StatusOK)
	if p.Find(forms).Length() != 1 || !strings.Contains(p.Text("main"), "(Gabriela Rejestrowa)") {
		t.Error(p.Text("main"))
	}
	if p := office.Post(page+"/step/course/confirm", form); p.Status == http.StatusSeeOther || !strings.Contains(p.Text("main"), "Sprawdź, co widać przy tym kroku") {
		t.Errorf("%d %s", p.Status, p.Text("main"))
	}
}

// A document is taken by its content, comes back as a file after a reason was given, and the look is shown to whom it concerns. One that is too
// large is refused before it is read.
func TestDocuments(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	mine, page := send(t, o)
	office := w.Browse(o.Coordinator)
	kind := url.Values{"kind": {"foreign-certificate"}}
	w.Status(office.Get(page+"/document"), http.StatusOK)
	for what, content := range map[string]string{"a page": "<html>", "nothing": ""} {
		p := w.Status(office.Upload(page+"/document", kind, "x.pdf", content), http.StatusUnprocessableEntity)
		if p.Find(`a[href="#f-file"]`).Length() != 1 {
			t.Errorf("%s: %s", what, p.Text("main"))
		}
	}
	if p := office.Upload(page+"/document", kind, "x.pdf", "%PDF-"+strings.Repeat("x", 3*vault.Most)); p.Status != http.StatusUnprocessableEntity || p.Find(`a[href="#f-file"]`).Length() != 1 || !strings.Contains(p.Text("main"), "Najwyżej 10 MB") {
		t.Errorf("too large: %d %s", p.Status, p.Text("main"))
	}
	if n := testrig.Must(db.One[int](t.Context(), w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'candidacy.document.refuse'`))(t); n != 1 {
		t.Errorf("the record has %d refused files", n)
	}
	content := "%PDF-1.7 zaświadczenie"
	if p := office.Upload(page+"/document", kind, "../x.html", content); p.Header.Get("Location") != page {
		t.Fatalf("%d %s", p.Status, p.Text("main"))
	}
	doc := w.Status(office.Get(page), http.StatusOK).Find(`main a[href^="`+page+`/document/"]`).AttrOr("href", "")
	w.Status(office.Get(doc), http.StatusOK)
	w.Status(office.Post(doc, nil), http.StatusUnprocessableEntity)
	p := w.Status(office.Post(doc, url.Values{"why": {"decision"}}), http.StatusOK)
	if p.Body != content || p.Header.Get("Content-Disposition") != `attachment; filename="document.pdf"` || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q, %v", p.Body, p.Header)
	}
	if said := mine.Get(apply + "/mine").Text("main"); !strings.Contains(said, "Gabriela Rejestrowa") || !strings.Contains(said, "decyzja") {
		t.Error(said)
	}
	w.Status(office.Get(page+"/document/x"), http.StatusNotFound)
	w.Status(office.Post(doc+"/erase", nil), http.StatusSeeOther)
	w.Status(office.Get(doc), http.StatusNotFound)
}

// Who leads no candidates opens none of the office's pages, and to another office there is no such candidate.
func TestWhoOpensTheOfficesPages(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	_, page := send(t, o)
	everybody := w.Everybody()
	for name, a := range map[string]access.Actor{"coordinator elsewhere": o.Elsewhere, "assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints} {
		everybody[name] = a
	}
	for name, a := range everybody {
		b := w.Browse(a)
		want := http.StatusForbidden
		switch name {
		case "nobody":
			want = http.StatusSeeOther
		case "coordinator elsewhere":
			want = http.StatusNotFound
		}
		for _, path := range []string{"", "/step/course", "/check", "/document", "/document/x", "/talk", "/decision"} {
			if p := b.Get(page + path); p.Status != want || strings.Contains(p.Body, "Nowa") {
				t.Errorf("%s, %s: %d, want %d", name, path, p.Status, want)
			}
		}
		if name == "nobody" {
			want = http.StatusUnauthorized
		}
		for _, path := range []string{"/step/course", "/step/course/confirm", "/check", "/account", "/distinct", "/talk", "/decision", "/document/x", "/document/x/erase"} {
			form := url.Values{"decision": {"decline"}, "kind": {"criminal-record"}, "clear": {"yes"}}
			if p := b.Post(page+path, form); p.Status != want {
				t.Errorf("%s sends %s: %d, want %d", name, path, p.Status, want)
			}
		}
		rows := b.Get("/app/guardians/candidates")
		if strings.Contains(rows.Body, "Nowa") {
			t.Errorf("%s sees the list", name)
		}
		talks := b.Get("/app/guardians/talks")
		if (talks.Status == http.StatusOK) != (name == "assessor") {
			t.Errorf("%s opens talks: %d", name, talks.Status)
		}
	}
}

// Rules are changed and confirmed on their page, which says so.
func TestRules(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	office := w.Browse(o.Coordinator)
	if said := w.Status(office.Get("/app/guardians/rules"), http.StatusOK).Text("main"); strings.Count(said, "zasada niepotwierdzona") != 3 {
		t.Error(said)
	}
	path := "/app/guardians/rules/criminal-record"
	w.Status(office.Get(path), http.StatusOK)
	w.Status(office.Get("/app/guardians/rules/x"), http.StatusNotFound)
	form := url.Values{"edition": {"0"}, "needed": {"always"}, "valid_days": {"rok"}, "copy_days": {"0"}, "confirm": {"1"}}
	if p := w.Status(office.Post(path, form), http.StatusUnprocessableEntity); p.Find(`#f-valid_days[value="rok"]`).Length() != 1 {
		t.Error(p.Text("main"))
	}
	form.Set("valid_days", "180")
	w.Status(office.Post(path, form), http.StatusSeeOther)
	w.Status(office.Post(path, form), http.StatusUnprocessableEntity) // an old form
	said := office.Get("/app/guardians/rules").Text("main")
	if strings.Count(said, "zasada niepotwierdzona") != 2 || !strings.Contains(said, "Gabriela Rejestrowa") || !strings.Contains(said, "180 dni") {
		t.Error(said)
	}
}

// Each failure of the database is told, and none leaves anything out of a page.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o := w.GuardianOffice()
	mine, page := send(t, o)
	office := w.Browse(o.Coordinator)
	mine.Fragile(t, []string{apply, apply + "/mine", apply + "/withdraw"})
	office.Fragile(t, []string{"/app/guardians/candidates", page, page + "/step/course", page + "/check", page + "/document", page + "/talk", page + "/decision", "/app/guardians/rules", "/app/guardians/rules/criminal-record"})
	office.FragileForm(t, page+"/step/course", url.Values{"due": {"2026-12-01"}})
	office.FragileForm(t, page+"/check", url.Values{"kind": {"criminal-record"}, "clear": {"yes"}, "seen": {"2026-10-23"}})
	office.FragileForm(t, page+"/talk", url.Values{"held": {"2026-10-23"}, "first": {o.First.PersonID}, "second": {o.Second.PersonID}})
	office.FragileUpload(t, page+"/document", url.Values{"kind": {"foreign-certificate"}}, "file", "x.pdf", "%PDF-1.4")
	first := w.Browse(o.First)
	talk := w.Status(first.Get("/app/guardians/talks"), http.StatusOK).Find(`main a[href^="/app/guardians/talks/"]`).AttrOr("href", "")
	first.Fragile(t, []string{"/app/guardians/talks", talk})
	mine.FragileForm(t, apply+"/withdraw", nil)
	w.Unreadable("/app/guardians/candidates", "/app/guardians/rules", "/app/guardians/talks")
	r := httptest.NewRequest(http.MethodPost, apply, strings.NewReader("a=%zz"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p := w.Browse(access.Actor{}).Do(r); p.Status == http.StatusOK {
		t.Error("what is no form is taken")
	}
}
