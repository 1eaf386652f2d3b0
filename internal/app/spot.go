package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/certificate"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/report/spot"
)

// spotPapers collects what the areas have of somebody whose papers are checked on the spot, each as far as the actor may see it there.
type spotPapers struct {
	*App
	zone      *time.Location
	baseURL   string
	catalogue *lang.Catalogue
}

// Titles returns what the parts of a project are called.
func (s spotPapers) Titles(ctx context.Context, actor access.Actor, p *lang.Printer, projectID string) (map[string]string, error) {
	return s.partTitles(ctx, actor, p, projectID)
}

// unseen says whether an error only says that the actor may not see something: then the paper is left out, and the index says that it is to be looked for.
func unseen(err error) bool {
	return errors.Is(err, errs.ErrNotFound) || errors.Is(err, errs.ErrForbidden)
}

// Of returns the papers of somebody in a training or course, in the order in which they came about.
func (s spotPapers) Of(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) (list []spot.Paper, err error) {
	if took.Kind == project.Training {
		for _, read := range []func(context.Context, access.Actor, *lang.Printer, report.Took) ([]spot.Paper, error){s.notice, s.enrolment, s.sheets, s.test} {
			found, err := read(ctx, actor, p, took)
			if err != nil && !unseen(err) {
				return nil, err
			}
			list = append(list, found...)
		}
	} else {
		list = append(list, spot.Paper{Proof: fund.ProofTest, Words: p.T("reportspot.course-passed", "Day", p.Date(took.At))})
	}
	found, err := s.certificates(ctx, actor, p, took)
	if err != nil && !unseen(err) {
		return nil, err
	}
	return append(list, found...), nil
}

// notice is the training's notice as it reads now, and when the person took note of it.
func (s spotPapers) notice(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) ([]spot.Paper, error) {
	plan, err := s.Classroom.Open(ctx, s.DB, actor, access.TrainingsRead, took.SubjectID)
	if err != nil || plan.Notice == "" {
		return nil, err
	}
	noted := ""
	notes, err := s.Dossier.Notes(ctx, actor, took.SubjectID)
	if err != nil && !unseen(err) {
		return nil, err
	}
	for _, x := range notes {
		if x.PersonID == took.AccountID && !x.NotedAt.IsZero() {
			noted = p.T("reportspot.noted", "Moment", p.DateTime(x.NotedAt))
		}
	}
	return []spot.Paper{{
		Proof: fund.ProofNotice, Words: p.T("reportspot.notice-version", "Version", plan.NoticeVersion, "Noted", noted), File: p.T("reportspot.file-notice") + ".txt", Content: []byte(plan.Notice + "\r\n"),
	}}, nil
}

// enrolment is the booking of a seat.
func (s spotPapers) enrolment(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) (list []spot.Paper, err error) {
	rows, err := s.Seats.List(ctx, actor, took.SubjectID)
	for _, x := range rows {
		if x.PersonID == took.AccountID {
			list = append(list, spot.Paper{Proof: fund.ProofEnrolment, Words: p.T("reportspot.booked", "Moment", p.DateTime(x.CreatedAt), "State", p.T("seat.state."+string(x.State)))})
		}
	}
	return list, err
}

// sheets are the photographed attendance sheets of the sessions. The attendance service records who opens each.
func (s spotPapers) sheets(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) (list []spot.Paper, err error) {
	sessions, err := s.Classroom.Sessions(ctx, actor, took.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, x := range sessions {
		if !x.CancelledAt.IsZero() {
			continue
		}
		sheets, err := s.Attendance.Sheets(ctx, actor, x.ID)
		if err != nil {
			return list, err
		}
		for i, sheet := range sheets {
			if !sheet.WithdrawnAt.IsZero() || !sheet.ErasedAt.IsZero() {
				continue
			}
			b, err := s.Attendance.SheetFile(ctx, actor, x.ID, sheet.ID)
			if err != nil {
				return list, err
			}
			list = append(list, spot.Paper{
				Proof: fund.ProofSignature, Words: p.T("reportspot.sheet", "Moment", p.DateTime(x.StartsAt)),
				File:    fmt.Sprintf("%s-%s-%d.jpg", p.T("reportspot.file-sheet"), x.StartsAt.In(s.zone).Format("2006-01-02-1504"), i+1),
				Content: b.Content,
			})
		}
	}
	return list, nil
}

// test says whether the test after the training was handed in, without what came of it: a fund asks whether there is one.
func (s spotPapers) test(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) (list []spot.Paper, err error) {
	measurements, err := s.Measurement.OfTraining(ctx, took.SubjectID)
	if err != nil {
		return nil, err
	}
	for _, m := range measurements {
		people, err := s.Measurement.Participants(ctx, actor, m.ID)
		if err != nil {
			return list, err
		}
		for _, x := range people {
			if x.PersonID == took.AccountID && x.State(measurement.After) == measurement.Done {
				list = append(list, spot.Paper{Proof: fund.ProofTest, Words: p.T("reportspot.test-done")})
			}
		}
	}
	return list, nil
}

// certificates are the standing ones of a training or course, as PDF in their own language.
func (s spotPapers) certificates(ctx context.Context, actor access.Actor, p *lang.Printer, took report.Took) (list []spot.Paper, err error) {
	all, err := s.Certs.OfPerson(ctx, actor, took.AccountID)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if !c.RevokedAt.IsZero() || c.CourseID != took.SubjectID && c.TrainingID != took.SubjectID {
			continue
		}
		x := spot.Paper{Proof: fund.ProofCertificate, Words: p.T("reportspot.certificate", "Number", c.Number, "Day", p.Date(c.IssuedAt))}
		pdf, err := certificate.PDF(c, s.catalogue.Paper(c.Lang), c.VerifyURL(s.baseURL))
		switch {
		case err == nil:
			x.File, x.Content = c.Filename(), pdf
		case !errors.Is(err, errs.ErrConflict): // one that waits for Latin letters has no paper yet
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}
