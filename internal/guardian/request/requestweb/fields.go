package requestweb

import (
	"context"

	"ostoja/internal/guardian/request"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// lookField asks why a contact is opened. What is wrong is said at the person for whom the form was sent.
func lookField(ctx context.Context, o request.Proposal, f *web.Form) ui.Field {
	p := lang.From(ctx)
	x := ui.Field{Name: "look", ID: "look-" + o.ID, Label: p.T("request.look"), Options: options(p, "request.look-", request.Looks)}
	if f.Get("proposal") == o.ID {
		x.Value, x.Error = f.Get("look"), f.Error("look")
	}
	return x
}

// releaseField is a field of the form by which the office lets an account see more.
func releaseField(ctx context.Context, a request.Account, name string, f *web.Form) ui.Field {
	p := lang.From(ctx)
	x := ui.Field{Name: name, ID: name + "-" + a.PersonID, Label: p.T("request.release-" + name)}
	if name == "more" {
		x.InputMode = "numeric"
	}
	if f.Get("person") == a.PersonID {
		x.Value, x.Error = f.Get(name), f.Error(name)
	}
	return x
}

// motionOf is the day in the form: what was typed, else what is noted.
func motionOf(x request.Request, f *web.Form) string {
	if f.Get("act") == "motion" {
		return f.Get("motion")
	}
	return x.MotionOn
}

// formFor is what was typed of one question of several; the others' forms are empty.
func formFor(q request.Question, f *web.Form) *web.Form {
	if f.Get("proposal") == q.ProposalID {
		return f
	}
	return web.NewForm()
}

// orDash shows that nothing was chosen.
func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
