package fund

import (
	"bytes"
	"encoding/json"
	"slices"

	"ostoja/internal/text"
)

// Each returns the rules of a set in the order of its page.
func (r Rules) Each() []Rule {
	list := []Rule{RuleName, RulePeriod}
	for _, x := range r.Indicators {
		list = append(list, IndicatorRule(x.ID))
	}
	return append(list, RuleCounted, RuleAges, RuleEvidence, RuleStatement, RuleEmblem, RuleVisible, RuleNotice, RuleRetention)
}

// part returns what a rule says; nil if the set has no such rule.
func (r Rules) part(rule Rule) any {
	switch rule {
	case RuleName:
		return []any{r.Title, r.Short, r.State, r.Named}
	case RulePeriod:
		return r.Period
	case RuleStatement:
		return r.Statement
	case RuleEmblem:
		return r.Emblem
	case RuleNotice:
		return r.Notice
	case RuleVisible:
		return r.Visibility
	case RuleCounted:
		return r.Counted
	case RuleAges:
		return r.Ages
	case RuleRetention:
		return r.Retention
	case RuleEvidence:
		return r.Evidence
	}
	if x, ok := r.Indicator(rule.IndicatorID()); ok {
		return x
	}
	return nil
}

// Has says whether the set has a rule.
func (r Rules) Has(rule Rule) bool { return r.part(rule) != nil }

// Source returns the key of the source of a rule, "" while it has none.
func (r Rules) Source(rule Rule) string {
	switch rule {
	case RuleName:
		return r.Named
	case RulePeriod:
		return r.Period.Source
	case RuleStatement:
		return r.Statement.Source
	case RuleEmblem:
		return r.Emblem.Source
	case RuleNotice:
		return r.Notice.Source
	case RuleVisible:
		return r.Visibility.Source
	case RuleCounted:
		return r.Counted.Source
	case RuleAges:
		return r.Ages.Source
	case RuleRetention:
		return r.Retention.Source
	case RuleEvidence:
		return r.Evidence.Source
	}
	x, _ := r.Indicator(rule.IndicatorID())
	return x.Source
}

// Empty says whether a rule is a row that nobody has filled yet: the office copies it from the fund's own text, or confirms that the fund lays down nothing.
func (r Rules) Empty(rule Rule) bool {
	switch rule {
	case RuleName:
		return len(r.Title) == 0
	case RulePeriod:
		return r.Period.From == "" && r.Period.Until == ""
	case RuleStatement:
		return len(r.Statement.Text) == 0
	case RuleEmblem:
		return r.Emblem.Required != NeedYes && r.Emblem.Required != NeedNo
	case RuleNotice:
		return len(r.Notice.Text) == 0
	case RuleVisible:
		return len(r.Visibility.Text) == 0
	case RuleCounted:
		return len(r.Counted.Limits) == 0
	case RuleAges:
		return len(r.Ages.Bands) == 0
	case RuleRetention:
		return r.Retention.Anchor == ""
	case RuleEvidence:
		return len(r.Evidence.Required) == 0
	}
	x, _ := r.Indicator(rule.IndicatorID())
	return len(x.Title) == 0
}

// MayConfirm says whether somebody can confirm a rule as it stands. An empty row can be confirmed where a fund may lay down nothing; not where it must have said something
// (how long, which emblem, what an indicator is called), and never without saying where that was read.
func (r Rules) MayConfirm(rule Rule) bool {
	if !r.Has(rule) || r.Source(rule) == "" {
		return false
	}
	switch rule {
	case RulePeriod, RuleStatement, RuleVisible, RuleNotice, RuleCounted, RuleAges, RuleEvidence:
		return true
	}
	return !r.Empty(rule)
}

// Differ returns the rules in which two sets differ, in the order of the first; those that only the second has come last. What the office uploaded does not count.
func Differ(a, b Rules) []Rule {
	a.Emblem.Pictures, b.Emblem.Pictures = nil, nil
	return Edited(a, b)
}

// Edited is Differ for two versions of a set: what the office uploaded counts. Confirmations of these rules end.
func Edited(a, b Rules) (list []Rule) {
	for _, rule := range a.Each() {
		if !same(a.part(rule), b.part(rule)) || !sameSource(a, b, rule) {
			list = append(list, rule)
		}
	}
	for _, rule := range b.Each() {
		if !a.Has(rule) {
			list = append(list, rule)
		}
	}
	return list
}

// take puts a rule as another set has it into this one, with the source that it names; an indicator that the other has not goes.
func (r *Rules) take(from Rules, rule Rule) {
	switch rule {
	case RuleName:
		r.Title, r.Short, r.State, r.Named = from.Title, from.Short, from.State, from.Named
	case RulePeriod:
		r.Period = from.Period
	case RuleStatement:
		r.Statement = from.Statement
	case RuleEmblem:
		r.Emblem.Required, r.Emblem.Source = from.Emblem.Required, from.Emblem.Source
	case RuleNotice:
		r.Notice = from.Notice
	case RuleVisible:
		r.Visibility = from.Visibility
	case RuleCounted:
		r.Counted = from.Counted
	case RuleAges:
		r.Ages = from.Ages
	case RuleRetention:
		r.Retention = from.Retention
	case RuleEvidence:
		r.Evidence = from.Evidence
	default:
		r.setIndicator(rule.IndicatorID(), from)
	}
	if source, listed := from.SourceOf(from.Source(rule)); listed {
		r.setSource(source)
	}
}

func (r *Rules) setIndicator(indicatorID string, from Rules) {
	at := slices.IndexFunc(r.Indicators, func(x Indicator) bool { return x.ID == indicatorID })
	x, there := from.Indicator(indicatorID)
	switch {
	case there && at >= 0:
		r.Indicators[at] = x
	case there:
		r.Indicators = append(r.Indicators, x)
	case at >= 0:
		r.Indicators = slices.Delete(r.Indicators, at, at+1)
	}
}

// setSource adds a source, or replaces the one of its key.
func (r *Rules) setSource(s Source) {
	if at := slices.IndexFunc(r.Sources, func(x Source) bool { return x.Key == s.Key }); at >= 0 {
		r.Sources[at] = s
		return
	}
	r.Sources = append(r.Sources, s)
}

// clone returns a set whose lists can be changed without changing this one's.
func (r Rules) clone() Rules {
	r.Sources, r.Indicators, r.Emblem.Pictures = slices.Clone(r.Sources), slices.Clone(r.Indicators), slices.Clone(r.Emblem.Pictures)
	return r
}

// sameSource says whether a rule rests on the same text in both sets.
func sameSource(a, b Rules, rule Rule) bool {
	x, _ := a.SourceOf(a.Source(rule))
	y, _ := b.SourceOf(b.Source(rule))
	return x == y
}

// same compares by what is stored.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// canonical returns the set without what makes no difference: languages without a text, lists in another order.
func (r Rules) canonical() Rules {
	r.Title, r.Short = written(r.Title), written(r.Short)
	r.Statement.Text, r.Notice.Text, r.Visibility.Text = written(r.Statement.Text), written(r.Notice.Text), written(r.Visibility.Text)
	if r.Emblem.Required == NeedUnknown {
		r.Emblem.Required = ""
	}
	r.Counted.Limits = inOrder(Limits, r.Counted.Limits)
	r.Evidence.Required = inOrder(Proofs, r.Evidence.Required)
	r.Sources = slices.Clone(r.Sources)
	for i := range r.Sources {
		r.Sources[i].Title = text.Clean(r.Sources[i].Title)
	}
	r.Indicators = slices.Clone(r.Indicators)
	for i := range r.Indicators {
		x := &r.Indicators[i]
		x.Title, x.Definition, x.By = written(x.Title), written(x.Definition), inOrder(Breakdowns, x.By)
	}
	return r
}

// written keeps the languages in which there is a text; nil without any.
func written(t text.Translated) text.Translated {
	var out text.Translated
	for _, lang := range t.Languages() {
		if s := text.CleanLines(t[lang]); s != "" {
			if out == nil {
				out = text.Translated{}
			}
			out[lang] = s
		}
	}
	return out
}

// inOrder returns those of all that are chosen, each once; nil without any.
func inOrder[T comparable](all, chosen []T) (out []T) {
	for _, x := range all {
		if slices.Contains(chosen, x) {
			out = append(out, x)
		}
	}
	return out
}
