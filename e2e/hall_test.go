package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/id"
	"ostoja/internal/identity"
)

// hallDay is a training in two half-days, of which the first is held now, with people who have a seat.
type hallDay struct {
	*programme
	d                  *db.DB
	trainer            access.Actor
	entry              string
	morning, afternoon string
	names              []string
}

func openHall(t *testing.T) *hallDay {
	d := dbtest.SQLite(t)
	h := &hallDay{programme: start(t, d), d: d, names: []string{"Próchnicka-Żelazowska", "Chmielewskaite", "Ćwikłowski", "Dudańczyk"}}
	h.trainer, h.entry = h.staff("trener@example.org", access.Trainer)
	now, training := time.Now(), id.New()
	h.exec(`INSERT INTO training (id, title, place, held_from, held_until, unit_id, announced, created_at, created_by) VALUES (?, 'Szkolenie 3: Warszawa', 'Warszawa', ?, ?, ?, FALSE, ?, ?)`,
		training, now, now.Add(9*time.Hour), h.unit, now, h.trainer.PersonID)
	for i, s := range []*string{&h.morning, &h.afternoon} {
		*s = id.New()
		at := now.Add(-30*time.Minute + time.Duration(i)*4*time.Hour)
		h.exec(`INSERT INTO training_session (id, training_id, starts_at, ends_at, place, room) VALUES (?, ?, ?, ?, 'Warszawa', 'sala 2')`, *s, training, at, at.Add(4*time.Hour))
	}
	for _, name := range h.names {
		personID, err := h.app.Identity.Add(t.Context(), access.System, identity.Draft{GivenName: "Wieczysława", FamilyName: name, UnitID: h.unit, Lang: "pl", ServiceNumber: name}, false)
		if err != nil {
			t.Fatal(err)
		}
		h.exec(`INSERT INTO booking (id, training_id, person_id, state, origin, unit_id, created_at, changed_at) VALUES (?, ?, ?, 'confirmed', 'added', ?, ?, ?)`,
			id.New(), training, personID, h.unit, now, now)
	}
	return h
}

func (h *hallDay) exec(statement string, args ...any) {
	h.t.Helper()
	if err := h.d.Update(h.t.Context(), func(tx *db.Tx) error { return db.Exec(h.t.Context(), tx, statement, args...) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hallDay) marks() int {
	h.t.Helper()
	n, err := db.One[int](h.t.Context(), h.d, `SELECT COUNT(*) FROM attendance_mark`)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// network cuts the network by the browser's own switch, for pages and service workers, or joins it again.
func (b *browser) network(on bool) {
	b.t.Helper()
	off := !on
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		rules := []*network.Conditions{}
		if off {
			rules = append(rules, &network.Conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
		}
		if _, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &off, MatchedNetworkConditions: rules}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// waitFor waits until the page says something.
func (b *browser) waitFor(words string) {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if strings.Contains(strings.Join(strings.Fields(b.text()), " "), words) {
			return
		}
	}
	b.see(words)
}

// mark touches a person's button on the device's page.
func (b *browser) mark(name, value string) {
	b.t.Helper()
	if !eval[bool](b, fmt.Sprintf(`(() => { const row = [...document.querySelectorAll(".roll-row")].find(r => r.innerText.includes(%q)); row?.querySelector("[value=%s] + label").click(); return !!row })()`, name, value)) {
		b.t.Fatalf("%s is not on the roll: %s", name, b.where())
	}
}

// tap touches what stays on its page.
func (b *browser) tap(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(selector))
}

const hallPassphrase = "cztery konie na wzgórzu"

func (b *browser) unlock(passphrase string) {
	b.t.Helper()
	b.fill("passphrase", passphrase)
	b.tap(`[data-part=lock] button.action`)
}

// TestADayInAHallWithoutInternet goes through a trainer's day: the roll is opened on the phone, the network goes, people are marked, the
// browser ends and starts again without network, the network comes back, the list is closed. What was marked arrives once; of the
// names nothing is on the disk, neither while the list is kept nor afterwards.
func TestADayInAHallWithoutInternet(t *testing.T) {
	h := openHall(t)
	profile := t.TempDir()
	b, stop := profiled(t, h.base, profile, false)
	b.enter(h.entry)
	b.open("/app/hall")
	b.clean("the day")
	b.open("/app/hall/" + h.morning)
	b.see("0 z 4 jest 0 nie ma 4 bez znaku")
	b.clean("the roll")
	b.keepPicture("roll")
	b.press("Przygotuj to urządzenie na brak internetu")
	b.waitFor("Lista bez internetu")
	b.waitFor("Zegar chodzi dobrze")
	b.clean("opening")
	b.keepPicture("open")
	b.fill("one", hallPassphrase)
	b.fill("two", hallPassphrase)
	b.tap(`[data-part=open] button.action`)
	b.waitFor("0 z 4 jest 0 nie ma 4 bez znaku")
	b.waitFor("Lista jest na urządzeniu")
	b.mark(h.names[0], "present")
	b.waitFor("1 z 4 jest")
	b.waitFor("Zapisane o")
	b.clean("on the device")
	b.keepPicture("device")

	b.network(false)
	b.mark(h.names[1], "present")
	b.mark(h.names[2], "absent")
	b.waitFor("Bez internetu. 2 zmiany w telefonie")
	b.tap(`[data-dialog=walk-in]`)
	b.clean("adding somebody")
	b.fill("name", "Nadzwyczajna Bogumiła")
	b.tap(`#d-walk-in button.action`)
	b.waitFor("Bez internetu. 4 zmiany w telefonie")
	b.waitFor("3 z 5 jest 1 nie ma 1 bez znaku")
	b.clean("offline")
	b.keepPicture("offline")
	if n := h.marks(); n != 1 {
		t.Fatalf("%d marks on the server: the network is not cut", n)
	}
	stop()
	secrets := append([]string{"Nadzwyczajna", hallPassphrase}, h.names...)
	h.notOnDisk(profile, secrets)

	b, stop = profiled(t, h.base, profile, false)
	b.network(false)
	b.open("/app/hall/" + h.morning)
	b.waitFor("Lista jest zamknięta hasłem")
	b.see("4 zmiany w telefonie")
	b.clean("locked")
	b.keepPicture("locked")
	b.unlock("trzy konie na wzgórzu")
	b.waitFor("To nie jest hasło do tej listy")
	for _, name := range h.names {
		if strings.Contains(b.text(), name) {
			t.Errorf("%s is shown without the passphrase", name)
		}
	}
	b.unlock(hallPassphrase)
	b.waitFor("3 z 5 jest 1 nie ma 1 bez znaku")
	b.mark(h.names[3], "present")
	b.waitFor("Bez internetu. 5 zmian w telefonie")
	b.network(true)
	b.waitFor("4 z 5 jest 1 nie ma 0 bez znaku")
	b.waitFor("Zapisane o")
	if n := h.marks(); n != 5 {
		t.Errorf("%d marks arrived", n)
	}
	h.twice(b)
	h.closeOnDevice(b)
	// The control: what a page writes in the clear is found. The browser clears the origin, and writes, when it likes: the control is
	// written again until it lies there.
	const control = "Kontrolna-Nazwa-W-Bazie"
	found := false
	for n, end := 0, time.Now().Add(30*time.Second); !found && time.Now().Before(end); n++ {
		eval[bool](b, fmt.Sprintf(`new Promise(ok => { const r = indexedDB.open("control-%d", 1); r.onupgradeneeded = () => r.result.createObjectStore("s").put(%q, 1); r.onsuccess = () => { r.result.close(); ok(true) } })`, n, control))
		time.Sleep(time.Second)
		found = len(search(t, profile, control)) > 0
	}
	stop()
	if !found {
		t.Fatal("the control was not found: the search is blind")
	}
	h.notOnDisk(profile, secrets)
}

// twice sends what has arrived once more, and what waits while nobody is signed in: nothing counts twice, nothing is lost.
func (h *hallDay) twice(b *browser) {
	h.t.Helper()
	mark, err := db.One[string](h.t.Context(), h.d, `SELECT id FROM attendance_mark WHERE device <> '' AND person_id IS NOT NULL ORDER BY id DESC`)
	if err != nil {
		h.t.Fatal(err)
	}
	type row struct{ PersonID, State, Device string }
	r, err := db.One[row](h.t.Context(), h.d, `SELECT person_id, state, device FROM attendance_mark WHERE id = ?`, mark)
	if err != nil {
		h.t.Fatal(err)
	}
	before := h.marks()
	status := eval[int](b, fmt.Sprintf(`fetch("/app/hall/%s/items", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({device: %q, sentAt: new Date().toISOString(),
		items: [{id: %q, kind: "mark", who: %q, state: %q}]})}).then(r => r.status)`, h.morning, r.Device, mark, r.PersonID, r.State))
	if n := h.marks(); status != 200 || n != before {
		h.t.Errorf("sent twice: status %d, %d marks, not %d", status, n, before)
	}
	eval[int](b, `fetch("/app/sign-out", {method: "POST"}).then(r => r.status)`)
	b.mark(h.names[3], "absent")
	b.waitFor("Zaloguj się, żeby wysłać zmiany. 1 zmiana w telefonie")
	b.clean("signed out")
	b.keepPicture("signed-out")
	entry, err := h.app.Identity.OneTimeLink(h.t.Context(), access.System, h.trainer.PersonID)
	if err != nil {
		h.t.Fatal(err)
	}
	b.enter(entry)
	b.open("/app/hall/device")
	b.waitFor("1 zmiana w telefonie")
	b.unlock(hallPassphrase)
	b.waitFor("3 z 5 jest 2 nie ma")
	b.waitFor("Zapisane o")
	if n := h.marks(); n != before+1 {
		h.t.Errorf("%d marks after signing in again", n)
	}
}

// closeOnDevice closes both half-days on the device, which keeps nothing then.
func (h *hallDay) closeOnDevice(b *browser) {
	h.t.Helper()
	for i := range 2 {
		b.tap(`[data-close]`)
		b.waitFor("Liczba podpisów na arkuszu")
		b.clean("closing")
		b.do(chromedp.SetValue(`[data-part=closing] [name="heads"]`, "3"), chromedp.SetValue(`[data-part=closing] [name="signatures"]`, "3"))
		b.tap(`[data-part=closing] button.action`)
		b.waitFor("Napisz powód")
		b.do(chromedp.SetValue(`[data-part=closing] [name="reason"]`, "dopisana osoba nie ma jeszcze konta; popołudnie odwołane"))
		b.tap(`[data-part=closing] button.action`)
		if i == 0 {
			b.waitFor("0 z 4 jest")
		}
	}
	b.waitFor("Na tym urządzeniu nic już nie ma")
	b.clean("closed")
	b.keepPicture("closed")
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if n, err := db.One[int](h.t.Context(), h.d, `SELECT COUNT(*) FROM session_device WHERE erased_at IS NULL`); err == nil && n == 0 {
			break
		}
	}
	b.keepsNothing("closed")
}

// keepsNothing fails the test if the browser still has a database, a cache or a worker of the page's origin half a minute from now. It
// erases them when it likes, and may leave a question unanswered that is asked meanwhile: one without an answer after two seconds stands
// as null, and all are asked again.
func (b *browser) keepsNothing(when string) {
	b.t.Helper()
	const nothing = `[0,0,0]`
	kept := ""
	for end := time.Now().Add(30 * time.Second); kept != nothing; time.Sleep(100 * time.Millisecond) {
		if kept != "" && time.Now().After(end) {
			b.t.Errorf("%s: the browser still has (databases, caches, workers) %s", when, kept)
			return
		}
		kept = eval[string](b, `Promise.all([indexedDB.databases(), caches.keys(), navigator.serviceWorker.getRegistrations()].map(asked =>
			Promise.race([asked.then(found => found.length), new Promise(late => setTimeout(late, 2000, null))]))).then(counts => JSON.stringify(counts))`)
	}
}

// notOnDisk fails the test if a profile holds a text.
func (h *hallDay) notOnDisk(profile string, secrets []string) {
	h.t.Helper()
	for _, secret := range secrets {
		if hits := search(h.t, profile, secret); len(hits) > 0 {
			h.t.Errorf("%q stands in %v", secret, hits)
		}
	}
}

// keepPicture keeps a picture of the page where OSTOJA_PICTURES says.
func (b *browser) keepPicture(name string) {
	if folder := os.Getenv("OSTOJA_PICTURES"); folder != "" {
		for _, width := range []int64{1280, 360} {
			b.width(width)
			b.picture(fmt.Sprintf("%s/hall-%s-%d.png", folder, name, width))
		}
	}
}
