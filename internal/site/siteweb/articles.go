package siteweb

import (
	"net/http"
	"slices"
	"strconv"

	"ostoja/internal/approval"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// articlesView is the list of all texts.
type articlesView struct {
	Need      string // what the list is narrowed to
	List      []site.Overview
	Shown     *listweb.Shown
	Languages []content.Language
	MayAdd    bool
	Review    int // texts that wait for a second person
	Due       int // texts to be read again
	Opening   site.Opening
}

// needs are what the list can be narrowed to.
var needs = []string{"review", "draft", "stale", "due", "missing"}

func (h *Pages) articlesView(r *http.Request) (v articlesView, err error) {
	v = articlesView{Need: r.URL.Query().Get("need"), Languages: h.Service.Languages(), MayAdd: mayAdd(r)}
	if v.Opening, err = h.Service.Opening(r.Context(), web.Actor(r.Context())); err != nil {
		return v, err
	}
	v.List, err = h.Service.Articles(r.Context(), web.Actor(r.Context()))
	for _, o := range v.List {
		for _, s := range o.Languages {
			if matches(s, "review") {
				v.Review++
			}
			if s.Due {
				v.Due++
			}
		}
	}
	return v, err
}

// editPath leads to the list in which a critical part of the site is made.
func editPath(p content.Part) string {
	switch p {
	case content.PartEmergency, content.PartNationalLine:
		return "/app/site/facts"
	case content.PartPlaces:
		return "/app/site/services"
	}
	return "/app/site?need=review"
}

func matches(s site.Status, need string) bool {
	switch need {
	case "review":
		return s.Open != nil && s.Open.State == content.InReview
	case "draft":
		return s.Open != nil && s.Open.State != content.InReview
	case "stale":
		return s.Stale
	case "due":
		return s.Due
	case "missing":
		return s.Published == nil
	}
	return false
}

// stateKey says how a language of an article stands: the key of its text and its colour.
func stateKey(s site.Status) (string, ui.Kind) {
	switch {
	case s.Open != nil && s.Open.State == content.InReview:
		return "review", ui.Waiting
	case s.Open != nil && s.Open.State == content.Returned:
		return "returned", ui.Danger
	case s.Open != nil:
		return "draft", ui.Info
	case s.Published == nil:
		return "missing", ui.Plain
	case s.Stale:
		return "stale", ui.Waiting
	case s.Due:
		return "due", ui.Waiting
	}
	return "published", ui.Success
}

func (h *Pages) articles(w http.ResponseWriter, r *http.Request) error {
	v, err := h.articlesView(r)
	if err != nil {
		return err
	}
	l := h.articleList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.Shown, err = l.Open(r.Context()); err != nil {
		return err
	}
	return show(w, r, "site.title", web.NewForm(), articlesPage(v))
}

func (h *Pages) newArticle(w http.ResponseWriter, r *http.Request) error {
	kind := content.Kind(r.URL.Query().Get("kind"))
	if !slices.Contains(content.Kinds, kind) {
		kind = content.Guide
	}
	f := web.NewForm("kind", string(kind), "topic", content.Topics[0], "day", h.today())
	return h.showNew(w, r, f)
}

func (h *Pages) showNew(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	units, err := h.unitOptions(r)
	if err != nil {
		return err
	}
	return show(w, r, "site.new", f, newPage(f, units))
}

func (h *Pages) createArticle(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	a := articleIn(f)
	a.UnitID = f.Get("unit")
	err = h.Service.CreateArticle(r.Context(), web.Actor(r.Context()), a)
	if err != nil {
		if f.Fail(printer(r), err) {
			return h.showNew(w, r, f)
		}
		return err
	}
	return web.Redirect(w, r, "/app/site/articles/"+a.ID+"/"+h.Service.Bundle().SourceLang)
}

// articleIn reads the form of what all languages have in common.
func articleIn(f *web.Form) content.Article {
	a := content.Article{ID: f.Text("id"), Kind: content.Kind(f.Get("kind")), Topic: f.Get("topic"), Leaflet: f.Get("leaflet") != "", Day: f.Text("day")}
	for _, d := range f.Values["doors"] {
		a.Doors = append(a.Doors, content.Door(d))
	}
	for _, x := range f.Values["audiences"] {
		a.Audiences = append(a.Audiences, content.Audience(x))
	}
	if a.Kind == content.Guide {
		a.Day = ""
	}
	return a
}

// articleView is an article with its languages.
type articleView struct {
	site.Overview
	Form     *web.Form
	MayWrite bool
	Names    map[string]string
	List     *listweb.Shown // of the texts
	Address  string         // of the page in the source language, below the base address
}

func (h *Pages) article(w http.ResponseWriter, r *http.Request) error {
	return h.showArticle(w, r, nil)
}

func (h *Pages) showArticle(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	o, err := h.Service.Article(r.Context(), web.Actor(r.Context()), r.PathValue("article"))
	if err != nil {
		return err
	}
	if f == nil {
		f = web.NewForm("topic", o.Topic, "day", o.Day, "position", strconv.Itoa(o.Position))
		if o.Leaflet {
			f.Set("leaflet", "1")
		}
		for _, d := range o.Doors {
			f.Add("doors", string(d))
		}
		for _, x := range o.Audiences {
			f.Add("audiences", string(x))
		}
	}
	v := articleView{Overview: o, Form: f, MayWrite: o.MayChange(web.Actor(r.Context())), Address: h.Reader.Address(o.Article)}
	var ids []string
	for _, s := range o.Languages {
		for _, t := range []*content.Text{s.Published, s.Open} {
			if t != nil {
				ids = append(ids, t.AuthorID, t.ReviewerID)
			}
		}
	}
	if v.Names, err = h.names(r, ids); err != nil {
		return err
	}
	l := h.languageList(r, v)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	return show(w, r, "site.article", f, articlePage(v))
}

func (h *Pages) updateArticle(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	a := articleIn(f)
	a.ID, a.Day, a.Position = r.PathValue("article"), f.Text("day"), number(f.Text("position"))
	if err := h.Service.UpdateArticle(r.Context(), web.Actor(r.Context()), a); err != nil {
		if f.Fail(printer(r), err) {
			return h.showArticle(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.saved")
	return web.Redirect(w, r, "/app/site/articles/"+a.ID)
}

// textView is a text that is being written, with its source beside it.
type textView struct {
	Article  site.Overview
	Lang     content.Language
	Form     *web.Form
	Source   *content.Text // of a translation
	Facts    []content.Fact
	Articles []site.Overview
	SavedID  string // the draft that was just saved
}

func (h *Pages) editText(w http.ResponseWriter, r *http.Request) error {
	return h.showText(w, r, nil, "")
}

func (h *Pages) showText(w http.ResponseWriter, r *http.Request, f *web.Form, savedID string) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	i := slices.IndexFunc(h.Service.Languages(), func(l content.Language) bool { return l.Tag == r.PathValue("lang") })
	if i < 0 {
		return errs.NotFound("error.not-found")
	}
	v := textView{Lang: h.Service.Languages()[i], SavedID: savedID}
	var err error
	if v.Articles, err = h.Service.Articles(ctx, actor); err != nil {
		return err
	}
	at := slices.IndexFunc(v.Articles, func(o site.Overview) bool { return o.ID == r.PathValue("article") })
	if at < 0 {
		return errs.NotFound("error.not-found")
	}
	v.Article = v.Articles[at]
	if v.Facts, err = h.Service.Facts(ctx, actor); err != nil {
		return err
	}
	if v.Lang.Tag != v.Article.SourceLang {
		v.Source = v.Article.Texts[v.Article.SourceLang]
	}
	if f == nil {
		f = web.NewForm()
		if t := current(v.Article.Languages[i]); t != nil {
			f = web.NewForm("title", t.Title, "tab", t.Tab, "summary", t.Summary, "body", t.Body, "base", t.Base(), "follows", strconv.Itoa(t.Follows))
		}
	}
	if old := r.URL.Query().Get("from"); old != "" { // an earlier version is brought back as a draft
		t, a, err := h.Service.Text(ctx, actor, old)
		if err != nil {
			return err
		}
		if a.ID != v.Article.ID || t.Lang != v.Lang.Tag {
			return errs.NotFound("error.not-found")
		}
		for name, words := range map[string]string{"title": t.Title, "tab": t.Tab, "summary": t.Summary, "body": t.Body, "follows": strconv.Itoa(t.Follows)} {
			f.Set(name, words)
		}
	}
	v.Form = f
	return show(w, r, "site.edit", f, textPage(v))
}

// current is the text that an author goes on with: the open one, or the published one.
func current(s site.Status) *content.Text {
	if s.Open != nil {
		return s.Open
	}
	return s.Published
}

func (h *Pages) saveText(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	d := site.TextDraft{
		ArticleID: r.PathValue("article"), Lang: r.PathValue("lang"), Title: f.Get("title"), Tab: f.Get("tab"), Summary: f.Get("summary"), Body: f.Get("body"), Base: f.Get("base"),
	}
	follows := "follows"
	if f.Get("current") != "" {
		follows = "source-number"
	}
	d.Follows = max(number(f.Get(follows)), 0) // nothing keeps what it followed
	saved, err := h.Service.SaveDraft(r.Context(), web.Actor(r.Context()), d)
	id := saved.ID
	if id != "" { // kept, perhaps with its faults
		f.Set("base", saved.Base())
	}
	if err != nil {
		if !f.Fail(printer(r), err) {
			return err
		}
		return h.showText(w, r, f, id)
	}
	switch f.Get("then") {
	case "submit":
		if err := h.Service.SubmitBecause(r.Context(), web.Actor(r.Context()), id, f.Get("why")); err != nil {
			if f.Fail(printer(r), err) {
				return h.showText(w, r, f, id)
			}
			return err
		}
		h.Site.Say(w, "site.submitted")
		return web.Redirect(w, r, "/app/site/texts/"+id)
	case "preview":
		return web.Redirect(w, r, "/app/site/texts/"+id+"/preview")
	}
	h.Site.Say(w, "site.draft-saved")
	return web.Redirect(w, r, "/app/site/articles/"+d.ArticleID+"/"+d.Lang)
}

// reviewView is one version of a text.
type reviewView struct {
	Text      *content.Text
	Article   site.Overview
	Form      *web.Form
	Published *content.Text // what stands on the site now, nil if nothing
	Versions  []content.Text
	Names     map[string]string
	MayWrite  bool
	Own       bool            // the person who looks is one of its writers
	Withheld  []*content.Fact // for whose sake an open text cannot be published
	Before    *content.Text   // what it is compared with: what stands on the site, or the version before; nil if there is none
	Asked     *approval.Request
}

func (h *Pages) text(w http.ResponseWriter, r *http.Request) error {
	return h.showReview(w, r, web.NewForm())
}

func (h *Pages) showReview(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor := r.Context(), web.Actor(r.Context())
	t, a, err := h.Service.Text(ctx, actor, r.PathValue("text"))
	if err != nil {
		return err
	}
	v := reviewView{Text: &t, Form: f, MayWrite: a.MayChange(actor)}
	if v.Article, err = h.Service.Article(ctx, actor, a.ID); err != nil {
		return err
	}
	wrote, err := h.Service.Writers(ctx, actor, t.ID)
	if err != nil {
		return err
	}
	v.Own = slices.Contains(wrote, actor.PersonID)
	if t.Open() {
		if v.Withheld, err = h.Service.Withheld(ctx, &t); err != nil {
			return err
		}
	}
	if v.Versions, err = h.Service.Versions(ctx, actor, a.ID, t.Lang); err != nil {
		return err
	}
	var ids []string
	for i, x := range v.Versions {
		ids = append(ids, x.AuthorID, x.ReviewerID)
		if x.State == content.Published && x.ID != t.ID {
			v.Published = &v.Versions[i]
		}
	}
	if v.Names, err = h.names(r, ids); err != nil {
		return err
	}
	v.Before = before(v)
	if v.Asked, err = h.Approvals.Of(ctx, actor, approval.SiteText, t.ID); err != nil {
		return err
	}
	return show(w, r, "site.version", f, versionPage(v))
}

// before is what a version is compared with: an open one with what stands on the site, any other with the one before it.
func before(v reviewView) *content.Text {
	if v.Text.Open() && v.Published != nil {
		return v.Published
	}
	for i := range v.Versions { // the newest first
		if v.Versions[i].Number < v.Text.Number {
			return &v.Versions[i]
		}
	}
	return nil
}

// textParts are the fields of a text that differ from those of another version, nil if none was there.
func textParts(p *lang.Printer, was, is *content.Text) (parts []ui.DiffPart) {
	for _, f := range []struct{ key, was, is string }{
		{"site.heading", was.Title, is.Title}, {"site.tab", was.Tab, is.Tab}, {"site.summary", was.Summary, is.Summary}, {"site.body", was.Body, is.Body},
	} {
		if f.was != f.is {
			parts = append(parts, ui.DiffPart{Label: p.T(f.key), Before: f.was, After: f.is, Lang: is.Lang})
		}
	}
	return parts
}

// preview shows a text as a reader will see it.
func (h *Pages) preview(w http.ResponseWriter, r *http.Request) error {
	t, a, err := h.Service.Text(r.Context(), web.Actor(r.Context()), r.PathValue("text"))
	if err != nil {
		return err
	}
	if t.State != content.Published && t.State != content.Superseded { // it would be a text of today
		t.ReviewedAt = h.Service.Now()
	}
	return h.Reader.Preview(w, r, a, &t)
}

func (h *Pages) submit(w http.ResponseWriter, r *http.Request) error {
	return h.step(w, r, "site.submitted", func(id string) error {
		return h.Service.SubmitBecause(r.Context(), web.Actor(r.Context()), id, r.PostForm.Get("why"))
	})
}

// step does something to a text, and shows its page with what is wrong, or with a word that it was done.
func (h *Pages) step(w http.ResponseWriter, r *http.Request, said string, do func(id string) error) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("text")
	if err := do(id); err != nil {
		if f.Fail(printer(r), err) {
			return h.showReview(w, r, f)
		}
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, "/app/site/texts/"+id)
}

func (h *Pages) review(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errs.Invalid("error.invalid").Because(err)
	}
	v := site.Verdict{Base: r.PostForm.Get("base"), Publish: r.PostForm.Get("return") == "", Note: r.PostForm.Get("note"), SameMeaning: r.PostForm.Get("same") != ""}
	said := "site.returned"
	if v.Publish {
		said = "site.published"
	}
	return h.step(w, r, said, func(id string) error {
		return h.Service.Review(r.Context(), web.Actor(r.Context()), id, v)
	})
}

func (h *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Withdraw(r.Context(), web.Actor(r.Context()), r.PathValue("article"), r.PathValue("lang")); err != nil {
		return err
	}
	h.Site.Say(w, "site.withdrawn")
	return web.Redirect(w, r, "/app/site/articles/"+r.PathValue("article"))
}

func (h *Pages) addFile(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	data, name, err := web.File(r, "file")
	if err != nil {
		return err
	}
	file := content.File{ArticleID: r.PathValue("article"), Edition: f.Get("edition"), Lang: f.Get("lang"), Name: name}
	if err := h.Service.AddFile(r.Context(), web.Actor(r.Context()), file, data); err != nil {
		if f.Fail(printer(r), err) {
			return h.showArticle(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.file-added")
	return web.Redirect(w, r, "/app/site/articles/"+file.ArticleID)
}

func (h *Pages) removeFile(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := h.Service.RemoveFile(r.Context(), web.Actor(r.Context()), r.PathValue("file")); err != nil {
		return err
	}
	h.Site.Say(w, "site.file-removed")
	return web.Redirect(w, r, web.LocalPath("/app/site/articles/"+f.Get("article")))
}

// person names an author or reviewer.
func person(p *lang.Printer, names map[string]string, id string) string {
	if id == "" {
		return p.T("site.program")
	}
	if n := names[id]; n != "" {
		return n
	}
	return p.T("site.somebody")
}
