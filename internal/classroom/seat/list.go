package seat

import (
	"context"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/list"
	"ostoja/internal/text"
)

// Row is somebody on a training's list.
type Row struct {
	Booking
	Name    string // family name first, as lists are sorted
	Unit    string
	HasMail bool
	Place   int    // in the queue, from 1; 0 if they do not wait
	Other   string // a training at the same time in which they have a seat; "" if none
}

// List returns who is on a training's list, for who may see the training: applications first, then who has a seat or an offer, the
// queue, and who left.
func (s *Service) List(ctx context.Context, actor access.Actor, trainingID string) (rows []Row, err error) {
	defer errs.Wrap(&err, "seat.List")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		rows = nil
		if _, err := s.Trainings.Open(ctx, tx, actor, access.TrainingsRead, trainingID); err != nil {
			return err
		}
		if rows, err = db.All[Row](ctx, tx, `SELECT `+columns+`, p.family_name || ' ' || p.given_name AS name, u.name AS unit, p.mail IS NOT NULL AS has_mail
			FROM booking b JOIN identity_person p ON p.id = b.person_id JOIN identity_unit u ON u.id = p.unit_id WHERE b.training_id = ?
			ORDER BY CASE b.state WHEN 'applied' THEN 0 WHEN 'offered' THEN 1 WHEN 'confirmed' THEN 2 WHEN 'waiting' THEN 3 ELSE 4 END,
				CASE WHEN b.state = 'waiting' THEN b.queued_at END, CASE WHEN b.state = 'waiting' THEN b.id END, p.sort_key, b.id`, trainingID); err != nil {
			return err
		}
		bookings, ids := make([]Booking, len(rows)), make([]string, len(rows))
		for i, r := range rows {
			bookings[i], ids[i] = r.Booking, r.PersonID
		}
		places := map[string]int{}
		for i, b := range Queue(bookings) {
			places[b.ID] = i + 1
		}
		elsewhere, err := overlaps(ctx, tx, trainingID, ids)
		if err != nil {
			return err
		}
		others := map[string]string{}
		for _, o := range elsewhere {
			others[o.PersonID] = o.Title
		}
		for i, r := range rows {
			rows[i].Place = places[r.ID]
			if r.State.Open() {
				rows[i].Other = others[r.PersonID]
			}
		}
		return nil
	})
	return rows, err
}

// Candidate is somebody who could be taken onto a list.
type Candidate struct {
	ID, Name, Unit string
	HasMail        bool
}

// Candidates returns people for whom the actor has a permission and who are not on a training's list, a page of them, and how many there
// are.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, p access.Permission, trainingID, unitID, words string, w list.Window) (rows []Candidate, total int, err error) {
	defer errs.Wrap(&err, "seat.Candidates")
	within, args := actor.Within(p, "u.path")
	where := `FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id WHERE ` + within + ` AND p.state <> 'blocked'
		AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.training_id = ? AND b.person_id = p.id AND b.state IN ('applied', 'offered', 'confirmed', 'waiting'))`
	args = append(args, trainingID)
	if unitID != "" {
		where += ` AND u.path LIKE ?`
		args = append(args, "%/"+strings.NewReplacer("%", "", "_", "").Replace(unitID)+"/%")
	}
	for _, word := range strings.Fields(text.Search(words)) {
		where += ` AND p.search_text LIKE ? ESCAPE '\'`
		args = append(args, db.Like(word))
	}
	if total, err = db.One[int](ctx, s.DB, `SELECT COUNT(*) `+where, args...); err != nil {
		return nil, 0, err
	}
	rows, err = db.All[Candidate](ctx, s.DB, `SELECT p.id, p.family_name || ' ' || p.given_name AS name, u.name AS unit, p.mail IS NOT NULL AS has_mail `+where+
		` ORDER BY p.sort_key, p.id LIMIT ? OFFSET ?`, append(args, w.Size, (max(1, w.Page)-1)*w.Size)...)
	return rows, total, err
}

// Unit is a unit of people or of places.
type Unit struct {
	ID, Name string
	Places   int // given out or not; 0 if it has none
	Given    int
	Until    time.Time
}

// Units returns the units in which the actor has a permission, by name.
func (s *Service) Units(ctx context.Context, actor access.Actor, p access.Permission) (_ []Unit, err error) {
	defer errs.Wrap(&err, "seat.Units")
	within, args := actor.Within(p, "path")
	return db.All[Unit](ctx, s.DB, `SELECT id, name FROM identity_unit WHERE `+within+` ORDER BY name, id`, args...)
}

const selectPlaces = `SELECT u.id, u.name, x.places, x.until, (SELECT COUNT(*) FROM booking b WHERE b.training_id = x.training_id AND b.unit_id = x.unit_id
	AND b.origin = 'superior' AND b.state IN ('offered', 'confirmed')) AS given FROM booking_places x JOIN identity_unit u ON u.id = x.unit_id `

// PlacesOf returns which units have places in a training, for who keeps its sign-ups.
func (s *Service) PlacesOf(ctx context.Context, actor access.Actor, trainingID string) (_ []Unit, err error) {
	defer errs.Wrap(&err, "seat.PlacesOf")
	if _, err := s.Trainings.Open(ctx, s.DB, actor, access.SignUps, trainingID); err != nil {
		return nil, err
	}
	return db.All[Unit](ctx, s.DB, selectPlaces+`WHERE x.training_id = ? ORDER BY u.name, u.id`, trainingID)
}

// Given is a unit's places in a training, for the unit's superior.
type Given struct {
	Unit
	Plan     classroom.Plan
	Sessions []classroom.Session
}

// OwnPlaces returns the places that the actor may give out: of units whose people they answer for, in trainings to come.
func (s *Service) OwnPlaces(ctx context.Context, actor access.Actor) (out []Given, err error) {
	defer errs.Wrap(&err, "seat.OwnPlaces")
	signUps, args := actor.Within(access.SignUps, "u.path")
	people, more := actor.Within(access.PeopleWrite, "u.path")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		type row struct {
			Unit
			TrainingID string
		}
		out = nil
		now := s.Clock.Now()
		rows, err := db.All[row](ctx, tx, strings.Replace(selectPlaces, "SELECT u.id", "SELECT x.training_id, u.id", 1)+`JOIN training t ON t.id = x.training_id
			WHERE (`+signUps+` OR `+people+`) AND x.until > ? AND t.cancelled_at IS NULL ORDER BY t.held_from, u.name, u.id`, append(append(args, more...), now)...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			g := Given{Unit: r.Unit}
			if g.Plan, err = classroom.PlanOf(ctx, tx, r.TrainingID); err != nil {
				return err
			}
			if g.Sessions, err = classroom.SessionsOf(ctx, tx, r.TrainingID); err != nil {
				return err
			}
			g.Sessions = held(g.Sessions)
			out = append(out, g)
		}
		return nil
	})
	return out, err
}

// UnitPeople returns the people of a unit, and of those below it, who could be given one of its places.
func (s *Service) UnitPeople(ctx context.Context, actor access.Actor, trainingID, unitID string) (_ []Candidate, err error) {
	defer errs.Wrap(&err, "seat.UnitPeople")
	path, err := superiorOf(ctx, s.DB, actor, unitID)
	if err != nil {
		return nil, err
	}
	return db.All[Candidate](ctx, s.DB, `SELECT p.id, p.family_name || ' ' || p.given_name AS name, u.name AS unit, p.mail IS NOT NULL AS has_mail
		FROM identity_person p JOIN identity_unit u ON u.id = p.unit_id WHERE u.path LIKE ? AND p.state <> 'blocked'
		AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.training_id = ? AND b.person_id = p.id AND b.state = 'confirmed') ORDER BY p.sort_key, p.id LIMIT 500`, path+"%", trainingID)
}

// AllUnits returns every unit, by name: any may be given places.
func (s *Service) AllUnits(ctx context.Context) (_ []Unit, err error) {
	defer errs.Wrap(&err, "seat.AllUnits")
	return db.All[Unit](ctx, s.DB, `SELECT id, name FROM identity_unit ORDER BY name, id`)
}

// RecordExport notes that a list of people was taken away as a file: a training's, or with "" that of who waits for a date.
func (s *Service) RecordExport(ctx context.Context, actor access.Actor, trainingID string, rows int, format string) (err error) {
	defer errs.Wrap(&err, "seat.RecordExport")
	about := "interest"
	if trainingID != "" {
		about = "training:" + trainingID
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		return audit.RecordExport(ctx, tx, s.Clock.Now(), actor.PersonID, "person.export", about, rows, format)
	})
}
