package onpaper_test

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/evidence"
	"ostoja/internal/measurement"
	"ostoja/internal/measurement/onpaper"
	"ostoja/internal/testrig/measured"
)

const (
	before = measurement.Before
	after  = measurement.After
)

// TestPaperGivesTheSameReport: a group that answers online and a group that writes the same answers on paper come to the same report,
// figure by figure, with who had which form, when they wrote it, and how each topic went.
func TestPaperGivesTheSameReport(t *testing.T) {
	each(t, 7, func(w *world) {
		known := func(wave measurement.Wave) func(string) int {
			return func(name string) int {
				n := int(name[strings.Index(name, "Uczestna A")+len("Uczestna A")] - 'A')
				if wave == after {
					return 8 + n
				}
				return 3 + n
			}
		}
		about := measurement.Described{Measurement: w.m, About: measurement.About{HeldFrom: measured.Start.Add(24 * time.Hour), HeldUntil: measured.Start.Add(55 * time.Hour)}}
		reports := map[bool]string{}
		one := w.m
		for _, online := range []bool{true, false} {
			if !online { // the same people again, in a training of the same draw of halves, in a test that has no other measurement
				w.No(w.DB.Update(w.Ctx, func(tx *dbTx) error { return empty(w, tx) }))
				w.Clock.Advance(measured.Start.Sub(w.Clock.Now()))
				var err error
				w.m, err = w.AttachTraining(w.Admin,
					classroom.Draft{Title: "Szkolenie w Terespolu", HeldFrom: about.HeldFrom, HeldUntil: about.HeldUntil},
					measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit, Waves: []measurement.Wave{measurement.Months3}, Survey: true})
				w.No(err)
				w.No(w.DB.Update(w.Ctx, func(tx *dbTx) error { return sameHalves(w, tx, w.m.ID, one.Seed) }))
				var ids []string
				for _, a := range w.people {
					ids = append(ids, a.PersonID)
				}
				_, err = w.Measurements.AddParticipants(w.Ctx, w.Admin, w.m.ID, ids)
				w.No(err)
			}
			for _, wave := range []measurement.Wave{before, after} {
				at := onpaper.Written(about, wave, w.Measurements.Zone())
				if online {
					w.Clock.Advance(at.Add(-4 * time.Hour).Sub(w.Clock.Now())) // before the training begins
					if wave == after {
						w.Clock.Advance(at.Add(6 * time.Hour).Sub(w.Clock.Now()))
					}
					for _, a := range w.people {
						w.Sit(w.sitting(a, wave).ID, known(wave)(name(w, a)))
					}
					continue
				}
				w.prepare(wave, 0)
				w.Clock.Advance(at.Add(30 * time.Hour).Sub(w.Clock.Now()))
				w.whole(wave, at, known(wave))
				if x := w.wave(wave); !x.Whole() || x.Entered != len(w.people) {
					t.Fatalf("%s: %+v", wave, x)
				}
			}
			r := w.Report(measurement.Months3)
			reports[online] = plain(r, w.m.ID)
			if read := r.Twice != (onpaper.Twice{}); read == online {
				t.Errorf("online %t: read twice: %+v", online, r.Twice)
			}
			if r.Small || r.Group.Gain.Matched != len(w.people) {
				t.Fatalf("%+v", r.Group)
			}
		}
		if reports[true] != reports[false] {
			t.Errorf("online\n%s\non paper\n%s", reports[true], reports[false])
		}
	})
}

// TestPaperAndOnlineAreOneOrder: whoever begins where and in whatever order, sheets are printed ahead, spare ones come back or find their
// person: each next first form is the next of the halves, and nobody has one form twice running.
func TestPaperAndOnlineAreOneOrder(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), 0)
	rapid.Check(t, func(rt *rapid.T) {
		var err error
		w.m, err = w.AttachTraining(w.Admin, classroom.Draft{Title: "Szkolenie", HeldFrom: w.Clock.Now().Add(time.Hour), HeldUntil: w.Clock.Now().Add(5 * time.Hour)},
			measurement.Draft{TestID: w.Test.ID, UnitID: w.Unit})
		w.No(err)
		w.people = nil
		w.join(rapid.IntRange(1, 6).Draw(rt, "people"))
		online := func(wave measurement.Wave) {
			a := rapid.SampledFrom(w.people).Draw(rt, "who")
			v := w.sitting(a, wave)
			if err := w.Measurements.Begin(w.Ctx, v.ID); err != nil && !errors.Is(err, errs.ErrConflict) {
				rt.Fatal(err)
			}
		}
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0:
				w.prepare(before, rapid.IntRange(0, 2).Draw(rt, "spare"))
			case 1:
				w.prepare(after, 0)
			case 2:
				online(before)
			case 3:
				_, err := w.s.Discard(w.Ctx, w.Admin, w.m.ID, before)
				w.No(err)
			case 4:
				w.join(1)
			}
		}
		w.Clock.Advance(6 * time.Hour)
		online(after)
		type row struct{ FirstForm, Before, After string }
		form := `COALESCE((SELECT f.name FROM sitting s JOIN test_form f ON f.id = COALESCE(s.form_id, s.paper_form_id) WHERE s.participant_id = p.id AND s.wave = '`
		list := measuredAll[row](w, `SELECT p.first_form, `+form+`before'), '') AS before, `+form+`after'), '') AS after FROM participant p WHERE p.measurement_id = ?`, w.m.ID)
		firsts := map[string]int{}
		for _, r := range list {
			if r.Before != "" && r.After != "" && r.Before == r.After {
				rt.Fatalf("%s before and after", r.Before)
			}
			if r.FirstForm != "" {
				firsts[r.FirstForm]++
			}
		}
		// Of so many places taken, these are A: with the spare sheets that wait and the places that came back it must add up.
		type order struct {
			Allocated int
			Seed      int64
			Returned  []int `db:"returned,json"`
		}
		o := measured.One[order](w.World, `SELECT allocated, seed, returned FROM measurement WHERE id = ?`, w.m.ID)
		spare := measuredAll[string](w, `SELECT f.name FROM paper_sheet h JOIN test_form f ON f.id = h.form_id WHERE h.measurement_id = ? AND h.spare AND h.void_at IS NULL AND h.sitting_id IS NULL`, w.m.ID)
		for _, f := range spare {
			firsts[f]++
		}
		want := map[string]int{}
		for n := range o.Allocated {
			if !slices.Contains(o.Returned, n) {
				want[measurement.FirstForm(o.Seed, n)]++
			}
		}
		if firsts["A"] != want["A"] || firsts["B"] != want["B"] {
			rt.Fatalf("%v are dealt instead of %v", firsts, want)
		}
	})
}

// TestTwoWhoTypeAtOnceLoseNothing: the later of two keeps what the earlier typed and is told, cell by cell.
func TestTwoWhoTypeAtOnceLoseNothing(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 0)
		h := w.grid(before, 1).Rows[0]
		first, second := onpaper.CellField(h.ID, 0), onpaper.CellField(h.ID, 1)
		w.typeAs(w.Admin, before, 1, url.Values{first: {"a"}, second: {""}, onpaper.RowField(h.ID): {""}})
		_, o := w.typeAs(w.Second, before, 1, url.Values{first: {"b"}, second: {"a"}, onpaper.RowField(h.ID): {""}})
		if len(o.Faults()) != 1 || o.Faults()[0].Name != first || o.Faults()[0].Key != "typed.fault.newer" {
			t.Fatalf("%+v", o.Faults())
		}
		kept := w.grid(before, 1).Rows[0].First
		if kept.Cells[h.Questions[0].Key] != "a" || kept.Cells[h.Questions[1].Key] != "a" || kept.TypedBy != w.Second.PersonID {
			t.Errorf("%+v", kept)
		}
		// Who has seen the newer value may change it.
		if _, o := w.typeAs(w.Second, before, 1, url.Values{first: {"b"}, onpaper.RowField(h.ID): {"1=a&2=a"}}); len(o.Faults()) != 0 {
			t.Errorf("%+v", o.Faults())
		}
		// What cannot be read is named and loses nothing.
		_, o = w.typeAs(w.Second, before, 1, url.Values{first: {"ż"}, second: {"b"}, onpaper.RowField(h.ID): {"1=b&2=a"}})
		if kept = w.grid(before, 1).Rows[0].First; len(o.Faults()) != 1 || kept.Cells[h.Questions[0].Key] != "b" || kept.Cells[h.Questions[1].Key] != "b" {
			t.Errorf("%+v, %+v", o.Faults(), kept)
		}
	})
}

// TestTheSecondReading: one in ten is read again, blind; few differences are settled with a reason, too many ask for every sheet, and
// nothing counts before.
func TestTheSecondReading(t *testing.T) {
	each(t, 12, func(w *world) {
		w.prepare(before, 0)
		five := func(string) int { return 5 }
		w.Clock.Advance(30 * time.Hour)
		if _, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now()); !errors.Is(err, errs.ErrConflict) {
			t.Errorf("nothing is typed, and drawn: %v", err)
		}
		w.all(w.Admin, before, 1, five)
		if _, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now().Add(time.Hour)); !errors.Is(err, errs.ErrInvalid) {
			t.Errorf("written tomorrow: %v", err)
		}
		n, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now())
		if w.No(err); n != 2 {
			t.Fatalf("%d of 12 are drawn", n)
		}
		rows := w.grid(before, 2).Rows
		for _, h := range w.grid(before, 1).Rows {
			if drawn := slices.ContainsFunc(rows, func(r onpaper.Sheet) bool { return r.ID == h.ID }); drawn && len(w.grid(before, 1).Values(h).Cells) > 0 {
				t.Error("the first reading shows what is to be read again")
			}
		}
		if _, o := w.typeAs(w.Admin, before, 1, url.Values{onpaper.CellField(rows[0].ID, 0): {"b"}, onpaper.CellField(rows[0].ID, 1): {"b"}}); len(o.Faults()) != 1 || o.Written != 0 {
			t.Errorf("the first reading goes on after the draw: %+v", o)
		}
		if w.wave(before).Entered != 0 || measured.One[int](w.World, `SELECT COUNT(before_percent) FROM participant`) != 0 {
			t.Error("it counts before it is read again")
		}
		// One sheet is read as it was, the other with a difference in every cell but the first.
		w.typeAs(w.Second, before, 2, w.row(rows[0], 5))
		other := w.row(rows[1], 5)
		for i := range rows[1].Questions[1:] {
			other.Set(onpaper.CellField(rows[1].ID, i+1), onpaper.Blank)
		}
		w.typeAs(w.Second, before, 2, other)
		check := w.wave(before).Checks[0]
		if !check.Every || check.Drawn != 12 || len(w.grid(before, 2).Rows) != 12 {
			t.Fatalf("after %d differences of %d cells: %+v", check.Differences, check.Cells, check)
		}
		for _, h := range w.grid(before, 2).Rows[:] {
			if h.Filled(h.Second) == 0 {
				w.typeAs(w.Second, before, 2, w.row(h, 5))
			}
		}
		_, list, err := w.s.Differences(w.Ctx, w.Admin, w.m.ID, before)
		if w.No(err); len(list) == 0 {
			t.Fatal("no differences")
		}
		form := url.Values{list[0].Field(): {list[0].First}}
		_, err = w.s.Settle(w.Ctx, w.Admin, w.m.ID, before, form)
		w.Refuses("without a reason", err, list[0].Field()+".reason", "typed.fault.why")
		form.Set(list[0].Field()+".reason", "Na arkuszu jest to wyraźne.")
		if left, err := w.s.Settle(w.Ctx, w.Admin, w.m.ID, before, form); err != nil || left != len(list)-1 {
			t.Fatalf("%d left, %v", left, err)
		}
		for _, d := range list[1:] {
			form.Set(d.Field(), d.First)
			form.Set(d.Field()+".reason", "Na arkuszu jest to wyraźne.")
		}
		if left, err := w.s.Settle(w.Ctx, w.Admin, w.m.ID, before, form); err != nil || left != 0 {
			t.Fatalf("%d left, %v", left, err)
		}
		x := w.wave(before)
		if !x.Whole() || x.Entered != 12 || x.Checks[0].Differences != len(list) || x.Checks[0].Alone {
			t.Errorf("%+v", x)
		}
		if n := measured.One[int](w.World, `SELECT COUNT(before_percent) FROM participant`); n != 12 {
			t.Errorf("%d results", n)
		}
	})
}

// TestAnswersOnlineStandUntilSomebodySaysWhyNot, and a correction afterwards changes the result, the tally with it, and keeps what stood there.
func TestAnswersOnlineStandUntilSomebodySaysWhyNot(t *testing.T) {
	each(t, 3, func(w *world) {
		w.prepare(before, 0)
		w.Sit(w.sitting(w.people[0], before).ID, 4)
		online := w.grid(before, 1).Rows[0]
		if v := w.sitting(w.people[0], before); v.FormID != online.FormID {
			t.Error("online the person had another form than on paper")
		}
		if _, o := w.typeAs(w.Admin, before, 1, w.row(online, 9)); len(o.Faults()) != 1 || o.Written != 0 {
			t.Fatalf("it is typed over: %+v", o)
		}
		// The second answers online when the sheet is typed already and waits to be read again.
		w.Clock.Advance(20 * time.Hour)
		known := func(string) int { return 6 }
		for _, h := range w.grid(before, 1).Rows[1:] {
			w.typeAs(w.Admin, before, 1, w.row(h, 6))
		}
		w.Sit(w.sitting(w.people[1], before).ID, 2)
		w.Clock.Advance(20 * time.Hour)
		_, err := w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now())
		w.No(err)
		w.all(w.Second, before, 2, known)
		percent := func(a access.Actor) float64 {
			return measured.One[float64](w.World, `SELECT before_percent FROM participant WHERE person_id = ?`, a.PersonID)
		}
		early, late := percent(w.people[1]), percent(w.people[2])
		if early >= late {
			t.Errorf("the answers online are typed over: %v, %v", early, late)
		}
		w.No(nonil(t, w.s.Override(w.Ctx, w.Admin, w.m.ID, before, online.ID, "  "), errs.ErrInvalid))
		w.No(w.s.Override(w.Ctx, w.Admin, w.m.ID, before, online.ID, "Arkusz napisano na sali, test w sieci wypełniła inna osoba."))
		w.typeAs(w.Admin, before, 1, w.row(w.grid(before, 1).Rows[0], 9))
		_, err = w.s.Draw(w.Ctx, w.Admin, w.m.ID, before, w.Clock.Now())
		w.No(err)
		w.all(w.Second, before, 2, func(string) int { return 9 })
		if got := percent(w.people[0]); got <= late {
			t.Errorf("%v after the sheet, %v of a weaker one", got, late)
		}
		h := w.grid(before, 1).Rows[2]
		form := w.row(h, 0)
		form.Set(onpaper.RowField(h.ID), h.Seen(w.grid(before, 1).Values(h)))
		w.Refuses("without a reason", w.s.Correct(w.Ctx, w.Admin, w.m.ID, before, h.ID, form), onpaper.FieldReason, "typed.fault.reason")
		form.Set(onpaper.FieldReason, "Pomylono arkusze.")
		w.No(w.s.Correct(w.Ctx, w.Admin, w.m.ID, before, h.ID, form))
		if got := percent(w.people[2]); got != 0 {
			t.Errorf("%v after the correction", got)
		}
		type sums struct{ Before, N int }
		tally := measured.One[sums](w.World, `SELECT t.before, (SELECT COUNT(before_percent) FROM participant) AS n FROM result_tally t`)
		if tally.Before != 3 || tally.N != 3 {
			t.Errorf("%+v", tally)
		}
		x := w.grid(before, 1).Rows[2]
		if x.First.Cells[x.Questions[0].Key] == "" || len(x.Settled) == 0 {
			t.Error("what stood there is not kept")
		}
	})
}

// TestTheTallyFollowsWhatIsTypedOver: also of who is matched.
func TestTheTallyFollowsWhatIsTypedOver(t *testing.T) {
	each(t, 1, func(w *world) {
		w.prepare(before, 0)
		w.prepare(after, 0)
		w.Clock.Advance(60 * time.Hour)
		w.whole(before, w.Clock.Now(), func(string) int { return 3 })
		w.whole(after, w.Clock.Now(), func(string) int { return 9 })
		h := w.grid(before, 1).Rows[0]
		form := w.row(h, 5)
		form.Set(onpaper.RowField(h.ID), h.Seen(w.grid(before, 1).Values(h)))
		form.Set(onpaper.FieldReason, "Źle odczytano.")
		w.No(w.s.Correct(w.Ctx, w.Admin, w.m.ID, before, h.ID, form))
		type sums struct {
			Before, After, Matched                       int
			PreSum, PostSum, BeforePercent, AfterPercent float64
		}
		s := measured.One[sums](w.World, `SELECT t.before, t.after, t.matched, t.pre_sum, t.post_sum, p.before_percent, p.after_percent FROM result_tally t JOIN participant p ON p.measurement_id = t.measurement_id`)
		if s.Before != 1 || s.After != 1 || s.Matched != 1 || math.Abs(s.PreSum-s.BeforePercent) > 1e-9 || math.Abs(s.PostSum-s.AfterPercent) > 1e-9 {
			t.Errorf("%+v", s)
		}
	})
}

// TestSpareSheetsFindTheirPerson: a walk-in's, and one for who had another form, which needs a reason.
func TestSpareSheetsFindTheirPerson(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 2)
		w.Clock.Advance(60 * time.Hour) // when the test before is over online
		w.Measure()
		w.people = nil
		w.join(1)
		people, err := w.Measurements.Participants(w.Ctx, w.Admin, w.m.ID)
		w.No(err)
		var walkIn, listed measurement.Participant
		for _, p := range people {
			if p.PersonID == w.people[0].PersonID {
				walkIn = p
			} else {
				listed = p
			}
		}
		spare := w.grid(before, 1).Spare
		if len(spare) != 2 {
			t.Fatalf("%d spare sheets", len(spare))
		}
		w.No(w.s.Assign(w.Ctx, w.Admin, w.m.ID, before, spare[0].ID, walkIn.ID, ""))
		if got := measured.One[string](w.World, `SELECT first_form FROM participant WHERE id = ?`, walkIn.ID); got != spare[0].Form {
			t.Errorf("the walk-in begins with %q and wrote %s", got, spare[0].Form)
		}
		w.No(w.s.Unassign(w.Ctx, w.Admin, w.m.ID, before, spare[0].ID))
		if got := measured.One[string](w.World, `SELECT first_form FROM participant WHERE id = ?`, walkIn.ID); got != "" {
			t.Errorf("taken back, and the form stays %q", got)
		}
		w.No(w.s.Assign(w.Ctx, w.Admin, w.m.ID, before, spare[0].ID, walkIn.ID, ""))
		w.whole(before, w.Clock.Now(), func(string) int { return 4 })
		if n := measured.One[int](w.World, `SELECT COUNT(before_percent) FROM participant`); n != 3 {
			t.Errorf("%d results", n)
		}
		w.Refuses("who is typed", w.s.Assign(w.Ctx, w.Admin, w.m.ID, before, spare[1].ID, listed.ID, ""), onpaper.FieldPerson, "typed.fault.own-typed")
		// After the training both forms lie ready; the one of before is told.
		w.prepare(after, 2)
		for _, h := range w.grid(after, 1).Spare {
			err := w.s.Assign(w.Ctx, w.Admin, w.m.ID, after, h.ID, walkIn.ID, "")
			if h.Form == spare[0].Form {
				w.Refuses("the form of before", err, onpaper.FieldReason, "typed.fault.other-form")
			} else {
				w.No(err)
				break
			}
		}
		w.Refuses("nobody", w.s.Assign(w.Ctx, w.Admin, w.m.ID, after, spare[1].ID, "x", ""), onpaper.FieldPerson, "typed.fault.person")
	})
}

// TestAWrongSheetIsTold by its code.
func TestAWrongSheetIsTold(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 1)
		w.prepare(after, 0)
		mine, theirs, spare := w.grid(before, 1).Rows[0], w.grid(after, 1).Rows[0], w.grid(before, 1).Spare[0]
		if !strings.HasPrefix(mine.Code, "1"+mine.Form) || !strings.HasPrefix(theirs.Code, "2"+theirs.Form) || mine.Number != theirs.Number {
			t.Errorf("%s, %s", mine.Code, theirs.Code)
		}
		if h, err := w.s.Find(w.Ctx, w.Admin, w.m.ID, before, " "+strings.ToLower(strings.ReplaceAll(mine.Code, "-", " "))); err != nil || h.ID != mine.ID {
			t.Errorf("%v", err)
		}
		_, err := w.s.Find(w.Ctx, w.Admin, w.m.ID, before, theirs.Code)
		w.Refuses("of after", err, onpaper.FieldCode, "typed.fault.wave-after")
		_, err = w.s.Find(w.Ctx, w.Admin, w.m.ID, before, "1A-01-XX")
		w.Refuses("unknown", err, onpaper.FieldCode, "typed.fault.unknown")
		if n, err := w.s.Discard(w.Ctx, w.Admin, w.m.ID, before); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		_, err = w.s.Find(w.Ctx, w.Admin, w.m.ID, before, spare.Code)
		w.Refuses("void", err, onpaper.FieldCode, "typed.fault.void")
		if n, err := w.s.Prepare(w.Ctx, w.Admin, w.m.ID, before, 0, "pl"); err != nil || n != 0 {
			t.Errorf("printed again, %d are new: %v", n, err)
		}
		// The order of the choices on paper is that of the sitting online.
		w.No(w.Measurements.Begin(w.Ctx, w.sitting(w.people[0], before).ID))
		v := w.sitting(w.people[0], before)
		for i, asked := range v.Items {
			if q := mine.Questions[i]; !slices.EqualFunc(q.Item.Options, asked.Item.Options, func(a, b itemOption) bool { return a.ID == b.ID }) {
				t.Errorf("item %d is printed in another order", i+1)
			}
		}
	})
}

// TestWhoMayNotMeasureFindsNothing: neither elsewhere nor with another role.
func TestWhoMayNotMeasureFindsNothing(t *testing.T) {
	each(t, 2, func(w *world) {
		w.prepare(before, 1)
		h := w.grid(before, 1).Rows[0]
		elsewhere := w.Within(access.Coordinator, w.NewUnit("", "Inna służba"))
		for _, a := range []access.Actor{w.people[0], elsewhere, {}} {
			s, ctx := w.s, w.Ctx
			_, print := s.Print(ctx, a, w.m.ID, before)
			_, grid := s.Grid(ctx, a, w.m.ID, before, 1)
			_, prepare := s.Prepare(ctx, a, w.m.ID, before, 1, "pl")
			_, _, typed := s.Type(ctx, a, w.m.ID, before, 1, url.Values{onpaper.CellField(h.ID, 0): {"a"}})
			_, drawn := s.Draw(ctx, a, w.m.ID, before, w.Clock.Now())
			_, settled := s.Settle(ctx, a, w.m.ID, before, nil)
			_, found := s.Find(ctx, a, w.m.ID, before, h.Code)
			_, one := s.One(ctx, a, w.m.ID, before, 1, h.ID)
			_, discarded := s.Discard(ctx, a, w.m.ID, before)
			_, waves := s.Desk(ctx, a, w.m.ID)
			_, _, differences := s.Differences(ctx, a, w.m.ID, before)
			for i, err := range []error{
				print, grid, prepare, typed, drawn, settled, found, one, discarded, waves, differences, s.Override(ctx, a, w.m.ID, before, h.ID, "Bo tak."),
				s.Correct(ctx, a, w.m.ID, before, h.ID, nil), s.Unassign(ctx, a, w.m.ID, before, h.ID), s.TypeEvaluation(ctx, a, w.m.ID, url.Values{"useful": {"4"}}),
				s.TakeBackEvaluation(ctx, a, w.m.ID, "x"), second(s.TypedEvaluation(ctx, a, w.m.ID)),
			} {
				if !errors.Is(err, errs.ErrNotFound) && !errors.Is(err, errs.ErrForbidden) {
					t.Errorf("%d: %v", i, err)
				}
			}
		}
	})
}

// plain is a report without what two runs differ by: ids, and the hour at which the last handed in, since on paper stands a day.
func plain(r evidence.Report, measurementID string) string {
	r.Twice = onpaper.Twice{} // what is read a second time is on paper alone
	r.From, r.To = onpaper.Noon(r.From, time.UTC), onpaper.Noon(r.To, time.UTC)
	return strings.ReplaceAll(fmt.Sprintf("%+v", r), measurementID, "m")
}

func nonil(t *testing.T, err, category error) error {
	t.Helper()
	if !errors.Is(err, category) {
		t.Errorf("%v", err)
	}
	return nil
}
