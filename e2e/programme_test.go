package e2e

import (
	"fmt"
	"math"
	"testing"

	"ostoja/courses"
	"ostoja/internal/access"
	"ostoja/internal/db/dbtest"
)

// TestTheProgrammeIsPrinted: a trainer finds the programme, reads it on a phone and on a wide screen, and prints each slide on a landscape
// page and the card on one or two upright ones. OSTOJA_SCREENSHOTS names a folder for pictures of the pages.
func TestTheProgrammeIsPrinted(t *testing.T) {
	t.Parallel()
	p := start(t, dbtest.SQLite(t))
	if _, _, err := p.app.Courses.Publish(t.Context(), access.System, courses.SocialWelfare); err != nil {
		t.Fatal(err)
	}
	_, entry := p.staff("teresa.trenerka@example.org", access.Trainer)
	b := openBrowser(t, p.base, 360, false)
	b.enter(entry)
	for _, width := range []int64{360, 1280} {
		b.width(width)
		b.open("/app/programmes")
		b.see("pracowników i pracownic pomocy społecznej")
		b.clean(fmt.Sprintf("list %d", width))
		b.open("/app/programmes/social-welfare")
		b.see("12 godzin (godzina ma 45 minut): teoria 4, ćwiczenia 8")
		b.clean(fmt.Sprintf("programme %d", width))
		for _, sheet := range []string{"agenda", "guide", "slides", "handouts", "cases", "answers", "card"} {
			b.open("/app/programmes/social-welfare/" + sheet)
			b.clean(fmt.Sprintf("%s %d", sheet, width))
		}
	}
	b.open("/app/programmes/social-welfare/slides")
	slides := eval[int](b, `document.querySelectorAll(".slide").length`)
	if n, wide, high := b.print(); n != slides || math.Abs(wide-297) > 1 || math.Abs(high-210) > 1 {
		t.Errorf("%d slides on %d pages of %.0f × %.0f mm", slides, n, wide, high)
	}
	b.open("/app/programmes/social-welfare/card")
	if n, wide, high := b.print(); n > 2 || wide > high {
		t.Errorf("the card takes %d pages of %.0f × %.0f mm", n, wide, high)
	}
	b.open("/app/programmes/social-welfare/cases")
	if n, _, _ := b.print(); n < 8 || n > 16 {
		t.Errorf("eight cases take %d pages", n)
	}
}
