package app

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/support"
	"ostoja/internal/guardian/support/supportweb"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/identity/credential"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/seal"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// openGuardians wires the rooms of the register of guardians.
func (a *App) openGuardians(c *config.Config, zone *time.Location, catalogue *lang.Catalogue, key seal.Key, o Options) (err error) {
	a.Guardians = guardian.New(guardian.Deps{DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL})
	a.Support = support.New(support.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, People: a.Identity, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Topics: o.Content.topics,
	})
	a.Candidacy, err = candidacy.New(candidacy.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Register: a.Guardians, Vault: vault.New(c.GuardKey), Rubric: o.Content.rubric, People: candidatePeople{a.Identity, catalogue},
		Preparation: preparation{a.Learning, a.Certs, a.Attendance},
		Tries:       linkTries{&credential.Throttle{Clock: o.Clock, Key: key}}, Outbox: a.Outbox, Keeping: a.Keeping, Catalogue: catalogue, BaseURL: c.BaseURL, Floor: o.LinkFloor,
	})
	if err == nil {
		a.Outbox.Tokens(candidacy.TokenKind, a.Candidacy.MakeToken)
	}
	return err
}

// guardianCourse is the course whose lessons refresh a topic (courses/guardian).
const guardianCourse = "guardian"

// supportPages are the pages of guardians' support, with the course's lessons and a calendar's file, of which that area knows nothing.
func supportPages(a *App, site *web.Site) *supportweb.Pages {
	return &supportweb.Pages{
		Site: site, Service: a.Support, Phone: a.phone, Lessons: a.guardianLessons,
		Calendar: func(m support.Meeting, title string) (string, error) {
			return calendar.File(calendar.Event{
				UID: m.ID + "@" + letters.Domain(site.BaseURL), Sequence: m.Sequence, Start: m.StartsAt, End: m.EndsAt, Summary: title, Location: m.Place, URL: site.BaseURL + "/app/guardian/support",
			}, a.clock.Now())
		},
	}
}

// guardianLessons returns lessons of the course for guardians: who is enrolled is led to the lesson, who may enrol to the course, and who may do
// neither sees what there is.
func (a *App) guardianLessons(ctx context.Context, actor access.Actor, tag string, ids []string) (known map[string]supportweb.Lesson, err error) {
	defer errs.Wrap(&err, "app.guardianLessons")
	c, err := a.Courses.Current(ctx, guardianCourse)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !c.HasLanguage(tag) {
		tag = c.Languages[0]
	}
	to := func(string) string { return "" }
	if actor.Has(access.Learn) {
		o, err := a.Learning.Offer(ctx, actor, guardianCourse)
		switch {
		case errors.Is(err, errs.ErrNotFound):
		case err != nil:
			return nil, err
		case o.Enrolment != nil && o.Enrolment.State() != learning.Withdrawn:
			to = func(lesson string) string { return "/app/learn/" + o.Enrolment.ID + "/lesson/" + lesson }
		default:
			to = func(string) string { return "/app/courses/" + guardianCourse }
		}
	}
	known = map[string]supportweb.Lesson{}
	for _, lesson := range ids {
		if l := c.Lesson(lesson, tag); l != nil {
			known[lesson] = supportweb.Lesson{Title: l.Title, Minutes: l.Minutes, Href: to(lesson)}
		}
	}
	return known, nil
}

// ownPages are those that are the signed-in person's own for what they do, and that nobody else is led to.
func (a *App) ownPages(ctx context.Context) (list []ui.NavItem, err error) {
	is, err := a.Guardians.IsIn(ctx, web.Actor(ctx))
	if is {
		list = append(list, ui.NavItem{Label: lang.T(ctx, "guardian.own"), Href: "/app/guardian"})
	}
	return list, err
}

// preparation gives candidacies what is known of somebody who prepares to be a guardian.
type preparation struct {
	learning   *learning.Service
	certs      *certificate.Service
	attendance *attendance.Service
}

// Facts returns what a person has reached in the course for guardians and at its trainings. A course that gives certificates is passed as long as one
// stands: what was revoked or has run out, nobody can rely on.
func (k preparation) Facts(ctx context.Context, q db.Querier, personID string) (list []candidacy.Fact, err error) {
	defer errs.Wrap(&err, "app.preparation")
	reached, err := k.learning.Reached(ctx, q, personID, guardianCourse)
	if err != nil {
		return nil, err
	}
	attended, err := k.attendance.Attended(ctx, q, personID, guardianCourse)
	if err != nil {
		return nil, err
	}
	issued, err := k.certs.Issued(ctx, q, personID)
	if err != nil {
		return nil, err
	}
	certified := false
	trained := map[string]bool{}
	for _, c := range issued {
		stands := c.Status(k.certs.Now()) == certificate.Valid
		certified = certified || c.CourseID == guardianCourse
		switch {
		case !stands:
		case c.CourseID == guardianCourse:
			list = append(list, candidacy.Fact{Ground: candidacy.OnCertificate, At: c.IssuedAt})
		case c.TrainingID != "":
			trained[c.TrainingID] = true
		}
	}
	if !certified {
		list = append(list, candidacy.Fact{Ground: candidacy.OnPass, At: reached.PassedAt})
	}
	for _, x := range attended {
		ground := candidacy.OnPresence
		if trained[x.TrainingID] {
			ground = candidacy.OnAttendance
		}
		list = append(list, candidacy.Fact{Ground: ground, At: x.LastAt})
	}
	return append(list, candidacy.Fact{Ground: candidacy.OnStory, At: reached.StoryAt}), nil
}
