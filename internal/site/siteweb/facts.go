package siteweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/site"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// factsView is the list of facts, or the queue of those to be confirmed today.
type factsView struct {
	Form     *web.Form
	Query    url.Values
	List     []factLine
	Due      int // in all
	MayWrite bool
	By       string // who confirms, as readers see it
}

type factLine struct {
	site.Fact
	Standing site.Standing
	Due      bool
}

func (h *Pages) facts(w http.ResponseWriter, r *http.Request) error {
	return h.showFacts(w, r, web.NewForm())
}

func (h *Pages) readFacts(r *http.Request, f *web.Form) (v factsView, err error) {
	v = factsView{Form: f, Query: url.Values{}, MayWrite: mayWrite(r), By: web.CurrentSession(r.Context()).Name}
	for _, name := range []string{"q", "kind", "due"} {
		if x := strings.TrimSpace(r.URL.Query().Get(name)); x != "" {
			v.Query.Set(name, x)
		}
	}
	all, err := h.Service.Facts(r.Context(), web.Actor(r.Context()))
	now, zone := h.Service.Now(), h.Service.Zone()
	q := strings.ToLower(v.Query.Get("q"))
	for _, x := range all {
		line := factLine{x, x.Standing(now, zone), x.DueOn(now, zone)}
		if line.Due {
			v.Due++
		}
		text := strings.ToLower(x.ID + " " + x.In(printer(r).Tag()) + " " + x.Label[printer(r).Tag()] + " " + x.Source)
		if strings.Contains(text, q) && (v.Query.Get("kind") == "" || string(x.Kind) == v.Query.Get("kind")) && (v.Query.Get("due") == "" || line.Due) {
			v.List = append(v.List, line)
		}
	}
	return v, err
}

func (h *Pages) showFacts(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v, err := h.readFacts(r, f)
	if err != nil {
		return err
	}
	return show(w, r, "site.facts.title", f, factsPage(v))
}

func factState(l factLine) (string, ui.Kind) {
	switch {
	case l.Standing == site.Gone:
		return "gone", ui.Danger
	case l.Standing == site.Overdue:
		return "overdue", ui.Danger
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
		_ = f.Fail(printer(r), errs.Fields{{Name: "fact", Key: "site.facts.none-ticked"}}.Err())
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

func (h *Pages) exportFacts(w http.ResponseWriter, r *http.Request) error {
	format, ok := sheet.Parse(strings.TrimPrefix(r.PathValue("file"), "facts."))
	if !ok {
		return errs.NotFound("error.not-found")
	}
	v, err := h.readFacts(r, web.NewForm())
	if err != nil {
		return err
	}
	p := printer(r)
	header := []string{p.T("site.facts.mark"), p.T("site.kind"), p.T("site.facts.label"), p.T("site.facts.value"), p.T("site.facts.source"), p.T("site.facts.url"), p.T("site.facts.checked"), p.T("site.facts.by"), p.T("site.facts.until"), p.T("site.facts.state")}
	var rows [][]any
	for _, l := range v.List {
		key, _ := factState(l)
		rows = append(rows, []any{l.ID, p.T("site.facts.kinds." + string(l.Kind)), l.Label[p.Tag()], l.In(p.Tag()), l.Source, l.URL, l.Checked, l.By, l.ValidUntil, p.T("site.facts.states." + key)})
	}
	return h.send(w, format, "facts", p.T("site.facts.title"), header, rows)
}

// factView is a fact in its form.
type factView struct {
	ID        string // "new" for a new one
	Form      *web.Form
	Languages []site.Language
	MayWrite  bool
	Used      []site.Overview // articles that refer to it
}

func (h *Pages) fact(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("fact")
	f := web.NewForm("kind", string(site.Phone), "checked", h.today(), "by", web.CurrentSession(r.Context()).Name, "grace_days", "30", "valid_until", h.Service.Now().In(h.Service.Zone()).AddDate(0, 3, 0).Format("2006-01-02"))
	if id != "new" {
		all, err := h.Service.Facts(r.Context(), web.Actor(r.Context()))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x site.Fact) bool { return x.ID == id })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		f = factForm(all[i])
	}
	return h.showFact(w, r, f)
}

func factForm(x site.Fact) *web.Form {
	f := web.NewForm("kind", string(x.Kind), "source", x.Source, "url", x.URL, "checked", x.Checked, "by", x.By, "valid_until", x.ValidUntil, "grace_days", strconv.Itoa(x.GraceDays))
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
	v := factView{ID: r.PathValue("fact"), Form: f, Languages: h.Service.Languages(), MayWrite: mayWrite(r)}
	all, err := h.Service.Articles(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	for _, o := range all {
		for _, s := range o.Languages {
			if s.Published != nil && strings.Contains(s.Published.Body, "{"+v.ID+"}") {
				v.Used = append(v.Used, o)
				break
			}
		}
	}
	return show(w, r, "site.facts.single", f, factPage(v))
}

func (h *Pages) saveFact(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	x := site.Fact{
		ID: r.PathValue("fact"), Kind: site.FactKind(f.Get("kind")), Source: f.Get("source"), URL: f.Get("url"), Checked: f.Text("checked"), By: f.Get("by"), ValidUntil: f.Text("valid_until"),
		Confirm: f.Get("confirm") != "", Value: map[string]string{}, Label: map[string]string{},
	}
	if x.ID == "new" {
		x.ID = f.Text("id")
	}
	x.GraceDays, _ = strconv.Atoi(f.Text("grace_days")) // no number is none
	if any := f.Text("value-" + site.AnyLang); any != "" {
		x.Value[site.AnyLang] = any
	}
	for _, l := range h.Service.Languages() {
		if x.Value[site.AnyLang] == "" {
			x.Value[l.Tag] = f.Text("value-" + l.Tag)
		}
		x.Label[l.Tag] = f.Text("label-" + l.Tag)
	}
	if err := h.Service.SaveFact(r.Context(), web.Actor(r.Context()), x); err != nil {
		if f.Fail(printer(r), err) {
			return h.showFact(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.facts.saved")
	return web.Redirect(w, r, "/app/site/facts/"+x.ID)
}

// factLabel names a fact in the page's language, or by its id.
func factLabel(p *lang.Printer, f site.Fact) string {
	if l := f.Label[p.Tag()]; l != "" {
		return l
	}
	return f.ID
}
