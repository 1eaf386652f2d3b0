// Package list says what a list was asked for and reads it: search, filters, order and page, for lists in the database and
// for those in memory.
//
// Its goals: a list means the same everywhere, whatever stands in the address is an answer and never an error, no text from
// outside reaches the SQL, and a file of all rows needs no more memory than a page. What it does not do: it knows no
// conditions, since what a filter means belongs to the area that owns the rows; and it makes no pages of HTML, which is
// listweb's work.
package list

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Window is which part of a list is wanted, in which order.
type Window struct {
	Sort string // the name of an order, "" for the list's own
	Desc bool
	Page int // from 1
	Size int // rows of a page; 0: all
}

// Query is what a list was asked for.
type Query struct {
	Search  string
	Filters map[string]string // by the filter's name; only those that are on
	Window
}

// Narrowed says whether anything is searched or filtered: a list without rows is then not an empty one.
func (q Query) Narrowed() bool { return q.Search != "" || len(q.Filters) > 0 }

// Asks is what a list can be asked for. All other parameters of an address are somebody else's.
type Asks struct {
	Prefix  string   // of the parameters, where a page has several lists
	Sorts   []string // names of the orders
	First   string   // the order that is used if none is asked for; "-at" is the descending one of at
	Filters []string // names
	Size    int      // rows of a page
}

// pageLimit keeps the offset far from where numbers overflow.
const pageLimit = 1_000_000

// Parse reads what was asked for. What is unknown or makes no sense counts as not asked.
func (a Asks) Parse(v url.Values) Query {
	get := func(name string) string { return strings.TrimSpace(v.Get(a.Prefix + name)) }
	q := Query{Search: get("q"), Filters: map[string]string{}, Window: Window{Size: a.Size}}
	for _, name := range a.Filters {
		if value := get(name); value != "" {
			q.Filters[name] = value
		}
	}
	q.Sort, q.Desc = order(a.First)
	sort, desc := order(get("sort")) // "-name", as a choice of one field says it, or "name" and "desc", as links do
	if slices.Contains(a.Sorts, sort) {
		q.Sort, q.Desc = sort, desc || get("desc") != ""
	} else if sort == "" && get("desc") != "" {
		q.Desc = true
	}
	page, err := strconv.Atoi(get("page"))
	if err != nil || page < 1 {
		page = 1
	}
	q.Page = min(page, pageLimit)
	return q
}

func order(s string) (name string, desc bool) {
	name, desc = strings.CutPrefix(s, "-")
	return name, desc
}

// Offset is how many rows come before the page.
func (w Window) Offset() int { return max(0, w.Page-1) * w.Size }

// Pages is how many pages so many rows have, at least one.
func (w Window) Pages(total int) int {
	if w.Size <= 0 {
		return 1
	}
	return max(1, (total+w.Size-1)/w.Size)
}
