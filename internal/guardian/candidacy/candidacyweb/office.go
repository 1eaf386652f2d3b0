package candidacyweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// candidateList is the office's list. It has no files: nobody takes away who wants to be near children.
func (h *Pages) candidateList(r *http.Request) listweb.Of[candidacy.Row] {
	type row = candidacy.Row
	p, actor, now := lang.From(r.Context()), web.Actor(r.Context()), h.Site.Clock.Now()
	today := now.In(p.Zone()).Format(time.DateOnly)
	states := []string{string(candidacy.Applied), string(candidacy.Admitted), string(candidacy.Declined), string(candidacy.Withdrawn)}
	return listweb.Of[row]{
		Name: "candidates", Title: p.T("candidacy.title"), Path: listPath, Query: r.URL.Query(), Now: now, Search: p.T("candidacy.search"), First: "-sent",
		Filters: []listweb.Filter[row]{{Name: "state", Label: p.T("candidacy.state"), Options: ui.OptionsOf(p, "candidacy.all", "candidacy.state-", states)}},
		Columns: []listweb.Column[row]{
			{Label: p.T("candidacy.name"), Sort: "name", Place: listweb.Head, Text: row.Name, Link: func(x row) string { return listPath + "/" + x.ID }},
			{Label: p.T("candidacy.unit"), Place: listweb.Away, Text: func(x row) string { return x.Unit }},
			{
				Label: p.T("candidacy.state"), Sort: "state", Place: listweb.Chip, Text: func(x row) string { return p.T("candidacy.state-" + string(x.State)) },
				Kind: func(x row) ui.Kind { return stateKind(x.State) },
			},
			{Label: p.T("candidacy.due"), Text: func(x row) string {
				if x.DueOn == "" || x.State != candidacy.Applied {
					return ""
				}
				said := p.Day(p.StoredDay(x.DueOn), now)
				if x.DueOn < today {
					said = p.T("candidacy.late", "Day", said)
				}
				return said
			}},
			{Label: p.T("candidacy.sent"), Sort: "sent", Place: listweb.Figure, Text: func(x row) string { return p.Day(x.SentAt, now) }},
		},
		Empty: listweb.Empty{Title: p.T("candidacy.none"), Text: p.T("candidacy.none-text")},
		Page: func(ctx context.Context, q list.Query) ([]row, int, error) {
			return h.Service.Candidates(ctx, actor, candidacy.Filter{Text: q.Search, State: candidacy.State(q.Filters["state"]), Window: q.Window})
		},
	}
}

func (h *Pages) candidates(w http.ResponseWriter, r *http.Request) error {
	l := h.candidateList(r)
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "candidacy.title"), Nav: nav}, listPage(shown))
}

// office shows a page about a candidate, with a form or without.
func (h *Pages) office(w http.ResponseWriter, r *http.Request, f *web.Form, body func(v candidacy.View, f *web.Form) templ.Component) error {
	ctx := r.Context()
	v, err := h.Service.Candidate(ctx, web.Actor(ctx), r.PathValue("candidate"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.candidate"), Nav: nav, Status: f.Status()}, body(v, f))
}

// act does what a form of a candidate asks, and shows it again with its faults.
func (h *Pages) act(w http.ResponseWriter, r *http.Request, said string, do func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error,
	body func(v candidacy.View, f *web.Form) templ.Component,
) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, candidateID := r.Context(), r.PathValue("candidate")
	err = do(ctx, web.Actor(ctx), candidateID, f)
	if f.Fail(lang.From(ctx), err) {
		return h.office(w, r, f, body)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, listPath+"/"+candidateID)
}

func (h *Pages) candidate(w http.ResponseWriter, r *http.Request) error {
	return h.office(w, r, web.NewForm(), h.onePage)
}

func (h *Pages) onePage(v candidacy.View, f *web.Form) templ.Component {
	return candidatePage(v, f, h.Service.Rubric, h.Site.Clock.Now())
}

// stepOf reads the step of an address; an unknown one is not found.
func stepOf(r *http.Request) (candidacy.Step, error) {
	for _, s := range candidacy.Steps {
		if string(s) == r.PathValue("step") {
			return s, nil
		}
	}
	return "", errs.NotFound("error.not-found")
}

func (h *Pages) stepForm(w http.ResponseWriter, r *http.Request) error {
	step, err := stepOf(r)
	if err != nil {
		return err
	}
	return h.office(w, r, web.NewForm(), func(v candidacy.View, f *web.Form) templ.Component {
		x := v.StepOf(step)
		f.Set("owner", x.OwnerID)
		f.Set("due", x.DueOn)
		if step.Ticked() {
			f.Set("done", x.DoneOn)
		}
		return stepPage(v, step, f)
	})
}

func (h *Pages) step(w http.ResponseWriter, r *http.Request) error {
	step, err := stepOf(r)
	if err != nil {
		return err
	}
	return h.act(w, r, "candidacy.said-step", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		return h.Service.SetStep(ctx, actor, candidateID, candidacy.StepDraft{Step: step, OwnerID: f.Get("owner"), DueOn: f.Get("due"), DoneOn: f.Get("done")})
	}, func(v candidacy.View, f *web.Form) templ.Component { return stepPage(v, step, f) })
}

// confirmStep takes the office's word for a step on what the page showed.
func (h *Pages) confirmStep(w http.ResponseWriter, r *http.Request) error {
	step, err := stepOf(r)
	if err != nil {
		return err
	}
	return h.act(w, r, "candidacy.said-step", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		return h.Service.Confirm(ctx, actor, candidateID, candidacy.Known{Step: step, Ground: candidacy.Ground(f.Get("ground")), On: f.Get("on")})
	}, h.onePage)
}

func (h *Pages) checkForm(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("kind", r.URL.Query().Get("kind"), "seen", h.Site.Clock.Now().In(lang.From(r.Context()).Zone()).Format(time.DateOnly))
	return h.office(w, r, f, checkPage)
}

func (h *Pages) check(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "candidacy.said-check", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		var faults errs.Fields
		known := false
		for _, k := range candidacy.CheckKinds {
			known = known || string(k) == f.Get("kind")
		}
		if !known {
			faults.Add("kind", "candidacy.fault.choose")
		}
		if clear := f.Get("clear"); clear != "yes" && clear != "no" {
			faults.Add("clear", "candidacy.fault.choose")
		}
		if err := faults.Err(); err != nil {
			if _, readErr := h.Service.Candidate(ctx, actor, candidateID); readErr != nil { // to who may not know of them there is no form
				return readErr
			}
			return err
		}
		return h.Service.NoteCheck(ctx, actor, candidateID, candidacy.CheckDraft{
			Kind: candidacy.CheckKind(f.Get("kind")), Clear: f.Get("clear") == "yes", SeenOn: f.Get("seen"), ValidUntil: f.Get("until"),
		})
	}, checkPage)
}

func (h *Pages) account(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "candidacy.said-account", func(ctx context.Context, actor access.Actor, candidateID string, _ *web.Form) error {
		return h.Service.TakeIn(ctx, actor, candidateID)
	}, h.onePage)
}

func (h *Pages) distinct(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "candidacy.said-distinct", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		if f.Get("entry") != "" {
			return h.Service.DistinguishEntry(ctx, actor, candidateID, f.Get("entry"))
		}
		return h.Service.Distinguish(ctx, actor, candidateID, f.Get("other"))
	}, h.onePage)
}

func (h *Pages) documentForm(w http.ResponseWriter, r *http.Request) error {
	return h.office(w, r, web.NewForm("kind", r.URL.Query().Get("kind")), documentPage)
}

func (h *Pages) addDocument(w http.ResponseWriter, r *http.Request) error {
	err := h.act(w, r, "candidacy.said-document", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		content, _, err := web.File(r, "file")
		if err != nil {
			return err
		}
		return h.Service.AddDocument(ctx, actor, candidateID, candidacy.CheckKind(f.Get("kind")), content)
	}, documentPage)
	if large := (*http.MaxBytesError)(nil); !errors.As(err, &large) {
		return err
	}
	if err := h.Service.RefuseLargeFor(r.Context(), web.Actor(r.Context()), r.PathValue("candidate")); err != nil {
		return err
	}
	var faults errs.Fields
	faults.Add("file", "candidacy.fault.large", "Most", mostMegabytes)
	f := web.NewForm("kind", r.URL.Query().Get("kind"))
	f.Fail(lang.From(r.Context()), faults.Err())
	return h.office(w, r, f, documentPage)
}

// documentOf finds the document of an address among a candidate's; nil if it is not there.
func documentOf(v candidacy.View, documentID string) *candidacy.Document {
	for i := range v.Documents {
		if v.Documents[i].ID == documentID {
			return &v.Documents[i]
		}
	}
	return nil
}

func (h *Pages) lookForm(w http.ResponseWriter, r *http.Request) error {
	return h.showLook(w, r, web.NewForm())
}

func (h *Pages) showLook(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	v, err := h.Service.Candidate(ctx, web.Actor(ctx), r.PathValue("candidate"))
	if err != nil {
		return err
	}
	d := documentOf(v, r.PathValue("document"))
	if d == nil {
		return errs.NotFound("error.not-found")
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.look"), Nav: nav, Status: f.Status()}, lookPage(v, *d, f, web.Actor(ctx).May(access.GuardiansWrite, v.UnitPath)))
}

func (h *Pages) look(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	content, media, err := h.Service.LookAt(ctx, web.Actor(ctx), r.PathValue("candidate"), r.PathValue("document"), candidacy.Why(f.Get("why")))
	if f.Fail(lang.From(ctx), err) {
		return h.showLook(w, r, f)
	}
	if err != nil {
		return err
	}
	web.Attachment(w, string(media), "document"+media.Ending(), content)
	return nil
}

func (h *Pages) eraseDocument(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "candidacy.said-erased", func(ctx context.Context, actor access.Actor, candidateID string, _ *web.Form) error {
		return h.Service.EraseDocument(ctx, actor, candidateID, r.PathValue("document"))
	}, h.onePage)
}

func (h *Pages) decisionForm(w http.ResponseWriter, r *http.Request) error {
	return h.office(w, r, web.NewForm(), func(v candidacy.View, f *web.Form) templ.Component {
		f.Set("until", v.Last)
		f.Set("children", "2")
		return decisionPage(v, f, edition(v.Edition))
	})
}

func (h *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	admit := false
	return h.act(w, r, "candidacy.said-decided", func(ctx context.Context, actor access.Actor, candidateID string, f *web.Form) error {
		children, _ := strconv.Atoi(f.Get("children")) // what is no number is refused as none
		seen, _ := strconv.ParseInt(f.Get("edition"), 10, 64)
		if admit = f.Get("decision") == "admit"; !admit && f.Get("decision") != "decline" {
			var faults errs.Fields
			faults.Add("decision", "candidacy.fault.choose")
			if _, err := h.Service.Candidate(ctx, actor, candidateID); err != nil {
				return err
			}
			return faults.Err()
		}
		return h.Service.Decide(ctx, actor, candidateID, candidacy.Decision{
			Admit: admit, Reasons: f.Get("reasons"), ValidUntil: f.Get("until"), Children: children, Strengths: f.Get("strengths"), Edition: seen,
		})
	}, func(v candidacy.View, f *web.Form) templ.Component { return decisionPage(v, f, edition(v.Edition)) })
}

func (h *Pages) rules(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rules, err := h.Service.Rules(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.rules"), Nav: nav}, rulesPage(rules, web.Actor(ctx).Has(access.GuardiansWrite)))
}

func (h *Pages) ruleForm(w http.ResponseWriter, r *http.Request) error {
	return h.showRule(w, r, nil)
}

// showRule shows the form of a rule: as it stands, or as it was typed.
func (h *Pages) showRule(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	rules, err := h.Service.Rules(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	for _, x := range rules {
		if string(x.Kind) != r.PathValue("kind") {
			continue
		}
		if f == nil {
			f = web.NewForm("needed", string(x.Needed), "valid_days", strconv.Itoa(x.ValidDays), "copy_days", strconv.Itoa(x.CopyDays))
		}
		f.Set("edition", edition(x.Edition))
		return web.Show(w, r, web.View{Title: lang.T(ctx, "candidacy.rule"), Nav: nav, Status: f.Status()}, rulePage(x, f))
	}
	return errs.NotFound("error.not-found")
}

func (h *Pages) setRule(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	number := func(name string) int {
		n, err := strconv.Atoi(f.Text(name))
		if err != nil {
			return -1 // refused at its field
		}
		return n
	}
	ctx := r.Context()
	seen, err := strconv.ParseInt(f.Get("edition"), 10, 64)
	if err != nil {
		seen = -1
	}
	err = h.Service.SetRule(ctx, web.Actor(ctx), candidacy.Rule{
		Kind: candidacy.CheckKind(r.PathValue("kind")), Needed: candidacy.Needed(f.Get("needed")), ValidDays: number("valid_days"), CopyDays: number("copy_days"), Edition: seen,
	}, f.Get("confirm") != "")
	if f.Fail(lang.From(ctx), err) {
		return h.showRule(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "candidacy.said-rule")
	return web.Redirect(w, r, "/app/guardians/rules")
}

// mostMegabytes is how large a document may be, for the form's words.
const mostMegabytes = vault.Most >> 20
