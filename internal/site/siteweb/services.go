package siteweb

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/site"
	"ostoja/internal/site/directory"
	"ostoja/internal/site/directory/hsds"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

const importLimit = hsds.Most + (1 << 20)

// servicesView is the directory as its editors see it.
type servicesView struct {
	Form     *web.Form
	List     []site.Listed
	All      int
	Query    string
	Region   string
	MayWrite bool
	Imported []string // what was taken
	Losses   []hsds.Loss
	Faults   []string // services that were not taken, and why
}

func (h *Pages) services(w http.ResponseWriter, r *http.Request) error {
	return h.showServices(w, r, servicesView{Form: web.NewForm()})
}

func (h *Pages) showServices(w http.ResponseWriter, r *http.Request, v servicesView) error {
	all, err := h.Service.Directory(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	v.All, v.MayWrite = len(all), mayWrite(r)
	v.Query, v.Region = strings.TrimSpace(r.URL.Query().Get("q")), r.URL.Query().Get("region")
	q := strings.ToLower(v.Query)
	for _, s := range all {
		text := s.ID + " " + s.Operator + " " + s.Town
		for _, t := range []map[string]string{s.Name, s.Summary} {
			for _, x := range t {
				text += " " + x
			}
		}
		if strings.Contains(strings.ToLower(text), q) && (v.Region == "" || s.Region == v.Region) {
			v.List = append(v.List, s)
		}
	}
	return show(w, r, "site.services.title", v.Form, servicesPage(v))
}

// serviceState says how an entry stands: the key of its text and its colour.
func serviceState(s site.Listed) (string, ui.Kind) {
	switch {
	case !s.Listed:
		return "hidden", ui.Plain
	case s.Standing == site.Gone:
		return "gone", ui.Danger
	case s.Standing == site.Overdue:
		return "overdue", ui.Danger
	case s.Confirm:
		return "confirm", ui.Waiting
	}
	return "listed", ui.Success
}

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
		if s.Listed { // a partner gets what stands on the site
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

// importServices takes an HSDS file. What comes from elsewhere is not listed until an editor has looked at it.
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
	list, losses, err := hsds.Read(bytes.NewReader(content), f.Get("lang"))
	if err != nil || len(content) == 0 {
		_ = f.Fail(printer(r), errs.Fields{{Name: "file", Key: "site.services.fault.file"}}.Err())
		return h.showServices(w, r, v)
	}
	v.Losses = losses
	there, err := h.Service.Directory(r.Context(), web.Actor(r.Context()))
	if err != nil {
		return err
	}
	for _, s := range list {
		if slices.ContainsFunc(there, func(x site.Listed) bool { return x.ID == s.ID }) { // what readers rely on is changed by hand
			v.Faults = append(v.Faults, s.ID+": "+printer(r).T("site.services.fault.there"))
			continue
		}
		if s.By == "" {
			s.By = web.CurrentSession(r.Context()).Name
		}
		if s.Checked == "" {
			s.Checked = h.today()
		}
		if s.ValidUntil == "" {
			s.ValidUntil = h.Service.Now().AddDate(0, 3, 0).Format("2006-01-02")
		}
		s.Confirm = true
		if faults := s.Check(nil); len(faults) > 0 {
			for _, x := range faults {
				v.Faults = append(v.Faults, s.ID+": "+printer(r).Args(x.Key, x.Args))
			}
			continue
		}
		if err := h.Service.SaveService(r.Context(), web.Actor(r.Context()), s, false); err != nil {
			if bad := web.NewForm(); bad.Fail(printer(r), err) {
				v.Faults = append(v.Faults, s.ID+": "+bad.Errors()[0].Text)
				continue
			}
			return err
		}
		v.Imported = append(v.Imported, s.ID)
	}
	return h.showServices(w, r, v)
}

// serviceView is an entry in its form.
type serviceView struct {
	ID        string // "new" for a new one
	Form      *web.Form
	Languages []site.Language
	MayWrite  bool
}

func (h *Pages) service(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("service")
	f := web.NewForm("checked", h.today(), "by", web.CurrentSession(r.Context()).Name, "valid_until", h.Service.Now().In(h.Service.Zone()).AddDate(0, 3, 0).Format("2006-01-02"))
	if id != "new" {
		all, err := h.Service.Directory(r.Context(), web.Actor(r.Context()))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s site.Listed) bool { return s.ID == id })
		if i < 0 {
			return errs.NotFound("error.not-found")
		}
		f = serviceForm(all[i])
	}
	return h.showService(w, r, f)
}

// serviceTexts are the texts of an entry by the names of their fields.
func serviceTexts(s *directory.Service) map[string]*map[string]string {
	return map[string]*map[string]string{"name": &s.Name, "summary": &s.Summary, "after": &s.After, "cost": &s.Cost, "audience": &s.Audience}
}

func serviceForm(s site.Listed) *web.Form {
	f := web.NewForm("operator", s.Operator, "languages", strings.Join(s.Languages, " "), "mail", s.Mail, "web", s.Web, "region", s.Region, "town", s.Town, "address", s.Address,
		"hours", s.Hours.String(), "source", s.Source, "url", s.URL, "checked", s.Checked, "by", s.By, "valid_until", s.ValidUntil)
	for name, on := range map[string]bool{"shelter": s.Shelter, "confirm": s.Confirm, "listed": s.Listed} {
		if on {
			f.Set(name, "1")
		}
	}
	for name, t := range serviceTexts(s.Service) {
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
	return show(w, r, "site.services.single", f, servicePage(serviceView{ID: r.PathValue("service"), Form: f, Languages: h.Service.Languages(), MayWrite: mayWrite(r)}))
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
	if s.ID == "new" {
		s.ID = f.Text("id")
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
	faults := s.Check([]string{h.Service.Bundle().SourceLang})
	if s.Hours, err = directory.ParseHours(f.Get("hours")); err != nil {
		faults.Add("hours", "site.services.fault.hours")
	}
	if err = faults.Err(); err == nil {
		err = h.Service.SaveService(r.Context(), web.Actor(r.Context()), s, f.Get("listed") != "")
	}
	if err != nil {
		if f.Fail(printer(r), err) {
			return h.showService(w, r, f)
		}
		return err
	}
	h.Site.Say(w, "site.saved")
	return web.Redirect(w, r, "/app/site/services/"+s.ID)
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
		list = append(list, ui.Option{Value: code, Label: p.T("report.region-" + code)})
	}
	return list
}

func regionName(p *lang.Printer, code string) string {
	if code == "" {
		return p.T("site.services.country")
	}
	return p.T("report.region-" + code)
}
