package hsds

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	bcp "golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"ostoja/internal/site/directory"
)

// reading is an entry while it is read.
type reading struct {
	lang, name string
	here       time.Time // see [Read]
	lost       []string
}

func (e *reading) lose(what ...string) {
	e.lost = append(e.lost, strings.Join(strings.Fields(strings.Join(what, " ")), " "))
}

// text takes a text. A value of another kind stays, and is told of at the end.
func (o object) text(key string) string {
	s, ok := o[key].(string)
	if ok {
		delete(o, key)
	}
	return s
}

// drop takes keys that say nothing beyond what was read.
func (o object) drop(keys ...string) {
	for _, k := range keys {
		delete(o, k)
	}
}

// number takes a number, also one that is written as a text.
func (o object) number(key string) *float64 {
	var n json.Number
	switch v := o[key].(type) {
	case json.Number:
		n = v
	case string:
		n = json.Number(strings.TrimSpace(v))
	}
	f, err := n.Float64()
	if err != nil {
		return nil
	}
	delete(o, key)
	return &f
}

func (o object) object(key string) object {
	x, _ := o[key].(map[string]any)
	return x
}

// list returns the objects of a list; what else is in it stays.
func (o object) list(key string) (list []object) {
	all, _ := o[key].([]any)
	for _, v := range all {
		if x, ok := v.(map[string]any); ok {
			list = append(list, x)
		}
	}
	return list
}

// level is an object on which the specification hangs phones, languages or schedules, and the way to it.
type level struct {
	path string
	object
}

// levels lists them, the nearest to the service first.
func levels(x object) (list []level) {
	add := func(path string, o object) {
		list = append(list, level{path, o})
		for _, c := range o.list("contacts") {
			list = append(list, level{path + "contacts.", c})
		}
	}
	add("", x)
	for _, at := range x.list("service_at_locations") {
		add("service_at_locations.", at)
		if l := at.object("location"); l != nil {
			add("service_at_locations.location.", l)
		}
	}
	if o := x.object("organization"); o != nil {
		add("organization.", o)
	}
	return list
}

// entry reads an entry of the file; nil is none, or one that is not active. known holds the file's ids of services.
func (e *reading) entry(raw any, known map[string]bool) *directory.Service {
	x, _ := raw.(map[string]any)
	if x == nil {
		return nil
	}
	o := object(x)
	e.name, _ = o["name"].(string)
	id, status := o.text("id"), o.text("status")
	if id != "" && known[id] {
		e.lose("id:", id, "(2)")
		return nil
	}
	known[id] = true
	ours := e.own(o)
	if status != "" && status != "active" {
		e.lose("status:", status)
		if ours == nil { // it was closed before it came here
			return nil
		}
	}
	s := e.service(o, ours)
	s.ID = id
	var service *directory.Service
	if ours != nil {
		service = e.changed(ours, s)
	} else {
		service = e.foreign(s)
	}
	if service.Shelter { // nothing of where it is, not even among the losses
		o.drop("service_at_locations")
	}
	e.rest("", map[string]any(o), 0)
	return service
}

// own takes the attribute in which an entry of ours travels.
func (e *reading) own(o object) (ours *own) {
	for _, a := range o.list("attributes") {
		var found *own
		if value, _ := a["value"].(string); a["label"] == label && ours == nil && json.Unmarshal([]byte(value), &found) == nil && found != nil {
			ours = found
			clear(a)
		}
	}
	return ours
}

// service reads what hangs where into the specification's words.
func (e *reading) service(o object, ours *own) service {
	all := levels(o)
	x := service{
		Name: o.text("name"), Description: o.text("description"), URL: o.text("url"), Email: o.text("email"), Fees: o.text("fees_description"),
		Eligibility: o.text("eligibility_description"), Application: o.text("application_process"), Assured: o.text("assured_date"),
		Schedules: e.schedules(all, ours != nil),
	}
	if org := o.object("organization"); org != nil {
		x.Organization = &organization{Name: org.text("name")}
		if d := org["description"]; d == x.Organization.Name || ours != nil && d == ours.Service.Operator { // it must be there
			org.drop("description")
		}
	}
	for _, l := range all {
		e.reach(l, &x, ours != nil)
	}
	if x.Fees == "" {
		x.Fees = costs(o.list("cost_options"))
	}
	for _, a := range o.list("service_areas") {
		x.Areas = append(x.Areas, area{Name: a.text("name"), Extent: a.text("extent")})
		if a["extent_type"] == "text" {
			a.drop("extent_type")
		}
	}
	for _, at := range o.list("service_at_locations") {
		if l := at.object("location"); l != nil {
			x.Locations = append(x.Locations, atLocation{Location: addresses(l)})
		}
	}
	return x
}

// reach takes the phones, languages and addresses of mail and web of a level.
func (e *reading) reach(l level, x *service, ours bool) {
	for _, p := range l.list("phones") {
		if number, ok := e.phone(l.path, p); ok && (l.path == "" || !slices.ContainsFunc(x.Phones, func(q phone) bool { return same(q.Number, number) })) {
			x.Phones = append(x.Phones, phone{Number: number})
		}
		languages(p, x, false)
	}
	languages(l.object, x, l.path == "")
	if ours { // who emptied them meant it
		return
	}
	for _, key := range []string{"website", "url"} {
		if strings.HasPrefix(l.path, "organization.") && x.URL == "" {
			x.URL = l.text(key)
		}
	}
	if x.Email == "" {
		x.Email = l.text("email")
	}
}

func same(a, b string) bool {
	return a == b || directory.Dial(a) != "" && directory.Dial(a) == directory.Dial(b)
}

// spoken are the kinds of phone on which somebody who calls hears a person: those of RFC 6350 section 6.4.1, and what is written instead.
var spoken = []string{"", "voice", "cell", "mobile", "phone", "telephone", "landline", "main", "work", "office", "hotline", "helpline", "toll-free", "tollfree"}

// conditions are words by which a remark limits who may call, or when somebody is there. Whoever does not see the remark would be turned
// away, so that what stands under one is left out.
var conditions = []string{
	"only", "restricted", "internal", "not for", "institution", "professional", "staff", "agenc", "referral", "appointment", "by arrangement",
	"tylko", "wyłącznie", "jedynie", "nie dla", "instytucj", "profesjonal", "pracownik", "służb", "wewnętrzn", "umówi", "umawia", "po uzgodnieniu", "zapis",
	"лише", "тільки", "виключно", "установ", "записом", "только", "исключительно", "учреждени", "записи", "فقط", "موعد", "chỉ", "hẹn",
}

func conditional(texts ...string) bool {
	text := strings.ToLower(strings.Join(texts, " "))
	return slices.ContainsFunc(conditions, func(c string) bool { return strings.Contains(text, c) })
}

// phone takes a number that everybody can call.
func (e *reading) phone(path string, p object) (number string, ok bool) {
	number, _ = p["number"].(string)
	kind, _ := p["type"].(string)
	remark, _ := p["description"].(string)
	if number == "" {
		return "", false
	}
	if !slices.Contains(spoken, strings.ToLower(strings.TrimSpace(kind))) || conditional(remark) {
		e.lose(path+"phones:", number, kind, remark)
		p.drop("number", "type", "description")
		return "", false
	}
	p.drop("number", "type")
	if extension := p["extension"]; extension != nil && extension != "" {
		e.lose(path+"phones:", number, "extension", fmt.Sprint(extension))
		p.drop("extension")
	}
	return number, true
}

// languages takes languages into x, by their code or by their name. Those of the service itself stay as often as they are there.
func languages(o object, x *service, own bool) {
	for _, l := range o.list("languages") {
		tag := strings.TrimSpace(l.text("code"))
		name, _ := l["name"].(string)
		if len(tag) == 3 { // ISO 639-3
			tag = code(tag)
		}
		if tag == "" {
			tag = named()[strings.ToLower(strings.TrimSpace(name))]
		}
		if tag == "" {
			continue // the name stays, and is told of
		}
		l.drop("name")
		if own || !slices.ContainsFunc(x.Languages, func(y language) bool { return y.Code == tag }) {
			x.Languages = append(x.Languages, language{Code: tag})
		}
	}
}

// named finds languages by their names: in English, in Polish, and in themselves.
var named = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, base := range display.Supported.BaseLanguages() {
		tag, err := bcp.Compose(base)
		if err != nil {
			continue
		}
		for _, name := range []string{display.Self.Name(tag), display.Languages(bcp.Polish).Name(tag), display.Languages(bcp.English).Name(tag)} {
			if name != "" {
				names[strings.ToLower(name)] = base.String()
			}
		}
	}
	return names
})

func addresses(l object) (at location) {
	if l["location_type"] == "physical" {
		l.drop("location_type")
	}
	for _, a := range l.list("addresses") {
		if kind, _ := a["address_type"].(string); kind != "" && kind != "physical" { // where letters go, nobody waits
			continue
		}
		a.drop("address_type")
		at.Addresses = append(at.Addresses, address{Address1: a.text("address_1"), City: a.text("city")})
		if a["country"] == "PL" {
			a.drop("country")
		}
		if state, _ := a["state_province"].(string); strings.HasPrefix(state, "PL-") {
			a.drop("state_province")
		}
	}
	return at
}

// rest tells of all that was not read, by the way to it.
func (e *reading) rest(path string, v any, depth int) {
	const deepest, longest = 12, 60 // levels, and letters of a value
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if k == "id" || strings.HasSuffix(k, "_id") || k == "last_modified" { // of rows that were read; assured_date says more
				continue
			}
			if below := strings.TrimPrefix(path+"."+k, "."); depth < deepest && k != "metadata" { // who changed what, and when
				e.rest(below, v[k], depth+1)
			} else if v[k] != nil {
				e.lose(below)
			}
		}
	case []any:
		for _, x := range v {
			e.rest(path, x, depth+1)
		}
	case nil:
	default:
		text := strings.TrimSpace(fmt.Sprint(v))
		if r := []rune(text); len(r) > longest {
			text = string(r[:longest-1]) + "…"
		}
		if text != "" {
			e.lose(path+":", text)
		}
	}
}

// costs puts structured costs into a line: "Adults: 20 PLN a visit".
func costs(list []object) string {
	var lines []string
	for _, c := range list {
		option, currency, details := c.text("option"), c.text("currency"), c.text("amount_description")
		amount := details
		if n := c.number("amount"); n != nil {
			amount = strings.TrimSpace(strconv.FormatFloat(*n, 'f', -1, 64) + " " + currency + " " + details)
		}
		parts := slices.DeleteFunc([]string{option, amount}, func(t string) bool { return t == "" })
		if len(parts) > 0 {
			lines = append(lines, strings.Join(parts, ": "))
		}
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
		if !slices.ContainsFunc(s.Phones, func(q directory.Phone) bool { return same(q.Number, p.Number) }) {
			s.Phones = append(s.Phones, directory.Phone{Number: p.Number})
		}
	}
	for _, l := range x.Languages {
		if !slices.Contains(s.Languages, l.Code) {
			s.Languages = append(s.Languages, l.Code)
		}
	}
	s.Region = e.region(x.Areas)
	s.Town = e.town(x.Locations, s)
	s.Hours = e.hours(x.Schedules)
	return s
}
