// Package complaintweb shows the page on which anybody complains about a guardian, the desk of who decides, and what an office is then asked to do.
//
// Goals: a child can write without an account, a cookie or a name, and reads first who will read it; the page works in languages that the program
// has not. Limits: sending is slowed for the whole process and not for an address, since none of a writer's is kept.
package complaintweb

import (
	"net/http"
	"slices"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/guardian/complaint"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const (
	public  = "/guardian-complaint"
	desk    = "/app/guardians/complaints"
	notices = "/app/guardians/notices"
)

// What is sent is stored and read by a person: far fewer a minute than of a page that is only looked at.
const (
	burst     = 20
	perSecond = 0.1
)

// Pages are the pages of complaints.
type Pages struct {
	site    *web.Site
	service *complaint.Service
	phone   func(factID, lang string) string
	limit   *web.Limit
}

// New returns the pages. phone returns the number that a fact holds today, "" if none can be relied on.
func New(site *web.Site, s *complaint.Service, phone func(factID, lang string) string) *Pages {
	return &Pages{site, s, phone, web.NewLimit(perSecond, burst)}
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET "+public, h.form)
	m.Handle("POST "+public, h.send)
	m.Handle("GET "+desk, h.desk)
	m.Handle("GET "+desk+"/{complaint}", h.one)
	m.Handle("POST "+desk+"/{complaint}", h.decide)
	m.Handle("GET "+notices, h.notices)
	m.Handle("POST "+notices+"/{notice}", h.done)
}

// languageOf is the page's language: what the address names, or the reader's.
func languageOf(r *http.Request) string {
	if tag := r.URL.Query().Get("lang"); slices.Contains(complaint.Langs, tag) {
		return tag
	}
	return lang.From(r.Context()).Tag()
}

type formView struct {
	Tag       string
	T         map[string]string
	Form      *web.Form
	Faults    map[string]string // by field, in the page's language
	Sent      bool
	Offices   []ui.Option
	Emergency string
	Line      string
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, web.NewForm(), nil)
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, f *web.Form, faults map[string]string) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	tag := languageOf(r)
	v := formView{Tag: tag, T: h.service.Texts[tag], Form: f, Faults: faults, Sent: r.Method == http.MethodGet && r.URL.Query().Has("sent"),
		Emergency: h.phone("emergency", tag), Line: h.phone("child-ombudsman-line", tag)}
	all, err := h.service.Offices(r.Context())
	if err != nil {
		return err
	}
	if len(all) > 1 { // with one there is nothing to choose
		v.Offices = []ui.Option{{Label: v.T["office-unknown"]}}
		for _, o := range all {
			v.Offices = append(v.Offices, ui.Option{Value: o.ID, Label: o.Name})
		}
	}
	status := http.StatusOK
	if len(faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Show(w, r, web.View{Title: v.T["title"], Status: status}, publicPage(v))
}

func (h *Pages) send(w http.ResponseWriter, r *http.Request) error {
	if err := h.limit.Take(w, h.site.Clock.Now(), "complaint.busy"); err != nil {
		return err
	}
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	tag := languageOf(r)
	err = h.service.File(r.Context(), complaint.Draft{
		Statement: complaint.Statement{Text: f.Get("text"), About: f.Get("about"), Contact: f.Get("contact")}, UnitID: f.Get("office"), Lang: tag,
	})
	if fields, ok := errs.FieldsOf(err); ok {
		faults := map[string]string{}
		for _, x := range fields {
			faults[x.Name] = h.service.Texts[tag][x.Key]
		}
		return h.show(w, r, f, faults)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, public+"?lang="+tag+"&sent=1")
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := h.service.All(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(c complaint.Complaint) bool { return !c.Open() })
	if i < 0 {
		i = len(all)
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "complaint.desk"), Nav: "guardian-complaints"}, deskPage(all[:i], all[i:]))
}

func (h *Pages) one(w http.ResponseWriter, r *http.Request) error {
	return h.showOne(w, r, web.NewForm())
}

func (h *Pages) showOne(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx := r.Context()
	c, said, err := h.service.Read(ctx, web.Actor(ctx), r.PathValue("complaint"))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Show(w, r, web.View{Title: lang.T(ctx, "complaint.one-title"), Nav: "guardians", Status: f.Status()}, onePage(c, said, f))
}

func (h *Pages) decide(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	err = h.service.Decide(ctx, web.Actor(ctx), r.PathValue("complaint"), complaint.Decision{Kind: complaint.Kind(f.Get("kind")), Name: f.Get("name")})
	if f.Fail(lang.From(ctx), err) {
		return h.showOne(w, r, f)
	}
	if err != nil {
		return err
	}
	h.site.Say(w, "complaint.said-decided")
	return web.Redirect(w, r, desk)
}

func (h *Pages) notices(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := h.service.Notices(ctx, web.Actor(ctx))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "complaint.notices"), Nav: "guardians"}, noticesPage(all, web.Actor(ctx).Has(access.GuardiansWrite)))
}

func (h *Pages) done(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := h.service.Done(ctx, web.Actor(ctx), r.PathValue("notice")); err != nil {
		return err
	}
	h.site.Say(w, "complaint.said-done")
	return web.Redirect(w, r, notices)
}

func kinds(p *lang.Printer) (options []ui.Option) {
	for _, k := range complaint.Kinds {
		options = append(options, ui.Option{Value: string(k), Label: p.T("complaint.kind-" + string(k)), Hint: p.T("complaint.kind-hint-" + string(k))})
	}
	return options
}
