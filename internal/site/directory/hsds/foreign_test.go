package hsds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ostoja/internal/site/directory"
)

func parse(t *testing.T, text string) directory.Hours {
	t.Helper()
	h, err := directory.ParseHours(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func sample(t *testing.T) *directory.Service {
	t.Helper()
	return &directory.Service{
		ID: "advice", Name: map[string]string{"pl": "Porady", "en": "Advice"}, Summary: map[string]string{"pl": "O pracy", "en": "On work"}, Cost: map[string]string{"pl": "Bezpłatnie", "en": "Free"},
		Operator: "Fundacja", Languages: []string{"pl", "zh-Hans"}, Phones: []directory.Phone{{Fact: "national-line"}, {Number: "+48 22 1"}}, Mail: "help@example.org", Web: "https://example.org",
		Region: "12", Town: "Kraków", Address: "Prosta 1", Hours: parse(t, "Mo-Fr 08:00-16:00; Sa 18:00-02:00; Su 00:00-24:00; PH closed"),
		Source: "example.org", Checked: "2026-11-23", By: "Biuro", ValidUntil: "2027-02-23",
	}
}

func export(t *testing.T, list ...*directory.Service) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, list, Options{Lang: "pl", Number: func(string) string { return "+48 22 9" }}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// read reads a file and tells its losses in a row.
func read(t *testing.T, file, lang string) ([]*directory.Service, string) {
	t.Helper()
	list, losses, err := Read(strings.NewReader(file), lang, here)
	if err != nil {
		t.Fatal(err)
	}
	var what []string
	for _, l := range losses {
		what = append(what, l.What)
	}
	return list, strings.Join(what, "; ")
}

// TestTheFileKeepsTheSpecification holds what the schemas of HSDS 3 ask of the objects that are written: UUIDs, the keys that must
// be there, the values of closed lists, and times that are times.
func TestTheFileKeepsTheSpecification(t *testing.T) {
	always := sample(t)
	always.ID, always.Hours, always.Region, always.Address = "line", parse(t, "24/7"), "", ""
	var file struct {
		Contents []map[string]any `json:"contents"`
	}
	if err := json.Unmarshal([]byte(export(t, sample(t), always)), &file); err != nil {
		t.Fatal(err)
	}
	required := map[string][]string{
		"": {"name", "status"}, "organization": {"name", "description"}, "phones": {"number"}, "location": {"location_type"},
		"addresses": {"address_1", "city", "state_province", "postal_code", "country", "address_type"},
	}
	allowed := map[string]*regexp.Regexp{
		"status": regexp.MustCompile(`^active$`), "freq": regexp.MustCompile(`^(WEEKLY|MONTHLY)$`), "byday": regexp.MustCompile(`^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*$`),
		"opens_at": regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`), "closes_at": regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`), "location_type": regexp.MustCompile(`^physical$`),
		"address_type": regexp.MustCompile(`^physical$`), "extent_type": regexp.MustCompile(`^text$`), "state_province": regexp.MustCompile(`^(PL-\d\d)?$`), "code": regexp.MustCompile(`^[a-z]{2,3}$`),
		"assured_date": regexp.MustCompile(`^\d{4}-\d\d-\d\d$`), "country": regexp.MustCompile(`^PL$`),
	}
	ids := map[string]bool{}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(key, x)
			}
		case map[string]any:
			id, _ := v["id"].(string)
			if _, err := uuid.Parse(id); err != nil || ids[key+id] && key != "organization" {
				t.Errorf("%s: the id %q is none, or is there twice", key, id)
			}
			ids[key+id] = true
			for _, k := range required[key] {
				if _, ok := v[k]; !ok {
					t.Errorf("%s has no %s", key, k)
				}
			}
			for k, x := range v {
				walk(k, x)
			}
		case string:
			if r := allowed[key]; r != nil && !r.MatchString(v) {
				t.Errorf("%s: %q", key, v)
			}
		}
	}
	for _, s := range file.Contents {
		walk("", s)
	}
	if text := export(t, sample(t)); strings.Contains(text, "assurer_email") {
		t.Error("who checked is told to others")
	}
}

// TestWhatOthersChangedIsTaken: a partner gets the file, corrects it with a tool that knows nothing of ours, and gives it back.
func TestWhatOthersChangedIsTaken(t *testing.T) {
	for what, c := range map[string]struct {
		old, new, losses string
		want             func(*directory.Service)
	}{
		"nothing":      {"", "", "", func(*directory.Service) {}},
		"a number":     {`"number": "+48 22 1"`, `"number": "+48 22 2"`, "", func(s *directory.Service) { s.Phones[1].Number = "+48 22 2" }},
		"a fact's":     {`"number": "+48 22 9"`, `"number": "+48 22 8"`, "", func(s *directory.Service) { s.Phones[0] = directory.Phone{Number: "+48 22 8"} }},
		"the name":     {`"name": "Porady"`, `"name": "Porady prawne"`, "", func(s *directory.Service) { s.Name["pl"] = "Porady prawne" }},
		"the cost":     {`"fees_description": "Bezpłatnie"`, `"fees_description": ""`, "", func(s *directory.Service) { delete(s.Cost, "pl") }},
		"the web page": {`"url": "https://example.org"`, `"url": "https://example.com"`, "", func(s *directory.Service) { s.Web = "https://example.com" }},
		"who runs it":  {`"name": "Fundacja"`, `"name": "Stowarzyszenie"`, "", func(s *directory.Service) { s.Operator = "Stowarzyszenie" }},
		"the day":      {`"assured_date": "2026-11-23"`, `"assured_date": "2026-12-01"`, "", func(s *directory.Service) { s.Checked = "2026-12-01" }},
		"a language":   {`"code": "pl"`, `"code": "uk"`, "", func(s *directory.Service) { s.Languages = []string{"uk", "zh-Hans"} }},
		"the town":     {`"city": "Kraków"`, `"city": "Tarnów"`, "", func(s *directory.Service) { s.Town = "Tarnów" }},
		"the region":   {`"extent": "PL-12"`, `"extent": "PL-14"`, "", func(s *directory.Service) { s.Region = "14" }},
		"a new key":    {`"status": "active"`, `"status": "active", "alert": "Closed"`, "alert: Closed", func(s *directory.Service) { s.Confirm = false }},
		"the end":      {`"status": "active"`, `"status": "defunct"`, "status: defunct", func(s *directory.Service) { s.Confirm = false }},
		"the street":   {`"address_1": "Prosta 1"`, `"address_1": "Krzywa 2"`, "address_1: Krzywa 2", func(s *directory.Service) { s.Confirm = false }},
	} {
		file := export(t, sample(t))
		if c.old != "" && !strings.Contains(file, c.old) {
			t.Fatalf("%s: %s is not in the file", what, c.old)
		}
		list, losses := read(t, strings.Replace(file, c.old, c.new, 1), "en") // the file knows its language better than who imports it
		want := sample(t)
		want.Confirm = c.old != ""
		c.want(want)
		if len(list) != 1 || losses != c.losses || !reflect.DeepEqual(list[0], want) {
			t.Errorf("%s:\n%+v\n%+v\nlosses %q", what, list[0], want, losses)
		}
	}
	list, losses := read(t, strings.Replace(export(t, sample(t)), `"opens_at": "18:00"`, `"opens_at": "19:00"`, 1), "pl")
	if got := list[0].Hours.String(); !strings.Contains(got, "Sa 19:00-02:00") || !strings.Contains(losses, "PH closed") {
		t.Errorf("hours: %s, losses %q", got, losses)
	}
}

// TestWhatAForeignFileDoesNotSayClearlyIsNotMadeUp: hours that are not those of every week, in Poland's time, are no hours; a place
// whose address might be a secret has none; what is no service does not keep the others out.
func TestWhatAForeignFileDoesNotSayClearlyIsNotMadeUp(t *testing.T) {
	for _, c := range []struct{ what, service, hours, losses string }{
		{"plain", `"schedules": [{"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:00:00", "closes_at": "16:00+01:00"}]`, "Mo,Tu 08:00-16:00", ""},
		{"every second week", `"schedules": [{"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "08:00", "closes_at": "16:00"}]`, "", "schedules: WEEKLY MO 08:00 16:00 interval 2"},
		{"until a day", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "08:00", "closes_at": "16:00", "valid_to": "2020-01-01"}]`, "", "schedules: WEEKLY MO 08:00 16:00 valid_to 2020-01-01"},
		{"another zone", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "08:00Z", "closes_at": "16:00Z"}]`, "", "schedules: WEEKLY MO 08:00Z 16:00Z"},
		{"zone apart", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "08:00", "closes_at": "16:00", "timezone": -5}]`, "", "schedules: WEEKLY MO 08:00 16:00 timezone -5"},
		{"no days", `"schedules": [{"freq": "WEEKLY", "opens_at": "08:00", "closes_at": "16:00"}]`, "", "schedules: WEEKLY 08:00 16:00"},
		{"words only", `"schedules": [{"description": "By appointment"}]`, "", "schedules: By appointment"},
		{"day and night", `"schedules": [{"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR,SA,SU", "opens_at": "00:00", "closes_at": "23:59"}]`, "24/7", ""},
		{"a whole day", `"schedules": [{"freq": "WEEKLY", "byday": "SA", "opens_at": "00:00", "closes_at": "23:59"}]`, "Sa 00:00-24:00", ""},
		{"night shift", `"schedules": [{"freq": "WEEKLY", "byday": "FR", "opens_at": "22:00", "closes_at": "06:00"}]`, "Fr 22:00-06:00", ""},
		{"an extension", `"phones": [{"number": "1", "extension": 7}]`, "", "phones: 1 extension 7"},
		{"a fax", `"phones": [{"number": "1", "type": "fax"}]`, "", "phones: 1 fax"},
		{"an address", `"service_at_locations": [{"location": {"addresses": [{"address_1": "Tajna 1", "city": "Łódź"}]}}]`, "", "address_1: Tajna 1"},
		{"two towns", `"service_at_locations": [{"location": {"addresses": [{"city": "Łódź"}]}}, {"location": {"addresses": [{"city": "Kutno"}]}}]`, "", "city: Kutno"},
		{"a wrong kind of value", `"url": 5, "phones": "none"`, "", "phones: none; url: 5"},
		{"a wrong kind of element", `"languages": [{"code": "pl"}, 7]`, "", "languages: 7"},
		{"what is empty", `"funding": [], "program": null, "wait_time": ""`, "", ""},
	} {
		list, losses := read(t, `[{"id": "1", "name": "X", "status": "active", `+c.service+`}]`, "pl")
		if len(list) != 1 || list[0].Hours.String() != c.hours || losses != c.losses || list[0].Address != "" {
			t.Errorf("%s: hours %q, losses %q, address %q", c.what, list[0].Hours, losses, list[0].Address)
		}
	}
	list, losses := read(t, `[null, 7, {"id": "1", "name": "Pomoc"}, {"id": "2", "name": "Pomoc"}, {"id": "3", "name": "Допомога"}]`, "pl")
	if len(list) != 3 || losses != "#1; #2; name: Pomoc (2)" || list[0].ID != "pomoc" || list[1].ID != "pomoc-2" || list[2].ID != "s-3" {
		t.Errorf("%+v, losses %q", list, losses)
	}
	if list, _ := read(t, `{"id": "1", "name": "Pomoc", "cost_options": [{"option": "Adults", "amount": 20, "currency": "PLN", "amount_description": "a visit"}]}`, "en"); len(list) != 1 || list[0].Cost["en"] != "Adults: 20 PLN a visit" {
		t.Errorf("a service by itself: %+v", list)
	}
	for _, file := range []string{`{"services": []}`, `"x"`, `{`, ``, `{"contents": 7}`} {
		if _, _, err := Read(strings.NewReader(file), "pl", here); err == nil {
			t.Errorf("%s is read as an empty list", file)
		}
	}
}

// TestTheReportHasAnEnd: a file of nonsense makes neither an endless page nor endless lines, and says how much is not shown.
func TestTheReportHasAnEnd(t *testing.T) {
	keys := []string{`"id": "1"`, `"name": "` + strings.Repeat("ą", 5000) + `"`}
	for i := range 3000 {
		keys = append(keys, fmt.Sprintf(`"key%04d%s": 1`, i, strings.Repeat("x", 500)))
	}
	_, losses, err := Read(strings.NewReader("[{"+strings.Join(keys, ",")+"}]"), "pl", here)
	if err != nil || len(losses) != mostLosses+1 || losses[mostLosses].What != "+2800" {
		t.Fatalf("%d losses: %v", len(losses), err)
	}
	for _, l := range losses {
		if len([]rune(l.What)) > longestLoss || len([]rune(l.Service)) > longestLoss {
			t.Fatalf("a line of %d letters", len([]rune(l.What)))
		}
	}
}

func TestAShelterHasNoPlaceInTheFile(t *testing.T) {
	s := sample(t)
	s.Shelter, s.Town, s.Address = true, "Tajne Miasto", "Ukryta 7"
	file := export(t, s)
	if strings.Contains(file, "Tajne") || strings.Contains(file, "Ukryta") || strings.Contains(file, "service_at_locations") {
		t.Error("the place stands in the file")
	}
	added := strings.Replace(file, `"status": "active"`, `"status": "active", "service_at_locations": [{"location": {"addresses": [{"address_1": "Ukryta 7", "city": "Tajne Miasto"}]}}]`, 1)
	list, losses := read(t, added, "pl")
	if list[0].Town != "" || list[0].Address != "" || !strings.Contains(losses, "city") || strings.Contains(losses, "Tajne") || strings.Contains(losses, "Ukryta") {
		t.Errorf("a shelter gets a place from elsewhere: %+v, losses %q", list[0], losses)
	}
	if !slices.Equal(list[0].Languages, s.Languages) {
		t.Error("and loses something else")
	}
}
