package evidenceweb_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
	"ostoja/internal/sheet"
	"ostoja/internal/site/visits"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

// world is the tests' world with a competence test whose items are approved.
type world struct {
	*testrig.World
	t    *testing.T
	test itembank.Test
	as   map[access.Role]*testrig.Browser
}

func each(t *testing.T, fn func(w *world)) {
	testrig.Each(t, func(t *testing.T, rig *testrig.World) { fn(newWorld(t, rig)) })
}

func newWorld(t *testing.T, rig *testrig.World) *world {
	t.Helper()
	test := testrig.Must(rig.Bank.Tests(t.Context()))(t)[0]
	for _, f := range test.Forms {
		testrig.Must(rig.Bank.Review(t.Context(), rig.SecondAuthor, f.Items, itembank.Approved, ""))(t)
	}
	return &world{rig, t, test, map[access.Role]*testrig.Browser{access.Administrator: rig.Browse(rig.Admin), access.Trainer: rig.Browse(rig.GuardTrainer)}}
}

// training attaches the test to a training of the guard.
func (w *world) training() (measurementID string) {
	w.t.Helper()
	return testrig.Must(w.Measurement.Attach(w.t.Context(), w.Admin, measurement.Draft{
		TestID: w.test.ID, Kind: measurement.OfTraining, UnitID: w.Guard, Waves: []measurement.Wave{measurement.Months3}, Survey: true,
		Make: w.Classroom.Maker(classroom.Draft{Title: "Szkolenie w Terespolu", Project: "Projekt A", UnitID: w.Guard, HeldFrom: testrig.Start.Add(24 * time.Hour), HeldUntil: testrig.Start.Add(48 * time.Hour)}),
	}))(w.t).ID
}

func (w *world) get(as access.Role, path string, status int) webtest.Page {
	w.t.Helper()
	return w.Status(w.as[as].Get(path), status)
}

func (w *world) says(p webtest.Page, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(p.Text("main"), "\u00a0", " "), text) {
			w.t.Errorf("the page does not say %q: %s", text, p.Text("main"))
		}
	}
}

// sat is a participant as the tables hold one who sat the tests; a missing score was not handed in.
type sat struct {
	measurementID    string
	region, use      string
	pre, post, later float64
	before           *measurement.Filled // instead of pre, with single answers
	first            string              // form: A if empty
	closed           bool                // what is not handed in can be handed in no more
}

// plant writes participants.
func (w *world) plant(list ...sat) {
	w.t.Helper()
	w.OK(w.DB.Update(w.t.Context(), func(tx *db.Tx) error {
		for _, p := range list {
			if err := w.plantOne(tx, p); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) plantOne(tx *db.Tx, p sat) error {
	ctx := w.t.Context()
	personID, participantID := id.New(), id.New()
	if err := db.Exec(ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, sex, region, state, created_at)
		VALUES (?, ?, ?, 'Anna', 'Zasiana', ?, '', ?, 'pl', 'f', ?, 'active', ?)`, personID, w.Terespol, w.Terespol, personID, personID+"@example.org", p.region, testrig.Start); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, first_form)
		VALUES (?, ?, ?, ?, ?, ?, 'f', 'pl', ?, ?)`, participantID, p.measurementID, personID, w.Terespol, w.Terespol, p.region, testrig.Start, cmp.Or(p.first, "A")); err != nil {
		return err
	}
	if p.before != nil {
		f := *p.before
		f.ParticipantID = participantID
		return w.Measurement.FillSitting(ctx, tx, f)
	}
	for _, x := range []struct {
		wave    measurement.Wave
		percent float64
		use     string
	}{{measurement.Before, p.pre, ""}, {measurement.After, p.post, ""}, {measurement.Months3, p.later, p.use}} {
		f := measurement.Filled{ParticipantID: participantID, Wave: x.wave, State: measurement.Asked, Use: x.use, At: testrig.Start}
		if !gain.IsMissing(x.percent) {
			f.State, f.FormID, f.Percent = measurement.Done, w.test.Forms[0].ID, x.percent
			f.Topics = topic.Of(map[string]float64{"identify": x.percent})
		} else if p.closed && x.wave != measurement.Months3 {
			f.State = measurement.Closed
		} else if x.wave != measurement.Months3 || p.closed {
			continue
		}
		if err := w.Measurement.FillSitting(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// golden are the twelve learners of docs/evidence.md: seven of nine who answered use the skills, three said nothing.
func golden(measurementID string) []sat {
	none := gain.Missing
	pre := []float64{40, 45, 50, 55, 35, 60, 50, 65, 45, 55, 50, 80}
	post := []float64{70, 80, 75, 85, 60, 90, 85, 90, 65, 80, 75, 95}
	later := []float64{65, 70, none, 75, 50, 85, none, 85, 60, none, 70, 90}
	list := make([]sat, len(pre))
	yes := 0
	for i := range pre {
		list[i] = sat{measurementID: measurementID, region: "06", pre: pre[i], post: post[i], later: later[i], use: "asked"}
		if !gain.IsMissing(later[i]) {
			list[i].use = "no"
			if yes++; yes <= 7 {
				list[i].use = "yes"
			}
		}
	}
	return list
}

// TestTheGoldenReport: the page, its tables and its files say the figures of docs/evidence.md.
func TestTheGoldenReport(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		path := "/app/evidence/tests/" + w.test.Family
		w.says(w.get(access.Administrator, path, http.StatusOK), "Za mało osób")
		w.plant(golden(m)...)
		p := w.get(access.Administrator, path+"?later=months3", http.StatusOK)
		w.says(p, "52,5 %", "79,2 %", "72,2 %", "0,56", "77,8 %", "58,3", "83,3", "W tym teście te same osoby (12 z 12)", "od 23,0 do 30,3")
		for _, claim := range []string{"dowodzi", "udowodni", "skuteczn", "dzięki szkoleniu", "spowodow"} {
			if strings.Contains(strings.ToLower(p.Text("main")), claim) {
				t.Errorf("the report claims too much: %q", claim)
			}
		}
		for _, picture := range []string{"svg.slope, .chart", "table"} {
			if p.Find("main "+picture).Length() == 0 {
				t.Errorf("no %s", picture)
			}
		}
		// Three came to no follow-up, and twelve are too few for a distribution.
		w.says(p, "zdradziłoby to wyniki mniej niż 5 osób", "Rozkład pokazujemy od 20 osób", "Rozpoznawanie (n = 12, później 9)")
		if strings.Contains(p.Text("main"), "74 %") {
			t.Error("the retained share gives three people away")
		}
		if p.Find(`main a[href="/app/evidence/how"]`).Length() == 0 {
			t.Error("how it is counted is not one click away")
		}
		w.says(w.get(access.Trainer, "/app/evidence/how", http.StatusOK), "Hake")

		for _, file := range []string{"report.xlsx", "report.csv"} {
			rows := cells(t, w.get(access.Administrator, path+"/export/"+file+"?later=months3", http.StatusOK).Body)
			if len(rows) < 2 {
				t.Fatalf("%s has %d rows", file, len(rows))
			}
			text := strings.ReplaceAll(strings.Join(rows[1], " "), ",", ".") // the row of everybody
			for _, figure := range []string{" 12 ", " 52.50 ", " 79.17 ", " 0.5614 ", " 72.22 ", " 23.00 ", " 30.33 "} {
				if !strings.Contains(text, figure) {
					t.Errorf("%s has no %s: %s", file, figure, text)
				}
			}
			if strings.Contains(text, "0.744") {
				t.Errorf("%s gives three people away: %s", file, text)
			}
		}
		w.plant(golden(m)...) // six now
		p = w.get(access.Administrator, path+"?later=months3", http.StatusOK)
		w.says(p, "74 %", "te osoby: 52,8 % przed, 78,9 % po", "20–39", "80–100")
		if n := p.Find(`main section svg[role=img][aria-label]`).Length(); n != 2 {
			t.Errorf("%d pictures have a text", n)
		}
		if body := w.get(access.Administrator, path+"/export/report.csv", http.StatusOK).Body; !strings.Contains(strings.ReplaceAll(body, ",", "."), "0.744") {
			t.Errorf("the file has no retained share: %s", body)
		}
		w.get(access.Administrator, path+"/export/report.pdf", http.StatusNotFound)
		w.get(access.Administrator, path+"/export/topics.csv?later=months3", http.StatusOK)
		w.get(access.Administrator, "/app/evidence/tests/"+id.New(), http.StatusNotFound)
	})
}

// TestWhatIsOpenedStandsBesideTheTopics: where an office counts openings of the kit's steps, authors see them by place, small ones as words; nobody
// sees them beside a group of people, and who may not see the whole site's counts sees none.
func TestWhatIsOpenedStandsBesideTheTopics(t *testing.T) {
	each(t, func(w *world) {
		w.plant(golden(w.training())...)
		w.OK(w.Visits.Add(t.Context(), map[visits.Visit]int64{{Page: "u9b3-now", Lang: "pl"}: 12, {Page: "u9b3-now", Lang: "uk"}: 3, {Page: "u9g7-consult", Lang: "pl"}: 4}))
		w.Clock.Advance(24 * time.Hour) // only days that are over are told
		w.as[access.Administrator], w.as[access.Trainer] = w.Browse(w.Admin), w.Browse(w.GuardTrainer)
		path := "/app/evidence/tests/" + w.test.Family
		const title = "Co otwierano w materiałach pierwszego kontaktu"
		if p := w.get(access.Administrator, path, http.StatusOK); strings.Contains(p.Text("main"), title) {
			t.Error("a table is shown of what nobody counts")
		}
		w.Site.Bundle().KitCounts = true // the bundle is read once for all worlds
		defer func() { w.Site.Bundle().KitCounts = false }()
		p := w.get(access.Administrator, path, http.StatusOK)
		rows := map[string]string{}
		p.Find("details:has(summary:contains('" + title + "')) tbody tr").Each(func(_ int, r *goquery.Selection) {
			rows[r.Find("th").Text()] = strings.Join(r.Find("td").Map(func(_ int, c *goquery.Selection) string { return c.Text() }), " | ")
		})
		if len(rows) != 7 || rows["Granica"] != "co najmniej 12 | 0 | 0" || rows["Szkoła"] != "0 | 0 | kilka" || rows["Ulica"] != "0 | 0 | 0" {
			t.Errorf("%q", rows)
		}
		for what, other := range map[string]webtest.Page{
			"a group":   w.get(access.Administrator, path+"?only=region&group=06", http.StatusOK),
			"a trainer": w.get(access.Trainer, path, http.StatusOK),
		} {
			if strings.Contains(other.Text("main"), title) {
				t.Errorf("%s shows it", what)
			}
		}
	})
}

// TestFilesAreOfWhatThePageShows: narrowed to a group, the page leads to files of this group alone.
func TestFilesAreOfWhatThePageShows(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		for i, region := range []string{"06", "14"} {
			for range 8 + i {
				w.plant(sat{measurementID: m, region: region, pre: 50, post: 60 + 20*float64(i), later: gain.Missing, use: "asked"})
			}
		}
		p := w.get(access.Administrator, "/app/evidence/tests/"+w.test.Family+"?only=region&group=14", http.StatusOK)
		links := p.Find(`main a[href*="/export/"]`)
		if links.Length() != 4 {
			t.Fatalf("%d files", links.Length())
		}
		links.Each(func(_ int, a *goquery.Selection) {
			href := a.AttrOr("href", "")
			if strings.Contains(href, ".json") {
				if rows := w.data(href); len(rows) != 1 || rows[0]["matched"] != 9.0 || rows[0]["mean-after"] != 80.0 {
					t.Errorf("%s: %v", href, rows)
				}
				return
			}
			rows := cells(t, w.get(access.Administrator, href, http.StatusOK).Body)
			if text := fmt.Sprint(rows[1:]); len(rows) != 2 || !strings.Contains(text, "80") || strings.Contains(text, " 60") {
				t.Errorf("%s: %v", href, rows)
			}
		})
	})
}

// TestSmallGroupsAreNotShown on the page nor in a file, and neither is what would tell them.
func TestSmallGroupsAreNotShown(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		w.plant(golden(m)...)
		for range 3 {
			w.plant(sat{measurementID: m, region: "14", pre: 11, post: 13, later: gain.Missing, use: "asked"})
		}
		path := "/app/evidence/tests/" + w.test.Family
		p := w.get(access.Administrator, path+"?by=region", http.StatusOK)
		shown := ""
		p.Find("table").Each(func(_ int, s *goquery.Selection) { shown += s.Text() })
		if !strings.Contains(shown, "mazowieckie") || strings.Contains(shown, "11,0 %") || strings.Contains(shown, "13,0 %") {
			t.Errorf("a group of three is shown, or not even named: %s", shown)
		}
		body := w.get(access.Administrator, path+"/export/report.csv", http.StatusOK).Body
		for line := range strings.Lines(body) {
			if strings.Contains(line, "mazowieckie") && strings.ContainsAny(strings.ReplaceAll(line, "14", ""), "0123456789") {
				t.Errorf("the file tells: %s", line)
			}
		}
		if p := w.get(access.Administrator, path+"?only=region&group=14", http.StatusOK); !strings.Contains(p.Text("main"), "Za mało osób") {
			t.Errorf("narrowed to the small group: %s", p.Text("main"))
		}
		// With twelve of fifteen shown the three could be subtracted: either the total or the other group is hidden too.
		total := strings.Contains(p.Text(".lead"), "15")
		other := regionShown(p.Text("#groups ~ *"), "lubelskie")
		if total && other {
			t.Error("the small group can be computed from the total and the other group")
		}
	})
}

// regionShown says whether a region's row has figures.
func regionShown(text, region string) bool {
	_, after, found := strings.Cut(text, region)
	return found && strings.Contains(after[:min(len(after), 60)], "%")
}

// TestAWrongKeyRaisesItsFlag: sixty people, of whom those who know more choose what the key calls wrong.
func TestAWrongKeyRaisesItsFlag(t *testing.T) {
	each(t, func(w *world) {
		m := w.training()
		form := w.test.Forms[0]
		wrong := slices.IndexFunc(form.Versions, func(v itembank.Version) bool { return v.Type == item.Single })
		var list []sat
		r := rand.New(rand.NewPCG(7, 7))
		for range 60 {
			ability := r.NormFloat64()
			f := measurement.Filled{Wave: measurement.Before, State: measurement.Done, FormID: form.ID, At: testrig.Start, Percent: 50}
			for j, v := range form.Versions {
				knows := r.Float64() < 1/(1+math.Exp(-1.6*ability-0.4))
				share := 0.0
				if knows != (j == wrong) {
					share = 1
				}
				var a item.Answer
				if v.Type == item.Single {
					at := slices.IndexFunc(v.Content.Options, func(o item.Option) bool { return o.Correct == (share == 1) })
					a.Chosen = []string{v.Content.Options[at].ID}
				}
				f.Versions, f.Answers, f.Shares = append(f.Versions, v.ID), append(f.Answers, a), append(f.Shares, share)
			}
			list = append(list, sat{measurementID: m, region: "06", before: &f})
		}
		w.plant(list...)
		p := w.get(access.Administrator, "/app/bank/tests/"+w.test.ID+"/analysis?form=A&when=before", http.StatusOK)
		for i, want := range []string{"analysis?form=A&when=before", "analysis?form=A&when=before"} { // of the forms, and of the times: the one that is shown
			shown := p.Find("main nav.tabs").Eq(i).Find("[aria-current=page]")
			if shown.Length() != 1 || !strings.HasSuffix(shown.AttrOr("href", ""), want) {
				t.Errorf("the tab %d leads to %q", i, shown.AttrOr("href", ""))
			}
		}
		w.says(p, "Ujemna moc różnicująca: sprawdź klucz", "Najczęściej klucz wskazuje złą odpowiedź")
		var flagged []int // by their places, of all rows of the overview; what to look at comes first
		p.Find("tbody tr").Each(func(i int, s *goquery.Selection) {
			if strings.Contains(s.Text(), "Ujemna moc różnicująca") {
				flagged = append(flagged, i)
			}
		})
		if !slices.Equal(flagged, []int{0}) || !strings.HasPrefix(p.Find("tbody tr").First().Find("a").Text(), strconv.Itoa(wrong+1)+". ") {
			t.Errorf("the rows %v are flagged, the first is %q, not item %d", flagged, p.Find("tbody tr").First().Find("a").Text(), wrong+1)
		}
		// What need not be looked at is folded.
		p.Find("details.fold").Each(func(i int, s *goquery.Selection) {
			if _, open := s.Attr("open"); open != (s.Find(".notice").Length() > 0) || i == 0 && !open {
				t.Errorf("item %d of the page is open: %t", i, open)
			}
		})
		few := regexp.MustCompile(`^\s*[1-4]\s*$`)
		n := 0
		p.Find("details.fold tbody tr").Each(func(_ int, s *goquery.Selection) {
			if few.MatchString(s.Find("td").First().Text()) {
				n++
				if !strings.Contains(s.Find("td").Last().Text(), "mniej niż 5") {
					t.Errorf("a score of few is shown: %q", s.Text())
				}
			}
			if regexp.MustCompile(`^\s*[1-4]\s*\(`).MatchString(s.Find("td").First().Text()) {
				t.Errorf("a share of few is shown: %q", s.Text())
			}
		})
		t.Logf("%d options were chosen by fewer than five", n)
	})
}

// cells returns the rows of a file that was sent.
func cells(t *testing.T, file string) (rows [][]string) {
	t.Helper()
	book, err := sheet.Open([]byte(file), "")
	if err != nil {
		t.Fatal(err)
	}
	found, err := book.Rows(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range found {
		rows = append(rows, r.Cells)
	}
	return rows
}
