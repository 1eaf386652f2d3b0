package classroomweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// acts are what the addresses of acts name.
var acts = map[string]classroom.Act{"move": classroom.ActMoved, "put-off": classroom.ActPutOff, "cancel": classroom.ActCancelled}

type actView struct {
	*Frame
	Kind classroom.Act
	Form *web.Form
}

func (h *Pages) actView(r *http.Request) (v actView, err error) {
	kind, known := acts[r.PathValue("kind")]
	if !known {
		return v, errs.NotFound("error.not-found")
	}
	v.Kind = kind
	v.Frame, err = h.plannable(r)
	return v, err
}

func (h *Pages) actForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.actView(r)
	if err != nil {
		return err
	}
	v.Form = web.NewForm("edition", strconv.Itoa(v.Edition), "to", "")
	if v.Kind == classroom.ActMoved {
		v.Form.Set("to", v.HeldFrom.In(lang.From(r.Context()).Zone()).Format(time.DateOnly))
	}
	return web.Show(w, r, v.View(nil), actPage(v))
}

// act moves, puts off or cancels. The day to move to is written; by how many days that is, is reckoned from the training's first.
func (h *Pages) act(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.actView(r)
	if err != nil {
		return err
	}
	v.Form = f
	p := lang.From(r.Context())
	ask := classroom.Ask{Kind: v.Kind, Note: f.Get("reason")}
	if v.Kind == classroom.ActPutOff && f.Text("to") != "" { // the new day is known already: it is moved there
		ask.Kind = classroom.ActMoved
	}
	if ask.Kind == classroom.ActMoved {
		ask.Days = daysTo(v.HeldFrom, f.Text("to"), p.Zone())
	}
	n, err := h.Service.Do(r.Context(), web.Actor(r.Context()), v.ID, f.Get("series") != "", edition(f), ask)
	if f.Fail(p, renamed(err, "days", "to")) {
		f.Set("edition", strconv.Itoa(v.Edition))
		return web.Show(w, r, v.View(f), actPage(v))
	}
	if err != nil {
		return err
	}
	h.Site.SayN(w, "classroom.said."+string(ask.Kind), n)
	return web.Redirect(w, r, v.Path(""))
}

// renamed tells the faults of a field at the one that stands on the page in its place.
func renamed(err error, from, to string) error {
	fields, ok := errs.FieldsOf(err)
	if !ok {
		return err
	}
	for i := range fields {
		if fields[i].Name == from {
			fields[i].Name = to
		}
	}
	return err
}

// daysTo returns how many days of the calendar lie between a time and a written day; 0, which moves nothing, if that is no day.
func daysTo(from time.Time, written string, zone *time.Location) int {
	to, err := time.ParseInLocation(time.DateOnly, written, zone)
	if err != nil {
		return 0
	}
	return clock.DaysBetween(from, to, zone)
}

func (h *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.plannable(r)
	if err != nil {
		return err
	}
	if err := h.Service.Undo(r.Context(), web.Actor(r.Context()), v.ID, f.Get("act")); err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.undone")
	return web.Redirect(w, r, v.Path(""))
}

// copyRows is how many copies the form has room for at once.
const copyRows = 8

type duplicateView struct {
	*Frame
	Form *web.Form
}

func (h *Pages) duplicateForm(w http.ResponseWriter, r *http.Request) error {
	f, err := h.plannable(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, f.View(nil), duplicatePage(duplicateView{f, web.NewForm("trainers", "1")}))
}

func (h *Pages) duplicate(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	f, err := h.plannable(r)
	if err != nil {
		return err
	}
	copies := make([]classroom.Copy, copyRows)
	for i := range copies {
		copies[i] = classroom.Copy{Day: form.Text("day" + numbered(i)), Place: form.Text("place" + numbered(i)), Address: form.Text("address" + numbered(i))}
	}
	made, err := h.Service.Duplicate(r.Context(), web.Actor(r.Context()), f.ID, form.Get("series") != "", form.Get("trainers") != "", copies)
	if form.Fail(lang.From(r.Context()), err) {
		return web.Show(w, r, f.View(form), duplicatePage(duplicateView{f, form}))
	}
	if err != nil {
		return err
	}
	h.Site.SayN(w, "classroom.said.duplicated", len(made))
	if len(made) == 1 {
		return web.Redirect(w, r, Path(made[0], ""))
	}
	return web.Redirect(w, r, "/app/trainings")
}

// numbered is the end of the name of a field in a row of a table.
func numbered(i int) string {
	s := strconv.Itoa(i)
	return "-" + strings.Repeat("0", 2-len(s)) + s
}
