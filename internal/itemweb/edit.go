package itemweb

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// mostRows is how many options, steps or pairs the form offers, as many as an item may have; empty ones are left out.
const mostRows = 8

var types = []string{string(item.Single), string(item.Multiple), string(item.Step), string(item.Order), string(item.Match), string(item.Number), string(item.ShortText)}

// TypeOptions offers the types of items, after all of them where all is the key of a text.
func TypeOptions(p *lang.Printer, all string) []ui.Option {
	return ui.OptionsOf(p, all, "item.type.", types)
}

// Editor is the form in which an item is written: its type, what is asked, what is right and why. What else there is to say of
// an item, such as its objective, is asked by the page that shows the form.
type Editor struct {
	Form  *web.Form
	Langs []string // that it has fields for
	New   bool     // of an item that nobody has kept yet
}

// kind is the type whose parts the form has; the page may be asked for any.
func (e Editor) kind() item.Type {
	if kind := e.Form.Get("type"); slices.Contains(types, kind) {
		return item.Type(kind)
	}
	return item.Single
}

// leastRows is how many rows a new item's form shows: the fewest that can be asked.
const leastRows = 2

// rows is how many rows the form shows: those that are filled, two at least, or as many as somebody asked for.
func (e Editor) rows(kind string) int {
	n, _ := strconv.Atoi(e.Form.Get("rows")) // 0 where nobody asked
	n = max(n, leastRows)
	for name, values := range e.Form.Values {
		of, rest, _ := strings.Cut(name, ".")
		if i, err := strconv.Atoi(rest[:max(strings.Index(rest, "."), 0)]); err == nil && of == kind && strings.TrimSpace(strings.Join(values, "")) != "" {
			n = max(n, i+1)
		}
	}
	return min(n, mostRows)
}

// added says whether a row is the one that somebody has just asked for: they go on there.
func (e Editor) added(kind string, i int) bool {
	return e.Form.Get("rows") == strconv.Itoa(i+1) && i+1 == e.rows(kind)
}

func row(kind string, i int, part string) string { return kind + "." + strconv.Itoa(i) + "." + part }

// FormOf fills the form from an item in the given languages. The fields id, objective and level are there too, for the page that
// asks for them.
func FormOf(it item.Item, langs []string) *web.Form {
	f := web.NewForm("id", it.ID, "type", string(it.Type), "objective", it.Objective, "level", strconv.Itoa(it.Level))
	if it.NoShuffle {
		f.Set("no-shuffle", "1")
	}
	for _, l := range langs {
		f.Set("question."+l, it.Question[l])
		f.Set("explanation."+l, it.Explanation[l])
		f.Set("unit."+l, it.Unit[l])
		f.Set("accept."+l, strings.Join(it.Accept[l], "\n"))
		for i, o := range it.Options {
			f.Set(row("options", i, l), o.Text[l])
		}
		for i, o := range it.Steps {
			f.Set(row("steps", i, l), o.Text[l])
		}
		for i, p := range it.Pairs {
			f.Set(row("pairs", i, "left."+l), p.Left[l])
			f.Set(row("pairs", i, "right."+l), p.Right[l])
		}
	}
	for i, o := range it.Options {
		switch {
		case it.Type == item.Step:
			f.Set(row("options", i, "mark"), string(o.Rating))
		case o.Correct:
			f.Set(row("options", i, "mark"), "right")
		}
	}
	f.Set("answer", strconv.FormatFloat(it.Answer, 'f', -1, 64))
	f.Set("tolerance", strconv.FormatFloat(it.Tolerance, 'f', -1, 64))
	return f
}

// ItemOf reads the form. Parts of an item that is changed keep what the form has no fields for, see [kept]; where an item is used
// is for the caller to say.
func ItemOf(f *web.Form, langs []string, earlier *item.Item) (item.Item, error) {
	level, _ := strconv.Atoi(f.Get("level")) // no number is refused as a level
	it := item.Item{
		ID: f.Text("id"), Objective: f.Text("objective"), Level: level, Type: item.Type(f.Get("type")), NoShuffle: f.Get("no-shuffle") != "",
		Question: f.Translated(langs, "question."), Explanation: f.Translated(langs, "explanation."),
	}
	var err error
	switch it.Type {
	case item.Single, item.Multiple, item.Step:
		it.Options = kept(optionsIn(f, langs, it.Type), earlier.Options)
	case item.Order:
		it.Steps = kept(stepsIn(f, langs), earlier.Steps)
	case item.Match:
		it.Pairs = keptPairs(pairsIn(f, langs), earlier.Pairs)
	case item.Number:
		err = numbersIn(f, langs, &it)
	case item.ShortText:
		it.Accept = map[string][]string{}
		for _, l := range langs {
			for line := range strings.Lines(f.Get("accept." + l)) {
				if line = strings.TrimSpace(line); line != "" {
					it.Accept[l] = append(it.Accept[l], line)
				}
			}
		}
	}
	return it, err
}

// lines makes one line of each language's text: options, steps and pairs are shown in a line.
func lines(t text.Translated) text.Translated {
	for l, s := range t {
		t[l] = strings.Join(strings.Fields(s), " ")
	}
	return t
}

// letter is the id of the part in a row of the form.
func letter(i int) string { return fmt.Sprintf("%c", 'a'+i) }

// kept gives the parts that the form was filled from their ids and feedback back, by their rows: the form has fields for
// neither, and an item that was only saved again is to make no new version.
func kept(parts, earlier []item.Option) []item.Option {
	ids := partIDs(len(earlier), func(i int) string { return earlier[i].ID })
	for i, o := range parts {
		parts[i].ID = ids[o.ID]
		for row, was := range earlier {
			if letter(row) == o.ID {
				parts[i].Feedback = was.Feedback
			}
		}
	}
	return parts
}

// keptPairs is [kept] for pairs.
func keptPairs(pairs, earlier []item.Pair) []item.Pair {
	ids := partIDs(len(earlier), func(i int) string { return earlier[i].ID })
	for i, p := range pairs {
		pairs[i].ID = ids[p.ID]
	}
	return pairs
}

// partIDs returns the id of the part in each row, by the row's letter: what it was, or for a new part a letter that no other has.
func partIDs(earlier int, was func(i int) string) map[string]string {
	ids, taken := map[string]string{}, map[string]bool{}
	for i := range earlier {
		ids[letter(i)] = was(i)
		taken[was(i)] = true
	}
	for i := earlier; i < mostRows; i++ {
		free := i
		for taken[letter(free)] {
			free++
		}
		ids[letter(i)] = letter(free)
		taken[letter(free)] = true
	}
	return ids
}

func optionsIn(f *web.Form, langs []string, t item.Type) []item.Option {
	var list []item.Option
	for i := range mostRows {
		text := lines(f.Translated(langs, row("options", i, "")))
		if len(text) == 0 {
			continue
		}
		o := item.Option{ID: letter(i), Text: text}
		if mark := f.Get(row("options", i, "mark")); t == item.Step {
			o.Rating = item.Rating(cmp.Or(mark, string(item.Poor)))
		} else {
			o.Correct = mark == "right"
		}
		list = append(list, o)
	}
	return list
}

func stepsIn(f *web.Form, langs []string) []item.Option {
	var list []item.Option
	for i := range mostRows {
		if text := lines(f.Translated(langs, row("steps", i, ""))); len(text) > 0 {
			list = append(list, item.Option{ID: letter(i), Text: text})
		}
	}
	return list
}

func pairsIn(f *web.Form, langs []string) []item.Pair {
	var list []item.Pair
	for i := range mostRows {
		left, right := lines(f.Translated(langs, row("pairs", i, "left."))), lines(f.Translated(langs, row("pairs", i, "right.")))
		if len(left)+len(right) > 0 {
			list = append(list, item.Pair{ID: letter(i), Left: left, Right: right})
		}
	}
	return list
}

func numbersIn(f *web.Form, langs []string, it *item.Item) error {
	var faults errs.Fields
	var err error
	if it.Answer, err = item.ParseNumber(f.Text("answer")); err != nil {
		faults.Add("answer", "item.fault.number")
	}
	if tolerance := f.Text("tolerance"); tolerance != "" {
		if it.Tolerance, err = item.ParseNumber(tolerance); err != nil {
			faults.Add("tolerance", "item.fault.number")
		}
	}
	if unit := f.Translated(langs, "unit."); len(unit) > 0 {
		it.Unit = unit
	}
	return faults.Err()
}

func rowLabel(p *lang.Printer, i int, side, l string) string {
	return p.T("item.edit.row"+map[string]string{"left.": "-left", "right.": "-right"}[side], "Row", i+1, "Lang", p.Language(l))
}

func markOptions(p *lang.Printer, t item.Type) []ui.Option {
	if t == item.Step {
		return ui.OptionsOf(p, "", "item.rating.", []string{string(item.Poor), string(item.Fair), string(item.Good)})
	}
	return []ui.Option{{Label: p.T("item.edit.wrong")}, {Value: "right", Label: p.T("item.edit.right")}}
}
