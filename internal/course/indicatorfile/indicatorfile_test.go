package indicatorfile_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"ostoja/internal/course/indicatorfile"
	"ostoja/internal/indicator"
)

// written is a list of two indicators in all languages.
func written() string {
	var b strings.Builder
	for _, id := range []string{"first", "second"} {
		b.WriteString("- id: " + id + "\n  group: control\n  who: child\n  places: [border, school]\n  alone: weak\n  source: \"S\"\n  notice:\n")
		for _, lang := range indicator.Languages {
			b.WriteString("    " + lang + ": \"" + id + " " + lang + "\"\n")
		}
	}
	return b.String()
}

func load(text string) (indicator.List, error) {
	return indicatorfile.Load(fstest.MapFS{indicatorfile.Name: {Data: []byte(text)}})
}

func TestAListIsRead(t *testing.T) {
	list, err := load(written())
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	x := list[0]
	if x.ID != "first" || x.Group != "control" || x.Who != indicator.Child || strings.Join(x.Places, " ") != "border school" || x.Alone != indicator.Weak || x.Source != "S" || x.Confirm || x.Notice["en"] != "first en" {
		t.Errorf("%+v", x)
	}
}

// Each fault is named with its line, and all of them at once.
func TestFaultsHaveTheirLine(t *testing.T) {
	long := strings.Repeat("ж", indicator.MostText)
	for name, c := range map[string]struct{ old, new, want string }{
		"no id":              {"- id: first\n", "- id: First one\n", `:1: "First one" is not an id`},
		"an id twice":        {"- id: second\n", "- id: first\n", `the indicator "first" is there twice`},
		"unknown key":        {"  who: child\n", "  whom: child\n", `:3: unknown key "whom" (did you mean who?)`},
		"a missing key":      {"  who: child\n", "", `:1: "who" is missing`},
		"unknown group":      {"group: control", "group: contrl", `:2: "contrl" is not one of`},
		"unknown who":        {"who: child", "who: baby", `:3: "baby" is not one of any, adult, child`},
		"unknown place":      {"[border, school]", "[border, moon]", `:4: "moon" is not one of`},
		"a place twice":      {"[border, school]", "[border, border]", `:4: the place "border" is named twice`},
		"no place":           {"[border, school]", "[]", `:4: an indicator has at least one place`},
		"unknown strength":   {"alone: weak", "alone: proof", `:5: "proof" is not one of weak, medium, strong`},
		"no source":          {"  source: \"S\"\n", "", `:1: "source" is missing`},
		"an essay as source": {"\"S\"", "\"" + strings.Repeat("s", 81) + "\"", `:6: the source is longer than 80 characters`},
		"a language missing": {"    pl: \"first pl\"\n", "", `:8: "pl" is missing`},
		"another language":   {"    pl: \"first pl\"\n", "    pl: \"first pl\"\n    xx: \"y\"\n", `:9: unknown key "xx"`},
		"an empty text":      {"\"first pl\"", "\" \"", `:8: the text in "pl" is empty`},
		"too long":           {"\"first pl\"", "\"" + long + "ж\"", `:8: the text in "pl" is longer than 110 characters`},
		"a phone":            {"\"first pl\"", "\"+48 22 628 01 20\"", `:8: the text in "pl" has what looks like a number`},
		"a text twice":       {"\"second pl\"", "\"First  pl\"", `another indicator says the same in "pl"`},
		"no list":            {"- id: first\n", "id: first\nx:\n- id: first\n", `here should be a list`},
	} {
		list, err := load(strings.Replace(written(), c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) || list != nil {
			t.Errorf("%s: no fault with %q in\n%v", name, c.want, err)
		}
	}
	if _, err := load(strings.Replace(written(), "\"first pl\"", "\""+long+"\"", 1)); err != nil {
		t.Errorf("as long as may be: %v", err)
	}
	if _, err := load(strings.NewReplacer("weak", "no", "child", "dog").Replace(written())); err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("not all at once: %v", err)
	}
	if _, err := indicatorfile.Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "the file is not there") {
		t.Errorf("without a file: %v", err)
	}
}
