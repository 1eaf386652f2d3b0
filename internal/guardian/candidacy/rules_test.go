package candidacy_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
)

const today = "2026-11-30"

func rubric(t testing.TB) *candidacy.Rubric {
	t.Helper()
	file, err := os.ReadFile("../../../guardian/rubric.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := candidacy.ReadRubric(file)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// No way leads out of a decision or a withdrawal, none back to a draft, and none from a draft to a decision.
func TestStatesOfAPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := candidacy.Draft
		for range rapid.IntRange(0, 6).Draw(t, "acts") {
			to := rapid.SampledFrom(candidacy.States).Draw(t, "to")
			if !state.CanBecome(to) {
				continue
			}
			decided := to == candidacy.Admitted || to == candidacy.Declined
			if !state.Open() || to == candidacy.Draft || to == state || decided && state != candidacy.Applied {
				t.Fatalf("%s becomes %s", state, to)
			}
			state = to
		}
		if state.Open() && !state.CanBecome(candidacy.Withdrawn) {
			t.Fatalf("who is %s cannot withdraw", state)
		}
	})
}

// whole are facts upon which somebody can be admitted.
func whole(t testing.TB, r *candidacy.Rubric) candidacy.Facts {
	t.Helper()
	rules, err := candidacy.ShippedRules()
	if err != nil {
		t.Fatal(err)
	}
	marks := candidacy.Marks{}
	for _, c := range r.Criteria {
		marks[c.ID] = 3
	}
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	f := candidacy.Facts{
		Application: candidacy.Application{Abroad: candidacy.AbroadYes}, Account: true, Rules: rules, Rubric: r, Checks: map[candidacy.CheckKind]candidacy.Check{},
		Done: map[candidacy.Step]string{candidacy.StepCourse: today, candidacy.StepClassDay: today, candidacy.StepScenario: today},
		Talk: &candidacy.Talk{Sheets: []candidacy.Sheet{{AssessorID: "a", Marks: marks, GivenAt: at}, {AssessorID: "b", Marks: marks, GivenAt: at}}},
	}
	for _, k := range candidacy.CheckKinds {
		f.Checks[k] = candidacy.Check{ID: "x", Kind: k, Clear: true, SeenOn: "2026-11-01", ValidUntil: "2027-10-31"}
	}
	return f
}

// Each thing alone stands in the way of an admission, and nothing does where all is there.
func TestWhatStandsInTheWay(t *testing.T) {
	r := rubric(t)
	if got := candidacy.Missing(whole(t, r), today); len(got) != 0 {
		t.Fatalf("%q", got)
	}
	for _, c := range []struct {
		want string
		take func(f *candidacy.Facts)
	}{
		{"account", func(f *candidacy.Facts) { f.Account = false }},
		{"course", func(f *candidacy.Facts) { f.Done[candidacy.StepCourse] = "" }},
		{"class-day", func(f *candidacy.Facts) { f.Done[candidacy.StepClassDay] = "" }},
		{"scenario", func(f *candidacy.Facts) { f.Done[candidacy.StepScenario] = "" }},
		{"talk", func(f *candidacy.Facts) { f.Talk = nil }},
		{"talk", func(f *candidacy.Facts) { f.Talk.Sheets[1].GivenAt = time.Time{} }},
		{"talk", func(f *candidacy.Facts) { f.Talk.Sheets = f.Talk.Sheets[:1] }},
		{"joint", func(f *candidacy.Facts) { f.Talk.Sheets[1].Marks = candidacy.Marks{r.Criteria[0].ID: 1} }},
		{"must", func(f *candidacy.Facts) { f.Talk.Joint = map[string]candidacy.Joint{r.Criteria[0].ID: {Mark: 1}} }},
		{"check-sexual-offenders", func(f *candidacy.Facts) { delete(f.Checks, candidacy.SexualOffenders) }},
		{"check-criminal-record", func(f *candidacy.Facts) { delete(f.Checks, candidacy.CriminalRecord) }},
		{"check-foreign-certificate", func(f *candidacy.Facts) { delete(f.Checks, candidacy.ForeignCertificate) }},
		{"expired-criminal-record", func(f *candidacy.Facts) {
			f.Checks[candidacy.CriminalRecord] = candidacy.Check{ID: "x", Clear: true, SeenOn: "2025-11-29", ValidUntil: "2026-11-29"}
		}},
		{"entry-sexual-offenders", func(f *candidacy.Facts) {
			f.Checks[candidacy.SexualOffenders] = candidacy.Check{ID: "x", SeenOn: today, ValidUntil: "2027-11-29"}
		}},
	} {
		f := whole(t, r)
		c.take(&f)
		if got := candidacy.Missing(f, today); !slices.Contains(got, c.want) || len(got) != 1 {
			t.Errorf("%q, want %s alone", got, c.want)
		}
	}
	f := whole(t, r)
	f.Application.Abroad = candidacy.AbroadNo
	delete(f.Checks, candidacy.ForeignCertificate)
	if got := candidacy.Missing(f, today); len(got) != 0 {
		t.Errorf("of who lived nowhere else: %q", got)
	}
	f.Checks[candidacy.ForeignCertificate] = candidacy.Check{ID: "x", SeenOn: today, ValidUntil: today}
	if got := candidacy.Missing(f, today); !slices.Equal(got, []string{"entry-foreign-certificate"}) {
		t.Errorf("what was seen was seen: %q", got)
	}
}

// Of random facts: whoever is not missing anything has two sheets, no mark below a must and checks that hold; and an admission ends with the first check.
func TestNobodyIsAdmittedWithoutChecksAndTalk(t *testing.T) {
	r := rubric(t)
	days := []string{"2026-12-01", today, "2027-01-31", "2026-12-02", today, "2026-12-01", "2026-11-29", ""}
	mostly := rapid.SampledFrom([]bool{true, true, true, true, true, true, true, false})
	admitted := 0
	rapid.Check(t, func(rt *rapid.T) {
		f := whole(t, r)
		for _, k := range candidacy.CheckKinds {
			if until := rapid.SampledFrom(days).Draw(rt, "until "+string(k)); until == "" {
				delete(f.Checks, k)
			} else {
				f.Checks[k] = candidacy.Check{ID: "x", Clear: mostly.Draw(rt, "clear"), SeenOn: "2026-11-01", ValidUntil: until}
			}
		}
		disputed := rapid.SampledFrom(r.Criteria).Draw(rt, "disputed").ID
		for i := range f.Talk.Sheets {
			marks := candidacy.Marks{}
			for _, c := range r.Criteria {
				marks[c.ID] = rapid.SampledFrom([]int{2, 3}).Draw(rt, "mark")
			}
			marks[disputed] = rapid.SampledFrom([]int{1, 2, 3, 4}).Draw(rt, "mark")
			f.Talk.Sheets[i].Marks = marks
			if !mostly.Draw(rt, "given") {
				f.Talk.Sheets[i].GivenAt = time.Time{}
			}
		}
		f.Talk.Joint = map[string]candidacy.Joint{}
		if m := rapid.SampledFrom([]int{0, 1, 2, 3, 4}).Draw(rt, "joint"); m > 0 && len(f.Talk.Apart(r)) > 0 {
			f.Talk.Joint[disputed] = candidacy.Joint{Mark: m}
		}
		if len(candidacy.Missing(f, today)) > 0 {
			return
		}
		admitted++
		last := candidacy.ValidUntil(f)
		for _, k := range candidacy.CheckKinds {
			if c := f.Checks[k]; !c.Clear || c.ValidUntil < today || last > c.ValidUntil {
				rt.Fatalf("%s: %+v, admitted until %s", k, c, last)
			}
		}
		for _, c := range r.Criteria {
			if f.Talk.Mark(c.ID) < c.Must {
				rt.Fatalf("%s: %+v", c.ID, f.Talk)
			}
		}
		if !f.Talk.Both() {
			rt.Fatal("one sheet is enough")
		}
	})
	if admitted == 0 {
		t.Error("nobody could be admitted: the test shows nothing")
	}
}

// Until both are in, an assessor sees their own marks and nobody else any.
func TestWhoSeesMarks(t *testing.T) {
	r := rubric(t)
	f := whole(t, r)
	f.Talk.Sheets[0].Note = "uwaga"
	if got := f.Talk.SeenBy(""); len(got.Sheets[0].Marks) == 0 || got.Sheets[0].Note == "" {
		t.Errorf("both are in: %+v", got)
	}
	f.Talk.Sheets[1].GivenAt = time.Time{}
	for who, want := range map[string][2]bool{"a": {true, false}, "b": {false, true}, "c": {}, "": {}} {
		got := f.Talk.SeenBy(who)
		for i, s := range got.Sheets {
			if seen := len(s.Marks) > 0; seen != want[i] || !want[i] && s.Note != "" {
				t.Errorf("%q sees sheet %d: %v", who, i, seen)
			}
		}
	}
	if len(f.Talk.Sheets[0].Marks) == 0 {
		t.Error("looking takes marks away")
	}
}

// A rubric that is not whole is refused.
func TestRubrics(t *testing.T) {
	file, err := os.ReadFile("../../../guardian/rubric.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(string) string{
		"format":           func(s string) string { return strings.Replace(s, "format: 1", "format: 2", 1) },
		"no criteria":      func(string) string { return "format: 1\ncriteria: []\n" },
		"twice":            func(s string) string { return strings.Replace(s, "id: independence", "id: motivation", 1) },
		"a must too high":  func(s string) string { return strings.Replace(s, "must: 2", "must: 5", 1) },
		"a level too few":  func(s string) string { i := strings.LastIndex(s, "      - pl:"); return s[:i] },
		"no English title": func(s string) string { return strings.Replace(s, `en: "Motivation"`, `en: ""`, 1) },
		"nonsense":         func(string) string { return ":" },
	} {
		if _, err := candidacy.ReadRubric([]byte(change(string(file)))); err == nil {
			t.Errorf("%s: it is taken", what)
		}
	}
}

func fields(t testing.TB, err error) (names []string) {
	t.Helper()
	faults, _ := errs.FieldsOf(err)
	for _, f := range faults {
		names = append(names, f.Name)
	}
	return names
}
