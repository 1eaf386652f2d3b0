package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/project"
	"ostoja/internal/sheet"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
)

// job is one of the ten that staff do most. steps is how a person who knows the program does it, from the first page after sign-in; done fails the test unless it is really done.
type job struct {
	id, title, who string
	steps          func(t *testing.T, o *jobOffice) effort
}

var jobs = []job{
	{"invite", "Invite 40 people from a spreadsheet to a course", "coordinator", inviteForty},
	{"remind", "Find who stalled in a course, and remind them", "coordinator", remindStalled},
	{"move", "Move one person to another training", "coordinator", moveOne},
	{"put-off", "Put a training off", "coordinator", putOff},
	{"attendance", "Hand in a day's attendance: two half-days of eighteen people, two of them absent", "trainer", handInAttendance},
	{"facts", "Confirm the five facts that are due", "author", confirmFive},
	{"article", "Approve an article as the second person", "coordinator", approveArticle},
	{"item", "Add an item with four options", "author", addItem},
	{"report", "Make the quarter's report: figures handed in, approved by somebody else, report made", "two coordinators", makeReport},
	{"certificate", "Find a person's certificate", "coordinator", findCertificate},
}

// jobOffice is the office in which the jobs are done: the demonstration on an ordinary afternoon.
type jobOffice struct {
	*programme
	now       *clock.Fake
	root      *browser
	second    string // mail of the other coordinator
	folder    string
	project   string // id of the one that reports by the quarter
	from, to  string // trainings between which somebody is moved
	hall      string // training that is held today
	certified string // name of somebody with a certificate
	dueFacts  []string
}

const jobLearners = 120

// openJobs fills the office.
func openJobs(t *testing.T) *jobOffice {
	ctx, now := t.Context(), clock.NewFake(time.Date(2027, 1, 11, 8, 0, 0, 0, time.UTC)) // a Monday
	p := startAt(t, dbtest.SQLite(t), now)
	p.ok(p.app.Demonstrate(ctx, now, courses.BorderGuard, jobLearners, nil))
	o := &jobOffice{programme: p, now: now, folder: t.TempDir(), second: "druga@demo.example"}
	o.trainings()
	o.facts()
	o.article()
	o.reporting()
	var err error
	if o.certified, err = db.One[string](ctx, p.app.DB, `SELECT p.given_name || ' ' || p.family_name FROM certificate c JOIN person p ON p.id = c.person_id WHERE c.revoked_at IS NULL
		AND (SELECT COUNT(*) FROM person o WHERE o.sort_key = p.sort_key) = 1 ORDER BY p.sort_key LIMIT 1 OFFSET 20`); err != nil {
		t.Fatal(err)
	}
	now.Advance(31*time.Hour + 30*time.Minute) // Tuesday, half past four: the training of the day is over
	o.root = openBrowser(t, p.base, 1280, false)
	return o
}

// actor is somebody of the demonstration, with their rights everywhere.
func (o *jobOffice) actor(mail string, role access.Role) access.Actor {
	o.t.Helper()
	personID, err := db.One[string](o.t.Context(), o.app.DB, `SELECT id FROM person WHERE mail = ?`, mail)
	o.ok(err)
	return access.Actor{PersonID: personID, At: o.now.Now(), Grants: []access.Grant{{Role: role}}}
}

func (o *jobOffice) coordinator() access.Actor {
	return o.actor("koordynator@demo.example", access.Coordinator)
}

// one returns the one value that a statement finds.
func one[T any](o *jobOffice, statement string, args ...any) T {
	o.t.Helper()
	v, err := db.One[T](o.t.Context(), o.app.DB, statement, args...)
	if err != nil {
		o.t.Fatalf("%s: %v", statement, err)
	}
	return v
}

// exec writes what no service can: a name of the test's own, somebody's password.
func (o *jobOffice) exec(statement string, args ...any) {
	o.t.Helper()
	o.ok(o.app.DB.Update(o.t.Context(), func(tx *db.Tx) error { return db.Exec(o.t.Context(), tx, statement, args...) }))
}

// trainings finds the demonstration's, and plans one more to which somebody can be moved.
func (o *jobOffice) trainings() {
	ctx := o.t.Context()
	o.from = one[string](o, `SELECT id FROM training WHERE title = 'Pomoc społeczna 3: Rzeszów'`)
	o.hall = one[string](o, `SELECT id FROM training WHERE title = 'Pomoc społeczna 2: Lublin'`)
	made, err := o.app.Classroom.Duplicate(ctx, o.coordinator(), o.from, false, true, []classroom.Copy{{Day: "2027-02-15", Place: "Kielce, biblioteka"}})
	o.ok(err)
	o.to = made[0]
	o.exec(`UPDATE training SET title = 'Pomoc społeczna 6: Kielce' WHERE id = ?`, o.to)
}

// facts has all confirmed but five, which are due since this morning.
func (o *jobOffice) facts() {
	ctx := o.t.Context()
	author := o.actor("autorka@demo.example", access.Author)
	list, err := o.app.Site.Facts(ctx, author)
	o.ok(err)
	var ids []string
	for _, f := range list {
		switch {
		case f.ID == content.OfficeContact:
		case len(o.dueFacts) < 5 && strings.Contains(f.ID, "line"):
			o.dueFacts = append(o.dueFacts, f.ID)
		default:
			ids = append(ids, f.ID)
		}
	}
	_, err = o.app.Site.Confirm(ctx, author, ids, "Zespół")
	o.ok(err)
}

// article has an author's text wait for the second person.
func (o *jobOffice) article() {
	ctx := o.t.Context()
	author := o.actor("autorka@demo.example", access.Author)
	o.ok(o.app.Site.CreateArticle(ctx, author, content.Article{ID: "otwarte-drzwi", Kind: content.News, Topic: "work", Day: "2027-01-11"}))
	saved, err := o.app.Site.SaveDraft(ctx, author, site.TextDraft{ArticleID: "otwarte-drzwi", Lang: "pl", Title: "Otwarte drzwi w styczniu", Tab: "Otwarte drzwi", Summary: "Kiedy można przyjść bez umawiania się.", Body: "W każdy wtorek stycznia od 9:00 do 15:00."})
	o.ok(err)
	o.ok(o.app.Site.Submit(ctx, author, saved.ID))
}

// reporting has a project that reports by the quarter, whose last one has ended, and a second coordinator.
func (o *jobOffice) reporting() {
	ctx := o.t.Context()
	unit := one[string](o, `SELECT id FROM unit WHERE name = 'Biuro programu (demonstracja)'`)
	personID, err := o.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zenobia", FamilyName: "Projektowa", Mail: o.second, UnitID: unit, Lang: "pl"}, false)
	o.ok(err)
	o.ok(o.app.Identity.Grant(ctx, access.System, personID, identity.RoleDraft{Role: access.Coordinator}))
	o.exec(`UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE mail = 'koordynator@demo.example'), state = 'active', activated_at = created_at WHERE id = ?`, personID)
	o.project, err = o.app.Projects.Create(ctx, o.coordinator(), project.Draft{Name: "Kursy przez internet 2026", Short: "Kursy 2026", Number: "DEMO/2/2026", UnitID: unit, FirstDay: "2026-07-01", LastDay: "2027-06-30"})
	o.ok(err)
	o.ok(o.app.Projects.SplitPeriods(ctx, o.coordinator(), o.project, 3))
	o.ok(o.app.Projects.SetShares(ctx, o.coordinator(), o.project, []project.Share{{FundID: "national-plan", Share: project.Whole}}))
}

func (o *jobOffice) sit(t *testing.T, mail string) *hand {
	t.Helper()
	o.t = t
	return o.programme.sit(t, o.root, mail)
}

// must fails the test unless two things are the same.
func (h *hand) must(what string, got, want int) {
	h.t.Helper()
	if got != want {
		h.t.Fatalf("%s: %v, not %v\non %s", what, got, want, h.where())
	}
}

func inviteForty(t *testing.T, o *jobOffice) effort {
	families, givens := strings.Fields("Brzoska Cieplik Dworak Felczak Gajda Hajduk Jurek Kulesza Maj Noga"), strings.Fields("Adela Bruno Celina Dobrawa")
	var rows [][]any
	for i := range 40 {
		rows = append(rows, []any{i + 1, families[i%10] + " " + givens[i/10], fmt.Sprintf("nowa%02d@demo.example", i), fmt.Sprintf("Placówka nr %d, Oddział Mazowiecki", i%4+1)})
	}
	var b bytes.Buffer
	o.ok(sheet.Write(&b, sheet.XLSX, "Lista", []string{"Lp.", "Nazwisko i imię", "E-mail", "Jednostka"}, sheet.Of(rows)))
	path := filepath.Join(o.folder, "lista.xlsx")
	o.ok(os.WriteFile(path, b.Bytes(), 0o600))

	h := o.sit(t, "koordynator@demo.example")
	h.click("Przebieg szkoleń")
	h.click("Rozpoznawanie i ochrona ofiar handlu ludźmi: dla funkcjonariuszy i funkcjonariuszek straży granicznej")
	h.click("Zapisz z listy…")
	h.file("file", path)
	h.pick("unit", "Służba graniczna (demonstracja)")
	h.click("Pokaż, co się zmieni")
	h.click("Potwierdź i zapisz")
	h.click("Zapisz zaznaczone")
	cost := h.done()
	h.must("enrolled", one[int](o, `SELECT COUNT(*) FROM enrolment e JOIN person p ON p.id = e.person_id WHERE p.mail LIKE 'nowa%' AND e.course_id = 'border-guard'`), 40)
	o.now.Advance(11 * time.Minute)
	for i := range 40 {
		o.mail.Wait(t, fmt.Sprintf("nowa%02d@demo.example", i), 0)
	}
	return cost
}

func remindStalled(t *testing.T, o *jobOffice) effort {
	h := o.sit(t, "koordynator@demo.example")
	if !eval[bool](h.browser, `[...document.querySelectorAll('main a[href*="stalled=14"]')].some(a => a.checkVisibility())`) {
		h.clickOn("main summary") // the rest of what waits
	}
	h.clickOn(`main a[href*="stalled=14"]`)
	h.clickIn("main", "Przypomnij zaznaczonym")
	h.clickOn(`main form button.action`) // how many, and whom
	cost := h.done()
	if n := one[int](o, `SELECT COUNT(*) FROM enrolment WHERE course_id = 'border-guard' AND reminded_at IS NOT NULL`); n < 30 {
		t.Fatalf("%d people are reminded", n)
	}
	return cost
}

func moveOne(t *testing.T, o *jobOffice) effort {
	personID := one[string](o, `SELECT person_id FROM booking WHERE training_id = ? AND state = 'confirmed' LIMIT 1`, o.from)
	name := one[string](o, `SELECT family_name || ' ' || given_name FROM person WHERE id = ?`, personID)
	h := o.sit(t, "koordynator@demo.example")
	h.click("Pomoc społeczna 3: Rzeszów")
	h.clickIn("main", "Osoby")
	h.tick(name)
	h.click("Więcej")
	h.click("Przenieś…")
	h.clickOn(`main label[for="` + eval[string](h.browser, fmt.Sprintf(`document.querySelector('input[name=to][value="%s"]').id`, o.to)) + `"]`)
	h.clickIn("main", "Przenieś 1 osobę")
	cost := h.done()
	h.must("seats in the old training", one[int](o, `SELECT COUNT(*) FROM booking WHERE training_id = ? AND person_id = ? AND state = 'confirmed'`, o.from, personID), 0)
	h.must("seats in the new training", one[int](o, `SELECT COUNT(*) FROM booking WHERE training_id = ? AND person_id = ? AND state IN ('confirmed', 'consent')`, o.to, personID), 1)
	return cost
}

func putOff(t *testing.T, o *jobOffice) effort {
	const reason = "Choroba osoby prowadzącej."
	h := o.sit(t, "koordynator@demo.example")
	h.click("Służba graniczna 24: Gdańsk")
	h.click("Przełóż…")
	h.keys(reason)
	h.click("Przełóż szkolenie")
	cost := h.done()
	h.must("put off", one[int](o, `SELECT COUNT(*) FROM training WHERE title LIKE '%Gdańsk' AND put_off_at IS NOT NULL`), 1)
	o.now.Advance(11 * time.Minute)
	if n, err := o.app.Classroom.Tell(t.Context()); n < 1 || err != nil {
		t.Fatalf("%d acts are told, %v", n, err)
	}
	return cost
}

func handInAttendance(t *testing.T, o *jobOffice) effort {
	absent := []string{}
	for _, id := range []int{3, 11} {
		absent = append(absent, one[string](o, `SELECT p.family_name || ' ' || p.given_name FROM booking b JOIN person p ON p.id = b.person_id WHERE b.training_id = ? AND b.state = 'confirmed' ORDER BY p.sort_key LIMIT 1 OFFSET ?`, o.hall, id))
	}
	h := o.sit(t, "trenerka@demo.example")
	h.clickRow("Pomoc społeczna 2: Lublin", "Dokończ listę")
	for half := range 2 {
		if half == 0 {
			for _, name := range absent {
				h.clickRow(name, "Nie ma")
			}
			h.clickOn("[data-rest]")
		} else { // closing the morning leads to the afternoon
			h.clickOn("button[name=again]")
		}
		h.waitFor("0 bez znaku")
		h.waitFor("Zapisane o")
		h.click("Zamknij listę")
		h.keys("16\t16\r")
	}
	cost := h.done()
	h.must("closed lists", one[int](o, `SELECT COUNT(*) FROM session_closing c JOIN training_session s ON s.id = c.session_id WHERE s.training_id = ?`, o.hall), 2)
	h.must("marks", one[int](o, `SELECT COUNT(*) FROM attendance a JOIN training_session s ON s.id = a.session_id WHERE s.training_id = ? AND a.state = 'present'`, o.hall), 32)
	return cost
}

func confirmFive(t *testing.T, o *jobOffice) effort {
	h := o.sit(t, "autorka@demo.example")
	h.clickOn(`main a[href="/app/site/facts?due=1"]`)
	h.clickOn(`a[href*="picked=all"]`)
	h.click("Potwierdź zaznaczone dziś")
	cost := h.done()
	for _, id := range o.dueFacts {
		h.must(id, one[int](o, `SELECT COUNT(*) FROM site_fact WHERE id = ? AND checked_on = '2027-01-12'`, id), 1)
	}
	return cost
}

func approveArticle(t *testing.T, o *jobOffice) effort {
	h := o.sit(t, "koordynator@demo.example")
	h.clickRow("Otwarte drzwi w styczniu", "Rozpatrz")
	h.click("Opublikuj")
	cost := h.done()
	h.must("published", one[int](o, `SELECT COUNT(*) FROM site_text WHERE article_id = 'otwarte-drzwi' AND state = 'published'`), 1)
	return cost
}

func addItem(t *testing.T, o *jobOffice) effort {
	h := o.sit(t, "autorka@demo.example")
	h.click("Treści")
	h.click("Bank pytań")
	h.click("Nowe pytanie")
	h.pick("objective", "Zauważa sygnały w odprawie")
	h.into("question.pl")
	h.keys("Kto podaje dokumenty?\t\tosoba\t\t\tszef\t\t\tkierowca\t\t\tnikt")
	h.clickIn("main", "Zapisz pytanie")
	cost := h.done()
	h.must("items", one[int](o, `SELECT COUNT(*) FROM bank_version WHERE content LIKE '%Kto podaje dokumenty?%'`), 1)
	return cost
}

func makeReport(t *testing.T, o *jobOffice) effort {
	h := o.sit(t, "koordynator@demo.example")
	h.clickOn(`main a[href$="/` + o.project + `?period=2"]`)
	h.into("reason")
	h.keys("sprawozdanie\r")
	cost := h.done()
	second := o.sit(t, o.second)
	second.clickOn(`main a[href*="` + o.project + `"]`)
	second.clickOn(`main button[value="approve"]`)
	cost.add(second.done())
	h = o.sit(t, "koordynator@demo.example")
	h.clickOn(`main a[href*="` + o.project + `/reports/new"]`)
	h.click("Zamroź sprawozdanie")
	cost.add(h.done())
	h.must("reports", one[int](o, `SELECT COUNT(*) FROM report_frozen WHERE project_id = ?`, o.project), 1)
	return cost
}

func findCertificate(t *testing.T, o *jobOffice) effort {
	given, family, _ := strings.Cut(o.certified, " ")
	h := o.sit(t, "koordynator@demo.example")
	h.keys("/")
	h.keys(family + " " + given + "\r")
	href := h.take(`main a[href$="/pdf"]`)
	cost := h.done()
	if pdf := string(h.fetched(fmt.Sprintf(`fetch(%q)`, href))); !strings.HasPrefix(pdf, "%PDF-") {
		t.Fatalf("no PDF: %.20q", pdf)
	}
	return cost
}

const (
	jobsFile = "testdata/jobs.json"
	jobsPage = "../docs/jobs.md"
)

// costs is the file of what the jobs cost: before is fixed, after is what the program is held to.
type costs struct {
	Commit string            `json:"commit"` // at which before was measured
	Before map[string]effort `json:"before"`
	After  map[string]effort `json:"after"`
}

// TestJobs does the ten jobs in a browser, and compares what they cost with what is written down. OSTOJA_JOBS says otherwise: before and after write the file and the table of
// docs/jobs.md anew.
func TestJobs(t *testing.T) {
	column := cmp.Or(os.Getenv("OSTOJA_JOBS"), "hold")
	if testing.Short() {
		t.Skip("a minute of a browser's work")
	}
	o := openJobs(t)
	var c costs
	raw, err := os.ReadFile(jobsFile)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	o.ok(err)
	now := map[string]effort{}
	for _, j := range jobs {
		t.Run(j.id, func(t *testing.T) {
			o.t = t
			cost := j.steps(t, o)
			now[j.id] = cost
			t.Logf("%s: %+v", j.id, cost)
			if was, there := c.After[j.id]; column == "hold" && there && cost.Clicks > was.Clicks {
				t.Errorf("%d clicks; docs/jobs.md says %d", cost.Clicks, was.Clicks)
			}
		})
	}
	o.t = t
	if t.Failed() || column == "hold" {
		return
	}
	if len(now) != len(jobs) {
		t.Fatal("only all jobs together are written down")
	}
	if column == "before" {
		c.Before = now
	} else {
		c.After = now
	}
	raw, err = json.MarshalIndent(c, "", "  ")
	o.ok(err)
	o.ok(os.WriteFile(jobsFile, append(raw, '\n'), 0o600))
	page, err := os.ReadFile(jobsPage)
	o.ok(err)
	o.ok(os.WriteFile(jobsPage, []byte(c.onPage(string(page))), 0o600))
}

// TestJobsAreWrittenDown: no job costs more clicks than it did, the page says what the file says, and the sum is what the page claims.
func TestJobsAreWrittenDown(t *testing.T) {
	t.Parallel()
	var c costs
	raw, err := os.ReadFile(jobsFile)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	var all, now effort
	for _, j := range jobs {
		before, there := c.Before[j.id]
		after, still := c.After[j.id]
		if !there || len(c.After) > 0 && (!still || after.Clicks > before.Clicks) {
			t.Errorf("%s: %d clicks before, %d after", j.id, before.Clicks, after.Clicks)
		}
		all.Clicks, now.Clicks = all.Clicks+before.Clicks, now.Clicks+after.Clicks
	}
	if 2*now.Clicks > all.Clicks {
		t.Errorf("%d clicks in all, of %d before: more than half", now.Clicks, all.Clicks)
	}
	page, err := os.ReadFile(jobsPage)
	if err != nil {
		t.Fatal(err)
	}
	if c.onPage(string(page)) != string(page) {
		t.Errorf("%s does not say what %s says: run OSTOJA_JOBS=after go test -run TestJobs ./e2e", jobsPage, jobsFile)
	}
}

const tableBegins, tableEnds = "<!-- jobs -->\n", "<!-- /jobs -->\n"

// onPage is the page with the table of what the jobs cost.
func (c costs) onPage(page string) string {
	head, rest, found := strings.Cut(page, tableBegins)
	_, tail, ends := strings.Cut(rest, tableEnds)
	if !found || !ends {
		return page + "\n" + tableBegins + tableEnds
	}
	var b strings.Builder
	if len(c.After) == 0 {
		return head + tableBegins + c.beforeAlone() + tableEnds + tail
	}
	b.WriteString("| job | who | clicks before | now | keys before | now | pages before | now | seconds before | now |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	row := func(title, who string, before, after effort) {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d | %d | %.1f | %.1f |\n", title, who, before.Clicks, after.Clicks, before.Keys, after.Keys, before.Pages, after.Pages, before.Seconds, after.Seconds)
	}
	var before, after effort
	for _, j := range jobs {
		row(j.title, j.who, c.Before[j.id], c.After[j.id])
		before.add(c.Before[j.id])
		after.add(c.After[j.id])
	}
	row("**all ten**", "", before, after)
	return head + tableBegins + b.String() + tableEnds + tail
}

// beforeAlone is the table while nobody has measured anew.
func (c costs) beforeAlone() string {
	var b strings.Builder
	b.WriteString("| job | who | clicks before | keys | pages | seconds |\n|---|---|--:|--:|--:|--:|\n")
	var all effort
	row := func(title, who string, e effort) {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %.1f |\n", title, who, e.Clicks, e.Keys, e.Pages, e.Seconds)
	}
	for _, j := range jobs {
		row(j.title, j.who, c.Before[j.id])
		all.add(c.Before[j.id])
	}
	row("**all ten**", "", all)
	return b.String()
}
