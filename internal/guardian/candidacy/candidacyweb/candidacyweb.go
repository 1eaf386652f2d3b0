// Package candidacyweb shows the application before sign-in, in Polish, English and Ukrainian, to a candidate what is their own, to the office its
// candidates with their path, and to assessors the talks that they mark.
//
// Goals: whoever applies needs no account and can go on later by a link; every act of the office stands on a page of its own with what follows from
// it; a document is handed out as a file, never shown as a page of ours. Limits: the list of candidates has no files, and no address, title or
// message names anybody.
package candidacyweb

import (
	"net/http"

	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of candidacies.
type Pages struct {
	Site    *web.Site
	Service *candidacy.Service
	Network func(r *http.Request) string // from which somebody asks, for slowing who asks too often
}

const (
	applyPath = "/app/apply/guardian"
	listPath  = "/app/guardians/candidates"
	talksPath = "/app/guardians/talks"
	nav       = "guardians"
)

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Site().KeyCookie(keyCookie, applyPath)
	m.Handle("GET /app/apply/guardian", h.begin)
	m.Handle("POST /app/apply/guardian", h.ask)
	m.Handle("GET /app/apply/guardian/link/{token}", h.link)
	m.Handle("POST /app/apply/guardian/link/{token}", h.useLink)
	m.Handle("GET /app/apply/guardian/mine", h.mine)
	m.Handle("POST /app/apply/guardian/mine", h.save)
	m.Handle("GET /app/apply/guardian/withdraw", h.confirmWithdraw)
	m.Handle("POST /app/apply/guardian/withdraw", h.withdraw)
	m.Handle("GET /app/apply/guardian/document", h.uploadForm)
	m.HandleUpload("POST /app/apply/guardian/document", vault.Most+web.FormLimit, h.upload)
	m.Handle("POST /app/apply/guardian/document/{document}", h.takeBack)
	m.Handle("POST /app/apply/guardian/close", h.close)
	m.Handle("GET /app/guardians/candidates", h.candidates)
	m.Handle("GET /app/guardians/candidates/{candidate}", h.candidate)
	m.Handle("GET /app/guardians/candidates/{candidate}/step/{step}", h.stepForm)
	m.Handle("POST /app/guardians/candidates/{candidate}/step/{step}", h.step)
	m.Handle("POST /app/guardians/candidates/{candidate}/step/{step}/confirm", h.confirmStep)
	m.Handle("GET /app/guardians/candidates/{candidate}/check", h.checkForm)
	m.Handle("POST /app/guardians/candidates/{candidate}/check", h.check)
	m.Handle("POST /app/guardians/candidates/{candidate}/account", h.account)
	m.Handle("POST /app/guardians/candidates/{candidate}/distinct", h.distinct)
	m.Handle("GET /app/guardians/candidates/{candidate}/document", h.documentForm)
	m.HandleUpload("POST /app/guardians/candidates/{candidate}/document", vault.Most+web.FormLimit, h.addDocument)
	m.Handle("GET /app/guardians/candidates/{candidate}/document/{document}", h.lookForm)
	m.Handle("POST /app/guardians/candidates/{candidate}/document/{document}", h.look)
	m.Handle("POST /app/guardians/candidates/{candidate}/document/{document}/erase", h.eraseDocument)
	m.Handle("GET /app/guardians/candidates/{candidate}/talk", h.talkForm)
	m.Handle("POST /app/guardians/candidates/{candidate}/talk", h.assign)
	m.Handle("GET /app/guardians/candidates/{candidate}/decision", h.decisionForm)
	m.Handle("POST /app/guardians/candidates/{candidate}/decision", h.decide)
	m.Handle("GET /app/guardians/rules", h.rules)
	m.Handle("GET /app/guardians/rules/{kind}", h.ruleForm)
	m.Handle("POST /app/guardians/rules/{kind}", h.setRule)
	m.Handle("GET /app/guardians/talks", h.talks)
	m.Handle("GET /app/guardians/talks/{talk}", h.talk)
	m.Handle("POST /app/guardians/talks/{talk}", h.mark)
	m.Handle("POST /app/guardians/talks/{talk}/joint", h.agree)
}

// stateKind colours a state by what it means to the office.
func stateKind(s candidacy.State) ui.Kind {
	if s == candidacy.Admitted {
		return ui.Success
	}
	return ui.Plain
}
