package listweb_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/translations"
)

type thing struct {
	id    int
	name  string
	state string
	at    time.Time
}

var now = time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)

var catalogue = func() *lang.Catalogue {
	c, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		panic(err)
	}
	return c
}()

func english(t testing.TB) context.Context {
	return lang.With(t.Context(), catalogue.Printer("en"))
}

// things returns a list in memory, asked for by a query.
func things(rows []thing, query string) listweb.Of[thing] {
	q, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return listweb.Of[thing]{
		Name: "things", Title: "Things", Path: "/things", Query: q, Now: now, Search: "Search things", Rows: rows, Size: 10,
		Filters: []listweb.Filter[thing]{
			{Name: "state", Label: "State", Options: []ui.Option{{Value: "new", Label: "brand new"}, {Value: "old", Label: "old"}}, Match: func(x thing, v string) bool { return x.state == v }},
			{Name: "since", Label: "Since", Type: "date", Match: func(x thing, v string) bool { return x.at.Format(time.DateOnly) >= v }},
			{Name: "below", Label: "Below", Quiet: true, Chip: func(v string) string { return "below " + v }, Match: func(x thing, v string) bool { n, _ := strconv.Atoi(v); return x.id < n }},
		},
		Columns: []listweb.Column[thing]{
			{Label: "Name", Sort: "name", Place: listweb.Head, Value: func(x thing) any { return x.name }, Link: func(x thing) string { return "/things/" + strconv.Itoa(x.id) }},
			{Label: "State", Place: listweb.Chip, Value: func(x thing) any { return x.state }, Kind: func(thing) ui.Kind { return ui.Info }},
			{Label: "Number", Sort: "id", Numeric: true, Place: listweb.Figure, Value: func(x thing) any { return x.id }},
			{Label: "Day", Sort: "at", Value: func(x thing) any { return sheet.Day(x.at) }, Note: func(x thing) string { return "note " + x.state }},
			{Label: "In the file", File: true, Value: func(x thing) any { return "f" + strconv.Itoa(x.id) }},
			{Label: "On the page", Hidden: true, Text: func(x thing) string { return "p" + strconv.Itoa(x.id) }},
		},
		Empty: listweb.Empty{Title: "No things", Text: "Make one.", Action: ui.NavItem{Label: "Make a thing", Href: "/things/new"}},
	}
}

func some(n int) (rows []thing) {
	for i := range n {
		rows = append(rows, thing{i, fmt.Sprintf("thing %02d", i*7%n), []string{"new", "old"}[i%2], now.AddDate(0, 0, -i)})
	}
	return rows
}

func open(t testing.TB, l listweb.Of[thing]) *goquery.Document {
	t.Helper()
	shown, err := l.Open(english(t))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := shown.Render(english(t), &b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "⟦") {
		t.Errorf("a text is missing: %s", b.String())
	}
	d, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func send(t testing.TB, l listweb.Of[thing]) (*httptest.ResponseRecorder, error) {
	t.Helper()
	w := httptest.NewRecorder()
	return w, l.Send(w, httptest.NewRequestWithContext(english(t), "GET", "/things", nil))
}

func lines(t testing.TB, l listweb.Of[thing]) [][]string {
	t.Helper()
	w, err := send(t, l)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff")))
	r.Comma = ';'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func hrefs(s *goquery.Selection) (all []string) {
	s.Each(func(_ int, a *goquery.Selection) { all = append(all, a.AttrOr("href", "")) })
	return all
}

func TestATableWithEverything(t *testing.T) {
	d := open(t, things(some(35), "q=thing&state=new&sort=name&other=1&page=2"))
	if n := d.Find("tbody tr").Length(); n != 8 || d.Find("tbody th[scope=row]").Length() != n || text(d.Find("caption")) != "Things" {
		t.Errorf("%d rows, %d heads", n, d.Find("tbody th[scope=row]").Length())
	}
	heads := d.Find("thead th[scope=col]")
	if heads.Length() != 5 || strings.Contains(text(heads), "In the file") || heads.Eq(4).Find(".sr").Length() != 1 {
		t.Errorf("columns %q", text(heads))
	}
	for i, want := range []string{"ascending", "", "none", "none", ""} {
		if got := heads.Eq(i).AttrOr("aria-sort", ""); got != want {
			t.Errorf("column %d: aria-sort %q", i, got)
		}
	}
	want := []string{"/things?desc=1&other=1&q=thing&sort=name&state=new", "/things?other=1&q=thing&sort=id&state=new", "/things?other=1&q=thing&sort=at&state=new"}
	if got := hrefs(heads.Find("a")); !slices.Equal(got, want) {
		t.Errorf("sort links %q", got)
	}
	first := d.Find("tbody tr").First()
	for selector, want := range map[string]string{".l-chip .tag.info": "new", "td.num.l-figure": "32", ".l-meta .muted": "note new"} {
		if got := text(first.Find(selector)); got != want {
			t.Errorf("%s: %q, want %q in %s", selector, got, want, text(first))
		}
	}
	if got := text(first); !strings.Contains(got, "28 Oct") || strings.Contains(got, "2026") || !strings.HasSuffix(got, "p32") {
		t.Errorf("the row is %q", got)
	}
	if got := d.Find(".list-chips a"); text(got) != "brand new×" || got.AttrOr("href", "") != "/things?other=1&q=thing&sort=name" || got.AttrOr("aria-label", "") != "Remove the filter State: brand new" {
		t.Errorf("chips %q %q", text(got), got.AttrOr("href", ""))
	}
	if got := text(d.Find(".list-above p")); got != "18 of 35" {
		t.Errorf("count %q", got)
	}
	if got := hrefs(d.Find(".exports a")); !slices.Equal(got, []string{"/things?as=xlsx&other=1&q=thing&sort=name&state=new", "/things?as=csv&other=1&q=thing&sort=name&state=new"}) {
		t.Errorf("files %q", got)
	}
	form := d.Find("form[role=search][method=get]")
	if form.Find("input[type=hidden]").Length() != 1 || form.Find("input[name=other]").AttrOr("value", "") != "1" || form.Find("input[type=search]").AttrOr("value", "") != "thing" {
		t.Error("the form keeps what is not its own, and that alone")
	}
	if form.Find("select[name=state] option[selected]").AttrOr("value", "") != "new" || form.Find("input[type=date][name=since]").Length() != 1 || form.Find("[name=below]").Length() != 0 {
		t.Error("each filter has its field, but a quiet one")
	}
	if got := form.Find("select[name=sort] option[selected]").AttrOr("value", ""); got != "name" {
		t.Errorf("the order that phones choose is %q", got)
	}
	if got := text(form.Find("summary")); got != "Filters (1)" {
		t.Errorf("fold %q", got)
	}
}

func TestQuietAndStrangeFilters(t *testing.T) {
	d := open(t, things(some(35), "below=3"))
	if d.Find("tbody tr").Length() != 3 || !strings.HasPrefix(text(d.Find(".list-chips a")), "below 3") {
		t.Errorf("%s", text(d.Find("*")))
	}
	d = open(t, things(some(35), "state=no-such"))
	if d.Find("tbody tr").Length() != 0 || d.Find(".list-none").Length() != 1 || hrefs(d.Find(".list-chips a"))[0] != "/things" {
		t.Errorf("a value that is not offered: %s", text(d.Find("*")))
	}
	if d = open(t, things(some(35), "since=rubbish")); d.Find("tbody tr").Length() != 0 || !strings.HasPrefix(text(d.Find(".list-chips a")), "Since: rubbish") {
		t.Errorf("a day that is none: %s", text(d.Find("*")))
	}
	if all := lines(t, things(some(35), "state=no-such&as=csv")); len(all) != 1 {
		t.Errorf("the file has %d lines", len(all))
	}
}

func TestNothingYetIsNotNothingFound(t *testing.T) {
	d := open(t, things(nil, ""))
	if text(d.Find(".empty-title")) != "No things" || d.Find(".empty a.button").AttrOr("href", "") != "/things/new" || d.Find("form, table, .exports").Length() != 0 {
		t.Errorf("nothing yet: %s", text(d.Find("*")))
	}
	d = open(t, things(some(3), "q=nobody&sort=name"))
	if d.Find(".empty").Length() != 0 || d.Find(".list-none a").AttrOr("href", "") != "/things?sort=name" || d.Find("input[type=search]").AttrOr("value", "") != "nobody" {
		t.Errorf("nothing found: %s", text(d.Find("*")))
	}
}

func TestAShortTableIsOnlyATable(t *testing.T) {
	d := open(t, things(some(10), ""))
	if d.Find("form, nav, .list-above").Length() != 0 || d.Find("thead a").Length() != 3 || d.Find(".exports a").Length() != 2 {
		t.Errorf("short: %s", text(d.Find("*")))
	}
	if d = open(t, things(some(11), "")); d.Find("form").Length() != 1 || d.Find("nav.pages").Length() != 1 {
		t.Error("a long one has its tools")
	}
}

func TestPagesAreLinked(t *testing.T) {
	for _, c := range []struct {
		page  string
		links string
	}{
		{"1", "1 2 … 10 Next"}, {"2", "Previous 1 2 3 … 10 Next"}, {"5", "Previous 1 … 4 5 6 … 10 Next"}, {"10", "Previous 1 … 9 10"}, {"99", "Previous 1 … 9 10"}, {"-1", "1 2 … 10 Next"},
	} {
		d := open(t, things(some(100), "sort=id&page="+c.page))
		if got := strings.Join(d.Find("nav.pages li").Map(func(_ int, s *goquery.Selection) string { return text(s) }), " "); got != c.links {
			t.Errorf("page %s: %q, want %q", c.page, got, c.links)
		}
		if d.Find("nav.pages [aria-current=page]").Length() != 1 || d.Find("tbody tr").Length() != 10 {
			t.Errorf("page %s has no current page, or no rows", c.page)
		}
	}
	d := open(t, things(some(30), "page=2&sort=id&q=thing"))
	if got := hrefs(d.Find("nav.pages a")); !slices.Equal(got, []string{"/things?q=thing&sort=id", "/things?q=thing&sort=id", "/things?page=2&q=thing&sort=id", "/things?page=3&q=thing&sort=id", "/things?page=3&q=thing&sort=id"}) {
		t.Errorf("links %q", got)
	}
}

func TestSeveralListsOnOnePage(t *testing.T) {
	l := things(some(30), "a.q=thing&a.sort=id&q=other&page=2&sort=name&a.page=3")
	l.Prefix = "a."
	d := open(t, l)
	if got := text(d.Find("tbody tr").First().Find("td.num")); got != "20" {
		t.Errorf("the page begins with %s", got)
	}
	for _, href := range hrefs(d.Find("a[href*='?']")) {
		u, err := url.Parse(href)
		if err != nil || u.Query().Get("q") != "other" || u.Query().Get("page") != "2" || u.Query().Get("sort") != "name" {
			t.Errorf("%s forgets the other list", href)
		}
	}
	if form := d.Find("form[role=search]"); form.Find("input[name=page][value='2']").Length() != 1 || form.Find("input[name='a.q']").Length() != 1 || form.Find("select[name='a.sort']").Length() != 1 {
		t.Error("the form forgets the other list")
	}
	l.Query.Set("as", "csv")
	if l.Wanted() {
		t.Error("the other list's file is no concern of this one")
	}
	l.Query.Set("a.as", "csv")
	if !l.Wanted() || len(lines(t, l)) != 31 {
		t.Error("this list's file")
	}
}

// TestTheFileIsAllPages compares, for any list, size, order and filter, what stands on the pages with the file.
func TestTheFileIsAllPages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := some(rapid.IntRange(1, 60).Draw(rt, "rows"))
		q := url.Values{}
		for name, values := range map[string][]string{"q": {"", "thing", "1"}, "sort": {"", "name", "id", "at", "-at", "nonsense"}, "desc": {"", "1"}, "state": {"", "new"}, "since": {"", "2026-11-20"}} {
			q.Set(name, rapid.SampledFrom(values).Draw(rt, name))
		}
		size := rapid.IntRange(1, 40).Draw(rt, "size")
		var paged []string
		for page := 1; ; page++ {
			q.Set("page", strconv.Itoa(page))
			l := things(rows, q.Encode())
			l.Size = size
			d := open(t, l)
			if d.Find("tbody tr").Length() != d.Find("tbody tr > th[scope=row]").Length() {
				rt.Fatal("a row without a header")
			}
			d.Find("tbody tr td.num").Each(func(_ int, s *goquery.Selection) { paged = append(paged, text(s)) })
			if d.Find("a[rel=next]").Length() == 0 {
				break
			}
			for _, href := range hrefs(d.Find("nav.pages a, thead a, .exports a")) {
				u, err := url.Parse(href)
				if err != nil || u.Query().Get("q") != q.Get("q") || u.Query().Get("state") != q.Get("state") || u.Query().Get("since") != q.Get("since") {
					rt.Fatalf("%s forgets what was asked: %v", href, q)
				}
			}
		}
		q.Set("as", "csv")
		var file []string
		for _, line := range lines(t, things(rows, q.Encode()))[1:] {
			file = append(file, line[2])
		}
		if !slices.Equal(paged, file) {
			rt.Fatalf("pages %v, file %v", paged, file)
		}
	})
}

func TestTheFileHasThePagesHeadings(t *testing.T) {
	l := things(some(3), "as=csv&sort=id")
	l.Foot = &thing{99, "sum", "", time.Time{}}
	all := lines(t, l)
	want := [][]string{{"Name", "State", "Number", "Day", "In the file"}, {"thing 00", "new", "0", "2026-11-29", "f0"}, {"thing 01", "old", "1", "2026-11-28", "f1"}, {"thing 02", "new", "2", "2026-11-27", "f2"}, {"sum", "", "99", "", "f99"}}
	if fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("got %v", all)
	}
	if d := open(t, l); text(d.Find("tfoot th[scope=row]")) != "sum" {
		t.Error("the sums are missing")
	}
	l = things(some(3), "as=xlsx")
	w, err := send(t, l)
	if err != nil || !l.Wanted() {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="things-2026-11-29.xlsx"` || w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
		t.Errorf("%v", w.Header())
	}
	book, err := sheet.Open(w.Body.Bytes(), "")
	if err != nil {
		t.Fatal(err)
	}
	if back, err := book.Rows(0); err != nil || len(back) != 4 || back[1].Cells[3] != "2026-11-29" {
		t.Errorf("%v, %v", back, err)
	}
	for _, query := range []string{"", "as=exe", "as="} {
		if l := things(some(3), query); l.Wanted() {
			t.Errorf("%q asks for no file", query)
		} else if _, err := send(t, l); err == nil {
			t.Errorf("%q got one", query)
		}
	}
}

// asked is a list that is not in memory; it counts to rows.
func asked(rows int, query string, got *list.Query) listweb.Of[thing] {
	l := things(nil, query)
	l.Page = func(_ context.Context, q list.Query) ([]thing, int, error) {
		*got = q
		return list.Cut(some(rows), q.Window), rows, nil
	}
	return l
}

func TestAListOfTheDatabaseIsAsked(t *testing.T) {
	var q list.Query
	l := asked(25, "q=x&state=new&since=2026-01-01&sort=-id&page=2", &q)
	d := open(t, l)
	if q.Search != "x" || q.Filters["state"] != "new" || q.Filters["since"] != "2026-01-01" || q.Sort != "id" || !q.Desc || q.Page != 2 || q.Size != 10 {
		t.Errorf("asked for %+v", q)
	}
	if text(d.Find(".list-above p")) != "11–20 of 25" || d.Find(".exports").Length() != 0 {
		t.Errorf("%s", text(d.Find("*")))
	}
	if open(t, asked(25, "page=77", &q)); q.Page != 3 {
		t.Errorf("beyond the last page: %d", q.Page)
	}
	broken := errors.New("gone")
	l.Each = func(_ context.Context, q list.Query, f sheet.Format, use func(iter.Seq2[thing, error]) error) error {
		if q.Size != 0 || f != sheet.CSV || q.Search != "x" {
			t.Errorf("the file asks for %+v as %s", q, f)
		}
		return use(func(yield func(thing, error) bool) { _ = yield(thing{}, nil) && yield(thing{}, broken) })
	}
	l.Query.Set("as", "csv")
	if w, err := send(t, l); !errors.Is(err, broken) || w.Body.Len() != 0 || len(w.Header()) != 0 {
		t.Errorf("half a file was sent: %v", err)
	}
}

func picks(l listweb.Of[thing], all string) listweb.Of[thing] {
	l.Pick = &listweb.Pick[thing]{
		Action: "/things/act", Name: "thing", All: all, Hidden: []ui.NavItem{{Label: "back", Href: "/things?q=1"}},
		Value: func(x thing) string {
			if x.id%3 == 0 {
				return ""
			}
			return strconv.Itoa(x.id)
		},
		Label: func(x thing) string { return "Choose " + x.name },
		Main:  listweb.Act{Label: "Remind", Kind: ui.Action}, More: []listweb.Act{{Label: "Withdraw", Action: "/things/withdraw", Kind: ui.Danger}},
	}
	return l
}

func TestRowsAreTicked(t *testing.T) {
	d := open(t, picks(things(some(9), ""), ""))
	form := d.Find("form.list-form[method=post]")
	if form.AttrOr("action", "") != "/things/act" || form.Find("input[name=back]").Length() != 1 || form.Find("input[type=checkbox]").Length() != 6 || form.Find("tbody tr").Length() != 9 {
		t.Errorf("the form: %s", text(form))
	}
	if box := form.Find("input[type=checkbox]").First(); box.AttrOr("aria-label", "") != "Choose thing 07" || box.AttrOr("value", "") != "1" || box.Is("[checked]") {
		t.Error("a box says what it ticks")
	}
	if got := form.Find("button").First(); text(got) != "Remind" || form.Find("button[formaction='/things/withdraw']").Length() != 1 {
		t.Errorf("the Enter key presses %q", text(got))
	}
	all := d.Find(".pick-all")
	if text(all) != "Tick 6" || all.AttrOr("href", "") != "/things?picked=all" {
		t.Errorf("all: %q %q", text(all), all.AttrOr("href", ""))
	}
	if d = open(t, picks(things(some(9), "picked=all"), "all")); d.Find("input[checked]").Length() != 6 || d.Find("input[name=all], input[disabled]").Length() != 0 {
		t.Error("what fits on a page is ticked box by box")
	}
	d = open(t, picks(things(some(30), "picked=all&q=thing"), "all"))
	if d.Find("input[name=all][value='1']").Length() != 1 || d.Find("input[checked]:not([disabled])").Length() != 0 || text(d.Find(".pick-all")) != "Untick" || text(d.Find(".selection-count")) != "Ticked: 30" {
		t.Errorf("all pages: %s", text(d.Find(".list-above, .selection")))
	}
	if d = open(t, picks(things(some(30), "picked=all&page=2"), "")); d.Find("input[name=all]").Length() != 0 || d.Find("input[checked]:not([disabled])").Length() == 0 || !strings.HasPrefix(text(d.Find(".pick-all")), "Tick ") {
		t.Error("where only ticked boxes are sent, a page is ticked")
	}
}

// TestAPageOrAllAreTicked: where a list has pages and its form knows "all", both can be chosen, and they are not the same.
func TestAPageOrAllAreTicked(t *testing.T) {
	d := open(t, picks(things(some(30), "page=2&q=thing"), "all"))
	page := d.Find(".pick-all")
	if text(page) != "Tick 7" || page.AttrOr("aria-label", "") != "Tick 7 on this page" || page.AttrOr("href", "") != "/things?page=2&picked=page&q=thing" {
		t.Errorf("the page: %q %q", text(page), page.AttrOr("href", ""))
	}
	if all := page.Next(); text(all) != "Tick 30" || all.AttrOr("aria-label", "") != "Tick 30 on all pages" || all.AttrOr("href", "") != "/things?picked=all&q=thing" {
		t.Errorf("all: %q %q", text(all), all.AttrOr("href", ""))
	}
	d = open(t, picks(things(some(30), "page=2&picked=page"), "all"))
	if n := d.Find("input[checked]:not([disabled])").Length(); n != 7 || d.Find("input[name=all], input[disabled]").Length() != 0 {
		t.Errorf("a page of pages: %d ticked, %s", n, text(d.Find(".selection")))
	}
}

// TestLinksOfASecondListLeadToIt and not to the top of the page, where the first one stands.
func TestLinksOfASecondListLeadToIt(t *testing.T) {
	l := things(some(35), "a.q=thing&a.state=new&page=2")
	l.Prefix = "a."
	d := open(t, l)
	if d.Find("#list-a\\.").Length() != 1 {
		t.Error("the list has no place in the page")
	}
	for _, selector := range []string{"thead a", ".pages a", ".list-chips a"} {
		links := d.Find(selector)
		if links.Length() == 0 {
			t.Errorf("no %s", selector)
		}
		links.Each(func(_ int, a *goquery.Selection) {
			if href := a.AttrOr("href", ""); !strings.HasSuffix(href, "#list-a.") || !strings.Contains(href, "page=2") {
				t.Errorf("%s: %s", selector, href)
			}
		})
	}
	if action := d.Find("form.list-tools").AttrOr("action", ""); action != "/things#list-a." {
		t.Errorf("the search leads to %s", action)
	}
	d.Find(".exports a").Each(func(_ int, a *goquery.Selection) {
		if strings.Contains(a.AttrOr("href", ""), "#") {
			t.Errorf("a file has a place: %s", a.AttrOr("href", ""))
		}
	})
	l.Prefix = ""
	if d = open(t, l); d.Find("[href*='#'], [action*='#']").Length() != 0 {
		t.Error("the page's only list is led to")
	}
}

// TestPagesThatAreLinkedTo: the ends and those beside the current one; a gap stands where something is left out.
func TestPagesThatAreLinkedTo(t *testing.T) {
	for _, c := range []struct {
		page, rows int
		want       string
	}{
		{1, 10, ""}, {2, 11, "1 2"}, {2, 25, "1 2 3"}, {1, 95, "1 2 … 10"}, {5, 95, "1 … 4 5 6 … 10"}, {3, 95, "1 2 3 4 … 10"}, {10, 95, "1 … 9 10"},
	} {
		d := open(t, things(some(c.rows), "page="+strconv.Itoa(c.page)))
		var got []string
		d.Find(".pages li").Each(func(_ int, li *goquery.Selection) {
			if li.Find("[rel]").Length() == 0 {
				got = append(got, text(li))
			}
		})
		if strings.Join(got, " ") != c.want {
			t.Errorf("page %d of %d rows: %v, want %s", c.page, c.rows, got, c.want)
		}
	}
}

// TestAFileIsRecordedBeforeItIsSent, with the rows that are in it; where that fails, nobody gets it.
func TestAFileIsRecordedBeforeItIsSent(t *testing.T) {
	l, rows, refused := things(some(9), "as=csv&state=new"), 0, errors.New("the disk is full")
	var failure error
	l.Foot = &thing{name: "sum"}
	l.Record = func(_ context.Context, n int, f sheet.Format) error {
		rows = n
		if f != sheet.CSV {
			t.Errorf("recorded as %s", f)
		}
		return failure
	}
	if w, err := send(t, l); err != nil || rows != 5 || w.Body.Len() == 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
	failure = refused
	if w, err := send(t, l); !errors.Is(err, refused) || w.Body.Len() != 0 || len(w.Header()) != 0 {
		t.Errorf("a file that is not recorded was sent: %v", err)
	}
	if open(t, l); rows != 5 {
		t.Error("a page is recorded")
	}
}

func TestOldAddressesLeadToTheList(t *testing.T) {
	h := listweb.Moved(func(*http.Request) string { return "/app/things" })
	w := httptest.NewRecorder()
	if err := h(w, httptest.NewRequest("GET", "/app/things/export.csv?q=a+b&sort=name", nil)); err != nil || w.Code != 301 || w.Header().Get("Location") != "/app/things?as=csv&q=a+b&sort=name" {
		t.Errorf("%v, %d %s", err, w.Code, w.Header().Get("Location"))
	}
	if err := h(httptest.NewRecorder(), httptest.NewRequest("GET", "/app/things/export.exe", nil)); err == nil {
		t.Error("exe leads somewhere")
	}
}

// TestALargeFileNeedsLittleMemory writes 60,000 rows and looks at the heap meanwhile.
func TestALargeFileNeedsLittleMemory(t *testing.T) {
	const rows, limit = 60_000, 32 << 20
	for _, f := range []string{"csv", "xlsx"} {
		l := things(nil, "as="+f)
		l.Page = func(context.Context, list.Query) ([]thing, int, error) { return nil, 0, nil }
		l.Each = func(_ context.Context, _ list.Query, _ sheet.Format, use func(iter.Seq2[thing, error]) error) error {
			return use(list.Portions(list.Window{}, func(w list.Window) (part []thing, err error) {
				for i := w.Offset(); i < min(rows, w.Offset()+w.Size); i++ {
					part = append(part, thing{i, fmt.Sprintf("Kochanowska-Wiśniewska, Aleksandra %d", i), "new", now})
				}
				return part, nil
			}))
		}
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var peak atomic.Uint64
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapInuse))
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
				}
			}
		}()
		w := &discard{ResponseRecorder: httptest.NewRecorder()}
		err := l.Send(w, httptest.NewRequestWithContext(english(t), "GET", "/things", nil))
		close(stop)
		<-stopped
		if err != nil || w.n < rows*10 {
			t.Fatalf("%s: %d bytes, %v", f, w.n, err)
		}
		above := int64(peak.Load()) - int64(before.HeapInuse)
		t.Logf("%s: %d kB, at most %d MiB above rest", f, w.n>>10, above>>20)
		if above > limit {
			t.Errorf("%s needs %d MiB", f, above>>20)
		}
	}
}

// discard counts what is sent and forgets it.
type discard struct {
	*httptest.ResponseRecorder
	n int
}

// Write counts.
func (d *discard) Write(b []byte) (int, error) {
	d.n += len(b)
	return len(b), nil
}

// TestAListWithoutWordsForNothingIsOneLine: there is nothing to do about it, so that it pushes nothing below the fold.
func TestAListWithoutWordsForNothingIsOneLine(t *testing.T) {
	for title, want := range map[string]string{"All is well": "All is well", "": "0 entries"} {
		l := things(nil, "")
		l.Empty = listweb.Empty{Title: title}
		if d := open(t, l); text(d.Find("p.list-none")) != want || d.Find(".empty, a").Length() != 0 {
			t.Errorf("%q: %s", title, text(d.Selection))
		}
	}
}
