// Package fund keeps what funds ask of a project as data: which figures, split how, with which proofs of each person, under which sentence, and for how many years.
// A rule set comes in a file with the program (the folder funds) or is made by the office, and is edited in the program; each change is a version that stays, so that
// a report can name the one it rests on.
//
// Goals: no wording of a fund is made up, so that a row which nobody has copied from the fund's own text is empty and says so; every rule names where it is from; a rule is
// unconfirmed until a named person confirms it, and again as soon as it is edited; what the office wrote is never overwritten by a newer release. What is ours alone is how Ostoja
// counts an indicator ([Measure]), which no page shows as the fund's words. Limits: costs and rates are no rules here; whether a figure is right is for who computes it.
package fund

import (
	"slices"
	"strings"

	"ostoja/internal/text"
)

// Languages are those in which a set may be worded: of the office, and of those whom a training or a publication reaches.
var Languages = []string{"pl", "en", "uk", "ru", "ar", "vi"}

// Bounds, in characters or entries.
const (
	MostTitle      = 300
	MostShort      = 40
	MostStatement  = 600
	MostDefinition = 4000
	MostNotice     = 12000
	MostVisibility = 6000
	MostDuties     = 20
	MostAddress    = 500
	MostIndicators = 60
	MostSources    = 30
	MostBands      = 12
	MostYears      = 50
)

// State says whether projects may still be opened under a set.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed" // an archive: its reports are handed in, its papers are still kept
)

// States lists them.
var States = []State{Open, Closed}

// Sources that every set has without naming them: what is no fund's own rule.
const (
	OursSource   = "ostoja" // proposed by this program
	OfficeSource = "office" // laid down by the office itself
)

// Source is a text that rules are taken from.
type Source struct {
	Key     string `json:"key" yaml:"key"`
	Title   string `json:"title" yaml:"title"`
	Address string `json:"address,omitempty" yaml:"address,omitempty"` // https://…; "" of a paper
	Read    string `json:"read" yaml:"read"`                           // the day on which somebody read it: 2026-11-30
}

// Wording is a text in the fund's own words. Without any it is a row that the office has still to copy.
type Wording struct {
	Text   text.Translated `json:"text,omitempty" yaml:"text,omitempty"`
	Source string          `json:"source,omitempty" yaml:"source,omitempty"`
}

// Period is when the fund runs. Days are "" where no source says one.
type Period struct {
	From   string `json:"from,omitempty" yaml:"from,omitempty"`   // 2021-01-01
	Until  string `json:"until,omitempty" yaml:"until,omitempty"` // inclusive
	Source string `json:"source,omitempty" yaml:"source,omitempty"`
}

// Need says whether the fund wants its emblem shown.
type Need string

// The needs; "" is the same as unknown.
const (
	NeedYes     Need = "yes"
	NeedNo      Need = "no"
	NeedUnknown Need = "unknown"
)

// Needs lists them.
var Needs = []Need{NeedYes, NeedNo, NeedUnknown}

// Picture is an emblem that the office uploaded; none is shipped, and none leaves with a file.
type Picture struct {
	Lang        string `json:"lang"`
	Hash        string `json:"hash"` // of the blob
	Description string `json:"description"`
}

// Emblem is what the fund asks of its emblem.
type Emblem struct {
	Required Need      `json:"required,omitempty" yaml:"required,omitempty"`
	Source   string    `json:"source,omitempty" yaml:"source,omitempty"`
	Pictures []Picture `json:"pictures,omitempty" yaml:"-"` // one a language, in the order of [Languages]
}

// Picture returns the emblem for a language: its own, or else the first.
func (e Emblem) Picture(lang string) (Picture, bool) {
	if i := slices.IndexFunc(e.Pictures, func(p Picture) bool { return p.Lang == lang }); i >= 0 {
		return e.Pictures[i], true
	}
	if len(e.Pictures) > 0 {
		return e.Pictures[0], true
	}
	return Picture{}, false
}

// Limit says who is not counted, or how.
type Limit string

// The limits that the program can keep.
const (
	NoOwnStaff  Limit = "no-own-staff"  // people marked as the office's or a partner's own are not counted
	OncePerson  Limit = "once"          // a person counts once in a project, however many trainings
	PresentHalf Limit = "present-half"  // who was there for less than half of the time is not counted
	NoticeGiven Limit = "notice-needed" // who was not shown the fund's notice is not counted
)

// Limits lists them.
var Limits = []Limit{NoOwnStaff, OncePerson, PresentHalf, NoticeGiven}

// Counted says who may be counted.
type Counted struct {
	Limits []Limit `json:"limits,omitempty" yaml:"limits,omitempty"`
	Source string  `json:"source,omitempty" yaml:"source,omitempty"`
}

// Has says whether a limit holds.
func (c Counted) Has(l Limit) bool { return slices.Contains(c.Limits, l) }

// Band is a group of ages in whole years, both ends belonging to it.
type Band struct {
	From  int `json:"from" yaml:"from"`
	Until int `json:"until,omitempty" yaml:"until,omitempty"` // 0: no end
}

// Ages are the groups in which the fund wants ages. Without any, a breakdown by age has no groups to go by.
type Ages struct {
	Bands  []Band `json:"bands,omitempty" yaml:"bands,omitempty"`
	Source string `json:"source,omitempty" yaml:"source,omitempty"`
}

// Anchor is from when the years of keeping are counted.
type Anchor string

// The anchors.
const (
	LastPaymentYearEnd Anchor = "last-payment-year-end" // the last day of the year in which the last payment was made
	ProjectEnd         Anchor = "project-end"
	FinalReport        Anchor = "final-report" // the day on which the last report was approved
)

// Anchors lists them.
var Anchors = []Anchor{LastPaymentYearEnd, ProjectEnd, FinalReport}

// Retention is for how long papers must be kept. Without an anchor nobody knows yet.
type Retention struct {
	Anchor Anchor `json:"anchor,omitempty" yaml:"anchor,omitempty"`
	Years  int    `json:"years,omitempty" yaml:"years,omitempty"`
	Source string `json:"source,omitempty" yaml:"source,omitempty"`
}

// Proof is one link of the chain that is wanted of each person who is counted.
type Proof string

// The proofs, in the order in which they come about.
const (
	ProofNotice      Proof = "notice"
	ProofEnrolment   Proof = "enrolment"
	ProofSignature   Proof = "signature" // of each half day
	ProofTest        Proof = "test"
	ProofCertificate Proof = "certificate"
)

// Proofs lists them.
var Proofs = []Proof{ProofNotice, ProofEnrolment, ProofSignature, ProofTest, ProofCertificate}

// Evidence says which proofs there must be of each person who is counted.
type Evidence struct {
	Required []Proof `json:"required,omitempty" yaml:"required,omitempty"`
	Source   string  `json:"source,omitempty" yaml:"source,omitempty"`
}

// Unit is what an indicator's figure counts.
type Unit string

// The units.
const (
	Persons    Unit = "persons"
	PersonDays Unit = "person-days"
	Percent    Unit = "percent"
	Number     Unit = "number"
)

// Units lists them.
var Units = []Unit{Persons, PersonDays, Percent, Number}

// Measure is how Ostoja counts an indicator. It is our own description, never the fund's wording.
type Measure string

// The measures.
const (
	ByHand         Measure = ""               // the office enters the figure
	Participants   Measure = "participants"   // people, each once in the project
	Participations Measure = "participations" // people, once in each training and course
	Useful         Measure = "useful"         // who calls it useful for their work in the evaluation
	UsedLater      Measure = "used-later"     // who uses it three months later
	MeasureDays    Measure = "person-days"    // people times the days on which they were there
	Certificates   Measure = "certificates"
	Trainings      Measure = "trainings"    // trainings that took place
	Gain           Measure = "gain"         // what the same people learned between two tests, in points of a hundred
	Guardians      Measure = "guardians"    // people taken into the register of guardians
	Publications   Measure = "publications" // that came out
	CopiesPrinted  Measure = "copies-printed"
	CopiesGiven    Measure = "copies-given" // handed out at trainings, and sent to units
	Downloads      Measure = "downloads"    // of files of publications
)

// Measures lists them, the one by hand last.
var Measures = []Measure{Participants, Participations, Useful, UsedLater, MeasureDays, Certificates, Trainings, Gain, Guardians, Publications, CopiesPrinted, CopiesGiven, Downloads, ByHand}

// OfPublications says whether it is counted of publications.
func (m Measure) OfPublications() bool {
	return m == Publications || m == CopiesPrinted || m == CopiesGiven || m == Downloads
}

// Breakdown is a split of an indicator's figure.
type Breakdown string

// The breakdowns.
const (
	BySex     Breakdown = "sex"
	ByAge     Breakdown = "age"
	ByService Breakdown = "service"
	ByRegion  Breakdown = "region"
)

// Breakdowns lists them.
var Breakdowns = []Breakdown{BySex, ByAge, ByService, ByRegion}

// gives says in which units a measure comes out, and into what it can be split at all: a training has no age. Whether a split can be counted is another matter, of
// which the report speaks; a set says what the fund asks.
var gives = map[Measure]struct {
	units []Unit
	by    []Breakdown
}{
	ByHand:         {Units, Breakdowns},
	Participants:   {[]Unit{Persons}, Breakdowns},
	Participations: {[]Unit{Persons, Number}, Breakdowns},
	Useful:         {[]Unit{Persons, Percent}, Breakdowns},
	UsedLater:      {[]Unit{Persons, Percent}, Breakdowns},
	MeasureDays:    {[]Unit{PersonDays}, Breakdowns},
	Certificates:   {[]Unit{Persons, Number}, Breakdowns},
	Trainings:      {[]Unit{Number}, []Breakdown{ByService, ByRegion}},
	Gain:           {[]Unit{Percent}, Breakdowns},
	Guardians:      {[]Unit{Persons}, Breakdowns},
	Publications:   {[]Unit{Number}, nil},
	CopiesPrinted:  {[]Unit{Number}, nil},
	CopiesGiven:    {[]Unit{Number}, nil},
	Downloads:      {[]Unit{Number}, nil},
}

// Gives returns the units in which a measure comes out, and the breakdowns that it can have.
func (m Measure) Gives() (units []Unit, by []Breakdown) { return gives[m].units, gives[m].by }

// Indicator is a figure that the fund asks for. Title and definition are the fund's words; without a title they are still to be copied.
type Indicator struct {
	ID         string          `json:"id" yaml:"id"`
	Title      text.Translated `json:"title,omitempty" yaml:"title,omitempty"`
	Definition text.Translated `json:"definition,omitempty" yaml:"definition,omitempty"`
	Unit       Unit            `json:"unit" yaml:"unit"`
	Measure    Measure         `json:"measure" yaml:"measure"`
	By         []Breakdown     `json:"by,omitempty" yaml:"by,omitempty"`
	Source     string          `json:"source" yaml:"source"`
}

// Rules is a rule set: what a fund asks of a project.
type Rules struct {
	ID        string          `json:"id" yaml:"id"`
	State     State           `json:"state" yaml:"state"`
	Title     text.Translated `json:"title" yaml:"title"`
	Short     text.Translated `json:"short" yaml:"short"`
	Named     string          `json:"named" yaml:"named"` // the source of its name
	Sources   []Source        `json:"sources,omitempty" yaml:"sources,omitempty"`
	Period    Period          `json:"period" yaml:"period,omitempty"`
	Statement Wording         `json:"statement" yaml:"statement,omitempty"` // the sentence that publications bear
	Emblem    Emblem          `json:"emblem" yaml:"emblem,omitempty"`
	Notice    Wording         `json:"notice" yaml:"notice,omitempty"` // what participants must be told
	// Visibility is what a project must do so that it is seen who pays, one duty a line. It is not stored while it is empty: sets of before it was there have the same digest.
	Visibility Wording     `json:"visibility,omitzero" yaml:"visibility,omitempty"`
	Counted    Counted     `json:"counted" yaml:"counted,omitempty"`
	Ages       Ages        `json:"ages" yaml:"ages,omitempty"`
	Retention  Retention   `json:"retention" yaml:"retention,omitempty"`
	Evidence   Evidence    `json:"evidence" yaml:"evidence,omitempty"`
	Indicators []Indicator `json:"indicators,omitempty" yaml:"indicators,omitempty"`
}

// Indicator returns the indicator with an id.
func (r Rules) Indicator(indicatorID string) (Indicator, bool) {
	if i := slices.IndexFunc(r.Indicators, func(x Indicator) bool { return x.ID == indicatorID }); i >= 0 {
		return r.Indicators[i], true
	}
	return Indicator{}, false
}

// Duties are those of visibility, each in the languages that the set has it in.
func (r Rules) Duties() (list []text.Translated) {
	for tag, said := range r.Visibility.Text {
		for i, line := range dutyLines(said) {
			for len(list) <= i {
				list = append(list, text.Translated{})
			}
			list[i][tag] = line
		}
	}
	return list
}

// dutyLines are the lines of a text that say something.
func dutyLines(said string) (lines []string) {
	for line := range strings.Lines(said) {
		if line = text.Clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// unlike returns a language that has another number of duties than the others, "" if there is none.
func unlike(t text.Translated) string {
	n := 0
	for _, tag := range Languages {
		switch lines := len(dutyLines(t[tag])); {
		case lines == 0 || lines == n:
		case n > 0 || lines > MostDuties:
			return tag
		default:
			n = lines
		}
	}
	return ""
}

// SourceOf returns the source with a key; false for the two that every set has, and for one that it has not.
func (r Rules) SourceOf(key string) (Source, bool) {
	if i := slices.IndexFunc(r.Sources, func(s Source) bool { return s.Key == key }); i >= 0 {
		return r.Sources[i], true
	}
	return Source{}, false
}

// knows says whether a rule may name a source.
func (r Rules) knows(key string) bool {
	_, listed := r.SourceOf(key)
	return listed || key == OursSource || key == OfficeSource
}

// Rule names one rule of a set: the smallest part that is edited and confirmed by itself.
type Rule string

// The rules that every set has. Each indicator is one more ([IndicatorRule]).
const (
	RuleName      Rule = "name" // title, short title and state
	RulePeriod    Rule = "period"
	RuleStatement Rule = "statement"
	RuleEmblem    Rule = "emblem"
	RuleNotice    Rule = "notice"
	RuleVisible   Rule = "visibility"
	RuleCounted   Rule = "counted"
	RuleAges      Rule = "ages"
	RuleRetention Rule = "retention"
	RuleEvidence  Rule = "evidence"
)

const indicatorPrefix = "indicator:"

// IndicatorRule names the rule of an indicator.
func IndicatorRule(indicatorID string) Rule { return Rule(indicatorPrefix + indicatorID) }

// IndicatorID returns the indicator that a rule is of, "" if it is another's.
func (x Rule) IndicatorID() string {
	indicatorID, is := strings.CutPrefix(string(x), indicatorPrefix)
	if !is {
		return ""
	}
	return indicatorID
}
