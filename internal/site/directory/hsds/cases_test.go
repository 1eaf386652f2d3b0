package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/site/directory"
)

// cases are files as others write them: after public data sets and reports.
var cases = []string{"hsds_nested.json", "hsds_bom.json", "hsds_ilao_times.json", "hsds_dup_inactive.json", "oruk_v1.json"}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func numbers(s *directory.Service) (list []string) {
	for _, p := range s.Phones {
		list = append(list, p.Number)
	}
	return list
}

// Phones, languages and hours are found wherever the specification hangs them, and what is not taken is told of, at any depth.
func TestWhatHangsBelowAService(t *testing.T) {
	for _, name := range cases[:2] {
		list, losses := read(t, string(file(t, name)), "pl")
		if len(list) != 1 {
			t.Fatalf("%s: %d services", name, len(list))
		}
		s := list[0]
		if got := numbers(s); !slices.Equal(got, []string{"+48 22 000 00 02", "+48 22 000 00 03", "+48 22 000 00 01"}) {
			t.Errorf("%s: phones %q", name, got)
		}
		if !slices.Equal(s.Languages, []string{"uk", "pl"}) {
			t.Errorf("%s: languages %q", name, s.Languages)
		}
		if s.Hours.String() != "Mo 09:00-17:00" || s.Town != "Łódź" || s.Address != "" || s.Web != "https://example.org" || s.Operator != "Fundacja Przykładowa" {
			t.Errorf("%s: %+v", name, s)
		}
		want := []string{
			"address_1: ul. Przykładowa 1", "organization.description: x",
			"phones: +48 22 000 00 04 textphone", "phones: +48 22 000 00 05 sms tylko SMS", "phones: +48 22 000 00 06 voice tylko dla instytucji",
			"schedules.attending_type: online", "schedules: WEEKLY TU 09:00 17:00 only with an appointment", "service_at_locations.description: tylko po umówieniu",
			"service_at_locations.location.addresses.postal_code: 90-001", "service_at_locations.location.addresses.state_province: łódzkie", "service_at_locations.location.name: Biuro",
			"service_at_locations.location.schedules: WEEKLY SA 10:00 12:00", "service_at_locations.schedules: WEEKLY MO,TU,WE,TH,FR 09:00 17:00",
		}
		if got := strings.Split(losses, "; "); !slices.Equal(got, want) {
			t.Errorf("%s: losses\n%s", name, strings.Join(got, "\n"))
		}
	}
}

func TestHoursOfOneDigitAndOfLocations(t *testing.T) {
	list, losses := read(t, string(file(t, "hsds_ilao_times.json")), "en")
	want := []string{"Su 11:00-20:00, Mo 09:00-22:00, Tu 09:00-22:00, We 09:00-22:00, Th 09:00-22:00, Fr 09:00-22:00, Sa 09:00-20:00", "Mo 09:00-17:00, Tu 09:00-17:00, We 09:00-17:00, Th 09:00-17:00, Fr 09:00-17:00", "Th 09:00-17:00"}
	if len(list) != len(want) || losses != "" {
		t.Fatalf("%d services, losses %q", len(list), losses)
	}
	for i, s := range list {
		if s.Hours.String() != want[i] {
			t.Errorf("%s: %s", s.ID, s.Hours)
		}
	}
}

func TestInactiveAndTwice(t *testing.T) {
	list, losses := read(t, string(file(t, "hsds_dup_inactive.json")), "uk")
	var ids []string
	for _, s := range list {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, []string{"dom-bezpieczny", "s-c", "s-d"}) || losses != "status: defunct; phones: +48 22 000 00 10 extension 12; #5; #6" {
		t.Errorf("%q, losses %q", ids, losses)
	}
	list, losses = read(t, `[{"id": "1", "name": "A", "status": "active"}, {"id": "1", "name": "A", "status": "active"}, {"id": "2", "name": "A"}, {"id": "3", "name": "B", "status": "temporarily closed"}]`, "pl")
	if len(list) != 2 || losses != "id: 1 (2); name: A (2); status: temporarily closed" {
		t.Errorf("%d services, losses %q", len(list), losses)
	}
	_, losses = read(t, `{"total_pages": 12, "page_number": 1, "contents": [{"id": "1", "name": "A"}]}`, "pl")
	if losses != "page_number: 1, total_pages: 12" {
		t.Errorf("one page of twelve: %q", losses)
	}
}

func TestWherePhonesAndLanguagesAreFound(t *testing.T) {
	for _, c := range []struct {
		what, service    string
		phones, speak    []string
		losses, web, has string
	}{
		{"contacts", `"contacts": [{"name": "Anna", "email": "a@example.org", "phones": [{"number": "1"}]}]`, []string{"1"}, nil, "contacts.name: Anna", "", "a@example.org"},
		{"contacts of an organisation", `"organization": {"name": "O", "contacts": [{"phones": [{"number": "1"}]}]}`, []string{"1"}, nil, "", "", ""},
		{"contacts at a location", `"service_at_locations": [{"contacts": [{"phones": [{"number": "1"}]}], "location": {"contacts": [{"phones": [{"number": "2"}]}]}}]`, []string{"1", "2"}, nil, "", "", ""},
		{"the same number twice", `"phones": [{"number": "+48 22 628 01 20"}], "organization": {"name": "O", "phones": [{"number": "22 6280120"}]}`, []string{"+48 22 628 01 20"}, nil, "", "", ""},
		{"a remark", `"phones": [{"number": "1", "description": "Reception"}]`, []string{"1"}, nil, "phones.description: Reception", "", ""},
		{"for institutions", `"organization": {"name": "O", "phones": [{"number": "1", "description": "for institutions"}]}`, nil, nil, "organization.phones: 1 for institutions", "", ""},
		{"a video phone", `"phones": [{"number": "1", "type": "Video"}, {"number": "2", "type": "Cell"}]`, []string{"2"}, nil, "phones: 1 Video", "", ""},
		{"names of languages", `"languages": [{"name": "Ukrainian"}, {"name": "polski"}, {"name": "wietnamski"}, {"name": "Русский"}, {"name": "Klingonska mowa"}, {"code": "vie"}, {"code": "zh-Hans"}]`, nil,
			[]string{"uk", "pl", "vi", "ru", "zh-Hans"}, "languages.name: Klingonska mowa", "", ""},
		{"languages of a phone and a place", `"phones": [{"number": "1", "languages": [{"code": "ar"}]}], "service_at_locations": [{"location": {"languages": [{"code": "vi", "note": "Mondays"}]}}]`, []string{"1"}, []string{"ar", "vi"},
			"service_at_locations.location.languages.note: Mondays", "", ""},
		{"the organisation's page", `"organization": {"name": "O", "website": "https://example.org", "email": "o@example.org"}`, nil, nil, "", "https://example.org", "o@example.org"},
		{"a page of its own", `"url": "https://example.com", "organization": {"name": "O", "website": "https://example.org"}`, nil, nil, "organization.website: https://example.org", "https://example.com", ""},
		{"far below", `"service_at_locations": [{"location": {"accessibility": [{"description": "ramp", "url": ""}]}}], "capacities": [{"unit": {"name": "beds"}, "available": 3}]`, nil, nil,
			"capacities.available: 3; capacities.unit.name: beds; service_at_locations.location.accessibility.description: ramp", "", ""},
		{"who changed it", `"metadata": [{"id": "m", "previous_value": "x"}]`, nil, nil, "metadata", "", ""},
		{"where letters go", `"service_at_locations": [{"location": {"addresses": [{"address_type": "postal", "city": "Kutno"}]}}]`, nil, nil,
			"service_at_locations.location.addresses.address_type: postal; service_at_locations.location.addresses.city: Kutno", "", ""},
	} {
		list, losses := read(t, `[{"id": "1", "name": "X", "status": "active", `+c.service+`}]`, "pl")
		s := list[0]
		if !slices.Equal(numbers(s), c.phones) || !slices.Equal(s.Languages, c.speak) || losses != c.losses || s.Web != c.web || s.Mail != c.has {
			t.Errorf("%s: phones %q, languages %q, web %q, mail %q, losses %q", c.what, numbers(s), s.Languages, s.Web, s.Mail, losses)
		}
	}
}

func TestWhoseHoursCount(t *testing.T) {
	const monday, tuesday = `{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00"}`, `{"freq": "WEEKLY", "byday": "TU", "opens_at": "9:00", "closes_at": "17:00"}`
	for _, c := range []struct{ what, service, hours, losses string }{
		{"at the location", `"service_at_locations": [{"schedules": [` + monday + `], "location": {"schedules": [` + tuesday + `]}}]`, "Mo 09:00-17:00", "service_at_locations.location.schedules: WEEKLY TU 9:00 17:00"},
		{"of the location", `"service_at_locations": [{"location": {"schedules": [` + tuesday + `]}}]`, "Tu 09:00-17:00", ""},
		{"two places, the same hours", `"service_at_locations": [{"location": {"schedules": [` + monday + `]}}, {"location": {"schedules": [` + monday + `]}}]`, "Mo 09:00-17:00", ""},
		{"the service's own cannot be kept", `"schedules": [{"freq": "MONTHLY", "byday": "1MO"}], "service_at_locations": [{"location": {"schedules": [` + monday + `]}}]`, "",
			"schedules: MONTHLY 1MO; service_at_locations.location.schedules: WEEKLY MO 9:00 17:00"},
		{"with seconds", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00:00", "closes_at": "17:00:00.000"}]`, "Mo 09:00-17:00", ""},
		{"an offset of Poland", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00+02:00", "closes_at": "17:00+02:00"}]`, "Mo 09:00-17:00", ""},
		{"another offset", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00-05:00", "closes_at": "17:00-05:00"}]`, "", "schedules: WEEKLY MO 09:00-05:00 17:00-05:00"},
		{"a zone by name", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00", "timezone": "Europe/Warsaw"}]`, "Mo 09:00-17:00", ""},
		{"UTC by number", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00", "timezone": 0}]`, "", "schedules: WEEKLY MO 9:00 17:00 timezone 0"},
		{"no time", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:0", "closes_at": "25:00"}]`, "", "schedules: WEEKLY MO 9:0 25:00"},
		{"by appointment", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00", "description": "By appointment"}]`, "", "schedules: WEEKLY MO 9:00 17:00 By appointment"},
		{"a remark", `"schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "17:00", "notes": "Ring twice", "wkst": "MO"}]`, "Mo 09:00-17:00", "schedules.notes: Ring twice; schedules.wkst: MO"},
	} {
		list, losses := read(t, `[{"id": "1", "name": "X", "status": "active", `+c.service+`}]`, "pl")
		if list[0].Hours.String() != c.hours || losses != c.losses {
			t.Errorf("%s: hours %q, losses %q", c.what, list[0].Hours, losses)
		}
	}
}

// Other kinds of files are told apart, so that who chose one knows which to choose.
func TestOtherKindsOfFiles(t *testing.T) {
	for _, c := range []struct{ kind, content string }{
		{"oruk", string(file(t, "oruk_v1.json"))}, {"oruk", `{"content": []}`}, {"csv", "id,name,phone\n1,Dom,22"}, {"csv", "id;name\r\n1;Dom\r\n"}, {"html", "<!DOCTYPE html><title>404</title>"},
		{"html", "\n<HTML><body>Sign in</body></HTML>"}, {"xml", `<?xml version="1.0"?><services/>`}, {"workbook", "PK\x03\x04\x14\x00xl/workbook.xml"}, {"workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
		{"workbook", "PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK"}, {"zip", "PK\x03\x04\x14\x00services.csv"}, {"pdf", "%PDF-1.7"}, {"broken", `{"contents": [{"id": "1", "na`},
		{"broken", `[] []`}, {"json", `{"services": []}`}, {"json", `[{"type": "Feature"}]`}, {"json", `{"type": "FeatureCollection", "features": []}`}, {"json", `{"contents": 7}`},
		{"organizations", `{"contents": [{"id": "1", "name": "Fundacja", "legal_status": "ngo"}]}`}, {"table", `{"name": "human_services_data", "resources": [{"name": "services"}]}`}, {"other", ""}, {"other", "\x00\x01"}, {"other", "Hello"},
		{"large", `[` + strings.Repeat(`7,`, mostRead) + `{"name": "x"}]`}, {"large", strings.Repeat(" ", Most+1)},
	} {
		_, _, err := Read(strings.NewReader(c.content), "pl", here)
		var kind *KindError
		if !errors.As(err, &kind) || kind.Kind != c.kind {
			t.Errorf("%.40q is %v, not %s", c.content, err, c.kind)
		}
	}
	utf16, little := []byte{0xff, 0xfe}, `[{"id": "1", "name": "Dom"}]`
	for _, b := range []byte(little) {
		utf16 = append(utf16, b, 0)
	}
	if list, _ := read(t, string(utf16), "pl"); len(list) != 1 || list[0].Name["pl"] != "Dom" {
		t.Errorf("UTF-16: %+v", list)
	}
}

// Nothing of a file gets lost without a word: a value that is put anywhere is read, or told of.
func TestWhatIsNotKeptIsNamedAtAnyDepth(t *testing.T) {
	var whole any
	if err := json.Unmarshal(bytes.TrimPrefix(file(t, "hsds_nested.json"), []byte("\xef\xbb\xbf")), &whole); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			objects = append(objects, v)
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(whole.(map[string]any)["contents"])
	rapid.Check(t, func(rt *rapid.T) {
		o := objects[rapid.IntRange(0, len(objects)-1).Draw(rt, "where")]
		key := rapid.SampledFrom([]string{"alert", "x", "unit", "accessibility", "wait_time", "minimum_age"}).Draw(rt, "key")
		value := rapid.SampledFrom([]any{"canary", []any{"canary"}, map[string]any{"a": map[string]any{"b": []any{1, "canary"}}}, []any{map[string]any{"name": "canary"}}}).Draw(rt, "value")
		before, there := o[key]
		o[key] = value
		defer func() {
			if delete(o, key); there {
				o[key] = before
			}
		}()
		b, err := json.Marshal(whole)
		if err != nil {
			rt.Fatal(err)
		}
		_, losses, err := Read(bytes.NewReader(b), "pl", here)
		if err != nil || !slices.ContainsFunc(losses, func(l Loss) bool { return strings.Contains(l.What, "canary") }) {
			rt.Errorf("%s in %v is lost without a word: %v", key, reflect.ValueOf(o).MapKeys(), err)
		}
	})
}

func TestAFileOfBracketsIsNoWork(t *testing.T) {
	begin := time.Now()
	deep := strings.Repeat(`{"`+strings.Repeat("k", 700)+`":`, 9_000) + "1" + strings.Repeat("}", 9_000)
	for _, content := range []string{strings.Repeat("[", 8_000_000), `[{"name": "x", "y": ` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}]`, `[{"name": "x", "y": ` + deep + `}]`} {
		_, losses, err := Read(strings.NewReader(content), "pl", here)
		if err == nil && len(losses) > 1 {
			t.Errorf("%d losses", len(losses))
		}
	}
	if took := time.Since(begin); took > 20*time.Second { // it is 0.3 s; a path for each level would be minutes
		t.Errorf("it took %s", took)
	}
}

// here is a moment by the clocks of the place for which files are read.
var here = time.Date(2026, 11, 29, 12, 0, 0, 0, inZone("Europe/Warsaw"))

func inZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// TestTimesAreOfThePlace: clocks are those of the installation, wherever it is, and not Poland's.
func TestTimesAreOfThePlace(t *testing.T) {
	for _, c := range []struct {
		zone, times, apart string
		read               bool
	}{
		{"Europe/Kyiv", "09:00+03:00", "", true}, {"Europe/Kyiv", "09:00+02", "", true}, {"Europe/Kyiv", "09:00+01:00", "", false}, {"Europe/Kyiv", "09:00Z", "", false},
		{"Europe/Kyiv", "09:00", `"Europe/Kyiv"`, true}, {"Europe/Kyiv", "09:00", `"Europe/Warsaw"`, false}, {"Europe/Kyiv", "09:00", "3", true}, {"Europe/Kyiv", "09:00", "1", false},
		{"Europe/London", "09:00Z", "", true}, {"Europe/London", "09:00+01:00", "0", true}, {"Europe/London", "09:00+02:00", "", false},
		{"America/New_York", "09:00-05:00", "-4", true}, {"America/New_York", "09:00+01:00", "", false},
		{"Asia/Kolkata", "09:00+0530", "5.5", true}, {"Asia/Kolkata", "09:00+05:00", "", false}, {"Europe/Warsaw", "09:00", "", true}, {"America/New_York", "9:00:00", "", true},
	} {
		apart := ""
		if c.apart != "" {
			apart = `, "timezone": ` + c.apart
		}
		file := `{"id": "x", "name": "x", "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "` + c.times + `", "closes_at": "17:00"` + apart + `}]}`
		list, losses, err := Read(strings.NewReader(file), "pl", here.In(inZone(c.zone)))
		if err != nil || len(list) != 1 {
			t.Fatalf("%v: %v", c, err)
		}
		told := slices.ContainsFunc(losses, func(l Loss) bool { return strings.HasPrefix(l.What, "schedules") })
		if read := list[0].Hours.String() == "Mo 09:00-17:00"; read != c.read || told == c.read {
			t.Errorf("%v: read %q, told of %v", c, list[0].Hours, losses)
		}
	}
}
