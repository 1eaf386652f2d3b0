package ui_test

import (
	"testing"

	"ostoja/internal/ui"
)

func TestFiltersAreAFormToGet(t *testing.T) {
	d := render(t, around(ui.Filters("/p", "/p"), ui.Input(ui.Field{Name: "q", Label: "Search", Type: "search"})))
	form := one(t, d, "form[method=get][role=search]")
	attr(t, form, "action", "/p")
	if form.Find("input[type=search]").Length() != 1 || form.Find("button").Length() != 1 || form.Find("a").Length() != 1 {
		t.Error("filters have their fields, a button and a way to clear them")
	}
	for clear, open := range map[string]int{"/p": 1, "": 0} { // a phone folds them unless some are set
		if n := render(t, ui.Filters("/p", clear)).Find("details[open] > form").Length(); n != open {
			t.Errorf("with %q to clear: open %d", clear, n)
		}
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
