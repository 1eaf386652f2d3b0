package app

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"time"

	guardianfiles "ostoja/guardian"
	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/calendar"
	"ostoja/internal/classroom/letters"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/appointment"
	"ostoja/internal/guardian/appointment/appointmentweb"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/candidacy/candidacyweb"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/guardian/complaint/complaintweb"
	"ostoja/internal/guardian/guardianweb"
	"ostoja/internal/guardian/paperweb"
	"ostoja/internal/guardian/request"
	"ostoja/internal/guardian/request/requestweb"
	duty "ostoja/internal/guardian/roster"
	"ostoja/internal/guardian/roster/rosterweb"
	"ostoja/internal/guardian/support"
	"ostoja/internal/guardian/support/supportweb"
	"ostoja/internal/guardian/vault"
	"ostoja/internal/guardian/week"
	"ostoja/internal/guardian/week/weekweb"
	"ostoja/internal/identity/credential"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/seal"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// guardianContent is what comes in files with the program about guardians.
type guardianContent struct {
	rubric       *candidacy.Rubric    // of the talk with a candidate
	appointments *appointment.Content // kinds and lists of appointments
	complaints   complaint.Texts      // of the page on which anybody complains about a guardian
	topics       support.Topics       // of what guardians ask for support with
}

// readGuardians reads and checks it.
func readGuardians() (_ *guardianContent, err error) {
	defer errs.Wrap(&err, "app.readGuardians")
	talk, err := fs.ReadFile(guardianfiles.Files, "rubric.yaml")
	if err != nil {
		return nil, err
	}
	var x guardianContent
	if x.rubric, err = candidacy.ReadRubric(talk); err != nil {
		return nil, err
	}
	if x.appointments, err = appointment.Read(guardianfiles.Files); err != nil {
		return nil, err
	}
	if x.complaints, err = complaint.ReadTexts(guardianfiles.Files); err != nil {
		return nil, err
	}
	x.topics, err = support.ReadTopics(guardianfiles.Files)
	return &x, err
}

// openGuardians wires the register of guardians and all its rooms.
func (a *App) openGuardians(c *config.Config, zone *time.Location, catalogue *lang.Catalogue, key seal.Key, o Options) (err error) {
	defer errs.Wrap(&err, "app.openGuardians")
	texts := o.Content.guardians
	a.Guardians = guardian.New(guardian.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL,
		// The register is there before support, which stands on it.
		Refreshers: func(ctx context.Context, q db.Querier) (map[string]string, error) {
			return a.Support.Refreshers(ctx, q)
		},
	})
	a.Support = support.New(support.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, People: a.Identity, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Topics: texts.topics,
	})
	a.Candidacy, err = candidacy.New(candidacy.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Register: a.Guardians, Vault: vault.New(c.GuardKey), Rubric: texts.rubric, People: candidatePeople{a.Identity, catalogue},
		Preparation: preparation{a.Learning, a.Certs, a.Attendance},
		Tries:       linkTries{&credential.Throttle{Clock: o.Clock, Key: key}}, Outbox: a.Outbox, Keeping: a.Keeping, Catalogue: catalogue, BaseURL: c.BaseURL, Floor: o.LinkFloor,
	})
	if err != nil {
		return err
	}
	a.Requests = request.New(request.Deps{DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, People: a.Identity, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL})
	a.Appointments = appointment.New(appointment.Deps{DB: a.DB, Clock: o.Clock, Zone: zone, Content: texts.appointments})
	a.Complaints = complaint.New(complaint.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Key: key, Keeping: a.Keeping, People: a.Identity, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, Texts: texts.complaints,
	})
	a.Duty = duty.New(duty.Deps{DB: a.DB, Clock: o.Clock, Zone: zone, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, People: a.Identity})
	a.GuardianWeek = week.New(week.Deps{
		DB: a.DB, Clock: o.Clock, Zone: zone, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: c.BaseURL, People: a.Identity,
		Requests: a.Requests, Duty: a.Duty, Candidacy: a.Candidacy, Appointments: a.Appointments, Complaints: a.Complaints, Support: a.Support,
	})
	a.Outbox.Tokens(candidacy.TokenKind, a.Candidacy.MakeToken)
	a.Outbox.Tokens(request.TokenKind, a.Requests.MakeToken)
	a.Outbox.Tokens(duty.TokenKind, a.Duty.MakeToken)
	return nil
}

// guardianPages registers the pages of the register and of its rooms; network says from where somebody without an account asks.
func (a *App) guardianPages(site *web.Site, network func(*http.Request) string) {
	help := supportPages(a, site)
	help.Routes(a.Mux)
	guardianweb.New(site, a.Guardians, help.Beside()).Routes(a.Mux)
	(&candidacyweb.Pages{Site: site, Service: a.Candidacy, Network: network}).Routes(a.Mux)
	rosterweb.New(site, a.Duty).Routes(a.Mux)
	requestweb.New(site, a.Requests).Routes(a.Mux)
	(&appointmentweb.Pages{Site: site, Service: a.Appointments, Courts: a.Guardians, Phone: a.phone}).Routes(a.Mux)
	complaintweb.New(site, a.Complaints, a.phone).Routes(a.Mux)
	(&weekweb.Pages{Site: site, Service: a.GuardianWeek}).Routes(a.Mux)
	paperweb.New(site, a.Facts, a.Guardians).Routes(a.Mux)
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
