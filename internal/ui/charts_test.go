package ui_test

import (
	"math"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/ui"
)

var nan = math.NaN()

func TestSlope(t *testing.T) {
	d := render(t, ui.Slope("From 52.5 to 79.2", []ui.SlopePoint{
		{Label: "Before", Value: 52.5, Low: 40, High: 65, Text: "52.5 %"}, {Label: "After", Value: 79.2, Low: nan, High: nan, Text: "79.2 %"}, {Label: "Later", Value: nan, Low: nan, High: nan, Text: "?"},
	}, nil))
	if d.Find("svg[role=img]").Length() != 1 || !strings.Contains(d.Find("svg").AttrOr("aria-label", "")+d.Find("svg title").Text(), "From 52.5 to 79.2") {
		t.Error("the picture has no text")
	}
	if n := d.Find("circle.chart-point").Length(); n != 2 {
		t.Errorf("%d points for two values", n)
	}
	if n := d.Find("path.chart-whisker").Length(); n != 1 {
		t.Errorf("%d intervals for one", n)
	}
	if line := d.Find("path.chart-line").AttrOr("d", ""); strings.Count(line, "M") != 1 || strings.Count(line, "L") != 1 || strings.Contains(line, "NaN") {
		t.Errorf("the line: %s", line)
	}
	labels := d.Find("text.chart-label").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if strings.Join(labels, " ") != "Before After Later" || strings.Contains(d.Find("text.chart-value").Text(), "?") {
		t.Errorf("labels %v, values %s", labels, d.Find("text.chart-value").Text())
	}
	html, _ := d.Html()
	if strings.Contains(html, "NaN") {
		t.Error("a missing value is drawn")
	}
	// Higher is higher up, and what is beyond the scale stays on it.
	extremes := render(t, ui.Slope("x", []ui.SlopePoint{{Value: -20, Low: nan, High: nan}, {Value: 130, Low: nan, High: nan}}, nil))
	ys := extremes.Find("circle.chart-point").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("cy", "") })
	bounds := render(t, ui.Slope("x", []ui.SlopePoint{{Value: 0, Low: nan, High: nan}, {Value: 100, Low: nan, High: nan}}, nil))
	if want := bounds.Find("circle.chart-point").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("cy", "") }); strings.Join(ys, " ") != strings.Join(want, " ") {
		t.Errorf("beyond the scale at %v, its ends at %v", ys, want)
	}
}

// A part of the people has a line of its own: it is not drawn as if it were all of them.
func TestSlopeOfTwoPopulations(t *testing.T) {
	d := render(t, ui.Slope("x", []ui.SlopePoint{{Value: 43, Low: nan, High: nan, Text: "43 %"}, {Value: 76, Low: nan, High: nan, Text: "76 %"}, {Value: nan}},
		[]ui.SlopePoint{{Value: 40, Low: nan, High: nan, Text: "40 %"}, {Value: 75, Low: nan, High: nan, Text: "75 %"}, {Value: 65, Low: 58, High: 72, Text: "65 %"}}))
	if all, part := d.Find("path.chart-line").Not(".others").AttrOr("d", ""), d.Find("path.chart-line.others").AttrOr("d", ""); strings.Count(all, "L") != 1 || strings.Count(part, "L") != 2 {
		t.Errorf("the lines: %s, %s", all, part)
	}
	values := d.Find("text.chart-value").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if strings.Join(values, ", ") != "65 %, 43 %, 76 %" || d.Find("path.chart-dot.later").Length() != 3 {
		t.Errorf("values %v", values)
	}
}

func TestHistogramAndLegend(t *testing.T) {
	series := []ui.Series{{Label: "Before", Class: "before"}, {Label: "After", Class: "after"}}
	d := render(t, ui.Histogram("How the results are spread", series, [][]int{{0, 3, 1}, {0, 0, 4}}))
	if d.Find("svg[role=img]").Length() != 1 {
		t.Error("the picture is no image to a screen reader")
	}
	drawn := 0
	d.Find(".chart-bar").Each(func(_ int, s *goquery.Selection) {
		if h := s.AttrOr("height", ""); h != "0.0" && h != "0" {
			drawn++
		}
	})
	if drawn != 3 {
		t.Errorf("%d bars for three counts above zero", drawn)
	}
	if d.Find(".chart-bar.before").Length() == 0 || d.Find(".chart-bar.after").Length() == 0 {
		t.Error("before and after look the same")
	}
	empty, _ := render(t, ui.Histogram("x", series, [][]int{{0, 0}, {0, 0}})).Html()
	if strings.Contains(empty, "NaN") || strings.Contains(empty, "Inf") {
		t.Error("nothing at all is drawn wrongly")
	}
	legend := render(t, ui.Legend(append(series, ui.Series{Label: "Later", Class: "later"})))
	if legend.Find("ul[aria-hidden=true] li").Length() != 3 || legend.Find("circle").Length() != 2 || legend.Find("path.later").Length() != 1 {
		t.Error("the signs of the legend differ in colour only")
	}
}

func TestDots(t *testing.T) {
	series := []ui.Series{{Label: "Before", Class: "before"}, {Label: "After", Class: "after"}, {Label: "Later", Class: "later"}}
	d := render(t, ui.Dots("By topic", "Topic", series, []ui.DotRow{
		{Label: "Identify", Values: []float64{40, 80, nan}, Texts: []string{"40 %", "80 %", "–"}}, {Label: "Law", Values: []float64{nan, 50, nan}, Texts: []string{"–", "50 %", "–"}},
	}))
	rows := d.Find("tbody tr")
	if rows.Length() != 2 || d.Find("caption").Text() == "" {
		t.Fatalf("%d rows", rows.Length())
	}
	if first := rows.First(); first.Find(".chart-dot").Length() != 2 || !strings.Contains(first.Text(), "40 %") || !strings.Contains(first.Text(), "80 %") {
		t.Errorf("the first row: %s", first.Text())
	}
	if n := rows.Last().Find(".chart-dot").Length(); n != 1 {
		t.Errorf("%d dots for one value", n)
	}
	if html, _ := d.Html(); strings.Contains(html, "NaN") {
		t.Error("a missing value is drawn")
	}
}
