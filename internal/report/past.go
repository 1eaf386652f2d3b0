package report

import (
	"context"
	"strconv"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/project"
)

// past is what somebody took part in of whom nobody knows any more who they were: enough to count them as before, and nothing by which they could be found.
type past struct {
	Key                    string
	Account                int
	Kind                   project.Kind
	SubjectID              string
	At                     int64
	Days, Minutes          int
	OfMinutes              int
	Share                  int
	Own                    bool
	Funds                  []string `db:",json"`
	Certificate            *int64
	Booked, Signed, Tested bool
}

// name is the account's name in what is counted.
func (x past) name() string {
	if x.Account == 0 {
		return x.Key
	}
	return x.Key + "/" + strconv.Itoa(x.Account)
}

// loadPasts adds to a record who is nameless.
func (r *record) loadPasts(ctx context.Context, q db.Querier, projectID string) (err error) {
	r.pasts, err = db.All[past](ctx, q, `
		SELECT key, account, kind, subject_id, at, days, minutes, of_minutes, share, own, funds, certificate, booked, signed, tested
		FROM report_past WHERE project_id = ? ORDER BY key, account, kind, subject_id`, projectID)
	key := ""
	for _, x := range r.pasts { // those of one key follow upon each other
		if x.Key != key {
			key = x.Key
			r.people++
		}
		r.taken = append(r.taken, taken{
			Person: x.Key, who: r.people - 1, Account: x.name(), Kind: x.Kind, Subject: x.SubjectID, At: x.At, Days: x.Days, Minutes: x.Minutes, Of: x.OfMinutes, Share: x.Share,
		})
		if x.Own {
			r.own[x.Key] = true
		}
	}
	return err
}

// stillCounted returns whom a closed project counts and it is known who they are; false of a project that nothing was taken from yet, which counts everybody who takes part.
func stillCounted(ctx context.Context, q db.Querier, projectID string) (still map[string]bool, closed bool, err error) {
	n, err := db.One[int](ctx, q, `SELECT COUNT(*) FROM report_closed WHERE project_id = ?`, projectID)
	if err != nil || n == 0 {
		return nil, false, err
	}
	still = map[string]bool{}
	err = db.Each(ctx, q, func(personID string) { still[personID] = true }, `SELECT person_id FROM report_counted WHERE project_id = ? AND NOT nameless`, projectID)
	return still, true, err
}

// Hold is that a project's evidence is of an account.
type Hold struct{ ProjectID, AccountID string }

// Holds returns whose evidence is in a project: who is counted, was told, was drawn for a check, was at a training or has a seat in it, or passed a course in its time. accountIDs choose; none is
// all. It errs to the side of keeping: whoever could be counted is held.
func (s *Service) Holds(ctx context.Context, q db.Querier, p project.Page, accountIDs ...string) (accounts []string, err error) {
	defer errs.Wrap(&err, "report.Holds")
	const from = `
		SELECT person_id FROM report_counted WHERE project_id = ? AND NOT nameless
		UNION SELECT person_id FROM report_notice WHERE project_id = ?
		UNION SELECT x.person_id FROM spot_check_person x JOIN spot_check c ON c.id = x.check_id WHERE c.project_id = ?
		UNION SELECT a.person_id FROM classroom_attended a JOIN project_subject x ON x.subject_id = a.training_id AND x.kind = 'training' WHERE x.project_id = ?
		UNION SELECT b.person_id FROM classroom_booked b JOIN project_subject x ON x.subject_id = b.training_id AND x.kind = 'training' WHERE x.project_id = ?
		UNION SELECT w.person_id FROM learning_passed w JOIN project_subject x ON x.subject_id = w.course_id AND x.kind = 'course'
			WHERE x.project_id = ? AND w.passed_at >= ? AND w.passed_at < ? AND NOT EXISTS (SELECT 1 FROM report_closed d WHERE d.project_id = x.project_id)`
	x := s.span(p)
	args := []any{p.ID, p.ID, p.ID, p.ID, p.ID, p.ID, x.from, x.until}
	query := `SELECT h.person_id FROM (` + from + `) h`
	if len(accountIDs) > 0 {
		query, args = query+` WHERE h.person_id IN (`+db.In(len(accountIDs))+`)`, append(args, db.Args(accountIDs)...)
	}
	return db.All[string](ctx, q, query+` ORDER BY h.person_id`, args...)
}

// Namelessly keeps what a person counts for in a project, and forgets who it was. accounts are all that the person has. What was told of them in sums stays in the sums; who waited to be told of
// waits no longer, and stays in the number of all. It returns the trainings whose evidence of the person is not needed any more.
func (s *Service) Namelessly(ctx context.Context, tx *db.Tx, projectID, countsAs string, accounts []string) (trainings []string, err error) {
	defer errs.Wrap(&err, "report.Namelessly(%q)", projectID)
	p, err := s.Projects.In(ctx, tx, access.System, projectID)
	if err != nil {
		return nil, err
	}
	r, err := s.loadPeople(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	key := id.Code(20)
	if err := s.keepCounting(ctx, tx, p, r, countsAs, key, accounts); err != nil {
		return nil, err
	}
	args := append([]any{projectID}, db.Args(accounts)...)
	in := ` AND person_id IN (` + db.In(len(accounts)) + `)`
	if err := db.Exec(ctx, tx, `DELETE FROM report_counted WHERE project_id = ? AND block IS NULL`+in, args...); err != nil {
		return nil, err
	}
	// Of accounts that were joined later one is told of already, and stays in the sums beside the other: each has a row of its own then.
	for n, account := range accounts {
		if err := db.Exec(ctx, tx, `UPDATE report_counted SET person_id = ?, nameless = TRUE WHERE project_id = ? AND person_id = ?`, past{Key: key, Account: n}.name(), projectID, account); err != nil {
			return nil, err
		}
	}
	if err := db.Exec(ctx, tx, `DELETE FROM report_notice WHERE project_id = ?`+in, args...); err != nil {
		return nil, err
	}
	if err := db.Exec(ctx, tx, `DELETE FROM spot_check_person WHERE check_id IN (SELECT id FROM spot_check WHERE project_id = ?)`+in, args...); err != nil {
		return nil, err
	}
	if err := s.Projects.Leave(ctx, tx, projectID, accounts); err != nil {
		return nil, err
	}
	if err := db.Exec(ctx, tx, `INSERT INTO report_closed (project_id, at) VALUES (?, ?) ON CONFLICT (project_id) DO NOTHING`, projectID, s.Clock.Now()); err != nil {
		return nil, err
	}
	return db.All[string](ctx, tx, `SELECT subject_id FROM project_subject WHERE project_id = ? AND kind = 'training' ORDER BY subject_id`, projectID)
}

// keepCounting stores what somebody took part in under a key that says nothing.
func (s *Service) keepCounting(ctx context.Context, tx *db.Tx, p project.Page, r *record, countsAs, key string, accounts []string) error {
	issued, err := r.certificates(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	proofs, err := r.proofs(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	told := map[string][]string{} // funds by account
	for _, share := range p.Shares {
		of, err := r.accountsTold(ctx, tx, p.ID, share.FundID)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			if of[account] {
				told[account] = append(told[account], share.FundID)
			}
		}
	}
	number := map[string]int{}
	for n, account := range accounts {
		number[account] = n
	}
	for _, t := range r.taken {
		if t.Person != countsAs {
			continue
		}
		of := standing{t.Subject, t.Account}
		var certificate any
		if at, ok := issued[of]; ok {
			certificate = at
		}
		funds := told[t.Account]
		if funds == nil {
			funds = []string{}
		}
		if err := db.Exec(ctx, tx, `
			INSERT INTO report_past (project_id, key, account, kind, subject_id, at, days, minutes, of_minutes, share, own, funds, certificate, booked, signed, tested)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, key, number[t.Account], string(t.Kind), t.Subject, t.At, t.Days, t.Minutes, t.Of, t.Share, r.own[t.Person],
			db.JSON(funds), certificate, proofs.booked[of], proofs.signed[of], proofs.tested[of]); err != nil {
			return err
		}
	}
	return nil
}

// ForgetAges erases the age bands that accounts gave.
func (s *Service) ForgetAges(ctx context.Context, tx *db.Tx, accounts []string) (err error) {
	defer errs.Wrap(&err, "report.ForgetAges")
	return db.Exec(ctx, tx, `DELETE FROM report_age WHERE person_id IN (`+db.In(len(accounts))+`)`, db.Args(accounts)...)
}

// ForgetChecks erases the on-the-spot checks of a project: who was drawn, who looked, and what for. It returns how many there were.
func (s *Service) ForgetChecks(ctx context.Context, tx *db.Tx, projectID string) (n int, err error) {
	defer errs.Wrap(&err, "report.ForgetChecks")
	for _, text := range []string{
		`DELETE FROM spot_check_act WHERE check_id IN (SELECT id FROM spot_check WHERE project_id = ?)`,
		`DELETE FROM spot_check_person WHERE check_id IN (SELECT id FROM spot_check WHERE project_id = ?)`,
		`DELETE FROM spot_check WHERE project_id = ?`,
	} {
		if n, err = db.Changed(ctx, tx, text, projectID); err != nil {
			return 0, err
		}
	}
	return n, nil
}
