package identityweb

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/identity/roster"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// importView is what the pages of an import show.
type importView struct {
	Form      *web.Form
	Units     []ui.Option
	Languages []ui.Option
	MakeUnits bool        // the actor may make units
	Courses   []ui.Option // in which they may enrol people
	Course    string      // title of the one that was chosen with the list; "" if none was
	Preview   roster.Preview
	Unit      string          // name of the chosen unit
	List      *listweb.Shown  // of the file's rows
	Running   string          // id of the preview that is being taken in
	Progress  roster.Progress // how far that is
}

func (h *Pages) importForm(w http.ResponseWriter, r *http.Request) error {
	if previewID := r.URL.Query().Get("preview"); previewID != "" {
		under, err := h.roster.Progress(r.Context(), web.Actor(r.Context()), previewID)
		if err == nil && !under.Ended {
			return h.showProgress(w, r, under)
		}
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		p, err := h.roster.Previewed(r.Context(), web.Actor(r.Context()), previewID)
		if err != nil {
			return err
		}
		return h.showPreview(w, r, p)
	}
	f := web.NewForm("lang", lang.Default, "units", "bad", "course", r.URL.Query().Get("course"))
	if again := r.URL.Query().Get("again"); again != "" { // the corrected file of a list: what was chosen with that holds for this
		o, err := h.roster.OptionsOf(r.Context(), web.Actor(r.Context()), again)
		if err != nil {
			return err
		}
		f = web.NewForm("lang", o.Lang, "unit", o.UnitID, "units", "bad", "course", o.CourseID, "invite", ticked(o.Invite))
		if o.CreateUnits {
			f.Set("units", "create")
		}
	}
	return h.showImport(w, r, f)
}

// badRows sends the rows that cannot be taken in, to be corrected and sent again. They are what the reader brought and not what is kept of
// anybody, so that the record of exports has nothing to say of them.
func (h *Pages) badRows(w http.ResponseWriter, r *http.Request) error {
	p := lang.From(r.Context())
	bad, err := h.roster.Repair(r.Context(), web.Actor(r.Context()), r.URL.Query().Get("preview"))
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(bad))
	for _, b := range bad {
		line := make([]any, 0, len(b.Cells)+1)
		for _, c := range b.Cells {
			line = append(line, c)
		}
		rows = append(rows, append(line, faultWords(p, b.Faults)))
	}
	return h.send(w, r, "import-bad", p.T("people.import.lines-bad"), append(templateHeader(p), p.T("people.import.wrong")), sheet.Of(rows))
}

func (h *Pages) showImport(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	actor := web.Actor(r.Context())
	tree, err := h.service.Tree(r.Context(), actor)
	if err != nil {
		return err
	}
	v := importView{Form: f, Languages: h.languages(r), MakeUnits: actor.Has(access.UnitsWrite)}
	if under, err := h.roster.Progress(r.Context(), actor, ""); err == nil {
		v.Running = under.PreviewID
	} else if !errors.Is(err, errs.ErrNotFound) {
		return err
	}
	if v.Courses, err = h.enrolling(r.Context()); err != nil {
		return err
	}
	v.Units = unitOptions(writable(tree, actor, access.PeopleWrite), lang.T(r.Context(), "people.choose-unit"))
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.import.title"), Nav: "people", Status: f.Status()}, importPage(v))
}

func (h *Pages) preview(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	p, err := h.roster.Preview(r.Context(), web.Actor(r.Context()), content, roster.Options{
		UnitID: f.Get("unit"), CreateUnits: f.Get("units") == "create", Lang: f.Get("lang"), Invite: f.Get("invite") != "", CourseID: f.Get("course"),
	})
	if f.Fail(lang.From(r.Context()), err) {
		return h.showImport(w, r, f)
	}
	if err != nil {
		return err
	}
	return h.showPreview(w, r, p)
}

// showPreview shows what a file would change. Its list's links lead to the preview that was kept.
func (h *Pages) showPreview(w http.ResponseWriter, r *http.Request, p roster.Preview) error {
	l := h.lineList(r, p)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	unit, err := h.service.Unit(r.Context(), web.Actor(r.Context()), p.Options.UnitID)
	if err != nil {
		return err
	}
	v := importView{Preview: p, Unit: unit.Full, List: shown}
	if v.Course, err = h.courseTitle(r.Context(), p.Options.CourseID); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: l.Title, Nav: "people", Wide: true}, previewPage(v))
}

func (h *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	actor, previewID := web.Actor(r.Context()), f.Get("preview")
	done, err := h.roster.Confirm(r.Context(), actor, previewID)
	if f.Fail(lang.From(r.Context()), err) {
		return h.showImport(w, r, f)
	}
	if err != nil {
		return err
	}
	under, err := h.roster.Progress(r.Context(), actor, previewID)
	if err != nil {
		return err
	}
	if !under.Ended {
		return web.Redirect(w, r, "/app/people/import?preview="+previewID)
	}
	p := lang.From(r.Context())
	h.site.Say(w, "people.import.done", "Added", p.Int(done.Added), "Changed", p.Int(done.Changed), "Same", p.Int(done.Same), "Bad", p.Int(done.Bad), "Invited", p.Int(done.Invited))
	if done.Bad > 0 { // they are to be corrected, and here they are
		return web.Redirect(w, r, "/app/people/import?preview="+previewID)
	}
	enrol, err := h.enrolAddress(r.Context(), actor, previewID)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, cmp.Or(enrol, "/app/people?sort=added&desc=1"))
}

// enrolling returns the courses in which the reader may enrol people; none where nobody told these pages of courses.
func (h *Pages) enrolling(ctx context.Context) ([]ui.Option, error) {
	if h.courses == nil {
		return nil, nil
	}
	return h.courses(ctx)
}

// courseTitle returns the title of a course in which the reader may enrol people, "" for none such.
func (h *Pages) courseTitle(ctx context.Context, courseID string) (string, error) {
	all, err := h.enrolling(ctx)
	for _, o := range all {
		if o.Value == courseID {
			return o.Label, err
		}
	}
	return "", err
}

// enrolAddress is the page on which those whom a list was about are enrolled in the course that was chosen with it, all ticked; "" if none was.
func (h *Pages) enrolAddress(ctx context.Context, actor access.Actor, previewID string) (string, error) {
	o, err := h.roster.OptionsOf(ctx, actor, previewID)
	if err != nil {
		return "", err
	}
	title, err := h.courseTitle(ctx, o.CourseID)
	if err != nil || title == "" {
		return "", err
	}
	return enrolHref(o.CourseID, previewID), nil
}

func enrolHref(courseID, previewID string) string {
	return "/app/desk/" + url.PathEscape(courseID) + "/enrol?import=" + previewID + "&picked=all"
}

// readAnew reads the file of a preview as was chosen.
func (h *Pages) readAnew(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	previewID := f.Get("preview")
	err = h.roster.Choose(r.Context(), web.Actor(r.Context()), previewID, roster.Choice{
		Sheet: f.Get("sheet"), Encoding: f.Get("encoding"), Order: roster.Order(f.Get("order")), Hidden: f.Get("hidden") != "",
	})
	if err != nil {
		return err
	}
	return web.Redirect(w, r, "/app/people/import?preview="+previewID)
}

// showProgress shows how far a list is that is being taken in. The page does not load itself anew: who wants to see presses the link, and
// nobody has to stay (WCAG 2.2 3.2.5).
func (h *Pages) showProgress(w http.ResponseWriter, r *http.Request, under roster.Progress) error {
	v := importView{Progress: under}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "people.import.running"), Nav: "people"}, progressPage(v))
}

// example gives a file to fill in.
func (h *Pages) example(w http.ResponseWriter, r *http.Request) error {
	p := lang.From(r.Context())
	rows := [][]any{
		{"Anna", "Przykładowa", "anna.przykladowa@example.org", "", "", "pl", "k", "lubelskie", ""},
		{"Jan", "Wzorowy", "", "PL-0001", "", "pl", "m", "", "31.12." + h.site.Clock.Now().AddDate(1, 0, 0).Format("2006")},
	}
	return h.send(w, r, "import", p.T("people.title"), templateHeader(p), sheet.Of(rows))
}

// templateHeader is the header of the files that are filled in or corrected.
func templateHeader(p *lang.Printer) (header []string) {
	for _, name := range roster.Template {
		header = append(header, p.T("people.field."+name))
	}
	return header
}

func lineKind(s roster.LineState) ui.Kind {
	switch s {
	case roster.LineBad:
		return ui.Danger
	case roster.LineNew:
		return ui.Success
	case roster.LineChanged:
		return ui.Waiting
	case roster.LineSame:
	}
	return ui.Plain
}

// fieldNames lists fields in words.
func fieldNames(p *lang.Printer, fields []string) string {
	s := ""
	for _, f := range fields {
		if s != "" {
			s += ", "
		}
		s += p.T("people.field." + f)
	}
	return s
}
