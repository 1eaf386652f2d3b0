package candidacyweb

import (
	"errors"
	"net/http"

	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const uploadPath = applyPath + "/document"

// sendable returns the application of who can send copies; who cannot is led to where they see why.
func (h *Pages) sendable(w http.ResponseWriter, r *http.Request) (m candidacy.Mine, ok bool, err error) {
	m, err = h.Service.Mine(r.Context(), h.self(r))
	switch {
	case err != nil:
		return m, false, h.none(w, r, err)
	case len(m.Sendable) == 0:
		return m, false, web.Redirect(w, r, in(h.printer(r), applyPath+"/mine"))
	}
	return m, true, nil
}

func (h *Pages) uploadForm(w http.ResponseWriter, r *http.Request) error {
	m, ok, err := h.sendable(w, r)
	if !ok {
		return err
	}
	return h.showUpload(w, r, m, web.NewForm())
}

func (h *Pages) showUpload(w http.ResponseWriter, r *http.Request, m candidacy.Mine, f *web.Form) error {
	if f.Get("kind") == "" && len(m.Sendable) == 1 { // of a file over the limit nothing of the form was read
		f.Set("kind", string(m.Sendable[0]))
	}
	return h.show(w, r, h.printer(r), f.Status(), uploadPage(m, f))
}

// upload takes a copy. Whose it is is asked before the file is read, so that nobody without an application sends us anything large.
func (h *Pages) upload(w http.ResponseWriter, r *http.Request) error {
	m, ok, err := h.sendable(w, r)
	if !ok {
		return err
	}
	p := h.printer(r)
	f, err := web.ReadForm(r)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		if err := h.Service.RefuseLarge(r.Context(), h.self(r)); err != nil {
			return err
		}
		var faults errs.Fields
		faults.Add("file", "apply.fault.large", "Most", mostMegabytes)
		f = web.NewForm()
		f.Fail(p, faults.Err())
		return h.showUpload(w, r, m, f)
	}
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	err = h.Service.Upload(r.Context(), h.self(r), candidacy.CheckKind(f.Get("kind")), content)
	if f.Fail(p, err) {
		return h.showUpload(w, r, m, f)
	}
	if err != nil {
		return err
	}
	return h.toMine(w, r, p, "apply.said-document")
}

func (h *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	if _, err := web.ReadForm(r); err != nil {
		return err
	}
	err := h.Service.TakeBack(r.Context(), h.self(r), r.PathValue("document"))
	if errors.Is(err, errs.ErrConflict) || errors.Is(err, errs.ErrNotFound) { // pressed twice, or the office was quicker: the page says how it stands
		return web.Redirect(w, r, in(h.printer(r), applyPath+"/mine"))
	}
	if err != nil {
		return err
	}
	return h.toMine(w, r, h.printer(r), "apply.said-taken-back")
}

// toMine leads back, with what was done where the shell speaks the page's language.
func (h *Pages) toMine(w http.ResponseWriter, r *http.Request, p *lang.Printer, said string) error {
	if p.Tag() != ukrainian {
		h.Site.Say(w, said)
	}
	return web.Redirect(w, r, in(p, applyPath+"/mine"))
}

func sendableOptions(p *lang.Printer, kinds []candidacy.CheckKind) (options []ui.Option) {
	for _, k := range kinds {
		options = append(options, ui.Option{Value: string(k), Label: p.T("apply.check-" + string(k))})
	}
	return options
}

// uploadHint says what is taken.
func uploadHint(p *lang.Printer) string { return p.T("apply.file-hint", "Most", vault.Most>>20) }
