package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/testrig"
)

// TestWhatLapsed: a letter leads an author to the items whose facts lapsed, and a learner is told, at the question and in the result, what
// does not count; on a phone and on a wide screen. OSTOJA_PICTURES names a folder for pictures of the pages.
func TestWhatLapsed(t *testing.T) {
	ctx, d := t.Context(), dbtest.SQLite(t)
	p := startAt(t, d, clock.NewFake(time.Date(2027, 7, 1, 8, 0, 0, 0, time.UTC)))
	files := testrig.CourseFolder{ID: "resting", Langs: []string{"pl", "en"}}.Files()
	items := string(files["items/all.yaml"].Data)
	files["items/all.yaml"].Data = []byte(strings.NewReplacer("Pytanie t-1?", "Ile ma czasu? ({reflection-period})", "Pytanie t-2?", "Ile ma dni? ({pesel-ukr-days})").Replace(items))
	if _, _, err := p.app.Courses.Publish(ctx, access.System, files); err != nil {
		t.Fatal(err)
	}
	_, entry := p.staff("lukasz.zak@example.org", access.Author)
	b := openBrowser(t, p.base, 360, false)
	b.enter(entry)
	if err := p.app.CourseAlerts.Send(ctx); err != nil {
		t.Fatal(err)
	}
	said := p.mail.Wait(t, "lukasz.zak@example.org", 1).Body
	_, path, _ := strings.Cut(said, p.base)
	path, _, _ = strings.Cut(path, "\n")

	picture := func(b *browser, name string, width int64) {
		b.clean(fmt.Sprintf("%s at %d", name, width))
		if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
			b.picture(fmt.Sprintf("%s/%s-%d.png", folder, name, width))
		}
	}
	for _, width := range []int64{360, 1280} {
		b.width(width)
		b.open(strings.TrimSpace(path))
		b.see("Pytania opierają się na informacjach po terminie")
		b.see("Pytania: t-1.")
		picture(b, "author", width)
	}

	personID, err := p.app.Identity.Add(ctx, access.System, identity.Draft{GivenName: "Zofia", FamilyName: "Ślusarczyk", Mail: "z@example.org", UnitID: p.unit, Lang: "pl"}, true)
	if err != nil {
		t.Fatal(err)
	}
	actor := access.Actor{PersonID: personID, Grants: []access.Grant{{Role: access.Learner}}}
	w := testrig.World{T: t, App: p.app}
	e := w.Enrol(actor, "resting")
	w.FinishParts(actor, e.ID)
	b = openBrowser(t, p.base, 360, true)
	b.enter(p.letterLink("z@example.org", 0))
	b.open("/app/learn/" + e.ID + "/test")
	b.press("Rozpocznij test")
	for _, width := range []int64{360, 1280} {
		b.width(width)
		b.see("To pytanie nie liczy się do wyniku")
		picture(b, "question", width)
	}
	for _, itemID := range []string{"t-1", "t-2", "t-3"} {
		if b.has(`[name="item.` + itemID + `"]`) {
			b.choose("item."+itemID, map[bool]string{true: "a", false: "b"}[itemID == "t-3"])
		}
	}
	b.press("Oddaj test")
	for _, width := range []int64{360, 1280} {
		b.width(width)
		b.see("Test zaliczony")
		b.see("1 pytanie nie liczyło się do wyniku")
		picture(b, "result", width)
	}
}
