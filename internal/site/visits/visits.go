// Package visits counts how many times a page of the public site was opened, and nothing of who opened it. Its goal: no combination of what is
// ever shown tells of a single reader, so that small counts are forgotten once their day is over, and only days that are over are told.
package visits

import (
	"context"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
)

// Visit names what is counted: a page in a language. The pages of the doors are pages like others.
type Visit struct{ Page, Lang string }

// DoorPage is the name under which a door's page is counted.
func DoorPage(d content.Door) string { return "door-" + string(d) }

// filePage begins the name under which fetched files of a publication are counted until they are stored.
const filePage = "file:"

// Download names what is counted when a file of a publication is fetched: the publication and the file's language, and nothing of who fetched it.
func Download(articleID, lang string) Visit { return Visit{filePage + articleID, lang} }

// Service keeps the counts by day.
type Service struct {
	db    *db.DB
	clock clock.Clock
	zone  *time.Location // whose days they are
}

// New returns the service.
func New(d *db.DB, c clock.Clock, zone *time.Location) *Service { return &Service{d, c, zone} }

// Add adds counts to today's.
func (s *Service) Add(ctx context.Context, counts map[Visit]int64) (err error) {
	defer errs.Wrap(&err, "visits.Add")
	if len(counts) == 0 {
		return nil
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		for v, n := range counts {
			if articleID, ok := strings.CutPrefix(v.Page, filePage); ok {
				// The day alone: reports add days up to periods and tell no sum below [Least] (decision 0071), so that a day's small number is not forgotten as that of a page is.
				if err := db.Exec(ctx, tx, `INSERT INTO site_download (day, article_id, lang, n) VALUES (?, ?, ?, ?)
					ON CONFLICT (day, article_id, lang) DO UPDATE SET n = site_download.n + excluded.n`, s.today(), articleID, v.Lang, n); err != nil {
					return err
				}
				continue
			}
			if err := db.Exec(ctx, tx, `INSERT INTO site_visit (day, page, lang, n) VALUES (?, ?, ?, ?)
				ON CONFLICT (day, page, lang) DO UPDATE SET n = site_visit.n + excluded.n`, s.today(), v.Page, v.Lang, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) today() string { return s.clock.Now().In(s.zone).Format(time.DateOnly) }

// Least is the smallest count that is shown; below it stands "fewer than".
const Least = 10

// SuppressSmall forgets the small counts of the days that are over: what is kept is that there were fewer than [Least].
func (s *Service) SuppressSmall(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "visits.SuppressSmall")
	return s.db.Update(ctx, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `UPDATE site_visit SET n = 0 WHERE day < ? AND n > 0 AND n < ?`, s.today(), Least)
	})
}

// Count is how many times a page was opened in a language on a day.
type Count struct {
	Day, Page, Lang string
	N               int64 // 0 stands for fewer than [Least]
}

// Few says whether there were fewer than [Least].
func (v Count) Few() bool { return v.N < Least }

// Between returns the counts of days from one to another, both included, the newest day first. Only days that are over are told:
// who looked at a day twice would see single readers come. Who keeps a unit's part of the site sees the counts of its articles.
func (s *Service) Between(ctx context.Context, actor access.Actor, from, to string) (list []Count, err error) {
	defer errs.Wrap(&err, "visits.Between")
	if !actor.Has(access.SiteRead) {
		return nil, errs.Forbidden("error.forbidden")
	}
	pages, args := `TRUE`, []any(nil)
	if !actor.Everywhere(access.SiteRead) { // doors and fixed pages are the installation's
		pages, args = actor.Within(access.SiteRead, "u.path")
		pages = `page IN (SELECT a.id FROM site_article a LEFT JOIN identity_unit u ON u.id = a.unit_id WHERE ` + pages + `)`
	}
	list, err = db.All[Count](ctx, s.db, `SELECT day, page, lang, CASE WHEN n < ? THEN 0 ELSE n END AS n FROM site_visit
		WHERE day >= ? AND day <= ? AND day < ? AND `+pages+` ORDER BY day DESC, page, lang`, append([]any{Least, from, to, s.today()}, args...)...)
	return list, err
}

// Total is a sum of those counts that are shown.
type Total struct {
	N       int64
	AtLeast bool // there are others, which are not shown
}

// Sum adds up counts. What is not shown alone is not in it.
func Sum(list []Count) (t Total) {
	for _, v := range list {
		if v.Few() {
			t.AtLeast = true
		} else {
			t.N += v.N
		}
	}
	return t
}
