package content

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/firstline"
	"ostoja/internal/lang"
	"ostoja/internal/search"
	"ostoja/internal/site/directory"
)

// Bundle is a folder of a site's content, such as the one that comes with the program: docs/public-site.md describes it. Its
// texts, facts and services are taken into the database, where editors go on with them; the rest is used as it is.
type Bundle struct {
	Languages  []Language
	SourceLang string
	Exit       string            // address to which "leave now" leads
	Pages      map[string]string // fixed page -> code
	Articles   []*Article        // Text.Follows holds the folder's revision number
	SecondLine string            // id of the fact that stands beside the national line where there is room; "" for none
	LeftOut    []string          // ids of guides that the one file of a language names and does not hold
	Facts      []*Fact
	Services   []*directory.Service
	Check      []Question
	Words      map[string][]string // language -> beginnings of words that would tell on a reader
	Synonyms   *search.Synonyms
	Catalogue  *lang.Catalogue
	Kit        *firstline.Kit // nil if the site has none; see [Bundle.TakeKit]
	KitCounts  bool           // its pages with a next step are counted, as others are

	plainOnce  sync.Once // Words as addresses write them, for [Bundle.RevealingWord]
	plainWords []plainWord
}

// Question is a question of the job-offer check with the advice that each answer brings, by language. Markdown.
type Question struct {
	ID     string            `yaml:"id"`
	Ask    map[string]string `yaml:"ask"`
	Yes    map[string]string `yaml:"yes"`
	No     map[string]string `yaml:"no"`
	Unsure map[string]string `yaml:"unsure"`
}

// maxQuestions is how many questions the check of a job offer may ask.
const maxQuestions = 8

// fixedPages are the pages that every site has besides articles.
var fixedPages = []string{"help", "worry", "plan", "services", "check", "search", "about"}

// reading collects the faults of a folder.
type reading struct {
	fsys   fs.FS
	faults []error
}

func (r *reading) fault(file string, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s", file, fmt.Sprintf(format, args...)))
}

func (r *reading) yaml(file string, into any) {
	b, err := fs.ReadFile(r.fsys, file)
	if err != nil {
		r.faults = append(r.faults, err)
		return
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		r.fault(file, "%v", err)
	}
}

// ReadBundle reads a folder of content and checks all of it, with the facts of its country. The error names every fault. Times are
// shown in zone.
func ReadBundle(fsys fs.FS, pack *fact.Pack, zone *time.Location) (_ *Bundle, err error) {
	defer errs.Wrap(&err, "content.ReadBundle")
	r := &reading{fsys: fsys}
	b := &Bundle{}
	var head struct {
		Languages []string
		Source    string
		Exit      string
		Second    string   `yaml:"second_line"`
		LeftOut   []string `yaml:"left_out"`
		Pages     map[string]string
		Articles  []struct {
			ID, Code, Topic string
			Doors           []Door
			For             []Audience
			Leaflet         bool
		}
	}
	r.yaml("site.yaml", &head)
	for _, f := range pack.Facts {
		b.Facts = append(b.Facts, &Fact{ID: f.ID, Kind: f.Kind, Value: f.Value, Label: f.Label, Source: f.Source, Note: f.Note, URL: f.URL, Checked: f.Checked, By: f.By,
			ValidUntil: f.ValidUntil, GraceDays: f.GraceDays, Confirm: f.Confirm})
	}
	r.yaml("check.yaml", &b.Check)
	r.yaml("words.yaml", &b.Words)
	b.SourceLang, b.Exit, b.Pages, b.SecondLine, b.LeftOut = head.Source, head.Exit, head.Pages, head.Second, head.LeftOut
	if b.Catalogue, err = lang.Load(fsys, zone); err != nil {
		return nil, err
	}
	for _, tag := range head.Languages {
		if !b.Catalogue.Has(tag) {
			r.fault("site.yaml", "the language %q has no folder with an interface.yaml", tag)
			continue
		}
		p := b.Catalogue.Printer(tag)
		b.Languages = append(b.Languages, Language{tag, p.T("lang.name"), p.Dir()})
	}
	for i, a := range head.Articles {
		article := &Article{ID: a.ID, Code: a.Code, Kind: Guide, Topic: a.Topic, Doors: a.Doors, Audiences: a.For, Leaflet: a.Leaflet, SourceLang: head.Source, Position: i + 1, Texts: map[string]*Text{}}
		for _, tag := range head.Languages {
			if t := r.text(tag, a.ID); t != nil {
				article.Texts[tag] = t
			}
		}
		b.Articles = append(b.Articles, article)
	}
	if b.Services, err = r.services(); err != nil {
		r.fault("services.yaml", "%v", err)
	}
	if b.Synonyms, err = r.synonyms(); err != nil {
		r.fault("search.yaml", "%v", err)
	}
	for group, leads := range b.Synonyms.Leads() {
		for _, id := range leads {
			if page, ok := strings.CutPrefix(id, "page:"); ok && b.Pages[page] == "" || !ok && !slices.ContainsFunc(b.Articles, func(a *Article) bool { return a.ID == id }) {
				r.fault("search.yaml", "the group %s leads to %q, which the site does not have", group, id)
			}
		}
	}
	for _, id := range b.LeftOut {
		if !slices.ContainsFunc(b.Articles, func(a *Article) bool { return a.ID == id && !a.Leaflet }) {
			r.fault("site.yaml", "left_out names %q, which is no guide or one that is handed out", id)
		}
	}
	b.check(r)
	return b, errors.Join(r.faults...)
}

func (r *reading) services() ([]*directory.Service, error) {
	f, err := r.fsys.Open("services.yaml")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return directory.Load(f)
}

func (r *reading) synonyms() (*search.Synonyms, error) {
	f, err := r.fsys.Open("search.yaml")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return search.Load(f)
}

// text reads an article's file, nil if there is none in that language.
func (r *reading) text(tag, id string) *Text {
	file := tag + "/" + id + ".md"
	b, err := fs.ReadFile(r.fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		r.faults = append(r.faults, err)
		return nil
	}
	rest, ok := strings.CutPrefix(strings.ReplaceAll(string(b), "\r\n", "\n"), "---\n")
	headText, body, closed := strings.Cut(rest, "\n---\n")
	if !ok || !closed {
		r.fault(file, "the text has no head: begin with ---, then title, tab, summary, follows, then ---")
		return nil
	}
	var head struct {
		Title, Tab, Summary string
		Follows             int
	}
	d := yaml.NewDecoder(strings.NewReader(headText))
	d.KnownFields(true)
	if err := d.Decode(&head); err != nil {
		r.fault(file, "%v", err)
		return nil
	}
	return &Text{ArticleID: id, Lang: tag, Title: head.Title, Tab: head.Tab, Summary: head.Summary, Follows: head.Follows, Body: strings.TrimSpace(body) + "\n"}
}

// check finds what does not fit together.
func (b *Bundle) check(r *reading) {
	tags := make([]string, len(b.Languages))
	for i, l := range b.Languages {
		tags[i] = l.Tag
	}
	if !slices.Contains(tags, b.SourceLang) {
		r.fault("site.yaml", "the source language %q is none of the languages", b.SourceLang)
	}
	if !strings.HasPrefix(b.Exit, "https://") {
		r.fault("site.yaml", "exit: write https://…")
	}
	k := References{Facts: map[string]*Fact{}, Articles: map[string]bool{}, Revealing: b.RevealingWord}
	codes := map[string]bool{}
	for _, name := range fixedPages {
		if code := b.Pages[name]; !directory.IsMark(code) || codes[code] {
			r.fault("site.yaml", "pages: %q needs a code of its own", name)
		}
		codes[b.Pages[name]] = true
	}
	for _, f := range b.Facts {
		if k.Facts[f.ID] != nil {
			r.fault("facts.yaml", "the fact %q is there twice", f.ID)
		}
		k.Facts[f.ID] = f
		for _, fault := range f.Check(tags, b.RevealingWord) {
			r.fault("facts.yaml", "%s: %s: %s", f.ID, fault.Name, fault.Key)
		}
	}
	for _, id := range []string{fact.NationalLine, fact.Emergency} {
		if k.Facts[id] == nil {
			r.fault("facts.yaml", "the fact %q is missing", id)
		}
	}
	if f := k.Facts[b.SecondLine]; b.SecondLine != "" && (f == nil || f.Kind != fact.Phone) {
		r.fault("site.yaml", "second_line: %q is no fact that is a phone", b.SecondLine)
	}
	for _, a := range b.Articles {
		k.Articles[a.ID] = true
		if !directory.IsMark(a.Code) || codes[a.Code] {
			r.fault("site.yaml", "the article %q needs a code of its own", a.ID)
		}
		for _, mark := range []string{a.ID, a.Code} {
			page, _, part := strings.Cut(mark, "-")
			if reservedArticle(mark) || part && slices.Contains(slices.Collect(maps.Values(b.Pages)), page) {
				r.fault("site.yaml", "the article %q: %q is the name of a page of the site's own", a.ID, mark)
			}
		}
		codes[a.Code] = true
		for _, f := range a.checkPlace() {
			r.fault("site.yaml", "the article %q: %s is none of those there are", a.ID, f.Name)
		}
	}
	b.checkTexts(r, k)
	b.checkQuestions(r, tags, k)
}

// tabKeys are the texts of the interface that stand in tab titles.
var tabKeys = []string{"home.tab", "door.help.tab", "door.worry.tab", "door.plan.tab", "services.tab", "check.tab", "search.tab", "about.tab", "error.tab", "news.title", "publications.title"}

// Tabs returns the tab titles of a language's fixed pages.
func (b *Bundle) Tabs(lang string) []string {
	list := make([]string, len(tabKeys))
	for i, key := range tabKeys {
		list[i] = b.Catalogue.Printer(lang).T(key)
	}
	return list
}

func (b *Bundle) checkTexts(r *reading, k References) {
	tabs := map[string]string{} // language and title -> where it stands
	once := func(file, tag, tab, where string) {
		if other := tabs[tag+" "+tab]; other != "" {
			r.fault(file, "the tab's title %q is that of %s too", tab, other)
		}
		tabs[tag+" "+tab] = where
	}
	for _, l := range b.Languages {
		file := l.Tag + "/interface.yaml"
		for i, tab := range b.Tabs(l.Tag) {
			if w := forbiddenIn(tab, b.Words[l.Tag]); w != "" {
				r.fault(file, "%s: site.fault.tell-tale %s", tabKeys[i], w)
			}
			once(file, l.Tag, tab, tabKeys[i])
		}
	}
	for _, a := range b.Articles {
		if a.Texts[b.SourceLang] == nil {
			r.fault(b.SourceLang+"/"+a.ID+".md", "the text is missing in the source language")
		}
		for _, tag := range slices.Sorted(maps.Keys(a.Texts)) {
			t, file := a.Texts[tag], tag+"/"+a.ID+".md"
			for _, f := range CheckText(t, a.Protected(), k, b.Words[tag]) {
				r.fault(file, "%s: %s %v", f.Name, f.Key, f.Args)
			}
			once(file, tag, t.Tab, a.ID)
		}
	}
}

func (b *Bundle) checkQuestions(r *reading, tags []string, k References) {
	if len(b.Check) == 0 || len(b.Check) > maxQuestions {
		r.fault("check.yaml", "%d questions: one to %d are wanted", len(b.Check), maxQuestions)
	}
	for _, q := range b.Check {
		for _, tag := range tags {
			if q.Ask[tag] == "" || q.Yes[tag] == "" || q.No[tag] == "" || q.Unsure[tag] == "" {
				r.fault("check.yaml", "%s is not whole in %s", q.ID, tag)
				continue
			}
			if looksLikePhone(q.Ask[tag]) {
				r.fault("check.yaml", "%s, ask, %s: %s", q.ID, tag, faultDigitsShort)
			}
			for name, advice := range map[string]string{"yes": q.Yes[tag], "no": q.No[tag], "unsure": q.Unsure[tag]} {
				for _, f := range checkBody(advice, k) {
					r.fault("check.yaml", "%s, %s, %s: %s %v", q.ID, name, tag, f.Key, f.Args)
				}
			}
		}
	}
}
