package itembankweb

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// editView is the form of an item.
type editView struct {
	itemweb.Editor
	ItemID     string // "" for a new one
	Objectives []string
	Titles     objectives
}

func (h *Pages) newItem(w http.ResponseWriter, r *http.Request) error {
	f := web.NewForm("type", cmp.Or(r.URL.Query().Get("type"), string(item.Single)), "level", "2")
	if f.Get("type") == string(item.Single) {
		f.Set("options.0.mark", "right") // most authors write the right answer first; the order is shuffled for whoever is asked
	}
	return h.showEdit(w, r, itembank.Version{}, f)
}

func (h *Pages) editItem(w http.ResponseWriter, r *http.Request) error {
	newest, err := h.newest(r)
	if err != nil {
		return err
	}
	f := itemweb.FormOf(newest.Content, newest.Languages)
	f.Set("topic", newest.Topic)
	f.Set("base", newest.ID)
	return h.showEdit(w, r, newest, f)
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
	v := editView{Editor: itemweb.Editor{Form: f, Langs: h.formLangs(newest), New: newest.ItemID == ""}, ItemID: newest.ItemID}
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
	return web.Show(w, r, web.View{Title: printer(r).T(title), Nav: "bank", Status: f.Status(), With: []string{"growing.js"}}, editPage(v))
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
	if other := f.Text("objective-new"); other != "" { // from here on it is the one that was chosen
		f.Set("objective", other)
	}
	if f.Get("change-type") != "" || f.Get("rows") != "" { // another type, or one more row: nothing is judged yet
		return h.showEdit(w, r, newest, f)
	}
	d := itembank.Draft{Topic: f.Get("topic"), Why: f.Text("why"), Base: f.Get("base")}
	d.Item, err = itemweb.ItemOf(f, h.formLangs(newest), &newest.Content)
	if err == nil {
		d.Use = item.UseCompetence
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
		if errors.Is(err, errs.ErrConflict) { // who saves once more knows that there is a newer one
			if newest, err = h.newest(r); err != nil {
				return err
			}
			f.Set("base", newest.ID)
		}
		return h.showEdit(w, r, newest, f)
	}
	return err
}

// topicOptions offers the topics; for a new item, to take over the topic of the objective's other items.
func topicOptions(p *lang.Printer, v editView) []ui.Option {
	as := ""
	if v.ItemID == "" && len(v.Objectives) > 0 {
		as = "assessment.item.topic-as-objective"
	}
	return ui.OptionsOf(p, as, "assessment.topic.", course.Topics)
}

// saveWords are the words of the button that keeps an item.
func saveWords(p *lang.Printer, first bool) string {
	if first {
		return p.T("assessment.item.save-new")
	}
	return p.T("assessment.item.save")
}
