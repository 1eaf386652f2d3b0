package appointment

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	files "ostoja/guardian"
	"ostoja/internal/id"
)

func content(t interface {
	Helper()
	Fatal(args ...any)
},
) *Content {
	t.Helper()
	c, err := Read(files.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var days = rapid.Custom(func(t *rapid.T) string {
	return time.Date(2025, 1, 1+rapid.IntRange(0, 900).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(dayForm)
})

// Whatever is entered: no decision of the future, none before the admission, no start before the decision, and nobody over their limit.
func TestWhatIsEntered(t *testing.T) {
	c, passed := content(t), 0
	rapid.Check(t, func(t *rapid.T) {
		d := Draft{Kind: rapid.SampledFrom(c.Kinds).Draw(t, "kind").ID, Scope: rapid.SliceOfN(rapid.SampledFrom([]string{"protection", "court", "assistance"}), 0, 2).Draw(t, "scope"),
			DecidedOn: days.Draw(t, "decided"), StartedOn: days.Draw(t, "started")}
		f := facts{today: days.Draw(t, "today"), admittedOn: days.Draw(t, "admitted"), most: rapid.IntRange(0, 2).Draw(t, "most"), children: rapid.IntRange(0, 2).Draw(t, "children"), removed: rapid.Bool().Draw(t, "removed")}
		k, _ := c.Kind(d.Kind)
		allowed := d.DecidedOn <= f.today && d.DecidedOn >= f.admittedOn && d.StartedOn >= d.DecidedOn && daysBetween(f.today, d.StartedOn) <= startsWithin &&
			f.children < f.most && !f.removed && len(d.Scope) > 0 && !slices.ContainsFunc(d.Scope, func(s string) bool { return !slices.Contains(k.Scopes, s) }) &&
			(k.DecidedBefore == "" || d.DecidedOn < k.DecidedBefore)
		if got := len(d.check(c, f)) == 0; got != allowed {
			t.Fatalf("%+v, %+v: %v", d, f, d.check(c, f))
		}
		if allowed {
			passed++
		}
	})
	if passed == 0 {
		t.Log("nothing was allowed this time") // what is allowed has tests of its own
	}
}

// Each fault of a draft stands at its field.
func TestFaultsStandAtTheirFields(t *testing.T) {
	c := content(t)
	good := Draft{Kind: "kurator", Scope: []string{"stay"}, DecidedOn: "2026-10-20", StartedOn: "2026-10-21"}
	now := facts{today: "2026-10-23", admittedOn: "2026-10-01", most: 2, children: 1, known: true, court: true}
	if faults := good.check(c, now); len(faults) > 0 {
		t.Fatal(faults)
	}
	for name, x := range map[string]struct {
		change func(d *Draft, f *facts)
		field  string
		key    string
	}{
		"removed":          {func(_ *Draft, f *facts) { f.removed = true }, "guardian", "removed"},
		"limit":            {func(_ *Draft, f *facts) { f.children = 2 }, "guardian", "limit"},
		"code":             {func(d *Draft, _ *facts) { d.Code = "ABC" }, "code", "code"},
		"unknown code":     {func(d *Draft, f *facts) { d.Code, f.known = newCode(), false }, "code", "code"},
		"twice":            {func(_ *Draft, f *facts) { f.twice = true }, "code", "twice"},
		"kind":             {func(d *Draft, _ *facts) { d.Kind = "x" }, "kind", "choose"},
		"scope of another": {func(d *Draft, _ *facts) { d.Kind, d.Scope = "reprezentant-dziecka", []string{"dublin"} }, "scope", "scope"},
		"closed court":     {func(d *Draft, f *facts) { d.CourtID, f.court = "x", false }, "court", "choose"},
		"no day":           {func(d *Draft, _ *facts) { d.DecidedOn = "20.10.2026" }, "decided", "day"},
		"future":           {func(d *Draft, _ *facts) { d.DecidedOn, d.StartedOn = "2026-10-24", "2026-10-24" }, "decided", "future"},
		"before admission": {func(d *Draft, _ *facts) { d.DecidedOn = "2026-09-30" }, "decided", "before-admission"},
		"kind of the past": {func(d *Draft, f *facts) {
			d.Kind, d.DecidedOn, f.admittedOn = "opiekun-tymczasowy", "2026-03-05", ""
		}, "decided", "kind-ended"},
		"no start":        {func(d *Draft, _ *facts) { d.StartedOn = "" }, "started", "day"},
		"before decision": {func(d *Draft, _ *facts) { d.StartedOn = "2026-10-19" }, "started", "before-decision"},
		"far":             {func(d *Draft, _ *facts) { d.StartedOn = "2026-11-24" }, "started", "far"},
	} {
		d, f := good, now
		x.change(&d, &f)
		if faults := d.check(c, f); len(faults) != 1 || faults[0].Name != x.field || faults[0].Key != "appointment.fault."+x.key {
			t.Errorf("%s: %v", name, faults)
		}
	}
	past := Draft{Kind: "opiekun-tymczasowy", Scope: []string{"stay"}, DecidedOn: "2026-03-04", StartedOn: "2026-03-04"}
	if faults := past.check(c, facts{today: "2026-10-23", most: 1}); len(faults) > 0 {
		t.Errorf("the day before: %v", faults)
	}
}

// An end lies within the appointment and not ahead of its month; of a birthday no day is left, whatever was sent.
func TestEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Appointment{StartedOn: days.Draw(t, "started")}
		if rapid.Bool().Draw(t, "missing") {
			a.MissingSince = time.Unix(1, 0)
		}
		today := days.Draw(t, "today")
		e := End{Reason: rapid.SampledFrom(append(slices.Clone(Reasons), "", "x")).Draw(t, "reason"), On: days.Draw(t, "on"), Month: days.Draw(t, "month")}
		if rapid.Bool().Draw(t, "month alone") {
			e.Month = e.Month[:7]
		}
		on, faults := endedOn(a, e, today)
		known := slices.Contains(Reasons, e.Reason)
		switch {
		case !known:
			if len(faults) == 0 {
				t.Fatal("an end without a reason")
			}
		case e.Reason == Mistaken:
			if on != a.StartedOn || len(faults) > 0 {
				t.Fatalf("what never was lasted until %s: %v", on, faults)
			}
		case e.Reason == Adult:
			last, _ := day(on)
			if last.AddDate(0, 0, 1).Day() != 1 || on[:7] != e.Month[:7] {
				t.Fatalf("%s of %s", on, e.Month)
			}
			if (len(faults) == 0) != (on[:7] <= today[:7] && on >= a.StartedOn) {
				t.Fatalf("%s, started %s, today %s: %v", on, a.StartedOn, today, faults)
			}
		default:
			allowed := e.On <= today && e.On >= a.StartedOn && (e.Reason != Missing || !a.MissingSince.IsZero())
			if on != e.On || (len(faults) == 0) != allowed {
				t.Fatalf("%+v of %+v, today %s: %s, %v", e, a, today, on, faults)
			}
		}
	})
	for _, nonsense := range []string{"", "2026", "2026-13", "2026-02-30", "luty"} {
		if last, ok := LastOfMonth(nonsense); ok {
			t.Errorf("%q is %s", nonsense, last)
		}
	}
	if last, _ := LastOfMonth("2028-02-03"); last != "2028-02-29" {
		t.Error(last)
	}
}

// A contact never moves the last one back, and is never of a day to come.
func TestContacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Appointment{StartedOn: days.Draw(t, "started"), ContactOn: rapid.OneOf(rapid.Just(""), days).Draw(t, "before")}
		on, today := days.Draw(t, "on"), days.Draw(t, "today")
		last, faults := contact(a, on, today)
		if (len(faults) == 0) != (on <= today && on >= a.StartedOn) {
			t.Fatalf("%s of %+v, today %s: %v", on, a, today, faults)
		}
		if last < a.ContactOn || last < on {
			t.Fatalf("%s after %s", last, a.ContactOn)
		}
		a.ContactOn = last
		if quiet := a.Quiet(today); quiet != (daysBetween(max(last, a.StartedOn), today) > ContactWithin) {
			t.Fatalf("%+v, today %s: quiet %v", a, today, quiet)
		}
		a.Ended = Moved
		if a.Quiet(today) {
			t.Fatal("nothing is asked of what has ended")
		}
	})
	if _, faults := contact(Appointment{StartedOn: "2026-01-01"}, "gestern", "2026-10-23"); len(faults) == 0 {
		t.Error("a day that is none")
	}
}

// A code that is read out or typed comes back as it was, and a slip of one letter is no code.
func TestCaseCodes(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		code := newCode()
		if seen[code] {
			t.Fatal("a code twice")
		}
		seen[code] = true
		if got := typedCode(strings.ToLower(Grouped(code)) + " "); got != code || len(Grouped(code)) != codeLetters+2 {
			t.Fatalf("%s became %s", code, got)
		}
		i := rapid.IntRange(0, codeLetters-1).Draw(t, "place")
		other := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ")).Draw(t, "letter")
		if slip := code[:i] + string(other) + code[i+1:]; slip != code && typedCode(slip) != "" {
			t.Fatalf("%s is taken for %s", slip, code)
		}
	})
	for _, nonsense := range []string{"", "A", id.Code(5), "ÓÓÓ-ÓÓÓ-ÓÓÓ"} {
		if typedCode(nonsense) != "" && len(nonsense) != codeLetters {
			t.Errorf("%q is a code", nonsense)
		}
	}
}

// Only the latest act can be taken back, and only for some minutes.
func TestUndoable(t *testing.T) {
	at := time.Date(2026, 10, 23, 9, 0, 0, 0, time.UTC)
	x, a := Act{At: at, Edition: 2}, Appointment{Edition: 2}
	for _, c := range []struct {
		a    Appointment
		now  time.Time
		want bool
	}{{a, at, true}, {a, at.Add(UndoFor - 1), true}, {a, at.Add(UndoFor), false}, {Appointment{Edition: 3}, at, false}} {
		if x.undoable(c.a, c.now) != c.want {
			t.Errorf("%+v at %s", c.a, c.now)
		}
	}
}

// The shipped data is whole; what is wrong with other data is said.
func TestContent(t *testing.T) {
	c := content(t)
	for _, k := range c.Kinds {
		if k.Confirmed || k.Note["pl"] == "" || k.Note["en"] == "" {
			t.Errorf("%s: confirmed by nobody, or without a note", k.ID)
		}
	}
	if c.Scope("stay").Title["pl"] != "pobyt" || c.Scope("gone").Title.In("pl") != "gone" {
		t.Error("titles of scopes")
	}
	whole := func() fstest.MapFS {
		m := fstest.MapFS{}
		for _, name := range []string{"kinds.yaml", "missing.yaml", "handover.yaml"} {
			b, _ := files.Files.ReadFile(name)
			m[name] = &fstest.MapFile{Data: b}
		}
		return m
	}
	for name, x := range map[string]struct{ file, from, to, said string }{
		"no source":     {"kinds.yaml", "    source:", "    note2:", "note2"},
		"foreign scope": {"kinds.yaml", "scopes: [court, stay]", "scopes: [moon]", "there is no scope moon"},
		"no title":      {"kinds.yaml", `en: "stay"`, `en: ""`, "needs a title"},
		"twice":         {"missing.yaml", "- id: home", "- id: police", "is there twice"},
		"no day":        {"kinds.yaml", "2026-03-05", "marzec", "is no day"},
		"no scopes":     {"kinds.yaml", "scopes: [court, stay]", "scopes: []", "needs a scope"},
	} {
		m := whole()
		m[x.file].Data = []byte(strings.Replace(string(m[x.file].Data), x.from, x.to, 1))
		if _, err := Read(m); err == nil || !strings.Contains(err.Error(), x.said) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"kinds.yaml", "missing.yaml", "handover.yaml"} {
		m := whole()
		delete(m, name)
		if _, err := Read(m); err == nil {
			t.Errorf("without %s", name)
		}
		m[name] = &fstest.MapFile{Data: []byte("format: 1\n")}
		if _, err := Read(m); err == nil {
			t.Errorf("with an empty %s", name)
		}
	}
	m := whole()
	m["kinds.yaml"].Data = []byte(strings.ReplaceAll(string(m["kinds.yaml"].Data), "source: \"", "source: \"\" #"))
	if _, err := Read(m); err == nil || !strings.Contains(err.Error(), "needs a source") {
		t.Errorf("without sources: %v", err)
	}
}
