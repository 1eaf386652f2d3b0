package fact_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"ostoja/internal/clock"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
)

func TestSlots(t *testing.T) {
	t.Parallel()
	text := "{a} {b-1|gen} {a} {A} {} {c |x} {d|}"
	if got := fact.Slots(text); len(got) != 2 || got[0] != (fact.Slot{ID: "a"}) || got[1] != (fact.Slot{ID: "b-1", Form: "gen"}) {
		t.Errorf("%v", got)
	}
	if got := fact.EachSlot(text, func(s fact.Slot) string { return "<" + s.ID + ">" }); got != "<a> <b-1> <a> {A} {} {c |x} {d|}" {
		t.Error(got)
	}
}

// A fact is sound through its last day, overdue through its grace, then gone; what nothing could stand in for stays overdue.
func TestStandingByTheDaysOfItsZone(t *testing.T) {
	t.Parallel()
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		grace := rapid.IntRange(0, 40).Draw(t, "grace")
		until := time.Date(2027, 1, rapid.IntRange(1, 400).Draw(t, "day"), 0, 0, 0, 0, warsaw)
		id := rapid.SampledFrom([]string{"x", fact.NationalLine, fact.Emergency}).Draw(t, "id")
		f := &fact.Fact{ID: id, ValidUntil: until.Format(time.DateOnly), GraceDays: grace}
		after := rapid.IntRange(-3, 50).Draw(t, "after")
		now := until.AddDate(0, 0, after).Add(23*time.Hour + 59*time.Minute)
		want := fact.Valid
		switch {
		case after > grace && id == "x":
			want = fact.Expired
		case after > 0:
			want = fact.Overdue
		}
		if got := f.Validity(now, warsaw); got != want {
			t.Fatalf("%d days after, grace %d: %v, not %v", after, grace, got, want)
		}
		b := fact.NewBook([]*fact.Fact{f}, nil, now, warsaw)
		if next := b.Next(); !next.IsZero() && f.Validity(next, warsaw) == want && id == "x" && grace > 0 {
			t.Fatalf("nothing changes at %s", next)
		}
	})
}

func TestAPackIsRead(t *testing.T) {
	t.Parallel()
	pack := func(facts, slots string) fstest.MapFS {
		return fstest.MapFS{
			"pack.yaml":         {Data: []byte("id: aa\nlanguages: [pl]\nslots: {" + slots + "}\n")},
			"facts.yaml":        {Data: []byte(facts)},
			"institutions.yaml": {Data: []byte("- {id: court, role: court, name: {pl: \"sąd\"}, forms: {loc: {pl: \"sądzie\"}}}\n")},
		}
	}
	p, err := fact.ReadPack(pack("- {id: a, kind: term, value: {pl: x}, note: y}", "b: a"))
	if err != nil || len(p.Facts) != 2 || !p.Has("a") || !p.Has("b") || !p.Has("court") || p.Has("c") {
		t.Fatalf("%+v, %v", p, err)
	}
	if f := p.Facts[1]; f.As("loc", "pl") != "sądzie" || f.As("gen", "pl") != "sąd" || f.As("loc", "en") != "sąd" {
		t.Errorf("%+v", f)
	}
	for name, c := range map[string]struct{ facts, slots, want string }{
		"twice":                     {"- {id: a}\n- {id: a}", "", `"a" is there twice`},
		"as an institution":         {"- {id: court}", "", `"court" is there twice`},
		"a slot of nothing":         {"- {id: a}", "b: c", `"b"`},
		"a slot with a fact's name": {"- {id: a}", "court: a", `"court"`},
		"an unknown key":            {"- {id: a, sourc: b}", "", "sourc"},
	} {
		if _, err := fact.ReadPack(pack(c.facts, c.slots)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := fact.ReadPack(fstest.MapFS{}); err == nil {
		t.Error("a folder without pack.yaml is none")
	}
}

// While nothing changes and nothing lapses the book is the same, so that what was made with it is kept.
func TestTheBookStaysTheSameUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))
	pack := facttest.Poland(t)
	w := &world{now: now, pack: pack, kept: []*fact.Fact{{ID: "prosecutor", Kind: fact.Name, Value: map[string]string{"pl": "rzecznik"}, ValidUntil: "2027-01-10", GraceDays: 3}}}
	d := dbtest.SQLite(t)
	stored := w.kept
	s := w.service(t, d)
	refresh := func() *fact.Book {
		w.edit(t, d, s)
		return s.Today()
	}
	first := refresh()
	if now.Advance(time.Hour); refresh() != first {
		t.Error("another book an hour later")
	}
	if f, _ := first.Get("prosecutor"); f.As("gen", "pl") != "rzecznik" {
		t.Errorf("an editor's name has the forms of another: %q", f.As("gen", "pl"))
	}
	stored[0].Value = map[string]string{}
	for _, f := range pack.Facts {
		if f.ID == "prosecutor" {
			stored[0].Value = f.Value
		}
	}
	second := refresh()
	if f, _ := second.Get("prosecutor"); second == first || f.As("gen", "pl") != "prokuratora" {
		t.Errorf("a changed fact: %q", f.As("gen", "pl"))
	}
	if until := s.Until(); until.IsZero() || until.After(time.Date(2027, 1, 11, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the next change is %s", until)
	}
	now.Advance(60 * 24 * time.Hour)
	third := refresh()
	if _, validity := third.Get("prosecutor"); third == second || validity != fact.Expired {
		t.Error("a lapsed fact stands", validity)
	}
	if f, _ := third.Get("helpline-phone"); f == nil || f.ID != fact.NationalLine {
		t.Error("a name that courses use")
	}
}
