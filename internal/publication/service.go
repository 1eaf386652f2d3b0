package publication

import (
	"context"
	"errors"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/audit"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/text"
)

// Publication is what an office wrote about one.
type Publication struct {
	ID         string
	UnitID     string
	UnitPath   string
	Unit       string // name
	Title      string
	Short      string
	Edition    string
	ISBN       string   `db:"isbn"`
	Languages  []string `db:",json"`
	Publisher  string
	Year       int
	IssuedOn   string
	ArticleID  string
	Orderable  bool
	RowEdition int64
}

// Name is the short title, where there is one.
func (p Publication) Name() string {
	if p.Short != "" {
		return p.Short
	}
	return p.Title
}

const selectPublications = `
	SELECT p.id, p.unit_id, u.path AS unit_path, u.name AS unit, p.title, p.short, p.edition, p.isbn, p.languages, p.publisher, p.year, p.issued_on, p.article_id, p.orderable, p.row_edition
	FROM publication p JOIN identity_unit u ON u.id = p.unit_id `

// keeps says whether the actor keeps publications somewhere: who arranges projects for a unit orders for it, too.
func keeps(actor access.Actor) bool { return actor.Has(access.ProjectsWrite) }

// one returns a publication to who reads those of its office, and to who may order it; to anybody else it is not found.
func one(ctx context.Context, q db.Querier, actor access.Actor, publicationID string) (p Publication, err error) {
	if !id.Valid(publicationID) {
		return p, errs.NotFound("error.not-found")
	}
	if p, err = db.One[Publication](ctx, q, selectPublications+`WHERE p.id = ?`, publicationID); err != nil {
		return p, err
	}
	if !actor.May(access.ProjectsRead, p.UnitPath) && (!p.Orderable || !keeps(actor)) {
		return Publication{}, errs.NotFound("error.not-found")
	}
	return p, nil
}

// Row is a publication in the list.
type Row struct {
	Publication
	Mine    bool // of an office that the actor reads: the figures are known
	Stock   int
	Printed int
	Given   int // handed out at trainings and sent to units
	Waiting int // orders that the office has to answer or to send
}

// List returns the publications of the actor's offices, and those that the actor may order, by title.
func (s *Service) List(ctx context.Context, actor access.Actor) (list []Row, err error) {
	defer errs.Wrap(&err, "publication.List")
	condition, args := actor.Within(access.ProjectsRead, "u.path")
	if keeps(actor) {
		condition += ` OR p.orderable`
	}
	type sums struct {
		ID                             string
		Stock, Printed, Given, Waiting int
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := db.All[Publication](ctx, tx, selectPublications+`WHERE `+condition+` ORDER BY p.title, p.id`, args...)
		if err != nil {
			return err
		}
		of := map[string]sums{}
		if err := db.Each(ctx, tx, func(x sums) { of[x.ID] = x }, `
			SELECT p.id, (SELECT COALESCE(SUM(x.copies), 0) FROM publication_stock x WHERE x.publication_id = p.id) AS stock,
				(SELECT COALESCE(SUM(x.copies), 0) FROM publication_run x WHERE x.publication_id = p.id) AS printed,
				(SELECT COALESCE(SUM(x.copies), 0) FROM publication_given x WHERE x.publication_id = p.id) AS given,
				(SELECT COUNT(*) FROM publication_order x WHERE x.publication_id = p.id AND x.state IN ('asked', 'confirmed')) AS waiting
			FROM publication p`); err != nil {
			return err
		}
		for _, p := range all {
			row := Row{Publication: p, Mine: actor.May(access.ProjectsRead, p.UnitPath)}
			if row.Mine {
				x := of[p.ID]
				row.Stock, row.Printed, row.Given, row.Waiting = x.Stock, x.Printed, x.Given, x.Waiting
			}
			list = append(list, row)
		}
		return nil
	})
	slices.SortStableFunc(list, func(a, b Row) int {
		return compare(text.SortKey(a.Title), text.SortKey(b.Title))
	})
	return list, err
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Create writes a publication down.
func (s *Service) Create(ctx context.Context, actor access.Actor, d Draft) (publicationID string, err error) {
	defer errs.Wrap(&err, "publication.Create")
	d = d.cleaned()
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		digits, err := s.checked(ctx, tx, actor, "", d)
		if err != nil {
			return err
		}
		publicationID = id.New()
		if err := db.Exec(ctx, tx, `
			INSERT INTO publication (id, unit_id, title, short, edition, isbn, isbn_key, languages, publisher, year, issued_on, article_id, orderable, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			publicationID, d.UnitID, d.Title, d.Short, d.Edition, d.ISBN, digits, db.JSON(d.Languages), d.Publisher, d.Year, d.IssuedOn, d.ArticleID, d.Orderable, s.Clock.Now()); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, publicationID, "created", nil)
	})
	return publicationID, err
}

// checked finds what is wrong with a draft, with what only the database knows, and returns the digits of its number.
func (s *Service) checked(ctx context.Context, tx *db.Tx, actor access.Actor, publicationID string, d Draft) (digits string, err error) {
	digits, f := d.check(s.Today())
	paths, err := db.All[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, d.UnitID)
	if err != nil {
		return "", err
	}
	if len(paths) == 0 || !actor.May(access.ProjectsWrite, paths[0]) {
		f.Add("unit", "publication.fault.office")
	}
	if digits != "" {
		same, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM publication WHERE isbn_key = ? AND id <> ?`, digits, publicationID)
		if err != nil {
			return "", err
		}
		if same > 0 {
			f.Add("isbn", "publication.fault.isbn-taken")
		}
	}
	if d.ArticleID != "" {
		articles, err := s.Around.Articles(ctx, tx)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(articles, func(a Article) bool { return a.ID == d.ArticleID }) {
			f.Add("article", "publication.fault.article")
		}
	}
	return digits, f.Err()
}

// Edit changes what an office wrote about a publication.
func (s *Service) Edit(ctx context.Context, actor access.Actor, publicationID string, d Draft) (err error) {
	defer errs.Wrap(&err, "publication.Edit")
	d = d.cleaned()
	return s.change(ctx, actor, publicationID, "edited", nil, func(tx *db.Tx, p Publication) error {
		digits, err := s.checked(ctx, tx, actor, publicationID, d)
		if err != nil {
			return err
		}
		if d.UnitID != p.UnitID { // its places and copies are the office's
			used, err := db.One[int](ctx, tx, `SELECT COUNT(*) FROM publication_move WHERE publication_id = ?`, publicationID)
			if err != nil {
				return err
			}
			if used > 0 {
				return errs.Fields{{Name: "unit", Key: "publication.fault.office-used"}}.Err()
			}
		}
		n, err := db.Changed(ctx, tx, `
			UPDATE publication SET unit_id = ?, title = ?, short = ?, edition = ?, isbn = ?, isbn_key = ?, languages = ?, publisher = ?, year = ?, issued_on = ?, article_id = ?, orderable = ?,
				row_edition = row_edition + 1
			WHERE id = ? AND row_edition = ?`,
			d.UnitID, d.Title, d.Short, d.Edition, d.ISBN, digits, db.JSON(d.Languages), d.Publisher, d.Year, d.IssuedOn, d.ArticleID, d.Orderable, publicationID, d.Seen)
		if err == nil && n == 0 {
			err = errs.Conflict("publication.changed-meanwhile")
		}
		return err
	})
}

// change does something to a publication of the actor's office, which is held until the transaction ends, and records it.
func (s *Service) change(ctx context.Context, actor access.Actor, publicationID, act string, detail map[string]any, do func(tx *db.Tx, p Publication) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		p, err := s.mine(ctx, tx, actor, publicationID)
		if err != nil {
			return err
		}
		if err := do(tx, p); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, publicationID, act, detail)
	})
}

// mine returns a publication that the actor may change, and holds its row: two who write about one publication come one after the other.
func (s *Service) mine(ctx context.Context, tx *db.Tx, actor access.Actor, publicationID string) (p Publication, err error) {
	if err := db.Exec(ctx, tx, `UPDATE publication SET row_edition = row_edition WHERE id = ?`, publicationID); err != nil {
		return p, err
	}
	if p, err = one(ctx, tx, actor, publicationID); err != nil {
		return p, err
	}
	if !actor.May(access.ProjectsWrite, p.UnitPath) {
		return p, errs.Forbidden("error.forbidden")
	}
	return p, nil
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor access.Actor, publicationID, act string, detail any) error {
	return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "publication."+act, "publication:"+publicationID, detail)
}

// PlaceDraft is what an office writes about a place.
type PlaceDraft struct {
	UnitID string
	Name   string
	Kind   PlaceKind
}

// Places returns the places of the offices whose publications the actor reads, the open ones first.
func (s *Service) Places(ctx context.Context, actor access.Actor) (_ []PlaceRow, err error) {
	defer errs.Wrap(&err, "publication.Places")
	condition, args := actor.Within(access.ProjectsRead, "u.path")
	list, err := db.All[PlaceRow](ctx, s.DB, `
		SELECT x.id, x.unit_id, x.name, x.kind, x.closed_at, u.name AS unit, u.path AS unit_path, (SELECT COALESCE(SUM(t.copies), 0) FROM publication_stock t WHERE t.place_id = x.id) AS copies
		FROM publication_place x JOIN identity_unit u ON u.id = x.unit_id WHERE `+condition+` ORDER BY CASE WHEN x.closed_at IS NULL THEN 0 ELSE 1 END, x.name, x.id`, args...)
	for i := range list {
		list[i].MayWrite = actor.May(access.ProjectsWrite, list[i].UnitPath)
	}
	return list, err
}

// PlaceRow is a place with what lies there.
type PlaceRow struct {
	Place
	Unit     string // name
	UnitPath string
	Copies   int
	MayWrite bool `db:"-"`
}

// AddPlace adds a place.
func (s *Service) AddPlace(ctx context.Context, actor access.Actor, d PlaceDraft) (placeID string, err error) {
	defer errs.Wrap(&err, "publication.AddPlace")
	d.Name = text.Clean(d.Name)
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		var f errs.Fields
		if d.Name == "" || len([]rune(d.Name)) > mostWords {
			f.Add("name", "publication.fault.place-name", "Most", mostWords)
		}
		if !slices.Contains(PlaceKinds, d.Kind) {
			f.Add("kind", "publication.fault.choose")
		}
		paths, err := db.All[string](ctx, tx, `SELECT path FROM identity_unit WHERE id = ?`, d.UnitID)
		if err != nil {
			return err
		}
		if len(paths) == 0 || !actor.May(access.ProjectsWrite, paths[0]) {
			f.Add("unit", "publication.fault.office")
		}
		if err := f.Err(); err != nil {
			return err
		}
		placeID = id.New()
		n, err := db.Changed(ctx, tx, `INSERT INTO publication_place (id, unit_id, name, kind) VALUES (?, ?, ?, ?) ON CONFLICT (unit_id, name) DO NOTHING`, placeID, d.UnitID, d.Name, string(d.Kind))
		if err != nil {
			return err
		}
		if n == 0 {
			f.Add("name", "publication.fault.place-taken")
			return f.Err()
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "publication.place-added", "place:"+placeID, nil)
	})
	return placeID, err
}

// ClosePlace says that nothing lies at a place any more, or that it is used again. One where copies lie stays open.
func (s *Service) ClosePlace(ctx context.Context, actor access.Actor, placeID string, closed bool) (err error) {
	defer errs.Wrap(&err, "publication.ClosePlace")
	if !id.Valid(placeID) {
		return errs.NotFound("error.not-found")
	}
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		// Held first, so that no copies come in between (PostgreSQL); a movement writes the stock only after it has read the place under the same lock.
		if err := db.Exec(ctx, tx, `UPDATE publication_place SET name = name WHERE id = ?`, placeID); err != nil {
			return err
		}
		path, err := db.One[string](ctx, tx, `SELECT u.path FROM publication_place x JOIN identity_unit u ON u.id = x.unit_id WHERE x.id = ?`, placeID)
		if err != nil {
			return err
		}
		if !actor.May(access.ProjectsRead, path) {
			return errs.NotFound("error.not-found")
		}
		if !actor.May(access.ProjectsWrite, path) {
			return errs.Forbidden("error.forbidden")
		}
		var at any
		act := "place-opened"
		if closed {
			copies, err := db.One[int](ctx, tx, `SELECT COALESCE(SUM(copies), 0) FROM publication_stock WHERE place_id = ?`, placeID)
			if err != nil {
				return err
			}
			if copies > 0 {
				return errs.Conflict("publication.fault.place-full", "Copies", copies)
			}
			at, act = s.Clock.Now(), "place-closed"
		}
		if err := db.Exec(ctx, tx, `UPDATE publication_place SET closed_at = ? WHERE id = ?`, at, placeID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), actor.PersonID, "publication."+act, "place:"+placeID, nil)
	})
}

// places returns the open places of an office.
func places(ctx context.Context, q db.Querier, unitID string) ([]Place, error) {
	return db.All[Place](ctx, q, `SELECT id, unit_id, name, kind, closed_at FROM publication_place WHERE unit_id = ? AND closed_at IS NULL ORDER BY name, id`, unitID)
}

// runs returns the print runs of a publication, the latest first.
func runs(ctx context.Context, q db.Querier, publicationID string) ([]Run, error) {
	return db.All[Run](ctx, q, `
		SELECT r.id, r.day, r.copies, r.note, (SELECT COALESCE(SUM(m.copies), 0) FROM publication_move m WHERE m.run_id = r.id AND m.undone_at IS NULL) AS arrived
		FROM publication_run r WHERE r.publication_id = ? ORDER BY r.day DESC, r.id DESC`, publicationID)
}

// Print adds a print run. With a place, all its copies arrive there on the same day.
func (s *Service) Print(ctx context.Context, actor access.Actor, publicationID string, r Run, placeID string) (runID string, err error) {
	defer errs.Wrap(&err, "publication.Print")
	r.Note = text.Clean(r.Note)
	err = s.change(ctx, actor, publicationID, "printed", map[string]any{"copies": r.Copies}, func(tx *db.Tx, p Publication) error {
		f := checkCopies(r.Copies)
		f = append(f, checkDay("day", r.Day, s.Today())...)
		if len([]rune(r.Note)) > mostReason {
			f.Add("note", "publication.fault.long", "Most", mostReason)
		}
		if err := f.Err(); err != nil {
			return err
		}
		runID = id.New()
		if err := db.Exec(ctx, tx, `INSERT INTO publication_run (id, publication_id, day, copies, note, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			runID, publicationID, r.Day, r.Copies, r.Note, s.Clock.Now(), actor.PersonID); err != nil {
			return err
		}
		if placeID == "" {
			return nil
		}
		return s.move(ctx, tx, actor, p, Move{Kind: Arrival, ToID: placeID, Copies: r.Copies, RunID: runID, Day: r.Day})
	})
	return runID, err
}

// Record writes a movement down.
func (s *Service) Record(ctx context.Context, actor access.Actor, publicationID string, m Move) (err error) {
	defer errs.Wrap(&err, "publication.Record(%s)", m.Kind)
	m.orderID = ""
	return s.change(ctx, actor, publicationID, "moved", map[string]any{"kind": m.Kind, "copies": m.Copies}, func(tx *db.Tx, p Publication) error {
		return s.move(ctx, tx, actor, p, m)
	})
}

// move checks a movement, changes the stock by it and writes it. The publication's row is held.
func (s *Service) move(ctx context.Context, tx *db.Tx, actor access.Actor, p Publication, m Move) error {
	m = m.cleaned()
	k, err := s.known(ctx, tx, actor, p, m)
	if err != nil {
		return err
	}
	if err := m.check(k).Err(); err != nil {
		return err
	}
	if err := s.apply(ctx, tx, p.ID, m.changes()); err != nil {
		return err
	}
	return db.Exec(ctx, tx, `
		INSERT INTO publication_move (id, publication_id, kind, from_id, to_id, copies, run_id, order_id, unit_id, training_id, reason, day, at, actor_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id.New(), p.ID, string(m.Kind), orNull(m.FromID), orNull(m.ToID), m.Copies, orNull(m.RunID), orNull(m.orderID), orNull(m.UnitID), m.TrainingID, m.Reason, m.Day, s.Clock.Now(), actor.PersonID)
}

// known reads what a movement may name.
func (s *Service) known(ctx context.Context, tx *db.Tx, actor access.Actor, p Publication, m Move) (k known, err error) {
	k.today = s.Today()
	// The places are held, so that none is closed while copies are on their way to it.
	if err := db.Exec(ctx, tx, `UPDATE publication_place SET name = name WHERE id IN (?, ?)`, min(m.FromID, m.ToID), max(m.FromID, m.ToID)); err != nil {
		return k, err
	}
	if k.places, err = places(ctx, tx, p.UnitID); err != nil {
		return k, err
	}
	if k.runs, err = runs(ctx, tx, p.ID); err != nil {
		return k, err
	}
	if m.UnitID != "" {
		if k.units, err = db.All[string](ctx, tx, `SELECT id FROM identity_unit WHERE id = ?`, m.UnitID); err != nil {
			return k, err
		}
	}
	if m.Kind == Handed {
		k.trainings, err = s.Around.Trainings(ctx, tx, actor, access.TrainingsRead)
	}
	return k, err
}

// apply changes the stock. What is not there is not taken: the statement itself refuses, whoever else writes.
func (s *Service) apply(ctx context.Context, tx *db.Tx, publicationID string, list []change) error {
	for _, c := range list {
		if c.by >= 0 {
			if err := db.Exec(ctx, tx, `
				INSERT INTO publication_stock (publication_id, place_id, copies) VALUES (?, ?, ?)
				ON CONFLICT (publication_id, place_id) DO UPDATE SET copies = publication_stock.copies + excluded.copies`, publicationID, c.placeID, c.by); err != nil {
				return err
			}
			continue
		}
		n, err := db.Changed(ctx, tx, `UPDATE publication_stock SET copies = copies - ? WHERE publication_id = ? AND place_id = ? AND copies >= ?`, -c.by, publicationID, c.placeID, -c.by)
		if err != nil {
			return err
		}
		if n == 0 {
			there, err := db.One[int](ctx, tx, `SELECT COALESCE(SUM(copies), 0) FROM publication_stock WHERE publication_id = ? AND place_id = ?`, publicationID, c.placeID)
			if err != nil {
				return err
			}
			var f errs.Fields
			f.Add("copies", "publication.fault.stock", "There", there)
			return f.Err()
		}
	}
	return nil
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Undo takes back the last movement of a publication, for [UndoFor]. What was sent upon an order is to be sent again.
func (s *Service) Undo(ctx context.Context, actor access.Actor, publicationID, moveID string) (err error) {
	defer errs.Wrap(&err, "publication.Undo")
	return s.change(ctx, actor, publicationID, "undone", map[string]any{"move": moveID}, func(tx *db.Tx, _ Publication) error {
		type row struct {
			ID             string
			Kind           Kind
			FromID, ToID   string
			Copies         int
			OrderID, State string
			At             time.Time
		}
		last, err := db.One[row](ctx, tx, `
			SELECT m.id, m.kind, COALESCE(m.from_id, '') AS from_id, COALESCE(m.to_id, '') AS to_id, m.copies, COALESCE(m.order_id, '') AS order_id, COALESCE(o.state, '') AS state, m.at
			FROM publication_move m LEFT JOIN publication_order o ON o.id = m.order_id WHERE m.publication_id = ? AND m.undone_at IS NULL ORDER BY m.at DESC, m.id DESC LIMIT 1`, publicationID)
		switch {
		case errors.Is(err, errs.ErrNotFound) || err == nil && last.ID != moveID:
			return errs.Conflict("publication.fault.not-last")
		case err != nil:
			return err
		case !s.Clock.Now().Before(last.At.Add(UndoFor)):
			return errs.Conflict("publication.fault.undo-late")
		case last.State == string(Arrived):
			return errs.Conflict("publication.fault.undo-arrived")
		}
		m := Move{Kind: last.Kind, FromID: last.FromID, ToID: last.ToID, Copies: last.Copies}
		if err := s.apply(ctx, tx, publicationID, undone(m.changes())); err != nil {
			return err
		}
		if err := db.Exec(ctx, tx, `UPDATE publication_move SET undone_at = ?, undone_by = ? WHERE id = ?`, s.Clock.Now(), actor.PersonID, last.ID); err != nil {
			return err
		}
		if last.OrderID == "" {
			return nil
		}
		return s.turn(ctx, tx, actor, last.OrderID, OrderSent, Confirmed, last.Copies, "")
	})
}

// Titles returns what publications are called, by id.
func (s *Service) Titles(ctx context.Context, q db.Querier, ids []string) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "publication.Titles(%d)", len(ids))
	titles := map[string]string{}
	if len(ids) == 0 {
		return titles, nil
	}
	err = db.Each(ctx, q, func(x named) { titles[x.ID] = x.Title }, `SELECT id, title FROM publication WHERE id IN (`+db.In(len(ids))+`)`, db.Args(ids)...)
	return titles, err
}

// Within returns what the publications are called in whose office the actor has a permission, by id.
func (s *Service) Within(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission) (_ map[string]string, err error) {
	defer errs.Wrap(&err, "publication.Within(%q)", p)
	condition, args := actor.Within(p, "u.path")
	titles := map[string]string{}
	err = db.Each(ctx, q, func(x named) { titles[x.ID] = x.Title }, `SELECT p.id, p.title FROM publication p JOIN identity_unit u ON u.id = p.unit_id WHERE `+condition, args...)
	return titles, err
}

type named struct{ ID, Title string }
