package programme_test

import (
	"strings"
	"testing"

	"ostoja/internal/course/folder"
	"ostoja/internal/course/programme"
	"ostoja/internal/course/yamlfile"
	"ostoja/internal/text"
)

type polish struct{}

func (polish) Text(v yamlfile.Value) text.Translated {
	if s := v.Str(); s != "" {
		return text.Translated{"pl": s}
	}
	return nil
}

const agenda = `format: 1
minutes_per_hour: 60
hours: {theory: 1, exercise: 0.5}
group: {least: 12, most: 25}
days:
  - sessions:
      - id: morning
        title: Rano
        from: "9:00"
        until: "10:45"
        blocks:
          - {id: a, start: "9:00", minutes: 60, kind: theory, title: A, objectives: [x]}
          - {id: b, start: "10:00", minutes: 15, kind: break, title: B}
          - {id: c, start: "10:15", minutes: 30, kind: exercise, title: C, objectives: [y], handouts: [h, g], cases: [k]}
      - id: noon
        title: Po południu
        from: "11:00"
        until: "11:20"
        blocks:
          - {id: d, start: "11:00", minutes: 20, kind: test, title: D, handouts: [g]}
`

func read(source string) (*programme.Programme, string) {
	var faults folder.Faults
	p := programme.Read(yamlfile.Parse("programme.yaml", []byte(source), 0, &faults), polish{})
	var said []string
	for _, f := range faults.List() {
		said = append(said, f.String())
	}
	return p, strings.Join(said, "\n")
}

func TestAnAgendaIsRead(t *testing.T) {
	p, said := read(agenda)
	if said != "" {
		t.Fatal(said)
	}
	if p.Hours() != 1.5 || len(p.Days) != 1 || len(p.Sessions()) != 2 || len(p.Blocks()) != 4 {
		t.Errorf("%g hours, %d days, %d sessions, %d blocks", p.Hours(), len(p.Days), len(p.Sessions()), len(p.Blocks()))
	}
	if got := strings.Join(append(p.Handouts(), p.Cases()...), " "); got != "h g k" {
		t.Errorf("handouts and cases: %s", got)
	}
	if at := p.Blocks()[2].Start.String(); at != "10:15" {
		t.Errorf("the third block begins at %s", at)
	}
}

func TestWhatDoesNotAddUp(t *testing.T) {
	for name, f := range map[string]struct{ old, replacement, says string }{
		"a hole":                  {`start: "10:15"`, `start: "10:20"`, "programme.yaml:14: nothing is planned from 10:15 to 10:20"},
		"an overlap":              {`start: "10:15"`, `start: "10:10"`, "programme.yaml:14: the block begins at 10:10, before the one before it is over at 10:15"},
		"a late beginning":        {`from: "9:00"`, `from: "8:50"`, "nothing is planned from 8:50 to 9:00"},
		"over too early":          {`until: "10:45"`, `until: "11:00"`, "programme.yaml:10: the blocks are over at 10:45 and the session at 11:00"},
		"sessions overlap":        {`from: "11:00"`, `from: "10:40"`, "the session begins at 10:40, before the one before it is over at 10:45"},
		"theory is not declared":  {"theory: 1,", "theory: 2,", "programme.yaml:3: 2 hours of theory of 60 minutes are declared, and the blocks take 60 minutes"},
		"hours are of 45 minutes": {"minutes_per_hour: 60", "minutes_per_hour: 45", "0.5 hours of exercise of 45 minutes are declared, and the blocks take 30 minutes"},
		"an hour of 50 minutes":   {"minutes_per_hour: 60", "minutes_per_hour: 50", "an hour has 50 minutes"},
		"a group of none":         {"least: 12", "least: 30", "a group has at least 30 people and at most 25"},
		"no time of the day":      {`start: "10:00"`, `start: "10.00"`, `"10.00" is not a time of the day`},
		"an hour too many":        {`until: "11:20"`, `until: "24:00"`, `"24:00" is not a time of the day`},
		"an id twice":             {"id: c,", "id: a,", `the id "a" is there twice`},
		"a session like a block":  {"id: noon", "id: b", `the id "b" is there twice`},
		"no objective":            {", objectives: [x]", "", `the block "a" serves no objective`},
		"another kind":            {"kind: test", "kind: exam", `"exam" is not one of theory, exercise, break, test`},
		"a card nobody gets":      {"group:", "card: z\ngroup:", `no block hands out "z"`},
		"hours without end":       {"theory: 1,", "theory: .inf,", "is not a number"},
		"an unknown key":          {"group:", "groups:", `unknown key "groups"`},
		"a later format":          {"format: 1", "format: 2", "this program reads format 1"},
		"an empty day":            {"days:\n", "days:\n  - sessions: []\n", "the day has no sessions"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(agenda, f.old) {
				t.Fatalf("the agenda has no %q", f.old)
			}
			if _, said := read(strings.Replace(agenda, f.old, f.replacement, 1)); !strings.Contains(said, f.says) {
				t.Errorf("said:\n%s\nand not %s", said, f.says)
			}
		})
	}
}

func TestAnEmptyAgenda(t *testing.T) {
	if _, said := read("format: 1\nminutes_per_hour: 45\nhours: {theory: 0, exercise: 0}\ngroup: {least: 1, most: 2}\ndays: []\n"); !strings.Contains(said, "the programme has no blocks") {
		t.Error(said)
	}
	if p, said := read("[1]"); p != nil || said == "" {
		t.Errorf("%+v, %s", p, said)
	}
}

// Headings within blocks and code are none of the text's.
func TestPieces(t *testing.T) {
	pieces := programme.Pieces("Wstęp\n\n## 5 min: A\n\nx\n\n:::compare\n### a\n## b\n:::\n\n```\n## c\n```\n## 10 min: B\ny")
	if len(pieces) != 3 || pieces[0].Body != "Wstęp\n\n" || pieces[1].Line != 2 || pieces[2].Line != 14 || pieces[2].Body != "y\n" {
		t.Errorf("%+v", pieces)
	}
	if m, title, ok := pieces[2].Step(); m != 10 || title != "B" || !ok {
		t.Errorf("%d %q %v", m, title, ok)
	}
	for _, head := range []string{"0 min: x", "5 minut: x", "5 min:", "min: x", "5 min x"} {
		if _, _, ok := (programme.Piece{Head: head}).Step(); ok {
			t.Errorf("%q is a step", head)
		}
	}
	if block, title, ok := (programme.Piece{Head: "safe-talk: Kto tłumaczy?"}).Slide(); block != "safe-talk" || title != "Kto tłumaczy?" || !ok {
		t.Errorf("%q %q %v", block, title, ok)
	}
}

// FuzzRead: whatever is written, reading ends, and an agenda without faults adds up.
func FuzzRead(f *testing.F) {
	f.Add(agenda)
	f.Add("format: 1\ndays: [[[[]]]]\n")
	f.Add(strings.Replace(agenda, "minutes: 60", "minutes: -1", 1))
	f.Fuzz(func(t *testing.T, source string) {
		p, said := read(source)
		if p == nil || said != "" {
			return
		}
		for _, s := range p.Sessions() {
			at := s.From
			for _, b := range s.Blocks {
				if b.Start != at {
					t.Fatalf("a hole at %s", at)
				}
				at += programme.Clock(b.Minutes)
			}
			if at != s.Until && len(s.Blocks) > 0 {
				t.Fatalf("the session %s is over at %s and not at %s", s.ID, at, s.Until)
			}
		}
	})
}
