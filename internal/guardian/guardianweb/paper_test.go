package guardianweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/guardian"
	"ostoja/internal/paper/papertest"
	"ostoja/internal/testrig"
)

var coded = regexp.MustCompile(`/verify/guardian/((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})`)

// The office downloads a statement; whoever holds the paper checks it, by the address on it or by typing the code, without an account. It tells the
// person's name, until when, and nothing else, and of who has left nothing at all.
func TestAStatementIsChecked(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, who, entryID := listed(t, w)
		office, entry := w.Browse(o.Coordinator), register+"/entries/"+entryID
		pdf := w.Status(office.Post(entry+"/statement", url.Values{}), http.StatusOK)
		if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.Header.Get("Content-Disposition"), "attachment") || strings.Contains(pdf.Header.Get("Content-Disposition"), "uratorsk") || pdf.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", pdf.Header)
		}
		words := strings.Join(strings.Fields(papertest.Words(t, []byte(pdf.Body))), " ")
		for _, part := range []string{"Helena Kuratorska", "Biuro programu", "Sąd Rejonowy w Brzezinach Leśnych", "polski, ukraiński"} {
			if !strings.Contains(words, part) {
				t.Errorf("the statement does not say %q: %s", part, words)
			}
		}
		if strings.Contains(words, phone) {
			t.Error("the statement has the phone")
		}
		papertest.Check(t, []byte(pdf.Body))
		found := coded.FindStringSubmatch(words)
		if found == nil {
			t.Fatalf("no address with a code: %s", words)
		}
		guest := w.Browse(access.Actor{})
		p := w.Status(guest.Get(found[0]+"?lang=pl"), http.StatusOK)
		if said := p.Text("main"); !strings.Contains(said, "Helena Kuratorska") || p.Find(".notice.success").Length() != 1 || strings.Contains(p.Body, phone) || strings.Contains(p.Body, entryID) || strings.Contains(said, "Brzez") {
			t.Errorf("%s", said)
		}
		if p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Set-Cookie") != "" {
			t.Errorf("%v", p.Header)
		}
		typed := guest.Get("/verify/guardian?code=" + url.QueryEscape(" "+strings.ToLower(strings.ReplaceAll(found[1], "-", " "))) + "&lang=en")
		if w.Status(typed, http.StatusSeeOther); !strings.HasPrefix(typed.Header.Get("Location"), "/verify/guardian/") {
			t.Errorf("leads to %s", typed.Header.Get("Location"))
		}
		if p := w.Status(guest.Get(typed.Header.Get("Location")), http.StatusOK); !strings.Contains(p.Text("main"), "The entry is valid") {
			t.Errorf("%s", p.Text("main"))
		}
		w.Status(guest.Get("/verify/guardian"), http.StatusOK)
		if p := w.Status(guest.Get("/verify/guardian/0000-0000-0000-0000"), http.StatusNotFound); p.Find(".error").Length() == 0 {
			t.Errorf("%s", p.Text("main"))
		}
		w.Clock.Advance(366 * 24 * time.Hour)
		if p := w.Status(guest.Get(found[0]), http.StatusOK); p.Find(".notice.success").Length() != 0 {
			t.Errorf("after its end: %s", p.Text("main"))
		}
		if p := w.Status(w.Browse(o.Coordinator).Post(entry+"/statement", url.Values{}), http.StatusUnprocessableEntity); strings.HasPrefix(p.Body, "%PDF") {
			t.Error("a statement of an entry whose validity is over")
		}
		w.OK(w.Guardians.Withdraw(t.Context(), who))
		if p := w.Status(guest.Get(found[0]), http.StatusNotFound); strings.Contains(p.Body, "Kuratorska") {
			t.Error("it tells who was in the register")
		}
		for range 70 {
			guest.Get("/verify/guardian/x")
		}
		w.Status(guest.Get(found[0]), http.StatusTooManyRequests)
	})
}

// Several entries are paused and renewed at once: first the page asks, then it says of each what became of it.
func TestManyAtOnce(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, _, entryID := listed(t, w)
		_, other := o.Guardian("Anna", "Pierwsza") // not on the list, so that there is nothing to pause
		b, until := w.Browse(o.Coordinator), w.Clock.Now().AddDate(1, 6, 0).Format(time.DateOnly)
		ticked := []string{entryID, other}
		if p := w.Status(b.Get(register), http.StatusOK); p.Find(`input[name="entry"][value="`+entryID+`"]`).Length() != 1 {
			t.Error("nothing to tick")
		}
		w.Status(b.Post(register+"/many", url.Values{"act": {"pause"}}), http.StatusBadRequest)
		w.Status(b.Post(register+"/many", url.Values{"act": {"dance"}, "entry": ticked}), http.StatusBadRequest)
		p := w.Status(b.Post(register+"/many", url.Values{"act": {"pause"}, "entry": ticked}), http.StatusOK)
		if form := p.Form("main form"); len(form["entry"]) != 2 || form.Get("sure") != "1" {
			t.Fatalf("%v", form)
		}
		if e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t); e.State != guardian.Listed {
			t.Fatal("paused before it was confirmed")
		}
		p = w.Status(b.Post(register+"/many", url.Values{"act": {"pause"}, "sure": {"1"}, "entry": ticked}), http.StatusUnprocessableEntity)
		if p.Find(`input[name="entry"]`).Length() != 2 || p.Find(".error").Length() == 0 {
			t.Errorf("without a reason: %s", p.Text("main"))
		}
		p = w.Status(b.Post(register+"/many", url.Values{"act": {"pause"}, "sure": {"1"}, "reason": {"papers"}, "entry": append([]string{"x"}, ticked...)}), http.StatusOK)
		if said := p.Text(`[role="status"]`); !strings.Contains(said, "1") || p.Find(`main li a[href^="`+register+`/entries/"]`).Length() != 2 || strings.Count(p.Body, "<li>") < 3 {
			t.Errorf("%s", p.Text("main"))
		}
		if e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, entryID))(t); e.State != guardian.Paused {
			t.Errorf("%s after the pause", e.State)
		}
		renew := url.Values{"act": {"renew"}, "sure": {"1"}, "reason": {"refresher"}, "until": {"kiedyś"}, "entry": ticked}
		if p := w.Status(b.Post(register+"/many", renew), http.StatusUnprocessableEntity); p.Find(`input[name="until"]`).AttrOr("value", "") != "kiedyś" {
			t.Errorf("what was typed is lost: %s", p.Text("main"))
		}
		renew.Set("until", until)
		w.Status(b.Post(register+"/many", renew), http.StatusOK)
		for _, x := range ticked {
			if e := testrig.Must(w.Guardians.Entry(t.Context(), o.Coordinator, x))(t); e.ValidUntil.Add(-time.Hour).In(w.Candidacy.Zone).Format(time.DateOnly) != until {
				t.Errorf("valid until %s, not %s", e.ValidUntil, until)
			}
		}
	})
}

// Each failure of the database is told, and none leaves anything out of a page.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o, who, entryID := listed(t, w)
	statement := testrig.Must(w.Guardians.MakeStatement(t.Context(), o.Coordinator, entryID))(t)
	entry, office, own := register+"/entries/"+entryID, w.Browse(o.Coordinator), w.Browse(who)
	office.Fragile(t, []string{register, entry, entry + "/edit", entry + "/renew", entry + "/remove", entry + "/statement", register + "/courts", register + "/courts/" + o.NearCourt, register + "/figures"})
	own.Fragile(t, []string{"/app/guardian", "/app/guardian/withdraw"})
	w.Browse(access.Actor{}).Fragile(t, []string{"/verify/guardian/" + statement.Code})
	office.FragileForm(t, entry, url.Values{"act": {"pause"}, "reason": {"papers"}})
	office.FragileForm(t, entry, url.Values{"act": {"list"}})
	office.FragileFault(t, entry, url.Values{"act": {"pause"}})
	office.FragileForm(t, entry+"/renew", url.Values{"until": {w.Clock.Now().AddDate(1, 6, 0).Format(time.DateOnly)}, "reason": {"refresher"}})
	office.FragileFault(t, entry+"/edit", url.Values{"most": {"0"}, "edition": {"1"}})
	office.FragileForm(t, register+"/courts", url.Values{"name": {"Sąd Rejonowy w Trzecim Lesie"}})
	office.FragileForm(t, register+"/courts/"+o.NearCourt, url.Values{"act": {"close"}, "edition": {"1"}})
	own.FragileForm(t, "/app/guardian", url.Values{"act": {"absent"}, "from": {w.Clock.Now().AddDate(0, 0, 3).Format(time.DateOnly)}})
	own.FragileForm(t, "/app/guardian/withdraw", url.Values{})
	w.Unreadable(register+"/many", register+"/entries", register+"/courts")
}
