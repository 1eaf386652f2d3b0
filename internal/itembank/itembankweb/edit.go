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
	return h.showEdit(w, r, "", f)
}

func (h *Pages) editItem(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Service.ItemVersions(r.Context(), web.Actor(r.Context()), r.PathValue("item"))
	if err != nil {
		return err
	}
	return h.showEdit(w, r, r.PathValue("item"), formOf(list[0]))
}

func (h *Pages) showEdit(w http.ResponseWriter, r *http.Request, itemID string, f *web.Form) error {
	if !web.Actor(r.Context()).Everywhere(access.ItemsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	v := editView{Form: f, ItemID: itemID, Type: item.Type(f.Get("type")), Langs: h.Site.Catalogue.Langs()}
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
	if itemID != "" {
		title = "assessment.item.edit"
	}
	return web.Show(w, r, web.View{Title: printer(r).T(title), Nav: "bank", Status: f.Status()}, editPage(v))
}

func (h *Pages) writeItem(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	itemID := r.PathValue("item")
	if f.Get("change-type") != "" {
		return h.showEdit(w, r, itemID, f)
	}
	d, err := draftOf(f, h.Site.Catalogue.Langs())
	if err == nil {
		var v itembank.Version
		var made bool
		v, made, err = h.Service.WriteItem(r.Context(), web.Actor(r.Context()), itemID, d)
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
		return h.showEdit(w, r, itemID, f)
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
	for _, l := range v.Languages() {
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

// draftOf reads the form.
func draftOf(f *web.Form, langs []string) (d itembank.Draft, err error) {
	level, _ := strconv.Atoi(f.Get("level")) // no number is refused as a level
	d.Item = item.Item{
		ID: f.Text("id"), Use: item.UseCompetence, Objective: f.Text("objective"), Level: level, Type: item.Type(f.Get("type")), NoShuffle: f.Get("no-shuffle") != "",
		Question: texts(f, langs, "question."), Explanation: texts(f, langs, "explanation."),
	}
	d.Topic = f.Get("topic")
	switch d.Type {
	case item.Single, item.Multiple, item.Step:
		d.Options = optionsIn(f, langs, d.Type)
	case item.Order:
		d.Steps = stepsIn(f, langs)
	case item.Match:
		d.Pairs = pairsIn(f, langs)
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

func letter(i int) string { return fmt.Sprintf("%c", 'a'+i) }

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
