package app

import (
	"context"
	"errors"
	"math"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom/dossier"
	"ostoja/internal/classroom/papers"
	"ostoja/internal/course/programme"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/itembank"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/survey"
)

// agendas gives the papers of a training what its classroom programme plans.
type agendas struct{ courses *published.Service }

// forms are what the blocks of a programme are on paper. A test is no part of the hours.
var forms = map[programme.Kind]papers.Form{programme.Theory: papers.Theory, programme.Exercise: papers.Exercise, programme.Break: papers.Pause}

// Agenda returns the agenda of a programme; an empty one where there is none.
func (a agendas) Agenda(ctx context.Context, programmeID, version, lang string) (d dossier.Agenda, err error) {
	if programmeID == "" {
		return d, nil
	}
	c, err := a.courses.Programme(ctx, programmeID, version)
	if errors.Is(err, errs.ErrNotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Programme = c.Title.In(lang)
	if version != "" {
		d.Programme += ", " + version
	}
	for _, s := range c.Programme.Sessions() {
		var blocks []dossier.Block
		for _, b := range s.Blocks {
			blocks = append(blocks, dossier.Block{
				After: time.Duration(b.Start-s.From) * time.Minute, Minutes: b.Minutes, Title: b.Title.In(lang), Form: forms[b.Kind], Who: b.Who.In(lang),
			})
		}
		d.Sessions = append(d.Sessions, blocks)
	}
	return d, nil
}

// evaluations gives the papers of a training what its measurements say, to an actor who may read evidence there; to any other, nothing.
type evaluations struct {
	measurement *measurement.Service
	evidence    *evidence.Service
	bank        *itembank.Service
	db          *db.DB
	catalogue   *lang.Catalogue
}

// Report adds up what the measurements of a training say. Of several evaluations the first that was answered is told.
func (e evaluations) Report(ctx context.Context, actor access.Actor, trainingID, tag string) (r papers.Report, err error) {
	list, err := e.measurement.OfTraining(ctx, trainingID)
	if err != nil {
		return r, err
	}
	for _, m := range list {
		gain, err := e.gain(ctx, actor, m, tag)
		switch {
		case errors.Is(err, errs.ErrNotFound) || errors.Is(err, errs.ErrForbidden):
			continue // may keep the roll and not read evidence
		case err != nil:
			return r, err
		}
		r.Gains = append(r.Gains, gain)
		said, err := e.measurement.Survey(ctx, actor, m.ID)
		if err != nil {
			return r, err
		}
		if r.Answered == 0 && said.Shown {
			r.Invited, r.Answered, r.Remarks = said.Asked, said.Responses, said.Comments
			for _, q := range said.Questions {
				r.Questions = append(r.Questions, papers.Question{
					Text: e.catalogue.Printer(tag).T("assessment.survey.q-" + q.Question), Answered: q.N, Mean: q.Mean, Most: survey.Most,
				})
			}
		}
	}
	return r, nil
}

// gain is what the same people knew before and after, of a measurement. What would give a few people away is not a number.
func (e evaluations) gain(ctx context.Context, actor access.Actor, m measurement.Measurement, tag string) (papers.Gain, error) {
	test, err := e.bank.TestIn(ctx, e.db, m.TestID)
	if err != nil {
		return papers.Gain{}, err
	}
	r, err := e.evidence.Report(ctx, actor, evidence.Query{Family: test.Family, By: evidence.ByMeasurement, Group: m.ID})
	if err != nil {
		return papers.Gain{}, err
	}
	g := papers.Gain{Test: r.Title.In(tag), Before: math.NaN(), After: math.NaN(), Difference: math.NaN(), Lower: math.NaN(), Upper: math.NaN(), FirstDay: r.From, LastDay: r.To}
	if r.Small || r.Group.Hidden {
		return g, nil
	}
	x := r.Group.Gain
	g.Matched, g.Lost, g.Before, g.After, g.Difference, g.Lower, g.Upper = x.Matched, x.Lost-r.Group.Waiting(), x.MeanPre, x.MeanPost, x.Difference, x.Low, x.High
	return g, nil
}
