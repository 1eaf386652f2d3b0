package classroomweb

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/classroom"
	"ostoja/internal/classroom/attendance"
	"ostoja/internal/lang"
	"ostoja/translations"
)

func polish(t *testing.T) *lang.Printer {
	t.Helper()
	catalogue, err := lang.Load(translations.FS, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.Printer("pl")
}

// What the plan speaks of adds up to all people, whoever came from wherever, and each name stands once.
func TestTheTurnoutAddsUp(t *testing.T) {
	p := polish(t)
	kinds, powiats := []string{"", "welfare-centre", "post"}, []string{"", "bialski", "Powiat  Bialski", "chełmski"}
	rapid.Check(t, func(t *rapid.T) {
		var groups []attendance.Group
		var attended, confirmed int
		for range rapid.IntRange(0, 6).Draw(t, "groups") {
			g := attendance.Group{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Powiat: rapid.SampledFrom(powiats).Draw(t, "powiat"),
				Confirmed: rapid.IntRange(0, 5).Draw(t, "confirmed"), Attended: rapid.IntRange(0, 5).Draw(t, "attended"),
			}
			groups, attended, confirmed = append(groups, g), attended+g.Attended, confirmed+g.Confirmed
		}
		wanted := []classroom.Number{{Kind: classroom.OfInstitution, Name: "welfare-centre", Number: 4}, {Kind: classroom.OfPowiat, Name: "bialski", Number: 3}, {Kind: classroom.OfPowiat, Name: "rycki", Number: 2}}
		sums, seen := map[string][2]int{}, map[string]bool{}
		for _, row := range turnouts(p, wanted, groups) {
			sum := sums[row.of]
			sums[row.of] = [2]int{sum[0] + row.confirmed, sum[1] + row.attended}
			if key := row.of + row.name; seen[key] {
				t.Fatalf("%s stands twice", key)
			} else {
				seen[key] = true
			}
			if row.missing(true) < 0 || row.wanted != nil && row.attended+row.missing(true) < *row.wanted {
				t.Fatalf("%+v lacks %d", row, row.missing(true))
			}
		}
		for of, sum := range sums {
			if sum != [2]int{confirmed, attended} {
				t.Fatalf("by %s it is %v, want %d and %d", of, sum, confirmed, attended)
			}
		}
	})
	if rows := turnouts(p, []classroom.Number{{Kind: classroom.OfPowiat, Name: "bialski", Number: 3}}, []attendance.Group{{Kind: "post", Attended: 2}}); len(rows) != 2 || rows[0].missing(true) != 3 || rows[1].name != "" || rows[1].attended != 2 {
		t.Errorf("of powiats alone: %+v", rows)
	}
}
