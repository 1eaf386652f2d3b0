package certificateweb

import (
	"net/http"

	"github.com/a-h/templ"

	"ostoja/internal/certificate"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// show sends a public page. It is made anew each time, since a certificate may be revoked between two looks, and no search
// engine may keep what a visitor checked.
func (h *Pages) show(w http.ResponseWriter, r *http.Request, title string, status int, body templ.Component) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	return web.Show(w, r, web.View{Title: title, Status: status}, body)
}

// verdict says in a sentence what the certificate is worth.
func verdict(p *lang.Printer, c certificate.Certificate, status certificate.Status) string {
	issued, end := p.Date(c.IssuedAt), p.Date(c.ValidUntil)
	switch {
	case status == certificate.Revoked:
		return p.T("certificate.verify.revoked-text", "Issued", issued, "Revoked", p.Date(c.RevokedAt))
	case status == certificate.Superseded:
		return p.T("certificate.verify.superseded-text", "Issued", issued)
	case status == certificate.Expired:
		return p.T("certificate.verify.expired-text", "Issued", issued, "Until", end)
	case c.ValidUntil.IsZero():
		return p.T("certificate.verify.valid-text-no-end", "Issued", issued)
	}
	return p.T("certificate.verify.valid-text", "Issued", issued, "Until", end)
}

// end is the day on which the certificate ends, in words.
func end(p *lang.Printer, c certificate.Certificate) string {
	if c.ValidUntil.IsZero() {
		return p.T("certificate.no-end")
	}
	return p.Date(c.ValidUntil)
}

// facts are what stands on the paper, to be compared with it: the name as in the record and, where the paper has that, in Latin letters.
func facts(p *lang.Printer, c certificate.Certificate) []ui.Pair {
	pairs := []ui.Pair{{Term: p.T("certificate.holder"), Text: c.Holder}}
	if c.HolderLatin != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("certificate.holder-latin"), Text: c.HolderLatin})
	}
	pairs = append(pairs, ui.Pair{Term: p.T("certificate.course"), Text: c.Title})
	if c.TrainingID == "" {
		pairs = append(pairs, ui.Pair{Term: p.T("certificate.hours"), Text: p.Number(c.Hours)})
	} else {
		pairs = append(pairs, ui.Pair{Term: p.T("certificate.paper.hours-present"), Text: c.HoursPresent(p)}, ui.Pair{Term: p.T("certificate.paper.held"), Text: c.Held(p)}, ui.Pair{Term: p.T("certificate.place"), Text: c.Place})
	}
	return append(pairs,
		ui.Pair{Term: p.T("certificate.issuer"), Text: c.Issuer},
		ui.Pair{Term: p.T("certificate.number"), Text: c.Number},
		ui.Pair{Term: p.T("certificate.code"), Text: certificate.Grouped(c.Code)},
		ui.Pair{Term: p.T("certificate.issued"), Text: p.Date(c.IssuedAt)},
		ui.Pair{Term: p.T("certificate.valid-until"), Text: end(p, c)},
	)
}
