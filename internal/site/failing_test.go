package site_test

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
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
				found, err := k.Kept(ctx, first, site.OfService, id)
				if err == nil {
					proposal = found.Proposal.ID
				}
				return err
			}
		}
		steps := []struct {
			name string
			op   func() error
		}{
			{"articles", func() error { return ignore(k.Articles(ctx, first)) }},
			{"article", func() error { return ignore(k.Article(ctx, first, "danger")) }},
			{"versions", func() error { return ignore(k.Versions(ctx, first, "danger", "pl")) }},
			{"facts", func() error { return ignore(k.Facts(ctx, first)) }},
			{"directory", func() error { return ignore(k.Directory(ctx, first)) }},
			{"orders", func() error { return ignore(k.Orders(ctx, first)) }},
			{"units", func() error { return ignore(k.Units(ctx, first)) }},
			{"snapshot", func() error { return ignore(k.Snapshot(ctx)) }},
			{"opening", func() error { return ignore(k.Opening(ctx, first)) }},
			{"create", func() error {
				return k.CreateArticle(ctx, first, content.Article{ID: "nowy", Kind: content.Publication, Topic: "rights", Day: "2026-11-20"})
			}},
			{"update", func() error {
				return k.UpdateArticle(ctx, first, content.Article{ID: "nowy", Topic: "danger", Day: "2026-11-21"})
			}},
			{"draft", func() error {
				saved, err := k.SaveDraft(ctx, first, site.TextDraft{ArticleID: "nowy", Lang: "pl", Title: "Nowy", Tab: "Nowy", Summary: "Krótko.", Body: "Treść.\n"})
				if err == nil {
					draft = saved
				}
				return err
			}},
			{"submit", func() error { return k.Submit(ctx, first, draft.ID) }},
			{"text", func() error { _, _, err := k.Text(ctx, second, draft.ID); return err }},
			{"review", func() error {
				return k.Review(ctx, second, draft.ID, site.Verdict{Base: draft.Base(), Publish: true})
			}},
			{"file", func() error {
				return k.AddFile(ctx, first, content.File{ArticleID: "nowy", Edition: "1", Lang: "pl", Name: "Plik.pdf"}, []byte("%PDF-1.7\nx"))
			}},
			{"withdraw", func() error { return k.Withdraw(ctx, first, "nowy", "pl") }},
			{"propose a service", func() error { return k.ProposeService(ctx, first, service("biuro"), true, "", site.NewBase) }},
			{"proposals", func() error { return ignore(k.Proposals(ctx, first)) }},
			{"kept", kept("biuro")},
			{"accept", func() error { return k.Accept(ctx, second, proposal) }},
			{"remove", func() error { return k.RemoveService(ctx, first, "biuro") }},
			{"propose another", func() error { return k.ProposeService(ctx, first, service("inne"), false, "", site.NewBase) }},
			{"kept again", kept("inne")},
			{"return", func() error { return k.Return(ctx, second, proposal, "Brak źródła.") }},
			{"take back", func() error { return k.TakeBack(ctx, first, proposal) }},
			{"import", func() error {
				return ignore(k.ImportServices(ctx, first, []*directory.Service{service("z-pliku")}, "Redakcja", false))
			}},
			{"confirm", func() error { return ignore(k.Confirm(ctx, first, []string{content.Emergency}, "Redakcja")) }},
			{"visits", func() error { return k.AddVisits(ctx, map[site.Visit]int64{{Page: "danger", Lang: "pl"}: 9}) }},
			{"settle visits", func() error { return k.SettleVisits(ctx) }},
			{"visited", func() error { return ignore(k.Visited(ctx, first, "2026-11-01", "2026-11-30")) }},
			{"take", func() error { return ignore(k.Take(ctx, access.System, true)) }},
		}
		for _, s := range steps {
			k.Run(s.name, func(t *testing.T) {
				if dbtest.Failing(t, k.d, s.op) == 0 {
					t.Error("nothing was tried")
				}
			})
		}
	})
}
