package reader_test

import (
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/sitetest"
	"ostoja/internal/site/siteweb/reader"
)

const (
	nationalLine = "tel:+48226280120"
	secondLine   = "tel:+48605687750"
)

// lines returns which of the two lines a stretch of a page has, the national one first.
func lines(body string) (found [2]bool) {
	return [2]bool{strings.Contains(body, nationalLine), strings.Contains(body, secondLine)}
}

var (
	dangerBlock = regexp.MustCompile(`(?s)<div class="b danger">.*?</div>`)
	sheetEnd    = regexp.MustCompile(`(?s)<div class="end">.*</main>`)
	afterCheck  = regexp.MustCompile(`(?s)</form>.*?</main>`)
	criticalBox = regexp.MustCompile(`(?s)<div class="b critical">.*?</div>`)
)

// TestTwoLinesStandWhereThereIsRoom: wherever somebody in danger looks first both lines stand, in every language, with their hours; a
// poster, which is read from afar, keeps the national one.
func TestTwoLinesStandWhereThereIsRoom(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	for _, l := range k.service.Languages() {
		for path, c := range map[string]struct {
			part *regexp.Regexp
			want [2]bool
		}{
			"":                        {dangerBlock, [2]bool{true, true}},
			"k4":                      {dangerBlock, [2]bool{true, true}},
			"m7":                      {dangerBlock, [2]bool{true, true}},
			"info-" + l.Tag + ".html": {dangerBlock, [2]bool{true, true}},
			"w3":                      {afterCheck, [2]bool{true, true}},
			"c92k":                    {criticalBox, [2]bool{true, true}},
			"p23t":                    {criticalBox, [2]bool{true, true}},
			"d37f-a4":                 {sheetEnd, [2]bool{true, true}},
			"d37f-a6":                 {sheetEnd, [2]bool{true, true}},
			"y47f-a6":                 {sheetEnd, [2]bool{true, true}},
			"d37f-a3":                 {sheetEnd, [2]bool{true, false}},
			"c92k-a6":                 {sheetEnd, [2]bool{true, false}}, // its text says it
			"p23t-a6":                 {criticalBox, [2]bool{true, true}},
		} {
			path = "/" + l.Tag + "/" + path
			part := c.part.FindString(k.body(path))
			if got := lines(part); got != c.want {
				t.Errorf("%s: %v, not %v: %s", path, got, c.want, part)
			}
		}
		home := dangerBlock.FindString(k.body("/" + l.Tag + "/"))
		for _, id := range []string{fact.NationalLine, "la-strada-line"} {
			if label := k.fact(id).Label[l.Tag]; !strings.Contains(home, label) {
				t.Errorf("%s: the home page does not say %q: %s", l.Tag, label, home)
			}
		}
	}
}

// TestASecondLineIsConfirmedFirst: on a site that is no demonstration the second line joins the national one once somebody has called
// it, and goes by itself when it lapses; the national line stays.
func TestASecondLineIsConfirmedFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.clock.Advance(7 * 24 * time.Hour) // to after the day on which the shipped facts were checked
		k.service = site.New(d, k.clock, k.service.Zone(), k.service.Bundle(), nil, nil, site.Production)
		k.reader = reader.New(k.service, "https://pomoc.example.org", k.key, slog.New(slog.DiscardHandler))
		stand := func(when string, second bool) {
			t.Helper()
			k.refresh()
			for _, path := range []string{"/pl/", "/uk/info-uk.html"} {
				if got := lines(dangerBlock.FindString(k.body(path))); got != [2]bool{true, second} {
					t.Errorf("%s, %s: %v", when, path, got)
				}
			}
		}
		stand("unconfirmed", false)
		if _, err := k.service.Confirm(t.Context(), sitetest.Editor("1"), []string{"la-strada-line"}, "Redakcja"); err != nil {
			t.Fatal(err)
		}
		stand("confirmed", true)
		k.clock.Advance(365 * 24 * time.Hour)
		stand("expired", false)
	})
}

func (k *desk) fact(id string) *content.Fact {
	k.Helper()
	snap, err := k.service.Snapshot(k.Context())
	if err != nil || snap.Facts[id] == nil {
		k.Fatal(err, snap)
	}
	return snap.Facts[id]
}
