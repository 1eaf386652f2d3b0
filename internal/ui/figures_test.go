package ui

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestWhatDescribesAField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f    Field
		want string
	}{
		{Field{Name: "a"}, ""}, {Field{Name: "a", Hint: "h"}, "f-a-hint"}, {Field{Name: "a", Error: "e"}, "f-a-error"}, {Field{Name: "a", Hint: "h", Error: "e"}, "f-a-hint f-a-error"},
	} {
		if got := c.f.describedBy(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
		a := c.f.attributes()
		if _, there := a["aria-describedby"]; there != (c.want != "") {
			t.Errorf("%+v: %v", c.f, a)
		}
		if _, there := a["aria-invalid"]; there != (c.f.Error != "") {
			t.Errorf("%+v: %v", c.f, a)
		}
	}
	whole := Field{Name: "a", Autocomplete: "email", InputMode: "email", Lang: "pl", Suggestions: []string{"x"}}.attributes()
	if fmt.Sprint(whole) != "map[autocomplete:email inputmode:email lang:pl list:f-a-list]" {
		t.Errorf("%v", whole)
	}
	if got := (Field{Name: "a"}).attributes(); len(got) != 0 {
		t.Errorf("a bare field has %v", got)
	}
	if (Field{}).inputType() != "text" || (Field{Type: "email"}).inputType() != "email" || choiceID(FieldID("a"), 0) != "f-a-1" {
		t.Error("an input's type or a choice's id")
	}
}

func TestBarsAreDrawnToTheLargest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		bars []Bar
		want []string
	}{
		{[]Bar{{Value: 5}, {Value: 10}, {Value: 0}}, []string{"50.0", "100.0", "0.0"}},
		{[]Bar{{Value: 5, Of: 20}, {Value: 10, Of: 20}}, []string{"25.0", "50.0"}},
		{[]Bar{{Value: 30, Of: 20}}, []string{"100.0"}},
		{[]Bar{{}, {}}, []string{"0", "0"}}, // nothing is divided by nothing
	} {
		for i, b := range c.bars {
			if got := barWidth(c.bars, b.Value); got != c.want[i] {
				t.Errorf("%+v: %s, want %s", c.bars, got, c.want[i])
			}
		}
	}
}

func TestWhereChartsPutTheirFigures(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]float64{0: 240, 100: 26, 50: 133, -5: 240, 130: 26} {
		if got := slopeY(percent); got != want {
			t.Errorf("%g %% lies at %g, want %g", percent, got, want)
		}
	}
	for percent, want := range map[float64]float64{0: 6, 100: 194, 50: 100, -1: 6, 101: 194} {
		if got := dotAt(percent); math.Abs(got-want) > 1e-9 {
			t.Errorf("the dot of %g %% lies at %g, want %g", percent, got, want)
		}
	}
	if slopeX(0, 1) != 212 || slopeX(0, 2) != 128 || slopeX(1, 2) != 296 || slopeX(0, 0) != 212 {
		t.Errorf("times lie at %g, %g and %g", slopeX(0, 1), slopeX(0, 2), slopeX(1, 2))
	}
	if binX(0, 4) != 44 || binX(4, 4) != 380 || binX(1, 4) != 128 || binX(0, 0) != 44 {
		t.Errorf("bins begin at %g and %g", binX(0, 4), binX(4, 4))
	}
	gone := math.NaN()
	for want, points := range map[string][]SlopePoint{
		"": {{Value: gone}}, "M212.0 133.0": {{Value: 50}}, "M128.0 240.0L296.0 26.0": {{Value: 0}, {Value: 100}},
		"M100.0 240.0M324.0 26.0": {{Value: 0}, {Value: gone}, {Value: 100}}, // no line leads over a time without a value
	} {
		if got := slopePath(points); got != want {
			t.Errorf("%+v: %q, want %q", points, got, want)
		}
	}
	if got := whiskerPath(SlopePoint{Value: 50, Low: 0, High: 100}, 0, 1); got != "M212.0 26.0V240.0M206.0 26.0h12M206.0 240.0h12" {
		t.Errorf("the interval is drawn %s", got)
	}
	for _, p := range []SlopePoint{{Low: gone, High: 1}, {Low: 1, High: gone}} {
		if whisker(p) {
			t.Errorf("half an interval is drawn: %+v", p)
		}
	}
	if !whisker(SlopePoint{Low: 1, High: 2}) || !drawn(SlopePoint{}) || drawn(SlopePoint{Value: gone}) {
		t.Error("what is drawn")
	}
	if got := diamond(10, 10); got != "M10.0 3.5L16.5 10.0L10.0 16.5L3.5 10.0Z" {
		t.Errorf("a diamond is %s", got)
	}
}

// A value stands above its point or interval; below, where it would leave the drawing or the rising line would run through it.
func TestWhereValuesAreWritten(t *testing.T) {
	t.Parallel()
	gone := math.NaN()
	at := func(v float64) SlopePoint { return SlopePoint{Value: v, Low: gone, High: gone} }
	for _, c := range []struct {
		points []SlopePoint
		i      int
		want   float64
	}{
		{[]SlopePoint{at(50)}, 0, 123}, {[]SlopePoint{at(50), at(40)}, 0, 123}, {[]SlopePoint{at(50), at(60)}, 0, 153}, {[]SlopePoint{at(50), at(60)}, 1, slopeY(60) - 10},
		{[]SlopePoint{at(50), at(gone)}, 0, 123}, {[]SlopePoint{at(50), at(50)}, 0, 123},
		{[]SlopePoint{at(0), at(60)}, 0, 230},                              // no room below
		{[]SlopePoint{{Value: 50, Low: 40, High: 60}}, 0, slopeY(60) - 10}, // above the interval
		{[]SlopePoint{{Value: 50, Low: 40, High: 60}, at(90)}, 0, slopeY(40) + 20},
		{[]SlopePoint{at(100)}, 0, 16},
	} {
		if got := labelY(c.points, c.i); got != c.want {
			t.Errorf("%+v, %d: %g, want %g", c.points, c.i, got, c.want)
		}
	}
}

func TestBarsOfAHistogram(t *testing.T) {
	t.Parallel()
	series := []Series{{Class: "before"}, {Class: "after"}}
	bars, most := histBars(series, [][]int{{0, 4}, {2, 1}})
	if most != 4 || len(bars) != 4 {
		t.Fatalf("%d at the top, %d bars", most, len(bars))
	}
	var got []string
	for _, b := range bars {
		got = append(got, fmt.Sprintf("%s %.1f %.1f %.1f %.1f", b.class, b.x, b.y, b.width, b.height))
	}
	want := "before 57.4 190.0 70.6 0.0|before 225.4 26.0 70.6 164.0|after 128.0 108.0 70.6 82.0|after 296.0 149.0 70.6 41.0"
	if strings.Join(got, "|") != want {
		t.Errorf("%s, want %s", strings.Join(got, "|"), want)
	}
	if bars, most := histBars(series, [][]int{{0}, nil}); most != 1 || len(bars) != 1 || bars[0].height != 0 {
		t.Errorf("of nothing: %+v, %d", bars, most)
	}
	if bars, most := histBars(nil, nil); most != 1 || len(bars) != 0 {
		t.Errorf("of none: %+v, %d", bars, most)
	}
}

func TestTheLineBetweenDots(t *testing.T) {
	t.Parallel()
	gone := math.NaN()
	for _, c := range []struct {
		values   []float64
		from, to string
		ok       bool
	}{
		{[]float64{20, 80}, "43.6", "156.4", true}, {[]float64{80, gone, 20}, "43.6", "156.4", true}, {[]float64{50, 50}, "100.0", "100.0", false}, {[]float64{gone, 50}, "100.0", "100.0", false},
		{[]float64{gone}, "194.0", "6.0", false}, {nil, "194.0", "6.0", false},
	} {
		if from, to, ok := dotSpan(c.values); ok != c.ok || from != c.from || to != c.to {
			t.Errorf("%v: from %s to %s, %v", c.values, from, to, ok)
		}
	}
}

func TestMarksOfAnswers(t *testing.T) {
	t.Parallel()
	for mark, want := range map[Verdict]bool{Unanswered: false, Right: true, Partly: true, Wrong: true} {
		if mark.marked() != want {
			t.Errorf("%q is marked: %v", mark, !want)
		}
	}
	q := Question{Name: "q1"}
	if q.part("a") != "q1.a" || q.describedBy() != "" || q.choiceNote(Choice{}, 0) != nil {
		t.Errorf("a bare question has %v", q.describedBy())
	}
	q = Question{Name: "q1", Hint: "h", Error: "e", Lang: "en"}
	if q.describedBy() != "f-q1-hint f-q1-error" || q.choiceNote(Choice{Feedback: "x"}, 1)["aria-describedby"] != questionChoiceID(q, 1)+"-note" {
		t.Errorf("%v", q.describedBy())
	}
	if questionChoiceID(q, 0) != "f-q1" || questionChoiceID(q, 1) == questionChoiceID(q, 2) || choiceType(true) != "checkbox" || choiceType(false) != "radio" {
		t.Error("ids or types of choices")
	}
	if got := strings.Join(places(3), " "); got != "1 2 3" || len(places(0)) != 0 {
		t.Errorf("places %s", got)
	}
}
