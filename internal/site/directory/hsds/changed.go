package hsds

import (
	"slices"
	"strings"

	"ostoja/internal/site/directory"
)

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
