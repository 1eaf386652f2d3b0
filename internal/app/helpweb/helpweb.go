// Package helpweb shows what belongs to every page of the application and to no area: help, whom to ask, the privacy notice and the
// statement of accessibility.
//
// Goals: who is at a loss finds words about the very page where they are, in their language, in one step from its foot; what the notice and
// the statement claim is what the program does (what is kept is read from the rules, how accessible it is from the last run of the
// checkers). Limits: the help has no search and no pictures; purposes and legal bases are the office's to write, the program has none ready.
package helpweb

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"

	"ostoja/docs/help"
	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/text"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// places says which text belongs to which pages, by how their addresses begin. The longest that fits counts.
var places = map[string]string{
	"/app/today": "today", "/app/approvals": "today", "/app/find": "today", "/app/acts": "desk", "/app/letters": "desk",
	"/app/desk": "desk", "/app/certificates/ending": "desk",
	"/app/people": "people", "/app/organisations": "people",
	"/app/courses": "learning", "/app/learn": "learning", "/app/my-trainings": "learning", "/app/certificates": "learning", "/app/sitting": "learning",
	"/app/here": "learning", "/app/s/": "learning", "/app/interest": "learning", "/app/notices": "learning", "/app/l/": "learning",
	"/app/trainings": "trainings", "/app/programmes": "trainings", "/app/teaching": "trainings", "/app/my-places": "trainings",
	"/app/hall":     "hall",
	"/app/evidence": "evidence", "/app/year": "evidence",
	"/app/projects": "projects", "/app/funds": "projects",
	"/app/publication": "publications", // of publications, their orders and their places
	"/app/guardian":    "guardians", "/app/apply/guardian": "guardians",
	"/app/authoring": "authoring",
	"/app/bank":      "items",
	"/app/site":      "site",
	"/app/system":    "system", "/app/audit": "system", "/app/design": "system", "/app/data-requests": "system",
	"/app/account": "account", "/app/sign-in": "account", "/app/link": "account", "/app/set-up": "account",
	"/app/laboratory": "first-line", "/app/agreement": "first-line", "/app/contacts": "first-line",
}

// Of returns the address of the help for a page, the list of all where none is its own.
func Of(path string) string {
	best := ""
	for begin := range places {
		if strings.HasPrefix(path, begin) && len(begin) > len(best) {
			best = begin
		}
	}
	if best == "" {
		return "/app/help"
	}
	return "/app/help/" + places[best]
}

// topic is a text of the help.
type topic struct {
	Name, Title string
	HTML        string
}

// checked is what the last run of the checkers found: see e2e/pages/check.mjs.
type checked struct {
	Day       string
	Pages     int
	Languages []string
	Axe       int // faults that have no stated reason, by checker
	IBM       int
	Nu        int
	Wide      int // pages that scroll sideways
}

func (c checked) faults() int { return c.Axe + c.IBM + c.Nu + c.Wide }

// Pages are the pages.
type Pages struct {
	Site    *web.Site
	Offices *Offices
	topics  map[string][]topic // by language, in the order of their titles
	checked checked
}

// New reads the texts.
func New(site *web.Site, offices *Offices) (h *Pages, err error) {
	defer errs.Wrap(&err, "helpweb.New")
	h = &Pages{Site: site, Offices: offices, topics: map[string][]topic{}}
	raw, err := fs.ReadFile(help.FS, "checked.json")
	if err == nil {
		err = json.Unmarshal(raw, &h.checked)
	}
	if err != nil {
		return nil, err
	}
	for _, tag := range site.Catalogue.Langs() {
		files, err := fs.Glob(help.FS, tag+"/*.md")
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			source, err := fs.ReadFile(help.FS, name)
			if err != nil {
				return nil, err
			}
			first, body, _ := strings.Cut(string(source), "\n")
			title, ok := strings.CutPrefix(first, "# ")
			if !ok {
				return nil, fmt.Errorf("%s has no title", name)
			}
			var out bytes.Buffer
			if err := goldmark.Convert([]byte(body), &out); err != nil {
				return nil, err
			}
			h.topics[tag] = append(h.topics[tag], topic{strings.TrimSuffix(strings.TrimPrefix(name, tag+"/"), ".md"), title, text.Bind(tag, out.String())})
		}
		slices.SortFunc(h.topics[tag], func(a, b topic) int { return strings.Compare(text.SortKey(a.Title), text.SortKey(b.Title)) })
	}
	return h, nil
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/help", h.list)
	m.Handle("GET /app/help/{topic}", h.topic)
	m.Handle("GET /app/office", h.office)
	m.Handle("GET /app/office/edit", h.edit)
	m.Handle("POST /app/office/edit", h.write)
	m.Handle("GET /app/privacy", h.privacy)
	m.Handle("GET /app/accessibility", h.accessibility)
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	p := lang.From(r.Context())
	return web.Show(w, r, web.View{Title: p.T("help.title")}, listPage(h.topics[p.Tag()]))
}

func (h *Pages) topic(w http.ResponseWriter, r *http.Request) error {
	list := h.topics[lang.From(r.Context()).Tag()]
	i := slices.IndexFunc(list, func(t topic) bool { return t.Name == r.PathValue("topic") })
	if i < 0 {
		return errs.NotFound("error.not-found")
	}
	return web.Show(w, r, web.View{Title: list[i].Title}, topicPage(list[i]))
}

func (h *Pages) office(w http.ResponseWriter, r *http.Request) error {
	o, err := h.Offices.Read(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "help.office.title")}, officePage(o, mayWrite(r)))
}

func mayWrite(r *http.Request) bool { return web.Actor(r.Context()).Everywhere(access.SystemOperate) }

func (h *Pages) edit(w http.ResponseWriter, r *http.Request) error {
	o, err := h.Offices.Read(r.Context())
	if err != nil {
		return err
	}
	f := web.NewForm()
	for name, value := range map[string]string{
		"name": o.Name, "address": o.Address, "mail": o.Mail, "phone": o.Phone, "hours": o.Hours, "officer": o.Officer, "edition": strconv.FormatInt(o.Edition, 10),
	} {
		f.Add(name, value)
	}
	for _, tag := range h.Site.Catalogue.Langs() {
		f.Add("privacy-"+tag, o.Privacy[tag])
	}
	return h.showForm(w, r, f)
}

func (h *Pages) showForm(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "help.office.edit"), Nav: "system", Status: f.Status()}, officeForm(f, h.Site.Catalogue.Langs()))
}

func (h *Pages) write(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	edition, _ := strconv.ParseInt(f.Get("edition"), 10, 64) // what is no number is no edition that there is
	o := Office{
		Name: f.Get("name"), Address: f.Get("address"), Mail: f.Get("mail"), Phone: f.Get("phone"), Hours: f.Get("hours"), Officer: f.Get("officer"),
		Privacy: f.Translated(h.Site.Catalogue.Langs(), "privacy-"), Edition: edition,
	}
	err = h.Offices.Write(r.Context(), web.Actor(r.Context()), o)
	if f.Fail(lang.From(r.Context()), err) {
		return h.showForm(w, r, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "help.office.said")
	return web.Redirect(w, r, "/app/office")
}

func (h *Pages) privacy(w http.ResponseWriter, r *http.Request) error {
	o, err := h.Offices.Read(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "help.privacy.title")}, privacyPage(o, web.Actor(r.Context()).PersonID != "", mayWrite(r)))
}

func (h *Pages) accessibility(w http.ResponseWriter, r *http.Request) error {
	o, err := h.Offices.Read(r.Context())
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "help.accessibility.title")}, accessibilityPage(o, h.checked))
}

// paragraphs are the parts of the office's words between empty lines.
func paragraphs(words string) []string { return strings.Split(words, "\n\n") }

// contact is how to reach the office; of what makes no office reachable it says that it was not given.
func contact(p *lang.Printer, o Office) (pairs []ui.Pair) {
	missing := p.T("help.office.not-given")
	pairs = []ui.Pair{{Term: p.T("help.office.name"), Text: cmp.Or(o.Name, missing)}}
	if o.Address != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("help.office.address"), Text: o.Address})
	}
	mail := ui.Pair{Term: p.T("help.office.mail"), Text: cmp.Or(o.Mail, missing)}
	if o.Mail != "" {
		mail.Href = "mailto:" + o.Mail
	}
	pairs = append(pairs, mail)
	if o.Phone != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("help.office.phone"), Text: o.Phone, Href: "tel:" + text.Dialled(o.Phone)})
	}
	if o.Hours != "" {
		pairs = append(pairs, ui.Pair{Term: p.T("help.office.hours"), Text: o.Hours})
	}
	return pairs
}
