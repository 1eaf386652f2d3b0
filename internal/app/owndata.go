package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/certificate"
	"ostoja/internal/certificate/renewal"
	"ostoja/internal/classroom/seat"
	"ostoja/internal/db"
	"ostoja/internal/desk/reminder"
	"ostoja/internal/errs"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/guardian/candidacy"
	"ostoja/internal/guardian/guardianweb"
	"ostoja/internal/identity/duplicate"
	"ostoja/internal/keeping/owndata"
	"ostoja/internal/laboratory"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/report/notice"
	"ostoja/internal/report/retain"
	"ostoja/internal/report/retain/retainweb"
	"ostoja/internal/text"
)

// openOwnData ties together what areas keep of a person. Each part reads by a method that takes nobody but the actor.
func (a *App) openOwnData(catalogue *lang.Catalogue, baseURL string) {
	a.OwnData = owndata.New(owndata.Deps{DB: a.DB, Clock: a.clock, Keeping: a.Keeping, Outbox: a.Outbox, Catalogue: catalogue, BaseURL: baseURL, Holders: a.Identity.Holders,
		Held: a.held, Forget: a.forgetPerson})
	for _, part := range []struct {
		name string
		of   owndata.Part
	}{
		{"account", a.ownAccount}, {"learning", a.ownLearning}, {"certificates", a.ownCertificates}, {"trainings", a.ownTrainings}, {"needs", a.ownNeeds},
		{"measurement", a.ownMeasurement}, {"notices", a.ownNotices}, {"reports", a.ownReports}, {"teaching", a.ownTeaching}, {"cards", a.ownCards},
		{"agreement", a.ownAgreement}, {"laboratory", a.ownLaboratory}, {"candidacy", a.ownCandidacy}, {"guardian", a.ownGuardian},
	} {
		a.OwnData.Add(part.name, part.of)
	}
}

// held is what holds a person's data: the funds of the projects that count them.
func (a *App) held(ctx context.Context, q db.Querier, personID string) (list []owndata.Record, err error) {
	terms, err := a.Retain.Of(ctx, q, personID)
	for _, t := range terms {
		because := owndata.Said{Code: string(t.Rule.Anchor), Words: func(p *lang.Printer) string { return retainweb.Because(p, t) }}
		if t.Missing == retain.Rule {
			because.Code = "unknown"
		}
		until := owndata.Said{Code: t.Until, Words: func(p *lang.Printer) string { return retainweb.Until(p, t) }}
		if !t.Known() {
			until.Code = "unknown"
		}
		r := owndata.Of("project", owndata.Named{ID: t.ProjectID, Title: text.Translated{"": t.Project}})
		if t.FundID != "" {
			r = append(r, owndata.Of("fund", owndata.Named{ID: t.FundID, Title: t.Fund})...)
		}
		list = append(list, append(r, owndata.Of("held_because", because, "held_until", until)...))
	}
	return list, err
}

// forgetPerson erases what areas know of a person whom nothing holds. Who is in the register of guardians, or on the way there, leaves it first: a court may ask for them.
func (a *App) forgetPerson(ctx context.Context, tx *db.Tx, personID string) error {
	if err := reminder.ForgetPerson(ctx, tx, personID); err != nil {
		return err
	}
	held, err := a.Guardians.Holds(ctx, tx, personID)
	if err != nil {
		return err
	}
	if held {
		return errs.Conflict("owndata.fault.guardian")
	}
	if err := a.Keeping.EraseOf(ctx, tx, personID, owndata.RequestKind, retain.Evidence); err != nil {
		return err
	}
	if err := a.Reports.ForgetAges(ctx, tx, []string{personID}); err != nil {
		return err
	}
	for _, forget := range []func(ctx context.Context, tx *db.Tx, personID string) error{
		seat.ForgetPerson, laboratory.ForgetPerson, measurement.ForgetPerson, renewal.ForgetPerson, duplicate.ForgetPerson, certificate.ForgetPerson, approval.ForgetPerson, a.Projects.Separate, a.Identity.Forget,
	} {
		if err := forget(ctx, tx, personID); err != nil {
			return err
		}
	}
	return nil
}

// words are the codes of areas by the keys of their texts.
const (
	roleWords    = "people.role-"
	stateWords   = "people.state-"
	sexWords     = "people.sex-"
	regionWords  = "desk.region-"
	sourceWords  = "desk.history.source-"
	seatWords    = "seat.state."
	originWords  = "owndata.origin-"
	presentWords = "owndata.attendance-"
	waveWords    = "assessment.wave."
	sittingWords = "owndata.sitting-"
	useWords     = "owndata.use-"
	surveyWords  = "owndata.survey-"
	howWords     = "owndata.how-"
)

// age says a band as notice.BandKey writes it: "18-60" or "61+".
func age(band string) owndata.Said {
	return owndata.Said{Code: band, Words: func(p *lang.Printer) string {
		if from, ok := strings.CutSuffix(band, "+"); ok {
			return p.T("notice.band-open", "From", from)
		}
		from, until, _ := strings.Cut(band, "-")
		return p.T("notice.band", "From", from, "Until", until)
	}}
}

// number is a number with the word for none.
func number(n int, none string) owndata.Said {
	return owndata.Said{Code: strconv.Itoa(n), Words: func(p *lang.Printer) string {
		if n == 0 {
			return p.T(none)
		}
		return p.Int(n)
	}}
}

func (a *App) ownAccount(ctx context.Context, actor access.Actor) ([]owndata.Record, error) {
	p, err := a.Identity.Account(ctx, actor)
	if err != nil {
		return nil, err
	}
	list := []owndata.Record{owndata.Of("given_name", p.GivenName, "family_name", p.FamilyName, "mail", p.Mail, "service_number", p.ServiceNumber, "unit", p.UnitName, "organisation", p.Organisation,
		"language", languages(p.Lang), "sex", owndata.Word(sexWords, string(p.Sex)), "region", owndata.Word(regionWords, p.Region), "state", owndata.Word(stateWords, string(p.State)),
		"created", p.CreatedAt, "activated", p.ActivatedAt)}
	for _, g := range p.Roles {
		list = append(list, owndata.Of("role", owndata.Word(roleWords, string(g.Role)), "unit", g.UnitName, "since", g.CreatedAt, "until", g.ExpiresAt))
	}
	sessions, err := a.Identity.OwnSessions(ctx, actor)
	for _, x := range sessions {
		list = append(list, owndata.Of("device", x.Device, "signed_in", x.CreatedAt, "seen", x.SeenAt))
	}
	return list, err
}

func languages(tags ...string) owndata.Languages {
	return slices.DeleteFunc(tags, func(tag string) bool { return tag == "" })
}

// course is a course by its name.
func (a *App) course(ctx context.Context, courseID string) (owndata.Named, error) {
	title, err := a.Courses.TitleIn(ctx, a.DB, courseID)
	return owndata.Named{ID: courseID, Title: title}, err
}

func (a *App) ownLearning(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	rounds, attempts, err := a.Learning.Mine(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, e := range rounds {
		course, err := a.course(ctx, e.CourseID)
		if err != nil {
			return nil, err
		}
		list = append(list, owndata.Of("course", course, "round", e.Round, "language", languages(e.Lang), "source", owndata.Word(sourceWords, e.Source), "created", e.CreatedAt, "started", e.StartedAt,
			"last_step", e.ActiveAt, "parts_done", e.PartsDone, "finished", e.FinishedAt, "passed", e.PassedAt, "withdrawn", e.WithdrawnAt, "due", e.DueAt))
	}
	for _, t := range attempts {
		course, err := a.course(ctx, t.CourseID)
		if err != nil {
			return nil, err
		}
		r := owndata.Of("test_of", course, "attempt", t.Number, "started", t.StartedAt, "handed_in", t.SubmittedAt)
		if !t.SubmittedAt.IsZero() {
			r = append(r, owndata.Of("percent", t.Percent, "is_passed", t.Passed)...)
		}
		list = append(list, r)
	}
	return list, nil
}

func (a *App) ownCertificates(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	all, err := a.Certs.Mine(ctx, actor)
	for _, c := range all {
		list = append(list, owndata.Of("number", c.Number, "code", c.Code, "title", c.Title, "holder", c.Holder, "hours", c.Hours, "language", languages(c.Lang), "issuer", c.Issuer, "issued", c.IssuedAt,
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
		list = append(list, owndata.Of("training", b.Plan.Title, "seat", owndata.Word(seatWords, string(b.State)), "origin", owndata.Word(originWords, string(b.Origin)), "superior_mail", b.Superior,
			"reason", b.Reason, "created", b.CreatedAt, "changed", b.ChangedAt))
	}
	marks, err := a.Attendance.Mine(ctx, actor)
	for _, m := range marks {
		list = append(list, owndata.Of("session_of", m.Title, "began", m.StartsAt, "attendance", owndata.Word(presentWords, m.State), "minutes", m.Minutes))
	}
	return list, err
}

func (a *App) ownNeeds(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	needs, err := a.Needs.All(ctx, actor)
	for _, n := range needs {
		list = append(list, owndata.Of("training", n.Training, "need_of", owndata.Word("need.field-", string(n.Field)), "need", n.Need, "at", n.EnteredAt))
	}
	return list, err
}

func (a *App) ownMeasurement(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	parts, err := a.Measurement.Mine(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, x := range parts {
		subject := owndata.Named{ID: x.SubjectID}
		if x.SubjectKind == measurement.OfCourse {
			if subject, err = a.course(ctx, x.SubjectID); err != nil {
				return nil, err
			}
		} else {
			found, err := a.Classroom.Trainings(ctx, a.DB, []string{x.SubjectID})
			if err != nil {
				return nil, err
			}
			for _, t := range found {
				subject.Title = text.Translated{"": t.Title}
			}
		}
		list = append(list, owndata.Of("measurement_of", subject, "joined", x.JoinedAt, "withdrawn", x.WithdrawnAt, "survey", owndata.Word(surveyWords, x.SurveyState)))
		for _, w := range x.Waves {
			list = append(list, owndata.Of("measurement_of", subject, "test", owndata.Word(waveWords, string(w.Wave)), "state", owndata.Word(sittingWords, w.State), "percent", w.Percent,
				"use", owndata.Word(useWords, w.Use), "use_note", w.Note))
		}
	}
	return list, nil
}

// project and fund are by their names.
func (a *App) projectFund(ctx context.Context, q db.Querier, projectID, fundID string) (project, fund owndata.Named, err error) {
	name, err := a.Projects.Name(ctx, q, projectID)
	if err != nil {
		return project, fund, err
	}
	set, err := a.Funds.Current(ctx, q, fundID)
	return owndata.Named{ID: projectID, Title: text.Translated{"": name}}, owndata.Named{ID: fundID, Title: set.Rules.Title}, err
}

func (a *App) ownNotices(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		var told []notice.Reading
		told, band, err := a.Notices.Mine(ctx, tx, actor.PersonID)
		if err != nil {
			return err
		}
		for _, n := range told {
			project, fund, err := a.projectFund(ctx, tx, n.ProjectID, n.FundID)
			if err != nil {
				return err
			}
			list = append(list, owndata.Of("project", project, "fund", fund, "version", n.Version, "language", languages(n.Lang), "told", n.At, "how", owndata.Word(howWords, n.How)))
		}
		if band != "" {
			list = append(list, owndata.Of("age", age(band)))
		}
		return nil
	})
	return list, err
}

func (a *App) ownReports(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	counted, drawn, err := a.Reports.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	staff, pairs, err := a.Projects.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		list = nil
		for _, c := range counted {
			project, fund, err := a.projectFund(ctx, tx, c.ProjectID, c.FundID)
			if err != nil {
				return err
			}
			r := owndata.Of("project", project, "fund", fund, "period", number(c.Period, "owndata.after-periods"), "sex", owndata.Word(sexWords, c.Sex))
			if c.Age != "" {
				r = append(r, owndata.Of("age", age(c.Age))...)
			}
			list = append(list, append(r, owndata.Of("organisation", c.Service, "region", owndata.Word(regionWords, c.Region), "in_sums", c.Told, "is_counted", !c.Gone)...))
		}
		for _, x := range drawn {
			project, fund, err := a.projectFund(ctx, tx, x.ProjectID, x.FundID)
			if err != nil {
				return err
			}
			list = append(list, owndata.Of("drawn_in", project, "fund", fund, "at", time.UnixMicro(x.At), "name_seen", x.Names, "papers_taken", x.Papers))
		}
		return nil
	})
	for _, x := range staff {
		list = append(list, owndata.Of("staff_of", owndata.Named{ID: x.ProjectID, Title: text.Translated{"": x.Name}}, "at", x.At))
	}
	for _, x := range pairs {
		list = append(list, owndata.Of("same_as_another", x.Same, "at", x.At))
	}
	return list, err
}

func (a *App) ownTeaching(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	record, err := a.Teaching.Mine(ctx, actor)
	for _, t := range record.Taught {
		list = append(list, owndata.Of("session_of", t.Training, "began", t.StartsAt, "part", owndata.Word("teaching.part-", string(t.Part))))
	}
	for _, o := range record.Observations {
		whose := owndata.Word("owndata.observation-", "of-me")
		if o.ObserverID == actor.PersonID {
			whose = owndata.Word("owndata.observation-", "by-me")
		}
		levels := owndata.Said{Words: func(p *lang.Printer) string {
			var said []string
			for criterion, level := range o.Levels {
				said = append(said, p.T("teaching.criterion-"+string(criterion))+": "+p.T("teaching.level-"+strconv.Itoa(level)))
			}
			slices.Sort(said)
			return strings.Join(said, "; ")
		}}
		for criterion, level := range o.Levels {
			levels.Code += string(criterion) + "=" + strconv.Itoa(level) + " "
		}
		list = append(list, owndata.Of("observation", whose, "session_of", o.Training, "began", o.StartsAt, "levels", levels, "strength", o.Strength, "next_step", o.NextStep, "at", o.WrittenAt,
			"answer", o.Answer, "answered", o.AnsweredAt))
	}
	return list, err
}

func (a *App) ownCards(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	cards, err := a.Cards.CheckedBy(ctx, actor)
	for _, c := range cards {
		list = append(list, owndata.Of("card_of", c.Unit, "checked", c.CheckedAt))
	}
	return list, err
}

func (a *App) ownAgreement(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	parts, err := a.Agreement.Mine(ctx, actor)
	table := a.Agreement.Table()
	for _, x := range parts {
		list = append(list, owndata.Of("round_of", x.Unit, "began", x.BegunAt, "saved", x.SavedAt, "done", x.DoneAt))
		for _, said := range x.Said {
			situation := owndata.Named{ID: said.Situation}
			if i := slices.IndexFunc(table.Situations, func(s agreement.Situation) bool { return s.ID == said.Situation }); i >= 0 {
				situation.Title = table.Situations[i].Title
			}
			list = append(list, owndata.Of("situation", situation, "step", owndata.Said{Code: string(said.Step), Words: func(p *lang.Printer) string { return table.Word(p.Tag(), said.Step) }}))
		}
	}
	return list, err
}

func (a *App) ownLaboratory(ctx context.Context, actor access.Actor) (list []owndata.Record, err error) {
	kept, err := a.Laboratory.Kept(ctx, actor)
	titled := func(caseID string) owndata.Named {
		c, err := a.Laboratory.Case(caseID)
		if err != nil { // a case that this release has no more
			return owndata.Named{ID: caseID, Title: text.Translated{"": caseID}}
		}
		return owndata.Named{ID: caseID, Title: c.Title}
	}
	for _, x := range kept.Plays {
		list = append(list, owndata.Of("case", titled(x.CaseID), "began", x.OpenedAt, "done", x.EndedAt))
	}
	for _, d := range kept.Decisions {
		step, chosen := owndata.Named{ID: d.StepID, Title: text.Translated{"": d.StepID}}, owndata.Named{ID: d.Letter, Title: text.Translated{"": d.Letter}}
		if c, err := a.Laboratory.Case(d.CaseID); err == nil {
			for _, s := range c.Steps {
				if s.ID != d.StepID {
					continue
				}
				step.Title = s.Title
				for _, option := range s.Decisions {
					if option.Letter == d.Letter {
						chosen.Title = option.Text
					}
				}
			}
		}
		list = append(list, owndata.Of("case", titled(d.CaseID), "case_step", step, "decided", chosen, "words", d.Reason, "at", d.DecidedAt))
	}
	for _, r := range kept.Rooms {
		list = append(list, owndata.Of("group_on_phone", titled(r.CaseID), "began", r.OpenedAt))
	}
	if !kept.Since.IsZero() {
		list = append(list, owndata.Of("case_a_month", true, "since", kept.Since))
	}
	return list, err
}

func (a *App) ownCandidacy(ctx context.Context, actor access.Actor) ([]owndata.Record, error) {
	m, err := a.Candidacy.Mine(ctx, candidacy.Self{PersonID: actor.PersonID})
	if errors.Is(err, errs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var courts []string
	for _, c := range m.Courts {
		if slices.Contains(m.Application.Courts, c.ID) {
			courts = append(courts, c.Name)
		}
	}
	x := m.Application
	list := []owndata.Record{owndata.Of("candidacy_state", owndata.Word("apply.state-", string(m.State)), "name", m.Name(), "mail", m.Address, "office", m.Unit, "language", languages(m.Lang),
		"began", m.BegunAt, "sent", m.SentAt, "agreed", m.AgreedAt, "decided_at", m.DecidedAt, "reason", m.Reasons, "until", m.KeepUntil,
		"phone", x.Phone, "motivation", x.Motivation, "background", x.Background, "conflicts", x.Conflicts, "availability", x.Availability,
		"abroad", owndata.Word("apply.abroad-", string(x.Abroad)), "languages", languages(x.Langs...), "courts", strings.Join(courts, ", "))}
	for _, s := range m.Steps {
		if s.DueOn+s.DoneOn != "" {
			list = append(list, owndata.Of("candidacy_step", owndata.Word("apply.step-", string(s.Step)), "due", owndata.Day(s.DueOn), "done_on", owndata.Day(s.DoneOn)))
		}
	}
	for _, c := range m.Checks {
		list = append(list, owndata.Of("check", owndata.Word("apply.check-", string(c.Kind)), "clear", c.Clear, "seen_on", owndata.Day(c.SeenOn), "valid_to", owndata.Day(c.ValidUntil)))
	}
	for _, d := range m.Documents {
		list = append(list, owndata.Of("document", owndata.Word("apply.check-", string(d.Kind)), "created", d.AddedAt, "until", d.KeepUntil))
	}
	for _, l := range m.Looks {
		list = append(list, owndata.Of("document_opened", owndata.Word("apply.check-", string(l.Kind)), "at", l.At, "purpose", owndata.Word("apply.why-", string(l.Why))))
	}
	return list, nil
}

func (a *App) ownGuardian(ctx context.Context, actor access.Actor) ([]owndata.Record, error) {
	x, err := a.Guardians.Own(ctx, actor)
	if errors.Is(err, errs.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var courts []string
	for _, c := range x.Courts {
		courts = append(courts, c.Name)
	}
	list := []owndata.Record{owndata.Of("name", x.Name, "state", owndata.Word("guardian.state.", string(x.State)), "since", x.StateSince, "valid_until", x.ValidUntil, "phone", x.Phone,
		"most_children", x.MostChildren, "children", x.Children, "strengths", x.Strengths,
		"answers", owndata.Said{Code: strings.Join(x.Answers, " "), Words: func(p *lang.Printer) string { return guardianweb.AnswersTo(p, x.Answers) }}, "languages", languages(x.Langs...), "courts", strings.Join(courts, ", "), "until", x.KeptTo)}
	for _, d := range x.Absences {
		list = append(list, owndata.Of("absent_from", owndata.Day(d.FromDay), "absent_to", owndata.Day(d.UntilDay)))
	}
	notes, err := a.Guardians.OwnNotes(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, n := range notes {
		list = append(list, owndata.Of("note", n.Text, "at", n.At))
	}
	appointments, err := a.Appointments.Mine(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, o := range appointments {
		list = append(list, owndata.Of("appointment", o.CaseCode, "court", o.Court, "decided_on", owndata.Day(o.DecidedOn), "started_on", owndata.Day(o.StartedOn), "ended_on", owndata.Day(o.EndedOn),
			"ended_because", owndata.Word("appointment.ended-", string(o.Ended)), "contact_on", owndata.Day(o.ContactOn)))
	}
	for _, h := range x.History {
		list = append(list, owndata.Of("event", owndata.Said{Code: h.Kind, Words: func(p *lang.Printer) string { return guardianweb.Told(p, h) }}, "at", h.At))
	}
	return list, nil
}
