package directory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// Service is a place where people get help. Texts are by language.
type Service struct {
	ID        string            `yaml:"id" json:"id"`
	Name      map[string]string `yaml:"name" json:"name"`
	Summary   map[string]string `yaml:"summary" json:"summary"`
	Audience  map[string]string `yaml:"audience" json:"audience,omitempty"`     // whom it is for
	After     map[string]string `yaml:"after_call" json:"after_call,omitempty"` // what happens when you call
	Cost      map[string]string `yaml:"cost" json:"cost,omitempty"`
	Operator  string            `yaml:"operator" json:"operator,omitempty"`
	Languages []string          `yaml:"languages" json:"languages"` // spoken, as BCP 47 tags
	Phones    []Phone           `yaml:"phones" json:"phones,omitempty"`
	Mail      string            `yaml:"mail" json:"mail,omitempty"`
	Web       string            `yaml:"web" json:"web,omitempty"`
	Region    string            `yaml:"region" json:"region,omitempty"` // code of a voivodeship; "" is the whole country
	Town      string            `yaml:"town" json:"town,omitempty"`
	Address   string            `yaml:"address" json:"address,omitempty"` // where visitors come; never of a shelter
	Shelter   bool              `yaml:"shelter" json:"shelter,omitempty"` // people live there: nothing may tell where
	Hours     Hours             `yaml:"hours" json:"hours"`

	Source     string `yaml:"source" json:"source"`
	URL        string `yaml:"url" json:"url,omitempty"`
	Checked    string `yaml:"checked" json:"checked"` // 2026-11-23
	By         string `yaml:"by" json:"by"`
	ValidUntil string `yaml:"valid_until" json:"valid_until"`
	Confirm    bool   `yaml:"confirm" json:"confirm,omitempty"`
}

// Phone is a number, or the fact that holds it.
type Phone struct {
	Fact   string `yaml:"fact" json:"fact,omitempty"`
	Number string `yaml:"number" json:"number,omitempty"`
}

var mailPattern = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// mostLines is how many languages, or phones, an entry may have.
const mostLines = 20

// Regions are the codes of the voivodeships (TERYT).
var Regions = []string{"02", "04", "06", "08", "10", "12", "14", "16", "18", "20", "22", "24", "26", "28", "30", "32"}

// Clean brings all texts into the form in which they are kept: what comes along unseen when an address or a number is pasted would be
// there for whoever copies it on, and make two spellings of one thing.
func (s *Service) Clean() {
	for _, t := range []*string{&s.Operator, &s.Mail, &s.Web, &s.Town, &s.Address, &s.URL, &s.By} {
		*t = text.Clean(*t)
	}
	s.Source = text.CleanLines(s.Source)
	for _, in := range []map[string]string{s.Name, s.Summary, s.Audience, s.After, s.Cost} {
		for lang, t := range in {
			in[lang] = text.CleanLines(t)
		}
	}
	for i := range s.Phones {
		s.Phones[i].Number = text.Clean(s.Phones[i].Number)
	}
}

// Check finds what is missing or wrong. langs are the languages in which it must be named.
func (s *Service) Check(langs []string) (faults errs.Fields) {
	switch {
	case !IsMark(s.ID):
		faults.Add("id", "site.fault.mark")
	case IsReserved(s.ID):
		faults.Add("id", "site.fault.reserved")
	}
	for _, l := range langs {
		if strings.TrimSpace(s.Name[l]) == "" {
			faults.Add("name-"+l, "site.fault.empty")
		}
	}
	if len(langs) == 0 && strings.TrimSpace(In(s.Name, "", slices.Sorted(maps.Keys(s.Name))...)) == "" {
		faults.Add("name", "site.fault.empty")
	}
	s.checkTexts(&faults)
	if len(s.Languages) == 0 || len(s.Languages) > mostLines {
		faults.Add("languages", "site.services.fault.languages")
	}
	if len(s.Phones) > mostLines {
		faults.Add("phones", "site.fault.long")
	}
	for _, l := range s.Languages {
		if _, err := language.Parse(l); err != nil {
			faults.Add("languages", "site.services.fault.language", "Tag", l)
		}
	}
	if len(s.Phones) == 0 && s.Web == "" { // an address alone would be no help on a phone without mail
		faults.Add("phones", "site.services.fault.contact")
	}
	for _, p := range s.Phones {
		if p.Fact != "" && (p.Number != "" || !IsMark(p.Fact)) || p.Fact == "" && !IsPhone(p.Number) {
			faults.Add("phones", "site.fault.phone")
		}
	}
	if s.Mail != "" && !mailPattern.MatchString(s.Mail) {
		faults.Add("mail", "site.services.fault.mail")
	}
	if s.Web != "" && !strings.HasPrefix(s.Web, "https://") {
		faults.Add("web", "site.fault.web")
	}
	if s.Region != "" && !slices.Contains(Regions, s.Region) {
		faults.Add("region", "site.fault.choose")
	}
	if s.Hours.Fault() != nil {
		faults.Add("hours", "site.services.fault.hours")
	}
	if s.Shelter && (s.Address != "" || s.Town != "") {
		faults.Add("address", "site.services.fault.shelter")
	}
	s.checkOrigin(&faults)
	return faults
}

// checkTexts keeps texts short enough for a phone's page: what a file from elsewhere brings may be a book.
func (s *Service) checkTexts(faults *errs.Fields) {
	const name, text = 300, 2000 // letters
	for _, t := range []struct {
		field string
		texts map[string]string
		most  int
	}{{"name", s.Name, name}, {"summary", s.Summary, text}, {"after", s.After, text}, {"cost", s.Cost, text}, {"audience", s.Audience, text}} {
		for _, l := range slices.Sorted(maps.Keys(t.texts)) {
			if utf8.RuneCountInString(t.texts[l]) > t.most {
				faults.Add(t.field+"-"+l, "site.fault.long")
			}
		}
	}
	for _, t := range [][2]string{{"operator", s.Operator}, {"town", s.Town}, {"address", s.Address}, {"mail", s.Mail}, {"web", s.Web}, {"url", s.URL}, {"by", s.By}} {
		if utf8.RuneCountInString(t[1]) > name {
			faults.Add(t[0], "site.fault.long")
		}
	}
	if utf8.RuneCountInString(s.Source) > text {
		faults.Add("source", "site.fault.long")
	}
}

// confirmedMonths is for how many months a confirmation of an entry holds: as long as one of the phones in it.
const confirmedMonths = 3

// Renew notes that the entry was right on a day, by whom. A last day that is further away stays.
func (s *Service) Renew(today time.Time, by string) {
	s.Checked, s.By, s.Confirm = today.Format(time.DateOnly), by, false
	s.ValidUntil = max(s.ValidUntil, today.AddDate(0, confirmedMonths, 0).Format(time.DateOnly))
}

func (s *Service) checkOrigin(faults *errs.Fields) {
	if strings.TrimSpace(s.Source) == "" {
		faults.Add("source", "site.fault.source")
	}
	if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
		faults.Add("url", "site.fault.web")
	}
	if strings.TrimSpace(s.By) == "" {
		faults.Add("by", "site.fault.by")
	}
	checked, err := time.Parse(time.DateOnly, s.Checked)
	if err != nil {
		faults.Add("checked", "site.fault.day")
	}
	CheckTerm(checked, s.ValidUntil, faults)
}

// longestTerm is for how many years after its check something can be valid at most: what nobody looks at again is not known.
const longestTerm = 2

// CheckTerm finds what is wrong with the last day of something that was checked on a day.
func CheckTerm(checked time.Time, until string, faults *errs.Fields) {
	last, err := time.Parse(time.DateOnly, until)
	switch {
	case err != nil || last.Before(checked):
		faults.Add("valid_until", "site.fault.until")
	case !checked.IsZero() && last.After(checked.AddDate(longestTerm, 0, 0)):
		faults.Add("valid_until", "site.fault.until-far", "Years", longestTerm)
	}
}

// In returns a text in a language, or in the first of the others that has it.
func In(t map[string]string, lang string, others ...string) string {
	for _, l := range append([]string{lang}, others...) {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

// Load reads a list of services in YAML. Unknown keys are faults, and so is what [Service.Check] finds; every fault is named.
func Load(r io.Reader) (list []*Service, err error) {
	const most = 4 << 20 // bytes
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if len(b) > most {
		return nil, errors.New("more than 4 MB")
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one document: what follows the line --- would be left out")
	}
	var faults []error
	var ids []string
	for i, s := range list {
		if s == nil {
			faults = append(faults, fmt.Errorf("entry %d is empty", i+1))
			continue
		}
		if slices.Contains(ids, s.ID) {
			faults = append(faults, fmt.Errorf("%s is there twice", s.ID))
		}
		ids = append(ids, s.ID)
		for _, f := range s.Check(nil) {
			faults = append(faults, fmt.Errorf("%s: %s: %s", s.ID, f.Name, f.Key))
		}
	}
	return slices.DeleteFunc(list, func(s *Service) bool { return s == nil }), errors.Join(faults...)
}
