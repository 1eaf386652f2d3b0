package app

import (
	"context"
	"fmt"

	"ostoja/internal/access"
	"ostoja/internal/classroom/classroomweb"
	"ostoja/internal/classroom/dossier/dossierweb"
	"ostoja/internal/classroom/seat/seatweb"
	"ostoja/internal/course/programme"
	"ostoja/internal/identity"
	"ostoja/internal/identity/territory"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// trainingPages makes the pages of trainings, with what they need of other areas.
func (a *App) trainingPages(site *web.Site) *classroomweb.Pages {
	var kinds []string
	for _, k := range identity.UnitKinds {
		kinds = append(kinds, string(k))
	}
	return classroomweb.New(classroomweb.Deps{
		Site: site, Service: a.Classroom, Overview: a.Overview, Attendance: a.Attendance, TrainingOf: a.Measurement.TrainingOf,
		Units: func(ctx context.Context, actor access.Actor, p access.Permission) ([]classroomweb.Unit, error) {
			list, err := a.Desk.Units(ctx, actor, p)
			units := make([]classroomweb.Unit, len(list))
			for i, u := range list {
				units[i] = classroomweb.Unit{ID: u.ID, Name: u.Name, Depth: u.Depth}
			}
			return units, err
		},
		Courses: a.coursesBefore, Programmes: a.programmes, Results: a.resultsOf, Certificates: a.Dossier.Due,
		Kinds: kinds, Regions: func(lang string) (options []ui.Option) {
			for _, v := range territory.Voivodeships {
				options = append(options, ui.Option{Value: v.Code, Label: v.Name(lang)})
			}
			return options
		},
		Tabs: []classroomweb.Tab{seatweb.Tab, classroomweb.SessionsTab, dossierweb.Tab, classroomweb.ResultsTab, classroomweb.DataTab},
	})
}

// coursesBefore are the courses that can be taken online before a training, after the choice of none.
func (a *App) coursesBefore(ctx context.Context, lang string) ([]ui.Option, error) {
	entries, err := a.Courses.List(ctx)
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{}}
	for _, e := range entries {
		c, err := a.Courses.Version(ctx, e.CurrentVersionID)
		if err != nil {
			return nil, err
		}
		if c.SelfStudy() {
			options = append(options, ui.Option{Value: e.ID, Label: c.Title.In(lang)})
		}
	}
	return options, nil
}

// programmes are those that a training can be planned by.
func (a *App) programmes(ctx context.Context, lang string) ([]classroomweb.Programme, error) {
	courses, err := a.Courses.Programmes(ctx)
	list := make([]classroomweb.Programme, len(courses))
	for i, c := range courses {
		p := c.Programme
		x := classroomweb.Programme{ID: c.ID, Version: c.Version, Title: c.Title.In(lang), HourMinutes: p.MinutesPerHour, Theory: p.Theory, Exercise: p.Exercise}
		for _, o := range c.Objectives {
			x.Objectives = append(x.Objectives, o.Text.In(lang))
		}
		for _, m := range p.Materials {
			x.Materials = append(x.Materials, m.In(lang))
		}
		for day, sessions := range p.Days {
			for _, s := range sessions {
				x.Sessions = append(x.Sessions, classroomweb.PlannedSession{Day: day, Title: s.Title.In(lang), From: clock24(s.From), Until: clock24(s.Until)})
			}
		}
		list[i] = x
	}
	return list, err
}

// clock24 writes a programme's time as a field for times does.
func clock24(c programme.Clock) string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// resultsOf are the measurements of a training that an actor may read.
func (a *App) resultsOf(ctx context.Context, actor access.Actor, trainingID, lang string) (list []classroomweb.Result, err error) {
	if !actor.Has(access.EvidenceRead) {
		return nil, nil
	}
	all, err := a.Measurement.Measurements(ctx, actor)
	for _, m := range all {
		if m.SubjectID == trainingID {
			list = append(list, classroomweb.Result{ID: m.ID, Title: m.TestTitle.In(lang), Participants: m.Participants, Closed: !m.ClosedAt.IsZero()})
		}
	}
	return list, err
}
