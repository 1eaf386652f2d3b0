package listweb

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
)

// Shown is a page of a list, ready to be put into a page of HTML.
type Shown struct {
	Total int // rows that match, on all pages

	title, path, prefix string
	base                url.Values // what links keep: everything but the page and what is done once
	asked               list.Query
	first               string // as in [Of]
	whole               int    // rows that there are, 0 if nobody counted
	tools               bool   // has search box and filters
	search              string
	fields              []field
	chips               []chip
	columns             []column
	rows                []row
	foot                *row
	empty               Empty
	files               bool
	pick                *pick
}

// field is a filter as it is shown.
type field struct {
	ui.Field
	quiet bool
	said  func(value string) string // how the chip says the value, nil: as it is
}

// chip is a filter that is on; href leads to the list without it.
type chip struct{ label, full, href string }

type column struct {
	label   string
	phone   string
	sort    string
	place   Place
	numeric bool
	hidden  bool
}

type row struct {
	cells []cell
	box   box
}

type cell struct {
	text, href, note string
	kind             ui.Kind
	show             templ.Component
}

type box struct {
	value, label string
	ticked       bool
}

type pick struct {
	action, name, all string
	hidden            []ui.NavItem
	main              Act
	fields            templ.Component
	more              []Act
	boxes             int  // on this page
	everything        bool // all rows of all pages are ticked
}

// Render writes the list.
func (s *Shown) Render(ctx context.Context, w io.Writer) error { return listView(s).Render(ctx, w) }

// Open reads the page that was asked for.
func (l *Of[T]) Open(ctx context.Context) (s *Shown, err error) {
	defer errs.Wrap(&err, "listweb.Open(%s)", l.Name)
	q := l.Asked()
	rows, total, whole, err := l.read(ctx, q)
	if err != nil {
		return nil, err
	}
	if last := q.Pages(total); q.Page > last { // the list became shorter
		q.Page = last
		if rows, total, whole, err = l.read(ctx, q); err != nil {
			return nil, err
		}
	}
	p := lang.From(ctx)
	s = &Shown{Total: total, title: l.Title, path: l.Path, prefix: l.Prefix, asked: q, first: l.First, whole: whole, search: l.Search, empty: l.Empty, files: l.sends()}
	s.base, s.fields, s.columns = l.base(), l.fields(p, q), l.columns()
	s.chips = s.on()
	s.tools = q.Narrowed() || whole > q.Size || l.Page != nil && total > 0 && (l.Search != "" || len(l.Filters) > 0)
	l.fill(s, p, rows)
	return s, nil
}

// base is the query without what concerns one answer alone.
func (l *Of[T]) base() url.Values {
	q := url.Values{}
	for name, values := range l.Query {
		if len(values) > 0 && values[0] != "" {
			q[name] = slices.Clone(values)
		}
	}
	for _, name := range []string{"page", "as", "picked"} {
		q.Del(l.Prefix + name)
	}
	if q.Has(sealed) { // the words of the one search stay sealed in every address that leads on
		q.Del("q")
	}
	return q
}

// sealed is the parameter in which the words of the one search came, see web.Site.Sought; they are in q by now.
const sealed = "found"

// on returns the chips of the filters that are on.
func (s *Shown) on() (chips []chip) {
	for _, f := range s.fields {
		if f.Value == "" {
			continue
		}
		c := chip{label: f.Label + ": " + f.Value, full: f.Label, href: s.without(f.Name)}
		if f.said != nil {
			c.label = f.said(f.Value)
		}
		for _, o := range f.Options {
			if o.Value == f.Value {
				c.label = strings.TrimSpace(o.Label) // without the space by which a tree is drawn
			}
		}
		chips = append(chips, c)
	}
	return chips
}

func (l *Of[T]) fields(p *lang.Printer, q list.Query) (fields []field) {
	for _, f := range l.Filters {
		v := field{ui.Field{Name: l.Prefix + f.Name, ID: "list-" + l.Prefix + f.Name, Label: f.Label, Hint: f.Hint, Type: f.Type, Value: q.Filters[f.Name], Options: f.Options}, f.Quiet, f.Chip}
		if len(v.Options) > 0 && !slices.ContainsFunc(v.Options, func(o ui.Option) bool { return o.Value == "" }) {
			v.Options = append([]ui.Option{{Label: p.T("list.all")}}, v.Options...)
		}
		fields = append(fields, v)
	}
	return fields
}

func (l *Of[T]) columns() (columns []column) {
	for _, c := range l.Columns {
		if l.Once {
			c.Sort = ""
		}
		if !c.File {
			columns = append(columns, column{c.Label, c.Phone, c.Sort, c.Place, c.Numeric, c.Hidden})
		}
	}
	return columns
}

func (l *Of[T]) fill(s *Shown, p *lang.Printer, rows []T) {
	picked := l.Query.Get(l.Prefix + "picked")
	if l.Pick != nil {
		s.pick = &pick{action: l.Pick.Action, name: l.Pick.Name, all: l.Pick.All, hidden: l.Pick.Hidden, main: l.Pick.Main, fields: l.Pick.Fields, more: l.Pick.More}
		s.pick.everything = picked == "all" && l.Pick.All != "" && s.Total > len(rows)
	}
	for _, r := range rows {
		line := row{cells: l.line(p, r)}
		if l.Pick != nil {
			if line.box.value = l.Pick.Value(r); line.box.value != "" {
				s.pick.boxes++
				line.box.label = l.Pick.Label(r)
				line.box.ticked = picked == "all" || picked == "page" || l.Pick.Ticked != nil && l.Pick.Ticked(r)
			}
		}
		s.rows = append(s.rows, line)
	}
	if l.Foot != nil {
		s.foot = &row{cells: l.line(p, *l.Foot)}
	}
}

func (l *Of[T]) line(p *lang.Printer, r T) (cells []cell) {
	for _, c := range l.Columns {
		if c.File {
			continue
		}
		var v cell
		switch {
		case c.Show != nil:
			v.show = c.Show(r)
		case c.Text != nil:
			v.text = c.Text(r)
		case c.Value != nil:
			v.text = words(p, l.Now, c.Value(r))
		}
		if c.Link != nil {
			v.href = c.Link(r)
		}
		if c.Kind != nil && v.text != "" {
			v.kind = c.Kind(r)
		}
		if c.Note != nil {
			v.note = c.Note(r)
		}
		cells = append(cells, v)
	}
	return cells
}

// words says a value of a sheet to a reader.
func words(p *lang.Printer, now time.Time, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return p.Int(v)
	case int64:
		return p.Int(int(v))
	case float64:
		return p.Float(v, 1)
	case sheet.Decimal:
		return p.Float(v.Value, v.Places)
	case sheet.Day:
		return p.Day(time.Time(v), now)
	case time.Time:
		return p.Moment(v, now)
	case bool:
		if v {
			return p.T("list.yes")
		}
		return p.T("list.no")
	}
	return fmt.Sprint(v)
}

// link returns the list's address with some parameters changed, as name, value pairs; "" takes one away. The names are
// without the prefix. A list that is not the page's only one is led to, lest the page jump to its top.
func (s *Shown) link(pairs ...string) string { return s.file(pairs...) + s.place() }

// place is the list's place in the page, as the end of an address.
func (s *Shown) place() string {
	if s.prefix == "" {
		return ""
	}
	return "#" + s.id("")
}

// file is the list's address as [Shown.link] has it, for what does not show the page.
func (s *Shown) file(pairs ...string) string {
	q := url.Values{}
	for name, values := range s.base {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(s.prefix + pairs[i])
		if pairs[i+1] != "" {
			q.Set(s.prefix+pairs[i], pairs[i+1])
		}
	}
	return address(s.path, q)
}

// without returns the address without a parameter, whose name has the prefix already.
func (s *Shown) without(name string) string { return s.link(strings.TrimPrefix(name, s.prefix), "") }

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// clear leads to the list without search and filters, in the same order.
func (s *Shown) clear() string {
	pairs := []string{"q", "", sealed, ""}
	for _, f := range s.fields {
		pairs = append(pairs, strings.TrimPrefix(f.Name, s.prefix), "")
	}
	return s.link(pairs...)
}

// sortLink sorts by the column, and the other way round where the list is sorted by it already.
func (s *Shown) sortLink(c column) string {
	desc := ""
	if s.asked.Sort == c.sort && !s.asked.Desc {
		desc = "1"
	}
	return s.link("sort", c.sort, "desc", desc)
}

func (s *Shown) ariaSort(c column) string {
	switch {
	case s.asked.Sort != c.sort:
		return "none"
	case s.asked.Desc:
		return "descending"
	}
	return "ascending"
}

// orders are the choices of the field by which a phone sorts.
func (s *Shown) orders(p *lang.Printer) (options []ui.Option) {
	if s.first == "" {
		options = append(options, ui.Option{Label: p.T("list.as-is")})
	}
	for _, c := range s.columns {
		if c.sort != "" {
			options = append(options, ui.Option{Value: c.sort, Label: p.T("list.sort-up", "Column", c.label)}, ui.Option{Value: "-" + c.sort, Label: p.T("list.sort-down", "Column", c.label)})
		}
	}
	return options
}

// order is the value of that field.
func (s *Shown) order() string {
	if s.asked.Desc && s.asked.Sort != "" {
		return "-" + s.asked.Sort
	}
	return s.asked.Sort
}

// kept are the parameters that the form of search and filters carries along: those of the page and of its other lists.
func (s *Shown) kept() (items []ui.NavItem) {
	own := []string{s.prefix + "q", s.prefix + "sort", s.prefix + "desc"}
	if s.prefix == "" {
		own = append(own, sealed) // what is typed into the list's own box comes in its place
	}
	for _, f := range s.fields {
		if !f.quiet {
			own = append(own, f.Name)
		}
	}
	for name, values := range s.base {
		if !slices.Contains(own, name) {
			items = append(items, ui.NavItem{Label: name, Href: values[0]})
		}
	}
	slices.SortFunc(items, func(a, b ui.NavItem) int { return strings.Compare(a.Label, b.Label) })
	return items
}

// folded says whether there is anything to fold: filters, or orders, which phones choose there.
func (s *Shown) folded() bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return !f.quiet }) || slices.ContainsFunc(s.columns, func(c column) bool { return c.sort != "" })
}

// sortOnly says that the fold holds the orders alone, which a desktop sorts by its links.
func (s *Shown) sortOnly() bool {
	return !slices.ContainsFunc(s.fields, func(f field) bool { return !f.quiet })
}

// id returns an id that no other list of the page has.
func (s *Shown) id(name string) string { return "list-" + s.prefix + name }

func (s *Shown) pages() int { return s.asked.Pages(s.Total) }

func (s *Shown) pageLink(n int) string {
	if n == 1 {
		return s.link()
	}
	return s.link("page", strconv.Itoa(n))
}

// around returns the pages to link to: the first, the last, and those beside the current; 0 stands for a gap.
func (s *Shown) around() (pages []int) {
	last := s.pages()
	for _, n := range []int{1, s.asked.Page - 1, s.asked.Page, s.asked.Page + 1, last} {
		switch {
		case n < 1 || n > last || len(pages) > 0 && n <= pages[len(pages)-1]:
			continue
		case len(pages) > 0 && n > pages[len(pages)-1]+1:
			pages = append(pages, 0)
		}
		pages = append(pages, n)
	}
	return pages
}

func (p Place) class() string {
	return [...]string{"l-meta", "l-head", "l-chip", "l-figure", "l-away"}[p]
}
