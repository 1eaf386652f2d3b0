package site_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/sitetest"
	shipped "ostoja/site"
)

// guarded is a site that was opened with confirmed numbers; the crisis line, which no critical block names, is unconfirmed.
type guarded struct{ *desk }

const (
	spareLine = "crisis-line"    // unconfirmed, and in no critical block
	liveLine  = "la-strada-line" // confirmed, and in critical blocks of what readers see
)

func eachGuarded(t *testing.T, purpose site.Purpose, fn func(k guarded)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := guarded{&desk{T: t, d: d, clock: clock.NewFake(now.AddDate(0, 0, 7))}} // after the day on which the shipped facts were checked
		b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
		k.no(err)
		k.Service = site.New(d, k.clock, warsaw(t), b, nil, nil, purpose)
		k.first, k.second = sitetest.Editor("1"), sitetest.Editor("2")
		_, err = k.ImportBundle(t.Context(), access.System, true)
		k.no(err)
		_, err = k.Confirm(t.Context(), k.first, idsOf(k.snapshot().Unconfirmed()), "Redakcja")
		k.no(err)
		if snap := k.snapshot(); !snap.Open || !snap.Facts[spareLine].Confirm || snap.Facts[liveLine].Confirm {
			t.Fatal("the site is not as these tests want it")
		}
		fn(k)
	})
}

// review has one editor write a text and another publish it.
func (k guarded) review(lang, body string) error {
	k.Helper()
	a := k.snapshot().Article("rights").Texts[lang]
	saved, err := k.SaveDraft(k.Context(), k.first, site.TextDraft{ArticleID: "rights", Lang: lang, Title: a.Title, Tab: a.Tab, Summary: a.Summary, Body: body, Base: a.Base()})
	k.no(err)
	k.no(k.Submit(k.Context(), k.first, saved.ID))
	return k.Review(k.Context(), k.second, saved.ID, site.Verdict{Base: saved.Base(), Publish: true})
}

// TestATextWithAnUnconfirmedNumberWaits: what a critical block of a new text names must have been confirmed; the text waits until then,
// and so does what an editor reads of it.
func TestATextWithAnUnconfirmedNumberWaits(t *testing.T) {
	const critical = ":::critical\nZadzwoń: {emergency} albo {" + spareLine + "}.\n:::\n"
	for name, c := range map[string]struct {
		purpose    site.Purpose
		lang, body string
		refused    bool
	}{
		"in a critical block":               {site.Production, "pl", critical, true},
		"in a critical block of one of two": {site.Production, "pl", ":::critical\nIdź.\n:::\n\n" + critical, true},
		"in a translation":                  {site.Production, "vi", critical, true},
		"twice":                             {site.Production, "pl", critical + "\n" + critical, true},
		"outside of it":                     {site.Production, "pl", "Zadzwoń: {" + spareLine + "}.\n\n:::critical\n{emergency}\n:::\n", false},
		"in another block":                  {site.Production, "pl", ":::warning\nZadzwoń: {" + spareLine + "}.\n:::\n", false},
		"what is no number":                 {site.Production, "pl", ":::critical\n{emergency}, {child-age}\n:::\n", false},
		"in the demonstration":              {site.Demonstration, "pl", critical, false},
	} {
		t.Run(name, func(t *testing.T) {
			eachGuarded(t, c.purpose, func(k guarded) {
				before := k.snapshot().Article("rights").Texts[c.lang].Body
				err := k.review(c.lang, c.body)
				if !c.refused {
					k.no(err)
					return
				}
				k.fails(err, errs.ErrInvalid, "site.critical.text")
				if faults, _ := errs.FieldsOf(err); len(faults) != 1 || faults[0].Args["Fact"] != spareLine || !strings.Contains(faults[0].Args["Number"].(string), "116 123") {
					t.Errorf("the number is not named once: %v", faults)
				}
				o, err := k.Article(t.Context(), k.second, "rights")
				k.no(err)
				at := slices.IndexFunc(o.Languages, func(s site.Status) bool { return s.Lang == c.lang })
				open := o.Languages[at].Open
				if k.snapshot().Article("rights").Texts[c.lang].Body != before || open == nil || open.State != content.InReview || open.Body != c.body {
					t.Fatalf("the text does not wait as it was written: %+v", open)
				}
				list, err := k.Withheld(t.Context(), open)
				if k.no(err); !slices.Equal(idsOf(list), []string{spareLine}) {
					t.Errorf("it waits for %v", idsOf(list))
				}
				_, err = k.Confirm(t.Context(), k.first, []string{spareLine}, "Redakcja")
				k.no(err)
				k.no(k.Review(t.Context(), k.second, open.ID, site.Verdict{Base: open.Base(), Publish: true}))
				if got := k.snapshot(); got.Article("rights").Texts[c.lang].Body != c.body || len(got.Unconfirmed()) > 0 {
					t.Errorf("after the confirmation %v is unconfirmed", idsOf(got.Unconfirmed()))
				}
			})
		})
	}
}

// TestASourceBringsItsTranslations: a translation whose source is not published is not seen, so that its numbers are asked for when the
// source is.
func TestASourceBringsItsTranslations(t *testing.T) {
	eachGuarded(t, site.Production, func(k guarded) {
		ctx := t.Context()
		k.no(k.CreateArticle(ctx, k.first, content.Article{ID: "nowy", Kind: content.Guide, Topic: "rights"}))
		publish := func(lang, body string) error {
			t.Helper()
			saved, err := k.SaveDraft(ctx, k.first, site.TextDraft{ArticleID: "nowy", Lang: lang, Title: "Tytuł", Tab: "Tytuł " + lang, Summary: "Krótko", Body: body})
			k.no(err)
			k.no(k.Submit(ctx, k.first, saved.ID))
			return k.Review(ctx, k.second, saved.ID, site.Verdict{Base: saved.Base(), Publish: true})
		}
		k.fails(publish("en", ":::critical\n{"+spareLine+"}\n:::\n"), errs.ErrInvalid, "site.critical.text")
		k.no(publish("uk", ":::critical\n{"+liveLine+"}\n:::\n"))
		f := *k.snapshot().Facts["migrant-line"] // which no reader sees in a critical block
		k.no(second(k.Confirm(ctx, k.first, []string{f.ID}, "Redakcja")))
		k.no(publish("vi", ":::critical\n{"+f.ID+"}\n:::\n"))
		f.Confirm = true
		sitetest.Fact(t, k.Service, f) // nobody sees the translation yet
		k.fails(publish("pl", "Tekst źródłowy.\n"), errs.ErrInvalid, "site.critical.text")
		if k.snapshot().Article("nowy") != nil {
			t.Error("it is on the site")
		}
	})
}

// TestAReadersNumberBecomesNoDoubtfulOne: a proposal that would put an unconfirmed number where somebody in danger looks waits, and the
// number of today stays.
func TestAReadersNumberBecomesNoDoubtfulOne(t *testing.T) {
	other := map[string]string{fact.AnyLang: "+48 22 490 20 44"}
	for name, c := range map[string]struct {
		purpose site.Purpose
		id      string
		change  func(f *content.Fact)
		refused bool
	}{
		"another number, unconfirmed":  {site.Production, liveLine, func(f *content.Fact) { f.Value, f.Confirm = other, true }, true},
		"the same number, in doubt":    {site.Production, liveLine, func(f *content.Fact) { f.Confirm = true }, true},
		"the emergency number":         {site.Production, fact.Emergency, func(f *content.Fact) { f.Value, f.Confirm = other, true }, true},
		"another number, confirmed":    {site.Production, liveLine, func(f *content.Fact) { f.Value = other }, false},
		"where no one in danger looks": {site.Production, spareLine, func(f *content.Fact) { f.Value = other }, false},
		"what is no number":            {site.Production, "child-age", func(f *content.Fact) { f.Source = "nowe" }, false},
		"in the demonstration":         {site.Demonstration, liveLine, func(f *content.Fact) { f.Value, f.Confirm = other, true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			eachGuarded(t, c.purpose, func(k guarded) {
				ctx, before := t.Context(), k.snapshot().Facts[c.id]
				f := *before
				c.change(&f)
				entry, err := k.Entry(ctx, k.first, site.OfFact, c.id)
				k.no(err)
				k.no(k.ProposeFact(ctx, k.first, f, entry.Base))
				list, err := k.Proposals(ctx, k.second)
				k.no(err)
				p, err := k.Proposal(ctx, k.second, list[0].ID)
				if k.no(err); (p.Withheld != nil) != c.refused {
					t.Errorf("the second person reads that it is withheld: %+v", p.Withheld)
				}
				err = k.AcceptProposal(ctx, k.second, p.ID)
				if !c.refused {
					k.no(err)
					return
				}
				k.fails(err, errs.ErrInvalid, map[bool]string{true: "site.critical.same", false: "site.critical.fact"}[maps.Equal(f.Value, before.Value)])
				if got := k.snapshot().Facts[c.id]; got.Confirm || !maps.Equal(got.Value, before.Value) {
					t.Errorf("readers see %+v", got)
				}
				if list, err = k.Proposals(ctx, k.second); err != nil || len(list) != 1 || !list[0].Waits() {
					t.Fatalf("the proposal does not wait: %v, %v", list, err)
				}
				if maps.Equal(f.Value, before.Value) {
					return // nothing is left to propose
				}
				f.Confirm = false // somebody has called it
				k.no(k.ProposeFact(ctx, k.first, f, p.ID))
				entry, err = k.Entry(ctx, k.second, site.OfFact, c.id)
				k.no(err)
				k.no(k.AcceptProposal(ctx, k.second, entry.Proposal.ID))
			})
		})
	}
}

// TestWhatWasOpenBeforeKeepsItsNumbers: a site that was opened with unconfirmed numbers shows them as before; editors see them first, and
// what does not make it worse can still be changed.
func TestWhatWasOpenBeforeKeepsItsNumbers(t *testing.T) {
	each(t, func(k *desk) { // opened as a demonstration: the same rows as those of a site of before
		k.clock.Advance(7 * 24 * time.Hour) // to after the day on which the shipped facts were checked
		upgraded := *k
		upgraded.Service = site.New(k.d, k.clock, warsaw(t), k.Bundle(), nil, nil, site.Production)
		o, err := upgraded.Opening(t.Context(), sitetest.Editor("1"))
		k.no(err)
		if !o.Open || len(o.Missing) > 0 || !slices.Contains(idsOf(o.Unconfirmed), fact.NationalLine) || !slices.Contains(idsOf(o.Unconfirmed), liveLine) {
			t.Fatalf("it stands %+v", o)
		}
		demo, err := k.Opening(t.Context(), sitetest.Editor("1"))
		if k.no(err); len(demo.Unconfirmed) > 0 {
			t.Errorf("the demonstration is to call %v", idsOf(demo.Unconfirmed))
		}
		f := *upgraded.snapshot().Facts[liveLine]
		f.Source = "Ten sam numer, nowsze źródło"
		sitetest.Fact(t, upgraded.Service, f)
		got := upgraded.snapshot()
		if got.Facts[liveLine].Source != f.Source || !got.Facts[liveLine].Confirm || !got.Open {
			t.Errorf("the source of an unconfirmed number cannot be changed: %+v", got.Facts[liveLine])
		}
	})
}

// TestWhatIsTakenWaitsForItsNumbers: on an open site, texts taken from the folder go live at once only if their critical blocks name
// nothing that has yet to be confirmed.
func TestWhatIsTakenWaitsForItsNumbers(t *testing.T) {
	eachGuarded(t, site.Production, func(k guarded) {
		ctx := t.Context()
		b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), warsaw(t))
		k.no(err)
		change := func(articleID, lang, from, to string) {
			t.Helper()
			text := b.Articles[slices.IndexFunc(b.Articles, func(a *content.Article) bool { return a.ID == articleID })].Texts[lang]
			if !strings.Contains(text.Body, from) {
				t.Fatalf("%s, %s: no %q", articleID, lang, from)
			}
			text.Body = strings.Replace(text.Body, from, to, 1)
		}
		change("call", "vi", "{la-strada-line}", "{"+spareLine+"}")
		change("call", "pl", ":::critical\n", ":::critical\nNowe.\n\n")
		change("work", "pl", "\n## ", "\nNowe.\n\n## ")
		k.Service = site.New(k.d, k.clock, warsaw(t), b, nil, nil, site.Production)
		n, err := k.ImportBundle(ctx, access.System, true)
		k.no(err)
		if n.Texts != 3 || n.Held != 2 {
			t.Errorf("%+v", n)
		}
		snap := k.snapshot()
		if strings.Contains(snap.Article("call").Texts["pl"].Body, "Nowe.") || strings.Contains(snap.Article("call").Texts["vi"].Body, spareLine) || !strings.Contains(snap.Article("work").Texts["pl"].Body, "Nowe.") {
			t.Error("what waits is on the site, or what need not wait is not")
		}
		o, err := k.Article(ctx, k.first, "call")
		k.no(err)
		for _, l := range o.Languages {
			if waits := l.Open != nil && l.Open.State == content.InReview; waits != (l.Lang == "pl" || l.Lang == "vi") {
				t.Errorf("%s: waits %v", l.Lang, waits)
			}
		}
	})
}
