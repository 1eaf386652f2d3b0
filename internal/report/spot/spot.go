// Package spot keeps on-the-spot checks of a project: a few people drawn by chance from those whom it counts, whose papers are laid on the table.
//
// Goals: who draws cannot choose, since the sample follows from a seed that is shown and drawn once (sample.go), and a further draw has a reason that stays; the people are numbers
// until somebody who may see them asks for one name with a reason; all their papers are one ZIP. Limits: what proves what is the fund's rule and counted by package report; papers
// come from the areas that keep them ([Papers]), to who may see them there.
package spot

import (
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/report"
	"ostoja/internal/text"
)

// Limits of a check.
const (
	Usual      = 5  // people
	Most       = 50 // people
	mostReason = 500
)

// Deps are what the service needs.
type Deps struct {
	DB       *db.DB
	Clock    clock.Clock
	Projects *project.Service
	Reports  *report.Service
	Rules    report.Rules
	Papers   Papers
}

// Service keeps checks.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Draft is what somebody wants to be drawn.
type Draft struct {
	FundID string
	Period int // its number, 0: of all
	People int
	Reason string // of a further draw
}

// Check is one draw.
type Check struct {
	ID      string
	FundID  string
	Period  int
	Draw    int // from 1 for the same fund and period
	Wanted  int
	Counted int // people it was drawn from
	Seed    string
	Digest  string // of the list of them
	Reason  string
	At      time.Time
	By      string
}

// Member is somebody who was drawn: a number, with the proofs that there are.
type Member struct {
	Place    int
	Gone     bool // not counted any more since
	MaySee   bool // the actor may ask for the name
	Revealed bool // the actor did: only then there is a name
	report.Person
	Lacks []fund.Proof
}

// Act is something that was done in a check.
type Act struct {
	Act    string // revealed | papers
	Place  int    // whose name
	Reason string
	At     time.Time
	By     string
}

// Page is a check with who was drawn.
type Page struct {
	project.Page
	Check   Check
	Rules   fund.Rules
	Members []Member
	Acts    []Act // the latest first
	Draws   []Check
}

const selectChecks = `
	SELECT c.id, c.fund_id, c.period, c.draw, c.wanted, c.counted, c.seed, c.digest, c.reason, c.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by
	FROM spot_check c LEFT JOIN identity_person h ON h.id = c.actor_id `

// List returns the checks of a project, the latest first.
func (s *Service) List(ctx context.Context, actor access.Actor, projectID string) (p project.Page, list []Check, err error) {
	defer errs.Wrap(&err, "spot.List")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		list, err = db.All[Check](ctx, tx, selectChecks+`WHERE c.project_id = ? ORDER BY c.at DESC, c.id DESC`, projectID)
		return err
	})
	return p, list, err
}

// Draw draws people by a new seed. The first draw of a fund and period needs no reason, each further one does: else somebody could draw until the sample pleases.
func (s *Service) Draw(ctx context.Context, actor access.Actor, projectID string, d Draft) (checkID string, err error) {
	defer errs.Wrap(&err, "spot.Draw(%d)", d.People)
	d.Reason = text.Clean(d.Reason)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.Projects.Mine(ctx, tx, actor, projectID)
		if err != nil {
			return err
		}
		before, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM spot_check WHERE project_id = ? AND fund_id = ? AND period = ?`, projectID, d.FundID, d.Period)
		if err != nil {
			return err
		}
		f := d.check(p, before)
		if err := f.Err(); err != nil {
			return err
		}
		counted, err := s.Reports.Behind(ctx, tx, actor, projectID, report.Filter{FundID: d.FundID, Period: d.Period})
		if err != nil {
			return err
		}
		if len(counted) == 0 {
			f.Add("people", "reportspot.fault.nobody")
			return f.Err()
		}
		ids := make([]string, len(counted))
		for i, x := range counted {
			ids[i] = x.PersonID
		}
		seed, now := newSeed(), s.Clock.Now()
		checkID = id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO spot_check (id, project_id, fund_id, period, draw, wanted, counted, seed, digest, reason, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			checkID, projectID, d.FundID, d.Period, before+1, d.People, len(ids), seed, Digest(ids), d.Reason, now, actor.PersonID); err != nil {
			return err
		}
		for i, personID := range Sample(seed, ids, d.People) {
			if err := db.Exec(ctx, tx, `INSERT INTO spot_check_person (check_id, place, person_id) VALUES (?, ?, ?)`, checkID, i+1, personID); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor.PersonID, "project.check-drawn", "project:"+projectID, map[string]any{"check": checkID, "draw": before + 1, "people": d.People})
	})
	return checkID, err
}

// check finds what is wrong with what is to be drawn. before is how often it was drawn already.
func (d Draft) check(p project.Page, before int) (f errs.Fields) {
	if !slices.ContainsFunc(p.Shares, func(x project.Share) bool { return x.FundID == d.FundID }) {
		f.Add("fund", "reportspot.fault.fund")
	}
	if d.Period < 0 || d.Period > len(p.Periods) {
		f.Add("period", "reportspot.fault.period")
	}
	if d.People < 1 || d.People > Most {
		f.Add("people", "reportspot.fault.people", "Most", Most)
	}
	if before > 0 && d.Reason == "" {
		f.Add("reason", "reportspot.fault.again", "Draws", before)
	}
	checkReason(&f, d.Reason)
	return f
}

func checkReason(f *errs.Fields, reason string) {
	if len([]rune(reason)) > mostReason {
		f.Add("reason", "project.fault.long", "Most", mostReason)
	}
}

// Open returns a check with who was drawn. They are numbers; a name has who asked for it.
func (s *Service) Open(ctx context.Context, actor access.Actor, projectID, checkID string) (v Page, err error) {
	defer errs.Wrap(&err, "spot.Open")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		v, err = s.open(ctx, tx, actor, projectID, checkID)
		return err
	})
	for i := range v.Members {
		m := &v.Members[i]
		if !m.Revealed { // nothing that tells who it is leaves the package
			m.Person = report.Person{At: m.At, Period: m.Period, Kind: m.Kind, Times: m.Times, Notice: m.Notice, Enrolment: m.Enrolment, Signature: m.Signature, Test: m.Test, Cert: m.Cert}
		}
	}
	return v, err
}

func (s *Service) open(ctx context.Context, q db.Querier, actor access.Actor, projectID, checkID string) (v Page, err error) {
	if v.Page, err = s.Projects.In(ctx, q, actor, projectID); err != nil {
		return v, err
	}
	if v.Check, err = db.One[Check](ctx, q, selectChecks+`WHERE c.id = ? AND c.project_id = ?`, checkID, projectID); err != nil {
		return v, notFound(err)
	}
	if v.Rules, _, err = s.Rules.Of(ctx, q, v.Check.FundID, 0); err != nil {
		return v, err
	}
	type drawn struct {
		Place    int
		PersonID string
		Revealed bool
	}
	members, err := db.All[drawn](ctx, q, `
		SELECT x.place, x.person_id, EXISTS (SELECT 1 FROM spot_check_act a WHERE a.check_id = x.check_id AND a.act = 'revealed' AND a.place = x.place AND a.actor_id = ?) AS revealed
		FROM spot_check_person x WHERE x.check_id = ? ORDER BY x.place`, actor.PersonID, checkID)
	if err != nil {
		return v, err
	}
	// Of all periods: somebody whose period changed since is still who was drawn.
	counted, err := s.Reports.Behind(ctx, q, actor, projectID, report.Filter{FundID: v.Check.FundID})
	if err != nil {
		return v, err
	}
	byID := make(map[string]report.Person, len(counted))
	for _, x := range counted {
		byID[x.PersonID] = x
	}
	for _, x := range members {
		person, still := byID[x.PersonID]
		m := Member{Place: x.Place, Gone: !still, Person: person}
		if still {
			m.MaySee = person.Name != "" && actor.Has(access.PeopleRead)
			m.Lacks = person.Holes(v.Rules)
		}
		m.Revealed = x.Revealed && m.MaySee
		v.Members = append(v.Members, m)
	}
	if v.Acts, err = db.All[Act](ctx, q, `
		SELECT a.act, a.place, a.reason, a.at, COALESCE(h.given_name || ' ' || h.family_name, '') AS by
		FROM spot_check_act a LEFT JOIN identity_person h ON h.id = a.actor_id WHERE a.check_id = ? ORDER BY a.at DESC, a.id DESC`, checkID); err != nil {
		return v, err
	}
	v.Draws, err = db.All[Check](ctx, q, selectChecks+`WHERE c.project_id = ? AND c.fund_id = ? AND c.period = ? ORDER BY c.draw`, projectID, v.Check.FundID, v.Check.Period)
	return v, err
}

// Reveal lets the actor see the name of one of those who were drawn, with a reason. It is of one press, one name and one reader: whoever else wants to see it asks as well.
func (s *Service) Reveal(ctx context.Context, actor access.Actor, projectID, checkID string, place int, reason string) (err error) {
	defer errs.Wrap(&err, "spot.Reveal(%d)", place)
	reason = text.Clean(reason)
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		v, err := s.open(ctx, tx, actor, projectID, checkID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(v.Members, func(m Member) bool { return m.Place == place })
		switch {
		case i < 0:
			return errs.NotFound("error.not-found")
		case v.Members[i].Gone:
			return errs.Conflict("reportspot.fault.gone")
		case !v.Members[i].MaySee:
			return errs.Forbidden("reportspot.fault.not-yours")
		}
		if err := reasonGiven(reason); err != nil || v.Members[i].Revealed {
			return err
		}
		return s.act(ctx, tx, actor, projectID, checkID, "revealed", place, reason)
	})
}

func reasonGiven(reason string) error {
	var f errs.Fields
	if reason == "" {
		f.Add("reason", "reportspot.fault.reason")
	}
	checkReason(&f, reason)
	return f.Err()
}

func (s *Service) act(ctx context.Context, tx *db.Tx, actor access.Actor, projectID, checkID, act string, place int, reason string) error {
	now := s.Clock.Now()
	if err := db.Exec(ctx, tx, `INSERT INTO spot_check_act (id, check_id, act, place, reason, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		id.New(), checkID, act, place, reason, now, actor.PersonID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, actor.PersonID, "project.check-"+act, "project:"+projectID, map[string]any{"check": checkID, "place": place})
}

// Path is the address of a project's checks, or of one of them.
func Path(projectID string, below ...string) string {
	return strings.Join(append([]string{project.Path(projectID, "check")}, below...), "/")
}
