package site_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/site"
	"ostoja/internal/site/directory"
)

// TestAFileSaysOnlyWhatItSays: an entry from elsewhere changes what it names and leaves all else as we have it; an entry that hides a
// shelter takes its place away, whatever else it says.
func TestAFileSaysOnlyWhatItSays(t *testing.T) {
	hours, err := directory.ParseHours("Mo-Fr 09:00-17:00")
	if err != nil {
		t.Fatal(err)
	}
	more, err := directory.ParseHours("24/7")
	if err != nil {
		t.Fatal(err)
	}
	full := func() *directory.Service {
		x := office()
		x.Name, x.Summary, x.Languages = map[string]string{"pl": "Biuro", "en": "Office"}, map[string]string{"pl": "Krótko."}, []string{"pl", "en"}
		x.Operator, x.Mail, x.Web, x.Town, x.Address, x.Hours = "Fundacja", "biuro@example.org", "https://example.org/", "Lublin", "ul. Krótka 1", hours
		return x
	}
	cases := map[string]struct {
		says func(x *directory.Service)
		want func(x *directory.Service) // of ours, nil if nothing changes
	}{
		"nothing":      {func(*directory.Service) {}, nil},
		"one language": {func(x *directory.Service) { x.Name = map[string]string{"en": "The office"} }, func(x *directory.Service) { x.Name["en"] = "The office" }},
		"an operator":  {func(x *directory.Service) { x.Operator = "Stowarzyszenie" }, func(x *directory.Service) { x.Operator = "Stowarzyszenie" }},
		"a town":       {func(x *directory.Service) { x.Town = "Chełm" }, func(x *directory.Service) { x.Town = "Chełm" }},
		"languages":    {func(x *directory.Service) { x.Languages = []string{"uk"} }, func(x *directory.Service) { x.Languages = []string{"uk"} }},
		"hours":        {func(x *directory.Service) { x.Hours = more }, func(x *directory.Service) { x.Hours = more }},
		"a phone":      {func(x *directory.Service) { x.Phones = []directory.Phone{{Number: "+48 22 000 00 09"}} }, func(x *directory.Service) { x.Phones = []directory.Phone{{Number: "+48 22 000 00 09"}} }},
		"a shelter":    {func(x *directory.Service) { x.Shelter, x.Town = true, "Chełm" }, func(x *directory.Service) { x.Shelter, x.Town, x.Address = true, "", "" }},
	}
	each(t, func(k *desk) {
		for name, c := range cases {
			mine := full()
			mine.ID = "biuro-" + strings.ReplaceAll(name, " ", "-")
			k.no(k.ProposeService(k.Context(), k.first, mine, true, "", site.NewBase))
			k.no(k.AcceptProposal(k.Context(), k.second, k.only().ID))
			x := &directory.Service{ID: mine.ID}
			c.says(x)
			b, err := k.ImportServices(k.Context(), k.first, []*directory.Service{x}, "Ewa", false)
			k.no(err)
			if c.want == nil {
				if !slices.Equal(b.Same, []string{mine.ID}) {
					k.Errorf("%s: %+v", name, b)
				}
				continue
			}
			if len(b.Changed) != 1 {
				k.Fatalf("%s: %+v", name, b)
			}
			p, want := k.only(), full()
			got := p.After.Service
			c.want(want)
			if !maps.Equal(got.Name, want.Name) || !maps.Equal(got.Summary, want.Summary) || !slices.Equal(got.Languages, want.Languages) || !slices.Equal(got.Phones, want.Phones) ||
				got.Operator != want.Operator || got.Mail != want.Mail || got.Web != want.Web || got.Region != want.Region || got.Town != want.Town || got.Address != want.Address ||
				got.Shelter != want.Shelter || got.Hours.String() != want.Hours.String() {
				k.Errorf("%s: %+v, want %+v", name, got, want)
			}
			if got.Checked != "2026-11-23" || got.By != "Ewa" {
				k.Errorf("%s: checked %s by %s", name, got.Checked, got.By)
			}
			k.no(k.AcceptProposal(k.Context(), k.second, p.ID))
		}
	})
}
