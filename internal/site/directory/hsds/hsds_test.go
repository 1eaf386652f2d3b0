package hsds

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/site/directory"
)

func TestTheShippedDirectoryComesBackTheSame(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "site", "services.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	list, err := directory.Load(f)
	if err != nil || len(list) < 4 {
		t.Fatalf("%d services: %v", len(list), err)
	}
	var out bytes.Buffer
	if err := Write(&out, list, Options{Lang: "en", Number: func(fact string) string { return "+48 1" }}); err != nil {
		t.Fatal(err)
	}
	back, losses, err := Read(&out, "en", here)
	if err != nil || len(losses) > 0 || !reflect.DeepEqual(back, list) {
		t.Errorf("%v %v", losses, err)
	}
}

func TestWhatIsExportedIsImportedTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.MapOfN(rapid.SampledFrom([]string{"pl", "en", "ar"}), rapid.StringN(1, 20, 60), 1, 3)
		s := &directory.Service{
			ID: "s" + rapid.StringMatching(`[a-z0-9-]{0,20}`).Draw(rt, "id"), Name: text.Draw(rt, "name"), Summary: text.Draw(rt, "summary"), Cost: text.Draw(rt, "cost"),
			Languages: rapid.SliceOfN(rapid.SampledFrom([]string{"pl", "uk", "vi", "zh-Hans", "sr-Latn"}), 1, 3).Draw(rt, "languages"), Phones: []directory.Phone{{Fact: "national-line"}, {Number: "+48 22 1"}},
			Audience: text.Draw(rt, "audience"), After: text.Draw(rt, "after"), Operator: rapid.StringN(0, 10, 30).Draw(rt, "operator"), Mail: "help@example.org", Web: "https://example.org/",
			Source: "example.org", By: "Biuro", ValidUntil: "2027-02-23", Confirm: rapid.Bool().Draw(rt, "confirm"), Shelter: rapid.Bool().Draw(rt, "shelter"),
			Town: rapid.SampledFrom([]string{"", "Łódź"}).Draw(rt, "town"), Address: rapid.SampledFrom([]string{"", "Prosta 1"}).Draw(rt, "address"), Region: rapid.SampledFrom(append(directory.Regions, "")).Draw(rt, "region"), Checked: "2026-11-23",
		}
		var err error
		if s.Hours, err = directory.ParseHours(rapid.SampledFrom([]string{"", "24/7", "Mo-Fr 08:00-16:00; PH closed", "Mo-Su 22:00-06:00", "Su 00:00-24:00", "Fr-Mo 20:00-20:00", "PH 10:00-12:00", "Mo closed"}).Draw(rt, "hours")); err != nil {
			rt.Fatal(err)
		}
		var out bytes.Buffer
		known := rapid.SampledFrom([]string{"", "+48 1", "+48 22 1"}).Draw(rt, "number")
		number := func(string) string { return known }
		if err := Write(&out, []*directory.Service{s}, Options{Lang: rapid.SampledFrom([]string{"pl", "ar", "vi"}).Draw(rt, "written in"), Number: number}); err != nil {
			rt.Fatal(err)
		}
		if s.Shelter {
			s.Town, s.Address = "", ""
		}
		back, losses, err := Read(&out, rapid.SampledFrom([]string{"pl", "en"}).Draw(rt, "read for"), here)
		if err != nil || len(losses) > 0 || !reflect.DeepEqual(back, []*directory.Service{s}) {
			rt.Fatalf("%+v\n%+v\n%v %v", s, back, losses, err)
		}
	})
}

func TestNoAddressOfAShelterLeaves(t *testing.T) {
	s := &directory.Service{ID: "x", Name: map[string]string{"pl": "Schronienie"}, Shelter: true, Town: "Tajne Miasto", Address: "Ukryta 7"}
	var out bytes.Buffer
	if err := Write(&out, []*directory.Service{s}, Options{Lang: "pl"}); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Tajne", "Ukryta"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s stands in the file", secret)
		}
	}
}

const foreign = `{"contents": [{"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Legal Aid Centre", "description": "Advice.", "url": "https://example.org", "status": "active",
  "fees_description": "Free", "alert": "Closed in August", "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Example", "description": ""},
  "phones": [{"id": "1554c7c9-4b52-4693-b7b8-2b0f8b2c4d5e", "number": "+48 12 345 67 89"}], "languages": [{"id": "x", "name": "Polish", "code": "pl"}],
  "schedules": [{"id": "a", "freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:00", "closes_at": "16:00:00"}, {"id": "b", "freq": "MONTHLY", "byday": "1SA", "opens_at": "10:00", "closes_at": "12:00"}],
  "service_areas": [{"id": "c", "name": "PL-12"}], "capacities": [{"available": 3}]}]}`

func TestAForeignFileTellsWhatIsLost(t *testing.T) {
	list, losses, err := Read(strings.NewReader(foreign), "en", here)
	if err != nil || len(list) != 1 {
		t.Fatal(err)
	}
	s := list[0]
	if s.ID != "legal-aid-centre" || s.Name["en"] != "Legal Aid Centre" || s.Region != "12" || s.Hours.String() != "Mo,Tu 08:00-16:00" || s.Operator != "Example" || !s.Confirm {
		t.Errorf("%+v", s)
	}
	var what []string
	for _, l := range losses {
		what = append(what, l.What)
	}
	if !slices.Equal(what, []string{"alert: Closed in August", "capacities.available: 3", "schedules: MONTHLY 1SA 10:00 12:00"}) {
		t.Errorf("losses %v", what)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(foreign))
	f.Add([]byte(`[{"name": "x", "attributes": [{"label": "ostoja", "value": "{\"lang\": \"pl\", \"service\": {\"id\": \"x\", \"hours\": \"24/7\"}}"}]}, {"name": "x"}]`))
	f.Add([]byte(`{"name": "x", "status": "defunct", "cost_options": [{"amount": 1e300}], "phones": [{"number": "1", "extension": [2]}], "schedules": [{"timezone": 1}, 7]}`))
	for _, name := range cases {
		f.Add(file(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		list, losses, err := Read(bytes.NewReader(b), "pl", here)
		if err != nil {
			return
		}
		ids := map[string]bool{}
		for _, s := range list {
			if _, err := json.Marshal(s); err != nil {
				t.Errorf("what was read cannot be kept: %v", err)
			}
			if ids[s.ID] {
				t.Errorf("%q would replace another entry of the file", s.ID)
			}
			ids[s.ID] = true
			_ = s.Check([]string{"pl"})
		}
		if len(losses) > mostLosses+1 {
			t.Errorf("%d losses", len(losses))
		}
		var out bytes.Buffer
		if err := Write(&out, list, Options{Lang: "pl"}); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
