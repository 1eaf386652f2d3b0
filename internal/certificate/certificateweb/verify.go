package certificateweb

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"ostoja/internal/certificate"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/web"
)

// A hall of people may scan their certificates at once; more than this is a machine.
const (
	burst     = 200
	perSecond = 25
)

// verifyForm asks for a code; one that was typed leads on to its own page, which is also where the QR leads.
func (h *Pages) verifyForm(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("code") {
		return h.showForm(w, r, web.NewForm(), http.StatusOK)
	}
	typed := strings.TrimSpace(q.Get("code"))
	code := certificate.ParseCode(typed)
	if code != "" {
		target := "/verify/" + certificate.Grouped(code)
		if tag := q.Get("lang"); h.site.Catalogue.Has(tag) {
			target += "?lang=" + url.QueryEscape(tag)
		}
		return web.Redirect(w, r, target)
	}
	key := "certificate.verify.unreadable"
	if typed == "" {
		key = "certificate.verify.missing"
	}
	return h.refill(w, r, typed, key, http.StatusUnprocessableEntity)
}

// maxTyped bounds how much of a wrong code is shown again.
const maxTyped = 100

func (h *Pages) refill(w http.ResponseWriter, r *http.Request, typed, key string, status int) error {
	if runes := []rune(typed); len(runes) > maxTyped {
		typed = string(runes[:maxTyped])
	}
	f := web.NewForm("code", typed)
	var faults errs.Fields
	faults.Add("code", key)
	f.Fail(lang.From(r.Context()), faults.Err())
	return h.showForm(w, r, f, status)
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, f *web.Form, status int) error {
	title := "certificate.verify.title"
	if status == http.StatusNotFound {
		title = "certificate.verify.unknown-title"
	}
	return h.show(w, r, lang.T(r.Context(), title), status, verifyFormPage(lang.T(r.Context(), title), f))
}

func (h *Pages) verify(w http.ResponseWriter, r *http.Request) error {
	if err := h.limit.Take(w, h.site.Clock.Now(), "certificate.verify.busy"); err != nil {
		return err
	}
	c, err := h.service.Verify(r.Context(), r.PathValue("code"))
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return h.refill(w, r, r.PathValue("code"), "certificate.verify.unknown", http.StatusNotFound)
	case errors.Is(err, errs.ErrInvalid):
		return h.refill(w, r, r.PathValue("code"), "certificate.verify.unreadable", http.StatusNotFound)
	case err != nil:
		return err
	}
	status := c.Status(h.service.Now())
	title := lang.T(r.Context(), "certificate.verify."+string(status))
	return h.show(w, r, title, http.StatusOK, verifyPage(c, status, title, verdict(lang.From(r.Context()), c, status)))
}
