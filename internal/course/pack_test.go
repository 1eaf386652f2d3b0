package course

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/coursetest"
	"ostoja/internal/course/folder"
)

// shipped is the course that comes with the program, built for Poland.
func shipped() fs.FS {
	return folder.WithPack(os.DirFS("../../courses/border-guard"), os.DirFS("../../packs/pl"))
}

// lessonHTML is a lesson as a page has it.
func lessonHTML(c *Course, id, lang string) string {
	var b strings.Builder
	for _, s := range c.Lesson(id, lang).Segments {
		b.WriteString(s.HTML)
	}
	return b.String()
}

func TestALessonShowsTheFactsOfTheDay(t *testing.T) {
	pack := coursetest.Country(t)
	c, faults := loadAll(t, folder.WithPack(coursetest.Naming(t), pack))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatalf("%s", list(bad))
	}
	for _, want := range []string{
		`warning: the pack aa has no block "none" in "pl"`, `warning: the pack aa has no lesson "gone"`, `the course has no objective "elsewhere"`,
	} {
		if !strings.Contains(list(faults), want) {
			t.Errorf("not named: %s in\n%s", want, list(faults))
		}
	}
	pl := lessonHTML(c.Showing(coursetest.Book(t, pack, "2026-11-28")), "support", "pl")
	for _, want := range []string{
		"In sądzie within 3 miesięcy", // forms
		`>see https://example.org/x</a>`, `<a href="https://example.org/x" rel="noopener noreferrer external">example.org/x</a>`,
		`<small class="as-of">(stan na <time datetime="2026-11-01">1` + "\u00a0" + `listopada 2026</time>; do potwierdzenia)</small>`,
		`<a class="tel" href="tel:+48226280120">`, // under the name that courses use
		"Ma 3 miesiące.",
	} {
		if !strings.Contains(pl, want) {
			t.Errorf("no %q in %s", want, pl)
		}
	}
	if en := lessonHTML(c.Showing(coursetest.Book(t, pack, "2026-11-28")), "support", "en"); !strings.Contains(en, "In court within 3 months") || !strings.Contains(en, "(as of ") {
		t.Errorf("English has no cases: %s", en)
	}
	if strings.Contains(pl, "zadzwonić") {
		t.Error("an editor's note is shown")
	}
	late := lessonHTML(c.Showing(coursetest.Book(t, pack, "2027-05-05")), "support", "pl")
	if !strings.Contains(late, "niepotwierdzone od <time") || !strings.Contains(late, "[do sprawdzenia: zapytaj osobę koordynującą]") || strings.Contains(late, "628") {
		t.Errorf("after its grace the phone is gone, and the period overdue: %s", late)
	}
	it := c.Item("aa-1")
	if got := c.Showing(coursetest.Book(t, pack, "2026-11-28")).HTML(it.Explanation, "pl"); !strings.HasPrefix(got, "<p>Zobacz sądzie. <small") {
		t.Error(got)
	}
	if got := c.facts["lesson:support"]; !slices.Equal(got, []string{"court", "period", "web", "helpline-phone"}) {
		t.Error(got)
	}
	all := map[string]bool{}
	for _, ids := range c.facts {
		for _, id := range ids {
			all[id] = true
		}
	}
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, []string{"court", "helpline-phone", "period", "web"}) || !slices.Equal(c.facts[itemOwner("aa-1")], []string{"court"}) {
		t.Error(got, c.facts[itemOwner("aa-1")])
	}
}

// What a text asks of a pack is checked.
func TestSlotsAreChecked(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, want string }{
		"an unknown fact":      {"modules/law/support.en.md", "{court|loc}", "{cuort}", `the pack aa has no fact "cuort"`},
		"a hint":               {"modules/law/support.en.md", "{court|loc}", "{cuort}", "did you mean court?"},
		"an unknown case":      {"modules/law/support.en.md", "{court|loc}", "{court|nom}", `there is no case "nom"`},
		"in an option":         {"items/tests.yaml", `{id: a, text: {pl: "`, `{id: a, text: {pl: "{period} `, "the slot {period} in an answer"},
		"in a competence item": {"items/competence.yaml", `question: {pl: "`, `question: {pl: "{period} `, "the slot {period} in a competence item"},
		"in an accepted text":  {"items/tests.yaml", `en: ["KCIK"]`, `en: ["{court}"]`, "the slot {court} in an answer"},
		"in a title":           {"course.yaml", `"Prawo"`, `"Prawo {period}"`, "the slot {period} in a text that shows none"},
		"a pack block's words": {"modules/law/support.en.md", ":::pack block=\"stay\"\n", ":::pack block=\"stay\"\nx\n", "no text of its own"},
		"a from of nothing":    {"course.yaml", "from: pack", "from: pck", `"pck" is not one of pack`},
	} {
		_, faults := loadAll(t, folder.WithPack(coursetest.With(t, coursetest.Naming(t), c.file, c.old, c.new), coursetest.Country(t)))
		if !strings.Contains(list(folder.Blocking(faults)), c.want) {
			t.Errorf("%s: no fault with %q in\n%s", name, c.want, list(faults))
		}
	}
}

// An item rests on the facts of the key points that it rests on, and lapses with them; a competence item may rest on none.
func TestAnItemRestsOnTheFactsOfItsKeyPoints(t *testing.T) {
	pack, files := coursetest.Country(t), coursetest.Naming(t)
	for _, lang := range []string{"pl", "en"} {
		files = coursetest.With(t, files, "modules/law/definition."+lang+".md", "To remember.", "To remember: {period}.")
	}
	c, faults := loadAll(t, folder.WithPack(files, pack))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatalf("%s", list(bad))
	}
	n := 0
	for _, itemID := range c.itemIDs {
		rests := slices.Contains(c.items[itemID].RestsOn, "elements")
		if lapsed := c.Showing(coursetest.Book(t, pack, "2027-06-01")).lapsed(itemID); rests {
			if n++; !lapsed || c.Showing(coursetest.Book(t, pack, "2026-11-28")).lapsed(itemID) {
				t.Errorf("%s does not lapse with the key point's fact", itemID)
			}
		}
	}
	if n == 0 {
		t.Error("no item rests on the key point")
	}
	_, faults = loadAll(t, folder.WithPack(coursetest.With(t, files, "items/competence.yaml", "- id: know-a1\n  use: competence\n", "- id: know-a1\n  use: competence\n  rests_on: [elements]\n"), pack))
	if want := `the competence item "know-a1" rests on a key point that names the fact {period}`; !strings.Contains(list(folder.Blocking(faults)), want) {
		t.Errorf("no fault %q in\n%s", want, list(faults))
	}
}

// What is known to lack much, as the pack of a country that nobody has written out, stands in no way.
func TestAPartialPackBlocksNothing(t *testing.T) {
	pack := coursetest.Country(t, "pack.yaml", "languages: [pl, en]", "languages: [en]\npartial: true", "pack.yaml", "slots: {helpline-phone: line}\n", "",
		"facts.yaml", "- {id: line", "- {id: other-line", "items/law.yaml", "objective: support", "objective: elsewhere", "glossary.yaml", "kurator", "guardian")
	c, faults := loadAll(t, folder.WithPack(coursetest.Naming(t), pack))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatalf("%s", list(bad))
	}
	if !strings.Contains(list(faults), `the pack aa has no fact "helpline-phone"`) || !strings.Contains(list(faults), `no glossary term "kurator"`) {
		t.Errorf("%s", list(faults))
	}
	if !slices.Equal(c.Languages, []string{"en"}) || c.Lesson("support", "pl") != nil || c.Title["pl"] != "" || c.Title.In("pl") != "A small course" {
		t.Errorf("the build has the languages that the pack has too: %v %v", c.Languages, c.Title)
	}
	if got := lessonHTML(c.Showing(coursetest.Book(t, pack, "2026-11-28")), "support", "en"); !strings.Contains(got, "Call <span class=\"fact-gone\">[to be checked: ask your coordinator]") || !strings.Contains(got, "kurator") {
		t.Error(got)
	}
}

// The archive holds the pieces of the pack that the course shows, and neither its facts nor what is another course's.
// A pack serves courses of several languages: a term that it does not explain in all of a course's is left out of that course.
func TestAPackKnowsOtherLanguages(t *testing.T) {
	more := coursetest.Country(t, "glossary.yaml", "pl: kurator, en: representative", "pl: kurator, en: representative, uk: куратор",
		"glossary.yaml", "}}\n", "}}\n- {id: polish, term: {pl: tylko}, text: {pl: po polsku}}\n")
	c, faults := loadAll(t, folder.WithPack(coursetest.Naming(t), more))
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatalf("%s", list(bad))
	}
	if c.Glossary["kurator"] == nil || c.Glossary["polish"] != nil {
		t.Errorf("terms %v", slices.Sorted(maps.Keys(c.Glossary)))
	}
}

func TestTheArchiveHoldsWhatIsShown(t *testing.T) {
	pack := coursetest.Country(t)
	digest := func(pack fstest.MapFS) (string, []string) {
		files := folder.WithPack(coursetest.Naming(t), pack)
		c, _ := loadAll(t, files)
		used := folder.OnlyPieces(files, c.packFiles)
		d, err := folder.Digest(used)
		if err != nil {
			t.Fatal(err)
		}
		names, _, err := folder.Files(used)
		if err != nil {
			t.Fatal(err)
		}
		return d, slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, "pack/") })
	}
	before, names := digest(pack)
	want := []string{"pack/blocks/stay.en.md", "pack/blocks/stay.pl.md", "pack/glossary.yaml", "pack/items/law.yaml", "pack/modules/law/permit.en.md", "pack/modules/law/permit.pl.md", "pack/pack.yaml"}
	if !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	if after, _ := digest(coursetest.Country(t, "facts.yaml", "3 miesiące", "5 miesięcy", "items/other.yaml", "a", "b")); after != before {
		t.Error("a fact, or another course's item, makes a new version")
	}
	if after, _ := digest(coursetest.Country(t, "blocks/stay.pl.md", "trwa", "to")); after == before {
		t.Error("a changed piece makes no new version")
	}
	plain := folder.WithPack(coursetest.Good(t), pack)
	c, _ := loadAll(t, plain)
	if names, _, err := folder.Files(folder.OnlyPieces(plain, c.packFiles)); err != nil || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "pack") }) {
		t.Error(names, err)
	}
	// What was taken out of an installation keeps its pieces, and takes the facts of the day.
	own := maps.Clone(coursetest.Naming(t))
	for _, name := range want {
		inside := strings.TrimPrefix(name, "pack/")
		own[name] = pack[inside]
	}
	again := folder.WithPack(own, coursetest.Country(t, "blocks/stay.pl.md", "trwa", "to"))
	c, faults := loadAll(t, again)
	if bad := folder.Blocking(faults); len(bad) > 0 {
		t.Fatalf("%s", list(bad))
	}
	if d, err := folder.Digest(folder.OnlyPieces(again, c.packFiles)); err != nil || d != before {
		t.Error("the archive's own pieces count", err)
	}
}

// An item that rests on a fact which lapsed is drawn only where too few others are left, and then it does not count.
func TestAnItemOfALapsedFactIsDrawnLast(t *testing.T) {
	pack := coursetest.Country(t, "items/law.yaml", "{court}", "{period}", "items/law.yaml", "{court|loc}", "{period}")
	base, _ := loadAll(t, folder.WithPack(coursetest.Naming(t), pack))
	times := func(day string) (n int) {
		c := base.Showing(coursetest.Book(t, pack, day))
		for seed := range int64(50) {
			if slices.Contains(c.Draw(c.Test(), seed), "aa-1") {
				n++
			}
		}
		return n
	}
	if n := times("2026-11-28"); n == 0 {
		t.Error("never drawn while its fact holds")
	}
	if n := times("2027-06-01"); n != 0 {
		t.Errorf("drawn %d times after its fact lapsed", n)
	}
	c := base.Showing(coursetest.Book(t, pack, "2027-06-01"))
	if got := c.ItemFacts("aa-1"); !slices.Equal(got, []string{"period"}) || !c.lapsed("aa-1") || c.lapsed("check-1") {
		t.Errorf("rests on %v, lapsed %v", got, c.lapsed("aa-1"))
	}
	all := &Test{ID: "all", Draws: []draw{{"support", len(c.pool("support")), 0}}}
	drawn := c.Draw(all, 1)
	if lapsed := c.Lapsed(drawn); len(drawn) != len(c.pool("support")) || !slices.Equal(lapsed, []string{"aa-1"}) {
		t.Errorf("%v, of which %v lapsed", drawn, lapsed)
	}
}

// What should be a fact is named, unless allow.yaml says why it may stand.
func TestLawInProseIsNamed(t *testing.T) {
	m := coursetest.With(t, coursetest.Naming(t), "modules/law/support.en.md", "In {court|loc}", "In 3 months, by art. 7 of it, in {court|loc}")
	_, faults := loadAll(t, folder.WithPack(m, coursetest.Country(t)))
	if len(folder.Blocking(faults)) != 2 {
		t.Errorf("law in prose can be published: %s", list(faults))
	}
	for _, want := range []string{"modules/law/support.en.md:", "a period in a text: 3 months", "a provision of law in a text: art. 7"} {
		if !strings.Contains(list(faults), want) {
			t.Errorf("not named: %s", want)
		}
	}
	m["allow.yaml"] = &fstest.MapFile{Data: []byte("- {text: \"3 months\", reason: \"the protocol says so in every country\"}\n- {text: \"art. 7 of it\", reason: \"also\"}\n- {text: \"art. 8\", reason: \"nobody says it\"}\n")}
	_, faults = loadAll(t, folder.WithPack(m, coursetest.Country(t)))
	if s := list(faults); strings.Contains(s, "3 months") || strings.Contains(s, "art. 7") || !strings.Contains(s, `allow.yaml:3: warning: no text says "art. 8"`) || strings.Contains(s, "nothing in the course uses") {
		t.Error(s)
	}
}
