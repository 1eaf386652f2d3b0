package measured

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/gain"
	"ostoja/internal/id"
	"ostoja/internal/identity"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/topic"
	"ostoja/internal/schema"
	"ostoja/internal/text"
)

// Planted is a participant as the report sees one: written into the store as if they had sat the tests.
type Planted struct {
	Measurement measurement.Measurement
	Unit        string // the world's if empty
	Org         string // the unit if empty
	Region      string
	Sex         string
	Lang        string
	Joined      time.Time
	Pre, Post   float64 // missing: not handed in
	Later       map[measurement.Wave]float64
	Use         string // asked | yes | no, at each follow-up
	Note        string
	Closed      bool   // what is not handed in can be handed in no more
	LaterClosed bool   // the same of the follow-ups alone
	First       string // form: A if empty
}

// Plant writes participants and returns their ids.
func (w *World) Plant(list ...Planted) (participantIDs []string) {
	w.T.Helper()
	w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
		participantIDs = nil
		for _, p := range list {
			participantID, err := w.plantOne(tx, p)
			if err != nil {
				return err
			}
			participantIDs = append(participantIDs, participantID)
		}
		return nil
	}))
	return participantIDs
}

func (w *World) plantOne(tx *db.Tx, p Planted) (string, error) {
	people++
	personID, participantID := id.New(), id.New()
	if p.Unit == "" {
		p.Unit = w.Unit
	}
	if p.Org == "" {
		p.Org = p.Unit
	}
	if p.Joined.IsZero() {
		p.Joined = Start
	}
	if err := db.Exec(w.Ctx, tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, sex, region, state, created_at)
		VALUES (?, ?, ?, 'Anna', 'Zasiana', ?, '', ?, 'pl', ?, ?, 'active', ?)`,
		personID, p.Org, p.Unit, fmt.Sprintf("zasiana %06d", people), fmt.Sprintf("zasiana%d@example.org", people), p.Sex, p.Region, p.Joined); err != nil {
		return "", err
	}
	if err := db.Exec(w.Ctx, tx, `INSERT INTO participant (id, measurement_id, person_id, organisation_id, unit_id, region, sex, lang, joined_at, first_form)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, participantID, p.Measurement.ID, personID, p.Org, p.Unit, p.Region, p.Sex, p.Lang, p.Joined, cmp.Or(p.First, "A")); err != nil {
		return "", err
	}
	fill := func(wave measurement.Wave, percent float64, use string) error {
		f := measurement.Filled{ParticipantID: participantID, Wave: wave, State: measurement.Asked, Use: use, At: p.Joined.Add(time.Hour)}
		if p.Closed || p.LaterClosed && slices.Contains(measurement.FollowUps, wave) {
			f.State = measurement.Closed
		}
		if !gain.IsMissing(percent) {
			f.State, f.FormID, f.Percent = measurement.Done, w.Test.Forms[0].ID, percent
			f.Topics = topic.Of(map[string]float64{"identify": percent, "law": percent / 2})
		}
		return w.Measurements.FillSitting(w.Ctx, tx, f)
	}
	if !gain.IsMissing(p.Pre) {
		if err := fill(measurement.Before, p.Pre, ""); err != nil {
			return "", err
		}
	}
	if !gain.IsMissing(p.Post) || p.Closed {
		if err := fill(measurement.After, p.Post, ""); err != nil {
			return "", err
		}
	}
	for _, wave := range measurement.FollowUps {
		percent, asked := p.Later[wave]
		if !asked {
			continue
		}
		if err := fill(wave, percent, p.Use); err != nil {
			return "", err
		}
		if err := db.Exec(w.Ctx, tx, `UPDATE sitting SET skills_note = ? WHERE participant_id = ? AND wave = ?`, p.Note, participantID, string(wave)); err != nil {
			return "", err
		}
	}
	return participantID, nil
}

// At3 is a score three months later.
func At3(percent float64) map[measurement.Wave]float64 {
	return map[measurement.Wave]float64{measurement.Months3: percent}
}

// NewUnit makes a unit below another, or an organisation.
func (w *World) NewUnit(parent, name string) string {
	w.T.Helper()
	unitID, err := w.App.Identity.CreateUnit(w.Ctx, access.System, identity.UnitDraft{ParentID: parent, Kind: identity.Region, Name: name})
	w.No(err)
	return unitID
}

// Within returns a new person of a unit who has a role there and below.
func (w *World) Within(role access.Role, unitID string) access.Actor {
	w.T.Helper()
	a := w.Person("Maria", "Lokalna")
	path, err := db.One[string](w.Ctx, w.DB, `SELECT path FROM unit WHERE id = ?`, unitID)
	w.No(err)
	a.Grants = []access.Grant{{Role: role, Path: path}, {Role: access.Learner}}
	return a
}

// Trained attaches the test, which must be approved, to a training of a title and a project.
func (w *World) Trained(title, project, unitID string) measurement.Measurement {
	w.T.Helper()
	m, err := w.AttachTraining(w.Admin,
		classroom.Draft{Title: title, Project: project, HeldFrom: Start.Add(24 * time.Hour), HeldUntil: Start.Add(48 * time.Hour)},
		measurement.Draft{TestID: w.Test.ID, UnitID: unitID, Waves: measurement.FollowUps, Survey: true})
	w.No(err)
	return m
}

// GoldenLearners are the twelve of docs/evidence.md: nine of them sat the follow-up and seven of these use the skills.
func GoldenLearners(m measurement.Measurement) []Planted {
	pre := []float64{40, 45, 50, 55, 35, 60, 50, 65, 45, 55, 50, 80}
	post := []float64{70, 80, 75, 85, 60, 90, 85, 90, 65, 80, 75, 95}
	later := []float64{65, 70, gain.Missing, 75, 50, 85, gain.Missing, 85, 60, gain.Missing, 70, 90}
	use := []string{"yes", "yes", "asked", "yes", "no", "yes", "asked", "yes", "no", "asked", "yes", "yes"}
	list := make([]Planted, len(pre))
	for i := range pre {
		list[i] = Planted{Measurement: m, Region: "06", Sex: "f", Lang: "pl", Pre: pre[i], Post: post[i], Later: At3(later[i]), Use: use[i]}
	}
	return list
}

// KeyOf returns a participant's group in a dimension, as the test expects it.
func (w *World) KeyOf(p Planted, d evidence.Dimension) string {
	switch d {
	case evidence.ByMeasurement:
		return p.Measurement.ID
	case evidence.ByProject:
		m, err := w.Measurements.Measurement(w.Ctx, w.Admin, p.Measurement.ID)
		w.No(err)
		return m.Project
	case evidence.ByService:
		return p.Org
	case evidence.ByRegion:
		return p.Region
	case evidence.BySex:
		return p.Sex
	case evidence.ByLanguage:
		return p.Lang
	}
	if p.Joined.Month() < time.October {
		return fmt.Sprintf("%d-Q3", p.Joined.Year())
	}
	return fmt.Sprintf("%d-Q4", p.Joined.Year())
}

// Matched says whether both tests are handed in.
func (p Planted) Matched() bool { return !gain.IsMissing(p.Pre) && !gain.IsMissing(p.Post) }

// Followed says whether there is a score at a follow-up too.
func (p Planted) Followed(w measurement.Wave) bool {
	percent, asked := p.Later[w]
	return p.Matched() && asked && !gain.IsMissing(percent)
}

// Draft is a whole item with the choices a, b and c, of which a is right.
func Draft(code string) itembank.Draft {
	return itembank.Draft{Topic: "identify", Item: item.Item{
		ID: code, Use: item.UseCompetence, Objective: "signals", Level: 2, Type: item.Single, Question: text.Translated{"pl": "Co zauważasz? " + code, "en": "What do you notice? " + code},
		Options: []item.Option{
			{ID: "a", Text: text.Translated{"pl": "sygnał", "en": "a signal"}, Correct: true},
			{ID: "b", Text: text.Translated{"pl": "nic", "en": "nothing"}},
			{ID: "c", Text: text.Translated{"pl": "pogodę", "en": "the weather"}},
		},
	}}
}

// Write writes an item, or its next version, and returns that.
func (w *World) Write(itemID string, d itembank.Draft) itembank.Version {
	w.T.Helper()
	v, made, err := w.Bank.WriteItem(w.Ctx, w.Admin, itemID, d)
	w.No(err)
	if !made {
		w.T.Fatalf("no version was made of %s", d.ID)
	}
	return v
}

// Third returns the last of three results.
func Third[A, B any](_ A, _ B, err error) error { return err }

// Second returns the last of two results.
func Second[A any](_ A, err error) error { return err }

// Dump returns every row of every table as a text, by table. Its order is not the database's.
func (w *World) Dump() map[string][]string {
	w.T.Helper()
	all := map[string][]string{}
	w.No(w.DB.View(w.Ctx, func(tx *db.Tx) error {
		for _, table := range schema.Tables {
			if err := db.Rows(w.Ctx, tx, func(columns []string, values []any) error {
				var b strings.Builder
				for i, c := range columns {
					if raw, is := values[i].([]byte); is {
						values[i] = string(raw)
					}
					fmt.Fprintf(&b, "%s=%v|", c, values[i])
				}
				all[table] = append(all[table], b.String())
				return nil
			}, `SELECT * FROM `+table); err != nil {
				return err
			}
			slices.Sort(all[table])
		}
		return nil
	}))
	return all
}

// Changes returns what a second dump has that a first one has not, by table.
func Changes(before, after map[string][]string) map[string][]string {
	found := map[string][]string{}
	for table, rows := range after {
		for _, row := range rows {
			if _, there := slices.BinarySearch(before[table], row); !there {
				found[table] = append(found[table], row)
			}
		}
	}
	return found
}

// Refuses checks that an error names a field and why.
func (w *World) Refuses(what string, err error, field, key string) {
	w.T.Helper()
	e := (*errs.Error)(nil)
	if !errors.As(err, &e) || !errors.Is(err, errs.ErrInvalid) {
		w.T.Errorf("%s: %v", what, err)
		return
	}
	if !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == field && f.Key == key }) {
		w.T.Errorf("%s: %v, not %s at %s", what, err, key, field)
	}
}

// One reads a single value.
func One[T any](w *World, text string, args ...any) T {
	w.T.Helper()
	v, err := db.One[T](w.Ctx, w.DB, text, args...)
	w.No(err)
	return v
}
