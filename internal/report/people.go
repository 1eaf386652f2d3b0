package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/list"
	"ostoja/internal/project"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
)

// Person is somebody whom a project counts, with the proofs of the training or course by which they were counted first.
type Person struct {
	PersonID  string
	AccountID string // under which they took part in it
	Name      string
	Unit      string
	At        time.Time
	Period    int
	Times     int // trainings and courses
	Kind      project.Kind
	SubjectID string
	Notice    bool
	Enrolment bool
	Signature bool
	Test      bool
	Cert      bool
}

// Has says whether there is a proof of a kind.
func (p Person) Has(proof fund.Proof) bool {
	switch proof {
	case fund.ProofNotice:
		return p.Notice
	case fund.ProofEnrolment:
		return p.Enrolment
	case fund.ProofSignature:
		return p.Signature
	case fund.ProofTest:
		return p.Test
	case fund.ProofCertificate:
		return p.Cert
	}
	return false
}

// Holes are the proofs that a fund asks for and there are not.
func (p Person) Holes(set fund.Rules) (holes []fund.Proof) {
	for _, proof := range set.Evidence.Required {
		if !p.Has(proof) {
			holes = append(holes, proof)
		}
	}
	return holes
}

// evidence returns whom a project counts by the rules of a fund, with the proofs of the training or course by which they count. In a course the steps themselves are the record:
// nobody enrols without, there is nothing to sign, and who passed it has passed its test.
func (s *Service) evidence(ctx context.Context, q db.Querier, p project.Page, r *record, proofs proofs, set fund.Rules) (map[string]Person, error) {
	told, err := r.accountsTold(ctx, q, p.ID, set.ID)
	if err != nil {
		return nil, err
	}
	list := r.chosen(set, told)
	times := make(map[string]int, len(list))
	for _, t := range list {
		times[t.Person]++
	}
	people := make(map[string]Person, len(times))
	for _, f := range r.firsts(list) {
		of, online := standing{f.Subject, f.Account}, f.Kind == project.Course
		people[f.Person] = Person{
			PersonID: f.Person, AccountID: f.Account, At: time.UnixMicro(f.At), Period: r.period(f.At), Times: times[f.Person], Kind: f.Kind, SubjectID: f.Subject,
			Notice: told[f.Account] || proofs.printed[f.Subject], Enrolment: online || proofs.booked[of], Signature: online || proofs.signed[of],
			Test: online || proofs.tested[of], Cert: proofs.certified[of],
		}
	}
	return people, nil
}

// proofs are what there is of proofs in a project, whichever fund asks for them.
type proofs struct {
	printed                           map[string]bool // trainings whose papers bear the fund's notice
	booked, signed, tested, certified map[standing]bool
}

func (r *record) proofs(ctx context.Context, q db.Querier, projectID string) (x proofs, err error) {
	x = proofs{map[string]bool{}, map[standing]bool{}, map[standing]bool{}, map[standing]bool{}, map[standing]bool{}}
	const subjects = ` IN (SELECT x.subject_id FROM project_subject x WHERE x.project_id = ?)`
	if err := db.Each(ctx, q, func(trainingID string) { x.printed[trainingID] = true }, `SELECT training_id FROM classroom_held WHERE notice <> '' AND training_id`+subjects, projectID); err != nil {
		return x, err
	}
	for query, into := range map[string]map[standing]bool{
		`SELECT training_id AS subject, person_id AS account FROM classroom_booked WHERE training_id` + subjects:                       x.booked,
		`SELECT training_id AS subject, person_id AS account FROM classroom_signed WHERE signed = sessions AND training_id` + subjects: x.signed,
		`SELECT subject_id AS subject, person_id AS account FROM measurement_tested WHERE subject_id` + subjects:                       x.tested,
		`SELECT subject_id AS subject, person_id AS account FROM certificate_standing WHERE subject_id` + subjects:                     x.certified,
	} {
		if err := db.Each(ctx, q, func(of standing) { into[of] = true }, query, projectID); err != nil {
			return x, err
		}
	}
	for _, t := range r.pasts {
		of := standing{t.SubjectID, t.name()}
		x.booked[of], x.signed[of], x.tested[of], x.certified[of] = t.Booked, t.Signed, t.Tested, t.Certificate != nil
	}
	return x, nil
}

// Coverage is how many of the people whom a fund counts have each proof that it asks for.
type Coverage struct {
	Rules    fund.Rules
	Period   int // 0: of all
	People   int
	Complete int
	With     map[fund.Proof]int
}

// Coverages returns how complete the evidence is, of each fund, of a period or with 0 of all.
func (s *Service) Coverages(ctx context.Context, actor access.Actor, projectID string, period int) (p project.Page, list []Coverage, err error) {
	defer errs.Wrap(&err, "report.Coverages")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p, err = s.Projects.In(ctx, tx, actor, projectID); err != nil {
			return err
		}
		list, err = s.CoveragesIn(ctx, tx, p, period)
		return err
	})
	return p, list, err
}

// CoveragesIn is [Service.Coverages] within a transaction, of a project that the reader may see.
func (s *Service) CoveragesIn(ctx context.Context, q db.Querier, p project.Page, period int) (list []Coverage, err error) {
	r, err := s.load(ctx, q, p)
	if err != nil {
		return nil, err
	}
	proofs, err := r.proofs(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	for _, share := range p.Shares {
		set, _, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return nil, err
		}
		people, err := s.evidence(ctx, q, p, r, proofs, set)
		if err != nil {
			return nil, err
		}
		list = append(list, coverage(people, set, period))
	}
	return list, nil
}

// coverage counts proofs among the people of a period, with 0 of all.
func coverage(people map[string]Person, set fund.Rules, period int) Coverage {
	c := Coverage{Rules: set, Period: period, With: map[fund.Proof]int{}}
	for _, one := range people {
		if period > 0 && one.Period != period {
			continue
		}
		c.People++
		for _, proof := range set.Evidence.Required {
			if one.Has(proof) {
				c.With[proof]++
			}
		}
		if len(one.Holes(set)) == 0 {
			c.Complete++
		}
	}
	return c
}

// Filter chooses people.
type Filter struct {
	FundID string
	Period int    // 0: of all
	Text   string // of the name
	Hole   fund.Proof
	Window list.Window
}

// People returns the people behind a figure, as far as the actor may see them; others is how many further there are.
func (s *Service) People(ctx context.Context, actor access.Actor, projectID string, f Filter) (people []Person, n, others int, err error) {
	defer errs.Wrap(&err, "report.People")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := s.people(ctx, tx, actor, projectID, f)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.Name == "" {
				others++
			} else {
				people = append(people, x)
			}
		}
		n = len(people)
		people = list.Cut(people, f.Window)
		return nil
	})
	return people, n, others, err
}

// people returns who is counted, in the order of their names; those whom the actor may not see have none.
func (s *Service) people(ctx context.Context, q db.Querier, actor access.Actor, projectID string, f Filter) ([]Person, error) {
	p, err := s.Projects.In(ctx, q, actor, projectID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(p.Shares, func(x project.Share) bool { return x.FundID == f.FundID }) {
		return nil, errs.NotFound("error.not-found")
	}
	set, _, err := s.Rules.Of(ctx, q, f.FundID, 0)
	if err != nil {
		return nil, err
	}
	r, err := s.load(ctx, q, p)
	if err != nil {
		return nil, err
	}
	proofs, err := r.proofs(ctx, q, p.ID)
	if err != nil {
		return nil, err
	}
	counted, err := s.evidence(ctx, q, p, r, proofs, set)
	if err != nil {
		return nil, err
	}
	condition, within := actor.Within(access.PeopleRead, "u.path")
	type row struct{ ID, Name, Unit, Search string }
	var people []Person
	err = db.Each(ctx, q, func(x row) {
		one, ok := counted[x.ID]
		if one.Name, one.Unit = x.Name, x.Unit; !ok || f.Period > 0 && one.Period != f.Period || f.Hole != "" && !slices.Contains(one.Holes(set), f.Hole) {
			return
		}
		// Of those whom the actor may not see, no name is looked for: how many there are with it would tell of them.
		if f.Text != "" && (x.Name == "" || !strings.Contains(x.Search, text.Search(f.Text))) {
			return
		}
		people = append(people, one)
	}, `SELECT h.id, CASE WHEN `+condition+` THEN h.family_name || ' ' || h.given_name ELSE '' END AS name, u.name AS unit, h.search_text AS search
		FROM identity_person h JOIN identity_unit u ON u.id = h.unit_id ORDER BY h.sort_key, h.id`, within...)
	return people, err // those who are nameless are not in it: there is nobody to show, to draw or to ask for a paper
}

// Behind is [Service.People] within a transaction, of all who are counted: those whom the actor may not see have no name. It is for the areas that work with who is
// counted, and MUST NOT be shown as it is.
func (s *Service) Behind(ctx context.Context, q db.Querier, actor access.Actor, projectID string, f Filter) (_ []Person, err error) {
	defer errs.Wrap(&err, "report.Behind")
	return s.people(ctx, q, actor, projectID, f)
}

// Took is a training in which somebody who is counted was, or a course that they passed.
type Took struct {
	PersonID  string // as whom the account counts
	AccountID string
	Kind      project.Kind
	SubjectID string
	At        time.Time
}

// TookPart returns in what of a project people took part by the rules of a fund, the earliest first.
func (s *Service) TookPart(ctx context.Context, q db.Querier, p project.Page, set fund.Rules, personIDs []string) (list []Took, err error) {
	defer errs.Wrap(&err, "report.TookPart(%d)", len(personIDs))
	if len(personIDs) == 0 {
		return nil, nil
	}
	r, err := s.load(ctx, q, p)
	if err != nil {
		return nil, err
	}
	told, err := r.told(ctx, q, p.ID, set)
	if err != nil {
		return nil, err
	}
	for _, t := range r.chosen(set, told) {
		if slices.Contains(personIDs, t.Person) {
			list = append(list, Took{t.Person, t.Account, t.Kind, t.Subject, time.UnixMicro(t.At)})
		}
	}
	slices.SortFunc(list, func(a, b Took) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.SubjectID, b.SubjectID), cmp.Compare(a.AccountID, b.AccountID))
	})
	return list, nil
}
