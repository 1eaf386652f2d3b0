package reader

import (
	"context"
	"maps"

	"github.com/a-h/templ"

	"ostoja/internal/fact"
	"ostoja/internal/search"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/siteweb/reader/kitpage"
	"ostoja/internal/site/visits"
	"ostoja/internal/ui/assets"
)

// kitMark is the kit's id in the search index.
const kitMark = "kit:"

// kitAssets are the kit's own rules, by direction of writing, and the reader's script with what the kit adds.
type kitAssets struct {
	styles, paperStyles map[string]string
	script, paperScript inline
	prose               map[proseKey]string // what was rendered, since the same words stand on many of the pages
	snap                *content.Snapshot   // what is published, and the facts that only the kit names
}

type proseKey struct{ tag, source string }

func loadKit(script inline, dirs ...string) (a kitAssets, err error) {
	a = kitAssets{styles: map[string]string{}, paperStyles: map[string]string{}, prose: map[proseKey]string{}}
	read := func(name string) (text string) {
		if err == nil {
			text, err = assets.Inline(name)
		}
		return text
	}
	for _, dir := range dirs {
		a.styles[dir] = read("kit." + dir + ".css")
		a.paperStyles[dir] = a.styles[dir] + read("papers."+dir+".css")
	}
	a.script = asInline(script.text + read("kit.js"))
	a.paperScript = asInline(a.script.text + read("papers.js"))
	return a, err
}

// withPack returns a snapshot with the facts of the pack that an installation from before them has not taken yet. Nobody there has looked at
// its numbers, so that they are as good as lapsed.
func withPack(snap *content.Snapshot, pack []*content.Fact) *content.Snapshot {
	all := *snap
	all.Facts = maps.Clone(snap.Facts)
	for _, f := range pack {
		if all.Facts[f.ID] == nil {
			own := *f
			if f.Kind == fact.Phone {
				own.ValidUntil, own.GraceDays = "2000-01-01", 0
			}
			all.Facts[f.ID] = &own
		}
	}
	return &all
}

// kitPages makes the pages of the first-line kit in a language: none of them keeps or sends anything, and only those of a next step are
// counted, where the office says so.
func (b *builder) kitPages(ctx context.Context, tag string) error {
	if b.bundle.Kit == nil {
		return nil
	}
	if b.kit.snap == nil {
		b.kit.snap = withPack(b.snap, b.bundle.Facts)
	}
	for _, p := range kitpage.Pages(b.bundle.Kit, tag) {
		visit := visits.Visit{}
		if p.Step && b.bundle.KitCounts {
			visit = visits.Visit{Page: p.Code, Lang: tag}
		}
		if err := b.kitPage(ctx, p, tag, p.Code, visit, false); err != nil {
			return err
		}
		if p.Plays {
			b.recordings(tag)
		}
		if !p.File {
			continue
		}
		if err := b.kitPage(ctx, p, tag, kitpage.FileName(p.Code), visits.Visit{}, true); err != nil {
			return err
		}
	}
	return nil
}

// kitPage makes one of them: in its place, or as a file that lies alone.
func (b *builder) kitPage(ctx context.Context, p kitpage.Page, tag, name string, visit visits.Visit, kept bool) error {
	v := b.view(tag, tag+"/"+name, nil)
	v.tab, v.kept, v.plays, v.r.Snapshot = p.Tab, kept, p.Plays, b.kit.snap
	if p.Alone {
		v.instead = b.bundle.Kit.Page
	}
	styles, script := b.kit.styles, b.kit.script
	if p.Paper {
		styles, script = b.kit.paperStyles, b.kit.paperScript
	}
	v.styles, v.script = asInline(v.styles.text+styles[v.Dir()]+p.Styles), script
	return b.page(ctx, v, visit, true, kitBody(v, p.Body(kitView{v})))
}

// recordings puts what an office has recorded beside the questions to hear. Nothing asks for it before somebody plays it.
func (b *builder) recordings(tag string) {
	for _, r := range b.bundle.Kit.Recordings(tag) {
		b.put(draft{path: tag + "/" + kitpage.RecordingCode(b.bundle.Kit, r), mediaType: r.MediaType, body: r.Content, protected: true, policy: "default-src 'none'; " + framed})
	}
}

// kitDoc is the kit as it is found.
func (b *builder) kitDoc(tag string) search.Doc {
	title, summary, body := kitpage.Summary(b.bundle.Kit, tag)
	return search.Doc{ID: kitMark, Lang: tag, Title: title, Summary: summary, Body: body}
}

func (v *view) kitHit() hit {
	title, summary, _ := kitpage.Summary(v.b.bundle.Kit, v.Tag())
	return hit{string(v.to(v.b.bundle.Kit.Page)), title, summary, nil}
}

// kitName is what the site's pages call the kit.
func (v *view) kitName() string {
	name, _ := v.b.bundle.Kit.Text(v.Tag(), "kit.for-professionals")
	return name
}

// kitView is a page as the kit's bodies see it.
type kitView struct{ v *view }

// Tag is the page's language.
func (k kitView) Tag() string { return k.v.Tag() }

// Prose renders a text with the facts of its language.
func (k kitView) Prose(source, tag string) string {
	known, key := k.v.b.kit.prose, proseKey{tag, source}
	if _, ok := known[key]; !ok {
		known[key] = k.v.body(&content.Text{Lang: tag, Body: source})
	}
	return known[key]
}

// To is the address of a page of the kit.
func (k kitView) To(code string) templ.SafeURL { return k.v.to(code) }

// Sheet is the address of a page that there is in the source language alone.
func (k kitView) Sheet(code string) templ.SafeURL {
	return k.v.link(k.v.b.bundle.SourceLang + "/" + code)
}

// Lang marks a text of another language.
func (k kitView) Lang(tag string) templ.Attributes { return k.v.lang(tag) }

// Lines are the numbers to call at once, with what they are.
func (k kitView) Lines() (list []templ.Component) {
	for _, id := range k.v.lines() {
		list = append(list, templ.Raw(k.v.labelled(id)))
	}
	return list
}

// Call is a number with what is known of whoever answers, nil where the site does not have the number.
func (k kitView) Call(id string) templ.Component {
	if k.v.b.snap.Facts[id] == nil {
		return nil
	}
	return call(k.v, id, k.v.answering(id))
}

// Guides lists what the site has for people at work.
func (k kitView) Guides() templ.Component { return forWork(k.v) }

// Kept says whether the page is a file that lies alone.
func (k kitView) Kept() bool { return k.v.kept }

// Counted says whether steps are counted.
func (k kitView) Counted() bool { return k.v.b.bundle.KitCounts }

// answering returns the entry of the directory behind a number, nil if none says anything that can be trusted.
func (v *view) answering(id string) *directory.Service {
	for _, s := range v.b.snap.Services {
		for _, p := range s.Phones {
			if p.Fact == id && v.trusted(s) {
				return s
			}
		}
	}
	return nil
}
