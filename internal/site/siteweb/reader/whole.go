package reader

import (
	"context"
	"encoding/xml"
	"slices"
	"strings"
	"time"

	"ostoja/internal/id"
	"ostoja/internal/site/content"
	"ostoja/internal/site/visits"
)

// part is an article within the single file.
type part struct {
	id, title, body, day string
	stale                bool
}

// anchors gives links within the single file.
type anchors struct{ *view }

// Article returns the anchor of an article.
func (a anchors) Article(id string) string {
	x := a.b.snap.Article(id)
	if x == nil || !x.Protected() {
		return ""
	}
	_, own := x.Text(a.Tag())
	switch {
	case !own: // the file holds what is in its language, and elsewhere the reader would not know theirs
		return ""
	case slices.Contains(a.b.bundle.LeftOut, id):
		return a.b.baseURL + "/" + a.b.pathOf(a.Tag(), x)
	default:
		return "#" + x.Code
	}
}

// Page returns the anchor of a fixed page: those are not in the file.
func (anchors) Page(string) string { return "" }

// single makes the one file that holds the guides of a language. It is read here and passed on by itself, so that its way out
// leads where there are no pages of ours too. Messengers carry 100 kB, and a letter of Cyrillic takes two bytes: what is least urgent, and
// where each fact comes from, is named with its address.
func (b *builder) single(ctx context.Context, tag string) error {
	v := b.view(tag, tag+"/info-"+tag+".html", nil)
	v.tab = v.T("home.tab") + " – " + v.T("about.copy")
	v.standalone, v.r.Links = true, anchors{v}
	var parts, elsewhere []part
	for _, a := range b.snap.ByKind(content.Guide) {
		t, own := a.Text(tag)
		if !own {
			continue
		}
		if slices.Contains(b.bundle.LeftOut, a.ID) {
			elsewhere = append(elsewhere, part{id: v.r.Links.Article(a.ID), title: t.Title})
			continue
		}
		v.r.Stale = a.Stale(tag)
		parts = append(parts, part{a.Code, t.Title, v.r.HTML(t.Body), v.day(t.ReviewedAt), v.r.Stale})
	}
	return b.page(ctx, v, visits.Visit{Page: "single", Lang: tag}, true, passedOn(v, parts, elsewhere))
}

// An Atom feed (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Summary string   `xml:"summary"`
	}
)

// feed makes the feed of news and publications. Guides are not in it: readers of feeds keep what they fetch.
func (b *builder) feed(tag string) error {
	v := b.view(tag, tag+"/feed.xml", nil)
	self := b.baseURL + "/" + v.path
	f := atomFeed{Lang: tag, ID: b.named(tag), Title: v.T("news.title"), Author: v.T("site.name"), Links: []atomLink{{"self", self}, {"", b.baseURL + "/" + tag + "/news/"}}}
	newest := b.newest(tag)
	for _, kind := range []content.Kind{content.News, content.Publication} {
		for _, a := range b.snap.ByKind(kind) {
			t, own := a.Text(tag)
			if !own {
				continue
			}
			address := b.baseURL + "/" + b.pathOf(tag, a)
			f.Entries = append(f.Entries, atomEntry{b.named(tag, a.ID), t.Title, t.ReviewedAt.UTC().Format(time.RFC3339), atomLink{"", address}, t.Summary})
		}
	}
	f.Updated = newest.UTC().Format(time.RFC3339)
	out, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	b.put(draft{path: v.path, mediaType: "application/atom+xml; charset=utf-8", body: append([]byte(xml.Header), out...), visit: visits.Visit{Page: "feed", Lang: tag}})
	return nil
}

// named is the identifier of a feed or of what it lists: without the host, since it must stay when the site moves, and is the same in a
// mirror (RFC 4287, section 4.2.6).
func (b *builder) named(parts ...string) string {
	return "urn:uuid:" + id.Within(b.snap.Feeds, strings.Join(parts, "/"))
}

// newest returns when the last text of a language was published.
func (b *builder) newest(tag string) (at time.Time) {
	for _, a := range b.snap.Articles {
		if t, _ := a.Text(tag); t.ReviewedAt.After(at) {
			at = t.ReviewedAt
		}
	}
	return at
}

// forReaders says whether a fact is the site's: what courses alone name has no words for readers in every language.
func (b *builder) forReaders(f *content.Fact) bool {
	return !slices.ContainsFunc(b.bundle.Languages, func(l content.Language) bool { return f.Label[l.Tag] == "" })
}
