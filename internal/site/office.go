package site

import (
	"context"
	"path"
	"slices"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/blob"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// MostFile is the largest file of a publication, in bytes.
const MostFile = 50 << 20

// fileTypes are the kinds of files that a publication may have, by the ending of their names.
var fileTypes = map[string]string{
	".pdf": "application/pdf", ".epub": "application/epub+zip", ".odt": "application/vnd.oasis.opendocument.text",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

// AddFile adds an edition's file in a language to a publication.
func (s *Service) AddFile(ctx context.Context, actor access.Actor, f File, content []byte) (err error) {
	defer errs.Wrap(&err, "site.AddFile(%s)", f.ArticleID)
	f.Edition, f.Name = trimmed(f.Edition), path.Base(strings.ReplaceAll(trimmed(f.Name), `\`, "/"))
	f.MediaType = fileTypes[strings.ToLower(path.Ext(f.Name))]
	var faults errs.Fields
	switch {
	case len(content) == 0:
		faults.Add("file", "site.fault.file")
	case len(content) > MostFile:
		faults.Add("file", "site.fault.file-size", "Most", MostFile>>20)
	case f.MediaType == "" || f.MediaType == "application/pdf" && !strings.HasPrefix(string(content[:min(len(content), 5)]), "%PDF-"):
		faults.Add("file", "site.fault.file-type")
	}
	if f.Edition == "" {
		faults.Add("edition", "site.fault.empty")
	}
	if !slices.Contains(s.tags(), f.Lang) {
		faults.Add("lang", "site.fault.choose")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, "site.file", f.ArticleID, func(tx *db.Tx) error {
		a, err := articleByID(ctx, tx, f.ArticleID)
		if err != nil {
			return err
		}
		if a.Kind != Publication {
			return errs.Invalid("error.invalid")
		}
		now := s.clock.Now()
		if f.Hash, err = blob.Put(ctx, tx, f.MediaType, content, now); err != nil {
			return err
		}
		return db.Exec(ctx, tx, `INSERT INTO site_file (id, article_id, edition, lang, name, media_type, size, hash, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id.New(), f.ArticleID, f.Edition, f.Lang, f.Name, f.MediaType, len(content), f.Hash, now)
	})
}

// RemoveFile takes a file off a publication.
func (s *Service) RemoveFile(ctx context.Context, actor access.Actor, fileID string) (err error) {
	defer errs.Wrap(&err, "site.RemoveFile(%s)", fileID)
	return s.change(ctx, actor, "site.file.remove", fileID, func(tx *db.Tx) error {
		return db.Exec(ctx, tx, `DELETE FROM site_file WHERE id = ?`, fileID)
	})
}

// FileContent returns the content of a published file by the hash that its address names.
func (s *Service) FileContent(ctx context.Context, hash string) (f File, content []byte, err error) {
	defer errs.Wrap(&err, "site.FileContent")
	list, err := db.All[File](ctx, s.db, `SELECT `+fileColumns+` FROM site_file WHERE hash = ? AND EXISTS
		(SELECT 1 FROM site_text t WHERE t.article_id = site_file.article_id AND t.state = 'published') LIMIT 1`, hash)
	if err != nil {
		return f, nil, err
	}
	if len(list) == 0 {
		return f, nil, errs.NotFound("error.not-found")
	}
	b, err := blob.Get(ctx, s.db, hash)
	return list[0], b.Content, err
}

// OrderState is how far an order of printed copies has come.
type OrderState string

// The states of an order.
const (
	OrderNew       OrderState = "new"
	OrderSent      OrderState = "sent"
	OrderCancelled OrderState = "cancelled"
)

// Order is an institution's order of printed copies.
type Order struct {
	ID          string
	ArticleID   string `db:"article_id"`
	Lang        string
	Copies      int
	Institution string
	Address     string
	State       OrderState
	OrderedAt   time.Time `db:"ordered_at"`
	OrderedBy   string    `db:"ordered_by"`
	SettledAt   time.Time `db:"settled_at"`
}

// MostCopies is the largest order.
const MostCopies = 10_000

// AddOrder writes an order down.
func (s *Service) AddOrder(ctx context.Context, actor access.Actor, o Order) (err error) {
	defer errs.Wrap(&err, "site.AddOrder")
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	o.Institution, o.Address = trimmed(o.Institution), trimmed(o.Address)
	var faults errs.Fields
	if o.Copies < 1 || o.Copies > MostCopies {
		faults.Add("copies", "site.fault.copies", "Most", MostCopies)
	}
	if o.Institution == "" || len(o.Institution) > 300 {
		faults.Add("institution", "site.fault.empty")
	}
	if o.Address == "" || len(o.Address) > 1000 {
		faults.Add("address", "site.fault.empty")
	}
	if !slices.Contains(s.tags(), o.Lang) {
		faults.Add("lang", "site.fault.choose")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		a, err := articleByID(ctx, tx, o.ArticleID)
		if err != nil {
			return err
		}
		if a.Kind != Publication {
			return errs.Invalid("error.invalid")
		}
		return db.Exec(ctx, tx, `INSERT INTO site_order (id, article_id, lang, copies, institution, address, state, ordered_at, ordered_by) VALUES (?, ?, ?, ?, ?, ?, 'new', ?, ?)`,
			id.New(), o.ArticleID, o.Lang, o.Copies, o.Institution, o.Address, s.clock.Now(), actor.PersonID)
	})
}

// Orders returns the orders, those to be sent first.
func (s *Service) Orders(ctx context.Context, actor access.Actor) (_ []Order, err error) {
	defer errs.Wrap(&err, "site.Orders")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	return db.All[Order](ctx, s.db, `SELECT id, article_id, lang, copies, institution, address, state, ordered_at, ordered_by, settled_at FROM site_order
		ORDER BY CASE state WHEN 'new' THEN 0 ELSE 1 END, ordered_at DESC, id`)
}

// SettleOrder notes that an order was sent or cancelled, or, to undo that, that it is new.
func (s *Service) SettleOrder(ctx context.Context, actor access.Actor, orderID string, to OrderState) (err error) {
	defer errs.Wrap(&err, "site.SettleOrder(%s)", orderID)
	if err := may(actor, access.SiteWrite); err != nil {
		return err
	}
	if to != OrderNew && to != OrderSent && to != OrderCancelled {
		return errs.Invalid("error.invalid")
	}
	var settled any
	if to != OrderNew {
		settled = s.clock.Now()
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		n, err := db.Changed(ctx, tx, `UPDATE site_order SET state = ?, settled_at = ? WHERE id = ?`, string(to), settled, orderID)
		if err == nil && n == 0 {
			return errs.NotFound("error.not-found")
		}
		return err
	})
}

// Visit names what is counted: a page in a language, and the door if the page is one.
type Visit struct{ Page, Lang, Door string }

// AddVisits adds counts to today's.
func (s *Service) AddVisits(ctx context.Context, counts map[Visit]int64) (err error) {
	defer errs.Wrap(&err, "site.AddVisits")
	if len(counts) == 0 {
		return nil
	}
	today := s.clock.Now().In(s.zone).Format(time.DateOnly)
	return s.db.Update(ctx, func(tx *db.Tx) error {
		for v, n := range counts {
			if err := db.Exec(ctx, tx, `INSERT INTO site_visit (day, page, lang, door, n) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (day, page, lang, door) DO UPDATE SET n = site_visit.n + excluded.n`, today, v.Page, v.Lang, v.Door, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// LeastVisits is the smallest count that is shown; below it stands "fewer than".
const LeastVisits = 10

// Visits is how many times a page was opened in a language.
type Visits struct {
	Page, Lang, Door string
	N                int64
	Few              bool // fewer than [LeastVisits]; N is 0 then
}

// Visited returns the counts of a month (2026-11) by page and language, the most visited first. Small counts are not shown, and
// neither are totals that would tell them; spans of days cannot be asked for, since two of them would.
func (s *Service) Visited(ctx context.Context, actor access.Actor, month string) (list []Visits, err error) {
	defer errs.Wrap(&err, "site.Visited")
	if err := may(actor, access.SiteRead); err != nil {
		return nil, err
	}
	if list, err = db.All[Visits](ctx, s.db, `SELECT page, lang, door, CAST(SUM(n) AS BIGINT) AS n FROM site_visit WHERE day >= ? AND day <= ?
		GROUP BY page, lang, door ORDER BY 4 DESC, page, lang`, month+"-01", month+"-31"); err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Few = list[i].N < LeastVisits; list[i].Few {
			list[i].N = 0
		}
	}
	return list, nil
}
