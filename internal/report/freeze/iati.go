package freeze

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"time"

	"ostoja/internal/project/fund"
)

// The IATI activity standard, version 2.03 (https://iatistandard.org/en/iati-standard/203/, schema iati-activities-schema.xsd): one activity for the project with its results.
// The order of the fields is that of the schema's sequences. There is no money in it and so no currency; sector and country, which the standard's rules ask for, are the
// office's to add, since nothing here says them.
type iatiFile struct {
	XMLName   xml.Name     `xml:"iati-activities"`
	Version   string       `xml:"version,attr"`
	Generated string       `xml:"generated-datetime,attr"`
	Activity  iatiActivity `xml:"iati-activity"`
}

type iatiActivity struct {
	Updated     string       `xml:"last-updated-datetime,attr"`
	Lang        string       `xml:"xml:lang,attr"`
	Identifier  string       `xml:"iati-identifier"`
	Reporting   iatiOrg      `xml:"reporting-org"`
	Title       iatiText     `xml:"title"`
	Description iatiText     `xml:"description"`
	Orgs        []iatiOrg    `xml:"participating-org"`
	Status      iatiCode     `xml:"activity-status"`
	Dates       []iatiDate   `xml:"activity-date"`
	Results     []iatiResult `xml:"result"`
}

type iatiOrg struct {
	Ref  string   `xml:"ref,attr,omitempty"`
	Type string   `xml:"type,attr,omitempty"`
	Role string   `xml:"role,attr,omitempty"`
	Name []phrase `xml:"narrative"`
}

type phrase struct {
	Lang string `xml:"xml:lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

type iatiText struct {
	Narratives []phrase `xml:"narrative"`
}

type iatiCode struct {
	Code string `xml:"code,attr"`
}

type iatiDate struct {
	Type string `xml:"type,attr,omitempty"`
	Day  string `xml:"iso-date,attr"`
}

type iatiResult struct {
	Type        string          `xml:"type,attr"`
	Aggregation bool            `xml:"aggregation-status,attr"`
	Title       iatiText        `xml:"title"`
	Indicators  []iatiIndicator `xml:"indicator"`
}

type iatiIndicator struct {
	Measure     string        `xml:"measure,attr"`
	Ascending   bool          `xml:"ascending,attr"`
	Aggregation bool          `xml:"aggregation-status,attr"`
	Title       iatiText      `xml:"title"`
	Baseline    *iatiBaseline `xml:"baseline"`
	Periods     []iatiPeriod  `xml:"period"`
}

type iatiBaseline struct {
	Day   string `xml:"iso-date,attr"`
	Year  string `xml:"year,attr"`
	Value string `xml:"value,attr"`
}

type iatiPeriod struct {
	Start   iatiDate     `xml:"period-start"`
	End     iatiDate     `xml:"period-end"`
	Target  *iatiValue   `xml:"target"`
	Actuals []*iatiValue `xml:"actual"`
}

type iatiValue struct {
	Value      string          `xml:"value,attr"`
	Dimensions []iatiDimension `xml:"dimension"`
	Comment    *iatiText       `xml:"comment"`
}

type iatiDimension struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Codes of the standard's lists.
const (
	iatiVersion = "2.03"

	roleFunding, roleImplementing                     = "1", "4"      // OrganisationRole
	statusPipeline, statusImplementation, statusClose = "1", "2", "4" // ActivityStatus; close: the activities are over
	plannedStart, actualStart, plannedEnd, actualEnd  = "1", "2", "3", "4"
	resultOutput, resultOutcome, resultOther          = "1", "2", "9" // ResultType
	measureUnit, measurePercent                       = "1", "2"      // IndicatorMeasure
)

// iati writes the activity.
func (s *Service) iati(d Document) ([]byte, error) {
	at := d.At.UTC().Format(time.RFC3339)
	number := d.Project.Number
	if number == "" {
		number = d.Project.Name
	}
	title := iatiText{[]phrase{{Text: d.Project.Name}}}
	a := iatiActivity{
		Updated: at, Lang: "pl", Identifier: d.Publisher.Ref + "-" + identifierPart(number),
		Reporting: iatiOrg{Ref: d.Publisher.Ref, Type: d.Publisher.Type, Name: []phrase{{Text: d.Project.Office}}},
		Title:     title, Description: iatiText{},
	}
	for _, tag := range Languages {
		w := words{s.Catalogue.Printer(tag), s.Region}
		a.Description.Narratives = append(a.Description.Narratives, phrase{tag, w.T("reportfreeze.iati-description", "Name", d.Project.Name, "Number", d.Period.Number, "First", d.Period.FirstDay, "Last", d.Period.LastDay)})
	}
	for _, x := range d.Funds {
		a.Orgs = append(a.Orgs, iatiOrg{Role: roleFunding, Name: phrases(x.Title)})
	}
	a.Orgs = append(a.Orgs, iatiOrg{Ref: d.Publisher.Ref, Type: d.Publisher.Type, Role: roleImplementing, Name: []phrase{{Text: d.Project.Office}}})
	for _, partner := range d.Project.Partners {
		a.Orgs = append(a.Orgs, iatiOrg{Role: roleImplementing, Name: []phrase{{Text: partner}}})
	}
	a.Status, a.Dates = timeOf(d, s.Zone)
	for _, x := range d.Funds {
		a.Results = append(a.Results, s.results(d, x)...)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(iatiFile{Version: iatiVersion, Generated: at, Activity: a}); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// identifierPart leaves out what an identifier must not hold: white space, and the signs / & | ? (iati-identifier, rules).
func identifierPart(s string) string {
	out := []rune{}
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '.', r == '_':
			out = append(out, r)
		case len(out) > 0 && out[len(out)-1] != '-':
			out = append(out, '-')
		}
	}
	return string(out)
}

// timeOf is the state and the days of the project on the day of the report. Actual days are never later than that day (activity-date, rules).
func timeOf(d Document, zone *time.Location) (iatiCode, []iatiDate) {
	today := d.At.In(zone).Format(time.DateOnly)
	dates := []iatiDate{{plannedStart, d.Project.FirstDay}}
	status := statusPipeline
	if d.Project.FirstDay <= today {
		status = statusImplementation
		dates = append(dates, iatiDate{actualStart, d.Project.FirstDay})
	}
	dates = append(dates, iatiDate{plannedEnd, d.Project.LastDay})
	if d.Project.LastDay < today {
		status = statusClose
		dates = append(dates, iatiDate{actualEnd, d.Project.LastDay})
	}
	return iatiCode{status}, dates
}

func phrases(t map[string]string) (list []phrase) {
	for _, tag := range fund.Languages {
		if t[tag] != "" {
			list = append(list, phrase{tag, t[tag]})
		}
	}
	if len(list) == 0 && t[""] != "" {
		list = []phrase{{Text: t[""]}}
	}
	return list
}

// results are a fund's: what the project did, what came of it, and what the office entered, which may be either.
func (s *Service) results(d Document, x Fund) (list []iatiResult) {
	for _, kind := range []string{resultOutput, resultOutcome, resultOther} {
		r := iatiResult{Type: kind, Aggregation: false, Title: iatiText{}}
		for _, i := range x.Indicators {
			if resultOf(i.Measure) == kind {
				r.Indicators = append(r.Indicators, s.indicator(d, x, i))
			}
		}
		if len(r.Indicators) == 0 {
			continue
		}
		for _, tag := range Languages {
			w := words{s.Catalogue.Printer(tag), s.Region}
			r.Title.Narratives = append(r.Title.Narratives, phrase{tag, w.T("reportfreeze.iati-result-"+kind, "Fund", x.Title.In(tag))})
		}
		list = append(list, r)
	}
	return list
}

func resultOf(m fund.Measure) string {
	switch m {
	case fund.Useful, fund.UsedLater, fund.Gain:
		return resultOutcome
	case fund.ByHand:
		return resultOther
	}
	return resultOutput
}

// indicator has two periods: the report's own, with the breakdowns that are told, and the project's from its beginning on, with the target, which is promised for the whole.
// Where they are the same days and figures, there is one.
func (s *Service) indicator(d Document, x Fund, i Indicator) iatiIndicator {
	out := iatiIndicator{Measure: measureUnit, Ascending: true}
	if i.Unit == fund.Percent {
		out.Measure = measurePercent
	}
	for _, tag := range Languages {
		out.Title.Narratives = append(out.Title.Narratives, phrase{tag, words{s.Catalogue.Printer(tag), s.Region}.indicator(i.Title, i.Measure)})
	}
	if i.Baseline != nil {
		out.Baseline = &iatiBaseline{Day: d.Project.FirstDay, Year: d.Project.FirstDay[:4], Value: figure(*i.Baseline)}
	}
	own := iatiPeriod{Start: iatiDate{Day: d.Period.FirstDay}, End: iatiDate{Day: d.Period.LastDay}, Actuals: s.actual(i.Period, i, "period")}
	if i.Measure == fund.Participants && i.Period != nil {
		for _, g := range x.GroupsOfPeriod {
			own.Actuals = append(own.Actuals, dimensions(g)...)
		}
	}
	whole := iatiPeriod{Start: iatiDate{Day: d.Project.FirstDay}, End: iatiDate{Day: d.Period.LastDay}, Actuals: s.actual(i.Cumulative, i, "cumulative")}
	if i.Target != nil {
		whole.Target = &iatiValue{Value: figure(*i.Target)}
	}
	if own.Start == whole.Start && same(i.Period, i.Cumulative) {
		own.Target = whole.Target
		out.Periods = []iatiPeriod{own}
	} else {
		out.Periods = []iatiPeriod{own, whole}
	}
	return out
}

// actual is a figure with the words on it, if there is one.
func (s *Service) actual(x *float64, i Indicator, of string) []*iatiValue {
	if x == nil {
		return nil
	}
	v := &iatiValue{Value: figure(*x), Comment: &iatiText{}}
	for _, tag := range Languages {
		said := s.Catalogue.Printer(tag).T("reportfreeze.of-" + of)
		v.Comment.Narratives = append(v.Comment.Narratives, phrase{tag, said})
	}
	if i.Narrative != "" {
		v.Comment.Narratives = append(v.Comment.Narratives, phrase{Text: i.Narrative})
	}
	return []*iatiValue{v}
}

// dimensions are the groups of a breakdown, each a figure of its own. Groups that nobody is told of are not there, so that they may add up to less than the whole.
func dimensions(g Groups) (list []*iatiValue) {
	for _, x := range g.Groups {
		key := x.Key
		if g.By == fund.ByService && x.Name != "" {
			key = x.Name // our ids say nothing to others
		}
		if key == "" {
			key = "not-stated"
		}
		list = append(list, &iatiValue{Value: strconv.Itoa(x.N), Dimensions: []iatiDimension{{string(g.By), key}}})
	}
	return list
}

// figure writes a figure with a full stop and as many places as it has.
func figure(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
