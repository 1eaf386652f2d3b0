package web

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/translations"
)

// Whatever roles somebody has, the menu has seven words at most, and from it and the sides of its groups they reach each page that they
// may open, and no other.
func TestTheMenuIsShortAndLeadsEverywhere(t *testing.T) {
	catalogue, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	p := catalogue.Printer("pl")
	rapid.Check(t, func(t *rapid.T) {
		actor := access.Actor{PersonID: "p"}
		for _, role := range rapid.SliceOfDistinct(rapid.SampledFrom(access.Roles), rapid.ID).Draw(t, "roles") {
			actor.Grants = append(actor.Grants, access.Grant{Role: role})
		}
		var want, got []string
		for _, d := range destinations {
			if !actor.Has(d.permission) {
				continue
			}
			want = append(want, d.href)
			m := menuOf(p, actor, d.name)
			if len(m.items) > mostWords {
				t.Fatalf("%d words: %v", len(m.items), m.items)
			}
			if n := count(m.items, func(i ui.NavItem) bool { return i.Current }); n != 1 {
				t.Fatalf("on %s, %d words are current: %v", d.name, n, m.items)
			}
			if len(m.sides) > 0 && (m.group == "" || count(m.sides, func(i ui.NavItem) bool { return i.Current }) != 1) {
				t.Fatalf("on %s, the sides are %q %v", d.name, m.group, m.sides)
			}
			for _, list := range [][]ui.NavItem{m.items, m.sides} {
				for _, i := range list {
					if !slices.Contains(got, i.Href) {
						got = append(got, i.Href)
					}
				}
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Fatalf("it leads to %v, want %v", got, want)
		}
	})
}

func count(list []ui.NavItem, is func(ui.NavItem) bool) (n int) {
	for _, i := range list {
		if is(i) {
			n++
		}
	}
	return n
}
