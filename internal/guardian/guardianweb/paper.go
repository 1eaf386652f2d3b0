package guardianweb

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/identity/territory"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Codes cannot be guessed, so that the limit only keeps the database from being flooded.
const (
	burst     = 60
	perSecond = 5
)

func (h *Pages) paperRoutes(m *web.Mux) {
	m.Handle("GET /app/guardians/figures", h.figures)
	m.Handle("GET /app/guardians/entries/{entry}/statement", h.statementForm)
	m.Handle("POST /app/guardians/entries/{entry}/statement", h.statement)
	m.Handle("GET /verify/guardian", h.verifyForm)
	m.Handle("GET /verify/guardian/{code}", h.verify)
}

func (h *Pages) figures(w http.ResponseWriter, r *http.Request) error {
	x, err := h.service.Figures(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.figures"), Nav: "guardians"}, figuresPage(x, h.site.Clock.Now()))
}

// figure says a number, or that it is withheld.
func figure(p *lang.Printer, f guardian.Figure) string {
	if !f.Shown {
		return p.T("guardian.withheld")
	}
	return p.Int(f.N)
}

// monthOf says a month: kwiecień 2027.
func monthOf(p *lang.Printer, month string) string {
	year, m, ok := strings.Cut(month, "-")
	if !ok {
		return ""
	}
	return p.T("desk.month-"+m) + "\u00a0" + year
}

// refreshMonth says when the first topic should be refreshed: one that should have been is for now.
func refreshMonth(p *lang.Printer, f guardian.Figure, now time.Time) string {
	if f.Refresh != "" && f.Refresh <= now.In(p.Zone()).Format("2006-01") {
		return p.T("guardian.figures-now")
	}
	return monthOf(p, f.Refresh)
}

func region(p *lang.Printer, f guardian.Figure) string { return territory.RegionName(f.Name, p.Tag()) }

func (h *Pages) statementForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	return h.showStatement(w, r, v)
}

func (h *Pages) showStatement(w http.ResponseWriter, r *http.Request, v entryView) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.statement"), Nav: "guardians", Status: v.Form.Status()}, statementPage(v))
}

func (h *Pages) statement(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	v, err := h.changing(r)
	if err != nil {
		return err
	}
	x, err := h.service.MakeStatement(ctx, web.Actor(ctx), v.ID)
	if v.Form.Fail(p, err) {
		return h.showStatement(w, r, v)
	}
	if err != nil {
		return err
	}
	b, err := x.PDF(p, p.LanguageName, h.site.BaseURL+"/verify/guardian/"+guardian.Grouped(x.Code))
	if err != nil {
		return err
	}
	web.Attachment(w, "application/pdf", p.T("guardian.paper-file")+".pdf", b)
	return nil
}

// verifyForm asks for a code; one that was typed leads on to its own page.
func (h *Pages) verifyForm(w http.ResponseWriter, r *http.Request) error {
	typed := strings.TrimSpace(r.URL.Query().Get("code"))
	if typed == "" {
		return web.Show(w, r, web.View{Title: lang.T(r.Context(), "guardian.verify")}, verifyPage(nil, ""))
	}
	target := "/verify/guardian/" + url.PathEscape(typed)
	if tag := r.URL.Query().Get("lang"); h.site.Catalogue.Has(tag) {
		target += "?lang=" + url.QueryEscape(tag)
	}
	return web.Redirect(w, r, target)
}

func (h *Pages) verify(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	if err := h.limit.Take(w, h.site.Clock.Now(), "guardian.busy"); err != nil {
		return err
	}
	v, err := h.service.Verify(r.Context(), r.PathValue("code"))
	title := lang.T(r.Context(), "guardian.verify")
	if errors.Is(err, errs.ErrNotFound) {
		return web.Show(w, r, web.View{Title: title, Status: http.StatusNotFound}, verifyPage(nil, lang.T(r.Context(), "guardian.verify-unknown")))
	}
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: title}, verifyPage(&v, ""))
}

func verdict(p *lang.Printer, v *guardian.VerifiedStatement) (ui.Kind, string) {
	if v.Holds {
		return ui.Success, p.T("guardian.verify-holds")
	}
	return ui.Waiting, p.T("guardian.verify-over")
}
