// Package lang speaks to people in their language: texts with plurals, dates and numbers.
//
// Goals: a page names keys and never words, so that a language is added by files alone; plurals follow the rules of CLDR,
// numbers and dates the habits of each language and the zone of the installation, whatever the machine is set to. A text that
// is missing shows its key in ⟦brackets⟧ instead of failing a page, and a test finds it before a reader does. Limits: texts
// are read once at the start; names of months are here for the languages of the application and of papers, other languages
// of the public site show dates in figures.
package lang

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"ostoja/internal/errs"
)

// Default is the language of whoever states none that we have.
const Default = "pl"

// Catalogue holds the interface texts of all languages.
type Catalogue struct {
	langs    []string
	printers map[string]*Printer
	papers   map[string]*Printer // of languages in which papers alone are printed
	keys     map[string][]string // language -> sorted keys
	matcher  language.Matcher
	own      *own
}

// Load reads LANG/*.yaml, and papers/LANG/*.yaml for [Catalogue.Paper]. Times are shown in zone.
func Load(fsys fs.FS, zone *time.Location) (_ *Catalogue, err error) {
	defer errs.Wrap(&err, "lang.Load")
	bundle := i18n.NewBundle(language.Make(Default))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	c := &Catalogue{printers: map[string]*Printer{}, papers: map[string]*Printer{}, keys: map[string][]string{}}
	files, err := fs.Glob(fsys, "*/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		tag := path.Dir(file)
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		parsed, err := bundle.ParseMessageFileBytes(b, tag+".yaml")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, m := range parsed.Messages {
			if slices.Contains(c.keys[tag], m.ID) {
				return nil, fmt.Errorf("%s: %s is there twice", file, m.ID)
			}
			c.keys[tag] = append(c.keys[tag], m.ID)
		}
	}
	var tags []language.Tag
	for tag := range c.keys {
		c.langs = append(c.langs, tag)
	}
	sort.Slice(c.langs, func(i, j int) bool { // the default first, which is also what the matcher falls back to
		return c.langs[i] == Default || (c.langs[j] != Default && c.langs[i] < c.langs[j])
	})
	for _, tag := range c.langs {
		sort.Strings(c.keys[tag])
		tags = append(tags, language.Make(tag))
		c.printers[tag] = newPrinter(bundle, tag, zone)
		c.printers[tag].fill(c.keys[tag])
	}
	if err := c.loadPapers(fsys, zone); err != nil {
		return nil, err
	}
	if len(tags) == 0 {
		return nil, fmt.Errorf("no texts")
	}
	c.matcher = language.NewMatcher(tags)
	return c.Apart(), nil
}

func newPrinter(bundle *i18n.Bundle, tag string, zone *time.Location) *Printer {
	return &Printer{
		tag: tag, texts: i18n.NewLocalizer(bundle, tag), numbers: message.NewPrinter(language.Make(tag + "-u-nu-latn")), zone: zone, // the digits of phones and dates, in Arabic too
		fixed: map[string]string{},
	}
}

// loadPapers reads the languages in which papers alone are printed. Each has a bundle to itself: what is missing in it must show, not
// come in another language.
func (c *Catalogue) loadPapers(fsys fs.FS, zone *time.Location) error {
	files, err := fs.Glob(fsys, "papers/*/*.yaml")
	if err != nil {
		return err
	}
	bundles := map[string]*i18n.Bundle{}
	for _, file := range files {
		tag := path.Base(path.Dir(file))
		if bundles[tag] == nil {
			bundles[tag] = i18n.NewBundle(language.Make(tag))
			bundles[tag].RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
		}
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		if _, err := bundles[tag].ParseMessageFileBytes(b, tag+".yaml"); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		c.papers[tag] = newPrinter(bundles[tag], tag, zone)
	}
	return nil
}

// Langs returns the languages that there are, the default first.
func (c *Catalogue) Langs() []string { return c.langs }

// Keys returns the keys of a language's texts, sorted.
func (c *Catalogue) Keys(tag string) []string { return c.keys[tag] }

// Has says whether the language is one of ours.
func (c *Catalogue) Has(tag string) bool { return c.printers[tag] != nil }

// Printer returns the printer of a language, or of the default if there is no such language.
func (c *Catalogue) Printer(tag string) *Printer {
	if p := c.printers[tag]; p != nil {
		return p
	}
	return c.printers[Default]
}

// Paper returns the printer for a paper in a language, which may be one in which the interface is not shown; that of the default if
// no paper is printed in it.
func (c *Catalogue) Paper(tag string) *Printer {
	if p := c.papers[tag]; p != nil {
		return p
	}
	return c.Printer(tag)
}

// Match returns the language of ours that suits an Accept-Language header (RFC 9110, section 12.5.4) best; the default for a
// header that cannot be read, since what a browser sends is not its reader's fault.
func (c *Catalogue) Match(header string) string {
	_, i := language.MatchStrings(c.matcher, header)
	return c.langs[i]
}

// Printer makes texts in one language. It is safe for use by several goroutines.
type Printer struct {
	tag     string
	texts   *i18n.Localizer
	numbers *message.Printer
	zone    *time.Location
	fixed   map[string]string // texts without placeholders, looked up once: a lesson page shows dozens
	own     *own
}

func (p *Printer) fill(keys []string) {
	for _, key := range keys { // a text with a placeholder comes out with "<no value>" in it: that one is made each time
		if s, err := p.texts.Localize(&i18n.LocalizeConfig{MessageID: key}); err == nil && !strings.Contains(s, "<no value>") {
			p.fixed[key] = s
		}
	}
}

// Tag returns the language's tag, for lang attributes.
func (p *Printer) Tag() string { return p.tag }

// Dir returns the direction of writing, for dir attributes.
func (p *Printer) Dir() string { return Dir(p.tag) }

// Dir returns the direction in which a language is written, whether or not there are texts in it, for dir attributes (WCAG 1.3.2: the
// order of reading follows it).
func Dir(tag string) string {
	switch tag {
	case "ar", "fa", "he", "ur", "ps":
		return "rtl"
	}
	return "ltr"
}

// T returns the text of a key, its {{.Name}} filled from name, value pairs. A key without a text comes back in ⟦brackets⟧,
// which a test finds.
func (p *Printer) T(key string, pairs ...any) string { return p.Args(key, errs.Args(pairs...)) }

// Args is T with the placeholders as a map.
func (p *Printer) Args(key string, args map[string]any) string {
	if len(args) == 0 {
		if s, ok := p.fixed[key]; ok {
			return s
		}
	}
	s, err := p.texts.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return s
}

// N returns the text of a key in the plural form for n (CLDR: Polish has three, Arabic six); {{.Count}} stands for n, grouped.
func (p *Printer) N(key string, n int, pairs ...any) string {
	args := map[string]any{"Count": p.Int(n)}
	for k, v := range errs.Args(pairs...) {
		args[k] = v
	}
	s, err := p.texts.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: args, PluralCount: n})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return s
}

// Of returns the text of a key in the plural form for a number that need not be whole (CLDR: "1,5 godziny", "1.5 hours"); {{.Count}}
// stands for it, as [Printer.Number] writes it.
func (p *Printer) Of(key string, x float64) string {
	rounded := strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64)
	s, err := p.texts.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{"Count": p.Number(x)}, PluralCount: rounded})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return s
}

// Has says whether there is a text for the key.
func (p *Printer) Has(key string) bool { return !strings.HasPrefix(p.T(key), "⟦") }

// Language returns the name of a language; its tag where it has no name, as a course may be in any.
func (p *Printer) Language(tag string) string {
	if key := "language." + tag; p.Has(key) {
		return p.T(key)
	}
	return tag
}

// LanguageName returns how a language is called in the printer's own: ukraiński, Ukrainian. One that has no name there is called by its tag.
func (p *Printer) LanguageName(tag string) string {
	if name := display.Tags(language.Make(p.tag)).Name(language.Make(tag)); name != "" {
		return name
	}
	return tag
}

// LanguageNames names languages one after another.
func (p *Printer) LanguageNames(tags []string) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = p.LanguageName(tag)
	}
	return strings.Join(names, ", ")
}

// Int returns a whole number with the language's grouping.
func (p *Printer) Int(n int) string { return p.numbers.Sprint(number.Decimal(n)) }

// none stands for a figure that there is not.
const none = "–"

// Float returns a number with exactly the given decimals, and a dash for what is no number.
func (p *Printer) Float(x float64, decimals int) string {
	if math.IsNaN(x) {
		return none
	}
	return p.numbers.Sprint(number.Decimal(x, number.MinFractionDigits(decimals), number.MaxFractionDigits(decimals)))
}

// Number returns a number with up to two decimals, as many as it has.
func (p *Printer) Number(x float64) string {
	return p.numbers.Sprint(number.Decimal(x, number.MaxFractionDigits(2)))
}

// Percent returns a share of 0 to 100 with a per cent sign, and a dash for what is no number: the sign close to the figure in
// English, apart from it in the languages of SI style (Polish typography, ISO 80000-1).
func (p *Printer) Percent(x float64, decimals int) string {
	if math.IsNaN(x) {
		return none
	}
	if p.tag == "en" {
		return p.Float(x, decimals) + "%"
	}
	return p.Float(x, decimals) + "\u00a0%"
}

var months = map[string][]string{
	"pl": {"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"uk": {"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"},
}

// yearMark is what a language puts behind the year of a day.
var yearMark = map[string]string{"uk": "\u00a0р."}

// Date returns the day on which t falls in the installation's zone, the month as a word; "" for the zero time.
func (p *Printer) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone)
	if m, ok := months[p.tag]; ok {
		return fmt.Sprintf("%d\u00a0%s %d%s", t.Day(), m[t.Month()-1], t.Year(), yearMark[p.tag])
	}
	return t.Format("2006-01-02")
}

// StoredDay reads a day as it is stored, 2026-11-30: its midnight in the installation's zone, the zero time of anything else.
func (p *Printer) StoredDay(day string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, p.zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// DateOf writes a stored day as [Printer.Date] does; what is none stays as it is.
func (p *Printer) DateOf(day string) string {
	if t := p.StoredDay(day); !t.IsZero() {
		return p.Date(t)
	}
	return day
}

var shortMonths = map[string][]string{
	"pl": {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// Day returns the day as tables show it: 28 lis, with the year where that is not the one of now; "" for the zero time.
func (p *Printer) Day(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone)
	m, ok := shortMonths[p.tag]
	if !ok {
		return t.Format(time.DateOnly)
	}
	day := fmt.Sprintf("%d\u00a0%s", t.Day(), m[t.Month()-1])
	if t.Year() != now.In(p.zone).Year() {
		day += fmt.Sprintf("\u00a0%d", t.Year())
	}
	return day
}

// Moment returns the day as [Printer.Day] does, and the minute; "" for the zero time.
func (p *Printer) Moment(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Day(t, now) + ", " + p.Clock(t)
}

// ShortDate returns the day as 2026-11-23, for tables; "" for the zero time.
func (p *Printer) ShortDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.zone).Format(time.DateOnly)
}

// DateTime returns day and minute.
func (p *Printer) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(t) + ", " + t.In(p.zone).Format("15:04")
}

// Zone returns the zone in which times are shown.
func (p *Printer) Zone() *time.Location { return p.zone }

type contextKey struct{}

// With returns a context that carries p.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From returns the context's printer. It panics if there is none: every page is shown in a language.
func From(ctx context.Context) *Printer { return ctx.Value(contextKey{}).(*Printer) }

// T returns the text of a key in the context's language.
func T(ctx context.Context, key string, pairs ...any) string { return From(ctx).T(key, pairs...) }

// N returns the text of a key in the context's language, in the plural form for n.
func N(ctx context.Context, key string, n int, pairs ...any) string {
	return From(ctx).N(key, n, pairs...)
}

// Bytes returns a size in the unit that suits it: 512 B, 64 kB, 10 MB (powers of 1024).
func (p *Printer) Bytes(n int64) string {
	switch {
	case n >= 1<<20:
		return p.Float(float64(n)/(1<<20), 0) + "\u00a0MB"
	case n >= 1<<10:
		return p.Float(float64(n)/(1<<10), 0) + "\u00a0kB"
	}
	return p.Int(int(n)) + "\u00a0B"
}

// Clock returns the hour and minute in the installation's zone.
func (p *Printer) Clock(t time.Time) string { return t.In(p.zone).Format("15:04") }
