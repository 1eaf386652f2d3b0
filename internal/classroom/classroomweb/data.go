package classroomweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/classroom"
	"ostoja/internal/classroom/hour"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// dataView is what a training's tab of data shows.
type dataView struct {
	*Frame
	classroom.Details
	Courses []ui.Option
	Names   map[string]string // of organisations and regions, by what quotas name
}

func (v dataView) writable() bool { return v.Allowed[access.TrainingsWrite] && v.CancelledAt.IsZero() }

func (h *Pages) data(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Frame(r, "data")
	if err != nil {
		return err
	}
	v := dataView{Frame: f}
	ctx := r.Context()
	if v.Details, err = h.Service.Details(ctx, web.Actor(ctx), f.ID); err != nil {
		return err
	}
	if v.Courses, err = h.Courses(ctx, lang.From(ctx).Tag()); err != nil {
		return err
	}
	options, err := h.quotaOptions(r)
	if err != nil {
		return err
	}
	v.Names = map[string]string{}
	for _, o := range options {
		_, name, _ := strings.Cut(o.Value, ":")
		v.Names[name] = o.Label
	}
	return web.Show(w, r, f.View(nil), f.With(dataPart(v)))
}

// quotaOptions are the organisations and regions that a quota may be of: "organisation:ID", "region:06".
func (h *Pages) quotaOptions(r *http.Request) ([]ui.Option, error) {
	ctx := r.Context()
	units, err := h.Units(ctx, web.Actor(ctx), access.TrainingsRead)
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, u := range units {
		if u.Depth == 0 {
			options = append(options, ui.Option{Value: classroom.OfOrganisation + ":" + u.ID, Label: u.Name})
		}
	}
	for _, o := range h.Regions(lang.From(ctx).Tag()) {
		options = append(options, ui.Option{Value: classroom.OfRegion + ":" + o.Value, Label: o.Label})
	}
	return options, nil
}

func (v dataView) pairs(p *lang.Printer, section string) (pairs []ui.Pair) {
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, ui.Pair{Term: p.T("classroom.field." + key), Text: text})
		}
	}
	switch section {
	case "content":
		add("unit", v.UnitName)
		if v.ProgrammeID != "" {
			add("programme", strings.TrimSpace(v.ProgrammeID+" "+v.ProgrammeVersion))
		}
		add("audience", v.Audience)
		add("hours", p.T("classroom.hours", "Theory", teaching(p, v.TheoryMinutes, v.HourMinutes), "Exercise", teaching(p, v.ExerciseMinutes, v.HourMinutes), "Minutes", v.HourMinutes))
		var langs []string
		for _, l := range v.Langs {
			langs = append(langs, langName(p, l))
		}
		add("langs", strings.Join(langs, ", "))
		if i := slices.IndexFunc(v.Courses, func(o ui.Option) bool { return o.Value == v.CourseID && o.Value != "" }); i >= 0 {
			add("course", v.Courses[i].Label)
		}
	case "sign-up":
		add("sign-up", p.T("classroom.sign-up."+string(v.SignUp)))
		add("delegation", p.T("classroom.yes-no."+strconv.FormatBool(v.Delegation)))
		for _, n := range v.Wanted {
			pairs = append(pairs, ui.Pair{Term: p.T("classroom.wanted-line", "Kind", p.T("classroom.number."+n.Kind), "Name", numberName(p, n)), Text: p.Int(n.Number)})
		}
		for _, n := range v.Quotas {
			pairs = append(pairs, ui.Pair{Term: p.T("classroom.quota-of", "Name", orSelf(v.Names[n.Name], n.Name)), Text: p.Int(n.Number)})
		}
	case "fund":
		add("project", v.Project)
		if v.Project != "" {
			add("share", p.Percent(float64(v.ProjectShare), 0))
		}
		add("statement", v.Statement)
		add("notice-version", v.NoticeVersion)
		add("evidence-until", lastDay(p, v.EvidenceUntil))
	}
	return pairs
}

func orSelf(name, self string) string {
	if name == "" {
		return self
	}
	return name
}

// langName is the name of a language in which trainings are held; of another, its tag.
func langName(p *lang.Printer, tag string) string {
	if key := "classroom.lang." + tag; p.Has(key) {
		return p.T(key)
	}
	return tag
}

// teaching says minutes in hours of a training.
func teaching(p *lang.Printer, minutes, hourMinutes int) string {
	return p.Number(hour.Written(minutes, hourMinutes))
}

type sectionView struct {
	*Frame
	Section    string
	Step       int // of a new training; 0: it is changed
	Form       *web.Form
	Details    classroom.Details
	Courses    []ui.Option
	Programmes []Programme
	Teachers   []classroom.Trainer
	Quotas     []ui.Option
	Kinds      []string
	Projects   []string
}

// rows is how many rows of a kind the form has room for: three more than there are.
func rowsFor(n int) int { return n + 3 }

// shownTrainers is how many rows of trainers are open: those in which something is written, and one at least.
func (v sectionView) shownTrainers() int {
	for i := rowsFor(len(v.Trainers)); i > 1; i-- {
		if v.Form.Get("person"+numbered(i-1)) != "" || v.Form.Get("mail"+numbered(i-1)) != "" {
			return i
		}
	}
	return 1
}

func (v sectionView) action() string {
	if v.Step > 0 {
		return v.Path("edit/"+v.Section) + "?step=" + strconv.Itoa(v.Step)
	}
	return v.Path("edit/" + v.Section)
}

func (h *Pages) section(r *http.Request) (v sectionView, err error) {
	v.Section = r.PathValue("section")
	i := slices.Index(sections, v.Section)
	if i < 0 {
		return v, errs.NotFound("error.not-found")
	}
	if r.URL.Query().Get("step") != "" {
		v.Step = i + 2
	}
	if v.Frame, err = h.plannable(r); err != nil {
		return v, err
	}
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	if v.Details, err = h.Service.Details(ctx, actor, v.ID); err != nil {
		return v, err
	}
	switch v.Section {
	case "content":
		if v.Courses, err = h.Courses(ctx, p.Tag()); err == nil {
			v.Programmes, err = h.Programmes(ctx, p.Tag())
		}
	case "trainers":
		v.Teachers, err = h.Service.Teachers(ctx, actor)
	case "sign-up":
		v.Kinds = h.kindNames(p)
		v.Quotas, err = h.quotaOptions(r)
		v.Quotas = append([]ui.Option{{}}, v.Quotas...)
	case "fund":
		v.Projects, err = h.Service.Projects(ctx, actor)
	}
	return v, err
}

func (h *Pages) sectionForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.section(r)
	if err != nil {
		return err
	}
	f := web.NewForm("edition", strconv.Itoa(v.Edition))
	set := func(pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
	}
	switch v.Section {
	case "content":
		p := lang.From(r.Context())
		set("title", v.Title, "programme", v.ProgrammeID, "version", v.ProgrammeVersion, "course", v.CourseID, "audience", v.Audience, "objectives", v.Objectives, "materials", v.Materials,
			"theory", teaching(p, v.TheoryMinutes, v.HourMinutes), "exercise", teaching(p, v.ExerciseMinutes, v.HourMinutes), "hour", strconv.Itoa(v.HourMinutes))
		f.Values["langs"] = v.Langs
	case "trainers":
		for i, t := range v.Trainers {
			set("person"+numbered(i), t.PersonID, "part"+numbered(i), string(t.Part))
		}
	case "sign-up":
		set("sign-up", string(v.SignUp))
		if v.Delegation {
			set("delegation", "1")
		}
		for i, n := range v.Details.Wanted {
			set("wanted-kind"+numbered(i), n.Kind, "wanted-name"+numbered(i), numberName(lang.From(r.Context()), n), "wanted-number"+numbered(i), strconv.Itoa(n.Number))
		}
		for i, n := range v.Details.Quotas {
			set("quota-name"+numbered(i), n.Kind+":"+n.Name, "quota-number"+numbered(i), strconv.Itoa(n.Number))
		}
	case "fund":
		set("project", v.Project, "share", strconv.Itoa(v.ProjectShare), "statement", v.Statement, "notice", v.Notice, "notice-version", v.NoticeVersion, "evidence-until", typedLastDay(lang.From(r.Context()), v.EvidenceUntil))
	}
	v.Form = f
	return web.Show(w, r, v.View(nil), sectionPage(v))
}

func (h *Pages) saveSection(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.section(r)
	if err != nil {
		return err
	}
	v.Form = f
	err = h.store(r, v, f)
	if f.Fail(lang.From(r.Context()), err) {
		f.Set("edition", strconv.Itoa(v.Edition))
		return web.Show(w, r, v.View(f), sectionPage(v))
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.saved")
	if v.Step > 0 && v.Step <= len(sections) {
		return web.Redirect(w, r, v.Path("edit/"+sections[v.Step-1])+"?step="+strconv.Itoa(v.Step+1))
	}
	if v.Step > 0 {
		return web.Redirect(w, r, v.Path(""))
	}
	return web.Redirect(w, r, v.Path("data"))
}

// mostRows bounds what a form may bring of a kind.
const mostRows = 100

func (h *Pages) store(r *http.Request, v sectionView, f *web.Form) error {
	ctx, actor, e := r.Context(), web.Actor(r.Context()), edition(f)
	switch v.Section {
	case "content":
		return h.Service.SaveContent(ctx, actor, v.ID, e, classroom.ContentDraft{
			Title: f.Text("title"), ProgrammeID: f.Text("programme"), ProgrammeVersion: f.Text("version"), CourseID: f.Text("course"), Audience: f.Get("audience"), Objectives: f.Get("objectives"),
			Materials: f.Get("materials"), Langs: f.Values["langs"], Theory: f.Text("theory"), Exercise: f.Text("exercise"), HourMinutes: f.Text("hour"),
		})
	case "trainers":
		var drafts []classroom.TrainerDraft
		for i := 0; i < mostRows && f.Has("part"+numbered(i)); i++ {
			d := classroom.TrainerDraft{PersonID: f.Text("person" + numbered(i)), Mail: f.Text("mail" + numbered(i)), Part: classroom.Part(f.Text("part" + numbered(i)))}
			if d.PersonID != "" || d.Mail != "" {
				drafts = append(drafts, d)
			}
		}
		return h.Service.SaveTrainers(ctx, actor, v.ID, e, drafts)
	case "sign-up":
		d := classroom.SignUpDraft{SignUp: classroom.SignUp(f.Get("sign-up")), Delegation: f.Get("delegation") != ""}
		for i := 0; i < mostRows && f.Has("wanted-name"+numbered(i)); i++ {
			n := classroom.NumberDraft{Kind: f.Get("wanted-kind" + numbered(i)), Name: f.Text("wanted-name" + numbered(i)), Number: f.Text("wanted-number" + numbered(i))}
			if n.Kind == classroom.OfInstitution {
				n.Name = h.kindOf(lang.From(ctx), n.Name)
			}
			d.Wanted = append(d.Wanted, n)
		}
		for i := 0; i < mostRows && f.Has("quota-name"+numbered(i)); i++ {
			kind, name, _ := strings.Cut(f.Text("quota-name"+numbered(i)), ":")
			d.Quotas = append(d.Quotas, classroom.NumberDraft{Kind: kind, Name: name, Number: f.Text("quota-number" + numbered(i))})
		}
		return h.Service.SaveSignUp(ctx, actor, v.ID, e, d)
	}
	return h.Service.SaveFund(ctx, actor, v.ID, e, classroom.FundDraft{
		Project: f.Text("project"), Share: f.Text("share"), Statement: f.Get("statement"), Notice: f.Get("notice"), NoticeVersion: f.Text("notice-version"), EvidenceUntil: f.Text("evidence-until"),
	})
}

func (h *Pages) addEmblem(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	r.SetPathValue("section", "fund")
	v, err := h.section(r)
	if err != nil {
		return err
	}
	picture, _, err := web.File(r, "emblem")
	if err != nil {
		return err
	}
	err = h.Service.AddEmblem(r.Context(), web.Actor(r.Context()), v.ID, edition(f), picture, f.Text("emblem-text"))
	if f.Fail(lang.From(r.Context()), err) {
		f.Set("edition", strconv.Itoa(v.Edition))
		for name, value := range map[string]string{"project": v.Project, "share": strconv.Itoa(v.ProjectShare), "statement": v.Statement, "notice": v.Notice, "notice-version": v.NoticeVersion, "evidence-until": typedLastDay(lang.From(r.Context()), v.EvidenceUntil)} {
			f.Set(name, value)
		}
		v.Form = f
		return web.Show(w, r, v.View(f), sectionPage(v))
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.emblem")
	return web.Redirect(w, r, v.Path("edit/fund"))
}

// emblem sends a picture. It was read as PNG or JPEG when it came, and nothing else is ever sent from here.
func (h *Pages) emblem(w http.ResponseWriter, r *http.Request) error {
	position, err := strconv.Atoi(r.PathValue("position"))
	if err != nil {
		return errs.NotFound("error.not-found")
	}
	mediaType, content, err := h.Service.Emblem(r.Context(), web.Actor(r.Context()), r.PathValue("training"), position)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = w.Write(content) //nolint:gosec // a picture that was decoded when it came, sent as what it is and never sniffed; fails only where the browser has gone
	return nil
}

func (h *Pages) removeEmblem(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	position, err := strconv.Atoi(r.PathValue("position"))
	if err != nil {
		return errs.NotFound("error.not-found")
	}
	if err := h.Service.RemoveEmblem(r.Context(), web.Actor(r.Context()), r.PathValue("training"), edition(f), position); err != nil {
		return err
	}
	h.Site.Say(w, "classroom.said.emblem-removed")
	return web.Redirect(w, r, Path(r.PathValue("training"), "edit/fund"))
}

// announceTraining puts a training on the public site, or takes it off.
func (h *Pages) announceTraining(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.plannable(r)
	if err != nil {
		return err
	}
	on := f.Get("on") != ""
	if err := h.Service.Announce(r.Context(), web.Actor(r.Context()), v.ID, on); err != nil {
		return err
	}
	if on {
		h.Site.Say(w, "assessment.measure.said-announced")
	} else {
		h.Site.Say(w, "assessment.measure.said-unannounced")
	}
	return web.Redirect(w, r, v.Path("data"))
}

type resultsView struct {
	*Frame
	Results    []Result
	MayMeasure bool
}

func (h *Pages) results(w http.ResponseWriter, r *http.Request) error {
	f, err := h.Frame(r, "results")
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), web.Actor(r.Context())
	v := resultsView{Frame: f, MayMeasure: actor.May(access.Measure, f.UnitPath)}
	if v.Results, err = h.Results(ctx, actor, f.ID, lang.From(ctx).Tag()); err != nil {
		return err
	}
	return web.Show(w, r, f.View(nil), f.With(resultsPart(v)))
}

func (h *Pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, p := r.Context(), web.Actor(r.Context()), lang.From(r.Context())
	d, err := h.Overview.Desk(ctx, actor)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{With: Styles, Title: p.T("classroom.side.desk"), Nav: "trainings", Wide: true}, deskPage(deskView{d, h.Site.Clock.Now(), actor.Has(access.TrainingsWrite), actor.Has(access.Attendance)}))
}

// lastDay is the last day before an end that is exclusive, as it is read; "" for none.
func lastDay(p *lang.Printer, until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return p.Date(until.Add(-time.Second))
}

// typedLastDay is the same as a field has it.
func typedLastDay(p *lang.Printer, until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return until.Add(-time.Second).In(p.Zone()).Format(time.DateOnly)
}
