package mailweb_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/id"
	"ostoja/internal/list"
	"ostoja/internal/mail"
	"ostoja/internal/testrig"
)

// refuse makes a letter one that a server refused for good, with its text or without.
func refuse(w *testrig.World, t *testing.T, letterID, body string) {
	t.Helper()
	now := w.Clock.Now()
	w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
		if err := db.Exec(t.Context(), tx, `UPDATE mail SET sent_at = NULL, held_until = NULL, failed_at = ?, last_error = '554 5.6.0 not this', body = ? WHERE id = ?`, now, body, letterID); err != nil {
			return err
		}
		if err := db.Exec(t.Context(), tx, `DELETE FROM job WHERE id = ?`, letterID); err != nil || body == "" {
			return err
		}
		return db.Exec(t.Context(), tx, `INSERT INTO job (id, kind, payload, run_at, created_at, attempts, failed_at, last_error) VALUES (?, 'mail.send', ?, ?, ?, 1, ?, '554')`,
			letterID, `{"mail_id":"`+letterID+`"}`, now, now, now)
	}))
}

func rows(w *testrig.World, a access.Actor, query string) int {
	return w.Status(w.Browse(a).Get("/app/letters?"+query), http.StatusOK).Find("#list- tbody tr").Length()
}

// TestWhatBecameOfEachLetter: each stands in the list with its fate, is seen as its reader gets it while its text is there, and is sent again
// once it was refused.
func TestWhatBecameOfEachLetter(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx, b := t.Context(), w.Browse(w.Admin)
		n, err := w.Learning.EnrolMany(ctx, w.GuardCoordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.OtherLearner.PersonID})
		if n < 1 || err != nil {
			t.Fatal(n, err)
		}
		ids := testrig.Must(db.All[string](ctx, w.DB, `SELECT id FROM mail WHERE kind = 'course.invitation' ORDER BY id`))(t)
		of := func(fate string) int { return rows(w, w.Admin, "kind=course.invitation&fate="+fate) }
		if of("held") != len(ids) || of("sent")+of("waiting")+of("refused") != 0 {
			t.Errorf("%d held of %d", of("held"), len(ids))
		}
		page := w.Status(b.Get("/app/letters/"+ids[0]), http.StatusOK)
		subject := testrig.Must(db.One[string](ctx, w.DB, `SELECT subject FROM mail WHERE id = ?`, ids[0]))(t)
		if got := page.Text("main"); !strings.Contains(got, subject) || !strings.Contains(got, mail.Blank) || strings.Contains(got, mail.TokenMark) {
			t.Errorf("the letter is shown as %s", got)
		}
		w.Clock.Advance(time.Hour)
		before := len(w.Letters())
		if of("sent") != len(ids) || of("held") != 0 {
			t.Errorf("%d sent, %d held", of("sent"), of("held"))
		}
		refuse(w, t, ids[0], "Otwórz https://x.example.org/app/l/"+id.Secret())
		list := b.Get("/app/letters?fate=refused")
		if of("refused") != 1 || list.Find("tbody input[name=letter]").Length() != 1 || !strings.Contains(list.Text("tbody"), "nie przyjmuje tej treści") {
			t.Fatalf("%d refused: %s", of("refused"), list.Text("tbody"))
		}
		if home := b.Get("/app/today"); home.Find(`a[href="/app/letters?fate=again"]`).Length() == 0 || of("again") != 1 {
			t.Error("Today does not tell of it")
		}
		// First it says how many; it is done once that is confirmed, and once.
		plan := b.Post("/app/letters/again", url.Values{"all": {"1"}, "fate": {"refused"}})
		if plan.Status != http.StatusOK || plan.Find("input[name=n]").AttrOr("value", "") != "1" || of("refused") != 1 {
			t.Fatalf("%d %s", plan.Status, plan.Text("main"))
		}
		sure := url.Values{"letter": {ids[0]}, "sure": {"1"}, "n": {"1"}}
		if p := b.Post("/app/letters/again", sure); p.Status != http.StatusSeeOther {
			t.Errorf("sent again: %d", p.Status)
		}
		if p := b.Post("/app/letters/again", sure); p.Status != http.StatusOK {
			t.Errorf("it is as many no more: %d", p.Status)
		}
		if after := len(w.Letters()); after != before+1 || of("refused") != 0 {
			t.Errorf("%d letters left, %d are refused", after-before, of("refused"))
		}
		if told := testrig.Must(db.One[int](ctx, w.DB, `SELECT COUNT(*) FROM audit WHERE action = 'mail.again'`))(t); told != 1 {
			t.Errorf("%d records", told)
		}
		refuse(w, t, ids[0], "")
		if of("refused") != 1 || of("again") != 0 {
			t.Errorf("%d are refused, %d can be sent again", of("refused"), of("again"))
		}
		if p := b.Get("/app/letters/" + ids[0]); p.Find(`form[action="/app/letters/again"]`).Length() != 0 {
			t.Error("a letter whose text is forgotten can be sent again")
		}
		if n := testrig.Must(w.Outbox.PlanAgain(ctx, w.Admin, mail.LetterChoice{IDs: []string{ids[0], "none"}}))(t); n != 0 {
			t.Errorf("%d would be sent", n)
		}
		if csv := b.Get("/app/letters?as=csv&fate=refused"); csv.Status != http.StatusOK || !strings.Contains(csv.Body, "5.6.0") {
			t.Errorf("the file: %d %s", csv.Status, csv.Body)
		}
	})
}

// TestWhoseLettersSomebodySees: those to people of their units, of kinds that their role opens; nobody else's, in any way.
func TestWhoseLettersSomebodySees(t *testing.T) {
	testrig.Each(t, func(t *testing.T, w *testrig.World) {
		ctx := t.Context()
		for _, coordinator := range []access.Actor{w.GuardCoordinator, w.Admin} {
			if _, err := w.Learning.EnrolMany(ctx, coordinator, testrig.SmallCourse, []string{w.Learner.PersonID, w.OtherLearner.PersonID}); err != nil {
				t.Fatal(err)
			}
		}
		type letter struct{ ID, Path string }
		all := testrig.Must(db.All[letter](ctx, w.DB, `SELECT m.id, u.path FROM mail m JOIN identity_person p ON p.mail = m.recipient JOIN identity_unit u ON u.id = p.unit_id WHERE m.kind = 'course.invitation'`))(t)
		for name, actor := range w.Everybody() {
			may := mail.MayList(actor)
			_, _, err := w.Outbox.Letters(ctx, actor, mail.LetterFilter{})
			if !may {
				w.Refused(name, err, errs.ErrForbidden)
				_, err := w.Outbox.Preview(ctx, actor, all[0].ID)
				w.Refused(name, err, errs.ErrForbidden)
				_, err = w.Outbox.Again(ctx, actor, mail.LetterChoice{All: true})
				w.Refused(name, err, errs.ErrForbidden)
				continue
			}
			w.OK(err)
			for _, x := range all {
				sees := actor.May(access.DeskWrite, x.Path)
				p, err := w.Outbox.Preview(ctx, actor, x.ID)
				if !sees {
					w.Refused(name, err, errs.ErrNotFound)
				} else if err != nil || p.Body == "" || p.Name == "" {
					t.Errorf("%s: %+v %v", name, p.Letter, err)
				}
			}
		}
		// What is its reader's alone has no text and no name for anybody.
		w.OK(w.DB.Update(ctx, func(tx *db.Tx) error {
			to := testrig.Must(db.One[string](ctx, tx, `SELECT mail FROM identity_person WHERE id = ?`, w.Learner.PersonID))(t)
			return w.Outbox.Send(ctx, tx, mail.Message{Kind: "guardian.signal", To: to, Subject: "S", Body: "secret", Lang: "pl"})
		}))
		secret := testrig.Must(db.One[string](ctx, w.DB, `SELECT id FROM mail WHERE kind = 'guardian.signal'`))(t)
		order := func(sort string) (ids []string) {
			rows, _, err := w.Outbox.Letters(ctx, w.Admin, mail.LetterFilter{Window: list.Window{Sort: sort}})
			w.OK(err)
			for _, x := range rows {
				ids = append(ids, x.ID)
			}
			return ids
		}
		if !slices.Equal(order("who"), order("at")) {
			t.Error("the order tells who a letter goes to")
		}
		p, err := w.Outbox.Preview(ctx, w.Admin, secret)
		if err != nil || p.Body != "" || p.Subject != "" || p.Name != "" || p.Recipient != "" {
			t.Errorf("%+v, %v", p, err)
		}
		_, err = w.Outbox.Preview(ctx, w.GuardCoordinator, secret)
		w.Refused("the coordinator", err, errs.ErrNotFound)
		// Nor is it found by the address to which it went: who knows it would learn who asked for what.
		to := testrig.Must(db.One[string](ctx, w.DB, `SELECT mail FROM identity_person WHERE id = ?`, w.Learner.PersonID))(t)
		found := func(actor access.Actor, search string, kind mail.Kind) int {
			_, n, err := w.Outbox.Letters(ctx, actor, mail.LetterFilter{Search: search, Kind: kind})
			w.OK(err)
			return n
		}
		for _, search := range []string{to, "Źródło"} {
			if n := found(w.Admin, search, "guardian.signal"); n != 0 {
				t.Errorf("%s finds %d letters that are closed", search, n)
			}
			if n := found(w.GuardCoordinator, search, "course.invitation"); n != 1 {
				t.Errorf("%s finds %d invitations", search, n)
			}
		}
	})
}

// TestEachKindHasAName and each letter that the program sends has a kind that is listed.
func TestEachKindHasAName(t *testing.T) {
	w := testrig.New(t)
	p := w.Browse(w.Admin).Get("/app/letters?fate=sent") // an empty list has no filters
	known := map[string]bool{}
	for _, k := range mail.Kinds {
		known[string(k.Kind)] = true
		if text := p.Find(`select[name=kind] option[value="` + string(k.Kind) + `"]`).Text(); text == "" || strings.Contains(text, "inny list") {
			t.Errorf("%s is called %q", k.Kind, text)
		}
	}
	kind := regexp.MustCompile(`Kind:\s*"([a-z.-]+)"`)
	n := 0
	w.OK(filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "test/") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, part := range strings.Split(string(text), "mail.Message{")[1:] {
			part = part[:min(len(part), 60)]
			if strings.HasPrefix(part, "}") { // none, with an error
				continue
			}
			n++
			if m := kind.FindStringSubmatch(part); m == nil || !known[m[1]] {
				t.Errorf("%s sends a letter that is not in mail.Kinds: %.40s", path, part)
			}
		}
		return err
	}))
	if n < 25 {
		t.Errorf("%d places that write letters were found", n)
	}
}

// TestNoPageHidesAFailure: what the database does not give is missed.
func TestNoPageHidesAFailure(t *testing.T) {
	w := testrig.New(t)
	w.Enrol(w.Learner, testrig.SmallCourse)
	w.OK(w.DB.Update(t.Context(), func(tx *db.Tx) error {
		return w.Outbox.Send(t.Context(), tx, mail.Message{Kind: "system.test", To: "a@example.org", Subject: "S", Body: "B", Lang: "pl"})
	}))
	letterID := testrig.Must(db.One[string](t.Context(), w.DB, `SELECT id FROM mail WHERE kind = 'system.test'`))(t)
	b := w.Browse(w.Admin)
	b.Fragile(t, []string{"/app/letters", "/app/letters?as=csv", "/app/letters/" + letterID})
	refuse(w, t, letterID, "B")
	b.FragileForm(t, "/app/letters/again", url.Values{"letter": {letterID}, "sure": {"1"}})
}

func TestWhatIsNoFormIsRefused(t *testing.T) { testrig.New(t).Unreadable("/app/letters") }
