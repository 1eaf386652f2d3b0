package course

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

func loadAll(t testing.TB, fsys fs.FS) (*Course, []folder.Fault) {
	t.Helper()
	c, faults, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c, faults
}

func list(faults []folder.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// A course that travelled as an archive is the course that it was.
func TestACourseTravelsAsAnArchive(t *testing.T) {
	var archive bytes.Buffer
	if err := folder.Zip(coursetest.Good(t), &archive); err != nil {
		t.Fatal(err)
	}
	back, err := folder.Unzip(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if c, faults := loadAll(t, back); len(faults) > 0 || c.ID != "small-course" {
		t.Errorf("%q has faults after unzipping:\n%s", c.ID, list(faults))
	}
}

func TestGoodCourseHasNoFaults(t *testing.T) {
	c, faults := loadAll(t, coursetest.Good(t))
	if len(faults) > 0 {
		t.Fatalf("faults:\n%s", list(faults))
	}
	if c.ID != "small-course" || c.Hours != 1.5 || c.Test() == nil || c.Certificate.ValidMonths != 36 || len(c.Parts()) != 3 {
		t.Errorf("read wrongly: %+v", c)
	}
	var ofParts []string
	for _, part := range c.Parts() {
		ofParts = append(ofParts, part.Checks()...)
	}
	if !slices.Equal(ofParts, c.checkItems) {
		t.Errorf("the parts ask %v", ofParts)
	}
	if got := strings.Join(c.checkItems, " "); got != "check-single check-order check-match" {
		t.Errorf("check items %q", got)
	}
	if got := strings.Join(c.Media(), " "); got != "media/a.en.vtt media/a.mp3 media/a.pl.vtt media/elements.svg" {
		t.Errorf("media %q", got)
	}
	if got := c.Title.In("pl"); got != "Mały kurs" {
		t.Errorf("title %q", got)
	}
	if it := c.Item("def-1"); !it.NoShuffle || it.Options[2].Correct || !it.Options[1].Correct {
		t.Errorf("item read wrongly: %+v", it)
	}
	if it := c.Item("know-a3"); it.Type != item.Step || it.Use != item.UseCompetence || it.Options[0].Rating != item.Good || !it.Options[0].Best() || it.Options[1].Best() || it.Options[1].Feedback.In("en") == "" {
		t.Errorf("scenario step read wrongly: %+v", it)
	}
	if len(c.Competences) != 1 || c.Competences[0].Minutes != 10 || len(c.Competences[0].Forms) != 2 || strings.Join(c.Competences[0].Forms[1].Items, " ") != "know-b1 know-b2 know-b3 help-b1 help-b2" {
		t.Errorf("competence test read wrongly: %+v", c.Competences)
	}
	if s := c.Scenarios["coach"]; s.Counters[0].Start != 1 || !s.Counters[0].Show || s.Nodes["arrival"].Choices[0].Change["trust"] != 1 {
		t.Errorf("scenario read wrongly: %+v", s)
	}
}

// faultCases are mistakes in the good course, one each, with where and how they are reported.
var faultCases = []struct {
	name, file, old, replacement string
	want                         string // beginning of the fault
	say                          string // and a part of its text
}{
	{"unknown key", "course.yaml", "audience:", "audiense:", "course.yaml:7: ", "did you mean audience?"},
	{"repeated key", "course.yaml", "hours: 1.5", "hours: 1.5\nhours: 2", "course.yaml:9: ", "hours"},
	{"wrong type of number", "course.yaml", "hours: 1.5", "hours: eight", "course.yaml:8: ", "eight"},
	{"hours that the contents do not have", "course.yaml", "hours: 1.5", "hours: 1.7", "course.yaml:8: 1.7 hours are stated, and the contents take 91 minutes", "1.5"},
	{"a good end out of reach", "scenarios/coach.yaml", "helped: {end: good", "helped: {end: fair", "scenarios/coach.yaml:12: ", "no way leads to a good end"},
	{"not a number", "course.yaml", "hours: 1.5", "hours: .nan", "course.yaml:8: ", ""},
	{"list instead of text", "course.yaml", `version: "1.0.0"`, "version: [1]", "course.yaml:3: ", "text"},
	{"newer format", "course.yaml", "format: 1", "format: 2", "course.yaml:1: ", ""},
	{"bad id", "course.yaml", "id: small-course", "id: Small_Course", "course.yaml:2: ", "not an id"},
	{"bad language", "course.yaml", "languages: [pl, en]", "languages: [pl, en, ../x]", "course.yaml:4: ", "../x"},
	{"translation missing", "course.yaml", `{pl: "Mały kurs", en: "A small course"}`, `{pl: "Mały kurs"}`, "course.yaml:5: ", `"en"`},
	{"translation empty", "course.yaml", `{pl: "Mały kurs", en: "A small course"}`, `{pl: "Mały kurs", en: "  "}`, "course.yaml:5: ", `"en"`},
	{"foreign language", "course.yaml", `{pl: "Mały kurs", en: "A small course"}`, `{pl: "M", en: "A", uk: "М"}`, "course.yaml:5: ", `"uk"`},
	{"anchor", "course.yaml", `summary:  {`, `summary: &a {`, "course.yaml:6: ", "anchors"},
	{"alias", "course.yaml", `audience: {pl: "Programistki i programiści", en: "Programmers"}`, "audience: *a", "course.yaml:", ""},
	{"unknown topic", "course.yaml", "topic: law", "topic: lwa", "course.yaml:13: ", "did you mean law?"},
	{"objective twice", "course.yaml", "- id: support", "- id: definition", "course.yaml:", "definition"},
	{"part twice", "course.yaml", "- lesson: support", "- lesson: definition", "course.yaml:24: ", "twice"},
	{"lesson not there", "course.yaml", "- lesson: support", "- lesson: suport", "modules/law/suport.en.md: ", "missing"},
	{"scenario not there", "course.yaml", "- scenario: coach", "- scenario: couch", "scenarios/couch.yaml: ", ""},
	{"lesson not named", "modules/law/extra.pl.md", "", "---\ntitle: x\n---\n", "modules/law/extra.pl.md: ", ""},
	{"lesson in one language", "course.yaml", "- lesson: support", "- lesson: support\n      - lesson: extra", "modules/law/extra.en.md: ", "missing"},
	{"no test", "course.yaml", "test: final\n", "", "course.yaml:", "test"},
	{"unknown test", "course.yaml", "test: final\n", "test: finale\n", "course.yaml", "finale"},
	{"completion word", "course.yaml", "lessons: all", "lessons: every", "course.yaml:27: ", "every"},
	{"certificate key", "course.yaml", "valid_months", "valid_moths", "course.yaml:30: ", "did you mean valid_months?"},
	{"negative months", "course.yaml", "valid_months: 36", "valid_months: -1", "course.yaml:30: ", "-1"},
	{"no YAML", "course.yaml", "hours: 1.5", "hours: [", "course.yaml:", "YAML"},
	{"second document", "course.yaml", "format: 1", "---\nformat: 1\n---\nformat: 1", "course.yaml:3: ", "second document"},
	{"stray file", "notes.docx", "", "x", "notes.docx: ", ""},
	{"stray yml", "items/more.yml", "", "[]", "items/more.yml: ", ""},
	{"not UTF-8", "glossary.yaml", "Winning", "Winn\xffing", "glossary.yaml", ""},
	{"term twice", "glossary.yaml", "- id: werbunek", "- id: werbunek\n  term: {pl: a, en: b}\n  text: {pl: a, en: b}\n- id: werbunek", "glossary.yaml:4: ", "twice"},

	{"item id twice", "items/tests.yaml", "- id: def-2", "- id: def-1", "items/tests.yaml:13: ", "twice"},
	{"item of two files", "items/tests.yaml", "- id: def-2", "- id: check-match", "items/tests.yaml:13: ", "twice"},
	{"item without explanation", "items/tests.yaml", "  explanation: {pl: \"Trzy.\", en: \"Three.\"}\n", "", "items/tests.yaml:13: ", "explanation"},
	{"unknown objective", "items/tests.yaml", "objective: support", "objective: suport", "items/tests.yaml:", "did you mean support?"},
	{"two correct", "items/checks.yaml", `en: "Transport"}, feedback`, `en: "Transport"}, correct: true, feedback`, "items/checks.yaml:", "2 options are correct"},
	{"none correct", "items/checks.yaml", "correct: true", "correct: false", "items/checks.yaml:", "0 options are correct"},
	{"all correct", "items/tests.yaml", "correct: false", "correct: true", "items/tests.yaml:", "3 of 3"},
	{"correct is no truth value", "items/tests.yaml", "correct: false", "correct: perhaps", "items/tests.yaml:", "perhaps"},
	{"no feedback", "items/checks.yaml", `, feedback: {pl: "Nie.", en: "No."}`, "", "items/checks.yaml:9: ", "feedback"},
	{"option id twice", "items/checks.yaml", "{id: b, text", "{id: a, text", "items/checks.yaml:", "twice"},
	{"key of another type", "items/checks.yaml", "  steps:\n", "  answer: 3\n  steps:\n", "items/checks.yaml:", "answer"},
	{"two steps", "items/checks.yaml", "    - {id: third, text: {pl: \"Skierowanie\", en: \"Referral\"}}\n", "", "items/checks.yaml:", "3 to 8"},
	{"equal right sides", "items/checks.yaml", `right: {pl: "Sądzi"`, `right: {pl: "Ściga"`, "items/checks.yaml:", "Ściga"},
	{"answer is no number", "items/tests.yaml", "answer: 3", "answer: three", "items/tests.yaml:", "three"},
	{"tolerance below 0", "items/tests.yaml", "tolerance: 0.5", "tolerance: -1", "items/tests.yaml:", ""},
	{"accept without a language", "items/tests.yaml", `, en: ["KCIK"]`, "", "items/tests.yaml:", `"en"`},
	{"level", "items/tests.yaml", "level: 3", "level: 5", "items/tests.yaml:4: ", "5"},
	{"raw HTML in an item", "items/tests.yaml", `"Which?"`, `"Which <b>one</b>?"`, "items/tests.yaml:", "HTML"},
	{"unknown term in an item", "items/tests.yaml", `"Which?"`, `"Which [[word]]?"`, "items/tests.yaml:", "word"},
	{"items are no list", "items/more.yaml", "", "id: x\n", "items/more.yaml:1: ", "list"},

	{"step without a rating", "items/competence.yaml", ", rating: poor", "", "items/competence.yaml:", "rating"},
	{"step with an unknown rating", "items/competence.yaml", "rating: poor", "rating: bad", "items/competence.yaml:", "bad"},
	{"step with a correct option", "items/competence.yaml", "rating: poor", "correct: true, rating: poor", "items/competence.yaml:", "correct"},
	{"step without a good option", "items/competence.yaml", "rating: good", "rating: fair", "items/competence.yaml:", "0 of 3 options are good"},
	{"step with good options only", "items/competence.yaml", "rating: fair, feedback: {pl: \"Można lepiej.\", en: \"It can be done better.\"}}\n    - {id: c, text: {pl: \"Odchodzę\", en: \"Walk away\"}, rating: poor", "rating: good}\n    - {id: c, text: {pl: \"Odchodzę\", en: \"Walk away\"}, rating: good", "items/competence.yaml:", "3 of 3 options are good"},
	{"rating of a single choice", "items/competence.yaml", "correct: true", "correct: true, rating: good", "items/competence.yaml:", "rating"},
	{"picture in a competence item", "items/competence.yaml", `"Co robisz?"`, `"![Trzy pola](media/elements.svg)"`, "items/competence.yaml:", "no pictures"},
	{"competence item in a test", "items/competence.yaml", "- id: know-a1\n  use: competence", "- id: know-a1\n  use: test", "forms/knowing.yaml:7: ", `"know-a1" is for use in a test`},
	{"competence item in a check", "modules/law/definition.en.md", "check-order", "know-a1", "modules/law/definition.en.md:", "know-a1"},
	{"competence item that no form asks", "items/competence.yaml", "- id: know-a1", "- id: know-a0\n  use: competence\n  objective: support\n  level: 1\n  type: number\n  question: {pl: a, en: b}\n  answer: 1\n  explanation: {pl: a, en: b}\n- id: know-a1", "items", `no form asks the competence item "know-a0"`},

	{"form of an unknown item", "forms/knowing.yaml", "know-a1", "knwo-a1", "forms/knowing.yaml:7: ", "did you mean know-a1?"},
	{"item on two forms", "forms/knowing.yaml", "know-b1", "know-a1", "forms/knowing.yaml:9: ", "in the form A already"},
	{"forms that are not parallel", "forms/knowing.yaml", "know-b3, help-b1", "know-b3", "forms/knowing.yaml:", `the objective "support" has 2 items in form A and 1 in form B`},
	{"form with few items", "forms/knowing.yaml", "[know-b1, know-b2, know-b3, help-b1, help-b2]", "[know-b1, help-b1]", "forms/knowing.yaml:8: ", "2 items"},
	{"form with another name", "forms/knowing.yaml", "name: B", "name: D", "forms/knowing.yaml:8: ", `named "D"`},
	{"one form only", "forms/knowing.yaml", "  - name: B\n    items: [know-b1, know-b2, know-b3, help-b1, help-b2]\n", "", "forms/knowing.yaml:", "two parallel forms"},
	{"forms' id and file", "forms/knowing.yaml", "id: knowing", "id: known", "forms/knowing.yaml:1: ", "known"},
	{"unknown key of forms", "forms/knowing.yaml", "minutes: 10", "minuets: 10", "forms/knowing.yaml:4: ", "did you mean minutes?"},
	{"minutes of forms", "forms/knowing.yaml", "minutes: 10", "minutes: 1000", "forms/knowing.yaml:4: ", "1000"},
	{"forms in one language", "forms/knowing.yaml", `, en: "What is known already"`, "", "forms/knowing.yaml:2: ", `"en"`},

	{"draw too many", "tests/final.yaml", "count: 2", "count: 3", "tests/final.yaml:8: ", "3"},
	{"more applied than drawn", "tests/final.yaml", "applied: 1", "applied: 3", "tests/final.yaml:8: ", "3 of 2"},
	{"more applied than there are", "tests/final.yaml", "applied: 1", "applied: 2", "tests/final.yaml:8: ", "2 applied items are drawn and \"definition\" has 1"},
	{"more on trial than there are", "tests/final.yaml", "pilots: 1", "pilots: 2", "tests/final.yaml:10: ", "2 items on trial"},
	{"items on trial that no attempt asks", "tests/final.yaml", "pilots: 1\n", "", "tests/final.yaml: warning: ", "sup-2"},
	{"one on trial is drawn", "tests/final.yaml", "support, count: 1", "support, count: 2", "tests/final.yaml:9: ", "2 items are drawn"},
	{"check on trial", "items/checks.yaml", "level: 1\n", "level: 1\n  pilot: true\n", "items/checks.yaml:5: ", "practice"},
	{"rests on nothing", "items/tests.yaml", "[elements]", "[elments]", "items/tests.yaml:", "no lesson has a key point \"elments\""},
	{"key point twice", "modules/law/definition.en.md", ":::warning\nA hard passage.", ":::key id=elements\nx\n:::\n\n:::warning\nA hard passage.", "modules/law/definition.en.md:", "twice"},
	{"key point with another name", "modules/law/definition.en.md", "id=elements", "id=parts", "modules/law/definition.en.md", "key elements"},
	{"key point without a good name", "modules/law/definition.en.md", "id=elements", "id=Parts", "modules/law/definition.en.md:", "\"Parts\" cannot be an id"},
	{"draw of an unknown objective", "tests/final.yaml", "objective: support", "objective: suport", "tests/final.yaml:9: ", "did you mean support?"},
	{"draw twice", "tests/final.yaml", "objective: support", "objective: definition", "tests/final.yaml:9: ", "twice"},
	{"objective not measured", "tests/final.yaml", "  - {objective: support, count: 1}\n", "", "tests/final.yaml", "support"},
	{"pass above 100", "tests/final.yaml", "pass: 75", "pass: 101", "tests/final.yaml:4: ", ""},
	{"wait longer than 90 days", "tests/final.yaml", "pass: 75", "pass: 75\nwait_hours: 2161", "tests/final.yaml:5: ", "2160"},
	{"wait for an attempt that is not allowed", "tests/final.yaml", "pass: 75", "pass: 75\nwait_hours: 12\nattempts: 1", "tests/final.yaml:5: ", "one attempt"},
	{"test id and file", "tests/final.yaml", "id: final", "id: last", "tests/final.yaml:1: ", "last"},

	{"start leads nowhere", "scenarios/coach.yaml", "start: arrival", "start: arival", "scenarios/coach.yaml:10: ", "did you mean arrival?"},
	{"choice leads nowhere", "scenarios/coach.yaml", "to: talk", "to: tlak", "scenarios/coach.yaml:20: ", "did you mean talk?"},
	{"unknown counter in change", "scenarios/coach.yaml", "change: {trust: 1}", "change: {rtust: 1}", "scenarios/coach.yaml:18: ", "did you mean trust?"},
	{"unknown counter in when", "scenarios/coach.yaml", "trust >= 3", "turst >= 3", "scenarios/coach.yaml:29: ", "did you mean trust?"},
	{"bad condition", "scenarios/coach.yaml", "trust >= 3", "trust => 3", "scenarios/coach.yaml:29: ", ""},
	{"or in a condition", "scenarios/coach.yaml", "trust >= 3", "trust >= 3 or trust < 1", "scenarios/coach.yaml:29: ", ""},
	{"no unconditional choice", "scenarios/coach.yaml", "change: {trust: 1}\n        consequence: {pl: \"Mówi.\", en: \"She talks.\"}\n        to: talk\n      - text: {pl: \"Odj", "when: \"trust > 0\"\n        consequence: {pl: \"Mówi.\", en: \"She talks.\"}\n        to: talk\n      - when: \"trust > 0\"\n        text: {pl: \"Odj", "scenarios/coach.yaml:", "condition"},
	{"unreachable node", "scenarios/coach.yaml", "  lost: {", "  island: {end: fair, text: {pl: a, en: b}}\n  lost: {", "scenarios/coach.yaml:", "island"},
	{"dead end", "scenarios/coach.yaml", "lost: {end: poor, ", "lost: {", "scenarios/coach.yaml:", "lost"},
	{"end with choices", "scenarios/coach.yaml", "  talk:\n", "  talk:\n    end: good\n", "scenarios/coach.yaml:", "end"},
	{"choice never there", "scenarios/coach.yaml", "trust >= 3", "trust >= 30", "scenarios/coach.yaml:", "never"},
	{"clock never runs out", "scenarios/coach.yaml", "minutes: 4\n        change: {trust: 1}\n        consequence: {pl: \"Mówi.\", en: \"She talks.\"}\n        to: talk\n      - text: {pl: \"Prz", "change: {trust: 1}\n        consequence: {pl: \"Mówi.\", en: \"She talks.\"}\n        to: lost\n      - text: {pl: \"Prz", "scenarios/coach.yaml:", "never"},
	{"clock without late", "scenarios/coach.yaml", "late: too-late\n", "", "scenarios/coach.yaml:", "late"},
	{"rating", "scenarios/coach.yaml", "rating: good", "rating: best", "scenarios/coach.yaml:16: ", "best"},

	{"no head", "modules/law/support.en.md", "---\ntitle", "title", "modules/law/support.en.md:1: ", "head"},
	{"head key", "modules/law/support.en.md", "minutes: 20", "minuts: 20", "modules/law/support.en.md:3: ", "did you mean minutes?"},
	{"head objective", "modules/law/support.en.md", "[support]", "[suport]", "modules/law/support.en.md:4: ", "did you mean support?"},
	{"raw HTML", "modules/law/definition.en.md", "A meaning.", "A <i>meaning</i>.", "modules/law/definition.en.md:18: ", "HTML"},
	{"HTML block", "modules/law/definition.en.md", "## A heading", "<script>alert(1)</script>", "modules/law/definition.en.md:9: ", "HTML"},
	{"HTML comment", "modules/law/definition.en.md", "## A heading", "<!-- secret -->", "modules/law/definition.en.md:9: ", "HTML"},
	{"first heading", "modules/law/definition.en.md", "## A heading", "# A heading", "modules/law/definition.en.md:9: ", "heading"},
	{"unknown term", "modules/law/definition.en.md", "[[werbunek]]", "[[webunek]]", "modules/law/definition.en.md:7: ", "did you mean werbunek?"},
	{"unknown lesson link", "modules/law/definition.en.md", "lesson:support", "lesson:suport", "modules/law/definition.en.md:7: ", "suport"},
	{"unsafe link", "modules/law/definition.en.md", "https://example.org/", "javascript:alert(1)//", "modules/law/definition.en.md:7: ", "javascript"},
	{"http link", "modules/law/definition.en.md", "https://example.org/", "http://example.org/", "modules/law/definition.en.md:7: ", "https"},
	{"image without alt", "modules/law/definition.en.md", "Three fields side by side", "", "modules/law/definition.en.md:11: ", "alternative"},
	{"image missing", "modules/law/definition.en.md", "elements.svg", "element.svg", "modules/law/definition.en.md:11: ", "element.svg"},
	{"image in a text", "modules/law/definition.en.md", "![Three", "See ![Three", "modules/law/definition.en.md:11: ", "line of its own"},
	{"unknown block", "modules/law/definition.en.md", ":::example", ":::exmaple", "modules/law/definition.en.md:", "did you mean example?"},
	{"block not closed", "modules/law/definition.en.md", "A fictional case.\n:::", "A fictional case.", "modules/law/definition.en.md:", "not closed"},
	{"block in a block", "modules/law/definition.en.md", "To remember.", ":::example\nx\n:::", "modules/law/definition.en.md:", "block"},
	{"stray end of block", "modules/law/definition.en.md", "## A heading", ":::", "modules/law/definition.en.md:9: ", "block"},
	{"block attribute", "modules/law/definition.en.md", `label="What would you do?"`, `lable="What?"`, "modules/law/definition.en.md:", "label"},
	{"law without source", "modules/law/definition.en.md", `:::law source="Kodeks karny, art. 189a" checked`, ":::law checked", "modules/law/definition.en.md:", "source"},
	{"law without day", "modules/law/definition.en.md", `art. 189a" checked=2026-11-23`, `art. 189a"`, "modules/law/definition.en.md:", "checked"},
	{"law with a day that is none", "modules/law/definition.en.md", `art. 189a" checked=2026-11-23`, `art. 189a" checked=2026-11-31`, "modules/law/definition.en.md:", "2026-11-31"},
	{"attribute text without quotes", "modules/law/definition.en.md", `source="Kodeks karny, art. 189a"`, `source=Kodeks karny`, "modules/law/definition.en.md:", "karny"},
	{"compare with one part", "modules/law/definition.en.md", "### Trafficking\n", "", "modules/law/definition.en.md:", "part"},
	{"unknown item", "modules/law/definition.en.md", "check-order", "check-odrer", "modules/law/definition.en.md:", "did you mean check-order?"},
	{"test item in a check", "modules/law/definition.en.md", "check-order", "def-1", "modules/law/definition.en.md:", "def-1"},
	{"checks differ", "modules/law/definition.en.md", "check-single check-order", "check-order check-single", "modules/law/definition.en.md", "check-order"},
	{"blocks differ", "modules/law/definition.en.md", ":::warning\nA hard passage.\n:::\n", "A hard passage.\n", "modules/law/definition.en.md", "warning"},
	{"minutes differ", "modules/law/definition.en.md", "minutes: 25", "minutes: 26", "modules/law/definition.en.md", "minutes"},
	{"check with a body", "modules/law/support.en.md", "items=\"check-match\"\n", "items=\"check-match\"\nText.\n", "modules/law/support.en.md:", "check"},
	{"audio without transcript", "modules/law/support.en.md", "What is said.\n", "", "modules/law/support.en.md:", "empty"},
	{"audio of a picture", "modules/law/support.en.md", "media/a.mp3", "media/elements.svg", "modules/law/support.en.md:", "elements.svg"},

	{"script in SVG", "media/elements.svg", "<title>", "<script>alert(1)</script><title>", "media/elements.svg:1: ", "script"},
	{"handler in SVG", "media/elements.svg", "<rect ", `<rect onload="x()" `, "media/elements.svg:1: ", "onload"},
	{"foreign object in SVG", "media/elements.svg", "<title>", "<foreignObject/><title>", "media/elements.svg:1: ", "foreignObject"},
	{"link in SVG", "media/elements.svg", "<rect ", `<use href="https://example.org/a.svg#x"/><rect `, "media/elements.svg:1: ", "elsewhere"},
	{"style in SVG", "media/elements.svg", "<title>", "<style>@import 'x'</style><title>", "media/elements.svg:1: ", "elsewhere"},
	{"animation in SVG", "media/elements.svg", "<title>", `<set attributeName="href" to="javascript:x"/><title>`, "media/elements.svg:1: ", "set"},
	{"entity in SVG", "media/elements.svg", "<svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg", "media/elements.svg:1: ", "document type"},
	{"broken SVG", "media/elements.svg", "</svg>", "", "media/elements.svg", "read"},
	{"no sound", "media/a.mp3", "ID3", "XXX", "media/a.mp3: ", "ending"},
	{"unused medium", "media/other.svg", "", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "media/other.svg: warning: ", ""},
	{"medium of another kind", "media/x.exe", "", "MZ", "media/x.exe: ", ""},
	{"check item not asked", "modules/law/support.en.md", ":::check items=\"check-match\"\n:::\n", "", "modules/law/support", ""},
}

// TestFaults makes one fault at a time in the good course. Each must be found on its line.
func TestFaults(t *testing.T) {
	base := coursetest.Good(t)
	for _, c := range faultCases {
		t.Run(c.name, func(t *testing.T) {
			_, faults := loadAll(t, coursetest.With(t, base, c.file, c.old, c.replacement))
			for _, f := range faults {
				if s := f.String(); strings.HasPrefix(s, c.want) && strings.Contains(s, c.say) {
					return
				}
			}
			t.Errorf("want %q … %q among:\n%s", c.want, c.say, list(faults))
		})
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestManyFaultsAtOnce compares all faults of a folder full of them with a list that a person has read.
func TestManyFaultsAtOnce(t *testing.T) {
	_, faults := loadAll(t, os.DirFS("testdata/faulty"))
	got := list(faults)
	if *update {
		if err := os.WriteFile("testdata/faulty.golden", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/faulty.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("go test -run ManyFaults -update writes this to testdata/faulty.golden:\n%s", got)
	}
}

// TestACourseNeedsNoTest: one whose completion asks for none has no fault for want of it.
func TestACourseNeedsNoTest(t *testing.T) {
	m := coursetest.With(t, coursetest.With(t, coursetest.Good(t), "course.yaml", "test: final\n", ""), "course.yaml", "test: pass", "test: none")
	m = coursetest.With(t, m, "course.yaml", "hours: 1.5\n", "")
	delete(m, "tests/final.yaml")
	if c, faults := loadAll(t, m); len(folder.Blocking(faults)) > 0 || c.FinalTest() != nil || c.Hours != 0.5 {
		t.Errorf("faults:\n%s", list(faults))
	}
}

// TestATestIsNotMissedWhereCourseYAMLCannotBeRead: the fault is the one of course.yaml, not what follows from it.
func TestATestIsNotMissedWhereCourseYAMLCannotBeRead(t *testing.T) {
	m := coursetest.With(t, coursetest.With(t, coursetest.Good(t), "course.yaml", "test: final\n", "test: finale\n"), "course.yaml", "languages: [pl, en]", "languages: []")
	if _, faults := loadAll(t, m); len(folder.Blocking(faults)) == 0 || strings.Contains(list(faults), `there is no test "finale"`) {
		t.Errorf("faults:\n%s", list(faults))
	}
}
