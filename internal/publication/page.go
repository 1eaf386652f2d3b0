package publication

import (
	"context"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// PlaceStock is how many copies of a publication lie at a place.
type PlaceStock struct {
	ID       string
	Name     string
	Kind     PlaceKind
	ClosedAt time.Time
	Copies   int
}

// stock returns how many copies lie where: at every open place of the office, and wherever else there are any.
func stock(ctx context.Context, q db.Querier, publicationID string) ([]PlaceStock, error) {
	return db.All[PlaceStock](ctx, q, `
		SELECT x.id, x.name, x.kind, x.closed_at, COALESCE(t.copies, 0) AS copies
		FROM publication p JOIN publication_place x ON x.unit_id = p.unit_id LEFT JOIN publication_stock t ON t.place_id = x.id AND t.publication_id = p.id
		WHERE p.id = ? AND (x.closed_at IS NULL OR t.copies > 0) ORDER BY x.name, x.id`, publicationID)
}

// Movement is a movement as it is shown.
type Movement struct {
	ID         string
	Kind       Kind
	FromName   string // of a place
	ToName     string
	Copies     int
	RunDay     string // of an arrival from a print run
	Unit       string // name
	TrainingID string
	Training   Training // known to who may see it; else its title is empty
	Reason     string
	Day        string
	At         time.Time
	By         string // name
	UndoneAt   time.Time
	MayUndo    bool
}

// MonthCount is how often the files of a publication were fetched in a month.
type MonthCount struct {
	Month string // 2026-11
	N     int
}

// Few says whether the number is too small to be told.
func (m MonthCount) Few() bool { return m.N < LeastDownloads }

// LeastDownloads is the smallest number of downloads that is told, as with openings of pages.
const LeastDownloads = 10

// Page is a publication with everything that stands beside it. To who only may order it, Mine is false and the figures are left out.
type Page struct {
	Publication
	Mine      bool
	MayWrite  bool
	MayOrder  bool
	Article   text.Translated // title of the publication on the public site
	Stock     []PlaceStock
	Runs      []Run
	Moves     []Movement // the latest first
	Orders    []Order    // to a keeper all, else those of the actor's own units
	Downloads []MonthCount
}

// Sums are the whole numbers of a page.
type Sums struct{ Printed, Arrived, Stock, Handed, Sent, WrittenOff int }

// Sums adds up what the page shows.
func (p Page) Sums() (s Sums) {
	for _, x := range p.Runs {
		s.Printed += x.Copies
	}
	for _, x := range p.Stock {
		s.Stock += x.Copies
	}
	for _, m := range p.Moves {
		if !m.UndoneAt.IsZero() {
			continue
		}
		switch m.Kind {
		case Arrival:
			s.Arrived += m.Copies
		case Handed:
			s.Handed += m.Copies
		case Sent:
			s.Sent += m.Copies
		case WrittenOff:
			s.WrittenOff += m.Copies
		case Moved: // from one place to another: nothing left
		}
	}
	return s
}

// Page returns a publication; one that the actor neither reads nor may order is not found.
func (s *Service) Page(ctx context.Context, actor access.Actor, publicationID string) (p Page, err error) {
	defer errs.Wrap(&err, "publication.Page")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if p.Publication, err = one(ctx, tx, actor, publicationID); err != nil {
			return err
		}
		p.Mine, p.MayWrite = actor.May(access.ProjectsRead, p.UnitPath), actor.May(access.ProjectsWrite, p.UnitPath)
		p.MayOrder = p.Orderable && keeps(actor)
		if p.Orders, err = orders(ctx, tx, actor, `AND o.publication_id = ?`, publicationID); err != nil || !p.Mine {
			return err
		}
		if p.Stock, err = stock(ctx, tx, publicationID); err != nil {
			return err
		}
		if p.Runs, err = runs(ctx, tx, publicationID); err != nil {
			return err
		}
		if p.Moves, err = s.movements(ctx, tx, p.MayWrite, publicationID); err != nil {
			return err
		}
		if p.ArticleID == "" {
			return nil
		}
		articles, err := s.Around.Articles(ctx, tx)
		for _, a := range articles {
			if a.ID == p.ArticleID {
				p.Article = a.Title
			}
		}
		if err != nil {
			return err
		}
		p.Downloads, err = s.months(ctx, tx, p.Publication)
		return err
	})
	return p, err
}

func (s *Service) movements(ctx context.Context, q db.Querier, mayWrite bool, publicationID string) ([]Movement, error) {
	list, err := db.All[Movement](ctx, q, `
		SELECT m.id, m.kind, COALESCE(a.name, '') AS from_name, COALESCE(b.name, '') AS to_name, m.copies, COALESCE(r.day, '') AS run_day, COALESCE(u.name, '') AS unit, m.training_id, m.reason, m.day, m.at,
			COALESCE(h.given_name || ' ' || h.family_name, '') AS by, m.undone_at, FALSE AS may_undo
		FROM publication_move m LEFT JOIN publication_place a ON a.id = m.from_id LEFT JOIN publication_place b ON b.id = m.to_id LEFT JOIN publication_run r ON r.id = m.run_id
			LEFT JOIN identity_unit u ON u.id = m.unit_id LEFT JOIN identity_person h ON h.id = m.actor_id
		WHERE m.publication_id = ? ORDER BY m.at DESC, m.id DESC`, publicationID)
	if err != nil {
		return nil, err
	}
	var ids []string
	last := true
	for i := range list {
		m := &list[i]
		if m.TrainingID != "" {
			ids = append(ids, m.TrainingID)
		}
		if m.UndoneAt.IsZero() {
			m.MayUndo = last && mayWrite && s.Clock.Now().Before(m.At.Add(UndoFor))
			last = false
		}
	}
	if len(ids) == 0 {
		return list, nil
	}
	named, err := s.Around.Named(ctx, q, ids)
	for i := range list {
		list[i].Training = named[list[i].TrainingID]
	}
	return list, err
}

// months returns how often the files of a publication were fetched, by month, the latest first. Only months that are over are told: who looked at a running one
// twice would see single readers come.
func (s *Service) months(ctx context.Context, q db.Querier, p Publication) (list []MonthCount, err error) {
	err = db.Each(ctx, q, func(m MonthCount) { list = append(list, m) }, `
		SELECT SUBSTR(day, 1, 7) AS month, SUM(n) AS n FROM site_downloaded WHERE article_id = ? AND lang IN (`+db.In(len(p.Languages))+`) AND day < ? GROUP BY SUBSTR(day, 1, 7) ORDER BY month DESC`,
		append(append([]any{p.ArticleID}, db.Args(p.Languages)...), s.Today()[:7]+"-01")...)
	return list, err
}

// Choices are what the forms offer.
type Choices struct {
	Units     []Unit // all, to send copies to
	Own       []Unit // for which the actor may order
	Places    []Place
	Runs      []Run // of which copies have not arrived yet
	Trainings []Training
	Articles  []Article
}

// mostTrainings is how many trainings a form offers.
const mostTrainings = 200

// Choices returns what the forms about a publication offer; of a new one publicationID is "".
func (s *Service) Choices(ctx context.Context, actor access.Actor, publicationID string) (c Choices, err error) {
	defer errs.Wrap(&err, "publication.Choices")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		own, args := actor.Within(access.ProjectsWrite, "path")
		if c.Own, err = db.All[Unit](ctx, tx, `SELECT id, name FROM identity_unit WHERE `+own+` ORDER BY name, id`, args...); err != nil {
			return err
		}
		if c.Articles, err = s.Around.Articles(ctx, tx); err != nil || publicationID == "" {
			return err
		}
		p, err := one(ctx, tx, actor, publicationID)
		if err != nil || !actor.May(access.ProjectsWrite, p.UnitPath) {
			return err
		}
		if c.Units, err = db.All[Unit](ctx, tx, `SELECT id, name FROM identity_unit ORDER BY name, id`); err != nil {
			return err
		}
		if c.Places, err = places(ctx, tx, p.UnitID); err != nil {
			return err
		}
		all, err := runs(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.Left() > 0 {
				c.Runs = append(c.Runs, r)
			}
		}
		c.Trainings, err = s.Around.Trainings(ctx, tx, actor, access.TrainingsRead)
		c.Trainings = c.Trainings[:min(len(c.Trainings), mostTrainings)]
		return err
	})
	return c, err
}
