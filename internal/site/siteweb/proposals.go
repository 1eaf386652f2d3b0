package siteweb

import (
	"net/http"
	"slices"
	"strings"

	"ostoja/internal/approval"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// proposalLine is a proposal in a list.
type proposalLine struct {
	site.Proposal
	Title, Author string
}

// queue returns the proposals of a kind, with the names of who made them.
func (h *Pages) queue(r *http.Request, kind site.ProposalKind) (list []proposalLine, err error) {
	all, err := h.Service.Proposals(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, x := range all {
		ids = append(ids, x.AuthorID)
	}
	names, err := h.names(r, ids)
	p := printer(r)
	for _, x := range all {
		if x.Kind == kind {
			list = append(list, proposalLine{x, proposalTitle(p, x), person(p, names, x.AuthorID)})
		}
	}
	return list, err
}

// count returns how many of them wait for a second person.
func count(list []proposalLine) (n int) {
	for _, x := range list {
		if x.Waits() {
			n++
		}
	}
	return n
}

func proposalTitle(p *lang.Printer, x site.Proposal) string {
	if x.After.Fact != nil {
		return factLabel(p, *x.After.Fact)
	}
	return serviceName(p, x.After.Service)
}

// serviceName names a service in the page's language, or in another.
func serviceName(p *lang.Printer, s *directory.Service) string {
	if name := directory.In(s.Name, p.Tag(), "pl", "en"); name != "" {
		return name
	}
	return s.ID
}

// approvalKinds are what proposals are among all that waits for a second person.
var approvalKinds = map[site.ProposalKind]approval.Kind{site.OfFact: approval.SiteFact, site.OfService: approval.SiteService}

// parts are the addresses of what proposals are about.
var parts = map[site.ProposalKind]string{site.OfFact: "/app/site/facts", site.OfService: "/app/site/services"}

// proposalView is a proposal with what it would change.
type proposalView struct {
	proposalLine
	Form     *web.Form
	Lines    []difference
	List     *listweb.Shown // of them
	MayWrite bool
	Own      bool
	Asked    *approval.Request // what was said about it; nil if its author asked nobody
}

// diffParts are the fields that differ, to be shown side by side.
func diffParts(list []difference) (parts []ui.DiffPart) {
	for _, d := range list {
		parts = append(parts, ui.DiffPart{Label: d.Label, Before: d.Before, After: d.After, Lang: d.Lang})
	}
	return parts
}

// difference is a field that a proposal changes.
type difference struct{ Label, Before, After, Lang string }

func (h *Pages) proposal(w http.ResponseWriter, r *http.Request) error {
	return h.showProposal(w, r, web.NewForm())
}

func (h *Pages) showProposal(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	actor := web.Actor(r.Context())
	x, err := h.Service.Proposal(r.Context(), actor, r.PathValue("proposal"))
	if err != nil {
		return err
	}
	names, err := h.names(r, []string{x.AuthorID})
	if err != nil {
		return err
	}
	p := printer(r)
	v := proposalView{
		proposalLine: proposalLine{x, proposalTitle(p, x), person(p, names, x.AuthorID)}, Form: f, Lines: differences(p, x, h.Service.Languages()), MayWrite: x.MayChange(actor), Own: x.AuthorID == actor.PersonID,
	}
	if v.Asked, err = h.Approvals.Of(r.Context(), actor, approvalKinds[x.Kind], x.ObjectID); err != nil {
		return err
	}
	l := h.differenceList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return show(w, r, "site.proposals.single", f, proposalPage(v))
}

// differences lists the fields that a proposal changes, in the order of the form; of something new all that are filled.
func differences(p *lang.Printer, x site.Proposal, langs []content.Language) (list []difference) {
	before := web.NewForm()
	if x.Before != nil {
		before = formOf(*x.Before)
	}
	after := formOf(x.After)
	for _, f := range fieldsOf(p, x.Kind, langs) {
		a, b := before.Get(f.name), after.Get(f.name)
		if a != b {
			list = append(list, difference{f.label, f.shown(p, a), f.shown(p, b), f.lang})
		}
	}
	return list
}

func formOf(c site.Change) *web.Form {
	if c.Fact != nil {
		return factForm(*c.Fact)
	}
	return serviceForm(c.Service, c.Listed)
}

// field is a field of a form, as a difference names it.
type field struct{ name, label, lang string }

// shown is a field's value as a person reads it.
func (f field) shown(p *lang.Printer, value string) string {
	switch {
	case f.name == "kind" && value != "":
		return p.T("site.facts.kinds." + value)
	case f.name == "region":
		return regionName(p, value)
	case slices.Contains([]string{"confirm", "listed", "shelter"}, f.name) && value == "":
		return p.T("site.no")
	case slices.Contains([]string{"confirm", "listed", "shelter"}, f.name):
		return p.T("site.yes")
	}
	return value
}

// fieldsOf lists the fields of a form in their order.
func fieldsOf(p *lang.Printer, kind site.ProposalKind, langs []content.Language) (list []field) {
	add := func(name, key string) { list = append(list, field{name, p.T(key), ""}) }
	each := func(name, key string) {
		for _, l := range langs {
			list = append(list, field{name + "-" + l.Tag, p.T(key) + " (" + p.LanguageName(l.Tag) + ")", l.Tag})
		}
	}
	if kind == site.OfFact {
		add("kind", "site.kind")
		add("value-any", "site.facts.value")
		each("value", "site.facts.value")
		each("label", "site.facts.label")
	} else {
		for _, name := range []string{"name", "summary", "audience", "after", "cost"} {
			each(name, "site.services."+name)
		}
		for _, name := range []string{"operator", "languages", "phones", "mail", "web", "hours", "region", "shelter", "town", "address"} {
			add(name, "site.services."+name)
		}
	}
	add("source", "site.facts.source")
	if kind == site.OfFact {
		add("note", "site.facts.note")
	}
	for _, name := range []string{"url", "checked", "by"} {
		add(name, "site.facts."+name)
	}
	add("valid_until", "site.facts.until")
	if kind == site.OfFact {
		add("grace_days", "site.facts.grace")
	}
	add("confirm", "site.facts.unconfirmed")
	if kind == site.OfService {
		add("listed", "site.services.listed")
	}
	return list
}

// decide accepts or returns a proposal, or takes it back.
func (h *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, id := r.Context(), web.Actor(r.Context()), r.PathValue("proposal")
	x, err := h.Service.Proposal(ctx, actor, id)
	if err != nil {
		return err
	}
	said := "site.proposals.accepted"
	switch f.Get("do") {
	case "accept":
		err = h.Service.AcceptProposal(ctx, actor, id)
	case "return":
		said, err = "site.proposals.was-returned", h.Service.ReturnProposal(ctx, actor, id, f.Get("note"))
	case "back":
		said, err = "site.proposals.taken-back", h.Service.WithdrawProposal(ctx, actor, id)
	default:
		err = errs.Invalid("error.invalid")
	}
	if err != nil {
		if f.Fail(printer(r), err) {
			return h.showProposal(w, r, f)
		}
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, parts[x.Kind])
}

// names returns the names of persons whom the viewer may see, and the viewer's own.
func (h *Pages) names(r *http.Request, ids []string) (map[string]string, error) {
	actor := web.Actor(r.Context())
	found, err := h.Names(r.Context(), actor, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{actor.PersonID: web.CurrentSession(r.Context()).Name}
	for id, name := range found {
		if name != "" {
			names[id] = name
		}
	}
	return names, nil
}

// proposalState is the text and colour of how a proposal stands.
func proposalState(p *lang.Printer, x site.Proposal) (string, ui.Kind) {
	if x.Waits() {
		return p.T("site.state.review"), ui.Waiting
	}
	return p.T("site.state.returned"), ui.Danger
}

func proposalPairs(p *lang.Printer, v proposalView) []ui.Pair {
	state, _ := proposalState(p, v.Proposal)
	what := p.T("site.proposals.change")
	if v.Before == nil {
		what = p.T("site.proposals.new")
	}
	return []ui.Pair{
		{Term: p.T("site.proposals.what"), Text: what}, {Term: p.T("site.mark"), Text: v.ObjectID}, {Term: p.T("site.proposals.by"), Text: v.Author + ", " + p.DateTime(v.ProposedAt)},
		{Term: p.T("site.need"), Text: state},
	}
}

func partTitle(p *lang.Printer, kind site.ProposalKind) string {
	return p.T("site." + strings.TrimPrefix(parts[kind], "/app/site/") + ".title")
}
