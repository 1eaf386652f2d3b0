package reader_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/fact/facttest"
	"ostoja/internal/signed"
	"ostoja/internal/site"
	"ostoja/internal/site/content"
	"ostoja/internal/site/sitetest"
	"ostoja/internal/site/siteweb/reader"
	shipped "ostoja/site"
)

var signer = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func (k *desk) files() []reader.File {
	k.Helper()
	list, err := reader.Files(k.Context(), k.service, "https://pomoc.example.org", signer)
	if err != nil {
		k.Fatal(err)
	}
	return list
}

func mustDo(t *testing.T, steps ...error) {
	t.Helper()
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
}

// TestExportIsVerified spoils an export in every way that somebody might.
func TestExportIsVerified(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	list := k.files()
	ours := signed.Public(signer)
	foreign := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	text := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b) + "\n") }
	for name, c := range map[string]struct {
		spoil     func(file func(name string) string) error
		key, want string
	}{
		"nothing": {func(func(string) string) error { return nil }, ours, ""},
		"a changed page": {func(file func(string) string) error {
			b, err := os.ReadFile(file("pl/d37f.html"))
			return errors.Join(err, os.WriteFile(file("pl/d37f.html"), bytes.Replace(b, []byte("112"), []byte("113"), 1), 0o600))
		}, "", "pl/d37f.html was changed"},
		"a missing page":  {func(file func(string) string) error { return os.Remove(file("pl/d37f.html")) }, "", "pl/d37f.html is missing"},
		"a page too many": {func(file func(string) string) error { return os.WriteFile(file("pl/x.html"), nil, 0o600) }, "", "pl/x.html is not in the list"},
		"a link for a page": {func(file func(string) string) error {
			return errors.Join(os.Rename(file("pl/d37f.html"), file("../elsewhere.html")), os.Symlink("../../elsewhere.html", file("pl/d37f.html")))
		}, "", "pl/d37f.html is no regular file"},
		"a link for a folder": {func(file func(string) string) error {
			return errors.Join(os.Rename(file("pl"), file("../pl")), os.Symlink("../pl", file("pl")))
		}, "", "pl"},
		"a link within": {func(file func(string) string) error {
			return errors.Join(os.Remove(file("pl/d37f.html")), os.Symlink("h54r.html", file("pl/d37f.html")))
		}, "", "pl/d37f.html is no regular file"},
		"another key given": {func(func(string) string) error { return nil }, signed.Public(foreign), "another key"},
		"signed anew by another": {func(file func(string) string) error {
			sums, err := os.ReadFile(file(reader.SumsFile))
			return errors.Join(err, os.WriteFile(file(reader.SignatureFile), text(ed25519.Sign(foreign, sums)), 0o600), os.WriteFile(file(reader.KeyFile), text(foreign.Public().(ed25519.PublicKey)), 0o600))
		}, ours, "another key"},
		"another's key beside it": {func(file func(string) string) error {
			return os.WriteFile(file(reader.KeyFile), text(foreign.Public().(ed25519.PublicKey)), 0o600)
		}, ours, "another key"},
		"a list signed by another": {func(file func(string) string) error {
			sums, err := os.ReadFile(file(reader.SumsFile))
			return errors.Join(err, os.WriteFile(file(reader.SignatureFile), text(ed25519.Sign(foreign, sums)), 0o600))
		}, "", "does not bear the signature"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "mirror")
			mustDo(t, reader.WriteFiles(dir, list), c.spoil(func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }))
			v, err := reader.Verify(dir, c.key)
			if c.want == "" && (err != nil || v.Content != "content of 2026-11-30, revision 1" || v.Files != len(list)-3) {
				t.Errorf("%+v %v", v, err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("not found: %v", err)
			}
		})
	}
}

// TestExportReplacesAnEarlierOne, an interrupted one too, and nothing else.
func TestExportReplacesAnEarlierOne(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	list := k.files()
	dir, outside := filepath.Join(t.TempDir(), "mirror"), t.TempDir()
	at := func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }
	mustDo(t, reader.WriteFiles(dir, append([]reader.File{{Name: "pl/old.html", Content: []byte("old")}}, list...)))
	// An interruption leaves the list of what was begun, half of the files and one beside its place. A link leads away.
	sums, err := os.ReadFile(at(reader.SumsFile))
	mustDo(t, err, os.Rename(at(reader.SumsFile), at(reader.SumsFile+".new")), os.Remove(at("uk/d37f.html")), os.WriteFile(at("ar/d37f.html.new"), []byte("half"), 0o600))
	mustDo(t, os.WriteFile(at(reader.SumsFile+".new"), append(sums, []byte("earlier  pl/old.html\nearlier  ../x\n")...), 0o600))
	mustDo(t, os.RemoveAll(at("vi")), os.Symlink(outside, at("vi")))
	if err := reader.WriteFiles(dir, list); err == nil {
		t.Error("it writes through a link out of the folder")
	}
	mustDo(t, os.Remove(at("vi")), reader.WriteFiles(dir, list))
	if _, err := reader.Verify(dir, signed.Public(signer)); err != nil {
		t.Error(err)
	}
	if there, err := os.ReadDir(outside); err != nil || len(there) > 0 {
		t.Errorf("outside lie %v %v", there, err)
	}
	other := t.TempDir()
	mustDo(t, os.WriteFile(filepath.Join(other, "mine.txt"), nil, 0o600))
	if err := reader.WriteFiles(other, list); err == nil {
		t.Error("an export writes into a folder with somebody's files")
	}
}

// TestWithoutContentThereIsNoExport: half a site would be signed.
func TestWithoutContentThereIsNoExport(t *testing.T) {
	b, err := content.ReadBundle(shipped.FS, facttest.Poland(t), time.UTC)
	mustDo(t, err)
	s := site.New(dbtest.SQLite(t), clock.NewFake(now), time.UTC, b, nil, nil, site.Production)
	if list, err := reader.Files(t.Context(), s, "https://pomoc.example.org", signer); err == nil {
		t.Errorf("%d files of nothing", len(list))
	}
}

// TestTwoPagesOfOneAddressAreAFault: news could otherwise hide the list of news. The pages without a fault are served.
func TestTwoPagesOfOneAddressAreAFault(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	mustDo(t, k.service.CreateArticle(t.Context(), sitetest.Editor("1"), content.Article{ID: "nowosc", Kind: content.News, Topic: "rights", Day: "2026-11-20"}))
	sitetest.Publish(t, k.service, site.TextDraft{ArticleID: "nowosc", Lang: "pl", Title: "Nowość", Tab: "Nowość", Summary: "Krótko.", Body: "Tekst.\n"})
	mustDo(t, k.d.Update(t.Context(), func(tx *db.Tx) error { // no editor can name it so any more
		return errors.Join(db.Exec(t.Context(), tx, `UPDATE site_article SET code = 'index' WHERE id = 'nowosc'`), k.service.Touch(t.Context(), tx))
	}))
	if err := k.reader.Refresh(t.Context()); err == nil || !strings.Contains(err.Error(), "/pl/news/index") {
		t.Errorf("not reported: %v", err)
	}
	if body := k.body("/pl/news/"); !strings.Contains(body, "<h1>Aktualności</h1>") || !strings.Contains(body, "Nowość") {
		t.Errorf("the list of news is gone: %s", body)
	}
	if _, err := reader.Files(t.Context(), k.service, "https://pomoc.example.org", signer); err == nil || !strings.Contains(err.Error(), "/pl/news/index") {
		t.Errorf("exported: %v", err)
	}
}
