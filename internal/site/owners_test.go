package site_test

import (
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
	"ostoja/internal/testrig"
)

// Of two units that each keep a text, a place of help and a proposal, each owner is found by what is asked for: an editor may touch
// the own, and is not told that another's is there.
func TestEachOwnerIsTheOneOfWhatIsAskedFor(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		type kept struct {
			editor                   access.Actor
			text, service, proposal  string
			unit, articleID, factual string
		}
		make := func(editor access.Actor, unit, name string) kept {
			k := kept{editor: editor, unit: unit, articleID: "wiadomosc-" + name, service: "punkt-" + name, factual: "tel-" + name}
			k.text = article(w, editor, unit, k.articleID)
			w.OK(w.Site.ProposeService(ctx, editor, place(k.service), true, unit, site.NewBase))
			for _, p := range testrig.Must(w.Site.Proposals(ctx, editor))(t) {
				w.OK(w.Site.AcceptProposal(ctx, w.Coordinator, p.ID))
			}
			w.OK(w.Site.ProposeFact(ctx, editor, numberOf(k.factual, unit), site.NewBase))
			k.proposal = testrig.Must(w.Site.Proposals(ctx, editor))(t)[0].ID
			return k
		}
		// The order in which rows are made tells nothing: each asks for the other's and for the own.
		both := []kept{make(w.GuardEditor, w.Guard, "a"), make(w.PoliceEditor, w.Police, "b")}
		for i, own := range both {
			other := both[1-i]
			for what, try := range map[string]func(k kept) error{
				"reading a text":     func(k kept) error { return third(w.Site.Text(ctx, own.editor, k.text)) },
				"reading a proposal": func(k kept) error { return second(w.Site.Proposal(ctx, own.editor, k.proposal)) },
				"reading a place":    func(k kept) error { return second(w.Site.Entry(ctx, own.editor, site.OfService, k.service)) },
				"changing a place": func(k kept) error {
					return w.Site.ProposeService(ctx, own.editor, renamed(k.service), true, k.unit, "1")
				},
				"sending a text in":      func(k kept) error { return w.Site.Submit(ctx, own.editor, k.text) },
				"taking back a proposal": func(k kept) error { return w.Site.WithdrawProposal(ctx, own.editor, k.proposal) },
				"removing a place":       func(k kept) error { return w.Site.RemoveService(ctx, own.editor, k.service) },
			} {
				w.Refused(what, try(other), errs.ErrNotFound)
			}
		}
		for _, own := range both {
			w.OK(third(w.Site.Text(ctx, own.editor, own.text)))
			w.OK(w.Site.WithdrawProposal(ctx, own.editor, own.proposal))
			w.OK(w.Site.RemoveService(ctx, own.editor, own.service))
		}
	})
}

func renamed(id string) *directory.Service {
	p := place(id)
	p.Name = map[string]string{"pl": "Inny punkt"}
	return p
}
