package indicator_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ostoja/internal/indicator"
)

// any list: of some ids, for anybody and any place.
func lists() *rapid.Generator[indicator.List] {
	return rapid.Custom(func(t *rapid.T) indicator.List {
		var l indicator.List
		for _, id := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z-]{0,5}`), 0, 12, rapid.ID[string]).Draw(t, "ids") {
			l = append(l, indicator.Indicator{
				ID: id, Who: rapid.SampledFrom([]string{indicator.Anyone, indicator.Adult, indicator.Child}).Draw(t, "who"),
				Places: rapid.SliceOfNDistinct(rapid.SampledFrom(indicator.Places), 1, len(indicator.Places), rapid.ID[string]).Draw(t, "places"),
			})
		}
		return l
	})
}

// What is found for a place keeps the order, is about it and about whom it was asked for, and leaves nothing out; nobody loses an indicator by
// saying that the age is not known.
func TestForFindsWhatIsAboutAPlaceAndAPerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lists().Draw(t, "list")
		place := rapid.SampledFrom(indicator.Places).Draw(t, "place")
		adult, child, anyone := l.For(place, indicator.Adult).IDs(), l.For(place, indicator.Child).IDs(), l.For(place, indicator.Anyone).IDs()
		var both, grown, small []string
		for _, x := range l {
			if !slices.Contains(x.Places, place) {
				continue
			}
			both = append(both, x.ID)
			if x.Who != indicator.Child {
				grown = append(grown, x.ID)
			}
			if x.Who != indicator.Adult {
				small = append(small, x.ID)
			}
		}
		if !slices.Equal(anyone, both) || !slices.Equal(adult, grown) || !slices.Equal(child, small) {
			t.Fatalf("of %v at %s: %v, %v, %v", l, place, anyone, adult, child)
		}
	})
}

func TestByID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := lists().Draw(t, "list")
		for _, x := range l {
			if found, ok := l.ByID(x.ID); !ok || found.ID != x.ID || found.Who != x.Who {
				t.Fatalf("%s: %v, %v", x.ID, found, ok)
			}
		}
		if found, ok := l.ByID("of-no-list"); ok || found.ID != "" {
			t.Fatalf("found %v", found)
		}
	})
}
