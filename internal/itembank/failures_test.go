package itembank_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"ostoja/internal/course"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/itembank"
	"ostoja/internal/testrig/measured"
	"ostoja/internal/text"
)

// fails asks that a step fails and leaves nothing for each statement that the database refuses, as "insert bank_version", and that
// it goes through once nothing is in its way.
func (w *world) fails(name string, step func() error, needs ...string) {
	w.T.Helper()
	for _, what := range needs {
		op, table, _ := strings.Cut(what, " ")
		before := w.Dump()
		mend := dbtest.Break(w.T, w.DB, op, table, "")
		if err := step(); err == nil {
			w.T.Errorf("%s went through although this failed: %s", name, what)
		}
		mend()
		if found := measured.Changes(before, w.Dump()); len(found) > 0 {
			w.T.Errorf("%s, of which this failed: %s, left %v", name, what, found)
		}
	}
	if err := step(); err != nil {
		w.T.Fatalf("%s: %v", name, err)
	}
}

// TestNoStepHidesAFailure: whatever the database refuses, the step is undone and says so.
func TestNoStepHidesAFailure(t *testing.T) {
	each(t, func(w *world) {
		var v itembank.Version
		write := func(code, question string) func() error {
			return func() (err error) {
				d := measured.Draft(code)
				d.Question["pl"] = question
				itemID := ""
				if code == v.Code {
					itemID = v.ItemID
				}
				got, made, err := w.Bank.WriteItem(w.Ctx, w.Admin, itemID, d)
				if err == nil {
					v = got
				}
				if err == nil && !made {
					w.T.Errorf("%s: no version was made", code)
				}
				return err
			}
		}
		w.fails("a new item", write("sygnal-1", "Co?"), "insert bank_item", "update bank_item", "read bank_version", "insert bank_version", "insert audit")
		w.fails("a new version", write("sygnal-1", "Co teraz?"), "read bank_item", "read bank_version", "insert bank_version", "insert audit")
		w.fails("the list", func() error {
			return measured.Third(w.Bank.Items(w.Ctx, w.Admin, itembank.ItemFilter{}, 1, 10))
		}, "read bank_version", "read bank_item")
		w.fails("the versions", func() error { return measured.Second(w.Bank.ItemVersions(w.Ctx, w.Admin, v.ItemID)) }, "read bank_version")
		w.fails("the objectives", func() error { return measured.Second(w.Bank.Objectives(w.Ctx)) }, "read bank_version")
		w.fails("the origins", func() error { return measured.Second(w.Bank.Origins(w.Ctx)) }, "read bank_item")
		w.fails("a review", func() error {
			n, err := w.Bank.Review(w.Ctx, w.Second, []string{v.ID}, itembank.Approved, "")
			if err == nil && n != 1 {
				w.T.Errorf("%d reviewed", n)
			}
			return err
		}, "read bank_version", "update bank_version", "insert audit")
		w.fails("retiring", func() error { return w.Bank.Retire(w.Ctx, w.Admin, v.ItemID, true) }, "update bank_item", "insert audit")
		w.No(w.Bank.Retire(w.Ctx, w.Admin, v.ItemID, false))
		w.fails("an import", func() error {
			return measured.Second(w.Bank.Import(w.Ctx, w.Admin, []itembank.Draft{measured.Draft("sygnal-2")}))
		}, "read bank_version", "insert bank_version", "insert audit")

		w.Approve()
		d := itembank.TestDraft{Title: text.Translated{"pl": "Sygnały"}, Minutes: 10, Objectives: objectives(w.Test), Each: 3, Forms: 2, Langs: []string{"pl"}, Origin: "border-guard"}
		w.fails("a preview", func() error { return measured.Second(w.Bank.Preview(w.Ctx, w.Admin, d)) }, "read bank_version", "read test_form")
		w.fails("a test", func() error { return measured.Second(w.Bank.Assemble(w.Ctx, w.Admin, d)) },
			"read bank_version", "read test_form", "insert competence_test", "insert test_form", "insert audit")
		w.fails("the tests", func() error { return measured.Second(w.Bank.Tests(w.Ctx)) }, "read competence_test", "read test_form", "read bank_version")
		w.fails("a test's page", func() error { return measured.Second(w.Bank.Test(w.Ctx, w.Test.ID)) }, "read competence_test", "read test_form", "read bank_version")
		w.fails("the families", func() error { return measured.Second(w.Bank.Families(w.Ctx)) }, "read competence_test")
		w.fails("the editions", func() error { return measured.Second(w.Bank.Editions(w.Ctx, w.Test.Family)) }, "read competence_test")
		w.fails("the balance", func() error { return measured.Second(w.Bank.Balance(w.Ctx, &w.Test)) }, "read test_form")
		w.fails("a test in use", func() error { return measured.Second(w.Bank.TestIn(w.Ctx, w.DB, w.Test.ID)) }, "read competence_test", "read test_form", "read bank_version")
		other := w.course("other", func(*course.Course) {})
		w.fails("a course", func() error { return w.importCourse(other) },
			"insert bank_item", "read bank_version", "insert bank_version", "read competence_test", "insert competence_test", "insert test_form", "insert audit")
	})
}

// TestDifficultyIsAskedOfAllForms and balances what is known; that it cannot be told is a failure, not an unknown difficulty.
func TestDifficultyIsAskedOfAllForms(t *testing.T) {
	each(t, func(w *world) {
		w.Approve()
		refused := errors.New("refused")
		var fail error
		var asked []itembank.Form
		facility := map[string]float64{}
		bank := itembank.New(w.DB, w.Clock, func(_ context.Context, _ db.Querier, forms []itembank.Form) (map[string]float64, error) {
			asked = forms
			return facility, fail
		}, nil)
		d := itembank.TestDraft{Title: text.Translated{"pl": "Sygnały"}, Minutes: 10, Objectives: objectives(w.Test), Each: 3, Forms: 2, Langs: []string{"pl"}}
		for i, f := range w.Test.Forms {
			for _, versionID := range f.Items {
				facility[versionID] = 0.2 * float64(i+1)
			}
		}
		b, err := bank.Balance(w.Ctx, &w.Test)
		if err != nil || b.Facility < 0.399 || b.Facility > 0.401 { // 0.6 of form C, 0.2 of form A
			w.T.Errorf("%+v, %v", b, err)
		}
		if len(asked) != 3 || asked[0].TestID != w.Test.ID || len(asked[0].Items) == 0 {
			w.T.Errorf("asked of %+v", asked)
		}
		a, err := bank.Preview(w.Ctx, w.Admin, d)
		w.No(err)
		for _, items := range a.Forms {
			for _, it := range items {
				if it.Facility != facility[it.ID] {
					w.T.Errorf("%s is known as %v, not %v", it.ID, it.Facility, facility[it.ID])
				}
			}
		}
		fail = refused
		if _, err := bank.Balance(w.Ctx, &w.Test); !errors.Is(err, refused) {
			w.T.Errorf("a balance: %v", err)
		}
		if _, err := bank.Preview(w.Ctx, w.Admin, d); !errors.Is(err, refused) {
			w.T.Errorf("a preview: %v", err)
		}
		if _, err := bank.Assemble(w.Ctx, w.Admin, d); !errors.Is(err, refused) {
			w.T.Errorf("a test: %v", err)
		}
	})
}

// importCourse brings a course's items and tests in, as publishing does.
func (w *world) importCourse(c *course.Course) error {
	return w.DB.Update(w.Ctx, func(tx *db.Tx) error { return w.Bank.ImportCourse(w.Ctx, tx, w.Admin.PersonID, c) })
}

// course returns the shipped course under another id, changed by fn.
func (w *world) course(courseID string, fn func(c *course.Course)) *course.Course {
	w.T.Helper()
	c, _, err := course.Load(w.edition("1.0.0", func(_, text string) string { return text }))
	w.No(err)
	c.ID = courseID
	fn(c)
	return c
}

// objectives returns the objectives of a test's items, each once.
func objectives(t itembank.Test) (list []string) {
	known := map[string]bool{}
	for _, v := range t.Forms[0].Versions {
		if !known[v.Objective] {
			known[v.Objective], list = true, append(list, v.Objective)
		}
	}
	return list
}
