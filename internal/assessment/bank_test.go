package assessment_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/assessment"
	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
)

// draft is a whole item with the choices a, b and c, of which a is right.
func draft(code string) assessment.Draft {
	return assessment.Draft{Topic: "identify", Item: course.Item{
		ID: code, Use: course.UseCompetence, Objective: "signals", Level: 2, Type: course.Single, Question: course.Text{"pl": "Co zauważasz? " + code, "en": "What do you notice? " + code},
		Options: []course.Option{
			{ID: "a", Text: course.Text{"pl": "sygnał", "en": "a signal"}, Correct: true},
			{ID: "b", Text: course.Text{"pl": "nic", "en": "nothing"}},
			{ID: "c", Text: course.Text{"pl": "pogodę", "en": "the weather"}},
		},
	}}
}

// write writes an item, or its next version, and returns that.
func (w *world) write(itemID string, d assessment.Draft) assessment.Version {
	w.t.Helper()
	v, made, err := w.s.WriteItem(w.ctx, w.admin, itemID, d)
	w.no(err)
	if !made {
		w.t.Fatalf("no version was made of %s", d.ID)
	}
	return v
}

// approved writes items that the second person approves.
func (w *world) approved(drafts ...assessment.Draft) (list []assessment.Version) {
	w.t.Helper()
	for _, d := range drafts {
		v := w.write("", d)
		n, err := w.s.Review(w.ctx, w.second, []string{v.ID}, assessment.Approved, "")
		if err != nil || n != 1 {
			w.t.Fatalf("%d approved, %v", n, err)
		}
		list = append(list, v)
	}
	return list
}

func TestAChangedItemIsANewVersion(t *testing.T) {
	each(t, func(w *world) {
		first := w.write("", draft("sygnal-1"))
		if first.Number != 1 || !first.Current() || first.Verdict != assessment.Awaiting || first.AuthorID != w.admin.PersonID || !slices.Equal(first.Languages(), []string{"en", "pl"}) {
			w.t.Errorf("%+v", first)
		}
		if v, made, err := w.s.WriteItem(w.ctx, w.second, first.ItemID, draft("sygnal-1")); err != nil || made || v.ID != first.ID {
			w.t.Errorf("saying the same made a version: %v, %v", made, err)
		}
		w.refuses("a code that is taken", third(w.s.WriteItem(w.ctx, w.admin, "", draft("sygnal-1"))), "id", "assessment.item.taken")
		changed := draft("other-code-is-ignored")
		changed.Options[0].Correct, changed.Options[1].Correct = false, true
		second := w.write(first.ItemID, changed)
		if second.Number != 2 || second.ItemID != first.ItemID || second.Code != "sygnal-1" {
			w.t.Errorf("%+v", second)
		}
		list, err := w.s.ItemVersions(w.ctx, w.admin, first.ItemID)
		w.no(err)
		if len(list) != 2 || list[0].ID != second.ID || !list[0].Current() || list[1].Current() || !list[1].Content.Options[0].Correct || list[1].Content.Options[1].Correct {
			w.t.Errorf("%+v", list)
		}
		if _, _, err := w.s.WriteItem(w.ctx, w.admin, id.New(), draft("sygnal-2")); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("a version of no item: %v", err)
		}
		// Two authors at once make one version after the other, never the same number twice.
		var authors sync.WaitGroup
		for i := range 6 {
			authors.Go(func() {
				d := draft("sygnal-1")
				d.Question["pl"] = fmt.Sprint("Inaczej ", i)
				if _, made, err := w.s.WriteItem(w.ctx, w.admin, first.ItemID, d); err != nil || !made {
					w.t.Error(made, err)
				}
			})
		}
		authors.Wait()
		numbers, err := db.All[int](w.ctx, w.d, `SELECT number FROM bank_version WHERE item_id = ? ORDER BY number`, first.ItemID)
		if err != nil || !slices.Equal(numbers, []int{1, 2, 3, 4, 5, 6, 7, 8}) {
			w.t.Errorf("versions %v, %v", numbers, err)
		}
	})
}

// third returns the last of three results.
func third[A, B any](_ A, _ B, err error) error { return err }

func TestAnItemNamesItsFaults(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct {
			name, field, key string
			spoil            func(d *assessment.Draft)
		}{
			{"no question", "question", "item.fault.no-language", func(d *assessment.Draft) { d.Question = course.Text{"pl": " "} }},
			{"no topic", "topic", "item.fault.topic", func(d *assessment.Draft) { d.Topic = "weather" }},
			{"no objective", "objective", "item.fault.empty", func(d *assessment.Draft) { d.Objective = " " }},
			{"no level", "level", "item.fault.level", func(d *assessment.Draft) { d.Level = 4 }},
			{"no right answer", "options", "item.fault.one-right", func(d *assessment.Draft) { d.Options[0].Correct = false }},
			{"a choice not translated", "options", "item.fault.part-empty", func(d *assessment.Draft) { delete(d.Options[2].Text, "en") }},
			{"a code with spaces", "id", "item.fault.code", func(d *assessment.Draft) { d.ID = "sygnał 1" }},
		} {
			d := draft("sygnal-1")
			c.spoil(&d)
			w.refuses(c.name, third(w.s.WriteItem(w.ctx, w.admin, "", d)), c.field, c.key)
		}
		if _, total, err := w.s.Items(w.ctx, w.admin, assessment.ItemFilter{Origin: assessment.Here}, 1, 10); total != 0 || err != nil {
			w.t.Errorf("%d faulty items were kept, %v", total, err)
		}
	})
}

// What a participant was asked and what it was worth stays, whatever becomes of the item meanwhile and afterwards.
func TestOldAnswersStayOnTheOldVersion(t *testing.T) {
	each(t, func(w *world) {
		w.attach()
		a, b := w.person("Zofia", "Uczestna"), w.person("Anna", "Pomocna")
		w.enrol(a, b)
		w.sit(w.task(a, assessment.Before), 16)
		sitting := w.task(b, assessment.Before)
		form := w.answers(sitting, 16) // begun before the change, handed in after it
		var ids []string
		for _, f := range w.test.Forms {
			ids = append(ids, f.Items...)
		}
		var changed []assessment.Version
		for _, f := range w.test.Forms {
			for _, v := range f.Versions {
				if v.Type != course.Single {
					continue
				}
				d := assessment.Draft{Item: v.Content, Topic: v.Topic}
				d.Options = slices.Clone(d.Options)
				for i := range d.Options {
					d.Options[i].Correct = !v.Content.Options[i].Correct && i == slices.IndexFunc(v.Content.Options, func(o course.Option) bool { return !o.Correct })
				}
				changed = append(changed, w.write(v.ItemID, d))
			}
		}
		if len(changed) < 10 {
			w.t.Fatalf("%d items changed their key", len(changed))
		}
		_, err := w.s.Save(w.ctx, sitting, form, true, true)
		w.no(err)
		for _, p := range []access.Actor{a, b} {
			if percent, err := db.One[float64](w.ctx, w.d, `SELECT before_percent FROM participant WHERE person_id = ?`, p.PersonID); err != nil || percent != 100 {
				w.t.Errorf("%v per cent by another key, %v", percent, err)
			}
		}
		answered, err := db.All[string](w.ctx, w.d, `SELECT DISTINCT version_id FROM sitting_answer`)
		w.no(err)
		for _, versionID := range answered {
			if !slices.Contains(ids, versionID) {
				w.t.Errorf("an answer is of the version %s, which nobody was asked", versionID)
			}
		}
		test, err := w.s.Test(w.ctx, w.test.ID)
		w.no(err)
		if test.Unapproved() != 0 || !slices.Equal(test.Forms[0].Items, w.test.Forms[0].Items) {
			w.t.Error("a form in use changed")
		}
	})
}

func TestASecondPersonReviews(t *testing.T) {
	each(t, func(w *world) {
		v := w.write("", draft("sygnal-1"))
		state := func(versionID string) assessment.Version {
			list, err := w.s.ItemVersions(w.ctx, w.admin, v.ItemID)
			w.no(err)
			return list[slices.IndexFunc(list, func(x assessment.Version) bool { return x.ID == versionID })]
		}
		if n, err := w.s.Review(w.ctx, w.admin, []string{v.ID}, assessment.Approved, ""); n != 0 || err != nil || state(v.ID).Verdict != assessment.Awaiting {
			w.t.Errorf("the author approved: %d, %v", n, err)
		}
		if _, err := w.s.Review(w.ctx, access.System, []string{v.ID}, assessment.Approved, ""); !errors.Is(err, errs.ErrForbidden) {
			w.t.Errorf("the program approved: %v", err)
		}
		if _, err := w.s.Review(w.ctx, w.second, []string{v.ID}, "fine", ""); !errors.Is(err, errs.ErrInvalid) {
			w.t.Errorf("a verdict that there is not: %v", err)
		}
		_, err := w.s.Review(w.ctx, w.second, []string{v.ID}, assessment.Returned, "  ")
		w.refuses("returned without a word", err, "note", "assessment.review.note-needed")
		if n, err := w.s.Review(w.ctx, w.second, []string{v.ID}, assessment.Returned, " Klucz jest wątpliwy. "); n != 1 || err != nil {
			w.t.Fatal(n, err)
		}
		if x := state(v.ID); x.Verdict != assessment.Returned || x.ReviewerID != w.second.PersonID || x.Note != "Klucz jest wątpliwy." || !x.ReviewedAt.Equal(w.clock.Now()) {
			w.t.Errorf("%+v", x)
		}
		third := w.staff("Olga", "Trzecia")
		if n, _ := w.s.Review(w.ctx, third, []string{v.ID}, assessment.Approved, ""); n != 0 {
			w.t.Error("a verdict was turned round without a new version")
		}
		// The second person mends it: now they are the author and the first one is the second.
		d := draft("sygnal-1")
		d.Question["pl"] = "Co widzisz?"
		mended, _, err := w.s.WriteItem(w.ctx, w.second, v.ItemID, d)
		w.no(err)
		if n, _ := w.s.Review(w.ctx, w.second, []string{mended.ID}, assessment.Approved, ""); n != 0 {
			w.t.Error("who wrote the version approved it")
		}
		if n, err := w.s.Review(w.ctx, w.admin, []string{v.ID, mended.ID}, assessment.Approved, ""); n != 1 || err != nil || state(mended.ID).Verdict != assessment.Approved {
			w.t.Errorf("%d were approved, %v", n, err)
		}
		d.Question["pl"] = "Co teraz widzisz?"
		replaced := w.write(v.ItemID, d)
		d.Question["pl"] = "A co teraz?"
		w.write(v.ItemID, d)
		if n, _ := w.s.Review(w.ctx, third, []string{replaced.ID}, assessment.Approved, ""); n != 0 {
			w.t.Error("a version that was replaced was approved")
		}
		if _, err := w.s.Review(w.ctx, third, []string{id.New()}, assessment.Approved, ""); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("a version that there is not: %v", err)
		}
	})
}

// TestTheBankIsClosedToOthers tries all that the bank can do as everybody who may not: each is refused and leaves nothing.
func TestTheBankIsClosedToOthers(t *testing.T) {
	each(t, func(w *world) {
		v := w.write("", draft("sygnal-1"))
		ended := w.person("Jan", "Dawny", access.Author)
		ended.Grants[0].Expires = start
		acts := map[string]func(a access.Actor) error{
			"write":  func(a access.Actor) error { return third(w.s.WriteItem(w.ctx, a, "", draft("sygnal-9"))) },
			"change": func(a access.Actor) error { return third(w.s.WriteItem(w.ctx, a, v.ItemID, draft("sygnal-8"))) },
			"retire": func(a access.Actor) error { return w.s.Retire(w.ctx, a, v.ItemID, true) },
			"review": func(a access.Actor) error {
				return second(w.s.Review(w.ctx, a, []string{v.ID}, assessment.Approved, ""))
			},
			"import":   func(a access.Actor) error { return second(w.s.Take(w.ctx, a, []assessment.Draft{draft("sygnal-7")})) },
			"preview":  func(a access.Actor) error { return second(w.s.Preview(w.ctx, a, assessment.TestDraft{})) },
			"assemble": func(a access.Actor) error { return second(w.s.Assemble(w.ctx, a, assessment.TestDraft{})) },
			"list":     func(a access.Actor) error { return third(w.s.Items(w.ctx, a, assessment.ItemFilter{}, 1, 10)) },
			"versions": func(a access.Actor) error { return second(w.s.ItemVersions(w.ctx, a, v.ItemID)) },
			"analyse": func(a access.Actor) error {
				return second(w.s.AnalyseForm(w.ctx, a, &w.test, "A", []assessment.Wave{assessment.Before}))
			},
		}
		actors := map[string]access.Actor{
			"nobody": {}, "learner": w.person("Jan", "Zwykły"), "coordinator": w.person("Jan", "Planujący", access.Coordinator), "trainer": w.person("Jan", "Uczący", access.Trainer),
			"reviewer": w.person("Jan", "Darczyńca", access.Reviewer), "an author of one unit": w.within(access.Author, w.unit), "an administrator of one unit": w.within(access.Administrator, w.unit),
			"an author until today": ended,
		}
		before := w.dump()
		for who, a := range actors {
			for what, act := range acts {
				if err := act(a); !errors.Is(err, errs.ErrForbidden) {
					w.t.Errorf("%s, %s: %v", who, what, err)
				}
			}
		}
		if found := changes(before, w.dump()); len(found) > 0 {
			w.t.Errorf("what was refused left %v", found)
		}
		author := w.person("Jan", "Piszący", access.Author)
		if _, _, err := w.s.WriteItem(w.ctx, author, "", draft("sygnal-9")); err != nil {
			w.t.Errorf("an author of everything: %v", err)
		}
	})
}

// second returns the last of two results.
func second[A any](_ A, err error) error { return err }

// parallel is a draft of a test of two forms of five items each of one objective.
func parallel() assessment.TestDraft {
	return assessment.TestDraft{Title: course.Text{"pl": "Sygnały"}, Minutes: 10, Objectives: []string{"signals"}, Each: 5, Forms: 2, Langs: []string{"pl"}, Origin: assessment.Here}
}

func TestARetiredItemStaysWhereItIs(t *testing.T) {
	each(t, func(w *world) {
		var drafts []assessment.Draft
		for i := range 10 {
			drafts = append(drafts, draft(fmt.Sprint("sygnal-", i)))
		}
		list := w.approved(drafts...)
		test, err := w.s.Assemble(w.ctx, w.admin, parallel())
		w.no(err)
		w.no(w.s.Retire(w.ctx, w.second, list[3].ItemID, true))
		if _, err := w.s.Preview(w.ctx, w.admin, parallel()); !errors.Is(err, errs.ErrInvalid) { // nine are left for ten places
			w.t.Errorf("a form of retired items: %v", err)
		}
		for retired, want := range map[bool]int{false: 9, true: 1} {
			if _, n, err := w.s.Items(w.ctx, w.admin, assessment.ItemFilter{Origin: assessment.Here, Retired: retired}, 1, 50); n != want || err != nil {
				w.t.Errorf("%d items with retired=%v, %v", n, retired, err)
			}
		}
		whole, err := w.s.Test(w.ctx, test.ID)
		w.no(err)
		n := 0
		for _, f := range whole.Forms {
			for _, v := range f.Versions {
				if v.ID == list[3].ID && v.Content.Question["pl"] != "" {
					n++
				}
			}
		}
		if n != 1 || whole.Unapproved() != 0 {
			w.t.Errorf("the form in use has the item %d times", n)
		}
		w.no(w.s.Retire(w.ctx, w.second, list[3].ItemID, false))
		if a, err := w.s.Preview(w.ctx, w.admin, parallel()); err != nil || len(a.Forms) != 2 || len(a.Forms[0]) != 5 || len(a.Forms[1]) != 5 {
			w.t.Errorf("brought back: %+v, %v", a, err)
		}
		if err := w.s.Retire(w.ctx, w.admin, id.New(), true); !errors.Is(err, errs.ErrNotFound) {
			w.t.Errorf("an item that there is not: %v", err)
		}
	})
}

func TestFormsAreMadeOfApprovedItemsAlone(t *testing.T) {
	each(t, func(w *world) {
		var drafts []assessment.Draft
		for i := range 10 {
			d := draft(fmt.Sprint("sygnal-", i))
			if i == 9 {
				delete(d.Question, "pl") // in English alone
			}
			drafts = append(drafts, d)
		}
		list := w.approved(drafts...)
		awaits := w.write("", draft("sygnal-10"))
		d := drafts[0]
		d.Question = course.Text{"pl": "Zmienione, bez recenzji", "en": "Changed, not reviewed"}
		w.write(list[0].ItemID, d)
		three := parallel()
		three.Each = 4
		if _, err := w.s.Preview(w.ctx, w.admin, three); err == nil {
			w.t.Error("a form of four items")
		}
		if _, err := w.s.Preview(w.ctx, w.admin, parallel()); !errors.Is(err, errs.ErrInvalid) { // 1 to 8 are approved, current and Polish
			w.t.Errorf("made of items that await review, or of another language: %v", err)
		}
		n, err := w.s.Review(w.ctx, w.second, []string{awaits.ID}, assessment.Approved, "")
		if n != 1 || err != nil {
			w.t.Fatal(n, err)
		}
		w.approved(draft("sygnal-11"))
		test, err := w.s.Assemble(w.ctx, w.admin, parallel())
		w.no(err)
		used := slices.Concat(test.Forms[0].Items, test.Forms[1].Items)
		if slices.Sort(used); len(slices.Compact(used)) != 10 || slices.Contains(used, list[0].ID) || slices.Contains(used, list[9].ID) {
			w.t.Errorf("%v", used)
		}
	})
}

func TestTheSameDraftsTwice(t *testing.T) {
	each(t, func(w *world) {
		faulty := draft("sygnal-3")
		faulty.Options[0].Correct = false
		drafts := []assessment.Draft{draft("sygnal-1"), draft("sygnal-2"), faulty}
		got, err := w.s.Take(w.ctx, w.admin, drafts)
		w.no(err)
		if got.New != 2 || got.Same != 0 || got.Changed != 0 || len(got.Faults) != 1 || got.Faults[0].Code != "sygnal-3" || got.Faults[0].Field.Key != "item.fault.one-right" {
			w.t.Errorf("%+v", got)
		}
		before := w.dump()
		got, err = w.s.Take(w.ctx, w.second, drafts)
		w.no(err)
		if got.New != 0 || got.Same != 2 || got.Changed != 0 || len(got.Faults) != 1 {
			w.t.Errorf("again: %+v", got)
		}
		if found := changes(before, w.dump()); len(found) > 0 {
			w.t.Errorf("the same file again left %v", found)
		}
		changed := draft("sygnal-1")
		changed.Level = 3
		got, err = w.s.Take(w.ctx, w.second, []assessment.Draft{changed, draft("sygnal-2")})
		if err != nil || got.Changed != 1 || got.Same != 1 || got.New != 0 {
			w.t.Errorf("with one changed: %+v, %v", got, err)
		}
	})
}

// Exchange formats hold one language. A file in Polish changes what an item says in Polish and leaves it in English; the same
// file again, and the file that was exported, change nothing.
func TestADraftInOneLanguageKeepsTheOthers(t *testing.T) {
	each(t, func(w *world) {
		whole := draft("sygnal-1")
		whole.Explanation = course.Text{"pl": "Bo tak.", "en": "Because."}
		v := w.write("", whole)
		inPolish := draft("sygnal-1")
		delete(inPolish.Question, "en")
		for _, o := range inPolish.Options {
			delete(o.Text, "en")
		}
		inPolish.Explanation = course.Text{"pl": "Bo tak."}
		if got, err := w.s.Take(w.ctx, w.second, []assessment.Draft{inPolish}); err != nil || got.Same != 1 {
			w.t.Errorf("what was exported in Polish came back as %+v, %v", got, err)
		}
		inPolish.Question["pl"], inPolish.Options[1].Text["pl"] = "Co widzisz?", "nic nie widzę"
		for _, want := range []assessment.Taken{{Changed: 1}, {Same: 1}} {
			if got, err := w.s.Take(w.ctx, w.second, []assessment.Draft{inPolish}); err != nil || got.Changed != want.Changed || got.Same != want.Same {
				w.t.Errorf("%+v, %v", got, err)
			}
		}
		list, err := w.s.ItemVersions(w.ctx, w.admin, v.ItemID)
		w.no(err)
		c := list[0].Content
		if !slices.Equal(list[0].Languages(), []string{"en", "pl"}) || c.Question["pl"] != "Co widzisz?" || c.Question["en"] != whole.Question["en"] ||
			c.Options[1].Text["pl"] != "nic nie widzę" || c.Options[1].Text["en"] != "nothing" || c.Explanation["en"] != "Because." {
			w.t.Errorf("%+v", list[0])
		}
		// With other choices the texts in English would no longer fit: the version is in Polish alone.
		inPolish.Options = inPolish.Options[:2]
		if got, err := w.s.Take(w.ctx, w.second, []assessment.Draft{inPolish}); err != nil || got.Changed != 1 || len(got.Faults) != 0 {
			w.t.Errorf("%+v, %v", got, err)
		}
		list, err = w.s.ItemVersions(w.ctx, w.admin, v.ItemID)
		if err != nil || !slices.Equal(list[0].Languages(), []string{"pl"}) || len(list[1].Languages()) != 2 {
			w.t.Errorf("%v, %v", list[0].Languages(), err)
		}
	})
}

func TestATestWithUnapprovedItemsCannotBeAttached(t *testing.T) {
	each(t, func(w *world) {
		d := assessment.MeasurementDraft{TestID: w.test.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit}
		_, err := w.s.Attach(w.ctx, w.second, d)
		w.refuses("nothing reviewed", err, "test", "assessment.measure.unapproved")
		ids := slices.Concat(w.test.Forms[0].Items, w.test.Forms[1].Items, w.test.Forms[2].Items)
		if n, err := w.s.Review(w.ctx, w.second, ids[1:], assessment.Approved, ""); n != len(ids)-1 || err != nil {
			w.t.Fatal(n, err)
		}
		_, err = w.s.Attach(w.ctx, w.second, d)
		w.refuses("one item not reviewed", err, "test", "assessment.measure.unapproved")
		if e := (*errs.Error)(nil); !errors.As(err, &e) || e.Fields[0].Args["Count"] != 1 {
			w.t.Errorf("how many: %v", err)
		}
		if n, err := w.s.Review(w.ctx, w.second, ids[:1], assessment.Returned, "Niejasne."); n != 1 || err != nil {
			w.t.Fatal(n, err)
		}
		_, err = w.s.Attach(w.ctx, w.second, d)
		w.refuses("one item returned", err, "test", "assessment.measure.unapproved")
		if n, err := db.One[int](w.ctx, w.d, `SELECT COUNT(*) FROM measurement`); n != 0 || err != nil {
			w.t.Errorf("%d measurements, %v", n, err)
		}
	})
}

// A new version of a course whose item changed is another edition of its test. Only the changed item is to be reviewed; the
// measurement that goes on keeps its edition, and the report adds both up.
func TestANewEditionOfACourse(t *testing.T) {
	each(t, func(w *world) {
		m := w.attach()
		w.plant(goldenLearners(m)...)
		item := changeItem(w, w.edition("1.0.1", func(path, text string) string { return text }), 1) // nothing but the label
		if item != nil {
			w.t.Fatalf("%+v", item)
		}
		w.clock.Advance(time.Hour)
		changed := changeItem(w, w.edition("1.1.0", func(path, text string) string {
			if path == "items/competence-refer.yaml" {
				return strings.Replace(text, "level: 2", "level: 1", 1)
			}
			return text
		}), 2)
		if changed == nil || changed.Number != 2 || changed.Verdict != assessment.Awaiting || changed.Origin != "border-guard" {
			w.t.Fatalf("%+v", changed)
		}
		tests, err := w.s.Tests(w.ctx)
		w.no(err)
		newest := tests[0]
		editions, err := w.s.Editions(w.ctx, w.test.Family)
		if err != nil || len(editions) != 2 || newest.Family != w.test.Family || newest.Edition != 2 || newest.Unapproved() != 1 {
			w.t.Fatalf("%d editions, the newest %d with %d to review, %v", len(editions), newest.Edition, newest.Unapproved(), err)
		}
		old, err := w.s.Measurement(w.ctx, w.admin, m.ID)
		if err != nil || old.TestID != w.test.ID {
			w.t.Errorf("the measurement changed its edition: %+v, %v", old, err)
		}
		// The next measurement is made with the new edition, once it is reviewed.
		w.no(w.s.Close(w.ctx, w.admin, m.ID, true))
		d := assessment.MeasurementDraft{TestID: newest.ID, Kind: assessment.OfCourse, CourseID: "border-guard", UnitID: w.unit}
		_, err = w.s.Attach(w.ctx, w.admin, d)
		w.refuses("the new edition", err, "test", "assessment.measure.unapproved")
		if n, _ := w.s.Review(w.ctx, w.admin, []string{changed.ID}, assessment.Approved, ""); n != 0 {
			w.t.Error("who published the course approved its item")
		}
		if n, err := w.s.Review(w.ctx, w.second, []string{changed.ID}, assessment.Approved, ""); n != 1 || err != nil {
			w.t.Fatal(n, err)
		}
		next, err := w.s.Attach(w.ctx, w.admin, d)
		w.no(err)
		w.plant(goldenLearners(next)...)
		r := w.report(assessment.Months3)
		if r.Group.Gain.Matched != 24 || len(r.Groups[assessment.ByMeasurement]) != 2 {
			w.t.Errorf("both editions: %+v", r.Group.Gain)
		}
	})
}

// edition returns the shipped course with another label and its files changed by fn.
func (w *world) edition(label string, fn func(path, text string) string) fs.FS {
	w.t.Helper()
	folder, err := course.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.no(err)
	files := fstest.MapFS{}
	w.no(fs.WalkDir(folder, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(folder, path)
		if err != nil {
			return err
		}
		text := fn(path, string(content))
		if path == "course.yaml" {
			text = strings.Replace(text, `version: "1.0.0"`, `version: "`+label+`"`, 1)
		}
		files[path] = &fstest.MapFile{Data: []byte(text)}
		return nil
	}))
	return files
}

// changeItem publishes an edition, which must make so many editions of the test, and returns the one item of the newest that
// the first one has not.
func changeItem(w *world, folder fs.FS, editions int) *assessment.Version {
	w.t.Helper()
	if _, made, err := w.a.Courses.Publish(w.ctx, w.admin, folder); err != nil || !made {
		w.t.Fatalf("published: %v, %v", made, err)
	}
	tests, err := w.s.Tests(w.ctx)
	w.no(err)
	if len(tests) != 1 || tests[0].Edition != editions {
		w.t.Fatalf("%d tests, edition %d", len(tests), tests[0].Edition)
	}
	var found []assessment.Version
	for i, f := range tests[0].Forms {
		for _, v := range f.Versions {
			if !slices.Contains(w.test.Forms[i].Items, v.ID) {
				found = append(found, v)
			}
		}
	}
	if len(found) > 1 {
		w.t.Fatalf("%d items are new", len(found))
	}
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}
