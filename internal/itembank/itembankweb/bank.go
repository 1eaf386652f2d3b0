package itembankweb

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itembank"
	"ostoja/internal/itembank/exchange"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// importLimit bounds an uploaded file of items, in bytes.
const importLimit = 6 << 20

// itemsView is the list of the bank.
type itemsView struct {
	Shown      *listweb.Shown
	Exchange   []ui.NavItem // the items that the list shows, as files for other programs
	Objectives []string
	Titles     objectives
	Origins    []string
	MayWrite   bool
}

func (h *Pages) items(w http.ResponseWriter, r *http.Request) (err error) {
	ctx := r.Context()
	v := itemsView{MayWrite: web.Actor(ctx).Everywhere(access.ItemsWrite)}
	if v.Objectives, err = h.Service.Objectives(ctx); err != nil {
		return err
	}
	if v.Titles, err = h.objectives(ctx); err != nil {
		return err
	}
	if v.Origins, err = h.Service.Origins(ctx); err != nil {
		return err
	}
	l := h.itemList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(ctx); err != nil {
		return err
	}
	if v.Shown.Total > 0 {
		v.Exchange = exchangeLinks(printer(r), l.Asked())
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.bank.title"), Nav: "bank", Wide: true}, itemsPage(v))
}

// itemView is an item's page: its newest version as a participant sees it, with the key, and its history.
type itemView struct {
	Versions  []itembank.Version
	Shown     itembank.Version
	Lang      string
	Names     map[string]string
	Titles    objectives
	Texts     *course.Course
	Form      *web.Form
	MayWrite  bool
	MayReview bool
	Before    *itembank.Version // the version before the one that is shown, nil if there is none
	Asked     *approval.Request
}

func (h *Pages) item(w http.ResponseWriter, r *http.Request) error {
	return h.showItem(w, r, web.NewForm())
}

func (h *Pages) showItem(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := itemView{Form: f, Texts: h.texts, MayWrite: actor.Everywhere(access.ItemsWrite)}
	var err error
	if v.Versions, err = h.Service.ItemVersions(ctx, actor, r.PathValue("item")); err != nil {
		return err
	}
	v.Shown = v.Versions[0]
	if n, err := strconv.Atoi(r.URL.Query().Get("version")); err == nil {
		i := slices.IndexFunc(v.Versions, func(x itembank.Version) bool { return x.Number == n })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		v.Shown = v.Versions[i]
	}
	v.Lang = r.URL.Query().Get("in")
	if langs := v.Shown.Languages; !slices.Contains(langs, v.Lang) {
		v.Lang = langs[0]
		if slices.Contains(langs, printer(r).Tag()) {
			v.Lang = printer(r).Tag()
		}
	}
	v.MayReview = itembank.MayReview(actor, v.Shown)
	for i := range v.Versions {
		if v.Versions[i].Number == v.Shown.Number-1 {
			v.Before = &v.Versions[i]
		}
	}
	if v.Shown.Current() {
		if v.Asked, err = h.Approvals.Of(ctx, actor, approval.BankItem, v.Shown.ItemID); err != nil {
			return err
		}
	}
	var ids []string
	for _, x := range v.Versions {
		ids = append(ids, x.AuthorID, x.ReviewerID)
	}
	// Who may read items may know who wrote and approved them, also without a right to read people.
	if v.Names, err = h.Names(ctx, access.System, ids); err != nil {
		return err
	}
	if v.Titles, err = h.objectives(ctx); err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.item.title"), Nav: "bank", Status: f.Status()}, itemPage(v))
}

func (h *Pages) review(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	verdict := itembank.Approved
	if f.Get("return") != "" {
		verdict = itembank.Returned
	}
	n, err := h.Service.Review(r.Context(), web.Actor(r.Context()), f.Values["version"], verdict, f.Text("note"))
	if err != nil && f.Get("item") != "" && f.Fail(printer(r), err) {
		r.SetPathValue("item", f.Get("item"))
		return h.showItem(w, r, f)
	}
	if err != nil {
		return err
	}
	if verdict == itembank.Approved {
		h.Site.SayN(w, "assessment.review.said", n)
	} else {
		h.Site.Say(w, "assessment.review.said-returned")
	}
	back := web.LocalPath(f.Get("back"))
	if back == "" {
		back = "/app/bank"
	}
	return web.Redirect(w, r, back)
}

func (h *Pages) retire(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	retired := f.Get("back") == ""
	if err := h.Service.Retire(r.Context(), web.Actor(r.Context()), r.PathValue("item"), retired); err != nil {
		return err
	}
	if retired {
		h.Site.Say(w, "assessment.item.said-retired")
	} else {
		h.Site.Say(w, "assessment.item.said-back")
	}
	return web.Redirect(w, r, "/app/bank/items/"+r.PathValue("item"))
}

// importView is the form that brings items in, and what became of a file.
type importView struct {
	Form     *web.Form
	Langs    []string
	Imported *itembank.Imported
	Losses   []exchange.Loss
}

func (h *Pages) importForm(w http.ResponseWriter, r *http.Request) error {
	return h.showImport(w, r, importView{Form: web.NewForm("lang", printer(r).Tag(), "level", "2")})
}

func (h *Pages) showImport(w http.ResponseWriter, r *http.Request, v importView) error {
	if !web.Actor(r.Context()).Everywhere(access.ItemsWrite) {
		return errs.Forbidden("error.forbidden")
	}
	v.Langs = h.Site.Catalogue.Langs()
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.import.title"), Nav: "bank", Status: v.Form.Status()}, importPage(v))
}

func (h *Pages) importItems(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	v := importView{Form: f}
	drafts, losses, err := readDrafts(f, content)
	if f.Fail(printer(r), err) {
		return h.showImport(w, r, v)
	}
	if err != nil {
		return err
	}
	imported, err := h.Service.Import(r.Context(), web.Actor(r.Context()), drafts)
	if f.Fail(printer(r), err) {
		return h.showImport(w, r, v)
	}
	if err != nil {
		return err
	}
	v.Imported, v.Losses = &imported, losses
	return h.showImport(w, r, v)
}

// readDrafts reads an uploaded file. What the format has no place for comes from the form.
func readDrafts(f *web.Form, content []byte) ([]itembank.Draft, []exchange.Loss, error) {
	format, ok := exchange.ParseFormat(f.Get("format"))
	var faults errs.Fields
	if !ok {
		faults.Add("format", "assessment.import.no-format")
	}
	if len(content) == 0 {
		faults.Add("file", "assessment.import.no-file")
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	items, losses, err := exchange.Read(content, format, f.Get("lang"))
	if e := (*errs.Error)(nil); errors.As(err, &e) {
		return nil, nil, errs.Fields{{Name: "file", Key: e.Key, Args: e.Args}}.Err()
	} else if err != nil {
		return nil, nil, err
	}
	drafts := make([]itembank.Draft, len(items))
	level, _ := strconv.Atoi(f.Get("level"))
	for i, it := range items {
		d := itembank.Draft{Item: it.Item, Topic: it.Topic}
		d.Use = item.UseCompetence
		if d.Topic == "" {
			d.Topic = f.Get("topic")
		}
		if d.Objective == "" {
			d.Objective = f.Text("objective")
		}
		if d.Level == 0 {
			d.Level = level
		}
		if prefix := f.Text("prefix"); prefix != "" && !strings.HasPrefix(d.ID, prefix) {
			d.ID = prefix + "-" + d.ID
		}
		drafts[i] = d
	}
	return drafts, losses, nil
}

// exportItems writes the items that a list's filters choose: items.gift.txt, items.aiken.txt or items.xml, in one language.
// What the format has no place for is named in a second file, losses.txt.
func (h *Pages) exportItems(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	format, ok := exchange.ParseFormat(r.URL.Query().Get("format"))
	if !ok || name != "items" && name != "losses.txt" {
		return errs.NotFound("error.not-found")
	}
	list, _, err := h.Service.Items(r.Context(), web.Actor(r.Context()), itemFilter(askedItems(r.URL.Query())), 1, 0)
	if err != nil {
		return err
	}
	tag := cmp.Or(r.URL.Query().Get("in"), printer(r).Tag())
	items := make([]exchange.Item, len(list))
	for i, v := range list {
		items[i] = exchange.Item{Item: v.Content, Topic: v.Topic}
	}
	var b bytes.Buffer
	losses, err := exchange.Write(&b, format, tag, items)
	if err != nil {
		return err
	}
	if name == "losses.txt" {
		p := printer(r)
		web.Attachment(w, "text/plain; charset=utf-8", "losses.txt", []byte(strings.Join(append(lossLines(p, losses), ""), "\n")))
		return nil
	}
	web.Attachment(w, format.MediaType(), "items-"+tag+"."+format.Ending(), b.Bytes())
	return nil
}

// lossLines says what could not be carried over: the same of several items in one line, before it the items.
func lossLines(p *lang.Printer, losses []exchange.Loss) []string {
	var texts []string
	places := map[string][]string{}
	for _, l := range losses {
		s := lossText(p, l)
		where := l.Item
		if l.Line > 0 {
			where = strings.TrimSpace(where + " (" + p.T("assessment.import.line", "Line", l.Line) + ")")
		}
		if _, known := places[s]; !known {
			texts = append(texts, s)
		}
		places[s] = append(places[s], where)
	}
	lines := make([]string, len(texts))
	for i, s := range texts {
		lines[i] = s
		if where := strings.Join(places[s], ", "); where != "" {
			lines[i] = where + ": " + s
		}
	}
	return lines
}

// lossText says what was lost, without where.
func lossText(p *lang.Printer, l exchange.Loss) string {
	switch {
	case l.Args["Langs"] != nil:
		langs, _ := l.Args["Langs"].([]string) // as package exchange says
		names := make([]string, len(langs))
		for i, tag := range langs {
			names[i] = p.Language(tag)
		}
		return p.T(l.Key, "Lang", p.Language(fmt.Sprint(l.Args["Lang"])), "Langs", strings.Join(names, ", "))
	case l.Args["Parts"] != nil:
		parts, _ := l.Args["Parts"].([]exchange.Part) // likewise
		names := make([]string, len(parts))
		for i, part := range parts {
			name := part.Name
			if key := partKeys[name]; key != "" {
				name = p.T(key)
			}
			if names[i] = name; part.Value != "" {
				names[i] += " = " + part.Value
			}
		}
		return p.T(l.Key, "Parts", strings.Join(names, "; "))
	}
	return p.Args(l.Key, l.Args)
}

// partKeys are the texts for what most files have; all else is called as the file calls it.
var partKeys = map[string]string{
	"name": "exchange.part.name", "category": "exchange.part.category", "defaultgrade": "exchange.part.grade", "penalty": "exchange.part.penalty", "answernumbering": "exchange.part.numbering",
	"numberingstyle": "exchange.part.numbering", "lang": "exchange.part.lang", "gradingtype": "exchange.part.grading", "selecttype": "exchange.part.select", "selectcount": "exchange.part.count",
	"layouttype": "exchange.part.layout", "shownumcorrect": "exchange.part.shown", "shuffleanswers": "exchange.part.shuffle",
}

func verdictKind(v itembank.Verdict) ui.Kind {
	switch v {
	case itembank.Approved:
		return ui.Success
	case itembank.Returned:
		return ui.Danger
	}
	return ui.Waiting
}

func verdictKey(v itembank.Verdict) string {
	if v == itembank.Awaiting {
		return "assessment.review.awaiting"
	}
	return "assessment.review." + string(v)
}
