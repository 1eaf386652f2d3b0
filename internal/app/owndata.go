package app

import (
	"context"
	"errors"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/lang"
	"ostoja/internal/report/notice"
)

// openOwnData ties together what areas keep of a person. Each part reads by the person's own pages' method, which takes nobody but the actor.
func (a *App) openOwnData(catalogue *lang.Catalogue, baseURL string) {
	a.OwnData = owndata.New(owndata.Deps{DB: a.DB, Clock: a.clock, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: baseURL, Holders: a.Identity.Holders})
	a.OwnData.Add("account", a.ownAccount)
	a.OwnData.Add("learning", a.ownLearning)
	a.OwnData.Add("certificates", a.ownCertificates)
	a.OwnData.Add("trainings", a.ownTrainings)
	a.OwnData.Add("measurement", a.ownMeasurement)
	a.OwnData.Add("notices", a.ownNotices)
	a.OwnData.Add("guardian", a.ownGuardian)
}

func (a *App) ownAccount(ctx context.Context, actor access.Actor) ([]owndata.Record, error) {
	p, err := a.Identity.Account(ctx, actor)
	if err != nil {
		return nil, err
	}
	list := []owndata.Record{owndata.Of("given_name", p.GivenName, "family_name", p.FamilyName, "mail", p.Mail, "service_number", p.ServiceNumber, "unit", p.UnitName, "organisation", p.Organisation,
		"language", p.Lang, "sex", string(p.Sex), "region", p.Region, "state", string(p.State), "created", p.CreatedAt, "activated", p.ActivatedAt)}
	for _, g := range p.Roles {
		list = append(list, owndata.Of("role", string(g.Role), "unit", g.UnitName, "since", g.CreatedAt, "until", g.ExpiresAt))
	}
	sessions, err := a.Identity.OwnSessions(ctx, actor)
	for _, x := range sessions {
		list = append(list, owndata.Of("device", x.Device, "signed_in", x.CreatedAt, "seen", x.SeenAt))
	}
	return list, err
}

func (a *App) ownLearning(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	rounds, attempts, err := a.Learning.Mine(ctx, actor)
	for _, e := range rounds {
		list = append(list, owndata.Of("course", e.CourseID, "round", e.Round, "language", e.Lang, "source", e.Source, "created", e.CreatedAt, "started", e.StartedAt, "last_step", e.ActiveAt,
			"parts_done", e.PartsDone, "finished", e.FinishedAt, "passed", e.PassedAt, "withdrawn", e.WithdrawnAt))
	}
	for _, t := range attempts {
		list = append(list, owndata.Of("test_of", t.CourseID, "attempt", t.Number, "started", t.StartedAt, "handed_in", t.SubmittedAt, "percent", t.Percent, "is_passed", t.Passed))
	}
	return list, err
}

func (a *App) ownCertificates(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	all, err := a.Certs.Mine(ctx, actor)
	for _, c := range all {
		list = append(list, owndata.Of("number", c.Number, "code", c.Code, "title", c.Title, "holder", c.Holder, "hours", c.Hours, "language", c.Lang, "issuer", c.Issuer, "issued", c.IssuedAt,
			"valid_until", c.ValidUntil, "revoked", c.RevokedAt, "revoked_because", c.RevokedReason))
	}
	return list, err
}

func (a *App) ownTrainings(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	bookings, err := a.Seats.Mine(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, b := range bookings {
		list = append(list, owndata.Of("training", b.Plan.Title, "seat", string(b.State), "origin", string(b.Origin), "superior_mail", b.Superior, "reason", b.Reason, "created", b.CreatedAt, "changed", b.ChangedAt))
	}
	marks, err := a.Attendance.Mine(ctx, actor)
	for _, m := range marks {
		list = append(list, owndata.Of("session_of", m.Title, "began", m.StartsAt, "attendance", m.State, "minutes", m.Minutes))
	}
	return list, err
}

func (a *App) ownMeasurement(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	parts, err := a.Measurement.Mine(ctx, actor)
	for _, p := range parts {
		r := owndata.Of("subject_kind", p.SubjectKind, "subject", p.SubjectID, "joined", p.JoinedAt, "withdrawn", p.WithdrawnAt, "test_before", p.BeforeState, "test_after", p.AfterState,
			"use_after_a_week", p.WeekUse, "use_after_three_months", p.Months3Use)
		if p.BeforePercent != nil {
			r = append(r, owndata.Of("percent_before", *p.BeforePercent)...)
		}
		if p.AfterPercent != nil {
			r = append(r, owndata.Of("percent_after", *p.AfterPercent)...)
		}
		list = append(list, r)
	}
	return list, err
}

func (a *App) ownNotices(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	var told []notice.Reading
	band := ""
	err = a.DB.View(ctx, func(tx *db.Tx) (err error) {
		told, band, err = a.Notices.Mine(ctx, tx, actor.PersonID)
		return err
	})
	for _, n := range told {
		list = append(list, owndata.Of("project", n.ProjectID, "fund", n.FundID, "version", n.Version, "language", n.Lang, "told", n.At, "how", n.How))
	}
	if band != "" {
		list = append(list, owndata.Of("age", band))
	}
	return list, err
}

func (a *App) ownGuardian(ctx context.Context, actor access.Actor) ([]owndata.Record, error) {
	x, err := a.Guardians.Own(ctx, actor)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e := x.Entry
	return []owndata.Record{owndata.Of("name", e.Name, "state", string(e.State), "since", e.StateSince, "valid_until", e.ValidUntil, "phone", e.Phone, "most_children", e.MostChildren, "strengths", e.Strengths)}, nil
}
