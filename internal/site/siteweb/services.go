package siteweb

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ostoja/internal/access"
	"ostoja/internal/errs"
	"ostoja/internal/fact"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/directory/hsds"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const importLimit = hsds.Most + (1 << 20)

// servicesView is the directory as its editors see it.
type servicesView struct {
	Form      *web.Form
	List      *listweb.Shown
	MayAdd    bool
	MayImport bool           // a file of services
	Waiting   *listweb.Shown // proposals
	Proposals int            // that wait for a second person
	Import    *importView    // what a file brought; nil without one
}

// importView is what a file of services brought, or would bring.
type importView struct {
	site.ServicesImport
	Dry     bool // nothing was taken yet
	Losses  []hsds.Loss
	Refused []string // entries that were not taken, and why
}

func (h *Pages) services(w http.ResponseWriter, r *http.Request) error {
	return h.showServices(w, r, servicesView{Form: web.NewForm()})
}

func (h *Pages) showServices(w http.ResponseWriter, r *http.Request, v servicesView) error {
	all, err := h.Service.Directory(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	v.MayAdd, v.MayImport = mayAdd(r), web.Actor(r.Context()).Everywhere(access.SiteWrite)
	l := h.serviceList(r, all)
	if l.Wanted() {
		return l.Send(w, r)
	}
	if v.List, err = l.Open(r.Context()); err != nil {
		return err
	}
	proposals, err := h.queue(r, site.OfService)
	if err != nil {
		return err
	}
	waiting := h.waitingList(r, l.Path, proposals)
	if waiting.Wanted() {
		return waiting.Send(w, r)
	}
	v.Proposals = count(proposals)
	if v.Waiting, err = waiting.Open(r.Context()); err != nil {
		return err
	}
	return show(w, r, "site.services.title", v.Form, servicesPage(v))
}

// serviceState says how an entry stands: the key of its text and its colour.
func serviceState(s site.DirectoryEntry) (string, ui.Kind) {
	switch {
	case !s.Listed:
		return "hidden", ui.Plain
	case s.Unreadable:
		return "unreadable", ui.Danger
	case s.Validity == fact.Expired:
		return "gone", ui.Danger
	case s.Validity == fact.Overdue:
		return "overdue", ui.Danger
	case s.Confirm:
		return "confirm", ui.Waiting
	}
	return "listed", ui.Success
}

// exportServices sends what stands on the site, or with all=1 what is hidden too. A shelter is never in it.
func (h *Pages) exportServices(w http.ResponseWriter, r *http.Request) error {
	all, err := h.Service.Directory(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	facts, err := h.Service.Facts(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	var list []*directory.Service
	for _, s := range all {
		if !s.Shelter && (s.Listed || r.URL.Query().Get("all") != "") {
			list = append(list, s.Service)
		}
	}
	number := func(id string) string {
		for _, f := range facts {
			if f.ID == id {
				return f.In(printer(r).Tag())
			}
		}
		return ""
	}
	var b bytes.Buffer
	if err := hsds.Write(&b, list, hsds.Options{Lang: printer(r).Tag(), Number: number}); err != nil {
		return err
	}
	attachment(w, "application/json", "services-"+h.today()+".json", b.Bytes())
	return nil
}

// importServices takes an HSDS file, or shows what it would bring.
func (h *Pages) importServices(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v := servicesView{Form: f}
	content, _, err := web.File(r, "file")
	if err != nil {
		return err
	}
	list, losses, err := hsds.Read(bytes.NewReader(content), f.Get("lang"), h.Service.Now().In(h.Service.Zone()))
	if err != nil {
		key, kind := "site.services.fault.file", (*hsds.KindError)(nil)
		if errors.As(err, &kind) && len(content) > 0 {
			key = "site.services.fault.file-" + kind.Kind
		}
		_ = f.Fail(printer(r), errs.Fields{{Name: "file", Key: key}}.Err()) // fields are always the form's
		return h.showServices(w, r, v)
	}
	v.Import = &importView{Dry: f.Get("do") == "look", Losses: losses}
	v.Import.ServicesImport, err = h.Service.ImportServices(r.Context(), web.Actor(r.Context()), list, web.CurrentSession(r.Context()).Name, v.Import.Dry)
	if err != nil {
		if v.Import = nil; f.Fail(printer(r), err) {
			return h.showServices(w, r, v)
		}
		return err
	}
	for _, x := range v.Import.ServicesImport.Refused {
		for _, fault := range x.Faults {
			v.Import.Refused = append(v.Import.Refused, x.ID+": "+printer(r).Args(fault.Key, fault.Args))
		}
	}
	return h.showServices(w, r, v)
}

// serviceView is an entry in its form.
type serviceView struct {
	ID        string // [newThing] of a new one
	Title     string
	Form      *web.Form
	Proposal  *site.Proposal // what is proposed; nil if nothing
	Exists    bool           // in the directory, not only as a proposal
	Languages []content.Language
	MayWrite  bool        // may propose
	Units     []ui.Option // of a new one
	MayRemove bool
	Week      []ui.Pair // what the hours in the form come to
}

func (h *Pages) service(w http.ResponseWriter, r *http.Request) error {
	return h.showService(w, r, nil)
}

// serviceTexts are the texts of an entry by the names of their fields.
func serviceTexts(s *directory.Service) map[string]*map[string]string {
	return map[string]*map[string]string{"name": &s.Name, "summary": &s.Summary, "after": &s.After, "cost": &s.Cost, "audience": &s.Audience}
}

// hoursFault says what of opening hours is not read, and where the reading stopped.
func hoursFault(err error) error {
	var fault *directory.HoursError
	if !errors.As(err, &fault) {
		return errs.Fields{{Name: "hours", Key: "site.services.fault.hours"}}.Err()
	}
	return errs.Fields{{Name: "hours", Key: "site.services.fault.hours-" + string(fault.Reason), Args: map[string]any{"At": strings.Trim(fault.At, `"`)}}}.Err() // the text has quotation marks of its own
}

// week lists what opening hours come to: by day, on holidays, and on the dates of the coming year that have hours of their own.
func (h *Pages) week(p *lang.Printer, text string) (list []ui.Pair) {
	hours, err := directory.ParseHours(text)
	if err != nil || !hours.Known() {
		return nil
	}
	const ahead = 365 // days
	for _, l := range hours.Table(h.Service.Now().In(p.Zone()), ahead) {
		pair := ui.Pair{Text: cmp.Or(directory.Times(l.Spans), p.T("site.services.closed"))}
		switch {
		case !l.Date.IsZero():
			pair.Term = p.Date(l.Date)
		case l.Holidays:
			pair.Term = p.T("site.services.holidays")
		default:
			pair.Term = p.T("site.services.weekdays." + strconv.Itoa(int(l.Weekday)))
		}
		list = append(list, pair)
	}
	return list
}

func serviceForm(s *directory.Service, listed bool) *web.Form {
	f := web.NewForm("operator", s.Operator, "languages", strings.Join(s.Languages, " "), "mail", s.Mail, "web", s.Web, "region", s.Region, "town", s.Town, "address", s.Address,
		"hours", s.Hours.String(), "source", s.Source, "url", s.URL, "checked", s.Checked, "by", s.By, "valid_until", s.ValidUntil)
	for name, on := range map[string]bool{"shelter": s.Shelter, "confirm": s.Confirm, "listed": listed} {
		if on {
			f.Set(name, "1")
		}
	}
	for name, t := range serviceTexts(s) {
		for l, x := range *t {
			f.Set(name+"-"+l, x)
		}
	}
	var phones []string
	for _, p := range s.Phones {
		if p.Fact != "" {
			phones = append(phones, "{"+p.Fact+"}")
		} else {
			phones = append(phones, p.Number)
		}
	}
	f.Set("phones", strings.Join(phones, "\n"))
	return f
}

func (h *Pages) showService(w http.ResponseWriter, r *http.Request, f *web.Form) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), printer(r)
	v := serviceView{ID: r.PathValue("service"), Title: p.T("site.services.new"), Form: f, Languages: h.Service.Languages(), MayWrite: mayAdd(r)}
	var err error
	if v.Units, err = h.unitOptions(r); err != nil {
		return err
	}
	if v.ID == newThing && f == nil {
		v.Form = web.NewForm("checked", h.today(), "by", web.CurrentSession(ctx).Name, "valid_until", h.inMonths(3), "base", site.NewBase)
	}
	if v.ID != newThing {
		entry, err := h.Service.Entry(ctx, actor, site.OfService, v.ID)
		if err != nil {
			return err
		}
		latest := entry.Latest()
		v.Title, v.Proposal, v.Exists, v.MayRemove = serviceName(p, latest.Service), entry.Proposal, entry.Current != nil, entry.MayChange(actor)
		if f == nil {
			v.Form = serviceForm(latest.Service, latest.Listed)
			v.Form.Set("base", entry.Base)
		}
		v.MayWrite = entry.MayChange(actor) && (entry.Proposal == nil || entry.Proposal.Open(actor.PersonID))
	}
	v.Week = h.week(p, v.Form.Get("hours"))
	return show(w, r, "site.services.single", v.Form, servicePage(v))
}

func (h *Pages) saveService(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	s := &directory.Service{
		ID: r.PathValue("service"), Operator: f.Text("operator"), Languages: strings.Fields(strings.ReplaceAll(f.Get("languages"), ",", " ")), Mail: f.Text("mail"), Web: f.Text("web"),
		Region: f.Get("region"), Town: f.Text("town"), Address: f.Text("address"), Shelter: f.Get("shelter") != "", Source: f.Text("source"), URL: f.Text("url"), Checked: f.Text("checked"),
		By: f.Text("by"), ValidUntil: f.Text("valid_until"), Confirm: f.Get("confirm") != "",
	}
	unitID := ""
	if s.ID == newThing {
		s.ID, unitID = f.Text("id"), f.Get("unit")
	}
	for name, t := range serviceTexts(s) {
		*t = map[string]string{}
		for _, l := range h.Service.Languages() {
			if x := f.Text(name + "-" + l.Tag); x != "" {
				(*t)[l.Tag] = x
			}
		}
	}
	for _, line := range strings.Split(f.Get("phones"), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if fact, ok := strings.CutPrefix(line, "{"); ok {
			s.Phones = append(s.Phones, directory.Phone{Fact: strings.TrimSuffix(fact, "}")})
		} else {
			s.Phones = append(s.Phones, directory.Phone{Number: line})
		}
	}
	if s.Hours, err = directory.ParseHours(f.Get("hours")); err != nil {
		f.Fail(printer(r), hoursFault(err))
	}
	if f.Get("look") == "hours" { // what was typed so far is not judged yet
		return h.showService(w, r, f)
	}
	propose := h.Service.ProposeServiceBecause
	if len(f.Errors()) > 0 { // what else is wrong is told too
		propose = h.Service.CheckService
	}
	if err := propose(r.Context(), web.Actor(r.Context()), s, f.Get("listed") != "", unitID, f.Get("base"), f.Get("why")); err != nil && !f.Fail(printer(r), err) {
		return err
	}
	if len(f.Errors()) > 0 {
		return h.showService(w, r, f)
	}
	h.Site.Say(w, "site.proposals.made")
	return web.Redirect(w, r, "/app/site/services")
}

func (h *Pages) removeService(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.RemoveService(r.Context(), web.Actor(r.Context()), r.PathValue("service")); err != nil {
		return err
	}
	h.Site.Say(w, "site.services.removed")
	return web.Redirect(w, r, "/app/site/services")
}

// regionOptions offers the voivodeships.
func regionOptions(p *lang.Printer, first string) []ui.Option {
	list := []ui.Option{{Label: p.T(first)}}
	for _, code := range directory.Regions {
		list = append(list, ui.Option{Value: code, Label: p.T("desk.region-" + code)})
	}
	return list
}

func regionName(p *lang.Printer, code string) string {
	if code == "" {
		return p.T("site.services.country")
	}
	return p.T("desk.region-" + code)
}

func lossLines(list []hsds.Loss) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = l.Service + ": " + l.What
	}
	return out
}
