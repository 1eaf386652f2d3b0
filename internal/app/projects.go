package app

import (
	"context"
	"errors"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/photo"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/config"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/identity/people"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/project/projectweb"
	"ostoja/internal/publication"
	"ostoja/internal/publication/publicationweb"
	"ostoja/internal/report"
	"ostoja/internal/report/freeze/freezeweb"
	"ostoja/internal/report/journal"
	"ostoja/internal/report/journal/journalweb"
	"ostoja/internal/report/notice"
	"ostoja/internal/report/notice/noticeweb"
	"ostoja/internal/report/reportweb"
	"ostoja/internal/report/retain"
	"ostoja/internal/report/retain/retainweb"
	"ostoja/internal/report/review"
	"ostoja/internal/report/review/reviewweb"
	"ostoja/internal/report/spot"
	"ostoja/internal/report/spot/spotweb"
	"ostoja/internal/report/year"
	"ostoja/internal/report/year/yearweb"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// openProjects wires projects, the rules of funds, and their reports.
func (a *App) openProjects(zone *time.Location, baseURL string, catalogue *lang.Catalogue) {
	rules := rules{a.Funds}
	a.Publications = publication.New(publication.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Around: aroundPublications{a}})
	a.Projects = project.New(project.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Subjects: partsOf{a.Classroom, a.Courses, a.Identity, a.Publications}, Funds: rules})
	a.Reports = report.New(report.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Events: a.events, Rules: rules, Guardians: a.Guardians.Admitted, Gain: gains{a.Measurement, a.Bank, a.Evidence}.of})
	a.Journal = journal.New(journal.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Rules: rules, Picture: proofPicture})
	a.Year = year.New(year.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Ready: a.Guardians.Ready, Steps: a.countedSteps, Gains: gains{a.Measurement, a.Bank, a.Evidence}.ofYear})
	a.Notices = notice.New(notice.Deps{DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Rules: rules, GiveSex: func(ctx context.Context, tx *db.Tx, personID, sex string) error {
		return a.Identity.GiveSex(ctx, tx, personID, identity.Sex(sex))
	}})
	a.Spot = spot.New(spot.Deps{DB: a.DB, Clock: a.clock, Projects: a.Projects, Reports: a.Reports, Rules: rules, Papers: spotPapers{a, zone, baseURL, catalogue}})
	a.Retain = retain.New(retain.Deps{
		DB: a.DB, Clock: a.clock, Zone: zone, Keeping: a.Keeping, Projects: a.Projects, Reports: a.Reports, Rules: rules,
		Forget: func(ctx context.Context, tx *db.Tx, accounts, trainings []string) error {
			if err := seat.Forget(ctx, tx, accounts, trainings); err != nil {
				return err
			}
			return attendance.Forget(ctx, tx, accounts, trainings)
		},
	})
}

// openReview wires what reviewers of funds read.
func (a *App) openReview(c *config.Config, zone *time.Location, catalogue *lang.Catalogue, o Options) {
	a.Review = review.New(review.Deps{
		DB: a.DB, Clock: a.clock, Zone: zone, Projects: a.Projects, Reports: a.Reports, Freeze: a.Freeze, Journal: a.Journal, Outbox: a.Outbox, Keeping: a.Keeping, Catalogue: catalogue, BaseURL: c.BaseURL, Floor: o.LinkFloor,
	})
	a.Outbox.Tokens(review.LinkToken, a.Review.MakeToken)
	a.Outbox.Tokens(review.CodeToken, a.Review.MakeCode)
}

// proofPicture takes a photograph that proves something as those of attendance sheets are taken, and says in words of its own what is none.
func proofPicture(ctx context.Context, content []byte) ([]byte, error) {
	kept, err := photo.Take(ctx, content)
	var said *errs.Error
	if errors.As(err, &said) && (said.Key == "papers.photo.unknown" || said.Key == "papers.photo.pdf") {
		return nil, errs.Invalid("journal.fault.photo").Because(err)
	}
	return kept.JPEG, err
}

// partsOf tells projects what can belong to them.
type partsOf struct {
	classroom *classroom.Service
	courses   *published.Service
	identity  *identity.Service
	printed   *publication.Service
}

// Titles returns what trainings, courses, offices and publications are called.
func (p partsOf) Titles(ctx context.Context, q db.Querier, kind project.Kind, ids []string) (map[string]text.Translated, error) {
	titles := map[string]text.Translated{}
	switch kind {
	case project.Training:
		list, err := p.classroom.Trainings(ctx, q, ids)
		for _, t := range list {
			titles[t.ID] = text.Translated{"": t.Title}
		}
		return titles, err
	case project.Course:
		for _, courseID := range ids {
			title, err := p.courses.TitleIn(ctx, q, courseID)
			if err != nil {
				return nil, err
			}
			titles[courseID] = title
		}
	case project.Guardians:
		names, err := p.identity.UnitNames(ctx, q)
		for _, unitID := range ids {
			titles[unitID] = text.Translated{"": names[unitID]}
		}
		return titles, err
	case project.Publication:
		names, err := p.printed.Titles(ctx, q, ids)
		for publicationID, name := range names {
			titles[publicationID] = text.Translated{"": name}
		}
		return titles, err
	}
	return titles, nil
}

// Offered returns the trainings that the actor keeps, all courses, the publications and the offices whose projects the actor keeps: of their register of guardians a
// project has a number alone.
func (p partsOf) Offered(ctx context.Context, q db.Querier, actor access.Actor, kind project.Kind) (map[string]text.Translated, error) {
	titles := map[string]text.Translated{}
	switch kind {
	case project.Training:
		list, err := p.classroom.Within(ctx, q, actor, access.TrainingsWrite)
		for _, t := range list {
			titles[t.ID] = text.Translated{"": t.Title}
		}
		return titles, err
	case project.Course:
		list, err := p.courses.List(ctx)
		for _, c := range list {
			if titles[c.ID], err = p.courses.TitleIn(ctx, q, c.ID); err != nil {
				return nil, err
			}
		}
		return titles, err
	case project.Guardians:
		offices, err := p.identity.OfficesWithin(ctx, q, actor, access.ProjectsWrite)
		for unitID, name := range offices {
			titles[unitID] = text.Translated{"": name}
		}
		return titles, err
	case project.Publication:
		names, err := p.printed.Within(ctx, q, actor, access.ProjectsWrite)
		for publicationID, name := range names {
			titles[publicationID] = text.Translated{"": name}
		}
		return titles, err
	}
	return titles, nil
}

// rules are the rule sets of funds as the office keeps them.
type rules struct{ funds *fund.Service }

// Of returns a set as it is now, or one of its versions.
func (r rules) Of(ctx context.Context, q db.Querier, fundID string, version int64) (fund.Rules, int64, error) {
	read := r.funds.Current
	if version > 0 {
		read = func(ctx context.Context, q db.Querier, fundID string) (fund.Version, error) {
			return r.funds.At(ctx, q, fundID, int(version))
		}
	}
	v, err := read(ctx, q, fundID)
	return v.Rules, int64(v.Version), err
}

// Indicators returns the ids of a fund's indicators.
func (r rules) Indicators(ctx context.Context, q db.Querier, fundID string) (ids []string, open bool, err error) {
	set, _, err := r.Of(ctx, q, fundID, 0)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, false, nil
	}
	for _, i := range set.Indicators {
		ids = append(ids, i.ID)
	}
	return ids, set.State == fund.Open, err
}

// sets returns the rule sets that there are.
func (r rules) sets(ctx context.Context, actor access.Actor) (list []fund.Rules, err error) {
	all, err := r.funds.List(ctx, actor)
	for _, set := range all {
		list = append(list, set.Rules)
	}
	return list, err
}

// partTitles returns what the parts of a project are called, by id.
func (a *App) partTitles(ctx context.Context, actor access.Actor, p *lang.Printer, projectID string) (map[string]string, error) {
	parts, err := a.Projects.Parts(ctx, actor, projectID)
	titles := make(map[string]string, len(parts))
	for _, x := range parts {
		titles[x.SubjectID] = x.Title.In(p.Tag())
	}
	return titles, err
}

// projectPages registers the pages of projects, of what they are told to funds by, and of the notices to those who take part, which it returns.
func (a *App) projectPages(site *web.Site) *noticeweb.Pages {
	units := unitsOf(a.Desk)
	frame := projectweb.New(projectweb.Deps{
		Site: site, Service: a.Projects,
		Units: func(ctx context.Context, actor access.Actor, p access.Permission) (list []projectweb.Unit, err error) {
			all, err := units(ctx, actor, p)
			for _, u := range all {
				list = append(list, projectweb.Unit(u))
			}
			return list, err
		},
		Funds: rules{a.Funds}.sets,
		Find: func(ctx context.Context, actor access.Actor, words string) (all []projectweb.Found, err error) {
			const most = 20
			found, err := a.People.Search(ctx, actor, people.Filter{Text: words, Window: list.Window{Page: 1, Size: most}})
			for _, x := range found.Rows {
				all = append(all, projectweb.Found{ID: x.ID, Name: x.Name(), Unit: x.UnitName})
			}
			return all, err
		},
	})
	frame.Routes(a.Mux)
	(&yearweb.Pages{Site: site, Service: a.Year}).Routes(a.Mux)
	publicationweb.New(site, a.Publications).Routes(a.Mux)
	(&spotweb.Pages{Site: site, Service: a.Spot, Frame: frame, Funds: rules{a.Funds}.sets}).Routes(a.Mux)
	(&retainweb.Pages{Site: site, Service: a.Retain, Projects: a.Projects, Head: frame.Head}).Routes(a.Mux)
	(&freezeweb.Pages{Site: site, Service: a.Freeze, Head: frame.Head}).Routes(a.Mux)
	(&journalweb.Pages{Site: site, Service: a.Journal, Head: frame.Head, Called: frame.Called, Funds: rules{a.Funds}.sets}).Routes(a.Mux)
	(&reviewweb.Pages{Site: site, Service: a.Review, Frame: frame, Funds: rules{a.Funds}.sets}).Routes(a.Mux)
	titles := func(ctx context.Context, actor access.Actor, projectID string) (map[string]string, error) {
		return a.partTitles(ctx, actor, lang.From(ctx), projectID)
	}
	(&reportweb.Pages{Site: site, Service: a.Reports, Frame: frame, Approvals: a.Approvals, Titles: titles}).Routes(a.Mux)
	notices := &noticeweb.Pages{Site: site, Service: a.Notices, Head: frame.Head, Titles: titles}
	notices.Routes(a.Mux)
	return notices
}
