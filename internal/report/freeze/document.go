package freeze

import (
	"bytes"
	"encoding/json"
	"math"
	"time"

	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/text"
)

// Format is the number of the form of documents that are made now; a reader says so of one that is newer instead of guessing. A report keeps the form with which it was frozen, so that
// its package can be made again with the same bytes. Form 1 has none of what the office notes beside its figures.
const (
	Format      = 2
	formatNotes = 2 // the first with notes
)

// Document is a report as it was frozen: everything that the other files of the package show. Days are 2026-11-30; a figure that there is not, or that must not be told, is null.
type Document struct {
	Format    int           `json:"format"`
	Number    int           `json:"number"` // of the report within the project
	At        time.Time     `json:"frozen_at"`
	Project   Project       `json:"project"`
	Period    Period        `json:"period"`
	Signed    Signed        `json:"signed"`
	Publisher Publisher     `json:"iati_publisher"`
	Funds     []Fund        `json:"funds"`
	Gain      []report.Gain `json:"gain"`            // of the whole project until the report was frozen
	Corrected []Correction  `json:"corrected_since"` // figures of earlier frozen reports that are others now
	Notes     *Notes        `json:"notes,omitempty"` // what the office notes beside its figures; nil in form 1
}

// Project is what the report is of.
type Project struct {
	Name     string   `json:"name"`
	Short    string   `json:"short,omitempty"`
	Number   string   `json:"number,omitempty"`   // of the agreement
	Document string   `json:"document,omitempty"` // in the office's accounts
	Office   string   `json:"office"`
	FirstDay string   `json:"first_day"`
	LastDay  string   `json:"last_day"`
	Partners []string `json:"partners,omitempty"`
}

// Period is the part of the project's time.
type Period struct {
	Number   int    `json:"number"`
	FirstDay string `json:"first_day"`
	LastDay  string `json:"last_day"`
}

// Stamp is who signed and on which day.
type Stamp struct {
	Name string `json:"name"`
	Day  string `json:"day"`
}

// Signed is by whom the report was signed off: two different people.
type Signed struct {
	Approved []Stamp `json:"approved"`
	Frozen   Stamp   `json:"frozen"`
}

// Publisher is as whom the office publishes by IATI. Without an identifier there is no IATI file.
type Publisher struct {
	Ref  string `json:"ref,omitempty"`
	Type string `json:"type,omitempty"` // code of the list OrganisationType
}

// Fund is the table that one fund asks for.
type Fund struct {
	ID              string          `json:"id"`
	Title           text.Translated `json:"title"`
	Share           float64         `json:"share_percent"`
	Version         int64           `json:"rules_version"`
	Statement       text.Translated `json:"statement,omitempty"`
	People          People          `json:"people"`
	Indicators      []Indicator     `json:"indicators"`
	GroupsOfPeriod  []Groups        `json:"groups_of_period"`
	GroupsOfProject []Groups        `json:"groups_of_project"` // of all people until the report was frozen
	Coverage        Coverage        `json:"coverage"`

	emblems map[string]fund.Picture // printed with the statement, by language
}

// People is how many people the fund counts.
type People struct {
	Period     int `json:"first_in_period"`
	Cumulative int `json:"cumulative"`
	Active     int `json:"active_in_period"`
}

// Indicator is a figure that the fund asks for, as it was approved.
type Indicator struct {
	ID         string          `json:"id"`
	Title      text.Translated `json:"title,omitempty"` // the fund's words; empty while nobody copied them
	Unit       fund.Unit       `json:"unit"`
	Measure    fund.Measure    `json:"measure"` // how it is counted; "" is by hand
	Target     *float64        `json:"target"`
	Baseline   *float64        `json:"baseline"`
	Period     *float64        `json:"period"`
	Cumulative *float64        `json:"cumulative"`
	Deviation  *float64        `json:"percent_of_target"`
	Bounds     *Bounds         `json:"bounds,omitempty"`
	Few        bool            `json:"few,omitempty"` // of too few people to be told
	Narrative  string          `json:"narrative,omitempty"`
	State      report.State    `json:"state"`
	HandedIn   Stamp           `json:"handed_in"`
	Approved   Stamp           `json:"approved"`
	// Counted is what is counted otherwise on the day of freezing than what was handed in; nil where nothing is.
	Counted *Counted `json:"counted_otherwise,omitempty"`
}

// Bounds are between what the figure lies, where some of those who were asked did not answer.
type Bounds struct {
	Of   int     `json:"answered"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Counted is a figure of another day.
type Counted struct {
	Period     *float64 `json:"period"`
	Cumulative *float64 `json:"cumulative"`
}

// Groups is a breakdown: its groups add up to those told of.
type Groups struct {
	By      fund.Breakdown `json:"by"`
	All     int            `json:"people"`
	Told    int            `json:"told"`
	Waiting int            `json:"waiting"`
	Gone    int            `json:"told_and_no_longer_counted"`
	Groups  []Group        `json:"groups"`
}

// Group is one group of a breakdown.
type Group struct {
	Key  string `json:"key"`
	Name string `json:"name,omitempty"`
	N    int    `json:"people"`
}

// Coverage is how complete the proofs of the people of the period are.
type Coverage struct {
	People   int     `json:"people"`
	Complete int     `json:"complete"`
	Proofs   []Proof `json:"proofs"`
}

// Proof is one that the fund asks for.
type Proof struct {
	Proof fund.Proof `json:"proof"`
	N     int        `json:"people"`
}

// What of an indicator was corrected.
const (
	OfPeriod     = "period"
	OfCumulative = "cumulative"
)

// Correction is a figure of an earlier frozen report that is counted otherwise now.
type Correction struct {
	Report    int             `json:"report"` // number of the earlier report
	Period    int             `json:"period"`
	Fund      string          `json:"fund"`
	Indicator string          `json:"indicator"`
	Title     text.Translated `json:"title,omitempty"`
	Measure   fund.Measure    `json:"measure"`
	Of        string          `json:"of"` // period | cumulative
	Was       *float64        `json:"was"`
	Is        *float64        `json:"is"`
}

// JSON is the document as it stands in the package.
func (d Document) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return b.Bytes(), err
}

// round keeps two decimal places, which is what all files show: they would otherwise differ in the last digits.
func round(x float64) float64 { return math.Round(x*100) / 100 }

func rounded(x *float64) *float64 {
	if x == nil {
		return nil
	}
	r := round(*x)
	return &r
}

// told is the figure that may be told, nil if there is none.
func told(v report.Value) *float64 {
	if !v.Known || v.Few {
		return nil
	}
	r := round(v.N)
	return &r
}

// stamp is who did something and when, in a zone.
func stamp(name string, at time.Time, zone *time.Location) Stamp {
	if at.IsZero() {
		return Stamp{Name: name}
	}
	return Stamp{Name: name, Day: at.In(zone).Format(time.DateOnly)}
}

// documentOf makes the document of a table, whose figures are all approved.
func documentOf(f Frozen, t report.Table, coverage []report.Coverage, zone *time.Location) Document {
	d := Document{
		Format: f.Format, Number: f.Number, At: f.At.UTC(),
		Project: Project{
			Name: t.Name, Short: t.Short, Number: t.Number, Document: t.Document, Office: t.Unit, FirstDay: t.FirstDay, LastDay: t.LastDay, Partners: t.Partners,
		},
		Period:    Period{t.Period.Number, t.Period.FirstDay, t.Period.LastDay},
		Signed:    Signed{Approved: approvals(t, zone), Frozen: stamp(f.FrozenName, f.At, zone)},
		Publisher: f.Publisher, Funds: []Fund{}, Gain: []report.Gain{}, Corrected: []Correction{},
	}
	for i, sheet := range t.Sheets {
		x := Fund{
			ID: sheet.Rules.ID, Title: sheet.Rules.Title, Share: round(float64(sheet.Share) * 100 / project.Whole), Version: sheet.Version, Statement: sheet.Rules.Statement.Text,
			People:     People{int(sheet.People.N), sheet.Whole, sheet.Active},
			Indicators: []Indicator{}, GroupsOfPeriod: groupsOf(sheet.Splits), GroupsOfProject: groupsOf(sheet.Wholes), Coverage: coverageOf(coverage[i]), emblems: map[string]fund.Picture{},
		}
		for _, tag := range Languages {
			if picture, ok := sheet.Rules.Emblem.Picture(tag); ok {
				x.emblems[tag] = picture
			}
		}
		for _, row := range sheet.Rows {
			x.Indicators = append(x.Indicators, indicatorOf(row, zone))
		}
		d.Funds = append(d.Funds, x)
	}
	return d
}

// approvals are who approved figures and when, each person and day once, in the order of the figures.
func approvals(t report.Table, zone *time.Location) (list []Stamp) {
	seen := map[Stamp]bool{}
	for _, sheet := range t.Sheets {
		for _, row := range sheet.Rows {
			s := stamp(row.Figure.ApprovedName, row.Figure.ApprovedAt, zone)
			if !seen[s] {
				seen[s] = true
				list = append(list, s)
			}
		}
	}
	return list
}

func indicatorOf(row report.Row, zone *time.Location) Indicator {
	f := row.Figure
	i := Indicator{
		ID: row.Indicator.ID, Title: row.Indicator.Title, Unit: row.Indicator.Unit, Measure: row.Indicator.Measure,
		Period: rounded(f.Value), Cumulative: rounded(f.Cumulative), Narrative: f.Narrative, State: f.State, Few: row.Period.Few || row.Cumulative.Few,
		HandedIn: stamp(f.HandedName, f.HandedAt, zone), Approved: stamp(f.ApprovedName, f.ApprovedAt, zone),
	}
	if row.Target != nil {
		target := round(row.Target.Target)
		i.Target, i.Baseline = &target, rounded(row.Target.Baseline)
		if i.Cumulative != nil && target != 0 {
			share := round(100 * *i.Cumulative / target)
			i.Deviation = &share
		}
	}
	switch v := row.Period; {
	case row.Changed():
		i.Counted = &Counted{told(row.Period), told(row.Cumulative)}
	case told(v) != nil && v.Low != v.High:
		i.Bounds = &Bounds{v.Of, round(v.Low), round(v.High)}
	}
	return i
}

func groupsOf(splits []report.Split) []Groups {
	list := []Groups{}
	for _, s := range splits {
		x := Groups{By: s.By, All: s.All, Told: s.Told, Waiting: s.Waiting(), Gone: s.Gone, Groups: []Group{}}
		for _, g := range s.Groups {
			x.Groups = append(x.Groups, Group{g.Key, g.Name, g.N})
		}
		list = append(list, x)
	}
	return list
}

func coverageOf(c report.Coverage) Coverage {
	x := Coverage{People: c.People, Complete: c.Complete, Proofs: []Proof{}}
	for _, proof := range c.Rules.Evidence.Required {
		x.Proofs = append(x.Proofs, Proof{proof, c.With[proof]})
	}
	return x
}

// corrections are the figures of an earlier frozen report that are others now.
func corrections(then Document, now report.Table) (list []Correction) {
	live := map[[2]string]report.Row{}
	for _, sheet := range now.Sheets {
		for _, row := range sheet.Rows {
			live[[2]string{sheet.Rules.ID, row.Indicator.ID}] = row
		}
	}
	for _, x := range then.Funds {
		for _, i := range x.Indicators {
			row, there := live[[2]string{x.ID, i.ID}]
			if !there || row.Indicator.Measure == fund.ByHand {
				continue // what the fund asks no more; what was typed stays as it was approved
			}
			for _, c := range []struct {
				of      string
				was, is *float64
			}{{OfPeriod, i.Period, told(row.Period)}, {OfCumulative, i.Cumulative, told(row.Cumulative)}} {
				if same(c.was, c.is) {
					continue
				}
				list = append(list, Correction{Report: then.Number, Period: then.Period.Number, Fund: x.ID, Indicator: i.ID, Title: i.Title, Measure: i.Measure, Of: c.of, Was: c.was, Is: c.is})
			}
		}
	}
	return list
}

func same(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
