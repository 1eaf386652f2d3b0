package fundweb

import (
	"net/http"
	"strconv"
	"strings"

	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
	"ostoja/internal/ui"
)

// ruleName is what a rule is called on pages: an indicator by the fund's own title, or while there is none by how we count it, which says that it is ours.
func ruleName(p *lang.Printer, r fund.Rules, rule fund.Rule) string {
	indicatorID := rule.IndicatorID()
	if indicatorID == "" {
		return p.T("fund.rule-" + string(rule))
	}
	x, there := r.Indicator(indicatorID)
	switch {
	case !there:
		return p.T("fund.indicator-gone", "Name", indicatorID)
	case len(x.Title) == 0:
		return p.T("fund.indicator-unworded", "Measure", measureName(p, x.Measure))
	}
	return x.Title.In(p.Tag())
}

// emptyKey is what an empty row says: from where to copy it, and whether the fund may say nothing.
func emptyKey(r fund.Rules, rule fund.Rule) string {
	if _, listed := r.SourceOf(r.Source(rule)); !listed {
		return "fund.empty"
	}
	if r.MayConfirm(rule) {
		return "fund.empty-or-none"
	}
	return "fund.empty-copy"
}

func measureName(p *lang.Printer, m fund.Measure) string {
	if m == fund.ByHand {
		return p.T("fund.measure-by-hand")
	}
	return p.T("fund.measure-" + string(m))
}

// sourceName is what a source is called.
func sourceName(p *lang.Printer, r fund.Rules, key string) string {
	if s, listed := r.SourceOf(key); listed {
		return s.Title
	}
	if key == "" {
		return p.T("fund.source-none")
	}
	return p.T("fund.source-" + key)
}

// line is one thing that a rule says.
type line struct {
	Term, Text string
	Lang       string // of the text, "" if it is the page's
}

// said returns what a rule says, in the reader's language or, where it is the fund's wording, in the languages that it has.
func said(p *lang.Printer, r fund.Rules, rule fund.Rule) (lines []line) {
	wording := func(term string, t text.Translated) {
		for _, tag := range fund.Languages {
			if t[tag] != "" {
				lines = append(lines, line{p.T("fund.in-language", "Term", term, "Language", p.LanguageName(tag)), t[tag], tag})
			}
		}
	}
	add := func(key, said string) {
		if said != "" {
			lines = append(lines, line{Term: p.T(key), Text: said})
		}
	}
	switch rule {
	case fund.RuleName:
		wording(p.T("fund.title"), r.Title)
		wording(p.T("fund.short"), r.Short)
		add("fund.state", p.T("fund.state-"+string(r.State)))
	case fund.RulePeriod:
		add("fund.from", dayOf(p, r.Period.From))
		add("fund.until", dayOf(p, r.Period.Until))
	case fund.RuleStatement:
		wording(p.T("fund.rule-statement"), r.Statement.Text)
	case fund.RuleVisible:
		wording(p.T("fund.rule-visibility"), r.Visibility.Text)
	case fund.RuleNotice:
		wording(p.T("fund.rule-notice"), r.Notice.Text)
	case fund.RuleEmblem:
		if !r.Empty(rule) {
			add("fund.emblem-required", p.T("fund.need-"+string(r.Emblem.Required)))
		}
	case fund.RuleCounted:
		add("fund.limits", labels(p, "fund.limit-", r.Counted.Limits))
	case fund.RuleAges:
		add("fund.bands", bandNames(p, r.Ages.Bands))
	case fund.RuleRetention:
		if !r.Empty(rule) {
			add("fund.years", p.N("fund.keep", r.Retention.Years, "Anchor", p.T("fund.anchor-"+string(r.Retention.Anchor))))
		}
	case fund.RuleEvidence:
		add("fund.proofs", labels(p, "fund.proof-", r.Evidence.Required))
	default:
		x, _ := r.Indicator(rule.IndicatorID())
		wording(p.T("fund.title"), x.Title)
		wording(p.T("fund.definition"), x.Definition)
		add("fund.unit", p.T("fund.unit-"+string(x.Unit)))
		add("fund.by", labels(p, "fund.by-", x.By))
	}
	return lines
}

func dayOf(p *lang.Printer, day string) string {
	if day == "" {
		return ""
	}
	return p.DateOf(day)
}

func labels[T ~string](p *lang.Printer, prefix string, list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = p.T(prefix + string(x))
	}
	return strings.Join(out, "; ")
}

func bandNames(p *lang.Printer, bands []fund.Band) string {
	out := make([]string, len(bands))
	for i, b := range bands {
		if b.Until == 0 {
			out[i] = p.T("fund.band-open", "From", b.From)
		} else {
			out[i] = p.T("fund.band", "From", b.From, "Until", b.Until)
		}
	}
	return strings.Join(out, "; ")
}

// counts says how far a set is: rules that were confirmed, and rows that are still empty.
func counts(s fund.Set) (confirmed, empty, all int) {
	for _, rule := range s.Rules.Each() {
		all++
		if s.IsConfirmed(rule) {
			confirmed++
		} else if s.Rules.Empty(rule) {
			empty++
		}
	}
	return confirmed, empty, all
}

func status(p *lang.Printer, s fund.Set) string {
	confirmed, empty, all := counts(s)
	return p.T("fund.status", "Confirmed", confirmed, "All", all, "Empty", empty)
}

// title is that of the form.
func (v editView) title(p *lang.Printer) string {
	switch {
	case v.What == newIndicator:
		return p.T("fund.new-indicator")
	case v.What == newSource:
		return p.T("fund.new-source")
	case v.ofSource():
		return p.T("fund.edit-source")
	}
	return p.T("fund.edit-of", "Rule", ruleName(p, v.Set.Rules, v.Rule))
}

// sourceOptions offers the sources of a set.
func sourceOptions(p *lang.Printer, r fund.Rules) []ui.Option {
	options := []ui.Option{{Label: p.T("fund.source-none")}}
	for _, s := range r.Sources {
		options = append(options, ui.Option{Value: s.Key, Label: s.Title})
	}
	for _, key := range []string{fund.OfficeSource, fund.OursSource} {
		options = append(options, ui.Option{Value: key, Label: p.T("fund.source-" + key)})
	}
	return options
}

// ruleOptions offers the rules in which the set that comes with the program differs.
func ruleOptions(p *lang.Printer, s fund.Set) (options []ui.Option) {
	for _, rule := range s.Newer {
		options = append(options, ui.Option{Value: string(rule), Label: ruleName(p, s.Rules, rule)})
	}
	return options
}

func measureOptions(p *lang.Printer) (options []ui.Option) {
	for _, m := range fund.Measures {
		options = append(options, ui.Option{Value: string(m), Label: measureName(p, m)})
	}
	return options
}

func fromOptions(p *lang.Printer, list []fund.Set) []ui.Option {
	options := []ui.Option{{Label: p.T("fund.from-nothing")}}
	for _, s := range list {
		options = append(options, ui.Option{Value: s.ID, Label: s.Rules.Title.In(p.Tag())})
	}
	return options
}

func languageOptions(p *lang.Printer) (options []ui.Option) {
	for _, tag := range fund.Languages {
		options = append(options, ui.Option{Value: tag, Label: p.LanguageName(tag)})
	}
	return options
}

// setList is the list of sets.
func (h *Pages) setList(r *http.Request, sets []fund.Set) listweb.Of[fund.Set] {
	p := lang.From(r.Context())
	type row = fund.Set
	l := listweb.Of[row]{
		Name: "funds", Title: p.T("fund.list"), Path: base, Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: sets, Search: p.T("fund.search"),
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("fund.state"), Options: ui.OptionsOf(p, "fund.state-any", "fund.state-", plain(fund.States)),
			Match: func(x row, value string) bool { return string(x.Rules.State) == value },
		}},
		Columns: []listweb.Column[row]{
			{
				Label: p.T("fund.title"), Sort: "title", Place: listweb.Head, Value: func(x row) any { return x.Rules.Title.In(p.Tag()) }, Link: func(x row) string { return pathOf(x.ID) },
				Note: func(x row) string { return x.Rules.Short.In(p.Tag()) },
			},
			{
				Label: p.T("fund.checked"), Sort: "checked", Place: listweb.Chip, Value: func(x row) any { return checkedWord(p, x) },
				Kind: func(x row) ui.Kind {
					if len(x.Unconfirmed()) == 0 || x.Rules.State == fund.Closed {
						return ui.Plain
					}
					return ui.Waiting
				},
			},
			{Label: p.T("fund.state"), Sort: "state", Value: func(x row) any { return p.T("fund.state-" + string(x.Rules.State)) }},
			{Label: p.T("fund.empty-rows"), Sort: "empty", Numeric: true, Place: listweb.Figure, Phone: p.T("fund.empty-rows"), Value: func(x row) any { _, empty, _ := counts(x); return empty }},
			{Label: p.T("fund.edition"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Edition }},
		},
		Empty: listweb.Empty{Title: p.T("fund.none"), Text: p.T("fund.none-text")},
	}
	if mayWrite(r) {
		l.Empty.Action = ui.NavItem{Label: p.T("fund.new"), Href: newPage}
	}
	return l
}

func checkedWord(p *lang.Printer, s fund.Set) string {
	confirmed, _, all := counts(s)
	if confirmed == all {
		return p.T("fund.confirmed")
	}
	return p.T("fund.confirmed-of", "Confirmed", confirmed, "All", all)
}

func number(n int) string { return strconv.Itoa(n) }
