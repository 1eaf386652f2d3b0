package itembankweb

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// itemFilters are what the list of items narrows by. A file for other programs reads the same ones from its address.
// levels are those of an item, 1 to [item.MostLevel].
var levels = []string{"1", "2", "3", "4"}

var itemFilters = []string{"origin", "objective", "topic", "level", "type", "lang", "review", "retired"}

// askedItems reads what the list of items was asked for where no list is shown.
func askedItems(q url.Values) list.Query { return list.Asks{Filters: itemFilters}.Parse(q) }

// itemFilter says in the bank's words what the list of items was asked for.
func itemFilter(q list.Query) itembank.ItemFilter {
	level, _ := strconv.Atoi(q.Filters["level"]) // no number chooses all
	return itembank.ItemFilter{
		Search: q.Search, Origin: q.Filters["origin"], Objective: q.Filters["objective"], Topic: q.Filters["topic"], Level: level,
		Type: item.Type(q.Filters["type"]), Lang: q.Filters["lang"], Review: q.Filters["review"], Retired: q.Filters["retired"] != "",
		Sort: q.Sort, Desc: q.Desc,
	}
}

// itemList is the list of the bank's items, in which who may review them ticks what they approve.
func (h *Pages) itemList(r *http.Request, v itemsView) listweb.Of[itembank.Version] {
	p, actor := printer(r), web.Actor(r.Context())
	type row = itembank.Version
	l := listweb.Of[row]{
		Name: "items", Title: p.T("assessment.bank.items"), Path: "/app/bank", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("assessment.bank.search"), First: "code",
		Filters: h.itemFilterFields(p, v), Columns: itemColumns(p, v),
		Empty: listweb.Empty{Title: p.T("assessment.bank.empty"), Text: p.T("assessment.bank.empty-text")},
		Pick: &listweb.Pick[row]{
			Action: "/app/bank/review", Name: "version", Main: listweb.Act{Label: p.T("assessment.review.approve-ticked"), Kind: ui.Action},
			Hidden: []ui.NavItem{{Label: "back", Href: "/app/bank?" + r.URL.RawQuery}},
			Value: func(x row) string {
				if itembank.MayReview(actor, x) {
					return x.ID
				}
				return ""
			},
			Label: func(x row) string { return p.T("assessment.bank.choose", "Code", x.Code) },
		},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.Service.Items(ctx, actor, itemFilter(q), q.Page, q.Size)
		},
		Each: func(ctx context.Context, q list.Query, _ sheet.Format, use func(iter.Seq2[row, error]) error) error {
			items, _, err := h.Service.Items(ctx, actor, itemFilter(q), 1, 0)
			if err != nil {
				return err
			}
			return use(func(yield func(row, error) bool) {
				for _, x := range items {
					if !yield(x, nil) {
						return
					}
				}
			})
		},
	}
	if v.MayWrite {
		l.Empty.Action = ui.NavItem{Label: p.T("assessment.import.title"), Href: "/app/bank/import"}
	}
	return l
}

func (h *Pages) itemFilterFields(p *lang.Printer, v itemsView) []listweb.Filter[itembank.Version] {
	fields := map[string]listweb.Filter[itembank.Version]{
		"origin":    {Label: p.T("assessment.bank.origin"), Options: originOptions(p, v.Origins)},
		"objective": {Label: p.T("assessment.item.objective"), Options: v.Titles.options(p.T("assessment.bank.any"), v.Objectives, p.Tag())},
		"topic":     {Label: p.T("assessment.report.topic"), Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.topic.", course.Topics)},
		"level":     {Label: p.T("assessment.item.level"), Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.level.", levels)},
		"type":      {Label: p.T("assessment.item.type"), Options: itemweb.TypeOptions(p, "assessment.bank.any")},
		"lang":      {Label: p.T("assessment.item.languages"), Options: ui.OptionsOf(p, "assessment.bank.any", "language.", h.Site.Catalogue.Langs())},
		"review":    {Label: p.T("assessment.review.title"), Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.review.", []string{"awaiting", "approved", "returned"})},
		"retired":   {Label: p.T("assessment.bank.in-use"), Options: []ui.Option{{Label: p.T("assessment.bank.not-retired")}, {Value: "1", Label: p.T("assessment.bank.retired")}}},
	}
	filters := make([]listweb.Filter[itembank.Version], len(itemFilters))
	for i, name := range itemFilters {
		filters[i] = fields[name]
		filters[i].Name = name
	}
	return filters
}

func itemColumns(p *lang.Printer, v itemsView) []listweb.Column[itembank.Version] {
	type row = itembank.Version
	return []listweb.Column[row]{
		{
			Label: p.T("assessment.item.code"), Sort: "code", Place: listweb.Head, Value: func(x row) any { return x.Code },
			Show: func(x row) templ.Component { return itemName(x) },
		},
		{Label: p.T("assessment.item.question"), File: true, Value: func(x row) any { return x.Summary(x.LangFor(p.Tag())) }},
		{Label: p.T("assessment.bank.origin"), File: true, Value: func(x row) any { return originName(p, x.Origin) }},
		{Label: p.T("assessment.item.objective"), Place: listweb.Away, Value: func(x row) any { return v.Titles.ofItem(x, p.Tag()) }},
		{Label: p.T("assessment.report.topic"), File: true, Value: func(x row) any { return p.T("assessment.topic." + x.Topic) }},
		{Label: p.T("assessment.item.level"), Sort: "level", Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Level }},
		{Label: p.T("assessment.item.type"), Sort: "type", Place: listweb.Away, Value: func(x row) any { return p.T("item.type." + string(x.Type)) }},
		{Label: p.T("assessment.item.version"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Number }},
		{
			Label: p.T("assessment.review.title"), Sort: "review", Place: listweb.Chip, Value: func(x row) any { return p.T(verdictKey(x.Verdict)) },
			Kind: func(x row) ui.Kind { return verdictKind(x.Verdict) },
		},
	}
}

// testList is the list of the competence tests, each in its newest edition.
func (h *Pages) testList(r *http.Request, tests []itembank.Test) listweb.Of[itembank.Test] {
	p := printer(r)
	type row = itembank.Test
	var origins []string
	for _, t := range tests {
		origins = append(origins, t.Origin)
	}
	l := listweb.Of[row]{
		Name: "tests", Title: p.T("assessment.tests.title"), Path: "/app/bank/tests", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("assessment.tests.search"), Rows: tests,
		Filters: []listweb.Filter[row]{
			{Name: "origin", Label: p.T("assessment.bank.origin"), Options: originOptions(p, distinct(origins)), Match: func(t row, v string) bool { return t.Origin == v || v == itembank.Here && t.Origin == "" }},
			{Name: "review", Label: p.T("assessment.review.title"), Options: ui.OptionsOf(p, "assessment.bank.any", "assessment.review.", []string{"awaiting", "approved"}), Match: func(t row, v string) bool {
				return (t.Unapproved() == 0) == (v == string(itembank.Approved))
			}},
		},
		Empty: listweb.Empty{Title: p.T("assessment.tests.empty"), Text: p.T("assessment.tests.empty-text")},
		Columns: []listweb.Column[row]{
			{
				Label: p.T("assessment.competence-test"), Sort: "title", Place: listweb.Head, Value: func(t row) any { return t.Title.In(p.Tag()) },
				Link: func(t row) string { return "/app/bank/tests/" + t.ID },
			},
			{Label: p.T("assessment.bank.origin"), Sort: "origin", Value: func(t row) any { return originName(p, t.Origin) }},
			{Label: p.T("assessment.tests.forms"), Sort: "forms", Numeric: true, Place: listweb.Away, Value: func(t row) any { return len(t.Forms) }},
			{Label: p.T("assessment.tests.items"), Sort: "items", Numeric: true, Place: listweb.Away, Value: func(t row) any { return len(t.Forms[0].Items) }},
			{Label: p.T("assessment.tests.edition"), Sort: "edition", Numeric: true, Place: listweb.Away, Value: func(t row) any { return t.Edition }},
			{
				Label: p.T("assessment.review.title"), Sort: "review", Place: listweb.Chip, Value: func(t row) any { _, text := reviewState(p, t.Unapproved()); return text },
				Kind: func(t row) ui.Kind { kind, _ := reviewState(p, t.Unapproved()); return kind }, By: func(t row) any { return t.Unapproved() },
			},
		},
	}
	if actor := web.Actor(r.Context()); actor.Everywhere(access.ItemsWrite) {
		l.Empty.Action = ui.NavItem{Label: p.T("assessment.tests.new"), Href: "/app/bank/tests/new"}
	}
	return l
}

func reviewState(p *lang.Printer, unapproved int) (ui.Kind, string) {
	if unapproved == 0 {
		return ui.Success, p.T("assessment.review.approved")
	}
	return ui.Waiting, p.T("assessment.review.awaiting-n", "Count", unapproved)
}

// distinct returns the texts that are not empty, each once, sorted.
func distinct(texts []string) []string {
	slices.Sort(texts)
	texts = slices.Compact(texts)
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}
