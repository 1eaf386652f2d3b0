package siteweb

import (
	"ostoja/internal/lang"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
)

// titleOf names an article in the page's language, or in its own, or by its id.
func titleOf(o site.Overview, tag string) string {
	for _, want := range []string{tag, o.SourceLang} {
		for _, s := range o.Languages {
			if t := current(s); t != nil && s.Lang == want && t.Title != "" {
				return t.Title
			}
		}
	}
	return o.ID
}

func kindTabs(p *lang.Printer, current string) (list []ui.NavItem) {
	for _, k := range content.Kinds {
		list = append(list, ui.NavItem{Label: p.T("site.kinds." + string(k)), Href: "/app/site/new?kind=" + string(k), Current: string(k) == current})
	}
	return list
}

// ownerName names who keeps something.
func ownerName(p *lang.Printer, k content.Owner) string {
	if k.UnitName == "" {
		return p.T("site.unit-installation")
	}
	return k.UnitName
}

func languageOptions(p *lang.Printer, o site.Overview) (list []ui.Option) {
	for _, s := range o.Languages {
		list = append(list, ui.Option{Value: s.Lang, Label: p.LanguageName(s.Lang)})
	}
	return list
}

func languageChoices(p *lang.Printer, langs []content.Language) (list []ui.Option) {
	for _, l := range langs {
		list = append(list, ui.Option{Value: l.Tag, Label: p.LanguageName(l.Tag)})
	}
	return list
}

// publicationTitle names a publication that was ordered.
func (v ordersView) publicationTitle(p *lang.Printer, articleID string) string {
	for _, o := range v.Publications {
		if o.ID == articleID {
			return titleOf(o, p.Tag())
		}
	}
	return articleID
}

func publicationOptions(p *lang.Printer, v ordersView) (list []ui.Option) {
	for _, o := range v.Publications {
		list = append(list, ui.Option{Value: o.ID, Label: titleOf(o, p.Tag())})
	}
	return list
}

func tabHint(p *lang.Printer, protected bool) string {
	if protected {
		return p.T("site.tab-hint")
	}
	return ""
}

func versionPairs(p *lang.Printer, v reviewView) []ui.Pair {
	t := v.Text
	pairs := []ui.Pair{
		{Term: p.T("site.orders.lang"), Text: p.LanguageName(t.Lang)}, {Term: p.T("site.version"), Text: p.Int(t.Number)},
		{Term: p.T("site.need"), Text: p.T("site.text-state." + string(t.State))}, {Term: p.T("site.tab"), Text: t.Tab}, {Term: p.T("site.summary"), Text: t.Summary},
		{Term: p.T("site.author"), Text: person(p, v.Names, t.AuthorID) + ", " + p.Date(t.ChangedAt)},
	}
	if t.Lang != v.Article.SourceLang {
		pairs = append(pairs, ui.Pair{Term: p.T("site.follows"), Text: p.Int(t.Follows)})
	}
	if t.ReviewDue != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("site.review-due"), Text: p.DateOf(t.ReviewDue)})
	}
	if !t.ReviewedAt.IsZero() {
		reviewer := p.T("site.no-reviewer")
		if t.ReviewerID != "" {
			reviewer = person(p, v.Names, t.ReviewerID)
		}
		pairs = append(pairs, ui.Pair{Term: p.T("site.reviewer"), Text: reviewer + ", " + p.Date(t.ReviewedAt)})
	}
	return pairs
}

func textKind(s content.State) ui.Kind {
	return map[content.State]ui.Kind{content.Draft: ui.Info, content.InReview: ui.Waiting, content.Returned: ui.Danger, content.Published: ui.Success}[s]
}

func orderKind(s site.OrderState) ui.Kind {
	return map[site.OrderState]ui.Kind{site.OrderNew: ui.Waiting, site.OrderSent: ui.Success, site.OrderCancelled: ui.Plain}[s]
}
