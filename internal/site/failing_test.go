package site_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/visits"
)

// TestNoFailureIsSilent: whatever statement fails, whoever acts is told, and nothing of what was done stays.
func TestNoFailureIsSilent(t *testing.T) {
	each(t, func(k *desk) {
		ctx, first, second := k.Context(), k.first, k.second
		service := func(id string) *directory.Service {
			return &directory.Service{
				ID: id, Name: map[string]string{"pl": "Biuro"}, Summary: map[string]string{"pl": "Porady"}, Languages: []string{"pl"}, Phones: []directory.Phone{{Number: "+48 22 628 01 20"}},
				Source: "test", Checked: now.Format(time.DateOnly), By: "test", ValidUntil: now.AddDate(0, 1, 0).Format(time.DateOnly),
			}
		}
		ignore := func(_ any, err error) error { return err }
		var draft content.Text
		proposal := ""
		kept := func(id string) func() error {
			return func() error {
				found, err := k.Entry(ctx, first, site.OfService, id)
				if err == nil {
					proposal = found.Proposal.ID
				}
				return err
			}
		}
		dbtest.EachFails(k.T, k.d, []dbtest.Step{
			{Name: "articles", Do: func() error { return ignore(k.Articles(ctx, first)) }},
			{Name: "article", Do: func() error { return ignore(k.Article(ctx, first, "danger")) }},
			{Name: "versions", Do: func() error { return ignore(k.Versions(ctx, first, "danger", "pl")) }},
			{Name: "facts", Do: func() error { return ignore(k.Facts(ctx, first)) }},
			{Name: "directory", Do: func() error { return ignore(k.Directory(ctx, first)) }},
			{Name: "orders", Do: func() error { return ignore(k.Orders(ctx, first)) }},
			{Name: "units", Do: func() error { return ignore(k.Units(ctx, first)) }},
			{Name: "snapshot", Do: func() error { return ignore(k.Snapshot(ctx)) }},
			{Name: "opening", Do: func() error { return ignore(k.Opening(ctx, first)) }},
			{Name: "create", Do: func() error {
				return k.CreateArticle(ctx, first, content.Article{ID: "nowy", Kind: content.Publication, Topic: "rights", Day: "2026-11-20"})
			}},
			{Name: "update", Do: func() error {
				return k.UpdateArticle(ctx, first, content.Article{ID: "nowy", Topic: "danger", Day: "2026-11-21"})
			}},
			{Name: "draft", Do: func() error {
				saved, err := k.SaveDraft(ctx, first, site.TextDraft{ArticleID: "nowy", Lang: "pl", Title: "Nowy", Tab: "Nowy", Summary: "Krótko.", Body: "Treść.\n"})
				if err == nil {
					draft = saved
				}
				return err
			}},
			{Name: "submit", Do: func() error { return k.Submit(ctx, first, draft.ID) }},
			{Name: "text", Do: func() error { _, _, err := k.Text(ctx, second, draft.ID); return err }},
			{Name: "review", Do: func() error {
				return k.Review(ctx, second, draft.ID, site.Verdict{Base: draft.Base(), Publish: true})
			}},
			{Name: "file", Do: func() error {
				return k.AddFile(ctx, first, content.File{ArticleID: "nowy", Edition: "1", Lang: "pl", Name: "Plik.pdf"}, []byte("%PDF-1.7\nx"))
			}},
			{Name: "withdraw", Do: func() error { return k.Withdraw(ctx, first, "nowy", "pl") }},
			{Name: "propose a service", Do: func() error { return k.ProposeService(ctx, first, service("biuro"), true, "", site.NewBase) }},
			{Name: "proposals", Do: func() error { return ignore(k.Proposals(ctx, first)) }},
			{Name: "kept", Do: kept("biuro")},
			{Name: "accept", Do: func() error { return k.AcceptProposal(ctx, second, proposal) }},
			{Name: "remove", Do: func() error { return k.RemoveService(ctx, first, "biuro") }},
			{Name: "propose another", Do: func() error { return k.ProposeService(ctx, first, service("inne"), false, "", site.NewBase) }},
			{Name: "kept again", Do: kept("inne")},
			{Name: "return", Do: func() error { return k.ReturnProposal(ctx, second, proposal, "Brak źródła.") }},
			{Name: "take back", Do: func() error { return k.WithdrawProposal(ctx, first, proposal) }},
			{Name: "import", Do: func() error {
				return ignore(k.ImportServices(ctx, first, []*directory.Service{service("z-pliku")}, "Redakcja", false))
			}},
			{Name: "confirm", Do: func() error { return ignore(k.Confirm(ctx, first, []string{fact.Emergency}, "Redakcja")) }},
			{Name: "call", Do: func() error {
				return k.AddCall(ctx, first, site.Call{FactID: fact.Emergency, CalledAt: now, Answered: true})
			}},
			{Name: "calls", Do: func() error { return ignore(k.Calls(ctx, first, "")) }},
			{Name: "visits", Do: func() error { return k.visits.Add(ctx, map[visits.Visit]int64{{Page: "danger", Lang: "pl"}: 9}) }},
			{Name: "settle visits", Do: func() error { return k.visits.SuppressSmall(ctx) }},
			{Name: "visited", Do: func() error { return ignore(k.visits.Between(ctx, first, "2026-11-01", "2026-11-30")) }},
			{Name: "take", Do: func() error { return ignore(k.ImportBundle(ctx, access.System, true)) }},
		})
	})
}
