package app_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/identity"
	"ostoja/internal/identity/roster"
	"ostoja/internal/testrig/measured"
)

// everything returns all bytes that somebody would find who copied the database: its file and the log beside it, which only SQLite
// has, and a backup.
func everything(t *testing.T, d *db.DB) []byte {
	t.Helper()
	var all []byte
	if d.Engine() == db.SQLite {
		file, err := db.One[string](t.Context(), d, `SELECT file FROM pragma_database_list WHERE name = 'main'`)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{file, file + "-wal"} {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, content...)
		}
	}
	var zipped bytes.Buffer
	if _, err := backup.Write(t.Context(), d, measured.Start, &zipped, backup.Protection{Key: ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))}); err != nil {
		t.Fatal(err)
	}
	unzip, err := gzip.NewReader(&zipped)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unzip)
	if err != nil {
		t.Fatal(err)
	}
	return append(all, content...)
}

// Whoever reads the database's file, its log or a backup, before or after letters left, finds no link with which to come in.
func TestNoTokenOfALetterLiesInTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := measured.New(t, d)
		m := w.Training()
		var sitting []string
		for i := range 20 {
			who := identity.Draft{GivenName: "Osoba", FamilyName: "Zaproszona", Mail: fmt.Sprintf("zaproszona%d@example.org", i), UnitID: w.Unit, Lang: "pl"}
			if _, err := w.App.Identity.Add(w.Ctx, access.System, who, true); err != nil {
				t.Fatal(err)
			}
			sitting = append(sitting, w.Person("Anna", "Pomocna").PersonID)
		}
		if _, err := w.Measurements.AddParticipants(w.Ctx, w.Admin, m.ID, sitting); err != nil {
			t.Fatal(err)
		}
		if err := w.App.Measure(w.Ctx); err != nil {
			t.Fatal(err)
		}
		waiting := everything(t, d)
		w.Measure()
		if err := w.App.Identity.AskLink(w.Ctx, "zaproszona7@example.org", "", identity.Client{Network: "n"}); err != nil {
			t.Fatal(err)
		}
		w.Measure()
		sent := everything(t, d)
		tokens := regexp.MustCompile(`/app/(?:s|link)/([^?\s]+)`).FindAllStringSubmatch(strings.Join(w.Letters, "\n"), -1)
		if len(tokens) != 41 {
			t.Fatalf("%d letters bring a token", len(tokens))
		}
		for _, found := range tokens {
			if token := []byte(found[1]); bytes.Contains(waiting, token) || bytes.Contains(sent, token) {
				t.Errorf("the token of %s lies there", found[0])
			}
		}
		for name, where := range map[string][]byte{"before": waiting, "after": sent} {
			if !bytes.Contains(where, []byte("zaproszona7@example.org")) {
				t.Errorf("%s the letters left: the control is not found", name)
			}
		}
	})
}

// What is erased because its time is over lies in no file and in no backup.
func TestErasedRowsLieNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := measured.New(t, d)
		list := "imię;nazwisko;e-mail\n"
		for i := range 200 {
			list += fmt.Sprintf("Ewa;Niepotwierdzona;niepotwierdzona%d@example.org\n", i)
		}
		if _, err := w.App.Roster.Preview(w.Ctx, w.Admin, []byte(list), roster.Options{UnitID: w.Unit, Lang: "pl"}); err != nil {
			t.Fatal(err)
		}
		who := identity.Draft{GivenName: "Ewa", FamilyName: "Zostaje", Mail: "zostaje@example.org", UnitID: w.Unit, Lang: "pl"}
		if _, err := w.App.Identity.Add(w.Ctx, access.System, who, true); err != nil {
			t.Fatal(err)
		}
		unfinished := func() bool { return bytes.Contains(everything(t, d), []byte("niepotwierdzona7@example.org")) }
		if !unfinished() {
			t.Fatal("the test does not see what is there")
		}
		w.Measure()
		w.Clock.Advance(2 * time.Hour)
		if _, err := w.App.Queue.RunDue(w.Ctx); err != nil {
			t.Fatal(err)
		}
		if unfinished() {
			t.Error("a list that nobody confirmed lies there after its time")
		}
		if !bytes.Contains(everything(t, d), []byte("zostaje@example.org")) {
			t.Error("the control is not found")
		}
	})
}
