package site

import (
	"context"
	"strings"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
)

const articleColumns = `a.id, a.code, a.kind, a.topic, a.doors, a.audiences, a.leaflet, a.source_lang, a.position, a.day, ` + ownerColumns

const articleTables = `site_article a LEFT JOIN identity_unit u ON u.id = a.unit_id`

// articleRow is an article as it is stored.
type articleRow struct {
	ID, Code, Kind, Topic, Doors, Audiences string

	Leaflet    bool
	SourceLang string `db:"source_lang"`
	Position   int
	Day        string
	content.Owner
}

func (r articleRow) article() *content.Article {
	return &content.Article{
		ID: r.ID, Code: r.Code, Kind: content.Kind(r.Kind), Topic: r.Topic, Doors: splitWords[content.Door](r.Doors), Audiences: splitWords[content.Audience](r.Audiences), Leaflet: r.Leaflet,
		SourceLang: r.SourceLang, Position: r.Position, Day: r.Day, Owner: r.Owner, Texts: map[string]*content.Text{},
	}
}

func articles(ctx context.Context, q db.Querier) ([]*content.Article, error) {
	return articlesWhere(ctx, q, `TRUE`)
}

func articlesWhere(ctx context.Context, q db.Querier, where string, args ...any) ([]*content.Article, error) {
	rows, err := db.All[articleRow](ctx, q, `SELECT `+articleColumns+` FROM `+articleTables+` WHERE `+where+` ORDER BY a.kind, a.position, a.id`, args...)
	out := make([]*content.Article, len(rows))
	for i, r := range rows {
		out[i] = r.article()
	}
	return out, err
}

func articleByID(ctx context.Context, q db.Querier, id string) (*content.Article, error) {
	r, err := db.One[articleRow](ctx, q, `SELECT `+articleColumns+` FROM `+articleTables+` WHERE a.id = ?`, id)
	if err != nil {
		return nil, err
	}
	return r.article(), nil
}

func insertArticle(ctx context.Context, tx *db.Tx, a *content.Article, now time.Time) error {
	return db.Exec(ctx, tx, `INSERT INTO site_article (id, code, kind, topic, doors, audiences, leaflet, source_lang, position, day, created_at, unit_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Code, string(a.Kind), a.Topic, joinWords(a.Doors), joinWords(a.Audiences), a.Leaflet, a.SourceLang, a.Position, a.Day, now, nullable(a.UnitID))
}

func updateArticle(ctx context.Context, tx *db.Tx, a *content.Article) error {
	return db.Exec(ctx, tx, `UPDATE site_article SET topic = ?, doors = ?, audiences = ?, leaflet = ?, position = ?, day = ? WHERE id = ?`,
		a.Topic, joinWords(a.Doors), joinWords(a.Audiences), a.Leaflet, a.Position, a.Day, a.ID)
}

const textColumns = `id, article_id, lang, number, title, tab, summary, body, follows, state, version, author_id, changed_at, reviewer_id, reviewed_at, review_due, note`

func textByID(ctx context.Context, q db.Querier, id string) (content.Text, error) {
	return db.One[content.Text](ctx, q, `SELECT `+textColumns+` FROM site_text WHERE id = ?`, id)
}

func textsWhere(ctx context.Context, q db.Querier, where string, args ...any) ([]content.Text, error) {
	return db.All[content.Text](ctx, q, `SELECT `+textColumns+` FROM site_text WHERE `+where+` ORDER BY article_id, lang, number DESC`, args...)
}

func insertText(ctx context.Context, tx *db.Tx, t content.Text) error {
	return db.Exec(ctx, tx, `INSERT INTO site_text (id, article_id, lang, number, title, tab, summary, body, follows, state, author_id, changed_at, review_due)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.ArticleID, t.Lang, t.Number, t.Title, t.Tab, t.Summary, t.Body, t.Follows, string(t.State), t.AuthorID, t.ChangedAt, t.ReviewDue)
}

// writers returns who saved a version of a text.
func writers(ctx context.Context, q db.Querier, textID string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT person_id FROM site_writer WHERE text_id = ? ORDER BY person_id`, textID)
}

func facts(ctx context.Context, q db.Querier) ([]content.Fact, error) {
	return factsWhere(ctx, q, `TRUE`)
}

func factsWhere(ctx context.Context, q db.Querier, where string, args ...any) ([]content.Fact, error) {
	return db.All[content.Fact](ctx, q, `SELECT f.id, f.kind, f.value, f.label, f.source, f.note, f.url, f.checked_on, f.checked_by, f.valid_until, f.grace_days, f.confirm, f.version, `+ownerColumns+`
		FROM site_fact f LEFT JOIN identity_unit u ON u.id = f.unit_id WHERE `+where+` ORDER BY f.position, f.id`, args...)
}

// insertFact adds a fact behind all others.
func insertFact(ctx context.Context, tx *db.Tx, f *content.Fact, now time.Time) error {
	return faultIfDuplicate(db.Exec(ctx, tx, `
		INSERT INTO site_fact (id, kind, value, label, source, note, url, checked_on, checked_by, valid_until, grace_days, confirm, position, changed_at, unit_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT COUNT(*) FROM site_fact), ?, ?)`,
		f.ID, string(f.Kind), db.JSON(f.Value), db.JSON(f.Label), f.Source, f.Note, f.URL, f.Checked, f.By, f.ValidUntil, f.GraceDays, f.Confirm, now, nullable(f.UnitID)))
}

// updateFact changes a fact that is as the given one was read.
func updateFact(ctx context.Context, tx *db.Tx, f *content.Fact, now time.Time) error {
	return conflictIfNone(db.Changed(ctx, tx, `UPDATE site_fact SET kind = ?, value = ?, label = ?, source = ?, note = ?, url = ?, checked_on = ?, checked_by = ?, valid_until = ?,
		grace_days = ?, confirm = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		string(f.Kind), db.JSON(f.Value), db.JSON(f.Label), f.Source, f.Note, f.URL, f.Checked, f.By, f.ValidUntil, f.GraceDays, f.Confirm, now, f.ID, f.Version))
}

type serviceRow struct {
	ID      string
	Content directory.Service `db:"content,json"`
	Listed  bool
	Version int
	content.Owner
}

func services(ctx context.Context, q db.Querier) ([]serviceRow, error) {
	return servicesWhere(ctx, q, `TRUE`)
}

func servicesWhere(ctx context.Context, q db.Querier, where string, args ...any) ([]serviceRow, error) {
	return db.All[serviceRow](ctx, q, `SELECT s.id, s.content, s.listed, s.version, `+ownerColumns+`
		FROM site_service s LEFT JOIN identity_unit u ON u.id = s.unit_id WHERE `+where+` ORDER BY s.id`, args...)
}

func insertService(ctx context.Context, tx *db.Tx, s *directory.Service, listed bool, unitID string, now time.Time) error {
	return faultIfDuplicate(db.Exec(ctx, tx, `INSERT INTO site_service (id, content, listed, changed_at, unit_id) VALUES (?, ?, ?, ?, ?)`, s.ID, db.JSON(s), listed, now, nullable(unitID)))
}

// updateService changes a service whose version is the given one.
func updateService(ctx context.Context, tx *db.Tx, s *directory.Service, listed bool, version int, now time.Time) error {
	return conflictIfNone(db.Changed(ctx, tx, `UPDATE site_service SET content = ?, listed = ?, changed_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		db.JSON(s), listed, now, s.ID, version))
}

// nullable keeps "the installation" apart from a unit's id.
func nullable(unitID string) any {
	if unitID == "" {
		return nil
	}
	return unitID
}

// faultIfDuplicate makes a fault of a row that is there already.
func faultIfDuplicate(err error) error {
	if db.IsUnique(err) {
		return errDuplicate()
	}
	return err
}

func errDuplicate() error { return errs.Fields{{Name: "id", Key: "site.fault.taken"}}.Err() }

// conflictIfNone makes a conflict of a conditional change that changed nothing: it is no more as it was seen.
func conflictIfNone(n int, err error) error {
	if err == nil && n == 0 {
		return errs.Conflict("site.conflict")
	}
	return err
}

const fileColumns = `id, article_id, edition, lang, name, media_type, size, hash, added_at`

func files(ctx context.Context, q db.Querier, where string, args ...any) ([]content.File, error) {
	return db.All[content.File](ctx, q, `SELECT `+fileColumns+` FROM site_file WHERE `+where+` ORDER BY article_id, added_at DESC, id`, args...)
}

// nextRevision gives the site its next revision.
func nextRevision(ctx context.Context, tx *db.Tx) error {
	return db.Exec(ctx, tx, `INSERT INTO setting (name, value) VALUES ('site.revision', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)`)
}

func revision(ctx context.Context, q db.Querier) (int64, error) {
	return db.One[int64](ctx, q, `SELECT COALESCE(MAX(CAST(value AS BIGINT)), 0) FROM setting WHERE name = 'site.revision'`)
}

// splitWords splits a stored list of words.
func splitWords[T ~string](stored string) []T {
	var out []T
	for _, w := range strings.Fields(stored) {
		out = append(out, T(w))
	}
	return out
}

// joinWords joins words for a column.
func joinWords[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, " ")
}
