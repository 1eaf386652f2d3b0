package classroom

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg" // what an office uploads
	_ "image/png"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/classroom/hour"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/mail"
	"ostoja/internal/project"
	"ostoja/internal/text"
)

// ContentDraft is what is written of what a training teaches.
type ContentDraft struct {
	Title            string
	ProgrammeID      string
	ProgrammeVersion string
	CourseID         string
	Audience         string
	Objectives       string
	Materials        string
	Langs            []string
	Theory           string // teaching hours, such as 4,5
	Exercise         string
	HourMinutes      string // 45 or 60
}

type content struct {
	ContentDraft
	theory, exercise, hour int // minutes
}

func tooLong(faults *errs.Fields, name, value string, most int) {
	if len([]rune(value)) > most {
		faults.Add(name, "classroom.fault.long", "Most", most)
	}
}

func (d ContentDraft) check() (c content, faults errs.Fields) {
	c.ContentDraft = d
	c.Title, c.ProgrammeVersion, c.ProgrammeID, c.CourseID = text.Clean(d.Title), text.Clean(d.ProgrammeVersion), strings.TrimSpace(d.ProgrammeID), strings.TrimSpace(d.CourseID)
	c.Audience, c.Objectives, c.Materials = text.CleanLines(d.Audience), text.CleanLines(d.Objectives), text.CleanLines(d.Materials)
	if n := len([]rune(c.Title)); n == 0 || n > mostTitle {
		faults.Add("title", "assessment.measure.title-fault", "High", mostTitle)
	}
	tooLong(&faults, "programme", c.ProgrammeID, mostLine)
	tooLong(&faults, "audience", c.Audience, mostText)
	tooLong(&faults, "objectives", c.Objectives, mostText)
	tooLong(&faults, "materials", c.Materials, mostText)
	switch c.hour, _ = strconv.Atoi(d.HourMinutes); {
	case d.HourMinutes == "":
		c.hour = 45
	case c.hour != 45 && c.hour != 60:
		faults.Add("hour", "classroom.fault.hour")
	}
	var ok bool
	if c.theory, ok = hour.Read(d.Theory, c.hour); !ok {
		faults.Add("theory", "classroom.fault.hours")
	}
	if c.exercise, ok = hour.Read(d.Exercise, c.hour); !ok {
		faults.Add("exercise", "classroom.fault.hours")
	}
	if len(c.Langs) == 0 {
		c.Langs = []string{"pl"}
	}
	return c, faults
}

func (c content) store(ctx context.Context, tx *db.Tx, trainingID string) error {
	if err := db.Exec(ctx, tx, `UPDATE training SET title = ?, programme_id = ?, programme_version = ?, course_id = NULLIF(?, ''), audience = ?, objectives = ?, materials = ?, langs = ?,
		theory_minutes = ?, exercise_minutes = ?, hour_minutes = ? WHERE id = ?`,
		c.Title, c.ProgrammeID, c.ProgrammeVersion, c.CourseID, c.Audience, c.Objectives, c.Materials, db.JSON(c.Langs), c.theory, c.exercise, c.hour, trainingID); err != nil {
		return err
	}
	return retitle(ctx, tx, trainingID)
}

// retitle notes with who was in a training what it teaches now.
func retitle(ctx context.Context, tx *db.Tx, trainingID string) error {
	return db.Exec(ctx, tx, `UPDATE attendance SET programme = (SELECT CASE WHEN programme_id <> '' THEN programme_id ELSE title END FROM training WHERE id = ?)
		WHERE session_id IN (SELECT id FROM training_session WHERE training_id = ?)`, trainingID, trainingID)
}

// SaveContent changes what a training teaches.
func (s *Service) SaveContent(ctx context.Context, actor access.Actor, trainingID string, edition int, d ContentDraft) (err error) {
	defer errs.Wrap(&err, "classroom.SaveContent")
	c, faults := d.check()
	if err := faults.Err(); err != nil {
		return err
	}
	return s.edit(ctx, actor, trainingID, edition, "training.content", func(tx *db.Tx, _ Plan) error { return c.store(ctx, tx, trainingID) })
}

// FundDraft is what is written of who pays for a training, and what their papers must say.
type FundDraft struct {
	Project       string
	Share         string // percent
	Statement     string
	Notice        string
	NoticeVersion string
	EvidenceUntil string // the last day on which the fund wants the papers; "" if it is not known
}

// SaveFund changes who pays for a training and what its papers say.
func (s *Service) SaveFund(ctx context.Context, actor access.Actor, trainingID string, edition int, d FundDraft) (err error) {
	defer errs.Wrap(&err, "classroom.SaveFund")
	faults := project.Check(d.Project)
	share, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(d.Share), "%")))
	if strings.TrimSpace(d.Share) == "" {
		share, err = 100, nil
	}
	if err != nil || share < 0 || share > 100 {
		faults.Add("share", "classroom.fault.share")
	}
	statement, notice, version := text.CleanLines(d.Statement), text.CleanLines(d.Notice), text.Clean(d.NoticeVersion)
	tooLong(&faults, "statement", statement, mostText)
	tooLong(&faults, "notice", notice, 5*mostText)
	tooLong(&faults, "notice-version", version, 40)
	if notice != "" && version == "" {
		faults.Add("notice-version", "classroom.fault.notice-version")
	}
	var until *time.Time
	if typed := strings.TrimSpace(d.EvidenceUntil); typed != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed, s.zone)
		if err != nil {
			faults.Add("evidence-until", "classroom.fault.day")
		}
		day = day.AddDate(0, 0, 1)
		until = &day
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.edit(ctx, actor, trainingID, edition, "training.fund", func(tx *db.Tx, p Plan) error {
		if until != nil && !until.After(p.HeldUntil) {
			return errs.Fields{{Name: "evidence-until", Key: "classroom.fault.evidence-until"}}.Err()
		}
		projectID, err := project.Named(ctx, tx, d.Project, s.clock.Now())
		if err != nil {
			return err
		}
		return db.Exec(ctx, tx, `UPDATE training SET project_id = NULLIF(?, ''), project_share = ?, statement = ?, notice = ?, notice_version = ?, evidence_until = ? WHERE id = ?`,
			projectID, share, statement, notice, version, until, trainingID)
	})
}

// Number is a number of people of a kind: wanted of a kind of institution or a powiat, or the most seats of an organisation or a region.
type Number struct {
	Kind   string // institution | powiat, or organisation | region
	Name   string
	Number int
}

// The kinds of numbers.
const (
	OfInstitution  = "institution"
	OfPowiat       = "powiat"
	OfOrganisation = "organisation" // its id
	OfRegion       = "region"
)

// NumberDraft is a number as it was typed. Without a name and a number it is not there.
type NumberDraft struct{ Kind, Name, Number string }

// SignUpDraft is what is written of who comes to a training.
type SignUpDraft struct {
	SignUp     SignUp
	Delegation bool
	Wanted     []NumberDraft
	Quotas     []NumberDraft
}

func numbers(faults *errs.Fields, field string, drafts []NumberDraft, kinds ...string) (list []Number) {
	for i, d := range drafts {
		name, typed := text.Clean(d.Name), strings.TrimSpace(d.Number)
		if name == "" && typed == "" {
			continue
		}
		n, err := strconv.Atoi(typed)
		switch {
		case name == "" || len([]rune(name)) > mostLine || !slices.Contains(kinds, d.Kind):
			faults.Add(field+at(i), "classroom.fault.number-name")
		case err != nil || n < 0 || n > mostPeople:
			faults.Add(field+at(i), "classroom.fault.capacity", "Most", mostPeople)
		case slices.ContainsFunc(list, func(x Number) bool { return x.Kind == d.Kind && x.Name == name }):
			faults.Add(field+at(i), "classroom.fault.number-twice", "Name", name)
		default:
			list = append(list, Number{d.Kind, name, n})
		}
	}
	return list
}

// SaveSignUp changes who comes to a training, and how they come into it.
func (s *Service) SaveSignUp(ctx context.Context, actor access.Actor, trainingID string, edition int, d SignUpDraft) (err error) {
	defer errs.Wrap(&err, "classroom.SaveSignUp")
	var faults errs.Fields
	if !slices.Contains([]SignUp{Invited, Approved, Closed}, d.SignUp) {
		faults.Add("sign-up", "classroom.fault.sign-up")
	}
	wanted, quotas := numbers(&faults, "wanted", d.Wanted, OfInstitution, OfPowiat), numbers(&faults, "quota", d.Quotas, OfOrganisation, OfRegion)
	if err := faults.Err(); err != nil {
		return err
	}
	return s.edit(ctx, actor, trainingID, edition, "training.sign-up", func(tx *db.Tx, _ Plan) error {
		if err := db.Exec(ctx, tx, `UPDATE training SET sign_up = ?, delegation = ? WHERE id = ?`, string(d.SignUp), d.Delegation, trainingID); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `DELETE FROM training_wanted WHERE training_id = ?`, trainingID); err != nil {
			return err
		}
		for _, n := range wanted {
			if err := db.Exec(ctx, tx, `INSERT INTO training_wanted (training_id, kind, name, number) VALUES (?, ?, ?, ?)`, trainingID, n.Kind, n.Name, n.Number); err != nil {
				return err
			}
		}
		if err := db.Exec(ctx, tx, `DELETE FROM training_quota WHERE training_id = ?`, trainingID); err != nil {
			return err
		}
		for _, n := range quotas {
			if err := db.Exec(ctx, tx, `INSERT INTO training_quota (training_id, kind, name, places) VALUES (?, ?, ?, ?)`, trainingID, n.Kind, n.Name, n.Number); err != nil {
				return err
			}
		}
		return nil
	})
}

// WantedOf returns how many people the plan of a training promises of which kind of institution and powiat.
func WantedOf(ctx context.Context, q db.Querier, trainingID string) (_ []Number, err error) {
	defer errs.Wrap(&err, "classroom.WantedOf")
	return db.All[Number](ctx, q, `SELECT kind, name, number FROM training_wanted WHERE training_id = ? ORDER BY kind, name`, trainingID)
}

// QuotasOf returns the most seats of a training that people of an organisation or a region may have.
func QuotasOf(ctx context.Context, q db.Querier, trainingID string) (_ []Number, err error) {
	defer errs.Wrap(&err, "classroom.QuotasOf")
	return db.All[Number](ctx, q, `SELECT kind, name, places AS number FROM training_quota WHERE training_id = ? ORDER BY kind, name`, trainingID)
}

// TrainerDraft is somebody who is to teach: chosen by their id, or typed by their address.
type TrainerDraft struct {
	PersonID string
	Mail     string
	Part     Part
}

// SaveTrainers changes who teaches a training. They need the role of a trainer, of whichever unit. Who is named, and who no longer is, is
// told once it can no longer be undone.
func (s *Service) SaveTrainers(ctx context.Context, actor access.Actor, trainingID string, edition int, drafts []TrainerDraft) (err error) {
	defer errs.Wrap(&err, "classroom.SaveTrainers")
	return s.edit(ctx, actor, trainingID, edition, "training.trainers", func(tx *db.Tx, p Plan) error {
		stood, err := look(ctx, tx, p)
		if err != nil {
			return err
		}
		parts := map[string]Part{}
		var faults errs.Fields
		for i, d := range drafts {
			personID, key, err := s.trainer(ctx, tx, d)
			if err != nil {
				return err
			}
			if _, twice := parts[personID]; key == "" && twice {
				key = "classroom.fault.trainer-twice"
			}
			if key != "" {
				faults.Add("trainer"+at(i), key)
				continue
			}
			parts[personID] = d.Part
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if err := s.storeTrainers(ctx, tx, actor, trainingID, parts); err != nil {
			return err
		}
		_, err = s.note(ctx, tx, actor, ActTeam, "", stood)
		return err
	})
}

func (s *Service) trainer(ctx context.Context, tx *db.Tx, d TrainerDraft) (personID, fault string, err error) {
	if !slices.Contains([]Part{Lead, Co, Observer}, d.Part) {
		return "", "classroom.fault.part", nil
	}
	personID = d.PersonID
	if address := strings.TrimSpace(d.Mail); address != "" {
		if address, err = mail.Address(address); err != nil {
			return "", "classroom.fault.mail", nil //nolint:nilerr // told at the field
		}
		list, err := db.All[string](ctx, tx, `SELECT id FROM identity_person WHERE mail = ?`, address)
		if err != nil || len(list) == 0 {
			return "", "classroom.fault.no-trainer", err
		}
		personID = list[0]
	}
	n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM identity_trainer t WHERE t.person_id = ? AND (t.expires_at IS NULL OR t.expires_at > ?)`, personID, s.clock.Now())
	if err == nil && n == 0 {
		fault = "classroom.fault.no-trainer"
	}
	return personID, fault, err
}

func (s *Service) storeTrainers(ctx context.Context, tx *db.Tx, actor access.Actor, trainingID string, parts map[string]Part) error {
	if err := storeTeam(ctx, tx, trainingID, parts); err != nil {
		return err
	}
	if err := db.Exec(ctx, tx, `
		DELETE FROM session_trainer WHERE session_id IN (SELECT id FROM training_session WHERE training_id = ?)
			AND NOT EXISTS (SELECT 1 FROM training_trainer t WHERE t.training_id = ? AND t.person_id = session_trainer.person_id)`, trainingID, trainingID); err != nil {
		return err
	}
	return s.free(ctx, tx, actor, trainingID, "trainer"+at(0))
}

// Teachers returns who may be offered to teach: those with the role whom the actor may see.
func (s *Service) Teachers(ctx context.Context, actor access.Actor) (_ []Trainer, err error) {
	defer errs.Wrap(&err, "classroom.Teachers")
	condition, args := actor.Within(access.PeopleRead, "u.path")
	return db.All[Trainer](ctx, s.db, `
		SELECT DISTINCT p.id AS person_id, '' AS part, p.given_name, p.family_name, COALESCE(p.mail, '') AS mail, p.lang, p.sort_key FROM identity_trainer t JOIN identity_person p ON p.id = t.person_id
			JOIN identity_unit u ON u.id = p.unit_id
		WHERE (t.expires_at IS NULL OR t.expires_at > ?) AND `+condition+` ORDER BY p.sort_key, p.id LIMIT 500`, append([]any{s.clock.Now()}, args...)...)
}

// Emblem is a picture in the head of a training's papers.
type Emblem struct {
	Position    int
	BlobHash    string
	Description string // read out in its place
}

// The limits of emblems.
const (
	MostEmblems     = 6
	MostEmblemBytes = 1 << 20
	mostEmblemSide  = 4000 // pixels
)

// EmblemsOf returns the emblems of a training's papers, in their order.
func EmblemsOf(ctx context.Context, q db.Querier, trainingID string) (_ []Emblem, err error) {
	defer errs.Wrap(&err, "classroom.EmblemsOf")
	return db.All[Emblem](ctx, q, `SELECT position, blob_hash, description FROM training_emblem WHERE training_id = ? ORDER BY position`, trainingID)
}

// AddEmblem adds a picture to the head of a training's papers: PNG or JPEG.
func (s *Service) AddEmblem(ctx context.Context, actor access.Actor, trainingID string, edition int, picture []byte, description string) (err error) {
	defer errs.Wrap(&err, "classroom.AddEmblem")
	description = text.Clean(description)
	var faults errs.Fields
	size, format, err := image.DecodeConfig(bytes.NewReader(picture))
	switch {
	case len(picture) > MostEmblemBytes:
		faults.Add("emblem", "classroom.fault.emblem-size", "Kilobytes", MostEmblemBytes>>10)
	case err != nil || format != "png" && format != "jpeg":
		faults.Add("emblem", "classroom.fault.emblem-format")
	case size.Width > mostEmblemSide || size.Height > mostEmblemSide:
		faults.Add("emblem", "classroom.fault.emblem-side", "Pixels", mostEmblemSide)
	}
	if description == "" || len([]rune(description)) > mostLine {
		faults.Add("emblem-text", "classroom.fault.emblem-text", "Most", mostLine)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.edit(ctx, actor, trainingID, edition, "training.emblem", func(tx *db.Tx, _ Plan) error {
		list, err := EmblemsOf(ctx, tx, trainingID)
		if err != nil {
			return err
		}
		if len(list) >= MostEmblems {
			return errs.Fields{{Name: "emblem", Key: "classroom.fault.emblems", Args: errs.Args("Most", MostEmblems)}}.Err()
		}
		position := 1
		if len(list) > 0 {
			position = list[len(list)-1].Position + 1
		}
		hash, err := blob.Put(ctx, tx, "image/"+format, picture, s.clock.Now())
		if err != nil {
			return err
		}
		return db.Exec(ctx, tx, `INSERT INTO training_emblem (training_id, position, blob_hash, description) VALUES (?, ?, ?, ?)`, trainingID, position, hash, description)
	})
}

// RemoveEmblem takes a picture out of the head of a training's papers.
func (s *Service) RemoveEmblem(ctx context.Context, actor access.Actor, trainingID string, edition, position int) (err error) {
	defer errs.Wrap(&err, "classroom.RemoveEmblem")
	return s.edit(ctx, actor, trainingID, edition, "training.emblem", func(tx *db.Tx, _ Plan) error {
		return db.Exec(ctx, tx, `DELETE FROM training_emblem WHERE training_id = ? AND position = ?`, trainingID, position)
	})
}

// Emblem returns a picture of a training that the actor may see.
func (s *Service) Emblem(ctx context.Context, actor access.Actor, trainingID string, position int) (mediaType string, content []byte, err error) {
	defer errs.Wrap(&err, "classroom.Emblem")
	if _, err := s.Open(ctx, s.db, actor, access.TrainingsRead, trainingID); err != nil {
		return "", nil, err
	}
	hash, err := db.One[string](ctx, s.db, `SELECT blob_hash FROM training_emblem WHERE training_id = ? AND position = ?`, trainingID, position)
	if err != nil {
		return "", nil, err
	}
	b, err := blob.Get(ctx, s.db, hash)
	return b.MediaType, b.Content, err
}

// Details are what hangs on a training's row beside its sessions.
type Details struct {
	Wanted  []Number
	Quotas  []Number
	Emblems []Emblem
}

// Details returns them of a training that the actor may see.
func (s *Service) Details(ctx context.Context, actor access.Actor, trainingID string) (d Details, err error) {
	defer errs.Wrap(&err, "classroom.Details")
	if _, err := s.Open(ctx, s.db, actor, access.TrainingsRead, trainingID); err != nil {
		return d, err
	}
	if d.Wanted, err = WantedOf(ctx, s.db, trainingID); err != nil {
		return d, err
	}
	if d.Quotas, err = QuotasOf(ctx, s.db, trainingID); err != nil {
		return d, err
	}
	d.Emblems, err = EmblemsOf(ctx, s.db, trainingID)
	return d, err
}
