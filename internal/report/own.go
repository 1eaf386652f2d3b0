package report

import (
	"context"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
)

// OwnCounted is how somebody appears in a project's reports.
type OwnCounted struct {
	ProjectID string
	FundID    string
	Period    int // in which they were first counted, 0 after the last
	Sex       string
	Age       string
	Service   string // name
	Region    string
	Told      bool // their groups are in the sums that reports show
	Gone      bool // not counted any more
}

// OwnDrawn is an on-the-spot check for which somebody was drawn.
type OwnDrawn struct {
	ProjectID string
	FundID    string
	At        int64 // microseconds
	Names     int   // how often their name was looked at
	Papers    int   // how often the papers of all who were drawn were taken
}

// Own returns how the actor appears in reports, under this account, and for which on-the-spot checks they were drawn.
func (s *Service) Own(ctx context.Context, actor access.Actor) (counted []OwnCounted, drawn []OwnDrawn, err error) {
	defer errs.Wrap(&err, "report.Own")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if counted, err = db.All[OwnCounted](ctx, tx, `
			SELECT c.project_id, c.fund_id, c.period, c.sex, c.age, COALESCE(u.name, '') AS service, c.region, c.block IS NOT NULL AS told, c.gone
			FROM report_counted c LEFT JOIN identity_unit u ON u.id = c.service WHERE c.person_id = ? AND NOT c.nameless ORDER BY c.project_id, c.fund_id`, actor.PersonID); err != nil {
			return err
		}
		drawn, err = db.All[OwnDrawn](ctx, tx, `
			SELECT c.project_id, c.fund_id, c.at,
				(SELECT COUNT(*) FROM spot_check_act a WHERE a.check_id = c.id AND a.act = 'revealed' AND a.place = x.place) AS names,
				(SELECT COUNT(*) FROM spot_check_act a WHERE a.check_id = c.id AND a.act = 'papers') AS papers
			FROM spot_check_person x JOIN spot_check c ON c.id = x.check_id WHERE x.person_id = ? ORDER BY c.at DESC, c.id`, actor.PersonID)
		return err
	})
	return counted, drawn, err
}
