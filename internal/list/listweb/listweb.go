// Package listweb makes the pages and files of lists. A page says once what its list is made of ([Of]); from that come the
// table with its row headers, sort links and check boxes, the search box, the folded filters and the chips that take them
// off, the pages, the two empty states, the bar of what is ticked, and the same rows as XLSX and CSV.
//
// Its goals: all lists look and behave alike (docs/design, PATTERNS), each is a definition and no markup; an address holds
// the whole state, so that Back, bookmarks and links work without a script; a file has every row that the page's conditions
// let through, in the page's order, under the page's headings, from the page's own address (?as=xlsx) and permission. What
// it does not do: conditions, permissions and SQL are the area's, which is handed a [list.Query].
//
// How to add a list (copy internal/identity/identityweb/people_list.go for rows in the database, account_list.go for rows
// in memory):
//
//  1. In the area's core, give the filter a [list.Window], write the orders as [list.Orders], and read one page with its SQL.
//     For files, a second method opens one transaction and hands out list.Portions of the same read.
//  2. In the pages, write a function that returns an Of[Row]: Name, Title, Path, Query, Now, the Columns. Exactly one column
//     is the Head, which says what the row is. A Value goes into the file and, unless Show says otherwise, onto the page.
//  3. Few rows that are read whole anyway: set Rows and give filters a Match. Else: set Page and Each.
//  4. In the handler: if l.Wanted() { return l.Send(w, r) }; shown, err := l.Open(ctx); the page contains @shown.
//  5. On phones a row has two or three lines: Head and Chip on the first, Meta and Figure on the second, Away not at all.
//  6. Empty says what to do when there is nothing yet; "nothing found" is the package's own.
//  7. Two lists on one page: give the second a Prefix.
//  8. Test: who is refused (webtest), that each filter filters, and a row of the file. The rest is tested here.
package listweb

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/list"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// pageSize is how many rows a page of a list has.
const pageSize = 50

// Of is a list of rows of type T: what it shows, what it can be asked for and where its rows come from. Texts are in the
// reader's language already. It is made for one request.
type Of[T any] struct {
	Name    string     // of files: people-2026-11-29.xlsx
	Title   string     // of the table, for those who do not see the page; and of the sheet
	Path    string     // address of the page
	Query   url.Values // what the request asked for
	Now     time.Time
	Prefix  string // of the parameters, where a page has several lists
	Search  string // label of the search box, "" if the list cannot be searched
	Filters []Filter[T]
	Columns []Column[T]
	First   string // the order at first: a column's Sort, with "-" in front the descending one; "" leaves the rows as they are
	Empty   Empty
	Pick    *Pick[T] // nil: nothing can be ticked
	Foot    *T       // the sums, as a last row of table and file
	Size    int      // rows of a page, 50 if left out
	Private bool     // no files: what stands in it is looked at here and not taken away
	Once    bool     // the page answers one form and has no address to come back to: nothing links to another order, page or file

	// Find is what the search looks into, of rows in memory; nil: the texts of the columns.
	Find func(T) string
	// Rows are those of a list in memory, which is searched, filtered and sorted by the values of its columns.
	Rows []T
	// Page reads a page of a list that is not in memory, and how many rows there are on all pages.
	Page func(ctx context.Context, q list.Query) (rows []T, total int, err error)
	// Each hands out all rows that match, for a file, which becomes useless if it returns an error. Without it a list that has a
	// Page has no files.
	Each func(ctx context.Context, q list.Query, f sheet.Format, use func(iter.Seq2[T, error]) error) error
	// Record notes that a file of so many rows is taken away, once it is whole and before any of it is sent: nobody gets one that is
	// not recorded. Every list of people MUST have it, or an Each that does the same (art. 5(2) GDPR: who has them can be told).
	Record func(ctx context.Context, rows int, f sheet.Format) error
}

// Column is a column of page and file.
type Column[T any] struct {
	Label   string
	Sort    string // name of the order, "" if the list cannot be sorted by it
	Place   Place  // on a phone
	Numeric bool   // aligned at the end
	Hidden  bool   // the label is for screen readers alone
	Phone   string // stands in front of the value on a phone, where it would be a bare number; "" for none
	// Value is what the file holds, as [sheet.Rows] says, and the page shows in words. nil: the column is on the page alone.
	Value func(T) any
	// Text is what the page shows, where that is not the value.
	Text func(T) string
	// By is what rows in memory are sorted by where that is not the value.
	By func(T) any
	// Link is the page that the cell leads to, "" for none.
	Link func(T) string
	// Kind makes the cell a chip of that kind.
	Kind func(T) ui.Kind
	// Note stands muted behind the value, on the page alone.
	Note func(T) string
	// Show is the cell in a way of its own.
	Show func(T) templ.Component
	// File keeps the column to the file.
	File bool
}

// Place is where a cell stands on a phone, where a row has two or three lines and no names of columns.
type Place int

// The places.
const (
	Meta   Place = iota // second line
	Head                // begins the first line and heads the row: says which thing it is
	Chip                // ends the first line: the state
	Figure              // ends the second line
	Away                // not on a phone
)

// Filter is a choice that narrows a list.
type Filter[T any] struct {
	Name    string // of the parameter
	Label   string
	Hint    string
	Options []ui.Option // to choose from; one with an empty value says that all are shown, "all" if there is none
	Type    string      // of an input, where there are no options: date, month …
	// Match says whether a row in memory passes the value.
	Match func(row T, value string) bool
	// Quiet filters are set by links alone: they have a chip and no field.
	Quiet bool
	// Chip says a value that has no option.
	Chip func(value string) string
}

// Empty is what stands in place of a list without rows that was not narrowed: what will be here, and what to do for it.
type Empty struct {
	Title  string
	Text   string
	Action ui.NavItem // none without an Href
	Found  string     // what is said where conditions let nothing through, if not "nothing matches"
}

// Pick lets rows be ticked and acts on them.
type Pick[T any] struct {
	Action string          // where the form is sent
	Name   string          // of the check boxes
	Value  func(T) string  // of a row's box, "" for a row without one
	Label  func(T) string  // of the box, for screen readers
	Ticked func(T) bool    // at first; nil: none
	Hidden []ui.NavItem    // fields of the form: Label is the name, Href the value
	All    string          // name of a field that says, with the value 1, that all rows of all pages are meant; "": the page's at most
	Fields templ.Component // further fields, above the bar; nil: none
	Main   Act             // the button
	More   []Act           // behind "more"
}

// Act is a button of what is ticked.
type Act struct {
	Label  string
	Kind   ui.Kind
	Action string // where the form is sent, if elsewhere
	Name   string // sent with the form
	Value  string
}

// asks says what the list can be asked for.
func (l *Of[T]) asks() list.Asks {
	a := list.Asks{Prefix: l.Prefix, First: l.First, Size: l.size()}
	for _, c := range l.Columns {
		if c.Sort != "" {
			a.Sorts = append(a.Sorts, c.Sort)
		}
	}
	for _, f := range l.Filters {
		a.Filters = append(a.Filters, f.Name)
	}
	return a
}

func (l *Of[T]) size() int {
	if l.Size > 0 {
		return l.Size
	}
	return pageSize
}

// Asked returns what the list was asked for.
func (l *Of[T]) Asked() list.Query { return l.asks().Parse(l.Query) }

// strange says whether a filter has a value that it does not offer. Nothing passes it: a link from elsewhere to what is no
// more must neither fail nor show everything.
func (l *Of[T]) strange(q list.Query) bool {
	for _, f := range l.Filters {
		v := q.Filters[f.Name]
		if v == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, v); f.Type == "date" && err != nil {
			return true
		}
		if len(f.Options) > 0 && !slices.ContainsFunc(f.Options, func(o ui.Option) bool { return o.Value == v }) {
			return true
		}
	}
	return false
}

// read returns the rows of the page, the number of those that match, and of all; whole is 0 where nobody counted.
func (l *Of[T]) read(ctx context.Context, q list.Query) (rows []T, total, whole int, err error) {
	defer errs.Wrap(&err, "listweb.read(%s)", l.Name)
	if l.strange(q) {
		return nil, 0, len(l.Rows), nil
	}
	if l.Page != nil {
		rows, total, err = l.Page(ctx, q)
		return rows, total, 0, err
	}
	chosen := l.table().Choose(l.Rows, q)
	return list.Cut(chosen, q.Window), len(chosen), len(l.Rows), nil
}

// table says how rows in memory are chosen.
func (l *Of[T]) table() list.Table[T] {
	t := list.Table[T]{Sorts: map[string]func(T) any{}, Filters: map[string]func(T, string) bool{}}
	for _, c := range l.Columns {
		switch {
		case c.Sort == "":
		case c.By != nil:
			t.Sorts[c.Sort] = c.By
		case c.Value != nil:
			t.Sorts[c.Sort] = func(row T) any { return sortable(c.Value(row)) }
		case c.Text != nil:
			t.Sorts[c.Sort] = func(row T) any { return c.Text(row) }
		}
	}
	for _, f := range l.Filters {
		t.Filters[f.Name] = f.Match
	}
	if t.Text = l.Find; t.Text != nil {
		return t
	}
	t.Text = func(row T) string {
		var b strings.Builder
		for _, c := range l.Columns {
			if c.Value == nil {
				if c.Text != nil {
					b.WriteString(c.Text(row))
					b.WriteByte('\n')
				}
				continue
			}
			if s, ok := c.Value(row).(string); ok {
				b.WriteString(s)
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	return t
}

// sortable brings the kinds of a sheet to those that rows are sorted by.
func sortable(v any) any {
	switch v := v.(type) {
	case sheet.Day:
		return time.Time(v)
	case sheet.Decimal:
		return v.Value
	case int32:
		return int64(v)
	}
	return v
}
