// Package modelled plants the model programme of package report's tests: one project paid by two funds, 800 people who passed a course online, 22 trainings with 495
// seats that were taken, 40 guardians, and what goes wrong in life: missing proofs, two accounts of one person, own staff, a training before the project, one that begins
// in a period and ends in the next, two whose cost another project shares, certificates of a later period and revoked ones.
//
// The CSV files in data are the programme. data/figures.py counts them without the program; data/expected.json is what it printed.
package modelled

import (
	"context"
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/app"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/guardian"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/testrig"
)

//go:embed data
var data embed.FS

// AMIF is the European fund, and Model one whose table has everything that is counted, and which does not count who was there for less than half of a training.
const (
	AMIF  = "amif-2021"
	Model = "model"
)

// Periods are the last days of the project's periods. The first begins on the first of January 2026.
var Periods = []string{"2026-06-30", "2026-09-30", "2026-12-31"}

// Figures are what there is of a fund in a period.
type Figures struct {
	Participants, Active, Participations, Certificates, Trainings int
	PersonDays                                                    float64 `json:"person-days"`
	Proofs                                                        map[string]int
	Complete                                                      int
}

// Expected is what the CSV files come to. Its keys are numbers of periods; 0 is the whole.
type Expected struct {
	AMIF      map[int]Figures `json:"amif-2021"`
	Model     map[int]Figures
	Reactions map[int]struct{ Answered, Useful, Asked, Yes, No int }
	Guardians map[int]int
}

// Read returns what was counted without the program.
func Read(t testing.TB) (x Expected) {
	t.Helper()
	content, err := data.ReadFile("data/expected.json")
	if err == nil {
		err = json.Unmarshal(content, &x)
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Place is where the programme is planted.
type Place struct {
	App         *app.App
	DB          *db.DB
	Clock       *clock.Fake
	Coordinator access.Actor      // everywhere
	Office      string            // whose project it is
	Units       map[string]string // terespol, chelm and office
	CourseID    string            // a published one with a competence test
	OtherID     string            // the project that shares two trainings; none if empty
}

// planting is a programme while it is planted.
type planting struct {
	Place
	t         testing.TB
	ctx       context.Context
	zone      *time.Location
	tx        *db.Tx
	projectID string
	versionID string // of the course
	testID    string
	people    map[string]string // ids, by their names in the files
	sessions  map[string][]string
	measured  map[string]string // measurement of each training
	shared    []project.Part    // what is left of trainings for another project
	numbers   int               // certificates
}

// Plant makes the project and everything that it counts, and returns its id. Decisions of people are made by the services; what the rooms and courses left behind is
// written at once, since 1,300 people would take an hour to sign in.
func Plant(t testing.TB, at Place) (projectID string) {
	t.Helper()
	p := &planting{Place: at, t: t, ctx: t.Context(), people: map[string]string{}, sessions: map[string][]string{}, measured: map[string]string{}}
	p.versionID = testrig.Must(db.One[string](p.ctx, at.DB, `SELECT id FROM course_version WHERE course_id = ? ORDER BY id DESC LIMIT 1`, at.CourseID))(p.t)
	p.testID = testrig.Must(db.One[string](p.ctx, at.DB, `SELECT id FROM competence_test ORDER BY id LIMIT 1`))(p.t)
	p.zone = testrig.Must(time.LoadLocation("Europe/Warsaw"))(t)
	p.project()
	p.ok(at.DB.Update(p.ctx, func(tx *db.Tx) error {
		p.tx = tx
		p.accounts()
		p.trainings()
		p.took()
		return nil
	}))
	p.decisions()
	p.guardians()
	return p.projectID
}

func (p *planting) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *planting) exec(text string, args ...any) {
	p.t.Helper()
	p.ok(db.Exec(p.ctx, p.tx, text, args...))
}

// rows returns a file's rows by their columns' names.
func (p *planting) rows(name string) (list []map[string]string) {
	p.t.Helper()
	f, err := data.Open("data/" + name + ".csv")
	p.ok(err)
	all, err := csv.NewReader(f).ReadAll()
	p.ok(err)
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, column := range all[0] {
			m[column] = row[i]
		}
		list = append(list, m)
	}
	return list
}

// at is an hour of a day in the programme's zone.
func (p *planting) at(day string, hour int) time.Time {
	p.t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, day, p.zone)
	p.ok(err)
	return time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, p.zone)
}

func (p *planting) number(s string) int {
	p.t.Helper()
	n, err := strconv.Atoi(s)
	p.ok(err)
	return n
}

func (p *planting) project() {
	p.t.Helper()
	rules, err := data.ReadFile("data/model.yaml")
	p.ok(err)
	if _, faults, err := p.App.Funds.Import(p.ctx, p.Coordinator, rules); err != nil {
		p.t.Fatal(faults, err)
	}
	projects := p.App.Projects
	p.projectID = testrig.Must(projects.Create(p.ctx, p.Coordinator, project.Draft{Name: "Program wzorcowy", Number: "WZ/1/2026", UnitID: p.Office, FirstDay: "2026-01-01", LastDay: Periods[2]}))(p.t)
	for _, last := range Periods {
		p.ok(projects.AddPeriod(p.ctx, p.Coordinator, p.projectID, last))
	}
	p.ok(projects.SetShares(p.ctx, p.Coordinator, p.projectID, []project.Share{{FundID: AMIF, Share: 7500}, {FundID: Model, Share: 2500}}))
	p.ok(projects.AddPart(p.ctx, p.Coordinator, p.projectID, project.Part{Kind: project.Course, SubjectID: p.CourseID, Share: 100}))
	p.ok(projects.AddPart(p.ctx, p.Coordinator, p.projectID, project.Part{Kind: project.Guardians, SubjectID: p.Office, Share: 100}))
}

func (p *planting) accounts() {
	p.t.Helper()
	for i, row := range p.rows("people") {
		personID, unitID := id.New(), p.Units[row["unit"]]
		organisation := testrig.Must(db.One[string](p.ctx, p.tx, `SELECT organisation_id FROM person WHERE unit_id = ? ORDER BY id LIMIT 1`, unitID))(p.t)
		p.exec(`INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, sex, region, state, created_at)
			VALUES (?, ?, ?, 'Wzorowa', ?, ?, ?, ?, 'pl', ?, ?, 'active', ?)`,
			personID, organisation, unitID, "Osoba "+row["person"], fmt.Sprintf("wzor %05d", i), "osoba "+row["person"], row["person"]+"@wzor.example", row["sex"], row["region"], p.at("2025-12-01", 8))
		p.people[row["person"]] = personID
	}
}

// trainings makes each with half days from eight to eleven and from twelve to three.
func (p *planting) trainings() {
	p.t.Helper()
	for _, row := range p.rows("trainings") {
		trainingID, days := id.New(), p.number(row["days"])
		first := p.at(row["first"], 8)
		end := first.AddDate(0, 0, days-1).Add(7 * time.Hour)
		p.exec(`INSERT INTO training (id, title, place, held_from, held_until, project_id, project_share, unit_id, announced, created_at, created_by) VALUES (?, ?, 'Warszawa', ?, ?, ?, ?, ?, FALSE, ?, '')`,
			trainingID, "Szkolenie "+row["training"], first, end, p.projectID, p.number(row["share"]), p.Office, p.at("2025-12-01", 8))
		if share := p.number(row["share"]); share < 100 {
			p.shared = append(p.shared, project.Part{Kind: project.Training, SubjectID: trainingID, Share: 100 - share})
		}
		for half := range 2 * days {
			sessionID, from := id.New(), first.AddDate(0, 0, half/2).Add(time.Duration(half%2)*4*time.Hour)
			p.exec(`INSERT INTO training_session (id, training_id, starts_at, ends_at, place) VALUES (?, ?, ?, ?, 'Warszawa')`, sessionID, trainingID, from, from.Add(3*time.Hour))
			p.sessions[row["training"]] = append(p.sessions[row["training"]], sessionID)
		}
		measurementID := id.New()
		p.exec(`INSERT INTO measurement (id, test_id, unit_id, waves, survey, seed, created_at, created_by, subject_kind, subject_id) VALUES (?, ?, ?, '["months3"]', TRUE, 1, ?, '', 'training', ?)`,
			measurementID, p.testID, p.Office, first, trainingID)
		p.measured[row["training"]] = measurementID
		if row["useful"] != "" {
			tally, responses := map[string]int{}, 0
			for i, n := range strings.Fields(row["useful"]) {
				tally[strconv.Itoa(i+1)] = p.number(n)
				responses += p.number(n)
			}
			p.exec(`INSERT INTO survey_release (measurement_id, responses, tally, comments) VALUES (?, ?, ?, '[]')`, measurementID, responses, db.JSON(map[string]any{"useful": tally}))
		}
	}
}

func (p *planting) took() {
	p.t.Helper()
	for _, row := range p.rows("taken") {
		personID := p.people[row["person"]]
		if row["notice"] == "yes" {
			p.exec(`INSERT INTO report_notice (project_id, person_id, fund_id, version, lang, at, how, actor_id) VALUES (?, ?, ?, 1, 'pl', ?, 'page', '') ON CONFLICT DO NOTHING`,
				p.projectID, personID, AMIF, p.at(row["day"], 7))
			p.exec(`INSERT INTO report_notice (project_id, person_id, fund_id, version, lang, at, how, actor_id) VALUES (?, ?, ?, 1, 'pl', ?, 'page', '') ON CONFLICT DO NOTHING`,
				p.projectID, personID, Model, p.at(row["day"], 7))
		}
		if row["what"] == "course" {
			p.passed(personID, row)
		} else {
			p.seat(personID, row)
		}
	}
}

func (p *planting) passed(personID string, row map[string]string) {
	p.t.Helper()
	enrolmentID, at := id.New(), p.at(row["day"], 10)
	p.exec(`INSERT INTO enrolment (id, person_id, course_id, version_id, round, lang, source, created_at, started_at, finished_at, passed_at) VALUES (?, ?, ?, ?, 1, 'pl', 'invitation', ?, ?, ?, ?)`,
		enrolmentID, personID, p.CourseID, p.versionID, at.AddDate(0, 0, -9), at.AddDate(0, 0, -8), at, at)
	p.certificate(personID, row, enrolmentID, nil)
}

func (p *planting) certificate(personID string, row map[string]string, enrolmentID, trainingID any) {
	p.t.Helper()
	if row["certificate"] == "" {
		return
	}
	p.numbers++
	var courseID, versionID any
	if trainingID == nil {
		courseID, versionID = p.CourseID, p.versionID
	}
	issued := p.at(row["certificate"], 10)
	var revoked any
	if row["revoked"] == "yes" {
		revoked = issued.Add(time.Hour)
	}
	p.exec(`INSERT INTO certificate (id, number, code, person_id, enrolment_id, course_id, version_id, training_id, lang, holder, title, hours, objectives, issuer, issued_at, revoked_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pl', 'Wzorowa Osoba', 'Zaświadczenie', 6, '[]', 'Biuro programu', ?, ?)`,
		id.New(), fmt.Sprintf("WZ-2026-%06d", p.numbers), fmt.Sprintf("WZ%014d", p.numbers), personID, enrolmentID, courseID, versionID, trainingID, issued, revoked)
}

func (p *planting) seat(personID string, row map[string]string) {
	p.t.Helper()
	trainingID := testrig.Must(db.One[string](p.ctx, p.tx, `SELECT training_id FROM training_session WHERE id = ?`, p.sessions[row["what"]][0]))(p.t)
	unitID := testrig.Must(db.One[string](p.ctx, p.tx, `SELECT unit_id FROM person WHERE id = ?`, personID))(p.t)
	organisation := testrig.Must(db.One[string](p.ctx, p.tx, `SELECT organisation_id FROM person WHERE id = ?`, personID))(p.t)
	first := p.at(row["day"], 8)
	if row["enrolled"] == "yes" {
		p.exec(`INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at) VALUES (?, ?, ?, 'confirmed', 'added', ?, ?, ?)`, id.New(), trainingID, personID, unitID, first.AddDate(0, 0, -9), first)
	}
	origin := "roll"
	if row["signed"] == "yes" {
		origin = "code"
	}
	for i, there := range row["there"] {
		state, minutes, markID := "absent", 0, id.New()
		if there == '1' {
			state, minutes = "present", 180
		}
		at := first.AddDate(0, 0, i/2).Add(time.Duration(i%2) * 4 * time.Hour)
		sessionID := p.sessions[row["what"]][i]
		p.exec(`INSERT INTO attendance_mark (id, session_id, person_id, state, made_at, at, received_at, made_by, origin) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?)`, markID, sessionID, personID, state, at, at, at, origin)
		p.exec(`INSERT INTO attendance (session_id, person_id, state, minutes, mark_id, training_id, programme) VALUES (?, ?, ?, ?, ?, ?, ?)`, sessionID, personID, state, minutes, markID, trainingID, "Szkolenie "+row["what"])
	}
	after := "asked"
	if row["test"] == "yes" {
		after = "done"
	}
	p.exec(`INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, after_state, months3_use) VALUES (?, ?, ?, ?, ?, '', '', 'pl', ?, ?, ?)`,
		id.New(), p.measured[row["what"]], personID, organisation, unitID, first, after, row["used"])
	p.certificate(personID, row, nil, trainingID)
}

// decisions are those of people about people.
func (p *planting) decisions() {
	p.t.Helper()
	projects := p.App.Projects
	for _, row := range p.rows("pairs") {
		one, other := p.people[row["person"]], p.people[row["other"]]
		if row["decided"] == "open" {
			continue
		}
		p.ok(projects.DecidePair(p.ctx, p.Coordinator, one, other, row["decided"] != "two"))
		if row["decided"] == "taken-back" {
			p.ok(projects.ReopenPair(p.ctx, p.Coordinator, one, other))
		}
	}
	for _, part := range p.shared {
		if p.OtherID != "" {
			p.ok(projects.AddPart(p.ctx, p.Coordinator, p.OtherID, part))
		}
	}
	for _, row := range p.rows("staff") {
		p.ok(projects.SetStaff(p.ctx, p.Coordinator, p.projectID, p.people[row["person"]], true))
	}
}

// guardians are admitted on their days, among whom are people who learned nothing here.
func (p *planting) guardians() {
	p.t.Helper()
	now := p.Clock.Now()
	for i, row := range p.rows("guardians") {
		p.Clock.Advance(p.at(row["admitted"], 9).Sub(p.Clock.Now()))
		p.ok(p.DB.Update(p.ctx, func(tx *db.Tx) error {
			_, err := p.App.Guardians.Admit(p.ctx, tx, guardian.Admission{
				PersonID: p.people[fmt.Sprintf("e%03d", 700+i)], UnitID: p.Office, ValidUntil: now.AddDate(1, 0, 0), Phone: "+48 600 100 200", MostChildren: 2, Langs: []string{"pl"}, By: p.Coordinator.PersonID,
			})
			return err
		}))
	}
	p.Clock.Advance(now.Sub(p.Clock.Now()))
}
