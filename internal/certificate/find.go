package certificate

import (
	"context"
	"strings"
	"unicode"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// mostWords bounds how many words are looked for; what comes after them would hardly narrow anything.
const mostWords = 8

// Find returns certificates of people whom the actor may read, by words of the holder's record or of the number, the newest first. What has a digit is looked for in numbers, all else in names; the code of the paper is not looked for.
func (s *Service) Find(ctx context.Context, actor access.Actor, words string, most int) (_ []Certificate, err error) {
	defer errs.Wrap(&err, "certificate.Find")
	all := strings.Fields(text.Search(text.Clean(words)))
	if len(all) == 0 || !actor.Has(access.PeopleRead) {
		return nil, nil
	}
	reach, args := actor.Within(access.PeopleRead, "u.path")
	if reach != "TRUE" {
		reach = `p.unit_id IN (SELECT u.id FROM unit u WHERE ` + reach + `)`
	}
	var named, numbered []string
	var numbers []any
	for _, w := range all[:min(len(all), mostWords)] {
		if strings.ContainsFunc(w, unicode.IsDigit) {
			numbered, numbers = append(numbered, `n.number LIKE ? ESCAPE '\'`), append(numbers, db.Like(strings.ToUpper(w)))
		} else {
			named, args = append(named, ` AND p.search_text LIKE ? ESCAPE '\'`), append(args, db.Like(w))
		}
	}
	// What is narrow is looked through first and by itself: joined, SQLite begins with the units and reads every person in them.
	where := `c.person_id IN (SELECT p.id FROM person p WHERE ` + reach + strings.Join(named, "") + `)`
	if len(named) == 0 {
		where = `EXISTS (SELECT 1 FROM person p WHERE p.id = c.person_id AND ` + reach + `)`
	}
	if len(numbered) > 0 {
		where += ` AND c.id IN (SELECT n.id FROM certificate n WHERE ` + strings.Join(numbered, " AND ") + `)`
	}
	return db.All[Certificate](ctx, s.db, `SELECT `+columns+` FROM certificate c WHERE `+where+` ORDER BY c.issued_at DESC, c.id DESC LIMIT ?`, append(append(args, numbers...), most)...)
}
