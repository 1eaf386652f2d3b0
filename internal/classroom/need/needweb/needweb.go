// Package needweb asks people what they need in a training, and shows it to those who arrange the training or teach it.
package needweb

import (
	"net/http"

	"ostoja/internal/classroom/need"
	"ostoja/internal/lang"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

// Pages are the pages of needs.
type Pages struct {
	Site    *web.Site
	Service *need.Service
}

// Routes registers the pages.
func (h *Pages) Routes(m *web.Mux) {
	m.Handle("GET /app/my-trainings/{training}/needs", h.form)
	m.Handle("POST /app/my-trainings/{training}/needs", h.say)
	m.Handle("GET /app/trainings/{training}/needs", h.of)
}

func (h *Pages) form(w http.ResponseWriter, r *http.Request) error {
	t, said, err := h.Service.Mine(r.Context(), web.Actor(r.Context()), r.PathValue("training"))
	if err != nil {
		return err
	}
	return h.show(w, r, t, web.NewForm(string(need.Access), said[need.Access], string(need.Diet), said[need.Diet], string(need.Language), said[need.Language]))
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request, t need.Training, f *web.Form) error {
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "need.title"), Nav: "trainings", Status: f.Status()}, formPage(t, f))
}

func (h *Pages) say(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, actor, trainingID := r.Context(), web.Actor(r.Context()), r.PathValue("training")
	answers := need.Needs{}
	for _, field := range need.Fields {
		answers[field] = f.Text(string(field))
	}
	err = h.Service.Say(ctx, actor, trainingID, answers)
	if f.Fail(lang.From(ctx), err) {
		t, _, err := h.Service.Mine(ctx, actor, trainingID)
		if err != nil {
			return err
		}
		return h.show(w, r, t, f)
	}
	if err != nil {
		return err
	}
	h.Site.Say(w, "need.said")
	return web.Redirect(w, r, r.URL.Path)
}

func (h *Pages) of(w http.ResponseWriter, r *http.Request) error {
	t, list, err := h.Service.Of(r.Context(), web.Actor(r.Context()), r.PathValue("training"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(r.Context(), "need.of-title"), Nav: "trainings"}, ofPage(t, list))
}

// pairs are somebody's answers with their questions.
func pairs(p *lang.Printer, n need.Needs) (list []ui.Pair) {
	for _, f := range need.Fields {
		if n[f] != "" {
			list = append(list, ui.Pair{Term: p.T("need.field-" + string(f)), Text: n[f]})
		}
	}
	return list
}
