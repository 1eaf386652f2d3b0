package identity

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/identity/credential"
	"ostoja/internal/mail"
	"ostoja/internal/mail/wording"
)

// asker returns whom the invited can ask: the inviting person's name and address, "" if the program itself invites.
func (s *Service) asker(ctx context.Context, q db.Querier, actor access.Actor) (string, error) {
	if actor.PersonID == "" {
		return "", nil
	}
	p, err := getPerson(ctx, q, actor.PersonID)
	if err != nil || p.Mail == "" {
		return p.Name(), err
	}
	return p.Name() + ", " + p.Mail, nil
}

// invitationLetter says who invites, what for, where to press, until when, and whom to ask.
func (s *Service) invitationLetter(p Person, url, asker string) mail.Message {
	t := s.catalogue.Printer(p.Lang)
	if asker == "" {
		asker = t.T("people.letter.asker")
	}
	subject, body := wording.Compose(t, wording.ProgrammeInvitation,
		"Organisation", p.Organisation, "Link", url, "Until", t.DateTime(s.clock.Now().Add(credential.Invitation.ValidFor())), "Asker", asker)
	return mail.Message{Kind: "people.invitation", To: p.Mail, Lang: t.Tag(), Subject: subject, Body: body}
}

func (s *Service) signInLetter(who candidate, url string) mail.Message {
	t := s.catalogue.Printer(who.Lang)
	return mail.Message{
		Kind: "people.sign-in", To: who.Mail, Lang: t.Tag(),
		Subject: t.T("people.letter.sign-in-subject"),
		Body:    t.T("people.letter.sign-in-body", "Link", url, "Until", t.DateTime(s.clock.Now().Add(credential.SignIn.ValidFor()))),
	}
}
