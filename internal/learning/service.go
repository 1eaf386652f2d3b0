package learning

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/certificate"
	"ostoja/internal/clock"
	"ostoja/internal/course"
	"ostoja/internal/course/published"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/event"
	"ostoja/internal/id"
	"ostoja/internal/mail"
	"ostoja/internal/record"
	"ostoja/internal/text"
)

// Person is what learning needs to know of a participant.
type Person struct {
	ID           string
	Name         string // given and family name
	Mail         string // "" if none
	Lang         string
	UnitPath     string
	Organisation string
}

// People knows the participants. Its answers MUST be read by q, which may be the transaction that is about to enrol them: another
// connection would not see who was entered a moment ago, and on SQLite would wait for a lock that its caller holds.
type People interface {
	// Participant returns a person; errs.ErrNotFound if there is none.
	Participant(ctx context.Context, q db.Querier, personID string) (Person, error)
	// ParticipantsWithin returns those of the given persons whom the actor may enrol. It MUST leave out, without an error, who is
	// beyond the actor's reach: what remains silent tells nobody that such a person exists.
	ParticipantsWithin(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, personIDs []string) ([]Person, error)
}

// Certifier issues certificates. Issue MUST be idempotent for one enrolment and attempt, and return the first certificate: a step that
// completes a course may be taken twice. It MUST write by tx alone, so that a pass without a certificate, or the other way about, cannot be.
type Certifier interface {
	Issue(ctx context.Context, tx *db.Tx, a certificate.Award) (certificate.Certificate, error)
}

// Outbox takes mail. Send MUST write by tx and wait for no mail server: the letter leaves after the commit, or not at all.
type Outbox interface {
	Send(ctx context.Context, tx *db.Tx, m mail.Message) error
}

// Inviter writes the letter that tells a person of a course; a person who has not signed in yet gets a link that lets them. It MUST
// write in the person's language, and MUST NOT send: whoever asks decides that, in the same transaction.
type Inviter interface {
	Invitation(ctx context.Context, tx *db.Tx, p Person, courseTitle text.Translated, path string) (mail.Message, error)
}

// Service leads participants through courses.
type Service struct {
	db      *db.DB
	clock   clock.Clock
	courses *published.Service
	people  People
	certs   Certifier
	outbox  Outbox
	inviter Inviter
	events  *event.Bus
	issuer  string // printed on certificates; "" is the participant's organisation
	acts    *act.Service
	seed    func() int64
}

// Deps are what a Service stands on.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Courses *published.Service
	People  People
	Certs   Certifier
	Outbox  Outbox
	Inviter Inviter
	Events  *event.Bus // told of what events.go lists
	Issuer  string
	Acts    *act.Service // remembers what was done to many; nil: one that holds no letters, for tests
}

// New returns a Service.
func New(d Deps) *Service {
	if d.Acts == nil {
		d.Acts = act.New(d.DB, d.Clock, act.NoLetters{})
	}
	s := &Service{
		db: d.DB, clock: d.Clock, courses: d.Courses, people: d.People, certs: d.Certs, outbox: d.Outbox, inviter: d.Inviter, events: d.Events, issuer: d.Issuer,
		acts: d.Acts, seed: rand.Int64,
	}
	s.undoes()
	return s
}

// Visit is an enrolment together with its course, as every page of the player needs them.
type Visit struct {
	Enrolment
	Course *published.Course
}

// own returns an enrolment of the actor; another's is not found.
func (s *Service) own(ctx context.Context, q db.Querier, actor access.Actor, enrolmentID string) (v Visit, err error) {
	if !id.Valid(enrolmentID) {
		return v, errs.NotFound("error.not-found")
	}
	if v.Enrolment, err = enrolmentByID(ctx, q, enrolmentID); err != nil {
		return v, err
	}
	err = s.complete(ctx, q, actor, &v)
	return v, err
}

// complete checks whose the enrolment is and adds the course.
func (s *Service) complete(ctx context.Context, q db.Querier, actor access.Actor, v *Visit) (err error) {
	if v.PersonID != actor.PersonID || !actor.Has(access.Learn) {
		return errs.NotFound("error.not-found")
	}
	if !v.WithdrawnAt.IsZero() {
		return errs.Gone("learning.withdrawn")
	}
	v.Course, err = s.courses.VersionIn(ctx, q, v.VersionID)
	return err
}

// change runs fn on an enrolment of the actor within a transaction that holds it.
func (s *Service) change(ctx context.Context, actor access.Actor, enrolmentID string, fn func(ctx context.Context, tx *db.Tx, v *Visit, now time.Time) error) error {
	if !id.Valid(enrolmentID) {
		return errs.NotFound("error.not-found")
	}
	return s.courses.LoadFirst(ctx, func(ctx context.Context) error {
		return s.db.Batch(ctx, func(tx *db.Tx) (err error) {
			v := &Visit{}
			if v.Enrolment, err = lockEnrolment(ctx, tx, enrolmentID); err != nil {
				return err
			}
			if err := s.complete(ctx, tx, actor, v); err != nil {
				return err
			}
			return fn(ctx, tx, v, s.clock.Now())
		})
	})
}

// Progress returns what has been done in an enrolment.
func (s *Service) progress(ctx context.Context, q db.Querier, enrolmentID string) (p Progress, err error) {
	p = Progress{Opened: map[string]time.Time{}, Done: map[string]time.Time{}, Checks: map[string]CheckAnswer{}}
	parts, err := partRows(ctx, q, enrolmentID)
	if err != nil {
		return p, err
	}
	for _, r := range parts {
		p.Opened[r.Part] = r.OpenedAt
		if !r.DoneAt.IsZero() {
			p.Done[r.Part] = r.DoneAt
		}
	}
	checks, err := checkAnswers(ctx, q, enrolmentID)
	if err != nil {
		return p, err
	}
	for _, a := range checks {
		p.Checks[a.ItemID] = a
	}
	p.Attempts, err = attempts(ctx, q, enrolmentID)
	return p, err
}

// Offer is a course as a participant sees it in the catalogue.
type Offer struct {
	Course    *published.Course
	Enrolment *Enrolment // the latest round, nil if none
	Open      bool       // in the catalogue: one may enrol oneself
}

// Offers returns the courses that are open to everybody and those in which the actor is enrolled, these first.
func (s *Service) Offers(ctx context.Context, actor access.Actor) (_ []Offer, err error) {
	defer errs.Wrap(&err, "learning.Offers")
	own, err := enrolmentsOf(ctx, s.db, actor.PersonID)
	if err != nil {
		return nil, err
	}
	latest := map[string]*Enrolment{}
	for i, e := range own { // the newest round comes first
		if latest[e.CourseID] == nil {
			latest[e.CourseID] = &own[i]
		}
	}
	entries, err := s.courses.List(ctx)
	if err != nil {
		return nil, err
	}
	var mine, others []Offer
	for _, entry := range entries {
		e := latest[entry.ID]
		if e == nil && !entry.InCatalogue {
			continue
		}
		version := entry.CurrentVersionID
		if e != nil && e.State() != Withdrawn {
			version = e.VersionID
		}
		c, err := s.courses.Version(ctx, version)
		if err != nil {
			return nil, err
		}
		if e == nil && !c.SelfStudy() { // held in a classroom: one is enrolled in a training
			continue
		}
		offer := Offer{Course: c, Enrolment: e, Open: entry.InCatalogue}
		if e != nil {
			mine = append(mine, offer)
		} else {
			others = append(others, offer)
		}
	}
	return append(mine, others...), nil
}

// Offer returns one course as the actor may see it.
func (s *Service) Offer(ctx context.Context, actor access.Actor, courseID string) (Offer, error) {
	offers, err := s.Offers(ctx, actor)
	if err != nil {
		return Offer{}, err
	}
	for _, o := range offers {
		if o.Course.ID == courseID {
			return o, nil
		}
	}
	return Offer{}, errs.NotFound("error.not-found")
}

// Enrol enrols the actor in a course of the catalogue and returns the enrolment, also if it was there already.
func (s *Service) Enrol(ctx context.Context, actor access.Actor, courseID, lang string) (e Enrolment, err error) {
	defer errs.Wrap(&err, "learning.Enrol(%q)", courseID)
	offer, err := s.Offer(ctx, actor, courseID)
	if err != nil {
		return e, err
	}
	if offer.Enrolment != nil && offer.Enrolment.State() != Withdrawn {
		return *offer.Enrolment, nil
	}
	if !offer.Open {
		return e, errs.NotFound("error.not-found")
	}
	return s.nextRound(ctx, actor, courseID, lang, func(latest Enrolment) bool { return latest.State() == Withdrawn })
}

// Again begins another round of a course that the actor has passed; the certificate of the earlier one is kept.
func (s *Service) Again(ctx context.Context, actor access.Actor, courseID string) (e Enrolment, err error) {
	defer errs.Wrap(&err, "learning.Again(%q)", courseID)
	offer, err := s.Offer(ctx, actor, courseID)
	if err != nil {
		return e, err
	}
	if offer.Enrolment == nil || offer.Enrolment.State() != Passed {
		return e, errs.Conflict("learning.again.not-passed")
	}
	return s.nextRound(ctx, actor, courseID, offer.Enrolment.Lang, func(latest Enrolment) bool { return latest.State() == Passed })
}

// nextRound makes the round after the latest if that one is over; a second click finds the round that the first one made.
func (s *Service) nextRound(ctx context.Context, actor access.Actor, courseID, lang string, over func(latest Enrolment) bool) (e Enrolment, err error) {
	current, err := s.courses.Current(ctx, courseID)
	if err != nil {
		return e, err
	}
	err = s.db.Batch(ctx, func(tx *db.Tx) error {
		latest, err := latestEnrolment(ctx, tx, actor.PersonID, courseID)
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if latest.ID != "" && !over(latest) {
			e = latest
			return nil
		}
		e = s.newEnrolment(current, actor.PersonID, lang, latest.Round+1)
		e.Source = "self"
		if _, err := insertEnrolment(ctx, tx, e); err != nil {
			return err
		}
		if e, err = latestEnrolment(ctx, tx, actor.PersonID, courseID); err != nil {
			return err
		}
		if err := s.enrolled(ctx, tx, e); err != nil {
			return err
		}
		return record.Add(ctx, tx, e.CreatedAt, e.PersonID, record.Registered, "course/"+courseID, nil)
	})
	return e, err
}

// newEnrolment fills in what every enrolment begins with; a language in which the course is not given becomes its first.
func (s *Service) newEnrolment(c *published.Course, personID, lang string, round int) Enrolment {
	if !c.HasLanguage(lang) {
		lang = c.Languages[0]
	}
	return Enrolment{ID: id.New(), PersonID: personID, CourseID: c.ID, VersionID: c.VersionID, Round: round, Lang: lang, CreatedAt: s.clock.Now()}
}

// Overview is the course's own page for a participant: all parts, what is done, where to go on, and what is missing.
type Overview struct {
	Visit
	Progress     Progress
	Requirements []Requirement
	MovedFrom    *published.Course // the version before a move of which the participant is told now; nil if none
}

// Overview returns the course's page. That the participant has been told of a move is noted.
func (s *Service) Overview(ctx context.Context, actor access.Actor, enrolmentID string) (o Overview, err error) {
	defer errs.Wrap(&err, "learning.Overview(%s)", enrolmentID)
	err = s.courses.LoadFirst(ctx, func(ctx context.Context) error {
		return s.db.View(ctx, func(tx *db.Tx) error {
			if o.Visit, err = s.own(ctx, tx, actor, enrolmentID); err != nil {
				return err
			}
			o.Progress, err = s.progress(ctx, tx, enrolmentID)
			return err
		})
	})
	if err != nil {
		return o, err
	}
	o.Requirements, o.PartsDone = requirementsOf(o.Course.Course, o.Progress), countDone(o.Course.Course, o.Progress)
	if o.Enrolment.MovedFrom != "" {
		if o.MovedFrom, err = s.courses.Version(ctx, o.Enrolment.MovedFrom); err != nil {
			return o, err
		}
		err = s.db.Batch(ctx, func(tx *db.Tx) error {
			return db.Exec(ctx, tx, `UPDATE enrolment SET moved_from = '' WHERE id = ?`, enrolmentID)
		})
	}
	return o, err
}

// SetLanguage changes the language in which the participant takes the course. Answers and progress stay.
func (s *Service) SetLanguage(ctx context.Context, actor access.Actor, enrolmentID, lang string) (err error) {
	defer errs.Wrap(&err, "learning.SetLanguage(%s)", enrolmentID)
	return s.change(ctx, actor, enrolmentID, func(ctx context.Context, tx *db.Tx, v *Visit, _ time.Time) error {
		if !v.Course.HasLanguage(lang) {
			return errs.Invalid("learning.language.unknown")
		}
		return db.Exec(ctx, tx, `UPDATE enrolment SET lang = ? WHERE id = ?`, lang, enrolmentID)
	})
}

// recordStep notes a step of a participant: when it was, how many parts are done, and whether the course is finished or passed now. It issues
// the certificate in the same transaction. Every step ends here.
func (s *Service) recordStep(ctx context.Context, tx *db.Tx, v *Visit, now time.Time, lastPart string) error {
	p, err := s.progress(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	requirements := requirementsOf(v.Course.Course, p)
	e := &v.Enrolment
	if e.StartedAt.IsZero() {
		e.StartedAt = now
		if err := record.Add(ctx, tx, now, v.PersonID, record.Initialized, "course/"+v.CourseID, nil); err != nil {
			return err
		}
	}
	e.ActiveAt, e.PartsDone = now, countDone(v.Course.Course, p)
	if lastPart != "" {
		e.LastPart = lastPart
	}
	justFinished := e.FinishedAt.IsZero() && finished(requirements)
	if justFinished {
		e.FinishedAt = now
	}
	justPassed := e.PassedAt.IsZero() && completed(requirements)
	if justPassed {
		e.PassedAt = now
	}
	if err := db.Exec(ctx, tx, `UPDATE enrolment SET started_at = ?, active_at = ?, parts_done = ?, last_part = ?, finished_at = ?, passed_at = ? WHERE id = ?`,
		e.StartedAt, e.ActiveAt, e.PartsDone, e.LastPart, e.FinishedAt, e.PassedAt, e.ID); err != nil {
		return err
	}
	if justFinished {
		if err := s.events.Emit(ctx, tx, PartsDone{v.PersonID, v.CourseID}); err != nil {
			return err
		}
	}
	if !justPassed {
		return nil
	}
	if err := record.Add(ctx, tx, now, v.PersonID, record.Completed, "course/"+v.CourseID, nil); err != nil {
		return err
	}
	return s.certify(ctx, tx, v, p, now)
}

// certify issues the certificate of a course that gives one.
func (s *Service) certify(ctx context.Context, tx *db.Tx, v *Visit, p Progress, now time.Time) error {
	c := v.Course
	if c.Certificate == nil {
		return nil
	}
	person, err := s.people.Participant(ctx, tx, v.PersonID)
	if err != nil {
		return err
	}
	award := certificate.Award{
		PersonID: v.PersonID, EnrolmentID: v.ID, CourseID: v.CourseID, VersionID: v.VersionID, Lang: v.Lang,
		Holder: person.Name, Heading: c.Certificate.Title.In(v.Lang), Title: c.Title.In(v.Lang), Hours: c.Hours, Fund: c.Certificate.Fund.In(v.Lang),
		Issuer: s.issuer, ValidMonths: c.Certificate.ValidMonths, At: now,
	}
	if award.Issuer == "" {
		award.Issuer = person.Organisation
	}
	for _, o := range c.Objectives {
		award.Objectives = append(award.Objectives, o.Text.In(v.Lang))
	}
	for _, a := range p.Attempts {
		if a.Passed != nil && *a.Passed {
			award.AttemptID = a.ID
		}
	}
	issued, err := s.certs.Issue(ctx, tx, award)
	if err != nil {
		return err
	}
	return record.Add(ctx, tx, now, v.PersonID, record.Earned, "certificate/"+issued.ID, nil)
}

// Unbegun returns the persons who are enrolled in a course and have opened nothing of it.
func (s *Service) Unbegun(ctx context.Context, q db.Querier, courseID string) (_ []string, err error) {
	defer errs.Wrap(&err, "learning.Unbegun(%q)", courseID)
	return db.All[string](ctx, q, `SELECT person_id FROM enrolment WHERE course_id = ? AND round = 1 AND started_at IS NULL AND withdrawn_at IS NULL ORDER BY person_id`, courseID)
}

// Latest returns a person's latest enrolment in a course.
func (s *Service) Latest(ctx context.Context, personID, courseID string) (_ Enrolment, err error) {
	defer errs.Wrap(&err, "learning.Latest(%q)", courseID)
	return latestEnrolment(ctx, s.db, personID, courseID)
}

// Reached is what somebody has reached in all rounds of a course.
type Reached struct {
	PassedAt time.Time // the latest pass; zero if there is none
	StoryAt  time.Time // the latest end of a story that counts by the course's rule
}

// Reached returns what a person has reached in a course, whoever asks: for rooms that see to who may know.
func (s *Service) Reached(ctx context.Context, q db.Querier, personID, courseID string) (_ Reached, err error) {
	defer errs.Wrap(&err, "learning.Reached(%q)", courseID)
	return db.One[Reached](ctx, q, `
		SELECT (SELECT MAX(e.passed_at) FROM enrolment e WHERE e.person_id = ? AND e.course_id = ? AND e.withdrawn_at IS NULL) AS passed_at,
			(SELECT MAX(p.done_at) FROM part_progress p JOIN enrolment e ON e.id = p.enrolment_id WHERE e.person_id = ? AND e.course_id = ? AND p.part LIKE ?) AS story_at`,
		personID, courseID, personID, courseID, course.ScenarioKey("%"))
}
