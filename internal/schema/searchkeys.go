package schema

import (
	"context"
	"strings"

	"ostoja/internal/db"
	"ostoja/internal/text"
)

// searchKeys is migration 17: the stored keys by which people and items are found and people are sorted are made anew by the one
// function of each question (package text). Until then O’Brien was not found by O'Brien. Only rows whose key is another now are
// written. See docs/decisions/0022.
func searchKeys(ctx context.Context, tx *db.Tx) error {
	if err := inPortions(ctx, tx, `
		SELECT id, given_name, family_name, COALESCE(mail, '') AS mail, COALESCE(service_number, '') AS service_number, sort_key, search_text
		FROM person WHERE id > ? ORDER BY id LIMIT ?`, personKey); err != nil {
		return err
	}
	return inPortions(ctx, tx, `
		SELECT v.id, i.code, v.objective, v.content, v.search_text FROM bank_version v JOIN bank_item i ON i.id = v.item_id
		WHERE v.id > ? ORDER BY v.id LIMIT ?`, itemKey)
}

// portion bounds how many rows are in memory at a time.
const portion = 500

// inPortions calls fn with each row of a query that takes the id after which to go on and how many rows to return.
func inPortions[T interface{ key() string }](ctx context.Context, tx *db.Tx, query string, fn func(context.Context, *db.Tx, T) error) error {
	after := ""
	for {
		rows, err := db.All[T](ctx, tx, query, after, portion)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := fn(ctx, tx, r); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].key()
	}
}

type personRow struct {
	ID            string
	GivenName     string
	FamilyName    string
	Mail          string
	ServiceNumber string
	SortKey       string
	SearchText    string
}

func (r personRow) key() string { return r.ID }

func personKey(ctx context.Context, tx *db.Tx, r personRow) error {
	sort := text.SortKey(r.FamilyName, r.GivenName)
	search := text.Search(strings.Join([]string{r.FamilyName, r.GivenName, r.FamilyName, r.Mail, r.ServiceNumber}, " "))
	if sort == r.SortKey && search == r.SearchText {
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE person SET sort_key = ?, search_text = ? WHERE id = ?`, sort, search, r.ID)
}

type itemRow struct {
	ID         string
	Code       string
	Objective  string
	Content    struct{ Question text.Translated } `db:"content,json"`
	SearchText string
}

func (r itemRow) key() string { return r.ID }

func itemKey(ctx context.Context, tx *db.Tx, r itemRow) error {
	words := []string{r.Code, r.Objective}
	for _, lang := range r.Content.Question.Languages() {
		words = append(words, r.Content.Question[lang])
	}
	search := text.Search(strings.Join(words, " "))
	if search == r.SearchText {
		return nil
	}
	return db.Exec(ctx, tx, `UPDATE bank_version SET search_text = ? WHERE id = ?`, search, r.ID)
}
