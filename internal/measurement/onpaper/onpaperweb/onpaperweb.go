// Package onpaperweb prints the forms of a training's test and has them typed in: the sheets for the hall, the list of who has which,
// the grid, the second reading and what is done with a single sheet.
//
// Goals: whoever types needs the keyboard alone and never a mouse, and no script at all: a row is kept on leaving it, or all by a button;
// on a phone one person is a page. The sheets have no names, the list of codes is a page of its own. Limits: what may be typed when, who
// reads again and what counts is onpaper's.
package onpaperweb

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/measurement/survey"
	"ostoja/internal/sheet"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// Pages are the pages of forms on paper.
type Pages struct {
	site    *web.Site
	service *onpaper.Service
	tests   *measurement.Service
	texts   *course.Course // renders the texts of items
}

// New returns the pages.
func New(site *web.Site, s *onpaper.Service, tests *measurement.Service) *Pages {
	return &Pages{site, s, tests, course.NewTexts()}
}

// files are the styles and the script of the grid, which other pages do without.
var files = []string{"grid.css", "grid.js"}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	const at = " /app/evidence/measurements/{measurement}/paper"
	m.Handle("GET"+at, h.desk)
	m.Handle("POST"+at+"/{wave}", h.prepare)
	m.Handle("GET"+at+"/{wave}/print", h.print)
	m.Handle("GET"+at+"/{wave}/codes", h.codes)
	m.Handle("GET"+at+"/{wave}/type", h.grid)
	m.Handle("POST"+at+"/{wave}/type", h.save)
	m.Handle("GET"+at+"/{wave}/second", h.grid)
	m.Handle("POST"+at+"/{wave}/second", h.save)
	m.Handle("POST"+at+"/{wave}/draw", h.draw)
	m.Handle("GET"+at+"/{wave}/settle", h.differences)
	m.Handle("POST"+at+"/{wave}/settle", h.settle)
	m.Handle("POST"+at+"/{wave}/discard", h.discard)
	m.Handle("GET"+at+"/{wave}/sheets/{sheet}", h.sheet)
	m.Handle("POST"+at+"/{wave}/sheets/{sheet}", h.change)
	m.Handle("GET"+at+"/{wave}/export/{file}", h.export)
	m.Handle("GET"+at+"/evaluation/print", h.printEvaluation)
	m.Handle("GET"+at+"/evaluation/type", h.evaluation)
	m.Handle("POST"+at+"/evaluation/type", h.typeEvaluation)
	m.Handle("POST"+at+"/evaluation/undo", h.undoEvaluation)
}

// Part says how far the sheets of a training are, on the page of its measurement; nothing where there are none.
func (h *Pages) Part(ctx context.Context, actor access.Actor, measurementID string) (templ.Component, error) {
	d, err := h.service.Desk(ctx, actor, measurementID)
	return part(d), err
}

func printer(r *http.Request) *lang.Printer { return lang.From(r.Context()) }

// path returns the address of a page of a training's sheets.
func path(measurementID string, rest ...string) string {
	return "/app/evidence/measurements/" + measurementID + "/paper" + strings.Join(append([]string{""}, rest...), "/")
}

func wave(r *http.Request) measurement.Wave { return measurement.Wave(r.PathValue("wave")) }

// reading is the one that an address means: the first, or the second.
func reading(r *http.Request) int {
	if strings.HasSuffix(r.URL.Path, "/second") || r.URL.Query().Get("reading") == "2" {
		return 2
	}
	return 1
}

func readingPath(measurementID string, w measurement.Wave, reading int) string {
	if reading == 2 {
		return path(measurementID, string(w), "second")
	}
	return path(measurementID, string(w), "type")
}

// deskView is how far the sheets of all waves are.
type deskView struct {
	onpaper.Desk
	Form *web.Form
	At   measurement.Wave // whose form was sent
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, web.NewForm(onpaper.FieldSpare, "3"))
}

func (h *Pages) showDesk(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v := deskView{Form: f, At: wave(r)}
	var err error
	if v.Desk, err = h.service.Desk(r.Context(), web.Actor(r.Context()), r.PathValue("measurement")); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.title"), Nav: "evidence", Wide: true, Status: f.Status()}, deskPage(v))
}

// next is the wave at which something is to be done now: the page's one filled button.
func (v deskView) next() measurement.Wave {
	for _, x := range v.Waves {
		if x.Sheets > 0 && !x.Whole() {
			return x.Wave
		}
	}
	for _, x := range v.Waves {
		if x.Sheets == 0 {
			return x.Wave
		}
	}
	return ""
}

func (h *Pages) prepare(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	spare, err := strconv.Atoi(cmp.Or(f.Text(onpaper.FieldSpare), "0"))
	if err != nil {
		spare = -1
	}
	n, err := h.service.Prepare(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r), spare, f.Get("lang"))
	if f.Fail(printer(r), err) {
		return h.showDesk(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.SayN(w, "typed.said-printed", n)
	return web.Redirect(w, r, path(r.PathValue("measurement"), string(wave(r)), "print"))
}

// printView is what is printed.
type printView struct {
	onpaper.Printout
	texts   *course.Course
	printer func(lang string) *lang.Printer
}

func (h *Pages) print(w http.ResponseWriter, r *http.Request) error {
	p, err := h.service.Print(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.print.title"), Nav: "evidence", Wide: true}, printPage(printView{p, h.texts, h.site.Catalogue.Printer}))
}

func (h *Pages) codes(w http.ResponseWriter, r *http.Request) error {
	p, err := h.service.Print(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.codes.title"), Nav: "evidence"}, codesPage(p))
}

// gridView is the grid of a reading.
type gridView struct {
	onpaper.Grid
	Form    *web.Form
	Outcome onpaper.Outcome
	Day     string // on which the sheets are held to be written
}

func (h *Pages) grid(w http.ResponseWriter, r *http.Request) error {
	ctx, measurementID := r.Context(), r.PathValue("measurement")
	f := web.NewForm()
	if code := r.URL.Query().Get(onpaper.FieldCode); code != "" {
		f.Set(onpaper.FieldCode, code)
		found, err := h.service.Find(ctx, web.Actor(ctx), measurementID, wave(r), code)
		switch {
		case err == nil && found.SittingID == "":
			return web.Redirect(w, r, path(measurementID, string(wave(r)), "sheets", found.ID))
		case err == nil:
			return web.Redirect(w, r, readingPath(measurementID, wave(r), reading(r))+"#"+rowID(found))
		case !f.Fail(printer(r), err):
			return err
		}
	}
	g, err := h.service.Grid(ctx, web.Actor(ctx), measurementID, wave(r), reading(r))
	if err != nil {
		return err
	}
	return h.showGrid(w, r, gridView{Grid: g, Form: f})
}

func rowID(s onpaper.Sheet) string { return "row-" + s.ID }

func (h *Pages) showGrid(w http.ResponseWriter, r *http.Request, v gridView) error {
	v.Day = cmp.Or(v.Form.Get(onpaper.FieldDay), onpaper.Written(v.Described, v.Wave, printer(r).Zone()).Format(time.DateOnly))
	title := printer(r).T("typed.grid.title")
	if v.Reading == 2 {
		title = printer(r).T("typed.second.title")
	}
	return web.Show(w, r, web.View{With: files, Title: title, Nav: "evidence", Wide: true, Status: v.Form.Status()}, gridPage(v))
}

// columns returns how many questions the longest form has.
func (v gridView) columns() (n int) {
	for _, h := range v.Rows {
		n = max(n, len(h.Questions))
	}
	return n
}

// value returns what stands in a cell: what was typed and cannot be read, else what is kept.
func (v gridView) value(h onpaper.Sheet, i int) string {
	name := onpaper.CellField(h.ID, i)
	if v.Form.Error(name) != "" && !v.newer(h.ID, name) {
		return v.Form.Get(name)
	}
	return v.Values(h).Cells[h.Questions[i].Key]
}

// note returns the free text of a sheet: what was typed and is refused, else what is kept.
func (v gridView) note(h onpaper.Sheet) string {
	name := onpaper.NoteField(h.ID)
	if v.Form.Error(name) != "" && !v.newer(h.ID, name) {
		return v.Form.Get(name)
	}
	return v.Values(h).Cells[onpaper.KeyNote]
}

// newer says whether somebody else typed in a cell meanwhile: what they typed is shown.
func (v gridView) newer(sheetID, name string) bool {
	row := v.Outcome.Row(sheetID)
	return row != nil && slices.ContainsFunc(row.Faults, func(f errs.Field) bool { return f.Name == name && f.Key == "typed.fault.newer" })
}

// faults returns what is wrong in a row, in words.
func (v gridView) faults(h onpaper.Sheet) (list []string) {
	for i := range h.Questions {
		if e := v.Form.Error(onpaper.CellField(h.ID, i)); e != "" {
			list = append(list, "P"+strconv.Itoa(i+1)+": "+e)
		}
	}
	return list
}

// drawable returns how many whole sheets await the draw.
func (v gridView) drawable() (n int) {
	for _, h := range v.Rows {
		if h.BatchID == "" && !h.Kept() && h.Whole(h.First) {
			n++
		}
	}
	return n
}

// rowAnswer tells a page's script what became of a row.
type rowAnswer struct {
	Text   string            `json:"text"`   // that it is saved, and when
	Done   string            `json:"done"`   // how many sheets are whole
	Row    string            `json:"row"`    // how many cells of the row
	Seen   string            `json:"seen"`   // what is kept, for the next form
	Cells  map[string]string `json:"cells"`  // as they are kept, but for those that cannot be read
	Faults map[string]string `json:"faults"` // by cell
}

// save keeps a row or all rows.
func (h *Pages) save(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, measurementID, p := r.Context(), r.PathValue("measurement"), printer(r)
	g, o, err := h.service.Type(ctx, web.Actor(ctx), measurementID, wave(r), reading(r), f.Values)
	if err != nil {
		return err
	}
	if f.Get("autosave") != "" {
		return web.JSON(w, http.StatusOK, answer(p, g, o))
	}
	failed := f.Fail(p, o.Faults().Err())
	if one := f.Get("one"); one != "" {
		if failed {
			return h.showSheet(w, r, one, f, &o)
		}
		for i, x := range g.Rows {
			if x.ID == one && i+1 < len(g.Rows) {
				return web.Redirect(w, r, sheetPath(g, g.Rows[i+1]))
			}
		}
	}
	if failed {
		return h.showGrid(w, r, gridView{Grid: g, Form: f, Outcome: o})
	}
	h.site.Say(w, "typed.said-saved")
	return web.Redirect(w, r, h.after(g))
}

// after returns where somebody goes on when all is saved: when the second reading is over, to what differs.
func (h *Pages) after(g onpaper.Grid) string {
	if open := g.Far.Open(); g.Reading == 2 && open != nil && open.Read == open.Drawn && open.Unsettled > 0 {
		return path(g.ID, string(g.Wave), "settle")
	}
	if g.Reading == 2 && g.Far.Open() == nil {
		return path(g.ID)
	}
	return readingPath(g.ID, g.Wave, g.Reading)
}

func sheetPath(g onpaper.Grid, s onpaper.Sheet) string {
	address := path(g.ID, string(g.Wave), "sheets", s.ID)
	if g.Reading == 2 {
		address += "?reading=2"
	}
	return address
}

func answer(p *lang.Printer, g onpaper.Grid, o onpaper.Outcome) rowAnswer {
	a := rowAnswer{
		Text: savedText(p, g), Done: p.T("typed.grid.done", "Done", p.Int(g.Done()), "Of", p.Int(len(g.Rows))),
		Cells: map[string]string{}, Faults: map[string]string{},
	}
	for _, row := range o.Rows {
		i := slices.IndexFunc(g.Rows, func(s onpaper.Sheet) bool { return s.ID == row.SheetID })
		if i < 0 {
			continue // whole and handed in by this very row
		}
		s := g.Rows[i]
		for j, q := range s.Questions {
			a.Cells[onpaper.CellField(s.ID, j)] = row.Cells[q.Key]
		}
		for _, fault := range row.Faults {
			a.Faults[fault.Name] = p.Args(fault.Key, fault.Args)
			if fault.Key != "typed.fault.newer" {
				delete(a.Cells, fault.Name)
			}
		}
		a.Row = rowText(p, s, g.Values(s))
		a.Seen = s.Seen(onpaper.Reading{Cells: row.Cells})
	}
	return a
}

func rowText(p *lang.Printer, s onpaper.Sheet, r onpaper.Reading) string {
	return p.Int(s.Filled(r)) + "/" + p.Int(len(s.Questions))
}

func savedText(p *lang.Printer, g onpaper.Grid) string {
	at := g.SavedAt()
	if at.IsZero() {
		return ""
	}
	return p.T("typed.grid.saved", "Time", p.Clock(at))
}

func (h *Pages) draw(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, measurementID, p := r.Context(), r.PathValue("measurement"), printer(r)
	day, ok := text.Day(f.Text(onpaper.FieldDay), p.Zone())
	if ok {
		day = onpaper.Noon(day, p.Zone())
		if now := h.site.Clock.Now(); day.After(now) && day.Sub(now) < 12*time.Hour { // typed in the morning of the same day
			day = now
		}
	}
	n, err := h.service.Draw(ctx, web.Actor(ctx), measurementID, wave(r), day)
	if f.Fail(p, err) {
		g, err := h.service.Grid(ctx, web.Actor(ctx), measurementID, wave(r), 1)
		if err != nil {
			return err
		}
		return h.showGrid(w, r, gridView{Grid: g, Form: f})
	}
	if err != nil {
		return err
	}
	h.site.SayN(w, "typed.said-drawn", n)
	return web.Redirect(w, r, path(measurementID, string(wave(r)), "second"))
}

func (h *Pages) discard(w http.ResponseWriter, r *http.Request) error {
	n, err := h.service.Discard(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r))
	if err != nil {
		return err
	}
	h.site.SayN(w, "typed.said-discarded", n)
	return web.Redirect(w, r, path(r.PathValue("measurement")))
}

// settleView is what the two readings do not agree on.
type settleView struct {
	onpaper.Grid
	List []onpaper.Difference
	Form *web.Form
}

func (h *Pages) differences(w http.ResponseWriter, r *http.Request) error {
	return h.showDifferences(w, r, web.NewForm())
}

func (h *Pages) showDifferences(w http.ResponseWriter, r *http.Request, f *web.Form) (err error) {
	v := settleView{Form: f}
	if v.Grid, v.List, err = h.service.Differences(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r)); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.settle.title"), Nav: "evidence", Status: f.Status()}, settlePage(v))
}

func (h *Pages) settle(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	left, err := h.service.Settle(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r), f.Values)
	if f.Fail(printer(r), err) {
		return h.showDifferences(w, r, f)
	}
	if err != nil {
		return err
	}
	if left > 0 {
		h.site.Say(w, "typed.said-saved")
		return web.Redirect(w, r, path(r.PathValue("measurement"), string(wave(r)), "settle"))
	}
	h.site.Say(w, "typed.said-settled")
	return web.Redirect(w, r, path(r.PathValue("measurement")))
}

// sheetView is one sheet: on a phone it is typed here; whose it is, and what stands against it, is decided here.
type sheetView struct {
	onpaper.One
	grid gridView
	Form *web.Form
}

func (h *Pages) sheet(w http.ResponseWriter, r *http.Request) error {
	return h.showSheet(w, r, r.PathValue("sheet"), web.NewForm(), nil)
}

func (h *Pages) showSheet(w http.ResponseWriter, r *http.Request, sheetID string, f *web.Form, o *onpaper.Outcome) error {
	one, err := h.service.One(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), wave(r), reading(r), sheetID)
	if err != nil {
		return err
	}
	v := sheetView{One: one, Form: f, grid: gridView{Grid: one.Grid, Form: f}}
	if o != nil {
		v.grid.Outcome = *o
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.sheet.title"), Nav: "evidence", Status: f.Status()}, sheetPage(v))
}

// change does what a sheet's page offers beside typing.
func (h *Pages) change(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, measurementID, sheetID := r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), r.PathValue("sheet")
	back := path(measurementID, string(wave(r)), "sheets", sheetID)
	said := ""
	switch f.Get("do") {
	case "assign":
		said, err = "typed.said-assigned", h.service.Assign(ctx, actor, measurementID, wave(r), sheetID, f.Get(onpaper.FieldPerson), f.Get(onpaper.FieldReason))
	case "unassign":
		said, err = "typed.said-unassigned", h.service.Unassign(ctx, actor, measurementID, wave(r), sheetID)
	case "override":
		said, err = "typed.said-override", h.service.Override(ctx, actor, measurementID, wave(r), sheetID, f.Get(onpaper.FieldReason))
	case "correct":
		said, err = "typed.said-corrected", h.service.Correct(ctx, actor, measurementID, wave(r), sheetID, f.Values)
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(printer(r), err) {
		return h.showSheet(w, r, sheetID, f, nil)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, back)
}

// export writes what was typed as a file, rows.xlsx or rows.csv.
func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	what, ending, _ := strings.Cut(r.PathValue("file"), ".")
	format, ok := sheet.Parse(ending)
	if !ok || what != "rows" {
		return errs.NotFound("error.not-found")
	}
	ctx, actor, p := r.Context(), web.Actor(r.Context()), printer(r)
	g, err := h.service.Grid(ctx, actor, r.PathValue("measurement"), wave(r), 1)
	if err != nil {
		return err
	}
	head := []string{p.T("typed.codes.code"), p.T("desk.name"), p.T("typed.codes.form"), p.T("typed.export.typed"), p.T("typed.export.written"), p.T("typed.export.entered")}
	v := gridView{Grid: g, Form: web.NewForm()}
	for i := range v.columns() {
		head = append(head, "P"+strconv.Itoa(i+1))
	}
	rows := make([][]any, 0, len(g.Rows))
	for _, s := range g.Rows {
		row := []any{s.Code, s.Name, s.Form, moment(s.First.TypedAt), nil, moment(s.EnteredAt)}
		if s.Batch != nil {
			row[4] = s.Batch.WrittenAt
		}
		for _, q := range s.Questions {
			row = append(row, g.Values(s).Cells[q.Key])
		}
		rows = append(rows, row)
	}
	if err := h.service.RecordExport(ctx, actor, g.ID, len(rows), string(format)); err != nil {
		return err
	}
	return listweb.Send(w, r, what, format, h.site.Clock.Now(), func(out io.Writer) error {
		return sheet.Write(out, format, p.T("typed.title"), head, sheet.Of(rows))
	})
}

// moment is a time in a file; nothing for none.
func moment(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

// evaluationView is the evaluation on paper.
type evaluationView struct {
	measurement.Described
	Form  *web.Form
	Langs []string
	Lang  string
	Asked *lang.Printer // in the sheet's language
	Typed survey.Typed  // can be taken back
}

func (h *Pages) evaluated(r *http.Request) (v evaluationView, err error) {
	d, err := h.service.Desk(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"))
	if err != nil {
		return v, err
	}
	v.Described = d.Described
	if !v.Survey {
		return v, errs.NotFound("error.not-found")
	}
	v.Langs = h.site.Catalogue.Langs()
	v.Lang = printer(r).Tag()
	if asked := r.URL.Query().Get("in"); slices.Contains(v.Langs, asked) {
		v.Lang = asked
	}
	v.Asked = h.site.Catalogue.Printer(v.Lang)
	return v, nil
}

func (h *Pages) printEvaluation(w http.ResponseWriter, r *http.Request) error {
	v, err := h.evaluated(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.evaluation.print-title"), Nav: "evidence"}, evaluationSheet(v))
}

func (h *Pages) evaluation(w http.ResponseWriter, r *http.Request) error {
	return h.showEvaluation(w, r, web.NewForm())
}

func (h *Pages) showEvaluation(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	v, err := h.evaluated(r)
	if err != nil {
		return err
	}
	v.Form = f
	if v.Typed, err = h.service.TypedEvaluation(r.Context(), web.Actor(r.Context()), v.ID); err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: files, Title: printer(r).T("typed.evaluation.title"), Nav: "evidence", Status: f.Status()}, evaluationPage(v))
}

func (h *Pages) typeEvaluation(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	answers := url.Values{}
	for name, values := range f.Values {
		if v := strings.TrimSpace(values[0]); v != "-" && v != onpaper.Blank {
			answers.Set(name, v)
		}
	}
	err = h.service.TypeEvaluation(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), answers)
	if !errors.Is(err, errs.ErrNotFound) && f.Fail(printer(r), err) {
		return h.showEvaluation(w, r, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(r.PathValue("measurement"), "evaluation", "type")) // which says that it was typed, and until when that can be undone
}

// undoEvaluation takes back what was typed last. Too late, or done already on another page, it says so where one goes on.
func (h *Pages) undoEvaluation(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	said := "typed.evaluation.undone"
	err = h.service.TakeBackEvaluation(r.Context(), web.Actor(r.Context()), r.PathValue("measurement"), f.Get("evaluation"))
	if errors.Is(err, errs.ErrConflict) {
		said, err = "typed.evaluation.late", nil
	}
	if err != nil {
		return err
	}
	h.site.Say(w, said)
	return web.Redirect(w, r, path(r.PathValue("measurement"), "evaluation", "type"))
}
