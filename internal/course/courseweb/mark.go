package courseweb

import (
	"bytes"
	"net/http"
	"strconv"

	"ostoja/internal/course/angoff"
	"ostoja/internal/item"
	"ostoja/internal/lang"
	"ostoja/internal/sheet"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// markView is the page on which the pass mark of a course's test is judged.
type markView struct {
	angoff.Panel
	ID    string
	Tag   string
	Items []*item.Item
	Form  *web.Form
}

// rounds are the marks of the rounds in which anybody judged.
func (v markView) rounds() (list []angoff.Mark) {
	for round := 1; round <= angoff.Rounds; round++ {
		if m := angoff.MarkOf(v.Course.Course, v.List, round); m.Experts > 0 {
			list = append(list, m)
		}
	}
	return list
}

func (h *Pages) mark(w http.ResponseWriter, r *http.Request) error {
	return h.showMark(w, r, web.NewForm("round", "1"))
}

func (h *Pages) readMark(r *http.Request, form *web.Form) (v markView, err error) {
	v = markView{ID: r.PathValue("course"), Tag: lang.From(r.Context()).Tag(), Form: form}
	if v.Panel, err = h.marks.Panel(r.Context(), web.Actor(r.Context()), v.ID); err != nil {
		return v, err
	}
	if !v.Course.HasLanguage(v.Tag) {
		v.Tag = v.Course.Languages[0]
	}
	v.Items = angoff.Items(v.Course.Course)
	return v, nil
}

func (h *Pages) showMark(w http.ResponseWriter, r *http.Request, form *web.Form) error {
	v, err := h.readMark(r, form)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "authoring.mark.title"), Nav: "authoring", Status: form.Status()}, markPage(v))
}

// judge keeps what was typed for an expert.
func (h *Pages) judge(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.readMark(r, form)
	if err != nil {
		return err
	}
	d := angoff.Draft{Expert: form.Text("expert"), Shares: map[string]string{}}
	d.Round, _ = strconv.Atoi(form.Get("round")) // no number is no round, and refused
	for _, it := range v.Items {
		d.Shares[it.ID] = form.Text("share." + it.ID)
	}
	if err := h.marks.Enter(r.Context(), web.Actor(r.Context()), v.ID, d); err != nil {
		if !form.Fail(lang.From(r.Context()), err) {
			return err
		}
		return h.showMark(w, r, form)
	}
	h.site.Say(w, "authoring.mark.said", "Expert", d.Expert)
	return web.Redirect(w, r, "/app/authoring/"+v.ID+"/pass-mark")
}

// markFile sends all that was judged: a line for each item, a column for each expert of each round.
func (h *Pages) markFile(w http.ResponseWriter, r *http.Request) error {
	v, err := h.readMark(r, web.NewForm())
	if err != nil {
		return err
	}
	p := lang.From(r.Context())
	header := []string{p.T("authoring.mark.item"), p.T("authoring.mark.objective"), p.T("authoring.mark.chance")}
	for _, j := range v.List {
		header = append(header, p.T("authoring.mark.column", "Expert", j.Expert, "Round", j.Round))
	}
	chances := v.Course.Chances(v.Course.Test())
	var rows [][]any
	for _, it := range v.Items {
		row := []any{it.ID, it.Objective, sheet.Decimal{Value: chances[it.ID], Places: 3}}
		for _, j := range v.List {
			row = append(row, sheet.Decimal{Value: j.Shares[it.ID], Places: 1})
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.CSV, p.T("authoring.mark.title"), header, sheet.Of(rows)); err != nil {
		return err
	}
	web.Attachment(w, sheet.CSV.MediaType(), v.ID+"-pass-mark.csv", b.Bytes())
	return nil
}

// markText says of a course's pass mark whether it was judged, by how many and when.
func markText(p *lang.Printer, m angoff.Mark) string {
	if !m.Judged() {
		return p.T("authoring.mark.not-judged", "Experts", m.Experts, "Least", angoff.LeastExperts)
	}
	return p.T("authoring.mark.judged", "Percent", p.Percent(m.Percent, 1), "Experts", m.Experts, "Day", p.Date(m.At))
}

// keyOf says what is right in an item, for experts.
func keyOf(v markView, it *item.Item, p *lang.Printer) (list []string) {
	switch it.Type {
	case item.Order:
		for _, s := range it.Steps {
			list = append(list, v.Course.Inline(s.Text, v.Tag))
		}
	case item.Match:
		for _, pair := range it.Pairs {
			list = append(list, v.Course.Inline(pair.Left, v.Tag)+" – "+v.Course.Inline(pair.Right, v.Tag))
		}
	case item.Number:
		list = append(list, p.Number(it.Answer)+" "+v.Course.Inline(it.Unit, v.Tag))
	case item.ShortText:
		for _, s := range it.Accept[v.Tag] {
			list = append(list, v.Course.Inline(map[string]string{v.Tag: s}, v.Tag))
		}
	}
	for _, o := range it.Options {
		line := v.Course.Inline(o.Text, v.Tag)
		if o.Best() {
			line = "<strong>" + line + "</strong> (" + p.T("authoring.mark.right") + ")"
		}
		list = append(list, line)
	}
	return list
}

func shareField(v markView, it *item.Item, p *lang.Printer) ui.Field {
	name := "share." + it.ID
	return ui.Field{Name: name, Label: p.T("authoring.mark.share"), InputMode: "decimal", Required: true, Value: v.Form.Get(name), Error: v.Form.Error(name)}
}

// objectiveText is the objective that an item measures.
func objectiveText(v markView, it *item.Item) string {
	for _, o := range v.Course.Objectives {
		if o.ID == it.Objective {
			return o.Text.In(v.Tag)
		}
	}
	return it.Objective
}
