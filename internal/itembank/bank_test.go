package itembank_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/course/folder"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/id"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/measurement"
	"ostoja/internal/testrig/measured"
	"ostoja/internal/text"
)

// approved writes items that the second person approves.
func (w *world) approved(drafts ...itembank.Draft) (list []itembank.Version) {
	w.T.Helper()
	for _, d := range drafts {
		v := w.Write("", d)
		n, err := w.Bank.Review(w.Ctx, w.Second, []string{v.ID}, itembank.Approved, "")
		if err != nil || n != 1 {
			w.T.Fatalf("%d approved, %v", n, err)
		}
		list = append(list, v)
	}
	return list
}

func TestAChangedItemIsANewVersion(t *testing.T) {
	each(t, func(w *world) {
		first := w.Write("", measured.Draft("sygnal-1"))
		if first.Number != 1 || !first.Current() || first.Verdict != itembank.Awaiting || first.AuthorID != w.Admin.PersonID || !slices.Equal(first.Languages, []string{"en", "pl"}) {
			w.T.Errorf("%+v", first)
		}
		if v, made, err := w.Bank.WriteItem(w.Ctx, w.Second, first.ItemID, measured.Draft("sygnal-1")); err != nil || made || v.ID != first.ID {
			w.T.Errorf("saying the same made a version: %v, %v", made, err)
		}
		w.Refuses("a code that is taken", measured.Third(w.Bank.WriteItem(w.Ctx, w.Admin, "", measured.Draft("sygnal-1"))), "id", "assessment.item.taken")
		changed := measured.Draft("other-code-is-ignored")
		changed.Options[0].Correct, changed.Options[1].Correct = false, true
		second := w.Write(first.ItemID, changed)
		if second.Number != 2 || second.ItemID != first.ItemID || second.Code != "sygnal-1" {
			w.T.Errorf("%+v", second)
		}
		list, err := w.Bank.ItemVersions(w.Ctx, w.Admin, first.ItemID)
		w.No(err)
		if len(list) != 2 || list[0].ID != second.ID || !list[0].Current() || list[1].Current() || !list[1].Content.Options[0].Correct || list[1].Content.Options[1].Correct {
			w.T.Errorf("%+v", list)
		}
		if _, _, err := w.Bank.WriteItem(w.Ctx, w.Admin, id.New(), measured.Draft("sygnal-2")); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a version of no item: %v", err)
		}
		// Two authors at once make one version after the other, never the same number twice.
		var authors sync.WaitGroup
		for i := range 6 {
			authors.Go(func() {
				d := measured.Draft("sygnal-1")
				d.Question["pl"] = fmt.Sprint("Inaczej ", i)
				if _, made, err := w.Bank.WriteItem(w.Ctx, w.Admin, first.ItemID, d); err != nil || !made {
					w.T.Error(made, err)
				}
			})
		}
		authors.Wait()
		numbers, err := db.All[int](w.Ctx, w.DB, `SELECT number FROM bank_version WHERE item_id = ? ORDER BY number`, first.ItemID)
		if err != nil || !slices.Equal(numbers, []int{1, 2, 3, 4, 5, 6, 7, 8}) {
			w.T.Errorf("versions %v, %v", numbers, err)
		}
	})
}

func TestAnItemNamesItsFaults(t *testing.T) {
	each(t, func(w *world) {
		for _, c := range []struct {
			name, field, key string
			spoil            func(d *itembank.Draft)
		}{
			{"no question", "question", "item.fault.no-language", func(d *itembank.Draft) { d.Question = text.Translated{"pl": " "} }},
			{"no topic", "topic", "item.fault.topic", func(d *itembank.Draft) { d.Topic = "weather" }},
			{"no objective", "objective", "item.fault.empty", func(d *itembank.Draft) { d.Objective = " " }},
			{"no level", "level", "item.fault.level", func(d *itembank.Draft) { d.Level = 5 }},
			{"no right answer", "options", "item.fault.one-right", func(d *itembank.Draft) { d.Options[0].Correct = false }},
			{"a choice not translated", "options", "item.fault.part-empty", func(d *itembank.Draft) { delete(d.Options[2].Text, "en") }},
			{"a fact in the question", "question.en", "item.fault.fact", func(d *itembank.Draft) { d.Question["pl"] = "Czas to {reflection-period|gen}?" }},
			{"a fact in a choice", "question.en", "item.fault.fact", func(d *itembank.Draft) { d.Options[1].Text["en"] = "{reflection-period}" }},
			{"a fact in feedback", "question.en", "item.fault.fact", func(d *itembank.Draft) { d.Options[1].Feedback = text.Translated{"pl": "Zob. {court}."} }},
			{"a code with spaces", "id", "item.fault.code", func(d *itembank.Draft) { d.ID = "sygnał 1" }},
		} {
			d := measured.Draft("sygnal-1")
			c.spoil(&d)
			w.Refuses(c.name, measured.Third(w.Bank.WriteItem(w.Ctx, w.Admin, "", d)), c.field, c.key)
		}
		if _, total, err := w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{Origin: itembank.Here}, 1, 10); total != 0 || err != nil {
			w.T.Errorf("%d faulty items were kept, %v", total, err)
		}
	})
}

// What a participant was asked and what it was worth stays, whatever becomes of the item meanwhile and afterwards.
func TestOldAnswersStayOnTheOldVersion(t *testing.T) {
	each(t, func(w *world) {
		w.Attach()
		a, b := w.Person("Zofia", "Uczestna"), w.Person("Anna", "Pomocna")
		w.Enrol(a, b)
		w.Sit(w.Task(a, measurement.Before), 16)
		sitting := w.Task(b, measurement.Before)
		form := w.Answers(sitting, 16) // begun before the change, handed in after it
		var ids []string
		for _, f := range w.Test.Forms {
			ids = append(ids, f.Items...)
		}
		var changed []itembank.Version
		seen := map[string]bool{} // an anchor stands on every form
		for _, f := range w.Test.Forms {
			for _, v := range f.Versions {
				if v.Type != item.Single || seen[v.ID] {
					continue
				}
				seen[v.ID] = true
				d := itembank.Draft{Item: v.Content, Topic: v.Topic}
				d.Options = slices.Clone(d.Options)
				for i := range d.Options {
					d.Options[i].Correct = !v.Content.Options[i].Correct && i == slices.IndexFunc(v.Content.Options, func(o item.Option) bool { return !o.Correct })
				}
				changed = append(changed, w.Write(v.ItemID, d))
			}
		}
		if len(changed) < 10 {
			w.T.Fatalf("%d items changed their key", len(changed))
		}
		_, err := w.Measurements.Save(w.Ctx, sitting, form, true, true)
		w.No(err)
		for _, p := range []access.Actor{a, b} {
			if percent, err := db.One[float64](w.Ctx, w.DB, `SELECT before_percent FROM participant WHERE person_id = ?`, p.PersonID); err != nil || percent != 100 {
				w.T.Errorf("%v per cent by another key, %v", percent, err)
			}
		}
		answered, err := db.All[string](w.Ctx, w.DB, `SELECT DISTINCT version_id FROM sitting_answer`)
		w.No(err)
		for _, versionID := range answered {
			if !slices.Contains(ids, versionID) {
				w.T.Errorf("an answer is of the version %s, which nobody was asked", versionID)
			}
		}
		test, err := w.Bank.Test(w.Ctx, w.Test.ID)
		w.No(err)
		if test.Unapproved() != 0 || !slices.Equal(test.Forms[0].Items, w.Test.Forms[0].Items) {
			w.T.Error("a form in use changed")
		}
	})
}

func TestASecondPersonReviews(t *testing.T) {
	each(t, func(w *world) {
		v := w.Write("", measured.Draft("sygnal-1"))
		state := func(versionID string) itembank.Version {
			list, err := w.Bank.ItemVersions(w.Ctx, w.Admin, v.ItemID)
			w.No(err)
			return list[slices.IndexFunc(list, func(x itembank.Version) bool { return x.ID == versionID })]
		}
		if n, err := w.Bank.Review(w.Ctx, w.Admin, []string{v.ID}, itembank.Approved, ""); n != 0 || err != nil || state(v.ID).Verdict != itembank.Awaiting {
			w.T.Errorf("the author approved: %d, %v", n, err)
		}
		if _, err := w.Bank.Review(w.Ctx, access.System, []string{v.ID}, itembank.Approved, ""); !errors.Is(err, errs.ErrForbidden) {
			w.T.Errorf("the program approved: %v", err)
		}
		if _, err := w.Bank.Review(w.Ctx, w.Second, []string{v.ID}, "fine", ""); !errors.Is(err, errs.ErrInvalid) {
			w.T.Errorf("a verdict that there is not: %v", err)
		}
		_, err := w.Bank.Review(w.Ctx, w.Second, []string{v.ID}, itembank.Returned, "  ")
		w.Refuses("returned without a word", err, "note", "assessment.review.note-needed")
		if n, err := w.Bank.Review(w.Ctx, w.Second, []string{v.ID}, itembank.Returned, " Klucz jest wątpliwy. "); n != 1 || err != nil {
			w.T.Fatal(n, err)
		}
		if x := state(v.ID); x.Verdict != itembank.Returned || x.ReviewerID != w.Second.PersonID || x.Note != "Klucz jest wątpliwy." || !x.ReviewedAt.Equal(w.Clock.Now()) {
			w.T.Errorf("%+v", x)
		}
		third := w.Staff("Olga", "Trzecia")
		if n, _ := w.Bank.Review(w.Ctx, third, []string{v.ID}, itembank.Approved, ""); n != 0 {
			w.T.Error("a verdict was turned round without a new version")
		}
		// The second person mends it: now they are the author and the first one is the second.
		d := measured.Draft("sygnal-1")
		d.Question["pl"] = "Co widzisz?"
		mended, _, err := w.Bank.WriteItem(w.Ctx, w.Second, v.ItemID, d)
		w.No(err)
		if n, _ := w.Bank.Review(w.Ctx, w.Second, []string{mended.ID}, itembank.Approved, ""); n != 0 {
			w.T.Error("who wrote the version approved it")
		}
		if n, err := w.Bank.Review(w.Ctx, w.Admin, []string{v.ID, mended.ID}, itembank.Approved, ""); n != 1 || err != nil || state(mended.ID).Verdict != itembank.Approved {
			w.T.Errorf("%d were approved, %v", n, err)
		}
		d.Question["pl"] = "Co teraz widzisz?"
		replaced := w.Write(v.ItemID, d)
		d.Question["pl"] = "A co teraz?"
		w.Write(v.ItemID, d)
		if n, _ := w.Bank.Review(w.Ctx, third, []string{replaced.ID}, itembank.Approved, ""); n != 0 {
			w.T.Error("a version that was replaced was approved")
		}
		if _, err := w.Bank.Review(w.Ctx, third, []string{id.New()}, itembank.Approved, ""); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("a version that there is not: %v", err)
		}
	})
}

// TestTheBankIsClosedToOthers tries all that the bank can do as everybody who may not: each is refused and leaves nothing.
func TestTheBankIsClosedToOthers(t *testing.T) {
	each(t, func(w *world) {
		v := w.Write("", measured.Draft("sygnal-1"))
		ended := w.Person("Jan", "Dawny", access.Author)
		ended.Grants[0].Expires = measured.Start
		acts := map[string]func(a access.Actor) error{
			"write": func(a access.Actor) error {
				return measured.Third(w.Bank.WriteItem(w.Ctx, a, "", measured.Draft("sygnal-9")))
			},
			"change": func(a access.Actor) error {
				return measured.Third(w.Bank.WriteItem(w.Ctx, a, v.ItemID, measured.Draft("sygnal-8")))
			},
			"retire": func(a access.Actor) error { return w.Bank.Retire(w.Ctx, a, v.ItemID, true) },
			"review": func(a access.Actor) error {
				return measured.Second(w.Bank.Review(w.Ctx, a, []string{v.ID}, itembank.Approved, ""))
			},
			"import": func(a access.Actor) error {
				return measured.Second(w.Bank.Import(w.Ctx, a, []itembank.Draft{measured.Draft("sygnal-7")}))
			},
			"preview":  func(a access.Actor) error { return measured.Second(w.Bank.Preview(w.Ctx, a, itembank.TestDraft{})) },
			"assemble": func(a access.Actor) error { return measured.Second(w.Bank.Assemble(w.Ctx, a, itembank.TestDraft{})) },
			"list": func(a access.Actor) error {
				return measured.Third(w.Bank.Items(w.Ctx, a, itembank.ItemFilter{}, 1, 10))
			},
			"versions": func(a access.Actor) error { return measured.Second(w.Bank.ItemVersions(w.Ctx, a, v.ItemID)) },
			"analyse": func(a access.Actor) error {
				return measured.Second(w.Evidence.AnalyseForm(w.Ctx, a, &w.Test, "A", []measurement.Wave{measurement.Before}))
			},
		}
		actors := map[string]access.Actor{
			"nobody": {}, "learner": w.Person("Jan", "Zwykły"), "coordinator": w.Person("Jan", "Planujący", access.Coordinator), "trainer": w.Person("Jan", "Uczący", access.Trainer),
			"reviewer": w.Person("Jan", "Darczyńca", access.Reviewer), "an author of one unit": w.Within(access.Author, w.Unit), "an administrator of one unit": w.Within(access.Administrator, w.Unit),
			"an author until today": ended,
		}
		before := w.Dump()
		for who, a := range actors {
			for what, act := range acts {
				if err := act(a); !errors.Is(err, errs.ErrForbidden) {
					w.T.Errorf("%s, %s: %v", who, what, err)
				}
			}
		}
		if found := measured.Changes(before, w.Dump()); len(found) > 0 {
			w.T.Errorf("what was refused left %v", found)
		}
		author := w.Person("Jan", "Piszący", access.Author)
		if _, _, err := w.Bank.WriteItem(w.Ctx, author, "", measured.Draft("sygnal-9")); err != nil {
			w.T.Errorf("an author of everything: %v", err)
		}
	})
}

// parallel is a draft of a test of two forms of five items each of one objective.
func parallel() itembank.TestDraft {
	return itembank.TestDraft{Title: text.Translated{"pl": "Sygnały"}, Minutes: 10, Objectives: []string{"signals"}, Each: 5, Forms: 2, Langs: []string{"pl"}, Origin: itembank.Here}
}

func TestARetiredItemStaysWhereItIs(t *testing.T) {
	each(t, func(w *world) {
		var drafts []itembank.Draft
		for i := range 10 {
			drafts = append(drafts, measured.Draft(fmt.Sprint("sygnal-", i)))
		}
		list := w.approved(drafts...)
		test, err := w.Bank.Assemble(w.Ctx, w.Admin, parallel())
		w.No(err)
		w.No(w.Bank.Retire(w.Ctx, w.Second, list[3].ItemID, true))
		if _, err := w.Bank.Preview(w.Ctx, w.Admin, parallel()); !errors.Is(err, errs.ErrInvalid) { // nine are left for ten places
			w.T.Errorf("a form of retired items: %v", err)
		}
		for retired, want := range map[bool]int{false: 9, true: 1} {
			if _, n, err := w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{Origin: itembank.Here, Retired: retired}, 1, 50); n != want || err != nil {
				w.T.Errorf("%d items with retired=%v, %v", n, retired, err)
			}
		}
		whole, err := w.Bank.Test(w.Ctx, test.ID)
		w.No(err)
		n := 0
		for _, f := range whole.Forms {
			for _, v := range f.Versions {
				if v.ID == list[3].ID && v.Content.Question["pl"] != "" {
					n++
				}
			}
		}
		if n != 1 || whole.Unapproved() != 0 {
			w.T.Errorf("the form in use has the item %d times", n)
		}
		w.No(w.Bank.Retire(w.Ctx, w.Second, list[3].ItemID, false))
		if a, err := w.Bank.Preview(w.Ctx, w.Admin, parallel()); err != nil || len(a.Forms) != 2 || len(a.Forms[0]) != 5 || len(a.Forms[1]) != 5 {
			w.T.Errorf("brought back: %+v, %v", a, err)
		}
		if err := w.Bank.Retire(w.Ctx, w.Admin, id.New(), true); !errors.Is(err, errs.ErrNotFound) {
			w.T.Errorf("an item that there is not: %v", err)
		}
	})
}

func TestFormsAreMadeOfApprovedItemsAlone(t *testing.T) {
	each(t, func(w *world) {
		var drafts []itembank.Draft
		for i := range 10 {
			d := measured.Draft(fmt.Sprint("sygnal-", i))
			if i == 9 {
				delete(d.Question, "pl") // in English alone
			}
			drafts = append(drafts, d)
		}
		list := w.approved(drafts...)
		awaits := w.Write("", measured.Draft("sygnal-10"))
		d := drafts[0]
		d.Question = text.Translated{"pl": "Zmienione, bez recenzji", "en": "Changed, not reviewed"}
		w.Write(list[0].ItemID, d)
		three := parallel()
		three.Each = 4
		if _, err := w.Bank.Preview(w.Ctx, w.Admin, three); err == nil {
			w.T.Error("a form of four items")
		}
		if _, err := w.Bank.Preview(w.Ctx, w.Admin, parallel()); !errors.Is(err, errs.ErrInvalid) { // 1 to 8 are approved, current and Polish
			w.T.Errorf("made of items that await review, or of another language: %v", err)
		}
		n, err := w.Bank.Review(w.Ctx, w.Second, []string{awaits.ID}, itembank.Approved, "")
		if n != 1 || err != nil {
			w.T.Fatal(n, err)
		}
		w.approved(measured.Draft("sygnal-11"))
		test, err := w.Bank.Assemble(w.Ctx, w.Admin, parallel())
		w.No(err)
		used := slices.Concat(test.Forms[0].Items, test.Forms[1].Items)
		if slices.Sort(used); len(slices.Compact(used)) != 10 || slices.Contains(used, list[0].ID) || slices.Contains(used, list[9].ID) {
			w.T.Errorf("%v", used)
		}
	})
}

func TestTheSameDraftsTwice(t *testing.T) {
	each(t, func(w *world) {
		faulty := measured.Draft("sygnal-3")
		faulty.Options[0].Correct = false
		drafts := []itembank.Draft{measured.Draft("sygnal-1"), measured.Draft("sygnal-2"), faulty}
		got, err := w.Bank.Import(w.Ctx, w.Admin, drafts)
		w.No(err)
		if got.New != 2 || got.Same != 0 || got.Changed != 0 || len(got.Faults) != 1 || got.Faults[0].Code != "sygnal-3" || got.Faults[0].Field.Key != "item.fault.one-right" {
			w.T.Errorf("%+v", got)
		}
		before := w.Dump()
		got, err = w.Bank.Import(w.Ctx, w.Second, drafts)
		w.No(err)
		if got.New != 0 || got.Same != 2 || got.Changed != 0 || len(got.Faults) != 1 {
			w.T.Errorf("again: %+v", got)
		}
		if found := measured.Changes(before, w.Dump()); len(found) > 0 {
			w.T.Errorf("the same file again left %v", found)
		}
		changed := measured.Draft("sygnal-1")
		changed.Level = 3
		got, err = w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{changed, measured.Draft("sygnal-2")})
		if err != nil || got.Changed != 1 || got.Same != 1 || got.New != 0 {
			w.T.Errorf("with one changed: %+v, %v", got, err)
		}
	})
}

// Exchange formats hold one language. A file in Polish changes what an item says in Polish and leaves it in English; the same
// file again, and the file that was exported, change nothing.
func TestADraftInOneLanguageKeepsTheOthers(t *testing.T) {
	each(t, func(w *world) {
		whole := measured.Draft("sygnal-1")
		whole.Explanation = text.Translated{"pl": "Bo tak.", "en": "Because."}
		v := w.Write("", whole)
		inPolish := measured.Draft("sygnal-1")
		delete(inPolish.Question, "en")
		for _, o := range inPolish.Options {
			delete(o.Text, "en")
		}
		inPolish.Explanation = text.Translated{"pl": "Bo tak."}
		if got, err := w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{inPolish}); err != nil || got.Same != 1 {
			w.T.Errorf("what was exported in Polish came back as %+v, %v", got, err)
		}
		inPolish.Question["pl"], inPolish.Options[1].Text["pl"] = "Co widzisz?", "nic nie widzę"
		for _, want := range []itembank.Imported{{Changed: 1}, {Same: 1}} {
			if got, err := w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{inPolish}); err != nil || got.Changed != want.Changed || got.Same != want.Same {
				w.T.Errorf("%+v, %v", got, err)
			}
		}
		list, err := w.Bank.ItemVersions(w.Ctx, w.Admin, v.ItemID)
		w.No(err)
		c := list[0].Content
		if !slices.Equal(list[0].Languages, []string{"en", "pl"}) || c.Question["pl"] != "Co widzisz?" || c.Question["en"] != whole.Question["en"] ||
			c.Options[1].Text["pl"] != "nic nie widzę" || c.Options[1].Text["en"] != "nothing" || c.Explanation["en"] != "Because." {
			w.T.Errorf("%+v", list[0])
		}
		// With other choices the texts in English would no longer fit: the version is in Polish alone.
		inPolish.Options = inPolish.Options[:2]
		if got, err := w.Bank.Import(w.Ctx, w.Second, []itembank.Draft{inPolish}); err != nil || got.Changed != 1 || len(got.Faults) != 0 {
			w.T.Errorf("%+v, %v", got, err)
		}
		list, err = w.Bank.ItemVersions(w.Ctx, w.Admin, v.ItemID)
		if err != nil || !slices.Equal(list[0].Languages, []string{"pl"}) || len(list[1].Languages) != 2 {
			w.T.Errorf("%v, %v", list[0].Languages, err)
		}
	})
}

func TestATestWithUnapprovedItemsCannotBeAttached(t *testing.T) {
	each(t, func(w *world) {
		d := measurement.Draft{TestID: w.Test.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit}
		_, err := w.Measurements.Attach(w.Ctx, w.Second, d)
		w.Refuses("nothing reviewed", err, "test", "assessment.measure.unapproved")
		ids := slices.Compact(slices.Sorted(slices.Values(slices.Concat(w.Test.Forms[0].Items, w.Test.Forms[1].Items, w.Test.Forms[2].Items))))
		if n, err := w.Bank.Review(w.Ctx, w.Second, ids[1:], itembank.Approved, ""); n != len(ids)-1 || err != nil {
			w.T.Fatal(n, err)
		}
		_, err = w.Measurements.Attach(w.Ctx, w.Second, d)
		w.Refuses("one item not reviewed", err, "test", "assessment.measure.unapproved")
		if e := (*errs.Error)(nil); !errors.As(err, &e) || e.Fields[0].Args["Count"] != 1 {
			w.T.Errorf("how many: %v", err)
		}
		if n, err := w.Bank.Review(w.Ctx, w.Second, ids[:1], itembank.Returned, "Niejasne."); n != 1 || err != nil {
			w.T.Fatal(n, err)
		}
		_, err = w.Measurements.Attach(w.Ctx, w.Second, d)
		w.Refuses("one item returned", err, "test", "assessment.measure.unapproved")
		if n, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM measurement`); n != 0 || err != nil {
			w.T.Errorf("%d measurements, %v", n, err)
		}
	})
}

// A new version of a course whose item changed is another edition of its test. Only the changed item is to be reviewed; the
// measurement that goes on keeps its edition, and the report adds both up.
func TestANewEditionOfACourse(t *testing.T) {
	each(t, func(w *world) {
		m := w.Attach()
		w.Plant(measured.GoldenLearners(m)...)
		item := changeItem(w, w.edition("1.0.1", func(path, text string) string { return text }), 1) // nothing but the label
		if item != nil {
			w.T.Fatalf("%+v", item)
		}
		w.Clock.Advance(time.Hour)
		changed := changeItem(w, w.edition("1.1.0", func(path, text string) string {
			if path == "items/competence-refer.yaml" {
				return strings.Replace(text, "level: 3", "level: 2", 1)
			}
			return text
		}), 2)
		if changed == nil || changed.Number != 2 || changed.Verdict != itembank.Awaiting || changed.Origin != "border-guard" {
			w.T.Fatalf("%+v", changed)
		}
		tests, err := w.Bank.Tests(w.Ctx)
		w.No(err)
		newest := tests[0]
		editions, err := w.Bank.Editions(w.Ctx, w.Test.Family)
		if err != nil || len(editions) != 2 || newest.Family != w.Test.Family || newest.Edition != 2 || newest.Unapproved() != 1 {
			w.T.Fatalf("%d editions, the newest %d with %d to review, %v", len(editions), newest.Edition, newest.Unapproved(), err)
		}
		old, err := w.Measurements.Measurement(w.Ctx, w.Admin, m.ID)
		if err != nil || old.TestID != w.Test.ID {
			w.T.Errorf("the measurement changed its edition: %+v, %v", old, err)
		}
		// The next measurement is made with the new edition, once it is reviewed.
		w.No(w.Measurements.Close(w.Ctx, w.Admin, m.ID, true))
		d := measurement.Draft{TestID: newest.ID, Kind: measurement.OfCourse, SubjectID: "border-guard", UnitID: w.Unit}
		_, err = w.Measurements.Attach(w.Ctx, w.Admin, d)
		w.Refuses("the new edition", err, "test", "assessment.measure.unapproved")
		if n, _ := w.Bank.Review(w.Ctx, w.Admin, []string{changed.ID}, itembank.Approved, ""); n != 0 {
			w.T.Error("who published the course approved its item")
		}
		if n, err := w.Bank.Review(w.Ctx, w.Second, []string{changed.ID}, itembank.Approved, ""); n != 1 || err != nil {
			w.T.Fatal(n, err)
		}
		next, err := w.Measurements.Attach(w.Ctx, w.Admin, d)
		w.No(err)
		w.Plant(measured.GoldenLearners(next)...)
		r := w.Report(measurement.Months3)
		if r.Group.Gain.Matched != 24 || len(r.Groups[evidence.ByMeasurement]) != 2 {
			w.T.Errorf("both editions: %+v", r.Group.Gain)
		}
	})
}

// versionLine is where a course says its version, whichever that is.
var versionLine = regexp.MustCompile(`(?m)^version: ".*"$`)

// edition returns the shipped course with another label and its files changed by fn.
func (w *world) edition(label string, fn func(path, text string) string) fs.FS {
	w.T.Helper()
	shipped, err := folder.Open(filepath.Join("..", "..", "courses", "border-guard"))
	w.No(err)
	files := fstest.MapFS{}
	w.No(fs.WalkDir(shipped, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(shipped, path)
		if err != nil {
			return err
		}
		text := fn(path, string(content))
		if path == "course.yaml" {
			text = versionLine.ReplaceAllString(text, `version: "`+label+`"`)
		}
		files[path] = &fstest.MapFile{Data: []byte(text)}
		return nil
	}))
	return files
}

// changeItem publishes an edition, which must make so many editions of the test, and returns the one item of the newest that
// the first one has not.
func changeItem(w *world, edition fs.FS, editions int) *itembank.Version {
	w.T.Helper()
	if _, made, err := w.App.Courses.Publish(w.Ctx, w.Admin, edition); err != nil || !made {
		w.T.Fatalf("published: %v, %v", made, err)
	}
	tests, err := w.Bank.Tests(w.Ctx)
	w.No(err)
	if len(tests) != 1 || tests[0].Edition != editions {
		w.T.Fatalf("%d tests, edition %d", len(tests), tests[0].Edition)
	}
	var found []itembank.Version
	for i, f := range tests[0].Forms {
		for _, v := range f.Versions {
			if !slices.Contains(w.Test.Forms[i].Items, v.ID) {
				found = append(found, v)
			}
		}
	}
	if len(found) > 1 {
		w.T.Fatalf("%d items are new", len(found))
	}
	if len(found) == 0 {
		return nil
	}
	return &found[0]
}

// Two people who review the same item at once make one entry in the audit; two who make an item of the same code, one item.
func TestTheBankAtTheSameTime(t *testing.T) {
	each(t, func(w *world) {
		v := w.Write("", measured.Draft("sygnal-1"))
		actors := []access.Actor{w.Second, w.Staff("Olga", "Trzecia"), w.Staff("Ewa", "Czwarta"), w.Staff("Jan", "Piąty")}
		var at sync.WaitGroup
		var mu sync.Mutex
		reviewed, made := 0, 0
		for i, actor := range actors {
			at.Go(func() {
				n, err := w.Bank.Review(w.Ctx, actor, []string{v.ID}, itembank.Approved, "")
				_, isNew, writeErr := w.Bank.WriteItem(w.Ctx, actor, "", func() itembank.Draft {
					d := measured.Draft("sygnal-2")
					d.Question["pl"] = fmt.Sprint("Co zauważasz? ", i)
					return d
				}())
				mu.Lock()
				defer mu.Unlock()
				if reviewed += n; err != nil {
					w.T.Error(err)
				}
				if isNew {
					made++
				} else {
					w.Refuses("a code that is taken", writeErr, "id", "assessment.item.taken")
				}
			})
		}
		at.Wait()
		entries, err := db.One[int](w.Ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'item.review' AND object = ?`, "item:"+v.ItemID)
		if err != nil || reviewed != 1 || entries != 1 || made != 1 {
			w.T.Errorf("%d reviews, %d entries, %d items, %v", reviewed, entries, made, err)
		}
	})
}

func TestTooManyItemsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		drafts := slices.Repeat([]itembank.Draft{measured.Draft("sygnal-1")}, 1001)
		_, err := w.Bank.Import(w.Ctx, w.Admin, drafts)
		w.Refuses("a file of too many items", err, "file", "assessment.import.too-many")
	})
}
