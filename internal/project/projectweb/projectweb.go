// Package projectweb shows projects to the offices that keep them: the list, what an office wrote, funds, periods, targets, what belongs to a project, its own staff, and
// accounts that may be one person. What was counted stands in reportweb, which shares the tabs.
//
// Goals: a name that somebody wrote at a training becomes a project in one form; what cannot be done says why at its field. Limits: nothing here counts.
package projectweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/sheet"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Unit is an office of the tree.
type Unit struct {
	ID    string
	Name  string
	Depth int
}

// Found is somebody who can be named as own staff.
type Found struct{ ID, Name, Unit string }

// Deps are what the pages need.
type Deps struct {
	Site    *web.Site
	Service *project.Service
	// Units returns those in which the actor has a permission, as a tree.
	Units func(ctx context.Context, actor access.Actor, p access.Permission) ([]Unit, error)
	// Funds returns the rule sets that there are.
	Funds func(ctx context.Context, actor access.Actor) ([]fund.Rules, error)
	// Find returns people whom the actor may see by words of their name, a page of them.
	Find func(ctx context.Context, actor access.Actor, words string) ([]Found, error)
}

// Pages are the pages of projects.
type Pages struct{ Deps }

// New returns the pages.
func New(d Deps) *Pages { return &Pages{d} }

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/projects", h.list)
	m.Handle("GET /app/projects/new", h.newForm)
	m.Handle("POST /app/projects/new", h.create)
	m.Handle("GET /app/projects/pairs", h.pairs)
	m.Handle("POST /app/projects/pairs", h.decide)
	for side, x := range map[string]struct{ show, act web.Handler }{
		"edit": {h.editForm, h.edit}, "funds": {h.funds, h.setFunds}, "periods": {h.periods, h.changePeriods}, "targets": {h.targets, h.setTargets},
		"parts": {h.parts, h.changeParts}, "staff": {h.staff, h.setStaff},
	} {
		m.Handle("GET /app/projects/{project}/"+side, x.show)
		m.Handle("POST /app/projects/{project}/"+side, x.act)
	}
}

// tabs are the sides of a project, for who reads it; current names one.
func tabs(p *lang.Printer, projectID, current string) []ui.NavItem {
	var items []ui.NavItem
	for _, side := range []string{"", "people", "targets", "parts", "periods", "reports"} {
		items = append(items, ui.NavItem{Label: p.T("project.tab-" + named(side)), Href: project.Path(projectID, below(side)...), Current: named(side) == current})
	}
	return items
}

func named(side string) string {
	if side == "" {
		return "indicators"
	}
	return side
}

func below(side string) []string {
	if side == "" {
		return nil
	}
	return []string{side}
}

// Shared is what every page of a project shows above its own.
type Shared struct {
	project.Page
	Tab  string
	Form *web.Form
}

func (h *Pages) open(r *http.Request, tab string, f *web.Form) (Shared, error) {
	p, err := h.Service.Page(r.Context(), web.Actor(r.Context()), r.PathValue("project"))
	return Shared{p, tab, f}, err
}

// view is a page of a project. Its title names no project: titles stand in histories.
func view(r *http.Request, tab string, f *web.Form) web.View {
	return web.View{Title: lang.T(r.Context(), "project.tab-"+tab), Nav: "projects", Wide: true, Status: f.Status()}
}

// list shows the projects of the reader's offices; those that are names alone are offered to be taken over.
func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	all, err := h.Service.List(ctx, actor)
	if err != nil {
		return err
	}
	today := h.Service.Today()
	type row = project.Project
	l := listweb.Of[row]{
		Name: "projects", Title: p.T("project.title"), Path: "/app/projects", Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("project.search"), Rows: all,
		Find: func(x row) string { return x.Name + "\n" + x.Short + "\n" + x.Number + "\n" + x.Unit },
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("project.state"), Options: ui.OptionsOf(p, "project.any", "project.is-", []string{"running", "over", "ahead", "name"}),
			Match: func(x row, v string) bool { return stateOf(x, today) == v },
		}},
		Columns: []listweb.Column[row]{
			{Label: p.T("project.name"), Sort: "name", Place: listweb.Head, Value: func(x row) any { return x.Name }, Link: func(x row) string {
				if x.Dated() {
					return project.Path(x.ID)
				}
				return "/app/projects/new?name=" + url.QueryEscape(x.Name)
			}},
			{Label: p.T("project.office"), Sort: "office", Place: listweb.Meta, Value: func(x row) any { return x.Unit }},
			{Label: p.T("project.number"), Place: listweb.Away, Value: func(x row) any { return x.Number }},
			{Label: p.T("project.from"), Sort: "from", Place: listweb.Away, Value: func(x row) any { return sheet.Day(p.StoredDay(x.FirstDay)) }},
			{Label: p.T("project.until"), Sort: "until", Place: listweb.Figure, Value: func(x row) any { return sheet.Day(p.StoredDay(x.LastDay)) }},
			{Label: p.T("project.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("project.is-" + stateOf(x, today)) }, Kind: func(x row) ui.Kind { return stateKind(x, today) }},
		},
		Empty: listweb.Empty{Title: p.T("project.none"), Text: p.T("project.none-text")},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	if actor.Has(access.ProjectsWrite) {
		l.Empty.Action = ui.NavItem{Label: p.T("project.new"), Href: "/app/projects/new"}
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	open, _, err := h.pairsFor(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: p.T("project.title"), Nav: "projects", Wide: true}, listPage(shown, actor.Has(access.ProjectsWrite), actor.Everywhere(access.ProjectsRead), len(open)))
}

// pairsFor proposes pairs to who can decide on them.
func (h *Pages) pairsFor(r *http.Request) (open, decided []project.Pair, err error) {
	actor := web.Actor(r.Context())
	if !actor.Has(access.ProjectsWrite) || !actor.Has(access.PeopleRead) {
		return nil, nil, nil
	}
	return h.Service.Pairs(r.Context(), actor)
}

// stateOf says where a project stands in time.
func stateOf(x project.Project, today string) string {
	switch {
	case !x.Dated():
		return "name"
	case today < x.FirstDay:
		return "ahead"
	case today > x.LastDay:
		return "over"
	}
	return "running"
}

func stateKind(x project.Project, today string) ui.Kind {
	if stateOf(x, today) == "name" {
		return ui.Waiting
	}
	return ui.Plain
}

type formView struct {
	Form  *web.Form
	Units []ui.Option
	ID    string // "" of a new project
}

func (h *Pages) units(ctx context.Context) ([]ui.Option, error) {
	list, err := h.Units(ctx, web.Actor(ctx), access.ProjectsWrite)
	var options []ui.Option
	for _, u := range list {
		options = append(options, ui.Option{Value: u.ID, Label: strings.Repeat("– ", u.Depth) + u.Name})
	}
	return options, err
}

func (h *Pages) newForm(w http.ResponseWriter, r *http.Request) error {
	return h.showForm(w, r, "", web.NewForm("name", r.URL.Query().Get("name")))
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, projectID string, f *web.Form) (err error) {
	v := formView{Form: f, ID: projectID}
	if v.Units, err = h.units(r.Context()); err != nil {
		return err
	}
	title := "project.new"
	if projectID != "" {
		title = "project.edit"
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), title), Nav: "projects", Status: f.Status()}, formPage(v))
}

// draftOf reads a project from a form.
func draftOf(f *web.Form) project.Draft {
	edition, _ := strconv.ParseInt(f.Get("edition"), 10, 64) // none is of a new project
	return project.Draft{
		Name: f.Text("name"), Short: f.Text("short"), Number: f.Text("number"), Document: f.Text("document"), UnitID: f.Get("unit"), FirstDay: f.Get("first"), LastDay: f.Get("last"),
		Partners: strings.Split(f.Get("partners"), "\n"), Edition: edition,
	}
}

func (h *Pages) create(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	projectID, err := h.Service.Create(r.Context(), web.Actor(r.Context()), draftOf(f))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showForm(w, r, "", f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "project.said-created")
	return web.Redirect(w, r, project.Path(projectID, "funds"))
}

func (h *Pages) editForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.open(r, "data", web.NewForm())
	if err != nil {
		return err
	}
	if !v.MayWrite || !v.Dated() {
		return errs.NotFound("error.not-found")
	}
	return h.showForm(w, r, v.ID, web.NewForm("name", v.Name, "short", v.Short, "number", v.Number, "document", v.Document, "unit", v.UnitID, "first", v.FirstDay, "last", v.LastDay,
		"partners", strings.Join(v.Partners, "\n"), "edition", strconv.FormatInt(v.Edition, 10)))
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	projectID := r.PathValue("project")
	err = h.Service.Edit(r.Context(), web.Actor(r.Context()), projectID, draftOf(f))
	if f.Fail(lang.From(r.Context()), err) {
		return h.showForm(w, r, projectID, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "project.said-saved")
	return web.Redirect(w, r, project.Path(projectID))
}

// act does something to a project that a form of one of its pages asks for, and goes back there.
func (h *Pages) act(w http.ResponseWriter, r *http.Request, do func(f *web.Form) (said string, err error), again func(f *web.Form) error) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said, err := do(f)
	if f.Fail(lang.From(r.Context()), err) {
		return again(f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, r.URL.Path)
}

type fundsView struct {
	Shared
	Sets []fund.Rules
}

// Called is what a fund is called in short.
func (*Pages) Called(p *lang.Printer, set fund.Rules) string { return called(p, set) }

func called(p *lang.Printer, set fund.Rules) string {
	if short := set.Short.In(p.Tag()); short != "" {
		return short
	}
	return set.Title.In(p.Tag())
}

// Indicator is what an indicator is called: in the fund's words, and as long as nobody has copied them, by how it is counted.
func (*Pages) Indicator(p *lang.Printer, i fund.Indicator) string { return indicator(p, i) }

func indicator(p *lang.Printer, i fund.Indicator) string {
	if title := i.Title.In(p.Tag()); title != "" {
		return title
	}
	if i.Measure == fund.ByHand {
		return i.ID
	}
	return p.T("report.measure-" + string(i.Measure))
}

// Span says from when until when.
func (*Pages) Span(p *lang.Printer, first, last string) string { return span(p, first, last) }

// Head is what stands above each page of a project; tab names the page.
func (*Pages) Head(x project.Page, tab string) templ.Component { return head(x, tab) }

func (h *Pages) funds(w http.ResponseWriter, r *http.Request) error {
	v, err := h.open(r, "funds", web.NewForm())
	if err != nil {
		return err
	}
	for _, s := range v.Shares {
		v.Form.Set("share-"+s.FundID, project.Percent(s.Share))
	}
	return h.showFunds(w, r, v)
}

func (h *Pages) showFunds(w http.ResponseWriter, r *http.Request, v Shared) error {
	sets, err := h.Funds(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	x := fundsView{Shared: v}
	for _, set := range sets {
		if set.State == fund.Open || v.Form.Get("share-"+set.ID) != "" {
			x.Sets = append(x.Sets, set)
		}
	}
	return web.Show(w, r, view(r, "funds", v.Form), fundsPage(x))
}

func (h *Pages) setFunds(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form) (string, error) {
		var shares []project.Share
		var faults errs.Fields
		for name := range f.Values {
			fundID, ok := strings.CutPrefix(name, "share-")
			if !ok || f.Text(name) == "" {
				continue
			}
			n, ok := project.ReadPercent(f.Text(name))
			if !ok {
				faults.Add(name, "project.fault.share")
			}
			shares = append(shares, project.Share{FundID: fundID, Share: n})
		}
		if err := faults.Err(); err != nil {
			return "", err
		}
		sortShares(shares)
		return "project.said-saved", h.Service.SetShares(r.Context(), web.Actor(r.Context()), r.PathValue("project"), shares)
	}, func(f *web.Form) error {
		v, err := h.open(r, "funds", f)
		if err != nil {
			return err
		}
		return h.showFunds(w, r, v)
	})
}

func (h *Pages) periods(w http.ResponseWriter, r *http.Request) error {
	return h.showPeriods(w, r, web.NewForm())
}

func (h *Pages) showPeriods(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v, err := h.open(r, "periods", f)
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r, "periods", f), periodsPage(v, h.Service.Today()))
}

func (h *Pages) changePeriods(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, projectID := r.Context(), web.Actor(r.Context()), r.PathValue("project")
	return h.act(w, r, func(f *web.Form) (string, error) {
		switch f.Get("act") {
		case "split":
			months, _ := strconv.Atoi(f.Get("months")) // what is no number is refused as too few
			return "project.said-periods", h.Service.SplitPeriods(ctx, actor, projectID, months)
		case "add":
			return "project.said-periods", h.Service.AddPeriod(ctx, actor, projectID, f.Get("last"))
		case "drop":
			return "project.said-periods", h.Service.DropPeriod(ctx, actor, projectID)
		case "open":
			return "project.said-opened", h.Service.OpenPeriod(ctx, actor, projectID, f.Get("period"), f.Get("reason"))
		case "lock":
			return "project.said-locked", h.Service.LockPeriod(ctx, actor, projectID, f.Get("period"))
		}
		return "", errs.Invalid("error.invalid")
	}, func(f *web.Form) error { return h.showPeriods(w, r, f) })
}

type targetsView struct {
	Shared
	Sets []fund.Rules // of the project's funds
	Next int          // number of the version that the form writes
}

func (h *Pages) targets(w http.ResponseWriter, r *http.Request) error {
	v, err := h.open(r, "targets", web.NewForm())
	if err != nil {
		return err
	}
	for key, t := range v.TargetsOn("9999-12-31") { // the last version
		field := project.TargetField(key[0], key[1])
		v.Form.Set(field, plain(t.Target))
		if t.Baseline != nil {
			v.Form.Set("base-"+field, plain(*t.Baseline))
		}
	}
	return h.showTargets(w, r, v)
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func (h *Pages) showTargets(w http.ResponseWriter, r *http.Request, v Shared) error {
	all, err := h.Funds(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	x := targetsView{Shared: v, Next: len(v.Annexes)}
	frozen := false
	for _, period := range v.Periods {
		frozen = frozen || !period.FrozenAt.IsZero()
	}
	if x.Next == 1 && (len(v.Targets) == 0 || v.Form.Get("agreement") != "") && !frozen {
		x.Next = 0 // nothing rests on the agreement yet
	}
	for _, share := range v.Shares {
		for _, set := range all {
			if set.ID == share.FundID {
				x.Sets = append(x.Sets, set)
			}
		}
	}
	return web.Show(w, r, view(r, "targets", v.Form), targetsPage(x))
}

func (h *Pages) setTargets(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form) (string, error) {
		v, err := h.open(r, "targets", f)
		if err != nil {
			return "", err
		}
		sets, err := h.Funds(r.Context(), web.Actor(r.Context()))
		if err != nil {
			return "", err
		}
		targets, faults := readTargets(f, v, sets)
		if err := faults.Err(); err != nil {
			return "", err
		}
		n, err := strconv.Atoi(f.Get("number"))
		if err != nil {
			return "", errs.Invalid("error.invalid")
		}
		return "project.said-targets", h.Service.SetTargets(r.Context(), web.Actor(r.Context()), v.ID, project.Annex{Number: n, Since: f.Get("since"), Note: f.Get("note")}, targets)
	}, func(f *web.Form) error {
		v, err := h.open(r, "targets", f)
		if err != nil {
			return err
		}
		return h.showTargets(w, r, v)
	})
}

// readTargets reads the targets of all indicators of a project's funds; an empty field is no target.
func readTargets(f *web.Form, v Shared, sets []fund.Rules) (list []project.Target, faults errs.Fields) {
	for _, share := range v.Shares {
		for _, set := range sets {
			if set.ID != share.FundID {
				continue
			}
			for _, i := range set.Indicators {
				field := project.TargetField(set.ID, i.ID)
				if f.Text(field) == "" {
					continue
				}
				t := project.Target{FundID: set.ID, Indicator: i.ID}
				var ok bool
				if t.Target, ok = project.ReadNumber(f.Text(field)); !ok {
					faults.Add(field, "project.fault.number")
				}
				if base := f.Text("base-" + field); base != "" {
					x, ok := project.ReadNumber(base)
					if !ok {
						faults.Add("base-"+field, "project.fault.number")
					}
					t.Baseline = &x
				}
				list = append(list, t)
			}
		}
	}
	return list, faults
}

type partsView struct {
	Shared
	Parts  []project.Part
	Shown  *listweb.Shown
	Here   []project.Part // those that were added on this page, and can be dropped here
	Words  string         // that were looked for among the offered
	Offers []project.Offer
	More   int // further ones that match
}

// mostOffers is how many things to add are shown at once.
const mostOffers = 20

func (h *Pages) parts(w http.ResponseWriter, r *http.Request) error {
	return h.showParts(w, r, web.NewForm("share", "100"))
}

func (h *Pages) showParts(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	v, err := h.open(r, "parts", f)
	if err != nil {
		return err
	}
	x := partsView{Shared: v, Words: r.URL.Query().Get("words")}
	if x.Parts, err = h.Service.Parts(ctx, actor, v.ID); err != nil {
		return err
	}
	if x.Shown, err = h.partList(r, p, x).Open(ctx); err != nil {
		return err
	}
	for _, part := range x.Parts {
		if !part.Own {
			x.Here = append(x.Here, part)
		}
	}
	if v.MayWrite {
		offers, err := h.Service.Offers(ctx, actor, v.ID)
		if err != nil {
			return err
		}
		for _, o := range offers {
			if !strings.Contains(text.Search(o.Title.In(p.Tag())), text.Search(x.Words)) {
				continue
			}
			if len(x.Offers) < mostOffers {
				x.Offers = append(x.Offers, o)
			} else {
				x.More++
			}
		}
	}
	return web.Show(w, r, view(r, "parts", f), partsPage(x))
}

// partList lists what belongs to a project; who else pays stands beside it.
func (h *Pages) partList(r *http.Request, p *lang.Printer, v partsView) *listweb.Of[project.Part] {
	type row = project.Part
	kinds := make([]string, len(project.Kinds))
	for i, k := range project.Kinds {
		kinds[i] = string(k)
	}
	return &listweb.Of[row]{
		Name: "parts", Title: p.T("project.tab-parts"), Path: project.Path(v.ID, "parts"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Search: p.T("project.find-part"), Rows: v.Parts,
		Find: func(x row) string { return x.Title.In(p.Tag()) + "\n" + x.Document },
		Filters: []listweb.Filter[row]{
			{Name: "kind", Label: p.T("project.kind"), Options: ui.OptionsOf(p, "project.any", "project.kind-", kinds), Match: func(x row, v string) bool { return string(x.Kind) == v }},
			{Name: "shared", Label: p.T("project.paid-by"), Options: ui.OptionsOf(p, "project.any", "project.paid-", []string{"alone", "shared"}), Match: func(x row, v string) bool { return x.Shared() == (v == "shared") }},
		},
		Columns: []listweb.Column[row]{
			{Label: p.T("project.subject-name"), Sort: "title", Place: listweb.Head, Value: func(x row) any { return x.Title.In(p.Tag()) }, Link: partPath},
			{Label: p.T("project.kind"), Place: listweb.Chip, Value: func(x row) any { return p.T("project.kind-" + string(x.Kind)) }},
			{Label: p.T("project.share"), Numeric: true, Place: listweb.Figure, Value: func(x row) any { return x.Share }, Text: func(x row) string { return p.Percent(float64(x.Share), 0) }},
			{Label: p.T("project.paid-by"), Place: listweb.Meta, Text: func(x row) string { return others(p, x) }},
			{Label: p.T("project.document"), Place: listweb.Away, Value: func(x row) any { return x.Document }},
		},
	}
}

// others says which other projects pay for the same, and warns where that is one fund or more than the whole.
func others(p *lang.Printer, x project.Part) (text string) {
	for _, e := range x.Elsewhere {
		text += p.T("project.elsewhere", "Name", e.Name, "Share", e.Share) + " "
		if e.SameFund {
			text += p.T("project.same-fund") + " "
		}
	}
	if x.Over() > 0 {
		text += p.T("project.over", "Percent", x.Over())
	}
	return strings.TrimSpace(text)
}

func (h *Pages) changeParts(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, projectID := r.Context(), web.Actor(r.Context()), r.PathValue("project")
	return h.act(w, r, func(f *web.Form) (string, error) {
		kind, subjectID, _ := strings.Cut(f.Get("subject"), ":")
		if f.Get("act") == "drop" {
			return "project.said-part-dropped", h.Service.DropPart(ctx, actor, projectID, project.Kind(kind), subjectID)
		}
		share, _ := strconv.Atoi(f.Text("share")) // what is no number is no share
		return "project.said-part", h.Service.AddPart(ctx, actor, projectID, project.Part{Kind: project.Kind(kind), SubjectID: subjectID, Share: share, Document: f.Text("document")})
	}, func(f *web.Form) error { return h.showParts(w, r, f) })
}

type staffView struct {
	Shared
	Staff  []project.Member
	Others int
	Words  string
	Found  []Found
}

func (h *Pages) staff(w http.ResponseWriter, r *http.Request) error {
	return h.showStaff(w, r, web.NewForm())
}

func (h *Pages) showStaff(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v, err := h.open(r, "staff", f)
	if err != nil {
		return err
	}
	x := staffView{Shared: v, Words: r.URL.Query().Get("words")}
	if x.Staff, x.Others, err = h.Service.Staff(ctx, actor, v.ID); err != nil {
		return err
	}
	if v.MayWrite && strings.TrimSpace(x.Words) != "" {
		if x.Found, err = h.Find(ctx, actor, x.Words); err != nil {
			return err
		}
	}
	return web.Show(w, r, view(r, "staff", f), staffPage(x))
}

func (h *Pages) setStaff(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, func(f *web.Form) (string, error) {
		is := f.Get("act") == "add"
		said := map[bool]string{true: "project.said-staff", false: "project.said-staff-dropped"}[is]
		return said, h.Service.SetStaff(r.Context(), web.Actor(r.Context()), r.PathValue("project"), f.Get("person"), is)
	}, func(f *web.Form) error { return h.showStaff(w, r, f) })
}

func (h *Pages) pairs(w http.ResponseWriter, r *http.Request) error {
	open, decided, err := h.pairsFor(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "project.pairs"), Nav: "projects"}, pairsPage(open, decided))
}

func (h *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	return h.act(w, r, func(f *web.Form) (string, error) {
		a, b := f.Get("person"), f.Get("other")
		if f.Get("act") == "reopen" {
			return "project.said-pair-reopened", h.Service.ReopenPair(ctx, actor, a, b)
		}
		same := f.Get("act") == "same"
		return map[bool]string{true: "project.said-pair-same", false: "project.said-pair-two"}[same], h.Service.DecidePair(ctx, actor, a, b, same)
	}, func(*web.Form) error { return h.pairs(w, r) })
}
