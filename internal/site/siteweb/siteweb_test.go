package siteweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/access"
	"ostoja/internal/approval"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/event"
	"ostoja/internal/fact"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/job"
	"ostoja/internal/seal"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/siteweb"
	"ostoja/internal/site/siteweb/reader"
	"ostoja/internal/site/visits"
	"ostoja/internal/web/webtest"
	shipped "ostoja/site"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

type world struct {
	visits *visits.Service
	*webtest.Server
	t       *testing.T
	clock   *clock.Fake
	service *site.Service
	reader  *reader.Site
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), zone)
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(now)
	events := event.New()
	w := &world{t: t, clock: c, service: site.New(d, c, zone, b, nil, events, site.Demonstration)}
	w.visits = visits.New(d, c, zone)
	w.reader = reader.New(w.service, "https://pomoc.example.org", seal.NewKey(), slog.New(slog.DiscardHandler))
	facts := fact.New(d, c, zone, facttest.Poland(t), w.service.KeptFacts)
	if err := facts.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	event.On(events, func(ctx context.Context, tx *db.Tx, _ site.Changed) error {
		if err := facts.Record(ctx, tx); err != nil {
			return err
		}
		tx.AfterCommit(func() {
			if err := w.reader.Refresh(ctx); err != nil {
				t.Error(err)
			}
		})
		return nil
	})
	asked := approval.New(approval.Deps{DB: d, Clock: c, Queue: job.New(d, c, slog.New(slog.DiscardHandler))})
	event.On(events, asked.Asked)
	event.On(events, asked.Answered)
	if _, err := w.service.ImportBundle(t.Context(), access.System, true); err != nil {
		t.Fatal(err)
	}
	pages := &siteweb.Pages{Site: webtest.NewSite(t, c), Service: w.service, Visits: w.visits, Facts: facts, Reader: w.reader, Approvals: asked, Names: func(context.Context, access.Actor, []string) (map[string]string, error) {
		return map[string]string{"00000000-0000-7000-8000-000000000001": "Ewa Pisząca"}, nil
	}}
	w.Server = webtest.New(t, pages.Site, pages.Routes)
	// Orders name who wrote them down.
	if err := d.Update(t.Context(), func(tx *db.Tx) error {
		if err := db.Exec(t.Context(), tx, `INSERT INTO unit (id, path, kind, name, code, region, created_at) VALUES ('00000000-0000-7000-8000-00000000000a', '/a/', 'office', 'Biuro', '', '', ?)`, now); err != nil {
			return err
		}
		for _, n := range []string{"1", "2"} {
			if err := db.Exec(t.Context(), tx, `INSERT INTO person (id, organisation_id, unit_id, given_name, family_name, sort_key, search_text, mail, lang, region, state, created_at)
				VALUES (?, '00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000a', 'Ewa', 'Pisząca', 'a', '', ?, 'pl', '', 'active', ?)`, person(n), n+"@example.org", now); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]access.Actor{
		"first": {PersonID: person("1"), Grants: []access.Grant{{Role: access.Author}}}, "second": {PersonID: person("2"), Grants: []access.Grant{{Role: access.Coordinator}}},
		"reviewer": {PersonID: person("3"), Grants: []access.Grant{{Role: access.Reviewer}}}, "learner": {PersonID: person("4"), Grants: []access.Grant{{Role: access.Learner}}},
		"unit": {PersonID: person("5"), Grants: []access.Grant{{Role: access.Author, Path: "/a/"}}}, "trainer": {PersonID: person("6"), Grants: []access.Grant{{Role: access.Trainer}}},
	} {
		a.At = now
		w.SignIn(name, a)
	}
	return w
}

func person(n string) string { return "00000000-0000-7000-8000-00000000000" + n }

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(newWorld(t, d)) })
}

// status fails the test unless a page has a status.
func (w *world) status(p webtest.Page, want int) webtest.Page {
	w.t.Helper()
	if p.Status != want {
		w.t.Fatalf("status %d, not %d: %s", p.Status, want, p.Text("main"))
	}
	return p
}

func (w *world) text(lang string) *content.Text {
	w.t.Helper()
	o, err := w.service.Article(w.t.Context(), access.System, "rights")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range o.Languages {
		if s.Lang == lang && s.Open != nil {
			return s.Open
		}
	}
	return o.Texts[lang]
}

func TestWhoIsRefused(t *testing.T) {
	each(t, func(w *world) {
		id, waiting := w.text("pl").ID, w.proposed()
		reads := []string{"", "?as=csv", "/articles/rights", "/texts/" + id, "/texts/" + id + "/preview", "/facts", "/facts/emergency", "/facts?as=csv", "/services", "/services/emergency",
			"/services/export", "/services?as=xlsx", "/orders", "/orders?as=csv", "/visits", "/visits?as=csv", "/articles/rights/pl", "/proposals/" + waiting}
		for _, path := range reads {
			w.status(w.Get("reviewer", "/app/site"+path), http.StatusOK)
			for _, who := range []string{"learner", "trainer", "unit"} {
				w.status(w.Get(who, "/app/site"+path), http.StatusForbidden)
			}
			if p := w.Get("", "/app/site"+path); p.Status != http.StatusSeeOther {
				w.t.Errorf("%s: nobody gets %d", path, p.Status)
			}
		}
		w.status(w.Get("reviewer", "/app/site/new"), http.StatusForbidden)
		for _, path := range []string{"/new", "/articles/rights", "/articles/rights/pl", "/articles/rights/pl/withdraw", "/texts/" + id + "/submit", "/texts/" + id + "/review", "/facts/confirm", "/facts/emergency",
			"/services/emergency", "/services/emergency/remove", "/orders", "/orders/x", "/files/x/remove", "/services/import", "/proposals/" + waiting} {
			for _, who := range []string{"reviewer", "learner", "trainer", "unit"} {
				w.status(w.Post(who, "/app/site"+path, url.Values{}), http.StatusForbidden)
			}
		}
		for _, path := range []string{"/articles/none", "/articles/rights/xx", "/texts/none", "/facts/none", "/services/none", "/export/other.csv", "/proposals/none", "/facts/export/facts.exe"} {
			w.status(w.Get("first", "/app/site"+path), http.StatusNotFound)
		}
	})
}

// proposed has the first editor propose another emergency number, and returns the proposal's id.
func (w *world) proposed() string {
	w.t.Helper()
	actor := access.Actor{PersonID: person("1"), At: now, Grants: []access.Grant{{Role: access.Author}}}
	kept, err := w.service.Entry(w.t.Context(), actor, site.OfFact, fact.Emergency)
	if err != nil {
		w.t.Fatal(err)
	}
	f := *kept.Current.Fact
	f.Value = map[string]string{fact.AnyLang: "116 123"}
	if err := w.service.ProposeFact(w.t.Context(), actor, f, kept.Base); err != nil {
		w.t.Fatal(err)
	}
	return w.waiting()
}

// waiting returns the id of the one proposal that there is.
func (w *world) waiting() string {
	w.t.Helper()
	list, err := w.service.Proposals(w.t.Context(), access.System)
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d proposals: %v", len(list), err)
	}
	return list[0].ID
}

// accept has the second editor accept the one proposal that there is.
func (w *world) accept() {
	w.t.Helper()
	w.status(w.Post("second", "/app/site/proposals/"+w.waiting(), url.Values{"do": {"accept"}}), http.StatusSeeOther)
}

// form returns the form of a page as a browser would send it.
func (w *world) form(p webtest.Page, selector string) url.Values {
	w.t.Helper()
	whole := url.Values{}
	form := p.Find(selector)
	form.Find("input[type!=checkbox], textarea, select, input[checked]").Each(func(_ int, s *goquery.Selection) {
		value := s.AttrOr("value", s.Text())
		if s.Is("select") {
			value = s.Find("option[selected]").AttrOr("value", "")
		}
		whole.Set(s.AttrOr("name", ""), value)
	})
	return whole
}

// TestFromDraftToTheReader writes, corrects, passes on, publishes, and reads as a reader.
func TestFromDraftToTheReader(t *testing.T) {
	each(t, func(w *world) {
		old := w.text("pl")
		form := url.Values{"title": {old.Title}, "tab": {"Ofiary i policja"}, "summary": {old.Summary}, "body": {"Zadzwoń:\n\n22 **628** 01 20.\n\n<b>ważne</b>"}, "base": {old.Base()}, "follows": {"1"}}
		p := w.status(w.Post("first", "/app/site/articles/rights/pl", form), http.StatusUnprocessableEntity)
		for _, want := range []string{"Wiersz 3: te cyfry wyglądają na numer telefonu", "HTML jest niedozwolony", "zdradziłoby osobę czytającą", "Jeszcze nie zapisano"} {
			if !strings.Contains(p.Text("main"), want) {
				w.t.Errorf("%q is not said: %s", want, p.Text("main"))
			}
		}
		if got := p.Text("#f-body"); !strings.Contains(got, "22 **628** 01 20") {
			w.t.Errorf("what was typed is lost: %q", got)
		}
		if n := p.Find(`.errors a[href="#f-tab"]`).Length(); n == 0 {
			w.t.Error("the summary does not lead to the field")
		}
		if w.text("pl").ID != old.ID {
			w.t.Error("a text with a phone number was kept")
		}
		form.Set("body", "Zadzwoń {national-line}.\n\n<b>ważne</b>")
		if p := w.status(w.Post("first", "/app/site/articles/rights/pl", form), http.StatusUnprocessableEntity); !strings.Contains(p.Text("main"), "Nic nie zginęło") {
			w.t.Errorf("other faults keep the draft: %s", p.Text("main"))
		}
		draft := w.text("pl")
		form.Set("base", old.Base())
		if p := w.status(w.Post("first", "/app/site/articles/rights/pl", form), http.StatusUnprocessableEntity); !strings.Contains(p.Text(".errors"), "Ktoś zmienił ten tekst") || !strings.Contains(p.Text("#f-body"), "ważne") {
			w.t.Errorf("a form that was opened before the draft was saved: %s", p.Text("main"))
		}
		form.Set("base", draft.Base())
		form.Set("tab", old.Tab)
		form.Set("body", "Zadzwoń {national-line}. **Całkiem nowa treść.**")
		form.Set("then", "submit")
		w.status(w.Post("first", "/app/site/articles/rights/pl", form), http.StatusSeeOther)
		if p := w.Get("first", "/app/site/texts/"+draft.ID); !strings.Contains(p.Text("main"), "musi przejrzeć inna osoba") || p.Find(`form[action$="/review"]`).Length() > 0 {
			w.t.Error("the author is offered the review")
		}
		verdict := w.form(w.Get("second", "/app/site/texts/"+draft.ID), `form[action$="/review"]`)
		w.status(w.Post("first", "/app/site/texts/"+draft.ID+"/review", verdict), http.StatusForbidden)
		if p := w.status(w.Post("second", "/app/site/texts/"+draft.ID+"/review", url.Values{"base": {draft.Base()}}), http.StatusUnprocessableEntity); !strings.Contains(p.Text(".errors"), "Tekst zmienił się") {
			w.t.Errorf("what was read is not what stands there: %s", p.Text(".errors"))
		}
		w.status(w.Post("second", "/app/site/texts/"+draft.ID+"/review", url.Values{"return": {"1"}, "base": verdict["base"]}), http.StatusUnprocessableEntity)
		if p := w.Get("second", "/app/site/texts/"+draft.ID+"/preview"); !strings.Contains(p.Text("main"), "Całkiem nowa treść") || !strings.Contains(p.Text("main"), "23 listopada 2026") || p.Find("#out").Length() != 1 {
			w.t.Error("the preview is not the reader's page")
		}
		if w.read("/pl/h54r") == "" || strings.Contains(w.read("/pl/h54r"), "Całkiem nowa") {
			w.t.Error("a draft is on the site")
		}
		if p := w.Get("second", "/app/site"); !strings.Contains(p.Text("main"), "1 tekst czeka na drugą osobę") {
			w.t.Error("the queue does not say how many texts wait")
		}
		w.status(w.Post("second", "/app/site/texts/"+draft.ID+"/review", verdict), http.StatusSeeOther)
		if !strings.Contains(w.read("/pl/h54r"), "Całkiem nowa treść") {
			w.t.Error("what was published is not on the site")
		}
		if p := w.Get("first", "/app/site?need=stale"); !strings.Contains(p.Text("table"), "nieaktualne tłumaczenie") {
			w.t.Errorf("the stale translations are not listed: %s", p.Text("main"))
		}
		w.status(w.Post("first", "/app/site/articles/rights/uk/withdraw", url.Values{}), http.StatusSeeOther)
		if !strings.Contains(w.read("/uk/h54r"), "Całkiem nowa treść") {
			w.t.Error("a withdrawn translation still stands, or nothing does")
		}
		path := "/app/site/articles/rights/pl?from=" + old.ID
		if p := w.Get("first", "/app/site/texts/"+old.ID); p.Find(`a[href="`+path+`"]`).Length() != 1 {
			w.t.Error("an earlier version cannot be brought back")
		}
		back := w.form(w.status(w.Get("first", path), http.StatusOK), "form[data-unsaved]")
		if strings.TrimSpace(back.Get("body")) != strings.TrimSpace(old.Body) {
			w.t.Errorf("not the earlier words: %.80q", back.Get("body"))
		}
		w.status(w.Post("first", "/app/site/articles/rights/pl", back), http.StatusSeeOther)
		w.status(w.Get("first", "/app/site/articles/rights/en?from="+old.ID), http.StatusNotFound)
	})
}

// read returns a reader's page, "" if there is none.
func (w *world) read(path string) string {
	w.t.Helper()
	rec := httptest.NewRecorder()
	if !w.reader.Serve(rec, httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil)) {
		return ""
	}
	return rec.Body.String()
}

// TestAnEditorsNote is kept by the fact's form, and the second person sees how it changes.
func TestAnEditorsNote(t *testing.T) {
	each(t, func(w *world) {
		old := w.status(w.Get("first", "/app/site/facts/emergency"), http.StatusOK)
		form := w.form(old, `form[action="/app/site/facts/emergency"]`)
		if !strings.Contains(old.Text("main"), "Widzi ją tylko redakcja") {
			w.t.Errorf("who sees the note is not said: %s", old.Text("main"))
		}
		form.Set("note", "Czy w nocy odbiera ktoś po wietnamsku?")
		w.status(w.Post("first", "/app/site/facts/emergency", form), http.StatusSeeOther)
		if p := w.status(w.Get("second", "/app/site/proposals/"+w.waiting()), http.StatusOK); !strings.Contains(p.Text("main"), "Notatka redakcji") || !strings.Contains(p.Text("main"), "po wietnamsku") {
			w.t.Errorf("the change is not shown: %s", p.Text("main"))
		}
		w.accept()
		if p := w.Get("reviewer", "/app/site/facts/emergency"); p.Text("#f-note") != "Czy w nocy odbiera ktoś po wietnamsku?" {
			w.t.Errorf("%q is kept", p.Text("#f-note"))
		}
		if p := w.Get("first", "/app/site/facts?as=csv"); !strings.Contains(p.Body, "po wietnamsku") {
			w.t.Error("the list's file misses it")
		}
	})
}

// TestLoggingACall: a call stands at its number and at the queue, and a fault keeps what was typed.
func TestLoggingACall(t *testing.T) {
	each(t, func(w *world) {
		const form = `form[action="/app/site/calls"]`
		if w.Get("reviewer", "/app/site/facts/emergency").Find(form).Length() > 0 || w.Get("first", "/app/site/facts/prosecutor").Find(form).Length() > 0 {
			w.t.Error("a call is asked for of who may not add it, or to what is no phone")
		}
		call := w.form(w.status(w.Get("first", "/app/site/facts/emergency"), http.StatusOK), form)
		call.Set("called-on", "2026-11-24")
		call.Set("call-note", "Krótka rozmowa")
		if p := w.status(w.Post("first", "/app/site/calls", call), http.StatusUnprocessableEntity); p.Text("#f-call-note") != "Krótka rozmowa" || p.Find(`.errors a[href="#f-called-on"]`).Length() == 0 {
			w.t.Errorf("a call of tomorrow: %s", p.Text(".errors"))
		}
		call.Set("called-on", "2026-11-22")
		call.Set("called-at", "23:30")
		call.Set("call-languages", "polski, ukraiński")
		w.status(w.Post("first", "/app/site/calls", call), http.StatusSeeOther)
		for _, path := range []string{"/app/site/facts?due=1", "/app/site/facts/emergency", "/app/site/facts?calls.as=csv"} {
			for _, want := range []string{"nie odebrano", "polski, ukraiński", "Krótka rozmowa", "2026, 23:30"} {
				if body := w.Get("reviewer", path).Body; !strings.Contains(body, want) {
					w.t.Errorf("%s: no %q", path, want)
				}
			}
		}
	})
}

func TestConfirmingFacts(t *testing.T) {
	each(t, func(w *world) {
		p := w.status(w.Get("first", "/app/site/facts?due=1"), http.StatusOK)
		if !strings.Contains(p.Text("main"), "niepotwierdzona") {
			w.t.Error("nothing waits to be confirmed")
		}
		p = w.status(w.Post("first", "/app/site/facts/confirm", url.Values{"by": {"Redakcja"}}), http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text(".errors"), "Zaznacz") {
			w.t.Errorf("%s", p.Text("main"))
		}
		w.status(w.Post("first", "/app/site/facts/confirm", url.Values{"by": {"Redakcja"}, "fact": {"child-line"}}), http.StatusSeeOther)
		form := url.Values{"kind": {"phone"}, "value-any": {"zły numer"}, "source": {"test"}, "by": {"x"}, "checked": {"2026-11-23"}, "valid_until": {"2026-11-22"}, "grace_days": {"dużo"}}
		p = w.status(w.Post("first", "/app/site/facts/emergency", form), http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text(".errors"), "pod który można zadzwonić") || !strings.Contains(p.Text(".errors"), "nie wcześniejszy") || !strings.Contains(p.Text(".errors"), "od 0 do 365") {
			w.t.Errorf("%s", p.Text(".errors"))
		}
	})
}

// TestOneNumberIsTypedOnce: of a number that is the same in all languages the form shows one field, and the others folded; it shows them
// where one is filled or wrong, and where the value is words.
func TestOneNumberIsTypedOnce(t *testing.T) {
	each(t, func(w *world) {
		unfolded := func(p webtest.Page) bool { return p.Find(`details[open] [name="value-pl"]`).Length() == 1 }
		for path, want := range map[string]bool{"/app/site/facts/new": false, "/app/site/facts/national-line": false, "/app/site/facts/prosecutor": true} {
			p := w.status(w.Get("first", path), http.StatusOK)
			if p.Find(`details [name="value-pl"]`).Length() != 1 || unfolded(p) != want {
				w.t.Errorf("%s: unfolded is %v", path, unfolded(p))
			}
		}
		form := w.form(w.status(w.Get("first", "/app/site/facts/national-line"), http.StatusOK), "form[data-unsaved]")
		form.Set("value-any", "")
		form.Set("value-pl", "zły numer")
		if p := w.status(w.Post("first", "/app/site/facts/national-line", form), http.StatusUnprocessableEntity); !unfolded(p) {
			w.t.Error("a wrong value is folded away")
		}
	})
}

// TestTwoPersonsChangeANumber proposes, compares, returns, corrects and accepts, and reads as a reader.
func TestTwoPersonsChangeANumber(t *testing.T) {
	each(t, func(w *world) {
		form := w.form(w.status(w.Get("first", "/app/site/facts/national-line"), http.StatusOK), "form[data-unsaved]")
		old := form.Get("value-any")
		form.Set("value-any", "+48 600 100 200")
		w.status(w.Post("first", "/app/site/facts/national-line", form), http.StatusSeeOther)
		if strings.Contains(w.read("/pl/"), "tel:+48600100200") {
			w.t.Fatal("one person changed the number")
		}
		if p := w.Get("second", "/app/site/facts"); !strings.Contains(p.Text("main"), "1 zmiana czeka na drugą osobę") || !strings.Contains(p.Text("main"), "Ewa Pisząca") {
			w.t.Errorf("the queue: %s", p.Text("main"))
		}
		path := "/app/site/proposals/" + w.waiting()
		own := w.status(w.Get("first", path), http.StatusOK)
		if own.Find(`button[value=accept]`).Length() != 0 || own.Find(`button[value=back]`).Length() != 1 {
			w.t.Error("the author is offered to accept, or may not take back")
		}
		p := w.status(w.Get("second", path), http.StatusOK)
		if p.Text(".diff-side:first-child .diff-text") != old || p.Text(".diff-side:last-child .diff-text") != "+48 600 100 200" || p.Text("del") == "" || p.Text("ins") == "" || p.Find(`button[value=back]`).Length() != 0 {
			w.t.Errorf("before %q, after %q", p.Text("del"), p.Text("ins"))
		}
		w.status(w.Post("first", path, url.Values{"do": {"accept"}}), http.StatusForbidden)
		w.status(w.Post("second", path, url.Values{"do": {"back"}}), http.StatusForbidden)
		w.status(w.Post("second", path, url.Values{"do": {"return"}}), http.StatusUnprocessableEntity)
		if p := w.status(w.Get("second", "/app/site/facts/national-line"), http.StatusOK); p.Find(`form[action="/app/site/facts/national-line"] button`).Length() != 0 || !strings.Contains(p.Text("main"), "czeka już na drugą osobę") {
			w.t.Error("the second person is offered to write over a proposal")
		}
		w.status(w.Post("second", path, url.Values{"do": {"return"}, "note": {"Zadzwoń tam."}}), http.StatusSeeOther)
		again := w.form(w.status(w.Get("first", "/app/site/facts/national-line"), http.StatusOK), `form[action="/app/site/facts/national-line"]`)
		if again.Get("value-any") != "+48 600 100 200" {
			w.t.Errorf("the proposal is lost: %q", again.Get("value-any"))
		}
		again.Set("value-any", "+48 600 100 201")
		w.status(w.Post("first", "/app/site/facts/national-line", again), http.StatusSeeOther)
		if p := w.status(w.Post("second", "/app/site/facts/national-line", form), http.StatusUnprocessableEntity); !strings.Contains(p.Text(".errors"), "Ktoś zmienił") || p.Find("#f-value-any").AttrOr("value", "") != "+48 600 100 200" {
			w.t.Errorf("a form that was opened before: %s", p.Text("main"))
		}
		w.status(w.Post("second", path, url.Values{"do": {"accept"}}), http.StatusNotFound)
		w.accept()
		if !strings.Contains(w.read("/pl/"), "tel:+48600100201") {
			w.t.Error("the accepted number is not on the site")
		}
		w.proposed()
		w.status(w.Post("first", "/app/site/proposals/"+w.waiting(), url.Values{"do": {"back"}}), http.StatusSeeOther)
	})
}

// upload sends a file.
func (w *world) upload(as, path, name, content string, fields url.Values) webtest.Page {
	w.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		_ = m.WriteField(k, v[0]) // to memory
	}
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = m.Close()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.Do(as, r)
}

func TestDirectoryPages(t *testing.T) {
	each(t, func(w *world) {
		if said := w.status(w.Get("first", "/app/site/services"), http.StatusOK).Text(`button[value="look"]`); said != "Pokaż, co przyniesie plik" {
			w.t.Errorf("what looks into a file is called %q", said)
		}
		export := w.status(w.Get("first", "/app/site/services/export"), http.StatusOK)
		var page struct {
			Contents []map[string]any `json:"contents"`
		}
		if err := json.Unmarshal([]byte(export.Body), &page); err != nil || len(page.Contents) < 4 {
			w.t.Fatalf("%d services: %v", len(page.Contents), err)
		}
		p := w.status(w.upload("first", "/app/site/services/import", "a.json", export.Body, url.Values{"lang": {"pl"}, "do": {"look"}}), http.StatusOK)
		if !strings.Contains(p.Text("main"), "Takie same jak w katalogu") || strings.Contains(p.Text("main"), "Czego nie wczytano") {
			w.t.Errorf("%s", p.Text("main"))
		}
		changed := strings.ReplaceAll(export.Body, `"name": "Numer alarmowy"`, `"name": "Numer podmieniony"`)
		p = w.status(w.upload("first", "/app/site/services/import", "a.json", changed, url.Values{"lang": {"pl"}}), http.StatusOK)
		if !strings.Contains(p.Text("main"), "zmiana czeka na drugą osobę") || strings.Contains(w.read("/pl/t5"), "Numer podmieniony") {
			w.t.Errorf("what differs is on the site, or not proposed: %s", p.Text("main"))
		}
		w.status(w.Post("first", "/app/site/proposals/"+w.waiting(), url.Values{"do": {"back"}}), http.StatusSeeOther)
		foreign := `[{"id": "1", "name": "Nowe miejsce", "phones": [{"id": "2", "number": "+48 22 000 00 01"}], "languages": [{"id": "3", "code": "pl"}], "eligibility_description": "Dla rodzin z dziećmi.", "status": "active", "assured_date": "2020-01-01"}]`
		if w.status(w.upload("first", "/app/site/services/import", "b.json", foreign, url.Values{"lang": {"pl"}, "do": {"look"}}), http.StatusOK); w.Get("first", "/app/site/services/nowe-miejsce").Status != http.StatusNotFound {
			w.t.Error("looking takes")
		}
		w.status(w.upload("first", "/app/site/services/import", "b.json", foreign, url.Values{"lang": {"pl"}}), http.StatusOK)
		if strings.Contains(w.read("/pl/t5"), "Nowe miejsce") {
			w.t.Error("what came from elsewhere is listed before anybody looked at it")
		}
		if body := w.Get("first", "/app/site/services/export").Body; strings.Contains(body, "Nowe miejsce") || !strings.Contains(w.Get("first", "/app/site/services/export?all=1").Body, "Nowe miejsce") {
			w.t.Error("the export has what is hidden, or does not give it when asked")
		}
		whole := w.form(w.status(w.Get("first", "/app/site/services/nowe-miejsce"), http.StatusOK), "form[data-unsaved]")
		if whole.Get("checked") != "2026-11-23" {
			w.t.Errorf("the file says when it was checked: %q", whole.Get("checked"))
		}
		whole.Set("listed", "1")
		w.status(w.Post("first", "/app/site/services/nowe-miejsce", whole), http.StatusSeeOther)
		w.accept()
		if body := w.read("/pl/t5"); !strings.Contains(body, "Nowe miejsce") || !strings.Contains(body, "Dla rodzin z dziećmi") || !strings.Contains(body, "tel:+48220000001") {
			w.t.Error("saving an entry as it was shown loses a part of it")
		}
		w.status(w.upload("first", "/app/site/services/import", "c.json", "nonsense", url.Values{"lang": {"pl"}}), http.StatusUnprocessableEntity)
		for content, want := range map[string]string{
			"id;name\n1;Dom": "tabela w pliku tekstowym", "PK\x03\x04xl/": "arkusz kalkulacyjny", "PK\x03\x04": "archiwum ZIP", "<html>": "strona internetowa", "<a/>": "plik XML", "%PDF-1": "plik PDF",
			`{"content": []}`: "Open Referral UK 1", `[{"name": "x", "services": []}]`: "lista organizacji", `{"name": "x", "resources": []}`: "nie ma w nim usług", `{"a": 1}`: "nie ma usług w standardzie",
			`{"a"`: "uszkodzony albo urwany", "nonsense": "nie jest plik JSON", "": "Wybierz plik JSON", "[" + strings.Repeat("1,", 10_000) + `{"name": "x"}]`: "za duży",
		} {
			if p := w.upload("first", "/app/site/services/import", "c", content, url.Values{"lang": {"pl"}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text(".errors"), want) {
				w.t.Errorf("%.20q: %d %s", content, p.Status, p.Text(".errors"))
			}
		}
		named := `[{"id": "1", "name": "Import", "phones": [{"id": "2", "number": "112"}], "languages": [{"id": "3", "code": "pl"}]}]`
		if p := w.upload("first", "/app/site/services/import", "d.json", named, url.Values{"lang": {"pl"}}); !strings.Contains(p.Text("main"), "jedna ze stron programu") {
			w.t.Errorf("a name that no page could have: %s", p.Text("main"))
		}
		form := url.Values{"id": {"schronienie"}, "name-pl": {"Schronienie"}, "languages": {"pl"}, "phones": {"{national-line}"}, "shelter": {"1"}, "town": {"Łódź"}, "source": {"x"}, "by": {"x"}, "checked": {"2026-11-23"},
			"valid_until": {"2027-02-23"}, "hours": {"codziennie"}, "listed": {"1"}, "base": {site.NewBase}}
		p = w.status(w.Post("first", "/app/site/services/new", form), http.StatusUnprocessableEntity)
		for _, want := range []string{"nie może mieć adresu", "Nie rozumiemy tych godzin", "nie wolno pokazywać na stronie"} {
			if !strings.Contains(p.Text(".errors"), want) {
				w.t.Errorf("%q is not said: %s", want, p.Text(".errors"))
			}
		}
		for hours, want := range map[string]string{`Mo-Fr 08:00-16:00 "po umówieniu"`: "po umówieniu", "Mo-Fr 09:00+": "podaj też godzinę zamknięcia", "Feb 30 off": "nie ma takiego dnia"} {
			form.Set("hours", hours)
			if p := w.status(w.Post("first", "/app/site/services/new", form), http.StatusUnprocessableEntity); !strings.Contains(p.Text(".errors"), want) {
				w.t.Errorf("%s: %s", hours, p.Text(".errors"))
			}
		}
		form.Set("hours", "Mo-Fr 08:00-16:00; We 10:00-14:00; PH,Su off; Dec 24 off") // the week that they come to is shown, and nothing is proposed
		form.Set("look", "hours")
		p = w.status(w.Post("first", "/app/site/services/new", form), http.StatusOK)
		for _, want := range []string{"poniedziałek08:00–16:00", "środa10:00–14:00", "niedzielazamknięte", "świętazamknięte", "24 grudnia 2026zamknięte"} {
			if !strings.Contains(p.Text("dl"), want) {
				w.t.Errorf("%q is not shown: %s", want, p.Text("dl"))
			}
		}
		form.Del("look")
		form.Del("shelter")
		form.Set("hours", "Mo-Fr 09:30-16:00; PH off")
		w.status(w.Post("first", "/app/site/services/new", form), http.StatusSeeOther)
		w.accept()
		if body := w.read("/pl/t5"); !strings.Contains(body, "Schronienie") || !strings.Contains(body, "Teraz nieczynne") {
			w.t.Error("the new entry is not on the site")
		}
		w.status(w.Post("first", "/app/site/services/schronienie/remove", url.Values{}), http.StatusSeeOther)
		if strings.Contains(w.read("/pl/t5"), "Schronienie") {
			w.t.Error("a removed entry is still on the site")
		}
	})
}

func TestPublicationsNewsAndOrders(t *testing.T) {
	each(t, func(w *world) {
		if p := w.Get("first", "/app/site/orders"); !strings.Contains(p.Text("main"), "Najpierw dodaj publikację") {
			w.t.Errorf("%s", p.Text("main"))
		}
		w.status(w.Post("first", "/app/site/new", url.Values{"kind": {"publication"}, "id": {"poradnik"}, "topic": {"rights"}, "day": {"2026-11-23"}}), http.StatusSeeOther)
		w.status(w.Post("first", "/app/site/articles/poradnik/pl", url.Values{"title": {"Poradnik"}, "tab": {"Poradnik"}, "summary": {"Dla instytucji."}, "body": {"Treść."}, "then": {"submit"}}), http.StatusSeeOther)
		o, err := w.service.Article(w.t.Context(), access.System, "poradnik")
		if err != nil {
			w.t.Fatal(err)
		}
		w.status(w.Post("second", "/app/site/texts/"+o.Languages[0].Open.ID+"/review", url.Values{"base": {o.Languages[0].Open.Base()}}), http.StatusSeeOther)
		w.status(w.upload("first", "/app/site/articles/poradnik/files", "poradnik.pdf", "%PDF-1.7 x", url.Values{"edition": {"I, 2026"}, "lang": {"pl"}}), http.StatusSeeOther)
		if body := w.read("/pl/publications/poradnik"); !strings.Contains(body, "poradnik.pdf") || !strings.Contains(body, "I, 2026") || !strings.Contains(w.read("/pl/"), "/pl/publications/") {
			w.t.Errorf("the publication is not on the site: %.300s", body)
		}
		if !strings.Contains(w.read("/pl/feed.xml"), "publications/poradnik") {
			w.t.Error("the feed does not have it")
		}
		w.status(w.Post("first", "/app/site/orders", url.Values{"publication": {"poradnik"}, "lang": {"pl"}, "copies": {"0"}, "institution": {"=1+1"}}), http.StatusUnprocessableEntity)
		w.status(w.Post("first", "/app/site/orders", url.Values{"publication": {"poradnik"}, "lang": {"pl"}, "copies": {"40"}, "institution": {"=HYPERLINK(1)"}, "address": {"ul. Prosta 1"}}), http.StatusSeeOther)
		p := w.status(w.Get("first", "/app/site/orders?as=csv"), http.StatusOK)
		if !strings.Contains(p.Body, "40") || strings.Contains(p.Body, ";=HYPERLINK") || strings.Contains(p.Body, ",=HYPERLINK") {
			w.t.Errorf("a formula in the export, or no order: %s", p.Body)
		}
		list, err := w.service.Orders(w.t.Context(), access.System)
		if err != nil || len(list) != 1 {
			w.t.Fatal(err)
		}
		w.status(w.Post("first", "/app/site/orders/"+list[0].ID, url.Values{"to": {"sent"}}), http.StatusSeeOther)
		if p := w.Get("second", "/app/site/orders"); !strings.Contains(p.Text("table"), "wysłane") || !strings.Contains(p.Text("table"), "Cofnij") {
			w.t.Errorf("%s", p.Text("main"))
		}
	})
}

func TestVisitsPage(t *testing.T) {
	each(t, func(w *world) {
		counts := map[visits.Visit]int64{{Page: "rights", Lang: "pl"}: 25, {Page: "danger-a6", Lang: "ar"}: 3, {Page: "services-10", Lang: "pl"}: 11, {Page: visits.DoorPage(content.DoorHelp), Lang: "pl"}: 40, {Page: visits.DoorPage(content.DoorHelp), Lang: "vi"}: 2}
		if err := w.visits.Add(w.t.Context(), counts); err != nil {
			w.t.Fatal(err)
		}
		if p := w.status(w.Get("reviewer", "/app/site/visits"), http.StatusOK); !strings.Contains(p.Text("main"), "nie ma odwiedzin") {
			w.t.Errorf("the day is not over: %s", p.Text("main"))
		}
		w.clock.Advance(24 * time.Hour)
		p := w.status(w.Get("reviewer", "/app/site/visits"), http.StatusOK)
		for _, want := range []string{"25", "mniej niż 10", ", A6", "Gdzie szukać pomocy: łódzkie", "co najmniej 40", "23 listopada 2026"} {
			if !strings.Contains(p.Text("main"), want) {
				w.t.Errorf("%q is missing: %s", want, p.Text("main"))
			}
		}
		csv := w.status(w.Get("reviewer", "/app/site/visits?as=csv&lang=ar"), http.StatusOK)
		if !strings.Contains(csv.Body, "mniej niż 10") || strings.Contains(csv.Body, "25") {
			w.t.Errorf("a small number is in the export, or another language: %s", csv.Body)
		}
		if p := w.Get("reviewer", "/app/site/visits?from=2026-11-24&to=2026-11-30"); !strings.Contains(p.Text("main"), "nie ma odwiedzin") {
			w.t.Errorf("other days: %s", p.Text("main"))
		}
	})
}

// TestWhereAnArticleStands: an editor says which topic, doors and audiences an article belongs to, and readers find it there.
func TestWhereAnArticleStands(t *testing.T) {
	each(t, func(w *world) {
		under := func(heading string) string { // what the page of all topics lists for an audience
			w.t.Helper()
			page, err := goquery.NewDocumentFromReader(strings.NewReader(w.read("/pl/z6")))
			if err != nil {
				w.t.Fatal(err)
			}
			return page.Find("details").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.Find("summary").Text() == heading }).Text()
		}
		const title = "Masz prawa"
		if !strings.Contains(under("Dla osób z zagranicy"), title) || strings.Contains(under("Dla bliskich, sąsiadów i znajomych"), title) || strings.Contains(w.read("/pl/m7"), title) {
			w.t.Fatal("the article stands elsewhere from the start")
		}
		p := w.status(w.Get("first", "/app/site/articles/rights"), http.StatusOK)
		if p.Find(`input[name=audiences][checked]`).Length() != 1 || p.Find(`input[name=doors][checked]`).Length() != 2 {
			w.t.Error("the form does not show where the article stands")
		}
		form := url.Values{"topic": {"travel"}, "doors": {"worry"}, "audiences": {"near", "professional"}, "position": {"3"}}
		w.status(w.Post("first", "/app/site/articles/rights", form), http.StatusSeeOther)
		if strings.Contains(under("Dla osób z zagranicy"), title) || !strings.Contains(under("Dla bliskich, sąsiadów i znajomych"), title) || !strings.Contains(w.read("/pl/m7"), title) || strings.Contains(w.read("/pl/k4"), title) {
			w.t.Error("the article does not stand where the editor put it")
		}
		form.Set("audiences", "everybody")
		w.status(w.Post("first", "/app/site/articles/rights", form), http.StatusUnprocessableEntity)
	})
}
