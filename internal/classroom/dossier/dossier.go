// Package dossier puts together the file of a training that a fund asks for: it reads what the program knows of the training and hands it
// to package papers, which prints it; it keeps who took note of the privacy notice; and it has certificates of attendance issued.
//
// Goals: one click, and no figure on a paper that does not come from the record; what is missing is said, and why; names leave only for
// who keeps the roll or arranges the training, and each time is recorded. Limits: it decides nothing about seats or hours, and draws
// nothing. The signed sheets are the authority: what is printed here is to be signed.
package dossier

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/blob"
	"ostoja/internal/certificate"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/classroom/papers"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// Agenda is what a programme plans for the sessions of a training, in one language.
type Agenda struct {
	Programme string // name and version
	Sessions  [][]Block
}

// Block is a part of a session.
type Block struct {
	After   time.Duration // from the session's beginning
	Minutes int
	Title   string
	Form    papers.Form // "" is not counted as taught
	Who     string
}

// Programmes knows classroom programmes. A programme that there is not MUST be an empty agenda and no error: trainings outlive files.
type Programmes interface {
	Agenda(ctx context.Context, programmeID, version, lang string) (Agenda, error)
}

// Evaluations knows what participants of a training said and learned, as far as the actor may read it and nobody is given away.
type Evaluations interface {
	Report(ctx context.Context, actor access.Actor, trainingID, lang string) (papers.Report, error)
}

// Certifier issues certificates. Issue MUST return the one that stands where it would say the same.
type Certifier interface {
	Issue(ctx context.Context, tx *db.Tx, a certificate.Award) (certificate.Certificate, error)
}

// Deps are what the Service needs.
type Deps struct {
	DB          *db.DB
	Clock       clock.Clock
	Trainings   *classroom.Service
	Programmes  Programmes
	Evaluations Evaluations
	Certs       Certifier
	Hours       *attendance.Service
	Issuer      string // of certificates; "" leaves it to the training's organisation
}

// Service makes the file of a training.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Printable lists the papers that somebody may print of a training: who keeps the roll gets what a day in the hall needs, who arranges the
// training all.
func Printable(allowed map[access.Permission]bool) []papers.Kind {
	switch {
	case allowed[access.TrainingsWrite]:
		return papers.All()
	case allowed[access.Attendance]:
		return []papers.Kind{papers.Agenda, papers.Sheets, papers.Materials, papers.Hours, papers.Notice}
	}
	return nil
}

// Day returns what the papers of a training are made of, in a language: of the sessions that begin on a day ("2026-10-23" in the zone), or of all for
// "". The actor must keep its roll or arrange it.
func (s *Service) Day(ctx context.Context, actor access.Actor, trainingID, day, lang string, zone *time.Location) (d papers.Day, err error) {
	defer errs.Wrap(&err, "dossier.Day")
	var p classroom.Plan
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p, err = s.Trainings.Open(ctx, tx, actor, access.Attendance, trainingID); err != nil {
			return err
		}
		d, err = s.day(ctx, tx, p, day, lang, zone)
		return err
	})
	if err != nil {
		return papers.Day{}, err
	}
	d.Evaluation, err = s.Evaluations.Report(ctx, actor, trainingID, lang)
	return d, err
}

// Printed notes that papers of a training were taken away, with how many people stand on them.
func (s *Service) Printed(ctx context.Context, actor access.Actor, trainingID string, people int, format string) (err error) {
	defer errs.Wrap(&err, "dossier.Printed")
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.Clock.Now(), actor.PersonID, "training.papers", "training:"+trainingID, people, format)
	})
}

func (s *Service) day(ctx context.Context, q db.Querier, p classroom.Plan, day, lang string, zone *time.Location) (d papers.Day, err error) {
	d.At = s.Clock.Now()
	organiser, err := db.One[struct{ Organisation, Contact string }](ctx, q, `
		SELECT COALESCE((SELECT o.name FROM identity_unit o WHERE o.path = ?), '') AS organisation,
			COALESCE((SELECT c.mail FROM training t JOIN identity_person c ON c.id = t.created_by WHERE t.id = ?), '') AS contact`, root(p.UnitPath), p.ID)
	if err != nil {
		return d, err
	}
	plan, err := s.Programmes.Agenda(ctx, p.ProgrammeID, p.ProgrammeVersion, lang)
	if err != nil {
		return d, err
	}
	d.Training = papers.Training{
		Title: p.Title, Programme: plan.Programme, Audience: p.Audience, Project: p.Project, Share: p.ProjectShare, Statement: p.Statement,
		Organiser: organiser.Organisation, Contact: organiser.Contact, HourMinutes: p.HourMinutes, TheoryMinutes: p.TheoryMinutes, ExerciseMinutes: p.ExerciseMinutes,
		Objectives: lines(p.Objectives), Materials: lines(p.Materials), Delegation: p.Delegation, NoticeText: p.Notice, NoticeVersion: p.NoticeVersion,
	}
	if d.Sessions, err = s.sessions(ctx, q, p, plan, day, zone); err != nil {
		return d, err
	}
	if d.People, err = people(ctx, q, p); err != nil {
		return d, err
	}
	emblems, err := db.All[struct{ BlobHash, Description string }](ctx, q, `SELECT blob_hash, description FROM training_emblem WHERE training_id = ? ORDER BY position`, p.ID)
	for _, e := range emblems {
		file, err := blob.Get(ctx, q, e.BlobHash)
		if err != nil {
			return d, err
		}
		d.Emblems = append(d.Emblems, papers.Emblem{Data: file.Content, Description: e.Description})
	}
	return d, err
}

// root is the path of the organisation that a unit belongs to.
func root(path string) string {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			return path[:i+1]
		}
	}
	return path
}

const walkIns = 5 // empty rows of a sheet, for people without a seat

// kept is what the hall has kept of a session.
type kept struct {
	SessionID  string
	Counted    bool
	SheetKept  bool
	Closed     bool
	Unanswered int
}

func (s *Service) sessions(ctx context.Context, q db.Querier, p classroom.Plan, plan Agenda, day string, zone *time.Location) (list []papers.Session, err error) {
	all, err := classroom.SessionsOf(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	records, err := db.All[kept](ctx, q, `
		SELECT s.id AS session_id, EXISTS (SELECT 1 FROM session_entry e WHERE e.session_id = s.id AND e.kind = 'count') AS counted,
			EXISTS (SELECT 1 FROM session_sheet h WHERE h.session_id = s.id AND h.withdrawn_at IS NULL) AS sheet_kept,
			EXISTS (SELECT 1 FROM session_closing c WHERE c.session_id = s.id AND c.reopened_at IS NULL) AS closed,
			(SELECT COUNT(*) FROM booking b WHERE b.training_id = s.training_id AND b.state = 'confirmed'
				AND NOT EXISTS (SELECT 1 FROM attendance a WHERE a.session_id = s.id AND a.person_id = b.person_id)) AS unanswered
		FROM training_session s WHERE s.training_id = ?`, p.ID)
	if err != nil {
		return nil, err
	}
	known := map[string]kept{}
	for _, r := range records {
		known[r.SessionID] = r
	}
	teachers, err := classroom.TeachersOf(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	held := 0
	for _, x := range all {
		if !x.Held() {
			continue
		}
		var blocks []Block
		if held < len(plan.Sessions) { // the programme's sessions are held in its order
			blocks = plan.Sessions[held]
		}
		held++
		if day != "" && x.StartsAt.In(zone).Format(time.DateOnly) != day {
			continue
		}
		r := known[x.ID]
		out := papers.Session{
			Sheet: attendance.SheetCode(x.ID), Version: p.Revision, Title: x.Title, Starts: x.StartsAt, Ends: x.EndsAt, Place: x.Place, Address: x.Address, Room: x.Room, Link: x.Link, Access: x.AccessNotes,
			Trainers: teachers[x.ID], EmptyRows: walkIns, Counted: r.Counted, SheetKept: r.SheetKept, Closed: r.Closed, Unanswered: r.Unanswered,
		}
		for _, b := range blocks {
			out.Agenda = append(out.Agenda, papers.Item{Starts: x.StartsAt.Add(b.After), Minutes: b.Minutes, Title: b.Title, Form: b.Form, Trainer: b.Who})
			if b.Form == papers.Theory || b.Form == papers.Exercise {
				out.Minutes += b.Minutes
			}
		}
		list = append(list, out)
	}
	return list, nil
}

// people returns who has a seat, in the order of the sheets.
func people(ctx context.Context, q db.Querier, p classroom.Plan) (list []papers.Person, err error) {
	rows, err := db.All[struct {
		ID                string
		Name, Institution string
		Delegated         bool
		NoticeVersion     string
		NotedAt           time.Time
		Certificate       string
	}](ctx, q, `
		SELECT b.id, p.given_name || ' ' || p.family_name AS name, u.name AS institution,
			CASE WHEN b.delegated_at IS NULL THEN FALSE ELSE TRUE END AS delegated, COALESCE(n.version, '') AS notice_version, n.noted_at, COALESCE(c.number, '') AS certificate
		FROM booking b JOIN identity_person p ON p.id = b.person_id JOIN identity_unit u ON u.id = b.unit_id
		LEFT JOIN training_notice n ON n.training_id = b.training_id AND n.person_id = b.person_id AND n.version = ?
		LEFT JOIN certificate_attendance c ON c.training_id = b.training_id AND c.person_id = b.person_id
		WHERE b.training_id = ? AND b.state = 'confirmed' ORDER BY p.sort_key, p.id`, p.NoticeVersion, p.ID)
	for _, r := range rows {
		list = append(list, papers.Person{
			Code: code(r.ID), Name: r.Name, Institution: r.Institution, Delegated: r.Delegated, NoticeVersion: r.NoticeVersion, NoticeAt: r.NotedAt, Certificate: r.Certificate,
		})
	}
	return list, err
}

// code is a short name of a row. It says nothing of whom or what it names, and stays the same however often it is printed.
func code(bookingID string) string {
	const length = 5 // 33 million: two of the 300 rows of a large training are alike once in 700 trainings, and stand beside different names
	sum := sha256.Sum256([]byte("row " + bookingID))
	return id.Letters(sum[:], length)
}

// lines parts a text that has one thing on each line.
func lines(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
