package candidacy

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
)

// Levels is how many levels a criterion has; a mark is one of them, from 1.
const Levels = 4

// apart is by how much two marks of one criterion differ so that the two talk about it.
const apart = 2

// Words are a text in the languages of the office.
type Words struct {
	PL string `yaml:"pl"`
	EN string `yaml:"en"`
}

// In returns the text in a language.
func (w Words) In(tag string) string {
	if tag == "en" {
		return w.EN
	}
	return w.PL
}

// Criterion is one of those that a talk is marked by.
type Criterion struct {
	ID     string  `yaml:"id"`
	Must   int     `yaml:"must"` // below it nobody is admitted; 0: none
	Title  Words   `yaml:"title"`
	Hint   Words   `yaml:"hint"`
	Levels []Words `yaml:"levels"`
}

// Rubric is what a talk is marked by.
type Rubric struct {
	Format   int         `yaml:"format"`
	Criteria []Criterion `yaml:"criteria"`
}

// ReadRubric reads and checks a rubric.
func ReadRubric(file []byte) (_ *Rubric, err error) {
	defer errs.Wrap(&err, "candidacy: rubric")
	var r Rubric
	if err := yaml.Unmarshal(file, &r); err != nil {
		return nil, err
	}
	if r.Format != 1 || len(r.Criteria) == 0 {
		return nil, fmt.Errorf("format %d with %d criteria", r.Format, len(r.Criteria))
	}
	seen := map[string]bool{}
	for i, c := range r.Criteria {
		whole := c.Title.PL != "" && c.Title.EN != "" && c.Hint.PL != "" && c.Hint.EN != "" && len(c.Levels) == Levels &&
			!slices.ContainsFunc(c.Levels, func(w Words) bool { return w.PL == "" || w.EN == "" })
		if c.ID == "" || seen[c.ID] || c.Must < 0 || c.Must > Levels || !whole {
			return nil, fmt.Errorf("criterion %d, %q, is not whole, or there twice", i+1, c.ID)
		}
		seen[c.ID] = true
	}
	return &r, nil
}

// Marks are those of one assessor, by criterion.
type Marks map[string]int

// Sheet is what one assessor wrote.
type Sheet struct {
	AssessorID string
	Assessor   string // name
	Marks      Marks  `db:",json"`
	Note       string
	GivenAt    time.Time
}

// Given says whether it was handed in.
func (s Sheet) Given() bool { return !s.GivenAt.IsZero() }

// Joint is what two assessors agreed on, of a criterion that they marked far apart.
type Joint struct {
	Mark int
	Word string
}

// Talk is one with a candidate.
type Talk struct {
	ID          string
	CandidateID string
	HeldOn      string           // 2026-11-30
	Joint       map[string]Joint `db:",json"`
	SettledAt   time.Time
	Edition     int64
	Sheets      []Sheet `db:"-"` // of the two assessors, in the order of their ids
}

// Both says whether both assessors have handed in.
func (t *Talk) Both() bool {
	return len(t.Sheets) == 2 && t.Sheets[0].Given() && t.Sheets[1].Given()
}

// SeenBy returns the talk as a person may see it: until both are in, an assessor sees no marks but their own, and everybody else none.
func (t *Talk) SeenBy(personID string) *Talk {
	out := *t
	out.Sheets = slices.Clone(t.Sheets)
	if t.Both() {
		return &out
	}
	for i, s := range out.Sheets {
		if s.AssessorID != personID || personID == "" {
			out.Sheets[i].Marks, out.Sheets[i].Note = nil, ""
		}
	}
	return &out
}

// Apart lists the criteria about which the two have to talk, in the rubric's order.
func (t *Talk) Apart(r *Rubric) (list []Criterion) {
	if !t.Both() {
		return nil
	}
	for _, c := range r.Criteria {
		if d := t.Sheets[0].Marks[c.ID] - t.Sheets[1].Marks[c.ID]; d >= apart || d <= -apart {
			list = append(list, c)
		}
	}
	return list
}

// Settled says whether both are in and agree where they were far apart.
func (t *Talk) Settled(r *Rubric) bool {
	return t.Both() && !slices.ContainsFunc(t.Apart(r), func(c Criterion) bool { return t.Joint[c.ID].Mark == 0 })
}

// Mark is the one that counts for a criterion: what both agreed on, or else the lower of the two.
func (t *Talk) Mark(id string) int {
	if j := t.Joint[id]; j.Mark > 0 {
		return j.Mark
	}
	if len(t.Sheets) < 2 {
		return 0
	}
	return min(t.Sheets[0].Marks[id], t.Sheets[1].Marks[id])
}

// Missed lists the criteria in which a settled talk lies below what is a must.
func (t *Talk) Missed(r *Rubric) (list []Criterion) {
	for _, c := range r.Criteria {
		if t.Settled(r) && t.Mark(c.ID) < c.Must {
			list = append(list, c)
		}
	}
	return list
}

// checkMarks finds what is wrong with marks that are handed in: each criterion has one.
func (r *Rubric) checkMarks(m Marks, note string) (_ Marks, faults errs.Fields) {
	out := Marks{}
	for _, c := range r.Criteria {
		if out[c.ID] = m[c.ID]; m[c.ID] < 1 || m[c.ID] > Levels {
			faults.Add("mark-"+c.ID, "candidacy.fault.choose")
		}
	}
	checkReason("note", note, 0, &faults)
	return out, faults
}

// checkJoint finds what is wrong with what two agreed on: a mark and a word for each criterion that lies apart, and for no other.
func checkJoint(list []Criterion, said map[string]Joint) (_ map[string]Joint, faults errs.Fields) {
	out := map[string]Joint{}
	for _, c := range list {
		j := said[c.ID]
		if j.Mark < 1 || j.Mark > Levels {
			faults.Add("mark-"+c.ID, "candidacy.fault.choose")
		}
		if utf8.RuneCountInString(j.Word) < leastSaid {
			faults.Add("word-"+c.ID, "candidacy.fault.reason", "Low", leastSaid)
		} else {
			checkReason("word-"+c.ID, j.Word, 0, &faults)
		}
		out[c.ID] = j
	}
	return out, faults
}
