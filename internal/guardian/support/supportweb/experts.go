package supportweb

import (
	"net/http"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/support"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

type expertsView struct {
	Experts  []support.Expert
	Pages    *Pages
	MayWrite bool
	Today    string
}

func (h *Pages) experts(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	list, err := h.Service.Experts(ctx, actor)
	if err != nil {
		return err
	}
	v := expertsView{list, h, actor.Has(access.GuardiansWrite), h.Service.Today()}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "support.experts"), Nav: "guardians", With: rows}, expertsPage(v))
}

// fields says about what an expert can be asked.
func (h *Pages) fields(p *lang.Printer, x support.Expert) string {
	var list []string
	for _, t := range x.Topics {
		list = append(list, h.topic(p, t))
	}
	return strings.Join(list, "; ")
}

// checkedChip says when an entry was checked; amber once that is to be done again.
func checkedChip(p *lang.Printer, x support.Expert, today string) (ui.Kind, string) {
	if support.Unchecked(x.CheckedOn, today) {
		return ui.Waiting, p.T("support.unchecked", "Day", p.DateOf(x.CheckedOn))
	}
	return ui.Plain, p.T("support.checked", "Day", p.DateOf(x.CheckedOn))
}

// dialled is a number as a phone takes it.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

type expertForm struct {
	Form    *web.Form
	Pages   *Pages
	Offices []ui.Option
	Expert  support.Expert // the zero value of a new one
	Action  string
	Today   string
}

func (v expertForm) title(p *lang.Printer) string {
	if v.Expert.ID == "" {
		return p.T("support.expert-new")
	}
	return p.T("support.expert-edit")
}

func (h *Pages) newExpert(w http.ResponseWriter, r *http.Request) error {
	return h.showExpertForm(w, r, expertForm{Form: web.NewForm("checked", h.Service.Today())})
}

func (h *Pages) showExpertForm(w http.ResponseWriter, r *http.Request, v expertForm) (err error) {
	v.Pages, v.Action, v.Today = h, office+"/experts/new", h.Service.Today()
	if v.Expert.ID != "" {
		v.Action = office + "/experts/" + v.Expert.ID
	} else if v.Offices, err = h.offices(r.Context()); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: v.title(lang.From(r.Context())), Nav: "guardians", Status: v.Form.Status()}, expertFormPage(v))
}

func expertDraft(f *web.Form) support.ExpertDraft {
	return support.ExpertDraft{
		UnitID: f.Get("unit"), Name: f.Text("name"), Topics: f.Values["topics"], Phone: f.Text("phone"), Mail: f.Text("mail"),
		Hours: text.Translated{"pl": f.Text("hours-pl"), "en": f.Text("hours-en")}, CheckedOn: f.Text("checked"), Edition: int64(number(f.Get("edition"))),
	}
}

func (h *Pages) addExpert(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	_, err = h.Service.AddExpert(ctx, web.Actor(ctx), expertDraft(f))
	if f.Fail(lang.From(ctx), err) {
		return h.showExpertForm(w, r, expertForm{Form: f})
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "support.said-expert-added")
	return web.Redirect(w, r, office+"/experts")
}

func (h *Pages) expert(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := h.Service.Expert(ctx, web.Actor(ctx), r.PathValue("expert"))
	if err != nil {
		return err
	}
	f := web.NewForm("name", x.Name, "phone", x.Phone, "mail", x.Mail, "hours-pl", x.Hours["pl"], "hours-en", x.Hours["en"], "checked", x.CheckedOn, "edition", strconv.FormatInt(x.Edition, 10))
	f.Values["topics"] = x.Topics
	return h.showExpertForm(w, r, expertForm{Form: f, Expert: x})
}

// changeExpert writes an entry anew, or says that it is right as it stands.
func (h *Pages) changeExpert(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, act := r.Context(), web.Actor(r.Context()), f.Get("act")
	x, err := h.Service.Expert(ctx, actor, r.PathValue("expert"))
	if err != nil {
		return err
	}
	switch act {
	case "save":
		err = h.Service.EditExpert(ctx, actor, x.ID, expertDraft(f))
	case "checked":
		err = h.Service.CheckExpert(ctx, actor, x.ID, int64(number(f.Get("edition"))))
	default:
		return errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showExpertForm(w, r, expertForm{Form: f, Expert: x})
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "support.said-expert-"+act)
	return web.Redirect(w, r, office+"/experts")
}

func (h *Pages) removeForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	x, err := h.Service.Expert(ctx, web.Actor(ctx), r.PathValue("expert"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "support.expert-remove"), Nav: "guardians"}, removePage(x))
}

func (h *Pages) remove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.Service.RemoveExpert(ctx, web.Actor(ctx), r.PathValue("expert")); err != nil {
		return err
	}
	h.Site.Say(w, "support.said-expert-removed")
	return web.Redirect(w, r, office+"/experts")
}
