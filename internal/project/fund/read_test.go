package fund_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"ostoja/funds"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
)

// written is a whole set.
const written = `format: 1
id: fund-a
state: open
title: {pl: "Fundusz A", en: "Fund A"}
short: {en: "A"}
named: act
sources:
  - {key: act, title: "Act A", address: "https://example.org/a", read: "2026-11-30"}
period: {from: "2021-01-01", until: "2027-12-31", source: act}
statement: {text: {en: "Paid by A"}, source: act}
emblem: {required: yes, source: act}
notice: {text: {pl: "Informacja"}, source: act}
counted: {limits: [no-own-staff], source: office}
ages: {bands: [{from: 0, until: 17}, {from: 18, until: 60}, {from: 61}], source: act}
retention: {anchor: project-end, years: 5, source: act}
evidence: {required: [notice, test], source: ostoja}
indicators:
  - {id: people, title: {en: "People"}, definition: {en: "Those trained"}, unit: persons, measure: participants, by: [sex, age], source: act}
  - {id: papers, unit: number, source: act}
visibility: {text: {pl: "Plakat\nStrona", en: "Poster\nPage"}, source: act}
`

func TestASetIsRead(t *testing.T) {
	r, faults := fund.Read("fund-a.yaml", []byte(written))
	if len(faults) != 0 {
		t.Fatal(faults)
	}
	want := fund.Rules{
		ID: "fund-a", State: fund.Open, Title: text.Translated{"pl": "Fundusz A", "en": "Fund A"}, Short: text.Translated{"en": "A"}, Named: "act",
		Sources: []fund.Source{{Key: "act", Title: "Act A", Address: "https://example.org/a", Read: "2026-11-30"}},
		Period:  fund.Period{From: "2021-01-01", Until: "2027-12-31", Source: "act"}, Statement: fund.Wording{Text: text.Translated{"en": "Paid by A"}, Source: "act"},
		Emblem: fund.Emblem{Required: fund.NeedYes, Source: "act"}, Notice: fund.Wording{Text: text.Translated{"pl": "Informacja"}, Source: "act"},
		Visibility: fund.Wording{Text: text.Translated{"pl": "Plakat\nStrona", "en": "Poster\nPage"}, Source: "act"},
		Counted:    fund.Counted{Limits: []fund.Limit{fund.NoOwnStaff}, Source: fund.OfficeSource},
		Ages:       fund.Ages{Bands: []fund.Band{{From: 0, Until: 17}, {From: 18, Until: 60}, {From: 61}}, Source: "act"},
		Retention:  fund.Retention{Anchor: fund.ProjectEnd, Years: 5, Source: "act"}, Evidence: fund.Evidence{Required: []fund.Proof{fund.ProofNotice, fund.ProofTest}, Source: fund.OursSource},
		Indicators: []fund.Indicator{
			{ID: "people", Title: text.Translated{"en": "People"}, Definition: text.Translated{"en": "Those trained"}, Unit: fund.Persons, Measure: fund.Participants, By: []fund.Breakdown{fund.BySex, fund.ByAge}, Source: "act"},
			{ID: "papers", Unit: fund.Number, Source: "act"},
		},
	}
	if got, wanted := stored(t, r), stored(t, want); got != wanted {
		t.Errorf("got  %s\nwant %s", got, wanted)
	}
}

func stored(t testing.TB, r fund.Rules) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Each fault has its line and words that say what to do; a set with one is nobody's.
func TestFaultsHaveTheirLine(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ż", n) }
	for name, c := range map[string]struct{ old, new, want string }{
		"another format":         {"format: 1", "format: 2", ":1: 2 is not between 1 and 1"},
		"no format":              {"format: 1\n", "", `"format" is missing`},
		"no id":                  {"id: fund-a\n", "", `"id" is missing`},
		"an id with spaces":      {"id: fund-a", "id: Fund A", `:2: "Fund A" is not an id`},
		"unknown state":          {"state: open", "state: opne", `:3: "opne" is not one of open, closed (did you mean open?)`},
		"unknown key":            {"named: act", "name: act", `:6: unknown key "name" (did you mean named?)`},
		"no name":                {`title: {pl: "Fundusz A", en: "Fund A"}`, `title: {pl: " "}`, ":4: the title is empty"},
		"a language of nobody":   {`en: "Fund A"`, `xx: "Fund A"`, `:4: unknown key "xx"`},
		"a long title":           {`"Fund A"`, `"` + long(301) + `"`, `:4: the text in "en" is longer than 300 characters`},
		"a long short":           {`{en: "A"}`, `{en: "` + long(41) + `"}`, `:5: the text in "en" is longer than 40 characters`},
		"a number as text":       {`{en: "A"}`, `{en: 1}`, `:5: here should be a text, but 1 is not one (put it in quotes: "1")`},
		"named by nothing":       {"named: act\n", "", `"named" is missing`},
		"unknown source":         {"emblem: {required: yes, source: act}", "emblem: {required: yes, source: atc}", `:11: there is no source "atc" in this set (did you mean act?)`},
		"no source":              {"emblem: {required: yes, source: act}", "emblem: {required: yes}", `:11: "source" is missing`},
		"a source twice":         {"period:", "  - {key: act, title: \"B\", read: \"2026-11-30\"}\nperiod:", `:9: the source "act" is there twice`},
		"a source of all":        {"{key: act,", "{key: ostoja,", `:8: every set has a source "ostoja" already`},
		"a source without title": {`title: "Act A"`, `title: ""`, ":8: a title has 1 to 300 characters"},
		"no page":                {"https://example.org/a", "javascript:alert(1)", `:8: "javascript:alert(1)" is not an address of a page (begin it with https://)`},
		"never read":             {`, read: "2026-11-30"`, "", `:8: "read" is missing`},
		"no day":                 {`read: "2026-11-30"`, `read: "2026-11-31"`, `:8: "2026-11-31" is not a day`},
		"a day without quotes":   {`from: "2021-01-01"`, `from: 2021-01-01`, `:9: here should be a text`},
		"backwards":              {`until: "2027-12-31"`, `until: "2020-12-31"`, ":9: the period ends before it begins"},
		"half a day":             {`until: "2027-12-31"`, `until: "2027-12"`, `:9: "2027-12" is not a day`},
		"a sentence from nobody": {`statement: {text: {en: "Paid by A"}, source: act}`, `statement: {text: {en: "Paid by A"}}`, `:10: "source" is missing`},
		"a long sentence":        {`"Paid by A"`, `"` + long(601) + `"`, `:10: the text in "en" is longer than 600 characters`},
		"perhaps an emblem":      {"required: yes", "required: perhaps", `:11: "perhaps" is not one of yes, no, unknown`},
		"unknown limit":          {"[no-own-staff]", "[no-staff]", `:13: "no-staff" is not one of no-own-staff, once`},
		"a limit twice":          {"[no-own-staff]", "[no-own-staff, no-own-staff]", `:13: "no-own-staff" is there twice`},
		"bands overlap":          {"{from: 18, until: 60}", "{from: 17, until: 60}", ":14: the bands overlap"},
		"a band backwards":       {"{from: 18, until: 60}", "{from: 18, until: 17}", ":14: the band ends before it begins"},
		"a band after the last":  {"{from: 61}", "{from: 61}, {from: 80}", ":14: the bands overlap"},
		"too old":                {"{from: 61}", "{from: 161}", ":14: 161 is not between 0 and 120"},
		"years from nowhere":     {"anchor: project-end, years: 5", "years: 5", ":15: years of keeping without an anchor (say from when: last-payment-year-end, project-end, final-report)"},
		"from then, how long":    {"anchor: project-end, years: 5", "anchor: project-end", ":15: an anchor of keeping without years"},
		"unknown anchor":         {"anchor: project-end", "anchor: projectend", `:15: "projectend" is not one of`},
		"for ever":               {"years: 5", "years: 99", ":15: 99 is not between 1 and 50"},
		"unknown proof":          {"[notice, test]", "[notice, tests]", `:16: "tests" is not one of notice, enrolment, signature, test, certificate (did you mean test?)`},
		"unknown measure":        {"measure: participants", "measure: people", `:18: "people" is not one of participants`},
		"unknown unit":           {"unit: persons", "unit: heads", `:18: "heads" is not one of persons, person-days, percent, number`},
		"unknown breakdown":      {"[sex, age]", "[sex, colour]", `:18: "colour" is not one of sex, age, service, region`},
		"a unit of another":      {"unit: persons", "unit: percent", `:18: "participants" is not counted in percent (use persons)`},
		"what has no sex":        {"unit: persons, measure: participants", "unit: number, measure: trainings", `:18: "trainings" has no breakdown by sex`},
		"an indicator twice":     {"id: papers", "id: people", `:19: the indicator "people" is there twice`},
		"an indicator of nobody": {"  - {id: papers, unit: number, source: act}", "  - {id: papers, unit: number}", `:19: "source" is missing`},
		"a set that is a list":   {written, "- a\n", "here should be keys with values"},
		"nothing":                {written, "", "the file is empty"},
		"null":                   {written, "~\n", "the file says nothing"},
		"no YAML":                {"state: open", "state: : open", "this is not YAML"},
	} {
		if !strings.Contains(written, c.old) {
			t.Fatalf("%s: %q is not in the set", name, c.old)
		}
		_, faults := fund.Read("f.yaml", []byte(strings.Replace(written, c.old, c.new, 1)))
		var said []string
		for _, f := range faults {
			said = append(said, f.String())
		}
		if !strings.Contains(strings.Join(said, "\n"), c.want) {
			t.Errorf("%s: no fault with %s in\n%s", name, c.want, strings.Join(said, "\n"))
		}
	}
	if _, faults := fund.Read("f.yaml", []byte(strings.NewReplacer("state: open", "state: x", "required: yes", "required: x", "years: 5", "years: x").Replace(written))); len(faults) < 3 {
		t.Errorf("not all at once: %v", faults)
	}
}

func TestThereIsAnEndToEverything(t *testing.T) {
	many := func(n int, line string) (b string) {
		for i := range n {
			b += strings.ReplaceAll(line, "N", fmt.Sprint(i))
		}
		return b
	}
	base, _, _ := strings.Cut(written, "indicators:")
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"indicators": {base + "indicators:\n" + many(61, "  - {id: xN, unit: number, source: act}\n"), "at most 60 indicators"},
		"sources":    {strings.Replace(base, "period:", many(30, "  - {key: sN, title: \"S\", read: \"2026-11-30\"}\n")+"period:", 1), "at most 30 sources"},
		"bands":      {strings.Replace(base, "[{from: 0, until: 17}, {from: 18, until: 60}, {from: 61}]", "["+strings.TrimSuffix(many(13, "{from: N0, until: N1},"), ",")+"]", 1), "at most 12 bands"},
	} {
		_, faults := fund.Read("f.yaml", []byte(c.text))
		if len(faults) == 0 || !strings.Contains(fmt.Sprint(faults), c.want) {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// The sets that come with the program can be read; every rule with content names a source, and what nobody has read of a fund is an empty row.
func TestTheShippedSets(t *testing.T) {
	list, faults, err := fund.ReadAll(funds.Files)
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	var ids []string
	for _, r := range list {
		ids = append(ids, r.ID+" "+string(r.State))
		for _, rule := range r.Each() {
			if !r.Empty(rule) && r.Source(rule) == "" {
				t.Errorf("%s: %s has no source", r.ID, rule)
			}
			if rule.IndicatorID() != "" && !r.Empty(rule) {
				t.Errorf("%s: %s is worded, but no text of an annex was read", r.ID, rule)
			}
		}
		for _, s := range r.Sources {
			if s.Address == "" {
				t.Errorf("%s: %s can be opened by nobody", r.ID, s.Key)
			}
		}
		if !r.Empty(fund.RuleNotice) {
			t.Errorf("%s: a notice from nowhere", r.ID)
		}
	}
	want := []string{"amif-2021 open", "erf-2008 closed", "isf-2021 open", "national-plan open", "norway-2021 open", "swiss-1 closed"}
	if !slices.Equal(ids, want) {
		t.Errorf("%q", ids)
	}
	_, faults, err = fund.ReadAll(fstest.MapFS{"fund-b.yaml": {Data: []byte(written)}})
	if err != nil || len(faults) != 1 || faults[0].Message != "the file is not called as its id: fund-a" {
		t.Errorf("another name: %v, %v", faults, err)
	}
}

// drawn draws a set that the reader must take.
func drawn(t *rapid.T) fund.Rules {
	words := rapid.StringMatching(`[a-zżźA-Z0-9:#'"{}\[\] .,&*!|>%@-]{1,30}[a-z]`)
	wording := func(what string) text.Translated {
		return text.Translated(rapid.MapOfN(rapid.SampledFrom(fund.Languages), words, 0, 3).Draw(t, what))
	}
	key := rapid.SampledFrom([]string{"act", fund.OursSource, fund.OfficeSource})
	r := fund.Rules{
		ID: "fund-a", State: rapid.SampledFrom(fund.States).Draw(t, "state"), Title: text.Translated{"pl": words.Draw(t, "title")}, Named: key.Draw(t, "named"),
		Sources: []fund.Source{{Key: "act", Title: words.Draw(t, "source"), Read: "2026-11-30"}}, Short: wording("short"),
		Statement: fund.Wording{Text: wording("statement"), Source: key.Draw(t, "said by")}, Notice: fund.Wording{Text: wording("notice"), Source: "act"},
		Emblem: fund.Emblem{Required: rapid.SampledFrom(fund.Needs).Draw(t, "need"), Source: "act"},
	}
	r.Counted = fund.Counted{Limits: rapid.SliceOfNDistinct(rapid.SampledFrom(fund.Limits), 0, 3, rapid.ID).Draw(t, "limits"), Source: "act"}
	r.Evidence = fund.Evidence{Required: rapid.SliceOfNDistinct(rapid.SampledFrom(fund.Proofs), 0, 5, rapid.ID).Draw(t, "proofs"), Source: "act"}
	if rapid.Bool().Draw(t, "kept") {
		r.Retention = fund.Retention{Anchor: rapid.SampledFrom(fund.Anchors).Draw(t, "anchor"), Years: rapid.IntRange(1, 50).Draw(t, "years"), Source: "act"}
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "indicators") {
		m := rapid.SampledFrom(fund.Measures).Draw(t, "measure")
		units, by := m.Gives()
		x := fund.Indicator{ID: fmt.Sprintf("x%d", i), Title: wording("title"), Definition: wording("definition"), Unit: rapid.SampledFrom(units).Draw(t, "unit"), Measure: m, Source: "act"}
		if len(by) > 0 {
			x.By = rapid.SliceOfNDistinct(rapid.SampledFrom(by), 0, len(by), rapid.ID).Draw(t, "by")
		}
		r.Indicators = append(r.Indicators, x)
	}
	return r
}

// What is written is read again to the same set, and written again to the same bytes.
func TestAFileComesBackTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := drawn(rt)
		file, err := fund.Write(r)
		if err != nil {
			t.Fatal(err)
		}
		again, faults := fund.Read("fund-a.yaml", file)
		if len(faults) > 0 {
			t.Fatalf("%v in\n%s", faults, file)
		}
		twice, err := fund.Write(again)
		if err != nil || string(twice) != string(file) {
			t.Fatalf("%v\n%s\n%s", err, file, twice)
		}
		if thrice, faults := fund.Read("fund-a.yaml", twice); len(faults) > 0 || len(fund.Differ(again, thrice)) > 0 || stored(t, again) != stored(t, thrice) {
			t.Fatalf("%v\n%s\n%s", faults, stored(t, again), stored(t, thrice))
		}
		if len(again.Indicators) != len(r.Indicators) || len(again.Evidence.Required) != len(r.Evidence.Required) || again.Retention != r.Retention || again.Title["pl"] != text.CleanLines(r.Title["pl"]) {
			t.Fatalf("%s\n%s", stored(t, r), stored(t, again))
		}
	})
}

// FuzzRead puts any text in the place of a set. Reading must not panic; what has no fault can be written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte(written))
	f.Add([]byte("a: &a [*a, *a]\n"))
	f.Add([]byte("format: 1\nid: x\nstate: open\ntitle: {pl: x}\nshort: {}\nnamed: ostoja\nages: {bands: [{from: 1}, ~], source: ostoja}\n"))
	f.Add([]byte("indicators: [{id: x, unit: number, measure: ~, by: [~], source: ~}]\n"))
	files, err := funds.Files.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range files {
		b, err := funds.Files.ReadFile(e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		r, faults := fund.Read("f.yaml", content)
		for _, x := range faults {
			if x.Message == "" || x.File != "f.yaml" {
				t.Errorf("an empty fault: %+v", x)
			}
		}
		if len(faults) > 0 {
			return
		}
		file, err := fund.Write(r)
		if err != nil {
			t.Fatal(err)
		}
		again, faults := fund.Read("f.yaml", file)
		if len(faults) > 0 || stored(t, again) != stored(t, r) {
			t.Fatalf("%v\n%s\n%s\n%s", faults, file, stored(t, r), stored(t, again))
		}
		for _, rule := range r.Each() {
			if !r.Has(rule) || !r.Empty(rule) && r.Source(rule) == "" {
				t.Errorf("%s of %s", rule, file)
			}
		}
	})
}
