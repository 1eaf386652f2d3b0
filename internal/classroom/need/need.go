// Package need keeps what somebody needs in order to take part in a training: how they get in, what they eat, in which language they
// follow. Health and faith can be read from it (art. 9 GDPR), so that it is told to as few as possible and for as short as possible.
//
// Goals: a person writes it themselves and of themselves, changes it and takes it back; those see it who arrange the training or teach
// it, each read by name is recorded, and nobody else: neither who invites, nor who marks the roll, nor who reviews; each field has its
// own end after the training, and package keeping erases it then. Limits: it is never in a list that can be downloaded, in a letter or
// on a paper of the day.
package need

import (
	"context"
	"errors"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/classroom"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/keeping"
	"ostoja/internal/text"
)

// Field is one question of the form.
type Field string

// The fields.
const (
	Access   Field = "access"   // steps, hearing, sight, rest, a person who helps
	Diet     Field = "diet"     // what somebody does not eat
	Language Field = "language" // an interpreter, papers in another language
)

// Fields lists the questions in the order of the form.
var Fields = []Field{Access, Diet, Language}

// Kind is under what [keeping] knows the field.
func (f Field) Kind() keeping.Kind { return keeping.Kind("need-" + string(f)) }

// after is how long a need is kept after the end of the training. Nobody cooks once it is over; a room and an interpreter are settled
// with those who were paid for them, within a week.
var after = map[Field]time.Duration{Access: 7 * 24 * time.Hour, Diet: 24 * time.Hour, Language: 7 * 24 * time.Hour}

// Until returns when a need of a training that ends at a time is erased.
func (f Field) Until(end time.Time) time.Time { return end.Add(after[f]) }

const most = 300 // characters of one answer

// Needs are the answers of one person. A field without an answer is missing.
type Needs map[Field]string

// Person is somebody of a training who needs something.
type Person struct {
	PersonID string
	Name     string
	Needs    Needs
}

// Training is what the form says of the training.
type Training struct {
	ID        string
	Title     string
	HeldUntil time.Time
	Path      string // of the unit whose training it is
}

// Service keeps needs.
type Service struct {
	db    *db.DB
	clock clock.Clock
}

// New returns a Service, and tells keeping how its values are erased.
func New(d *db.DB, c clock.Clock, k *keeping.Service) *Service {
	s := &Service{d, c}
	for _, f := range Fields {
		k.On(f.Kind(), erase)
	}
	return s
}

// ref is what keeping knows a need by.
func ref(trainingID, personID string, f Field) string {
	return trainingID + "/" + personID + "/" + string(f)
}

func erase(ctx context.Context, tx *db.Tx, ref string) error {
	part := strings.Split(ref, "/")
	if len(part) != 3 {
		return errors.New("need: no such reference")
	}
	return db.Exec(ctx, tx, `DELETE FROM training_need WHERE training_id = ? AND person_id = ? AND field = ?`, part[0], part[1], part[2])
}

// Mine returns the training and what the actor has said of their needs in it. Who neither has a seat nor hopes for one finds nothing.
func (s *Service) Mine(ctx context.Context, actor access.Actor, trainingID string) (t Training, n Needs, err error) {
	defer errs.Wrap(&err, "need.Mine")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if t, err = s.booked(ctx, tx, actor.PersonID, trainingID); err != nil {
			return err
		}
		n, err = of(ctx, tx, trainingID, actor.PersonID)
		return err
	})
	return t, n, err
}

// booked returns a training in which a person has a seat or hopes for one.
func (s *Service) booked(ctx context.Context, q db.Querier, personID, trainingID string) (Training, error) {
	if !id.Valid(trainingID) {
		return Training{}, errs.NotFound("error.not-found")
	}
	return db.One[Training](ctx, q, `
		SELECT t.id, t.title, t.held_until, u.path FROM training t JOIN identity_unit u ON u.id = t.unit_id JOIN booking b ON b.training_id = t.id
		WHERE t.id = ? AND b.person_id = ? AND b.state IN ('applied', 'offered', 'confirmed', 'waiting')`, trainingID, personID)
}

func of(ctx context.Context, q db.Querier, trainingID, personID string) (Needs, error) {
	rows, err := db.All[struct {
		Field Field
		Need  string
	}](ctx, q, `SELECT field, need FROM training_need WHERE training_id = ? AND person_id = ?`, trainingID, personID)
	n := Needs{}
	for _, r := range rows {
		n[r.Field] = r.Need
	}
	return n, err
}

// Say writes what the actor needs in a training; a field without an answer is taken back. After the last session nothing is taken any
// more: nobody could act upon it.
func (s *Service) Say(ctx context.Context, actor access.Actor, trainingID string, n Needs) (err error) {
	defer errs.Wrap(&err, "need.Say")
	var faults errs.Fields
	for _, f := range Fields {
		if len([]rune(text.Clean(n[f]))) > most {
			faults.Add(string(f), "need.too-long", "High", most)
		}
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		now := s.clock.Now()
		t, err := s.booked(ctx, tx, actor.PersonID, trainingID)
		if err != nil {
			return err
		}
		if !now.Before(t.HeldUntil) {
			return errs.Conflict("need.over")
		}
		for _, f := range Fields {
			if err := write(ctx, tx, t, actor.PersonID, f, text.Clean(n[f]), now); err != nil {
				return err
			}
		}
		// That something was said is recorded, and not what.
		return audit.Record(ctx, tx, now, actor.PersonID, "need.say", "training:"+trainingID, nil)
	})
}

func write(ctx context.Context, tx *db.Tx, t Training, personID string, f Field, answer string, now time.Time) error {
	r := ref(t.ID, personID, f)
	if answer == "" {
		if err := erase(ctx, tx, r); err != nil {
			return err
		}
		return keeping.Erased(ctx, tx, f.Kind(), r, now)
	}
	if err := db.Exec(ctx, tx, `
		INSERT INTO training_need (training_id, person_id, field, need, entered_at, entered_by) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (training_id, person_id, field) DO UPDATE SET need = excluded.need, entered_at = excluded.entered_at, entered_by = excluded.entered_by`,
		t.ID, personID, string(f), answer, now, personID); err != nil {
		return err
	}
	return keeping.Keep(ctx, tx, keeping.Entry{Kind: f.Kind(), Ref: r, PersonID: personID, Since: now, Until: f.Until(t.HeldUntil)})
}

// Of returns who needs what in a training, by name: for who arranges it, keeps its participants or teaches it. Reading it is recorded.
func (s *Service) Of(ctx context.Context, actor access.Actor, trainingID string) (t Training, list []Person, err error) {
	defer errs.Wrap(&err, "need.Of")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if t, err = s.seen(ctx, tx, actor, trainingID); err != nil {
			return err
		}
		rows, err := db.All[struct {
			PersonID, GivenName, FamilyName string
			Field                           Field
			Need                            string
		}](ctx, tx, `
			SELECT n.person_id, p.given_name, p.family_name, n.field, n.need FROM training_need n JOIN identity_person p ON p.id = n.person_id
			JOIN booking b ON b.training_id = n.training_id AND b.person_id = n.person_id
			WHERE n.training_id = ? AND b.state = 'confirmed' ORDER BY p.sort_key, p.id`, trainingID)
		if err != nil || len(rows) == 0 {
			return err
		}
		list = nil
		for _, r := range rows {
			if len(list) == 0 || list[len(list)-1].PersonID != r.PersonID {
				list = append(list, Person{r.PersonID, r.GivenName + " " + r.FamilyName, Needs{}})
			}
			list[len(list)-1].Needs[r.Field] = r.Need
		}
		return audit.Record(ctx, tx, s.clock.Now(), actor.PersonID, "need.read", "training:"+trainingID, map[string]any{"people": len(list)})
	})
	return t, list, err
}

// seen returns a training whose needs the actor may know; any other is not found.
func (s *Service) seen(ctx context.Context, q db.Querier, actor access.Actor, trainingID string) (t Training, err error) {
	if !id.Valid(trainingID) {
		return t, errs.NotFound("error.not-found")
	}
	if t, err = db.One[Training](ctx, q, `SELECT t.id, t.title, t.held_until, u.path FROM training t JOIN identity_unit u ON u.id = t.unit_id WHERE t.id = ?`, trainingID); err != nil {
		return t, err
	}
	if actor.May(access.TrainingsWrite, t.Path) || actor.May(access.Participants, t.Path) {
		return t, nil
	}
	teaches, err := classroom.Teaches(ctx, q, actor.PersonID, trainingID, false)
	if err == nil && !teaches {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return Training{}, err
	}
	return t, nil
}

// Moved sets the ends of a training's needs anew after its days changed, within the transaction of the change.
func (s *Service) Moved(ctx context.Context, tx *db.Tx, trainingID string) (err error) {
	defer errs.Wrap(&err, "need.Moved")
	end, err := db.One[time.Time](ctx, tx, `SELECT held_until FROM training WHERE id = ?`, trainingID)
	if err != nil {
		return err
	}
	rows, err := db.All[struct {
		PersonID string
		Field    Field
	}](ctx, tx, `SELECT person_id, field FROM training_need WHERE training_id = ?`, trainingID)
	if err != nil {
		return err
	}
	now := s.clock.Now()
	for _, r := range rows {
		if err := keeping.Keep(ctx, tx, keeping.Entry{Kind: r.Field.Kind(), Ref: ref(trainingID, r.PersonID, r.Field), PersonID: r.PersonID, Since: now, Until: r.Field.Until(end)}); err != nil {
			return err
		}
	}
	return nil
}

// Forget erases what somebody needs who will not come, within the transaction in which they leave the training.
func (s *Service) Forget(ctx context.Context, tx *db.Tx, trainingID, personID string) (err error) {
	defer errs.Wrap(&err, "need.Forget")
	now := s.clock.Now()
	for _, f := range Fields {
		if err := write(ctx, tx, Training{ID: trainingID}, personID, f, "", now); err != nil {
			return err
		}
	}
	return nil
}
