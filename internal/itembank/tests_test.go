package itembank_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/testrig/measured"
	"ostoja/internal/text"
)

// TestAnEditionIsKeptOnceItIsApproved: until then each reader sees the review go on, from then on it is not read again.
func TestAnEditionIsKeptOnceItIsApproved(t *testing.T) {
	each(t, func(w *world) {
		in := func() *itembank.Test {
			w.T.Helper()
			got, err := w.Bank.TestIn(w.Ctx, w.DB, w.Test.ID)
			w.No(err)
			return got
		}
		ids := slices.Compact(slices.Sorted(slices.Values(slices.Concat(w.Test.Forms[0].Items, w.Test.Forms[1].Items, w.Test.Forms[2].Items))))
		if n := in().Unapproved(); n != len(ids) {
			w.T.Errorf("%d of %d await review", n, len(ids))
		}
		n, err := w.Bank.Review(w.Ctx, w.Second, ids[1:], itembank.Approved, "")
		if w.No(err); n != len(ids)-1 {
			w.T.Errorf("%d reviewed", n)
		}
		if n := in().Unapproved(); n != 1 {
			w.T.Errorf("%d await review, not the last one", n)
		}
		_, err = w.Bank.Review(w.Ctx, w.Second, ids[:1], itembank.Approved, "")
		w.No(err)
		whole := in()
		if whole.Unapproved() != 0 || in() != whole {
			w.T.Error("an approved edition is read again")
		}
		if _, err := w.Bank.TestIn(w.Ctx, w.DB, id.New()); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("an edition that there is not: %v", err)
		}
		if _, err := w.Bank.Test(w.Ctx, "x"); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("no id: %v", err)
		}
	})
}

// anchored gives the course's competence test two forms and four items of the third as anchors of both.
func anchored(c *course.Course) {
	t := c.Competences[0]
	t.Anchors, t.Forms = slices.Clone(t.Forms[2].Items[:4]), t.Forms[:2]
}

// TestAnchorsStandOnEveryForm, among its own items, and make the forms neither more nor less balanced.
func TestAnchorsStandOnEveryForm(t *testing.T) {
	each(t, func(w *world) {
		edition := func(change func(*course.Course)) itembank.Test {
			w.No(w.importCourse(w.course("other", change)))
			list, err := w.Bank.Tests(w.Ctx)
			w.No(err)
			return list[slices.IndexFunc(list, func(t itembank.Test) bool { return t.Origin == "other" })]
		}
		without := edition(func(c *course.Course) {
			c.Competences[0].Forms, c.Competences[0].Anchors = c.Competences[0].Forms[:2], nil
		})
		with := edition(anchored)
		if with.Edition != 2 || len(with.Anchors) != 4 {
			w.T.Fatalf("edition %d with the anchors %v", with.Edition, with.Anchors)
		}
		for i, f := range with.Forms {
			own := slices.DeleteFunc(slices.Clone(f.Items), func(id string) bool { return slices.Contains(with.Anchors, id) })
			if len(f.Items) != len(own)+4 || !slices.Equal(own, without.Forms[i].Items) || f.Items[0] != own[0] || f.Items[len(f.Items)-1] != own[len(own)-1] {
				w.T.Errorf("form %s: %v", f.Name, f.Items)
			}
			for _, v := range f.Versions {
				if with.Scored(v) != slices.Contains(own, v.ID) {
					w.T.Errorf("%s counts: %v", v.Code, with.Scored(v))
				}
			}
		}
		a, err := w.Bank.Balance(w.Ctx, &without)
		w.No(err)
		b, err := w.Bank.Balance(w.Ctx, &with)
		if w.No(err); a.Objectives != b.Objectives || a.Level != b.Level || a.Types != b.Types {
			w.T.Errorf("%+v and %+v", a, b)
		}
		if again := edition(anchored); again.ID != with.ID {
			w.T.Error("the same test is another edition")
		}
	})
}

// TestTestsOfTwoCourses: what has the same code in another course is another item and another test; a change in one is a new
// edition there alone.
func TestTestsOfTwoCourses(t *testing.T) {
	each(t, func(w *world) {
		w.No(w.importCourse(w.course("other", func(*course.Course) {})))
		tests := func() map[string]itembank.Test {
			w.T.Helper()
			list, err := w.Bank.Tests(w.Ctx)
			w.No(err)
			byOrigin := map[string]itembank.Test{}
			for _, t := range list {
				byOrigin[t.Origin] = t
			}
			if len(list) != 2 || len(byOrigin) != 2 {
				w.T.Fatalf("%d tests of %d courses", len(list), len(byOrigin))
			}
			return byOrigin
		}
		first := tests()
		other := first["other"]
		if other.Family == w.Test.Family || other.Edition != 1 || other.Code != w.Test.Code || len(other.Forms) != 3 || slices.Contains(w.Test.Forms[0].Items, other.Forms[0].Items[0]) {
			w.T.Errorf("%+v", other)
		}
		origins, err := w.Bank.Origins(w.Ctx)
		if w.No(err); !slices.Equal(origins, []string{"border-guard", "other"}) {
			w.T.Errorf("%v", origins)
		}
		w.No(w.importCourse(w.course("other", func(*course.Course) {}))) // nothing changed
		if got := tests()["other"]; got.ID != other.ID {
			w.T.Error("the same course made another edition")
		}
		for edition := 2; edition <= 3; edition++ {
			w.No(w.importCourse(w.course("other", func(c *course.Course) { c.Competences[0].Minutes = 20 + edition })))
			got := tests()
			if x := got["other"]; x.Edition != edition || x.Family != other.Family || x.Minutes != 20+edition || !slices.Equal(x.Forms[2].Items, other.Forms[2].Items) {
				w.T.Errorf("edition %d: %+v", edition, x)
			}
			if x := got["border-guard"]; x.ID != w.Test.ID || x.Edition != 1 {
				w.T.Errorf("the other course's test is now %+v", x)
			}
		}
		editions, err := w.Bank.Editions(w.Ctx, other.Family)
		if w.No(err); len(editions) != 3 || editions[0].Edition != 3 || editions[2].ID != other.ID {
			w.T.Errorf("%+v", editions)
		}
		families, err := w.Bank.Families(w.Ctx)
		if w.No(err); len(families) != 4 || families[w.Test.ID] != w.Test.Family || families[editions[0].ID] != other.Family {
			w.T.Errorf("%v", families)
		}
		// An item of one course is changed, reviewed and retired; its namesake is none of these.
		v, namesake := other.Forms[0].Versions[0], w.Test.Forms[0].Versions[0]
		w.No(w.Bank.Retire(w.Ctx, w.Admin, v.ItemID, true))
		w.Write(v.ItemID, func() itembank.Draft {
			d := itembank.Draft{Item: v.Content, Topic: v.Topic}
			d.Level = v.Level%3 + 1
			return d
		}())
		list, err := w.Bank.ItemVersions(w.Ctx, w.Admin, namesake.ItemID)
		if w.No(err); len(list) != 1 || !list[0].RetiredAt.IsZero() || list[0].Code != v.Code {
			w.T.Errorf("%+v", list)
		}
		for origin, want := range map[string]int{"other": 1, "border-guard": 0, itembank.Here: 0, "": 1} {
			if _, n, err := w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{Origin: origin, Retired: true}, 1, 50); n != want || err != nil {
				w.T.Errorf("%d retired of %q, %v", n, origin, err)
			}
		}
	})
}

// TestADraftNamesWhatItLacks: limits hold at their edges, and an objective with too few items is named, another is not.
func TestADraftNamesWhatItLacks(t *testing.T) {
	each(t, func(w *world) {
		var drafts []itembank.Draft
		for _, objective := range []string{"signals", "signals", "signals", "signals", "help", "help", "law", "law", "law", "law", "law", "law"} {
			d := measured.Draft("s-" + string(rune('a'+len(drafts))))
			d.Objective = objective
			if d.Level = len(drafts)%3 + 1; objective == "law" {
				d.Type, d.Options = item.ShortText, nil
				d.Accept = map[string][]string{"pl": {"tak"}, "en": {"yes"}}
			}
			drafts = append(drafts, d)
		}
		w.approved(drafts...)
		valid := itembank.TestDraft{
			Title: text.Translated{"pl": "Test", "en": "Test"}, Minutes: 240, Objectives: []string{"signals", "help", "law"}, Each: 2, Forms: 2, Langs: []string{"pl", "en"}, Origin: itembank.Here,
		}
		a, err := w.Bank.Preview(w.Ctx, w.Admin, valid)
		if w.No(err); !slices.Equal(a.Short, []string{"help"}) || len(a.Forms[0]) != 5 || len(a.Forms[1]) != 5 {
			w.T.Errorf("%v of %v", a.Short, a.Forms)
		}
		three := valid
		three.Forms = 3
		three.Objectives, three.Each = []string{"signals", "law"}, 2
		w.Refuses("three forms of three items", measured.Second(w.Bank.Preview(w.Ctx, w.Admin, three)), "each", "assessment.test.size")
		for _, c := range []struct {
			field, key string
			spoil      func(d *itembank.TestDraft)
		}{
			{"langs", "assessment.test.no-language", func(d *itembank.TestDraft) { d.Langs = nil }},
			{"title.en", "item.fault.empty", func(d *itembank.TestDraft) { d.Title = text.Translated{"pl": "Test", "en": " "} }},
			{"objectives", "assessment.test.no-objective", func(d *itembank.TestDraft) { d.Objectives = nil }},
			{"each", "assessment.test.each", func(d *itembank.TestDraft) { d.Each = 0 }},
			{"each", "assessment.test.each", func(d *itembank.TestDraft) { d.Each = 11 }},
			{"each", "assessment.test.size", func(d *itembank.TestDraft) {
				d.Each = 10
				d.Langs, d.Title = []string{"de"}, text.Translated{"de": "Test"}
			}},
			{"forms", "assessment.test.forms", func(d *itembank.TestDraft) { d.Forms = 1 }},
			{"forms", "assessment.test.forms", func(d *itembank.TestDraft) { d.Forms = 4 }},
			{"minutes", "assessment.test.minutes", func(d *itembank.TestDraft) { d.Minutes = -1 }},
			{"minutes", "assessment.test.minutes", func(d *itembank.TestDraft) { d.Minutes = 241 }},
		} {
			d := valid
			c.spoil(&d)
			w.Refuses(c.field, measured.Second(w.Bank.Preview(w.Ctx, w.Admin, d)), c.field, c.key)
			w.Refuses(c.field, measured.Second(w.Bank.Assemble(w.Ctx, w.Admin, d)), c.field, c.key)
		}
		untimed := valid
		untimed.Minutes = 0
		made, err := w.Bank.Assemble(w.Ctx, w.Admin, untimed)
		w.No(err)
		whole, err := w.Bank.Test(w.Ctx, made.ID)
		if w.No(err); whole.Minutes != 0 || whole.Title[""] != "Test" || whole.Edition != 1 || whole.Family != whole.ID || whole.Origin != "" || !slices.Equal(whole.FormNames(), []string{"A", "B"}) || whole.CreatedBy != w.Admin.PersonID {
			w.T.Errorf("%+v", whole)
		}
		if whole.FormName(whole.Forms[1].ID) != "B" || whole.FormName(w.Test.Forms[1].ID) != "" {
			w.T.Error("a form is not known by its name, or another test's is")
		}
		second, err := w.Bank.Assemble(w.Ctx, w.Admin, untimed) // made here, so never an edition of another
		if w.No(err); second.Family == made.Family || second.Edition != 1 {
			w.T.Errorf("%+v", second)
		}
	})
}

// TestWhatNamesAFactGoesOnNoForm: such items may be in the bank from before they were refused.
func TestWhatNamesAFactGoesOnNoForm(t *testing.T) {
	each(t, func(w *world) {
		var drafts []itembank.Draft
		for i := range 12 {
			drafts = append(drafts, measured.Draft("s-"+string(rune('a'+i))))
		}
		list := w.approved(drafts...)
		w.No(w.DB.Update(w.Ctx, func(tx *db.Tx) error {
			return db.Exec(w.Ctx, tx, `UPDATE bank_version SET content = REPLACE(content, 'Co zauważasz?', 'Co znaczy {reflection-period}?') WHERE id IN (?, ?)`, list[3].ID, list[7].ID)
		}))
		for range 5 {
			made, err := w.Bank.Assemble(w.Ctx, w.Admin, itembank.TestDraft{
				Title: text.Translated{"pl": "Test", "en": "Test"}, Objectives: []string{"signals"}, Each: 5, Forms: 2, Langs: []string{"pl", "en"}, Origin: itembank.Here,
			})
			w.No(err)
			if asked := slices.Concat(made.Forms[0].Items, made.Forms[1].Items); len(asked) != 10 || slices.Contains(asked, list[3].ID) || slices.Contains(asked, list[7].ID) {
				w.T.Fatalf("on the forms: %v", asked)
			}
		}
	})
}

// TestWhatIsDoneInTheBankIsRecorded once for each act, with what it was done to.
func TestWhatIsDoneInTheBankIsRecorded(t *testing.T) {
	each(t, func(w *world) {
		entries := func(action, object string, actor access.Actor) (details []string) {
			w.T.Helper()
			details, err := db.All[string](w.Ctx, w.DB, `SELECT detail FROM audit WHERE action = ? AND object = ? AND actor_id = ? ORDER BY at, id`, action, object, actor.PersonID)
			w.No(err)
			return details
		}
		v := w.approved(measured.Draft("sygnal-1"))[0]
		d := measured.Draft("sygnal-1")
		d.Level = 3
		w.Write(v.ItemID, d)
		w.No(w.Bank.Retire(w.Ctx, w.Second, v.ItemID, true))
		w.No(w.Bank.Retire(w.Ctx, w.Second, v.ItemID, false))
		object := "item:" + v.ItemID
		for _, c := range []struct {
			action string
			actor  access.Actor
			want   []string
		}{
			{"item.write", w.Admin, []string{`"version":1`, `"version":2`}}, {"item.review", w.Second, []string{`"verdict":"approved"`}}, {"item.retire", w.Second, []string{`"retired":true`, `"retired":false`}},
		} {
			got := entries(c.action, object, c.actor)
			if !slices.EqualFunc(got, c.want, strings.Contains) {
				w.T.Errorf("%s: %v, not %v", c.action, got, c.want)
			}
		}
		if got := entries("test.make", "test:"+w.Test.ID, w.Admin); len(got) != 1 || !strings.Contains(got[0], `"edition":1`) {
			w.T.Errorf("%v", got)
		}
	})
}
