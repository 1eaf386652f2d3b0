// Package publication keeps what an office prints: publications with their numbers and languages, print runs, how many copies lie where, which way they went, and orders of units.
//
// Goals: the stock is the sum of its movements and never below nothing, whoever writes at the same time; what left says where to: a unit, a training, the waste with its reason;
// the last movement can be taken back for ten minutes and then stands. A project's figures rest on these rows (the views publication_issued, publication_printed and publication_given).
// Limits: no prices and no invoices, which are the accounts'; the text and files of a publication belong to the public site; institutions without an account
// order by letter or phone, and the site's editors write that down (decision 0018).
package publication

import (
	"context"
	"slices"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/act"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Bounds, in characters or copies.
const (
	mostTitle  = 300
	mostShort  = 24
	mostWords  = 120
	mostReason = 500
	// MostCopies is the largest number of copies that is written in one go.
	MostCopies = 1_000_000
	firstYear  = 1950
)

// Languages are those in which a publication may be: those of readers and those of offices.
var Languages = []string{"pl", "en", "uk", "ru", "ar", "vi", "be", "fr", "es", "ka", "fa", "ps", "tr", "hi", "ne", "bn", "uz", "tg", "ro", "bg", "de"}

// UndoFor is for how long the last movement can be taken back.
const UndoFor = act.UndoFor

// Draft is what an office writes about a publication.
type Draft struct {
	UnitID    string
	Title     string
	Short     string
	Edition   string   // as it is printed
	ISBN      string   // as it is printed, "" if it has none
	Languages []string // of its text
	Publisher string
	Year      int    // 0: not known
	IssuedOn  string // 2026-11-30; "": the day of its first print run
	ArticleID string // the publication of the public site whose files it has, "" if none
	Orderable bool   // units may order copies
	Seen      int64  // the edition of the row that the writer saw; 0 of a new one
}

func (d Draft) cleaned() Draft {
	d.Title, d.Short, d.Edition, d.ISBN, d.Publisher = text.Clean(d.Title), text.Clean(d.Short), text.Clean(d.Edition), text.Clean(d.ISBN), text.Clean(d.Publisher)
	var langs []string
	for _, l := range Languages { // in our order, each once
		if slices.Contains(d.Languages, l) {
			langs = append(langs, l)
		}
	}
	d.Languages = langs
	return d
}

// check finds what is wrong with a cleaned draft on a day, and returns the digits of its number.
func (d Draft) check(today string) (digits string, f errs.Fields) {
	if d.Title == "" {
		f.Add("title", "publication.fault.title")
	}
	for _, x := range []struct {
		field, value string
		most         int
	}{{"title", d.Title, mostTitle}, {"short", d.Short, mostShort}, {"edition", d.Edition, mostWords}, {"isbn", d.ISBN, mostWords}, {"publisher", d.Publisher, mostWords}} {
		if len([]rune(x.value)) > x.most {
			f.Add(x.field, "publication.fault.long", "Most", x.most)
		}
	}
	if d.ISBN != "" {
		var ok bool
		if digits, ok = ISBN(d.ISBN); !ok {
			f.Add("isbn", "publication.fault.isbn")
		}
	}
	if len(d.Languages) == 0 {
		f.Add("languages", "publication.fault.languages")
	}
	if day, err := time.Parse(time.DateOnly, today); err == nil && d.Year != 0 && (d.Year < firstYear || d.Year > day.Year()+1) {
		f.Add("year", "publication.fault.year", "First", firstYear, "Last", day.Year()+1)
	}
	if d.IssuedOn != "" {
		f = append(f, checkDay("issued", d.IssuedOn, today)...)
	}
	return digits, f
}

// checkDay finds what is wrong with a day on which something was done.
func checkDay(field, day, today string) (f errs.Fields) {
	t, err := time.Parse(time.DateOnly, day)
	switch {
	case err != nil || t.Year() < firstYear:
		f.Add(field, "publication.fault.day")
	case day > today:
		f.Add(field, "publication.fault.day-ahead")
	}
	return f
}

// checkCopies finds what is wrong with a number of copies.
func checkCopies(n int) (f errs.Fields) {
	if n < 1 || n > MostCopies {
		f.Add("copies", "publication.fault.copies", "Most", MostCopies)
	}
	return f
}

// Training is one at which copies can be handed out.
type Training struct {
	ID    string
	Title string
	Place string
	Day   string // its first
}

// Article is a publication of the public site.
type Article struct {
	ID    string
	Title text.Translated
}

// Unit is one of the tree.
type Unit struct{ ID, Name string }

// Around is what the area needs of others.
type Around interface {
	// Articles returns the publications of the public site.
	Articles(ctx context.Context, q db.Querier) ([]Article, error)
	// Trainings returns those in which the actor has a permission, the latest first.
	Trainings(ctx context.Context, q db.Querier, actor access.Actor, p access.Permission) ([]Training, error)
	// Named returns what trainings are called, by id.
	Named(ctx context.Context, q db.Querier, ids []string) (map[string]Training, error)
}

// Deps are what the service needs.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Zone   *time.Location
	Around Around
}

// Service keeps publications.
type Service struct{ Deps }

// New returns a Service.
func New(d Deps) *Service { return &Service{d} }

// Today is the day of the zone.
func (s *Service) Today() string { return s.Clock.Now().In(s.Zone).Format(time.DateOnly) }

// Path is the address of a publication's page, or of one below it.
func Path(publicationID string, below ...string) string {
	path := "/app/publications/" + publicationID
	for _, b := range below {
		path += "/" + b
	}
	return path
}
