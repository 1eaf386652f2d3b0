// Package reader makes the public site's pages, all of them in advance, from what is published, and serves them: a visit is a
// look into a map, without a statement to the database and without a trace of who came.
package reader

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"ostoja/internal/errs"
	"ostoja/internal/search"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
	"ostoja/internal/ui/assets"
)

// mode says what the pages are made for.
type mode int

// The modes.
const (
	live      mode = iota // to be served here: search, "open now"
	exporting             // files for a mirror or a stick: relative addresses, nothing that depends on the hour
)

// formats are the sheets of paper that a leaflet is made for.
var formats = []string{"a4", "a6", "a3"}

// inline is a style or script that stands within a page, with the hash that the policy names.
type inline struct{ text, hash string }

func asInline(text string) inline {
	sum := sha256.Sum256([]byte(text))
	return inline{text, "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"}
}

func load(name string) (inline, error) {
	text, err := assets.Inline(name)
	return asInline(text), err
}

// draft is a page before it is compressed.
type draft struct {
	path      string // without a slash in front: pl/d37f; a folder's own page ends with a slash
	mediaType string
	body      []byte
	protected bool
	policy    string // its content security policy
	visit     visits.Visit
}

// builder makes the pages of one snapshot.
type builder struct {
	mode       mode
	snap       *content.Snapshot
	bundle     *content.Bundle
	baseURL    string // for QR codes and the feed: https://example.org
	now        time.Time
	styles     map[string]inline // by direction of writing
	sheets     map[string]inline // by format and direction: "a4.rtl"
	script     inline
	kit        kitAssets
	drafts     []draft
	paths      map[string]bool                 // files of the drafts, as an export names them
	faults     []error                         // pages that cannot be served beside those there are
	indexes    map[string]func() *search.Index // made when somebody first searches: a start need not wait for them
	nextChange time.Time                       // when a service next opens or closes
}

// policy is the content security policy of a page: nothing from anywhere, and of what stands within only its own style and script.
// Only the search sends something, to us, and only the questions to hear ask for something, of ours, once it is played.
func policy(styles, script inline, asks, plays bool) string {
	list := []string{"default-src 'none'", "style-src " + styles.hash, "img-src data:"}
	if script.text != "" {
		list = append(list, "script-src "+script.hash)
	}
	if plays {
		list = append(list, "media-src 'self'")
	}
	to := "'none'"
	if asks {
		to = "'self'"
		list = append(list, "connect-src "+to)
	}
	return strings.Join(append(list, "form-action "+to, "base-uri 'none'", framed), "; ")
}

// framed forbids others to show our pages within theirs. It counts in an answer's header alone, not in a page's own head.
const framed = "frame-ancestors 'none'"

func newBuilder(mode mode, snap *content.Snapshot, bundle *content.Bundle, baseURL string, now time.Time) (b *builder, err error) {
	b = &builder{mode: mode, snap: snap, bundle: bundle, baseURL: baseURL, now: now, styles: map[string]inline{}, sheets: map[string]inline{}, paths: map[string]bool{}, indexes: map[string]func() *search.Index{}}
	if b.script, err = load("reader.js"); err != nil {
		return nil, err
	}
	if b.kit, err = loadKit(b.script, "ltr", "rtl"); err != nil {
		return nil, err
	}
	for _, dir := range []string{"ltr", "rtl"} {
		if b.styles[dir], err = load("reader." + dir + ".css"); err != nil {
			return nil, err
		}
		common, err := assets.Inline("sheet." + dir + ".css")
		if err != nil {
			return nil, err
		}
		for format, size := range map[string]string{"a4": "A4;margin:14mm", "a6": "105mm 148mm;margin:6mm", "a3": "A3;margin:20mm"} {
			b.sheets[format+"."+dir] = asInline(common + "@page{size:" + size + "}")
		}
	}
	return b, nil
}

// build makes all pages. Of two that would have one address the first stays, and the other is a fault.
func (b *builder) build(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "reader.build")
	for _, l := range b.snap.Languages {
		if err := b.language(ctx, l.Tag); err != nil {
			return err
		}
	}
	return b.add(ctx, draft{path: "exit", protected: true, policy: "default-src 'none'; img-src data:; form-action 'none'; base-uri 'none'; " + framed}, exit(b))
}

// language makes the pages of one language.
func (b *builder) language(ctx context.Context, tag string) error {
	if err := b.fixed(ctx, tag); err != nil {
		return err
	}
	for _, a := range b.snap.Articles {
		v := b.view(tag, b.pathOf(tag, a), a)
		t, own := a.Text(tag)
		v.tab = t.Tab
		body := v.body(t)
		if err := b.page(ctx, v, visits.Visit{Page: a.ID, Lang: tag}, a.Protected(), article(v, a, body)); err != nil {
			return err
		}
		if !a.Leaflet || !own {
			continue
		}
		for _, format := range formats {
			s := b.view(tag, tag+"/"+a.Code+"-"+format, a)
			s.tab, s.styles = t.Tab+" – "+strings.ToUpper(format), b.sheets[format+"."+s.Dir()]
			d := draft{path: s.path, protected: true, policy: s.policy(), visit: visits.Visit{Page: a.ID + "-" + format, Lang: tag}}
			if err := b.add(ctx, d, sheet(s, a, format)); err != nil {
				return err
			}
		}
	}
	if err := b.figurePages(ctx, tag); err != nil {
		return err
	}
	if b.mode == live {
		b.indexes[tag] = sync.OnceValue(func() *search.Index { return b.index(tag) })
		if err := b.feed(tag); err != nil {
			return err
		}
	}
	if err := b.kitPages(ctx, tag); err != nil {
		return err
	}
	return b.single(ctx, tag)
}

// fixed makes the pages that every site has.
func (b *builder) fixed(ctx context.Context, tag string) error {
	type fixedPage struct {
		name, path, tab string
		make            func(v *view) templ.Component
	}
	p := b.bundle.Catalogue.Printer(tag)
	list := []fixedPage{
		{"home", "", p.T("home.tab"), home},
		{"services", b.bundle.Pages["services"], p.T("services.tab"), func(v *view) templ.Component { return services(v, "") }},
		{"check", b.bundle.Pages["check"], p.T("check.tab"), check},
		{"search", b.bundle.Pages["search"], p.T("search.tab"), func(v *view) templ.Component { v.searches = b.mode == live; return searching(v, nil) }},
		{"about", b.bundle.Pages["about"], p.T("about.tab"), about},
	}
	for _, d := range content.Doors {
		list = append(list, fixedPage{visits.DoorPage(d), b.bundle.Pages[string(d)], p.T("door." + string(d) + ".tab"), func(v *view) templ.Component { return door(v, d) }})
	}
	for _, region := range b.regions() {
		list = append(list, fixedPage{"services-" + region, b.bundle.Pages["services"] + "-" + region, p.T("services.tab") + " – " + p.T("region."+region), func(v *view) templ.Component { return services(v, region) }})
	}
	for _, f := range list {
		v := b.view(tag, tag+"/"+f.path, nil)
		v.tab = f.tab
		if err := b.page(ctx, v, visits.Visit{Page: f.name, Lang: tag}, true, f.make(v)); err != nil {
			return err
		}
	}
	open := []fixedPage{{"news", "news/", p.T("news.title"), news}, {"publications", "publications/", p.T("publications.title"), publications}}
	for _, f := range open {
		v := b.view(tag, tag+"/"+f.path, nil)
		v.tab = f.tab
		if err := b.page(ctx, v, visits.Visit{Page: f.name, Lang: tag}, false, f.make(v)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) page(ctx context.Context, v *view, visit visits.Visit, protected bool, c templ.Component) error {
	return b.add(ctx, draft{path: v.path, protected: protected, policy: v.policy(), visit: visit}, c)
}

// search makes the page of a search and its result.
func (b *builder) search(ctx context.Context, v *view, f *searchResult) error {
	v.searches = true
	return b.page(ctx, v, visits.Visit{}, true, searching(v, f))
}

// renderOne makes one page for one answer.
func (b *builder) renderOne(one func(b *builder) error) (draft, error) {
	c := *b
	c.drafts, c.paths = nil, map[string]bool{}
	if err := one(&c); err != nil {
		return draft{}, err
	}
	return c.drafts[0], nil
}

// add renders a page and puts it in its place.
func (b *builder) add(ctx context.Context, d draft, c templ.Component) error {
	var out bytes.Buffer
	if err := c.Render(ctx, &out); err != nil {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	d.body, d.mediaType = out.Bytes(), "text/html; charset=utf-8"
	b.put(d)
	return nil
}

// put puts a page in its place, unless another has it.
func (b *builder) put(d draft) {
	if file := exported(d.path); b.paths[file] {
		b.faults = append(b.faults, fmt.Errorf("two pages would have the address /%s: the second one is left out", d.path))
	} else {
		b.paths[file] = true
		b.drafts = append(b.drafts, d)
	}
}

// pathOf returns the path of an article's page.
func (b *builder) pathOf(tag string, a *content.Article) string {
	switch a.Kind {
	case content.News:
		return tag + "/news/" + a.Code
	case content.Publication:
		return tag + "/publications/" + a.Code
	}
	return tag + "/" + a.Code
}

// index makes a language's search index. What is not translated is found in its source language.
func (b *builder) index(tag string) *search.Index {
	x := search.New(tag, b.bundle.Synonyms)
	v := b.view(tag, tag+"/", nil)
	for _, a := range b.snap.Articles {
		t, own := a.Text(tag)
		d := search.Doc{ID: a.ID, Lang: tag, Title: t.Title, Summary: t.Summary, Body: plain(v.r.HTML(t.Body))}
		if !own {
			d.Lang = a.SourceLang
		}
		x.Add(d)
	}
	for _, s := range b.snap.Services {
		x.Add(v.serviceDoc(s))
	}
	for _, name := range searchedPages {
		x.Add(search.Doc{ID: pageMark + name, Lang: tag, Title: v.T(name + ".title"), Summary: v.T(name + ".intro"), Body: b.words(name, tag)})
	}
	if b.bundle.Kit != nil {
		x.Add(b.kitDoc(tag))
	}
	return x
}

// pageMark begins the id of a fixed page in the search index.
const pageMark = "page:"

// searchedPages are the fixed pages that are found.
var searchedPages = []string{"services", "check"}

// marks returns the ids of all that can be found, by their marks.
func (b *builder) marks() map[uint32]string {
	named := map[uint32]string{}
	name := func(id string) { named[mark(id)] = id }
	for _, a := range b.snap.Articles {
		name(a.ID)
	}
	for _, s := range b.snap.Services {
		name(serviceMark + s.ID)
	}
	for _, page := range searchedPages {
		name(pageMark + page)
	}
	name(kitMark)
	return named
}

// words returns what the fixed pages say, for the index. Services are found by themselves.
func (b *builder) words(name, tag string) string {
	if name == "check" {
		var out strings.Builder
		for _, q := range b.bundle.Check {
			out.WriteString(q.Ask[tag] + " " + q.Yes[tag] + " " + q.No[tag] + "\n")
		}
		return out.String()
	}
	return ""
}

// relative returns the address of a path as seen from a page, both as in [draft].
func (b *builder) relative(from, to string) string {
	if b.mode == live {
		return "/" + to
	}
	up := strings.Repeat("../", strings.Count(from, "/"))
	return up + exported(to)
}

// exported returns the file of a path in an export.
func exported(p string) string {
	switch {
	case strings.HasSuffix(p, "/"):
		return p + "index.html"
	case path.Ext(p) == "":
		return p + ".html"
	}
	return p
}

func (b *builder) view(tag, pagePath string, a *content.Article) *view {
	printer := b.bundle.Catalogue.Printer(tag)
	v := &view{Printer: printer, b: b, path: pagePath, styles: b.styles[printer.Dir()], script: b.script}
	v.r = &content.Rendering{Snapshot: b.snap, Printer: printer, Links: v, Now: b.now, Stale: a != nil && a.Stale(tag)}
	return v
}
