package app

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/mail"
)

// people gives learning what identity knows of participants. The two areas do not know each other.
type people struct{ identity *identity.Service }

// Participant returns a person.
func (p people) Participant(ctx context.Context, q db.Querier, personID string) (learning.Person, error) {
	found, err := p.identity.Participant(ctx, q, personID)
	return learning.Person(found), err
}

// ParticipantsWithin returns those of the given persons for whom the actor has the permission.
func (p people) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) ([]learning.Person, error) {
	found, err := p.identity.ParticipantsWithin(ctx, q, actor, permission, personIDs)
	list := make([]learning.Person, len(found))
	for i, f := range found {
		list[i] = learning.Person(f)
	}
	return list, err
}

// inviter writes the letter that tells a person of a course.
type inviter struct {
	identity  *identity.Service
	catalogue *lang.Catalogue
}

// Invitation returns the letter. Its link leads to the course, and signs in a person who has never done so.
func (i inviter) Invitation(ctx context.Context, tx *db.Tx, p learning.Person, title course.Text, path string) (mail.Message, error) {
	link, err := i.identity.EntryLink(ctx, tx, p.ID, path)
	if err != nil {
		return mail.Message{}, err
	}
	t := i.catalogue.Printer(p.Lang)
	return mail.Message{
		To: p.Mail, Lang: t.Tag(), Subject: t.T("invitation.subject"),
		Body: t.T("invitation.body", "Course", title.In(t.Tag()), "Organisation", p.Organisation, "Link", link),
	}, nil
}
