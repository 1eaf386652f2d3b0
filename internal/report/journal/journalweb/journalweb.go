// Package journalweb shows what an office notes of a project beside its figures: the checklist of visibility with its proofs, and the log of risks and changes.
//
// Goals: each line opens to what was said of it and when; a form says in which open period it writes, and a locked project says where to open one; a photograph asks about faces and
// says why. Limits: what stands here is read by who reads the project; the parts that a reviewer reads ([Duties], [Risks], [Changes]) name nobody.
package journalweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report/journal"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// mostUpload bounds the form of a duty: a photograph of a telephone.
const mostUpload = 20 << 20

const added = "new"

// Pages are the pages of journals.
type Pages struct {
	Site    *web.Site
	Service *journal.Service
	// Head is what stands above each page of a project, with its sides.
	Head func(p project.Page, tab string) templ.Component
	// Called is what a fund is called in short.
	Called func(p *lang.Printer, set fund.Rules) string
	// Funds returns the rule sets that there are.
	Funds func(ctx context.Context, actor access.Actor) ([]fund.Rules, error)
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	const base = "/app/projects/{project}"
	m.Handle("GET "+base+"/visibility", h.checklist)
	m.Handle("GET "+base+"/visibility/{duty}", h.duty)
	m.HandleUpload("POST "+base+"/visibility/{duty}", mostUpload+web.FormLimit, h.say)
	m.Handle("GET "+base+"/proofs/{entry}", h.proof)
	m.Handle("POST "+base+"/proofs/{entry}", h.dropProof)
	m.Handle("GET "+base+"/log", h.log)
	m.Handle("GET "+base+"/log/{kind}/{item}", h.item)
	m.Handle("POST "+base+"/log/{kind}/{item}", h.write)
}

// names returns what funds are called, by id.
func (h *Pages) names(r *http.Request) (map[string]string, error) {
	sets, err := h.Funds(r.Context(), web.Actor(r.Context()))
	names := map[string]string{"": lang.T(r.Context(), "journal.own")}
	for _, set := range sets {
		names[set.ID] = h.Called(lang.From(r.Context()), set)
	}
	return names, err
}

func view(r *http.Request, key string, f *web.Form) web.View {
	v := web.View{Title: lang.T(r.Context(), key), Nav: "projects", Wide: true}
	if f != nil {
		v.Status = f.Status()
	}
	return v
}

func (h *Pages) checklist(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	c, err := h.Service.Checklist(ctx, web.Actor(ctx), r.PathValue("project"))
	if err != nil {
		return err
	}
	if !c.Dated() {
		return errs.NotFound("error.not-found")
	}
	names, err := h.names(r)
	if err != nil {
		return err
	}
	type row = journal.Duty
	l := listweb.Of[row]{
		Name: "visibility", Title: p.T("journal.visibility"), Path: journal.Path(c.ID, "visibility"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Rows: c.Duties,
		Columns: []listweb.Column[row]{
			{Label: p.T("journal.duty"), Place: listweb.Head, Value: func(x row) any { return x.Says.Duty.In(p.Tag()) }, Link: func(x row) string { return journal.Path(c.ID, "visibility") + "/" + x.Key() }},
			{Label: p.T("journal.of"), Place: listweb.Meta, Value: func(x row) any { return asked(p, x, names) }},
			{Label: p.T("journal.day"), Place: listweb.Figure, Value: func(x row) any { return dayCell(p, x.Says.Day) }},
			{Label: p.T("journal.proof"), Place: listweb.Away, Value: func(x row) any { return proofWords(p, x) }},
			{Label: p.T("journal.reason"), Place: listweb.Away, Value: func(x row) any { return x.Says.Reason }},
			{Label: p.T("journal.state"), Place: listweb.Chip, Value: func(x row) any { return metWords(p, x) }, Kind: metKind},
		},
		Empty: listweb.Empty{Title: p.T("journal.no-duties"), Text: p.T("journal.no-duties-text")},
	}
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r, "journal.visibility", nil), checklistPage(h.Head(c.Page, "reports"), c, shown))
}

type dutyView struct {
	journal.Checklist
	Head templ.Component
	Duty journal.Duty // without words for a new one
	Key  string
	Of   string
	Form *web.Form
}

func (h *Pages) duty(w http.ResponseWriter, r *http.Request) error {
	return h.showDuty(w, r, nil)
}

// showDuty shows what was said of a duty and, while a period is open, the form; without a form, one of what holds.
func (h *Pages) showDuty(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	c, err := h.Service.Checklist(ctx, web.Actor(ctx), r.PathValue("project"))
	if err != nil {
		return err
	}
	v := dutyView{Checklist: c, Head: h.Head(c.Page, "reports"), Key: r.PathValue("duty"), Form: f}
	i := slices.IndexFunc(c.Duties, func(d journal.Duty) bool { return d.Key() == v.Key })
	switch {
	case i >= 0:
		v.Duty = c.Duties[i]
	case v.Key != added || !c.MayWrite:
		return errs.NotFound("error.not-found")
	}
	names, err := h.names(r)
	if err != nil {
		return err
	}
	v.Of = names[v.Duty.Says.FundID]
	if f == nil {
		x := v.Duty.Says
		v.Form = web.NewForm("met", string(x.Met), "day", x.Day, "reason", x.Reason, "proof", string(x.Proof), "address", x.Address, "shows", x.Shows, "seen", v.Duty.Entry.ID)
	}
	return web.Show(w, r, view(r, "journal.visibility", v.Form), dutyPage(v))
}

func (h *Pages) say(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, projectID := r.Context(), r.PathValue("project")
	d := journal.VisibleDraft{
		Key: r.PathValue("duty"), Seen: f.Get("seen"), Duty: f.Get("duty"), Lang: lang.From(ctx).Tag(), Met: journal.Met(f.Get("met")), Day: f.Get("day"), Reason: f.Get("reason"),
		Proof: journal.ProofKind(f.Get("proof")), Address: f.Get("address"), Shows: f.Get("shows"), NoFaces: f.Get("no_faces"),
	}
	if d.Key == added {
		d.Key = ""
	}
	if r.MultipartForm != nil {
		if d.File, _, err = web.File(r, "file"); err != nil {
			return err
		}
	}
	err = h.Service.Say(ctx, web.Actor(ctx), projectID, f.Get("period"), d)
	if f.Fail(lang.From(ctx), err) {
		return h.showDuty(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "journal.said")
	return web.Redirect(w, r, journal.Path(projectID, "visibility"))
}

func (h *Pages) proof(w http.ResponseWriter, r *http.Request) error {
	b, err := h.Service.Proof(r.Context(), web.Actor(r.Context()), r.PathValue("project"), r.PathValue("entry"))
	if err != nil {
		return err
	}
	web.Attachment(w, b.MediaType, FileName(b.MediaType), b.Content)
	return nil
}

// FileName is how a proof is called that somebody saves.
func FileName(mediaType string) string {
	if mediaType == "application/pdf" {
		return "proof.pdf"
	}
	return "proof.jpg"
}

func (h *Pages) dropProof(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	projectID := r.PathValue("project")
	if err := h.Service.DropProof(r.Context(), web.Actor(r.Context()), projectID, r.PathValue("entry")); err != nil {
		return err
	}
	h.Site.Say(w, "journal.said-dropped")
	path := journal.Path(projectID, "visibility")
	if duty := f.Get("duty"); duty != "" && web.LocalPath(path+"/"+duty) != "" {
		path += "/" + duty
	}
	return web.Redirect(w, r, path)
}

func (h *Pages) log(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	l, err := h.Service.Log(ctx, web.Actor(ctx), r.PathValue("project"))
	if err != nil {
		return err
	}
	if !l.Dated() {
		return errs.NotFound("error.not-found")
	}
	risks, changes := h.risks(r, p, l), h.changes(r, p, l)
	if risks.Wanted() {
		return risks.Send(w, r)
	}
	if changes.Wanted() {
		return changes.Send(w, r)
	}
	shownRisks, err := risks.Open(ctx)
	if err != nil {
		return err
	}
	shownChanges, err := changes.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, view(r, "journal.log", nil), logPage(h.Head(l.Page, "reports"), l, shownRisks, shownChanges))
}

func (h *Pages) risks(r *http.Request, p *lang.Printer, l journal.Log) listweb.Of[journal.Item[journal.Risk]] {
	type row = journal.Item[journal.Risk]
	return listweb.Of[row]{
		Name: "risks", Title: p.T("journal.risks"), Path: journal.Path(l.ID, "log"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Prefix: "risk.", Rows: l.Risks,
		Filters: []listweb.Filter[row]{{
			Name: "state", Label: p.T("journal.state"), Options: ui.OptionsOf(p, "project.any", "journal.risk-", []string{"open", "closed"}),
			Match: func(x row, v string) bool { return riskState(x.Now().Says) == v },
		}},
		Columns: []listweb.Column[row]{
			{Label: p.T("journal.number"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Number }},
			{Label: p.T("journal.risk"), Place: listweb.Head, Value: func(x row) any { return x.Now().Says.What }, Link: func(x row) string { return itemPath(l.ID, "risk", x.ID) }},
			{Label: p.T("journal.likelihood"), Place: listweb.Away, Value: func(x row) any { return p.T("journal.degree-" + string(x.Now().Says.Likelihood)) }},
			{Label: p.T("journal.impact"), Place: listweb.Away, Value: func(x row) any { return p.T("journal.degree-" + string(x.Now().Says.Impact)) }},
			{Label: p.T("journal.weight"), Sort: "weight", Numeric: true, Place: listweb.Figure, Value: func(x row) any { return x.Now().Says.Weight() }},
			{Label: p.T("journal.measure"), Place: listweb.Away, Value: func(x row) any { return x.Now().Says.Measure }},
			{Label: p.T("journal.watcher"), Place: listweb.Meta, Value: func(x row) any { return x.Now().Says.Watcher }},
			{Label: p.T("journal.opened"), Place: listweb.Away, Value: func(x row) any { return dayCell(p, x.Now().Says.Opened) }},
			{Label: p.T("journal.closed"), Place: listweb.Away, Value: func(x row) any { return dayCell(p, x.Now().Says.Closed) }},
			{Label: p.T("journal.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("journal.risk-" + riskState(x.Now().Says)) }, Kind: func(row) ui.Kind { return ui.Plain }},
		},
		Empty: listweb.Empty{Title: p.T("journal.no-risks"), Text: p.T("journal.no-risks-text")},
	}
}

func (h *Pages) changes(r *http.Request, p *lang.Printer, l journal.Log) listweb.Of[journal.Item[journal.Change]] {
	type row = journal.Item[journal.Change]
	return listweb.Of[row]{
		Name: "changes", Title: p.T("journal.changes"), Path: journal.Path(l.ID, "log"), Query: r.URL.Query(), Now: h.Site.Clock.Now(), Prefix: "change.", Rows: l.Changes,
		Columns: []listweb.Column[row]{
			{Label: p.T("journal.number"), Numeric: true, Place: listweb.Away, Value: func(x row) any { return x.Number }},
			{Label: p.T("journal.change"), Place: listweb.Head, Value: func(x row) any { return x.Now().Says.What }, Link: func(x row) string { return itemPath(l.ID, "change", x.ID) }},
			{Label: p.T("journal.why"), Place: listweb.Away, Value: func(x row) any { return x.Now().Says.Why }},
			{Label: p.T("journal.asked"), Place: listweb.Away, Value: func(x row) any { return dayCell(p, x.Now().Says.Asked) }},
			{Label: p.T("journal.answered"), Place: listweb.Figure, Value: func(x row) any { return dayCell(p, x.Now().Says.Day) }},
			{Label: p.T("journal.annex"), Numeric: true, Place: listweb.Away, Value: func(x row) any {
				if n := x.Now().Says.Annex; n > 0 {
					return n
				}
				return nil
			}},
			{Label: p.T("journal.state"), Place: listweb.Chip, Value: func(x row) any { return p.T("journal.answer-" + string(x.Now().Says.Answer)) }, Kind: func(row) ui.Kind { return ui.Plain }},
		},
		Empty: listweb.Empty{Title: p.T("journal.no-changes"), Text: p.T("journal.no-changes-text")},
	}
}

// dayCell is a stored day in a list.
func dayCell(p *lang.Printer, day string) any {
	if day == "" {
		return nil
	}
	return sheet.Day(p.StoredDay(day))
}

func itemPath(projectID, kind, itemID string) string {
	return journal.Path(projectID, "log") + "/" + kind + "/" + itemID
}

type itemView struct {
	journal.Log
	Head   templ.Component
	Kind   string // risk | change
	Item   string // its id, or [added]
	Risk   journal.Item[journal.Risk]
	Change journal.Item[journal.Change]
	Form   *web.Form
}

func (h *Pages) item(w http.ResponseWriter, r *http.Request) error { return h.showItem(w, r, nil) }

func (h *Pages) showItem(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	l, err := h.Service.Log(ctx, web.Actor(ctx), r.PathValue("project"))
	if err != nil {
		return err
	}
	v := itemView{Log: l, Head: h.Head(l.Page, "reports"), Kind: r.PathValue("kind"), Item: r.PathValue("item"), Form: f}
	risk := slices.IndexFunc(l.Risks, func(x journal.Item[journal.Risk]) bool { return x.ID == v.Item })
	change := slices.IndexFunc(l.Changes, func(x journal.Item[journal.Change]) bool { return x.ID == v.Item })
	switch {
	case v.Kind == "risk" && risk >= 0:
		v.Risk = l.Risks[risk]
	case v.Kind == "change" && change >= 0:
		v.Change = l.Changes[change]
	case v.Kind != "risk" && v.Kind != "change" || v.Item != added || !l.MayWrite:
		return errs.NotFound("error.not-found")
	}
	if f == nil {
		v.Form = v.first(h.Service.Projects.Today())
	}
	return web.Show(w, r, view(r, "journal.log", v.Form), itemPage(v))
}

// first fills the form with what holds.
func (v itemView) first(today string) *web.Form {
	switch {
	case len(v.Risk.History) > 0:
		x := v.Risk.Now()
		return web.NewForm("what", x.Says.What, "likelihood", string(x.Says.Likelihood), "impact", string(x.Says.Impact), "measure", x.Says.Measure, "watcher", x.Says.Watcher, "opened", x.Says.Opened,
			"closed", x.Says.Closed, "seen", x.ID)
	case len(v.Change.History) > 0:
		x := v.Change.Now()
		return web.NewForm("what", x.Says.What, "why", x.Says.Why, "asked", x.Says.Asked, "answer", string(x.Says.Answer), "day", x.Says.Day, "annex", strconv.Itoa(x.Says.Annex), "seen", x.ID)
	case v.Kind == "risk":
		return web.NewForm("opened", today)
	}
	return web.NewForm("answer", string(journal.Waits))
}

func (h *Pages) write(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, projectID, kind, itemID := r.Context(), web.Actor(r.Context()), r.PathValue("project"), r.PathValue("kind"), r.PathValue("item")
	if itemID == added {
		itemID = ""
	}
	switch kind {
	case "risk":
		itemID, err = h.Service.WriteRisk(ctx, actor, projectID, f.Get("period"), itemID, f.Get("seen"), journal.Risk{
			What: f.Get("what"), Likelihood: journal.Degree(f.Get("likelihood")), Impact: journal.Degree(f.Get("impact")), Measure: f.Get("measure"), Watcher: f.Get("watcher"),
			Opened: f.Get("opened"), Closed: f.Get("closed"), Note: f.Get("note"),
		})
	case "change":
		annex, _ := strconv.Atoi(f.Get("annex")) // none is no annex
		itemID, err = h.Service.WriteChange(ctx, actor, projectID, f.Get("period"), itemID, f.Get("seen"), journal.Change{
			What: f.Get("what"), Why: f.Get("why"), Asked: f.Get("asked"), Answer: journal.Answer(f.Get("answer")), Day: f.Get("day"), Annex: annex, Note: f.Get("note"),
		})
	default:
		return errs.NotFound("error.not-found")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showItem(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "journal.said")
	return web.Redirect(w, r, itemPath(projectID, kind, itemID))
}
