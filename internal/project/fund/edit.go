package fund

import (
	"slices"
	"unicode/utf8"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/text"
)

// Change is an edit of one part of a set. Fields of faults are those of the page's forms: title-pl, source, years …
type Change interface {
	apply(r *Rules) errs.Fields
}

// SetName changes what the fund is called, and whether projects may still be opened under it.
type SetName struct {
	Title, Short text.Translated
	State        State
	Source       string
}

func (c SetName) apply(r *Rules) (faults errs.Fields) {
	r.Title, r.Short, r.State, r.Named = written(c.Title), written(c.Short), c.State, c.Source
	if len(r.Title) == 0 {
		faults.Add("title-"+Languages[0], "fund.fault.title")
	}
	tooLong(&faults, "title-", r.Title, MostTitle)
	tooLong(&faults, "short-", r.Short, MostShort)
	if !slices.Contains(States, c.State) {
		faults.Add("state", "fund.fault.choose")
	}
	sourced(&faults, *r, c.Source, true)
	return faults
}

// SetPeriod changes when the fund runs.
type SetPeriod struct{ Period Period }

func (c SetPeriod) apply(r *Rules) (faults errs.Fields) {
	r.Period = c.Period
	for name, day := range map[string]string{"from": c.Period.From, "until": c.Period.Until} {
		if day != "" && !ValidDay(day) {
			faults.Add(name, "fund.fault.day")
		}
	}
	if len(faults) == 0 && c.Period.From != "" && c.Period.Until != "" && c.Period.Until < c.Period.From {
		faults.Add("until", "fund.fault.backwards")
	}
	sourced(&faults, *r, c.Period.Source, c.Period.From != "" || c.Period.Until != "")
	return faults
}

// SetStatement changes the sentence that publications bear.
type SetStatement struct{ Statement Wording }

func (c SetStatement) apply(r *Rules) (faults errs.Fields) {
	r.Statement = Wording{written(c.Statement.Text), c.Statement.Source}
	tooLong(&faults, "text-", r.Statement.Text, MostStatement)
	sourced(&faults, *r, c.Statement.Source, len(r.Statement.Text) > 0)
	return faults
}

// SetNotice changes what participants must be told.
type SetNotice struct{ Notice Wording }

func (c SetNotice) apply(r *Rules) (faults errs.Fields) {
	r.Notice = Wording{written(c.Notice.Text), c.Notice.Source}
	tooLong(&faults, "text-", r.Notice.Text, MostNotice)
	sourced(&faults, *r, c.Notice.Source, len(r.Notice.Text) > 0)
	return faults
}

// SetVisibility changes what a project must do so that it is seen who pays, one duty a line.
type SetVisibility struct{ Visibility Wording }

func (c SetVisibility) apply(r *Rules) (faults errs.Fields) {
	r.Visibility = Wording{written(c.Visibility.Text), c.Visibility.Source}
	tooLong(&faults, "text-", r.Visibility.Text, MostVisibility)
	if tag := unlike(r.Visibility.Text); tag != "" {
		faults.Add("text-"+tag, "fund.fault.duties", "Most", MostDuties)
	}
	sourced(&faults, *r, c.Visibility.Source, len(r.Visibility.Text) > 0)
	return faults
}

// SetEmblem changes whether the emblem must be shown. Its pictures come by [Service.AddEmblem].
type SetEmblem struct {
	Required Need
	Source   string
}

func (c SetEmblem) apply(r *Rules) (faults errs.Fields) {
	r.Emblem.Required, r.Emblem.Source = c.Required, c.Source
	if !slices.Contains(Needs, c.Required) {
		faults.Add("required", "fund.fault.choose")
	}
	sourced(&faults, *r, c.Source, c.Required == NeedYes || c.Required == NeedNo)
	return faults
}

// SetCounted changes who may be counted.
type SetCounted struct{ Counted Counted }

func (c SetCounted) apply(r *Rules) (faults errs.Fields) {
	r.Counted = c.Counted
	unknown(&faults, "limits", Limits, c.Counted.Limits)
	sourced(&faults, *r, c.Counted.Source, len(c.Counted.Limits) > 0)
	return faults
}

// SetAges changes the groups of ages.
type SetAges struct{ Ages Ages }

func (c SetAges) apply(r *Rules) (faults errs.Fields) {
	r.Ages = Ages{slices.Clone(c.Ages.Bands), c.Ages.Source}
	if len(c.Ages.Bands) > MostBands {
		faults.Add("bands", "fund.fault.bands", "Most", MostBands)
	}
	for i, b := range c.Ages.Bands {
		if b.From < 0 || b.From > 120 || b.Until < 0 || b.Until > 120 || badBands(c.Ages.Bands[:i+1]) != "" {
			faults.Add("bands", "fund.fault.band", "Number", i+1)
			break
		}
	}
	sourced(&faults, *r, c.Ages.Source, len(c.Ages.Bands) > 0)
	return faults
}

// SetRetention changes for how long papers are kept.
type SetRetention struct{ Retention Retention }

func (c SetRetention) apply(r *Rules) (faults errs.Fields) {
	r.Retention = c.Retention
	switch k := c.Retention; {
	case k.Anchor == "" && k.Years == 0:
	case !slices.Contains(Anchors, k.Anchor):
		faults.Add("anchor", "fund.fault.anchor")
	case k.Years < 1 || k.Years > MostYears:
		faults.Add("years", "fund.fault.years", "Most", MostYears)
	}
	sourced(&faults, *r, c.Retention.Source, c.Retention.Anchor != "")
	return faults
}

// SetEvidence changes which proofs there must be of each person.
type SetEvidence struct{ Evidence Evidence }

func (c SetEvidence) apply(r *Rules) (faults errs.Fields) {
	r.Evidence = c.Evidence
	unknown(&faults, "required", Proofs, c.Evidence.Required)
	sourced(&faults, *r, c.Evidence.Source, len(c.Evidence.Required) > 0)
	return faults
}

// SetIndicator changes an indicator, or adds one if the set has none of its id and New says so.
type SetIndicator struct {
	Indicator Indicator
	New       bool
}

func (c SetIndicator) apply(r *Rules) (faults errs.Fields) {
	x := c.Indicator
	x.Title, x.Definition = written(x.Title), written(x.Definition)
	at := slices.IndexFunc(r.Indicators, func(o Indicator) bool { return o.ID == x.ID })
	switch {
	case !item.ValidID(x.ID):
		faults.Add("id", "fund.fault.identifier")
	case c.New && at >= 0:
		faults.Add("id", "fund.fault.taken")
	case !c.New && at < 0:
		faults.Add("id", "fund.fault.no-indicator")
	case c.New && len(r.Indicators) >= MostIndicators:
		faults.Add("id", "fund.fault.indicators", "Most", MostIndicators)
	}
	tooLong(&faults, "title-", x.Title, MostTitle)
	tooLong(&faults, "definition-", x.Definition, MostDefinition)
	units, by := x.Measure.Gives()
	switch {
	case units == nil:
		faults.Add("measure", "fund.fault.choose")
	case !slices.Contains(Units, x.Unit):
		faults.Add("unit", "fund.fault.choose")
	case !slices.Contains(units, x.Unit):
		faults.Add("unit", "fund.fault.unit")
	}
	for _, b := range x.By {
		if units != nil && !slices.Contains(by, b) {
			faults.Add("by", "fund.fault.by")
			break
		}
	}
	sourced(&faults, *r, x.Source, true)
	if len(faults) == 0 {
		r.setIndicator(x.ID, Rules{Indicators: []Indicator{x}})
	}
	return faults
}

// DropIndicator takes an indicator out. Versions in which it was stay.
type DropIndicator struct{ ID string }

func (c DropIndicator) apply(r *Rules) (faults errs.Fields) {
	if _, there := r.Indicator(c.ID); !there {
		faults.Add("id", "fund.fault.no-indicator")
	}
	r.setIndicator(c.ID, Rules{})
	return faults
}

// SetSource changes a source, or adds one if New says so. Whoever rests on a changed source is unconfirmed.
type SetSource struct {
	Source Source
	New    bool
}

func (c SetSource) apply(r *Rules) (faults errs.Fields) {
	s := c.Source
	s.Title = text.Clean(s.Title)
	_, there := r.SourceOf(s.Key)
	switch {
	case !item.ValidID(s.Key):
		faults.Add("key", "fund.fault.identifier")
	case c.New && r.knows(s.Key):
		faults.Add("key", "fund.fault.taken")
	case !c.New && !there:
		faults.Add("key", "fund.fault.source")
	case c.New && len(r.Sources) >= MostSources:
		faults.Add("key", "fund.fault.sources", "Most", MostSources)
	}
	if n := utf8.RuneCountInString(s.Title); n == 0 || n > MostTitle {
		faults.Add("title", "fund.fault.source-title", "Most", MostTitle)
	}
	if s.Address != "" && !ValidAddress(s.Address) {
		faults.Add("address", "fund.fault.address")
	}
	if !ValidDay(s.Read) {
		faults.Add("read", "fund.fault.day")
	}
	r.setSource(s)
	return faults
}

// tooLong notes each text of a language that is longer than it may be.
func tooLong(faults *errs.Fields, prefix string, t text.Translated, most int) {
	for _, lang := range Languages {
		if utf8.RuneCountInString(t[lang]) > most {
			faults.Add(prefix+lang, "fund.fault.long", "Most", most)
		}
	}
}

// sourced notes a source that is missing or that the set does not know.
func sourced(faults *errs.Fields, r Rules, key string, needed bool) {
	if key == "" && needed || key != "" && !r.knows(key) {
		faults.Add("source", "fund.fault.source")
	}
}

// unknown notes a choice that is not offered.
func unknown[T comparable](faults *errs.Fields, name string, all, chosen []T) {
	for _, x := range chosen {
		if !slices.Contains(all, x) {
			faults.Add(name, "fund.fault.choose")
			return
		}
	}
}
