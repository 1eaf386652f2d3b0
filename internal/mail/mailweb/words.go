package mailweb

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/mail/wording"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// undoFor is how long the last change of a text is taken back by one button; later the history does it.
const undoFor = 10 * time.Minute

const wordsPath = "/app/letters/words"

func pathOf(k *wording.Known, tag string) string { return wordsPath + "/" + k.Slug() + "/" + tag }

// formName is what a form of a letter is called: a kind that has one alone is called as the kind.
func formName(p *lang.Printer, k *wording.Known) string {
	if key := "letters.words.form-" + k.Slug(); p.Has(key) {
		return p.T(key)
	}
	return kindName(p, k.Kind)
}

func state(p *lang.Printer, x wording.Row) string {
	switch {
	case x.Unfit:
		return p.T("letters.words.state-unfit")
	case x.Own():
		return p.T("letters.words.state-own")
	}
	return p.T("letters.words.state-shipped")
}

func stateName(x wording.Row) string {
	switch {
	case x.Unfit:
		return "unfit"
	case x.Own():
		return "own"
	}
	return "shipped"
}

// words lists the letters that the office may word.
func (h *Pages) words(w http.ResponseWriter, r *http.Request) error {
	ctx, p := r.Context(), lang.From(r.Context())
	rows, err := h.Words.List(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	own := 0
	for _, x := range rows {
		if x.Own() {
			own++
		}
	}
	who, err := h.whoChanged(ctx, rows)
	if err != nil {
		return err
	}
	l := h.wordList(r, rows, who)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(ctx)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: p.T("letters.words.title"), Nav: "letters", Wide: true}, wordsPage(shown, own, len(rows)))
}

// whoChanged returns what those are called who changed texts, as far as the reader may know.
func (h *Pages) whoChanged(ctx context.Context, rows []wording.Row) (map[string]string, error) {
	var ids []string
	for _, x := range rows {
		if x.ByID != "" {
			ids = append(ids, x.ByID)
		}
	}
	return h.Names(ctx, web.Actor(ctx), ids)
}

func named(p *lang.Printer, names map[string]string, personID string) string {
	if name := names[personID]; name != "" {
		return name
	}
	return p.T("letters.words.nobody")
}

// formRow is a letter with its texts in each language.
type formRow struct {
	*wording.Known
	in []wording.Row
}

func (x formRow) of(tag string) wording.Row {
	for _, r := range x.in {
		if r.Lang == tag {
			return r
		}
	}
	return wording.Row{Known: x.Known, Lang: tag}
}

func (h *Pages) wordList(r *http.Request, rows []wording.Row, who map[string]string) listweb.Of[formRow] {
	p, now := lang.From(r.Context()), h.Site.Clock.Now()
	var forms []formRow
	for _, x := range rows {
		if n := len(forms); n == 0 || forms[n-1].Known != x.Known {
			forms = append(forms, formRow{Known: x.Known})
		}
		forms[len(forms)-1].in = append(forms[len(forms)-1].in, x)
	}
	l := listweb.Of[formRow]{
		Name: "words", Title: p.T("letters.words.title"), Path: wordsPath, Query: r.URL.Query(), Now: now, Search: p.T("letters.kind"), Rows: forms,
		Find: func(x formRow) string { return formName(p, x.Known) + " " + kindName(p, x.Kind) },
		Filters: []listweb.Filter[formRow]{{
			Name: "state", Label: p.T("letters.fate"), Options: ui.OptionsOf(p, "letters.any", "letters.words.state-", []string{"shipped", "own", "unfit"}),
			Match: func(x formRow, value string) bool {
				return slices.ContainsFunc(x.in, func(r wording.Row) bool { return stateName(r) == value })
			},
		}},
		Columns: []listweb.Column[formRow]{{
			Label: p.T("letters.kind"), Place: listweb.Head, Value: func(x formRow) any { return formName(p, x.Known) },
			Link: func(x formRow) string { return pathOf(x.Known, p.Tag()) },
		}},
	}
	for _, tag := range h.Site.Catalogue.Langs() {
		l.Columns = append(l.Columns, listweb.Column[formRow]{
			Label: p.Language(tag), Phone: p.Language(tag), Value: func(x formRow) any { return state(p, x.of(tag)) },
			Link: func(x formRow) string { return pathOf(x.Known, tag) },
			Note: func(x formRow) string {
				r := x.of(tag)
				if r.Version.Version == 0 {
					return ""
				}
				return p.Moment(r.MadeAt, now) + ", " + named(p, who, r.ByID)
			},
		})
	}
	return l
}

// wordView is the page of a letter's words.
type wordView struct {
	wording.View
	Form    *web.Form // what was typed; nil: what is kept
	Typed   wording.Text
	Preview wording.Text // of what was typed, "" for none
	Around  [2]string
	Names   map[string]string
	Now     time.Time
	Said    string   // of what was done by this request itself
	Behind  bool     // another saved while this one was open
	Undo    int      // the version before the last change, -1 where nothing can be undone by a button
	Langs   []string // in which it is written
	Sample  func(wording.Place) string
}

// word shows a letter's words in a language.
func (h *Pages) word(w http.ResponseWriter, r *http.Request) error {
	v, err := h.wordOf(r)
	if err != nil {
		return err
	}
	v.Typed = v.Shown()
	if v.Unfit { // to be mended
		v.Typed = v.Text()
	}
	v.Preview = h.Words.Preview(v.Known, v.Lang, v.Shown())
	return h.showWord(w, r, v)
}

func (h *Pages) wordOf(r *http.Request) (v wordView, err error) {
	ctx := r.Context()
	if v.View, err = h.Words.One(ctx, web.Actor(ctx), wording.Slugged(r.PathValue("form")), r.PathValue("lang")); err != nil {
		return v, err
	}
	var ids []string
	for _, x := range v.Past {
		ids = append(ids, x.ByID)
	}
	if v.Names, err = h.Names(ctx, web.Actor(ctx), ids); err != nil {
		return v, err
	}
	v.Langs = h.Site.Catalogue.Langs()
	v.Now, v.Undo = h.Site.Clock.Now(), -1
	if len(v.Past) > 0 && v.Now.Sub(v.MadeAt) < undoFor {
		v.Undo = 0
		if len(v.Past) > 1 {
			v.Undo = v.Past[1].Version
		}
	}
	letters := h.Site.Catalogue.Printer(v.Lang)
	v.Around[0], v.Around[1] = v.Known.Around(letters, "")
	v.Sample = func(x wording.Place) string { return h.Words.Example(letters, x) }
	return v, nil
}

func (h *Pages) showWord(w http.ResponseWriter, r *http.Request, v wordView) error {
	p, status := lang.From(r.Context()), http.StatusOK
	if v.Form == nil {
		v.Form = &web.Form{}
	} else {
		status = v.Form.Status()
	}
	return web.Show(w, r, web.View{Title: formName(p, v.Known), Nav: "letters", Wide: true, Status: status}, wordPage(v))
}

// saveWord keeps what was typed, shows how its reader would see it, or sends it to whoever asks.
func (h *Pages) saveWord(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	v, err := h.wordOf(r)
	if err != nil {
		return err
	}
	v.Form, v.Typed = f, v.Known.Tidy(wording.Text{Subject: f.Get("subject"), Body: f.Get("body")}, v.Shipped)
	seen, _ := strconv.Atoi(f.Get("seen"))
	switch f.Get("act") {
	case "preview":
		err = v.Known.Check(v.Typed)
	case "test":
		if err = h.Words.Try(ctx, actor, v.Known.Form, v.Lang, v.Typed); err == nil {
			v.Said = p.T("letters.words.said-tried")
		}
	default:
		if err = h.Words.Save(ctx, actor, v.Known.Form, v.Lang, seen, v.Typed); err == nil {
			h.Site.Say(w, "letters.words.said-saved")
			return web.Redirect(w, r, pathOf(v.Known, v.Lang))
		}
	}
	if v.Behind = seen != v.Version.Version || errors.Is(err, errs.ErrConflict); v.Behind {
		again, err := h.wordOf(r) // what the other saved
		if err != nil {
			return err
		}
		v.View, v.Names = again.View, again.Names
	}
	if err != nil && !f.Fail(p, err) {
		return err
	}
	if err == nil {
		v.Preview = h.Words.Preview(v.Known, v.Lang, v.Typed)
	}
	return h.showWord(w, r, v)
}

// restoreWord puts an earlier text back, or the shipped one.
func (h *Pages) restoreWord(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, p, actor := r.Context(), lang.From(r.Context()), web.Actor(r.Context())
	form, tag := wording.Slugged(r.PathValue("form")), r.PathValue("lang")
	seen, err := strconv.Atoi(f.Get("seen"))
	if err != nil {
		return errs.Invalid("error.invalid")
	}
	version, err := strconv.Atoi(f.Get("version"))
	if err != nil {
		return errs.Invalid("error.invalid")
	}
	if err := h.Words.Restore(ctx, actor, form, tag, seen, version); err != nil {
		if !errors.Is(err, errs.ErrConflict) {
			return err
		}
		v, err2 := h.wordOf(r)
		if err2 != nil {
			return err2
		}
		f.Fail(p, err)
		v.Form, v.Typed, v.Behind = f, v.Shown(), false
		return h.showWord(w, r, v)
	}
	said := "letters.words.said-restored"
	if version == 0 {
		said = "letters.words.said-shipped"
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, wordsPath+"/"+r.PathValue("form")+"/"+tag)
}
