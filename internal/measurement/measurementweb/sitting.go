package measurementweb

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"ostoja/internal/errs"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/measurement"
	"ostoja/internal/quiz"
	"ostoja/internal/ui"
	"ostoja/internal/web"
)

func printer(r *http.Request) *lang.Printer { return lang.From(r.Context()) }

// The key of a sitting is a cookie of its own: it opens one sitting, not an account, and is there for its pages alone. The form
// of answers carries it too: on a shared computer the cookie may have become another person's meanwhile.
const (
	keyCookie  = "ostoja_sitting"
	keyField   = "key"
	keyPath    = "/app/sitting"
	keyPurpose = "sitting"
	keyFor     = 12 * time.Hour
	keyAfter   = 30 * time.Minute // since it was handed in: who comes next to the computer is not to see the results
)

type key struct {
	SittingID string    `json:"s"`
	At        time.Time `json:"t"`
	Until     time.Time `json:"u,omitzero"` // of a key that a room gave; zero: [keyFor] is all
}

// giveKey lets this browser go on with a sitting.
func (h *Pages) giveKey(w http.ResponseWriter, r *http.Request, sittingID string) error {
	return h.GiveKey(w, r, sittingID, time.Time{})
}

// GiveKey lets this browser go on with a sitting until a time, and leads there.
func (h *Pages) GiveKey(w http.ResponseWriter, r *http.Request, sittingID string, until time.Time) error {
	sealed, err := h.Site.Key.Close(keyPurpose, key{sittingID, h.Service.Now(), until})
	if err != nil {
		return err
	}
	h.setKey(w, sealed)
	return web.Redirect(w, r, keyPath)
}

func (h *Pages) setKey(w http.ResponseWriter, sealed string) { h.Site.SetKey(w, keyCookie, sealed) }

// heldKey returns the key that this browser holds; "" if none.
func heldKey(r *http.Request) string {
	if c, err := r.Cookie(keyCookie); err == nil {
		return c.Value
	}
	return ""
}

// held returns the sitting whose key this browser holds.
func (h *Pages) held(r *http.Request) (measurement.Visit, error) { return h.open(r, heldKey(r)) }

// noKey is what who holds no key, or one that has run out, is told.
var noKey = errs.Gone("assessment.sitting.no-key")

// open returns the sitting that a key opens.
func (h *Pages) open(r *http.Request, sealed string) (v measurement.Visit, err error) {
	sittingID, err := h.opened(sealed)
	if err != nil {
		return v, err
	}
	v, err = h.Service.Sitting(r.Context(), sittingID)
	if err == nil && h.over(v.Sitting) {
		return measurement.Visit{}, noKey
	}
	return v, err
}

// opened returns the id of the sitting that a key is of. Whether it opens it still, [Pages.over] says.
func (h *Pages) opened(sealed string) (sittingID string, err error) {
	var k key
	now := h.Service.Now()
	if err := h.Site.Key.Open(keyPurpose, sealed, &k); err != nil || now.Sub(k.At) > keyFor || !k.Until.IsZero() && now.After(k.Until) {
		return "", noKey
	}
	return k.SittingID, nil
}

// over says whether a sitting was handed in so long ago that its key opens it no more.
func (h *Pages) over(x measurement.Sitting) bool {
	return x.State == measurement.Done && h.Service.Now().Sub(x.SubmittedAt) > keyAfter
}

// link is where a letter's link leads: a page with a button, since mail scanners that follow links must not use it up.
func (h *Pages) link(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Service.Link(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.sitting.title")}, linkPage(l, r.PathValue("token"), h.Service.Now()))
}

func (h *Pages) useLink(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	x, err := h.Service.UseLink(r.Context(), token)
	if errors.Is(err, errs.ErrConflict) { // the link's page says why
		return web.Redirect(w, r, "/app/s/"+token+"?lang="+printer(r).Tag())
	}
	if err != nil {
		return err
	}
	h.Site.SetLang(w, printer(r).Tag())
	return h.giveKey(w, r, x.ID)
}

func (h *Pages) again(w http.ResponseWriter, r *http.Request) error {
	if err := h.Service.Again(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	p := printer(r)
	return web.Show(w, r, web.View{Title: p.T("assessment.link.sent")}, sentPage())
}

// openOwn leads a signed-in person to a sitting of theirs, or notes that they would rather not.
func (h *Pages) openOwn(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, err := h.Service.OpenOwn(ctx, web.Actor(ctx), r.PathValue("sitting"))
	if err != nil {
		return err
	}
	if f.Get("decline") != "" {
		if err := h.Service.Decline(ctx, v.ID); err != nil {
			return err
		}
		h.Site.Say(w, "assessment.sitting.said-declined")
		return web.Redirect(w, r, "/app/courses")
	}
	if err := h.Service.Begin(ctx, v.ID); err != nil && !errors.Is(err, errs.ErrConflict) {
		return err
	}
	return h.giveKey(w, r, v.ID)
}

func (h *Pages) sitting(w http.ResponseWriter, r *http.Request) error {
	sealed := heldKey(r)
	v, err := h.open(r, sealed)
	if err != nil {
		return err
	}
	if v.State == measurement.Done {
		return web.Redirect(w, r, keyPath+"/done")
	}
	return h.showSitting(w, r, v, sealed, nil)
}

// sittingView is a sitting's page.
type sittingView struct {
	measurement.Visit
	key   string // sealed
	form  *web.Form
	texts itemweb.Texts
}

func (h *Pages) showSitting(w http.ResponseWriter, r *http.Request, v measurement.Visit, sealed string, form *web.Form) error {
	view := web.View{Title: printer(r).T("assessment.sitting.title")}
	if form != nil {
		view.Status = form.Status()
	}
	return web.Show(w, r, view, sittingPage(sittingView{v, sealed, form, h.texts}))
}

// questions returns the questions as they stand in the form.
func (v sittingView) questions(ctx context.Context) []itemweb.Question {
	list := make([]itemweb.Question, len(v.Items))
	for i, asked := range v.Items {
		q := itemweb.Question{Item: asked.Item, Texts: v.texts, Lang: v.Lang, Seed: v.Seed, Number: i + 1, Answer: v.Answers[asked.VersionID]}
		list[i] = q.After(ctx, v.form, v.Outcome)
	}
	return list
}

func (v sittingView) sheet(ctx context.Context) itemweb.Sheet {
	return itemweb.Sheet{Action: keyPath, Questions: v.questions(ctx), Sure: itemweb.Unfinished(v.Outcome)}
}

// beside says that an answer beside the questions was changed both here and elsewhere.
func beside(p *lang.Printer, n quiz.Newer) string {
	if n.Field == measurement.FieldUsed {
		return itemweb.Newer(p, p.T("assessment.skills."+n.Kept.Text), p.T("assessment.skills."+n.Mine.Text))
	}
	return itemweb.Newer(p, n.Kept.Text, n.Mine.Text)
}

// seen is what the form says of a field beside the questions.
func seen(name, kept string) ui.Seen {
	return ui.Seen{Name: quiz.SeenName(name), Value: quiz.Seen(map[string][]string{name: {kept}})}
}

// value returns what stands in a field of the form: what was just sent and could not be kept, or what was saved.
func (v sittingView) value(name, saved string) string {
	if v.form != nil && v.form.Error(name) != "" && v.newer(name) == nil {
		return v.form.Get(name)
	}
	return saved
}

// newer returns what was answered elsewhere in a field beside the questions that was changed here too; nil if nothing was.
func (v sittingView) newer(name string) *quiz.Newer {
	for _, n := range v.Outcome.Newer {
		if n.Field == name && n.Conflict {
			return &n
		}
	}
	return nil
}

func (v sittingView) errors() []ui.FieldError {
	if v.form == nil || itemweb.Unfinished(v.Outcome) {
		return nil
	}
	return v.form.Errors()
}

// error returns what is wrong in a field beside the questions.
func (v sittingView) error(p *lang.Printer, name string) string {
	if n := v.newer(name); n != nil {
		return beside(p, *n)
	}
	if v.form == nil {
		return ""
	}
	return v.form.Error(name)
}

func (h *Pages) save(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	sealed := cmp.Or(f.Get(keyField), heldKey(r))
	sittingID, err := h.opened(sealed)
	if err != nil {
		return err
	}
	p := printer(r)
	submit, sure := itemweb.HandIn(f)
	v, err := h.Service.Save(r.Context(), sittingID, f.Values, submit, sure)
	if h.over(v.Sitting) { // what was handed in is not changed by a form that comes so late
		return noKey
	}
	h.setKey(w, sealed) // the pages that follow are of the same sitting
	if f.Get("autosave") != "" {
		questions := sittingView{Visit: v, texts: h.texts}.questions(r.Context())
		return itemweb.Saved(w, r, questions, beside, v.Outcome, v.State == measurement.Done, err)
	}
	switch {
	case v.State == measurement.Done:
		if err != nil {
			h.Site.Say(w, "assessment.sitting.not-counted", "Date", p.DateTime(v.SubmittedAt))
		}
		return web.Redirect(w, r, keyPath+"/done")
	case errors.Is(err, errs.ErrConflict): // closed or declined meanwhile; the page says so
		return web.Redirect(w, r, keyPath)
	case err != nil && f.Fail(p, err):
		return h.showSitting(w, r, v, sealed, f)
	case err != nil:
		return err
	}
	h.Site.Say(w, "item.saved")
	return web.Redirect(w, r, keyPath)
}

// doneView is what a participant sees after handing in.
type doneView struct {
	measurement.Visit
	Results []measurement.OwnResult
	Faded   []string // topics
	Lessons []measurement.Lesson
	Survey  bool // an evaluation awaits
}

func (h *Pages) done(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.held(r)
	if err != nil {
		return err
	}
	if v.State != measurement.Done {
		return web.Redirect(w, r, keyPath)
	}
	d := doneView{Visit: v, Survey: v.SurveyState == measurement.Asked}
	if v.Wave != measurement.Before { // what was known before is shown beside what is known after, not alone
		if d.Results, err = h.Service.Progress(ctx, v.Sitting); err != nil {
			return err
		}
		d.Faded = measurement.Faded(d.Results)
		if d.Lessons, err = h.Service.Refreshers(ctx, v, d.Faded); err != nil {
			return err
		}
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.done.title")}, donePage(d))
}

func (h *Pages) survey(w http.ResponseWriter, r *http.Request) error {
	v, err := h.held(r)
	if err != nil {
		return err
	}
	return h.showSurvey(w, r, v, web.NewForm())
}

func (h *Pages) showSurvey(w http.ResponseWriter, r *http.Request, v measurement.Visit, f *web.Form) error {
	if v.SurveyState == measurement.NotAsked {
		return web.Redirect(w, r, keyPath)
	}
	return web.Show(w, r, web.View{Title: printer(r).T("assessment.survey.title"), Status: f.Status()}, surveyPage(v, f))
}

func (h *Pages) answerSurvey(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := h.held(r)
	if err != nil {
		return err
	}
	err = h.Service.AnswerSurvey(r.Context(), v.ID, f.Values)
	if err != nil && !errors.Is(err, errs.ErrConflict) && f.Fail(printer(r), err) {
		return h.showSurvey(w, r, v, f)
	}
	if err != nil && !errors.Is(err, errs.ErrConflict) {
		return err
	}
	return web.Redirect(w, r, keyPath+"/evaluation")
}

// coursePath leads a signed-in participant back to the course; "" for who came by a link.
func coursePath(signedIn bool, v measurement.Visit) string {
	if !signedIn || v.Measurement.Kind != measurement.OfCourse {
		return ""
	}
	return "/app/courses"
}

// kindOf names the texts of a wave: all follow-ups share theirs.
func kindOf(w measurement.Wave) string {
	if w.IsFollowUp() {
		return "later"
	}
	return string(w)
}
