package fund_test

import (
	"slices"
	"strings"
	"testing"

	"ostoja/internal/project/fund"
	"ostoja/internal/text"
)

func read(t testing.TB) fund.Rules {
	t.Helper()
	r, faults := fund.Read("f.yaml", []byte(written))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return r
}

// Each rule of a set has a source and can be confirmed; taking its content out leaves an empty row, which can be confirmed where a fund may lay down nothing.
func TestRulesOneByOne(t *testing.T) {
	r := read(t)
	want := []fund.Rule{"name", "period", "indicator:people", "indicator:papers", "counted", "ages", "evidence", "statement", "emblem", "visibility", "notice", "retention"}
	if !slices.Equal(r.Each(), want) {
		t.Errorf("%q", r.Each())
	}
	for _, rule := range want {
		if empty := rule == "indicator:papers"; !r.Has(rule) || r.Source(rule) == "" || r.Empty(rule) != empty || r.MayConfirm(rule) == empty {
			t.Errorf("%s: source %q, empty %v, to be confirmed %v", rule, r.Source(rule), r.Empty(rule), r.MayConfirm(rule))
		}
	}
	bare := fund.Rules{
		Named: "act", Period: fund.Period{Source: "act"}, Statement: fund.Wording{Source: "act"}, Notice: fund.Wording{Source: "act"}, Visibility: fund.Wording{Source: "act"}, Emblem: fund.Emblem{Source: "act", Required: fund.NeedUnknown},
		Counted: fund.Counted{Source: "act"}, Ages: fund.Ages{Source: "act"}, Retention: fund.Retention{Source: "act"}, Evidence: fund.Evidence{Source: "act"},
	}
	for _, rule := range bare.Each() {
		may := !slices.Contains([]fund.Rule{"name", "emblem", "retention"}, rule)
		if !bare.Empty(rule) || bare.MayConfirm(rule) != may {
			t.Errorf("%s without content: empty %v, to be confirmed %v", rule, bare.Empty(rule), bare.MayConfirm(rule))
		}
		if (fund.Rules{}).MayConfirm(rule) {
			t.Errorf("%s is confirmed from no source", rule)
		}
	}
	for _, rule := range []fund.Rule{"", "x", "indicator:", "indicator:x"} {
		if r.Has(rule) || r.MayConfirm(rule) || r.Source(rule) != "" {
			t.Errorf("there is a rule %q", rule)
		}
	}
	if x := fund.IndicatorRule("people"); x.IndicatorID() != "people" || fund.RuleAges.IndicatorID() != "" {
		t.Error(x)
	}
}

// Two sets differ in the rules whose content or source differs, a source's own text included, and in indicators that one of them has alone.
func TestHowTwoSetsDiffer(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *fund.Rules)
		want   []fund.Rule
	}{
		"nothing":          {func(*fund.Rules) {}, nil},
		"a picture":        {func(r *fund.Rules) { r.Emblem.Pictures = []fund.Picture{{Lang: "pl"}} }, nil},
		"its name":         {func(r *fund.Rules) { r.Title = text.Translated{"en": "B"} }, []fund.Rule{"name"}},
		"its state":        {func(r *fund.Rules) { r.State = fund.Closed }, []fund.Rule{"name"}},
		"a sentence":       {func(r *fund.Rules) { r.Statement.Text = nil }, []fund.Rule{"statement"}},
		"years":            {func(r *fund.Rules) { r.Retention.Years = 10 }, []fund.Rule{"retention"}},
		"a source's key":   {func(r *fund.Rules) { r.Ages.Source = fund.OursSource }, []fund.Rule{"ages"}},
		"an indicator":     {func(r *fund.Rules) { r.Indicators[1].Unit = fund.Persons }, []fund.Rule{"indicator:papers"}},
		"one less":         {func(r *fund.Rules) { r.Indicators = r.Indicators[:1] }, []fund.Rule{"indicator:papers"}},
		"one more":         {func(r *fund.Rules) { r.Indicators = append(r.Indicators, fund.Indicator{ID: "z", Source: "act"}) }, []fund.Rule{"indicator:z"}},
		"a source's title": {func(r *fund.Rules) { r.Sources[0].Title = "B" }, []fund.Rule{"name", "period", "indicator:people", "indicator:papers", "ages", "statement", "emblem", "visibility", "notice", "retention"}},
	} {
		a, b := read(t), read(t)
		c.change(&b)
		if got := fund.Differ(a, b); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWhichPictureALanguageHas(t *testing.T) {
	e := fund.Emblem{Pictures: []fund.Picture{{Lang: "pl", Hash: "a"}, {Lang: "en", Hash: "b"}}}
	for lang, want := range map[string]string{"pl": "a", "en": "b", "uk": "a"} {
		if p, ok := e.Picture(lang); !ok || p.Hash != want {
			t.Errorf("%s: %v, %v", lang, p, ok)
		}
	}
	if _, ok := (fund.Emblem{}).Picture("pl"); ok {
		t.Error("a picture that nobody uploaded")
	}
}

func TestWhatAMeasureGives(t *testing.T) {
	for _, m := range fund.Measures {
		if units, _ := m.Gives(); len(units) == 0 {
			t.Errorf("%q has no unit", m)
		}
	}
	if units, by := fund.Measure("x").Gives(); units != nil || by != nil {
		t.Error("a measure that there is not")
	}
}

// TestDuties: one a line, in each language that has it; languages with another number of lines are refused, in a file and in the form.
func TestDuties(t *testing.T) {
	r := read(t)
	list := r.Duties()
	if len(list) != 2 || list[0]["pl"] != "Plakat" || list[0]["en"] != "Poster" || list[1]["pl"] != "Strona" || len((fund.Rules{}).Duties()) != 0 {
		t.Errorf("%v", list)
	}
	_, faults := fund.Read("f.yaml", []byte(strings.Replace(written, `en: "Poster\nPage"`, `en: "Poster"`, 1)))
	if len(faults) != 1 || !strings.Contains(faults[0].Message, "not as many") {
		t.Errorf("%v", faults)
	}
	many := strings.Replace(written, `pl: "Plakat\nStrona", en: "Poster\nPage"`, `pl: "`+strings.Repeat(`x\n`, fund.MostDuties+1)+`"`, 1)
	if _, faults := fund.Read("f.yaml", []byte(many)); len(faults) != 1 {
		t.Errorf("%v", faults)
	}
}
