// Package courseweb shows courses to their authors: versions, faults of an uploaded folder, export.
//
// Goals: a folder with faults changes nothing, and every fault is named with its file and line at once; what was exported can be
// uploaded again and is the same version. Limits: courses are written outside, in files (docs/course-format.md), so nothing is edited
// here; how a course is read by those who learn is learningweb's.
package courseweb

import (
	"bytes"
	"errors"
	"net/http"

	"ostoja/internal/access"
	"ostoja/internal/course/angoff"
	"ostoja/internal/course/folder"
	"ostoja/internal/course/lapse"
	"ostoja/internal/course/published"
	"ostoja/internal/errs"
	"ostoja/internal/lang"
	"ostoja/internal/list/listweb"
	"ostoja/internal/web"
)

// Pages are the authors' pages.
type Pages struct {
	site    *web.Site
	courses *published.Service
	marks   *angoff.Service
}

// New returns the authors' pages.
func New(site *web.Site, courses *published.Service, marks *angoff.Service) *Pages {
	return &Pages{site, courses, marks}
}

// uploadLimit bounds an uploaded archive, in bytes: media are most of it and do not shrink.
const uploadLimit = 500 << 20

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/authoring", h.list)
	m.HandleUpload("POST /app/authoring", uploadLimit, h.publish)
	m.Handle("GET /app/authoring/{course}", h.course)
	m.Handle("POST /app/authoring/{course}/catalogue", h.catalogue)
	m.Handle("GET /app/authoring/{course}/export.zip", h.export)
	m.Handle("GET /app/authoring/{course}/pass-mark", h.mark)
	m.Handle("POST /app/authoring/{course}/pass-mark", h.judge)
	m.Handle("GET /app/authoring/{course}/pass-mark.csv", h.markFile)
	h.programmePages(m)
}

// listed is a course in the authors' list.
type listed struct {
	published.Entry
	Current *published.Course
}

func (h *Pages) list(w http.ResponseWriter, r *http.Request) error {
	return h.showList(w, r, web.NewForm(), nil)
}

func (h *Pages) showList(w http.ResponseWriter, r *http.Request, form *web.Form, faults []folder.Fault) error {
	entries, err := h.courses.List(r.Context())
	if err != nil {
		return err
	}
	var list []listed
	for _, e := range entries {
		c, err := h.courses.Version(r.Context(), e.CurrentVersionID)
		if err != nil {
			return err
		}
		list = append(list, listed{e, c})
	}
	l := h.courseList(r, list)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	var wrong *listweb.Shown
	if len(faults) > 0 {
		of := h.faultList(r, faults)
		if wrong, err = of.Open(r.Context()); err != nil {
			return err
		}
	}
	view := web.View{Title: lang.T(r.Context(), "authoring.title"), Nav: "authoring", Wide: true, Status: form.Status()}
	return web.Show(w, r, view, listPage(shown, wrong, form, mayWrite(r)))
}

func mayWrite(r *http.Request) bool {
	return web.Actor(r.Context()).Everywhere(access.CoursesWrite)
}

// publish takes a ZIP of a course folder. What is wrong with it is shown in full; nothing is stored of a faulty one.
func (h *Pages) publish(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	content, _, err := web.File(r, "archive")
	if err != nil {
		return err
	}
	v, made, err := h.publishArchive(r, content)
	var faulty *published.FaultsError
	if errors.As(err, &faulty) {
		err = errs.Fields{{Name: "archive", Key: "authoring.faults-found"}}.Err()
	}
	if err != nil {
		if !form.Fail(lang.From(r.Context()), err) {
			return err
		}
		if faulty == nil {
			return h.showList(w, r, form, nil)
		}
		return h.showList(w, r, form, faulty.Faults)
	}
	if made {
		h.site.Say(w, "authoring.said.published", "Version", v.Label, "Number", v.Number)
	} else {
		h.site.Say(w, "authoring.said.unchanged", "Version", v.Label, "Number", v.Number)
	}
	return web.Redirect(w, r, "/app/authoring/"+v.CourseID)
}

func (h *Pages) publishArchive(r *http.Request, content []byte) (published.Version, bool, error) {
	if len(content) == 0 {
		return published.Version{}, false, errs.Fields{{Name: "archive", Key: "authoring.no-file"}}.Err()
	}
	files, err := folder.Unzip(bytes.NewReader(content), int64(len(content)))
	var limit *folder.LimitError
	if errors.As(err, &limit) {
		return published.Version{}, false, errs.Fields{{Name: "archive", Key: "authoring.refused", Args: errs.Args("Name", limit.Name, "Reason", limit.Reason)}}.Err()
	}
	if err != nil {
		return published.Version{}, false, err
	}
	return h.courses.Publish(r.Context(), web.Actor(r.Context()), files)
}

func (h *Pages) course(w http.ResponseWriter, r *http.Request) error {
	courseID := r.PathValue("course")
	e, err := h.courses.Entry(r.Context(), courseID)
	if err != nil {
		return err
	}
	c, err := h.courses.Version(r.Context(), e.CurrentVersionID)
	if err != nil {
		return err
	}
	versions, err := h.courses.Versions(r.Context(), courseID)
	if err != nil {
		return err
	}
	tag := lang.From(r.Context()).Tag()
	if !c.HasLanguage(tag) {
		tag = c.Languages[0]
	}
	l := h.versionList(r, listed{e, c}, versions)
	if l.Wanted() {
		return l.Send(w, r)
	}
	shown, err := l.Open(r.Context())
	if err != nil {
		return err
	}
	mark, err := h.marks.Mark(r.Context(), web.Actor(r.Context()), courseID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: c.Title.In(tag), Nav: "authoring"}, coursePage(listed{e, c}, mark, lapse.Of(c.Course), shown, tag, mayWrite(r)))
}

func (h *Pages) catalogue(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	courseID := r.PathValue("course")
	if err := h.courses.SetCatalogue(r.Context(), web.Actor(r.Context()), courseID, f.Get("open") == "1"); err != nil {
		return err
	}
	h.site.Say(w, "authoring.said.catalogue")
	return web.Redirect(w, r, "/app/authoring/"+courseID)
}

func (h *Pages) export(w http.ResponseWriter, r *http.Request) error {
	courseID := r.PathValue("course")
	e, err := h.courses.Entry(r.Context(), courseID)
	if err != nil {
		return err
	}
	archive, err := h.courses.Archive(r.Context(), e.CurrentVersionID)
	if err != nil {
		return err
	}
	web.Attachment(w, "application/zip", courseID+".zip", archive)
	return nil
}
