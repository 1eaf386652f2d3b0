package report

import (
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
	Subject   string
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

// evidence is the SQL for whom a project counts by the rules of a fund, with the proofs of the training or course by which they were counted first. In a course the steps
// themselves are the record: nobody enrols without, there is nothing to sign, and who passed it has passed its test.
func (s *Service) evidence(p project.Page, set fund.Rules) (text string, args []any) {
	x := s.span(p)
	parts, partArgs := x.parts(p.ID, set)
	period, ends := x.period("f.at")
	text = `
		SELECT f.person_id, f.account_id, f.kind, f.subject_id, f.at, f.times, ` + period + ` AS period,
			(EXISTS (SELECT 1 FROM report_notice n WHERE n.project_id = ? AND n.person_id = f.account_id AND n.fund_id = ?)
				OR f.kind = 'training' AND EXISTS (SELECT 1 FROM classroom_held h WHERE h.training_id = f.subject_id AND h.notice <> '')) AS notice,
			(f.kind = 'course' OR EXISTS (SELECT 1 FROM classroom_booked b WHERE b.training_id = f.subject_id AND b.person_id = f.account_id)) AS enrolment,
			(f.kind = 'course' OR EXISTS (SELECT 1 FROM classroom_signed g WHERE g.training_id = f.subject_id AND g.person_id = f.account_id AND g.signed = g.sessions)) AS signature,
			(f.kind = 'course' OR EXISTS (SELECT 1 FROM measurement_tested m WHERE m.subject_id = f.subject_id AND m.person_id = f.account_id)) AS test,
			EXISTS (SELECT 1 FROM certificate_standing c WHERE c.subject_id = f.subject_id AND c.person_id = f.account_id) AS cert
		FROM (SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.person_id ORDER BY t.at, t.subject_id) AS place, COUNT(*) OVER (PARTITION BY t.person_id) AS times FROM (` + parts + `) t) f
		WHERE f.place = 1`
	return text, join(ends, []any{p.ID, set.ID}, partArgs)
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
	for _, share := range p.Shares {
		set, _, err := s.Rules.Of(ctx, q, share.FundID, 0)
		if err != nil {
			return nil, err
		}
		c, err := s.coverage(ctx, q, p, set, period)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func (s *Service) coverage(ctx context.Context, q db.Querier, p project.Page, set fund.Rules, period int) (Coverage, error) {
	c := Coverage{Rules: set, Period: period, With: map[fund.Proof]int{}}
	text, args := s.evidence(p, set)
	type row struct {
		Period                                   int
		Notice, Enrolment, Signature, Test, Cert bool
		N                                        int
	}
	rows, err := db.All[row](ctx, q, `SELECT period, notice, enrolment, signature, test, cert, COUNT(*) AS n FROM (`+text+`) e GROUP BY period, notice, enrolment, signature, test, cert`, args...)
	for _, r := range rows {
		if period > 0 && r.Period != period {
			continue
		}
		one := Person{Notice: r.Notice, Enrolment: r.Enrolment, Signature: r.Signature, Test: r.Test, Cert: r.Cert}
		c.People += r.N
		for _, proof := range set.Evidence.Required {
			if one.Has(proof) {
				c.With[proof] += r.N
			}
		}
		if len(one.Holes(set)) == 0 {
			c.Complete += r.N
		}
	}
	return c, err
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
	query, args := s.evidence(p, set)
	condition, within := actor.Within(access.PeopleRead, "u.path")
	type row struct {
		Person
		Search string
	}
	rows, err := db.All[row](ctx, q, `
		SELECT e.person_id, e.account_id, e.kind, e.subject_id, e.at, e.period, e.times, e.notice, e.enrolment, e.signature, e.test, e.cert,
			CASE WHEN `+condition+` THEN h.family_name || ' ' || h.given_name ELSE '' END AS name, u.name AS unit, h.search_text AS search
		FROM (`+query+`) e JOIN identity_person h ON h.id = e.person_id JOIN identity_unit u ON u.id = h.unit_id
		ORDER BY h.sort_key, e.person_id`, join(within, args)...)
	if err != nil {
		return nil, err
	}
	var people []Person
	for _, r := range rows {
		if f.Period > 0 && r.Period != f.Period || f.Hole != "" && !slices.Contains(r.Holes(set), f.Hole) {
			continue
		}
		// Of those whom the actor may not see, no name is looked for: how many there are with it would tell of them.
		if f.Text != "" && (r.Name == "" || !strings.Contains(r.Search, text.Search(f.Text))) {
			continue
		}
		people = append(people, r.Person)
	}
	return people, nil
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
func (s *Service) TookPart(ctx context.Context, q db.Querier, p project.Page, set fund.Rules, personIDs []string) (_ []Took, err error) {
	defer errs.Wrap(&err, "report.TookPart(%d)", len(personIDs))
	if len(personIDs) == 0 {
		return nil, nil
	}
	parts, args := s.span(p).parts(p.ID, set)
	return db.All[Took](ctx, q, `SELECT person_id, account_id, kind, subject_id, at FROM (`+parts+`) t WHERE person_id IN (`+db.In(len(personIDs))+`) ORDER BY at, subject_id, account_id`,
		join(args, db.Args(personIDs))...)
}
