package ui_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"ostoja/internal/ui"
)

func TestTable(t *testing.T) {
	columns := []ui.Column{{Label: "Name", Sort: "name"}, {Label: "Score", Numeric: true, Sort: "score"}, {Label: "Actions", Hidden: true}}
	sorting := ui.Sorting{By: "name", Path: "/app/people", Query: url.Values{"q": {"ko"}, "page": {"3"}, "empty": {""}}}
	d := render(t, around(ui.Table("People", columns, sorting), around(ui.Cell(columns[1]), templ.Raw("92"))))
	if text(d.Find("caption")) != "People" {
		t.Error("a table has a caption")
	}
	heads := d.Find("th[scope=col]")
	attr(t, heads.Eq(0), "aria-sort", "ascending")
	attr(t, heads.Eq(1), "aria-sort", "none")
	if _, ok := heads.Eq(2).Attr("aria-sort"); ok {
		t.Error("a column that cannot be sorted has no aria-sort")
	}
	attr(t, heads.Eq(0).Find("a"), "href", "/app/people?desc=1&q=ko&sort=name")
	attr(t, heads.Eq(1).Find("a"), "href", "/app/people?q=ko&sort=score")
	if !heads.Eq(1).HasClass("num") || heads.Eq(2).Find(".sr").Length() != 1 {
		t.Error("numeric and hidden columns are marked")
	}
	sorting.Desc = true
	d = render(t, ui.Table("People", columns, sorting))
	attr(t, d.Find("th").Eq(0), "aria-sort", "descending")
	attr(t, d.Find("th a").Eq(0), "href", "/app/people?q=ko&sort=name")
}

func TestCellsNameTheirColumn(t *testing.T) {
	var b strings.Builder
	if err := around(ui.Cell(ui.Column{Label: "Score", Numeric: true}), templ.Raw("92")).Render(words(t, "en"), &b); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, `data-label="Score"`) || !strings.Contains(got, `class="num"`) {
		t.Errorf("cell %s", got)
	}
}

func TestPages(t *testing.T) {
	d := render(t, ui.Pages(ui.Paging{Page: 3, Size: 25, Total: 15000, Path: "/p", Query: url.Values{"q": {"a"}}}))
	if got := text(d.Find("nav > p")); !strings.Contains(got, "51–75 of 15,000") {
		t.Errorf("shown %q", got)
	}
	attr(t, one(t, d, "a.current"), "aria-current", "page")
	attr(t, one(t, d, "a[rel=prev]"), "href", "/p?page=2&q=a")
	attr(t, one(t, d, "a[rel=next]"), "href", "/p?page=4&q=a")
	attr(t, one(t, d, "a.current"), "aria-label", "Page 3")
	for _, c := range []struct{ page, total, links int }{{1, 0, 0}, {1, 10, 0}, {1, 26, 3}, {2, 26, 3}} {
		d := render(t, ui.Pages(ui.Paging{Page: c.page, Size: 25, Total: c.total}))
		if n := d.Find("a").Length(); n != c.links {
			t.Errorf("page %d of %d rows: %d links, want %d", c.page, c.total, n, c.links)
		}
	}
}

func TestFiltersAreAFormToGet(t *testing.T) {
	d := render(t, around(ui.Filters("/p", "/p"), ui.Input(ui.Field{Name: "q", Label: "Search", Type: "search"})))
	form := one(t, d, "form[method=get][role=search]")
	attr(t, form, "action", "/p")
	if form.Find("input[type=search]").Length() != 1 || form.Find("button").Length() != 1 || form.Find("a").Length() != 1 {
		t.Error("filters have their fields, a button and a way to clear them")
	}
}

func TestBars(t *testing.T) {
	d := render(t, ui.Bars("By region", []ui.Bar{{Label: "A", Value: 10, Text: "10", Href: "/a"}, {Label: "B", Value: 5, Text: "5"}, {Label: "C", Text: "0"}}))
	if text(d.Find("caption")) != "By region" || d.Find("th[scope=row]").Length() != 3 {
		t.Error("the chart is a table")
	}
	for i, want := range []string{"100.0", "50.0", "0.0"} {
		attr(t, d.Find(".bar-value").Eq(i), "width", want)
	}
	attr(t, d.Find(".bar-cell").First(), "aria-hidden", "true")
	attr(t, render(t, ui.Bars("None", []ui.Bar{{Label: "A"}})).Find(".bar-value"), "width", "0")
}

func TestTabsAndCrumbs(t *testing.T) {
	d := render(t, ui.Tabs("Course", ui.NavItem{Label: "A", Href: "/a"}, ui.NavItem{Label: "B", Href: "/b", Current: true}))
	attr(t, one(t, d, "nav"), "aria-label", "Course")
	attr(t, one(t, d, "[aria-current=page]"), "href", "/b")
	attr(t, one(t, render(t, ui.Crumbs(ui.NavItem{Label: "A", Href: "/a"})), "nav ol a"), "href", "/a")
	attr(t, one(t, render(t, ui.Exports(ui.NavItem{Label: "CSV", Href: "/x.csv"})), "a[download]"), "href", "/x.csv")
}

func TestFiguresAndNotices(t *testing.T) {
	d := render(t, ui.Progress(3, 8, "3 of 8"))
	attr(t, one(t, d, "progress"), "aria-label", "3 of 8")
	d = render(t, ui.Stat("people", "15", "/p"))
	if text(one(t, d, "a")) != "15 people" {
		t.Error("a figure is a link to what is behind it")
	}
	attr(t, one(t, render(t, ui.Notice(ui.Danger, "No")), ".notice"), "role", "alert")
	attr(t, one(t, render(t, ui.Prose("<p>Text</p>", "pl")), ".prose"), "lang", "pl")
}

func TestBarsAreDrawnToTheWhole(t *testing.T) {
	for of, want := range map[float64]string{0: "100.0", 100: "50.0"} {
		d := render(t, ui.Bars("Shares", []ui.Bar{{Label: "a", Value: 50, Text: "50%", Of: of}}))
		if got := d.Find("rect.bar-value").AttrOr("width", ""); got != want {
			t.Errorf("of %v: width %s, want %s", of, got, want)
		}
	}
}
