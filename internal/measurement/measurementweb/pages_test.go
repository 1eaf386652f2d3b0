package measurementweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/clock"
	"ostoja/internal/config"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/evidence/evidenceweb"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/itembank"
	"ostoja/internal/itembank/itembankweb"
	"ostoja/internal/list"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/measurementweb"
	"ostoja/internal/measurement/onpaper/onpaperweb"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

var start = time.Date(2026, 10, 23, 7, 0, 0, 0, time.UTC)

// world is the pages over the program's own services, with the shipped course and its competence test.
type world struct {
	*webtest.Server
	t       *testing.T
	d       *db.DB
	clock   *clock.Fake
	a       *app.App
	s       *measurement.Service
	unit    identity.Node
	test    itembank.Test
	actors  map[string]access.Actor
	letters []string
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: clock.NewFake(start), actors: map[string]access.Actor{}}
	c := &config.Config{BaseURL: "https://szkolenia.example.org", Addr: "localhost:0", Zone: webtest.Zone}
	var err error
	w.a, err = app.New(t.Context(), c, d, app.Options{Clock: w.clock, Mail: func(text string) { w.letters = append(w.letters, text) }})
	w.no(err)
	w.s = w.a.Measurement
	unitID, err := w.a.Identity.CreateUnit(t.Context(), access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Straż Graniczna (test)"})
	w.no(err)
	w.unit, err = w.a.Identity.Unit(t.Context(), access.System, unitID)
	w.no(err)
	otherID, err := w.a.Identity.CreateUnit(t.Context(), access.System, identity.UnitDraft{Kind: identity.Guard, Name: "Inna służba (test)"})
	w.no(err)
	other, err := w.a.Identity.Unit(t.Context(), access.System, otherID)
	w.no(err)
	site := webtest.NewSite(t, w.clock)
	trainings := classroomweb.New(classroomweb.Deps{Site: site, Service: w.a.Classroom, TrainingOf: w.s.TrainingOf})
	sheets := onpaperweb.New(site, w.a.OnPaper, w.s)
	pages := measurementweb.New(measurementweb.Deps{
		Paper: sheets.Part,
		Site:  site, Service: w.s, Bank: w.a.Bank, Courses: w.a.Courses,
		Units: func(context.Context, access.Actor, access.Permission) ([]measurementweb.Unit, error) {
			return []measurementweb.Unit{{ID: unitID, Name: w.unit.Name}}, nil
		},
		Candidates: func(ctx context.Context, actor access.Actor, unit, words string, page, size int) ([]measurementweb.Candidate, int, error) {
			l, err := w.a.People.Search(ctx, actor, people.Filter{UnitID: unit, Text: words, Window: list.Window{Page: page, Size: size}})
			list := make([]measurementweb.Candidate, len(l.Rows))
			for i, x := range l.Rows {
				list[i] = measurementweb.Candidate{ID: x.ID, Name: x.FamilyName, HasMail: x.Mail != ""}
			}
			return list, l.Total, err
		},
		Trainings: measurementweb.Trainings{
			Fields: classroomweb.Fields, Part: trainings.Part, Projects: w.a.Classroom.Projects,
			Make: func(f *web.Form) measurement.Make { return w.a.Classroom.Maker(classroomweb.Draft(f, w.s.Zone())) },
		},
	})
	bank := itembankweb.New(itembankweb.Deps{Site: site, Service: w.a.Bank, Courses: w.a.Courses, Names: w.a.Identity.Names, Approvals: w.a.Approvals})
	reports := &evidenceweb.Pages{Site: site, Service: w.a.Evidence, Bank: w.a.Bank, Measurements: w.s}
	w.Server = webtest.New(t, site, func(m *web.Mux) {
		pages.Routes(m)
		trainings.Routes(m)
		bank.Routes(m)
		reports.Routes(m)
	})
	for i, p := range []struct {
		name string
		role access.Role
		path string
	}{
		{"admin", access.Administrator, ""}, {"second", access.Author, ""}, {"coordinator", access.Coordinator, w.unit.Path}, {"elsewhere", access.Coordinator, other.Path},
		{"trainer", access.Trainer, w.unit.Path}, {"learner", access.Learner, w.unit.Path}, {"another", access.Learner, w.unit.Path},
	} {
		personID, err := w.a.Identity.Add(t.Context(), access.System, identity.Draft{
			GivenName: "Ewa", FamilyName: "Osoba" + strconv.Itoa(i), Mail: p.name + "@example.org", UnitID: unitID, Lang: "pl", Sex: "f", Region: "06",
		}, false)
		w.no(err)
		w.actors[p.name] = access.Actor{PersonID: personID, Path: w.unit.Path, At: start, Grants: []access.Grant{{Role: p.role, Path: p.path}}}
		w.SignIn(p.name, w.actors[p.name])
	}
	files, err := folder.Open(filepath.Join("..", "..", "..", "courses", "border-guard"))
	w.no(err)
	_, _, err = w.a.Courses.Publish(t.Context(), w.actors["admin"], files)
	w.no(err)
	tests, err := w.a.Bank.Tests(t.Context())
	w.no(err)
	test, err := w.a.Bank.Test(t.Context(), tests[0].ID) // with its items
	w.no(err)
	w.test = *test
	return w
}

func (w *world) no(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) status(p webtest.Page, want int) webtest.Page {
	w.t.Helper()
	if p.Status != want {
		w.t.Fatalf("status %d, not %d: %s", p.Status, want, p.Text("main"))
	}
	return p
}

// says fails unless the page holds all of the texts.
func (w *world) says(p webtest.Page, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(p.Text("main"), "\u00a0", " "), text) {
			w.t.Errorf("the page does not say %q: %s", text, p.Text("main"))
		}
	}
}

// approve lets the second person approve the items of the course's test, as the page of the test offers it.
func (w *world) approve() {
	w.t.Helper()
	p := w.status(w.Get("second", "/app/bank/tests/"+w.test.ID), http.StatusOK)
	form := url.Values{"back": {"/app/bank/tests/" + w.test.ID}}
	p.Find(`form[action="/app/bank/review"] input[name=version]`).Each(func(_ int, s *goquery.Selection) { form.Add("version", s.AttrOr("value", "")) })
	if n := len(form["version"]); n != 52 { // three forms of 16 and the four anchors, each once
		w.t.Fatalf("the page offers %d items for approval", n)
	}
	w.status(w.Post("second", "/app/bank/review", form), http.StatusSeeOther)
}

// attach attaches the test to a training that has ended, or to the course.
func (w *world) attach(kind measurement.Kind) string {
	w.t.Helper()
	who := "coordinator"
	form := url.Values{"test": {w.test.ID}, "kind": {string(kind)}, "unit": {w.unit.ID}, "waves": {"months3"}, "survey": {"1"}, "project": {"Projekt A"}}
	if kind == measurement.OfTraining {
		form["title"], form["from"], form["from-time"], form["until"], form["until-time"] = []string{"Szkolenie w Terespolu"}, []string{"2026-10-24"}, []string{"09:00"}, []string{"2026-10-25"}, []string{"16:00"}
	} else {
		form.Set("course", "border-guard")
		w.status(w.Post(who, "/app/evidence/attach", form), http.StatusForbidden) // a course is taken beyond one's own service
		who = "admin"
	}
	p := w.status(w.Post(who, "/app/evidence/attach", form), http.StatusSeeOther)
	return p.Header.Get("Location")[strings.LastIndex(p.Header.Get("Location"), "/")+1:]
}

// measure sends what is due and closes what is over, and delivers the mail.
func (w *world) measure() {
	w.t.Helper()
	w.no(w.a.Measure(w.t.Context()))
	for {
		worked, err := w.a.Queue.RunOne(w.t.Context())
		w.no(err)
		if !worked {
			return
		}
	}
}

var linkPattern = regexp.MustCompile(`/app/s/[^?\s]+`)

// link returns the path of the newest letter's link.
func (w *world) link() string {
	w.t.Helper()
	for i := len(w.letters) - 1; i >= 0; i-- {
		if found := linkPattern.FindString(w.letters[i]); found != "" {
			return found
		}
	}
	w.t.Fatal("no letter has a link")
	return ""
}

// browser is a participant's: it keeps the key of a sitting.
type browser struct {
	*world
	as   string
	key  *http.Cookie
	said *http.Cookie // a message for the next page
}

func (b *browser) send(method, path string, form url.Values) webtest.Page {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range []*http.Cookie{b.key, b.said} {
		if c != nil {
			r.AddCookie(c)
		}
	}
	p := b.Do(b.as, r)
	for _, c := range (&http.Response{Header: p.Header}).Cookies() {
		switch c.Name {
		case "ostoja_sitting":
			b.key = c
		case "ostoja_said":
			b.said = c
		}
	}
	return p
}

func (b *browser) get(path string) webtest.Page {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil)
}
func (b *browser) post(path string, form url.Values) webtest.Page {
	b.t.Helper()
	return b.send(http.MethodPost, path, form)
}

// fields returns the sitting's form with a first choice everywhere.
func (b *browser) fields() url.Values {
	b.t.Helper()
	p := b.status(b.get("/app/sitting"), http.StatusOK)
	form := url.Values{}
	p.Find("form[data-autosave] input, form[data-autosave] select, form[data-autosave] textarea").Each(func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		if name == "" || form.Has(name) || name == measurement.FieldUsed || name == measurement.FieldNote {
			return
		}
		value := s.AttrOr("value", "1")
		if s.AttrOr("type", "") == "hidden" && value == "" {
			return // says that the question was shown
		}
		if s.Is("select") {
			value = s.Find("option[value!='']").First().AttrOr("value", "")
		}
		form.Set(name, value)
	})
	return form
}

// TestWhoIsRefused asks every route of the area for everybody who may not have it.
func TestWhoIsRefused(t *testing.T) {
	each(t, func(w *world) {
		w.approve()
		m := w.attach(measurement.OfTraining)
		paths := strings.NewReplacer("{family}", w.test.Family, "{measurement}", m, "{item}", w.test.Forms[0].Versions[0].ItemID, "{test}", w.test.ID, "{sitting}", id.New(), "{token}", "x", "{participant}", id.New())
		files := strings.NewReplacer("export/{file}", "export/report.csv", "evaluation/{file}", "evaluation/answers.csv")
		asked := 0
		mux := web.NewMux(webtest.NewSite(t, w.clock))
		measurementweb.New(measurementweb.Deps{}).Routes(mux)
		(&classroomweb.Pages{}).Routes(mux)
		itembankweb.New(itembankweb.Deps{}).Routes(mux)
		(&evidenceweb.Pages{}).Routes(mux)
		for _, pattern := range mux.Patterns() {
			method, path, _ := strings.Cut(pattern, " ")
			path = paths.Replace(files.Replace(path))
			if access.Routes[pattern].Open() {
				continue // a sitting's pages ask for its key; see TestSittings…
			}
			asked++
			send := func(who string) webtest.Page {
				if method == http.MethodPost {
					return w.Post(who, path, url.Values{})
				}
				return w.Get(who, path)
			}
			if p := send(""); p.Status != http.StatusSeeOther && p.Status != http.StatusUnauthorized {
				t.Errorf("%s: nobody gets %d, not the sign-in", pattern, p.Status)
			}
			if strings.HasPrefix(path, "/app/sittings/") {
				continue
			}
			if p := send("learner"); p.Status != http.StatusForbidden {
				t.Errorf("%s: a learner gets %d", pattern, p.Status)
			}
			if strings.HasPrefix(path, "/app/bank") {
				for _, who := range []string{"coordinator", "trainer"} {
					if p := send(who); p.Status != http.StatusForbidden {
						t.Errorf("%s: a %s gets %d", pattern, who, p.Status)
					}
				}
			}
			if strings.Contains(path, m) {
				if p := send("elsewhere"); p.Status != http.StatusNotFound && p.Status != http.StatusForbidden {
					t.Errorf("%s: a coordinator of another service gets %d", pattern, p.Status)
				}
				if p := send("trainer"); method == http.MethodPost && p.Status != http.StatusForbidden && p.Status != http.StatusNotFound {
					t.Errorf("%s: a trainer gets %d", pattern, p.Status)
				}
			}
		}
		if asked < 25 {
			t.Errorf("only %d routes were asked", asked)
		}
		if p := w.Post("another", "/app/sittings/"+id.New(), url.Values{}); p.Status != http.StatusNotFound {
			t.Errorf("a sitting that is not one's own: %d", p.Status)
		}
	})
}
