// Package hsds writes and reads the directory of services in the Human Services Data Specification, version 3 (Open Referral,
// https://docs.openreferral.org): a page of services with what belongs to each nested in it, as its API gives them.
//
// The specification knows one language for each text. The others, and what it has no place for, travel in an attribute of the
// service with the label "ostoja", so that what was written here is read back the same. No address of a shelter leaves.
package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Description  string         `json:"description,omitempty"`
	URL          string         `json:"url,omitempty"`
	Email        string         `json:"email,omitempty"`
	Status       string         `json:"status"`
	Fees         string         `json:"fees_description,omitempty"`
	Eligibility  string         `json:"eligibility_description,omitempty"`
	Application  string         `json:"application_process,omitempty"`
	Assured      string         `json:"assured_date,omitempty"`
	Organization *organization  `json:"organization,omitempty"`
	Phones       []phone        `json:"phones,omitempty"`
	Languages    []language     `json:"languages,omitempty"`
	Schedules    []schedule     `json:"schedules,omitempty"`
	Areas        []area         `json:"service_areas,omitempty"`
	Locations    []atLocation   `json:"service_at_locations,omitempty"`
	Attributes   []attribute    `json:"attributes,omitempty"`
	Rest         map[string]any `json:"-"`
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
	Code string `json:"code"`
}

// schedule is a rule in the words of RFC 5545.
type schedule struct {
	ID          string `json:"id"`
	Freq        string `json:"freq,omitempty"`
	ByDay       string `json:"byday,omitempty"`
	Opens       string `json:"opens_at,omitempty"`
	Closes      string `json:"closes_at,omitempty"`
	Description string `json:"description,omitempty"`
}

type area struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Extent string `json:"extent,omitempty"`
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

// Options say in which language the specification's own texts are written, and give the numbers of facts.
type Options struct {
	Lang   string
	Number func(fact string) string // the phone number that a fact holds; "" if there is none
}

// Write writes services.
func Write(w io.Writer, list []*directory.Service, o Options) error {
	p := page{Items: len(list), Pages: 1, Number: 1, Size: len(list), First: true, Last: true, Empty: len(list) == 0, Contents: []service{}}
	for _, s := range list {
		x, err := from(s, o)
		if err != nil {
			return err
		}
		p.Contents = append(p.Contents, x)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(p)
}

func from(s *directory.Service, o Options) (service, error) {
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
		n := p.Number
		if p.Fact != "" && o.Number != nil {
			n = o.Number(p.Fact)
		}
		if n != "" {
			x.Phones = append(x.Phones, phone{idOf(s.ID, "phone", fmt.Sprint(i)), n, "voice"})
		}
	}
	for _, l := range s.Languages {
		x.Languages = append(x.Languages, language{idOf(s.ID, "language", l), l})
	}
	x.Schedules = schedules(s)
	if s.Region == "" {
		x.Areas = []area{{idOf(s.ID, "area"), "Polska", "country"}}
	} else {
		x.Areas = []area{{idOf(s.ID, "area"), "PL-" + s.Region, "voivodeship"}}
	}
	if !s.Shelter && (s.Town != "" || s.Address != "") {
		a := address{ID: idOf(s.ID, "address"), Address1: s.Address, City: s.Town, State: "PL-" + s.Region, Country: "PL", Type: "physical"}
		x.Locations = []atLocation{{idOf(s.ID, "at"), location{idOf(s.ID, "location"), "physical", []address{a}}}}
	}
	kept := *s
	if kept.Shelter {
		kept.Address, kept.Town = "", ""
	}
	own, err := json.Marshal(kept)
	x.Attributes = []attribute{{idOf(s.ID, "attribute"), label, string(own)}}
	return x, err
}

var byDay = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func schedules(s *directory.Service) (list []schedule) {
	if s.Hours.Always() {
		return []schedule{{ID: idOf(s.ID, "schedule"), Freq: "DAILY", Opens: "00:00", Closes: "24:00", Description: s.Hours.String()}}
	}
	clock := func(m int) string { return fmt.Sprintf("%02d:%02d", m/60%24, m%60) }
	for d := range 7 {
		for i, span := range s.Hours.Day(time.Weekday(d)) {
			list = append(list, schedule{
				ID: idOf(s.ID, "schedule", fmt.Sprint(d, i)), Freq: "WEEKLY", ByDay: byDay[d], Opens: clock(span.From), Closes: clock(span.To), Description: s.Hours.String(),
			})
		}
	}
	return list
}

// Loss is what a file says and the directory has no place for.
type Loss struct{ Service, What string }

// known are the keys that are read; of those with nothing behind them only the presence is looked at.
var known = []string{
	"id", "name", "description", "url", "email", "status", "fees_description", "eligibility_description", "application_process", "assured_date", "organization", "phones", "languages",
	"schedules", "service_areas", "service_at_locations", "attributes", "last_modified", "organization_id",
}

// Read reads services from a page of the API or a bare list. Texts without a language of their own are taken for lang. What the
// directory has no place for comes back as losses; what is missing in a service, [directory.Service.Check] finds later.
func Read(r io.Reader, lang string) (list []*directory.Service, losses []Loss, err error) {
	b, err := io.ReadAll(io.LimitReader(r, Most+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > Most {
		return nil, nil, errors.New("hsds: more than 8 MB")
	}
	var raw []json.RawMessage
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		err = json.Unmarshal(b, &raw)
	} else {
		var p struct {
			Contents []json.RawMessage `json:"contents"`
		}
		err = json.Unmarshal(b, &p)
		raw = p.Contents
	}
	if err != nil {
		return nil, nil, fmt.Errorf("hsds: %w", err)
	}
	const most = 10_000
	if len(raw) > most {
		return nil, nil, fmt.Errorf("hsds: more than %d services", most)
	}
	for i, m := range raw {
		var x service
		if err := json.Unmarshal(m, &x); err != nil {
			return nil, nil, fmt.Errorf("hsds: service %d: %w", i+1, err)
		}
		_ = json.Unmarshal(m, &x.Rest) // the same text, which was an object
		s, lost := into(x, lang)
		list, losses = append(list, s), append(losses, lost...)
	}
	return list, losses, nil
}

func into(x service, lang string) (s *directory.Service, losses []Loss) {
	lose := func(what string) { losses = append(losses, Loss{x.Name, what}) }
	for _, a := range x.Attributes {
		if a.Label == label {
			own := &directory.Service{}
			if err := json.Unmarshal([]byte(a.Value), own); err == nil {
				return own, nil
			}
			lose("attributes: " + label)
		} else {
			lose("attributes: " + a.Label)
		}
	}
	for key, v := range x.Rest {
		if !slices.Contains(known, key) && v != nil && fmt.Sprint(v) != "[]" && v != "" {
			lose(key)
		}
	}
	text := func(t string) map[string]string {
		if t = strings.TrimSpace(t); t == "" {
			return nil
		}
		return map[string]string{lang: t}
	}
	s = &directory.Service{
		ID: slug(x.Name, x.ID), Name: text(x.Name), Summary: text(x.Description), Cost: text(x.Fees), Audience: text(x.Eligibility), After: text(x.Application),
		Web: x.URL, Mail: x.Email, Checked: x.Assured, Source: "HSDS", Confirm: true,
	}
	if x.Organization != nil {
		s.Operator = x.Organization.Name
	}
	for _, p := range x.Phones {
		s.Phones = append(s.Phones, directory.Phone{Number: p.Number})
	}
	for _, l := range x.Languages {
		if l.Code != "" {
			s.Languages = append(s.Languages, l.Code)
		}
	}
	for _, a := range x.Areas {
		if code, ok := strings.CutPrefix(a.Name, "PL-"); ok && slices.Contains(directory.Regions, code) {
			s.Region = code
		}
	}
	for _, l := range x.Locations {
		for _, a := range l.Location.Addresses {
			s.Town, s.Address = a.City, a.Address1
		}
	}
	var lost []string
	s.Hours, lost = hours(x.Schedules)
	for _, l := range lost {
		lose(l)
	}
	slices.SortFunc(losses, func(a, b Loss) int { return strings.Compare(a.What, b.What) })
	return s, losses
}

// hours joins the weekly rules; what is no weekly rule is lost.
func hours(list []schedule) (h directory.Hours, lost []string) {
	names := map[string]string{"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
	var rules []string
	for _, s := range list {
		if s.Freq == "DAILY" && s.Opens == "00:00" && s.Closes == "24:00" {
			h, _ = directory.ParseHours("24/7") // a text that is one
			return h, nil
		}
		days := []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
		if s.ByDay != "" {
			days = strings.Split(s.ByDay, ",")
		}
		var ours []string
		for _, d := range days {
			ours = append(ours, names[strings.TrimSpace(d)])
		}
		rule := strings.Join(ours, ",") + " " + minutes(s.Opens) + "-" + minutes(s.Closes)
		if _, err := directory.ParseHours(rule); err != nil || slices.Contains(ours, "") || s.Freq != "WEEKLY" && s.Freq != "DAILY" {
			lost = append(lost, "schedules: "+strings.TrimSpace(s.Freq+" "+s.ByDay+" "+s.Opens+" "+s.Closes+" "+s.Description))
			continue
		}
		rules = append(rules, rule)
	}
	h, err := directory.ParseHours(strings.Join(rules, "; "))
	if err != nil {
		return directory.Hours{}, append(lost, "schedules")
	}
	return h, lost
}

// minutes cuts the seconds and zone off a time: 08:00:00+01:00.
func minutes(t string) string {
	if len(t) >= 5 {
		return t[:5]
	}
	return t
}

var notLetters = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an id of ours from a name, or from the file's id where the name has no Latin letters.
func slug(name, id string) string {
	s := strings.Trim(notLetters.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if len(s) > 50 {
		s = strings.Trim(s[:50], "-")
	}
	if s == "" || s[0] < 'a' {
		s = "s-" + strings.Trim(notLetters.ReplaceAllString(strings.ToLower(id), "-"), "-")
	}
	return strings.Trim(s[:min(len(s), 60)], "-")
}
