package itembankweb

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"ostoja/internal/itembank"
	"ostoja/internal/itembank/exchange"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/ui"
)

func originName(p *lang.Printer, origin string) string {
	if origin == "" {
		return p.T("assessment.bank.here")
	}
	return p.T("assessment.bank.from-course", "Course", origin)
}

func originOptions(p *lang.Printer, origins []string) []ui.Option {
	options := []ui.Option{{Label: p.T("assessment.bank.any")}, {Value: itembank.Here, Label: p.T("assessment.bank.here")}}
	for _, o := range origins {
		options = append(options, ui.Option{Value: o, Label: originName(p, o)})
	}
	return options
}

// exchangeLinks lead to the items that a list was narrowed to in each format of other programs, and to what it has no place for.
func exchangeLinks(p *lang.Printer, asked list.Query) (links []ui.NavItem) {
	q := url.Values{"in": {cmp.Or(asked.Filters["lang"], p.Tag())}}
	if asked.Search != "" {
		q.Set("q", asked.Search)
	}
	for name, value := range asked.Filters {
		q.Set(name, value)
	}
	for _, f := range []exchange.Format{exchange.GIFT, exchange.Aiken, exchange.MoodleXML} {
		q.Set("format", string(f))
		links = append(links,
			ui.NavItem{Label: p.T("assessment.export." + string(f)), Href: "/app/bank/export/items?" + q.Encode()},
			ui.NavItem{Label: p.T("assessment.export.losses", "Format", p.T("assessment.export."+string(f))), Href: "/app/bank/export/losses.txt?" + q.Encode()})
	}
	return links
}

func itemPairs(p *lang.Printer, v itemView) []ui.Pair {
	x := v.Shown
	return []ui.Pair{
		{Term: p.T("assessment.item.version"), Text: strconv.Itoa(x.Number)},
		{Term: p.T("assessment.bank.origin"), Text: originName(p, x.Origin)},
		{Term: p.T("assessment.item.objective"), Text: v.Titles.ofItem(x, p.Tag())},
		{Term: p.T("assessment.report.topic"), Text: p.T("assessment.topic." + x.Topic)},
		{Term: p.T("assessment.item.level"), Text: p.T("assessment.level." + strconv.Itoa(x.Level))},
		{Term: p.T("assessment.item.type"), Text: p.T("item.type." + string(x.Type))},
		{Term: p.T("assessment.item.author"), Text: authorName(p, v.Names, x)},
	}
}

// personName names an author or reviewer; who is no longer there is another person.
func personName(p *lang.Printer, names map[string]string, personID string) string {
	switch {
	case personID == "":
		return p.T("assessment.item.by-program")
	case names[personID] == "":
		return p.T("assessment.item.by-other")
	}
	return names[personID]
}

// authorName names who wrote a version; what came with a course that the program brought is nobody's.
func authorName(p *lang.Printer, names map[string]string, v itembank.Version) string {
	if v.AuthorID == "" && v.Origin != "" {
		return p.T("assessment.item.by-course")
	}
	return personName(p, names, v.AuthorID)
}

func languageTabs(p *lang.Printer, v itemView) []ui.NavItem {
	var tabs []ui.NavItem
	for _, l := range v.Shown.Languages {
		tabs = append(tabs, ui.NavItem{Label: p.Language(l), Href: "/app/bank/items/" + v.Shown.ItemID + "?version=" + strconv.Itoa(v.Shown.Number) + "&in=" + l, Current: l == v.Lang})
	}
	return tabs
}

func editPath(v editView) string {
	if v.ItemID == "" {
		return "/app/bank/new"
	}
	return "/app/bank/items/" + v.ItemID + "/edit"
}

func importKind(v importView) ui.Kind {
	if len(v.Losses)+len(v.Imported.Faults) > 0 {
		return ui.Waiting
	}
	return ui.Success
}

func joined(list []string) string {
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, "; ")
}
