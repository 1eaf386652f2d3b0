package rosterweb_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/guardian"
	"ostoja/internal/guardian/roster"
	"ostoja/internal/testrig"
)

const plan = "/app/guardians/roster"

// office is one with a person on the list, and this week.
func office(t *testing.T, w *testrig.World) (o *testrig.GuardianOffice, who access.Actor, entryID string, week guardian.Week) {
	t.Helper()
	o = w.GuardianOffice()
	who, entryID = o.Guardian("Helena", "Kuratorska")
	w.OK(w.Guardians.Enlist(t.Context(), o.Coordinator, entryID))
	return o, who, entryID, guardian.WeekOf(w.Clock.Now(), w.Duty.Zone)
}

// form is the matrix as a page holds it, with somebody put on duty for Ukrainian.
func form(court string, week guardian.Week, was, to string) url.Values {
	return url.Values{"court": {court}, "duty-uk-" + string(week): {to}, "was-uk-" + string(week): {was}}
}

// A week is planned in one press; what another has changed meanwhile is told cell by cell, and nothing is lost.
func TestTheMatrix(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, _, entryID, week := office(t, w)
		b, at := w.Browse(o.Coordinator), plan+"?court="+o.NearCourt
		p := w.Status(b.Get(at), http.StatusOK)
		cell := `select[name="duty-uk-` + string(week) + `"]`
		if p.Find(cell+` option[value="`+entryID+`"]`).Length() != 1 || p.Find("thead").First().Find("th").Length() != 1+roster.Weeks || p.Find(`a[href="/app/guardians/entries/`+entryID+`"]`).Length() != 1 {
			t.Errorf("%s", p.Text("main"))
		}
		if said := p.Text("main"); strings.Count(said, "nikt nie ma dyżuru") != 2 {
			t.Errorf("gaps: %s", said)
		}
		if p := w.Status(b.Post(plan, form(o.NearCourt, week, "", entryID)), http.StatusSeeOther); p.Header.Get("Location") != at {
			t.Errorf("leads to %s", p.Header.Get("Location"))
		}
		p = w.Status(b.Get(at), http.StatusOK)
		if p.Find(cell+` option[selected]`).AttrOr("value", "") != entryID || strings.Count(p.Text("main"), "nikt nie ma dyżuru") != 1 {
			t.Errorf("after saving: %s", p.Text("main"))
		}
		again := w.Status(b.Post(plan, form(o.NearCourt, week, "", "")), http.StatusSeeOther) // nothing changed on that page
		if again.Header.Get("Location") != at {
			t.Error(again.Header.Get("Location"))
		}
		stale := w.Status(b.Post(plan, form(o.NearCourt, week.Add(1), entryID, "")), http.StatusOK)
		if stale.Find(".notice li").Length() != 1 {
			t.Errorf("a stale page: %s", stale.Text("main"))
		}
		w.Status(b.Post(plan, form("x", week, "", entryID)), http.StatusNotFound)
		w.Status(b.Get(plan+"?court=x"), http.StatusNotFound)
	})
}

// Nobody but the office sees who is on duty; another office sees that somebody is, and not who.
func TestWhoSeesTheMatrix(t *testing.T) {
	w := testrig.New(t)
	o, who, entryID, week := office(t, w)
	w.Status(w.Browse(o.Coordinator).Post(plan, form(o.NearCourt, week, "", entryID)), http.StatusSeeOther)
	p := w.Status(w.Browse(o.Elsewhere).Get(plan+"?court="+o.NearCourt), http.StatusOK)
	if strings.Contains(p.Body, "Kuratorska") || strings.Contains(p.Body, entryID) || !strings.Contains(p.Text("main"), "z innego biura") {
		t.Errorf("another office sees %s", p.Text("main"))
	}
	others := w.Everybody()
	maps.Copy(others, map[string]access.Actor{"assessor": o.First, "requester": o.Requester, "court": o.CourtClerk, "complaints": o.Complaints, "the person": who})
	for name, actor := range others {
		b := w.Browse(actor)
		get := b.Get(plan)
		if post := b.Post(plan, form(o.NearCourt, week, entryID, "")); get.Status < 300 || post.Status < 300 || name != "the person" && strings.Contains(get.Body+post.Body, "Kuratorska") { // their own menu has their name
			t.Errorf("%s: %d and %d", name, get.Status, post.Status)
		}
	}
	if p := w.Browse(o.Coordinator).Get(plan + "?court=" + o.NearCourt); p.Find(`option[selected][value="`+entryID+`"]`).Length() != 1 {
		t.Error("somebody changed the matrix")
	}
}

var linked = regexp.MustCompile(`/guardian/week/[A-Za-z0-9_-]{43}\?lang=(?:pl|en)`)

// asked lets the weekly letter leave and returns its link.
func asked(t *testing.T, w *testrig.World, o *testrig.GuardianOffice, entryID string) (link string, week guardian.Week) {
	t.Helper()
	at := guardian.WeekOf(w.Clock.Now(), w.Duty.Zone).Begins(w.Duty.Zone).AddDate(0, 0, 3).Add(8 * time.Hour)
	for !at.After(w.Clock.Now()) {
		at = at.AddDate(0, 0, 7)
	}
	w.Until(at)
	week = guardian.WeekOf(at, w.Duty.Zone).Add(1)
	_, refused, err := w.Duty.Assign(t.Context(), o.Coordinator, o.NearCourt, []roster.Change{{Lang: "uk", Week: week, To: entryID}})
	if w.OK(err); len(refused) != 0 {
		t.Fatalf("%+v", refused)
	}
	w.OK(w.Duty.AskNextWeek(t.Context()))
	for _, l := range w.Letters() {
		if found := linked.FindString(l.Body); found != "" {
			link = found
		}
	}
	if link == "" {
		t.Fatal("no letter")
	}
	return link, week
}

// Behind the link of the weekly letter two buttons stand, without an account and without a name. It is answered once; looking changes nothing.
func TestTheWeeklyLink(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		o, _, entryID, _ := office(t, w)
		link, _ := asked(t, w, o, entryID)
		b := w.Browse(access.Actor{})
		for range 2 {
			p := w.Status(b.Get(link), http.StatusOK)
			if p.Find(`button[name="answer"]`).Length() != 2 || strings.Contains(p.Body, "Kuratorska") || strings.Contains(p.Body, "Brzez") || p.Header.Get("Set-Cookie") != "" || p.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %v", p.Text("main"), p.Header)
			}
		}
		w.Status(b.Post(link, url.Values{"answer": {"maybe"}}), http.StatusBadRequest)
		w.Status(b.Post(link, url.Values{"answer": {"no"}}), http.StatusSeeOther)
		w.Status(b.Post(link, url.Values{"answer": {"yes"}}), http.StatusSeeOther) // says what was answered
		if p := w.Status(b.Get(link), http.StatusOK); p.Find(`button[name="answer"]`).Length() != 0 || !strings.Contains(p.Text("main"), "nie w tym tygodniu") {
			t.Errorf("answered: %s", p.Text("main"))
		}
		if p := w.Browse(o.Coordinator).Get(plan + "?court=" + o.NearCourt); p.Find(`option[selected][value="`+entryID+`"]`).Length() != 0 {
			t.Error("on duty after a no")
		}
		unknown := "/guardian/week/" + strings.Repeat("x", 43)
		w.Status(b.Get(unknown), http.StatusNotFound)
		w.Status(b.Post(unknown, url.Values{"answer": {"no"}}), http.StatusSeeOther)
		for range 70 {
			b.Get(unknown)
		}
		w.Status(b.Get(link), http.StatusTooManyRequests)
	})
	t.Run("over", func(t *testing.T) {
		w := testrig.New(t)
		o, _, entryID, _ := office(t, w)
		link, week := asked(t, w, o, entryID)
		w.Until(week.Ends(w.Duty.Zone))
		b := w.Browse(access.Actor{})
		if p := w.Status(b.Get(link), http.StatusGone); p.Find("button[name=answer]").Length() != 0 {
			t.Error("it can be answered after the week")
		}
		if p := b.Get(strings.TrimSuffix(link, "pl") + "en"); !strings.Contains(p.Text("main"), "office") {
			t.Errorf("in English: %s", p.Text("main"))
		}
	})
}

// Each failure of the database is told, and none leaves anything out of a page.
func TestFailingStatements(t *testing.T) {
	w := testrig.New(t)
	o, _, entryID, week := office(t, w)
	b := w.Browse(o.Coordinator)
	b.Fragile(t, []string{plan, plan + "?court=" + o.NearCourt})
	b.FragileForm(t, plan, form(o.NearCourt, week, "", entryID))
	link, _ := asked(t, w, o, entryID)
	guest := w.Browse(access.Actor{})
	guest.Fragile(t, []string{link})
	guest.FragileForm(t, link, url.Values{"answer": {"no"}})
	w.Unreadable(plan, "/guardian/week")
}
