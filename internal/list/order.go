package list

import (
	"iter"
	"strings"
)

// Orders are what a list in the database can be sorted by. Expressions are the program's own texts: nothing that a person
// sends becomes SQL but by choosing one of them.
type Orders struct {
	By    map[string][]string // SQL expressions by the order's name
	First string              // the name of the order that is used for any other
	// Last ends every order and must be unique for each row: pages would overlap otherwise.
	Last []string
}

// SQL returns ORDER BY and LIMIT for a statement, with a space in front, and its arguments. The direction holds for what was
// chosen and, where that is the list's own order, for what ends it: an index serves both ways then.
func (o Orders) SQL(w Window) (text string, args []any) {
	by, known := o.By[w.Sort]
	own := !known || w.Sort == o.First
	if !known {
		by = o.By[o.First]
	}
	var terms []string
	add := func(expressions []string, desc bool) {
		for _, e := range expressions {
			if desc {
				e += " DESC"
			}
			terms = append(terms, e)
		}
	}
	add(by, w.Desc)
	add(o.Last, w.Desc && own)
	text = " ORDER BY " + strings.Join(terms, ", ")
	if w.Size > 0 {
		return text + " LIMIT ? OFFSET ?", []any{w.Size, w.Offset()}
	}
	return text, nil
}

// portion is how many rows are held at once when all are wanted. Each portion begins by skipping those before it, so that it
// is large for a page and small for the memory.
const portion = 2000

// Portions returns all rows of a list in its order, read in portions as a page is: read is called with one window after the
// other, within one transaction of the caller, until a portion is not full.
func Portions[T any](w Window, read func(Window) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		w.Size = portion
		for w.Page = 1; ; w.Page++ {
			rows, err := read(w)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
			if len(rows) < portion {
				return
			}
		}
	}
}
