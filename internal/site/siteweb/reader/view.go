package reader

import (
	"cmp"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/prose"
	"ostoja/internal/site/content"
)

// view is a page in the making: its language, its address and what it refers to.
type view struct {
	*lang.Printer
	b    *builder
	r    *content.Rendering
	path string
	tab  string // title of the browser's tab

	styles     inline
	script     inline // empty: the page has none
	searches   bool   // it sends what is searched
	standalone bool   // it is passed on without the other pages
	plays      bool   // it has recordings beside it
	instead    string // the page to which other languages lead, where there is none like this in them
	kept       bool   // it is kept as a file of its own, without the other pages
}

// link returns the address of a path from this page.
func (v *view) link(to string) templ.SafeURL {
	if v.kept {
		return templ.SafeURL(v.b.baseURL + "/" + to)
	}
	return templ.SafeURL(v.b.relative(v.path, to))
}

// to is link within the page's language.
func (v *view) to(rest string) templ.SafeURL { return v.link(v.Tag() + "/" + rest) }

// signIn is where people of the programme sign in. A copy has no application of its own, so that its links name the host.
func (v *view) signIn() templ.SafeURL {
	if v.b.mode == exporting || v.kept {
		return templ.SafeURL(v.b.baseURL + "/app/")
	}
	return "/app/"
}

func (v *view) fixed(name string) templ.SafeURL { return v.to(v.b.bundle.Pages[name]) }

func (v *view) article(a *content.Article) templ.SafeURL { return v.link(v.b.pathOf(v.Tag(), a)) }

// Article and Page give texts the addresses that they link to.
func (v *view) Article(id string) string {
	if a := v.b.snap.Article(id); a != nil {
		return string(v.article(a))
	}
	return ""
}

// Page returns the address of a fixed page.
func (v *view) Page(name string) string {
	switch name {
	case "news", "publications":
		return string(v.to(name + "/"))
	case content.ToGuardian: // with its host: mirrors and sticks have no application of their own
		return v.b.baseURL + "/app/apply/guardian"
	case content.ToComplaint:
		tag := v.Tag()
		if !slices.Contains(complaintLangs, tag) {
			tag = "en"
		}
		return v.b.baseURL + "/guardian-complaint?lang=" + tag
	}
	if v.b.bundle.Pages[name] == "" {
		return ""
	}
	return string(v.fixed(name))
}

// complaintLangs are the languages in which the application takes complaints about guardians (guardian/complaint.yaml).
var complaintLangs = []string{"pl", "en", "uk"}

func (v *view) fact(id string) string { return v.r.Fact(id) }

// labelled shows a number to call, with what it is: of a line its name and its hours.
func (v *view) labelled(id string) string {
	name := v.T("home.emergency")
	if id != fact.Emergency {
		name = cmp.Or(v.b.snap.Facts[id].Label[v.Tag()], v.T("home.line"))
	}
	return v.fact(id) + " – " + html.EscapeString(name)
}

// lines are the numbers to call that stand by themselves; see [content.Snapshot.Lines].
func (v *view) lines() []string { return v.b.snap.Lines(v.b.now) }

// linesOn are those of them that stand below what a sheet says: a poster is read from afar and has room for one line, and a leaflet none
// to say a second one twice.
func (v *view) linesOn(format, text string) []string {
	return slices.DeleteFunc(v.lines(), func(id string) bool {
		return !fact.Essential(id) && (format == "a3" || format == "a6" && strings.Contains(text, "{"+id+"}"))
	})
}

// phonesChecked says of numbers when they were checked.
func (v *view) phonesChecked(ids []string) (text string) {
	said := ""
	for _, id := range ids {
		f := v.b.snap.Facts[id]
		number, checked := "\u2066"+f.In(v.Tag())+"\u2069", v.r.Checked(f.Checked, f.Confirm) // isolated: numbers keep their order
		switch said {
		case "":
			text = number
		case checked:
			text += v.T("lang.and") + number
		default:
			text += ": " + said + ". " + number
		}
		said = checked
	}
	return text + ": " + said + "."
}

// source tells where a fact was read, and when. Sources are quoted in Polish.
func (v *view) source(f *content.Fact) string {
	word := html.EscapeString(v.T("article.source"))
	if f.URL != "" && v.b.bundle.RevealingWord(f.URL) == "" {
		word = `<a href="` + html.EscapeString(f.URL) + `">` + word + "</a>"
	}
	return word + `: <bdi lang="pl" dir="ltr">` + html.EscapeString(f.Source) + "</bdi> – " + html.EscapeString(v.r.Checked(f.Checked, f.Confirm))
}

// searchName names the page of the search by what is on it.
func (v *view) searchName() string {
	if v.b.mode == live {
		return v.T("search.link")
	}
	return v.T("search.all")
}

// hasFeed says whether the page is what the feed tells of.
func (v *view) hasFeed() bool { return v.b.mode == live && v.path == v.Tag()+"/news/" }

// exitLink is where the way out leads without scripts: to our blank page, or, in a file that may lie alone, elsewhere at once.
func (v *view) exitLink() templ.SafeURL {
	if v.b.mode == exporting && v.standalone || v.kept {
		return templ.SafeURL(v.b.bundle.Exit)
	}
	return v.link("exit")
}

func (v *view) has(kind content.Kind) bool { return len(v.b.snap.ByKind(kind)) > 0 }

// policy is the page's content security policy.
func (v *view) policy() string { return policy(v.styles, v.script, v.searches, v.plays) }

// ownPolicy is the policy as a page's own head can say it.
func (v *view) ownPolicy() string { return strings.TrimSuffix(v.policy(), "; "+framed) }

// body renders an article's text. One that stands in its source language has that language's labels, days and facts too.
func (v *view) body(t *content.Text) string {
	v.r.Printer = v.b.bundle.Catalogue.Printer(t.Lang)
	defer func() { v.r.Printer = v.Printer }()
	return v.r.HTML(t.Body)
}

type languageLink struct {
	content.Language
	here bool
	href templ.SafeURL
}

// languageLinks returns the languages with this page's address in each.
func (v *view) languageLinks() (list []languageLink) {
	_, rest, _ := strings.Cut(v.path, "/")
	for _, l := range v.b.snap.Languages {
		to, here := rest, l.Tag == v.Tag()
		if !here && v.instead != "" {
			to = v.instead
		}
		list = append(list, languageLink{l, here, v.link(l.Tag + "/" + to)})
	}
	return list
}

// langOf marks a text that stands in its source language.
func (v *view) langOf(a *content.Article, own bool) templ.Attributes {
	if own {
		return nil
	}
	return v.lang(a.SourceLang)
}

// lang marks a text in a language other than the page's.
func (v *view) lang(tag string) templ.Attributes {
	if tag == v.Tag() {
		return nil
	}
	return templ.Attributes{"lang": tag, "dir": lang.Dir(tag)}
}

func (v *view) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.r.Day(t.In(v.b.snap.Zone).Format(time.DateOnly))
}

func (v *view) guidesAbout(topic string) (list []*content.Article) {
	for _, a := range v.b.snap.ByKind(content.Guide) {
		if a.Topic == topic {
			list = append(list, a)
		}
	}
	return list
}

// guidesFor returns the guides that are written for an audience.
func (v *view) guidesFor(x content.Audience) (list []*content.Article) {
	for _, a := range v.b.snap.ByKind(content.Guide) {
		if slices.Contains(a.Audiences, x) {
			list = append(list, a)
		}
	}
	return list
}

// related returns a few guides behind the same doors.
func (v *view) related(a *content.Article) (list []*content.Article) {
	const most = 3
	if !a.Protected() {
		return nil
	}
	for _, x := range v.b.snap.ByKind(content.Guide) {
		for _, d := range a.Doors {
			if x.ID != a.ID && x.HasDoor(d) && len(list) < most {
				list = append(list, x)
				break
			}
		}
	}
	return list
}

func (v *view) size(n int64) string { return v.Bytes(n) }

// qr draws the address of an article's page as a QR code.
func (v *view) qr(a *content.Article) string {
	code, err := qr.Encode(v.b.baseURL+"/"+v.b.pathOf(v.Tag(), a), qr.M)
	if err != nil {
		return "" // only an address longer than any code holds
	}
	var p strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				p.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h" + strconv.Itoa(run) + "v1h-" + strconv.Itoa(run) + "z")
				x += run
			}
		}
	}
	n := strconv.Itoa(code.Size)
	return `<svg viewBox="-2 -2 ` + strconv.Itoa(code.Size+4) + " " + strconv.Itoa(code.Size+4) + `" width="` + n + `" height="` + n + `" role="img" aria-label="QR"><path fill="#fff" d="M-2-2h` + strconv.Itoa(code.Size+4) + "v" + strconv.Itoa(code.Size+4) + "h-" + strconv.Itoa(code.Size+4) + `z"/><path d="` + p.String() + `"/></svg>`
}

// onSheet returns what of a text stands on a sheet: on a leaflet its blocks of what matters most, on a poster the first of these,
// or, where it has none, its beginning.
func onSheet(body, format string) string {
	if format == "a4" {
		return body
	}
	pieces, _ := prose.Split(body, 1)
	var out []string
	for _, p := range pieces {
		if (p.Block == "critical" || p.Block == "key") && (format == "a6" || len(out) == 0) {
			out = append(out, ":::"+p.Block+"\n"+p.Text+"\n:::")
		}
	}
	if len(out) == 0 && len(pieces) > 0 {
		return pieces[0].Text
	}
	return strings.Join(out, "\n")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plain returns the words of rendered HTML.
func plain(rendered string) string {
	return html.UnescapeString(tags.ReplaceAllString(rendered, " "))
}
