package siteweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// factsView is the list of facts, or the queue of those to be confirmed today.
type factsView struct {
	Form      *web.Form
	OnlyDue   bool
	List      []factLine
	Shown     *listweb.Shown
	Due       int            // in all
	Waiting   *listweb.Shown // proposals
	Proposals int            // that wait for a second person
	MayAdd    bool
	Actor     access.Actor
	Calls     callsView
	By        string // who confirms, as readers see it
	Opening   site.Opening
}

type factLine struct {
	content.Fact
	Validity fact.Validity
	Due      bool
	First    bool // somebody in danger relies on it, and nobody has confirmed it
}

func (h *Pages) facts(w http.ResponseWriter, r *http.Request) error {
	return h.showFacts(w, r, web.NewForm())
}

func (h *Pages) readFacts(r *http.Request, f *web.Form) (v factsView, err error) {
	v = factsView{Form: f, OnlyDue: r.URL.Query().Get("due") != "", MayAdd: mayAdd(r), Actor: web.Actor(r.Context()), By: web.CurrentSession(r.Context()).Name}
	if v.Opening, err = h.Service.Opening(r.Context(), v.Actor); err != nil {
		return v, err
	}
	all, err := h.Service.Facts(r.Context(), v.Actor)
	now, zone := h.Service.Now(), h.Service.Zone()
	for _, x := range all {
		line := factLine{x, x.Validity(now, zone), x.DueOn(now, zone), slices.ContainsFunc(v.Opening.Unconfirmed, func(f *content.Fact) bool { return f.ID == x.ID })}
		if line.Due {
			v.Due++
		}
		v.List = append(v.List, line)
	}
	slices.SortStableFunc(v.List, func(a, b factLine) int { return order(a.First) - order(b.First) })
	return v, err
}

// order puts what is first before all else.
func order(first bool) int {
	if first {
		return 0
	}
	return 1
}

// valuesDiffer says whether the form must show a value for each language: where there is one or one is wrong, and where the kind is
// words of which none is for all languages.
func valuesDiffer(f *web.Form, languages []content.Language) bool {
	for _, l := range languages {
		if f.Get("value-"+l.Tag) != "" || f.Error("value-"+l.Tag) != "" {
			return true
		}
	}
	kind := fact.Kind(f.Get("kind"))
	return f.Get("value-"+fact.AnyLang) == "" && kind != fact.Phone && kind != fact.Web
}

// factPath is the address of a fact's page.
func factPath(f *content.Fact) templ.SafeURL { return templ.SafeURL("/app/site/facts/" + f.ID) }

func (h *Pages) showFacts(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v, err := h.readFacts(r, f)
	if err != nil {
		return err
	}
	l := h.factList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(r.Context()); err != nil {
		return err
	}
	proposals, err := h.queue(r, site.OfFact)
	if err != nil {
		return err
	}
	waiting := h.waitingList(r, l.Path, proposals)
	if waiting.Wanted() {
		return waiting.Send(w, r)
	}
	v.Proposals = count(proposals)
	if v.Waiting, err = waiting.Open(r.Context()); err != nil {
		return err
	}
	stored := make([]content.Fact, len(v.List))
	for i, x := range v.List {
		stored[i] = x.Fact
	}
	calls, sent, err := h.callsOf(w, r, l.Path, "", stored, f)
	if err != nil || sent {
		return err
	}
	v.Calls = calls
	return show(w, r, "site.facts.title", f, factsPage(v))
}

func factState(l factLine) (string, ui.Kind) {
	switch {
	case l.Validity == fact.Expired:
		return "gone", ui.Danger
	case l.Validity == fact.Overdue:
		return "overdue", ui.Danger
	case l.First:
		return "first", ui.Danger
	case l.Confirm:
		return "confirm", ui.Waiting
	case l.Due:
		return "soon", ui.Waiting
	}
	return "sound", ui.Success
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ids := f.Values["fact"]
	if len(ids) == 0 {
		_ = f.Fail(printer(r), errs.Fields{{Name: "fact", Key: "site.facts.none-ticked"}}.Err()) // fields are always the form's
		return h.showFacts(w, r, f)
	}
	n, err := h.Service.Confirm(r.Context(), web.Actor(r.Context()), ids, f.Get("by"))
	if err != nil {
		if f.Fail(printer(r), err) {
			return h.showFacts(w, r, f)
		}
		return err
	}
	h.Site.SayN(w, "site.facts.confirmed", n)
	return web.Redirect(w, r, "/app/site/facts?due=1")
}

// newThing is the address of the form of something new.
const newThing = "new"

// factView is a fact in its form.
type factView struct {
	ID        string // [newThing] of a new one
	Title     string
	Form      *web.Form
	Proposal  *site.Proposal // what is proposed; nil if nothing
	Languages []content.Language
	MayWrite  bool
	Confirm   *content.Fact // as it is, where it is to be confirmed and the reader may
	By        string        // who confirms, as readers see it
	Units     []ui.Option   // of a new one
	Calls     callsView
	History   historyView
	Used      []site.Overview // articles that refer to it
}

func (h *Pages) fact(w http.ResponseWriter, r *http.Request) error { return h.showFact(w, r, nil) }

func factForm(x content.Fact) *web.Form {
	f := web.NewForm("kind", string(x.Kind), "source", x.Source, "note", x.Note, "url", x.URL, "checked", x.Checked, "by", x.By, "valid_until", x.ValidUntil, "grace_days", strconv.Itoa(x.GraceDays))
	if x.Confirm {
		f.Set("confirm", "1")
	}
	for l, v := range x.Value {
		f.Set("value-"+l, v)
	}
	for l, v := range x.Label {
		f.Set("label-"+l, v)
	}
	return f
}

func (h *Pages) showFact(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), printer(r)
	v := factView{ID: r.PathValue("fact"), Title: p.T("site.facts.new"), Form: f, Languages: h.Service.Languages(), MayWrite: mayAdd(r)}
	var err error
	if v.Units, err = h.unitOptions(r); err != nil {
		return err
	}
	if v.ID == newThing && f == nil {
		v.Form = web.NewForm("id", r.URL.Query().Get("id"), "kind", string(fact.Phone), "checked", h.today(), "by", web.CurrentSession(ctx).Name, "grace_days", "30", "valid_until", h.inMonths(3), "base", site.NewBase)
	}
	if v.ID != newThing {
		entry, err := h.Service.Entry(ctx, actor, site.OfFact, v.ID)
		if err != nil {
			return err
		}
		x := entry.Latest().Fact
		if v.Title, v.Proposal = factLabel(p, *x), entry.Proposal; f == nil {
			v.Form = factForm(*x)
			v.Form.Set("base", entry.Base)
		}
		if now := entry.Current; now != nil && entry.MayChange(actor) && now.Fact.DueOn(h.Service.Now(), h.Service.Zone()) {
			v.Confirm, v.By = now.Fact, web.CurrentSession(ctx).Name
		}
		if now := entry.Current; now != nil && now.Fact.Kind == fact.Phone {
			calls, sent, err := h.callsOf(w, r, "/app/site/facts/"+v.ID, v.ID, []content.Fact{*now.Fact}, nil)
			if err != nil || sent {
				return err
			}
			v.Calls = calls
		}
		if entry.Current != nil {
			history, sent, err := h.historyOf(w, r, v.ID)
			if err != nil || sent {
				return err
			}
			v.History = history
		}
		v.MayWrite = entry.MayChange(actor) && (entry.Proposal == nil || entry.Proposal.Open(actor.PersonID))
	}
	all, err := h.Service.Articles(ctx, actor)
	if err != nil {
		return err
	}
	for _, o := range all {
		if slices.ContainsFunc(o.Languages, func(s site.Status) bool {
			return s.Published != nil && strings.Contains(s.Published.Body, "{"+v.ID+"}")
		}) {
			v.Used = append(v.Used, o)
		}
	}
	return show(w, r, "site.facts.single", v.Form, factPage(v))
}

func (h *Pages) saveFact(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	x := content.Fact{
		ID: r.PathValue("fact"), Kind: fact.Kind(f.Get("kind")), Source: f.Get("source"), Note: f.Get("note"), URL: f.Get("url"), Checked: f.Text("checked"), By: f.Get("by"), ValidUntil: f.Text("valid_until"),
		GraceDays: number(f.Text("grace_days")), Confirm: f.Get("confirm") != "", Value: map[string]string{}, Label: map[string]string{},
	}
	if x.ID == newThing {
		x.ID, x.UnitID = f.Text("id"), f.Get("unit")
	}
	if v := f.Text("value-" + fact.AnyLang); v != "" {
		x.Value[fact.AnyLang] = v
	}
	for _, l := range h.Service.Languages() {
		if x.Value[fact.AnyLang] == "" {
			x.Value[l.Tag] = f.Text("value-" + l.Tag)
		}
		x.Label[l.Tag] = f.Text("label-" + l.Tag)
	}
	if err := h.Service.ProposeFactBecause(r.Context(), web.Actor(r.Context()), x, f.Get("base"), f.Get("why")); err != nil {
		if f.Fail(printer(r), err) {
			return h.showFact(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.proposals.made")
	return web.Redirect(w, r, "/app/site/facts")
}

// number reads a whole number; what is none is refused by the service as -1.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// factLabel names a fact in the page's language, or by its id.
func factLabel(p *lang.Printer, f content.Fact) string {
	if l := f.Label[p.Tag()]; l != "" {
		return l
	}
	return f.ID
}
