// Package hsds writes and reads the directory of services in the Human Services Data Specification, version 3 (Open Referral,
// https://docs.openreferral.org): a page of services with what belongs to each nested in it, as its API gives them. The
// specification's tables (a ZIP of CSV files) are neither written nor read.
//
// What the specification says, and how the directory's entries stand in it:
//
//   - Each text has one language. The file is written in one; the others travel in the attribute, see below.
//   - A schedule repeats weekly or monthly (RFC 5545) and cannot say what holds on public holidays. The week is written as weekly
//     schedules in wall-clock times without an offset, as Poland has two; the whole rule stands in each description. A whole
//     day is 00:00 to 23:59, which the specification names as the sign for 24 hours.
//   - Phones, languages and schedules hang on a service, on it at a location, on the location, on the organisation and on contacts.
//     All phones and languages are read; of schedules those of the nearest. Textphones, faxes and numbers with a condition
//     ("for institutions only") would be dialled for nothing by who seeks help: they are told of, as is everything else, at any
//     depth, that has no place here.
//   - A time without a zone is UTC's by the schema. It is read as the place's own clock: see clockPattern.
//   - A service area has a free text: "PL-12" is a voivodeship in ISO 3166-2, "PL" the country.
//   - A shelter has an area, but no location. Who checked an entry is not written as assurer_email.
//
// An attribute of the service with the label "ostoja" holds the entry itself in JSON with the file's language and the numbers
// that its facts had, so that what was written here is read back the same. Where the rest of the file says something else, others
// have changed it since: then their word counts, and the entry waits for an editor.
package hsds

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	bcp "golang.org/x/text/language"

	"ostoja/internal/site/directory"
)

// Most is the largest file that is read, in bytes.
const Most = 8 << 20

// namespace makes ids of the specification's kind (UUIDs) from ours, the same ones each time.
var namespace = uuid.MustParse("6f1c0a52-3c7e-5d1e-9c55-0d7a3f6b8e21")

func idOf(parts ...string) string {
	return uuid.NewSHA1(namespace, []byte(strings.Join(parts, "\x00"))).String()
}

type page struct {
	Items    int       `json:"total_items"`
	Pages    int       `json:"total_pages"`
	Number   int       `json:"page_number"`
	Size     int       `json:"size"`
	First    bool      `json:"first_page"`
	Last     bool      `json:"last_page"`
	Empty    bool      `json:"empty"`
	Contents []service `json:"contents"`
}

type service struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	URL          string        `json:"url,omitempty"`
	Email        string        `json:"email,omitempty"`
	Status       string        `json:"status"`
	Fees         string        `json:"fees_description,omitempty"`
	Eligibility  string        `json:"eligibility_description,omitempty"`
	Application  string        `json:"application_process,omitempty"`
	Assured      string        `json:"assured_date,omitempty"`
	Organization *organization `json:"organization,omitempty"`
	Phones       []phone       `json:"phones,omitempty"`
	Languages    []language    `json:"languages,omitempty"`
	Schedules    []schedule    `json:"schedules,omitempty"`
	Areas        []area        `json:"service_areas,omitempty"`
	Locations    []atLocation  `json:"service_at_locations,omitempty"`
	Attributes   []attribute   `json:"attributes,omitempty"`
}

type organization struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

type phone struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Type   string `json:"type,omitempty"`
}

type language struct {
	ID   string `json:"id"`
	Code string `json:"code"` // ISO 639
}

// schedule is a rule in the words of RFC 5545.
type schedule struct {
	ID          string `json:"id"`
	Freq        string `json:"freq,omitempty"`
	ByDay       string `json:"byday,omitempty"`
	Opens       string `json:"opens_at,omitempty"`
	Closes      string `json:"closes_at,omitempty"`
	Description string `json:"description,omitempty"`

	limits string // what was read and keeps the rule from holding every week
}

type area struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"`
	Extent     string `json:"extent,omitempty"`
	ExtentType string `json:"extent_type,omitempty"`
}

type atLocation struct {
	ID       string   `json:"id"`
	Location location `json:"location"`
}

type location struct {
	ID        string    `json:"id"`
	Type      string    `json:"location_type"`
	Addresses []address `json:"addresses,omitempty"`
}

type address struct {
	ID       string `json:"id"`
	Address1 string `json:"address_1"`
	City     string `json:"city"`
	State    string `json:"state_province"`
	Postal   string `json:"postal_code"`
	Country  string `json:"country"`
	Type     string `json:"address_type"`
}

type attribute struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Value string `json:"value"`
}

const label = "ostoja"

// own is the value of our attribute.
type own struct {
	Lang    string            `json:"lang"`
	Numbers map[string]string `json:"numbers,omitempty"` // of facts, as they were written
	Service directory.Service `json:"service"`
}

func (o *own) options() Options {
	return Options{Lang: o.Lang, Number: func(fact string) string { return o.Numbers[fact] }}
}

// Options say in which language the specification's own texts are written, and give the numbers of facts.
type Options struct {
	Lang   string
	Number func(fact string) string // the phone number that a fact holds; "" if there is none
}

// number returns the number that is written for a phone.
func (o Options) number(p directory.Phone) string {
	if p.Fact == "" {
		return p.Number
	}
	if o.Number == nil {
		return ""
	}
	return o.Number(p.Fact)
}

// Write writes services.
func Write(w io.Writer, list []*directory.Service, o Options) error {
	p := page{Items: len(list), Pages: 1, Number: 1, Size: len(list), First: true, Last: true, Empty: len(list) == 0, Contents: []service{}}
	for _, s := range list {
		x := from(s, o)
		kept := own{Lang: o.Lang, Numbers: map[string]string{}, Service: *s}
		if s.Shelter {
			kept.Service.Address, kept.Service.Town = "", ""
		}
		for _, f := range s.Phones {
			if n := o.number(f); f.Fact != "" && n != "" {
				kept.Numbers[f.Fact] = n
			}
		}
		value, err := json.Marshal(kept)
		if err != nil {
			return err
		}
		x.Attributes = []attribute{{idOf(s.ID, "attribute"), label, string(value)}}
		p.Contents = append(p.Contents, x)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(p)
}

// from puts a service into the specification's words, without our attribute.
func from(s *directory.Service, o Options) service {
	others := slices.Sorted(maps.Keys(s.Name))
	in := func(t map[string]string) string { return directory.In(t, o.Lang, others...) }
	x := service{
		ID: idOf(s.ID), Name: in(s.Name), Description: in(s.Summary), URL: s.Web, Email: s.Mail, Status: "active", Fees: in(s.Cost), Eligibility: in(s.Audience),
		Application: in(s.After), Assured: s.Checked,
	}
	if s.Operator != "" {
		x.Organization = &organization{idOf("organization", s.Operator), s.Operator, s.Operator}
	}
	for i, p := range s.Phones {
		if n := o.number(p); n != "" {
			x.Phones = append(x.Phones, phone{ID: idOf(s.ID, "phone", fmt.Sprint(i)), Number: n, Type: "voice"})
		}
	}
	for i, l := range s.Languages {
		x.Languages = append(x.Languages, language{idOf(s.ID, "language", fmt.Sprint(i)), code(l)})
	}
	x.Schedules = schedules(s)
	x.Areas = []area{{idOf(s.ID, "area"), regionName(s.Region), extent(s.Region), "text"}}
	if !s.Shelter && (s.Town != "" || s.Address != "") {
		a := address{ID: idOf(s.ID, "address"), Address1: s.Address, City: s.Town, Country: "PL", Type: "physical"}
		if s.Region != "" {
			a.State = extent(s.Region)
		}
		x.Locations = []atLocation{{idOf(s.ID, "at"), location{idOf(s.ID, "location"), "physical", []address{a}}}}
	}
	return x
}

// code returns the language of a tag without script and region, as the specification wants it.
func code(tag string) string {
	t, err := bcp.Parse(tag)
	if err != nil {
		return tag
	}
	base, _ := t.Base()
	return base.String()
}

// voivodeships are their names, in the order of [directory.Regions].
var voivodeships = []string{
	"dolnośląskie", "kujawsko-pomorskie", "lubelskie", "lubuskie", "łódzkie", "małopolskie", "mazowieckie", "opolskie",
	"podkarpackie", "podlaskie", "pomorskie", "śląskie", "świętokrzyskie", "warmińsko-mazurskie", "wielkopolskie", "zachodniopomorskie",
}

func regionName(region string) string {
	if i := slices.Index(directory.Regions, region); i >= 0 {
		return "województwo " + voivodeships[i]
	}
	return "Polska"
}

// extent is the code of ISO 3166-2, whose digits are those of TERYT.
func extent(region string) string {
	if region == "" {
		return "PL"
	}
	return "PL-" + region
}

const everyDay = "MO,TU,WE,TH,FR,SA,SU"

var byDay = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func schedules(s *directory.Service) (list []schedule) {
	text := s.Hours.String()
	if s.Hours.Always() {
		return []schedule{{ID: idOf(s.ID, "schedule"), Freq: "WEEKLY", ByDay: everyDay, Opens: "00:00", Closes: "23:59", Description: text}}
	}
	hour := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60%24, m%60) }
	for d := range 7 {
		for i, span := range s.Hours.Day(time.Weekday(d)) {
			to := span.To
			if to-span.From == 24*60 {
				to-- // from and to the same time would be no time at all
			}
			list = append(list, schedule{
				ID: idOf(s.ID, "schedule", fmt.Sprint(d, i)), Freq: "WEEKLY", ByDay: byDay[d], Opens: hour(span.From), Closes: hour(to), Description: text,
			})
		}
	}
	if len(list) == 0 && s.Hours.Known() {
		list = []schedule{{ID: idOf(s.ID, "schedule"), Description: text}} // only holidays or dates
	}
	return list
}
