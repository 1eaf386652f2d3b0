// Package sitetest does in tests what takes two persons.
package sitetest

import (
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

// Editor returns an editor of the whole site: the first, the second …
func Editor(n string) access.Actor {
	return access.Actor{PersonID: "00000000-0000-7000-8000-00000000000" + n, At: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), Grants: []access.Grant{{Role: access.Author}}}
}

// Publish has one editor write a text and another publish it, and returns its id.
func Publish(t testing.TB, s *site.Service, d site.TextDraft) string {
	t.Helper()
	saved, err := s.SaveDraft(t.Context(), Editor("1"), d)
	if err == nil {
		err = s.Submit(t.Context(), Editor("1"), saved.ID)
	}
	if err == nil {
		err = s.Review(t.Context(), Editor("2"), saved.ID, site.Verdict{Base: saved.Base(), Publish: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	return saved.ID
}

// Fact has one editor propose a fact and another accept it.
func Fact(t testing.TB, s *site.Service, f content.Fact) {
	t.Helper()
	err := s.ProposeFact(t.Context(), Editor("1"), f, base(t, s, site.OfFact, f.ID))
	accept(t, s, site.OfFact, f.ID, err)
}

// Service has one editor propose a service and another accept it.
func Service(t testing.TB, s *site.Service, x *directory.Service, listed bool) {
	t.Helper()
	err := s.ProposeService(t.Context(), Editor("1"), x, listed, "", base(t, s, site.OfService, x.ID))
	accept(t, s, site.OfService, x.ID, err)
}

func base(t testing.TB, s *site.Service, kind site.ProposalKind, objectID string) string {
	t.Helper()
	k, err := s.Entry(t.Context(), Editor("1"), kind, objectID)
	if err != nil { // there is none yet
		return site.NewBase
	}
	return k.Base
}

func accept(t testing.TB, s *site.Service, kind site.ProposalKind, objectID string, err error) {
	t.Helper()
	k := site.Entry{}
	if err == nil {
		k, err = s.Entry(t.Context(), Editor("2"), kind, objectID)
	}
	if err == nil {
		err = s.AcceptProposal(t.Context(), Editor("2"), k.Proposal.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}
