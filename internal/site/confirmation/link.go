package confirmation

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/mail"
	"ostoja/internal/site/directory"
)

// TokenKind is the kind of the tokens that letters to services bring; see [Service.MakeToken].
const TokenKind mail.TokenKind = "confirmation"

// MakeToken makes the token of a link whose letter leaves now. One from an earlier attempt opens nothing any more. A letter whose link has
// ended meanwhile does not leave.
func (s *Service) MakeToken(ctx context.Context, tx *db.Tx, requestID string) (token string, err error) {
	defer errs.Wrap(&err, "confirmation.MakeToken")
	token = id.Secret()
	n, err := db.Changed(ctx, tx, `UPDATE site_confirmation SET token_hash = ? WHERE id = ? AND ended = '' AND expires_at > ?`, id.Digest(token), requestID, s.Clock.Now())
	if err == nil && n == 0 {
		err = errs.Gone("confirmation.over")
	}
	return token, err
}

// Number is a phone of an entry. One that is a fact is kept apart, and not confirmed with the entry.
type Number struct {
	Text string
	Fact bool
}

// Link is what the page behind a letter's link shows.
type Link struct {
	State     State
	Lang      string
	EndedAt   time.Time
	ExpiresAt time.Time
	Entry     *directory.Service // as readers see it; nil unless the link is open
	Numbers   []Number
	Version   int // of the entry, which is what an answer confirms
}

// Link returns what a link is for. It changes nothing, since programs that look into mail open links. One that nobody knows is not found.
func (s *Service) Link(ctx context.Context, token string) (l Link, err error) {
	defer errs.Wrap(&err, "confirmation.Link")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		r, err := requestOf(ctx, tx, token)
		if err != nil {
			return err
		}
		l = Link{State: r.State(s.Clock.Now()), Lang: r.Lang, EndedAt: r.EndedAt, ExpiresAt: r.ExpiresAt}
		if l.State != Open {
			return nil
		}
		e, err := entryOf(ctx, tx, r.ServiceID)
		if err != nil {
			return err
		}
		if !e.shown() {
			l.State = Hidden
			return nil
		}
		l.Entry, l.Version = &e.Content, e.Version
		l.Numbers, err = s.numbers(ctx, tx, &e.Content)
		return err
	})
	return l, err
}

func requestOf(ctx context.Context, q db.Querier, token string) (Request, error) {
	r, err := db.One[Request](ctx, q, selectRequests+`WHERE c.token_hash = ?`, id.Digest(token))
	if errors.Is(err, errs.ErrNotFound) {
		err = errs.NotFound("confirmation.unknown")
	}
	return r, err
}

// numbers are an entry's phones, those of facts by their values.
func (s *Service) numbers(ctx context.Context, tx *db.Tx, x *directory.Service) (list []Number, err error) {
	facts, err := s.Site.KeptFacts(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, p := range x.Phones {
		n := Number{Text: p.Number, Fact: p.Fact != ""}
		for _, f := range facts {
			if n.Fact && f.ID == p.Fact {
				n.Text = f.In(s.Site.Bundle().SourceLang)
			}
		}
		if n.Text != "" { // of a fact that has gone, readers see the national line
			list = append(list, n)
		}
	}
	return list, nil
}

// answer uses a link up, and passes on the entry that it is about. Of two who press at once one does.
func (s *Service) answer(ctx context.Context, token string, as State, said Answer, fn func(tx *db.Tx, e *entry) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		now := s.Clock.Now()
		r, err := requestOf(ctx, tx, token)
		if err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `UPDATE site_confirmation SET ended = ?, ended_at = ?, answer = ?, address = '' WHERE id = ? AND ended = '' AND expires_at > ?`,
			string(as), now, db.JSON(said), r.ID, now)
		if err != nil {
			return err
		}
		e, err := entryOf(ctx, tx, r.ServiceID)
		if err != nil {
			return err
		}
		if n == 0 || !e.shown() {
			return errs.Gone("confirmation.over")
		}
		if err := fn(tx, &e); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, "", "site.confirmation."+string(as), "service:"+e.ID, map[string]string{"request": r.ID})
	})
}

// Confirm takes the word of a service that all of its entry is right, as it stood at a version: one that was changed meanwhile is to be
// looked at again. Numbers that are facts stay as they are.
func (s *Service) Confirm(ctx context.Context, token string, version int) (err error) {
	defer errs.Wrap(&err, "confirmation.Confirm")
	return s.answer(ctx, token, Confirmed, Answer{}, func(tx *db.Tx, e *entry) error {
		if e.Version != version {
			return errs.Conflict("confirmation.entry-changed")
		}
		now := s.Clock.Now()
		e.Content.Renew(now.In(s.Site.Zone()), s.Catalogue.Printer(s.Site.Bundle().SourceLang).T("confirmation.by"))
		n, err := db.Changed(ctx, tx, `UPDATE site_service SET content = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ?`, db.JSON(&e.Content), now, e.ID, version)
		if err == nil && n == 0 {
			err = errs.Conflict("confirmation.entry-changed")
		}
		if err != nil {
			return err
		}
		return s.Site.Touch(ctx, tx)
	})
}

// Report takes what a service says has changed, and tells the editors who keep the entry that there is something to read. The entry stays
// as it is until they propose otherwise.
func (s *Service) Report(ctx context.Context, token string, said Answer) (err error) {
	defer errs.Wrap(&err, "confirmation.Report")
	said = said.cleaned()
	if err := said.check(); err != nil {
		return err
	}
	return s.answer(ctx, token, Changed, said, func(tx *db.Tx, e *entry) error {
		editors, err := s.People.Holders(ctx, tx, access.SiteWrite)
		if err != nil {
			return err
		}
		for _, i := range access.Keepers(editors, access.SiteWrite, e.UnitPath) {
			p := s.Catalogue.Printer(editors[i].Lang)
			m := mail.Message{
				Kind: "site.confirmed", To: editors[i].Mail, Lang: p.Tag(), Subject: p.T("confirmation.told-subject"),
				Body: p.T("confirmation.told-body", "Name", directory.In(e.Content.Name, p.Tag(), s.Site.Bundle().SourceLang, "en"), "Link", s.BaseURL+"/app/site/services/"+e.ID+"/confirmation"),
			}
			if err := s.Outbox.Send(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}
