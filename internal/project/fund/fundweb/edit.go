package fundweb

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/project/fund"
	"ostoja/internal/text"
	"ostoja/internal/web"
)

// What can be edited beside the rules of a set.
const (
	newIndicator = "new-indicator"
	newSource    = "new-source"
	sourcePrefix = "source:"
)

// editView is the form of a rule or a source.
type editView struct {
	Set    fund.Set
	What   string // of the address
	Rule   fund.Rule
	Source string // the key of the source that is edited
	Form   *web.Form
}

// isNew says whether something is added.
func (v editView) isNew() bool { return v.What == newIndicator || v.What == newSource }

// ofSource says whether it is the form of a source.
func (v editView) ofSource() bool { return v.What == newSource || v.Source != "" }

// ofIndicator says whether it is the form of an indicator.
func (v editView) ofIndicator() bool { return v.What == newIndicator || v.Rule.IndicatorID() != "" }

// open finds what the address names, in a set that the actor may write.
func (h *Pages) open(r *http.Request) (v editView, err error) {
	if !mayWrite(r) {
		return v, errs.Forbidden("error.forbidden")
	}
	if v.Set, err = h.get(r); err != nil {
		return v, err
	}
	v.What = r.PathValue("rule")
	key, isSource := strings.CutPrefix(v.What, sourcePrefix)
	_, listed := v.Set.Rules.SourceOf(key)
	switch {
	case v.isNew():
	case isSource && listed:
		v.Source = key
	case v.Set.Rules.Has(fund.Rule(v.What)):
		v.Rule = fund.Rule(v.What)
	default:
		return v, errs.NotFound("error.not-found")
	}
	return v, nil
}

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	v, err := h.open(r)
	if err != nil {
		return err
	}
	v.Form = first(v)
	return h.showEdit(w, r, v)
}

func (h *Pages) showEdit(w http.ResponseWriter, r *http.Request, v editView) error {
	return web.Show(w, r, web.View{Title: v.title(lang.From(r.Context())), Nav: menuItem, Status: v.Form.Status()}, editPage(v))
}

func (h *Pages) save(w http.ResponseWriter, r *http.Request) error {
	v, err := h.open(r)
	if err != nil {
		return err
	}
	if v.Form, err = web.ReadForm(r); err != nil {
		return err
	}
	ctx := r.Context()
	err = h.Service.Edit(ctx, web.Actor(ctx), v.Set.ID, edition(v.Form), v.change())
	if v.Form.Fail(lang.From(ctx), err) {
		v.Form.Set("edition", strconv.Itoa(v.Set.Edition)) // who was told that it has moved on, and sends again, means it
		return h.showEdit(w, r, v)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "fund.said-saved")
	return web.Redirect(w, r, pathOf(v.Set.ID))
}

// first fills the form with what stands in the set.
func first(v editView) *web.Form {
	r, f := v.Set.Rules, web.NewForm("edition", strconv.Itoa(v.Set.Edition), "source", v.Set.Rules.Source(v.Rule))
	put := func(prefix string, t text.Translated) {
		for lang, s := range t {
			f.Set(prefix+lang, s)
		}
	}
	if s, ok := r.SourceOf(v.Source); ok {
		f.Set("key", s.Key)
		f.Set("title", s.Title)
		f.Set("address", s.Address)
		f.Set("read", s.Read)
	}
	if x, ok := r.Indicator(v.Rule.IndicatorID()); ok {
		f.Set("id", x.ID)
		put("title-", x.Title)
		put("definition-", x.Definition)
		f.Set("unit", string(x.Unit))
		f.Set("measure", string(x.Measure))
		f.Values["by"] = plain(x.By)
	}
	switch v.Rule {
	case fund.RuleName:
		put("title-", r.Title)
		put("short-", r.Short)
		f.Set("state", string(r.State))
	case fund.RulePeriod:
		f.Set("from", r.Period.From)
		f.Set("until", r.Period.Until)
	case fund.RuleStatement:
		put("text-", r.Statement.Text)
	case fund.RuleVisible:
		put("text-", r.Visibility.Text)
	case fund.RuleNotice:
		put("text-", r.Notice.Text)
	case fund.RuleEmblem:
		f.Set("required", string(r.Emblem.Required))
	case fund.RuleCounted:
		f.Values["limits"] = plain(r.Counted.Limits)
	case fund.RuleAges:
		f.Set("bands", bandLines(r.Ages.Bands))
	case fund.RuleRetention:
		f.Set("anchor", string(r.Retention.Anchor))
		if r.Retention.Years > 0 {
			f.Set("years", strconv.Itoa(r.Retention.Years))
		}
	case fund.RuleEvidence:
		f.Values["required"] = plain(r.Evidence.Required)
	}
	return f
}

// change reads the form.
func (v editView) change() fund.Change {
	f, source := v.Form, v.Form.Get("source")
	wording := func(prefix string) text.Translated { return f.Translated(fund.Languages, prefix) }
	switch {
	case v.ofSource():
		key := v.Source
		if v.isNew() {
			key = f.Text("key")
		}
		return fund.SetSource{Source: fund.Source{Key: key, Title: f.Text("title"), Address: f.Text("address"), Read: f.Text("read")}, New: v.isNew()}
	case v.ofIndicator():
		indicatorID := v.Rule.IndicatorID()
		if v.isNew() {
			indicatorID = f.Text("id")
		}
		return fund.SetIndicator{New: v.isNew(), Indicator: fund.Indicator{
			ID: indicatorID, Title: wording("title-"), Definition: wording("definition-"), Unit: fund.Unit(f.Get("unit")), Measure: fund.Measure(f.Get("measure")),
			By: typed[fund.Breakdown](f.Values["by"]), Source: source,
		}}
	}
	switch v.Rule {
	case fund.RulePeriod:
		return fund.SetPeriod{Period: fund.Period{From: f.Text("from"), Until: f.Text("until"), Source: source}}
	case fund.RuleStatement:
		return fund.SetStatement{Statement: fund.Wording{Text: wording("text-"), Source: source}}
	case fund.RuleVisible:
		return fund.SetVisibility{Visibility: fund.Wording{Text: wording("text-"), Source: source}}
	case fund.RuleNotice:
		return fund.SetNotice{Notice: fund.Wording{Text: wording("text-"), Source: source}}
	case fund.RuleEmblem:
		return fund.SetEmblem{Required: fund.Need(f.Get("required")), Source: source}
	case fund.RuleCounted:
		return fund.SetCounted{Counted: fund.Counted{Limits: typed[fund.Limit](f.Values["limits"]), Source: source}}
	case fund.RuleAges:
		return fund.SetAges{Ages: fund.Ages{Bands: bandsOf(f.Get("bands")), Source: source}}
	case fund.RuleRetention:
		years, err := strconv.Atoi(f.Text("years"))
		if err != nil && f.Text("years") != "" {
			years = -1 // refused, and what was typed stays in the field
		}
		return fund.SetRetention{Retention: fund.Retention{Anchor: fund.Anchor(f.Get("anchor")), Years: years, Source: source}}
	case fund.RuleEvidence:
		return fund.SetEvidence{Evidence: fund.Evidence{Required: typed[fund.Proof](f.Values["required"]), Source: source}}
	}
	return fund.SetName{Title: wording("title-"), Short: wording("short-"), State: fund.State(f.Get("state")), Source: source}
}

func plain[T ~string](list []T) (out []string) {
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

func typed[T ~string](list []string) (out []T) {
	for _, x := range list {
		out = append(out, T(x))
	}
	return out
}

// bandLines writes bands as they are typed: one a line.
func bandLines(bands []fund.Band) string {
	lines := make([]string, len(bands))
	for i, b := range bands {
		lines[i] = strconv.Itoa(b.From)
		if b.Until > 0 {
			lines[i] += "–" + strconv.Itoa(b.Until)
		} else {
			lines[i] += "+"
		}
	}
	return strings.Join(lines, "\n")
}

var bandLine = regexp.MustCompile(`^(\d{1,3})\s*(?:[-–]\s*(\d{1,3})|\+)$`)

// bandsOf reads them. A line that is none becomes a band that is refused.
func bandsOf(typed string) (bands []fund.Band) {
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		m := bandLine.FindStringSubmatch(line)
		if m == nil {
			bands = append(bands, fund.Band{From: -1})
			continue
		}
		b := fund.Band{}
		b.From, _ = strconv.Atoi(m[1]) // digits by the pattern
		if m[2] != "" {
			if b.Until, _ = strconv.Atoi(m[2]); b.Until == 0 {
				b.Until = -1 // until nought is no end
			}
		}
		bands = append(bands, b)
	}
	return bands
}

func (h *Pages) askDrop(w http.ResponseWriter, r *http.Request) error {
	return h.showDrop(w, r, web.NewForm())
}

func (h *Pages) showDrop(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	if !mayWrite(r) {
		return errs.Forbidden("error.forbidden")
	}
	set, err := h.get(r)
	if err != nil {
		return err
	}
	x, there := set.Rules.Indicator(r.PathValue("indicator"))
	if !there {
		return errs.NotFound("error.not-found")
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "fund.drop"), Nav: menuItem, Status: f.Status()}, dropPage(set, x, f))
}

func (h *Pages) drop(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.Service.Edit(ctx, web.Actor(ctx), r.PathValue("fund"), edition(f), fund.DropIndicator{ID: r.PathValue("indicator")})
	if f.Fail(lang.From(ctx), err) {
		return h.showDrop(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "fund.said-dropped")
	return web.Redirect(w, r, pathOf(r.PathValue("fund")))
}

// emblemPage shows the form of the emblem again, with what an upload had wrong.
func (h *Pages) emblemPage(w http.ResponseWriter, r *http.Request, set fund.Set, f *web.Form) error {
	v := editView{Set: set, What: string(fund.RuleEmblem), Rule: fund.RuleEmblem, Form: f}
	for name, values := range first(v).Values {
		if name != "edition" {
			f.Values[name] = values
		}
	}
	return h.showEdit(w, r, v)
}

func (h *Pages) addEmblem(w http.ResponseWriter, r *http.Request) error {
	return h.onEmblem(w, r, "fund.said-emblem", func(f *web.Form, set fund.Set) error {
		picture, _, err := web.File(r, "file")
		if err != nil {
			return err
		}
		return h.Service.AddEmblem(r.Context(), web.Actor(r.Context()), set.ID, edition(f), f.Get("lang"), picture, f.Text("emblem-text"))
	})
}

func (h *Pages) removeEmblem(w http.ResponseWriter, r *http.Request) error {
	return h.onEmblem(w, r, "fund.said-emblem-removed", func(f *web.Form, set fund.Set) error {
		return h.Service.RemoveEmblem(r.Context(), web.Actor(r.Context()), set.ID, edition(f), r.PathValue("lang"))
	})
}

func (h *Pages) onEmblem(w http.ResponseWriter, r *http.Request, said string, do func(f *web.Form, set fund.Set) error) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	set, err := h.get(r)
	if err != nil {
		return err
	}
	err = do(f, set)
	if f.Fail(lang.From(r.Context()), err) {
		return h.emblemPage(w, r, set, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, said)
	return web.Redirect(w, r, pathOf(set.ID)+"/edit/"+string(fund.RuleEmblem))
}

// emblem sends a picture. It was read as PNG or JPEG when it came, and nothing else is ever sent from here.
func (h *Pages) emblem(w http.ResponseWriter, r *http.Request) error {
	mediaType, content, err := h.Service.Emblem(r.Context(), web.Actor(r.Context()), r.PathValue("fund"), r.PathValue("lang"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) //nolint:gosec // a picture that was decoded when it came, sent as what it is and never sniffed; fails only where the browser has gone
	return nil
}
