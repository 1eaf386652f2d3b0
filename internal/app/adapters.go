package app

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance/attendanceweb"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/desk"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/identity"
	"ostoja/internal/identity/credential"
	"ostoja/internal/identity/identityweb"
	"ostoja/internal/identity/people"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/learning/learningweb"
	"ostoja/internal/list"
	"ostoja/internal/mail"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/measurementweb"
	"ostoja/internal/site/content"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// participants gives learning what identity knows of participants. The two areas do not know each other.
type participants struct{ identity *identity.Service }

// Participant returns a person.
func (p participants) Participant(ctx context.Context, q db.Querier, personID string) (learning.Person, error) {
	found, err := p.identity.Participant(ctx, q, personID)
	return learning.Person(found), err
}

// ParticipantsWithin returns those of the given persons for whom the actor has the permission.
func (p participants) ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) ([]learning.Person, error) {
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
func (i inviter) Invitation(ctx context.Context, tx *db.Tx, p learning.Person, title text.Translated, path string) (mail.Message, error) {
	link, token, err := i.identity.EntryLink(ctx, tx, p.ID, path)
	if err != nil {
		return mail.Message{}, err
	}
	t := i.catalogue.Printer(p.Lang)
	subject, body := desk.InvitationText(t, title.In(t.Tag()), p.Organisation, link)
	return mail.Message{Kind: "course.invitation", To: p.Mail, Lang: t.Tag(), Subject: subject, Body: body, Token: token}, nil
}

// subjects gives measurement what identity knows of persons.
type subjects struct{ identity *identity.Service }

// Subjects returns those of the persons who exist.
func (p subjects) Subjects(ctx context.Context, q db.Querier, personIDs []string) ([]measurement.Subject, error) {
	list, err := p.identity.Subjects(ctx, q, personIDs)
	return asSubjects(list), err
}

// SubjectsWithin returns those of the persons for whom the actor has the permission.
func (p subjects) SubjectsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) ([]measurement.Subject, error) {
	list, err := p.identity.SubjectsWithin(ctx, q, actor, permission, personIDs)
	return asSubjects(list), err
}

func asSubjects(list []identity.Subject) []measurement.Subject {
	out := make([]measurement.Subject, len(list))
	for i, x := range list {
		out[i] = measurement.Subject(x)
	}
	return out
}

// UnitPath returns the path of a unit.
func (p subjects) UnitPath(ctx context.Context, q db.Querier, unitID string) (string, error) {
	return p.identity.UnitPath(ctx, q, unitID)
}

// attendants gives trainings what identity knows of persons.
type attendants struct{ identity *identity.Service }

// Persons returns those of the persons who exist.
func (p attendants) Persons(ctx context.Context, q db.Querier, personIDs []string) ([]seat.Person, error) {
	list, err := p.identity.Subjects(ctx, q, personIDs)
	return asAttendants(list), err
}

// PersonsWithin returns those of the persons for whom the actor has the permission.
func (p attendants) PersonsWithin(ctx context.Context, q db.Querier, actor access.Actor, permission access.Permission, personIDs []string) ([]seat.Person, error) {
	list, err := p.identity.SubjectsWithin(ctx, q, actor, permission, personIDs)
	return asAttendants(list), err
}

func asAttendants(list []identity.Subject) []seat.Person {
	out := make([]seat.Person, len(list))
	for i, x := range list {
		out[i] = seat.Person{
			ID: x.ID, Name: x.Name, Mail: x.Mail, Lang: x.Lang, Region: x.Region, UnitID: x.UnitID, UnitPath: x.UnitPath, OrganisationID: x.OrganisationID, Blocked: x.Blocked,
		}
	}
	return out
}

// measured gives measurement what it needs of courses, who takes them, and trainings.
type measured struct {
	courses   *published.Service
	learning  *learning.Service
	classroom *classroom.Service
}

// About describes courses and trainings.
func (m measured) About(ctx context.Context, q db.Querier, refs []measurement.Ref) (map[measurement.Ref]measurement.About, error) {
	about := make(map[measurement.Ref]measurement.About, len(refs))
	var trainings []string
	for _, r := range refs {
		_, known := about[r]
		switch {
		case r.Kind == measurement.OfTraining:
			trainings = append(trainings, r.ID)
		case !known:
			title, err := m.courses.TitleIn(ctx, q, r.ID) // one read each: of courses there are few
			if errors.Is(err, errs.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			about[r] = measurement.About{Name: title}
		}
	}
	list, err := m.classroom.Trainings(ctx, q, trainings)
	for _, t := range list {
		about[measurement.Ref{Kind: measurement.OfTraining, ID: t.ID}] = measurement.About{
			Name: text.Translated{"": t.Title}, Place: t.Place, HeldFrom: t.HeldFrom, HeldUntil: t.HeldUntil, Project: t.Project, NotHeld: t.NotHeld,
		}
	}
	return about, err
}

// Unbegun returns who is enrolled in a course and has opened nothing of it.
func (m measured) Unbegun(ctx context.Context, q db.Querier, courseID string) ([]string, error) {
	return m.learning.Unbegun(ctx, q, courseID)
}

// Lessons returns the lessons of a person's version of a course that teach a topic.
func (m measured) Lessons(ctx context.Context, personID, courseID, topic string) (list []measurement.Lesson, err error) {
	e, err := m.learning.Latest(ctx, personID, courseID)
	if err != nil {
		return nil, err
	}
	c, err := m.courses.Version(ctx, e.VersionID)
	if err != nil {
		return nil, err
	}
	for _, part := range c.Parts() {
		teaches := slices.ContainsFunc(c.Objectives, func(o course.Objective) bool { return o.Topic == topic && part.Teaches(o.ID, e.Lang) })
		if teaches {
			list = append(list, measurement.Lesson{Path: "/app/learn/" + e.ID + "/" + string(part.Kind()) + "/" + part.ID(), Title: part.Title(e.Lang), Lang: e.Lang})
		}
	}
	return list, nil
}

// tasksOf gives the player's pages the tests that a person could sit now.
func tasksOf(a *App) learningweb.Tasks {
	return func(ctx context.Context, personID, courseID string) ([]learningweb.Task, error) {
		list, err := a.Measurement.Tasks(ctx, a.DB, personID, courseID)
		out := make([]learningweb.Task, len(list))
		for i, t := range list {
			out[i] = learningweb.Task{SittingID: t.SittingID, Wave: string(t.Wave), Begun: t.Begun, Minutes: t.Minutes, ClosesAt: t.ClosesAt}
		}
		return out, err
	}
}

// testsIn gives the pages of a training the tests that a person could sit now.
func testsIn(a *App) classroomweb.Tasks {
	return func(ctx context.Context, personID, trainingID string) ([]classroomweb.Task, error) {
		list, err := a.Measurement.TasksIn(ctx, a.DB, personID, trainingID)
		out := make([]classroomweb.Task, len(list))
		for i, t := range list {
			out[i] = classroomweb.Task{SittingID: t.SittingID, Wave: string(t.Wave), Begun: t.Begun, Minutes: t.Minutes, ClosesAt: t.ClosesAt}
		}
		return out, err
	}
}

// tries counts the codes of sheets that are tried, as sign-in counts passwords.
type tries struct{ throttle *credential.Throttle }

// Count counts a try.
func (t tries) Count(ctx context.Context, tx *db.Tx, of, network string) (right func() error, err error) {
	try, err := t.throttle.Count(ctx, tx, of, network, credential.Device{})
	return func() error { return t.throttle.Succeeded(ctx, tx, try) }, err
}

// rowOf opens to who is in a room, without an account, the test of their sheet's code.
func rowOf(a *App, persons *identityweb.Pages, sittings *measurementweb.Pages) attendanceweb.OpenRow {
	return func(w http.ResponseWriter, r *http.Request, trainingID, code string, until time.Time) error {
		sittingID, err := a.OnPaper.OnPhone(r.Context(), trainingID, code, persons.Network(r), until)
		if err != nil {
			return err
		}
		if err := a.Measurement.Begin(r.Context(), sittingID); err != nil {
			return err
		}
		return sittings.GiveKey(w, r, sittingID, until)
	}
}

// unitsOf gives the pages of measurement the units that an actor reaches.
func unitsOf(s *desk.Service) measurementweb.Units {
	return func(ctx context.Context, actor access.Actor, p access.Permission) ([]measurementweb.Unit, error) {
		list, err := s.Units(ctx, actor, p)
		units := make([]measurementweb.Unit, len(list))
		for i, u := range list {
			units[i] = measurementweb.Unit{ID: u.ID, Name: u.Name, Depth: u.Depth}
		}
		return units, err
	}
}

// candidatesOf gives the pages of measurement the people who could be added to a training.
func candidatesOf(s *people.Finder) measurementweb.Candidates {
	return func(ctx context.Context, actor access.Actor, unitID, words string, page, size int) ([]measurementweb.Candidate, int, error) {
		l, err := s.Search(ctx, actor, people.Filter{UnitID: unitID, Text: words, Window: list.Window{Page: page, Size: size}})
		list := make([]measurementweb.Candidate, len(l.Rows))
		for i, x := range l.Rows {
			list[i] = measurementweb.Candidate{ID: x.ID, Name: x.FamilyName + " " + x.GivenName, Unit: x.UnitName, HasMail: x.Mail != ""}
		}
		return list, l.Total, err
	}
}

// trainingsOf gives the pages of measurement what those of trainings show in them.
func trainingsOf(s *classroom.Service, pages *classroomweb.Pages, zone *time.Location) measurementweb.Trainings {
	return measurementweb.Trainings{
		Fields: classroomweb.Fields, Part: pages.Part, Projects: s.Projects,
		Make: func(f *web.Form) measurement.Make {
			if trainingID := f.Get("training"); trainingID != "" {
				return s.Planned(trainingID)
			}
			return s.Maker(classroomweb.Draft(f, zone))
		},
		Title: s.Title,
	}
}

// announced gives the public site the trainings that coordinators agreed to name.
type announced struct{ classroom *classroom.Service }

// Announced returns them, the newest first.
func (a announced) Announced(ctx context.Context, q db.Querier) ([]content.Activity, error) {
	list, err := a.classroom.Announced(ctx, q)
	out := make([]content.Activity, len(list))
	for i, t := range list {
		out[i] = content.Activity{Title: t.Title, Place: t.Place, From: t.HeldFrom, Until: t.HeldUntil}
	}
	return out, err
}

// foundAmong gives the hall the people whom a trainer may find.
func foundAmong(s *people.Finder) attendanceweb.Find {
	return func(ctx context.Context, actor access.Actor, words string) ([]attendanceweb.Person, error) {
		const most = 20
		l, err := s.Search(ctx, actor, people.Filter{Text: words, Window: list.Window{Page: 1, Size: most}})
		found := make([]attendanceweb.Person, len(l.Rows))
		for i, x := range l.Rows {
			found[i] = attendanceweb.Person{ID: x.ID, Name: x.FamilyName + " " + x.GivenName, Unit: x.UnitName}
		}
		return found, err
	}
}

// candidatePeople gives candidacies what identity knows of those who lead and assess, and the way to an account.
type candidatePeople struct {
	*identity.Service
	catalogue *lang.Catalogue
}

// TakeIn returns the person with an address, or adds and invites one. The office that does so keeps no accounts: it is the program's own act.
func (c candidatePeople) TakeIn(ctx context.Context, tx *db.Tx, a candidacy.NewAccount) (personID string, err error) {
	find := func() (string, error) {
		found, err := c.Named(ctx, tx, []string{a.Mail}, nil)
		switch {
		case err != nil || len(found) == 0:
			return "", err
		case found[0].State == identity.Blocked:
			return "", errs.Conflict("people.fault.blocked")
		}
		return found[0].ID, nil
	}
	if personID, err = find(); err != nil || personID != "" {
		return personID, err
	}
	d := identity.Draft{GivenName: a.GivenName, FamilyName: a.FamilyName, Mail: a.Mail, UnitID: a.UnitID, Lang: a.Lang}
	if err := d.Check(c.catalogue.Langs()).Err(); err != nil {
		return "", err
	}
	return c.Enter(ctx, tx, access.System, identity.Entry{Draft: d, Invite: true})
}

// enrolling returns the courses in which whoever asks may enrol people.
func (a *App) enrolling(ctx context.Context) (list []ui.Option, err error) {
	actor := web.Actor(ctx)
	if !actor.Has(access.DeskWrite) {
		return nil, nil
	}
	all, err := desk.CoursesOf(a.Courses).All(ctx)
	for _, c := range all {
		list = append(list, ui.Option{Value: c.ID, Label: c.Title.In(lang.From(ctx).Tag())})
	}
	return list, err
}

// linkTries slows who asks for links, in one count with links to sign in.
type linkTries struct{ throttle *credential.Throttle }

// Ask counts a link that was asked for.
func (t linkTries) Ask(ctx context.Context, tx *db.Tx, network string) error {
	return t.throttle.CountLink(ctx, tx, network)
}

// phone returns the number that a fact holds today, "" if it can be relied on no longer.
func (a *App) phone(factID, tag string) string {
	f, v := a.Facts.Today().Get(factID)
	if f == nil || v == fact.Expired {
		return ""
	}
	return f.In(tag)
}
