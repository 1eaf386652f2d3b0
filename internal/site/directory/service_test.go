package directory

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

func sound() *Service {
	h, err := ParseHours("Mo-Fr 08:00-16:00; PH closed")
	if err != nil {
		panic(err)
	}
	return &Service{
		ID: "advice", Name: map[string]string{"pl": "Porady"}, Languages: []string{"pl", "zh-Hans"}, Phones: []Phone{{Number: "+48 22 123 45 67"}, {Fact: "national-line"}},
		Mail: "help@example.org", Web: "https://example.org", Region: "14", Town: "Warszawa", Address: "Prosta 1", Hours: h,
		Source: "example.org", Checked: "2026-11-23", By: "Biuro", ValidUntil: "2027-02-23",
	}
}

func TestCheckNamesTheFieldAndTheReason(t *testing.T) {
	if faults := sound().Check([]string{"pl"}); len(faults) > 0 {
		t.Fatalf("a sound service: %v", faults)
	}
	for _, c := range []struct {
		what, want string
		change     func(*Service)
	}{
		{"an id in capitals", "id site.fault.mark", func(s *Service) { s.ID = "Porady" }},
		{"no name in a language", "name-pl site.fault.empty", func(s *Service) { s.Name = map[string]string{"en": "Advice"} }},
		{"a name that fills the page", "name-pl site.fault.long", func(s *Service) { s.Name["pl"] = strings.Repeat("ż", 301) }},
		{"a summary like a book", "summary-en site.fault.long", func(s *Service) { s.Summary = map[string]string{"en": strings.Repeat("a", 2001)} }},
		{"no language", "languages site.services.fault.languages", func(s *Service) { s.Languages = nil }},
		{"no such language", "languages site.services.fault.language", func(s *Service) { s.Languages = []string{"polski!"} }},
		{"nowhere to turn", "phones site.services.fault.contact", func(s *Service) { s.Phones, s.Mail, s.Web = nil, "", "" }},
		{"mail alone", "phones site.services.fault.contact", func(s *Service) { s.Phones, s.Mail, s.Web = nil, "help@example.org", "" }},
		{"a name of the pages' own", "id site.fault.reserved", func(s *Service) { s.ID = "import" }},
		{"for ever", "valid_until site.fault.until-far", func(s *Service) { s.ValidUntil = "9999-12-31" }},
		{"a town as long as a book", "town site.fault.long", func(s *Service) { s.Shelter, s.Town, s.Address = false, strings.Repeat("x", 301), "" }},
		{"a phone of letters", "phones site.fault.phone", func(s *Service) { s.Phones = []Phone{{Number: "HELP"}} }},
		{"a phone that is no fact's id", "phones site.fault.phone", func(s *Service) { s.Phones = []Phone{{Fact: "national line}"}} }},
		{"a number beside its fact", "phones site.fault.phone", func(s *Service) { s.Phones = []Phone{{Fact: "national-line", Number: "112"}} }},
		{"mail without a host", "mail site.services.fault.mail", func(s *Service) { s.Mail = "help" }},
		{"a web address that can be listened to", "web site.fault.web", func(s *Service) { s.Web = "http://example.org" }},
		{"no such voivodeship", "region site.fault.choose", func(s *Service) { s.Region = "15" }},
		{"the street of a shelter", "address site.services.fault.shelter", func(s *Service) { s.Shelter, s.Town = true, "" }},
		{"the town of a shelter", "address site.services.fault.shelter", func(s *Service) { s.Shelter, s.Address = true, "" }},
		{"no source", "source site.fault.source", func(s *Service) { s.Source = " " }},
		{"nobody checked", "by site.fault.by", func(s *Service) { s.By = "" }},
		{"no day", "checked site.fault.day", func(s *Service) { s.Checked = "23.11.2026" }},
		{"valid until before it was checked", "valid_until site.fault.until", func(s *Service) { s.ValidUntil = "2026-11-22" }},
	} {
		s := sound()
		c.change(s)
		var got []string
		for _, f := range s.Check([]string{"pl"}) {
			got = append(got, f.Name+" "+f.Key)
		}
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: %v, not %s", c.what, got, c.want)
		}
	}
	if s := sound(); len(s.Check(nil)) > 0 {
		t.Error("whoever asks for no language gets faults")
	}
	if s := sound(); true {
		s.Name = nil
		if faults := s.Check(nil); len(faults) != 1 || faults[0].Name != "name" {
			t.Errorf("a service without any name: %v", faults)
		}
	}
}

const entry = `- id: advice
  name: {pl: Porady}
  languages: [pl]
  web: https://example.org
  hours: Mo-Fr 08:00-16:00
  source: example.org
  checked: 2026-11-23
  by: Biuro
  valid_until: 2027-02-23
`

func TestLoadSaysWhatIsWrongAndWhere(t *testing.T) {
	list, err := Load(strings.NewReader(entry))
	if err != nil || len(list) != 1 || list[0].Hours.String() != "Mo-Fr 08:00-16:00" || list[0].Checked != "2026-11-23" {
		t.Fatalf("%+v %v", list, err)
	}
	for what, c := range map[string]struct{ file, want string }{
		"an unknown key":       {entry + "  adress: Prosta 1\n", "line 10: field adress not found"},
		"a key twice":          {entry + "  by: Ktoś\n", "line 10"},
		"hours that are none":  {strings.Replace(entry, "08:00-16:00", "8-16", 1), `unreadable at "8-16"`},
		"an id twice":          {entry + entry, "advice is there twice"},
		"an empty entry":       {entry + "-\n", "entry 2 is empty"},
		"a second document":    {entry + "---\n" + entry, "more than one document"},
		"the town of shelters": {entry + "  town: Łódź\n  shelter: true\n", "site.services.fault.shelter"},
		"no name":              {strings.Replace(entry, "{pl: Porady}", "{}", 1), "advice: name"},
		"not a list":           {"id: advice\n", "line 1"},
	} {
		if _, err := Load(strings.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if list, err := Load(strings.NewReader("")); err != nil || len(list) != 0 {
		t.Errorf("an empty file: %v %v", list, err)
	}
}

// TestTheShippedServicesCanBeUsedByEveryReader: each text is there in all languages of the site, each phone is a fact that there
// is, and each entry says that it waits for an editor.
func TestTheShippedServicesCanBeUsedByEveryReader(t *testing.T) {
	site := filepath.Join("..", "..", "..", "site")
	f, err := os.Open(filepath.Join(site, "services.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	list, err := Load(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../../packs/pl/facts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var facts []struct{ ID, Kind string }
	if err := yaml.Unmarshal(b, &facts); err != nil {
		t.Fatal(err)
	}
	languages := []string{"pl", "en", "uk", "ru", "ar", "vi"}
	var lines []string
	for _, s := range list {
		for name, text := range map[string]map[string]string{"name": s.Name, "summary": s.Summary, "after_call": s.After, "cost": s.Cost, "audience": s.Audience} {
			for _, l := range languages {
				if len(text) > 0 && strings.TrimSpace(text[l]) == "" {
					t.Errorf("%s: %s is missing in %s", s.ID, name, l)
				}
			}
			for l := range text {
				if !slices.Contains(languages, l) {
					t.Errorf("%s: %s has a text in %q", s.ID, name, l)
				}
			}
		}
		if len(s.Summary) == 0 || len(s.Cost) == 0 || len(s.After) == 0 {
			t.Errorf("%s does not say what it is, what it costs, or what happens when somebody calls", s.ID)
		}
		if !s.Confirm {
			t.Errorf("%s comes confirmed", s.ID)
		}
		for _, p := range s.Phones {
			if p.Number != "" {
				t.Errorf("%s has a number of its own", s.ID)
			}
			if !slices.ContainsFunc(facts, func(f struct{ ID, Kind string }) bool { return f.ID == p.Fact && f.Kind == "phone" }) {
				t.Errorf("%s: %s is no phone among the facts", s.ID, p.Fact)
			}
			lines = append(lines, p.Fact)
		}
		for _, l := range s.Languages {
			if tag, err := language.Parse(l); err != nil || tag.String() != l {
				t.Errorf("%s: %q should be written %q", s.ID, l, tag)
			}
		}
	}
	for _, needed := range []string{"national-line", "emergency", "child-line"} {
		if !slices.Contains(lines, needed) {
			t.Errorf("nobody answers at %s", needed)
		}
	}
}
