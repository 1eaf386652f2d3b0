package guardianweb

import (
	"net/http"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

func (h *Pages) courts(w http.ResponseWriter, r *http.Request) error {
	return h.showCourts(w, r, web.NewForm())
}

func (h *Pages) showCourts(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	courts, err := h.service.Courts(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "guardian.courts"), Nav: "guardians", Status: f.Status()}, courtsPage(courts, f, web.Actor(ctx).Has(access.GuardiansWrite)))
}

// typedCourt reads a court from a form. A region that the register of territory does not know is none.
func typedCourt(f *web.Form, courtID string) guardian.Court {
	c := guardian.Court{ID: courtID, Name: f.Text("name"), Short: f.Text("short"), Edition: int64(number(f.Get("edition")))}
	c.Distinct = f.Get("distinct") != ""
	if territory.Known(f.Get("region")) {
		c.Region = f.Get("region")
	}
	return c
}

func (h *Pages) addCourt(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	_, err = h.service.AddCourt(ctx, web.Actor(ctx), typedCourt(f, ""))
	if f.Fail(lang.From(ctx), err) {
		return h.showCourts(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-court")
	return web.Redirect(w, r, "/app/guardians/courts")
}

func (h *Pages) courtForm(w http.ResponseWriter, r *http.Request) error {
	c, err := h.service.Court(r.Context(), web.Actor(r.Context()), r.PathValue("court"))
	if err != nil {
		return err
	}
	return h.showCourt(w, r, c, web.NewForm("name", c.Name, "short", c.Short, "region", c.Region, "edition", strconv.FormatInt(c.Edition, 10)))
}

func (h *Pages) showCourt(w http.ResponseWriter, r *http.Request, c guardian.Court, f *web.Form) error {
	_, papers, err := h.service.CourtPaper(r.Context(), c.ID)
	if err != nil {
		return err
	}
	if f.Get("act") == "papers" { // the other form's fields show the court as it is
		for name, value := range map[string]string{"name": c.Name, "short": c.Short, "region": c.Region, "edition": strconv.FormatInt(c.Edition, 10)} {
			f.Set(name, value)
		}
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.court"), Nav: "guardians", Status: f.Status()}, courtPage(c, papers, f))
}

func (h *Pages) changeCourt(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	c, err := h.service.Court(ctx, actor, r.PathValue("court"))
	if err != nil {
		return err
	}
	typed := typedCourt(f, c.ID)
	switch f.Get("act") {
	case "rename":
		err = h.service.RenameCourt(ctx, actor, typed)
	case "close", "open":
		err = h.service.CloseCourt(ctx, actor, c.ID, typed.Edition, f.Get("act") == "close")
	case "papers":
		err = h.service.SetCourtPaper(ctx, actor, guardian.CourtPaper{CourtID: c.ID, Heading: f.Get("heading"), Papers: f.Values["papers"], Edition: int64(number(f.Get("paper_edition")))})
	default:
		err = errs.Invalid("error.invalid")
	}
	if f.Fail(lang.From(ctx), err) {
		return h.showCourt(w, r, c, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "guardian.said-court")
	return web.Redirect(w, r, "/app/guardians/courts")
}
