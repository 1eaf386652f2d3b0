package site

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/db"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// approvalKinds are the kinds of what a second person is asked for, by those of proposals.
var approvalKinds = map[ProposalKind]approval.Kind{OfFact: approval.SiteFact, OfService: approval.SiteService}

// askText has the second person told of a text that waits. None of its writers is one.
func (s *Service) askText(ctx context.Context, tx *db.Tx, actor access.Actor, t *content.Text, why string) error {
	a, err := articleByID(ctx, tx, t.ArticleID)
	if err != nil {
		return err
	}
	wrote, err := writers(ctx, tx, t.ID)
	if err != nil {
		return err
	}
	return approval.Ask{
		Kind: approval.SiteText, Ref: t.ID, Title: t.Title, Path: "/app/site/texts/" + t.ID, Permission: access.SiteWrite, UnitID: a.UnitID, By: actor.PersonID, Excluded: wrote, Note: trimmed(why),
	}.Tell(ctx, tx, s.events)
}

// askProposal has the second person told of a change that waits.
func (s *Service) askProposal(ctx context.Context, tx *db.Tx, actor access.Actor, kind ProposalKind, proposalID, objectID, unitID, why string, after *Change) error {
	title := objectID
	if after.Fact != nil && after.Fact.Label["pl"] != "" {
		title = after.Fact.Label["pl"]
	}
	if after.Service != nil {
		if name := directory.In(after.Service.Name, "pl", "en"); name != "" {
			title = name
		}
	}
	return approval.Ask{
		Kind: approvalKinds[kind], Ref: objectID, Title: title, Path: "/app/site/proposals/" + proposalID, Permission: access.SiteWrite, UnitID: unitID, By: actor.PersonID, Note: trimmed(why),
	}.Tell(ctx, tx, s.events)
}

// answered has who asked told how it ended.
func (s *Service) answered(ctx context.Context, tx *db.Tx, kind approval.Kind, ref, by string, o approval.Outcome, note string) error {
	return approval.Answer{Kind: kind, Ref: ref, By: by, Outcome: o, Note: note}.Tell(ctx, tx, s.events)
}
