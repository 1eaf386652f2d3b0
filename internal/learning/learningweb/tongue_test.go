package learningweb_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"ostoja/internal/access"
	"ostoja/internal/testrig"
	"ostoja/internal/web/webtest"
)

// TestACourseInALanguageWithoutAnInterface: who reads Ukrainian chooses a course's language where they enrol, and it is proposed to a
// browser that asks for it first; nobody is proposed a language because they once chose none for the buttons.
func TestACourseInALanguageWithoutAnInterface(t *testing.T) {
	const offer = "/app/courses/" + testrig.OtherCourse
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		asks := func(b *testrig.Browser, browser, method, path string, form url.Values) webtest.Page {
			r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept-Language", browser)
			return b.Do(r)
		}
		for _, c := range []struct {
			who             access.Actor
			browser, chosen string
			proposed, taken string
		}{
			{w.Learner, "uk-UA,uk;q=0.9,en;q=0.5", "-", "uk", "uk"},
			{w.OtherLearner, "uk", "pl", "uk", "pl"},
			{w.PoliceLearner, "pl,uk;q=0.5", "uk", "pl", "uk"},
			{w.Coordinator, "en,uk;q=0.5", "tlh", "pl", "pl"}, // Polish is the language of their interface
			{w.Author, ";;;", "", "pl", "pl"},
		} {
			b := w.Browse(c.who)
			p := asks(b, c.browser, http.MethodGet, offer, nil)
			if got := p.Find("form select[name=lang] option[selected]").AttrOr("value", ""); got != c.proposed {
				t.Errorf("%q is proposed %q, not %q", c.browser, got, c.proposed)
			}
			if got := p.Find("main div[lang]").First().AttrOr("lang", ""); got != c.proposed {
				t.Errorf("%q is shown the course in %q, not %q", c.browser, got, c.proposed)
			}
			if !strings.Contains(p.Text("form select[name=lang]"), "Українська") {
				t.Errorf("the choice says %q", p.Text("form select[name=lang]"))
			}
			form := url.Values{"lang": {c.chosen}}
			if c.chosen == "-" { // from a card of the catalogue
				form = url.Values{}
			}
			p = asks(b, c.browser, http.MethodPost, offer+"/enrol", form)
			e := testrig.Must(w.Learning.Latest(t.Context(), c.who.PersonID, testrig.OtherCourse))(t)
			if p.Status != http.StatusSeeOther || e.Lang != c.taken {
				t.Errorf("%q chose %q: status %d, in %q", c.browser, c.chosen, p.Status, e.Lang)
			}
			lesson := b.Get("/app/learn/" + e.ID + "/lesson/one")
			if got := lesson.Find("article.lesson").AttrOr("lang", ""); got != c.taken {
				t.Errorf("the lesson is in %q, not %q", got, c.taken)
			}
		}
	})
}
