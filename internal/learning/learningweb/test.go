package learningweb

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"ostoja/internal/course"
	"ostoja/internal/errs"
	"ostoja/internal/item"
	"ostoja/internal/itemweb"
	"ostoja/internal/lang"
	"ostoja/internal/learning"
	"ostoja/internal/quiz"
	"ostoja/internal/web"
)

func (h *Pages) test(w http.ResponseWriter, r *http.Request) error {
	t, err := h.service.Test(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"))
	if err != nil {
		return err
	}
	refusal := ""
	var e *errs.Error
	if errors.As(t.Refusal, &e) {
		refusal = lang.From(r.Context()).Args(e.Key, e.Args)
		if from := learning.NextAttempt(t.Test, t.Progress); e.Key == "learning.test.wait" {
			refusal += " " + lang.T(r.Context(), "learning.test.wait-until", "Time", lang.From(r.Context()).DateTime(from))
		}
	}
	return web.Show(w, r, web.View{Title: t.Test.Title.In(t.Lang), Nav: "courses"}, testPage(t, refusal))
}

func (h *Pages) beginTest(w http.ResponseWriter, r *http.Request) error {
	enrolmentID := r.PathValue("enrolment")
	a, err := h.service.BeginTest(r.Context(), web.Actor(r.Context()), enrolmentID)
	if errors.Is(err, errs.ErrConflict) { // the page says why
		return web.Redirect(w, r, learnPath(enrolmentID, "test"))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, learnPath(enrolmentID, "test", a.ID))
}

func (h *Pages) attempt(w http.ResponseWriter, r *http.Request) error {
	return h.showAttempt(w, r, nil, quiz.Outcome{})
}

func (h *Pages) showAttempt(w http.ResponseWriter, r *http.Request, form *web.Form, o quiz.Outcome) error {
	v, err := h.service.Attempt(r.Context(), web.Actor(r.Context()), r.PathValue("enrolment"), r.PathValue("attempt"))
	if err != nil {
		return err
	}
	if !v.Attempt.SubmittedAt.IsZero() { // also where the Back button led here after submitting
		return web.Redirect(w, r, learnPath(v.ID, "test", v.Attempt.ID, "result"))
	}
	view := web.View{Title: v.Test.Title.In(v.Lang), Nav: "courses"}
	if form != nil {
		view.Status = form.Status()
	}
	return web.Show(w, r, view, attemptPage(attemptView{v, form, o}))
}

func (h *Pages) saveAttempt(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	enrolmentID, attemptID := r.PathValue("enrolment"), r.PathValue("attempt")
	submit, sure := itemweb.HandIn(f)
	a, err := h.service.SaveAnswers(ctx, web.Actor(ctx), enrolmentID, attemptID, f.Values, submit, sure)
	over := a.ID != "" && !a.SubmittedAt.IsZero()
	if f.Get("autosave") != "" {
		var questions []itemweb.Question
		if len(a.Newer) > 0 {
			v, err := h.service.Attempt(ctx, web.Actor(ctx), enrolmentID, attemptID)
			if err != nil {
				return err
			}
			questions = attemptView{AttemptVisit: v}.questions(ctx)
		}
		return itemweb.Saved(w, r, questions, nil, a.Outcome, over, err)
	}
	switch {
	case over:
		return web.Redirect(w, r, learnPath(enrolmentID, "test", attemptID, "result"))
	case err != nil && f.Fail(lang.From(ctx), err):
		return h.showAttempt(w, r, f, a.Outcome)
	case err != nil:
		return err
	}
	h.site.Say(w, "item.saved")
	return web.Redirect(w, r, learnPath(enrolmentID, "test", attemptID))
}

func (h *Pages) result(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := h.service.Attempt(ctx, web.Actor(ctx), r.PathValue("enrolment"), r.PathValue("attempt"))
	if err != nil {
		return err
	}
	if v.Attempt.SubmittedAt.IsZero() {
		return web.Redirect(w, r, learnPath(v.ID, "test", v.Attempt.ID))
	}
	o, err := h.service.Overview(ctx, web.Actor(ctx), v.ID)
	if err != nil {
		return err
	}
	return web.Show(w, r, web.View{Title: lang.T(ctx, "learning.result.title"), Nav: "courses"}, resultPage(resultView{v, o}))
}

// resultView is the result of an attempt.
type resultView struct {
	learning.AttemptVisit
	overview learning.Overview
}

// test returns the test as the course has it now: it decides whether there is another attempt.
func (v resultView) test() *course.Test {
	if t := v.overview.Course.Test(); t != nil {
		return t
	}
	return v.Test
}

func (v resultView) repeatable() bool { return learning.Repeatable(v.test(), v.overview.Progress) }

// next returns from when another attempt may begin; zero, if it may now.
func (v resultView) next() time.Time {
	if next := learning.NextAttempt(v.test(), v.overview.Progress); v.Now.Before(next) {
		return next
	}
	return time.Time{}
}

// reading is an objective of which something was missed, and the parts that teach it.
type reading struct {
	objectiveResult
	parts []course.Part
}

// toRead returns what to go back to, what was known least first.
func toRead(v learning.AttemptVisit) []reading {
	var list []reading
	for _, r := range byObjective(v) {
		if r.percent >= 100 {
			continue
		}
		one := reading{objectiveResult: r}
		for _, part := range v.Course.Parts() {
			if part.Teaches(r.objective.ID, v.Lang) {
				one.parts = append(one.parts, part)
			}
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b reading) int { return cmp.Compare(a.percent, b.percent) })
	return list
}

// objectiveResult is how an attempt went for one objective.
type objectiveResult struct {
	objective course.Objective
	percent   float64
}

// byObjective returns the results by the objectives of the version that was asked, without those of which nothing was that counts: see
// [unmeasured].
func byObjective(v learning.AttemptVisit) []objectiveResult {
	sums, counts := map[string]float64{}, map[string]int{}
	for _, it := range v.Items {
		if !v.Attempt.Counts(it) {
			continue
		}
		sums[it.Objective] += v.Shares[it.ID]
		counts[it.Objective]++
	}
	var list []objectiveResult
	for _, o := range v.Asked.Objectives {
		if n := counts[o.ID]; n > 0 {
			list = append(list, objectiveResult{o, quiz.Percent(sums[o.ID], n)})
		}
	}
	return list
}

// unmeasured returns the objectives of which questions were asked and none counted, since the facts that they rest on had lapsed.
func unmeasured(v learning.AttemptVisit) (list []course.Objective) {
	measured := byObjective(v)
	for _, o := range v.Asked.Objectives {
		lapsed := slices.ContainsFunc(v.Items, func(it *item.Item) bool { return it.Objective == o.ID && slices.Contains(v.Attempt.Lapsed, it.ID) })
		if lapsed && !slices.ContainsFunc(measured, func(r objectiveResult) bool { return r.objective.ID == o.ID }) {
			list = append(list, o)
		}
	}
	return list
}

// secondsLeft returns how long an attempt still runs, for the page's clock.
func secondsLeft(v learning.AttemptVisit) int {
	return int(max(0, v.Attempt.ClosesAt.Sub(v.Now)/time.Second))
}
