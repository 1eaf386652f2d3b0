package publicationweb

import (
	"strconv"
	"strings"
	"time"

	"ostoja/internal/lang"
	"ostoja/internal/publication"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// yearText is a year as it is written, without a space between thousands.
func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// status says in a sentence where the copies are.
func status(p *lang.Printer, s publication.Sums) string {
	if s.Printed+s.Arrived == 0 {
		return p.T("publication.status-none")
	}
	said := p.T("publication.status", "Stock", p.Int(s.Stock), "Printed", p.Int(s.Printed), "Handed", p.Int(s.Handed), "Sent", p.Int(s.Sent))
	if s.WrittenOff > 0 {
		said += " " + p.N("publication.status-written-off", s.WrittenOff)
	}
	return said
}

// last returns the movement that can still be taken back.
func last(x publication.Page) (publication.Movement, bool) {
	for _, m := range x.Moves {
		if m.MayUndo {
			return m, true
		}
	}
	return publication.Movement{}, false
}

// lies says how many copies lie where.
func lies(p *lang.Printer, x publication.Page) string {
	var list []string
	for _, s := range x.Stock {
		list = append(list, s.Name+": "+p.Int(s.Copies))
	}
	return strings.Join(list, ", ")
}

// pairs are what is written about a publication.
func pairs(p *lang.Printer, x publication.Page) (list []ui.Pair) {
	add := func(key, text, href string) {
		if text != "" {
			list = append(list, ui.Pair{Term: p.T(key), Text: text, Href: href})
		}
	}
	add("publication.languages", p.LanguageNames(x.Languages), "")
	add("publication.edition", x.Edition, "")
	add("publication.isbn", x.ISBN, "")
	add("publication.publisher", x.Publisher, "")
	add("publication.year", yearText(x.Year), "")
	if x.IssuedOn != "" {
		add("publication.issued", p.DateOf(x.IssuedOn), "")
	}
	add("publication.office", x.Unit, "")
	if x.ArticleID != "" {
		add("publication.article", x.Article.In(p.Tag()), "")
	}
	if x.Orderable {
		add("publication.orders", p.T("publication.orderable"), "")
	}
	return list
}

func unitOptions(units []publication.Unit, none string) (options []ui.Option) {
	if none != "" {
		options = append(options, ui.Option{Label: none})
	}
	for _, u := range units {
		options = append(options, ui.Option{Value: u.ID, Label: u.Name})
	}
	return options
}

func articleOptions(p *lang.Printer, articles []publication.Article) []ui.Option {
	options := []ui.Option{{Label: p.T("publication.no-article")}}
	for _, a := range articles {
		options = append(options, ui.Option{Value: a.ID, Label: a.Title.In(p.Tag())})
	}
	return options
}

func kindOptions(p *lang.Printer) (options []ui.Option) {
	for _, k := range publication.Kinds {
		options = append(options, ui.Option{Value: string(k), Label: p.T("publication.kind-" + string(k))})
	}
	return options
}

func placeKindOptions(p *lang.Printer) (options []ui.Option) {
	for _, k := range publication.PlaceKinds {
		options = append(options, ui.Option{Value: string(k), Label: p.T("publication.place-" + string(k))})
	}
	return options
}

func placeOptions(p *lang.Printer, list []publication.Place) (options []ui.Option) {
	for _, x := range list {
		options = append(options, ui.Option{Value: x.ID, Label: x.Name + " (" + p.T("publication.place-"+string(x.Kind)) + ")"})
	}
	return options
}

// stockOptions are the places from which an order can be sent, with what lies there.
func stockOptions(p *lang.Printer, list []publication.PlaceStock) (options []ui.Option) {
	for _, x := range list {
		if x.ClosedAt.IsZero() {
			options = append(options, ui.Option{Value: x.ID, Label: x.Name + ": " + p.Int(x.Copies)})
		}
	}
	return options
}

func runOptions(p *lang.Printer, list []publication.Run) []ui.Option {
	options := []ui.Option{{Label: p.T("publication.no-run")}}
	for _, r := range list {
		options = append(options, ui.Option{Value: r.ID, Label: p.T("publication.run-option", "Day", p.DateOf(r.Day), "Left", p.Int(r.Left()))})
	}
	return options
}

func trainingOptions(p *lang.Printer, list []publication.Training) []ui.Option {
	options := []ui.Option{{Label: p.T("publication.choose-training")}}
	for _, t := range list {
		label := t.Title + ", " + p.DateOf(t.Day)
		if t.Place != "" {
			label += ", " + t.Place
		}
		options = append(options, ui.Option{Value: t.ID, Label: label})
	}
	return options
}

// only is what is wrong with a field of the form that was sent: an order's page has several.
func only(f *web.Form, to publication.OrderState, name string) string {
	if f.Get("to") == string(to) {
		return f.Error(name)
	}
	return ""
}

// mainKind fills the first button of a page and no other.
func mainKind(i int) ui.Kind {
	if i == 0 {
		return ui.Action
	}
	return ui.Plain
}

// actText says what was done to an order.
func actText(p *lang.Printer, a publication.OrderAct) string {
	said := p.DateTime(a.At) + ": " + p.T("publication.order-"+string(a.State))
	if a.Copies > 0 {
		said += ", " + p.N("publication.n-copies", a.Copies)
	}
	if a.By != "" {
		said += " (" + a.By + ")"
	}
	if a.Note != "" {
		said += ": " + a.Note
	}
	return said
}

// monthName says a month that is stored as 2026-11.
func monthName(p *lang.Printer, month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return p.T("publication.month-name", "Name", p.T("classroom.month."+strconv.Itoa(int(t.Month()))), "Year", strconv.Itoa(t.Year()))
}
