package certificate

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
)

// A name that the paper cannot print is issued all the same; its holder, or who may correct them, gives its Latin letters once, and
// the person's next certificate has them at once.
func TestSpelling(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), context.Background()
		issue := func(person, holder string) Certificate {
			t.Helper()
			enrolment, attempt := w.enrol(person)
			a := w.award(person, enrolment, attempt)
			a.Holder, a.Heading = holder, "Świadectwo"
			c, err := w.issue(a)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		first := issue(w.person[0], "王小明")
		holder := access.Actor{PersonID: w.person[0], At: noon}
		for name, actor := range map[string]access.Actor{
			"nobody": {At: noon}, "another": {PersonID: w.person[1], At: noon},
			"trainer": w.actor(access.Trainer, w.unit[0], "x"), "elsewhere": w.actor(access.Coordinator, w.unit[1], "x"),
		} {
			if err := w.service.Spell(ctx, actor, first.ID, "Wang Xiaoming"); !errors.Is(err, errs.ErrNotFound) {
				t.Errorf("%s spells: %v", name, err)
			}
			if _, err := w.service.Spellable(ctx, actor, first.ID); !errors.Is(err, errs.ErrNotFound) {
				t.Errorf("%s is offered to spell: %v", name, err)
			}
		}
		for _, wrong := range []string{"", "  ", "王小明", "Wang 1", "Wang\u200b Xiaoming", strings.Repeat("a", 201), "-' "} {
			if err := w.service.Spell(ctx, holder, first.ID, wrong); !errors.Is(err, errs.ErrInvalid) {
				t.Errorf("%q is taken: %v", wrong, err)
			}
		}
		if err := w.service.Spell(ctx, holder, first.ID, "  Wang \u00a0Xiao-ming "); err != nil {
			t.Fatal(err)
		}
		c, err := w.service.Certificate(ctx, holder, first.ID)
		if err != nil || c.HolderLatin != "Wang Xiao-ming" || c.Holder != "王小明" || c.Heading != "Świadectwo" || c.NeedsSpelling() {
			t.Errorf("%+v, %v", c, err)
		}
		if err := w.service.Spell(ctx, holder, first.ID, "Other"); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("spelt again: %v", err)
		}
		if next := issue(w.person[0], "王小明"); next.HolderLatin != "Wang Xiao-ming" {
			t.Errorf("the next has %q", next.HolderLatin)
		}
		if changed := issue(w.person[0], "王大明"); changed.HolderLatin != "" {
			t.Errorf("another name has %q", changed.HolderLatin)
		}
		if other := issue(w.person[1], "王小明"); other.HolderLatin != "" {
			t.Errorf("another person of that name has %q", other.HolderLatin)
		}
		plain := issue(w.person[0], "Żaneta Świąć")
		if err := w.service.Spell(ctx, holder, plain.ID, "Zaneta"); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("a name that is printed is spelt: %v", err)
		}
		theirs := issue(w.person[1], "김민수")
		if err := w.service.Spell(ctx, w.actor(access.Coordinator, w.unit[1], w.person[0]), theirs.ID, "Kim Minsu"); err != nil {
			t.Errorf("the coordinator: %v", err)
		}
	})
}
