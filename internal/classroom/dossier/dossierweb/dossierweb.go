// Package dossierweb is the tab Papers of a training: what can be printed and what is missing, who signed the privacy notice, and the
// certificates of attendance; and the notice as participants read it.
package dossierweb

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/classroom/papers"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Tab is the side of a training's page that these pages are.
var Tab = classroomweb.Tab{Name: "papers", Path: "papers", Permission: access.Attendance}

// Pages are the pages of a training's file.
type Pages struct {
	Site      *web.Site
	Service   *dossier.Service
	Trainings *classroomweb.Pages // whose frame stands around the tab
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/trainings/{training}/papers", h.papers)
	m.Handle("GET /app/trainings/{training}/papers/file", h.file)
	m.Handle("GET /app/trainings/{training}/papers/notice", h.signedForm)
	m.Handle("POST /app/trainings/{training}/papers/notice", h.enterSigned)
	m.Handle("GET /app/trainings/{training}/certificates", h.awards)
	m.Handle("POST /app/trainings/{training}/certificates", h.award)
	m.Handle("GET /app/my-trainings/{training}/notice", h.notice)
	m.Handle("POST /app/my-trainings/{training}/notice", h.takeNote)
}

// view is what the tab shows.
type view struct {
	*classroomweb.Frame
	Kinds    []papers.Kind
	Chosen   []papers.Kind
	Days     []time.Time // on which sessions are held
	Lacks    []papers.Lack
	Refused  string // why nothing can be printed; "" if it can
	Form     *web.Form
	Arranges bool
}

func (h *Pages) papers(w http.ResponseWriter, r *http.Request) error {
	return h.showPapers(w, r, web.NewForm())
}

func (h *Pages) showPapers(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	f, err := h.Trainings.Frame(r, Tab.Name)
	if err != nil {
		return err
	}
	d, err := h.Service.Day(ctx, actor, f.ID, "", p.Tag(), p.Zone())
	if err != nil {
		return err
	}
	v := view{Frame: f, Form: form, Kinds: dossier.Printable(f.Allowed), Lacks: papers.Lacks(d, p), Arranges: f.Allowed[access.TrainingsWrite]}
	v.Chosen = slices.DeleteFunc(slices.Clone(v.Kinds), func(k papers.Kind) bool {
		return k == papers.Evaluation && d.Evaluation.Answered == 0 || k == papers.Certificates && !slices.ContainsFunc(d.People, func(x papers.Person) bool { return x.Certificate != "" })
	})
	for _, s := range d.Sessions {
		if day := s.Starts.In(p.Zone()); len(v.Days) == 0 || v.Days[len(v.Days)-1].Format(time.DateOnly) != day.Format(time.DateOnly) {
			v.Days = append(v.Days, day)
		}
	}
	if err := papers.Check(d); err != nil {
		v.Refused = errText(p, err)
	}
	return web.Show(w, r, f.View(form), f.With(papersPart(v)))
}

// errText is what a person reads of an error that is not of a form.
func errText(p *lang.Printer, err error) string {
	f := web.NewForm()
	if f.Fail(p, err) && len(f.Errors()) > 0 {
		return f.Errors()[0].Text
	}
	return p.T("error.internal")
}

func (h *Pages) file(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, query := r.Context(), web.Actor(r.Context()), r.URL.Query()
	in := lang.From(ctx)
	if tag := query.Get("lang"); slices.Contains(Languages, tag) {
		in = h.Site.Catalogue.Printer(tag)
	}
	about, err := h.Trainings.Service.About(ctx, actor, r.PathValue("training"))
	if err != nil {
		return err
	}
	allowed := dossier.Printable(about.Allowed)
	var kinds []papers.Kind
	for _, k := range allowed { // in the order of a file, whatever the order of the request
		if slices.Contains(query["kind"], string(k)) {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		form := web.NewForm()
		form.Fail(lang.From(ctx), errs.Fields{{Name: "kind", Key: "dossier.nothing-chosen"}}.Err())
		return h.showPapers(w, r, form)
	}
	d, err := h.Service.Day(ctx, actor, about.ID, query.Get("day"), in.Tag(), in.Zone())
	if err != nil {
		return err
	}
	format, mediaType, make := "pdf", "application/pdf", papers.PDF
	if query.Get("as") == "zip" {
		format, mediaType, make = "zip", "application/zip", papers.ZIP
	}
	content, err := make(d, in, kinds...)
	if err != nil {
		return err
	}
	if err := h.Service.Printed(ctx, actor, about.ID, len(d.People), format); err != nil {
		return err
	}
	web.Attachment(w, mediaType, in.T("dossier.file")+"-"+d.At.In(in.Zone()).Format(time.DateOnly)+"."+format, content)
	return nil
}

// Languages are those in which papers can be made.
var Languages = []string{"pl", "en"}

// languages offers the languages, in their own words.
func languages(p *lang.Printer) (list []ui.Option) {
	for _, tag := range Languages {
		list = append(list, ui.Option{Value: tag, Label: p.Language(tag)})
	}
	return list
}

// days offers the days on which sessions are held, and all of them.
func days(p *lang.Printer, v view) []ui.Option {
	list := []ui.Option{{Value: "", Label: p.T("dossier.all-days")}}
	for _, d := range v.Days {
		list = append(list, ui.Option{Value: d.Format(time.DateOnly), Label: p.Date(d)})
	}
	return list
}

func kinds(p *lang.Printer, v view) (list []ui.Option) {
	for _, k := range v.Kinds {
		list = append(list, ui.Option{Value: string(k), Label: p.T("papers.title-" + string(k))})
	}
	return list
}

func chosen(v view) (list []string) {
	for _, k := range v.Chosen {
		list = append(list, string(k))
	}
	return list
}

func (h *Pages) signedForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := h.Trainings.Frame(r, Tab.Name)
	if err != nil {
		return err
	}
	signed, err := h.Service.Notes(ctx, web.Actor(ctx), f.ID)
	if err != nil {
		return err
	}
	l := h.signedList(r, f, signed)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, f.View(nil), f.With(signedPart(f, shown)))
}

func (h *Pages) enterSigned(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	trainingID := r.PathValue("training")
	n, err := h.Service.EnterSigned(r.Context(), web.Actor(r.Context()), trainingID, f.Values["person"])
	if err != nil {
		return err
	}
	h.Site.SayN(w, "dossier.entered", n)
	return web.Redirect(w, r, classroomweb.Path(trainingID, "papers/notice"))
}

func (h *Pages) awards(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := h.Trainings.Frame(r, Tab.Name)
	if err != nil {
		return err
	}
	a, err := h.Service.Awards(ctx, web.Actor(ctx), f.ID)
	if err != nil {
		return err
	}
	l := h.awardList(r, f, a)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, f.View(nil), f.With(awardsPart(f, a, shown)))
}

func (h *Pages) award(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	trainingID := r.PathValue("training")
	n, err := h.Service.Award(r.Context(), web.Actor(r.Context()), trainingID, f.Values["person"])
	if err != nil {
		return err
	}
	h.Site.SayN(w, "dossier.issued", n)
	return web.Redirect(w, r, classroomweb.Path(trainingID, "certificates"))
}

func (h *Pages) notice(w http.ResponseWriter, r *http.Request) error {
	n, err := h.Service.NoticeFor(r.Context(), web.Actor(r.Context()), r.PathValue("training"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "dossier.notice-title"), Nav: "trainings"}, noticePage(n))
}

func (h *Pages) takeNote(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.Service.TakeNote(r.Context(), web.Actor(r.Context()), r.PathValue("training"), f.Get("version")); err != nil {
		return err
	}
	h.Site.Say(w, "dossier.noted")
	return web.Redirect(w, r, r.URL.Path)
}

// paragraphs parts a text at its blank lines.
func paragraphs(text string) (list []string) {
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r", ""), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
