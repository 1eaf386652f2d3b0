package demo

import (
	"context"
	"fmt"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/request"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// GuardianStaff are those who work with the register of guardians, in the order in which they are printed.
var GuardianStaff = []Member{
	{access.GuardianCoordinator, "rejestr@demo.example", "Gabriela", "Morawska"},
	{access.Requester, "dyzurny@demo.example", "Norbert", "Sikora"},
	{access.CourtClerk, "sad@demo.example", "Klara", "Wolska"},
	{access.Assessor, "ocena@demo.example", "Monika", "Baran"},
	{access.Assessor, "ocena2@demo.example", "Marek", "Zawada"},
	{access.ComplaintsOfficer, "skargi@demo.example", "Olga", "Rybak"},
}

// GuardianMail returns the address of the n-th demonstration guardian, from 0.
func GuardianMail(n int) string { return fmt.Sprintf("kuratorka%d@demo.example", n) }

// guardians are those in the demonstration's register: what they speak, before which of the courts they work, and where their entry stands.
var guardians = []struct {
	given, family, sex string
	langs              []string
	courts             []int
	state              guardian.State
	days               int // until their training lapses
}{
	{"Helena", "Adamska", "f", []string{"pl", "uk", "ru"}, []int{0, 1}, guardian.Listed, 300},
	{"Beata", "Jabłońska", "f", []string{"pl", "en", "ar"}, []int{0}, guardian.Listed, 26},
	{"Tamara", "Bondar", "f", []string{"pl", "uk"}, []int{0, 2}, guardian.Listed, 200},
	{"Wiktor", "Lipiński", "m", []string{"pl", "vi"}, []int{1}, guardian.Listed, 410},
	{"Alicja", "Dąbek", "f", []string{"pl", "en", "fr"}, []int{0, 1, 2}, guardian.Paused, 150},
	{"Ryszard", "Olszak", "m", []string{"pl", "ru"}, []int{0, 2}, guardian.Listed, 90},
	{"Hanna", "Krupa", "f", []string{"pl", "en"}, []int{1}, guardian.Verified, 700},
}

// courtNames are of places that do not exist.
var courtNames = []string{"Sąd Rejonowy w Brzezinach Leśnych (demonstracja)", "Sąd Rejonowy w Dalekim Borze (demonstracja)", "Sąd Rejonowy w Starej Przystani (demonstracja)"}

// FillGuardians makes an office that keeps a register, accredited institutions, and two requests: one that somebody agreed to some days ago, and one
// for which somebody is asked now.
func (f *Filler) FillGuardians(ctx context.Context, s *request.Service, past *clock.Fake) (err error) {
	defer errs.Wrap(&err, "demo.FillGuardians")
	const admitted, ago = 60 * 24 * time.Hour, 3 * 24 * time.Hour
	var courts, entries []string
	var court unit
	past.Advance(-admitted)
	err = f.db(ctx, func(tx *db.Tx) (err error) {
		if court, err = f.makeCourt(ctx, tx); err != nil {
			return err
		}
		if err := f.makeGuardianStaff(ctx, tx, court); err != nil {
			return err
		}
		courts, entries, err = f.makeRegister(ctx, tx)
		return err
	})
	past.Advance(admitted)
	if err != nil {
		return err
	}
	office, err := f.guardianStaff(ctx, access.GuardianCoordinator)
	if err != nil {
		return err
	}
	today := past.Now().In(s.Zone)
	until := today.AddDate(1, 0, 0).Format(time.DateOnly)
	signed := today.Add(-admitted).Format(time.DateOnly)
	for _, i := range []request.Institution{
		{UnitID: f.units[1].organisation, Kind: request.Requester, Phone: "00 000 00 11"},
		{UnitID: court.id, Kind: request.CourtKind, CourtID: courts[0], Phone: "00 000 00 12"},
	} {
		i.SignedOn, i.TermsUntil = signed, until
		if err := s.PutInstitution(ctx, office, i); err != nil {
			return err
		}
	}
	if err := s.PutOffice(ctx, office, request.Office{UnitID: f.units[0].id, Phone: "00 000 00 10", Hours: "numer wymyślony", CourtView: true}); err != nil {
		return err
	}
	past.Advance(-ago)
	err = f.agreed(ctx, s, courts[0], past)
	past.Advance(ago)
	if err != nil {
		return err
	}
	if err := f.db(ctx, func(tx *db.Tx) error { return f.makeDuty(ctx, tx, s.Zone, courts, entries) }); err != nil {
		return err
	}
	if _, err := f.askGuardian(ctx, s, courts[0], "II-48/26"); err != nil {
		return err
	}
	return f.quiet(ctx)
}

func (f *Filler) makeCourt(ctx context.Context, tx *db.Tx) (unit, error) {
	u := unit{id: id.New(), region: "06"}
	u.path, u.organisation = "/"+u.id+"/", u.id
	return u, db.Exec(ctx, tx, `INSERT INTO unit (id, path, kind, name, region, created_at) VALUES (?, ?, 'office', ?, ?, ?)`, u.id, u.path, courtNames[0], u.region, f.Clock.Now())
}

// makeGuardianStaff adds who works with the register: at the office, at a post, and at the court.
func (f *Filler) makeGuardianStaff(ctx context.Context, tx *db.Tx, court unit) error {
	for _, s := range GuardianStaff {
		p := person{id: id.New(), given: s.Given, family: s.Family, mail: s.Mail, unit: f.units[0], lang: "pl", at: f.Clock.Now()}
		switch s.Role {
		case access.Requester:
			p.unit = f.units[1]
		case access.CourtClerk:
			p.unit = court
		}
		if err := f.insertPerson(ctx, tx, p); err != nil {
			return err
		}
		if err := f.grant(ctx, tx, p, s.Role, false); err != nil {
			return err
		}
	}
	return nil
}

// guardianStaff returns one of them as an actor.
func (f *Filler) guardianStaff(ctx context.Context, role access.Role) (a access.Actor, err error) {
	for _, s := range GuardianStaff {
		if s.Role != role {
			continue
		}
		type row struct{ ID, Path string }
		p, err := db.One[row](ctx, f.DB, `SELECT p.id, u.path FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.mail = ?`, s.Mail)
		return access.Actor{PersonID: p.ID, Path: p.Path, At: f.Clock.Now(), Grants: []access.Grant{{Role: role, Path: p.Path}}}, err
	}
	return a, fmt.Errorf("no demonstration person is a %s", role)
}

// makeRegister writes the courts, and the people with their entries.
func (f *Filler) makeRegister(ctx context.Context, tx *db.Tx) (courts, entries []string, err error) {
	now := f.Clock.Now()
	for _, name := range courtNames {
		courtID := id.New()
		courts = append(courts, courtID)
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_court (id, name, short, region, sort_key) VALUES (?, ?, ?, '06', ?)`, courtID, name, "SR "+name[len("Sąd Rejonowy "):len(name)-len(" (demonstracja)")], text.SortKey(name)); err != nil {
			return nil, nil, err
		}
	}
	for n, g := range guardians {
		p := person{id: id.New(), given: g.given, family: g.family, sex: g.sex, mail: GuardianMail(n), unit: f.units[0], lang: "pl", at: now}
		if err := f.insertPerson(ctx, tx, p); err != nil {
			return nil, nil, err
		}
		if err := f.grant(ctx, tx, p, access.Learner, false); err != nil {
			return nil, nil, err
		}
		entryID := id.New()
		entries = append(entries, entryID)
		if err := db.Exec(ctx, tx, `INSERT INTO guardian (id, person_id, unit_id, state, state_since, valid_until, phone, most_children) VALUES (?, ?, ?, ?, ?, ?, ?, 2)`,
			entryID, p.id, p.unit.id, string(g.state), now, now.AddDate(0, 0, 60+g.days), fmt.Sprintf("00 000 01 %02d", n)); err != nil {
			return nil, nil, err
		}
		for _, lang := range g.langs {
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_language (guardian_id, lang) VALUES (?, ?)`, entryID, lang); err != nil {
				return nil, nil, err
			}
		}
		answers := []string{map[string]string{"f": "woman", "m": "man"}[g.sex]}
		if n%2 == 0 {
			answers = append(answers, "evenings")
		}
		for _, wish := range answers {
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_answers_to (guardian_id, wish) VALUES (?, ?)`, entryID, wish); err != nil {
				return nil, nil, err
			}
		}
		for _, c := range g.courts {
			if err := db.Exec(ctx, tx, `INSERT INTO guardian_before (guardian_id, court_id) VALUES (?, ?)`, entryID, courts[c]); err != nil {
				return nil, nil, err
			}
		}
		if err := guardian.Note(ctx, tx, guardian.Event{GuardianID: entryID, At: now, Kind: "admitted"}); err != nil {
			return nil, nil, err
		}
	}
	return courts, entries, nil
}

// makeDuty has the first court answered for in this week and the next, the second in this week alone, and the third not at all.
func (f *Filler) makeDuty(ctx context.Context, tx *db.Tx, zone *time.Location, courts, entries []string) error {
	for _, d := range []struct {
		court, entry, weeks int
		lang                string
	}{{0, 0, 0, "uk"}, {0, 5, 0, "ru"}, {0, 2, 1, "uk"}, {1, 3, 0, "vi"}} {
		week := guardian.WeekOf(f.Clock.Now(), zone).Add(d.weeks)
		if err := db.Exec(ctx, tx, `INSERT INTO guardian_duty (court_id, lang, week, guardian_id) VALUES (?, ?, ?, ?)`,
			courts[d.court], d.lang, string(week), entries[d.entry]); err != nil {
			return err
		}
	}
	return nil
}

func (f *Filler) askGuardian(ctx context.Context, s *request.Service, courtID, reference string) (requestID string, err error) {
	unit, err := f.guardianStaff(ctx, access.Requester)
	if err != nil {
		return "", err
	}
	today := f.Clock.Now().In(s.Zone).Format(time.DateOnly)
	return s.Ask(ctx, unit, request.Draft{Purpose: "protection", Reference: reference, CourtID: courtID, Lang: "uk", Wishes: []string{"woman"}, FromDay: today, MotionOn: today})
}

// agreed has a request accepted by whom it asks first.
func (f *Filler) agreed(ctx context.Context, s *request.Service, courtID string, past *clock.Fake) error {
	requestID, err := f.askGuardian(ctx, s, courtID, "II-41/26")
	if err != nil {
		return err
	}
	type asked struct{ ID, PersonID string }
	p, err := db.One[asked](ctx, f.DB, `SELECT o.id, g.person_id FROM guardian_proposal o JOIN guardian g ON g.id = o.guardian_id WHERE o.request_id = ? AND o.place = 0`, requestID)
	if err != nil {
		return err
	}
	past.Advance(9 * time.Minute)
	err = s.AnswerHere(ctx, access.Actor{PersonID: p.PersonID, At: past.Now()}, p.ID, request.Reply{Agree: true, Consent: true, NoConflict: true})
	past.Advance(-9 * time.Minute)
	return err
}
