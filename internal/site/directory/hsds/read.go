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
	"strconv"
	"strings"

	"ostoja/internal/site/directory"
)

// Loss is what a file says and the directory has no place for. Of more than 200 only the number is told, in the last one.
type Loss struct{ Service, What string }

const (
	mostLosses  = 200
	longestLoss = 120 // letters
	mostRead    = 10_000
)

// Read reads services from a page of the API, a bare list or one service. Texts without a language of their own are taken for
// lang. What the directory has no place for, or could only guess at, comes back as losses; what is missing in a service,
// [directory.Service.Check] finds later. The street of a location that was not written here is left out: it might be a shelter's.
func Read(r io.Reader, lang string) (list []*directory.Service, losses []Loss, err error) {
	b, err := io.ReadAll(io.LimitReader(r, Most+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > Most {
		return nil, nil, errors.New("hsds: more than 8 MB")
	}
	raw, err := entries(b)
	if err != nil {
		return nil, nil, fmt.Errorf("hsds: %w", err)
	}
	if len(raw) > mostRead {
		return nil, nil, fmt.Errorf("hsds: more than %d services", mostRead)
	}
	ids, more := map[string]bool{}, 0
	for i, m := range raw {
		e := reading{lang: lang}
		if err := json.Unmarshal(m, &e.keys); err != nil || e.keys == nil {
			e.lose("#" + strconv.Itoa(i+1))
		} else {
			s := e.service()
			s.ID = unique(s.ID, ids)
			list = append(list, s)
		}
		slices.Sort(e.lost)
		for _, what := range e.lost {
			if len(losses) < mostLosses {
				losses = append(losses, Loss{clip(e.name), clip(what)})
			} else {
				more++
			}
		}
	}
	if more > 0 {
		losses = append(losses, Loss{"…", "+" + strconv.Itoa(more)})
	}
	return list, losses, nil
}

// entries finds the services of a file.
func entries(b []byte) (raw []json.RawMessage, err error) {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		err = json.Unmarshal(b, &raw)
		return raw, err
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil {
		return nil, err
	}
	if contents, ok := keys["contents"]; ok {
		err = json.Unmarshal(contents, &raw)
		return raw, err
	}
	if _, ok := keys["name"]; ok {
		return []json.RawMessage{b}, nil
	}
	return nil, errors.New("no services")
}

func clip(s string) string {
	if r := []rune(s); len(r) > longestLoss {
		return string(r[:longestLoss-1]) + "…"
	}
	return s
}

// unique makes an id that no other entry of the file has.
func unique(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = strings.TrimRight(id[:min(len(id), 54)], "-") + "-" + strconv.Itoa(n)
	}
	taken[free] = true
	return free
}

// reading is an entry while it is read. Keys that were taken are gone from it.
type reading struct {
	lang, name string
	keys       map[string]json.RawMessage
	lost       []string
}

func (e *reading) lose(what ...string) {
	e.lost = append(e.lost, strings.Join(strings.Fields(strings.Join(what, " ")), " "))
}

// take reads the value of a key, if there is one that can be understood.
func take[T any](e *reading, key string) (v T) {
	raw, ok := e.keys[key]
	delete(e.keys, key)
	if ok {
		if err := json.Unmarshal(raw, &v); err != nil {
			e.lose(key)
			return *new(T)
		}
	}
	return v
}

// takeList reads those elements of a list that can be understood.
func takeList[T any](e *reading, key string) (list []T) {
	bad := false
	for _, raw := range take[[]json.RawMessage](e, key) {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			bad = true
			continue
		}
		list = append(list, v)
	}
	if bad {
		e.lose(key)
	}
	return list
}

// service reads the entry and takes it into the directory's words.
func (e *reading) service() *directory.Service {
	x := service{
		ID: take[string](e, "id"), Name: take[string](e, "name"), Description: take[string](e, "description"), URL: take[string](e, "url"), Email: take[string](e, "email"),
		Status: take[string](e, "status"), Fees: take[string](e, "fees_description"), Eligibility: take[string](e, "eligibility_description"),
		Application: take[string](e, "application_process"), Assured: take[string](e, "assured_date"), Organization: take[*organization](e, "organization"),
		Phones: takeList[phone](e, "phones"), Languages: takeList[language](e, "languages"), Schedules: takeList[schedule](e, "schedules"), Costs: takeList[cost](e, "cost_options"),
		Areas: takeList[area](e, "service_areas"), Locations: takeList[atLocation](e, "service_at_locations"), Attributes: takeList[attribute](e, "attributes"),
	}
	e.name = x.Name
	delete(e.keys, "organization_id") // of the organization that was read
	delete(e.keys, "last_modified")   // assured_date says more
	for _, key := range slices.Sorted(maps.Keys(e.keys)) {
		if v := string(bytes.TrimSpace(e.keys[key])); v != "null" && v != `""` && v != "[]" && v != "{}" {
			e.lose(key)
		}
	}
	if x.Status != "" && x.Status != "active" {
		e.lose("status:", x.Status)
	}
	if x.Fees == "" {
		x.Fees = costs(x.Costs)
	}
	x.Phones = slices.DeleteFunc(x.Phones, func(p phone) bool {
		switch {
		case p.Type == "fax" || p.Type == "pager":
			e.lose("phones:", p.Number, p.Type)
			return true
		case p.Extension != nil:
			e.lose("phones:", p.Number, "extension", fmt.Sprint(p.Extension))
		}
		return false
	})
	var ours *own
	for _, a := range x.Attributes {
		var o *own
		if a.Label == label && ours == nil && json.Unmarshal([]byte(a.Value), &o) == nil && o != nil {
			ours = o
		} else {
			e.lose("attributes:", a.Label)
		}
	}
	if ours != nil {
		return e.changed(ours, x)
	}
	return e.foreign(x)
}

// costs puts structured costs into a line: "Adults: 20 PLN a visit".
func costs(list []cost) string {
	var lines []string
	for _, c := range list {
		amount := c.Details
		if c.Amount != nil {
			amount = strings.TrimSpace(strconv.FormatFloat(*c.Amount, 'f', -1, 64) + " " + c.Currency + " " + c.Details)
		}
		parts := slices.DeleteFunc([]string{c.Option, amount}, func(t string) bool { return t == "" })
		lines = append(lines, strings.Join(parts, ": "))
	}
	return strings.Join(lines, "; ")
}

// foreign takes what others wrote.
func (e *reading) foreign(x service) *directory.Service {
	text := func(t string) map[string]string {
		if t = strings.TrimSpace(t); t == "" {
			return nil
		}
		return map[string]string{e.lang: t}
	}
	s := &directory.Service{
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
	s.Region = e.region(x.Areas)
	s.Town = e.town(x.Locations, s)
	s.Hours = e.hours(x.Schedules)
	return s
}

// changed takes our own entry, and over it what the rest of the file says otherwise than we wrote it.
func (e *reading) changed(o *own, x service) *directory.Service {
	s, was := &o.Service, from(&o.Service, o.options())
	lang, touched := o.Lang, false
	if lang == "" {
		lang = e.lang
	}
	for _, t := range []struct {
		is, was string
		texts   *map[string]string
	}{{x.Name, was.Name, &s.Name}, {x.Description, was.Description, &s.Summary}, {x.Fees, was.Fees, &s.Cost}, {x.Eligibility, was.Eligibility, &s.Audience}, {x.Application, was.Application, &s.After}} {
		switch {
		case t.is == t.was:
			continue
		case t.is == "":
			delete(*t.texts, lang)
		case *t.texts == nil:
			*t.texts = map[string]string{lang: t.is}
		default:
			(*t.texts)[lang] = t.is
		}
		touched = true
	}
	var is, before string
	if x.Organization != nil {
		is = x.Organization.Name
	}
	if was.Organization != nil {
		before = was.Organization.Name
	}
	for _, t := range []struct {
		is, was string
		field   *string
	}{{x.URL, was.URL, &s.Web}, {x.Email, was.Email, &s.Mail}, {x.Assured, was.Assured, &s.Checked}, {is, before, &s.Operator}} {
		if t.is != t.was {
			*t.field, touched = t.is, true
		}
	}
	if !slices.EqualFunc(x.Phones, was.Phones, func(a, b phone) bool { return a.Number == b.Number }) {
		s.Phones, touched = phones(x.Phones, s.Phones, o.options()), true
	}
	if !slices.EqualFunc(x.Languages, was.Languages, func(a, b language) bool { return a.Code == b.Code }) {
		s.Languages, touched = tags(x.Languages, s.Languages), true
	}
	if !slices.EqualFunc(x.Schedules, was.Schedules, sameTimes) {
		if s.Hours.Known() {
			e.lose("schedules:", s.Hours.String()) // with its holidays and dates, which a schedule cannot say
		}
		s.Hours, touched = e.hours(x.Schedules), true
	}
	if !slices.EqualFunc(x.Areas, was.Areas, func(a, b area) bool { return a.Name == b.Name && a.Extent == b.Extent }) {
		s.Region, touched = e.region(x.Areas), true
	}
	if town := e.town(x.Locations, s); town != s.Town {
		s.Town, touched = town, true
	}
	s.Confirm = s.Confirm || touched
	return s
}

// phones keeps the facts whose numbers still stand in the file, and those that had none.
func phones(is []phone, was []directory.Phone, o Options) (list []directory.Phone) {
	for _, p := range was {
		if o.number(p) == "" {
			list = append(list, p)
		}
	}
	for _, p := range is {
		if i := slices.IndexFunc(was, func(w directory.Phone) bool { return o.number(w) == p.Number }); i >= 0 {
			list = append(list, was[i])
		} else {
			list = append(list, directory.Phone{Number: p.Number})
		}
	}
	return list
}

// tags keeps the fuller tags that we know of languages.
func tags(is []language, was []string) (list []string) {
	for _, l := range is {
		if i := slices.IndexFunc(was, func(w string) bool { return code(w) == l.Code }); i >= 0 {
			list = append(list, was[i])
		} else if l.Code != "" {
			list = append(list, l.Code)
		}
	}
	return list
}

// region finds the voivodeship of the areas: by its code, or by its name.
func (e *reading) region(list []area) (region string) {
	for i, a := range list {
		found, ok := "", a.Extent == "PL" || a.Extent == "" && (a.Name == "PL" || a.Name == "Polska")
		for _, t := range []string{a.Name, a.Extent} { // the code counts more
			if c, is := strings.CutPrefix(t, "PL-"); is && slices.Contains(directory.Regions, c) {
				found, ok = c, true
			} else if n := slices.Index(voivodeships, strings.TrimPrefix(t, "województwo ")); n >= 0 && !ok {
				found, ok = directory.Regions[n], true
			}
		}
		switch {
		case !ok || i > 0 && found != region:
			e.lose("service_areas:", a.Name)
		default:
			region = found
		}
	}
	return region
}

// town returns the town of the first location. No other town and no street is taken, and of a shelter nothing at all.
func (e *reading) town(list []atLocation, s *directory.Service) (town string) {
	for _, l := range list {
		for _, a := range l.Location.Addresses {
			switch {
			case s.Shelter:
				e.lose("address_1, city")
				continue
			case town == "":
				town = a.City
			case a.City != "" && a.City != town:
				e.lose("city:", a.City)
			}
			if a.Address1 != "" && a.Address1 != s.Address {
				e.lose("address_1:", a.Address1)
			}
		}
	}
	return town
}

func sameTimes(a, b schedule) bool {
	a.ID, b.ID, a.Description, b.Description = "", "", "", ""
	zone := a.Timezone == nil && b.Timezone == nil
	a.Timezone, b.Timezone = nil, nil
	return zone && a == b
}

var clockPattern = regexp.MustCompile(`^([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\+0[12](:?00)?)?$`)

// hours joins the rules of every week, which add up. What holds in some weeks only, for a time, or by a clock that is not Poland's, is lost:
// somebody would stand before a closed door.
func (e *reading) hours(list []schedule) directory.Hours {
	var rules []string
	for _, s := range list {
		rule, ok := rule(s)
		if !ok {
			e.lose("schedules:", s.Freq, s.ByDay, s.Opens, s.Closes, s.Description)
			continue
		}
		rules = append(rules, rule)
	}
	if len(rules) == 1 && rules[0] == "Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00" {
		rules[0] = "24/7"
	}
	h, err := directory.ParseHours(strings.Join(rules, ", "))
	if err != nil { // too long: each rule by itself was one
		e.lose("schedules")
	}
	return h
}

func rule(s schedule) (string, bool) {
	names := map[string]string{"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
	opens, closes := clockPattern.FindStringSubmatch(s.Opens), clockPattern.FindStringSubmatch(s.Closes)
	zone := s.Timezone == nil || *s.Timezone == 1 || *s.Timezone == 2 // winter and summer
	limited := s.ValidFrom+s.ValidTo+s.Until+s.ByMonthDay+s.ByWeekNo+s.ByYearDay != "" || s.Count != 0 || s.Interval > 1
	days := s.ByDay
	if s.Freq == "DAILY" && days == "" {
		days = everyDay // not of the specification, but clear
	}
	if s.Freq != "WEEKLY" && s.Freq != "DAILY" || opens == nil || closes == nil || limited || !zone {
		return "", false
	}
	var ours []string
	for _, d := range strings.Split(days, ",") {
		ours = append(ours, names[strings.TrimSpace(d)])
	}
	to := closes[1]
	if to == "23:59" {
		to = "24:00" // nobody closes then; it is how 24 hours are written
	}
	rule := strings.Join(ours, ",") + " " + opens[1] + "-" + to
	_, err := directory.ParseHours(rule)
	return rule, err == nil && !slices.Contains(ours, "") && opens[1] != closes[1]
}

var (
	notLetters = regexp.MustCompile(`[^a-z0-9]+`)
	plain      = strings.NewReplacer("ą", "a", "ć", "c", "ę", "e", "ł", "l", "ń", "n", "ó", "o", "ś", "s", "ź", "z", "ż", "z")
)

// slug makes an id of ours from a name, or from the file's id where the name has no Latin letters.
func slug(name, id string) string {
	ascii := func(t string) string {
		return strings.Trim(notLetters.ReplaceAllString(plain.Replace(strings.ToLower(t)), "-"), "-")
	}
	s := ascii(name)
	if len(s) > 50 {
		s = strings.Trim(s[:50], "-")
	}
	if s == "" || s[0] < 'a' {
		s = "s-" + ascii(id)
	}
	return strings.Trim(s[:min(len(s), 60)], "-")
}
