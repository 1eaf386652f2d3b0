package identity_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
	"ostoja/internal/lang"
	"ostoja/internal/mail"
	"ostoja/internal/seal"
	"ostoja/internal/text"
	"ostoja/translations"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

const goodPassword = "zielony parasol w deszczu"

// world is an installation with a programme office, a service with two posts, and who runs them.
type world struct {
	t           *testing.T
	d           *db.DB
	clock       *clock.Fake
	s           *identity.Service
	key         seal.Key
	letters     []mail.Message
	office      string
	service     string
	terespol    string
	medyka      string
	admin       access.Actor
	coordinator access.Actor // of the service
	local       access.Actor // coordinator of the post at Terespol
}

// Send keeps a letter if the transaction is committed; the tests look only after it.
func (w *world) Send(_ context.Context, _ *db.Tx, m mail.Message) error {
	w.letters = append(w.letters, m)
	return nil
}

var catalogue = func() *lang.Catalogue {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(err)
	}
	c, err := lang.Load(translations.FS, zone)
	if err != nil {
		panic(err)
	}
	return c
}()

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: clock.NewFake(start), key: seal.NewKey()}
	w.s = w.node()
	w.office = w.unit("", identity.Office, "Biuro programu", "")
	w.service = w.unit("", identity.Guard, "Straż Graniczna", "SG")
	w.terespol = w.unit(w.service, identity.Post, "Placówka w Terespolu", "PSG Terespol")
	w.medyka = w.unit(w.service, identity.Post, "Placówka w Medyce", "PSG Medyka")
	w.admin = w.person("Adam", "Zarządca", w.office, identity.RoleDraft{Role: access.Administrator})
	w.coordinator = w.person("Kinga", "Koordynatorka", w.service, identity.RoleDraft{Role: access.Coordinator, UnitID: w.service})
	w.local = w.person("Leszek", "Lokalny", w.terespol, identity.RoleDraft{Role: access.Coordinator, UnitID: w.terespol})
	w.letters = nil
	return w
}

// node returns another instance of the program on the same database. Its hasher is quick, which the tests need.
func (w *world) node() *identity.Service {
	return identity.New(identity.Deps{
		DB: w.d, Clock: w.clock, Key: w.key, Outbox: w, Catalogue: catalogue, BaseURL: "https://szkolenia.example.org",
		Hasher: identity.NewHasherWith(64, 1, 1, 4), LinkFloor: time.Microsecond,
	})
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func (w *world) unit(parent string, kind identity.UnitKind, name, code string) string {
	w.t.Helper()
	return must(w.s.CreateUnit(w.t.Context(), access.System, identity.UnitDraft{ParentID: parent, Kind: kind, Name: name, Code: code}))(w.t)
}

// must fails the test on an error.
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w *world) no(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// draft is a complete draft of a person in a unit.
func draft(given, family, unit string) identity.Draft {
	return identity.Draft{GivenName: given, FamilyName: family, Mail: text.Search(given + "." + family + "@example.org"), UnitID: unit, Lang: "pl"}
}

// person adds a person who has come in by invitation, and returns them as an actor.
func (w *world) person(given, family, unit string, roles ...identity.RoleDraft) access.Actor {
	w.t.Helper()
	ctx := w.t.Context()
	personID := must(w.s.Add(ctx, access.System, draft(given, family, unit), true))(w.t)
	for _, r := range roles {
		w.no(w.s.Grant(ctx, access.System, personID, r))
	}
	o := must(w.s.UseLink(ctx, w.lastToken(), "", identity.Client{}))(w.t)
	return w.actor(o.Token)
}

func (w *world) actor(token string) access.Actor {
	w.t.Helper()
	return must(w.s.Session(w.t.Context(), token))(w.t).Actor
}

var tokenIn = regexp.MustCompile(`/app/link/([\w-]+)`)

// lastToken returns the token of the link in the last letter.
func (w *world) lastToken() string {
	w.t.Helper()
	if len(w.letters) == 0 {
		w.t.Fatal("no letter was sent")
	}
	return tokenOf(w.t, w.letters[len(w.letters)-1].Body)
}

func tokenOf(t testing.TB, text string) string {
	t.Helper()
	m := tokenIn.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no link in %q", text)
	}
	return m[1]
}

// fault returns the key of the first fault of a field in an error, or the error's own key.
func fault(err error, field string) string {
	var e *errs.Error
	if !errors.As(err, &e) {
		return ""
	}
	for _, f := range e.Fields {
		if f.Name == field {
			return strings.TrimPrefix(f.Key, "people.fault.")
		}
	}
	if field == "" {
		return strings.TrimPrefix(e.Key, "people.fault.")
	}
	return ""
}

func (w *world) refused(what string, err, category error) {
	w.t.Helper()
	if !errors.Is(err, category) {
		w.t.Errorf("%s: %v, want %v", what, err, category)
	}
}
