package itembankweb

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// mostRows is how many options, steps or pairs the form offers, as many as an item may have; empty ones are left out.
const mostRows = 8

// editView is the form of an item.
type editView struct {
	Form       *web.Form
	ItemID     string // "" for a new one
	Type       item.Type
	Langs      []string
	Objectives []string
	Titles     objectives
}

func (h *Pages) newItem(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("type", cmp.Or(r.URL.Query().Get("type"), string(item.Single)), "level", "2")
	return h.showEdit(w, r, itembank.Version{}, f)
}

func (h *Pages) editItem(w http.ResponseWriter, r *http.Request) error {
	newest, err := h.newest(r)
	if err != nil {
		return err
	}
	return h.showEdit(w, r, newest, formOf(newest))
}

// newest returns the newest version of the item of which the address is; nothing for the address of a new one.
func (h *Pages) newest(r *http.Request) (v itembank.Version, err error) {
	itemID := r.PathValue("item")
	if itemID == "" {
		return v, nil
	}
	list, err := h.Service.ItemVersions(r.Context(), web.Actor(r.Context()), itemID)
	if err != nil {
		return v, err
	}
	return list[0], nil
}

// formLangs returns the languages that the form has fields for: the application's, and those that the item is in already, for a
// course may be in a language that the application does not speak, and nothing is to be lost by a change in another.
func (h *Pages) formLangs(newest itembank.Version) []string {
	langs := slices.Clone(h.Site.Catalogue.Langs())
	for _, l := range newest.Languages {
		if !slices.Contains(langs, l) {
			langs = append(langs, l)
		}
	}
	return langs
}

func (h *Pages) showEdit(w http.ResponseWriter, r *http.Request, newest itembank.Version, f *web.Form) error {
	if !web.Actor(r.Context()).Everywhere(access.ItemsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	v := editView{Form: f, ItemID: newest.ItemID, Type: item.Type(f.Get("type")), Langs: h.formLangs(newest)}
	if !slices.Contains(itemTypes, string(v.Type)) {
		v.Type = item.Single
	}
	var err error
	if v.Objectives, err = h.Service.Objectives(r.Context()); err != nil {
		return err
	}
	if v.Titles, err = h.objectives(r.Context()); err != nil {
		return err
	}
	title := "assessment.item.new"
	if v.ItemID != "" {
		title = "assessment.item.edit"
	}
	return web.Show(w, r, web.View{Title: printer(r).T(title), Nav: "bank", Status: f.Status()}, editPage(v))
}

func (h *Pages) writeItem(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	newest, err := h.newest(r)
	if err != nil {
		return err
	}
	if f.Get("change-type") != "" {
		return h.showEdit(w, r, newest, f)
	}
	d, err := draftOf(f, h.formLangs(newest), &newest.Content)
	if err == nil {
		var v itembank.Version
		var made bool
		v, made, err = h.Service.WriteItem(r.Context(), web.Actor(r.Context()), newest.ItemID, d)
		if err == nil {
			if made {
				h.Site.Say(w, "assessment.item.said", "Number", v.Number)
			} else {
				h.Site.Say(w, "assessment.item.said-same", "Number", v.Number)
			}
			return web.Redirect(w, r, "/app/bank/items/"+v.ItemID)
		}
	}
	if f.Fail(printer(r), err) {
		return h.showEdit(w, r, newest, f)
	}
	return err
}

func row(kind string, i int, part string) string { return kind + "." + strconv.Itoa(i) + "." + part }

// formOf fills the form from a version.
func formOf(v itembank.Version) *web.Form {
	it := v.Content
	f := web.NewForm("id", v.Code, "type", string(v.Type), "objective", v.Objective, "topic", v.Topic, "level", strconv.Itoa(v.Level))
	if it.NoShuffle {
		f.Set("no-shuffle", "1")
	}
	for _, l := range v.Languages {
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
		case v.Type == item.Step:
			f.Set(row("options", i, "mark"), string(o.Rating))
		case o.Correct:
			f.Set(row("options", i, "mark"), "right")
		}
	}
	f.Set("answer", strconv.FormatFloat(it.Answer, 'f', -1, 64))
	f.Set("tolerance", strconv.FormatFloat(it.Tolerance, 'f', -1, 64))
	return f
}

// draftOf reads the form. Parts of an item that is changed keep what the form has no fields for, see [kept].
func draftOf(f *web.Form, langs []string, earlier *item.Item) (d itembank.Draft, err error) {
	level, _ := strconv.Atoi(f.Get("level")) // no number is refused as a level
	d.Item = item.Item{
		ID: f.Text("id"), Use: item.UseCompetence, Objective: f.Text("objective"), Level: level, Type: item.Type(f.Get("type")), NoShuffle: f.Get("no-shuffle") != "",
		Question: texts(f, langs, "question."), Explanation: texts(f, langs, "explanation."),
	}
	d.Topic = f.Get("topic")
	switch d.Type {
	case item.Single, item.Multiple, item.Step:
		d.Options = kept(optionsIn(f, langs, d.Type), earlier.Options)
	case item.Order:
		d.Steps = kept(stepsIn(f, langs), earlier.Steps)
	case item.Match:
		d.Pairs = keptPairs(pairsIn(f, langs), earlier.Pairs)
	case item.Number:
		err := numbersIn(f, langs, &d)
		return d, err
	case item.ShortText:
		d.Accept = map[string][]string{}
		for _, l := range langs {
			for line := range strings.Lines(f.Get("accept." + l)) {
				if line = strings.TrimSpace(line); line != "" {
					d.Accept[l] = append(d.Accept[l], line)
				}
			}
		}
	}
	return d, nil
}

// texts reads a text in all languages; the first that is there is what the others fall back to.
func texts(f *web.Form, langs []string, prefix string) text.Translated {
	t := text.Translated{}
	for _, l := range langs {
		if s := f.Text(prefix + l); s != "" {
			t[l] = strings.ReplaceAll(s, "\r\n", "\n")
			if t[""] == "" {
				t[""] = t[l]
			}
		}
	}
	return t
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
		text := lines(texts(f, langs, row("options", i, "")))
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
		if text := lines(texts(f, langs, row("steps", i, ""))); len(text) > 0 {
			list = append(list, item.Option{ID: letter(i), Text: text})
		}
	}
	return list
}

func pairsIn(f *web.Form, langs []string) []item.Pair {
	var list []item.Pair
	for i := range mostRows {
		left, right := lines(texts(f, langs, row("pairs", i, "left."))), lines(texts(f, langs, row("pairs", i, "right.")))
		if len(left)+len(right) > 0 {
			list = append(list, item.Pair{ID: letter(i), Left: left, Right: right})
		}
	}
	return list
}

func numbersIn(f *web.Form, langs []string, d *itembank.Draft) error {
	var faults errs.Fields
	var err error
	if d.Answer, err = item.ParseNumber(f.Text("answer")); err != nil {
		faults.Add("answer", "item.fault.number")
	}
	if tolerance := f.Text("tolerance"); tolerance != "" {
		if d.Tolerance, err = item.ParseNumber(tolerance); err != nil {
			faults.Add("tolerance", "item.fault.number")
		}
	}
	if unit := texts(f, langs, "unit."); len(unit) > 0 {
		d.Unit = unit
	}
	return faults.Err()
}
