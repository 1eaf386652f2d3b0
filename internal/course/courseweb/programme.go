package courseweb

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"ostoja/internal/course/programme"
	"ostoja/internal/course/published"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// sheetKinds are the things of a programme that are printed, each on a page of its own, in the order in which they are offered.
var sheetKinds = []string{"agenda", "guide", "slides", "handouts", "cases", "answers", "card"}

// programmeStyles are those of programmes on paper, which other pages do without.
var programmeStyles = []string{"programme.css"}

// programmePages registers the pages of classroom programmes.
func (h *Pages) programmePages(m *web.Mux) {
	m.Handle("GET /app/programmes", h.programmes)
	m.Handle("GET /app/programmes/{programme}", h.programme)
	m.Handle("GET /app/programmes/{programme}/{sheet}", h.sheet)
}

// programmeView is a programme as its pages show it: in one of its languages, which need not be that of the interface.
type programmeView struct {
	*published.Course
	tag   string
	print *lang.Printer // of tag, where the interface knows it
	query url.Values    // which version and language
	kind  string        // of the sheet, "" on the programme's own page
}

// path returns the address of a sheet in the version and language that are shown.
func (v programmeView) path(sheet string) string {
	p := "/app/programmes/" + v.ID
	if sheet != "" {
		p += "/" + sheet
	}
	if q := v.query.Encode(); q != "" {
		p += "?" + q
	}
	return p
}

// in returns the address of what is shown in another language.
func (v programmeView) in(tag string) string {
	v.query = url.Values{"in": {tag}}
	if version := v.label(); version != "" {
		v.query.Set("version", version)
	}
	return v.path(v.kind)
}

// label returns the version that the address names; "" is the current.
func (v programmeView) label() string { return v.query.Get("version") }

// kinds returns the sheets that the programme has.
func (v programmeView) kinds() []string {
	return slices.DeleteFunc(slices.Clone(sheetKinds), func(k string) bool {
		return k == "card" && v.Programme.Card == "" || (k == "cases" || k == "answers") && len(v.Programme.Cases()) == 0 || k == "handouts" && len(v.handouts()) == 0
	})
}

// handouts returns all but the card, which is printed by itself.
func (v programmeView) handouts() []string {
	return slices.DeleteFunc(v.Programme.Handouts(), func(name string) bool { return name == v.Programme.Card })
}

// hours says how many hours of theory and of exercise there are, and how long an hour is: each paper prints it.
func (v programmeView) hours() string {
	p := v.Programme
	return v.print.T("programme.hours-line", "Hours", v.print.Of("learning.courses.hours", p.Hours()), "Theory", v.print.Number(p.Theory), "Exercise", v.print.Number(p.Exercise), "Minutes", p.MinutesPerHour)
}

// slidesOf returns the slides of a block with their numbers.
func (v programmeView) slidesOf(block string) (numbered []slide) {
	d := v.Document("slides", v.tag)
	if d == nil {
		return nil
	}
	for i, part := range d.Parts {
		if block == "" || part.Block == block {
			numbered = append(numbered, slide{i + 1, len(d.Parts), part})
		}
	}
	return numbered
}

// slide is a slide with its number.
type slide struct {
	Number, Of int
	programme.Part
}

// slideRange says which slides a block shows, as 4–7; "" if none.
func (v programmeView) slideRange(block string) string {
	list := v.slidesOf(block)
	switch len(list) {
	case 0:
		return ""
	case 1:
		return v.print.Int(list[0].Number)
	}
	return v.print.Int(list[0].Number) + "–" + v.print.Int(list[len(list)-1].Number)
}

// step is a step of a guide with when it begins and ends.
type step struct {
	From, Until programme.Clock
	programme.Part
}

func (v programmeView) steps(b programme.Block) (steps []step) {
	d := v.Document("guide/"+b.ID, v.tag)
	if d == nil {
		return nil
	}
	at := b.Start
	for _, p := range d.Parts {
		steps = append(steps, step{at, at + programme.Clock(p.Minutes), p})
		at += programme.Clock(p.Minutes)
	}
	return steps
}

// objectives returns the texts of objectives.
func (v programmeView) objectives(ids []string) (texts []string) {
	for _, o := range v.Objectives {
		if slices.Contains(ids, o.ID) {
			texts = append(texts, o.Text.In(v.tag))
		}
	}
	return texts
}

// titles returns the titles of documents, as a line.
func (v programmeView) titles(folder string, names []string) string {
	var list []string
	for _, name := range names {
		if d := v.Document(folder+"/"+name, v.tag); d != nil {
			list = append(list, d.Title)
		}
	}
	return strings.Join(list, "; ")
}

func (h *Pages) programmes(w http.ResponseWriter, r *http.Request) error {
	list, err := h.courses.Programmes(r.Context())
	if err != nil {
		return err
	}
	l := h.programmeList(r, list)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: programmeStyles, Title: lang.T(r.Context(), "programme.title"), Nav: "authoring", Wide: true}, programmesPage(shown))
}

func (h *Pages) programmeList(r *http.Request, list []*published.Course) listweb.Of[*published.Course] {
	p, ctx := lang.From(r.Context()), r.Context()
	return listweb.Of[*published.Course]{
		Name: "programmes", Title: p.T("programme.title"), Path: "/app/programmes", Query: r.URL.Query(), Now: h.site.Clock.Now(), Rows: list, Search: p.T("programme.search"),
		Empty: listweb.Empty{Title: p.T("programme.empty"), Text: p.T("programme.empty-text")},
		Columns: []listweb.Column[*published.Course]{
			{
				Label: p.T("programme.name"), Sort: "name", Place: listweb.Head, Value: func(c *published.Course) any { return c.Title.In(shownIn(ctx, c)) },
				Link: func(c *published.Course) string { return "/app/programmes/" + c.ID },
			},
			{Label: p.T("programme.hours"), Sort: "hours", Value: func(c *published.Course) any { return c.Programme.Hours() }},
			{Label: p.T("programme.days"), Value: func(c *published.Course) any { return len(c.Programme.Days) }},
			{Label: p.T("authoring.version"), Value: func(c *published.Course) any { return c.Version }},
			{Label: p.T("authoring.languages"), Value: func(c *published.Course) any { return strings.Join(c.Languages, ", ") }},
		},
	}
}

// view reads which programme, version and language are asked for.
func (h *Pages) view(r *http.Request) (v programmeView, err error) {
	v.query = url.Values{}
	for _, name := range []string{"version", "in"} {
		if s := r.URL.Query().Get(name); s != "" {
			v.query.Set(name, s)
		}
	}
	if v.Course, err = h.courses.Programme(r.Context(), r.PathValue("programme"), v.query.Get("version")); err != nil {
		return v, err
	}
	if v.tag = v.query.Get("in"); !v.HasLanguage(v.tag) {
		v.tag = shownIn(r.Context(), v.Course)
	}
	if v.print = lang.From(r.Context()); h.site.Catalogue.Has(v.tag) {
		v.print = h.site.Catalogue.Printer(v.tag)
	}
	return v, nil
}

func (h *Pages) programme(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: programmeStyles, Title: v.Title.In(v.tag), Nav: "authoring", Wide: true}, programmePage(v))
}

// sheet shows one thing of a programme, ready to be printed.
func (h *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if v.kind = r.PathValue("sheet"); !slices.Contains(v.kinds(), v.kind) {
		return errs.NotFound("error.not-found")
	}
	return web.Show(w, r, web.View{With: programmeStyles, Title: v.print.T("programme.sheet." + v.kind), Nav: "authoring", Wide: true}, sheetPage(v, v.body()))
}

// body returns what the sheet prints.
func (v programmeView) body() templ.Component {
	switch v.kind {
	case "guide":
		return guideSheet(v)
	case "slides":
		return slidesSheet(v)
	case "handouts":
		return documentsSheet(v, "handouts", v.handouts())
	case "cases", "answers":
		return documentsSheet(v, v.kind, v.Programme.Cases())
	case "card":
		return documentsSheet(v, "handouts", []string{v.Programme.Card})
	}
	return agendaSheet(v)
}

// tabs are the sheets of the programme.
func (v programmeView) tabs() (items []ui.NavItem) {
	for _, k := range v.kinds() {
		items = append(items, ui.NavItem{Label: v.print.T("programme.sheet." + k), Href: v.path(k), Current: k == v.kind})
	}
	return items
}
