package request

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/term"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// The kinds of institutions.
const (
	Requester = "requester"
	CourtKind = "court"
)

// Institution is one whose people may act here while its signed terms are current.
type Institution struct {
	UnitID     string
	UnitPath   string
	Unit       string // name
	Kind       string
	CourtID    string // of a court
	Phone      string // the known number at which the office calls back
	SignedOn   string // 2026-11-30
	TermsUntil string // inclusive
	Edition    int64
}

// Current says whether the terms hold on a day.
func (i Institution) Current(today time.Time) bool {
	return i.TermsUntil >= today.Format(time.DateOnly)
}

const selectInstitutions = `
	SELECT i.unit_id, u.path AS unit_path, u.name AS unit, i.kind, COALESCE(i.court_id, '') AS court_id, i.phone, i.signed_on, i.terms_until, i.edition
	FROM guardian_institution i JOIN identity_unit u ON u.id = i.unit_id `

// institution finds the requester for which the actor acts: the nearest of their units that has terms. It is looked up at each act, so that who is
// signed in when terms end has nothing from then on.
func (s *Service) institution(ctx context.Context, q db.Querier, actor access.Actor) (Institution, error) {
	return s.institutionOf(ctx, q, actor, access.GuardiansRequest, Requester)
}

func (s *Service) institutionOf(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission, kind string) (i Institution, err error) {
	if actor.PersonID == "" || !actor.May(p, actor.Path) {
		return i, errs.NotFound("error.not-found")
	}
	i, err = db.One[Institution](ctx, q, selectInstitutions+`WHERE ? LIKE u.path || '%' AND i.kind = ? ORDER BY LENGTH(u.path) DESC LIMIT 1`, actor.Path, kind)
	if missing(err) || err == nil && !i.Current(s.today()) {
		return Institution{}, errs.Forbidden("request.no-terms")
	}
	return i, err
}

// Office is what an office says of itself to those who ask.
type Office struct {
	UnitID    string
	UnitPath  string
	Unit      string // name
	Phone     string
	Hours     string
	CourtView bool // clerks of courts see what was put before their court
	TermDays  int  // that a court has to appoint a guardian, after the day of the motion; 0: as shipped, and moved
	TermMoved bool // whether a term that would end on a Saturday, Sunday or holiday ends on the next working day
	Edition   int64
}

const selectOffices = `SELECT o.unit_id, u.path AS unit_path, u.name AS unit, o.phone, o.hours, o.court_view, o.term_days, o.term_moved, o.edition FROM guardian_office o JOIN identity_unit u ON u.id = o.unit_id `

func offices(ctx context.Context, q db.Querier) ([]Office, error) {
	return db.All[Office](ctx, q, selectOffices+`ORDER BY u.name, u.id`)
}

// Offices lists the offices that the actor keeps.
func (s *Service) Offices(ctx context.Context, actor access.Actor) (_ []Office, err error) {
	defer errs.Wrap(&err, "request.Offices")
	condition, args := actor.Within(access.GuardiansRead, "u.path")
	return db.All[Office](ctx, s.DB, selectOffices+`WHERE `+condition+` ORDER BY u.name, u.id`, args...)
}

// Office returns what the office of a unit says of itself, empty with the edition 0 if it has not said anything yet.
func (s *Service) Office(ctx context.Context, actor access.Actor, unitID string) (o Office, err error) {
	defer errs.Wrap(&err, "request.Office")
	u, err := unit(ctx, s.DB, unitID)
	if err == nil && !actor.May(access.GuardiansWrite, u.UnitPath) {
		err = errs.NotFound("error.not-found")
	}
	if err != nil {
		return o, err
	}
	o, err = db.One[Office](ctx, s.DB, selectOffices+`WHERE o.unit_id = ?`, unitID)
	if missing(err) {
		u.TermDays, u.TermMoved = term.Court.Days, true
		return u, nil
	}
	return o, err
}

// unit finds a unit as an office that has not said anything yet.
func unit(ctx context.Context, q db.Querier, unitID string) (Office, error) {
	if !id.Valid(unitID) {
		return Office{}, errs.NotFound("error.not-found")
	}
	return db.One[Office](ctx, q, `SELECT id AS unit_id, path AS unit_path, name AS unit FROM identity_unit WHERE id = ?`, unitID)
}

// mostTermDays is the longest term that an office can set, in days.
const mostTermDays = 60

// PutOffice writes what an office says of itself.
func (s *Service) PutOffice(ctx context.Context, actor access.Actor, o Office) (err error) {
	defer errs.Wrap(&err, "request.PutOffice")
	o.Phone, o.Hours = text.Clean(o.Phone), text.Clean(o.Hours)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		u, err := unit(ctx, tx, o.UnitID)
		if err == nil && !actor.May(access.GuardiansWrite, u.UnitPath) {
			err = errs.NotFound("error.not-found")
		}
		if err != nil {
			return err
		}
		var faults errs.Fields
		if !text.IsPhone(o.Phone, leastDigits) {
			faults.Add("phone", "request.fault.phone")
		}
		if len([]rune(o.Hours)) > mostText {
			faults.Add("hours", "request.fault.long", "High", mostText)
		}
		if o.TermDays == 0 {
			o.TermDays, o.TermMoved = term.Court.Days, true
		}
		if o.TermDays < 1 || o.TermDays > mostTermDays {
			faults.Add("term-days", "request.fault.term-days", "Most", mostTermDays)
		}
		if err := faults.Err(); err != nil {
			return err
		}
		n, err := db.Changed(ctx, tx, `
			INSERT INTO guardian_office (unit_id, phone, hours, court_view, term_days, term_moved) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (unit_id) DO UPDATE SET phone = excluded.phone, hours = excluded.hours, court_view = excluded.court_view, term_days = excluded.term_days,
				term_moved = excluded.term_moved, edition = guardian_office.edition + 1
			WHERE guardian_office.edition = ?`, o.UnitID, o.Phone, o.Hours, o.CourtView, o.TermDays, o.TermMoved, o.Edition)
		if err == nil && n == 0 {
			err = errs.Conflict("request.changed-meanwhile")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.office", "unit:"+o.UnitID, map[string]bool{"court-view": o.CourtView})
	})
}

// leastDigits is how many digits the number of an office has at least: some have short ones.
const leastDigits = 3

// Institutions lists all institutions, those whose terms end first at the top.
func (s *Service) Institutions(ctx context.Context, actor access.Actor) (_ []Institution, err error) {
	defer errs.Wrap(&err, "request.Institutions")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	return db.All[Institution](ctx, s.DB, selectInstitutions+`ORDER BY i.terms_until, u.name, u.id`)
}

// Institution returns a unit's terms, empty with the edition 0 if there are none.
func (s *Service) Institution(ctx context.Context, actor access.Actor, unitID string) (i Institution, err error) {
	defer errs.Wrap(&err, "request.Institution")
	if !actor.Has(access.GuardiansWrite) {
		return i, errs.NotFound("error.not-found")
	}
	u, err := unit(ctx, s.DB, unitID)
	if err != nil {
		return i, err
	}
	i, err = db.One[Institution](ctx, s.DB, selectInstitutions+`WHERE i.unit_id = ?`, unitID)
	if missing(err) {
		return Institution{UnitID: u.UnitID, UnitPath: u.UnitPath, Unit: u.Unit}, nil
	}
	return i, err
}

// mostTerms is for how many days ahead terms can be signed: two years and a little, so that somebody looks at them again.
const mostTerms = 750

func (i Institution) check(today time.Time) (faults errs.Fields) {
	if !slices.Contains([]string{Requester, CourtKind}, i.Kind) {
		faults.Add("kind", "request.fault.choose")
	}
	if i.Kind == CourtKind && i.CourtID == "" {
		faults.Add("court", "request.fault.choose")
	}
	if !text.IsPhone(i.Phone, leastDigits) {
		faults.Add("phone", "request.fault.phone")
	}
	signed, ok := day(i.SignedOn)
	switch {
	case !ok:
		faults.Add("signed", "request.fault.day")
	case signed.After(today):
		faults.Add("signed", "request.fault.future")
	}
	until, ok := day(i.TermsUntil)
	switch {
	case !ok:
		faults.Add("until", "request.fault.day")
	case until.Before(signed):
		faults.Add("until", "request.fault.before-signed")
	case until.Sub(today) > mostTerms*24*time.Hour:
		faults.Add("until", "request.fault.terms-long")
	}
	return faults
}

// PutInstitution writes a unit's terms: accredits it, renews it, or with a day that is over ends it.
func (s *Service) PutInstitution(ctx context.Context, actor access.Actor, i Institution) (err error) {
	defer errs.Wrap(&err, "request.PutInstitution")
	if !actor.Has(access.GuardiansWrite) {
		return errs.NotFound("error.not-found")
	}
	i.Phone, i.SignedOn, i.TermsUntil = text.Clean(i.Phone), text.Clean(i.SignedOn), text.Clean(i.TermsUntil)
	if i.Kind != CourtKind {
		i.CourtID = ""
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		if _, err := unit(ctx, tx, i.UnitID); err != nil {
			return err
		}
		faults := i.check(s.today())
		if i.CourtID != "" {
			n, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM guardian_court WHERE id = ?`, i.CourtID)
			if err != nil {
				return err
			}
			if n == 0 {
				faults.Add("court", "request.fault.choose")
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		var court any
		if i.CourtID != "" {
			court = i.CourtID
		}
		n, err := db.Changed(ctx, tx, `
			INSERT INTO guardian_institution (unit_id, kind, court_id, phone, signed_on, terms_until) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (unit_id) DO UPDATE SET kind = excluded.kind, court_id = excluded.court_id, phone = excluded.phone, signed_on = excluded.signed_on,
				terms_until = excluded.terms_until, edition = guardian_institution.edition + 1
			WHERE guardian_institution.edition = ?`, i.UnitID, i.Kind, court, i.Phone, i.SignedOn, i.TermsUntil, i.Edition)
		if err == nil && n == 0 {
			err = errs.Conflict("request.changed-meanwhile")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "guardian.institution", "unit:"+i.UnitID, map[string]string{"kind": i.Kind, "until": i.TermsUntil})
	})
}

// Courts lists the courts for the form of an institution.
func (s *Service) Courts(ctx context.Context, actor access.Actor) (_ []guardian.Court, err error) {
	defer errs.Wrap(&err, "request.Courts")
	if !actor.Has(access.GuardiansRead) {
		return nil, errs.NotFound("error.not-found")
	}
	return db.All[guardian.Court](ctx, s.DB, selectCourts)
}

// mostFound is how many units a search for one shows.
const mostFound = 30

// FindUnits returns units without terms whose name holds what is looked for, by name, at most thirty.
func (s *Service) FindUnits(ctx context.Context, actor access.Actor, query string) (found []Office, err error) {
	defer errs.Wrap(&err, "request.FindUnits")
	if !actor.Has(access.GuardiansWrite) {
		return nil, errs.NotFound("error.not-found")
	}
	query = text.Search(query)
	if query == "" {
		return nil, nil
	}
	err = db.Each(ctx, s.DB, func(u Office) {
		if len(found) < mostFound && strings.Contains(text.Search(u.Unit), query) {
			found = append(found, u)
		}
	}, `SELECT u.id AS unit_id, u.path AS unit_path, u.name AS unit FROM identity_unit u WHERE NOT EXISTS (SELECT 1 FROM guardian_institution i WHERE i.unit_id = u.id) ORDER BY u.name, u.id`)
	return found, err
}
