package itembank

import (
	"context"

	"ostoja/internal/db"
	"ostoja/internal/list"
)

const versionColumns = `v.id, v.item_id, i.origin, i.code, v.number, v.type, v.objective, v.topic, v.level, v.langs, v.content, v.author_id, v.created_at,
	v.verdict, v.reviewer_id, v.reviewed_at, v.note, i.retired_at, (SELECT MAX(n.number) FROM bank_version n WHERE n.item_id = v.item_id) AS current_no`

const fromVersions = ` FROM bank_version v JOIN bank_item i ON i.id = v.item_id `

// itemOrders are what the list of items is sorted by.
var itemOrders = list.Orders{First: "code", Last: []string{"i.origin", "i.code"}, By: map[string][]string{
	"code": nil, "level": {"v.level"}, "type": {"v.type"}, "review": {"v.verdict"},
}}

func listVersions(ctx context.Context, q db.Querier, where string, args []any, w list.Window) ([]Version, error) {
	order, more := itemOrders.SQL(w)
	return db.All[Version](ctx, q, `SELECT `+versionColumns+fromVersions+`WHERE `+where+order, append(args, more...)...)
}

func versionsOf(ctx context.Context, q db.Querier, itemID string) ([]Version, error) {
	return db.All[Version](ctx, q, `SELECT `+versionColumns+fromVersions+`WHERE v.item_id = ? ORDER BY v.number DESC`, itemID)
}

func versionByID(ctx context.Context, q db.Querier, versionID string) (Version, error) {
	return db.One[Version](ctx, q, `SELECT `+versionColumns+fromVersions+`WHERE v.id = ?`, versionID)
}

func versionsByID(ctx context.Context, q db.Querier, ids []string) (map[string]Version, error) {
	list, err := db.All[Version](ctx, q, `SELECT `+versionColumns+fromVersions+`WHERE v.id IN (`+db.In(len(ids))+`)`, db.Args(ids)...)
	byID := make(map[string]Version, len(list))
	for _, v := range list {
		byID[v.ID] = v
	}
	return byID, err
}

func insertVersion(ctx context.Context, tx *db.Tx, v Version, digest, searchText string) error {
	return db.Exec(ctx, tx, `
		INSERT INTO bank_version (id, item_id, number, type, objective, topic, level, langs, content, digest, search_text, author_id, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.ID, v.ItemID, v.Number, string(v.Type), v.Objective, v.Topic, v.Level, db.JSON(v.Languages), db.JSON(v.Content), digest, searchText, v.AuthorID, v.CreatedAt)
}

const testColumns = `id, family, edition, origin, code, title, intro, minutes, langs, created_at, created_by, retired_at, anchors`

func testByID(ctx context.Context, q db.Querier, testID string) (Test, error) {
	return db.One[Test](ctx, q, `SELECT `+testColumns+` FROM competence_test WHERE id = ?`, testID)
}

func formsOf(ctx context.Context, q db.Querier, testID string) ([]Form, error) {
	return db.All[Form](ctx, q, `SELECT id, test_id, name, items FROM test_form WHERE test_id = ? ORDER BY name`, testID)
}

func insertTest(ctx context.Context, tx *db.Tx, t Test, digest string) error {
	if err := db.Exec(ctx, tx, `
		INSERT INTO competence_test (id, family, edition, origin, code, title, intro, minutes, langs, digest, created_at, created_by, anchors)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.Family, t.Edition, t.Origin, t.Code, db.JSON(t.Title), db.JSON(t.Intro), t.Minutes, db.JSON(t.Languages), digest, t.CreatedAt, t.CreatedBy, db.JSON(t.Anchors)); err != nil {
		return err
	}
	for _, f := range t.Forms {
		if err := db.Exec(ctx, tx, `INSERT INTO test_form (id, test_id, name, items) VALUES (?, ?, ?, ?)`, f.ID, t.ID, f.Name, db.JSON(f.Items)); err != nil {
			return err
		}
	}
	return nil
}
